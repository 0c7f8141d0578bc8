//! The directories of a world (section 8 of the rules): who stores which objects, which trusts are on record, what the network is
//! like; the operations on them, and what an operation answers.
//!
//! Nothing here says who may ask whom, whether a trust is effective, or who may log on.

mod domain;
mod name;
mod operation;
mod outcome;
mod service;
mod trust;

use std::collections::BTreeSet;

pub use domain::{Domain, Forest, Object, ObjectKind, Tree, UserStatus};
pub use name::{AccountName, DirectoryId, DirectoryName, DomainName, NotAName, ObjectName, Sid};
pub use operation::{
    Administration, Capability, DirectoryCall, DirectoryEvent, DirectoryOperation, DomainPlace, LdapsSide,
    LogonAttempt, LogonUse, NewDirectory, NewDirectoryKind, Subject, UserAction,
};
pub use outcome::{
    Answer, Consultation, Consulted, DirectoryResponse, Outcome, Question, Refusal, Refused, TrustReport,
};
pub use service::{
    Assignment, AwsDirectory, AwsDirectoryKind, ConsoleAccess, DEFAULT_SESSION_LENGTH_S, DirectoryState,
    Radius, RadiusCode, Reach, ServiceAccount,
};
pub use trust::{TrustDirection, TrustExtent, TrustRecord};

/// The directory part of a world. The default has no directories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directories {
    /// The forests that nobody but their owners run; names of domains are unique in the world.
    pub forests: Vec<Forest>,
    /// The directories that AWS keeps; ids are unique.
    pub aws: Vec<AwsDirectory>,
    /// Trusts as each side has them on record, at most one for an owner and a partner.
    pub trusts: Vec<TrustRecord>,
    /// The links that are down. All others are up (section 14 of the rules, DIR-7).
    pub links_down: BTreeSet<Link>,
    /// SAML identity providers that a forest feeds.
    pub identity_providers: Vec<IdentityProvider>,
    /// The ids of directories that are gone; ids are never issued again.
    pub ids_gone: BTreeSet<DirectoryId>,
    /// The number of the SID that is issued next; greater than that of any SID of one number in the world.
    pub next_sid: u64,
}

/// The network path between a directory and the controllers of a domain (DIR-7).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Link {
    /// The directory on this end.
    pub directory: DirectoryId,
    /// The domain on the other end.
    pub domain: DomainName,
}

/// A SAML identity provider such as AD FS, which vouches for users of a forest (DIR-33).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProvider {
    /// The ARN of the provider in IAM.
    pub arn: String,
    /// A domain of the forest that feeds it.
    pub domain: DomainName,
    /// Which group has which role.
    pub mappings: Vec<RoleMapping>,
}

/// A group whose members are given a role in assertions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleMapping {
    /// The group.
    pub group: Sid,
    /// The ARN of the role.
    pub role: String,
}

impl Directories {
    /// The domain of this name, wherever it is.
    pub fn domain(&self, name: &DomainName) -> Option<&Domain> {
        self.domains().find(|domain| domain.name == *name)
    }

    /// The domain of this name, to be changed.
    pub fn domain_mut(&mut self, name: &DomainName) -> Option<&mut Domain> {
        let on_premises = self.forests.iter_mut().flat_map(Forest::domains_mut);
        let in_aws = self.aws.iter_mut().filter_map(AwsDirectory::domain_mut);
        on_premises.chain(in_aws).find(|domain| domain.name == *name)
    }

    /// Every domain: those on premises first, then those of directories that AWS keeps.
    pub fn domains(&self) -> impl Iterator<Item = &Domain> {
        let on_premises = self.forests.iter().flat_map(Forest::domains);
        on_premises.chain(self.aws.iter().filter_map(AwsDirectory::domain))
    }

    /// The directory with this id.
    pub fn directory(&self, id: &DirectoryId) -> Option<&AwsDirectory> {
        self.aws.iter().find(|directory| directory.id == *id)
    }

    /// The directory with this id, to be changed.
    pub fn directory_mut(&mut self, id: &DirectoryId) -> Option<&mut AwsDirectory> {
        self.aws.iter_mut().find(|directory| directory.id == *id)
    }

    /// The record that `owner` has of `partner`.
    pub fn trust_record(&self, owner: &DomainName, partner: &DomainName) -> Option<&TrustRecord> {
        self.trusts.iter().find(|record| record.owner == *owner && record.partner == *partner)
    }

    /// The object with this SID, and the domain that stores it.
    pub fn object(&self, sid: &Sid) -> Option<(&Domain, &Object)> {
        self.domains().find_map(|domain| {
            domain.objects.iter().find(|object| object.sid == *sid).map(|object| (domain, object))
        })
    }
}
