//! What happens without anybody calling.

use super::PolicyText;

/// Something that nobody calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Time passes.
    Wait,
    /// AWS gives one of its managed policies a new version (POL-7).
    AwsChangesPolicy {
        /// The ARN of the policy.
        policy: String,
        /// The new document.
        document: PolicyText,
    },
    /// A service takes up the role that a resource of its own was handed, and gives the resource a session (PASS-8, STS-25).
    RoleTakenUp {
        /// The ARN of the resource, such as a function or an instance.
        resource: String,
        /// The session name; an instance's is its id (STS-6).
        session_name: String,
        /// How long the service wants the session to last.
        duration_seconds: Option<i128>,
    },
}
