//! What one document allows and another does not: by hand from the rules on matching and conditions.

use iamproof::iam::request::Caller;

use super::{gained, policy};

/// How the requests of two documents lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lie {
    /// They allow the same.
    Same,
    /// The second allows all that the first does, and more.
    Wider,
    /// Each allows what the other does not.
    Apart,
}

use Lie::{Apart, Same, Wider};

#[track_caller]
fn check(rows: &[(&str, &str, Lie)]) {
    for &(first, second, expected) in rows {
        let (left, right) = (policy(first), policy(second));
        let found = match (gained(&left, &right).is_some(), gained(&right, &left).is_some()) {
            (false, false) => Same,
            (true, false) => Wider,
            (true, true) => Apart,
            (false, true) => panic!("the first is wider: {first} and {second}"),
        };
        assert_eq!(found, expected, "{first} and {second}");
    }
}

/// Each row has the two conditions, as `operator key values`.
#[track_caller]
fn check_conditions(rows: &[(&str, &str, Lie)]) {
    for &(first, second, expected) in rows {
        let document = |condition: &str| {
            let entries: Vec<String> = condition
                .split(" and ")
                .map(|entry| {
                    let (operator, rest) = entry.split_once(' ').unwrap();
                    let (key, values) = rest.split_once(' ').unwrap();
                    format!(r#""{operator}": {{"{key}": {values}}}"#)
                })
                .collect();
            format!(r#"{{"Condition": {{{}}}}}"#, entries.join(", "))
        };
        check(&[(&document(first), &document(second), expected)]);
    }
}

#[test]
fn actions() {
    check(&[
        (r#"{"Action": "s3:GetObject"}"#, r#"{"Action": "S3:get*"}"#, Wider),
        (r#"{"Action": "s3:GetObject"}"#, r#"{"Action": "s3:getobject"}"#, Same),
        (r#"{"Action": "s3:GetObject"}"#, r#"{"Action": "s3:Get?bject"}"#, Wider),
        (r#"{"Action": "*:Get*"}"#, r#"{"Action": "*"}"#, Wider),
        (r#"{"Action": "*:*"}"#, r#"{"Action": "*"}"#, Same),
        (r#"{"Action": ["s3:*", "iam:*"]}"#, r#"{"NotAction": ["s3:*", "iam:*"]}"#, Apart),
        (r#"{"NotAction": ["s3:*", "iam:*"]}"#, r#"{"NotAction": "s3:*"}"#, Wider),
    ]);
}

#[test]
fn resources() {
    check(&[
        (r#"{"Resource": "arn:aws:s3:::b/*"}"#, r#"{"Resource": "arn:aws:s3:::*"}"#, Wider),
        (r#"{"Resource": "arn:aws:s3:::b/*"}"#, r#"{"Resource": "arn:aws:s3:::B/*"}"#, Apart),
        (r#"{"Resource": "arn:aws:s3:::*"}"#, r#"{"Resource": "arn:aws:s3:*"}"#, Wider),
        // RES-1: a wildcard passes colons, so this one covers queues of every region and account.
        (r#"{"Resource": "arn:aws:sqs:*:*:queue"}"#, r#"{"Resource": "arn:aws:sqs:*:queue"}"#, Same),
        (r#"{"Resource": "arn:aws:s3:::b/?"}"#, r#"{"Resource": "arn:aws:s3:::b/*"}"#, Wider),
        (r#"{"NotResource": ["arn:aws:s3:::b/*"]}"#, r#"{"Resource": "*"}"#, Wider),
        (r#"{"Resource": "arn:aws:s3:::b/**"}"#, r#"{"Resource": "arn:aws:s3:::b/*"}"#, Same),
        // VAR-4 and VAR-2: an escape is a literal, but only under 2012-10-17.
        (r#"{"Resource": "arn:aws:s3:::a${*}"}"#, r#"{"Resource": "arn:aws:s3:::a*"}"#, Wider),
        (
            r#"{"Version": "2008-10-17", "Resource": "arn:aws:s3:::a${*}"}"#,
            r#"{"Resource": "arn:aws:s3:::a${$}{*}"}"#,
            Same,
        ),
    ]);
}

#[test]
fn statements_of_a_document() {
    let allow = |action: &str| format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}"#);
    let deny = |action: &str| format!(r#"{{"Effect": "Deny", "Action": "{action}", "Resource": "*"}}"#);
    let document = |statements: &[String]| format!(r#"{{"Statement": [{}]}}"#, statements.join(", "));
    let pairs = [
        (document(&[allow("s3:*"), deny("s3:Put*")]), document(&[allow("s3:*")]), Wider),
        (document(&[deny("s3:Put*"), allow("s3:*")]), document(&[allow("s3:*"), deny("s3:Put*")]), Same),
        (document(&[allow("s3:*"), deny("s3:*")]), document(&[deny("*")]), Same),
        (document(&[allow("s3:Get*"), allow("s3:GetObject")]), document(&[allow("s3:Get*")]), Same),
    ];
    for (first, second, lie) in &pairs {
        check(&[(first, second, *lie)]);
    }
}

#[test]
fn string_operators() {
    check_conditions(&[
        (r#"StringEquals s3:prefix "a""#, r#"StringLike s3:prefix "a""#, Same),
        (r#"StringEquals s3:prefix "a*""#, r#"StringLike s3:prefix "a*""#, Wider),
        (r#"StringEquals s3:prefix "a""#, r#"StringEqualsIgnoreCase s3:prefix "A""#, Wider),
        (r#"StringEquals s3:prefix "a""#, r#"StringEquals S3:PREFIX "a""#, Same),
        (r#"StringEquals s3:prefix ["a", "b"]"#, r#"StringEquals s3:prefix ["b", "a", "b"]"#, Same),
        // COND-6: not one of them, not "differs from one".
        (r#"StringNotEquals s3:prefix ["a", "b"]"#, r#"StringNotEquals s3:prefix "a""#, Wider),
        // COND-7: a missing key passes the negated operator only.
        (r#"StringLike s3:prefix "*""#, r#"StringLikeIfExists s3:prefix "*""#, Wider),
        (r#"StringNotLike s3:prefix "*""#, r#"Null s3:prefix "true""#, Same),
        (r#"StringLike s3:prefix "*""#, r#"Null s3:prefix "false""#, Same),
        // A key of no table may hold a list, which satisfies no operator without a set operator, but is there.
        (r#"StringLike svc:key "*""#, r#"Null svc:key "false""#, Wider),
    ]);
}

#[test]
fn typed_operators() {
    check_conditions(&[
        (r#"NumericEquals s3:max-keys "10""#, r#"NumericEquals s3:max-keys "10.0""#, Same),
        (r#"NumericLessThan s3:max-keys ["5", "10"]"#, r#"NumericLessThan s3:max-keys "10""#, Same),
        (r#"NumericLessThan s3:max-keys "10""#, r#"NumericLessThanEquals s3:max-keys "10""#, Wider),
        (r#"NumericGreaterThan s3:max-keys "0.1""#, r#"NumericGreaterThanEquals s3:max-keys "0.1""#, Wider),
        // COND-22: numbers have thirty digits behind the point, so this lies between neighbours.
        (
            r#"NumericLessThan s3:max-keys "0.000000000000000000000000000001" and NumericGreaterThan s3:max-keys "0""#,
            r#"Bool aws:SecureTransport "x${*}""#,
            Same,
        ),
        // One text is read as a number and as a date: 5 is a second of 1970.
        (
            r#"NumericEquals k:k "5" and DateGreaterThan k:k "2000-01-01T00:00:00Z""#,
            r#"Bool aws:SecureTransport "x${*}""#,
            Same,
        ),
        (
            r#"NumericEquals k:k "5" and DateEquals k:k "1970-01-01T00:00:05Z""#,
            r#"NumericEquals k:k "5""#,
            Wider,
        ),
        // COND-21: a key of the table holds a number; another may hold any text, which negation accepts.
        (
            r#"NumericNotEquals s3:max-keys "1" and Null s3:max-keys "false""#,
            r#"Null s3:max-keys "false""#,
            Wider,
        ),
        (r#"NumericLessThan svc:n "1" and NumericNotEquals svc:n "5""#, r#"NumericLessThan svc:n "1""#, Same),
        (r#"NumericEquals svc:n "1""#, r#"StringLike svc:n "*1*""#, Wider),
        (r#"StringEquals svc:n "1.0""#, r#"NumericEquals svc:n "1""#, Wider),
        (r#"StringEquals svc:n "ten""#, r#"NumericNotEquals svc:n "1""#, Wider),
        (
            r#"DateLessThan aws:CurrentTime "2024-01-01""#,
            r#"DateLessThanEquals aws:CurrentTime "2024-01-01T00:00:00Z""#,
            Wider,
        ),
        (
            r#"DateEquals aws:CurrentTime "2024-01-01T01:00:00+01:00""#,
            r#"DateEquals aws:CurrentTime "1704067200""#,
            Same,
        ),
        (
            r#"DateGreaterThan aws:CurrentTime "2025-01-01""#,
            r#"DateGreaterThan aws:EpochTime "2024-01-01""#,
            Wider,
        ),
        (r#"IpAddress aws:SourceIp "10.0.0.0/9""#, r#"IpAddress aws:SourceIp "10.1.2.3/8""#, Wider),
        (
            r#"IpAddress aws:SourceIp ["10.0.0.0/9", "10.128.0.0/9"]"#,
            r#"IpAddress aws:SourceIp "10.0.0.0/8""#,
            Same,
        ),
        (r#"IpAddress aws:SourceIp ["0.0.0.0/0", "::/0"]"#, r#"Null aws:SourceIp "false""#, Same),
        // COND-31: an IPv6 caller is in no IPv4 block.
        (r#"IpAddress aws:SourceIp "::/0""#, r#"NotIpAddress aws:SourceIp "0.0.0.0/0""#, Wider),
        (r#"Bool aws:SecureTransport "TRUE""#, r#"StringEquals aws:SecureTransport "true""#, Same),
        (r#"Bool aws:SecureTransport ["true", "false"]"#, r#"Null aws:SecureTransport "false""#, Same),
        (r#"Bool svc:b "true""#, r#"StringEqualsIgnoreCase svc:b "true""#, Same),
        (r#"BinaryEquals svc:b "QmluYXJ5""#, r#"StringEquals svc:b "QmluYXJ5""#, Same),
    ]);
}

#[test]
fn arn_operators() {
    check_conditions(&[
        (
            r#"ArnLike aws:SourceArn "arn:aws:sns:*:*:t""#,
            r#"ArnEquals aws:SourceArn "arn:aws:sns:*:*:t""#,
            Same,
        ),
        // INV-25: a wildcard of an ARN operator stays in its field.
        (
            r#"ArnLike aws:SourceArn "arn:aws:sns:*:1:t*""#,
            r#"StringLike aws:SourceArn "arn:aws:sns:*:1:t*""#,
            Wider,
        ),
        (r#"ArnLike aws:SourceArn "arn:aws:sns:*""#, r#"ArnLike aws:SourceArn "arn:aws:sns:*:*:*""#, Wider),
        (r#"ArnLike aws:SourceArn "arn:*:*:*:*:*""#, r#"Null aws:SourceArn "false""#, Same),
        // COND-33: what is no ARN matches no pattern.
        (r#"ArnLike svc:arn "*:*:*:*:*:*""#, r#"StringLike svc:arn "*:*:*:*:*:*""#, Same),
        (r#"StringEquals svc:arn "x""#, r#"ArnNotLike svc:arn "*:*:*:*:*:*""#, Wider),
    ]);
}

#[test]
fn set_operators() {
    check_conditions(&[
        (r#"ForAnyValue:StringEquals aws:TagKeys "a""#, r#"ForAnyValue:StringLike aws:TagKeys "a*""#, Wider),
        (
            r#"ForAnyValue:StringEquals aws:TagKeys "a""#,
            r#"ForAllValues:StringEquals aws:TagKeys "a""#,
            Apart,
        ),
        // A set without elements satisfies ForAllValues; with the guard it no longer does.
        (
            r#"ForAllValues:StringEquals aws:TagKeys "a" and Null aws:TagKeys "false""#,
            r#"ForAnyValue:StringEquals aws:TagKeys "a""#,
            Wider,
        ),
        // COND-10: a list satisfies nothing without a set operator.
        (r#"StringEquals aws:TagKeys "a""#, r#"ForAnyValue:StringEquals aws:TagKeys "b""#, Wider),
        (
            r#"ForAllValues:StringNotEquals aws:TagKeys ["a", "b"]"#,
            r#"ForAllValues:StringNotEquals aws:TagKeys "a""#,
            Wider,
        ),
        (r#"ForAllValues:StringLike aws:TagKeys "*""#, r#"StringLike aws:SecureTransport "*""#, Same),
        // On one value both are the plain operator, but for a missing key.
        (r#"ForAnyValue:StringEquals s3:prefix "a""#, r#"StringEquals s3:prefix "a""#, Same),
        (r#"ForAllValues:StringEquals s3:prefix "a""#, r#"StringEqualsIfExists s3:prefix "a""#, Same),
    ]);
}

/// A question about two documents has no caller: the one that is shown with its answer must go with the context.
#[test]
fn a_witness_has_the_caller_whom_its_context_names() {
    let none = policy(r#"{"Effect": "Deny"}"#);
    for (condition, name) in [
        (r#"{"StringEquals": {"aws:username": "alice"}}"#, Some("alice")),
        (r#"{"Null": {"aws:username": "true"}}"#, None),
    ] {
        let found = gained(&none, &policy(&format!(r#"{{"Condition": {condition}}}"#))).expect("an answer");
        let called = if let Caller::User(user) = &found.caller { Some(user.name.as_str()) } else { None };
        assert_eq!(called, name, "{condition}");
    }
}

#[test]
fn variables() {
    check(&[
        (r#"{"Resource": "arn:aws:s3:::b/${aws:username}/*"}"#, r#"{"Resource": "arn:aws:s3:::b/*"}"#, Wider),
        (
            r#"{"Resource": "arn:aws:s3:::b/${aws:username}"}"#,
            r#"{"Resource": "arn:aws:s3:::b/${AWS:UserName}"}"#,
            Same,
        ),
        // VAR-6: a value is literal, so a pattern with an asterisk in it covers the value, and not the other way round.
        (
            r#"{"Resource": "arn:aws:s3:::${s3:prefix}"}"#,
            r#"{"Resource": "arn:aws:s3:::${s3:prefix}*"}"#,
            Wider,
        ),
        // VAR-7: the default stands in for a missing key.
        (
            r#"{"Resource": "arn:aws:s3:::${s3:prefix}"}"#,
            r#"{"Resource": "arn:aws:s3:::${s3:prefix, 'none'}"}"#,
            Wider,
        ),
        // VAR-8: NotResource with a variable that has no value excludes nothing.
        (
            r#"{"NotResource": "arn:aws:s3:::${s3:prefix, '*'}"}"#,
            r#"{"NotResource": "arn:aws:s3:::${s3:prefix}"}"#,
            Wider,
        ),
        // VAR-9: a list has neither value nor default.
        (
            r#"{"Resource": "arn:aws:s3:::${aws:TagKeys}"}"#,
            r#"{"Resource": "arn:aws:s3:::a", "Action": "s3:x"}"#,
            Wider,
        ),
        (
            r#"{"Condition": {"StringEquals": {"s3:prefix": "${aws:username}"}}}"#,
            r#"{"Condition": {"StringLike": {"s3:prefix": "${aws:username}"}}}"#,
            Same,
        ),
        (
            r#"{"Condition": {"StringEquals": {"aws:ResourceTag/t": "${aws:PrincipalTag/t}"}}}"#,
            r#"{"Condition": {"StringEquals": {"aws:ResourceTag/t": "${aws:PrincipalTag/t, 'x'}"}}}"#,
            Wider,
        ),
        // Values without a colon make the fields of an ARN that there are.
        (
            r#"{"Condition": {"Bool": {"aws:SecureTransport": "x${*}"}}}"#,
            r#"{"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:${s3:prefix}:1:t"}}}"#,
            Wider,
        ),
        // VAR-12: a value with a colon cannot shift the fields of an ARN pattern.
        (
            r#"{"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:${s3:prefix}:1:t"}}}"#,
            r#"{"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:1:t"}}}"#,
            Wider,
        ),
        (
            r#"{"Condition": {"Bool": {"aws:SecureTransport": "${s3:prefix}"}}}"#,
            r#"{"Condition": {"StringEqualsIgnoreCase": {"s3:prefix": ["true", "false"]}}}"#,
            Wider,
        ),
    ]);
}

#[test]
fn variables_without_case() {
    check_conditions(&[
        (
            r#"StringEquals s3:prefix "${aws:username}""#,
            r#"StringEqualsIgnoreCase s3:prefix "${aws:username}""#,
            Wider,
        ),
        (
            r#"StringEqualsIgnoreCase s3:prefix "A${aws:username}""#,
            r#"StringEqualsIgnoreCase s3:prefix "a${aws:username}""#,
            Same,
        ),
        (
            r#"StringEqualsIgnoreCase s3:prefix "${aws:username}" and StringEquals aws:username "Al""#,
            r#"StringEqualsIgnoreCase aws:username "al" and StringEqualsIgnoreCase s3:prefix "AL""#,
            Wider,
        ),
        (
            r#"StringEqualsIgnoreCase s3:prefix "${aws:username}""#,
            r#"StringEqualsIgnoreCase s3:prefix "${aws:username, 'X'}""#,
            Wider,
        ),
    ]);
}

#[test]
fn principals() {
    let document = |principal: &str| {
        format!(
            r#"{{"Statement": {{"Effect": "Allow", "Principal": {principal}, "Action": "*", "Resource": "*"}}}}"#
        )
    };
    for (first, second, lie) in [
        (r#""*""#, r#"{"AWS": "*"}"#, Same),
        (r#"{"AWS": "111122223333"}"#, r#""*""#, Wider),
        (r#"{"AWS": "arn:aws:iam::111122223333:root"}"#, r#"{"AWS": "111122223333"}"#, Wider),
        (
            r#"{"AWS": "arn:aws:iam::111122223333:user/alice"}"#,
            r#"{"AWS": "arn:aws:iam::111122223333:root"}"#,
            Wider,
        ),
        (
            r#"{"AWS": "arn:aws:iam::111122223333:user/alice"}"#,
            r#"{"AWS": "arn:aws:iam::111122223333:user/Alice"}"#,
            Apart,
        ),
        (
            r#"{"AWS": "arn:aws:sts::111122223333:assumed-role/app/s1"}"#,
            r#"{"AWS": "arn:aws:iam::111122223333:role/app"}"#,
            Apart,
        ),
        (r#"{"AWS": "AIDAAAAAAAAAAAAAAAAAA"}"#, r#"{"AWS": "111122223333"}"#, Wider),
        (
            r#"{"Service": "s3.amazonaws.com"}"#,
            r#"{"Service": ["s3.amazonaws.com", "ec2.amazonaws.com"]}"#,
            Wider,
        ),
    ] {
        check(&[(&document(first), &document(second), lie)]);
    }
}
