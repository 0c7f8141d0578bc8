//! Patterns of the Arn operators: six fields, each a wildcard pattern of its own.

use super::compile_error::Problem;
use super::glob::Glob;
use super::question::Asked;
use super::reading::Reading;
use super::variable;
use crate::iam::pattern::Token;
use crate::iam::policy::Version;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct ArnPattern {
    /// `None` for a pattern of fewer than six fields, which matches nothing.
    fields: Option<Box<[Glob; 6]>>,
    /// The pattern as a whole, for mistakes that need it.
    #[cfg(debug_assertions)]
    whole: Glob,
}

impl ArnPattern {
    /// Fields are cut before values are filled in, so that a value with a colon cannot shift them.
    // Rules: COND-32, COND-33, VAR-12.
    pub(super) fn compile(text: &str, version: Version, reading: Reading) -> Result<ArnPattern, Problem> {
        let tokens = variable::tokens(text, version, reading)?;
        let globs: Vec<Glob> = arn_fields(&tokens).iter().map(|field| Glob::pattern(field)).collect();
        Ok(ArnPattern {
            fields: <[Glob; 6]>::try_from(globs).ok().map(Box::new),
            #[cfg(debug_assertions)]
            whole: Glob::pattern(&tokens),
        })
    }

    // Rules: COND-32, COND-33.
    pub(super) fn matches(&self, text: &str, asked: &Asked<'_>) -> bool {
        #[cfg(debug_assertions)]
        if let Some(answer) = super::planted::arn_answer(&self.whole, text, asked) {
            return answer;
        }
        let Some(patterns) = &self.fields else {
            return false;
        };
        let mut fields = text.splitn(6, ':');
        patterns
            .iter()
            .all(|pattern| fields.next().is_some_and(|field| pattern.matches(field.as_bytes(), asked)))
    }
}

/// The tokens of a text cut at its first five colons; fewer than six lists where it has fewer.
pub(super) fn arn_fields(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut fields = Vec::new();
    let mut field = Vec::new();
    for token in tokens {
        let Token::Literal(text) = token else {
            field.push(token.clone());
            continue;
        };
        let mut pieces = text.splitn(6 - fields.len(), ':');
        field.extend(pieces.next().map(|piece| Token::Literal(piece.to_owned())));
        for piece in pieces {
            fields.push(std::mem::replace(&mut field, vec![Token::Literal(piece.to_owned())]));
        }
    }
    fields.push(field);
    fields
}
