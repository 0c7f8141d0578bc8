//! The corpus: every case reads, cites a rule, has a name of its own, and comes back unchanged when it is written.

mod filled;
mod refused;
mod round_trip;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use iamproof::corpus::folder::{self, Content, Found};
use iamproof::corpus::read::{Citation, read};
use iamproof::corpus::{Case, Question};
use iamproof::iam::document::{self, Code, Strictness, TypeChoice};

/// Rules of sections 1 to 8 that no case can cite, each with the reason.
const WITHOUT_A_CASE: &[(&str, &str)] = &[
    (
        "GRAM-27",
        "a size beyond the limit is a warning as long as nobody says whose policy it is, and cases list errors",
    ),
    ("GRAM-28", "how white space counts shows in sizes alone"),
    ("KEY-1", "it says what proofs range over; a case gives its context and means what it says"),
    ("KEY-3", "it explains the columns of the tables that follow it"),
    ("STS-26", "it says what is not modelled"),
    ("DIR-38", "it lists worked cases, each of which cites the rule that decides it"),
];

/// Rules of sections 2 to 4 that a reading has no code of its own for, each with the reason.
const NOT_IN_THE_EVALUATOR: &[(&str, &str)] = &[
    ("ACT-6", "a request is one authorisation item; whoever asks for several asks one after the other"),
    ("COND-5", "operators are spelled right or refused where documents are read"),
    ("KEY-9", "a concrete request brings its context"),
];
const NOT_IN_THE_MODEL: &[(&str, &str)] = &[
    ("ACT-6", "a request is one authorisation item; whoever asks for several asks one after the other"),
    ("KEY-9", "any other key is free: there is nothing to say of it"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn found_in(folder: &str) -> Vec<Found> {
    let found = folder::read(&root().join(folder), Strictness::Strict);
    assert!(!found.is_empty(), "nothing in `{folder}`");
    found
}

/// The cases of a folder with their names; what is no case there fails the test.
pub(crate) fn cases_in(folder: &str) -> Vec<(String, Case)> {
    found_in(folder)
        .into_iter()
        .map(|found| match &found.content {
            Ok(Content::Case(case)) => (found.name(), case.as_ref().clone()),
            Ok(Content::Policy(_)) => panic!("{} is no case", found.path.display()),
            Err(error) => panic!("{error}"),
        })
        .collect()
}

#[test]
fn every_file_of_the_corpus_reads() {
    let mut problems = Vec::new();
    for found in found_in("corpus") {
        match &found.content {
            Ok(Content::Case(_)) => {}
            Ok(Content::Policy(document)) => {
                problems.extend(document.errors().map(|error| format!("{}: {error}", found.path.display())));
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn names_of_cases_are_unique() {
    let mut seen = BTreeMap::new();
    for found in found_in("corpus") {
        if let Ok(Content::Case(_)) = found.content
            && let Some(other) = seen.insert(found.name(), found.path.clone())
        {
            panic!("{} and {} have one name", other.display(), found.path.display());
        }
    }
    assert!(seen.len() > 600, "{} cases", seen.len());
}

/// The rule ids that a part of the rules defines, in their order.
fn rules_defined_in(text: &str) -> BTreeSet<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("**")?.split([' ', '.']).next())
        .filter(|id| {
            id.split_once('-').is_some_and(|(_, number)| number.starts_with(|c: char| c.is_ascii_digit()))
        })
        .collect()
}

#[test]
fn every_rule_that_decides_something_is_cited() {
    let text = fs::read_to_string(root().join("docs/semantics.md")).unwrap();
    let start = text.find("\n## 1. ").expect("section 1");
    let end = text.find("\n## 9. ").expect("section 9");
    let rules = rules_defined_in(&text[start..end]);
    assert!(rules.len() > 150, "only {} rules found", rules.len());
    let cases = cases_in("corpus/cited");
    let cited: BTreeSet<&str> = cases.iter().filter_map(|(_, case)| case.rule.as_deref()).collect();
    let exempt: BTreeSet<&str> = WITHOUT_A_CASE.iter().map(|(rule, _)| *rule).collect();
    let missing: Vec<_> =
        rules.iter().filter(|rule| !cited.contains(*rule) && !exempt.contains(*rule)).collect();
    assert!(missing.is_empty(), "no cited case for {missing:?}");
    let needless: Vec<_> =
        exempt.iter().filter(|rule| cited.contains(*rule) || !rules.contains(*rule)).collect();
    assert!(needless.is_empty(), "exempt, but cited or no rule: {needless:?}");
    let all = rules_defined_in(&text);
    let unknown: Vec<_> = cited.iter().filter(|rule| !all.contains(*rule)).collect();
    assert!(unknown.is_empty(), "cited, but no rule: {unknown:?}");
}

/// The rules that the code of a reading names where it decides them.
fn rules_marked_in(reading: &str) -> BTreeSet<String> {
    let mut marked = BTreeSet::new();
    let mut folders = vec![root().join("src").join(reading)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            for line in fs::read_to_string(path).unwrap().lines().map(str::trim_start) {
                let named = line.strip_prefix("// Rule: ").or_else(|| line.strip_prefix("// Rules: "));
                let ids = named.into_iter().flat_map(|ids| ids.trim_end_matches('.').split(", "));
                marked.extend(ids.map(str::to_owned));
            }
        }
    }
    marked
}

#[test]
fn both_readings_mark_the_rules_that_cases_cite() {
    let text = fs::read_to_string(root().join("docs/semantics.md")).unwrap();
    let start = text.find("\n## 2. ").expect("section 2");
    let end = text.find("\n## 5. ").expect("section 5");
    let rules = rules_defined_in(&text[start..end]);
    let all = rules_defined_in(&text);
    let cases = cases_in("corpus/cited");
    let cited: BTreeSet<&str> = cases.iter().filter_map(|(_, case)| case.rule.as_deref()).collect();
    for (reading, without) in [("evaluator", NOT_IN_THE_EVALUATOR), ("model", NOT_IN_THE_MODEL)] {
        let marked = rules_marked_in(reading);
        let unknown: Vec<_> = marked.iter().filter(|rule| !all.contains(rule.as_str())).collect();
        assert!(unknown.is_empty(), "the {reading} marks what is no rule: {unknown:?}");
        let not_there: Vec<&str> =
            rules.iter().filter(|rule| cited.contains(*rule) && !marked.contains(**rule)).copied().collect();
        let reasons: Vec<&str> =
            without.iter().map(|(rule, _)| *rule).filter(|rule| cited.contains(rule)).collect();
        assert_eq!(not_there, reasons, "cited, but not marked in the {reading}");
        let exempt = |rule: &str| WITHOUT_A_CASE.iter().any(|(other, _)| *other == rule);
        let no_case: Vec<&str> = rules
            .iter()
            .filter(|rule| marked.contains(**rule) && !cited.contains(*rule) && !exempt(rule))
            .copied()
            .collect();
        assert!(no_case.is_empty(), "the {reading} decides what no case is about: {no_case:?}");
    }
}

#[test]
fn the_stories_that_a_newcomer_looks_for_are_there() {
    let names: BTreeSet<String> =
        cases_in("corpus/cited/stories").into_iter().map(|(name, _)| name).collect();
    for story in [
        "explicit-deny-beats-explicit-allow",
        "instance-role-1-role-allows-and-bucket-is-silent",
        "instance-role-2-role-is-silent-and-bucket-allows",
        "instance-role-3-role-allows-and-bucket-denies",
        "instance-role-4-role-and-bucket-are-silent",
        "home-folder-through-username",
        "role-in-another-account-reads-a-bucket",
        "statement-that-requires-mfa",
        "application-in-one-account-reads-a-bucket-in-another-through-a-role",
        "user-stops-an-instance-with-mfa-through-a-session-token",
        "employee-signs-in-with-saml",
        "phone-user-signs-in-with-a-web-identity",
        "lambda-function-acts-with-the-role-that-it-was-passed",
        "rollback-of-a-managed-policy",
        "inline-policy-goes-with-its-user",
        "simple-ad-beside-an-on-premises-forest",
        "on-premises-user-signs-in-through-a-two-way-trust",
        "on-premises-user-signs-in-through-a-connector",
    ] {
        assert!(names.contains(story), "no story `{story}`");
    }
}

#[test]
fn every_grammar_case_has_its_findings() {
    let mut problems = Vec::new();
    for (name, case) in cases_in("corpus/cited") {
        let Question::Grammar { policy_type, text, findings } = case.question else { continue };
        let document = document::read(text.as_bytes(), TypeChoice::Given(policy_type), Strictness::Strict);
        let codes: Vec<Code> = document.errors().map(|error| error.code).collect();
        if codes != findings {
            problems.push(format!("{name}: expected {findings:?}, found {codes:?}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn one_bad_file_does_not_stop_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let good = fs::read(root().join("corpus/cited/examples/EX-1.json")).unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    fs::write(folder.path().join("a.json"), b"{").unwrap();
    fs::write(folder.path().join("b/c.json"), &good).unwrap();
    fs::write(folder.path().join("b/d.txt"), b"no case").unwrap();
    fs::write(folder.path().join("e.json"), br#"{"Version": "2012-10-17", "Statement": []}"#).unwrap();
    let found = folder::read(folder.path(), Strictness::Strict);
    let names: Vec<String> = found.iter().map(Found::name).collect();
    assert_eq!(names, ["a", "c", "e"]);
    let error = found[0].content.as_ref().expect_err("half an object");
    assert_eq!(error.file(), Some(folder.path().join("a.json").as_path()));
    assert!(matches!(found[1].content, Ok(Content::Case(_))));
    assert!(matches!(&found[2].content, Ok(Content::Policy(document)) if document.errors().count() == 1));
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let found = folder::read(Path::new("no/such/folder"), Strictness::Strict);
    assert_eq!(found.len(), 1);
    let error = found[0].content.as_ref().expect_err("no such folder");
    assert!(error.to_string().starts_with("no/such/folder: "), "{error}");
    assert_eq!(error.place(), None);
}

#[test]
fn the_examples_of_the_readme_are_cases() {
    let text = fs::read_to_string(root().join("corpus/README.md")).unwrap();
    let examples: Vec<&str> =
        text.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 3);
    for example in examples {
        read(example.as_bytes(), Citation::Required, Strictness::Strict).expect(example);
    }
}
