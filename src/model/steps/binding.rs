//! Names in policies of resources and roles, bound to unique ids when the policy is saved (PRIN-8).

use std::sync::Arc;

use crate::iam::policy::{Policy, Selection};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::world::World;

/// The world with every policy of a resource or role bound.
// Rule: PRIN-8.
pub(super) fn begin(world: &World) -> World {
    let mut begun = world.clone();
    for role in begun.accounts.values_mut().flat_map(|account| account.roles.values_mut()) {
        role.trust.policy = Arc::new(bound(world, &role.trust.policy));
    }
    for resource in begun.resources.values_mut() {
        resource.policy = resource.policy.as_ref().map(|policy| bound(world, policy));
    }
    begun
}

/// The policy as it is saved: users and roles that are there by their ids.
// Rules: PRIN-8, GEN-10.
pub(super) fn bound(world: &World, policy: &Policy) -> Policy {
    with_entries(policy, |entry| {
        let id = match entry {
            PrincipalEntry::User(arn) => world.user_by_arn(arn).map(|user| user.found.id.clone()),
            PrincipalEntry::Role(arn) => world.role_by_arn(arn).map(|role| role.found.id.clone()),
            PrincipalEntry::Everyone
            | PrincipalEntry::EveryoneAws
            | PrincipalEntry::AccountId(_)
            | PrincipalEntry::AccountRoot { .. }
            | PrincipalEntry::AssumedRole(_)
            | PrincipalEntry::FederatedUser(_)
            | PrincipalEntry::UniqueId(_)
            | PrincipalEntry::Service(_)
            | PrincipalEntry::Federated(_)
            | PrincipalEntry::CanonicalUser(_) => None,
        };
        id.map_or_else(|| entry.clone(), PrincipalEntry::UniqueId)
    })
}

/// The policy as a decision reads it now: an id by the ARN of whom it belongs to; one that belongs to nobody any more stays, and matches nobody.
// Rule: PRIN-8.
pub(super) fn now(world: &World, policy: &Policy) -> Policy {
    with_entries(policy, |entry| match entry {
        PrincipalEntry::UniqueId(id) => {
            let user = world.user_by_id(id).map(|user| PrincipalEntry::User(user.arn()));
            let role = || world.role_by_id(id).map(|role| PrincipalEntry::Role(role.arn()));
            user.or_else(role).unwrap_or_else(|| entry.clone())
        }
        PrincipalEntry::Everyone
        | PrincipalEntry::EveryoneAws
        | PrincipalEntry::AccountId(_)
        | PrincipalEntry::AccountRoot { .. }
        | PrincipalEntry::User(_)
        | PrincipalEntry::Role(_)
        | PrincipalEntry::AssumedRole(_)
        | PrincipalEntry::FederatedUser(_)
        | PrincipalEntry::Service(_)
        | PrincipalEntry::Federated(_)
        | PrincipalEntry::CanonicalUser(_) => entry.clone(),
    })
}

/// Whether every user and role that the policy names is there.
// Rule: GRAM-13.
pub(super) fn names_only_the_living(world: &World, policy: &Policy) -> bool {
    let listed = policy.statements.iter().filter_map(|statement| statement.principal.as_ref());
    listed.flat_map(|principal| &principal.listed().entries).all(|entry| match entry {
        PrincipalEntry::User(arn) => world.user_by_arn(arn).is_some(),
        PrincipalEntry::Role(arn) => world.role_by_arn(arn).is_some(),
        PrincipalEntry::Everyone
        | PrincipalEntry::EveryoneAws
        | PrincipalEntry::AccountId(_)
        | PrincipalEntry::AccountRoot { .. }
        | PrincipalEntry::AssumedRole(_)
        | PrincipalEntry::FederatedUser(_)
        | PrincipalEntry::UniqueId(_)
        | PrincipalEntry::Service(_)
        | PrincipalEntry::Federated(_)
        | PrincipalEntry::CanonicalUser(_) => true,
    })
}

fn with_entries(policy: &Policy, entry: impl Fn(&PrincipalEntry) -> PrincipalEntry) -> Policy {
    let mut policy = policy.clone();
    for statement in &mut policy.statements {
        if let Some(Selection::Only(Principals { entries }) | Selection::AllExcept(Principals { entries })) =
            &mut statement.principal
        {
            for listed in entries {
                *listed = entry(listed);
            }
        }
    }
    policy
}
