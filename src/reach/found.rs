//! What a search finds: paths, each of calls that were carried out, and what they lead to.

use std::collections::{BTreeMap, BTreeSet};

use super::asking::Doubt;
use crate::iam::operation::Step;

/// A call of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who calls: the ARN of a user or role; `None` where a service takes a role up by itself.
    pub caller: Option<String>,
    /// The step that was carried out.
    pub step: Step,
}

/// How somebody comes to be somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Who it begins with.
    pub from: String,
    /// What is done, in order; all of it was carried out.
    pub calls: Vec<Call>,
    /// The service that acts with the last role, where one does.
    pub service: Option<&'static str>,
}

impl Path {
    /// How many calls it takes; what happens by itself is none.
    pub fn length(&self) -> usize {
        self.calls.iter().filter(|call| call.caller.is_some()).count()
    }
}

/// A role or user that can be held, with the shortest path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its ARN.
    pub principal: String,
    /// How.
    pub path: Path,
}

/// What a principal can come to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct From {
    /// Roles, by the length of their paths, then by name.
    pub roles: Vec<Found>,
    /// Other users, whose keys it can make.
    pub users: Vec<Found>,
    /// Roles that it can have a service act with, by the first such path, by service and role.
    pub services: BTreeMap<&'static str, BTreeSet<String>>,
    /// The shortest path by which it comes to allow itself everything that boundaries and the organization leave.
    pub everything: Option<Path>,
    /// Calls of which it is not known whether some request is allowed, and whose end was not reached otherwise.
    pub doubts: BTreeSet<Doubt>,
}

/// Who can come to hold a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct To {
    /// Users and roles, by the length of their paths, then by name.
    pub principals: Vec<Found>,
    /// As in [`From`].
    pub doubts: BTreeSet<Doubt>,
}
