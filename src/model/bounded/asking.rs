//! Whether some request of a kind is allowed: the model's decision, with what nothing determines left to the solver.
//!
//! A call in a known world has a known caller, resource and policies. Their values are pinned, and so is every key that follows from them
//! (KEY-4, KEY-5): present with its value, or absent. What is left free is what a caller says or where it calls from.

use super::calls;
use crate::iam::context::{Context, ContextValue};
use crate::iam::key::KeyName;
use crate::model::modelled::NoAnswer;
use crate::model::steps::Needed;
use crate::model::{Readings, Scope, SymbolicRequest, decode, gather, pin_all_but};
use crate::solver::formula::{Formula, Formulas};
use crate::solver::{Answer, Limits, Solver};

/// Documented keys that a request says freely, within KEY-8.
const SAID_FREELY: &[&str] = &[
    "aws:sourceip",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:useragent",
    "aws:referer",
    "sts:externalid",
    "sts:rolesessionname",
    "s3:prefix",
    "s3:max-keys",
    "kms:viaservice",
];

/// Documented keys that are free where a service calls for one of its resources.
const SAID_BY_SERVICES: &[&str] =
    &["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"];

/// Documented keys that are free where the request comes through an endpoint.
const SAID_AT_ENDPOINTS: &[&str] = &["aws:vpcsourceip"];

/// What is left to the solver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freedom {
    /// Who calls.
    pub caller: FreeFor,
    /// Whether RoleSessionName is chosen.
    pub session_name: Choice,
    /// Whether ExternalId is chosen: AssumeRole alone has it.
    pub external_id: Choice,
    /// Whether the request comes through an endpoint.
    pub endpoint: Choice,
}

/// Who calls, as far as free keys depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeFor {
    /// A service.
    Service,
    /// Anybody else.
    Others,
}

/// Whether something is left to the solver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is.
    Free,
    /// It is as it was given.
    Fixed,
}

impl Freedom {
    fn has(self, key: &KeyName) -> bool {
        let folded = key.folded();
        let folded: &str = &folded;
        if let Some(row) = crate::iam::key::documented(key) {
            let documented = row.name.to_ascii_lowercase();
            return match documented.as_str() {
                "sts:externalid" => self.external_id == Choice::Free,
                "sts:rolesessionname" => self.session_name == Choice::Free,
                name if SAID_AT_ENDPOINTS.contains(&name) => self.endpoint == Choice::Free,
                name if SAID_BY_SERVICES.contains(&name) => self.caller == FreeFor::Service,
                "aws:sourceip" => self.endpoint == Choice::Fixed,
                name => SAID_FREELY.contains(&name) || name == "s3:existingobjecttag/",
            };
        }
        !follows_from_a_provider(folded)
    }
}

/// Keys of SAML and of web identity follow from the assertion or token.
// Rule: KEY-5.
fn follows_from_a_provider(folded: &str) -> bool {
    let (service, name) = folded.split_once(':').unwrap_or((folded, ""));
    service == "saml" || service.contains('.') || matches!(name, "aud" | "sub" | "amr" | "azp" | "app_id")
}

/// The free keys with which all of these decisions are Allow, where they are not without any; `None` if no request is allowed.
///
/// The decisions of one call share their context. The solver finds it for the first, and the others must be Allow with it as well.
///
/// # Errors
///
/// [`NoAnswer`] where a policy says what formulas cannot say, where the solver does not know, and where the first decision can be had by
/// a context with which another one is not.
pub fn allowing(needed: &[Needed], freedom: Freedom, limits: Limits) -> Result<Option<Context>, NoAnswer> {
    let Some((first, others)) = needed.split_first() else {
        return Ok(None);
    };
    // What no condition asks for changes no decision (INV-9): then the plain call, which was refused, has spoken for every other.
    if !needed.iter().any(|needed| asks_for_free_keys(needed, freedom)) {
        return Ok(None);
    }
    let found = allowing_one(first, freedom, limits)?;
    let Some(context) = found else { return Ok(None) };
    for other in others {
        let mut pinned = other.clone();
        for (key, value) in context.entries() {
            pinned.request.context.set(key.clone(), value.clone());
        }
        let fixed = Freedom {
            caller: FreeFor::Others,
            session_name: Choice::Fixed,
            external_id: Choice::Fixed,
            endpoint: freedom.endpoint,
        };
        if allowing_one(&pinned, fixed, limits)?.is_none() {
            return match allowing_one(other, freedom, limits)? {
                None => Ok(None),
                Some(_) => Err(NoAnswer::Unknown(format!(
                    "{} is allowed with other keys than {}",
                    other.request.action, first.request.action
                ))),
            };
        }
    }
    Ok(Some(context))
}

/// Whether some policy around the request asks for a key that is left free, or shows any key by a variable.
fn asks_for_free_keys(needed: &Needed, freedom: Freedom) -> bool {
    let statements = needed.layers.documents().flat_map(|(_, _, policy)| &policy.statements);
    statements.into_iter().any(|statement| {
        let resources = statement.resource.iter().flat_map(|resources| resources.listed());
        let mut texts = statement.condition.iter().flat_map(|entry| &entry.values).chain(resources);
        statement.condition.iter().any(|entry| freedom.has(&entry.key))
            || texts.any(|text| text.contains("${"))
    })
}

fn allowing_one(needed: &Needed, freedom: Freedom, limits: Limits) -> Result<Option<Context>, NoAnswer> {
    let Needed { request, layers } = needed;
    let mut formulas = Formulas::new();
    let readings = Readings::decided(&formulas);
    let mut symbolic = SymbolicRequest::read_as(&mut formulas, Scope::AnyCaller, readings);
    let gathered = gather::decision(&mut formulas, &mut symbolic, layers)?;
    // A key that was free for another decision of the same call is what it was found to be.
    let is_free =
        |key: &KeyName| freedom.has(key) && request.context.value(key).is_none_or(|_| is_chosen(key));
    let names = legal_names(&mut formulas, &mut symbolic, freedom);
    let well_formed = symbolic.well_formed(&mut formulas)?;
    let pin = pin_all_but(&mut formulas, &mut symbolic, request, &is_free)?;
    let wishes = symbolic.preferences(&mut formulas);
    let allow = gathered.decision.allow;
    let goal = formulas.and([pin, names, well_formed, allow]);
    let mut solver = Solver::new(&formulas, limits);
    match solver.check_preferring(goal, &wishes) {
        Answer::Satisfiable(assignment) => {
            let decoded = decode(&symbolic, &assignment);
            let mut context = Context::new();
            for (key, value) in decoded.context.entries().iter().filter(|(key, _)| is_free(key)) {
                context.set(key.clone(), value.clone());
            }
            Ok(Some(context))
        }
        Answer::Unknown(reason) => Err(NoAnswer::Unknown(reason.to_string())),
        // What is pinned may contradict what every request has: then nothing was asked.
        Answer::Unsatisfiable => match solver.check_under(pin, &[allow, names]) {
            Answer::Unsatisfiable => Ok(None),
            Answer::Unknown(reason) => Err(NoAnswer::Unknown(reason.to_string())),
            Answer::Satisfiable(_) => match solver.check_under(pin, &[well_formed, names]) {
                Answer::Satisfiable(_) => Ok(None),
                Answer::Unknown(reason) => Err(NoAnswer::Unknown(reason.to_string())),
                Answer::Unsatisfiable => {
                    let what = format!("no request of `{}` has the keys of this call", request.action);
                    Err(NoAnswer::Unknown(what))
                }
            },
        },
    }
}

/// Parameters that a call has in any case, with a value that may be another one.
fn is_chosen(key: &KeyName) -> bool {
    matches!(key.folded().as_str(), "sts:rolesessionname" | "sts:externalid")
}

/// Holds iff the parameters that are chosen are spelled as their rules have it.
// Rule: STS-3.
fn legal_names(formulas: &mut Formulas, symbolic: &mut SymbolicRequest, freedom: Freedom) -> Formula {
    let mut parts = Vec::new();
    let in_use: Vec<KeyName> = symbolic.keys_in_use().into_iter().cloned().collect();
    for key in in_use {
        let language = match key.folded().as_str() {
            "sts:rolesessionname" if freedom.session_name == Choice::Free => calls::session_names(),
            "sts:externalid" if freedom.external_id == Choice::Free => calls::external_ids(),
            _ => continue,
        };
        let index = symbolic.key(formulas, &key);
        let single = symbolic.at(index).single(formulas);
        let text = symbolic.text(formulas, index);
        let legal = formulas.in_language(text, language);
        let present = symbolic.presence(formulas, &key);
        let both = formulas.and([single, legal]);
        parts.push(formulas.implies(present, both));
    }
    formulas.and(parts)
}

/// The one value of a key, where it has one.
pub fn single<'c>(context: &'c Context, key: &str) -> Option<&'c str> {
    match context.value(&KeyName::new(key)) {
        Some(ContextValue::Single(value)) => Some(value),
        Some(ContextValue::Many(_)) | None => None,
    }
}
