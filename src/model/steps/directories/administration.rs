//! What administrators do in a domain with the tools of Active Directory (DIR-1, DIR-2): a list of checks each, the first of which that fails
//! is the refusal.

use super::facts::{Place, service_account_is_usable, standing};
use super::{Asking, Atoms, demand, done, refused};
use crate::iam::directory::{
    AccountName, Administration, DirectoryName, Domain, DomainName, DomainPlace, Forest, Object, ObjectKind,
    Outcome, Refusal, Sid, Subject, Tree, UserStatus,
};
use crate::iam::outcome::Answer;
use crate::model::directory::{Ability, Joining, join};
use crate::model::steps::calls::defect;
use crate::model::steps::{Moment, Stepping};

impl Moment<'_> {
    pub(super) fn administration(&mut self, work: &Administration) -> Stepping<Answer> {
        match work {
            Administration::CreateDomain { name, place } => self.create_domain(name, place),
            Administration::CreateUser { at, account, password } => {
                let user = ObjectKind::User { password: password.clone(), status: UserStatus::Enabled };
                self.create_object(at, account, user)
            }
            Administration::CreateGroup { at, account } => {
                self.create_object(at, account, ObjectKind::Group { members: Vec::new() })
            }
            Administration::JoinComputer { at, account } => self.join_computer(at, account),
            Administration::DeleteObject { at, account } => {
                let domain = self.stored_at(at)?;
                self.object_of(&domain, account)?;
                if let Some(domain) = self.world.directories.domain_mut(&domain) {
                    domain.objects.retain(|object| object.account != *account);
                }
                Ok(done())
            }
            Administration::AddMember { at, group, member } => self.add_member(at, group, member),
            Administration::RemoveMember { at, group, member } => self.remove_member(at, group, member),
            Administration::SetUserStatus { at, account, status } => {
                let domain = self.stored_at(at)?;
                *self.user_of(&domain, account)?.1 = *status;
                Ok(done())
            }
        }
    }

    // Rule: DIR-1.
    fn create_domain(&mut self, name: &DomainName, place: &DomainPlace) -> Stepping<Answer> {
        let directories = &mut self.world.directories;
        demand(directories.domain(name).is_none(), Refusal::AlreadyExists, "DIR-1", "the name is taken")?;
        let near = match place {
            DomainPlace::NewForest => None,
            DomainPlace::NewTree { forest_of: near } | DomainPlace::Child { of: near } => Some(near),
        };
        if let Some(near) = near {
            let there = directories.domain(near).is_some();
            demand(there, Refusal::DoesNotExist, "DIR-1", "there is no such domain")?;
        }
        let domain = Domain::new(name.clone());
        let holds =
            |forest: &Forest| near.is_some_and(|near| forest.domains().any(|domain| domain.name == *near));
        let tree = Tree { root: domain.clone(), others: Vec::new() };
        match place {
            DomainPlace::NewForest => directories.forests.push(Forest { root: tree, others: Vec::new() }),
            DomainPlace::NewTree { .. } => {
                let forest = directories.forests.iter_mut().find(|forest| holds(forest));
                let Some(forest) = forest else { return Err(one_domain()) };
                forest.others.push(tree);
            }
            DomainPlace::Child { of } => {
                let forest = directories.forests.iter_mut().find(|forest| holds(forest));
                let Some(forest) = forest else { return Err(one_domain()) };
                let below = name.parent().as_ref() == Some(of);
                demand(
                    below,
                    Refusal::InvalidParameter,
                    "DIR-1",
                    "the name is no label in front of the other's",
                )?;
                let mut trees = std::iter::once(&mut forest.root).chain(&mut forest.others);
                let tree = trees.find(|tree| tree.domains().any(|domain| domain.name == *of));
                let Some(tree) = tree else {
                    return Err(defect("a domain of a forest is in none of its trees"));
                };
                tree.others.push(domain);
            }
        }
        Ok(done())
    }

    /// The domain in which a directory stores its objects.
    // Rules: DIR-4, DIR-35.
    fn stored_at(&self, at: &DirectoryName) -> Stepping<DomainName> {
        let place = self.place(at)?;
        self.can(place, Ability::StoresObjects, "DIR-35")?;
        let domain = place.domain().map(|domain| domain.name.clone());
        domain.ok_or_else(|| defect("a directory that stores objects has no domain"))
    }

    fn object_of(&mut self, domain: &DomainName, account: &AccountName) -> Stepping<&mut Object> {
        let object = self.world.directories.domain_mut(domain).and_then(|domain| domain.object_mut(account));
        object.ok_or_else(super::roles::nobody)
    }

    /// The password and the state of a user.
    fn user_of(
        &mut self,
        domain: &DomainName,
        account: &AccountName,
    ) -> Stepping<(&mut String, &mut UserStatus)> {
        match &mut self.object_of(domain, account)?.kind {
            ObjectKind::User { password, status } => Ok((password, status)),
            ObjectKind::Group { .. } | ObjectKind::Computer => {
                Err(refused(Refusal::InvalidParameter, "DIR-2", "it is no user"))
            }
        }
    }

    fn members_of(&mut self, domain: &DomainName, group: &AccountName) -> Stepping<&mut Vec<Sid>> {
        match &mut self.object_of(domain, group)?.kind {
            ObjectKind::Group { members } => Ok(members),
            ObjectKind::User { .. } | ObjectKind::Computer => {
                Err(refused(Refusal::InvalidParameter, "DIR-2", "it is no group"))
            }
        }
    }

    // Rules: DIR-2, DIR-35.
    fn create_object(
        &mut self,
        at: &DirectoryName,
        account: &AccountName,
        kind: ObjectKind,
    ) -> Stepping<Answer> {
        let domain = self.stored_at(at)?;
        self.store(&domain, account, kind)
    }

    /// Stores an object in a domain, with a SID never issued before.
    // Rule: DIR-2.
    fn store(&mut self, domain: &DomainName, account: &AccountName, kind: ObjectKind) -> Stepping<Answer> {
        let directories = &mut self.world.directories;
        let sid = Sid::numbered(directories.next_sid);
        let next = directories.next_sid.saturating_add(1);
        let Some(domain) = directories.domain_mut(domain) else { return Err(defect("a domain went away")) };
        let is_free = domain.object(account).is_none();
        demand(is_free, Refusal::AlreadyExists, "DIR-2", "the account name is taken")?;
        domain.objects.push(Object { sid: sid.clone(), account: account.clone(), kind });
        directories.next_sid = next;
        Ok(Answer::Directory(Outcome::Made { sid }))
    }

    // Rules: DIR-20, DIR-35.
    fn join_computer(&mut self, at: &DirectoryName, account: &AccountName) -> Stepping<Answer> {
        let directories = self.world.directories.clone();
        let name = self.place(at)?.name();
        let Some(place) = Place::named(&directories, &name) else { return Err(defect("it was there")) };
        let Some(domain) = place.face() else { return Err(defect("a directory without a domain")) };
        let mut atoms = Atoms::new();
        let standing = standing(&mut atoms, &directories, place, domain);
        let is_taken = directories.domain(domain).is_some_and(|domain| domain.object(account).is_some());
        let facts = Joining {
            standing,
            active: atoms.truth(place.active()),
            service_account: atoms.truth(service_account_is_usable(&directories, place)),
            taken: atoms.truth(is_taken),
        };
        let outcome = join(&mut atoms.formulas, &facts);
        let asking = Asking { by: name, standing: &standing, domain, account: Some(account) };
        self.told(&mut atoms, &outcome, Some(&asking))?;
        self.store(domain, account, ObjectKind::Computer)
    }

    // Rules: DIR-2, DIR-18, DIR-26.
    fn add_member(&mut self, at: &DirectoryName, group: &AccountName, member: &Subject) -> Stepping<Answer> {
        let domain = self.stored_at(at)?;
        self.members_of(&domain, group)?;
        let sid = self.found(at, member)?;
        let members = self.members_of(&domain, group)?;
        demand(!members.contains(&sid), Refusal::AlreadyExists, "DIR-2", "it is a member already")?;
        members.push(sid);
        Ok(done())
    }

    // Rule: DIR-2.
    fn remove_member(
        &mut self,
        at: &DirectoryName,
        group: &AccountName,
        member: &Subject,
    ) -> Stepping<Answer> {
        let domain = self.stored_at(at)?;
        self.members_of(&domain, group)?;
        let sid = self.sid(at, member)?;
        let members = self.members_of(&domain, group)?;
        demand(members.contains(&sid), Refusal::DoesNotExist, "DIR-2", "it is no member")?;
        members.retain(|known| *known != sid);
        Ok(done())
    }

    /// A password that is reset is no longer expired; who is disabled or locked out stays so.
    // Rules: DIR-2, DIR-35.
    pub(super) fn reset_password(
        &mut self,
        at: &DirectoryName,
        account: &AccountName,
        new: &str,
    ) -> Stepping<Answer> {
        let domain = self.stored_at(at)?;
        let (password, status) = self.user_of(&domain, account)?;
        *password = new.to_owned();
        if *status == UserStatus::PasswordExpired {
            *status = UserStatus::Enabled;
        }
        Ok(done())
    }
}

/// A directory that AWS keeps has one domain, and no more.
// Rule: DIR-4.
fn one_domain() -> crate::model::steps::Stop {
    refused(Refusal::NotSupported, "DIR-4", "a directory that AWS keeps has one domain")
}
