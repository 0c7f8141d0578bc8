//! Laws about traces: each is proved for every trace, within seconds, and no proof survives a broken step.

use iamproof::invariants::known::Verdict;
use iamproof::invariants::traces::steps::OwnSteps;
use iamproof::invariants::traces::{LAWS_OF_TRACES, for_all_traces};
use iamproof::solver::Limits;

#[test]
fn every_law_of_traces_is_proved() {
    for law in LAWS_OF_TRACES {
        let start = std::time::Instant::now();
        let way = for_all_traces(law.id, &OwnSteps, Limits::default());
        eprintln!("{} {:?}", law.id, start.elapsed());
        let verdict = way.map(|way| way.verdict);
        assert_eq!(verdict, Some(Verdict::Proved), "{}", law.id);
    }
}
