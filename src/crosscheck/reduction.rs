//! Makes a world as small as it gets while two answers to its one request stay as they are.
//!
//! Proptest's own steps come first, on the world as it was drawn; they know how it was made, and so find simpler texts. Then parts are left
//! out, one at a time, until none can be: layers, documents, statements, entries, values, modifiers, keys of the context. What is left is
//! 1-minimal: each part of it is needed, so that the parts themselves say what the disagreement is about.

use super::stream::WorldTree;
use crate::generators::worlds::World;
use crate::iam::condition::{Existence, Operator, Quantifier};
use crate::iam::context::ContextValue;
use crate::iam::layers::Layers;
use crate::iam::policy::{ConditionEntry, Policy, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::request::{CredentialKind, Request, ResourcePolicyMark, Validity};

/// How many of proptest's steps are tried.
const MOST_STEPS: usize = 150;

/// How often all parts are gone through.
const MOST_ROUNDS: usize = 8;

/// Whether a world with one request still shows what is looked for.
pub type Shows<'a> = dyn FnMut(&World) -> bool + 'a;

/// The world with only this request.
pub fn alone(world: &World, request: usize) -> Option<World> {
    let request = world.requests.get(request)?.clone();
    Some(World { layers: world.layers.clone(), requests: vec![request] })
}

/// A world as it came.
pub enum Drawn {
    /// From a stream, with proptest's ways to make it smaller.
    Tree(WorldTree),
    /// From a file.
    Written(Box<World>),
}

/// The smallest world found that still shows what this request of the world showed first; it has one request.
pub fn reduce(drawn: Drawn, request: usize, shows: &mut Shows<'_>) -> Option<World> {
    let smaller = match drawn {
        Drawn::Tree(tree) => simplified(tree, request, shows)?,
        Drawn::Written(world) => alone(&world, request)?,
    };
    Some(without_needless_parts(smaller, shows))
}

/// As simple as proptest can make it.
fn simplified(mut tree: WorldTree, request: usize, shows: &mut Shows<'_>) -> Option<World> {
    let mut best = alone(&tree.current(), request)?;
    for _ in 0..MOST_STEPS {
        if !tree.simplify() {
            break;
        }
        // A step may take requests away, so that the one looked for stands elsewhere.
        let current = tree.current();
        let requests = 0..current.requests.len();
        match requests.filter_map(|position| alone(&current, position)).find(|candidate| shows(candidate)) {
            Some(candidate) => best = candidate,
            None if tree.complicate() => {}
            None => break,
        }
    }
    Some(best)
}

/// The world without any part that it can do without.
pub fn without_needless_parts(mut world: World, shows: &mut Shows<'_>) -> World {
    for _ in 0..MOST_ROUNDS {
        let mut position = 0;
        let mut smaller = false;
        // A candidate that is taken makes new ones; those before its place were all turned down, and are tried again in the next round.
        while let Some((found, candidate)) = candidates(&world)
            .into_iter()
            .enumerate()
            .skip(position)
            .find(|(_, candidate)| *candidate != world && shows(candidate))
        {
            position = found;
            world = candidate;
            smaller = true;
        }
        if !smaller {
            break;
        }
    }
    world
}

/// Every world that is smaller by one part.
fn candidates(world: &World) -> Vec<World> {
    let mut found = Vec::new();
    for layers in smaller_layers(&world.layers) {
        found.push(World { layers, requests: world.requests.clone() });
    }
    found.extend(single_values(world));
    for request in world.requests.iter().flat_map(smaller_requests) {
        found.push(World { layers: world.layers.clone(), requests: vec![request] });
    }
    found
}

/// Set operators away, and a list of one made its value: neither of the two alone leaves the answer what it is.
fn single_values(world: &World) -> Option<World> {
    let mut single = world.clone();
    for policy in single.layers.documents_mut().map(|(_, policy)| policy) {
        for entry in policy.statements.iter_mut().flat_map(|statement| &mut statement.condition) {
            entry.operator.quantifier = Quantifier::None;
        }
    }
    for request in &mut single.requests {
        let entries: Vec<_> = request.context.entries().to_vec();
        for (key, value) in entries {
            if let ContextValue::Many(values) = value
                && let [only] = values.as_slice()
            {
                request.context.set(key, ContextValue::Single(only.clone()));
            }
        }
    }
    (single != *world).then_some(single)
}

fn smaller_layers(layers: &Layers) -> Vec<Layers> {
    let mut found = Vec::new();
    let identity = smaller_sets(&layers.identity);
    found.extend(identity.into_iter().map(|identity| Layers { identity, ..layers.clone() }));
    for boundary in smaller_option(layers.boundary.as_ref(), smaller_policies) {
        found.push(Layers { boundary, ..layers.clone() });
    }
    let passed = |set: &Vec<Policy>| smaller_sets(set).into_iter().filter(|set| !set.is_empty()).collect();
    for session in smaller_option(layers.session.as_ref(), passed) {
        found.push(Layers { session, ..layers.clone() });
    }
    for resource in smaller_option(layers.resource.as_ref(), smaller_policies) {
        found.push(Layers { resource, ..layers.clone() });
    }
    for endpoint in smaller_option(layers.endpoint.as_ref(), smaller_policies) {
        found.push(Layers { endpoint, ..layers.clone() });
    }
    for scps in smaller_option(layers.scps.as_ref(), |levels: &Vec<Vec<Policy>>| smaller_levels(levels)) {
        found.push(Layers { scps, ..layers.clone() });
    }
    for rcps in smaller_option(layers.rcps.as_ref(), |levels: &Vec<Vec<Policy>>| smaller_levels(levels)) {
        found.push(Layers { rcps, ..layers.clone() });
    }
    found
}

/// Nothing in the place of something, and everything that is smaller than it.
fn smaller_option<T>(given: Option<&T>, smaller: impl Fn(&T) -> Vec<T>) -> Vec<Option<T>> {
    given.map_or_else(Vec::new, |given| {
        let mut found = vec![None];
        found.extend(smaller(given).into_iter().map(Some));
        found
    })
}

/// The list with one item left out, and with one item made smaller.
fn smaller_lists<T: Clone>(list: &[T], smaller: impl Fn(&T) -> Vec<T>) -> Vec<Vec<T>> {
    let mut found = without_one(list);
    for (position, item) in list.iter().enumerate() {
        for item in smaller(item) {
            let mut list = list.to_vec();
            if let Some(slot) = list.get_mut(position) {
                *slot = item;
            }
            found.push(list);
        }
    }
    found
}

/// The list with one item left out, whichever.
fn without_one<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    (0..list.len())
        .map(|left_out| {
            let kept = list.iter().enumerate().filter(|(position, _)| *position != left_out);
            kept.map(|(_, item)| item.clone()).collect()
        })
        .collect()
}

fn smaller_sets(policies: &[Policy]) -> Vec<Vec<Policy>> {
    smaller_lists(policies, smaller_policies)
}

/// Levels with one left out or made smaller; at least one is kept, since no level at all is written by leaving the layer out.
fn smaller_levels(levels: &[Vec<Policy>]) -> Vec<Vec<Vec<Policy>>> {
    smaller_lists(levels, |set: &Vec<Policy>| smaller_sets(set))
        .into_iter()
        .filter(|levels| !levels.is_empty())
        .collect()
}

fn smaller_policies(policy: &Policy) -> Vec<Policy> {
    let statements = smaller_lists(&policy.statements, smaller_statements);
    let mut found: Vec<Policy> = statements
        .into_iter()
        .filter(|statements| !statements.is_empty())
        .map(|statements| Policy { statements, ..policy.clone() })
        .collect();
    if policy.version != Version::V2012 {
        found.push(Policy { version: Version::V2012, ..policy.clone() });
    }
    found
}

fn smaller_statements(statement: &Statement) -> Vec<Statement> {
    let mut found = Vec::new();
    for action in smaller_selections(&statement.action) {
        found.push(Statement { action, ..statement.clone() });
    }
    for resource in statement.resource.iter().flat_map(smaller_selections) {
        found.push(Statement { resource: Some(resource), ..statement.clone() });
    }
    for principal in statement.principal.iter().flat_map(smaller_principals) {
        found.push(Statement { principal: Some(principal), ..statement.clone() });
    }
    let conditions = smaller_lists(&statement.condition, |entry| {
        let mut found = Vec::new();
        for values in without_one(&entry.values) {
            if !values.is_empty() {
                found.push(ConditionEntry { values, ..entry.clone() });
            }
        }
        for operator in smaller_operators(entry.operator) {
            found.push(ConditionEntry { operator, ..entry.clone() });
        }
        found
    });
    for condition in conditions {
        // No entry twice: a document could not say it.
        let twice = condition.iter().enumerate().any(|(position, entry)| {
            condition
                .iter()
                .take(position)
                .any(|other| other.operator == entry.operator && other.key == entry.key)
        });
        if !twice {
            found.push(Statement { condition, ..statement.clone() });
        }
    }
    found
}

fn smaller_selections(selection: &Selection<Vec<String>>) -> Vec<Selection<Vec<String>>> {
    let shorter = |listed: &Vec<String>| -> Vec<Vec<String>> {
        without_one(listed).into_iter().filter(|listed| !listed.is_empty()).collect()
    };
    match selection {
        Selection::Only(listed) => {
            let mut found = vec![Selection::Only(vec!["*".to_owned()])];
            found.extend(shorter(listed).into_iter().map(Selection::Only));
            found
        }
        Selection::AllExcept(listed) => {
            let mut found = vec![Selection::Only(vec!["*".to_owned()])];
            found.extend(shorter(listed).into_iter().map(Selection::AllExcept));
            found
        }
    }
}

fn smaller_principals(selection: &Selection<Principals>) -> Vec<Selection<Principals>> {
    let everyone = Selection::Only(Principals { entries: vec![PrincipalEntry::Everyone] });
    let shorter = |principals: &Principals| -> Vec<Principals> {
        let lists = without_one(&principals.entries).into_iter();
        lists.filter(|entries| !entries.is_empty()).map(|entries| Principals { entries }).collect()
    };
    let mut found = vec![everyone];
    match selection {
        Selection::Only(principals) => found.extend(shorter(principals).into_iter().map(Selection::Only)),
        Selection::AllExcept(principals) => {
            found.extend(shorter(principals).into_iter().map(Selection::AllExcept));
        }
    }
    found
}

fn smaller_operators(operator: Operator) -> Vec<Operator> {
    let mut found = Vec::new();
    if operator.quantifier != Quantifier::None {
        found.push(Operator { quantifier: Quantifier::None, ..operator });
    }
    if operator.existence != Existence::Required {
        found.push(Operator { existence: Existence::Required, ..operator });
    }
    found
}

fn smaller_requests(request: &Request) -> Vec<Request> {
    let mut found = Vec::new();
    if request.resource_account.is_some() {
        found.push(Request { resource_account: None, ..request.clone() });
    }
    if request.resource_policy_mark != ResourcePolicyMark::Unmarked {
        found.push(Request { resource_policy_mark: ResourcePolicyMark::Unmarked, ..request.clone() });
    }
    if request.credential.kind != CredentialKind::LongTerm {
        let mut plain = request.clone();
        plain.credential.kind = CredentialKind::LongTerm;
        found.push(plain);
    }
    if request.credential.validity != Validity::Current {
        let mut current = request.clone();
        current.credential.validity = Validity::Current;
        found.push(current);
    }
    for (key, value) in request.context.entries() {
        let mut absent = request.clone();
        absent.context.remove(key);
        found.push(absent);
        if let ContextValue::Many(values) = value {
            for values in without_one(values) {
                let mut shorter = request.clone();
                shorter.context.set(key.clone(), ContextValue::Many(values));
                found.push(shorter);
            }
        }
    }
    found
}
