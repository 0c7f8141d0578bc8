//! All texts of a world, each with where it stands, to be looked at and to be changed.

use crate::generators::worlds::World;
use crate::iam::condition::BaseOperator;
use crate::iam::context::{Context, ContextValue};
use crate::iam::policy::{Selection, Statement};
use crate::iam::principal::{PrincipalEntry, Principals};

/// Where a text of a world stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    RequestAction,
    ActionPattern,
    RequestResource,
    ResourcePattern,
    ContextValue,
    ConditionValue(BaseOperator),
    Principal,
}

impl Place {
    /// Whether the text is compared with others character by character.
    pub(super) fn is_compared(self) -> bool {
        match self {
            Place::RequestResource
            | Place::ResourcePattern
            | Place::ContextValue
            | Place::ConditionValue(_) => true,
            Place::RequestAction | Place::ActionPattern | Place::Principal => false,
        }
    }

    /// Whether it is a resource, or a pattern of them.
    pub(super) fn is_of_resources(self) -> bool {
        self == Place::RequestResource || self == Place::ResourcePattern
    }

    /// Whether conditions compare it.
    pub(super) fn is_of_conditions(self) -> bool {
        matches!(self, Place::ContextValue | Place::ConditionValue(_))
    }
}

/// The world with every text as `change` leaves it.
pub(super) fn changed(world: &World, change: impl Fn(Place, &str) -> String) -> World {
    let mut plain = world.clone();
    for request in &mut plain.requests {
        request.action = change(Place::RequestAction, &request.action);
        request.resource = change(Place::RequestResource, &request.resource);
        let mut context = Context::new();
        for (key, value) in request.context.entries() {
            let of = |text: &String| change(Place::ContextValue, text);
            let value = match value {
                ContextValue::Single(text) => ContextValue::Single(of(text)),
                ContextValue::Many(texts) => ContextValue::Many(texts.iter().map(of).collect()),
            };
            context.set(key.clone(), value);
        }
        request.context = context;
    }
    for (_, policy) in plain.layers.documents_mut() {
        policy.statements.iter_mut().for_each(|statement| change_statement(statement, &change));
    }
    plain
}

fn change_statement(statement: &mut Statement, change: &impl Fn(Place, &str) -> String) {
    let (Selection::Only(actions) | Selection::AllExcept(actions)) = &mut statement.action;
    actions.iter_mut().for_each(|text| *text = change(Place::ActionPattern, text));
    if let Some(Selection::Only(resources) | Selection::AllExcept(resources)) = &mut statement.resource {
        resources.iter_mut().for_each(|text| *text = change(Place::ResourcePattern, text));
    }
    for entry in &mut statement.condition {
        let place = Place::ConditionValue(entry.operator.base);
        entry.values.iter_mut().for_each(|text| *text = change(place, text));
    }
    if let Some(Selection::Only(principals) | Selection::AllExcept(principals)) = &mut statement.principal {
        change_principals(principals, change);
    }
}

fn change_principals(principals: &mut Principals, change: &impl Fn(Place, &str) -> String) {
    for entry in &mut principals.entries {
        match entry {
            PrincipalEntry::User(text)
            | PrincipalEntry::Role(text)
            | PrincipalEntry::AssumedRole(text)
            | PrincipalEntry::FederatedUser(text) => *text = change(Place::Principal, text),
            PrincipalEntry::Everyone
            | PrincipalEntry::EveryoneAws
            | PrincipalEntry::AccountId(_)
            | PrincipalEntry::AccountRoot { .. }
            | PrincipalEntry::UniqueId(_)
            | PrincipalEntry::Service(_)
            | PrincipalEntry::Federated(_)
            | PrincipalEntry::CanonicalUser(_) => {}
        }
    }
}

/// The text with its characters changed, those of variables aside: in a request, too, where a program may take the text of a variable for what it is.
pub(super) fn with(text: &str, change: impl Fn(char) -> char) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, behind) = rest.split_at(start);
        whole.extend(before.chars().map(&change));
        let end = behind.find('}').map_or(behind.len(), |end| end + 1);
        let (variable, after) = behind.split_at(end);
        whole.push_str(variable);
        rest = after;
    }
    whole.extend(rest.chars().map(&change));
    whole
}

/// The text without the characters that are special in patterns.
pub(super) fn without_specials(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '*' | '?' | '$' | '{' | '}') { 'x' } else { c }).collect()
}

/// The operators of a world's conditions, in their order.
pub(super) fn operators(world: &World) -> Vec<BaseOperator> {
    let statements = world.layers.documents().flat_map(|(.., policy)| &policy.statements);
    statements.flat_map(|statement| &statement.condition).map(|entry| entry.operator.base).collect()
}

/// The texts of policies in which wildcards are some, or variables.
fn patterns(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    for (.., policy) in world.layers.documents() {
        for statement in &policy.statements {
            if let Some(Selection::Only(listed) | Selection::AllExcept(listed)) = &statement.resource {
                found.extend(listed.iter().cloned());
            }
            let values = statement.condition.iter().flat_map(|entry| &entry.values);
            found.extend(values.cloned());
        }
    }
    found
}

/// Whether a policy has a variable or an escape.
pub(super) fn has_variables(world: &World) -> bool {
    patterns(world).iter().any(|text| text.contains("${"))
}

/// Whether a policy has an escape.
pub(super) fn has_escapes(world: &World) -> bool {
    patterns(world).iter().any(|text| ["${*}", "${?}", "${$}"].iter().any(|escape| text.contains(escape)))
}

/// Where an odd character stands if no policy has a wildcard.
pub(super) const NOT_UNDER_ONE: &str = " in a text";

/// Which wildcards there are for an odd character to stand under.
pub(super) fn wildcards_over(world: &World) -> &'static str {
    let texts: Vec<String> = patterns(world).iter().map(|text| with(text, |c| c)).collect();
    let has = |wildcard: char| texts.iter().any(|text| text.contains(wildcard));
    match (has('*'), has('?')) {
        (true, true) => " under a wildcard",
        (true, false) => " under `*`",
        (false, true) => " under `?`",
        (false, false) => NOT_UNDER_ONE,
    }
}
