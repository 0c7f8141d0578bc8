//! What `iamproof search` prints and how it exits: the examples of the documentation are real, and bad input is told.

use std::process::{Command, Output};

fn iamproof(arguments: &[&str]) -> Output {
    let root = env!("CARGO_MANIFEST_DIR");
    let run = Command::new(env!("CARGO_BIN_EXE_iamproof")).current_dir(root).args(arguments).output();
    run.expect("the program can be started")
}

#[test]
fn the_examples_of_the_documentation_are_what_the_program_prints() {
    let path = format!("{}/docs/search.md", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the documentation is there");
    let blocks = text.split("```").filter(|block| block.trim_start().starts_with("$ iamproof "));
    let mut shown = 0;
    for block in blocks {
        let (command, expected) = block.trim_start().split_once('\n').expect("a command and what it prints");
        let words: Vec<&str> = command.split_whitespace().skip(2).collect();
        let output = iamproof(&words);
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{command}");
        shown += 1;
    }
    assert_eq!(shown, 3);
}

#[test]
fn exit_codes_and_messages_are_those_of_the_documentation() {
    let example = ["search", "--case", "docs/examples/search/roles.json"];
    let reader = "arn:aws:iam::111122223333:role/reader";
    let table: [(&[&str], i32, &str); 9] = [
        (&["--holds", reader, "--steps", "2"], 1, ""),
        (&["--holds", reader, "--steps", "1"], 0, ""),
        (&["--renews"], 3, ""),
        (&["--renews", "--steps", "0"], 2, "--steps: expected 1 to 32, found 0"),
        (&["--renews", "--steps", "1"], 2, "takes 2 steps at least"),
        (&["--holds", "arn:aws:iam::111122223333:role/nobody"], 2, "the world has no role"),
        (&["--outlives", "--from", reader], 2, "neither a user nor a root user"),
        (&["--does", "s3:*", "*"], 2, "expected one action"),
        (&["--does", "s3:GetObject", "arn:aws:s3:::ledger/*"], 2, "expected the ARN of one resource"),
    ];
    for (arguments, code, message) in table {
        let output = iamproof(&[&example, arguments].concat());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        assert!(told.contains(message), "{arguments:?}: {told}");
        assert_eq!(told.is_empty(), message.is_empty(), "{arguments:?}: {told}");
    }
    assert_eq!(iamproof(&example).status.code(), Some(2), "a goal must be given");
}

#[test]
fn an_answer_as_json_has_the_trace_as_steps_of_a_case() {
    let output =
        iamproof(&["search", "--case", "docs/examples/search/roles.json", "--outlives", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is one JSON document");
    assert_eq!(answer["verdict"], "reached");
    assert_eq!(answer["bound"], 4);
    let steps = answer["trace"].as_array().expect("there is a trace");
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[1]["session"], "session-1");
    assert_eq!(steps[1]["result"]["DurationSeconds"], 3600);
}
