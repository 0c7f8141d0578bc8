//! Whether some request of a kind is allowed: the model's decision, with what nothing determines left to the solver.
//!
//! A call in a known world has a known caller, resource and policies. Their values are pinned, and so is every key that follows from them
//! (KEY-4, KEY-5): present with its value, or absent. What is left free is what a caller says or where it calls from.

use std::collections::BTreeSet;

use super::calls;
use super::spelled::variables;
use super::wanting::Values;
use crate::iam::context::{Context, ContextValue};
use crate::iam::key::KeyName;
use crate::model::context::SymbolicKey;
use crate::model::modelled::NoAnswer;
use crate::model::regular::sequence;
use crate::model::steps::Needed;
use crate::model::{Readings, Scope, SymbolicRequest, decode, gather, pin_all_but};
use crate::solver::formula::{Formula, Formulas};
use crate::solver::regular::Regular;
use crate::solver::{Answer, Limits, Solver};

/// Documented keys that a request says freely, within KEY-8.
const SAID_FREELY: &[&str] = &[
    "aws:sourceip",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:useragent",
    "aws:referer",
    // Without aws:CalledVia it is `false`: requests that a service makes for a caller are not asked about.
    "aws:viaawsservice",
    "sts:externalid",
    "sts:rolesessionname",
    "s3:prefix",
    "s3:max-keys",
    "kms:viaservice",
];

/// Documented keys that are free where a request is made that is no call of STS: what it passes.
const PASSED_BY_REQUESTS: &[&str] = &[
    "aws:tagkeys",
    "iam:passedtoservice",
    "iam:associatedresourcearn",
    "iam:permissionsboundary",
    "iam:policyarn",
    "iam:awsservicename",
];

/// Documented keys that are free where a service calls for one of its resources.
const SAID_BY_SERVICES: &[&str] =
    &["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"];

/// Documented keys that are free where the request comes through an endpoint.
const SAID_AT_ENDPOINTS: &[&str] = &["aws:vpcsourceip"];

/// What is left to the solver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Freedom {
    /// Who calls.
    pub caller: FreeFor,
    /// Whether RoleSessionName is chosen.
    pub session_name: Choice,
    /// Whether ExternalId is chosen: AssumeRole alone has it.
    pub external_id: Choice,
    /// Whether the request comes through an endpoint.
    pub endpoint: Choice,
    /// Whether it is chosen what the request passes: it is no call of STS.
    pub passed: Choice,
}

/// Who calls, as far as free keys depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FreeFor {
    /// A service.
    Service,
    /// Anybody else.
    Others,
}

/// Whether something is left to the solver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
                name if PASSED_BY_REQUESTS.contains(&name) || name == "aws:requesttag/" => {
                    self.passed == Choice::Free
                }
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
    let fixed = BTreeSet::new();
    let found = allowing_one(first, freedom, &fixed, limits)?;
    let Some(context) = found else { return Ok(None) };
    for other in others {
        let mut pinned = other.clone();
        for (key, value) in context.entries() {
            pinned.request.context.set(key.clone(), value.clone());
        }
        let unchosen = Freedom {
            caller: FreeFor::Others,
            session_name: Choice::Fixed,
            external_id: Choice::Fixed,
            endpoint: freedom.endpoint,
            passed: Choice::Fixed,
        };
        if allowing_one(&pinned, unchosen, &fixed, limits)?.is_none() {
            return match allowing_one(other, freedom, &fixed, limits)? {
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

/// The keys that are free or loosened, as they are where the decision is Allow.
fn allowing_one(
    needed: &Needed,
    freedom: Freedom,
    loosened: &BTreeSet<String>,
    limits: Limits,
) -> Result<Option<Context>, NoAnswer> {
    let Needed { request, layers } = needed;
    let mut formulas = Formulas::new();
    let readings = Readings::decided(&formulas);
    let mut symbolic = SymbolicRequest::read_as(&mut formulas, Scope::AnyCaller, readings);
    let gathered = gather::decision(&mut formulas, &mut symbolic, layers)?;
    // A key that was free for another decision of the same call is what it was found to be.
    let is_free = |key: &KeyName| {
        loosened.contains(&key.folded())
            || (freedom.has(key) && request.context.value(key).is_none_or(|_| is_chosen(key)))
    };
    let names = legal_names(&mut formulas, &mut symbolic, freedom);
    let values = legal_values(&mut formulas, &mut symbolic, &request.context, loosened);
    let names = formulas.and([names, values]);
    let well_formed = if frees_the_caller(&symbolic, loosened) {
        formulas.verum()
    } else {
        symbolic.well_formed(&mut formulas)?
    };
    let pin = pin_all_but(&mut formulas, &mut symbolic, request, &is_free)?;
    let wishes = symbolic.preferences(&mut formulas);
    let allow = gathered.decision.allow;
    let goal = formulas.and([pin, names, well_formed, allow]);
    let mut solver = Solver::new(&formulas, limits);
    // Most calls are refused to requests of any form: that is the smallest question.
    match solver.check_under(pin, &[allow, names]) {
        Answer::Unsatisfiable => return Ok(None),
        Answer::Satisfiable(_) | Answer::Unknown(_) => {}
    }
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
        Answer::Unsatisfiable => match solver.check_under(pin, &[well_formed, names]) {
            Answer::Satisfiable(_) => Ok(None),
            Answer::Unknown(reason) => Err(NoAnswer::Unknown(reason.to_string())),
            Answer::Unsatisfiable => {
                let what = format!("no request of `{}` has the keys of this call", request.action);
                Err(NoAnswer::Unknown(what))
            }
        },
    }
}

/// What a refused call wants: values of these keys with which each of its decisions can be Allow.
///
/// The decisions are asked about one by one, and the keys need not fit together: of a call that wants nothing it is certain that none of
/// these keys is what refuses it.
///
/// # Errors
///
/// [`NoAnswer`] where a policy says what formulas cannot say, and where the solver does not know.
pub fn wanting(
    needed: &[Needed],
    freedom: Freedom,
    loosened: &BTreeSet<String>,
    limits: Limits,
) -> Result<Option<Values>, NoAnswer> {
    // The name of a federated session is part of what the call is about.
    if needed.iter().any(is_about_named) {
        return Ok(Some(Values::new()));
    }
    if !needed.iter().any(|needed| mentions(needed, loosened)) {
        return Ok(None);
    }
    let (mut is_refused, mut values) = (false, Values::new());
    for needed in needed {
        if allowing_one(needed, freedom, &BTreeSet::new(), limits)?.is_some() {
            continue;
        }
        is_refused = true;
        let Some(context) = allowing_one(needed, freedom, loosened, limits)? else { return Ok(None) };
        for (key, value) in context.entries() {
            let differs =
                loosened.contains(&key.folded()) && needed.request.context.value(key) != Some(value);
            if differs && !values.iter().any(|(known, _)| known == key) {
                values.push((key.clone(), value.clone()));
            }
        }
    }
    // Else it is refused by no policy.
    Ok(is_refused.then_some(values))
}

/// Whether it depends on its name whether a federated session is issued.
fn is_about_named(needed: &Needed) -> bool {
    let name = |arn: &String| arn.split_once(":federated-user/").map(|(_, name)| name.to_owned());
    let mut statements = needed.layers.documents().flat_map(|(_, _, policy)| &policy.statements);
    name(&needed.request.resource).is_some()
        && statements.any(|statement| {
            let mut resources = statement.resource.iter().flat_map(|resources| resources.listed());
            resources.any(|arn| name(arn).is_some_and(|name| name != "*"))
        })
}

/// Whether some policy around the request asks for one of the keys, by a condition or by a variable.
fn mentions(needed: &Needed, keys: &BTreeSet<String>) -> bool {
    let mut statements = needed.layers.documents().flat_map(|(_, _, policy)| &policy.statements);
    statements.any(|statement| {
        let resources = statement.resource.iter().flat_map(|resources| resources.listed());
        let mut texts = statement.condition.iter().flat_map(|entry| &entry.values).chain(resources);
        statement.condition.iter().any(|entry| keys.contains(&entry.key.folded()))
            || texts.any(|text| variables(text).any(|key| keys.contains(&key)))
    })
}

/// Whether a key is loosened of which every well-formed request has what its caller is called: the caller is one, and pinned.
// Rule: KEY-4.
fn frees_the_caller(symbolic: &SymbolicRequest, loosened: &BTreeSet<String>) -> bool {
    let of_caller = ["aws:userid", "aws:principalarn"];
    let mut folded = symbolic.keys_in_use().into_iter().map(KeyName::folded);
    folded.any(|key| of_caller.contains(&key.as_str()) && loosened.contains(&key))
}

/// Holds iff the keys that are loosened have values that a session can be given.
// Rules: STS-3, STS-6.
fn legal_values(
    formulas: &mut Formulas,
    symbolic: &mut SymbolicRequest,
    context: &Context,
    loosened: &BTreeSet<String>,
) -> Formula {
    let mut parts = Vec::new();
    let in_use: Vec<KeyName> = symbolic.keys_in_use().into_iter().cloned().collect();
    for key in in_use.into_iter().filter(|key| loosened.contains(&key.folded())) {
        let folded = key.folded();
        let named = |end: char| {
            let value = single(context, &folded).and_then(|value| value.rsplit_once(end));
            let before = value.map(|(before, _)| format!("{before}{end}")).unwrap_or_default();
            sequence([Regular::text(before), calls::session_names()])
        };
        let index = symbolic.key(formulas, &key);
        let present = symbolic.presence(formulas, &key);
        if matches!(folded.as_str(), "aws:tagkeys" | "sts:transitivetagkeys") {
            let SymbolicKey { empty, blank, .. } = symbolic.at(index);
            let nothing = [*empty, *blank].map(|flag| formulas.flag(flag));
            let nothing = formulas.or(nothing);
            parts.extend([symbolic.at(index).multivalued(formulas), formulas.not(nothing)]);
            continue;
        }
        let (language, is_tag) = match folded.as_str() {
            "aws:userid" => (named(':'), false),
            "aws:principalarn" => (named('/'), false),
            "aws:sourceidentity" | "sts:sourceidentity" => (calls::session_names(), false),
            _ if folded.starts_with("aws:principaltag/") || folded.starts_with("aws:requesttag/") => {
                (calls::tag_values(), true)
            }
            _ => continue,
        };
        let single = symbolic.at(index).single(formulas);
        let text = symbolic.text(formulas, index);
        let legal = formulas.in_language(text, language);
        let legal = formulas.and([single, legal]);
        // Of tags another one may be there; all else is there where it is loosened.
        parts.push(if is_tag { formulas.implies(present, legal) } else { legal });
    }
    formulas.and(parts)
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
