//! The constructs of policies and requests as people would name them, each with the rule that decides it.
//!
//! Names are made from what is written: the operator and its modifiers, what kind of value the context holds, which wildcards and variables a
//! text has. Whether a construct holds is nobody's business here.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::crosscheck::coverage::caller_kind;
use crate::iam::condition::{BaseOperator, Existence, Operator, Quantifier};
use crate::iam::context::ContextValue;
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
        return Cause::new(format!("Null on {state}"), "COND-12");
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
    if let Some(cause) = entry.values.iter().find_map(|text| cause_of_variable(text, version)) {
        return Cause::new(format!("{} in {}", cause.construct, operator.base.name()), cause.rule);
    }
    if operator.quantifier != Quantifier::None {
        return Cause::new(format!("{stands} on {state}"), "COND-11");
    }
    let given = request.context.entries().iter().find(|(key, _)| *key == entry.key);
    if given.is_some_and(|(key, _)| key.spelling() != entry.key.spelling()) {
        return Cause::new("context key in another letter case", "COND-4");
    }
    cause_of_relation(entry, value)
}

/// A single value that is compared: by the operator, and what is odd about the texts.
fn cause_of_relation(entry: &ConditionEntry, value: Option<&ContextValue>) -> Cause {
    let base = entry.operator.base;
    let Some(ContextValue::Single(text)) = value else {
        return Cause::new(base.name(), relation_rule(base));
    };
    if is_odd(base, text) {
        return Cause::new(format!("{} on a value of another type", base.name()), "COND-21");
    }
    let several = if entry.values.len() > 1 { " with several values" } else { "" };
    if text.is_empty() {
        return Cause::new(format!("{} on the empty text", base.name()), relation_rule(base));
    }
    let written = entry.values.iter().map(String::as_str).chain([text.as_str()]);
    let oddity = oddity(written).map(|oddity| format!(" over {oddity}")).unwrap_or_default();
    let rule = match (several.is_empty(), polarity(base)) {
        (true, _) => relation_rule(base),
        (false, "a negated operator") => "COND-6",
        (false, _) => "COND-3",
    };
    Cause::new(format!("{}{several}{oddity}", base.name()), rule)
}

/// Principal or NotPrincipal, by what they list and who calls.
pub(super) fn cause_of_principal(principal: &Selection<Principals>, request: &Request) -> Cause {
    let caller = caller_kind(&request.caller);
    match principal {
        Selection::AllExcept(_) => Cause::new(format!("NotPrincipal for {caller}"), "PRIN-9"),
        Selection::Only(principals) => {
            let kinds: BTreeSet<&str> = principals.entries.iter().map(entry_kind).collect();
            let kinds: Vec<&str> = kinds.into_iter().collect();
            Cause::new(format!("Principal {} for {caller}", kinds.join(" and ")), "PRIN-2")
        }
    }
}

fn entry_kind(entry: &PrincipalEntry) -> &'static str {
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

/// Resource or NotResource, by the oddest thing about the texts.
pub(super) fn cause_of_resource(
    resource: &Selection<Vec<String>>,
    version: Version,
    request: &Request,
) -> Cause {
    let (name, listed) = match resource {
        Selection::Only(listed) => ("Resource", listed),
        Selection::AllExcept(listed) => ("NotResource", listed),
    };
    if let Some(cause) = listed.iter().find_map(|text| cause_of_variable(text, version)) {
        return Cause::new(format!("{} in {name}", cause.construct), cause.rule);
    }
    let several = if listed.len() > 1 { " with several patterns" } else { "" };
    if let Selection::AllExcept(_) = resource {
        return Cause::new(format!("NotResource{several}"), "RES-5");
    }
    if request.resource == "*" && listed.iter().any(|text| text != "*") {
        return Cause::new("Resource for a request on `*`", "RES-6");
    }
    if listed.iter().any(|text| text != "*" && text.split(':').count() < 6) {
        return Cause::new("Resource with fewer than six fields", "RES-3");
    }
    let written = listed.iter().map(String::as_str).chain([request.resource.as_str()]);
    match (oddity(written), wildcards(listed)) {
        (Some(oddity), _) => Cause::new(format!("Resource over {oddity}"), "GLOB-1"),
        (None, Some(wildcard)) => Cause::new(format!("{wildcard} in Resource"), "RES-1"),
        (None, None) => Cause::new(format!("Resource{several}"), "RES-1"),
    }
}

/// Action or NotAction.
pub(super) fn cause_of_action(action: &Selection<Vec<String>>, request: &Request) -> Cause {
    let listed = match action {
        Selection::Only(listed) => listed,
        Selection::AllExcept(listed) if listed.len() > 1 => {
            return Cause::new("NotAction with several patterns", "ACT-5");
        }
        Selection::AllExcept(_) => return Cause::new("NotAction", "ACT-5"),
    };
    if listed.iter().any(|text| text.starts_with("*:")) {
        return Cause::new("Action with any service (`*:Name`)", "ACT-2");
    }
    // A pattern agrees in case if its literal beginning is one of the request's action.
    let literal = |text: &str| text.split(['*', '?']).next().unwrap_or_default().len();
    let differs = listed.iter().any(|text| {
        let end = literal(text);
        match (text.get(..end), request.action.get(..end)) {
            (Some(left), Some(right)) => left != right && left.eq_ignore_ascii_case(right),
            (None, _) | (_, None) => false,
        }
    });
    if differs {
        return Cause::new("Action in another letter case", "ACT-2");
    }
    match wildcards(listed) {
        Some(wildcard) => {
            let rule = if wildcard == "`?`" { "ACT-3" } else { "ACT-2" };
            Cause::new(format!("{wildcard} in Action"), rule)
        }
        None => Cause::new("Action", "ACT-4"),
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

fn cause_of_variable(text: &str, version: Version) -> Option<Cause> {
    let start = text.find("${")?;
    let rest = text.get(start + 2..).unwrap_or_default();
    let body = rest.split('}').next().unwrap_or_default();
    Some(match (version, body) {
        (Version::V2008 | Version::Absent, _) => Cause::new("`${` before Version 2012-10-17", "VAR-2"),
        (Version::V2012, "*" | "?" | "$") => Cause::new("escape `${*}`, `${?}` or `${$}`", "VAR-4"),
        (Version::V2012, _) if body.contains(',') => Cause::new("policy variable with a default", "VAR-7"),
        (Version::V2012, _) => Cause::new("policy variable", "VAR-5"),
    })
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

/// Whether a value is plainly none of the operator's type: no number, no instant, no address, no truth value, no ARN.
fn is_odd(base: BaseOperator, text: &str) -> bool {
    let name = base.name();
    if name.starts_with("Numeric") {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        return [whole, fraction]
            .iter()
            .any(|part| part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()));
    }
    if name.starts_with("Date") {
        return !text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    }
    if name.contains("IpAddress") {
        return text.parse::<IpAddr>().is_err();
    }
    if name.starts_with("Arn") {
        return !text.starts_with("arn:") || text.split(':').count() < 6;
    }
    name == "Bool" && !text.eq_ignore_ascii_case("true") && !text.eq_ignore_ascii_case("false")
}

/// What is odd about characters.
fn oddity<'t>(texts: impl Iterator<Item = &'t str>) -> Option<&'static str> {
    let mut found = None;
    for text in texts {
        if !text.is_ascii() {
            return Some("characters outside ASCII");
        }
        if text.contains('\n') {
            found = Some("a line feed");
        } else if text.contains(' ') && found.is_none() {
            found = Some("a blank");
        }
    }
    found
}

/// What is odd about the resource of a request.
pub(super) fn oddity_of_resource(resource: &str) -> Option<&'static str> {
    oddity(std::iter::once(resource)).or_else(|| {
        let has = |special: &[char]| resource != "*" && resource.contains(special);
        has(&['*', '?', '$']).then_some("a `*`, `?` or `${` that is no wildcard or variable")
    })
}

fn wildcards(texts: &[String]) -> Option<&'static str> {
    if texts.iter().any(|text| text.contains('?')) {
        Some("`?`")
    } else if texts.iter().any(|text| text.trim_end_matches('*').contains('*')) {
        Some("`*` inside")
    } else if texts.iter().any(|text| text.len() > 1 && text.ends_with('*')) {
        Some("`*` at the end")
    } else if texts.iter().any(|text| text == "*") {
        Some("`*` alone")
    } else {
        None
    }
}

fn relation_rule(base: BaseOperator) -> &'static str {
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
