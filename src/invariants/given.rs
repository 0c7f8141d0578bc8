//! Laws on given policies, over every request: the model writes down both sides, and the solver looks for a difference.

use std::collections::HashSet;

use rayon::prelude::*;

use super::catalog::Law;
use super::claim::Instance;
use super::known::{Counterexample, Scope, Verdict, Way, Witness};
use super::material::Material;
use super::readings::{Premises, Readings, Shown, Symbolic};
use super::{on_statements, on_texts};
use crate::corpus::Question;
use crate::corpus::folder::{Content, Found};
use crate::iam::assumption::OpenPoint;
use crate::iam::document::write;
use crate::iam::layers::{Layer, Layers};
use crate::iam::policy::{Policy, PolicyType};
use crate::model;

/// A set of policies that somebody gave.
#[derive(Clone, Debug)]
pub struct Given {
    /// What it is called in reports: a path.
    pub name: String,
    /// The policies.
    pub material: Material,
}

/// The sets of policies in cases and documents: those of each layer and level by themselves, each set once.
///
/// What could not be read is left out; whoever read it knows.
pub fn sets_of(found: &[Found]) -> Vec<Given> {
    let mut sets = Vec::new();
    let mut seen = HashSet::new();
    for file in found {
        let name = file.path.display();
        match &file.content {
            Ok(Content::Case(case)) => {
                if let Question::Decisions { layers, .. } = &case.question {
                    for (layer, policies) in sets_of_layers(layers) {
                        let policy_type = policy_type(layer, &policies);
                        sets.push((format!("{name}, {layer}"), policies, policy_type));
                    }
                }
            }
            Ok(Content::Policy(document)) => {
                if let Some(policy) = &document.policy {
                    sets.push((name.to_string(), vec![policy.clone()], document.policy_type));
                }
            }
            Err(_) => {}
        }
    }
    sets.retain(|(_, policies, _)| {
        !policies.is_empty() && seen.insert(policies.iter().map(write::compact).collect::<Vec<String>>())
    });
    sets.into_iter()
        .map(|(name, policies, policy_type)| Given {
            name,
            material: Material { policies, policy_type, additions: None },
        })
        .collect()
}

/// The sets that lie in layers.
fn sets_of_layers(layers: &Layers) -> Vec<(Layer, Vec<Policy>)> {
    let mut sets: Vec<(Layer, Vec<Policy>)> = Vec::new();
    for (layer, _, policy) in layers.documents() {
        match sets.last_mut() {
            Some((last, policies)) if *last == layer => policies.push(policy.clone()),
            Some(_) | None => sets.push((layer, vec![policy.clone()])),
        }
    }
    sets
}

fn policy_type(layer: Layer, policies: &[Policy]) -> PolicyType {
    match layer {
        Layer::Scp { .. } => PolicyType::Scp,
        Layer::Rcp { .. } => PolicyType::Rcp,
        Layer::Endpoint => PolicyType::Endpoint,
        Layer::Identity => PolicyType::Identity,
        Layer::Boundary => PolicyType::Boundary,
        Layer::Session => PolicyType::Session,
        Layer::Resource => {
            let mut statements = policies.iter().flat_map(|policy| &policy.statements);
            let names_resources = statements.any(|statement| statement.resource.is_some());
            if names_resources { PolicyType::Resource } else { PolicyType::Trust }
        }
    }
}

/// What was found of one law.
#[derive(Clone, Debug, Default)]
struct Tally {
    sets: usize,
    instances: usize,
    not_met: usize,
    unknown: usize,
    first_unknown: Option<String>,
    witness: Option<Witness>,
}

impl Tally {
    fn count(&mut self, name: &str, shown: Shown) {
        self.instances += 1;
        match shown {
            Shown::Holds => {}
            Shown::NotMet => self.not_met += 1,
            Shown::Unknown(reason) => {
                self.unknown += 1;
                self.first_unknown.get_or_insert_with(|| format!("{name}: {reason}"));
            }
            Shown::Fails(mut witness) => {
                witness.about = format!("{name}: {}", witness.about);
                self.witness.get_or_insert(*witness);
            }
        }
    }

    /// The tallies of other sets, which come behind.
    fn add(&mut self, other: Tally) {
        self.sets += other.sets;
        self.instances += other.instances;
        self.not_met += other.not_met;
        self.unknown += other.unknown;
        self.first_unknown = self.first_unknown.take().or(other.first_unknown);
        self.witness = self.witness.take().or(other.witness);
    }

    fn way(self) -> Option<Way> {
        if self.instances == 0 {
            return None;
        }
        let mut done = format!(
            "{} for every request, in {}",
            counted(self.instances, "question"),
            counted(self.sets, "set of policies"),
        );
        if self.not_met > 0 {
            done.push_str(&format!("; {} of them have no request that meets the premise", self.not_met));
        }
        let verdict = match (self.witness, self.first_unknown) {
            (Some(witness), _) => Verdict::Refuted(Counterexample::Request(Box::new(witness))),
            (None, Some(reason)) => {
                let more = self.unknown - 1;
                Verdict::Unknown(if more == 0 { reason } else { format!("{reason}; and {more} more") })
            }
            (None, None) if self.not_met == self.instances => Verdict::Vacuous,
            (None, None) => Verdict::Proved,
        };
        Some(Way { scope: Scope::ThesePolicies, verdict, done })
    }
}

/// A number with its noun.
pub(super) fn counted(number: usize, noun: &str) -> String {
    match (number, noun.split_once(" of ")) {
        (1, _) => format!("1 {noun}"),
        (_, Some((head, rest))) => format!("{number} {head}s of {rest}"),
        (_, None) => format!("{number} {noun}s"),
    }
}

/// What is known of each law from these policies, in the order of the laws; `None` where the policies give no occasion to ask.
///
/// `done` is told about every set that is finished.
pub fn prove(
    laws: &[Law],
    given: &[Given],
    readings: Readings<'_>,
    done: &(dyn Fn() + Sync),
) -> Vec<Option<Way>> {
    let tallies: Vec<Vec<Tally>> = given
        .par_iter()
        .map(|given| {
            let tallies = of_one(laws, given, readings);
            done();
            tallies
        })
        .collect();
    let mut sum = vec![Tally::default(); laws.len()];
    for tallies in tallies {
        for (sum, tally) in sum.iter_mut().zip(tallies) {
            sum.add(tally);
        }
    }
    sum.into_iter().map(Tally::way).collect()
}

/// What a law says of these policies under any reading of these points; `None` where the policies give no occasion to ask.
///
/// # Errors
///
/// What formulas cannot say.
pub fn varied<'r>(
    id: &str,
    given: &Given,
    readings: Readings<'r>,
    points: &[OpenPoint],
) -> Result<Option<Symbolic<'r>>, String> {
    let of_texts = on_texts::instances(id, &given.material, readings.rules);
    // Laws of elements are proved over flags, and shown to rest on something by texts.
    let of_elements = || on_statements::instances(id, &given.material);
    let instances = of_texts.or_else(of_elements).unwrap_or_default();
    if instances.is_empty() {
        return Ok(None);
    }
    let mut symbolic = Symbolic::varied(readings, model::Scope::Documents, points);
    for instance in instances {
        symbolic.write(instance).map_err(|problem| format!("{}: {problem}", given.name))?;
    }
    Ok(Some(symbolic))
}

/// One store of formulas for all laws on a set, so that what they have in common is written down once.
fn of_one(laws: &[Law], given: &Given, readings: Readings<'_>) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); laws.len()];
    let mut symbolic = Symbolic::new(readings, model::Scope::Documents);
    let mut written = Vec::new();
    for (position, (law, tally)) in laws.iter().zip(&mut tallies).enumerate() {
        let instances: Vec<Instance> =
            on_texts::instances(law.id, &given.material, readings.rules).unwrap_or_default();
        tally.sets = usize::from(!instances.is_empty());
        for instance in instances {
            match symbolic.write(instance) {
                Ok(()) => written.push(position),
                Err(problem) => tally.count(&given.name, Shown::Unknown(problem.to_string())),
            }
        }
    }
    for (position, shown) in written.into_iter().zip(symbolic.shown(Premises::Asked)) {
        if let Some(tally) = tallies.get_mut(position) {
            tally.count(&given.name, shown);
        }
    }
    tallies
}
