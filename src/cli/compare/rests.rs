//! On which open points the proofs of one answer rest, as text and as JSON.

use serde_json::{Map, Value};

use super::text::row;
use crate::cli::output::printable;
use crate::cli::{Failure, Output, rests_on};
use crate::comparison::Turned;
use crate::crosscheck::rests_on::{Fall, RestsOn};

/// What is told of it.
#[derive(Debug)]
pub(super) struct Rests {
    standing: Standing,
    lines: Vec<String>,
    /// The fields in JSON.
    pub(super) fields: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Nothing is proved that could rest on anything.
    NothingProved,
    /// What is proved holds under every reading.
    Free,
    /// It rests on some points, or that is not known.
    Bound,
}

impl Rests {
    /// What was found, each request that turns told by `turned`.
    pub(super) fn of(
        found: Option<&Result<RestsOn<Turned<'_>>, String>>,
        turned: impl Fn(&Fall<Turned<'_>>) -> Value,
    ) -> Rests {
        let (standing, lines) = match found {
            None => (Standing::NothingProved, Vec::new()),
            Some(Ok(found)) if found.points.is_empty() => {
                let line = "no open point: what is proved holds under every reading of each";
                (Standing::Free, vec![line.to_owned()])
            }
            Some(Ok(found)) => (Standing::Bound, lines(found)),
            Some(Err(reason)) => (Standing::Bound, vec![format!("not known: {reason}")]),
        };
        Rests { standing, lines, fields: rests_on::fields(found, |fall| ("witness", turned(fall))) }
    }

    /// What is told where nobody asks: a batch is about verdicts, by the million.
    pub(super) fn not_asked() -> Rests {
        Rests::of(Some(&Err("a batch does not ask".to_owned())), |_| Value::Null)
    }

    /// Whether a reader of the bare verdict would be misled.
    pub(super) fn is_worth_telling(&self) -> bool {
        match self.standing {
            Standing::NothingProved | Standing::Free => false,
            Standing::Bound => true,
        }
    }

    /// Prints it, if there is anything to say.
    pub(super) fn print(&self, output: &mut Output<'_>) -> Result<(), Failure> {
        for (position, line) in self.lines.iter().enumerate() {
            let label = if position == 0 { "rests on" } else { "" };
            row(label, label, &printable(line), output)?;
        }
        Ok(())
    }
}

fn lines(found: &RestsOn<Turned<'_>>) -> Vec<String> {
    let points = found.points.iter().map(|point| format!("{point}: {}", point.decision()));
    let falls = found.falls.iter().map(|fall| {
        let request = &fall.witness.request;
        format!("under {} `{}` on `{}` turns", fall.assumptions, request.action, request.resource)
    });
    points.chain(falls).collect()
}
