//! What each kind of directory can do (DIR-35), row by row; what it cannot is refused with `DIR_NOT_SUPPORTED`.

use super::ground::{Ground, Party};
use super::reading::errs;
use super::refuse::not_supported;
use crate::iam::directory::{AwsDirectory, Capability, Domain, LdapsSide, Refused};

impl<'w> Ground<'w> {
    /// The domain that a directory stores: the row "stores users, groups, computers".
    // Rules: DIR-4, DIR-35.
    pub(super) fn need_store(self, party: Party<'w>, what: &str) -> Result<&'w Domain, Refused> {
        match party {
            Party::OnPremises(domain) | Party::Managed { domain, .. } | Party::Simple { domain, .. } => {
                Ok(domain)
            }
            Party::Connector { target, .. } => match self.on_premises(target) {
                Some(domain) if errs!(self.reading, ConnectorStoresUsers) => Ok(domain),
                Some(_) | None => Err(not_supported(party, what)),
            },
        }
    }

    /// The domain whose trusts these are: the row "CreateTrust".
    // Rules: DIR-8, DIR-35.
    pub(super) fn need_trusts(self, party: Party<'w>) -> Result<&'w Domain, Refused> {
        match party {
            Party::OnPremises(domain) | Party::Managed { domain, .. } => Ok(domain),
            Party::Simple { domain, .. } if errs!(self.reading, SimpleJoinsTrust) => Ok(domain),
            Party::Connector { .. } | Party::Simple { .. } => Err(not_supported(party, "a trust")),
        }
    }

    /// The row "RADIUS MFA".
    // Rules: DIR-24, DIR-35.
    pub(super) fn need_radius(self, party: Party<'w>) -> Result<&'w AwsDirectory, Refused> {
        match party {
            Party::Managed { directory, .. } | Party::Connector { directory, .. } => Ok(directory),
            Party::Simple { directory, .. } if errs!(self.reading, RadiusOnSimple) => Ok(directory),
            Party::OnPremises(_) | Party::Simple { .. } => {
                Err(not_supported(party, "multi-factor authentication"))
            }
        }
    }

    /// The row "console sign-in and role assignment", and whatever else AWS keeps of its own directories alone.
    // Rules: DIR-6, DIR-35.
    pub(super) fn need_aws(self, party: Party<'w>, what: &str) -> Result<&'w AwsDirectory, Refused> {
        party.directory().ok_or_else(|| not_supported(party, what))
    }

    /// The rows of what has no effect on logons and lookups.
    // Rule: DIR-35.
    pub(super) fn need_capability(self, party: Party<'w>, capability: Capability) -> Result<(), Refused> {
        let offers = match (capability, party) {
            (Capability::Share | Capability::RdsForSqlServer, Party::Managed { .. }) => true,
            (
                Capability::SchemaExtension | Capability::Ldaps(_),
                Party::OnPremises(_) | Party::Managed { .. },
            ) => true,
            (Capability::Ldaps(LdapsSide::Client), Party::Connector { .. }) => true,
            (Capability::Snapshot, Party::Managed { .. } | Party::Simple { .. }) => true,
            (Capability::Snapshot, Party::Connector { .. }) => errs!(self.reading, ConnectorTakesSnapshots),
            (Capability::IdentityCenter, Party::Managed { .. } | Party::Connector { .. }) => true,
            (
                Capability::Share | Capability::RdsForSqlServer,
                Party::OnPremises(_) | Party::Connector { .. } | Party::Simple { .. },
            )
            | (Capability::SchemaExtension, Party::Connector { .. } | Party::Simple { .. })
            | (Capability::Ldaps(LdapsSide::Server), Party::Connector { .. })
            | (Capability::Ldaps(LdapsSide::Client | LdapsSide::Server), Party::Simple { .. })
            | (Capability::Snapshot, Party::OnPremises(_))
            | (Capability::IdentityCenter, Party::OnPremises(_) | Party::Simple { .. }) => false,
        };
        if offers { Ok(()) } else { Err(not_supported(party, capability.name())) }
    }
}
