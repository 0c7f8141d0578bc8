//! Whole worlds: the layers around a request, fitted to its caller, and several requests to ask of them.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::fragments::{self, ACCOUNT, OTHER_ACCOUNT, Place, at, place};
use super::policies::{policies, policy};
use super::requests::{caller, context};
use crate::iam::context::Context;
use crate::iam::layers::Layers;
use crate::iam::policy::{Effect, Policy, PolicyType, Selection, Statement, Version};
use crate::iam::request::{
    Caller, Credential, CredentialKind, FederationSource, Request, ResourcePolicyMark, Validity,
};

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
pub(super) enum Target {
    Plain,
    Role,
    Key,
}

/// A world whose layers fit its caller and its resource, with up to `most_requests` requests.
pub fn world(most_requests: usize) -> impl Strategy<Value = World> {
    world_of(caller(), most_requests)
}

/// The same for callers of one's own choice.
pub fn world_of(caller: impl Strategy<Value = Caller>, most_requests: usize) -> impl Strategy<Value = World> {
    let target = prop_oneof![5 => Just(Target::Plain), 1 => Just(Target::Role), 1 => Just(Target::Key)];
    (caller, target, layers(), vec(drawn_request(context()), 1..=most_requests.max(1))).prop_map(
        |(caller, target, layers, requests)| World {
            layers: layers.fitted(&caller, target),
            requests: requests.into_iter().map(|drawn| drawn.of(&caller, target)).collect(),
        },
    )
}

/// A world of identity policies alone, for a user with long-term keys.
pub fn identity_world(most_requests: usize) -> impl Strategy<Value = World> {
    (policies(PolicyType::Identity), vec(super::requests::request(), 1..=most_requests.max(1)))
        .prop_map(|(identity, requests)| World { layers: Layers { identity, ..Layers::default() }, requests })
}

/// Layers before it is known whom they are for.
#[derive(Clone, Debug)]
pub(super) struct DrawnLayers {
    /// Those that the caller may turn out not to have included.
    pub(super) layers: Layers,
    /// In the place of the resource's policy where the resource is a role.
    pub(super) trust: Option<Policy>,
}

/// Draws every layer.
fn layers() -> impl Strategy<Value = DrawnLayers> {
    let identity = (0..7_u8, policies(PolicyType::Identity)).prop_map(|(kind, policies)| match kind {
        0 => Vec::new(),
        1..5 => policies,
        _ => vec![everything()],
    });
    let boundary = option::weighted(0.3, or_everything(PolicyType::Boundary));
    let session = option::weighted(0.4, vec(or_everything(PolicyType::Session), 1..3));
    let resource = option::weighted(0.7, policy(PolicyType::Resource));
    let trust = option::weighted(0.7, policy(PolicyType::Trust));
    let scps = option::weighted(0.3, levels(or_everything(PolicyType::Scp)));
    let rcps = option::weighted(0.2, levels(policy(PolicyType::Rcp)));
    let endpoint = option::weighted(0.2, policy(PolicyType::Endpoint));
    (identity, boundary, session, (resource, trust), scps, rcps, endpoint).prop_map(
        |(identity, boundary, session, (resource, trust), scps, rcps, endpoint)| DrawnLayers {
            layers: Layers { identity, boundary, session, resource, scps, rcps, endpoint },
            trust,
        },
    )
}

impl DrawnLayers {
    /// The layers that a caller of this kind can have, around a resource of this kind.
    pub(super) fn fitted(self, caller: &Caller, target: Target) -> Layers {
        let DrawnLayers { mut layers, trust } = self;
        let service_linked =
            matches!(caller, Caller::RoleSession { role, .. } if role.path.starts_with("/aws-service-role/"));
        let has_identity = match caller {
            Caller::User(_) | Caller::RoleSession { .. } => true,
            Caller::FederatedSession { source, .. } => *source != FederationSource::Root,
            Caller::Root { .. }
            | Caller::Service { .. }
            | Caller::Saml { .. }
            | Caller::WebIdentity { .. }
            | Caller::Anonymous => false,
        };
        if !has_identity {
            layers.identity.clear();
        }
        if !has_identity || service_linked {
            layers.boundary = None;
        }
        if !matches!(caller, Caller::RoleSession { .. } | Caller::FederatedSession { .. }) {
            layers.session = None;
        }
        if caller.account().is_none() {
            layers.scps = None;
        }
        match target {
            Target::Plain | Target::Key => {}
            Target::Role => layers.resource = trust,
        }
        layers
    }
}

/// One to three levels of up to two documents.
pub(super) fn levels(document: impl Strategy<Value = Policy>) -> impl Strategy<Value = Vec<Vec<Policy>>> {
    vec(vec(document, 0..3), 1..4)
}

/// A policy, or one that allows everything, so that a ceiling is often out of the way.
fn or_everything(policy_type: PolicyType) -> impl Strategy<Value = Policy> {
    (0..3_u8, policy(policy_type)).prop_map(|(kind, policy)| if kind < 2 { policy } else { everything() })
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

/// A request before it is known who asks for what.
#[derive(Clone, Debug)]
pub(super) struct DrawnRequest {
    action: (u8, Place),
    resource: Place,
    owner: u8,
    credential: u8,
    validity: u8,
    mark: u8,
    context: Context,
}

/// Draws a request with such a context.
pub(super) fn drawn_request(context: impl Strategy<Value = Context>) -> impl Strategy<Value = DrawnRequest> {
    ((0..10_u8, place()), place(), 0..8_u8, 0..5_u8, 0..31_u8, 0..9_u8, context).prop_map(
        |(action, resource, owner, credential, validity, mark, context)| DrawnRequest {
            action,
            resource,
            owner,
            credential,
            validity,
            mark,
            context,
        },
    )
}

impl DrawnRequest {
    pub(super) fn of(self, caller: &Caller, target: Target) -> Request {
        let (kind, place) = self.action;
        let (action, resource) = match target {
            Target::Plain if kind < 9 => {
                (at(fragments::ACTIONS, place), at(fragments::RESOURCES, self.resource))
            }
            Target::Plain => (at(RARE_ACTIONS, place), at(fragments::RESOURCES, self.resource)),
            Target::Role => (at(ROLE_ACTIONS, place), at(ROLES, self.resource)),
            Target::Key if kind < 9 => (at(KEY_ACTIONS, place), at(KEYS, self.resource)),
            Target::Key => (at(fragments::ACTIONS, place), at(KEYS, self.resource)),
        };
        Request {
            caller: caller.clone(),
            credential: self.credential(caller),
            action: action.to_owned(),
            resource: resource.to_owned(),
            resource_account: match self.owner {
                0..4 => None,
                4..6 => Some(ACCOUNT.to_owned()),
                _ => Some(OTHER_ACCOUNT.to_owned()),
            },
            resource_policy_mark: match self.mark {
                0..8 => ResourcePolicyMark::Unmarked,
                _ => ResourcePolicyMark::PolicyRequired,
            },
            context: self.context,
        }
    }

    /// Users and root have two kinds of credentials; everybody may be late.
    fn credential(&self, caller: &Caller) -> Credential {
        let own_keys = match caller {
            Caller::User(_) | Caller::Root { .. } => true,
            Caller::RoleSession { .. }
            | Caller::FederatedSession { .. }
            | Caller::Service { .. }
            | Caller::Saml { .. }
            | Caller::WebIdentity { .. }
            | Caller::Anonymous => false,
        };
        Credential {
            kind: if own_keys && self.credential == 4 {
                CredentialKind::SessionToken
            } else {
                CredentialKind::LongTerm
            },
            validity: if self.validity == 30 { Validity::Expired } else { Validity::Current },
        }
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

/// Operations on a role, and the permissions that go with them.
const ROLE_ACTIONS: &[&str] = &[
    "sts:AssumeRole",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:assumerole",
];

/// Operations on a key, one of them beyond RCPs (EVAL-22).
const KEY_ACTIONS: &[&str] = &["kms:Decrypt", "kms:RetireGrant", "KMS:decrypt"];

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
