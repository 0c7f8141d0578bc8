//! The laws of combination on given sets: INV-1 to INV-11.

use super::claim::{Claim, Instance, Policies, Side};
use super::material::{Additions, Material, allow_if};
use crate::iam::layers::Layers;
use crate::iam::policy::{Effect, Policy, Statement, Version};

/// The instances of a law of combination, if it is one of these.
pub fn instances(id: &str, material: &Material) -> Option<Vec<Instance>> {
    let found = match (id, &material.additions) {
        ("INV-1", _) => a_deny_wins(material),
        ("INV-2", _) => without_allow(material),
        ("INV-3", _) => vec![asked_twice(material)],
        ("INV-4", Some(additions)) => vec![in_another_order(material, additions)],
        ("INV-5", Some(additions)) => cut_and_joined(material, additions),
        ("INV-6", Some(additions)) => copied(material, additions),
        ("INV-7", Some(additions)) => vec![widened(material, additions)],
        ("INV-8", Some(additions)) => vec![narrowed(material, additions)],
        ("INV-9", Some(additions)) => exchanged(material, additions),
        ("INV-10", _) => turned(material),
        ("INV-11", Some(additions)) => irrelevant(material, additions),
        _ => return None,
    };
    Some(found)
}

fn whole(material: &Material) -> Side {
    Side::set(material.policies.clone())
}

fn instance(about: impl Into<String>, sides: Vec<Side>, premise: Claim, conclusion: Claim) -> Instance {
    Instance { about: about.into(), sides, premise, conclusion }
}

fn a_deny_wins(material: &Material) -> Vec<Instance> {
    material
        .of_effect(Effect::Deny)
        .enumerate()
        .map(|(position, (version, deny))| {
            instance(
                format!("Deny {} of the set", position + 1),
                vec![whole(material), Side::of_matches(deny, version)],
                Claim::Allows(1),
                Claim::Allows(0).negated(),
            )
        })
        .collect()
}

/// Of the set by itself, and of the set below an organization that allows everything: that is no grant.
fn without_allow(material: &Material) -> Vec<Instance> {
    let allows: Vec<Side> =
        material.of_effect(Effect::Allow).map(|(version, allow)| Side::of_matches(allow, version)).collect();
    let none = Claim::All((1..=allows.len()).map(|side| Claim::Allows(side).negated()).collect());
    [("the set by itself", whole(material)), ("the set below SCPs", below_an_organization(material))]
        .map(|(about, side)| {
            let sides = [vec![side], allows.clone()].concat();
            instance(about, sides, none.clone(), Claim::Allows(0).negated())
        })
        .into()
}

fn below_an_organization(material: &Material) -> Side {
    let full = Policy { version: Version::V2012, id: None, statements: vec![allow_if(Vec::new())] };
    let layers =
        Layers { identity: material.policies.clone(), scps: Some(vec![vec![full]]), ..Layers::default() };
    Side { policies: Policies::Layers(Box::new(layers)), ..whole(material) }
}

/// Compiled twice and asked twice, a set gives one answer.
fn asked_twice(material: &Material) -> Instance {
    instance("the set, twice", vec![whole(material), whole(material)], Claim::always(), Claim::same(0, 1))
}

fn in_another_order(material: &Material, additions: &Additions) -> Instance {
    let mut policies = material.changed(|policy| {
        let mut statements = policy.statements.clone();
        statements.reverse();
        Policy { statements, ..policy.clone() }
    });
    let count = policies.len().max(1);
    policies.rotate_left(additions.place % count);
    let sides = vec![whole(material), Side::set(policies)];
    instance("statements reversed, policies rotated", sides, Claim::always(), Claim::same(0, 1))
}

fn cut_and_joined(material: &Material, additions: &Additions) -> Vec<Instance> {
    let cut = material
        .policies
        .iter()
        .flat_map(|policy| {
            let (first, second) = policy.statements.split_at(additions.place % (policy.statements.len() + 1));
            [first, second].map(|statements| Policy { statements: statements.to_vec(), ..policy.clone() })
        })
        .filter(|policy| !policy.statements.is_empty());
    let mut joined: Vec<Policy> = Vec::new();
    for policy in &material.policies {
        match joined.iter_mut().find(|other| other.version == policy.version) {
            Some(other) => other.statements.extend(policy.statements.iter().cloned()),
            None => joined.push(policy.clone()),
        }
    }
    let alike = |about: &str, policies: Vec<Policy>| {
        let sides = vec![whole(material), Side::set(policies)];
        instance(about, sides, Claim::always(), Claim::same(0, 1))
    };
    vec![alike("every policy cut in two", cut.collect()), alike("policies of one Version joined", joined)]
}

fn copied(material: &Material, additions: &Additions) -> Vec<Instance> {
    let copies = material
        .policies
        .iter()
        .enumerate()
        .flat_map(|(index, policy)| policy.statements.iter().map(move |statement| (index, statement)));
    copies
        .map(|(index, statement)| {
            let mut policies = material.policies.clone();
            let same_version = policies.get(index).map(|policy| policy.version);
            // Any document of the Version will do: a set is one list.
            let into = (0..policies.len())
                .map(|step| (index + additions.place + step) % policies.len().max(1))
                .find(|&other| policies.get(other).map(|policy| policy.version) == same_version);
            if let Some(policy) = into.and_then(|into| policies.get_mut(into)) {
                let position = additions.place % (policy.statements.len() + 1);
                policy.statements.insert(position, statement.clone());
            }
            let sides = vec![whole(material), Side::set(policies)];
            instance("a copy of a statement", sides, Claim::always(), Claim::same(0, 1))
        })
        .collect()
}

fn widened(material: &Material, additions: &Additions) -> Instance {
    let allow = Statement { effect: Effect::Allow, ..additions.statement.clone() };
    let sides = vec![whole(material), Side::set(material.with(&allow, additions.place))];
    instance("an Allow more", sides, Claim::Allows(0), Claim::Allows(1))
}

fn narrowed(material: &Material, additions: &Additions) -> Instance {
    let deny = Statement { effect: Effect::Deny, ..additions.statement.clone() };
    let sides = vec![whole(material), Side::set(material.with(&deny, additions.place))];
    instance("a Deny more", sides, Claim::Allows(1), Claim::Allows(0))
}

/// A statement is exchanged for another; where the two sets still say the same, they decide the same.
fn exchanged(material: &Material, additions: &Additions) -> Vec<Instance> {
    let mut policies = material.policies.clone();
    let count = policies.len().max(1);
    let Some(policy) = policies.get_mut(additions.place % count) else { return Vec::new() };
    let length = policy.statements.len().max(1);
    let Some(statement) = policy.statements.get_mut(additions.place % length) else { return Vec::new() };
    *statement = additions.statement.clone();
    let other = Material { policies, ..material.clone() };
    let said = |material: &Material, effect: Effect| {
        let statements = material.of_effect(effect).map(|(version, statement)| Policy {
            version,
            id: None,
            statements: vec![Statement { effect: Effect::Allow, ..statement.clone() }],
        });
        Side::set(statements.collect())
    };
    let sides = vec![
        whole(material),
        whole(&other),
        said(material, Effect::Allow),
        said(&other, Effect::Allow),
        said(material, Effect::Deny),
        said(&other, Effect::Deny),
    ];
    let premise =
        Claim::All(vec![Claim::Allows(2).iff(Claim::Allows(3)), Claim::Allows(4).iff(Claim::Allows(5))]);
    vec![instance("one statement exchanged for another", sides, premise, Claim::same(0, 1))]
}

fn turned(material: &Material) -> Vec<Instance> {
    let mut instances = Vec::new();
    for (index, policy) in material.policies.iter().enumerate() {
        for (position, statement) in policy.statements.iter().enumerate() {
            if statement.effect == Effect::Deny {
                continue;
            }
            let mut policies = material.policies.clone();
            let place = policies.get_mut(index).and_then(|policy| policy.statements.get_mut(position));
            if let Some(statement) = place {
                statement.effect = Effect::Deny;
            }
            let sides = vec![whole(material), Side::set(policies)];
            let about = "an Allow turned into a Deny";
            instances.push(instance(about, sides, Claim::Allows(1), Claim::Allows(0)));
        }
    }
    instances
}

fn irrelevant(material: &Material, additions: &Additions) -> Vec<Instance> {
    let version = {
        let count = material.policies.len().max(1);
        material.policies.get(additions.place % count).map_or(Version::V2012, |policy| policy.version)
    };
    [Effect::Allow, Effect::Deny]
        .map(|effect| {
            let statement = Statement { effect, ..additions.statement.clone() };
            let longer = Side::set(material.with(&statement, additions.place));
            let sides = vec![whole(material), longer, Side::of_matches(&statement, version)];
            let premise = Claim::Allows(2).negated();
            instance("a statement that does not match", sides, premise, Claim::same(0, 1))
        })
        .into()
}
