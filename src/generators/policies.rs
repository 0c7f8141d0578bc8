//! Policies of every type, legal by the grammar.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::conditions::condition;
use super::fragments::{self, ACCOUNT, OTHER_ACCOUNT};
use crate::iam::policy::{Effect, Policy, PolicyType, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};

/// A policy of this type with one to three statements.
pub fn policy(policy_type: PolicyType) -> impl Strategy<Value = Policy> {
    let version = match policy_type {
        PolicyType::Scp | PolicyType::Rcp => Just(Version::V2012).boxed(),
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Session
        | PolicyType::Trust
        | PolicyType::Resource
        | PolicyType::Endpoint => prop_oneof![
            6 => Just(Version::V2012),
            1 => Just(Version::V2008),
            1 => Just(Version::Absent),
        ]
        .boxed(),
    };
    version.prop_flat_map(move |version| {
        vec(statement(policy_type), 1..4).prop_map(move |statements| Policy { version, id: None, statements })
    })
}

/// A set of one to three policies of this type.
pub fn policies(policy_type: PolicyType) -> impl Strategy<Value = Vec<Policy>> {
    vec(policy(policy_type), 1..4)
}

/// A statement that is legal in a policy of this type.
pub fn statement(policy_type: PolicyType) -> impl Strategy<Value = Statement> {
    let effect = match policy_type {
        PolicyType::Rcp => Just(Effect::Deny).boxed(),
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Session
        | PolicyType::Trust
        | PolicyType::Resource
        | PolicyType::Endpoint
        | PolicyType::Scp => prop_oneof![3 => Just(Effect::Allow), 1 => Just(Effect::Deny)].boxed(),
    };
    effect.prop_flat_map(move |effect| {
        (principal(policy_type, effect), action(policy_type), resource(policy_type), condition()).prop_map(
            move |(principal, action, resource, condition)| Statement {
                sid: None,
                effect,
                principal,
                action,
                resource,
                condition,
            },
        )
    })
}

fn owned(texts: Vec<&'static str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn action(policy_type: PolicyType) -> BoxedStrategy<Selection<Vec<String>>> {
    let listed = vec(select(fragments::ACTION_PATTERNS), 1..3).prop_map(owned);
    match policy_type {
        PolicyType::Trust => {
            vec(select(TRUST_ACTIONS), 1..3).prop_map(|texts| Selection::Only(owned(texts))).boxed()
        }
        PolicyType::Rcp => {
            vec(select(RCP_ACTIONS), 1..3).prop_map(|texts| Selection::Only(owned(texts))).boxed()
        }
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Session
        | PolicyType::Resource
        | PolicyType::Endpoint
        | PolicyType::Scp => prop_oneof![
            4 => listed.clone().prop_map(Selection::Only),
            1 => listed.prop_map(Selection::AllExcept),
        ]
        .boxed(),
    }
}

/// Action patterns that GRAM-21 lets into a trust policy.
const TRUST_ACTIONS: &[&str] = &[
    "sts:AssumeRole",
    "sts:assumerole",
    "sts:*",
    "sts:AssumeRole*",
    "sts:TagSession",
    "sts:AssumeRoleWithSAML",
];

/// Action patterns that GRAM-24 lets into an RCP.
const RCP_ACTIONS: &[&str] =
    &["s3:*", "s3:Get*", "s3:GetObject", "sqs:*", "sts:AssumeRole", "kms:*", "ec2:*"];

fn resource(policy_type: PolicyType) -> BoxedStrategy<Option<Selection<Vec<String>>>> {
    if policy_type == PolicyType::Trust {
        return Just(None).boxed();
    }
    let pattern =
        prop_oneof![3 => select(fragments::RESOURCE_PATTERNS), 1 => select(fragments::VARIABLE_PATTERNS)];
    let listed = vec(pattern, 1..3).prop_map(owned);
    prop_oneof![
        2 => Just(Some(Selection::Only(vec!["*".to_owned()]))),
        4 => listed.clone().prop_map(|texts| Some(Selection::Only(texts))),
        1 => listed.prop_map(|texts| Some(Selection::AllExcept(texts))),
    ]
    .boxed()
}

fn principal(policy_type: PolicyType, effect: Effect) -> BoxedStrategy<Option<Selection<Principals>>> {
    let everyone = || Principals { entries: vec![PrincipalEntry::Everyone] };
    let listed = prop_oneof![
        2 => Just(everyone()),
        1 => Just(Principals { entries: vec![PrincipalEntry::EveryoneAws] }),
        5 => subsequence(principal_entries(), 1..4).prop_map(|entries| Principals { entries }),
    ];
    match (policy_type, effect) {
        (PolicyType::Identity | PolicyType::Boundary | PolicyType::Session | PolicyType::Scp, _) => {
            Just(None).boxed()
        }
        (PolicyType::Rcp, _) => Just(Some(Selection::Only(everyone()))).boxed(),
        (PolicyType::Trust, _) | (PolicyType::Resource | PolicyType::Endpoint, Effect::Allow) => {
            listed.prop_map(|principals| Some(Selection::Only(principals))).boxed()
        }
        (PolicyType::Resource | PolicyType::Endpoint, Effect::Deny) => prop_oneof![
            2 => listed.clone().prop_map(|principals| Some(Selection::Only(principals))),
            1 => listed.prop_map(|principals| Some(Selection::AllExcept(principals))),
        ]
        .boxed(),
    }
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
