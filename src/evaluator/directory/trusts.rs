//! Who trusts whom (DIR-8 to DIR-13), and what follows from it: who hands logons to whom (DIR-17), and who looks up whom (DIR-18).

use super::ground::{Ground, Party};
use super::reading::errs;
use crate::iam::directory::{DomainName, TrustDirection, TrustExtent, TrustRecord};

impl<'w> Ground<'w> {
    /// `accepts(d, X)`: the directory may hand a logon of a user at home in X to X's controllers.
    // Rules: DIR-17, DIR-20, DIR-21.
    pub(super) fn accepts(self, party: Party<'w>, home: &DomainName) -> bool {
        match party {
            Party::OnPremises(domain) | Party::Managed { domain, .. } => self.trusts(&domain.name, home),
            Party::Connector { target, .. } => {
                *target == *home || errs!(self.reading, ConnectorFollowsForest) && self.trusts(target, home)
            }
            Party::Simple { domain, .. } => domain.name == *home,
        }
    }

    /// `looks_up(d, X)`: the directory can list and read the users and groups of X.
    // Rules: DIR-18, DIR-20, DIR-21.
    pub(super) fn looks_up(self, party: Party<'w>, other: &DomainName) -> bool {
        match party {
            Party::OnPremises(domain) | Party::Managed { domain, .. } => {
                let back = errs!(self.reading, OneWayTrustLooksUp) || self.trusts(other, &domain.name);
                self.trusts(&domain.name, other) && back
            }
            Party::Connector { target, .. } => *target == *other,
            Party::Simple { domain, .. } => {
                domain.name == *other
                    || errs!(self.reading, SimpleLooksUpOthers) && self.on_premises(other).is_some()
            }
        }
    }

    /// `trusts(A, B)`, within a forest or by one trust and never two; a domain trusts itself.
    // Rules: DIR-12, DIR-13.
    pub(super) fn trusts(self, one: &DomainName, other: &DomainName) -> bool {
        if self.trusts_at_once(one, other) {
            return true;
        }
        errs!(self.reading, TrustIsTransitive)
            && self.directories.domains().any(|between| {
                self.trusts_at_once(one, &between.name) && self.trusts_at_once(&between.name, other)
            })
    }

    fn trusts_at_once(self, one: &DomainName, other: &DomainName) -> bool {
        let (Some(root), Some(other_root)) = (self.forest_root(one), self.forest_root(other)) else {
            return false;
        };
        if root == other_root {
            return one == other || !errs!(self.reading, ForestDoesNotTrustItself);
        }
        if self.outgoing(one, other, TrustExtent::External) {
            return true;
        }
        if errs!(self.reading, ForestTrustCoversRoots) && (one != root || other != other_root) {
            return false;
        }
        if errs!(self.reading, ExternalTrustCoversForests) && self.external_between(root, other_root) {
            return true;
        }
        self.outgoing(root, other_root, TrustExtent::Forest)
    }

    /// Whether some domain of one forest trusts some domain of the other by an external trust.
    fn external_between(self, root: &DomainName, other_root: &DomainName) -> bool {
        self.directories.trusts.iter().any(|record| {
            self.forest_root(&record.owner) == Some(root)
                && self.forest_root(&record.partner) == Some(other_root)
                && self.outgoing(&record.owner, &record.partner, TrustExtent::External)
        })
    }

    /// The root of the forest that a domain is in; each directory that AWS keeps is a forest of its own.
    // Rules: DIR-1, DIR-4.
    pub(super) fn forest_root(self, name: &DomainName) -> Option<&'w DomainName> {
        let forest = self.directories.forests.iter().find(|forest| {
            let mut domains = forest.domains();
            domains.any(|domain| domain.name == *name)
        });
        match forest {
            Some(forest) => Some(&forest.root.root.name),
            None => self.party_of_domain(name).and_then(Party::own_domain).map(|domain| &domain.name),
        }
    }

    /// Whether the two records of this type make `one` trust `other`.
    // Rules: DIR-8, DIR-9, DIR-10.
    fn outgoing(self, one: &DomainName, other: &DomainName, extent: TrustExtent) -> bool {
        if !(self.may_trust(one) && self.may_trust(other)) {
            return false;
        }
        let Some(record) = self.directories.trust_record(one, other).filter(|record| record.extent == extent)
        else {
            return false;
        };
        let is_complemented = match self.directories.trust_record(other, one) {
            Some(facing) => self.are_complementary(record, facing),
            None => errs!(self.reading, OneRecordSuffices),
        };
        is_complemented
            && match record.direction {
                TrustDirection::Outgoing => !errs!(self.reading, TrustUsedBackwards),
                TrustDirection::Incoming => errs!(self.reading, TrustUsedBackwards),
                TrustDirection::TwoWay => true,
            }
    }

    // Rule: DIR-10.
    fn are_complementary(self, record: &TrustRecord, facing: &TrustRecord) -> bool {
        use TrustDirection::{Incoming, Outgoing, TwoWay};
        let directions_fit = match (record.direction, facing.direction) {
            (Outgoing, Incoming) | (Incoming, Outgoing) | (TwoWay, TwoWay) => true,
            (TwoWay, Incoming) | (Outgoing, TwoWay) => errs!(self.reading, HalfOfATwoWayTrust),
            (Outgoing, Outgoing) | (Incoming, Incoming | TwoWay) | (TwoWay, Outgoing) => false,
        };
        directions_fit
            && (record.extent == facing.extent || errs!(self.reading, TrustTypeIgnored))
            && (record.password == facing.password || errs!(self.reading, TrustPasswordIgnored))
    }

    /// Whether a domain can have trusts at all: those on premises and those of managed directories can.
    // Rules: DIR-8, DIR-21.
    pub(super) fn may_trust(self, name: &DomainName) -> bool {
        match self.party_of_domain(name) {
            Some(Party::OnPremises(_) | Party::Managed { .. }) => true,
            Some(Party::Simple { .. }) => errs!(self.reading, SimpleJoinsTrust),
            Some(Party::Connector { .. }) | None => false,
        }
    }

    /// Whether the outgoing direction of this record has its effect.
    // Rule: DIR-14.
    pub(super) fn outgoing_works(self, record: &TrustRecord) -> bool {
        let has_roots = self.forest_root(&record.owner) == Some(&record.owner)
            && self.forest_root(&record.partner) == Some(&record.partner);
        (record.extent == TrustExtent::External || has_roots)
            && self.outgoing(&record.owner, &record.partner, record.extent)
    }
}
