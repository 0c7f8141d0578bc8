//! Deleting users, groups and roles (POL-10, POL-11, STS-63).

use super::{authorise_on, holding};
use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::interpreter::Scene;
use crate::evaluator::reading::mistaken;
use crate::iam::context::Context;
use crate::iam::operation::DeletionBy;
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::world::{Account, Holder, HolderPolicies, LoginProfile};

// Rules: POL-10, POL-11.
pub(super) fn delete(
    scene: &mut Scene<'_>,
    action: &str,
    holder: &Holder,
    by: DeletionBy,
) -> Result<Answer, Failure> {
    let authorised = authorise_on(scene, action, holder, Context::new())?;
    holding::check_there(scene, &authorised.account, holder)?;
    holding::check_modifiable(scene, &authorised.account, holder)?;
    let reading = scene.reading;
    let Some(account) = scene.world.accounts.get_mut(&authorised.account) else {
        return Ok(Answer::Nothing);
    };
    match by {
        DeletionBy::Api if mistaken!(reading, DeletionWithoutConflicts) => {}
        DeletionBy::Api => {
            if let Some(obstacle) = obstacle(account, holder) {
                let message = format!("{holder} still has {obstacle}");
                return refuse(RefusalCode::DeleteConflict, "POL-11", message);
            }
        }
        DeletionBy::Console => {}
    }
    match holder {
        Holder::User(name) => {
            account.users.remove(name);
        }
        Holder::Group(name) => {
            account.groups.remove(name);
            for user in account.users.values_mut() {
                user.groups.remove(name);
            }
        }
        Holder::Role(name) => {
            account.roles.remove(name);
            for profile in account.instance_profiles.values_mut() {
                profile.role = profile.role.take().filter(|role| role != name);
            }
        }
    }
    Ok(Answer::Nothing)
}

/// What still hangs on the entity, if anything does.
// Rule: POL-11.
fn obstacle(account: &Account, holder: &Holder) -> Option<&'static str> {
    let of_policies = |policies: &HolderPolicies| {
        if !policies.inline.is_empty() {
            Some("inline policies")
        } else if !policies.attached.is_empty() {
            Some("attached policies")
        } else {
            None
        }
    };
    match holder {
        Holder::User(name) => {
            let user = account.users.get(name)?;
            of_policies(&user.policies).or(if !user.groups.is_empty() {
                Some("memberships of groups")
            } else if !user.access_keys.is_empty() {
                Some("access keys")
            } else if !user.mfa_devices.is_empty() {
                Some("MFA devices")
            } else if user.login_profile == LoginProfile::Present {
                Some("a login profile")
            } else {
                None
            })
        }
        Holder::Group(name) => {
            let group = account.groups.get(name)?;
            let has_members = account.users.values().any(|user| user.groups.contains(name));
            of_policies(&group.policies).or(has_members.then_some("members"))
        }
        Holder::Role(name) => {
            let role = account.roles.get(name)?;
            let in_profile =
                account.instance_profiles.values().any(|profile| profile.role.as_ref() == Some(name));
            of_policies(&role.policies).or(in_profile.then_some("instance profiles"))
        }
    }
}
