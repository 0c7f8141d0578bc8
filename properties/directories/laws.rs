//! The laws of section 9.8, sampled: random directories, and random steps in them. Each law has a mistake that it must notice.

use std::cell::RefCell;
use std::collections::BTreeMap;

use iamproof::evaluator::directory::fault::DirectoryFault;
use iamproof::evaluator::directory::{DirectoryReading, perform};
use iamproof::generators::directories::directories;
use iamproof::iam::arn::Arn;
use iamproof::iam::directory::{
    Answer, AwsDirectoryKind, Consulted, Directories, DirectoryCall, DirectoryName, DirectoryOperation,
    DirectoryState, DomainName, LogonUse, ObjectKind, Outcome, Question, Refusal, TrustExtent, TrustRecord,
    UserAction, UserStatus,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use super::trace::{
    Says, Taken, code_is_good, hold, homes, link_is_down, root_of, simple_domains, steps, trusts_the_service,
    two_way, vouches,
};

/// A law of every step, and a mistake that it must notice.
struct Law {
    id: &'static str,
    of_step: fn(&Taken<'_>) -> Result<(), TestCaseError>,
    notices: DirectoryFault,
}

const LAWS: [Law; 10] = [
    Law { id: "INV-91", of_step: simple_ad_stands_alone, notices: DirectoryFault::SimpleLooksUpOthers },
    Law {
        id: "INV-92",
        of_step: connectors_store_nothing_and_ask_their_target,
        notices: DirectoryFault::ConnectorFollowsForest,
    },
    Law {
        id: "INV-93",
        of_step: connectors_store_nothing_and_ask_their_target,
        notices: DirectoryFault::ServiceAccountUnchecked,
    },
    Law {
        id: "INV-95",
        of_step: foreign_console_users_come_by_a_two_way_trust,
        notices: DirectoryFault::OneWayTrustLooksUp,
    },
    Law { id: "INV-96", of_step: no_third_party_matters, notices: DirectoryFault::TrustIsTransitive },
    Law {
        id: "INV-97",
        of_step: nobody_comes_to_aws_past_a_radius_server,
        notices: DirectoryFault::UnreachableRadiusPasses,
    },
    Law {
        id: "INV-98",
        of_step: roles_come_by_assignment_alone,
        notices: DirectoryFault::TrustPolicyAtAssignmentOnly,
    },
    Law { id: "INV-99", of_step: simple_ad_has_no_trusts, notices: DirectoryFault::SimpleJoinsTrust },
    Law { id: "INV-100", of_step: the_home_domain_vouches, notices: DirectoryFault::DisabledUserLetIn },
    Law {
        id: "INV-101",
        of_step: the_hierarchy_is_a_function_and_nobody_moves,
        notices: DirectoryFault::SidIssuedTwice,
    },
];

/// How many worlds are drawn for a law, each with its own steps.
const WORLDS: u32 = 100;

/// How many worlds are drawn at most until a mistake shows; some need a user of the right domain at the right directory.
const WORLDS_UNTIL_NOTICED: u32 = 3_000;

/// Holds a law against so many worlds; an error is the first example that breaks it, made smaller.
fn sampled(law: &Law, reading: DirectoryReading, worlds: u32) -> Result<(), String> {
    let config = Config {
        cases: worlds,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(8),
        // Enough to make an example readable, and not so many that a mistake that shows at once is slow to be noticed.
        max_shrink_iters: 100,
        ..Config::default()
    };
    let strategy = (directories(), steps(24));
    let mut runner = TestRunner::new(config);
    runner
        .run(&strategy, |(world, steps)| hold(world, &steps, reading, law.of_step))
        .map_err(|error| format!("{}: {error}", law.id))
}

#[test]
fn every_law_of_directories_holds_in_the_sample() {
    let broken: Vec<String> =
        LAWS.iter().filter_map(|law| sampled(law, DirectoryReading::default(), WORLDS).err()).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_law_of_directories_can_fail() {
    for law in &LAWS {
        let reading = DirectoryReading::with_fault(law.notices);
        assert!(
            sampled(law, reading, WORLDS_UNTIL_NOTICED).is_err(),
            "{} does not notice {}",
            law.id,
            law.notices.name()
        );
    }
}

/// INV-91.
fn simple_ad_stands_alone(taken: &Taken<'_>) -> Result<(), TestCaseError> {
    let Some(directory) = taken.asked() else { return Ok(()) };
    let AwsDirectoryKind::Simple { domain } = &directory.kind else { return Ok(()) };
    for consultation in &taken.response.trace {
        prop_assert_eq!(&consultation.of, &Consulted::Own(domain.name.clone()));
    }
    let mut alone = taken.before.clone();
    alone.trusts.clear();
    alone.links_down.clear();
    for domain in alone.forests.iter_mut().flat_map(|forest| forest.domains_mut()) {
        domain.objects.clear();
    }
    let reading = taken.reading;
    let response = perform(&mut alone, taken.operation, taken.now_s, &taken.says, reading);
    prop_assert_eq!(&response, taken.response);
    Ok(())
}

/// INV-92, INV-93.
fn connectors_store_nothing_and_ask_their_target(taken: &Taken<'_>) -> Result<(), TestCaseError> {
    let Some(directory) = taken.asked() else { return Ok(()) };
    let AwsDirectoryKind::Connector { target, service_account, .. } = &directory.kind else { return Ok(()) };
    prop_assert!(directory.domain().is_none());
    if !taken.succeeds() {
        return Ok(());
    }
    prop_assert!(!taken.response.trace.is_empty(), "an answer from nowhere");
    for consultation in &taken.response.trace {
        let of = &consultation.of;
        prop_assert!(*of == Consulted::Target(target.clone()) || *of == Consulted::RadiusServer);
        prop_assert_eq!(consultation.answer, Answer::Given);
    }
    prop_assert!(!link_is_down(taken.before, directory, target));
    let stored = taken.before.domain(target).and_then(|domain| domain.object(&service_account.account));
    let is_usable = stored.is_some_and(|object| match &object.kind {
        ObjectKind::User { password, status } => {
            *status == UserStatus::Enabled && *password == service_account.password
        }
        ObjectKind::Group { .. } | ObjectKind::Computer => false,
    });
    prop_assert!(is_usable);
    if let Some((attempt, purpose)) = taken.attempt() {
        prop_assert_eq!(&attempt.user.domain, target);
        prop_assert!(vouches(taken.before, attempt));
        prop_assert!(purpose == LogonUse::Host || code_is_good(directory, attempt, taken.now_s));
    }
    Ok(())
}

/// INV-95.
fn foreign_console_users_come_by_a_two_way_trust(taken: &Taken<'_>) -> Result<(), TestCaseError> {
    let Some(directory) = taken.asked() else { return Ok(()) };
    let AwsDirectoryKind::Managed { domain, .. } = &directory.kind else { return Ok(()) };
    let Ok(Outcome::SignedIn { user, .. }) = &taken.response.result else { return Ok(()) };
    let (home, _) = taken.before.object(user).expect("who signs in is there");
    if home.name == domain.name {
        return Ok(());
    }
    let root = root_of(taken.before, &home.name);
    prop_assert!(
        two_way(taken.before, &domain.name, &home.name, TrustExtent::External)
            || two_way(taken.before, &domain.name, root, TrustExtent::Forest)
    );
    prop_assert!(!link_is_down(taken.before, directory, &home.name));
    prop_assert!(!directory.assignments.is_empty());
    Ok(())
}

/// INV-96.
fn no_third_party_matters(taken: &Taken<'_>) -> Result<(), TestCaseError> {
    let Some(directory) = taken.asked() else { return Ok(()) };
    let AwsDirectoryKind::Managed { domain, .. } = &directory.kind else { return Ok(()) };
    for consultation in &taken.response.trace {
        if let Consulted::ByTrust(other) = &consultation.of {
            let root = root_of(taken.before, other);
            let direct = |record: &TrustRecord| {
                record.owner == domain.name && root_of(taken.before, &record.partner) == root
            };
            prop_assert!(taken.before.trusts.iter().any(direct));
        }
    }
    let mut without = taken.before.clone();
    without.trusts.retain(|record| record.owner == domain.name || record.partner == domain.name);
    let reading = taken.reading;
    let response = perform(&mut without, taken.operation, taken.now_s, &taken.says, reading);
    prop_assert_eq!(&response, taken.response);
    Ok(())
}

/// INV-97.
fn nobody_comes_to_aws_past_a_radius_server(taken: &Taken<'_>) -> Result<(), TestCaseError> {
    for directory in &taken.after.aws {
        if let AwsDirectoryKind::Simple { .. } = &directory.kind {
            prop_assert!(directory.radius().is_none());
        }
    }
    let (Some(directory), Some((attempt, purpose))) = (taken.asked(), taken.attempt()) else {
        return Ok(());
    };
    if taken.succeeds() && purpose != LogonUse::Host && directory.radius().is_some() {
        prop_assert!(code_is_good(directory, attempt, taken.now_s));
        let accepted = taken.response.trace.iter().any(|consultation| {
            consultation.of == Consulted::RadiusServer
                && consultation.question == Question::Code(attempt.user.account.clone())
                && consultation.answer == Answer::Given
        });
        prop_assert!(accepted);
    }
    Ok(())
}

/// INV-98.
fn roles_come_by_assignment_alone(taken: &Taken<'_>) -> Result<(), TestCaseError> {
    for directory in &taken.after.aws {
        let before = taken.before.directory(&directory.id).map(|directory| &directory.assignments);
        for assignment in &directory.assignments {
            if before.is_none_or(|before| !before.contains(assignment)) {
                let is_call =
                    matches!(taken.operation, DirectoryOperation::Call(DirectoryCall::AssignRole { .. }));
                prop_assert!(is_call && taken.says.passes && taken.says.calls);
                prop_assert!(trusts_the_service(&assignment.role));
            }
        }
    }
    let Ok(Outcome::SignedIn { user, role, .. }) = &taken.response.result else { return Ok(()) };
    let directory = taken.asked().expect("who signs in asks a directory");
    prop_assert!(trusts_the_service(role));
    prop_assert_eq!(Arn::parse(role).map(|arn| arn.account), Some(directory.account.as_str()));
    let holds = directory.assignments.iter().any(|assignment| {
        let group = taken.before.object(&assignment.subject).map(|(_, object)| &object.kind);
        let is_member = match group {
            Some(ObjectKind::Group { members }) => members.contains(user),
            Some(ObjectKind::User { .. } | ObjectKind::Computer) | None => false,
        };
        assignment.role == *role && (assignment.subject == *user || is_member)
    });
    prop_assert!(holds);
    Ok(())
}

/// INV-99.
fn simple_ad_has_no_trusts(taken: &Taken<'_>) -> Result<(), TestCaseError> {
    for simple in simple_domains(taken.after) {
        let of_simple = |record: &TrustRecord| record.owner == *simple || record.partner == *simple;
        // A name that became free may have been on record before; a trust is made with nobody of this kind.
        let made = taken.after.trusts.iter().filter(|record| of_simple(record));
        for record in made {
            prop_assert!(taken.before.trusts.contains(record));
            prop_assert!(record.owner != *simple);
        }
    }
    Ok(())
}

/// INV-100.
fn the_home_domain_vouches(taken: &Taken<'_>) -> Result<(), TestCaseError> {
    let Some((attempt, _)) = taken.attempt() else { return Ok(()) };
    if taken.succeeds() {
        prop_assert!(vouches(taken.before, attempt));
        let last = taken.response.trace.last().expect("the home domain was asked");
        prop_assert_eq!(last.of.domain(), Some(&attempt.user.domain));
        prop_assert_eq!(&last.question, &Question::Logon(attempt.user.account.clone()));
    }
    Ok(())
}

/// INV-101.
fn the_hierarchy_is_a_function_and_nobody_moves(taken: &Taken<'_>) -> Result<(), TestCaseError> {
    let mut names: Vec<&DomainName> = taken.after.domains().map(|domain| &domain.name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    prop_assert_eq!(names.len(), count);
    let (before, after) = (homes(taken.before), homes(taken.after));
    for (sid, home) in &after {
        match before.get(sid) {
            Some(earlier) => prop_assert_eq!(earlier, home),
            None => prop_assert!(sid.number().is_some_and(|number| number >= taken.before.next_sid)),
        }
    }
    Ok(())
}

/// INV-94.
fn two_way_lookup_is_symmetric(world: &Directories, reading: DirectoryReading) -> Result<(), TestCaseError> {
    let mut world = world.clone();
    for directory in &mut world.aws {
        directory.state = DirectoryState::Active;
    }
    let trusting: Vec<DomainName> = world
        .domains()
        .map(|domain| &domain.name)
        .filter(|name| simple_domains(&world).all(|simple| simple != *name))
        .cloned()
        .collect();
    let needs_trust = |one: &DomainName, other: &DomainName| {
        let (at, of) = (DirectoryName::Domain(one.clone()), DirectoryName::Domain(other.clone()));
        let operation = DirectoryOperation::UserAction(UserAction::LookUp { at, of, account: None });
        let says = Says { calls: true, passes: true };
        let response = perform(&mut world.clone(), &operation, 0, &says, reading);
        matches!(response.result, Err(refused) if refused.refusal == Refusal::TrustRequired)
    };
    for one in &trusting {
        for other in &trusting {
            prop_assert_eq!(needs_trust(one, other), needs_trust(other, one), "{} and {}", one, other);
        }
    }
    Ok(())
}

/// Holds the law of worlds against a sample.
fn symmetric(reading: DirectoryReading) -> bool {
    let config =
        Config { cases: WORLDS, failure_persistence: None, rng_seed: RngSeed::Fixed(8), ..Config::default() };
    let mut runner = TestRunner::new(config);
    runner.run(&directories(), |world| two_way_lookup_is_symmetric(&world, reading)).is_ok()
}

#[test]
fn lookups_are_symmetric_and_one_that_is_not_is_noticed() {
    assert!(symmetric(DirectoryReading::default()));
    assert!(!symmetric(DirectoryReading::with_fault(DirectoryFault::OneWayTrustLooksUp)));
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
