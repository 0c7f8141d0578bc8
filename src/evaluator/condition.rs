//! Condition entries: one operator, one key, its values (COND-35).

use super::compile_error::Problem;
use super::question::Asked;
use super::reading::{Reading, mistaken};
use super::relation::{Relation, Standing};
use crate::iam::assumption::Alternative;
use crate::iam::condition::{BaseOperator, Existence, Operator, Quantifier};
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::policy::{ConditionEntry, Effect, Version};

/// A compiled entry.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// The operator as it is read, which is as it is written unless a mistake is planted.
    pub(super) operator: Operator,
    pub(super) key: KeyName,
    test: Test,
    several: Several,
    /// The effect of the statement, where a value of the wrong type is an error.
    errs_in: Option<Effect>,
}

/// How an operator without set operator reads a key with several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Several {
    /// It is false.
    Fail,
    /// The first value counts.
    First,
    /// As `ForAnyValue` does.
    Any,
    /// As `ForAnyValue` does, and a negated operator as `ForAllValues`.
    AnyOrNone,
}

/// What is asked of the key.
#[derive(Clone, Debug)]
enum Test {
    /// Null: which of `true` and `false` the values contain.
    Presence { missing_will_do: bool, present_will_do: bool },
    /// All other operators.
    Values(Polarity, Relation),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Polarity {
    /// True of a value that is related to some listed value.
    Positive,
    /// True of a value that is related to none (COND-6).
    Negated,
}

impl Condition {
    pub(super) fn compile(
        written: &ConditionEntry,
        version: Version,
        effect: Effect,
        reading: Reading,
    ) -> Result<Condition, Problem> {
        let ConditionEntry { operator, key, values } = written;
        let problem_of = |problem: Problem| Problem::new(format!("{operator} of `{key}`: {problem}"));
        let test = match Relation::compile(operator.base, values, version, reading).map_err(problem_of)? {
            Some(relation) => Test::Values(polarity(operator.base), relation),
            None => presence(values, reading).map_err(problem_of)?,
        };
        Ok(Condition {
            operator: as_read(*operator, reading),
            key: key.clone(),
            test,
            several: Several::of(reading),
            errs_in: reading.takes(Alternative::WrongTypeIsAnError).then_some(effect),
        })
    }

    /// Whether the entry is true in the context.
    // Rules: COND-6, COND-7, COND-8, COND-10, COND-11, COND-12, COND-34, COND-35, OPEN-1.
    pub(super) fn holds(&self, asked: &Asked<'_>) -> bool {
        let current = self.current(asked);
        let (polarity, relation) = match &self.test {
            Test::Presence { missing_will_do, present_will_do } => {
                return if current.is_none() { *missing_will_do } else { *present_will_do };
            }
            Test::Values(polarity, relation) => (*polarity, relation),
        };
        let if_exists = self.operator.existence == Existence::IfExists;
        if if_exists && current.is_some() && mistaken!(asked.reading, IfExistsTrueWhenPresent) {
            return true;
        }
        if let (Some(effect), Some(value)) = (self.errs_in, current)
            && self.tests_wrong_type(relation, value, asked)
        {
            return match effect {
                Effect::Allow => false,
                Effect::Deny => true,
            };
        }
        let test = |text: &String| test(polarity, relation, text, asked);
        match (self.operator.quantifier, current) {
            (Quantifier::None, None) => if_exists || self.holds_of_missing(polarity, relation, asked),
            (Quantifier::None, Some(ContextValue::Single(text))) => test(text),
            (Quantifier::None, Some(ContextValue::Many(texts))) => match (self.several, polarity) {
                (Several::Fail, _) => false,
                (Several::First, _) => texts.first().is_some_and(test),
                (Several::Any, _) | (Several::AnyOrNone, Polarity::Positive) => texts.iter().any(test),
                (Several::AnyOrNone, Polarity::Negated) => texts.iter().all(test),
            },
            (Quantifier::ForAllValues, None) => {
                if_exists || !mistaken!(asked.reading, ForAllValuesOfNothingIsFalse)
            }
            (Quantifier::ForAllValues, Some(ContextValue::Single(text))) => test(text),
            (Quantifier::ForAllValues, Some(ContextValue::Many(texts))) => texts.iter().all(test),
            (Quantifier::ForAnyValue, None) => {
                (if_exists && !asked.reading.takes(Alternative::ForAnyValueNeedsItsKey))
                    || mistaken!(asked.reading, ForAnyValueOfNothingIsTrue)
            }
            (Quantifier::ForAnyValue, Some(ContextValue::Single(text))) => test(text),
            (Quantifier::ForAnyValue, Some(ContextValue::Many(texts))) => {
                if polarity == Polarity::Negated && mistaken!(asked.reading, ForAnyValueNegatesTheWhole) {
                    texts.iter().all(test)
                } else {
                    texts.iter().any(test)
                }
            }
        }
    }

    /// What the context holds for the key; a list that is empty or just `[""]` is no value at all.
    // Rules: COND-4, COND-9, KEY-6, OPEN-1.
    pub(super) fn current<'a>(&self, asked: &Asked<'a>) -> Option<&'a ContextValue> {
        let value = asked.context.value(&self.key)?;
        match value {
            _ if mistaken!(asked.reading, KeyNamesCaseSensitive) && !self.is_spelled_alike(asked) => None,
            ContextValue::Many(texts) if texts.is_empty() => {
                asked.reading.takes(Alternative::EmptyListIsPresent).then_some(value)
            }
            ContextValue::Many(texts) if texts.len() == 1 && texts.iter().all(String::is_empty) => {
                let is_null = self.operator.base == BaseOperator::Null;
                let is_present = asked.reading.takes(Alternative::ListOfEmptyTextIsPresent)
                    || (is_null && asked.reading.takes(Alternative::ListOfEmptyTextForNull));
                is_present.then_some(value)
            }
            ContextValue::Single(_) | ContextValue::Many(_) => Some(value),
        }
    }

    /// The values that the entry tests, of those that a key has.
    // Rule: OPEN-4.
    pub(super) fn tested<'v>(&self, value: &'v ContextValue) -> &'v [String] {
        match (value, self.operator.quantifier) {
            (ContextValue::Single(text), _) => std::slice::from_ref(text),
            (ContextValue::Many(texts), Quantifier::ForAllValues | Quantifier::ForAnyValue) => texts,
            (ContextValue::Many(texts), Quantifier::None) => match self.several {
                Several::Fail => &[],
                Several::First => texts.get(..1).unwrap_or_default(),
                Several::Any | Several::AnyOrNone => texts,
            },
        }
    }

    // Rules: OPEN-3, OPEN-4.
    fn tests_wrong_type(&self, relation: &Relation, value: &ContextValue, asked: &Asked<'_>) -> bool {
        self.tested(value).iter().any(|text| relation.standing(text, asked) == Standing::WrongType)
    }

    /// The relation to the listed values; `None` for Null.
    pub(super) fn relation(&self) -> Option<&Relation> {
        match &self.test {
            Test::Presence { .. } => None,
            Test::Values(_, relation) => Some(relation),
        }
    }

    /// The value of an operator without quantifier and without IfExists where the key is missing.
    // Rule: COND-7.
    fn holds_of_missing(&self, polarity: Polarity, relation: &Relation, asked: &Asked<'_>) -> bool {
        if self.operator.base == BaseOperator::Bool && mistaken!(asked.reading, BoolAbsentIsFalse) {
            return test(polarity, relation, "false", asked);
        }
        match polarity {
            Polarity::Positive => false,
            Polarity::Negated => !mistaken!(asked.reading, NegatedOperatorNeedsItsKey),
        }
    }

    /// Whether the context spells the key as the policy does; no rule asks for it.
    fn is_spelled_alike(&self, asked: &Asked<'_>) -> bool {
        asked.context.entries().iter().any(|(key, _)| key.spelling() == self.key.spelling())
    }
}

impl Several {
    // Rules: COND-10, OPEN-1.
    fn of(reading: Reading) -> Several {
        if reading.takes(Alternative::FirstOfMany) {
            Several::First
        } else if reading.takes(Alternative::AnyOfMany) {
            Several::Any
        } else if reading.takes(Alternative::AnyOrNoneOfMany) {
            Several::AnyOrNone
        } else {
            Several::Fail
        }
    }
}

/// Whether one value of the context passes.
// Rules: COND-6, COND-21, OPEN-1.
fn test(polarity: Polarity, relation: &Relation, text: &str, asked: &Asked<'_>) -> bool {
    #[cfg(debug_assertions)]
    if polarity == Polarity::Negated && mistaken!(asked.reading, NegatedValuesAreOred) {
        return super::planted::is_unrelated_to_one(relation, text, asked);
    }
    match (polarity, relation.standing(text, asked)) {
        (Polarity::Positive, standing) => matches!(standing, Standing::Related { .. }),
        (Polarity::Negated, Standing::Related { .. }) => false,
        (Polarity::Negated, Standing::Unrelated) => true,
        (Polarity::Negated, Standing::WrongType) => !asked.reading.takes(Alternative::WrongTypeIsFalse),
    }
}

/// The operator with its modifiers as they count.
// Rule: COND-13.
fn as_read(operator: Operator, reading: Reading) -> Operator {
    let Operator { mut quantifier, base, mut existence } = operator;
    if mistaken!(reading, SetOperatorsSkipped) {
        quantifier = Quantifier::None;
    }
    if mistaken!(reading, SetOperatorsExchanged) {
        quantifier = match quantifier {
            Quantifier::None => Quantifier::None,
            Quantifier::ForAllValues => Quantifier::ForAnyValue,
            Quantifier::ForAnyValue => Quantifier::ForAllValues,
        };
    }
    if mistaken!(reading, IfExistsIgnored) {
        existence = Existence::Required;
    }
    Operator { quantifier, base, existence }
}

/// Reads the values of Null.
// Rule: COND-12.
fn presence(values: &[String], reading: Reading) -> Result<Test, Problem> {
    let (mut missing_will_do, mut present_will_do) = (false, false);
    for value in values {
        if value.eq_ignore_ascii_case("true") {
            missing_will_do = true;
        } else if value.eq_ignore_ascii_case("false") {
            present_will_do = true;
        } else {
            return Err(Problem::new(format!("`{value}` is neither `true` nor `false`")));
        }
    }
    if mistaken!(reading, NullInverted) {
        std::mem::swap(&mut missing_will_do, &mut present_will_do);
    }
    Ok(Test::Presence { missing_will_do, present_will_do })
}

// Rules: COND-6, COND-20.
fn polarity(base: BaseOperator) -> Polarity {
    use BaseOperator as Op;
    match base {
        Op::StringNotEquals
        | Op::StringNotEqualsIgnoreCase
        | Op::StringNotLike
        | Op::NumericNotEquals
        | Op::DateNotEquals
        | Op::NotIpAddress
        | Op::ArnNotEquals
        | Op::ArnNotLike => Polarity::Negated,
        Op::StringEquals
        | Op::StringEqualsIgnoreCase
        | Op::StringLike
        | Op::NumericEquals
        | Op::NumericLessThan
        | Op::NumericLessThanEquals
        | Op::NumericGreaterThan
        | Op::NumericGreaterThanEquals
        | Op::DateEquals
        | Op::DateLessThan
        | Op::DateLessThanEquals
        | Op::DateGreaterThan
        | Op::DateGreaterThanEquals
        | Op::Bool
        | Op::BinaryEquals
        | Op::IpAddress
        | Op::ArnEquals
        | Op::ArnLike
        | Op::Null => Polarity::Positive,
    }
}
