//! The worlds of a seed: number `i` is the same on every machine, whoever asks for it, in whatever order, on whatever thread.
//!
//! Each world has a random generator of its own, seeded with the run's seed and the world's number, so that none depends on another.

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::generators::pointed::pointed_world;
use crate::generators::worlds::{World, identity_world, world};

/// What kind of worlds a stream has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Sets of identity policies, and a user with long-term keys.
    Sets,
    /// Callers of every kind, with every layer that they can have.
    Layers,
    /// Worlds about one thing each: a condition, a resource, how layers come together.
    Pointed,
    /// Of four worlds two about one thing, one with layers, one with a set.
    Mixed,
}

/// A seed's worlds. Making a stream costs as much as some hundred worlds: make one a thread.
#[derive(Debug)]
pub struct Stream {
    seed: u64,
    kind: Kind,
    sets: BoxedStrategy<World>,
    layers: BoxedStrategy<World>,
    pointed: BoxedStrategy<World>,
}

/// A world that can be made smaller step by step, as proptest does it.
pub type WorldTree = Box<dyn ValueTree<Value = World>>;

impl Stream {
    /// The worlds of this seed, each with up to `most_requests` requests.
    pub fn new(seed: u64, kind: Kind, most_requests: usize) -> Stream {
        Stream {
            seed,
            kind,
            sets: identity_world(most_requests).boxed(),
            layers: world(most_requests).boxed(),
            pointed: pointed_world(most_requests).boxed(),
        }
    }

    /// World number `number`, counted from 0; `None` if the strategies refuse to make one, which none of ours does.
    pub fn world(&self, number: u64) -> Option<World> {
        self.tree(number).map(|tree| tree.current())
    }

    /// The same world with proptest's ways to make it smaller.
    pub fn tree(&self, number: u64) -> Option<WorldTree> {
        let strategy = match self.kind {
            Kind::Sets => &self.sets,
            Kind::Layers => &self.layers,
            Kind::Pointed => &self.pointed,
            Kind::Mixed => match number % 4 {
                3 => &self.sets,
                1 => &self.layers,
                _ => &self.pointed,
            },
        };
        let mut seed = [0; 32];
        for (slot, byte) in
            seed.iter_mut().zip(self.seed.to_le_bytes().into_iter().chain(number.to_le_bytes()))
        {
            *slot = byte;
        }
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        // No run of proptest's own takes place, so nothing is to be kept of one.
        let config = Config { failure_persistence: None, ..Config::default() };
        strategy.new_tree(&mut TestRunner::new_with_rng(config, rng)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_depends_on_seed_and_number_alone() {
        let stream = Stream::new(7, Kind::Mixed, 3);
        let forwards: Vec<_> = (0..40).map(|number| stream.world(number)).collect();
        let backwards: Vec<_> =
            (0..40).rev().map(|number| Stream::new(7, Kind::Mixed, 3).world(number)).collect();
        assert!(forwards.iter().all(Option::is_some));
        assert!(forwards.iter().eq(backwards.iter().rev()));
        assert_ne!(
            forwards,
            (0..40).map(|number| Stream::new(8, Kind::Mixed, 3).world(number)).collect::<Vec<_>>()
        );
    }
}
