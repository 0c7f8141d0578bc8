//! Operations on users, groups and roles among the steps of a case.

use super::parameters::Parameters;
use crate::corpus::error::Error;
use crate::corpus::world::Part;
use crate::iam::json::Node;
use crate::iam::operation::{AccountOperation, DeletionBy, KeyOf};
use crate::iam::spelling::quoted;
use crate::iam::world::{Holder, KeyState};

pub(super) const ACTIONS: &[&str] = &[
    "iam:CreateUser",
    "iam:CreateGroup",
    "iam:CreateRole",
    "iam:UpdateRole",
    "iam:DeleteUser",
    "iam:DeleteGroup",
    "iam:DeleteRole",
    "iam:AddUserToGroup",
    "iam:RemoveUserFromGroup",
    "iam:TagUser",
    "iam:TagRole",
    "iam:UntagUser",
    "iam:UntagRole",
    "iam:CreateAccessKey",
    "iam:UpdateAccessKey",
    "iam:DeleteAccessKey",
    "iam:CreateLoginProfile",
    "iam:DeleteLoginProfile",
    "iam:EnableMFADevice",
    "iam:DeactivateMFADevice",
    "iam:CreateInstanceProfile",
    "iam:DeleteInstanceProfile",
    "iam:AddRoleToInstanceProfile",
    "iam:RemoveRoleFromInstanceProfile",
];

/// Reads the parameters of an operation on what lives in an account; `None` where the action is none.
pub(super) fn read(
    action: &str,
    parameters: Option<Node<'_>>,
    step: Node<'_>,
    part: &Part<'_>,
) -> Result<Option<AccountOperation>, Error> {
    if !ACTIONS.contains(&action) {
        return Ok(None);
    }
    let name = action.strip_prefix("iam:").unwrap_or_default();
    let is_deletion = matches!(name, "DeleteUser" | "DeleteGroup" | "DeleteRole");
    if let (Some(node), false) = (part.optional("console"), is_deletion) {
        return Err(node.error("`console` is for DeleteUser, DeleteGroup and DeleteRole").into());
    }
    let given = |allowed: &[&str]| Parameters::new(parameters, step, allowed);
    Ok(Some(match name {
        "CreateUser" => {
            let given = given(&["UserName", "Path", "PermissionsBoundary", "Tags"])?;
            AccountOperation::CreateUser {
                name: given.required_text("UserName")?,
                path: given.path()?,
                boundary: given.text("PermissionsBoundary")?,
                tags: given.tags("Tags")?,
            }
        }
        "CreateGroup" => {
            let given = given(&["GroupName", "Path"])?;
            AccountOperation::CreateGroup { name: given.required_text("GroupName")?, path: given.path()? }
        }
        "CreateRole" => create_role(&given(&[
            "RoleName",
            "Path",
            "AssumeRolePolicyDocument",
            "MaxSessionDuration",
            "PermissionsBoundary",
            "Tags",
        ])?)?,
        "UpdateRole" => {
            let given = given(&["RoleName", "MaxSessionDuration"])?;
            let node = given.required("MaxSessionDuration")?;
            AccountOperation::UpdateRole {
                name: given.required_text("RoleName")?,
                max_session_duration: crate::corpus::world::number(node)?,
            }
        }
        "DeleteUser" | "DeleteGroup" | "DeleteRole" => {
            let by = if part.flag("console")? { DeletionBy::Console } else { DeletionBy::Api };
            let holder = holder(name, &given)?;
            AccountOperation::Delete { holder, by }
        }
        "TagUser" | "TagRole" | "UntagUser" | "UntagRole" => tagging(name, &given)?,
        "AddUserToGroup" | "RemoveUserFromGroup" => {
            let given = given(&["UserName", "GroupName"])?;
            let (user, group) = (given.required_text("UserName")?, given.required_text("GroupName")?);
            if name == "AddUserToGroup" {
                AccountOperation::AddUserToGroup { user, group }
            } else {
                AccountOperation::RemoveUserFromGroup { user, group }
            }
        }
        other => match credentials(other, &given)? {
            Some(operation) => operation,
            None => profiles(other, &given)?,
        },
    }))
}

/// Reads the parameters that an operation takes.
type Given<'g, 'j> = dyn Fn(&[&str]) -> Result<Parameters<'j>, Error> + 'g;

fn create_role(given: &Parameters<'_>) -> Result<AccountOperation, Error> {
    Ok(AccountOperation::CreateRole {
        name: given.required_text("RoleName")?,
        path: given.path()?,
        trust: given.required_policy("AssumeRolePolicyDocument")?,
        max_session_duration: given.number("MaxSessionDuration")?,
        boundary: given.text("PermissionsBoundary")?,
        tags: given.tags("Tags")?,
    })
}

fn holder(action: &str, given: &Given<'_, '_>) -> Result<Holder, Error> {
    Ok(match action {
        "DeleteUser" => Holder::User(given(&["UserName"])?.required_text("UserName")?),
        "DeleteGroup" => Holder::Group(given(&["GroupName"])?.required_text("GroupName")?),
        _ => Holder::Role(given(&["RoleName"])?.required_text("RoleName")?),
    })
}

fn tagging(action: &str, given: &Given<'_, '_>) -> Result<AccountOperation, Error> {
    let is_user = action.ends_with("User");
    let field = if is_user { "UserName" } else { "RoleName" };
    let adds = action.starts_with("Tag");
    let given = given(&[field, if adds { "Tags" } else { "TagKeys" }])?;
    let name = given.required_text(field)?;
    let holder = if is_user { Holder::User(name) } else { Holder::Role(name) };
    Ok(if adds {
        given.required("Tags")?;
        AccountOperation::Tag { holder, tags: given.tags("Tags")? }
    } else {
        given.required("TagKeys")?;
        AccountOperation::Untag { holder, tag_keys: given.texts("TagKeys")? }
    })
}

fn credentials(action: &str, given: &Given<'_, '_>) -> Result<Option<AccountOperation>, Error> {
    let key_of =
        |given: &Parameters<'_>| Ok::<_, Error>(given.text("UserName")?.map_or(KeyOf::Caller, KeyOf::User));
    Ok(Some(match action {
        "CreateAccessKey" => AccountOperation::CreateAccessKey { user: key_of(&given(&["UserName"])?)? },
        "UpdateAccessKey" => {
            let given = given(&["UserName", "AccessKeyId", "Status"])?;
            let node = given.required("Status")?;
            let name = node.string()?;
            let expected = || node.error(format!("expected `Active` or `Inactive`, found {}", quoted(name)));
            AccountOperation::UpdateAccessKey {
                user: key_of(&given)?,
                key: given.required_text("AccessKeyId")?,
                state: KeyState::from_name(name).ok_or_else(expected)?,
            }
        }
        "DeleteAccessKey" => {
            let given = given(&["UserName", "AccessKeyId"])?;
            let key = given.required_text("AccessKeyId")?;
            AccountOperation::DeleteAccessKey { user: key_of(&given)?, key }
        }
        "CreateLoginProfile" => {
            AccountOperation::CreateLoginProfile { user: given(&["UserName"])?.required_text("UserName")? }
        }
        "DeleteLoginProfile" => {
            AccountOperation::DeleteLoginProfile { user: given(&["UserName"])?.required_text("UserName")? }
        }
        "EnableMFADevice" => {
            let given = given(&["UserName", "SerialNumber", "Codes"])?;
            AccountOperation::EnableMfaDevice {
                user: given.required_text("UserName")?,
                serial_number: given.required_text("SerialNumber")?,
                codes: given.texts("Codes")?,
            }
        }
        "DeactivateMFADevice" => {
            let given = given(&["UserName", "SerialNumber"])?;
            AccountOperation::DeactivateMfaDevice {
                user: given.required_text("UserName")?,
                serial_number: given.required_text("SerialNumber")?,
            }
        }
        _ => return Ok(None),
    }))
}

fn profiles(action: &str, given: &Given<'_, '_>) -> Result<AccountOperation, Error> {
    const NAME: &str = "InstanceProfileName";
    Ok(match action {
        "CreateInstanceProfile" => {
            let given = given(&[NAME, "Path"])?;
            AccountOperation::CreateInstanceProfile { name: given.required_text(NAME)?, path: given.path()? }
        }
        "DeleteInstanceProfile" => {
            AccountOperation::DeleteInstanceProfile { name: given(&[NAME])?.required_text(NAME)? }
        }
        "AddRoleToInstanceProfile" => {
            let given = given(&[NAME, "RoleName"])?;
            let (profile, role) = (given.required_text(NAME)?, given.required_text("RoleName")?);
            AccountOperation::AddRoleToInstanceProfile { profile, role }
        }
        _ => {
            let given = given(&[NAME, "RoleName"])?;
            let (profile, role) = (given.required_text(NAME)?, given.required_text("RoleName")?);
            AccountOperation::RemoveRoleFromInstanceProfile { profile, role }
        }
    })
}
