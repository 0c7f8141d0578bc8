//! Numbers of conditions: the texts of COND-22, read as integers by moving the point thirty places to the right.
//!
//! A text of COND-22 has at most thirty digits on either side of the point, so the moved value is an integer and nothing is rounded.
//! Conversely every integer below 10⁶⁰ in magnitude is the moved value of some text: the notation is onto its range.

use num_bigint::{BigInt, Sign};

use super::decimal::{
    Behind, any_digits, any_fraction, fraction_at_least, fraction_at_most, fraction_exactly, whole_at_least,
    whole_at_most, whole_exactly,
};
use super::regular::{any_of, choice, digits, optional, sequence};
use crate::solver::formula::Notation;
use crate::solver::regular::{CharacterSet, Regular};

/// Digits that COND-22 allows on either side of the point.
const MOST_DIGITS: u32 = 30;

/// The greatest exponent of two digits.
const MOST_EXPONENT: u32 = 99;

/// The notation of COND-22: a text spells the integer that is its value times 10³⁰.
pub const NUMBER: Notation = Notation { name: "number", read, write, spellings, at_least, at_most, exactly };

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

/// The notation of numbers that may have an exponent, under the reading of COND-22 that allows one.
///
/// Policies have no exponents, so a value only matters by where it lies among multiples of 10⁻³⁰: it is spelled as ten times its multiple, or
/// as five more than ten times the one below, and beyond all numbers of policies as one value on either side.
pub const WIDE_NUMBER: Notation = Notation {
    name: "number with exponent",
    read: read_wide,
    write: write_wide,
    spellings: wide_spellings,
    // An order is no regular property here: any exponent may make any mantissa great. All spellings are a sound bound.
    at_least: |_| wide_spellings(),
    at_most: |_| wide_spellings(),
    exactly: wide_exactly,
};

/// What stands for all values beyond those of policies, in units of 10⁻³¹.
pub fn beyond() -> BigInt {
    BigInt::from(10).pow(62)
}

// Rule: COND-22.
fn read_wide(text: &str) -> Option<BigInt> {
    let Some(behind) = text.find(['e', 'E']) else {
        return read(text).map(|moved| moved * 10);
    };
    let (mantissa, exponent) = text.split_at(behind);
    let moved = read(mantissa)?;
    let exponent = exponent.get(1..)?;
    let (negative, digits) = match exponent.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    let legal = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let power = BigInt::from(10).pow(if legal { digits.parse().ok()? } else { return None });
    let tenfold: BigInt = if negative {
        let (towards_zero, rest) = (&moved / &power, &moved % &power);
        match rest.sign() {
            Sign::NoSign => towards_zero * 10,
            Sign::Plus => towards_zero * 10 + 5,
            Sign::Minus => towards_zero * 10 - 5,
        }
    } else {
        moved * power * 10
    };
    Some(tenfold.clamp(-beyond(), beyond()))
}

fn write_wide(value: &BigInt) -> Vec<String> {
    let beyond = beyond();
    if *value == beyond || *value == -&beyond {
        let sign = if value.sign() == Sign::Minus { "-" } else { "" };
        return vec![format!("{sign}1e99")];
    }
    let with = |moved: &BigInt, exponent: &str| {
        let mantissas = write(moved).into_iter();
        mantissas.map(|mantissa| format!("{mantissa}{exponent}")).collect::<Vec<String>>()
    };
    if (value % BigInt::from(10)).sign() == Sign::NoSign {
        let moved = value / BigInt::from(10);
        return [with(&moved, ""), with(&moved, "e0")].concat();
    }
    with(value, "e-1")
}

fn wide_spellings() -> Regular {
    let sign = Regular::Character(CharacterSet::of(['+', '-']));
    sequence([spellings(), optional(sequence([exponent_letter(), optional(sign), digits(1, 2)]))])
}

fn exponent_letter() -> Regular {
    Regular::Character(CharacterSet::of(['e', 'E']))
}

/// The spellings of a multiple of 10⁻³⁰: every mantissa that an exponent brings there. Nothing asks for all spellings of what lies between
/// two multiples, since policies have no such number; some are enough to show one.
fn wide_exactly(value: &BigInt) -> Regular {
    if (value % BigInt::from(10)).sign() != Sign::NoSign || value.magnitude() >= beyond().magnitude() {
        return any_of(write_wide(value));
    }
    let moved = value / BigInt::from(10);
    let mut ways = vec![exactly(&moved)];
    for exponent in 0..=MOST_EXPONENT {
        let power = BigInt::from(10).pow(exponent);
        let written = choice([exponent.to_string(), format!("{exponent:02}")].map(Regular::text));
        let raised = &moved * &power;
        if raised.magnitude() < bound().magnitude() {
            let minus = sequence([exponent_letter(), Regular::text("-"), written.clone()]);
            ways.push(sequence([exactly(&raised), minus]));
        }
        if (&moved % &power).sign() == Sign::NoSign {
            let plus = optional(Regular::text("+"));
            ways.push(sequence([exactly(&(&moved / &power)), exponent_letter(), plus, written]));
        }
    }
    choice(ways)
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

/// Numbers of at least this value.
pub fn at_least(least: &BigInt) -> Regular {
    let (whole, decimals) = parts(least);
    let positive = optional(Regular::text("+"));
    match least.sign() {
        Sign::Plus => sequence([positive, magnitude_at_least(&whole, &decimals)]),
        Sign::NoSign | Sign::Minus => choice([
            sequence([positive, any_magnitude()]),
            sequence([Regular::text("-"), magnitude_at_most(&whole, &decimals)]),
        ]),
    }
}

/// Numbers of at most this value.
pub fn at_most(most: &BigInt) -> Regular {
    let (whole, decimals) = parts(most);
    match most.sign() {
        Sign::Minus => sequence([Regular::text("-"), magnitude_at_least(&whole, &decimals)]),
        Sign::NoSign | Sign::Plus => choice([
            sequence([Regular::text("-"), any_magnitude()]),
            sequence([optional(Regular::text("+")), magnitude_at_most(&whole, &decimals)]),
        ]),
    }
}

/// The spellings of this value.
pub fn exactly(value: &BigInt) -> Regular {
    let (whole, decimals) = parts(value);
    let sign = match value.sign() {
        Sign::Minus => Regular::text("-"),
        Sign::NoSign => optional(Regular::Character(CharacterSet::of(['+', '-']))),
        Sign::Plus => optional(Regular::text("+")),
    };
    sequence([sign, whole_exactly(&whole, fraction_exactly(&decimals))])
}

fn magnitude_at_least(whole: &str, decimals: &str) -> Regular {
    whole_at_least(whole, &Behind { free: any_fraction(), tied: fraction_at_least(decimals) })
}

fn magnitude_at_most(whole: &str, decimals: &str) -> Regular {
    whole_at_most(whole, &Behind { free: any_fraction(), tied: fraction_at_most(decimals) })
}

fn any_magnitude() -> Regular {
    sequence([any_digits(), any_fraction()])
}

/// The digits before the point, without leading zeros, and those behind it, without zeros at the end.
fn parts(value: &BigInt) -> (String, String) {
    let whole = (value.magnitude() / one().magnitude()).to_string();
    let places = MOST_DIGITS as usize;
    let decimals = format!("{:0>places$}", (value.magnitude() % one().magnitude()).to_string());
    (whole.trim_start_matches('0').to_owned(), decimals.trim_end_matches('0').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solver::evaluate::belongs;

    #[test]
    fn bounds_part_the_spellings() {
        let thirty = "9".repeat(30);
        let texts = [
            "0",
            "-0",
            "+0.0",
            "007",
            "7",
            "7.0",
            "7.10",
            "7.1",
            "7.09",
            "7.2",
            "70",
            "10",
            "9",
            "-7",
            "-7.1",
            "-10",
            "+10.50",
            "99",
            "100",
            "0.000000000000000000000000000001",
            "-0.000000000000000000000000000001",
            "6.999",
            &thirty,
        ];
        for bound in texts {
            let value = read(bound).unwrap();
            for text in texts {
                let other = read(text).unwrap();
                assert_eq!(belongs(text, &at_least(&value)), other >= value, "{text} and {bound}");
                assert_eq!(belongs(text, &at_most(&value)), other <= value, "{text} and {bound}");
                assert_eq!(belongs(text, &exactly(&value)), other == value, "{text} and {bound}");
            }
        }
    }

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
    fn exponents_move_the_point() {
        let tenth = || one() / 10;
        for (text, value) in [
            ("7", one() * 70),
            ("7e0", one() * 70),
            ("0.7E+1", one() * 70),
            ("70e-01", one() * 70),
            ("-1e-1", tenth() * -10),
            ("1e-30", BigInt::from(10)),
            ("1e-31", BigInt::from(5)),
            ("-1e-99", BigInt::from(-5)),
            ("0e99", BigInt::from(0)),
            ("1e99", beyond()),
        ] {
            assert_eq!(read_wide(text), Some(value), "{text}");
            assert!(belongs(text, &wide_spellings()), "{text}");
            assert!(!belongs(text, &wide_exactly(&(one() * 50))), "{text}");
        }
        for text in ["5", "5e0", "05.0E+00", "500e-2", "0.05e2", "0.0005e+4"] {
            assert!(belongs(text, &wide_exactly(&(one() * 50))), "{text}");
        }
        for text in ["e1", "1e", "1e+", "1e100", "1e1.0", "1 e1"] {
            assert_eq!(read_wide(text), None, "{text}");
            assert!(!belongs(text, &wide_spellings()), "{text}");
        }
    }

    #[test]
    fn what_is_written_with_an_exponent_is_read_again() {
        // The plainest comes first.
        assert_eq!(write_wide(&(one() * 70)).first().map(String::as_str), Some("7"));
        for value in [BigInt::from(0), one() * 10, BigInt::from(5), BigInt::from(-15), beyond(), -beyond()] {
            let texts = write_wide(&value);
            assert!(!texts.is_empty());
            for text in texts {
                assert_eq!(read_wide(&text).as_ref(), Some(&value), "{text}");
            }
        }
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
