//! Standard output and standard error: the answer goes to the one, everything else to the other.

use std::fmt;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};

use serde_json::{Map, Value};

use super::settings::{Colour, Format, Settings};
use crate::iam::assumption::Assumptions;
use crate::solver::version;

/// Where a verb writes its answer.
///
/// A reader that hangs up, as in `iamproof … | head`, is no error: what is written afterwards goes nowhere, and the run ends as it would
/// have ended with a reader. Its exit code must not depend on how much of the answer somebody read.
pub struct Output<'w> {
    writer: Box<dyn Write + 'w>,
    palette: Palette,
    reader: Reader,
}

/// Whether anybody reads the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    Listens,
    HungUp,
}

/// Whether an answer has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Palette {
    Colours,
    Plain,
}

/// How a piece of text is set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A heading.
    Strong,
    /// Something wrong.
    Bad,
    /// Something worth a look.
    Odd,
    /// Something as it should be.
    Good,
    /// Something of less interest.
    Faint,
}

/// Writing to standard output failed.
#[derive(Debug)]
pub struct WriteError(io::Error);

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'w> Output<'w> {
    /// The program's standard output.
    pub fn to_standard_output(settings: &Settings) -> Output<'w> {
        let stdout = io::stdout();
        let colours = match settings.colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => {
                stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        };
        let palette =
            if colours && settings.format == Format::Text { Palette::Colours } else { Palette::Plain };
        Output::new(Box::new(BufWriter::new(stdout.lock())), palette)
    }

    fn new(writer: Box<dyn Write + 'w>, palette: Palette) -> Output<'w> {
        Output { writer, palette, reader: Reader::Listens }
    }

    /// Whether the reader has hung up: a verb that answers without end may stop.
    pub fn has_lost_its_reader(&self) -> bool {
        self.reader == Reader::HungUp
    }

    /// Writes, unless nobody reads any more.
    fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), WriteError> {
        if self.reader == Reader::HungUp {
            return Ok(());
        }
        match write(&mut self.writer) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.reader = Reader::HungUp;
                Ok(())
            }
            written => written.map_err(WriteError),
        }
    }

    /// Writes one line of text.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn line(&mut self, text: &str) -> Result<(), WriteError> {
        self.write(|writer| writeln!(writer, "{text}"))
    }

    /// Says what is assumed of open points, for people; nothing where all decisions hold.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn assumed(&mut self, assumptions: Assumptions) -> Result<(), WriteError> {
        for assumed in assumptions.alternatives() {
            for line in wrapped(&format!("assumed {assumed}: {}", assumed.summary()), 78) {
                self.line(&line)?;
            }
        }
        Ok(())
    }

    /// The text, set off if the output has colours.
    pub fn styled(&self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Strong => "1",
            Style::Bad => "1;31",
            Style::Odd => "33",
            Style::Good => "32",
            Style::Faint => "2",
        };
        match self.palette {
            Palette::Colours => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Palette::Plain => text.to_owned(),
        }
    }

    /// Writes a JSON answer: what every answer begins with, then these fields in their order.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn answer<const N: usize>(
        &mut self,
        settings: &Settings,
        fields: [(&str, Value); N],
    ) -> Result<(), WriteError> {
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        self.answer_of(settings, fields.into_iter().collect())
    }

    /// The same for fields that were put together before.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn answer_of(&mut self, settings: &Settings, fields: Map<String, Value>) -> Result<(), WriteError> {
        let mut answer = Map::new();
        answer.insert("iamproof".to_owned(), env!("CARGO_PKG_VERSION").into());
        answer.insert("seed".to_owned(), settings.seed.into());
        answer.insert("solver".to_owned(), version::name_and_version().into());
        let assumed: Vec<&str> = settings.assume.iter().map(|alternative| alternative.name()).collect();
        answer.insert("assume".to_owned(), assumed.into());
        answer.extend(fields);
        self.write(|writer| serde_json::to_writer_pretty(writer, &answer).map_err(io::Error::from))?;
        self.line("")
    }

    /// Writes out what is still held back.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn flush(&mut self) -> Result<(), WriteError> {
        self.write(|writer| writer.flush())
    }
}

/// Tells the user something on standard error; if that is closed, there is nobody to tell.
pub fn tell(message: &str) {
    let _ = writeln!(io::stderr(), "iamproof: {message}");
}

/// Breaks a text at blanks into lines of at most `width` characters, a longer word on a line of its own.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut length = 0;
    for word in text.split(' ') {
        let word_length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length + 1 + word_length <= width => {
                line.push(' ');
                line.push_str(word);
                length += 1 + word_length;
            }
            Some(_) | None => {
                lines.push(word.to_owned());
                length = word_length;
            }
        }
    }
    lines
}

/// A text from an input as a terminal may show it: control characters, which could move its cursor, escaped.
pub fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            printable.extend(character.escape_unicode());
        } else {
            printable.push(character);
        }
    }
    printable
}
