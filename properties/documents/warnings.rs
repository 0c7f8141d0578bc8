//! Texts for the warnings.

use iamproof::iam::document::Code;
use iamproof::iam::policy::PolicyType::{Identity, Resource, Trust};

use super::codes::{Row, row};
use super::texts::{allow, allow_if, deny_to, trust};

pub(super) fn rows() -> Vec<Row> {
    let account = r#""Principal": {"AWS": "111122223333"}"#;
    let everybody = r#""Principal": {"AWS": ["*"]}"#;
    let assume = |action: &str| format!(r#""Action": "sts:{action}""#);
    let denied = |document: &str| document.replace("Allow", "Deny");
    let old = |document: &str| document.replace("2012", "2008");
    let mfa = |operator: &str| {
        denied(&allow_if(&format!(r#""{operator}": {{"aws:multifactorauthpresent": "false"}}"#)))
    };
    let not_action = allow("").replace("Action", "NotAction");
    let not_resource =
        |resource: &str| allow("").replace(r#""Resource": "*""#, &format!(r#""NotResource": "{resource}""#));
    let like = |key: &str, value: &str| allow_if(&format!(r#""StringLike": {{"{key}": "{value}"}}"#));
    let tags = |operator: &str| allow_if(&format!(r#""{operator}": {{"aws:TagKeys": "a"}}"#));
    let guarded = r#""ForAllValues:StringEquals": {"aws:TagKeys": "a"}, "Null": {"AWS:tagkeys": "false"}"#;
    let home = "arn:aws:s3:::${aws:username}";
    let queue =
        |account: &str| not_resource(&format!("arn:aws:sqs:us-east-1:{account}:q")).replace("Not", "");
    let source = |block: &str| allow_if(&format!(r#""IpAddress": {{"aws:SourceIp": "{block}"}}"#));
    vec![
        row(
            Code::UnknownAction,
            Trust,
            trust(account, &assume("AsumeRole")),
            trust(account, &assume("assumerole")),
        ),
        row(
            Code::UnknownAction,
            Identity,
            allow("").replace(r#""Action": "*""#, r#""Action": "sts:x""#),
            allow(""),
        ),
        row(Code::UnknownKey, Identity, like("aws:usrname", "x"), like("aws:PrincipalTag/anything", "x")),
        row(Code::UnknownKey, Identity, like("aws:PrincipalTag/", "x"), like("accounts.google.com:aud", "x")),
        row(
            Code::SetOperatorOnSingle,
            Identity,
            allow_if(r#""ForAnyValue:StringLike": {"aws:username": "a"}"#),
            tags("ForAnyValue:StringLike"),
        ),
        row(Code::ManyWithoutSetOperator, Identity, tags("StringLike"), tags("ForAnyValue:StringLike")),
        row(
            Code::ManyWithoutSetOperator,
            Identity,
            tags("StringNotEqualsIfExists"),
            allow_if(r#""Null": {"aws:TagKeys": true}"#),
        ),
        row(Code::ForAllValuesAllow, Identity, tags("ForAllValues:StringEquals"), allow_if(guarded)),
        row(
            Code::ForAllValuesAllow,
            Identity,
            tags("ForAllValues:StringEquals"),
            denied(&tags("ForAllValues:StringEquals")),
        ),
        row(Code::MfaDenyWithoutIfExists, Identity, mfa("Bool"), mfa("BoolIfExists")),
        row(Code::NotPrincipal, Resource, deny_to(&account.replace("Pr", "NotPr")), deny_to(account)),
        row(
            Code::TrustEverybody,
            Trust,
            trust(everybody, &assume("AssumeRole")),
            trust(account, &assume("*")),
        ),
        row(
            Code::TrustEverybody,
            Trust,
            trust(r#""Principal": "*""#, &assume("AssumeRole")),
            denied(&trust(everybody, &assume("AssumeRole"))),
        ),
        row(Code::AllowNotAction, Identity, &*not_action, denied(&not_action)),
        row(Code::AllowNotResource, Identity, not_resource("*"), denied(&not_resource("*"))),
        row(
            Code::VariableInAllowNotResource,
            Identity,
            not_resource(home),
            not_resource("arn:aws:s3:::${aws:username, 'x'}"),
        ),
        row(
            Code::SensitiveWildcard,
            Identity,
            like("aws:PrincipalOrgID", "o-*"),
            like("aws:PrincipalOrgID", "o-a"),
        ),
        row(Code::SensitiveWildcard, Identity, like("AWS:sourcevpc", "vpc-?"), like("aws:username", "a*")),
        row(
            Code::VariableWithoutVersion,
            Identity,
            old(&like("aws:username", "${aws:userid}")),
            like("aws:username", "${aws:userid}"),
        ),
        row(Code::VariableWithoutVersion, Identity, old(&not_resource(home)), denied(&not_resource(home))),
        row(Code::VariablePosition, Identity, queue("${aws:PrincipalAccount}"), queue("111122223333")),
        row(
            Code::ArnFields,
            Identity,
            allow_if(r#""ArnLike": {"aws:SourceArn": "arn:aws:s3:*"}"#),
            allow_if(r#""ArnLike": {"aws:SourceArn": ["arn:aws:s3:*:*:*", "${aws:PrincipalTag/a}"]}"#),
        ),
        row(Code::Ipv6WithoutPrefix, Identity, source("2001:db8::1"), source("2001:db8::1/128")),
        row(Code::Ipv6WithoutPrefix, Identity, source("2001:db8::1"), source("203.0.113.7")),
    ]
}
