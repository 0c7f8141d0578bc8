//! What comes of a step: a result, or a refusal with its code (STS-4, POL-*, DIR-37).

use std::fmt;

use super::decision::Reason;
use super::world::{DecodedMessage, VersionNumber};

/// What comes of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done(Answer),
    /// It was refused, and changed nothing but what a rule says.
    Refused(Refusal),
}

/// What a call that was done answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing to speak of.
    Nothing,
    /// The request was allowed, for this reason.
    Allowed(Reason),
    /// A session was issued: its name in the world.
    Session(String),
    /// Who the caller is (STS-51).
    Identity(Identity),
    /// What an encoded message says.
    Decoded(Box<DecodedMessage>),
    /// Something was created.
    Created(Created),
    /// A version was created.
    Version(VersionNumber),
    /// An access key was created: its id.
    AccessKey(String),
}

/// GetCallerIdentity's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Arn.
    pub arn: String,
    /// UserId.
    pub user_id: String,
    /// Account.
    pub account: String,
}

/// A new user, group, role, policy or instance profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its ARN.
    pub arn: String,
    /// Its unique id; an instance profile has none here.
    pub id: Option<String>,
}

/// Why a step was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code.
    pub code: RefusalCode,
    /// The reason of EVAL-30, where a decision refused.
    pub reason: Option<Reason>,
    /// The rule that decides.
    pub rule: &'static str,
    /// What is wrong, in words.
    pub message: String,
    /// The name of the encoded message that the denial yielded.
    pub encoded_message: Option<String>,
}

macro_rules! refusal_codes {
    ($($name:ident $code:literal),+ $(,)?) => {
        /// The code of a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum RefusalCode {
            $(#[doc = concat!("`", $code, "`.")] $name),+
        }

        impl RefusalCode {
            /// Every code.
            pub const ALL: &[RefusalCode] = &[$(RefusalCode::$name),+];

            /// The spelling in files.
            pub fn code(self) -> &'static str {
                match self {
                    $(RefusalCode::$name => $code),+
                }
            }
        }
    };
}

refusal_codes! {
    ValidationError "ValidationError",
    MalformedPolicyDocument "MalformedPolicyDocument",
    PackedPolicyTooLarge "PackedPolicyTooLarge",
    AccessDenied "AccessDenied",
    ExpiredToken "ExpiredToken",
    InvalidIdentityToken "InvalidIdentityToken",
    IdpRejectedClaim "IDPRejectedClaim",
    InvalidAuthorizationMessage "InvalidAuthorizationMessage",
    NoSuchEntity "NoSuchEntity",
    EntityAlreadyExists "EntityAlreadyExists",
    LimitExceeded "LimitExceeded",
    DeleteConflict "DeleteConflict",
    UnmodifiableEntity "UnmodifiableEntity",
    DirUnavailable "DIR_UNAVAILABLE",
    DirBadCredentials "DIR_BAD_CREDENTIALS",
    DirTrustRequired "DIR_TRUST_REQUIRED",
    DirMfaRequired "DIR_MFA_REQUIRED",
    DirMfaFailed "DIR_MFA_FAILED",
    DirConsoleDisabled "DIR_CONSOLE_DISABLED",
    DirNoRole "DIR_NO_ROLE",
    DirNotSupported "DIR_NOT_SUPPORTED",
    DirInUse "DIR_IN_USE",
}

impl RefusalCode {
    /// The code with this spelling, if there is one.
    pub fn from_code(code: &str) -> Option<RefusalCode> {
        RefusalCode::ALL.iter().copied().find(|refusal| refusal.code() == code)
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
