//! Instances of patterns: concrete texts that a pattern speaks of, made by filling in its wildcards and variables.
//!
//! Nothing rests on an instance being right. Whoever uses one asks the evaluator what comes of it, and throws away what does not serve.

use crate::iam::arn::Arn;
use crate::iam::context::{Context, ContextValue};
use crate::iam::pattern::{Token, tokens_with_variables, tokens_without_variables};
use crate::iam::policy::Version;

/// An account for whatever needs one: the account of AWS's own examples.
pub(super) const ACCOUNT: &str = "111122223333";

/// How wildcards are filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    /// As a reader expects it: a partition, a region or an account id where an ARN has one, else `FRESH`.
    Plain,
    /// With a character that hardly a pattern names, wherever a wildcard stands.
    Fresh,
    /// `*` with nothing, `?` with `FRESH`.
    Empty,
}

impl Filling {
    /// Every way, the plainest first.
    pub const ALL: [Filling; 3] = [Filling::Plain, Filling::Fresh, Filling::Empty];
}

/// The character that wildcards are filled with; no action and hardly a resource of AWS has it next to anything.
const FRESH: &str = "x";

/// Cuts a text of a document with this Version.
pub fn tokens(text: &str, version: Version) -> Vec<Token> {
    match version {
        Version::V2012 => {
            tokens_with_variables(text).unwrap_or_else(|_| vec![Token::Literal(text.to_owned())])
        }
        Version::Absent | Version::V2008 => tokens_without_variables(text),
    }
}

/// An instance of a pattern; `None` where a variable has no value in the context.
pub fn instance(tokens: &[Token], filling: Filling, context: &Context) -> Option<String> {
    let mut text = String::new();
    for token in tokens {
        match token {
            Token::Literal(literal) => text.push_str(literal),
            Token::Question => text.push_str(FRESH),
            Token::Star => text.push_str(match filling {
                Filling::Plain => plain_field(&text),
                Filling::Fresh => FRESH,
                Filling::Empty => "",
            }),
            Token::Variable(variable) => match (context.value(&variable.key), &variable.default) {
                (Some(ContextValue::Single(value)), _) => text.push_str(value),
                (None, Some(default)) => text.push_str(default),
                (Some(ContextValue::Many(_)), _) | (None, None) => return None,
            },
        }
    }
    Some(text)
}

/// A text in which wildcards stand for themselves.
pub fn spelled(tokens: &[Token], context: &Context) -> Option<String> {
    let plain: Vec<Token> = tokens
        .iter()
        .map(|token| match token {
            Token::Star => Token::Literal("*".to_owned()),
            Token::Question => Token::Literal("?".to_owned()),
            Token::Literal(_) | Token::Variable(_) => token.clone(),
        })
        .collect();
    instance(&plain, Filling::Empty, context)
}

/// An instance of an action pattern.
pub fn action(pattern: &str, filling: Filling) -> String {
    let (service, name) = pattern.split_once(':').unwrap_or((pattern, "*"));
    let service = if service == "*" { FRESH } else { service };
    let tokens = tokens_without_variables(name);
    let name = match filling {
        // `s3:` is no action.
        Filling::Empty if tokens == [Token::Star] => FRESH.to_owned(),
        Filling::Plain | Filling::Fresh | Filling::Empty => tokens
            .iter()
            .map(|token| match token {
                Token::Literal(text) => text.as_str(),
                Token::Star if filling == Filling::Empty => "",
                Token::Star | Token::Question | Token::Variable(_) => FRESH,
            })
            .collect(),
    };
    format!("{service}:{name}")
}

/// An instance of a resource pattern, with six fields where the pattern leaves room for them. `service` is that of the action.
pub fn resource(tokens: &[Token], filling: Filling, service: &str, context: &Context) -> Option<String> {
    if tokens.iter().all(|token| *token == Token::Star) {
        return Some(match filling {
            Filling::Plain => plain_resource(service),
            Filling::Fresh => "*".to_owned(),
            Filling::Empty => plain_resource(FRESH),
        });
    }
    let mut text = instance(tokens, filling, context)?;
    let missing = 5_usize.saturating_sub(text.matches(':').count());
    if missing > 0 && tokens.last() == Some(&Token::Star) {
        text.extend(std::iter::repeat_n(':', missing));
        text.push_str(FRESH);
    }
    Some(text)
}

/// Some resource of a service.
pub fn plain_resource(service: &str) -> String {
    let service = service.to_ascii_lowercase();
    Arn { partition: "aws", service: &service, region: "", account: "", resource: FRESH }.to_string()
}

/// What a reader expects where a `*` stands behind this much of a text.
fn plain_field(before: &str) -> &'static str {
    let begins_field = before.ends_with(':') && before.starts_with("arn:");
    match before.matches(':').count() {
        1 if begins_field => "aws",
        3 if begins_field => "us-east-1",
        4 if begins_field => ACCOUNT,
        _ => FRESH,
    }
}
