//! MFA codes of calls (STS-15): the oracle `mfa_valid`, and that a code is accepted once.

use super::parameter::{check_serial_number, invalid, is_token_code};
use crate::evaluator::acting::{Acting, ActingEntity};
use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::interpreter::Scene;
use crate::evaluator::reading::{Reading, mistaken};
use crate::iam::instant::Instant;
use crate::iam::operation::MfaCode;
use crate::iam::outcome::RefusalCode;
use crate::iam::request::Caller;
use crate::iam::world::MfaDevice;

/// A code that was passed, its syntax in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passed<'a> {
    serial_number: &'a str,
    code: &'a str,
}

/// The owner of the device that accepted a code.
pub(super) enum Accepted {
    User { account: String, name: String },
    Root { account: String },
}

/// Both parameters or neither.
// Rule: STS-3.
pub(super) fn passed(mfa: &MfaCode) -> Result<Option<Passed<'_>>, Failure> {
    match (&mfa.serial_number, &mfa.token_code) {
        (None, None) => Ok(None),
        (Some(serial_number), Some(code)) => {
            check_serial_number(serial_number)?;
            if !is_token_code(code) {
                return invalid("TokenCode is no number of exactly 6 digits");
            }
            Ok(Some(Passed { serial_number, code }))
        }
        (Some(_), None) | (None, Some(_)) => invalid("SerialNumber and TokenCode go together"),
    }
}

/// Looks whether the caller owns the device and it shows the code.
// Rules: STS-15, STS-43.
pub(super) fn accept(acting: &Acting<'_>, passed: Passed<'_>) -> Result<Accepted, Failure> {
    let denied = |message: &str| refuse(RefusalCode::AccessDenied, "STS-15", message);
    let (devices, accepted) = match (&acting.caller, acting.entity) {
        (Caller::User(user), ActingEntity::User(found)) => {
            let (account, name) = (user.account.clone(), user.name.clone());
            (&found.found.mfa_devices, Accepted::User { account, name })
        }
        (Caller::Root { account, .. }, _) => {
            let Some(found) = acting.world.accounts.get(account) else {
                return denied("the account has no such device");
            };
            (&found.root_mfa_devices, Accepted::Root { account: account.clone() })
        }
        (_, _) => return denied("only a user or root can pass a device"),
    };
    let Some(device) = devices.get(passed.serial_number) else {
        return denied("the caller owns no such device");
    };
    if shows(device, passed.code, acting.step.time, acting.reading) {
        Ok(accepted)
    } else {
        denied("the device does not show this code, or it was used")
    }
}

// Rule: STS-15.
fn shows(device: &MfaDevice, code: &str, at: Instant, reading: Reading) -> bool {
    if mistaken!(reading, AnyCodeAccepted) {
        return true;
    }
    let is_unused = !device.used.contains(code) || mistaken!(reading, CodesReusable);
    is_unused
        && device.codes.get(code).is_some_and(|shown| {
            shown.from.is_none_or(|from| from <= at) && shown.until.is_none_or(|until| at < until)
        })
}

/// Marks a code as used.
// Rule: STS-15.
pub(super) fn mark_used(scene: &mut Scene<'_>, accepted: Option<Accepted>, mfa: &MfaCode) {
    let (Some(serial), Some(code)) = (&mfa.serial_number, &mfa.token_code) else { return };
    let device = match accepted {
        None => None,
        Some(Accepted::User { account, name }) => scene
            .world
            .accounts
            .get_mut(&account)
            .and_then(|account| account.users.get_mut(&name))
            .and_then(|user| user.mfa_devices.get_mut(serial)),
        Some(Accepted::Root { account }) => {
            let account = scene.world.accounts.get_mut(&account);
            account.and_then(|account| account.root_mfa_devices.get_mut(serial))
        }
    };
    if let Some(device) = device {
        device.used.insert(code.clone());
    }
}
