//! The search: traces of one call, of two, and so on to the bound, each length asked of the solver; a trace that it finds becomes steps.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigInt;

use super::clock::{Stretch, When};
use super::cycles::Renewal;
use super::goal::{Aim, Goal};
use super::graph::{Asker, Doing, Doubt, Edge, Graph};
use super::place::{Place, Standing};
use super::relation::Relation;
use super::spelled::Spelled;
use super::unrolled::{Of, Unrolled};
use super::wanting::Wanting;
use crate::iam::instant::Instant;
use crate::iam::operation::{Event, Operation, Step, StsOperation};
use crate::iam::outcome::{Answer as Answered, Outcome};
use crate::iam::world::{Profile, World};
use crate::model::steps;
use crate::solver::formula::{Flag, IntegerVariable};
use crate::solver::{Answer as Solved, Assignment, Limits, Solver};

/// The last second at which anything is called: sessions that are issued then still end within the calendar.
const LAST_SECOND: i64 = 253_402_000_000;

/// How often names, tags and source identities are learned from calls that were refused.
const MOST_ROUNDS: usize = 3;

/// Who a trace may begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Anybody with long-term credentials, services, and what providers have signed. A request is looked for without root users: they may
    /// do nearly everything, and it would say nothing of the policies.
    Anybody,
    /// The user, root user (`arn:aws:iam::ACCOUNT:root`), service, or `*`: unsigned calls alone.
    With(String),
}

/// A question.
pub struct Search<'q> {
    /// The world as it is written.
    pub world: &'q World,
    /// What is looked for.
    pub goal: &'q Goal,
    /// How many steps there may be.
    pub bound: usize,
    /// Who begins.
    pub begin: &'q Begin,
    /// The relation of sessions.
    pub relation: &'q dyn Relation,
    /// How much effort each question to the solver may cost.
    pub limits: Limits,
}

/// Why a question says nothing in its world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The bound is less than any trace that can reach the goal.
    BoundTooSmall {
        /// The fewest steps.
        least: usize,
    },
    /// There is no such role.
    NoRole(String),
    /// There is nobody of this name who could begin.
    NoBeginning(String),
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was found.
    pub found: Found,
    /// Calls of which it is not known whether they are allowed; a trace rests on none of them.
    pub doubts: Vec<Doubt>,
    /// How many kinds of credentials were looked at.
    pub places: usize,
    /// How many calls were asked about.
    pub asked: usize,
    /// How far sessions can be renewed, where that is the question.
    pub renewal: Option<Renewal>,
}

/// What was found.
#[derive(Clone, Debug)]
pub enum Found {
    /// A shortest trace.
    Trace(Box<Trace>),
    /// No trace of at most so many steps.
    None,
    /// It is not known, for this reason.
    Unknown(String),
    /// The second reading takes the trace that the solver found otherwise: a defect of ours.
    Defect(String),
}

/// A trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The steps.
    pub steps: Vec<Step>,
    /// For each step, whether it is a call or happens by itself, and who calls: an ARN or the name of a service.
    pub callers: Vec<String>,
    /// For each step that issues a session when that ends, in seconds since the epoch: as the solver has it.
    pub ends: Vec<i64>,
}

impl Trace {
    /// Compares the session that a step (counted from 0) has issued in a world with the solver's.
    ///
    /// # Errors
    ///
    /// How they differ.
    pub fn ends_so(&self, position: usize, world: &World) -> Result<(), String> {
        let Some(&expected) = self.ends.get(position) else { return Ok(()) };
        let name = self.steps.get(position).and_then(|step| step.name.as_ref());
        let issued = name.and_then(|name| world.sessions.get(name));
        let ends = issued.map(|session| session.expires.epoch_seconds());
        if ends == Some(expected) {
            return Ok(());
        }
        let told = |seconds: i64| {
            Instant::from_epoch_seconds(seconds).map_or_else(|| seconds.to_string(), |at| at.iso())
        };
        let found =
            ends.map_or_else(|| "there is none".to_owned(), |ends| format!("it ends at {}", told(ends)));
        Err(format!("step {}: the solver's session ends at {}; {found}", position + 1, told(expected)))
    }
}

/// What there is to walk on.
struct Explored {
    graph: Graph,
    /// Where the request that is looked for is allowed.
    doings: Vec<Doing>,
}

impl Search<'_> {
    /// Searches.
    ///
    /// # Errors
    ///
    /// [`Unusable`] where the question says nothing in its world.
    pub fn run(&self) -> Result<Answer, Unusable> {
        let least = self.goal.fewest_calls();
        let too_small = || Unusable::BoundTooSmall { least: least.max(1) };
        let most = self.goal.most_calls(self.bound).filter(|&most| most >= least).ok_or_else(too_small)?;
        let begun = steps::begin(self.world);
        let role = self.role(&begun)?;
        let start = first_second(begun.now);
        let whole = matches!(self.goal, Goal::Renews);
        let Explored { graph, doings } = self.explored(&begun, start, (!whole).then_some(most))?;
        let renewal = whole.then(|| Renewal::of(&graph, begun.profile));
        let of = Of { strict: begun.profile == Profile::Strict, start, end: LAST_SECOND };
        let aim = Aim::of(self.goal, &graph, &doings, role.as_deref());
        let mut found = Found::None;
        for length in least..=most {
            found = self.of_length(&graph, &aim, length, of);
            if !matches!(found, Found::None) {
                break;
            }
        }
        if let (Found::None, Some(Renewal::ForEver { steps, .. })) = (&found, &renewal) {
            found = Found::Unknown(format!(
                "there is a cycle, but no trace of so few steps walks it: {steps} steps do"
            ));
        }
        if let Found::Trace(trace) = &found
            && let Err(why) = taken(&begun, trace)
        {
            found = Found::Defect(why);
        }
        let mut doubts = graph.doubts.clone();
        doubts.sort();
        doubts.dedup();
        Ok(Answer { found, doubts, places: graph.places.len(), asked: graph.asked, renewal })
    }

    /// The graph: explored anew with what refused calls want, as long as that is something new.
    fn explored(&self, begun: &World, start: i64, bound: Option<usize>) -> Result<Explored, Unusable> {
        let mut spelled = Spelled::in_world(begun);
        let mut round = 1;
        loop {
            let starts = self.starts(begun, &spelled)?;
            let mut asker = Asker::of(begun, &spelled, start, self.limits);
            let mut graph = asker.explore(starts, bound);
            let doings = match self.goal {
                Goal::Does { request } => asker.doing(&mut graph, request),
                Goal::Lasts { .. } | Goal::Holds { .. } | Goal::Outlives | Goal::Renews | Goal::LosesMfa => {
                    Vec::new()
                }
            };
            let wanting: Vec<Wanting> = graph.wants.unmet().cloned().collect();
            let learned = wanting.iter().fold(false, |any, wanting| spelled.learn(&wanting.values) | any);
            if round == MOST_ROUNDS || !learned {
                graph.doubts.extend(wanting.iter().map(Wanting::doubt));
                return Ok(Explored { graph, doings });
            }
            round += 1;
        }
    }

    fn role(&self, world: &World) -> Result<Option<String>, Unusable> {
        match self.goal {
            Goal::Holds { role } => match world.role_by_arn(role) {
                Some(found) => Ok(Some(found.found.id.clone())),
                None => Err(Unusable::NoRole(role.clone())),
            },
            Goal::Lasts { .. } | Goal::Does { .. } | Goal::Outlives | Goal::Renews | Goal::LosesMfa => {
                Ok(None)
            }
        }
    }

    fn starts(&self, world: &World, spelled: &Spelled) -> Result<Vec<Place>, Unusable> {
        let mut standings = Vec::new();
        for (id, account) in &world.accounts {
            let users = account.users.keys().filter_map(|name| world.user(id, name));
            standings.extend(users.map(|user| Standing::User(user.arn())));
        }
        let with_root = match (self.begin, self.goal) {
            (Begin::With(_), _) => true,
            (Begin::Anybody, Goal::Does { .. }) => false,
            (
                Begin::Anybody,
                Goal::Lasts { .. } | Goal::Holds { .. } | Goal::Outlives | Goal::Renews | Goal::LosesMfa,
            ) => true,
        };
        standings.extend(world.accounts.keys().filter(|_| with_root).cloned().map(Standing::Root));
        standings.extend(spelled.services.iter().cloned().map(Standing::Service));
        standings.push(Standing::Nobody);
        let mut places: Vec<Place> =
            standings.into_iter().map(|standing| Place::start(standing, world)).collect();
        if let Begin::With(name) = self.begin {
            let is_it = |place: &Place| match &place.standing {
                Standing::Nobody => name == "*",
                Standing::User(_) | Standing::Root(_) | Standing::Service(_) | Standing::Session(_) => {
                    place.arn == *name
                }
            };
            places.retain(is_it);
            if places.is_empty() {
                return Err(Unusable::NoBeginning(name.clone()));
            }
        }
        Ok(places)
    }

    /// Traces of exactly so many calls.
    fn of_length(&self, graph: &Graph, aim: &Aim<'_>, length: usize, of: Of) -> Found {
        let edges = leading(graph, aim.ends(), length);
        if aim.ends().is_empty() || (length > 0 && edges.is_empty()) {
            return Found::None;
        }
        let mut unrolled = Unrolled::of(graph, &edges, length, of, self.relation);
        let request_at = unrolled.formulas.new_integer("when the request is made");
        let early = unrolled.formulas.compare(
            request_at,
            crate::solver::formula::Relation::Less,
            BigInt::from(of.start),
        );
        let not_early = unrolled.formulas.not(early);
        let reached = aim.reached(&mut unrolled, request_at);
        let wishes = aim.wishes(&mut unrolled, of.start, request_at);
        let parts = unrolled.parts.clone();
        let goal = unrolled.formulas.and(parts.into_iter().chain([not_early, reached]));
        let mut solver = Solver::new(&unrolled.formulas, self.limits);
        match solver.check_preferring(goal, &wishes) {
            Solved::Unsatisfiable => Found::None,
            Solved::Unknown(reason) => Found::Unknown(reason.to_string()),
            Solved::Satisfiable(assignment) => {
                let reader = Reader { graph, edges: &edges, assignment: &assignment };
                match reader.trace(&unrolled, aim, request_at) {
                    Some(trace) => Found::Trace(Box::new(trace)),
                    None => Found::Defect("the solver's trace cannot be read".to_owned()),
                }
            }
        }
    }
}

/// The first whole second at which something can be called.
fn first_second(now: Instant) -> i64 {
    let second = now.epoch_seconds();
    if now.whole_second() == now { second } else { second + 1 }
}

/// The edges on some way from a start to an end that has no more than so many calls.
fn leading<'g>(graph: &'g Graph, ends: &BTreeSet<usize>, length: usize) -> Vec<&'g Edge> {
    let mut into: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for edge in &graph.edges {
        into.entry(edge.to).or_default().push(edge.from);
    }
    let mut distance: BTreeMap<usize, usize> = ends.iter().map(|&end| (end, 0)).collect();
    let mut row: Vec<usize> = ends.iter().copied().collect();
    for far in 1..=length {
        let mut next = Vec::new();
        for from in row.iter().filter_map(|place| into.get(place)).flatten() {
            if !distance.contains_key(from) {
                distance.insert(*from, far);
                next.push(*from);
            }
        }
        row = next;
    }
    let leads = |edge: &&Edge| {
        let behind = graph.depth.get(edge.from).copied().unwrap_or_default();
        distance.get(&edge.to).is_some_and(|ahead| behind + 1 + ahead <= length)
    };
    graph.edges.iter().filter(leads).collect()
}

/// The second reading takes the steps: each must be done, and sessions end when the solver says.
fn taken(begun: &World, trace: &Trace) -> Result<(), String> {
    let mut world = begun.clone();
    for (position, step) in trace.steps.iter().enumerate() {
        let taken = steps::step(&world, step).map_err(|no_answer| no_answer.to_string())?;
        match &taken.outcome {
            Outcome::Done(Answered::Session(_) | Answered::Allowed(_)) => {}
            other @ (Outcome::Done(_) | Outcome::Refused(_)) => {
                return Err(format!("step {} comes out as {other:?}", position + 1));
            }
        }
        world = taken.world;
        trace.ends_so(position, &world)?;
    }
    Ok(())
}

/// Reads a trace off the values that the solver found.
struct Reader<'r> {
    graph: &'r Graph,
    edges: &'r [&'r Edge],
    assignment: &'r Assignment,
}

impl Reader<'_> {
    fn trace(&self, unrolled: &Unrolled<'_>, aim: &Aim<'_>, request_at: IntegerVariable) -> Option<Trace> {
        let mut trace = Trace { steps: Vec::new(), callers: Vec::new(), ends: Vec::new() };
        let mut place = self.holding(&unrolled.start)?;
        let mut issued = None;
        for (number, link) in unrolled.links.iter().enumerate() {
            let to = self.holding(&link.at)?;
            let now = self.integer(link.now)?;
            let with_code =
                crate::solver::evaluate::holds(&unrolled.formulas, link.with_code, self.assignment);
            let fits = |edge: &&&Edge| {
                edge.from == place
                    && edge.to == to
                    && with_code.is_none_or(|with_code| with_code == edge.with_code)
                    && has(edge.when, now, issued)
            };
            let edge = self.edges.iter().find(fits)?;
            let mut step = self.step(&edge.step, place, now, number)?;
            let given = crate::solver::evaluate::holds(&unrolled.formulas, link.asked.given, self.assignment);
            if given == Some(true) {
                last_for(&mut step.operation, self.integer(link.asked.seconds)?);
            }
            step.name = Some(format!("session-{}", number + 1));
            trace.callers.push(self.graph.places.get(place)?.arn.clone());
            trace.steps.push(step);
            trace.ends.push(self.integer(link.record.expires)?);
            issued = Some(now);
            place = to;
        }
        let now = self.integer(request_at);
        if let Some(now) = now
            && let Some(Doing { step, .. }) = aim.doing_at(place, |when| has(when, now, issued))
        {
            let mut step = self.step(step, place, now, unrolled.links.len())?;
            step.name = None;
            trace.callers.push(self.graph.places.get(place)?.arn.clone());
            trace.steps.push(step);
        }
        Some(trace)
    }

    /// The call at its time, signed with the session that the call before it issued.
    fn step(&self, template: &Step, place: usize, now: i64, number: usize) -> Option<Step> {
        let credentials = self.graph.places.get(place)?.credentials(&format!("session-{number}"));
        Some(Step { time: Instant::from_epoch_seconds(now)?, credentials, ..template.clone() })
    }

    fn holding(&self, at: &BTreeMap<usize, Flag>) -> Option<usize> {
        at.iter().find(|(_, flag)| self.assignment.flags.get(flag) == Some(&true)).map(|(&place, _)| place)
    }

    fn integer(&self, variable: IntegerVariable) -> Option<i64> {
        i64::try_from(self.assignment.integers.get(&variable)?).ok()
    }
}

/// Whether a call at this instant, with a session that was issued then, is within the stretches.
fn has(when: When, now: i64, issued: Option<i64>) -> bool {
    let within = |stretch: Option<Stretch>, value: i64| stretch.is_none_or(|stretch| stretch.has(value));
    let of_session = issued
        .is_none_or(|issued| within(when.issued, issued) && within(when.age, now.saturating_sub(issued)));
    when.now.has(now) && of_session
}

/// Passes DurationSeconds.
fn last_for(operation: &mut Operation, seconds: i64) {
    let seconds = Some(i128::from(seconds));
    match operation {
        Operation::Sts(StsOperation::AssumeRole(called)) => called.duration_seconds = seconds,
        Operation::Sts(StsOperation::AssumeRoleWithSaml(called)) => called.duration_seconds = seconds,
        Operation::Sts(StsOperation::AssumeRoleWithWebIdentity(called)) => called.duration_seconds = seconds,
        Operation::Sts(StsOperation::GetSessionToken(called)) => called.duration_seconds = seconds,
        Operation::Sts(StsOperation::GetFederationToken(called)) => called.duration_seconds = seconds,
        Operation::Event(Event::RoleTakenUp { duration_seconds, .. }) => *duration_seconds = seconds,
        Operation::Sts(StsOperation::GetCallerIdentity | StsOperation::DecodeAuthorizationMessage(_))
        | Operation::Pass(_)
        | Operation::Policy(_)
        | Operation::Account(_)
        | Operation::Directory(_)
        | Operation::Request(_)
        | Operation::Event(Event::Wait | Event::AwsChangesPolicy { .. }) => {}
    }
}
