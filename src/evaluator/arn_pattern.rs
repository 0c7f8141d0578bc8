//! Patterns of the Arn operators: six fields, each a wildcard pattern of its own.

use super::compile_error::Problem;
use super::glob::Glob;
use super::question::Asked;
use super::reading::Reading;
use super::variable;
use crate::iam::assumption::Alternative;
use crate::iam::pattern::Token;
use crate::iam::policy::Version;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct ArnPattern {
    cut: Cut,
    /// The pattern as a whole, for mistakes that need it.
    #[cfg(debug_assertions)]
    whole: Glob,
}

/// A pattern as it is compared.
#[derive(Clone, Debug)]
enum Cut {
    /// Field by field.
    Fields(Box<[Glob; 6]>),
    /// As one text.
    Whole(Glob),
    /// Not at all: it matches nothing.
    Not,
    /// Once the values of its variables are filled in.
    Later(Box<[Token]>, ShortArns),
}

/// What patterns of fewer than six fields do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShortArns {
    /// They match nothing.
    MatchNothing,
    /// They are patterns of whole texts.
    ArePatterns,
}

impl ShortArns {
    // Rules: COND-33, OPEN-1.
    pub(super) fn of(reading: Reading) -> ShortArns {
        match reading.takes(Alternative::ShortArnIsPattern) {
            true => ShortArns::ArePatterns,
            false => ShortArns::MatchNothing,
        }
    }
}

impl ArnPattern {
    /// Fields are cut before values are filled in, so that a value with a colon cannot shift them.
    // Rules: COND-32, COND-33, VAR-12, OPEN-1.
    pub(super) fn compile(
        text: &str,
        version: Version,
        short: ShortArns,
        reading: Reading,
    ) -> Result<ArnPattern, Problem> {
        let tokens = variable::tokens(text, version, reading)?;
        let has_variables = tokens.iter().any(|token| matches!(token, Token::Variable(_)));
        let cut = if has_variables && reading.takes(Alternative::ArnSplitAfterFilling) {
            Cut::Later(tokens.clone().into(), short)
        } else {
            Cut::new(&tokens, short)
        };
        Ok(ArnPattern {
            cut,
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
        self.cut.matches(text, asked)
    }
}

impl Cut {
    fn new(tokens: &[Token], short: ShortArns) -> Cut {
        let globs: Vec<Glob> = arn_fields(tokens).iter().map(|field| Glob::pattern(field)).collect();
        match (<[Glob; 6]>::try_from(globs), short) {
            (Ok(fields), _) => Cut::Fields(Box::new(fields)),
            (Err(_), ShortArns::ArePatterns) => Cut::Whole(Glob::pattern(tokens)),
            (Err(_), ShortArns::MatchNothing) => Cut::Not,
        }
    }

    fn matches(&self, text: &str, asked: &Asked<'_>) -> bool {
        match self {
            Cut::Fields(patterns) => {
                let mut fields = text.splitn(6, ':');
                patterns.iter().all(|pattern| {
                    fields.next().is_some_and(|field| pattern.matches(field.as_bytes(), asked))
                })
            }
            Cut::Whole(pattern) => pattern.matches(text.as_bytes(), asked),
            Cut::Not => false,
            Cut::Later(tokens, short) => variable::filled(tokens, asked)
                .is_some_and(|tokens| Cut::new(&tokens, *short).matches(text, asked)),
        }
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
        field.extend(pieces.next().and_then(literal));
        for piece in pieces {
            fields.push(std::mem::replace(&mut field, literal(piece).into_iter().collect()));
        }
    }
    fields.push(field);
    fields
}

/// The token of a text. The empty text has none: whoever asks what ends a field must not find it.
fn literal(text: &str) -> Option<Token> {
    (!text.is_empty()).then(|| Token::Literal(text.to_owned()))
}
