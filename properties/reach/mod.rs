//! Whom one can come to be: answers that follow from the rules, paths that replay, and mistakes that must show.

mod account;
mod answers;

use std::collections::{BTreeMap, BTreeSet};

use iamproof::corpus::Question;
use iamproof::evaluator::Interpreter;
use iamproof::iam::operation::Credentials;
use iamproof::iam::outcome::{Outcome, Taken};
use iamproof::iam::world::World;
use iamproof::reach::{Changes, Path, Reach};

/// Every world of the corpus that has roles, with its name.
pub(super) fn worlds() -> Vec<(String, World)> {
    let cases = super::corpus::cases_in("corpus/cited");
    let mut worlds: Vec<(String, World)> = Vec::new();
    for (name, case) in cases {
        if let Question::Trace { world, .. } = case.question
            && world.accounts.values().any(|account| !account.roles.is_empty())
            && !worlds.iter().any(|(_, known)| known.accounts == world.accounts)
        {
            worlds.push((name, *world));
        }
    }
    assert!(worlds.len() > 20, "only {} worlds", worlds.len());
    worlds
}

fn principals(world: &World) -> Vec<String> {
    let users = world.accounts.iter().flat_map(|(id, account)| {
        account.users.keys().map(|name| world.user(id, name).unwrap().arn()).collect::<Vec<_>>()
    });
    users.chain(roles(world)).collect()
}

pub(super) fn roles(world: &World) -> Vec<String> {
    let roles = world.accounts.iter().flat_map(|(id, account)| {
        account.roles.keys().map(|name| world.role(id, name).unwrap().arn()).collect::<Vec<_>>()
    });
    roles.collect()
}

/// Takes the calls of a path in the whole world; what is refused is a mistake of the search.
fn replay(world: &World, path: &Path) -> Result<(), String> {
    let interpreter = Interpreter::new();
    let mut world = interpreter.begin(world).map_err(|unusable| unusable.to_string())?;
    for call in &path.calls {
        match interpreter.step(&world, &call.step) {
            Ok(Taken { world: next, outcome: Outcome::Done(_), .. }) => world = next,
            Ok(Taken { outcome: Outcome::Refused(refusal), .. }) => return Err(format!("{refusal:?}")),
            Err(unusable) => return Err(unusable.to_string()),
        }
    }
    Ok(())
}

/// Whether a path begins with long-term credentials and needs no device that the world does not have: only such can be replayed as it is.
pub(super) fn begins_by_itself(path: &Path) -> bool {
    let first = path.calls.first();
    let with_key = first.is_some_and(|call| matches!(call.step.credentials, Credentials::User { .. }));
    with_key
        && !path.calls.iter().any(|call| format!("{:?}", call.step.operation).contains("token_code: Some"))
}

#[test]
fn every_path_replays_in_the_whole_world() {
    let mut replayed = 0;
    for (name, world) in worlds() {
        let reach = Reach::of(&world, Changes::Tried, Interpreter::new()).unwrap();
        for principal in principals(&world) {
            let from = reach.from(&principal).unwrap();
            for found in from.roles.iter().chain(&from.users).filter(|found| begins_by_itself(&found.path)) {
                let attaches = format!("{:?}", found.path.calls).contains("AdministratorAccess");
                if !attaches {
                    replay(&world, &found.path)
                        .unwrap_or_else(|refusal| panic!("{name}: {principal}: {refusal}"));
                    replayed += 1;
                }
            }
        }
    }
    assert!(replayed > 50, "only {replayed} paths");
}

#[test]
fn whoever_holds_what_a_provider_signed_comes_to_hold_the_role_that_trusts_it() {
    let mut replayed = 0;
    for (name, world) in worlds() {
        let reach = Reach::of(&world, Changes::None, Interpreter::new()).unwrap();
        let assertions = world.assertions.values().map(|assertion| &assertion.provider);
        let signers: BTreeSet<&String> =
            assertions.chain(world.tokens.values().map(|token| &token.provider)).collect();
        for signer in signers {
            for found in reach.from(signer).unwrap().roles {
                replay(&world, &found.path).unwrap_or_else(|refusal| panic!("{name}: {signer}: {refusal}"));
                replayed += 1;
            }
        }
    }
    assert!(replayed > 5, "only {replayed} paths");
}

#[test]
fn forward_and_backward_find_the_same_at_the_same_distance() {
    for (name, world) in worlds() {
        for changes in [Changes::None, Changes::Tried] {
            let reach = Reach::of(&world, changes, Interpreter::new()).unwrap();
            let mut forward: BTreeMap<(String, String), usize> = BTreeMap::new();
            for principal in principals(&world) {
                for found in reach.from(&principal).unwrap().roles {
                    forward.insert((principal.clone(), found.principal), found.path.length());
                }
            }
            let mut backward = BTreeMap::new();
            for role in roles(&world) {
                for found in reach.to(&role).unwrap().principals {
                    backward.insert((found.principal, role.clone()), found.path.length());
                }
            }
            assert_eq!(forward, backward, "{name}, {changes:?}");
        }
    }
}
