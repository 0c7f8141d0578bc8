//! Other readings of open points: both readings of the policy language take each as section 15 of the rules defines it.

use iamproof::evaluator::{CompiledSet, Evaluator, Question, Reading};
use iamproof::generators::worlds::{World, world};
use iamproof::iam::assumption::{Alternative, Assumptions};
use iamproof::iam::decision::Reason;
use iamproof::iam::document::write;
use iamproof::model::modelled::{Modelled, NoAnswer};
use iamproof::model::{Scope, statement};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Worlds drawn by this seed.
fn worlds(seed: u64, count: usize) -> Vec<World> {
    let config = Config { rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    (0..count).map(|_| world(3).new_tree(&mut runner).unwrap().current()).collect()
}

/// What the evaluator decides of a world, request by request.
fn evaluated(world: &World, assumptions: Assumptions) -> Vec<Reason> {
    let evaluator = Evaluator::compile_with(&world.layers, Reading::assuming(assumptions)).unwrap();
    world.requests.iter().map(|request| evaluator.decide(request)).collect()
}

/// How many requests of the world both readings decide alike, or where they do not.
fn agreed(world: &World, assumptions: Assumptions) -> Result<usize, String> {
    let evaluated = evaluated(world, assumptions);
    let mut modelled = match Modelled::assuming(&world.layers, assumptions) {
        Ok(modelled) => modelled,
        Err(NoAnswer::NotSupported(_)) => return Ok(0),
        Err(other) => return Err(format!("{assumptions}: {other}")),
    };
    for (request, decided) in world.requests.iter().zip(&evaluated) {
        let answer = modelled.answer(request).map(|answered| answered.reason);
        if answer != Ok(*decided) {
            let answer = answer.map_or_else(|other| other.to_string(), |reason| reason.to_string());
            let layers: Vec<String> = world
                .layers
                .documents()
                .map(|(layer, _, policy)| format!("{layer}: {}", write::compact(policy)))
                .collect();
            return Err(format!(
                "under {assumptions} the model says {answer}, the evaluator {decided}\n{}\n{request:?}",
                layers.join("\n")
            ));
        }
    }
    Ok(evaluated.len())
}

/// Every pair of a world and assumptions, all of which must agree; how many requests there were.
fn compared(pairs: impl Iterator<Item = (World, Assumptions)>) -> usize {
    let mut failures: Vec<String> = Vec::new();
    let mut requests = 0;
    for (world, assumptions) in pairs {
        match agreed(&world, assumptions) {
            Ok(alike) => requests += alike,
            Err(failure) => failures.push(failure),
        }
    }
    failures.sort_by_key(String::len);
    failures.truncate(5);
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    requests
}

#[test]
fn both_readings_take_every_reading_of_an_open_point_alike() {
    let pairs = (1..).zip(Alternative::ALL).flat_map(|(seed, &alternative)| {
        let assumptions = Assumptions::default().with(alternative);
        worlds(seed, 40).into_iter().map(move |world| (world, assumptions))
    });
    let requests = compared(pairs);
    assert!(requests > 2_000, "{requests}");
}

#[test]
fn both_readings_take_readings_together_alike() {
    let pairs = worlds(1_000, 500).into_iter().enumerate().map(|(number, world)| {
        let chosen = |(position, alternative): (usize, &Alternative)| {
            let hash = (number * 2_654_435_761 + position * 40_503) % 7_919;
            hash.is_multiple_of(3).then_some(*alternative)
        };
        let chosen = Alternative::ALL.iter().enumerate().filter_map(chosen);
        (world, chosen.fold(Assumptions::default(), Assumptions::with))
    });
    let requests = compared(pairs);
    assert!(requests > 300, "{requests}");
}

/// Where exponents are read, a number that nothing else is asked of is one of those that policies have, lies between two of them, or beyond
/// all; and the request that shows it is allowed by the evaluator as well.
#[test]
fn numbers_with_exponents_are_found_wherever_they_lie() {
    let most = format!("{0}.{0}", "9".repeat(30));
    let least = format!("0.{}1", "0".repeat(29));
    let rows = [
        (vec![("NumericEquals", "5")], true),
        (vec![("NumericEquals", "-7.50")], true),
        (vec![("NumericEquals", most.as_str())], true),
        (vec![("NumericGreaterThan", most.as_str())], true),
        (vec![("NumericLessThan", "-9"), ("NumericGreaterThan", "-9.1")], true),
        (vec![("NumericGreaterThan", "0"), ("NumericLessThan", least.as_str())], true),
        (vec![("NumericGreaterThan", "5"), ("NumericLessThan", "5")], false),
        (vec![("NumericGreaterThan", "5.1"), ("NumericLessThanEquals", "5")], false),
    ];
    let assumptions = Assumptions::default().with(Alternative::Exponents);
    for (row, expected) in rows {
        for sign in ["", "-"] {
            let entries: Vec<String> =
                row.iter().map(|(operator, value)| entry(operator, value, sign)).collect();
            let document = format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {{{}}}}}}}"#,
                entries.join(", ")
            );
            let policy = super::policy(&document);
            let found = super::witness_assuming(assumptions, Scope::Documents, |formulas, request| {
                statement::document_allows(formulas, request, &policy).unwrap()
            });
            assert_eq!(found.is_some(), expected, "{document}");
            if let Some(request) = found {
                let compiled = CompiledSet::compile_with(&[policy], Reading::assuming(assumptions)).unwrap();
                assert!(
                    compiled.allows(&Question {
                        action: &request.action,
                        resource: &request.resource,
                        caller: &request.caller,
                        context: &request.context
                    }),
                    "{document}\n{request:?}"
                );
            }
        }
    }
}

/// One entry of the Condition, or its mirror image.
fn entry(operator: &str, value: &str, sign: &str) -> String {
    let mirrored = match (sign, operator) {
        ("-", "NumericLessThan") => "NumericGreaterThan",
        ("-", "NumericGreaterThan") => "NumericLessThan",
        ("-", "NumericLessThanEquals") => "NumericGreaterThanEquals",
        _ => operator,
    };
    let signed = format!("{sign}{value}").replace("--", "");
    format!(r#""{mirrored}": {{"svc:n": "{signed}"}}"#)
}
