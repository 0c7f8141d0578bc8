//! The context keys that follow from the rest of a request and that a case need not spell out.
//!
//! Exactly those of the row `context` of the format are filled in, each only where the case does not give it, whatever the
//! spelling. A case that says `exactContext` gets none.

use crate::iam::arn::{Arn, is_account_id};
use crate::iam::context::{Context, ContextValue};
use crate::iam::instant::Instant;
use crate::iam::key::KeyName;
use crate::iam::request::{Caller, Request};

/// Adds the keys that are not there.
pub fn fill(request: &mut Request, time: Option<Instant>) {
    let mut filled: Vec<(&str, ContextValue)> = caller_keys(&request.caller);
    if let Some(owner) = owner(request) {
        filled.push(("aws:ResourceAccount", single(owner)));
    }
    filled.extend(forwarding_keys(&request.context));
    filled.extend(tag_keys(&request.context));
    if let Some(time) = time {
        filled.push(("aws:CurrentTime", single(time.iso())));
        filled.push(("aws:EpochTime", single(time.epoch_seconds().to_string())));
    }
    for (name, value) in filled {
        let key = KeyName::new(name);
        if request.context.value(&key).is_none() {
            request.context.set(key, value);
        }
    }
}

fn single(value: impl Into<String>) -> ContextValue {
    ContextValue::Single(value.into())
}

/// What the caller shows of itself.
// Rules: KEY-2, KEY-4.
fn caller_keys(caller: &Caller) -> Vec<(&'static str, ContextValue)> {
    let of_a_member = |arn: String, account: &str, kind: &str| {
        vec![
            ("aws:PrincipalArn", single(arn)),
            ("aws:PrincipalAccount", single(account)),
            ("aws:PrincipalType", single(kind)),
            ("aws:PrincipalIsAWSService", single("false")),
        ]
    };
    let arn = caller.arn().unwrap_or_default();
    match caller {
        Caller::Root { account, .. } => of_a_member(arn, account, "Account"),
        Caller::User(user) => {
            let mut keys = of_a_member(arn, &user.account, "User");
            keys.push(("aws:username", single(&user.name)));
            keys
        }
        Caller::RoleSession { role, .. } => {
            let mut keys = of_a_member(role.arn("role"), &role.account, "AssumedRole");
            keys.push(("aws:MultiFactorAuthPresent", single("false")));
            keys
        }
        Caller::FederatedSession { account, .. } => of_a_member(arn, account, "FederatedUser"),
        Caller::Service { name } => vec![
            ("aws:PrincipalIsAWSService", single("true")),
            ("aws:PrincipalServiceName", single(name)),
            ("aws:PrincipalServiceNamesList", ContextValue::Many(vec![name.clone()])),
        ],
        Caller::Anonymous => {
            vec![("aws:PrincipalAccount", single("anonymous")), ("aws:PrincipalType", single("Anonymous"))]
        }
        Caller::Saml { .. } | Caller::WebIdentity { .. } => Vec::new(),
    }
}

/// The owner of the resource: as given, else the account of its ARN, else the caller's; a service without a hint has none.
fn owner(request: &Request) -> Option<&str> {
    let of_the_arn =
        || Arn::parse(&request.resource).map(|arn| arn.account).filter(|account| is_account_id(account));
    request.resource_account.as_deref().or_else(of_the_arn).or_else(|| request.caller.account())
}

/// The ends of `aws:CalledVia`.
// Rule: KEY-4.
fn forwarding_keys(context: &Context) -> Vec<(&'static str, ContextValue)> {
    match context.value(&KeyName::new("aws:CalledVia")) {
        Some(ContextValue::Many(services)) => match (services.first(), services.last()) {
            (Some(first), Some(last)) => {
                vec![("aws:CalledViaFirst", single(first)), ("aws:CalledViaLast", single(last))]
            }
            (None, _) | (_, None) => Vec::new(),
        },
        Some(ContextValue::Single(_)) | None => Vec::new(),
    }
}

const REQUEST_TAG: &str = "aws:RequestTag/";

/// The keys of the tags that the request passes, sorted, where it passes any.
// Rules: KEY-4, KEY-8.
fn tag_keys(context: &Context) -> Option<(&'static str, ContextValue)> {
    let tags: Vec<String> = context
        .entries()
        .iter()
        .filter_map(|(key, _)| {
            let start = key.spelling().get(..REQUEST_TAG.len())?;
            let tag = key.spelling().get(REQUEST_TAG.len()..)?;
            start.eq_ignore_ascii_case(REQUEST_TAG).then(|| tag.to_owned())
        })
        .collect();
    (!tags.is_empty()).then_some(("aws:TagKeys", ContextValue::Many(tags)))
}
