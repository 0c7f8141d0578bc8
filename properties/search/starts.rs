//! With whom a trace may begin: unsigned calls, root users with their devices, and services that policies name.

use iamproof::iam::world::World;
use iamproof::model::bounded::{Begin, Goal};
use iamproof::search::{Replayed, Verdict};
use serde_json::{Value, json};

use super::worlds::{ACCOUNT, user, with_account};
use super::{does, found, search};

const READ: [&str; 2] = ["s3:GetObject", "arn:aws:s3:::ledger/2024"];

/// A bucket with this policy of one statement, and alice, to whom nothing is allowed.
fn bucket(mut statement: Value) -> World {
    statement["Action"] = READ[0].into();
    statement["Resource"] = "arn:aws:s3:::ledger/*".into();
    let policy = json!({ "Version": "2012-10-17", "Statement": [statement] });
    let resources = json!({ "arn:aws:s3:::ledger": { "account": ACCOUNT, "policy": policy } });
    with_account(json!({ "users": { "alice": {} } }), json!({ "resources": resources }))
}

/// What reading comes to for whoever begins so.
fn read_by(world: &World, begin: &str) -> Option<Replayed> {
    let begin = Begin::With(begin.to_owned());
    match search(world, &does(READ[0], READ[1]), 2, &begin).expect("the question is usable").verdict {
        Verdict::Reached(replayed) => Some(*replayed),
        Verdict::NotWithinBound => None,
        other @ (Verdict::Unknown(_) | Verdict::Defect(_)) => panic!("{other:?}"),
    }
}

#[test]
fn what_is_open_to_everyone_is_reached_by_nobody() {
    let office = json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } });
    for condition in [json!({}), office] {
        let open = json!({ "Effect": "Allow", "Principal": "*", "Condition": condition });
        let world = bucket(open);
        assert_eq!(read_by(&world, "*").map(|replayed| replayed.steps.len()), Some(1));
        assert!(found(&world, &does(READ[0], READ[1]), 1).is_some());
    }
    let account = json!({ "Effect": "Allow", "Principal": { "AWS": user("alice") } });
    let world = bucket(account);
    assert!(read_by(&world, "*").is_none());
    assert!(read_by(&world, &user("alice")).is_some());
}

#[test]
fn root_users_pass_codes_that_their_sessions_do_not_show() {
    let root = Begin::With(format!("arn:aws:iam::{ACCOUNT}:root"));
    let said = |account: Value| {
        let answer = search(&with_account(account, json!({})), &Goal::LosesMfa, 1, &root);
        answer.expect("the question is usable").verdict
    };
    assert!(matches!(said(json!({})), Verdict::NotWithinBound));
    let device = json!({ "mfaDevices": { format!("arn:aws:iam::{ACCOUNT}:mfa/root"): ["123456"] } });
    assert!(matches!(said(device), Verdict::Reached(_)));
}

#[test]
fn services_that_a_policy_of_a_resource_names_begin_too() {
    let name = "cloudtrail.amazonaws.com";
    let statement = json!({ "Effect": "Allow", "Principal": { "Service": name } });
    let world = bucket(statement);
    assert_eq!(
        found(&world, &does(READ[0], READ[1]), 1).map(|found| found.callers),
        Some(vec![name.to_owned()])
    );
}
