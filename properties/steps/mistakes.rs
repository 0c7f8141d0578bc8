//! Mistakes about steps: each contradicts a trace that is written down.

use iamproof::crosscheck::trace;
use iamproof::evaluator::Reading;
use iamproof::evaluator::fault::Fault;
use rayon::prelude::*;

use super::{Trace, written};

#[test]
fn each_mistake_about_steps_contradicts_a_trace() {
    let traces = written();
    let planted: Vec<Fault> = Fault::ALL.iter().copied().filter(|fault| fault.is_about_steps()).collect();
    assert!(planted.len() > 60, "only {} mistakes", planted.len());
    let unnoticed: Vec<&str> = planted
        .par_iter()
        .filter(|fault| {
            let reading = Reading::with_fault(**fault);
            traces
                .iter()
                .all(|Trace { world, steps, .. }| trace::evaluated(world, steps, reading).is_expected(steps))
        })
        .map(|fault| fault.name())
        .collect();
    assert!(unnoticed.is_empty(), "no trace notices {unnoticed:?}");
}
