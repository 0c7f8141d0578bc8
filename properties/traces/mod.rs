//! Laws about traces: each is proved for every trace, and no proof survives a broken step.

mod broken;

use iamproof::iam::assumption::Assumptions;
use iamproof::invariants::known::Verdict;
use iamproof::invariants::traces::steps::{OwnSteps, Steps};
use iamproof::invariants::traces::{LAWS_OF_TRACES, for_all_traces};
use iamproof::solver::Limits;

fn verdict(id: &str, steps: &dyn Steps) -> Option<Verdict> {
    for_all_traces(id, steps, Assumptions::default(), Limits::default()).map(|way| way.verdict)
}

#[test]
fn every_law_of_traces_is_proved() {
    for law in LAWS_OF_TRACES {
        assert_eq!(verdict(law.id, &OwnSteps), Some(Verdict::Proved), "{}", law.id);
    }
}

#[test]
fn no_proof_survives_a_broken_step() {
    for law in LAWS_OF_TRACES {
        let steps = broken::steps(law.id).unwrap_or_else(|| panic!("no broken step for {}", law.id));
        let verdict = verdict(law.id, steps);
        assert!(matches!(verdict, Some(Verdict::Refuted(_))), "{}: {verdict:?}", law.id);
    }
}
