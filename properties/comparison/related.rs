//! Generated pairs whose relation is known from how the second was made of the first.

use iamproof::comparison::Verdict;
use iamproof::crosscheck::stream::{Kind, Stream};
use iamproof::iam::normal::normal_form;
use iamproof::iam::policy::{Effect, Policy, PolicyType, Statement};

use super::{compared, prepared};

/// How many generated worlds are looked at; each gives a policy or two.
const WORLDS: u64 = 60;

/// Generated identity policies that both readings take.
fn policies() -> Vec<Policy> {
    let stream = Stream::new(7, Kind::Mixed, 1);
    let worlds = (0..WORLDS).filter_map(|number| stream.world(number));
    let policies: Vec<Policy> = worlds
        .flat_map(|world| world.layers.identity)
        .filter(|policy| policy.statements.iter().all(|statement| statement.principal.is_none()))
        .collect();
    assert!(policies.len() >= 25, "{} policies", policies.len());
    policies
}

fn with(policy: &Policy, statement: &Statement, effect: Effect) -> Policy {
    let mut more = policy.clone();
    more.statements.push(Statement { effect, ..statement.clone() });
    more
}

/// The verdict on NEW, which was made of OLD, and what it may be.
fn check(old: &Policy, new: &Policy, allowed: &[Verdict]) {
    let (before, after) = (prepared(old, PolicyType::Identity), prepared(new, PolicyType::Identity));
    let verdict = compared(&before, &after).verdict();
    assert!(allowed.contains(&verdict), "{verdict} and not {allowed:?}: {old:?} {new:?}");
}

#[test]
fn a_new_allow_only_widens_and_a_new_deny_only_narrows() {
    let policies = policies();
    for (policy, other) in policies.iter().zip(policies.iter().cycle().skip(1)) {
        let Some(statement) = other.statements.first() else { continue };
        // A statement with variables means another thing under another Version.
        if policy.version != other.version {
            continue;
        }
        check(policy, &with(policy, statement, Effect::Allow), &[Verdict::Wider, Verdict::Equivalent]);
        check(policy, &with(policy, statement, Effect::Deny), &[Verdict::Narrower, Verdict::Equivalent]);
    }
}

#[test]
fn order_repetition_and_spelling_change_nothing() {
    for policy in policies() {
        let mut turned = policy.clone();
        turned.statements.reverse();
        check(&policy, &turned, &[Verdict::Equivalent]);
        let mut doubled = policy.clone();
        doubled.statements.extend(policy.statements.clone());
        check(&policy, &doubled, &[Verdict::Equivalent]);
        check(&policy, &normal_form(&policy, "aws"), &[Verdict::Equivalent]);
    }
}

#[test]
fn the_reverse_comparison_is_the_mirror_image() {
    let policies = policies();
    for (old, new) in policies.iter().zip(policies.iter().skip(1)) {
        let (old, new) = (prepared(old, PolicyType::Identity), prepared(new, PolicyType::Identity));
        let (there, back) = (compared(&old, &new), compared(&new, &old));
        assert_eq!(there.gained.witness().is_some(), back.lost.witness().is_some());
        assert_eq!(there.lost.witness().is_some(), back.gained.witness().is_some());
        assert_ne!(there.verdict(), Verdict::Unknown);
    }
}
