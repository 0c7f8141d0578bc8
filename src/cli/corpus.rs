//! `iamproof corpus`: written cases through both readings.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::output::{Style, printable, tell};
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output};
use crate::corpus::folder::{self, Content, Found};
use crate::corpus::steps::ExpectedStep;
use crate::corpus::{Asked, Case, Question};
use crate::crosscheck::replay::{Answers, Replayed, replay};
use crate::crosscheck::trace;
use crate::evaluator::Reading;
use crate::iam::decision::Reason;
use crate::iam::document::{Code, Strictness};

/// What `corpus` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Cases, or folders of which every `*.json` below is read.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Only warn of what AWS would refuse on saving, but what has a plain meaning.
    #[arg(long)]
    lenient: bool,
}

/// An expectation that was not met.
pub(super) struct Failed {
    /// The case's file.
    file: PathBuf,
    /// The request or step, counted from 0; `None` for a case of the grammar.
    request: Option<usize>,
    /// What the case counts: `request` or `step`.
    counted: &'static str,
    expected: String,
    evaluator: String,
    /// `None` where the step says nothing in its world, or the world is none.
    model: Option<String>,
}

/// What came of all cases.
#[derive(Default)]
pub(super) struct Tally {
    /// Cases that were replayed.
    pub(super) cases: u64,
    /// Their requests; a case of the grammar counts as one.
    pub(super) requests: u64,
    /// The steps of those cases that have steps.
    pub(super) steps: u64,
    /// Those of them that both readings took; the others say nothing in their world.
    pub(super) modelled_steps: u64,
    /// What was not as expected.
    pub(super) failed: Vec<Failed>,
    /// Policy documents, which expect nothing.
    pub(super) policies: u64,
    /// Files that could not be used: what is wrong, with the place.
    pub(super) unusable: Vec<String>,
}

/// Runs the verb.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let strictness = if arguments.lenient { Strictness::Lenient } else { Strictness::Strict };
    let reading = Reading::assuming(settings.assumptions()?);
    let mut tally = Tally::default();
    for path in &arguments.paths {
        for found in folder::read(path, strictness) {
            if let (Ok(Content::Policy(_)), true) = (&found.content, found.path == *path) {
                let what = "a policy document, and no case: it asks nothing";
                tally.unusable.push(format!("{}: {what}", path.display()));
                continue;
            }
            tally.count(found, reading);
        }
    }
    for message in &tally.unusable {
        tell(message);
    }
    match settings.format {
        Format::Text => print(&tally, output)?,
        Format::Json => output.answer(settings, fields(&tally))?,
    }
    Ok(tally.outcome())
}

impl Tally {
    /// Replays what a file holds, open points read as given; a policy that stands alone expects nothing.
    pub(super) fn count(&mut self, found: Found, reading: Reading) {
        match found.content {
            Ok(Content::Case(case)) => self.replay(found.path, &case, reading),
            Ok(Content::Policy(_)) => self.policies += 1,
            Err(error) => self.unusable.push(error.to_string()),
        }
    }

    fn replay(&mut self, file: PathBuf, case: &Case, reading: Reading) {
        self.cases += 1;
        match (replay(&case.question, reading), &case.question) {
            (Replayed::Findings { expected, found }, _) => {
                self.requests += 1;
                if expected != found {
                    let (expected, found) = (codes(&expected), codes(&found));
                    self.failed.push(Failed {
                        file,
                        request: None,
                        counted: "request",
                        expected,
                        evaluator: found.clone(),
                        model: Some(found),
                    });
                }
            }
            (Replayed::Decisions(answers), Question::Decisions { asked, .. }) => {
                self.requests += asked.len() as u64;
                for (position, (answers, asked)) in answers.iter().zip(asked).enumerate() {
                    if !answers.are_expected(asked) {
                        self.failed.push(failed(file.clone(), position, asked, answers));
                    }
                }
            }
            (Replayed::Steps(run), Question::Trace { steps, .. }) => match run.unusable() {
                Some(why) => {
                    self.cases -= 1;
                    self.unusable.push(format!("{}: {why}", file.display()));
                }
                None => {
                    self.steps += run.steps.iter().filter(|step| step.taken.is_ok()).count() as u64;
                    self.modelled_steps += run.modelled() as u64;
                    self.failed.extend(failed_steps(&file, &run, steps));
                }
            },
            (Replayed::Decisions(_), Question::Grammar { .. } | Question::Trace { .. })
            | (Replayed::Steps(_), Question::Grammar { .. } | Question::Decisions { .. }) => {}
        }
    }

    /// How the run ends.
    pub(super) fn outcome(&self) -> Outcome {
        let mut outcome =
            if self.requests == 0 && self.steps == 0 { Outcome::Unknown } else { Outcome::Holds };
        if !self.failed.is_empty() {
            outcome = outcome.and(Outcome::Refuted);
        }
        if !self.unusable.is_empty() {
            outcome = outcome.and(Outcome::Unusable);
        }
        outcome
    }
}

fn failed(file: PathBuf, position: usize, asked: &Asked, answers: &Answers) -> Failed {
    let expected = match asked.reason {
        Some(reason) => told(&Ok(reason)),
        None => asked.expected.name().to_owned(),
    };
    Failed {
        file,
        request: Some(position),
        counted: "request",
        expected,
        evaluator: told(&answers.evaluator),
        model: Some(told(&answers.model)),
    }
}

/// Steps that did not come out as expected.
fn failed_steps(file: &Path, run: &trace::Run, steps: &[ExpectedStep]) -> Vec<Failed> {
    let one = |position: usize, expected: &str, evaluator: String, model: Option<String>| Failed {
        file: file.to_owned(),
        request: Some(position),
        counted: "step",
        expected: expected.to_owned(),
        evaluator,
        model,
    };
    let taken = run.steps.iter().zip(steps).enumerate();
    taken
        .filter_map(|(position, (step, expected))| {
            let name = expected.expected.expectation.name();
            let of_model = step.model.as_ref().map(|model| model.difference.clone());
            if step.difference.is_none() && of_model.as_ref().is_none_or(Option::is_none) {
                return None;
            }
            let told = |difference: Option<String>| difference.unwrap_or_else(|| "as expected".to_owned());
            Some(one(position, name, told(step.difference.clone()), of_model.map(told)))
        })
        .collect()
}

fn told(answer: &Result<Reason, String>) -> String {
    match answer {
        Ok(reason) => format!("{} ({reason})", reason.decision()),
        Err(why) => format!("error: {why}"),
    }
}

fn codes(codes: &[Code]) -> String {
    if codes.is_empty() {
        return "valid".to_owned();
    }
    codes.iter().map(|code| code.name()).collect::<Vec<_>>().join(", ")
}

/// The fields of the JSON answer.
pub(super) fn fields(tally: &Tally) -> [(&'static str, Value); 7] {
    let failed = tally.failed.iter().map(|failed| {
        json!({
            "file": failed.file.display().to_string(),
            "request": failed.request,
            "expected": failed.expected,
            "evaluator": failed.evaluator,
            "model": failed.model,
        })
    });
    [
        ("cases", tally.cases.into()),
        ("requests", tally.requests.into()),
        ("steps", tally.steps.into()),
        ("modelledSteps", tally.modelled_steps.into()),
        ("policyDocuments", tally.policies.into()),
        ("failed", failed.collect()),
        ("unusable", json!(tally.unusable)),
    ]
}

fn print(tally: &Tally, output: &mut Output<'_>) -> Result<(), Failure> {
    for failed in &tally.failed {
        print_failed(failed, output)?;
    }
    let Tally { cases, requests, steps, modelled_steps, failed, policies, unusable } = tally;
    let verdict = if *requests == 0 && *steps == 0 {
        output.styled(Style::Odd, "no case was replayed")
    } else if failed.is_empty() {
        output.styled(Style::Good, "as expected")
    } else {
        output.styled(Style::Bad, &format!("{} not as expected", failed.len()))
    };
    let mut line = format!("{cases} cases, {requests} requests, {steps} steps: {verdict}");
    if modelled_steps < steps {
        let alone = steps - modelled_steps;
        line.push_str(&format!("; {alone} steps not taken by both readings"));
    }
    if *policies > 0 {
        line.push_str(&format!("; {policies} policy documents are no cases"));
    }
    if !unusable.is_empty() {
        line.push_str(&format!("; {} files could not be used", unusable.len()));
    }
    output.line(&line)?;
    Ok(())
}

/// An expectation that was not met, for people.
pub(super) fn print_failed(failed: &Failed, output: &mut Output<'_>) -> Result<(), Failure> {
    let name = output.styled(Style::Strong, &printable(&failed.file.display().to_string()));
    let place =
        failed.request.map_or_else(String::new, |request| format!(", {} {}", failed.counted, request + 1));
    output.line(&format!("{name}{place}"))?;
    output.line(&format!("  expected   {}", failed.expected))?;
    output.line(&format!("  evaluator  {}", printable(&failed.evaluator)))?;
    if let Some(model) = &failed.model {
        output.line(&format!("  model      {}", printable(model)))?;
    }
    Ok(())
}
