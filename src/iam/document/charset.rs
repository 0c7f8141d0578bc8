//! Which characters a document may contain (GRAM-2), and which member names come twice (GRAM-3).

use super::finding::Code;
use super::report::Report;
use crate::iam::json::{Shape, Value};

/// Reports each string with a character beyond the allowed ones.
// Rule: GRAM-2.
pub(super) fn check_characters(value: &Value<'_>, report: &mut Report<'_>) {
    let span = value.span.start as usize..value.span.end as usize;
    let text = report.json().text().as_bytes().get(span).unwrap_or_default();
    // Up to U+00FF the first byte of a character is at most 0xC3; raw control characters are no JSON in the first place. So only
    // a byte above it, or an escape, can bring in what is forbidden.
    if text.iter().any(|byte| *byte > 0xC3 || *byte == b'\\') {
        check_strings(value, report);
    }
}

fn check_strings(value: &Value<'_>, report: &mut Report<'_>) {
    match &value.shape {
        Shape::String(text) => check_string(text, value.span.start, report),
        Shape::Array(items) => items.iter().for_each(|item| check_strings(item, report)),
        Shape::Object(members) => {
            for member in members {
                check_string(&member.name, member.name_start, report);
                check_strings(&member.value, report);
            }
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) => {}
    }
}

fn check_string(text: &str, start: u32, report: &mut Report<'_>) {
    let Some((index, character)) = text.char_indices().find(|(_, character)| !is_allowed(*character)) else {
        return;
    };
    let behind_quote = start.saturating_add(1);
    let source = report.json().text().get(behind_quote as usize..).unwrap_or_default();
    // Where an escape makes the characters in the text differ from those it stands for, the string is near enough.
    let offset = if source.starts_with(text) {
        behind_quote.saturating_add(u32::try_from(index).unwrap_or(0))
    } else {
        start
    };
    let code_point = u32::from(character);
    let message = format!(
        "the character U+{code_point:04X}; policies may contain U+0020 to U+00FF, tabs and line ends"
    );
    report.refused_on_saving(Code::Charset, offset, message);
}

fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FF}')
}

/// Reports each member whose name an earlier member of the same object has.
// Rule: GRAM-3.
pub(super) fn check_duplicates(value: &Value<'_>, report: &mut Report<'_>) {
    for offset in report.json().duplicates_within(value) {
        let message = "this member comes twice in its object; which one counts is not defined";
        report.error(Code::DuplicateKey, *offset, message);
    }
}
