//! What laws are tried on: a set of policies, and what a law may add to it.

use super::claim::{Side, everything};
use crate::iam::policy::{ConditionEntry, Effect, Policy, PolicyType, Statement, Version};

/// A set of policies with additions.
#[derive(Clone, Debug)]
pub struct Material {
    /// The set.
    pub policies: Vec<Policy>,
    /// What the policies are written for.
    pub policy_type: PolicyType,
    /// What laws may add; `None` where a law is shown for these policies as they are.
    pub additions: Option<Additions>,
}

/// Things to add.
#[derive(Clone, Debug)]
pub struct Additions {
    /// A statement.
    pub statement: Statement,
    /// An entry of a Condition, with at least one value.
    pub entry: ConditionEntry,
    /// Where to add, to cut, or to begin; any number.
    pub place: usize,
}

impl Material {
    /// The statements of the set, each with its policy's Version.
    pub fn statements(&self) -> impl Iterator<Item = (Version, &Statement)> {
        self.policies
            .iter()
            .flat_map(|policy| policy.statements.iter().map(move |statement| (policy.version, statement)))
    }

    /// The statements of the set of one effect.
    pub fn of_effect(&self, effect: Effect) -> impl Iterator<Item = (Version, &Statement)> {
        self.statements().filter(move |(_, statement)| statement.effect == effect)
    }

    /// The entries of the set's Conditions.
    pub fn entries(&self) -> impl Iterator<Item = (Version, &ConditionEntry)> {
        self.statements()
            .flat_map(|(version, statement)| statement.condition.iter().map(move |entry| (version, entry)))
    }

    /// The set with every policy changed.
    pub fn changed(&self, change: impl Fn(&Policy) -> Policy) -> Vec<Policy> {
        self.policies.iter().map(change).collect()
    }

    /// The set with every statement changed.
    pub fn with_statements(&self, change: impl Fn(&Statement, Version) -> Statement) -> Vec<Policy> {
        self.changed(|policy| Policy {
            statements: policy.statements.iter().map(|statement| change(statement, policy.version)).collect(),
            ..policy.clone()
        })
    }

    /// The set with a statement more: in the policy and behind the statement that `place` picks.
    pub fn with(&self, statement: &Statement, place: usize) -> Vec<Policy> {
        let mut policies = self.policies.clone();
        let count = policies.len().max(1);
        if let Some(policy) = policies.get_mut(place % count) {
            let position = place % (policy.statements.len() + 1);
            policy.statements.insert(position, statement.clone());
        }
        policies
    }
}

/// A statement of a document without Principal that allows everything if these entries are true.
pub fn allow_if(entries: Vec<ConditionEntry>) -> Statement {
    Statement {
        sid: None,
        effect: Effect::Allow,
        principal: None,
        action: everything(),
        resource: Some(everything()),
        condition: entries,
    }
}

/// The set that allows what an entry is true of.
pub fn of_entry(entry: ConditionEntry, version: Version) -> Side {
    Side::of_matches(&allow_if(vec![entry]), version)
}
