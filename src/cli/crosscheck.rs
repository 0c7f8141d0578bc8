//! `iamproof crosscheck`: generated policies and requests through the model and the evaluator.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use serde_json::{Map, Value, json};

use super::output::{Style, printable, tell, wrapped};
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output, external, interrupt, progress, traces};
use crate::corpus::Question;
use crate::corpus::folder::{self, Content};
use crate::corpus::write::write;
use crate::crosscheck::classes::Summary;
use crate::crosscheck::coverage::{Coverage, Sides};
use crate::crosscheck::finding::Finding;
use crate::crosscheck::party::BuiltIn;
use crate::crosscheck::pointwise::{Comparison, Manner};
use crate::crosscheck::runner::{Control, Plan, Run, run as run_plan};
use crate::crosscheck::stream::Kind;
use crate::evaluator::Reading;
use crate::generators::worlds::World;
use crate::iam::decision::Decision;
use crate::iam::document::Strictness;
use crate::solver::Limits;

/// What `crosscheck` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// How many worlds to generate [default: 20,000 with up to 4 requests each; for another evaluator 4,000 with up to 50].
    #[arg(long, value_name = "N")]
    cases: Option<u64>,

    #[command(flatten)]
    external: external::UnderTest,

    /// Written cases to compare as well: files, or folders of which every `*.json` below is read.
    #[arg(long, value_name = "PATH")]
    corpus: Vec<PathBuf>,

    /// Have the solver confirm the model's answers in every Nth world; 0 for none.
    #[arg(long, value_name = "N", default_value_t = 200)]
    confirm_every: u64,

    /// Examine every Nth world by classes: for each part of it the solver finds a request on which it alone decides; 0 for none.
    #[arg(long, value_name = "N", default_value_t = CLASSES_EVERY)]
    classes_every: u64,

    /// Compare the readings on random traces instead: worlds and steps, until there are N steps.
    #[arg(long, value_name = "N", conflicts_with_all = ["cases", "corpus", "write_to", "evaluator"])]
    traces: Option<u64>,

    /// A folder to write each disagreement to, as a case.
    #[arg(long, value_name = "FOLDER")]
    write_to: Option<PathBuf>,
}

/// How many worlds are generated where nothing is said.
const CASES: u64 = 20_000;

/// In every so many generated worlds each part is made to decide alone.
pub(super) const CLASSES_EVERY: u64 = 500;

/// How many requests a generated world has at the most.
pub(super) const MOST_REQUESTS: usize = 4;

/// Runs the verb.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    if let Some(steps) = arguments.traces {
        return traces::run(steps, settings, output);
    }
    if let Some(command) = &arguments.external.evaluator {
        let cases = arguments.cases.unwrap_or(external::CASES);
        let folder = arguments.write_to.as_deref();
        return external::run(
            command,
            &arguments.external,
            cases,
            (&arguments.corpus, folder),
            settings,
            output,
        );
    }
    let assumptions = settings.assumptions()?;
    let (written, mut outcome) = written_cases(&arguments.corpus);
    let plan = Plan {
        seed: settings.seed,
        kind: Kind::Mixed,
        cases: arguments.cases.unwrap_or(CASES),
        most_requests: MOST_REQUESTS,
        manner: Manner {
            assumptions,
            every: arguments.confirm_every,
            classes_every: arguments.classes_every,
            limits: limits(settings),
        },
        threads: settings.threads.map(usize::from),
    };
    let bar = progress::bar(plan.cases, "cross-check");
    let start = Instant::now();
    let control = Control { stop: interrupt::watched(), progress: &|done| bar.inc(done) };
    let run = run_plan(&plan, &BuiltIn(Reading::assuming(assumptions)), &written, control)
        .map_err(|error| Failure::Input(format!("no threads to run on: {error}")))?;
    bar.finish_and_clear();
    let seconds = start.elapsed().as_secs_f64();
    if let Some(folder) = &arguments.write_to {
        write_findings(folder, &run, &plan)?;
    }
    let source = Source { folder: arguments.write_to.clone(), ..Source::of(&plan) };
    match settings.format {
        Format::Text => print(&run, &plan, &source, seconds, output)?,
        Format::Json => output.answer(settings, fields(&run, &plan))?,
    }
    outcome = outcome.and(outcome_of(&run));
    Ok(outcome)
}

/// The effort that the settings allow.
pub(super) fn limits(settings: &Settings) -> Limits {
    settings.limit.map_or_else(Limits::default, |z3_effort| Limits { z3_effort, ..Limits::default() })
}

/// How a run ends.
pub(super) fn outcome_of(run: &Run) -> Outcome {
    let Comparison { agreed, disagreements, failures, defects, .. } = &run.comparison;
    let mut outcome = if *agreed == 0 { Outcome::Unknown } else { Outcome::Holds };
    let classes = &run.comparison.classes;
    let by_classes = classes.differed > 0 || !classes.defects.is_empty();
    if !disagreements.is_empty() || !failures.is_empty() || !defects.is_empty() || by_classes {
        outcome = outcome.and(Outcome::Refuted);
    }
    if run.interrupted {
        outcome = outcome.and(Outcome::Interrupted);
    }
    outcome
}

/// The worlds of written cases, and how reading them ended. Cases of the grammar and lone policies ask nothing of the readings.
fn written_cases(paths: &[PathBuf]) -> (Vec<World>, Outcome) {
    let mut worlds = Vec::new();
    let mut outcome = Outcome::Holds;
    for found in paths.iter().flat_map(|path| folder::read(path, Strictness::Strict)) {
        match found.content {
            Ok(Content::Case(case)) => match case.question {
                // Whatever answers the case expects, the readings must give the same ones.
                Question::Decisions { layers, asked, .. } => {
                    let requests = asked.into_iter().map(|asked| asked.request).collect();
                    worlds.push(World { layers: *layers, requests });
                }
                Question::Trace { .. } | Question::Grammar { .. } => {}
            },
            Ok(Content::Policy(_)) => {}
            Err(error) => {
                tell(&error.to_string());
                outcome = outcome.and(Outcome::Unusable);
            }
        }
    }
    (worlds, outcome)
}

/// Where a finding comes from.
pub(super) struct Source {
    /// The command that finds it again.
    pub(super) command: String,
    /// What its case's file may be called.
    pub(super) seed: u64,
    /// Where that file is, if anywhere.
    pub(super) folder: Option<PathBuf>,
}

impl Source {
    /// A run over generated worlds.
    pub(super) fn of(plan: &Plan) -> Source {
        let Plan { seed, cases, manner, .. } = plan;
        let mut command =
            format!("iamproof {} crosscheck --seed {seed} --cases {cases}", env!("CARGO_PKG_VERSION"));
        for assumed in manner.assumptions.alternatives() {
            command.push_str(&format!(" --assume {assumed}"));
        }
        Source { command, seed: *seed, folder: None }
    }
}

fn write_findings(folder: &Path, run: &Run, plan: &Plan) -> Result<(), Failure> {
    let of =
        |finding: &Finding| (finding.file_name(plan.seed), write(&finding.case(&Source::of(plan).command)));
    write_cases(folder, run.findings.iter().map(of))
}

/// Writes cases, each under its name, into a folder that is made if there is none.
pub(super) fn write_cases(
    folder: &Path,
    cases: impl Iterator<Item = (String, String)>,
) -> Result<(), Failure> {
    let unwritable = |path: &Path, error: std::io::Error| {
        Failure::Input(format!("{} cannot be written: {error}", path.display()))
    };
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
    for (name, case) in cases {
        let path = folder.join(name);
        fs::write(&path, case).map_err(|error| unwritable(&path, error))?;
    }
    Ok(())
}

/// The fields of the JSON answer.
pub(super) fn fields(run: &Run, plan: &Plan) -> [(&'static str, Value); 13] {
    let Comparison { worlds, requests, agreed, unsupported, unknown, confirmed, unconfirmed, .. } =
        &run.comparison;
    let sum = |counts: &std::collections::BTreeMap<String, u64>| counts.values().sum::<u64>();
    [
        ("cases", (*worlds).into()),
        ("requests", (*requests).into()),
        ("agreed", (*agreed).into()),
        ("unsupported", sum(unsupported).into()),
        ("unknown", sum(unknown).into()),
        ("unknownBecause", json!(unknown)),
        ("confirmed", (*confirmed).into()),
        ("unconfirmed", json!(unconfirmed)),
        (
            "disagreements",
            run.findings.iter().map(|finding| disagreement(finding, &Source::of(plan))).collect(),
        ),
        ("failures", failures(&run.comparison)),
        ("byClasses", by_classes(&run.comparison.classes)),
        ("coverage", coverage(&run.comparison.coverage)),
        ("interrupted", run.interrupted.into()),
    ]
}

pub(super) fn disagreement(finding: &Finding, source: &Source) -> Value {
    json!({
        "case": finding.case(&source.command),
        "expected": finding.expected.decision().name(),
        "expectedReason": finding.expected.code(),
        "got": finding.got.to_string(),
        "rule": finding.rule,
        "constructs": finding.constructs,
        "count": finding.count,
    })
}

fn by_classes(classes: &Summary) -> Value {
    json!({
        "worlds": classes.worlds,
        "covered": classes.covered,
        "dead": classes.dead,
        "unknown": classes.unknown,
        "disagreements": classes.differed,
        "defects": classes.defects,
    })
}

fn failures(comparison: &Comparison) -> Value {
    let Comparison { failures, defects, .. } = comparison;
    let listed = failures.iter().map(|(what, seen)| ("evaluator", what, seen));
    let listed = listed.chain(defects.iter().map(|(what, seen)| ("model", what, seen)));
    listed
        .map(|(of, what, seen)| {
            let worlds: Vec<u64> = seen.first.iter().map(|asked| asked.world).collect();
            json!({ "of": of, "message": what, "count": seen.count, "worlds": worlds })
        })
        .collect()
}

pub(super) fn coverage(coverage: &Coverage) -> Value {
    let sides = |sides: &Sides| json!({ "held": sides.held, "failed": sides.failed });
    let operators: Map<String, Value> =
        coverage.operators.iter().map(|(operator, found)| (operator.to_string(), sides(found))).collect();
    let elements: Map<String, Value> =
        coverage.elements.iter().map(|(element, found)| ((*element).to_owned(), sides(found))).collect();
    let mut statements: Map<String, Value> = Map::new();
    for ((layer, effect), found) in &coverage.statements {
        statements.insert(format!("{layer} {effect}"), sides(found));
    }
    let reasons: Map<String, Value> =
        coverage.reasons.iter().map(|(reason, count)| (reason.code().to_owned(), (*count).into())).collect();
    json!({
        "decisions": decisions(coverage),
        "reasons": reasons,
        "callers": coverage.callers,
        "statements": statements,
        "elements": elements,
        "operators": operators,
    })
}

fn decisions(coverage: &Coverage) -> Value {
    let all = [Decision::Allow, Decision::ExplicitDeny, Decision::ImplicitDeny];
    all.into_iter()
        .map(|decision| (decision.name().to_owned(), Value::from(coverage.decided(decision))))
        .collect::<Map<String, Value>>()
        .into()
}

fn print(
    run: &Run,
    plan: &Plan,
    source: &Source,
    seconds: f64,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    let Comparison { worlds, requests, agreed, unknown, confirmed, coverage, .. } = &run.comparison;
    let rate = *worlds as f64 / seconds.max(1e-9) * 60.0;
    output.assumed(plan.manner.assumptions)?;
    output.line(&format!(
        "{worlds} cases, {requests} requests, {rate:.0} cases a minute, seed {}",
        plan.seed
    ))?;
    output.line(&format!("  {agreed} decided alike, {confirmed} of them confirmed by the solver"))?;
    for (what, count) in unknown {
        output.line(&format!("  {count} without an answer of the model: {what}"))?;
    }
    for (what, count) in &run.comparison.unconfirmed {
        output.line(&format!("  {count} that the solver was asked about without success: {what}"))?;
    }
    let classes = &run.comparison.classes;
    if classes.worlds > 0 {
        output.line(&format!(
            "  {} cases by classes: {} parts decide alone, {} cannot matter, {} unknown",
            classes.worlds,
            classes.covered,
            classes.dead,
            classes.unknown.values().sum::<u64>(),
        ))?;
    }
    for (what, count) in &classes.defects {
        output
            .line(&output.styled(Style::Bad, &format!("{count} times, by classes: {}", printable(what))))?;
    }
    let decided = |decision| coverage.decided(decision);
    output.line(&format!(
        "  {} allow, {} explicit-deny, {} implicit-deny; {} of {} reasons, {} operators with modifiers, {} kinds of caller",
        decided(Decision::Allow),
        decided(Decision::ExplicitDeny),
        decided(Decision::ImplicitDeny),
        coverage.reasons.len(),
        crate::iam::decision::Reason::ALL.len(),
        coverage.operators.len(),
        coverage.callers.len(),
    ))?;
    for (what, seen) in run.comparison.failures.iter().chain(&run.comparison.defects) {
        output.line("")?;
        output.line(&output.styled(Style::Bad, &format!("{} times: {}", seen.count, printable(what))))?;
    }
    for finding in &run.findings {
        print_finding(finding, source, output)?;
    }
    let verdict = if run.interrupted {
        output.styled(Style::Odd, "interrupted")
    } else if run.agrees() {
        output.styled(Style::Good, "the two readings agree")
    } else if *agreed == 0 && run.findings.is_empty() {
        output.styled(Style::Odd, "nothing was compared")
    } else {
        output.styled(Style::Bad, &format!("the two readings disagree in {} ways", run.findings.len()))
    };
    output.line(&verdict)?;
    Ok(())
}

/// A disagreement with its case, for people.
pub(super) fn print_finding(
    finding: &Finding,
    source: &Source,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    output.line("")?;
    let heading = format!(
        "{} requests: the model says {}, the evaluator {}",
        finding.count,
        finding.expected,
        printable(&finding.got.to_string())
    );
    output.line(&output.styled(Style::Bad, &heading))?;
    let constructs: Vec<&str> = finding.constructs.iter().map(String::as_str).collect();
    for line in wrapped(&format!("rule {}; {}", finding.rule, constructs.join(", ")), 100) {
        output.line(&format!("  {line}"))?;
    }
    let file = finding.file_name(source.seed);
    let replay = match &source.folder {
        Some(folder) => format!("iamproof decide --case {}", folder.join(file).display()),
        None => "this case, written to a file, is for `iamproof decide --case FILE`:".to_owned(),
    };
    output.line(&format!("  {replay}"))?;
    for line in write(&finding.case(&source.command)).lines() {
        output.line(&format!("  {line}"))?;
    }
    Ok(())
}
