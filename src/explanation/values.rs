//! Values of context keys worth trying: what the conditions ask for, and what of the request itself fits them but for a detail.

use std::collections::BTreeMap;

use super::change::{Change, REQUEST_TAG, TAG_KEYS, follows};
use super::written::variables;
use crate::comparison::filling;
use crate::comparison::scene::proposed;
use crate::iam::arn::Arn;
use crate::iam::condition::BaseOperator;
use crate::iam::context::{Context, ContextValue};
use crate::iam::instant::Instant;
use crate::iam::key::KeyName;
use crate::iam::layers::Layers;
use crate::iam::pattern::Token;
use crate::iam::policy::{ConditionEntry, Version};
use crate::iam::request::Request;

/// How many values one key is tried with.
const MAX_VALUES: usize = 60;
/// How many entries are heard about one key.
const MAX_ENTRIES: usize = 100;

/// Every key that a policy asks for, with the values that come to mind.
pub(super) fn contexts(layers: &Layers, request: &Request) -> Vec<Change> {
    let mut asked: BTreeMap<KeyName, Vec<(Version, Vec<&ConditionEntry>)>> = BTreeMap::new();
    for (.., policy) in layers.documents() {
        for statement in &policy.statements {
            for entry in &statement.condition {
                let asking = asked.entry(entry.key.clone()).or_default();
                if asking.len() < MAX_ENTRIES {
                    asking.push((policy.version, vec![entry]));
                }
            }
        }
    }
    let mut changes: Vec<Change> = Vec::new();
    for (key, asking) in asked.iter().filter(|(key, _)| !follows(key, request)) {
        let mut values: Vec<Option<ContextValue>> = Vec::new();
        let mut add = |value| {
            if !values.contains(&value) {
                values.push(value)
            }
        };
        add(None);
        for (version, entries) in asking {
            narrowed(request.context.value(key), entries).into_iter().for_each(&mut add);
            fitted(request.context.value(key), entries, *version, &request.context)
                .into_iter()
                .map(|text| Some(ContextValue::Single(text)))
                .for_each(&mut add);
            proposed(key, entries, *version, &request.context).into_iter().for_each(&mut add);
        }
        values.truncate(MAX_VALUES);
        changes.extend(values.into_iter().map(|value| Change::Context { key: key.clone(), value }));
    }
    if let Some(asking) = asked.get(&KeyName::new(TAG_KEYS)) {
        changes.extend(tags(asking.iter().flat_map(|(_, entries)| entries), request));
    }
    changes.extend(standing_for(&asked, request));
    for key in variables(layers).into_iter().filter(|key| !follows(key, request)) {
        changes.extend(segments(&request.resource).map(|segment| Change::Context {
            key: key.clone(),
            value: Some(ContextValue::Single(segment.to_owned())),
        }));
    }
    changes
}

/// The request's list without the values that no entry lists.
fn narrowed(value: Option<&ContextValue>, entries: &[&ConditionEntry]) -> Option<Option<ContextValue>> {
    let Some(ContextValue::Many(values)) = value else { return None };
    let listed = |value: &&String| entries.iter().any(|entry| entry.values.contains(value));
    let kept: Vec<String> = values.iter().filter(listed).cloned().collect();
    let kept_something = !kept.is_empty() && kept.len() < values.len();
    kept_something.then_some(Some(ContextValue::Many(kept)))
}

/// The request's own value, made to fit what entries list: in the letter case of a pattern, with the pattern's beginning, or a second from a bound.
fn fitted(
    value: Option<&ContextValue>,
    entries: &[&ConditionEntry],
    version: Version,
    context: &Context,
) -> Vec<String> {
    use BaseOperator as Op;
    let mut found = Vec::new();
    for entry in entries {
        for listed in &entry.values {
            match entry.operator.base {
                Op::DateEquals
                | Op::DateNotEquals
                | Op::DateLessThan
                | Op::DateLessThanEquals
                | Op::DateGreaterThan
                | Op::DateGreaterThanEquals => found.extend(around(listed)),
                Op::StringLike | Op::ArnLike | Op::ArnEquals => {
                    let Some(ContextValue::Single(own)) = value else { continue };
                    let tokens = filling::tokens(listed, version);
                    found.extend(filling::spelled(&tokens, context).and_then(|text| merged(&text, own)));
                    let Some((Token::Star, before)) = tokens.split_last() else { continue };
                    let beginning = filling::instance(before, filling::Filling::Plain, context);
                    found.extend(beginning.and_then(|beginning| begun(&beginning, own)));
                }
                Op::StringEquals
                | Op::StringNotEquals
                | Op::StringEqualsIgnoreCase
                | Op::StringNotEqualsIgnoreCase
                | Op::StringNotLike
                | Op::NumericEquals
                | Op::NumericNotEquals
                | Op::NumericLessThan
                | Op::NumericLessThanEquals
                | Op::NumericGreaterThan
                | Op::NumericGreaterThanEquals
                | Op::Bool
                | Op::BinaryEquals
                | Op::IpAddress
                | Op::NotIpAddress
                | Op::ArnNotEquals
                | Op::ArnNotLike
                | Op::Null => {}
            }
        }
    }
    found
}

/// The seconds before and after an instant.
fn around(listed: &str) -> Vec<String> {
    let instant = Instant::parse(listed);
    let beside = |seconds| instant.and_then(|instant| instant.after_seconds(seconds)).map(Instant::iso);
    [beside(-1), beside(1)].into_iter().flatten().collect()
}

/// A pattern with the parts of a text in the place of its own parts that have wildcards, where both have as many parts.
fn merged(pattern: &str, own: &str) -> Option<String> {
    let is_border = |character: char| matches!(character, '/' | ':');
    let borders = |text: &str| text.chars().filter(|character| is_border(*character)).collect::<String>();
    let between = borders(pattern);
    if between != borders(own) || !pattern.contains(['*', '?']) {
        return None;
    }
    let mut text = String::new();
    let mut between = between.chars();
    for (part, own) in pattern.split(is_border).zip(own.split(is_border)) {
        text.push_str(if part.contains(['*', '?']) { own } else { part });
        text.extend(between.next());
    }
    Some(text)
}

/// A text with another beginning: that of the same length if only letter case differs, else as much of it as ends like the new one.
pub(super) fn begun(beginning: &str, own: &str) -> Option<String> {
    if own.starts_with(beginning) {
        return None;
    }
    if let (Some(start), Some(rest)) = (own.get(..beginning.len()), own.get(beginning.len()..))
        && start.eq_ignore_ascii_case(beginning)
    {
        return Some(format!("{beginning}{rest}"));
    }
    let border = beginning.chars().last().filter(|last| matches!(last, '/' | ':'))?;
    let parts = beginning.matches(border).count();
    let rest = own.splitn(parts + 1, border).nth(parts).filter(|rest| !rest.is_empty())?;
    Some(format!("{beginning}{rest}"))
}

/// Tags that the request would pass or leave out, since the list of their keys follows them (KEY-8).
fn tags<'e>(entries: impl Iterator<Item = &'e &'e ConditionEntry>, request: &Request) -> Vec<Change> {
    let listed: Vec<&String> = entries.flat_map(|entry| &entry.values).take(MAX_VALUES).collect();
    let own = request.context.entries().iter().map(|(key, _)| key);
    let passed: Vec<&KeyName> = own.filter(|key| key.folded().starts_with(REQUEST_TAG)).collect();
    if passed.is_empty() {
        return Vec::new();
    }
    let left_out = passed.iter().map(|key| Change::Context { key: (*key).clone(), value: None });
    let added = listed.into_iter().filter(|tag| !tag.contains(['*', '?', '$'])).map(|tag| Change::Context {
        key: KeyName::new(format!("aws:RequestTag/{tag}")),
        value: Some(ContextValue::Single("x".to_owned())),
    });
    left_out.chain(added).collect()
}

/// Where a key has to equal what a variable stands for, the variable's key with the value of the other.
fn standing_for(
    asked: &BTreeMap<KeyName, Vec<(Version, Vec<&ConditionEntry>)>>,
    request: &Request,
) -> Vec<Change> {
    let mut found = Vec::new();
    for (key, asking) in asked {
        let Some(ContextValue::Single(own)) = request.context.value(key) else { continue };
        for (version, entries) in asking {
            for text in entries.iter().flat_map(|entry| &entry.values) {
                if let [Token::Variable(variable)] = filling::tokens(text, *version).as_slice()
                    && !follows(&variable.key, request)
                {
                    let value = Some(ContextValue::Single(own.clone()));
                    found.push(Change::Context { key: variable.key.clone(), value });
                }
            }
        }
    }
    found
}

/// The names in a resource.
pub(super) fn segments(resource: &str) -> impl Iterator<Item = &str> {
    let names = Arn::parse(resource).map_or("", |arn| arn.resource);
    names.split(['/', ':']).filter(|segment| !segment.is_empty())
}
