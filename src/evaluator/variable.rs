//! Policy variables: which texts have them, and what stands in their place in one request.

use super::compile_error::Problem;
use super::question::Asked;
use super::reading::{Reading, mistaken};
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
// Rules: VAR-5, VAR-7, VAR-9, VAR-11, VAR-13.
pub(super) fn value<'a>(variable: &'a Variable, asked: &Asked<'a>) -> Option<&'a str> {
    let default = || match &variable.default {
        Some(_) if mistaken!(asked.reading, DefaultIgnored) => None,
        Some(text) => Some(text.as_str()),
        None => None,
    };
    match asked.context.value(&variable.key) {
        None => default(),
        Some(_) if variable.default.is_some() && mistaken!(asked.reading, DefaultOverridesValue) => default(),
        Some(ContextValue::Single(text))
            if text.is_empty() && mistaken!(asked.reading, EmptyValueIsNoValue) =>
        {
            default()
        }
        Some(ContextValue::Single(text)) => Some(text),
        Some(ContextValue::Many(values)) if mistaken!(asked.reading, MultivaluedVariableTakesFirst) => {
            values.first().map(String::as_str)
        }
        Some(ContextValue::Many(_)) => None,
    }
}
