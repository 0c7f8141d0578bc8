//! Who knows what is right: the model, the evaluator, or both.

use super::answer::Expected;
use crate::crosscheck::coverage::{Coverage, beside};
use crate::evaluator::{Evaluator, Reading};
use crate::iam::assumption::Assumptions;
use crate::iam::layers::Layers;
use crate::iam::request::Request;
use crate::model::modelled::Modelled;

/// Whatever a program is held against.
pub trait Reference: Sync {
    /// What is right for each request, in their order; what took part is counted.
    fn expected(&self, layers: &Layers, requests: &[Request], coverage: &mut Coverage) -> Vec<Expected>;
}

/// The second reading under some assumptions; where it has no answer, the first. A construct that the model does not know must not go unchecked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Model(pub Assumptions);

impl Reference for Model {
    fn expected(&self, layers: &Layers, requests: &[Request], coverage: &mut Coverage) -> Vec<Expected> {
        let Ok(mut modelled) = Modelled::assuming(layers, self.0) else {
            return BuiltIn(self.0).expected(layers, requests, coverage);
        };
        let mut all_known = true;
        let mut expected = |request: &Request| match modelled.answer(request) {
            Ok(mut answered) => {
                coverage.count(&beside(layers, answered.gathered()), &request.caller, &mut answered);
                Expected::Decided(answered.reason.decision(), Some(answered.reason))
            }
            Err(why) => {
                all_known = false;
                Expected::Unknown(why.to_string())
            }
        };
        let mut modelled: Vec<Expected> = requests.iter().map(&mut expected).collect();
        if !all_known {
            let evaluated = BuiltIn(self.0).expected(layers, requests, coverage);
            for (expected, evaluated) in modelled.iter_mut().zip(evaluated) {
                if matches!(expected, Expected::Unknown(_)) {
                    *expected = evaluated;
                }
            }
        }
        modelled
    }
}

/// The first reading under some assumptions; it counts nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltIn(pub Assumptions);

impl Reference for BuiltIn {
    fn expected(&self, layers: &Layers, requests: &[Request], _coverage: &mut Coverage) -> Vec<Expected> {
        match Evaluator::compile_with(layers, Reading::assuming(self.0)) {
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
