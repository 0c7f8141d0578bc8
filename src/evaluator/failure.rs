//! Why a step comes to nothing: AWS would refuse it, or it says nothing at all in this world.

use std::fmt;

use thiserror::Error;

use crate::iam::outcome::{Refusal, RefusalCode};
use crate::iam::world::DecodedMessage;

/// A step, or a world, of which the rules say nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct Unusable {
    place: String,
    reason: String,
}

impl Unusable {
    pub(super) fn new(place: &str, reason: impl Into<String>) -> Unusable {
        Unusable { place: place.to_owned(), reason: reason.into() }
    }

    /// The field of the step that is meant, by its name in `corpus/README.md`; below `world/` that of the world.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong with it.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at `{}`: {}", self.place, self.reason)
    }
}

/// Why a step comes to nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// It is refused; a denial comes with what its encoded message says.
    Refused(Box<Refusal>, Option<Box<DecodedMessage>>),
    /// The rules say nothing of it.
    Unusable(Unusable),
}

impl From<Unusable> for Failure {
    fn from(unusable: Unusable) -> Failure {
        Failure::Unusable(unusable)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::Refused(Box::new(refusal), None)
    }
}

/// A refusal with a code, by a rule.
pub(super) fn refuse<T>(
    code: RefusalCode,
    rule: &'static str,
    message: impl Into<String>,
) -> Result<T, Failure> {
    Err(Refusal { code, reason: None, rule, message: message.into(), encoded_message: None }.into())
}
