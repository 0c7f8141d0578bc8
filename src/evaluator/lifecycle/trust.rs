//! Trust policies and policies of resources: saving one binds it to the users and roles that it names (PRIN-8, POL-12).

use super::document::{MOST_TRUST, check_size, read};
use super::holding;
use super::{authorise, authorise_on};
use crate::evaluator::acting::{bound, bound_policy};
use crate::evaluator::failure::{Failure, Unusable, refuse};
use crate::evaluator::interpreter::Scene;
use crate::evaluator::reading::mistaken;
use crate::iam::context::Context;
use crate::iam::operation::PolicyText;
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::policy::PolicyType;
use crate::iam::world::{Holder, StoredPolicy};

/// A trust policy that is saved now: valid, not too long, and naming nobody who is not there.
// Rules: GRAM-13, GRAM-27, PRIN-8, POL-13.
pub(super) fn saved(scene: &Scene<'_>, document: &PolicyText) -> Result<StoredPolicy, Failure> {
    let stored = read(document, PolicyType::Trust)?;
    check_size(stored.size, MOST_TRUST)?;
    if let Some(stranger) = scene.world.stranger_of(&stored.policy)
        && !mistaken!(scene.reading, StrangersTrusted)
    {
        let message = format!("there is no `{stranger}` (V-PRINCIPAL-UNKNOWN)");
        return refuse(RefusalCode::MalformedPolicyDocument, "GRAM-13", message);
    }
    Ok(bound(&stored, &scene.world, scene.reading))
}

// Rules: POL-12, POL-13.
pub(super) fn update(scene: &mut Scene<'_>, role: &str, document: &PolicyText) -> Result<Answer, Failure> {
    let holder = Holder::Role(role.to_owned());
    let authorised = authorise_on(scene, "iam:UpdateAssumeRolePolicy", &holder, Context::new())?;
    holding::check_there(scene, &authorised.account, &holder)?;
    holding::check_modifiable(scene, &authorised.account, &holder)?;
    let stored = saved(scene, document)?;
    let found = scene.world.accounts.get_mut(&authorised.account);
    if let Some(found) = found.and_then(|account| account.roles.get_mut(role)) {
        found.trust = stored;
    }
    Ok(Answer::Nothing)
}

/// Saving the policy of a resource is a request on the resource like any other.
// Rules: PRIN-8, POL-13.
pub(super) fn put_resource_policy(
    scene: &mut Scene<'_>,
    action: &str,
    resource: &str,
    document: &PolicyText,
) -> Result<Answer, Failure> {
    check_known(scene, resource)?;
    authorise(scene, action, resource, Context::new())?;
    let stored = read(document, PolicyType::Resource)?;
    let policy = bound_policy(&stored.policy, &scene.world, scene.reading);
    if let Some(found) = scene.world.resources.get_mut(resource) {
        found.policy = Some(policy);
    }
    Ok(Answer::Nothing)
}

pub(super) fn delete_resource_policy(
    scene: &mut Scene<'_>,
    action: &str,
    resource: &str,
) -> Result<Answer, Failure> {
    check_known(scene, resource)?;
    authorise(scene, action, resource, Context::new())?;
    if let Some(found) = scene.world.resources.get_mut(resource) {
        found.policy = None;
    }
    Ok(Answer::Nothing)
}

fn check_known(scene: &Scene<'_>, resource: &str) -> Result<(), Failure> {
    if scene.world.resources.contains_key(resource) {
        Ok(())
    } else {
        Err(Unusable::new("resource", format!("the world has no resource `{resource}`")).into())
    }
}
