//! Documents that are saved: read, and held to their size (POL-13, GRAM-27).

use crate::evaluator::failure::{Failure, refuse};
use crate::iam::document::{self, Code, Strictness, TypeChoice};
use crate::iam::operation::PolicyText;
use crate::iam::outcome::RefusalCode;
use crate::iam::policy::PolicyType;
use crate::iam::world::StoredPolicy;

/// The longest text of a policy that a call may pass, in characters (GRAM-27).
const LONGEST_TEXT: usize = 131_072;

/// The most characters of a version of a customer managed policy, without white space (GRAM-27).
pub(super) const MOST_MANAGED: usize = 6_144;

/// The most characters of a trust policy, without white space (GRAM-27).
pub(super) const MOST_TRUST: usize = 2_048;

/// Reads a document.
// Rules: POL-13, GRAM-27, GRAM-29.
pub(super) fn read(text: &PolicyText, policy_type: PolicyType) -> Result<StoredPolicy, Failure> {
    if text.0.chars().count() > LONGEST_TEXT {
        return too_long(text.0.chars().count(), LONGEST_TEXT);
    }
    let document = document::read(text.0.as_bytes(), TypeChoice::Given(policy_type), Strictness::Strict);
    let first = document.errors().next().map(|finding| (finding.code, finding.to_string()));
    match (document.policy, first) {
        (Some(policy), None) => Ok(StoredPolicy::of_text(policy, &text.0)),
        (_, Some((Code::Size, message))) => refuse(RefusalCode::LimitExceeded, "GRAM-27", message),
        (_, first) => {
            let message = first.map_or_else(|| "no policy".to_owned(), |(_, message)| message);
            refuse(RefusalCode::MalformedPolicyDocument, "POL-13", message)
        }
    }
}

/// Refuses what is longer than it may be.
// Rule: GRAM-27.
pub(super) fn check_size(size: usize, most: usize) -> Result<(), Failure> {
    if size > most { too_long(size, most) } else { Ok(()) }
}

fn too_long<T>(size: usize, most: usize) -> Result<T, Failure> {
    let message = format!("{size} characters; {most} are allowed");
    refuse(RefusalCode::LimitExceeded, "GRAM-27", message)
}
