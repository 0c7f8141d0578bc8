//! The laws of spellings, values, variables and versions on given policies: INV-12 to INV-16, INV-24 to INV-28.

use std::collections::BTreeSet;

use serde_json::Value;

use super::claim::{Asked, Claim, Instance, Side, recased};
use super::material::{Material, allow_if, of_entry};
use super::rules::Rules;
use super::spelling::{has_dollar_brace, has_wildcard, respelled_names, with_literal};
use crate::iam::condition::{BaseOperator, Existence, Operator, Quantifier};
use crate::iam::document::write;
use crate::iam::key::KeyName;
use crate::iam::normal::normal_form;
use crate::iam::pattern::{Token, tokens_with_variables};
use crate::iam::policy::{ConditionEntry, Effect, Policy, PolicyType, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};

/// The instances of a law of texts, if it is one of these.
pub fn instances(id: &str, material: &Material, rules: &dyn Rules) -> Option<Vec<Instance>> {
    let found = match id {
        "INV-12" => other_names(material),
        "INV-13" => other_brackets(material, rules),
        "INV-14" => vec![normalised(material)],
        "INV-15" => other_action_case(material),
        "INV-16" => other_key_case(material),
        "INV-24" => of_values(material, equality_and_pattern),
        "INV-25" => of_values(material, arn_and_string),
        "INV-26" => variables_filled_in(material),
        "INV-27" => other_version(material),
        "INV-28" => robust_mfa(material),
        _ => return None,
    };
    Some(found)
}

fn whole(material: &Material) -> Side {
    Side::set(material.policies.clone())
}

/// The set and a variant of it decide alike.
fn alike(about: impl Into<String>, material: &Material, policies: Vec<Policy>) -> Instance {
    Instance {
        about: about.into(),
        sides: vec![whole(material), Side::set(policies)],
        premise: Claim::always(),
        conclusion: Claim::same(0, 1),
    }
}

fn other_names(material: &Material) -> Vec<Instance> {
    let named = material.changed(|policy| {
        let statements = policy.statements.iter().enumerate().map(|(position, statement)| Statement {
            sid: Some(format!("Statement{position}")),
            ..statement.clone()
        });
        Policy { id: Some("some-id".to_owned()), statements: statements.collect(), ..policy.clone() }
    });
    let nameless = material.changed(|policy| {
        let statements =
            policy.statements.iter().map(|statement| Statement { sid: None, ..statement.clone() });
        Policy { id: None, statements: statements.collect(), ..policy.clone() }
    });
    vec![
        alike("every statement with a Sid of its own", material, named),
        alike("no Sid and no Id", material, nameless),
    ]
}

/// The documents written with as few brackets as can be, and with as many, and read again.
fn other_brackets(material: &Material, rules: &dyn Rules) -> Vec<Instance> {
    let rewritten = |change: fn(Value) -> Value| {
        let one = |policy: &Policy| {
            let document = serde_json::to_value(policy).ok()?;
            rules.read(&with_lists(document, change).to_string(), material.policy_type)
        };
        material.policies.iter().map(one).collect::<Option<Vec<Policy>>>()
    };
    let bare = rewritten(|value| match value {
        Value::Array(mut items) if items.len() == 1 => items.remove(0),
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_)) => other,
    });
    let listed = rewritten(|value| match value {
        list @ Value::Array(_) => list,
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            Value::Array(vec![other])
        }
    });
    match (bare, listed) {
        (Some(bare), Some(listed)) => vec![
            alike("no brackets around single values", material, bare),
            alike("brackets around single values", material, listed),
        ],
        // A document that some program put together need not be one that the grammar lets pass.
        (None, _) | (_, None) => Vec::new(),
    }
}

/// The document with `change` applied to everything that may be a list or a single value.
fn with_lists(document: Value, change: fn(Value) -> Value) -> Value {
    let on_statement = move |statement: Value| {
        map_members(statement, move |name, value| match name {
            "Action" | "NotAction" | "Resource" | "NotResource" => change(value),
            "Principal" | "NotPrincipal" if value.is_object() => {
                map_members(value, move |_, listed| change(listed))
            }
            "Condition" => {
                map_members(value, move |_, block| map_members(block, move |_, listed| change(listed)))
            }
            _ => value,
        })
    };
    map_members(document, move |name, value| match (name, value) {
        ("Statement", Value::Array(statements)) => {
            change(Value::Array(statements.into_iter().map(on_statement).collect()))
        }
        ("Statement", statement) => change(on_statement(statement)),
        (_, value) => value,
    })
}

fn map_members(object: Value, change: impl Fn(&str, Value) -> Value) -> Value {
    match object {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| {
                    let changed = change(&name, value);
                    (name, changed)
                })
                .collect(),
        ),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
            other
        }
    }
}

/// The normal form decides alike, and is its own normal form.
///
/// It writes a bare account id out in the partition that its account is in (GRAM-32). An account is in one partition only (GEN-4): so the law
/// speaks of callers whom the bare id names just where the ARN does.
fn normalised(material: &Material) -> Instance {
    let partition = "aws";
    let normal = material.changed(|policy| normal_form(policy, partition));
    let settled =
        normal.iter().all(|policy| write::compact(&normal_form(policy, partition)) == write::compact(policy));
    let mut instance = alike("the normal form", material, normal);
    instance.conclusion = Claim::All(vec![instance.conclusion, Claim::Known(settled)]);
    let names = |entry: PrincipalEntry| {
        let principal = Some(Selection::Only(Principals { entries: vec![entry] }));
        Side::of_matches(&Statement { principal, ..allow_if(Vec::new()) }, Version::V2012)
    };
    let mut in_partition = Vec::new();
    for account in bare_accounts(material) {
        let bare = instance.sides.len();
        let root = PrincipalEntry::AccountRoot { partition: partition.to_owned(), account: account.clone() };
        instance.sides.extend([names(PrincipalEntry::AccountId(account)), names(root)]);
        in_partition.push(Claim::Allows(bare).iff(Claim::Allows(bare + 1)));
    }
    if !in_partition.is_empty() {
        instance.premise = Claim::All(in_partition);
    }
    instance
}

/// The accounts that the set names by their id alone, each once.
fn bare_accounts(material: &Material) -> BTreeSet<String> {
    let principals = material.statements().filter_map(|(_, statement)| statement.principal.as_ref());
    let entries = principals.flat_map(|selection| &selection.listed().entries);
    entries
        .filter_map(|entry| match entry {
            PrincipalEntry::AccountId(account) => Some(account.clone()),
            PrincipalEntry::Everyone
            | PrincipalEntry::EveryoneAws
            | PrincipalEntry::AccountRoot { .. }
            | PrincipalEntry::User(_)
            | PrincipalEntry::Role(_)
            | PrincipalEntry::AssumedRole(_)
            | PrincipalEntry::FederatedUser(_)
            | PrincipalEntry::UniqueId(_)
            | PrincipalEntry::Service(_)
            | PrincipalEntry::Federated(_)
            | PrincipalEntry::CanonicalUser(_) => None,
        })
        .collect()
}

fn mapped<T>(selection: &Selection<Vec<T>>, change: impl Fn(&T) -> T) -> Selection<Vec<T>> {
    match selection {
        Selection::Only(listed) => Selection::Only(listed.iter().map(change).collect()),
        Selection::AllExcept(listed) => Selection::AllExcept(listed.iter().map(change).collect()),
    }
}

/// Every letter in the other case, all small, and all capital: a reading that stumbles over capitals, say, may do so in both of the first two.
fn other_action_case(material: &Material) -> Vec<Instance> {
    let respelled = |change: fn(&str) -> String| {
        material.with_statements(|statement, _| Statement {
            action: mapped(&statement.action, |pattern| change(pattern)),
            ..statement.clone()
        })
    };
    vec![
        alike("the other case in the policies' actions", material, respelled(recased)),
        alike("small letters in the policies' actions", material, respelled(str::to_ascii_lowercase)),
        alike("capital letters in the policies' actions", material, respelled(str::to_ascii_uppercase)),
        asked_otherwise("the other case in the request's action", material, Asked::ActionRecased),
    ]
}

fn asked_otherwise(about: &str, material: &Material, asked: Asked) -> Instance {
    let mut instance = alike(about, material, material.policies.clone());
    if let Some(side) = instance.sides.last_mut() {
        side.asked = asked;
    }
    instance
}

/// As with actions: every letter in the other case, all small, and all capital.
fn other_key_case(material: &Material) -> Vec<Instance> {
    vec![
        alike("the other case in names of keys and variables", material, keys_respelled(material, recased)),
        alike(
            "small letters in names of keys and variables",
            material,
            keys_respelled(material, str::to_ascii_lowercase),
        ),
        alike(
            "capital letters in names of keys and variables",
            material,
            keys_respelled(material, str::to_ascii_uppercase),
        ),
        asked_otherwise("the other case in the context's keys", material, Asked::KeysRecased),
    ]
}

fn keys_respelled(material: &Material, change: fn(&str) -> String) -> Vec<Policy> {
    material.with_statements(|statement, version| Statement {
        resource: statement
            .resource
            .as_ref()
            .map(|selection| mapped(selection, |pattern| respelled_names(pattern, version, change))),
        condition: statement
            .condition
            .iter()
            .map(|entry| ConditionEntry {
                key: KeyName::new(change(entry.key.spelling())),
                values: entry.values.iter().map(|value| respelled_names(value, version, change)).collect(),
                ..entry.clone()
            })
            .collect(),
        ..statement.clone()
    })
}

/// Every value of a String or Arn operator, with its key and Version.
fn of_values(material: &Material, law: fn(&KeyName, &str, Version) -> Instance) -> Vec<Instance> {
    let mut instances = Vec::new();
    let added = material.additions.iter().map(|additions| (Version::V2012, &additions.entry));
    for (version, entry) in material.entries().chain(added) {
        if is_textual(entry.operator.base) {
            instances.extend(entry.values.iter().map(|value| law(&entry.key, value, version)));
        }
    }
    instances
}

fn is_textual(base: BaseOperator) -> bool {
    base.name().starts_with("String") || base.name().starts_with("Arn")
}

fn compared(base: BaseOperator, key: &KeyName, value: &str) -> ConditionEntry {
    ConditionEntry { operator: Operator::plain(base), key: key.clone(), values: vec![value.to_owned()] }
}

fn equality_and_pattern(key: &KeyName, value: &str, version: Version) -> Instance {
    let sides = [BaseOperator::StringEquals, BaseOperator::StringLike]
        .map(|base| of_entry(compared(base, key, value), version));
    let (premise, conclusion) = if has_wildcard(value, version) {
        (Claim::Allows(0), Claim::Allows(1))
    } else {
        (Claim::Any(vec![Claim::Allows(0), Claim::Allows(1)]), Claim::same(0, 1))
    };
    Instance { about: format!("`{value}` of {key}"), sides: sides.into(), premise, conclusion }
}

fn arn_and_string(key: &KeyName, value: &str, version: Version) -> Instance {
    let sides = [BaseOperator::ArnLike, BaseOperator::StringLike]
        .map(|base| of_entry(compared(base, key, value), version));
    Instance {
        about: format!("`{value}` of {key}"),
        sides: sides.into(),
        premise: Claim::Allows(0),
        conclusion: Claim::Allows(1),
    }
}

/// What a caller might choose for a key, so that a pattern that lets it in as a pattern becomes wider: wildcards, a variable, an escape.
const CHOSEN: [&str; 4] = ["*", "?", "a*b", "${*}"];

/// Where a key has such a value, a pattern with the variable matches exactly what the pattern with the value as literal text does.
fn variables_filled_in(material: &Material) -> Vec<Instance> {
    let mut instances = Vec::new();
    for (version, statement) in material.statements() {
        if version != Version::V2012 {
            continue;
        }
        for pattern in statement.resource.iter().flat_map(|selection| selection.listed()) {
            let side = |pattern: &str| {
                let resource = Some(Selection::Only(vec![pattern.to_owned()]));
                Side::of_matches(&Statement { resource, ..allow_if(Vec::new()) }, version)
            };
            instances.extend(filled_in(pattern, side));
        }
        for entry in statement.condition.iter().filter(|entry| is_textual(entry.operator.base)) {
            for value in &entry.values {
                let side = |value: &str| {
                    of_entry(ConditionEntry { values: vec![value.to_owned()], ..entry.clone() }, version)
                };
                instances.extend(filled_in(value, side));
            }
        }
    }
    instances
}

fn filled_in(text: &str, side: impl Fn(&str) -> Side) -> Vec<Instance> {
    let mut keys: Vec<KeyName> = Vec::new();
    for token in tokens_with_variables(text).unwrap_or_default() {
        if let Token::Variable(variable) = token {
            keys.push(variable.key);
        }
    }
    keys.sort();
    keys.dedup();
    let mut instances = Vec::new();
    for key in keys {
        for chosen in CHOSEN {
            let Some(filled) = with_literal(text, &key, chosen) else { continue };
            let escaped = super::spelling::escaped(chosen);
            let chosen_here = compared(BaseOperator::StringEquals, &key, &escaped);
            instances.push(Instance {
                about: format!("`{text}` where {key} is `{chosen}`"),
                sides: vec![side(text), side(&filled), of_entry(chosen_here, Version::V2012)],
                premise: Claim::Allows(2),
                conclusion: Claim::same(0, 1),
            });
        }
    }
    instances
}

fn other_version(material: &Material) -> Vec<Instance> {
    let texts = |policy: &Policy| {
        policy.statements.iter().any(|statement| {
            let resources = statement.resource.iter().flat_map(|selection| selection.listed());
            let values = statement.condition.iter().flat_map(|entry| &entry.values);
            resources.chain(values).any(|text| has_dollar_brace(text))
        })
    };
    if material.policies.iter().any(texts) {
        return Vec::new();
    }
    let with = |version: Version| material.changed(|policy| Policy { version, ..policy.clone() });
    vec![
        Instance {
            about: "Version 2008-10-17 and Version 2012-10-17".to_owned(),
            sides: vec![Side::set(with(Version::V2008)), Side::set(with(Version::V2012))],
            premise: Claim::always(),
            conclusion: Claim::same(0, 1),
        },
        alike("no Version", material, with(Version::Absent)),
    ]
}

/// The Deny added for what each Allow of the set speaks of, and for everything.
fn robust_mfa(material: &Material) -> Vec<Instance> {
    let key = KeyName::new("aws:MultiFactorAuthPresent");
    let entry = |existence: Existence, values: &[&str]| ConditionEntry {
        operator: Operator { quantifier: Quantifier::None, base: BaseOperator::Bool, existence },
        key: key.clone(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let missing = ConditionEntry {
        operator: Operator::plain(BaseOperator::Null),
        key: key.clone(),
        values: vec!["true".to_owned()],
    };
    let version = Version::V2012;
    let mut targets = vec![allow_if(Vec::new())];
    targets.extend(
        material
            .of_effect(Effect::Allow)
            .map(|(_, statement)| Statement { condition: Vec::new(), ..statement.clone() }),
    );
    if matches!(material.policy_type, PolicyType::Resource | PolicyType::Trust | PolicyType::Endpoint) {
        // A statement that is added to a policy of a resource says of whom it speaks.
        targets.remove(0);
    }
    targets
        .into_iter()
        .map(|target| {
            let deny = Statement {
                sid: None,
                effect: Effect::Deny,
                condition: vec![entry(Existence::IfExists, &["false"])],
                ..target.clone()
            };
            let mut policies = material.policies.clone();
            policies.push(Policy { version, id: None, statements: vec![deny] });
            Instance {
                about: format!("a Deny without MFA of {}", target.action.listed().join(", ")),
                sides: vec![
                    Side::set(policies),
                    Side::of_matches(&target, version),
                    // KEY-4 and KEY-10: where the key is there, it is one value, `true` or `false`. That it is not there is said
                    // without IfExists, on which the law's own Deny rests.
                    of_entry(missing.clone(), version),
                    of_entry(entry(Existence::Required, &["true", "false"]), version),
                    of_entry(entry(Existence::Required, &["true"]), version),
                ],
                premise: Claim::All(vec![
                    Claim::Allows(0),
                    Claim::Allows(1),
                    Claim::Any(vec![Claim::Allows(2), Claim::Allows(3)]),
                ]),
                conclusion: Claim::Allows(4),
            }
        })
        .collect()
}
