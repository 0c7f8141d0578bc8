//! What can be wrong with a document, each with the rule against it.

use serde_json::{Map, Value, json};

/// A change of a document.
#[derive(Clone, Copy)]
pub(super) enum Change {
    /// Of a statement.
    Statement(fn(&mut Map<String, Value>)),
    /// Of the whole document.
    Document(fn(&mut Map<String, Value>)),
    /// Of the text: the first of these for the second.
    Text(&'static str, &'static str),
}

use Change::{Document, Statement, Text};

/// What is wrong, the rule, and how it is done.
pub(super) type Row = (&'static str, &'static str, Change);

/// What can be wrong with a document of most layers. What no layer at hand forbids is no damage there.
pub(super) const ANYWHERE: &[Row] = &[
    ("an Effect in small letters", "GRAM-9", Statement(|s| set(s, "Effect", json!("allow")))),
    ("no Effect", "GRAM-9", Statement(|s| drop(s.remove("Effect")))),
    ("a list of Effects", "GRAM-9", Statement(|s| set(s, "Effect", json!(["Allow"])))),
    ("an element that there is not", "GRAM-8", Statement(|s| set(s, "Resorce", json!("*")))),
    ("an element in small letters", "GRAM-8", Statement(|s| renamed(s, "Action", "action"))),
    ("a Sid with a hyphen", "GRAM-10", Statement(|s| set(s, "Sid", json!("Read-Only")))),
    ("a Sid that is no text", "GRAM-10", Statement(|s| set(s, "Sid", json!(1)))),
    ("a Sid that comes twice", "GRAM-10", Document(twice)),
    ("an action without a service", "GRAM-11", Statement(|s| acting(s, json!("GetObject")))),
    ("an action with two colons", "GRAM-11", Statement(|s| acting(s, json!("sts:s3:GetObject")))),
    ("an action with a blank", "GRAM-11", Statement(|s| acting(s, json!("sts: Get*")))),
    ("a wildcard within the service of an action", "GRAM-11", Statement(|s| acting(s, json!("s*:Get*")))),
    ("a variable in an action", "GRAM-11", Statement(|s| acting(s, json!("sts:${aws:username}")))),
    ("an empty list of actions", "GRAM-11", Statement(|s| acting(s, json!([])))),
    ("null for an action", "GRAM-11", Statement(|s| acting(s, json!(null)))),
    ("neither Action nor NotAction", "GRAM-11", Statement(|s| drop(without(s, &["Action", "NotAction"])))),
    ("Action and NotAction", "GRAM-11", Statement(|s| both(s, "Action", "NotAction"))),
    ("a resource that is no ARN", "GRAM-16", Statement(|s| on(s, json!("bucket")))),
    ("a short ARN without a wildcard at the end", "GRAM-16", Statement(|s| on(s, json!("arn:aws:s3:b")))),
    ("a wildcard in the service of an ARN", "GRAM-16", Statement(|s| on(s, json!("arn:aws:s*:::bkt")))),
    ("a variable in the service of an ARN", "VAR-3", Statement(|s| on(s, json!("arn:aws:${svc:color}:::b")))),
    ("an empty list of resources", "GRAM-15", Statement(|s| on(s, json!([])))),
    ("a number among resources", "GRAM-15", Statement(|s| on(s, json!(["*", 1])))),
    (
        "neither Resource nor NotResource",
        "GRAM-15",
        Statement(|s| drop(without(s, &["Resource", "NotResource"]))),
    ),
    ("Resource and NotResource", "GRAM-15", Statement(|s| both(s, "Resource", "NotResource"))),
    ("an operator that there is not", "GRAM-17", Statement(|s| given(s, "StringEqual", json!("red")))),
    ("an operator in other letters", "COND-5", Statement(|s| given(s, "stringEquals", json!("red")))),
    ("IfExists in front", "COND-13", Statement(|s| given(s, "IfExistsStringEquals", json!("red")))),
    ("IfExists with Null", "COND-12", Statement(|s| given(s, "NullIfExists", json!("true")))),
    ("a set prefix with Null", "COND-12", Statement(|s| given(s, "ForAnyValue:Null", json!("true")))),
    (
        "a set prefix that there is not",
        "COND-13",
        Statement(|s| given(s, "ForAnyValues:StringLike", json!("*"))),
    ),
    ("an operator that has no negation", "GRAM-17", Statement(|s| given(s, "BoolNotEquals", json!("true")))),
    ("a number that is none", "GRAM-19", Statement(|s| given(s, "NumericEquals", json!("ten")))),
    ("a number with an exponent", "COND-22", Statement(|s| given(s, "NumericLessThan", json!("1e3")))),
    ("a date that is none", "GRAM-19", Statement(|s| given(s, "DateLessThan", json!("soon")))),
    ("a day that the month has not", "COND-25", Statement(|s| given(s, "DateEquals", json!("2023-02-29")))),
    (
        "a prefix of more bits than an address has",
        "GRAM-19",
        Statement(|s| given(s, "IpAddress", json!("203.0.113.0/33"))),
    ),
    (
        "an address with a leading zero",
        "COND-30",
        Statement(|s| given(s, "NotIpAddress", json!("203.0.113.07"))),
    ),
    ("a truth value that is none", "GRAM-19", Statement(|s| given(s, "Bool", json!("yes")))),
    ("a value of Null that is no truth value", "GRAM-19", Statement(|s| given(s, "Null", json!("1")))),
    ("base64 without its padding", "COND-29", Statement(|s| given(s, "BinaryEquals", json!("AA")))),
    ("an empty list of values", "GRAM-17", Statement(|s| given(s, "StringEquals", json!([])))),
    ("null for a value", "GRAM-17", Statement(|s| given(s, "StringEquals", json!(null)))),
    ("a list within a list of values", "GRAM-17", Statement(|s| given(s, "StringEquals", json!([["red"]])))),
    (
        "an operator without keys but a value",
        "GRAM-17",
        Statement(|s| set(s, "Condition", json!({ "Bool": "true" }))),
    ),
    ("a Condition that is a list", "GRAM-17", Statement(|s| set(s, "Condition", json!([])))),
    (
        "a condition key without a prefix",
        "GRAM-18",
        Statement(|s| set(s, "Condition", json!({ "Null": { "color": "true" } }))),
    ),
    (
        "a condition key twice, in other letters",
        "GRAM-18",
        Statement(|s| set(s, "Condition", json!({ "StringLike": { "svc:color": "*", "Svc:Color": "*" } }))),
    ),
    (
        "a variable that is not closed",
        "VAR-14",
        Statement(|s| given(s, "StringLike", json!("${aws:username"))),
    ),
    ("a variable without a name", "VAR-14", Statement(|s| given(s, "StringEquals", json!("${}")))),
    (
        "a default without a blank before it",
        "VAR-14",
        Statement(|s| given(s, "StringEquals", json!("${aws:username,'x'}"))),
    ),
    ("a Version that there is not", "GRAM-5", Document(|d| set(d, "Version", json!("2012-10-18")))),
    ("a Version that is a number", "GRAM-5", Document(|d| set(d, "Version", json!(2012)))),
    ("no Statement", "GRAM-7", Document(|d| drop(d.remove("Statement")))),
    ("an empty list of statements", "GRAM-7", Document(|d| set(d, "Statement", json!([])))),
    ("a statement that is a text", "GRAM-7", Document(|d| set(d, "Statement", json!(["Allow"])))),
    ("a member of the document that there is not", "GRAM-4", Document(|d| set(d, "Comment", json!("")))),
    ("an Id where none may be", "GRAM-6", Document(|d| set(d, "Id", json!("policy")))),
    ("a member that comes twice", "GRAM-3", Text(r#""Effect":"#, r#""Effect":"Deny","Effect":"#)),
    (
        "a character that policies may not have",
        "GRAM-2",
        Statement(|s| inserted(s, "Sid", json!("\u{20ac}"))),
    ),
];

/// The same for what only some layers have a place for: there they come before others, or they would hardly come at all.
pub(super) const PARTICULAR: &[Row] = &[
    // What is rarest comes first: it has the turns of those before it that find no place.
    ("an Allow where only a Deny may be", "GRAM-24", Statement(|s| set(s, "Effect", json!("Allow")))),
    ("an action of any service where one must be named", "GRAM-24", Statement(|s| acting(s, json!("*")))),
    ("a Resource in a trust policy", "GRAM-21", Statement(in_trust)),
    ("NotAction in a trust policy", "GRAM-21", Statement(|s| of_trust(s, "Action", "NotAction"))),
    ("no Version where one must be", "GRAM-5", Document(|d| drop(d.remove("Version")))),
    ("a document that is too long", "GRAM-27", Document(too_long)),
    (
        "neither Principal nor NotPrincipal",
        "GRAM-12",
        Statement(|s| drop(without(s, &["Principal", "NotPrincipal"]))),
    ),
    ("Principal and NotPrincipal", "GRAM-12", Statement(|s| both(s, "Principal", "NotPrincipal"))),
    ("NotPrincipal in an Allow", "GRAM-14", Statement(not_principal_in_an_allow)),
    ("a principal that is a group", "GRAM-13", Statement(|s| by(s, "arn:aws:iam::111111111111:group/g"))),
    ("a wildcard in a principal", "GRAM-13", Statement(|s| by(s, "arn:aws:iam::111111111111:user/*"))),
    (
        "a variable in a principal",
        "GRAM-13",
        Statement(|s| by(s, "arn:aws:iam::111111111111:user/${aws:username}")),
    ),
    ("an account of eleven digits", "GRAM-13", Statement(|s| by(s, "11111111111"))),
    ("every service as a principal", "GRAM-13", Statement(|s| named(s, json!({ "Service": "*" })))),
    ("a name as the Principal", "GRAM-12", Statement(|s| named(s, json!("alice")))),
    ("a Principal of no kind", "GRAM-12", Statement(|s| named(s, json!({})))),
    ("an empty list of principals", "GRAM-12", Statement(|s| named(s, json!({ "AWS": [] })))),
    ("a kind of principal that there is not", "GRAM-12", Statement(|s| named(s, json!({ "Aws": "*" })))),
    ("a Principal where none may be", "GRAM-20", Statement(|s| inserted(s, "Principal", json!("*")))),
];

fn set(object: &mut Map<String, Value>, name: &str, value: Value) {
    object.insert(name.to_owned(), value);
}

/// A new member; one that is there stays.
fn inserted(object: &mut Map<String, Value>, name: &str, value: Value) {
    object.entry(name.to_owned()).or_insert(value);
}

fn renamed(object: &mut Map<String, Value>, name: &str, other: &str) {
    if let Some(value) = object.remove(name) {
        set(object, other, value);
    }
}

/// Takes members out, and gives the last of them that was there.
fn without(object: &mut Map<String, Value>, names: &[&str]) -> Option<Value> {
    names.iter().filter_map(|name| object.remove(*name)).last()
}

/// The element and its negation, with the same value.
fn both(statement: &mut Map<String, Value>, name: &str, negation: &str) {
    if let Some(value) = without(statement, &[name, negation]) {
        set(statement, name, value.clone());
        set(statement, negation, value);
    }
}

fn acting(statement: &mut Map<String, Value>, action: Value) {
    let name = if statement.contains_key("NotAction") { "NotAction" } else { "Action" };
    set(statement, name, action);
}

fn on(statement: &mut Map<String, Value>, resource: Value) {
    let name = if statement.contains_key("NotResource") { "NotResource" } else { "Resource" };
    if statement.contains_key(name) {
        set(statement, name, resource);
    }
}

/// Another Principal, where there is one.
fn named(statement: &mut Map<String, Value>, principal: Value) {
    let name = if statement.contains_key("NotPrincipal") { "NotPrincipal" } else { "Principal" };
    if statement.contains_key(name) {
        set(statement, name, principal);
    }
}

fn by(statement: &mut Map<String, Value>, principal: &str) {
    named(statement, json!({ "AWS": principal }));
}

/// A Condition of one operator on one key.
fn given(statement: &mut Map<String, Value>, operator: &str, value: Value) {
    let block = Map::from_iter([("svc:color".to_owned(), value)]);
    set(statement, "Condition", Value::Object(Map::from_iter([(operator.to_owned(), Value::Object(block))])));
}

fn in_trust(statement: &mut Map<String, Value>) {
    if is_of_trust(statement) {
        set(statement, "Resource", json!("*"));
    }
}

fn of_trust(statement: &mut Map<String, Value>, name: &str, other: &str) {
    if is_of_trust(statement) {
        renamed(statement, name, other);
    }
}

fn is_of_trust(statement: &Map<String, Value>) -> bool {
    statement.contains_key("Principal")
        && !statement.contains_key("Resource")
        && !statement.contains_key("NotResource")
}

fn not_principal_in_an_allow(statement: &mut Map<String, Value>) {
    if let Some(principal) = without(statement, &["Principal", "NotPrincipal"]) {
        set(statement, "NotPrincipal", principal);
        set(statement, "Effect", json!("Allow"));
    }
}

/// The first statement once more, both with one Sid.
fn twice(document: &mut Map<String, Value>) {
    let statements = document.get_mut("Statement").and_then(Value::as_array_mut);
    if let Some(statements) = statements
        && let Some(Value::Object(first)) = statements.first_mut()
    {
        set(first, "Sid", json!("Same"));
        let again = Value::Object(first.clone());
        statements.push(again);
    }
}

/// Longer than the longest policy whose size the type alone limits.
fn too_long(document: &mut Map<String, Value>) {
    let statements = document.get_mut("Statement").and_then(Value::as_array_mut);
    let first = statements.and_then(|statements| statements.first_mut()).and_then(Value::as_object_mut);
    if let Some(statement) = first {
        given(statement, "StringLike", json!("x".repeat(20_481)));
    }
}
