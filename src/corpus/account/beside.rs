//! What lies beside an account: policies of resources, one file each, and the organization.

use std::collections::BTreeSet;

use super::{Error, File, outside};
use crate::corpus::policies;
use crate::corpus::world::{Part, read_organizations, text};
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::document::Strictness;
use crate::iam::json::{Json, Node};
use crate::iam::policy::PolicyType;
use crate::iam::request::ResourcePolicyMark;
use crate::iam::spelling::quoted;
use crate::iam::tags::Tags;
use crate::iam::world::{Account, Resource, World};

/// The files beside an account.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Policies of resources: `{"arn": …, "account": …, "policy": …}`.
    pub resource_policies: Vec<File>,
    /// The organization: `{"organizations": …}`, as a world has it.
    pub organization: Option<File>,
}

pub(super) fn add(
    beside: &Beside,
    world: &mut World,
    described: &BTreeSet<String>,
    strictness: Strictness,
) -> Result<(), Error> {
    for file in &beside.resource_policies {
        let json = Json::read(&file.bytes).map_err(|error| Error::from(error).in_file(&file.path))?;
        resource(json.top(), world, described, strictness).map_err(|error| error.in_file(&file.path))?;
    }
    if let Some(file) = &beside.organization {
        let json = Json::read(&file.bytes).map_err(|error| Error::from(error).in_file(&file.path))?;
        let in_file = |error: Error| error.in_file(&file.path);
        let part = Part::new(json.top(), &["organizations"], strictness).map_err(in_file)?;
        part.required("organizations").map_err(in_file)?;
        read_organizations(&part, world).map_err(in_file)?;
        add_members(world);
    }
    Ok(())
}

/// Members of an organization that no file describes: they are somewhere, and that is all we know.
fn add_members(world: &mut World) {
    let partition =
        world.accounts.values().next().map_or("aws", |account| account.partition.as_str()).to_owned();
    let mut members = BTreeSet::new();
    for organization in world.organizations.values() {
        let mut waiting = vec![&organization.root];
        while let Some(unit) = waiting.pop() {
            members.extend(unit.accounts.keys().filter(|id| is_account_id(id)).cloned());
            waiting.extend(&unit.units);
        }
    }
    for member in members {
        world.accounts.entry(member).or_insert_with(|| Account::empty(partition.clone()));
    }
}

fn resource(
    node: Node<'_>,
    world: &mut World,
    described: &BTreeSet<String>,
    strictness: Strictness,
) -> Result<(), Error> {
    let fields = node.fields(&["arn", "account", "policy"])?;
    let arn_node = fields.required("arn")?;
    let arn = text(arn_node)?;
    let parsed = Arn::parse(&arn).filter(|arn| arn.service != "iam").ok_or_else(|| {
        arn_node.error(format!("expected the ARN of a resource that is not IAM's, found {}", quoted(&arn)))
    })?;
    let account = match fields.optional("account") {
        Some(node) => {
            let id = text(node)?;
            if !is_account_id(&id) {
                return Err(node.error(format!("{} is no account id of 12 digits", quoted(&id))).into());
            }
            id
        }
        None if is_account_id(parsed.account) => parsed.account.to_owned(),
        None => {
            let message = "the ARN does not show the owner: the field `account` is missing";
            return Err(arn_node.error(message).into());
        }
    };
    let policy_node = fields.required("policy")?;
    let policy = policies::policy(policy_node, PolicyType::Resource, strictness)?;
    if let Some(stranger) = outside::stranger(&policy, world, described) {
        let message = format!("there is no {}, which the policy names", quoted(&stranger));
        return Err(policy_node.error(message).into());
    }
    outside::add_named(&policy, world, described);
    let partition = parsed.partition.to_owned();
    world.accounts.entry(account.clone()).or_insert_with(|| Account::empty(partition));
    let resource = Resource {
        account,
        policy: Some(policy),
        tags: Tags::new(),
        policy_mark: ResourcePolicyMark::Unmarked,
        passed_role: None,
    };
    if world.resources.insert(arn.clone(), resource).is_some() {
        return Err(arn_node.error(format!("{} comes in two files", quoted(&arn))).into());
    }
    Ok(())
}
