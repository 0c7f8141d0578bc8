//! Texts for the codes of the top, of statements, actions and resources.

use iamproof::iam::document::Code;
use iamproof::iam::policy::PolicyType::{Identity, Rcp, Resource, Scp, Trust};

use super::codes::{Row, row};
use super::texts::{allow, allow_if, deny, trust, with_top};

pub(super) fn top_rows() -> Vec<Row> {
    let legal = allow("");
    let denied = deny(r#""Sid": "a""#);
    let unversioned = |document: &str| document.replace(r#""Version": "2012-10-17", "#, "");
    let version = |version: &str| with_top(&format!(r#""Version": {version}"#), &unversioned(&legal));
    vec![
        row(Code::Json, Identity, format!("[{legal}]"), format!("\n{legal}\t")),
        row(Code::Json, Identity, format!("{legal},"), &*legal),
        row(Code::Charset, Resource, deny("\"Sid\": \"\u{100}\""), deny("\"Sid\": \"\u{FF}\"")),
        row(Code::Charset, Resource, deny(r#""Sid": "\u0100""#), deny(r#""Sid": "\u00fF""#)),
        row(Code::Charset, Resource, deny(r#""Sid": "\u0000""#), deny(r#""Sid": "\t""#)),
        row(Code::Charset, Resource, deny(r#""Sid": "\b""#), deny(r#""Sid": "\n\r\u007f""#)),
        row(Code::Charset, Resource, deny(r#""Sid": "\ud83d""#), deny(r#""Sid": "d83d""#)),
        row(Code::DuplicateKey, Identity, with_top(r#""Version": "2012-10-17""#, &legal), &*legal),
        row(
            Code::DuplicateKey,
            Identity,
            allow_if(r#""Null": {"aws:username": true, "aws:username": true}"#),
            allow_if(r#""Null": {"aws:username": [true, true]}"#),
        ),
        row(Code::Element, Identity, with_top(r#""version": "2012-10-17""#, &legal), &*legal),
        row(Code::Element, Identity, with_top(r#""Id": "x""#, &legal), &*legal),
        row(Code::Element, Rcp, with_top(r#""Id": "x""#, &denied), &*denied),
        row(Code::Element, Resource, with_top(r#""Id": 1"#, &denied), with_top(r#""Id": "1""#, &denied)),
        row(Code::Version, Identity, version(r#""2012""#), version(r#""2008-10-17""#)),
        row(Code::Version, Identity, version("null"), unversioned(&legal)),
        row(Code::Version, Scp, version(r#""2008-10-17""#), &*legal),
        row(Code::Version, Rcp, unversioned(&denied), &*denied),
        row(Code::Statement, Identity, r#"{"Version": "2012-10-17"}"#, &*legal),
        row(
            Code::Statement,
            Identity,
            r#"{"Statement": []}"#,
            legal.replace("\": {", "\": [{").replace("}}", "}]}"),
        ),
        row(Code::Statement, Identity, r#"{"Statement": "x"}"#, &*legal),
        row(Code::Statement, Identity, r#"{"Statement": null}"#, &*legal),
        row(Code::Statement, Identity, r#"{"Statement": [[]]}"#, &*legal),
    ]
}

pub(super) fn statement_rows() -> Vec<Row> {
    let two = |first: &str, second: &str| {
        let statement =
            |sid: &str| format!(r#"{{"Effect": "Allow", "Action": "*", "Resource": "*", "Sid": "{sid}"}}"#);
        format!(r#"{{"Statement": [{}, {}]}}"#, statement(first), statement(second))
    };
    vec![
        row(Code::Element, Identity, allow(r#""sid": "a""#), allow(r#""Sid": "a""#)),
        row(Code::Element, Resource, deny(r#""Conditions": {}"#), deny(r#""Condition": {}"#)),
        row(Code::Effect, Identity, allow("").replace("Allow", "allow"), allow("").replace("Allow", "Deny")),
        row(Code::Effect, Identity, allow("").replace(r#""Effect": "Allow", "#, ""), allow("")),
        row(Code::Effect, Identity, allow("").replace(r#""Allow""#, "null"), allow("")),
        row(Code::Effect, Identity, allow("").replace(r#""Allow""#, r#"["Allow"]"#), allow("")),
        row(Code::Effect, Rcp, deny(r#""Sid": """#).replace("Deny", "Allow"), deny(r#""Sid": """#)),
        row(Code::Sid, Identity, allow(r#""Sid": "a-b""#), allow(r#""Sid": "aB09""#)),
        row(Code::Sid, Identity, allow(r#""Sid": "é""#), allow(r#""Sid": """#)),
        row(Code::Sid, Identity, allow(r#""Sid": null"#), allow("")),
        row(Code::Sid, Rcp, deny(r#""Sid": "a b""#), deny(r#""Sid": "ab""#)),
        row(Code::Sid, Resource, deny(r#""Sid": 1"#), deny(r#""Sid": "a b/é""#)),
        row(Code::Sid, Identity, two("a", "a"), two("a", "A")),
        row(Code::Sid, Identity, two("a", "a"), two("", "")),
    ]
}

pub(super) fn action_rows() -> Vec<Row> {
    let identity = |action: &str| allow("").replace(r#""Action": "*""#, action);
    let one = |action: &str| identity(&format!(r#""Action": "{action}""#));
    let member = r#""Principal": {"AWS": "111122223333"}"#;
    let trusted = |action: &str| trust(member, &format!(r#""Action": "{action}""#));
    let limited = |action: &str| deny(r#""Sid": "a""#).replace(r#""Action": "s3:*""#, action);
    vec![
        row(Code::Action, Identity, identity(r#""Sid": """#), identity(r#""NotAction": "*""#)),
        row(Code::Action, Identity, identity(r#""Action": "*", "NotAction": "*""#), one("*")),
        row(Code::Action, Identity, identity(r#""Action": []"#), identity(r#""Action": ["*"]"#)),
        row(Code::Action, Identity, identity(r#""Action": 7"#), identity(r#""Action": "a:7""#)),
        row(Code::Action, Identity, identity(r#""Action": null"#), one("*")),
        row(
            Code::Action,
            Identity,
            identity(r#""Action": ["*", ["*"]]"#),
            identity(r#""Action": ["*", "*"]"#),
        ),
        row(Code::Action, Identity, one(""), one("*")),
        row(Code::Action, Identity, one("**"), one("*:*")),
        row(Code::Action, Identity, one("GetObject"), one("s3:GetObject")),
        row(Code::Action, Identity, one("s3:"), one("s3:?")),
        row(Code::Action, Identity, one(":x"), one("*:x")),
        row(Code::Action, Identity, one("s3:a:b"), one("s3:a-b_c.d")),
        row(Code::Action, Identity, one("s*:Get*"), one("execute-api:Get*")),
        row(Code::Action, Identity, one("s3: GetObject"), one("S3:getobject")),
        row(Code::Action, Identity, one("s3:Get,s3:Put"), one("a.B-9:x")),
        row(Code::Action, Identity, one("s3:${aws:username}"), one("s3:**")),
        row(Code::Action, Identity, one("s_3:x"), one("s-3:x")),
        row(Code::Action, Trust, trusted("*"), trusted("sts:*")),
        row(Code::Action, Trust, trusted("*:AssumeRole"), trusted("STS:AssumeRole*")),
        row(Code::Action, Trust, trusted("s3:GetObject"), trusted("sts:GetCallerIdentity")),
        row(
            Code::Action,
            Trust,
            trust(member, r#""NotAction": "sts:TagSession""#),
            trusted("sts:TagSession"),
        ),
        row(Code::Action, Rcp, limited(r#""Action": "*""#), limited(r#""Action": "s3:*""#)),
        row(Code::Action, Rcp, limited(r#""Action": ["s3:*", "*:Get*"]"#), limited(r#""Action": ["s3:*"]"#)),
        row(Code::Action, Rcp, limited(r#""NotAction": "s3:*""#), limited(r#""Action": "sqs:?""#)),
        row(Code::Action, Scp, one("s3"), one("s3:*Object?")),
    ]
}

pub(super) fn resource_rows() -> Vec<Row> {
    let identity = |resource: &str| allow("").replace(r#""Resource": "*""#, resource);
    let one = |resource: &str| identity(&format!(r#""Resource": "{resource}""#));
    let member = r#""Principal": {"AWS": "111122223333"}"#;
    let assume = r#""Action": "sts:AssumeRole""#;
    let old = |resource: &str| one(resource).replace("2012", "2008");
    vec![
        row(Code::Resource, Identity, identity(r#""Sid": """#), identity(r#""NotResource": "*""#)),
        row(Code::Resource, Identity, identity(r#""Resource": "*", "NotResource": "*""#), one("*")),
        row(Code::Resource, Identity, identity(r#""Resource": []"#), identity(r#""Resource": ["*"]"#)),
        row(Code::Resource, Identity, identity(r#""Resource": {}"#), one("*")),
        row(Code::Resource, Identity, identity(r#""Resource": [null]"#), one("*")),
        row(Code::Resource, Resource, deny("").replace(r#", "Resource": "*", "#, ""), deny(r#""Sid": "a""#)),
        row(
            Code::Resource,
            Trust,
            trust(member, &format!(r#"{assume}, "Resource": "*""#)),
            trust(member, assume),
        ),
        row(
            Code::Resource,
            Trust,
            trust(member, &format!(r#"{assume}, "NotResource": "*""#)),
            trust(member, assume),
        ),
        row(Code::Resource, Identity, one(""), one("*")),
        row(Code::Resource, Identity, one("bucket/*"), one("arn:aws:s3:::bucket/*")),
        row(Code::Resource, Identity, one("ARN:aws:s3:::b"), one("arn:aws:s3:::B")),
        row(Code::Resource, Identity, one("arn::s3:::b"), one("arn:*:s3:::b")),
        row(Code::Resource, Identity, one("arn:AWS:s3:::b"), one("arn:aws-??:s3:::b")),
        row(Code::Resource, Identity, one("arn:aws:s*:::b"), one("arn:aws:s3:*:?:b")),
        row(Code::Resource, Identity, one("arn:aws:S3:::b"), one("arn:aws:s3:::a:b:c:${*}")),
        row(Code::Resource, Identity, one("arn:aws:*"), one("arn:aws:s3:*")),
        row(Code::Resource, Identity, one("arn:*"), one("arn:aws:s3:us*")),
        row(Code::Resource, Identity, one("arn:aws:s3"), one("arn:aws:s3:::")),
        row(Code::Resource, Identity, one("arn:aws:sqs:us-east-1:queue"), one("arn:aws:sqs:*:queue")),
        row(Code::Resource, Identity, one("arn:aws:sqs:us-east-1:1?"), one("arn:aws:sqs:us-east-1:1*")),
        row(Code::Resource, Identity, one("${aws:username}"), one("arn:aws:s3:::${aws:username}")),
        row(Code::Variable, Identity, one("arn:${aws:username}:s3:::b"), one("arn:aws:s3:::${$}{x")),
        row(
            Code::Variable,
            Identity,
            one("arn:aws:${aws:username}:::b"),
            one("arn:aws:s3:${aws:username}::b"),
        ),
        row(Code::Variable, Identity, one("arn:aws:s3:::${aws:username"), old("arn:aws:s3:::${aws:username")),
        row(Code::Variable, Identity, one("arn:aws:s3:::${}"), one("arn:aws:s3:::${?}${aws:x, ''}")),
        row(Code::Variable, Identity, one("arn:aws:s3:::${a:b,'c'}"), one("arn:aws:s3:::${a:b, 'c:/*'}")),
        row(Code::Variable, Identity, one("arn:aws:s3:::${a:b, 'c}"), one("arn:aws:s3:::${ a:b }")),
        row(Code::Variable, Identity, one("arn:aws:s3:::${a${b}}"), one("arn:aws:s3:::${a}${b}}")),
        row(Code::Variable, Identity, one("arn:aws:s3:::${a*}"), one("arn:aws:s3:::$a{b}*")),
        row(Code::Variable, Scp, one("arn:aws:s3:::${a:b, 'c'd'}"), one("arn:aws:s3:::${a:b, ' '}")),
    ]
}
