//! Random formulas over small worlds: the solver against the enumeration of every assignment.

use iamproof::solver::evaluate::belongs;
use iamproof::solver::regular::Regular;
use iamproof::solver::{Answer, Limits, Solver, UnknownReason, z3_strings};
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::worlds::{
    Numbers, Recipe, World, all_texts, crowded_recipe, joined_recipe, recipe, regular, spelled_recipe,
};

fn config(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        ..Config::default()
    }
}

fn agrees_with_enumeration(recipe: &Recipe) {
    agrees_under(recipe, Limits::default());
}

fn agrees_under(recipe: &Recipe, limits: Limits) {
    let mut world = World::small();
    let goal = world.build(recipe);
    let answer = Solver::new(&world.formulas, limits).check(goal);
    match answer {
        Answer::Satisfiable(assignment) => {
            assert_eq!(iamproof::solver::evaluate::holds(&world.formulas, goal, &assignment), Some(true));
        }
        Answer::Unsatisfiable => assert!(!world.enumerate(goal), "some assignment makes it true"),
        Answer::Unknown(reason) => panic!("unknown: {reason}; enumeration says {}", world.enumerate(goal)),
    }
}

proptest! {
    #![proptest_config(config(400))]

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
    #![proptest_config(config(400))]

    #[test]
    fn joined_texts_are_decided_as_enumeration_decides_them(recipe in joined_recipe()) {
        agrees_with_enumeration(&recipe);
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn crowds_of_literals_are_decided_as_enumeration_decides_them(recipe in crowded_recipe()) {
        agrees_with_enumeration(&recipe);
    }
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn z3_searches_as_well_where_the_small_search_gives_up(recipe in recipe(Numbers::None)) {
        agrees_under(&recipe, Limits { conflicts: 0, ..Limits::default() });
    }

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

/// Both back ends on the same question: where both answer, they agree.
fn back_ends_agree(recipe: &Recipe) {
    let mut world = World::small();
    let goal = world.build(recipe);
    let first = Solver::new(&world.formulas, Limits::default()).check(goal);
    let second = z3_strings::check(&world.formulas, goal, Limits::default());
    match (&first, &second) {
        (Answer::Satisfiable(_), Answer::Satisfiable(_)) | (Answer::Unsatisfiable, Answer::Unsatisfiable) => {
        }
        (_, Answer::Unknown(UnknownReason::Limit(_) | UnknownReason::Undecided(_))) => {}
        _ => panic!("{first:?} and {second:?}"),
    }
}

proptest! {
    #![proptest_config(config(100))]

    #[test]
    fn the_strings_of_z3_agree_on_texts(recipe in recipe(Numbers::None)) {
        back_ends_agree(&recipe);
    }

    #[test]
    fn the_strings_of_z3_agree_on_numbers(recipe in recipe(Numbers::Some)) {
        back_ends_agree(&recipe);
    }

    #[test]
    fn the_strings_of_z3_agree_on_joined_texts(recipe in joined_recipe()) {
        back_ends_agree(&recipe);
    }

    #[test]
    fn the_strings_of_z3_agree_on_spellings(recipe in spelled_recipe()) {
        back_ends_agree(&recipe);
    }
}
