//! Many policies examined, each for itself, on every core.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::surroundings::around;
use super::{Asking, Classes, examine};
use crate::crosscheck::finding::{Candidate, Finding, grouped};
use crate::crosscheck::party::Parties;
use crate::crosscheck::pointwise::Asked;
use crate::crosscheck::reduction::Drawn;
use crate::crosscheck::runner::Control;
use crate::generators::worlds::World;
use crate::iam::layers::Layer;
use crate::iam::policy::{Policy, PolicyType};
use crate::model::modelled::NoAnswer;

/// A policy that stands alone.
#[derive(Clone, Copy, Debug)]
pub struct Lone<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// What it is written for.
    pub policy_type: PolicyType,
}

/// What came of some policies.
#[derive(Debug, Default)]
pub struct Batch {
    /// For each policy, in their order, what came of it, or why the model has no words for it; `None` where the run was ended before.
    pub examined: Vec<Option<Result<Classes, NoAnswer>>>,
    /// The requests that are decided otherwise, made small and grouped. A finding's world is the policy's number.
    pub findings: Vec<Finding>,
}

/// How many requests of a policy that are decided otherwise are made small.
const MOST_REDUCED: usize = 6;

/// Examines each policy; what comes out does not depend on the number of threads.
pub fn examine_all(
    policies: &[Lone<'_>],
    parties: &dyn Parties,
    asking: Asking,
    control: Control<'_>,
) -> Batch {
    // The largest first, so that no core is left alone with it at the end.
    let mut order: Vec<usize> = (0..policies.len()).collect();
    order.sort_by_key(|index| policies.get(*index).map(|lone| std::cmp::Reverse(size(lone.policy))));
    let mut done: Vec<Done> = order
        .into_par_iter()
        .with_max_len(1)
        .filter_map(|index| {
            let done = examined(index, *policies.get(index)?, parties, asking, control.stop);
            (control.progress)(1);
            Some(done)
        })
        .collect();
    done.sort_by_key(|done| done.index);
    let mut batch = Batch::default();
    let mut findings = Vec::new();
    for done in done {
        batch.examined.push(done.examined);
        findings.extend(done.findings);
    }
    batch.findings = grouped(findings);
    batch
}

/// What came of one policy.
struct Done {
    index: usize,
    examined: Option<Result<Classes, NoAnswer>>,
    findings: Vec<Finding>,
}

fn examined(index: usize, lone: Lone<'_>, parties: &dyn Parties, asking: Asking, stop: &AtomicBool) -> Done {
    if stop.load(Ordering::Relaxed) {
        return Done { index, examined: None, findings: Vec::new() };
    }
    let (layers, layer) = around(lone.policy, lone.policy_type);
    let mut party = parties.start();
    let is_examined = |other: Layer| other == layer;
    let classes = examine(&layers, &is_examined, party.as_mut(), asking, stop);
    let differing = classes.iter().flat_map(|classes| &classes.differing).take(MOST_REDUCED).enumerate();
    let findings = differing
        .filter_map(|(request, differing)| {
            let asked = Asked { world: index as u64, request };
            let world = World { layers: layers.clone(), requests: vec![differing.request.clone()] };
            let candidate =
                Candidate::of(asked, asking.assumptions, differing.expected, differing.got.clone());
            candidate.reduced_alone(Drawn::Written(Box::new(world)), party.as_mut())
        })
        .collect();
    Done { index, examined: Some(classes), findings }
}

fn size(policy: &Policy) -> usize {
    policy
        .statements
        .iter()
        .map(|statement| {
            let resources = statement.resource.as_ref().map_or(0, |listed| listed.listed().len());
            statement.action.listed().len() + resources + statement.condition.len()
        })
        .sum()
}
