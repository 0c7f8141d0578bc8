//! The sentences of `decide --explain`: what a reason means, what a rule says, what a change is, what the policies lack.

use super::super::output;
use crate::explanation::change::{Change, owner};
use crate::explanation::lack::Gap;
use crate::explanation::written;
use crate::iam::arn::Arn;
use crate::iam::context::ContextValue;
use crate::iam::decision::Reason;
use crate::iam::layers::{Layer, Layers};
use crate::iam::request::{Caller, CredentialKind, Request, Validity};

/// How many characters of one text are shown.
const SHOWN: usize = 240;

/// A text from an input as a terminal may show it, cut where it is very long.
pub(super) fn printable(text: &str) -> String {
    let mut characters = text.chars();
    let shown: String = characters.by_ref().take(SHOWN).collect();
    match characters.count() {
        0 => output::printable(&shown),
        more => format!("{}… ({more} characters more)", output::printable(&shown)),
    }
}

/// What a reason says, as the end of a sentence that begins with the decision.
pub(in crate::cli) fn because(reason: Reason) -> &'static str {
    match reason {
        Reason::AllowIdentity => "an identity policy allows it",
        Reason::AllowResourceDirect => "the resource's policy names this very caller, or everybody",
        Reason::AllowResourceViaEntity => "the resource's policy names the role or user behind the session",
        Reason::AllowAccountDelegation => {
            "the resource's policy trusts the account, and an identity policy allows it"
        }
        Reason::AllowCrossAccount => "both accounts allow it",
        Reason::AllowRoot => "root may, where nothing forbids it",
        Reason::AllowService => "the resource's policy names the service",
        Reason::AllowFederated => "the resource's policy names the identity provider",
        Reason::AllowAnonymous => "the resource's policy names everybody",
        Reason::AllowNoPermissionRequired => "this operation needs no permission",
        Reason::DenyExplicitScp => "a Deny in an SCP",
        Reason::DenyExplicitRcp => "a Deny in an RCP",
        Reason::DenyExplicitVpce => "a Deny in the VPC endpoint's policy",
        Reason::DenyExplicitResource => "a Deny in the resource's policy",
        Reason::DenyExplicitIdentity => "a Deny in an identity policy",
        Reason::DenyExplicitBoundary => "a Deny in the permissions boundary",
        Reason::DenyExplicitSession => "a Deny in a session policy",
        Reason::DenyImplicitRcp => "a level of RCPs does not allow it",
        Reason::DenyImplicitScp => "a level of SCPs does not allow it",
        Reason::DenyImplicitVpce => "the VPC endpoint's policy does not allow it",
        Reason::DenyImplicitResource => "the resource's policy does not allow it, and has to",
        Reason::DenyImplicitIdentity => "no identity policy allows it",
        Reason::DenyImplicitBoundary => "the permissions boundary does not allow it",
        Reason::DenyImplicitSession => "no session policy allows it",
        Reason::DenyImplicitNoSessionPolicy => "the federated session has no session policy",
        Reason::DenyNotAuthenticated => "the request is not signed",
        Reason::DenyExpiredCredentials => "the credentials have expired",
        Reason::DenyInactiveCredentials => "the credentials are not active",
        Reason::DenyPrincipalGone => "the caller exists no more",
        Reason::DenyCredentialRestriction => "this kind of credential may not call this operation",
        Reason::DenyRootCannotAssume => "root cannot assume a role",
        Reason::DenyPartition => "caller and resource are in different partitions",
        Reason::DenyCrossAccountPass => "a role of another account cannot be passed",
    }
}

/// What the rule that decides says, in short.
pub(super) fn rule_says(rule: &str) -> &'static str {
    match rule {
        "EVAL-1" => "one matching Deny outweighs every Allow",
        "EVAL-6" => "credentials are checked before any policy is read",
        "EVAL-9" => "partitions do not trust each other",
        "EVAL-11" => {
            "within an account, a grant to the caller himself is enough; boundary and session policies do not limit it"
        }
        "EVAL-12" => {
            "within an account, a grant to the role or user behind a session is limited by boundary and session policies"
        }
        "EVAL-13" => "within an account, identity policy, boundary and session policy must all allow",
        "EVAL-14" => "a federated session without session policy has only what names it directly",
        "EVAL-15" => "root may in its own account, unless the resource's policy has to take part",
        "EVAL-16" => "an unsigned request needs a grant to everybody",
        "EVAL-17" => {
            "across accounts, the owner's policy must grant and the caller's side must allow as well"
        }
        "EVAL-18" => "the policy of this resource has to take part in every grant",
        "EVAL-19" => "services and identity providers need a grant in the resource's policy",
        "EVAL-21" => "every level of SCPs must allow",
        "EVAL-22" => "every level of RCPs must allow",
        "EVAL-24" => "what comes through an endpoint, its policy must allow",
        "STS-12" => "root credentials cannot call AssumeRole",
        "STS-42" => "a session token calls IAM with MFA only, and of STS two operations only",
        "STS-43" => "GetSessionToken needs no permission",
        "STS-45" => "a federated session calls no IAM, and of STS GetCallerIdentity only",
        "STS-50" => "GetCallerIdentity needs no permission, and no policy can deny it",
        "STS-60" => "expired credentials open nothing",
        "STS-63" => "the sessions of a deleted principal open nothing",
        "PASS-3" => "roles are passed within their account",
        _ => "see docs/semantics.md",
    }
}

/// Who calls.
pub(super) fn principal(caller: &Caller) -> String {
    match caller {
        Caller::Service { name } => format!("service {}", printable(name)),
        Caller::Saml { provider } | Caller::WebIdentity { provider } => {
            format!("identity provider {}", printable(provider))
        }
        Caller::Anonymous => "* (the request is not signed)".to_owned(),
        Caller::Root { .. }
        | Caller::User(_)
        | Caller::RoleSession { .. }
        | Caller::FederatedSession { .. } => printable(&caller.arn().unwrap_or_default()),
    }
}

/// A value of the context, a list in brackets, an empty text in quotes, so that it is seen.
pub(super) fn value(value: &ContextValue) -> String {
    let one = |text: &String| if text.is_empty() { "\"\"".to_owned() } else { text.clone() };
    match value {
        ContextValue::Single(text) => printable(&one(text)),
        ContextValue::Many(texts) => {
            printable(&format!("[{}]", texts.iter().map(one).collect::<Vec<_>>().join(", ")))
        }
    }
}

/// A change, with what it is a change of.
pub(super) fn change(change: &Change, before: &Request, layers: &Layers) -> String {
    match change {
        Change::Credential(_) if before.credential.validity == Validity::Expired => {
            "credentials that have not expired".to_owned()
        }
        Change::Credential(credential) => match credential.kind {
            CredentialKind::LongTerm => "long-term credentials in place of a session token".to_owned(),
            CredentialKind::SessionToken => "a session token from GetSessionToken".to_owned(),
        },
        Change::Context { key, value: new } => context_change(key.spelling(), new.as_ref(), before),
        Change::Resource(text) if written::spells_resource(layers, text) => {
            format!("resource = {}", printable(text))
        }
        Change::Resource(text) if is_respelled(&before.resource, text) => {
            format!("resource = {} (letter case counts)", printable(text))
        }
        Change::Resource(text) => format!("a resource such as {}", printable(text)),
        Change::Action(text) if written::spells_action(layers, text) => {
            format!("action = {}", printable(text))
        }
        Change::Action(text) => format!("an action such as {}", printable(text)),
        Change::Owner(account) => {
            let now = owner(before).map_or_else(String::new, |owner| format!(" (it is {owner})"));
            format!("a resource of account {account}{now}")
        }
        Change::Caller(caller) => format!("principal = {} (with the same policies)", principal(caller)),
    }
}

fn context_change(key: &str, new: Option<&ContextValue>, before: &Request) -> String {
    let key_name = crate::iam::key::KeyName::new(key);
    let now = before.context.value(&key_name).map_or_else(|| "absent".to_owned(), value);
    let key = printable(key);
    let is_mfa = key.eq_ignore_ascii_case("aws:MultiFactorAuthPresent");
    let by = match (is_mfa, &before.caller, new) {
        (true, Caller::User(_), Some(_)) => "; sign in with MFA: GetSessionToken",
        _ => "",
    };
    let is_respelled = |new: &ContextValue| {
        before.context.value(&key_name).is_some_and(|old| is_respelled(&old.to_string(), &new.to_string()))
    };
    match new {
        Some(new) if is_respelled(new) => {
            format!("{key} = {} (it is {now}; letter case counts)", value(new))
        }
        Some(new) => format!("{key} = {} (it is {now}{by})", value(new)),
        None => format!("without {key} (it is {now})"),
    }
}

/// Whether two texts differ in nothing but letter case.
fn is_respelled(old: &str, new: &str) -> bool {
    old != new && old.to_lowercase() == new.to_lowercase()
}

/// A number of things.
pub(super) fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// Said where a resource has no policy and needs one.
pub(super) const NO_RESOURCE_POLICY: &str = "the resource has no policy, and needs one that grants this";

/// A layer as the policies that it is made of.
pub(super) fn of_layer(layer: Layer) -> String {
    match layer {
        Layer::Identity => "the identity policies".to_owned(),
        Layer::Session => "the session policies".to_owned(),
        Layer::Resource => "the resource's policy".to_owned(),
        Layer::Endpoint | Layer::Boundary => format!("the {layer}"),
        Layer::Scp { .. } | Layer::Rcp { .. } => layer.to_string(),
    }
}

/// What a silent layer lacks.
pub(super) fn gap(layer: Layer, gap: Gap, request: &Request) -> String {
    let of = of_layer(layer);
    let action = printable(&request.action);
    let resource = printable(&request.resource);
    match gap {
        Gap::NoAllow => format!("{of}: there is no Allow at all"),
        Gap::Action => format!("{of}: no Allow names {action}"),
        Gap::Resource => format!("{of}: no Allow of {action} names {resource}"),
        Gap::Principal => format!("{of}: no Allow of {action} on this resource names this caller"),
        Gap::Condition => format!("{of}: the Allows that fit have a Condition that does not hold"),
    }
}

/// The partitions that keep a caller and a resource apart.
pub(super) fn partitions(request: &Request) -> String {
    let arn = request.caller.arn().unwrap_or_default();
    let of = |text: &str| Arn::parse(text).map_or_else(String::new, |arn| printable(arn.partition));
    let (caller, resource) = (of(&arn), of(&request.resource));
    format!("the caller is of the partition {caller}, the resource of {resource}; no policy was read")
}

/// That a layer has nothing to do with the service of a request.
pub(super) fn names_no_service(layer: Layer, allows: usize, request: &Request) -> String {
    let service = printable(request.action.split(':').next().unwrap_or_default());
    let none = if allows == 1 {
        "its Allow names no".to_owned()
    } else {
        format!("none of its {allows} Allow names an")
    };
    format!("{layer} is silent: {none} action of {service}")
}
