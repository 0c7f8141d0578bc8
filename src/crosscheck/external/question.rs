//! What a program is asked: policies, and requests to decide under them, with what is right for each.

use std::path::PathBuf;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRng, TestRunner};

use super::answer::Expected;
use super::broken;
use crate::corpus::fill::fill;
use crate::corpus::write::Policies;
use crate::corpus::{Case, Question as Asked};
use crate::evaluator::Evaluator;
use crate::generators::worlds::world;
use crate::iam::document::Code;
use crate::iam::layers::Layers;
use crate::iam::request::Request;

/// Policies and requests: what becomes one line of the protocol.
#[derive(Clone, Debug)]
pub struct Question {
    /// Where it comes from.
    pub origin: Origin,
    /// The policies.
    pub policies: Written,
    /// The requests.
    pub requests: Vec<Request>,
    /// What is right for each request, where the question brings it along.
    pub known: Option<Vec<Expected>>,
}

/// Where a question comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A written case.
    File(PathBuf),
    /// The world of this number, counted from 0, of the run's seed.
    Generated(u64),
}

/// The field `policies`.
#[derive(Clone, Debug)]
pub enum Written {
    /// Policies that say something.
    Layers(Box<Layers>),
    /// JSON in which a document is refused, with the code of its first error.
    Refused {
        /// The field as JSON.
        text: String,
        /// The code.
        code: Code,
    },
}

impl Written {
    /// The field as JSON.
    pub fn text(&self) -> String {
        match self {
            // Writing to memory fails only where a map key is no string, and all of ours are.
            Written::Layers(layers) => serde_json::to_string(&Policies(layers)).unwrap_or_default(),
            Written::Refused { text, .. } => text.clone(),
        }
    }
}

/// Whatever knows what is right: the evaluator, the model, or both where they agree.
pub trait Reference: Sync {
    /// What is right for each request, in their order.
    fn expected(&self, layers: &Layers, requests: &[Request]) -> Vec<Expected>;
}

/// The built-in evaluator as the one that knows.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltIn;

impl Reference for BuiltIn {
    fn expected(&self, layers: &Layers, requests: &[Request]) -> Vec<Expected> {
        match Evaluator::compile(layers) {
            Ok(evaluator) => requests
                .iter()
                .map(|request| {
                    let reason = evaluator.decide(request);
                    Expected::Decided(reason.decision(), Some(reason))
                })
                .collect(),
            Err(error) => requests.iter().map(|_| Expected::Unknown(error.to_string())).collect(),
        }
    }
}

impl Question {
    /// What is right for each request.
    pub fn expected(&self, reference: &dyn Reference) -> Vec<Expected> {
        if let Some(known) = &self.known {
            return known.clone();
        }
        match &self.policies {
            Written::Layers(layers) => reference.expected(layers, &self.requests),
            Written::Refused { code, .. } => self.requests.iter().map(|_| Expected::Refused(*code)).collect(),
        }
    }

    /// A written case, with the answers that it gives. A case of the grammar asks nothing that the protocol could carry.
    pub fn written(path: PathBuf, case: &Case) -> Option<Question> {
        match &case.question {
            Asked::Decisions { layers, asked } => Some(Question {
                origin: Origin::File(path),
                policies: Written::Layers(layers.clone()),
                requests: asked.iter().map(|asked| asked.request.clone()).collect(),
                known: Some(asked.iter().map(|asked| Expected::Decided(asked.expected, asked.reason)).collect()),
            }),
            Asked::Grammar { .. } => None,
        }
    }

    /// The question of this number: a world drawn from the seed and the number alone, whoever asks for it.
    ///
    /// The keys that follow from a request are given wherever the generator left them out, since an evaluator need not know them. One question
    /// in [`ONE_IN`] has a policy that the grammar refuses.
    pub fn generated(seed: u64, number: u64, most_requests: usize) -> Option<Question> {
        let mut runner = runner(seed, number);
        let world = world(most_requests).new_tree(&mut runner).ok()?.current();
        let (layers, mut requests) = (world.layers, world.requests);
        for request in &mut requests {
            fill(request, None);
        }
        let mut policies = Written::Layers(Box::new(layers));
        if number % ONE_IN == ONE_IN - 1
            && let Some(refused) = broken::one(&policies.text(), number / ONE_IN, &requests)
        {
            policies = refused;
            requests.truncate(1);
        }
        Some(Question { origin: Origin::Generated(number), policies, requests, known: None })
    }
}

/// One question in so many has a policy that the grammar refuses.
const ONE_IN: u64 = 20;

fn runner(seed: u64, number: u64) -> TestRunner {
    let mut bytes = [0; 32];
    let both = seed.to_le_bytes().into_iter().chain(number.to_le_bytes());
    for (byte, value) in bytes.iter_mut().zip(both) {
        *byte = value;
    }
    let config = Config { failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}
