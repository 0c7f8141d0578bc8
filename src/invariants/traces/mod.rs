//! Laws about traces of operations: sessions, managed policies, and users, groups and roles, proved for every trace by induction.
//!
//! What is proved is proved of the transition relation ([`crate::model::sts`], [`crate::model::lifecycle`],
//! [`crate::model::entity`]), with everything else free: the
//! policies, the callers, the parameters, the clock, the world. So it holds for every well-formed world and every number of operations.

pub mod drawn;
pub mod steps;
pub mod tempting;

mod chains;
mod entities;
mod on_steps;
mod policies;
mod reached;
mod scenario;
mod sessions;

use super::catalog::{Expected, Kind, Law};
use super::given::counted;
use super::known::{Scope, Way};
use super::obligation::Proof;
use crate::iam::assumption::Assumptions;
use crate::solver::Limits;
use steps::Steps;

const fn trace(id: &'static str, statement: &'static str) -> Law {
    Law { id, statement, kind: Kind::Trace, expected: Expected::Proved }
}

/// The laws of sections 9.5 to 9.7 that are proved for every trace.
pub const LAWS_OF_TRACES: &[Law] = &[
    trace("INV-54", "Under the profile strict every session lasts 15 minutes to one hour."),
    trace(
        "INV-55",
        "Under the profile aws role sessions last no longer than their role's maximum, sessions of tokens 36 hours, of root one.",
    ),
    trace("INV-56", "A session issued to a role session lasts an hour at most, in both profiles."),
    trace("INV-57", "From its end on a session is refused everything, and nothing moves the end."),
    trace("INV-58", "The record of a session never changes."),
    trace("INV-59", "No federated session issues another session."),
    trace(
        "INV-60",
        "The k-th session of a chain ends at most k - 1 hours after the first; without a cycle of roles chains have a longest.",
    ),
    trace(
        "INV-61",
        "GetSessionToken and GetFederationToken need long-term credentials of a user or of root.",
    ),
    trace("INV-64", "Whoever assumed a role had a grant of its trust policy, and no Deny."),
    trace(
        "INV-65",
        "A chain of sessions holds only roles that its first caller reaches by calls that are allowed.",
    ),
    trace(
        "INV-67",
        "A role whose trust policy asks for MFA everywhere is assumed with MFA only, by no role session.",
    ),
    trace("INV-69", "Once there is a source identity, every later session of the chain has it."),
    trace("INV-70", "Once a tag is transitive, every later session of the chain has it, with its value."),
    trace(
        "INV-71",
        "A role that asks all strangers for an external id is assumed by strangers with that id only.",
    ),
    trace("INV-73", "A role that trusts services only is assumed by nobody else."),
    trace("INV-76", "Two callers that are told the same UserId are the same one."),
    trace("INV-79", "A service gets sessions of a role only while the trust policy allows it."),
    trace("INV-80", "Who passes a role, the role and what receives it are of one account."),
    trace("INV-82", "A managed policy has one to five versions, one of them the default."),
    trace("INV-83", "When a version is the default again, all decisions are what they were."),
    trace("INV-84", "Version numbers rise, and none is used twice."),
    trace("INV-85", "Versions that are not the default do not matter."),
    trace("INV-86", "No policy is deleted that is attached or used as a boundary."),
    trace("INV-87", "No operation of a customer changes a policy of AWS."),
    trace(
        "INV-88",
        "An inline policy is there while its holder is: from when it was put until it is deleted.",
    ),
    trace(
        "INV-89",
        "Leaving a group takes from the user what the group's policies say, and from nobody else.",
    ),
    trace("INV-90", "Attaching and then detaching a policy changes nothing."),
];

/// The proof for every trace, where a law has one.
pub fn proof(id: &str, steps: &dyn Steps) -> Option<Proof> {
    sessions::proof(id, steps)
        .or_else(|| chains::proof(id, steps))
        .or_else(|| policies::proof(id, steps))
        .or_else(|| entities::proof(id, steps))
}

/// What the proof for every trace says of a law.
pub fn for_all_traces(id: &str, steps: &dyn Steps, assumptions: Assumptions, limits: Limits) -> Option<Way> {
    let proof = proof(id, steps)?;
    let done = format!(
        "{} over free worlds, calls and clocks; {}",
        counted(proof.obligations.len(), "query").replace("querys", "queries"),
        proof.argument
    );
    Some(Way { scope: Scope::AllTraces, verdict: proof.discharged(assumptions, limits), done })
}
