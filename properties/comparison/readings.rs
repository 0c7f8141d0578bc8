//! Comparisons under other readings of open points: what the documents allow, and with it the verdict, is another.

use iamproof::comparison::{Comparison, Prepared, Verdict, Wanted, compare, rests_on};
use iamproof::iam::assumption::{Assumptions, OpenPoint};
use iamproof::solver::Limits;

use super::document;

/// Two statements of Allow, a reading of section 15, the verdict by the decisions, and the verdict under the reading. Each verdict is
/// that of the texts of both.
const ROWS: &[(&str, &str, &str, Verdict, Verdict)] = &[
    // COND-10: a list is false under the one and true under the other; with D-39=any both mean the same.
    (
        r#""Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:TagKeys": "a"}}"#,
        r#""Action": "s3:*", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}"#,
        "D-39=any",
        Verdict::Wider,
        Verdict::Equivalent,
    ),
    // RES-1: a star within a segment spells colons, too, or none; and then the first matches no ARN.
    (
        r#""Action": "s3:*", "Resource": "arn:aws:s3*a""#,
        r#""Action": "s3:*", "Resource": "arn:aws:s3:::a""#,
        "D-22=segments",
        Verdict::Narrower,
        Verdict::Wider,
    ),
    // RES-3: a pattern with fewer than six fields is one like any other, or matches nothing.
    (
        r#""Action": "s3:*", "Resource": "arn:aws:s3:::a*""#,
        r#""Action": "s3:*", "Resource": ["arn:aws:s3:::a*", "arn:aws:s3*"]"#,
        "D-23=never",
        Verdict::Wider,
        Verdict::Equivalent,
    ),
    // COND-11: of a missing key ForAnyValue with IfExists is true, or false and then it says nothing more than without.
    (
        r#""Action": "s3:*", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}"#,
        r#""Action": "s3:*", "Resource": "*", "Condition": {"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "a"}}"#,
        "D-40=false",
        Verdict::Wider,
        Verdict::Equivalent,
    ),
    // VAR-8: a member whose variable has no value matches nothing, or voids the list.
    (
        r#""Action": "s3:*", "Resource": "arn:aws:s3:::all/*""#,
        r#""Action": "s3:*", "Resource": ["arn:aws:s3:::all/*", "arn:aws:s3:::all/${aws:PrincipalTag/team}/*"]"#,
        "D-31=void",
        Verdict::Equivalent,
        Verdict::Narrower,
    ),
];

fn assumed(statement: &str, assumptions: Assumptions) -> Prepared {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", {statement}}}}}"#);
    let plain = document(&text);
    Prepared::assuming(plain.policy().clone(), plain.policy_type(), assumptions).unwrap()
}

fn compared((old, new): (&str, &str), assumptions: Assumptions) -> Comparison {
    let (old, new) = (assumed(old, assumptions), assumed(new, assumptions));
    compare(&old, &new, Wanted::Smallest, Limits::default())
}

#[test]
fn documents_are_compared_as_they_are_read() {
    for &(old, new, reading, decided, otherwise) in ROWS {
        let reading: Assumptions = reading.parse().unwrap();
        let by_decision = compared((old, new), Assumptions::default());
        assert_eq!(by_decision.verdict(), decided, "{old} {new} {by_decision:?}");
        let under_it = compared((old, new), reading);
        assert_eq!(under_it.verdict(), otherwise, "{old} {new} under {reading}: {under_it:?}");
    }
}

#[test]
fn a_proof_rests_on_the_points_that_let_it_fall() {
    // The first allows nothing that the second does not, and that rests on these points.
    let rows: &[(&str, &str, &[OpenPoint])] = &[
        (
            r#""Action": "s3:Get*", "Resource": "arn:aws:s3:::a/*""#,
            r#""Action": "s3:*", "Resource": "arn:aws:s3:::a/*""#,
            &[],
        ),
        // RES-1: the outer star has to spell colons.
        (
            r#""Action": "s3:*", "Resource": "arn:aws:s3:::a""#,
            r#""Action": "s3:*", "Resource": "arn:aws:s3*a""#,
            &[OpenPoint::ResourceWildcards, OpenPoint::ShortResource],
        ),
        // VAR-6: the value of the variable has to be a folder of that name, and not a pattern.
        (
            r#""Action": "s3:*", "Resource": "arn:aws:s3:::a/${aws:username}/b""#,
            r#""Action": "s3:*", "Resource": "arn:aws:s3:::a/*/b""#,
            &[],
        ),
        // COND-11: of a missing key ForAnyValue with IfExists is true.
        (
            r#""Action": "s3:*", "Resource": "*", "Condition": {"Null": {"aws:TagKeys": "true"}}"#,
            r#""Action": "s3:*", "Resource": "*", "Condition": {"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "a"}}"#,
            &[OpenPoint::ForAnyValueIfExists],
        ),
    ];
    for &(inner, outer, points) in rows {
        let [inner, outer] = [inner, outer].map(|statement| assumed(statement, Assumptions::default()));
        let found = rests_on(&[(&inner, &outer)], Limits::default());
        let found = found.unwrap_or_else(|reason| panic!("{:?}: {reason}", outer.policy()));
        assert_eq!(found.points, points, "{:?}: {:?}", outer.policy(), found.falls);
        for fall in &found.falls {
            let read = |document: &Prepared| {
                let policy = document.policy().clone();
                Prepared::assuming(policy, document.policy_type(), fall.assumptions).unwrap()
            };
            let request = &fall.witness.request;
            assert!(read(&inner).allows(request) && !read(&outer).allows(request), "{:?}", fall.assumptions);
            assert!(!inner.allows(request) || outer.allows(request), "{request:?}");
        }
    }
}
