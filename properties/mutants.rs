//! Readings with a mistake in them: the cross-check must catch each, within a bounded number of generated cases.
//!
//! The model decides the generated worlds once, by the rules; then every evaluator with a planted mistake answers them until it is caught. The
//! other way round, a model that reads something else than what is written is held against the evaluator, and against the corpus.

use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use iamproof::corpus::Question;
use iamproof::corpus::folder::{self, Content};
use iamproof::crosscheck::party::BuiltIn;
use iamproof::crosscheck::pointwise::Manner;
use iamproof::crosscheck::replay::{Replayed, replay};
use iamproof::crosscheck::runner::{Control, Plan, Run, run};
use iamproof::crosscheck::stream::{Kind, Stream};
use iamproof::evaluator::fault::Fault;
use iamproof::evaluator::{Evaluator, Reading};
use iamproof::generators::worlds::World;
use iamproof::iam::assumption::Assumptions;
use iamproof::iam::condition::{Existence, Quantifier};
use iamproof::iam::decision::Reason;
use iamproof::iam::document::Strictness;
use iamproof::iam::policy::{Effect, Policy, Selection, Statement, Version};
use iamproof::iam::request::{Request, Validity};
use iamproof::model::modelled::Modelled;
use iamproof::solver::Limits;
use rayon::prelude::*;

/// In so many generated worlds each mistake must show.
const CASES: u64 = 8_000;
const MOST_REQUESTS: usize = 4;
const SEED: u64 = 20_240_101;

/// The generated worlds, each with the reasons that the model gives by the rules.
static DECIDED: LazyLock<Vec<(World, Vec<Reason>)>> = LazyLock::new(|| {
    (0..CASES)
        .into_par_iter()
        .map_init(
            || Stream::new(SEED, Kind::Mixed, MOST_REQUESTS),
            |stream, number| {
                let world = stream.world(number).expect("there is a world of every number");
                let reasons = by_the_model(&world, &world);
                (world, reasons)
            },
        )
        .collect()
});

/// What the model says of a world's requests when it reads another world in its place.
fn by_the_model(world: &World, read: &World) -> Vec<Reason> {
    let mut modelled = Modelled::new(&read.layers).expect("the model has words for all that is generated");
    assert_eq!(world.requests.len(), read.requests.len());
    read.requests.iter().map(|request| modelled.answer(request).expect("an answer").reason).collect()
}

/// Whether the evaluator answers some request otherwise, or does not take the policies at all.
fn disagrees(reading: Reading, world: &World, reasons: &[Reason]) -> bool {
    let Ok(evaluator) = Evaluator::compile_with(&world.layers, reading) else { return true };
    world.requests.iter().zip(reasons).any(|(request, reason)| evaluator.decide(request) != *reason)
}

#[test]
fn by_the_rules_nothing_is_caught() {
    let caught =
        DECIDED.par_iter().filter(|(world, reasons)| disagrees(Reading::default(), world, reasons)).count();
    assert_eq!(caught, 0);
}

#[test]
fn every_mistake_of_an_evaluator_is_caught_by_generated_cases() {
    let missed: Vec<&str> = Fault::ALL
        .par_iter()
        // What is wrong about steps only shows in steps, which are written.
        .filter(|fault| !fault.is_about_steps())
        .filter(|&&fault| {
            let reading = Reading::with_fault(fault);
            !DECIDED.iter().any(|(world, reasons)| disagrees(reading, world, reasons))
        })
        .map(|fault| fault.name())
        .collect();
    assert!(missed.is_empty(), "not caught in {CASES} cases: {missed:?}");
}

fn cross_checked(fault: Fault, threads: usize) -> Run {
    let plan = Plan {
        seed: SEED,
        kind: Kind::Mixed,
        cases: 1_500,
        most_requests: MOST_REQUESTS,
        manner: Manner {
            assumptions: Assumptions::default(),
            every: 0,
            classes_every: 0,
            limits: Limits::default(),
        },
        threads: Some(threads),
    };
    let control = Control { stop: &AtomicBool::new(false), progress: &|_| {} };
    run(&plan, &BuiltIn(Reading::with_fault(fault)), &[], control).expect("there are threads")
}

#[test]
fn a_mistake_is_shown_as_a_small_case_with_the_rule_to_look_up() {
    // The mistake, the rules of which one is named first, and how many statements the case needs.
    let rows: &[(Fault, &[&str], usize)] = &[
        (Fault::IfExistsTrueWhenPresent, &["COND-8"], 2),
        (Fault::SetOperatorsSkipped, &["COND-11", "COND-8"], 2),
        (Fault::NotResourceAsResource, &["RES-5", "VAR-5"], 2),
        (Fault::AllowBeforeDeny, &["EVAL-1", "EVAL-22"], 2),
    ];
    for (fault, rules, statements) in rows {
        let found = cross_checked(*fault, 2);
        assert!(!found.agrees(), "{fault:?}");
        let first = found.findings.first().unwrap_or_else(|| panic!("{fault:?}: no finding"));
        assert!(rules.contains(&first.rule), "{fault:?}: {} {:?}", first.rule, first.constructs);
        let size: usize = first.world.layers.documents().map(|(.., policy)| policy.statements.len()).sum();
        assert!(size <= *statements, "{fault:?}: {:?}", first.world);
        let case = first.case("a test");
        let Replayed::Decisions(right) = replay(&case.question, Reading::default()) else {
            panic!("decisions")
        };
        let Replayed::Decisions(wrong) = replay(&case.question, Reading::with_fault(*fault)) else {
            panic!("decisions")
        };
        assert!(right[0].agree() && !wrong[0].agree(), "{fault:?}: {case:?}");
    }
}

#[test]
fn the_number_of_threads_changes_nothing_about_what_is_found() {
    assert_eq!(cross_checked(Fault::NullInverted, 1), cross_checked(Fault::NullInverted, 3));
}

/// A model that reads something else than what is written: its name, and what it reads.
type Misreading = (&'static str, fn(&mut World));

const MISREADINGS: &[Misreading] = &[
    ("IfExists is skipped", |world| entries(world, |entry| entry.operator.existence = Existence::Required)),
    ("set operators are skipped", |world| {
        entries(world, |entry| entry.operator.quantifier = Quantifier::None);
    }),
    ("only the first value of a condition counts", |world| entries(world, |entry| entry.values.truncate(1))),
    ("Version is not looked at", |world| policies(world, |policy| policy.version = Version::V2012)),
    ("NotResource is Resource", |world| {
        statements(world, |statement| {
            if let Some(Selection::AllExcept(listed)) = &statement.resource {
                statement.resource = Some(Selection::Only(listed.clone()));
            }
        });
    }),
    ("NotAction is Action", |world| {
        statements(world, |statement| {
            if let Selection::AllExcept(listed) = &statement.action {
                statement.action = Selection::Only(listed.clone());
            }
        });
    }),
    ("a Deny is not heard", |world| {
        policies(world, |policy| policy.statements.retain(|statement| statement.effect == Effect::Allow));
    }),
    ("boundaries are not consulted", |world| world.layers.boundary = None),
    ("SCPs count at the account alone", |world| {
        if let Some(levels) = &mut world.layers.scps {
            levels.drain(..levels.len().saturating_sub(1));
        }
    }),
    ("endpoint policies are not consulted", |world| world.layers.endpoint = None),
    ("the owner is the caller's account", |world| {
        requests(world, |request| request.resource_account = request.caller.account().map(str::to_owned));
    }),
    ("expired credentials are good", |world| {
        requests(world, |request| request.credential.validity = Validity::Current);
    }),
];

fn policies(world: &mut World, change: impl Fn(&mut Policy)) {
    let layers = &mut world.layers;
    let sets = [&mut layers.identity].into_iter().chain(&mut layers.session);
    let levels = layers.scps.iter_mut().chain(&mut layers.rcps).flatten();
    for policy in sets.chain(levels).flatten() {
        change(policy);
    }
    for policy in [&mut layers.boundary, &mut layers.resource, &mut layers.endpoint].into_iter().flatten() {
        change(policy);
    }
}

fn statements(world: &mut World, change: impl Fn(&mut Statement)) {
    policies(world, |policy| policy.statements.iter_mut().for_each(&change));
}

fn entries(world: &mut World, change: impl Fn(&mut iamproof::iam::policy::ConditionEntry)) {
    statements(world, |statement| statement.condition.iter_mut().for_each(&change));
}

fn requests(world: &mut World, change: impl Fn(&mut Request)) {
    world.requests.iter_mut().for_each(change);
}

#[test]
fn a_model_that_misreads_is_caught_by_generated_cases_and_by_the_corpus() {
    let written = written_cases();
    let missed: Vec<&str> = MISREADINGS
        .par_iter()
        .filter(|(_, misread)| {
            let is_caught = |world: &World, reasons: &[Reason]| {
                let mut read = world.clone();
                misread(&mut read);
                read != *world && by_the_model(world, &read) != reasons
            };
            let generated = DECIDED.iter().any(|(world, reasons)| is_caught(world, reasons));
            !generated || !written.iter().any(|(world, reasons)| is_caught(world, reasons))
        })
        .map(|(name, _)| *name)
        .collect();
    assert!(missed.is_empty(), "not caught: {missed:?}");
}

/// The written cases that say which reason is right: an opinion that is neither reading's.
fn written_cases() -> Vec<(World, Vec<Reason>)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let found = folder::read(&corpus, Strictness::Strict).into_iter();
    found
        .filter_map(|found| match found.content {
            Ok(Content::Case(case)) => match case.question {
                // What is right under an assumption, the rules by themselves do not say.
                Question::Decisions { layers, assumptions, asked } if assumptions.is_decided() => {
                    let reasons: Option<Vec<Reason>> = asked.iter().map(|asked| asked.reason).collect();
                    let requests = asked.into_iter().map(|asked| asked.request).collect();
                    Some((World { layers: *layers, requests }, reasons?))
                }
                Question::Decisions { .. } | Question::Trace { .. } | Question::Grammar { .. } => None,
            },
            Ok(Content::Policy(_)) | Err(_) => None,
        })
        .collect()
}
