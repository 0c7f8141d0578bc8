//! The tokens of a policy text: literal characters, `*`, `?`, and policy variables `${…}` (GLOB-1, VAR-4, VAR-7, VAR-14).
//!
//! A text is cut in one of two ways, and which one is right where is each reading's decision: with variables, or without, when
//! `${` is nothing special (VAR-2). Cutting says nothing about what a token stands for: under StringEquals a [`Token::Star`] is an
//! asterisk (COND-14), elsewhere a wildcard.

use std::fmt;

use thiserror::Error;

use super::key::KeyName;

/// A piece of a policy text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// Characters that stand for themselves, at least one; escapes `${*}`, `${?}`, `${$}` are decoded (VAR-4).
    Literal(String),
    /// A bare `*`.
    Star,
    /// A bare `?`.
    Question,
    /// `${key}` or `${key, 'text'}`.
    Variable(Variable),
}

/// A policy variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variable {
    /// The context key, surrounding spaces included (VAR-11).
    pub key: KeyName,
    /// The text between the quotes of `${key, 'text'}`.
    pub default: Option<String>,
}

/// Why a text has no tokens (VAR-14), with the offset in bytes of the `${` that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{problem}")]
pub struct VariableError {
    /// Where the `${` stands, in bytes from the start of the text.
    pub offset: usize,
    problem: &'static str,
}

/// Cuts a text in which `${…}` is a variable or an escape.
///
/// # Errors
///
/// [`VariableError`] where VAR-14 refuses the text.
pub fn tokens_with_variables(text: &str) -> Result<Vec<Token>, VariableError> {
    let mut tokens = Tokens::default();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, behind) = rest.split_at(start);
        tokens.push_plain(before);
        let offset = text.len() - behind.len();
        let body_on = behind.get(2..).unwrap_or_default();
        let Some(end) = body_on.find('}') else {
            return Err(VariableError { offset, problem: "`${` is not closed by `}`" });
        };
        let (body, closing) = body_on.split_at(end);
        match body {
            "*" | "?" | "$" => tokens.push_literal(body),
            _ => tokens
                .push(Token::Variable(variable(body).map_err(|problem| VariableError { offset, problem })?)),
        }
        rest = closing.get(1..).unwrap_or_default();
    }
    tokens.push_plain(rest);
    Ok(tokens.finished)
}

/// Cuts a text in which `${` is nothing special.
pub fn tokens_without_variables(text: &str) -> Vec<Token> {
    let mut tokens = Tokens::default();
    tokens.push_plain(text);
    tokens.finished
}

/// Reads what stands between `${` and `}`.
fn variable(body: &str) -> Result<Variable, &'static str> {
    let (name, default) = match body.find(',') {
        None => (body, None),
        Some(comma) => {
            let (name, rest) = body.split_at(comma);
            let text = rest
                .strip_prefix(", '")
                .and_then(|rest| rest.strip_suffix('\''))
                .ok_or("a default is written `${key, 'text'}`: comma, one space, single quotes")?;
            if text.contains('\'') {
                return Err("a default may not contain `'`");
            }
            (name, Some(text.to_owned()))
        }
    };
    if name.is_empty() {
        return Err("a variable needs the name of a context key");
    }
    if name.contains(['\'', '{', '$', '*', '?']) {
        return Err("the name of a variable may not contain any of `' { $ * ?`");
    }
    Ok(Variable { key: KeyName::new(name), default })
}

/// Collects tokens; neighbouring literals become one.
#[derive(Default)]
struct Tokens {
    finished: Vec<Token>,
}

impl Tokens {
    fn push(&mut self, token: Token) {
        self.finished.push(token);
    }

    fn push_literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Token::Literal(last)) = self.finished.last_mut() {
            last.push_str(text);
        } else {
            self.push(Token::Literal(text.to_owned()));
        }
    }

    fn push_plain(&mut self, text: &str) {
        let mut rest = text;
        while let Some(position) = rest.find(['*', '?']) {
            let (before, behind) = rest.split_at(position);
            self.push_literal(before);
            self.push(if behind.starts_with('*') { Token::Star } else { Token::Question });
            rest = behind.get(1..).unwrap_or_default();
        }
        self.push_literal(rest);
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.default {
            None => write!(f, "${{{}}}", self.key),
            Some(text) => write!(f, "${{{}, '{text}'}}", self.key),
        }
    }
}
