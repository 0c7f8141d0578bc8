//! Deciding something else than was asked: statements, principals, layers or values that a look-alike takes otherwise.

use iamproof::crosscheck::external::Answer;
use iamproof::iam::condition::BaseOperator;
use iamproof::iam::context::ContextValue;
use iamproof::iam::layers::Layers;
use iamproof::iam::policy::{ConditionEntry, Selection, Statement};
use iamproof::iam::principal::{PrincipalEntry, Principals};
use iamproof::iam::request::Request;

use super::right;

/// Decides with every statement changed.
pub(super) fn with_statements(layers: &Layers, request: &Request, change: impl Fn(&mut Statement)) -> Answer {
    let mut layers = layers.clone();
    layers.documents_mut().flat_map(|(_, policy)| &mut policy.statements).for_each(change);
    right(&layers, request)
}

/// Decides with every entry of a Condition changed.
pub(super) fn with_entries(
    layers: &Layers,
    request: &Request,
    change: impl Fn(&mut ConditionEntry),
) -> Answer {
    with_statements(layers, request, |statement| statement.condition.iter_mut().for_each(&change))
}

/// Decides with one base operator in the place of another.
pub(super) fn with_operator(
    layers: &Layers,
    request: &Request,
    from: BaseOperator,
    to: BaseOperator,
) -> Answer {
    with_entries(layers, request, |entry| {
        if entry.operator.base == from {
            entry.operator.base = to;
        }
    })
}

/// Decides with every entry of a Principal changed, or left out.
pub(super) fn with_principals(
    layers: &Layers,
    request: &Request,
    change: impl Fn(&PrincipalEntry) -> PrincipalEntry,
) -> Answer {
    with_statements(layers, request, |statement| {
        if let Some(Selection::Only(Principals { entries }) | Selection::AllExcept(Principals { entries })) =
            &mut statement.principal
        {
            entries.iter_mut().for_each(|entry| *entry = change(entry));
        }
    })
}

/// Decides with other layers.
pub(super) fn with_layers(layers: &Layers, request: &Request, change: impl Fn(&mut Layers)) -> Answer {
    let mut layers = layers.clone();
    change(&mut layers);
    right(&layers, request)
}

/// Decides with other values in the context.
pub(super) fn with_context(
    layers: &Layers,
    request: &Request,
    change: impl Fn(&ContextValue) -> ContextValue,
) -> Answer {
    let mut request = request.clone();
    for (key, value) in request.context.clone().entries() {
        request.context.set(key.clone(), change(value));
    }
    right(layers, &request)
}

/// An entry that names nobody who calls.
pub(super) fn nobody() -> PrincipalEntry {
    PrincipalEntry::AccountId("999999999999".to_owned())
}

/// The beginning of a pattern up to its first wildcard, and whatever follows.
pub(super) fn as_prefix(pattern: &mut String) {
    if let Some(end) = pattern.find(['*', '?'])
        && !pattern.contains("${")
    {
        pattern.truncate(end);
        pattern.push('*');
    }
}

/// Whether an operator is one of those that negate.
pub(super) fn is_negated(base: BaseOperator) -> bool {
    base.name().contains("Not")
}
