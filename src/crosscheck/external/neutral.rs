//! Takes a construct out of a world without changing what the world means for its request.
//!
//! An element of a statement (a condition entry, Action, Resource, Principal) either holds for a request or does not. In its place is put the plainest element
//! that does the same: a condition that holds is left out, one that does not becomes `StringEquals` on a key that nobody has; an Action that
//! matches becomes the action itself; and so on. The right answer stays what it was; if the wrong one goes away, it was this construct that
//! the program reads otherwise. Whether an element holds is asked of the built-in evaluator, one element in a statement by itself.

use super::construct::{Cause, cause_of_entry, cause_of_principal, cause_of_version};
use super::listed::{cause_of_action, cause_of_resource};
use crate::evaluator::{CompiledSet, Question, SetVerdict};
use crate::generators::worlds::World;
use crate::iam::condition::{BaseOperator, Operator};
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::layers::Layer;
use crate::iam::pattern::{Token, tokens_with_variables};
use crate::iam::policy::{ConditionEntry, Effect, Policy, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::request::{CredentialKind, Request, ResourcePolicyMark, Validity};

/// What is special about the elements of a world, each thing once, what explains most first.
pub(super) fn causes(world: &World) -> Vec<Cause> {
    let Some(request) = world.requests.first() else { return Vec::new() };
    let mut found: Vec<Cause> = Vec::new();
    let mut see = |cause: Cause| {
        if !found.contains(&cause) {
            found.push(cause);
        }
    };
    let statements = || {
        world
            .layers
            .documents()
            .flat_map(|(_, _, policy)| policy.statements.iter().map(move |statement| (policy, statement)))
    };
    for (_, statement) in statements() {
        if let Some(cause) = cause_of_several(&statement.condition) {
            see(cause);
        }
    }
    for (policy, statement) in statements() {
        for entry in &statement.condition {
            see(cause_of_entry(entry, policy.version, request));
        }
    }
    for (_, statement) in statements() {
        if let Some(principal) = &statement.principal {
            see(cause_of_principal(principal, request));
        }
    }
    for (policy, statement) in statements() {
        if let Some(resource) = &statement.resource {
            see(cause_of_resource(resource, policy.version, request));
        }
    }
    for (_, statement) in statements() {
        see(cause_of_action(&statement.action, request));
    }
    for (_, _, policy) in world.layers.documents() {
        if let Some(cause) = cause_of_version(policy.version) {
            see(cause);
        }
    }
    found
}

/// Several entries in one Condition, all of which must hold.
fn cause_of_several(condition: &[ConditionEntry]) -> Option<Cause> {
    let (first, others) = condition.split_first()?;
    let same = others.iter().any(|other| other.operator == first.operator);
    (!others.is_empty()).then(|| {
        let what =
            if same { "several keys under one operator" } else { "several operators in one Condition" };
        Cause::new(what, "COND-2")
    })
}

/// The world with every element of which `is_taken` holds made plain.
pub(super) fn neutralised(world: &World, is_taken: impl Fn(&Cause) -> bool) -> World {
    let mut neutral = world.clone();
    let Some(request) = world.requests.first() else { return neutral };
    for (layer, policy) in neutral.layers.documents_mut() {
        let version = policy.version;
        let neutral_version = cause_of_version(version).is_some_and(|cause| is_taken(&cause));
        for statement in &mut policy.statements {
            let several = cause_of_several(&statement.condition).is_some_and(|cause| is_taken(&cause));
            let taken: Vec<bool> = statement
                .condition
                .iter()
                .map(|entry| neutral_version || several || is_taken(&cause_of_entry(entry, version, request)))
                .collect();
            make_condition_plain(statement, version, request, &taken);
            let resource = statement.resource.as_ref();
            if resource.is_some_and(|resource| {
                is_taken(&cause_of_resource(resource, version, request)) || neutral_version
            }) {
                make_resource_plain(statement, version, request);
            }
            if is_taken(&cause_of_action(&statement.action, request)) {
                make_action_plain(statement, layer, request);
            }
            let principal = statement.principal.as_ref();
            if principal.is_some_and(|principal| is_taken(&cause_of_principal(principal, request))) {
                make_principal_plain(statement, request);
            }
        }
        if neutral_version {
            policy.version = Version::V2012;
        }
    }
    neutral
}

/// The world with the values of variables written in their place, where the context has one that says nothing special in a pattern.
pub(super) fn without_variables(world: &World) -> World {
    let mut plain = world.clone();
    let Some(request) = world.requests.first() else { return plain };
    for (_, policy) in plain.layers.documents_mut() {
        if policy.version != Version::V2012 {
            continue;
        }
        for statement in &mut policy.statements {
            if let Some(Selection::Only(listed) | Selection::AllExcept(listed)) = &mut statement.resource {
                listed.iter_mut().for_each(|text| substitute(text, request));
            }
            for entry in &mut statement.condition {
                entry.values.iter_mut().for_each(|text| substitute(text, request));
            }
        }
    }
    plain
}

fn substitute(text: &mut String, request: &Request) {
    let Ok(tokens) = tokens_with_variables(text) else { return };
    let mut whole = String::with_capacity(text.len());
    for token in tokens {
        match token {
            Token::Literal(literal) if !literal.contains(SPECIAL) => whole.push_str(&literal),
            Token::Star => whole.push('*'),
            Token::Question => whole.push('?'),
            Token::Variable(variable) => match request.context.value(&variable.key) {
                Some(ContextValue::Single(value)) if !value.contains(SPECIAL) => whole.push_str(value),
                Some(ContextValue::Single(_) | ContextValue::Many(_)) | None => return,
            },
            // An escape: it must stay one.
            Token::Literal(_) => return,
        }
    }
    *text = whole;
}

/// The world with each text that a NotAction or NotResource lists replaced by a plain one that does the same; the negation stays.
pub(super) fn with_plain_exceptions(world: &World) -> World {
    let mut plain = world.clone();
    let Some(request) = world.requests.first() else { return plain };
    for (layer, policy) in plain.layers.documents_mut() {
        let version = policy.version;
        for statement in &mut policy.statements {
            if let Selection::AllExcept(listed) = &mut statement.action {
                listed.iter_mut().for_each(|text| make_text_of_action_plain(text, layer, request));
            }
            if let Some(Selection::AllExcept(listed)) = &mut statement.resource {
                listed.iter_mut().for_each(|text| make_text_plain(text, version, request));
            }
        }
    }
    plain
}

fn make_text_of_action_plain(text: &mut String, layer: Layer, request: &Request) {
    let mut alone = Statement { action: Selection::Only(vec![text.clone()]), ..anything() };
    make_action_plain(&mut alone, layer, request);
    if let Selection::Only(listed) = alone.action {
        listed.into_iter().for_each(|plain| *text = plain);
    }
}

fn make_text_plain(text: &mut String, version: Version, request: &Request) {
    let resource = Some(Selection::Only(vec![text.clone()]));
    let mut alone = Statement { resource, ..anything() };
    make_resource_plain(&mut alone, version, request);
    if let Some(Selection::Only(listed)) = alone.resource {
        listed.into_iter().for_each(|plain| *text = plain);
    }
}

/// Characters that are not themselves in a pattern.
const SPECIAL: [char; 3] = ['*', '?', '$'];

/// What is special about the world's one request beside its statements, each with the world in which it is plain. Whether the right answer
/// stays is for whoever asks to see.
pub(super) fn plainer_requests(world: &World) -> Vec<(Cause, World)> {
    let Some(request) = world.requests.first() else { return Vec::new() };
    if let Some(found) = without_idle_statements(world, request) {
        return vec![found];
    }
    plainer_circumstances(world, request)
}

/// The world without statements that do not match, named by the element that keeps the first of them from it: a program needs them to be wrong
/// only if it takes them for matching.
fn without_idle_statements(world: &World, request: &Request) -> Option<(Cause, World)> {
    let mut plain = world.clone();
    let mut first = None;
    for (layer, policy) in plain.layers.documents_mut() {
        let version = policy.version;
        let any = policy.statements.first().cloned();
        policy.statements.retain(|statement| {
            let kept_from = kept_from(version, statement, request);
            first = first.take().or_else(|| kept_from.clone());
            kept_from.is_none()
        });
        // No document is without statements; one that says nothing to the request stands in its place.
        if policy.statements.is_empty()
            && let Some(any) = any
        {
            let action = Selection::Only(vec![no_action(&any, layer).to_owned()]);
            policy.statements.push(Statement { action, condition: Vec::new(), ..any });
        }
    }
    first.map(|cause| (cause, plain))
}

/// Which element alone keeps a statement from matching.
fn kept_from(version: Version, statement: &Statement, request: &Request) -> Option<Cause> {
    let fails = |alone: Statement| matches(version, alone, request) == Some(false);
    match () {
        () if fails(Statement { condition: statement.condition.clone(), ..anything() }) => {
            Some(Cause::new("a Condition that does not hold, whatever its operator", "COND-1"))
        }
        () if fails(Statement { resource: statement.resource.clone(), ..anything() })
            && request.resource == "*" =>
        {
            Some(Cause::new("a request on `*`, which is no ARN", "RES-6"))
        }
        () if fails(Statement { resource: statement.resource.clone(), ..anything() }) => {
            Some(Cause::new("a Resource that does not match, whatever its pattern", "RES-1"))
        }
        () if fails(Statement { action: statement.action.clone(), ..anything() }) => {
            Some(Cause::new("an Action that does not match, whatever its pattern", "ACT-4"))
        }
        () => None,
    }
}

/// What is special about the request beside all statements.
fn plainer_circumstances(world: &World, request: &Request) -> Vec<(Cause, World)> {
    let with = |request: Request| World { layers: world.layers.clone(), requests: vec![request] };
    let mut found = Vec::new();
    if let Some(owner) = &request.resource_account
        && owner.len() == 12
    {
        let mut plain = on_another_resource(world, &format!("arn:aws:sqs:us-east-1:{owner}:q"));
        plain.requests.iter_mut().for_each(|request| request.resource_account = None);
        found.push((Cause::new("an owner that the request gives beside the ARN", "GEN-8"), plain));
    }
    let listed = world.layers.documents().flat_map(|(.., policy)| &policy.statements);
    let asks_for_more = listed.filter_map(|statement| statement.resource.as_ref()).any(|resource| {
        let (Selection::Only(listed) | Selection::AllExcept(listed)) = resource;
        listed.iter().any(|text| text != "*")
    });
    if request.resource == "*" && asks_for_more {
        let plain = on_another_resource(world, "arn:aws:s3:::bkt/k");
        found.push((Cause::new("a request on `*`, which is no ARN", "RES-6"), plain));
    }
    if request.credential.validity == Validity::Expired {
        let mut plain = request.clone();
        plain.credential.validity = Validity::Current;
        found.push((Cause::new("expired credentials", "EVAL-6"), with(plain)));
    }
    if request.resource_policy_mark == ResourcePolicyMark::PolicyRequired {
        let plain = Request { resource_policy_mark: ResourcePolicyMark::Unmarked, ..request.clone() };
        found.push((Cause::new("a resource whose policy must take part", "GRAM-26"), with(plain)));
    }
    if world.layers.boundary.is_some() {
        let what = "NotPrincipal for a caller with a boundary, whom it exempts never";
        found.push((Cause::new(what, "PRIN-10"), with_everyone_for_not_principal(world)));
    }
    if request.credential.kind == CredentialKind::SessionToken {
        let mut plain = request.clone();
        plain.credential.kind = CredentialKind::LongTerm;
        found.push((Cause::new("credentials of GetSessionToken", "STS-45"), with(plain)));
    }
    found
}

/// The world with a Deny for everyone in the place of one by NotPrincipal.
fn with_everyone_for_not_principal(world: &World) -> World {
    let mut plain = world.clone();
    for (_, policy) in plain.layers.documents_mut() {
        for statement in &mut policy.statements {
            if let Some(Selection::AllExcept(_)) = &statement.principal {
                let everyone = Principals { entries: vec![PrincipalEntry::Everyone] };
                statement.principal = Some(Selection::Only(everyone));
            }
        }
    }
    plain
}

/// The world with another resource in the request, and wherever a policy names the one that it had.
fn on_another_resource(world: &World, resource: &str) -> World {
    let mut other = world.clone();
    let Some(request) = world.requests.first() else { return other };
    for (_, policy) in other.layers.documents_mut() {
        for statement in &mut policy.statements {
            if let Some(Selection::Only(listed) | Selection::AllExcept(listed)) = &mut statement.resource {
                listed.iter_mut().filter(|text| **text == request.resource).for_each(|text| {
                    resource.clone_into(text);
                });
            }
        }
    }
    other.requests.iter_mut().for_each(|request| resource.clone_into(&mut request.resource));
    other
}

/// The world with every text that has a variable replaced by a plain one that does the same, where it is one of several texts or not.
pub(super) fn without_variable_texts(world: &World) -> World {
    let mut plain = world.clone();
    let Some(request) = world.requests.first() else { return plain };
    for (_, policy) in plain.layers.documents_mut() {
        let version = policy.version;
        for statement in &mut policy.statements {
            let Some(Selection::Only(listed) | Selection::AllExcept(listed)) = &mut statement.resource else {
                continue;
            };
            let of_variables = listed.iter_mut().filter(|text| text.contains("${"));
            of_variables.for_each(|text| make_text_plain(text, version, request));
        }
    }
    plain
}

/// Whether a statement matches when nothing but these elements is asked.
pub(super) fn matches(version: Version, statement: Statement, request: &Request) -> Option<bool> {
    let policy = Policy { version, id: None, statements: vec![statement] };
    verdict(&[policy], request).map(|verdict| verdict.allow || verdict.deny)
}

/// What documents say to a request by themselves; `None` if they cannot be compiled.
pub(super) fn verdict(policies: &[Policy], request: &Request) -> Option<SetVerdict> {
    let set = CompiledSet::compile(policies).ok()?;
    let question = Question {
        action: &request.action,
        resource: &request.resource,
        caller: &request.caller,
        context: &request.context,
    };
    Some(set.verdict(&question))
}

/// A statement that matches every request.
pub(super) fn anything() -> Statement {
    Statement {
        sid: None,
        effect: Effect::Deny,
        principal: None,
        action: Selection::Only(vec!["*".to_owned()]),
        resource: Some(Selection::Only(vec!["*".to_owned()])),
        condition: Vec::new(),
    }
}

/// A key that no request has.
const NO_KEY: &str = "iamproof:absent";

fn make_condition_plain(statement: &mut Statement, version: Version, request: &Request, taken: &[bool]) {
    let mut entries = Vec::new();
    let mut fails = false;
    for (entry, is_taken) in std::mem::take(&mut statement.condition).into_iter().zip(taken) {
        if !is_taken {
            entries.push(entry);
            continue;
        }
        let alone = Statement { condition: vec![entry.clone()], ..anything() };
        match matches(version, alone, request) {
            Some(true) => {}
            Some(false) => fails = true,
            None => entries.push(entry),
        }
    }
    if fails {
        entries.push(ConditionEntry {
            operator: Operator::plain(BaseOperator::StringEquals),
            key: KeyName::new(NO_KEY),
            values: vec!["x".to_owned()],
        });
    }
    statement.condition = entries;
}

fn make_resource_plain(statement: &mut Statement, version: Version, request: &Request) {
    let alone = Statement { resource: statement.resource.clone(), ..anything() };
    let plain = match matches(version, alone, request) {
        // The resource itself where it can be written as a pattern: a program may have its trouble with `*`.
        Some(true) if request.resource.contains(SPECIAL) => "*",
        Some(true) => &request.resource,
        Some(false) => "arn:aws:iamproof:::nothing",
        None => return,
    };
    statement.resource = Some(Selection::Only(vec![plain.to_owned()]));
}

fn make_action_plain(statement: &mut Statement, layer: Layer, request: &Request) {
    let alone = Statement { action: statement.action.clone(), ..anything() };
    let plain = match matches(Version::V2012, alone, request) {
        Some(true) => request.action.clone(),
        Some(false) => no_action(statement, layer).to_owned(),
        None => return,
    };
    statement.action = Selection::Only(vec![plain]);
}

/// An action that nobody asks for. Trust policies and RCPs must name a service that fits (GRAM-21, GRAM-24).
fn no_action(statement: &Statement, layer: Layer) -> &'static str {
    match layer {
        Layer::Resource if statement.resource.is_none() => "sts:NoSuchAction",
        Layer::Rcp { .. } => "s3:NoSuchAction",
        Layer::Scp { .. }
        | Layer::Endpoint
        | Layer::Resource
        | Layer::Identity
        | Layer::Boundary
        | Layer::Session => "iamproof:NoSuchAction",
    }
}

/// Across which principal a grant comes decides what else it needs (PRIN-2), so an Allow keeps the entries that match, and loses the others.
fn make_principal_plain(statement: &mut Statement, request: &Request) {
    let does = |principal: &Selection<Principals>| {
        matches(Version::V2012, Statement { principal: Some(principal.clone()), ..anything() }, request)
    };
    let Some(principal) = &statement.principal else { return };
    let nobody = PrincipalEntry::AccountId("999999999999".to_owned());
    let entries = match (does(principal), statement.effect, principal) {
        (None, _, _) => return,
        (Some(false), _, _) => vec![nobody],
        (Some(true), Effect::Deny, _) | (Some(true), Effect::Allow, Selection::AllExcept(_)) => {
            vec![PrincipalEntry::Everyone]
        }
        (Some(true), Effect::Allow, Selection::Only(principals)) => {
            let alone = |entry: &PrincipalEntry| Selection::Only(Principals { entries: vec![entry.clone()] });
            principals.entries.iter().filter(|entry| does(&alone(entry)) == Some(true)).cloned().collect()
        }
    };
    statement.principal = Some(Selection::Only(Principals { entries }));
}
