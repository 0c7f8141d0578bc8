//! The tempting statements of section 9.11 about traces, each refuted by a trace that the interpreter carries out.
//!
//! Where the relation of sessions covers the statement, the solver finds the trace, a shortest one ([`crate::search`]). The others are about
//! policies as objects and roles that are handed over: their traces are written, cases of `corpus/cited/`, and count as a refutation only if
//! both readings take every step as it is written there.

use crate::corpus::read::{Citation, read};
use crate::corpus::steps::{Expectation, Expected, ExpectedStep};
use crate::corpus::{Case, Question};
use crate::crosscheck::trace;
use crate::evaluator::Reading;
use crate::iam::context::Context;
use crate::iam::decision::Decision;
use crate::iam::document::Strictness;
use crate::iam::operation::{Credentials, Operation, ServiceRequest, Step};
use crate::iam::world::World;
use crate::invariants::catalog::{Expected as Standing, Kind, Law};
use crate::invariants::known::{Counterexample, Scope, Verdict, Way};
use crate::model::bounded::{Begin, Goal, OwnRelation, Relation, Which};
use crate::search::{Parties, Replayed, Search, Verdict as Found};
use crate::solver::Limits;

const fn tempting(id: &'static str, statement: &'static str) -> Law {
    Law { id, statement, kind: Kind::Trace, expected: Standing::Refuted }
}

/// The tempting statements of section 9.11 that traces refute, and one more about the profile `aws`.
pub const FALSE_STATEMENTS_OF_TRACES: &[Law] = &[
    tempting("F-20", "A chained session ends before its parent."),
    tempting("F-22", "Deleting and recreating a role keeps access given to it by bucket policies."),
    tempting("F-23", "Denying iam:SetDefaultPolicyVersion freezes a policy."),
    tempting("F-25", "Removing iam:PassRole stops a service that already uses the role."),
    tempting("F-hour-aws", "Under the profile aws every session lasts an hour or less."),
];

/// The world in which the solver looks for traces.
const WORLD: &str = include_str!("world.json");
const RECREATED: &str =
    include_str!("../../../corpus/cited/false-statements/F-22-recreating-a-role-keeps-access.json");
const FROZEN: &str =
    include_str!("../../../corpus/cited/false-statements/F-23-denying-the-switch-freezes-a-policy.json");
const PASSED: &str =
    include_str!("../../../corpus/cited/false-statements/F-25-removing-passrole-stops-the-service.json");

/// The most steps of a trace that the solver looks for.
const BOUND: usize = 3;
const HOUR: i64 = 3_600;

/// Who finds traces and who takes them.
#[derive(Clone, Copy)]
pub struct Takers<'t> {
    /// The relation of sessions.
    pub relation: &'t dyn Relation,
    /// How the interpreter reads policies and operations.
    pub reading: Reading,
    /// How much the solver may try.
    pub limits: Limits,
}

impl Takers<'_> {
    /// The model's own relation, and the interpreter in this reading.
    pub fn own(reading: Reading, limits: Limits) -> Takers<'static> {
        Takers { relation: &OwnRelation, reading, limits }
    }
}

/// How a false statement about traces is refuted; `None` where its law is not one of these.
pub fn refute(id: &str, takers: Takers<'_>) -> Option<Way> {
    let outlives = [Goal::Outlives];
    let roles = Goal::Lasts { longer_than: HOUR, which: Which::Roles };
    let longer = [roles, Goal::Lasts { longer_than: HOUR, which: Which::Any }];
    let way = match id {
        "F-11" => found(&[Goal::LosesMfa], takers, &|replayed| refused_afterwards(replayed, takers.reading)),
        "F-20" => found(&outlives, takers, &|_| Ok(String::new())),
        "F-22" => written(RECREATED, takers.reading),
        "F-23" => written(FROZEN, takers.reading),
        "F-25" => written(PASSED, takers.reading),
        "F-hour-aws" => found(&longer, takers, &|_| Ok(String::new())),
        _ => return None,
    };
    Some(way)
}

/// Has the solver find a shortest trace to each goal. What else must be shown of each is said by `also`, with words for it.
fn found(goals: &[Goal], takers: Takers<'_>, also: &dyn Fn(&Replayed) -> Result<String, String>) -> Way {
    let done = format!(
        "the solver looked for a shortest trace of at most {BOUND} steps, and the interpreter took it"
    );
    let refuted = || {
        let (world, _) = case(WORLD)?;
        let mut told = Vec::new();
        for goal in goals {
            let search = Search {
                world: &world,
                goal,
                bound: BOUND,
                begin: &Begin::Anybody,
                parties: Parties { relation: takers.relation, reading: takers.reading },
                limits: takers.limits,
            };
            let answer = search.run().map_err(|unusable| format!("{unusable:?}"))?;
            match answer.verdict {
                Found::Reached(replayed) => {
                    let more = also(&replayed)?;
                    told.push(format!("{}{more}", in_words(&replayed.steps, &replayed.worlds)));
                }
                Found::NotWithinBound => return Ok(None),
                Found::Unknown(why) | Found::Defect(why) => return Err(why),
            }
        }
        Ok(Some(told.join("; and again: ")))
    };
    let verdict = match refuted() {
        Ok(Some(example)) => Verdict::Refuted(Counterexample::Example(example)),
        Ok(None) => Verdict::Sampled,
        Err(why) => Verdict::Unknown(why),
    };
    Way { scope: Scope::UpTo(BOUND), verdict, done }
}

/// A written trace, the text of a case: a refutation if both readings take every step as it is written.
pub fn written(text: &str, reading: Reading) -> Way {
    let done = "a written trace, every step of which both readings take as it says".to_owned();
    let verdict = match case(text) {
        Err(why) => Verdict::Unknown(why),
        Ok((world, steps)) => {
            let run = trace::run(&world, &steps, reading);
            let taken = run.steps.iter().filter_map(|step| step.taken.as_ref().ok());
            let worlds: Vec<World> = taken.map(|taken| taken.world.clone()).collect();
            if run.is_expected(&steps) && run.modelled() == steps.len() {
                Verdict::Refuted(Counterexample::Example(in_words(&steps, &worlds)))
            } else {
                Verdict::Unknown("a reading takes the trace otherwise than it is written".to_owned())
            }
        }
    };
    Way { scope: Scope::AllTraces, verdict, done }
}

/// A request that asks for MFA is refused to the session with which the trace ends, say both readings.
fn refused_afterwards(replayed: &Replayed, reading: Reading) -> Result<String, String> {
    let (world, _) = case(WORLD)?;
    let last = replayed.steps.last().ok_or("the trace has no steps")?;
    let name = last.step.name.clone().ok_or("the trace issues nothing")?;
    let request = ServiceRequest {
        action: "s3:GetObject".to_owned(),
        resource: "arn:aws:s3:::ledger/2024".to_owned(),
        resource_account: None,
    };
    let step = Step {
        time: last.step.time,
        credentials: Credentials::Session(name),
        operation: Operation::Request(request),
        context: Context::new(),
        endpoint: None,
        name: None,
    };
    let expectation = Expectation::Denied(Decision::ImplicitDeny);
    let expected = Expected { expectation, reason: None, result: Vec::new(), consultations: None };
    let mut steps = replayed.steps.clone();
    steps.push(ExpectedStep { step, expected, because: None });
    if trace::run(&world, &steps, reading).is_expected(&steps) {
        Ok(", which is refused s3:GetObject where it asks for MFA".to_owned())
    } else {
        Err("a request that asks for MFA is not refused to the session".to_owned())
    }
}

/// The world and the steps of a case.
fn case(text: &str) -> Result<(World, Vec<ExpectedStep>), String> {
    match read(text.as_bytes(), Citation::Optional, Strictness::Strict) {
        Ok(Case { question: Question::Trace { world, steps }, .. }) => Ok((*world, steps)),
        Ok(Case { question: Question::Decisions { .. } | Question::Grammar { .. }, .. }) => {
            Err("the case has no steps".to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// A trace in words, for people who want to see it on a few lines.
fn in_words(steps: &[ExpectedStep], worlds: &[World]) -> String {
    let told = steps.iter().zip(worlds).map(|(ExpectedStep { step, expected, .. }, world)| {
        let who = match &step.credentials {
            Credentials::User { arn, .. } => arn.rsplit('/').next().unwrap_or(arn).to_owned(),
            Credentials::Root { .. } => "root".to_owned(),
            Credentials::Session(name) => format!("`{name}`"),
            Credentials::Service(name) => name.clone(),
            Credentials::Foreign(_) | Credentials::None => "nobody".to_owned(),
        };
        let call = crate::model::bounded::told(&step.operation);
        let came = match step.name.as_ref().and_then(|name| Some((name, world.sessions.get(name)?))) {
            Some((name, session)) => {
                let seconds = session.expires.epoch_seconds() - session.issued.epoch_seconds();
                format!("`{name}` for {seconds} seconds, until {}", session.expires)
            }
            None => expected.expectation.name().to_owned(),
        };
        format!("at {} {who} calls {} on {}: {came}", step.time, call.0, call.1)
    });
    told.collect::<Vec<_>>().join("; ")
}
