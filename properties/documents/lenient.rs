//! `--lenient`: what AWS refuses on saving but what has a plain meaning is a warning, what would have to be skipped an error.

use iamproof::iam::document::{Code, Document, Severity, Strictness, TypeChoice, read};
use iamproof::iam::policy::PolicyType::{self, Identity, Rcp, Resource, Scp, Session, Trust};

use super::codes;
use super::texts::{allow, allow_if, deny, deny_to, trust};

fn lenient(policy_type: PolicyType, text: &str) -> Document {
    read(text.as_bytes(), TypeChoice::Given(policy_type), Strictness::Lenient)
}

#[test]
fn what_has_a_plain_meaning_is_a_warning() {
    let account = r#""Principal": {"AWS": "111122223333"}"#;
    let to = |member: &str| deny_to(&format!(r#""Principal": {{{member}}}"#));
    let rows = [
        (Code::Charset, Resource, deny(r#""Sid": "\u4e2d""#)),
        (Code::Element, Identity, allow("").replacen('{', r#"{"Id": "x", "#, 1)),
        (Code::Version, Scp, allow("").replace("2012", "2008")),
        (Code::Statement, Identity, r#"{"Statement": []}"#.to_owned()),
        (Code::Sid, Identity, allow(r#""Sid": "a b""#)),
        (Code::Action, Trust, trust(account, r#""Action": "*""#)),
        (Code::Action, Trust, trust(account, r#""NotAction": "sts:TagSession""#)),
        (Code::Action, Rcp, deny(r#""Sid": """#).replace("s3:*", "*")),
        (Code::Resource, Identity, allow("").replace(r#""Resource": "*""#, r#""Resource": "arn:aws:*:::x""#)),
        (Code::Resource, Identity, allow("").replace(r#""Resource": "*""#, r#""Resource": "bucket""#)),
        (Code::Principal, Resource, to(r#""AWS": "1234567890""#)),
        (Code::Principal, Resource, to(r#""AWS": "arn:aws:iam::ACCOUNT-ID:root""#)),
        (
            Code::Principal,
            Resource,
            to(r#""AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1""#),
        ),
        (Code::Principal, Resource, to(r#""Service": "example""#)),
        (Code::Principal, Resource, to(r#""CanonicalUser": "example""#)),
        (
            Code::Principal,
            Trust,
            trust(r#""Principal": {"Federated": "idp.example"}"#, r#""Action": "sts:*""#),
        ),
        (Code::ConditionKey, Identity, allow_if(r#""StringEquals": {"key": "x"}"#)),
        (Code::ConditionKey, Identity, allow_if(r#""StringEquals": {"aws:userid": "x", "aws:UserId": "x"}"#)),
        (Code::Size, Session, format!("{}{}", " ".repeat(2_048), allow(""))),
    ];
    for (code, policy_type, text) in rows {
        let document = lenient(policy_type, &text);
        assert_eq!(codes(&document, Severity::Error), [], "{text}");
        assert!(codes(&document, Severity::Warning).contains(&code), "{code} for {text}");
        assert!(document.policy.is_some(), "{text}");
    }
}

#[test]
fn what_would_have_to_be_skipped_or_guessed_stays_an_error() {
    let account = r#""Principal": {"AWS": "111122223333"}"#;
    let rows = [
        (Code::Json, Identity, "{".to_owned()),
        (Code::Charset, Resource, deny(r#""Sid": "\ud800""#)),
        (Code::DuplicateKey, Identity, allow(r#""Sid": "a", "Sid": "a""#)),
        (Code::Element, Identity, allow(r#""sid": "a""#)),
        (Code::Version, Identity, allow("").replace("2012", "2013")),
        (Code::Statement, Identity, r#"{"Statement": [1]}"#.to_owned()),
        (Code::Effect, Identity, allow("").replace("Allow", "allow")),
        (Code::Effect, Rcp, deny(r#""Sid": """#).replace("Deny", "Allow")),
        (Code::Sid, Identity, allow(r#""Sid": 1"#)),
        (Code::Action, Identity, allow("").replace(r#""Action": "*""#, r#""Action": "s3""#)),
        (Code::Resource, Identity, allow("").replace(r#", "Resource": "*""#, "")),
        (Code::Resource, Trust, trust(account, r#""Action": "sts:*", "Resource": "*""#)),
        (Code::Principal, Identity, allow(account)),
        (Code::Principal, Resource, allow(&account.replace("Pr", "NotPr"))),
        (Code::Principal, Resource, deny_to(r#""Principal": {"AWS": "arn:aws:iam::111122223333:user/*"}"#)),
        (Code::Principal, Resource, deny_to(r#""Principal": {"AWS": "alice"}"#)),
        (Code::Operator, Identity, allow_if(r#""X": {"aws:userid": "x"}"#)),
        (Code::ConditionValue, Identity, allow_if(r#""StringEquals": {"aws:userid": []}"#)),
        (Code::ConditionValue, Identity, allow_if(r#""NumericEquals": {"aws:MultiFactorAuthAge": "x"}"#)),
        (Code::Variable, Identity, allow_if(r#""StringEquals": {"aws:userid": "${"}"#)),
    ];
    for (code, policy_type, text) in rows {
        let document = lenient(policy_type, &text);
        assert_eq!(codes(&document, Severity::Error), [code], "{text}");
        assert!(document.policy.is_none(), "{text}");
    }
}

#[test]
fn repeated_sids_are_a_warning() {
    let statement = r#"{"Sid": "a", "Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let document = lenient(Identity, &format!(r#"{{"Statement": [{statement}, {statement}]}}"#));
    assert_eq!(codes(&document, Severity::Warning), [Code::Sid]);
    assert_eq!(document.policy.map(|policy| policy.statements.len()), Some(2));
}
