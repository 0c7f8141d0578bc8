//! The Action and NotAction elements: patterns such as `s3:Get*`, compared ignoring case.

use super::compile_error::Problem;
use super::glob::Glob;
use super::patterns::Patterns;
use super::question::{ActionRoom, Asked};
use super::reading::{Reading, mistaken};
use crate::iam::pattern::{Token, tokens_without_variables};
use crate::iam::policy::Selection;

/// A compiled Action or NotAction element; its patterns are in lower case, and of the whole action.
#[derive(Clone, Debug)]
pub(super) enum Actions {
    /// Action: some pattern must match.
    Only(Patterns),
    /// NotAction: no pattern may match.
    AllExcept(Patterns),
}

impl Actions {
    pub(super) fn compile(written: &Selection<Vec<String>>, reading: Reading) -> Result<Actions, Problem> {
        let patterns = |texts: &[String]| -> Result<Patterns, Problem> {
            let count = if mistaken!(reading, OnlyFirstAction) { 1 } else { texts.len() };
            let globs: Result<_, _> = texts.iter().take(count).map(|text| pattern(text, reading)).collect();
            Ok(Patterns::new(globs?, reading))
        };
        Ok(match written {
            Selection::Only(texts) => Actions::Only(patterns(texts)?),
            Selection::AllExcept(texts) if mistaken!(reading, NotActionAsAction) => {
                Actions::Only(patterns(texts)?)
            }
            Selection::AllExcept(texts) => Actions::AllExcept(patterns(texts)?),
        })
    }

    // Rules: ACT-4, ACT-5.
    pub(super) fn speak_of(&self, asked: &Asked<'_>) -> bool {
        match self {
            Actions::Only(patterns) => patterns.matching(asked.action, asked).is_some(),
            Actions::AllExcept(patterns) => patterns.matching(asked.action, asked).is_none(),
        }
    }

    /// The patterns, whichever element lists them.
    pub(super) fn listed(&self) -> &Patterns {
        match self {
            Actions::Only(patterns) | Actions::AllExcept(patterns) => patterns,
        }
    }

    /// Texts in lower case, one of which begins every action that the element speaks of.
    pub(super) fn literal_heads(&self) -> Vec<&[u8]> {
        match self {
            Actions::Only(patterns) => patterns.literal_heads(),
            Actions::AllExcept(_) => vec![&[]],
        }
    }
}

/// The pattern of a text, in lower case. An action has one colon, so the star of `*:name` stands for the service alone.
// Rules: ACT-1, ACT-2, ACT-3, GEN-6.
fn pattern(text: &str, reading: Reading) -> Result<Glob, Problem> {
    if text == "*" {
        return Ok(Glob::pattern(&[Token::Star]));
    }
    let mut room = ActionRoom::new();
    let folded = String::from_utf8_lossy(room.folded(text, reading));
    let Some((service, name)) = folded.split_once(':') else {
        return Err(Problem::new(format!("`{text}` is no action: it has no colon")));
    };
    let mut tokens = if service == "*" || mistaken!(reading, ActionServiceIgnored) {
        vec![Token::Star, Token::Literal(":".to_owned())]
    } else {
        vec![Token::Literal(format!("{service}:"))]
    };
    tokens.extend(tokens_without_variables(name).into_iter().map(|token| match token {
        Token::Question if mistaken!(reading, ActionQuestionMarkIsPlain) => Token::Literal("?".to_owned()),
        Token::Question | Token::Star | Token::Literal(_) | Token::Variable(_) => token,
    }));
    Ok(Glob::pattern(&tokens))
}
