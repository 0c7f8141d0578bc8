//! Which requests there are: the well-formed ones of KEY-10, and what the variables of a request stand for in every context.

use super::condition::list_tests;
use super::context::Meeting;
use super::keys::Rules;
use super::problem::Problem;
use super::regular::{any_of, arn, choice, digits};
use super::request::{KeyIndex, Scope, SymbolicRequest};
use crate::iam::key::KeyType;
use crate::solver::formula::{Formula, Formulas};
use crate::solver::regular::Regular;

/// The value of a key that a service has by reading: the object replacement character, which no policy can spell (GRAM-2).
const OPAQUE: &str = "\u{FFFC}";

impl SymbolicRequest {
    /// Holds for exactly the well-formed requests of KEY-10, as far as the keys in use tell.
    ///
    /// Ask last: formulas that are built afterwards may bring new keys and new elements of lists into use.
    ///
    /// # Errors
    ///
    /// [`Problem`] where a test of a list cannot be written down; it would have shown when the test was first asked for.
    // Rules: KEY-1, KEY-10.
    pub fn well_formed(&mut self, formulas: &mut Formulas) -> Result<Formula, Problem> {
        self.reserve_elements();
        let mut parts = vec![self.elements(formulas)?];
        parts.append(&mut Rules::hold(formulas, self));
        parts.push(self.agreements(formulas));
        parts.push(self.parties(formulas));
        Ok(formulas.and(parts))
    }

    /// Holds for every context whatever: it says what the flags and the typed views of keys stand for.
    ///
    /// It is asked for with every pinned request of a world. Keys, elements and views come with variables of their own, so where there are as
    /// many variables as the last time, the last answer still says it all.
    pub(super) fn definitions(&mut self, formulas: &mut Formulas) -> Result<Formula, Problem> {
        if let Some((variables, defined)) = self.defined
            && variables == formulas.variables()
        {
            return Ok(defined);
        }
        let elements = self.elements(formulas)?;
        let agreements = self.agreements(formulas);
        let defined = formulas.and([elements, agreements]);
        self.defined = Some((formulas.variables(), defined));
        Ok(defined)
    }

    fn elements(&mut self, formulas: &mut Formulas) -> Result<Formula, Problem> {
        let mut parts = Vec::new();
        for key in self.indexes() {
            self.at_mut(key).make_elements(formulas);
            parts.push(list_tests(formulas, self, key)?);
            parts.push(self.at_mut(key).shape(formulas));
            parts.push(self.opaque_value(formulas, key));
        }
        parts.push(self.readings.consistent(formulas));
        Ok(formulas.and(parts))
    }

    /// Holds iff a key that is only there by the reading of it has the one value that no policy can spell.
    // Rule: KEY-4.
    fn opaque_value(&mut self, formulas: &mut Formulas, key: KeyIndex) -> Formula {
        let opaque = self.opaque(formulas, key);
        if opaque == formulas.falsum() {
            return formulas.verum();
        }
        let text = self.text(formulas, key);
        let value = formulas.in_language(text, Regular::text(OPAQUE));
        let many = formulas.flag(self.at(key).many);
        let single = formulas.not(many);
        let so = formulas.and([value, single]);
        formulas.implies(opaque, so)
    }

    fn agreements(&mut self, formulas: &mut Formulas) -> Formula {
        let mut parts = Vec::new();
        for key in self.indexes() {
            let symbolic = self.at_mut(key);
            let epoch = symbolic.has_type(KeyType::Epoch);
            let meeting = if epoch { Meeting::Elsewhere } else { Meeting::InText };
            parts.extend(symbolic.values.iter_mut().map(|value| value.agreement(formulas, meeting)));
        }
        formulas.and(parts)
    }

    /// Elements that lists need for the rules which join keys: one for each tag key that may have to be in aws:TagKeys, one for each end of
    /// aws:CalledVia that is a key of its own, and one for the name of a service.
    fn reserve_elements(&mut self) {
        let tags = self.request_tags().len();
        let ends = ["aws:CalledViaFirst", "aws:CalledViaLast"];
        let ends = ends.into_iter().filter(|name| self.in_use(name).is_some()).count();
        for (name, elements) in
            [("aws:TagKeys", tags), ("aws:CalledVia", ends), ("aws:PrincipalServiceNamesList", 1)]
        {
            if let Some(key) = self.in_use(name) {
                self.at_mut(key).reserve(elements);
            }
        }
    }

    /// The keys aws:RequestTag/k in use, each with its k.
    pub(super) fn request_tags(&self) -> Vec<(KeyIndex, String)> {
        self.tagged("aws:requesttag/")
    }

    /// The keys in use whose folded name begins so, each with the rest of it.
    pub(super) fn tagged(&self, prefix: &str) -> Vec<(KeyIndex, String)> {
        let rest = |key: KeyIndex| self.at(key).name.folded().strip_prefix(prefix).map(str::to_owned);
        self.indexes().into_iter().filter_map(|key| rest(key).map(|rest| (key, rest))).collect()
    }

    /// Holds for the resources and the parties of KEY-10.
    fn parties(&mut self, formulas: &mut Formulas) -> Formula {
        let resources = choice([Regular::text("*"), arn()]);
        let mut parts = vec![formulas.in_language(self.resource, resources)];
        let Some(caller) = &self.caller else {
            return formulas.and(parts);
        };
        self.named_accounts.sort_unstable();
        self.named_accounts.dedup();
        parts.push(caller.well_formed(formulas, &self.named_accounts));
        let accounts = choice([digits(12, 12), any_of(self.named_accounts.iter().cloned())]);
        parts.push(formulas.in_language(self.owner, accounts));
        if let Scope::Caller(concrete, credential) = &self.scope {
            parts.push(caller.is_exactly(formulas, concrete, *credential));
        }
        formulas.and(parts)
    }
}
