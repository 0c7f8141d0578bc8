//! Handing a role to a service, as a relation: the accounts of who takes part, and what has to be allowed (section 6).
//!
//! Accounts are integers: all that matters of two of them is whether they are the same. Decisions are flags, as in [`super::sts`].

use super::checks::{Checks, equal};
use crate::solver::formula::{Formula, Formulas, IntegerVariable};

/// A call that hands a role to a service.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// The credentials hold (EVAL-6).
    pub credentials_hold: Formula,
    /// The caller belongs to an account.
    pub has_account: Formula,
    /// The caller's account.
    pub caller: IntegerVariable,
    /// The account of the resource that receives the role.
    pub receiver: IntegerVariable,
    /// The role's account.
    pub role: IntegerVariable,
    /// The call's own action is allowed on the receiving resource.
    pub permitted: Formula,
    /// `iam:PassRole` is allowed on the role.
    pub may_pass: Formula,
    /// The role's trust policy allows the service to assume it.
    pub trusted: Formula,
}

/// What comes of such a call.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Holds iff the resource has the role now.
    pub handed_over: Formula,
    /// Holds iff the credentials are refused.
    pub no_credentials: Formula,
    /// Holds iff it is refused with `DENY_CROSS_ACCOUNT_PASS`.
    pub other_account: Formula,
    /// Holds iff a decision refuses it.
    pub denied: Formula,
}

impl Pass {
    /// Any call.
    pub fn free(formulas: &mut Formulas) -> Pass {
        let flag = |formulas: &mut Formulas, what: &str| {
            let flag = formulas.new_flag(what);
            formulas.flag(flag)
        };
        Pass {
            credentials_hold: flag(formulas, "the credentials hold"),
            has_account: flag(formulas, "the caller belongs to an account"),
            caller: formulas.new_integer("the caller's account"),
            receiver: formulas.new_integer("the receiving resource's account"),
            role: formulas.new_integer("the role's account"),
            permitted: flag(formulas, "the call is allowed on the resource"),
            may_pass: flag(formulas, "iam:PassRole is allowed on the role"),
            trusted: flag(formulas, "the role trusts the service"),
        }
    }
}

/// The outcome of a call.
// Rules: PASS-1, PASS-2, PASS-3, PASS-6.
pub fn pass(formulas: &mut Formulas, call: &Pass) -> Outcome {
    let receiver = equal(formulas, call.caller, call.receiver);
    let role = equal(formulas, call.caller, call.role);
    let together = formulas.and([call.has_account, receiver, role]);
    let mut checks = Checks::new(formulas);
    let missing = checks.formulas.not(call.credentials_hold);
    let no_credentials = checks.fails(missing);
    let apart = checks.formulas.not(together);
    let other_account = checks.fails(apart);
    let allowed = checks.formulas.and([call.permitted, call.may_pass, call.trusted]);
    let not_allowed = checks.formulas.not(allowed);
    let denied = checks.fails(not_allowed);
    Outcome { handed_over: checks.open, no_credentials, other_account, denied }
}
