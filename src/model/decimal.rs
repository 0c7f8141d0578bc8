//! The regular languages of decimal texts that stand in an order to a bound.
//!
//! A run of digits, leading zeros allowed, is greater than another iff it is longer without its leading zeros, or as long and greater at the
//! first place where they differ; behind the point, where zeros at the end do not count, the first place where they differ decides. So
//! each language is a row of choices, one a digit: *here they differ, and the rest is free*, or *here they are equal, and the rest decides*.

use super::regular::{choice, optional, sequence};
use crate::solver::regular::{CharacterSet, Regular};

/// Any number of digits.
pub fn any_digits() -> Regular {
    Regular::Character(CharacterSet::of_ranges([('0', '9')])).any_number()
}

/// A digit that is greater.
pub fn greater_digit(digit: char) -> Regular {
    let above = char::from_u32(u32::from(digit) + 1).unwrap_or(char::MAX);
    Regular::Character(CharacterSet::of_ranges([(above, '9')]))
}

/// A digit that is less.
pub fn lesser_digit(digit: char) -> Regular {
    let below = char::from_u32(u32::from(digit).saturating_sub(1)).unwrap_or('\0');
    Regular::Character(CharacterSet::of_ranges([('0', below)]))
}

/// What stands behind the whole part of a number.
#[derive(Clone, Debug)]
pub struct Behind {
    /// Where the whole part alone decides.
    pub free: Regular,
    /// Where the whole part is that of the bound.
    pub tied: Regular,
}

/// Runs of digits of at least the value of `whole`, which has no leading zeros: `0` is written as no digit at all.
pub fn whole_at_least(whole: &str, behind: &Behind) -> Regular {
    let first = Regular::Character(CharacterSet::of_ranges([('1', '9')]));
    let longer = sequence([first, digits(whole.len()), any_digits(), behind.free.clone()]);
    led_by_zeros(choice([longer, as_long(whole, greater_digit, behind)]))
}

/// Runs of digits of at most the value of `whole`, written likewise.
pub fn whole_at_most(whole: &str, behind: &Behind) -> Regular {
    let as_long = as_long(whole, lesser_digit, behind);
    match whole.len().checked_sub(1) {
        Some(shorter) => {
            let digit = Regular::Character(CharacterSet::of_ranges([('0', '9')]));
            let fewer = Regular::Repeat {
                part: Box::new(digit),
                least: 0,
                most: Some(u32::try_from(shorter).unwrap_or(u32::MAX)),
            };
            led_by_zeros(choice([sequence([fewer, behind.free.clone()]), as_long]))
        }
        None => led_by_zeros(as_long),
    }
}

/// The run of digits itself.
pub fn whole_exactly(whole: &str, behind: Regular) -> Regular {
    led_by_zeros(sequence([Regular::text(whole), behind]))
}

/// What may stand behind the whole part if it must say at least these decimals, which have no zeros at the end.
pub fn fraction_at_least(decimals: &str) -> Regular {
    if decimals.is_empty() {
        return any_fraction();
    }
    let tail = decimals.chars().rev().fold(any_digits(), |rest, digit| {
        choice([sequence([greater_digit(digit), any_digits()]), sequence([Regular::text(digit), rest])])
    });
    sequence([Regular::text("."), tail])
}

/// What may stand behind the whole part if it must say at most these decimals, which have no zeros at the end.
pub fn fraction_at_most(decimals: &str) -> Regular {
    let zeros = Regular::text("0").any_number();
    // Where the text ends early, zeros follow, and these are not too much.
    let tail = decimals.chars().rev().fold(zeros, |rest, digit| {
        optional(choice([
            sequence([lesser_digit(digit), any_digits()]),
            sequence([Regular::text(digit), rest]),
        ]))
    });
    optional(sequence([Regular::text("."), tail]))
}

/// What may stand behind the whole part if it must say exactly these decimals, which have no zeros at the end.
pub fn fraction_exactly(decimals: &str) -> Regular {
    let zeros = Regular::text("0").any_number();
    let written = sequence([Regular::text("."), Regular::text(decimals), zeros]);
    if decimals.is_empty() { optional(written) } else { written }
}

/// Any decimals, or none.
pub fn any_fraction() -> Regular {
    optional(sequence([Regular::text("."), any_digits()]))
}

/// Runs as long as `whole` that differ from it first in a digit as `differing` says, or not at all.
fn as_long(whole: &str, differing: fn(char) -> Regular, behind: &Behind) -> Regular {
    let mut tail = behind.tied.clone();
    for (after, digit) in whole.chars().rev().enumerate() {
        let decided = sequence([differing(digit), digits(after), behind.free.clone()]);
        tail = choice([decided, sequence([Regular::text(digit), tail])]);
    }
    tail
}

/// Exactly so many digits.
fn digits(count: usize) -> Regular {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    super::regular::digits(count, count)
}

/// With zeros in front.
fn led_by_zeros(run: Regular) -> Regular {
    sequence([Regular::text("0").any_number(), run])
}
