//! Worlds about one thing: everything around it is plain, so that the decision turns on it.
//!
//! In a world where every element is drawn at random, a condition is asked only where action, resource, principal and six other layers leave the
//! question open, which is one request in some hundred. Here the element alone is drawn, and requests are made from what it says.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::conditions::{Family, distinct, entry_of, operator};
use super::fragments::{self, ACCOUNT, Place, at, place};
use super::parties::{about_ceilings, about_principals};
use super::policies::{principal_entries, selected_actions};
use super::requests::{caller, entity};
use super::turning::{layer, turning_on};
use super::worlds::{DrawnLayers, Target, World, drawn_request, everything, levels};
use crate::iam::condition::{BaseOperator, Operator};
use crate::iam::context::{Context, ContextValue};
use crate::iam::key::KeyName;
use crate::iam::layers::Layers;
use crate::iam::pattern::{Token, tokens_with_variables, tokens_without_variables};
use crate::iam::policy::{ConditionEntry, Effect, Policy, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::request::{
    Caller, Credential, CredentialKind, Entity, FederationSource, Request, ResourcePolicyMark, Validity,
};

/// A world about conditions, resources, actions, principals, ceilings, or how layers and callers come together, with up to `most_requests` requests.
pub fn pointed_world(most_requests: usize) -> impl Strategy<Value = World> {
    let most = most_requests.max(1);
    prop_oneof![
        14 => about_conditions(most),
        6 => about_resources(most),
        2 => about_actions(most),
        5 => about_layers(most.min(MOST_ABOUT_LAYERS)),
        8 => about_principals(most),
        2 => about_ceilings(most),
    ]
}

/// How many requests a world about layers has at the most: its documents say the same to all of them.
const MOST_ABOUT_LAYERS: usize = 8;

/// A statement for everything, as an identity policy writes it.
pub(super) fn plain(effect: Effect) -> Statement {
    Statement {
        sid: None,
        effect,
        principal: None,
        action: Selection::Only(vec!["*".to_owned()]),
        resource: Some(Selection::Only(vec!["*".to_owned()])),
        condition: Vec::new(),
    }
}

fn effect() -> impl Strategy<Value = Effect> {
    select(&[Effect::Allow, Effect::Allow, Effect::Deny])
}

/// Before variables (VAR-2) more often than anybody writes it: most texts in these worlds have one.
fn version() -> impl Strategy<Value = Version> {
    select(&[Version::V2012, Version::V2012, Version::V2012, Version::V2012, Version::V2008, Version::Absent])
}

/// A request by alice with nothing else special about it.
fn plain_request(action: &str, resource: String, context: Context) -> Request {
    Request {
        caller: Caller::User(entity("aws", ACCOUNT, "/", "alice")),
        credential: Credential { kind: CredentialKind::LongTerm, validity: Validity::Current },
        action: action.to_owned(),
        resource,
        resource_account: Some(ACCOUNT.to_owned()),
        resource_policy_mark: ResourcePolicyMark::Unmarked,
        context,
    }
}

/// What a context holds for a key: of which shape, and for each text where it is taken from.
type DrawnTexts = (u8, [Place; 3]);

fn drawn_texts() -> impl Strategy<Value = DrawnTexts> {
    (0..16_u8, [place(), place(), place()])
}

/// A value of this shape.
fn shaped(drawn: DrawnTexts, text: impl Fn(Place) -> String) -> Option<ContextValue> {
    let (kind, [first, second, third]) = drawn;
    Some(match kind {
        0..2 => return None,
        2..11 => ContextValue::Single(text(first)),
        11 => ContextValue::Many(Vec::new()),
        12 => ContextValue::Many(vec![text(first)]),
        13 => ContextValue::Many(vec![text(first), text(second)]),
        14 => ContextValue::Many(vec![text(first), text(second), text(third)]),
        // The list that counts as missing (COND-9).
        _ => ContextValue::Many(vec![String::new()]),
    })
}

/// The keys of variables, which conditions ask for as well.
const VARIABLE_KEYS: &[&str] = &["aws:username", "aws:PrincipalTag/team", "aws:TagKeys"];

/// A context that holds the keys of variables.
fn variables(drawn: &[DrawnTexts]) -> Context {
    let mut context = Context::new();
    for (name, drawn) in VARIABLE_KEYS.iter().zip(drawn) {
        if let Some(value) = shaped(*drawn, |place| at(fragments::NAMES, place).to_owned()) {
            context.set(KeyName::new(*name), value);
        }
    }
    context
}

/// A context that holds the keys of variables and of the entries. Half the texts are made from what the entry says.
fn context_for(entries: &[ConditionEntry], version: Version, drawn: &[DrawnTexts]) -> Context {
    let (of_entries, of_variables) = drawn.split_at(entries.len().min(drawn.len()));
    let mut context = variables(of_variables);
    // A value with a colon in every other ARN that has a variable: it must not shift the fields (VAR-12).
    let is_arn_with_variable = |entry: &ConditionEntry| {
        Family::of(entry.operator.base) == Family::Arn && entry.values.iter().any(|text| text.contains("${"))
    };
    let draw = drawn.first().map_or(0, |(_, [first, ..])| *first);
    if draw.is_multiple_of(2) && entries.iter().any(is_arn_with_variable) {
        let value = ContextValue::Single("us-east-1:222222222222".to_owned());
        context.set(KeyName::new("aws:PrincipalTag/team"), value);
    }
    for (entry, drawn) in entries.iter().zip(of_entries) {
        let family = Family::of(entry.operator.base);
        let text = |place: Place| {
            let own: Vec<&str> = entry.values.iter().map(String::as_str).collect();
            let exact = instance(at(&own, place / 4), version, &context, &[place / 4]);
            match place % 4 {
                0 => exact,
                // Case must matter, or must not.
                1 => exact.chars().map(other_case).collect(),
                _ => at(family.context_values(), place / 4).to_owned(),
            }
        };
        match shaped(*drawn, text) {
            Some(value) => context.set(entry.key.clone(), value),
            None => context.remove(&entry.key),
        }
    }
    context
}

fn other_case(letter: char) -> char {
    if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}

/// An operator of any family, so that those with few operators are met as often as those with many; texts three times as often, since most
/// that can be confused (wildcards, letter case, variables, lists) is met under them.
fn operator_of_a_family() -> impl Strategy<Value = Operator> {
    let families: Vec<Family> = [Family::String; 2].into_iter().chain(Family::ALL).collect();
    (operator(), select(families), place()).prop_map(|(drawn, family, place)| {
        let of_family: Vec<BaseOperator> =
            BaseOperator::ALL.iter().copied().filter(|base| Family::of(*base) == family).collect();
        let base =
            usize::try_from(place).ok().and_then(|place| of_family.get(place % of_family.len().max(1)));
        match base {
            Some(BaseOperator::Null) | None => Operator::plain(BaseOperator::Null),
            Some(base) => Operator { base: *base, ..drawn },
        }
    })
}

/// One condition, or several keys under one operator.
fn about_conditions(most: usize) -> impl Strategy<Value = World> {
    let keys = vec((place(), vec(place(), 1..4)), 1..3);
    let requests = vec(vec(drawn_texts(), 2 + VARIABLE_KEYS.len()), 1..=most);
    (effect(), version(), layer(), operator_of_a_family(), keys, requests).prop_map(
        |(effect, version, layer, operator, keys, requests)| {
            let entries = keys.into_iter().map(|(key, values)| entry_of(operator, key, values)).collect();
            let condition = distinct(entries);
            let of = |drawn: Vec<DrawnTexts>| {
                let context = context_for(&condition, version, &drawn);
                plain_request("s3:GetObject", "arn:aws:s3:::bkt/k".to_owned(), context)
            };
            let requests = requests.into_iter().map(of).collect();
            turning_on(Statement { condition, ..plain(effect) }, version, layer, requests)
        },
    )
}

/// What takes the place of a `*`.
const FILLINGS: &[&str] =
    &["", "k", "alice", " ", "\n", "\u{e9}", "\u{1F511}", ":", "/", "a/b", "*", "${aws:username}"];

/// What takes the place of a `?`: one character, or too few, or too many.
const ONE_CHARACTER: &[&str] = &["k", " ", "\n", "\u{e9}", "\u{1F511}", ":", "/", "*", "", "kk"];

/// A text that a pattern matches, or almost.
fn instance(pattern: &str, version: Version, context: &Context, fillings: &[Place]) -> String {
    let tokens = match version {
        Version::V2012 => tokens_with_variables(pattern).unwrap_or_default(),
        Version::V2008 | Version::Absent => tokens_without_variables(pattern),
    };
    let mut fillings = fillings.iter().copied().cycle();
    let mut filling = |list| at(list, fillings.next().unwrap_or_default());
    tokens
        .iter()
        .map(|token| match token {
            Token::Literal(text) => text.clone(),
            Token::Star => filling(FILLINGS).to_owned(),
            Token::Question => filling(ONE_CHARACTER).to_owned(),
            Token::Variable(variable) => match (context.value(&variable.key), &variable.default) {
                (Some(ContextValue::Single(value)), _) => value.clone(),
                (Some(ContextValue::Many(values)), default) => {
                    values.first().or(default.as_ref()).cloned().unwrap_or_default()
                }
                (None, Some(default)) => default.clone(),
                (None, None) => variable.to_string(),
            },
        })
        .collect()
}

/// One Resource or NotResource, and requests on its instances.
fn about_resources(most: usize) -> impl Strategy<Value = World> {
    let pattern = (0..2_u8, place()).prop_map(|(kind, place)| match kind {
        0 => at(fragments::RESOURCE_PATTERNS, place),
        _ => at(fragments::VARIABLE_PATTERNS, place),
    });
    let request = (0..8_u8, place(), vec(place(), 4), vec(drawn_texts(), VARIABLE_KEYS.len()));
    (effect(), version(), layer(), 0..4_u8, vec(pattern, 1..4), vec(request, 1..=most)).prop_map(
        |(effect, version, layer, kind, listed, requests)| {
            let of = |(twist, which, fillings, drawn): (u8, Place, Vec<Place>, Vec<DrawnTexts>)| {
                let mut context = variables(&drawn);
                context.set(KeyName::new("aws:PrincipalAccount"), ContextValue::Single(ACCOUNT.to_owned()));
                let exact = instance(at(&listed, which), version, &context, &fillings);
                let resource = match twist {
                    0 => at(fragments::RESOURCES, which).to_owned(),
                    1 => format!("{exact}x"),
                    2 => exact.replace("bkt", "Bkt"),
                    3 => exact.replace(['.', '+'], "-"),
                    _ => exact,
                };
                let is_arn = resource == "*" || resource.split(':').count() >= 6;
                let resource = if is_arn { resource } else { at(fragments::RESOURCES, which).to_owned() };
                plain_request("s3:GetObject", resource, context)
            };
            let requests = requests.into_iter().map(of).collect();
            let listed = listed.iter().map(|text| (*text).to_owned()).collect();
            let resource = if kind == 3 { Selection::AllExcept(listed) } else { Selection::Only(listed) };
            let statement = Statement { resource: Some(resource), ..plain(effect) };
            turning_on(statement, version, layer, requests)
        },
    )
}

/// One Action or NotAction.
fn about_actions(most: usize) -> impl Strategy<Value = World> {
    let requests = vec(place(), 1..=most);
    (effect(), layer(), selected_actions(fragments::ACTION_PATTERNS), requests).prop_map(
        |(effect, layer, action, requests)| {
            let of = |place| {
                let resource = "arn:aws:s3:::bkt/k".to_owned();
                plain_request(at(fragments::ACTIONS, place), resource, Context::new())
            };
            let requests = requests.into_iter().map(of).collect();
            turning_on(Statement { action, ..plain(effect) }, Version::V2012, layer, requests)
        },
    )
}

/// Documents that say the same to every request: who asks, and which layer says what, decides.
fn about_layers(most: usize) -> impl Strategy<Value = World> {
    let target = prop_oneof![3 => Just(Target::Plain), 1 => Just(Target::Role), 1 => Just(Target::Key)];
    let requests = vec(drawn_request(Just(Context::new())), 1..=most);
    (caller(), target, plain_layers(), grants(), requests).prop_map(
        |(caller, target, mut layers, Grants { resource, trust, endpoint }, requests)| {
            layers.layers.resource = resource.map(|grants| named(&grants, &caller, "*"));
            layers.layers.endpoint = endpoint.map(|grants| named(&grants, &caller, "*"));
            layers.trust = trust.map(|grants| named(&grants, &caller, "sts:*"));
            World {
                layers: layers.fitted(&caller, target),
                requests: requests.into_iter().map(|drawn| drawn.of(&caller, target)).collect(),
            }
        },
    )
}

/// The layers without principals.
fn plain_layers() -> impl Strategy<Value = DrawnLayers> {
    let identity = vec(flat(), 0..3);
    let boundary = option::weighted(0.4, flat());
    let session = option::weighted(0.4, vec(flat(), 1..3));
    let scps = option::weighted(0.3, levels(flat()));
    let rcps = option::weighted(0.3, levels(ceiling()));
    (identity, boundary, session, scps, rcps).prop_map(|(identity, boundary, session, scps, rcps)| {
        let layers = Layers { identity, boundary, session, scps, rcps, ..Layers::default() };
        DrawnLayers { layers, trust: None }
    })
}

/// A document of Version 2012-10-17.
pub(super) fn document(statements: Vec<Statement>) -> Policy {
    Policy { version: Version::V2012, id: None, statements }
}

/// A document that allows everything, or nothing that anybody asks for, or denies everything.
fn flat() -> impl Strategy<Value = Policy> {
    (0..8_u8).prop_map(|kind| match kind {
        0..5 => everything(),
        5 | 6 => {
            let nothing = Selection::Only(vec!["glacier:Nothing".to_owned()]);
            document(vec![Statement { action: nothing, ..plain(Effect::Allow) }])
        }
        _ => document(vec![plain(Effect::Deny)]),
    })
}

/// A document of RCPs: it denies everything of some service (GRAM-24).
fn ceiling() -> impl Strategy<Value = Policy> {
    select(&["sqs:*", "s3:*", "kms:*", "sts:*", "ec2:*"]).prop_map(|action| {
        document(vec![Statement {
            principal: Some(Selection::Only(Principals { entries: vec![PrincipalEntry::Everyone] })),
            action: Selection::Only(vec![action.to_owned()]),
            ..plain(Effect::Deny)
        }])
    })
}

/// A statement that names principals, before it is known who calls.
#[derive(Clone, Copy, Debug)]
struct Grant {
    kind: u8,
    entries: [(u8, Place); 2],
}

/// The policies that name principals, before it is known who calls.
#[derive(Clone, Debug)]
struct Grants {
    resource: Option<Vec<Grant>>,
    trust: Option<Vec<Grant>>,
    endpoint: Option<Vec<Grant>>,
}

/// The statements of a resource policy, a trust policy and an endpoint policy.
fn grants() -> impl Strategy<Value = Grants> {
    let entry = || (0..5_u8, place());
    let grant =
        || (0..6_u8, entry(), entry()).prop_map(|(kind, one, other)| Grant { kind, entries: [one, other] });
    let policy = || vec(grant(), 1..3);
    (option::weighted(0.7, policy()), option::weighted(0.8, policy()), option::weighted(0.2, policy()))
        .prop_map(|(resource, trust, endpoint)| Grants { resource, trust, endpoint })
}

/// One or two statements for everything, each for the principals that it names, the caller and his relatives more often than others; on no
/// resource where the action says that it is a trust policy.
fn named(grants: &[Grant], caller: &Caller, action: &str) -> Policy {
    let trust = action != "*";
    let statement = |grant: &Grant| {
        let principals = Principals { entries: entries(grant, caller) };
        let (effect, principal) = match grant.kind {
            0..3 => (Effect::Allow, Selection::Only(principals)),
            3 => (Effect::Deny, Selection::Only(principals)),
            _ if trust => (Effect::Allow, Selection::Only(principals)),
            // NotPrincipal is for Deny alone (GRAM-14), and not for trust policies.
            4 => (Effect::Deny, Selection::AllExcept(principals)),
            _ => (Effect::Allow, Selection::Only(Principals { entries: vec![PrincipalEntry::Everyone] })),
        };
        Statement {
            principal: Some(principal),
            action: Selection::Only(vec![action.to_owned()]),
            resource: if trust { None } else { plain(effect).resource },
            ..plain(effect)
        }
    };
    document(grants.iter().map(statement).collect())
}

/// The principals of a statement, each once, in the order in which a document lists kinds.
fn entries(grant: &Grant, caller: &Caller) -> Vec<PrincipalEntry> {
    let all = principal_entries();
    let own = entries_of(caller);
    let mut entries: Vec<PrincipalEntry> = grant
        .entries
        .iter()
        .filter_map(|(kind, place)| {
            let list = if *kind < 3 && !own.is_empty() { &own } else { &all };
            list.get(*place as usize % list.len().max(1)).cloned()
        })
        .collect();
    entries.sort();
    entries.dedup();
    if grant.entries.iter().all(|(kind, _)| *kind == 4) {
        entries = vec![PrincipalEntry::EveryoneAws];
    }
    entries
}

/// The entries that may name a caller: himself, and whatever stands behind him.
pub(super) fn entries_of(caller: &Caller) -> Vec<PrincipalEntry> {
    let mut entries = Vec::new();
    if let Some(account) = caller.account() {
        entries.push(PrincipalEntry::AccountId(account.to_owned()));
    }
    let arn = |entity: &Entity, kind: &str| {
        let Entity { partition, account, path, name } = entity;
        format!("arn:{partition}:iam::{account}:{kind}{path}{name}")
    };
    match caller {
        Caller::Root { partition, account } => entries
            .push(PrincipalEntry::AccountRoot { partition: partition.clone(), account: account.clone() }),
        Caller::User(user) if user.name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            entries.push(PrincipalEntry::User(arn(user, "user")));
        }
        // No entry names a user whose name has characters of patterns.
        Caller::User(_) => {}
        Caller::RoleSession { role, session } => {
            let Entity { partition, account, name, .. } = role;
            entries.push(PrincipalEntry::Role(arn(role, "role")));
            let session = format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session}");
            entries.push(PrincipalEntry::AssumedRole(session));
        }
        Caller::FederatedSession { partition, account, name, source } => {
            if let FederationSource::User(user) = source {
                entries.push(PrincipalEntry::User(arn(user, "user")));
            }
            let session = format!("arn:{partition}:sts::{account}:federated-user/{name}");
            entries.push(PrincipalEntry::FederatedUser(session));
        }
        Caller::Service { name } => entries.push(PrincipalEntry::Service(name.clone())),
        Caller::Saml { provider } | Caller::WebIdentity { provider } => {
            entries.push(PrincipalEntry::Federated(provider.clone()));
        }
        Caller::Anonymous => {}
    }
    entries
}
