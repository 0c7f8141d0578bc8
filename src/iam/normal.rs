//! The normal form of a policy: one spelling for what can be spelled in several ways, without Sids and Ids (GRAM-32).

use super::condition::{BaseOperator, Operator};
use super::key::KeyName;
use super::policy::{ConditionEntry, Policy, Selection, Statement, Version};
use super::principal::{PrincipalEntry, Principals};

/// `norm(P)`: two documents that differ in spelling and order only have one normal form, and it is its own normal form.
///
/// `partition` is that of the account the policy belongs to: a bare account id becomes `arn:partition:iam::id:root`.
// Rule: GRAM-32.
pub fn normal_form(policy: &Policy, partition: &str) -> Policy {
    let version = match policy.version {
        Version::Absent | Version::V2008 => Version::V2008,
        Version::V2012 => Version::V2012,
    };
    let statements =
        policy.statements.iter().map(|statement| normal_statement(statement, partition)).collect();
    let mut policy = Policy { version, id: None, statements };
    // Any total order will do; that of the written statements needs no order on the nouns.
    policy.statements.sort_by_cached_key(|statement| serde_json::to_string(statement).unwrap_or_default());
    policy.statements.dedup();
    policy
}

fn normal_statement(statement: &Statement, partition: &str) -> Statement {
    let Statement { sid: _, effect, principal, action, resource, condition } = statement;
    Statement {
        sid: None,
        effect: *effect,
        principal: principal
            .as_ref()
            .map(|selection| map(selection, |principals| normal_principals(principals, partition))),
        action: map(action, |patterns| {
            sorted(patterns.iter().map(|pattern| pattern.to_ascii_lowercase()).collect())
        }),
        resource: resource.as_ref().map(|selection| map(selection, |patterns| sorted(patterns.clone()))),
        condition: normal_condition(condition),
    }
}

fn map<T, U>(selection: &Selection<T>, change: impl Fn(&T) -> U) -> Selection<U> {
    match selection {
        Selection::Only(listed) => Selection::Only(change(listed)),
        Selection::AllExcept(listed) => Selection::AllExcept(change(listed)),
    }
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list.dedup();
    list
}

fn normal_principals(principals: &Principals, partition: &str) -> Principals {
    let entries = principals.entries.iter().map(|entry| match entry {
        PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws => PrincipalEntry::Everyone,
        PrincipalEntry::AccountId(account) => {
            PrincipalEntry::AccountRoot { partition: partition.to_owned(), account: account.clone() }
        }
        PrincipalEntry::AccountRoot { .. }
        | PrincipalEntry::User(_)
        | PrincipalEntry::Role(_)
        | PrincipalEntry::AssumedRole(_)
        | PrincipalEntry::FederatedUser(_)
        | PrincipalEntry::UniqueId(_)
        | PrincipalEntry::Service(_)
        | PrincipalEntry::Federated(_)
        | PrincipalEntry::CanonicalUser(_) => entry.clone(),
    });
    Principals { entries: sorted(entries.collect()) }
}

fn normal_condition(condition: &[ConditionEntry]) -> Vec<ConditionEntry> {
    let mut entries: Vec<ConditionEntry> = condition
        .iter()
        .map(|ConditionEntry { operator, key, values }| ConditionEntry {
            operator: normal_operator(*operator, condition),
            key: KeyName::new(key.folded()),
            values: sorted(values.clone()),
        })
        .collect();
    entries.sort_by(|left, right| {
        (left.operator, &left.key, &left.values).cmp(&(right.operator, &right.key, &right.values))
    });
    entries.dedup();
    entries
}

/// An alias becomes what it stands for, unless that stands there already: one block of the two would turn AND into OR.
fn normal_operator(operator: Operator, condition: &[ConditionEntry]) -> Operator {
    let base = if operator.base == BaseOperator::ArnEquals {
        BaseOperator::ArnLike
    } else if operator.base == BaseOperator::ArnNotEquals {
        BaseOperator::ArnNotLike
    } else {
        return operator;
    };
    let target = Operator { base, ..operator };
    if condition.iter().any(|entry| entry.operator == target) { operator } else { target }
}
