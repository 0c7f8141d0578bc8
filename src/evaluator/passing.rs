//! Roles that are handed to services, and taken up by them (section 6 of the rules).

use super::acting::Acting;
use super::failure::{Failure, Unusable, refuse};
use super::interpreter::{Scene, denied};
use super::reading::mistaken;
use super::sts::{Origin, RequestKeys, check_session_name, granted, issue, span};
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::context::Context;
use crate::iam::decision::Reason;
use crate::iam::operation::{Passed, PassedToService, Passing};
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::request::{Caller, ResourcePolicyMark};
use crate::iam::tags::Tags;
use crate::iam::world::{Mfa, PassedRole, Resource, Session, SessionKind, World};

/// A call that hands a role to a service.
// Rules: PASS-1, PASS-2, PASS-7, PASS-9, EVAL-27.
pub(super) fn perform(scene: &mut Scene<'_>, passing: &Passing) -> Result<Answer, Failure> {
    let acting = Acting::identify(&scene.world, scene.step, scene.reading)?;
    acting.may_call(&passing.action)?;
    let role_arn = match &passing.passed {
        Passed::Role(arn) => arn.clone(),
        Passed::InstanceProfile(arn) => role_of_profile(&scene.world, arn)?,
    };
    let Some(account) = acting.caller.account().map(str::to_owned) else {
        return Err(foreign("the caller has no account"));
    };
    check_one_account(scene, &account, &role_arn, &passing.resource)?;
    let reason = acting.authorise(&acting.item(&passing.action, &passing.resource))?;
    check_permission(&acting, &role_arn, passing)?;
    check_trust(scene, &role_arn, &passing.service)?;
    let Some(role) = scene.world.role_by_arn(&role_arn) else {
        return refuse(RefusalCode::NoSuchEntity, "PASS-1", format!("there is no role `{role_arn}`"));
    };
    let passed = PassedRole {
        account: role.account_id.to_owned(),
        role: role.found.id.clone(),
        service: passing.service.clone(),
    };
    let resource = scene.world.resources.entry(passing.resource.clone()).or_insert_with(|| Resource {
        account,
        policy: None,
        tags: Tags::new(),
        policy_mark: ResourcePolicyMark::Unmarked,
        passed_role: None,
    });
    resource.passed_role = Some(passed);
    Ok(Answer::Allowed(reason))
}

/// The role of an instance profile.
// Rule: PASS-9.
fn role_of_profile(world: &World, arn: &str) -> Result<String, Failure> {
    let missing = || format!("there is no instance profile `{arn}`");
    let parsed = Arn::parse(arn).filter(|parsed| parsed.resource.starts_with("instance-profile/"));
    let found = parsed.and_then(|parsed| {
        let account = world.accounts.get(parsed.account)?;
        let name = parsed.resource.rsplit('/').next()?;
        let profile = account.instance_profiles.get(name)?;
        let whole = format!("instance-profile{}{name}", profile.path);
        (whole == parsed.resource).then_some((parsed.account, profile))
    });
    match found {
        None => refuse(RefusalCode::NoSuchEntity, "PASS-9", missing()),
        Some((account, profile)) => match profile.role.as_ref().and_then(|name| world.role(account, name)) {
            Some(role) => Ok(role.arn()),
            None => refuse(RefusalCode::ValidationError, "PASS-9", format!("`{arn}` has no role")),
        },
    }
}

fn foreign(message: &str) -> Failure {
    denied(Reason::DenyCrossAccountPass, "PASS-3", message).into()
}

/// Caller, role and receiving resource belong to one account.
// Rule: PASS-3.
fn check_one_account(scene: &Scene<'_>, account: &str, role: &str, resource: &str) -> Result<(), Failure> {
    if mistaken!(scene.reading, PassAcrossAccounts) {
        return Ok(());
    }
    let in_arn = |arn: &str| Arn::parse(arn).map(|arn| arn.account.to_owned());
    if in_arn(role).as_deref() != Some(account) {
        return Err(foreign("the role belongs to another account than the caller"));
    }
    let owner = match scene.world.resources.get(resource) {
        Some(found) => Some(found.account.clone()),
        None => in_arn(resource).filter(|account| is_account_id(account)),
    };
    match owner {
        Some(owner) if owner != account => {
            Err(foreign("the resource belongs to another account than the role"))
        }
        Some(_) | None => Ok(()),
    }
}

/// The permission `iam:PassRole` on the role.
// Rules: PASS-1, PASS-2, PASS-4, PASS-5.
pub(super) fn check_permission(acting: &Acting<'_>, role: &str, passing: &Passing) -> Result<(), Failure> {
    if mistaken!(acting.reading, PassingUnchecked) {
        return Ok(());
    }
    let told = match passing.passed_to_service {
        PassedToService::Told => Some(passing.service.as_str()),
        PassedToService::Untold => None,
    };
    let keys = RequestKeys::new()
        .maybe("iam:PassedToService", told.filter(|_| !mistaken!(acting.reading, PassedToServiceMissing)))
        .one("iam:AssociatedResourceArn", &passing.resource)
        .build();
    let item = acting.item("iam:PassRole", role).with(keys).without_resource_tags();
    acting.authorise(&item)?;
    Ok(())
}

/// The trust policy lets the service in, now that it receives the role.
// Rule: PASS-6.
pub(super) fn check_trust(scene: &Scene<'_>, role: &str, service: &str) -> Result<(), Failure> {
    if mistaken!(scene.reading, PassedWithoutTrust) {
        return Ok(());
    }
    let caller = Caller::Service { name: service.to_owned() };
    let service = Acting::unsigned(&scene.world, scene.step, scene.reading, caller);
    let decided = service.decide(&service.item("sts:AssumeRole", role))?;
    let explanation = &decided.explanation;
    if explanation.reason.decision() == crate::iam::decision::Decision::Allow {
        Ok(())
    } else {
        let message = format!("the role `{role}` does not trust the service");
        Err(denied(explanation.reason, "PASS-6", message).into())
    }
}

/// A service takes up the role that its resource was handed. Whoever passed it is not asked again.
// Rules: PASS-6, PASS-8, STS-6, STS-25.
pub(super) fn take_up(
    scene: &mut Scene<'_>,
    resource: &str,
    session_name: &str,
    duration_seconds: Option<i128>,
) -> Result<Answer, Failure> {
    let passed = scene.world.resources.get(resource).and_then(|found| found.passed_role.clone());
    let Some(passed) = passed else {
        let message = format!("`{resource}` was handed no role");
        return Err(Unusable::new("parameters/Resource", message).into());
    };
    check_session_name(session_name)?;
    let Some(role) = scene.world.role_by_id(&passed.role) else {
        let message = "the role that was handed over is gone";
        return Err(denied(Reason::DenyPrincipalGone, "STS-63", message).into());
    };
    check_trust(scene, &role.arn(), &passed.service)?;
    let seconds = granted(scene.world.profile, Origin::Service, duration_seconds, scene.reading)?;
    let (issued, expires) = span(scene, seconds)?;
    let session = Session {
        kind: SessionKind::Role {
            role: role.found.id.clone(),
            name: role.name.to_owned(),
            session_name: session_name.to_owned(),
        },
        account: role.account_id.to_owned(),
        issued,
        expires,
        policies: None,
        tags: Tags::new(),
        transitive_keys: std::collections::BTreeSet::new(),
        source_identity: None,
        mfa: Mfa::Absent,
        parent: None,
        issuer: Some(passed.service),
        federated_provider: None,
        provider_keys: Context::new(),
    };
    Ok(issue(scene, session))
}
