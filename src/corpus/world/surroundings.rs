//! The fields `resources` and `endpoints` of a world.

use super::Error;
use super::part::{Part, text};
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::json::Node;
use crate::iam::policy::PolicyType;
use crate::iam::request::ResourcePolicyMark;
use crate::iam::spelling::quoted;
use crate::iam::world::{Endpoint, Resource, World};

const RESOURCE: &[&str] = &["account", "policy", "tags", "policyRequired", "passedRole"];

pub(super) fn read(part: &Part<'_>, world: &mut World) -> Result<(), Error> {
    for (arn, node) in part.members("resources")? {
        let parsed = Arn::parse(arn)
            .ok_or_else(|| node.error(format!("expected an ARN with six fields, found {}", quoted(arn))))?;
        if parsed.service == "iam" {
            return Err(node.error("what belongs to IAM stands in `accounts`").into());
        }
        let inner = Part::new(node, RESOURCE, part.strictness)?;
        let resource = Resource {
            account: owner(&inner, parsed, node)?,
            policy: match inner.optional("policy") {
                None => None,
                Some(node) => Some(inner.policy(node, PolicyType::Resource)?),
            },
            tags: inner.tags("tags")?,
            policy_mark: if inner.flag("policyRequired")? {
                ResourcePolicyMark::PolicyRequired
            } else {
                ResourcePolicyMark::Unmarked
            },
            passed_role: None,
        };
        world.resources.insert(arn.to_owned(), resource);
    }
    for (id, node) in part.members("endpoints")? {
        let inner = Part::new(node, &["account", "vpc", "policy"], part.strictness)?;
        let endpoint = Endpoint {
            account: inner.required_text("account")?,
            vpc: inner.text("vpc")?,
            policy: match inner.optional("policy") {
                None => None,
                Some(node) => Some(inner.policy(node, PolicyType::Endpoint)?),
            },
        };
        world.endpoints.insert(id.to_owned(), endpoint);
    }
    Ok(())
}

/// The owner: as it is said, else the account in the ARN.
fn owner(part: &Part<'_>, arn: Arn<'_>, node: Node<'_>) -> Result<String, Error> {
    match part.optional("account") {
        Some(node) => text(node),
        None if is_account_id(arn.account) => Ok(arn.account.to_owned()),
        None => Err(node.error("the ARN does not show the owner: the field `account` is missing").into()),
    }
}
