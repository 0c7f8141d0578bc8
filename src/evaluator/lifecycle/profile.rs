//! Instance profiles (PASS-9); putting a role into one passes it to EC2 (section 14, PASS-1).

use super::{Authorised, authorise, entity, no_such};
use crate::evaluator::acting::Acting;
use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::interpreter::Scene;
use crate::evaluator::passing;
use crate::evaluator::reading::mistaken;
use crate::iam::context::Context;
use crate::iam::operation::{Passed, PassedToService, Passing};
use crate::iam::outcome::{Answer, Created, RefusalCode};
use crate::iam::world::InstanceProfile;

/// The service that takes up the roles of instance profiles.
const SERVICE: &str = "ec2.amazonaws.com";

/// The ARN of a profile; of one that is not there, the one that it would have without a path.
fn profile_arn(scene: &Scene<'_>, authorised: &Authorised, name: &str) -> String {
    let Authorised { account, partition } = authorised;
    let found = scene.world.accounts.get(account).and_then(|account| account.instance_profiles.get(name));
    let path = found.map_or("/", |profile| profile.path.as_str());
    format!("arn:{partition}:iam::{account}:instance-profile{path}{name}")
}

/// Authorises an action on a profile, which need not be there.
fn authorise_on(scene: &Scene<'_>, action: &str, name: &str) -> Result<(Authorised, String), Failure> {
    let (_, authorised) = super::caller(scene, action)?;
    let arn = profile_arn(scene, &authorised, name);
    let authorised = authorise(scene, action, &arn, Context::new())?;
    Ok((authorised, arn))
}

fn check_there(scene: &Scene<'_>, account: &str, name: &str) -> Result<(), Failure> {
    let account = scene.world.accounts.get(account);
    if account.is_some_and(|account| account.instance_profiles.contains_key(name)) {
        Ok(())
    } else {
        no_such(&format!("instance profile `{name}`"))
    }
}

pub(super) fn create(scene: &mut Scene<'_>, name: &str, path: &str) -> Result<Answer, Failure> {
    entity::check_path(path)?;
    let (_, caller) = super::caller(scene, "iam:CreateInstanceProfile")?;
    let arn = format!("arn:{}:iam::{}:instance-profile{path}{name}", caller.partition, caller.account);
    let authorised = authorise(scene, "iam:CreateInstanceProfile", &arn, Context::new())?;
    let Some(account) = scene.world.accounts.get_mut(&authorised.account) else {
        return no_such("account of the caller");
    };
    if account.instance_profiles.keys().any(|other| other.eq_ignore_ascii_case(name)) {
        let message = format!("there is an instance profile `{name}` already");
        return refuse(RefusalCode::EntityAlreadyExists, "GEN-9", message);
    }
    account.instance_profiles.insert(name.to_owned(), InstanceProfile { path: path.to_owned(), role: None });
    Ok(Answer::Created(Created { arn, id: None }))
}

pub(super) fn delete(scene: &mut Scene<'_>, name: &str) -> Result<Answer, Failure> {
    let (authorised, _) = authorise_on(scene, "iam:DeleteInstanceProfile", name)?;
    check_there(scene, &authorised.account, name)?;
    let Some(account) = scene.world.accounts.get_mut(&authorised.account) else {
        return no_such("account of the caller");
    };
    if account.instance_profiles.get(name).is_some_and(|profile| profile.role.is_some()) {
        return refuse(RefusalCode::DeleteConflict, "POL-11", "the instance profile still has a role");
    }
    account.instance_profiles.remove(name);
    Ok(Answer::Nothing)
}

// Rules: PASS-1, PASS-6, PASS-9, POL-13.
pub(super) fn add_role(scene: &mut Scene<'_>, name: &str, role: &str) -> Result<Answer, Failure> {
    const ACTION: &str = "iam:AddRoleToInstanceProfile";
    let (authorised, arn) = authorise_on(scene, ACTION, name)?;
    let Authorised { account, partition } = &authorised;
    let found = scene.world.role(account, role).map(|role| role.arn());
    let role_arn = found.clone().unwrap_or_else(|| format!("arn:{partition}:iam::{account}:role/{role}"));
    let passing = Passing {
        action: ACTION.to_owned(),
        resource: arn,
        passed: Passed::Role(role_arn.clone()),
        service: SERVICE.to_owned(),
        passed_to_service: PassedToService::Told,
    };
    let acting = Acting::identify(&scene.world, scene.step, scene.reading)?;
    passing::check_permission(&acting, &role_arn, &passing)?;
    check_there(scene, account, name)?;
    if found.is_none() {
        return no_such(&format!("role `{role}`"));
    }
    passing::check_trust(scene, &role_arn, SERVICE)?;
    let reading = scene.reading;
    let account = scene.world.accounts.get_mut(account);
    let Some(profile) = account.and_then(|account| account.instance_profiles.get_mut(name)) else {
        return no_such(&format!("instance profile `{name}`"));
    };
    if profile.role.is_some() && !mistaken!(reading, ProfileRoleReplaced) {
        return refuse(RefusalCode::LimitExceeded, "PASS-9", "the instance profile has a role already");
    }
    profile.role = Some(role.to_owned());
    Ok(Answer::Nothing)
}

// Rule: PASS-9.
pub(super) fn remove_role(scene: &mut Scene<'_>, name: &str, role: &str) -> Result<Answer, Failure> {
    let (authorised, _) = authorise_on(scene, "iam:RemoveRoleFromInstanceProfile", name)?;
    check_there(scene, &authorised.account, name)?;
    let account = scene.world.accounts.get_mut(&authorised.account);
    let profile = account.and_then(|account| account.instance_profiles.get_mut(name));
    match profile {
        Some(profile) if profile.role.as_deref() == Some(role) => {
            profile.role = None;
            Ok(Answer::Nothing)
        }
        Some(_) | None => no_such(&format!("role `{role}` in this instance profile")),
    }
}
