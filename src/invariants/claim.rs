//! A law on given policies: variants of them, the *sides*, and what the law says of the decisions about the sides.
//!
//! Laws about single statements, entries and values are put this way too: that a statement matches is that the set which allows what it
//! matches, and nothing else, allows. So a law on given policies is a relation between decisions. It can be held to any reading, and to any
//! other evaluator, without a look inside.

use std::convert::Infallible;

use crate::iam::context::{Context, ContextValue};
use crate::iam::decision::Decision;
use crate::iam::key::KeyName;
use crate::iam::layers::Layers;
use crate::iam::policy::{Effect, Policy, Selection, Statement, Version};
use crate::iam::request::Request;
use crate::solver::formula::{Formula, Formulas};

/// A statement about the decisions about sides, which are named by their position, and about facts beside them, where there are any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim<F = Infallible> {
    /// The side allows the request.
    Allows(usize),
    /// A Deny statement of the side refuses it.
    Denies(usize),
    /// A fact that no side decides.
    Fact(F),
    /// Known beforehand.
    Known(bool),
    /// It does not hold.
    Not(Box<Claim<F>>),
    /// All hold.
    All(Vec<Claim<F>>),
    /// Some holds.
    Any(Vec<Claim<F>>),
}

impl<F: Clone> Claim<F> {
    /// Holds always.
    pub fn always() -> Claim<F> {
        Claim::Known(true)
    }

    /// The opposite.
    pub fn negated(self) -> Claim<F> {
        Claim::Not(Box::new(self))
    }

    /// This holds only where the other does.
    pub fn implies(self, other: Claim<F>) -> Claim<F> {
        Claim::Any(vec![self.negated(), other])
    }

    /// Both hold, or neither.
    pub fn iff(self, other: Claim<F>) -> Claim<F> {
        Claim::All(vec![self.clone().implies(other.clone()), other.implies(self)])
    }

    /// The two sides decide alike.
    pub fn same(left: usize, right: usize) -> Claim<F> {
        Claim::All(vec![
            Claim::Allows(left).iff(Claim::Allows(right)),
            Claim::Denies(left).iff(Claim::Denies(right)),
        ])
    }

    /// Whether it holds of these decisions, one a side, and of these facts.
    pub fn holds_given(&self, decisions: &[Answered], facts: &dyn Fn(&F) -> bool) -> bool {
        let of = |side: usize| decisions.get(side).copied().unwrap_or(Answered::ImplicitDeny);
        match self {
            Claim::Allows(side) => of(*side) == Answered::Allow,
            Claim::Denies(side) => of(*side) == Answered::ExplicitDeny,
            Claim::Fact(fact) => facts(fact),
            Claim::Known(known) => *known,
            Claim::Not(claim) => !claim.holds_given(decisions, facts),
            Claim::All(claims) => claims.iter().all(|claim| claim.holds_given(decisions, facts)),
            Claim::Any(claims) => claims.iter().any(|claim| claim.holds_given(decisions, facts)),
        }
    }

    /// The formula that holds iff it does, given for each side when it allows and when a Deny refuses, and when each fact holds.
    pub fn formula_given(
        &self,
        formulas: &mut Formulas,
        sides: &[(Formula, Formula)],
        facts: &dyn Fn(&mut Formulas, &F) -> Formula,
    ) -> Formula {
        let of = |formulas: &Formulas, side: usize| {
            let falsum = formulas.falsum();
            sides.get(side).copied().unwrap_or((falsum, falsum))
        };
        let parts = |formulas: &mut Formulas, claims: &[Claim<F>]| -> Vec<Formula> {
            claims.iter().map(|claim| claim.formula_given(formulas, sides, facts)).collect()
        };
        match self {
            Claim::Allows(side) => of(formulas, *side).0,
            Claim::Denies(side) => of(formulas, *side).1,
            Claim::Fact(fact) => facts(formulas, fact),
            Claim::Known(true) => formulas.verum(),
            Claim::Known(false) => formulas.falsum(),
            Claim::Not(claim) => {
                let formula = claim.formula_given(formulas, sides, facts);
                formulas.not(formula)
            }
            Claim::All(claims) => {
                let parts = parts(formulas, claims);
                formulas.and(parts)
            }
            Claim::Any(claims) => {
                let parts = parts(formulas, claims);
                formulas.or(parts)
            }
        }
    }
}

impl Claim {
    /// Whether it holds of these decisions, one a side.
    pub fn holds(&self, decisions: &[Answered]) -> bool {
        self.holds_given(decisions, &|never| match *never {})
    }

    /// The formula that holds iff it does, given for each side when it allows and when a Deny refuses.
    pub fn formula(&self, formulas: &mut Formulas, sides: &[(Formula, Formula)]) -> Formula {
        self.formula_given(formulas, sides, &|_, never| match *never {})
    }
}

/// What a reading answers for a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It allows.
    Allow,
    /// A Deny statement refuses.
    ExplicitDeny,
    /// Nothing allows.
    ImplicitDeny,
}

impl From<Decision> for Answered {
    fn from(decision: Decision) -> Answered {
        match decision {
            Decision::Allow => Answered::Allow,
            Decision::ExplicitDeny => Answered::ExplicitDeny,
            Decision::ImplicitDeny => Answered::ImplicitDeny,
        }
    }
}

impl Answered {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Answered::Allow => "allow",
            Answered::ExplicitDeny => "explicit-deny",
            Answered::ImplicitDeny => "implicit-deny",
        }
    }
}

/// The policies of a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policies {
    /// A set by itself: it allows where some Allow matches and no Deny does.
    Set(Vec<Policy>),
    /// Layers around the request.
    Layers(Box<Layers>),
}

/// How a side is asked about the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// As it is.
    AsIs,
    /// With its action in the other case.
    ActionRecased,
    /// With the names of its keys in the other case.
    KeysRecased,
}

/// One side of a law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// What decides.
    pub policies: Policies,
    /// About which form of the request.
    pub asked: Asked,
}

/// A law on given policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// What it is tried on, in words.
    pub about: String,
    /// The sides.
    pub sides: Vec<Side>,
    /// Where the law says something.
    pub premise: Claim,
    /// What it says there.
    pub conclusion: Claim,
}

impl Side {
    /// A set by itself.
    pub fn set(policies: Vec<Policy>) -> Side {
        Side { policies: Policies::Set(policies), asked: Asked::AsIs }
    }

    /// The set of one statement that allows what this one matches.
    pub fn of_matches(statement: &Statement, version: Version) -> Side {
        let statement = Statement { effect: Effect::Allow, ..statement.clone() };
        Side::set(vec![Policy { version, id: None, statements: vec![statement] }])
    }

    /// The same policies as the identity policies of a caller, if they are a set.
    pub fn as_identity(&self) -> Side {
        match &self.policies {
            Policies::Set(set) => Side {
                policies: Policies::Layers(Box::new(Layers { identity: set.clone(), ..Layers::default() })),
                asked: self.asked,
            },
            Policies::Layers(_) => self.clone(),
        }
    }

    /// The layers, a set by itself as identity policies; for reports.
    pub fn layers(&self) -> Layers {
        match &self.policies {
            Policies::Set(set) => Layers { identity: set.clone(), ..Layers::default() },
            Policies::Layers(layers) => (**layers).clone(),
        }
    }
}

impl Asked {
    /// The request as the side is asked about it.
    pub fn request(self, request: &Request) -> Request {
        match self {
            Asked::AsIs => request.clone(),
            Asked::ActionRecased => Request { action: recased(&request.action), ..request.clone() },
            Asked::KeysRecased => {
                let recase = |(key, value): &(KeyName, ContextValue)| {
                    (KeyName::new(recased(key.spelling())), value.clone())
                };
                let mut context = Context::new();
                for (key, value) in request.context.entries().iter().map(recase) {
                    context.set(key, value);
                }
                Request { context, ..request.clone() }
            }
        }
    }
}

/// The text with its ASCII letters in the other case.
pub fn recased(text: &str) -> String {
    let other = |letter: char| {
        if letter.is_ascii_uppercase() { letter.to_ascii_lowercase() } else { letter.to_ascii_uppercase() }
    };
    text.chars().map(other).collect()
}

/// Everything: the element that every request is matched by.
pub fn everything() -> Selection<Vec<String>> {
    Selection::Only(vec!["*".to_owned()])
}
