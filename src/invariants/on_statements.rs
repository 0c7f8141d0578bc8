//! The laws of elements, modifiers and values on given statements and entries: INV-17 to INV-23.

use super::claim::{Claim, Instance, Side};
use super::entries::TWINS;
use super::material::{Additions, Material, of_entry};
use crate::iam::condition::{BaseOperator, Existence, Operator, Quantifier};
use crate::iam::policy::{ConditionEntry, Effect, Policy, Selection, Statement, Version};

/// The instances of a law of elements, if it is one of these.
pub fn instances(id: &str, material: &Material) -> Option<Vec<Instance>> {
    let found = match (id, &material.additions) {
        ("INV-17", _) => of_statements(material, action_and_its_twin),
        ("INV-18", _) => of_statements(material, resource_and_its_twin),
        ("INV-19", _) => of_entries(material, negation),
        ("INV-20", _) => of_entries(material, quantifiers),
        ("INV-21", _) => of_entries(material, if_exists),
        ("INV-22", Some(additions)) => one_more_condition(material, additions),
        ("INV-23", Some(additions)) => {
            of_entries(material, |entry, version| one_more_value(entry, version, additions))
        }
        _ => return None,
    };
    Some(found)
}

fn of_statements(
    material: &Material,
    law: impl Fn(&Statement, Version) -> Option<Instance>,
) -> Vec<Instance> {
    material.statements().filter_map(|(version, statement)| law(statement, version)).collect()
}

/// The entries of the policies, and the one that may be added.
fn of_entries(
    material: &Material,
    law: impl Fn(&ConditionEntry, Version) -> Option<Instance>,
) -> Vec<Instance> {
    let added = material.additions.iter().map(|additions| (Version::V2012, &additions.entry));
    material.entries().chain(added).filter_map(|(version, entry)| law(entry, version)).collect()
}

fn action_and_its_twin(statement: &Statement, version: Version) -> Option<Instance> {
    let with = |action: Selection<Vec<String>>| {
        Side::of_matches(&Statement { action, ..statement.clone() }, version)
    };
    let listed = statement.action.listed().clone();
    let everything = Selection::Only(vec!["*".to_owned()]);
    Some(twins(
        format!("actions {}", listed.join(", ")),
        [with(Selection::Only(listed.clone())), with(Selection::AllExcept(listed)), with(everything)],
    ))
}

fn resource_and_its_twin(statement: &Statement, version: Version) -> Option<Instance> {
    let listed = statement.resource.as_ref()?.listed().clone();
    let with = |resource: Selection<Vec<String>>| {
        Side::of_matches(&Statement { resource: Some(resource), ..statement.clone() }, version)
    };
    let everything = Selection::Only(vec!["*".to_owned()]);
    Some(twins(
        format!("resources {}", listed.join(", ")),
        [with(Selection::Only(listed.clone())), with(Selection::AllExcept(listed)), with(everything)],
    ))
}

/// Sides: with the element, with its twin, with everything in its place.
fn twins(about: String, sides: [Side; 3]) -> Instance {
    let exactly_one = Claim::Allows(0).iff(Claim::Allows(1).negated());
    let neither = Claim::All(vec![Claim::Allows(0).negated(), Claim::Allows(1).negated()]);
    let conclusion =
        Claim::All(vec![Claim::Allows(2).implies(exactly_one), Claim::Allows(2).negated().implies(neither)]);
    Instance { about, sides: sides.into(), premise: Claim::always(), conclusion }
}

/// The pair that a base operator belongs to, positive first.
fn twin(base: BaseOperator) -> Option<(BaseOperator, BaseOperator)> {
    TWINS.into_iter().find(|&(positive, negated)| base == positive || base == negated)
}

fn with_operator(entry: &ConditionEntry, operator: Operator) -> ConditionEntry {
    ConditionEntry { operator, ..entry.clone() }
}

fn describe(entry: &ConditionEntry) -> String {
    format!("{} of {} with {}", entry.operator, entry.key, entry.values.join(", "))
}

/// The entry that is true iff the key has one value or is missing: every single value resembles `*`.
fn single_or_missing(entry: &ConditionEntry) -> ConditionEntry {
    ConditionEntry {
        operator: Operator {
            quantifier: Quantifier::None,
            base: BaseOperator::StringLike,
            existence: Existence::IfExists,
        },
        key: entry.key.clone(),
        values: vec!["*".to_owned()],
    }
}

fn negation(entry: &ConditionEntry, version: Version) -> Option<Instance> {
    let (positive, negated) = twin(entry.operator.base)?;
    let sides = [
        with_operator(entry, Operator::plain(positive)),
        with_operator(entry, Operator::plain(negated)),
        single_or_missing(entry),
    ];
    Some(Instance {
        about: describe(entry),
        sides: sides.map(|entry| of_entry(entry, version)).into(),
        premise: Claim::Allows(2),
        conclusion: Claim::Allows(1).iff(Claim::Allows(0).negated()),
    })
}

fn quantifiers(entry: &ConditionEntry, version: Version) -> Option<Instance> {
    let (positive, negated) = twin(entry.operator.base)?;
    let side = |quantifier: Quantifier, base: BaseOperator| {
        of_entry(with_operator(entry, Operator { quantifier, base, existence: Existence::Required }), version)
    };
    let sides = vec![
        side(Quantifier::ForAllValues, negated),
        side(Quantifier::ForAnyValue, positive),
        side(Quantifier::ForAllValues, positive),
        side(Quantifier::ForAnyValue, negated),
    ];
    let dual = |all: usize, any: usize| Claim::Allows(all).iff(Claim::Allows(any).negated());
    Some(Instance {
        about: describe(entry),
        sides,
        premise: Claim::always(),
        conclusion: Claim::All(vec![dual(0, 1), dual(2, 3)]),
    })
}

fn if_exists(entry: &ConditionEntry, version: Version) -> Option<Instance> {
    if entry.operator.base == BaseOperator::Null {
        return None;
    }
    let with = |existence| with_operator(entry, Operator { existence, ..entry.operator });
    let present = ConditionEntry {
        operator: Operator::plain(BaseOperator::Null),
        key: entry.key.clone(),
        values: vec!["false".to_owned()],
    };
    let sides = [with(Existence::Required), with(Existence::IfExists), present];
    Some(Instance {
        about: describe(entry),
        sides: sides.map(|entry| of_entry(entry, version)).into(),
        premise: Claim::always(),
        conclusion: Claim::All(vec![
            Claim::Allows(0).implies(Claim::Allows(1)),
            Claim::Allows(2).implies(Claim::Allows(0).iff(Claim::Allows(1))),
        ]),
    })
}

/// An entry more in each statement: it matches less, and its set allows less or, if it is a Deny, more.
fn one_more_condition(material: &Material, additions: &Additions) -> Vec<Instance> {
    let mut instances = Vec::new();
    for (index, policy) in material.policies.iter().enumerate() {
        for (position, statement) in policy.statements.iter().enumerate() {
            let new = &additions.entry;
            let known = |entry: &ConditionEntry| entry.operator == new.operator && entry.key == new.key;
            if statement.condition.iter().any(known) {
                continue;
            }
            let mut longer = statement.clone();
            longer.condition.push(new.clone());
            let mut policies: Vec<Policy> = material.policies.clone();
            let place = policies.get_mut(index).and_then(|policy| policy.statements.get_mut(position));
            if let Some(statement) = place {
                *statement = longer.clone();
            }
            let fewer = Claim::Allows(1).implies(Claim::Allows(0));
            let set = match statement.effect {
                Effect::Allow => Claim::Allows(3).implies(Claim::Allows(2)),
                Effect::Deny => Claim::Allows(2).implies(Claim::Allows(3)),
            };
            instances.push(Instance {
                about: format!("{} with {}", statement.effect.name(), describe(new)),
                sides: vec![
                    Side::of_matches(statement, policy.version),
                    Side::of_matches(&longer, policy.version),
                    Side::set(material.policies.clone()),
                    Side::set(policies),
                ],
                premise: Claim::always(),
                conclusion: Claim::All(vec![fewer, set]),
            });
        }
    }
    instances
}

/// A value more: the first of the entry's own that stands behind `place`, taken out on the other side.
fn one_more_value(entry: &ConditionEntry, version: Version, additions: &Additions) -> Option<Instance> {
    if entry.values.len() < 2 {
        return None;
    }
    let mut fewer = entry.clone();
    fewer.values.remove(additions.place % entry.values.len());
    let negated = TWINS.iter().any(|&(_, negated)| entry.operator.base == negated);
    let (narrow, wide) = if negated { (1, 0) } else { (0, 1) };
    Some(Instance {
        about: describe(entry),
        sides: [fewer, entry.clone()].map(|entry| of_entry(entry, version)).into(),
        premise: Claim::Allows(narrow),
        conclusion: Claim::Allows(wide),
    })
}
