//! Whole worlds: the layers around a request, fitted to its caller, and several requests to ask of them.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::fragments::{self, ACCOUNT, OTHER_ACCOUNT};
use super::policies::{policies, policy};
use super::requests::{caller, context};
use crate::iam::layers::Layers;
use crate::iam::policy::{Effect, Policy, PolicyType, Selection, Statement, Version};
use crate::iam::request::{Caller, Credential, CredentialKind, Request, ResourcePolicyMark, Validity};

/// Policies and the requests to put to them, all of one caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The policies.
    pub layers: Layers,
    /// The requests; at least one.
    pub requests: Vec<Request>,
}

/// What kind of resource the requests of a world are on: it decides which resource policy fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Plain,
    Role,
    Key,
}

/// A world whose layers fit its caller, with up to `most_requests` requests.
pub fn world(most_requests: usize) -> impl Strategy<Value = World> {
    let target = prop_oneof![5 => Just(Target::Plain), 1 => Just(Target::Role), 1 => Just(Target::Key)];
    (caller(), target).prop_flat_map(move |(caller, target)| {
        (layers(&caller, target), vec(request(caller, target), 1..=most_requests.max(1)))
            .prop_map(|(layers, requests)| World { layers, requests })
    })
}

/// A world of identity policies alone, for a user with long-term keys.
pub fn identity_world(most_requests: usize) -> impl Strategy<Value = World> {
    (policies(PolicyType::Identity), vec(super::requests::request(), 1..=most_requests.max(1)))
        .prop_map(|(identity, requests)| World { layers: Layers { identity, ..Layers::default() }, requests })
}

/// Layers that a caller of this kind can have.
fn layers(caller: &Caller, target: Target) -> BoxedStrategy<Layers> {
    let has_identity =
        matches!(caller, Caller::User(_) | Caller::RoleSession { .. } | Caller::FederatedSession { .. });
    let has_session = matches!(caller, Caller::RoleSession { .. } | Caller::FederatedSession { .. });
    let has_account = caller.account().is_some();
    let service_linked =
        matches!(caller, Caller::RoleSession { role, .. } if role.path.starts_with("/aws-service-role/"));
    let identity = if has_identity {
        prop_oneof![1 => Just(Vec::new()), 4 => policies(PolicyType::Identity), 2 => Just(vec![everything()])]
            .boxed()
    } else {
        Just(Vec::new()).boxed()
    };
    let boundary = fitting(has_identity && !service_linked, 0.3, or_everything(PolicyType::Boundary));
    let session = fitting(has_session, 0.4, vec(or_everything(PolicyType::Session), 1..3));
    let resource = option::weighted(
        0.7,
        policy(if target == Target::Role { PolicyType::Trust } else { PolicyType::Resource }),
    );
    let scps = fitting(has_account, 0.3, levels(PolicyType::Scp));
    let rcps = option::weighted(0.2, levels(PolicyType::Rcp));
    let endpoint = option::weighted(0.2, policy(PolicyType::Endpoint));
    (identity, boundary, session, resource, scps, rcps, endpoint)
        .prop_map(|(identity, boundary, session, resource, scps, rcps, endpoint)| Layers {
            identity,
            boundary,
            session,
            resource,
            scps,
            rcps,
            endpoint,
        })
        .boxed()
}

/// A layer that only some callers have.
fn fitting<S>(fits: bool, probability: f64, layer: S) -> BoxedStrategy<Option<S::Value>>
where
    S: Strategy + 'static,
    S::Value: Clone,
{
    if fits { option::weighted(probability, layer).boxed() } else { Just(None).boxed() }
}

fn levels(policy_type: PolicyType) -> impl Strategy<Value = Vec<Vec<Policy>>> {
    let document = match policy_type {
        PolicyType::Rcp => policy(policy_type).boxed(),
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Session
        | PolicyType::Trust
        | PolicyType::Resource
        | PolicyType::Endpoint
        | PolicyType::Scp => or_everything(policy_type).boxed(),
    };
    vec(vec(document, 0..3), 1..4)
}

fn or_everything(policy_type: PolicyType) -> impl Strategy<Value = Policy> {
    prop_oneof![2 => policy(policy_type), 1 => Just(everything())]
}

/// `Allow * on *`.
pub fn everything() -> Policy {
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

fn request(caller: Caller, target: Target) -> impl Strategy<Value = Request> {
    let credential = match caller {
        Caller::User(_) | Caller::Root { .. } => {
            prop_oneof![4 => Just(CredentialKind::LongTerm), 1 => Just(CredentialKind::SessionToken)].boxed()
        }
        Caller::RoleSession { .. }
        | Caller::FederatedSession { .. }
        | Caller::Service { .. }
        | Caller::Saml { .. }
        | Caller::WebIdentity { .. }
        | Caller::Anonymous => Just(CredentialKind::LongTerm).boxed(),
    };
    let validity = prop_oneof![30 => Just(Validity::Current), 1 => Just(Validity::Expired)];
    let mark =
        prop_oneof![8 => Just(ResourcePolicyMark::Unmarked), 1 => Just(ResourcePolicyMark::PolicyRequired)];
    let owner = prop_oneof![
        4 => Just(None),
        2 => Just(Some(ACCOUNT.to_owned())),
        2 => Just(Some(OTHER_ACCOUNT.to_owned())),
    ];
    (action(target), resource(target), owner, credential, validity, mark, context()).prop_map(
        move |(action, resource, resource_account, kind, validity, resource_policy_mark, context)| Request {
            caller: caller.clone(),
            credential: Credential { kind, validity },
            action: action.to_owned(),
            resource: resource.to_owned(),
            resource_account,
            resource_policy_mark,
            context,
        },
    )
}

fn action(target: Target) -> BoxedStrategy<&'static str> {
    match target {
        Target::Plain => prop_oneof![9 => select(fragments::ACTIONS), 1 => select(RARE_ACTIONS)].boxed(),
        Target::Role => prop_oneof![6 => select(ROLE_ACTIONS), 1 => select(fragments::ACTIONS)].boxed(),
        Target::Key => prop_oneof![6 => Just("kms:Decrypt"), 1 => select(fragments::ACTIONS)].boxed(),
    }
}

/// Operations that follow rules of their own (STS-42 to STS-50, EVAL-6).
const RARE_ACTIONS: &[&str] = &[
    "sts:GetCallerIdentity",
    "sts:GetSessionToken",
    "sts:GetFederationToken",
    "sts:getcalleridentity",
    "iam:ListUsers",
    "iam:PassRole",
    "sns:Publish",
    "sqs:SendMessage",
];

/// Operations on a role.
const ROLE_ACTIONS: &[&str] = &[
    "sts:AssumeRole",
    "sts:TagSession",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:assumerole",
    "iam:PassRole",
];

fn resource(target: Target) -> BoxedStrategy<&'static str> {
    match target {
        Target::Plain => select(fragments::RESOURCES).boxed(),
        Target::Role => select(ROLES).boxed(),
        Target::Key => select(KEYS).boxed(),
    }
}

/// Roles, one of them service-linked, one in another partition, one in another account.
const ROLES: &[&str] = &[
    "arn:aws:iam::111111111111:role/target",
    "arn:aws:iam::111111111111:role/app",
    "arn:aws:iam::222222222222:role/target",
    "arn:aws-cn:iam::111111111111:role/target",
    "arn:aws:iam::111111111111:role/aws-service-role/ecs.amazonaws.com/app",
];

/// Keys, and an alias, which is none.
const KEYS: &[&str] = &[
    "arn:aws:kms:us-east-1:111111111111:key/k1",
    "arn:aws:kms:us-east-1:222222222222:key/k1",
    "arn:aws:kms:us-east-1:111111111111:alias/a1",
];
