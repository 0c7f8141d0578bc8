//! AssumeRole (section 5.2 of the rules).

use std::collections::BTreeSet;

use super::duration::{Origin, granted};
use super::{RequestKeys, issue, mfa, parameter, session_policy, span};
use crate::evaluator::acting::{Acting, Decided};
use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::interpreter::{Scene, denied};
use crate::evaluator::reading::mistaken;
use crate::iam::context::Context;
use crate::iam::decision::{Decision, Reason};
use crate::iam::key::KeyName;
use crate::iam::operation::AssumeRole;
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::request::Caller;
use crate::iam::tags::Tags;
use crate::iam::world::{Mfa, Session, SessionKind};

// Rules: STS-1, STS-2, STS-5, STS-10, STS-14, STS-17, STS-20, STS-21.
pub(super) fn perform(scene: &mut Scene<'_>, call: &AssumeRole) -> Result<Answer, Failure> {
    let passed_code = check_parameters(scene, call)?;
    let acting = Acting::identify(&scene.world, scene.step, scene.reading)?;
    acting.may_call("sts:AssumeRole")?;
    let role = scene.world.role_by_arn(&call.role_arn);
    let accepted = match (role, passed_code) {
        (Some(_), Some(code)) => Some(mfa::accept(&acting, code)?),
        (_, _) => None,
    };
    let inherited = Inherited::of(&acting);
    let keys = keys(&acting, call, &inherited, accepted.is_some());
    for (action, more) in required_actions(&acting, call, &inherited) {
        let decided = acting.decide(&acting.item(action, &call.role_arn).with(keys.clone()))?;
        check(&acting, &decided, more)?;
    }
    // A role that does not exist trusts nobody, so that the decision has refused already (STS-17).
    let Some(role) = role else {
        return Err(
            denied(Reason::DenyImplicitResource, "STS-17", "the role does not trust the caller").into()
        );
    };
    let max_session_duration = role.found.max_session_duration;
    let origin = if acting.is_service() {
        Origin::Service
    } else if acting.role_session().is_some() {
        Origin::Chain { max_session_duration }
    } else {
        Origin::Role { max_session_duration }
    };
    let seconds = granted(scene.world.profile, origin, call.duration_seconds, scene.reading)?;
    let (tags, transitive_keys) = inherited.with(&call.tags, &call.transitive_tag_keys, scene)?;
    let source_identity = inherited.source_identity_with(call.source_identity.as_deref(), scene)?;
    let policies = session_policy::frozen(
        &scene.world,
        role.account_id,
        call.policy.as_ref(),
        &call.policy_arns,
        scene.reading,
    )?;
    let (issued, expires) = span(scene, seconds)?;
    let session = Session {
        kind: SessionKind::Role {
            role: role.found.id.clone(),
            name: role.name.to_owned(),
            session_name: call.role_session_name.clone(),
        },
        account: role.account_id.to_owned(),
        issued,
        expires,
        policies,
        tags,
        transitive_keys,
        source_identity,
        mfa: Mfa::Absent,
        parent: acting.session.map(|(name, _)| name.to_owned()),
        issuer: match &acting.caller {
            Caller::Service { name } => Some(name.clone()),
            Caller::Root { .. }
            | Caller::User(_)
            | Caller::RoleSession { .. }
            | Caller::FederatedSession { .. }
            | Caller::Saml { .. }
            | Caller::WebIdentity { .. }
            | Caller::Anonymous => None,
        },
        federated_provider: None,
        provider_keys: Context::new(),
    };
    mfa::mark_used(scene, accepted, &call.mfa);
    Ok(issue(scene, session))
}

// Rule: STS-3.
fn check_parameters<'c>(scene: &Scene<'_>, call: &'c AssumeRole) -> Result<Option<mfa::Passed<'c>>, Failure> {
    parameter::check_role_arn(&call.role_arn)?;
    parameter::check_session_name(&call.role_session_name)?;
    if let Some(id) = &call.external_id {
        parameter::check_external_id(id)?;
    }
    parameter::check_policies(call.policy.as_ref(), &call.policy_arns)?;
    parameter::check_tags(&call.tags, scene.reading)?;
    parameter::check_transitive_keys(&call.transitive_tag_keys, &call.tags)?;
    if let Some(identity) = &call.source_identity {
        parameter::check_source_identity(identity)?;
    }
    mfa::passed(&call.mfa)
}

/// What a new session has from the session that asks for it.
pub(super) struct Inherited {
    tags: Tags,
    source_identity: Option<String>,
}

impl Inherited {
    /// What a caller hands on: a role's session its transitive tags and its source identity.
    // Rules: STS-37, STS-40.
    fn of(acting: &Acting<'_>) -> Inherited {
        let Some((_, session)) = acting.session else { return Inherited::nothing() };
        let mut tags = Tags::new();
        if !mistaken!(acting.reading, TransitiveTagsLost) {
            for (key, value) in session.tags.iter() {
                let is_transitive = session.transitive_keys.contains(&KeyName::new(key));
                if is_transitive || mistaken!(acting.reading, AllTagsTransitive) {
                    tags.set(key, value);
                }
            }
        }
        let source_identity =
            session.source_identity.clone().filter(|_| !mistaken!(acting.reading, SourceIdentityLost));
        Inherited { tags, source_identity }
    }

    /// Nothing: there is no session that asks.
    pub(super) fn nothing() -> Inherited {
        Inherited { tags: Tags::new(), source_identity: None }
    }

    /// The tags of the new session, and the keys of those that it hands on in turn.
    // Rules: STS-36, STS-37, STS-38.
    pub(super) fn with(
        &self,
        passed: &[(String, String)],
        transitive: &[String],
        scene: &Scene<'_>,
    ) -> Result<(Tags, BTreeSet<KeyName>), Failure> {
        let mut tags = self.tags.clone();
        let mut keys: BTreeSet<KeyName> = tags.iter().map(|(key, _)| KeyName::new(key)).collect();
        for (key, value) in passed {
            if self.tags.value(key).is_some() && !mistaken!(scene.reading, TransitiveTagsOverridden) {
                let message = format!("the tag `{key}` is inherited and cannot be passed");
                return refuse(RefusalCode::ValidationError, "STS-38", message);
            }
            tags.set(key, value);
        }
        // A transitive key keeps the spelling of the tag that it names.
        let named = |key: &String| {
            let passed = passed.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(key));
            KeyName::new(passed.map_or(key.as_str(), |(tag, _)| tag.as_str()))
        };
        keys.extend(transitive.iter().map(named));
        Ok((tags, keys))
    }

    /// The source identity of the new session.
    // Rule: STS-40.
    fn source_identity_with(
        &self,
        passed: Option<&str>,
        scene: &Scene<'_>,
    ) -> Result<Option<String>, Failure> {
        match (&self.source_identity, passed) {
            (Some(own), Some(other)) if own != other && !mistaken!(scene.reading, SourceIdentityChanges) => {
                let message = format!("the source identity is `{own}` and stays so");
                refuse(RefusalCode::AccessDenied, "STS-40", message)
            }
            (own, passed) => Ok(passed.map(str::to_owned).or_else(|| own.clone())),
        }
    }
}

/// What of the caller's own side must allow an action beside the decision.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OwnSide {
    /// Nothing more.
    AsDecided,
    /// Its identity policies, boundary and session policies (STS-41).
    MustAllow,
}

/// The permissions that the call needs.
// Rules: STS-11, STS-41.
fn required_actions(
    acting: &Acting<'_>,
    call: &AssumeRole,
    inherited: &Inherited,
) -> Vec<(&'static str, OwnSide)> {
    let mut actions = vec![("sts:AssumeRole", OwnSide::AsDecided)];
    let has_tags = !call.tags.is_empty() || !inherited.tags.is_empty();
    if has_tags && super::tags_need_permission(acting.reading) {
        actions.push(("sts:TagSession", OwnSide::AsDecided));
    }
    if call.source_identity.is_some() || inherited.source_identity.is_some() {
        let is_chained =
            acting.role_session().is_some() && !mistaken!(acting.reading, SourceIdentityByTrustAlone);
        let own = if is_chained { OwnSide::MustAllow } else { OwnSide::AsDecided };
        actions.push(("sts:SetSourceIdentity", own));
    }
    actions
}

fn check(acting: &Acting<'_>, decided: &Decided, own: OwnSide) -> Result<(), Failure> {
    let explanation = &decided.explanation;
    if explanation.reason.decision() != Decision::Allow {
        return Err(acting.denial(decided));
    }
    let found = &explanation.findings;
    let missing = if own == OwnSide::AsDecided {
        None
    } else if !found.identity_allows {
        Some(Reason::DenyImplicitIdentity)
    } else if !found.boundary_allows {
        Some(Reason::DenyImplicitBoundary)
    } else if !found.session_allows {
        Some(Reason::DenyImplicitSession)
    } else {
        None
    };
    match missing {
        Some(reason) => Err(acting.denial_for(decided, reason, "STS-41")),
        None => Ok(()),
    }
}

/// The keys of the call.
// Rules: STS-13, STS-16, KEY-2, KEY-5.
fn keys(acting: &Acting<'_>, call: &AssumeRole, inherited: &Inherited, has_mfa: bool) -> Context {
    let identity = call.source_identity.as_deref().or(inherited.source_identity.as_deref());
    let external_id = call.external_id.as_deref().filter(|_| !mistaken!(acting.reading, ExternalIdIgnored));
    let keys = RequestKeys::new()
        .one("sts:RoleSessionName", &call.role_session_name)
        .maybe("sts:ExternalId", external_id)
        .maybe("sts:SourceIdentity", identity)
        .tags(&call.tags)
        .keys("sts:TransitiveTagKeys", call.transitive_tag_keys.clone());
    if has_mfa {
        keys.one("aws:MultiFactorAuthPresent", "true").one("aws:MultiFactorAuthAge", "0").build()
    } else {
        keys.build()
    }
}
