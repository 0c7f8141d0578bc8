//! What a finding says: place, order, message; and where the type of a document is guessed.

use iamproof::iam::document::{
    Code, MAX_FINDINGS, Severity, Strictness, TypeChoice, guessed_type, read, read_node,
};
use iamproof::iam::json::Json;
use iamproof::iam::policy::PolicyType::{self, Identity, Resource, Trust};

use super::texts::allow;
use super::{codes, strict};

#[test]
fn a_finding_names_its_place_and_what_was_meant() {
    let text = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:Get*", "s3"],
      "Resource": "*",
      "Condition": {"StringEquals": {"s3:x~/y": ["ä", null]}}
    },
    {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::ä/${a"},
    { "Effect": "Allow", "Action": "*",
      "Resorce": "*" }
  ]
}"#;
    let expected = [
        "at `/Statement/0/Action/1` (line 6, column 29): `s3` needs the prefix of a service, such as \
         `s3:GetObject`; only `*` may stand alone (V-ACTION)",
        "at `/Statement/0/Condition/StringEquals/s3:x~0~1y/1` (line 8, column 55): a condition value is a string, \
         a number or a boolean, found null (V-CONDITION-VALUE)",
        "at `/Statement/1/Resource` (line 10, column 51): `arn:aws:s3:::ä/${a`: `${` is not closed by `}` (V-VARIABLE)",
        "at `/Statement/2/Resorce` (line 12, column 7): unknown element `Resorce`; did you mean `Resource`? (V-ELEMENT)",
        "at `/Statement/2` (line 11, column 5): `Resource` or `NotResource` is missing (V-RESOURCE)",
        "at `/Statement/0/Condition/StringEquals/s3:x~0~1y` (line 8, column 38): the key `s3:x~/y` is not in our \
         tables and taken for free text (W-UNKNOWN-KEY)",
    ];
    let findings: Vec<String> = strict(Identity, text).findings.iter().map(ToString::to_string).collect();
    assert_eq!(findings, expected);
}

#[test]
fn findings_come_in_the_order_of_the_rules_whatever_the_order_of_the_text() {
    let text = r#"{
        "Statement": [
            {
                "Condition": {"X": {}},
                "Principal": {"AWS": "x"},
                "Resource": "x",
                "Action": "x",
                "Sid": 1,
                "Effect": "x",
                "Else": 1
            },
            7
        ],
        "Version": "x",
        "Else": "Ā",
        "Else": 2
    }"#;
    let expected = [
        Code::Charset,
        Code::DuplicateKey,
        Code::Element,
        Code::Element,
        Code::Version,
        Code::Element,
        Code::Effect,
        Code::Sid,
        Code::Action,
        Code::Resource,
        Code::Principal,
        Code::Operator,
        Code::Statement,
    ];
    assert_eq!(codes(&strict(Resource, text), Severity::Error), expected);
    assert_eq!(strict(Resource, text).policy, None);
}

#[test]
fn text_that_is_no_json_has_one_finding() {
    for (bytes, place) in [
        (b"{\"Version\"".as_slice(), "at line 1, column 11"),
        (b"\n\xFF", "at line 2, column 1"),
        (b"", "at line 1, column 1"),
        (b"{\"Statement\": [{\"Sid\": \"\0\"}]}", "at `/Statement/0/Sid` (line 1, column 25)"),
    ] {
        let document = read(bytes, TypeChoice::Guessed, Strictness::Strict);
        assert_eq!(codes(&document, Severity::Error), [Code::Json]);
        assert_eq!(document.findings[0].place.to_string(), place);
        assert_eq!(document.policy, None);
    }
}

#[test]
fn long_and_odd_texts_of_the_user_are_shown_shortened_and_escaped() {
    let stars = "*".repeat(100_000);
    let document =
        strict(Identity, &allow("").replace(r#""Action": "*""#, &format!(r#""Action": "{stars}""#)));
    let message = &document.findings[0].message;
    assert!(message.len() < 300 && message.contains("(and 99880 characters more)"), "{message}");
    let document = strict(Identity, &allow(r#""\u001b[31m": 1"#));
    assert_eq!(
        document.findings[1].message,
        "unknown element `\\u{1b}[31m`; expected one of `Sid`, `Effect`, `Principal`, \
        `NotPrincipal`, `Action`, `NotAction`, `Resource`, `NotResource`, `Condition`"
    );
}

#[test]
fn findings_beyond_the_limit_are_counted() {
    let text = format!(r#"{{"Statement": [{}]}}"#, vec!["1"; MAX_FINDINGS + 5].join(","));
    let document = strict(Identity, &text);
    // Five statements, and that the document is too large.
    assert_eq!((document.findings.len(), document.findings_left_out), (MAX_FINDINGS, 6));
    assert_eq!(document.policy, None);
}

#[test]
fn a_policy_inside_another_text_has_places_in_that_text() {
    let text = format!("{{\"policies\": {{\n \"identity\": [{},\n  {{\"Statement\": []}}]}}}}", allow(""));
    let json = Json::read(text.as_bytes()).unwrap();
    let policies = json.top().fields(&["policies"]).unwrap().required("policies").unwrap();
    let identity = policies.fields(&["identity"]).unwrap().required("identity").unwrap();
    let documents: Vec<_> =
        identity.items().unwrap().map(|node| read_node(node, Identity, Strictness::Strict)).collect();
    assert!(documents[0].policy.is_some() && documents[0].findings.is_empty());
    assert_eq!(
        documents[1].findings[0].to_string(),
        "at `/policies/identity/1/Statement` (line 3, column 17): `Statement` is an empty array; it needs at least \
         one statement (V-STATEMENT)"
    );
}

#[test]
fn the_white_space_of_a_surrounding_text_counts_for_no_size() {
    let text = format!(" {}", allow("").replace(' ', &" ".repeat(1_000)));
    let json = Json::read(text.as_bytes()).unwrap();
    assert!(read_node(json.top(), PolicyType::Session, Strictness::Strict).policy.is_some());
    assert_eq!(codes(&strict(PolicyType::Session, &text), Severity::Error), [Code::Size]);
}

#[test]
fn the_type_is_guessed_from_principal_and_resource() {
    for (text, expected) in [
        (r#"{"Statement": {"Action": "*", "Resource": "*"}}"#, Identity),
        (r#"{"Statement": {"Principal": "*", "Action": "*"}}"#, Trust),
        (r#"{"Statement": [{"Action": "*"}, {"NotPrincipal": "*"}]}"#, Trust),
        (r#"{"Statement": {"Principal": "*", "Resource": "*"}}"#, Resource),
        (r#"{"Statement": [{"Principal": "*"}, {"NotResource": "*"}]}"#, Resource),
        (r#"{"Statement": []}"#, Identity),
        (r#"{"Statement": [1]}"#, Identity),
        (r#"[]"#, Identity),
    ] {
        let json = Json::read(text.as_bytes()).unwrap();
        assert_eq!(guessed_type(json.top()), expected, "{text}");
        assert_eq!(
            read(text.as_bytes(), TypeChoice::Guessed, Strictness::Strict).policy_type,
            expected,
            "{text}"
        );
    }
}
