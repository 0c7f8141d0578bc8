//! Policy variables: templates of literal text, wildcards and values of context keys, and which texts they match (VAR-1 to VAR-14).
//!
//! The value of a variable enters a formula as the value of a text variable ([`Piece::Value`]), never as a pattern: so whatever it holds is
//! literal, and the result is not scanned again (VAR-5, VAR-6), by construction.

use std::collections::BTreeSet;

use super::problem::Problem;
use super::regular::{Case, Reach, glob, literal, sequence};
use super::request::SymbolicRequest;
use crate::iam::key::KeyName;
use crate::iam::pattern::{Token, Variable, tokens_with_variables, tokens_without_variables};
use crate::iam::policy::Version;
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
    let variables = || {
        template.iter().filter_map(|part| match part {
            Part::Variable(variable, _) => Some(variable),
            Part::Constant(_) => None,
        })
    };
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
            parts.push(if absent.contains(key) {
                let present = formulas.flag(request.at(index).present);
                formulas.not(present)
            } else {
                request.at(index).single(formulas)
            });
        }
        parts.push(matches_with(formulas, request, text, (template, case), &absent));
        cases.push(formulas.and(parts));
    }
    Ok(formulas.or(cases))
}

/// Holds iff the text is the template with the defaults of these keys and the values of all others.
fn matches_with(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    text: TextVariable,
    (template, case): (&[Part], Case),
    absent: &BTreeSet<&KeyName>,
) -> Formula {
    let mut conditions = Vec::new();
    let mut pieces = Vec::new();
    let mut constant = Vec::new();
    for part in template {
        match part {
            Part::Constant(regular) => constant.push(regular.clone()),
            Part::Variable(variable, reach) => {
                if let (true, Some(default)) = (absent.contains(&variable.key), &variable.default) {
                    constant.push(default_within(default, *reach, case));
                    continue;
                }
                if !constant.is_empty() {
                    pieces.push(Piece::Some(formulas.language(sequence(constant.drain(..)))));
                }
                let key = request.key(formulas, &variable.key);
                let value = request.text(formulas, key);
                pieces.push(match case {
                    Case::Sensitive => Piece::Value(value),
                    Case::Folded => Piece::Folded(value),
                });
                if *reach == Reach::WithinField {
                    conditions.push(formulas.in_language(value, reach.anything()));
                }
            }
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

/// The default as a literal; no text at all where it would leave its field.
fn default_within(default: &str, reach: Reach, case: Case) -> Regular {
    let leaves = reach == Reach::WithinField && default.contains(':');
    if leaves { Regular::Choice(Vec::new()) } else { literal(default, case) }
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
    let value = request.text(formulas, key);
    let same = formulas.in_language(value, literal(part, Case::Folded));
    let single = request.at(key).single(formulas);
    let by_value = formulas.and([single, same]);
    if variable.default.as_deref().is_some_and(|default| default.eq_ignore_ascii_case(part)) {
        let present = formulas.flag(request.at(key).present);
        let absent = formulas.not(present);
        return formulas.or([by_value, absent]);
    }
    by_value
}

/// The template of an ARN pattern, field by field; `None` where it has fewer than six fields.
///
/// The pattern is cut at its first five colons outside `${}`, before any value is put in.
// Rules: COND-32, COND-33, VAR-12.
pub(super) fn arn_template(tokens: Vec<Token>) -> Option<Vec<Part>> {
    let mut fields: Vec<Vec<Token>> = vec![Vec::new()];
    for token in tokens {
        let Token::Literal(text) = &token else {
            fields.last_mut()?.push(token);
            continue;
        };
        let mut rest = text.as_str();
        while fields.len() < 6
            && let Some((before, behind)) = rest.split_once(':')
        {
            push_literal(fields.last_mut()?, before);
            fields.push(Vec::new());
            rest = behind;
        }
        push_literal(fields.last_mut()?, rest);
    }
    if fields.len() < 6 {
        return None;
    }
    let mut parts = Vec::new();
    for (position, field) in fields.iter().enumerate() {
        let reach = if position < 5 { Reach::WithinField } else { Reach::Everywhere };
        parts.extend(template(field, reach, Case::Sensitive));
        if position < 5 {
            parts.push(Part::Constant(Regular::text(":")));
        }
    }
    Some(parts)
}

fn push_literal(field: &mut Vec<Token>, text: &str) {
    if !text.is_empty() {
        field.push(Token::Literal(text.to_owned()));
    }
}
