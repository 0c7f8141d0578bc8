//! Instants: read from ISO 8601, told as the two clock keys have it (COND-27), moved by seconds.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time, date};

use super::document::literal;

/// An instant of the years 1 to 9999, as the wall clock in UTC shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(DateTime);

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
        let time = if clock.is_empty() { Time::midnight() } else { clock.parse().ok()? };
        let in_utc = date.to_datetime(time).checked_sub(SignedDuration::from_secs(east_of_utc)).ok()?;
        (in_utc.year() >= 1).then_some(Instant(in_utc))
    }

    /// So many seconds since 1970-01-01T00:00:00Z; `None` outside the years 1 to 9999.
    pub fn from_epoch_seconds(seconds: i64) -> Option<Instant> {
        let in_utc = date(1970, 1, 1).at(0, 0, 0, 0).checked_add(SignedDuration::from_secs(seconds)).ok()?;
        (in_utc.year() >= 1).then_some(Instant(in_utc))
    }

    /// The value of `aws:CurrentTime`: ISO 8601 in UTC with `Z`, a fraction of a second only where there is one.
    // Rule: COND-27.
    pub fn iso(self) -> String {
        format!("{}Z", self.0)
    }

    /// The value of `aws:EpochTime`: whole seconds since 1970-01-01T00:00:00Z, rounded down.
    // Rule: COND-27.
    pub fn epoch_seconds(self) -> i64 {
        let since = self.0.duration_since(date(1970, 1, 1).at(0, 0, 0, 0));
        if since.subsec_nanos() < 0 { since.as_secs() - 1 } else { since.as_secs() }
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z (GEN-11).
    pub fn epoch_nanoseconds(self) -> i128 {
        self.0.duration_since(date(1970, 1, 1).at(0, 0, 0, 0)).as_nanos()
    }

    /// The same instant without its fraction of a second: when a session that is asked for now is issued (GEN-11).
    #[must_use]
    pub fn whole_second(self) -> Instant {
        Instant::from_epoch_seconds(self.epoch_seconds()).unwrap_or(self)
    }

    /// So many seconds later, earlier where they are negative; `None` outside the years 1 to 9999.
    pub fn after_seconds(self, seconds: i64) -> Option<Instant> {
        let in_utc = self.0.checked_add(SignedDuration::from_secs(seconds)).ok()?;
        (in_utc.year() >= 1).then_some(Instant(in_utc))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}
