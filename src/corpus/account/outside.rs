//! What an account names and does not hold: users and roles of other accounts, and identity providers.
//!
//! A trust policy may name a user of any account. Of another account than those that are described we know no more than that somebody there has
//! this name, so the world gets an account with such a user and nothing else in it. Inside a described account a name that nobody has
//! is a mistake of the file: AWS prints the id in place of a name whose bearer was deleted (PRIN-8).

use std::collections::{BTreeMap, BTreeSet};

use super::Error;
use crate::corpus::world::text;
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::json::Node;
use crate::iam::policy::{Policy, Version};
use crate::iam::principal::PrincipalEntry;
use crate::iam::spelling::quoted;
use crate::iam::tags::Tags;
use crate::iam::world::{Account, HolderPolicies, IdKind, LoginProfile, Role, StoredPolicy, User, World};

/// Refuses a role whose trust policy names nobody of a described account.
pub(super) fn check(node: Node<'_>, world: &World, described: &BTreeSet<String>) -> Result<(), Error> {
    let fields = node.fields_among_others()?;
    let arn = text(fields.required("Arn")?)?;
    let Some(role) = world.role_by_arn(&arn) else { return Ok(()) };
    match stranger(&role.found.trust.policy, world, described) {
        Some(stranger) => {
            let message = format!("there is no {}, which the trust policy names", quoted(&stranger));
            Err(fields.required("AssumeRolePolicyDocument")?.error(message).into())
        }
        None => Ok(()),
    }
}

/// A user or role of a described account that a policy names and that is not there.
pub(super) fn stranger(policy: &Policy, world: &World, described: &BTreeSet<String>) -> Option<String> {
    named(policy).into_iter().find_map(|name| {
        let (arn, is_there) = match &name {
            Named::User(arn) => (arn, world.user_by_arn(arn).is_some()),
            Named::Role(arn) => (arn, world.role_by_arn(arn).is_some()),
            Named::Provider(_) => return None,
        };
        let account = Arn::parse(arn)?.account;
        (described.contains(account) && !is_there).then(|| arn.clone())
    })
}

/// Adds what the trust policies of all roles name.
pub(super) fn add_named_by_roles(world: &mut World, described: &BTreeSet<String>) {
    let roles = world.accounts.values().flat_map(|account| account.roles.values());
    let names: BTreeSet<Named> = roles.flat_map(|role| named(&role.trust.policy)).collect();
    add(names, world, described);
}

/// Adds what a policy names.
pub(super) fn add_named(policy: &Policy, world: &mut World, described: &BTreeSet<String>) {
    add(named(policy).into_iter().collect(), world, described);
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    User(String),
    Role(String),
    Provider(String),
}

fn named(policy: &Policy) -> Vec<Named> {
    let selections = policy.statements.iter().filter_map(|statement| statement.principal.as_ref());
    let entries = selections.flat_map(|selection| &selection.listed().entries);
    let named = entries.filter_map(|entry| match entry {
        PrincipalEntry::User(arn) => Some(Named::User(arn.clone())),
        PrincipalEntry::Role(arn) => Some(Named::Role(arn.clone())),
        PrincipalEntry::Federated(provider) => Some(Named::Provider(provider.clone())),
        PrincipalEntry::Everyone
        | PrincipalEntry::EveryoneAws
        | PrincipalEntry::AccountId(_)
        | PrincipalEntry::AccountRoot { .. }
        | PrincipalEntry::AssumedRole(_)
        | PrincipalEntry::FederatedUser(_)
        | PrincipalEntry::UniqueId(_)
        | PrincipalEntry::Service(_)
        | PrincipalEntry::CanonicalUser(_) => None,
    });
    named.collect()
}

fn add(names: BTreeSet<Named>, world: &mut World, described: &BTreeSet<String>) {
    for name in names {
        let (Named::User(arn) | Named::Role(arn) | Named::Provider(arn)) = &name;
        let Some(parsed) = Arn::parse(arn).filter(|arn| is_account_id(arn.account)) else { continue };
        let is_described = described.contains(parsed.account);
        let (path, last) = parsed.resource.rsplit_once('/').unwrap_or(("", parsed.resource));
        let path = path.split_once('/').map_or_else(|| "/".to_owned(), |(_, path)| format!("/{path}/"));
        let last = last.to_owned();
        match &name {
            Named::User(_) if !is_described => {
                let user = unknown_user(world.fresh_id(IdKind::User), path);
                account(world, parsed).users.entry(last).or_insert(user);
            }
            Named::Role(_) if !is_described => {
                let role = unknown_role(world.fresh_id(IdKind::Role), path);
                account(world, parsed).roles.entry(last).or_insert(role);
            }
            // Providers are not listed. One that a role of its own account trusts can be told from that alone.
            Named::Provider(arn) if is_described && parsed.resource.starts_with("saml-provider/") => {
                account(world, parsed).saml_providers.insert(arn.clone());
            }
            Named::Provider(arn) if is_described && parsed.resource.starts_with("oidc-provider/") => {
                account(world, parsed).oidc_providers.entry(arn.clone()).or_default();
            }
            Named::User(_) | Named::Role(_) | Named::Provider(_) => {}
        }
    }
}

fn account<'w>(world: &'w mut World, arn: Arn<'_>) -> &'w mut Account {
    world.accounts.entry(arn.account.to_owned()).or_insert_with(|| Account::empty(arn.partition))
}

fn unknown_user(id: String, path: String) -> User {
    User {
        id,
        path,
        policies: HolderPolicies::default(),
        boundary: None,
        groups: BTreeSet::new(),
        tags: Tags::new(),
        access_keys: BTreeMap::new(),
        mfa_devices: BTreeMap::new(),
        login_profile: LoginProfile::Absent,
    }
}

fn unknown_role(id: String, path: String) -> Role {
    Role {
        id,
        path,
        trust: StoredPolicy::new(Policy { version: Version::V2012, id: None, statements: Vec::new() }),
        policies: HolderPolicies::default(),
        boundary: None,
        tags: Tags::new(),
        max_session_duration: 3_600,
    }
}
