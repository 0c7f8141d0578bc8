//! `iamproof verify`, the main job: the laws, the cases, the policies, and the two readings against each other, in one table.

mod classes;
mod collect;
mod laws;

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::crosscheck::{self, CLASSES_EVERY, MOST_REQUESTS, limits, outcome_of};
use super::output::{Style, printable, wrapped};
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output, corpus, interrupt, progress};
use crate::crosscheck::classes::Asking;
use crate::crosscheck::party::BuiltIn;
use crate::crosscheck::pointwise::Manner;
use crate::crosscheck::runner::{self, Control, Plan, Run};
use crate::crosscheck::stream::Kind;
use crate::evaluator::Reading;
use crate::iam::document::Strictness;
use crate::invariants::known::Verdict;
use classes::ByClasses;
use collect::Collected;
use laws::Laws;

/// What `verify` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Cases, policies, or folders of them [default: `corpus`, as in the project's own folder].
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// How many generated cases the readings are compared on.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    cases: u64,

    /// Only warn of what AWS would refuse on saving, but what has a plain meaning (an account id without 12 digits).
    #[arg(long)]
    lenient: bool,
}

/// In every so many generated cases the solver confirms the model's answers.
const CONFIRM_EVERY: u64 = 100;

/// Everything that was found, part by part.
struct Report {
    collected: Collected,
    laws: Laws,
    classes: ByClasses,
    run: Run,
    plan: Plan,
}

impl Report {
    fn outcome(&self) -> Outcome {
        let parts = [self.laws.outcome(), self.classes.outcome(), outcome_of(&self.run)];
        parts.into_iter().fold(self.collected.outcome(), Outcome::and)
    }

    fn is_interrupted(&self) -> bool {
        self.laws.is_interrupted() || self.classes.interrupted || self.run.interrupted
    }
}

/// Runs the verb.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let strictness = if arguments.lenient { Strictness::Lenient } else { Strictness::Strict };
    let paths =
        if arguments.paths.is_empty() { vec![PathBuf::from("corpus")] } else { arguments.paths.clone() };
    let stop = interrupt::watched();
    let assumptions = settings.assumptions()?;
    let reading = Reading::assuming(assumptions);
    let collected = collect::collect(&paths, strictness, reading);
    collected.tell();
    if collected.is_empty() {
        let named: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Failure::Input(format!("no case and no policy below {}", named.join(", "))));
    }
    let no_threads = |error| Failure::Input(format!("no threads to run on: {error}"));
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(settings.threads.map_or(0, usize::from))
        .build()
        .map_err(no_threads)?;
    let (laws, pool) = Laws::prove(&collected, assumptions, settings, pool, stop);
    let bar = progress::bar(collected.policies.len() as u64, "policies");
    let control = Control { stop, progress: &|done| bar.inc(done) };
    let asking = Asking { assumptions, limits: limits(settings) };
    let classes = pool.install(|| classes::examine(&collected, asking, control));
    bar.finish_and_clear();
    let plan = Plan {
        seed: settings.seed,
        kind: Kind::Mixed,
        cases: arguments.cases,
        most_requests: MOST_REQUESTS,
        manner: Manner {
            assumptions,
            every: CONFIRM_EVERY,
            classes_every: CLASSES_EVERY,
            limits: limits(settings),
        },
        threads: settings.threads.map(usize::from),
    };
    let bar = progress::bar(plan.cases, "cross-check");
    let control = Control { stop, progress: &|done| bar.inc(done) };
    let run = runner::run(&plan, &BuiltIn(reading), &[], control).map_err(no_threads)?;
    bar.finish_and_clear();
    let report = Report { collected, laws, classes, run, plan };
    match settings.format {
        Format::Text => print(&report, output)?,
        Format::Json => answer(&report, settings, output)?,
    }
    Ok(report.outcome())
}

fn answer(report: &Report, settings: &Settings, output: &mut Output<'_>) -> Result<(), Failure> {
    let Report { collected, laws, classes, run, plan } = report;
    let object = |fields: Vec<(&'static str, Value)>| {
        Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
    };
    output.answer(
        settings,
        [
            ("laws", laws.as_json()),
            (
                "policies",
                json!({
                    "read": collected.policies.len(),
                    "refused": collected.refused(),
                    "byClasses": classes.as_json(),
                    "disagreements": classes
                        .findings
                        .iter()
                        .map(|finding| crosscheck::disagreement(finding, &classes::source()))
                        .collect::<Vec<_>>(),
                }),
            ),
            ("cases", object(corpus::fields(&collected.cases).to_vec())),
            ("crosscheck", object(crosscheck::fields(run, plan).to_vec())),
            ("interrupted", report.is_interrupted().into()),
            ("verdict", verdict(report.outcome()).into()),
        ],
    )?;
    Ok(())
}

fn print(report: &Report, output: &mut Output<'_>) -> Result<(), Failure> {
    let Report { collected, laws, classes, run, plan } = report;
    let cases = &collected.cases;
    output.assumed(plan.manner.assumptions)?;
    for failed in &cases.failed {
        corpus::print_failed(failed, output)?;
    }
    for result in laws.wrong() {
        let law = &result.law;
        let told = result.telling().map_or_else(String::new, |way| match &way.verdict {
            Verdict::Unknown(reason) => format!("unknown: {reason}"),
            other @ (Verdict::Proved | Verdict::Sampled | Verdict::Refuted(_) | Verdict::Vacuous) => {
                format!(
                    "{}, but expected {}; try `iamproof laws --law {} --ways`",
                    other.name(),
                    law.expected.name(),
                    law.id
                )
            }
        });
        output.line(&format!("{}  {}", output.styled(Style::Bad, law.id), law.statement))?;
        for line in wrapped(&printable(&told), 74) {
            output.line(&format!("      {line}"))?;
        }
    }
    for finding in &classes.findings {
        crosscheck::print_finding(finding, &classes::source(), output)?;
    }
    for finding in &run.findings {
        crosscheck::print_finding(finding, &crosscheck::Source::of(plan), output)?;
    }
    classes.print(output)?;
    let rows = [
        ("laws", laws.outcome(), laws.line()),
        ("cases", cases_outcome(collected), cases_line(collected)),
        ("policies", classes.outcome(), policies_line(collected, classes)),
        ("cross-check", outcome_of(run), cross_check_line(run)),
    ];
    for (part, outcome, line) in rows {
        row(part, outcome, &line, output)?;
    }
    if collected.bad_files() > 0 {
        let line = format!("{} could not be used, named above", collected.bad_files());
        row("files", collected.outcome(), &line, output)?;
    }
    row("verdict", report.outcome(), verdict(report.outcome()), output)
}

fn row(part: &str, outcome: Outcome, line: &str, output: &mut Output<'_>) -> Result<(), Failure> {
    let (style, mark) = match outcome {
        Outcome::Holds => (Style::Good, "holds"),
        Outcome::Unknown => (Style::Odd, "unknown"),
        Outcome::Refuted => (Style::Bad, "refuted"),
        Outcome::Unusable => (Style::Bad, "unusable"),
        Outcome::Interrupted => (Style::Odd, "interrupted"),
        Outcome::Defect => (Style::Bad, "defect"),
    };
    let mark = output.styled(style, &format!("{mark:9}"));
    for (index, line) in wrapped(line, 56).into_iter().enumerate() {
        let start = if index == 0 { format!("{part:12} {mark}") } else { " ".repeat(22) };
        output.line(&format!("{start} {line}"))?;
    }
    Ok(())
}

fn cases_outcome(collected: &Collected) -> Outcome {
    if collected.cases.failed.is_empty() { Outcome::Holds } else { Outcome::Refuted }
}

fn cases_line(collected: &Collected) -> String {
    let cases = &collected.cases;
    let failed = cases.failed.len();
    let verdict = if failed == 0 {
        match cases.steps - cases.modelled_steps {
            0 => "all answered as expected by both readings".to_owned(),
            alone => {
                format!("all answered as expected by both readings, but {alone} steps that not both took")
            }
        }
    } else {
        format!("{failed} answered otherwise")
    };
    format!("{} written cases, {} requests, {} steps: {verdict}", cases.cases, cases.requests, cases.steps)
}

fn policies_line(collected: &Collected, classes: &ByClasses) -> String {
    let read = collected.policies.len();
    if read == 0 {
        return "none were given".to_owned();
    }
    format!("{read} read, and held to the laws for every request; {}", classes.line())
}

fn cross_check_line(run: &Run) -> String {
    let comparison = &run.comparison;
    let unknown: u64 = comparison.unknown.values().sum();
    let mut line = format!(
        "{} generated cases, {} requests: the readings agree on {}, {} of them confirmed by the solver",
        comparison.worlds, comparison.requests, comparison.agreed, comparison.confirmed
    );
    if comparison.classes.worlds > 0 {
        let classes = &comparison.classes;
        line.push_str(&format!(
            "; in {} of them, {} parts decide alone somewhere",
            classes.worlds, classes.covered
        ));
    }
    if !run.findings.is_empty() {
        line.push_str(&format!("; they disagree in {} ways", run.findings.len()));
    }
    if unknown > 0 {
        line.push_str(&format!("; {unknown} without an answer of the model"));
    }
    line
}

/// The last word.
fn verdict(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Holds => "everything that was asked holds",
        Outcome::Unknown => "nothing is refuted, but something is unknown",
        Outcome::Refuted => "something is refuted",
        Outcome::Unusable => "something could not be used; the rest was done",
        Outcome::Interrupted => "interrupted",
        Outcome::Defect => "a defect of this program",
    }
}
