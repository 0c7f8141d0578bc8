//! The universal laws: each comes out as it must, the list is that of the rules, and the same run gives the same answer.
//!
//! That the proofs and the samples can fail is in [`broken_steps`], [`broken_texts`] and [`broken_samples`].

mod broken_layers;
mod broken_requests;
mod broken_samples;
mod broken_steps;
mod broken_texts;
mod rests_on;

use std::collections::BTreeSet;
use std::path::Path;

use iamproof::corpus::folder;
use iamproof::iam::assumption::Assumptions;
use iamproof::iam::document::{self, Strictness, TypeChoice};
use iamproof::invariants::catalog::{FALSE_STATEMENTS, LAWS_OF_LAYERS, LAWS_OF_SETS, Law};
use iamproof::invariants::given::{Given, sets_of};
use iamproof::invariants::known::Counterexample;
use iamproof::invariants::known::{Found, LawResult, Scope, Standing, Verdict};
use iamproof::invariants::material::Material;
use iamproof::invariants::rules::{OwnRules, Rules};
use iamproof::invariants::sampled::Samples;
use iamproof::invariants::{Options, Readings, all, prove_all};
use iamproof::solver::Limits;

/// The readings by the rules.
fn by_the_rules() -> Readings<'static> {
    with_rules(&OwnRules)
}

fn with_rules(rules: &dyn Rules) -> Readings<'_> {
    Readings::assuming(rules, Assumptions::default(), Limits::default())
}

/// The law of this id.
fn law(id: &str) -> Law {
    all().into_iter().find(|law| law.id == id).expect("the catalog lists the law")
}

/// A set of one document.
fn given(text: &str) -> Given {
    let document = document::read(text.as_bytes(), TypeChoice::Guessed, Strictness::Strict);
    let policy = document.policy.expect("the document is valid");
    let material = Material { policies: vec![policy], policy_type: document.policy_type, additions: None };
    Given { name: "a document".to_owned(), material }
}

fn run(laws: Vec<Law>, given: Vec<Given>, samples: Option<Samples>) -> Vec<LawResult> {
    prove_all(&Options { laws, readings: by_the_rules(), given, samples }, &|| ())
}

fn few_samples() -> Option<Samples> {
    Some(Samples { sets: 24, requests: 6, ..Samples::default() })
}

#[test]
fn every_law_comes_out_as_it_must() {
    let found = folder::read(Path::new("corpus"), Strictness::Strict);
    for result in run(all(), sets_of(&found), few_samples()) {
        assert_eq!(result.standing(), Standing::AsExpected, "{result:#?}");
    }
}

#[test]
fn laws_of_combination_and_of_elements_are_proved_for_all_policies() {
    let laws = LAWS_OF_SETS.to_vec();
    let proved: Vec<&str> = run(laws, Vec::new(), None)
        .iter()
        .filter(|result| {
            let way = result.telling();
            way.is_some_and(|way| way.scope == Scope::AllPolicies && way.verdict == Verdict::Proved)
        })
        .map(|result| result.law.id)
        .collect();
    let numbers = (1..=11).chain(17..=23).map(|number| format!("INV-{number}"));
    assert_eq!(proved, numbers.collect::<Vec<String>>());
}

#[test]
fn false_statements_are_refuted_by_a_request_that_both_readings_decide_alike() {
    for result in run(FALSE_STATEMENTS.to_vec(), Vec::new(), None) {
        let way = result.telling().expect("it was tried");
        let Verdict::Refuted(Counterexample::Request(witness)) = &way.verdict else {
            panic!("{} was not refuted: {way:?}", result.law.id)
        };
        assert_eq!(witness.found, Found::ByBoth, "{}", result.law.id);
    }
}

#[test]
fn every_law_of_layers_is_known_and_has_a_mistake_planted_against_it() {
    let mut planted: BTreeSet<&str> = broken_layers::STEPS.iter().map(|(id, _)| *id).collect();
    planted.extend(broken_layers::SAMPLED.iter().map(|(id, _)| *id));
    planted.extend(broken_layers::FIXED.iter().map(|(id, _)| *id));
    for result in run(LAWS_OF_LAYERS.to_vec(), Vec::new(), few_samples()) {
        assert_eq!(result.standing(), Standing::AsExpected, "{result:#?}");
        assert!(planted.contains(result.law.id), "no mistake is planted against {}", result.law.id);
    }
}

#[test]
fn laws_of_layers_are_proved_for_all_policies_but_where_texts_decide() {
    let known = run(LAWS_OF_LAYERS.to_vec(), Vec::new(), None);
    let others: Vec<&str> = known
        .iter()
        .filter(|result| {
            let way = result.telling();
            !way.is_some_and(|way| way.scope == Scope::AllPolicies && way.verdict == Verdict::Proved)
        })
        .map(|result| result.law.id)
        .collect();
    assert_eq!(others, ["INV-46", "INV-52", "INV-53", "INV-106"]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("there are threads");
        let laws = ["INV-7", "INV-17", "INV-26", "F-16"].map(law).to_vec();
        let home = given(
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*",
                "Resource": "arn:aws:s3:::home/${aws:username}/*"}}"#,
        );
        pool.install(|| run(laws, vec![home.clone(), home], few_samples()))
    };
    assert_eq!(with(1), with(3));
}

/// The text of a section of the rules, from its heading to the next of its level or above.
fn section(heading: &str) -> String {
    let rules = std::fs::read_to_string("docs/semantics.md").expect("the rules are there");
    let start = rules.find(heading).expect("the rules have the section");
    let rest = &rules[start + heading.len()..];
    let end = rest.find("\n### ").unwrap_or(rest.len());
    rest[..end].to_owned()
}

#[test]
fn the_catalog_lists_the_laws_of_section_9_1() {
    let text = section("### 9.1 ");
    let in_rules: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("**")?.split_once(' ').map(|(id, _)| id))
        .filter(|id| id.starts_with("INV-"))
        .collect();
    let listed: Vec<&str> = LAWS_OF_SETS.iter().map(|law| law.id).collect();
    assert_eq!(listed, in_rules);
}

#[test]
fn the_catalog_lists_the_laws_of_sections_9_2_to_9_4_and_9_9() {
    let texts = ["### 9.2 ", "### 9.3 ", "### 9.4 ", "### 9.9 "].map(section);
    let in_rules: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.strip_prefix("**")?.split([' ', '*']).next())
        .filter(|id| id.starts_with("INV-"))
        .collect();
    let listed: Vec<&str> = LAWS_OF_LAYERS.iter().map(|law| law.id).collect();
    assert_eq!(listed, in_rules);
}

#[test]
fn every_law_of_the_rules_is_listed_once() {
    let rules = std::fs::read_to_string("docs/semantics.md").expect("the rules are there");
    let start = rules.find("### 9.1 ").expect("the rules have the section");
    let end = rules.find("### 9.10 ").expect("the rules have the section behind");
    let mut in_rules: Vec<&str> = rules[start..end]
        .lines()
        .filter_map(|line| line.strip_prefix("**INV-").and(line.strip_prefix("**")))
        .filter_map(|line| line.split([' ', '*']).next())
        .collect();
    in_rules.sort_by_key(|id| id.trim_start_matches("INV-").parse::<u32>().expect("a number"));
    let listed: Vec<&str> = all().iter().map(|law| law.id).filter(|id| id.starts_with("INV-")).collect();
    assert_eq!(listed, in_rules);
}

#[test]
fn the_catalog_lists_only_false_statements_of_section_9_11() {
    let text = section("### 9.11 ");
    let in_rules: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" |").map(|(id, _)| id))
        .filter(|id| id.starts_with("F-"))
        .collect();
    assert_eq!(in_rules.len(), 30);
    for law in FALSE_STATEMENTS {
        assert!(in_rules.contains(law.id), "{} is no false statement of the rules", law.id);
    }
}
