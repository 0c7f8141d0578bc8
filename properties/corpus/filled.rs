//! Which context keys a request gets that its case does not give, and which it does not.

use iamproof::corpus::Question;
use iamproof::corpus::read::{Citation, read};
use iamproof::iam::document::Strictness;
use iamproof::iam::instant::Instant;

/// Fields of a request, and the context that it has in the end, sorted by key.
const FILLED: &[(&str, &[&str])] = &[
    (
        r#""principal":"arn:aws:iam::111122223333:user/a/b/alice","resource":"arn:aws:s3:::b/k""#,
        &[
            "aws:PrincipalAccount=111122223333",
            "aws:PrincipalArn=arn:aws:iam::111122223333:user/a/b/alice",
            "aws:PrincipalIsAWSService=false",
            "aws:PrincipalType=User",
            "aws:ResourceAccount=111122223333",
            "aws:username=alice",
        ],
    ),
    (
        r#""principal":"arn:aws:iam::111122223333:root","resource":"arn:aws:sqs:eu-west-1:444455556666:q""#,
        &[
            "aws:PrincipalAccount=111122223333",
            "aws:PrincipalArn=arn:aws:iam::111122223333:root",
            "aws:PrincipalIsAWSService=false",
            "aws:PrincipalType=Account",
            "aws:ResourceAccount=444455556666",
        ],
    ),
    (
        r#""principal":"arn:aws:sts::111122223333:assumed-role/app/s1","role":"arn:aws:iam::111122223333:role/eng/app","resource":"*","resourceAccount":"444455556666""#,
        &[
            "aws:MultiFactorAuthPresent=false",
            "aws:PrincipalAccount=111122223333",
            "aws:PrincipalArn=arn:aws:iam::111122223333:role/eng/app",
            "aws:PrincipalIsAWSService=false",
            "aws:PrincipalType=AssumedRole",
            "aws:ResourceAccount=444455556666",
        ],
    ),
    (
        r#""principal":"arn:aws:sts::111122223333:federated-user/carol","resource":"*""#,
        &[
            "aws:PrincipalAccount=111122223333",
            "aws:PrincipalArn=arn:aws:sts::111122223333:federated-user/carol",
            "aws:PrincipalIsAWSService=false",
            "aws:PrincipalType=FederatedUser",
            "aws:ResourceAccount=111122223333",
        ],
    ),
    (
        r#""principal":{"Service":"sns.amazonaws.com"},"resource":"arn:aws:s3:::b/k""#,
        &[
            "aws:PrincipalIsAWSService=true",
            "aws:PrincipalServiceName=sns.amazonaws.com",
            "aws:PrincipalServiceNamesList=[sns.amazonaws.com]",
        ],
    ),
    (
        r#""principal":{"Federated":"accounts.google.com"},"resource":"arn:aws:iam::111122223333:role/r""#,
        &["aws:ResourceAccount=111122223333"],
    ),
    (
        r#""principal":"*","resource":"arn:aws:s3:::b/k""#,
        &["aws:PrincipalAccount=anonymous", "aws:PrincipalType=Anonymous"],
    ),
    (
        r#""principal":"*","resource":"*","context":{"aws:RequestTag/b":"1","AWS:requesttag/a":"2","aws:RequestTag":"no tag"}"#,
        &[
            "aws:PrincipalAccount=anonymous",
            "aws:PrincipalType=Anonymous",
            "aws:RequestTag=no tag",
            "AWS:requesttag/a=2",
            "aws:RequestTag/b=1",
            "aws:TagKeys=[a, b]",
        ],
    ),
    (
        r#""principal":"*","resource":"*","context":{"aws:CalledVia":["x","y"],"AWS:PRINCIPALTYPE":7,"aws:PrincipalAccount":[]}"#,
        &[
            "aws:CalledVia=[x, y]",
            "aws:CalledViaFirst=x",
            "aws:CalledViaLast=y",
            "aws:PrincipalAccount=[]",
            "AWS:PRINCIPALTYPE=7",
        ],
    ),
    (
        r#""principal":"*","resource":"*","context":{"aws:CalledVia":[],"aws:TagKeys":["z"],"aws:RequestTag/a":""}"#,
        &[
            "aws:CalledVia=[]",
            "aws:PrincipalAccount=anonymous",
            "aws:PrincipalType=Anonymous",
            "aws:RequestTag/a=",
            "aws:TagKeys=[z]",
        ],
    ),
    (
        r#""principal":"*","resource":"*","time":"2024-06-01T12:00:00+02:00","context":{"aws:EpochTime":5}"#,
        &[
            "aws:CurrentTime=2024-06-01T10:00:00Z",
            "aws:EpochTime=5",
            "aws:PrincipalAccount=anonymous",
            "aws:PrincipalType=Anonymous",
        ],
    ),
    (
        r#""principal":"*","resource":"*","time":"2024-06-01","exactContext":true,"context":{"a:b":true}"#,
        &["a:b=true"],
    ),
];

#[test]
fn a_context_is_filled_in_where_the_case_does_not_give_it() {
    for (fields, expected) in FILLED {
        let text = format!(
            r#"{{"because":"x","policies":{{}},"requests":[{{{fields},"action":"s3:GetObject","expect":"allow"}}]}}"#
        );
        let case = read(text.as_bytes(), Citation::Optional, Strictness::Strict).expect(fields);
        let Question::Decisions { asked, .. } = case.question else { panic!("{fields}") };
        let context: Vec<String> =
            asked[0].request.context.entries().iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(context, *expected, "{fields}");
    }
}

#[test]
fn instants_are_told_in_both_forms() {
    for (text, iso, epoch) in [
        ("1970-01-01", "1970-01-01T00:00:00Z", 0),
        ("2024-02-29T23:59", "2024-02-29T23:59:00Z", 1_709_251_140),
        ("2024-01-01t00:30:00.25+05:30", "2023-12-31T19:00:00.25Z", 1_704_049_200),
        ("1969-12-31T23:59:59.5z", "1969-12-31T23:59:59.5Z", -1),
        ("0001-01-01T00:00:00-23:59", "0001-01-01T23:59:00Z", -62_135_510_460),
        ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z", 253_402_300_799),
    ] {
        let instant = Instant::parse(text).expect(text);
        assert_eq!((instant.iso().as_str(), instant.epoch_seconds()), (iso, epoch), "{text}");
    }
    for text in [
        "",
        "2024",
        "2024-06",
        "1704067200",
        "2024-02-30",
        "2024-01-01T24:00",
        "2024-01-01T12",
        "0001-01-01T00:00+00:01",
        "9999-12-31T23:59-00:01",
        "2024-01-01 12:00",
        "2024-01-01T12:00:60Z",
    ] {
        assert_eq!(Instant::parse(text), None, "{text}");
    }
}
