//! Worlds whose decision turns on one statement, in any layer: the others allow everything.

use proptest::prelude::*;

use super::fragments::ACCOUNT;
use super::pointed::{document, plain};
use super::requests::entity;
use super::worlds::{World, everything};
use crate::iam::layers::{Layer, Layers};
use crate::iam::policy::{Effect, Policy, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::request::{Caller, Request};

/// A world whose decision turns on one statement in this layer: an Allow by itself, or a Deny beside an Allow of everything, under layers that allow
/// everything.
pub(super) fn turning_on(
    statement: Statement,
    version: Version,
    layer: Layer,
    requests: Vec<Request>,
) -> World {
    let mut layers = Layers { identity: vec![everything()], ..Layers::default() };
    let alone = |statement: Statement| Policy { version, id: None, statements: vec![statement] };
    let beside = |statement: Statement| match statement.effect {
        Effect::Allow => vec![alone(statement)],
        Effect::Deny => vec![everything(), alone(statement)],
    };
    let everyone = || Some(Selection::Only(Principals { entries: vec![PrincipalEntry::Everyone] }));
    // Where a layer is one document, its Deny stands beside an Allow in it.
    let within = |statement: Statement, principal: Option<Selection<Principals>>| {
        let allow = Statement { principal: principal.clone(), ..plain(Effect::Allow) };
        let statement = Statement { principal, ..statement };
        let statements = match statement.effect {
            Effect::Allow => vec![statement],
            Effect::Deny => vec![allow, statement],
        };
        Policy { version, id: None, statements }
    };
    match layer {
        Layer::Identity => layers.identity = beside(statement),
        Layer::Boundary => layers.boundary = Some(within(statement, None)),
        Layer::Session => layers.session = Some(beside(statement)),
        Layer::Scp { .. } => {
            // Their Version is 2012-10-17 (GRAM-5).
            let mut set = beside(statement);
            set.iter_mut().for_each(|policy| policy.version = Version::V2012);
            layers.scps = Some(vec![set]);
        }
        Layer::Rcp { .. } => {
            let action = match statement.action {
                Selection::Only(listed) if listed.iter().all(|text| !text.starts_with('*')) => listed,
                Selection::Only(_) | Selection::AllExcept(_) => vec!["s3:*".to_owned()],
            };
            let statement = Statement {
                effect: Effect::Deny,
                principal: everyone(),
                action: Selection::Only(action),
                ..statement
            };
            layers.rcps = Some(vec![vec![document(vec![statement])]]);
        }
        Layer::Resource => {
            layers.identity.clear();
            layers.resource = Some(within(statement, everyone()));
        }
        Layer::Endpoint => layers.endpoint = Some(within(statement, everyone())),
    }
    let session = Caller::RoleSession { role: entity("aws", ACCOUNT, "/", "app"), session: "s1".to_owned() };
    let of = |request: Request| match layer {
        Layer::Session => Request { caller: session.clone(), ..request },
        Layer::Identity
        | Layer::Boundary
        | Layer::Scp { .. }
        | Layer::Rcp { .. }
        | Layer::Resource
        | Layer::Endpoint => request,
    };
    World { layers, requests: requests.into_iter().map(of).collect() }
}

/// The layer in which a statement stands: an evaluator may read one otherwise than the others.
pub(super) fn layer() -> impl Strategy<Value = Layer> {
    prop_oneof![
        12 => Just(Layer::Identity),
        1 => Just(Layer::Boundary),
        1 => Just(Layer::Session),
        1 => Just(Layer::Scp { level: 0 }),
        1 => Just(Layer::Rcp { level: 0 }),
        1 => Just(Layer::Resource),
        1 => Just(Layer::Endpoint),
    ]
}
