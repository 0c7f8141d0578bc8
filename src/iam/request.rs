//! A concrete request: who asks for what, on which resource, in which context (GEN-5, GEN-12).

use super::context::Context;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who calls.
    pub caller: Caller,
    /// With which kind of credential, and whether its time is over.
    pub credential: Credential,
    /// `service:Name`, without wildcards.
    pub action: String,
    /// An ARN without wildcards, or the one-character text `*` (RES-6).
    pub resource: String,
    /// The account that owns the resource, where it was given; GEN-8 says what holds where it was not.
    pub resource_account: Option<String>,
    /// Whether the case marks the resource as one whose policy must take part (GRAM-26).
    pub resource_policy_mark: ResourcePolicyMark,
    /// The context; complete: what is not in it is absent.
    pub context: Context,
}

/// An IAM identity's or a session's place: the fields of its ARN.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entity {
    /// The partition, such as `aws`.
    pub partition: String,
    /// The account id.
    pub account: String,
    /// `/` or `/…/`.
    pub path: String,
    /// The name without its path.
    pub name: String,
}

/// Who calls (GEN-12).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// The root user of an account.
    Root {
        /// The partition.
        partition: String,
        /// The account id.
        account: String,
    },
    /// An IAM user.
    User(Entity),
    /// A session of a role, however it was obtained.
    RoleSession {
        /// The role.
        role: Entity,
        /// The session name.
        session: String,
    },
    /// A session of GetFederationToken.
    FederatedSession {
        /// The partition.
        partition: String,
        /// The account id.
        account: String,
        /// The name given to GetFederationToken.
        name: String,
        /// Who called it.
        source: FederationSource,
    },
    /// A service principal that calls directly.
    Service {
        /// Such as `ec2.amazonaws.com`.
        name: String,
    },
    /// The unsigned caller of AssumeRoleWithSAML.
    Saml {
        /// The ARN of the SAML provider.
        provider: String,
    },
    /// The unsigned caller of AssumeRoleWithWebIdentity.
    WebIdentity {
        /// The ARN of the OIDC provider, or a built-in provider's name.
        provider: String,
    },
    /// Nobody: an unsigned request.
    Anonymous,
}

/// Who called GetFederationToken.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FederationSource {
    /// This user of the session's account.
    User(Entity),
    /// A user of the session's account that no policy names.
    UnnamedUser,
    /// The root user of the session's account.
    Root,
}

/// The credential of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Credential {
    /// How it was obtained; of interest for users and root only, sessions have but one kind.
    pub kind: CredentialKind,
    /// Whether its time is over.
    pub validity: Validity,
}

/// How a user's or root's credential was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// Access keys or a password.
    LongTerm,
    /// GetSessionToken; with MFA if the context has `aws:MultiFactorAuthPresent` with the value `true`.
    SessionToken,
}

/// Whether a credential's time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Validity {
    /// Within its time.
    Current,
    /// Past its time.
    Expired,
}

/// A test world's mark on a plain resource (GRAM-26).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourcePolicyMark {
    /// No mark.
    Unmarked,
    /// Its policy must take part in every grant.
    PolicyRequired,
}

impl Entity {
    /// `user{path}name` or `role{path}name` as an ARN; `kind` is the word before the path.
    pub fn arn(&self, kind: &str) -> String {
        let Entity { partition, account, path, name } = self;
        format!("arn:{partition}:iam::{account}:{kind}{path}{name}")
    }
}

impl Caller {
    /// The ARN that a request of this caller shows (the third column of GEN-12); `None` where there is none.
    pub fn arn(&self) -> Option<String> {
        match self {
            Caller::Root { partition, account } => Some(format!("arn:{partition}:iam::{account}:root")),
            Caller::User(user) => Some(user.arn("user")),
            Caller::RoleSession { role, session } => Some(format!(
                "arn:{}:sts::{}:assumed-role/{}/{session}",
                role.partition, role.account, role.name
            )),
            Caller::FederatedSession { partition, account, name, .. } => {
                Some(format!("arn:{partition}:sts::{account}:federated-user/{name}"))
            }
            Caller::Service { .. } | Caller::Saml { .. } | Caller::WebIdentity { .. } | Caller::Anonymous => {
                None
            }
        }
    }

    /// The account of the caller; `None` for services and unsigned callers.
    pub fn account(&self) -> Option<&str> {
        match self {
            Caller::Root { account, .. } | Caller::FederatedSession { account, .. } => Some(account),
            Caller::User(entity) | Caller::RoleSession { role: entity, .. } => Some(&entity.account),
            Caller::Service { .. } | Caller::Saml { .. } | Caller::WebIdentity { .. } | Caller::Anonymous => {
                None
            }
        }
    }
}
