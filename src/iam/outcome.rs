//! What comes of a step: a result, or a refusal with its code (STS-4, POL-*, DIR-37).

use std::fmt;

use super::decision::Reason;
use super::directory::{self, Consultation};
use super::world::{DecodedMessage, VersionNumber, World};

/// What comes of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done(Answer),
    /// It was refused, and changed nothing but what a rule says.
    Refused(Refusal),
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The world after it.
    pub world: World,
    /// What came of it.
    pub outcome: Outcome,
    /// Who consulted whom on the way, where a directory was asked.
    pub consultations: Vec<Consultation>,
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
    /// An operation on directories was done. A sign-in answers [`Answer::Session`].
    Directory(directory::Outcome),
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
            $(#[doc = concat!("`", $code, "`.")] $name,)+
            /// A directory's (DIR-37).
            Directory(directory::Refusal),
        }

        impl RefusalCode {
            /// Every code but those of directories.
            pub const OWN: &[RefusalCode] = &[$(RefusalCode::$name),+];

            /// The spelling in files.
            pub fn code(self) -> &'static str {
                match self {
                    $(RefusalCode::$name => $code,)+
                    RefusalCode::Directory(refusal) => refusal.code(),
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
}

impl RefusalCode {
    /// The code with this spelling, if there is one.
    pub fn from_code(code: &str) -> Option<RefusalCode> {
        let own = RefusalCode::OWN.iter().copied().find(|refusal| refusal.code() == code);
        own.or_else(|| directory::Refusal::from_code(code).map(RefusalCode::Directory))
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
