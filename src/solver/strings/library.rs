//! The languages of a store: their outlines, their automata, and what is known of each and of each pair.
//!
//! All of it is a memory of pure functions: what an entry says depends on the languages alone, never on who asked before. So answers do not
//! depend on which questions came earlier, nor on which thread they came to. Outlines and automata are made when first needed.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::conjunction::{self, Conjunction, Membership, Outcome};
use super::machine::Machine;
use super::outline::{self, Outline};
use super::product;
use crate::solver::formula::{Formulas, Language};
use crate::solver::hashing::Table;
use crate::solver::interner::Interner;
use crate::solver::regular::Regular;
use crate::solver::verdict::Limit;

/// What is known of the languages that have been asked about.
#[derive(Clone, Debug, Default)]
pub(in crate::solver) struct Library {
    outlines: Table<u32, Outline>,
    machines: Vec<Machine>,
    /// Where the automaton of a language lies among the machines, or why it has none.
    opened: Table<u32, Result<usize, Limit>>,
    shortest: Table<u32, Option<String>>,
    disjoint: Table<(u32, u32), bool>,
    included: Table<(u32, u32), bool>,
    pub(super) conjunctions: Table<Conjunction, Outcome>,
    /// Languages that are not of the store: made from them on the way to an answer.
    derived: Interner<Regular>,
    by_name: HashMap<String, Language>,
    /// Positions that an automaton may have.
    language_size: u64,
    /// Combined states that a question may visit.
    pub(super) text_states: u64,
}

/// How far the question about a pair of languages may go before it is left to the questions about whole conjunctions.
const PAIR_STATES: u64 = 3_000;

/// Marks the handles of languages that are not of the store.
const DERIVED: u32 = 1 << 31;

/// How many languages that are not of the store are kept for later questions.
const DERIVED_KEPT: usize = 5_000;

/// How many answers about conjunctions are kept for later questions.
const CONJUNCTIONS_KEPT: usize = 50_000;

impl Library {
    /// An empty one.
    pub(in crate::solver) fn new(language_size: u64, text_states: u64) -> Library {
        Library { language_size, text_states, ..Library::default() }
    }

    /// Whether the library works under these limits.
    pub(in crate::solver) fn has_limits(&self, language_size: u64, text_states: u64) -> bool {
        self.language_size == language_size && self.text_states == text_states
    }

    /// A handle for a language that is not of the store.
    pub(in crate::solver) fn derive(&mut self, regular: Regular) -> Language {
        Language(DERIVED | self.derived.number(regular))
    }

    /// A handle for a language that is not of the store, which is made when its name is first heard. A name means one language.
    pub(in crate::solver) fn derive_named(
        &mut self,
        name: String,
        language: impl FnOnce() -> Regular,
    ) -> Language {
        match self.by_name.get(&name) {
            Some(&known) => known,
            None => {
                let made = self.derive(language());
                self.by_name.insert(name, made);
                made
            }
        }
    }

    /// Forgets what can be found out again, if it has become much. Handles of derived languages must not be used any more.
    pub(in crate::solver) fn tidy(&mut self) {
        if self.conjunctions.len() > CONJUNCTIONS_KEPT {
            self.conjunctions.clear();
        }
        if self.derived.len() < DERIVED_KEPT {
            return;
        }
        let of_store = |language: u32| language & DERIVED == 0;
        self.outlines.retain(|language, _| of_store(*language));
        self.machines.clear();
        self.opened.clear();
        self.shortest.retain(|language, _| of_store(*language));
        self.disjoint.retain(|(left, right), _| of_store(*left) && of_store(*right));
        self.included.retain(|(inner, outer), _| of_store(*inner) && of_store(*outer));
        self.conjunctions.retain(|(domain, literals), _| {
            of_store(domain.0) && literals.iter().all(|(language, _)| of_store(language.0))
        });
        self.derived = Interner::default();
        self.by_name.clear();
    }

    /// An order of languages that does not depend on what was asked before: handles of the store by their number, others by what they are.
    pub(super) fn compare(&self, left: Language, right: Language) -> Ordering {
        let derived = |language: Language| match language.0 & DERIVED {
            0 => None,
            _ => self.derived.item((language.0 & !DERIVED) as usize),
        };
        match (derived(left), derived(right)) {
            (None, None) => left.cmp(&right),
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => left.cmp(right),
        }
    }

    /// The expression of a language of the store, or of one that was derived.
    pub(in crate::solver) fn regular<'f>(
        &'f self,
        formulas: &'f Formulas,
        language: Language,
    ) -> Option<&'f Regular> {
        match language.0 & DERIVED {
            0 => formulas.regular(language),
            _ => self.derived.item((language.0 & !DERIVED) as usize),
        }
    }

    /// Makes sure that the language has its automaton.
    pub(in crate::solver) fn open(&mut self, formulas: &Formulas, language: Language) -> Result<(), Limit> {
        self.place(formulas, language).map(|_| ())
    }

    fn place(&mut self, formulas: &Formulas, language: Language) -> Result<usize, Limit> {
        if let Some(&known) = self.opened.get(&language.0) {
            return known;
        }
        let machine = match self.regular(formulas, language) {
            Some(regular) => Machine::of(regular, self.language_size).map_err(|_| Limit::LanguageSize),
            None => Err(Limit::LanguageSize),
        };
        let place = machine.map(|machine| {
            self.machines.push(machine);
            self.machines.len() - 1
        });
        self.opened.insert(language.0, place);
        place
    }

    /// The places of the automata of opened languages.
    pub(super) fn places(&self, literals: &[(Language, Membership)]) -> Vec<(usize, Membership)> {
        let place = |language: &Language| self.opened.get(&language.0).and_then(|place| place.ok());
        literals
            .iter()
            .map(|(language, membership)| (place(language).unwrap_or(usize::MAX), *membership))
            .collect()
    }

    pub(super) fn machines_mut(&mut self) -> &mut [Machine] {
        &mut self.machines
    }

    /// Makes sure that the language has its outline.
    fn sketch(&mut self, formulas: &Formulas, language: Language) {
        if !self.outlines.contains_key(&language.0) {
            let outline = self.regular(formulas, language).map(Outline::of).unwrap_or_default();
            self.outlines.insert(language.0, outline);
        }
    }

    /// Whether the text belongs to the language. A language too large for an automaton is an error.
    pub(in crate::solver) fn accepts(
        &mut self,
        formulas: &Formulas,
        language: Language,
        text: &str,
    ) -> Result<bool, Limit> {
        self.sketch(formulas, language);
        if self.outlines.get(&language.0).is_some_and(|outline| outline.excludes(text)) {
            return Ok(false);
        }
        let place = self.place(formulas, language)?;
        Ok(self.machines.get_mut(place).is_some_and(|machine| machine.accepts(text)))
    }

    /// Whether the text has all the memberships. A language too large for an automaton is an error.
    pub(in crate::solver) fn fits(
        &mut self,
        formulas: &Formulas,
        asked: &[(Language, Membership)],
        text: &str,
    ) -> Result<bool, Limit> {
        for (language, membership) in asked {
            if self.accepts(formulas, *language, text)? != (*membership == Membership::In) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A shortest text of the language, the plainest found; `None` where it has none. A language whose texts are all longer than the limit
    /// of its automaton is an error.
    pub(in crate::solver) fn shortest(
        &mut self,
        formulas: &Formulas,
        language: Language,
    ) -> Result<Option<String>, Limit> {
        if let Some(known) = self.shortest.get(&language.0) {
            return Ok(known.clone());
        }
        self.sketch(formulas, language);
        if self.outlines.get(&language.0).is_some_and(|outline| outline.least() as u64 > self.language_size) {
            return Err(Limit::LanguageSize);
        }
        let found = self.regular(formulas, language).and_then(outline::shortest);
        self.shortest.insert(language.0, found.clone());
        Ok(found)
    }

    /// The length of the longest text of the language, where there is one and it is plain.
    pub(in crate::solver) fn longest(&mut self, formulas: &Formulas, language: Language) -> Option<usize> {
        let place = self.place(formulas, language).ok()?;
        self.machines.get(place).and_then(Machine::longest)
    }

    /// The only text of the language, where it is plain that it has only one.
    pub(in crate::solver) fn only_text(&mut self, formulas: &Formulas, language: Language) -> Option<&str> {
        self.sketch(formulas, language);
        self.outlines.get(&language.0).and_then(Outline::only)
    }

    /// Whether it is plain from the outlines that no text belongs to both languages.
    pub(super) fn clash(&mut self, formulas: &Formulas, left: Language, right: Language) -> bool {
        self.sketch(formulas, left);
        self.sketch(formulas, right);
        let outlines = (self.outlines.get(&left.0), self.outlines.get(&right.0));
        matches!(outlines, (Some(left), Some(right)) if left.clashes(right))
    }

    /// Whether it is known that no text belongs to both languages.
    pub(in crate::solver) fn disjoint(
        &mut self,
        formulas: &Formulas,
        left: Language,
        right: Language,
    ) -> bool {
        if self.clash(formulas, left, right) {
            return true;
        }
        let (left, right) = match self.compare(left, right) {
            Ordering::Greater => (right, left),
            Ordering::Less | Ordering::Equal => (left, right),
        };
        if let Some(&known) = self.disjoint.get(&(left.0, right.0)) {
            return known;
        }
        let answer = self.search_disjoint(formulas, left, right).unwrap_or(false);
        self.disjoint.insert((left.0, right.0), answer);
        answer
    }

    fn search_disjoint(
        &mut self,
        formulas: &Formulas,
        left: Language,
        right: Language,
    ) -> Result<bool, Limit> {
        for (one, other) in [(left, right), (right, left)] {
            let only = self.only_text(formulas, one).is_some();
            match self.shortest(formulas, one)? {
                None => return Ok(true),
                Some(text) if self.accepts(formulas, other, &text)? => return Ok(false),
                Some(_) if only => return Ok(true),
                Some(_) => {}
            }
        }
        self.open(formulas, left)?;
        self.open(formulas, right)?;
        let literals = [(left, Membership::In), (right, Membership::In)];
        Ok(product::shortest(self, &literals, PAIR_STATES) == product::Found::Nothing)
    }

    /// Whether it is known that every text of the first language belongs to the second.
    pub(in crate::solver) fn included(
        &mut self,
        formulas: &Formulas,
        inner: Language,
        outer: Language,
    ) -> bool {
        if inner == outer {
            return true;
        }
        self.sketch(formulas, inner);
        self.sketch(formulas, outer);
        if let (Some(inner), Some(outer)) = (self.outlines.get(&inner.0), self.outlines.get(&outer.0))
            && inner.exceeds(outer)
        {
            return false;
        }
        if let Some(&known) = self.included.get(&(inner.0, outer.0)) {
            return known;
        }
        let answer = self.search_included(formulas, inner, outer).unwrap_or(false);
        self.included.insert((inner.0, outer.0), answer);
        answer
    }

    fn search_included(
        &mut self,
        formulas: &Formulas,
        inner: Language,
        outer: Language,
    ) -> Result<bool, Limit> {
        match self.shortest(formulas, inner)? {
            None => return Ok(true),
            Some(text) if !self.accepts(formulas, outer, &text)? => return Ok(false),
            Some(_) if self.only_text(formulas, inner).is_some() => return Ok(true),
            Some(_) => {}
        }
        self.open(formulas, inner)?;
        self.open(formulas, outer)?;
        let literals = [(inner, Membership::In), (outer, Membership::Out)];
        Ok(product::shortest(self, &literals, PAIR_STATES) == product::Found::Nothing)
    }

    /// Whether some text of the domain has all the memberships, and which.
    pub(in crate::solver) fn decide(
        &mut self,
        formulas: &Formulas,
        domain: Language,
        literals: &[(Language, Membership)],
    ) -> Outcome {
        conjunction::decide(self, formulas, domain, literals)
    }

    /// Different texts with these memberships, the shortest first, at most `count`; and whether there are no others. Of characters that no
    /// language tells apart it shows one.
    pub(in crate::solver) fn several(
        &mut self,
        formulas: &Formulas,
        literals: &[(Language, Membership)],
        count: usize,
    ) -> Result<(Vec<String>, bool), Limit> {
        for (language, _) in literals {
            self.open(formulas, *language)?;
        }
        Ok(product::several(self, literals, count, self.text_states))
    }
}
