//! What each element of a statement says of a request, in a line of text.

use super::words::printable;
use crate::evaluator::{
    ConditionFinding, ElementFinding, Ground, MemberFinding, PrincipalFinding, StatementFinding,
    ValueStanding,
};
use crate::iam::condition::{BaseOperator, Quantifier};
use crate::iam::policy::{Policy, Selection, Statement, Version};
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
}

/// Whether the caller has a permissions boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    Absent,
    Present,
}

impl Elements<'_> {
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
                lines.push(condition(&entry.values, found));
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
        let note = self.plain_variable(listed);
        match (written, matching) {
            (Selection::Only(_), Some((text, _))) => format!("{name} {}", printable(text)),
            (Selection::AllExcept(_), Some((text, _))) => {
                format!("Not{name} lists {}, which matches", printable(text))
            }
            (Selection::AllExcept(_), None) => format!("Not{name} lists nothing that matches{note}"),
            (Selection::Only(_), None) => match unresolved {
                Some((text, key)) => {
                    format!(
                        "{name} {}: the request has no {} (VAR-8)",
                        printable(text),
                        printable(key.spelling())
                    )
                }
                None => {
                    let nearest = nearest(listed, asked).map(|text| printable(text)).unwrap_or_default();
                    match listed.len() {
                        0 | 1 => format!("{name} is only {nearest}{note}"),
                        count => format!("{name}: none of {count} matches; nearest is {nearest}{note}"),
                    }
                }
            },
        }
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
            (Selection::Only(_), false) => format!("Principal names {names}, not the caller"),
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

/// The pattern that agrees with the text for the longest.
pub(super) fn nearest<'p>(patterns: &'p [String], text: &str) -> Option<&'p String> {
    let alike = |pattern: &str| {
        let same = |(a, b): &(char, char)| a.eq_ignore_ascii_case(b);
        let start = pattern.chars().zip(text.chars()).take_while(same).count();
        let end = pattern.chars().rev().zip(text.chars().rev()).take_while(same).count();
        2 * start + end
    };
    patterns.iter().rev().max_by_key(|pattern| alike(pattern))
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
    match entry {
        PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws => "*".to_owned(),
        PrincipalEntry::AccountRoot { partition, account } => format!("arn:{partition}:iam::{account}:root"),
        PrincipalEntry::AccountId(text)
        | PrincipalEntry::User(text)
        | PrincipalEntry::Role(text)
        | PrincipalEntry::AssumedRole(text)
        | PrincipalEntry::FederatedUser(text)
        | PrincipalEntry::UniqueId(text)
        | PrincipalEntry::Service(text)
        | PrincipalEntry::Federated(text)
        | PrincipalEntry::CanonicalUser(text) => printable(text),
    }
}

fn condition(listed: &[String], found: &ConditionFinding) -> String {
    let ConditionFinding { operator, key, holds, ground } = found;
    let shown: Vec<String> = listed.iter().take(SHOWN).map(|text| printable(text)).collect();
    let more = listed.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let head = format!("{operator} {} {}{more}", printable(key.spelling()), shown.join(", "));
    let verdict = if *holds { "holds" } else { "fails" };
    let ground = match ground {
        Ground::Missing { counted: None } => "the request has no such key".to_owned(),
        Ground::Missing { counted: Some(_) } => {
            "its list is empty, which counts as absent (COND-9)".to_owned()
        }
        Ground::Present => "the request has the key".to_owned(),
        Ground::SeveralValues => {
            "the key has a list of values, and the operator no set operator (COND-10)".to_owned()
        }
        Ground::Values(values) => values_text(found, listed, values),
    };
    format!("{head}: {verdict}, {ground}")
}

fn values_text(found: &ConditionFinding, listed: &[String], values: &[(String, ValueStanding)]) -> String {
    if values.is_empty() {
        return "the list has no value".to_owned();
    }
    let told = values.iter().take(SHOWN).map(|(value, standing)| {
        let value = if value.is_empty() { "an empty text".to_owned() } else { printable(value) };
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
                ValueStanding::Unrelated => format!("{} is not", printable(value)),
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
