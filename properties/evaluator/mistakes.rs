//! Mistakes that can be planted: each changes the decision of a case whose right answer the rules give.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use iamproof::evaluator::Reading;
use iamproof::evaluator::fault::Fault;
use iamproof::iam::assumption::Alternative;
use serde_json::Value;

use super::written::Case;

/// One case a mistake: its policies, its request, the reason by the rules.
const TABLE: &str = include_str!("mistakes.jsonl");

fn rows() -> impl Iterator<Item = Value> {
    TABLE.lines().map(|line| serde_json::from_str(line).unwrap())
}

#[test]
fn each_mistake_changes_a_decision() {
    for row in rows() {
        let name = row["mistake"].as_str().unwrap();
        let fault = *Fault::ALL.iter().find(|fault| fault.name() == name).unwrap();
        let case = Case::read(&row["policies"], &row["request"]);
        let right = case.decide();
        assert_eq!(right.code(), row["expect"].as_str().unwrap(), "by the rules: {row}");
        let wrong = case.decide_with(Reading::with_fault(fault));
        assert_ne!(right.decision(), wrong.decision(), "{name} goes unnoticed: {row}");
    }
}

#[test]
fn each_mistake_has_one_case() {
    let listed: Vec<String> = rows().map(|row| row["mistake"].as_str().unwrap().to_owned()).collect();
    let of_decisions = Fault::ALL.iter().filter(|fault| !fault.is_about_steps());
    let all: Vec<&str> = of_decisions.map(|fault| fault.name()).collect();
    assert_eq!(listed, all);
}

/// All of the evaluator's code, but for that of directories, whose mistakes are its own.
fn sources() -> String {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/evaluator")];
    let mut files = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if !path.is_dir() {
                files.insert(path);
            } else if !path.ends_with("directory") {
                folders.push(path);
            }
        }
    }
    files.into_iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

#[test]
fn each_mistake_is_read_in_one_place() {
    let sources = sources();
    for fault in Fault::ALL {
        let read = format!(", {})", fault.name());
        // A mistake that is a reading of an open point is read as that.
        let places = if fault.reading().is_some() { 0 } else { 1 };
        assert_eq!(sources.matches(&read).count(), places, "{}", fault.name());
    }
}

#[test]
fn each_reading_of_an_open_point_is_read_in_one_place() {
    let sources = sources();
    for alternative in Alternative::ALL {
        let read = format!(".takes(Alternative::{alternative:?})");
        assert_eq!(sources.matches(&read).count(), 1, "{alternative}");
    }
}
