//! Trusts: what each side has on record of the other (DIR-8 to DIR-10).

use super::name::DomainName;

/// What the domain `owner` has on record of the domain `partner`. The partner keeps a record of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustRecord {
    /// Whose record it is.
    pub owner: DomainName,
    /// The domain on the other side.
    pub partner: DomainName,
    /// In which directions, seen from the owner.
    pub direction: TrustDirection,
    /// Between which ends.
    pub extent: TrustExtent,
    /// The trust password, which must be the same on both sides.
    pub password: String,
}

/// The direction of a trust, seen from the side that has it on record (DIR-9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TrustDirection {
    /// The partner trusts the owner: users of the owner may be accepted by the partner.
    Incoming,
    /// The owner trusts the partner: users of the partner may be accepted by the owner.
    Outgoing,
    /// Both.
    TwoWay,
}

/// The two types of trusts (DIR-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TrustExtent {
    /// Between two domains.
    External,
    /// Between the roots of two forests.
    Forest,
}

impl TrustDirection {
    /// Every direction.
    pub const ALL: [TrustDirection; 3] =
        [TrustDirection::Incoming, TrustDirection::Outgoing, TrustDirection::TwoWay];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            TrustDirection::Incoming => "incoming",
            TrustDirection::Outgoing => "outgoing",
            TrustDirection::TwoWay => "two-way",
        }
    }
}

impl TrustExtent {
    /// Both types.
    pub const ALL: [TrustExtent; 2] = [TrustExtent::External, TrustExtent::Forest];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            TrustExtent::External => "external",
            TrustExtent::Forest => "forest",
        }
    }
}
