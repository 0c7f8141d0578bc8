//! Who holds policies, and what a holder holds (POL-1).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::managed_policy::StoredPolicy;

/// A user, group or role, by its name within an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holder {
    /// A user.
    User(String),
    /// A group.
    Group(String),
    /// A role.
    Role(String),
}

impl Holder {
    /// `user`, `group` or `role`.
    pub fn kind(&self) -> &'static str {
        match self {
            Holder::User(_) => "user",
            Holder::Group(_) => "group",
            Holder::Role(_) => "role",
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        match self {
            Holder::User(name) | Holder::Group(name) | Holder::Role(name) => name,
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind(), self.name())
    }
}

/// The policies of one user, group or role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HolderPolicies {
    /// Inline policies by name: they exist here and nowhere else (POL-10).
    pub inline: BTreeMap<String, StoredPolicy>,
    /// The ARNs of the managed policies that are attached.
    pub attached: BTreeSet<String>,
}
