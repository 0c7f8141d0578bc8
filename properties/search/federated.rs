//! Sessions that come of assertions and tokens: how long they last, and that nobody else says what their providers say.

use iamproof::iam::world::World;
use iamproof::model::bounded::Which;
use serde_json::{Value, json};

use super::worlds::{ACCOUNT, Built, allows, user, with_account};
use super::{found, holds, lasts, role};

const TWO_HOURS: i64 = 7_200;

/// A role of two hours that whoever has the assertion or the token may assume; `further` is told of the assertion.
fn federated(saml: bool, further: Value) -> World {
    let provider = format!("arn:aws:iam::{ACCOUNT}:saml-provider/idp");
    let (action, principal) = if saml {
        ("sts:AssumeRoleWithSAML", provider.as_str())
    } else {
        ("sts:AssumeRoleWithWebIdentity", "accounts.google.com")
    };
    let trust = allows(json!({ "Principal": { "Federated": principal }, "Action": action }));
    let account = json!({
        "samlProviders": ["idp"],
        "roles": { "worker": { "trust": trust, "maxSessionDuration": TWO_HOURS } },
    });
    let mut assertion = json!({
        "provider": provider,
        "roles": [{ "role": role("worker"), "provider": provider }],
        "roleSessionName": "olga",
        "context": {
            "saml:aud": "https://signin.aws.amazon.com/saml", "saml:sub": "olga", "saml:sub_type": "persistent",
            "saml:namequalifier": "abc",
        },
    });
    for (name, value) in further.as_object().into_iter().flatten() {
        assertion[name] = value.clone();
    }
    let token = json!({ "provider": "accounts.google.com", "audience": "app", "subject": "olga" });
    let rest = if saml {
        json!({ "assertions": { "signed": assertion } })
    } else {
        json!({ "webIdentityTokens": { "signed": token } })
    };
    with_account(account, rest)
}

// Rules: STS-25, STS-24.
#[test]
fn sessions_of_assertions_and_tokens_last_as_long_as_their_role_lets_them() {
    for saml in [true, false] {
        let world = federated(saml, json!({}));
        assert!(found(&world, &lasts(TWO_HOURS - 1, Which::Roles), 2).is_some(), "saml: {saml}");
        assert!(found(&world, &lasts(TWO_HOURS, Which::Roles), 2).is_none(), "saml: {saml}");
    }
    let ends = json!({ "sessionNotOnOrAfter": "2026-03-02T09:20:00Z" });
    assert!(found(&federated(true, ends.clone()), &lasts(1_199, Which::Roles), 2).is_some());
    assert!(found(&federated(true, ends), &lasts(1_200, Which::Roles), 2).is_none());
}

/// A user who may assume whatever trusts her cannot say what a provider says of its users.
// Rule: KEY-5.
#[test]
fn keys_of_providers_are_no_free_keys_of_other_calls() {
    let of_providers = [
        "saml:cn",
        "saml:aud",
        "accounts.google.com:oaud",
        "graph.facebook.com:app_id",
        "www.amazon.com:user_id",
        "localhost:azp",
        "token.actions.githubusercontent.com:sub",
        "oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud",
    ];
    let steps = |key: &str| {
        let condition = json!({ "StringEquals": { key: "olga" } });
        let world = Built::default().role("target", &[&user("alice")], Some(condition)).world();
        found(&world, &holds(&role("target")), 2).map(|replayed| replayed.steps.len())
    };
    for key in of_providers {
        assert_eq!(steps(key), None, "{key}");
    }
    assert_eq!(steps("sts:ExternalId"), Some(1));
}
