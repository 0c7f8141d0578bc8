//! The syntax of parameters (STS-3).

use std::collections::BTreeSet;

use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::reading::{Reading, mistaken};
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::operation::PolicyText;
use crate::iam::outcome::RefusalCode;

/// The most tags, and the most transitive keys.
const MOST_TAGS: usize = 50;

/// The most managed session policies.
const MOST_POLICY_ARNS: usize = 10;

pub(in crate::evaluator) fn invalid<T>(message: impl Into<String>) -> Result<T, Failure> {
    refuse(RefusalCode::ValidationError, "STS-3", message)
}

/// A text of so many characters, each a letter, a digit, `_` or one of these.
fn check(what: &str, text: &str, least: usize, most: usize, others: &str) -> Result<(), Failure> {
    let length = text.chars().count();
    if length < least || length > most {
        return invalid(format!("{what} has {length} characters; it may have {least} to {most}"));
    }
    let strange = text.chars().find(|c| !(c.is_ascii_alphanumeric() || *c == '_' || others.contains(*c)));
    match strange {
        Some(character) => invalid(format!("{what} may not have a `{}`", character.escape_debug())),
        None => Ok(()),
    }
}

const NAME: &str = "+=,.@-";

// Rule: STS-3.
pub(in crate::evaluator) fn check_session_name(name: &str) -> Result<(), Failure> {
    check("RoleSessionName", name, 2, 64, NAME)
}

// Rule: STS-3.
pub(super) fn check_federation_name(name: &str) -> Result<(), Failure> {
    check("Name", name, 2, 32, NAME)
}

// Rule: STS-3.
pub(super) fn check_external_id(id: &str) -> Result<(), Failure> {
    check("ExternalId", id, 2, 1224, "+=,.@:/-")
}

// Rule: STS-3.
pub(super) fn check_source_identity(identity: &str) -> Result<(), Failure> {
    check("SourceIdentity", identity, 2, 64, NAME)?;
    // A colon is no character of it, so that no source identity begins with `aws:`.
    Ok(())
}

// Rule: STS-3.
pub(in crate::evaluator) fn check_serial_number(serial: &str) -> Result<(), Failure> {
    check("SerialNumber", serial, 9, 256, "+=/:,.@-")
}

/// Whether a text is a code of a device.
// Rule: STS-3.
pub(in crate::evaluator) fn is_token_code(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())
}

// Rule: STS-3.
pub(super) fn check_length(what: &str, text: &str, least: usize, most: usize) -> Result<(), Failure> {
    let length = text.chars().count();
    if (least..=most).contains(&length) {
        Ok(())
    } else {
        invalid(format!("{what} has {length} characters; it may have {least} to {most}"))
    }
}

/// The account and the name of the role that an ARN names.
// Rule: STS-3.
pub(super) fn check_role_arn(text: &str) -> Result<(), Failure> {
    check_length("RoleArn", text, 20, 2048)?;
    let is_role = Arn::parse(text).is_some_and(|arn| {
        arn.service == "iam"
            && arn.region.is_empty()
            && is_account_id(arn.account)
            && arn.resource.strip_prefix("role/").is_some_and(|rest| !rest.is_empty() && !rest.ends_with('/'))
    });
    if is_role { Ok(()) } else { invalid("RoleArn is no ARN of a role") }
}

/// Tags: how many, of which characters, no key twice.
// Rules: STS-3, KEY-6.
pub(in crate::evaluator) fn check_tags(tags: &[(String, String)], reading: Reading) -> Result<(), Failure> {
    if tags.len() > MOST_TAGS {
        return invalid(format!("{} tags are passed; {MOST_TAGS} may be", tags.len()));
    }
    let mut seen = BTreeSet::new();
    for (key, value) in tags {
        check_tag_text("the key of a tag", key, 1, 128)?;
        check_tag_text("the value of a tag", value, 0, 256)?;
        let folded = key.to_ascii_lowercase();
        if folded.starts_with("aws:") {
            return invalid("the key of a tag may not begin with `aws:`");
        }
        let same = if mistaken!(reading, TagKeysMindCase) { key.clone() } else { folded };
        if !seen.insert(same) {
            return invalid(format!("the tag `{key}` is passed twice"));
        }
    }
    Ok(())
}

/// Letters, numbers and spaces of any script, and a few signs.
fn check_tag_text(what: &str, text: &str, least: usize, most: usize) -> Result<(), Failure> {
    check_length(what, text, least, most)?;
    let is_legal = |c: char| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c);
    match text.chars().find(|c| !is_legal(*c)) {
        Some(character) => invalid(format!("{what} may not have a `{}`", character.escape_debug())),
        None => Ok(()),
    }
}

/// Each transitive key is the key of a tag that is passed too.
// Rule: STS-3.
pub(super) fn check_transitive_keys(keys: &[String], tags: &[(String, String)]) -> Result<(), Failure> {
    if keys.len() > MOST_TAGS {
        return invalid(format!("{} transitive keys are passed; {MOST_TAGS} may be", keys.len()));
    }
    for key in keys {
        check_length("a transitive key", key, 1, 128)?;
        if !tags.iter().any(|(tag, _)| tag.eq_ignore_ascii_case(key)) {
            return invalid(format!("the transitive key `{key}` is no key of a tag that is passed"));
        }
    }
    Ok(())
}

/// Session policies as far as their number and emptiness go; what they say is looked at last.
// Rule: STS-3.
pub(super) fn check_policies(policy: Option<&PolicyText>, arns: &[String]) -> Result<(), Failure> {
    if policy.is_some_and(|policy| policy.0.is_empty()) {
        return invalid("Policy is empty");
    }
    if arns.len() > MOST_POLICY_ARNS {
        return invalid(format!("{} PolicyArns are passed; {MOST_POLICY_ARNS} may be", arns.len()));
    }
    Ok(())
}
