//! Accounts of a few users and roles whose answers follow from sections 4 to 7 of the rules.

use iamproof::evaluator::{Interpreter, Reading};
use iamproof::reach::{Changes, Doubt, Reach};
use serde_json::{Value, json};

use super::account::{A, read};

const B: &str = "444455556666";

fn user(name: &str, statements: Value) -> Value {
    json!({
        "Path": "/", "UserName": name, "UserId": format!("AIDA{name}"), "Arn": arn(&format!("user/{name}")),
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}]
    })
}

fn role_in(account: &str, name: &str, principal: Value, condition: Value, statements: Value) -> Value {
    let mut trust =
        json!({"Effect": "Allow", "Principal": principal, "Action": ["sts:AssumeRole", "sts:TagSession"]});
    if !condition.is_null() {
        trust["Condition"] = condition;
    }
    let own = if statements.is_null() {
        json!([])
    } else {
        json!([{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}])
    };
    json!({
        "Path": "/", "RoleName": name, "RoleId": format!("AROA{account}{name}"),
        "Arn": format!("arn:aws:iam::{account}:role/{name}"),
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "RolePolicyList": own
    })
}

fn role(name: &str, principal: Value, statements: Value) -> Value {
    role_in(A, name, principal, Value::Null, statements)
}

fn arn(rest: &str) -> String {
    format!("arn:aws:iam::{A}:{rest}")
}

fn allow(action: &str, resource: &str) -> Value {
    json!([{"Effect": "Allow", "Action": action, "Resource": resource}])
}

fn root() -> Value {
    json!({"AWS": arn("root")})
}

fn account(users: &[Value], roles: &[Value]) -> Value {
    json!({"UserDetailList": users, "RoleDetailList": roles})
}

/// The roles that `ann` comes to hold, each with the actions that are called, and the actions in doubt.
fn answer(account: &Value, changes: Changes, reading: Reading) -> (Vec<String>, Vec<String>) {
    let world = read(std::slice::from_ref(account)).unwrap().world;
    let reach = Reach::of(&world, changes, Interpreter::with(reading)).unwrap();
    let from = reach.from(&arn("user/ann")).unwrap();
    let action = |call: &iamproof::reach::Call| {
        iamproof::corpus::steps::operation_as_json(&call.step.operation)["action"].as_str().map(str::to_owned)
    };
    let told = from.roles.iter().map(|found| {
        let actions: Vec<String> = found.path.calls.iter().filter_map(action).collect();
        format!("{}: {}", found.principal.rsplit('/').next().unwrap(), actions.join(", "))
    });
    let doubt = |doubt: &Doubt| format!("{} on {}", doubt.keys.iter().next().unwrap(), doubt.resource);
    (told.collect(), from.doubts.iter().map(doubt).collect())
}

struct Case {
    because: &'static str,
    account: Value,
    changes: Changes,
    expected: &'static [&'static str],
}

fn cases() -> Vec<Case> {
    let assume = |name: &str| allow("sts:AssumeRole", &arn(&format!("role/{name}")));
    let ann = json!({"AWS": arn("user/ann")});
    let lambda = json!({"Service": "lambda.amazonaws.com"});
    let passes = |statement: Value| json!([{"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"}, statement]);
    let pass_to = |service: &str| {
        json!({"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
               "Condition": {"StringEquals": {"iam:PassedToService": service}}})
    };
    let case = |because, account, changes, expected| Case { because, account, changes, expected };
    vec![
        case(
            "EVAL-18: an account that is trusted still has to allow it; one that is named need not",
            account(
                &[user("ann", assume("a"))],
                &[
                    role("a", root(), Value::Null),
                    role("b", root(), Value::Null),
                    role("c", ann.clone(), Value::Null),
                ],
            ),
            Changes::None,
            &["a: sts:AssumeRole", "c: sts:AssumeRole"],
        ),
        case(
            "EVAL-17: across accounts both sides have to allow it, though the user is named",
            account(
                &[user("ann", allow("sts:AssumeRole", &format!("arn:aws:iam::{B}:role/a")))],
                &[
                    role_in(B, "a", ann.clone(), Value::Null, Value::Null),
                    role_in(B, "b", ann.clone(), Value::Null, Value::Null),
                ],
            ),
            Changes::None,
            &["a: sts:AssumeRole"],
        ),
        case(
            "EVAL-1: a Deny outweighs the trust policy that names the user",
            account(
                &[user("ann", json!([{"Effect": "Deny", "Action": "sts:*", "Resource": "*"}]))],
                &[role("a", ann.clone(), Value::Null)],
            ),
            Changes::None,
            &[],
        ),
        case(
            "STS-18: a role goes on to the next, in as many calls as there are roles",
            account(
                &[user("ann", assume("a"))],
                &[
                    role("a", root(), assume("b")),
                    role("b", json!({"AWS": arn("role/a")}), assume("c")),
                    role("c", root(), Value::Null),
                ],
            ),
            Changes::None,
            &[
                "a: sts:AssumeRole",
                "b: sts:AssumeRole, sts:AssumeRole",
                "c: sts:AssumeRole, sts:AssumeRole, sts:AssumeRole",
            ],
        ),
        case(
            "STS-16: who must know an external id can pass it; PRIN-2: a session is named by its session name",
            account(
                &[user("ann", assume("*"))],
                &[
                    role_in(A, "a", root(), json!({"StringEquals": {"sts:ExternalId": "x-1"}}), Value::Null),
                    role("b", json!({"AWS": format!("arn:aws:sts::{A}:assumed-role/a/carla")}), Value::Null),
                ],
            ),
            Changes::None,
            &["a: sts:AssumeRole", "b: sts:AssumeRole, sts:AssumeRole"],
        ),
        case(
            "STS-15: a user may show MFA, a session of a role never does",
            account(
                &[user("ann", assume("*"))],
                &[
                    role_in(
                        A,
                        "a",
                        root(),
                        json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
                        assume("b"),
                    ),
                    role_in(
                        A,
                        "b",
                        json!({"AWS": arn("role/a")}),
                        json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
                        Value::Null,
                    ),
                ],
            ),
            Changes::None,
            &["a: sts:AssumeRole"],
        ),
        case(
            "PASS-1, PASS-4, PASS-6: the role is passed to the service that it trusts, and to no other",
            account(
                &[user("ann", passes(pass_to("lambda.amazonaws.com")))],
                &[
                    role("a", lambda.clone(), Value::Null),
                    role("b", json!({"Service": "ec2.amazonaws.com"}), Value::Null),
                ],
            ),
            Changes::None,
            &["a: lambda:CreateFunction, lambda:InvokeFunction"],
        ),
        case(
            "PASS-6: the role has to let the service in just then, under the conditions of its trust policy",
            account(
                &[user("ann", passes(pass_to("lambda.amazonaws.com")))],
                &[role_in(
                    A,
                    "a",
                    lambda.clone(),
                    json!({"StringEquals": {"aws:PrincipalServiceName": "ec2.amazonaws.com"}}),
                    Value::Null,
                )],
            ),
            Changes::None,
            &[],
        ),
        case(
            "PASS-4: a permission to pass to another service is none",
            account(
                &[user("ann", passes(pass_to("ec2.amazonaws.com")))],
                &[role("a", lambda.clone(), Value::Null)],
            ),
            Changes::None,
            &[],
        ),
        case(
            "PASS-1: without the permission to pass, a function gets no role",
            account(&[user("ann", allow("lambda:*", "*"))], &[role("a", lambda.clone(), Value::Null)]),
            Changes::None,
            &[],
        ),
        case(
            "POL-9, POL-12: who may write its own policy, and open roles, has all but service-linked roles",
            account(
                &[user("ann", allow("iam:PutUserPolicy", &arn("user/ann")))],
                &[role("a", json!({"Service": "ssm.amazonaws.com"}), Value::Null), {
                    let mut linked = role("l", json!({"Service": "ssm.amazonaws.com"}), Value::Null);
                    linked["Path"] = "/aws-service-role/ssm.amazonaws.com/".into();
                    linked["Arn"] = arn("role/aws-service-role/ssm.amazonaws.com/l").into();
                    linked
                }],
            ),
            Changes::Tried,
            &["a: iam:PutUserPolicy, iam:UpdateAssumeRolePolicy, sts:AssumeRole"],
        ),
        case(
            "the same account where changes are left aside",
            account(
                &[user("ann", allow("iam:*", "*"))],
                &[role("a", json!({"Service": "ssm.amazonaws.com"}), Value::Null)],
            ),
            Changes::None,
            &[],
        ),
        case(
            "POL-16: a key of another user is that user",
            account(
                &[
                    user("ann", allow("iam:CreateAccessKey", &arn("user/bob"))),
                    user("bob", allow("sts:AssumeRole", "*")),
                ],
                &[role("a", root(), Value::Null)],
            ),
            Changes::Tried,
            &["a: iam:CreateAccessKey, sts:AssumeRole"],
        ),
    ]
}

#[test]
fn the_roles_that_one_comes_to_hold_follow_from_the_rules() {
    for Case { because, account, changes, expected } in cases() {
        let (found, doubts) = answer(&account, changes, Reading::default());
        assert_eq!(found, expected, "{because}");
        assert!(doubts.is_empty(), "{because}: {doubts:?}");
    }
}

#[test]
fn what_hangs_on_a_value_that_cannot_be_made_up_is_told_as_not_known() {
    let condition = json!({"StringLike": {"sts:RoleSessionName": "${aws:PrincipalTag/team}-*"}});
    let account = account(
        &[user("ann", allow("sts:AssumeRole", "*"))],
        &[role_in(A, "a", root(), condition, Value::Null), role("b", root(), Value::Null)],
    );
    let (found, doubts) = answer(&account, Changes::None, Reading::default());
    assert_eq!(found, ["b: sts:AssumeRole"]);
    assert_eq!(doubts, [format!("sts:RoleSessionName on {}", arn("role/a"))]);
}

#[test]
fn what_hangs_on_a_variable_of_a_free_key_is_told_as_not_known() {
    let account = account(
        &[user("ann", allow("sts:AssumeRole", &arn("role/${sts:RoleSessionName}")))],
        &[role("job", root(), Value::Null)],
    );
    let (found, doubts) = answer(&account, Changes::None, Reading::default());
    assert_eq!(found, [""; 0]);
    assert_eq!(doubts, [format!("sts:RoleSessionName on {}", arn("role/job"))]);
}

#[test]
fn what_hangs_on_how_a_session_was_made_is_told_as_not_known() {
    let of_boss = json!({"StringLike": {"aws:userid": "*:boss"}});
    let account = account(
        &[user("ann", allow("sts:AssumeRole", &arn("role/a")))],
        &[
            role("a", root(), allow("sts:AssumeRole", &arn("role/b"))),
            role_in(A, "b", root(), of_boss, Value::Null),
        ],
    );
    let (found, doubts) = answer(&account, Changes::None, Reading::default());
    assert_eq!(found, ["a: sts:AssumeRole"]);
    assert_eq!(doubts, [format!("aws:userid on {}", arn("role/b"))]);
}

#[test]
fn a_session_takes_the_name_by_which_a_trust_policy_knows_it() {
    let boss = json!({"AWS": format!("arn:aws:sts::{A}:assumed-role/a/boss")});
    let account = account(
        &[user("ann", allow("sts:AssumeRole", &arn("role/a")))],
        &[role("a", root(), Value::Null), role("b", boss, Value::Null)],
    );
    let (found, doubts) = answer(&account, Changes::None, Reading::default());
    assert_eq!(found, ["a: sts:AssumeRole", "b: sts:AssumeRole, sts:AssumeRole"]);
    assert_eq!(doubts, [""; 0]);
}

#[test]
fn an_interpreter_with_a_mistake_gives_other_answers() {
    use iamproof::evaluator::fault::Fault;
    for fault in [Fault::PassedWithoutTrust, Fault::PassingUnchecked, Fault::ExternalIdIgnored] {
        let differs = cases().iter().any(|case| {
            let (found, _) = answer(&case.account, case.changes, Reading::with_fault(fault));
            found != case.expected
        });
        assert!(differs, "{fault:?} is not noticed");
    }
}
