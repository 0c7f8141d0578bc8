//! The operations on directories.
//!
//! Told apart by who does them: calls of an AWS principal (`ds:…`, authorised first, DIR-34), what administrators do in a domain with
//! the tools of Active Directory, what happens to networks and servers, and what users of a directory do themselves.

use super::domain::UserStatus;
use super::name::{AccountName, DirectoryId, DirectoryName, DomainName, ObjectName, Sid};
use super::service::{DirectoryState, Radius, Reach, ServiceAccount};
use super::trust::{TrustDirection, TrustExtent};

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryOperation {
    /// A call of an AWS principal.
    Call(DirectoryCall),
    /// The work of an administrator in a domain.
    Administration(Administration),
    /// Something that happens around directories.
    Event(DirectoryEvent),
    /// What a user of a directory does.
    UserAction(UserAction),
}

/// A call of an AWS principal. `at` is the directory that is asked to do it; on premises, where there are no calls, some of them are
/// the work of an administrator with the tools of Active Directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryCall {
    /// `ds:CreateMicrosoftAD`, `ds:ConnectDirectory`, `ds:CreateDirectory`, by kind.
    CreateDirectory(NewDirectory),
    /// `ds:DeleteDirectory`.
    DeleteDirectory {
        /// The directory.
        at: DirectoryName,
    },
    /// `ds:UpdateDirectory`: gives a connector other credentials of its service account.
    UpdateServiceAccount {
        /// The connector.
        at: DirectoryName,
        /// The credentials.
        service_account: ServiceAccount,
    },
    /// `ds:CreateTrust`; on premises with the tools of Active Directory. It makes one side of the trust.
    CreateTrust {
        /// The side that gets the record.
        at: DirectoryName,
        /// The other side.
        with: DirectoryName,
        /// Seen from `at`.
        direction: TrustDirection,
        /// External or Forest.
        extent: TrustExtent,
        /// The trust password.
        password: String,
    },
    /// `ds:DeleteTrust`; on premises with the tools of Active Directory. It deletes one side of the trust.
    DeleteTrust {
        /// The side whose record goes.
        at: DirectoryName,
        /// The other side.
        with: DirectoryName,
    },
    /// `ds:VerifyTrust`; on premises with the tools of Active Directory.
    VerifyTrust {
        /// The side that asks.
        at: DirectoryName,
        /// The other side.
        with: DirectoryName,
    },
    /// `ds:EnableRadius`.
    EnableRadius {
        /// The directory.
        at: DirectoryName,
        /// The server.
        radius: Radius,
    },
    /// `ds:DisableRadius`.
    DisableRadius {
        /// The directory.
        at: DirectoryName,
    },
    /// `ds:CreateAlias`: gives the directory its access URL.
    CreateAccessUrl {
        /// The directory.
        at: DirectoryName,
        /// The URL.
        url: String,
    },
    /// `ds:AuthorizeApplication` for the console.
    EnableConsole {
        /// The directory.
        at: DirectoryName,
    },
    /// `ds:UnauthorizeApplication` for the console.
    DisableConsole {
        /// The directory.
        at: DirectoryName,
    },
    /// `ds:UpdateDirectory`: sets the length of console sessions.
    SetSessionLength {
        /// The directory.
        at: DirectoryName,
        /// The length as it was passed, in seconds.
        seconds: i128,
    },
    /// `ds:EnableRoleAccess`, with `iam:PassRole` on the role.
    AssignRole {
        /// The directory.
        at: DirectoryName,
        /// The user or group.
        subject: Subject,
        /// The ARN of the role.
        role: String,
    },
    /// `ds:DisableRoleAccess`.
    UnassignRole {
        /// The directory.
        at: DirectoryName,
        /// The user or group; one that is gone can be named by its SID alone.
        subject: Subject,
        /// The ARN of the role.
        role: String,
    },
    /// `ds:ResetUserPassword`; on premises with the tools of Active Directory.
    ResetPassword {
        /// The directory.
        at: DirectoryName,
        /// The user.
        account: AccountName,
        /// The new password.
        password: String,
    },
    /// Uses what some kinds offer and others do not.
    Use {
        /// The directory.
        at: DirectoryName,
        /// What is used.
        capability: Capability,
    },
}

/// The work of an administrator in a domain, with the tools of Active Directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Administration {
    /// Makes a domain on premises.
    CreateDomain {
        /// Its DNS name.
        name: DomainName,
        /// Where in the hierarchy.
        place: DomainPlace,
    },
    /// Makes a user.
    CreateUser {
        /// The directory.
        at: DirectoryName,
        /// The account name.
        account: AccountName,
        /// The password.
        password: String,
    },
    /// Makes a group without members.
    CreateGroup {
        /// The directory.
        at: DirectoryName,
        /// The account name.
        account: AccountName,
    },
    /// Joins a computer to the directory.
    JoinComputer {
        /// The directory.
        at: DirectoryName,
        /// The account name.
        account: AccountName,
    },
    /// Deletes a user, a group or a computer.
    DeleteObject {
        /// The directory.
        at: DirectoryName,
        /// The account name.
        account: AccountName,
    },
    /// Puts a member into a group.
    AddMember {
        /// The directory that stores the group.
        at: DirectoryName,
        /// The group.
        group: AccountName,
        /// The member.
        member: Subject,
    },
    /// Takes a member out of a group.
    RemoveMember {
        /// The directory that stores the group.
        at: DirectoryName,
        /// The group.
        group: AccountName,
        /// The member.
        member: Subject,
    },
    /// Disables or locks a user, or enables it again.
    SetUserStatus {
        /// The directory.
        at: DirectoryName,
        /// The user.
        account: AccountName,
        /// The state.
        status: UserStatus,
    },
}

/// Something that happens around directories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryEvent {
    /// The network between a directory and a domain changes.
    SetLink {
        /// The directory.
        directory: DirectoryId,
        /// The domain.
        domain: DomainName,
        /// Whether the path works from now on.
        reach: Reach,
    },
    /// A directory begins or ceases to run.
    SetState {
        /// The directory.
        directory: DirectoryId,
        /// The state.
        state: DirectoryState,
    },
    /// A directory's RADIUS server begins or ceases to answer.
    SetRadiusReach {
        /// The directory.
        directory: DirectoryId,
        /// Whether it answers from now on.
        reach: Reach,
    },
}

/// What a user of a directory does, or somebody who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserAction {
    /// Lists the users and groups of a domain, or reads one of them.
    LookUp {
        /// The directory that is asked.
        at: DirectoryName,
        /// The directory whose objects are asked for.
        of: DirectoryName,
        /// The object; `None` for all.
        account: Option<AccountName>,
    },
    /// Logs a user on (DIR-23).
    LogOn {
        /// The directory that is asked.
        at: DirectoryName,
        /// What the user says.
        attempt: LogonAttempt,
        /// What for.
        purpose: LogonUse,
    },
    /// Signs a user in to the console with a role (DIR-27).
    SignIn {
        /// The directory that is asked.
        at: DirectoryName,
        /// What the user says.
        attempt: LogonAttempt,
        /// The ARN of the role.
        role: String,
    },
    /// Lets an identity provider vouch for a user (DIR-33).
    IssueAssertion {
        /// The ARN of the provider.
        provider: String,
        /// The user.
        user: ObjectName,
        /// The password.
        password: String,
    },
}

/// A directory to be made. It belongs to the account of whoever calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDirectory {
    /// The id that it gets.
    pub id: DirectoryId,
    /// The region.
    pub region: String,
    /// Its kind.
    pub kind: NewDirectoryKind,
}

/// The kind of a directory to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewDirectoryKind {
    /// AWS Managed Microsoft AD.
    Managed {
        /// The DNS name of its domain.
        name: DomainName,
    },
    /// AD Connector.
    Connector {
        /// The domain that it asks.
        target: DomainName,
        /// The credentials with which it reads.
        service_account: ServiceAccount,
    },
    /// Simple AD.
    Simple {
        /// The DNS name of its domain.
        name: DomainName,
    },
}

/// Where a new domain goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainPlace {
    /// It is the root of a forest of its own.
    NewForest,
    /// It is the root of a new tree of the forest that this domain belongs to.
    NewTree {
        /// A domain of the forest.
        forest_of: DomainName,
    },
    /// It stands below this domain.
    Child {
        /// A domain; the new one's name is a label in front of its name.
        of: DomainName,
    },
}

/// A user or a group, by name or by SID.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The object that has this name at that instant.
    Named(ObjectName),
    /// The object with this SID, there or gone.
    Known(Sid),
}

/// What somebody says who wants to log on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogonAttempt {
    /// `name@domain`.
    pub user: ObjectName,
    /// The password.
    pub password: String,
    /// The one-time code, where one is sent.
    pub otp: Option<String>,
}

/// What a logon is for (DIR-22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogonUse {
    /// To a computer that was joined to the directory.
    Host,
    /// To an AWS application.
    App,
    /// To the console, at the access URL.
    Console,
}

/// What some kinds of directories offer and others do not: rows of the table of DIR-35.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// `ds:ShareDirectory`: shows the directory to another account.
    Share,
    /// `ds:StartSchemaExtension`.
    SchemaExtension,
    /// `ds:EnableLDAPS`.
    Ldaps(LdapsSide),
    /// `ds:CreateSnapshot`.
    Snapshot,
    /// The identity source of IAM Identity Center.
    IdentityCenter,
    /// Windows authentication in RDS for SQL Server.
    RdsForSqlServer,
}

/// Which end of an LDAPS connection the directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LdapsSide {
    /// It asks another one.
    Client,
    /// It is asked.
    Server,
}

impl LogonUse {
    /// Every use.
    pub const ALL: [LogonUse; 3] = [LogonUse::Host, LogonUse::App, LogonUse::Console];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            LogonUse::Host => "host",
            LogonUse::App => "app",
            LogonUse::Console => "console",
        }
    }
}

impl Capability {
    /// Every capability.
    pub const ALL: [Capability; 7] = [
        Capability::Share,
        Capability::SchemaExtension,
        Capability::Ldaps(LdapsSide::Client),
        Capability::Ldaps(LdapsSide::Server),
        Capability::Snapshot,
        Capability::IdentityCenter,
        Capability::RdsForSqlServer,
    ];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Capability::Share => "share",
            Capability::SchemaExtension => "schema-extension",
            Capability::Ldaps(LdapsSide::Client) => "ldaps-client",
            Capability::Ldaps(LdapsSide::Server) => "ldaps-server",
            Capability::Snapshot => "snapshot",
            Capability::IdentityCenter => "identity-center",
            Capability::RdsForSqlServer => "rds-for-sql-server",
        }
    }
}
