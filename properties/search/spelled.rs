//! What policies ask for that no list of values covers: it is tried all the same, or told as not known; it is never passed over.

use iamproof::iam::world::World;
use iamproof::model::bounded::{Begin, Goal, Renewal};
use iamproof::search::Verdict;
use serde_json::{Value, json};

use super::worlds::{ACCOUNT, Built, allows, user, with_account};
use super::{does, found, holds, role, search};

const ASSUME: [&str; 3] = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

/// In how many steps a session of `target` is had, where alice may assume `first` and whoever is named `target` under this condition.
fn steps_to_target(trusts: &str, condition: Value) -> Option<usize> {
    let world =
        Built::default().role("first", &[&user("alice")], None).role("target", &[trusts], Some(condition));
    found(&world.world(), &holds(&role("target")), 3).map(|replayed| replayed.steps.len())
}

#[test]
fn values_that_no_policy_spells_are_found_for_what_a_call_passes() {
    let table = [
        json!({ "StringEquals": { "sts:SourceIdentity": "${aws:username}" } }),
        json!({ "StringEquals": { "aws:RequestTag/owner": "${aws:username}" } }),
        json!({ "NumericLessThan": { "aws:RequestTag/level": "3" } }),
        json!({ "StringLike": { "aws:RequestTag/team": "a*" }, "StringNotLike": { "aws:RequestTag/team": "ax*" } }),
        json!({ "ForAnyValue:StringEquals": { "aws:TagKeys": "cost" } }),
        json!({ "ForAnyValue:StringEquals": { "sts:TransitiveTagKeys": "cost" } }),
        json!({ "Null": { "sts:TransitiveTagKeys": "true", "aws:TagKeys": "false" } }),
    ];
    for condition in table {
        assert_eq!(steps_to_target(&user("alice"), condition.clone()), Some(1), "{condition}");
    }
}

#[test]
fn values_that_no_policy_spells_are_found_for_what_a_session_has() {
    let table = [
        json!({ "NumericLessThan": { "aws:PrincipalTag/level": "3" } }),
        json!({ "StringLike": { "aws:PrincipalTag/team": "a*" }, "StringNotLike": { "aws:PrincipalTag/team": "ax*" } }),
        json!({ "StringLike": { "aws:SourceIdentity": "a*" }, "StringNotLike": { "aws:SourceIdentity": "ax*" } }),
        json!({ "StringLike": { "aws:userid": "*:night-*" }, "StringNotLike": { "aws:userid": "*-x" } }),
        json!({ "StringEquals": { "aws:PrincipalTag/role": "${aws:ResourceTag/none, 'writer'}" } }),
    ];
    for condition in table {
        assert_eq!(steps_to_target(&role("first"), condition.clone()), Some(2), "{condition}");
    }
}

#[test]
fn what_nobody_is_allowed_to_pass_is_no_doubt() {
    let trust = allows(json!({
        "Principal": { "AWS": user("alice") },
        "Action": "sts:AssumeRole",
        "Condition": { "StringEquals": { "sts:SourceIdentity": "${aws:username}" } },
    }));
    let assume = allows(json!({ "Action": ASSUME, "Resource": "*" }));
    let users = json!({ "alice": { "policies": { "assume": assume } } });
    let world = with_account(json!({ "users": users, "roles": { "target": { "trust": trust } } }), json!({}));
    assert!(found(&world, &holds(&role("target")), 3).is_none());
}

/// One role asks for a tag that begins with `a`, the next for one that ends with `b`, which the first passes on: `ab` would do.
fn tags_that_fit_together() -> World {
    let begins = json!({ "StringLike": { "aws:RequestTag/team": "a*" } });
    let ends = json!({ "StringLike": { "aws:PrincipalTag/team": "*b" } });
    Built::default()
        .role("first", &[&user("alice")], Some(begins))
        .role("target", &[&role("first")], Some(ends))
        .world()
}

#[test]
fn what_no_value_that_is_tried_settles_is_told_as_not_known() {
    let world = tags_that_fit_together();
    let target = holds(&role("target"));
    let answer = search(&world, &target, 3, &Begin::Anybody).expect("the question is usable");
    assert!(matches!(answer.verdict, Verdict::Unknown(_)), "{:?}", answer.verdict);
    let [doubt] = answer.doubts.as_slice() else { panic!("{:?}", answer.doubts) };
    assert_eq!((doubt.call.as_str(), doubt.resource.as_str()), ("sts:AssumeRole", role("target").as_str()));
    assert!(doubt.why.contains("aws:PrincipalTag/team"), "{}", doubt.why);
    let answer = search(&world, &Goal::Renews, 3, &Begin::Anybody).expect("the question is usable");
    assert!(matches!(answer.verdict, Verdict::Unknown(_)), "{:?}", answer.verdict);
    assert_eq!(answer.renewal, Some(Renewal::NotKnown));
}

#[test]
fn tags_count_in_resources_and_need_not_be_passed_on() {
    let assume = |resource: &str| allows(json!({ "Action": ASSUME, "Resource": resource }));
    let trust = |principal: &str, actions: &[&str]| {
        allows(json!({ "Principal": { "AWS": principal }, "Action": actions }))
    };
    let roles = json!({
        "first": {
            "trust": trust(&user("alice"), &ASSUME),
            "policies": { "assume": assume(&format!("arn:aws:iam::{ACCOUNT}:role/${{aws:PrincipalTag/next}}")) },
        },
        // Whoever passed tags on could not go further: nobody may tag this role's sessions.
        "target": { "trust": trust(&role("first"), &["sts:AssumeRole"]) },
    });
    let users = json!({ "alice": { "policies": { "assume": assume("*") } } });
    let world = with_account(json!({ "users": users, "roles": roles }), json!({}));
    let steps = found(&world, &holds(&role("target")), 3).map(|replayed| replayed.steps.len());
    assert_eq!(steps, Some(2));
}

#[test]
fn sessions_that_no_role_session_asks_for_have_names_too() {
    let named = |role: &str| format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/night");
    let assume = allows(json!({ "Action": "sts:AssumeRole", "Resource": "*" }));
    let trust = |principal: Value, action: &str| allows(json!({ "Principal": principal, "Action": action }));
    let roles = json!({
        "web": {
            "trust": trust(json!({ "Federated": "accounts.google.com" }), "sts:AssumeRoleWithWebIdentity"),
            "policies": { "assume": assume.clone() },
        },
        "worker": {
            "trust": trust(json!({ "Service": "lambda.amazonaws.com" }), "sts:AssumeRole"),
            "policies": { "assume": assume.clone() },
        },
        "after-web": { "trust": trust(json!({ "AWS": named("web") }), "sts:AssumeRole") },
        "after-worker": { "trust": trust(json!({ "AWS": named("worker") }), "sts:AssumeRole") },
    });
    let function = format!("arn:aws:lambda:eu-west-1:{ACCOUNT}:function:nightly");
    let rest = json!({
        "webIdentityTokens": {
            "signed": { "provider": "accounts.google.com", "audience": "app", "subject": "alice" },
        },
        "resources": {
            function: {
                "account": ACCOUNT,
                "passedRole": { "role": role("worker"), "service": "lambda.amazonaws.com" },
            },
        },
    });
    let world = with_account(json!({ "roles": roles }), rest);
    for target in ["after-web", "after-worker"] {
        let answer = search(&world, &holds(&role(target)), 2, &Begin::With("*".to_owned()));
        let answer = answer.expect("the question is usable");
        let Verdict::Reached(replayed) = answer.verdict else { panic!("{target}: {:?}", answer.verdict) };
        assert_eq!(replayed.steps.len(), 2, "{target}");
    }
}

#[test]
fn federated_sessions_have_names_and_tags() {
    let table = [
        // Whoever may ask for this name alone.
        ("federated-user/night-*", json!({ "AWS": "*" }), json!({})),
        ("*", json!({ "AWS": format!("arn:aws:sts::{ACCOUNT}:federated-user/night") }), json!({})),
        ("*", json!({ "AWS": "*" }), json!({ "StringEquals": { "aws:PrincipalTag/team": "red" } })),
        ("*", json!({ "AWS": "*" }), json!({ "StringLike": { "aws:userid": format!("{ACCOUNT}:night*") } })),
    ];
    for (named, principal, condition) in table {
        let resource =
            if named == "*" { named.to_owned() } else { format!("arn:aws:sts::{ACCOUNT}:{named}") };
        let mut condition = condition;
        condition["StringEquals"]["aws:PrincipalType"] = "FederatedUser".into();
        let open = allows(json!({
            "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger/*", "Condition": condition,
        }));
        let actions = ["sts:GetFederationToken", "sts:TagSession"];
        let federate = allows(json!({ "Action": actions, "Resource": resource }));
        let resources = json!({ "arn:aws:s3:::ledger": { "account": ACCOUNT, "policy": open } });
        let users = json!({ "alice": { "policies": { "federate": federate } } });
        let world = with_account(json!({ "users": users }), json!({ "resources": resources }));
        let replayed = found(&world, &does("s3:GetObject", "arn:aws:s3:::ledger/2024"), 2);
        assert_eq!(replayed.map(|replayed| replayed.steps.len()), Some(2), "{named} {principal}");
    }
}

#[test]
fn what_a_request_passes_is_free() {
    let statement = json!({
        "Action": "ec2:RunInstances", "Resource": "*",
        "Condition": { "StringEquals": { "aws:RequestTag/owner": "${aws:username}", "aws:ViaAWSService": "false" } },
    });
    let users = json!({ "alice": { "policies": { "run": allows(statement) } } });
    let world = with_account(json!({ "users": users }), json!({}));
    let resource = format!("arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/*").replace('*', "i-1");
    assert!(found(&world, &does("ec2:RunInstances", &resource), 1).is_some());
}
