//! Assigning a role to a user or group of a directory (DIR-25).
//!
//! The decisions about the caller come first and are made elsewhere; here they are facts.

use super::lines::{Lines, Outcome};
use super::lookup::{Finding, finding_lines};
use crate::iam::directory::Refusal;
use crate::solver::formula::{Formula, Formulas};

/// What an assignment depends on.
#[derive(Clone, Copy, Debug)]
pub struct Assigning {
    /// The caller may: PASS-3, `ds:EnableRoleAccess` on the directory, and `iam:PassRole` on the role.
    pub permitted: Formula,
    /// How the directory finds the subject, be it what it may.
    pub finding: Finding,
    /// The subject is a computer.
    pub computer: Formula,
    /// The role is there.
    pub role_exists: Formula,
    /// The role is linked to a service.
    pub service_linked: Formula,
    /// The role lets `ds.amazonaws.com` assume it: a decision.
    pub trusting: Formula,
    /// The subject has the role already.
    pub assigned: Formula,
}

/// What an assignment comes to.
// Rules: DIR-25, PASS-1, PASS-3, PASS-6.
pub fn assigning(formulas: &mut Formulas, facts: &Assigning) -> Outcome {
    let mut lines = Lines::new(formulas);
    lines.demand(facts.permitted, Refusal::AccessDenied, "DIR-25");
    finding_lines(&mut lines, &facts.finding);
    lines.refuse(facts.computer, Refusal::InvalidParameter, "DIR-25");
    lines.demand(facts.role_exists, Refusal::DoesNotExist, "DIR-25");
    lines.refuse(facts.service_linked, Refusal::InvalidParameter, "DIR-25");
    lines.demand(facts.trusting, Refusal::AccessDenied, "PASS-6");
    lines.refuse(facts.assigned, Refusal::AlreadyExists, "DIR-25");
    lines.outcome()
}
