//! A policy document as it was written: version, statements, and the elements of a statement.
//!
//! Texts are kept as the document has them, after JSON escapes are decoded. What a text means (wildcards, variables, the version
//! gate) is each reading's business; [`crate::iam::pattern`] cuts it into tokens.

use std::fmt;

use super::condition::Operator;
use super::key::KeyName;
use super::principal::Principals;

/// The kind of place a document is written for; it decides which elements are legal there (GRAM-20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PolicyType {
    /// Managed or inline policy of a user, group or role.
    Identity,
    /// Permissions boundary of a user or role.
    Boundary,
    /// Policy passed when a session is made.
    Session,
    /// Trust policy of a role.
    Trust,
    /// Policy of a bucket, queue, key or any other resource but a role.
    Resource,
    /// Policy of a VPC endpoint.
    Endpoint,
    /// Service control policy of an organization.
    Scp,
    /// Resource control policy of an organization.
    Rcp,
}

impl PolicyType {
    /// Every type, in the order in which AWS's documents name them.
    pub const ALL: [PolicyType; 8] = [
        PolicyType::Identity,
        PolicyType::Boundary,
        PolicyType::Session,
        PolicyType::Trust,
        PolicyType::Resource,
        PolicyType::Endpoint,
        PolicyType::Scp,
        PolicyType::Rcp,
    ];

    /// The name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            PolicyType::Identity => "identity",
            PolicyType::Boundary => "boundary",
            PolicyType::Session => "session",
            PolicyType::Trust => "trust",
            PolicyType::Resource => "resource",
            PolicyType::Endpoint => "endpoint",
            PolicyType::Scp => "scp",
            PolicyType::Rcp => "rcp",
        }
    }

    /// The type with this name, if there is one.
    pub fn from_name(name: &str) -> Option<PolicyType> {
        PolicyType::ALL.into_iter().find(|policy_type| policy_type.name() == name)
    }
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The `Version` element (GRAM-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// No Version element, which GRAM-5 reads as 2008-10-17.
    Absent,
    /// `2008-10-17`.
    V2008,
    /// `2012-10-17`.
    V2012,
}

/// One policy document (GRAM-4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The Version element.
    pub version: Version,
    /// The Id element.
    pub id: Option<String>,
    /// The statements, in the order of the document.
    pub statements: Vec<Statement>,
}

/// One statement (GRAM-8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The Sid element.
    pub sid: Option<String>,
    /// The Effect element.
    pub effect: Effect,
    /// Principal (`Only`) or NotPrincipal (`AllExcept`); absent in documents that are attached to a principal.
    pub principal: Option<Selection<Principals>>,
    /// Action (`Only`) or NotAction (`AllExcept`): texts such as `s3:Get*`.
    pub action: Selection<Vec<String>>,
    /// Resource (`Only`) or NotResource (`AllExcept`): texts such as `arn:aws:s3:::b/${aws:username}/*`; absent in trust policies.
    pub resource: Option<Selection<Vec<String>>>,
    /// The Condition element's entries in the order of the document; empty when there is none.
    pub condition: Vec<ConditionEntry>,
}

/// What a statement does with the requests it speaks of (GRAM-9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// `"Allow"`.
    Allow,
    /// `"Deny"`.
    Deny,
}

impl Effect {
    /// The spelling in a document.
    pub fn name(self) -> &'static str {
        match self {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        }
    }
}

/// An element and its `Not…` twin, of which a statement has at most one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection<T> {
    /// Action, Resource, Principal.
    Only(T),
    /// NotAction, NotResource, NotPrincipal.
    AllExcept(T),
}

impl<T> Selection<T> {
    /// What is listed, whichever element lists it.
    pub fn listed(&self) -> &T {
        match self {
            Selection::Only(listed) | Selection::AllExcept(listed) => listed,
        }
    }
}

/// One (operator, key) pair of a Condition with its values (GRAM-17).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionEntry {
    /// The operator with its modifiers.
    pub operator: Operator,
    /// The context key that is asked.
    pub key: KeyName,
    /// The values as text, never empty; a JSON boolean or number stands as its source text (COND-19).
    pub values: Vec<String>,
}
