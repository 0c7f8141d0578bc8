//! A world: accounts with their users, groups, roles and policies, what belongs to them, and the sessions that were issued (GEN-4).
//!
//! A world is what is the case at one instant, and says nothing of what may happen next: each reading makes up its own mind what an
//! operation ([`crate::iam::operation`]) makes of it. Everything in it is kept by name, so that two worlds that hold the same
//! are equal.
//!
//! Directories (section 8) are one more part of it.

mod account;
mod dangling;
mod find;
mod holder;
mod managed_policy;
mod message;
mod organization;
mod provider;
mod resource;
mod session;

use std::collections::BTreeMap;
use std::fmt;

use super::directory::Directories;
use super::instant::Instant;

pub use account::{
    AccessKey, Account, Group, InstanceProfile, KeyState, LoginProfile, MfaDevice, OneTimeCode, Role, User,
};
pub use dangling::{DEEPEST_UNIT, Dangling, MOST_VERSIONS};
pub use find::Located;
pub use holder::{Holder, HolderPolicies};
pub use managed_policy::{ManagedPolicy, StoredPolicy, VersionNumber};
pub use message::{DecodedMessage, MatchedStatement, Message};
pub use organization::{Attachments, Organization, Switch, Unit};
pub use provider::{Assertion, Genuineness, IdentityToken, Pair};
pub use resource::{Endpoint, PassedRole, Resource};
pub use session::{Federating, Mfa, Session, SessionKind};

/// What is the case at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// How long sessions may last (GEN-3).
    pub profile: Profile,
    /// The instant of the last step, or the one at which the world begins; no step may lie before it.
    pub now: Instant,
    /// The accounts by their ids.
    pub accounts: BTreeMap<String, Account>,
    /// The organizations by their ids; no account is in two of them.
    pub organizations: BTreeMap<String, Organization>,
    /// The policies that AWS manages, by ARN.
    pub aws_managed: BTreeMap<String, ManagedPolicy>,
    /// Buckets, queues, keys, functions and whatever else is no user, role or policy, by ARN.
    pub resources: BTreeMap<String, Resource>,
    /// VPC endpoints by id.
    pub endpoints: BTreeMap<String, Endpoint>,
    /// What SAML identity providers have signed, by the text that is passed as SAMLAssertion.
    pub assertions: BTreeMap<String, Assertion>,
    /// What OIDC identity providers have signed, by the text that is passed as WebIdentityToken.
    pub tokens: BTreeMap<String, IdentityToken>,
    /// All sessions that were ever issued, by the name that the step gave; an expired one stays.
    pub sessions: BTreeMap<String, Session>,
    /// The encoded messages that denials yielded, by the name that the step gave.
    pub messages: BTreeMap<String, Message>,
    /// The directories (section 8).
    pub directories: Directories,
    /// How many unique ids, names of sessions and messages were made up so far: none is given out twice (GEN-10).
    pub fresh: u64,
}

/// How long sessions may last: the one thing in which runs differ (GEN-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// An hour at most, whatever is asked (STS-20).
    #[default]
    Strict,
    /// As AWS has it (STS-21 to STS-25).
    Aws,
}

/// What a unique id belongs to; its first four characters say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdKind {
    /// A user.
    User,
    /// A group.
    Group,
    /// A role.
    Role,
    /// A managed policy.
    Policy,
    /// An access key.
    AccessKey,
}

impl IdKind {
    /// The first four characters.
    pub fn prefix(self) -> &'static str {
        match self {
            IdKind::User => "AIDA",
            IdKind::Group => "AGPA",
            IdKind::Role => "AROA",
            IdKind::Policy => "ANPA",
            IdKind::AccessKey => "AKIA",
        }
    }
}

impl Profile {
    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Strict => "strict",
            Profile::Aws => "aws",
        }
    }

    /// The profile with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Profile> {
        [Profile::Strict, Profile::Aws].into_iter().find(|profile| profile.name() == name)
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl World {
    /// A world with nothing in it.
    pub fn empty(profile: Profile, now: Instant) -> World {
        World {
            profile,
            now,
            accounts: BTreeMap::new(),
            organizations: BTreeMap::new(),
            aws_managed: BTreeMap::new(),
            resources: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            assertions: BTreeMap::new(),
            tokens: BTreeMap::new(),
            sessions: BTreeMap::new(),
            messages: BTreeMap::new(),
            directories: Directories::default(),
            fresh: 0,
        }
    }

    /// A unique id that was never given out before: `AIDA` and 16 digits for a user, and so on (GEN-10).
    pub fn fresh_id(&mut self, kind: IdKind) -> String {
        self.fresh = self.fresh.saturating_add(1);
        format!("{}{:016}", kind.prefix(), self.fresh)
    }
}
