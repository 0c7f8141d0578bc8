//! The languages of a store as automata, and what is known of each and of each pair.
//!
//! All of it is a memory of pure functions: what an entry says depends on the languages alone, never on who asked before. So answers do not
//! depend on which questions came earlier, nor on which thread they came to.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::conjunction::{self, Conjunction, Membership, Outcome};
use super::machine::{Machine, State};
use super::product;
use crate::solver::formula::{Formulas, Language};
use crate::solver::hashing::Table;
use crate::solver::regular::Regular;
use crate::solver::verdict::Limit;

/// The automata of the languages that have been asked about, and the answers about them.
#[derive(Clone, Debug, Default)]
pub(in crate::solver) struct Library {
    machines: Table<u32, Result<Machine, Limit>>,
    shortest: Table<u32, Option<String>>,
    disjoint: Table<(u32, u32), bool>,
    included: Table<(u32, u32), bool>,
    pub(super) conjunctions: Table<Conjunction, Outcome>,
    /// Languages that are not of the store: made from them on the way to an answer.
    derived: Vec<Regular>,
    by_derived: HashMap<Regular, Language>,
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

impl Library {
    /// An empty one.
    pub(in crate::solver) fn new(language_size: u64, text_states: u64) -> Library {
        Library { language_size, text_states, ..Library::default() }
    }

    /// Whether the library works under these limits.
    pub(in crate::solver) fn has_limits(&self, language_size: u64, text_states: u64) -> bool {
        self.language_size == language_size && self.text_states == text_states
    }

    /// A handle, opened, for a language that is not of the store.
    pub(in crate::solver) fn derive(&mut self, regular: Regular) -> Result<Language, Limit> {
        let language = match self.by_derived.get(&regular) {
            Some(&known) => known,
            None => {
                let fresh = Language(DERIVED | u32::try_from(self.derived.len()).unwrap_or(u32::MAX));
                self.derived.push(regular.clone());
                self.by_derived.insert(regular.clone(), fresh);
                fresh
            }
        };
        let limit = self.language_size;
        let machine = self
            .machines
            .entry(language.0)
            .or_insert_with(|| Machine::of(&regular, limit).map_err(|_| Limit::LanguageSize));
        machine.as_ref().map(|_| language).map_err(|limit| *limit)
    }

    /// Forgets the languages that are not of the store, if they have become many. Their handles must not be used any more.
    pub(in crate::solver) fn tidy(&mut self) {
        if self.derived.len() < DERIVED_KEPT {
            return;
        }
        let of_store = |language: u32| language & DERIVED == 0;
        self.machines.retain(|language, _| of_store(*language));
        self.shortest.retain(|language, _| of_store(*language));
        self.disjoint.retain(|(left, right), _| of_store(*left) && of_store(*right));
        self.included.retain(|(inner, outer), _| of_store(*inner) && of_store(*outer));
        self.conjunctions.retain(|(domain, literals), _| {
            of_store(domain.0) && literals.iter().all(|(language, _)| of_store(language.0))
        });
        self.derived.clear();
        self.by_derived.clear();
    }

    /// An order of languages that does not depend on what was asked before: handles of the store by their number, others by what they are.
    pub(super) fn compare(&self, left: Language, right: Language) -> Ordering {
        let derived = |language: Language| match language.0 & DERIVED {
            0 => None,
            _ => self.derived.get((language.0 & !DERIVED) as usize),
        };
        match (derived(left), derived(right)) {
            (None, None) => left.cmp(&right),
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => left.cmp(right),
        }
    }

    /// Makes sure that the language has its automaton.
    pub(in crate::solver) fn open(&mut self, formulas: &Formulas, language: Language) -> Result<(), Limit> {
        let limit = self.language_size;
        let machine = self.machines.entry(language.0).or_insert_with(|| match formulas.regular(language) {
            Some(regular) => Machine::of(regular, limit).map_err(|_| Limit::LanguageSize),
            None => Err(Limit::LanguageSize),
        });
        machine.as_ref().map(|_| ()).map_err(|limit| *limit)
    }

    /// The automaton of an opened language.
    pub(super) fn machine(&self, language: Language) -> Option<&Machine> {
        self.machines.get(&language.0).and_then(|machine| machine.as_ref().ok())
    }

    pub(super) fn machine_mut(&mut self, language: Language) -> Option<&mut Machine> {
        self.machines.get_mut(&language.0).and_then(|machine| machine.as_mut().ok())
    }

    /// Whether the text belongs to the opened language.
    pub(in crate::solver) fn accepts(&mut self, language: Language, text: &str) -> bool {
        self.machine_mut(language).is_some_and(|machine| machine.accepts(text))
    }

    /// A shortest text of the opened language, the plainest found; `None` where it has none.
    pub(in crate::solver) fn shortest(&mut self, language: Language) -> Option<String> {
        if let Some(known) = self.shortest.get(&language.0) {
            return known.clone();
        }
        let found = match product::shortest(self, &[(language, Membership::In)], u64::MAX) {
            product::Found::Text(text) => Some(text),
            product::Found::Nothing | product::Found::Limit => None,
        };
        self.shortest.insert(language.0, found.clone());
        found
    }

    /// Whether it is known that no text belongs to both opened languages.
    pub(in crate::solver) fn disjoint(&mut self, left: Language, right: Language) -> bool {
        let (left, right) = match self.compare(left, right) {
            Ordering::Greater => (right, left),
            Ordering::Less | Ordering::Equal => (left, right),
        };
        let key = (left.0, right.0);
        if let Some(&known) = self.disjoint.get(&key) {
            return known;
        }
        let answer = match self.affixes_meet(left, right) {
            false => true,
            true => {
                self.share_no_shortest(left, right) && self.search_finds_nothing(left, right, Membership::In)
            }
        };
        self.disjoint.insert(key, answer);
        answer
    }

    /// Whether it is known that every text of the first opened language belongs to the second.
    pub(in crate::solver) fn included(&mut self, inner: Language, outer: Language) -> bool {
        if inner == outer {
            return true;
        }
        if let Some(&known) = self.included.get(&(inner.0, outer.0)) {
            return known;
        }
        let answer = match self.shortest(inner) {
            None => true,
            Some(text) => {
                self.affixes_meet(inner, outer)
                    && self.accepts(outer, &text)
                    && self.search_finds_nothing(inner, outer, Membership::Out)
            }
        };
        self.included.insert((inner.0, outer.0), answer);
        answer
    }

    /// Whether some text of the domain has all the memberships, and which.
    pub(in crate::solver) fn decide(
        &mut self,
        domain: Language,
        literals: &[(Language, Membership)],
    ) -> Outcome {
        conjunction::decide(self, domain, literals)
    }

    /// Different texts with these memberships of opened languages, the shortest first, at most `count`; and whether there are no others.
    /// Of characters that no language tells apart it shows one.
    pub(in crate::solver) fn several(
        &mut self,
        literals: &[(Language, Membership)],
        count: usize,
    ) -> (Vec<String>, bool) {
        product::several(self, literals, count, self.text_states)
    }

    /// A text of both must begin with the longer of the two prefixes, and end with the longer of the suffixes.
    fn affixes_meet(&self, left: Language, right: Language) -> bool {
        let (Some(left), Some(right)) = (self.machine(left), self.machine(right)) else { return true };
        let (left_prefix, left_suffix) = left.affixes();
        let (right_prefix, right_suffix) = right.affixes();
        (left_prefix.starts_with(right_prefix) || right_prefix.starts_with(left_prefix))
            && (left_suffix.ends_with(right_suffix) || right_suffix.ends_with(left_suffix))
    }

    /// Whether neither language's shortest text belongs to the other: else they are not disjoint.
    fn share_no_shortest(&mut self, left: Language, right: Language) -> bool {
        [(left, right), (right, left)].into_iter().all(|(one, other)| match self.shortest(one) {
            None => true,
            Some(text) => !self.accepts(other, &text),
        })
    }

    fn search_finds_nothing(&mut self, left: Language, right: Language, membership: Membership) -> bool {
        if membership == Membership::In && [left, right].iter().any(|&one| self.only_text(one).is_some()) {
            // The only text of the one was tried by `share_no_shortest`.
            return true;
        }
        if membership == Membership::Out && self.only_text(left).is_some() {
            return true;
        }
        match product::shortest(self, &[(left, Membership::In), (right, membership)], PAIR_STATES) {
            product::Found::Nothing => true,
            product::Found::Text(_) | product::Found::Limit => false,
        }
    }

    /// The length of the longest text of the opened language, where there is one and it is plain.
    pub(in crate::solver) fn longest(&self, language: Language) -> Option<usize> {
        self.machine(language).and_then(Machine::longest)
    }

    /// The only text of the opened language, where it is plain that it has only one.
    pub(in crate::solver) fn only_text(&self, language: Language) -> Option<&str> {
        self.machine(language).and_then(Machine::only)
    }

    /// The expression of a language of the store, or of one that was derived.
    pub(in crate::solver) fn regular<'f>(
        &'f self,
        formulas: &'f Formulas,
        language: Language,
    ) -> Option<&'f Regular> {
        match language.0 & DERIVED {
            0 => formulas.regular(language),
            _ => self.derived.get((language.0 & !DERIVED) as usize),
        }
    }

    /// The state of the opened language's automaton at its beginning.
    pub(super) fn start(&self, language: Language) -> State {
        self.machine(language).map_or(0, Machine::start)
    }
}
