//! The constructs of policies and requests as people would name them, each with the rule that decides it.
//!
//! Names are made from what is written: the operator and its modifiers, what kind of value the context holds, which wildcards and variables a
//! text has. Whether a construct holds is nobody's business here.

use std::collections::BTreeSet;

use super::kinds;
use crate::crosscheck::coverage::caller_kind;
use crate::iam::condition::{BaseOperator, Existence, Operator, Quantifier};
use crate::iam::context::ContextValue;
use crate::iam::pattern::{Token, Variable, tokens_with_variables};
use crate::iam::policy::{ConditionEntry, Selection, Version};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::request::{Caller, Request};

/// A construct, and the rule to look up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// Its name.
    pub construct: String,
    /// The rule's id.
    pub rule: &'static str,
}

impl Cause {
    pub(super) fn new(construct: impl Into<String>, rule: &'static str) -> Cause {
        Cause { construct: construct.into(), rule }
    }
}

/// A condition entry, by its operator and what the context holds for its key.
pub(super) fn cause_of_entry(entry: &ConditionEntry, version: Version, request: &Request) -> Cause {
    let operator = entry.operator;
    let value = request.context.value(&entry.key);
    let state = state(value);
    if operator.base == BaseOperator::Null {
        let asked = entry.values.join(" or ").to_ascii_lowercase();
        return Cause::new(format!("Null: {asked} on {state}"), "COND-12");
    }
    let stands = prefixed(operator, polarity(operator.base));
    match (value, operator.quantifier, operator.existence) {
        (None, _, Existence::IfExists) => return Cause::new(format!("{stands} on {state}"), "COND-8"),
        (None, Quantifier::None, Existence::Required) => {
            return Cause::new(format!("{stands} on {state}"), "COND-7");
        }
        (None, Quantifier::ForAllValues | Quantifier::ForAnyValue, Existence::Required) => {
            return Cause::new(format!("{stands} on {state}"), "COND-11");
        }
        (Some(_), _, Existence::IfExists) if !is_empty_set(value) => {
            return Cause::new(format!("{stands} on a key that is present"), "COND-8");
        }
        (Some(ContextValue::Many(_)), Quantifier::None, _) => {
            let rule = if is_empty_set(value) { "COND-9" } else { "COND-10" };
            return Cause::new(format!("{stands} without set prefix on {state}"), rule);
        }
        (Some(ContextValue::Many(_)), Quantifier::ForAllValues | Quantifier::ForAnyValue, _)
            if is_empty_set(value) =>
        {
            return Cause::new(format!("{stands} on {state}"), "COND-9");
        }
        (Some(_), _, _) => {}
    }
    if let Some(cause) = entry.values.iter().find_map(|text| cause_of_variable(text, version, request)) {
        let rule = if cause.rule == "VAR-8" { "VAR-10" } else { cause.rule };
        return Cause::new(format!("{} in a condition", cause.construct), rule);
    }
    if operator.quantifier != Quantifier::None {
        return Cause::new(format!("{stands} on {state}"), "COND-11");
    }
    cause_of_relation(entry, value)
}

/// A single value that is compared: by the operator, and what is special about the texts.
fn cause_of_relation(entry: &ConditionEntry, value: Option<&ContextValue>) -> Cause {
    let base = entry.operator.base;
    let (Some(ContextValue::Single(text)), Some(first)) = (value, entry.values.first()) else {
        return Cause::new(base.name(), relation_rule(base));
    };
    if entry.values.len() > 1 {
        return match polarity(base) {
            "a negated operator" => Cause::new("a negated operator with several values", "COND-6"),
            _ => Cause::new("a positive operator with several values", "COND-3"),
        };
    }
    let (what, rule) = kinds::relation(base, first, text);
    Cause::new(format!("{} {what}", family(base)).trim_end().to_owned(), rule.unwrap_or(relation_rule(base)))
}

/// The operators that read their values alike, by one name; those that order by their own.
fn family(base: BaseOperator) -> &'static str {
    match base {
        BaseOperator::NumericEquals | BaseOperator::NumericNotEquals => "NumericEquals or NumericNotEquals",
        BaseOperator::NumericLessThan | BaseOperator::NumericGreaterThan => {
            "NumericLessThan or NumericGreaterThan"
        }
        BaseOperator::NumericLessThanEquals | BaseOperator::NumericGreaterThanEquals => {
            "NumericLessThanEquals or NumericGreaterThanEquals"
        }
        BaseOperator::DateEquals | BaseOperator::DateNotEquals => "DateEquals or DateNotEquals",
        BaseOperator::DateLessThan | BaseOperator::DateGreaterThan => "DateLessThan or DateGreaterThan",
        BaseOperator::DateLessThanEquals | BaseOperator::DateGreaterThanEquals => {
            "DateLessThanEquals or DateGreaterThanEquals"
        }
        BaseOperator::IpAddress | BaseOperator::NotIpAddress => "IpAddress or NotIpAddress",
        BaseOperator::ArnEquals
        | BaseOperator::ArnNotEquals
        | BaseOperator::ArnLike
        | BaseOperator::ArnNotLike => "an Arn operator",
        BaseOperator::StringLike | BaseOperator::StringNotLike => "StringLike or StringNotLike",
        BaseOperator::StringEquals
        | BaseOperator::StringNotEquals
        | BaseOperator::StringEqualsIgnoreCase
        | BaseOperator::StringNotEqualsIgnoreCase
        | BaseOperator::Bool
        | BaseOperator::BinaryEquals
        | BaseOperator::Null => base.name(),
    }
}

/// Principal or NotPrincipal, by what they list and who calls.
pub(super) fn cause_of_principal(selection: &Selection<Principals>, request: &Request) -> Cause {
    let caller = caller_kind(&request.caller);
    let (Selection::Only(principals) | Selection::AllExcept(principals)) = selection;
    let kinds: BTreeSet<&str> = principals.entries.iter().map(entry_kind).collect();
    let kinds: Vec<&str> = kinds.into_iter().collect();
    match selection {
        Selection::AllExcept(_) => {
            Cause::new(format!("NotPrincipal {} for {caller}", kinds.join(" and ")), "PRIN-9")
        }
        Selection::Only(_) => {
            let rule = match kinds.as_slice() {
                ["`*`" | "`AWS: *`"] => "PRIN-3",
                ["account id" | "account ARN"] => "PRIN-4",
                ["role ARN" | "session ARN"] => "PRIN-5",
                ["user ARN" | "federated-user ARN"] => "PRIN-6",
                ["Service"] => "PRIN-11",
                ["Federated"] => "PRIN-12",
                _ => "PRIN-2",
            };
            Cause::new(format!("Principal {} for {caller}", kinds.join(" and ")), rule)
        }
    }
}

/// What an entry of a Principal is.
pub(super) fn entry_kind(entry: &PrincipalEntry) -> &'static str {
    match entry {
        PrincipalEntry::Everyone => "`*`",
        PrincipalEntry::EveryoneAws => "`AWS: *`",
        PrincipalEntry::AccountId(_) => "account id",
        PrincipalEntry::AccountRoot { .. } => "account ARN",
        PrincipalEntry::User(_) => "user ARN",
        PrincipalEntry::Role(_) => "role ARN",
        PrincipalEntry::AssumedRole(_) => "session ARN",
        PrincipalEntry::FederatedUser(_) => "federated-user ARN",
        PrincipalEntry::UniqueId(_) => "unique id",
        PrincipalEntry::Service(_) => "Service",
        PrincipalEntry::Federated(_) => "Federated",
        PrincipalEntry::CanonicalUser(_) => "CanonicalUser",
    }
}

/// A version before variables, or none.
pub(super) fn cause_of_version(version: Version) -> Option<Cause> {
    match version {
        Version::V2012 => None,
        Version::V2008 => Some(Cause::new("Version 2008-10-17", "VAR-2")),
        Version::Absent => Some(Cause::new("no Version", "GRAM-5")),
    }
}

/// From so many variables on a text has its own name: a program may count them.
const MANY: usize = 3;

/// The first variable or escape of a text, by whether it has a value and of what kind.
pub(super) fn cause_of_variable(text: &str, version: Version, request: &Request) -> Option<Cause> {
    let start = text.find("${")?;
    match version {
        Version::V2008 | Version::Absent => {
            return Some(Cause::new("`${` before Version 2012-10-17, where it is plain text", "VAR-2"));
        }
        Version::V2012 => {}
    }
    let tokens = tokens_with_variables(text.get(start..).unwrap_or_default()).ok()?;
    let variables: Vec<_> = tokens
        .iter()
        .filter_map(|token| match token {
            Token::Variable(variable) => Some(variable),
            Token::Literal(_) | Token::Star | Token::Question => None,
        })
        .collect();
    if variables.is_empty() {
        return Some(Cause::new(
            "an escape (`${*}`, `${?}`, `${$}`), which stands for the character",
            "VAR-4",
        ));
    }
    // What is missing or many says more than what is there.
    let of = |variable: &&Variable| {
        let default = if variable.default.is_some() { " with a default" } else { "" };
        match (request.context.value(&variable.key), variable.default.is_some()) {
            (None, true) => (0, Cause::new("the default of a policy variable whose key is missing", "VAR-7")),
            (None, false) => (0, Cause::new("a policy variable whose key is missing", "VAR-8")),
            (Some(ContextValue::Many(_)), _) => {
                (1, Cause::new(format!("a policy variable{default} of a multivalued key"), "VAR-9"))
            }
            (Some(ContextValue::Single(value)), _) if value.is_empty() => {
                (2, Cause::new(format!("a policy variable{default} whose value is the empty text"), "VAR-13"))
            }
            (Some(ContextValue::Single(_)), true) => {
                (3, Cause::new("a policy variable with a default, whose key has a value", "VAR-7"))
            }
            (Some(ContextValue::Single(_)), false) if variables.len() >= MANY => {
                (4, Cause::new("three or more policy variables in one text", "VAR-5"))
            }
            (Some(ContextValue::Single(_)), false) => (5, Cause::new("a policy variable", "VAR-5")),
        }
    };
    variables.iter().map(of).min_by_key(|(order, _)| *order).map(|(_, cause)| cause)
}

fn polarity(base: BaseOperator) -> &'static str {
    match base {
        BaseOperator::StringNotEquals
        | BaseOperator::StringNotEqualsIgnoreCase
        | BaseOperator::StringNotLike
        | BaseOperator::NumericNotEquals
        | BaseOperator::DateNotEquals
        | BaseOperator::NotIpAddress
        | BaseOperator::ArnNotEquals
        | BaseOperator::ArnNotLike => "a negated operator",
        BaseOperator::StringEquals
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
        | BaseOperator::Bool
        | BaseOperator::BinaryEquals
        | BaseOperator::IpAddress
        | BaseOperator::ArnEquals
        | BaseOperator::ArnLike
        | BaseOperator::Null => "a positive operator",
    }
}

fn prefixed(operator: Operator, what: &str) -> String {
    let quantifier = match operator.quantifier {
        Quantifier::None => "",
        Quantifier::ForAllValues => "ForAllValues: with ",
        Quantifier::ForAnyValue => "ForAnyValue: with ",
    };
    let existence = match operator.existence {
        Existence::Required => "",
        Existence::IfExists => " …IfExists",
    };
    format!("{quantifier}{what}{existence}")
}

fn state(value: Option<&ContextValue>) -> &'static str {
    match value {
        None => "a missing key",
        Some(ContextValue::Single(text)) if text.is_empty() => "the empty text",
        Some(ContextValue::Single(_)) => "a single value",
        Some(ContextValue::Many(values)) => match values.as_slice() {
            [] => "an empty list",
            [only] if only.is_empty() => "the list `[\"\"]`",
            [_] => "a list of one",
            [_, _, ..] => "a list of several",
        },
    }
}

fn is_empty_set(value: Option<&ContextValue>) -> bool {
    match value {
        Some(ContextValue::Many(values)) => values.is_empty() || values.iter().eq([""]),
        Some(ContextValue::Single(_)) | None => false,
    }
}

/// The wildcards of a pattern, in words.
pub(super) fn wildcards(pattern: &str) -> &'static str {
    let plain = pattern.replace("${*}", "").replace("${?}", "");
    match () {
        () if plain == "*" => "with `*` alone",
        () if plain.contains('?') => "with `?`",
        () if plain.trim_end_matches('*').contains('*') => "with `*` inside",
        () if plain.ends_with('*') => "with `*` at the end",
        () => "without wildcards",
    }
}

/// The rule that an operator's comparison follows.
pub(super) fn relation_rule(base: BaseOperator) -> &'static str {
    match base {
        BaseOperator::StringEquals | BaseOperator::StringNotEquals => "COND-14",
        BaseOperator::StringLike | BaseOperator::StringNotLike => "COND-15",
        BaseOperator::StringEqualsIgnoreCase | BaseOperator::StringNotEqualsIgnoreCase => "COND-16",
        BaseOperator::NumericEquals
        | BaseOperator::NumericNotEquals
        | BaseOperator::NumericLessThan
        | BaseOperator::NumericLessThanEquals
        | BaseOperator::NumericGreaterThan
        | BaseOperator::NumericGreaterThanEquals => "COND-22",
        BaseOperator::DateEquals
        | BaseOperator::DateNotEquals
        | BaseOperator::DateLessThan
        | BaseOperator::DateLessThanEquals
        | BaseOperator::DateGreaterThan
        | BaseOperator::DateGreaterThanEquals => "COND-25",
        BaseOperator::Bool => "COND-28",
        BaseOperator::BinaryEquals => "COND-29",
        BaseOperator::IpAddress | BaseOperator::NotIpAddress => "COND-30",
        BaseOperator::ArnEquals
        | BaseOperator::ArnNotEquals
        | BaseOperator::ArnLike
        | BaseOperator::ArnNotLike => "COND-32",
        BaseOperator::Null => "COND-12",
    }
}

/// The caller whom neither SCPs nor RCPs bind (EVAL-23).
pub(super) const SERVICE_LINKED: &str = "a session of a service-linked role";

/// What is special about a caller beyond its kind.
pub(super) fn caller_in_words(caller: &Caller) -> &'static str {
    match caller {
        Caller::RoleSession { role, .. } if role.path.starts_with("/aws-service-role/") => SERVICE_LINKED,
        Caller::RoleSession { .. } => "a role session",
        Caller::Root { .. } => "a root user",
        Caller::User(_) => "a user",
        Caller::FederatedSession { .. } => "a federated session",
        Caller::Service { .. } => "a service",
        Caller::Saml { .. } => "a SAML caller",
        Caller::WebIdentity { .. } => "a web identity caller",
        Caller::Anonymous => "an anonymous caller",
    }
}
