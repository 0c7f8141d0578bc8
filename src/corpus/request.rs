//! Reads one request of a case or of a protocol line.

use super::fill::fill;
use super::principal::caller_from;
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::context::{Context, ContextValue};
use crate::iam::document::Strictness;
use crate::iam::instant::Instant;
use crate::iam::json::{Error, Fields, Node, Shape};
use crate::iam::key::KeyName;
use crate::iam::request::{Caller, Credential, CredentialKind, Request, ResourcePolicyMark, Validity};
use crate::iam::spelling::quoted;

/// The fields that describe a request; a case has `expect` and `reason` besides.
pub const FIELDS: [&str; 12] = [
    "principal",
    "role",
    "federating",
    "credential",
    "time",
    "expired",
    "action",
    "resource",
    "resourceAccount",
    "policyRequired",
    "context",
    "exactContext",
];

/// What becomes of the context keys that a request does not give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    /// Those of the format are filled in, unless the request says `exactContext`: a case.
    AsTheRequestSays,
    /// The context is what it is: a line of the protocol.
    Nothing,
}

/// Reads the fields of one request.
///
/// # Errors
///
/// A field that is missing or has the wrong type, a principal that no policy can name, an action that is none, an ARN with too few
/// fields, a key given in two spellings, and fields that do not go with the principal.
pub fn read(fields: &Fields<'_>, filling: Filling, strictness: Strictness) -> Result<Request, Error> {
    let (role, federating) = (fields.optional("role"), fields.optional("federating"));
    let caller = caller_from(fields.required("principal")?, role, federating, strictness)?;
    let credential = credential(fields, &caller)?;
    let action = action(fields.required("action")?)?;
    let resource = resource(fields.required("resource")?)?;
    let resource_account =
        fields.optional("resourceAccount").map(|node| account(node, strictness)).transpose()?;
    let resource_policy_mark = match fields.optional("policyRequired").map(Node::boolean).transpose()? {
        Some(true) => ResourcePolicyMark::PolicyRequired,
        Some(false) | None => ResourcePolicyMark::Unmarked,
    };
    let context = fields.optional("context").map(context).transpose()?.unwrap_or_default();
    let time = fields.optional("time").map(instant).transpose()?;
    let exact = fields.optional("exactContext").map(Node::boolean).transpose()?.unwrap_or(false);
    let mut request =
        Request { caller, credential, action, resource, resource_account, resource_policy_mark, context };
    match filling {
        Filling::AsTheRequestSays if !exact => fill(&mut request, time),
        Filling::AsTheRequestSays | Filling::Nothing => {}
    }
    Ok(request)
}

fn credential(fields: &Fields<'_>, caller: &Caller) -> Result<Credential, Error> {
    let kind = match fields.optional("credential") {
        None => CredentialKind::LongTerm,
        Some(node) => {
            if !matches!(caller, Caller::User(_) | Caller::Root { .. }) {
                return Err(node.error("`credential` is only for a user or a root: others have but one kind"));
            }
            match node.string()? {
                "long-term" => CredentialKind::LongTerm,
                "session-token" => CredentialKind::SessionToken,
                other => {
                    let message = format!("expected `long-term` or `session-token`, found {}", quoted(other));
                    return Err(node.error(message));
                }
            }
        }
    };
    // Whoever calls: an unsigned caller's assertion can be too old as well (section 14, EVAL-6 and STS-60).
    let validity = match fields.optional("expired").map(|node| node.boolean()).transpose()? {
        None | Some(false) => Validity::Current,
        Some(true) => Validity::Expired,
    };
    Ok(Credential { kind, validity })
}

pub(super) fn action(node: Node<'_>) -> Result<String, Error> {
    let text = node.string()?;
    let is_word_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let is_action = text.split_once(':').is_some_and(|(service, name)| {
        !service.is_empty()
            && service.bytes().all(is_word_byte)
            && !name.is_empty()
            && name.bytes().all(|byte| is_word_byte(byte) || byte == b'_')
    });
    if is_action {
        Ok(text.to_owned())
    } else {
        let message = format!("expected an action such as `s3:GetObject`, found {}", quoted(text));
        Err(node.error(message))
    }
}

pub(super) fn resource(node: Node<'_>) -> Result<String, Error> {
    let text = node.string()?;
    if text == "*" || Arn::parse(text).is_some() {
        Ok(text.to_owned())
    } else {
        let message = format!("expected `*` or an ARN with six fields, found {}", quoted(text));
        Err(node.error(message))
    }
}

pub(super) fn account(node: Node<'_>, strictness: Strictness) -> Result<String, Error> {
    let text = node.string()?;
    if is_account_id(text) || strictness == Strictness::Lenient {
        Ok(text.to_owned())
    } else {
        Err(node.error(format!("expected an account id of 12 digits, found {}", quoted(text))))
    }
}

fn instant(node: Node<'_>) -> Result<Instant, Error> {
    let text = node.string()?;
    Instant::parse(text).ok_or_else(|| {
        node.error(format!("expected an instant such as `2024-06-01T12:00:00Z`, found {}", quoted(text)))
    })
}

pub(super) fn context(node: Node<'_>) -> Result<Context, Error> {
    let mut context = Context::new();
    for (name, value) in node.members()? {
        if name.is_empty() {
            return Err(value.error("the name of a context key is empty"));
        }
        let key = KeyName::new(name);
        if let Some((other, _)) = context.entries().iter().find(|(other, _)| *other == key) {
            let message = format!(
                "{} and {} are one context key in two spellings",
                quoted(other.spelling()),
                quoted(name)
            );
            return Err(value.error(message));
        }
        context.set(key, context_value(value)?);
    }
    Ok(context)
}

fn context_value(node: Node<'_>) -> Result<ContextValue, Error> {
    if let Shape::Array(_) = node.shape() {
        let expected = "a string, a number or a boolean";
        let values: Result<Vec<String>, Error> = node.items()?.map(|item| scalar(item, expected)).collect();
        Ok(ContextValue::Many(values?))
    } else {
        Ok(ContextValue::Single(scalar(node, "a string, a number, a boolean or an array of these")?))
    }
}

/// A value as text; a number is its source text, as in a policy (COND-19).
// Rule: COND-19.
fn scalar(node: Node<'_>, expected: &str) -> Result<String, Error> {
    match node.shape() {
        Shape::String(text) => Ok(text.clone().into_owned()),
        Shape::Number(source) => Ok((*source).to_owned()),
        Shape::Bool(value) => Ok(value.to_string()),
        Shape::Null | Shape::Array(_) | Shape::Object(_) => {
            Err(node.error(format!("expected {expected}, found {}", node.shape().kind())))
        }
    }
}
