//! The stream of a seed's worlds.

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::generators::worlds::{World, identity_world, world};

/// x
pub struct Stream {
    seed: u64,
    worlds: BoxedStrategy<World>,
}

impl Stream {
    /// x
    pub fn new(seed: u64, whole: bool, most: usize) -> Stream {
        Stream { seed, worlds: if whole { world(most).boxed() } else { identity_world(most).boxed() } }
    }
    /// x
    pub fn world(&self, n: u64) -> World {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_le_bytes());
        seed[8..16].copy_from_slice(&n.to_le_bytes());
        let mut runner = TestRunner::new_with_rng(
            Config { failure_persistence: None, ..Config::default() },
            TestRng::from_seed(RngAlgorithm::ChaCha, &seed),
        );
        self.worlds.new_tree(&mut runner).unwrap().current()
    }
}
