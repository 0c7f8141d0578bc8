//! What a program under test answers, and when that agrees with what is right.
//!
//! Agreement is never assumed: a line counts only if it is the answer to the line just sent, with one known word for each request. Whatever
//! else comes is a [`Misbehaviour`].

use serde::Deserialize;
use serde_json::Value;

use super::misbehaviour::{Misbehaviour, excerpt};
use crate::iam::decision::{Decision, Reason};
use crate::iam::document::Code;

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// One of the three decisions.
    Decision(Decision),
    /// A denial, of which kind is not said.
    Deny,
    /// The program knows that it cannot decide this.
    Unsupported,
    /// `error: …`, with what stands behind the colon.
    Error(String),
}

/// What is right for one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A decision, with its reason where that is known.
    Decided(Decision, Option<Reason>),
    /// A policy of the line is refused (section 1 of the rules), with this code first.
    Refused(Code),
    /// Nobody knows; why.
    Unknown(String),
}

/// What an answer comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Both say the same.
    Agrees,
    /// They do not.
    Disagrees,
    /// The program passed.
    Unsupported,
    /// There is nothing to compare with.
    Unknown,
}

impl Answer {
    /// The answer as the protocol spells it; `None` for a word that it does not have.
    pub fn parse(text: &str) -> Option<Answer> {
        match text {
            "deny" => Some(Answer::Deny),
            "unsupported" => Some(Answer::Unsupported),
            _ => match text.strip_prefix("error:") {
                Some(message) => Some(Answer::Error(message.trim_start().to_owned())),
                None => Decision::from_name(text).map(Answer::Decision),
            },
        }
    }

    /// The answer in the words of the protocol.
    pub fn spelled(&self) -> String {
        match self {
            Answer::Decision(decision) => decision.name().to_owned(),
            Answer::Deny => "deny".to_owned(),
            Answer::Unsupported => "unsupported".to_owned(),
            Answer::Error(message) => format!("error: {message}"),
        }
    }

    /// What kind of answer it is: errors are one kind, whatever they say.
    pub fn kind(&self) -> &'static str {
        match self {
            Answer::Decision(decision) => decision.name(),
            Answer::Deny => "deny",
            Answer::Unsupported => "unsupported",
            Answer::Error(_) => "error",
        }
    }
}

impl Expected {
    /// What is expected, in the words of the protocol.
    pub fn spelled(&self) -> String {
        match self {
            Expected::Decided(decision, _) => decision.name().to_owned(),
            Expected::Refused(code) => format!("error: {}", code.name()),
            Expected::Unknown(_) => "unknown".to_owned(),
        }
    }

    /// Compares. `deny` agrees with either denial; an error agrees with a refusal unless it names another code, and with nothing else.
    pub fn compare(&self, answer: &Answer) -> Comparison {
        let agrees = match (self, answer) {
            (Expected::Unknown(_), _) => return Comparison::Unknown,
            (_, Answer::Unsupported) => return Comparison::Unsupported,
            (Expected::Decided(expected, _), Answer::Decision(decision)) => expected == decision,
            (Expected::Decided(expected, _), Answer::Deny) => *expected != Decision::Allow,
            (Expected::Decided(..), Answer::Error(_)) => false,
            (Expected::Refused(code), Answer::Error(message)) => {
                let named = message.split([' ', ':']).next().filter(|word| word.starts_with("V-"));
                named.is_none_or(|named| named == code.name())
            }
            (Expected::Refused(_), Answer::Decision(_) | Answer::Deny) => false,
        };
        if agrees { Comparison::Agrees } else { Comparison::Disagrees }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: Value,
    decisions: Vec<Value>,
}

/// Reads the line that answers line `id` with `count` requests.
pub(super) fn read(line: &[u8], id: u64, count: usize) -> Result<Vec<Answer>, Misbehaviour> {
    let read: Line = serde_json::from_slice(line)
        .map_err(|error| Misbehaviour::Garbage { line: excerpt(line), problem: error.to_string() })?;
    if read.id != id {
        return Err(Misbehaviour::WrongId { expected: id, got: excerpt(read.id.to_string().as_bytes()) });
    }
    if read.decisions.len() != count {
        return Err(Misbehaviour::WrongCount { expected: count, got: read.decisions.len() });
    }
    let answer = |value: &Value| {
        let unknown = || Misbehaviour::UnknownAnswer { got: excerpt(value.to_string().as_bytes()) };
        value.as_str().and_then(Answer::parse).ok_or_else(unknown)
    };
    read.decisions.iter().map(answer).collect()
}
