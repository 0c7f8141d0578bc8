//! What one step finds: the directories as they are, the instant, and the parties by the names that the step uses.

use super::reading::DirectoryReading;
use super::refuse::refused;
use crate::iam::directory::{
    AwsDirectory, AwsDirectoryKind, Directories, DirectoryName, Domain, DomainName, Refusal, Refused,
    ServiceAccount,
};

/// The directories at the instant of a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'w> {
    pub(super) directories: &'w Directories,
    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    pub(super) now_s: i64,
    pub(super) reading: DirectoryReading,
}

/// A directory, by its kind (DIR-3), with what that kind has (DIR-4).
#[derive(Clone, Copy, Debug)]
pub(super) enum Party<'w> {
    OnPremises(&'w Domain),
    Managed { directory: &'w AwsDirectory, domain: &'w Domain },
    Connector { directory: &'w AwsDirectory, target: &'w DomainName, service_account: &'w ServiceAccount },
    Simple { directory: &'w AwsDirectory, domain: &'w Domain },
}

impl<'w> Ground<'w> {
    /// The directory that a step names.
    // Rules: DIR-3, DIR-4.
    pub(super) fn party(self, name: &DirectoryName) -> Result<Party<'w>, Refused> {
        let found = match name {
            DirectoryName::Domain(name) => self.party_of_domain(name),
            DirectoryName::Id(id) => self.directories.directory(id).map(Party::of_directory),
        };
        found
            .ok_or_else(|| refused(Refusal::DoesNotExist, "DIR-3", format!("there is no directory `{name}`")))
    }

    /// The directory that stores a domain.
    pub(super) fn party_of_domain(self, name: &DomainName) -> Option<Party<'w>> {
        let mut stored = self.directories.aws.iter();
        match stored.find(|directory| directory.domain().is_some_and(|domain| domain.name == *name)) {
            Some(directory) => Some(Party::of_directory(directory)),
            None => self.on_premises(name).map(Party::OnPremises),
        }
    }

    /// The on-premises domain of this name.
    pub(super) fn on_premises(self, name: &DomainName) -> Option<&'w Domain> {
        let mut domains = self.directories.forests.iter().flat_map(|forest| forest.domains());
        domains.find(|domain| domain.name == *name)
    }
}

impl<'w> Party<'w> {
    pub(super) fn of_directory(directory: &'w AwsDirectory) -> Party<'w> {
        match &directory.kind {
            AwsDirectoryKind::Managed { domain, .. } => Party::Managed { directory, domain },
            AwsDirectoryKind::Connector { target, service_account, .. } => {
                Party::Connector { directory, target, service_account }
            }
            AwsDirectoryKind::Simple { domain } => Party::Simple { directory, domain },
        }
    }

    /// The record that AWS keeps of it; of an on-premises domain there is none.
    pub(super) fn directory(self) -> Option<&'w AwsDirectory> {
        match self {
            Party::OnPremises(_) => None,
            Party::Managed { directory, .. }
            | Party::Connector { directory, .. }
            | Party::Simple { directory, .. } => Some(directory),
        }
    }

    /// The domain that it stores.
    pub(super) fn own_domain(self) -> Option<&'w Domain> {
        match self {
            Party::OnPremises(domain) | Party::Managed { domain, .. } | Party::Simple { domain, .. } => {
                Some(domain)
            }
            Party::Connector { .. } => None,
        }
    }

    /// Whether this is the domain that it stores.
    pub(super) fn stores(self, name: &DomainName) -> bool {
        self.own_domain().is_some_and(|domain| domain.name == *name)
    }

    /// How traces and messages call it.
    pub(super) fn name(self) -> DirectoryName {
        match self {
            Party::OnPremises(domain) => DirectoryName::Domain(domain.name.clone()),
            Party::Managed { directory, .. }
            | Party::Connector { directory, .. }
            | Party::Simple { directory, .. } => DirectoryName::Id(directory.id.clone()),
        }
    }

    /// What messages call its kind.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Party::OnPremises(_) => "an on-premises domain",
            Party::Managed { .. } => "an AWS Managed Microsoft AD",
            Party::Connector { .. } => "an AD Connector",
            Party::Simple { .. } => "a Simple AD",
        }
    }
}
