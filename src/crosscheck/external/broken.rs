//! Policies that the grammar refuses: a legal document with one thing wrong.
//!
//! What is wrong, and under which code, is found out by reading the result, not said here; a change that leaves the document legal
//! is given up.

use serde_json::{Map, Value, json};

use super::question::Written;
use crate::corpus::protocol;
use crate::corpus::write::Unanswered;
use crate::iam::request::Request;

/// A change of a statement or document.
type Damage = fn(&mut Map<String, Value>);

/// Damages of the first statement of a document.
const OF_STATEMENTS: &[Damage] = &[
    |statement| set(statement, "Effect", json!("allow")),
    |statement| drop(statement.remove("Effect")),
    |statement| set(statement, "Resorce", json!("*")),
    |statement| set(statement, "Condition", json!({ "StringEqual": { "svc:color": "red" } })),
    |statement| set(statement, "Condition", json!({ "NumericEquals": { "svc:count": "ten" } })),
    |statement| set(statement, "Condition", json!({ "StringEquals": { "svc:color": [] } })),
    |statement| set(statement, "Condition", json!({ "DateLessThan": { "aws:CurrentTime": "soon" } })),
    |statement| set(statement, "Condition", json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/33" } })),
    |statement| set(statement, "Condition", json!({ "StringLike": { "svc:color": "${aws:username" } })),
    |statement| set(statement, "Action", json!("GetObject")),
    |statement| set(statement, "Action", json!([])),
    |statement| {
        statement.remove("Action");
        statement.remove("NotAction");
    },
    |statement| {
        set(statement, "Action", json!("s3:*"));
        set(statement, "NotAction", json!("s3:*"));
    },
    |statement| set(statement, "Resource", json!("bucket")),
    |statement| set(statement, "Principal", json!({ "AWS": "arn:aws:iam::111111111111:group/g" })),
];

fn set(object: &mut Map<String, Value>, name: &str, value: Value) {
    object.insert(name.to_owned(), value);
}

/// Does the damage of this number (the numbers go round) to the first document of `policies`.
pub(super) fn one(policies: &str, number: u64, requests: &[Request]) -> Option<Written> {
    let damages = OF_STATEMENTS.len() + 2;
    let which = usize::try_from(number).ok()? % damages;
    let mut policies: Value = serde_json::from_str(policies).ok()?;
    let document = first_document(&mut policies)?;
    match which.checked_sub(OF_STATEMENTS.len()) {
        None => {
            let damage = OF_STATEMENTS.get(which)?;
            damage(document.get_mut("Statement")?.as_array_mut()?.first_mut()?.as_object_mut()?);
        }
        Some(0) => set(document, "Version", json!("2012-10-18")),
        Some(_) => drop(document.remove("Statement")),
    }
    let text = policies.to_string();
    let code = refusal(&text, requests)?;
    Some(Written::Refused { text, code })
}

fn first_document(policies: &mut Value) -> Option<&mut Map<String, Value>> {
    let mut layers: Vec<&mut Value> = policies.as_object_mut()?.values_mut().collect();
    while !layers.is_empty() {
        match layers.remove(0) {
            Value::Object(document) => return Some(document),
            Value::Array(inner) => {
                let rest = std::mem::take(&mut layers);
                layers = inner.iter_mut().chain(rest).collect();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    None
}

/// The code under which the line's reader refuses these policies.
fn refusal(policies: &str, requests: &[Request]) -> Option<crate::iam::document::Code> {
    let request = serde_json::to_string(&Unanswered(requests.first()?)).ok()?;
    let line = format!(r#"{{"id":0,"policies":{policies},"requests":[{request}]}}"#);
    protocol::read(line.as_bytes()).ok()?.layers.err()?.code()
}
