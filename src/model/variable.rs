//! Policy variables: templates of literal text, wildcards and values of context keys, and which texts they match (VAR-1 to VAR-14).
//!
//! The value of a variable enters a formula as the value of a text variable ([`Piece::Value`]), never as a pattern: so whatever it holds is
//! literal, and the result is not scanned again (VAR-5, VAR-6), by construction. Other readings take the value for the texts of a pattern
//! ([`Piece::Taken`]), and scan nothing again either.

use std::collections::BTreeSet;

use super::problem::Problem;
use super::readings::choose;
use super::regular::{Case, Reach, glob, literal, sequence};
use super::request::{AskedBy, KeyIndex, SymbolicRequest};
use super::wildcards::{LATIN_1, Wildcards};
use crate::iam::assumption::Alternative;
use crate::iam::key::KeyName;
use crate::iam::pattern::{Token, Variable, tokens_with_variables, tokens_without_variables};
use crate::iam::policy::Version;
use crate::solver::evaluate;
use crate::solver::formula::{Formula, Formulas, Piece, TextVariable};
use crate::solver::regular::Regular;

/// How many keys with a default one text may name: the formula has a case for every set of them that is absent.
const MOST_DEFAULTS: usize = 8;

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Some text of the language.
    Constant(Regular),
    /// The value of a variable, which may not leave its field.
    Variable(Variable, Reach),
    /// The value of a variable, which must be of the language; and how far its wildcards reach, where they are some.
    Limited(Variable, Regular, Wildcards),
}

/// Cuts a text by the version gate: with variables under 2012-10-17 only.
// Rules: VAR-2, VAR-4, VAR-11, VAR-14.
pub(super) fn tokens(text: &str, version: Version) -> Result<Vec<Token>, Problem> {
    match version {
        Version::V2012 => tokens_with_variables(text)
            .map_err(|error| Problem::not_well_formed(format!("{error} in `{text}`"))),
        Version::Absent | Version::V2008 => Ok(tokens_without_variables(text)),
    }
}

/// The tokens with `*` and `?` as the characters that they are.
// Rule: COND-14.
pub(super) fn without_wildcards(tokens: Vec<Token>) -> Vec<Token> {
    tokens
        .into_iter()
        .map(|token| match token {
            Token::Star => Token::Literal("*".to_owned()),
            Token::Question => Token::Literal("?".to_owned()),
            Token::Literal(_) | Token::Variable(_) => token,
        })
        .collect()
}

impl Part {
    fn variable(&self) -> Option<&Variable> {
        match self {
            Part::Variable(variable, _) | Part::Limited(variable, ..) => Some(variable),
            Part::Constant(_) => None,
        }
    }
}

/// The template that tokens make.
pub(super) fn template(tokens: &[Token], reach: Reach, case: Case) -> Vec<Part> {
    tokens
        .chunk_by(|left, right| !matches!(left, Token::Variable(_)) && !matches!(right, Token::Variable(_)))
        .map(|chunk| match chunk {
            [Token::Variable(variable)] => Part::Variable(variable.clone(), reach),
            _ => Part::Constant(glob(chunk, reach, case)),
        })
        .collect()
}

/// Holds iff the text is the template as [`matches`] has it; under one reading `*` and `?` of values and defaults are wildcards.
// Rule: VAR-6.
pub(super) fn matches_pattern(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    text: TextVariable,
    template: &[Part],
) -> Result<Formula, Problem> {
    let decided = matches_taken(formulas, request, text, (template, Case::Sensitive), Values::Literal)?;
    let has_variables = template.iter().any(|part| part.variable().is_some());
    if !has_variables || !request.readings.may_take(formulas, Alternative::ValuesHaveWildcards) {
        return Ok(decided);
    }
    let other = matches_taken(formulas, request, text, (template, Case::Sensitive), Values::Patterns)?;
    let taken = request.readings.takes(Alternative::ValuesHaveWildcards);
    Ok(choose(formulas, taken, other, decided))
}

/// What the `*` and `?` of values and defaults are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// Characters.
    Literal,
    /// Wildcards.
    Patterns,
}

/// Holds iff the text is the template with every variable replaced by its value, and every variable has one.
///
/// A key that is absent has the default if each of its variables has one; a list has neither value nor default.
// Rules: VAR-5, VAR-6, VAR-7, VAR-8, VAR-9, VAR-10, VAR-13.
pub(super) fn matches(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    text: TextVariable,
    template: &[Part],
    case: Case,
) -> Result<Formula, Problem> {
    matches_taken(formulas, request, text, (template, case), Values::Literal)
}

/// The same with values taken literally, or as the patterns that they spell.
// Rules: VAR-6, VAR-7.
pub(super) fn matches_taken(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    text: TextVariable,
    (template, case): (&[Part], Case),
    values: Values,
) -> Result<Formula, Problem> {
    let variables = || template.iter().filter_map(Part::variable);
    let keys: BTreeSet<&KeyName> = variables().map(|variable| &variable.key).collect();
    let with_default: Vec<&KeyName> = keys
        .iter()
        .copied()
        .filter(|key| variables().all(|variable| variable.key != **key || variable.default.is_some()))
        .collect();
    if with_default.len() > MOST_DEFAULTS {
        return Err(Problem::not_supported(format!(
            "more than {MOST_DEFAULTS} keys with defaults in one text"
        )));
    }
    let mut cases = Vec::with_capacity(1 << with_default.len());
    for chosen in 0..1_u32 << with_default.len() {
        let absent: BTreeSet<&KeyName> = with_default
            .iter()
            .enumerate()
            .filter(|(position, _)| chosen & (1 << position) != 0)
            .map(|(_, key)| *key)
            .collect();
        let mut parts = Vec::with_capacity(keys.len() + 1);
        for key in &keys {
            let index = request.key(formulas, key);
            let value = has_value(formulas, request, index);
            parts.push(if absent.contains(key) { value.absent } else { value.present });
        }
        parts.push(matches_with(formulas, request, text, (template, case, values), &absent));
        cases.push(formulas.and(parts));
    }
    Ok(formulas.or(cases))
}

/// Whether a key gives a variable a value, or none because it is absent; neither holds of most lists.
#[derive(Clone, Copy)]
struct HasValue {
    present: Formula,
    absent: Formula,
}

/// Whether the key gives its variables a value.
// Rules: VAR-7, VAR-9, VAR-13.
fn has_value(formulas: &mut Formulas, request: &mut SymbolicRequest, key: KeyIndex) -> HasValue {
    let readings = request.readings;
    let state = request.state(formulas, key, AskedBy::Others);
    let mut present = state.single(formulas);
    if readings.may_take(formulas, Alternative::FirstValueOfVariable) {
        let first = request.first_listed(formulas, key);
        let taken = readings.takes(Alternative::FirstValueOfVariable);
        let by_first = formulas.and([taken, state.present, state.many, first]);
        present = formulas.or([present, by_first]);
    }
    let mut absent = formulas.not(state.present);
    if readings.may_take(formulas, Alternative::EmptyIsNoValue) {
        let text = request.text(formulas, key);
        let empty = formulas.in_language(text, Regular::text(""));
        let taken = readings.takes(Alternative::EmptyIsNoValue);
        let none = formulas.and([taken, empty]);
        let by_emptiness = formulas.and([present, none]);
        absent = formulas.or([absent, by_emptiness]);
        let some = formulas.not(none);
        present = formulas.and([present, some]);
    }
    HasValue { present, absent }
}

/// Holds iff every variable among the tokens has a value or a default that is used.
// Rules: VAR-7, VAR-8, VAR-9.
pub(super) fn has_values(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    tokens: &[Token],
) -> Formula {
    let mut parts = Vec::new();
    for token in tokens {
        let Token::Variable(variable) = token else { continue };
        let key = request.key(formulas, &variable.key);
        let value = has_value(formulas, request, key);
        parts.push(match variable.default {
            Some(_) => formulas.or([value.present, value.absent]),
            None => value.present,
        });
    }
    formulas.and(parts)
}

/// Holds iff the text is the template with the defaults of these keys and the values of all others.
fn matches_with(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    text: TextVariable,
    (template, case, values): (&[Part], Case, Values),
    absent: &BTreeSet<&KeyName>,
) -> Formula {
    let mut conditions = Vec::new();
    let mut pieces = Vec::new();
    let mut constant = Vec::new();
    for part in template {
        let (variable, limits, wildcards) = match part {
            Part::Constant(regular) => {
                constant.push(regular.clone());
                continue;
            }
            Part::Variable(variable, reach @ Reach::Everywhere) => (variable, None, (*reach).into()),
            Part::Variable(variable, reach @ Reach::WithinField) => {
                (variable, Some(reach.anything()), (*reach).into())
            }
            Part::Limited(variable, language, wildcards) => (variable, Some(language.clone()), *wildcards),
        };
        if let (true, Some(default)) = (absent.contains(&variable.key), &variable.default) {
            constant.push(default_within(default, limits, case, (values, wildcards)));
            continue;
        }
        if !constant.is_empty() {
            pieces.push(Piece::Some(formulas.language(sequence(constant.drain(..)))));
        }
        let key = request.key(formulas, &variable.key);
        let value = request.text(formulas, key);
        pieces.push(match (values, case) {
            (Values::Patterns, _) => Piece::Taken(value, wildcards.taking()),
            (Values::Literal, Case::Sensitive) => Piece::Value(value),
            (Values::Literal, Case::Folded) => Piece::Folded(value),
            (Values::Literal, Case::FoldedLatin1) => Piece::Taken(value, LATIN_1),
        });
        if let Some(limits) = limits {
            conditions.push(formulas.in_language(value, limits));
        }
    }
    conditions.push(if pieces.is_empty() {
        formulas.in_language(text, sequence(constant))
    } else {
        if !constant.is_empty() {
            pieces.push(Piece::Some(formulas.language(sequence(constant))));
        }
        formulas.concatenation(text, pieces)
    });
    formulas.and(conditions)
}

/// The texts that the default stands for; no text at all where it is not within the limits.
fn default_within(
    default: &str,
    limits: Option<Regular>,
    case: Case,
    (values, wildcards): (Values, Wildcards),
) -> Regular {
    let legal = limits.is_none_or(|limits| evaluate::belongs(default, &limits));
    match (legal, values) {
        (false, _) => Regular::Choice(Vec::new()),
        (true, Values::Literal) => literal(default, case),
        (true, Values::Patterns) => wildcards.taking().of(default),
    }
}

/// Holds iff the tokens, their variables replaced, are this word ignoring case; wildcards are the characters that they are.
///
/// The word is short and known, so it is cut into the parts in every way: `behind` holds for each cut whether the tokens looked at so far,
/// from the last one on, are what follows the cut.
// Rules: COND-28, VAR-5, VAR-7, VAR-9, VAR-10.
pub(super) fn spells_word(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    tokens: &[Token],
    word: &str,
) -> Formula {
    let mut behind = vec![formulas.falsum(); word.len()];
    behind.push(formulas.verum());
    for token in tokens.iter().rev() {
        behind = (0..=word.len())
            .map(|start| {
                let ways: Vec<Formula> = behind
                    .iter()
                    .enumerate()
                    .skip(start)
                    .map(|(end, &rest)| {
                        let part = word.get(start..end).unwrap_or_default();
                        let spelled = token_spells(formulas, request, token, part);
                        formulas.and([spelled, rest])
                    })
                    .collect();
                formulas.or(ways)
            })
            .collect();
    }
    behind.first().copied().unwrap_or(formulas.falsum())
}

fn token_spells(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    token: &Token,
    part: &str,
) -> Formula {
    let text = match token {
        Token::Literal(text) => text.as_str(),
        Token::Star => "*",
        Token::Question => "?",
        Token::Variable(variable) => return variable_spells(formulas, request, variable, part),
    };
    if text.eq_ignore_ascii_case(part) { formulas.verum() } else { formulas.falsum() }
}

fn variable_spells(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    variable: &Variable,
    part: &str,
) -> Formula {
    let key = request.key(formulas, &variable.key);
    let text = request.text(formulas, key);
    let same = formulas.in_language(text, literal(part, Case::Folded));
    let value = has_value(formulas, request, key);
    let by_value = formulas.and([value.present, same]);
    if variable.default.as_deref().is_some_and(|default| default.eq_ignore_ascii_case(part)) {
        return formulas.or([by_value, value.absent]);
    }
    by_value
}
