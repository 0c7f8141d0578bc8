//! Condition values: what COND-20 relates to what, value by value.

use serde_json::{Value, json};

use iamproof::iam::decision::Decision;

use super::written::Case;

/// Whether `{operator: {"k:k": listed}}` is true where the context holds `value` (absent for null).
fn holds(operator: &str, listed: &Value, value: &Value) -> bool {
    let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { operator: { "k:k": listed } } });
    let context = if value.is_null() { json!({}) } else { json!({ "k:k": value }) };
    let case = Case::read(&json!({ "identity": [[statement]] }), &json!({ "context": context }));
    case.decide().decision() == Decision::Allow
}

fn check(operator: &str, rows: &[(Value, Value, bool)]) {
    for (listed, value, expected) in rows {
        assert_eq!(holds(operator, listed, value), *expected, "{operator} {listed} of {value}");
    }
}

/// A single pair of texts, related or not; the negated operator must say the opposite (COND-34).
fn check_pairs(operator: &str, negated: Option<&str>, rows: &[(&str, &str, bool)]) {
    for (listed, value, expected) in rows {
        assert_eq!(
            holds(operator, &json!(listed), &json!(value)),
            *expected,
            "{operator} {listed} of {value}"
        );
        if let Some(negated) = negated {
            assert_eq!(
                holds(negated, &json!(listed), &json!(value)),
                !expected,
                "{negated} {listed} of {value}"
            );
        }
    }
}

#[test]
fn texts() {
    check_pairs(
        "StringEquals",
        Some("StringNotEquals"),
        &[("a", "a", true), ("a", "A", false), ("a*", "ab", false), ("a*", "a*", true), ("", "", true)],
    );
    check_pairs(
        "StringEqualsIgnoreCase",
        Some("StringNotEqualsIgnoreCase"),
        &[("RED", "red", true), ("É", "é", false), ("a", "ab", false), ("k", "\u{212a}", false)],
    );
    check_pairs(
        "StringLike",
        Some("StringNotLike"),
        &[
            ("a*", "ab", true),
            ("a*", "a", true),
            ("a?", "a", false),
            ("a?", "aé", true),
            ("?", "\u{1F600}", true),
            ("a*b*c", "a:b/ c", true),
            ("*ab", "aab", true),
            ("*a?c*", "xaabc", true),
            ("a**b", "ab", true),
            ("A*", "ab", false),
            ("${*}", "a", false),
            ("${*}", "*", true),
            ("*?", "", false),
            ("?*?", "a", false),
            ("a*a", "a", false),
        ],
    );
}

#[test]
fn numbers() {
    let long = "123456789012345678901234567890.123456789012345678901234567890";
    check_pairs(
        "NumericEquals",
        Some("NumericNotEquals"),
        &[
            ("10", "10.0", true),
            ("10", "+10", true),
            ("0", "-0.0", true),
            ("-1.5", "-1.50", true),
            ("007", "7", true),
            (long, long, true),
            (long, "123456789012345678901234567890.123456789012345678901234567891", false),
            ("1", "1e0", false),
            ("1", " 1", false),
            ("1", "1.", false),
            ("1", ".1", false),
            ("1", "0x1", false),
            ("1", "", false),
            ("0", "0000000000000000000000000000000", false),
        ],
    );
    check_pairs("NumericLessThan", None, &[("10", "9", true), ("10", "10", false), ("-1", "-2", true)]);
    check_pairs("NumericLessThanEquals", None, &[("10", "10.0", true), ("10", "10.01", false)]);
    check_pairs("NumericGreaterThan", None, &[("9", "10", true), ("-2", "-1", true), ("0.1", "0.09", false)]);
    check_pairs(
        "NumericGreaterThanEquals",
        None,
        &[("10", "10", true), ("10", "9.99", false), ("10", "x", false)],
    );
    check("NumericLessThan", &[(json!(["5", "10"]), json!("7"), true), (json!([5]), json!(4), true)]);
}

#[test]
fn dates() {
    check_pairs(
        "DateEquals",
        Some("DateNotEquals"),
        &[
            ("1970-01-01T00:00:00Z", "0", true),
            ("1970-01-01", "-0", true),
            ("2024-01-01T01:00:00+01:00", "1704067200", true),
            ("2023-12-31T23:30:00-00:30", "2024-01-01t00:00:00z", true),
            ("2024-02", "2024-02-01T00:00", true),
            ("2000-02-29", "951782400", true),
            ("1900-03-01", "-2203891200", true),
            ("0001-01-01", "-62135596800", true),
            ("9999-12-31T23:59:59Z", "253402300799", true),
            ("2024-01-01T00:00:00.5Z", "2024-01-01T00:00:00.500000000Z", true),
            ("2024-01-01T00:00:00.5Z", "2024-01-01T00:00:00.500000001Z", false),
            ("2024", "1970-01-01T00:33:44Z", true),
            // Texts that are no dates are related to nothing.
            ("2024-01-01", "2024-1-1", false),
            ("2024-01-01", "2024-01-01T24:00", false),
            ("2024-01-01", "2024-01-01T00", false),
            ("2024-01-01", "2024-01T00:00", false),
            ("2024-01-01", "2024-01-01 00:00", false),
            ("2024-01-01", "2024-01-01T00:00+24:00", false),
            ("2024-01-01", "2024-01-01T00:00:00.", false),
            ("2024-01-01", "2024-01-01T00:00:00.1234567890Z", false),
            ("2024-01-01", "2024-01-01Z", false),
            ("2023-03-01", "2023-02-29", false),
            ("0", "0000-01-01", false),
            ("0", "1234567890123456789", false),
            ("0", "", false),
            ("0", "-", false),
        ],
    );
    check_pairs(
        "DateLessThan",
        None,
        &[("2024-01-01", "2023-12-31T23:59:59.999999999Z", true), ("1", "1", false)],
    );
    check_pairs("DateGreaterThanEquals", None, &[("1", "1", true), ("2", "1", false), ("-2", "-1", true)]);
}

#[test]
fn truth_values() {
    check_pairs(
        "Bool",
        None,
        &[("true", "TRUE", true), ("False", "false", true), ("true", "false", false), ("true", "1", false)],
    );
    check(
        "Bool",
        &[
            (json!(["true", "false"]), json!("true"), true),
            (json!(true), json!(true), true),
            (json!("false"), json!(null), false),
            (json!("${k:other, 'true'}"), json!("True"), true),
            (json!("${k:other, 'yes'}"), json!("yes"), false),
            (json!("${k:other}"), json!("true"), false),
        ],
    );
}

#[test]
fn bytes() {
    check_pairs(
        "BinaryEquals",
        None,
        &[
            ("QmluYXJ5", "QmluYXJ5", true),
            ("QQ==", "QQ==", true),
            ("QQ==", "QR==", false),
            ("QQ==", "QQ", false),
            ("", "", true),
            ("QUI=", "QUI=", true),
        ],
    );
}

/// In front of one `=` the last two of a character's six bits are unused, in front of two the last four: a text in which they are not
/// nought stands for nothing (COND-29).
#[test]
fn bytes_have_one_text_whatever_its_last_character() {
    let alphabet: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    for (bits, last) in alphabet.iter().enumerate() {
        for (before, behind, unused) in [("A", "==", 16), ("AA", "=", 4), ("AAA", "", 1)] {
            let canonical = format!("{before}{}{behind}", alphabet[bits - bits % unused]);
            let text = format!("{before}{last}{behind}");
            let is_canonical = text == canonical;
            assert_eq!(holds("BinaryEquals", &json!(canonical), &json!(text)), is_canonical, "{text}");
        }
    }
}

#[test]
fn addresses() {
    check_pairs(
        "IpAddress",
        Some("NotIpAddress"),
        &[
            ("203.0.113.0/24", "203.0.113.255", true),
            ("203.0.113.0/24", "203.0.114.0", false),
            ("203.0.113.9/24", "203.0.113.1", true),
            ("203.0.113.9", "203.0.113.9", true),
            ("203.0.113.9", "203.0.113.8", false),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "2001:db8::1", true),
            ("::/0", "1.2.3.4", false),
            ("::ffff:0:0/96", "::ffff:1.2.3.4", true),
            ("1.2.3.4", "::ffff:1.2.3.4", false),
            ("2001:DB8::/33", "2001:db8:8000::", false),
            ("2001:db8::", "2001:0db8:0:0:0:0:0:0", true),
            ("0.0.0.0/0", "1.2.3.04", false),
            ("0.0.0.0/0", "1.2.3", false),
            ("0.0.0.0/0", "1.2.3.256", false),
            ("0.0.0.0/0", "1.2.3.4/32", false),
            ("::/0", "fe80::1%eth0", false),
            ("::/0", "1::2::3", false),
        ],
    );
}

#[test]
fn arns() {
    let sns = "arn:aws:sns:eu-west-1:111122223333:topic";
    check_pairs(
        "ArnLike",
        Some("ArnNotLike"),
        &[
            (sns, sns, true),
            ("arn:aws:sns:*:*:t*", sns, true),
            ("arn:aws:sns:*:topic", sns, false),
            ("*:*:*:*:*:*", sns, true),
            ("*", sns, false),
            ("arn:aws:sns:*:*:a:*", "arn:aws:sns:r:a:a:b:c", true),
            ("arn:aws:sns:??-west-1:*:topic", sns, true),
            (sns, "topic", false),
        ],
    );
    check_pairs(
        "ArnEquals",
        Some("ArnNotEquals"),
        &[("arn:aws:sns:*:*:t?pic", sns, true), ("arn:*", sns, false)],
    );
}

#[test]
fn missing_keys_and_lists() {
    let none = json!(null);
    let rows = [
        // operator, listed, missing, [], [""], "", ["a"], ["a", "b"], "a", "b"
        ("StringEquals", json!("a"), [false, false, false, false, false, false, true, false]),
        ("StringNotEquals", json!("a"), [true, true, true, true, false, false, false, true]),
        ("StringEqualsIfExists", json!("a"), [true, true, true, false, false, false, true, false]),
        ("StringNotEqualsIfExists", json!("a"), [true, true, true, true, false, false, false, true]),
        ("ForAllValues:StringEquals", json!("a"), [true, true, true, false, true, false, true, false]),
        ("ForAnyValue:StringEquals", json!("a"), [false, false, false, false, true, true, true, false]),
        ("ForAllValues:StringNotEquals", json!("a"), [true, true, true, true, false, false, false, true]),
        ("ForAnyValue:StringNotEquals", json!("a"), [false, false, false, true, false, true, false, true]),
        (
            "ForAllValues:StringEqualsIfExists",
            json!("a"),
            [true, true, true, false, true, false, true, false],
        ),
        ("ForAnyValue:StringEqualsIfExists", json!("a"), [true, true, true, false, true, true, true, false]),
        ("Null", json!("true"), [true, true, true, false, false, false, false, false]),
        ("Null", json!("FALSE"), [false, false, false, true, true, true, true, true]),
        ("Null", json!(["true", "false"]), [true, true, true, true, true, true, true, true]),
    ];
    let values =
        [none, json!([]), json!([""]), json!(""), json!(["a"]), json!(["a", "b"]), json!("a"), json!("b")];
    for (operator, listed, expected) in rows {
        for (value, expected) in values.iter().zip(expected) {
            assert_eq!(holds(operator, &listed, value), expected, "{operator} {listed} of {value}");
        }
    }
}
