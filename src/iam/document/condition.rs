//! The Condition element: operators, keys and values (GRAM-17 to 19).

use std::collections::HashSet;

use super::advice::{self, EntryAt};
use super::finding::Code;
use super::listed::hint;
use super::literal::{address_form, is_base64, is_instant, is_number, is_truth_value};
use super::reading::{DollarBrace, Reading};
use super::statement::StatementAt;
use crate::iam::condition::{BaseOperator, Operator};
use crate::iam::json::{Member, Shape, Value};
use crate::iam::key::KeyName;
use crate::iam::pattern::tokens_with_variables;
use crate::iam::policy::ConditionEntry;
use crate::iam::spelling::quoted;

/// Reads the Condition; empty where there is none.
// Rules: GRAM-17, COND-1.
pub(super) fn read(at: &StatementAt<'_>, reading: &mut Reading<'_>) -> Vec<ConditionEntry> {
    let Some(member) = super::listed::member(at.members, "Condition") else {
        return Vec::new();
    };
    let Shape::Object(blocks) = &member.value.shape else {
        let message = format!("`Condition` must be an object, found {}", member.value.shape.kind());
        reading.report.error(Code::ConditionValue, member.value.span.start, message);
        return Vec::new();
    };
    let mut entries = Vec::with_capacity(blocks.len());
    let mut places = Vec::with_capacity(blocks.len());
    for block in blocks {
        read_block(block, reading, &mut entries, &mut places);
    }
    advice::condition(&entries, &places, at.effect, reading);
    entries
}

/// Reads one operator with its keys; `places` tells for each entry where its key and its values stand.
// Rules: COND-5, COND-12, COND-13.
fn read_block(
    block: &Member<'_>,
    reading: &mut Reading<'_>,
    entries: &mut Vec<ConditionEntry>,
    places: &mut Vec<EntryAt>,
) {
    let operator = Operator::parse(&block.name);
    if operator.is_none() {
        let message = format!("unknown operator {}{}", quoted(&block.name), operator_hint(&block.name));
        reading.report.error(Code::Operator, block.name_start, message);
    }
    let Shape::Object(members) = &block.value.shape else {
        let message = format!(
            "{} must be an object of condition keys, found {}",
            quoted(&block.name),
            block.value.shape.kind()
        );
        reading.report.error(Code::ConditionValue, block.value.span.start, message);
        return;
    };
    check_keys(members, reading);
    for member in members {
        let values = read_values(member, operator, reading);
        if let Some(operator) = operator {
            let key = KeyName::new(member.name.as_ref());
            entries.push(ConditionEntry { operator, key, values });
            places.push(EntryAt { operator: block.name_start, key: member.name_start });
        }
    }
}

fn operator_hint(name: &str) -> String {
    let bare =
        name.strip_prefix("ForAllValues:").or_else(|| name.strip_prefix("ForAnyValue:")).unwrap_or(name);
    let bare = bare.strip_suffix("IfExists").unwrap_or(bare);
    if bare == "Null" {
        return "; `Null` takes neither a set operator nor `IfExists`".to_owned();
    }
    let names: Vec<&str> = BaseOperator::ALL.iter().map(|base| base.name()).collect();
    match crate::iam::spelling::nearest(bare, &names) {
        Some(near) if near == bare => {
            "; the order is `ForAnyValue:` or `ForAllValues:`, operator, `IfExists`".to_owned()
        }
        Some(_) => format!("; {}", hint(bare, &names)),
        None => "; expected one such as `StringEquals` or `ForAnyValue:StringLikeIfExists`".to_owned(),
    }
}

// Rule: GRAM-18.
fn check_keys(members: &[Member<'_>], reading: &mut Reading<'_>) {
    for member in members.iter().filter(|member| !is_key(&member.name)) {
        let message =
            format!("{} is no condition key: expected a form such as `aws:SourceIp`", quoted(&member.name));
        reading.report.refused_on_saving(Code::ConditionKey, member.name_start, message);
    }
    if members.len() < 2 {
        return;
    }
    let mut folded = HashSet::new();
    let mut exact = HashSet::new();
    for member in members {
        let is_new_spelling = exact.insert(member.name.as_ref());
        // What comes twice in one spelling is a repeated member and was reported as such.
        if !folded.insert(member.name.to_ascii_lowercase()) && is_new_spelling {
            let message = format!("the key {} stands above in another spelling", quoted(&member.name));
            reading.report.refused_on_saving(Code::ConditionKey, member.name_start, message);
        }
    }
}

/// Whether a name has the form `prefix:name`, or `host/path:claim` of a federated provider.
fn is_key(name: &str) -> bool {
    let Some((prefix, rest)) = name.split_once(':') else {
        return false;
    };
    let is_prefix_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/');
    prefix.split('/').all(|part| !part.is_empty())
        && prefix.bytes().all(is_prefix_byte)
        && rest.chars().next().is_some_and(|first| !first.is_whitespace())
}

// Rule: GRAM-17.
fn read_values(member: &Member<'_>, operator: Option<Operator>, reading: &mut Reading<'_>) -> Vec<String> {
    let offset = member.value.span.start;
    match &member.value.shape {
        Shape::Array(items) if items.is_empty() => {
            let message = format!("{} has an empty array of values", quoted(&member.name));
            reading.report.error(Code::ConditionValue, offset, message);
            Vec::new()
        }
        Shape::Array(items) => {
            items.iter().filter_map(|item| read_condition_value(item, operator, reading)).collect()
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_) | Shape::Object(_) => {
            read_condition_value(&member.value, operator, reading).into_iter().collect()
        }
    }
}

// Rule: COND-19.
fn read_condition_value(
    value: &Value<'_>,
    operator: Option<Operator>,
    reading: &mut Reading<'_>,
) -> Option<String> {
    let text = match &value.shape {
        Shape::String(text) => text.as_ref(),
        Shape::Bool(true) => "true",
        Shape::Bool(false) => "false",
        Shape::Number(source) => source,
        shape @ (Shape::Null | Shape::Array(_) | Shape::Object(_)) => {
            let message =
                format!("a condition value is a string, a number or a boolean, found {}", shape.kind());
            reading.report.error(Code::ConditionValue, value.span.start, message);
            return None;
        }
    };
    if let Some(operator) = operator {
        check_value(text, value.span.start, operator.base, reading);
    }
    Some(text.to_owned())
}

/// Checks a value against the type of its operator.
// Rules: GRAM-19, COND-17, VAR-1.
fn check_value(text: &str, offset: u32, base: BaseOperator, reading: &mut Reading<'_>) {
    let (is_legal, expected) = match family(base) {
        Family::Text | Family::Arn => (check_variables(text, offset, reading), ""),
        Family::Number => (is_number(text), "a number such as `10` or `-0.5`"),
        Family::Instant => (is_instant(text), "a date such as `2024-05-31T12:00:00Z`, or seconds since 1970"),
        Family::Address => (address_form(text).is_some(), "an address or block such as `203.0.113.0/24`"),
        Family::Binary => {
            (is_base64(text), "canonical base64: with padding, the bits that are left over zero")
        }
        Family::Presence => (is_truth_value(text), "`true` or `false`"),
        Family::Truth => {
            let has_variable = reading.dollar_brace() == DollarBrace::Variable && text.contains("${");
            let is_legal =
                if has_variable { check_variables(text, offset, reading) } else { is_truth_value(text) };
            (is_legal, "`true`, `false` or a policy variable")
        }
    };
    if !is_legal {
        let message = format!("{} is no value for `{}`: expected {expected}", quoted(text), base.name());
        reading.report.error(Code::ConditionValue, offset, message);
    }
    advice::value(text, offset, family(base), reading);
}

/// Reports what is wrong with the variables of a text; a text is legal as far as its type goes, hence always `true`.
// Rules: VAR-2, VAR-14.
fn check_variables(text: &str, offset: u32, reading: &mut Reading<'_>) -> bool {
    if !text.contains("${") {
        return true;
    }
    match reading.dollar_brace() {
        DollarBrace::PlainText => {
            let message = "`${` is plain text here: variables need `\"Version\": \"2012-10-17\"`";
            reading.report.warning(Code::VariableWithoutVersion, offset, message);
        }
        DollarBrace::Variable => {
            if let Err(error) = tokens_with_variables(text) {
                reading.report.error(Code::Variable, offset, format!("{}: {error}", quoted(text)));
            }
        }
    }
    true
}

/// What an operator's values are, as far as their syntax goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Text,
    Arn,
    Number,
    Instant,
    Address,
    Binary,
    Truth,
    Presence,
}

fn family(base: BaseOperator) -> Family {
    match base {
        BaseOperator::StringEquals
        | BaseOperator::StringNotEquals
        | BaseOperator::StringEqualsIgnoreCase
        | BaseOperator::StringNotEqualsIgnoreCase
        | BaseOperator::StringLike
        | BaseOperator::StringNotLike => Family::Text,
        BaseOperator::ArnEquals
        | BaseOperator::ArnNotEquals
        | BaseOperator::ArnLike
        | BaseOperator::ArnNotLike => Family::Arn,
        BaseOperator::NumericEquals
        | BaseOperator::NumericNotEquals
        | BaseOperator::NumericLessThan
        | BaseOperator::NumericLessThanEquals
        | BaseOperator::NumericGreaterThan
        | BaseOperator::NumericGreaterThanEquals => Family::Number,
        BaseOperator::DateEquals
        | BaseOperator::DateNotEquals
        | BaseOperator::DateLessThan
        | BaseOperator::DateLessThanEquals
        | BaseOperator::DateGreaterThan
        | BaseOperator::DateGreaterThanEquals => Family::Instant,
        BaseOperator::IpAddress | BaseOperator::NotIpAddress => Family::Address,
        BaseOperator::BinaryEquals => Family::Binary,
        BaseOperator::Bool => Family::Truth,
        BaseOperator::Null => Family::Presence,
    }
}
