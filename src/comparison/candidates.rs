//! Candidates: concrete requests that are likely to tell a document from others, made of its own patterns and tried on it beforehand.
//!
//! Of two documents at random one nearly always allows a request that the other doesn't, and mostly a dull instance of its first pattern
//! shows it. So each document is prepared once: its *grants* are requests that it allows, one or more for each action and each resource
//! of its Allow statements; its *holes* are requests that it refuses although something in it speaks of them: instances of its Denies, of
//! what its NotAction and NotResource leave out, and of its Allows in contexts that fail their conditions. "Does A allow what B
//! doesn't?" is then asked of the evaluator: B about the grants of A, and A about the holes of B. About a hundred
//! nanoseconds each; what no candidate settles is left to the solver.

use std::sync::OnceLock;

use super::callers::callers;
use super::filling::{self, Filling};
use super::legality::{Legality, legality};
use super::scene::{Cast, Scene, scenes};
use super::surroundings::plain_caller;
use crate::evaluator::{CompiledSet, Question};
use crate::iam::pattern::Token;
use crate::iam::policy::{Policy, Selection, Statement, Version};
use crate::iam::request::{Caller, Credential, CredentialKind, Request, ResourcePolicyMark, Validity};
use crate::solver::Limits;

/// A concrete request; its caller and context are those of a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) action: String,
    pub(super) resource: String,
    /// The position of the scene in [`Candidates::scenes`].
    pub(super) scene: usize,
    /// Whether it is a request that can be made, once somebody asked.
    legality: OnceLock<Legality>,
}

/// The credential of requests that comparisons make up.
const CREDENTIAL: Credential = Credential { kind: CredentialKind::LongTerm, validity: Validity::Current };

/// The candidates of one document.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    cast: Cast,
    pub(super) scenes: Vec<Scene>,
    /// Requests that the document allows, likely ones first.
    pub(super) grants: Vec<Candidate>,
    /// Requests that it refuses.
    pub(super) holes: Vec<Candidate>,
}

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breadth {
    /// What settles nearly all questions: some cells of each statement, and a few scenes.
    Quick,
    /// All cells where they are not too many, and all scenes.
    Thorough,
}

impl Breadth {
    /// How many requests a statement of a document with so many statements may have in one scene.
    fn requests(self, statements: usize) -> usize {
        match self {
            Breadth::Quick => (256 / statements.max(1)).clamp(6, 64),
            Breadth::Thorough => 6_000,
        }
    }

    /// How many scenes there may be in which the conditions of one statement hold, and how many in which they do not.
    pub(super) fn scenes(self) -> usize {
        match self {
            Breadth::Quick => 4,
            Breadth::Thorough => 24,
        }
    }

    /// How many listed values of one key are looked at.
    pub(super) fn values(self) -> usize {
        match self {
            Breadth::Quick => 3,
            Breadth::Thorough => 12,
        }
    }
}

impl Candidates {
    /// The candidates that a document brings to mind, judged by a document, which may be another: `policy` can be a part of what was compiled.
    pub(super) fn of(policy: &Policy, compiled: &CompiledSet, cast: Cast, breadth: Breadth) -> Candidates {
        let mut making = Making {
            policy,
            compiled,
            cast,
            breadth,
            candidates: Candidates { cast, scenes: Vec::new(), grants: Vec::new(), holes: Vec::new() },
        };
        let mut grants = Vec::new();
        let mut holes = Vec::new();
        for statement in &policy.statements {
            let (granting, missing) = making.statement(statement);
            grants.push(granting);
            holes.push(missing);
        }
        Candidates { grants: in_turn(grants), holes: in_turn(holes), ..making.candidates }
    }

    /// The candidate as the evaluator is asked about it.
    pub(super) fn question<'c>(&'c self, candidate: &'c Candidate) -> Option<Question<'c>> {
        let Scene { caller, context } = self.scenes.get(candidate.scene)?;
        let Candidate { action, resource, .. } = candidate;
        Some(Question { action, resource, caller, context })
    }

    /// The candidate as a request.
    pub(super) fn request(&self, candidate: &Candidate) -> Option<Request> {
        let Scene { caller, context } = self.scenes.get(candidate.scene)?;
        Some(Request {
            caller: match self.cast {
                Cast::Nobody => plain_caller(context),
                Cast::Caller => caller.clone(),
            },
            credential: CREDENTIAL,
            action: candidate.action.clone(),
            resource: candidate.resource.clone(),
            resource_account: None,
            resource_policy_mark: ResourcePolicyMark::Unmarked,
            context: context.clone(),
        })
    }

    /// Whether the candidate is a request that can be made; the model is asked once.
    pub(super) fn is_legal(&self, candidate: &Candidate, limits: Limits) -> bool {
        let legality = candidate.legality.get_or_init(|| match self.request(candidate) {
            Some(request) => legality(&request, self.cast, limits),
            None => Legality::Illegal,
        });
        *legality == Legality::Legal
    }
}

struct Making<'p> {
    policy: &'p Policy,
    compiled: &'p CompiledSet,
    cast: Cast,
    breadth: Breadth,
    candidates: Candidates,
}

/// The patterns that a statement, or what it leaves out, is tried with.
struct Texts {
    actions: Vec<String>,
    resources: Vec<String>,
}

impl Making<'_> {
    /// Grants and holes of a statement.
    fn statement(&mut self, statement: &Statement) -> (Vec<Candidate>, Vec<Candidate>) {
        let (mut grants, mut holes) = (Vec::new(), Vec::new());
        for caller in self.callers(statement) {
            let found = scenes(statement, self.policy.version, &caller, self.cast, self.breadth);
            let mut holding = found.holding.into_iter();
            let Some(first) = holding.next() else { continue };
            let inside = self.inside(statement, &first);
            let outside = self.outside(statement, &first);
            let scene = self.add(first);
            let most = self.breadth.requests(self.policy.statements.len());
            let mut tried = cells(&inside, scene, most);
            for variant in holding.chain(found.failing) {
                let scene = self.add(variant);
                tried.extend(cells(&inside, scene, 2));
            }
            tried.extend(cells(&outside, scene, most));
            for candidate in tried {
                if self.is_allowed(&candidate) {
                    grants.push(candidate);
                } else {
                    holes.push(candidate);
                }
            }
        }
        (grants, holes)
    }

    fn callers(&self, statement: &Statement) -> Vec<Caller> {
        match self.cast {
            Cast::Nobody => callers(None),
            Cast::Caller => callers(statement.principal.as_ref()),
        }
    }

    fn add(&mut self, scene: Scene) -> usize {
        self.candidates.scenes.push(scene);
        self.candidates.scenes.len() - 1
    }

    fn is_allowed(&self, candidate: &Candidate) -> bool {
        self.candidates.question(candidate).is_some_and(|question| self.compiled.allows(&question))
    }

    /// Texts that the statement speaks of.
    fn inside(&self, statement: &Statement, scene: &Scene) -> Texts {
        let actions = match &statement.action {
            Selection::Only(patterns) => action_instances(patterns),
            Selection::AllExcept(_) => vec!["x:x".to_owned()],
        };
        let service = service_of(&statement.action);
        let resources = match &statement.resource {
            Some(Selection::Only(patterns)) => {
                resource_instances(patterns, self.policy.version, service, scene)
            }
            Some(Selection::AllExcept(_)) => vec![filling::plain_resource(service), "*".to_owned()],
            None => vec![ROLE.to_owned()],
        };
        Texts { actions, resources }
    }

    /// Texts that its NotAction or NotResource leaves out.
    fn outside(&self, statement: &Statement, scene: &Scene) -> Texts {
        let inside = self.inside(statement, scene);
        let actions = match &statement.action {
            Selection::Only(_) => None,
            Selection::AllExcept(patterns) => Some(action_instances(patterns)),
        };
        let resources = match &statement.resource {
            Some(Selection::AllExcept(patterns)) => {
                let service = service_of(&statement.action);
                Some(resource_instances(patterns, self.policy.version, service, scene))
            }
            Some(Selection::Only(_)) | None => None,
        };
        match (actions, resources) {
            (None, None) => Texts { actions: Vec::new(), resources: Vec::new() },
            (Some(actions), None) => Texts { actions, resources: inside.resources },
            (None, Some(resources)) => Texts { actions: inside.actions, resources },
            (Some(mut actions), Some(mut resources)) => {
                actions.extend(inside.actions);
                resources.extend(inside.resources);
                Texts { actions, resources }
            }
        }
    }
}

/// The resource of requests about a trust policy.
const ROLE: &str = "arn:aws:iam::111122223333:role/x";

/// The service of the first action that names one.
fn service_of(actions: &Selection<Vec<String>>) -> &str {
    let listed = match actions {
        Selection::Only(listed) => listed.as_slice(),
        Selection::AllExcept(_) => &[],
    };
    let services = listed.iter().filter_map(|pattern| pattern.split_once(':'));
    services.map(|(service, _)| service).find(|service| *service != "*").unwrap_or("x")
}

fn action_instances(patterns: &[String]) -> Vec<String> {
    let mut instances: Vec<String> = Vec::new();
    for filling in [Filling::Fresh, Filling::Empty] {
        let wild = |pattern: &&String| filling == Filling::Fresh || pattern.contains(['*', '?']);
        instances.extend(patterns.iter().filter(wild).map(|pattern| filling::action(pattern, filling)));
    }
    instances
}

fn resource_instances(patterns: &[String], version: Version, service: &str, scene: &Scene) -> Vec<String> {
    let tokens: Vec<Vec<Token>> = patterns.iter().map(|text| filling::tokens(text, version)).collect();
    let mut instances: Vec<String> = Vec::new();
    for filling in Filling::ALL {
        for tokens in &tokens {
            match filling::resource(tokens, filling, service, &scene.context) {
                Some(instance) if !instances.contains(&instance) => instances.push(instance),
                Some(_) | None => {}
            }
        }
    }
    instances
}

/// Pairs of an action and a resource, at most so many: all of them where they are few, else each action and each resource a few times.
fn cells(texts: &Texts, scene: usize, most: usize) -> Vec<Candidate> {
    /// Up to so many pairs are few.
    const FEW: usize = 100;
    /// How often the longer list is gone through where pairs are many.
    const ROUNDS: usize = 3;
    let Texts { actions, resources } = texts;
    let longer = actions.len().max(resources.len());
    let shorter = actions.len().min(resources.len());
    let rounds = if longer * shorter <= FEW { shorter } else { shorter.min(ROUNDS) };
    let pairs = spread(longer * rounds).filter_map(|position| {
        // The longer list begins anew in each round, the shorter one goes on: shifted by the round, no pair comes twice.
        let (along, across) = (position % longer, position % longer + position / longer);
        let (action, resource) = if longer == actions.len() { (along, across) } else { (across, along) };
        let action = actions.get(action % actions.len())?;
        let resource = resources.get(resource % resources.len())?;
        Some(Candidate {
            action: action.clone(),
            resource: resource.clone(),
            scene,
            legality: OnceLock::new(),
        })
    });
    pairs.take(most).collect()
}

/// The numbers below `count`, each once, neighbours far from each other: lists in policies are sorted by service, and a stride meets many of
/// them soon.
fn spread(count: usize) -> impl Iterator<Item = usize> {
    let coprime = |stride: &usize| greatest_common_divisor(*stride, count) == 1;
    // About the golden section, which leaves no large gap at any time.
    let stride = (count * 618 / 1000 + 1..).find(coprime).unwrap_or(1);
    (0..count).map(move |step| step * stride % count)
}

fn greatest_common_divisor(left: usize, right: usize) -> usize {
    if right == 0 { left } else { greatest_common_divisor(right, left % right) }
}

/// One of each list in turn, until all are empty.
fn in_turn(lists: Vec<Vec<Candidate>>) -> Vec<Candidate> {
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut merged = Vec::new();
    while !lists.is_empty() {
        lists.retain_mut(|list| list.next().map(|candidate| merged.push(candidate)).is_some());
    }
    merged
}
