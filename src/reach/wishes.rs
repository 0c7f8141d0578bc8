//! What a request would have to say for a policy's conditions to hold: a few guesses, each of which is tried.
//!
//! Nothing rests on a guess: one that is wrong is refused, and what is refused is never said to be allowed.

use std::collections::BTreeMap;

use crate::iam::condition::{BaseOperator, Existence, Quantifier};
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::policy::{ConditionEntry, Effect, Policy, Selection, Statement};

/// Keys of a request and their values.
pub(super) type Wish = BTreeMap<KeyName, ContextValue>;

/// The most wishes that are tried for one call.
const MOST_WISHES: usize = 96;

/// Wishes for a call of this action before these groups of policies, each of which must allow: no wish at all first.
pub(super) fn wishes(action: &str, groups: &[Vec<&Policy>]) -> Vec<Wish> {
    let mut avoiding = Wish::new();
    for statement in statements(groups, Effect::Deny, action) {
        // One entry that fails is enough; the first that we know how to make fail.
        let failing = statement.condition.iter().find_map(|entry| Some((entry, failing(entry)?)));
        if let Some((entry, Some(value))) = failing {
            avoiding.entry(entry.key.clone()).or_insert(value);
        }
    }
    let mut all = vec![Wish::new(), avoiding.clone()];
    for group in groups {
        let group = [group.clone()];
        let fulfilling: Vec<Wish> = statements(&group, Effect::Allow, action)
            .filter_map(|statement| fulfilled(&statement.condition))
            .collect();
        let before = all.clone();
        for wish in fulfilling.iter().filter(|wish| !wish.is_empty()) {
            for earlier in &before {
                if all.len() >= MOST_WISHES {
                    return all;
                }
                let mut both = wish.clone();
                both.extend(earlier.iter().map(|(key, value)| (key.clone(), value.clone())));
                if !all.contains(&both) {
                    all.push(both);
                }
            }
        }
    }
    all
}

fn statements<'p>(
    groups: &'p [Vec<&'p Policy>],
    effect: Effect,
    action: &'p str,
) -> impl Iterator<Item = &'p Statement> {
    let all = groups.iter().flatten().flat_map(|policy| &policy.statements);
    all.filter(move |statement| statement.effect == effect && may_name(&statement.action, action))
}

/// Whether an Action element may speak of an action: never wrongly no.
pub(super) fn may_name(selection: &Selection<Vec<String>>, action: &str) -> bool {
    match selection {
        Selection::AllExcept(_) => true,
        Selection::Only(patterns) => patterns.iter().any(|pattern| match pattern.find(['*', '?']) {
            None => pattern.eq_ignore_ascii_case(action),
            Some(end) => {
                let prefix = pattern.get(..end).unwrap_or_default();
                action.get(..end).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            }
        }),
    }
}

fn fulfilled(condition: &[ConditionEntry]) -> Option<Wish> {
    let mut wish = Wish::new();
    for entry in condition {
        if let Some(value) = fulfilling(entry)? {
            wish.insert(entry.key.clone(), value);
        }
    }
    Some(wish)
}

/// A value with which an entry holds; `Some(None)` where it holds without the key, `None` where we know none.
fn fulfilling(entry: &ConditionEntry) -> Option<Option<ContextValue>> {
    let Operator { holds_without, value } = operator(entry)?;
    if holds_without || entry.operator.existence == Existence::IfExists {
        return Some(None);
    }
    let value = value?;
    Some(match entry.operator.quantifier {
        Quantifier::None => Some(ContextValue::Single(value)),
        Quantifier::ForAnyValue => Some(ContextValue::Many(vec![value])),
        Quantifier::ForAllValues => None,
    })
}

/// A value with which an entry fails.
fn failing(entry: &ConditionEntry) -> Option<Option<ContextValue>> {
    let first = entry.values.first()?;
    let value = match entry.operator.base {
        // Fails with the value that it excludes.
        BaseOperator::StringNotEquals
        | BaseOperator::StringNotEqualsIgnoreCase
        | BaseOperator::StringNotLike
        | BaseOperator::ArnNotEquals
        | BaseOperator::ArnNotLike
        | BaseOperator::NumericNotEquals
        | BaseOperator::DateNotEquals => plain(first)?,
        BaseOperator::NotIpAddress => address(first),
        BaseOperator::Bool => if first.eq_ignore_ascii_case("true") { "false" } else { "true" }.to_owned(),
        BaseOperator::Null if first.eq_ignore_ascii_case("true") => "iamproof".to_owned(),
        // All others fail without the key.
        BaseOperator::Null
        | BaseOperator::StringEquals
        | BaseOperator::StringEqualsIgnoreCase
        | BaseOperator::StringLike
        | BaseOperator::NumericEquals
        | BaseOperator::NumericLessThan
        | BaseOperator::NumericLessThanEquals
        | BaseOperator::NumericGreaterThan
        | BaseOperator::NumericGreaterThanEquals
        | BaseOperator::DateEquals
        | BaseOperator::DateLessThan
        | BaseOperator::DateLessThanEquals
        | BaseOperator::DateGreaterThan
        | BaseOperator::DateGreaterThanEquals
        | BaseOperator::BinaryEquals
        | BaseOperator::IpAddress
        | BaseOperator::ArnEquals
        | BaseOperator::ArnLike => return Some(None),
    };
    Some(Some(match entry.operator.quantifier {
        Quantifier::None => ContextValue::Single(value),
        Quantifier::ForAllValues | Quantifier::ForAnyValue => ContextValue::Many(vec![value]),
    }))
}

struct Operator {
    holds_without: bool,
    value: Option<String>,
}

fn operator(entry: &ConditionEntry) -> Option<Operator> {
    let first = entry.values.first()?;
    let with = |value: Option<String>| Some(Operator { holds_without: false, value });
    let moved = |by: i64| first.parse::<i64>().ok().map(|number| number.saturating_add(by).to_string());
    match entry.operator.base {
        BaseOperator::StringEquals
        | BaseOperator::StringEqualsIgnoreCase
        | BaseOperator::BinaryEquals
        | BaseOperator::NumericEquals
        | BaseOperator::NumericLessThanEquals
        | BaseOperator::NumericGreaterThanEquals
        | BaseOperator::DateEquals
        | BaseOperator::DateLessThanEquals
        | BaseOperator::DateGreaterThanEquals
        | BaseOperator::Bool => with((!first.contains("${")).then(|| first.clone())),
        BaseOperator::StringLike | BaseOperator::ArnEquals | BaseOperator::ArnLike => with(plain(first)),
        BaseOperator::NumericLessThan => with(moved(-1)),
        BaseOperator::NumericGreaterThan => with(moved(1)),
        BaseOperator::DateLessThan => with(Some("1970-01-02T00:00:00Z".to_owned())),
        BaseOperator::DateGreaterThan => with(Some("9998-12-31T00:00:00Z".to_owned())),
        BaseOperator::IpAddress => with(Some(address(first))),
        BaseOperator::Null if first.eq_ignore_ascii_case("false") => with(Some("iamproof".to_owned())),
        BaseOperator::Null
        | BaseOperator::StringNotEquals
        | BaseOperator::StringNotEqualsIgnoreCase
        | BaseOperator::StringNotLike
        | BaseOperator::NumericNotEquals
        | BaseOperator::DateNotEquals
        | BaseOperator::NotIpAddress
        | BaseOperator::ArnNotEquals
        | BaseOperator::ArnNotLike => Some(Operator { holds_without: true, value: None }),
    }
}

/// A text that a pattern matches, where it has no variable.
pub(super) fn plain(pattern: &str) -> Option<String> {
    (!pattern.contains("${")).then(|| pattern.replace('*', "iamproof").replace('?', "x"))
}

fn address(block: &str) -> String {
    block.split('/').next().unwrap_or(block).to_owned()
}
