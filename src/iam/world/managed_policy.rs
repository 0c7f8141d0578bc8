//! Policies as objects: a document with its size, and a managed policy with its versions (POL-2).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::iam::document;
use crate::iam::policy::Policy;
use crate::iam::tags::Tags;

/// A document that was saved. Copies share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPolicy {
    /// The document.
    pub policy: Arc<Policy>,
    /// The text that it was saved as.
    pub text: Arc<str>,
    /// The characters of the text without white space outside of strings (GRAM-28).
    pub size: usize,
}

impl StoredPolicy {
    /// A document with the text that it was read from.
    pub fn of_text(policy: Policy, text: &str) -> StoredPolicy {
        let size = document::size_without_space(text);
        StoredPolicy { policy: Arc::new(policy), text: Arc::from(text), size }
    }

    /// A document as it is spelled by default.
    pub fn new(policy: Policy) -> StoredPolicy {
        let text = document::write::compact(&policy);
        StoredPolicy::of_text(policy, &text)
    }
}

/// A managed policy, AWS's or a customer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// `ANPA…`.
    pub id: String,
    /// Its versions.
    pub versions: BTreeMap<VersionNumber, StoredPolicy>,
    /// The one in force.
    pub default_version: VersionNumber,
    /// The number of the next version; numbers are never used again (POL-2).
    pub next_version: VersionNumber,
    /// The tags.
    pub tags: Tags,
}

/// The number of a version: 1 is `v1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VersionNumber(pub u64);

impl VersionNumber {
    /// `v1`, the first.
    pub const FIRST: VersionNumber = VersionNumber(1);

    /// Reads `v1`, `v2`, …; leading zeros are no spelling of a number.
    pub fn parse(text: &str) -> Option<VersionNumber> {
        let digits = text.strip_prefix('v')?;
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        if is_plain { digits.parse().ok().map(VersionNumber) } else { None }
    }

    /// The number that follows; the last of all stays.
    #[must_use]
    pub fn next(self) -> VersionNumber {
        VersionNumber(self.0.saturating_add(1))
    }
}

impl fmt::Display for VersionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

impl ManagedPolicy {
    /// A policy with one version, `v1`.
    pub fn new(id: impl Into<String>, document: StoredPolicy) -> ManagedPolicy {
        ManagedPolicy {
            id: id.into(),
            versions: BTreeMap::from([(VersionNumber::FIRST, document)]),
            default_version: VersionNumber::FIRST,
            next_version: VersionNumber::FIRST.next(),
            tags: Tags::new(),
        }
    }
}
