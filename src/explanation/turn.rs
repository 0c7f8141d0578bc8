//! Which change of a request turns its decision.

use super::candidates::changes;
use super::change::Change;
use super::otherwise::{Otherwise, otherwise};
use super::search::Search;
pub use super::search::Suggestion;
use crate::evaluator::Evaluator;
use crate::iam::decision::Reason;
use crate::iam::layers::Layers;
use crate::iam::request::Request;
use crate::solver::Limits;

/// What is known about turning a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// These changes do, the best first; each has as many changes as the others. No smaller set was found, but perhaps one that asks for
    /// something else ([`Reach`](super::reach::Reach)) where these do not.
    By(Vec<Suggestion>),
    /// No request of the same caller and credential is decided otherwise, whatever its action, resource and context: proved. Operations
    /// that need no permission are left out, since they are allowed to anybody.
    Never,
    /// Nothing was found, and nothing is proved, for this reason.
    Unknown(String),
}

/// How many statements a proof may be about; AWS's limits leave room for a few hundred around one request.
const MAX_PROVED: usize = 20_000;

/// Looks for the smallest changes that turn the decision on a request.
pub fn turn(
    layers: &Layers,
    evaluator: &Evaluator,
    request: &Request,
    reason: Reason,
    limits: Limits,
) -> Turn {
    let candidates = changes(layers, request);
    let decision = reason.decision();
    let statements = layers.documents().map(|(.., policy)| policy.statements.len()).sum();
    let search = Search { evaluator, request, decision, candidates: &candidates, statements };
    let found = search.nearest();
    if !found.is_empty() {
        return Turn::By(found);
    }
    if statements > MAX_PROVED {
        return Turn::Unknown(format!("more than {MAX_PROVED} statements, which is too many for a proof"));
    }
    match otherwise(layers, evaluator.assumptions(), request, decision, limits) {
        Otherwise::Never => Turn::Never,
        Otherwise::Unknown(why) => Turn::Unknown(why),
        Otherwise::Here(witness) => match search.tried(differences(request, &witness)) {
            Some(suggestion) => Turn::By(vec![search.trimmed(suggestion)]),
            None => Turn::Unknown(
                "the second reading knows of a request that the first decides like this one: please report this"
                    .to_owned(),
            ),
        },
    }
}

/// The changes that lead from one request to another of the same caller, as far as the other has something to say.
fn differences(from: &Request, to: &Request) -> Vec<Change> {
    let mut changes = Vec::new();
    if from.action != to.action {
        changes.push(Change::Action(to.action.clone()));
    }
    if from.resource != to.resource {
        changes.push(Change::Resource(to.resource.clone()));
    }
    if let Some(owner) = &to.resource_account
        && super::change::owner(from).as_ref() != Some(owner)
    {
        changes.push(Change::Owner(owner.clone()));
    }
    for (key, _) in from.context.entries() {
        if to.context.value(key).is_none() {
            changes.push(Change::Context { key: key.clone(), value: None });
        }
    }
    for (key, value) in to.context.entries() {
        if from.context.value(key) != Some(value) {
            changes.push(Change::Context { key: key.clone(), value: Some(value.clone()) });
        }
    }
    changes
}
