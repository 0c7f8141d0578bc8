//! The compiled statements of all policies that are read together, found by action or by resource.
//!
//! Statements are filed under the literal beginnings of their actions and of their resources, and under texts within their
//! resources. A request looks up what leaves few statements, and puts to the test just those. The indexes never answer: they leave
//! out statements that cannot match, since everything that an element speaks of begins with one of the texts that it is filed
//! under by beginning, and holds one of those that it is filed under otherwise.

use std::ops::ControlFlow;

use super::compile_error::{CompileError, Place};
use super::gram_index::GramIndex;
use super::prefix_index::PrefixIndex;
use super::question::Asked;
use super::reading::Reading;
use super::statement::Statement;
use crate::iam::policy::{Effect, Policy};

/// Up to so many candidates, looking them over costs less than finding out whether another index leaves fewer.
const FEW: usize = 4;

/// The statements of some policies, Denies first.
#[derive(Clone, Debug)]
pub(super) struct Statements {
    filed: Vec<Filed>,
    by_action: PrefixIndex,
    by_resource: PrefixIndex,
    within_resource: GramIndex,
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
            let statement = Statement::compile(written, policy.version, place.layer, self.reading)
                .map_err(|problem| problem.at(place))?;
            self.filed.push(Filed { statement, set, place });
        }
        Ok(())
    }

    /// Files the statements. A mistaken reading can match what the rules would not, so it has to see them all.
    pub(super) fn index(self) -> Statements {
        let Gathered { mut filed, reading } = self;
        filed.sort_by_key(|filed| match filed.statement.effect {
            Effect::Deny => 0,
            Effect::Allow => 1,
        });
        let mut by_action = Vec::new();
        let mut by_resource = Vec::new();
        let mut within_resource = Vec::new();
        for (number, Filed { statement, .. }) in (0..).zip(&filed) {
            if reading.is_by_the_rules() {
                by_action.extend(statement.actions.literal_heads().into_iter().map(|head| (head, number)));
                by_resource
                    .extend(statement.resources.literal_heads().into_iter().map(|head| (head, number)));
                within_resource.push((number, statement.resources.literals()));
            } else {
                by_action.push((&[][..], number));
                by_resource.push((&[][..], number));
                within_resource.push((number, vec![Vec::new()]));
            }
        }
        let (by_action, by_resource) = (PrefixIndex::new(by_action), PrefixIndex::new(by_resource));
        let within_resource = GramIndex::new(&within_resource);
        Statements { filed, by_action, by_resource, within_resource }
    }
}

impl Statements {
    /// Shows all statements but those that an index rules out, until `visit` breaks off. One found by several texts within its
    /// resources is shown as often.
    pub(super) fn visit<'a, Outcome>(
        &'a self,
        asked: &Asked<'_>,
        mut visit: impl FnMut(&'a Filed) -> ControlFlow<Outcome>,
    ) -> ControlFlow<Outcome> {
        let visit = |number: u32| match self.filed.get(number as usize) {
            Some(filed) => visit(filed),
            None => ControlFlow::Continue(()),
        };
        let by_action = self.by_action.find(asked.action);
        if by_action.count() <= FEW {
            return by_action.entries().try_for_each(visit);
        }
        let by_resource = self.by_resource.find(asked.resource);
        let fewer = if by_resource.count() < by_action.count() { by_resource } else { by_action };
        if fewer.count() <= FEW || fewer.count() <= 2 * self.within_resource.always() {
            return fewer.entries().try_for_each(visit);
        }
        self.within_resource.visit(asked.resource, visit)
    }

    /// Every statement, Denies first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Filed> {
        self.filed.iter()
    }
}
