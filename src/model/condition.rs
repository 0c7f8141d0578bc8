//! The Condition element: for every (operator, key) pair the formula that holds iff its entry is true (COND-1 to COND-35).

use super::address::read_block;
use super::combination::{
    Passes, element_passes, looked_for, one_more_element, plain_entry, sense, set_entry, some_element_passes,
    some_value_matches,
};
use super::problem::Problem;
use super::regular::{Case, Reach, literal};
use super::request::{KeyIndex, SymbolicRequest};
use super::variable::{arn_template, matches, spells_word, template, tokens, without_wildcards};
use super::{date, number};
use crate::iam::condition::{BaseOperator, Quantifier};
use crate::iam::policy::{ConditionEntry, Version};
use crate::solver::formula::{Flag, Formula, Formulas, IntegerVariable, Relation};
use num_bigint::BigInt;

/// A test that an element of a list passes or fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ElementTest {
    /// A positive base operator.
    related: BaseOperator,
    values: Vec<String>,
    version: Version,
    passes: Passes,
}

/// Holds iff the entry of COND-35 is true.
// Rules: COND-1, COND-2, COND-13, COND-35.
pub(super) fn entry(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    entry: &ConditionEntry,
    version: Version,
) -> Result<Formula, Problem> {
    let operator = entry.operator;
    let result = if operator.base == BaseOperator::Null {
        null(formulas, request, entry)
    } else {
        match operator.quantifier {
            Quantifier::None => plain(formulas, request, entry, version),
            Quantifier::ForAllValues | Quantifier::ForAnyValue => set(formulas, request, entry, version),
        }
    };
    result.map_err(|problem| problem.within(&entry.key).within(operator).within("Condition"))
}

// Rules: COND-4, COND-21.
fn plain(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    entry: &ConditionEntry,
    version: Version,
) -> Result<Formula, Problem> {
    let key = request.key(formulas, &entry.key);
    let (related, sense) = sense(entry.operator.base);
    let hit = hit(formulas, request, key, 0, related, &entry.values, version)?;
    let state = request.at(key).state(formulas);
    Ok(plain_entry(formulas, (sense, entry.operator.existence), state, hit))
}

fn set(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    entry: &ConditionEntry,
    version: Version,
) -> Result<Formula, Problem> {
    let key = request.key(formulas, &entry.key);
    let (related, sense) = sense(entry.operator.base);
    let passes = looked_for(entry.operator.quantifier, sense);
    let test = ElementTest { related, values: entry.values.clone(), version, passes };
    let some = some_value(formulas, request, key, test)?;
    let state = request.at(key).state(formulas);
    Ok(set_entry(formulas, (entry.operator.quantifier, entry.operator.existence), state, some))
}

/// Holds iff some value of the key passes the test, given that the key does not count as missing.
///
/// The one value is tested at once; for lists a flag stands in, which [`list_tests`] explains once their length is known.
fn some_value(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    key: KeyIndex,
    test: ElementTest,
) -> Result<Formula, Problem> {
    let passed = test.passed_by(formulas, request, key, 0)?;
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
    let state = request.at(key).state(formulas);
    let in_list = formulas.flag(flag);
    Ok(some_element_passes(formulas, state, passed, in_list))
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
        let hit = hit(formulas, request, key, element, self.related, &self.values, self.version)?;
        Ok(element_passes(formulas, self.passes, hit))
    }
}

// Rules: COND-9, COND-12.
fn null(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    entry: &ConditionEntry,
) -> Result<Formula, Problem> {
    let key = request.key(formulas, &entry.key);
    let missing = request.at(key).missing(formulas);
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
            let template = template(&tokens, Reach::Everywhere, Case::Folded);
            matches(formulas, request, text, &template, Case::Folded)
        }
        B::StringLike | B::StringNotLike => {
            let tokens = tokens(value, version)?;
            let text = request.element_text(formulas, key, element);
            let template = template(&tokens, Reach::Everywhere, Case::Sensitive);
            matches(formulas, request, text, &template, Case::Sensitive)
        }
        B::ArnEquals | B::ArnNotEquals | B::ArnLike | B::ArnNotLike => {
            let text = request.element_text(formulas, key, element);
            match arn_template(tokens(value, version)?) {
                Some(template) => matches(formulas, request, text, &template, Case::Sensitive),
                None => Ok(formulas.falsum()),
            }
        }
        B::NumericEquals | B::NumericNotEquals => {
            numeric(formulas, request, (key, element), Order::Equal, value)
        }
        B::NumericLessThan => numeric(formulas, request, (key, element), Order::Less, value),
        B::NumericLessThanEquals => numeric(formulas, request, (key, element), Order::AtMost, value),
        B::NumericGreaterThan => numeric(formulas, request, (key, element), Order::Greater, value),
        B::NumericGreaterThanEquals => numeric(formulas, request, (key, element), Order::AtLeast, value),
        B::DateEquals | B::DateNotEquals => dated(formulas, request, (key, element), Order::Equal, value),
        B::DateLessThan => dated(formulas, request, (key, element), Order::Less, value),
        B::DateLessThanEquals => dated(formulas, request, (key, element), Order::AtMost, value),
        B::DateGreaterThan => dated(formulas, request, (key, element), Order::Greater, value),
        B::DateGreaterThanEquals => dated(formulas, request, (key, element), Order::AtLeast, value),
        B::Bool => truth(formulas, request, (key, element), value, version),
        B::BinaryEquals => binary(formulas, request, (key, element), value),
        B::IpAddress | B::NotIpAddress => address(formulas, request, (key, element), value),
        B::Null => Err(Problem::not_well_formed("`Null` asks for presence, not for a value")),
    }
}

/// How the context value stands to the policy's.
#[derive(Clone, Copy)]
enum Order {
    Less,
    AtMost,
    Equal,
    AtLeast,
    Greater,
}

/// Holds iff the integer stands so to the constant, and there is one.
fn ordered(
    formulas: &mut Formulas,
    (there, integer): (Flag, IntegerVariable),
    order: Order,
    constant: BigInt,
) -> Formula {
    let (relation, negated) = match order {
        Order::Less => (Relation::Less, false),
        Order::AtMost => (Relation::LessOrEqual, false),
        Order::Equal => (Relation::Equal, false),
        Order::AtLeast => (Relation::Less, true),
        Order::Greater => (Relation::LessOrEqual, true),
    };
    let compared = formulas.compare(integer, relation, constant);
    let stands = if negated { formulas.not(compared) } else { compared };
    let there = formulas.flag(there);
    formulas.and([there, stands])
}

// Rules: COND-21, COND-22.
fn numeric(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): (KeyIndex, usize),
    order: Order,
    value: &str,
) -> Result<Formula, Problem> {
    let constant =
        number::read(value).ok_or_else(|| Problem::not_well_formed(format!("`{value}` is no number")))?;
    let view = request.value(formulas, key, element).number(formulas);
    Ok(ordered(formulas, view, order, constant))
}

// Rules: COND-21, COND-24, COND-27.
fn dated(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): (KeyIndex, usize),
    order: Order,
    value: &str,
) -> Result<Formula, Problem> {
    let constant =
        date::read(value).ok_or_else(|| Problem::not_well_formed(format!("`{value}` is no date")))?;
    let view = request.value(formulas, key, element).instant(formulas);
    Ok(ordered(formulas, view, order, constant))
}

/// Only two policy values match anything, so the element is compared with them, and so is the policy's text where it has variables.
// Rule: COND-28.
fn truth(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): (KeyIndex, usize),
    value: &str,
    version: Version,
) -> Result<Formula, Problem> {
    let tokens = tokens(value, version)?;
    let text = request.element_text(formulas, key, element);
    let mut ways = Vec::with_capacity(2);
    for word in ["true", "false"] {
        let policy_says = spells_word(formulas, request, &tokens, word);
        if policy_says == formulas.falsum() {
            continue;
        }
        let context_says = formulas.in_language(text, literal(word, Case::Folded));
        ways.push(formulas.and([policy_says, context_says]));
    }
    Ok(formulas.or(ways))
}

/// Canonical base64 has one text for each sequence of bytes, so equal bytes are equal texts; and what is not canonical stands in no relation.
// Rules: COND-21, COND-29.
fn binary(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): (KeyIndex, usize),
    value: &str,
) -> Result<Formula, Problem> {
    if !is_canonical_base64(value) {
        return Err(Problem::not_well_formed(format!("`{value}` is no canonical base64")));
    }
    let text = request.element_text(formulas, key, element);
    Ok(formulas.in_language(text, literal(value, Case::Sensitive)))
}

/// Groups of four; at most the last is padded, and the bits that padding leaves over are zero.
// Rule: COND-29.
fn is_canonical_base64(text: &str) -> bool {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let unpadded = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let left_over = match (text.len() - unpadded.len(), text.len() % 4) {
        (0, 0) => 0b00_0000,
        (1, 0) => 0b00_0011,
        (2, 0) => 0b00_1111,
        _ => return false,
    };
    let mut last = 0;
    for byte in unpadded.bytes() {
        match digit(byte) {
            Some(value) => last = value,
            None => return false,
        }
    }
    last & left_over == 0
}

// Rules: COND-21, COND-30, COND-31.
fn address(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): (KeyIndex, usize),
    value: &str,
) -> Result<Formula, Problem> {
    let block = read_block(value)
        .ok_or_else(|| Problem::not_well_formed(format!("`{value}` is neither an address nor a block")))?;
    let (there, address) = request.value(formulas, key, element).address(formulas);
    let there = formulas.flag(there);
    let inside = formulas.in_block(address, block);
    Ok(formulas.and([there, inside]))
}
