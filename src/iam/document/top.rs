//! The top of a document: its members, Version, Id, and the list of statements (GRAM-1, 4 to 7).

use super::finding::Code;
use super::listed::{check_names, member};
use super::reading::Reading;
use super::statement;
use crate::iam::json::{Member, Shape, Value};
use crate::iam::policy::{Policy, PolicyType, Statement, Version};
use crate::iam::spelling::quoted;

/// Reads the whole document; `None` only after an error was reported.
// Rules: GRAM-1, GRAM-4.
pub(super) fn read<'j>(value: &'j Value<'j>, reading: &mut Reading<'j>) -> Option<Policy> {
    let Shape::Object(members) = &value.shape else {
        let message = format!("a policy is an object, found {}", value.shape.kind());
        reading.report.error(Code::Json, value.span.start, message);
        return None;
    };
    check_names(members, &["Version", "Id", "Statement"], &mut reading.report);
    let id = member(members, "Id").and_then(|id| read_id(id, reading));
    let version = read_version(value, members, reading);
    reading.version = version;
    let statements = read_statements(value, members, reading)?;
    Some(Policy { version, id, statements })
}

/// The value of the Statement member, whatever it is.
pub(super) fn statement_value<'j>(value: &'j Value<'j>) -> Option<&'j Value<'j>> {
    let Shape::Object(members) = &value.shape else {
        return None;
    };
    member(members, "Statement").map(|member| &member.value)
}

// Rules: GRAM-6, GRAM-20.
fn read_id(id: &Member<'_>, reading: &mut Reading<'_>) -> Option<String> {
    match reading.policy_type {
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Session
        | PolicyType::Scp
        | PolicyType::Rcp => {
            let message = format!("`Id` is not allowed in a policy of type {}", reading.policy_type);
            reading.report.refused_on_saving(Code::Element, id.name_start, message);
        }
        PolicyType::Trust | PolicyType::Resource | PolicyType::Endpoint => {}
    }
    if let Shape::String(text) = &id.value.shape {
        Some(text.as_ref().to_owned())
    } else {
        let message = format!("`Id` must be a string, found {}", id.value.shape.kind());
        reading.report.error(Code::Element, id.value.span.start, message);
        None
    }
}

// Rule: GRAM-5.
fn read_version(top: &Value<'_>, members: &[Member<'_>], reading: &mut Reading<'_>) -> Version {
    let needs_2012 = match reading.policy_type {
        PolicyType::Scp | PolicyType::Rcp => true,
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Session
        | PolicyType::Trust
        | PolicyType::Resource
        | PolicyType::Endpoint => false,
    };
    let (version, offset) = match member(members, "Version") {
        None => (Version::Absent, top.span.start),
        Some(member) => {
            let offset = member.value.span.start;
            match &member.value.shape {
                Shape::String(text) if text == "2012-10-17" => (Version::V2012, offset),
                Shape::String(text) if text == "2008-10-17" => (Version::V2008, offset),
                Shape::String(text) => {
                    let message = format!(
                        "unknown version {}; expected `2012-10-17` (or the old `2008-10-17`)",
                        quoted(text)
                    );
                    reading.report.error(Code::Version, offset, message);
                    return Version::V2012;
                }
                shape @ (Shape::Null
                | Shape::Bool(_)
                | Shape::Number(_)
                | Shape::Array(_)
                | Shape::Object(_)) => {
                    let message = format!("`Version` must be a string, found {}", shape.kind());
                    reading.report.error(Code::Version, offset, message);
                    return Version::V2012;
                }
            }
        }
    };
    if needs_2012 && version != Version::V2012 {
        let message = format!("a policy of type {} needs `\"Version\": \"2012-10-17\"`", reading.policy_type);
        reading.report.refused_on_saving(Code::Version, offset, message);
    }
    version
}

// Rule: GRAM-7.
fn read_statements<'j>(
    top: &'j Value<'j>,
    members: &'j [Member<'j>],
    reading: &mut Reading<'j>,
) -> Option<Vec<Statement>> {
    let Some(member) = member(members, "Statement") else {
        reading.report.error(Code::Statement, top.span.start, "`Statement` is missing");
        return None;
    };
    let value = &member.value;
    match &value.shape {
        Shape::Array(items) => {
            if items.is_empty() {
                let message = "`Statement` is an empty array; it needs at least one statement";
                reading.report.refused_on_saving(Code::Statement, value.span.start, message);
            }
            let mut statements = Vec::with_capacity(items.len());
            for item in items {
                statements.extend(statement::read(item, reading));
            }
            Some(statements)
        }
        Shape::Object(_) => Some(statement::read(value, reading).into_iter().collect()),
        shape @ (Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_)) => {
            let message =
                format!("`Statement` must be an object or an array of objects, found {}", shape.kind());
            reading.report.error(Code::Statement, value.span.start, message);
            None
        }
    }
}
