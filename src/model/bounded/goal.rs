//! What a search looks for, as a condition on the end of a trace.

use std::collections::BTreeSet;

use num_bigint::BigInt;

use super::clock::When;
use super::graph::{Doing, Graph};
use super::place::Place;
use super::unrolled::{Link, Unrolled, sum};
use crate::iam::operation::ServiceRequest;
use crate::iam::world::Mfa;
use crate::model::sts::{Operation, SessionKind, SessionRecord};
use crate::solver::formula::{Formula, IntegerVariable, Relation};

/// The longest that GetSessionToken and GetFederationToken give, in seconds: what is tried first where sessions are to last.
const MOST_OF_TOKENS: i64 = 129_600;
/// How long after the call before it a call is made, where there is a choice: half an hour.
const LATER_SECONDS: i64 = 1_800;

/// What a search looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A session that lasts longer than so many seconds.
    Lasts {
        /// The seconds.
        longer_than: i64,
        /// Of which sessions.
        which: Which,
    },
    /// A session of the role with this ARN.
    Holds {
        /// The ARN.
        role: String,
    },
    /// A request that is allowed.
    Does {
        /// The request.
        request: ServiceRequest,
    },
    /// A session that ends later than the one with which it was asked for.
    Outlives,
    /// A role session from which the same role session can be had again, later: it can be renewed for ever.
    Renews,
    /// A session that was obtained with MFA, and whose requests do not show it.
    LosesMfa,
}

/// Of which sessions a goal speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Of all.
    Any,
    /// Of those of roles.
    Roles,
    /// Of those that were issued to a role session that called AssumeRole.
    Chained,
}

impl Goal {
    /// The fewest calls of STS with which it can be reached.
    pub fn fewest_calls(&self) -> usize {
        match self {
            Goal::Does { .. } => 0,
            Goal::Lasts { which: Which::Any | Which::Roles, .. } | Goal::Holds { .. } | Goal::LosesMfa => 1,
            Goal::Lasts { which: Which::Chained, .. } | Goal::Outlives | Goal::Renews => 2,
        }
    }

    /// The most calls of STS in so many steps: a request is a step itself.
    pub fn most_calls(&self, steps: usize) -> Option<usize> {
        match self {
            Goal::Does { .. } => steps.checked_sub(1),
            Goal::Lasts { .. } | Goal::Holds { .. } | Goal::LosesMfa | Goal::Outlives | Goal::Renews => {
                Some(steps)
            }
        }
    }
}

/// A goal in a graph: at which places it can be reached.
pub struct Aim<'g> {
    goal: &'g Goal,
    graph: &'g Graph,
    doings: &'g [Doing],
    ends: BTreeSet<usize>,
}

impl<'g> Aim<'g> {
    /// A goal; `role` is the unique id of the role that it names, and `doings` where its request is allowed.
    pub fn of(goal: &'g Goal, graph: &'g Graph, doings: &'g [Doing], role: Option<&str>) -> Aim<'g> {
        let shows_mfa = |place: &Place| {
            place.session().is_none_or(|session| match session.mfa {
                Mfa::Since(_) => true,
                Mfa::Absent | Mfa::Unknown => false,
            })
        };
        let places = || graph.places.iter().enumerate();
        let ends = match goal {
            Goal::Lasts { .. } | Goal::Outlives => places().map(|(position, _)| position).collect(),
            Goal::Holds { .. } => {
                let held = places().filter(|(_, place)| role.is_some() && place.role_id() == role);
                held.map(|(position, _)| position).collect()
            }
            Goal::Does { .. } => doings.iter().map(|doing| doing.from).collect(),
            Goal::Renews => {
                let roles = places().filter(|(_, place)| place.role_id().is_some());
                roles.map(|(position, _)| position).collect()
            }
            Goal::LosesMfa => {
                places().filter(|(_, place)| !shows_mfa(place)).map(|(position, _)| position).collect()
            }
        };
        Aim { goal, graph, doings, ends }
    }

    /// The places at which it can be reached.
    pub fn ends(&self) -> &BTreeSet<usize> {
        &self.ends
    }

    /// Holds iff the trace reaches it, by a request at this instant where it is one.
    pub fn reached(&self, unrolled: &mut Unrolled<'_>, request_at: IntegerVariable) -> Formula {
        if let Goal::Does { .. } = self.goal {
            return self.done(unrolled, request_at);
        }
        let Some(last) = unrolled.links.last() else { return unrolled.formulas.falsum() };
        let (record, parent, with_code, at) = (last.record, last.parent, last.with_code, last.at.clone());
        let ends_here: Vec<Formula> = at
            .iter()
            .filter(|(place, _)| self.ends.contains(place))
            .map(|(_, &flag)| unrolled.formulas.flag(flag))
            .collect();
        let formulas = &mut unrolled.formulas;
        let ends_here = formulas.or(ends_here);
        match self.goal {
            Goal::Does { .. } => unreachable!("a request has its own condition"),
            Goal::Holds { .. } => ends_here,
            Goal::LosesMfa => formulas.and([ends_here, with_code]),
            Goal::Lasts { longer_than, which } => {
                let terms = [(1, record.expires), (-1, record.issued)];
                let short = sum(formulas, &terms, Relation::LessOrEqual, *longer_than);
                let long = formulas.not(short);
                match which {
                    Which::Any => long,
                    Which::Roles => formulas.and([long, record.is(SessionKind::Role)]),
                    Which::Chained => formulas.and([long, record.chained]),
                }
            }
            Goal::Outlives => sum(formulas, &[(1, parent.expires), (-1, record.expires)], Relation::Less, 0),
            Goal::Renews => self.renewed(unrolled),
        }
    }

    /// Holds iff the last session is one that was held before, had again by calls that never cease to be allowed.
    fn renewed(&self, unrolled: &mut Unrolled<'_>) -> Formula {
        let Some((last, before)) = unrolled.links.split_last() else { return unrolled.formulas.falsum() };
        let (end, at_end) = (last.record.expires, last.at.clone());
        let before: Vec<_> = before.iter().map(|link| (link.at.clone(), link.record.expires)).collect();
        let mut ways = Vec::new();
        for (position, (at, expires)) in before.iter().enumerate() {
            let later = sum(&mut unrolled.formulas, &[(1, *expires), (-1, end)], Relation::Less, 0);
            let lasting = self.lasting(unrolled, position);
            for (place, flag) in at.iter().filter(|(place, _)| self.ends.contains(place)) {
                let Some(&again) = at_end.get(place) else { continue };
                let (first, again) = (unrolled.formulas.flag(*flag), unrolled.formulas.flag(again));
                ways.push(unrolled.formulas.and([first, again, later, lasting]));
            }
        }
        unrolled.formulas.or(ways)
    }

    /// Holds iff every call after this one is AssumeRole, and may be made at any later time as well.
    fn lasting(&self, unrolled: &mut Unrolled<'_>, position: usize) -> Formula {
        let places: Vec<_> = unrolled.links.iter().skip(position).map(|link| link.at.clone()).collect();
        let mut parts = Vec::new();
        for pair in places.windows(2) {
            let [before, after] = pair else { continue };
            let mut ways = Vec::new();
            for edge in &self.graph.edges {
                let lasts = edge.operation == Operation::AssumeRole && edge.when.lasts();
                let (Some(&from), Some(&to), true) = (before.get(&edge.from), after.get(&edge.to), lasts)
                else {
                    continue;
                };
                let (from, to) = (unrolled.formulas.flag(from), unrolled.formulas.flag(to));
                ways.push(unrolled.formulas.and([from, to]));
            }
            parts.push(unrolled.formulas.or(ways));
        }
        unrolled.formulas.and(parts)
    }

    /// Holds iff the request is allowed to whoever the trace ends with, while its session is valid.
    fn done(&self, unrolled: &mut Unrolled<'_>, now: IntegerVariable) -> Formula {
        let (at, session, not_before) = match unrolled.links.last() {
            Some(Link { at, record, now, .. }) => (at.clone(), *record, Some(*now)),
            None => {
                let nothing = SessionRecord::free(&mut unrolled.formulas, "nothing");
                (unrolled.start.clone(), nothing, None)
            }
        };
        let mut ways = Vec::new();
        for doing in self.doings {
            let Some(&flag) = at.get(&doing.from) else { continue };
            let flag = unrolled.formulas.flag(flag);
            let when = unrolled.during(doing.when, now, &session);
            let holds_session =
                self.graph.places.get(doing.from).is_some_and(|place| place.session().is_some());
            let valid = if holds_session {
                session.is_valid_at(&mut unrolled.formulas, now)
            } else {
                unrolled.formulas.verum()
            };
            ways.push(unrolled.formulas.and([flag, when, valid]));
        }
        let some = unrolled.formulas.or(ways);
        let order = match not_before {
            Some(before) => sum(&mut unrolled.formulas, &[(1, before), (-1, now)], Relation::LessOrEqual, 0),
            None => unrolled.formulas.verum(),
        };
        unrolled.formulas.and([some, order])
    }

    /// What a trace should look like where it can: no parameter that need not be there, no time that passes for nothing.
    pub fn wishes(
        &self,
        unrolled: &mut Unrolled<'_>,
        start: i64,
        request_at: IntegerVariable,
    ) -> Vec<Formula> {
        let mut wishes = Vec::new();
        let later = match self.goal {
            Goal::Outlives | Goal::Renews => LATER_SECONDS,
            Goal::Lasts { .. } | Goal::Holds { .. } | Goal::Does { .. } | Goal::LosesMfa => 0,
        };
        if let (Goal::Lasts { .. }, Some(last)) = (self.goal, unrolled.links.last()) {
            let (given, seconds) = (last.asked.given, last.asked.seconds);
            // Then the longest of each role, the longer before the shorter.
            let of_roles: BTreeSet<i64> =
                self.graph.edges.iter().map(|edge| i64::from(edge.role_maximum)).collect();
            for long in std::iter::once(MOST_OF_TOKENS).chain(of_roles.into_iter().rev()) {
                let so = unrolled.formulas.compare(seconds, Relation::Equal, BigInt::from(long));
                wishes.push(unrolled.formulas.and([given, so]));
            }
        }
        let mut before = None;
        let told = |link: &Link| (link.now, link.asked.given, link.with_code);
        let links: Vec<_> = unrolled.links.iter().map(told).collect();
        for (now, given, with_code) in links {
            let formulas = &mut unrolled.formulas;
            wishes.push(match before {
                None => formulas.compare(now, Relation::Equal, BigInt::from(start)),
                Some(before) => sum(formulas, &[(1, now), (-1, before)], Relation::Equal, later),
            });
            wishes.push(formulas.not(given));
            wishes.push(formulas.not(with_code));
            before = Some(now);
        }
        let formulas = &mut unrolled.formulas;
        wishes.push(match before {
            None => formulas.compare(request_at, Relation::Equal, BigInt::from(start)),
            Some(before) => sum(formulas, &[(1, request_at), (-1, before)], Relation::Equal, 0),
        });
        wishes
    }

    /// The request that was allowed at a place and time.
    pub fn doing_at(&self, place: usize, has: impl Fn(When) -> bool) -> Option<&'g Doing> {
        self.doings.iter().find(|doing| doing.from == place && has(doing.when))
    }
}
