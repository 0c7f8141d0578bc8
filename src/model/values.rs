//! Typed values: how a value of a context key stands to a policy's value as a number, a date, an address, a truth value or bytes (COND-20).

use super::address::{MAPPED, mapped, read_block, unmapped};
use super::arn;
use super::problem::Problem;
use super::readings::choose;
use super::regular::{Case, literal};
use super::request::{KeyIndex, SymbolicRequest};
use super::variable::{has_values, spells_word, tokens};
use super::{base64, date, number};
use crate::iam::assumption::Alternative;
use crate::iam::condition::BaseOperator;
use crate::iam::pattern::Token;
use crate::iam::policy::Version;
use crate::solver::formula::{Block, Flag, Formula, Formulas, IntegerVariable, Relation};
use num_bigint::BigInt;

/// How the context value stands to the policy's.
#[derive(Clone, Copy)]
pub(super) enum Order {
    Less,
    AtMost,
    Equal,
    AtLeast,
    Greater,
}

/// A value of a key.
type Element = (KeyIndex, usize);

/// Holds iff the element is of the type of the operator (OPEN-3).
// Rules: COND-21, OPEN-3.
pub(super) fn right_type(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): Element,
    related: BaseOperator,
) -> Result<Formula, Problem> {
    use BaseOperator as B;
    let readings = request.readings;
    Ok(match related {
        B::StringEquals
        | B::StringNotEquals
        | B::StringEqualsIgnoreCase
        | B::StringNotEqualsIgnoreCase
        | B::StringLike
        | B::StringNotLike
        | B::Null => formulas.verum(),
        B::NumericEquals
        | B::NumericNotEquals
        | B::NumericLessThan
        | B::NumericLessThanEquals
        | B::NumericGreaterThan
        | B::NumericGreaterThanEquals => {
            let (there, _) = request.value(formulas, key, element).number(formulas);
            let there = formulas.flag(there);
            match wide(formulas, request, (key, element)) {
                Some((wide, _)) => {
                    let wide = formulas.flag(wide);
                    let taken = readings.takes(Alternative::Exponents);
                    choose(formulas, taken, wide, there)
                }
                None => there,
            }
        }
        // Four digits are a date in either reading of D-43.
        B::DateEquals
        | B::DateNotEquals
        | B::DateLessThan
        | B::DateLessThanEquals
        | B::DateGreaterThan
        | B::DateGreaterThanEquals => {
            let (there, _) = request.value(formulas, key, element).instant(formulas);
            formulas.flag(there)
        }
        B::IpAddress | B::NotIpAddress => {
            let (there, _) = request.value(formulas, key, element).address(formulas);
            formulas.flag(there)
        }
        B::Bool => {
            let text = request.element_text(formulas, key, element);
            let words = ["true", "false"].map(|word| literal(word, Case::Folded));
            let decided = formulas.in_language(text, super::regular::choice(words));
            readings.either(formulas, Alternative::AnythingElseIsFalse, decided, |formulas| formulas.verum())
        }
        B::BinaryEquals => {
            let text = request.element_text(formulas, key, element);
            let decided = formulas.in_language(text, base64::canonical());
            let decided = readings.either(formulas, Alternative::UnusedBitsIgnored, decided, |formulas| {
                formulas.in_language(text, base64::padded())
            });
            readings.either(formulas, Alternative::BinaryAsText, decided, |formulas| formulas.verum())
        }
        B::ArnEquals | B::ArnNotEquals | B::ArnLike | B::ArnNotLike => {
            let text = request.element_text(formulas, key, element);
            let decided = formulas.in_language(text, arn::six_fields());
            readings.either(formulas, Alternative::ShortArnIsPattern, decided, |formulas| formulas.verum())
        }
    })
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
pub(super) fn numeric(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): Element,
    order: Order,
    value: &str,
) -> Result<Formula, Problem> {
    let constant =
        number::read(value).ok_or_else(|| Problem::not_well_formed(format!("`{value}` is no number")))?;
    let view = request.value(formulas, key, element).number(formulas);
    let decided = ordered(formulas, view, order, constant.clone());
    let Some(view) = wide(formulas, request, (key, element)) else {
        return Ok(decided);
    };
    let with_exponents = ordered(formulas, view, order, constant * 10);
    let taken = request.readings.takes(Alternative::Exponents);
    Ok(choose(formulas, taken, with_exponents, decided))
}

/// The value as a number that may have an exponent, where a reading asks for that.
// Rule: COND-22.
fn wide(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): Element,
) -> Option<(Flag, IntegerVariable)> {
    if !request.readings.may_take(formulas, Alternative::Exponents) {
        return None;
    }
    Some(request.value(formulas, key, element).wide_number(formulas))
}

// Rules: COND-21, COND-24, COND-27.
pub(super) fn dated(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): Element,
    order: Order,
    value: &str,
) -> Result<Formula, Problem> {
    let constant =
        date::read(value).ok_or_else(|| Problem::not_well_formed(format!("`{value}` is no date")))?;
    let view = request.value(formulas, key, element).instant(formulas);
    let decided = ordered(formulas, view, order, constant.clone());
    if !request.readings.may_take(formulas, Alternative::FourDigitsAreAYear) {
        return Ok(decided);
    }
    let constant = date::read_year(value).unwrap_or(constant);
    let text = request.element_text(formulas, key, element);
    let is_year = formulas.in_language(text, date::years(|_| true));
    let stands = |year: &BigInt| match order {
        Order::Less => *year < constant,
        Order::AtMost => *year <= constant,
        Order::Equal => *year == constant,
        Order::AtLeast => *year >= constant,
        Order::Greater => *year > constant,
    };
    let by_year = formulas.in_language(text, date::years(stands));
    let otherwise = ordered(formulas, view, order, constant);
    let other = choose(formulas, is_year, by_year, otherwise);
    let taken = request.readings.takes(Alternative::FourDigitsAreAYear);
    Ok(choose(formulas, taken, other, decided))
}

/// Only two policy values match anything, so the element is compared with them, and so is the policy's text where it has variables.
// Rules: COND-28, VAR-1.
pub(super) fn truth(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): Element,
    value: &str,
    version: Version,
) -> Result<Formula, Problem> {
    let tokens = tokens(value, version)?;
    let has_variables = tokens.iter().any(|token| matches!(token, Token::Variable(_)));
    let text = request.element_text(formulas, key, element);
    let readings = request.readings;
    let [says_true, says_false] = ["true", "false"].map(|word| spells_word(formulas, request, &tokens, word));
    let resolved = has_values(formulas, request, &tokens);
    let [is_true, is_false] =
        ["true", "false"].map(|word| formulas.in_language(text, literal(word, Case::Folded)));
    let both_true = formulas.and([says_true, is_true]);
    let both_false = formulas.and([says_false, is_false]);
    let decided = formulas.or([both_true, both_false]);
    let mut result = readings.either(formulas, Alternative::AnythingElseIsFalse, decided, |formulas| {
        let same = formulas.iff(says_true, is_true);
        formulas.and([resolved, same])
    });
    if has_variables {
        // Read as plain text the value is neither word.
        result = readings.either(formulas, Alternative::NoVariablesInBool, result, |formulas| {
            let falsum = formulas.falsum();
            let not_true = formulas.not(is_true);
            readings.either(formulas, Alternative::AnythingElseIsFalse, falsum, |_| not_true)
        });
    }
    Ok(result)
}

/// Canonical base64 has one text for each sequence of bytes, so equal bytes are equal texts; and what is not canonical stands in no relation.
// Rules: COND-21, COND-29.
pub(super) fn binary(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): Element,
    value: &str,
) -> Result<Formula, Problem> {
    if !base64::is_canonical(value) {
        return Err(Problem::not_well_formed(format!("`{value}` is no canonical base64")));
    }
    let text = request.element_text(formulas, key, element);
    let decided = formulas.in_language(text, literal(value, Case::Sensitive));
    let readings = request.readings;
    Ok(readings.either(formulas, Alternative::UnusedBitsIgnored, decided, |formulas| {
        formulas.in_language(text, base64::same_bytes(value))
    }))
}

// Rules: COND-21, COND-30, COND-31.
pub(super) fn address(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    (key, element): Element,
    value: &str,
) -> Result<Formula, Problem> {
    let block = read_block(value)
        .ok_or_else(|| Problem::not_well_formed(format!("`{value}` is neither an address nor a block")))?;
    let wide = Block { prefix: 32, ..block };
    let is_bare_ipv6 = block.address.is_ipv6() && !value.contains('/');
    let (there, address) = request.value(formulas, key, element).address(formulas);
    let there = formulas.flag(there);
    let readings = request.readings;
    let inside = |formulas: &mut Formulas, block: Block| {
        let decided = formulas.in_block(address, block);
        readings.either(formulas, Alternative::MappedIsIpv4, decided, |formulas| {
            // Both sides are IPv4 where they are mapped: an IPv4 block then holds plain addresses and mapped ones, another none of these.
            let block = unmapped(block);
            let plain = formulas.in_block(address, block);
            match mapped(block) {
                Some(block) => {
                    let as_mapped = formulas.in_block(address, block);
                    formulas.or([plain, as_mapped])
                }
                None => {
                    let some_mapped = formulas.in_block(address, MAPPED);
                    let not_mapped = formulas.not(some_mapped);
                    formulas.and([plain, not_mapped])
                }
            }
        })
    };
    let decided = inside(formulas, block);
    let result = if is_bare_ipv6 {
        readings
            .either(formulas, Alternative::Ipv6WithoutPrefixIs32, decided, |formulas| inside(formulas, wide))
    } else {
        decided
    };
    Ok(formulas.and([there, result]))
}
