//! AssumeRoleWithSAML and AssumeRoleWithWebIdentity (section 5.7 of the rules).

use std::collections::BTreeSet;

use super::assume_role::Inherited;
use super::duration::{Origin, granted};
use super::{RequestKeys, issue, parameter, session_policy, span};
use crate::evaluator::acting::Acting;
use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::interpreter::{Scene, denied};
use crate::evaluator::reading::{Reading, mistaken};
use crate::iam::arn::Arn;
use crate::iam::context::{Context, ContextValue};
use crate::iam::decision::Reason;
use crate::iam::instant::Instant;
use crate::iam::key::KeyName;
use crate::iam::operation::{AssumeRoleWithSaml, AssumeRoleWithWebIdentity, PolicyText};
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::request::Caller;
use crate::iam::world::{Assertion, Genuineness, IdentityToken, Mfa, Session, SessionKind, World};

/// The OIDC providers that have a name instead of an ARN, and need no provider in the account (STS-33).
const BUILT_IN: [&str; 4] =
    ["cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com"];

/// Those of them that speak OAuth 2.0, to which ProviderId belongs (STS-3).
const OAUTH: [&str; 2] = ["www.amazon.com", "graph.facebook.com"];

/// The keys of an assertion that stay in the context of the session's requests (KEY-5).
const LASTING_SAML_KEYS: [&str; 3] = ["saml:namequalifier", "saml:sub", "saml:sub_type"];

/// What both operations have in common, once the assertion or token is found good.
struct SignIn<'s> {
    action: &'static str,
    caller: Caller,
    role_arn: &'s str,
    session_name: &'s str,
    duration_seconds: Option<i128>,
    /// When the session must end (STS-24).
    session_end: Option<Instant>,
    tags: &'s [(String, String)],
    transitive_keys: &'s [String],
    source_identity: Option<&'s str>,
    policy: Option<&'s PolicyText>,
    policy_arns: &'s [String],
    /// Keys of the provider in this call.
    keys: Context,
    /// Keys of the provider in the session's requests.
    lasting_keys: Context,
    federated_provider: Option<String>,
}

fn not_allowed<T>(rule: &'static str, message: &str) -> Result<T, Failure> {
    Err(denied(Reason::DenyImplicitResource, rule, message).into())
}

/// A signed caller has no business here; an unsigned one is known by its assertion.
// Rule: EVAL-6.
fn check_unsigned(scene: &Scene<'_>, action: &str) -> Result<(), Failure> {
    if scene.is_unsigned() {
        return Ok(());
    }
    let acting = Acting::identify(&scene.world, scene.step, scene.reading)?;
    acting.may_call(action)
}

// Rules: STS-30, STS-31, STS-32, STS-33, STS-35, STS-39.
pub(super) fn with_saml(scene: &mut Scene<'_>, call: &AssumeRoleWithSaml) -> Result<Answer, Failure> {
    parameter::check_role_arn(&call.role_arn)?;
    parameter::check_length("PrincipalArn", &call.principal_arn, 20, 2048)?;
    parameter::check_length("SAMLAssertion", &call.saml_assertion, 4, 100_000)?;
    parameter::check_policies(call.policy.as_ref(), &call.policy_arns)?;
    check_unsigned(scene, "sts:AssumeRoleWithSAML")?;
    let assertion = genuine_assertion(scene, call)?.clone();
    let session_name = attribute_name(&assertion)?;
    check_attributes(
        &assertion.tags,
        &assertion.transitive_tag_keys,
        assertion.source_identity.as_deref(),
        scene.reading,
    )?;
    let is_listed =
        assertion.roles.iter().any(|pair| pair.role == call.role_arn && pair.provider == call.principal_arn);
    if !is_listed && !mistaken!(scene.reading, AssertionRolesIgnored) {
        return not_allowed("STS-32", "the assertion does not name this role with this provider");
    }
    let name = call.role_arn.rsplit('/').next().unwrap_or_default();
    if name.starts_with("AWSReservedSSO_") {
        return not_allowed("STS-32", "roles of IAM Identity Center are not assumed with an assertion");
    }
    check_account(&call.principal_arn, &call.role_arn, scene)?;
    let lasting = assertion
        .keys
        .entries()
        .iter()
        .filter(|(key, _)| LASTING_SAML_KEYS.contains(&key.folded().as_str()))
        .cloned();
    let lasting_keys = Context::from_entries(lasting).unwrap_or_default();
    let sign_in = SignIn {
        action: "sts:AssumeRoleWithSAML",
        caller: Caller::Saml { provider: call.principal_arn.clone() },
        role_arn: &call.role_arn,
        session_name: &session_name,
        duration_seconds: call.duration_seconds,
        session_end: assertion.session_not_on_or_after,
        tags: &assertion.tags,
        transitive_keys: &assertion.transitive_tag_keys,
        source_identity: assertion.source_identity.as_deref(),
        policy: call.policy.as_ref(),
        policy_arns: &call.policy_arns,
        keys: assertion.keys.clone(),
        lasting_keys,
        federated_provider: None,
    };
    complete(scene, &sign_in)
}

// Rule: STS-30.
fn genuine_assertion<'w>(scene: &'w Scene<'_>, call: &AssumeRoleWithSaml) -> Result<&'w Assertion, Failure> {
    let has_provider = account_of(&call.principal_arn)
        .and_then(|account| scene.world.accounts.get(account))
        .is_some_and(|account| account.saml_providers.contains(&call.principal_arn));
    let found = scene.world.assertions.get(&call.saml_assertion);
    match found.filter(|found| has_provider && found.provider == call.principal_arn) {
        Some(found) => {
            check_genuine(scene, found.genuineness, found.not_on_or_after)?;
            Ok(found)
        }
        None => unsound("no provider of this name has signed the assertion"),
    }
}

fn unsound<T>(message: &str) -> Result<T, Failure> {
    refuse(RefusalCode::InvalidIdentityToken, "STS-30", message)
}

/// The oracle's word on a signature, and the time.
// Rule: STS-30.
fn check_genuine(scene: &Scene<'_>, genuineness: Genuineness, end: Option<Instant>) -> Result<(), Failure> {
    match genuineness {
        Genuineness::Forged => return unsound("the signature or the audience is wrong"),
        Genuineness::Rejected => {
            let message = "the identity provider does not stand by it";
            return refuse(RefusalCode::IdpRejectedClaim, "STS-30", message);
        }
        Genuineness::Genuine => {}
    }
    if end.is_some_and(|end| scene.step.time >= end) && !mistaken!(scene.reading, ExpiredAssertionsGood) {
        return refuse(RefusalCode::ExpiredToken, "STS-30", "its time is over");
    }
    Ok(())
}

/// The session name of an assertion; where it is missing or illegal, the assertion is no good (section 14, STS-3).
// Rules: STS-3, STS-32.
fn attribute_name(assertion: &Assertion) -> Result<String, Failure> {
    match &assertion.role_session_name {
        Some(name) if parameter::check_session_name(name).is_ok() => Ok(name.clone()),
        Some(_) => unsound("the attribute RoleSessionName is no session name"),
        None => unsound("the assertion has no attribute RoleSessionName"),
    }
}

fn account_of(arn: &str) -> Option<&str> {
    Arn::parse(arn).map(|arn| arn.account)
}

/// The provider belongs to the role's account.
// Rule: STS-33.
fn check_account(provider: &str, role: &str, scene: &Scene<'_>) -> Result<(), Failure> {
    if account_of(provider) == account_of(role) || mistaken!(scene.reading, ForeignProvidersTrusted) {
        Ok(())
    } else {
        not_allowed("STS-33", "the provider belongs to another account than the role")
    }
}

// Rules: STS-30, STS-31, STS-33, STS-34, STS-35, STS-39.
pub(super) fn with_web_identity(
    scene: &mut Scene<'_>,
    call: &AssumeRoleWithWebIdentity,
) -> Result<Answer, Failure> {
    parameter::check_role_arn(&call.role_arn)?;
    parameter::check_session_name(&call.role_session_name)?;
    parameter::check_length("WebIdentityToken", &call.web_identity_token, 4, 20_000)?;
    if let Some(id) = &call.provider_id {
        parameter::check_length("ProviderId", id, 4, 2048)?;
        if !OAUTH.contains(&id.as_str()) {
            return parameter::invalid("ProviderId is for OAuth 2.0 providers only");
        }
    }
    parameter::check_policies(call.policy.as_ref(), &call.policy_arns)?;
    check_unsigned(scene, "sts:AssumeRoleWithWebIdentity")?;
    let token = genuine_token(scene, call)?.clone();
    check_attributes(
        &token.tags,
        &token.transitive_tag_keys,
        token.source_identity.as_deref(),
        scene.reading,
    )?;
    let is_built_in = BUILT_IN.contains(&token.provider.as_str());
    if !is_built_in {
        check_account(&token.provider, &call.role_arn, scene)?;
    }
    let keys = token_keys(&token);
    let sign_in = SignIn {
        action: "sts:AssumeRoleWithWebIdentity",
        caller: Caller::WebIdentity { provider: token.provider.clone() },
        role_arn: &call.role_arn,
        session_name: &call.role_session_name,
        duration_seconds: call.duration_seconds,
        session_end: None,
        tags: &token.tags,
        transitive_keys: &token.transitive_tag_keys,
        source_identity: token.source_identity.as_deref(),
        policy: call.policy.as_ref(),
        policy_arns: &call.policy_arns,
        lasting_keys: if is_built_in { keys.clone() } else { Context::new() },
        keys: RequestKeys::new().all(&keys).one("aws:FederatedProvider", &token.provider).build(),
        federated_provider: Some(token.provider.clone()),
    };
    complete(scene, &sign_in)
}

/// `HOST:aud`, `HOST:sub`, and what else the token says.
// Rule: KEY-5.
fn token_keys(token: &IdentityToken) -> Context {
    let host = token.provider.split_once(":oidc-provider/").map_or(token.provider.as_str(), |(_, host)| host);
    let mut keys = token.keys.clone();
    for (claim, value) in [("aud", &token.audience), ("sub", &token.subject)] {
        keys.set(KeyName::new(format!("{host}:{claim}")), ContextValue::Single(value.clone()));
    }
    keys
}

// Rule: STS-30.
fn genuine_token<'w>(
    scene: &'w Scene<'_>,
    call: &AssumeRoleWithWebIdentity,
) -> Result<&'w IdentityToken, Failure> {
    let Some(token) = scene.world.tokens.get(&call.web_identity_token) else {
        return unsound("no provider has signed the token");
    };
    let is_built_in = BUILT_IN.contains(&token.provider.as_str());
    let audiences = registered_audiences(&scene.world, &token.provider);
    if !is_built_in && audiences.is_none() {
        return unsound("no account has the provider that has signed the token");
    }
    check_genuine(scene, token.genuineness, token.expires)?;
    if call.provider_id.as_ref().is_some_and(|id| *id != token.provider) {
        return unsound("another provider has signed the token");
    }
    if !is_built_in && !audiences.is_some_and(|audiences| audiences.contains(&token.audience)) {
        return unsound("the audience is not one of its provider");
    }
    Ok(token)
}

/// The audiences of a provider; `None` if no account has it.
fn registered_audiences<'w>(world: &'w World, provider: &str) -> Option<&'w BTreeSet<String>> {
    account_of(provider)
        .and_then(|account| world.accounts.get(account))
        .and_then(|account| account.oidc_providers.get(provider))
}

/// What an assertion or token says of tags and source identity; where STS-3 does not allow it, the assertion is no good.
// Rules: STS-3, STS-30, STS-39.
fn check_attributes(
    tags: &[(String, String)],
    transitive_keys: &[String],
    source_identity: Option<&str>,
    reading: Reading,
) -> Result<(), Failure> {
    let checked = parameter::check_tags(tags, reading)
        .and_then(|()| parameter::check_transitive_keys(transitive_keys, tags))
        .and_then(|()| source_identity.map_or(Ok(()), parameter::check_source_identity));
    match checked {
        Err(Failure::Refused(refusal, _)) => unsound(&refusal.message),
        other => other,
    }
}

/// Authorises the sign-in and issues the session.
// Rules: STS-5, STS-24, STS-31, STS-39.
fn complete(scene: &mut Scene<'_>, sign_in: &SignIn<'_>) -> Result<Answer, Failure> {
    let acting = Acting::unsigned(&scene.world, scene.step, scene.reading, sign_in.caller.clone());
    let keys = RequestKeys::new()
        .all(&sign_in.keys)
        .one("sts:RoleSessionName", sign_in.session_name)
        .maybe("sts:SourceIdentity", sign_in.source_identity)
        .tags(sign_in.tags)
        .keys("sts:TransitiveTagKeys", sign_in.transitive_keys.to_vec())
        .build();
    let own =
        if mistaken!(scene.reading, AssumeRoleCoversProviders) { "sts:AssumeRole" } else { sign_in.action };
    let mut actions = vec![own];
    if !sign_in.tags.is_empty() && super::tags_need_permission(scene.reading) {
        actions.push("sts:TagSession");
    }
    if sign_in.source_identity.is_some() {
        actions.push("sts:SetSourceIdentity");
    }
    for action in actions {
        acting.authorise(&acting.item(action, sign_in.role_arn).with(keys.clone()))?;
    }
    let Some(role) = scene.world.role_by_arn(sign_in.role_arn) else {
        return not_allowed("STS-17", "the role does not trust the caller");
    };
    let origin = Origin::Role { max_session_duration: role.found.max_session_duration };
    let seconds = granted(scene.world.profile, origin, sign_in.duration_seconds, scene.reading)?;
    let seconds = until_session_end(scene, seconds, sign_in.session_end)?;
    let (tags, transitive_keys) = Inherited::nothing().with(sign_in.tags, sign_in.transitive_keys, scene)?;
    let policies = session_policy::frozen(
        &scene.world,
        role.account_id,
        sign_in.policy,
        sign_in.policy_arns,
        scene.reading,
    )?;
    let (issued, expires) = span(scene, seconds)?;
    let session = Session {
        kind: SessionKind::Role {
            role: role.found.id.clone(),
            name: role.name.to_owned(),
            session_name: sign_in.session_name.to_owned(),
        },
        account: role.account_id.to_owned(),
        issued,
        expires,
        policies,
        tags,
        transitive_keys,
        source_identity: sign_in.source_identity.map(str::to_owned),
        mfa: Mfa::Unknown,
        parent: None,
        issuer: None,
        federated_provider: sign_in.federated_provider.clone(),
        provider_keys: sign_in.lasting_keys.clone(),
    };
    Ok(issue(scene, session))
}

/// Cuts a session where the provider ends it.
// Rule: STS-24.
fn until_session_end(scene: &Scene<'_>, seconds: i64, end: Option<Instant>) -> Result<i64, Failure> {
    let Some(end) = end.filter(|_| !mistaken!(scene.reading, SamlEndIgnored)) else { return Ok(seconds) };
    let left = end.epoch_seconds().saturating_sub(scene.step.time.whole_second().epoch_seconds());
    if left < 900 {
        let message = format!("the provider ends the session in {left} seconds; 900 are the least");
        return refuse(RefusalCode::ExpiredToken, "STS-24", message);
    }
    Ok(seconds.min(left))
}
