//! Refusals that come up everywhere, said once.

use super::ground::Party;
use crate::iam::decision::{Decision, Reason};
use crate::iam::directory::{Refusal, Refused};

/// A refusal that no decision about a caller made.
pub(super) fn refused(refusal: Refusal, rule: &'static str, message: impl Into<String>) -> Refused {
    Refused { refusal, reason: None, rule, message: message.into() }
}

/// A ✗ of the table of DIR-35.
// Rule: DIR-35.
pub(super) fn not_supported(party: Party<'_>, what: &str) -> Refused {
    let message = format!("{what} is nothing that {}, `{}`, can do", party.kind(), party.name());
    refused(Refusal::NotSupported, "DIR-35", message)
}

/// Goes on where a decision allows, and refuses with its reason where it does not.
// Rule: DIR-34.
pub(super) fn need_allowed(reason: Reason, action: &str, resource: &str) -> Result<(), Refused> {
    match reason.decision() {
        Decision::Allow => Ok(()),
        Decision::ExplicitDeny | Decision::ImplicitDeny => Err(Refused {
            refusal: Refusal::AccessDenied,
            reason: Some(reason),
            rule: "DIR-34",
            message: format!("the caller may not call `{action}` on `{resource}`"),
        }),
    }
}
