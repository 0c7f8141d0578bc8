//! Trusts: making and deleting one side, and looking at the outgoing direction (DIR-8 to DIR-15).

use super::facts::{Numbered, Place, in_one_forest, standing, trusts};
use super::{Asking, Atoms, done, refused};
use crate::iam::directory::{
    Directories, DirectoryName, DomainName, Outcome, Refusal, TrustDirection, TrustExtent, TrustRecord,
    TrustReport,
};
use crate::iam::outcome::Answer;
use crate::model::directory::{Ability, Kind, Kinds, Trusting, Verifying, create_trust, verify_trust};
use crate::model::steps::calls::defect;
use crate::model::steps::{Moment, Stepping};

/// One side of a trust to be made, seen from `at`.
#[derive(Clone, Copy)]
pub(super) struct NewTrust<'s> {
    pub(super) at: &'s DirectoryName,
    pub(super) with: &'s DirectoryName,
    pub(super) direction: TrustDirection,
    pub(super) extent: TrustExtent,
    pub(super) password: &'s str,
}

impl Moment<'_> {
    // Rules: DIR-8, DIR-9, DIR-11, DIR-12, DIR-15, DIR-21.
    pub(super) fn create_trust(&mut self, new: NewTrust<'_>) -> Stepping<Answer> {
        let NewTrust { at, with, direction, extent, password } = new;
        let place = self.place(at)?;
        self.may_call(place, "ds:CreateTrust")?;
        let directories = &self.world.directories;
        let other = Place::named(directories, with);
        let names = place.face().zip(other.and_then(Place::face));
        let of_both = |holds: &dyn Fn(&DomainName, &DomainName) -> bool| {
            names.is_some_and(|(own, other)| holds(own, other))
        };
        let mut atoms = Atoms::new();
        let facts = Trusting {
            kinds: Kinds::of(&atoms.formulas, place.kind()),
            other_exists: atoms.truth(other.is_some()),
            other: Kinds::of(&atoms.formulas, other.map_or(Kind::OnPremises, Place::kind)),
            single_label: atoms
                .truth(of_both(&|own, other| [own, other].iter().any(|name| name.parent().is_none()))),
            itself: atoms.truth(of_both(&|own, other| own == other)),
            forest: atoms.truth(extent == TrustExtent::Forest),
            roots: atoms
                .truth(of_both(&|own, other| is_root(directories, own) && is_root(directories, other))),
            one_forest: atoms.truth(of_both(&|own, other| in_one_forest(directories, own, other))),
            on_record: atoms.truth(of_both(&|own, other| directories.trust_record(own, other).is_some())),
        };
        let names = names.map(|(own, other)| (own.clone(), other.clone()));
        let outcome = create_trust(&mut atoms.formulas, &facts);
        self.told(&mut atoms, &outcome, None)?;
        let Some((owner, partner)) = names else { return Err(defect("a trust of nobody")) };
        let record = TrustRecord { owner, partner, direction, extent, password: password.to_owned() };
        self.world.directories.trusts.push(record);
        Ok(done())
    }

    // Rules: DIR-9, DIR-11.
    pub(super) fn delete_trust(&mut self, at: &DirectoryName, with: &DirectoryName) -> Stepping<Answer> {
        let place = self.place(at)?;
        self.may_call(place, "ds:DeleteTrust")?;
        self.can_both(place, with)?;
        let record = self.on_record(place, with)?;
        let (owner, partner) = (record.owner.clone(), record.partner.clone());
        self.world.directories.trusts.retain(|record| record.owner != owner || record.partner != partner);
        Ok(done())
    }

    // Rules: DIR-10, DIR-14, DIR-19.
    pub(super) fn verify_trust(&mut self, at: &DirectoryName, with: &DirectoryName) -> Stepping<Answer> {
        let place = self.place(at)?;
        self.may_call(place, "ds:VerifyTrust")?;
        self.can_both(place, with)?;
        let directories = self.world.directories.clone();
        let record = self.on_record(place, with)?.clone();
        let name = place.name();
        let Some(place) = Place::named(&directories, &name) else { return Err(defect("it was there")) };
        let mut atoms = Atoms::new();
        let numbered = Numbered::all(&directories);
        let trusts = trusts(&mut atoms, &directories, &numbered);
        let numbers = numbered.of(&record.owner).zip(numbered.of(&record.partner));
        let known = numbers.and_then(|(owner, partner)| {
            trusts.records.iter().find(|known| known.owner == owner && known.partner == partner)
        });
        let Some(known) = known else { return Err(defect("a record without a number")) };
        let standing = standing(&mut atoms, &directories, place, &record.partner);
        let formulas = &mut atoms.formulas;
        let facts = Verifying {
            kinds: standing.kinds,
            on_record: formulas.verum(),
            active: if place.active() { formulas.verum() } else { formulas.falsum() },
            points_out: formulas.or([known.outgoing, known.two_way]),
            complement: trusts.has_complement(formulas, known),
            reached: standing.link,
        };
        let outcome = verify_trust(formulas, &facts);
        let asking = Asking { by: name, standing: &standing, domain: &record.partner, account: None };
        self.told(&mut atoms, &outcome, Some(&asking))?;
        let report = match (atoms.read(facts.points_out)?, atoms.read(facts.complement)?) {
            (false, _) => TrustReport::NothingOutgoing,
            (true, true) => TrustReport::Works,
            (true, false) => TrustReport::Broken,
        };
        Ok(Answer::Directory(Outcome::Trust(report)))
    }

    /// Whether both sides can have trusts, the other one as far as it is there.
    // Rules: DIR-8, DIR-21, DIR-35.
    fn can_both(&self, place: Place<'_>, with: &DirectoryName) -> Stepping<()> {
        self.can(place, Ability::Trusts, "DIR-8")?;
        let other = Place::named(&self.world.directories, with);
        other.map_or(Ok(()), |other| self.can(other, Ability::Trusts, "DIR-21"))
    }

    /// The record that one side has of the other, which may be gone.
    // Rules: DIR-9, DIR-11.
    fn on_record(&self, place: Place<'_>, with: &DirectoryName) -> Stepping<&TrustRecord> {
        let directories = &self.world.directories;
        let partner = match with {
            DirectoryName::Domain(name) => Some(name),
            DirectoryName::Id(_) => Place::named(directories, with).and_then(Place::face),
        };
        let names = place.domain().map(|own| &own.name).zip(partner);
        let record = names.and_then(|(own, partner)| directories.trust_record(own, partner));
        record.ok_or_else(|| refused(Refusal::DoesNotExist, "DIR-9", "there is no such trust on record"))
    }
}

/// Whether the domain is the root of its forest.
// Rule: DIR-1.
fn is_root(directories: &Directories, name: &DomainName) -> bool {
    let below = directories
        .forests
        .iter()
        .any(|forest| forest.root.root.name != *name && forest.domains().any(|domain| domain.name == *name));
    !below
}
