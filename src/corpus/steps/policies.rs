//! Operations on policies among the steps of a case.

use super::parameters::Parameters;
use crate::corpus::error::Error;
use crate::corpus::world::version_number;
use crate::iam::json::Node;
use crate::iam::operation::{DefaultChoice, PolicyOperation};
use crate::iam::world::Holder;

pub(super) const ACTIONS: &[&str] = &[
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:DeletePolicyVersion",
    "iam:DeletePolicy",
    "iam:TagPolicy",
    "iam:AttachUserPolicy",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:DetachUserPolicy",
    "iam:DetachGroupPolicy",
    "iam:DetachRolePolicy",
    "iam:PutUserPolicy",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:DeleteUserPolicy",
    "iam:DeleteGroupPolicy",
    "iam:DeleteRolePolicy",
    "iam:PutUserPermissionsBoundary",
    "iam:PutRolePermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:DeleteRolePermissionsBoundary",
    "iam:UpdateAssumeRolePolicy",
];

/// Reads the parameters of an operation on policies; `None` where the action is none.
pub(super) fn read(
    action: &str,
    parameters: Option<Node<'_>>,
    step: Node<'_>,
) -> Result<Option<PolicyOperation>, Error> {
    if !ACTIONS.contains(&action) {
        return Ok(None);
    }
    let given = |allowed: &[&str]| Parameters::new(parameters, step, allowed);
    let arn = |given: &Parameters<'_>| given.required_text("PolicyArn");
    let operation = match action.strip_prefix("iam:").unwrap_or_default() {
        "CreatePolicy" => {
            let given = given(&["PolicyName", "Path", "PolicyDocument"])?;
            PolicyOperation::CreatePolicy {
                name: given.required_text("PolicyName")?,
                path: given.path()?,
                document: given.required_policy("PolicyDocument")?,
            }
        }
        "CreatePolicyVersion" => {
            let given = given(&["PolicyArn", "PolicyDocument", "SetAsDefault"])?;
            let set = given.flag("SetAsDefault")?;
            PolicyOperation::CreatePolicyVersion {
                policy: arn(&given)?,
                document: given.required_policy("PolicyDocument")?,
                default: if set { DefaultChoice::NewVersion } else { DefaultChoice::Unchanged },
            }
        }
        "SetDefaultPolicyVersion" => {
            let given = given(&["PolicyArn", "VersionId"])?;
            let version = version_number(given.required("VersionId")?)?;
            PolicyOperation::SetDefaultPolicyVersion { policy: arn(&given)?, version }
        }
        "DeletePolicyVersion" => {
            let given = given(&["PolicyArn", "VersionId"])?;
            let version = version_number(given.required("VersionId")?)?;
            PolicyOperation::DeletePolicyVersion { policy: arn(&given)?, version }
        }
        "DeletePolicy" => PolicyOperation::DeletePolicy { policy: arn(&given(&["PolicyArn"])?)? },
        "TagPolicy" => {
            let given = given(&["PolicyArn", "Tags"])?;
            PolicyOperation::TagPolicy { policy: arn(&given)?, tags: given.tags("Tags")? }
        }
        "UpdateAssumeRolePolicy" => {
            let given = given(&["RoleName", "PolicyDocument"])?;
            PolicyOperation::UpdateTrust {
                role: given.required_text("RoleName")?,
                document: given.required_policy("PolicyDocument")?,
            }
        }
        of_holder => return holder_operation(of_holder, parameters, step),
    };
    Ok(Some(operation))
}

/// `VERB` + `User`, `Group` or `Role` + `Policy` or `PermissionsBoundary`.
fn holder_operation(
    name: &str,
    parameters: Option<Node<'_>>,
    step: Node<'_>,
) -> Result<Option<PolicyOperation>, Error> {
    type Kind = (&'static str, &'static str, fn(String) -> Holder);
    let kinds: [Kind; 3] = [
        ("User", "UserName", Holder::User),
        ("Group", "GroupName", Holder::Group),
        ("Role", "RoleName", Holder::Role),
    ];
    let split = kinds.into_iter().find_map(|(kind, field, holder)| {
        let (verb, noun) = name.split_once(kind)?;
        Some((verb, noun, field, holder))
    });
    let Some((verb, noun, field, holder)) = split else { return Ok(None) };
    let given = |more: &[&str]| {
        let allowed: Vec<&str> = std::iter::once(field).chain(more.iter().copied()).collect();
        let given = Parameters::new(parameters, step, &allowed)?;
        let holder = holder(given.required_text(field)?);
        Ok::<_, Error>((given, holder))
    };
    Ok(Some(match (verb, noun) {
        ("Attach", "Policy") => {
            let (given, holder) = given(&["PolicyArn"])?;
            PolicyOperation::Attach { holder, policy: given.required_text("PolicyArn")? }
        }
        ("Detach", "Policy") => {
            let (given, holder) = given(&["PolicyArn"])?;
            PolicyOperation::Detach { holder, policy: given.required_text("PolicyArn")? }
        }
        ("Put", "Policy") => {
            let (given, holder) = given(&["PolicyName", "PolicyDocument"])?;
            PolicyOperation::PutInline {
                holder,
                name: given.required_text("PolicyName")?,
                document: given.required_policy("PolicyDocument")?,
            }
        }
        ("Delete", "Policy") => {
            let (given, holder) = given(&["PolicyName"])?;
            PolicyOperation::DeleteInline { holder, name: given.required_text("PolicyName")? }
        }
        ("Put", "PermissionsBoundary") => {
            let (given, holder) = given(&["PermissionsBoundary"])?;
            PolicyOperation::PutBoundary { holder, policy: given.required_text("PermissionsBoundary")? }
        }
        ("Delete", "PermissionsBoundary") => {
            let (_, holder) = given(&[])?;
            PolicyOperation::DeleteBoundary { holder }
        }
        _ => return Ok(None),
    }))
}
