//! `iamproof decide`: the decision on each request of a case, with its reason, and with what would turn it.

mod elements;
mod head;
mod listed;
mod told;
pub(super) mod words;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::crosscheck::limits;
use super::output::wrapped;
use super::output::{Style, printable};
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output};
use crate::corpus::folder::{self, Content};
use crate::corpus::whereabouts::Whereabouts;
use crate::corpus::{Asked, Case, Question};
use crate::evaluator::{Evaluator, Explanation, Reading};
use crate::explanation::turn::{Turn, turn};
use crate::iam::assumption::{Alternative, Assumptions};
use crate::iam::document::Strictness;
use crate::iam::layers::Layers;

/// What `decide` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The case: policies, requests, and the answers expected (`corpus/README.md`).
    #[arg(long, value_name = "FILE")]
    case: PathBuf,

    /// Say why, statement by statement, what the policies lack, and which smallest change of the request would turn the decision.
    #[arg(long)]
    explain: bool,

    /// Only warn of what AWS would refuse on saving, but what has a plain meaning.
    #[arg(long)]
    lenient: bool,
}

/// The case that is decided.
struct Subject<'c> {
    file: &'c Path,
    layers: &'c Layers,
    whereabouts: Whereabouts<'c>,
    /// The other readings under which it is decided.
    assumptions: Assumptions,
}

/// A request with the answer it got.
struct Decided<'c> {
    asked: &'c Asked,
    explanation: Explanation,
    /// What would turn the decision, where that was asked.
    turn: Option<Turn>,
}

impl Decided<'_> {
    /// Whether the answer is the one that the case expects.
    fn is_expected(&self) -> bool {
        self.asked.expected == self.explanation.reason.decision()
            && self.asked.reason.is_none_or(|expected| expected == self.explanation.reason)
    }
}

/// Runs the verb. It holds if every answer is the expected one.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let input = |error: crate::corpus::Error| Failure::Input(error.to_string());
    let strictness = if arguments.lenient { Strictness::Lenient } else { Strictness::Strict };
    let file = arguments.case.as_path();
    let bytes = folder::bytes(file).map_err(input)?;
    let json = folder::json(file, &bytes).map_err(input)?;
    let case = match folder::content(file, &json, strictness).map_err(input)? {
        Content::Case(case) => case,
        Content::Policy(_) => {
            let name = file.display();
            let message = format!("{name} is a policy and no case: `corpus/README.md` says what a case is");
            return Err(Failure::Input(message));
        }
    };
    let Case { question: Question::Decisions { layers, assumptions, asked }, because, .. } = case.as_ref()
    else {
        let message = format!("{} asks about a policy's text: try `iamproof corpus`", file.display());
        return Err(Failure::Input(message));
    };
    let reading = Reading::assuming(settings.assumptions()?.overridden_by(*assumptions));
    let whereabouts = Whereabouts::new(&json);
    let subject = Subject { file, layers, whereabouts, assumptions: reading.assumptions() };
    let decided = decide(arguments, settings, &subject, reading, asked)?;
    match settings.format {
        Format::Text => print(&subject, because, reading.assumptions(), &decided, output)?,
        Format::Json => {
            let decisions: Vec<Value> =
                decided.iter().map(|decided| listed::decision(&subject, decided)).collect();
            let case = file.display().to_string();
            let assumed: Vec<&str> = reading.assumptions().alternatives().map(Alternative::name).collect();
            output.answer(
                settings,
                [("case", case.into()), ("assumed", assumed.into()), ("decisions", decisions.into())],
            )?;
        }
    }
    let all = decided.iter().all(Decided::is_expected);
    Ok(if all { Outcome::Holds } else { Outcome::Refuted })
}

fn decide<'c>(
    arguments: &Arguments,
    settings: &Settings,
    subject: &Subject<'_>,
    reading: Reading,
    asked: &'c [Asked],
) -> Result<Vec<Decided<'c>>, Failure> {
    let evaluator = Evaluator::compile_with(subject.layers, reading).map_err(|error| {
        let place = error.place().within_layers().and_then(|place| subject.whereabouts.statement(place));
        let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
        Failure::Input(format!("{}: {place}{error}", subject.file.display()))
    })?;
    let one = |asked: &'c Asked| {
        let request = &asked.request;
        let explanation = evaluator.explain(request);
        let reason = evaluator.decide(request);
        assert_eq!(reason, explanation.reason, "the evaluator explains another decision than it made");
        let limits = limits(settings);
        let turn = arguments.explain.then(|| turn(subject.layers, &evaluator, request, reason, limits));
        Decided { asked, explanation, turn }
    };
    Ok(asked.iter().map(one).collect())
}

fn print(
    subject: &Subject<'_>,
    because: &str,
    assumptions: Assumptions,
    decided: &[Decided<'_>],
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    for line in wrapped(&printable(because), 78) {
        output.line(&output.styled(Style::Faint, &line))?;
    }
    output.assumed(assumptions)?;
    for (index, decided) in decided.iter().enumerate() {
        output.line("")?;
        told::request(subject, index, decided, output)?;
    }
    Ok(())
}
