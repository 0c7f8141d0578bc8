//! The answers of a decision: allow or one of two denials, with the reason codes of EVAL-30.

use std::fmt;

/// The answer to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    /// The request is allowed.
    Allow,
    /// A Deny statement refuses it.
    ExplicitDeny,
    /// Nothing allows it, or its credentials or structure rule it out.
    ImplicitDeny,
}

impl Decision {
    /// The name in files: `allow`, `explicit-deny`, `implicit-deny`.
    pub fn name(self) -> &'static str {
        match self {
            Decision::Allow => "allow",
            Decision::ExplicitDeny => "explicit-deny",
            Decision::ImplicitDeny => "implicit-deny",
        }
    }

    /// The decision with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Decision> {
        [Decision::Allow, Decision::ExplicitDeny, Decision::ImplicitDeny]
            .into_iter()
            .find(|decision| decision.name() == name)
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! reasons {
    ($($name:ident $code:literal $decision:ident),+ $(,)?) => {
        /// A reason code of EVAL-30.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason {
            $(#[doc = concat!("`", $code, "`.")] $name),+
        }

        impl Reason {
            /// Every reason, in the order of EVAL-30.
            pub const ALL: &[Reason] = &[$(Reason::$name),+];

            /// The code as EVAL-30 spells it.
            pub fn code(self) -> &'static str {
                match self {
                    $(Reason::$name => $code),+
                }
            }

            /// The decision that a reason belongs to.
            pub fn decision(self) -> Decision {
                match self {
                    $(Reason::$name => Decision::$decision),+
                }
            }
        }
    };
}

reasons! {
    AllowIdentity "ALLOW_IDENTITY" Allow,
    AllowResourceDirect "ALLOW_RESOURCE_DIRECT" Allow,
    AllowResourceViaEntity "ALLOW_RESOURCE_VIA_ENTITY" Allow,
    AllowAccountDelegation "ALLOW_ACCOUNT_DELEGATION" Allow,
    AllowCrossAccount "ALLOW_CROSS_ACCOUNT" Allow,
    AllowRoot "ALLOW_ROOT" Allow,
    AllowService "ALLOW_SERVICE" Allow,
    AllowFederated "ALLOW_FEDERATED" Allow,
    AllowAnonymous "ALLOW_ANONYMOUS" Allow,
    AllowNoPermissionRequired "ALLOW_NO_PERMISSION_REQUIRED" Allow,
    DenyExplicitScp "DENY_EXPLICIT_SCP" ExplicitDeny,
    DenyExplicitRcp "DENY_EXPLICIT_RCP" ExplicitDeny,
    DenyExplicitVpce "DENY_EXPLICIT_VPCE" ExplicitDeny,
    DenyExplicitResource "DENY_EXPLICIT_RESOURCE" ExplicitDeny,
    DenyExplicitIdentity "DENY_EXPLICIT_IDENTITY" ExplicitDeny,
    DenyExplicitBoundary "DENY_EXPLICIT_BOUNDARY" ExplicitDeny,
    DenyExplicitSession "DENY_EXPLICIT_SESSION" ExplicitDeny,
    DenyImplicitRcp "DENY_IMPLICIT_RCP" ImplicitDeny,
    DenyImplicitScp "DENY_IMPLICIT_SCP" ImplicitDeny,
    DenyImplicitVpce "DENY_IMPLICIT_VPCE" ImplicitDeny,
    DenyImplicitResource "DENY_IMPLICIT_RESOURCE" ImplicitDeny,
    DenyImplicitIdentity "DENY_IMPLICIT_IDENTITY" ImplicitDeny,
    DenyImplicitBoundary "DENY_IMPLICIT_BOUNDARY" ImplicitDeny,
    DenyImplicitSession "DENY_IMPLICIT_SESSION" ImplicitDeny,
    DenyImplicitNoSessionPolicy "DENY_IMPLICIT_NO_SESSION_POLICY" ImplicitDeny,
    DenyNotAuthenticated "DENY_NOT_AUTHENTICATED" ImplicitDeny,
    DenyExpiredCredentials "DENY_EXPIRED_CREDENTIALS" ImplicitDeny,
    DenyInactiveCredentials "DENY_INACTIVE_CREDENTIALS" ImplicitDeny,
    DenyPrincipalGone "DENY_PRINCIPAL_GONE" ImplicitDeny,
    DenyCredentialRestriction "DENY_CREDENTIAL_RESTRICTION" ImplicitDeny,
    DenyRootCannotAssume "DENY_ROOT_CANNOT_ASSUME" ImplicitDeny,
    DenyPartition "DENY_PARTITION" ImplicitDeny,
    DenyCrossAccountPass "DENY_CROSS_ACCOUNT_PASS" ImplicitDeny,
}

impl Reason {
    /// The reason with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Reason> {
        Reason::ALL.iter().copied().find(|reason| reason.code() == code)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
