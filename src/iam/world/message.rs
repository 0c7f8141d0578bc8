//! What a denial leaves behind: an encoded message, and what it says once it is decoded (STS-56).

use crate::iam::context::Context;
use crate::iam::instant::Instant;
use crate::iam::layers::StatementPlace;
use crate::iam::policy::Statement;

/// A message that a denial yielded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The encoded text.
    pub encoded: String,
    /// The instant of the denial.
    pub issued: Instant,
    /// What it says.
    pub content: DecodedMessage,
}

/// What a message says of the request that was denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedMessage {
    /// Whether a Deny statement decided.
    pub explicit_deny: bool,
    /// The Deny statements that match; none where nothing but the absence of an Allow decided.
    pub matched_statements: Vec<MatchedStatement>,
    /// The unique id of the caller, as `aws:userid` has it.
    pub principal_id: String,
    /// The friendly name, for a user.
    pub principal_name: Option<String>,
    /// The ARN of the caller.
    pub principal_arn: String,
    /// The action that was denied.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// The context of the request.
    pub conditions: Context,
}

/// A Deny statement that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedStatement {
    /// Where it stands among the policies around the request.
    pub place: StatementPlace,
    /// The statement.
    pub statement: Statement,
}
