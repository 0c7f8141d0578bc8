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
    let readings = Readings {
        rules: &OwnRules,
        evaluator: Reading::default(),
        limits: Limits {
            conflicts: 2_000,
            rounds: 300,
            text_states: 20_000,
            z3_effort: 100_000,
            ..Limits::default()
        },
    };
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

#[test]
fn tmp_given() {
    let readings = Readings { rules: &OwnRules, evaluator: Reading::default(), limits: Limits::default() };
    let found = iamproof::corpus::folder::read(
        std::path::Path::new("corpus"),
        iamproof::iam::document::Strictness::Strict,
    );
    let given = invariants::given::sets_of(&found);
    println!("{} files {} sets", found.len(), given.len());
    let laws = invariants::all();
    let t = std::time::Instant::now();
    let ways = invariants::given::prove(&laws, &given, readings, &|| ());
    println!("{:?}", t.elapsed());
    for (law, w) in laws.iter().zip(ways) {
        if let Some(w) = w {
            println!("{}   {} {:.2500} | {}", law.id, w.scope, format!("{:?}", w.verdict), w.done);
        }
    }
}
