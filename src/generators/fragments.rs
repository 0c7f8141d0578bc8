//! The texts that policies and requests are made of, each with the confusion that it is aimed at.

use proptest::prelude::*;

/// A place in a list whose length is not known yet: it goes round.
pub(super) type Place = u32;

/// Any place. The range is a multiple of all small lengths, so that none of a list's entries comes more often than another.
pub(super) fn place() -> impl Strategy<Value = Place> + Clone {
    0..27_720_u32
}

/// What stands at this place.
pub(super) fn at<'t>(list: &[&'t str], place: Place) -> &'t str {
    let length = list.len().max(1);
    list.get(place as usize % length).copied().unwrap_or_default()
}

/// The account of most callers and resources.
pub const ACCOUNT: &str = "111111111111";
/// An account beside it.
pub const OTHER_ACCOUNT: &str = "222222222222";

/// Actions of requests.
pub const ACTIONS: &[&str] = &[
    "s3:GetObject",
    // A longer name with the same beginning: `GetObject` is no prefix pattern.
    "s3:GetObjectAcl",
    // Case (ACT-2).
    "S3:getobject",
    "s3:PutObject",
    "s3:ListBucket",
    // Another service with the same name behind the colon.
    "glacier:GetObject",
    "ec2:DescribeInstances",
];

/// Patterns of Action and NotAction.
pub const ACTION_PATTERNS: &[&str] = &[
    "*",
    // Two stars in a row are one.
    "*:**",
    "s3:*",
    "s3:GetObject",
    "S3:GETOBJECT",
    "s3:get*",
    // `?` is one character, in actions too (ACT-3).
    "s3:Get?bject",
    "s3:GetObject?",
    "s3:*Object",
    "s3:*Object*",
    "s3:*e*t*",
    // A whole prefix may be `*` (GRAM-11).
    "*:GetObject",
    "*:*",
    "s3:PutObject",
    "s3:List*",
    "ec2:*",
    "ec2:Describe?nstances",
    "glacier:Get*",
];

/// Resources of requests.
pub const RESOURCES: &[&str] = &[
    "arn:aws:s3:::bkt/k",
    "arn:aws:s3:::bkt",
    // Case (RES-2).
    "arn:aws:s3:::Bkt/k",
    "arn:aws:s3:::bkt/alice/x",
    "arn:aws:s3:::bkt/al/x",
    // A character that a wildcard must not stop at: space, newline, a letter outside ASCII, one outside the first plane, slash, colon.
    "arn:aws:s3:::bkt/a b",
    "arn:aws:s3:::bkt/a\nb",
    "arn:aws:s3:::bkt/\u{e9}",
    "arn:aws:s3:::bkt/\u{1F511}",
    "arn:aws:s3:::bkt/a:b",
    // Wildcards and variables are ordinary characters in a request.
    "arn:aws:s3:::bkt/*",
    "arn:aws:s3:::bkt/?",
    "arn:aws:s3:::bkt/al*/x",
    "arn:aws:s3:::bkt/${aws:username}/x",
    "arn:aws:s3:::bkt//x",
    "arn:aws:s3:::bkt/red/x",
    // What `a.b` and `a+b` match where they are taken for regular expressions.
    "arn:aws:s3:::bkt/a-b",
    "arn:aws:s3:::bkt/aab",
    "arn:aws:sqs:us-east-1:111111111111:q",
    "arn:aws:sqs:us-east-1:222222222222:q",
    // An action without resource-level permissions (RES-6).
    "*",
];

/// Patterns of Resource and NotResource without variables.
pub const RESOURCE_PATTERNS: &[&str] = &[
    "*",
    "arn:aws:s3:::bkt/*",
    "arn:aws:s3:::bkt",
    "arn:aws:s3:::bkt*",
    "arn:aws:s3:::bkt/k",
    "arn:aws:s3:::Bkt/*",
    "arn:aws:s3:::*/x",
    // One character, not one byte.
    "arn:aws:s3:::bkt/?",
    "arn:aws:s3:::bkt/??",
    "arn:aws:s3:::bkt/a?b",
    "arn:aws:s3:::bkt/a*b",
    "arn:aws:s3:::b*t/*l*/?",
    "arn:aws:s3:::bkt/\u{e9}",
    // Characters that are special in regular expressions, and in no pattern.
    "arn:aws:s3:::bkt/a.b",
    "arn:aws:s3:::bkt/a+b",
    "arn:aws:s3:::bkt/[ab]*(1)",
    // Fewer than six fields (RES-3), and a wildcard that crosses colons (RES-1).
    "arn:aws:s3:*",
    "arn:aws:sqs:*:q",
    "arn:aws:sqs:us-east-1:111111111111:*",
    "arn:aws:sqs:*:*:q",
    "arn:*:s3:::bkt/*",
];

/// Patterns of Resource and NotResource with variables; literal text under Version 2008-10-17 (VAR-2).
pub const VARIABLE_PATTERNS: &[&str] = &[
    "arn:aws:s3:::bkt/${aws:username}/*",
    "arn:aws:s3:::bkt/${aws:username}*",
    // Names inside `${}` fold case (VAR-5).
    "arn:aws:s3:::bkt/${AWS:UserName}/x",
    "arn:aws:s3:::bkt/${aws:PrincipalTag/team}/x",
    // A default, an empty default, and a default of a key that is often multivalued (VAR-7, VAR-9).
    "arn:aws:s3:::bkt/${aws:PrincipalTag/team, 'red'}/x",
    "arn:aws:s3:::bkt/${aws:PrincipalTag/team, ''}/x",
    "arn:aws:s3:::bkt/${aws:TagKeys, 'red'}/x",
    // Wildcards in a default are literal (VAR-6).
    "arn:aws:s3:::bkt/${aws:PrincipalTag/team, '*'}/x",
    "arn:aws:s3:::bkt/${svc:color, 'a?'}/x",
    // Escapes (VAR-4).
    "arn:aws:s3:::bkt/${*}",
    "arn:aws:s3:::bkt/${?}",
    "arn:aws:s3:::bkt/${$}{aws:username}/x",
    // The same variable twice, and two of them.
    "arn:aws:s3:::bkt/${aws:username}${aws:username}/x",
    "arn:aws:s3:::${aws:PrincipalTag/team}/*${aws:username}*",
    // Three, and more.
    "arn:aws:s3:::bkt/${aws:username}/${aws:PrincipalTag/team}/${aws:PrincipalAccount}",
    "arn:aws:s3:::bkt/${aws:username}-${aws:PrincipalTag/team, 'red'}-${aws:username}-${aws:PrincipalAccount}*",
    // In the account field (D-100).
    "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:q",
];

/// Names of users, and values of tags: what a caller may choose.
pub const NAMES: &[&str] = &[
    "alice",
    // The beginning of another name.
    "al",
    "red",
    // Wildcards in a value are literal (VAR-6).
    "al*",
    "*",
    "?",
    // A value that spells a variable is not scanned again (VAR-5).
    "${aws:username}",
    // The empty value is a value (VAR-13).
    "",
    "a b",
    "RED",
    // A colon must not shift the fields of an ARN (VAR-12), and a slash must not stop a wildcard.
    "us-east-1:222222222222",
    "al/x",
];

/// Values of String operators; those with variables or escapes are literal under Version 2008-10-17.
pub const STRING_VALUES: &[&str] = &[
    "red",
    "RED",
    "re?",
    "r*",
    "*",
    "?",
    "",
    "al*",
    "alice",
    "a b",
    "*d",
    "*e*",
    // Folding is of ASCII letters only (GEN-6), not to other letters (the Kelvin sign) or to several.
    "R\u{c9}D",
    "r\u{e9}d",
    "k",
    "stra\u{df}e",
    // Characters that are special in regular expressions, and in no pattern.
    "r.d",
    "re+d",
    "[r]ed*",
    "${aws:username}",
    "${aws:PrincipalTag/team}",
    "${aws:PrincipalTag/team, 'red'}",
    "x${aws:username}*",
    "${svc:color, 'r*'}",
    "${aws:username}-${aws:PrincipalTag/team}-${aws:username}-${svc:color}",
    "${*}",
    "r${*}",
    "true",
    "10",
];

/// Values of context keys under String operators: what policies compare with, or almost, and whatever a name may be.
pub const STRING_CONTEXT: &[&str] = &[
    "red",
    "RED",
    "rEd",
    "reed",
    "r\u{e9}d",
    "R\u{c9}D",
    "r*",
    "re\nd",
    "xalice",
    "true",
    "10",
    // The Kelvin sign folds to `k` in Unicode, and the sharp s to two letters, not here (D-2).
    "\u{212A}",
    "STRASSE",
    "STRA\u{df}E",
    // White space at the ends counts.
    "red ",
    " red",
    "alice",
    "al",
    "al*",
    "*",
    "?",
    "${aws:username}",
    "",
    "a b",
    "us-east-1:222222222222",
    "al/x",
];

/// Values of Numeric operators (COND-22).
pub const NUMBERS: &[&str] = &[
    "10",
    "10.0",
    "+10",
    "0010",
    "9.999999999999999999999",
    "-0",
    "0",
    "-10",
    "100",
    "123456789012345678901234567890",
];

/// Values of context keys under Numeric operators: numbers, and texts that are none.
pub const NUMERIC_CONTEXT: &[&str] = &[
    "10",
    "10.00",
    "9",
    // As texts these stand elsewhere between 10 and 100.
    "2",
    "20",
    "9.5",
    "1000",
    "10.000000000000000000001",
    "-10",
    "-0.0",
    "1e1",
    "0x0a",
    "ten",
    "",
    " 10",
    "10.",
    ".5",
    "100",
];

/// Values of Date operators (COND-25).
pub const DATES: &[&str] = &[
    "2024-01-01T00:00:00Z",
    "2024-01-01",
    "2024-01",
    // A bare run of digits counts seconds (D-43).
    "2024",
    "1704067200",
    "2024-01-01T01:00:00+01:00",
    "2023-12-31T23:00:00-01:00",
    // An offset with minutes, on both sides.
    "2024-01-01T05:30:00+05:30",
    "2023-12-31T20:30:00-03:30",
    "2024-02-29T12:00",
    "2024-01-01T00:00:00.000000001Z",
    "2024-01-01T00:00:00.05Z",
    // Before 1970, and beyond what milliseconds are taken for.
    "1969-12-31T23:59:59Z",
    "-1",
    "0",
    "1704067200000",
];

/// Values of context keys under Date operators: instants, and texts that are none.
pub const DATE_CONTEXT: &[&str] = &[
    "2024-01-01T00:00:00Z",
    "2023-12-31T23:59:59Z",
    "2024-01-01T00:00:00.5Z",
    "2024-01-01T00:00:00.050Z",
    "2024-01-01t00:00:00z",
    "2024-01-01T00:00:00-00:30",
    "1969-12-31T23:59:58Z",
    "-1",
    "-2",
    "1704067200000",
    "1704067200",
    "1704067201",
    "2024",
    "1970-01-01T00:33:44Z",
    "2023-02-30",
    "2024-01-01T24:00:00Z",
    "soon",
    "",
];

/// Values of Bool.
pub const TRUTHS: &[&str] = &["true", "false", "TRUE", "False"];

/// Values of context keys under Bool: truth values, and texts that are none.
pub const BOOL_CONTEXT: &[&str] = &["true", "false", "TRUE", "yes", "1", ""];

/// Values of IpAddress and NotIpAddress (COND-30).
pub const BLOCKS: &[&str] = &[
    "203.0.113.0/24",
    // Host bits, a single host, everything, half a byte.
    "203.0.113.5/24",
    "203.0.113.200/24",
    "2001:db8::5/32",
    "203.0.113.7",
    "0.0.0.0/0",
    "203.0.112.0/23",
    // Its first and its last address are addresses like others.
    "203.0.113.128/25",
    "10.0.0.0/9",
    "2001:db8::/32",
    "2001:db8::1",
    "::/0",
    // IPv4-mapped addresses are IPv6 (COND-31).
    "::ffff:203.0.113.0/120",
];

/// Values of context keys under IpAddress: addresses, and texts that are none.
pub const ADDRESS_CONTEXT: &[&str] = &[
    "203.0.113.7",
    "203.0.113.0",
    "203.0.113.127",
    "203.0.113.128",
    "203.0.113.255",
    "203.0.112.255",
    "203.0.114.0",
    "10.128.0.1",
    "2001:db8::1",
    "2001:DB8:0:0::2",
    "2001:db8:0:0:0:0:0:1",
    "2001:db9::",
    "::ffff:203.0.113.7",
    "203.0.113.07",
    "203.0.113.0/24",
    "office",
    "",
];

/// Values of Arn operators (COND-32); those with variables are literal under Version 2008-10-17.
pub const ARN_VALUES: &[&str] = &[
    "arn:aws:sns:us-east-1:111111111111:t",
    "arn:aws:sns:*:*:t?",
    "arn:aws:*:*:*:t",
    "arn:aws:sns:*:111111111111:*",
    "arn:*:*:*:*:*",
    "arn:aws:sns:*",
    "*",
    "arn:aws:sns:${aws:PrincipalTag/team}:222222222222:t",
    "arn:aws:sns:${aws:PrincipalTag/team}:*",
    "arn:aws:iam::111111111111:role/*",
    "arn:aws:iam::111111111111:root",
    "arn:aws:sns:us-east-1:111111111111:a:*",
];

/// Values of context keys under Arn operators: ARNs, and texts that are none.
pub const ARN_CONTEXT: &[&str] = &[
    "arn:aws:sns:us-east-1:111111111111:t",
    "arn:aws:sns:us-east-1:111111111111:t1",
    "arn:aws:sns:us-east-1:222222222222:t",
    // A wildcard of an inner field must not cross this colon (COND-32).
    "arn:aws:sns:us-east-1:222222222222:111111111111:t",
    // What a tag with a colon makes of a pattern with a variable: fields are cut before it has its value (VAR-12).
    "arn:aws:sns:us-east-1:222222222222:222222222222:t",
    "arn:aws:sns:us-east-1:111111111111:a:b",
    "arn:aws:iam::111111111111:role/app",
    "ARN:aws:sns:us-east-1:111111111111:t",
    "arn:aws:sns:us-east-1",
    "x",
    "",
];

/// Values of BinaryEquals: canonical base64.
pub const BINARIES: &[&str] = &["QmluYXJ5", "AA==", "AAA=", "////"];

/// Values of context keys under BinaryEquals: canonical base64, and texts that are none.
pub const BINARY_CONTEXT: &[&str] = &["QmluYXJ5", "AA==", "AB==", "AA", "AAA=", "qmluyxj5", ""];
