//! Policies as objects, and their holders (section 7 of the rules).
//!
//! Every call is an ordinary request (POL-16): once its names are found to be names, it is authorised on what it is about. Then come, in
//! this order, what it names (`NoSuchEntity`), what cannot be changed, what it says, and what would not fit.

mod attachment;
mod credential;
mod deletion;
mod document;
mod entity;
mod holding;
mod inline;
mod managed;
mod profile;
mod syntax;
mod trust;

use super::acting::{Acting, Item};
use super::failure::{Failure, refuse};
use super::interpreter::Scene;
use super::sts::RequestKeys;
use crate::iam::context::Context;
use crate::iam::operation::{AccountOperation, PolicyOperation};
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::world::Holder;
pub(super) use managed::aws_changes_policy;

/// Who calls, from which account, on what.
struct Authorised {
    /// The id of the caller's account, whose entities the call is about.
    account: String,
    /// Its partition.
    partition: String,
}

pub(super) fn on_policies(scene: &mut Scene<'_>, operation: &PolicyOperation) -> Result<Answer, Failure> {
    syntax::check_policies(operation)?;
    match operation {
        PolicyOperation::CreatePolicy { name, path, document } => {
            managed::create(scene, name, path, document)
        }
        PolicyOperation::CreatePolicyVersion { policy, document, default } => {
            managed::create_version(scene, policy, document, *default)
        }
        PolicyOperation::SetDefaultPolicyVersion { policy, version } => {
            managed::set_default(scene, policy, *version)
        }
        PolicyOperation::DeletePolicyVersion { policy, version } => {
            managed::delete_version(scene, policy, *version)
        }
        PolicyOperation::DeletePolicy { policy } => managed::delete(scene, policy),
        PolicyOperation::TagPolicy { policy, tags } => managed::tag(scene, policy, tags),
        PolicyOperation::Attach { holder, policy } => attachment::attach(scene, holder, policy),
        PolicyOperation::Detach { holder, policy } => attachment::detach(scene, holder, policy),
        PolicyOperation::PutInline { holder, name, document } => inline::put(scene, holder, name, document),
        PolicyOperation::DeleteInline { holder, name } => inline::delete(scene, holder, name),
        PolicyOperation::PutBoundary { holder, policy } => attachment::put_boundary(scene, holder, policy),
        PolicyOperation::DeleteBoundary { holder } => attachment::delete_boundary(scene, holder),
        PolicyOperation::UpdateTrust { role, document } => trust::update(scene, role, document),
        PolicyOperation::PutResourcePolicy { action, resource, document } => {
            trust::put_resource_policy(scene, action, resource, document)
        }
        PolicyOperation::DeleteResourcePolicy { action, resource } => {
            trust::delete_resource_policy(scene, action, resource)
        }
    }
}

pub(super) fn on_accounts(scene: &mut Scene<'_>, operation: &AccountOperation) -> Result<Answer, Failure> {
    syntax::check_accounts(operation)?;
    let action = operation.action();
    match operation {
        AccountOperation::CreateUser { name, path, boundary, tags } => {
            let new = entity::New { action, name, path, boundary: boundary.as_deref(), tags };
            entity::create_user(scene, &new)
        }
        AccountOperation::CreateGroup { name, path } => {
            entity::create_group(scene, &entity::New { action, name, path, boundary: None, tags: &[] })
        }
        AccountOperation::CreateRole { name, path, trust, max_session_duration, boundary, tags } => {
            let new = entity::New { action, name, path, boundary: boundary.as_deref(), tags };
            entity::create_role(scene, &new, trust, *max_session_duration)
        }
        AccountOperation::UpdateRole { name, max_session_duration } => {
            entity::update_role(scene, name, *max_session_duration)
        }
        AccountOperation::Delete { holder, by } => deletion::delete(scene, action, holder, *by),
        AccountOperation::AddUserToGroup { user, group } => holding::join(scene, user, group),
        AccountOperation::RemoveUserFromGroup { user, group } => holding::leave(scene, user, group),
        AccountOperation::Tag { holder, tags } => entity::tag(scene, action, holder, tags),
        AccountOperation::Untag { holder, tag_keys } => entity::untag(scene, action, holder, tag_keys),
        AccountOperation::CreateAccessKey { user } => credential::create_key(scene, user),
        AccountOperation::UpdateAccessKey { user, key, state } => {
            credential::update_key(scene, user, key, *state)
        }
        AccountOperation::DeleteAccessKey { user, key } => credential::delete_key(scene, user, key),
        AccountOperation::CreateLoginProfile { user } => credential::create_password(scene, user),
        AccountOperation::DeleteLoginProfile { user } => credential::delete_password(scene, user),
        AccountOperation::EnableMfaDevice { user, serial_number, codes } => {
            credential::enable_device(scene, user, serial_number, codes)
        }
        AccountOperation::DeactivateMfaDevice { user, serial_number } => {
            credential::deactivate_device(scene, user, serial_number)
        }
        AccountOperation::CreateInstanceProfile { name, path } => profile::create(scene, name, path),
        AccountOperation::DeleteInstanceProfile { name } => profile::delete(scene, name),
        AccountOperation::AddRoleToInstanceProfile { profile, role } => {
            profile::add_role(scene, profile, role)
        }
        AccountOperation::RemoveRoleFromInstanceProfile { profile, role } => {
            profile::remove_role(scene, profile, role)
        }
    }
}

/// The caller of an operation on its own account, before anything is authorised.
fn caller<'s>(scene: &'s Scene<'_>, action: &str) -> Result<(Acting<'s>, Authorised), Failure> {
    let acting = Acting::identify(&scene.world, scene.step, scene.reading)?;
    acting.may_call(action)?;
    match acting.caller.account() {
        Some(account) => {
            let partition = scene
                .world
                .accounts
                .get(account)
                .map(|account| account.partition.clone())
                .unwrap_or_default();
            let account = account.to_owned();
            Ok((acting, Authorised { account, partition }))
        }
        // Nothing in IAM has a policy that could let a service in.
        None => {
            let item = acting.item(action, "*");
            acting.authorise(&item)?;
            refuse(RefusalCode::AccessDenied, "POL-16", "the caller has no account of its own")
        }
    }
}

/// Authorises an action on an entity of the caller's account.
// Rule: POL-16.
fn authorise_on(
    scene: &Scene<'_>,
    action: &str,
    holder: &Holder,
    keys: Context,
) -> Result<Authorised, Failure> {
    let (acting, authorised) = caller(scene, action)?;
    let resource = holder_arn(scene, &authorised, holder);
    acting.authorise(&acting.item(action, &resource).with(keys))?;
    Ok(authorised)
}

/// Authorises an action on an ARN.
// Rule: POL-16.
fn authorise(scene: &Scene<'_>, action: &str, resource: &str, keys: Context) -> Result<Authorised, Failure> {
    let (acting, authorised) = caller(scene, action)?;
    let item: Item = acting.item(action, resource).with(keys);
    acting.authorise(&item)?;
    Ok(authorised)
}

/// The ARN of a holder; of one that is not there, the one that it would have without a path.
fn holder_arn(scene: &Scene<'_>, authorised: &Authorised, holder: &Holder) -> String {
    let Authorised { account, partition } = authorised;
    let found = match holder {
        Holder::User(name) => scene.world.user(account, name).map(|user| user.arn()),
        Holder::Group(name) => scene.world.group(account, name).map(|group| group.arn()),
        Holder::Role(name) => scene.world.role(account, name).map(|role| role.arn()),
    };
    found.unwrap_or_else(|| format!("arn:{partition}:iam::{account}:{}/{}", holder.kind(), holder.name()))
}

/// The keys of a call that attaches, detaches or limits.
// Rule: KEY-5.
fn policy_keys(policy: Option<&str>, boundary: Option<&str>) -> Context {
    RequestKeys::new().maybe("iam:PolicyARN", policy).maybe("iam:PermissionsBoundary", boundary).build()
}

fn no_such<T>(what: &str) -> Result<T, Failure> {
    refuse(RefusalCode::NoSuchEntity, "POL-16", format!("there is no {what}"))
}
