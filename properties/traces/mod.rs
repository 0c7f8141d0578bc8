//! Laws about traces: each is proved for every trace, and no proof survives a broken step.

mod broken;
mod broken_takers;

use iamproof::iam::assumption::Assumptions;
use iamproof::invariants::known::Verdict;
use iamproof::invariants::traces::steps::{OwnSteps, Steps};
use iamproof::invariants::traces::{LAWS_OF_TRACES, for_all_traces};
use iamproof::solver::Limits;

/// A law of another list that is proved for every trace as well.
const ELSEWHERE: &str = "INV-53";

fn verdict(id: &str, steps: &dyn Steps) -> Option<Verdict> {
    for_all_traces(id, steps, Assumptions::default(), Limits::default()).map(|way| way.verdict)
}

#[test]
fn every_law_of_traces_is_proved() {
    for id in LAWS_OF_TRACES.iter().map(|law| law.id).chain([ELSEWHERE]) {
        assert_eq!(verdict(id, &OwnSteps), Some(Verdict::Proved), "{id}");
    }
}

#[test]
fn no_proof_survives_a_broken_step() {
    let one_each = LAWS_OF_TRACES.iter().map(|law| law.id).chain([ELSEWHERE]).map(|id| {
        let steps = broken::steps(id).unwrap_or_else(|| panic!("no broken step for {id}"));
        (id, steps)
    });
    for (id, steps) in one_each.chain(broken::MORE.iter().copied()) {
        let verdict = verdict(id, steps);
        assert!(matches!(verdict, Some(Verdict::Refuted(_))), "{id}: {verdict:?}");
    }
}
