//! `iamproof crosscheck --traces`: random traces of steps through both readings.

use std::time::Instant;

use serde_json::{Value, json};

use super::output::{Style, printable, wrapped};
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output, interrupt, progress};
use crate::corpus::write::write;
use crate::crosscheck::runner::Control;
use crate::crosscheck::traces::{Finding, Plan, Run, run as run_plan};
use crate::evaluator::Reading;

/// Compares the readings on random traces of so many steps together.
pub(super) fn run(steps: u64, settings: &Settings, output: &mut Output<'_>) -> Result<Outcome, Failure> {
    let plan = Plan {
        seed: settings.seed,
        steps,
        threads: settings.threads.map(usize::from),
        reading: Reading::default(),
    };
    let bar = progress::bar(plan.steps, "traces");
    let start = Instant::now();
    let control = Control { stop: interrupt::watched(), progress: &|done| bar.inc(done) };
    let run =
        run_plan(&plan, control).map_err(|error| Failure::Input(format!("no threads to run on: {error}")))?;
    bar.finish_and_clear();
    match settings.format {
        Format::Text => print(&run, &plan, start.elapsed().as_secs_f64(), output)?,
        Format::Json => output.answer(settings, fields(&run, &plan))?,
    }
    let mut outcome = if run.agreed == 0 { Outcome::Unknown } else { Outcome::Holds };
    if run.differing > 0 {
        outcome = outcome.and(Outcome::Refuted);
    }
    if run.interrupted {
        outcome = outcome.and(Outcome::Interrupted);
    }
    Ok(outcome)
}

fn source(plan: &Plan) -> String {
    format!("iamproof crosscheck --traces {} --seed {}", plan.steps, plan.seed)
}

fn fields(run: &Run, plan: &Plan) -> [(&'static str, Value); 6] {
    let disagreements = run.findings.iter().map(|finding| {
        json!({
            "case": finding.case(&source(plan)),
            "trace": finding.number,
            "difference": finding.difference,
        })
    });
    [
        ("traces", run.traces.into()),
        ("steps", run.steps.into()),
        ("agreed", run.agreed.into()),
        ("outcomes", json!(run.outcomes)),
        ("disagreements", disagreements.collect()),
        ("interrupted", run.interrupted.into()),
    ]
}

fn print(run: &Run, plan: &Plan, seconds: f64, output: &mut Output<'_>) -> Result<(), Failure> {
    let Run { traces, steps, agreed, outcomes, differing, findings, .. } = run;
    let rate = *steps as f64 / seconds.max(0.001);
    output.line(&format!("{traces} traces, {steps} steps, {rate:.0} steps a second, seed {}", plan.seed))?;
    output.line(&format!("  {agreed} steps come out alike, the world after them included"))?;
    let told: Vec<String> = outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    for line in wrapped(&told.join(", "), 76) {
        output.line(&format!("  {line}"))?;
    }
    for finding in findings {
        print_finding(finding, plan, output)?;
    }
    let verdict = if run.interrupted {
        output.styled(Style::Odd, "interrupted")
    } else if *differing > 0 {
        output.styled(Style::Bad, &format!("the two readings differ on {differing} traces"))
    } else if *agreed == 0 {
        output.styled(Style::Odd, "nothing was compared")
    } else {
        output.styled(Style::Good, "the two readings agree")
    };
    output.line(&verdict)?;
    Ok(())
}

/// A trace on which the readings differ, as a case that `iamproof run` replays.
fn print_finding(finding: &Finding, plan: &Plan, output: &mut Output<'_>) -> Result<(), Failure> {
    output.line("")?;
    output.line(&output.styled(Style::Bad, &format!("trace {}: the readings differ", finding.number)))?;
    for line in wrapped(&printable(&finding.difference), 76) {
        output.line(&format!("  {line}"))?;
    }
    output.line("  `iamproof run` replays this case:")?;
    for line in write(&finding.case(&source(plan))).lines() {
        output.line(&format!("  {line}"))?;
    }
    Ok(())
}
