//! `decide --explain`: what a reader is told of a dozen varied cases, word for word; and that every suggestion does what it says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use iamproof::corpus::folder::{self, Content};
use iamproof::corpus::{Asked, Question};
use iamproof::evaluator::Evaluator;
use iamproof::explanation::change::Change;
use iamproof::explanation::lack::lacks;
use iamproof::explanation::turn::{Suggestion, Turn, turn};
use iamproof::iam::decision::{Decision, Reason};
use iamproof::iam::document::Strictness;
use iamproof::iam::layers::Layers;
use iamproof::iam::request::Request;
use iamproof::model::modelled::Modelled;
use iamproof::solver::Limits;
use serde_json::Value;

fn below(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// The cases of a folder, with the name of each.
pub fn cases(folder: &str) -> Vec<(String, Layers, Vec<Asked>)> {
    let found = folder::read(&below(folder), Strictness::Strict);
    let cases: Vec<_> = found
        .into_iter()
        .filter_map(|found| {
            let name = found.name();
            match found.content.unwrap_or_else(|error| panic!("{error}")) {
                Content::Case(case) => match case.question {
                    Question::Decisions { layers, assumptions, asked } if assumptions.is_decided() => {
                        Some((name, *layers, asked))
                    }
                    Question::Decisions { .. } | Question::Trace { .. } | Question::Grammar { .. } => None,
                },
                Content::Policy(_) => None,
            }
        })
        .collect();
    assert!(!cases.is_empty(), "nothing in `{folder}`");
    cases
}

/// What is told of a request that comes with a session policy for which D-54 has another reading: each policy is a set of its own.
#[test]
fn what_is_told_is_told_under_the_reading_that_is_assumed() {
    let output = Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .args(["decide", "--explain", "--case"])
        .arg("corpus/cited/assumptions/assumed-session-policies-intersect.json")
        .current_dir(below("."))
        .output()
        .expect("the program starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let (_, third) = text.split_once("request 3: ").expect("three requests");
    for told in [
        "explicit-deny: a Deny in a session policy, (statement 2 of\n  document 2, line",
        "    session policy allows\n      Allow (statement 1 of document 1, line",
        "    session policy denies\n      Deny (statement 2 of document 2, line",
    ] {
        assert!(third.contains(told), "{told}:\n{third}");
    }
    assert_eq!(third.matches("session policy denies").count(), 1, "{third}");
    // And what variables stand for is not told where they are plain text.
    let output = Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .args(["decide", "--explain", "--case", "corpus/cited/assumptions/assumed-no-variables-in-rcps.json"])
        .current_dir(below("."))
        .output()
        .expect("the program starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("RCP level 1 denies") && !text.contains("here ${"), "{text}");
}

fn decided(name: &str, format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .args([
            "decide",
            "--explain",
            "--format",
            format,
            "--case",
            &format!("properties/explained/{name}.json"),
        ])
        .current_dir(below("."))
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_reader_is_told_why_and_what_to_change() {
    for (name, ..) in cases("properties/explained") {
        let text = decided(&name, "text");
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{name}: a line is wider than a terminal: {line}");
        }
        insta::assert_snapshot!(name.clone(), text);
    }
}

#[test]
fn the_readme_shows_how_a_refusal_is_explained() {
    let readme = std::fs::read_to_string(below("README.md")).unwrap();
    let blocks =
        readme.split("```").filter_map(|block| block.trim_start().strip_prefix("$ iamproof decide "));
    let blocks: Vec<(&str, &str)> = blocks.filter_map(|block| block.split_once('\n')).collect();
    assert_eq!(blocks.len(), 1);
    for (arguments, shown) in blocks {
        let output = Command::new(env!("CARGO_BIN_EXE_iamproof"))
            .arg("decide")
            .args(arguments.split(' '))
            .current_dir(below("."))
            .output()
            .expect("the program starts");
        assert_eq!(String::from_utf8_lossy(&output.stdout), shown, "{arguments}");
        assert_eq!(output.status.code(), Some(0), "{arguments}");
    }
}

#[test]
fn a_program_is_told_everything() {
    for (name, layers, asked) in cases("properties/explained") {
        let answer: Value = serde_json::from_str(&decided(&name, "json")).expect("one JSON document");
        let decisions = answer["decisions"].as_array().unwrap();
        assert_eq!(decisions.len(), asked.len());
        let written: usize = layers.documents().map(|(.., policy)| policy.statements.len()).sum();
        for decision in decisions {
            assert_eq!(decision["asExpected"], true, "{name}");
            let statements = decision["statements"].as_array().unwrap();
            assert_eq!(statements.len(), written, "{name}");
            let pointers: BTreeSet<&str> =
                statements.iter().map(|statement| statement["pointer"].as_str().unwrap()).collect();
            assert_eq!(pointers.len(), written, "{name}: every statement has a place of its own");
            assert!(statements.iter().all(|statement| statement["line"].as_u64().unwrap() > 1), "{name}");
            let nearest: Vec<&str> =
                decision["nearest"].as_array().unwrap().iter().map(|at| at.as_str().unwrap()).collect();
            let silent = decision["reason"].as_str().unwrap().starts_with("DENY_IMPLICIT_");
            assert!(
                nearest.iter().all(|at| pointers.contains(at)) && (silent || nearest.is_empty()),
                "{name}"
            );
            assert!(decision["turn"]["verdict"].is_string() && decision["rule"].is_string(), "{name}");
        }
    }
}

/// The search once more, as the program does it.
fn turned(layers: &Layers, request: &Request) -> (Reason, Turn) {
    let evaluator = Evaluator::compile(layers).unwrap();
    let reason = evaluator.decide(request);
    (reason, turn(layers, &evaluator, request, reason, Limits::default()))
}

/// What the second reading says of a changed request.
fn modelled(layers: &Layers, suggestion: &Suggestion) -> Result<Reason, String> {
    let mut modelled = Modelled::new(layers).map_err(|why| why.to_string())?;
    modelled.answer(&suggestion.request).map(|answered| answered.reason).map_err(|why| why.to_string())
}

#[test]
fn what_is_no_case_gets_its_place_and_the_reason() {
    const LEGAL: &str = r#"{"because": "x",
        "policies": {"identity": [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}]},
        "requests": [{"principal": "arn:aws:iam::111122223333:user/a", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k",
            "context": {"aws:SecureTransport": true}, "expect": "allow"}]}"#;
    let session = r#""session": [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}], "identity""#;
    let canonical = format!(
        r#""resource": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"CanonicalUser": "{}"}}, "Action": "s3:*", "Resource": "*"}}]}}, "identity""#,
        "a".repeat(64)
    );
    let deep = "[".repeat(1_000_000);
    let stars = format!(r#""Resource": "arn:aws:s3:::{}b""#, "*a".repeat(50_000));
    // What is put in the place of what, how it ends, and a part of what is told.
    let rows: &[(&str, &str, i32, &str)] = &[
        ("", "", 0, ""),
        (
            "true}",
            "null}",
            2,
            "at `/requests/0/context/aws:SecureTransport` (line 4, column 48): expected a string",
        ),
        ("true}", r#"{"a": 1}}"#, 2, "found an object"),
        ("arn:aws:s3:::b/k", "arn:aws:s3", 2, "at `/requests/0/resource` (line 3, column"),
        ("user/a", "group/a", 2, "a group makes no requests"),
        ("\"action\"", "\"acton\"", 2, "unknown field `acton`; did you mean `action`?"),
        (
            "\"identity\"",
            session,
            2,
            "at `/policies/session` (line 2, column 33): a user has no session policies",
        ),
        ("\"identity\"", &canonical, 2, "at `/policies/resource/Statement/0` (line 2, column"),
        (
            r#""Resource": "*""#,
            r#""Resource": "*", "Condition": {"StringEqual": {"a": "b"}}"#,
            2,
            "unknown operator `StringEqual`",
        ),
        // An unknown key is absent.
        (r#""Resource": "*""#, r#""Resource": "*", "Condition": {"StringEquals": {"no:such": "b"}}"#, 1, ""),
        (r#""Resource": "*""#, &stars, 1, ""),
        ("\"s3:*\"", "7", 2, "`Action` must be a string"),
        (r#""Effect": "Allow""#, r#""Effect": "Allow", "Effect": "Deny""#, 2, "twice"),
        ("\"x\"", "\"x\u{0}\"", 2, "control character U+0000"),
        ("user/a", r"user/\ud800", 2, "half of a surrogate pair"),
        ("{\"because\"", &deep, 2, "nested deeper than 64 levels"),
        ("{\"because\": \"x\"", r#"{"Version": "2012-10-17", "Statement": []"#, 2, "unknown field `Version`"),
        (LEGAL, r#"{"Version": "2012-10-17", "Statement": []}"#, 2, "is a policy and no case"),
    ];
    let folder = tempfile::TempDir::new().unwrap();
    for (written, instead, code, told) in rows {
        let text = if written.is_empty() { LEGAL.to_owned() } else { LEGAL.replacen(written, instead, 1) };
        std::fs::write(folder.path().join("case.json"), text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_iamproof"))
            .args(["decide", "--explain", "--case", "case.json"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        let start: String = instead.chars().take(60).collect();
        assert_eq!(output.status.code(), Some(*code), "{start}: {stderr}");
        assert!(stderr.contains(told), "{start}: {stderr}");
        assert!(
            *code != 2 || (stderr.starts_with("iamproof: case.json") && output.stdout.is_empty()),
            "{start}"
        );
    }
}

#[test]
fn the_smallest_change_is_found_and_both_readings_confirm_it() {
    // The name of the case, and what has to change: sizes are worked out by hand from its policies.
    let rows: &[(&str, usize)] = &[
        ("allowed", 1),
        ("another-account", 1),
        ("another-session", 1),
        ("boundary", 1),
        ("bucket-and-objects", 1),
        ("cross-account", 1),
        ("endpoint", 2),
        ("expired", 1),
        ("grant-that-has-ended", 1),
        ("kms-key", 1),
        ("many-denies", 4),
        ("method-of-an-api", 1),
        ("mfa-key-absent", 1),
        ("missing-allow", 1),
        ("not-principal", 1),
        ("partitions", 1),
        ("provider-and-letter-case", 1),
        ("rcp-outsiders", 1),
        ("role-to-be-passed", 1),
        ("role-with-a-path", 1),
        ("scp-of-other-services", 1),
        ("scp-region", 1),
        ("session-policy", 1),
        ("session-token", 1),
        ("star-under-string-equals", 1),
        ("tag-without-value", 1),
        ("tags-by-pattern", 2),
        ("tags-that-are-passed", 1),
        ("three-changes", 4),
        ("trust-policy", 1),
        ("variable-of-2008", 1),
    ];
    let cases = cases("properties/explained");
    assert_eq!(cases.len(), rows.len() + 1, "all but `mfa-of-a-role`, which nothing turns");
    for (name, size) in rows {
        let (_, layers, asked) = cases.iter().find(|(other, ..)| other == name).unwrap();
        let request = &asked[0].request;
        let (reason, Turn::By(suggestions)) = turned(layers, request) else {
            panic!("{name}: nothing found")
        };
        assert_eq!(suggestions[0].changes.len(), *size, "{name}: {:?}", suggestions[0].changes);
        for suggestion in &suggestions {
            assert_ne!(suggestion.reason.decision() == Decision::Allow, reason.decision() == Decision::Allow);
            assert_eq!(
                modelled(layers, suggestion),
                Ok(suggestion.reason),
                "{name}: {:?}",
                suggestion.changes
            );
        }
    }
}

#[test]
fn that_nothing_turns_a_decision_is_proved() {
    let cases = cases("properties/explained");
    let (_, layers, asked) = cases.iter().find(|(name, ..)| name == "mfa-of-a-role").unwrap();
    assert_eq!(turned(layers, &asked[0].request).1, Turn::Never);
    let anything = Layers { identity: vec![all_allowed()], ..Layers::default() };
    // Across partitions nothing is allowed; but another resource of the caller's own partition is.
    let mut request = asked[0].request.clone();
    request.resource = "arn:aws-cn:s3:::ledger/k".to_owned();
    let (reason, turn) = turned(&anything, &request);
    assert_eq!(reason, Reason::DenyPartition);
    assert!(matches!(turn, Turn::By(_)), "{turn:?}");
}

fn all_allowed() -> iamproof::iam::policy::Policy {
    let text =
        br#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let choice = iamproof::iam::document::TypeChoice::Guessed;
    iamproof::iam::document::read(text, choice, Strictness::Strict).policy.unwrap()
}

#[test]
fn suggestions_hold_on_every_written_decision() {
    let (mut found, mut never, mut unknown) = (0, 0, 0);
    for (name, layers, asked) in cases("corpus/cited/decision") {
        for Asked { request, .. } in &asked {
            let (reason, turn) = turned(&layers, request);
            match turn {
                Turn::By(suggestions) => {
                    found += 1;
                    let best = &suggestions[0];
                    assert_eq!(modelled(&layers, best), Ok(best.reason), "{name}: {:?}", best.changes);
                    let mut changed = request.clone();
                    best.changes.iter().for_each(|change: &Change| change.apply(&mut changed));
                    assert_eq!(changed, best.request, "{name}");
                }
                Turn::Never => {
                    never += 1;
                    // Nothing turns an Allow of root in an empty world either; a denial that nothing turns has its cause in the policies
                    // or in the credential.
                    let evaluator = Evaluator::compile(&layers).unwrap();
                    let explanation = evaluator.explain(request);
                    let denied_by_policies = explanation.stage == iamproof::evaluator::Stage::Policies
                        && reason.decision() != Decision::Allow;
                    assert!(!denied_by_policies || !lacks(&explanation).is_empty(), "{name}");
                }
                Turn::Unknown(why) => {
                    unknown += 1;
                    println!("{name}: {why}");
                }
            }
        }
    }
    println!("{found} found, {never} never, {unknown} unknown");
    assert!(found > 150 && unknown == 0, "{found} found, {never} never, {unknown} unknown");
}
