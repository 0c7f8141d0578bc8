//! The list `Policies`: managed policies with their versions.

use std::collections::BTreeMap;

use super::part::{Words, account_of, check_is_new, identity, items};
use super::{Error, document};
use crate::corpus::world::version_number;
use crate::iam::document::Strictness;
use crate::iam::json::Node;
use crate::iam::policy::PolicyType;
use crate::iam::spelling::quoted;
use crate::iam::world::{ManagedPolicy, World};

const WORDS: Words = Words { kind: "policy", name: "PolicyName", id: "PolicyId", longest: 128 };

/// Reads one policy. Of those that AWS manages only the version in force is kept: no customer can bring back another (POL-7).
pub(super) fn read(node: Node<'_>, world: &mut World, strictness: Strictness) -> Result<(), Error> {
    let fields = node.fields_among_others()?;
    let policy = identity(&fields, &WORDS)?;
    let default_node = fields.required("DefaultVersionId")?;
    let default_version = version_number(default_node)?;
    let of_aws = policy.account == "aws";
    let mut versions = BTreeMap::new();
    for node in fields.required("PolicyVersionList")?.items()? {
        let fields = node.fields_among_others()?;
        let number = version_number(fields.required("VersionId")?)?;
        if let Some(flag) = fields.optional("IsDefaultVersion")
            && flag.boolean()? != (number == default_version)
        {
            let message = format!("`DefaultVersionId` says that {default_version} is the default");
            return Err(flag.error(message).into());
        }
        if of_aws && number != default_version {
            continue;
        }
        let document = document::read(fields.required("Document")?, PolicyType::Identity, strictness)?;
        if versions.insert(number, document).is_some() {
            return Err(node.error(format!("the version {number} comes twice")).into());
        }
    }
    let Some(newest) = versions.keys().next_back().copied() else {
        return Err(default_node.error(format!("there is no version {default_version}")).into());
    };
    if !versions.contains_key(&default_version) {
        return Err(default_node.error(format!("there is no version {default_version}")).into());
    }
    let read = ManagedPolicy {
        id: policy.id.clone(),
        versions,
        default_version,
        next_version: newest.next(),
        tags: super::part::tags(&fields)?,
    };
    if of_aws {
        let arn = policy.arn;
        if world.aws_managed.insert(arn.clone(), read).is_some() {
            return Err(node.error(format!("{} comes twice", quoted(&arn))).into());
        }
        return Ok(());
    }
    let account = account_of(&policy, node, world)?;
    check_is_new(&policy.arn, account.policies.keys(), node)?;
    account.policies.insert(policy.arn, read);
    Ok(())
}

/// The ARN of a managed policy that is attached, or limits somebody.
pub(super) fn reference(node: Node<'_>, account: &str, world: &World) -> Result<String, Error> {
    let arn = node.string()?;
    let is_there = world.aws_managed.contains_key(arn)
        || world.accounts.get(account).is_some_and(|account| account.policies.contains_key(arn));
    if is_there {
        Ok(arn.to_owned())
    } else {
        Err(node.error(format!("`Policies` has no {} of this account or of AWS", quoted(arn))).into())
    }
}

/// The policies that a holder has attached.
pub(super) fn attached(
    fields: &crate::iam::json::Fields<'_>,
    account: &str,
    world: &World,
) -> Result<std::collections::BTreeSet<String>, Error> {
    let mut attached = std::collections::BTreeSet::new();
    for node in items(fields, "AttachedManagedPolicies")? {
        let node = node.fields_among_others()?.required("PolicyArn")?;
        super::part::add_once(&mut attached, reference(node, account, world)?, node)?;
    }
    Ok(attached)
}
