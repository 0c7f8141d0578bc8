//! Access keys, passwords and MFA devices of users (STS-64, POL-11).

use std::collections::{BTreeMap, BTreeSet};

use super::{authorise, authorise_on, caller, no_such};
use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::interpreter::Scene;
use crate::iam::context::Context;
use crate::iam::operation::KeyOf;
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::request::Caller;
use crate::iam::world::{
    AccessKey, Account, Holder, IdKind, KeyState, LoginProfile, MfaDevice, OneTimeCode, User,
};

/// Whose keys: an account, and in it a user or root.
struct KeyHolder {
    account: String,
    user: Option<String>,
}

/// Authorises a call about access keys.
// Rule: POL-16.
fn key_holder(scene: &Scene<'_>, action: &str, user: &KeyOf) -> Result<KeyHolder, Failure> {
    let name = match user {
        KeyOf::User(name) => name.clone(),
        KeyOf::Caller => {
            let (acting, _) = caller(scene, action)?;
            match &acting.caller {
                Caller::User(user) => user.name.clone(),
                Caller::Root { partition, account } => {
                    let root = format!("arn:{partition}:iam::{account}:root");
                    let authorised = authorise(scene, action, &root, Context::new())?;
                    return Ok(KeyHolder { account: authorised.account, user: None });
                }
                Caller::RoleSession { .. }
                | Caller::FederatedSession { .. }
                | Caller::Service { .. }
                | Caller::Saml { .. }
                | Caller::WebIdentity { .. }
                | Caller::Anonymous => {
                    let message = "UserName is missing, and the caller is no user";
                    return refuse(RefusalCode::ValidationError, "POL-16", message);
                }
            }
        }
    };
    let holder = Holder::User(name.clone());
    let authorised = authorise_on(scene, action, &holder, Context::new())?;
    super::holding::check_there(scene, &authorised.account, &holder)?;
    Ok(KeyHolder { account: authorised.account, user: Some(name) })
}

fn keys<'w>(scene: &'w mut Scene<'_>, holder: &KeyHolder) -> Option<&'w mut BTreeMap<String, AccessKey>> {
    let account: &mut Account = scene.world.accounts.get_mut(&holder.account)?;
    match &holder.user {
        Some(name) => account.users.get_mut(name).map(|user| &mut user.access_keys),
        None => Some(&mut account.root_access_keys),
    }
}

pub(super) fn create_key(scene: &mut Scene<'_>, user: &KeyOf) -> Result<Answer, Failure> {
    let holder = key_holder(scene, "iam:CreateAccessKey", user)?;
    let id = scene.world.fresh_id(IdKind::AccessKey);
    if let Some(keys) = keys(scene, &holder) {
        keys.insert(id.clone(), AccessKey { state: KeyState::Active });
    }
    Ok(Answer::AccessKey(id))
}

// Rule: STS-64.
pub(super) fn update_key(
    scene: &mut Scene<'_>,
    user: &KeyOf,
    key: &str,
    state: KeyState,
) -> Result<Answer, Failure> {
    let holder = key_holder(scene, "iam:UpdateAccessKey", user)?;
    match keys(scene, &holder).and_then(|keys| keys.get_mut(key)) {
        Some(found) => {
            found.state = state;
            Ok(Answer::Nothing)
        }
        None => no_such(&format!("access key `{key}`")),
    }
}

// Rule: STS-64.
pub(super) fn delete_key(scene: &mut Scene<'_>, user: &KeyOf, key: &str) -> Result<Answer, Failure> {
    let holder = key_holder(scene, "iam:DeleteAccessKey", user)?;
    match keys(scene, &holder).and_then(|keys| keys.remove(key)) {
        Some(_) => Ok(Answer::Nothing),
        None => no_such(&format!("access key `{key}`")),
    }
}

/// The user that a call is about, once the call is authorised.
fn user<'w>(scene: &'w mut Scene<'_>, action: &str, name: &str) -> Result<&'w mut User, Failure> {
    let authorised = authorise_on(scene, action, &Holder::User(name.to_owned()), Context::new())?;
    let account = scene.world.accounts.get_mut(&authorised.account);
    match account.and_then(|account| account.users.get_mut(name)) {
        Some(user) => Ok(user),
        None => no_such(&format!("user `{name}`")),
    }
}

pub(super) fn create_password(scene: &mut Scene<'_>, name: &str) -> Result<Answer, Failure> {
    let user = user(scene, "iam:CreateLoginProfile", name)?;
    if user.login_profile == LoginProfile::Present {
        let message = format!("user `{name}` has a login profile already");
        return refuse(RefusalCode::EntityAlreadyExists, "POL-11", message);
    }
    user.login_profile = LoginProfile::Present;
    Ok(Answer::Nothing)
}

pub(super) fn delete_password(scene: &mut Scene<'_>, name: &str) -> Result<Answer, Failure> {
    let user = user(scene, "iam:DeleteLoginProfile", name)?;
    if user.login_profile == LoginProfile::Absent {
        return no_such(&format!("login profile of user `{name}`"));
    }
    user.login_profile = LoginProfile::Absent;
    Ok(Answer::Nothing)
}

/// Whether a user of the account, or its root user, has the device.
fn is_in_use(account: &Account, serial_number: &str) -> bool {
    account.root_mfa_devices.contains_key(serial_number)
        || account.users.values().any(|user| user.mfa_devices.contains_key(serial_number))
}

// Rule: STS-15.
pub(super) fn enable_device(
    scene: &mut Scene<'_>,
    name: &str,
    serial_number: &str,
    codes: &[String],
) -> Result<Answer, Failure> {
    let holder = Holder::User(name.to_owned());
    let authorised = authorise_on(scene, "iam:EnableMFADevice", &holder, Context::new())?;
    super::holding::check_there(scene, &authorised.account, &holder)?;
    let account = scene.world.accounts.get_mut(&authorised.account);
    if account.as_ref().is_some_and(|account| is_in_use(account, serial_number)) {
        return refuse(RefusalCode::EntityAlreadyExists, "POL-11", "somebody has this device already");
    }
    let Some(user) = account.and_then(|account| account.users.get_mut(name)) else {
        return no_such(&format!("user `{name}`"));
    };
    let codes = codes.iter().map(|code| (code.clone(), OneTimeCode::default())).collect();
    user.mfa_devices.insert(serial_number.to_owned(), MfaDevice { codes, used: BTreeSet::new() });
    Ok(Answer::Nothing)
}

pub(super) fn deactivate_device(
    scene: &mut Scene<'_>,
    name: &str,
    serial_number: &str,
) -> Result<Answer, Failure> {
    let user = user(scene, "iam:DeactivateMFADevice", name)?;
    match user.mfa_devices.remove(serial_number) {
        Some(_) => Ok(Answer::Nothing),
        None => no_such(&format!("device `{serial_number}` of user `{name}`")),
    }
}
