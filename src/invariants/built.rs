//! Policies as laws and false statements write them down: a few words each.

use super::claim::{Asked, Policies, Side};
use super::material::allow_if;
use crate::iam::condition::{BaseOperator, Operator};
use crate::iam::key::KeyName;
use crate::iam::layers::Layers;
use crate::iam::policy::{ConditionEntry, Effect, Policy, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};

/// An entry of a Condition.
pub(super) fn entry(operator: &str, key: &str, values: &[&str]) -> ConditionEntry {
    ConditionEntry {
        // Operators here are spelled in this folder; one that does not parse would ask for a key's presence, and prove or refute nothing.
        operator: Operator::parse(operator).unwrap_or(Operator::plain(BaseOperator::Null)),
        key: KeyName::new(key),
        values: listed(values),
    }
}

/// Texts as a policy lists them.
pub(super) fn listed(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// An Allow of everything.
pub(super) fn all() -> Statement {
    allow_if(Vec::new())
}

/// An Allow of an action, or of a pattern of actions, on a resource.
pub(super) fn allow(action: &str, resource: &str) -> Statement {
    Statement {
        action: Selection::Only(listed(&[action])),
        resource: Some(Selection::Only(listed(&[resource]))),
        ..all()
    }
}

/// The statement as a Deny.
pub(super) fn denied(statement: Statement) -> Statement {
    Statement { effect: Effect::Deny, ..statement }
}

/// The statement for one principal.
pub(super) fn by(entry: PrincipalEntry, statement: Statement) -> Statement {
    let principal = Some(Selection::Only(Principals { entries: vec![entry] }));
    Statement { principal, ..statement }
}

/// The statement for everybody but one principal.
pub(super) fn by_all_but(entry: PrincipalEntry, statement: Statement) -> Statement {
    let principal = Some(Selection::AllExcept(Principals { entries: vec![entry] }));
    Statement { principal, ..statement }
}

/// The statement of a trust policy, which names no resource.
pub(super) fn trusting(entry: PrincipalEntry, action: &str) -> Statement {
    Statement { resource: None, ..by(entry, allow(action, "*")) }
}

/// The statement where an entry is true.
pub(super) fn where_true(entry: ConditionEntry, statement: Statement) -> Statement {
    Statement { condition: vec![entry], ..statement }
}

/// A policy of these statements.
pub(super) fn policy(statements: Vec<Statement>) -> Policy {
    Policy { version: Version::V2012, id: None, statements }
}

/// The side that is a set of these statements.
pub(super) fn set(statements: Vec<Statement>) -> Side {
    Side::set(vec![policy(statements)])
}

/// The side that these layers are.
pub(super) fn around(layers: Layers) -> Side {
    Side { policies: Policies::Layers(Box::new(layers)), asked: Asked::AsIs }
}

/// The side that allows a request if an entry is true of it.
pub(super) fn asked_if(operator: &str, key: &str, values: &[&str]) -> Side {
    set(vec![allow_if(vec![entry(operator, key, values)])])
}

/// The side that denies whatever policies decide at all: credentials hold, and the operation needs a permission.
pub(super) fn policies_decide() -> Side {
    let deny = denied(by(PrincipalEntry::Everyone, all()));
    around(Layers { resource: Some(policy(vec![deny])), ..Layers::default() })
}
