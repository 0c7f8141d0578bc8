//! The operations that issue a session, the checks that a call must pass, and the refusals (STS-1, STS-4, STS-5).

/// The operations that issue a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// `sts:AssumeRole`.
    AssumeRole,
    /// `sts:AssumeRoleWithSAML`.
    AssumeRoleWithSaml,
    /// `sts:AssumeRoleWithWebIdentity`.
    AssumeRoleWithWebIdentity,
    /// `sts:GetSessionToken`.
    GetSessionToken,
    /// `sts:GetFederationToken`.
    GetFederationToken,
    /// A service issues a session of a role that was handed to it (STS-25), a directory at a sign-in included.
    ByService,
}

impl Operation {
    /// Every operation that issues a session.
    pub const ALL: [Operation; 6] = [
        Operation::AssumeRole,
        Operation::AssumeRoleWithSaml,
        Operation::AssumeRoleWithWebIdentity,
        Operation::GetSessionToken,
        Operation::GetFederationToken,
        Operation::ByService,
    ];

    /// Its name in the documents.
    pub fn name(self) -> &'static str {
        match self {
            Operation::AssumeRole => "AssumeRole",
            Operation::AssumeRoleWithSaml => "AssumeRoleWithSAML",
            Operation::AssumeRoleWithWebIdentity => "AssumeRoleWithWebIdentity",
            Operation::GetSessionToken => "GetSessionToken",
            Operation::GetFederationToken => "GetFederationToken",
            Operation::ByService => "a session issued by a service",
        }
    }
}

/// Why no session is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Refusal {
    /// A parameter breaks its rule, or the parameters do not fit each other.
    ValidationError,
    /// An assertion is past its end, or leaves too little time.
    ExpiredToken,
    /// An assertion is not what its provider issues.
    InvalidIdentityToken,
    /// The provider says no.
    IdpRejectedClaim,
    /// The credentials may not call this, or no policy permits it, or a code is wrong.
    AccessDenied,
    /// A session policy breaks the grammar.
    MalformedPolicyDocument,
    /// The session policies are too long.
    PackedPolicyTooLarge,
}

/// At which of the checks of STS-5 a call is refused, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Check {
    /// The syntax of the parameters.
    Parameters,
    /// Whether the credentials are past their end (EVAL-6).
    Expiry,
    /// Whether the credentials hold otherwise, and may call the operation (EVAL-6).
    Credentials,
    /// The assertion or token.
    Assertion,
    /// Whether there is such a role for this caller.
    Role,
    /// The MFA code.
    Code,
    /// The decisions on all required actions.
    Authorisation,
    /// The duration.
    Duration,
    /// What is passed against what is inherited.
    Conflict,
    /// The session policies.
    SessionPolicies,
}
