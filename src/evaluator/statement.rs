//! One compiled statement: whether it matches what is asked, element by element.

use super::action::Actions;
use super::compile_error::Problem;
use super::condition::Condition;
use super::grants::Grants;
use super::principal::{Carrier, Principal};
use super::question::Asked;
use super::reading::{Reading, mistaken};
use super::resource::Resources;
use crate::iam::assumption::Alternative;
use crate::iam::condition::Operator;
use crate::iam::layers::Layer;
use crate::iam::policy::{self, Effect, Version};

/// A compiled statement.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) effect: Effect,
    pub(super) actions: Actions,
    pub(super) resources: Resources,
    /// Absent in documents that are attached to a principal.
    pub(super) principal: Option<Principal>,
    pub(super) conditions: Box<[Condition]>,
}

impl Statement {
    /// `layer` is the layer of the document, where it has one.
    // Rules: VAR-1, OPEN-1.
    pub(super) fn compile(
        written: &policy::Statement,
        version: Version,
        layer: Option<Layer>,
        reading: Reading,
    ) -> Result<Statement, Problem> {
        let is_rcp = matches!(layer, Some(Layer::Rcp { .. }));
        let version = match is_rcp && reading.takes(Alternative::NoVariablesInRcps) {
            true => Version::V2008,
            false => version,
        };
        // Trust policies are the only documents with a Principal and without a Resource.
        let carrier = match (&written.resource, is_rcp) {
            (None, _) => Carrier::Role,
            (Some(_), true) => Carrier::Rcp,
            (Some(_), false) => Carrier::Other,
        };
        let principal = written.principal.as_ref().map(|written| Principal::compile(written, carrier));
        let conditions =
            written.condition.iter().map(|entry| Condition::compile(entry, version, written.effect, reading));
        Ok(Statement {
            effect: written.effect,
            actions: Actions::compile(&written.action, reading)?,
            resources: Resources::compile(written.resource.as_ref(), version, reading)?,
            principal: principal.transpose()?,
            conditions: conditions.collect::<Result<_, Problem>>()?,
        })
    }

    /// Whether the statement matches what is asked, its Principal included where it has one.
    pub(super) fn matches(&self, asked: &Asked<'_>) -> bool {
        self.matches_apart_from_principal(asked) && self.speaks_of_caller(asked)
    }

    /// By which kinds a matching statement names the caller; nothing where it does not match.
    // Rule: EVAL-4.
    pub(super) fn grants(&self, asked: &Asked<'_>) -> Grants {
        let grants = self.principal.as_ref().map_or(Grants::NONE, |principal| principal.grants(asked));
        if grants.is_empty() || !self.matches_apart_from_principal(asked) { Grants::NONE } else { grants }
    }

    fn matches_apart_from_principal(&self, asked: &Asked<'_>) -> bool {
        self.actions.speak_of(asked) && self.resources.speak_of(asked) && self.conditions_hold(asked)
    }

    fn speaks_of_caller(&self, asked: &Asked<'_>) -> bool {
        self.principal.as_ref().is_none_or(|principal| !principal.grants(asked).is_empty())
    }

    // Rules: COND-1, COND-2.
    fn conditions_hold(&self, asked: &Asked<'_>) -> bool {
        if mistaken!(asked.reading, KeysOfOneOperatorAreOred) {
            let holds_for_some_key = |operator: Operator| {
                let mut entries = self.conditions.iter().filter(|entry| entry.operator == operator);
                entries.any(|entry| entry.holds(asked))
            };
            return self.conditions.iter().all(|entry| holds_for_some_key(entry.operator));
        }
        self.conditions.iter().all(|condition| condition.holds(asked))
    }
}
