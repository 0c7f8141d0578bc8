//! Random steps in random directories, one after the other, and what is the case in them.
//!
//! What a law says is looked up in the world itself, by the few lines of this file, and not asked of the interpreter.

use std::collections::BTreeMap;

use crate::evaluator::directory::{
    AccountSide, Call, CallerAccount, DirectoryReading, RoleFacts, RoleMaker, perform,
};
use crate::generators::directories::{ACCOUNT, ROLES, any_operation};
use crate::iam::arn::Arn;
use crate::iam::decision::Reason;
use crate::iam::directory::{
    AwsDirectory, AwsDirectoryKind, Directories, DirectoryName, DirectoryOperation, DirectoryResponse,
    DomainName, Link, LogonAttempt, LogonUse, ObjectKind, Reach, Sid, TrustDirection, TrustExtent,
    TrustRecord, UserAction, UserStatus,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

/// What the accounts around a step say.
#[derive(Clone, Copy, Debug)]
pub struct Says {
    /// The calls to the directory service are allowed.
    pub calls: bool,
    /// Roles may be passed to it.
    pub passes: bool,
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

/// Whether the trust policy of a role of the sample lets the directory service in.
pub fn trusts_the_service(role: &str) -> bool {
    ROLES.iter().take(2).any(|trusting| *trusting == role)
}

/// One step, with the world on both sides of it.
pub struct Taken<'t> {
    /// The directories before it.
    pub before: &'t Directories,
    /// The step.
    pub operation: &'t DirectoryOperation,
    /// What the accounts say.
    pub says: Says,
    /// When, in seconds.
    pub now_s: i64,
    /// How the interpreter reads.
    pub reading: DirectoryReading,
    /// What came of it.
    pub response: &'t DirectoryResponse,
    /// The directories after it.
    pub after: &'t Directories,
}

/// A step still to be taken.
pub type Planned = (DirectoryOperation, Says);

/// Steps to be taken.
pub fn steps(most: usize) -> impl Strategy<Value = Vec<Planned>> {
    let says = (prop::bool::weighted(0.9), prop::bool::weighted(0.8))
        .prop_map(|(calls, passes)| Says { calls, passes });
    vec((any_operation(), says), most / 2..=most)
}

/// Takes the steps, one a second, and holds each against a law.
pub fn hold(
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
    pub fn asked(&self) -> Option<&'t AwsDirectory> {
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
    pub fn attempt(&self) -> Option<(&'t LogonAttempt, LogonUse)> {
        let DirectoryOperation::UserAction(action) = self.operation else { return None };
        match action {
            UserAction::LogOn { attempt, purpose, .. } => Some((attempt, *purpose)),
            UserAction::SignIn { attempt, .. } => Some((attempt, LogonUse::Console)),
            UserAction::LookUp { .. } | UserAction::IssueAssertion { .. } => None,
        }
    }

    /// Whether it was done.
    pub fn succeeds(&self) -> bool {
        self.response.result.is_ok()
    }
}

/// Whether a domain stores this user, who may log on with this password.
pub fn vouches(world: &Directories, attempt: &LogonAttempt) -> bool {
    let object = world.domain(&attempt.user.domain).and_then(|domain| domain.object(&attempt.user.account));
    match object.map(|object| &object.kind) {
        Some(ObjectKind::User { password, status }) => {
            *status == UserStatus::Enabled && *password == attempt.password
        }
        Some(ObjectKind::Group { .. } | ObjectKind::Computer) | None => false,
    }
}

/// The root of the forest that a domain is in.
pub fn root_of<'w>(world: &'w Directories, name: &'w DomainName) -> &'w DomainName {
    let forest = world.forests.iter().find(|forest| forest.domains().any(|domain| domain.name == *name));
    forest.map_or(name, |forest| &forest.root.root.name)
}

/// Whether a trust in this direction has an effect: one side's record has its exact complement on the other, and covers both domains, be it an
/// external one between them or one of their forests (DIR-10, DIR-13).
pub fn trusts(world: &Directories, trusting: &DomainName, trusted: &DomainName) -> bool {
    let are = |ends: [&DomainName; 2], record: &TrustRecord| match record.extent {
        TrustExtent::External => ends == [&record.owner, &record.partner],
        TrustExtent::Forest => {
            let named = [&record.owner, &record.partner].map(|name| root_of(world, name));
            ends.map(|name| root_of(world, name)) == named
        }
    };
    world.trusts.iter().filter(|record| are([trusting, trusted], record)).any(|record| {
        let other = world.trust_record(&record.partner, &record.owner);
        other.is_some_and(|other| {
            let facing = match record.direction {
                TrustDirection::Outgoing => TrustDirection::Incoming,
                TrustDirection::TwoWay => TrustDirection::TwoWay,
                TrustDirection::Incoming => return false,
            };
            (other.direction, other.extent, &other.password) == (facing, record.extent, &record.password)
        })
    })
}

/// Whether the path between a directory and a domain is down.
pub fn link_is_down(world: &Directories, directory: &AwsDirectory, domain: &DomainName) -> bool {
    let link = Link { directory: directory.id.clone(), domain: domain.clone() };
    world.links_down.contains(&link)
}

/// Whether a one-time code is among those that the RADIUS server accepts now.
pub fn code_is_good(directory: &AwsDirectory, attempt: &LogonAttempt, now_s: i64) -> bool {
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
pub fn homes(world: &Directories) -> BTreeMap<&Sid, &DomainName> {
    let mut homes = BTreeMap::new();
    for domain in world.domains() {
        for object in &domain.objects {
            let other = homes.insert(&object.sid, &domain.name);
            assert_eq!(other, None, "{} is in two domains", object.sid);
        }
    }
    homes
}

/// The domains of the Simple ADs.
pub fn simple_domains(world: &Directories) -> impl Iterator<Item = &DomainName> {
    world.aws.iter().filter_map(|directory| match &directory.kind {
        AwsDirectoryKind::Simple { domain } => Some(&domain.name),
        AwsDirectoryKind::Managed { .. } | AwsDirectoryKind::Connector { .. } => None,
    })
}
