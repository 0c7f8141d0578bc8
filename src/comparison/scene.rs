//! Scenes: who calls, and in which context, so that the conditions of a statement hold, or just one of them does not.
//!
//! For each key that a Condition asks for there are a few proposals: absent, the plain value, and what the listed values suggest (the value
//! itself, its neighbours, an instance of it). Which of them do is not judged here but asked of the evaluator, with a statement that
//! has the entries of that one key and nothing else. Entries of different keys are independent of each other but for policy variables, so the
//! keys that variables name come first. Whatever is wrong with a scene all the same shows when a candidate is tried.

use std::collections::{BTreeMap, BTreeSet};

use super::candidates::Breadth;
use super::filling::{self, Filling};
use super::surroundings::{NOW, plain_context, plain_value, settle, tell_caller};
use crate::evaluator::{CompiledSet, Question};
use crate::iam::condition::{BaseOperator, Quantifier};
use crate::iam::context::{Context, ContextValue};
use crate::iam::instant::Instant;
use crate::iam::key::{Arity, KeyName, KeyType, documented};
use crate::iam::pattern::Token;
use crate::iam::policy::{ConditionEntry, Effect, Policy, Selection, Statement, Version};
use crate::iam::request::Caller;

/// Who calls, and in which context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scene {
    pub(super) caller: Caller,
    pub(super) context: Context,
}

/// The scenes of one statement and one caller.
#[derive(Clone, Debug, Default)]
pub(super) struct Scenes {
    /// Scenes in which the conditions hold, as far as could be found; the one with the fewest keys first.
    pub(super) holding: Vec<Scene>,
    /// Scenes in which the entries of one key do not hold and all others do.
    pub(super) failing: Vec<Scene>,
}

/// Whether any document of the comparison asks who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cast {
    /// None does: the keys of the caller are as free as any other.
    Nobody,
    /// One does: there is a caller, and its keys follow it.
    Caller,
}

/// The scenes of a statement of a document with this Version.
pub(super) fn scenes(
    statement: &Statement,
    version: Version,
    caller: &Caller,
    cast: Cast,
    breadth: Breadth,
) -> Scenes {
    let mut base = plain_context();
    if cast == Cast::Caller {
        tell_caller(&mut base, caller);
    }
    for key in variables(statement, version) {
        if base.value(&key).is_none() {
            base.set(key.clone(), ContextValue::Single(plain_of(&key).to_owned()));
        }
    }
    let mut alternatives = Vec::new();
    for (key, entries) in by_key(statement, version) {
        let scene = Scene { caller: caller.clone(), context: base.clone() };
        let choice = Choice::among(&key, &entries, version, &scene, breadth);
        if let Some(value) = choice.holding.first() {
            put(&mut base, &key, value.as_ref());
        }
        alternatives.push((key, choice));
    }
    let scene = |context: &Context| {
        let mut context = context.clone();
        settle(&mut context);
        Scene { caller: caller.clone(), context }
    };
    let mut scenes = Scenes { holding: vec![scene(&base)], failing: Vec::new() };
    for (key, choice) in &alternatives {
        let varied = |value: &Option<ContextValue>| {
            let mut context = base.clone();
            put(&mut context, key, value.as_ref());
            scene(&context)
        };
        scenes.holding.extend(choice.holding.iter().skip(1).map(varied));
        scenes.failing.extend(choice.failing.iter().map(varied));
    }
    scenes.holding.truncate(breadth.scenes());
    scenes.failing.truncate(breadth.scenes());
    scenes
}

fn put(context: &mut Context, key: &KeyName, value: Option<&ContextValue>) {
    match value {
        Some(value) => context.set(key.clone(), value.clone()),
        None => context.remove(key),
    }
}

/// The keys that variables of the statement name and that have no default.
fn variables(statement: &Statement, version: Version) -> BTreeSet<KeyName> {
    let texts = statement.resource.iter().flat_map(Selection::listed);
    let values = statement.condition.iter().flat_map(|entry| &entry.values);
    let mut keys = BTreeSet::new();
    for text in texts.chain(values).filter(|text| text.contains("${")) {
        keys.extend(filling::tokens(text, version).into_iter().filter_map(|token| match token {
            Token::Variable(variable) if variable.default.is_none() => Some(variable.key),
            Token::Variable(_) | Token::Literal(_) | Token::Star | Token::Question => None,
        }));
    }
    keys
}

/// The entries of each key, the keys without variables in their values first.
fn by_key(statement: &Statement, version: Version) -> Vec<(KeyName, Vec<&ConditionEntry>)> {
    let mut grouped: BTreeMap<&KeyName, Vec<&ConditionEntry>> = BTreeMap::new();
    for entry in &statement.condition {
        grouped.entry(&entry.key).or_default().push(entry);
    }
    let mut ordered: Vec<_> = grouped.into_iter().map(|(key, entries)| (key.clone(), entries)).collect();
    ordered.sort_by_key(|(_, entries)| {
        let mut values = entries.iter().flat_map(|entry| &entry.values);
        version == Version::V2012 && values.any(|value| value.contains("${"))
    });
    ordered
}

/// Values of one key, `None` for its absence, by what its entries make of them.
struct Choice {
    holding: Vec<Option<ContextValue>>,
    failing: Vec<Option<ContextValue>>,
}

impl Choice {
    fn among(
        key: &KeyName,
        entries: &[&ConditionEntry],
        version: Version,
        scene: &Scene,
        breadth: Breadth,
    ) -> Choice {
        let mut choice = Choice { holding: Vec::new(), failing: Vec::new() };
        let statement = Statement {
            sid: None,
            effect: Effect::Allow,
            principal: None,
            action: Selection::Only(vec!["*".to_owned()]),
            resource: Some(Selection::Only(vec!["*".to_owned()])),
            condition: entries.iter().map(|entry| (*entry).clone()).collect(),
        };
        let Ok(compiled) = CompiledSet::compile(&[Policy { version, id: None, statements: vec![statement] }])
        else {
            return choice;
        };
        let mut context = scene.context.clone();
        for value in proposals(key, entries, version, &scene.context, breadth) {
            put(&mut context, key, value.as_ref());
            let question =
                Question { action: "x:x", resource: "*", caller: &scene.caller, context: &context };
            if compiled.allows(&question) {
                choice.holding.push(value);
            } else {
                choice.failing.push(value);
            }
        }
        choice
    }
}

/// What a key could be, the plainest first: what the entries that ask for it bring to mind, `None` for its absence.
pub fn proposed(
    key: &KeyName,
    entries: &[&ConditionEntry],
    version: Version,
    context: &Context,
) -> Vec<Option<ContextValue>> {
    proposals(key, entries, version, context, Breadth::Thorough)
}

fn proposals(
    key: &KeyName,
    entries: &[&ConditionEntry],
    version: Version,
    context: &Context,
    breadth: Breadth,
) -> Vec<Option<ContextValue>> {
    let row = documented(key);
    let mut texts: Vec<String> = Vec::new();
    for entry in entries {
        for value in entry.values.iter().take(breadth.values()) {
            suggest(entry.operator.base, value, version, context, &mut texts);
        }
    }
    texts.extend(row.into_iter().flat_map(|row| usual(row.value)).map(|text| (*text).to_owned()));
    texts.push(plain_of(key).to_owned());
    if matches!(key.spelling().to_ascii_lowercase().as_str(), "aws:currenttime" | "aws:tokenissuetime") {
        texts = texts.iter().filter_map(|text| Instant::parse(text)).map(Instant::iso).collect();
    }
    let asks_for_set = entries.iter().any(|entry| entry.operator.quantifier != Quantifier::None);
    let shapes: &[Arity] = match row.map(|row| row.arity) {
        Some(Arity::Single) => &[Arity::Single],
        Some(Arity::Many) => &[Arity::Many],
        None if asks_for_set => &[Arity::Single, Arity::Many],
        None => &[Arity::Single],
    };
    let mut proposals = Vec::new();
    match plain_value(key) {
        Some(plain) => proposals.push(Some(ContextValue::Single(plain.to_owned()))),
        None => proposals.push(None),
    }
    for text in texts {
        for shape in shapes {
            let value = Some(match shape {
                Arity::Single => ContextValue::Single(text.clone()),
                Arity::Many => ContextValue::Many(vec![text.clone()]),
            });
            if !proposals.contains(&value) {
                proposals.push(value);
            }
        }
    }
    if shapes.contains(&Arity::Many) {
        proposals.extend(together(entries, version, context, breadth));
    }
    proposals
}

/// All listed values as one list, and the same with a stranger among them.
fn together(
    entries: &[&ConditionEntry],
    version: Version,
    context: &Context,
    breadth: Breadth,
) -> Vec<Option<ContextValue>> {
    let mut all: Vec<String> = Vec::new();
    for entry in entries {
        for value in entry.values.iter().take(breadth.values()) {
            suggest(entry.operator.base, value, version, context, &mut all);
        }
    }
    all.sort();
    all.dedup();
    let mut with_stranger = all.clone();
    with_stranger.push("x".to_owned());
    vec![Some(ContextValue::Many(all)), Some(ContextValue::Many(with_stranger))]
}

/// Values that a listed value brings to mind.
fn suggest(base: BaseOperator, value: &str, version: Version, context: &Context, texts: &mut Vec<String>) {
    use BaseOperator as Op;
    let tokens = || filling::tokens(value, version);
    match base {
        Op::StringEquals
        | Op::StringNotEquals
        | Op::StringEqualsIgnoreCase
        | Op::StringNotEqualsIgnoreCase => texts.extend(filling::spelled(&tokens(), context)),
        Op::StringLike
        | Op::StringNotLike
        | Op::ArnEquals
        | Op::ArnNotEquals
        | Op::ArnLike
        | Op::ArnNotLike => {
            let tokens = tokens();
            for filling in Filling::ALL {
                texts.extend(filling::instance(&tokens, filling, context));
            }
        }
        Op::NumericEquals
        | Op::NumericNotEquals
        | Op::NumericLessThan
        | Op::NumericLessThanEquals
        | Op::NumericGreaterThan
        | Op::NumericGreaterThanEquals => {
            texts.push(value.to_owned());
            if let Ok(number) = value.parse::<i64>() {
                texts.extend(
                    [number.saturating_sub(1), number.saturating_add(1)].map(|near| near.to_string()),
                );
            }
        }
        Op::DateEquals
        | Op::DateNotEquals
        | Op::DateLessThan
        | Op::DateLessThanEquals
        | Op::DateGreaterThan
        | Op::DateGreaterThanEquals => texts.push(value.to_owned()),
        Op::Bool => texts.extend(filling::spelled(&tokens(), context).map(|text| text.to_ascii_lowercase())),
        Op::BinaryEquals => texts.push(value.to_owned()),
        Op::IpAddress | Op::NotIpAddress => {
            if let Some(block) = block(value) {
                texts.extend([block.network().to_string(), block.broadcast().to_string()]);
            }
        }
        Op::Null => {}
    }
}

/// The block that a policy value means.
fn block(value: &str) -> Option<ipnet::IpNet> {
    let single = || value.parse().ok().map(|address: std::net::IpAddr| ipnet::IpNet::from(address));
    value.parse().ok().or_else(single)
}

/// Values that keys of a type often have.
fn usual(value: KeyType) -> &'static [&'static str] {
    match value {
        KeyType::Bool => &["true", "false"],
        KeyType::Date => &[NOW, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
        KeyType::Epoch => &["1767225600", "0", "253402300799"],
        KeyType::Numeric => &["0", "1000000000"],
        KeyType::Address => &["203.0.113.7", "10.0.0.1", "2001:db8::1"],
        KeyType::Arn => &["arn:aws:s3:::x"],
        KeyType::String => &[],
    }
}

/// A value of the key's type that nothing speaks of.
fn plain_of(key: &KeyName) -> &'static str {
    if let Some(plain) = plain_value(key) {
        return plain;
    }
    match documented(key).map(|row| row.value) {
        Some(value) => usual(value).first().copied().unwrap_or("x"),
        None => "x",
    }
}
