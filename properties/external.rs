//! Programs under test that misbehave in every way, and evaluators that are broken in one: the first are survived and reported, the second found out.

mod spelled;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use iamproof::crosscheck::external::{
    BuiltIn, CommandLine, Control, Example, Explained, Limits, Patience, Plan, Session, Tally, explain,
    other_readings, run,
};
use iamproof::iam::assumption::Assumptions;
use rayon::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

/// What every script begins with: `lines` reads what it is asked, `say` answers.
const PRELUDE: &str = r#"
import json, os, subprocess, sys, time
def lines():
    for line in sys.stdin:
        yield json.loads(line)
def say(id, decisions):
    print(json.dumps({"id": id, "decisions": decisions}), flush=True)
def passed(line):
    say(line["id"], ["unsupported"] * len(line["requests"]))
"#;

/// A wrapper around the built-in evaluator, which sees policies and requests as `bend` leaves them, and answers as `twist` leaves them.
const WRAPPER: &str = r#"
serve = subprocess.Popen([sys.argv[1], "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
def wrap(bend, twist=lambda line, decisions: decisions):
    for line in sys.stdin:
        serve.stdin.write(bend(line) if line.endswith("\n") else line)
        serve.stdin.flush()
        answer = json.loads(serve.stdout.readline())
        say(answer["id"], twist(line, answer["decisions"]))
"#;

const LIMITS: Limits = Limits { line: Duration::from_secs(20), misbehaviours: 40, timeouts: 2 };

fn script(folder: &TempDir, text: &str) -> CommandLine {
    let path = folder.path().join("evaluator.py");
    fs::write(
        &path,
        format!(
            "{PRELUDE}{WRAPPER_START}{text}",
            WRAPPER_START = if text.contains("wrap(") { WRAPPER } else { "" }
        ),
    )
    .expect("a temporary folder can be written to");
    let words = ["python3", path.to_str().expect("a path in UTF-8"), env!("CARGO_BIN_EXE_iamproof")];
    CommandLine::from_words(words.map(str::to_owned)).expect("a program")
}

fn tallied(command: &CommandLine, cases: u64, workers: usize, limits: Limits) -> Tally {
    let assumptions = Assumptions::default();
    planned(command, Plan { seed: 5, cases, most_requests: 8, workers, limits, assumptions })
}

fn planned(command: &CommandLine, plan: Plan) -> Tally {
    let stop = AtomicBool::new(false);
    let tally = run(command, &plan, &[], &BuiltIn::default(), Control { stop: &stop, progress: &|| {} });
    let Tally { requests, agreed, unsupported, unknown, disagreed, failed, not_asked, .. } = tally;
    assert_eq!(
        requests,
        agreed + unsupported + unknown + disagreed + failed + not_asked,
        "each request is counted once"
    );
    tally
}

fn explained(command: &CommandLine, tally: &Tally) -> Explained {
    let patience = Patience::new(LIMITS);
    let mut session = Session::new(command, &patience, 99);
    explain(&tally.disagreements, &BuiltIn::default(), &mut session)
}

#[test]
fn the_built_in_evaluator_agrees_with_itself_through_the_protocol() {
    let words = [env!("CARGO_BIN_EXE_iamproof"), "serve"].map(str::to_owned);
    let command = CommandLine::from_words(words).expect("a program");
    let [alone, together] = [1, 3].map(|workers| tallied(&command, 60, workers, LIMITS));
    for tally in [&alone, &together] {
        assert_eq!(
            (tally.agreed, &tally.failures[..]),
            (tally.requests, &[][..]),
            "{:?}",
            tally.disagreements
        );
        assert_eq!(tally.cases, 60);
        assert_eq!(tally.given_up, None);
    }
    assert_eq!(alone.agreed, together.agreed, "the number of workers changes nothing");
}

#[test]
fn whatever_a_program_does_is_a_failure_with_its_input() {
    let short = Limits { line: Duration::from_millis(400), ..LIMITS };
    // What the script does, the kind of failure, and a part of what is said about it.
    let rows: &[(&str, Limits, &str, &str)] = &[
        ("sys.exit(3)", LIMITS, "ended", "exit code 3"),
        ("for line in lines(): print('boom', file=sys.stderr); sys.exit(1)", LIMITS, "ended", "exit code 1"),
        ("for line in lines(): os.kill(os.getpid(), 11)", LIMITS, "ended", "signal 11"),
        ("for line in lines(): print('hello', flush=True)", LIMITS, "garbage", "hello"),
        ("for line in lines(): print('', flush=True)", LIMITS, "garbage", "none"),
        ("for line in lines(): print('[\"allow\"]', flush=True)", LIMITS, "garbage", "allow"),
        (
            "for line in lines(): print(json.dumps({'id': line['id'], 'decisions': ['allow'], 'sure': True}), flush=True)",
            LIMITS,
            "garbage",
            "sure",
        ),
        (
            "for line in lines(): sys.stdout.buffer.write(b'\\xff\\xfe\\n'); sys.stdout.flush()",
            LIMITS,
            "garbage",
            "none",
        ),
        (
            "for line in lines(): say(line['id'] + 1, ['allow'] * len(line['requests']))",
            LIMITS,
            "wrong-id",
            "in place of",
        ),
        (
            "for line in lines(): say(str(line['id']), ['allow'] * len(line['requests']))",
            LIMITS,
            "wrong-id",
            "in place of",
        ),
        (
            "for line in lines(): say(line['id'], ['allow'] * (len(line['requests']) - 1))",
            LIMITS,
            "wrong-count",
            "0 decisions for 1 requests",
        ),
        (
            "for line in lines(): say(line['id'], ['allow'] * (len(line['requests']) + 1))",
            LIMITS,
            "wrong-count",
            "2 decisions for 1 requests",
        ),
        (
            "for line in lines(): say(line['id'], ['Allow'] * len(line['requests']))",
            LIMITS,
            "unknown-answer",
            "Allow",
        ),
        (
            "for line in lines(): say(line['id'], [True] * len(line['requests']))",
            LIMITS,
            "unknown-answer",
            "true",
        ),
        ("for line in lines():\n while True: sys.stdout.write('x' * 65536)", LIMITS, "too-long", "bytes"),
        ("print('ready', flush=True)\nfor line in lines(): passed(line)", LIMITS, "", "ready"),
        ("for line in lines(): passed(line); passed(line)", LIMITS, "", ""),
        ("for line in lines(): time.sleep(1000)", short, "timeout", "0.4 s"),
        ("time.sleep(1000)", short, "timeout", "0.4 s"),
        ("os.close(1)\ntime.sleep(1000)", LIMITS, "closed-output", "closed"),
        (
            "for line in lines(): sys.stdout.write('{\"id\":'); sys.stdout.flush(); time.sleep(1000)",
            short,
            "timeout",
            "0.4 s",
        ),
        (
            "for line in lines(): sys.stdout.write('{\"id\":'); sys.stdout.flush(); sys.exit(0)",
            LIMITS,
            "",
            "",
        ),
    ];
    // Each failure costs the start of a fresh process; so the questions are few and small.
    rows.par_iter().for_each(|(text, limits, kind, part)| {
        let folder = TempDir::new().expect("a temporary folder");
        let assumptions = Assumptions::default();
        let plan = Plan { seed: 5, cases: 2, most_requests: 2, workers: 1, limits: *limits, assumptions };
        let tally = planned(&script(&folder, text), plan);
        assert_eq!((tally.agreed, tally.disagreed), (0, 0), "{text}");
        let failure =
            tally.failures.iter().min_by_key(|failure| failure.requests).unwrap_or_else(|| panic!("{text}"));
        // Two lines for one may show as a line too many, or as the answer to the line before.
        assert!(kind.is_empty() || failure.misbehaviour.kind() == *kind, "{text}: {failure:?}");
        let said = failure.misbehaviour.to_string();
        assert!(said.contains(part), "{text}: {said}");
        let input: Value = serde_json::from_str(&failure.input).expect("the input is a line of the protocol");
        assert!(input["requests"].as_array().is_some_and(|requests| !requests.is_empty()), "{text}");
        assert!(tally.failed + tally.not_asked + tally.unsupported == tally.requests, "{text}");
        if text.contains("boom") {
            assert_eq!(failure.stderr, "boom");
        }
    });
}

#[test]
fn a_program_that_fails_on_and_on_is_given_up() {
    let folder = TempDir::new().expect("a temporary folder");
    let tally = tallied(&script(&folder, "sys.exit(0)"), 1_000, 2, LIMITS);
    let said = "the evaluator failed 20 times, answered not a single line, and was given up";
    assert_eq!(tally.given_up.as_deref(), Some(said));
    assert!(tally.cases < 1_000 && tally.agreed == 0, "{tally:?}");
}

#[test]
fn a_program_that_answers_and_fails_on_and_on_is_given_up_later() {
    let folder = TempDir::new().expect("a temporary folder");
    let text = r#"
def fragile(line, decisions, answered=[]):
    if answered: sys.exit(0)
    answered.append(line)
    return decisions
wrap(lambda line: line, fragile)"#;
    let tally = tallied(&script(&folder, text), 1_000, 2, LIMITS);
    assert_eq!(tally.given_up.as_deref(), Some("the evaluator failed 40 times, and was given up"));
    assert!(tally.cases < 1_000 && tally.agreed > 0, "{tally:?}");
}

#[test]
fn one_bad_request_among_many_is_found_and_the_others_are_compared() {
    let folder = TempDir::new().expect("a temporary folder");
    let text = r#"
def fragile(line, decisions):
    if '"s3:PutObject"' in json.dumps(json.loads(line)["requests"]): sys.exit(7)
    return decisions
wrap(lambda line: line, fragile)"#;
    let tally = tallied(&script(&folder, text), 12, 1, LIMITS);
    assert!(!tally.failures.is_empty() && tally.agreed > 0 && tally.disagreed == 0, "{tally:?}");
    for failure in &tally.failures {
        let input: Value = serde_json::from_str(&failure.input).expect("a line");
        assert_eq!(input["requests"][0]["action"], "s3:PutObject", "the one that it dies of");
        assert_eq!((failure.requests, input["requests"].as_array().map(Vec::len)), (1, Some(1)));
    }
}

#[test]
fn much_on_standard_error_and_long_lines_hold_nothing_up() {
    let folder = TempDir::new().expect("a temporary folder");
    let text = "for line in lines(): sys.stderr.write('noise ' * 100000); sys.stderr.flush(); passed(line)";
    let tally = tallied(&script(&folder, text), 10, 1, LIMITS);
    assert_eq!((tally.unsupported, tally.failures.len()), (tally.requests, 0));
    assert!(
        tally.stderr.contains("noise") && tally.stderr.len() <= 4096,
        "{} bytes are kept",
        tally.stderr.len()
    );
}

#[cfg(unix)]
#[test]
fn what_a_program_started_ends_with_it() {
    let folder = TempDir::new().expect("a temporary folder");
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    let text = format!(
        "open(0).readline()\nsubprocess.Popen(['sleep', '1000'], stdout=open({:?}, 'w'))\ntime.sleep(1000)",
        pipe.to_str().expect("a path in UTF-8")
    );
    let command = script(&folder, &text);
    let reader = std::thread::spawn(move || {
        let mut heard = Vec::new();
        fs::File::open(pipe).expect("the pipe opens").read_to_end(&mut heard).expect("its end comes");
    });
    let limits = Limits { line: Duration::from_secs(2), misbehaviours: 1, timeouts: 1 };
    let tally = tallied(&command, 1, 1, limits);
    assert_eq!(tally.failures.len(), 1);
    // The pipe ends when the last process that could write to it has ended.
    reader.join().expect("nobody is left");
}

#[test]
fn an_answer_in_so_many_turned_round_is_found_out() {
    let folder = TempDir::new().expect("a temporary folder");
    let text = r#"
seen = 0
def flip(line, decisions):
    global seen
    for index, decision in enumerate(decisions):
        seen += 1
        if seen % 50 == 0: decisions[index] = "implicit-deny" if decision == "allow" else "allow"
    return decisions
wrap(lambda line: line, flip)"#;
    let tally = tallied(&script(&folder, text), 60, 1, LIMITS);
    assert_eq!((tally.disagreed, tally.agreed), (tally.requests / 50, tally.requests - tally.requests / 50));
}

#[test]
fn a_broken_construct_is_named() {
    // What the evaluator reads wrongly, and the rules of which one must come first.
    let rows: &[(&str, &[&str])] = &[
        ("wrap(lambda line: line.replace('IfExists\"', '\"'))", &["COND-8"]),
        ("wrap(lambda line: line.replace('ForAllValues:', 'ForAnyValue:'))", &["COND-9", "COND-11"]),
        ("wrap(lambda line: line.replace('2008-10-17', '2012-10-17'))", &["VAR-2"]),
        ("wrap(lambda line: line.replace('NotAction', 'Action'))", &["ACT-5"]),
        ("wrap(lambda line: line.replace('NotResource', 'Resource'))", &["RES-5", "VAR-4", "VAR-5", "VAR-7"]),
        (
            "wrap(lambda line: line if 'StringNotEq' in line else line.replace('StringNotLike', 'StringNotEquals'))",
            &["COND-15", "COND-6"],
        ),
    ];
    for (text, rules) in rows {
        let folder = TempDir::new().expect("a temporary folder");
        // What one operator alone does comes seldom.
        let cases = if text.contains("StringNotLike") { 1_600 } else { 400 };
        is_named(text, &script(&folder, text), cases, rules);
    }
}

/// The rule of the largest group must be one of these, and every disagreement must be counted.
fn is_named(what: &str, command: &CommandLine, cases: u64, rules: &[&str]) {
    let tally = tallied(command, cases, 2, LIMITS);
    assert!(tally.disagreed > 0 && tally.failures.is_empty(), "{what}: {:?}", tally.failures);
    let explained = explained(command, &tally);
    let first = explained.groups.first().unwrap_or_else(|| panic!("{what}: no group"));
    assert!(rules.contains(&first.cause.rule), "{what}: {:?}", explained.groups);
    let counted: u64 = explained.groups.iter().map(|group| group.count).sum();
    assert_eq!(counted + explained.unexplained, tally.disagreed, "{what}");
}

#[test]
fn a_program_that_reads_an_open_point_otherwise_is_told_by_its_reading() {
    for reading in ["D-39=any", "D-54=intersection"] {
        let words = [env!("CARGO_BIN_EXE_iamproof"), "serve", "--assume", reading].map(str::to_owned);
        let command = CommandLine::from_words(words).expect("a program");
        let tally = tallied(&command, 300, 2, LIMITS);
        assert!(tally.disagreed > 0 && tally.failures.is_empty(), "{reading}: {:?}", tally.failures);
        let assumed: Assumptions = reading.parse().expect("a reading");
        for group in explained(&command, &tally).groups {
            let Example::Case(case) = &group.example else { panic!("{reading}: {group:?}") };
            assert!(other_readings(case, &group.got).contains(&assumed), "{reading}: {group:?}");
        }
    }
}

#[test]
fn a_document_that_must_be_refused_may_not_be_decided() {
    let folder = TempDir::new().expect("a temporary folder");
    let text = "for line in lines(): say(line['id'], ['deny'] * len(line['requests']))";
    let tally = tallied(&script(&folder, text), 60, 1, LIMITS);
    let refused =
        tally.disagreements.iter().filter(|one| one.expected.spelled().starts_with("error: V-")).count();
    assert!(refused > 0, "some policies are refused");
    assert!(tally.agreed > 0, "`deny` agrees with a denial of either kind");
}

fn crosscheck(evaluator: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .args(["crosscheck", "--evaluator", evaluator])
        .args(more)
        .output()
        .expect("the program starts")
}

#[test]
fn the_exit_code_says_how_it_went() {
    let folder = TempDir::new().expect("a temporary folder");
    let evaluator = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, format!("{PRELUDE}{text}")).expect("a script");
        format!("python3 '{}'", path.display())
    };
    let passes = evaluator("passes.py", "for line in lines(): passed(line)");
    let crashes = evaluator("crashes.py", "sys.exit(1)");
    let allows =
        evaluator("allows.py", "for line in lines(): say(line['id'], ['allow'] * len(line['requests']))");
    let rows: &[(&str, i32, &str)] = &[
        (&passes, 3, "nothing was compared"),
        (&crashes, 1, "ended"),
        (&allows, 1, "the evaluator does not agree"),
        ("/no/such/program", 2, ""),
        ("'not closed", 2, ""),
        ("", 2, ""),
    ];
    for (command, code, part) in rows {
        let output = crosscheck(command, &["--cases", "4"]);
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            output.status.code(),
            Some(*code),
            "{command}: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(text.contains(part), "{command}: {text}");
        assert!(*code != 2 || !output.stderr.is_empty(), "{command}: it says why");
    }
    let output = crosscheck(&allows, &["--format", "json", "--cases", "4"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    for field in ["cases", "requests", "agreed", "unsupported", "unknown"] {
        assert!(answer[field].is_u64(), "{field}");
    }
    for field in ["case", "expected", "got", "rule", "count"] {
        assert!(!answer["disagreements"][0][field].is_null(), "{field}");
    }
    assert!(answer["failures"].is_array() && answer["coverage"].is_object());
}

/// The cases say what is right, so they hold for us, and contradict the program when they are put to it again.
#[test]
fn what_is_found_is_written_as_cases_that_hold() {
    let folder = TempDir::new().expect("a temporary folder");
    let allows = script(&folder, "for line in lines(): say(line['id'], ['allow'] * len(line['requests']))");
    let (command, found) = (allows.to_string(), folder.path().join("found"));
    let found_name = found.to_str().expect("a path");
    let output = crosscheck(&command, &["--format", "json", "--cases", "12", "--write-to", found_name]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let groups = answer["disagreements"].as_array().expect("a list");
    // Policies that are to be refused make no case.
    let decided = |group: &&Value| !group["expected"].as_str().is_some_and(|text| text.starts_with("error"));
    let groups = groups.iter().filter(decided).count();
    let written: Vec<_> =
        fs::read_dir(&found).expect("a folder").map(|file| file.expect("a file").path()).collect();
    assert!(groups > 0 && written.len() == groups, "{groups} groups, {written:?}");
    let replayed =
        Command::new(env!("CARGO_BIN_EXE_iamproof")).arg("corpus").arg(&found).output().expect("it starts");
    assert_eq!(replayed.status.code(), Some(0), "{}", String::from_utf8_lossy(&replayed.stdout));
    let again = crosscheck(&command, &["--format", "json", "--corpus", found_name, "--cases", "0"]);
    let answer: Value = serde_json::from_slice(&again.stdout).expect("one JSON document");
    assert_eq!((again.status.code(), answer["agreed"].as_u64()), (Some(1), Some(0)));
}

#[test]
fn a_written_case_is_put_to_the_evaluator_as_well() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("right.py");
    fs::write(
        &path,
        format!("{PRELUDE}for line in lines(): say(line['id'], ['implicit-deny'] * len(line['requests']))"),
    )
    .expect("a script");
    let cited = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cited");
    let command = format!("python3 '{}'", path.display());
    let output = crosscheck(
        &command,
        &["--format", "json", "--corpus", cited.to_str().expect("a path"), "--cases", "0"],
    );
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert!(answer["requests"].as_u64() > Some(50), "{}", answer["requests"]);
    assert_eq!(output.status.code(), Some(1));
}

/// `tools/oracle`, written from the rules alone: decisions, reasons and findings of every cited case.
#[test]
fn the_third_reading_answers_every_cited_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("python3")
        .args([root.join("tools/oracle"), root.join("corpus/cited")])
        .output()
        .expect("python3 starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let compared = text.split_whitespace().next().and_then(|count| count.parse::<usize>().ok());
    assert!(compared > Some(2000), "{text}");
}

#[test]
fn the_third_reading_agrees_on_generated_worlds() {
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/oracle");
    let command = format!("python3 '{}'", oracle.display());
    let output = crosscheck(&command, &["--cases", "20", "--confirm-every", "0", "--timeout", "60"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let agreed = text
        .split_once(" agreed")
        .and_then(|(before, _)| before.split_whitespace().next_back()?.parse::<usize>().ok());
    assert!(agreed > Some(400), "{text}");
}
