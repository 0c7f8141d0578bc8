//! Comparisons by a broken evaluator: the model, which is asked about every witness and proves what no witness refutes, does not let a wrong
//! verdict pass.

use iamproof::comparison::{Comparison, Prepared, Verdict, Wanted, compare};
use iamproof::evaluator::Reading;
use iamproof::evaluator::fault::Fault;
use iamproof::solver::Limits;

use super::document;

/// Pairs in which many mistakes of an evaluator would show.
const PAIRS: &[(&str, &str)] = &[
    (
        r#""Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger/*""#,
        r#""Action": "S3:getobject", "Resource": "arn:aws:s3:::ledger/*""#,
    ),
    (
        r#""Action": "s3:Get?bject", "Resource": "arn:aws:s3:::Ledger/*""#,
        r#""Action": ["iam:GetObject", "s3:GetObject"], "Resource": "arn:aws:s3:::ledger/*""#,
    ),
    (
        r#""NotAction": "s3:GetObject", "Resource": "*""#,
        r#""Action": "s3:GetObject", "NotResource": ["arn:aws:s3:::a", "arn:aws:s3:::b"]"#,
    ),
    (
        r#""Action": "s3:*", "Resource": "*", "Condition": {"StringNotEquals": {"ec2:Region": ["a", "b"]}}"#,
        r#""Action": "s3:*", "Resource": "*", "Condition": {"StringEqualsIfExists": {"ec2:Region": ["A", "b"]}}"#,
    ),
    (
        r#""Action": "s3:*", "Resource": "*", "Condition": {"NumericLessThan": {"s3:max-keys": "10"}}"#,
        r#""Action": "s3:*", "Resource": "*", "Condition": {"NumericLessThanEquals": {"s3:max-keys": "10.0"}}"#,
    ),
    (
        r#""Action": "s3:*", "Resource": "*", "Condition": {"ForAllValues:StringLike": {"aws:TagKeys": "a*"}}"#,
        r#""Action": "s3:*", "Resource": "*", "Condition": {"ForAnyValue:StringLike": {"aws:TagKeys": "a?"}}"#,
    ),
    (
        r#""Action": "s3:*", "Resource": "arn:aws:s3:::home/${aws:username}/*""#,
        r#""Action": "s3:*", "Resource": "arn:aws:s3:::home/*", "Condition": {"Null": {"aws:username": "false"}}"#,
    ),
    (
        r#""Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
        r#""Action": "s3:*", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/25"}, "ArnLike": {"aws:SourceArn": "arn:aws:*:*:*:*"}}"#,
    ),
    (
        r#""Action": "s3:*", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}"#,
        r#""Action": "s3:*", "Resource": "*", "Condition": {"DateLessThanEquals": {"aws:CurrentTime": "2030-01-01"}, "Bool": {"aws:SecureTransport": "true"}}"#,
    ),
];

/// The fewest mistakes that these pairs bring to light; every one of them is in the elements that they have.
const CAUGHT: usize = 12;

fn read_as(statement: &str, reading: Reading) -> Prepared {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", {statement}}}}}"#);
    let plain = document(&text);
    Prepared::read_as(plain.policy().clone(), plain.policy_type(), reading).unwrap()
}

fn compared_as((old, new): (&str, &str), reading: Reading) -> Comparison {
    compare(&read_as(old, reading), &read_as(new, reading), Wanted::Smallest, Limits::default())
}

#[test]
fn a_broken_evaluator_never_gets_a_wrong_verdict_past_the_model() {
    let mut caught = Vec::new();
    for &pair in PAIRS {
        let right = compared_as(pair, Reading::default()).verdict();
        assert_ne!(right, Verdict::Unknown, "{pair:?}");
        for &fault in Fault::ALL {
            let broken = compared_as(pair, Reading::with_fault(fault));
            match broken.defects().next() {
                Some(_) => caught.push(fault),
                None => assert_eq!(broken.verdict(), right, "{} is not noticed: {pair:?}", fault.name()),
            }
        }
    }
    caught.sort_unstable();
    caught.dedup();
    assert!(caught.len() >= CAUGHT, "only {caught:?} are noticed");
}
