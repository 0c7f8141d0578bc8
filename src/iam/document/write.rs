//! Policies back to JSON: `serde` writes a [`Policy`] as a document that reads as the same policy.
//!
//! What a document cannot say is written so that nothing gets lost: members that a policy has twice come out twice, and the reader
//! refuses them. Entries of one operator, and principals of one kind, are written together; in a document they can only stand so.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::iam::condition::Operator;
use crate::iam::policy::{ConditionEntry, Policy, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};

/// The document on one line.
pub fn compact(policy: &Policy) -> String {
    // Writing to memory fails only where a map key is no string, and all of ours are.
    serde_json::to_string(policy).unwrap_or_default()
}

/// The document laid out for people.
pub fn pretty(policy: &Policy) -> String {
    serde_json::to_string_pretty(policy).unwrap_or_default()
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.version {
            Version::Absent => {}
            Version::V2008 => map.serialize_entry("Version", "2008-10-17")?,
            Version::V2012 => map.serialize_entry("Version", "2012-10-17")?,
        }
        if let Some(id) = &self.id {
            map.serialize_entry("Id", id)?;
        }
        map.serialize_entry("Statement", &self.statements)?;
        map.end()
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(sid) = &self.sid {
            map.serialize_entry("Sid", sid)?;
        }
        map.serialize_entry("Effect", self.effect.name())?;
        match &self.principal {
            None => {}
            Some(Selection::Only(principals)) => map.serialize_entry("Principal", principals)?,
            Some(Selection::AllExcept(principals)) => map.serialize_entry("NotPrincipal", principals)?,
        }
        match &self.action {
            Selection::Only(patterns) => map.serialize_entry("Action", &OneOrMany(patterns))?,
            Selection::AllExcept(patterns) => map.serialize_entry("NotAction", &OneOrMany(patterns))?,
        }
        match &self.resource {
            None => {}
            Some(Selection::Only(patterns)) => map.serialize_entry("Resource", &OneOrMany(patterns))?,
            Some(Selection::AllExcept(patterns)) => {
                map.serialize_entry("NotResource", &OneOrMany(patterns))?
            }
        }
        if !self.condition.is_empty() {
            map.serialize_entry("Condition", &Blocks(&self.condition))?;
        }
        map.end()
    }
}

/// One text as it is, several as an array.
struct OneOrMany<'p, T>(&'p [T]);

impl<T: Serialize> Serialize for OneOrMany<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

/// A Condition: its entries by operator, in the order in which the operators come first.
struct Blocks<'p>(&'p [ConditionEntry]);

impl Serialize for Blocks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (index, entry) in self.0.iter().enumerate() {
            let is_first = !self.0.iter().take(index).any(|earlier| earlier.operator == entry.operator);
            if is_first {
                let block = Block { entries: self.0, operator: entry.operator };
                map.serialize_entry(&entry.operator.to_string(), &block)?;
            }
        }
        map.end()
    }
}

/// The entries of one operator.
struct Block<'p> {
    entries: &'p [ConditionEntry],
    operator: Operator,
}

impl Serialize for Block<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for entry in self.entries.iter().filter(|entry| entry.operator == self.operator) {
            map.serialize_entry(entry.key.spelling(), &OneOrMany(&entry.values))?;
        }
        map.end()
    }
}

impl Serialize for Principals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [PrincipalEntry::Everyone] = self.entries.as_slice() {
            return serializer.serialize_str("*");
        }
        let texts: Vec<(&str, String)> = self.entries.iter().map(kind_and_text).collect();
        let mut map = serializer.serialize_map(None)?;
        for (index, (kind, _)) in texts.iter().enumerate() {
            if !texts.iter().take(index).any(|(earlier, _)| earlier == kind) {
                let of_kind: Vec<&str> =
                    texts.iter().filter(|(other, _)| other == kind).map(|(_, text)| text.as_str()).collect();
                map.serialize_entry(kind, &OneOrMany(&of_kind))?;
            }
        }
        map.end()
    }
}

/// The member of a Principal object that an entry stands under, and its text there.
fn kind_and_text(entry: &PrincipalEntry) -> (&'static str, String) {
    match entry {
        // Beside others the bare star can only stand in its other spelling (PRIN-3).
        PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws => ("AWS", "*".to_owned()),
        PrincipalEntry::AccountRoot { partition, account } => {
            ("AWS", format!("arn:{partition}:iam::{account}:root"))
        }
        PrincipalEntry::AccountId(text)
        | PrincipalEntry::User(text)
        | PrincipalEntry::Role(text)
        | PrincipalEntry::AssumedRole(text)
        | PrincipalEntry::FederatedUser(text)
        | PrincipalEntry::UniqueId(text) => ("AWS", text.clone()),
        PrincipalEntry::Service(text) => ("Service", text.clone()),
        PrincipalEntry::Federated(text) => ("Federated", text.clone()),
        PrincipalEntry::CanonicalUser(text) => ("CanonicalUser", text.clone()),
    }
}
