//! A policy that stands alone, among layers in which all of it can matter.
//!
//! An identity policy decides nothing about a key whose policy does not delegate, a boundary nothing about a caller who may do nothing. So the layers
//! around are given by two further policies, one at the caller's side and one at the resource's, which allow everything or nothing as a
//! context key of their own says. Whatever the policy under examination needs around it, some request has it.

use crate::iam::condition::{BaseOperator, Operator};
use crate::iam::key::KeyName;
use crate::iam::layers::{Layer, Layers};
use crate::iam::policy::{ConditionEntry, Effect, Policy, PolicyType, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};

/// The layers, and which of them holds the policy.
pub fn around(policy: &Policy, policy_type: PolicyType) -> (Layers, Layer) {
    let policy = policy.clone();
    let mut layers = Layers {
        identity: vec![allowing_if("iamproof:CallerIsAllowed", None)],
        resource: Some(allowing_if("iamproof:ResourceAllows", Some(PrincipalEntry::Everyone))),
        ..Layers::default()
    };
    let layer = match policy_type {
        PolicyType::Identity => {
            layers.identity = vec![policy];
            Layer::Identity
        }
        PolicyType::Boundary => {
            layers.boundary = Some(policy);
            Layer::Boundary
        }
        PolicyType::Session => {
            layers.session = Some(vec![policy]);
            Layer::Session
        }
        PolicyType::Trust | PolicyType::Resource => {
            layers.resource = Some(policy);
            Layer::Resource
        }
        PolicyType::Endpoint => {
            layers.endpoint = Some(policy);
            Layer::Endpoint
        }
        PolicyType::Scp => {
            layers.scps = Some(vec![vec![policy]]);
            Layer::Scp { level: 0 }
        }
        PolicyType::Rcp => {
            layers.rcps = Some(vec![vec![policy]]);
            Layer::Rcp { level: 0 }
        }
    };
    (layers, layer)
}

fn allowing_if(key: &str, principal: Option<PrincipalEntry>) -> Policy {
    let everything = || Selection::Only(vec!["*".to_owned()]);
    let statement = Statement {
        sid: None,
        effect: Effect::Allow,
        principal: principal.map(|entry| Selection::Only(Principals { entries: vec![entry] })),
        action: everything(),
        resource: Some(everything()),
        condition: vec![ConditionEntry {
            operator: Operator::plain(BaseOperator::Bool),
            key: KeyName::new(key),
            values: vec!["true".to_owned()],
        }],
    };
    Policy { version: Version::V2012, id: None, statements: vec![statement] }
}
