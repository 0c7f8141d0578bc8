//! The names in a call of this section, looked at before its credentials (GEN-9, POL-13).

use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::sts::{check_serial_number, is_token_code};
use crate::iam::operation::{AccountOperation, KeyOf, PolicyOperation};
use crate::iam::outcome::RefusalCode;
use crate::iam::world::Holder;

/// The most characters of the name of a user or role, and of everything else (GEN-9).
const MOST_OF_PRINCIPALS: usize = 64;
const MOST: usize = 128;

// Rules: GEN-9, POL-13.
pub(super) fn check_policies(operation: &PolicyOperation) -> Result<(), Failure> {
    match operation {
        PolicyOperation::CreatePolicy { name, .. } => check_name(name, MOST),
        PolicyOperation::Attach { holder, .. }
        | PolicyOperation::Detach { holder, .. }
        | PolicyOperation::PutBoundary { holder, .. }
        | PolicyOperation::DeleteBoundary { holder } => check_holder(holder),
        PolicyOperation::PutInline { holder, name, .. } | PolicyOperation::DeleteInline { holder, name } => {
            check_holder(holder)?;
            check_name(name, MOST)
        }
        PolicyOperation::UpdateTrust { role, .. } => check_name(role, MOST_OF_PRINCIPALS),
        PolicyOperation::CreatePolicyVersion { .. }
        | PolicyOperation::SetDefaultPolicyVersion { .. }
        | PolicyOperation::DeletePolicyVersion { .. }
        | PolicyOperation::DeletePolicy { .. }
        | PolicyOperation::TagPolicy { .. }
        | PolicyOperation::PutResourcePolicy { .. }
        | PolicyOperation::DeleteResourcePolicy { .. } => Ok(()),
    }
}

// Rules: GEN-9, POL-13.
pub(super) fn check_accounts(operation: &AccountOperation) -> Result<(), Failure> {
    match operation {
        AccountOperation::CreateUser { name, .. }
        | AccountOperation::CreateRole { name, .. }
        | AccountOperation::UpdateRole { name, .. } => check_name(name, MOST_OF_PRINCIPALS),
        AccountOperation::CreateGroup { name, .. }
        | AccountOperation::CreateInstanceProfile { name, .. }
        | AccountOperation::DeleteInstanceProfile { name } => check_name(name, MOST),
        AccountOperation::Delete { holder, .. }
        | AccountOperation::Tag { holder, .. }
        | AccountOperation::Untag { holder, .. } => check_holder(holder),
        AccountOperation::AddUserToGroup { user, group }
        | AccountOperation::RemoveUserFromGroup { user, group } => {
            check_name(user, MOST_OF_PRINCIPALS)?;
            check_name(group, MOST)
        }
        AccountOperation::CreateAccessKey { user }
        | AccountOperation::UpdateAccessKey { user, .. }
        | AccountOperation::DeleteAccessKey { user, .. } => match user {
            KeyOf::User(name) => check_name(name, MOST_OF_PRINCIPALS),
            KeyOf::Caller => Ok(()),
        },
        AccountOperation::CreateLoginProfile { user } | AccountOperation::DeleteLoginProfile { user } => {
            check_name(user, MOST_OF_PRINCIPALS)
        }
        AccountOperation::EnableMfaDevice { user, serial_number, codes } => {
            check_name(user, MOST_OF_PRINCIPALS)?;
            check_serial_number(serial_number)?;
            if codes.iter().all(|code| is_token_code(code)) {
                Ok(())
            } else {
                refuse(RefusalCode::ValidationError, "STS-3", "a code has exactly six digits")
            }
        }
        AccountOperation::DeactivateMfaDevice { user, serial_number } => {
            check_name(user, MOST_OF_PRINCIPALS)?;
            check_serial_number(serial_number)
        }
        AccountOperation::AddRoleToInstanceProfile { profile, role }
        | AccountOperation::RemoveRoleFromInstanceProfile { profile, role } => {
            check_name(profile, MOST)?;
            check_name(role, MOST_OF_PRINCIPALS)
        }
    }
}

// Rule: GEN-9.
fn check_name(name: &str, most: usize) -> Result<(), Failure> {
    let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    if name.is_empty() || name.len() > most || !name.bytes().all(is_name_byte) {
        let message = format!("a name has 1 to {most} letters, digits and `+=,.@_-`");
        return refuse(RefusalCode::ValidationError, "GEN-9", message);
    }
    Ok(())
}

fn check_holder(holder: &Holder) -> Result<(), Failure> {
    match holder {
        Holder::User(name) | Holder::Role(name) => check_name(name, MOST_OF_PRINCIPALS),
        Holder::Group(name) => check_name(name, MOST),
    }
}
