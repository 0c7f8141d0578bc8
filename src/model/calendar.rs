//! The regular languages of dates that stand in an order to an instant.
//!
//! Runs of digits are compared as numbers. Of two texts of the ISO form without an offset the later is the one with the greater digit at the
//! first place where they differ, so their languages are built like those of decimals. All languages speak of texts that are dates: what
//! else they may contain does not matter.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::date::{DAY, MINUTE, SECOND, calendar_range, iso};
use super::decimal::{fraction_at_least, fraction_at_most, fraction_exactly, greater_digit, lesser_digit};
use super::number;
use super::regular::{choice, optional, sequence};
use crate::solver::regular::{CharacterSet, Regular};

/// A language that contains the spellings of this instant and all later ones.
pub fn at_least(least: &BigInt) -> Regular {
    bounded(least, Bound::Least)
}

/// A language that contains the spellings of this instant and all earlier ones.
pub fn at_most(most: &BigInt) -> Regular {
    bounded(most, Bound::Most)
}

#[derive(Clone, Copy)]
enum Bound {
    Least,
    Most,
}

/// Where the clock stands by which a calendar text is written.
#[derive(Clone, Copy)]
enum Zone {
    Utc,
    /// East or west of it by up to a day.
    Offset,
}

/// Dates on this side of the instant. Those with an offset are bounded by their local time alone, which a day's offset may shift.
fn bounded(instant: &BigInt, bound: Bound) -> Regular {
    let seconds = |seconds: BigInt| seconds * number::one();
    let floor = floor_division(instant, &BigInt::from(SECOND));
    let shift = BigInt::from(DAY - MINUTE);
    let (run, local) = match bound {
        Bound::Least => {
            let ceiling = -floor_division(&-instant, &BigInt::from(SECOND));
            (number::at_least(&seconds(ceiling)), instant - shift)
        }
        Bound::Most => (number::at_most(&seconds(floor)), instant + shift),
    };
    choice([run, calendar_bounded(instant, bound, Zone::Utc), calendar_bounded(&local, bound, Zone::Offset)])
}

fn floor_division(value: &BigInt, by: &BigInt) -> BigInt {
    let quotient = value / by;
    if &quotient * by > *value { quotient - 1 } else { quotient }
}

/// Calendar texts whose local time is on this side. Digits that differ from the bound's decide, as in [`decimal`](super::decimal); what
/// follows them is left to the grammar.
fn calendar_bounded(local: &BigInt, bound: Bound, zone: Zone) -> Regular {
    let (first, last) = calendar_range();
    let text = i128::try_from(local).ok().and_then(iso);
    let (Some(text), true) = (text, (&first..=&last).contains(&local)) else {
        let all = match bound {
            Bound::Least => *local < first,
            Bound::Most => *local > last,
        };
        return if all { rest(0, zone) } else { choice([]) };
    };
    let (text, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let mut tail = match bound {
        Bound::Least => sequence([fraction_at_least(decimals), zone.written()]),
        Bound::Most => sequence([fraction_at_most(decimals), zone.written()]),
    };
    for (position, character) in text.char_indices().rev() {
        let equal = sequence([symbol(character), tail]);
        let decided = match (bound, character.is_ascii_digit()) {
            (_, false) => choice([]),
            (Bound::Least, true) => sequence([greater_digit(character), rest(position, zone)]),
            (Bound::Most, true) => sequence([lesser_digit(character), rest(position, zone)]),
        };
        // A text that ends here means the first instant that its longer forms can mean.
        let (written, behind) = text.split_at(position);
        let first_instant = decimals.is_empty() && FIRST_INSTANT.ends_with(behind);
        let ends = match bound {
            Bound::Least if !first_instant => choice([]),
            Bound::Least | Bound::Most => zone.may_follow(written.len()),
        };
        tail = choice([decided, equal, ends]);
    }
    tail
}

/// What stands behind year, month, day, hour and minute at the least.
const FIRST_INSTANT: &str = "-01T00:00:00";

/// A character of the ISO form as it may be written.
fn symbol(character: char) -> Regular {
    match character {
        'T' => Regular::Character(CharacterSet::of(['T', 't'])),
        other => Regular::text(other),
    }
}

/// Anything that may follow the digit at this position of the ISO form, and more.
fn rest(position: usize, zone: Zone) -> Regular {
    let of = |extra: &[char]| {
        let digits = ('0'..='9').chain(extra.iter().copied());
        Regular::Character(CharacterSet::of(digits)).any_number()
    };
    let time = sequence([of(&[':', '.']), zone.written()]);
    if position > DATE_LENGTH {
        return time;
    }
    let dated = sequence([symbol('T'), time]);
    let dated = match zone {
        Zone::Utc => optional(dated),
        Zone::Offset => dated,
    };
    // The sign behind the year tells the text from a run of digits.
    let year =
        if position < YEAR_LENGTH { sequence([of(&[]), Regular::text("-")]) } else { Regular::text("") };
    sequence([year, of(&['-']), dated])
}

/// The lengths of the year, and of the ISO forms that end early: a month, a day, and minutes.
const YEAR_LENGTH: usize = 4;
const MONTH_LENGTH: usize = 7;
const DATE_LENGTH: usize = 10;
const MINUTE_LENGTH: usize = 16;

impl Zone {
    /// How the zone is written, and more.
    fn written(self) -> Regular {
        match self {
            Zone::Utc => optional(Regular::Character(CharacterSet::of(['Z', 'z']))),
            Zone::Offset => {
                let digits = ('0'..='9').chain([':']);
                let clock = Regular::Character(CharacterSet::of(digits)).any_number();
                sequence([Regular::Character(CharacterSet::of(['+', '-'])), clock])
            }
        }
    }

    /// What may follow so many characters of the ISO form, if nothing more of the form does.
    fn may_follow(self, length: usize) -> Regular {
        match (self, length) {
            (Zone::Utc, MONTH_LENGTH | DATE_LENGTH) => Regular::text(""),
            (Zone::Utc | Zone::Offset, MINUTE_LENGTH) => self.written(),
            (Zone::Utc | Zone::Offset, _) => choice([]),
        }
    }
}

/// Every way to write the instant: as seconds, by the calendar, and by the calendar of each offset.
pub fn exactly(instant: &BigInt) -> Regular {
    let mut ways = Vec::new();
    if let Ok(nanoseconds) = i128::try_from(instant) {
        if nanoseconds % SECOND == 0 {
            ways.push(number::exactly(&(BigInt::from(nanoseconds / SECOND) * number::one())));
        }
        ways.extend(iso(nanoseconds).map(|text| calendar_exactly(&text)));
        ways.push(with_offset(nanoseconds));
    }
    choice(ways)
}

/// The texts without an offset that mean the same as this one of the full ISO form.
fn calendar_exactly(text: &str) -> Regular {
    let (minutes, seconds) = text.split_at_checked(MINUTE_LENGTH).unwrap_or((text, ""));
    let minutes_written = sequence(minutes.chars().map(symbol));
    let mut ways = vec![sequence([minutes_written, seconds_exactly(seconds), Zone::Utc.written()])];
    if let Some(day) = text.strip_suffix("T00:00:00") {
        ways.push(Regular::text(day));
        ways.extend(day.strip_suffix("-01").map(Regular::text));
    }
    choice(ways)
}

/// The ways to write `:ss` or `:ss.f`, or nothing at all where that means the same.
fn seconds_exactly(text: &str) -> Regular {
    let (seconds, decimals) = text.split_once('.').unwrap_or((text, ""));
    let written = sequence([Regular::text(seconds), fraction_exactly(decimals)]);
    if text == ":00" { optional(written) } else { written }
}

/// The calendar texts with an offset that mean the instant. On each of the days that it can be somewhere, the hour and the minute settle the
/// offset, so the texts are sorted by day, hour and minute.
fn with_offset(nanoseconds: i128) -> Regular {
    const WIDEST: i128 = (DAY - MINUTE) / MINUTE;
    let mut days: BTreeMap<String, BTreeMap<String, Vec<Regular>>> = BTreeMap::new();
    for minutes in -WIDEST..=WIDEST {
        let Some(local) = iso(nanoseconds + minutes * MINUTE) else { continue };
        let Some((day, time)) = local.split_once('T') else { continue };
        let (Some((hour, rest)), size) = (time.split_once(':'), minutes.abs()) else { continue };
        let (minute, seconds) = rest.split_at_checked(2).unwrap_or((rest, ""));
        let signs: &[char] = match minutes {
            0 => &['+', '-'],
            1.. => &['+'],
            _ => &['-'],
        };
        let sign = Regular::Character(CharacterSet::of(signs.iter().copied()));
        let offset = Regular::text(format!("{:02}:{:02}", size / 60, size % 60));
        let text = sequence([Regular::text(minute), seconds_exactly(seconds), sign, offset]);
        days.entry(day.to_owned()).or_default().entry(hour.to_owned()).or_default().push(text);
    }
    choice(days.into_iter().map(|(day, hours)| {
        let hours = hours
            .into_iter()
            .map(|(hour, texts)| sequence([Regular::text(format!("{hour}:")), choice(texts)]));
        sequence([Regular::text(day), symbol('T'), choice(hours)])
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::date::read;
    use crate::solver::evaluate::belongs;

    #[test]
    fn bounds_part_the_spellings() {
        // By the offset a text is told from its neighbours only in `exactly`.
        let texts = [
            "0",
            "-1",
            "1704067200",
            "001704067200",
            "1970-01",
            "1970-01-01",
            "2024-01-01",
            "2024-01",
            "2024-01-01T00:00",
            "2024-01-01t00:00:00.000z",
            "2024-01-01T00:00:00.5Z",
            "2024-01-01T00:00:01",
            "2023-12-31T23:59:59.999999999Z",
            "2024-01-02",
            "2023-12",
            "2024-02-29",
            "0001-01-01",
            "9999-12-31T23:59:59z",
            "2024-01-01T01:00+01:00",
            "2023-12-31T00:01:00-23:59",
            "2024-01-01T00:00-00:00",
            "2024-01-01T01:00+02:00",
            "2023-12-31T23:00:00.5-01:00",
        ];
        let offset = |text: &str| text.contains('+') || text.rmatches('-').count() > 2;
        for bound in texts {
            let instant = read(bound).unwrap();
            let (least, most) = (at_least(&instant), at_most(&instant));
            for text in texts {
                let other = read(text).unwrap();
                for (language, within) in [(&least, other >= instant), (&most, other <= instant)] {
                    let belongs = belongs(text, language);
                    assert!(belongs || !within, "{text} and {bound}");
                    assert!(belongs == within || offset(text), "{text} and {bound}");
                }
            }
        }
        for instant in
            ["2024-01", "2024-01-01T00:00:00.5Z", "-1", "0001-01-01"].map(|text| read(text).unwrap())
        {
            let exact = exactly(&instant);
            for text in texts {
                assert_eq!(belongs(text, &exact), read(text).unwrap() == instant, "{text} and {instant}");
            }
        }
    }
}
