//! What a step left of assignments and of trusts on record, held to the relation of what lasts ([`keeps`]).

use super::facts::Place;
use super::roles::Sought;
use crate::iam::directory::{
    Administration, Assignment, Directories, DirectoryCall, DirectoryId, DirectoryName, DirectoryOperation,
    DomainName, NewDirectoryKind, Sid, Subject, TrustRecord,
};
use crate::iam::operation::{Operation, Step};
use crate::iam::outcome::{Outcome, Taken};
use crate::iam::world::World;
use crate::model::directory::{Keeping, Kept, Kind, keeps};
use crate::solver::forced::Forced;
use crate::solver::formula::Formulas;

/// Something that lasts.
#[derive(Clone, Copy)]
enum Lasting<'w> {
    Assignment(&'w DirectoryId, &'w Assignment),
    Record(&'w TrustRecord),
}

/// What became otherwise than the relation lets the step make it, in words.
// Rules: DIR-6, DIR-8, DIR-9, DIR-25, DIR-32.
pub(in crate::model::steps) fn otherwise(before: &World, step: &Step, taken: &Taken) -> Option<String> {
    let (before, after) = (&before.directories, &taken.world.directories);
    let done = match (&taken.outcome, &step.operation) {
        (Outcome::Done(_), Operation::Directory(operation)) => Some(operation),
        (Outcome::Done(_) | Outcome::Refused(_), _) => None,
    };
    let mut all = [before, after].into_iter().flat_map(lasting);
    let strange = all.find(|lasting| {
        let keeping = done.map_or(Keeping::Elsewhere, |operation| lasting.keeping(before, operation));
        let mut formulas = Formulas::new();
        let succeeds = if done.is_some() { formulas.verum() } else { formulas.falsum() };
        let [was, is] = [before, after].map(|directories| lasting.kept(&formulas, directories));
        let left = keeps(&mut formulas, keeping, succeeds, &was, &is);
        Forced::by_all(&formulas, &[left]).is_err()
    })?;
    Some(match strange {
        Lasting::Assignment(id, assignment) => format!("the assignment of {} at {id}", assignment.role),
        Lasting::Record(record) => format!("the trust of {} with {}", record.owner, record.partner),
    })
}

fn lasting(directories: &Directories) -> impl Iterator<Item = Lasting<'_>> {
    let assignments = directories.aws.iter().flat_map(|directory| {
        directory.assignments.iter().map(|assignment| Lasting::Assignment(&directory.id, assignment))
    });
    assignments.chain(directories.trusts.iter().map(Lasting::Record))
}

impl Lasting<'_> {
    /// What the relation sees of it.
    fn kept(&self, formulas: &Formulas, directories: &Directories) -> Kept {
        let (place, assigned, on_record) = match self {
            Lasting::Assignment(id, assignment) => {
                let directory = directories.directory(id);
                let assigned = directory.is_some_and(|directory| directory.assignments.contains(assignment));
                (directory.map(Place::Kept), assigned, false)
            }
            Lasting::Record(record) => {
                let place = Place::named(directories, &DirectoryName::Domain(record.owner.clone()));
                (place, false, directories.trusts.contains(record))
            }
        };
        let truth = |holds| if holds { formulas.verum() } else { formulas.falsum() };
        Kept {
            there: truth(place.is_some()),
            simple: truth(place.is_some_and(|place| place.kind() == Kind::Simple)),
            assigned: truth(assigned),
            on_record: truth(on_record),
        }
    }

    /// What an operation that succeeds is to it.
    fn keeping(&self, before: &Directories, operation: &DirectoryOperation) -> Keeping {
        let call = match operation {
            DirectoryOperation::Call(call) => call,
            DirectoryOperation::Administration(Administration::CreateDomain { name, .. }) => {
                return if self.is_of(name) { Keeping::Create } else { Keeping::Elsewhere };
            }
            DirectoryOperation::Administration(_)
            | DirectoryOperation::Event(_)
            | DirectoryOperation::UserAction(_) => return Keeping::Elsewhere,
        };
        let (keeping, is_it) = match call {
            DirectoryCall::CreateDirectory(new) => {
                let of_domain = match &new.kind {
                    NewDirectoryKind::Managed { name } | NewDirectoryKind::Simple { name } => {
                        self.is_of(name)
                    }
                    NewDirectoryKind::Connector { .. } => false,
                };
                (Keeping::Create, of_domain || self.is_at_id(&new.id))
            }
            DirectoryCall::DeleteDirectory { at } => (Keeping::Delete, self.is_at(before, at)),
            DirectoryCall::AssignRole { at, subject, role } => {
                (Keeping::Assign, self.is_at(before, at) && self.assigns(before, subject, role))
            }
            DirectoryCall::UnassignRole { at, subject, role } => {
                (Keeping::Unassign, self.is_at(before, at) && self.assigns(before, subject, role))
            }
            DirectoryCall::CreateTrust { at, with, direction, extent, password } => {
                let so = match self {
                    Lasting::Record(record) => {
                        record.direction == *direction
                            && record.extent == *extent
                            && record.password == *password
                    }
                    Lasting::Assignment(..) => false,
                };
                (Keeping::CreateTrust, so && self.is_between(before, at, with))
            }
            DirectoryCall::DeleteTrust { at, with } => {
                (Keeping::DeleteTrust, self.is_between(before, at, with))
            }
            DirectoryCall::UpdateServiceAccount { .. }
            | DirectoryCall::VerifyTrust { .. }
            | DirectoryCall::EnableRadius { .. }
            | DirectoryCall::DisableRadius { .. }
            | DirectoryCall::CreateAccessUrl { .. }
            | DirectoryCall::EnableConsole { .. }
            | DirectoryCall::DisableConsole { .. }
            | DirectoryCall::SetSessionLength { .. }
            | DirectoryCall::ResetPassword { .. }
            | DirectoryCall::Use { .. } => (Keeping::Elsewhere, true),
        };
        if is_it { keeping } else { Keeping::Elsewhere }
    }

    /// Whether it is on record of this domain.
    fn is_of(&self, domain: &DomainName) -> bool {
        match self {
            Lasting::Record(record) => record.owner == *domain,
            Lasting::Assignment(..) => false,
        }
    }

    fn is_at_id(&self, other: &DirectoryId) -> bool {
        match self {
            Lasting::Assignment(id, _) => *id == other,
            Lasting::Record(_) => false,
        }
    }

    /// Whether it is kept at this directory.
    fn is_at(&self, before: &Directories, at: &DirectoryName) -> bool {
        let Some(place) = Place::named(before, at) else { return false };
        place.kept().is_some_and(|directory| self.is_at_id(&directory.id))
            || place.domain().is_some_and(|domain| self.is_of(&domain.name))
    }

    fn assigns(&self, before: &Directories, subject: &Subject, role: &str) -> bool {
        let sid: Option<&Sid> = match subject {
            Subject::Known(sid) => Some(sid),
            Subject::Named(_) => Sought::of(before, subject).object(before).map(|object| &object.sid),
        };
        match self {
            Lasting::Assignment(_, assignment) => assignment.role == role && Some(&assignment.subject) == sid,
            Lasting::Record(_) => false,
        }
    }

    /// Whether it is on record of the one side about the other.
    fn is_between(&self, before: &Directories, at: &DirectoryName, with: &DirectoryName) -> bool {
        let partner = match with {
            DirectoryName::Domain(name) => Some(name),
            DirectoryName::Id(_) => Place::named(before, with).and_then(Place::face),
        };
        match self {
            Lasting::Record(record) => self.is_at(before, at) && partner == Some(&record.partner),
            Lasting::Assignment(..) => false,
        }
    }
}
