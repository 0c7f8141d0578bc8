//! On which open points laws rest: the points are those of the rules' own text, and what shows it is replayed.

use iamproof::evaluator::{Evaluator, Reading};
use iamproof::iam::assumption::{Assumptions, OpenPoint};
use iamproof::invariants::given::Given;
use iamproof::invariants::known::Counterexample;
use iamproof::invariants::rests_on::of_law;
use iamproof::invariants::{Options, for_all_policies};

use super::{by_the_rules, given, law};

/// One statement of Allow with this condition, on these resources.
fn allowing(resource: &str, condition: &str) -> Given {
    given(&format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", {resource}, "Condition": {{{condition}}}}}}}"#
    ))
}

fn material() -> Vec<Given> {
    vec![
        allowing(r#""Resource": "*""#, r#""NumericEquals": {"aws:PrincipalTag/level": "10"}"#),
        allowing(r#""Resource": "*""#, r#""ForAnyValue:ArnNotLike": {"aws:TagKeys": "arn:aws:s3:::a"}"#),
        allowing(
            r#""NotResource": ["arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::b"]"#,
            r#""Bool": {"aws:SecureTransport": "true"}"#,
        ),
        allowing(
            r#""Resource": "*""#,
            r#""StringLike": {"s3:prefix": ["home/${aws:username}", "${aws:PrincipalAccount}"]}"#,
        ),
    ]
}

/// A law, and the points on which it rests: each is named by the rule that makes the law what it is.
const ROWS: &[(&str, &[OpenPoint])] = &[
    ("INV-1", &[]),
    ("INV-4", &[]),
    // EVAL-7: several session policies are a union, so cutting one, or copying from one to another, adds nothing.
    ("INV-5", &[OpenPoint::SeveralSessionPolicies]),
    ("INV-6", &[OpenPoint::SeveralSessionPolicies]),
    ("INV-7", &[]),
    ("INV-9", &[]),
    // VAR-8: a member without value matches nothing, and the others count.
    ("INV-18", &[OpenPoint::UnresolvedMember]),
    // COND-21: a value of the wrong type matches nothing, so that negation is true of it.
    ("INV-19", &[OpenPoint::WrongType]),
    ("INV-20", &[OpenPoint::WrongType]),
    // COND-10, COND-11 and COND-21 turn an entry with and without IfExists, with fewer and with more values, alike.
    ("INV-21", &[]),
    ("INV-23", &[]),
    // VAR-6: the value of a variable is plain text in a pattern too. An ARN that is taken for a pattern is one as a whole.
    ("INV-24", &[OpenPoint::SubstitutedText]),
    ("INV-25", &[]),
    ("INV-31", &[]),
    // EVAL-14: without session policy a federated session has nothing of its user's.
    ("INV-33", &[OpenPoint::FederatedDefault]),
    ("INV-44", &[OpenPoint::FederatedDefault]),
    ("INV-48", &[]),
    ("INV-83", &[]),
];

#[test]
fn laws_rest_on_the_points_that_their_rules_decide() {
    for &(id, points) in ROWS {
        let law = law(id);
        let options = Options { laws: vec![law], readings: by_the_rules(), given: material(), samples: None };
        let found = of_law(&law, &options).unwrap_or_else(|reason| panic!("{id}: {reason}"));
        assert_eq!(found.points, points, "{id}: {found:#?}");
        assert_eq!(found.falls.is_empty(), points.is_empty(), "{id}");
        for fall in &found.falls {
            assert!(points.iter().any(|point| fall.assumptions.reading_of(*point).is_some()), "{id}");
            let Counterexample::Request(witness) = &fall.witness else {
                panic!("{id} falls by flags alone: {fall:#?}")
            };
            let decisions = |assumptions: Assumptions| -> Vec<String> {
                let decide = |(layers, _): &(_, &str)| {
                    let evaluator = Evaluator::compile_with(layers, Reading::assuming(assumptions)).unwrap();
                    evaluator.decide(&witness.request).decision().to_string()
                };
                // Sides behind the first two say where the law speaks.
                witness.sides.iter().take(2).map(decide).collect()
            };
            let (said, decided) = (decisions(fall.assumptions), decisions(Assumptions::default()));
            assert_eq!(
                said.first().map(String::as_str),
                witness.sides.first().map(|(_, said)| *said),
                "{id}"
            );
            assert_ne!(decided, said, "{id} falls by the decisions as well");
        }
    }
}

#[test]
fn proofs_over_flags_vary_the_readings_themselves() {
    for (id, points) in [
        ("INV-17", &[][..]),
        ("INV-18", &[OpenPoint::UnresolvedMember]),
        ("INV-19", &[OpenPoint::WrongType]),
        ("INV-20", &[OpenPoint::WrongType]),
        ("INV-21", &[]),
        ("INV-22", &[]),
        ("INV-23", &[]),
    ] {
        let law = law(id);
        let options = Options { laws: vec![law], readings: by_the_rules(), given: Vec::new(), samples: None };
        let found = of_law(&law, &options).unwrap_or_else(|reason| panic!("{id}: {reason}"));
        assert_eq!(found.points, points, "{id}: {found:#?}");
    }
}

#[test]
fn a_law_that_rests_on_nothing_is_proved_under_readings_that_are_assumed() {
    for reading in [
        "D-54=intersection",
        "D-55=allow",
        "D-103=named",
        "D-54=intersection,D-55=allow",
        "D-31=void",
        "D-41=false",
        "D-41=error",
        "D-39=any,D-40=false",
        "D-39=first",
        "D-39=dual,D-41=error",
    ] {
        let readings = iamproof::invariants::Readings::assuming(
            by_the_rules().rules,
            reading.parse().unwrap(),
            by_the_rules().limits,
        );
        for &(id, points) in ROWS.iter().filter(|(id, _)| for_all_policies(id, readings).is_some()) {
            let way = for_all_policies(id, readings).unwrap();
            let turned = points.iter().any(|point| readings.assumptions.reading_of(*point).is_some());
            assert_eq!(way.verdict.name() == "refuted", turned, "{id} under {reading}: {way:?}");
        }
    }
}
