//! What happens next in a world: who calls what, when, with which parameters.
//!
//! Parameters are kept as they were passed, however absurd: a duration of -1 and a policy that is no JSON can be said here. What
//! comes of them is each reading's business. Operations on directories (section 8) are one more group.

mod event;
mod identity;
mod passing;
mod policies;
mod sts;

use super::context::Context;
use super::directory::DirectoryOperation;
use super::instant::Instant;

pub use event::Event;
pub use identity::{AccountOperation, DeletionBy, KeyOf};
pub use passing::{Passed, PassedToService, Passing};
pub use policies::{DefaultChoice, PolicyOperation};
pub use sts::{
    AssumeRole, AssumeRoleWithSaml, AssumeRoleWithWebIdentity, EncodedMessage, GetFederationToken,
    GetSessionToken, MfaCode, StsOperation, Tampering,
};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When it happens.
    pub time: Instant,
    /// Who calls; an event has no caller, and this says [`Credentials::None`].
    pub credentials: Credentials,
    /// What is called.
    pub operation: Operation,
    /// Keys of the request that nothing determines, such as `aws:SourceIp`; each determined key follows from the rest.
    pub context: Context,
    /// The id of the VPC endpoint that the call comes through.
    pub endpoint: Option<String>,
    /// The name that later steps give to what this one issues: a session, or the message of a denial.
    pub name: Option<String>,
}

/// With what a call is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// The long-term credentials of a user.
    User {
        /// The user's ARN.
        arn: String,
        /// The id of the access key; `None`: the password, or a key that works.
        access_key: Option<String>,
    },
    /// The long-term credentials of an account's root user.
    Root {
        /// The account.
        account: String,
        /// The id of the access key; `None`: the password, or a key that works.
        access_key: Option<String>,
    },
    /// The temporary credentials of the session with this name.
    Session(String),
    /// A token that no step of this world issued.
    Foreign(String),
    /// A service calls directly.
    Service(String),
    /// None: an unsigned call.
    None,
}

/// What is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// An operation of STS (section 5).
    Sts(StsOperation),
    /// A call that hands a role to a service (section 6).
    Pass(Passing),
    /// An operation on policies and their holders (section 7).
    Policy(PolicyOperation),
    /// An operation on users, groups, roles, their keys and devices (section 7).
    Account(AccountOperation),
    /// An operation on a directory, or of a directory's user (section 8).
    Directory(DirectoryOperation),
    /// A request to a service that is none of these: it is decided, and changes nothing.
    Request(ServiceRequest),
    /// Something that nobody calls.
    Event(Event),
}

impl Operation {
    /// The device and its code that the call passes, where it is a call that can pass them.
    pub fn mfa_code(&self) -> Option<&MfaCode> {
        match self {
            Operation::Sts(StsOperation::AssumeRole(called)) => Some(&called.mfa),
            Operation::Sts(StsOperation::GetSessionToken(called)) => Some(&called.mfa),
            Operation::Sts(
                StsOperation::AssumeRoleWithSaml(_)
                | StsOperation::AssumeRoleWithWebIdentity(_)
                | StsOperation::GetFederationToken(_)
                | StsOperation::GetCallerIdentity
                | StsOperation::DecodeAuthorizationMessage(_),
            )
            | Operation::Pass(_)
            | Operation::Policy(_)
            | Operation::Account(_)
            | Operation::Directory(_)
            | Operation::Request(_)
            | Operation::Event(_) => None,
        }
    }
}

/// A request to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRequest {
    /// `service:Name`.
    pub action: String,
    /// An ARN, or `*`.
    pub resource: String,
    /// The owner of a resource that the world does not hold (GEN-8).
    pub resource_account: Option<String>,
}

/// The text of a policy that is passed to a call; it need not be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyText(pub String);
