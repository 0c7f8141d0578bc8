//! The corpus: every case reads, cites a rule, and comes back unchanged when it is written; what is no case is refused with its place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use iamproof::corpus::folder::{self, Content, Found};
use iamproof::corpus::{Case, Question};
use iamproof::iam::document::{self, Code, Strictness, TypeChoice};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn found_in(folder: &str) -> Vec<Found> {
    let found = folder::read(&root().join(folder), Strictness::Strict);
    assert!(!found.is_empty(), "nothing in `{folder}`");
    found
}

/// The cases of a folder with their names; everything else in it fails the test.
fn cases_in(folder: &str) -> Vec<(String, Case)> {
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
    assert_eq!(problems, Vec::<String>::new(), "{}", problems.join("\n"));
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
    assert_eq!(problems, Vec::<String>::new(), "{}", problems.join("\n"));
}
