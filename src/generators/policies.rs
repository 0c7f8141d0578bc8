//! Policies of every type, legal by the grammar.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::conditions::condition;
use super::fragments::{self, ACCOUNT, OTHER_ACCOUNT, at, place};
use crate::iam::policy::{Effect, Policy, PolicyType, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};

/// A policy of this type with one to three statements.
pub fn policy(policy_type: PolicyType) -> impl Strategy<Value = Policy> {
    (0..8_u8, vec(statement(policy_type), 1..4)).prop_map(move |(version, statements)| {
        let version = match (policy_type, version) {
            (PolicyType::Scp | PolicyType::Rcp, _) | (_, 0..6) => Version::V2012,
            (_, 6) => Version::V2008,
            (_, _) => Version::Absent,
        };
        Policy { version, id: None, statements }
    })
}

/// A set of one to three policies of this type.
pub fn policies(policy_type: PolicyType) -> impl Strategy<Value = Vec<Policy>> {
    vec(policy(policy_type), 1..4)
}

/// A statement that is legal in a policy of this type.
pub fn statement(policy_type: PolicyType) -> impl Strategy<Value = Statement> {
    let effect = (0..4_u8).prop_map(move |effect| match (policy_type, effect) {
        (PolicyType::Rcp, _) | (_, 3..) => Effect::Deny,
        (_, _) => Effect::Allow,
    });
    (effect, principal(policy_type), action(policy_type), resource(policy_type), condition()).prop_map(
        |(effect, principal, action, resource, condition)| {
            // NotPrincipal is for Deny alone (GRAM-14).
            let principal = match (principal, effect) {
                (Some(Selection::AllExcept(listed)), Effect::Allow) => Some(Selection::Only(listed)),
                (principal, Effect::Allow | Effect::Deny) => principal,
            };
            Statement { sid: None, effect, principal, action, resource, condition }
        },
    )
}

fn action(policy_type: PolicyType) -> impl Strategy<Value = Selection<Vec<String>>> {
    let (patterns, negatable) = match policy_type {
        PolicyType::Trust => (TRUST_ACTIONS, Negatable::No),
        PolicyType::Rcp => (RCP_ACTIONS, Negatable::No),
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Session
        | PolicyType::Resource
        | PolicyType::Endpoint
        | PolicyType::Scp => (fragments::ACTION_PATTERNS, Negatable::Yes),
    };
    selected_actions(patterns).prop_map(move |selection| match (negatable, selection) {
        (Negatable::No, Selection::AllExcept(listed)) => Selection::Only(listed),
        (Negatable::Yes | Negatable::No, selection) => selection,
    })
}

/// Action, or one time in five NotAction, with some of these patterns.
pub(super) fn selected_actions(
    patterns: &'static [&'static str],
) -> impl Strategy<Value = Selection<Vec<String>>> {
    (0..5_u8, vec(place(), 1..3)).prop_map(move |(kind, places)| {
        let listed = places.into_iter().map(|place| at(patterns, place).to_owned()).collect();
        if kind == 4 { Selection::AllExcept(listed) } else { Selection::Only(listed) }
    })
}

/// Whether an element may stand in its `Not…` form.
#[derive(Clone, Copy, Debug)]
enum Negatable {
    Yes,
    No,
}

/// Action patterns that GRAM-21 lets into a trust policy.
const TRUST_ACTIONS: &[&str] = &[
    "sts:AssumeRole",
    "sts:assumerole",
    "sts:*",
    "sts:AssumeRole*",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:AssumeRoleWithSAML",
];

/// Action patterns that GRAM-24 lets into an RCP.
const RCP_ACTIONS: &[&str] =
    &["s3:*", "s3:Get*", "s3:GetObject", "sqs:*", "sts:AssumeRole", "kms:*", "kms:RetireGrant", "ec2:*"];

fn resource(policy_type: PolicyType) -> impl Strategy<Value = Option<Selection<Vec<String>>>> {
    let pattern = (0..4_u8, place()).prop_map(|(kind, place)| {
        let patterns = if kind < 3 { fragments::RESOURCE_PATTERNS } else { fragments::VARIABLE_PATTERNS };
        at(patterns, place).to_owned()
    });
    (0..7_u8, vec(pattern, 1..3)).prop_map(move |(kind, listed)| {
        (policy_type != PolicyType::Trust).then(|| match kind {
            0..2 => Selection::Only(vec!["*".to_owned()]),
            2..6 => Selection::Only(listed),
            _ => Selection::AllExcept(listed),
        })
    })
}

fn principal(policy_type: PolicyType) -> impl Strategy<Value = Option<Selection<Principals>>> {
    let entries = principal_entries();
    (0..8_u8, vec(any::<prop::sample::Index>(), 1..4), 0..3_u8).prop_map(move |(kind, places, negated)| {
        let listed = match kind {
            _ if policy_type == PolicyType::Rcp => vec![PrincipalEntry::Everyone],
            0..2 => vec![PrincipalEntry::Everyone],
            2 => vec![PrincipalEntry::EveryoneAws],
            // Each once, and in the order in which a document lists kinds.
            _ => {
                let places: BTreeSet<usize> = places.iter().map(|place| place.index(entries.len())).collect();
                places.into_iter().filter_map(|place| entries.get(place).cloned()).collect()
            }
        };
        let principals = Principals { entries: listed };
        match policy_type {
            PolicyType::Identity | PolicyType::Boundary | PolicyType::Session | PolicyType::Scp => None,
            PolicyType::Resource | PolicyType::Endpoint if negated == 2 => {
                Some(Selection::AllExcept(principals))
            }
            PolicyType::Rcp | PolicyType::Trust | PolicyType::Resource | PolicyType::Endpoint => {
                Some(Selection::Only(principals))
            }
        }
    })
}

/// Entries that name the callers of [`super::requests`], and their neighbours.
pub fn principal_entries() -> Vec<PrincipalEntry> {
    let account = |account: &str| PrincipalEntry::AccountId(account.to_owned());
    let root = |partition: &str, account: &str| PrincipalEntry::AccountRoot {
        partition: partition.to_owned(),
        account: account.to_owned(),
    };
    let iam = |path: &str| format!("arn:aws:iam::{ACCOUNT}:{path}");
    let sts = |path: &str| format!("arn:aws:sts::{ACCOUNT}:{path}");
    vec![
        account(ACCOUNT),
        account(OTHER_ACCOUNT),
        root("aws", ACCOUNT),
        root("aws-cn", ACCOUNT),
        PrincipalEntry::User(iam("user/alice")),
        // Case (PRIN-6), a path (PRIN-5), the other account.
        PrincipalEntry::User(iam("user/Alice")),
        PrincipalEntry::User(iam("user/eng/alice")),
        PrincipalEntry::User(format!("arn:aws:iam::{OTHER_ACCOUNT}:user/alice")),
        PrincipalEntry::User(iam("user/bob")),
        PrincipalEntry::Role(iam("role/app")),
        PrincipalEntry::Role(iam("role/eng/app")),
        PrincipalEntry::AssumedRole(sts("assumed-role/app/s1")),
        PrincipalEntry::AssumedRole(sts("assumed-role/app/s2")),
        PrincipalEntry::FederatedUser(sts("federated-user/carol")),
        PrincipalEntry::UniqueId("AIDAEXAMPLEEXAMPLE111".to_owned()),
        PrincipalEntry::Service("sns.amazonaws.com".to_owned()),
        PrincipalEntry::Service("ec2.amazonaws.com".to_owned()),
        PrincipalEntry::Federated(iam("saml-provider/AD")),
        PrincipalEntry::Federated("accounts.google.com".to_owned()),
    ]
}
