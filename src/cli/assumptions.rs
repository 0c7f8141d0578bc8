//! `iamproof assumptions`: the open points, what is decided of each, and the readings that can be assumed in its place.

use clap::Args;
use serde_json::{Value, json};

use super::output::{Style, wrapped};
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output};
use crate::iam::assumption::OpenPoint;

/// What `assumptions` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {}

/// Runs the verb.
pub(super) fn run(
    _arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    match settings.format {
        Format::Text => print(output)?,
        Format::Json => {
            let points: Vec<Value> = OpenPoint::ALL.iter().copied().map(as_json).collect();
            output.answer(settings, [("points", points.into())])?;
        }
    }
    Ok(Outcome::Holds)
}

fn print(output: &mut Output<'_>) -> Result<(), Failure> {
    for line in [
        "Points that AWS's documents leave open: what iamproof decides, and the other",
        "readings, of which `--assume` takes one a point. docs/semantics.md defines them in",
        "section 15.",
    ] {
        output.line(line)?;
    }
    for point in OpenPoint::ALL {
        output.line("")?;
        let id = output.styled(Style::Strong, &format!("{:16}", point.id()));
        entry(&id, &format!("{} ({})", point.decision(), point.rule()), output)?;
        for alternative in point.alternatives() {
            entry(&format!("  {:14}", alternative.name()), alternative.summary(), output)?;
        }
    }
    Ok(())
}

/// A name in a column of its own, 16 wide, with a text beside it.
fn entry(name: &str, text: &str, output: &mut Output<'_>) -> Result<(), Failure> {
    for (index, line) in wrapped(text, 60).into_iter().enumerate() {
        let start = if index == 0 { name } else { "                " };
        output.line(&format!("{start}  {line}"))?;
    }
    Ok(())
}

fn as_json(point: OpenPoint) -> Value {
    let readings: Vec<Value> = point
        .alternatives()
        .iter()
        .map(|alternative| json!({ "name": alternative.name(), "summary": alternative.summary() }))
        .collect();
    json!({
        "id": point.id(),
        "rule": point.rule(),
        "decision": point.decision(),
        "readings": readings,
    })
}
