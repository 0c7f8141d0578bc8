//! One thing of a request, changed; with what follows from it.
//!
//! The keys that tell of the caller, the owner, the time or the tags follow them (KEY-1, KEY-8), so a change takes them along. What the
//! rules then say cannot be is `is_possible`'s to refuse.

use crate::corpus::fill::fill;
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::context::{Context, ContextValue};
use crate::iam::instant::Instant;
use crate::iam::key::KeyName;
use crate::iam::request::{Caller, Credential, CredentialKind, Request, ResourcePolicyMark, Validity};

/// A change of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another credential of the same caller.
    Credential(Credential),
    /// A context key has this value; `None`: it is absent.
    Context {
        /// The key.
        key: KeyName,
        /// Its value.
        value: Option<ContextValue>,
    },
    /// Another resource.
    Resource(String),
    /// Another action.
    Action(String),
    /// Another account owns the resource.
    Owner(String),
    /// Somebody else calls, with the same policies.
    Caller(Caller),
}

/// What a change is about. Of two requests at most one change of a subject makes sense.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The credential.
    Credential,
    /// This context key.
    Context(KeyName),
    /// The resource.
    Resource,
    /// The action.
    Action,
    /// The owner.
    Owner,
    /// The caller.
    Caller,
}

pub(super) const MFA: &str = "aws:MultiFactorAuthPresent";
const MFA_AGE: &str = "aws:MultiFactorAuthAge";
const CURRENT_TIME: &str = "aws:CurrentTime";
const EPOCH_TIME: &str = "aws:EpochTime";
const SOURCE_IP: &str = "aws:SourceIp";
pub(super) const TAG_KEYS: &str = "aws:TagKeys";
pub(super) const REQUEST_TAG: &str = "aws:requesttag/";
const ENDPOINT: [&str; 3] = ["aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp"];

/// Keys that only the caller or the owner can change (KEY-4).
const OF_OTHERS: &[&str] = &[
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:userid",
    "aws:username",
    "aws:FederatedProvider",
    "aws:ResourceAccount",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
];

/// Whether a key follows from something else in a request, so that it cannot be changed by itself.
// Rules: KEY-1, KEY-4, KEY-8.
pub(super) fn follows(key: &KeyName, request: &Request) -> bool {
    let is = |name: &&str| key.spelling().eq_ignore_ascii_case(name);
    // A service alone acts for a resource.
    let of_services = ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"];
    OF_OTHERS.iter().any(is)
        || (is(&TAG_KEYS) && !request_tags(&request.context).is_empty())
        || (of_services.iter().any(is) && !matches!(request.caller, Caller::Service { .. }))
}

impl Change {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Change::Credential(_) => Subject::Credential,
            Change::Context { key, .. } => Subject::Context(key.clone()),
            Change::Resource(_) => Subject::Resource,
            Change::Action(_) => Subject::Action,
            Change::Owner(_) => Subject::Owner,
            Change::Caller(_) => Subject::Caller,
        }
    }

    /// Changes the request.
    pub fn apply(&self, request: &mut Request) {
        match self {
            Change::Credential(credential) => {
                request.credential = *credential;
                if credential.kind == CredentialKind::LongTerm {
                    // Rule: KEY-2.
                    [MFA, MFA_AGE].iter().for_each(|name| request.context.remove(&KeyName::new(*name)));
                }
            }
            Change::Context { key, value } => change_key(request, key, value.as_ref()),
            Change::Resource(resource) => {
                let before = owner(request);
                request.resource.clone_from(resource);
                // The mark of a test world is on the resource that was asked for.
                request.resource_policy_mark = ResourcePolicyMark::Unmarked;
                if account_of(resource).is_some() {
                    request.resource_account = None;
                }
                tell_owner(request, before);
            }
            Change::Action(action) => request.action.clone_from(action),
            Change::Owner(account) => {
                let before = owner(request);
                request.resource_account = Some(account.clone());
                tell_owner(request, before);
            }
            Change::Caller(caller) => change_caller(request, caller),
        }
    }
}

/// The account in an ARN.
pub(super) fn account_of(resource: &str) -> Option<&str> {
    Arn::parse(resource).map(|arn| arn.account).filter(|account| is_account_id(account))
}

/// The owner of the resource.
// Rule: GEN-8.
pub fn owner(request: &Request) -> Option<String> {
    let given = request.resource_account.as_deref();
    given.or_else(|| account_of(&request.resource)).or_else(|| request.caller.account()).map(str::to_owned)
}

/// Has the context tell the owner, if it told the former one.
fn tell_owner(request: &mut Request, before: Option<String>) {
    let key = KeyName::new("aws:ResourceAccount");
    if let (Some(before), Some(now)) = (before, owner(request))
        && request.context.value(&key) == Some(&ContextValue::Single(before))
    {
        request.context.set(key, ContextValue::Single(now));
    }
}

// Rules: KEY-2, KEY-4, KEY-8.
fn change_key(request: &mut Request, key: &KeyName, value: Option<&ContextValue>) {
    put(&mut request.context, key, value);
    let is = |name: &str| key.spelling().eq_ignore_ascii_case(name);
    let text = match value {
        Some(ContextValue::Single(text)) => Some(text.as_str()),
        Some(ContextValue::Many(_)) | None => None,
    };
    if is(MFA) {
        if matches!(request.caller, Caller::User(_)) {
            request.credential.kind = match text {
                Some(_) => CredentialKind::SessionToken,
                None => CredentialKind::LongTerm,
            };
        }
        if text != Some("true") {
            request.context.remove(&KeyName::new(MFA_AGE));
        }
    } else if is(CURRENT_TIME) || is(EPOCH_TIME) {
        tell_time(&mut request.context, text);
    } else if is(SOURCE_IP) && value.is_some() {
        ENDPOINT.iter().for_each(|name| request.context.remove(&KeyName::new(*name)));
    } else if ENDPOINT.iter().any(|name| is(name)) && value.is_some() {
        request.context.remove(&KeyName::new(SOURCE_IP));
    } else if key.folded().starts_with(REQUEST_TAG) {
        tell_tags(&mut request.context);
    }
}

fn put(context: &mut Context, key: &KeyName, value: Option<&ContextValue>) {
    match value {
        Some(value) => context.set(key.clone(), value.clone()),
        None => context.remove(key),
    }
}

/// Both keys of the clock tell one instant.
fn tell_time(context: &mut Context, text: Option<&str>) {
    let instant = text.and_then(|text| {
        Instant::parse(text).or_else(|| text.parse().ok().and_then(Instant::from_epoch_seconds))
    });
    let Some(instant) = instant else { return };
    for (name, value) in [(CURRENT_TIME, instant.iso()), (EPOCH_TIME, instant.epoch_seconds().to_string())] {
        let key = KeyName::new(name);
        if context.value(&key).is_some() {
            context.set(key, ContextValue::Single(value));
        }
    }
}

/// The keys of the tags that the request passes.
fn request_tags(context: &Context) -> Vec<String> {
    let passed = context.entries().iter().filter(|(key, _)| key.folded().starts_with(REQUEST_TAG));
    passed.filter_map(|(key, _)| key.spelling().get(REQUEST_TAG.len()..).map(str::to_owned)).collect()
}

/// The tags that the request passes have their keys listed.
fn tell_tags(context: &mut Context) {
    let tags = request_tags(context);
    let value = (!tags.is_empty()).then_some(ContextValue::Many(tags));
    put(context, &KeyName::new(TAG_KEYS), value.as_ref());
}

/// Another caller brings the keys that tell of him; the resource keeps its owner.
fn change_caller(request: &mut Request, caller: &Caller) {
    let owner = owner(request);
    if account_of(&request.resource).is_none() && request.resource != "*" {
        request.resource_account.clone_from(&owner);
    }
    let told = |caller: &Caller| {
        let mut blank = Request { caller: caller.clone(), context: Context::new(), ..request.clone() };
        fill(&mut blank, None);
        blank.context
    };
    let (before, now) = (told(&request.caller), told(caller));
    for (key, value) in before.entries() {
        if request.context.value(key) == Some(value) {
            request.context.remove(key);
        }
    }
    request.context.remove(&KeyName::new("aws:userid"));
    for (key, value) in now.entries() {
        if request.context.value(key).is_none() {
            request.context.set(key.clone(), value.clone());
        }
    }
    request.caller = caller.clone();
    request.credential = Credential { kind: CredentialKind::LongTerm, validity: Validity::Current };
}

/// Whether the changed request can be made, as far as its changes go: what was odd about the request itself stays its own business.
// Rules: KEY-2, KEY-8.
pub(super) fn is_possible(before: &Request, after: &Request) -> bool {
    let age_changed = single(before, MFA_AGE) != single(after, MFA_AGE);
    let has_age = single(after, MFA_AGE).is_some();
    let tags_changed =
        tag_keys(before) != tag_keys(after) || request_tags(&before.context) != request_tags(&after.context);
    let lists_its_tags =
        request_tags(&after.context).is_empty() || tag_keys(after) == request_tags(&after.context);
    may_become_possible(before, after)
        && (!tags_changed || lists_its_tags)
        && (!age_changed || !has_age || single(after, MFA) == Some("true"))
}

/// Whether the changed request can be made, perhaps with more changes.
// Rule: KEY-2.
pub(super) fn may_become_possible(before: &Request, after: &Request) -> bool {
    if single(before, MFA) == single(after, MFA) {
        return true;
    }
    let is_user = matches!(after.caller, Caller::User(_));
    let of_a_session_token = is_user && after.credential.kind == CredentialKind::SessionToken;
    match single(after, MFA) {
        None => !of_a_session_token,
        Some("true") => of_a_session_token,
        Some("false") => of_a_session_token || matches!(after.caller, Caller::RoleSession { .. }),
        Some(_) => false,
    }
}

/// The list of tag keys, in the order in which the tags are told.
fn tag_keys(request: &Request) -> Vec<String> {
    let mut keys = match request.context.value(&KeyName::new(TAG_KEYS)) {
        Some(ContextValue::Many(keys)) => keys.clone(),
        Some(ContextValue::Single(key)) => vec![key.clone()],
        None => Vec::new(),
    };
    keys.sort_by_key(|key| key.to_lowercase());
    keys
}

fn single<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    match request.context.value(&KeyName::new(name)) {
        Some(ContextValue::Single(text)) => Some(text),
        Some(ContextValue::Many(_)) | None => None,
    }
}
