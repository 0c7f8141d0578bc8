//! What a run has touched: which constructs took part, on which side they fell, and how the decisions came out.
//!
//! A condition operator that was never true, or a reason that was never given, has not been checked, however many requests were. So an
//! element counts on the side on which it fell, by the model's own formulas, in each request.

use std::collections::BTreeMap;

use crate::iam::condition::Operator;
use crate::iam::decision::{Decision, Reason};
use crate::iam::layers::{Layer, Layers};
use crate::iam::policy::{Selection, Statement};
use crate::iam::request::Caller;
use crate::model::gather::Gathered;
use crate::model::modelled::Answered;
use crate::model::statement::StatementFormulas;

/// How often something held, and how often it did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// In how many requests it held.
    pub held: u64,
    /// In how many it did not.
    pub failed: u64,
}

/// Counts over requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Condition operators with their modifiers.
    pub operators: BTreeMap<Operator, Sides>,
    /// Elements of statements: Action, NotAction, and so on.
    pub elements: BTreeMap<&'static str, Sides>,
    /// Statements by their layer and effect.
    pub statements: BTreeMap<(&'static str, &'static str), Sides>,
    /// Requests by the kind of their caller.
    pub callers: BTreeMap<&'static str, u64>,
    /// Requests by the reason that the model gives.
    pub reasons: BTreeMap<Reason, u64>,
}

impl Sides {
    fn count(&mut self, held: Option<bool>) {
        match held {
            Some(true) => self.held += 1,
            Some(false) => self.failed += 1,
            None => {}
        }
    }

    fn add(&mut self, other: Sides) {
        self.held += other.held;
        self.failed += other.failed;
    }
}

/// The statements of a world, each with its formulas.
pub type Statements<'w, 'm> = Vec<(Layer, &'w Statement, &'m StatementFormulas)>;

/// Puts the formulas beside the statements that they were made from.
pub fn beside<'w, 'm>(layers: &'w Layers, gathered: &'m Gathered) -> Statements<'w, 'm> {
    let documents: Vec<_> = layers.documents().collect();
    gathered
        .statements
        .iter()
        .filter_map(|(place, formulas)| {
            let (_, _, document) =
                documents.iter().find(|(layer, index, _)| *layer == place.layer && *index == place.policy)?;
            Some((place.layer, document.statements.get(place.statement)?, formulas))
        })
        .collect()
}

impl Coverage {
    /// Counts one request and what its answer rests on.
    pub fn count(&mut self, statements: &Statements<'_, '_>, caller: &Caller, answered: &mut Answered<'_>) {
        *self.callers.entry(caller_kind(caller)).or_default() += 1;
        *self.reasons.entry(answered.reason).or_default() += 1;
        for (layer, statement, formulas) in statements {
            let place = (layer_kind(*layer), statement.effect.name());
            self.statements.entry(place).or_default().count(answered.truth(formulas.matched));
            let elements = [
                (Some(named(&statement.action, "Action", "NotAction")), formulas.action),
                (
                    statement.resource.as_ref().map(|listed| named(listed, "Resource", "NotResource")),
                    formulas.resource,
                ),
                (
                    statement.principal.as_ref().map(|listed| named(listed, "Principal", "NotPrincipal")),
                    formulas.principal,
                ),
            ];
            for (name, formula) in elements {
                if let Some(name) = name {
                    self.elements.entry(name).or_default().count(answered.truth(formula));
                }
            }
            for (entry, formula) in statement.condition.iter().zip(&formulas.entries) {
                self.operators.entry(entry.operator).or_default().count(answered.truth(*formula));
            }
        }
    }

    /// Adds the counts of another run, or of another part of one.
    pub fn add(&mut self, other: &Coverage) {
        for (operator, sides) in &other.operators {
            self.operators.entry(*operator).or_default().add(*sides);
        }
        for (element, sides) in &other.elements {
            self.elements.entry(element).or_default().add(*sides);
        }
        for (place, sides) in &other.statements {
            self.statements.entry(*place).or_default().add(*sides);
        }
        for (caller, count) in &other.callers {
            *self.callers.entry(caller).or_default() += count;
        }
        for (reason, count) in &other.reasons {
            *self.reasons.entry(*reason).or_default() += count;
        }
    }

    /// How many requests the model decides so.
    pub fn decided(&self, decision: Decision) -> u64 {
        self.reasons.iter().filter(|(reason, _)| reason.decision() == decision).map(|(_, count)| count).sum()
    }
}

fn named<T>(selection: &Selection<T>, only: &'static str, all_except: &'static str) -> &'static str {
    match selection {
        Selection::Only(_) => only,
        Selection::AllExcept(_) => all_except,
    }
}

/// The name of a layer, its levels taken together.
pub(super) fn layer_kind(layer: Layer) -> &'static str {
    match layer {
        Layer::Scp { .. } => "scps",
        Layer::Rcp { .. } => "rcps",
        Layer::Endpoint => "endpoint",
        Layer::Resource => "resource",
        Layer::Identity => "identity",
        Layer::Boundary => "boundary",
        Layer::Session => "session",
    }
}

/// The name of a caller's kind (GEN-12).
pub(super) fn caller_kind(caller: &Caller) -> &'static str {
    match caller {
        Caller::Root { .. } => "root",
        Caller::User(_) => "user",
        Caller::RoleSession { .. } => "role session",
        Caller::FederatedSession { .. } => "federated session",
        Caller::Service { .. } => "service",
        Caller::Saml { .. } => "SAML caller",
        Caller::WebIdentity { .. } => "web identity caller",
        Caller::Anonymous => "anonymous",
    }
}
