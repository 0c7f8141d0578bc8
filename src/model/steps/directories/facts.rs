//! What of a world the relation of directories depends on: kinds, records, links, accounts and passwords as facts.

use super::{Atoms, refused};
use crate::iam::directory::{
    AccountName, AwsDirectory, AwsDirectoryKind, Directories, DirectoryName, DirectoryState, Domain,
    DomainName, Link, Object, ObjectKind, Refusal, TrustDirection, TrustExtent, UserStatus,
};
use crate::model::directory::{Kind, Kinds, Record, Standing, Trusts};
use crate::model::steps::{Moment, Stepping};

/// A directory that is there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'w> {
    OnPremises(&'w Domain),
    Kept(&'w AwsDirectory),
}

impl<'w> Place<'w> {
    /// The directory of this name.
    // Rules: DIR-1, DIR-3, DIR-6.
    pub(super) fn named(directories: &'w Directories, name: &DirectoryName) -> Option<Place<'w>> {
        match name {
            DirectoryName::Id(id) => directories.directory(id).map(Place::Kept),
            DirectoryName::Domain(name) => {
                let kept = keeper(directories, name).map(Place::Kept);
                kept.or_else(|| {
                    let mut domains = directories.forests.iter().flat_map(|forest| forest.domains());
                    domains.find(|domain| domain.name == *name).map(Place::OnPremises)
                })
            }
        }
    }

    // Rule: DIR-3.
    pub(super) fn kind(self) -> Kind {
        match self {
            Place::OnPremises(_) => Kind::OnPremises,
            Place::Kept(directory) => match directory.kind {
                AwsDirectoryKind::Managed { .. } => Kind::Managed,
                AwsDirectoryKind::Connector { .. } => Kind::Connector,
                AwsDirectoryKind::Simple { .. } => Kind::Simple,
            },
        }
    }

    /// The name under which it asks others.
    pub(super) fn name(self) -> DirectoryName {
        match self {
            Place::OnPremises(domain) => DirectoryName::Domain(domain.name.clone()),
            Place::Kept(directory) => DirectoryName::Id(directory.id.clone()),
        }
    }

    /// The domain that it is, or stores.
    // Rule: DIR-4.
    pub(super) fn domain(self) -> Option<&'w Domain> {
        match self {
            Place::OnPremises(domain) => Some(domain),
            Place::Kept(directory) => directory.domain(),
        }
    }

    pub(super) fn kept(self) -> Option<&'w AwsDirectory> {
        match self {
            Place::OnPremises(_) => None,
            Place::Kept(directory) => Some(directory),
        }
    }

    /// The domain that it has or asks for its own users.
    // Rules: DIR-4, DIR-20.
    pub(super) fn face(self) -> Option<&'w DomainName> {
        self.target().or_else(|| self.domain().map(|domain| &domain.name))
    }

    pub(super) fn target(self) -> Option<&'w DomainName> {
        match self {
            Place::OnPremises(_) => None,
            Place::Kept(directory) => match &directory.kind {
                AwsDirectoryKind::Connector { target, .. } => Some(target),
                AwsDirectoryKind::Managed { .. } | AwsDirectoryKind::Simple { .. } => None,
            },
        }
    }

    /// Whether it runs; on-premises domains always do (section 14).
    // Rules: DIR-6, DIR-23.
    pub(super) fn active(self) -> bool {
        match self {
            Place::OnPremises(_) => true,
            Place::Kept(directory) => directory.state == DirectoryState::Active,
        }
    }
}

/// The directory that AWS keeps and that stores this domain.
fn keeper<'w>(directories: &'w Directories, name: &DomainName) -> Option<&'w AwsDirectory> {
    directories.aws.iter().find(|directory| directory.domain().is_some_and(|domain| domain.name == *name))
}

/// The domains that a relation of trusts speaks of, by their numbers.
pub(super) struct Numbered<'w>(Vec<&'w DomainName>);

impl<'w> Numbered<'w> {
    /// Every domain, and every name that only a record still holds.
    pub(super) fn all(directories: &'w Directories) -> Numbered<'w> {
        let mut names: Vec<&DomainName> = directories.domains().map(|domain| &domain.name).collect();
        for name in directories.trusts.iter().flat_map(|record| [&record.owner, &record.partner]) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Numbered(names)
    }

    pub(super) fn of(&self, name: &DomainName) -> Option<usize> {
        self.0.iter().position(|known| *known == name)
    }
}

/// Whether both domains are of one forest.
// Rules: DIR-1, DIR-4.
pub(super) fn in_one_forest(directories: &Directories, first: &DomainName, second: &DomainName) -> bool {
    let holds = |name: &DomainName| {
        directories.forests.iter().position(|forest| forest.domains().any(|domain| domain.name == *name))
    };
    first == second || holds(first).is_some_and(|forest| holds(second) == Some(forest))
}

/// The trusts on record.
pub(super) fn trusts(atoms: &mut Atoms, directories: &Directories, numbered: &Numbered<'_>) -> Trusts {
    let mut records = Vec::new();
    for record in &directories.trusts {
        if let Some((owner, partner)) = numbered.of(&record.owner).zip(numbered.of(&record.partner)) {
            records.push(Record {
                owner,
                partner,
                exists: atoms.truth(true),
                incoming: atoms.truth(record.direction == TrustDirection::Incoming),
                outgoing: atoms.truth(record.direction == TrustDirection::Outgoing),
                two_way: atoms.truth(record.direction == TrustDirection::TwoWay),
                forest: atoms.truth(record.extent == TrustExtent::Forest),
                password: atoms.text("trust password", &record.password),
            });
        }
    }
    let rows = numbered.0.iter().map(|first| {
        numbered.0.iter().map(|second| atoms.truth(in_one_forest(directories, first, second))).collect()
    });
    Trusts { records, one_forest: rows.collect() }
}

/// How a directory stands to a domain, there or not.
// Rules: DIR-7, DIR-17, DIR-18.
pub(super) fn standing(
    atoms: &mut Atoms,
    directories: &Directories,
    place: Place<'_>,
    domain: &DomainName,
) -> Standing {
    let numbered = Numbered::all(directories);
    let trusts = trusts(atoms, directories, &numbered);
    let own = place.domain().map(|own| &own.name);
    let numbers = own.and_then(|own| numbered.of(own)).zip(numbered.of(domain));
    let nothing = atoms.truth(false);
    let (forth, back) = numbers.map_or((nothing, nothing), |(own, other)| {
        let formulas = &mut atoms.formulas;
        (trusts.trusts(formulas, own, other), trusts.trusts(formulas, other, own))
    });
    Standing {
        kinds: Kinds::of(&atoms.formulas, place.kind()),
        own: atoms.truth(own == Some(domain)),
        one_forest: atoms.truth(own.is_some_and(|own| in_one_forest(directories, own, domain))),
        target: atoms.truth(place.target() == Some(domain)),
        trusts: forth,
        trusted: back,
        link: atoms.truth(path_is_up(directories, place, domain)),
    }
}

/// Whether the path between a directory and a domain works; it is one path, whoever asks, and nothing else decides whether the domain answers.
// Rules: DIR-7, DIR-19.
pub(super) fn path_is_up(directories: &Directories, place: Place<'_>, domain: &DomainName) -> bool {
    let is_down = |directory: &AwsDirectory, domain: &DomainName| {
        directories.links_down.contains(&Link { directory: directory.id.clone(), domain: domain.clone() })
    };
    let from_here = place.kept().is_some_and(|directory| is_down(directory, domain));
    let other = keeper(directories, domain);
    let own = place.domain().map(|own| &own.name);
    let from_there = other.zip(own).is_some_and(|(other, own)| is_down(other, own));
    !from_here && !from_there
}

/// A user of a domain.
pub(super) struct UserFacts<'w> {
    pub(super) object: &'w Object,
    pub(super) password: &'w str,
    pub(super) status: UserStatus,
}

pub(super) fn user<'w>(domain: Option<&'w Domain>, account: &AccountName) -> Option<UserFacts<'w>> {
    let object = domain?.object(account)?;
    match &object.kind {
        ObjectKind::User { password, status } => Some(UserFacts { object, password, status: *status }),
        ObjectKind::Group { .. } | ObjectKind::Computer => None,
    }
}

/// Whether a user may log on with this password now.
// Rule: DIR-2.
pub(super) fn may_log_on(status: UserStatus) -> bool {
    match status {
        UserStatus::Enabled => true,
        UserStatus::Disabled | UserStatus::LockedOut | UserStatus::PasswordExpired => false,
    }
}

/// Whether the connector's service account is usable; other kinds have none.
// Rule: DIR-20.
pub(super) fn service_account_is_usable(directories: &Directories, place: Place<'_>) -> bool {
    let Some(AwsDirectoryKind::Connector { target, service_account, .. }) =
        place.kept().map(|directory| &directory.kind)
    else {
        return false;
    };
    user(directories.domain(target), &service_account.account)
        .is_some_and(|user| may_log_on(user.status) && user.password == service_account.password)
}

impl Moment<'_> {
    /// The directory that a step names.
    // Rule: DIR-37.
    pub(super) fn place(&self, name: &DirectoryName) -> Stepping<Place<'_>> {
        let place = Place::named(&self.world.directories, name);
        place.ok_or_else(|| refused(Refusal::DoesNotExist, "DIR-37", "there is no such directory"))
    }
}
