//! `compare --batch FILE`: pairs of documents as lines of JSON, one line of JSON for each, in order, as soon as it is known.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::Manner;
use super::answer::{Answer, Presence, Side, error_fields};
use super::rests::Rests;
use super::witnesses::Witnesses;
use crate::cli::output::tell;
use crate::cli::{Failure, Outcome, Output, interrupt};
use crate::comparison::{Ending, Library, in_order};
use crate::iam::json::Json;

/// The longest line that is read; a line holds two paths.
const MOST_BYTES_A_LINE: usize = 1 << 20;

/// A line of the batch with what came of reading it.
struct Line {
    /// From 1.
    number: usize,
    pair: Result<(String, String), String>,
}

/// What is printed for a line.
struct Printed {
    fields: Map<String, Value>,
    outcome: Outcome,
}

/// Compares every pair of the batch.
pub(super) fn run(
    file: &Path,
    manner: Manner,
    witnesses: Witnesses,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let lines = Lines { reader: opened(file)?, number: 0, is_at_end: false };
    let library = manner.library();
    let work = move |line: Line| answered(&line, &library, &manner, &witnesses);
    let mut outcome = None;
    let mut failure = None;
    let stop = interrupt::watched();
    let ending = in_order(lines, work, manner.threads, stop, |printed: Result<Printed, Failure>| {
        let written = printed.and_then(|printed| {
            outcome = Some(printed.outcome.and(outcome.unwrap_or(Outcome::Holds)));
            let line = serde_json::to_string(&printed.fields).unwrap_or_default();
            output.line(&line)?;
            // Whoever feeds us line by line waits for the answer.
            Ok(output.flush()?)
        });
        match written {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    let ending = ending.map_err(|error| Failure::Input(format!("no threads to run on: {error}")))?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    // A batch without lines compared nothing.
    let outcome = outcome.unwrap_or(Outcome::Unknown);
    Ok(match ending {
        Ending::Done => outcome,
        Ending::Stopped => {
            tell("interrupted; the lines above are complete");
            outcome.and(Outcome::Interrupted)
        }
    })
}

fn opened(file: &Path) -> Result<Box<dyn BufRead + Send>, Failure> {
    if file == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let unreadable = |error: io::Error| Failure::Input(format!("{} cannot be read: {error}", file.display()));
    if file.is_dir() {
        return Err(unreadable(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    Ok(Box::new(BufReader::new(File::open(file).map_err(unreadable)?)))
}

fn answered(
    line: &Line,
    library: &Library,
    manner: &Manner,
    witnesses: &Witnesses,
) -> Result<Printed, Failure> {
    let (old, new) = match &line.pair {
        Ok((old, new)) => (old.as_str(), new.as_str()),
        Err(message) => return Ok(unusable("", "", format!("line {}: {message}", line.number))),
    };
    let side = |name: &str| {
        let shelved = library.document(&PathBuf::from(name))?;
        Ok(Side { name: name.to_owned(), presence: Presence::There, shelved })
    };
    let sides: (Result<Side, std::sync::Arc<crate::comparison::Unusable>>, Result<Side, _>) =
        (side(old), side(new));
    let (before, after) = match sides {
        (Ok(before), Ok(after)) => (before, after),
        (Err(first), Err(second)) if first != second => {
            return Ok(unusable(old, new, format!("{first}; {second}")));
        }
        (Err(error), _) | (_, Err(error)) => return Ok(unusable(old, new, error.to_string())),
    };
    let answer = Answer::of(before, after, manner);
    witnesses.write(&answer, &format!("{:06}-", line.number))?;
    let mut fields = answer.fields();
    fields.extend(Rests::not_asked().fields);
    Ok(Printed { fields, outcome: answer.outcome(manner) })
}

fn unusable(old: &str, new: &str, message: String) -> Printed {
    Printed { fields: error_fields(old, new, message), outcome: Outcome::Unusable }
}

/// The lines of a batch.
struct Lines {
    reader: Box<dyn BufRead + Send>,
    number: usize,
    is_at_end: bool,
}

impl Iterator for Lines {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.is_at_end {
            return None;
        }
        self.number += 1;
        let mut bytes = Vec::new();
        let most = MOST_BYTES_A_LINE as u64 + 1;
        let pair = match self.reader.by_ref().take(most).read_until(b'\n', &mut bytes) {
            Ok(0) => return None,
            Ok(_) if bytes.len() > MOST_BYTES_A_LINE => {
                let rest = self.skip_line();
                self.is_at_end = rest.is_err();
                Err(format!("longer than {MOST_BYTES_A_LINE} bytes"))
            }
            Ok(_) => pair(&bytes),
            Err(error) => {
                self.is_at_end = true;
                Err(format!("cannot be read: {error}"))
            }
        };
        Some(Line { number: self.number, pair })
    }
}

impl Lines {
    /// Reads on behind the next line feed, without keeping what it reads.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let found = self.reader.fill_buf()?;
            let (used, is_done) = match found.iter().position(|byte| *byte == b'\n') {
                Some(position) => (position + 1, true),
                None => (found.len(), found.is_empty()),
            };
            self.reader.consume(used);
            if is_done {
                return Ok(());
            }
        }
    }
}

/// The two paths of a line.
fn pair(bytes: &[u8]) -> Result<(String, String), String> {
    let json = Json::read(bytes).map_err(|error| error.to_string())?;
    let fields = json.top().fields(&["old", "new"]).map_err(|error| error.to_string())?;
    let path = |name: &str| {
        let node = fields.required(name).map_err(|error| error.to_string())?;
        node.string().map(str::to_owned).map_err(|error| error.to_string())
    };
    Ok((path("old")?, path("new")?))
}
