//! What an operation on directories answers: a result or a refusal with its code, and who consulted whom on the way.

use std::fmt;

use super::name::{AccountName, DirectoryId, DirectoryName, DomainName, ObjectName, Sid};
use crate::iam::decision::Reason;

/// The answer to one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryResponse {
    /// What came of it. A refused operation changes nothing.
    pub result: Result<Outcome, Refused>,
    /// Every consultation, in order, unanswered ones included.
    pub trace: Vec<Consultation>,
}

/// An operation was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// With which code.
    pub refusal: Refusal,
    /// The reason of EVAL-30, where a decision about the caller refused.
    pub reason: Option<Reason>,
    /// The rule that decides.
    pub rule: &'static str,
    /// What is wrong, in words.
    pub message: String,
}

/// What came of an operation that was not refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done; there is nothing to tell.
    Done,
    /// An object was made.
    Made {
        /// Its SID.
        sid: Sid,
    },
    /// A trust was looked at.
    Trust(TrustReport),
    /// A user was logged on: `OK(u)` of DIR-23.
    LoggedOn {
        /// The user.
        user: Sid,
        /// The domain that stores it.
        home: DomainName,
    },
    /// Objects were looked up.
    Found {
        /// Their names, in the order in which they were made; empty where there is none.
        objects: Vec<ObjectName>,
    },
    /// A user was signed in. The session itself is issued by the account's side (DIR-28, STS-25).
    SignedIn {
        /// The directory that asked for the session.
        directory: DirectoryId,
        /// The user.
        user: Sid,
        /// The ARN of the role.
        role: String,
        /// The session name: the user's UPN as it is stored.
        session_name: String,
        /// The length that is asked for, in seconds.
        requested_s: u64,
    },
    /// An identity provider vouched for a user.
    Asserted {
        /// The ARN of the provider.
        provider: String,
        /// The session name: the user's UPN as it is stored.
        session_name: String,
        /// The ARNs of the roles that the assertion names beside the provider.
        roles: Vec<String>,
    },
}

/// What looking at a trust found; only its outgoing direction is looked at (DIR-14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrustReport {
    /// The outgoing direction works.
    Works,
    /// There is an outgoing direction, and it does not work.
    Broken,
    /// The record has no outgoing direction, so nothing was looked at.
    NothingOutgoing,
}

/// One directory asked something of a domain or of a RADIUS server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consultation {
    /// Who asked.
    pub by: DirectoryName,
    /// Who was asked, and by which right.
    pub of: Consulted,
    /// What.
    pub question: Question,
    /// What came back.
    pub answer: Answer,
}

/// Who is asked, and by which right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Consulted {
    /// The domain that the directory stores itself.
    Own(DomainName),
    /// Another domain of its forest.
    InForest(DomainName),
    /// A domain on the other side of a trust.
    ByTrust(DomainName),
    /// The target of the connector.
    Target(DomainName),
    /// The directory's RADIUS server.
    RadiusServer,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// Whether the connector's service account is good.
    ServiceAccount,
    /// Whether these credentials are good.
    Logon(AccountName),
    /// Whether a one-time code of this user is good.
    Code(AccountName),
    /// One object.
    Object(AccountName),
    /// The users and groups.
    Objects,
    /// To store a computer.
    Join(AccountName),
    /// Whether it has the other side of a trust on record.
    Trust,
}

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Yes, or what was asked for.
    Given,
    /// No.
    Refused,
    /// Nothing: the other end is not reached.
    Unreachable,
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident $code:literal),+ $(,)?) => {
        /// Why an operation was refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Refusal {
            $($(#[$doc])* $name),+
        }

        impl Refusal {
            /// Every refusal: the codes of DIR-37 first, then what AWS's own errors say.
            pub const ALL: &[Refusal] = &[$(Refusal::$name),+];

            /// The code, as files and messages have it.
            pub fn code(self) -> &'static str {
                match self {
                    $(Refusal::$name => $code),+
                }
            }
        }
    };
}

refusals! {
    /// The directory, or whom it had to ask, does not answer.
    Unavailable "DIR_UNAVAILABLE",
    /// Unknown domain or user, disabled, or a wrong password: one outcome (D-90).
    BadCredentials "DIR_BAD_CREDENTIALS",
    /// A two-way trust would be needed.
    TrustRequired "DIR_TRUST_REQUIRED",
    /// A one-time code is needed.
    MfaRequired "DIR_MFA_REQUIRED",
    /// The one-time code was not accepted.
    MfaFailed "DIR_MFA_FAILED",
    /// The directory has no access URL, or its console is disabled.
    ConsoleDisabled "DIR_CONSOLE_DISABLED",
    /// The user has no such role.
    NoRole "DIR_NO_ROLE",
    /// This kind of directory cannot do that: AWS's `UnsupportedOperationException`.
    NotSupported "DIR_NOT_SUPPORTED",
    /// Something still hangs on it.
    InUse "DIR_IN_USE",
    /// The caller may not do that (DIR-34).
    AccessDenied "AccessDenied",
    /// A trust, an id, a name or an assignment like this is there already (DIR-11).
    AlreadyExists "EntityAlreadyExistsException",
    /// What the operation names is not there.
    DoesNotExist "EntityDoesNotExistException",
    /// A parameter cannot be used (DIR-15).
    InvalidParameter "InvalidParameterException",
}

impl Refusal {
    /// The refusal with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Refusal> {
        Refusal::ALL.iter().copied().find(|refusal| refusal.code() == code)
    }
}

impl TrustReport {
    /// Every report.
    pub const ALL: [TrustReport; 3] = [TrustReport::Works, TrustReport::Broken, TrustReport::NothingOutgoing];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            TrustReport::Works => "works",
            TrustReport::Broken => "broken",
            TrustReport::NothingOutgoing => "nothing-outgoing",
        }
    }
}

impl Consulted {
    /// The domain that is asked; a RADIUS server is none.
    pub fn domain(&self) -> Option<&DomainName> {
        match self {
            Consulted::Own(domain)
            | Consulted::InForest(domain)
            | Consulted::ByTrust(domain)
            | Consulted::Target(domain) => Some(domain),
            Consulted::RadiusServer => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One line: `d-0123456789 asked corp.local (trust) whether the credentials of sam are good: refused`.
impl fmt::Display for Consultation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Consultation { by, of, question, answer } = self;
        write!(f, "{by} asked {of} {question}: {answer}")
    }
}

impl fmt::Display for Consulted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Consulted::Own(domain) => write!(f, "{domain} (its own)"),
            Consulted::InForest(domain) => write!(f, "{domain} (same forest)"),
            Consulted::ByTrust(domain) => write!(f, "{domain} (trust)"),
            Consulted::Target(domain) => write!(f, "{domain} (target)"),
            Consulted::RadiusServer => f.write_str("its RADIUS server"),
        }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Question::ServiceAccount => f.write_str("whether its service account is good"),
            Question::Logon(account) => write!(f, "whether the credentials of {account} are good"),
            Question::Code(account) => write!(f, "whether the code of {account} is good"),
            Question::Object(account) => write!(f, "for {account}"),
            Question::Objects => f.write_str("for its users and groups"),
            Question::Join(account) => write!(f, "to store the computer {account}"),
            Question::Trust => f.write_str("for the other side of the trust"),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Answer::Given => "given",
            Answer::Refused => "refused",
            Answer::Unreachable => "no answer",
        })
    }
}
