//! Trust policies and policies of resources: saving one binds it to the users and roles that it names (PRIN-8, POL-12).

use super::authorise_on;
use super::document::{MOST_TRUST, check_size, read};
use super::holding;
use crate::evaluator::acting::{Acting, bound, bound_policy};
use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::interpreter::Scene;
use crate::evaluator::reading::mistaken;
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::context::Context;
use crate::iam::decision::Reason;
use crate::iam::operation::PolicyText;
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::policy::PolicyType;
use crate::iam::request::ResourcePolicyMark;
use crate::iam::tags::Tags;
use crate::iam::world::{Holder, Resource, StoredPolicy};

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

/// Saving the policy of a resource is a request on the resource like any other; one that the world did not list is listed from now on.
// Rules: PRIN-8, POL-13, GEN-8.
pub(super) fn put_resource_policy(
    scene: &mut Scene<'_>,
    action: &str,
    resource: &str,
    document: &PolicyText,
) -> Result<Answer, Failure> {
    let (reason, owner) = authorise_on_resource(scene, action, resource)?;
    let stored = read(document, PolicyType::Resource)?;
    let policy = bound_policy(&stored.policy, &scene.world, scene.reading);
    let found = scene.world.resources.entry(resource.to_owned()).or_insert_with(|| Resource {
        account: owner,
        policy: None,
        tags: Tags::new(),
        policy_mark: ResourcePolicyMark::Unmarked,
        passed_role: None,
    });
    found.policy = Some(policy);
    Ok(Answer::Allowed(reason))
}

pub(super) fn delete_resource_policy(
    scene: &mut Scene<'_>,
    action: &str,
    resource: &str,
) -> Result<Answer, Failure> {
    let (reason, _) = authorise_on_resource(scene, action, resource)?;
    if let Some(found) = scene.world.resources.get_mut(resource) {
        found.policy = None;
    }
    Ok(Answer::Allowed(reason))
}

/// Why the request is allowed, and who owns the resource if nothing is known of it.
// Rule: GEN-8.
fn authorise_on_resource(
    scene: &Scene<'_>,
    action: &str,
    resource: &str,
) -> Result<(Reason, String), Failure> {
    let acting = Acting::identify(&scene.world, scene.step, scene.reading)?;
    let reason = acting.authorise(&acting.item(action, resource))?;
    let in_arn = Arn::parse(resource).map(|arn| arn.account).filter(|account| is_account_id(account));
    let owner = in_arn.or(acting.caller.account()).unwrap_or_default();
    Ok((reason, owner.to_owned()))
}
