//! Resource and NotResource (GRAM-15, 16, 21) and the variables in them (VAR-2, 3, 14).

use super::finding::Code;
use super::listed::each_text;
use super::reading::{DollarBrace, Reading};
use super::report::Report;
use super::statement::{Pair, StatementAt};
use crate::iam::json::Member;
use crate::iam::pattern::{Token, tokens_with_variables};
use crate::iam::policy::{Effect, PolicyType, Selection};
use crate::iam::spelling::quoted;

/// Reads Resource or NotResource; `None` in trust policies, which have neither, and after an error.
// Rules: GRAM-15, GRAM-20, GRAM-21.
pub(super) fn read(at: &StatementAt<'_>, reading: &mut Reading<'_>) -> Option<Selection<Vec<String>>> {
    let pair = at.pair("Resource", "NotResource");
    if reading.policy_type == PolicyType::Trust {
        if let Pair::Only(member) | Pair::AllExcept(member) | Pair::Both(member) = pair {
            let message =
                format!("`{}` is not allowed in a trust policy: the role itself is meant", member.name);
            reading.report.error(Code::Resource, member.name_start, message);
        }
        return None;
    }
    match pair {
        Pair::Neither => {
            reading.report.error(Code::Resource, at.start, "`Resource` or `NotResource` is missing");
            None
        }
        Pair::Both(second) => {
            let message = "a statement may have `Resource` or `NotResource`, not both";
            reading.report.error(Code::Resource, second.name_start, message);
            None
        }
        Pair::Only(member) => Some(Selection::Only(read_patterns(member, Exclusion::None, reading))),
        Pair::AllExcept(member) => {
            let exclusion = if at.effect == Some(Effect::Allow) {
                let message = "Allow with `NotResource` allows every resource that is not listed";
                reading.report.warning(Code::AllowNotResource, member.name_start, message);
                Exclusion::FromAllow
            } else {
                Exclusion::None
            };
            Some(Selection::AllExcept(read_patterns(member, exclusion, reading)))
        }
    }
}

/// Whether a list takes resources out of what an Allow allows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exclusion {
    None,
    FromAllow,
}

fn read_patterns(member: &Member<'_>, exclusion: Exclusion, reading: &mut Reading<'_>) -> Vec<String> {
    let dollar_brace = reading.dollar_brace();
    let mut patterns = Vec::new();
    each_text(member, Code::Resource, &mut reading.report, |text, offset, report| {
        check_pattern(text, offset, dollar_brace, report);
        if text.contains("${") {
            check_variables(text, offset, dollar_brace, exclusion, report);
        }
        patterns.push(text.to_owned());
    });
    patterns
}

// Rules: GRAM-16, VAR-3.
fn check_pattern(text: &str, offset: u32, dollar_brace: DollarBrace, report: &mut Report<'_>) {
    if text == "*" {
        return;
    }
    let fields = fields(text, dollar_brace);
    match fault(&fields, dollar_brace) {
        None => warn_of_positions(&fields, offset, dollar_brace, report),
        Some(Fault::Variable) => {
            let message = format!(
                "{}: no variable may stand in the partition or service field of an ARN",
                quoted(text)
            );
            report.error(Code::Variable, offset, message);
        }
        Some(Fault::Form(expectation)) => {
            report.refused_on_saving(Code::Resource, offset, format!("{}: {expectation}", quoted(text)));
        }
    }
}

/// What is wrong with an ARN pattern.
enum Fault {
    /// A variable before the third colon.
    Variable,
    /// Something else; what was expected.
    Form(&'static str),
}

/// Looks for the first fault in the fields of a pattern.
fn fault(fields: &[&str], dollar_brace: DollarBrace) -> Option<Fault> {
    let ["arn", named @ ..] = fields else {
        return Some(Fault::Form(NO_ARN));
    };
    let has_variable = |field: &&str| dollar_brace == DollarBrace::Variable && field.contains("${");
    if named.iter().take(2).any(has_variable) {
        return Some(Fault::Variable);
    }
    let [partition, service, behind @ ..] = named else {
        return Some(Fault::Form(NO_ARN));
    };
    let is_partition_byte = |byte| is_service_byte(byte) || matches!(byte, b'*' | b'?');
    if partition.is_empty() || !partition.bytes().all(is_partition_byte) {
        Some(Fault::Form("the second field of an ARN is a partition such as `aws`, or `*`"))
    } else if service.is_empty() || !service.bytes().all(is_service_byte) {
        Some(Fault::Form("the third field of an ARN names a service such as `s3`, without wildcards"))
    } else if behind.len() < 3 && !behind.iter().any(|field| field.ends_with('*')) {
        // RES-3: a field that ends with `*` absorbs the colons that are missing.
        Some(Fault::Form("an ARN has six fields, unless a field from the fourth on ends with `*`"))
    } else {
        None
    }
}

const NO_ARN: &str = "expected `*` or an ARN: `arn:partition:service:region:account:resource`";

/// Warns of variables in the region and account fields, which AWS's documents do not show but AWS's own policies use.
fn warn_of_positions(fields: &[&str], offset: u32, dollar_brace: DollarBrace, report: &mut Report<'_>) {
    let region_and_account = fields.iter().skip(3).take(2);
    if dollar_brace == DollarBrace::Variable
        && region_and_account.into_iter().any(|field| field.contains("${"))
    {
        let message = "a variable in the region or account field of an ARN works, but is not documented";
        report.warning(Code::VariablePosition, offset, message);
    }
}

/// Checks the syntax of the variables in a text that has `${`.
// Rules: VAR-2, VAR-14.
fn check_variables(
    text: &str,
    offset: u32,
    dollar_brace: DollarBrace,
    exclusion: Exclusion,
    report: &mut Report<'_>,
) {
    if dollar_brace == DollarBrace::PlainText {
        let message = "`${` is plain text here: variables need `\"Version\": \"2012-10-17\"`";
        report.warning(Code::VariableWithoutVersion, offset, message);
        return;
    }
    match tokens_with_variables(text) {
        Err(error) => report.error(Code::Variable, offset, format!("{}: {error}", quoted(text))),
        Ok(tokens) => {
            let without_default = tokens.iter().find_map(|token| match token {
                Token::Variable(variable) if variable.default.is_none() => Some(variable),
                Token::Variable(_) | Token::Literal(_) | Token::Star | Token::Question => None,
            });
            if let Some(variable) = without_default
                && exclusion == Exclusion::FromAllow
            {
                let message = format!(
                    "where {} has no value, this excludes nothing from the Allow",
                    quoted(&variable.to_string())
                );
                report.warning(Code::VariableInAllowNotResource, offset, message);
            }
        }
    }
}

fn is_service_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// The fields of an ARN pattern, at most six; a colon inside `${…}` cuts nothing where that is a variable.
fn fields(text: &str, dollar_brace: DollarBrace) -> Vec<&str> {
    if dollar_brace == DollarBrace::PlainText || !text.contains("${") {
        return text.splitn(6, ':').collect();
    }
    let mut fields = Vec::with_capacity(6);
    let mut from = 0;
    let mut inside = false;
    for (at, character) in text.char_indices() {
        match character {
            '{' if text.get(..at).is_some_and(|before| before.ends_with('$')) => inside = true,
            '}' => inside = false,
            ':' if !inside && fields.len() < 5 => {
                fields.push(text.get(from..at).unwrap_or_default());
                from = at + 1;
            }
            _ => {}
        }
    }
    fields.push(text.get(from..).unwrap_or_default());
    fields
}
