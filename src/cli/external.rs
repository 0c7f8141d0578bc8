//! `iamproof crosscheck --evaluator`: any other evaluator, held against the readings.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::crosscheck::{coverage, write_cases};
use super::output::{Style, printable, tell, wrapped};
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output, interrupt, progress};
use crate::corpus::folder::{self, Content};
use crate::corpus::write::write;
use crate::crosscheck::external::{
    self, CommandLine, Control, Example, Expected, Explained, Group, Limits, Model, Patience, Plan, Question,
    Readings, Recurrence, Session, Speed, Tally, other_readings,
};
use crate::iam::assumption::Assumptions;
use crate::iam::document::Strictness;

/// What is said of the program under test.
#[derive(Debug, Args)]
pub struct UnderTest {
    /// Another evaluator to compare with the model: a program with its arguments, which reads and answers lines as
    /// `docs/protocol.md` says.
    #[arg(long, value_name = "COMMAND")]
    pub(super) evaluator: Option<String>,

    /// How long that evaluator may take for a line, its start included, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, requires = "evaluator", value_parser = seconds)]
    timeout: f64,
}

/// How many questions are generated where nothing is said.
pub(super) const CASES: u64 = 4_000;

/// How many requests a line has at the most.
const MOST_REQUESTS: usize = 50;

/// How wide a line of text may be.
const WIDTH: usize = 80;

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    if seconds > 0.0 && seconds <= 86_400.0 {
        Ok(seconds)
    } else {
        Err("expected more than 0, and a day at the most".to_owned())
    }
}

/// Runs the verb with the evaluator that the command line names.
pub(super) fn run(
    command: &str,
    arguments: &UnderTest,
    cases: u64,
    (corpus, folder): (&[PathBuf], Option<&Path>),
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let command =
        CommandLine::split(command).map_err(|error| Failure::Input(format!("--evaluator: {error}")))?;
    let assumptions = settings.assumptions()?;
    let (written, unusable) = written_cases(corpus, assumptions);
    let limits = Limits { line: Duration::from_secs_f64(arguments.timeout), ..Limits::default() };
    let workers = settings
        .threads
        .map_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::from);
    let plan =
        Plan { seed: settings.seed, cases, most_requests: MOST_REQUESTS, workers, limits, assumptions };
    let reference = Model(assumptions);
    let bar = progress::bar(cases + written.len() as u64, "questions");
    let control = Control { stop: interrupt::watched(), progress: &|| bar.inc(1) };
    let mut tally = external::run(&command, &plan, &written, &reference, control);
    bar.finish_and_clear();
    if let Some(why) = never_started(&tally) {
        return Err(Failure::Input(format!("the evaluator `{command}` cannot be started: {why}")));
    }
    let patience = Patience::new(limits);
    let mut session = Session::new(&command, &patience, u64::MAX);
    let explained = external::explain(&tally.disagreements, &reference, &mut session);
    // How it behaves on the questions of the inquiry counts as well.
    session.finish();
    tally.failures.append(&mut session.failures);
    if let Some(folder) = folder {
        write_cases(folder, written_groups(&explained.groups))?;
    }
    let report = Report { command: command.to_string(), tally, explained };
    match settings.format {
        Format::Text => report.print(settings, output)?,
        Format::Json => output.answer(settings, report.fields())?,
    }
    Ok(unusable.and(report.outcome()))
}

/// The smallest disagreement of each group as a case, with its file's name; policies that are refused make none.
fn written_groups(groups: &[Group]) -> impl Iterator<Item = (String, String)> {
    groups.iter().enumerate().filter_map(|(position, group)| match &group.example {
        Example::Case(case) => {
            let name = format!("outside-{}-{}.json", position + 1, group.cause.rule.to_ascii_lowercase());
            Some((name, write(case)))
        }
        Example::Line(_) => None,
    })
}

/// The written cases of the paths, and how reading them ended.
fn written_cases(paths: &[PathBuf], assumptions: Assumptions) -> (Vec<Question>, Outcome) {
    let mut questions = Vec::new();
    let mut outcome = Outcome::Holds;
    for found in paths.iter().flat_map(|path| folder::read(path, Strictness::Strict)) {
        match found.content {
            Ok(Content::Case(case)) => questions.extend(Question::written(found.path, &case, assumptions)),
            Ok(Content::Policy(_)) => {}
            Err(error) => {
                tell(&error.to_string());
                outcome = outcome.and(Outcome::Unusable);
            }
        }
    }
    (questions, outcome)
}

/// What the system says if it started nothing at all.
fn never_started(tally: &Tally) -> Option<String> {
    let compared = tally.agreed + tally.disagreed + tally.unsupported + tally.unknown;
    let problems = || {
        tally.failures.iter().map(|failure| match &failure.misbehaviour {
            external::Misbehaviour::DidNotStart { problem } => Some(problem.clone()),
            external::Misbehaviour::Ended { .. }
            | external::Misbehaviour::ClosedOutput
            | external::Misbehaviour::TimedOut { .. }
            | external::Misbehaviour::Garbage { .. }
            | external::Misbehaviour::WrongId { .. }
            | external::Misbehaviour::WrongCount { .. }
            | external::Misbehaviour::UnknownAnswer { .. }
            | external::Misbehaviour::TooLong { .. }
            | external::Misbehaviour::Unasked { .. } => None,
        })
    };
    let none_started = compared == 0 && problems().all(|problem| problem.is_some());
    problems().next().flatten().filter(|_| none_started)
}

/// What a run came to.
struct Report {
    command: String,
    tally: Tally,
    explained: Explained,
}

impl Report {
    fn outcome(&self) -> Outcome {
        let tally = &self.tally;
        let mut outcome = if tally.agreed + tally.disagreed == 0 { Outcome::Unknown } else { Outcome::Holds };
        if tally.unknown > 0 {
            outcome = outcome.and(Outcome::Unknown);
        }
        if tally.disagreed > 0 || !tally.failures.is_empty() || tally.given_up.is_some() {
            outcome = outcome.and(Outcome::Refuted);
        }
        if tally.interrupted {
            outcome = outcome.and(Outcome::Interrupted);
        }
        outcome
    }

    fn fields(&self) -> [(&'static str, Value); 19] {
        let tally = &self.tally;
        let failures = tally.failures.iter().map(|failure| {
            json!({
                "kind": failure.misbehaviour.kind(),
                "message": failure.misbehaviour.to_string(),
                "requests": failure.requests,
                "seenAgainInParts": failure.recurrence == Recurrence::Smallest,
                "input": failure.input,
                "stderr": failure.stderr,
            })
        });
        [
            ("evaluator", self.command.clone().into()),
            ("cases", tally.cases.into()),
            ("requests", tally.requests.into()),
            ("agreed", tally.agreed.into()),
            ("unsupported", tally.unsupported.into()),
            ("unknown", tally.unknown.into()),
            ("disagreed", tally.disagreed.into()),
            ("failed", tally.failed.into()),
            ("notAsked", tally.not_asked.into()),
            ("disagreements", self.explained.groups.iter().map(group_as_json).collect()),
            ("rules", json!(self.rules().into_iter().collect::<std::collections::BTreeMap<_, _>>())),
            ("unexplained", self.unexplained().into()),
            ("failures", failures.collect()),
            ("givenUp", tally.given_up.clone().into()),
            ("coverage", coverage(&tally.coverage)),
            (
                "decisionsPerSecond",
                json!({ "evaluator": tally.theirs.per_second(), "iamproof": tally.ours.per_second() }),
            ),
            ("stderr", tally.stderr.clone().into()),
            ("interrupted", tally.interrupted.into()),
            ("limits", json!({ "kept": external::MOST_KEPT, "asked": external::MOST_ASKED })),
        ]
    }

    /// How many disagreements each rule decides, the most concerned rule first.
    fn rules(&self) -> Vec<(&'static str, u64)> {
        let mut rules: Vec<(&'static str, u64)> = Vec::new();
        for group in &self.explained.groups {
            match rules.iter_mut().find(|(rule, _)| *rule == group.cause.rule) {
                Some((_, count)) => *count += group.count,
                None => rules.push((group.cause.rule, group.count)),
            }
        }
        rules.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        rules
    }

    /// Disagreements that stand in no group.
    fn unexplained(&self) -> u64 {
        let kept = self.tally.disagreements.len() as u64;
        self.tally.disagreed.saturating_sub(kept) + self.explained.unexplained
    }

    fn print(&self, settings: &Settings, output: &mut Output<'_>) -> Result<(), Failure> {
        let tally = &self.tally;
        paragraph(&format!("evaluator  {}", printable(&self.command)), "", output)?;
        output
            .line(&format!("{} cases, {} requests, seed {}", tally.cases, tally.requests, settings.seed))?;
        for (count, what) in [
            (tally.agreed, "agreed"),
            (tally.unsupported, "unsupported"),
            (tally.unknown, "unknown to ourselves"),
            (tally.disagreed, "answered otherwise"),
            (tally.failed, "without answer: the evaluator failed"),
            (tally.not_asked, "not asked any more"),
        ] {
            if count > 0 || what == "agreed" {
                output.line(&format!("{count:>10}  {what}"))?;
            }
        }
        output.line(&format!(
            "decisions per second: the evaluator {}, iamproof's {}",
            rate(tally.theirs),
            rate(tally.ours)
        ))?;
        self.print_failures(output)?;
        self.print_groups(output)?;
        let verdict = match self.outcome() {
            Outcome::Interrupted => output.styled(Style::Odd, "interrupted"),
            Outcome::Holds => output.styled(Style::Good, "the evaluator agrees"),
            Outcome::Unknown if tally.agreed + tally.disagreed == 0 => {
                output.styled(Style::Odd, "nothing was compared")
            }
            Outcome::Unknown => output.styled(Style::Odd, "the evaluator agrees where anything is known"),
            Outcome::Refuted | Outcome::Unusable | Outcome::Defect => {
                output.styled(Style::Bad, "the evaluator does not agree")
            }
        };
        output.line(&verdict)?;
        Ok(())
    }

    fn print_failures(&self, output: &mut Output<'_>) -> Result<(), Failure> {
        if let Some(why) = &self.tally.given_up {
            output.line(&output.styled(Style::Bad, why))?;
        }
        let failures = &self.tally.failures;
        let mut kinds: Vec<&str> = Vec::new();
        for failure in failures {
            let kind = failure.misbehaviour.kind();
            if kinds.contains(&kind) {
                continue;
            }
            kinds.push(kind);
            let alike = || failures.iter().filter(|other| other.misbehaviour.kind() == kind);
            let smallest = alike().min_by_key(|other| other.input.len()).unwrap_or(failure);
            output.line("")?;
            let heading = format!("{} × {kind}", alike().count());
            output.line(&output.styled(Style::Bad, &heading))?;
            paragraph(&printable(&smallest.misbehaviour.to_string()), "  ", output)?;
            output.line("  the smallest input (`--format json` has it whole):")?;
            output.line(&format!("    {}", shortened(&printable(&smallest.input), WIDTH - 4)))?;
            for line in smallest.stderr.lines().rev().take(3).collect::<Vec<_>>().into_iter().rev() {
                output.line(&format!("  stderr: {}", shortened(&printable(line), WIDTH - 10)))?;
            }
        }
        Ok(())
    }

    fn print_groups(&self, output: &mut Output<'_>) -> Result<(), Failure> {
        let rules = self.rules();
        if rules.len() > 1 {
            let listed: Vec<String> = rules.iter().map(|(rule, count)| format!("{rule} ({count})")).collect();
            output.line("")?;
            paragraph(&format!("rules that it reads otherwise: {}", listed.join(", ")), "", output)?;
        }
        for group in &self.explained.groups {
            output.line("")?;
            let heading = format!("{} × {}", group.count, group.cause.construct);
            for line in wrapped(&heading, WIDTH) {
                output.line(&output.styled(Style::Bad, &line))?;
            }
            let said = format!(
                "{}: {} is right{}, the evaluator says {}",
                group.cause.rule,
                group.expected.spelled(),
                why(&group.expected),
                printable(&group.got.spelled())
            );
            paragraph(&said, "  ", output)?;
            for reading in readings_of(group) {
                let points: Vec<&str> = reading.alternatives().map(|other| other.point().id()).collect();
                let told: Vec<String> =
                    reading.alternatives().map(|other| format!("{other}, {}", other.summary())).collect();
                let line = format!("or another reading of {}: {}", points.join(" and "), told.join("; "));
                paragraph(&line, "  ", output)?;
            }
            match &group.example {
                Example::Case(case) => {
                    for line in write(case).lines() {
                        output.line(&format!("  {line}"))?;
                    }
                }
                Example::Line(line) => output.line(&format!("  {}", shortened(line, WIDTH - 2)))?,
            }
        }
        if self.unexplained() > 0 {
            output.line("")?;
            output.line(&format!("{} more disagreements were not looked into", self.unexplained()))?;
        }
        output.line("")?;
        Ok(())
    }
}

/// The reason behind what is right, where one is known.
fn why(expected: &Expected) -> String {
    match expected {
        Expected::Decided(_, Some(reason)) => format!(" ({reason})"),
        Expected::Decided(_, None) | Expected::Refused(_) | Expected::Unknown(_) => String::new(),
    }
}

fn group_as_json(group: &Group) -> Value {
    let case = match &group.example {
        Example::Case(case) => json!(case),
        Example::Line(line) => serde_json::from_str(line).unwrap_or(Value::Null),
    };
    json!({
        "case": case,
        "expected": group.expected.spelled(),
        "got": group.got.spelled(),
        "rule": group.cause.rule,
        "construct": group.cause.construct,
        "readings": readings_of(group).iter().map(ToString::to_string).collect::<Vec<_>>(),
        "count": group.count,
    })
}

/// Under which other readings of open points the evaluator's answer is right.
fn readings_of(group: &Group) -> Readings {
    match &group.example {
        Example::Case(case) => other_readings(case, &group.got),
        Example::Line(_) => Readings::new(),
    }
}

fn rate(speed: Speed) -> String {
    speed.per_second().map_or_else(|| "not timed".to_owned(), |rate| format!("{rate:.0}"))
}

fn paragraph(text: &str, indent: &str, output: &mut Output<'_>) -> Result<(), Failure> {
    for line in wrapped(text, WIDTH - indent.len()) {
        output.line(&format!("{indent}{line}"))?;
    }
    Ok(())
}

fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}
