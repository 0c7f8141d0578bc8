//! Bounded search: what the solver finds in small worlds, that the interpreter agrees with all of it, and mistakes that must show.

mod broken;
mod federated;
mod spelled;
mod starts;
mod told;
mod worlds;

use std::collections::BTreeMap;

use iamproof::corpus::folder::{self, Content};
use iamproof::corpus::write::write;
use iamproof::corpus::{Case, Question};
use iamproof::crosscheck::trace;
use iamproof::evaluator::{Interpreter, Reading};
use iamproof::iam::document::Strictness;
use iamproof::iam::operation::{Operation, ServiceRequest};
use iamproof::iam::world::{Profile, World};
use iamproof::model::bounded::{Begin, Goal, Renewal, Unusable, Which};
use iamproof::reach::{Changes, Path, Reach};
use iamproof::search::{Answer, Parties, Replayed, Search, Verdict};
use iamproof::solver::Limits;

use worlds::{ACCOUNT, Built, date_after, user, with_condition, world_of};

fn search(world: &World, goal: &Goal, bound: usize, begin: &Begin) -> Result<Answer, Unusable> {
    let parties = Parties::default();
    Search { world, goal, bound, begin, parties, limits: Limits::default() }.run()
}

/// The trace that is found by anybody, and what comes of it.
fn found(world: &World, goal: &Goal, bound: usize) -> Option<Replayed> {
    let answer = search(world, goal, bound, &Begin::Anybody).expect("the question is usable");
    assert!(answer.doubts.is_empty(), "{:?}", answer.doubts);
    match answer.verdict {
        Verdict::Reached(replayed) => Some(*replayed),
        Verdict::NotWithinBound => None,
        other @ (Verdict::Unknown(_) | Verdict::Defect(_)) => panic!("{other:?}"),
    }
}

fn holds(role: &str) -> Goal {
    Goal::Holds { role: role.to_owned() }
}

fn does(action: &str, resource: &str) -> Goal {
    let request =
        ServiceRequest { action: action.to_owned(), resource: resource.to_owned(), resource_account: None };
    Goal::Does { request }
}

fn lasts(longer_than: i64, which: Which) -> Goal {
    Goal::Lasts { longer_than, which }
}

/// The world of the example in the documentation.
fn example() -> World {
    world_of(include_str!("../../docs/examples/search/roles.json"))
}

#[test]
fn a_shortest_trace_is_found_or_none_up_to_the_bound() {
    let role = |name: &str| holds(&format!("arn:aws:iam::111122223333:role/{name}"));
    let table = [
        (role("deployer"), Some(1)),
        (role("reader"), Some(2)),
        (role("auditor-1"), Some(3)),
        (role("auditor-2"), Some(4)),
        (role("vault"), Some(1)),
        (does("s3:GetObject", "arn:aws:s3:::ledger/2024"), Some(3)),
        (does("s3:DeleteObject", "arn:aws:s3:::ledger/2024"), Some(2)),
        (does("s3:PutObject", "arn:aws:s3:::ledger/2024"), None),
        (lasts(3_600, Which::Any), Some(1)),
        (lasts(14_399, Which::Roles), Some(1)),
        (lasts(14_400, Which::Roles), None),
        (lasts(3_599, Which::Chained), Some(2)),
        (lasts(3_600, Which::Chained), None),
        (lasts(129_600, Which::Any), None),
        (Goal::Outlives, Some(2)),
        (Goal::LosesMfa, Some(1)),
        (Goal::Renews, Some(5)),
    ];
    for (goal, expected) in table {
        let steps = found(&example(), &goal, 5).map(|replayed| replayed.steps.len());
        assert_eq!(steps, expected, "{goal:?}");
    }
}

#[test]
fn under_the_strict_profile_nothing_lasts_longer_than_an_hour() {
    let world = World { profile: Profile::Strict, ..example() };
    assert!(found(&world, &lasts(3_600, Which::Any), 3).is_none());
    assert!(found(&world, &lasts(3_599, Which::Any), 1).is_some());
}

#[test]
fn what_is_found_is_a_case_that_both_readings_take_as_it_says() {
    let world = example();
    for goal in [Goal::Renews, Goal::Outlives, does("s3:GetObject", "arn:aws:s3:::ledger/2024")] {
        let replayed = found(&world, &goal, 5).expect("the goal is within the bound");
        let question = Question::Trace { world: Box::new(world.clone()), steps: replayed.steps };
        let because = "What was found.".to_owned();
        let text = write(&Case { because, rule: None, source: None, question });
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("found.json");
        std::fs::write(&path, text).expect("a file can be written");
        let Ok(Content::Case(case)) = folder::read_file(&path, Strictness::Strict) else {
            panic!("{goal:?} is written as no case");
        };
        let Question::Trace { world, steps } = &case.question else { panic!("it has no steps") };
        assert!(trace::run(world, steps, Reading::default()).is_expected(steps), "{goal:?}");
    }
}

#[test]
fn a_cycle_is_told_and_without_one_chains_have_a_bound() {
    let renewal = |world: &World| {
        let answer = search(world, &Goal::Renews, 6, &Begin::Anybody).expect("the question is usable");
        answer.renewal.expect("it was the question")
    };
    let Renewal::ForEver { cycle, steps } = renewal(&example()) else { panic!("there is a cycle") };
    assert_eq!((cycle.len(), steps), (2, 5));
    let mut world = example();
    let account = world.accounts.get_mut("111122223333").expect("the account is there");
    account.roles.remove("auditor-2");
    // Three roles one after another: the first for four hours, each of the others for one hour more.
    let Renewal::Ends { longest, seconds } = renewal(&world) else { panic!("there is no cycle") };
    assert_eq!((longest.len(), seconds), (3, 14_400 + 2 * 3_600));
    let strict = World { profile: Profile::Strict, ..world };
    let Renewal::Ends { seconds, .. } = renewal(&strict) else { panic!("there is no cycle") };
    assert_eq!(seconds, 3 * 3_600);
}

#[test]
fn a_bound_too_small_and_names_that_say_nothing_are_refused() {
    let refused =
        |goal: Goal, bound, begin| search(&example(), &goal, bound, &begin).map(|_| ()).unwrap_err();
    let anybody = || Begin::Anybody;
    assert_eq!(refused(Goal::Renews, 1, anybody()), Unusable::BoundTooSmall { least: 2 });
    assert_eq!(refused(does("s3:GetObject", "*"), 0, anybody()), Unusable::BoundTooSmall { least: 1 });
    assert_eq!(refused(holds("arn:no"), 1, anybody()), Unusable::NoRole("arn:no".to_owned()));
    let nobody = Begin::With("arn:aws:iam::111122223333:role/reader".to_owned());
    assert!(matches!(refused(Goal::Outlives, 2, nobody), Unusable::NoBeginning(_)));
}

#[test]
fn times_in_policies_move_the_trace_to_when_it_is_allowed() {
    let opens = date_after("2027-01-01T00:00:00Z");
    let world = Built::default().role("late", &[&user("alice")], Some(opens)).world();
    let replayed = found(&world, &holds(&role("late")), 1).expect("one can wait for it");
    assert_eq!(replayed.steps[0].step.time.iso(), "2027-01-01T00:00:01Z");
    let closed = with_condition("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z");
    let world = Built::default().role("late", &[&user("alice")], Some(closed)).world();
    assert!(found(&world, &holds(&role("late")), 2).is_none());
}

#[test]
fn a_session_is_renewed_only_before_it_ends_and_before_what_bounds_its_age() {
    // Sessions that were issued before 2027 can be had at any time; those of later can assume nothing.
    let early = with_condition("DateLessThan", "aws:TokenIssueTime", "2027-01-01T00:00:00Z");
    let world = Built::default()
        .role("first", &[&user("alice")], None)
        .role("second", &[&role("first"), &role("second")], Some(early))
        .world();
    assert_eq!(found(&world, &holds(&role("second")), 2).map(|found| found.steps.len()), Some(2));
    let answer = search(&world, &Goal::Renews, 4, &Begin::Anybody).expect("the question is usable");
    assert!(matches!(answer.verdict, Verdict::NotWithinBound), "{:?}", answer.verdict);
    assert!(matches!(answer.renewal, Some(Renewal::ForAWhile { .. })), "{:?}", answer.renewal);
}

#[test]
fn mfa_is_passed_where_a_role_asks_for_it_and_counts_while_it_is_fresh() {
    let shown = with_condition("Bool", "aws:MultiFactorAuthPresent", "true");
    let world = Built::default().role("vault", &[&user("alice")], Some(shown.clone())).world();
    assert!(found(&world, &holds(&role("vault")), 2).is_none(), "alice has no device");
    let world = Built::default().device("123456").role("vault", &[&user("alice")], Some(shown)).world();
    assert_eq!(found(&world, &holds(&role("vault")), 2).map(|found| found.steps.len()), Some(1));
    // Only a token shows an age other than 0, and the code is used up by it.
    let aged = with_condition("NumericGreaterThan", "aws:MultiFactorAuthAge", "600");
    let world = Built::default().device("123456").role("vault", &[&user("alice")], Some(aged)).world();
    let replayed = found(&world, &holds(&role("vault")), 2).expect("one can wait");
    let times: Vec<i64> = replayed.steps.iter().map(|step| step.step.time.epoch_seconds()).collect();
    assert_eq!(times[1] - times[0], 601);
}

#[test]
fn session_names_and_tags_that_policies_spell_are_tried() {
    let tagged = with_condition("StringEquals", "aws:PrincipalTag/team", "red");
    let named = format!("arn:aws:sts::{ACCOUNT}:assumed-role/first/night");
    let world = Built::default()
        .role("first", &[&user("alice")], None)
        .role("by-name", &[&named], None)
        .role("by-tag", &[&role("first")], Some(tagged))
        .world();
    for target in ["by-name", "by-tag"] {
        let steps = found(&world, &holds(&role(target)), 3).map(|found| found.steps.len());
        assert_eq!(steps, Some(2), "{target}");
    }
}

fn role(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

/// Two searches that share no code: this one asks formulas and a solver, the other one tries calls in the interpreter.
#[test]
fn in_the_worlds_of_the_corpus_search_finds_what_reach_finds_with_sessions_alone() {
    let mut arms: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, world) in super::reach::worlds() {
        let reach = Reach::of(&world, Changes::None, Interpreter::new()).expect("the world begins");
        for target in super::reach::roles(&world) {
            let to = reach.to(&target).expect("the role is there");
            for (account, user) in users(&world) {
                let user = world.user(account, user).expect("it was listed").arn();
                let paths = to.principals.iter().filter(|found| found.principal == user);
                let path = paths.map(|found| &found.path).find(|path| {
                    let by_sts = |call: &iamproof::reach::Call| {
                        matches!(call.step.operation, Operation::Sts(_)) && call.caller.is_some()
                    };
                    path.calls.iter().all(by_sts) && super::reach::begins_by_itself(path)
                });
                let begin = Begin::With(user.clone());
                for bound in [1, 3] {
                    let answer = search(&world, &holds(&target), bound, &begin).expect("usable");
                    let what = format!("{name}: {user} to {target}, {bound} steps");
                    *arms.entry(arm(&answer, path.map(Path::length), bound, &what)).or_default() += 1;
                }
            }
        }
    }
    let floors =
        [("both find it", 90), ("reach goes further", 1), ("neither finds it", 140), ("search alone", 6)];
    for (arm, least) in floors {
        assert!(arms.get(arm).is_some_and(|count| *count >= least), "{arm}: {arms:?}");
    }
}

/// How an answer and the length of what reach finds agree.
fn arm(answer: &Answer, length: Option<usize>, bound: usize, what: &str) -> &'static str {
    match (&answer.verdict, length) {
        (Verdict::Reached(replayed), Some(length)) => {
            assert!(replayed.steps.len() <= length, "{what}: reach needs {length}");
            "both find it"
        }
        (Verdict::NotWithinBound, Some(length)) => {
            assert!(length > bound, "{what}: reach needs {length}");
            "reach goes further"
        }
        (Verdict::Reached(_), None) => "search alone",
        (Verdict::NotWithinBound, None) => "neither finds it",
        (Verdict::Unknown(why) | Verdict::Defect(why), _) => panic!("{what}: {why}: {:?}", answer.doubts),
    }
}

fn users(world: &World) -> impl Iterator<Item = (&String, &String)> {
    world.accounts.iter().flat_map(|(id, account)| account.users.keys().map(move |name| (id, name)))
}
