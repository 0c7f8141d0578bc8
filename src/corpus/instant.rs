//! The instant of a request: read from ISO 8601, told as the two clock keys have it (COND-27).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::iam::document::literal;

/// An instant of the years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(Timestamp);

impl Instant {
    /// Reads a day, or a day with a time: the forms of COND-25 but for the bare month and the bare number. A missing zone is UTC.
    // Rule: COND-26.
    pub fn parse(text: &str) -> Option<Instant> {
        // The form is checked first, so that what follows may cut the text at fixed places.
        if !literal::is_instant(text) {
            return None;
        }
        let date: Date = text.get(..10)?.parse().ok()?;
        let mut clock = text.get(11..).unwrap_or_default();
        let mut east_of_utc = 0;
        if let Some(rest) = clock.strip_suffix(['Z', 'z']) {
            clock = rest;
        } else if let Some(sign) = clock.find(['+', '-']) {
            let (rest, zone) = clock.split_at(sign);
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let distance = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
            east_of_utc = if zone.starts_with('-') { -distance } else { distance };
            clock = rest;
        }
        let time = if clock.is_empty() { jiff::civil::Time::midnight() } else { clock.parse().ok()? };
        let as_if_utc = Offset::UTC.to_timestamp(date.to_datetime(time)).ok()?;
        let instant = as_if_utc.checked_sub(jiff::SignedDuration::from_secs(east_of_utc)).ok()?;
        let year = Offset::UTC.to_datetime(instant).year();
        (1..=9999).contains(&year).then_some(Instant(instant))
    }

    /// So many seconds since 1970-01-01T00:00:00Z; `None` outside the years 1 to 9999.
    pub fn from_epoch_seconds(seconds: i64) -> Option<Instant> {
        let instant = Timestamp::from_second(seconds).ok()?;
        let year = Offset::UTC.to_datetime(instant).year();
        (1..=9999).contains(&year).then_some(Instant(instant))
    }

    /// The value of `aws:CurrentTime`: ISO 8601 in UTC with `Z`, a fraction of a second only where there is one.
    // Rule: COND-27.
    pub fn iso(self) -> String {
        self.0.to_string()
    }

    /// The value of `aws:EpochTime`: whole seconds since 1970-01-01T00:00:00Z, rounded down.
    // Rule: COND-27.
    pub fn epoch_seconds(self) -> i64 {
        let truncated = self.0.as_second();
        if self.0.subsec_nanosecond() < 0 { truncated - 1 } else { truncated }
    }
}
