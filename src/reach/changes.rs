//! Changes of policies by which the caller allows more to itself, or to a role that it can assume.

use std::rc::Rc;

use super::index::spoken;
use super::moves::{Arrival, Moves, last_name};
use super::part::{self, Holding, Standing};
use super::search::Node;
use crate::iam::arn::Arn;
use crate::iam::operation::{AccountOperation, DefaultChoice, Operation, PolicyOperation, PolicyText};
use crate::iam::policy::Policy;
use crate::iam::world::{Holder, HolderPolicies, World};

/// The policy of AWS's that allows everything; every account has it, whether a description lists it or not.
pub(super) const ADMINISTRATOR: &str = "policy/AdministratorAccess";

/// A document that allows everything.
pub(super) const EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// What a change of policies does for its holder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Gain {
    /// Its identity policies allow everything.
    Everything,
    /// It has the policies of this group.
    Group(String),
    /// A policy is in force in this version.
    Version(String),
    /// It has signed in with MFA: no change of a policy, but of what its requests say.
    Mfa,
}

/// A change: the action, what it is authorised on, the call, and what it gains.
struct Change {
    action: String,
    on: String,
    operation: Operation,
    gain: Gain,
}

impl Moves<'_, '_> {
    /// Changes what the caller itself may do, or what a role may do that it can assume.
    pub(super) fn change_own(&mut self, own: &[&Policy], wanted: &dyn Fn(&Node) -> bool) {
        let holding = self.from.holding.clone();
        if matches!(self.node.gain, None | Some(Gain::Mfa)) {
            let around = Rc::clone(&self.from.world);
            for change in self.changes_for(&holding, own, &around) {
                let node = Node { holding: holding.clone(), gain: Some(change.gain.clone()) };
                let is_new = !self.arrivals.iter().any(|arrival| arrival.node == node);
                if !is_new || !wanted(&node) {
                    continue;
                }
                let world = self.with_what(&change, around.as_ref().clone());
                let made = self.try_call(&world, &change.operation, &[&change.action], &change.on, None);
                if let Some((step, world)) = made {
                    let credentials = self.from.credentials.clone();
                    let holding = holding.clone();
                    let standing = Standing { holding, credentials, world: Rc::new(world), is_changed: true };
                    self.arrivals.push(Arrival { node, standing, steps: vec![step], service: None });
                }
            }
        }
        let assumed: Vec<Node> = self
            .arrivals
            .iter()
            .filter(|arrival| arrival.steps.len() == 1)
            .map(|arrival| arrival.node.clone())
            .collect();
        for role in assumed {
            let Holding::Role { arn, .. } = &role.holding else { continue };
            if *arn == *holding.arn()
                || role.gain.is_some()
                || Arn::parse(arn).map(|arn| arn.account) != Some(holding.account())
            {
                continue;
            }
            let around = self.around(arn);
            for change in self.changes_for(&role.holding, own, &around) {
                let node = Node { holding: role.holding.clone(), gain: Some(change.gain.clone()) };
                let is_new = !self.arrivals.iter().any(|arrival| arrival.node == node);
                if !is_new || !wanted(&node) {
                    continue;
                }
                let world = self.with_what(&change, around.clone());
                let made = self.try_call(&world, &change.operation, &[&change.action], &change.on, None);
                if let Some((step, world)) = made {
                    let arrival = self.assume(world, &node, vec![step]);
                    self.arrivals.extend(arrival);
                }
            }
        }
    }

    /// The changes that these policies may allow for a holder.
    fn changes_for(&self, holding: &Holding, own: &[&Policy], world: &World) -> Vec<Change> {
        let Some(name) = last_name(holding.arn()) else { return Vec::new() };
        let mut changes = Vec::new();
        match holding {
            Holding::User(arn) => {
                let Some(user) = world.user_by_arn(arn) else { return Vec::new() };
                let holder = Holder::User(name.clone());
                self.holder(&holder, arn, &user.found.policies, world, &mut changes);
                for group in &user.found.groups {
                    let Some(found) = world.group(user.account_id, group) else { continue };
                    let holder = Holder::Group(group.clone());
                    self.holder(&holder, &found.arn(), &found.found.policies, world, &mut changes);
                }
                let base = self.ground.base.accounts.get(user.account_id);
                let others = base.into_iter().flat_map(|account| account.groups.keys());
                for group in others.filter(|group| !user.found.groups.contains(*group)) {
                    let Some(found) = self.ground.base.group(user.account_id, group) else { continue };
                    changes.push(Change {
                        action: "iam:AddUserToGroup".to_owned(),
                        on: found.arn(),
                        operation: Operation::Account(AccountOperation::AddUserToGroup {
                            user: name.clone(),
                            group: group.clone(),
                        }),
                        gain: Gain::Group(group.clone()),
                    });
                }
            }
            Holding::Role { arn, .. } => {
                let Some(role) = world.role_by_arn(arn) else { return Vec::new() };
                self.holder(&Holder::Role(name), arn, &role.found.policies, world, &mut changes);
            }
        }
        changes.retain(|change| spoken(own, &change.action).has(&change.on));
        changes
    }

    /// Changes of what one holder holds.
    fn holder(
        &self,
        holder: &Holder,
        arn: &str,
        policies: &HolderPolicies,
        world: &World,
        changes: &mut Vec<Change>,
    ) {
        let document = || PolicyText(EVERYTHING.to_owned());
        let mut add = |on: &str, operation: PolicyOperation, gain| {
            let action = operation.action();
            changes.push(Change { action, on: on.to_owned(), operation: Operation::Policy(operation), gain });
        };
        for policy in &policies.attached {
            let Some(found) =
                world.managed_policy(policy).filter(|_| !world.aws_managed.contains_key(policy))
            else {
                continue;
            };
            let default = DefaultChoice::NewVersion;
            let create = PolicyOperation::CreatePolicyVersion {
                policy: policy.clone(),
                document: document(),
                default,
            };
            add(policy, create, Gain::Everything);
            for version in found.versions.keys().filter(|version| **version != found.default_version) {
                let set =
                    PolicyOperation::SetDefaultPolicyVersion { policy: policy.clone(), version: *version };
                add(policy, set, Gain::Version(format!("{policy} {version}")));
            }
        }
        let put = PolicyOperation::PutInline {
            holder: holder.clone(),
            name: "iamproof".to_owned(),
            document: document(),
        };
        add(arn, put, Gain::Everything);
        let partition = Arn::parse(arn).map_or("aws", |arn| arn.partition);
        let policy = format!("arn:{partition}:iam::aws:{ADMINISTRATOR}");
        add(arn, PolicyOperation::Attach { holder: holder.clone(), policy }, Gain::Everything);
    }

    /// The world with what the change speaks of.
    fn with_what(&self, change: &Change, mut world: World) -> World {
        let account = self.from.holding.account();
        match &change.operation {
            Operation::Policy(PolicyOperation::Attach { policy, .. }) => {
                part::add_policy(&mut world, self.ground.base, account, policy);
            }
            Operation::Account(AccountOperation::AddUserToGroup { group, .. }) => {
                part::add_group(&mut world, self.ground.base, account, group);
            }
            Operation::Policy(_)
            | Operation::Account(_)
            | Operation::Sts(_)
            | Operation::Pass(_)
            | Operation::Directory(_)
            | Operation::Request(_)
            | Operation::Event(_) => {}
        }
        world
    }
}
