//! Resources that are no IAM entities, and VPC endpoints.

use crate::iam::policy::Policy;
use crate::iam::request::ResourcePolicyMark;
use crate::iam::tags::Tags;

/// A bucket, a queue, a key, a function, …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The account that owns it.
    pub account: String,
    /// Its policy.
    pub policy: Option<Policy>,
    /// Its tags.
    pub tags: Tags,
    /// Whether its policy must take part in every grant (GRAM-26).
    pub policy_mark: ResourcePolicyMark,
    /// The role that was handed to it.
    pub passed_role: Option<PassedRole>,
}

/// A role that a resource, such as a function, was handed (PASS-8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedRole {
    /// The account of the role, which is that of the resource.
    pub account: String,
    /// The unique id of the role.
    pub role: String,
    /// The service that assumes it, such as `lambda.amazonaws.com`.
    pub service: String,
}

/// A VPC endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The account that owns it.
    pub account: String,
    /// Its VPC.
    pub vpc: Option<String>,
    /// Its policy; without one it allows everything.
    pub policy: Option<Policy>,
}
