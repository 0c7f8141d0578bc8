//! The decisions that a step needs, written down and not made: what somebody asks of them is asked of every request of their kind.

use std::cell::RefCell;

use super::{Moment, Stop};
use crate::iam::layers::Layers;
use crate::iam::operation::Step;
use crate::iam::request::Request;
use crate::iam::world::World;
use crate::model::modelled::NoAnswer;

/// A decision that a step needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    /// The request, with every key that follows from the step.
    pub request: Request,
    /// The policies around it.
    pub layers: Layers,
}

/// The decisions that a step needs in a world that has begun, were each of them Allow; none where the step fails before any is made.
///
/// # Errors
///
/// [`NoAnswer`], as [`super::step`] has it.
pub fn needed(world: &World, step: &Step) -> Result<Vec<Needed>, NoAnswer> {
    let begun = World { now: step.time, ..world.clone() };
    let needs = Some(RefCell::default());
    let mut moment = Moment { world: begun, step, consultations: Vec::new(), needs };
    if let Err(Stop::NoAnswer(no_answer)) = moment.take() {
        return Err(no_answer);
    }
    Ok(moment.needs.map(RefCell::into_inner).unwrap_or_default())
}
