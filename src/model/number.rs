//! Numbers of conditions: the texts of COND-22, read as integers by moving the point thirty places to the right.
//!
//! A text of COND-22 has at most thirty digits on either side of the point, so the moved value is an integer and nothing is rounded.
//! Conversely every integer below 10⁶⁰ in magnitude is the moved value of some text: the notation is onto its range.

use num_bigint::{BigInt, Sign};

use super::regular::{digits, optional, sequence};
use crate::solver::formula::Notation;
use crate::solver::regular::{CharacterSet, Regular};

/// Digits that COND-22 allows on either side of the point.
const MOST_DIGITS: u32 = 30;

/// The notation of COND-22: a text spells the integer that is its value times 10³⁰.
pub const NUMBER: Notation = Notation { name: "number", read, write, spellings };

/// 10³⁰, the unit that a value is counted in.
pub fn one() -> BigInt {
    BigInt::from(10).pow(MOST_DIGITS)
}

/// 10⁶⁰: every value is strictly between it and its negative.
pub fn bound() -> BigInt {
    BigInt::from(10).pow(2 * MOST_DIGITS)
}

/// The value of a text times 10³⁰; `None` where the text is no number.
// Rule: COND-22.
pub fn read(text: &str) -> Option<BigInt> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let legal = |digits: &str| {
        (1..=MOST_DIGITS as usize).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !legal(whole) || !fraction.is_none_or(legal) {
        return None;
    }
    let places = MOST_DIGITS as usize;
    let moved = format!("{whole}{:0<places$}", fraction.unwrap_or_default());
    let magnitude: BigInt = moved.parse().ok()?;
    Some(if negative { -magnitude } else { magnitude })
}

fn write(value: &BigInt) -> Vec<String> {
    if value.magnitude() >= bound().magnitude() {
        return Vec::new();
    }
    let sign = if value.sign() == Sign::Minus { "-" } else { "" };
    let whole = value.magnitude() / one().magnitude();
    let fraction = value.magnitude() % one().magnitude();
    let places = MOST_DIGITS as usize;
    let fraction = format!("{fraction:0>places$}", fraction = fraction.to_string());
    let fraction = fraction.trim_end_matches('0');
    let mut spellings = Vec::with_capacity(4);
    if fraction.is_empty() {
        spellings.push(format!("{sign}{whole}"));
        spellings.push(format!("{sign}{whole}.0"));
    } else {
        spellings.push(format!("{sign}{whole}.{fraction}"));
        if fraction.len() < places {
            spellings.push(format!("{sign}{whole}.{fraction}0"));
        }
    }
    let plainest = spellings.first().cloned().unwrap_or_default();
    match value.sign() {
        Sign::Plus => spellings.push(format!("+{plainest}")),
        Sign::NoSign => spellings.extend(["-0".to_owned(), "+0".to_owned()]),
        Sign::Minus => {}
    }
    spellings
}

fn spellings() -> Regular {
    let sign = Regular::Character(CharacterSet::of(['+', '-']));
    let fraction = sequence([Regular::text("."), digits(1, MOST_DIGITS)]);
    sequence([optional(sign), digits(1, MOST_DIGITS), optional(fraction)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solver::evaluate::belongs;

    #[test]
    fn numbers_are_those_of_the_rule() {
        let thirty = "9".repeat(30);
        for text in ["0", "-0", "+7", "007", "10.0", "-0.5", &format!("{thirty}.{thirty}")] {
            assert!(read(text).is_some(), "{text}");
            assert!(belongs(text, &spellings()), "{text}");
        }
        for text in ["", "+", ".5", "5.", "1e2", " 1", "0x1", "1,0", "--1", &"9".repeat(31), "1.2.3", "٣"] {
            assert_eq!(read(text), None, "{text}");
            assert!(!belongs(text, &spellings()), "{text}");
        }
        assert_eq!(read("10"), read("10.0"));
        assert_eq!(read("-0"), read("0"));
        assert!(read("0.1") < read("0.11"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        for value in [BigInt::from(0), one(), -one() / 2, BigInt::from(1), bound() - 1, -bound() + 1] {
            let texts = write(&value);
            assert!(!texts.is_empty());
            for text in texts {
                assert_eq!(read(&text).as_ref(), Some(&value), "{text}");
                assert!(belongs(&text, &spellings()), "{text}");
            }
        }
        assert_eq!(write(&bound()), Vec::<String>::new());
        assert_eq!(write(&(one() * 10)).first().map(String::as_str), Some("10"));
    }
}
