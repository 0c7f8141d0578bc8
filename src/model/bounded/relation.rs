//! The relation between two states of a trace: the model's own, unless a test puts a broken one in its place.

use crate::model::sts::{self, Call, Issue, SessionRecord, Terms};
use crate::solver::formula::Formulas;

/// How calls issue sessions. Every method does what the model does; a broken one overrides it.
pub trait Relation: Sync {
    /// What the outcome of a call is made of.
    fn terms(&self, formulas: &mut Formulas, call: &Call) -> Terms {
        Terms::of(formulas, call)
    }

    /// The outcome of a call that issues a session.
    fn issue(&self, formulas: &mut Formulas, call: &Call, terms: &Terms, record: &SessionRecord) -> Issue {
        sts::issue(formulas, call, terms, record)
    }
}

/// The model's own relation.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnRelation;

impl Relation for OwnRelation {}
