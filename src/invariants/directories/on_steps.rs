//! The laws of section 9.8, each of one step with the directories before and after it.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::step::{
    Says, Taken, code_is_good, homes, link_is_down, root_of, simple_domains, trusts, trusts_the_service,
    vouches,
};
use crate::evaluator::directory::{DirectoryReading, perform};
use crate::iam::arn::Arn;
use crate::iam::directory::{
    Answer, AwsDirectoryKind, Consulted, Directories, DirectoryCall, DirectoryName, DirectoryOperation,
    DirectoryState, DomainName, LogonUse, ObjectKind, Outcome, Question, Refusal, TrustRecord, UserAction,
    UserStatus,
};

/// INV-91.
pub(super) fn simple_ad_stands_alone(taken: &Taken<'_>) -> Result<(), TestCaseError> {
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
pub(super) fn connectors_store_nothing_and_ask_their_target(taken: &Taken<'_>) -> Result<(), TestCaseError> {
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
pub(super) fn foreign_console_users_come_by_trust_both_ways(taken: &Taken<'_>) -> Result<(), TestCaseError> {
    let Some(directory) = taken.asked() else { return Ok(()) };
    let AwsDirectoryKind::Managed { domain, .. } = &directory.kind else { return Ok(()) };
    let Ok(Outcome::SignedIn { user, .. }) = &taken.response.result else { return Ok(()) };
    let Some((home, _)) = taken.before.object(user) else {
        return Err(TestCaseError::fail("who signs in is nowhere"));
    };
    if home.name == domain.name {
        return Ok(());
    }
    prop_assert!(trusts(taken.before, &domain.name, &home.name));
    prop_assert!(trusts(taken.before, &home.name, &domain.name));
    prop_assert!(!link_is_down(taken.before, directory, &home.name));
    prop_assert!(!directory.assignments.is_empty());
    Ok(())
}

/// INV-96.
pub(super) fn no_third_party_matters(taken: &Taken<'_>) -> Result<(), TestCaseError> {
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
pub(super) fn nobody_comes_to_aws_past_a_radius_server(taken: &Taken<'_>) -> Result<(), TestCaseError> {
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
pub(super) fn roles_come_by_assignment_alone(taken: &Taken<'_>) -> Result<(), TestCaseError> {
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
    let Some(directory) = taken.asked() else {
        return Err(TestCaseError::fail("who signs in asks no directory"));
    };
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
pub(super) fn simple_ad_has_no_trusts(taken: &Taken<'_>) -> Result<(), TestCaseError> {
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
pub(super) fn the_home_domain_vouches(taken: &Taken<'_>) -> Result<(), TestCaseError> {
    let Some((attempt, _)) = taken.attempt() else { return Ok(()) };
    if taken.succeeds() {
        prop_assert!(vouches(taken.before, attempt));
        let Some(last) = taken.response.trace.last() else {
            return Err(TestCaseError::fail("no domain was asked"));
        };
        prop_assert_eq!(last.of.domain(), Some(&attempt.user.domain));
        prop_assert_eq!(&last.question, &Question::Logon(attempt.user.account.clone()));
    }
    Ok(())
}

/// INV-101.
pub(super) fn the_hierarchy_is_a_function_and_nobody_moves(taken: &Taken<'_>) -> Result<(), TestCaseError> {
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
pub(super) fn two_way_lookup_is_symmetric(
    world: &Directories,
    reading: DirectoryReading,
) -> Result<(), TestCaseError> {
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
