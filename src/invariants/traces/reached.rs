//! Whom a principal comes to be in a trace, against whom the search of [`crate::reach`] says that it can (INV-81).
//!
//! A trace is taken at one instant, by one user and whoever it came to be, and without calls that change policies: what is left of it are calls of
//! STS, roles handed to functions, and functions that take them up. Whatever role the first user comes to hold so, by itself or through its functions, the search has to name, unless
//! it says itself of what it is in doubt.

use std::collections::BTreeSet;

use super::drawn::Taker;
use crate::evaluator::Interpreter;
use crate::generators::traces::Trace;
use crate::iam::context::Context;
use crate::iam::operation::{Credentials, Event, Operation, ServiceRequest, Step, StsOperation};
use crate::iam::outcome::{Answer, Outcome};
use crate::iam::world::{SessionKind, World};
use crate::reach::{Changes, Reach};

/// How many roles somebody came to hold, all of which the search names.
///
/// # Errors
///
/// The role that it does not name.
pub(super) fn is_named(taker: &dyn Taker, trace: &Trace) -> Result<usize, String> {
    let Some(first) = trace.steps.iter().find_map(|step| match &step.credentials {
        Credentials::User { arn, .. } => Some(arn.clone()),
        Credentials::Root { .. }
        | Credentials::Session(_)
        | Credentials::Foreign(_)
        | Credentials::Service(_)
        | Credentials::None => None,
    }) else {
        return Ok(0);
    };
    let held = come_to_hold(taker, trace, &first);
    if held.is_empty() {
        return Ok(0);
    }
    let Ok(reach) = Reach::of(&trace.world, Changes::None, Interpreter::new()) else { return Ok(0) };
    let Ok(found) = reach.from(&first) else { return Ok(0) };
    let by_service = found.services.values().flatten();
    let named: BTreeSet<&String> = found.roles.iter().map(|role| &role.principal).chain(by_service).collect();
    match held.iter().find(|role| !named.contains(role)) {
        Some(role) if found.doubts.is_empty() => {
            Err(format!("{first} came to hold {role}, which the search does not name"))
        }
        Some(_) => Ok(0),
        None => Ok(held.len()),
    }
}

/// The roles of which the user, or whoever it came to be, got a session.
fn come_to_hold(taker: &dyn Taker, trace: &Trace, first: &str) -> BTreeSet<String> {
    let mut held = BTreeSet::new();
    let Some(mut world) = taker.begin(&trace.world) else { return held };
    let (mut sessions, mut functions) = (BTreeSet::new(), BTreeSet::new());
    for step in &trace.steps {
        let (credentials, mine) = match &step.operation {
            Operation::Sts(
                StsOperation::AssumeRoleWithSaml(_) | StsOperation::AssumeRoleWithWebIdentity(_),
            ) => (Credentials::None, false),
            Operation::Sts(_) | Operation::Pass(_) => (own(&step.credentials, first, &sessions), true),
            Operation::Event(Event::RoleTakenUp { resource, .. }) => {
                (Credentials::None, functions.contains(resource))
            }
            Operation::Event(Event::Wait | Event::AwsChangesPolicy { .. })
            | Operation::Policy(_)
            | Operation::Account(_)
            | Operation::Directory(_)
            | Operation::Request(_) => (Credentials::None, false),
        };
        let step = Step { time: trace.world.now, credentials, ..step.clone() };
        if !mine {
            continue;
        }
        let Some(taken) = taker.step(&world, &step) else { continue };
        match (&taken.outcome, &step.operation) {
            (Outcome::Done(Answer::Session(name)), _) => {
                held.extend(role_of(&taken.world, name));
                sessions.insert(name.clone());
            }
            (Outcome::Done(_), Operation::Pass(passing)) => {
                // A function that nobody can have run is of no use.
                if passing.service == "lambda.amazonaws.com"
                    && may_invoke(taker, &taken.world, &step, &passing.resource)
                {
                    functions.insert(passing.resource.clone());
                } else {
                    functions.remove(&passing.resource);
                }
            }
            (Outcome::Done(_) | Outcome::Refused(_), _) => {}
        }
        world = taken.world;
    }
    held
}

/// The credentials with which a call is signed: those of a session that was got so far, or else the user's own.
fn own(credentials: &Credentials, first: &str, sessions: &BTreeSet<String>) -> Credentials {
    match credentials {
        Credentials::Session(name) if sessions.contains(name) => credentials.clone(),
        Credentials::Session(_)
        | Credentials::User { .. }
        | Credentials::Root { .. }
        | Credentials::Foreign(_)
        | Credentials::Service(_)
        | Credentials::None => Credentials::User { arn: first.to_owned(), access_key: None },
    }
}

fn may_invoke(taker: &dyn Taker, world: &World, step: &Step, function: &str) -> bool {
    let request = ServiceRequest {
        action: "lambda:InvokeFunction".to_owned(),
        resource: function.to_owned(),
        resource_account: None,
    };
    let invoking = Step { operation: Operation::Request(request), context: Context::new(), ..step.clone() };
    taker.step(world, &invoking).is_some_and(|taken| matches!(taken.outcome, Outcome::Done(_)))
}

/// The ARN of the role of a session.
fn role_of(world: &World, session: &str) -> Option<String> {
    let session = world.sessions.get(session)?;
    match &session.kind {
        SessionKind::Role { name, .. } => world.role(&session.account, name).map(|role| role.arn()),
        SessionKind::User { .. } | SessionKind::Root | SessionKind::Federated { .. } => None,
    }
}
