//! The compiled statements of all policies that are read together, found by action or by resource.
//!
//! Denies and Allows lie apart, each filed under the literal beginnings of its actions and of its resources. A request looks up
//! whichever of the two leaves fewer statements, and puts to the test just those. The indexes never answer: they leave out
//! statements that cannot match, since everything that an element speaks of begins with one of the texts that it is filed under.

use super::compile_error::{CompileError, Place};
use super::prefix_index::PrefixIndex;
use super::question::Asked;
use super::reading::{Reading, mistaken};
use super::statement::Statement;
use crate::iam::policy::{Effect, Policy};

/// Up to so many candidates by action, looking them over costs less than asking for those by resource.
const FEW: usize = 4;

/// The statements of some policies.
#[derive(Clone, Debug)]
pub(super) struct Statements {
    denies: Side,
    allows: Side,
}

/// Statements of one effect. A mistaken reading can match what the rules would not, so it sees them all.
#[derive(Clone, Debug)]
struct Side {
    filed: Vec<Filed>,
    by_action: PrefixIndex,
    by_resource: PrefixIndex,
}

/// A statement with the set it belongs to and its place.
#[derive(Clone, Debug)]
pub(super) struct Filed {
    pub(super) statement: Statement,
    /// The number of the set of policies in which the statement counts.
    pub(super) set: u8,
    pub(super) place: Place,
}

/// Gathers statements before they are indexed.
pub(super) struct Gathered {
    filed: Vec<Filed>,
    reading: Reading,
}

impl Gathered {
    pub(super) fn new(reading: Reading) -> Gathered {
        Gathered { filed: Vec::new(), reading }
    }

    /// Compiles a document's statements into a set. `place` is the document's.
    pub(super) fn add(&mut self, policy: &Policy, set: u8, place: Place) -> Result<(), CompileError> {
        for (index, written) in policy.statements.iter().enumerate() {
            let place = Place { statement: Some(index), ..place };
            let statement = Statement::compile(written, policy.version, self.reading)
                .map_err(|problem| problem.at(place))?;
            self.filed.push(Filed { statement, set, place });
        }
        Ok(())
    }

    pub(super) fn index(self) -> Statements {
        let reading = self.reading;
        let (denies, allows) =
            self.filed.into_iter().partition(|filed| filed.statement.effect == Effect::Deny);
        Statements { denies: Side::new(denies, reading), allows: Side::new(allows, reading) }
    }
}

impl Statements {
    /// The Deny statements that match.
    pub(super) fn denying<'a>(&'a self, asked: &'a Asked<'a>) -> impl Iterator<Item = &'a Filed> {
        self.denies.candidates(asked).filter(|filed| {
            if mistaken!(asked.reading, DenyWithinItsDocument) && !self.document_allows(filed.place, asked) {
                return false;
            }
            filed.statement.matches(asked)
        })
    }

    /// The Allow statements among which are all that match.
    pub(super) fn perhaps_allowing<'a>(&'a self, asked: &Asked<'_>) -> impl Iterator<Item = &'a Filed> {
        self.allows.candidates(asked)
    }

    /// Every statement, Denies first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Filed> {
        self.denies.filed.iter().chain(&self.allows.filed)
    }

    fn document_allows(&self, place: Place, asked: &Asked<'_>) -> bool {
        let document = Place { statement: None, ..place };
        let mut allows = self.allows.filed.iter();
        allows.any(|filed| {
            Place { statement: None, ..filed.place } == document && filed.statement.matches(asked)
        })
    }
}

impl Side {
    fn new(filed: Vec<Filed>, reading: Reading) -> Side {
        let mut by_action = Vec::new();
        let mut by_resource = Vec::new();
        for (number, Filed { statement, .. }) in (0..).zip(&filed) {
            if reading.is_by_the_rules() {
                by_action.extend(statement.actions.literal_heads().into_iter().map(|head| (head, number)));
                by_resource
                    .extend(statement.resources.literal_heads().into_iter().map(|head| (head, number)));
            } else {
                by_action.push((&[][..], number));
                by_resource.push((&[][..], number));
            }
        }
        let (by_action, by_resource) = (PrefixIndex::new(by_action), PrefixIndex::new(by_resource));
        Side { filed, by_action, by_resource }
    }

    /// All statements but those that the action's or the resource's beginning rules out; some of them perhaps twice.
    fn candidates<'a>(&'a self, asked: &Asked<'_>) -> impl Iterator<Item = &'a Filed> {
        let by_action = self.by_action.find(asked.action);
        let found = if by_action.count() <= FEW {
            by_action
        } else {
            let by_resource = self.by_resource.find(asked.resource);
            if by_resource.count() < by_action.count() { by_resource } else { by_action }
        };
        found.entries().filter_map(|number| self.filed.get(usize::try_from(number).ok()?))
    }
}
