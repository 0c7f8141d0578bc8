//! What a directory asks of the accounts around it: may the caller do this, and what of that role?
//!
//! Directories decide no policy. Whoever interprets the whole world answers these questions from it, for the step at hand.

use crate::iam::decision::Reason;

/// The accounts around directories, as one step sees them.
pub trait AccountSide {
    /// The account in whose name the step is called; `None` for services and unsigned calls.
    fn caller(&self) -> Option<CallerAccount>;

    /// Decides a request of the step's caller.
    fn decide(&self, call: &Call<'_>) -> Reason;

    /// Why the caller's credentials do not hold, where they do not (EVAL-6).
    fn credentials_fail(&self) -> Option<Reason> {
        None
    }

    /// The role with this ARN.
    fn role(&self, arn: &str) -> Option<RoleFacts>;

    /// Decides `sts:AssumeRole` of the caller `ds.amazonaws.com` on this role: EVAL, the role's trust policy included.
    fn decide_for_directory_service(&self, role: &str) -> Reason;
}

/// The account in whose name a step is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerAccount {
    /// Its partition.
    pub partition: String,
    /// Its id.
    pub account: String,
}

/// A request of the step's caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// `service:Name`.
    pub action: &'a str,
    /// An ARN, or `*`.
    pub resource: &'a str,
    /// The account that owns the resource; `None` where there is none yet.
    pub owner: Option<&'a str>,
    /// `iam:PassedToService`, and the resource that receives the role (PASS-4).
    pub passing: Option<PassingTo<'a>>,
}

/// To whom a role is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassingTo<'a> {
    /// The service.
    pub service: &'a str,
    /// The ARN of the resource that receives it.
    pub resource: &'a str,
}

/// What a directory wants to know of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleFacts {
    /// The account that it is in.
    pub account: String,
    /// Who made it.
    pub maker: RoleMaker,
}

/// Who made a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleMaker {
    /// The account.
    Account,
    /// A service: a service-linked role (GEN-13).
    Service,
}

/// The service principal of directories.
pub const DIRECTORY_SERVICE: &str = "ds.amazonaws.com";
