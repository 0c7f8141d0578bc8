//! The search for a small set of changes: single ones, then pairs, then sets, built step by step towards a request that is decided otherwise.
//!
//! Singles and pairs are complete over the candidates, up to the limits below. Sets of three and more are sought greedily: each step takes the
//! changes after which the fewest elements still stand in the way, by what the evaluator explains; at the end each
//! change that the result does without is taken out again.

use std::collections::BTreeSet;

use super::change::{Change, Subject, is_possible};
use super::nearest::apart;
use super::otherwise::is_worth_telling;
use super::reach::{Reach, is_object};
use crate::evaluator::{CallerClass, Evaluator, Explanation, Stage, StatementFinding};
use crate::iam::context::ContextValue;
use crate::iam::decision::{Decision, Reason};
use crate::iam::instant::Instant;
use crate::iam::layers::Layer;
use crate::iam::policy::Effect;
use crate::iam::request::Request;

/// How many single changes are combined with each other.
const MAX_PAIRED: usize = 200;
/// How many partial sets are carried on from step to step, and how many steps there are.
const BREADTH: usize = 6;
const STEPS: usize = 6;
/// How many candidates a step tries, and how many statements all steps of a search together look at: explaining looks at each. A request is
/// searched for twice at most.
const MAX_STEPPED: usize = 240;
const MAX_LOOKED_AT: usize = 10_000_000;

/// A set of changes, and what the evaluator says of the request so changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The changes, in the order in which they are made.
    pub changes: Vec<Change>,
    /// The changed request.
    pub request: Request,
    /// How it is decided.
    pub reason: Reason,
    /// Whether it is the same request still, but for some detail.
    pub reach: Reach,
}

/// A request with the evaluator that decides it.
pub(super) struct Search<'s> {
    pub(super) evaluator: &'s Evaluator,
    pub(super) request: &'s Request,
    pub(super) decision: Decision,
    pub(super) candidates: &'s [Change],
    /// How many statements the evaluator holds.
    pub(super) statements: usize,
}

impl Search<'_> {
    /// The suggestions of the smallest size that has any, the best first. What leaves the request the same but for some detail is preferred,
    /// even if it takes more changes than to ask for something else.
    pub(super) fn nearest(&self) -> Vec<Suggestion> {
        // Of a request that is allowed nobody wants to know how to have it refused without asking for something else.
        if self.decision == Decision::Allow {
            return self.smallest();
        }
        let is_near = |change: &&Change| Reach::of(change, self.request) == Reach::Near;
        let candidates: Vec<Change> = self.candidates.iter().filter(is_near).cloned().collect();
        let near = Search { candidates: &candidates, ..*self }.smallest();
        if near.is_empty() { self.smallest() } else { near }
    }

    fn smallest(&self) -> Vec<Suggestion> {
        let singles: Vec<Suggestion> =
            self.candidates.iter().filter_map(|change| self.tried(vec![change.clone()])).collect();
        if !singles.is_empty() {
            return ordered(singles, self.request);
        }
        let pairs = self.pairs();
        if !pairs.is_empty() {
            return ordered(pairs, self.request);
        }
        self.sets()
    }

    /// The suggestion of these changes, if they turn the decision.
    pub(super) fn tried(&self, changes: Vec<Change>) -> Option<Suggestion> {
        let request = self.changed(&changes);
        let reason = self.evaluator.decide(&request);
        let reach = Reach::of_all(&changes, self.request);
        // That anybody may ask who he is tells nothing, unless it is what was asked.
        let is_the_operation = changes.iter().all(|change| change.subject() != Subject::Action);
        let is_worth_telling = if reason == Reason::AllowNoPermissionRequired {
            is_the_operation && self.decision != Decision::Allow
        } else {
            is_worth_telling(self.decision, reason)
        };
        (is_worth_telling && is_possible(self.request, &request)).then_some(Suggestion {
            changes,
            request,
            reason,
            reach,
        })
    }

    /// The suggestion without the changes that it does not need.
    pub(super) fn trimmed(&self, mut suggestion: Suggestion) -> Suggestion {
        let mut index = 0;
        while index < suggestion.changes.len() {
            let mut fewer = suggestion.changes.clone();
            fewer.remove(index);
            match self.tried(fewer) {
                Some(smaller) if !smaller.changes.is_empty() => suggestion = smaller,
                Some(_) | None => index += 1,
            }
        }
        suggestion
    }

    fn changed(&self, changes: &[Change]) -> Request {
        let mut request = self.request.clone();
        changes.iter().for_each(|change| change.apply(&mut request));
        request
    }

    fn pairs(&self) -> Vec<Suggestion> {
        let paired: Vec<&Change> = self.candidates.iter().take(MAX_PAIRED).collect();
        let mut found = Vec::new();
        for (index, first) in paired.iter().enumerate() {
            for second in paired.iter().skip(index + 1) {
                if first.subject() != second.subject() {
                    found.extend(self.tried(vec![(*first).clone(), (*second).clone()]));
                }
            }
        }
        found
    }

    fn sets(&self) -> Vec<Suggestion> {
        let affordable = MAX_LOOKED_AT / (BREADTH * STEPS * self.statements.max(1));
        let mut waiting: Vec<(usize, Vec<Change>)> = vec![(usize::MAX, Vec::new())];
        for _ in 0..STEPS {
            let mut next: Vec<(usize, Vec<Change>)> = Vec::new();
            for (_, changes) in &waiting {
                let taken: BTreeSet<Subject> = changes.iter().map(Change::subject).collect();
                let open = self.candidates.iter().filter(|change| !taken.contains(&change.subject()));
                for change in open.take(MAX_STEPPED.min(affordable)) {
                    let mut longer = changes.clone();
                    longer.push(change.clone());
                    let request = self.changed(&longer);
                    next.push((distance(&self.evaluator.explain(&request), self.decision), longer));
                }
            }
            next.sort_by_key(|(distance, _)| *distance);
            next.truncate(BREADTH);
            let found: Vec<Suggestion> =
                next.iter().filter_map(|(_, changes)| self.tried(changes.clone())).collect();
            if !found.is_empty() {
                return ordered(found.into_iter().map(|found| self.trimmed(found)).collect(), self.request);
            }
            waiting = next;
        }
        Vec::new()
    }
}

/// How many elements stand in the way of the other decision, about.
fn distance(explanation: &Explanation, from: Decision) -> usize {
    /// Where there is nothing that could match.
    const FAR: usize = 1_000;
    let Explanation { stage, findings, sets, statements, .. } = explanation;
    if *stage != Stage::Policies || from == Decision::Allow {
        return FAR * FAR;
    }
    let denies =
        |finding: &&StatementFinding| finding.applies && finding.effect == Effect::Deny && finding.matches();
    let denied = statements.iter().filter(denies).count();
    let misses = |layer: Layer| {
        let allows = statements
            .iter()
            .filter(|finding| finding.place.layer == Some(layer) && finding.effect == Effect::Allow);
        allows.map(StatementFinding::misses).min().unwrap_or(FAR)
    };
    let of_sets = |wanted: &dyn Fn(Layer) -> bool| -> usize {
        let silent = sets.iter().filter(|set| set.applies && !set.verdict.allow && wanted(set.layer));
        silent.map(|set| misses(set.layer)).sum()
    };
    let ceilings = of_sets(&|layer| matches!(layer, Layer::Scp { .. } | Layer::Rcp { .. } | Layer::Endpoint));
    let own = of_sets(&|layer| matches!(layer, Layer::Identity | Layer::Boundary | Layer::Session));
    let resource = if findings.grants.is_empty() { misses(Layer::Resource) } else { 0 };
    let rest = match findings.caller {
        CallerClass::Anonymous | CallerClass::Service | CallerClass::Provider => resource,
        CallerClass::Root | CallerClass::Identity | CallerClass::FederatedWithoutSessionPolicy => {
            match (findings.same_account, findings.policy_required) {
                (true, false) => own.min(resource),
                (true, true) => resource,
                (false, _) => own + resource,
            }
        }
    };
    2 * denied + ceilings + rest
}

/// The suggestions with the fewest changes, the best first, each changed request once.
fn ordered(mut suggestions: Vec<Suggestion>, before: &Request) -> Vec<Suggestion> {
    let fewest = suggestions.iter().map(|suggestion| suggestion.changes.len()).min().unwrap_or(0);
    suggestions.retain(|suggestion| suggestion.changes.len() == fewest);
    suggestions.sort_by_cached_key(|suggestion| {
        let ranks: usize = suggestion.changes.iter().map(rank).sum();
        let costs: usize = suggestion.changes.iter().map(|change| cost(change, before)).sum();
        (ranks, costs)
    });
    let mut kept: Vec<Suggestion> = Vec::new();
    for suggestion in suggestions {
        if kept.iter().all(|other| other.request != suggestion.request) {
            kept.push(suggestion);
        }
    }
    kept
}

/// How far a change goes, by what it is about: another context is a smaller change than another resource, and that than another caller.
fn rank(change: &Change) -> usize {
    match change {
        Change::Credential(_) => 1,
        Change::Context { .. } => 2,
        Change::Resource(_) => 5,
        Change::Action(_) => 6,
        Change::Owner(_) => 7,
        Change::Caller(_) => 9,
    }
}

/// How far the new text lies from the old one.
fn cost(change: &Change, before: &Request) -> usize {
    match change {
        Change::Credential(_) => 0,
        Change::Context { key, value } => match (before.context.value(key), value) {
            (Some(old), Some(new)) => between(old, new),
            // To leave a key out is seldom what somebody can do; to add one is what a policy asks for.
            (Some(old), None) => 20 + old.to_string().len(),
            (None, Some(new)) => new.to_string().len(),
            (None, None) => 0,
        },
        Change::Resource(text) => {
            // One that ends as the request's own does is rather what somebody meant.
            let ending = |resource: &str| resource.rsplit(['/', ':']).next().map(str::to_owned);
            let other_ending = if ending(&before.resource) == ending(text) { 0 } else { 40 };
            let other_kind = if is_object(&before.resource) == is_object(text) { 0 } else { 200 };
            apart(&before.resource, text) + other_ending + other_kind
        }
        Change::Action(text) => apart(&before.action, text),
        Change::Owner(_) => 1,
        Change::Caller(caller) => {
            apart(&before.caller.arn().unwrap_or_default(), &caller.arn().unwrap_or_default())
        }
    }
}

/// How far a value lies from another: numbers and instants by what lies between them, texts by their characters.
fn between(old: &ContextValue, new: &ContextValue) -> usize {
    let (old, new) = (old.to_string(), new.to_string());
    let number = |text: &str| {
        let instant = Instant::parse(text).map(|instant| instant.epoch_seconds());
        text.parse::<i64>().ok().or(instant)
    };
    match (number(&old), number(&new)) {
        (Some(left), Some(right)) => left.abs_diff(right).checked_ilog2().map_or(0, |digits| digits as usize),
        (Some(_) | None, _) => apart(&old, &new),
    }
}
