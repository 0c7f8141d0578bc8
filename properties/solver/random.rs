//! Random formulas over small worlds: the solver against the enumeration of every assignment.

use iamproof::solver::evaluate::belongs;
use iamproof::solver::regular::Regular;
use iamproof::solver::{Answer, Limits, Solver};
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::worlds::{Numbers, Recipe, World, all_texts, joined_recipe, recipe, regular, spelled_recipe};

fn config(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        ..Config::default()
    }
}

fn agrees_with_enumeration(recipe: &Recipe) {
    let mut world = World::small();
    let goal = world.build(recipe);
    let answer = Solver::new(&world.formulas, Limits::default()).check(goal);
    match answer {
        Answer::Satisfiable(assignment) => {
            assert_eq!(iamproof::solver::evaluate::holds(&world.formulas, goal, &assignment), Some(true));
        }
        Answer::Unsatisfiable => assert!(!world.enumerate(goal), "some assignment makes it true"),
        Answer::Unknown(reason) => panic!("unknown: {reason}; enumeration says {}", world.enumerate(goal)),
    }
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn texts_are_decided_as_enumeration_decides_them(recipe in recipe(Numbers::None)) {
        agrees_with_enumeration(&recipe);
    }

    #[test]
    fn a_shortest_text_is_found(positive in prop::collection::vec(regular(), 0..4), negative in prop::collection::vec(regular(), 0..4)) {
        shortest_is_shortest(&positive, &negative);
    }
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn joined_texts_are_decided_as_enumeration_decides_them(recipe in joined_recipe()) {
        agrees_with_enumeration(&recipe);
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn spelled_numbers_are_decided_as_enumeration_decides_them(recipe in spelled_recipe()) {
        agrees_with_enumeration(&recipe);
    }

    #[test]
    fn numbers_are_decided_as_enumeration_decides_them(recipe in recipe(Numbers::Some)) {
        agrees_with_enumeration(&recipe);
    }
}

fn shortest_is_shortest(positive: &[Regular], negative: &[Regular]) {
    let mut world = World::small();
    let text = world.texts[0];
    let mut parts = Vec::new();
    for language in positive {
        parts.push(world.formulas.in_language(text, language.clone()));
    }
    for language in negative {
        let inside = world.formulas.in_language(text, language.clone());
        parts.push(world.formulas.not(inside));
    }
    // The variable occurs even where no language is given.
    parts.push(world.formulas.in_language(text, Regular::anything()));
    let goal = world.formulas.and(parts);
    let fits = |candidate: &String| {
        positive.iter().all(|language| belongs(candidate, language))
            && !negative.iter().any(|language| belongs(candidate, language))
    };
    let expected = all_texts().into_iter().find(|candidate| fits(candidate)).map(|text| text.chars().count());
    let answer = Solver::new(&world.formulas, Limits::default()).check(goal);
    let found = answer.assignment().map(|assignment| assignment.texts[&text].chars().count());
    assert_eq!(found, expected, "{answer:?}");
}

#[test]
fn stat() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::new(config(1));
    let mut counts = [0; 5];
    for _ in 0..3000 {
        let recipe = joined_recipe().new_tree(&mut runner).unwrap().current();
        let mut world = World::small();
        let goal = world.build(&recipe);
        match Solver::new(&world.formulas, Limits::default()).check(goal) {
            Answer::Satisfiable(_) => counts[0] += 1,
            Answer::Unsatisfiable => {
                counts[1] += 1;
                if world.enumerate(goal) {
                    println!("WRONG {recipe:?}");
                }
            }
            Answer::Unknown(r) => {
                let e = world.enumerate(goal);
                counts[if e { 2 } else { 3 }] += 1;
                if counts[2] + counts[3] < 25 {
                    println!("{e} {r} {recipe:?}");
                }
            }
        }
    }
    println!("sat {} unsat {} unknown-sat {} unknown-unsat {}", counts[0], counts[1], counts[2], counts[3]);
}

#[test]
fn stat2() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::new(config(1));
    let mut counts = [0; 6];
    let t0 = std::time::Instant::now();
    let mut own = std::time::Duration::ZERO;
    for i in 0..400 {
        let recipe = match i % 4 {
            0 => joined_recipe(),
            1 => recipe(Numbers::Some),
            2 => recipe(Numbers::None),
            _ => spelled_recipe(),
        }
        .new_tree(&mut runner)
        .unwrap()
        .current();
        let mut world = World::small();
        let goal = world.build(&recipe);
        let t = std::time::Instant::now();
        let a = Solver::new(&world.formulas, Limits::default()).check(goal);
        own += t.elapsed();
        let t = std::time::Instant::now();
        let b = iamproof::solver::z3_strings::check(&world.formulas, goal, Limits::default());
        if t.elapsed().as_millis() > 1000 {
            println!("slow {:?} {b:?} {recipe:?}", t.elapsed());
        }
        let k = match (&a, &b) {
            (Answer::Satisfiable(_), Answer::Satisfiable(_)) => 0,
            (Answer::Unsatisfiable, Answer::Unsatisfiable) => 1,
            (_, Answer::Unknown(_)) => 2,
            (Answer::Unknown(_), _) => 3,
            _ => 4,
        };
        counts[k] += 1;
        if k >= 2 {
            println!("{i} {a:?} {b:?} {recipe:?}\n");
        }
    }
    println!(
        "sat {} unsat {} unknown2 {} unknown1 {} DISAGREE {} {:?} {:?}",
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        counts[4],
        own,
        t0.elapsed()
    );
}
