//! So many calls in a row, as a formula: places and the calls between them as flags, times and durations as integers, and between two
//! states the relation of sessions, the very one of which the laws about all traces are proved ([`crate::model::sts`]).
//!
//! A session depends on nothing but the call that issued it, so of the sessions of a trace only those count that lead to the last one: a
//! shortest trace is a chain, each call of which signs with the session that the call before it issued.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::clock::When;
use super::graph::{Edge, Graph};
use super::part::kind_of;
use super::place::Standing;
use super::relation::Relation;
use crate::model::sts::{
    Asked, Call, Caller, Facts, Operation, Passed, SessionKind, SessionRecord, Tag, Terms,
};
use crate::solver::formula::{Flag, Formula, Formulas, IntegerVariable, Relation as Compared};

/// What of a call the relation is told beside who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Manner {
    operation: Operation,
    with_code: bool,
    ends: Option<i64>,
    role_maximum: u32,
}

impl Manner {
    fn of(edge: &Edge) -> Manner {
        Manner {
            operation: edge.operation,
            with_code: edge.with_code,
            ends: edge.ends,
            role_maximum: edge.role_maximum,
        }
    }
}

/// One call of the trace.
#[derive(Debug)]
pub struct Link {
    /// Where the trace is after it.
    pub at: BTreeMap<usize, Flag>,
    /// When it is made.
    pub now: IntegerVariable,
    /// DurationSeconds.
    pub asked: Asked,
    /// The session that it issues.
    pub record: SessionRecord,
    /// The session of the caller.
    pub parent: SessionRecord,
    /// Holds iff MFA took part in the call.
    pub with_code: Formula,
}

/// So many calls in a row.
pub struct Unrolled<'g> {
    /// The store of the formulas.
    pub formulas: Formulas,
    /// Where the trace begins.
    pub start: BTreeMap<usize, Flag>,
    /// The calls.
    pub links: Vec<Link>,
    /// What has to hold of a trace.
    pub parts: Vec<Formula>,
    graph: &'g Graph,
    relation: &'g dyn Relation,
    manners: Vec<Manner>,
    world: Of,
}

/// What the whole trace happens in.
#[derive(Clone, Copy, Debug)]
pub struct Of {
    /// Whether the profile is `strict`.
    pub strict: bool,
    /// The first second at which anything can be called.
    pub start: i64,
    /// The last one.
    pub end: i64,
}

impl<'g> Unrolled<'g> {
    /// Traces of exactly so many calls, of these edges.
    pub fn of(
        graph: &'g Graph,
        edges: &[&'g Edge],
        length: usize,
        of: Of,
        relation: &'g dyn Relation,
    ) -> Unrolled<'g> {
        let mut formulas = Formulas::new();
        let mut manners: Vec<Manner> = edges.iter().map(|edge| Manner::of(edge)).collect();
        manners.sort_unstable();
        manners.dedup();
        let start = flags(&mut formulas, 0..graph.starts);
        let mut unrolled = Unrolled {
            parts: Vec::new(),
            links: Vec::new(),
            start,
            formulas,
            graph,
            relation,
            manners,
            world: of,
        };
        let one = exactly_one(&mut unrolled.formulas, unrolled.start.values().copied());
        unrolled.parts.push(one);
        for number in 0..length {
            unrolled.link(number, edges);
        }
        unrolled
    }

    /// One call more.
    fn link(&mut self, number: usize, edges: &[&Edge]) {
        let formulas = &mut self.formulas;
        let now = formulas.new_integer(format!("call {number}: now"));
        let given = formulas.new_flag(format!("call {number}: DurationSeconds is passed"));
        let asked = Asked {
            given: formulas.flag(given),
            seconds: formulas.new_integer(format!("call {number}: DurationSeconds")),
        };
        let record = SessionRecord::free(formulas, &format!("session {number}"));
        let parent = match self.links.last() {
            Some(before) => before.record,
            None => SessionRecord::free(formulas, "nothing"),
        };
        let before = match self.links.last() {
            Some(before) => before.at.clone(),
            None => self.start.clone(),
        };
        let leaving: Vec<&Edge> =
            edges.iter().copied().filter(|edge| before.contains_key(&edge.from)).collect();
        let mut targets: Vec<usize> = leaving.iter().map(|edge| edge.to).collect();
        targets.sort_unstable();
        targets.dedup();
        let at = flags(formulas, targets);
        let manner: Vec<(Manner, Flag)> = self
            .manners
            .iter()
            .map(|&manner| (manner, formulas.new_flag(format!("call {number}: {manner:?}"))))
            .collect();
        let one_place = exactly_one(formulas, at.values().copied());
        let one_manner = exactly_one(formulas, manner.iter().map(|&(_, flag)| flag));
        self.parts.extend([one_place, one_manner]);
        self.clock(now);
        let with_code = self.some(&manner, |manner| manner.with_code);
        let link = Link { at, now, asked, record, parent, with_code };
        self.leaves(&link, &before, &leaving, &manner);
        self.issues(&link, &before, &manner);
        self.links.push(link);
    }

    /// No call lies before the one before it, nor outside of the time that is looked at.
    fn clock(&mut self, now: IntegerVariable) {
        let Of { start, end, .. } = self.world;
        let early = self.formulas.compare(now, Compared::Less, BigInt::from(start));
        let early = self.formulas.not(early);
        let late = self.formulas.compare(now, Compared::LessOrEqual, BigInt::from(end));
        self.parts.extend([early, late]);
        if let Some(before) = self.links.last() {
            let order = sum(&mut self.formulas, &[(1, before.now), (-1, now)], Compared::LessOrEqual, 0);
            self.parts.push(order);
        }
    }

    /// From each place the trace goes on by one of the calls that are allowed there and then.
    fn leaves(
        &mut self,
        link: &Link,
        before: &BTreeMap<usize, Flag>,
        leaving: &[&Edge],
        manners: &[(Manner, Flag)],
    ) {
        let mut ways: BTreeMap<usize, Vec<Formula>> = before.keys().map(|&from| (from, Vec::new())).collect();
        for edge in leaving {
            let Some(&to) = link.at.get(&edge.to) else { continue };
            let manner = manners.iter().find(|(manner, _)| *manner == Manner::of(edge));
            let Some(&(_, manner)) = manner else { continue };
            let (to, manner) = (self.formulas.flag(to), self.formulas.flag(manner));
            let when = self.during(edge.when, link.now, &link.parent);
            let way = self.formulas.and([to, manner, when]);
            ways.entry(edge.from).or_default().push(way);
        }
        for (from, ways) in ways {
            let Some(&from) = before.get(&from) else { continue };
            let from = self.formulas.flag(from);
            let some = self.formulas.or(ways);
            let goes = self.formulas.implies(from, some);
            self.parts.push(goes);
        }
    }

    /// Holds iff it is that time.
    pub fn during(&mut self, when: When, now: IntegerVariable, session: &SessionRecord) -> Formula {
        let formulas = &mut self.formulas;
        let mut parts = Vec::new();
        let stretches = [
            (Some(when.now), vec![(1, now)]),
            (when.issued, vec![(1, session.issued)]),
            (when.age, vec![(1, now), (-1, session.issued)]),
        ];
        for (stretch, terms) in stretches {
            let Some(stretch) = stretch else { continue };
            let early = sum(formulas, &terms, Compared::Less, stretch.first);
            parts.push(formulas.not(early));
            if let Some(last) = stretch.last {
                parts.push(sum(formulas, &terms, Compared::LessOrEqual, last));
            }
        }
        formulas.and(parts)
    }

    /// The relation says that the session is issued, and with which record.
    fn issues(&mut self, link: &Link, before: &BTreeMap<usize, Flag>, manners: &[(Manner, Flag)]) {
        let maximum = self.formulas.new_integer("MaxSessionDuration");
        let left = self.formulas.new_integer("seconds left of the assertion");
        for &(manner, flag) in manners {
            let flag = self.formulas.flag(flag);
            let is_maximum =
                self.formulas.compare(maximum, Compared::Equal, BigInt::from(manner.role_maximum));
            let mut holds = vec![is_maximum];
            if let Some(ends) = manner.ends {
                let terms = [(1, left), (1, link.now)];
                holds.push(sum(&mut self.formulas, &terms, Compared::Equal, ends));
            }
            let holds = self.formulas.and(holds);
            let so = self.formulas.implies(flag, holds);
            self.parts.push(so);
        }
        for operation in Operation::ALL {
            if !manners.iter().any(|(manner, _)| manner.operation == operation) {
                continue;
            }
            let caller = self.caller(before, operation, link.parent);
            let facts = self.facts(link, manners, maximum, left);
            let passed = self.passed(link);
            let call = Call { operation, caller, asked: link.asked, passed, facts };
            let terms: Terms = self.relation.terms(&mut self.formulas, &call);
            let issue = self.relation.issue(&mut self.formulas, &call, &terms, &link.record);
            let is_it = self.some(manners, |manner| manner.operation == operation);
            let issued = self.formulas.and([issue.issued, issue.definition]);
            let so = self.formulas.implies(is_it, issued);
            self.parts.push(so);
        }
    }

    fn caller(
        &mut self,
        before: &BTreeMap<usize, Flag>,
        operation: Operation,
        session: SessionRecord,
    ) -> Caller {
        let by_itself = operation == Operation::ByService;
        let mut who = |is: &dyn Fn(&Standing) -> bool| self.at_some(before, is);
        let of = |standing: &Standing, kind| match standing {
            Standing::Session(session) => kind_of(session) == kind,
            Standing::User(_) | Standing::Root(_) | Standing::Service(_) | Standing::Nobody => false,
        };
        let nobody = who(&|standing| matches!(standing, Standing::Nobody));
        let service = who(&|standing| matches!(standing, Standing::Service(_)));
        let root = who(&|standing| matches!(standing, Standing::Root(_)) || of(standing, SessionKind::Root));
        let user = who(&|standing| matches!(standing, Standing::User(_)) || of(standing, SessionKind::User));
        let role_session = who(&|standing| of(standing, SessionKind::Role));
        let federated = who(&|standing| of(standing, SessionKind::Federated));
        let temporary = who(&|standing| matches!(standing, Standing::Session(_)));
        let formulas = &mut self.formulas;
        let falsum = formulas.falsum();
        Caller {
            anonymous: falsum,
            // What a service does by itself begins with nobody's call.
            service: if by_itself { formulas.or([service, nobody]) } else { service },
            unsigned: if by_itself { falsum } else { nobody },
            root,
            user,
            role_session,
            federated,
            temporary,
            session,
        }
    }

    /// The policies allow the call, and nothing else stands against it: that is what an edge says.
    fn facts(
        &mut self,
        link: &Link,
        manners: &[(Manner, Flag)],
        role_maximum: IntegerVariable,
        assertion_left: IntegerVariable,
    ) -> Facts {
        let assertion_ends = self.some(manners, |manner| manner.ends.is_some());
        let (verum, falsum) = (self.formulas.verum(), self.formulas.falsum());
        Facts {
            bad_parameter: falsum,
            credentials_gone: falsum,
            assertion_expired: falsum,
            assertion_invalid: falsum,
            assertion_rejected: falsum,
            role_exists: verum,
            code_valid: link.with_code,
            authorised: verum,
            malformed_policy: falsum,
            policies_too_large: falsum,
            unknown_policy: falsum,
            now: link.now,
            strict: if self.world.strict { verum } else { falsum },
            role_maximum,
            assertion_ends,
            assertion_left,
        }
    }

    /// Tags and source identities belong to the places; of what is passed the relation sees the code.
    fn passed(&mut self, link: &Link) -> Passed {
        let falsum = self.formulas.falsum();
        let absent = Tag { present: falsum, text: link.now };
        Passed { source_identity: absent, tag: absent, transitive: falsum, code: link.with_code }
    }

    fn some(&mut self, manners: &[(Manner, Flag)], is: impl Fn(&Manner) -> bool) -> Formula {
        let found = manners.iter().filter(|(manner, _)| is(manner));
        let flags: Vec<Formula> = found.map(|&(_, flag)| self.formulas.flag(flag)).collect();
        self.formulas.or(flags)
    }

    /// Holds iff the trace is then at a place of such a kind.
    pub fn at_some(&mut self, at: &BTreeMap<usize, Flag>, is: &dyn Fn(&Standing) -> bool) -> Formula {
        let mut found = Vec::new();
        for (&place, &flag) in at {
            if self.graph.places.get(place).is_some_and(|place| is(&place.standing)) {
                found.push(self.formulas.flag(flag));
            }
        }
        self.formulas.or(found)
    }
}

/// Holds iff the sum of the terms stands in the relation to the constant.
pub fn sum(
    formulas: &mut Formulas,
    terms: &[(i64, IntegerVariable)],
    relation: Compared,
    constant: i64,
) -> Formula {
    let terms = terms.iter().map(|&(factor, variable)| (BigInt::from(factor), variable));
    formulas.linear(terms, relation, BigInt::from(constant))
}

fn flags(formulas: &mut Formulas, places: impl IntoIterator<Item = usize>) -> BTreeMap<usize, Flag> {
    places.into_iter().map(|place| (place, formulas.new_flag(format!("at place {place}")))).collect()
}

/// Holds iff exactly one of the flags does: of the flags before each one it is said whether some of them holds.
fn exactly_one(formulas: &mut Formulas, flags: impl IntoIterator<Item = Flag>) -> Formula {
    let flags: Vec<Formula> = flags.into_iter().map(|flag| formulas.flag(flag)).collect();
    let mut parts = vec![formulas.or(flags.iter().copied())];
    let mut before: Option<Formula> = None;
    for (position, &flag) in flags.iter().enumerate() {
        if let Some(before) = before {
            let both = formulas.and([before, flag]);
            parts.push(formulas.not(both));
        }
        let up_to_here = formulas.new_flag(format!("one of the first {}", position + 1));
        let up_to_here = formulas.flag(up_to_here);
        parts.push(formulas.implies(flag, up_to_here));
        if let Some(before) = before {
            parts.push(formulas.implies(before, up_to_here));
        }
        before = Some(up_to_here);
    }
    formulas.and(parts)
}
