//! Callers, credentials and lanes: the tables of PRIN-2, PRIN-9, EVAL-6 and EVAL-29.

use serde_json::{Value, json};

use super::written::Case;

const ALICE: &str = "arn:aws:iam::111111111111:user/alice";
const ROOT: &str = "arn:aws:iam::111111111111:root";
const ROLE: &str = "arn:aws:iam::111111111111:role/eng/app";
const SESSION: &str = "arn:aws:sts::111111111111:assumed-role/app/s1";
const CAROL: &str = "arn:aws:sts::111111111111:federated-user/Carol";
const SAML: &str = "arn:aws:iam::111111111111:saml-provider/AD";

fn alice() -> Value {
    json!({ "principal": ALICE })
}

fn session() -> Value {
    json!({ "principal": SESSION, "role": ROLE })
}

fn carol() -> Value {
    json!({ "principal": CAROL, "federating": ALICE })
}

fn carol_of_root() -> Value {
    json!({ "principal": CAROL, "federating": ROOT })
}

fn check(policies: &Value, request: &Value, expected: &str) {
    let case = Case::read(policies, request);
    assert_eq!(case.decide().code(), expected, "{policies} {request}");
}

fn with(mut request: Value, field: &str, value: Value) -> Value {
    request[field] = value;
    request
}

#[test]
fn principals_by_kind_of_caller() {
    let callers = [
        alice(),
        json!({ "principal": ROOT }),
        session(),
        carol(),
        carol_of_root(),
        json!({ "principal": "*" }),
        json!({ "principal": { "Service": "ec2.amazonaws.com" } }),
    ];
    let user = "arn:aws:iam::111111111111:user/Alice";
    // Which of the callers a Deny with this Principal hits: alice, root, app/s1, Carol, root's Carol, nobody, ec2.
    let rows = [
        (json!("*"), [true, true, true, true, true, true, true]),
        (json!({ "AWS": "*" }), [true, true, true, true, true, true, true]),
        (json!({ "AWS": "111111111111" }), [true, true, true, true, true, false, false]),
        (json!({ "AWS": ROOT }), [true, true, true, true, true, false, false]),
        (json!({ "AWS": "arn:aws-cn:iam::111111111111:root" }), [false; 7]),
        (json!({ "AWS": "222222222222" }), [false; 7]),
        (json!({ "AWS": ALICE }), [true, false, false, true, false, false, false]),
        (json!({ "AWS": user }), [false; 7]),
        (json!({ "AWS": ROLE }), [false, false, true, false, false, false, false]),
        (json!({ "AWS": "arn:aws:iam::111111111111:role/app" }), [false; 7]),
        (json!({ "AWS": SESSION }), [false, false, true, false, false, false, false]),
        (json!({ "AWS": CAROL }), [false, false, false, true, true, false, false]),
        (json!({ "AWS": "AIDAEXAMPLEEXAMPLE123" }), [false; 7]),
        (json!({ "Service": "ec2.amazonaws.com" }), [false, false, false, false, false, false, true]),
        (json!({ "Service": "s3.amazonaws.com" }), [false; 7]),
        (json!({ "Federated": SAML }), [false; 7]),
    ];
    for (principal, expected) in rows {
        for (caller, expected) in callers.iter().zip(expected) {
            let deny = json!({ "Effect": "Deny", "Principal": principal, "Action": "s3:*", "Resource": "*" });
            let reason = Case::read(&json!({ "resource": [deny] }), caller).decide();
            assert_eq!(reason.code() == "DENY_EXPLICIT_RESOURCE", expected, "{principal} {caller}");
        }
    }
}

#[test]
fn not_principal_exempts_whole_chains() {
    let account = "111111111111";
    let provider = json!({ "principal": { "Federated": SAML }, "action": "sts:AssumeRoleWithSAML" });
    let rows = [
        (json!({ "AWS": [account, ALICE] }), alice(), true),
        (json!({ "AWS": [ALICE] }), alice(), false),
        (json!({ "AWS": [account] }), alice(), false),
        (json!({ "AWS": [account] }), json!({ "principal": ROOT }), true),
        (json!({ "AWS": [account, ROLE, SESSION] }), session(), true),
        (json!({ "AWS": [account, ROLE] }), session(), false),
        (json!({ "AWS": [account, ALICE, CAROL] }), carol(), true),
        (json!({ "AWS": [account, CAROL] }), carol(), false),
        (json!({ "AWS": [account, CAROL] }), carol_of_root(), true),
        (json!({ "AWS": [account, ALICE, CAROL] }), json!({ "principal": CAROL }), false),
        (
            json!({ "Service": "ec2.amazonaws.com" }),
            json!({ "principal": { "Service": "ec2.amazonaws.com" } }),
            true,
        ),
        (json!({ "Federated": SAML }), provider, true),
        (json!({ "AWS": [account] }), json!({ "principal": "*" }), false),
        (json!("*"), json!({ "principal": "*" }), true),
    ];
    for (listed, caller, exempt) in rows {
        let deny = json!({ "Effect": "Deny", "NotPrincipal": listed, "Action": "*", "Resource": "*" });
        let reason = Case::read(&json!({ "endpoint": [deny] }), &caller).decide();
        assert_eq!(reason.code() != "DENY_EXPLICIT_VPCE", exempt, "{listed} {caller}");
    }
}

#[test]
fn credentials_by_operation() {
    let full = json!({ "identity": [[{ "Effect": "Allow", "Action": "*", "Resource": "*" }]] });
    let token = |request: Value| with(request, "credential", json!("session-token"));
    let mfa =
        |request: Value| with(token(request), "context", json!({ "aws:MultiFactorAuthPresent": "true" }));
    let (root, service) =
        (json!({ "principal": ROOT }), json!({ "principal": { "Service": "ec2.amazonaws.com" } }));
    let saml = json!({ "principal": { "Federated": SAML } });
    let restricted = "DENY_CREDENTIAL_RESTRICTION";
    let free = "ALLOW_NO_PERMISSION_REQUIRED";
    let rows = [
        (alice(), "sts:GetCallerIdentity", free),
        (alice(), "STS:getcalleridentity", free),
        (alice(), "sts:GetSessionToken", free),
        (alice(), "sts:GetFederationToken", "ALLOW_IDENTITY"),
        (alice(), "sts:AssumeRoleWithSAML", restricted),
        (token(alice()), "sts:GetCallerIdentity", free),
        (token(alice()), "sts:GetSessionToken", restricted),
        (token(alice()), "sts:GetFederationToken", restricted),
        (token(alice()), "sts:AssumeRole", "ALLOW_IDENTITY"),
        (token(alice()), "sts:TagSession", "ALLOW_IDENTITY"),
        (token(alice()), "sts:SetSourceIdentity", "ALLOW_IDENTITY"),
        (token(alice()), "iam:ListUsers", restricted),
        (token(alice()), "iam:PassRole", "ALLOW_IDENTITY"),
        (token(alice()), "iamx:ListUsers", "ALLOW_IDENTITY"),
        (mfa(alice()), "iam:ListUsers", "ALLOW_IDENTITY"),
        (mfa(alice()), "sts:GetFederationToken", restricted),
        (root.clone(), "sts:AssumeRole", "DENY_ROOT_CANNOT_ASSUME"),
        (token(root.clone()), "sts:AssumeRole", "DENY_ROOT_CANNOT_ASSUME"),
        (root.clone(), "sts:GetSessionToken", free),
        (root.clone(), "sts:GetFederationToken", "ALLOW_ROOT"),
        (token(root), "iam:ListUsers", restricted),
        (session(), "sts:GetSessionToken", restricted),
        (session(), "sts:GetFederationToken", restricted),
        (session(), "sts:GetCallerIdentity", free),
        (session(), "iam:ListUsers", "ALLOW_IDENTITY"),
        (carol(), "sts:AssumeRole", restricted),
        (carol(), "sts:GetCallerIdentity", free),
        (carol(), "iam:ListUsers", restricted),
        (carol(), "iam:PassRole", "DENY_IMPLICIT_NO_SESSION_POLICY"),
        (service.clone(), "sts:GetSessionToken", restricted),
        (service, "sts:GetCallerIdentity", free),
        (saml.clone(), "sts:AssumeRoleWithSAML", "DENY_IMPLICIT_RESOURCE"),
        (saml.clone(), "sts:AssumeRoleWithWebIdentity", restricted),
        (saml.clone(), "s3:GetObject", restricted),
        (saml, "sts:GetCallerIdentity", "DENY_NOT_AUTHENTICATED"),
        (json!({ "principal": "*" }), "sts:GetCallerIdentity", "DENY_NOT_AUTHENTICATED"),
        (json!({ "principal": "*" }), "ec2:RunInstances", "DENY_NOT_AUTHENTICATED"),
        (json!({ "principal": "*" }), "SQS:SendMessage", "DENY_IMPLICIT_RESOURCE"),
    ];
    for (caller, action, expected) in rows {
        let request = with(with(caller, "action", json!(action)), "resource", json!("*"));
        check(&full, &request, expected);
    }
}

/// Policies that make the booleans of EVAL-10 what they are meant to be for `s3:GetObject` or `kms:Decrypt`.
fn booleans(grant: Option<Value>, identity: bool, boundary: bool, session: bool, has_session: bool) -> Value {
    let statements = |allows: bool| {
        let action = if allows { json!("*") } else { json!("ec2:*") };
        json!([{ "Effect": "Allow", "Action": action, "Resource": "*" }])
    };
    let mut policies = json!({ "identity": [statements(identity)], "boundary": statements(boundary) });
    if has_session {
        policies["session"] = json!([statements(session)]);
    }
    if let Some(principal) = grant {
        policies["resource"] =
            json!([{ "Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*" }]);
    }
    policies
}

#[test]
fn lanes_within_one_account() {
    let key = "arn:aws:kms:eu-west-1:111111111111:key/k1";
    let account = || Some(json!({ "AWS": "111111111111" }));
    let aws = |arn: &str| Some(json!({ "AWS": arn }));
    // EVAL-29: caller, grant, I, B, S, plain resource, key.
    let rows = [
        (alice(), aws(ALICE), false, false, false, true, true),
        (alice(), aws("*"), false, false, false, true, true),
        (alice(), account(), true, true, false, true, true),
        (alice(), account(), false, true, false, false, false),
        (alice(), None, true, true, false, true, false),
        (alice(), None, true, false, false, false, false),
        (session(), aws(SESSION), false, false, false, true, true),
        (session(), aws("*"), false, false, false, true, true),
        (session(), aws(ROLE), false, true, true, true, true),
        (session(), aws(ROLE), false, false, true, false, false),
        (session(), aws(ROLE), false, true, false, false, false),
        (session(), account(), true, true, true, true, true),
        (session(), None, true, true, true, true, false),
        (carol(), aws(CAROL), false, false, false, true, true),
        (carol(), aws(ALICE), false, true, true, true, true),
    ];
    for (caller, grant, i, b, s, plain, required) in rows {
        let has_session = caller["principal"] != json!(ALICE);
        let policies = booleans(grant, i, b, s, has_session);
        let allowed = |request: &Value| Case::read(&policies, request).decide().code().starts_with("ALLOW");
        assert_eq!(allowed(&caller), plain, "{caller} {policies}");
        let request = with(with(caller, "action", json!("kms:Decrypt")), "resource", json!(key));
        assert_eq!(allowed(&request), required, "{request} {policies}");
        let marked = with(with(request, "action", json!("s3:GetObject")), "policyRequired", json!(true));
        assert_eq!(allowed(&marked), required, "{marked} {policies}");
    }
}

#[test]
fn federated_sessions_of_root_and_of_nobody_named() {
    let session = json!({ "session": [[{ "Effect": "Allow", "Action": "*", "Resource": "*" }]] });
    check(&session, &carol_of_root(), "ALLOW_IDENTITY");
    check(&json!({}), &carol_of_root(), "DENY_IMPLICIT_NO_SESSION_POLICY");
    check(&session, &json!({ "principal": CAROL }), "DENY_IMPLICIT_IDENTITY");
}

#[test]
fn owners() {
    let full = json!({ "identity": [[{ "Effect": "Allow", "Action": "*", "Resource": "*" }]] });
    let queue = "arn:aws:sqs:eu-west-1:222222222222:q";
    let rows = [
        (json!({ "resource": queue, "resourceAccount": "in-arn" }), "DENY_IMPLICIT_RESOURCE"),
        (json!({ "resource": queue, "resourceAccount": "111111111111" }), "ALLOW_IDENTITY"),
        (json!({ "resource": "arn:aws:s3:::b", "resourceAccount": "in-arn" }), "ALLOW_IDENTITY"),
        (json!({ "resource": "arn:aws:sqs:eu-west-1:abc:q", "resourceAccount": "in-arn" }), "ALLOW_IDENTITY"),
        (json!({ "resource": "*", "resourceAccount": "in-arn" }), "ALLOW_IDENTITY"),
        (json!({ "resource": "arn:aws-cn:s3:::b" }), "DENY_PARTITION"),
    ];
    for (request, expected) in rows {
        check(&full, &request, expected);
    }
}

#[test]
fn empty_levels() {
    let identity = json!([[{ "Effect": "Allow", "Action": "*", "Resource": "*" }]]);
    check(&json!({ "identity": identity, "scps": [[]] }), &alice(), "DENY_IMPLICIT_SCP");
    check(&json!({ "identity": identity, "rcps": [[]] }), &alice(), "ALLOW_IDENTITY");
}
