//! The Condition element: for every (operator, key) pair the formula that holds iff its entry is true (COND-1 to COND-35).

use super::arn;
use super::combination::{
    Passes, Sense, element_passes, looked_for, one_more_element, plain_entry, sense, set_entry,
    some_element_passes, some_value_matches,
};
use super::entry_readings::{self, OF_A_LIST, Tested};
use super::problem::Problem;
use super::readings::choose;
use super::regular::{Case, Reach};
use super::request::{AskedBy, KeyIndex, SymbolicRequest};
use super::values::{self, Order, right_type};
use super::variable::{matches, matches_pattern, template, tokens, without_wildcards};
use crate::iam::assumption::Alternative;
use crate::iam::condition::{BaseOperator, Quantifier};
use crate::iam::policy::{ConditionEntry, Effect, Version};
use crate::solver::formula::{Formula, Formulas};

/// A test that an element of a list passes or fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ElementTest {
    /// Whether listed values match it.
    Values {
        /// A positive base operator, and whether the entry's is its negation.
        related: BaseOperator,
        sense: Sense,
        values: Vec<String>,
        version: Version,
        passes: Passes,
    },
    /// Whether it is of the wrong type for this positive base operator (OPEN-3).
    WrongType(BaseOperator),
}

/// An entry, and the statement that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) entry: &'a ConditionEntry,
    pub(super) version: Version,
    pub(super) effect: Effect,
}

/// Holds iff the entry of COND-35 is true.
// Rules: COND-1, COND-2, COND-13, COND-35.
pub(super) fn entry(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    asked: Entry<'_>,
) -> Result<Formula, Problem> {
    let operator = asked.entry.operator;
    let result = if operator.base == BaseOperator::Null {
        null(formulas, request, asked.entry)
    } else {
        match operator.quantifier {
            Quantifier::None => plain(formulas, request, asked),
            Quantifier::ForAllValues | Quantifier::ForAnyValue => set(formulas, request, asked),
        }
    };
    result.map_err(|problem| problem.within(&asked.entry.key).within(operator).within("Condition"))
}

impl Entry<'_> {
    /// The test of a list's elements that this entry makes.
    fn test(&self, passes: Passes) -> ElementTest {
        let (related, sense) = sense(self.entry.operator.base);
        ElementTest::Values {
            related,
            sense,
            values: self.entry.values.clone(),
            version: self.version,
            passes,
        }
    }
}

// Rules: COND-4, COND-21.
fn plain(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    asked: Entry<'_>,
) -> Result<Formula, Problem> {
    let key = request.key(formulas, &asked.entry.key);
    let (_, sense) = sense(asked.entry.operator.base);
    let hit = asked.test(Passes::OnMatch).passed_by(formulas, request, key, 0)?;
    let state = request.state(formulas, key, AskedBy::Others);
    let decided = plain_entry(formulas, (sense, asked.entry.operator.existence), state, hit);
    let tested = tested(formulas, request, key, asked, hit)?;
    let readings = request.readings;
    Ok(entry_readings::plain(formulas, &readings, (sense, asked.effect), state, tested, decided))
}

/// What other readings ask of the key; given whether the values match the one value, or the first element. What they do not ask is false.
// Rules: COND-10, COND-21.
fn tested(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    key: KeyIndex,
    asked: Entry<'_>,
    hit: Formula,
) -> Result<Tested, Problem> {
    let (related, sense) = sense(asked.entry.operator.base);
    let readings = request.readings;
    let of_list = OF_A_LIST.map(|reading| readings.may_take(formulas, reading));
    let [of_first, of_any, of_any_or_none] = of_list;
    let no = formulas.falsum();
    let mut tested = Tested { hit, wrong: no, first: no, some_match: no, some_miss: no, some_wrong: no };
    tested.wrong = wrong_type(formulas, request, key, 0, related)?;
    if of_first {
        tested.first = request.first_listed(formulas, key);
    }
    if of_any || of_any_or_none {
        tested.some_match = in_list(formulas, request, key, asked.test(Passes::OnMatch));
        if readings.may_take(formulas, Alternative::WrongTypeIsAnError) {
            tested.some_wrong = in_list(formulas, request, key, ElementTest::WrongType(related));
        }
    }
    if of_any && sense == Sense::Negated {
        tested.some_miss = in_list(formulas, request, key, asked.test(Passes::OnMiss));
    }
    Ok(tested)
}

// Rules: COND-11, COND-21.
fn set(formulas: &mut Formulas, request: &mut SymbolicRequest, asked: Entry<'_>) -> Result<Formula, Problem> {
    let operator = asked.entry.operator;
    let key = request.key(formulas, &asked.entry.key);
    let (related, sense) = sense(operator.base);
    let passes = looked_for(operator.quantifier, sense);
    let test = asked.test(passes);
    let some = some_value(formulas, request, key, &test)?;
    let state = request.state(formulas, key, AskedBy::Others);
    let decided = set_entry(formulas, (operator.quantifier, operator.existence), state, some);
    let readings = request.readings;
    let some_wrong = if readings.may_take(formulas, Alternative::WrongTypeIsAnError) {
        some_value(formulas, request, key, &ElementTest::WrongType(related))?
    } else {
        formulas.falsum()
    };
    let modifiers = (operator.quantifier, operator.existence, asked.effect);
    Ok(entry_readings::set(formulas, &readings, modifiers, state, some_wrong, decided))
}

/// Holds iff some value of the key passes the test, given that the key does not count as missing: the one value, or one in the list.
fn some_value(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    key: KeyIndex,
    test: &ElementTest,
) -> Result<Formula, Problem> {
    let passed = test.passed_by(formulas, request, key, 0)?;
    let in_list = in_list(formulas, request, key, test.clone());
    let state = request.state(formulas, key, AskedBy::Others);
    Ok(some_element_passes(formulas, state, passed, in_list))
}

/// Holds iff some element of the key's list passes the test: a flag, which [`list_tests`] explains once the length of lists is known.
fn in_list(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    key: KeyIndex,
    test: ElementTest,
) -> Formula {
    let symbolic = request.at_mut(key);
    let known = symbolic.tests.iter().find(|(other, _)| *other == test).map(|&(_, flag)| flag);
    let flag = match known {
        Some(flag) => flag,
        None => {
            let flag = formulas.new_flag(format!("an element of {} passes a test", symbolic.name));
            symbolic.tests.push((test, flag));
            flag
        }
    };
    formulas.flag(flag)
}

/// Holds iff each flag of the key's tests is true just where some element of its list passes the test.
pub(super) fn list_tests(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    key: KeyIndex,
) -> Result<Formula, Problem> {
    let tests = request.at(key).tests.clone();
    let listed = request.at(key).listed.clone();
    let mut parts = Vec::with_capacity(tests.len());
    for (test, flag) in tests {
        let mut some = formulas.falsum();
        for (element, &filled) in listed.iter().enumerate() {
            let passed = test.passed_by(formulas, request, key, element)?;
            let filled = formulas.flag(filled);
            some = one_more_element(formulas, some, filled, passed);
        }
        let flag = formulas.flag(flag);
        parts.push(formulas.iff(flag, some));
    }
    Ok(formulas.and(parts))
}

impl ElementTest {
    /// Holds iff this element passes.
    fn passed_by(
        &self,
        formulas: &mut Formulas,
        request: &mut SymbolicRequest,
        key: KeyIndex,
        element: usize,
    ) -> Result<Formula, Problem> {
        let (related, sense, values, version, passes) = match self {
            ElementTest::Values { related, sense, values, version, passes } => {
                (*related, *sense, values, *version, *passes)
            }
            ElementTest::WrongType(related) => return wrong_type(formulas, request, key, element, *related),
        };
        let matched = hit(formulas, request, key, element, related, values, version)?;
        let readings = request.readings;
        let wrong = if sense == Sense::Negated && readings.may_take(formulas, Alternative::WrongTypeIsFalse) {
            wrong_type(formulas, request, key, element, related)?
        } else {
            formulas.falsum()
        };
        let hit = entry_readings::hit(formulas, &readings, sense, matched, wrong);
        Ok(element_passes(formulas, passes, hit))
    }
}

/// Holds iff the element is of the wrong type for the operator; never where no reading asks.
// Rules: COND-21, OPEN-3.
fn wrong_type(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    key: KeyIndex,
    element: usize,
    related: BaseOperator,
) -> Result<Formula, Problem> {
    let readings = request.readings;
    let asked = [Alternative::WrongTypeIsFalse, Alternative::WrongTypeIsAnError];
    if !asked.into_iter().any(|reading| readings.may_take(formulas, reading)) {
        return Ok(formulas.falsum());
    }
    let right = right_type(formulas, request, (key, element), related)?;
    Ok(formulas.not(right))
}

// Rules: COND-9, COND-12.
fn null(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    entry: &ConditionEntry,
) -> Result<Formula, Problem> {
    let key = request.key(formulas, &entry.key);
    let missing = request.state(formulas, key, AskedBy::Null).missing(formulas);
    let mut ways = Vec::with_capacity(entry.values.len());
    for value in &entry.values {
        ways.push(if value.eq_ignore_ascii_case("true") {
            missing
        } else if value.eq_ignore_ascii_case("false") {
            formulas.not(missing)
        } else {
            return Err(Problem::not_well_formed(format!("`{value}` is neither `true` nor `false`")));
        });
    }
    Ok(formulas.or(ways))
}

/// Holds iff some listed value stands in the relation to the element: `hit` of COND-35.
fn hit(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    key: KeyIndex,
    element: usize,
    related: BaseOperator,
    values: &[String],
    version: Version,
) -> Result<Formula, Problem> {
    let mut hits = Vec::with_capacity(values.len());
    for value in values {
        hits.push(relation(formulas, request, key, element, related, value, version)?);
    }
    Ok(some_value_matches(formulas, hits))
}

/// Holds iff the policy's value stands in the positive relation of COND-20 to the element.
// Rules: COND-14, COND-15, COND-16, COND-17, COND-18, COND-19, COND-20, COND-23, COND-24, KEY-7, VAR-1.
fn relation(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    key: KeyIndex,
    element: usize,
    related: BaseOperator,
    value: &str,
    version: Version,
) -> Result<Formula, Problem> {
    use BaseOperator as B;
    match related {
        B::StringEquals | B::StringNotEquals => {
            let tokens = without_wildcards(tokens(value, version)?);
            let text = request.element_text(formulas, key, element);
            let template = template(&tokens, Reach::Everywhere, Case::Sensitive);
            matches(formulas, request, text, &template, Case::Sensitive)
        }
        B::StringEqualsIgnoreCase | B::StringNotEqualsIgnoreCase => {
            let tokens = without_wildcards(tokens(value, version)?);
            let text = request.element_text(formulas, key, element);
            let decided = template(&tokens, Reach::Everywhere, Case::Folded);
            let decided = matches(formulas, request, text, &decided, Case::Folded)?;
            if !request.readings.may_take(formulas, Alternative::FoldsLatin1) {
                return Ok(decided);
            }
            let latin = template(&tokens, Reach::Everywhere, Case::FoldedLatin1);
            let latin = matches(formulas, request, text, &latin, Case::FoldedLatin1)?;
            let taken = request.readings.takes(Alternative::FoldsLatin1);
            Ok(choose(formulas, taken, latin, decided))
        }
        B::StringLike | B::StringNotLike => {
            let tokens = tokens(value, version)?;
            let text = request.element_text(formulas, key, element);
            let template = template(&tokens, Reach::Everywhere, Case::Sensitive);
            matches_pattern(formulas, request, text, &template)
        }
        B::ArnEquals | B::ArnNotEquals | B::ArnLike | B::ArnNotLike => {
            let text = request.element_text(formulas, key, element);
            arn::matches(formulas, request, text, tokens(value, version)?)
        }
        B::NumericEquals | B::NumericNotEquals => {
            values::numeric(formulas, request, (key, element), Order::Equal, value)
        }
        B::NumericLessThan => values::numeric(formulas, request, (key, element), Order::Less, value),
        B::NumericLessThanEquals => values::numeric(formulas, request, (key, element), Order::AtMost, value),
        B::NumericGreaterThan => values::numeric(formulas, request, (key, element), Order::Greater, value),
        B::NumericGreaterThanEquals => {
            values::numeric(formulas, request, (key, element), Order::AtLeast, value)
        }
        B::DateEquals | B::DateNotEquals => {
            values::dated(formulas, request, (key, element), Order::Equal, value)
        }
        B::DateLessThan => values::dated(formulas, request, (key, element), Order::Less, value),
        B::DateLessThanEquals => values::dated(formulas, request, (key, element), Order::AtMost, value),
        B::DateGreaterThan => values::dated(formulas, request, (key, element), Order::Greater, value),
        B::DateGreaterThanEquals => values::dated(formulas, request, (key, element), Order::AtLeast, value),
        B::Bool => values::truth(formulas, request, (key, element), value, version),
        B::BinaryEquals => values::binary(formulas, request, (key, element), value),
        B::IpAddress | B::NotIpAddress => values::address(formulas, request, (key, element), value),
        B::Null => Err(Problem::not_well_formed("`Null` asks for presence, not for a value")),
    }
}
