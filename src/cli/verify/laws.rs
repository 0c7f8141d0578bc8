//! The part of `verify` about the laws: each is proved, tried on the policies that were given, and sampled.

use serde_json::{Value, json};

use super::collect::Collected;
use crate::cli::crosscheck::limits;
use crate::cli::{Outcome, Settings, progress};
use crate::evaluator::Reading;
use crate::invariants::catalog::Expected;
use crate::invariants::given::Given;
use crate::invariants::known::{LawResult, Scope, Standing};
use crate::invariants::material::Material;
use crate::invariants::rules::OwnRules;
use crate::invariants::sampled::{Asking, Samples};
use crate::invariants::{Options, Readings, all, prove_all};

/// Random sets of policies for each law, and requests for each set: the verb `laws` tries more.
const SETS: u32 = 40;
const REQUESTS: usize = 12;

/// The laws, and what is known of each.
pub(super) struct Laws(Vec<LawResult>);

impl Laws {
    /// Proves them.
    pub(super) fn prove(collected: &Collected, settings: &Settings) -> Laws {
        let given = collected.policies.iter().map(|filed| Given {
            name: filed.path.display().to_string(),
            material: Material {
                policies: vec![filed.policy.clone()],
                policy_type: filed.policy_type,
                additions: None,
            },
        });
        let options = Options {
            laws: all(),
            readings: Readings { rules: &OwnRules, evaluator: Reading::default(), limits: limits(settings) },
            given: given.collect(),
            samples: Some(Samples {
                sets: SETS,
                requests: REQUESTS,
                seed: settings.seed,
                asking: Asking::Both,
            }),
        };
        let bar = progress::bar(options.steps(), "laws");
        let results = prove_all(&options, &|| bar.inc(1));
        bar.finish_and_clear();
        Laws(results)
    }

    /// Those that did not come out as they must.
    pub(super) fn wrong(&self) -> impl Iterator<Item = &LawResult> {
        self.0.iter().filter(|result| result.standing() != Standing::AsExpected)
    }

    /// What came out, in one line.
    pub(super) fn line(&self) -> String {
        let fine = || self.0.iter().filter(|result| result.standing() == Standing::AsExpected);
        let laws = fine().filter(|result| result.law.expected == Expected::Proved).count();
        let refuted = fine().count() - laws;
        let for_all = fine()
            .filter(|result| result.law.expected == Expected::Proved)
            .filter(|result| result.ways.iter().any(|way| way.scope == Scope::AllPolicies))
            .count();
        format!("{laws} hold, {for_all} of them proved for all policies; {refuted} false ones are refuted")
    }

    pub(super) fn outcome(&self) -> Outcome {
        self.0.iter().fold(Outcome::Holds, |outcome, result| {
            outcome.and(match result.standing() {
                Standing::AsExpected => Outcome::Holds,
                Standing::NotAsExpected => Outcome::Refuted,
                Standing::Open => Outcome::Unknown,
            })
        })
    }

    pub(super) fn as_json(&self) -> Value {
        let laws = self.0.iter().map(|result| {
            let telling = result.telling();
            json!({
                "id": result.law.id,
                "statement": result.law.statement,
                "kind": result.law.kind.letter(),
                "scope": telling.map(|way| way.scope.to_string()),
                "verdict": telling.map_or("unknown", |way| way.verdict.name()),
                "restsOn": result.rests_on,
                "expected": result.law.expected.name(),
                "holds": result.standing() == Standing::AsExpected,
            })
        });
        Value::Array(laws.collect())
    }
}
