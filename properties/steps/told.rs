//! `iamproof run`: exit codes, and what it tells at 80 columns.

use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts")
}

const STORY: &str =
    "corpus/cited/stories/application-in-one-account-reads-a-bucket-in-another-through-a-role.json";

#[test]
fn a_story_is_told_at_eighty_columns() {
    let output = run(&["run", STORY]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    let longest = text.lines().max_by_key(|line| line.chars().count()).unwrap();
    assert!(longest.chars().count() <= 80, "{longest}");
    for told in [
        "result    the session `reader`, 3600 seconds, until 2024-06-01T13:00:00Z",
        "result    allowed, ALLOW_IDENTITY: an identity policy allows it",
        "because   AccessDenied DENY_IMPLICIT_RESOURCE, by EVAL-17\n            the resource's policy does not allow it, and has to",
        "because   AccessDenied DENY_EXPIRED_CREDENTIALS, by STS-60",
        "the session ended at 2024-06-01T13:00:00Z",
        "sessions at 2024-06-01T13:00:00Z",
    ] {
        assert!(text.contains(told), "`{told}` is missing in\n{text}");
    }
}

#[test]
fn a_story_is_told_to_programs() {
    let output = run(&["--format", "json", "run", STORY]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["steps"].as_array().unwrap().len(), 7);
    assert_eq!(told["steps"][1]["issued"], "reader");
    assert_eq!(told["steps"][1]["answer"]["DurationSeconds"], 3600);
    assert_eq!(told["steps"][6]["reason"], "DENY_EXPIRED_CREDENTIALS");
    assert_eq!(told["steps"][6]["rule"], "STS-60");
    assert_eq!(told["sessions"][0]["over"], true);
    assert_eq!(told["asExpected"], true);
}

#[test]
fn what_is_not_as_expected_is_refuted_and_what_says_nothing_is_unusable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    let case = std::fs::read_to_string(env!("CARGO_MANIFEST_DIR").to_owned() + "/" + STORY).unwrap();
    std::fs::write(&path, case.replace("DENY_IMPLICIT_RESOURCE", "DENY_IMPLICIT_IDENTITY")).unwrap();
    let output = run(&["run", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("expected the reason DENY_IMPLICIT_IDENTITY"));

    let determined = case.replacen(
        r#""expect": "allow","#,
        r#""context": { "aws:username": "x" }, "expect": "allow","#,
        1,
    );
    std::fs::write(&path, determined).unwrap();
    let output = run(&["run", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("`/steps/1/context` (line "), "{message}");
    assert!(message.contains("`aws:username` follows from the rest of the step"), "{message}");

    let output = run(&["corpus", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("at `/steps/1/context`: `aws:username` follows"), "{message}");
}

/// Four digits are seconds by the rules, long past in 2024, and a year to come under the other reading.
#[test]
fn a_story_is_told_under_another_reading() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    let case = serde_json::json!({
        "because": "Four digits are seconds since 1970.",
        "rule": "COND-25",
        "source": "IAM User Guide: reference_policies_elements_condition_operators",
        "world": {
            "time": "2024-06-01T12:00:00Z",
            "accounts": { "111122223333": { "users": { "alice": { "policies": { "late": {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
                    "Condition": { "DateGreaterThan": { "aws:CurrentTime": "2030" } }
                }
            } } } } } }
        },
        "steps": [{
            "principal": "arn:aws:iam::111122223333:user/alice",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::ledger/x",
            "expect": "allow"
        }]
    });
    std::fs::write(&path, case.to_string()).unwrap();
    let path = path.to_str().unwrap();
    for (arguments, code, told) in [
        (&["run", path][..], 0, "ALLOW_IDENTITY"),
        (&["run", path, "--assume", "D-43=year"], 1, "DENY_IMPLICIT_IDENTITY"),
    ] {
        let output = run(arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{text}{}", String::from_utf8_lossy(&output.stderr));
        assert!(text.contains(told), "{text}");
    }
}
