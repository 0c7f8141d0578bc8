//! Whatever the bytes: reading never panics, places lie within the text, and a policy comes out exactly if there is no error.

use iamproof::iam::document::{Document, Strictness, TypeChoice, read, write};
use iamproof::iam::normal::normal_form;
use iamproof::iam::policy::PolicyType;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

/// Documents that use every element; mutations start from them.
const DOCUMENTS: [&str; 4] = [
    r#"{"Version": "2012-10-17", "Statement": [{"Sid": "a", "Effect": "Allow", "Action": ["s3:Get*", "*"], "Resource": "arn:aws:s3:::b/${aws:username, 'x'}", "Condition": {"ForAnyValue:StringLike": {"aws:TagKeys": ["a*", "b"]}, "Bool": {"aws:SecureTransport": true}}}, {"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["*"]}]}"#,
    r#"{"Version": "2012-10-17", "Id": "é", "Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:role/p/r"], "Service": "ec2.amazonaws.com"}, "Action": "s3:*", "Resource": "*"}}"#,
    r#"{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Principal": {"Federated": "accounts.google.com"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": 3600}, "DateGreaterThan": {"aws:CurrentTime": "2024-02-29T12:00:00Z"}}}}"#,
    r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"]}, "BinaryEquals": {"a:b": "eA=="}, "ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}, "Null": {"aws:userid": "false"}}}}"#,
];

/// Pieces that turn one document into another, or into something that is nearly one.
const PIECES: [&str; 34] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "\u{0}",
    "\u{FF}",
    "\u{100}",
    "*",
    "?",
    "$",
    "${",
    "}",
    "${a}",
    "${a, 'b'}",
    "null",
    "true",
    "1e1",
    "-",
    " ",
    "\n",
    "\"Not",
    "arn:",
    "sts:",
    "/",
    "\"Effect\": \"Deny\", ",
    "IfExists",
    "0",
    "\"Id\": \"\", ",
];

/// A document with some of its bytes replaced or taken out, and pieces put in.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let cut = (any::<prop::sample::Index>(), 0..4_usize, select(PIECES.to_vec()));
    (select(DOCUMENTS.to_vec()), prop::collection::vec(cut, 1..4)).prop_map(|(document, cuts)| {
        let mut bytes = document.as_bytes().to_vec();
        for (at, length, piece) in cuts {
            let from = at.index(bytes.len());
            let to = (from + length).min(bytes.len());
            bytes.splice(from..to, piece.bytes());
        }
        bytes
    })
}

fn choice() -> impl Strategy<Value = TypeChoice> {
    prop_oneof![Just(TypeChoice::Guessed), select(PolicyType::ALL.to_vec()).prop_map(TypeChoice::Given)]
}

fn check(bytes: &[u8], document: &Document) -> Result<(), TestCaseError> {
    prop_assert_eq!(document.policy.is_none(), document.errors().count() > 0);
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.split('\n').collect();
    for finding in &document.findings {
        let position = finding.position();
        let line = lines.get(position.line as usize - 1).expect("the line exists");
        prop_assert!((1..=line.chars().count() + 1).contains(&(position.column as usize)), "{}", finding);
        prop_assert!(!finding.message.is_empty());
    }
    let is_sorted = document.findings.is_sorted_by_key(|finding| finding.severity);
    prop_assert!(is_sorted, "errors come first");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..80), choice in choice()) {
        check(&bytes, &read(&bytes, choice, Strictness::Strict))?;
    }

    #[test]
    fn damaged_documents_are_read(bytes in mutated(), choice in choice()) {
        let strict = read(&bytes, choice, Strictness::Strict);
        let lenient = read(&bytes, choice, Strictness::Lenient);
        check(&bytes, &strict)?;
        check(&bytes, &lenient)?;
        prop_assert!(strict.errors().count() >= lenient.errors().count());
        let policy_type = strict.policy_type;
        if let Some(policy) = strict.policy {
            prop_assert_eq!(Some(&policy), lenient.policy.as_ref());
            let written = write::pretty(&policy);
            let again = read(written.as_bytes(), TypeChoice::Given(policy_type), Strictness::Strict);
            prop_assert_eq!(again.policy.as_ref(), Some(&policy), "{}", written);
            let normal = normal_form(&policy, "aws");
            prop_assert_eq!(&normal_form(&normal, "aws"), &normal);
            let written = write::compact(&normal);
            let again = read(written.as_bytes(), TypeChoice::Given(policy_type), Strictness::Lenient);
            prop_assert_eq!(again.policy, Some(normal), "{}", written);
        }
    }
}

#[test]
fn undamaged_documents_are_legal() {
    for text in DOCUMENTS {
        let document = read(text.as_bytes(), TypeChoice::Guessed, Strictness::Strict);
        assert!(document.policy.is_some(), "{text}: {:?}", document.findings);
    }
}

#[test]
fn a_policy_of_ten_megabytes_and_a_pattern_of_a_hundred_thousand_stars_are_read() {
    let stars = format!("arn:aws:s3:::{}", "*".repeat(100_000));
    let statement = format!(r#"{{"Effect":"Allow","Action":"s3:*","Resource":"{stars}"}}"#);
    let text = format!(r#"{{"Statement":[{}]}}"#, vec![statement; 100].join(","));
    assert!(text.len() > 10_000_000);
    let document = read(text.as_bytes(), TypeChoice::Guessed, Strictness::Strict);
    assert_eq!(document.policy.map(|policy| policy.statements.len()), Some(100));
}
