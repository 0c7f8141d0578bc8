//! tmp
use iamproof::evaluator::Reading;
use iamproof::invariants::{
    self, Options, Readings,
    rules::OwnRules,
    sampled::{Asking, Samples},
};
use iamproof::solver::Limits;

#[test]
fn tmp_all() {
    let readings = Readings { rules: &OwnRules, evaluator: Reading::default(), limits: Limits::default() };
    for law in invariants::all() {
        let t = std::time::Instant::now();
        let options = Options {
            laws: vec![law],
            readings,
            given: vec![],
            samples: Some(Samples { sets: 48, requests: 8, seed: 0, readings: Asking::Both }),
        };
        for r in invariants::prove_all(&options, &|_| ()) {
            println!("== {} {:?} {:?}", r.law.id, r.standing(), t.elapsed());
            for w in r.ways {
                println!("   {} {:.1500} | {}", w.scope, format!("{:?}", w.verdict), w.done);
            }
        }
    }
}
