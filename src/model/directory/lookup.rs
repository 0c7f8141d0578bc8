//! Lookups: lists of users and groups, and single objects (DIR-18 to DIR-21).

use super::kind::Kind;
use super::lines::{Ask, Lines, Outcome};
use super::standing::{Standing, answers, looks_up};
use crate::iam::directory::Refusal;
use crate::solver::formula::{Formula, Formulas};

/// What a lookup depends on.
#[derive(Clone, Copy, Debug)]
pub struct Lookup {
    /// How the directory stands to the domain that is looked into.
    pub standing: Standing,
    /// The directory runs.
    pub active: Formula,
    /// What is to be looked into is a Simple AD or a connector, and another directory asks.
    pub closed: Formula,
    /// The connector's service account is usable.
    pub service_account: Formula,
    /// One object is asked for; else all.
    pub one: Formula,
}

/// What a lookup comes to.
pub fn look_up(formulas: &mut Formulas, facts: &Lookup) -> Outcome {
    let mut lines = Lines::new(formulas);
    lookup_lines(&mut lines, facts);
    lines.outcome()
}

/// Whoever is asked for an object that it does not have has answered all the same.
// Rules: DIR-18, DIR-19, DIR-20, DIR-21, DIR-35.
pub(super) fn lookup_lines(lines: &mut Lines<'_>, facts: &Lookup) {
    let Lookup { standing, active, closed, service_account, one } = *facts;
    let verum = lines.formulas.verum();
    let connector = standing.kinds.is(Kind::Connector);
    let looked_up = looks_up(lines.formulas, &standing);
    let not_looked_up = lines.formulas.not(looked_up);
    let stands_alone = lines.formulas.or([connector, standing.kinds.is(Kind::Simple), closed]);
    let never = lines.formulas.and([not_looked_up, stands_alone]);
    let reached = answers(lines.formulas, &standing);
    let usable = {
        let direct = lines.formulas.not(connector);
        lines.formulas.or([direct, service_account])
    };

    lines.demand(active, Refusal::Unavailable, "DIR-18");
    lines.refuse(never, Refusal::NotSupported, "DIR-35");
    lines.refuse(not_looked_up, Refusal::TrustRequired, "DIR-18");
    lines.ask(connector, Ask::ServiceAccount, reached, service_account);
    let through = {
        let lost = lines.formulas.not(reached);
        let lost_proxy = lines.formulas.and([connector, lost]);
        let bad = lines.formulas.not(usable);
        let stopped = lines.formulas.or([lost_proxy, bad]);
        lines.formulas.not(stopped)
    };
    let of_one = lines.formulas.and([through, one]);
    let all = lines.formulas.not(one);
    let of_all = lines.formulas.and([through, all]);
    lines.ask(of_one, Ask::Object, reached, verum);
    lines.ask(of_all, Ask::Objects, reached, verum);
    lines.demand(reached, Refusal::Unavailable, "DIR-19");
    lines.demand(usable, Refusal::Unavailable, "DIR-20");
}

/// What finding one object by its name depends on, for a step that needs it.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    /// The lookup; [`Lookup::one`] holds.
    pub lookup: Lookup,
    /// It is known where the object would be: its domain is there, or its SID is that of an object.
    pub known: Formula,
    /// The object is there.
    pub there: Formula,
}

/// What it comes to.
pub fn find(formulas: &mut Formulas, facts: &Finding) -> Outcome {
    let mut lines = Lines::new(formulas);
    finding_lines(&mut lines, facts);
    lines.outcome()
}

// Rules: DIR-18, DIR-25, DIR-37.
pub(super) fn finding_lines(lines: &mut Lines<'_>, facts: &Finding) {
    lines.demand(facts.known, Refusal::DoesNotExist, "DIR-37");
    lookup_lines(lines, &facts.lookup);
    lines.demand(facts.there, Refusal::DoesNotExist, "DIR-37");
}

/// What taking a computer in depends on.
#[derive(Clone, Copy, Debug)]
pub struct Joining {
    /// How the directory stands to the domain that will store the computer.
    pub standing: Standing,
    /// The directory runs.
    pub active: Formula,
    /// The connector's service account is usable.
    pub service_account: Formula,
    /// The name is taken there.
    pub taken: Formula,
}

/// What it comes to: the domain that will store the computer is asked to; a connector's is its target, by its service account.
// Rules: DIR-2, DIR-20, DIR-35.
pub fn join(formulas: &mut Formulas, facts: &Joining) -> Outcome {
    let mut lines = Lines::new(formulas);
    let Joining { standing, active, service_account, taken } = *facts;
    let connector = standing.kinds.is(Kind::Connector);
    let reached = answers(lines.formulas, &standing);
    let stores = lines.formulas.not(connector);
    let usable = lines.formulas.or([stores, service_account]);
    let free = lines.formulas.not(taken);
    lines.demand(active, Refusal::Unavailable, "DIR-23");
    lines.ask(connector, Ask::ServiceAccount, reached, service_account);
    lines.demand(reached, Refusal::Unavailable, "DIR-19");
    lines.demand(usable, Refusal::Unavailable, "DIR-20");
    let verum = lines.formulas.verum();
    lines.ask(verum, Ask::Join, reached, free);
    lines.refuse(taken, Refusal::AlreadyExists, "DIR-2");
    lines.outcome()
}
