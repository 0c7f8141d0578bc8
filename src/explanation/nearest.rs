//! Which Allows of a set come nearest to a request that none of them matches.
//!
//! What each statement says is the evaluator's; here they are only put in order. One that names the action comes before one that does not,
//! whatever else is wrong with it: it is the one that somebody wrote for this request. Among those that fail on as many elements the one
//! whose texts are most like the request's is likeliest to be meant.

use std::cmp::Reverse;

use super::written;
use crate::evaluator::{Explanation, SetFinding, StatementFinding};
use crate::iam::arn::Arn;
use crate::iam::decision::Reason;
use crate::iam::layers::{Layer, Layers};
use crate::iam::policy::{Effect, Selection, Statement};
use crate::iam::request::{Caller, Request};

/// The Allows of a set, and those of them that come nearest.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest<'e> {
    /// How many Allows the set has.
    pub allows: usize,
    /// The nearest, the most alike first: all fail on as many elements. Empty if none names an action of the request's service.
    pub statements: Vec<&'e StatementFinding>,
    /// How near the first comes.
    rank: Option<Rank>,
}

/// The set whose silence decides, where one does: of several levels the first that is silent.
pub fn silent_set(explanation: &Explanation) -> Option<&SetFinding> {
    let is_meant = |layer: Layer| match layer {
        Layer::Scp { .. } => explanation.reason == Reason::DenyImplicitScp,
        Layer::Rcp { .. } => explanation.reason == Reason::DenyImplicitRcp,
        Layer::Endpoint => explanation.reason == Reason::DenyImplicitVpce,
        Layer::Resource => explanation.reason == Reason::DenyImplicitResource,
        Layer::Identity => explanation.reason == Reason::DenyImplicitIdentity,
        Layer::Boundary => explanation.reason == Reason::DenyImplicitBoundary,
        Layer::Session => explanation.reason == Reason::DenyImplicitSession,
    };
    explanation.sets.iter().find(|set| set.applies && !set.verdict.allow && is_meant(set.layer))
}

/// The Allows of a set that come nearest to a request.
pub fn nearest<'e>(
    explanation: &'e Explanation,
    set: &SetFinding,
    layers: &Layers,
    request: &Request,
) -> Nearest<'e> {
    let allows = explanation
        .statements
        .iter()
        .filter(|finding| set.holds(finding.place) && finding.effect == Effect::Allow);
    let mut ranked: Vec<(Rank, &StatementFinding)> =
        allows.map(|finding| (Rank::of(finding, layers, request), finding)).collect();
    let allows = ranked.len();
    ranked.sort_by_key(|(rank, _)| *rank);
    let best = ranked.first().map(|(rank, _)| *rank);
    ranked.retain(|(rank, _)| best.is_some_and(|best| rank.is_as_near_as(best)));
    if best.is_some_and(|best| best.action != Fit::Named) {
        ranked.truncate(1);
    }
    let rank = ranked.first().map(|(rank, _)| *rank);
    Nearest { allows, statements: ranked.into_iter().map(|(_, finding)| finding).collect(), rank }
}

/// The set whose Allows come nearest to a request that the silence of some policies refuses: the silent set, or within an account the resource's
/// policy, which could allow by itself.
// Rule: EVAL-11.
pub fn nearest_set<'e>(
    explanation: &'e Explanation,
    layers: &Layers,
    request: &Request,
) -> Option<&'e SetFinding> {
    let silent = silent_set(explanation)?;
    let by_itself = explanation.sets.iter().find(|set| {
        set.layer == Layer::Resource
            && set.applies
            && !set.verdict.allow
            && silent.layer == Layer::Identity
            && explanation.findings.same_account
    });
    let rank = |set: &SetFinding| nearest(explanation, set, layers, request).rank;
    match by_itself.map(|set| (set, rank(set), rank(silent))) {
        Some((set, Some(_), None)) => Some(set),
        Some((set, Some(other), Some(own))) if other < own => Some(set),
        Some(_) | None => Some(silent),
    }
}

/// How an Allow stands to the action, the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It names the action.
    Named,
    /// It names actions of the same service.
    SameService,
    /// It names others.
    Other,
}

/// How near an Allow comes: the smaller, the nearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    action: Fit,
    misses: usize,
    /// How unlike the request's the texts are that do not match.
    unlike: usize,
}

impl Rank {
    fn of(finding: &StatementFinding, layers: &Layers, request: &Request) -> Rank {
        let statement = written::statement(layers, finding.place);
        let action = match statement {
            _ if finding.action.matches => Fit::Named,
            Some(statement) if names_service(&statement.action, &request.action) => Fit::SameService,
            Some(_) | None => Fit::Other,
        };
        let unlike = statement.map_or(0, |statement| unlike(statement, finding, request));
        Rank { action, misses: finding.misses(), unlike }
    }

    fn is_as_near_as(self, best: Rank) -> bool {
        self.action == best.action && self.action != Fit::Other && self.misses == best.misses
    }
}

/// Whether any of the listed actions is of the request's service.
pub fn names_service(written: &Selection<Vec<String>>, action: &str) -> bool {
    let service = |text: &str| text.split(':').next().map(str::to_ascii_lowercase);
    match written {
        Selection::Only(listed) => listed.iter().any(|text| text == "*" || service(text) == service(action)),
        Selection::AllExcept(_) => true,
    }
}

fn unlike(statement: &Statement, finding: &StatementFinding, request: &Request) -> usize {
    let least = |patterns: &[String], text: &str| {
        patterns.iter().map(|pattern| unlikeness(pattern, text)).min().unwrap_or(0)
    };
    let action = match finding.action.matches {
        true => 0,
        false => least(statement.action.listed(), &request.action),
    };
    let resource = match (&statement.resource, &finding.resource) {
        (Some(written), Some(found)) if !found.matches => least(written.listed(), &request.resource),
        (Some(_) | None, _) => 0,
    };
    let principal = match (&statement.principal, &finding.principal) {
        (Some(principals), Some(found)) if !found.matches => {
            let entries = principals.listed().entries.iter().map(written::principal);
            entries.map(|entry| unlikeness(&entry, &known_as(&request.caller))).min().unwrap_or(0)
        }
        (Some(_) | None, _) => 0,
    };
    action + resource + principal
}

/// The ARN by which policies mostly name a caller.
fn known_as(caller: &Caller) -> String {
    match caller {
        Caller::RoleSession { role, .. } => role.arn("role"),
        Caller::Root { .. }
        | Caller::User(_)
        | Caller::FederatedSession { .. }
        | Caller::Service { .. }
        | Caller::Saml { .. }
        | Caller::WebIdentity { .. }
        | Caller::Anonymous => caller.arn().unwrap_or_default(),
    }
}

/// The pattern that is most like a text.
pub fn most_alike<'p>(patterns: &'p [String], text: &str) -> Option<&'p String> {
    let by_unlikeness = |pattern: &&String| (unlikeness(pattern, text), Reverse(pattern.len()));
    patterns.iter().min_by_key(by_unlikeness)
}

/// How many characters of a pattern and a text have no counterpart in the other, about. Of ARNs the fields are compared one by one, and one that
/// differs counts as little as three characters: an ARN of another account that names the same thing is very much alike.
pub fn unlikeness(pattern: &str, text: &str) -> usize {
    const FIELD: usize = 3;
    match (Arn::parse(pattern), Arn::parse(text)) {
        (Some(pattern), Some(text)) => {
            let fields = [
                (pattern.partition, text.partition),
                (pattern.service, text.service),
                (pattern.region, text.region),
                (pattern.account, text.account),
            ];
            let other = fields.iter().filter(|(pattern, text)| pattern != text && !pattern.contains('*'));
            FIELD * other.count() + unlike_texts(pattern.resource, text.resource)
        }
        (Some(_) | None, _) => unlike_texts(pattern, text),
    }
}

fn unlike_texts(pattern: &str, text: &str) -> usize {
    match pattern.split_once('*') {
        None => apart(pattern, text),
        Some((before, _)) => {
            let alike = common_start(before, text);
            before.chars().count() - alike
        }
    }
}

fn common_start(left: &str, right: &str) -> usize {
    left.chars().zip(right.chars()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count()
}

/// How many characters of both texts lie between what they begin and what they end with alike.
pub(super) fn apart(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let start = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let behind = left.len().min(right.len()) - start;
    let end = left.iter().rev().zip(right.iter().rev()).take(behind).take_while(|(a, b)| a == b).count();
    left.len() + right.len() - 2 * (start + end)
}
