//! Policy variables: which texts have them, and what stands in their place in one request.

use super::compile_error::Problem;
use super::question::Asked;
use super::reading::{Reading, mistaken};
use crate::iam::assumption::Alternative;
use crate::iam::context::ContextValue;
use crate::iam::pattern::{Token, Variable, tokens_with_variables, tokens_without_variables};
use crate::iam::policy::Version;

/// Cuts a text of a Resource or Condition element. Only documents of version 2012-10-17 have variables.
// Rules: VAR-1, VAR-2, VAR-4, VAR-14.
pub(super) fn tokens(text: &str, version: Version, reading: Reading) -> Result<Vec<Token>, Problem> {
    let substitutes = match version {
        Version::V2012 => !mistaken!(reading, NoVariablesIn2012),
        Version::V2008 | Version::Absent => mistaken!(reading, VariablesIn2008),
    };
    if !substitutes {
        return Ok(tokens_without_variables(text));
    }
    if mistaken!(reading, EscapesAreWildcards) && (text.contains("${*}") || text.contains("${?}")) {
        return tokens(&text.replace("${*}", "*").replace("${?}", "?"), version, reading);
    }
    let mut tokens =
        tokens_with_variables(text).map_err(|error| Problem::new(format!("in `{text}`: {error}")))?;
    if mistaken!(reading, UnresolvedVariableIsText) {
        for token in &mut tokens {
            if let Token::Variable(variable) = token {
                variable.default = variable.default.clone().or_else(|| Some(variable.to_string()));
            }
        }
    }
    Ok(tokens)
}

/// What a variable stands for, or `None` where it has no value.
///
/// A key with several values has none, and its default is not used either, however many values the list holds: the key is
/// present, so the default is out, and none of the values is *the* value.
// Rules: VAR-5, VAR-7, VAR-9, VAR-11, VAR-13, OPEN-1.
pub(super) fn value<'a>(variable: &'a Variable, asked: &Asked<'a>) -> Option<&'a str> {
    let default = || match &variable.default {
        Some(_) if mistaken!(asked.reading, DefaultIgnored) => None,
        Some(text) => Some(text.as_str()),
        None => None,
    };
    let value = match asked.context.value(&variable.key) {
        None => return default(),
        Some(_) if variable.default.is_some() && mistaken!(asked.reading, DefaultOverridesValue) => {
            return default();
        }
        Some(ContextValue::Single(text)) => text,
        Some(ContextValue::Many(values)) if asked.reading.takes(Alternative::FirstValueOfVariable) => {
            values.first()?
        }
        Some(ContextValue::Many(_)) => return None,
    };
    if value.is_empty() && asked.reading.takes(Alternative::EmptyIsNoValue) {
        return default();
    }
    Some(value)
}

/// What `*` and `?` in a variable's value are, where they would be wildcards if the policy had written them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueText {
    /// Characters like any other.
    Plain,
    /// Wildcards.
    Pattern,
}

impl ValueText {
    // Rule: VAR-6.
    #[inline]
    pub(super) fn of(reading: Reading) -> ValueText {
        if reading.takes(Alternative::ValuesHaveWildcards) { ValueText::Pattern } else { ValueText::Plain }
    }
}

/// The tokens of a pattern with values in the places of variables; `None` where one has no value.
// Rules: VAR-5, VAR-6.
pub(super) fn filled(tokens: &[Token], asked: &Asked<'_>) -> Option<Vec<Token>> {
    let mut filled = Vec::new();
    for token in tokens {
        match token {
            Token::Variable(variable) => {
                let value = value(variable, asked)?;
                match ValueText::of(asked.reading) {
                    ValueText::Plain if value.is_empty() => {}
                    ValueText::Plain => filled.push(Token::Literal(value.to_owned())),
                    ValueText::Pattern => filled.extend(tokens_without_variables(value)),
                }
            }
            Token::Literal(_) | Token::Star | Token::Question => filled.push(token.clone()),
        }
    }
    Some(filled)
}
