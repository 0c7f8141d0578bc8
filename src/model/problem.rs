//! What the formulas cannot say: an error with its place in the document, never a guess.

use std::fmt;

use thiserror::Error;

/// Why a document has no formulas, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("at `{pointer}`: {kind}")]
pub struct Problem {
    pointer: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    NotSupported(String),
    NotWellFormed(String),
}

impl Problem {
    /// A construct that the formulas have no words for.
    pub(super) fn not_supported(what: impl Into<String>) -> Problem {
        Problem { pointer: String::new(), kind: Kind::NotSupported(what.into()) }
    }

    /// A text that the grammar refuses, so that it has no meaning to write down.
    pub(super) fn not_well_formed(what: impl Into<String>) -> Problem {
        Problem { pointer: String::new(), kind: Kind::NotWellFormed(what.into()) }
    }

    /// The same problem, seen from one member or index further up.
    pub(super) fn within(mut self, step: impl fmt::Display) -> Problem {
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        self.pointer.insert_str(0, &format!("/{step}"));
        self
    }

    /// The JSON pointer of the place: into the document, or behind the layer's name where there are layers.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::NotSupported(what) => write!(f, "not supported yet: {what}"),
            Kind::NotWellFormed(what) => f.write_str(what),
        }
    }
}
