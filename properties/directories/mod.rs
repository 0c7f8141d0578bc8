//! Directories: the cases that are written about them, the mistakes that can be planted, and the laws.

mod laws;
mod mistakes;
mod proofs;
mod round_trip;
mod table;
mod written;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use iamproof::evaluator::directory::DirectoryReading;

#[test]
fn every_case_of_directories_is_answered_as_written() {
    let cases = written::all();
    let found: Vec<String> =
        cases.iter().flat_map(|case| case.differences(DirectoryReading::default())).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    // A case is replayed here up to the first step that needs the rest of its world; both readings take all of it elsewhere.
    let empty: Vec<&str> =
        cases.iter().filter(|case| case.steps.is_empty()).map(|case| case.name.as_str()).collect();
    assert!(empty.is_empty(), "nothing is replayed of {empty:?}");
    let steps: usize = cases.iter().map(|case| case.steps.len()).sum();
    assert!(steps > 600, "only {steps} steps");
}

#[test]
fn every_rule_of_directories_is_cited() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/semantics.md")).unwrap();
    let defined = text.lines().filter_map(|line| line.strip_prefix("**")?.split([' ', '.']).next());
    let rules: BTreeSet<&str> = defined.filter(|rule| rule.starts_with("DIR-")).collect();
    assert!(rules.len() > 35, "only {} rules", rules.len());
    let cases = written::all();
    let cited: BTreeSet<&str> = cases.iter().map(|case| case.rule.as_str()).collect();
    // DIR-38 is the list of worked cases; each of them cites the rule that decides it.
    let missing: Vec<&&str> =
        rules.iter().filter(|rule| !cited.contains(**rule) && **rule != "DIR-38").collect();
    assert!(missing.is_empty(), "no cited case for {missing:?}");
}

#[test]
fn every_worked_case_of_directories_is_there() {
    let cases = written::all();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    for number in 1..=24 {
        assert!(names.contains(format!("DX-{number}").as_str()), "no case DX-{number}");
    }
}

#[test]
fn the_example_of_the_documentation_is_answered_as_written() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/directories.md");
    let text = fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once("```json\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let case = written::read_text("the example", example).expect("a world with directories");
    assert_eq!(case.steps.len(), 3);
    assert_eq!(case.differences(DirectoryReading::default()), Vec::<String>::new());
}
