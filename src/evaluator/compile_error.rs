//! Why policies cannot be compiled: what a statement says that has no meaning, or none yet, and where.

use std::fmt;

use thiserror::Error;

use crate::iam::layers::{Layer, StatementPlace};

/// A statement that cannot be read.
///
/// Documents that passed the grammar (section 1 of the rules) fail only where something is not supported yet; policies that a
/// program put together may fail in any way in which the grammar could have refused them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct CompileError {
    place: Place,
    problem: Problem,
}

/// Where in what was compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The layer; `None` in a set without layers.
    pub layer: Option<Layer>,
    /// The document within the layer or set, from 0.
    pub policy: usize,
    /// The statement within the document, from 0; `None` where the document or layer as a whole is meant.
    pub statement: Option<usize>,
}

/// What is wrong, without its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    text: String,
    kind: Kind,
}

/// Whether something is wrong with a statement, or it is only not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    NoMeaning,
    NotSupported,
}

impl Problem {
    pub(super) fn new(text: impl Into<String>) -> Problem {
        Problem { text: text.into(), kind: Kind::NoMeaning }
    }

    pub(super) fn not_supported(what: impl fmt::Display) -> Problem {
        Problem { text: format!("not supported yet: {what}"), kind: Kind::NotSupported }
    }

    pub(super) fn at(self, place: Place) -> CompileError {
        CompileError { place, problem: self }
    }
}

impl CompileError {
    /// Where the problem lies.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Whether the policies are legal, and it is iamproof that cannot read them.
    pub fn is_not_supported(&self) -> bool {
        self.problem.kind == Kind::NotSupported
    }
}

impl Place {
    /// The place of a statement that stands in a layer.
    pub fn within_layers(self) -> Option<StatementPlace> {
        Some(StatementPlace { layer: self.layer?, policy: self.policy, statement: self.statement? })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {}", self.place, self.problem)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(statement) = self.statement {
            write!(f, "statement {} of ", statement + 1)?;
        }
        write!(f, "document {}", self.policy + 1)?;
        match self.layer {
            Some(layer) => write!(f, " of the {layer}"),
            None => Ok(()),
        }
    }
}
