//! The languages of a store as automata, and what is known of each and of each pair.
//!
//! All of it is a memory of pure functions: what an entry says depends on the languages alone, never on who asked before. So answers do not
//! depend on which questions came earlier, nor on which thread they came to.

use super::conjunction::{self, Conjunction, Membership, Outcome};
use super::machine::{Machine, State};
use super::product;
use crate::solver::formula::{Formulas, Language};
use crate::solver::hashing::Table;
use crate::solver::verdict::Limit;

/// The automata of the languages that have been asked about, and the answers about them.
#[derive(Clone, Debug, Default)]
pub(in crate::solver) struct Library {
    machines: Table<u32, Result<Machine, Limit>>,
    shortest: Table<u32, Option<String>>,
    disjoint: Table<(u32, u32), bool>,
    included: Table<(u32, u32), bool>,
    pub(super) conjunctions: Table<Conjunction, Outcome>,
    /// Positions that an automaton may have.
    language_size: u64,
    /// Combined states that a question may visit.
    pub(super) text_states: u64,
}

/// How far the question about a pair of languages may go before it is left to the questions about whole conjunctions.
const PAIR_STATES: u64 = 3_000;

impl Library {
    /// An empty one.
    pub(in crate::solver) fn new(language_size: u64, text_states: u64) -> Library {
        Library { language_size, text_states, ..Library::default() }
    }

    /// Whether the library works under these limits.
    pub(in crate::solver) fn has_limits(&self, language_size: u64, text_states: u64) -> bool {
        self.language_size == language_size && self.text_states == text_states
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
        let key = (left.0.min(right.0), left.0.max(right.0));
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
        if membership == Membership::In && [left, right].iter().any(|&one| self.only_text(one)) {
            // The only text of the one was tried by `share_no_shortest`.
            return true;
        }
        if membership == Membership::Out && self.only_text(left) {
            return true;
        }
        match product::shortest(self, &[(left, Membership::In), (right, membership)], PAIR_STATES) {
            product::Found::Nothing => true,
            product::Found::Text(_) | product::Found::Limit => false,
        }
    }

    fn only_text(&self, language: Language) -> bool {
        self.machine(language).is_some_and(|machine| machine.only().is_some())
    }

    /// The state of the opened language's automaton at its beginning.
    pub(super) fn start(&self, language: Language) -> State {
        self.machine(language).map_or(0, Machine::start)
    }
}
