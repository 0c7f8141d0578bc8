//! What a program is asked: policies, and requests to decide under them, with what is right for each.

use std::path::PathBuf;

use super::answer::Expected;
use super::broken::{self, Damage};
use super::spelling::Spelling;
use crate::corpus::fill::fill;
use crate::corpus::write::Policies;
use crate::corpus::{Case, Question as Asked};
use crate::crosscheck::stream::Stream;
use crate::generators::worlds::World;
use crate::iam::assumption::Assumptions;
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
    /// Policies that say something, not in their plainest spelling.
    Respelled {
        /// What they say.
        layers: Box<Layers>,
        /// How they are spelled.
        spelling: Spelling,
    },
    /// JSON in which a document is refused, with the code of its first error.
    Refused {
        /// The field as JSON.
        text: String,
        /// The code.
        code: Code,
        /// What is wrong with it.
        damage: Damage,
    },
}

impl Written {
    /// The field as JSON.
    pub fn text(&self) -> String {
        match self {
            // Writing to memory fails only where a map key is no string, and all of ours are.
            Written::Layers(layers) => serde_json::to_string(&Policies(layers)).unwrap_or_default(),
            Written::Respelled { layers, spelling } => spelling.text(layers),
            Written::Refused { text, .. } => text.clone(),
        }
    }

    /// What the policies say; `None` where they are refused.
    pub fn layers(&self) -> Option<&Layers> {
        match self {
            Written::Layers(layers) | Written::Respelled { layers, .. } => Some(layers),
            Written::Refused { .. } => None,
        }
    }
}

impl Question {
    /// A written case, with the answers that it gives if they are right under these assumptions. A case of the grammar asks nothing that the
    /// protocol could carry.
    pub fn written(path: PathBuf, case: &Case, assumed: Assumptions) -> Option<Question> {
        match &case.question {
            Asked::Decisions { layers, assumptions, asked } => {
                let answers =
                    || asked.iter().map(|asked| Expected::Decided(asked.expected, asked.reason)).collect();
                Some(Question {
                    origin: Origin::File(path),
                    policies: Written::Layers(layers.clone()),
                    requests: asked.iter().map(|asked| asked.request.clone()).collect(),
                    known: (*assumptions == assumed).then(answers),
                })
            }
            Asked::Trace { .. } | Asked::Grammar { .. } => None,
        }
    }

    /// The question made of the world of this number.
    ///
    /// The keys that follow from a request are given wherever the generator left them out, since an evaluator need not know them. Some
    /// questions have a policy that the grammar refuses, and some policies in another spelling.
    pub fn generated(stream: &Stream, number: u64) -> Option<Question> {
        let World { layers, mut requests } = stream.world(number)?;
        for request in &mut requests {
            fill(request, None);
        }
        let layers = Box::new(layers);
        let mut policies = match Spelling::of(number, &layers, &requests) {
            Some(spelling) => Written::Respelled { layers, spelling },
            None => Written::Layers(layers),
        };
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
const ONE_IN: u64 = 10;
