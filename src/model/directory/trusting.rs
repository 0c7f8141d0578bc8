//! CreateTrust: who may have a trust with whom (DIR-8, DIR-11, DIR-15).

use super::kind::{Ability, Kinds};
use super::lines::{Ask, Lines, Outcome};
use crate::iam::directory::Refusal;
use crate::solver::formula::{Formula, Formulas};

/// What making one side of a trust depends on.
#[derive(Clone, Copy, Debug)]
pub struct Trusting {
    /// Of which kind the side is that gets the record.
    pub kinds: Kinds,
    /// The other side is there.
    pub other_exists: Formula,
    /// Of which kind the other side is.
    pub other: Kinds,
    /// A name of either side has a single label.
    pub single_label: Formula,
    /// Both sides are one.
    pub itself: Formula,
    /// The trust is of type Forest.
    pub forest: Formula,
    /// Both sides are roots of forests.
    pub roots: Formula,
    /// Both sides are of one forest.
    pub one_forest: Formula,
    /// The side has a record of the other one already.
    pub on_record: Formula,
}

/// What it comes to.
// Rules: DIR-8, DIR-11, DIR-12, DIR-15, DIR-21, DIR-35.
pub fn create_trust(formulas: &mut Formulas, facts: &Trusting) -> Outcome {
    let mut lines = Lines::new(formulas);
    let able = facts.kinds.can(lines.formulas, Ability::Trusts);
    let other_able = facts.other.can(lines.formulas, Ability::Trusts);
    let not_roots = lines.formulas.not(facts.roots);
    let below = lines.formulas.and([facts.forest, not_roots]);
    lines.demand(able, Refusal::NotSupported, "DIR-8");
    lines.demand(facts.other_exists, Refusal::DoesNotExist, "DIR-8");
    lines.demand(other_able, Refusal::NotSupported, "DIR-21");
    lines.refuse(facts.single_label, Refusal::InvalidParameter, "DIR-15");
    lines.refuse(facts.itself, Refusal::InvalidParameter, "DIR-8");
    lines.refuse(below, Refusal::InvalidParameter, "DIR-8");
    lines.refuse(facts.one_forest, Refusal::AlreadyExists, "DIR-12");
    lines.refuse(facts.on_record, Refusal::AlreadyExists, "DIR-11");
    lines.outcome()
}

/// What looking at a trust depends on.
#[derive(Clone, Copy, Debug)]
pub struct Verifying {
    /// Of which kind the side is that looks.
    pub kinds: Kinds,
    /// It has a record of the other side.
    pub on_record: Formula,
    /// It runs.
    pub active: Formula,
    /// The record has an outgoing direction.
    pub points_out: Formula,
    /// The other side has the exact complement on record.
    pub complement: Formula,
    /// The other side answers.
    pub reached: Formula,
}

/// What it comes to.
// Rules: DIR-8, DIR-14, DIR-19, DIR-23.
pub fn verify_trust(formulas: &mut Formulas, facts: &Verifying) -> Outcome {
    let mut lines = Lines::new(formulas);
    let able = facts.kinds.can(lines.formulas, Ability::Trusts);
    lines.demand(able, Refusal::NotSupported, "DIR-8");
    lines.demand(facts.on_record, Refusal::DoesNotExist, "DIR-14");
    // Where nothing is outgoing nobody is asked, and it does not matter whether the side that looks runs.
    let inactive = lines.formulas.not(facts.active);
    let inactive = lines.formulas.and([facts.points_out, inactive]);
    lines.refuse(inactive, Refusal::Unavailable, "DIR-23");
    lines.ask(facts.points_out, Ask::Trust, facts.reached, facts.complement);
    let lost = lines.formulas.not(facts.reached);
    let lost = lines.formulas.and([facts.points_out, lost]);
    lines.refuse(lost, Refusal::Unavailable, "DIR-19");
    lines.outcome()
}
