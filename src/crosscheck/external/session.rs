//! Questions to a program under test, through whatever it does: a misbehaving process is ended, the input that caused it is found, and the rest
//! is asked of a fresh one.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::answer::{self, Answer};
use super::command::CommandLine;
use super::misbehaviour::Misbehaviour;
use super::program::Program;
use crate::corpus::write::Unanswered;
use crate::iam::request::Request;

/// How much a program may misbehave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a line may take, the start of a fresh process included.
    pub line: Duration,
    /// How often, in a run, a process may misbehave before the run ends.
    pub misbehaviours: usize,
    /// How many of these may be timeouts, each of which costs the time of a line.
    pub timeouts: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { line: Duration::from_secs(10), misbehaviours: 200, timeouts: 20 }
    }
}

/// What is left of the limits, shared by the workers of a run.
#[derive(Debug)]
pub struct Patience {
    limits: Limits,
    misbehaviours: AtomicUsize,
    timeouts: AtomicUsize,
    has_answered: AtomicBool,
}

/// How often a program may misbehave that has not answered a single line yet: one that prints a banner, or cannot be started, never will.
const MOST_BEFORE_ANY_ANSWER: usize = 20;

impl Patience {
    /// All of it.
    pub fn new(limits: Limits) -> Patience {
        Patience {
            limits,
            misbehaviours: AtomicUsize::new(0),
            timeouts: AtomicUsize::new(0),
            has_answered: AtomicBool::new(false),
        }
    }

    /// Which limit is reached, in a sentence.
    pub fn exhausted(&self) -> Option<String> {
        let Limits { misbehaviours, timeouts, .. } = self.limits;
        if self.timeouts.load(Ordering::Relaxed) >= timeouts {
            Some(format!("the evaluator was too slow {timeouts} times, and was given up"))
        } else if self.misbehaviours.load(Ordering::Relaxed) >= misbehaviours {
            Some(format!("the evaluator failed {misbehaviours} times, and was given up"))
        } else if !self.has_answered.load(Ordering::Relaxed)
            && self.misbehaviours.load(Ordering::Relaxed) >= MOST_BEFORE_ANY_ANSWER
        {
            Some(format!(
                "the evaluator failed {MOST_BEFORE_ANY_ANSWER} times, answered not a single line, and was given up"
            ))
        } else {
            None
        }
    }

    fn spend(&self, misbehaviour: &Misbehaviour) {
        self.misbehaviours.fetch_add(1, Ordering::Relaxed);
        if matches!(misbehaviour, Misbehaviour::TimedOut { .. }) {
            self.timeouts.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A misbehaviour and the input that caused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What it did.
    pub misbehaviour: Misbehaviour,
    /// The smallest line after which it was seen, as it was sent.
    pub input: String,
    /// How many requests got no answer by it.
    pub requests: usize,
    /// Whether it came again when the parts of the line were asked alone.
    pub recurrence: Recurrence,
    /// The end of what the program wrote to standard error.
    pub stderr: String,
}

/// Whether a fresh process showed a misbehaviour again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recurrence {
    /// The input cannot be made smaller.
    Smallest,
    /// The whole line failed, its halves did not.
    NotInParts,
}

/// What a request got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer.
    Answered(Answer),
    /// None: the program failed.
    Failed,
    /// None: the run ended before.
    NotAsked,
}

/// One process after the other, as far as patience lasts.
#[derive(Debug)]
pub struct Session<'c> {
    command: &'c CommandLine,
    patience: &'c Patience,
    program: Option<Program>,
    /// The state from which ids come.
    ids: u64,
    last_line: Option<String>,
    /// What was seen so far, in order.
    pub failures: Vec<Failure>,
    /// The time spent on waiting for answers, starts of processes left out.
    pub waited: Duration,
    /// Requests answered within that time.
    pub timed_requests: u64,
    /// The end of what the last processes wrote to standard error.
    pub stderr: String,
}

impl<'c> Session<'c> {
    /// A session without a process yet. Sessions of one run have different numbers.
    pub fn new(command: &'c CommandLine, patience: &'c Patience, number: u64) -> Session<'c> {
        Session {
            command,
            patience,
            program: None,
            ids: number,
            last_line: None,
            failures: Vec::new(),
            waited: Duration::ZERO,
            timed_requests: 0,
            stderr: String::new(),
        }
    }

    /// Asks for decisions; one reply for each request.
    pub fn ask(&mut self, policies: &str, requests: &[Request]) -> Vec<Reply> {
        // Writing to memory fails only where a map key is no string, and all of ours are.
        let written: Vec<String> = requests
            .iter()
            .map(|request| serde_json::to_string(&Unanswered(request)).unwrap_or_default())
            .collect();
        self.replies(policies, &written)
    }

    fn replies(&mut self, policies: &str, requests: &[String]) -> Vec<Reply> {
        if self.patience.exhausted().is_some() {
            return vec![Reply::NotAsked; requests.len()];
        }
        let id = self.next_id();
        let line = format!(r#"{{"id":{id},"policies":{policies},"requests":[{}]}}"#, requests.join(","));
        let misbehaviour = match self.exchange(&line, id, requests.len()) {
            Ok(answers) => return answers.into_iter().map(Reply::Answered).collect(),
            Err(misbehaviour) => misbehaviour,
        };
        self.patience.spend(&misbehaviour);
        let stderr = self.retire();
        let mut failure = Failure {
            misbehaviour,
            input: line,
            requests: requests.len(),
            recurrence: Recurrence::Smallest,
            stderr,
        };
        let (first, second) = requests.split_at(requests.len() / 2);
        if first.is_empty() || self.patience.exhausted().is_some() {
            self.failures.push(failure);
            return vec![Reply::Failed; requests.len()];
        }
        let before = self.failures.len();
        let mut replies = self.replies(policies, first);
        replies.extend(self.replies(policies, second));
        if self.failures.len() == before {
            // It was seen, and must not be forgotten because it does not come again. All requests have their answers by now.
            failure.recurrence = Recurrence::NotInParts;
            failure.requests = 0;
            self.failures.push(failure);
        }
        replies
    }

    fn exchange(&mut self, line: &str, id: u64, count: usize) -> Result<Vec<Answer>, Misbehaviour> {
        let is_fresh = self.program.is_none();
        let program = match &mut self.program {
            Some(program) => program,
            None => self.program.insert(Program::start(self.command)?),
        };
        let mut bytes = Vec::with_capacity(line.len() + 1);
        bytes.extend_from_slice(line.as_bytes());
        bytes.push(b'\n');
        let start = Instant::now();
        let answered = program.ask(bytes, self.patience.limits.line)?;
        if !is_fresh {
            self.waited += start.elapsed();
            self.timed_requests += count as u64;
        }
        let answers = answer::read(&answered, id, count)?;
        self.patience.has_answered.store(true, Ordering::Relaxed);
        self.last_line = Some(line.to_owned());
        Ok(answers)
    }

    /// Ends the process.
    fn retire(&mut self) -> String {
        let stderr = self.program.take().map(|program| program.standard_error()).unwrap_or_default();
        if !stderr.is_empty() {
            self.stderr.clone_from(&stderr);
        }
        stderr
    }

    /// Ends the session: the program is told that no more comes, and what it says then is one more failure.
    pub fn finish(&mut self) {
        let Some(program) = self.program.take() else { return };
        let stderr = program.standard_error();
        if !stderr.is_empty() {
            self.stderr.clone_from(&stderr);
        }
        if let Err(misbehaviour) = program.finish(self.patience.limits.line) {
            self.patience.spend(&misbehaviour);
            self.failures.push(Failure {
                misbehaviour,
                input: self.last_line.take().unwrap_or_default(),
                requests: 0,
                recurrence: Recurrence::Smallest,
                stderr,
            });
        }
    }

    /// A number that the program cannot foresee from those before, so that no answer fits a line which was not read.
    fn next_id(&mut self) -> u64 {
        // SplitMix64 (Steele, Lea, Flood 2014); 53 bits, which a double holds exactly.
        self.ids = self.ids.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.ids;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) >> 11
    }
}
