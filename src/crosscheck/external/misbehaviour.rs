//! What a program under test can do in place of answering.

use std::fmt;
use std::time::Duration;

/// Why a line got no answer that could be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// The operating system did not start it.
    DidNotStart {
        /// What the system says.
        problem: String,
    },
    /// It ended before it had answered.
    Ended {
        /// How: `exit code 1`, `killed by signal 9`.
        how: String,
    },
    /// It closed its standard output, and went on.
    ClosedOutput,
    /// It took longer than allowed.
    TimedOut {
        /// The time that a line may take.
        limit: Duration,
    },
    /// The line is no JSON, or has other fields than `id` and `decisions`.
    Garbage {
        /// Its beginning.
        line: String,
        /// What is wrong.
        problem: String,
    },
    /// The answer to another line.
    WrongId {
        /// The id of the line that was sent.
        expected: u64,
        /// The id that came back.
        got: String,
    },
    /// More or fewer decisions than requests.
    WrongCount {
        /// How many requests the line had.
        expected: usize,
        /// How many decisions came back.
        got: usize,
    },
    /// A decision that the protocol does not have.
    UnknownAnswer {
        /// Its beginning.
        got: String,
    },
    /// A line longer than any answer.
    TooLong {
        /// The most bytes that a line may have.
        limit: usize,
    },
    /// A line that nothing was asked for.
    Unasked {
        /// Its beginning.
        line: String,
    },
}

impl Misbehaviour {
    /// The kind of it, by which failures are counted.
    pub fn kind(&self) -> &'static str {
        match self {
            Misbehaviour::DidNotStart { .. } => "did-not-start",
            Misbehaviour::Ended { .. } => "ended",
            Misbehaviour::ClosedOutput => "closed-output",
            Misbehaviour::TimedOut { .. } => "timeout",
            Misbehaviour::Garbage { .. } => "garbage",
            Misbehaviour::WrongId { .. } => "wrong-id",
            Misbehaviour::WrongCount { .. } => "wrong-count",
            Misbehaviour::UnknownAnswer { .. } => "unknown-answer",
            Misbehaviour::TooLong { .. } => "too-long",
            Misbehaviour::Unasked { .. } => "unasked",
        }
    }
}

impl fmt::Display for Misbehaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misbehaviour::DidNotStart { problem } => write!(f, "it did not start: {problem}"),
            Misbehaviour::Ended { how } => write!(f, "it ended ({how}) before it had answered"),
            Misbehaviour::ClosedOutput => f.write_str("it closed its standard output"),
            Misbehaviour::TimedOut { limit } => {
                write!(f, "no answer within {} s", limit.as_secs_f64())
            }
            Misbehaviour::Garbage { line, problem } => {
                write!(f, "an answer that is none ({problem}): {line}")
            }
            Misbehaviour::WrongId { expected, got } => {
                write!(f, "an answer with the id {got} in place of {expected}")
            }
            Misbehaviour::WrongCount { expected, got } => {
                write!(f, "{got} decisions for {expected} requests")
            }
            Misbehaviour::UnknownAnswer { got } => write!(f, "a decision that there is not: {got}"),
            Misbehaviour::TooLong { limit } => write!(f, "a line longer than {limit} bytes"),
            Misbehaviour::Unasked { line } => write!(f, "a line that nobody asked for: {line}"),
        }
    }
}

/// How much of a text from the program is quoted.
const EXCERPT_CHARACTERS: usize = 200;

/// The beginning of a text, which need not be one.
pub(super) fn excerpt(text: &[u8]) -> String {
    // A character has at most four bytes, so these hold enough of them.
    let start = text.get(..4 * EXCERPT_CHARACTERS).unwrap_or(text);
    let start = String::from_utf8_lossy(start);
    let mut excerpt: String = start.trim_end().chars().take(EXCERPT_CHARACTERS).collect();
    if excerpt.len() < text.trim_ascii_end().len() {
        excerpt.push('…');
    }
    excerpt
}
