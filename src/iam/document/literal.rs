//! The syntax of typed condition values: numbers, instants, addresses, base64 (COND-22, 25, 29, 30).
//!
//! Only the form is checked here, when a document is read. What a value stands for is worked out by each reading for itself.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether a text is `[+-]?[0-9]{1,30}(\.[0-9]{1,30})?`.
// Rule: COND-22.
pub fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned.split_once('.') {
        None => is_digits(unsigned, 1, 30),
        Some((whole, fraction)) => is_digits(whole, 1, 30) && is_digits(fraction, 1, 30),
    }
}

/// Whether a text is seconds since the epoch, or one of the W3C forms with every field in calendar range.
// Rule: COND-25.
pub fn is_instant(text: &str) -> bool {
    if is_digits(text.strip_prefix('-').unwrap_or(text), 1, 18) {
        return true;
    }
    let (date, time) = match text.split_once(['T', 't']) {
        None => (text, None),
        Some((date, time)) => (date, Some(time)),
    };
    let mut fields = date.split('-');
    let (Some(year), Some(month)) = (fields.next(), fields.next()) else {
        return false;
    };
    let (Some(year), Some(month)) = (field(year, 4), field(month, 2)) else {
        return false;
    };
    if year == 0 || !(1..=12).contains(&month) {
        return false;
    }
    match (fields.next(), fields.next(), time) {
        (None, _, None) => true,
        (Some(day), None, time) => {
            let day_exists = field(day, 2).is_some_and(|day| (1..=month_length(year, month)).contains(&day));
            day_exists && time.is_none_or(is_time_of_day)
        }
        (None, _, Some(_)) | (Some(_), Some(_), _) => false,
    }
}

/// Whether a text is `hh:mm`, `hh:mm:ss` or `hh:mm:ss.f`, with or without `Z` or `±hh:mm` behind it.
fn is_time_of_day(text: &str) -> bool {
    let clock = if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        clock
    } else if let Some((clock, zone)) = text.split_once(['+', '-']) {
        if !is_hours_and_minutes(zone) {
            return false;
        }
        clock
    } else {
        text
    };
    let Some((hours_and_minutes, seconds)) =
        clock.match_indices(':').nth(1).map(|(at, _)| clock.split_at(at))
    else {
        return is_hours_and_minutes(clock);
    };
    let seconds = seconds.strip_prefix(':').unwrap_or(seconds);
    let (whole, fraction) = match seconds.split_once('.') {
        None => (seconds, None),
        Some((whole, fraction)) => (whole, Some(fraction)),
    };
    is_hours_and_minutes(hours_and_minutes)
        && field(whole, 2).is_some_and(|second| second < 60)
        && fraction.is_none_or(|fraction| is_digits(fraction, 1, 9))
}

fn is_hours_and_minutes(text: &str) -> bool {
    let Some((hours, minutes)) = text.split_once(':') else {
        return false;
    };
    field(hours, 2).is_some_and(|hour| hour < 24) && field(minutes, 2).is_some_and(|minute| minute < 60)
}

/// The days of a month of the Gregorian calendar.
fn month_length(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What an address value is, as far as its form goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressForm {
    /// An IPv4 address, with or without a prefix.
    Version4,
    /// An IPv6 address with a prefix.
    Version6Block,
    /// An IPv6 address without a prefix.
    Version6Host,
}

/// The form of an address or block of addresses; `None` for what is neither.
// Rule: COND-30.
pub fn address_form(text: &str) -> Option<AddressForm> {
    let (address, prefix) = match text.split_once('/') {
        None => (text, None),
        Some((address, prefix)) => (address, Some(prefix)),
    };
    // The standard library's parsers take no leading zeros in octets and no zone ids, just as the rule wants it.
    if address.parse::<Ipv4Addr>().is_ok() {
        prefix.is_none_or(|prefix| is_prefix(prefix, 32)).then_some(AddressForm::Version4)
    } else if address.parse::<Ipv6Addr>().is_ok() {
        match prefix {
            None => Some(AddressForm::Version6Host),
            Some(prefix) => is_prefix(prefix, 128).then_some(AddressForm::Version6Block),
        }
    } else {
        None
    }
}

fn is_prefix(text: &str, longest: u32) -> bool {
    let needless_zero = text.len() > 1 && text.starts_with('0');
    is_digits(text, 1, 3) && !needless_zero && text.parse::<u32>().is_ok_and(|prefix| prefix <= longest)
}

/// Whether a text is standard base64 in its one canonical spelling: padded, the unused bits zero.
// Rule: COND-29.
pub fn is_base64(text: &str) -> bool {
    let unpadded = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let padding = text.len() - unpadded.len();
    if !text.len().is_multiple_of(4) {
        return false;
    }
    let mut last = 0;
    for byte in unpadded.bytes() {
        last = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return false,
        };
    }
    match padding {
        0 => true,
        1 => last & 0b11 == 0,
        _ => last & 0b1111 == 0,
    }
}

/// Whether a text is `true` or `false`, ignoring case (GRAM-19).
pub fn is_truth_value(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

fn is_digits(text: &str, fewest: usize, most: usize) -> bool {
    (fewest..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number that exactly so many digits write.
fn field(text: &str, digits: usize) -> Option<u32> {
    if is_digits(text, digits, digits) { text.parse().ok() } else { None }
}
