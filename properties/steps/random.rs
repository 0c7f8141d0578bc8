//! Random traces: both readings, step by step, and mistakes that they meet.

use std::sync::atomic::AtomicBool;

use iamproof::crosscheck::runner::Control;
use iamproof::crosscheck::traces::{Plan, Run, run};
use iamproof::evaluator::Reading;

/// Random traces of so many steps, the first reading in a given way.
fn compared(seed: u64, steps: u64, threads: usize, reading: Reading) -> Run {
    let stop = AtomicBool::new(false);
    let control = Control { stop: &stop, progress: &|_| {} };
    run(&Plan { seed, steps, threads: Some(threads), reading }, control).unwrap()
}

#[test]
fn random_traces_come_out_alike_in_both_readings() {
    let run = compared(1, 1_500, 2, Reading::default());
    let told: Vec<&str> = run.findings.iter().map(|finding| finding.difference.as_str()).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(run.agreed, run.steps);
    assert!(run.steps >= 1_500 && run.outcomes.len() > 15, "{:?}", run.outcomes);
}

#[test]
fn random_traces_are_the_same_on_any_number_of_threads() {
    let reading = Reading::default();
    assert_eq!(compared(5, 200, 1, reading), compared(5, 200, 2, reading));
}

// Mistakes can be planted only where debug assertions are on.
#[test]
fn random_traces_meet_mistakes_of_the_interpreter_and_make_them_small() {
    use iamproof::evaluator::fault::Fault;
    for fault in [Fault::InactiveKeyWorks, Fault::ShortDurationsAccepted, Fault::NewVersionsBecomeDefault] {
        let run = compared(2, 2_500, 2, Reading::with_fault(fault));
        assert!(run.differing > 0, "no random trace meets {}", fault.name());
        let smallest = run.findings.iter().map(|finding| finding.steps.len()).min();
        assert!(smallest.is_some_and(|steps| steps <= 3), "{} takes {smallest:?} steps", fault.name());
    }
}
