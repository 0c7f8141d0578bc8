//! The command line of a program under test, as words.

use std::fmt;

use thiserror::Error;

/// How a program is started: its name and arguments. No shell takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    program: String,
    arguments: Vec<String>,
}

/// Why a text names no program.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CommandLineError {
    /// A quotation mark is not closed.
    #[error("`{0}` cannot be split into words: a quotation mark is not closed")]
    Quotes(String),
    /// There is no word in it.
    #[error("the command is empty")]
    Empty,
}

impl CommandLine {
    /// Splits a text into words as a POSIX shell would, quotation marks and backslashes understood, nothing expanded.
    ///
    /// # Errors
    ///
    /// [`CommandLineError`] where there is no first word.
    pub fn split(text: &str) -> Result<CommandLine, CommandLineError> {
        let words = shell_words::split(text).map_err(|_| CommandLineError::Quotes(text.to_owned()))?;
        CommandLine::from_words(words)
    }

    /// The command with these words.
    ///
    /// # Errors
    ///
    /// [`CommandLineError::Empty`] where there is none.
    pub fn from_words(words: impl IntoIterator<Item = String>) -> Result<CommandLine, CommandLineError> {
        let mut words = words.into_iter();
        let program = words.next().filter(|word| !word.is_empty()).ok_or(CommandLineError::Empty)?;
        Ok(CommandLine { program, arguments: words.collect() })
    }

    /// The program's name.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Its arguments.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        f.write_str(&shell_words::join(words))
    }
}
