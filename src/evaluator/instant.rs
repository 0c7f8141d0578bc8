//! Instants: nanoseconds since 1970-01-01T00:00:00Z, read from seconds since then or from the W3C profile of ISO 8601.

use super::reading::{Reading, mistaken};
use crate::iam::assumption::Alternative;

/// Nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant(i128);

const NANOSECONDS: i128 = 1_000_000_000;
const SECONDS_A_DAY: i64 = 86_400;

impl Instant {
    /// Reads `-?[0-9]{1,18}` as seconds since the epoch, anything else as a date.
    // Rules: COND-24, COND-25, COND-27, GEN-11, OPEN-1.
    pub(super) fn parse(text: &str, reading: Reading) -> Option<Instant> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        if is_year(text) && reading.takes(Alternative::FourDigitsAreAYear) {
            return Instant::parse_date(&format!("{text}-01"), reading);
        }
        if (1..=18).contains(&unsigned.len()) && is_digits(unsigned) {
            return Some(Instant(text.parse::<i128>().ok()? * NANOSECONDS));
        }
        Instant::parse_date(text, reading)
    }

    /// Reads `YYYY-MM`, `YYYY-MM-DD`, or a day with a time behind `T`.
    // Rules: COND-25, COND-26.
    fn parse_date(text: &str, reading: Reading) -> Option<Instant> {
        let (date, time) = match text.split_once(['T', 't']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let mut fields = date.splitn(3, '-');
        let year = field(fields.next()?, 4, 1..=9999)?;
        let month = field(fields.next()?, 2, 1..=12)?;
        let day = match fields.next() {
            Some(day) => field(day, 2, 1..=days_in_month(year, month))?,
            None if time.is_some() => return None,
            None => 1,
        };
        let midnight = days_since_epoch(year, month, day) * SECONDS_A_DAY;
        let nanoseconds = match time {
            Some(time) => nanoseconds_of_day(time, reading)?,
            None => 0,
        };
        Some(Instant(i128::from(midnight) * NANOSECONDS + nanoseconds))
    }
}

/// Reads `hh:mm`, `hh:mm:ss` or `hh:mm:ss.f…` with its zone, as nanoseconds since midnight UTC; a missing zone is UTC.
fn nanoseconds_of_day(text: &str, reading: Reading) -> Option<i128> {
    let (clock, offset_minutes) = match text.find(['Z', 'z', '+', '-']) {
        None => (text, 0),
        Some(position) => {
            let (clock, zone) = text.split_at(position);
            (clock, offset_in_minutes(zone, reading)?)
        }
    };
    let mut fields = clock.splitn(3, ':');
    let hour = field(fields.next()?, 2, 0..=23)?;
    let minute = field(fields.next()?, 2, 0..=59)?;
    let (second, fraction) = match fields.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once('.') {
            None => (field(seconds, 2, 0..=59)?, 0),
            Some((whole, fraction)) => (field(whole, 2, 0..=59)?, nanoseconds_of(fraction)?),
        },
    };
    let fraction = if mistaken!(reading, FractionDropped) { 0 } else { fraction };
    let seconds = (hour * 60 + minute - offset_minutes) * 60 + second;
    Some(i128::from(seconds) * NANOSECONDS + fraction)
}

/// Reads `Z` or `±hh:mm`: how far local time is ahead of UTC.
fn offset_in_minutes(zone: &str, reading: Reading) -> Option<i64> {
    if zone.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let (ahead, size) = match zone.strip_prefix('+') {
        Some(size) => (1, size),
        None => (-1, zone.strip_prefix('-')?),
    };
    let (hours, minutes) = size.split_once(':')?;
    let size = field(hours, 2, 0..=23)? * 60 + field(minutes, 2, 0..=59)?;
    Some(if mistaken!(reading, OffsetSignFlipped) { -ahead * size } else { ahead * size })
}

/// Reads one to nine digits behind a decimal point.
fn nanoseconds_of(fraction: &str) -> Option<i128> {
    if !(1..=9).contains(&fraction.len()) || !is_digits(fraction) {
        return None;
    }
    let unit = (fraction.len()..9).fold(1, |unit, _| unit * 10);
    Some(fraction.parse::<i128>().ok()? * unit)
}

/// Reads a number of exactly so many digits within a range.
fn field(text: &str, width: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
    if text.len() != width || !is_digits(text) {
        return None;
    }
    text.parse().ok().filter(|value| range.contains(value))
}

/// Whether a text is a year from 0001 on, of four digits.
fn is_year(text: &str) -> bool {
    text.len() == 4 && is_digits(text) && text != "0000"
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let years_before = year - 1;
    let leap_days = years_before / 4 - years_before / 100 + years_before / 400;
    let months_before: i64 = (1..month).map(|month| days_in_month(year, month)).sum();
    // 719,162 days lie between 0001-01-01 and 1970-01-01.
    years_before * 365 + leap_days + months_before + day - 1 - 719_162
}
