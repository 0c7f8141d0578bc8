//! What each element of a statement says of a request, in a line of text.

use super::words::printable;
use super::{Decided, Subject};
use crate::evaluator::{
    ConditionFinding, ElementFinding, Ground, MemberFinding, PrincipalFinding, StatementFinding,
    ValueStanding,
};
use crate::explanation::nearest::{most_alike, names_service};
use crate::explanation::written::{self, variables_in};
use crate::iam::arn::Arn;
use crate::iam::assumption::{Alternative, Assumptions};
use crate::iam::condition::{BaseOperator, Existence, Operator, Quantifier};
use crate::iam::context::ContextValue;
use crate::iam::layers::Layer;
use crate::iam::pattern::Variable;
use crate::iam::policy::{ConditionEntry, Policy, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::request::{Caller, Request};

/// How many listed values a line shows.
const SHOWN: usize = 4;

/// Which elements are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// All: the statement matches, and this is why.
    All,
    /// Those that keep it from matching.
    Failing,
}

/// A statement as it was written, and what it says.
pub(super) struct Elements<'e> {
    pub(super) policy: &'e Policy,
    pub(super) statement: &'e Statement,
    pub(super) finding: &'e StatementFinding,
    pub(super) request: &'e Request,
    pub(super) boundary: Boundary,
    pub(super) assumptions: Assumptions,
}

/// Whether the caller has a permissions boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    Absent,
    Present,
}

impl<'e> Elements<'e> {
    /// A statement that was looked at; `None` where it cannot be found.
    pub(super) fn of(
        subject: &Subject<'e>,
        decided: &'e Decided<'_>,
        finding: &'e StatementFinding,
    ) -> Option<Elements<'e>> {
        let place = finding.place;
        let policy = written::document(subject.layers, place.layer?, place.policy)?;
        let statement = policy.statements.get(place.statement?)?;
        let has_boundary =
            decided.explanation.sets.iter().any(|set| set.layer == Layer::Boundary && set.applies);
        let boundary = if has_boundary { Boundary::Present } else { Boundary::Absent };
        let request = &decided.asked.request;
        Some(Elements { policy, statement, finding, request, boundary, assumptions: subject.assumptions })
    }
}

impl Elements<'_> {
    /// The names of those that keep the statement from matching: `Action and StringEquals of aws:SourceVpce`.
    pub(super) fn failing(&self) -> String {
        let Elements { statement, finding, .. } = self;
        let mut names: Vec<String> = Vec::new();
        if finding.principal.as_ref().is_some_and(|found| !found.matches) {
            names.push("Principal".to_owned());
        }
        if !finding.action.matches {
            names.push("Action".to_owned());
        }
        if finding.resource.as_ref().is_some_and(|found| !found.matches) {
            names.push("Resource".to_owned());
        }
        for (entry, found) in statement.condition.iter().zip(&finding.conditions) {
            if !found.holds {
                names.push(format!("{} of {}", found.operator, printable(entry.key.spelling())));
            }
        }
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            Some(_) | None => names.join(""),
        }
    }

    /// The elements, in the order of the language.
    pub(super) fn lines(&self, told: Told) -> Vec<String> {
        let wanted = |matches: bool| told == Told::All || !matches;
        let Elements { statement, finding, request, .. } = self;
        let mut lines = Vec::new();
        if let (Some(principals), Some(found)) = (&statement.principal, &finding.principal)
            && wanted(found.matches)
        {
            lines.push(self.principal(principals, found));
        }
        if wanted(finding.action.matches) {
            lines.push(self.texts("Action", &statement.action, &finding.action, &request.action));
        }
        if let (Some(resources), Some(found)) = (&statement.resource, &finding.resource)
            && wanted(found.matches)
        {
            lines.push(self.texts("Resource", resources, found, &request.resource));
        }
        for (entry, found) in statement.condition.iter().zip(&finding.conditions) {
            if wanted(found.holds) {
                lines.push(self.condition(entry, found));
            }
        }
        lines
    }

    fn texts(
        &self,
        name: &str,
        written: &Selection<Vec<String>>,
        found: &ElementFinding,
        asked: &str,
    ) -> String {
        let listed = written.listed();
        let matching =
            listed.iter().zip(&found.members).find(|(_, member)| **member == MemberFinding::Matches);
        let unresolved = listed.iter().zip(&found.members).find_map(|(text, member)| match member {
            MemberFinding::Unresolved(key) => Some((text, key)),
            MemberFinding::Matches | MemberFinding::Differs => None,
        });
        match (written, matching) {
            (Selection::Only(_), Some((text, _))) => format!("{name} {}", printable(text)),
            (Selection::AllExcept(_), Some((text, _))) => {
                format!("Not{name} lists {}, which matches", printable(text))
            }
            (Selection::AllExcept(_), None) => {
                format!("Not{name} lists nothing that matches{}", self.plain_variable(listed))
            }
            (Selection::Only(_), None) => match unresolved {
                Some((text, key)) => {
                    format!(
                        "{name} {}: the request has no {} (VAR-8)",
                        printable(text),
                        printable(key.spelling())
                    )
                }
                None => self.none_of(name, listed, asked),
            },
        }
    }

    /// That none of the listed texts matches, with the nearest of them, or all where there are few.
    fn none_of(&self, name: &str, listed: &[String], asked: &str) -> String {
        let is_action = Arn::parse(asked).is_none() && asked != "*";
        if is_action && !names_service(&Selection::Only(listed.to_vec()), asked) {
            let service = printable(asked.split(':').next().unwrap_or_default());
            return match listed {
                [only] => format!("{name} is only {}", printable(only)),
                listed => format!("{name}: none of {} is of {service}", listed.len()),
            };
        }
        let note = self.plain_variable(listed);
        let mut each: Vec<String> = Vec::new();
        for text in listed {
            if !each.contains(text) {
                each.push(text.clone());
            }
        }
        match each.as_slice() {
            [] | [_] => {
                let only = listed.first().map(|text| printable(text)).unwrap_or_default();
                format!("{name} is only {only}{}{note}", elsewhere(&only, asked))
            }
            [first, second] => format!("{name} is only {} or {}{note}", printable(first), printable(second)),
            listed => {
                let nearest = most_alike(listed, asked).map(|text| printable(text)).unwrap_or_default();
                let elsewhere = elsewhere(&nearest, asked);
                format!("{name}: none of {} matches; nearest is {nearest}{elsewhere}{note}", listed.len())
            }
        }
    }

    fn condition(&self, entry: &ConditionEntry, found: &ConditionFinding) -> String {
        let listed = &entry.values;
        let ConditionFinding { operator, key, holds, ground } = found;
        let shown: Vec<String> = listed.iter().take(SHOWN).map(|text| listed_value(text)).collect();
        let more = listed.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let head = format!("{operator} {} {}{more}", printable(key.spelling()), shown.join(", "));
        let verdict = if *holds { "holds" } else { "fails" };
        let ground = match ground {
            Ground::Missing { counted: None } => {
                format!("the request has no such key{}", without_a_key(*operator, *holds))
            }
            Ground::Missing { counted: Some(_) } => {
                "its list is empty, which counts as absent (COND-9)".to_owned()
            }
            Ground::Present => "the request has the key".to_owned(),
            Ground::SeveralValues => {
                "the key has a list of values, and the operator no set operator (COND-10)".to_owned()
            }
            Ground::Values(values) => {
                format!("{}{}", values_text(found, listed, values), self.notes(entry))
            }
        };
        format!("{head}: {verdict}, {ground}")
    }

    /// What the listed values are that looks like something else: variables by what they stand for, and plain text by why it is plain.
    fn notes(&self, entry: &ConditionEntry) -> String {
        let mut notes = self.variables(entry);
        if takes_texts_plainly(entry.operator.base)
            && entry
                .values
                .iter()
                .any(|text| text.replace("${*}", "").replace("${?}", "").contains(['*', '?']))
        {
            notes.push_str(&format!(
                "; `*` and `?` are plain text to {} (COND-14)",
                entry.operator.base.name()
            ));
        }
        notes.push_str(self.plain_variable(&entry.values));
        notes
    }

    /// What the variables among the listed values stand for.
    fn variables(&self, entry: &ConditionEntry) -> String {
        let is_rcp = matches!(self.finding.place.layer, Some(Layer::Rcp { .. }));
        let is_bool = entry.operator.base == BaseOperator::Bool;
        let is_plain_text = (is_rcp && self.assumptions.has(Alternative::NoVariablesInRcps))
            || (is_bool && self.assumptions.has(Alternative::NoVariablesInBool));
        if is_plain_text {
            return String::new();
        }
        let listed = entry.values.iter().take(SHOWN);
        let mut variables: Vec<Variable> = Vec::new();
        for variable in listed.flat_map(|text| variables_in(text, self.policy.version)) {
            if !variables.contains(&variable) {
                variables.push(variable);
            }
        }
        let own = self.request.context.value(&entry.key);
        let note = |variable: &Variable| {
            let name = printable(&variable.to_string());
            let value = self.request.context.value(&variable.key);
            match (value, &variable.default) {
                // That both are the same is plain from what was said before.
                (Some(_), _) if own == value => String::new(),
                (Some(ContextValue::Single(text)), _) if !text.is_empty() => {
                    format!("; here {name} is {}", printable(text))
                }
                (None, None) => format!("; the request has no value for {name} (VAR-10)"),
                (Some(_), _) | (None, Some(_)) => String::new(),
            }
        };
        variables.iter().map(note).collect()
    }

    fn principal(&self, written: &Selection<Principals>, found: &PrincipalFinding) -> String {
        let entries = &written.listed().entries;
        let named: Vec<String> = entries.iter().take(SHOWN).map(entry).collect();
        let more = entries.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let names = format!("{}{more}", named.join(", "));
        match (written, found.matches) {
            (Selection::Only(_), true) => {
                let by = entries.iter().zip(&found.entries).find(|(_, kind)| kind.is_some());
                format!("Principal {}", by.map_or(names, |(named, _)| entry(named)))
            }
            (Selection::Only(_), false) => {
                format!("Principal names {names}, not {}", the_caller(&self.request.caller))
            }
            (Selection::AllExcept(_), true) => match self.boundary {
                Boundary::Present => {
                    format!("NotPrincipal {names}: exempts nobody who has a permissions boundary (PRIN-10)")
                }
                Boundary::Absent => {
                    format!(
                        "NotPrincipal {names}: to be exempt, {} (PRIN-9)",
                        whole_chain(&self.request.caller)
                    )
                }
            },
            (Selection::AllExcept(_), false) => format!("NotPrincipal {names} exempts the caller"),
        }
    }

    /// A warning where `${` looks like a variable and is none.
    fn plain_variable(&self, listed: &[String]) -> &'static str {
        let is_plain = self.policy.version != Version::V2012 && listed.iter().any(|text| text.contains("${"));
        if is_plain { "; without Version 2012-10-17 its `${…}` is plain text (VAR-2)" } else { "" }
    }
}

/// Which fields of two ARNs keep the rest from being compared: what a hurried reader overlooks.
fn elsewhere(pattern: &str, asked: &str) -> &'static str {
    let (Some(pattern), Some(asked)) = (Arn::parse(pattern), Arn::parse(asked)) else { return "" };
    let other = |pattern: &str, asked: &str| {
        pattern != asked && !pattern.contains(['*', '?', '$']) && !pattern.is_empty() && !asked.is_empty()
    };
    match (other(pattern.account, asked.account), other(pattern.region, asked.region)) {
        _ if other(pattern.partition, asked.partition) => ", another partition",
        (true, true) => ", another account and region",
        (true, false) => ", another account",
        (false, true) => ", another region",
        (false, false) => "",
    }
}

/// The caller, and who he is where his own ARN does not show it.
fn the_caller(caller: &Caller) -> String {
    match caller {
        Caller::RoleSession { role, .. } if role.path != "/" => {
            format!("the caller, a session of {}", printable(&role.arn("role")))
        }
        Caller::RoleSession { .. }
        | Caller::FederatedSession { .. }
        | Caller::Root { .. }
        | Caller::User(_)
        | Caller::Service { .. }
        | Caller::Saml { .. }
        | Caller::WebIdentity { .. }
        | Caller::Anonymous => "the caller".to_owned(),
    }
}

/// A text of a policy or a request, which may be empty.
fn listed_value(text: &str) -> String {
    if text.is_empty() { "\"\"".to_owned() } else { printable(text) }
}

/// Why an operator holds of a key that is not there; nothing where it fails, as one expects.
// Rules: COND-7, COND-8, COND-11.
fn without_a_key(operator: Operator, holds: bool) -> &'static str {
    match (holds, operator.existence, operator.quantifier) {
        (false, ..) => "",
        _ if operator.base == BaseOperator::Null => "",
        (true, Existence::IfExists, _) => ", which IfExists lets pass (COND-8)",
        (true, Existence::Required, Quantifier::ForAllValues) => ", which ForAllValues lets pass (COND-11)",
        (true, Existence::Required, Quantifier::None | Quantifier::ForAnyValue) => {
            ", and the operator is a negated one (COND-7)"
        }
    }
}

/// Whether an operator has no wildcards although it compares texts.
// Rule: COND-14.
fn takes_texts_plainly(base: BaseOperator) -> bool {
    base.name().starts_with("StringEquals") || base.name().starts_with("StringNotEquals")
}

/// What NotPrincipal must list of a caller.
// Rule: PRIN-9.
fn whole_chain(caller: &Caller) -> &'static str {
    match caller {
        Caller::Root { .. } => "root's account must be listed",
        Caller::User(_) => "account and user must both be listed",
        Caller::RoleSession { .. } => "account, role and role session must all be listed",
        Caller::FederatedSession { .. } => "account, user and federated user must all be listed",
        Caller::Service { .. } => "the service must be listed",
        Caller::Saml { .. } | Caller::WebIdentity { .. } => "the provider must be listed",
        Caller::Anonymous => "an unsigned caller has nothing that could be listed",
    }
}

fn entry(entry: &PrincipalEntry) -> String {
    printable(&written::principal(entry))
}

fn values_text(found: &ConditionFinding, listed: &[String], values: &[(String, ValueStanding)]) -> String {
    if values.is_empty() {
        return "the list has no value".to_owned();
    }
    let told = values.iter().take(SHOWN).map(|(value, standing)| {
        let value = listed_value(value);
        match standing {
            ValueStanding::Related(_) if listed.len() == 1 => format!("it is {value}"),
            ValueStanding::Related(index) => {
                let by = listed.get(*index).map(|text| printable(text)).unwrap_or_default();
                if by == value { format!("it is {value}") } else { format!("it is {value}, by {by}") }
            }
            ValueStanding::Unrelated => format!("it is {value}"),
            ValueStanding::WrongType => {
                format!("it is {value}, which is {} (COND-21)", no_such(found.operator.base))
            }
        }
    });
    let mut told: Vec<String> = told.collect();
    if found.operator.quantifier != Quantifier::None || values.len() > 1 {
        told = values
            .iter()
            .take(SHOWN)
            .map(|(value, standing)| match standing {
                ValueStanding::Related(_) => format!("{} is listed", printable(value)),
                ValueStanding::Unrelated => format!("{} is not listed", printable(value)),
                ValueStanding::WrongType => {
                    format!("{} is {} (COND-21)", printable(value), no_such(found.operator.base))
                }
            })
            .collect();
    }
    let more = values.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{}{more}", told.join(", "))
}

/// What a value is not.
fn no_such(base: BaseOperator) -> &'static str {
    use BaseOperator as Op;
    match base {
        Op::NumericEquals
        | Op::NumericNotEquals
        | Op::NumericLessThan
        | Op::NumericLessThanEquals
        | Op::NumericGreaterThan
        | Op::NumericGreaterThanEquals => "no number",
        Op::DateEquals
        | Op::DateNotEquals
        | Op::DateLessThan
        | Op::DateLessThanEquals
        | Op::DateGreaterThan
        | Op::DateGreaterThanEquals => "no date",
        Op::Bool => "neither true nor false",
        Op::BinaryEquals => "no base64",
        Op::IpAddress | Op::NotIpAddress => "no address",
        Op::ArnEquals | Op::ArnNotEquals | Op::ArnLike | Op::ArnNotLike => "no ARN",
        Op::StringEquals
        | Op::StringNotEquals
        | Op::StringEqualsIgnoreCase
        | Op::StringNotEqualsIgnoreCase
        | Op::StringLike
        | Op::StringNotLike
        | Op::Null => "no such value",
    }
}
