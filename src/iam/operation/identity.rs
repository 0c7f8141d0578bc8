//! Operations on users, groups and roles, and on their keys, devices and profiles (section 7).

use super::PolicyText;
use crate::iam::world::{Holder, KeyState};

/// An operation on what lives in the caller's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountOperation {
    /// CreateUser.
    CreateUser {
        /// UserName.
        name: String,
        /// Path; `/` where none is given.
        path: String,
        /// PermissionsBoundary.
        boundary: Option<String>,
        /// Tags.
        tags: Vec<(String, String)>,
    },
    /// CreateGroup.
    CreateGroup {
        /// GroupName.
        name: String,
        /// Path; `/` where none is given.
        path: String,
    },
    /// CreateRole.
    CreateRole {
        /// RoleName.
        name: String,
        /// Path; `/` where none is given.
        path: String,
        /// AssumeRolePolicyDocument.
        trust: PolicyText,
        /// MaxSessionDuration.
        max_session_duration: Option<i128>,
        /// PermissionsBoundary.
        boundary: Option<String>,
        /// Tags.
        tags: Vec<(String, String)>,
    },
    /// UpdateRole.
    UpdateRole {
        /// RoleName.
        name: String,
        /// MaxSessionDuration.
        max_session_duration: i128,
    },
    /// DeleteUser, DeleteGroup, DeleteRole.
    Delete {
        /// UserName, GroupName or RoleName.
        holder: Holder,
        /// Through the API, or through the console (POL-11).
        by: DeletionBy,
    },
    /// AddUserToGroup.
    AddUserToGroup {
        /// UserName.
        user: String,
        /// GroupName.
        group: String,
    },
    /// RemoveUserFromGroup.
    RemoveUserFromGroup {
        /// UserName.
        user: String,
        /// GroupName.
        group: String,
    },
    /// TagUser, TagRole.
    Tag {
        /// UserName or RoleName; a group has no tags.
        holder: Holder,
        /// Tags.
        tags: Vec<(String, String)>,
    },
    /// UntagUser, UntagRole.
    Untag {
        /// UserName or RoleName; a group has no tags.
        holder: Holder,
        /// TagKeys.
        tag_keys: Vec<String>,
    },
    /// CreateAccessKey.
    CreateAccessKey {
        /// UserName; `None`: the caller's own.
        user: KeyOf,
    },
    /// UpdateAccessKey.
    UpdateAccessKey {
        /// UserName.
        user: KeyOf,
        /// AccessKeyId.
        key: String,
        /// Status.
        state: KeyState,
    },
    /// DeleteAccessKey.
    DeleteAccessKey {
        /// UserName.
        user: KeyOf,
        /// AccessKeyId.
        key: String,
    },
    /// CreateLoginProfile.
    CreateLoginProfile {
        /// UserName.
        user: String,
    },
    /// DeleteLoginProfile.
    DeleteLoginProfile {
        /// UserName.
        user: String,
    },
    /// EnableMFADevice; the two codes that AWS asks for are taken for right.
    EnableMfaDevice {
        /// UserName.
        user: String,
        /// SerialNumber.
        serial_number: String,
        /// The codes that the device shows, an extension of ours: without them none is ever accepted.
        codes: Vec<String>,
    },
    /// DeactivateMFADevice.
    DeactivateMfaDevice {
        /// UserName.
        user: String,
        /// SerialNumber.
        serial_number: String,
    },
    /// CreateInstanceProfile.
    CreateInstanceProfile {
        /// InstanceProfileName.
        name: String,
        /// Path; `/` where none is given.
        path: String,
    },
    /// DeleteInstanceProfile.
    DeleteInstanceProfile {
        /// InstanceProfileName.
        name: String,
    },
    /// AddRoleToInstanceProfile, which passes the role to `ec2.amazonaws.com` (section 14, PASS-1).
    AddRoleToInstanceProfile {
        /// InstanceProfileName.
        profile: String,
        /// RoleName.
        role: String,
    },
    /// RemoveRoleFromInstanceProfile.
    RemoveRoleFromInstanceProfile {
        /// InstanceProfileName.
        profile: String,
        /// RoleName.
        role: String,
    },
}

/// How an entity is deleted (POL-11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeletionBy {
    /// By a call, which is refused as long as something hangs on the entity.
    #[default]
    Api,
    /// In the console, which removes first what hangs on it.
    Console,
}

/// Whose access key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyOf {
    /// The user's with this name.
    User(String),
    /// The caller's own: a user's or root's.
    Caller,
}

impl AccountOperation {
    /// The action, such as `iam:CreateUser`.
    pub fn action(&self) -> &'static str {
        match self {
            AccountOperation::CreateUser { .. } => "iam:CreateUser",
            AccountOperation::CreateGroup { .. } => "iam:CreateGroup",
            AccountOperation::CreateRole { .. } => "iam:CreateRole",
            AccountOperation::UpdateRole { .. } => "iam:UpdateRole",
            AccountOperation::Delete { holder, .. } => match holder {
                Holder::User(_) => "iam:DeleteUser",
                Holder::Group(_) => "iam:DeleteGroup",
                Holder::Role(_) => "iam:DeleteRole",
            },
            AccountOperation::AddUserToGroup { .. } => "iam:AddUserToGroup",
            AccountOperation::RemoveUserFromGroup { .. } => "iam:RemoveUserFromGroup",
            AccountOperation::Tag { holder, .. } => match holder {
                Holder::User(_) => "iam:TagUser",
                Holder::Group(_) => "iam:TagGroup",
                Holder::Role(_) => "iam:TagRole",
            },
            AccountOperation::Untag { holder, .. } => match holder {
                Holder::User(_) => "iam:UntagUser",
                Holder::Group(_) => "iam:UntagGroup",
                Holder::Role(_) => "iam:UntagRole",
            },
            AccountOperation::CreateAccessKey { .. } => "iam:CreateAccessKey",
            AccountOperation::UpdateAccessKey { .. } => "iam:UpdateAccessKey",
            AccountOperation::DeleteAccessKey { .. } => "iam:DeleteAccessKey",
            AccountOperation::CreateLoginProfile { .. } => "iam:CreateLoginProfile",
            AccountOperation::DeleteLoginProfile { .. } => "iam:DeleteLoginProfile",
            AccountOperation::EnableMfaDevice { .. } => "iam:EnableMFADevice",
            AccountOperation::DeactivateMfaDevice { .. } => "iam:DeactivateMFADevice",
            AccountOperation::CreateInstanceProfile { .. } => "iam:CreateInstanceProfile",
            AccountOperation::DeleteInstanceProfile { .. } => "iam:DeleteInstanceProfile",
            AccountOperation::AddRoleToInstanceProfile { .. } => "iam:AddRoleToInstanceProfile",
            AccountOperation::RemoveRoleFromInstanceProfile { .. } => "iam:RemoveRoleFromInstanceProfile",
        }
    }
}
