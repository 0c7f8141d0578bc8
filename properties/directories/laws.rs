//! The laws of section 9.8, sampled: random directories, and random steps in them. Each law has a mistake that it must notice.

use std::cell::RefCell;
use std::collections::BTreeMap;

use iamproof::evaluator::directory::fault::DirectoryFault;
use iamproof::evaluator::directory::{DirectoryReading, perform};
use iamproof::generators::directories::directories;
use iamproof::iam::directory::{AwsDirectoryKind, Consulted, DomainName, Outcome, Refusal};
use iamproof::invariants::directories::step::{hold, steps, trusts};
use iamproof::invariants::directories::{LAWS_OF_DIRECTORIES, sample};
use iamproof::invariants::known::{Counterexample, Verdict};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::written;

/// Every law, and a mistake that it must notice.
const NOTICED: &[(&str, DirectoryFault)] = &[
    ("INV-91", DirectoryFault::SimpleLooksUpOthers),
    ("INV-92", DirectoryFault::ConnectorFollowsForest),
    ("INV-93", DirectoryFault::ServiceAccountUnchecked),
    ("INV-94", DirectoryFault::OneWayTrustLooksUp),
    ("INV-95", DirectoryFault::OneWayTrustLooksUp),
    ("INV-96", DirectoryFault::TrustIsTransitive),
    ("INV-97", DirectoryFault::UnreachableRadiusPasses),
    ("INV-98", DirectoryFault::TrustPolicyAtAssignmentOnly),
    ("INV-99", DirectoryFault::SimpleJoinsTrust),
    ("INV-100", DirectoryFault::DisabledUserLetIn),
    ("INV-101", DirectoryFault::SidIssuedTwice),
];

/// How many worlds are drawn for a law, each with its own steps.
const WORLDS: u32 = 100;

/// How many worlds are drawn at most until a mistake shows; some need a user of the right domain at the right directory.
const WORLDS_UNTIL_NOTICED: u32 = 3_000;

#[test]
fn every_law_of_directories_holds_in_the_sample() {
    assert_eq!(LAWS_OF_DIRECTORIES.len(), NOTICED.len());
    for law in LAWS_OF_DIRECTORIES {
        let way = sample(law.id, DirectoryReading::default(), WORLDS, 0).expect("a law of directories");
        assert_eq!(way.verdict, Verdict::Sampled, "{}", law.id);
    }
}

/// What INV-95 asks for, looked up in a world in which no record is two-way, and whose users come to the console all the same.
#[test]
fn trust_both_ways_may_be_two_trusts() {
    let mut cases = written::all();
    cases.retain(|case| case.name.contains("trust-both-ways-by-two-trusts"));
    let [case] = &cases[..] else { panic!("{} cases of that name", cases.len()) };
    let name = |text: &str| DomainName::parse(text).expect("a domain name");
    let (managed, child, root) = (name("corp.aws"), name("emea.corp.local"), name("corp.local"));
    assert!(trusts(&case.world, &managed, &child) && trusts(&case.world, &child, &managed));
    assert!(!trusts(&case.world, &managed, &root) && trusts(&case.world, &root, &managed));
}

#[test]
fn every_law_of_directories_can_fail() {
    for (id, fault) in NOTICED {
        let reading = DirectoryReading::with_fault(*fault);
        let way = sample(id, reading, WORLDS_UNTIL_NOTICED, 0).expect("a law of directories");
        let refuted = matches!(way.verdict, Verdict::Refuted(Counterexample::Example(_)));
        assert!(refuted, "{id} does not notice {}: {:?}", fault.name(), way.verdict);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: WORLDS,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(8),
        ..ProptestConfig::default()
    })]

    /// A refused step leaves no trace in the world, and the same step in the same world has the same answer.
    #[test]
    fn a_step_is_a_function_and_a_refusal_changes_nothing(world in directories(), steps in steps(20)) {
        hold(world, &steps, DirectoryReading::default(), |taken| {
            let mut again = taken.before.clone();
            let reading = DirectoryReading::default();
            let response = perform(&mut again, taken.operation, taken.now_s, &taken.says, reading);
            prop_assert_eq!(&response, taken.response);
            prop_assert_eq!(&again, taken.after);
            if !taken.succeeds() {
                prop_assert_eq!(taken.before, taken.after);
            }
            Ok(())
        })?;
    }

    /// No world, however odd, and no step make the interpreter panic: trusts of anybody, connectors to anywhere, numbers at their end.
    #[test]
    fn no_world_however_odd_makes_a_step_panic(world in directories(), steps in steps(20), last in any::<u64>()) {
        let mut world = world;
        world.next_sid = last | (1 << 63);
        let names: Vec<DomainName> = world.domains().map(|domain| domain.name.clone()).collect();
        for (record, name) in world.trusts.iter_mut().zip(names.iter().rev()) {
            record.partner = name.clone();
        }
        for directory in &mut world.aws {
            if let AwsDirectoryKind::Connector { target, .. } = &mut directory.kind {
                *target = names.last().expect("every world has domains").clone();
            }
        }
        hold(world, &steps, DirectoryReading::default(), |taken| {
            prop_assert!(taken.after.next_sid >= taken.before.next_sid);
            Ok(())
        })?;
    }
}

/// The laws above say something: in the sampled worlds everything that they speak of happens.
#[test]
fn what_the_laws_speak_of_happens() {
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(8), ..Config::default() });
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..400 {
        let world = directories().new_tree(&mut runner).unwrap().current();
        let steps = steps(20).new_tree(&mut runner).unwrap().current();
        let mut note = |what: String| *seen.entry(what).or_default() += 1;
        let mut notes = Vec::new();
        let notes_cell = RefCell::new(&mut notes);
        hold(world, &steps, DirectoryReading::default(), |taken| {
            let what = match &taken.response.result {
                Ok(outcome) => outcome_name(outcome).to_owned(),
                Err(refused) => refused.refusal.code().to_owned(),
            };
            let kind = taken.asked().map_or("on-premises", |directory| directory.kind.name());
            let mut notes = notes_cell.borrow_mut();
            notes.push(what.clone());
            if taken.attempt().is_some() {
                notes.push(format!("{what} at {kind}"));
            }
            for consultation in &taken.response.trace {
                if let Consulted::ByTrust(_) = consultation.of {
                    notes.push(format!("{what} by trust at {kind}"));
                }
            }
            Ok(())
        })
        .unwrap();
        notes.drain(..).for_each(&mut note);
    }
    for expected in [
        "session at managed",
        "session at connector",
        "session at simple",
        "session by trust at managed",
        "logon at on-premises",
        "logon by trust at on-premises",
        "found",
    ] {
        assert!(seen.contains_key(expected), "`{expected}` never happens: {seen:#?}");
    }
    for refusal in Refusal::ALL {
        assert!(seen.contains_key(refusal.code()), "{refusal} never happens: {seen:#?}");
    }
}

fn outcome_name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Made { .. } => "made",
        Outcome::Trust(_) => "trust",
        Outcome::LoggedOn { .. } => "logon",
        Outcome::Found { .. } => "found",
        Outcome::SignedIn { .. } => "session",
        Outcome::Asserted { .. } => "assertion",
    }
}
