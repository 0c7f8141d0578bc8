//! What must come of a step: `expect`, `reason`, `result`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{answer, issues_a_session};
use crate::corpus::directory::consultations_as_json;
use crate::corpus::error::Error;
use crate::corpus::world::Part;
use crate::iam::decision::{Decision, Reason};
use crate::iam::instant::Instant;
use crate::iam::json::{Node, Shape};
use crate::iam::operation::{AccountOperation, Operation, PolicyOperation, StsOperation};
use crate::iam::outcome::{Outcome, RefusalCode, Taken};
use crate::iam::spelling::quoted;

/// What must come of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Whether it is done, or how it is refused.
    pub expectation: Expectation,
    /// The reason, where the case gives one.
    pub reason: Option<Reason>,
    /// Fields of the answer with the values that they must have.
    pub result: Vec<(String, Value)>,
    /// Who must have consulted whom, in order, where the case says so.
    pub consultations: Option<Value>,
}

/// Whether a step is done, or how it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// It is done.
    Allowed,
    /// A decision refuses it in this way.
    Denied(Decision),
    /// It is refused with this code, by a decision or otherwise.
    Refused(RefusalCode),
}

impl Expectation {
    /// The spelling in a case.
    pub fn name(self) -> &'static str {
        match self {
            Expectation::Allowed => "allow",
            Expectation::Denied(decision) => decision.name(),
            Expectation::Refused(code) => code.code(),
        }
    }
}

impl Expected {
    /// What came of a step and is not as it must be; `None` if all is.
    pub fn difference(&self, taken: &Taken) -> Option<String> {
        self.difference_of_outcome(taken).or_else(|| {
            let expected = self.consultations.as_ref()?;
            let found = consultations_as_json(&taken.consultations);
            (found != *expected).then(|| format!("expected the consultations {expected}, found {found}"))
        })
    }

    fn difference_of_outcome(&self, taken: &Taken) -> Option<String> {
        let reason = match &taken.outcome {
            Outcome::Done(answer) => {
                if self.expectation != Expectation::Allowed {
                    return Some(format!("expected {}, but it was done", self.expectation.name()));
                }
                let shown = answer::as_json(answer, &taken.world);
                let differs = self.result.iter().find_map(|(name, expected)| {
                    let found = shown.get(name).unwrap_or(&Value::Null);
                    (!agrees(name, found, expected))
                        .then(|| format!("expected `{name}` to be {expected}, found {found}"))
                });
                if differs.is_some() {
                    return differs;
                }
                answer::reason(answer)
            }
            Outcome::Refused(refusal) => {
                let is_expected = match self.expectation {
                    Expectation::Allowed => false,
                    Expectation::Denied(decision) => {
                        refusal.reason.is_some_and(|reason| reason.decision() == decision)
                    }
                    Expectation::Refused(code) => refusal.code == code,
                };
                if !is_expected {
                    let by = refusal.reason.map_or_else(String::new, |reason| format!(" ({reason})"));
                    let expected = self.expectation.name();
                    return Some(format!(
                        "expected {expected}, found {}{by}: {}",
                        refusal.code, refusal.message
                    ));
                }
                refusal.reason
            }
        };
        match (self.reason, reason) {
            (None, _) => None,
            (Some(expected), Some(found)) if expected == found => None,
            (Some(expected), Some(found)) => Some(format!("expected the reason {expected}, found {found}")),
            (Some(expected), None) => Some(format!("expected the reason {expected}, found none")),
        }
    }
}

/// Whether a field of an answer has the value that is expected, however a case spells it: tags as in parameters, an instant in
/// any zone, transitive keys in any order.
fn agrees(name: &str, found: &Value, expected: &Value) -> bool {
    match name {
        "Tags" => match tags(expected) {
            Some(expected) => tags(found) == Some(expected),
            None => found == expected,
        },
        "TransitiveTagKeys" => same_elements(found, expected),
        "Issued" | "Expiration" => match (instant(found), instant(expected)) {
            (Some(found), Some(expected)) => found == expected,
            (_, _) => found == expected,
        },
        _ => covers(found, expected),
    }
}

/// Tags as an object, or as a list of `Key` and `Value`.
fn tags(value: &Value) -> Option<BTreeMap<&str, &Value>> {
    match value {
        Value::Object(members) => Some(members.iter().map(|(key, value)| (key.as_str(), value)).collect()),
        Value::Array(items) => items
            .iter()
            .map(|item| match item.as_object() {
                Some(pair) if pair.len() == 2 => Some((pair.get("Key")?.as_str()?, pair.get("Value")?)),
                Some(_) | None => None,
            })
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn instant(value: &Value) -> Option<Instant> {
    Instant::parse(value.as_str()?)
}

fn same_elements(found: &Value, expected: &Value) -> bool {
    let (Value::Array(found), Value::Array(expected)) = (found, expected) else { return found == expected };
    found.len() == expected.len() && expected.iter().all(|item| found.contains(item))
}

/// Whether a value is what is expected: an object may have further members; of the conditions in a decoded message those that
/// are listed must be there; everything else is equal.
fn covers(found: &Value, expected: &Value) -> bool {
    let (Value::Object(found), Value::Object(expected)) = (found, expected) else { return found == expected };
    expected.iter().all(|(name, expected)| match (found.get(name), expected) {
        (None, _) => false,
        (Some(Value::Array(found)), Value::Array(expected)) if name == "conditions" => {
            expected.iter().all(|condition| found.iter().any(|found| same_condition(found, condition)))
        }
        (Some(found), expected) => covers(found, expected),
    })
}

/// Whether a condition of a decoded message is the one that is expected. Keys ignore case (COND-4).
fn same_condition(found: &Value, expected: &Value) -> bool {
    let key = |value: &Value| value.get("key").and_then(Value::as_str).map(str::to_ascii_lowercase);
    key(found) == key(expected)
        && found.get("values") == expected.get("values")
        && expected.as_object().is_some_and(|members| members.len() == 2)
}

/// Reads `expect`, `reason` and `result`.
pub(super) fn read(part: &Part<'_>, operation: &Operation) -> Result<Expected, Error> {
    let node = part.required("expect")?;
    let expectation = expectation(node)?;
    let reason = part.optional("reason").map(|node| reason(node, expectation)).transpose()?;
    let result = match part.optional("result") {
        None => Vec::new(),
        Some(node) => result(node, expectation, operation)?,
    };
    let consultations = match (part.optional("consultations"), operation) {
        (None, _) => None,
        (Some(node), Operation::Directory(_)) => Some(value(node)?),
        (Some(node), _) => return Err(node.error("only directories consult each other").into()),
    };
    Ok(Expected { expectation, reason, result, consultations })
}

fn expectation(node: Node<'_>) -> Result<Expectation, Error> {
    let name = node.string()?;
    let decided = Decision::from_name(name).map(|decision| match decision {
        Decision::Allow => Expectation::Allowed,
        Decision::ExplicitDeny | Decision::ImplicitDeny => Expectation::Denied(decision),
    });
    let expected = || {
        let message =
            "expected `allow`, `explicit-deny`, `implicit-deny` or a code such as `ValidationError`";
        node.error(format!("{message}, found {}", quoted(name)))
    };
    Ok(decided.or_else(|| RefusalCode::from_code(name).map(Expectation::Refused)).ok_or_else(expected)?)
}

fn reason(node: Node<'_>, expectation: Expectation) -> Result<Reason, Error> {
    let code = node.string()?;
    let Some(reason) = Reason::from_code(code) else {
        let message = format!("expected a reason such as `ALLOW_IDENTITY`, found {}", quoted(code));
        return Err(node.error(message).into());
    };
    let fits = match expectation {
        Expectation::Allowed => reason.decision() == Decision::Allow,
        Expectation::Denied(decision) => reason.decision() == decision,
        Expectation::Refused(_) => reason.decision() != Decision::Allow,
    };
    if fits {
        Ok(reason)
    } else {
        let message = format!("{} does not go with {}", quoted(code), expectation.name());
        Err(node.error(message).into())
    }
}

const SESSION: &[&str] = &[
    "Arn",
    "UserId",
    "Account",
    "Issued",
    "Expiration",
    "DurationSeconds",
    "SourceIdentity",
    "Tags",
    "TransitiveTagKeys",
];

/// The fields that an operation's answer has.
fn fields_of(operation: &Operation) -> &'static [&'static str] {
    if issues_a_session(operation) {
        return SESSION;
    }
    match operation {
        Operation::Sts(StsOperation::GetCallerIdentity) => &["Arn", "UserId", "Account"],
        Operation::Sts(StsOperation::DecodeAuthorizationMessage(_)) => {
            &["allowed", "explicitDeny", "matchedStatements", "failures", "context"]
        }
        Operation::Policy(PolicyOperation::CreatePolicyVersion { .. }) => &["VersionId"],
        Operation::Policy(PolicyOperation::CreatePolicy { .. })
        | Operation::Account(
            AccountOperation::CreateUser { .. }
            | AccountOperation::CreateGroup { .. }
            | AccountOperation::CreateRole { .. },
        ) => &["Arn", "Id"],
        Operation::Account(AccountOperation::CreateInstanceProfile { .. }) => &["Arn"],
        Operation::Account(AccountOperation::CreateAccessKey { .. }) => &["AccessKeyId"],
        Operation::Directory(_) => {
            &["Sid", "Trust", "User", "Home", "Objects", "Provider", "SessionName", "Roles"]
        }
        Operation::Sts(_)
        | Operation::Policy(_)
        | Operation::Account(_)
        | Operation::Pass(_)
        | Operation::Request(_)
        | Operation::Event(_) => &[],
    }
}

fn result(
    node: Node<'_>,
    expectation: Expectation,
    operation: &Operation,
) -> Result<Vec<(String, Value)>, Error> {
    if expectation != Expectation::Allowed {
        return Err(node.error("a step that is refused has no `result`").into());
    }
    let fields = fields_of(operation);
    if fields.is_empty() {
        return Err(node.error("this step answers nothing, so that it has no `result`").into());
    }
    node.fields(fields)?;
    node.members()?.map(|(name, node)| Ok((name.to_owned(), value(node)?))).collect()
}

fn value(node: Node<'_>) -> Result<Value, Error> {
    Ok(match node.shape() {
        Shape::Null => Value::Null,
        Shape::Bool(value) => Value::Bool(*value),
        Shape::Number(source) => {
            serde_json::from_str(source).map_err(|error| node.error(error.to_string()))?
        }
        Shape::String(text) => Value::String(text.clone().into_owned()),
        Shape::Array(_) => Value::Array(node.items()?.map(value).collect::<Result<_, _>>()?),
        Shape::Object(_) => {
            let members = node.members()?.map(|(name, node)| Ok((name.to_owned(), value(node)?)));
            Value::Object(members.collect::<Result<_, Error>>()?)
        }
    })
}
