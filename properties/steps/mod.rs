//! Worlds and steps: written traces, mistakes that are planted, steps at random, and cases that cannot be used.

// Mistakes can be planted only where debug assertions are on.
mod held;
mod mistakes;
mod odd;
mod random;
mod refused;
mod told;

use iamproof::corpus::Question;
use iamproof::corpus::steps::ExpectedStep;
use iamproof::crosscheck::trace;
use iamproof::evaluator::Reading;
use iamproof::iam::outcome::{Outcome, Taken};
use iamproof::iam::world::World;

/// A written trace.
struct Trace {
    name: String,
    world: World,
    steps: Vec<ExpectedStep>,
}

/// Every trace of the corpus.
fn written() -> Vec<Trace> {
    let cases = super::corpus::cases_in("corpus/cited");
    let traces: Vec<Trace> = cases
        .into_iter()
        .filter_map(|(name, case)| match case.question {
            Question::Trace { world, steps } => Some(Trace { name, world: *world, steps }),
            Question::Decisions { .. } | Question::Grammar { .. } => None,
        })
        .collect();
    assert!(traces.len() > 90, "only {} traces", traces.len());
    traces
}

#[test]
fn every_trace_comes_out_as_written() {
    let mut differences = Vec::new();
    for Trace { name, world, steps } in written() {
        let run = trace::run(&world, &steps, Reading::default());
        for (index, step) in run.steps.iter().enumerate() {
            differences
                .extend(step.difference.iter().map(|told| format!("{name}, step {}: {told}", index + 1)));
        }
        assert!(run.is_expected(&steps) || !differences.is_empty(), "{name}: {:?}", run.begun);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// A world without what a refused step may leave: the hour, and the message of a denial.
fn without_traces(world: &World) -> World {
    let mut bare = World { fresh: 0, ..world.clone() };
    bare.messages.clear();
    bare.now = iamproof::iam::instant::Instant::from_epoch_seconds(0).unwrap();
    bare
}

#[test]
fn a_refused_step_changes_nothing() {
    let mut refusals = 0;
    for Trace { name, world, steps } in written() {
        let run = trace::run(&world, &steps, Reading::default());
        let mut before = run.begun.clone().unwrap();
        for (index, step) in run.steps.iter().enumerate() {
            let Ok(Taken { world, outcome, .. }) = &step.taken else { continue };
            if let Outcome::Refused(_) = outcome {
                refusals += 1;
                assert_eq!(without_traces(&before), without_traces(world), "{name}, step {}", index + 1);
            }
            before = world.clone();
        }
    }
    assert!(refusals > 150, "only {refusals} refusals");
}

#[test]
fn a_session_that_was_issued_never_changes() {
    for Trace { name, world, steps } in written() {
        let run = trace::run(&world, &steps, Reading::default());
        let worlds: Vec<&World> =
            run.steps.iter().filter_map(|step| Some(&step.taken.as_ref().ok()?.world)).collect();
        for pair in worlds.windows(2) {
            for (session, record) in &pair[0].sessions {
                assert_eq!(pair[1].sessions.get(session), Some(record), "{name}: {session}");
            }
        }
    }
}

#[test]
fn both_readings_agree_on_every_step() {
    let (mut differences, mut modelled) = (Vec::new(), 0);
    for Trace { name, world, steps } in written() {
        let run = trace::run(&world, &steps, Reading::default());
        modelled += run.modelled();
        for (index, step) in run.steps.iter().enumerate() {
            let told = step.model.as_ref().and_then(|model| model.difference.as_ref());
            differences.extend(told.map(|told| format!("{name}, step {}: {told}", index + 1)));
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
    assert!(modelled > 500, "only {modelled} steps have a second reading");
}
