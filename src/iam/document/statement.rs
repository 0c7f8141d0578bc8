//! One statement: its members, Effect and Sid; the larger elements have files of their own (GRAM-8 to 10).

use super::finding::Code;
use super::listed::{check_names, hint, member};
use super::reading::Reading;
use super::{action, condition, principal, resource};
use crate::iam::json::{Member, Shape, Value};
use crate::iam::policy::{Effect, PolicyType, Statement};
use crate::iam::spelling::quoted;

const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Reads a statement; `None` only after an error was reported.
// Rules: GRAM-8, GRAM-30.
pub(super) fn read<'j>(value: &'j Value<'j>, reading: &mut Reading<'j>) -> Option<Statement> {
    let Shape::Object(members) = &value.shape else {
        let message = format!("a statement is an object, found {}", value.shape.kind());
        reading.report.error(Code::Statement, value.span.start, message);
        return None;
    };
    check_names(members, &ELEMENTS, &mut reading.report);
    let effect = read_effect(value, members, reading);
    let sid = member(members, "Sid").and_then(|sid| read_sid(sid, reading));
    let at = StatementAt { members, start: value.span.start, effect };
    let action = action::read(&at, reading);
    let resource = resource::read(&at, reading);
    let principal = principal::read(&at, reading);
    let condition = condition::read(&at, reading);
    Some(Statement { sid, effect: effect?, principal, action: action?, resource, condition })
}

/// What the readers of the larger elements need to know of their statement.
pub(super) struct StatementAt<'j> {
    pub(super) members: &'j [Member<'j>],
    /// The offset of the statement, for what is missing in it.
    pub(super) start: u32,
    /// The effect, unless it could not be read.
    pub(super) effect: Option<Effect>,
}

impl<'j> StatementAt<'j> {
    /// An element and its `Not…` twin.
    pub(super) fn pair(&self, only: &str, all_except: &str) -> Pair<'j> {
        match (member(self.members, only), member(self.members, all_except)) {
            (None, None) => Pair::Neither,
            (Some(member), None) => Pair::Only(member),
            (None, Some(member)) => Pair::AllExcept(member),
            (Some(first), Some(second)) => {
                Pair::Both(if first.name_start > second.name_start { first } else { second })
            }
        }
    }
}

/// Which of an element and its `Not…` twin a statement has.
pub(super) enum Pair<'j> {
    Neither,
    Only(&'j Member<'j>),
    AllExcept(&'j Member<'j>),
    /// Both; the one that comes second.
    Both(&'j Member<'j>),
}

// Rules: GRAM-9, GRAM-24.
fn read_effect(statement: &Value<'_>, members: &[Member<'_>], reading: &mut Reading<'_>) -> Option<Effect> {
    let Some(member) = member(members, "Effect") else {
        reading.report.error(Code::Effect, statement.span.start, "`Effect` is missing");
        return None;
    };
    let offset = member.value.span.start;
    let Shape::String(text) = &member.value.shape else {
        let message = format!("`Effect` must be a string, found {}", member.value.shape.kind());
        reading.report.error(Code::Effect, offset, message);
        return None;
    };
    let Some(effect) = [Effect::Allow, Effect::Deny].into_iter().find(|effect| effect.name() == text) else {
        let message = format!("unknown effect {}; {}", quoted(text), hint(text, &["Allow", "Deny"]));
        reading.report.error(Code::Effect, offset, message);
        return None;
    };
    if reading.policy_type == PolicyType::Rcp && effect == Effect::Allow {
        let message = "a resource control policy may only have the effect `Deny`";
        reading.report.error(Code::Effect, offset, message);
    }
    Some(effect)
}

// Rule: GRAM-10.
fn read_sid<'j>(member: &'j Member<'j>, reading: &mut Reading<'j>) -> Option<String> {
    let offset = member.value.span.start;
    let Shape::String(text) = &member.value.shape else {
        let message = format!("`Sid` must be a string, found {}", member.value.shape.kind());
        reading.report.error(Code::Sid, offset, message);
        return None;
    };
    let any_characters = match reading.policy_type {
        PolicyType::Resource | PolicyType::Endpoint => true,
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Session
        | PolicyType::Trust
        | PolicyType::Scp
        | PolicyType::Rcp => false,
    };
    if !any_characters && !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let message = format!("the Sid {} may only have the characters A-Z, a-z and 0-9", quoted(text));
        reading.report.refused_on_saving(Code::Sid, offset, message);
    }
    if !text.is_empty() && !reading.sids.insert(text) {
        let message = format!("the Sid {} stands in an earlier statement; it must be unique", quoted(text));
        reading.report.refused_on_saving(Code::Sid, offset, message);
    }
    Some(text.as_ref().to_owned())
}
