//! `compare OLD NEW` with two files.

use std::path::Path;

use super::Manner;
use super::answer::{Answer, Presence, Side, named};
use super::text::{print_answer, print_replay_hint};
use super::witnesses::Witnesses;
use crate::cli::output::tell;
use crate::cli::settings::{Format, Settings};
use crate::cli::{Failure, Outcome, Output};
use crate::comparison::{Library, Problem, Unusable};

/// Compares two files.
pub(super) fn run(
    old: &Path,
    new: &Path,
    manner: Manner,
    witnesses: &Witnesses,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let library = manner.library();
    let sides = (side(&library, old), side(&library, new));
    let (old, new) = match sides {
        (Some(old), Some(new)) => (old, new),
        (None, _) | (_, None) => return Ok(Outcome::Unusable),
    };
    let answer = Answer::of(old, new, &manner);
    let replays = witnesses.write(&answer, "")?;
    let rests = answer.rests(&manner);
    match settings.format {
        Format::Text => {
            print_answer(&answer, &replays, &manner, output)?;
            rests.print(output)?;
            if answer.gained.is_some() || answer.lost.is_some() {
                print_replay_hint(witnesses, output)?;
            }
        }
        Format::Json => {
            let mut fields = answer.fields();
            fields.extend(rests.fields);
            output.answer_of(settings, fields)?;
        }
    }
    Ok(answer.outcome(&manner))
}

/// One of the documents; what is wrong with it is told.
fn side(library: &Library, path: &Path) -> Option<Side> {
    match library.document(path) {
        Ok(shelved) => Some(Side { name: named(path), presence: Presence::There, shelved }),
        Err(unusable) => {
            tell_all(&unusable);
            None
        }
    }
}

/// Tells everything that is wrong with a document, each finding with its place.
pub(super) fn tell_all(unusable: &Unusable) {
    match &unusable.problem {
        Problem::Unreadable(_) | Problem::NotSupported(_) => tell(&unusable.to_string()),
        Problem::Invalid(findings, left_out) => {
            let path = unusable.path.display();
            for finding in findings {
                tell(&format!("{path} {}: {} {}", finding.place, finding.code, finding.message));
            }
            if *left_out > 0 {
                tell(&format!("{path}: {left_out} more findings; `iamproof validate` counts them"));
            }
        }
    }
}
