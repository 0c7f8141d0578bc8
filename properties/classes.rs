//! The cross-check by classes: what cannot matter is named, what can is met, and an evaluator's mistake about it shows.

use std::sync::atomic::AtomicBool;

use iamproof::crosscheck::classes::Asking;
use iamproof::crosscheck::classes::batch::{Batch, Lone, examine_all};
use iamproof::crosscheck::classes::{Classes, Part};
use iamproof::crosscheck::party::BuiltIn;
use iamproof::crosscheck::runner::Control;
use iamproof::evaluator::Reading;
use iamproof::iam::document::{self, Strictness, TypeChoice};
use iamproof::iam::policy::{Policy, PolicyType};

/// A document of these statements.
fn policy(statements: &str, policy_type: PolicyType) -> Policy {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let document = document::read(text.as_bytes(), TypeChoice::Given(policy_type), Strictness::Strict);
    document.policy.unwrap_or_else(|| panic!("{text}: {:?}", document.findings))
}

fn examined(policies: &[(Policy, PolicyType)], reading: Reading) -> Batch {
    let lone = policies.iter().map(|(policy, policy_type)| Lone { policy, policy_type: *policy_type });
    let control = Control { stop: &AtomicBool::new(false), progress: &|_| {} };
    examine_all(&lone.collect::<Vec<_>>(), &BuiltIn(reading), Asking::default(), control)
}

fn classes(batch: &Batch, index: usize) -> &Classes {
    batch.examined[index]
        .as_ref()
        .expect("it was not interrupted")
        .as_ref()
        .expect("the model has words for it")
}

/// Statements, what they are written for, and the parts that cannot matter, each with its statement: by hand.
type Row = (&'static str, PolicyType, &'static [(usize, Part)]);

const ROWS: &[Row] = &[
    // Everything of a home folder matters.
    (
        r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::home",
            "Condition": {"StringLike": {"s3:prefix": "${aws:username}/*"}}},
           {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": "arn:aws:s3:::home/${aws:username}/*"}"#,
        PolicyType::Identity,
        &[],
    ),
    // A statement within another.
    (
        r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
           {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
        PolicyType::Identity,
        &[(1, Part::Statement)],
    ),
    // What is denied anyway.
    (
        r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "*"},
           {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
        PolicyType::Identity,
        &[(1, Part::Statement)],
    ),
    // Patterns within others.
    (
        r#"{"Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject", "s3:Put*"],
            "Resource": ["arn:aws:s3:::b/x*", "arn:aws:s3:::b/*", "arn:aws:s3:::c/*"]}"#,
        PolicyType::Identity,
        &[(0, Part::ActionPattern(1)), (0, Part::ResourcePattern(0))],
    ),
    (
        r#"{"Effect": "Deny", "NotAction": ["iam:*", "iam:Get*"], "Resource": "*"}"#,
        PolicyType::Identity,
        &[(0, Part::ActionPattern(1))],
    ),
    // A value within another, for a positive and a negated operator.
    (
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
            "Condition": {"StringLike": {"svc:color": ["re*", "red"]}}},
           {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*",
            "Condition": {"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8", "10.1.0.0/16"]}}}"#,
        PolicyType::Identity,
        &[(0, Part::Value { entry: 0, value: 1 }), (1, Part::Value { entry: 0, value: 1 })],
    ),
    // The narrower condition leaves nothing to the wider one.
    (
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
            "Condition": {"NumericLessThan": {"svc:count": "5"}, "NumericLessThanEquals": {"svc:count": "10"}}}"#,
        PolicyType::Identity,
        &[(0, Part::Condition(1))],
    ),
    // Conditions that no request fulfils together.
    (
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
            "Condition": {"StringEquals": {"svc:color": "red"}, "Null": {"svc:color": "true"}}}"#,
        PolicyType::Identity,
        &[(0, Part::Statement)],
    ),
    // An operation that needs no permission (STS-50).
    (
        r#"{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}"#,
        PolicyType::Identity,
        &[(0, Part::Statement)],
    ),
    // Other layers.
    (
        r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#,
        PolicyType::Scp,
        &[(1, Part::Statement)],
    ),
    (r#"{"Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "*"}"#, PolicyType::Boundary, &[]),
    // A Deny of an account denies its users; an Allow names a user in another way than his account.
    (
        r#"{"Effect": "Deny", "Principal": {"AWS": ["111111111111", "arn:aws:iam::111111111111:user/alice"]},
            "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
        PolicyType::Resource,
        &[(0, Part::Principal(1))],
    ),
    (
        r#"{"Effect": "Allow", "Principal": {"AWS": ["111111111111", "arn:aws:iam::111111111111:user/alice"]},
            "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
        PolicyType::Resource,
        &[],
    ),
];

#[test]
fn what_cannot_matter_is_named_and_nothing_else() {
    let policies: Vec<(Policy, PolicyType)> =
        ROWS.iter().map(|(text, policy_type, _)| (policy(text, *policy_type), *policy_type)).collect();
    let batch = examined(&policies, Reading::default());
    for (index, (text, _, expected)) in ROWS.iter().enumerate() {
        let classes = classes(&batch, index);
        let dead: Vec<(usize, Part)> =
            classes.dead.iter().map(|atom| (atom.place.statement, atom.part)).collect();
        assert_eq!(dead, *expected, "{text}");
        assert_eq!(classes.unknown, [], "{text}");
        assert_eq!(classes.defects, [], "{text}");
        assert_eq!(classes.differing, [], "{text}");
    }
}

#[test]
fn every_part_of_a_policy_is_counted_once() {
    // One statement: itself, its Action and its two patterns, its Resource, its condition and its two values.
    let text = r#"{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::b/*",
                   "Condition": {"StringEquals": {"svc:color": ["red", "blue"]}}}"#;
    let policies = [(policy(text, PolicyType::Identity), PolicyType::Identity)];
    let batch = examined(&policies, Reading::default());
    assert_eq!(classes(&batch, 0).covered, 8);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let policies: Vec<(Policy, PolicyType)> = ROWS
        .iter()
        .take(6)
        .map(|(text, policy_type, _)| (policy(text, *policy_type), *policy_type))
        .collect();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("there are threads");
        format!("{:?}", pool.install(|| examined(&policies, Reading::default())))
    };
    assert_eq!(with(1), with(3));
}

/// Mistakes about words that no generator has: a policy's own.
mod mistakes {
    use iamproof::crosscheck::classes::surroundings::around;
    use iamproof::crosscheck::replay::{Replayed, replay};
    use iamproof::evaluator::Evaluator;
    use iamproof::evaluator::fault::Fault;
    use iamproof::generators::requests::request;
    use proptest::strategy::{Strategy, ValueTree};
    use proptest::test_runner::TestRunner;

    use super::*;

    const TABLES: &str = "arn:aws:dynamodb:eu-west-1:444455556666:table";

    fn rows() -> Vec<(Fault, String)> {
        let statement = |effect: &str, action: &str, resource: &str, condition: &str| {
            format!(r#"{{"Effect": "{effect}", {action}, {resource}, "Condition": {{{condition}}}}}"#)
        };
        let query = r#""Action": "dynamodb:Query""#;
        let table = format!(r#""Resource": "{TABLES}/Orders""#);
        vec![
            (
                Fault::OnlyFirstAction,
                statement("Allow", r#""Action": ["dynamodb:Scan", "dynamodb:Query"]"#, &table, ""),
            ),
            (
                Fault::NotResourceAsResource,
                statement("Deny", query, &format!(r#""NotResource": "{TABLES}/Orders""#), ""),
            ),
            (
                Fault::WildcardStopsAtSlash,
                statement("Allow", query, &format!(r#""Resource": "{TABLES}/*/index/ByDate""#), ""),
            ),
            (
                Fault::NegatedOperatorNeedsItsKey,
                statement("Deny", query, &table, r#""StringNotEquals": {"dynamodb:Select": "COUNT"}"#),
            ),
            (
                Fault::IfExistsIgnored,
                statement("Allow", query, &table, r#""StringEqualsIfExists": {"dynamodb:Select": "COUNT"}"#),
            ),
            (
                Fault::KeysOfOneOperatorAreOred,
                statement(
                    "Allow",
                    query,
                    &table,
                    r#""StringEquals": {"dynamodb:Select": "COUNT", "dynamodb:ReturnValues": "NONE"}"#,
                ),
            ),
            (
                Fault::NegatedValuesAreOred,
                statement(
                    "Deny",
                    query,
                    &table,
                    r#""StringNotEquals": {"dynamodb:Select": ["COUNT", "ALL"]}"#,
                ),
            ),
            (
                Fault::ForAllValuesOfNothingIsFalse,
                statement(
                    "Allow",
                    query,
                    &table,
                    r#""ForAllValues:StringEquals": {"dynamodb:Attributes": "id"}"#,
                ),
            ),
            (
                Fault::NullInverted,
                statement("Allow", query, &table, r#""Null": {"dynamodb:LeadingKeys": "false"}"#),
            ),
            (
                Fault::Ipv6NeverMatches,
                statement("Allow", query, &table, r#""IpAddress": {"aws:SourceIp": "2001:db8:77::/48"}"#),
            ),
        ]
    }

    #[test]
    fn a_mistake_about_a_policys_own_words_is_caught_by_classes_and_not_by_chance() {
        let mut runner = TestRunner::deterministic();
        let requests: Vec<_> = (0..400)
            .map(|_| request().new_tree(&mut runner).expect("there are requests").current())
            .collect();
        for (fault, text) in rows() {
            let reading = Reading::with_fault(fault);
            let policies = [(policy(&text, PolicyType::Identity), PolicyType::Identity)];
            let batch = examined(&policies, reading);
            assert!(!classes(&batch, 0).differing.is_empty(), "{fault:?} goes unnoticed: {text}");
            let finding = batch.findings.first().unwrap_or_else(|| panic!("{fault:?} has no case"));
            let Replayed::Decisions(wrong) = replay(&finding.case("a test").question, reading) else {
                panic!("decisions")
            };
            assert!(!wrong[0].agree(), "{fault:?}: {finding:?}");

            let (layers, _) = around(&policies[0].0, PolicyType::Identity);
            let right = Evaluator::compile(&layers).expect("it compiles");
            let wrong = Evaluator::compile_with(&layers, reading).expect("it compiles");
            let by_chance = requests.iter().filter(|request| right.decide(request) != wrong.decide(request));
            assert_eq!(
                by_chance.count(),
                0,
                "{fault:?}: chance meets the policy too, so that nothing is shown"
            );
        }
    }
}
