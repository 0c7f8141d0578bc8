//! What no world of directories can be, however it is written.

use std::collections::BTreeSet;

use crate::iam::arn::Arn;
use crate::iam::directory::{
    AwsDirectory, AwsDirectoryKind, Directories, DomainName, Link, ObjectKind, Sid, TrustExtent, TrustRecord,
};
use crate::iam::json::{Error, Node};

/// No two domains have one name.
// Rule: DIR-1.
pub(super) fn names_are_unique(directories: &Directories, node: Node<'_>) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    match directories.domains().find(|domain| !seen.insert(&domain.name)) {
        Some(domain) => Err(node.error(format!("there is a domain `{}` already", domain.name))),
        None => Ok(()),
    }
}

/// No two objects have one SID, but for those that have none yet; and the next SID is greater than all.
// Rule: DIR-2.
pub(super) fn sids_are_unique(
    directories: &mut Directories,
    unnumbered: usize,
    node: Node<'_>,
) -> Result<(), Error> {
    let all: Vec<&Sid> =
        directories.domains().flat_map(|domain| &domain.objects).map(|object| &object.sid).collect();
    let distinct: BTreeSet<&Sid> = all.iter().copied().collect();
    if all.len() - distinct.len() > unnumbered.saturating_sub(1) {
        let mut seen = BTreeSet::new();
        let twice = all.iter().find(|sid| sid.number() != Some(0) && !seen.insert(**sid));
        let twice = twice.map_or_else(String::new, |sid| format!(" `{sid}`"));
        return Err(node.error(format!("two objects have the SID{twice}")));
    }
    numbers_rise(directories);
    Ok(())
}

/// The next SID is greater than any that the world names, those of objects that are gone included.
// Rule: DIR-2.
pub(super) fn numbers_rise(directories: &mut Directories) {
    let members = |kind: &ObjectKind| match kind {
        ObjectKind::Group { members } => members.clone(),
        ObjectKind::User { .. } | ObjectKind::Computer => Vec::new(),
    };
    let objects = directories.domains().flat_map(|domain| &domain.objects);
    let stored = objects.flat_map(|object| [object.sid.clone()].into_iter().chain(members(&object.kind)));
    let assigned =
        directories.aws.iter().flat_map(|d| &d.assignments).map(|assignment| assignment.subject.clone());
    let mapped = directories.identity_providers.iter().flat_map(|p| &p.mappings).map(|m| m.group.clone());
    let greatest = stored.chain(assigned).chain(mapped).filter_map(|sid| sid.number()).max();
    let next = greatest.map_or(0, |number| number.saturating_add(1));
    directories.next_sid = directories.next_sid.max(next);
}

/// A connector's target is on premises; assigned roles are in the directory's account; an access URL leads to one directory.
// Rules: DIR-4, DIR-6, DIR-25.
pub(super) fn directory_fits(directories: &Directories, node: Node<'_>) -> Result<(), Error> {
    for directory in &directories.aws {
        if let AwsDirectoryKind::Connector { target, .. } = &directory.kind
            && !is_on_premises(directories, target)
        {
            return Err(
                node.error(format!("the world has no on-premises domain `{target}`, the connector's target"))
            );
        }
        for assignment in &directory.assignments {
            if Arn::parse(&assignment.role).is_none_or(|arn| arn.account != directory.account) {
                let message = format!("`{}` is no role of the directory's account", assignment.role);
                return Err(node.error(message));
            }
        }
        let same_url =
            |other: &&AwsDirectory| other.access_url.is_some() && other.access_url == directory.access_url;
        if directories.aws.iter().filter(same_url).count() > 1 {
            return Err(node.error("another directory has this access URL"));
        }
    }
    Ok(())
}

/// Both sides of a trust are there and can have one; a forest trust is between roots; one record for an owner and a partner.
// Rules: DIR-8, DIR-11, DIR-15, DIR-21.
pub(super) fn trust_fits(
    directories: &Directories,
    record: &TrustRecord,
    node: Node<'_>,
) -> Result<(), Error> {
    let TrustRecord { owner, partner, extent, .. } = record;
    if directories.trust_record(owner, partner).is_some() {
        return Err(node.error(format!("`{owner}` has a trust with `{partner}` on record already")));
    }
    for name in [owner, partner] {
        let Some(root) = root_of_trusting(directories, name) else {
            return Err(node.error(format!("`{name}` is no domain of the world that can have trusts")));
        };
        if *extent == TrustExtent::Forest && root != name {
            return Err(node.error(format!("a forest trust is between roots, and `{name}` is none")));
        }
        if name.parent().is_none() {
            return Err(node.error(format!("`{name}` has a single label, and cannot have trusts")));
        }
    }
    if root_of_trusting(directories, owner) == root_of_trusting(directories, partner) {
        return Err(node.error(format!("`{owner}` and `{partner}` are in one forest")));
    }
    Ok(())
}

/// The root of the forest of a domain that can have trusts: on premises, or of a managed directory.
fn root_of_trusting<'d>(directories: &'d Directories, name: &DomainName) -> Option<&'d DomainName> {
    let forests = directories.forests.iter();
    let on_premises = forests
        .filter(|forest| forest.domains().any(|domain| domain.name == *name))
        .map(|forest| &forest.root.root.name);
    let managed = directories.aws.iter().filter_map(|directory| match &directory.kind {
        AwsDirectoryKind::Managed { domain, .. } => (domain.name == *name).then_some(&domain.name),
        AwsDirectoryKind::Connector { .. } | AwsDirectoryKind::Simple { .. } => None,
    });
    on_premises.chain(managed).next()
}

fn is_on_premises(directories: &Directories, name: &DomainName) -> bool {
    directories.forests.iter().flat_map(|forest| forest.domains()).any(|domain| domain.name == *name)
}

/// Both ends of a link are there.
// Rule: DIR-7.
pub(super) fn link_fits(directories: &Directories, link: &Link, node: Node<'_>) -> Result<(), Error> {
    let Link { directory, domain } = link;
    if directories.directory(directory).is_none() {
        return Err(node.error(format!("the world has no directory `{directory}`")));
    }
    if directories.domain(domain).is_none() {
        return Err(node.error(format!("the world has no domain `{domain}`")));
    }
    Ok(())
}

/// The forest of a domain can feed an identity provider.
// Rule: DIR-33.
pub(super) fn forest_feeds(
    directories: &Directories,
    domain: &DomainName,
    node: Node<'_>,
) -> Result<(), Error> {
    match root_of_trusting(directories, domain) {
        Some(_) => Ok(()),
        None => {
            Err(node.error(format!("`{domain}` is no on-premises domain, and none of a managed directory")))
        }
    }
}
