//! Why a case could not be used, with the file and the place.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::iam::document::{Code, Finding};
use crate::iam::json::{self, Place};

/// Why a case could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    file: Option<PathBuf>,
    kind: Box<Kind>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// The operating system did not let us read it.
    Unreadable(String),
    /// The text is no JSON, or no case.
    Text(json::Error),
    /// A policy in it is not valid: the first finding, and how many there are beyond it.
    Policy { first: Finding, others: usize },
}

impl Error {
    pub(super) fn unreadable(file: &Path, error: &io::Error) -> Error {
        Error { file: Some(file.to_owned()), kind: Box::new(Kind::Unreadable(error.to_string())) }
    }

    pub(super) fn policy(first: Finding, others: usize) -> Error {
        Error { file: None, kind: Box::new(Kind::Policy { first, others }) }
    }

    /// An error of an input that is missing altogether.
    pub(super) fn without_place(message: &str) -> Error {
        Error { file: None, kind: Box::new(Kind::Unreadable(message.to_owned())) }
    }

    /// The same error, with the file that it is in.
    #[must_use]
    pub fn in_file(mut self, file: &Path) -> Error {
        self.file = Some(file.to_owned());
        self
    }

    /// The file, where it is known.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Where in the file; `None` if the file could not be read at all.
    pub fn place(&self) -> Option<&Place> {
        match self.kind.as_ref() {
            Kind::Unreadable(_) => None,
            Kind::Text(error) => Some(error.place()),
            Kind::Policy { first, .. } => Some(&first.place),
        }
    }

    /// The code of GRAM-29 where a policy of the case is not valid.
    pub fn code(&self) -> Option<Code> {
        match self.kind.as_ref() {
            Kind::Unreadable(_) | Kind::Text(_) => None,
            Kind::Policy { first, .. } => Some(first.code),
        }
    }

    /// What is wrong, without file and place.
    pub fn message(&self) -> &str {
        match self.kind.as_ref() {
            Kind::Unreadable(message) => message,
            Kind::Text(error) => error.message(),
            Kind::Policy { first, .. } => &first.message,
        }
    }
}

impl From<json::Error> for Error {
    fn from(error: json::Error) -> Error {
        Error { file: None, kind: Box::new(Kind::Text(error)) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        match self.kind.as_ref() {
            Kind::Unreadable(message) => f.write_str(message),
            Kind::Text(error) => write!(f, "{error}"),
            Kind::Policy { first, others: 0 } => write!(f, "{first}"),
            Kind::Policy { first, others } => write!(f, "{first}, and {others} more in this policy"),
        }
    }
}

impl std::error::Error for Error {}
