//! Action and NotAction (GRAM-11, and what GRAM-21 and 24 add for trust policies and RCPs).

use super::advice;
use super::finding::Code;
use super::listed::each_text;
use super::reading::Reading;
use super::report::Report;
use super::statement::{Pair, StatementAt};
use crate::iam::json::Member;
use crate::iam::policy::{Effect, PolicyType, Selection};
use crate::iam::spelling::quoted;

/// Reads Action or NotAction; `None` only after an error was reported.
// Rules: GRAM-11, GRAM-20.
pub(super) fn read(at: &StatementAt<'_>, reading: &mut Reading<'_>) -> Option<Selection<Vec<String>>> {
    match at.pair("Action", "NotAction") {
        Pair::Neither => {
            reading.report.error(Code::Action, at.start, "`Action` or `NotAction` is missing");
            None
        }
        Pair::Both(second) => {
            let message = "a statement may have `Action` or `NotAction`, not both";
            reading.report.error(Code::Action, second.name_start, message);
            None
        }
        Pair::Only(member) => Some(Selection::Only(read_patterns(member, reading))),
        Pair::AllExcept(member) => {
            if let PolicyType::Trust | PolicyType::Rcp = reading.policy_type {
                let message =
                    format!("`NotAction` is not allowed in a policy of type {}", reading.policy_type);
                reading.report.refused_on_saving(Code::Action, member.name_start, message);
            }
            if at.effect == Some(Effect::Allow) {
                let message =
                    "Allow with `NotAction` allows every action that is not listed, of every service";
                reading.report.warning(Code::AllowNotAction, member.name_start, message);
            }
            Some(Selection::AllExcept(read_patterns(member, reading)))
        }
    }
}

fn read_patterns(member: &Member<'_>, reading: &mut Reading<'_>) -> Vec<String> {
    let policy_type = reading.policy_type;
    let mut patterns = Vec::new();
    each_text(member, Code::Action, &mut reading.report, |text, offset, report| {
        if check_pattern(text, offset, report) {
            check_prefix(text, offset, policy_type, report);
        }
        patterns.push(text.to_owned());
    });
    patterns
}

/// Checks one pattern, and says whether it has the form of one.
fn check_pattern(text: &str, offset: u32, report: &mut Report<'_>) -> bool {
    if text == "*" {
        return true;
    }
    let Some((prefix, name)) = text.split_once(':') else {
        let message = format!(
            "{} needs the prefix of a service, such as `s3:GetObject`; only `*` may stand alone",
            quoted(text)
        );
        report.error(Code::Action, offset, message);
        return false;
    };
    let prefix_is_legal = prefix == "*"
        || (!prefix.is_empty()
            && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')));
    let expectation = if !prefix_is_legal {
        "before the colon stands a service's prefix (letters, digits, `.`, `-`) or `*` alone"
    } else if name.contains("${") {
        "an action has no variables"
    } else if name.contains(':') {
        "an action has exactly one colon"
    } else if name.is_empty() {
        "behind the colon stands the name of an action"
    } else if !name.bytes().all(is_name_byte) {
        "a name has letters, digits, `*`, `?`, `_`, `.`, `-`; no white space, commas or variables"
    } else {
        advice::action(text, prefix, name, offset, report);
        return true;
    };
    report.error(Code::Action, offset, format!("the action {}: {expectation}", quoted(text)));
    false
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'?' | b'_' | b'.' | b'-')
}

// Rules: GRAM-21, GRAM-24.
fn check_prefix(text: &str, offset: u32, policy_type: PolicyType, report: &mut Report<'_>) {
    let prefix = text.split_once(':').map(|(prefix, _)| prefix);
    match policy_type {
        PolicyType::Trust => {
            if !prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case("sts")) {
                let message = format!("a trust policy may only have actions of `sts`, not {}", quoted(text));
                report.refused_on_saving(Code::Action, offset, message);
            }
        }
        PolicyType::Rcp => {
            if prefix.is_none_or(|prefix| prefix == "*") {
                let message = format!(
                    "the actions of a resource control policy must name a service, not {}",
                    quoted(text)
                );
                report.refused_on_saving(Code::Action, offset, message);
            }
        }
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Session
        | PolicyType::Resource
        | PolicyType::Endpoint
        | PolicyType::Scp => {}
    }
}
