//! Why a witness tells two documents apart: the statements that decide on either side, and the context keys that matter.
//!
//! A key *matters* if another value of it, or its absence, would change what one of the documents says, all else being equal. That is a
//! question to the solver, asked for each key that the documents speak of; what neither speaks of cannot matter. Whether such a request
//! could be made is not asked: "any other value" is then true of every value.

use std::collections::BTreeSet;

use super::desk::Desk;
use super::filling::tokens;
use super::prepared::Prepared;
use super::scene::Cast;
use crate::evaluator::{MemberFinding, StatementFinding};
use crate::iam::key::KeyName;
use crate::iam::pattern::Token;
use crate::iam::policy::{Effect, Selection, Statement, Version};
use crate::iam::request::Request;
use crate::model::statement::document_allows;
use crate::model::{Scope, SymbolicRequest, pin_but};
use crate::solver::formula::Formula;
use crate::solver::{Answer, Limits};

/// Why one document allows a request and another does not. Statements count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// An Allow of the one that matches.
    pub allowed_by: Option<usize>,
    /// Why the other does not allow it.
    pub refused_by: Refusal,
    /// The keys that matter, sorted.
    pub keys: Vec<KeyName>,
    /// Keys of which it could not be found out whether they matter.
    pub keys_unknown: Vec<KeyName>,
}

/// Why a document does not allow a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// This Deny matches.
    Denied(usize),
    /// No Allow matches, and this one comes nearest.
    Nearest {
        /// The statement.
        statement: usize,
        /// What of it does not match, in the words of the document: `Action`, `NotResource`, a condition's operator and key.
        misses: Vec<String>,
    },
    /// It has no Allow at all.
    NoAllow,
}

/// How many keys are asked about for one witness.
const MOST_KEYS: usize = 64;

/// Explains a request that the one document allows and the other refuses.
pub fn explain(allowing: &Prepared, refusing: &Prepared, request: &Request, limits: Limits) -> Explanation {
    let allowed_by = allowing
        .statements(request)
        .iter()
        .position(|finding| finding.effect == Effect::Allow && finding.matches());
    let (keys, keys_unknown) = keys_that_matter(allowing, refusing, request, limits);
    Explanation { allowed_by, refused_by: refusal(refusing, request), keys, keys_unknown }
}

fn refusal(refusing: &Prepared, request: &Request) -> Refusal {
    let findings = refusing.statements(request);
    let denied = findings.iter().position(|finding| finding.effect == Effect::Deny && finding.matches());
    if let Some(statement) = denied {
        return Refusal::Denied(statement);
    }
    let allows = findings.iter().enumerate().filter(|(_, finding)| finding.effect == Effect::Allow);
    // One that speaks of the action is nearer than one that speaks of the resource only.
    let nearest = allows.min_by_key(|(_, finding)| (!finding.action.matches, finding.misses()));
    match nearest {
        None => Refusal::NoAllow,
        Some((statement, finding)) => Refusal::Nearest {
            statement,
            misses: refusing
                .policy()
                .statements
                .get(statement)
                .map(|written| misses(written, finding))
                .unwrap_or_default(),
        },
    }
}

/// What of a statement does not match.
fn misses(written: &Statement, finding: &StatementFinding) -> Vec<String> {
    let mut misses = Vec::new();
    if !finding.action.matches {
        misses.push(name_of(&written.action, "Action", "NotAction").to_owned());
    }
    if let (Some(selection), Some(found)) = (&written.resource, &finding.resource)
        && !found.matches
    {
        let name = name_of(selection, "Resource", "NotResource");
        let unresolved = found.members.iter().find_map(|member| match member {
            MemberFinding::Unresolved(key) => Some(key.spelling()),
            MemberFinding::Matches | MemberFinding::Differs => None,
        });
        misses.push(match unresolved {
            Some(key) => format!("{name} (`{key}` has no value)"),
            None => name.to_owned(),
        });
    }
    if let (Some(selection), Some(found)) = (&written.principal, &finding.principal)
        && !found.matches
    {
        misses.push(name_of(selection, "Principal", "NotPrincipal").to_owned());
    }
    let failing = finding.conditions.iter().filter(|condition| !condition.holds);
    misses
        .extend(failing.map(|condition| format!("{} of `{}`", condition.operator, condition.key.spelling())));
    misses
}

fn name_of<'n, T>(selection: &Selection<T>, only: &'n str, all_except: &'n str) -> &'n str {
    match selection {
        Selection::Only(_) => only,
        Selection::AllExcept(_) => all_except,
    }
}

/// The keys that matter, and those that may.
fn keys_that_matter(
    allowing: &Prepared,
    refusing: &Prepared,
    request: &Request,
    limits: Limits,
) -> (Vec<KeyName>, Vec<KeyName>) {
    let spoken_of: BTreeSet<KeyName> =
        [allowing, refusing].into_iter().flat_map(|document| keys_of(document, request)).collect();
    let mut matter = Vec::new();
    let mut unknown = Vec::new();
    for (number, key) in spoken_of.into_iter().enumerate() {
        if number >= MOST_KEYS {
            unknown.push(key);
            continue;
        }
        match another_value_matters(allowing, refusing, request, &key, limits) {
            Answer::Satisfiable(_) => matter.push(key),
            Answer::Unsatisfiable => {}
            Answer::Unknown(_) => unknown.push(key),
        }
    }
    (matter, unknown)
}

/// The keys that statements about the request's action and resource speak of. Whatever else they say, a statement about another action or, if
/// it names no variable, another resource says nothing of this request.
fn keys_of(document: &Prepared, request: &Request) -> Vec<KeyName> {
    let version = document.policy().version;
    let mut keys = Vec::new();
    for (statement, finding) in document.policy().statements.iter().zip(document.statements(request)) {
        let of_resource = statement.resource.iter().flat_map(Selection::listed);
        let names_variables = of_resource.clone().any(|text| text.contains("${"));
        let elsewhere = finding.resource.is_some_and(|found| !found.matches) && !names_variables;
        if !finding.action.matches || elsewhere {
            continue;
        }
        keys.extend(statement.condition.iter().map(|entry| entry.key.clone()));
        let values = statement.condition.iter().flat_map(|entry| &entry.values);
        for text in of_resource.chain(values).filter(|text| text.contains("${")) {
            keys.extend(variables_of(text, version));
        }
    }
    keys
}

fn variables_of(text: &str, version: Version) -> impl Iterator<Item = KeyName> {
    tokens(text, version).into_iter().filter_map(|token| match token {
        Token::Variable(variable) => Some(variable.key),
        Token::Literal(_) | Token::Star | Token::Question => None,
    })
}

/// Asks for a value of the key, or its absence, with which the request no longer tells the documents apart.
fn another_value_matters(
    allowing: &Prepared,
    refusing: &Prepared,
    request: &Request,
    key: &KeyName,
    limits: Limits,
) -> Answer {
    Desk::with(|desk| {
        let scope = match allowing.cast_with(refusing) {
            Cast::Nobody => Scope::Documents,
            Cast::Caller => Scope::Caller(Box::new(request.caller.clone()), request.credential),
        };
        let mut symbolic = allowing.symbolic(&mut desk.formulas, scope);
        match goal(desk, &mut symbolic, [allowing, refusing], request, key) {
            Some(goal) => desk.ask(goal, &[], limits),
            None => Answer::Unknown(crate::solver::UnknownReason::Undecided("these documents".to_owned())),
        }
    })
}

fn goal(
    desk: &mut Desk,
    symbolic: &mut SymbolicRequest,
    [allowing, refusing]: [&Prepared; 2],
    request: &Request,
    key: &KeyName,
) -> Option<Formula> {
    let formulas = &mut desk.formulas;
    let allowed = document_allows(formulas, symbolic, allowing.policy()).ok()?;
    let allowed_too = document_allows(formulas, symbolic, refusing.policy()).ok()?;
    let pinned = pin_but(formulas, symbolic, request, Some(key)).ok()?;
    let refused = formulas.not(allowed_too);
    let told_apart = formulas.and([allowed, refused]);
    let same = formulas.not(told_apart);
    Some(formulas.and([pinned, same]))
}
