//! Random steps in random directories, one after the other, and what is the case in them.
//!
//! What a law says is looked up in the world itself, by the few lines of this file, and not asked of the interpreter.

use std::collections::BTreeMap;

use iamproof::evaluator::directory::{
    AccountSide, Call, CallerAccount, DirectoryReading, RoleFacts, RoleMaker, perform,
};
use iamproof::generators::directories::{ACCOUNT, ROLES, any_operation};
use iamproof::iam::arn::Arn;
use iamproof::iam::decision::Reason;
use iamproof::iam::directory::{
    AwsDirectory, AwsDirectoryKind, Directories, DirectoryName, DirectoryOperation, DirectoryResponse,
    DomainName, Link, LogonAttempt, LogonUse, ObjectKind, Reach, Sid, TrustDirection, TrustExtent,
    UserAction, UserStatus,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

/// What the accounts around a step say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Says {
    pub(super) calls: bool,
    pub(super) passes: bool,
}

impl AccountSide for Says {
    fn caller(&self) -> Option<CallerAccount> {
        Some(CallerAccount { partition: "aws".to_owned(), account: ACCOUNT.to_owned() })
    }

    fn decide(&self, call: &Call<'_>) -> Reason {
        let allows = if call.action == "iam:PassRole" { self.passes } else { self.calls };
        if allows { Reason::AllowIdentity } else { Reason::DenyImplicitIdentity }
    }

    fn role(&self, arn: &str) -> Option<RoleFacts> {
        let account = Arn::parse(arn)?.account.to_owned();
        Some(RoleFacts { account, maker: RoleMaker::Account })
    }

    fn decide_for_directory_service(&self, role: &str) -> Reason {
        if trusts_the_service(role) { Reason::AllowService } else { Reason::DenyImplicitResource }
    }
}

pub(super) fn trusts_the_service(role: &str) -> bool {
    ROLES[..2].contains(&role)
}

/// One step, with the world on both sides of it.
pub(super) struct Taken<'t> {
    pub(super) before: &'t Directories,
    pub(super) operation: &'t DirectoryOperation,
    pub(super) says: Says,
    pub(super) now_s: i64,
    pub(super) reading: DirectoryReading,
    pub(super) response: &'t DirectoryResponse,
    pub(super) after: &'t Directories,
}

/// A step still to be taken.
pub(super) type Planned = (DirectoryOperation, Says);

pub(super) fn steps(most: usize) -> impl Strategy<Value = Vec<Planned>> {
    let says = (prop::bool::weighted(0.9), prop::bool::weighted(0.8))
        .prop_map(|(calls, passes)| Says { calls, passes });
    vec((any_operation(), says), most / 2..=most)
}

/// Takes the steps, one a second, and holds each against a law.
pub(super) fn hold(
    world: Directories,
    steps: &[Planned],
    reading: DirectoryReading,
    law: impl Fn(&Taken<'_>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut world = world;
    for ((operation, says), now_s) in steps.iter().zip(0..) {
        let before = world.clone();
        let response = perform(&mut world, operation, now_s, says, reading);
        let taken = Taken {
            before: &before,
            operation,
            says: *says,
            now_s,
            reading,
            response: &response,
            after: &world,
        };
        law(&taken)?;
    }
    Ok(())
}

impl<'t> Taken<'t> {
    /// The directory that AWS keeps and that the step asks, for what users do.
    pub(super) fn asked(&self) -> Option<&'t AwsDirectory> {
        let DirectoryOperation::UserAction(action) = self.operation else { return None };
        let at = match action {
            UserAction::LookUp { at, .. } | UserAction::LogOn { at, .. } | UserAction::SignIn { at, .. } => {
                at
            }
            UserAction::IssueAssertion { .. } => return None,
        };
        match at {
            DirectoryName::Id(id) => self.before.directory(id),
            DirectoryName::Domain(name) => {
                self.before.aws.iter().find(|directory| directory.domain().is_some_and(|d| d.name == *name))
            }
        }
    }

    /// What a user said, and what for.
    pub(super) fn attempt(&self) -> Option<(&'t LogonAttempt, LogonUse)> {
        let DirectoryOperation::UserAction(action) = self.operation else { return None };
        match action {
            UserAction::LogOn { attempt, purpose, .. } => Some((attempt, *purpose)),
            UserAction::SignIn { attempt, .. } => Some((attempt, LogonUse::Console)),
            UserAction::LookUp { .. } | UserAction::IssueAssertion { .. } => None,
        }
    }

    pub(super) fn succeeds(&self) -> bool {
        self.response.result.is_ok()
    }
}

/// Whether a domain stores this user, who may log on with this password.
pub(super) fn vouches(world: &Directories, attempt: &LogonAttempt) -> bool {
    let object = world.domain(&attempt.user.domain).and_then(|domain| domain.object(&attempt.user.account));
    match object.map(|object| &object.kind) {
        Some(ObjectKind::User { password, status }) => {
            *status == UserStatus::Enabled && *password == attempt.password
        }
        Some(ObjectKind::Group { .. } | ObjectKind::Computer) | None => false,
    }
}

pub(super) fn root_of<'w>(world: &'w Directories, name: &'w DomainName) -> &'w DomainName {
    let forest = world.forests.iter().find(|forest| forest.domains().any(|domain| domain.name == *name));
    forest.map_or(name, |forest| &forest.root.root.name)
}

/// Whether both sides have a two-way trust of this type on record, with one password.
pub(super) fn two_way(
    world: &Directories,
    one: &DomainName,
    other: &DomainName,
    extent: TrustExtent,
) -> bool {
    let sides = (world.trust_record(one, other), world.trust_record(other, one));
    let (Some(one), Some(other)) = sides else { return false };
    one.extent == extent
        && other.extent == extent
        && one.password == other.password
        && one.direction == TrustDirection::TwoWay
        && other.direction == TrustDirection::TwoWay
}

pub(super) fn link_is_down(world: &Directories, directory: &AwsDirectory, domain: &DomainName) -> bool {
    let link = Link { directory: directory.id.clone(), domain: domain.clone() };
    world.links_down.contains(&link)
}

/// Whether a one-time code is among those that the RADIUS server accepts now.
pub(super) fn code_is_good(directory: &AwsDirectory, attempt: &LogonAttempt, now_s: i64) -> bool {
    let Some(radius) = directory.radius() else { return true };
    radius.reach == Reach::Up
        && radius.codes.iter().any(|code| {
            code.account == attempt.user.account
                && Some(&code.code) == attempt.otp.as_ref()
                && code.from_s.is_none_or(|from| now_s >= from)
                && code.until_s.is_none_or(|until| now_s < until)
        })
}

/// Where every SID is at home.
pub(super) fn homes(world: &Directories) -> BTreeMap<&Sid, &DomainName> {
    let mut homes = BTreeMap::new();
    for domain in world.domains() {
        for object in &domain.objects {
            let other = homes.insert(&object.sid, &domain.name);
            assert_eq!(other, None, "{} is in two domains", object.sid);
        }
    }
    homes
}

pub(super) fn simple_domains(world: &Directories) -> impl Iterator<Item = &DomainName> {
    world.aws.iter().filter_map(|directory| match &directory.kind {
        AwsDirectoryKind::Simple { domain } => Some(&domain.name),
        AwsDirectoryKind::Managed { .. } | AwsDirectoryKind::Connector { .. } => None,
    })
}
