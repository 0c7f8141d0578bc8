//! Facts beside the decisions about sides: who calls, what each layer says by itself, what the resource's policy grants.

use super::LayeredClaim;
use crate::evaluator::{GrantKind, PolicyKind};
use crate::iam::policy::Effect;
use crate::iam::request::{Caller, FederationSource};
use crate::invariants::claim::Claim;

/// A fact of the layers as given, the caller and the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The caller is one of these.
    Caller(Callers),
    /// The credentials hold, the operation needs a permission, and caller and resource are in one partition: so policies decide.
    PoliciesDecide,
    /// Caller and resource are in different partitions.
    OtherPartition,
    /// `SAME`: the caller's account owns the resource.
    SameAccount,
    /// `REQUIRED`: the resource's policy must take part.
    PolicyRequired,
    /// The resource's policy gives this kind of grant.
    Grants(GrantKind),
    /// Grants are of kinds that PRIN-2 has for the caller.
    GrantsFitTheCaller,
    /// There is such a layer.
    Given(PolicyKind),
    /// It binds the request (EVAL-8), if there is one.
    Binds(PolicyKind),
    /// The layer, by itself, has a matching statement of this effect; of levels: every one an Allow, some one a Deny.
    Says(PolicyKind, Effect),
    /// The same of the first level of SCPs.
    FirstLevelSays(Effect),
    /// No policy of the resource or of an endpoint has NotPrincipal, which looks at whether the caller has a boundary (PRIN-10).
    WithoutNotPrincipal,
    /// No policy looks at `aws:TokenIssueTime`.
    SilentOnIssueTime,
}

/// Groups of callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    /// Everybody.
    Any,
    /// Whoever belongs to an account: root, users and sessions.
    OfAnAccount,
    /// Users.
    User,
    /// Sessions of roles.
    RoleSession,
    /// Sessions of service-linked roles.
    ServiceLinked,
    /// Federated sessions.
    Federated,
    /// Federated sessions that a user made.
    FederatedByUser,
    /// Federated sessions that root made.
    FederatedByRoot,
    /// Sessions of either kind.
    Session,
    /// Those behind whom a user or role stands.
    WithEntity,
    /// Root.
    Root,
    /// Services.
    Service,
    /// Nobody.
    Anonymous,
}

impl Callers {
    /// Whether the caller belongs to the group, by the words of GEN-12 and GEN-13.
    pub fn include(self, caller: &Caller) -> bool {
        let root_made = |source: &FederationSource| match source {
            FederationSource::Root => true,
            FederationSource::User(_) | FederationSource::UnnamedUser => false,
        };
        match (self, caller) {
            (Callers::Any, _)
            | (Callers::User, Caller::User(_))
            | (Callers::RoleSession, Caller::RoleSession { .. })
            | (Callers::Federated, Caller::FederatedSession { .. })
            | (Callers::Root, Caller::Root { .. })
            | (Callers::Service, Caller::Service { .. })
            | (Callers::Anonymous, Caller::Anonymous) => true,
            (Callers::OfAnAccount, _) => caller.account().is_some(),
            (Callers::ServiceLinked, Caller::RoleSession { role, .. }) => {
                role.path.starts_with("/aws-service-role/")
            }
            (Callers::Session, Caller::RoleSession { .. } | Caller::FederatedSession { .. }) => true,
            (Callers::WithEntity, Caller::User(_) | Caller::RoleSession { .. }) => true,
            (Callers::FederatedByUser | Callers::WithEntity, Caller::FederatedSession { source, .. }) => {
                !root_made(source)
            }
            (Callers::FederatedByRoot, Caller::FederatedSession { source, .. }) => root_made(source),
            (
                Callers::User
                | Callers::RoleSession
                | Callers::ServiceLinked
                | Callers::Federated
                | Callers::FederatedByUser
                | Callers::FederatedByRoot
                | Callers::Session
                | Callers::WithEntity
                | Callers::Root
                | Callers::Service
                | Callers::Anonymous,
                _,
            ) => false,
        }
    }
}

/// The caller is one of these.
pub(super) fn caller(callers: Callers) -> LayeredClaim {
    Claim::Fact(Fact::Caller(callers))
}

/// Policies decide the request.
pub(super) fn policies_decide() -> LayeredClaim {
    Claim::Fact(Fact::PoliciesDecide)
}

/// `SAME`.
pub(super) fn same_account() -> LayeredClaim {
    Claim::Fact(Fact::SameAccount)
}

/// `¬SAME`.
pub(super) fn other_account() -> LayeredClaim {
    same_account().negated()
}

/// Some Allow of the layer matches; of levels: of every one.
pub(super) fn allows(kind: PolicyKind) -> LayeredClaim {
    Claim::Fact(Fact::Says(kind, Effect::Allow))
}

/// Some Deny of the layer matches.
pub(super) fn denies(kind: PolicyKind) -> LayeredClaim {
    Claim::Fact(Fact::Says(kind, Effect::Deny))
}

/// There is such a layer.
pub(super) fn given(kind: PolicyKind) -> LayeredClaim {
    Claim::Fact(Fact::Given(kind))
}

/// The layer binds the request.
pub(super) fn binds(kind: PolicyKind) -> LayeredClaim {
    Claim::Fact(Fact::Binds(kind))
}

/// The resource's policy gives one of these kinds of grant.
pub(super) fn granted(kinds: &[GrantKind]) -> LayeredClaim {
    Claim::Any(kinds.iter().map(|&kind| Claim::Fact(Fact::Grants(kind))).collect())
}

/// `grants ≠ ∅`.
pub(super) fn granted_somehow() -> LayeredClaim {
    granted(&GrantKind::ALL)
}

/// `DIRECT` of EVAL-10.
pub(super) fn direct() -> LayeredClaim {
    granted(&[GrantKind::Star, GrantKind::User, GrantKind::Session, GrantKind::FederatedUser])
}

/// `ENTITY` of EVAL-10.
pub(super) fn entity() -> LayeredClaim {
    granted(&[GrantKind::Role, GrantKind::Federating])
}

/// `SAME ∧ DIRECT`.
pub(super) fn same_and_direct() -> LayeredClaim {
    Claim::All(vec![same_account(), direct()])
}
