//! Where an account hangs in its organization: the control policies above it, and the keys that name its place.

use crate::iam::policy::Policy;
use crate::iam::world::{Attachments, Organization, Switch, Unit, World};

/// An account's place in its organization.
pub(super) struct Membership<'w> {
    /// The organization's id.
    pub(super) id: &'w str,
    organization: &'w Organization,
    account: &'w str,
    /// What is attached at each node from the root to the account.
    levels: Vec<&'w Attachments>,
    /// The ids of the units from the root to the one that the account hangs at.
    units: Vec<&'w str>,
}

/// A kind of control policies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Control {
    Scps,
    Rcps,
}

impl<'w> Membership<'w> {
    /// The account's organization, if it is in one.
    pub(super) fn of(world: &'w World, account: &str) -> Option<Membership<'w>> {
        world.organizations.iter().find_map(|(id, organization)| {
            let mut levels = Vec::new();
            let mut units = Vec::new();
            let account = descend(&organization.root, account, &mut levels, &mut units)?;
            Some(Membership { id, organization, account, levels, units })
        })
    }

    /// The levels of control policies over the account; none for the management account, and where this kind is off.
    // Rules: EVAL-8, EVAL-25.
    pub(super) fn levels(&self, control: Control) -> Option<Vec<Vec<Policy>>> {
        let switch = match control {
            Control::Scps => self.organization.scps,
            Control::Rcps => self.organization.rcps,
        };
        if switch == Switch::Off || self.account == self.organization.management_account {
            return None;
        }
        let level = |attached: &&Attachments| match control {
            Control::Scps => attached.scps.clone(),
            Control::Rcps => attached.rcps.clone(),
        };
        Some(self.levels.iter().map(level).collect())
    }

    /// The element of `aws:PrincipalOrgPaths`: `o-…/r-…/ou-…/…/`.
    // Rule: KEY-4.
    pub(super) fn path(&self) -> String {
        let mut path = format!("{}/", self.id);
        for unit in &self.units {
            path.push_str(unit);
            path.push('/');
        }
        path
    }
}

/// Looks for an account below a unit. What is on the way to it is kept. The depth is bounded by that of a world (GEN-4).
fn descend<'w>(
    unit: &'w Unit,
    account: &str,
    levels: &mut Vec<&'w Attachments>,
    units: &mut Vec<&'w str>,
) -> Option<&'w str> {
    levels.push(&unit.attached);
    units.push(&unit.id);
    if let Some((id, attached)) = unit.accounts.get_key_value(account) {
        levels.push(attached);
        return Some(id);
    }
    if levels.len() <= crate::iam::world::DEEPEST_UNIT {
        for inner in &unit.units {
            if let Some(id) = descend(inner, account, levels, units) {
                return Some(id);
            }
        }
    }
    levels.pop();
    units.pop();
    None
}
