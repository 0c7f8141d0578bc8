//! What lies around a request in a world: control policies on the way from an organization's root, the endpoint, and the keys that follow
//! from them (GEN-4, EVAL-8, KEY-4).

use super::acting::single;
use crate::iam::context::ContextValue;
use crate::iam::policy::Policy;
use crate::iam::world::{Attachments, Organization, Switch, Unit, World};

/// The way from an organization's root down to one of its accounts.
pub(super) struct Way<'w> {
    id: &'w str,
    organization: &'w Organization,
    units: Vec<&'w str>,
    attached: Vec<&'w Attachments>,
    is_management: bool,
}

/// The way to an account, if it is in an organization.
// Rule: GEN-4.
pub(super) fn way<'w>(world: &'w World, account: &str) -> Option<Way<'w>> {
    world.organizations.iter().find_map(|(id, organization)| {
        let mut way = Way {
            id,
            organization,
            units: Vec::new(),
            attached: Vec::new(),
            is_management: organization.management_account == account,
        };
        descend(&organization.root, account, &mut way).then_some(way)
    })
}

fn descend<'w>(unit: &'w Unit, account: &str, way: &mut Way<'w>) -> bool {
    way.units.push(&unit.id);
    way.attached.push(&unit.attached);
    if let Some(attached) = unit.accounts.get(account) {
        way.attached.push(attached);
        return true;
    }
    if unit.units.iter().any(|below| descend(below, account, way)) {
        return true;
    }
    way.units.pop();
    way.attached.pop();
    false
}

impl Way<'_> {
    /// The levels of SCPs that bind principals of the account.
    // Rules: EVAL-8, EVAL-21.
    pub(super) fn scps(&self) -> Option<Vec<Vec<Policy>>> {
        let bind = !self.is_management && self.organization.scps == Switch::On;
        bind.then(|| self.attached.iter().map(|attached| attached.scps.clone()).collect())
    }

    /// The levels of RCPs that protect resources of the account.
    // Rules: EVAL-8, EVAL-22.
    pub(super) fn rcps(&self) -> Option<Vec<Vec<Policy>>> {
        let bind = !self.is_management && self.organization.rcps == Switch::On;
        bind.then(|| self.attached.iter().map(|attached| attached.rcps.clone()).collect())
    }

    /// `aws:PrincipalOrgID` and `aws:PrincipalOrgPaths`, or their twins of another prefix.
    // Rule: KEY-4.
    pub(super) fn keys(&self, prefix: &str) -> [(String, ContextValue); 2] {
        let mut path = format!("{}/", self.id);
        for unit in &self.units {
            path.push_str(unit);
            path.push('/');
        }
        [
            single(format!("aws:{prefix}OrgID"), self.id),
            (format!("aws:{prefix}OrgPaths"), ContextValue::Many(vec![path])),
        ]
    }
}
