//! Whether the worlds of the interpreter show what was looked for: said anew, without a word of the model.

use super::Replayed;
use crate::iam::operation::{Credentials, Operation, Step};
use crate::iam::world::{Mfa, Session, SessionKind, World};
use crate::model::bounded::{Goal, Which};

/// Whether the trace reaches the goal.
pub fn is_shown(goal: &Goal, replayed: &Replayed) -> bool {
    let Some((last, world)) = replayed.steps.last().zip(replayed.worlds.last()) else { return false };
    let Some(issued) = issued(&last.step, world) else {
        // A request: that it is allowed was seen when it was made.
        return match goal {
            Goal::Does { request } => last.step.operation == Operation::Request(request.clone()),
            Goal::Lasts { .. } | Goal::Holds { .. } | Goal::Outlives | Goal::Renews | Goal::LosesMfa => false,
        };
    };
    match goal {
        Goal::Does { .. } => false,
        Goal::Lasts { longer_than, which } => {
            let chained = match which {
                Which::Any => true,
                Which::Roles => role(issued).is_some(),
                Which::Chained => parent(&last.step, world).is_some_and(|parent| role(parent).is_some()),
            };
            chained && seconds(issued) > *longer_than
        }
        Goal::Holds { role: wanted } => {
            let held = role(issued).and_then(|(id, _)| world.role_by_id(id));
            held.is_some_and(|held| held.arn() == *wanted)
        }
        Goal::Outlives => parent(&last.step, world).is_some_and(|parent| issued.expires > parent.expires),
        Goal::Renews => {
            let chain = ancestors(replayed, world);
            chain.iter().any(|earlier| {
                role(earlier).is_some() && role(earlier) == role(issued) && earlier.expires < issued.expires
            })
        }
        Goal::LosesMfa => match issued.mfa {
            Mfa::Since(_) => false,
            Mfa::Absent | Mfa::Unknown => {
                last.step.operation.mfa_code().is_some_and(|mfa| mfa.token_code.is_some())
            }
        },
    }
}

fn seconds(session: &Session) -> i64 {
    session.expires.epoch_seconds() - session.issued.epoch_seconds()
}

/// The unique id of the role, and the session name.
fn role(session: &Session) -> Option<(&str, &str)> {
    match &session.kind {
        SessionKind::Role { role, session_name, .. } => Some((role, session_name)),
        SessionKind::User { .. } | SessionKind::Root | SessionKind::Federated { .. } => None,
    }
}

/// The session that a step issued.
fn issued<'w>(step: &Step, world: &'w World) -> Option<&'w Session> {
    world.sessions.get(step.name.as_ref()?)
}

/// The session with which a step was signed.
fn parent<'w>(step: &Step, world: &'w World) -> Option<&'w Session> {
    match &step.credentials {
        Credentials::Session(name) => world.sessions.get(name),
        Credentials::User { .. }
        | Credentials::Root { .. }
        | Credentials::Foreign(_)
        | Credentials::Service(_)
        | Credentials::None => None,
    }
}

/// The sessions that the last one was asked for with, one by another.
fn ancestors<'w>(replayed: &Replayed, world: &'w World) -> Vec<&'w Session> {
    let mut found = Vec::new();
    let mut step = replayed.steps.last().map(|last| &last.step);
    while let Some(Step { credentials: Credentials::Session(name), .. }) = step {
        found.extend(world.sessions.get(name));
        let before = replayed.steps.iter().map(|step| &step.step);
        step = before.into_iter().find(|step| step.name.as_ref() == Some(name));
        if found.len() > replayed.steps.len() {
            break;
        }
    }
    found
}
