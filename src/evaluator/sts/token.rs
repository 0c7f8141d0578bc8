//! GetSessionToken and GetFederationToken (sections 5.5 and 5.6 of the rules).

use std::collections::BTreeSet;

use super::duration::{Origin, granted};
use super::{RequestKeys, issue, mfa, parameter, session_policy, span};
use crate::evaluator::acting::{Acting, ActingEntity};
use crate::evaluator::failure::Failure;
use crate::evaluator::interpreter::{Scene, denied};
use crate::iam::context::Context;
use crate::iam::decision::Reason;
use crate::iam::operation::{GetFederationToken, GetSessionToken};
use crate::iam::outcome::Answer;
use crate::iam::request::Caller;
use crate::iam::tags::Tags;
use crate::iam::world::{Federating, Mfa, Session, SessionKind};

/// Who may call: a user or root. The kind of its credentials was checked before.
struct LongTerm {
    account: String,
    partition: String,
    /// The user's id; `None` for root.
    user: Option<String>,
}

impl LongTerm {
    // Rule: STS-1.
    fn of(acting: &Acting<'_>) -> Result<LongTerm, Failure> {
        match (&acting.caller, acting.entity) {
            (Caller::User(user), ActingEntity::User(found)) => Ok(LongTerm {
                account: user.account.clone(),
                partition: user.partition.clone(),
                user: Some(found.found.id.clone()),
            }),
            (Caller::Root { partition, account }, _) => {
                Ok(LongTerm { account: account.clone(), partition: partition.clone(), user: None })
            }
            (_, _) => {
                let message = "only a user or root with long-term credentials may call this";
                Err(denied(Reason::DenyCredentialRestriction, "STS-1", message).into())
            }
        }
    }

    fn origin(&self) -> Origin {
        if self.user.is_some() { Origin::User } else { Origin::Root }
    }
}

// Rules: STS-1, STS-3, STS-43, STS-44, KEY-2.
pub(super) fn session_token(scene: &mut Scene<'_>, call: &GetSessionToken) -> Result<Answer, Failure> {
    let passed = mfa::passed(&call.mfa)?;
    let acting = Acting::identify(&scene.world, scene.step, scene.reading)?;
    acting.may_call("sts:GetSessionToken")?;
    let caller = LongTerm::of(&acting)?;
    let accepted = passed.map(|passed| mfa::accept(&acting, passed)).transpose()?;
    acting.authorise(&acting.item("sts:GetSessionToken", "*"))?;
    let seconds = granted(scene.world.profile, caller.origin(), call.duration_seconds, scene.reading)?;
    let (issued, expires) = span(scene, seconds)?;
    // A root session has no MFA, whatever was passed (D-101).
    let mfa = match (&accepted, &caller.user) {
        (Some(mfa::Accepted::User { .. }), Some(_)) => Mfa::Since(issued),
        (Some(_) | None, _) => Mfa::Absent,
    };
    let kind = match caller.user {
        Some(user) => SessionKind::User { user },
        None => SessionKind::Root,
    };
    let session = Session {
        kind,
        account: caller.account,
        issued,
        expires,
        policies: None,
        tags: Tags::new(),
        transitive_keys: BTreeSet::new(),
        source_identity: None,
        mfa,
        parent: None,
        issuer: None,
        federated_provider: None,
        provider_keys: Context::new(),
    };
    mfa::mark_used(scene, accepted, &call.mfa);
    Ok(issue(scene, session))
}

// Rules: STS-1, STS-3, STS-46, STS-47, STS-48.
pub(super) fn federation_token(scene: &mut Scene<'_>, call: &GetFederationToken) -> Result<Answer, Failure> {
    parameter::check_federation_name(&call.name)?;
    parameter::check_policies(call.policy.as_ref(), &call.policy_arns)?;
    parameter::check_tags(&call.tags, scene.reading)?;
    let acting = Acting::identify(&scene.world, scene.step, scene.reading)?;
    acting.may_call("sts:GetFederationToken")?;
    let caller = LongTerm::of(&acting)?;
    if caller.user.is_some() {
        let arn = format!("arn:{}:sts::{}:federated-user/{}", caller.partition, caller.account, call.name);
        let keys = RequestKeys::new().tags(&call.tags).build();
        let mut actions = vec!["sts:GetFederationToken"];
        if !call.tags.is_empty() && super::tags_need_permission(scene.reading) {
            actions.push("sts:TagSession");
        }
        for action in actions {
            acting.authorise(&acting.item(action, &arn).with(keys.clone()))?;
        }
    }
    let seconds = granted(scene.world.profile, caller.origin(), call.duration_seconds, scene.reading)?;
    let policies = session_policy::frozen(
        &scene.world,
        &caller.account,
        call.policy.as_ref(),
        &call.policy_arns,
        scene.reading,
    )?;
    let (issued, expires) = span(scene, seconds)?;
    let source = caller.user.map_or(Federating::Root, Federating::User);
    let session = Session {
        kind: SessionKind::Federated { name: call.name.clone(), source },
        account: caller.account,
        issued,
        expires,
        policies,
        tags: call.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect(),
        transitive_keys: BTreeSet::new(),
        source_identity: None,
        mfa: Mfa::Unknown,
        parent: None,
        issuer: None,
        federated_provider: None,
        provider_keys: Context::new(),
    };
    Ok(issue(scene, session))
}
