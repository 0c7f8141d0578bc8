//! What is wrong with a JSON text, and where: one error type for syntax and for content that is not as expected.

use std::path::{Path, PathBuf};

use super::place::{Place, Position};

/// Something wrong in a JSON text, always with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The parts are boxed since an error is rare and a result is not.
    parts: Box<Parts>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    file: Option<PathBuf>,
    place: Place,
    problem: Problem,
    message: String,
}

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Problem {
    /// The text is no JSON.
    Syntax,
    /// An escape stands for half of a surrogate pair: JSON by its grammar, but no character.
    LoneSurrogate,
    /// A named limit of this module is exceeded.
    Limit,
    /// The text is JSON, but a value is not what is expected there.
    Content,
}

impl Error {
    pub(super) fn new(place: Place, problem: Problem, message: impl Into<String>) -> Error {
        Error { parts: Box::new(Parts { file: None, place, problem, message: message.into() }) }
    }

    /// An error of content at this place.
    pub fn at(place: Place, message: impl Into<String>) -> Error {
        Error::new(place, Problem::Content, message)
    }

    /// The same error, with the file that it is in.
    #[must_use]
    pub fn in_file(mut self, file: &Path) -> Error {
        self.parts.file = Some(file.to_owned());
        self
    }

    /// The file, where [`Error::in_file`] told it.
    pub fn file(&self) -> Option<&Path> {
        self.parts.file.as_deref()
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.parts.place
    }

    /// The JSON pointer.
    pub fn pointer(&self) -> &str {
        &self.parts.place.pointer
    }

    /// The line and the column.
    pub fn position(&self) -> Position {
        self.parts.place.position
    }

    /// What kind of error it is.
    pub fn problem(&self) -> Problem {
        self.parts.problem
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.parts.message
    }

    /// The same error, one level further out: `token` is the member or index that leads to it.
    pub(super) fn within(mut self, token: &str) -> Error {
        self.parts.place.pointer.insert_str(0, token);
        self.parts.place.pointer.insert(0, '/');
        self
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(file) = &self.parts.file {
            write!(f, "{}: ", file.display())?;
        }
        write!(f, "{}: {}", self.parts.place, self.parts.message)
    }
}

impl std::error::Error for Error {}
