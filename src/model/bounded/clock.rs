//! The instants that matter: what policies compare a clock with cuts time into few stretches, within each of which no decision changes.
//!
//! Three clocks occur in conditions: the instant of a request, the instant at which its session was issued, and how long ago MFA took part.
//! Conditions compare them with constants by the operators for dates and numbers, so between two neighbouring constants every condition
//! keeps its truth: one instant of a stretch speaks for all of it. A clock that is compared in another way (as a text, or within a policy
//! variable) has no such stretches, and is told as something that is not supported.

use std::collections::BTreeSet;

use crate::iam::condition::BaseOperator;
use crate::iam::policy::{ConditionEntry, Policy};
use crate::model::date;

/// A stretch of time in whole seconds, its ends included; `None` is no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stretch {
    /// From this second on.
    pub first: i64,
    /// To this second.
    pub last: Option<i64>,
}

/// When a decision is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct When {
    /// The instant of the request.
    pub now: Stretch,
    /// When the session that signs was issued, where it matters.
    pub issued: Option<Stretch>,
    /// How many seconds ago MFA took part, where it matters.
    pub age: Option<Stretch>,
}

/// One instant of a [`When`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant of the request, in seconds since the epoch.
    pub now: i64,
    /// When the session was issued.
    pub issued: i64,
}

/// The constants that policies compare clocks with, in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    now: BTreeSet<i64>,
    issued: BTreeSet<i64>,
    age: BTreeSet<i64>,
    /// A condition that compares a clock in a way that has no stretches.
    pub opaque: Option<String>,
}

/// Which clock a key shows.
#[derive(Clone, Copy)]
enum Clock {
    Now,
    Issued,
    Age,
}

fn clock(key: &str) -> Option<Clock> {
    match key {
        "aws:currenttime" | "aws:epochtime" => Some(Clock::Now),
        "aws:tokenissuetime" => Some(Clock::Issued),
        "aws:multifactorauthage" => Some(Clock::Age),
        _ => None,
    }
}

impl Clocks {
    /// Adds what a policy compares clocks with.
    // Rules: COND-22, COND-25.
    pub fn add(&mut self, policy: &Policy) {
        for statement in &policy.statements {
            for entry in &statement.condition {
                self.add_entry(entry);
                self.look_for_variables(&entry.values);
            }
            self.look_for_variables(statement.resource.iter().flat_map(|listed| listed.listed()));
        }
    }

    fn add_entry(&mut self, entry: &ConditionEntry) {
        let Some(clock) = clock(&entry.key.folded()) else { return };
        let dates = match entry.operator.base {
            BaseOperator::DateEquals
            | BaseOperator::DateNotEquals
            | BaseOperator::DateLessThan
            | BaseOperator::DateLessThanEquals
            | BaseOperator::DateGreaterThan
            | BaseOperator::DateGreaterThanEquals => true,
            BaseOperator::NumericEquals
            | BaseOperator::NumericNotEquals
            | BaseOperator::NumericLessThan
            | BaseOperator::NumericLessThanEquals
            | BaseOperator::NumericGreaterThan
            | BaseOperator::NumericGreaterThanEquals => false,
            // Whether a key is there does not change with time.
            BaseOperator::Null => return,
            BaseOperator::StringEquals
            | BaseOperator::StringNotEquals
            | BaseOperator::StringEqualsIgnoreCase
            | BaseOperator::StringNotEqualsIgnoreCase
            | BaseOperator::StringLike
            | BaseOperator::StringNotLike
            | BaseOperator::Bool
            | BaseOperator::BinaryEquals
            | BaseOperator::IpAddress
            | BaseOperator::NotIpAddress
            | BaseOperator::ArnEquals
            | BaseOperator::ArnNotEquals
            | BaseOperator::ArnLike
            | BaseOperator::ArnNotLike => {
                self.opaque.get_or_insert_with(|| format!("{} of `{}`", entry.operator, entry.key));
                return;
            }
        };
        for value in &entry.values {
            let seconds = if dates { seconds_of_date(value) } else { seconds_of_number(value) };
            // What is no date or number is compared with nothing.
            if let Some(seconds) = seconds {
                let constants = match clock {
                    Clock::Now => &mut self.now,
                    Clock::Issued => &mut self.issued,
                    Clock::Age => &mut self.age,
                };
                constants.insert(seconds);
            }
        }
    }

    fn look_for_variables<'t>(&mut self, texts: impl IntoIterator<Item = &'t String>) {
        for text in texts {
            let folded = text.to_ascii_lowercase();
            let shown = ["currenttime", "epochtime", "tokenissuetime", "multifactorauthage"];
            if folded.contains("${") && shown.iter().any(|key| folded.contains(&format!("${{aws:{key}"))) {
                self.opaque.get_or_insert_with(|| format!("the policy variable in `{text}`"));
            }
        }
    }

    /// Every combination of stretches from an instant on; `extra` are further constants of the request's own clock.
    pub fn whens(&self, start: i64, extra: &[i64], session: WhoseClock) -> Vec<When> {
        let now: BTreeSet<i64> = self.now.iter().chain(extra).copied().collect();
        let none = || vec![None];
        let some =
            |constants: &BTreeSet<i64>, from| stretches(constants, from).into_iter().map(Some).collect();
        let (issued, age) = match session {
            WhoseClock::LongTerm => (none(), none()),
            WhoseClock::Session | WhoseClock::WithMfa if self.issued.is_empty() => (none(), none()),
            WhoseClock::Session | WhoseClock::WithMfa => (some(&self.issued, start), none()),
        };
        let age = match session {
            WhoseClock::WithMfa if !self.age.is_empty() => some(&self.age, 0),
            WhoseClock::WithMfa | WhoseClock::LongTerm | WhoseClock::Session => age,
        };
        let mut whens = Vec::new();
        for now in stretches(&now, start) {
            for &issued in &issued {
                for &age in &age {
                    whens.push(When { now, issued, age });
                }
            }
        }
        whens
    }
}

/// What of clocks a caller's credentials show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhoseClock {
    /// Nothing but the time of the request.
    LongTerm,
    /// When they were issued, too.
    Session,
    /// And when MFA took part.
    WithMfa,
}

/// The stretches between the constants, from an instant on. The second of each constant is one: what compares with it changes before or
/// after this second, also where a fraction follows.
fn stretches(constants: &BTreeSet<i64>, start: i64) -> Vec<Stretch> {
    let single = constants.iter().copied().filter(|&second| second >= start);
    let mut found = Vec::new();
    let mut first = start;
    for second in single {
        if first < second {
            found.push(Stretch { first, last: Some(second - 1) });
        }
        found.push(Stretch { first: second, last: Some(second) });
        first = second.saturating_add(1);
    }
    found.push(Stretch { first, last: None });
    found
}

impl When {
    /// Always, from an instant on.
    pub fn always(start: i64) -> When {
        When { now: Stretch { first: start, last: None }, issued: None, age: None }
    }

    /// One instant of it, if it has one; sessions are issued from `start` on.
    pub fn moment(&self, start: i64) -> Option<Moment> {
        let issued = self.issued.unwrap_or(Stretch { first: start, last: None });
        let age = self.age.unwrap_or(Stretch { first: 0, last: None });
        let least = issued.last.map_or(0, |last| self.now.first.saturating_sub(last)).max(age.first).max(0);
        let now = self.now.first.max(issued.first.saturating_add(least));
        let moment = Moment { now, issued: now.saturating_sub(least) };
        let fits = self.now.has(now) && issued.has(moment.issued) && age.has(least);
        fits.then_some(moment)
    }

    /// Whether it never ends: what holds now and then holds later as well.
    pub fn lasts(&self) -> bool {
        let lasts = |stretch: Option<Stretch>| stretch.is_none_or(|stretch| stretch.last.is_none());
        lasts(Some(self.now)) && lasts(self.issued) && lasts(self.age)
    }
}

impl Stretch {
    /// Whether the second is one of it.
    pub fn has(&self, second: i64) -> bool {
        self.first <= second && self.last.is_none_or(|last| second <= last)
    }
}

fn seconds_of_date(text: &str) -> Option<i64> {
    let nanoseconds = date::read(text)?;
    let second = num_bigint::BigInt::from(date::SECOND);
    let whole = (&nanoseconds / &second) - i64::from(nanoseconds < num_bigint::BigInt::default());
    i64::try_from(whole).ok()
}

/// The whole part of a number; exponents and fractions are left to a number with a floating point, whose neighbours are constants too.
fn seconds_of_number(text: &str) -> Option<i64> {
    let whole: f64 = text.trim().parse().ok()?;
    if !(-9.0e15..=9.0e15).contains(&whole) {
        return None;
    }
    format!("{:.0}", whole.floor()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_cut_time_into_stretches_without_gaps() {
        let found = stretches(&BTreeSet::from([10, 20]), 5);
        let expected = [(5, Some(9)), (10, Some(10)), (11, Some(19)), (20, Some(20)), (21, None)];
        assert_eq!(found, expected.map(|(first, last)| Stretch { first, last }));
    }

    #[test]
    fn what_lasts_ends_by_no_clock() {
        let open = Stretch { first: 5, last: None };
        let closed = Stretch { first: 5, last: Some(9) };
        let lasting = When { now: open, issued: Some(open), age: Some(open) };
        assert!(lasting.lasts() && When::always(5).lasts());
        assert!(!When { now: closed, ..lasting }.lasts());
        assert!(!When { issued: Some(closed), ..lasting }.lasts());
        assert!(!When { age: Some(closed), ..lasting }.lasts());
    }

    #[test]
    fn a_moment_lies_in_every_stretch() {
        let when = When {
            now: Stretch { first: 100, last: Some(200) },
            issued: Some(Stretch { first: 50, last: Some(60) }),
            age: Some(Stretch { first: 45, last: None }),
        };
        assert_eq!(when.moment(0), Some(Moment { now: 100, issued: 55 }));
        let too_old = When { age: Some(Stretch { first: 151, last: None }), ..when };
        assert_eq!(too_old.moment(0), None);
    }
}
