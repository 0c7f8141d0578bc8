//! Dates of conditions: the texts of COND-25, read as nanoseconds since 1970-01-01T00:00:00Z (GEN-11).
//!
//! Days are counted in the Gregorian calendar continued backwards, from 1 March on, so that a leap day is the last of its year: the
//! length of every month but the last is then a fixed sequence with five months of 153 days as its period.

use num_bigint::BigInt;

use super::calendar::{at_least, at_most, exactly};
use super::regular::{any_of, choice, digits, optional, sequence};
use crate::solver::formula::Notation;
use crate::solver::regular::{CharacterSet, Regular};

/// Nanoseconds in a second.
pub const SECOND: i128 = 1_000_000_000;

/// Nanoseconds in a minute.
pub const MINUTE: i128 = 60 * SECOND;
/// Nanoseconds in a day.
pub const DAY: i128 = 24 * 60 * MINUTE;

/// The longest run of digits that is seconds since the epoch (COND-25).
const MOST_SECOND_DIGITS: u32 = 18;

/// The notation of COND-25: a text spells its instant in nanoseconds.
pub const INSTANT: Notation =
    Notation { name: "instant", read, write, spellings, at_least, at_most, exactly };

/// The first and the last instant that the ISO form with `Z` has a text for: years 0001 to 9999.
pub fn calendar_range() -> (BigInt, BigInt) {
    let first = instant(1, 1, 1).unwrap_or_default();
    let behind = instant(9999, 12, 31).unwrap_or_default() + DAY;
    (BigInt::from(first), BigInt::from(behind - 1))
}

/// The first and the last instant that some ISO form has a text for: as [`calendar_range`], with an offset of up to 23:59.
pub fn offset_range() -> (BigInt, BigInt) {
    let widest = BigInt::from(DAY - MINUTE);
    let (first, last) = calendar_range();
    (first - &widest, last + widest)
}

/// The greatest number of seconds that a run of digits can say.
pub fn most_seconds() -> BigInt {
    BigInt::from(10).pow(MOST_SECOND_DIGITS) - 1
}

/// The instant that a text spells; `None` where it is no date.
// Rules: COND-24, COND-25, COND-26.
pub fn read(text: &str) -> Option<BigInt> {
    read_seconds(text).or_else(|| read_calendar(text)).map(BigInt::from)
}

/// The first instant of the year that exactly four digits name, under the reading that they name one.
// Rule: COND-25.
pub fn read_year(text: &str) -> Option<BigInt> {
    let legal = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if legal { instant(text.parse().ok()?, 1, 1).map(BigInt::from) } else { None }
}

/// The texts of four digits that name a year whose first instant is such. The instants that are such must follow each other.
pub fn years(such: impl Fn(&BigInt) -> bool) -> Regular {
    let is_such =
        |year: &u32| instant(i128::from(*year), 1, 1).is_some_and(|start| such(&BigInt::from(start)));
    let mut years = (1..=9_999).filter(is_such);
    match (years.next(), years.last()) {
        (None, _) => choice([]),
        (Some(only), None) => digits_between(only, only, 4),
        (Some(first), Some(last)) => digits_between(first, last, 4),
    }
}

/// The texts of so many digits that are numbers between the two.
fn digits_between(first: u32, last: u32, length: u32) -> Regular {
    let Some(shorter) = length.checked_sub(1) else {
        return Regular::text("");
    };
    let unit = 10_u32.pow(shorter);
    let ways = (0..=9_u32).filter_map(|digit| {
        let start = digit * unit;
        let (first, last) = (first.max(start), last.min(start + unit - 1));
        let rest = (first <= last).then(|| digits_between(first - start, last - start, shorter))?;
        Some(sequence([Regular::text(digit.to_string()), rest]))
    });
    choice(ways)
}

fn read_seconds(text: &str) -> Option<i128> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let legal = (1..=MOST_SECOND_DIGITS as usize).contains(&unsigned.len())
        && unsigned.bytes().all(|byte| byte.is_ascii_digit());
    if legal { text.parse::<i128>().ok().map(|seconds| seconds * SECOND) } else { None }
}

fn read_calendar(text: &str) -> Option<i128> {
    let mut rest = text;
    let year = number(&mut rest, 4)?;
    literal(&mut rest, "-")?;
    let month = number(&mut rest, 2)?;
    if rest.is_empty() {
        return instant(year, month, 1);
    }
    literal(&mut rest, "-")?;
    let day = number(&mut rest, 2)?;
    let midnight = instant(year, month, day)?;
    if rest.is_empty() {
        return Some(midnight);
    }
    literal(&mut rest, "T").or_else(|| literal(&mut rest, "t"))?;
    let minutes = hours_and_minutes(&mut rest)?;
    let within_minute = if literal(&mut rest, ":").is_some() { seconds(&mut rest)? } else { 0 };
    Some(midnight + minutes * MINUTE + within_minute - offset(rest)? * MINUTE)
}

/// `hh:mm` in minutes.
fn hours_and_minutes(rest: &mut &str) -> Option<i128> {
    let hour = number(rest, 2)?;
    literal(rest, ":")?;
    let minute = number(rest, 2)?;
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// `ss` or `ss.f` in nanoseconds; there are no leap seconds.
fn seconds(rest: &mut &str) -> Option<i128> {
    let second = number(rest, 2)?;
    if second >= 60 {
        return None;
    }
    if literal(rest, ".").is_none() {
        return Some(second * SECOND);
    }
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    if !(1..=9).contains(&length) {
        return None;
    }
    let nanoseconds: i128 = format!("{fraction:0<9}").parse().ok()?;
    Some(second * SECOND + nanoseconds)
}

/// What stands behind the time: nothing or `Z` (UTC), or an offset, in minutes east.
fn offset(mut rest: &str) -> Option<i128> {
    if matches!(rest, "" | "Z" | "z") {
        return Some(0);
    }
    let east = if literal(&mut rest, "+").is_some() {
        1
    } else {
        literal(&mut rest, "-")?;
        -1
    };
    let minutes = hours_and_minutes(&mut rest)?;
    rest.is_empty().then_some(east * minutes)
}

fn literal(rest: &mut &str, text: &str) -> Option<()> {
    *rest = rest.strip_prefix(text)?;
    Some(())
}

fn number(rest: &mut &str, length: usize) -> Option<i128> {
    let (digits, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// Midnight of a day; `None` where the calendar has no such day between the years 0001 and 9999.
fn instant(year: i128, month: i128, day: i128) -> Option<i128> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=9999).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    let (year, month_from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days_before_month = (153 * month_from_march + 2) / 5;
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    /// Days from 1 March of the year 0 to 1 January 1970.
    const EPOCH: i128 = 719_468;
    Some((days + days_before_month + day - 1 - EPOCH) * DAY)
}

/// Year, month and day of a number of days since the epoch: the inverse of [`instant`].
fn calendar_day(days: i128) -> (i128, i128, i128) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i128::from(month <= 2);
    (year, month, day)
}

fn write(instant: &BigInt) -> Vec<String> {
    let Ok(nanoseconds) = i128::try_from(instant) else {
        return Vec::new();
    };
    let mut spellings = Vec::new();
    let (first, last) = calendar_range();
    let widest = DAY - MINUTE;
    if (&first..=&last).contains(&instant) {
        write_calendar(nanoseconds, &mut spellings);
    } else if *instant < first {
        spellings.extend(iso(nanoseconds + widest).map(|text| format!("{text}+23:59")));
    } else {
        spellings.extend(iso(nanoseconds - widest).map(|text| format!("{text}-23:59")));
    }
    let seconds = nanoseconds.div_euclid(SECOND);
    if nanoseconds.rem_euclid(SECOND) == 0 && BigInt::from(seconds.abs()) <= most_seconds() {
        spellings.push(seconds.to_string());
    }
    spellings
}

fn write_calendar(nanoseconds: i128, spellings: &mut Vec<String>) {
    let Some(text) = iso(nanoseconds) else {
        return;
    };
    spellings.push(format!("{text}Z"));
    if let Some(midnight) = text.strip_suffix("T00:00:00") {
        spellings.push(midnight.to_owned());
        spellings.extend(midnight.strip_suffix("-01").map(str::to_owned));
    }
    spellings.extend(text.strip_suffix(":00").map(|minutes| format!("{minutes}Z")));
    spellings.push(format!("{text}+00:00"));
    spellings.push(text);
}

/// `YYYY-MM-DDThh:mm:ss` with as much of a fraction as is needed, and no zone; `None` outside the years 0001 to 9999.
pub fn iso(nanoseconds: i128) -> Option<String> {
    let (year, month, day) = calendar_day(nanoseconds.div_euclid(DAY));
    if !(1..=9999).contains(&year) {
        return None;
    }
    let within_day = nanoseconds.rem_euclid(DAY);
    let minutes = within_day / MINUTE;
    let within_minute = within_day % MINUTE;
    let (hour, minute, second) = (minutes / 60, minutes % 60, within_minute / SECOND);
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    let fraction = within_minute % SECOND;
    if fraction > 0 {
        text.push_str(format!(".{fraction:09}").trim_end_matches('0'));
    }
    Some(text)
}

/// The texts in which aws:CurrentTime and aws:TokenIssueTime are rendered: ISO with seconds and `Z`.
// Rule: COND-27.
pub fn rendered() -> Regular {
    let fraction = sequence([Regular::text("."), digits(1, 9)]);
    let time = sequence([clock(), Regular::text(":"), below_sixty(), optional(fraction)]);
    sequence([day(), Regular::text("T"), time, Regular::text("Z")])
}

/// The texts in which aws:EpochTime is rendered: seconds.
// Rule: COND-27.
pub fn rendered_seconds() -> Regular {
    sequence([optional(Regular::text("-")), digits(1, MOST_SECOND_DIGITS)])
}

fn spellings() -> Regular {
    let month = sequence([year(), Regular::text("-"), two_digits(1, 12)]);
    let fraction = sequence([Regular::text("."), digits(1, 9)]);
    let seconds = sequence([Regular::text(":"), below_sixty(), optional(fraction)]);
    let offset = sequence([Regular::Character(CharacterSet::of(['+', '-'])), clock()]);
    let zone = choice([Regular::Character(CharacterSet::of(['Z', 'z'])), offset]);
    let separator = Regular::Character(CharacterSet::of(['T', 't']));
    let time = sequence([separator, clock(), optional(seconds), optional(zone)]);
    choice([rendered_seconds(), month, sequence([day(), optional(time)])])
}

/// `YYYY-MM-DD` of a day that the calendar has.
fn day() -> Regular {
    let long = sequence([two_digits_of([1, 3, 5, 7, 8, 10, 12]), Regular::text("-"), two_digits(1, 31)]);
    let short = sequence([two_digits_of([4, 6, 9, 11]), Regular::text("-"), two_digits(1, 30)]);
    let february = sequence([Regular::text("02-"), two_digits(1, 28)]);
    let any_year = sequence([year(), Regular::text("-"), choice([long, short, february])]);
    let quarters = || two_digits_of((4..100).step_by(4));
    let leap_year =
        choice([sequence([digits(2, 2), quarters()]), sequence([quarters(), Regular::text("00")])]);
    choice([any_year, sequence([leap_year, Regular::text("-02-29")])])
}

/// `0001` to `9999`.
fn year() -> Regular {
    choice((0..4).map(|zeros: u32| {
        let leading = Regular::text("0".repeat(zeros as usize));
        let first = Regular::Character(CharacterSet::of_ranges([('1', '9')]));
        sequence([leading, first, digits(3 - zeros, 3 - zeros)])
    }))
}

/// `hh:mm`, up to 23:59.
fn clock() -> Regular {
    sequence([two_digits(0, 23), Regular::text(":"), below_sixty()])
}

fn below_sixty() -> Regular {
    two_digits(0, 59)
}

fn two_digits(first: u32, last: u32) -> Regular {
    two_digits_of(first..=last)
}

fn two_digits_of(numbers: impl IntoIterator<Item = u32>) -> Regular {
    any_of(numbers.into_iter().map(|number| format!("{number:02}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solver::evaluate::belongs;

    #[test]
    fn dates_are_those_of_the_rule() {
        let seconds = |seconds: i64| Some(BigInt::from(seconds) * SECOND);
        for (text, instant) in [
            ("0", seconds(0)),
            ("-1", seconds(-1)),
            ("2024", seconds(2024)),
            ("1970-01", seconds(0)),
            ("1970-01-02", seconds(86_400)),
            ("2024-01-01T00:00:00Z", seconds(1_704_067_200)),
            ("2024-01-01t01:00+01:00", seconds(1_704_067_200)),
            ("2023-12-31T00:01:00-23:59", seconds(1_704_067_200)),
            ("2024-02-29", seconds(1_709_164_800)),
            ("2000-02-29", seconds(951_782_400)),
            ("0001-01-01", seconds(-62_135_596_800)),
            ("9999-12-31T23:59:59z", seconds(253_402_300_799)),
            ("1970-01-01T00:00:00.000000001", Some(BigInt::from(1))),
            ("1969-12-31T23:59:59.5Z", Some(BigInt::from(-500_000_000))),
        ] {
            assert_eq!(read(text), instant, "{text}");
            assert!(belongs(text, &spellings()), "{text}");
        }
    }

    #[test]
    fn years_are_four_digits_that_name_one() {
        let from_2000 = years(|start| *start >= BigInt::from(946_684_800) * SECOND);
        for (text, so) in [("1999", false), ("2000", true), ("9999", true), ("0000", false), ("02000", false)]
        {
            assert_eq!(belongs(text, &from_2000), so, "{text}");
        }
        assert!(belongs("0001", &years(|_| true)) && !belongs("0000", &years(|_| true)));
        assert_eq!(read_year("1970"), Some(BigInt::from(0)));
        assert_eq!(read_year("0000"), None);
        assert_eq!(read_year("197"), None);
    }

    #[test]
    fn no_other_text_is_a_date() {
        for text in [
            "",
            "-",
            "+1",
            "2024-13",
            "2024-00",
            "2023-02-29",
            "1900-02-29",
            "2024-04-31",
            "0000-01-01",
            "2024-01-01T24:00",
            "2024-01-01T00:00:60Z",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00.1234567890Z",
            "2024-01-01T00Z",
            "2024-01-01Z",
            "2024-01-01T00:00+24:00",
            "2024-01-01 00:00",
            "1234567890123456789",
        ] {
            assert_eq!(read(text), None, "{text}");
            assert!(!belongs(text, &spellings()), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (first, last) = calendar_range();
        let (earliest, latest) = offset_range();
        let day = BigInt::from(DAY);
        let mut instants = vec![first, last, earliest, latest, BigInt::from(-1), most_seconds() * SECOND];
        instants.extend((-800..800).map(|step: i32| &day * step * 57 + BigInt::from(step)));
        for instant in instants {
            let texts = write(&instant);
            assert!(!texts.is_empty(), "{instant}");
            for text in texts {
                assert_eq!(read(&text).as_ref(), Some(&instant), "{text}");
                assert!(belongs(&text, &spellings()), "{text}");
            }
        }
    }

    #[test]
    fn times_are_rendered_with_seconds_and_z() {
        for (text, rendered_so) in [
            ("2024-01-01T00:00:00Z", true),
            ("2024-01-01T00:00:00.5Z", true),
            ("2024-01-01T00:00Z", false),
            ("2024-01-01T00:00:00+00:00", false),
            ("1704067200", false),
        ] {
            assert_eq!(belongs(text, &rendered()), rendered_so, "{text}");
        }
        assert!(belongs("-12", &rendered_seconds()));
    }
}
