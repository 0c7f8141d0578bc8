//! What `compare` has to say about one pair of documents, before it is printed.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Manner;
use super::rests::Rests;
use crate::cli::Outcome;
use crate::comparison::{
    Comparison, Inclusion, Origin, Prepared, Shelved, Staged, Turned, UnknownReason, Verdict, Wanted,
    Witness, compare, rests_on, stage,
};
use crate::corpus::{Asked, Case, Question};
use crate::crosscheck::rests_on::Fall;
use crate::iam::assumption::Assumptions;
use crate::iam::policy::Effect;

/// One side of a comparison.
#[derive(Clone, Debug)]
pub(super) struct Side {
    /// The path as the user wrote it, or what stands in for a document that is not there.
    pub(super) name: String,
    /// Whether there is a file.
    pub(super) presence: Presence,
    /// The document.
    pub(super) shelved: Arc<Shelved>,
}

/// Whether there is a file behind a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// There is.
    There,
    /// There is none: of two folders only the other has a file of this path.
    Missing,
}

/// A witness with everything that a reader is told of it.
#[derive(Debug)]
pub(super) struct Told {
    /// The request with its two decisions.
    pub(super) staged: Staged,
    /// How it was found.
    pub(super) witness: Witness,
    /// How open points are read.
    pub(super) assumptions: Assumptions,
}

/// What came of comparing two documents.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) old: Side,
    pub(super) new: Side,
    pub(super) comparison: Comparison,
    /// A request that NEW allows and OLD does not.
    pub(super) gained: Option<Told>,
    /// The reverse.
    pub(super) lost: Option<Told>,
}

impl Answer {
    /// Compares the documents.
    pub(super) fn of(old: Side, new: Side, manner: &Manner) -> Answer {
        let (before, after) = (&old.shelved.prepared, &new.shelved.prepared);
        let comparison = compare(before, after, Wanted::Smallest, manner.limits);
        let told = |inclusion: &Inclusion, allowing, refusing| {
            let witness = inclusion.witness()?.clone();
            let staged = stage(allowing, refusing, &witness.request)?;
            Some(Told { staged, witness, assumptions: manner.assumptions })
        };
        let gained = told(&comparison.gained, after, before);
        let lost = told(&comparison.lost, before, after);
        Answer { comparison, gained, lost, old, new }
    }

    /// On which open points the proofs rest.
    pub(super) fn rests(&self, manner: &Manner) -> Rests {
        let (before, after) = (&self.old.shelved.prepared, &self.new.shelved.prepared);
        let directions = [(&self.comparison.gained, after, before), (&self.comparison.lost, before, after)];
        let proved: Vec<_> = directions
            .into_iter()
            .filter(|(inclusion, ..)| matches!(inclusion, Inclusion::Proved(_)))
            .map(|(_, allowing, refusing)| (allowing, refusing))
            .collect();
        let found = (!proved.is_empty()).then(|| rests_on(&proved, manner.limits));
        Rests::of(found.as_ref(), |fall| self.turned(fall, manner))
    }

    /// A request that turns under other readings, as a case that assumes them; null where no case can tell it.
    fn turned(&self, fall: &Fall<Turned<'_>>, manner: &Manner) -> Value {
        let Fall { assumptions, witness: Turned { allowing, refusing, request } } = fall;
        let assumptions = manner.assumptions.overridden_by(*assumptions);
        let read = |document: &Prepared| {
            Prepared::assuming(document.policy().clone(), document.policy_type(), assumptions).ok()
        };
        let staged = read(allowing)
            .zip(read(refusing))
            .and_then(|(allowing, refusing)| stage(&allowing, &refusing, request));
        let Some(staged) = staged else { return Value::Null };
        let witness = Witness { request: request.clone(), origin: Origin::Solver };
        let (old, new) = (self.old.name.as_str(), self.new.name.as_str());
        let is_new = std::ptr::eq(*allowing, &self.new.shelved.prepared);
        let (allowing, refusing) = if is_new { (new, old) } else { (old, new) };
        json!(Told { staged, witness, assumptions }.allowing_case(allowing, refusing))
    }

    /// The verdict in a word.
    pub(super) fn verdict(&self) -> Verdict {
        self.comparison.verdict()
    }

    /// How a run that asked this ends.
    pub(super) fn outcome(&self, manner: &Manner) -> Outcome {
        let defect = self.comparison.defects().next().is_some();
        let outcome = manner.expected.outcome(self.verdict());
        if defect { outcome.and(Outcome::Defect) } else { outcome }
    }

    /// Why the verdict is unknown.
    pub(super) fn message(&self) -> Option<String> {
        let reason = |inclusion: &Inclusion, what: &str| {
            let reason = inclusion.unknown_reason()?;
            Some(match reason {
                UnknownReason::Open(why) => format!("whether anything is {what} is not known: {why}"),
                UnknownReason::Defect(_) => reason.to_string(),
            })
        };
        let reasons = [reason(&self.comparison.gained, "gained"), reason(&self.comparison.lost, "lost")];
        let reasons: Vec<String> = reasons.into_iter().flatten().collect();
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }

    /// What a reader may overlook.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for side in [&self.old, &self.new] {
            let prepared = &side.shelved.prepared;
            let denies = prepared.policy().statements.iter().any(|found| found.effect == Effect::Deny);
            if prepared.allows_nothing() && denies {
                notes.push(format!(
                    "{} has no Allow: by itself it allows nothing, and what its Denies take from other policies is \
                     not compared",
                    side.name
                ));
            }
        }
        let unshown = |told: &Option<Told>| told.as_ref().is_some_and(|told| !told.staged.is_shown());
        if unshown(&self.gained) || unshown(&self.lost) {
            notes.push(
                "a decision does not show the difference: it is settled before any policy is asked, or the documents \
                 are of different types"
                    .to_owned(),
            );
        }
        notes
    }

    /// The fields of an answer in JSON.
    pub(super) fn fields(&self) -> Map<String, Value> {
        let case = |told: &Option<Told>, allowing: &Side, refusing: &Side| match told {
            Some(told) => json!(told.allowing_case(&allowing.name, &refusing.name)),
            None => Value::Null,
        };
        let mut fields = fields(
            &self.old.name,
            &self.new.name,
            self.verdict().name(),
            case(&self.gained, &self.new, &self.old),
            case(&self.lost, &self.old, &self.new),
            self.message(),
        );
        fields.insert("notes".to_owned(), self.notes().into());
        fields
    }
}

/// The fields of a pair that could not be compared.
pub(super) fn error_fields(old: &str, new: &str, message: String) -> Map<String, Value> {
    fields(old, new, "error", Value::Null, Value::Null, Some(message))
}

fn fields(
    old: &str,
    new: &str,
    verdict: &str,
    gained: Value,
    lost: Value,
    message: Option<String>,
) -> Map<String, Value> {
    let entries = [
        ("old", old.into()),
        ("new", new.into()),
        ("verdict", verdict.into()),
        ("gained", gained),
        ("lost", lost),
        ("message", message.into()),
    ];
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl Told {
    /// The case in which the request is allowed.
    pub(super) fn allowing_case(&self, allowing: &str, refusing: &str) -> Case {
        let because = format!("{allowing} allows this request, {refusing} does not.");
        self.case(because, &self.staged.allowing, self.staged.allowed)
    }

    /// The case in which it is not.
    pub(super) fn refusing_case(&self, allowing: &str, refusing: &str) -> Case {
        let because = format!("{refusing} does not allow this request, {allowing} does.");
        self.case(because, &self.staged.refusing, self.staged.refused)
    }

    fn case(
        &self,
        because: String,
        layers: &crate::iam::layers::Layers,
        reason: crate::iam::decision::Reason,
    ) -> Case {
        let asked = Asked { request: self.staged.request.clone(), expected: reason.decision(), reason: None };
        let question = Question::Decisions {
            layers: Box::new(layers.clone()),
            assumptions: self.assumptions,
            asked: vec![asked],
        };
        let source = Some("iamproof compare".to_owned());
        Case { because, rule: None, source, question }
    }
}

/// A path as answers name it.
pub(super) fn named(path: &Path) -> String {
    path.display().to_string()
}
