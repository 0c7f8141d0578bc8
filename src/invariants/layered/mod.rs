//! The laws of layers (sections 9.2 to 9.4 and 9.9 of the rules), each stated once and tried in two ways.
//!
//! A law compares *sides*: arrangements of the same layers, some of them taken away or put in the place of others. What it says of the decisions
//! about the sides may depend on *facts*: who calls, what a layer says by itself, which grants the resource's policy gives.
//!
//! - [`free`] takes what each layer says for free flags, and so speaks of all policies, whoever calls and whatever is asked for.
//! - [`drawn`] takes layers and requests drawn by chance, and holds each law to both readings.

pub mod arrangement;
pub mod fact;

mod accounts;
mod bucket;
mod callers;
mod ceilings;

pub mod drawn;
pub mod free;

use arrangement::Side;
use fact::{Callers, Fact};

use super::claim::Claim;

/// A statement about sides and facts.
pub type LayeredClaim = Claim<Fact>;

/// A law of layers.
#[derive(Clone, Debug)]
pub struct Stated {
    /// Whom it speaks of; the premise may narrow it further.
    pub callers: Callers,
    /// The sides. The facts are those of the layers as given.
    pub sides: Vec<Side>,
    /// Where it says something.
    pub premise: LayeredClaim,
    /// What it says there.
    pub conclusion: LayeredClaim,
    /// What the proof for all policies leaves to somebody else, in words for the reports.
    pub given_elsewhere: &'static str,
}

/// What a law of layers says, if it is one.
pub fn stated(id: &str) -> Option<Stated> {
    ceilings::stated(id)
        .or_else(|| accounts::stated(id))
        .or_else(|| callers::stated(id))
        .or_else(|| bucket::stated(id))
}

impl Stated {
    /// A law about these callers and sides, without premise.
    fn of(callers: Callers, sides: Vec<Side>, conclusion: LayeredClaim) -> Stated {
        Stated { callers, sides, premise: Claim::always(), conclusion, given_elsewhere: "" }
    }

    /// The law where this holds.
    fn provided(self, premise: LayeredClaim) -> Stated {
        Stated { premise, ..self }
    }

    /// The law with a remark on what its proof takes for granted.
    fn with(self, given_elsewhere: &'static str) -> Stated {
        Stated { given_elsewhere, ..self }
    }
}

/// The side allows only where this holds.
fn allowed_only_if(side: usize, conclusion: LayeredClaim) -> LayeredClaim {
    Claim::Allows(side).implies(conclusion)
}

/// Some of these hold.
fn any(claims: impl IntoIterator<Item = LayeredClaim>) -> LayeredClaim {
    Claim::Any(claims.into_iter().collect())
}

/// All of these hold.
fn all(claims: impl IntoIterator<Item = LayeredClaim>) -> LayeredClaim {
    Claim::All(claims.into_iter().collect())
}
