//! Grant kinds: the ways in which the Principal element of a resource policy can name a caller.

/// How an entry names a caller (PRIN-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GrantKind {
    /// By naming everybody.
    Star,
    /// By naming the account.
    Account,
    /// By naming the user that calls.
    User,
    /// By naming the user behind a federated session.
    Federating,
    /// By naming the role of the session.
    Role,
    /// By naming the role session itself.
    Session,
    /// By naming the federated session itself.
    FederatedUser,
    /// By naming the service.
    Service,
    /// By naming the provider that authenticated an unsigned caller.
    Provider,
}

impl GrantKind {
    /// Every kind.
    pub const ALL: [GrantKind; 9] = [
        GrantKind::Star,
        GrantKind::Account,
        GrantKind::User,
        GrantKind::Federating,
        GrantKind::Role,
        GrantKind::Session,
        GrantKind::FederatedUser,
        GrantKind::Service,
        GrantKind::Provider,
    ];

    /// The word of PRIN-2.
    pub fn name(self) -> &'static str {
        match self {
            GrantKind::Star => "STAR",
            GrantKind::Account => "ACCOUNT",
            GrantKind::User => "USER",
            GrantKind::Federating => "FEDERATING",
            GrantKind::Role => "ROLE",
            GrantKind::Session => "SESSION",
            GrantKind::FederatedUser => "FEDUSER",
            GrantKind::Service => "SERVICE",
            GrantKind::Provider => "PROVIDER",
        }
    }
}

/// A set of grant kinds: `grants` of EVAL-4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Grants(u16);

impl Grants {
    /// No grant.
    pub const NONE: Grants = Grants(0);

    /// Whether nothing is granted.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether one of these kinds is among the grants.
    pub fn any_of(self, kinds: &[GrantKind]) -> bool {
        kinds.iter().any(|kind| self.0 & Grants::from(*kind).0 != 0)
    }

    /// Whether all of these kinds are among the grants.
    pub fn all_of(self, kinds: &[GrantKind]) -> bool {
        kinds.iter().all(|kind| self.any_of(&[*kind]))
    }

    /// The grants of both sets.
    #[must_use]
    pub fn union(self, other: Grants) -> Grants {
        Grants(self.0 | other.0)
    }

    /// The kinds in the set.
    pub fn kinds(self) -> impl Iterator<Item = GrantKind> {
        GrantKind::ALL.into_iter().filter(move |kind| self.any_of(&[*kind]))
    }
}

impl From<GrantKind> for Grants {
    fn from(kind: GrantKind) -> Grants {
        Grants(1 << kind as u16)
    }
}
