//! The part of a world that a call touches: who calls, what is called, and the policies of both.
//!
//! The interpreter works on a copy of its world, and a world of thousands of roles is dear to copy. A decision looks at the caller's user or role, its
//! groups and policies, at the role that is called upon, and at the organization. All of that is in the part, and nothing else of it is
//! asked; the whole world and its part give the same answers (`properties/reach` holds them against each other).

use std::fmt;
use std::rc::Rc;

use crate::iam::arn::Arn;
use crate::iam::operation::Credentials;
use crate::iam::policy::Policy;
use crate::iam::world::{Account, HolderPolicies, ManagedPolicy, Resource, Role, User, World};

/// Whom one can be.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holding {
    /// A user, by its ARN.
    User(String),
    /// A session of a role.
    Role {
        /// The role's ARN.
        arn: String,
        /// The name of the session.
        session_name: String,
    },
}

/// A principal that the world does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotThere {
    /// What was asked for.
    pub principal: String,
    /// What it would have to be.
    pub expected: &'static str,
}

impl fmt::Display for NotThere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no {} `{}`", self.expected, self.principal)
    }
}

impl std::error::Error for NotThere {}

impl Holding {
    /// The ARN of the user or role.
    pub fn arn(&self) -> &str {
        match self {
            Holding::User(arn) | Holding::Role { arn, .. } => arn,
        }
    }

    /// The account.
    pub fn account(&self) -> &str {
        Arn::parse(self.arn()).map_or("", |arn| arn.account)
    }
}

/// Where somebody stands: whom it is, and the part of the world around it as its calls have left it.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) holding: Holding,
    pub(super) credentials: Credentials,
    pub(super) world: Rc<World>,
    /// Whether the calls changed policies: then the part must be carried on as it is.
    pub(super) is_changed: bool,
}

/// A world without anything that belongs to an account, but with what is around all of them.
pub(super) fn bare(base: &World) -> World {
    let mut world = World::empty(base.profile, base.now);
    world.fresh = base.fresh;
    world.organizations.clone_from(&base.organizations);
    world.endpoints.clone_from(&base.endpoints);
    world
}

/// Adds the user or role with this ARN, with what it holds.
pub(super) fn add(world: &mut World, base: &World, arn: &str) {
    if let Some(user) = base.user_by_arn(arn) {
        let (account, name, user) = (user.account_id.to_owned(), user.name.to_owned(), user.found.clone());
        for group in &user.groups {
            add_group(world, base, &account, group);
        }
        add_policies(world, base, &account, &user.policies, user.boundary.as_deref());
        shell(world, base, &account, |shell| {
            shell.users.entry(name).or_insert(user);
        });
    } else if let Some(role) = base.role_by_arn(arn) {
        let (account, name, profiles) =
            (role.account_id.to_owned(), role.name, &role.account.instance_profiles);
        let profiles: Vec<_> = profiles
            .iter()
            .filter(|(_, profile)| profile.role.as_deref() == Some(name))
            .map(|(name, profile)| (name.clone(), profile.clone()))
            .collect();
        let (name, role) = (name.to_owned(), role.found.clone());
        add_policies(world, base, &account, &role.policies, role.boundary.as_deref());
        shell(world, base, &account, |shell| {
            shell.roles.entry(name).or_insert(role);
            shell.instance_profiles.extend(profiles);
        });
    }
}

/// Adds a group, with what it holds.
pub(super) fn add_group(world: &mut World, base: &World, account: &str, name: &str) {
    let Some(group) = base.group(account, name) else { return };
    let group = group.found.clone();
    add_policies(world, base, account, &group.policies, None);
    shell(world, base, account, |shell| {
        shell.groups.entry(name.to_owned()).or_insert(group);
    });
}

/// Adds a managed policy.
pub(super) fn add_policy(world: &mut World, base: &World, account: &str, arn: &str) {
    if let Some(policy) = base.aws_managed.get(arn) {
        world.aws_managed.entry(arn.to_owned()).or_insert_with(|| policy.clone());
    } else if let Some(policy) = base.accounts.get(account).and_then(|account| account.policies.get(arn)) {
        let policy = policy.clone();
        shell(world, base, account, |shell| {
            shell.policies.entry(arn.to_owned()).or_insert(policy);
        });
    }
}

/// Adds a resource.
pub(super) fn add_resource(world: &mut World, arn: &str, resource: &Resource) {
    world.resources.entry(arn.to_owned()).or_insert_with(|| resource.clone());
}

fn add_policies(
    world: &mut World,
    base: &World,
    account: &str,
    policies: &HolderPolicies,
    boundary: Option<&str>,
) {
    for arn in policies.attached.iter().map(String::as_str).chain(boundary) {
        add_policy(world, base, account, arn);
    }
}

fn shell(world: &mut World, base: &World, id: &str, fill: impl FnOnce(&mut Account)) {
    let Some(whole) = base.accounts.get(id) else { return };
    fill(world.accounts.entry(id.to_owned()).or_insert_with(|| Account::empty(whole.partition.clone())));
}

/// The documents of a managed policy that are in force: one.
fn in_force(policy: &ManagedPolicy) -> Option<&Policy> {
    policy.versions.get(&policy.default_version).map(|stored| stored.policy.as_ref())
}

/// The policies that speak for a user or role: its own, those of its groups, and then its boundary.
pub(super) fn own_policies<'w>(world: &'w World, arn: &str) -> Vec<&'w Policy> {
    let managed = |arn: &String| world.managed_policy(arn).and_then(in_force);
    let held = |policies: &'w HolderPolicies| {
        let inline = policies.inline.values().map(|stored| stored.policy.as_ref());
        inline.chain(policies.attached.iter().filter_map(managed)).collect::<Vec<_>>()
    };
    let of_role = |role: &'w Role| (held(&role.policies), role.boundary.as_ref());
    let of_user = |user: &'w User, account: &'w Account| {
        let groups = user.groups.iter().filter_map(|name| account.groups.get(name));
        let own = held(&user.policies).into_iter().chain(groups.flat_map(|group| held(&group.policies)));
        (own.collect::<Vec<_>>(), user.boundary.as_ref())
    };
    let (mut policies, boundary) = match (world.user_by_arn(arn), world.role_by_arn(arn)) {
        (Some(user), _) => of_user(user.found, user.account),
        (None, Some(role)) => of_role(role.found),
        (None, None) => return Vec::new(),
    };
    policies.extend(boundary.and_then(managed));
    policies
}
