//! The last step of a decision: from the named booleans of EVAL-10 to the reason, as EVAL-26 has it.
//!
//! What goes in is finite, so this step can be checked exhaustively.

use super::grants::{GrantKind, Grants};
use super::reading::{Reading, mistaken};
use crate::iam::assumption::Alternative;
use crate::iam::decision::{Decision, Reason};

/// What all policies around a request come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Findings {
    /// The first kind of policy, in the order of EVAL-26, of which an applicable one denies.
    pub denied_by: Option<PolicyKind>,
    /// `RCP_OK`: every applicable level of RCPs allows.
    pub rcp_ok: bool,
    /// `SCP_OK`: every applicable level of SCPs allows.
    pub scp_ok: bool,
    /// `VPCE_OK`: there is no endpoint, or its policy allows.
    pub endpoint_ok: bool,
    /// Which lanes the caller may take.
    pub caller: CallerClass,
    /// `SAME`: the caller's account owns the resource.
    pub same_account: bool,
    /// `REQUIRED`: the resource's policy must take part.
    pub policy_required: bool,
    /// `grants` of the resource's policy.
    pub grants: Grants,
    /// `I`: the identity policies allow, or the caller needs none.
    pub identity_allows: bool,
    /// `B`: the boundary allows, or there is none.
    pub boundary_allows: bool,
    /// `S`: the session policies allow, or the caller needs none.
    pub session_allows: bool,
}

/// Kinds of policy, in the order in which EVAL-26 looks for a Deny.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PolicyKind {
    /// Service control policies.
    Scp,
    /// Resource control policies.
    Rcp,
    /// The VPC endpoint's policy.
    Endpoint,
    /// The resource's policy.
    Resource,
    /// Identity policies.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// Session policies.
    Session,
}

/// Callers as the lanes of EVAL-11 to EVAL-19 tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallerClass {
    /// An unsigned request.
    Anonymous,
    /// A service principal.
    Service,
    /// A caller that shows an assertion or token of a provider.
    Provider,
    /// The root user.
    Root,
    /// A user, a role session, or a federated session with a session policy.
    Identity,
    /// A federated session without session policy.
    FederatedWithoutSessionPolicy,
}

impl Findings {
    /// `DIRECT`: a grant names the very principal that signs, or everybody.
    // Rule: EVAL-10.
    pub fn direct(&self) -> bool {
        self.grants.any_of(&[GrantKind::Star, GrantKind::User, GrantKind::Session, GrantKind::FederatedUser])
    }

    /// `ENTITY`: a grant names the role of the session, or the user behind it.
    // Rule: EVAL-10.
    pub fn entity(&self) -> bool {
        self.grants.any_of(&[GrantKind::Role, GrantKind::Federating])
    }

    /// `ACCT`: a grant names the account.
    // Rule: EVAL-10.
    pub fn account(&self) -> bool {
        self.grants.any_of(&[GrantKind::Account])
    }

    /// The reason that follows by the rules.
    pub fn conclude(&self) -> Reason {
        self.conclude_with(Reading::default())
    }

    /// The reason that follows in a given reading.
    // Rules: EVAL-1, EVAL-2, EVAL-5, EVAL-16, EVAL-19, EVAL-20, EVAL-26, EVAL-29, EVAL-30, EVAL-31.
    pub(super) fn conclude_with(&self, reading: Reading) -> Reason {
        if let Some(kind) = self.denied_by {
            let spared = mistaken!(reading, AllowBeforeDeny)
                .then(|| Findings { denied_by: None, ..*self }.conclude_with(Reading::default()));
            return match spared {
                Some(reason) if reason.decision() == Decision::Allow => reason,
                Some(_) | None => kind.explicit_denial(),
            };
        }
        if !self.rcp_ok {
            return Reason::DenyImplicitRcp;
        }
        if !self.scp_ok {
            return Reason::DenyImplicitScp;
        }
        if !self.endpoint_ok {
            return Reason::DenyImplicitVpce;
        }
        let granted_by = |kind, allow| {
            if self.grants.any_of(&[kind, GrantKind::Star]) { allow } else { Reason::DenyImplicitResource }
        };
        match self.caller {
            CallerClass::Anonymous => granted_by(GrantKind::Star, Reason::AllowAnonymous),
            CallerClass::Service => granted_by(GrantKind::Service, Reason::AllowService),
            CallerClass::Provider => granted_by(GrantKind::Provider, Reason::AllowFederated),
            CallerClass::Root if self.same_account => self.root_within_account(reading),
            CallerClass::Root | CallerClass::Identity | CallerClass::FederatedWithoutSessionPolicy => {
                if self.same_account { self.within_account(reading) } else { self.across_accounts(reading) }
            }
        }
    }

    // Rules: EVAL-15, EVAL-18.
    fn root_within_account(&self, reading: Reading) -> Reason {
        let allowed = !self.policy_required || self.account() || self.direct();
        if allowed || mistaken!(reading, RootBypassesEverything) {
            Reason::AllowRoot
        } else {
            Reason::DenyImplicitResource
        }
    }

    // Rules: EVAL-11, EVAL-12, EVAL-13, EVAL-14, EVAL-18, EVAL-26.
    fn within_account(&self, reading: Reading) -> Reason {
        let Findings { identity_allows, boundary_allows, session_allows, policy_required, .. } = *self;
        let limits_allow = boundary_allows && session_allows;
        let direct = self.names_signer(reading)
            && (boundary_allows || !mistaken!(reading, BoundaryLimitsDirectGrant))
            && (session_allows || !mistaken!(reading, SessionPolicyLimitsDirectGrant));
        let direct = direct || (self.account() && mistaken!(reading, AccountGrantIsDirect));
        let direct =
            direct || (self.grants.any_of(&[GrantKind::Role]) && mistaken!(reading, RoleGrantIsDirect));
        let via_entity = self.entity()
            && session_allows
            && (boundary_allows || mistaken!(reading, BoundarySkippedForRoleGrant));
        if direct {
            Reason::AllowResourceDirect
        } else if !policy_required && identity_allows && limits_allow {
            Reason::AllowIdentity
        } else if via_entity {
            Reason::AllowResourceViaEntity
        } else if policy_required && self.account() && identity_allows && limits_allow {
            Reason::AllowAccountDelegation
        } else if policy_required && !self.entity() && !self.account() {
            Reason::DenyImplicitResource
        } else if !identity_allows && !self.entity() {
            Reason::DenyImplicitIdentity
        } else {
            self.limit()
        }
    }

    /// [`Findings::direct`], where `*` may not reach a federated session without session policy.
    // Rules: EVAL-11, OPEN-1.
    fn names_signer(&self, reading: Reading) -> bool {
        match self.caller {
            CallerClass::FederatedWithoutSessionPolicy if reading.takes(Alternative::StarMissesFederated) => {
                self.grants.any_of(&[GrantKind::User, GrantKind::Session, GrantKind::FederatedUser])
            }
            CallerClass::FederatedWithoutSessionPolicy
            | CallerClass::Identity
            | CallerClass::Root
            | CallerClass::Anonymous
            | CallerClass::Service
            | CallerClass::Provider => self.direct(),
        }
    }

    // Rules: EVAL-17, EVAL-18, EVAL-26.
    fn across_accounts(&self, reading: Reading) -> Reason {
        let limits_allow = self.boundary_allows && self.session_allows;
        let identity_allows = self.identity_allows || mistaken!(reading, CrossAccountNeedsNoIdentity);
        if self.grants.is_empty() {
            Reason::DenyImplicitResource
        } else if self.direct() && mistaken!(reading, CrossAccountDirectGrantSuffices) {
            Reason::AllowResourceDirect
        } else if identity_allows && limits_allow {
            Reason::AllowCrossAccount
        } else if !identity_allows {
            Reason::DenyImplicitIdentity
        } else {
            self.limit()
        }
    }

    /// Which of the caller's limits refuses.
    // Rules: EVAL-14, EVAL-26.
    fn limit(&self) -> Reason {
        if !self.boundary_allows {
            Reason::DenyImplicitBoundary
        } else if self.caller == CallerClass::FederatedWithoutSessionPolicy {
            Reason::DenyImplicitNoSessionPolicy
        } else {
            Reason::DenyImplicitSession
        }
    }
}

impl PolicyKind {
    /// The reason of a Deny in such a policy.
    // Rule: EVAL-30.
    pub(super) fn explicit_denial(self) -> Reason {
        match self {
            PolicyKind::Scp => Reason::DenyExplicitScp,
            PolicyKind::Rcp => Reason::DenyExplicitRcp,
            PolicyKind::Endpoint => Reason::DenyExplicitVpce,
            PolicyKind::Resource => Reason::DenyExplicitResource,
            PolicyKind::Identity => Reason::DenyExplicitIdentity,
            PolicyKind::Boundary => Reason::DenyExplicitBoundary,
            PolicyKind::Session => Reason::DenyExplicitSession,
        }
    }
}
