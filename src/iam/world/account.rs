//! An account and what lives in it: users, groups, roles, their keys and devices (GEN-4, GEN-9, GEN-13).

use std::collections::{BTreeMap, BTreeSet};

use super::holder::HolderPolicies;
use super::managed_policy::{ManagedPolicy, StoredPolicy};
use crate::iam::instant::Instant;
use crate::iam::tags::Tags;

/// One account. Names are as they were given; within a kind no two are equal ignoring case (GEN-9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The partition, such as `aws`.
    pub partition: String,
    /// Users by name.
    pub users: BTreeMap<String, User>,
    /// Groups by name.
    pub groups: BTreeMap<String, Group>,
    /// Roles by name.
    pub roles: BTreeMap<String, Role>,
    /// Customer managed policies by ARN.
    pub policies: BTreeMap<String, ManagedPolicy>,
    /// Instance profiles by name.
    pub instance_profiles: BTreeMap<String, InstanceProfile>,
    /// The ARNs of the SAML providers.
    pub saml_providers: BTreeSet<String>,
    /// The OIDC providers by ARN, each with the audiences registered with it.
    pub oidc_providers: BTreeMap<String, BTreeSet<String>>,
    /// The root user's access keys by id.
    pub root_access_keys: BTreeMap<String, AccessKey>,
    /// The root user's MFA devices by serial number.
    pub root_mfa_devices: BTreeMap<String, MfaDevice>,
}

/// An IAM user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// `AIDA…`, never given to another (GEN-10).
    pub id: String,
    /// `/` or `/…/`.
    pub path: String,
    /// Inline and attached policies.
    pub policies: HolderPolicies,
    /// The ARN of the managed policy that is the permissions boundary.
    pub boundary: Option<String>,
    /// The names of the groups.
    pub groups: BTreeSet<String>,
    /// The tags.
    pub tags: Tags,
    /// Access keys by id.
    pub access_keys: BTreeMap<String, AccessKey>,
    /// MFA devices by serial number.
    pub mfa_devices: BTreeMap<String, MfaDevice>,
    /// Whether there is a password for the console.
    pub login_profile: LoginProfile,
}

/// A group of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `AGPA…`.
    pub id: String,
    /// `/` or `/…/`.
    pub path: String,
    /// Inline and attached policies.
    pub policies: HolderPolicies,
}

/// A role (GEN-13). It is service-linked if its path starts with `/aws-service-role/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// `AROA…`.
    pub id: String,
    /// `/` or `/…/`.
    pub path: String,
    /// The trust policy.
    pub trust: StoredPolicy,
    /// Inline and attached policies.
    pub policies: HolderPolicies,
    /// The ARN of the managed policy that is the permissions boundary.
    pub boundary: Option<String>,
    /// The tags.
    pub tags: Tags,
    /// MaxSessionDuration in seconds, 3,600 to 43,200.
    pub max_session_duration: u32,
}

/// An instance profile (PASS-9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceProfile {
    /// `/` or `/…/`.
    pub path: String,
    /// The name of its role.
    pub role: Option<String>,
}

/// An access key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// Whether it may be used.
    pub state: KeyState,
}

/// Whether an access key may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// It may.
    Active,
    /// It was deactivated.
    Inactive,
}

/// Whether a user has a password for the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoginProfile {
    /// No password.
    Absent,
    /// A password.
    Present,
}

/// An MFA device, with the codes that it shows: the oracle `mfa_valid` of STS-15.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MfaDevice {
    /// The codes that it ever shows.
    pub codes: BTreeMap<String, OneTimeCode>,
    /// Those of them that were accepted; each is accepted once (D-66).
    pub used: BTreeSet<String>,
}

/// When a code is shown; without bounds, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OneTimeCode {
    /// From this instant on.
    pub from: Option<Instant>,
    /// Until before this instant.
    pub until: Option<Instant>,
}

impl Account {
    /// An account with nothing in it.
    pub fn empty(partition: impl Into<String>) -> Account {
        Account {
            partition: partition.into(),
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            roles: BTreeMap::new(),
            policies: BTreeMap::new(),
            instance_profiles: BTreeMap::new(),
            saml_providers: BTreeSet::new(),
            oidc_providers: BTreeMap::new(),
            root_access_keys: BTreeMap::new(),
            root_mfa_devices: BTreeMap::new(),
        }
    }
}

impl KeyState {
    /// The name in files, that of IAM's API.
    pub fn name(self) -> &'static str {
        match self {
            KeyState::Active => "Active",
            KeyState::Inactive => "Inactive",
        }
    }

    /// The state with this name, if there is one.
    pub fn from_name(name: &str) -> Option<KeyState> {
        [KeyState::Active, KeyState::Inactive].into_iter().find(|state| state.name() == name)
    }
}
