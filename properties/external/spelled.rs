//! Programs that stumble over how a document is spelled, let one through that is to be refused, or answer by chance: each is told so.

use iamproof::crosscheck::external::{Comparison, Group, Plan};
use iamproof::iam::assumption::Assumptions;
use rayon::prelude::*;
use tempfile::TempDir;

use super::{LIMITS, explained, planned, script, tallied};

#[test]
fn answers_by_chance_are_called_so() {
    let folder = TempDir::new().expect("a temporary folder");
    let text = r#"
def fickle(line, decisions, lines=[]):
    lines.append(line)
    return ["allow"] * len(decisions) if len(lines) % 5 == 0 else decisions
wrap(lambda line: line, fickle)"#;
    let command = script(&folder, text);
    let tally = tallied(&command, 60, 1, LIMITS);
    let explained = explained(&command, &tally);
    assert!(tally.disagreed > 0 && !explained.groups.is_empty(), "{tally:?}");
    let shows = |group: &Group| group.expected.compare(&group.got) == Comparison::Disagrees;
    assert!(explained.groups.iter().all(shows), "{explained:?}");
    assert_eq!(explained.groups.first().map(|group| group.cause.rule), Some("GEN-2"), "{explained:?}");
}

/// Programs that stumble over a spelling, or let a document through; by which rule and words each must be named.
const SPELLINGS: &[(&str, &str, &str)] = &[
    (r#"'"Statement":{' in line"#, "GRAM-7", "a single statement outside a list"),
    (
        r#"'"Action":["' in line and not '","' in line.split('"Action":["')[1].split("]")[0]"#,
        "GRAM-11",
        "a single action in a list",
    ),
    (
        r#"any(bare in line.split('"policies"')[1].split('"requests"')[0] for bare in (":true", "[true", ",true", ":false", ":10", "[10"))"#,
        "COND-19",
        "without quotes",
    ),
    (r#"'"Sid":"S1"' in line"#, "GRAM-10", "statements with a Sid"),
    (r#"'"Sid":""' in line"#, "GRAM-10", "statements with an empty Sid"),
    (r#"'"Id":' in line"#, "GRAM-6", "a document with an Id"),
    (r#""{}" in line.replace('"policies":{}', "").replace('"context":{}', "")"#, "GRAM-17", "without keys"),
    (r#"'": \t"' in line or '" : "' in line or '": "' in line"#, "GRAM-1", "white space between tokens"),
    (r#""u0073" in line"#, "GRAM-1", "letters written as escapes"),
];

#[test]
fn a_program_that_reads_one_spelling_only_is_told_which_other_there_is() {
    let found = SPELLINGS.par_iter().map(|(stumbles, rule, words)| {
        let folder = TempDir::new().expect("a temporary folder");
        let text = format!(
            r#"
def stumbling(line, decisions):
    return ["error: cannot read this"] * len(decisions) if {stumbles} else decisions
wrap(lambda line: line, stumbling)"#
        );
        let command = script(&folder, &text);
        let tally = tallied(&command, 200, 1, LIMITS);
        let explained = explained(&command, &tally);
        let first = explained.groups.first().map(|group| group.cause.clone());
        let fits = first.is_some_and(|cause| cause.rule == *rule && cause.construct.contains(words));
        (!fits).then(|| {
            format!("{words}: {:?}", explained.groups.iter().map(|group| &group.cause).collect::<Vec<_>>())
        })
    });
    let wrong: Vec<String> = found.flatten().collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_program_that_lets_a_document_through_is_told_what_is_wrong_with_it() {
    let rows = [
        ("Read-Only", "ReadOnly", "GRAM-10", "V-SID for a Sid with a hyphen"),
        (
            "\"IfExistsStringEquals\"",
            "\"StringEqualsIfExists\"",
            "COND-13",
            "V-OPERATOR for IfExists in front",
        ),
        ("2023-02-29", "2023-02-28", "COND-25", "a day that the month has not"),
    ];
    for (illegal, legal, rule, words) in rows {
        let folder = TempDir::new().expect("a temporary folder");
        let command = script(&folder, &format!("wrap(lambda line: line.replace({illegal:?}, {legal:?}))"));
        let assumptions = Assumptions::default();
        let plan = Plan { seed: 5, cases: 2_400, most_requests: 1, workers: 2, limits: LIMITS, assumptions };
        let tally = planned(&command, plan);
        let explained = explained(&command, &tally);
        let first = explained.groups.first().map(|group| group.cause.clone());
        let fits = first.is_some_and(|cause| cause.rule == rule && cause.construct.contains(words));
        assert!(fits, "{words}: {:?}", explained.groups);
    }
}
