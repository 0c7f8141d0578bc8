//! Who can come to hold which credentials by which call, at which times: each call is decided once, and what follows from the times is left.
//!
//! A world has few kinds of credentials, for of a session only its times are not known beforehand: whose it is, its name, tags and the rest
//! follow from the call. So they are enumerated: *places*, joined by the calls that lead from one to another. Whether the policies allow a
//! call is asked of the formulas of a decision, for each stretch of time by itself ([`super::clock`]); every call is then taken by the second
//! reading in a world of that time, which says what session comes of it. How long sessions last, and whether one is still valid when it
//! calls, is the relation's to say ([`super::unrolled`]).

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};

use super::asking::{Choice, FreeFor, Freedom, allowing, single, wanting};
use super::calls::{Calls, Offer};
use super::clock::{Clocks, When};
use super::part::{About, HELD, Parts};
use super::place::{Place, Standing};
use super::spelled::Spelled;
use super::wanting::{Values, Wants, loosened};
use crate::iam::context::Context;
use crate::iam::instant::Instant;
use crate::iam::key::KeyName;
use crate::iam::operation::{Event, Operation, ServiceRequest, Step, StsOperation};
use crate::iam::outcome::{Answer, Outcome};
use crate::iam::world::{Session, World};
use crate::model::modelled::NoAnswer;
use crate::model::{steps, sts};
use crate::solver::Limits;

/// The most places that are looked at.
pub const MOST_PLACES: usize = 4_000;
/// The most calls that are asked about.
pub const MOST_CALLS: usize = 400_000;
/// The most contexts that are kept for one kind of call.
const MOST_KEPT: usize = 4;

/// A call that leads from one place to another.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The place of the caller.
    pub from: usize,
    /// The place of whoever holds the session that is issued.
    pub to: usize,
    /// The call, with the keys with which it is allowed; its time, credentials and duration are filled in later.
    pub step: Step,
    /// Its operation in the relation.
    pub operation: sts::Operation,
    /// When it is allowed.
    pub when: When,
    /// Whether the session shows that MFA took part in the call.
    pub with_code: bool,
    /// When the session ends by what was asserted, in seconds.
    pub ends: Option<i64>,
    /// MaxSessionDuration of the role.
    pub role_maximum: u32,
}

/// A request that is allowed at a place.
#[derive(Clone, Debug)]
pub struct Doing {
    /// The place of the caller.
    pub from: usize,
    /// The request, with the keys with which it is allowed.
    pub step: Step,
    /// When it is allowed.
    pub when: When,
}

/// A call of which it is not known whether it is allowed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// Who would call.
    pub caller: String,
    /// What it would call.
    pub call: String,
    /// On what.
    pub resource: String,
    /// Why it is not known.
    pub why: String,
}

/// The places and the calls between them.
#[derive(Debug, Default)]
pub struct Graph {
    /// The places; those that a trace may begin at come first.
    pub places: Vec<Place>,
    /// How many of them a trace may begin at.
    pub starts: usize,
    /// The fewest calls that lead to each place.
    pub depth: Vec<usize>,
    /// The calls.
    pub edges: Vec<Edge>,
    /// What is not known.
    pub doubts: Vec<Doubt>,
    /// What refused calls want.
    pub wants: Wants,
    /// How many calls were asked about.
    pub asked: usize,
}

/// Asks about calls in a world.
pub struct Asker<'w> {
    parts: Parts<'w>,
    spelled: &'w Spelled,
    calls: Calls<'w>,
    limits: Limits,
    /// The first second at which anything can be called.
    start: i64,
    /// Contexts with which calls of a kind were allowed: they are tried before the solver is asked.
    kept: RefCell<BTreeMap<Kind, Vec<Context>>>,
}

/// Calls of one kind: the same on the same, with the same left free, whoever calls and whenever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    action: String,
    resource: String,
    endpoint: Option<String>,
    freedom: Freedom,
}

/// What came of asking about one call at one time.
enum Asked {
    /// It is allowed, and this session comes of it; with the call as it was made.
    Issued(Box<(Step, Session)>),
    /// It is allowed.
    Allowed(Box<Step>),
    /// It is not, and might be with these values of what is chosen for sessions.
    Wants(Values),
    /// It is not.
    Refused,
}

impl<'w> Asker<'w> {
    /// Asks in a world that has begun.
    pub fn of(world: &'w World, spelled: &'w Spelled, start: i64, limits: Limits) -> Asker<'w> {
        let parts = Parts::of(world);
        let calls = Calls::of(&parts, spelled);
        Asker { parts, spelled, calls, limits, start, kept: RefCell::default() }
    }

    /// Everything that can be reached from some places by at most so many calls; by any number where there is no bound.
    pub fn explore(&mut self, starts: Vec<Place>, bound: Option<usize>) -> Graph {
        let mut graph = Graph { starts: starts.len(), ..Graph::default() };
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut waiting: VecDeque<usize> = VecDeque::new();
        for start in starts {
            known.insert(format!("{start:?}"), graph.places.len());
            waiting.push_back(graph.places.len());
            graph.places.push(start);
            graph.depth.push(0);
        }
        while let Some(position) = waiting.pop_front() {
            let depth = graph.depth.get(position).copied().unwrap_or_default();
            let Some(place) = graph.places.get(position).cloned() else { continue };
            if bound.is_some_and(|bound| depth >= bound) {
                continue;
            }
            for offer in self.calls.by(&place) {
                if graph.asked >= MOST_CALLS || graph.places.len() >= MOST_PLACES {
                    graph.doubts.push(too_much(&place));
                    return graph;
                }
                graph.asked += 1;
                for (edge, to) in self.edges(position, &place, &offer, &mut graph) {
                    let name = format!("{to:?}");
                    let next = graph.places.len();
                    let to_position = *known.entry(name).or_insert(next);
                    if to_position == next {
                        waiting.push_back(next);
                        graph.places.push(to);
                        graph.depth.push(depth + 1);
                    }
                    graph.edges.push(Edge { to: to_position, ..edge });
                }
            }
        }
        if self.calls.cut {
            graph.doubts.push(Doubt {
                caller: "anybody".to_owned(),
                call: "sts:AssumeRole".to_owned(),
                resource: "*".to_owned(),
                why: "policies spell more names, tags and source identities than are tried".to_owned(),
            });
        }
        graph
    }

    /// The sessions that one call can yield, for each stretch of time.
    fn edges(&self, from: usize, place: &Place, offer: &Offer, graph: &mut Graph) -> Vec<(Edge, Place)> {
        let depth = graph.depth.get(from).copied().unwrap_or_default();
        let mut edges = Vec::new();
        let about = offer.target.about();
        for when in self.whens(place, &offer.call, about, &offer.constants) {
            match self.asked_at(place, &offer.call, about, when, offer.session_name) {
                Ok(Asked::Issued(issued)) => {
                    graph.wants.grant(place, depth, &offer.call, when);
                    let (step, session) = *issued;
                    let to = place.holding(&session, offer.code.clone(), self.parts.whole());
                    let edge = Edge {
                        from,
                        to: 0,
                        step,
                        operation: offer.operation,
                        when,
                        with_code: offer.code.is_some(),
                        ends: offer.ends,
                        role_maximum: offer.role_maximum,
                    };
                    edges.push((edge, to));
                }
                Ok(Asked::Wants(values)) => graph.wants.want(place, depth, &offer.call, when, values),
                Ok(Asked::Allowed(_) | Asked::Refused) => {}
                Err(no_answer) => graph.doubts.push(doubt(place, &offer.call, &no_answer)),
            }
        }
        edges
    }

    /// The places at which a request is allowed.
    pub fn doing(&self, graph: &mut Graph, request: &ServiceRequest) -> Vec<Doing> {
        let call = Operation::Request(request.clone());
        let mut found = Vec::new();
        for (from, place) in graph.places.iter().enumerate() {
            let about = About::Resource(&request.resource);
            for when in self.whens(place, &call, about, &[]) {
                let depth = graph.depth.get(from).copied().unwrap_or_default();
                match self.asked_at(place, &call, about, when, Choice::Fixed) {
                    Ok(Asked::Allowed(step)) => {
                        graph.wants.grant(place, depth, &call, when);
                        found.push(Doing { from, step: *step, when });
                    }
                    Ok(Asked::Wants(values)) => graph.wants.want(place, depth, &call, when, values),
                    Ok(Asked::Issued(_) | Asked::Refused) => {}
                    Err(no_answer) => graph.doubts.push(doubt(place, &call, &no_answer)),
                }
            }
        }
        found
    }

    /// The stretches of time that a call can tell apart: those of the policies around it.
    fn whens(&self, place: &Place, call: &Operation, about: About<'_>, constants: &[i64]) -> Vec<When> {
        let around = self.clocks_around(place, call, about);
        let clocks = around.as_ref().unwrap_or(&self.spelled.clocks);
        clocks.whens(self.start, constants, place.clock())
    }

    /// The clocks of the policies around a call; `None` where they are not seen.
    fn clocks_around(&self, place: &Place, call: &Operation, about: About<'_>) -> Option<Clocks> {
        let world = self.parts.around(place, about, self.start);
        let mut clocks = Clocks::default();
        for endpoint in self.endpoints() {
            let step = step_of(place, call, Instant::from_epoch_seconds(self.start)?, endpoint);
            let needed = steps::needed(&world, &step).ok().filter(|needed| !needed.is_empty())?;
            for needed in &needed {
                needed.layers.documents().for_each(|(_, _, policy)| clocks.add(policy));
            }
        }
        Some(clocks)
    }

    /// No endpoint, and each of the world.
    fn endpoints(&self) -> impl Iterator<Item = Option<String>> {
        let endpoints = self.parts.whole().endpoints.keys().cloned().map(Some);
        std::iter::once(None).chain(endpoints)
    }

    /// Whether a call is allowed at a time: plainly, else with keys that the solver finds; then at each endpoint.
    fn asked_at(
        &self,
        place: &Place,
        call: &Operation,
        about: About<'_>,
        when: When,
        session_name: Choice,
    ) -> Result<Asked, NoAnswer> {
        let Some(moment) = when.moment(self.start) else { return Ok(Asked::Refused) };
        if let Some(opaque) = &self.spelled.clocks.opaque {
            let what = format!("{opaque} compares a clock in a way that the search cannot follow");
            return Err(NoAnswer::NotSupported(what));
        }
        let time = Instant::from_epoch_seconds(moment.now)
            .ok_or_else(|| NoAnswer::NotSupported("beyond the end of the clock".to_owned()))?;
        let world = self.parts.around(place, about, moment.issued);
        let mut wanted = None;
        for endpoint in self.endpoints() {
            let step = step_of(place, call, time, endpoint);
            match self.tried(&world, place, step, session_name)? {
                Asked::Refused => {}
                Asked::Wants(values) => wanted = wanted.or(Some(values)),
                asked @ (Asked::Issued(_) | Asked::Allowed(_)) => return Ok(asked),
            }
        }
        Ok(wanted.map_or(Asked::Refused, Asked::Wants))
    }

    fn tried(
        &self,
        world: &World,
        place: &Place,
        step: Step,
        session_name: Choice,
    ) -> Result<Asked, NoAnswer> {
        let plainly = taken(world, &step)?;
        if !matches!(plainly, Asked::Refused) {
            return Ok(plainly);
        }
        let needed = steps::needed(world, &step)?;
        let assumes = matches!(step.operation, Operation::Sts(StsOperation::AssumeRole(_)));
        let choice = |free| if free { Choice::Free } else { Choice::Fixed };
        let freedom = Freedom {
            caller: match place.standing {
                Standing::Service(_) => FreeFor::Service,
                Standing::User(_) | Standing::Root(_) | Standing::Nobody | Standing::Session(_) => {
                    FreeFor::Others
                }
            },
            session_name,
            external_id: choice(assumes),
            endpoint: choice(step.endpoint.is_some()),
            passed: choice(matches!(step.operation, Operation::Request(_))),
        };
        let (action, resource) = told(&step.operation);
        let kind = Kind { action, resource, endpoint: step.endpoint.clone(), freedom };
        for context in self.kept.borrow().get(&kind).into_iter().flatten() {
            let asked = taken(world, &with(step.clone(), context))?;
            if !matches!(asked, Asked::Refused) {
                return Ok(asked);
            }
        }
        let Some(context) = allowing(&needed, freedom, self.limits)? else {
            let loosened = loosened(self.spelled, place, &step.operation);
            let wanted = wanting(&needed, freedom, &loosened, self.limits)?;
            return Ok(wanted.map_or(Asked::Refused, Asked::Wants));
        };
        // What refuses it now is no policy: a parameter, or a session that cannot be had.
        let asked = taken(world, &with(step, &context))?;
        let mut kept = self.kept.borrow_mut();
        let kept = kept.entry(kind).or_default();
        if kept.len() < MOST_KEPT {
            kept.push(context);
        }
        Ok(asked)
    }
}

fn step_of(place: &Place, call: &Operation, time: Instant, endpoint: Option<String>) -> Step {
    Step {
        time,
        credentials: place.credentials(HELD),
        operation: call.clone(),
        context: Context::new(),
        endpoint,
        name: Some("next".to_owned()),
    }
}

/// The step with these keys, those of its parameters among them.
fn with(mut step: Step, context: &Context) -> Step {
    say(&mut step.operation, context);
    step.context = context.clone();
    for key in ["sts:ExternalId", "sts:RoleSessionName"] {
        step.context.remove(&KeyName::new(key));
    }
    step
}

/// What the second reading makes of a step.
fn taken(world: &World, step: &Step) -> Result<Asked, NoAnswer> {
    let taken = steps::step(world, step)?;
    Ok(match taken.outcome {
        Outcome::Done(Answer::Session(name)) => match taken.world.sessions.get(&name) {
            Some(session) => Asked::Issued(Box::new((step.clone(), session.clone()))),
            None => return Err(NoAnswer::Defect("a session was issued that is not there".to_owned())),
        },
        Outcome::Done(
            Answer::Nothing
            | Answer::Allowed(_)
            | Answer::Identity(_)
            | Answer::Decoded(_)
            | Answer::Created(_)
            | Answer::Version(_)
            | Answer::AccessKey(_)
            | Answer::Directory(_),
        ) => Asked::Allowed(Box::new(step.clone())),
        Outcome::Refused(_) => Asked::Refused,
    })
}

/// Puts the parameters that the solver chose into the call.
fn say(operation: &mut Operation, context: &Context) {
    let name = single(context, "sts:RoleSessionName");
    match operation {
        Operation::Sts(StsOperation::AssumeRole(called)) => {
            if let Some(name) = name {
                called.role_session_name = name.to_owned();
            }
            if let Some(id) = single(context, "sts:ExternalId") {
                called.external_id = Some(id.to_owned());
            }
        }
        Operation::Sts(StsOperation::AssumeRoleWithWebIdentity(called)) => {
            if let Some(name) = name {
                called.role_session_name = name.to_owned();
            }
        }
        Operation::Event(Event::RoleTakenUp { session_name, .. }) => {
            if let Some(name) = name {
                *session_name = name.to_owned();
            }
        }
        Operation::Sts(
            StsOperation::AssumeRoleWithSaml(_)
            | StsOperation::GetSessionToken(_)
            | StsOperation::GetFederationToken(_)
            | StsOperation::GetCallerIdentity
            | StsOperation::DecodeAuthorizationMessage(_),
        )
        | Operation::Pass(_)
        | Operation::Policy(_)
        | Operation::Account(_)
        | Operation::Directory(_)
        | Operation::Request(_)
        | Operation::Event(Event::Wait | Event::AwsChangesPolicy { .. }) => {}
    }
}

/// The action of a call, and what it is about.
pub fn told(call: &Operation) -> (String, String) {
    match call {
        Operation::Sts(operation) => {
            let resource = match operation {
                StsOperation::AssumeRole(called) => called.role_arn.clone(),
                StsOperation::AssumeRoleWithSaml(called) => called.role_arn.clone(),
                StsOperation::AssumeRoleWithWebIdentity(called) => called.role_arn.clone(),
                StsOperation::GetSessionToken(_)
                | StsOperation::GetFederationToken(_)
                | StsOperation::GetCallerIdentity
                | StsOperation::DecodeAuthorizationMessage(_) => "*".to_owned(),
            };
            (operation.action().to_owned(), resource)
        }
        Operation::Request(request) => (request.action.clone(), request.resource.clone()),
        Operation::Event(Event::RoleTakenUp { resource, .. }) => {
            ("role-taken-up".to_owned(), resource.clone())
        }
        Operation::Pass(_)
        | Operation::Policy(_)
        | Operation::Account(_)
        | Operation::Directory(_)
        | Operation::Event(_) => ("a call".to_owned(), "*".to_owned()),
    }
}

fn doubt(place: &Place, call: &Operation, no_answer: &NoAnswer) -> Doubt {
    let (call, resource) = told(call);
    Doubt { caller: place.arn.clone(), call, resource, why: no_answer.to_string() }
}

fn too_much(place: &Place) -> Doubt {
    Doubt {
        caller: place.arn.clone(),
        call: "any call".to_owned(),
        resource: "*".to_owned(),
        why: format!("the world has more than {MOST_PLACES} kinds of credentials or {MOST_CALLS} calls"),
    }
}
