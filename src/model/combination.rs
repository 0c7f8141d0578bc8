//! How parts become a whole: entries and elements a statement's match, statements what a set says, sets what all of them say.
//!
//! These steps see no text and no request. What goes in are formulas, whatever they say: those of a symbolic request where policies are
//! read, free flags where a law is proved for all policies (INV-9: a decision depends on policies only through which statements match).
//! So what is proved of the steps is proved of the very steps that the model takes, and not of a copy.

use super::principal::Grants;
use crate::iam::condition::{BaseOperator, Existence, Quantifier};
use crate::iam::policy::{Effect, Selection};
use crate::solver::formula::{Formula, Formulas};

/// The element itself, or its `Not…` twin: the exact complement. `some` holds iff some listed member matches.
// Rules: ACT-4, ACT-5, RES-5.
pub fn selected<T>(formulas: &mut Formulas, selection: &Selection<T>, some: Formula) -> Formula {
    match selection {
        Selection::Only(_) => some,
        Selection::AllExcept(_) => formulas.not(some),
    }
}

/// Holds iff a statement matches: every element does its part, and every entry of the Condition is true.
// Rules: COND-1, COND-2.
pub fn matched(
    formulas: &mut Formulas,
    elements: impl IntoIterator<Item = Formula>,
    entries: impl IntoIterator<Item = Formula>,
) -> Formula {
    let condition = formulas.and(entries);
    let elements = formulas.and(elements);
    formulas.and([elements, condition])
}

/// What a context holds for a key, as far as it is seen without looking at values.
#[derive(Clone, Copy, Debug)]
pub struct KeyState {
    /// The key is in the context.
    pub present: Formula,
    /// Its value is a list.
    pub many: Formula,
    /// The list counts as missing: it is empty or exactly `[""]`.
    pub hollow: Formula,
}

impl KeyState {
    /// Holds iff the key has one value, not a list.
    pub fn single(self, formulas: &mut Formulas) -> Formula {
        let not_many = formulas.not(self.many);
        formulas.and([self.present, not_many])
    }

    /// Holds iff the key has a list, which may be empty.
    pub fn multivalued(self, formulas: &mut Formulas) -> Formula {
        formulas.and([self.present, self.many])
    }

    /// Holds iff the key counts as missing: absent, or with a list that is empty or exactly `[""]`.
    // Rule: COND-9.
    pub fn missing(self, formulas: &mut Formulas) -> Formula {
        let absent = formulas.not(self.present);
        let hollow_list = formulas.and([self.many, self.hollow]);
        formulas.or([absent, hollow_list])
    }
}

/// A base operator is positive, or the negation of a positive one (COND-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// True of a value that some listed value matches.
    Positive,
    /// True of a value that no listed value matches.
    Negated,
}

/// When an element of a data set is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passes {
    /// If some listed value matches it.
    OnMatch,
    /// If no listed value matches it.
    OnMiss,
}

/// The positive operator behind a base operator, and whether it is negated.
// Rules: COND-5, COND-20.
pub fn sense(base: BaseOperator) -> (BaseOperator, Sense) {
    use BaseOperator as B;
    match base {
        B::StringNotEquals => (B::StringEquals, Sense::Negated),
        B::StringNotEqualsIgnoreCase => (B::StringEqualsIgnoreCase, Sense::Negated),
        B::StringNotLike => (B::StringLike, Sense::Negated),
        B::NumericNotEquals => (B::NumericEquals, Sense::Negated),
        B::DateNotEquals => (B::DateEquals, Sense::Negated),
        B::NotIpAddress => (B::IpAddress, Sense::Negated),
        B::ArnNotEquals | B::ArnNotLike => (B::ArnLike, Sense::Negated),
        B::ArnEquals | B::ArnLike => (B::ArnLike, Sense::Positive),
        B::StringEquals
        | B::StringEqualsIgnoreCase
        | B::StringLike
        | B::NumericEquals
        | B::NumericLessThan
        | B::NumericLessThanEquals
        | B::NumericGreaterThan
        | B::NumericGreaterThanEquals
        | B::DateEquals
        | B::DateLessThan
        | B::DateLessThanEquals
        | B::DateGreaterThan
        | B::DateGreaterThanEquals
        | B::Bool
        | B::BinaryEquals
        | B::IpAddress
        | B::Null => (base, Sense::Positive),
    }
}

/// `hit` of COND-35: some listed value matches.
// Rules: COND-3, COND-6, COND-23.
pub fn some_value_matches(formulas: &mut Formulas, values: impl IntoIterator<Item = Formula>) -> Formula {
    formulas.or(values)
}

/// An entry without set operator: one value is tested, a list is false, and a missing key is true under `IfExists` and negation.
// Rules: COND-6, COND-7, COND-8, COND-10, COND-34.
pub fn plain_entry(
    formulas: &mut Formulas,
    (sense, existence): (Sense, Existence),
    key: KeyState,
    hit: Formula,
) -> Formula {
    let test = match sense {
        Sense::Positive => hit,
        Sense::Negated => formulas.not(hit),
    };
    let single = key.single(formulas);
    let tested = formulas.and([single, test]);
    if existence == Existence::IfExists || sense == Sense::Negated {
        let missing = key.missing(formulas);
        return formulas.or([missing, tested]);
    }
    tested
}

/// Which elements a set operator looks for: one that makes `ForAnyValue` true, or one that makes `ForAllValues` false.
// Rules: COND-11, COND-34.
pub fn looked_for(quantifier: Quantifier, sense: Sense) -> Passes {
    match (sense, quantifier) {
        (Sense::Positive, Quantifier::None | Quantifier::ForAnyValue)
        | (Sense::Negated, Quantifier::ForAllValues) => Passes::OnMatch,
        (Sense::Negated, Quantifier::None | Quantifier::ForAnyValue)
        | (Sense::Positive, Quantifier::ForAllValues) => Passes::OnMiss,
    }
}

/// Holds iff an element is one that is looked for.
pub fn element_passes(formulas: &mut Formulas, passes: Passes, hit: Formula) -> Formula {
    match passes {
        Passes::OnMatch => hit,
        Passes::OnMiss => formulas.not(hit),
    }
}

/// Whether some element of a list passes, when there is one more place in the list: it is filled, or not.
pub fn one_more_element(
    formulas: &mut Formulas,
    some_before: Formula,
    filled: Formula,
    passes: Formula,
) -> Formula {
    let this = formulas.and([filled, passes]);
    formulas.or([some_before, this])
}

/// Whether some element of the data set passes: the one value, or an element of the list.
// Rule: COND-11.
pub fn some_element_passes(
    formulas: &mut Formulas,
    key: KeyState,
    one_value_passes: Formula,
    some_in_list: Formula,
) -> Formula {
    let single = key.single(formulas);
    let multivalued = key.multivalued(formulas);
    let by_one = formulas.and([single, one_value_passes]);
    let by_list = formulas.and([multivalued, some_in_list]);
    formulas.or([by_one, by_list])
}

/// An entry with a set operator, given whether some element of the data set is one that it looks for.
// Rules: COND-9, COND-11.
pub fn set_entry(
    formulas: &mut Formulas,
    (quantifier, existence): (Quantifier, Existence),
    key: KeyState,
    some: Formula,
) -> Formula {
    let missing = key.missing(formulas);
    if quantifier == Quantifier::ForAllValues {
        let none = formulas.not(some);
        return formulas.or([missing, none]);
    }
    let there = formulas.not(missing);
    let found = formulas.and([there, some]);
    match existence {
        Existence::Required => found,
        Existence::IfExists => formulas.or([missing, found]),
    }
}

/// A statement as its set hears it.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    /// Allow or Deny.
    pub effect: Effect,
    /// Holds iff it matches.
    pub matched: Formula,
    /// The kinds of grant by which its Principal names the caller, whatever its other elements say.
    pub grants: Grants,
}

/// What a set of statements says.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    /// Holds iff some Allow statement matches.
    pub allow: Formula,
    /// Holds iff some Deny statement matches.
    pub deny: Formula,
    /// The kinds of grant by which matching Allow statements name the caller.
    pub grants: Grants,
}

impl Said {
    /// Holds iff statements that say this allow the request by themselves: some Allow matches and no Deny does.
    // Rules: EVAL-1, EVAL-2.
    pub fn allows(&self, formulas: &mut Formulas) -> Formula {
        let no_deny = formulas.not(self.deny);
        formulas.and([self.allow, no_deny])
    }
}

/// The statements heard so far.
///
/// What they say is kept in parts until it is asked for, so that a thousand statements make one disjunction and not a thousand growing ones.
#[derive(Clone, Debug, Default)]
pub struct Hearing {
    allow: Vec<Formula>,
    deny: Vec<Formula>,
    grants: Vec<Grants>,
}

impl Hearing {
    /// After statements that said this.
    pub fn after(said: Said) -> Hearing {
        Hearing { allow: vec![said.allow], deny: vec![said.deny], grants: vec![said.grants] }
    }

    /// Hears one statement more.
    // Rules: EVAL-3, EVAL-4.
    pub fn hear(&mut self, formulas: &mut Formulas, voice: Voice) {
        match voice.effect {
            Effect::Allow => {
                self.allow.push(voice.matched);
                if !voice.grants.are_none(formulas) {
                    self.grants.push(voice.grants.given(formulas, voice.matched));
                }
            }
            Effect::Deny => self.deny.push(voice.matched),
        }
    }

    /// Takes in what another document of the same set says.
    // Rules: EVAL-3, EVAL-7.
    pub fn join(&mut self, other: Hearing) {
        self.allow.extend(other.allow);
        self.deny.extend(other.deny);
        self.grants.extend(other.grants);
    }

    /// What was said.
    // Rules: EVAL-3, EVAL-4.
    pub fn said(&self, formulas: &mut Formulas) -> Said {
        let mut grants = Grants::none(formulas);
        for &given in &self.grants {
            grants = grants.or(formulas, given);
        }
        Said {
            allow: formulas.or(self.allow.iter().copied()),
            deny: formulas.or(self.deny.iter().copied()),
            grants,
        }
    }
}
