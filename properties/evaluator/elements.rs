//! Actions, resources and variables: which request an element speaks of.

use iamproof::evaluator::{CompiledSet, Question};
use iamproof::iam::decision::Decision;
use iamproof::iam::policy::PolicyType;
use iamproof::iam::request::Caller;
use serde_json::{Value, json};

use super::written::{Case, context, policy};

fn allows(statement: &Value, version: &str, request: &Value) -> bool {
    let document = json!({ "Version": version, "Statement": statement });
    Case::read(&json!({ "identity": [document] }), request).decide().decision() == Decision::Allow
}

#[test]
fn actions() {
    let rows = [
        (json!("*"), "s3:GetObject", true),
        (json!("S3:GETOBJECT"), "s3:GetObject", true),
        (json!("s3:get?bject"), "s3:GetObject", true),
        (json!("s3:Get"), "s3:GetObject", false),
        (json!("s3:*Object"), "s3:GetObject", true),
        (json!("*:GetObject"), "s3:getobject", true),
        (json!("*:Get*"), "s3:PutObject", false),
        (json!("s3-object-lambda:*"), "s3:GetObject", false),
        (json!(["iam:*", "s3:Get*"]), "s3:GetObject", true),
    ];
    for (listed, action, expected) in rows {
        let request = json!({ "action": action });
        let only = json!({ "Effect": "Allow", "Action": listed, "Resource": "*" });
        assert_eq!(allows(&only, "2012-10-17", &request), expected, "Action {listed} of {action}");
        let except = json!({ "Effect": "Allow", "NotAction": listed, "Resource": "*" });
        assert_eq!(allows(&except, "2012-10-17", &request), !expected, "NotAction {listed} of {action}");
    }
}

#[test]
fn resources() {
    let rows = [
        ("*", "arn:aws:s3:::bkt/k", true),
        ("*", "*", true),
        ("arn:aws:s3:::*", "*", false),
        ("arn:aws:s3:::bkt", "arn:aws:s3:::bkt/k", false),
        ("arn:aws:s3:::bkt/*", "arn:aws:s3:::bkt/", true),
        ("arn:aws:sqs:*:queue", "arn:aws:sqs:eu-west-1:111111111111:queue", true),
        ("arn:aws:s3:*", "arn:aws:s3:::bkt/k", true),
        ("arn:aws:s3:::a*", "arn:aws:sqs:::a", false),
        ("arn:aws:s3:::bkt/?", "arn:aws:s3:::bkt/ü", true),
        ("arn:aws:s3:::bkt/?", "arn:aws:s3:::bkt/üü", false),
        ("arn:aws:s3:::bkt/*-log", "arn:aws:s3:::bkt/a-log-log", true),
    ];
    for (listed, resource, expected) in rows {
        let request = json!({ "resource": resource });
        let only = json!({ "Effect": "Allow", "Action": "s3:*", "Resource": listed });
        assert_eq!(allows(&only, "2012-10-17", &request), expected, "Resource {listed} of {resource}");
        let except = json!({ "Effect": "Allow", "Action": "s3:*", "NotResource": listed });
        assert_eq!(allows(&except, "2012-10-17", &request), !expected, "NotResource {listed} of {resource}");
    }
}

#[test]
fn variables() {
    let name = json!({ "aws:username": "al*" });
    let tags = json!({ "aws:TagKeys": ["a"], "k:empty": "" });
    let rows = [
        ("${aws:username}/*", &name, "al*/x", true),
        ("${aws:username}/*", &name, "alice/x", false),
        ("${AWS:UserName}/*", &name, "al*/x", true),
        ("${aws:username }/*", &name, "al*/x", false),
        ("${aws:username, 'all'}/*", &name, "all/x", false),
        ("${k:none, 'all'}/*", &name, "all/x", true),
        ("${k:none, ''}x", &name, "x", true),
        ("${k:none}/*", &name, "${k:none}/x", false),
        ("${aws:TagKeys, 'a'}", &tags, "a", false),
        ("${aws:TagKeys}", &tags, "a", false),
        ("x${k:empty, 'y'}", &tags, "x", true),
        ("a${*}b", &name, "a*b", true),
        ("a${*}b", &name, "axb", false),
        ("${?}${$}", &name, "?$", true),
        ("*${aws:username}*", &name, "x/al*/y", true),
    ];
    for (pattern, context, key, expected) in rows {
        let resource = format!("arn:aws:s3:::bkt/{pattern}");
        let request = json!({ "resource": format!("arn:aws:s3:::bkt/{key}"), "context": context });
        let only = json!({ "Effect": "Allow", "Action": "s3:*", "Resource": resource });
        assert_eq!(allows(&only, "2012-10-17", &request), expected, "{resource} of {request}");
        let except = json!({ "Effect": "Allow", "Action": "s3:*", "NotResource": resource });
        assert_eq!(allows(&except, "2012-10-17", &request), !expected, "not {resource} of {request}");
    }
    let old = json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::bkt/${a:*}" });
    assert!(allows(&old, "2008-10-17", &json!({ "resource": "arn:aws:s3:::bkt/${a:bc}" })));
}

#[test]
fn variables_of_conditions() {
    let request = json!({ "context": { "k:a": "x*", "k:b": "x*", "k:c": "xy" } });
    let rows = [
        ("StringEquals", "k:b", "${k:a}", true),
        ("StringLike", "k:c", "${k:a}", false),
        ("StringLike", "k:c", "${k:none, 'x'}?", true),
        ("StringEquals", "k:b", "${k:none}", false),
        ("StringNotEquals", "k:b", "${k:none}", true),
        ("StringEqualsIgnoreCase", "k:b", "X${*}", true),
    ];
    for (operator, key, listed, expected) in rows {
        let condition = json!({ operator: { key: listed } });
        let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition });
        assert_eq!(allows(&statement, "2012-10-17", &request), expected, "{operator} {key} {listed}");
    }
}

#[test]
fn patterns_made_to_blow_up_are_decided() {
    let statement = |resource: String| json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": resource }]);
    let decide = |pattern: String, resource: &str| {
        let set = CompiledSet::compile(&[policy(&statement(pattern), PolicyType::Identity)]).unwrap();
        let (action, context) = ("s3:GetObject", context(&json!({})));
        set.allows(&Question { action, resource, caller: &Caller::Anonymous, context: &context })
    };
    let many_a = format!("arn:aws:s3:::{}", "a".repeat(100));
    assert!(!decide(format!("arn:aws:s3:::{}*b", "*a".repeat(12)), &many_a));
    assert!(decide(format!("arn:aws:s3:::{}*", "*a".repeat(100)), &many_a));
    assert!(!decide(format!("arn:aws:s3:::{}*", "*a".repeat(101)), &many_a));
    assert!(decide(format!("arn:aws:s3:::{}", "*".repeat(100_000)), &many_a));
    assert!(!decide(format!("arn:aws:s3:::{}", "*?".repeat(100_000)), &many_a));
}
