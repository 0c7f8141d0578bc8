//! Users and roles that a saved policy names are bound to their ids, so that a new one of the same name is another one (PRIN-8).

use std::sync::Arc;

use crate::evaluator::reading::{Reading, mistaken};
use crate::iam::policy::{Policy, Selection};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::world::{StoredPolicy, World};

/// A policy as it is saved: entries that name a user or role of the world name its id.
// Rule: PRIN-8.
pub(in crate::evaluator) fn bound_policy(policy: &Policy, world: &World, reading: Reading) -> Policy {
    if mistaken!(reading, PoliciesBindNames) {
        return policy.clone();
    }
    with_entries(policy, |entry| match entry {
        PrincipalEntry::User(arn) => {
            world.user_by_arn(arn).map(|user| PrincipalEntry::UniqueId(user.found.id.clone()))
        }
        PrincipalEntry::Role(arn) => {
            world.role_by_arn(arn).map(|role| PrincipalEntry::UniqueId(role.found.id.clone()))
        }
        PrincipalEntry::UniqueId(_)
        | PrincipalEntry::Everyone
        | PrincipalEntry::EveryoneAws
        | PrincipalEntry::AccountId(_)
        | PrincipalEntry::AccountRoot { .. }
        | PrincipalEntry::AssumedRole(_)
        | PrincipalEntry::FederatedUser(_)
        | PrincipalEntry::Service(_)
        | PrincipalEntry::Federated(_)
        | PrincipalEntry::CanonicalUser(_) => None,
    })
}

/// The same for a policy with its size.
pub(in crate::evaluator) fn bound(stored: &StoredPolicy, world: &World, reading: Reading) -> StoredPolicy {
    StoredPolicy { policy: Arc::new(bound_policy(&stored.policy, world, reading)), ..stored.clone() }
}

/// A saved policy as it reads now: an id that is somebody's is his ARN; one that is nobody's any more names nobody.
// Rule: PRIN-8.
pub(super) fn resolved(policy: &Policy, world: &World) -> Policy {
    with_entries(policy, |entry| match entry {
        PrincipalEntry::UniqueId(id) => world
            .user_by_id(id)
            .map(|user| PrincipalEntry::User(user.arn()))
            .or_else(|| world.role_by_id(id).map(|role| PrincipalEntry::Role(role.arn()))),
        PrincipalEntry::User(_)
        | PrincipalEntry::Role(_)
        | PrincipalEntry::Everyone
        | PrincipalEntry::EveryoneAws
        | PrincipalEntry::AccountId(_)
        | PrincipalEntry::AccountRoot { .. }
        | PrincipalEntry::AssumedRole(_)
        | PrincipalEntry::FederatedUser(_)
        | PrincipalEntry::Service(_)
        | PrincipalEntry::Federated(_)
        | PrincipalEntry::CanonicalUser(_) => None,
    })
}

/// The policy with some principal entries replaced.
fn with_entries(policy: &Policy, replaced: impl Fn(&PrincipalEntry) -> Option<PrincipalEntry>) -> Policy {
    let mut policy = policy.clone();
    for statement in &mut policy.statements {
        let Some(selection) = &mut statement.principal else { continue };
        let (Selection::Only(Principals { entries }) | Selection::AllExcept(Principals { entries })) =
            selection;
        for entry in entries {
            if let Some(other) = replaced(entry) {
                *entry = other;
            }
        }
    }
    policy
}
