//! What the generators make obeys the grammar: each policy, written down and read as its type, comes back as it was.

use iamproof::generators::pointed::pointed_world;
use iamproof::generators::worlds::{World, world};
use iamproof::iam::document::{self, Strictness, TypeChoice, write};
use iamproof::iam::layers::Layer;
use iamproof::iam::policy::PolicyType;
use proptest::prelude::*;

fn policy_type(layer: Layer, has_resource: bool) -> PolicyType {
    match layer {
        Layer::Identity => PolicyType::Identity,
        Layer::Boundary => PolicyType::Boundary,
        Layer::Session => PolicyType::Session,
        Layer::Resource if has_resource => PolicyType::Resource,
        Layer::Resource => PolicyType::Trust,
        Layer::Endpoint => PolicyType::Endpoint,
        Layer::Scp { .. } => PolicyType::Scp,
        Layer::Rcp { .. } => PolicyType::Rcp,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(11), ..ProptestConfig::default() })]

    #[test]
    fn every_policy_is_legal_and_reads_as_it_was_written(
        World { layers, .. } in prop_oneof![world(1), pointed_world(1)]
    ) {
        for (layer, _, policy) in layers.documents() {
            let has_resource = policy.statements.iter().all(|statement| statement.resource.is_some());
            let choice = TypeChoice::Given(policy_type(layer, has_resource));
            let text = write::compact(policy);
            let document = document::read(text.as_bytes(), choice, Strictness::Strict);
            prop_assert_eq!(document.policy.as_ref(), Some(policy), "{}: {:?}", text, document.findings);
        }
    }
}
