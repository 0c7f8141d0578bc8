//! How large a document may be (GRAM-27, 28).
//!
//! A limit is an error where the type of the document alone settles it. Where it depends on the holder, which a text does not show
//! (managed or inline, a bucket or a key), going beyond the largest limit that may apply is a warning.

use super::finding::Code;
use super::report::Report;
use crate::iam::json::Value;
use crate::iam::policy::PolicyType;

/// Whether the white space between the JSON tokens belongs to the policy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// The text is the policy's own.
    Everything,
    /// The text around the policy decided how it is laid out.
    WithoutSpace,
}

/// Reports a document that is larger than its type allows.
// Rules: GRAM-27, GRAM-28.
pub(super) fn check(value: &Value<'_>, policy_type: PolicyType, counted: Counted, report: &mut Report<'_>) {
    let text = match counted {
        Counted::Everything => report.json().text(),
        Counted::WithoutSpace => {
            let span = value.span.start as usize..value.span.end as usize;
            report.json().text().get(span).unwrap_or_default()
        }
    };
    let limit = match policy_type {
        PolicyType::Identity | PolicyType::Boundary => 6_144,
        PolicyType::Session | PolicyType::Trust => 2_048,
        PolicyType::Resource | PolicyType::Endpoint => 20_480,
        PolicyType::Scp => 10_240,
        PolicyType::Rcp => 5_120,
    };
    // No way of counting finds more characters than there are bytes.
    if text.len() <= limit {
        return;
    }
    let size = match (policy_type, counted) {
        (PolicyType::Identity | PolicyType::Boundary | PolicyType::Trust, _) | (_, Counted::WithoutSpace) => {
            without_space(text)
        }
        (PolicyType::Resource, Counted::Everything) => text.len(),
        (
            PolicyType::Session | PolicyType::Endpoint | PolicyType::Scp | PolicyType::Rcp,
            Counted::Everything,
        ) => text.chars().count(),
    };
    if size <= limit {
        return;
    }
    let offset = value.span.start;
    match policy_type {
        PolicyType::Identity | PolicyType::Boundary => {
            let message = format!(
                "{size} characters without white space; a customer managed policy may have {limit}, \
                 the inline policies of a role together 10240"
            );
            report.warning(Code::Size, offset, message);
        }
        PolicyType::Resource => {
            let message =
                format!("{size} bytes; a bucket policy may have {limit}, the policy of a KMS key 32768");
            report.warning(Code::Size, offset, message);
        }
        PolicyType::Trust if size <= LARGEST_TRUST_POLICY => {
            let message = format!(
                "{size} characters without white space; a trust policy may have {limit}, \
                 or up to {LARGEST_TRUST_POLICY} where the quota was raised"
            );
            report.warning(Code::Size, offset, message);
        }
        PolicyType::Trust
        | PolicyType::Session
        | PolicyType::Endpoint
        | PolicyType::Scp
        | PolicyType::Rcp => {
            let message = format!("{size} characters; a policy of type {policy_type} may have {limit}");
            report.refused_on_saving(Code::Size, offset, message);
        }
    }
}

/// What the quota on the length of trust policies can be raised to.
const LARGEST_TRUST_POLICY: usize = 8_192;

/// How many characters a JSON text has without the white space outside of its strings (GRAM-28).
pub fn without_space(text: &str) -> usize {
    let mut count = 0;
    let mut in_string = false;
    let mut escaped = false;
    for character in text.chars() {
        if in_string {
            count += 1;
            if escaped {
                escaped = false;
            } else if character == '\\' {
                escaped = true;
            } else if character == '"' {
                in_string = false;
            }
        } else if !matches!(character, ' ' | '\t' | '\n' | '\r') {
            count += 1;
            in_string = character == '"';
        }
    }
    count
}
