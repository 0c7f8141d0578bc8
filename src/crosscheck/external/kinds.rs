//! What kind of number, date, address or ARN a text is, in words: what is special about the two texts that an operator compares.
//!
//! Read off the spelling alone; how they compare is the readings' affair.

use std::net::{IpAddr, Ipv6Addr};

use crate::iam::condition::BaseOperator;

/// What is special about a policy's value and the context's under an operator, and the rule if it is not the operator's own.
pub(super) fn relation(base: BaseOperator, value: &str, given: &str) -> (String, Option<&'static str>) {
    // One of the two texts is enough to name: the one whose kind stands further up in the list of kinds.
    let of = |kinds: &[&'static str], kind: fn(&str) -> &'static str| {
        let (left, right) = (kind(value), kind(given));
        kinds
            .iter()
            .find(|kind| **kind == left || **kind == right)
            .map_or_else(String::new, |kind| format!("over {kind}"))
    };
    match base {
        BaseOperator::NumericEquals
        | BaseOperator::NumericNotEquals
        | BaseOperator::NumericLessThan
        | BaseOperator::NumericLessThanEquals
        | BaseOperator::NumericGreaterThan
        | BaseOperator::NumericGreaterThanEquals => match number(given) {
            NO_NUMBER => ("on a value that is no number".to_owned(), Some("COND-21")),
            EMPTY => ("on the empty text, which is no number".to_owned(), Some("COND-21")),
            _ if value == given => ("on an equal number".to_owned(), None),
            _ => (of(NUMBERS, number), None),
        },
        BaseOperator::DateEquals
        | BaseOperator::DateNotEquals
        | BaseOperator::DateLessThan
        | BaseOperator::DateLessThanEquals
        | BaseOperator::DateGreaterThan
        | BaseOperator::DateGreaterThanEquals => match date(given) {
            NO_DATE => ("on a value that is no date".to_owned(), Some("COND-21")),
            EMPTY => ("on the empty text, which is no date".to_owned(), Some("COND-21")),
            _ if value == given => ("on an equal date".to_owned(), None),
            _ => (of(DATES, date), None),
        },
        BaseOperator::IpAddress | BaseOperator::NotIpAddress => address_relation(value, given),
        BaseOperator::ArnEquals
        | BaseOperator::ArnNotEquals
        | BaseOperator::ArnLike
        | BaseOperator::ArnNotLike => match (arn(value), arn(given)) {
            (_, NO_ARN) => ("on a value that is no ARN".to_owned(), Some("COND-21")),
            (_, EMPTY) => ("on the empty text, which is no ARN".to_owned(), Some("COND-21")),
            (NO_ARN | SHORT, _) | (_, SHORT) => ("over fewer than six fields".to_owned(), Some("COND-33")),
            (_, _) if value.contains(['*', '?']) => ("with wildcards".to_owned(), None),
            (_, _) => (String::new(), None),
        },
        BaseOperator::Bool => match given.to_ascii_lowercase().as_str() {
            "true" | "false" => (of(&[CAPITALS], truth), None),
            _ => ("on a value that is no truth value".to_owned(), Some("COND-21")),
        },
        BaseOperator::BinaryEquals => (String::new(), None),
        BaseOperator::StringLike | BaseOperator::StringNotLike => {
            let wildcard = match () {
                () if value.contains('?') => "with `?`",
                () if value.contains('*') => "with `*`",
                () => "without wildcards",
            };
            (wildcard.to_owned(), None)
        }
        BaseOperator::StringEquals
        | BaseOperator::StringNotEquals
        | BaseOperator::StringEqualsIgnoreCase
        | BaseOperator::StringNotEqualsIgnoreCase
        | BaseOperator::Null => {
            let empty = value.is_empty() || given.is_empty();
            (if empty { "on the empty text" } else { "" }.to_owned(), None)
        }
    }
}

const EMPTY: &str = "the empty text";
const NO_NUMBER: &str = "a text that is no number";
const NO_DATE: &str = "a text that is no date";
const NO_ARN: &str = "a text that is no ARN";
const SHORT: &str = "an ARN with fewer than six fields";

const DIGITS: &str = "more digits than a double holds";
const PLUS: &str = "a number with a plus sign";
const ZEROS: &str = "a number with leading zeros";
const FRACTION: &str = "a number with a fraction";
const NEGATIVE: &str = "a negative number";
const NUMBERS: &[&str] = &[DIGITS, PLUS, ZEROS, FRACTION, NEGATIVE];

fn number(text: &str) -> &'static str {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match () {
        () if text.is_empty() => EMPTY,
        () if !all_digits(whole) || !all_digits(fraction) => NO_NUMBER,
        () if digits.len() > 15 => DIGITS,
        () if text.starts_with('+') => PLUS,
        () if whole.len() > 1 && whole.starts_with('0') => ZEROS,
        () if text.contains('.') => FRACTION,
        () if text.starts_with('-') => NEGATIVE,
        () => "",
    }
}

const YEAR: &str = "four digits, which are seconds and no year";
const EARLY: &str = "a date before 1970";
const OFFSET: &str = "a date with an offset";
const SUBSECOND: &str = "a date with a fraction of a second";
const SECONDS: &str = "seconds since 1970";
const DAY: &str = "a date without a time";
const SMALL: &str = "a date in small letters";
const ZONELESS: &str = "a date without a zone";
const DATES: &[&str] = &[YEAR, EARLY, OFFSET, SUBSECOND, SECONDS, DAY, SMALL, ZONELESS];

fn date(text: &str) -> &'static str {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let starts_like_one = digits.starts_with(|first: char| first.is_ascii_digit());
    let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
    let time = text.split_once(['T', 't']).map(|(_, time)| time);
    match () {
        () if text.is_empty() => EMPTY,
        () if !starts_like_one => NO_DATE,
        () if text.len() == 4 && all_digits => YEAR,
        () if all_digits && text.starts_with('-') => EARLY,
        () if all_digits => SECONDS,
        () if text.get(..4).is_some_and(|year| year < "1970") => EARLY,
        () if time.is_none() => DAY,
        () if time.is_some_and(|time| time.contains(['+', '-'])) => OFFSET,
        () if text.contains('.') => SUBSECOND,
        () if text.contains(['t', 'z']) => SMALL,
        () if time.is_some_and(|time| !time.ends_with('Z')) => ZONELESS,
        () => "",
    }
}

const CAPITALS: &str = "a truth value with capitals";

fn truth(text: &str) -> &'static str {
    if text.bytes().any(|b| b.is_ascii_uppercase()) { CAPITALS } else { "" }
}

fn arn(text: &str) -> &'static str {
    match () {
        () if text.is_empty() => EMPTY,
        () if !text.to_ascii_lowercase().starts_with("arn:") => NO_ARN,
        () if text.split(':').count() < 6 => SHORT,
        () => "",
    }
}

fn address_relation(value: &str, given: &str) -> (String, Option<&'static str>) {
    let (network, prefix) =
        value.split_once('/').map_or((value, None), |(network, prefix)| (network, Some(prefix)));
    let (Ok(block), Ok(address)) = (network.parse::<IpAddr>(), given.parse::<IpAddr>()) else {
        return ("on a value that is no address".to_owned(), Some("COND-21"));
    };
    let mapped = |address: IpAddr| matches!(address, IpAddr::V6(address) if is_mapped(address));
    if mapped(block) || mapped(address) {
        return ("over an IPv4-mapped IPv6 address, which is no IPv4 address".to_owned(), Some("COND-31"));
    }
    if block.is_ipv4() != address.is_ipv4() {
        return ("over IPv4 and IPv6, which never match".to_owned(), Some("COND-31"));
    }
    let family = if block.is_ipv4() { "IPv4" } else { "IPv6" };
    let what = match prefix.map(|prefix| prefix.parse::<u8>().unwrap_or_default()) {
        None => format!("over an {family} address without prefix, which is one address"),
        Some(0) => format!("over all of {family}"),
        Some(bits) if has_host_bits(block, bits) => format!("over an {family} block with host bits"),
        Some(_) => format!("over an {family} block"),
    };
    (what, None)
}

fn is_mapped(address: Ipv6Addr) -> bool {
    address.to_ipv4_mapped().is_some()
}

fn has_host_bits(address: IpAddr, prefix: u8) -> bool {
    let (bits, width) = match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let host = width - u32::from(prefix).min(width);
    bits & 1_u128.checked_shl(host).map_or(u128::MAX, |above| above - 1) != 0
}
