//! Decimal numbers, exactly: up to thirty digits before the point and thirty behind it.

use std::cmp::Ordering;

/// The most digits on either side of the point.
const DIGITS: usize = 30;

/// A number as its sign, its whole part, and its fraction in units of 10⁻³⁰; both parts fit, being below 10³⁰.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    sign: Sign,
    whole: u128,
    fraction: u128,
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
        Some(Number { sign, whole, fraction })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        let magnitudes = (self.whole, self.fraction).cmp(&(other.whole, other.fraction));
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

/// The worth of the last of so many digits behind the point, in units of 10⁻³⁰.
fn unit(places: usize) -> u128 {
    (places..DIGITS).fold(1, |unit, _| unit * 10)
}
