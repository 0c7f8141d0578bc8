//! Texts for the code of principals.

use iamproof::iam::document::Code;
use iamproof::iam::policy::PolicyType::{Boundary, Endpoint, Identity, Rcp, Resource, Scp, Session, Trust};

use super::codes::{Row, row};
use super::texts::{allow, deny_to, trust};

pub(super) fn rows() -> Vec<Row> {
    let aws = |value: &str| deny_to(&format!(r#""Principal": {{"AWS": "{value}"}}"#));
    let other = |kind: &str, value: &str| deny_to(&format!(r#""Principal": {{"{kind}": "{value}"}}"#));
    let assume = r#""Action": "sts:AssumeRole""#;
    let account = r#""Principal": {"AWS": "111122223333"}"#;
    let not_account = r#""NotPrincipal": {"AWS": "111122223333"}"#;
    let id64 = "0123456789abcdefABCDEF0123456789abcdef0123456789abcdef0123456789";
    let mut rows = Vec::new();
    for policy_type in [Identity, Boundary, Session, Scp] {
        rows.push(row(Code::Principal, policy_type, allow(account), allow("")));
        rows.push(row(Code::Principal, policy_type, allow(not_account), allow("")));
    }
    for policy_type in [Resource, Endpoint] {
        rows.push(row(Code::Principal, policy_type, allow(not_account), deny_to(not_account)));
        rows.push(row(Code::Principal, policy_type, allow(""), allow(account)));
        let both = deny_to(&format!("{account}, {not_account}"));
        rows.push(row(Code::Principal, policy_type, both, deny_to(account)));
    }
    rows.extend([
        row(
            Code::Principal,
            Trust,
            trust(not_account, assume).replace("Allow", "Deny"),
            trust(account, assume),
        ),
        row(Code::Principal, Trust, trust(r#""Sid": """#, assume), trust(r#""Principal": "*""#, assume)),
        row(Code::Principal, Rcp, deny_to(account), deny_to(r#""Principal": "*""#)),
        row(Code::Principal, Rcp, deny_to(not_account), deny_to(r#""Principal": {"AWS": ["*"]}"#)),
        row(Code::Principal, Rcp, deny_to(r#""Principal": {"AWS": ["*", "*"]}"#), aws("*")),
        row(Code::Principal, Resource, deny_to(r#""Principal": "111122223333""#), aws("111122223333")),
        row(Code::Principal, Resource, deny_to(r#""Principal": {}"#), deny_to(account)),
        row(Code::Principal, Resource, deny_to(r#""Principal": ["*"]"#), deny_to(r#""Principal": "*""#)),
        row(Code::Principal, Resource, deny_to(r#""Principal": null"#), deny_to(account)),
        row(Code::Principal, Resource, deny_to(r#""Principal": {"AWS": []}"#), deny_to(account)),
        row(Code::Principal, Resource, other("aws", "*"), other("AWS", "*")),
        row(Code::Principal, Resource, aws("11112222333"), aws("111122223333")),
        row(Code::Principal, Resource, aws("1111222233334"), aws("000000000000")),
        row(Code::Principal, Resource, aws(""), aws("*")),
        row(
            Code::Principal,
            Resource,
            aws("arn:aws:iam::1111:root"),
            aws("arn:aws-cn:iam::111122223333:root"),
        ),
        row(
            Code::Principal,
            Resource,
            aws("arn:aws:iam:us-east-1:111122223333:root"),
            aws("arn:aws:iam::111122223333:root"),
        ),
        row(
            Code::Principal,
            Resource,
            aws("arn:*:iam::111122223333:root"),
            aws("arn:x-9:iam::111122223333:root"),
        ),
        row(
            Code::Principal,
            Resource,
            aws("arn:aws:iam::111122223333:user/*"),
            aws("arn:aws:iam::111122223333:user/a/b"),
        ),
        row(
            Code::Principal,
            Resource,
            aws("arn:aws:iam::111122223333:group/a"),
            aws("arn:aws:iam::111122223333:role/a"),
        ),
        row(
            Code::Principal,
            Resource,
            aws("arn:aws:iam::111122223333:role/"),
            aws("arn:aws:iam::111122223333:role/+=,.@_-"),
        ),
        row(
            Code::Principal,
            Resource,
            aws("arn:aws:iam::111122223333:user/a b"),
            aws("arn:aws:iam::111122223333:user/ab"),
        ),
        row(
            Code::Principal,
            Resource,
            aws("arn:aws:iam::111122223333:user/${aws:username}"),
            aws("arn:aws:iam::111122223333:user/$"),
        ),
        row(
            Code::Principal,
            Resource,
            aws("arn:aws:sts::111122223333:assumed-role/r"),
            aws("arn:aws:sts::111122223333:assumed-role/r/s"),
        ),
        row(
            Code::Principal,
            Resource,
            aws("arn:aws:sts::111122223333:assumed-role/path/r/s"),
            aws("arn:aws:sts::111122223333:federated-user/n"),
        ),
        row(
            Code::Principal,
            Resource,
            aws("arn:aws:sts::111122223333:role/r"),
            aws("arn:aws:iam::111122223333:role/r"),
        ),
        row(Code::Principal, Resource, aws("AGPAEXAMPLE"), aws("AIDAEXAMPLE1")),
        row(Code::Principal, Resource, aws("AROAx"), aws("AROA2EXAMPLE")),
        row(Code::Principal, Resource, aws("alice"), aws("*")),
        row(Code::Principal, Resource, other("Service", "*"), other("Service", "ec2.amazonaws.com")),
        row(
            Code::Principal,
            Resource,
            other("Service", "ec2"),
            other("Service", "s3.cn-north-1.amazonaws.com.cn"),
        ),
        row(
            Code::Principal,
            Resource,
            other("Service", "EC2.amazonaws.com"),
            other("Service", "a-b.amazonaws.com"),
        ),
        row(
            Code::Principal,
            Trust,
            trust(r#""Principal": {"Federated": "*"}"#, assume),
            trust(account, assume),
        ),
        row(
            Code::Principal,
            Trust,
            trust(r#""Principal": {"Federated": "example.com"}"#, assume),
            trust(r#""Principal": {"Federated": "accounts.google.com"}"#, assume),
        ),
        row(
            Code::Principal,
            Trust,
            trust(r#""Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/"}"#, assume),
            trust(r#""Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/x"}"#, assume),
        ),
        row(
            Code::Principal,
            Trust,
            trust(r#""Principal": {"Federated": "arn:aws:iam::111122223333:user/x"}"#, assume),
            trust(
                r#""Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/h.example/p"}"#,
                assume,
            ),
        ),
        row(Code::Principal, Resource, other("CanonicalUser", &id64[1..]), other("CanonicalUser", id64)),
        row(
            Code::Principal,
            Trust,
            trust(&format!(r#""Principal": {{"CanonicalUser": "{id64}"}}"#), assume),
            trust(account, assume),
        ),
    ]);
    rows
}
