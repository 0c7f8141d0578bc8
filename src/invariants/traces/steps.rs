//! The steps that proofs about traces are about: the model's own, unless a test puts a broken one in their place.
//!
//! Each proof takes them as a parameter, as those about policies take [`Rules`](crate::invariants::rules::Rules): a law whose proof would
//! go through with a broken step is no proof.

use crate::model::combination::Said;
use crate::model::entity::{self, Entity};
use crate::model::identity::Identity;
use crate::model::lifecycle::{self, Change, Outcome, Versions};
use crate::model::passing::{self, Pass};
use crate::model::sts::{self, Call, Issue, Place, SessionRecord, Tag, Terms};
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

    /// What a step leaves of a place for a session.
    fn leaves(
        &self,
        formulas: &mut Formulas,
        put: Formula,
        record: &SessionRecord,
        before: &Place,
        after: &Place,
    ) -> Formula {
        sts::leaves(formulas, put, record, before, after)
    }

    /// The external id that the context of a call shows, given the one that is passed.
    fn shown_external_id(&self, formulas: &mut Formulas, operation: sts::Operation, passed: Tag) -> Tag {
        sts::shown_external_id(formulas, operation, passed)
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

    /// The outcome of an operation on a user, group or role.
    fn change_entity(
        &self,
        formulas: &mut Formulas,
        before: &Entity,
        change: &entity::Change,
        after: &Entity,
    ) -> entity::Outcome {
        entity::change(formulas, before, change, after)
    }

    /// What the identity policies of a user say.
    fn identity_says(&self, formulas: &mut Formulas, own: Said, member: Formula, group: Said) -> Said {
        entity::identity_says(formulas, own, member, group)
    }

    /// What GetCallerIdentity tells a caller.
    fn is_told(&self, formulas: &mut Formulas, identity: &Identity) -> Formula {
        identity.is_told(formulas)
    }

    /// The outcome of a call that hands a role to a service.
    fn pass(&self, formulas: &mut Formulas, call: &Pass) -> passing::Outcome {
        passing::pass(formulas, call)
    }
}

/// The model's own steps.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnSteps;

impl Steps for OwnSteps {}
