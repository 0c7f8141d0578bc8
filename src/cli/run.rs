//! `iamproof run`: takes the steps of a case, and tells who got which credentials, until when, and why a step was refused.

pub(super) mod told;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::decide::words::because;
use super::output::{Style, printable, wrapped};
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output};
use crate::corpus::folder::{self, Content};
use crate::corpus::steps::{ExpectedStep, answer_as_json, session_as_json};
use crate::corpus::{Case, Question, locate};
use crate::crosscheck::trace::{self, Run, StepRun};
use crate::evaluator::{Reading, Unusable};
use crate::iam::document::Strictness;
use crate::iam::json::file;
use crate::iam::outcome::{Answer, Outcome as Came, Refusal, Taken};
use crate::iam::world::World;

/// What `run` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A case with `world` and `steps` (`corpus/README.md`).
    #[arg(value_name = "CASE")]
    case: PathBuf,

    /// Only warn of what AWS would refuse on saving, but what has a plain meaning.
    #[arg(long)]
    lenient: bool,
}

/// Runs the verb. It holds if every step comes out as the case expects.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let strictness = if arguments.lenient { Strictness::Lenient } else { Strictness::Strict };
    let path = &arguments.case;
    let case = match folder::read_file(path, strictness) {
        Ok(Content::Case(case)) => case,
        Ok(Content::Policy(_)) => {
            let message =
                format!("{} is a policy and no case: `corpus/README.md` says what a case is", path.display());
            return Err(Failure::Input(message));
        }
        Err(error) => return Err(Failure::Input(error.to_string())),
    };
    let Case { question: Question::Trace { world, steps }, because, .. } = case.as_ref() else {
        let message =
            format!("{} has no steps: try `iamproof decide --case` or `iamproof corpus`", path.display());
        return Err(Failure::Input(message));
    };
    let assumptions = settings.assumptions()?;
    let run = trace::run(world, steps, Reading::assuming(assumptions));
    if let Err(unusable) = &run.begun {
        return Err(Failure::Input(placed(path, unusable.place(), unusable)));
    }
    match settings.format {
        Format::Text => {
            output.assumed(assumptions)?;
            print(because, world, steps, &run, output)?;
        }
        Format::Json => {
            let end = run.steps.iter().rev().find_map(|step| step.taken.as_ref().ok());
            let sessions = end.map_or_else(Vec::new, |taken| sessions(&taken.world));
            let told = run.steps.iter().zip(steps).enumerate();
            let told: Vec<Value> = told.map(|(index, (run, step))| as_json(index, step, run)).collect();
            output.answer(
                settings,
                [
                    ("case", path.display().to_string().into()),
                    ("profile", world.profile.name().into()),
                    ("steps", told.into()),
                    ("sessions", sessions.into()),
                    ("asExpected", run.is_expected(steps).into()),
                ],
            )?;
        }
    }
    // A step that says nothing in its world is a mistake of the case, told once what came before it has been.
    let last =
        run.steps.iter().enumerate().find_map(|(index, step)| Some((index, step.taken.as_ref().err()?)));
    if let Some((index, unusable)) = last {
        output.flush()?;
        let pointer = format!("steps/{index}/{}", unusable.place());
        return Err(Failure::Input(placed(path, &pointer, unusable)));
    }
    Ok(if run.is_expected(steps) { Outcome::Holds } else { Outcome::Refuted })
}

/// A message with its file and its place in it.
fn placed(path: &Path, pointer: &str, unusable: &Unusable) -> String {
    let place = file::load(path).ok().and_then(|bytes| locate(&bytes, pointer));
    let place = place.map_or_else(|| format!("at `/{pointer}`"), |place| place.to_string());
    format!("{}: {place}: {}", path.display(), unusable.reason())
}

/// The sessions that were issued, in the order of their names.
fn sessions(world: &World) -> Vec<Value> {
    let one = |(name, session): (&String, _)| {
        let mut told = session_as_json(session, world);
        if let Value::Object(fields) = &mut told {
            fields.insert("name".to_owned(), name.clone().into());
            fields.insert("over".to_owned(), (world.now >= session.expires).into());
        }
        told
    };
    world.sessions.iter().map(one).collect()
}

fn as_json(index: usize, step: &ExpectedStep, run: &StepRun) -> Value {
    let mut told = json!({
        "step": index,
        "time": step.step.time.iso(),
        "caller": told::caller(&step.step),
        "call": told::call(&step.step),
    });
    let outcome = match &run.taken {
        Ok(Taken { outcome: Came::Done(answer), world, consultations }) => json!({
            "outcome": "done",
            "reason": allowed_by(answer),
            "issued": issued(answer),
            "answer": answer_as_json(answer, world),
            "consultations": consultations.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }),
        Ok(Taken { outcome: Came::Refused(refusal), consultations, .. }) => {
            let Refusal { code, reason, rule, message, encoded_message } = refusal;
            json!({
                "outcome": "refused",
                "code": code.code(),
                "reason": reason.map(|reason| reason.code()),
                "rule": rule,
                "message": message,
                "encodedMessage": encoded_message,
                "consultations": consultations.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })
        }
        Err(unusable) => json!({ "outcome": "unusable", "message": unusable.to_string() }),
    };
    if let (Value::Object(told), Value::Object(outcome)) = (&mut told, outcome) {
        told.extend(outcome);
        told.insert("expected".to_owned(), step.expected.expectation.name().into());
        told.insert("asExpected".to_owned(), run.difference.is_none().into());
        told.insert("difference".to_owned(), run.difference.clone().into());
    }
    told
}

fn allowed_by(answer: &Answer) -> Option<&'static str> {
    if let Answer::Allowed(reason) = answer { Some(reason.code()) } else { None }
}

fn issued(answer: &Answer) -> Option<&str> {
    if let Answer::Session(name) = answer { Some(name) } else { None }
}

fn print(
    because: &str,
    world: &World,
    steps: &[ExpectedStep],
    run: &Run,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    for line in wrapped(&printable(because), 78) {
        output.line(&line)?;
    }
    output.line(&output.styled(Style::Faint, &format!("profile {}, from {}", world.profile, world.now)))?;
    for (index, (run, step)) in run.steps.iter().zip(steps).enumerate() {
        print_step(index, step, run, output)?;
    }
    if let Some(taken) = run.steps.iter().rev().find_map(|step| step.taken.as_ref().ok()) {
        print_sessions(&taken.world, output)?;
    }
    Ok(())
}

fn print_step(
    index: usize,
    step: &ExpectedStep,
    run: &StepRun,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    output.line("")?;
    let style = if run.difference.is_none() { Style::Good } else { Style::Bad };
    let verdict = match &run.taken {
        Ok(Taken { outcome: Came::Done(_), .. }) => "done",
        Ok(Taken { outcome: Came::Refused(_), .. }) => "refused",
        Err(_) => "unusable",
    };
    let verdict = output.styled(style, verdict);
    output.line(&format!("step {}  {}  {verdict}", index + 1, step.step.time))?;
    if let Some(because) = &step.because {
        labelled("", &printable(because), output)?;
    }
    if let Some(caller) = told::caller(&step.step) {
        labelled("caller", &caller, output)?;
    }
    let (call, about) = told::call_lines(&step.step);
    labelled("call", &call, output)?;
    for (name, value) in about {
        labelled("", &format!("{name} {value}"), output)?;
    }
    match &run.taken {
        Ok(Taken { outcome: Came::Done(answer), world, .. }) => {
            for line in told::answer(answer, world) {
                labelled("result", &line, output)?;
            }
        }
        Ok(Taken { outcome: Came::Refused(refusal), .. }) => {
            let Refusal { code, reason, rule, message, encoded_message } = refusal;
            let coded = reason.map_or_else(String::new, |reason| format!(" {reason}"));
            labelled("because", &format!("{code}{coded}, by {rule}"), output)?;
            if let Some(reason) = reason {
                labelled("", because(*reason), output)?;
            }
            labelled("", message, output)?;
            if let Some(name) = encoded_message.as_ref().filter(|_| step.step.name.is_some()) {
                labelled("", &format!("its encoded message is `{name}`"), output)?;
            }
        }
        Err(unusable) => labelled("because", &unusable.to_string(), output)?,
    }
    if let Ok(Taken { consultations, .. }) = &run.taken {
        for consultation in consultations {
            labelled("asked", &consultation.to_string(), output)?;
        }
    }
    if let Some(difference) = &run.difference {
        for line in wrapped(&printable(difference), 66) {
            let line = output.styled(Style::Bad, &line);
            output.line(&format!("  {:9} {line}", ""))?;
        }
    }
    Ok(())
}

/// A line with its label, broken where it is long.
fn labelled(label: &str, text: &str, output: &mut Output<'_>) -> Result<(), Failure> {
    for (index, line) in wrapped(&printable(text), 66).into_iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        output.line(&format!("  {label:9} {line}"))?;
    }
    Ok(())
}

fn print_sessions(world: &World, output: &mut Output<'_>) -> Result<(), Failure> {
    if world.sessions.is_empty() {
        return Ok(());
    }
    output.line("")?;
    output.line(&format!("sessions at {}", world.now))?;
    for (name, session) in &world.sessions {
        let arn =
            session_as_json(session, world).get("Arn").and_then(Value::as_str).unwrap_or_default().to_owned();
        let state = if world.now >= session.expires { "ended at" } else { "until" };
        labelled(name, &format!("{state} {}", session.expires), output)?;
        labelled("", &arn, output)?;
    }
    Ok(())
}
