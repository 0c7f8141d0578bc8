//! A policy document inside an account: an object, as the command line prints it, or the URL-encoded text of the raw API.

use super::Error;
use crate::corpus::layout::without_space;
use crate::corpus::policies;
use crate::iam::document::{Finding, Severity, Strictness};
use crate::iam::json::{Json, Node, Shape};
use crate::iam::policy::PolicyType;
use crate::iam::world::StoredPolicy;

/// Reads a document. Of what is wrong in an encoded one, the place is that of the text, and the message says where in it.
pub(super) fn read(
    node: Node<'_>,
    policy_type: PolicyType,
    strictness: Strictness,
) -> Result<StoredPolicy, Error> {
    match node.shape() {
        Shape::String(encoded) => {
            let decoded = decoded(encoded).ok_or_else(|| {
                node.error(
                    "expected a policy document, or one that is URL-encoded: `%` and two hexadecimal digits",
                )
            })?;
            let json = Json::read(&decoded)
                .map_err(|error| node.error(format!("the document that is encoded here, {error}")))?;
            let policy = policies::policy(json.top(), policy_type, strictness)
                .map_err(|error| encoded_here(node, &error))?;
            Ok(StoredPolicy::of_text(policy, json.text()))
        }
        Shape::Object(_) => {
            let policy = policies::policy(node, policy_type, strictness)?;
            Ok(StoredPolicy::of_text(policy, &without_space(node.value())))
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Array(_) => {
            let message = format!("expected a policy document, found {}", node.shape().kind());
            Err(node.error(message).into())
        }
    }
}

fn encoded_here(node: Node<'_>, error: &Error) -> Error {
    let message = format!("the document that is encoded here, {error}");
    match error.code() {
        Some(code) => {
            Error::policy(Finding { code, severity: Severity::Error, place: node.place(), message }, 0)
        }
        None => node.error(message).into(),
    }
}

/// The bytes of a URL-encoded text (RFC 3986); one that begins with a brace is not encoded, since braces never stay as they are.
fn decoded(text: &str) -> Option<Vec<u8>> {
    if text.trim_start().starts_with('{') {
        return Some(text.as_bytes().to_owned());
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
            let value = digit(bytes.next())? * 16 + digit(bytes.next())?;
            decoded.push(u8::try_from(value).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    Some(decoded)
}
