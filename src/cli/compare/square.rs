//! `compare --all-pairs FOLDER`: which documents allow all that others do.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::Manner;
use super::pair::tell_all;
use crate::cli::files::{self, Unreadable};
use crate::cli::output::{Style, printable, tell};
use crate::cli::settings::{Format, Settings};
use crate::cli::{Failure, Outcome, Output, interrupt, progress};
use crate::comparison::{Asking, Prepared, Proof, Shelved, Square, square};

/// The documents of a folder.
struct Documents {
    names: Vec<String>,
    shelved: Vec<Arc<Shelved>>,
    outcome: Outcome,
}

/// Compares every document with every other.
pub(super) fn run(
    folder: &Path,
    confirm: usize,
    manner: Manner,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let Documents { names, shelved, outcome } = documents(folder, &manner);
    let prepared: Vec<&Prepared> = shelved.iter().map(|shelved| &shelved.prepared).collect();
    let pairs = (prepared.len() * prepared.len().saturating_sub(1)) as u64;
    let bar = progress::bar(pairs, "pairs");
    let asking = Asking {
        limits: manner.limits,
        confirm,
        threads: manner.threads,
        stop: interrupt::watched(),
        progress: &|done| bar.inc(done),
    };
    let square = square(&prepared, asking)
        .map_err(|error| Failure::Input(format!("no threads to run on: {error}")))?;
    bar.finish_and_clear();
    match settings.format {
        Format::Text => print(&square, &names, start.elapsed().as_secs_f64(), output)?,
        Format::Json => output.answer_of(settings, fields(&square, &names))?,
    }
    Ok(outcome.and(outcome_of(&square)))
}

fn documents(folder: &Path, manner: &Manner) -> Documents {
    let files = files::find(&[folder.to_owned()]);
    let library = manner.library();
    let mut documents = Documents { names: Vec::new(), shelved: Vec::new(), outcome: Outcome::Holds };
    for Unreadable { path, message } in files.unreadable {
        tell(&format!("{} cannot be read: {message}", path.display()));
        documents.outcome = Outcome::Unusable;
    }
    for path in files.found {
        match library.document(&path) {
            Ok(shelved) => {
                let name = path.strip_prefix(folder).unwrap_or(&path);
                documents.names.push(name.display().to_string());
                documents.shelved.push(shelved);
            }
            Err(unusable) => {
                tell_all(&unusable);
                documents.outcome = Outcome::Unusable;
            }
        }
    }
    documents
}

fn outcome_of(square: &Square) -> Outcome {
    let mut outcome =
        if square.pairs == 0 || !square.unknown.is_empty() { Outcome::Unknown } else { Outcome::Holds };
    if square.interrupted {
        outcome = outcome.and(Outcome::Interrupted);
    }
    if !square.contradicted.is_empty() {
        outcome = outcome.and(Outcome::Defect);
    }
    outcome
}

fn name(names: &[String], position: usize) -> &str {
    names.get(position).map_or("", String::as_str)
}

fn proof_name(proof: Proof) -> &'static str {
    match proof {
        Proof::NoAllow => "no-allow",
        Proof::Containment => "containment",
        Proof::Solver => "solver",
    }
}

fn print(square: &Square, names: &[String], seconds: f64, output: &mut Output<'_>) -> Result<(), Failure> {
    for (inner, outer, _) in &square.contained {
        let (inner, outer) = (printable(name(names, *inner)), printable(name(names, *outer)));
        output.line(&format!("{outer} allows all of {inner}"))?;
    }
    for (inner, outer, reason) in &square.unknown {
        let (inner, outer) = (printable(name(names, *inner)), printable(name(names, *outer)));
        output.line(&format!("unknown whether {outer} allows all of {inner}: {reason}"))?;
    }
    for (inner, outer) in &square.contradicted {
        let (inner, outer) = (printable(name(names, *inner)), printable(name(names, *outer)));
        let label = output.styled(Style::Bad, "defect of iamproof");
        output.line(&format!("{label}: Z3's strings say otherwise of {inner} in {outer}"))?;
    }
    let by = |wanted: Proof| square.contained.iter().filter(|(.., proof)| *proof == wanted).count();
    output.line(&format!("{:>10} ordered pairs of {} documents", square.pairs, names.len()))?;
    let rows = [
        (square.refuted_by_candidates, "refuted by an instance of the documents' patterns"),
        (square.refuted_by_solver, "refuted by the solver"),
        (by(Proof::NoAllow) as u64, "hold: the one has no Allow"),
        (by(Proof::Containment) as u64, "hold by containment of patterns"),
        (by(Proof::Solver) as u64, "hold by the solver"),
        (square.unknown.len() as u64, "unknown"),
    ];
    for (count, what) in rows {
        output.line(&format!("{count:>10} {what}"))?;
    }
    if square.confirmed + square.unconfirmed > 0 {
        let Square { confirmed, unconfirmed, contradicted, .. } = square;
        output.line(&format!("{confirmed:>10} of them confirmed by Z3's strings"))?;
        output.line(&format!("{unconfirmed:>10} on which Z3's strings gave up"))?;
        output.line(&format!("{:>10} contradicted", contradicted.len()))?;
    }
    if square.interrupted {
        output.line("interrupted: the other pairs were not asked about")?;
    }
    // The pace is no part of the answer.
    tell(&format!("{:.1} s, {:.0} pairs a second", seconds, square.pairs as f64 / seconds.max(1e-9)));
    Ok(())
}

fn fields(square: &Square, names: &[String]) -> Map<String, Value> {
    let pair =
        |inner: &usize, outer: &usize| json!({ "inner": name(names, *inner), "outer": name(names, *outer) });
    let contained: Vec<Value> = square
        .contained
        .iter()
        .map(|(inner, outer, proof)| {
            json!({ "inner": name(names, *inner), "outer": name(names, *outer), "proof": proof_name(*proof) })
        })
        .collect();
    let unknown: Vec<Value> = square
        .unknown
        .iter()
        .map(|(inner, outer, reason)| {
            json!({ "inner": name(names, *inner), "outer": name(names, *outer), "reason": reason.to_string() })
        })
        .collect();
    let contradicted: Vec<Value> =
        square.contradicted.iter().map(|(inner, outer)| pair(inner, outer)).collect();
    let entries: [(&str, Value); 10] = [
        ("documents", names.len().into()),
        ("pairs", square.pairs.into()),
        ("refutedByCandidates", square.refuted_by_candidates.into()),
        ("refutedBySolver", square.refuted_by_solver.into()),
        ("contained", contained.into()),
        ("unknown", unknown.into()),
        ("confirmed", square.confirmed.into()),
        ("unconfirmed", square.unconfirmed.into()),
        ("contradicted", contradicted.into()),
        ("interrupted", square.interrupted.into()),
    ];
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
