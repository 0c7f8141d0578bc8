//! A concrete request as a formula: the symbolic request is this one.
//!
//! Nothing is decided here. The request's texts become constants, what they spell is left to the solver through the same typed views that every
//! request has, and the solver says which formulas then hold. A pinned request may hold any context, ill-typed values and lists of
//! any key included: cases may (KEY-10).

use super::problem::Problem;
use super::request::{KeyIndex, SymbolicRequest};
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::request::{Request, ResourcePolicyMark};
use crate::solver::formula::{Formula, Formulas};
use crate::solver::regular::Regular;

/// Holds iff the symbolic request is this one, as far as the keys in use and the caller, if there is one, tell.
///
/// Ask after all other formulas are built: keys and elements of lists that come into use later are not bound.
///
/// # Errors
///
/// [`Problem`] where a test of a list cannot be written down; it would have shown when the test was first asked for.
pub fn pin(
    formulas: &mut Formulas,
    symbolic: &mut SymbolicRequest,
    request: &Request,
) -> Result<Formula, Problem> {
    pin_but(formulas, symbolic, request, None)
}

/// The same, but that the context may say anything of one key.
///
/// # Errors
///
/// As [`pin`].
pub fn pin_but(
    formulas: &mut Formulas,
    symbolic: &mut SymbolicRequest,
    request: &Request,
    free: Option<&KeyName>,
) -> Result<Formula, Problem> {
    pin_all_but(formulas, symbolic, request, &|key| free == Some(key))
}

/// The same, but that the context may say anything of some keys.
///
/// # Errors
///
/// As [`pin`].
pub fn pin_all_but(
    formulas: &mut Formulas,
    symbolic: &mut SymbolicRequest,
    request: &Request,
    is_free: &dyn Fn(&KeyName) -> bool,
) -> Result<Formula, Problem> {
    let action = Regular::text(request.action.to_ascii_lowercase());
    let mut parts = vec![
        formulas.in_language(symbolic.action, action),
        formulas.in_language(symbolic.resource, Regular::text(request.resource.as_str())),
    ];
    let marked = formulas.flag(symbolic.marked);
    parts.push(match request.resource_policy_mark {
        ResourcePolicyMark::Unmarked => formulas.not(marked),
        ResourcePolicyMark::PolicyRequired => marked,
    });
    if let Some(caller) = &symbolic.caller {
        parts.push(caller.is_exactly(formulas, &request.caller, request.credential));
        if let Some(owner) = owner(request) {
            parts.push(formulas.in_language(symbolic.owner, Regular::text(owner)));
        }
    }
    for key in symbolic.indexes() {
        if is_free(&symbolic.at(key).name) {
            continue;
        }
        let value = request.context.value(&symbolic.at(key).name);
        parts.push(holds(formulas, symbolic, key, value));
    }
    parts.push(symbolic.definitions(formulas)?);
    Ok(formulas.and(parts))
}

/// Who owns the resource: as it was given, else the account in the ARN, else the caller's account.
// Rule: GEN-8.
fn owner(request: &Request) -> Option<&str> {
    let in_arn =
        || Arn::parse(&request.resource).map(|arn| arn.account).filter(|account| is_account_id(account));
    request.resource_account.as_deref().or_else(in_arn).or_else(|| request.caller.account())
}

/// Holds iff the context has this for the key.
fn holds(
    formulas: &mut Formulas,
    symbolic: &mut SymbolicRequest,
    key: KeyIndex,
    value: Option<&ContextValue>,
) -> Formula {
    match value {
        None => {
            let present = formulas.flag(symbolic.at(key).present);
            formulas.not(present)
        }
        Some(ContextValue::Single(text)) => {
            let single = symbolic.at(key).single(formulas);
            let variable = symbolic.text(formulas, key);
            let same = formulas.in_language(variable, Regular::text(text.as_str()));
            formulas.and([single, same])
        }
        Some(ContextValue::Many(texts)) => {
            let texts = enough_of(texts);
            symbolic.at_mut(key).make_elements(formulas);
            symbolic.at_mut(key).lengthen(formulas, texts.len().max(1));
            let mut parts = vec![symbolic.at(key).multivalued(formulas)];
            for (element, flag) in symbolic.at(key).listed.clone().into_iter().enumerate() {
                let listed = formulas.flag(flag);
                parts.push(match texts.get(element) {
                    Some(text) => {
                        let variable = symbolic.element_text(formulas, key, element);
                        let same = formulas.in_language(variable, Regular::text(*text));
                        formulas.and([listed, same])
                    }
                    None => formulas.not(listed),
                });
            }
            formulas.and(parts)
        }
    }
}

/// The list with no text more than twice: elements are only asked whether some of them passes a test, and the list whether it is exactly one
/// empty text. So a third copy tells nothing.
fn enough_of(texts: &[String]) -> Vec<&str> {
    let mut kept: Vec<&str> = Vec::with_capacity(texts.len());
    for text in texts {
        if kept.iter().filter(|other| *other == text).count() < 2 {
            kept.push(text);
        }
    }
    kept
}
