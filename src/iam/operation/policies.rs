//! Operations on policies, and on what their holders hold (section 7).

use super::PolicyText;
use crate::iam::world::{Holder, VersionNumber};

/// An operation on policies. Names are those of the caller's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyOperation {
    /// CreatePolicy.
    CreatePolicy {
        /// PolicyName.
        name: String,
        /// Path; `/` where none is given.
        path: String,
        /// PolicyDocument.
        document: PolicyText,
    },
    /// CreatePolicyVersion.
    CreatePolicyVersion {
        /// PolicyArn.
        policy: String,
        /// PolicyDocument.
        document: PolicyText,
        /// SetAsDefault.
        default: DefaultChoice,
    },
    /// SetDefaultPolicyVersion.
    SetDefaultPolicyVersion {
        /// PolicyArn.
        policy: String,
        /// VersionId.
        version: VersionNumber,
    },
    /// DeletePolicyVersion.
    DeletePolicyVersion {
        /// PolicyArn.
        policy: String,
        /// VersionId.
        version: VersionNumber,
    },
    /// DeletePolicy.
    DeletePolicy {
        /// PolicyArn.
        policy: String,
    },
    /// TagPolicy.
    TagPolicy {
        /// PolicyArn.
        policy: String,
        /// Tags.
        tags: Vec<(String, String)>,
    },
    /// AttachUserPolicy, AttachGroupPolicy, AttachRolePolicy.
    Attach {
        /// UserName, GroupName or RoleName.
        holder: Holder,
        /// PolicyArn.
        policy: String,
    },
    /// DetachUserPolicy, DetachGroupPolicy, DetachRolePolicy.
    Detach {
        /// UserName, GroupName or RoleName.
        holder: Holder,
        /// PolicyArn.
        policy: String,
    },
    /// PutUserPolicy, PutGroupPolicy, PutRolePolicy.
    PutInline {
        /// UserName, GroupName or RoleName.
        holder: Holder,
        /// PolicyName.
        name: String,
        /// PolicyDocument.
        document: PolicyText,
    },
    /// DeleteUserPolicy, DeleteGroupPolicy, DeleteRolePolicy.
    DeleteInline {
        /// UserName, GroupName or RoleName.
        holder: Holder,
        /// PolicyName.
        name: String,
    },
    /// PutUserPermissionsBoundary, PutRolePermissionsBoundary.
    PutBoundary {
        /// UserName or RoleName; a group has none.
        holder: Holder,
        /// PermissionsBoundary: the ARN of a managed policy.
        policy: String,
    },
    /// DeleteUserPermissionsBoundary, DeleteRolePermissionsBoundary.
    DeleteBoundary {
        /// UserName or RoleName; a group has none.
        holder: Holder,
    },
    /// UpdateAssumeRolePolicy.
    UpdateTrust {
        /// RoleName.
        role: String,
        /// PolicyDocument.
        document: PolicyText,
    },
    /// Saving a resource's policy, such as `s3:PutBucketPolicy`.
    PutResourcePolicy {
        /// The action that saves it.
        action: String,
        /// The ARN of the resource.
        resource: String,
        /// The policy.
        document: PolicyText,
    },
    /// Removing a resource's policy, such as `s3:DeleteBucketPolicy`.
    DeleteResourcePolicy {
        /// The action that removes it.
        action: String,
        /// The ARN of the resource.
        resource: String,
    },
}

/// SetAsDefault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DefaultChoice {
    /// The new version becomes the default.
    NewVersion,
    /// The default stays.
    #[default]
    Unchanged,
}

impl PolicyOperation {
    /// The action, such as `iam:AttachUserPolicy`.
    pub fn action(&self) -> String {
        let of_holder = |verb: &str, holder: &Holder, noun: &str| {
            let kind = match holder {
                Holder::User(_) => "User",
                Holder::Group(_) => "Group",
                Holder::Role(_) => "Role",
            };
            format!("iam:{verb}{kind}{noun}")
        };
        match self {
            PolicyOperation::CreatePolicy { .. } => "iam:CreatePolicy".to_owned(),
            PolicyOperation::CreatePolicyVersion { .. } => "iam:CreatePolicyVersion".to_owned(),
            PolicyOperation::SetDefaultPolicyVersion { .. } => "iam:SetDefaultPolicyVersion".to_owned(),
            PolicyOperation::DeletePolicyVersion { .. } => "iam:DeletePolicyVersion".to_owned(),
            PolicyOperation::DeletePolicy { .. } => "iam:DeletePolicy".to_owned(),
            PolicyOperation::TagPolicy { .. } => "iam:TagPolicy".to_owned(),
            PolicyOperation::Attach { holder, .. } => of_holder("Attach", holder, "Policy"),
            PolicyOperation::Detach { holder, .. } => of_holder("Detach", holder, "Policy"),
            PolicyOperation::PutInline { holder, .. } => of_holder("Put", holder, "Policy"),
            PolicyOperation::DeleteInline { holder, .. } => of_holder("Delete", holder, "Policy"),
            PolicyOperation::PutBoundary { holder, .. } => of_holder("Put", holder, "PermissionsBoundary"),
            PolicyOperation::DeleteBoundary { holder } => of_holder("Delete", holder, "PermissionsBoundary"),
            PolicyOperation::UpdateTrust { .. } => "iam:UpdateAssumeRolePolicy".to_owned(),
            PolicyOperation::PutResourcePolicy { action, .. }
            | PolicyOperation::DeleteResourcePolicy { action, .. } => action.clone(),
        }
    }
}
