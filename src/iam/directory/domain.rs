//! Forests, trees, domains, and the objects in them (DIR-1, DIR-2).
//!
//! The hierarchy is nesting: an object is in one domain, a domain in one tree, a tree in one forest, and nothing else can be written.

use super::name::{AccountName, DomainName, Sid};

/// A forest that is run on premises, or on hosts in the cloud: trees that trust each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forest {
    /// The tree whose root is the forest's root.
    pub root: Tree,
    /// The other trees.
    pub others: Vec<Tree>,
}

/// A tree: domains that share one contiguous namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The domain at the top.
    pub root: Domain,
    /// The other domains; the name of each is a label in front of the name of another domain of the tree.
    pub others: Vec<Domain>,
}

/// A domain with the objects that it stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// Its DNS name, unique in the world.
    pub name: DomainName,
    /// Its objects, in the order in which they were made; their account names are unique.
    pub objects: Vec<Object>,
}

/// A user, a group or a computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Issued to this object and to no other, ever.
    pub sid: Sid,
    /// The SAM account name.
    pub account: AccountName,
    /// What it is.
    pub kind: ObjectKind,
}

/// What an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// Somebody who may log on.
    User {
        /// The password, compared and never shown.
        password: String,
        /// Whether logons are accepted, and why not.
        status: UserStatus,
    },
    /// A list of members; they may be groups, and objects of other domains.
    Group {
        /// The SIDs of the members.
        members: Vec<Sid>,
    },
    /// A host that was joined to the domain.
    Computer,
}

/// The state of a user's account. `may_log_on` of DIR-2 is false for all but the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserStatus {
    /// As it should be.
    Enabled,
    /// Disabled by an administrator.
    Disabled,
    /// Locked after too many wrong passwords.
    LockedOut,
    /// The password is too old.
    PasswordExpired,
}

impl Forest {
    /// The trees, the root tree first.
    pub fn trees(&self) -> impl Iterator<Item = &Tree> {
        std::iter::once(&self.root).chain(&self.others)
    }

    /// The domains of all trees, the forest's root first.
    pub fn domains(&self) -> impl Iterator<Item = &Domain> {
        self.trees().flat_map(Tree::domains)
    }

    /// The domains of all trees, to be changed.
    pub fn domains_mut(&mut self) -> impl Iterator<Item = &mut Domain> {
        std::iter::once(&mut self.root).chain(&mut self.others).flat_map(Tree::domains_mut)
    }
}

impl Tree {
    /// The domains, the tree's root first.
    pub fn domains(&self) -> impl Iterator<Item = &Domain> {
        std::iter::once(&self.root).chain(&self.others)
    }

    /// The domains, to be changed.
    pub fn domains_mut(&mut self) -> impl Iterator<Item = &mut Domain> {
        std::iter::once(&mut self.root).chain(&mut self.others)
    }
}

impl Domain {
    /// A domain without objects.
    pub fn new(name: DomainName) -> Domain {
        Domain { name, objects: Vec::new() }
    }

    /// The object with this account name.
    pub fn object(&self, account: &AccountName) -> Option<&Object> {
        self.objects.iter().find(|object| object.account == *account)
    }

    /// The object with this account name, to be changed.
    pub fn object_mut(&mut self, account: &AccountName) -> Option<&mut Object> {
        self.objects.iter_mut().find(|object| object.account == *account)
    }
}

impl UserStatus {
    /// Every state.
    pub const ALL: [UserStatus; 4] =
        [UserStatus::Enabled, UserStatus::Disabled, UserStatus::LockedOut, UserStatus::PasswordExpired];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            UserStatus::Enabled => "enabled",
            UserStatus::Disabled => "disabled",
            UserStatus::LockedOut => "locked-out",
            UserStatus::PasswordExpired => "password-expired",
        }
    }
}
