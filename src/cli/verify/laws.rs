//! The part of `verify` about the laws: each is proved, tried on the policies that were given, and sampled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rayon::ThreadPool;
use serde_json::{Value, json};

use super::collect::Collected;
use crate::cli::crosscheck::limits;
use crate::cli::laws::rests_on;
use crate::cli::{Outcome, Settings, progress};
use crate::iam::assumption::Assumptions;
use crate::invariants::catalog::Expected;
use crate::invariants::given::Given;
use crate::invariants::known::{LawResult, Scope, Standing, Verdict};
use crate::invariants::material::Material;
use crate::invariants::rests_on::find_all;
use crate::invariants::rules::OwnRules;
use crate::invariants::sampled::{Asking, Samples};
use crate::invariants::{Options, Readings, all, prove_all};

/// Random sets of policies for each law, and requests for each set: the verb `laws` tries more.
const SETS: u32 = 40;
const REQUESTS: usize = 12;

/// The laws, and what is known of each; nothing is known of them where the user interrupted their proofs.
pub(super) struct Laws(Option<Vec<LawResult>>);

/// How often the user's wish to stop is looked for while the laws are proved.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl Laws {
    /// Proves them on the threads of this pool, or gives up as soon as `stop` is set: proofs in hand are left behind, since the
    /// program ends soon. Gives back a pool that is free.
    pub(super) fn prove(
        collected: &Collected,
        assumptions: Assumptions,
        settings: &Settings,
        pool: ThreadPool,
        stop: &AtomicBool,
    ) -> (Laws, Arc<ThreadPool>) {
        let options = options(collected, assumptions, settings);
        let pool = Arc::new(pool);
        let bar = progress::bar(options.steps(), "laws");
        let (send, results) = mpsc::channel();
        let prover = {
            let (pool, bar) = (Arc::clone(&pool), bar.clone());
            // Whoever waited may have given up and hung up.
            thread::spawn(move || {
                let proved = pool.install(|| {
                    let mut results = prove_all(&options, &|| bar.inc(1));
                    find_all(&mut results, &options, &|| bar.inc(1));
                    results
                });
                drop(send.send(proved));
            })
        };
        let laws = loop {
            match results.recv_timeout(LOOK_EVERY) {
                Ok(results) => break Laws(Some(results)),
                Err(RecvTimeoutError::Timeout) if stop.load(Ordering::Relaxed) => break Laws(None),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => match prover.join() {
                    Err(panic) => std::panic::resume_unwind(panic),
                    Ok(()) => break Laws(None),
                },
            }
        };
        bar.finish_and_clear();
        (laws, pool)
    }

    /// Whether the proofs were ended before.
    pub(super) fn is_interrupted(&self) -> bool {
        self.0.is_none()
    }

    fn results(&self) -> &[LawResult] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Those that did not come out as they must.
    pub(super) fn wrong(&self) -> impl Iterator<Item = &LawResult> {
        self.results().iter().filter(|result| result.standing() != Standing::AsExpected)
    }

    /// What came out, in one line.
    pub(super) fn line(&self) -> String {
        if self.is_interrupted() {
            return "interrupted before they were proved".to_owned();
        }
        let fine = || self.results().iter().filter(|result| result.standing() == Standing::AsExpected);
        let laws: Vec<&LawResult> = fine().filter(|result| result.law.expected == Expected::Proved).collect();
        let refuted = fine().count() - laws.len();
        let proved = |scope: Scope| {
            let known = laws.iter().filter_map(|result| result.telling());
            known.filter(|way| way.scope == scope && way.verdict == Verdict::Proved).count()
        };
        format!(
            "{} hold, {} of them proved for all policies, {} for all traces; {refuted} false ones are refuted",
            laws.len(),
            proved(Scope::AllPolicies),
            proved(Scope::AllTraces),
        )
    }

    pub(super) fn outcome(&self) -> Outcome {
        let start = if self.is_interrupted() { Outcome::Interrupted } else { Outcome::Holds };
        self.results().iter().fold(start, |outcome, result| {
            outcome.and(match result.standing() {
                Standing::AsExpected => Outcome::Holds,
                Standing::NotAsExpected => Outcome::Refuted,
                Standing::Open => Outcome::Unknown,
            })
        })
    }

    pub(super) fn as_json(&self) -> Value {
        let laws = self.results().iter().map(|result| {
            let telling = result.telling();
            let mut fields = json!({
                "id": result.law.id,
                "statement": result.law.statement,
                "kind": result.law.kind.letter(),
                "scope": telling.map(|way| way.scope.to_string()),
                "verdict": telling.map_or("unknown", |way| way.verdict.name()),
                "expected": result.law.expected.name(),
                "holds": result.standing() == Standing::AsExpected,
            });
            if let Value::Object(fields) = &mut fields {
                fields.extend(rests_on(result));
            }
            fields
        });
        Value::Array(laws.collect())
    }
}

fn options(collected: &Collected, assumptions: Assumptions, settings: &Settings) -> Options<'static> {
    let given = collected.policies.iter().map(|filed| Given {
        name: filed.path.display().to_string(),
        material: Material {
            policies: vec![filed.policy.clone()],
            policy_type: filed.policy_type,
            additions: None,
        },
    });
    Options {
        laws: all(),
        readings: Readings::assuming(&OwnRules, assumptions, limits(settings)),
        given: given.collect(),
        samples: Some(Samples { sets: SETS, requests: REQUESTS, seed: settings.seed, asking: Asking::Both }),
    }
}
