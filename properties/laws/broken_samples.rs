//! For each law the samples meet a counterexample when the evaluator makes a mistake that the law forbids.

use std::sync::atomic::{AtomicUsize, Ordering};

use iamproof::evaluator::Reading;
use iamproof::evaluator::fault::Fault;
use iamproof::iam::policy::{Effect, Policy, Statement};
use iamproof::invariants::Readings;
use iamproof::invariants::catalog::LAWS_OF_SETS;
use iamproof::invariants::known::{Counterexample, Found, Verdict};
use iamproof::invariants::rules::{OwnRules, Rules};
use iamproof::invariants::sampled::{Asking, Samples, sample};

use super::broken_texts::{BareActionsAreBeginnings, NoQuestionMarkIn2008, SidsName};
use super::law;

/// Enough for every mistake below; a law that is broken is usually caught within a few.
const SAMPLES: Samples = Samples { sets: 3_000, requests: 8, seed: 0, asking: Asking::Evaluator };

/// A statement is lost every third time that a document is taken.
struct ForgetsNowAndThen(AtomicUsize);

impl Rules for ForgetsNowAndThen {
    fn taken(&self, policy: &Policy) -> Policy {
        let mut policy = policy.clone();
        if self.0.fetch_add(1, Ordering::Relaxed).is_multiple_of(3) {
            policy.statements.pop();
        }
        policy
    }
}

/// Only the first statement of a document counts.
struct OnlyTheFirstStatement;

impl Rules for OnlyTheFirstStatement {
    fn taken(&self, policy: &Policy) -> Policy {
        Policy { statements: policy.statements.iter().take(1).cloned().collect(), ..policy.clone() }
    }
}

/// Of the statements of this effect in a document only the last counts.
struct OnlyTheLast(Effect);

impl Rules for OnlyTheLast {
    fn taken(&self, policy: &Policy) -> Policy {
        let last = policy.statements.iter().rposition(|statement| statement.effect == self.0);
        let kept = policy
            .statements
            .iter()
            .enumerate()
            .filter(|(position, statement)| statement.effect != self.0 || Some(*position) == last);
        Policy { statements: kept.map(|(_, statement)| statement.clone()).collect(), ..policy.clone() }
    }
}

/// Statements that stand twice cancel.
struct CopiesCancel;

impl Rules for CopiesCancel {
    fn taken(&self, policy: &Policy) -> Policy {
        let copies =
            |statement: &Statement| policy.statements.iter().filter(|other| *other == statement).count();
        let kept = policy.statements.iter().filter(|statement| copies(statement) % 2 == 1);
        Policy { statements: kept.cloned().collect(), ..policy.clone() }
    }
}

/// A mistake: one of the evaluator's own, or policies taken for others.
enum Mistake {
    Fault(Fault),
    Rules(&'static (dyn Rules + Send)),
}

fn meets_a_counterexample(id: &str, mistake: &Mistake) {
    let (evaluator, rules): (Reading, &dyn Rules) = match mistake {
        Mistake::Fault(fault) => (Reading::with_fault(*fault), &OwnRules),
        Mistake::Rules(rules) => (Reading::default(), *rules),
    };
    let readings = Readings { evaluator, ..super::with_rules(rules) };
    let way = sample(&law(id), readings, SAMPLES).expect("the law can be tried on samples");
    match way.verdict {
        Verdict::Refuted(Counterexample::Request(witness)) => {
            assert_eq!(witness.found, Found::ByTheEvaluator, "{id}");
        }
        verdict @ (Verdict::Proved
        | Verdict::Sampled
        | Verdict::Refuted(_)
        | Verdict::Vacuous
        | Verdict::Unknown(_)) => {
            let name = match mistake {
                Mistake::Fault(fault) => fault.name(),
                Mistake::Rules(_) => "a broken reading",
            };
            panic!("{id} came out as {verdict:?} with {name}: {}", way.done)
        }
    }
}

#[test]
fn every_law_notices_a_mistake_in_the_evaluator() {
    use Mistake::{Fault, Rules};
    use iamproof::evaluator::fault::Fault as F;
    static FORGETFUL: ForgetsNowAndThen = ForgetsNowAndThen(AtomicUsize::new(0));
    let mistakes: [(&str, Mistake); 33] = [
        ("INV-1", Fault(F::AllowBeforeDeny)),
        ("INV-1", Fault(F::DenyWithinItsDocument)),
        ("INV-2", Fault(F::ScpGrants)),
        ("INV-3", Rules(&FORGETFUL)),
        ("INV-4", Rules(&OnlyTheFirstStatement)),
        ("INV-5", Fault(F::DenyWithinItsDocument)),
        ("INV-6", Rules(&CopiesCancel)),
        ("INV-7", Rules(&OnlyTheLast(Effect::Allow))),
        ("INV-8", Rules(&OnlyTheLast(Effect::Deny))),
        ("INV-9", Fault(F::DenyWithinItsDocument)),
        ("INV-10", Rules(&OnlyTheLast(Effect::Deny))),
        ("INV-11", Rules(&OnlyTheLast(Effect::Allow))),
        ("INV-12", Rules(&SidsName)),
        ("INV-13", Rules(&BareActionsAreBeginnings)),
        ("INV-14", Fault(F::ActionCaseSensitive)),
        ("INV-15", Fault(F::ActionCaseSensitive)),
        ("INV-16", Fault(F::KeyNamesCaseSensitive)),
        ("INV-17", Fault(F::NotActionAsAction)),
        ("INV-18", Fault(F::NotResourceAsOrOfNots)),
        ("INV-18", Fault(F::UnresolvedMemberVoidsList)),
        ("INV-19", Fault(F::NegatedOperatorNeedsItsKey)),
        ("INV-19", Fault(F::WrongTypeNegatedIsFalse)),
        ("INV-20", Fault(F::ForAnyValueNegatesTheWhole)),
        ("INV-20", Fault(F::ForAllValuesOfNothingIsFalse)),
        ("INV-21", Fault(F::IfExistsTrueWhenPresent)),
        ("INV-22", Fault(F::KeysOfOneOperatorAreOred)),
        ("INV-23", Fault(F::NegatedValuesAreOred)),
        ("INV-24", Fault(F::StringLikeIgnoresCase)),
        ("INV-25", Fault(F::ShortArnMatches)),
        ("INV-25", Fault(F::ArnIgnoresCase)),
        ("INV-26", Fault(F::SubstitutedWildcards)),
        ("INV-27", Rules(&NoQuestionMarkIn2008)),
        ("INV-28", Fault(F::IfExistsIgnored)),
    ];
    let tried: Vec<&str> = mistakes.iter().map(|(id, _)| *id).collect();
    for law in LAWS_OF_SETS {
        assert!(tried.contains(&law.id), "no mistake is planted against {}", law.id);
    }
    for (id, mistake) in &mistakes {
        meets_a_counterexample(id, mistake);
    }
}
