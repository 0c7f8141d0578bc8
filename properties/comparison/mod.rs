//! Comparisons of documents: known verdicts, pairs with a known relation, and witnesses that both readings decide as claimed.

mod broken;
mod command_line;
mod known;
mod readings;
mod related;

use iamproof::comparison::{Comparison, Inclusion, Prepared, Staged, Verdict, Wanted, compare, stage};
use iamproof::corpus::{Asked, Question};
use iamproof::crosscheck::replay::{Replayed, replay};
use iamproof::evaluator::Reading;
use iamproof::iam::assumption::Assumptions;
use iamproof::iam::decision::Decision;
use iamproof::iam::document::{Strictness, TypeChoice, read};
use iamproof::iam::layers::Layers;
use iamproof::iam::policy::{Policy, PolicyType};
use iamproof::solver::Limits;

/// A document of a text, its type guessed.
fn document(text: &str) -> Prepared {
    let document = read(text.as_bytes(), TypeChoice::Guessed, Strictness::Lenient);
    let findings: Vec<String> = document.errors().map(ToString::to_string).collect();
    let policy = document.policy.unwrap_or_else(|| panic!("{text}: {findings:?}"));
    Prepared::new(policy, document.policy_type).unwrap()
}

fn prepared(policy: &Policy, policy_type: PolicyType) -> Prepared {
    Prepared::new(policy.clone(), policy_type).unwrap()
}

/// Compares two documents, and holds every witness to both readings.
fn compared(old: &Prepared, new: &Prepared) -> Comparison {
    let comparison = compare(old, new, Wanted::Smallest, Limits::default());
    is_shown(&comparison.gained, new, old);
    is_shown(&comparison.lost, old, new);
    // Whoever wants the first witness gets the same verdict.
    let hasty = compare(old, new, Wanted::First, Limits::default());
    assert_eq!(hasty.verdict(), comparison.verdict());
    comparison
}

/// A witness counts if both readings decide its case as the comparison says, with the one document and with the other.
fn is_shown(inclusion: &Inclusion, allowing: &Prepared, refusing: &Prepared) -> Option<Staged> {
    let witness = inclusion.witness()?;
    assert!(allowing.allows(&witness.request) && !refusing.allows(&witness.request));
    let staged = stage(allowing, refusing, &witness.request).unwrap();
    if staged.is_shown() {
        assert_eq!(decisions(&staged.allowing, &staged), [Decision::Allow; 2]);
        assert!(!decisions(&staged.refusing, &staged).contains(&Decision::Allow));
    }
    Some(staged)
}

/// The evaluator's decision and the model's.
fn decisions(layers: &Layers, staged: &Staged) -> [Decision; 2] {
    let asked = Asked { request: staged.request.clone(), expected: Decision::Allow, reason: None };
    let question = Question::Decisions {
        layers: Box::new(layers.clone()),
        assumptions: Assumptions::default(),
        asked: vec![asked],
    };
    let Replayed::Decisions(answers) = replay(&question, Reading::default()) else {
        panic!("a case of decisions has decisions");
    };
    let answers = answers.into_iter().next().unwrap();
    [answers.evaluator.unwrap().decision(), answers.model.unwrap().decision()]
}

fn verdict(old: &Prepared, new: &Prepared) -> Verdict {
    compared(old, new).verdict()
}
