//! What the laws of [`super::drawn`] say of a step, looked up in the worlds on both sides of it.

use std::collections::BTreeMap;

use super::drawn::{About, Moment};
use super::reached;
use crate::iam::context::Context;
use crate::iam::decision::Decision;
use crate::iam::operation::{
    AccountOperation, Credentials, EncodedMessage, Operation, ServiceRequest, Step, StsOperation, Tampering,
};
use crate::iam::outcome::{Answer, Identity, Outcome, RefusalCode};
use crate::iam::policy::Effect;
use crate::iam::world::{Federating, HolderPolicies, SessionKind, World};

/// What a law says of steps, if it is one of these.
pub(super) fn about(id: &str) -> Option<About> {
    let of_step = match id {
        "INV-58" => records_stay,
        "INV-66" => the_role_counts,
        "INV-76" => identities_are_faithful,
        "INV-77" => messages_are_faithful,
        "INV-81" => return Some(About::Trace(reached::is_named)),
        "INV-89" => leaving_takes_the_groups_policies,
        _ => return None,
    };
    Some(About::Step(of_step))
}

/// Every session is there with its record after a step as before.
fn records_stay(moment: &Moment<'_>) -> Result<bool, String> {
    for (name, session) in &moment.before.sessions {
        if moment.taken.world.sessions.get(name) != Some(session) {
            return Err(format!("the record of session `{name}` changed"));
        }
    }
    Ok(!moment.before.sessions.is_empty())
}

/// What a new session of a role may do, it may where nobody but that role has any policy or boundary.
fn the_role_counts(moment: &Moment<'_>) -> Result<bool, String> {
    let Outcome::Done(Answer::Session(name)) = &moment.taken.outcome else { return Ok(false) };
    let world = &moment.taken.world;
    let Some(session) = world.sessions.get(name) else { return Ok(false) };
    let SessionKind::Role { role, .. } = &session.kind else { return Ok(false) };
    let mut others_bare = world.clone();
    for (id, home) in &mut others_bare.accounts {
        for user in home.users.values_mut() {
            user.policies = HolderPolicies::default();
            user.boundary = None;
        }
        for group in home.groups.values_mut() {
            group.policies = HolderPolicies::default();
        }
        for other in home.roles.values_mut().filter(|other| *id != session.account || other.id != *role) {
            other.policies = HolderPolicies::default();
            other.boundary = None;
        }
    }
    for asked in requests(moment, &Credentials::Session(name.clone()), &session.account) {
        let reason = |world: &World| moment.taker.step(world, &asked).map(|taken| reason(&taken.outcome));
        let (with, without) = (reason(world), reason(&others_bare));
        if with != without {
            return Err(format!(
                "a session's request came out as {with:?}, and as {without:?} without the policies of others"
            ));
        }
    }
    Ok(true)
}

/// The same caller at the same instant, calling something else.
fn also(step: &Step, credentials: Credentials, operation: Operation) -> Step {
    Step {
        time: step.time,
        credentials,
        operation,
        context: Context::new(),
        endpoint: None,
        name: Some("also".to_owned()),
    }
}

fn identity(moment: &Moment<'_>, world: &World, credentials: Credentials) -> Option<Identity> {
    let asked = also(moment.step, credentials, Operation::Sts(StsOperation::GetCallerIdentity));
    match moment.taker.step(world, &asked)?.outcome {
        Outcome::Done(Answer::Identity(identity)) => Some(identity),
        Outcome::Done(_) | Outcome::Refused(_) => None,
    }
}

/// At each step that asks who it is: no two of all who could sign now are told the same UserId, but where it is one and the same.
fn identities_are_faithful(moment: &Moment<'_>) -> Result<bool, String> {
    if !matches!(moment.step.operation, Operation::Sts(StsOperation::GetCallerIdentity)) {
        return Ok(false);
    }
    let world = &moment.taken.world;
    let mut told: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (who, account, credentials) in signers(world) {
        let Some(identity) = identity(moment, world, credentials) else { continue };
        if identity.account != account {
            return Err(format!("{who} of {account} is told the account {}", identity.account));
        }
        let known = told.entry(identity.user_id).or_insert_with(|| (who.clone(), identity.arn.clone()));
        if *known != (who.clone(), identity.arn) {
            return Err(format!("{who} and {} are told the same UserId", known.0));
        }
    }
    Ok(told.len() > 1)
}

/// Everybody who could sign: who it is, by ids, its account, and its credentials.
fn signers(world: &World) -> Vec<(String, String, Credentials)> {
    let mut signers = Vec::new();
    for (id, account) in &world.accounts {
        let root = Credentials::Root { account: id.clone(), access_key: None };
        signers.push((format!("the root of {id}"), id.clone(), root));
        for (name, user) in &account.users {
            let arn = format!("arn:{}:iam::{id}:user{}{name}", account.partition, user.path);
            signers.push((user.id.clone(), id.clone(), Credentials::User { arn, access_key: None }));
        }
    }
    for (name, session) in &world.sessions {
        let who = match &session.kind {
            SessionKind::Role { role, session_name, .. } => format!("{role} as {session_name}"),
            SessionKind::User { user } => user.clone(),
            SessionKind::Root => format!("the root of {}", session.account),
            // STS-48: whoever made it.
            SessionKind::Federated { name, source: Federating::User(_) | Federating::Root } => {
                format!("{name} of {}", session.account)
            }
        };
        signers.push((who, session.account.clone(), Credentials::Session(name.clone())));
    }
    signers
}

/// A denial that leaves a message leaves one that says what was decided, about whom, and for which statements; decoding gives it back, and
/// gives nothing for one that was altered.
fn messages_are_faithful(moment: &Moment<'_>) -> Result<bool, String> {
    let Outcome::Refused(refusal) = &moment.taken.outcome else { return Ok(false) };
    let (Some(name), Some(reason)) = (&refusal.encoded_message, refusal.reason) else { return Ok(false) };
    let Some(message) = moment.taken.world.messages.get(name) else {
        return Err(format!("there is no message `{name}`"));
    };
    let content = &message.content;
    let explicit = reason.decision() == Decision::ExplicitDeny;
    if content.explicit_deny != explicit || content.matched_statements.is_empty() == explicit {
        return Err(format!("the message of {reason} says otherwise: {content:?}"));
    }
    if content.matched_statements.iter().any(|matched| matched.statement.effect != Effect::Deny) {
        return Err("the message lists a statement that is no Deny".to_owned());
    }
    let again = moment.taker.step(moment.before, moment.step).map(|taken| taken.outcome);
    if again.as_ref() != Some(&moment.taken.outcome) {
        return Err(format!("the same request in the same world came out as {again:?}"));
    }
    if let Some(identity) = identity(moment, moment.before, moment.step.credentials.clone())
        && (identity.arn != content.principal_arn || identity.user_id != content.principal_id)
    {
        return Err(format!("the message is about {}, and {} called", content.principal_arn, identity.arn));
    }
    decoding_gives_it_back(moment, name)?;
    Ok(true)
}

fn decoding_gives_it_back(moment: &Moment<'_>, name: &str) -> Result<(), String> {
    let Some(account) = moment.before.accounts.keys().next() else { return Ok(()) };
    let decoded = |tampering: Tampering| {
        let message = EncodedMessage::Of { name: name.to_owned(), tampering };
        let operation = Operation::Sts(StsOperation::DecodeAuthorizationMessage(message));
        let root = Credentials::Root { account: account.clone(), access_key: None };
        moment.taker.step(&moment.taken.world, &also(moment.step, root, operation)).map(|taken| taken.outcome)
    };
    let content = moment.taken.world.messages.get(name).map(|message| &message.content);
    match decoded(Tampering::None) {
        Some(Outcome::Done(Answer::Decoded(decoded))) if Some(&*decoded) == content => {}
        other => return Err(format!("decoding the message gives {other:?}")),
    }
    match decoded(Tampering::Altered) {
        Some(Outcome::Refused(refusal)) if refusal.code == RefusalCode::InvalidAuthorizationMessage => Ok(()),
        other => Err(format!("decoding an altered message gives {other:?}")),
    }
}

/// Actions and resources that the random policies speak of.
const ASKED: [(&str, &str); 4] = [
    ("s3:GetObject", "arn:aws:s3:::ledger/2024"),
    ("s3:PutObject", "arn:aws:s3:::ledger/2024"),
    ("s3:ListBucket", "arn:aws:s3:::ledger"),
    ("iam:GetUser", "*"),
];

/// Requests of a caller, at the instant of the step.
fn requests(moment: &Moment<'_>, credentials: &Credentials, account: &str) -> Vec<Step> {
    let request = |(action, resource): (&str, &str)| ServiceRequest {
        action: action.to_owned(),
        resource: resource.to_owned(),
        resource_account: Some(account.to_owned()),
    };
    let of = |asked| also(moment.step, credentials.clone(), Operation::Request(request(asked)));
    ASKED.into_iter().map(of).collect()
}

/// Whoever is in a group at a step on users and groups leaves it: after that it may do what it might have done if the group had no policies,
/// and everybody else what it might.
fn leaving_takes_the_groups_policies(moment: &Moment<'_>) -> Result<bool, String> {
    if !matches!(moment.step.operation, Operation::Account(_)) {
        return Ok(false);
    }
    let before = &moment.taken.world;
    let Some((account, user, group)) = before.accounts.iter().find_map(|(id, account)| {
        let mut members = account.users.iter();
        members.find_map(|(name, user)| Some((id, name, user.groups.first()?)))
    }) else {
        return Ok(false);
    };
    let leaving = AccountOperation::RemoveUserFromGroup { user: user.clone(), group: group.clone() };
    let root = Credentials::Root { account: account.clone(), access_key: None };
    let leaving = also(moment.step, root, Operation::Account(leaving));
    let Some(left) = moment.taker.step(before, &leaving) else { return Ok(false) };
    if matches!(left.outcome, Outcome::Refused(_)) {
        return Ok(false);
    }
    let mut emptied = before.clone();
    for group in emptied.accounts.values_mut().filter_map(|account| account.groups.get_mut(group)) {
        group.policies = HolderPolicies::default();
    }
    for (_, account, credentials) in signers(before) {
        let like = if belongs_to(before, user, &credentials) { &emptied } else { before };
        for asked in requests(moment, &credentials, &account) {
            let reason = |world: &World| moment.taker.step(world, &asked).map(|taken| reason(&taken.outcome));
            if reason(&left.world) != reason(like) {
                return Err(format!("{credentials:?} is decided on otherwise after {user} left {group}"));
            }
        }
    }
    Ok(true)
}

/// Whether these are credentials of the user, or of a session that it made for itself.
fn belongs_to(world: &World, user: &str, credentials: &Credentials) -> bool {
    match credentials {
        Credentials::User { arn, .. } => world.user_by_arn(arn).is_some_and(|found| found.name == user),
        Credentials::Session(name) => world.sessions.get(name).is_some_and(|session| match &session.kind {
            SessionKind::User { user: id } | SessionKind::Federated { source: Federating::User(id), .. } => {
                let home = world.accounts.get(&session.account);
                home.and_then(|home| home.users.get(user)).is_some_and(|user| user.id == *id)
            }
            SessionKind::Federated { source: Federating::Root, .. }
            | SessionKind::Root
            | SessionKind::Role { .. } => false,
        }),
        Credentials::Root { .. } | Credentials::Foreign(_) | Credentials::Service(_) | Credentials::None => {
            false
        }
    }
}

/// What was decided, whatever message it left.
fn reason(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done(answer) => format!("{answer:?}"),
        Outcome::Refused(refusal) => format!("{:?} {:?}", refusal.code, refusal.reason),
    }
}
