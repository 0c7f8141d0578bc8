//! What the readers of the elements share while one document is read.

use std::collections::HashSet;

use super::finding::Strictness;
use super::report::Report;
use crate::iam::json::Json;
use crate::iam::key::KeyName;
use crate::iam::policy::{PolicyType, Version};

/// The document that is being read: what is known of it so far, and what is wrong with it.
pub(super) struct Reading<'j> {
    pub(super) report: Report<'j>,
    pub(super) policy_type: PolicyType,
    /// The Version element, which is read before any statement.
    pub(super) version: Version,
    /// The Sids so far, without the empty one.
    pub(super) sids: HashSet<&'j str>,
    /// The unknown keys that were warned of; once a document is enough.
    pub(super) unknown_keys: HashSet<KeyName>,
}

impl<'j> Reading<'j> {
    pub(super) fn new(json: &'j Json<'j>, policy_type: PolicyType, strictness: Strictness) -> Reading<'j> {
        Reading {
            report: Report::new(json, strictness),
            policy_type,
            version: Version::Absent,
            sids: HashSet::new(),
            unknown_keys: HashSet::new(),
        }
    }

    /// What `${` is in this document.
    // Rule: VAR-2.
    pub(super) fn dollar_brace(&self) -> DollarBrace {
        match self.version {
            Version::V2012 => DollarBrace::Variable,
            Version::Absent | Version::V2008 => DollarBrace::PlainText,
        }
    }
}

/// What `${` begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DollarBrace {
    /// A policy variable.
    Variable,
    /// Nothing special.
    PlainText,
}
