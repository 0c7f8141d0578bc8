//! Assignments of roles to users and groups (DIR-25).

use super::facts::{Place, service_account_is_usable, standing};
use super::users::is_closed;
use super::{Asking, Atoms, DIRECTORY_SERVICE, demand, done, refused};
use crate::iam::arn::Arn;
use crate::iam::decision::Reason;
use crate::iam::directory::{
    AccountName, Assignment, Directories, DirectoryName, DomainName, Object, ObjectKind, ObjectName, Refusal,
    Sid, Subject,
};
use crate::iam::outcome::Answer;
use crate::model::directory::{Ability, Assigning, Finding, Lookup, Standing, assigning, find};
use crate::model::steps::calls::defect;
use crate::model::steps::{Moment, Stepping, Stop};

impl Moment<'_> {
    // Rules: DIR-25, PASS-1, PASS-2, PASS-3, PASS-4, PASS-6.
    pub(super) fn assign_role(
        &mut self,
        at: &DirectoryName,
        subject: &Subject,
        role_arn: &str,
    ) -> Stepping<Answer> {
        let directories = self.world.directories.clone();
        let name = self.place(at)?.name();
        let Some(place) = Place::named(&directories, &name) else { return Err(defect("it was there")) };
        self.can(place, Ability::Console, "DIR-35")?;
        let Some(directory) = place.kept() else { return Err(defect("AWS keeps no domain on premises")) };
        let checked = self.checked()?;
        let acting = checked.as_ref().map_err(|reason| Stop::denied(*reason, "EVAL-6", None))?;
        let of_role = Arn::parse(role_arn).map(|arn| arn.account);
        let own = Some(directory.account.as_str());
        if acting.caller.account() != own || of_role != own {
            return Err(Stop::denied(Reason::DenyCrossAccountPass, "PASS-3", None));
        }
        self.may_call(place, "ds:EnableRoleAccess")?;
        let service = DIRECTORY_SERVICE.to_owned();
        self.may_pass(&checked, role_arn, Some(&service), &directory.arn())?;

        let sought = Sought::of(&directories, subject);
        let stored = sought.object(&directories);
        let role = self.world.role_by_arn(role_arn);
        let mut atoms = Atoms::new();
        let finding = sought.finding(&mut atoms, &directories, place)?;
        let trusted = match (stored, role) {
            (Some(_), Some(_)) => self.trusts(role_arn, DIRECTORY_SERVICE),
            (Some(_) | None, _) => Ok(()),
        };
        let assignment =
            stored.map(|object| Assignment { subject: object.sid.clone(), role: role_arn.to_owned() });
        let facts = Assigning {
            permitted: atoms.truth(true),
            finding,
            computer: atoms.truth(stored.is_some_and(|object| match object.kind {
                ObjectKind::Computer => true,
                ObjectKind::User { .. } | ObjectKind::Group { .. } => false,
            })),
            role_exists: atoms.truth(role.is_some()),
            service_linked: atoms
                .truth(role.is_some_and(|role| role.found.path.starts_with("/aws-service-role/"))),
            trusting: atoms.truth(trusted.is_ok()),
            assigned: atoms.truth(assignment.as_ref().is_some_and(|new| directory.assignments.contains(new))),
        };
        let outcome = assigning(&mut atoms.formulas, &facts);
        let asking = sought.asking(place, &finding.lookup.standing);
        if let Err(stop) = self.told(&mut atoms, &outcome, asking.as_ref()) {
            // The refusal of a decision is that decision's own.
            let denied = outcome.refused(&mut atoms.formulas, Refusal::AccessDenied);
            return Err(if atoms.read(denied)? { trusted.err().unwrap_or(stop) } else { stop });
        }
        if let Some((directory, assignment)) =
            self.world.directories.directory_mut(&directory.id).zip(assignment)
        {
            directory.assignments.push(assignment);
        }
        Ok(done())
    }

    /// The SID of a subject: a name is looked up by the directory that is asked, a SID is what it is.
    // Rules: DIR-18, DIR-25.
    pub(super) fn sid(&mut self, at: &DirectoryName, subject: &Subject) -> Stepping<Sid> {
        match subject {
            Subject::Named(_) => self.found(at, subject),
            Subject::Known(sid) => Ok(sid.clone()),
        }
    }

    /// The SID of an object that is there and that the directory finds.
    // Rules: DIR-18, DIR-19, DIR-37.
    pub(super) fn found(&mut self, at: &DirectoryName, subject: &Subject) -> Stepping<Sid> {
        let directories = self.world.directories.clone();
        let Some(place) = Place::named(&directories, at) else { return Err(nobody()) };
        let sought = Sought::of(&directories, subject);
        let mut atoms = Atoms::new();
        let facts = sought.finding(&mut atoms, &directories, place)?;
        let outcome = find(&mut atoms.formulas, &facts);
        let asking = sought.asking(place, &facts.lookup.standing);
        self.told(&mut atoms, &outcome, asking.as_ref())?;
        sought.object(&directories).map(|object| object.sid.clone()).ok_or_else(nobody)
    }

    // Rules: DIR-25, DIR-34.
    pub(super) fn unassign_role(
        &mut self,
        at: &DirectoryName,
        subject: &Subject,
        role_arn: &str,
    ) -> Stepping<Answer> {
        let place = self.place(at)?;
        self.may_call(place, "ds:DisableRoleAccess")?;
        self.can(place, Ability::Console, "DIR-35")?;
        let Some(id) = place.kept().map(|directory| directory.id.clone()) else {
            return Err(defect("AWS keeps no domain on premises"));
        };
        let assignment = Assignment { subject: self.sid(at, subject)?, role: role_arn.to_owned() };
        let directory = self.world.directories.directory(&id);
        let is_assigned = directory.is_some_and(|directory| directory.assignments.contains(&assignment));
        demand(is_assigned, Refusal::DoesNotExist, "DIR-25", "there is no such assignment")?;
        if let Some(directory) = self.world.directories.directory_mut(&id) {
            directory.assignments.retain(|known| *known != assignment);
        }
        Ok(done())
    }
}

/// A user, group or computer that is looked for.
pub(super) struct Sought {
    home: Option<DomainName>,
    account: Option<AccountName>,
}

impl Sought {
    /// Where it is looked for: in the domain that is named, or where the SID is.
    pub(super) fn of(directories: &Directories, subject: &Subject) -> Sought {
        match subject {
            Subject::Named(ObjectName { account, domain }) => {
                Sought { home: Some(domain.clone()), account: Some(account.clone()) }
            }
            Subject::Known(sid) => {
                let found = directories.object(sid);
                let (home, account) = found.map(|(home, object)| (&home.name, &object.account)).unzip();
                Sought { home: home.cloned(), account: account.cloned() }
            }
        }
    }

    pub(super) fn object<'w>(&self, directories: &'w Directories) -> Option<&'w Object> {
        directories.domain(self.home.as_ref()?)?.object(self.account.as_ref()?)
    }

    // Rules: DIR-18, DIR-20, DIR-21.
    fn finding(&self, atoms: &mut Atoms, directories: &Directories, place: Place<'_>) -> Stepping<Finding> {
        let Some(domain) = self.home.as_ref().or(place.face()) else {
            return Err(defect("a directory without a domain"));
        };
        let other = Place::named(directories, &DirectoryName::Domain(domain.clone()));
        let closed = other.is_some_and(|other| is_closed(other) && other.name() != place.name());
        Ok(Finding {
            lookup: Lookup {
                standing: standing(atoms, directories, place, domain),
                active: atoms.truth(place.active()),
                closed: atoms.truth(closed),
                service_account: atoms.truth(service_account_is_usable(directories, place)),
                one: atoms.truth(true),
            },
            known: atoms.truth(self.home.is_some()),
            there: atoms.truth(self.object(directories).is_some()),
        })
    }

    fn asking<'s>(&'s self, place: Place<'_>, standing: &'s Standing) -> Option<Asking<'s>> {
        let domain = self.home.as_ref()?;
        Some(Asking { by: place.name(), standing, domain, account: self.account.as_ref() })
    }
}

/// Why a subject cannot be found.
pub(super) fn nobody() -> Stop {
    refused(Refusal::DoesNotExist, "DIR-37", "there is no such object")
}
