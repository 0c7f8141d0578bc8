//! Texts for the codes of conditions and variables.

use iamproof::iam::document::Code;
use iamproof::iam::policy::PolicyType::Identity;

use super::codes::{Row, row};
use super::texts::{allow, allow_if};

pub(super) fn rows() -> Vec<Row> {
    let one =
        |operator: &str, value: &str| allow_if(&format!(r#""{operator}": {{"aws:username": {value}}}"#));
    let keyed = |key: &str| allow_if(&format!(r#""StringEquals": {{"{key}": "x"}}"#));
    let old = |condition: &str| condition.replace("2012", "2008");
    vec![
        row(Code::ConditionValue, Identity, allow(r#""Condition": []"#), allow(r#""Condition": {}"#)),
        row(Code::ConditionValue, Identity, allow(r#""Condition": null"#), allow("")),
        row(
            Code::ConditionValue,
            Identity,
            allow_if(r#""StringEquals": "x""#),
            allow_if(r#""StringEquals": {}"#),
        ),
        row(Code::Operator, Identity, one("stringEquals", r#""x""#), one("StringEquals", r#""x""#)),
        row(Code::Operator, Identity, one("StringEqual", r#""x""#), one("StringEqualsIfExists", r#""x""#)),
        row(Code::Operator, Identity, one("NullIfExists", "true"), one("Null", "true")),
        row(Code::Operator, Identity, one("ForAnyValue:Null", "true"), one("ForAnyValue:Bool", "true")),
        row(
            Code::Operator,
            Identity,
            one("ForAnyValues:StringLike", r#""x""#),
            one("ForAnyValue:StringLike", r#""x""#),
        ),
        row(
            Code::Operator,
            Identity,
            one("StringLikeIfExistsIfExists", r#""x""#),
            one("ForAllValues:StringLikeIfExists", r#""x""#),
        ),
        row(
            Code::Operator,
            Identity,
            one("NumericGreaterThanEqual", "1"),
            one("NumericGreaterThanEquals", "1"),
        ),
        row(Code::Operator, Identity, one("BinaryNotEquals", r#""x""#), one("BinaryEquals", r#""eA==""#)),
        row(
            Code::ConditionKey,
            Identity,
            allow_if(r#""StringEquals": {"aws:UserName": "a", "aws:username": "b"}"#),
            allow_if(r#""StringEquals": {"aws:UserName": "a"}, "StringLike": {"aws:username": "b"}"#),
        ),
        row(Code::ConditionKey, Identity, keyed("username"), keyed("aws:username")),
        row(Code::ConditionKey, Identity, keyed("aws:"), keyed("aws:x")),
        row(Code::ConditionKey, Identity, keyed("aws: x"), keyed("aws:x y")),
        row(Code::ConditionKey, Identity, keyed(":x"), keyed("host.example/path:aud")),
        row(Code::ConditionKey, Identity, keyed("a b:x"), keyed("aws:RequestTag/a b:c")),
        row(Code::ConditionValue, Identity, one("StringEquals", "[]"), one("StringEquals", r#"[""]"#)),
        row(Code::ConditionValue, Identity, one("StringEquals", "null"), one("StringEquals", "1e1")),
        row(Code::ConditionValue, Identity, one("StringEquals", "{}"), one("StringEquals", "[true, -0.0]")),
        row(
            Code::ConditionValue,
            Identity,
            one("StringEquals", r#"["a", ["b"]]"#),
            one("StringEquals", r#"["a"]"#),
        ),
        row(Code::ConditionValue, Identity, one("NumericEquals", "1e1"), one("NumericEquals", "10.0")),
        row(
            Code::ConditionValue,
            Identity,
            one("NumericEquals", r#""ten""#),
            one("NumericEquals", r#""+10""#),
        ),
        row(
            Code::ConditionValue,
            Identity,
            one("NumericEquals", r#""${aws:username}""#),
            one("StringEquals", r#""${aws:username}""#),
        ),
        row(
            Code::ConditionValue,
            Identity,
            one("DateLessThan", r#""2023-02-29""#),
            one("DateLessThan", r#""2024-02-29""#),
        ),
        row(
            Code::ConditionValue,
            Identity,
            one("IpAddress", r#""10.0.0.0/33""#),
            one("NotIpAddress", r#""10.0.0.0/32""#),
        ),
        row(Code::ConditionValue, Identity, one("BinaryEquals", r#""eB==""#), one("BinaryEquals", r#""""#)),
        row(Code::ConditionValue, Identity, one("Null", r#""yes""#), one("Null", r#"["TRUE", false]"#)),
        row(Code::ConditionValue, Identity, one("Null", r#""${aws:username}""#), one("Null", r#""False""#)),
        row(Code::ConditionValue, Identity, one("Bool", "1"), one("Bool", r#""tRue""#)),
        row(Code::ConditionValue, Identity, one("Bool", r#""""#), one("Bool", r#""x${a:b}y""#)),
        row(
            Code::ConditionValue,
            Identity,
            old(&one("Bool", r#""${a:b}""#)),
            old(&one("StringEquals", r#""${a:b""#)),
        ),
        row(Code::Variable, Identity, one("StringEquals", r#""${a""#), one("StringEquals", r#""$a{*}""#)),
        row(Code::Variable, Identity, one("ArnLike", r#""${a, b}""#), one("ArnLike", r#""${a, 'b'}""#)),
        row(Code::Variable, Identity, one("Bool", r#""${a""#), one("Bool", r#""${a}""#)),
    ]
}
