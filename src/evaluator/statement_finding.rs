//! What one statement says of a request, element by element, and why.

use super::action::Actions;
use super::compile_error::Place;
use super::condition::Condition;
use super::glob::Glob;
use super::grants::{GrantKind, Grants};
use super::principal::Principal;
use super::question::Asked;
use super::relation::Standing;
use super::resource::{self, Resources};
use super::statements::Filed;
use super::variable;
use crate::iam::condition::{Operator, Quantifier};
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::policy::Effect;

/// What a statement says of a request. Elements and their members come in the order of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementFinding {
    /// Which statement.
    pub place: Place,
    /// Its effect.
    pub effect: Effect,
    /// Whether its set takes part at all (EVAL-8).
    pub applies: bool,
    /// Action or NotAction.
    pub action: ElementFinding,
    /// Resource or NotResource; `None` in a trust policy.
    pub resource: Option<ElementFinding>,
    /// Principal or NotPrincipal; `None` where the statement has neither.
    pub principal: Option<PrincipalFinding>,
    /// The Condition's entries.
    pub conditions: Vec<ConditionFinding>,
}

/// What Action, NotAction, Resource or NotResource comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementFinding {
    /// Whether the element speaks of the request: for the `Not…` elements, whether no member matches.
    pub matches: bool,
    /// Each pattern.
    pub members: Vec<MemberFinding>,
}

/// What one pattern comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberFinding {
    /// It matches.
    Matches,
    /// It does not.
    Differs,
    /// It matches nothing, since a variable has no value (VAR-8).
    Unresolved(KeyName),
}

/// What Principal or NotPrincipal comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalFinding {
    /// Whether the element speaks of the caller: for NotPrincipal, whether it does not exempt him.
    pub matches: bool,
    /// How each entry names the caller.
    pub entries: Vec<Option<GrantKind>>,
    /// The grant kinds of the element as a whole.
    pub grants: Grants,
}

/// What a condition entry comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionFinding {
    /// The operator.
    pub operator: Operator,
    /// The key.
    pub key: KeyName,
    /// Whether the entry is true.
    pub holds: bool,
    /// What that rests on.
    pub ground: Ground,
}

/// What the value of a condition entry rests on.
#[derive(Clone, Debug, PartialEq)]
pub enum Ground {
    /// The key is missing, or its list counts as missing (COND-9).
    Missing {
        /// The list that counts as missing, where there is one.
        counted: Option<ContextValue>,
    },
    /// Null was asked of a key that is present.
    Present,
    /// The key has several values, and the operator has no set operator (COND-10).
    SeveralValues,
    /// Each value of the key, and how it stands to the listed values.
    Values(Vec<(String, ValueStanding)>),
}

/// How a value of the context stands to the values that a policy lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueStanding {
    /// Related to this one, counted from 0, and perhaps to others.
    Related(usize),
    /// Related to none.
    Unrelated,
    /// Not of the operator's type (COND-21).
    WrongType,
}

impl StatementFinding {
    pub(super) fn new(filed: &Filed, asked: &Asked<'_>, applies: bool) -> StatementFinding {
        let statement = &filed.statement;
        StatementFinding {
            place: filed.place,
            effect: statement.effect,
            applies,
            action: action_finding(&statement.actions, asked),
            resource: resource_finding(&statement.resources, asked),
            principal: statement.principal.as_ref().map(|principal| principal_finding(principal, asked)),
            conditions: statement.conditions.iter().map(|entry| condition_finding(entry, asked)).collect(),
        }
    }

    /// Whether the statement matches: all its elements do.
    pub fn matches(&self) -> bool {
        self.action.matches
            && self.resource.as_ref().is_none_or(|resource| resource.matches)
            && self.principal.as_ref().is_none_or(|principal| principal.matches)
            && self.conditions.iter().all(|condition| condition.holds)
    }

    /// How many elements, each condition entry counted by itself, keep the statement from matching.
    pub fn misses(&self) -> usize {
        usize::from(!self.action.matches)
            + usize::from(self.resource.as_ref().is_some_and(|resource| !resource.matches))
            + usize::from(self.principal.as_ref().is_some_and(|principal| !principal.matches))
            + self.conditions.iter().filter(|condition| !condition.holds).count()
    }
}

fn action_finding(actions: &Actions, asked: &Asked<'_>) -> ElementFinding {
    let member = |pattern: &Glob| match pattern.matches(asked.action, asked) {
        true => MemberFinding::Matches,
        false => MemberFinding::Differs,
    };
    ElementFinding {
        matches: actions.speak_of(asked),
        members: actions.listed().iter().map(member).collect(),
    }
}

fn resource_finding(resources: &Resources, asked: &Asked<'_>) -> Option<ElementFinding> {
    let member = |glob: &Glob| {
        let unresolved = glob.variables().find(|variable| variable::value(variable, asked).is_none());
        match unresolved {
            Some(variable) => MemberFinding::Unresolved(variable.key.clone()),
            None if resource::covers(glob, asked) => MemberFinding::Matches,
            None => MemberFinding::Differs,
        }
    };
    let members = resources.listed()?.iter().map(member).collect();
    Some(ElementFinding { matches: resources.speak_of(asked), members })
}

fn principal_finding(principal: &Principal, asked: &Asked<'_>) -> PrincipalFinding {
    let grants = principal.grants(asked);
    PrincipalFinding {
        matches: !grants.is_empty(),
        entries: principal.listed().iter().map(|entry| entry.kind(asked)).collect(),
        grants,
    }
}

fn condition_finding(condition: &Condition, asked: &Asked<'_>) -> ConditionFinding {
    let ground = match (condition.current(asked), condition.relation()) {
        (None, _) => Ground::Missing { counted: asked.context.value(&condition.key).cloned() },
        (Some(_), None) => Ground::Present,
        (Some(value @ ContextValue::Many(_)), Some(_))
            if condition.operator.quantifier == Quantifier::None && condition.tested(value).is_empty() =>
        {
            Ground::SeveralValues
        }
        (Some(value), Some(relation)) => {
            let texts = condition.tested(value);
            let standing = |text: &String| match relation.standing(text, asked) {
                Standing::Related { listed } => (text.clone(), ValueStanding::Related(listed)),
                Standing::Unrelated => (text.clone(), ValueStanding::Unrelated),
                Standing::WrongType => (text.clone(), ValueStanding::WrongType),
            };
            Ground::Values(texts.iter().map(standing).collect())
        }
    };
    ConditionFinding {
        operator: condition.operator,
        key: condition.key.clone(),
        holds: condition.holds(asked),
        ground,
    }
}
