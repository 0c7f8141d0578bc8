//! `iamproof compare` as a stranger runs it: verdicts, exit codes, fields, batches, and what bad input gets.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const READ: &str = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger/*"}]}"#;
const WRITE: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::ledger/*"}]}"#;
const BUCKET: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger/*"}}"#;
const KEY: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-1:444455556666:key/k"}}"#;
const HARD: [&str; 2] = [
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/?*", "Condition": {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}}}"#,
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*?", "Condition": {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00.0Z"}}}}"#,
];

const WILD: [&str; 2] = [
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::b/a*", "arn:aws:s3:::b/?*"]}}"#,
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::b/*a", "arn:aws:s3:::b/*?"]}}"#,
];

fn iamproof(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .output()
        .expect("the program starts")
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (name, contents) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }
    folder
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn lines(output: &Output) -> Vec<Value> {
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn library() -> TempDir {
    folder(&[
        ("read.json", READ),
        ("write.json", WRITE),
        ("bucket.json", BUCKET),
        ("inbox.json", &BUCKET.replace("Get", "Put")),
        ("key.json", KEY),
        ("hard.json", HARD[0]),
        ("harder.json", HARD[1]),
        ("wild.json", WILD[0]),
        ("wilder.json", WILD[1]),
        ("broken.json", "{\"Statement\": [\n  {\"Effect\": \"Allow\", \"Action\": 7, \"Resource\": \"*\"}]}"),
        ("text.json", "Version: 2012"),
        ("old/a.json", READ),
        ("old/b/c.json", READ),
        ("old/gone.json", READ),
        ("new/a.json", READ),
        ("new/b/c.json", WRITE),
        ("same/a.json", READ),
        ("same/b/c.json", READ),
        ("same/gone.json", READ),
        ("empty/readme.txt", ""),
    ])
}

#[test]
fn the_exit_code_says_what_new_is() {
    let folder = library();
    let rows: &[(&[&str], i32, &str)] = &[
        (&["compare", "read.json", "read.json"], 0, "equivalent: both allow exactly the same requests"),
        (&["compare", "write.json", "read.json"], 0, "narrower: NEW allows less than OLD"),
        (&["compare", "write.json", "read.json", "--expect", "equivalent"], 1, "narrower"),
        (&["compare", "read.json", "write.json"], 1, "wider: NEW allows all that OLD does, and more"),
        (&["compare", "read.json", "key.json"], 1, "incomparable"),
        (&["compare", "old", "same"], 0, "3 documents compared: 3 equivalent"),
        (&["compare", "old", "new"], 1, "3 documents compared: 1 equivalent, 1 narrower, 1 wider"),
        (&["compare", "empty", "empty"], 3, "0 documents compared"),
        (&["compare", "hard.json", "harder.json"], 0, "equivalent"),
        (&["compare", "wild.json", "wilder.json"], 0, "equivalent"),
        (&["compare", "wild.json", "wilder.json", "--limit", "1"], 3, "unknown"),
        (&["compare", "--all-pairs", "same"], 0, "6 hold by containment of patterns"),
    ];
    for (arguments, code, part) in rows {
        let output = iamproof(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {}", text(&output.stderr));
        assert!(text(&output.stdout).contains(part), "{arguments:?}: {}", text(&output.stdout));
        assert!(text(&output.stdout).lines().all(|line| line.chars().count() <= 80), "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_compared_ends_with_2_and_says_where() {
    let folder = library();
    let rows: &[(&[&str], &str)] = &[
        (&["compare", "read.json", "missing.json"], "missing.json cannot be read"),
        (&["compare", "read.json", "old"], "one is a folder, the other a file"),
        (&["compare", "read.json", "broken.json"], "at `/Statement/0/Action` (line 2, column 33)"),
        (&["compare", "read.json", "text.json"], "at line 1, column 1"),
        (&["compare", "read.json"], "NEW"),
        (&["compare", "--batch", "missing.jsonl"], "missing.jsonl cannot be read"),
        (&["compare", "--batch", "old"], "old cannot be read"),
        (&["compare", "--batch", "x", "read.json", "read.json"], "cannot be used with"),
        (&["compare", "--type", "user", "read.json", "read.json"], "invalid value"),
        (&["compare", "--write-cases", "read.json", "read.json", "read.json"], "cannot be written"),
    ];
    for (arguments, part) in rows {
        let output = iamproof(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(part), "{arguments:?}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_answer_in_json_has_the_fixed_fields_and_a_case_that_decide_shows() {
    let folder = library();
    let output = iamproof(folder.path(), &["compare", "read.json", "write.json", "--format", "json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let fields: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "iamproof",
            "seed",
            "solver",
            "assume",
            "old",
            "new",
            "verdict",
            "gained",
            "lost",
            "message",
            "notes",
            "restsOn",
            "falls",
            "restsOnUnknown"
        ]
    );
    assert_eq!(answer["verdict"], "wider");
    assert_eq!(answer["lost"], Value::Null);
    assert_eq!(answer["message"], Value::Null);
    let request = &answer["gained"]["requests"][0];
    assert_eq!((&request["action"], &request["expect"]), (&json!("s3:PutObject"), &json!("allow")));
    fs::write(folder.path().join("case.json"), answer["gained"].to_string()).unwrap();
    let output = iamproof(folder.path(), &["decide", "--case", "case.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

#[test]
fn written_witnesses_replay_with_one_command_each() {
    let folder = library();
    for (old, new) in [("read.json", "key.json"), ("bucket.json", "inbox.json")] {
        let output = iamproof(folder.path(), &["compare", old, new, "--write-cases", "witnesses"]);
        assert_eq!(output.status.code(), Some(1), "{old} {new}: {}", text(&output.stdout));
        let commands: Vec<&str> = text(&output.stdout)
            .lines()
            .filter_map(|line| line.split_once("iamproof decide ").map(|(_, rest)| rest))
            .collect();
        assert!(commands.len() >= 2, "{}", text(&output.stdout));
        for command in commands {
            let arguments: Vec<&str> = std::iter::once("decide").chain(command.split(' ')).collect();
            let replayed = iamproof(folder.path(), &arguments);
            assert_eq!(replayed.status.code(), Some(0), "{command}: {}", text(&replayed.stdout));
        }
    }
}

#[test]
fn a_batch_answers_every_line_in_order_whatever_is_wrong_with_some() {
    let folder = library();
    let batch = [
        r#"{"old": "read.json", "new": "write.json"}"#,
        r#"{"old": "write.json", "new": "read.json"}"#,
        r#"{"old": "read.json", "new": "missing.json"}"#,
        r#"{"old": "broken.json", "new": "text.json"}"#,
        "",
        r#"{"old": "read.json"}"#,
        r#"{"old": "read.json", "new": "read.json", "type": "scp"}"#,
        "{\"old\": 1",
        r#"{"old": "read.json", "new": "key.json"}"#,
        r#"{"old": "read.json", "new": "read.json"}"#,
    ];
    fs::write(folder.path().join("batch.jsonl"), batch.join("\n")).unwrap();
    let output = iamproof(folder.path(), &["compare", "--batch", "batch.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
    let answers = lines(&output);
    let verdicts: Vec<&str> = answers.iter().map(|answer| answer["verdict"].as_str().unwrap()).collect();
    let expected = [
        "wider",
        "narrower",
        "error",
        "error",
        "error",
        "error",
        "error",
        "error",
        "incomparable",
        "equivalent",
    ];
    assert_eq!(verdicts, expected);
    for (number, part) in [
        (2, "missing.json cannot be read"),
        (3, "broken.json is not a valid policy: V-ACTION at `/Statement/0/Action` (line 2, column 33)"),
        (3, "text.json is not a valid policy: V-JSON at line 1, column 1"),
        (4, "line 5: "),
        (5, "line 6: "),
        (6, "`type`"),
        (7, "line 8: "),
    ] {
        let message = answers[number]["message"].as_str().unwrap();
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(answers[1]["lost"]["requests"][0]["action"], "s3:PutObject");
    assert_eq!(answers[8]["old"], "read.json");
}

#[test]
fn a_batch_says_the_same_with_any_number_of_threads_and_from_a_pipe() {
    let folder = library();
    let names = ["read.json", "write.json", "bucket.json", "key.json", "hard.json", "harder.json"];
    let mut batch = String::new();
    for _ in 0..3 {
        for old in names {
            for new in names {
                batch.push_str(&json!({ "old": old, "new": new }).to_string());
                batch.push('\n');
            }
        }
    }
    fs::write(folder.path().join("batch.jsonl"), &batch).unwrap();
    let of =
        |threads: &str| iamproof(folder.path(), &["compare", "--batch", "batch.jsonl", "--threads", threads]);
    let one = of("1");
    assert_eq!(lines(&one).len(), 108);
    assert!(lines(&one).iter().all(|answer| answer["verdict"] != "unknown"));
    assert_eq!(one.stdout, of("3").stdout);
    let mut process = Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .args(["compare", "--batch", "-"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(batch.as_bytes()).unwrap();
    let piped = process.wait_with_output().unwrap();
    assert_eq!(piped.stdout, one.stdout);
    assert_eq!((piped.status.code(), one.status.code()), (Some(1), Some(1)));
}

#[test]
fn an_empty_batch_compares_nothing() {
    let folder = folder(&[("batch.jsonl", "")]);
    let output = iamproof(folder.path(), &["compare", "--batch", "batch.jsonl"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0));
}

#[test]
fn one_bad_file_of_two_folders_stops_nothing() {
    let folder = library();
    fs::write(folder.path().join("new/bad.json"), "{").unwrap();
    fs::write(folder.path().join("old/bad.json"), READ).unwrap();
    let output = iamproof(folder.path(), &["compare", "old", "new", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let verdicts: Vec<(&str, &str)> = answer["pairs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (pair["path"].as_str().unwrap(), pair["verdict"].as_str().unwrap()))
        .collect();
    let expected =
        [("a.json", "equivalent"), ("b/c.json", "wider"), ("bad.json", "error"), ("gone.json", "narrower")];
    assert_eq!(verdicts, expected);
    assert_eq!(answer["verdict"], "error");
    assert!(answer["pairs"][2]["message"].as_str().unwrap().contains("new/bad.json"));
}

#[test]
fn an_equivalence_of_folders_says_on_which_reading_it_rests() {
    // VAR-8: a member whose variable has no value matches nothing, or voids the list.
    let plain = READ.replace("ledger", "all");
    let with_variable = plain.replace(
        r#""arn:aws:s3:::all/*""#,
        r#"["arn:aws:s3:::all/*", "arn:aws:s3:::all/${aws:PrincipalTag/team}/*"]"#,
    );
    assert_ne!(plain, with_variable);
    let folder = folder(&[("old/a.json", &plain), ("new/a.json", &with_variable)]);
    let output = iamproof(folder.path(), &["compare", "old", "new", "--format", "json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let pair = &answer["pairs"][0];
    assert_eq!((&pair["verdict"], &pair["restsOn"]), (&json!("equivalent"), &json!(["D-31"])));
    assert_eq!(pair["falls"][0]["assume"], json!(["D-31=void"]));
    let output = iamproof(folder.path(), &["compare", "old", "new"]);
    assert!(text(&output.stdout).contains("rests on     D-31: "), "{}", text(&output.stdout));
    fs::write(folder.path().join("batch.jsonl"), r#"{"old": "old/a.json", "new": "new/a.json"}"#).unwrap();
    let output = iamproof(folder.path(), &["compare", "--batch", "batch.jsonl"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&answer["restsOn"], &answer["restsOnUnknown"]),
        (&Value::Null, &json!("a batch does not ask"))
    );
}

/// The number needs no exponent, so a reading of dates stays what the answer rests on, whatever is assumed of numbers.
#[test]
fn an_equivalence_rests_on_no_reading_that_a_plain_number_leaves_alone() {
    let document = |number: &str, further: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {{
                "NumericEquals": {{"s3:max-keys": "5"}}{number}, "DateLessThan": {{"s3:day": "2024"}}{further}}}}}}}"#
        )
    };
    let further = r#", "DateLessThanEquals": {"s3:day": "2000-01-01T00:00:00Z"}"#;
    for number in ["", r#", "StringNotLike": {"s3:max-keys": ["*e*", "*E*"]}"#] {
        let (old, new) = (document(number, ""), document(number, further));
        let folder = folder(&[("old/a.json", &old), ("new/a.json", &new)]);
        let output = iamproof(folder.path(), &["compare", "old", "new", "--format", "json"]);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let pair = &answer["pairs"][0];
        assert_eq!(
            (&pair["verdict"], &pair["restsOn"]),
            (&json!("equivalent"), &json!(["D-43"])),
            "{answer}"
        );
    }
}

/// Numbers without an exponent stay what they are where exponents are read.
#[test]
fn plain_numbers_are_numbers_where_exponents_are_read() {
    let document = |condition: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {{{condition}}}}}}}"#
        )
    };
    let range = |least: &str, most: &str| {
        document(&format!(
            r#""NumericGreaterThanEquals": {{"s3:max-keys": "{least}"}}, "NumericLessThanEquals": {{"s3:max-keys": "{most}"}}"#
        ))
    };
    let folder = folder(&[
        ("five.json", &range("5", "5")),
        ("none.json", &range("5.1", "5")),
        ("less.json", &range("-7.5", "-7.5")),
        ("other.json", &document(r#""NumericEquals": {"s3:max-keys": "-7.50"}"#)),
    ]);
    for (old, new, verdict) in [
        ("none.json", "five.json", "wider"),
        ("none.json", "less.json", "wider"),
        ("less.json", "five.json", "incomparable"),
        ("less.json", "other.json", "equivalent"),
    ] {
        let arguments = ["compare", old, new, "--assume", "D-42=exponents"];
        let output = iamproof(folder.path(), &arguments);
        let told = text(&output.stdout).lines().any(|line| line.starts_with(verdict));
        assert!(told, "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    }
}

/// A pattern with a variable allows something where ARNs are cut after values are filled in, a short one where it matches whole texts.
#[test]
fn patterns_with_variables_match_where_arns_are_cut_afterwards() {
    let document = |pattern: &str, begin: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {{
                "ArnLike": {{"aws:SourceArn": "{pattern}"}}, "StringLike": {{"aws:SourceArn": "{begin}*"}}}}}}}}"#
        )
    };
    let folder = folder(&[
        ("none.json", &document("arn:aws:sns:eu-west-1:111122223333:t", "arn:aws:sqs")),
        ("whole.json", &document("arn:aws:sns:${s3:prefix}:111122223333:t", "arn:aws:sns")),
        ("short.json", &document("arn:aws:sns:${s3:prefix}", "arn:aws:sns")),
    ]);
    for (new, assumed, verdict) in [
        ("whole.json", &["D-33=after"][..], "wider"),
        ("short.json", &["D-33=after", "D-48=short"], "wider"),
        ("short.json", &[], "equivalent"),
    ] {
        let mut arguments = vec!["compare", "none.json", new];
        arguments.extend(assumed.iter().flat_map(|reading| ["--assume", reading]));
        let output = iamproof(folder.path(), &arguments);
        let told = text(&output.stdout).lines().any(|line| line.starts_with(verdict));
        assert!(told, "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    }
}

#[test]
fn hostile_documents_get_an_error_or_an_answer_in_bounded_time() {
    let stars = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{}"}}}}"#,
        "*a".repeat(500)
    );
    let many = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{}"}}}}"#,
        "*".repeat(100_000)
    );
    let duplicate = READ.replace(r#""Effect": "Allow""#, r#""Effect": "Allow", "Effect": "Deny""#);
    let surrogate = READ.replace("ledger", r"\ud800");
    let nul = READ.replace("ledger", r"\u0000");
    let deep = "[".repeat(1_000_000);
    let folder = folder(&[
        ("read.json", READ),
        ("stars.json", &stars),
        ("many.json", &many),
        ("duplicate.json", &duplicate),
        ("surrogate.json", &surrogate),
        ("nul.json", &nul),
        ("deep.json", &deep),
    ]);
    fs::write(folder.path().join("latin.json"), b"{\"Id\": \"\xE9\"}").unwrap();
    let names = [
        "stars.json",
        "many.json",
        "duplicate.json",
        "surrogate.json",
        "nul.json",
        "deep.json",
        "latin.json",
    ];
    let batch: String =
        names.iter().map(|name| format!("{}\n", json!({ "old": "read.json", "new": name }))).collect();
    fs::write(folder.path().join("batch.jsonl"), batch).unwrap();
    let output = iamproof(folder.path(), &["compare", "--batch", "batch.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
    let answers = lines(&output);
    let expected: [(&str, Option<&str>); 7] = [
        ("incomparable", None),
        ("wider", None),
        ("error", Some("V-DUPLICATE-KEY")),
        ("error", Some("V-CHARSET")),
        ("error", Some("V-CHARSET")),
        ("error", Some("V-JSON")),
        ("error", Some("V-JSON")),
    ];
    for ((answer, (verdict, code)), name) in answers.iter().zip(expected).zip(names) {
        assert_eq!(answer["verdict"], verdict, "{name}: {}", answer["message"]);
        if let Some(code) = code {
            assert!(answer["message"].as_str().unwrap().contains(code), "{name}: {}", answer["message"]);
        }
    }
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let blocks: Vec<(&str, &str)> = readme
        .split("```")
        .filter_map(|block| block.trim_start().strip_prefix("$ iamproof compare "))
        .filter_map(|block| block.split_once('\n'))
        .collect();
    assert_eq!(blocks.len(), 2);
    for (arguments, shown) in blocks {
        let arguments: Vec<&str> = std::iter::once("compare").chain(arguments.split(' ')).collect();
        let output = iamproof(root, &arguments);
        assert_eq!(text(&output.stdout), shown, "{arguments:?}");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    }
}

#[test]
fn an_interrupted_batch_keeps_what_it_has_answered() {
    let folder = library();
    let mut process = Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .args(["compare", "--batch", "-"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    input.write_all(b"{\"old\": \"read.json\", \"new\": \"write.json\"}\n").unwrap();
    let mut answers = BufReader::new(process.stdout.take().unwrap());
    let mut first = String::new();
    // An answer comes before the batch has ended.
    answers.read_line(&mut first).unwrap();
    assert!(first.contains("\"wider\""), "{first}");
    let status = Command::new("kill").args(["-INT", &process.id().to_string()]).status().unwrap();
    assert!(status.success());
    assert_eq!(process.wait().unwrap().code(), Some(130));
    drop(input);
}
