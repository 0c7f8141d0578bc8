//! The syntax of names and parameters (GEN-9, STS-3).

use crate::iam::arn::{Arn, is_account_id};

/// Whether the text has so many characters, and each is a letter or digit of ASCII, or one of these.
fn consists_of(text: &str, least: usize, most: usize, others: &str) -> bool {
    let length = text.chars().count();
    (least..=most).contains(&length) && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

/// A name of a user or role.
// Rule: GEN-9.
pub(super) fn is_name(text: &str, most: usize) -> bool {
    consists_of(text, 1, most, "+=,.@_-")
}

/// `/`, or `/…/`.
// Rule: GEN-9.
pub(super) fn is_path(text: &str) -> bool {
    let printable = text.chars().all(|c| ('\u{21}'..='\u{7e}').contains(&c));
    text.starts_with('/') && text.ends_with('/') && text.len() <= 512 && printable
}

/// RoleSessionName, SourceIdentity.
// Rule: STS-3.
pub(super) fn is_session_name(text: &str) -> bool {
    consists_of(text, 2, 64, "_+=,.@-")
}

/// Name of GetFederationToken.
// Rule: STS-3.
pub(super) fn is_federated_name(text: &str) -> bool {
    consists_of(text, 2, 32, "_+=,.@-")
}

/// ExternalId.
// Rule: STS-3.
pub(super) fn is_external_id(text: &str) -> bool {
    consists_of(text, 2, 1_224, "_+=,.@:/-")
}

/// SerialNumber.
// Rule: STS-3.
pub(super) fn is_serial_number(text: &str) -> bool {
    consists_of(text, 9, 256, "_+=/:,.@-")
}

/// TokenCode.
// Rule: STS-3.
pub(super) fn is_token_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// RoleArn.
// Rule: STS-3.
pub(super) fn is_role_arn(text: &str) -> bool {
    let is_role = |arn: Arn<'_>| {
        let named = arn.resource.strip_prefix("role/").is_some_and(|name| !name.is_empty());
        arn.service == "iam" && arn.region.is_empty() && is_account_id(arn.account) && named
    };
    (20..=2_048).contains(&text.chars().count()) && Arn::parse(text).is_some_and(is_role)
}

/// Whether tags may be passed: no more than 50, each with the characters of tags, no key twice.
// Rule: STS-3.
pub(super) fn are_tags(tags: &[(String, String)]) -> bool {
    let of_tags = |text: &str, least: usize, most: usize| {
        let length = text.chars().count();
        let fits = |c: char| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c);
        (least..=most).contains(&length) && text.chars().all(fits)
    };
    let folded: Vec<String> = tags.iter().map(|(key, _)| key.to_ascii_lowercase()).collect();
    let mut distinct = folded.clone();
    distinct.sort();
    distinct.dedup();
    tags.len() <= 50
        && distinct.len() == tags.len()
        && folded.iter().all(|key| !key.starts_with("aws:"))
        && tags.iter().all(|(key, value)| of_tags(key, 1, 128) && of_tags(value, 0, 256))
}

/// Whether these can be TransitiveTagKeys beside these tags.
// Rule: STS-3.
pub(super) fn are_transitive_keys(keys: &[String], tags: &[(String, String)]) -> bool {
    let is_passed = |key: &String| tags.iter().any(|(passed, _)| passed.eq_ignore_ascii_case(key));
    keys.len() <= 50 && keys.iter().all(|key| (1..=128).contains(&key.chars().count()) && is_passed(key))
}
