//! Documents to vary: each function makes a text that is legal as it stands.

/// A document of version 2012-10-17 with one statement, given by its members.
pub(super) fn with_statement(members: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": {{{members}}}}}"#)
}

/// A policy for an identity that allows everything, with more members in its statement.
pub(super) fn allow(more: &str) -> String {
    let comma = if more.is_empty() { "" } else { ", " };
    with_statement(&format!(r#""Effect": "Allow", "Action": "*", "Resource": "*"{comma}{more}"#))
}

/// The same with this Condition.
pub(super) fn allow_if(condition: &str) -> String {
    allow(&format!(r#""Condition": {{{condition}}}"#))
}

/// A policy for a resource that denies everybody everything in S3, with more members in its statement.
pub(super) fn deny(more: &str) -> String {
    with_statement(&format!(
        r#""Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", {more}"#
    ))
}

/// The same for the principals given by a member.
pub(super) fn deny_to(principal: &str) -> String {
    with_statement(&format!(r#""Effect": "Deny", "Action": "s3:*", "Resource": "*", {principal}"#))
}

/// A policy for a role that lets an account assume it, with these members in its statement.
pub(super) fn trust(principal: &str, action: &str) -> String {
    with_statement(&format!(r#""Effect": "Allow", {principal}, {action}"#))
}

/// The document with another member at its top.
pub(super) fn with_top(member: &str, document: &str) -> String {
    document.replacen('{', &format!("{{{member}, "), 1)
}
