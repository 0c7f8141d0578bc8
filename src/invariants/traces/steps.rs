//! The steps that proofs about traces are about: the model's own, unless a test puts a broken one in their place.
//!
//! Each proof takes them as a parameter, as those about policies take [`Rules`](crate::invariants::rules::Rules): a law whose proof would
//! go through with a broken step is no proof.

use crate::model::lifecycle::{self, Change, Outcome, Versions};
use crate::model::sts::{self, Call, Issue, SessionRecord, Terms};
use crate::solver::formula::{Formula, Formulas, IntegerVariable};

/// The steps of a trace. Every method does what the model does; a broken one overrides it.
pub trait Steps: Sync {
    /// Whether a session is valid at an instant.
    fn is_valid_at(&self, formulas: &mut Formulas, session: &SessionRecord, now: IntegerVariable) -> Formula {
        session.is_valid_at(formulas, now)
    }

    /// What the outcome of a call is made of.
    fn terms(&self, formulas: &mut Formulas, call: &Call) -> Terms {
        Terms::of(formulas, call)
    }

    /// The outcome of a call that issues a session.
    fn issue(&self, formulas: &mut Formulas, call: &Call, terms: &Terms, record: &SessionRecord) -> Issue {
        sts::issue(formulas, call, terms, record)
    }

    /// Whether the context of a call shows MFA.
    fn shows_mfa(&self, formulas: &mut Formulas, call: &Call) -> Formula {
        sts::shows_mfa(formulas, call)
    }

    /// The outcome of an operation on a managed policy.
    fn change(
        &self,
        formulas: &mut Formulas,
        before: &Versions,
        change: &Change,
        after: &Versions,
    ) -> Outcome {
        lifecycle::change(formulas, before, change, after)
    }
}

/// The model's own steps.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnSteps;

impl Steps for OwnSteps {}
