//! What users, groups and roles hold, and who is in which group.

use super::{authorise_on, no_such};
use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::interpreter::Scene;
use crate::evaluator::reading::mistaken;
use crate::iam::context::Context;
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::world::{Holder, HolderPolicies};

/// How many groups a user may be in (POL-8).
const MOST_GROUPS: usize = 10;

/// What a holder holds, to be changed.
pub(super) struct Held<'w> {
    pub(super) policies: &'w mut HolderPolicies,
    /// The boundary; `None` for a group, which cannot have one.
    pub(super) boundary: Option<&'w mut Option<String>>,
}

/// What a holder holds.
pub(super) fn held<'w>(
    scene: &'w mut Scene<'_>,
    account: &str,
    holder: &Holder,
) -> Result<Held<'w>, Failure> {
    let found = scene.world.accounts.get_mut(account).and_then(|account| match holder {
        Holder::User(name) => {
            let user = account.users.get_mut(name)?;
            Some(Held { policies: &mut user.policies, boundary: Some(&mut user.boundary) })
        }
        Holder::Group(name) => {
            let group = account.groups.get_mut(name)?;
            Some(Held { policies: &mut group.policies, boundary: None })
        }
        Holder::Role(name) => {
            let role = account.roles.get_mut(name)?;
            Some(Held { policies: &mut role.policies, boundary: Some(&mut role.boundary) })
        }
    });
    match found {
        Some(held) => Ok(held),
        None => no_such(&holder.to_string()),
    }
}

/// The boundary that the holder has, as a key of the calls about its policies.
// Rule: KEY-5.
pub(super) fn boundary_of(scene: &Scene<'_>, holder: &Holder) -> Option<String> {
    let (_, authorised) = super::caller(scene, "iam:AttachUserPolicy").ok()?;
    let account = &authorised.account;
    match holder {
        Holder::User(name) => scene.world.user(account, name)?.found.boundary.clone(),
        Holder::Role(name) => scene.world.role(account, name)?.found.boundary.clone(),
        Holder::Group(_) => None,
    }
}

/// Refuses a holder that is not there.
pub(super) fn check_there(scene: &Scene<'_>, account: &str, holder: &Holder) -> Result<(), Failure> {
    let is_there = scene.world.accounts.get(account).is_some_and(|account| match holder {
        Holder::User(name) => account.users.contains_key(name),
        Holder::Group(name) => account.groups.contains_key(name),
        Holder::Role(name) => account.roles.contains_key(name),
    });
    if is_there { Ok(()) } else { no_such(&holder.to_string()) }
}

/// Refuses to change a service-linked role, which is its service's.
// Rules: POL-12, GEN-13.
pub(super) fn check_modifiable(scene: &Scene<'_>, account: &str, holder: &Holder) -> Result<(), Failure> {
    let Holder::Role(name) = holder else { return Ok(()) };
    let is_linked =
        scene.world.role(account, name).is_some_and(|role| role.found.path.starts_with("/aws-service-role/"));
    if is_linked && !mistaken!(scene.reading, ServiceLinkedRolesModifiable) {
        let message = format!("{holder} is linked to a service, which alone may change it");
        return refuse(RefusalCode::UnmodifiableEntity, "POL-12", message);
    }
    Ok(())
}

// Rule: POL-8.
pub(super) fn join(scene: &mut Scene<'_>, user: &str, group: &str) -> Result<Answer, Failure> {
    let holder = Holder::Group(group.to_owned());
    let authorised = authorise_on(scene, "iam:AddUserToGroup", &holder, Context::new())?;
    check_there(scene, &authorised.account, &holder)?;
    let reading = scene.reading;
    let found = scene.world.accounts.get_mut(&authorised.account);
    let Some(user) = found.and_then(|account| account.users.get_mut(user)) else {
        return no_such(&format!("user `{user}`"));
    };
    if user.groups.contains(group) {
        return Ok(Answer::Nothing);
    }
    if user.groups.len() >= MOST_GROUPS && !mistaken!(reading, GroupsUnlimited) {
        let message = format!("the user is in {MOST_GROUPS} groups; take it out of one first");
        return refuse(RefusalCode::LimitExceeded, "POL-8", message);
    }
    user.groups.insert(group.to_owned());
    Ok(Answer::Nothing)
}

// Rules: POL-8, POL-14.
pub(super) fn leave(scene: &mut Scene<'_>, user: &str, group: &str) -> Result<Answer, Failure> {
    let holder = Holder::Group(group.to_owned());
    let authorised = authorise_on(scene, "iam:RemoveUserFromGroup", &holder, Context::new())?;
    check_there(scene, &authorised.account, &holder)?;
    let found = scene.world.accounts.get_mut(&authorised.account);
    let Some(user) = found.and_then(|account| account.users.get_mut(user)) else {
        return no_such(&format!("user `{user}`"));
    };
    if user.groups.remove(group) {
        Ok(Answer::Nothing)
    } else {
        no_such(&format!("member of {holder} of this name"))
    }
}
