//! A session: the record that is frozen when temporary credentials are issued (STS-2).

use std::collections::BTreeSet;

use crate::iam::context::Context;
use crate::iam::instant::Instant;
use crate::iam::key::KeyName;
use crate::iam::policy::Policy;
use crate::iam::tags::Tags;

/// Temporary credentials. Nothing in it ever changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose session it is.
    pub kind: SessionKind,
    /// The account of the user or role.
    pub account: String,
    /// From this whole second on.
    pub issued: Instant,
    /// Until before this whole second.
    pub expires: Instant,
    /// The session policies that were passed, managed ones as they were then (D-59); `None` where none was passed.
    pub policies: Option<Vec<Policy>>,
    /// The tags that were inherited and passed; those of the user or role are not frozen (STS-36).
    pub tags: Tags,
    /// The keys among them that pass on to further sessions (STS-37).
    pub transitive_keys: BTreeSet<KeyName>,
    /// The source identity (STS-40).
    pub source_identity: Option<String>,
    /// What the credentials say of MFA (KEY-2).
    pub mfa: Mfa,
    /// The session that called, where one did.
    pub parent: Option<String>,
    /// The service that issued it for itself or its users, such as `lambda.amazonaws.com`; `None` where STS was called.
    pub issuer: Option<String>,
    /// `aws:FederatedProvider` of a session that came from an OIDC provider (STS-34).
    pub federated_provider: Option<String>,
    /// Keys of the provider that stay in the context of the session's requests (KEY-5).
    pub provider_keys: Context,
}

/// Whose session it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// Of a role.
    Role {
        /// The role's unique id.
        role: String,
        /// The role's name when the session was issued.
        name: String,
        /// RoleSessionName.
        session_name: String,
    },
    /// GetSessionToken's, of a user.
    User {
        /// The user's unique id.
        user: String,
    },
    /// GetSessionToken's, of root.
    Root,
    /// GetFederationToken's.
    Federated {
        /// The name that was passed.
        name: String,
        /// Who called.
        source: Federating,
    },
}

/// Who called GetFederationToken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Federating {
    /// The user with this unique id.
    User(String),
    /// The root user.
    Root,
}

/// What temporary credentials say of MFA (KEY-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mfa {
    /// Nothing: the keys are absent.
    Unknown,
    /// There was none: `aws:MultiFactorAuthPresent` is `false`.
    Absent,
    /// There was a valid code at this instant.
    Since(Instant),
}
