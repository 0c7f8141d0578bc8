//! Attaching managed policies, and permissions boundaries (POL-8, POL-12, POL-14, POL-15).

use super::holding::{self, Held};
use super::{authorise_on, no_such, policy_keys};
use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::interpreter::Scene;
use crate::evaluator::reading::mistaken;
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::world::Holder;

/// How many managed policies may be attached (POL-8).
fn most_attached(holder: &Holder) -> usize {
    match holder {
        Holder::User(_) | Holder::Group(_) => 10,
        Holder::Role(_) => 20,
    }
}

fn action(verb: &str, holder: &Holder, noun: &str) -> String {
    let kind = match holder {
        Holder::User(_) => "User",
        Holder::Group(_) => "Group",
        Holder::Role(_) => "Role",
    };
    format!("iam:{verb}{kind}{noun}")
}

/// Whether there is such a policy to be attached: one of AWS's, or of the account's own.
fn is_attachable(scene: &Scene<'_>, account: &str, policy: &str) -> bool {
    let own = scene.world.accounts.get(account).is_some_and(|account| account.policies.contains_key(policy));
    own || scene.world.aws_managed.contains_key(policy)
}

// Rules: POL-8, POL-12.
pub(super) fn attach(scene: &mut Scene<'_>, holder: &Holder, policy: &str) -> Result<Answer, Failure> {
    let keys = policy_keys(Some(policy), holding::boundary_of(scene, holder).as_deref());
    let authorised = authorise_on(scene, &action("Attach", holder, "Policy"), holder, keys)?;
    holding::check_there(scene, &authorised.account, holder)?;
    if !is_attachable(scene, &authorised.account, policy) {
        return no_such(&format!("policy `{policy}`"));
    }
    holding::check_modifiable(scene, &authorised.account, holder)?;
    let reading = scene.reading;
    let Held { policies, .. } = holding::held(scene, &authorised.account, holder)?;
    let most = most_attached(holder);
    if policies.attached.contains(policy) && !mistaken!(reading, AttachingTwiceCounts) {
        return Ok(Answer::Nothing);
    }
    if policies.attached.len() >= most && !mistaken!(reading, AttachmentsUnlimited) {
        let message = format!("{holder} has {most} managed policies; detach one first");
        return refuse(RefusalCode::LimitExceeded, "POL-8", message);
    }
    policies.attached.insert(policy.to_owned());
    Ok(Answer::Nothing)
}

// Rules: POL-8, POL-12, POL-14.
pub(super) fn detach(scene: &mut Scene<'_>, holder: &Holder, policy: &str) -> Result<Answer, Failure> {
    let keys = policy_keys(Some(policy), holding::boundary_of(scene, holder).as_deref());
    let authorised = authorise_on(scene, &action("Detach", holder, "Policy"), holder, keys)?;
    holding::check_there(scene, &authorised.account, holder)?;
    holding::check_modifiable(scene, &authorised.account, holder)?;
    let reading = scene.reading;
    let Held { policies, .. } = holding::held(scene, &authorised.account, holder)?;
    if !policies.attached.contains(policy) {
        return no_such(&format!("policy `{policy}` attached to {holder}"));
    }
    if !mistaken!(reading, DetachingWithoutEffect) {
        policies.attached.remove(policy);
    }
    Ok(Answer::Nothing)
}

// Rules: POL-12, POL-15.
pub(super) fn put_boundary(scene: &mut Scene<'_>, holder: &Holder, policy: &str) -> Result<Answer, Failure> {
    let keys = policy_keys(Some(policy), Some(policy));
    let authorised = authorise_on(scene, &action("Put", holder, "PermissionsBoundary"), holder, keys)?;
    holding::check_there(scene, &authorised.account, holder)?;
    if !is_attachable(scene, &authorised.account, policy) {
        return no_such(&format!("policy `{policy}`"));
    }
    holding::check_modifiable(scene, &authorised.account, holder)?;
    match holding::held(scene, &authorised.account, holder)?.boundary {
        Some(boundary) => *boundary = Some(policy.to_owned()),
        None => return no_boundary(),
    }
    Ok(Answer::Nothing)
}

// Rules: POL-12, POL-15.
pub(super) fn delete_boundary(scene: &mut Scene<'_>, holder: &Holder) -> Result<Answer, Failure> {
    let boundary = holding::boundary_of(scene, holder);
    let keys = policy_keys(boundary.as_deref(), boundary.as_deref());
    let authorised = authorise_on(scene, &action("Delete", holder, "PermissionsBoundary"), holder, keys)?;
    holding::check_there(scene, &authorised.account, holder)?;
    holding::check_modifiable(scene, &authorised.account, holder)?;
    let reading = scene.reading;
    match holding::held(scene, &authorised.account, holder)?.boundary {
        Some(boundary) if boundary.is_none() => no_such(&format!("boundary of {holder}")),
        Some(boundary) => {
            if !mistaken!(reading, BoundaryStays) {
                *boundary = None;
            }
            Ok(Answer::Nothing)
        }
        None => no_boundary(),
    }
}

fn no_boundary<T>() -> Result<T, Failure> {
    refuse(RefusalCode::ValidationError, "POL-15", "a group has no permissions boundary")
}
