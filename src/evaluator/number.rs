//! Decimal numbers, exactly: up to thirty digits before the point and thirty behind it.

use std::cmp::Ordering;

use super::reading::Reading;
use crate::iam::assumption::Alternative;

/// The most digits on either side of the point.
const DIGITS: usize = 30;

/// A whole part that is greater than any of thirty digits.
const BEYOND: u128 = 10_u128.pow(30);

/// A number as its sign, its whole part, and its fraction in units of 10⁻³⁰; both parts fit, being below 10³⁰.
///
/// An exponent makes numbers that are not of this form. They are only ever compared with a policy's, which are; so it is enough to
/// know that the whole part is [`BEYOND`] all of those, or that something is left behind the thirtieth place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    sign: Sign,
    whole: u128,
    fraction: u128,
    rest: Rest,
}

/// What is left behind the thirtieth place of a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rest {
    Nothing,
    Something,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Negative,
    /// Zero too, whatever sign it was written with.
    Positive,
}

impl Number {
    /// Reads `[+-]?[0-9]{1,30}(\.[0-9]{1,30})?`.
    // Rule: COND-22.
    pub(super) fn parse(text: &str) -> Option<Number> {
        let (sign, magnitude) = match text.strip_prefix('-') {
            Some(magnitude) => (Sign::Negative, magnitude),
            None => (Sign::Positive, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = match magnitude.split_once('.') {
            Some((whole, fraction)) => (digits(whole)?, digits(fraction)? * unit(fraction.len())),
            None => (digits(magnitude)?, 0),
        };
        let sign = if whole == 0 && fraction == 0 { Sign::Positive } else { sign };
        Some(Number { sign, whole, fraction, rest: Rest::Nothing })
    }

    /// Reads a number in a context, where exponents can be assumed to be legal.
    // Rules: COND-22, OPEN-1.
    pub(super) fn parse_in_context(text: &str, reading: Reading) -> Option<Number> {
        Number::parse(text).or_else(|| {
            if reading.takes(Alternative::Exponents) { Number::parse_with_exponent(text) } else { None }
        })
    }

    /// Reads a number with an exponent of one or two digits.
    fn parse_with_exponent(text: &str) -> Option<Number> {
        let (mantissa, exponent) = text.split_once(['e', 'E'])?;
        let sign = if mantissa.starts_with('-') { Sign::Negative } else { Sign::Positive };
        Number::parse(mantissa)?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{}{fraction}", whole.trim_start_matches(['+', '-']));
        let point = (all.len() - fraction.len()) as i64 + two_digits(exponent)?;
        // The digits before the point, and those behind it, with the zeros that the exponent calls for.
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
        let (before, behind) = all.split_at(usize::try_from(point).unwrap_or(0).min(all.len()));
        let whole = format!("{before}{}", zeros(point - all.len() as i64));
        let fraction = format!("{}{behind}", zeros(-point));
        let (kept, left) = fraction.split_at(fraction.len().min(DIGITS));
        let whole = match whole.trim_start_matches('0') {
            "" => 0,
            whole => digits(whole).unwrap_or(BEYOND),
        };
        let fraction = if kept.is_empty() { 0 } else { digits(kept)? * unit(kept.len()) };
        let rest = if left.bytes().all(|digit| digit == b'0') { Rest::Nothing } else { Rest::Something };
        let is_zero = whole == 0 && fraction == 0 && rest == Rest::Nothing;
        Some(Number { sign: if is_zero { Sign::Positive } else { sign }, whole, fraction, rest })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        let magnitude = |number: &Number| (number.whole, number.fraction, number.rest);
        let magnitudes = magnitude(self).cmp(&magnitude(other));
        match (self.sign, other.sign) {
            (Sign::Positive, Sign::Positive) => magnitudes,
            (Sign::Negative, Sign::Negative) => magnitudes.reverse(),
            (Sign::Positive, Sign::Negative) => Ordering::Greater,
            (Sign::Negative, Sign::Positive) => Ordering::Less,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The value of one to thirty digits.
fn digits(text: &str) -> Option<u128> {
    if text.is_empty() || text.len() > DIGITS {
        return None;
    }
    text.bytes()
        .try_fold(0, |value: u128, byte| byte.is_ascii_digit().then(|| value * 10 + u128::from(byte - b'0')))
}

/// The value of a sign, which may be missing, and one or two digits.
fn two_digits(text: &str) -> Option<i64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_short = (1..=2).contains(&unsigned.len()) && unsigned.bytes().all(|byte| byte.is_ascii_digit());
    if is_short { text.parse().ok() } else { None }
}

/// The worth of the last of so many digits behind the point, in units of 10⁻³⁰.
fn unit(places: usize) -> u128 {
    (places..DIGITS).fold(1, |unit, _| unit * 10)
}
