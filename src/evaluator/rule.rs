//! Which rule of `docs/semantics.md` decides, by the reason and what it rests on.

use super::conclusion::{CallerClass, Findings};
use crate::iam::decision::Reason;
use crate::iam::request::{Caller, Request};

/// The id of the rule that led to a reason.
pub(super) fn deciding(reason: Reason, findings: &Findings, request: &Request) -> &'static str {
    let within_or_across = |within: &'static str| if findings.same_account { within } else { "EVAL-17" };
    match reason {
        Reason::AllowIdentity => "EVAL-13",
        Reason::AllowResourceDirect => "EVAL-11",
        Reason::AllowResourceViaEntity => "EVAL-12",
        Reason::AllowAccountDelegation => "EVAL-18",
        Reason::AllowCrossAccount => "EVAL-17",
        Reason::AllowRoot => "EVAL-15",
        Reason::AllowService | Reason::AllowFederated => "EVAL-19",
        Reason::AllowAnonymous => "EVAL-16",
        Reason::AllowNoPermissionRequired => {
            if request.action.eq_ignore_ascii_case("sts:GetSessionToken") {
                "STS-43"
            } else {
                "STS-50"
            }
        }
        Reason::DenyExplicitScp
        | Reason::DenyExplicitRcp
        | Reason::DenyExplicitVpce
        | Reason::DenyExplicitResource
        | Reason::DenyExplicitIdentity
        | Reason::DenyExplicitBoundary
        | Reason::DenyExplicitSession => "EVAL-1",
        Reason::DenyImplicitRcp => "EVAL-22",
        Reason::DenyImplicitScp => "EVAL-21",
        Reason::DenyImplicitVpce => "EVAL-24",
        Reason::DenyImplicitResource => match findings.caller {
            CallerClass::Anonymous => "EVAL-16",
            CallerClass::Service | CallerClass::Provider => "EVAL-19",
            CallerClass::Root => within_or_across("EVAL-15"),
            CallerClass::Identity | CallerClass::FederatedWithoutSessionPolicy => within_or_across("EVAL-18"),
        },
        Reason::DenyImplicitIdentity if findings.policy_required => within_or_across("EVAL-18"),
        Reason::DenyImplicitIdentity => within_or_across("EVAL-13"),
        Reason::DenyImplicitBoundary | Reason::DenyImplicitSession => {
            within_or_across(if findings.entity() { "EVAL-12" } else { "EVAL-13" })
        }
        Reason::DenyImplicitNoSessionPolicy => "EVAL-14",
        Reason::DenyNotAuthenticated | Reason::DenyInactiveCredentials => "EVAL-6",
        Reason::DenyExpiredCredentials => "STS-60",
        Reason::DenyPrincipalGone => "STS-63",
        Reason::DenyCredentialRestriction => match &request.caller {
            Caller::Root { .. } | Caller::User(_) => "STS-42",
            Caller::FederatedSession { .. } => "STS-45",
            Caller::RoleSession { .. }
            | Caller::Service { .. }
            | Caller::Saml { .. }
            | Caller::WebIdentity { .. }
            | Caller::Anonymous => "EVAL-6",
        },
        Reason::DenyRootCannotAssume => "STS-12",
        Reason::DenyPartition => "EVAL-9",
        Reason::DenyCrossAccountPass => "PASS-3",
    }
}
