//! Organizations: a tree of units and accounts, with the control policies at every node (GEN-4).

use std::collections::BTreeMap;

use crate::iam::policy::Policy;

/// One organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The id of the management account; it is in the tree like every other.
    pub management_account: String,
    /// Whether service control policies are on.
    pub scps: Switch,
    /// Whether resource control policies are on.
    pub rcps: Switch,
    /// The root of the tree.
    pub root: Unit,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Switch {
    /// In force.
    On,
    /// Attached perhaps, but without effect.
    Off,
}

/// The root or an organizational unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// `r-…` or `ou-…`.
    pub id: String,
    /// What is attached here.
    pub attached: Attachments,
    /// The units below.
    pub units: Vec<Unit>,
    /// The accounts that hang here, each with what is attached to it.
    pub accounts: BTreeMap<String, Attachments>,
}

/// The control policies at one node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachments {
    /// Service control policies, those of AWS included: an empty list allows nothing.
    pub scps: Vec<Policy>,
    /// Resource control policies; AWS's own, which allows everything, is implied.
    pub rcps: Vec<Policy>,
}
