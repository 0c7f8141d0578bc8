//! Calls that hand a role to a service (PASS-1).

/// A call that hands a role to a service, such as `lambda:CreateFunction`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passing {
    /// The action of the call itself.
    pub action: String,
    /// The resource that receives the role, and that the call itself is authorised against.
    pub resource: String,
    /// What is handed over.
    pub passed: Passed,
    /// The service that will assume the role, such as `lambda.amazonaws.com`.
    pub service: String,
    /// Whether the service tells IAM its name: the key `iam:PassedToService` (section 14, PASS-4).
    pub passed_to_service: PassedToService,
}

/// What is handed over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Passed {
    /// The role with this ARN.
    Role(String),
    /// The role of the instance profile with this ARN (PASS-9).
    InstanceProfile(String),
}

/// Whether the receiving service supports `iam:PassedToService`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PassedToService {
    /// It does, as most do.
    #[default]
    Told,
    /// The key is absent.
    Untold,
}
