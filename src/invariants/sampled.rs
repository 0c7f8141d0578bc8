//! Laws on policies and requests drawn by chance: each is held to the evaluator and to the model.
//!
//! What is drawn comes from [`crate::generators`], which aims at confusions, and is shrunk when a law fails. Every law has a random sequence of its own, which
//! depends on the seed and the law alone: so its samples are the same whatever else is tried, and on any thread.

use std::cell::RefCell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::catalog::Law;
use super::claim::{Instance, Policies, Side};
use super::given::counted;
use super::known::{Counterexample, Found, Scope, Verdict, Way, Witness};
use super::material::{Additions, Material};
use super::readings::{Premises, Readings, Shown, Symbolic, Trial};
use super::{on_sets, on_statements, on_texts};
use crate::generators::{conditions, fragments, policies, requests};
use crate::iam::policy::PolicyType;
use crate::iam::request::Request;
use crate::model;
use crate::solver::Limits;

/// How much is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Samples {
    /// Sets of policies for each law.
    pub sets: u32,
    /// Requests for each set.
    pub requests: usize,
    /// Which random sequence.
    pub seed: u64,
    /// Whether the model is asked too.
    pub asking: Asking,
}

impl Default for Samples {
    fn default() -> Samples {
        Samples { sets: 48, requests: 8, seed: 0, asking: Asking::Both }
    }
}

/// How much the solver may try for one question about a sample: what it leaves open beyond that is counted, and another sample is drawn.
const LIMITS: Limits = Limits {
    conflicts: 2_000,
    rounds: 300,
    text_states: 20_000,
    language_size: 200_000,
    z3_effort: 100_000,
    z3_strings_effort: 500_000,
};

/// Which readings are held to the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Both.
    Both,
    /// The evaluator alone, which is much faster.
    Evaluator,
}

impl Count {
    /// The evaluator answers every request; the model may have to leave a question about all of them open, and then says so.
    fn leave_open(&mut self, reason: String) {
        self.undecided += 1;
        self.first_undecided.get_or_insert(reason);
    }
}

/// Sizes of failing samples are reduced this often at most.
const MOST_SHRINKING: u32 = 2_000;

/// What was tried.
#[derive(Clone, Debug, Default)]
struct Count {
    sets: usize,
    trials: usize,
    met: usize,
    questions: usize,
    undecided: usize,
    first_undecided: Option<String>,
}

/// What samples say of a law; `None` where it has no instances.
pub fn sample(law: &Law, readings: Readings<'_>, samples: Samples) -> Option<Way> {
    let count = RefCell::new(Count::default());
    let unknown = RefCell::new(None);
    let mut runner = runner(law, samples.sets, samples.seed);
    let drawn = (material(), vec(request(), 1..=samples.requests.max(1)));
    let outcome = runner.run(&drawn, |(material, requests)| {
        let asking = samples.asking;
        match tried(law, &material, &requests, readings, asking, &mut count.borrow_mut()) {
            Outcome::Nothing => Ok(()),
            Outcome::Unknown(reason) => {
                unknown.borrow_mut().get_or_insert(reason);
                Ok(())
            }
            Outcome::Witness(witness) => Err(TestCaseError::fail(witness.about.clone())),
        }
    });
    let count = count.into_inner();
    if count.trials == 0 {
        return None;
    }
    let verdict = match outcome {
        Err(TestError::Fail(_, (material, requests))) => {
            match tried(law, &material, &requests, readings, samples.asking, &mut Count::default()) {
                Outcome::Witness(witness) => Verdict::Refuted(Counterexample::Request(witness)),
                Outcome::Nothing | Outcome::Unknown(_) => {
                    Verdict::Unknown("a failing sample did not fail again".to_owned())
                }
            }
        }
        Err(TestError::Abort(reason)) => Verdict::Unknown(reason.to_string()),
        Ok(()) => match unknown.into_inner() {
            Some(reason) => Verdict::Unknown(reason),
            None if count.met == 0 => Verdict::Vacuous,
            None => Verdict::Sampled,
        },
    };
    Some(Way { scope: Scope::Sampled, verdict, done: done(count) })
}

fn done(count: Count) -> String {
    let Count { sets, trials, met, questions, undecided, first_undecided } = count;
    let mut done = format!(
        "{}, {}, {met} of which meet the premise",
        counted(sets, "random set of policies"),
        counted(trials, "trial"),
    );
    if questions > 0 {
        done.push_str(&format!("; {} to the model", counted(questions, "question")));
    }
    if let Some(reason) = first_undecided {
        done.push_str(&format!("; {undecided} more it left open ({reason})"));
    }
    done
}

/// What draws so many samples for a law, from the law's own random sequence.
pub(super) fn runner(law: &Law, cases: u32, seed: u64) -> TestRunner {
    let config =
        Config { cases, max_shrink_iters: MOST_SHRINKING, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, random(law, seed))
}

/// The law's own random sequence.
fn random(law: &Law, seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    let name = law.id.bytes().chain(seed.to_le_bytes());
    for (place, byte) in bytes.iter_mut().zip(name) {
        *place = byte;
    }
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

fn material() -> impl Strategy<Value = Material> {
    let identity = PolicyType::Identity;
    let additions = (policies::statement(identity), conditions::entry(), any::<usize>())
        .prop_map(|(statement, entry, place)| Additions { statement, entry, place });
    (policies::policies(identity), additions).prop_map(|(policies, additions)| Material {
        policies,
        policy_type: PolicyType::Identity,
        additions: Some(additions),
    })
}

/// A request in the caller's own account: identity policies alone decide it.
fn request() -> impl Strategy<Value = Request> {
    requests::request()
        .prop_map(|request| Request { resource_account: Some(fragments::ACCOUNT.to_owned()), ..request })
}

/// The instances of a law, whatever it is about.
pub fn instances(id: &str, material: &Material, readings: Readings<'_>) -> Option<Vec<Instance>> {
    on_sets::instances(id, material)
        .or_else(|| on_statements::instances(id, material))
        .or_else(|| on_texts::instances(id, material, readings.rules))
}

enum Outcome {
    Nothing,
    Unknown(String),
    Witness(Box<Witness>),
}

/// Tries one sample.
fn tried(
    law: &Law,
    material: &Material,
    requests: &[Request],
    readings: Readings<'_>,
    asking: Asking,
    count: &mut Count,
) -> Outcome {
    let instances = instances(law.id, material, readings).unwrap_or_default();
    count.sets += 1;
    for instance in &instances {
        let as_identity =
            Instance { sides: instance.sides.iter().map(Side::as_identity).collect(), ..instance.clone() };
        for instance in [instance, &as_identity] {
            match by_evaluator(instance, requests, readings, count) {
                Outcome::Nothing => {}
                found @ (Outcome::Unknown(_) | Outcome::Witness(_)) => return found,
            }
        }
    }
    match asking {
        Asking::Both => by_model(instances, requests, readings, count),
        Asking::Evaluator => Outcome::Nothing,
    }
}

fn by_evaluator(
    instance: &Instance,
    requests: &[Request],
    readings: Readings<'_>,
    count: &mut Count,
) -> Outcome {
    let compiled = match readings.compile(instance) {
        Ok(compiled) => compiled,
        Err(problem) => return Outcome::Unknown(problem),
    };
    for request in requests {
        count.trials += 1;
        match compiled.tried(request) {
            Trial::NotMet => {}
            Trial::Holds => count.met += 1,
            Trial::Fails => {
                return Outcome::Witness(Box::new(compiled.witness(request, Found::ByTheEvaluator)));
            }
        }
    }
    Outcome::Nothing
}

/// Over every well-formed request, and for one of the drawn requests, which need not be well-formed.
///
/// A side with layers speaks of the caller that the samples have, and the model of all callers: such instances are the evaluator's alone.
fn by_model(
    instances: Vec<Instance>,
    requests: &[Request],
    readings: Readings<'_>,
    count: &mut Count,
) -> Outcome {
    let mut symbolic = Symbolic::new(Readings { limits: LIMITS, ..readings }, model::Scope::Documents);
    let of_sets =
        |instance: &Instance| instance.sides.iter().all(|side| matches!(side.policies, Policies::Set(_)));
    for instance in instances.into_iter().filter(of_sets) {
        if let Err(problem) = symbolic.write(instance) {
            count.leave_open(problem.to_string());
        }
    }
    let mut shown = symbolic.shown(Premises::Unasked);
    shown.extend(requests.first().map(|request| symbolic.shown_of(request)).unwrap_or_default());
    for shown in shown {
        match shown {
            Shown::Holds | Shown::NotMet => count.questions += 1,
            Shown::Unknown(reason) => count.leave_open(reason),
            Shown::Fails(witness) => return Outcome::Witness(witness),
        }
    }
    Outcome::Nothing
}
