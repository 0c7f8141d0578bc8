//! Comparisons that are wrong on purpose: the checks of this folder must be able to fail.

use iamproof::comparison::{Inclusion, Prepared, Proof, Verdict, Wanted, inclusion};
use iamproof::iam::policy::{Effect, Policy, PolicyType, Statement};
use iamproof::solver::Limits;

use super::{document, prepared};

/// A mistake that a comparison could make, as a change of a document before it is compared.
struct Mistake {
    name: &'static str,
    change: fn(&Policy) -> Policy,
    /// OLD and NEW of which the mistake gives another answer to "does OLD allow all that NEW does".
    caught_by: (&'static str, &'static str),
}

fn each(policy: &Policy, change: impl Fn(&Statement) -> Option<Statement>) -> Policy {
    let statements = policy.statements.iter().filter_map(change).collect();
    Policy { statements, ..policy.clone() }
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        name: "denies are passed over",
        change: |policy| each(policy, |found| (found.effect == Effect::Allow).then(|| found.clone())),
        caught_by: (
            r#"{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:Put*", "Resource": "*"}]}"#,
            r#"{"Statement": {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}}"#,
        ),
    },
    Mistake {
        name: "conditions are passed over",
        change: |policy| each(policy, |found| Some(Statement { condition: Vec::new(), ..found.clone() })),
        caught_by: (
            r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}}"#,
            r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#,
        ),
    },
    Mistake {
        name: "a key is taken to be always there",
        change: |policy| {
            each(policy, |found| {
                let condition = found
                    .condition
                    .iter()
                    .filter(|entry| entry.operator.to_string() != "Null")
                    .cloned()
                    .collect();
                Some(Statement { condition, ..found.clone() })
            })
        },
        caught_by: (
            r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"Null": {"ec2:Region": "false"}}}}"#,
            r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#,
        ),
    },
    Mistake {
        name: "only the first statement is looked at",
        change: |policy| {
            let statements = policy.statements.iter().take(1).cloned().collect();
            Policy { statements, ..policy.clone() }
        },
        caught_by: (
            r#"{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}"#,
            r#"{"Statement": {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"}}"#,
        ),
    },
];

fn holds(old: &Prepared, new: &Prepared) -> bool {
    match inclusion(new, old, Wanted::First, Limits::default()) {
        Inclusion::Proved(Proof::NoAllow | Proof::Containment | Proof::Solver) => true,
        Inclusion::Refuted(_) => false,
        Inclusion::Unknown(reason) => panic!("{reason}"),
    }
}

#[test]
fn a_comparison_that_overlooks_something_gives_another_answer() {
    for Mistake { name, change, caught_by: (old, new) } in MISTAKES {
        let (old, new) = (document(old), document(new));
        let broken = prepared(&change(old.policy()), PolicyType::Identity);
        assert_ne!(holds(&old, &new), holds(&broken, &new), "{name} is not noticed");
    }
}

#[test]
fn a_witness_of_a_broken_comparison_does_not_pass_for_one() {
    for Mistake { name, change, caught_by: (old, new) } in MISTAKES {
        let (old, new) = (document(old), document(new));
        let broken = prepared(&change(old.policy()), PolicyType::Identity);
        // What the broken document seems to allow beyond the true one, or the reverse, is refused by one of them.
        let answers = [
            inclusion(&broken, &old, Wanted::Smallest, Limits::default()),
            inclusion(&old, &broken, Wanted::Smallest, Limits::default()),
        ];
        let witness = answers.iter().find_map(Inclusion::witness).unwrap_or_else(|| panic!("{name}"));
        assert_ne!(old.allows(&witness.request), broken.allows(&witness.request), "{name}");
        assert_ne!(super::verdict(&old, &new), Verdict::Unknown);
    }
}
