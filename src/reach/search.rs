//! The search: forward from a principal, by the number of calls; and backward to a role, over the moves of all that may come there.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};
use std::rc::Rc;

use super::asking::Doubt;
use super::backward::backward;
use super::changes::{ADMINISTRATOR, EVERYTHING, Gain};
use super::found::{Call, Found, From, Path, To};
use super::index::{Index, session_of, spoken};
use super::moves::{Arrival, Ground, Moves};
use super::part::{self, Holding, NotThere, Standing, own_policies};
use super::services::HANDINGS;
use crate::evaluator::{Interpreter, Unusable};
use crate::iam::document::{self, Strictness, TypeChoice};
use crate::iam::operation::{Credentials, Operation, Step};
use crate::iam::policy::PolicyType;
use crate::iam::world::{ManagedPolicy, Mfa, Session, SessionKind, StoredPolicy, World};

/// Whether calls that change policies are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// They are.
    Tried,
    /// Only sessions and roles that are handed to services.
    None,
}

/// Where a search can be: whom one is, and what was changed for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) holding: Holding,
    pub(super) gain: Option<Gain>,
}

impl Node {
    pub(super) fn plain(holding: Holding) -> Node {
        Node { holding, gain: None }
    }
}

/// The moves from a standing that nothing changed.
pub(super) struct Moved {
    pub(super) arrivals: Vec<Arrival>,
    pub(super) doubts: BTreeSet<Doubt>,
}

/// A world, ready to be searched.
pub struct Reach {
    base: World,
    index: Index,
    interpreter: Interpreter,
    changes: Changes,
}

/// A place of a search that was reached.
struct Visited {
    node: Node,
    standing: Standing,
    before: Option<usize>,
    /// The provider that vouched for whoever begins here.
    provider: Option<String>,
    steps: Vec<Step>,
    service: Option<&'static str>,
}

impl Visited {
    fn start(standing: Standing) -> Visited {
        let node = Node::plain(standing.holding.clone());
        Visited { node, standing, before: None, provider: None, steps: Vec::new(), service: None }
    }
}

impl Reach {
    /// Makes a world ready.
    ///
    /// # Errors
    ///
    /// A world whose references dangle.
    pub fn of(world: &World, changes: Changes, interpreter: Interpreter) -> Result<Reach, Unusable> {
        let index = Index::of(world);
        let mut base = interpreter.begin(world)?;
        // AWS's own policies are there for every account to attach, whether a description lists them or not.
        let read = document::read(
            EVERYTHING.as_bytes(),
            TypeChoice::Given(PolicyType::Identity),
            Strictness::Strict,
        );
        if let Some(everything) = read.policy {
            let partitions: BTreeSet<String> =
                base.accounts.values().map(|account| account.partition.clone()).collect();
            for partition in partitions {
                let policy = ManagedPolicy::new("ANPAADMINISTRATOR", StoredPolicy::new(everything.clone()));
                base.aws_managed.entry(format!("arn:{partition}:iam::aws:{ADMINISTRATOR}")).or_insert(policy);
            }
        }
        Ok(Reach { base, index, interpreter, changes })
    }

    /// What a principal can come to hold.
    ///
    /// # Errors
    ///
    /// A principal that is no user, role, or session of a role of the world.
    pub fn from(&self, principal: &str) -> Result<From, NotThere> {
        let starts = self.begun(principal)?;
        let (visited, doubts) = self.search(starts, &|_| true, &|_| false);
        Ok(self.told(&visited, doubts, principal))
    }

    /// How a principal can come to hold a role, if it can.
    ///
    /// # Errors
    ///
    /// A principal that is not there, or a role that is not.
    pub fn between(&self, principal: &str, role: &str) -> Result<(Option<Path>, BTreeSet<Doubt>), NotThere> {
        let starts = self.begun(principal)?;
        self.target(role)?;
        let is_it = |node: &Node| node.holding.arn() == role;
        let (visited, doubts) = self.search(starts, &|_| true, &is_it);
        let found = visited.iter().position(|place| is_it(&place.node));
        let path = found.map(|position| path(&visited, position));
        let doubts = if path.is_some() { BTreeSet::new() } else { doubts };
        Ok((path, doubts))
    }

    /// Who can come to hold a role.
    ///
    /// # Errors
    ///
    /// A role that is not there.
    pub fn to(&self, role: &str) -> Result<To, NotThere> {
        self.target(role)?;
        let near = self.closure(role);
        let wanted = |node: &Node| near.contains(node.holding.arn());
        let mut moved: HashMap<Holding, Moved> = HashMap::new();
        let mut into: HashMap<Node, Vec<(Holding, usize)>> = HashMap::new();
        let mut doubts = BTreeSet::new();
        let mut ends: HashMap<Holding, Path> = HashMap::new();
        for arn in near.iter().filter(|arn| arn.as_str() != role) {
            for start in self.starts(arn)? {
                let looked = self.looked_at(&start, &Node::plain(start.holding.clone()), &wanted);
                let mut changes = false;
                for (position, arrival) in looked.arrivals.iter().enumerate() {
                    if arrival.standing.is_changed {
                        changes = true;
                    } else {
                        into.entry(arrival.node.clone()).or_default().push((start.holding.clone(), position));
                    }
                }
                doubts.extend(looked.doubts.iter().cloned());
                moved.insert(start.holding.clone(), looked);
                if changes {
                    let is_it = |node: &Node| node.holding.arn() == role;
                    let holding = start.holding.clone();
                    let (visited, _) = self.search(vec![Visited::start(start)], &wanted, &is_it);
                    let end = visited.iter().position(|place| is_it(&place.node));
                    ends.extend(end.map(|position| (holding, path(&visited, position))));
                }
            }
        }
        let paths = backward(role, &into, &moved, &ends);
        doubts.retain(|doubt| !paths.contains_key(&doubt.caller));
        let mut principals: Vec<Found> =
            paths.into_iter().map(|(principal, path)| Found { principal, path }).collect();
        principals.sort_by_key(|found| (found.path.length(), found.principal.clone()));
        Ok(To { principals, doubts })
    }

    /// All that may come to a role, by the index alone.
    fn closure(&self, role: &str) -> BTreeSet<String> {
        let mut into: HashMap<String, Vec<&str>> = HashMap::new();
        // Whoever may change something in an account may come anywhere in it.
        let mut changing: HashMap<&str, Vec<&str>> = HashMap::new();
        for arn in self.index.users.iter().chain(&self.index.roles) {
            let own = own_policies(&self.base, arn);
            let holdings = self.holdings(arn);
            let mut next: BTreeSet<usize> =
                holdings.iter().flat_map(|holding| self.index.assumable(holding, &own)).collect();
            if !spoken(&own, "iam:PassRole").is_nothing() {
                for handing in HANDINGS.iter().filter(|handing| !spoken(&own, handing.action).is_nothing()) {
                    next.extend(self.index.passable(handing.service, &own));
                }
            }
            for position in next {
                into.entry(self.index.role(position).to_owned()).or_default().push(arn);
            }
            let may_change = |action: &&str| !spoken(&own, action).is_nothing();
            if self.changes == Changes::Tried && CHANGING.iter().any(may_change) {
                let account = crate::iam::arn::Arn::parse(arn).map_or("", |arn| arn.account);
                changing.entry(account).or_default().push(arn);
            }
        }
        let mut near = BTreeSet::from([role.to_owned()]);
        let mut waiting = vec![role.to_owned()];
        while let Some(arn) = waiting.pop() {
            let account = crate::iam::arn::Arn::parse(&arn).map_or("", |arn| arn.account);
            let before = into.get(&arn).into_iter().chain(changing.get(account)).flatten();
            for other in before {
                if near.insert((*other).to_owned()) {
                    waiting.push((*other).to_owned());
                }
            }
        }
        near
    }

    fn target(&self, role: &str) -> Result<(), NotThere> {
        match self.base.role_by_arn(role) {
            Some(_) => Ok(()),
            None => Err(NotThere { principal: role.to_owned(), expected: "role" }),
        }
    }

    fn holdings(&self, arn: &str) -> Vec<Holding> {
        if self.base.role_by_arn(arn).is_some() {
            let names = self.index.session_names(arn).into_iter();
            names.map(|session_name| Holding::Role { arn: arn.to_owned(), session_name }).collect()
        } else {
            vec![Holding::User(arn.to_owned())]
        }
    }

    /// Where a principal stands: a user with its long-term credentials, a role in a session of every name that matters.
    fn starts(&self, principal: &str) -> Result<Vec<Standing>, NotThere> {
        let expected = "user, role, session of a role, or provider that has signed something:";
        let missing = || NotThere { principal: principal.to_owned(), expected };
        if self.base.user_by_arn(principal).is_some() {
            let mut world = part::bare(&self.base);
            part::add(&mut world, &self.base, principal);
            let credentials = Credentials::User { arn: principal.to_owned(), access_key: None };
            let holding = Holding::User(principal.to_owned());
            return Ok(vec![Standing { holding, credentials, world: Rc::new(world), is_changed: false }]);
        }
        let holdings = match session_of(principal) {
            Some((account, role, session_name)) => {
                let role = self.base.role(&account, &role).ok_or_else(missing)?;
                vec![Holding::Role { arn: role.arn(), session_name }]
            }
            None if self.base.role_by_arn(principal).is_some() => self.holdings(principal),
            None => return Err(missing()),
        };
        Ok(holdings.into_iter().filter_map(|holding| self.in_session(holding)).collect())
    }

    /// Where a search begins: at a principal, or with what an identity provider has signed.
    fn begun(&self, principal: &str) -> Result<Vec<Visited>, NotThere> {
        if !super::providers::has_signed(&self.base, principal) {
            return Ok(self.starts(principal)?.into_iter().map(Visited::start).collect());
        }
        let arrivals = super::providers::arrivals(&self.base, self.interpreter, principal);
        let begun = arrivals.into_iter().map(|Arrival { node, standing, steps, service }| Visited {
            node,
            standing,
            before: None,
            provider: Some(principal.to_owned()),
            steps,
            service,
        });
        Ok(begun.collect())
    }

    fn in_session(&self, holding: Holding) -> Option<Standing> {
        let Holding::Role { arn, session_name } = &holding else { return None };
        let role = self.base.role_by_arn(arn)?;
        let session = Session {
            kind: SessionKind::Role {
                role: role.found.id.clone(),
                name: role.name.to_owned(),
                session_name: session_name.clone(),
            },
            account: role.account_id.to_owned(),
            issued: self.base.now.whole_second(),
            expires: self.base.now.whole_second().after_seconds(3_600)?,
            policies: None,
            tags: crate::iam::tags::Tags::new(),
            transitive_keys: BTreeSet::new(),
            source_identity: None,
            mfa: Mfa::Absent,
            parent: None,
            issuer: None,
            federated_provider: None,
            provider_keys: crate::iam::context::Context::new(),
        };
        let name = super::index::session_arn(arn, session_name);
        let mut world = part::bare(&self.base);
        part::add(&mut world, &self.base, arn);
        world.sessions.insert(name.clone(), session);
        let credentials = Credentials::Session(name);
        Some(Standing { holding, credentials, world: Rc::new(world), is_changed: false })
    }

    fn looked_at(&self, standing: &Standing, node: &Node, wanted: &dyn Fn(&Node) -> bool) -> Moved {
        let ground = Ground { base: &self.base, index: &self.index, interpreter: self.interpreter };
        let (arrivals, doubts) = (Vec::new(), BTreeSet::new());
        let mut moves = Moves { ground: &ground, from: standing, node, arrivals, doubts };
        moves.all(self.changes, wanted);
        Moved { arrivals: moves.arrivals, doubts: moves.doubts }
    }

    /// Goes on from some standings, the nearest first, until nothing new is wanted or the end is reached.
    fn search(
        &self,
        starts: Vec<Visited>,
        wanted: &dyn Fn(&Node) -> bool,
        is_end: &dyn Fn(&Node) -> bool,
    ) -> (Vec<Visited>, BTreeSet<Doubt>) {
        let mut visited: Vec<Visited> = Vec::new();
        let mut doubts = BTreeSet::new();
        let mut best: HashMap<Node, usize> = HashMap::new();
        // The places that are known, by distance and then by the order in which they were found.
        let mut queue: BinaryHeap<Reverse<(usize, usize)>> = BinaryHeap::new();
        for start in starts {
            let distance = start.steps.len();
            best.insert(start.node.clone(), distance);
            queue.push(Reverse((distance, visited.len())));
            visited.push(start);
        }
        let mut settled: HashSet<Node> = HashSet::new();
        let mut order = Vec::new();
        while let Some(Reverse((distance, position))) = queue.pop() {
            let Some(place) = visited.get(position) else { continue };
            if !settled.insert(place.node.clone()) {
                continue;
            }
            order.push(position);
            if is_end(&place.node) {
                break;
            }
            let is_nearer = |node: &Node, than: usize| {
                best.get(node).is_none_or(|known| than < *known) && !settled.contains(node)
            };
            let moved = self.looked_at(&place.standing, &place.node, &|node| {
                wanted(node) && is_nearer(node, distance + 1)
            });
            doubts.extend(moved.doubts);
            for arrival in moved.arrivals {
                let further = distance + arrival.calls();
                if best.get(&arrival.node).is_some_and(|known| *known <= further) {
                    continue;
                }
                best.insert(arrival.node.clone(), further);
                queue.push(Reverse((further, visited.len())));
                let Arrival { node, standing, steps, service } = arrival;
                let before = Some(position);
                visited.push(Visited { node, standing, before, provider: None, steps, service });
            }
        }
        let reached: HashSet<&str> = settled.iter().map(|node| node.holding.arn()).collect();
        doubts.retain(|doubt| !reached.contains(doubt.resource.as_str()));
        // In the order in which they were settled; the rest was found and has a shorter way.
        let mut kept: Vec<Option<Visited>> = visited.into_iter().map(Some).collect();
        let mut moved_to: HashMap<usize, usize> = HashMap::new();
        let mut settled = Vec::new();
        for position in order {
            let Some(mut place) = kept.get_mut(position).and_then(Option::take) else { continue };
            place.before = place.before.and_then(|before| moved_to.get(&before).copied());
            moved_to.insert(position, settled.len());
            settled.push(place);
        }
        (settled, doubts)
    }

    fn told(&self, visited: &[Visited], doubts: BTreeSet<Doubt>, principal: &str) -> From {
        let mut from = From { doubts, ..From::default() };
        let mut seen: HashSet<&str> = HashSet::new();
        let first = visited.first().filter(|place| place.provider.is_none());
        let own = first.map_or(principal, |place| place.node.holding.arn());
        for (position, place) in visited.iter().enumerate() {
            if place.node.gain == Some(Gain::Everything) && from.everything.is_none() {
                from.everything = Some(path(visited, position));
            }
            let arn = place.node.holding.arn();
            if let Some(service) = place.service {
                from.services.entry(service).or_default().insert(arn.to_owned());
            }
            if arn == own || !seen.insert(arn) {
                continue;
            }
            let found = Found { principal: arn.to_owned(), path: path(visited, position) };
            match &place.node.holding {
                Holding::User(_) => from.users.push(found),
                Holding::Role { .. } => from.roles.push(found),
            }
        }
        for list in [&mut from.roles, &mut from.users] {
            list.sort_by_key(|found| (found.path.length(), found.principal.clone()));
        }
        from
    }
}

/// Actions that change what somebody may do, as far as they are tried.
const CHANGING: &[&str] = &[
    "iam:UpdateAssumeRolePolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:PutUserPolicy",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:AttachUserPolicy",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AddUserToGroup",
];

pub(super) fn call(caller: &Holding, step: &Step) -> Call {
    let caller = match &step.operation {
        Operation::Event(_) => None,
        Operation::Sts(_)
        | Operation::Pass(_)
        | Operation::Policy(_)
        | Operation::Account(_)
        | Operation::Directory(_)
        | Operation::Request(_) => Some(caller.arn().to_owned()),
    };
    Call { caller, step: step.clone() }
}

/// The path to a place.
fn path(visited: &[Visited], position: usize) -> Path {
    let mut places = Vec::new();
    let mut at = Some(position);
    while let Some(place) = at.and_then(|position| visited.get(position)) {
        places.push(place);
        at = place.before;
    }
    places.reverse();
    let mut calls = Vec::new();
    let from = match places.first() {
        Some(Visited { provider: Some(provider), steps, .. }) => {
            let caller = Some(provider.clone());
            calls.extend(steps.iter().map(|step| Call { caller: caller.clone(), step: step.clone() }));
            provider.clone()
        }
        Some(place) => place.node.holding.arn().to_owned(),
        None => String::new(),
    };
    for pair in places.windows(2) {
        if let [before, place] = pair {
            calls.extend(place.steps.iter().map(|step| call(&before.node.holding, step)));
        }
    }
    Path { from, calls, service: places.last().and_then(|place| place.service) }
}
