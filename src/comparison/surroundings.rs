//! The context of a plain request, and what some keys of a context ask of others (KEY-4, KEY-8).
//!
//! A request that a comparison is shown must be one that can be made: keys that every request has must be there, and keys that tell
//! one fact must agree. This file says how a context is put right after some keys were chosen. It need not always succeed: what
//! counts as well-formed is the model's word, which is asked before a request becomes a witness.

use super::filling::ACCOUNT;
use super::scene::Cast;
use crate::iam::context::{Context, ContextValue};
use crate::iam::instant::Instant;
use crate::iam::key::KeyName;
use crate::iam::request::{Caller, Entity, Request};

/// The time of plain requests.
pub(super) const NOW: &str = "2026-01-01T00:00:00Z";

/// What a plain request holds for the keys that every request has, or that a direct call has; sorted as they come.
const PLAIN: &[(&str, &str)] = &[
    ("aws:CurrentTime", NOW),
    ("aws:EpochTime", "1767225600"),
    ("aws:RequestedRegion", "us-east-1"),
    ("aws:SecureTransport", "true"),
    ("aws:SourceIp", "203.0.113.7"),
    ("aws:UserAgent", "aws-cli"),
    ("aws:ViaAWSService", "false"),
];

/// The value of a plain request for a key; `None` for keys that it does not have.
pub(super) fn plain_value(key: &KeyName) -> Option<&'static str> {
    PLAIN.iter().find(|(name, _)| key.spelling().eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

/// The context of a plain request without a caller of its own.
pub(super) fn plain_context() -> Context {
    let mut context = Context::new();
    for (name, value) in PLAIN {
        set(&mut context, name, value);
    }
    context
}

/// The caller of a request of which no document asks for the caller: a user, with the name that the context tells.
pub(super) fn plain_caller(context: &Context) -> Caller {
    let name = match context.value(&KeyName::new("aws:username")) {
        Some(ContextValue::Single(name)) if !name.is_empty() && !name.contains(['/', ':']) => name,
        Some(ContextValue::Single(_) | ContextValue::Many(_)) | None => "alice",
    };
    user(name)
}

/// A user of [`ACCOUNT`].
pub(super) fn user(name: &str) -> Caller {
    Caller::User(Entity {
        partition: "aws".to_owned(),
        account: ACCOUNT.to_owned(),
        path: "/".to_owned(),
        name: name.to_owned(),
    })
}

/// The keys that tell who calls, where a document asks for the caller.
pub(super) fn tell_caller(context: &mut Context, caller: &Caller) {
    let member = |context: &mut Context, arn: String, account: &str, kind: &str, id: String| {
        set(context, "aws:PrincipalArn", &arn);
        set(context, "aws:PrincipalAccount", account);
        set(context, "aws:PrincipalType", kind);
        set(context, "aws:PrincipalIsAWSService", "false");
        set(context, "aws:userid", &id);
    };
    let arn = caller.arn().unwrap_or_default();
    match caller {
        Caller::Root { account, .. } => member(context, arn, account, "Account", account.clone()),
        Caller::User(user) => {
            member(context, arn, &user.account, "User", "AIDAEXAMPLE".to_owned());
            set(context, "aws:username", &user.name);
        }
        Caller::RoleSession { role, session } => {
            let id = format!("AROAEXAMPLE:{session}");
            member(context, role.arn("role"), &role.account, "AssumedRole", id);
            set(context, "aws:TokenIssueTime", NOW);
        }
        Caller::FederatedSession { account, name, .. } => {
            member(context, arn, account, "FederatedUser", format!("{account}:{name}"));
            set(context, "aws:TokenIssueTime", NOW);
        }
        Caller::Service { name } => {
            set(context, "aws:PrincipalIsAWSService", "true");
            set(context, "aws:PrincipalServiceName", name);
            let names = ContextValue::Many(vec![name.clone()]);
            context.set(KeyName::new("aws:PrincipalServiceNamesList"), names);
        }
        Caller::Anonymous => {
            set(context, "aws:PrincipalAccount", "anonymous");
            set(context, "aws:PrincipalType", "Anonymous");
            set(context, "aws:userid", "anonymous");
        }
        Caller::WebIdentity { provider } => set(context, "aws:FederatedProvider", provider),
        Caller::Saml { .. } => {}
    }
}

/// The request with what a plain one has beside the keys in use, of which it says all that there is to say.
pub(super) fn complete(request: &Request, in_use: &[&KeyName], cast: Cast) -> Request {
    let mut context = plain_context();
    match cast {
        Cast::Nobody => {}
        Cast::Caller => tell_caller(&mut context, &request.caller),
    }
    let chosen = |context: &mut Context| {
        in_use.iter().for_each(|key| context.remove(key));
        request.context.entries().iter().for_each(|(key, value)| context.set(key.clone(), value.clone()));
    };
    chosen(&mut context);
    settle(&mut context);
    // What was settled may have touched a key in use.
    chosen(&mut context);
    Request { context, ..request.clone() }
}

/// Puts right what the chosen keys ask of others: adds what must be there, takes out what cannot be.
// Rules: KEY-4, KEY-8.
pub(super) fn settle(context: &mut Context) {
    settle_time(context);
    settle_route(context);
    settle_forwarding(context);
    settle_tags(context);
    settle_service(context);
    for (id, paths) in [
        ("aws:PrincipalOrgID", "aws:PrincipalOrgPaths"),
        ("aws:ResourceOrgID", "aws:ResourceOrgPaths"),
        ("aws:SourceOrgID", "aws:SourceOrgPaths"),
    ] {
        settle_organization(context, id, paths);
    }
}

/// Whichever of the clock keys is not plain tells the time.
fn settle_time(context: &mut Context) {
    let current = single(context, "aws:CurrentTime");
    let chosen = match (&current, single(context, "aws:EpochTime")) {
        (Some(current), _) if current != NOW => Instant::parse(current),
        (_, Some(seconds)) => seconds.parse().ok().and_then(Instant::from_epoch_seconds),
        (_, None) => None,
    };
    if let Some(instant) = chosen {
        set(context, "aws:CurrentTime", &instant.iso());
        set(context, "aws:EpochTime", &instant.epoch_seconds().to_string());
    }
    if let (Some(now), Some(issued)) =
        (single(context, "aws:CurrentTime"), single(context, "aws:TokenIssueTime"))
        && Instant::parse(&issued) > Instant::parse(&now)
    {
        set(context, "aws:TokenIssueTime", &now);
    }
}

/// A request through an endpoint tells the endpoint's keys and not its public address.
fn settle_route(context: &mut Context) {
    const ENDPOINT: &[&str] = &["aws:SourceVpce", "aws:SourceVpc", "aws:VpcSourceIp"];
    const BESIDE: &[&str] = &["aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"];
    let through_endpoint = ENDPOINT.iter().chain(BESIDE).any(|name| has(context, name));
    let forwarded = single(context, "aws:ViaAWSService").as_deref() == Some("true");
    let from_nowhere = !has(context, "aws:SourceIp") && !forwarded;
    if through_endpoint || from_nowhere {
        context.remove(&KeyName::new("aws:SourceIp"));
        for (name, value) in ENDPOINT.iter().zip(["vpce-1", "vpc-1", "10.0.0.1"]) {
            set_if_absent(context, name, value);
        }
    }
}

/// A forwarded call tells through whom it came.
fn settle_forwarding(context: &mut Context) {
    const ENDS: [&str; 2] = ["aws:CalledViaFirst", "aws:CalledViaLast"];
    let named = ENDS.iter().any(|name| has(context, name)) || has(context, "aws:CalledVia");
    if !named && single(context, "aws:ViaAWSService").as_deref() != Some("true") {
        return;
    }
    set(context, "aws:ViaAWSService", "true");
    let [first, last] = ENDS.map(|name| single(context, name));
    let listed = match context.value(&KeyName::new("aws:CalledVia")) {
        Some(ContextValue::Many(services)) if !services.is_empty() => services.clone(),
        Some(ContextValue::Many(_) | ContextValue::Single(_)) | None => {
            let mut services: Vec<String> = first.iter().chain(&last).cloned().collect();
            services.dedup();
            if services.is_empty() { vec!["athena.amazonaws.com".to_owned()] } else { services }
        }
    };
    for (name, service) in ENDS.iter().zip([listed.first(), listed.last()]) {
        if let Some(service) = service {
            set(context, name, service);
        }
    }
    context.set(KeyName::new("aws:CalledVia"), ContextValue::Many(listed));
}

/// A request that passes tags tells their keys.
fn settle_tags(context: &mut Context) {
    const TAG: &str = "aws:requesttag/";
    let passed: Vec<String> = context
        .entries()
        .iter()
        .filter(|(key, _)| key.folded().starts_with(TAG))
        .filter_map(|(key, _)| key.spelling().get(TAG.len()..).map(str::to_owned))
        .collect();
    if passed.is_empty() {
        return;
    }
    let mut listed = match context.value(&KeyName::new("aws:TagKeys")) {
        Some(ContextValue::Many(listed)) => listed.clone(),
        Some(ContextValue::Single(_)) | None => Vec::new(),
    };
    for tag in passed {
        if !listed.iter().any(|other| other.eq_ignore_ascii_case(&tag)) {
            listed.push(tag);
        }
    }
    context.set(KeyName::new("aws:TagKeys"), ContextValue::Many(listed));
}

/// Who acts for a resource is a service, and a service says that it is one.
fn settle_service(context: &mut Context) {
    const SOURCE: &[&str] = &["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"];
    let acts = SOURCE.iter().any(|name| has(context, name));
    if acts {
        set_if_absent(context, "aws:SourceArn", "arn:aws:sns:us-east-1:111122223333:x");
        set_if_absent(context, "aws:SourceAccount", ACCOUNT);
    }
    let says_so = single(context, "aws:PrincipalIsAWSService").as_deref() == Some("true");
    if acts || says_so || has(context, "aws:PrincipalServiceName") {
        set(context, "aws:PrincipalIsAWSService", "true");
        set_if_absent(context, "aws:PrincipalServiceName", "sns.amazonaws.com");
    }
}

/// The paths of an organization begin with its id.
fn settle_organization(context: &mut Context, id: &str, paths: &str) {
    if has(context, id) && !has(context, paths) {
        let path = format!("{}/r-1/", single(context, id).unwrap_or_default());
        context.set(KeyName::new(paths), ContextValue::Many(vec![path]));
    } else if has(context, paths) && !has(context, id) {
        let first = match context.value(&KeyName::new(paths)) {
            Some(ContextValue::Many(paths)) => paths.first().cloned(),
            Some(ContextValue::Single(_)) | None => None,
        };
        let organization = first.as_deref().and_then(|path| path.split('/').next()).unwrap_or("o-1");
        set(context, id, organization);
    }
}

fn has(context: &Context, name: &str) -> bool {
    context.value(&KeyName::new(name)).is_some()
}

fn single(context: &Context, name: &str) -> Option<String> {
    match context.value(&KeyName::new(name)) {
        Some(ContextValue::Single(value)) => Some(value.clone()),
        Some(ContextValue::Many(_)) | None => None,
    }
}

fn set(context: &mut Context, name: &str, value: &str) {
    context.set(KeyName::new(name), ContextValue::Single(value.to_owned()));
}

fn set_if_absent(context: &mut Context, name: &str, value: &str) {
    if !has(context, name) {
        set(context, name, value);
    }
}
