//! Worlds about one relation between caller and policies: an entry that names the caller or almost, and a ceiling over a request that all else allows.
//!
//! Where every layer is drawn by itself, an entry for the caller's own role and a boundary that is silent meet once in some thousand worlds.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::fragments::{Place, place};
use super::pointed::{document, entries_of, plain};
use super::requests::{callers, entity};
use super::worlds::{DrawnLayers, Target, World, drawn_request, everything, levels};
use crate::iam::context::Context;
use crate::iam::layers::Layers;
use crate::iam::policy::{Effect, Policy, Selection, Statement};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::request::{Caller, FederationSource, Request, ResourcePolicyMark};

/// How many requests such a world has at the most: they differ in little that matters here.
const MOST_REQUESTS: usize = 4;

/// What a layer without principals says to everything.
#[derive(Clone, Copy, Debug)]
enum Says {
    Allow,
    Deny,
    Nothing,
}

impl Says {
    fn document(self) -> Policy {
        match self {
            Says::Allow => everything(),
            Says::Deny => document(vec![plain(Effect::Deny)]),
            Says::Nothing => {
                let action = Selection::Only(vec!["glacier:Nothing".to_owned()]);
                document(vec![Statement { action, ..plain(Effect::Allow) }])
            }
        }
    }
}

fn says() -> impl Strategy<Value = Policy> {
    select(&[Says::Allow, Says::Allow, Says::Nothing, Says::Nothing, Says::Deny]).prop_map(Says::document)
}

/// How a resource's policy speaks of the entries that it lists.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Allow,
    DenyBesideAllow,
    DenyAllOthers,
}

/// Entries that name the caller, or his next relatives, under layers that say one thing to everything.
pub(super) fn about_principals(most: usize) -> impl Strategy<Value = World> {
    let manner = select(&[Manner::Allow, Manner::Allow, Manner::DenyBesideAllow, Manner::DenyAllOthers]);
    let target = prop_oneof![4 => Just(Target::Plain), 1 => Just(Target::Role), 1 => Just(Target::Key)];
    let identity = option::weighted(0.5, says());
    let boundary = option::weighted(0.5, says());
    let session = option::weighted(0.5, vec(says(), 1..3));
    let requests = vec(drawn_request(Just(Context::new())), 1..=most.min(MOST_REQUESTS));
    let caller = (select(callers()), select(with_others_behind()), 0..2_u8)
        .prop_map(|(any, other, kind)| if kind == 0 { any } else { other });
    let how = (manner, 0..4_u8);
    (caller, target, how, vec(place(), 1..4), (identity, boundary, session), requests).prop_map(
        |(caller, target, (manner, owner), places, (identity, boundary, session), requests)| {
            let identity = identity.into_iter().collect();
            let layers = Layers { identity, boundary, session, ..Layers::default() };
            // Nobody is exempt whom NotPrincipal lists in part (PRIN-9): all of the chain, all but one link, or any of the family.
            let entries = match manner {
                Manner::DenyAllOthers if places.len() > 2 => whole_chain(&caller),
                Manner::DenyAllOthers if places.len() > 1 => {
                    let mut chain = whole_chain(&caller);
                    let link = places.first().map_or(0, |place| *place as usize % chain.len().max(1));
                    if chain.len() > 1 {
                        chain.remove(link);
                    }
                    chain
                }
                Manner::DenyAllOthers | Manner::Allow | Manner::DenyBesideAllow => {
                    relatives(&caller, &places)
                }
            };
            let speaking = |action: &str| speaking_of(&entries, manner, action);
            let mut drawn = DrawnLayers { layers, trust: Some(speaking("sts:*")) };
            drawn.layers.resource = Some(speaking("*"));
            World {
                layers: drawn.fitted(&caller, target),
                requests: requests
                    .into_iter()
                    .map(|drawn| drawn.of(&caller, target))
                    .map(
                        |request| {
                            if owner < 3 && target == Target::Plain { at_home(request) } else { request }
                        },
                    )
                    .collect(),
            }
        },
    )
}

/// The resource's policy; without a Resource where the action says that it is a trust policy, which knows no NotPrincipal either (GRAM-21).
fn speaking_of(entries: &[PrincipalEntry], manner: Manner, action: &str) -> Policy {
    let trust = action != "*";
    let statement = |effect, principal| Statement {
        principal: Some(principal),
        action: Selection::Only(vec![action.to_owned()]),
        resource: if trust { None } else { plain(effect).resource },
        ..plain(effect)
    };
    let listed = || Principals { entries: entries.to_vec() };
    let everyone = || Selection::Only(Principals { entries: vec![PrincipalEntry::Everyone] });
    document(match manner {
        Manner::Allow => vec![statement(Effect::Allow, Selection::Only(listed()))],
        Manner::DenyAllOthers if !trust => vec![
            statement(Effect::Allow, everyone()),
            statement(Effect::Deny, Selection::AllExcept(listed())),
        ],
        Manner::DenyBesideAllow | Manner::DenyAllOthers => {
            vec![statement(Effect::Allow, everyone()), statement(Effect::Deny, Selection::Only(listed()))]
        }
    })
}

/// Callers behind whom stands somebody else whom policies name: sessions, and whoever can have a boundary.
fn with_others_behind() -> Vec<Caller> {
    let is_one = |caller: &Caller| match caller {
        Caller::User(_) | Caller::RoleSession { .. } => true,
        Caller::FederatedSession { source, .. } => matches!(source, FederationSource::User(_)),
        Caller::Root { .. }
        | Caller::Service { .. }
        | Caller::Saml { .. }
        | Caller::WebIdentity { .. }
        | Caller::Anonymous => false,
    };
    callers().into_iter().filter(is_one).collect()
}

/// Every entry that names the caller.
fn whole_chain(caller: &Caller) -> Vec<PrincipalEntry> {
    let mut chain = entries_of(caller);
    if chain.is_empty() {
        chain.push(PrincipalEntry::EveryoneAws);
    }
    chain.sort();
    chain
}

/// Some of the entries that name the caller, or would if one field of theirs were another; each once, in the order of a document.
fn relatives(caller: &Caller, places: &[Place]) -> Vec<PrincipalEntry> {
    let mut family = entries_of(caller);
    if let Caller::RoleSession { role, session } = caller {
        let path = if role.path == "/" { "/eng/" } else { "/" };
        let moved = entity(&role.partition, &role.account, path, &role.name);
        family.push(PrincipalEntry::Role(moved.arn("role")));
        let other = format!("{session}x");
        let start = format!("arn:{}:sts::{}", role.partition, role.account);
        family.push(PrincipalEntry::AssumedRole(format!("{start}:assumed-role/{}/{other}", role.name)));
    }
    if let Caller::User(user) = caller {
        let path = if user.path == "/" { "/eng/" } else { "/" };
        family
            .push(PrincipalEntry::User(entity(&user.partition, &user.account, path, &user.name).arn("user")));
    }
    // One letter in another case (PRIN-6), and a service of one region (PRIN-11).
    let neighbours = family.iter().filter_map(|entry| match entry {
        PrincipalEntry::User(arn) => Some(PrincipalEntry::User(with_a_capital(arn))),
        PrincipalEntry::Role(arn) => Some(PrincipalEntry::Role(with_a_capital(arn))),
        PrincipalEntry::Service(name) => {
            Some(PrincipalEntry::Service(name.replace(".amazonaws", ".us-east-1.amazonaws")))
        }
        PrincipalEntry::Everyone
        | PrincipalEntry::EveryoneAws
        | PrincipalEntry::AccountId(_)
        | PrincipalEntry::AccountRoot { .. }
        | PrincipalEntry::AssumedRole(_)
        | PrincipalEntry::FederatedUser(_)
        | PrincipalEntry::UniqueId(_)
        | PrincipalEntry::Federated(_)
        | PrincipalEntry::CanonicalUser(_) => None,
    });
    family.extend(neighbours.take(1).collect::<Vec<_>>());
    if family.is_empty() {
        family.push(PrincipalEntry::EveryoneAws);
    }
    let mut entries: Vec<PrincipalEntry> =
        places.iter().filter_map(|place| family.get(*place as usize % family.len()).cloned()).collect();
    entries.sort();
    entries.dedup();
    entries
}

/// The ARN with the first letter of its name as a capital.
fn with_a_capital(arn: &str) -> String {
    match arn.rsplit_once('/') {
        Some((path, name)) => {
            let mut letters = name.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            format!("{path}/{}{}", first.map(String::from).unwrap_or_default(), letters.as_str())
        }
        None => arn.to_owned(),
    }
}

/// Ceilings over a request that identity and resource policies allow.
pub(super) fn about_ceilings(most: usize) -> impl Strategy<Value = World> {
    let scps = option::weighted(0.6, levels(says()));
    let rcps = option::weighted(0.6, 1..4_usize);
    let endpoint = option::weighted(0.2, says());
    let requests = vec(drawn_request(Just(Context::new())), 1..=most.min(MOST_REQUESTS));
    let callers: Vec<Caller> = callers().into_iter().chain(service_linked()).collect();
    (select(callers), 0..4_u8, (scps, rcps, endpoint), requests).prop_map(
        |(caller, owner, (scps, rcps, endpoint), requests)| {
            let requests: Vec<_> = requests
                .into_iter()
                .map(|drawn| drawn.of(&caller, Target::Plain))
                .map(|request| if owner < 3 { at_home(request) } else { request })
                .collect();
            let services: Vec<&str> =
                requests.iter().filter_map(|request| request.action.split(':').next()).collect();
            let rcps = rcps.map(|levels| {
                let set =
                    |level: usize| services.get(level).map(|service| refusing(service)).into_iter().collect();
                (0..levels).map(set).collect()
            });
            let everybody = |mut policy: Policy| {
                let entries = vec![PrincipalEntry::Everyone];
                for statement in &mut policy.statements {
                    statement.principal = Some(Selection::Only(Principals { entries: entries.clone() }));
                }
                policy
            };
            let layers = Layers {
                identity: vec![everything()],
                resource: Some(everybody(everything())),
                scps,
                rcps,
                endpoint: endpoint.map(everybody),
                ..Layers::default()
            };
            let layers = DrawnLayers { layers, trust: None }.fitted(&caller, Target::Plain);
            World { layers, requests }
        },
    )
}

/// The request on a resource of the caller's own account, which most are on, so that nothing else stands in the way.
fn at_home(request: Request) -> Request {
    let own = request.caller.account().map(str::to_owned);
    Request { resource_account: own, resource_policy_mark: ResourcePolicyMark::Unmarked, ..request }
}

/// A document of RCPs against everything of a service (GRAM-24).
fn refusing(service: &str) -> Policy {
    document(vec![Statement {
        principal: Some(Selection::Only(Principals { entries: vec![PrincipalEntry::Everyone] })),
        action: Selection::Only(vec![format!("{service}:*")]),
        ..plain(Effect::Deny)
    }])
}

/// Sessions of service-linked roles, once more: ceilings are not theirs (EVAL-23).
fn service_linked() -> Vec<Caller> {
    let is_one = |caller: &Caller| matches!(caller, Caller::RoleSession { role, .. } if role.path.starts_with("/aws-service-role/"));
    callers().into_iter().filter(is_one).cycle().take(2).collect()
}
