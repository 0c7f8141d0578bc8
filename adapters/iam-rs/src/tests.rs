//! Lines in, lines out. What stands behind the adapter is iam-rs itself, of the version in Cargo.lock, asked things that it gets right, unless a test says otherwise.

use serde_json::{Value, json};

const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/s1";
const OBJECT: &str = "arn:aws:s3:::b/k";

/// What is printed for a text, and whether the program ended well.
fn answered(text: &str) -> (Vec<Value>, bool) {
    let mut output = Vec::new();
    let ended_well = crate::answer(text.as_bytes(), &mut output).is_ok();
    let printed = String::from_utf8(output).expect("UTF-8");
    (printed.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect(), ended_well)
}

fn decisions(policies: &Value, requests: &[Value]) -> Vec<String> {
    let question = json!({ "id": "seven", "policies": policies, "requests": requests });
    let (answers, ended_well) = answered(&format!("{question}\n"));
    assert_eq!((answers.len(), ended_well, &answers[0]["id"]), (1, true, &json!("seven")));
    serde_json::from_value(answers[0]["decisions"].clone()).expect("a list of texts")
}

fn decision(policies: &Value, request: &Value) -> String {
    decisions(policies, std::slice::from_ref(request)).remove(0)
}

/// `base` with the members of `more` in place of its own.
fn with(base: &Value, more: &Value) -> Value {
    let mut merged = base.clone();
    for (name, value) in more.as_object().expect("an object") {
        merged[name] = value.clone();
    }
    merged
}

fn document(statement: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statement })
}

fn statement(more: &Value) -> Value {
    with(&json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*" }), more)
}

fn identity(more: &Value) -> Value {
    json!({ "identity": [document(&statement(more))] })
}

fn request(more: &Value) -> Value {
    with(&json!({ "principal": ALICE, "action": "s3:GetObject", "resource": OBJECT, "context": {} }), more)
}

fn with_context(context: &Value) -> Value {
    request(&json!({ "context": context }))
}

fn conditional(condition: &Value) -> Value {
    identity(&json!({ "Condition": condition }))
}

#[test]
fn each_request_of_a_line_is_answered_in_order() {
    let documents =
        [statement(&json!({})), statement(&json!({ "Effect": "Deny", "Resource": "arn:aws:s3:::b/x" }))];
    let policies = json!({ "identity": documents.map(|statement| document(&statement)) });
    let resources = ["arn:aws:s3:::b/k", "arn:aws:s3:::b/x", "arn:aws:s3:::other/k"];
    let requests = resources.map(|resource| request(&json!({ "resource": resource })));
    assert_eq!(decisions(&policies, &requests), ["allow", "explicit-deny", "implicit-deny"]);
}

#[test]
fn each_line_is_answered_under_its_own_id_and_an_empty_one_is_passed_over() {
    let line = |id: &Value| json!({ "id": id, "policies": {}, "requests": [] }).to_string();
    let text = format!("{}\n\n  \n{}\n", line(&json!(1)), line(&json!("b")));
    let answers = [json!({ "id": 1, "decisions": [] }), json!({ "id": "b", "decisions": [] })];
    assert_eq!(answered(&text), (answers.to_vec(), true));
}

#[test]
fn a_line_that_is_no_json_ends_the_program_after_the_answers_before_it() {
    let (answers, ended_well) = answered("{\"id\":1,\"policies\":{},\"requests\":[]}\nallow?\n{}\n");
    assert_eq!((answers.len(), ended_well), (1, false));
}

#[test]
fn no_policy_is_an_implicit_denial() {
    assert_eq!(decision(&json!({}), &request(&json!({}))), "implicit-deny");
}

#[test]
fn a_policy_that_iam_rs_does_not_read_is_an_error_of_every_request_that_it_could_be_asked() {
    let without_version = json!({ "identity": [{ "Statement": statement(&json!({})) }] });
    let answers = decisions(&without_version, &[request(&json!({})), request(&json!({ "expired": true }))]);
    assert!(answers[0].starts_with("error: V-POLICY "), "{}", answers[0]);
    assert_eq!(answers[1], "unsupported");
    let typed_set = conditional(&json!({ "ForAllValues:NumericLessThan": { "x:sizes": "10" } }));
    let answer = decision(&typed_set, &with_context(&json!({ "x:sizes": ["1"] })));
    assert!(answer.starts_with("error: V-POLICY "), "{answer}");
}

#[test]
fn what_iam_rs_refuses_while_it_decides_is_an_error_without_a_code() {
    let answer = decision(
        &conditional(&json!({ "DateLessThan": { "aws:CurrentTime": "2024-01-01" } })),
        &with_context(&json!({ "aws:CurrentTime": "2023-01-01T00:00:00Z" })),
    );
    assert!(answer.starts_with("error: ") && !answer.contains("V-POLICY"), "{answer}");
}

#[test]
fn layers_that_iam_rs_does_not_have_are_not_asked_about() {
    for layer in ["boundary", "session", "scps", "rcps", "endpoint"] {
        let policies = with(&identity(&json!({})), &json!({ layer: [] }));
        assert_eq!(decision(&policies, &request(&json!({}))), "unsupported", "{layer}");
    }
}

#[test]
fn requests_that_iam_rs_cannot_say_are_not_asked() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/k";
    let role = "arn:aws:iam::111122223333:role/r";
    let odd = [
        json!({ "expired": true }),
        json!({ "policyRequired": true }),
        json!({ "credential": "session-token" }),
        json!({ "principal": "*" }),
        json!({ "principal": { "Federated": "accounts.google.com" } }),
        json!({ "principal": "arn:aws:iam::111122223333:root" }),
        json!({ "principal": "arn:aws:sts::111122223333:federated-user/carol" }),
        json!({ "principal": "arn:aws-cn:iam::111122223333:user/alice" }),
        json!({ "resource": "*" }),
        json!({ "resourceAccount": "444455556666" }),
        json!({ "resource": "arn:aws:sqs:eu-west-1:444455556666:q" }),
        json!({ "action": "kms:Decrypt", "resource": key }),
        json!({ "action": "STS:AssumeRole", "resource": role }),
        json!({ "action": "sts:GetCallerIdentity" }),
    ];
    let policies = identity(&json!({ "Action": "*", "Resource": "*" }));
    for more in odd {
        assert_eq!(decision(&policies, &request(&more)), "unsupported", "{more}");
    }
    let near = [
        json!({ "expired": false, "policyRequired": false, "credential": "long-term" }),
        json!({ "resourceAccount": "111122223333" }),
        json!({ "resource": "arn:aws:sqs:eu-west-1:111122223333:q" }),
        json!({ "action": "kms:Decrypt", "resource": "arn:aws:kms:eu-west-1:111122223333:alias/k" }),
        json!({ "action": "iam:GetRole", "resource": role }),
    ];
    for more in near {
        assert_eq!(decision(&policies, &request(&more)), "allow", "{more}");
    }
}

#[test]
fn a_resource_policy_joins_the_set_for_users_and_services_and_not_for_sessions() {
    let ec2 = json!({ "Service": "ec2.amazonaws.com" });
    let requests = [ALICE.into(), ec2.clone(), SESSION.into()]
        .map(|caller: Value| request(&json!({ "principal": caller })));
    let granting =
        |principal: &Value| json!({ "resource": document(&statement(&json!({ "Principal": principal }))) });
    assert_eq!(
        decisions(&granting(&json!({ "AWS": ALICE })), &requests),
        ["allow", "implicit-deny", "unsupported"]
    );
    assert_eq!(decisions(&granting(&ec2), &requests), ["implicit-deny", "allow", "unsupported"]);
    assert_eq!(decisions(&identity(&json!({})), &requests[2..]), ["allow"]);
}

#[test]
fn a_truth_value_is_typed_by_the_operators_that_ask_for_its_key() {
    let secure = with_context(&json!({ "AWS:securetransport": "true" }));
    let bool_true = json!({ "aws:SecureTransport": "true" });
    for operator in ["Bool", "BoolIfExists", "StringEquals"] {
        assert_eq!(decision(&conditional(&json!({ operator: bool_true })), &secure), "allow", "{operator}");
    }
    let other = with_context(&json!({ "aws:SecureTransport": false }));
    assert_eq!(decision(&conditional(&json!({ "Bool": bool_true })), &other), "implicit-deny");
}

#[test]
fn a_key_that_two_operators_need_in_two_types_is_not_asked_about() {
    let bool_true = json!({ "aws:SecureTransport": "true" });
    let secure = with_context(&json!({ "aws:SecureTransport": "true" }));
    for operator in ["Bool", "BoolIfExists", "ForAnyValue:Bool"] {
        let both = json!({ operator: bool_true, "StringEquals": { "AWS:SECURETRANSPORT": "true" } });
        assert_eq!(decision(&conditional(&both), &secure), "unsupported", "{operator}");
    }
    // Null asks for no type.
    let with_null = json!({ "Bool": bool_true, "Null": { "aws:SecureTransport": "false" } });
    assert_eq!(decision(&conditional(&with_null), &secure), "allow");
    // Every statement of every document counts.
    let second = with(
        &identity(&json!({})),
        &json!({ "resource": document(&json!([
        statement(&json!({ "Principal": "*", "Condition": { "Bool": bool_true } })),
        statement(&json!({ "Principal": "*", "Condition": { "StringEquals": bool_true } })),
    ])) }),
    );
    assert_eq!(decision(&second, &secure), "unsupported");
}

#[test]
fn numbers_and_lists_arrive_as_texts_and_lists_of_texts() {
    let number = conditional(&json!({ "NumericLessThan": { "s3:max-keys": "10" } }));
    assert_eq!(decision(&number, &with_context(&json!({ "s3:max-keys": 9 }))), "allow");
    let tags = conditional(&json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "1"] } }));
    assert_eq!(decision(&tags, &with_context(&json!({ "aws:TagKeys": ["a", 1] }))), "allow");
    assert_eq!(decision(&tags, &with_context(&json!({ "aws:TagKeys": ["a", "b"] }))), "implicit-deny");
}

#[test]
fn as_many_statements_as_a_question_has_are_decided() {
    let statements: Vec<Value> = (0..1_200)
        .map(|number| statement(&json!({ "Resource": format!("arn:aws:s3:::b{number}/*") })))
        .collect();
    let policies = json!({ "identity": [document(&json!(statements))] });
    assert_eq!(decision(&policies, &request(&json!({ "resource": "arn:aws:s3:::b1199/k" }))), "allow");
}
