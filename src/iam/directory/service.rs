//! The directories that AWS keeps: AWS Managed Microsoft AD, AD Connector, Simple AD (DIR-3 to DIR-6).

use super::domain::Domain;
use super::name::{AccountName, DirectoryId, DomainName, Sid};

/// A directory of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsDirectory {
    /// Its id.
    pub id: DirectoryId,
    /// The partition of its account.
    pub partition: String,
    /// Its region.
    pub region: String,
    /// The account that it belongs to.
    pub account: String,
    /// Which of the three kinds it is, with what only that kind has.
    pub kind: AwsDirectoryKind,
    /// Whether it runs.
    pub state: DirectoryState,
    /// The address at which users sign in.
    pub access_url: Option<String>,
    /// Whether users may sign in to the console there.
    pub console: ConsoleAccess,
    /// The length of console sessions that is asked for, in seconds (DIR-29).
    pub session_length_s: u64,
    /// Who has which role, in the order in which it was assigned.
    pub assignments: Vec<Assignment>,
}

/// The three kinds that AWS keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AwsDirectoryKind {
    /// AWS Managed Microsoft AD: a forest of its own, of one tree and one domain.
    Managed {
        /// The one domain.
        domain: Domain,
        /// The configuration of multi-factor authentication.
        radius: Option<Radius>,
    },
    /// AD Connector: a proxy. It has no domain, and so no objects.
    Connector {
        /// The domain that it asks.
        target: DomainName,
        /// The account of that domain with which it reads.
        service_account: ServiceAccount,
        /// The configuration of multi-factor authentication.
        radius: Option<Radius>,
    },
    /// Simple AD: a forest of its own, of one tree and one domain. It has no multi-factor authentication.
    Simple {
        /// The one domain.
        domain: Domain,
    },
}

/// The credentials that a connector was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccount {
    /// The account name of a user of the target.
    pub account: AccountName,
    /// The password as it was given; it is stale once the user's is another.
    pub password: String,
}

/// Whether a directory runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DirectoryState {
    /// It answers.
    Active,
    /// Being made, impaired, inoperable, or being deleted.
    Inactive,
}

/// Whether users of a directory may sign in to the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConsoleAccess {
    /// They may.
    Enabled,
    /// They may not.
    Disabled,
}

/// A RADIUS server and what it would answer: `radius_valid` of DIR-23 as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Radius {
    /// Whether the directory reaches it.
    pub reach: Reach,
    /// The codes that it accepts; it accepts no others.
    pub codes: Vec<RadiusCode>,
}

/// Whether the other end of a path answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// It does.
    Up,
    /// It does not.
    Down,
}

/// A code that a RADIUS server accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RadiusCode {
    /// Of whom, by the name without domain.
    pub account: AccountName,
    /// The code.
    pub code: String,
    /// Seconds since 1970-01-01T00:00:00Z of the first instant at which it is accepted; `None`: always was.
    pub from_s: Option<i64>,
    /// Seconds since 1970-01-01T00:00:00Z of the first instant at which it is accepted no more; `None`: always will be.
    pub until_s: Option<i64>,
}

/// A role that users of a directory may take (DIR-25).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Assignment {
    /// A user or a group; it may be gone.
    pub subject: Sid,
    /// The ARN of the role.
    pub role: String,
}

/// The length of console sessions where nobody set one, in seconds (DIR-29).
pub const DEFAULT_SESSION_LENGTH_S: u64 = 3600;

impl AwsDirectory {
    /// `arn:P:ds:REGION:ACCT:directory/d-…` (DIR-6).
    pub fn arn(&self) -> String {
        let AwsDirectory { id, partition, region, account, .. } = self;
        format!("arn:{partition}:ds:{region}:{account}:directory/{id}")
    }

    /// The domain that it stores; a connector stores none.
    pub fn domain(&self) -> Option<&Domain> {
        match &self.kind {
            AwsDirectoryKind::Managed { domain, .. } | AwsDirectoryKind::Simple { domain } => Some(domain),
            AwsDirectoryKind::Connector { .. } => None,
        }
    }

    /// The domain that it stores, to be changed.
    pub fn domain_mut(&mut self) -> Option<&mut Domain> {
        match &mut self.kind {
            AwsDirectoryKind::Managed { domain, .. } | AwsDirectoryKind::Simple { domain } => Some(domain),
            AwsDirectoryKind::Connector { .. } => None,
        }
    }

    /// The configuration of multi-factor authentication, where there is one.
    pub fn radius(&self) -> Option<&Radius> {
        match &self.kind {
            AwsDirectoryKind::Managed { radius, .. } | AwsDirectoryKind::Connector { radius, .. } => {
                radius.as_ref()
            }
            AwsDirectoryKind::Simple { .. } => None,
        }
    }
}

impl AwsDirectoryKind {
    /// The name in files and messages.
    pub fn name(&self) -> &'static str {
        match self {
            AwsDirectoryKind::Managed { .. } => "managed",
            AwsDirectoryKind::Connector { .. } => "connector",
            AwsDirectoryKind::Simple { .. } => "simple",
        }
    }
}
