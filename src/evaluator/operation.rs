//! Which operations a credential may call at all, before any policy is read (EVAL-6), and which need no permission.

use super::reading::{Reading, mistaken};
use crate::iam::context::ContextValue;
use crate::iam::decision::Reason;
use crate::iam::key::KeyName;
use crate::iam::request::{Caller, CredentialKind, Request, Validity};

/// Services that take unsigned requests (EVAL-6).
const OPEN_TO_ANONYMOUS: [&[u8]; 3] = [b"s3:", b"sqs:", b"sns:"];

/// What is settled before policies are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// This is the answer.
    As(Reason),
    /// Policies decide.
    Not,
}

/// What the caller's credential and the operation settle by themselves. The action is in lower case.
// Rules: EVAL-5, EVAL-6, STS-43, STS-50, STS-60.
pub(super) fn settle(request: &Request, action: &[u8], key: &MfaKey, reading: Reading) -> Settled {
    if request.credential.validity == Validity::Expired && !mistaken!(reading, ExpiredCredentialsGood) {
        return Settled::As(Reason::DenyExpiredCredentials);
    }
    if let Some(refusal) = refusal(request, action, key, reading) {
        return Settled::As(refusal);
    }
    match action {
        b"sts:getcalleridentity" if mistaken!(reading, CallerIdentityCanBeDenied) => Settled::Not,
        b"sts:getcalleridentity" | b"sts:getsessiontoken" => Settled::As(Reason::AllowNoPermissionRequired),
        _ => Settled::Not,
    }
}

/// The name of `aws:MultiFactorAuthPresent`, made once.
#[derive(Clone, Debug)]
pub(super) struct MfaKey(KeyName);

impl MfaKey {
    pub(super) fn new() -> MfaKey {
        MfaKey(KeyName::new("aws:multifactorauthpresent"))
    }

    /// Whether the credential was obtained with MFA.
    fn is_true(&self, request: &Request) -> bool {
        matches!(request.context.value(&self.0), Some(ContextValue::Single(text)) if text == "true")
    }
}

/// Why the credential may not call the operation, if it may not.
// Rules: EVAL-6, STS-1, STS-12, STS-42, STS-45.
fn refusal(request: &Request, action: &[u8], key: &MfaKey, reading: Reading) -> Option<Reason> {
    let restricted = if mistaken!(reading, CredentialsUnrestricted) {
        None
    } else {
        Some(Reason::DenyCredentialRestriction)
    };
    let is_own = |operation: &[u8]| action == operation || is_companion(action);
    match &request.caller {
        Caller::Anonymous if OPEN_TO_ANONYMOUS.iter().any(|service| action.starts_with(service)) => None,
        Caller::Anonymous => Some(Reason::DenyNotAuthenticated),
        Caller::Saml { .. } | Caller::WebIdentity { .. } if action == b"sts:getcalleridentity" => {
            Some(Reason::DenyNotAuthenticated)
        }
        Caller::Saml { .. } if is_own(b"sts:assumerolewithsaml") => None,
        Caller::WebIdentity { .. } if is_own(b"sts:assumerolewithwebidentity") => None,
        Caller::Saml { .. } | Caller::WebIdentity { .. } => restricted,
        // From here on the caller has signed, and has no assertion or token in the place of a signature.
        _ if is_unsigned_operation(action) => restricted,
        Caller::Root { .. } if action == b"sts:assumerole" && !mistaken!(reading, RootMayAssume) => {
            Some(Reason::DenyRootCannotAssume)
        }
        Caller::Root { .. } | Caller::User(_) => match request.credential.kind {
            CredentialKind::LongTerm => None,
            CredentialKind::SessionToken => {
                let may_call = match family(action) {
                    Family::IamOperation => key.is_true(request),
                    Family::Sts => is_own(b"sts:assumerole") || action == b"sts:getcalleridentity",
                    Family::Other => true,
                };
                if may_call { None } else { restricted }
            }
        },
        Caller::RoleSession { .. } | Caller::Service { .. } if mints_for_long_term(action) => restricted,
        Caller::RoleSession { .. } | Caller::Service { .. } => None,
        Caller::FederatedSession { .. } => {
            let may_call = match family(action) {
                Family::IamOperation => false,
                Family::Sts => action == b"sts:getcalleridentity",
                Family::Other => true,
            };
            if may_call { None } else { restricted }
        }
    }
}

/// The families of actions that credentials are kept from.
enum Family {
    /// An operation of IAM's API; `iam:PassRole` is a permission but no operation.
    IamOperation,
    /// An operation of STS.
    Sts,
    /// Anything else.
    Other,
}

fn family(action: &[u8]) -> Family {
    if action.starts_with(b"iam:") && action != b"iam:passrole" {
        Family::IamOperation
    } else if action.starts_with(b"sts:") {
        Family::Sts
    } else {
        Family::Other
    }
}

/// Whether the action is one of the permissions that go with assuming a role and are no operations of their own (STS-11, STS-39).
fn is_companion(action: &[u8]) -> bool {
    matches!(action, b"sts:tagsession" | b"sts:setsourceidentity")
}

/// Whether the operation takes an assertion or a token in the place of a signature.
fn is_unsigned_operation(action: &[u8]) -> bool {
    matches!(action, b"sts:assumerolewithsaml" | b"sts:assumerolewithwebidentity")
}

/// Whether the operation is for long-term credentials of users and root only.
fn mints_for_long_term(action: &[u8]) -> bool {
    matches!(action, b"sts:getsessiontoken" | b"sts:getfederationtoken")
}
