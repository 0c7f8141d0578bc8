//! A run: questions to a program under test, from several workers with a process each, and every reply compared.
//!
//! **Why agreement is never assumed.** Each request ends in exactly one count: `agreed` only by an answer of the protocol to that very line that is the
//! expected one; else `unsupported`, `unknown`, `disagreed`, `failed` or `not_asked`. The counts add up to the requests, and a test holds
//! them to it.
//!
//! Questions are numbered, and what the workers found is put in the order of the numbers; so a program whose answers depend on nothing but the
//! line gives the same run whatever the number of workers.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::answer::{Answer, Comparison, Expected};
use super::command::CommandLine;
use super::question::{Origin, Question, Written};
use super::reference::{BuiltIn, Reference};
use super::respondent::Respondent;
use super::session::{Failure, Limits, Patience, Reply, Session};
use crate::crosscheck::coverage::Coverage;
use crate::crosscheck::stream::{Kind, Stream};
use crate::iam::assumption::Assumptions;
use crate::iam::request::Request;

/// What a run asks.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The seed of generated questions.
    pub seed: u64,
    /// How many questions are generated.
    pub cases: u64,
    /// How many requests a question has at the most.
    pub most_requests: usize,
    /// How many processes are kept busy; at least one.
    pub workers: usize,
    /// How much the program may misbehave.
    pub limits: Limits,
    /// What is assumed of open points.
    pub assumptions: Assumptions,
}

/// What a run takes notice of while it runs.
#[derive(Clone, Copy)]
pub struct Control<'c> {
    /// Set by whoever wants the run to end.
    pub stop: &'c AtomicBool,
    /// Told after each question.
    pub progress: &'c (dyn Fn() + Sync),
}

/// A request that the program answers otherwise.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// Which question of the run, and which request of it.
    pub place: (u64, usize),
    /// Where the question comes from.
    pub origin: Origin,
    /// The policies.
    pub policies: Written,
    /// The request.
    pub request: Request,
    /// What is right.
    pub expected: Expected,
    /// Under which assumptions.
    pub assumptions: Assumptions,
    /// What the program says.
    pub got: Answer,
}

/// How many decisions took how long.
#[derive(Clone, Copy, Debug, Default)]
pub struct Speed {
    /// The decisions.
    pub decisions: u64,
    /// The time.
    pub time: Duration,
}

impl Speed {
    /// Decisions in a second; `None` where nothing was timed.
    pub fn per_second(self) -> Option<f64> {
        (self.decisions > 0 && !self.time.is_zero()).then(|| self.decisions as f64 / self.time.as_secs_f64())
    }

    fn add(&mut self, decisions: u64, time: Duration) {
        self.decisions += decisions;
        self.time += time;
    }
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Questions asked.
    pub cases: u64,
    /// Their requests.
    pub requests: u64,
    /// Requests answered as expected.
    pub agreed: u64,
    /// Requests that the program passes on.
    pub unsupported: u64,
    /// Requests to which we have no answer ourselves.
    pub unknown: u64,
    /// Requests answered otherwise.
    pub disagreed: u64,
    /// Requests without answer because the program failed.
    pub failed: u64,
    /// Requests without answer because the run ended.
    pub not_asked: u64,
    /// The disagreements, the first [`MOST_KEPT`] of them.
    pub disagreements: Vec<Disagreement>,
    /// What the program did in place of answering.
    pub failures: Vec<Failure>,
    /// What took part.
    pub coverage: Coverage,
    /// The built-in evaluator: policies compiled, requests decided, on one core.
    pub ours: Speed,
    /// The program, from sending a line to having its answer, in one process; starts are left out.
    pub theirs: Speed,
    /// The end of what the program wrote to standard error.
    pub stderr: String,
    /// Which limit ended the run.
    pub given_up: Option<String>,
    /// Whether somebody ended it.
    pub interrupted: bool,
}

/// How many disagreements are kept to be explained; a program that is wrong everywhere must not fill the memory.
pub const MOST_KEPT: usize = 4_000;

/// Asks all written questions, then the generated ones.
pub fn run(
    command: &CommandLine,
    plan: &Plan,
    written: &[Question],
    reference: &dyn Reference,
    control: Control<'_>,
) -> Tally {
    let patience = Patience::new(plan.limits);
    let next = AtomicU64::new(0);
    let workers = plan.workers.max(1) as u64;
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let start = |number: u64| {
            let worker =
                Worker { command, plan, written, reference, control, patience: &patience, next: &next };
            scope.spawn(move || worker.work(number))
        };
        let started: Vec<_> = (0..workers).map(start).collect();
        started
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut whole = Tally::default();
    for tally in tallies {
        whole.add(tally);
    }
    whole.disagreements.sort_by_key(|disagreement| disagreement.place);
    whole.disagreements.truncate(MOST_KEPT);
    whole.given_up = patience.exhausted();
    whole.interrupted = control.stop.load(Ordering::Relaxed);
    whole
}

/// Asks questions of one respondent, who neither fails nor is stopped, until so many disagreements are found.
pub fn interview(
    questions: &[Question],
    enough: usize,
    respondent: &mut dyn Respondent,
    reference: &dyn Reference,
) -> Tally {
    let mut tally = Tally::default();
    for (number, question) in (0..).zip(questions) {
        if tally.disagreements.len() >= enough {
            break;
        }
        tally.ask(number, question.clone(), Assumptions::default(), reference, respondent);
    }
    tally
}

struct Worker<'r> {
    command: &'r CommandLine,
    plan: &'r Plan,
    written: &'r [Question],
    reference: &'r dyn Reference,
    control: Control<'r>,
    patience: &'r Patience,
    next: &'r AtomicU64,
}

impl Worker<'_> {
    fn work(&self, number: u64) -> Tally {
        let mut tally = Tally::default();
        let mut session = Session::new(self.command, self.patience, self.plan.seed ^ (number << 32));
        let stream = Stream::new(self.plan.seed, Kind::Mixed, self.plan.most_requests);
        let written = self.written.len() as u64;
        loop {
            if self.control.stop.load(Ordering::Relaxed) || self.patience.exhausted().is_some() {
                break;
            }
            let next = self.next.fetch_add(1, Ordering::Relaxed);
            if next >= written + self.plan.cases {
                break;
            }
            let question = match usize::try_from(next).ok().and_then(|next| self.written.get(next)) {
                Some(question) => Some(question.clone()),
                None => Question::generated(&stream, next - written),
            };
            if let Some(question) = question {
                tally.ask(next, question, self.plan.assumptions, self.reference, &mut session);
            }
            (self.control.progress)();
        }
        session.finish();
        tally.theirs.add(session.timed_requests, session.waited);
        tally.stderr = std::mem::take(&mut session.stderr);
        tally.failures = std::mem::take(&mut session.failures);
        tally
    }
}

impl Tally {
    fn ask(
        &mut self,
        number: u64,
        question: Question,
        assumptions: Assumptions,
        reference: &dyn Reference,
        respondent: &mut dyn Respondent,
    ) {
        let Question { origin, policies, requests, known } = question;
        self.cases += 1;
        self.requests += requests.len() as u64;
        let expected = self.expected(&policies, &requests, known, reference);
        let replies = respondent.ask(&policies, &requests);
        for (position, request) in requests.into_iter().enumerate() {
            let (Some(expected), Some(reply)) = (expected.get(position), replies.get(position)) else {
                // A reference without an answer knows none, and a session has a reply for each request.
                self.unknown += 1;
                continue;
            };
            let got = match reply {
                Reply::Failed => {
                    self.failed += 1;
                    continue;
                }
                Reply::NotAsked => {
                    self.not_asked += 1;
                    continue;
                }
                Reply::Answered(got) => got,
            };
            match expected.compare(got) {
                Comparison::Agrees => self.agreed += 1,
                Comparison::Unsupported => self.unsupported += 1,
                Comparison::Unknown => self.unknown += 1,
                Comparison::Disagrees => {
                    self.disagreed += 1;
                    if self.disagreements.len() < MOST_KEPT {
                        self.disagreements.push(Disagreement {
                            place: (number, position),
                            origin: origin.clone(),
                            policies: policies.clone(),
                            request,
                            expected: expected.clone(),
                            assumptions,
                            got: got.clone(),
                        });
                    }
                }
            }
        }
    }

    fn expected(
        &mut self,
        policies: &Written,
        requests: &[Request],
        known: Option<Vec<Expected>>,
        reference: &dyn Reference,
    ) -> Vec<Expected> {
        let layers = match policies {
            Written::Refused { code, .. } => {
                return requests.iter().map(|_| Expected::Refused(*code)).collect();
            }
            Written::Layers(layers) | Written::Respelled { layers, .. } => layers,
        };
        let start = Instant::now();
        let ours = BuiltIn::default().expected(layers, requests, &mut Coverage::default());
        self.ours.add(ours.len() as u64, start.elapsed());
        known.unwrap_or_else(|| reference.expected(layers, requests, &mut self.coverage))
    }

    fn add(&mut self, other: Tally) {
        self.cases += other.cases;
        self.requests += other.requests;
        self.agreed += other.agreed;
        self.unsupported += other.unsupported;
        self.unknown += other.unknown;
        self.disagreed += other.disagreed;
        self.failed += other.failed;
        self.not_asked += other.not_asked;
        self.disagreements.extend(other.disagreements);
        self.failures.extend(other.failures);
        self.coverage.add(&other.coverage);
        self.ours.add(other.ours.decisions, other.ours.time);
        self.theirs.add(other.theirs.decisions, other.theirs.time);
        if self.stderr.is_empty() {
            self.stderr = other.stderr;
        }
    }
}
