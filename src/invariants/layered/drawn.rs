//! Laws of layers on worlds drawn by chance: each is held to the evaluator and, on a part of the worlds, to the model.
//!
//! The facts that a law speaks of are those that the evaluator tells by the rules ([`Evaluator::explain`]). So where a mistake is planted in the
//! decisions, the facts do not go wrong with them.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestError};

use super::arrangement::Side;
use super::fact::{Callers, Fact};
use super::{Stated, stated};
use crate::evaluator::{Evaluator, Explanation, GrantKind, PolicyKind, Reading, SetFinding, Stage};
use crate::generators::requests;
use crate::generators::worlds::{self, World};
use crate::iam::decision::Reason;
use crate::iam::layers::{Layer, Layers};
use crate::iam::policy::{Effect, Policy, Selection};
use crate::iam::request::{Caller, Request};
use crate::invariants::catalog::Law;
use crate::invariants::claim::Answered;
use crate::invariants::given::counted;
use crate::invariants::known::{Counterexample, Found, Scope, Verdict, Way, Witness};
use crate::invariants::readings::Readings;
use crate::invariants::sampled::{Asking, Samples, runner};
use crate::model::modelled::Modelled;

/// Worlds are quickly asked, and premises of these laws are rarer than those of sets: so more are drawn.
const WORLDS_A_SET: u32 = 8;

/// The model is asked of one world in so many.
const ASKED_OF_THE_MODEL: usize = 16;

/// What samples say of a law of layers; `None` where it is none.
pub fn sample(law: &Law, readings: Readings<'_>, samples: Samples) -> Option<Way> {
    let stated = stated(law.id)?;
    let count = RefCell::new(Count::default());
    let unknown = RefCell::new(None);
    let callers: Vec<Caller> =
        requests::callers().into_iter().filter(|caller| stated.callers.include(caller)).collect();
    let drawn = worlds::world_of(prop::sample::select(callers), samples.requests);
    let mut runner = runner(law, samples.sets.saturating_mul(WORLDS_A_SET), samples.seed);
    let outcome = runner.run(&drawn, |world| {
        match tried(&stated, &world, readings, samples.asking, &mut count.borrow_mut()) {
            Ok(None) => Ok(()),
            Ok(Some(witness)) => Err(TestCaseError::fail(witness.about)),
            Err(reason) => {
                unknown.borrow_mut().get_or_insert(reason);
                Ok(())
            }
        }
    });
    let count = count.into_inner();
    let verdict = match outcome {
        Err(TestError::Fail(_, world)) => {
            match tried(&stated, &world, readings, samples.asking, &mut Count::default()) {
                Ok(Some(witness)) => Verdict::Refuted(Counterexample::Request(Box::new(witness))),
                Ok(None) | Err(_) => Verdict::Unknown("a failing sample did not fail again".to_owned()),
            }
        }
        Err(TestError::Abort(reason)) => Verdict::Unknown(reason.to_string()),
        Ok(()) => match unknown.into_inner() {
            Some(reason) => Verdict::Unknown(reason),
            None if count.met == 0 => Verdict::Vacuous,
            None => Verdict::Sampled,
        },
    };
    Some(Way { scope: Scope::Sampled, verdict, done: count.done() })
}

/// What was tried.
#[derive(Clone, Debug, Default)]
struct Count {
    worlds: usize,
    trials: usize,
    met: usize,
    by_model: usize,
}

impl Count {
    fn done(&self) -> String {
        format!(
            "{}, {}, {} of which meet the premise; {} of these put to the model too",
            counted(self.worlds, "random world"),
            counted(self.trials, "request"),
            self.met,
            self.by_model,
        )
    }
}

/// Tries one world.
///
/// # Errors
///
/// What a reading cannot read, in words.
fn tried(
    stated: &Stated,
    world: &World,
    readings: Readings<'_>,
    asking: Asking,
    count: &mut Count,
) -> Result<Option<Witness>, String> {
    let Some(caller) = world.requests.first().map(|request| &request.caller) else { return Ok(None) };
    let arranged: Vec<Layers> =
        stated.sides.iter().map(|side| side.arrangement.of(&world.layers, caller)).collect();
    let facts = Facts::of(&world.layers, Reading::assuming(readings.assumptions))?;
    let compile = |layers: &Layers| {
        Evaluator::compile_with(&readings.taken_layers(layers), readings.evaluator)
            .map_err(|error| error.to_string())
    };
    let evaluators = arranged.iter().map(compile).collect::<Result<Vec<Evaluator>, String>>()?;
    let models_turn = asking == Asking::Both && count.worlds.is_multiple_of(ASKED_OF_THE_MODEL);
    count.worlds += 1;
    for request in &world.requests {
        count.trials += 1;
        let explained = facts.evaluator.explain(request);
        let holds = |fact: &Fact| facts.holds(*fact, request, &explained);
        let Some(answers) = answers(&stated.sides, request, |side, request| {
            evaluators.get(side).map(|evaluator| evaluator.decide(request))
        }) else {
            continue;
        };
        if !stated.premise.holds_given(&answers, &holds) {
            continue;
        }
        count.met += 1;
        if !stated.conclusion.holds_given(&answers, &holds) {
            return Ok(Some(witness(&arranged, &answers, request, Found::ByTheEvaluator)));
        }
        if !models_turn {
            continue;
        }
        count.by_model += 1;
        let answers = modelled(&stated.sides, &arranged, readings, request)?;
        if !stated.conclusion.holds_given(&answers, &holds) {
            return Ok(Some(witness(&arranged, &answers, request, Found::ByTheModelAlone)));
        }
    }
    Ok(None)
}

/// What the sides answer; `None` where one cannot be asked about the request.
fn answers(
    sides: &[Side],
    request: &Request,
    decide: impl Fn(usize, &Request) -> Option<Reason>,
) -> Option<Vec<Answered>> {
    let one = |(position, side): (usize, &Side)| {
        let request = side.asked.request(request)?;
        decide(position, &request).map(|reason| Answered::from(reason.decision()))
    };
    sides.iter().enumerate().map(one).collect()
}

/// What the model answers of the sides.
fn modelled(
    sides: &[Side],
    arranged: &[Layers],
    readings: Readings<'_>,
    request: &Request,
) -> Result<Vec<Answered>, String> {
    let one = |(side, layers): (&Side, &Layers)| {
        let request = side.asked.request(request).unwrap_or_else(|| request.clone());
        let mut model = Modelled::assuming(&readings.taken_layers(layers), readings.assumptions)
            .map_err(|problem| problem.to_string())?;
        let answer = model.answer(&request).map_err(|problem| problem.to_string())?;
        Ok(Answered::from(answer.reason.decision()))
    };
    sides.iter().zip(arranged).map(one).collect()
}

fn witness(arranged: &[Layers], answers: &[Answered], request: &Request, found: Found) -> Witness {
    let sides = arranged.iter().cloned().zip(answers.iter().map(|answer| answer.name()));
    Witness { about: "a random world".to_owned(), sides: sides.collect(), request: request.clone(), found }
}

/// The given layers, as far as facts are told of them.
struct Facts<'w> {
    layers: &'w Layers,
    /// The layers, with a level of SCPs and of RCPs that says nothing where there is none: so that it can be asked whether levels would bind.
    evaluator: Evaluator,
}

impl Facts<'_> {
    fn of(layers: &Layers, reading: Reading) -> Result<Facts<'_>, String> {
        let levels = |given: &Option<Vec<Vec<Policy>>>| Some(given.clone().unwrap_or(vec![Vec::new()]));
        let asked = Layers { scps: levels(&layers.scps), rcps: levels(&layers.rcps), ..layers.clone() };
        let evaluator = Evaluator::compile_with(&asked, reading).map_err(|error| error.to_string())?;
        Ok(Facts { layers, evaluator })
    }

    fn holds(&self, fact: Fact, request: &Request, explained: &Explanation) -> bool {
        let findings = &explained.findings;
        match fact {
            Fact::Caller(callers) => callers.include(&request.caller),
            Fact::PoliciesDecide => explained.stage == Stage::Policies,
            Fact::OtherPartition => explained.stage == Stage::Partition,
            Fact::SameAccount => findings.same_account,
            Fact::PolicyRequired => findings.policy_required,
            Fact::Grants(kind) => findings.grants.any_of(&[kind]),
            Fact::GrantsFitTheCaller => findings.grants.kinds().all(|kind| fits(kind, &request.caller)),
            Fact::Given(kind) => self.is_given(kind),
            Fact::Binds(kind) => sets(explained, kind).any(|set| set.applies),
            Fact::Says(kind, _) if !self.is_given(kind) => false,
            Fact::Says(kind, Effect::Allow) => sets(explained, kind).all(|set| set.verdict.allow),
            Fact::Says(kind, Effect::Deny) => sets(explained, kind).any(|set| set.verdict.deny),
            Fact::FirstLevelSays(effect) => {
                let first = explained.sets.iter().find(|set| set.layer == Layer::Scp { level: 0 });
                first.is_some_and(|set| match effect {
                    Effect::Allow => set.verdict.allow,
                    Effect::Deny => set.verdict.deny,
                })
            }
            Fact::WithoutNotPrincipal => {
                !self.layers.documents().any(|(_, _, policy)| has_not_principal(policy))
            }
            Fact::SilentOnIssueTime => !self.layers.documents().any(|(_, _, policy)| asks_issue_time(policy)),
        }
    }

    fn is_given(&self, kind: PolicyKind) -> bool {
        match kind {
            PolicyKind::Identity => true,
            PolicyKind::Boundary => self.layers.boundary.is_some(),
            PolicyKind::Session => self.layers.session.is_some(),
            PolicyKind::Resource => self.layers.resource.is_some(),
            PolicyKind::Scp => self.layers.scps.is_some(),
            PolicyKind::Rcp => self.layers.rcps.is_some(),
            PolicyKind::Endpoint => self.layers.endpoint.is_some(),
        }
    }
}

/// What the sets of a kind of policy say.
fn sets(explained: &Explanation, kind: PolicyKind) -> impl Iterator<Item = &SetFinding> {
    explained.sets.iter().filter(move |set| {
        let of = match set.layer {
            Layer::Scp { .. } => PolicyKind::Scp,
            Layer::Rcp { .. } => PolicyKind::Rcp,
            Layer::Endpoint => PolicyKind::Endpoint,
            Layer::Resource => PolicyKind::Resource,
            Layer::Identity => PolicyKind::Identity,
            Layer::Boundary => PolicyKind::Boundary,
            Layer::Session => PolicyKind::Session,
        };
        of == kind
    })
}

/// The table of PRIN-2.
// Rule: PRIN-2.
fn fits(kind: GrantKind, caller: &Caller) -> bool {
    let callers = match kind {
        GrantKind::Star => Callers::Any,
        GrantKind::Account => Callers::OfAnAccount,
        GrantKind::User => Callers::User,
        GrantKind::Federating => Callers::FederatedByUser,
        GrantKind::Role | GrantKind::Session => Callers::RoleSession,
        GrantKind::FederatedUser => Callers::Federated,
        GrantKind::Service => Callers::Service,
        GrantKind::Provider => {
            return matches!(caller, Caller::Saml { .. } | Caller::WebIdentity { .. });
        }
    };
    callers.include(caller)
}

fn has_not_principal(policy: &Policy) -> bool {
    let excepts = |principal: &Selection<_>| matches!(principal, Selection::AllExcept(_));
    policy.statements.iter().any(|statement| statement.principal.as_ref().is_some_and(excepts))
}

fn asks_issue_time(policy: &Policy) -> bool {
    let names = |text: &str| text.to_ascii_lowercase().contains("aws:tokenissuetime");
    policy.statements.iter().any(|statement| {
        let resources = statement.resource.iter().flat_map(|selection| selection.listed());
        let values = statement.condition.iter().flat_map(|entry| &entry.values);
        let mut keys = statement.condition.iter().map(|entry| entry.key.spelling());
        resources.chain(values).any(|text| names(text)) || keys.any(names)
    })
}
