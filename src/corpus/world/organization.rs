//! The field `organizations` of a world.

use std::collections::BTreeMap;

use super::Error;
use super::part::Part;
use crate::iam::json::Node;
use crate::iam::policy::{Effect, Policy, PolicyType, Selection, Statement, Version};
use crate::iam::spelling::quoted;
use crate::iam::world::{Attachments, Organization, Switch, Unit, World};

pub(in crate::corpus) fn read(part: &Part<'_>, world: &mut World) -> Result<(), Error> {
    for (id, node) in part.members("organizations")? {
        if !id.starts_with("o-") {
            let message = format!("the id of an organization begins with `o-`, and {} does not", quoted(id));
            return Err(node.error(message).into());
        }
        let fields = ["management", "scpsEnabled", "rcpsEnabled", "root"];
        let inner = Part::new(node, &fields, part.strictness)?;
        let organization = Organization {
            management_account: inner.required_text("management")?,
            scps: switch(&inner, "scpsEnabled")?,
            rcps: switch(&inner, "rcpsEnabled")?,
            root: unit(inner.required("root")?, part)?,
        };
        world.organizations.insert(id.to_owned(), organization);
    }
    Ok(())
}

/// On where the field is absent.
fn switch(part: &Part<'_>, name: &str) -> Result<Switch, Error> {
    let is_on = part.optional(name).map(Node::boolean).transpose()?.unwrap_or(true);
    Ok(if is_on { Switch::On } else { Switch::Off })
}

fn unit(node: Node<'_>, part: &Part<'_>) -> Result<Unit, Error> {
    let inner = Part::new(node, &["id", "scps", "rcps", "units", "accounts"], part.strictness)?;
    let units = match inner.optional("units") {
        None => Vec::new(),
        // The JSON reader's own limit on nesting keeps this from going deep.
        Some(node) => node.items()?.map(|node| unit(node, part)).collect::<Result<_, _>>()?,
    };
    let accounts: Result<BTreeMap<_, _>, Error> = inner
        .members("accounts")?
        .into_iter()
        .map(|(id, node)| {
            let inner = Part::new(node, &["scps", "rcps"], part.strictness)?;
            Ok((id.to_owned(), attachments(&inner)?))
        })
        .collect();
    Ok(Unit { id: inner.required_text("id")?, attached: attachments(&inner)?, units, accounts: accounts? })
}

/// Where a node says nothing of SCPs, AWS's own is attached, which allows everything.
fn attachments(part: &Part<'_>) -> Result<Attachments, Error> {
    let set = |name: &str, policy_type| -> Result<Option<Vec<Policy>>, Error> {
        let Some(node) = part.optional(name) else { return Ok(None) };
        Ok(Some(node.items()?.map(|node| part.policy(node, policy_type)).collect::<Result<_, _>>()?))
    };
    Ok(Attachments {
        scps: set("scps", PolicyType::Scp)?.unwrap_or_else(|| vec![full_aws_access()]),
        rcps: set("rcps", PolicyType::Rcp)?.unwrap_or_default(),
    })
}

/// The policy that AWS attaches to every node when service control policies are turned on.
pub(super) fn full_aws_access() -> Policy {
    Policy {
        version: Version::V2012,
        id: None,
        statements: vec![Statement {
            sid: None,
            effect: Effect::Allow,
            principal: None,
            action: Selection::Only(vec!["*".to_owned()]),
            resource: Some(Selection::Only(vec!["*".to_owned()])),
            condition: Vec::new(),
        }],
    }
}
