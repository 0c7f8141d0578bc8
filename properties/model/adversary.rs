//! Conditions made to break the solver: on few keys, every operator that speaks of texts, numbers, dates and addresses, on the same texts.
//!
//! The question is always whether one document allows what another does not. No answer may be unknown; a request that is found is decided
//! by the evaluator; where none is found, Z3's theory of strings must not find one either.

use iamproof::evaluator::{CompiledSet, Question};
use iamproof::iam::policy::Policy;
use iamproof::model::{Scope, SymbolicRequest, decode, statement};
use iamproof::solver::formula::Formulas;
use iamproof::solver::{Answer, Limits, Solver, z3_strings};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::policy;

/// An entry of a Condition.
#[derive(Clone, Debug)]
struct Entry {
    operator: String,
    key: &'static str,
    values: Vec<&'static str>,
}

/// Keys of every kind: free ones most of all, since only they mix what operators take them for.
fn key() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        6 => Just("svc:k"),
        2 => Just("svc:l"),
        1 => Just("aws:username"),
        1 => Just("aws:SourceArn"),
        1 => Just("aws:CurrentTime"),
        1 => Just("aws:EpochTime"),
        1 => Just("aws:SourceIp"),
        1 => Just("s3:max-keys"),
    ]
}

/// Texts that are numbers, dates or addresses, too, and patterns about such; wildcards inside, `?`, other scripts, escapes.
const TEXTS: [&str; 27] = [
    "1",
    "01.0",
    "-1",
    "1*",
    "*1*",
    "??",
    "*0*0*",
    "2024*",
    "2024-01-01",
    "2024-01-0?T*",
    "*Z",
    "*+01:00",
    "10.*",
    "10.0.0.?",
    "*::*",
    "arn:aws:s3:::*",
    "a*b*a",
    "A*",
    "É*é",
    "*${*}*",
    "${aws:username}",
    "*${aws:username}*",
    "a${aws:username}*",
    "${aws:username}*${svc:l}",
    "${svc:l}",
    "x${svc:l}?",
    "${svc:m, 'a*'}-*",
];

const ARNS: [&str; 5] = [
    "arn:aws:s3:::*",
    "arn:*:s?s:*:1:t*",
    "arn:aws:sns:*:*:${aws:username}",
    "arn:aws:sns:${svc:l}:1:*",
    "arn:aws:*:*:*:*${svc:l}*",
];

fn entry() -> impl Strategy<Value = Entry> {
    let of = |operators: &'static [&'static str], values: &'static [&'static str]| {
        (
            prop::sample::select(operators),
            prop::sample::select(&["", "IfExists"][..]),
            key(),
            prop::collection::vec(prop::sample::select(values), 1..3),
        )
            .prop_map(|(operator, existence, key, values)| Entry {
                operator: format!("{operator}{existence}"),
                key,
                values,
            })
    };
    let numeric = &["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"];
    let dates = &["DateEquals", "DateNotEquals", "DateLessThanEquals", "DateGreaterThan"];
    prop_oneof![
        3 => of(&["StringLike", "StringNotLike"], &TEXTS),
        2 => of(&["StringEquals", "StringNotEquals"], &TEXTS),
        2 => of(&["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"], &TEXTS),
        1 => of(&["ArnLike", "ArnNotLike"], &ARNS),
        1 => of(numeric, &["1", "-1", "0.5", "2024", "1704067200"]),
        1 => of(dates, &["2024-01-01", "1", "2024-01-01T00:00:00.5Z", "2024-01-01T00:00:00+01:00"]),
        1 => of(&["IpAddress", "NotIpAddress"], &["10.0.0.0/8", "10.0.0.1", "2001:db8::/32", "::/0"]),
    ]
}

fn document(statements: &[(&str, Vec<Entry>)]) -> Policy {
    let statements: Vec<serde_json::Value> = statements
        .iter()
        .map(|(effect, entries)| {
            let mut condition = serde_json::Map::new();
            for Entry { operator, key, values } in entries {
                // A later entry of the same operator and key takes the place of the earlier one.
                let block = condition.entry(operator.as_str()).or_insert_with(|| serde_json::json!({}));
                block[*key] = serde_json::json!(values);
            }
            serde_json::json!({ "Effect": effect, "Action": "*", "Resource": "*", "Condition": condition })
        })
        .collect();
    policy(&serde_json::json!({ "Version": "2012-10-17", "Statement": statements }).to_string())
}

fn documents() -> impl Strategy<Value = (Policy, Policy)> {
    let entries = |most: usize| prop::collection::vec(entry(), 1..=most);
    (
        entries(3),
        prop::collection::vec((prop::sample::select(&["Allow", "Allow", "Deny"][..]), entries(2)), 1..3),
    )
        .prop_map(|(first, others)| (document(&[("Allow", first)]), document(&others)))
}

/// Whether the second back end is asked, too.
#[derive(Clone, Copy)]
enum Second {
    Asked,
    Not,
}

fn decided(a: &Policy, b: &Policy, second: Second) {
    let mut formulas = Formulas::new();
    let mut request = SymbolicRequest::new(&mut formulas, Scope::Documents);
    let allowed = statement::document_allows(&mut formulas, &mut request, a).unwrap();
    let allowed_too = statement::document_allows(&mut formulas, &mut request, b).unwrap();
    let refused = formulas.not(allowed_too);
    let well_formed = request.well_formed(&mut formulas).unwrap();
    let goal = formulas.and([allowed, refused, well_formed]);
    let answer = Solver::new(&formulas, Limits::default()).check(goal);
    match &answer {
        Answer::Satisfiable(assignment) => {
            let found = decode(&request, assignment);
            let question = Question {
                action: &found.action,
                resource: &found.resource,
                caller: &found.caller,
                context: &found.context,
            };
            let allows = |policy: &Policy| {
                CompiledSet::compile(std::slice::from_ref(policy)).unwrap().allows(&question)
            };
            assert!(allows(a) && !allows(b), "the evaluator decides {found:?} otherwise: {a:?} and {b:?}");
        }
        Answer::Unsatisfiable => {}
        Answer::Unknown(reason) => panic!("unknown: {reason}: {a:?} and {b:?}"),
    }
    if let (Second::Asked, Answer::Unsatisfiable) = (second, answer) {
        let limits = Limits { z3_strings_effort: 100_000, ..Limits::default() };
        let answer = z3_strings::check(&formulas, goal, limits);
        assert!(answer.assignment().is_none(), "Z3's strings find {answer:?}");
    }
}

/// So many pairs of documents, always the same ones.
fn pairs(count: usize) -> Vec<(Policy, Policy)> {
    let config = Config { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    (0..count).map(|_| documents().new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn conditions_made_to_confuse_are_decided() {
    for (a, b) in pairs(100) {
        decided(&a, &b, Second::Not);
    }
}

#[test]
fn what_is_proved_of_them_the_strings_of_z3_do_not_refute() {
    for (a, b) in pairs(8) {
        decided(&a, &b, Second::Asked);
    }
}
