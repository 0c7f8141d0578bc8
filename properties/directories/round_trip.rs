//! Directories and operations on them, written and read again, are what they were; and what no world can be is refused with its place.

use iamproof::corpus::directory::{
    OPERATIONS, directories, directories_as_json, operation, operation_as_json,
};
use iamproof::generators::directories as random;
use iamproof::iam::directory::{Directories, DirectoryOperation};
use iamproof::iam::json::{Error, Json};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

use super::written;

fn read_directories(text: &str) -> Result<Directories, Error> {
    directories(Json::read(text.as_bytes()).unwrap().top())
}

fn read_operation(name: &str, parameters: &Value) -> Option<DirectoryOperation> {
    let text = parameters.to_string();
    let json = Json::read(text.as_bytes()).unwrap();
    operation(name, Some(json.top()), json.top()).unwrap_or_else(|error| panic!("{name} {text}: {error}"))
}

#[test]
fn worlds_and_steps_of_cases_come_back_as_they_were() {
    for case in written::all() {
        let text = directories_as_json(&case.world).to_string();
        let again = read_directories(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", case.name));
        assert_eq!(again, case.world, "{}: {text}", case.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(8),
        ..ProptestConfig::default()
    })]

    #[test]
    fn operations_come_back_as_they_were(drawn in random::any_operation()) {
        let (name, parameters) = operation_as_json(&drawn);
        prop_assert_eq!(read_operation(name, &parameters), Some(drawn), "{} {}", name, parameters);
    }
}

#[test]
fn names_of_operations_are_unique() {
    for (index, row) in OPERATIONS.iter().enumerate() {
        assert!(OPERATIONS[..index].iter().all(|other| other.name != row.name), "{}", row.name);
    }
}

/// Worlds that cannot be, and what the message says.
const REFUSED: &[(&str, &str)] = &[
    (r#"{"forests": [{"domains": []}]}"#, "a forest has at least one domain"),
    (r#"{"forests": [{"domains": [{"name": "a.b"}, {"name": "A.B"}]}]}"#, "there is a domain `A.B` already"),
    (r#"{"forests": [{"domains": [{"name": "a..b"}]}]}"#, "expected the DNS name of a domain"),
    (
        r#"{"forests": [{"domains": [{"name": "a.b", "users": [{"name": "u", "password": "p"}, {"name": "U", "password": "p"}]}]}]}"#,
        "has an object `U` already",
    ),
    (
        r#"{"forests": [{"domains": [{"name": "a.b", "users": [{"name": "u@a.b", "password": "p"}]}]}]}"#,
        "without `@`",
    ),
    (
        r#"{"forests": [{"domains": [{"name": "a.b", "users": [{"name": "u", "sid": "S-1-5-21-1", "password": "p"}], "computers": [{"name": "c", "sid": "S-1-5-21-1"}]}]}]}"#,
        "two objects have the SID `S-1-5-21-1`",
    ),
    (
        r#"{"forests": [{"domains": [{"name": "a.b", "users": [{"name": "u", "password": "p", "status": "disable"}]}]}]}"#,
        "did you mean `disabled`?",
    ),
    (
        r#"{"forests": [{"domains": [{"name": "a.b", "groups": [{"name": "g", "members": ["u@a.b"]}]}]}]}"#,
        "the world has no object `u@a.b`",
    ),
    (
        r#"{"aws": [{"id": "d-123", "kind": "simple", "account": "111122223333", "domain": {"name": "s.aws"}}]}"#,
        "ten hexadecimal digits",
    ),
    (
        r#"{"aws": [{"id": "d-1111111111", "kind": "simple", "account": "1111", "domain": {"name": "s.aws"}}]}"#,
        "twelve digits",
    ),
    (
        r#"{"aws": [{"id": "d-1111111111", "kind": "simple", "account": "111122223333", "domain": {"name": "s.aws"}, "radius": {}}]}"#,
        "a directory of this kind does not have it",
    ),
    (
        r#"{"aws": [{"id": "d-1111111111", "kind": "connector", "account": "111122223333", "target": "a.b", "serviceAccount": {"name": "s", "password": "p"}}]}"#,
        "no on-premises domain `a.b`",
    ),
    (
        r#"{"aws": [{"id": "d-1111111111", "kind": "simple", "account": "111122223333", "domain": {"name": "s.aws", "users": [{"name": "u", "password": "p"}]}, "assignments": [{"subject": "u@s.aws", "role": "arn:aws:iam::444455556666:role/r"}]}]}"#,
        "is no role of the directory's account",
    ),
    (
        r#"{"aws": [{"id": "d-1111111111", "kind": "simple", "account": "111122223333", "domain": {"name": "s.aws"}, "sessionLength": 899}]}"#,
        "between 900 and 43200 seconds",
    ),
    (
        r#"{"forests": [{"domains": [{"name": "a.b"}]}], "aws": [{"id": "d-1111111111", "kind": "simple", "account": "111122223333", "domain": {"name": "s.aws"}}], "trusts": [{"owner": "a.b", "partner": "s.aws", "direction": "two-way", "type": "forest", "password": "p"}]}"#,
        "`s.aws` is no domain of the world that can have trusts",
    ),
    (
        r#"{"forests": [{"domains": [{"name": "a.b"}, {"name": "c.a.b"}]}], "trusts": [{"owner": "a.b", "partner": "c.a.b", "direction": "two-way", "type": "external", "password": "p"}]}"#,
        "in one forest",
    ),
    (
        r#"{"forests": [{"domains": [{"name": "a.b"}, {"name": "c.a.b"}]}, {"domains": [{"name": "d.e"}]}], "trusts": [{"owner": "d.e", "partner": "c.a.b", "direction": "two-way", "type": "forest", "password": "p"}]}"#,
        "a forest trust is between roots",
    ),
    (r#"{"linksDown": [{"directory": "d-1111111111", "domain": "a.b"}]}"#, "the world has no directory"),
    (r#"{"forest": []}"#, "did you mean `forests`?"),
    (
        r#"{"forests": [{"domains": [{"name": "a.b", "users": [{"name": "u", "sid": "S-1-5-21-7", "password": "p"}]}]}], "nextSid": 7}"#,
        "as great, or greater",
    ),
    (
        r#"{"forests": [{"domains": [{"name": "a.b", "users": [{"name": "u", "sid": "S-1-5-21-4294967296", "password": "p"}]}]}]}"#,
        "expected a SID",
    ),
];

#[test]
fn what_no_world_can_be_is_refused_with_its_place() {
    for (text, expected) in REFUSED {
        let error = read_directories(text).expect_err(text);
        assert!(error.message().contains(expected), "{text}: {error}");
        assert!(error.place().position.line == 1, "{text}: {error}");
    }
}
