//! Laws of directories (section 9.8): all but INV-101 proved of the relation of the second reading over free facts ([`relation`]), and every one
//! held to random steps of the interpreter in random directories.
//!
//! What is drawn comes from [`crate::generators::directories`].

mod on_steps;
mod proved;
pub mod relation;
pub mod step;
pub mod tempting;

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

use super::catalog::{Expected, Kind, Law};
use super::given::counted;
use super::known::{Counterexample, Scope, Verdict, Way};
use super::obligation::Proof;
use crate::evaluator::directory::DirectoryReading;
use crate::generators::directories::directories;
use crate::iam::assumption::Assumptions;
use crate::iam::directory::Directories;
use crate::solver::Limits;
use relation::Relation;
use step::{Taken, hold, steps};

const fn directory(id: &'static str, kind: Kind, statement: &'static str) -> Law {
    Law { id, statement, kind, expected: Expected::Proved }
}

/// The laws of directories.
pub const LAWS_OF_DIRECTORIES: &[Law] = &[
    directory(
        "INV-91",
        Kind::Trace,
        "A logon, sign-in or lookup at a Simple AD consults no other domain, and nothing outside matters to it.",
    ),
    directory(
        "INV-92",
        Kind::Trace,
        "A connector stores nothing: each answer was given by its target just then.",
    ),
    directory(
        "INV-93",
        Kind::Trace,
        "A logon at a connector needs the link, the service account, a user of the target, password and code.",
    ),
    directory(
        "INV-94",
        Kind::Universal,
        "Among domains that can have trusts, one looks up another iff the other it.",
    ),
    directory(
        "INV-95",
        Kind::Trace,
        "A foreign user at the console of a managed directory needs trust both ways, the link and an assignment.",
    ),
    directory(
        "INV-96",
        Kind::Universal,
        "Of other domains a managed directory accepts those alone with whose forest it has a trust itself.",
    ),
    directory(
        "INV-97",
        Kind::Trace,
        "Where RADIUS is configured, nobody comes to AWS without a code just accepted.",
    ),
    directory(
        "INV-98",
        Kind::Trace,
        "A directory's session of a role needs an assignment, and who makes one may pass the role.",
    ),
    directory("INV-99", Kind::Trace, "A Simple AD has no trust on record, and nobody makes one with it."),
    directory(
        "INV-100",
        Kind::Trace,
        "Whoever logs on is stored by a home domain that accepts the password now.",
    ),
    directory(
        "INV-101",
        Kind::Trace,
        "Every domain has one tree and forest, and objects never change domain.",
    ),
];

/// The proof of a law, where it has one.
pub fn proof(id: &str, relation: &dyn Relation) -> Option<Proof> {
    proved::proof(id, relation)
}

/// What the proof over free facts says of a law: it holds of every operation wherever it stands in a trace.
pub fn for_all_traces(
    id: &str,
    relation: &dyn Relation,
    assumptions: Assumptions,
    limits: Limits,
) -> Option<Way> {
    let proof = proof(id, relation)?;
    let queries = counted(proof.obligations.len(), "query").replace("querys", "queries");
    let done = format!("{queries} over free facts of one operation; {}", proof.argument);
    Some(Way { scope: Scope::AllTraces, verdict: proof.discharged(assumptions, limits), done })
}

/// What a law says of one step.
type OfStep = fn(&Taken<'_>) -> Result<(), TestCaseError>;

/// What a law speaks of.
enum About {
    /// Each step.
    Step(OfStep),
    /// Directories as they are.
    World(fn(&Directories, DirectoryReading) -> Result<(), TestCaseError>),
}

fn about(id: &str) -> Option<About> {
    let of_step: OfStep = match id {
        "INV-91" => on_steps::simple_ad_stands_alone,
        "INV-92" | "INV-93" => on_steps::connectors_store_nothing_and_ask_their_target,
        "INV-94" => return Some(About::World(on_steps::two_way_lookup_is_symmetric)),
        "INV-95" => on_steps::foreign_console_users_come_by_trust_both_ways,
        "INV-96" => on_steps::no_third_party_matters,
        "INV-97" => on_steps::nobody_comes_to_aws_past_a_radius_server,
        "INV-98" => on_steps::roles_come_by_assignment_alone,
        "INV-99" => on_steps::simple_ad_has_no_trusts,
        "INV-100" => on_steps::the_home_domain_vouches,
        "INV-101" => on_steps::the_hierarchy_is_a_function_and_nobody_moves,
        _ => return None,
    };
    Some(About::Step(of_step))
}

/// The most steps that are taken in one world.
const MOST_STEPS: usize = 24;

/// Enough to make an example readable, and not so many that a mistake that shows at once is slow to be noticed.
const MOST_SHRINKING: u32 = 100;

/// Holds a law to so many worlds; `None` where it is no law of directories.
pub fn sample(id: &str, reading: DirectoryReading, worlds: u32, seed: u64) -> Option<Way> {
    let about = about(id)?;
    let config = Config {
        cases: worlds,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed.wrapping_add(8)),
        max_shrink_iters: MOST_SHRINKING,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let (broken, done) = match about {
        About::Step(of_step) => {
            let drawn = (directories(), steps(MOST_STEPS));
            let outcome = runner.run(&drawn, |(world, steps)| hold(world, &steps, reading, of_step));
            let done = format!("{worlds} random worlds of directories, up to {MOST_STEPS} steps in each");
            (outcome.err().map(|error| told(&error)), done)
        }
        About::World(of_world) => {
            let outcome = runner.run(&directories(), |world| of_world(&world, reading));
            (outcome.err().map(|error| told(&error)), format!("{worlds} random worlds of directories"))
        }
    };
    let verdict = match broken {
        None => Verdict::Sampled,
        Some(Ok(example)) => Verdict::Refuted(Counterexample::Example(example)),
        Some(Err(reason)) => Verdict::Unknown(reason),
    };
    Some(Way { scope: Scope::Sampled, verdict, done })
}

/// The example that breaks a law; the reason where none was drawn.
fn told<T: std::fmt::Debug>(error: &TestError<T>) -> Result<String, String> {
    match error {
        TestError::Fail(reason, example) => Ok(format!("{reason}: {example:?}")),
        TestError::Abort(reason) => Err(reason.to_string()),
    }
}
