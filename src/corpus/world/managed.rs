//! Managed policies of a world: those of customers, and those of AWS.

use std::collections::BTreeMap;

use super::Error;
use super::account::unique_id;
use super::part::Part;
use crate::iam::document::Strictness;
use crate::iam::json::Node;
use crate::iam::policy::PolicyType;
use crate::iam::spelling::quoted;
use crate::iam::world::{IdKind, ManagedPolicy, StoredPolicy, VersionNumber, World};

const FIELDS: &[&str] = &["id", "path", "document", "versions", "default", "next", "tags"];

/// Reads a managed policy: its path, and what it is.
pub(super) fn read(
    node: Node<'_>,
    world: &mut World,
    strictness: Strictness,
) -> Result<(String, ManagedPolicy), Error> {
    let part = Part::new(node, FIELDS, strictness)?;
    let versions = versions(&part)?;
    let version = |name: &str| part.optional(name).map(version_number).transpose();
    let greatest = versions.keys().next_back().copied().unwrap_or(VersionNumber::FIRST);
    let default_version = match version("default")? {
        Some(default) => default,
        None if versions.len() == 1 => greatest,
        None => return Err(node.error("several versions need a `default`").into()),
    };
    let policy = ManagedPolicy {
        id: unique_id(&part, IdKind::Policy, world)?,
        versions,
        default_version,
        next_version: version("next")?.unwrap_or_else(|| greatest.next()),
        tags: part.tags("tags")?,
    };
    Ok((part.path()?, policy))
}

fn versions(part: &Part<'_>) -> Result<BTreeMap<VersionNumber, StoredPolicy>, Error> {
    match (part.optional("document"), part.optional("versions")) {
        (Some(node), None) => {
            let document = part.stored(node, PolicyType::Identity)?;
            Ok(BTreeMap::from([(VersionNumber::FIRST, document)]))
        }
        (None, Some(node)) => node
            .members()?
            .map(|(name, node)| {
                let expected =
                    || node.error(format!("expected a version such as `v2`, found {}", quoted(name)));
                let version = VersionNumber::parse(name).ok_or_else(expected)?;
                Ok((version, part.stored(node, PolicyType::Identity)?))
            })
            .collect(),
        (Some(_), Some(_)) | (None, None) => {
            Err(part.object().error("expected exactly one of `document` and `versions`").into())
        }
    }
}

/// Reads `v1`, `v2`, …
pub(in crate::corpus) fn version_number(node: Node<'_>) -> Result<VersionNumber, Error> {
    let text = node.string()?;
    let expected = || node.error(format!("expected a version such as `v2`, found {}", quoted(text)));
    Ok(VersionNumber::parse(text).ok_or_else(expected)?)
}

/// Reads the field `awsManagedPolicies`.
pub(super) fn read_aws(part: &Part<'_>, world: &mut World) -> Result<(), Error> {
    for (arn, node) in part.members("awsManagedPolicies")? {
        let fields: Vec<&str> = arn.splitn(6, ':').collect();
        let is_aws =
            matches!(fields.as_slice(), ["arn", _, "iam", "", "aws", name] if name.starts_with("policy/"));
        if !is_aws {
            let message = format!(
                "expected an ARN such as `arn:aws:iam::aws:policy/ReadOnlyAccess`, found {}",
                quoted(arn)
            );
            return Err(node.error(message).into());
        }
        let (path, policy) = read(node, world, part.strictness)?;
        if path != "/" {
            return Err(node.error("the path of a policy of AWS is a part of its ARN").into());
        }
        world.aws_managed.insert(arn.to_owned(), policy);
    }
    Ok(())
}
