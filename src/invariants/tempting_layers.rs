//! The tempting statements of section 9.11 about callers and layers: each put as a claim about given layers, over every request.
//!
//! The premise keeps the witness to the point: that the credentials do not hold, say, is no counterexample that teaches anything.

use super::built::{
    all, allow, around, asked_if, by, by_all_but, denied, entry, policies_decide, policy, set, trusting,
    where_true,
};
use super::claim::{Claim, Instance, Side};
use crate::iam::layers::Layers;
use crate::iam::policy::Statement;
use crate::iam::principal::PrincipalEntry;

const ACCOUNT: &str = "111122223333";
const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/s1";
const OBJECTS: &str = "arn:aws:s3:::bucket/*";

/// The claim of a false statement about callers and layers; `None` where its law is not one of these.
pub(super) fn instance(id: &str) -> Option<Instance> {
    let instance = match id {
        "F-1" => a_boundary_limits_everything(),
        "F-2" => a_session_has_only_its_roles_policies(),
        "F-3" => a_session_policy_limits_everything(),
        "F-4" => naming_the_account_is_enough(),
        "F-5" => both_sides_suffice(),
        "F-6" => the_owners_scp_keeps_outsiders_out(),
        "F-7" => an_administrator_assumes_every_role(),
        "F-8" => root_can_do_everything(),
        "F-9" => a_role_assumes_itself(),
        "F-11" => a_session_shows_mfa(),
        "F-21" => a_federated_session_is_its_user(),
        "F-24" => a_deny_stops_get_session_token(),
        "F-30" => not_principal_exempts_the_user(),
        _ => return None,
    };
    Some(instance)
}

/// Side 0 is what is claimed about; of the others, every one allows where the claim speaks.
fn claimed(about: &str, claimed: Side, premises: Vec<Side>, conclusion: Claim) -> Instance {
    let premise = (1..=premises.len()).map(Claim::Allows).collect();
    let sides = [vec![claimed], premises].concat();
    Instance { about: about.to_owned(), sides, premise: Claim::All(premise), conclusion }
}

/// The same where policies decide.
fn claimed_where_policies_decide(instance: Instance) -> Instance {
    let Instance { about, mut sides, premise, conclusion } = instance;
    let position = sides.len();
    sides.push(policies_decide());
    Instance { about, sides, premise: Claim::All(vec![premise, Claim::Denies(position)]), conclusion }
}

fn reads() -> Statement {
    allow("s3:GetObject", OBJECTS)
}

fn user(arn: &str) -> PrincipalEntry {
    PrincipalEntry::User(arn.to_owned())
}

fn called_by(principal_type: &str) -> Side {
    asked_if("StringEquals", "aws:PrincipalType", &[principal_type])
}

fn called_by_arn(arn: &str) -> Side {
    asked_if("ArnEquals", "aws:PrincipalArn", &[arn])
}

/// Caller and resource belong to the account.
fn within_account() -> Vec<Side> {
    ["aws:PrincipalAccount", "aws:ResourceAccount"]
        .map(|key| asked_if("StringEquals", key, &[ACCOUNT]))
        .into()
}

/// What a limit that is silent on S3 is said to limit, and a bucket's policy passes.
fn limited(about: &str, layers: Layers, caller: &str, limit: Side) -> Instance {
    let sides = vec![around(layers), called_by(caller), limit];
    let premise = Claim::All(vec![Claim::Allows(0), Claim::Allows(1)]);
    Instance { about: about.to_owned(), sides, premise, conclusion: Claim::Allows(2) }
}

fn a_boundary_limits_everything() -> Instance {
    let boundary = policy(vec![allow("ec2:*", "*")]);
    let layers = Layers {
        boundary: Some(boundary.clone()),
        resource: Some(policy(vec![by(user(ALICE), reads())])),
        ..Layers::default()
    };
    let limit = Side::set(vec![boundary]);
    limited("what a user with a boundary of ec2:* is allowed, the boundary allows", layers, "User", limit)
}

fn a_session_has_only_its_roles_policies() -> Instance {
    let identity = vec![policy(vec![allow("ec2:*", "*")])];
    let grant = by(PrincipalEntry::Role(ROLE.to_owned()), reads());
    let layers =
        Layers { identity: identity.clone(), resource: Some(policy(vec![grant])), ..Layers::default() };
    let limit = Side::set(identity);
    limited("what a role's session is allowed, the role's policies allow", layers, "AssumedRole", limit)
}

fn a_session_policy_limits_everything() -> Instance {
    let session = vec![policy(vec![allow("s3:ListBucket", "*")])];
    let grant = by(PrincipalEntry::AssumedRole(SESSION.to_owned()), reads());
    let layers =
        Layers { session: Some(session.clone()), resource: Some(policy(vec![grant])), ..Layers::default() };
    let limit = Side::set(session);
    limited("what a session is allowed, its session policy allows", layers, "AssumedRole", limit)
}

fn naming_the_account_is_enough() -> Instance {
    let bucket = policy(vec![by(PrincipalEntry::AccountId(ACCOUNT.to_owned()), reads())]);
    let layers = Layers { resource: Some(bucket.clone()), ..Layers::default() };
    let premises = [vec![Side::set(vec![bucket]), called_by("User")], within_account()].concat();
    claimed_where_policies_decide(claimed(
        "a user of the account that the bucket's policy names may read",
        around(layers),
        premises,
        Claim::Allows(0),
    ))
}

fn both_sides_suffice() -> Instance {
    let identity = policy(vec![reads()]);
    let bucket = policy(vec![by(user(ALICE), reads())]);
    let layers = Layers {
        identity: vec![identity.clone()],
        resource: Some(bucket.clone()),
        scps: Some(vec![vec![policy(vec![allow("ec2:*", "*")])]]),
        ..Layers::default()
    };
    let elsewhere = asked_if("StringNotEquals", "aws:ResourceAccount", &[ACCOUNT]);
    let premises = vec![Side::set(vec![identity]), Side::set(vec![bucket]), called_by_arn(ALICE), elsewhere];
    claimed_where_policies_decide(claimed(
        "a user whom identity policies and the bucket's policy allow to read in another account may read",
        around(layers),
        premises,
        Claim::Allows(0),
    ))
}

/// The SCPs around a request are its caller's; so those of the owner stand beside as a set.
fn the_owners_scp_keeps_outsiders_out() -> Instance {
    let identity = policy(vec![reads()]);
    let bucket = policy(vec![by(user(ALICE), reads())]);
    let layers = Layers {
        identity: vec![identity],
        resource: Some(bucket),
        scps: Some(vec![vec![policy(vec![all()])]]),
        ..Layers::default()
    };
    let owners = set(vec![all(), denied(allow("s3:*", "*"))]);
    let elsewhere = asked_if("StringNotEquals", "aws:ResourceAccount", &[ACCOUNT]);
    let sides = vec![around(layers), owners, called_by_arn(ALICE), elsewhere];
    let premise = Claim::All(vec![Claim::Denies(1), Claim::Allows(2), Claim::Allows(3)]);
    Instance {
        about: "what the SCPs of the bucket's owner deny, a user of another account is not allowed"
            .to_owned(),
        sides,
        premise,
        conclusion: Claim::Allows(0).negated(),
    }
}

fn an_administrator_assumes_every_role() -> Instance {
    let bob = user("arn:aws:iam::111122223333:user/bob");
    let layers = Layers {
        identity: vec![policy(vec![all()])],
        resource: Some(policy(vec![trusting(bob, "sts:AssumeRole")])),
        ..Layers::default()
    };
    let assumes = set(vec![allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/*")]);
    claimed_where_policies_decide(claimed(
        "a user whom identity policies allow everything may assume a role of its account that trusts bob",
        around(layers),
        [vec![assumes, called_by("User")], within_account()].concat(),
        Claim::Allows(0),
    ))
}

fn root_can_do_everything() -> Instance {
    let keys = set(vec![allow("kms:*", "arn:aws:kms:*:111122223333:key/*")]);
    claimed_where_policies_decide(claimed(
        "root may use every key of its account, whatever the key's policy leaves out",
        around(Layers::default()),
        [vec![keys, called_by("Account")], within_account()].concat(),
        Claim::Allows(0),
    ))
}

fn a_role_assumes_itself() -> Instance {
    let layers = Layers {
        identity: vec![policy(vec![all()])],
        resource: Some(policy(vec![trusting(user(ALICE), "sts:AssumeRole")])),
        ..Layers::default()
    };
    let assumes = set(vec![allow("sts:AssumeRole", ROLE)]);
    claimed_where_policies_decide(claimed(
        "a role that is allowed everything may assume itself where it trusts alice",
        around(layers),
        [vec![assumes, called_by_arn(ROLE)], within_account()].concat(),
        Claim::Allows(0),
    ))
}

fn a_session_shows_mfa() -> Instance {
    let shown = entry("Bool", "aws:MultiFactorAuthPresent", &["true"]);
    let layers = Layers { identity: vec![policy(vec![where_true(shown, all())])], ..Layers::default() };
    let reads = set(vec![reads()]);
    claimed_where_policies_decide(claimed(
        "a role's session, which may have been obtained with MFA, reads where MFA is asked for",
        around(layers),
        [vec![reads, called_by("AssumedRole")], within_account()].concat(),
        Claim::Allows(0),
    ))
}

fn a_federated_session_is_its_user() -> Instance {
    let layers = Layers { identity: vec![policy(vec![all()])], ..Layers::default() };
    let reads = set(vec![reads()]);
    claimed_where_policies_decide(claimed(
        "a federated session without session policy reads what its user is allowed to read",
        around(layers),
        [vec![reads, called_by("FederatedUser")], within_account()].concat(),
        Claim::Allows(0),
    ))
}

fn a_deny_stops_get_session_token() -> Instance {
    let layers = Layers { identity: vec![policy(vec![denied(allow("sts:*", "*"))])], ..Layers::default() };
    let asks = set(vec![allow("sts:GetSessionToken", "*"), allow("sts:GetCallerIdentity", "*")]);
    claimed(
        "a user whom identity policies deny sts:* is refused sts:GetSessionToken and sts:GetCallerIdentity",
        around(layers),
        vec![asks, called_by("User")],
        Claim::Allows(0).negated(),
    )
}

/// A user's chain has its account too, which the list leaves out (PRIN-9).
fn not_principal_exempts_the_user() -> Instance {
    let layers = Layers {
        identity: vec![policy(vec![all()])],
        resource: Some(policy(vec![denied(by_all_but(user(ALICE), allow("s3:*", OBJECTS)))])),
        ..Layers::default()
    };
    let reads = set(vec![reads()]);
    claimed_where_policies_decide(claimed(
        "a Deny with NotPrincipal of alice does not refuse alice",
        around(layers),
        [vec![reads, called_by_arn(ALICE)], within_account()].concat(),
        Claim::Denies(0).negated(),
    ))
}
