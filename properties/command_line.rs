//! The program as a stranger runs it: exit codes, the fields of JSON answers, and what bad input gets.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const LEGAL: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

fn iamproof(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .output()
        .expect("the program starts")
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
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

#[test]
fn validate_ends_with_the_exit_code_of_its_worst_document() {
    let folder = folder(&[
        ("legal.json", LEGAL.as_bytes()),
        ("invalid.json", LEGAL.replace("Allow", "allow").as_bytes()),
        (
            "trust.json",
            br#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}"#,
        ),
        ("account.json", LEGAL.replace("\"Action", r#""Principal": {"AWS": "12"}, "Action"#).as_bytes()),
        ("text.json", b"Version: 2012"),
        ("latin.json", b"{\"Id\": \"\xE9\"}"),
        ("empty/readme.txt", b"nothing"),
    ]);
    // Arguments, exit code, and a part of what is printed.
    let rows: &[(&[&str], i32, &str)] = &[
        (&["validate", "legal.json"], 0, "1 document valid: 0 errors, 0 warnings"),
        (&["validate", "legal.json", "trust.json"], 0, "2 documents valid: 0 errors, 1 warning"),
        (&["validate", "legal.json", "invalid.json"], 1, "1 of 2 documents not valid: 1 error, 0 warnings"),
        (&["validate", "--type", "scp", "legal.json"], 0, "1 document valid"),
        (&["validate", "--type", "trust", "legal.json"], 1, "V-PRINCIPAL"),
        (&["validate", "account.json"], 1, "an account id has 12 digits"),
        (&["validate", "--lenient", "account.json"], 0, "1 document valid: 0 errors, 1 warning"),
        (&["validate", "text.json"], 2, "found `V` where a value is expected"),
        (&["validate", "latin.json"], 2, "invalid UTF-8 (byte 0xE9)"),
        (&["validate", "missing.json"], 2, "no document was read"),
        (&["validate", "."], 2, "4 of 6 documents not valid"),
        (&["validate", "empty"], 3, "no document was read"),
    ];
    for (arguments, code, part) in rows {
        let output = iamproof(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}");
        assert!(text(&output.stdout).contains(part), "{arguments:?}: {}", text(&output.stdout));
    }
}

#[test]
fn a_command_line_that_cannot_be_understood_ends_with_2() {
    let folder = folder(&[]);
    for arguments in [
        &["prove-it"][..],
        &["validate"],
        &["validate", "--type", "user", "x"],
        &["validate", "--no-such-flag", "x"],
        &["--format", "xml", "validate", "x"],
        &["--threads", "0", "validate", "x"],
    ] {
        let output = iamproof(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
    for arguments in [&["--help"][..], &["validate", "--help"], &["--version"]] {
        let output = iamproof(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn one_bad_file_among_a_thousand_is_named_and_stops_nothing() {
    let folder = folder(&[]);
    for index in 0..1_000 {
        let contents = if index == 500 { "{".to_owned() } else { LEGAL.to_owned() };
        let below = folder.path().join(format!("{}", index % 10));
        fs::create_dir_all(&below).unwrap();
        fs::write(below.join(format!("{index}.json")), contents).unwrap();
    }
    let output =
        iamproof(folder.path(), &["validate", "--format", "json", "--seed", "7", ".", "./0", "none"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("none cannot be read"), "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let fields: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(fields[..3], ["iamproof", "seed", "solver"]);
    assert_eq!(answer["iamproof"], env!("CARGO_PKG_VERSION"));
    assert_eq!(answer["seed"], 7);
    assert!(answer["solver"].as_str().unwrap().starts_with("Z3 "));
    assert_eq!(answer["documents"], 1_000);
    assert_eq!(answer["unreadable"][0]["file"], "none");
    let expected = serde_json::json!([{
        "code": "V-JSON",
        "severity": "error",
        "file": "./0/500.json",
        "pointer": "",
        "line": 1,
        "column": 2,
        "message": "the text ends where a member name in double quotes is expected",
    }]);
    assert_eq!(answer["findings"], expected);
}

#[test]
fn text_for_people_keeps_to_80_columns_and_has_colours_when_asked() {
    let unknown = (0..9).map(|index| format!(r#""s{index}:k": "x""#)).collect::<Vec<_>>().join(", ");
    let document = LEGAL
        .replace(r#""*""#, &format!(r#""{}""#, "a b ".repeat(20)))
        .replace("}}", &format!(r#", "Condition": {{"StringEquals": {{{unknown}}}}}}}}}"#));
    let folder = folder(&[("a.json", document.as_bytes())]);
    let output = iamproof(folder.path(), &["validate", "a.json"]);
    let plain = text(&output.stdout);
    assert!(plain.lines().all(|line| line.chars().count() <= 80), "{plain}");
    assert!(plain.contains("  and 6 more W-UNKNOWN-KEY: `--format json` lists them all"), "{plain}");
    assert!(!plain.contains('\u{1b}'));
    let output = iamproof(folder.path(), &["validate", "--color", "always", "a.json"]);
    assert!(text(&output.stdout).contains("\u{1b}[1;31merror\u{1b}[0m"));
    let output = iamproof(folder.path(), &["validate", "--color", "always", "--format", "json", "a.json"]);
    assert!(!text(&output.stdout).contains('\u{1b}'));
}

#[cfg(unix)]
#[test]
fn folders_that_link_to_themselves_and_pipes_are_dealt_with() {
    let folder = folder(&[("a/legal.json", LEGAL.as_bytes())]);
    std::os::unix::fs::symlink("..", folder.path().join("a/up")).unwrap();
    std::os::unix::fs::symlink("legal.json", folder.path().join("a/link.json")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("a/broken.json")).unwrap();
    let status = Command::new("mkfifo").arg(folder.path().join("a/pipe.json")).status().unwrap();
    assert!(status.success());
    let output = iamproof(folder.path(), &["validate", "a"]);
    assert_eq!(output.status.code(), Some(2));
    let errors = text(&output.stderr);
    assert!(
        errors.contains("a/broken.json cannot be read") && errors.contains("a/pipe.json cannot be read"),
        "{errors}"
    );
    assert!(text(&output.stdout).starts_with("2 documents valid"), "{}", text(&output.stdout));
}

#[test]
fn a_reader_that_hangs_up_changes_nothing_about_the_exit_code() {
    let folder = folder(&[]);
    for index in 0..2_000 {
        fs::write(folder.path().join(format!("{index}.json")), "[]").unwrap();
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .args(["validate", "."])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(program.stdout.take());
    let output = program.wait_with_output().unwrap();
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(2), "no document is an object, however little of that is read");
}

/// Whether the process takes care of Ctrl-C: its mask of caught signals has bit 1, that of SIGINT.
#[cfg(target_os = "linux")]
fn catches_interrupts(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    caught.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).is_ok_and(|mask| mask & 2 != 0))
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_run_says_what_it_found() {
    let folder = folder(&[("a.json", LEGAL.as_bytes()), ("bad.json", b"{")]);
    let program = Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .args(["verify", "--format", "json", "--cases", "1000000", "."])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !catches_interrupts(program.id()) {
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap().success());
    let output = program.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(text(&output.stderr).contains("bad.json"), "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(answer["interrupted"], true);
    for field in ["laws", "policies", "cases", "crosscheck", "verdict"] {
        assert!(!answer[field].is_null(), "{field}");
    }
    assert_eq!(answer["policies"]["read"], 1);
}

#[test]
fn assumptions_are_taken_or_refused_but_never_passed_over() {
    let case = br#"{"because": "A list meets StringEquals.", "policies": {"identity": [{"Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:TagKeys": "a"}}}}]},
        "requests": [{"principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:GetObject",
        "resource": "arn:aws:s3:::a/b", "context": {"aws:TagKeys": ["b", "a"]}, "expect": "allow"}]}"#;
    let plain = LEGAL.replace("\"*\"}", r#""*", "Condition": {"StringEquals": {"aws:TagKeys": "a"}}}"#);
    let any = plain.replace("StringEquals", "ForAnyValue:StringEquals");
    let folder = folder(&[
        ("case.json", case),
        ("legal.json", LEGAL.as_bytes()),
        ("plain.json", plain.as_bytes()),
        ("any.json", any.as_bytes()),
    ]);
    // Arguments, exit code, and a part of what is printed on either output.
    let rows: &[(&[&str], i32, &str)] = &[
        (&["decide", "--case", "case.json"], 1, "implicit-deny"),
        (
            &["decide", "--case", "case.json", "--assume", "D-39=any"],
            0,
            "assumed D-39=any: a multivalued key",
        ),
        (
            &["--assume", "D-41=error,D-39=any", "decide", "--case", "case.json", "--format", "json"],
            0,
            "\"D-41=error\"",
        ),
        (&["decide", "--case", "case.json", "--assume", "D-39=first"], 1, "implicit-deny"),
        (&["decide", "--case", "case.json", "--assume", "D-39=al"], 2, "write one of: D-39=first"),
        (
            &["decide", "--case", "case.json", "--assume", "D-39=any", "--assume", "D-39=first"],
            2,
            "two readings",
        ),
        (&["corpus", "case.json"], 1, "1 not as expected"),
        (&["corpus", "case.json", "--assume", "D-39=any"], 0, "as expected"),
        (&["corpus", "legal.json"], 2, "a policy document, and no case"),
        (&["laws", "INV-1", "--samples", "0", "--assume", "D-39=any"], 0, "assumed D-39=any"),
        // COND-10 makes the one false, COND-11 the other true.
        (&["compare", "plain.json", "any.json"], 1, "wider"),
        (&["compare", "plain.json", "any.json", "--assume", "D-39=any"], 0, "equivalent"),
        (&["crosscheck", "--cases", "20", "--assume", "D-39=any"], 0, "the two readings agree"),
        (&["reach", "--account", "a.json", "--from", "x", "--assume", "D-39=any"], 2, "not supported"),
        (&["validate", "legal.json", "--assume", "D-39=any"], 2, "depends on no open point"),
        (&["assumptions"], 0, "D-39=dual"),
    ];
    for (arguments, code, part) in rows {
        let output = iamproof(folder.path(), arguments);
        let (answer, told) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {answer}{told}");
        assert!(answer.contains(part) || told.contains(part), "{arguments:?}: {answer}{told}");
    }
}
