//! Texts that depend on one another, on numbers or on addresses: concatenations with values of variables, and spellings.
//!
//! No procedure decides all of these, so this one works from both sides and says so where it does not meet itself:
//!
//! - *Refutation.* Each concatenation that holds puts its text into a regular language, with a language known to contain the value in the
//!   place of every variable (`approximation`), and so does each spelling, whose number has bounds (`spelled`, `bounds`); what that refutes
//!   is refuted. Where a value is known, the place holds the value. One concatenation is contained in another whatever the values are if it is
//!   so with a letter of its own in the place of each variable (`marked`). Values before the first separator of one text are equal (`separator`). And
//!   a concatenation is as long as its pieces (`lengths`).
//! - *Witness.* Values are chosen for the variables inside of concatenations, and texts that must spell numbers (`witness`). With these
//!   fixed all else is a question about regular languages and numbers. Whatever is found is held against every literal.
//!
//! What both leave open goes to Z3's theory of strings, and what that leaves open, too, is not known.
//!
//! Neither side ever takes an approximation for the thing: a refutation uses only what must hold, a witness is evaluated.

mod approximation;
mod bounds;
mod lengths;
mod marked;
mod separator;
mod spelled;
mod witness;

use std::collections::BTreeMap;

use super::clauses::Literal;
use super::formula::{
    AddressNotation, AddressVariable, Formula, Formulas, IntegerVariable, Language, Notation, Piece,
    TextVariable,
};
use super::strings::{Library, Membership};
use super::theories::Numbers;
use super::verdict::{Answer, Assignment, Limits, UnknownReason};
use super::z3_strings;

/// A concatenation among the literals, or that there is none where `holds` is false.
#[derive(Clone, Copy, Debug)]
pub(super) struct Join<'a> {
    pub(super) literal: Literal,
    pub(super) text: TextVariable,
    pub(super) pieces: &'a [Piece],
    pub(super) holds: bool,
}

/// A spelling among the literals, or that there is none where `holds` is false.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling {
    pub(super) literal: Literal,
    pub(super) text: TextVariable,
    pub(super) value: Spelled,
    pub(super) holds: bool,
}

/// What a text spells.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spelled {
    Integer(Notation, IntegerVariable),
    Address(AddressNotation, AddressVariable),
}

/// A membership that a literal asks of a text.
pub(super) type Asked = (Literal, Language, Membership);

/// Literals about texts that depend on one another.
#[derive(Clone, Debug)]
pub(super) struct Linked<'a> {
    pub(super) formulas: &'a Formulas,
    pub(super) limits: Limits,
    /// All literals, with the formula of the atom.
    pub(super) literals: Vec<(Literal, Formula)>,
    /// The memberships asked of each text that occurs.
    pub(super) memberships: BTreeMap<TextVariable, Vec<Asked>>,
    pub(super) joins: Vec<Join<'a>>,
    pub(super) spellings: Vec<Spelling>,
    pub(super) numbers: Numbers<'a>,
}

/// The answer about linked texts.
pub(super) enum Outcome {
    /// Values for the texts, integers and addresses of the literals.
    Values(Assignment),
    /// These literals contradict each other.
    Nothing(Vec<Literal>),
    /// Neither was found.
    Open(UnknownReason),
}

impl Join<'_> {
    /// The texts that the concatenation speaks of.
    pub(super) fn texts(&self) -> Vec<TextVariable> {
        let inner = self.pieces.iter().filter_map(Piece::variable);
        std::iter::once(self.text).chain(inner).collect()
    }
}

impl Linked<'_> {
    /// Values, or a small contradiction, as far as one is found.
    pub(super) fn decide(&self, library: &mut Library) -> Outcome {
        if let Some(core) = self.refuted(library) {
            return Outcome::Nothing(self.smaller(library, core));
        }
        if let Some(assignment) = witness::find(self, library) {
            return Outcome::Values(assignment);
        }
        if let Some(core) = witness::refute_by_enumeration(self, library) {
            return Outcome::Nothing(core);
        }
        self.by_strings_of_z3()
    }

    /// The literals about texts, put to Z3's theory of strings.
    fn by_strings_of_z3(&self) -> Outcome {
        let about = self.about_texts();
        let literals: Vec<(Formula, bool)> = self
            .literals
            .iter()
            .filter(|(literal, _)| about.contains(literal))
            .map(|(literal, formula)| (*formula, literal.value()))
            .collect();
        match z3_strings::check_literals(self.formulas, &literals, self.limits) {
            Answer::Satisfiable(mut assignment) => match self.numbers.values(&self.limits, &[]) {
                // Without spellings no number depends on a text.
                Ok(numbers) if self.spellings.is_empty() => {
                    assignment.integers = numbers.integers;
                    assignment.addresses = numbers.addresses;
                    Outcome::Values(assignment)
                }
                Ok(_) | Err(_) => Outcome::Open(UnknownReason::Undecided(self.construct())),
            },
            Answer::Unsatisfiable => Outcome::Nothing(about),
            Answer::Unknown(_) => Outcome::Open(UnknownReason::Undecided(self.construct())),
        }
    }

    fn refuted(&self, library: &mut Library) -> Option<Vec<Literal>> {
        approximation::refute(self, library)
            .or_else(|| marked::refute(self, library))
            .or_else(|| separator::refute(self, library))
            .or_else(|| lengths::refute(self, library))
    }

    /// Drops literals that the contradiction can do without.
    fn smaller(&self, library: &mut Library, core: Vec<Literal>) -> Vec<Literal> {
        let mut kept = core;
        let mut position = 0;
        while position < kept.len() {
            let mut fewer = kept.clone();
            fewer.remove(position);
            if self.only(&fewer).refuted(library).is_some() {
                kept = fewer;
            } else {
                position += 1;
            }
        }
        kept
    }

    /// The same question about these literals alone. The texts that occur stay, each with its domain.
    fn only(&self, literals: &[Literal]) -> Self {
        let mut fewer = self.clone();
        let stays = |literal: &Literal| literals.contains(literal);
        fewer.literals.retain(|(literal, _)| stays(literal));
        for asked in fewer.memberships.values_mut() {
            asked.retain(|(literal, ..)| stays(literal));
        }
        fewer.joins.retain(|join| stays(&join.literal));
        fewer.spellings.retain(|spelling| stays(&spelling.literal));
        fewer.numbers.retain(stays);
        fewer
    }

    /// The literals about texts.
    fn about_texts(&self) -> Vec<Literal> {
        let memberships = self.memberships.values().flatten().map(|(literal, ..)| *literal);
        let joins = self.joins.iter().map(|join| join.literal);
        let mut all: Vec<Literal> =
            memberships.chain(joins).chain(self.spellings.iter().map(|spelling| spelling.literal)).collect();
        all.sort_unstable();
        all
    }

    /// The literals about texts, and about the numbers that these may spell.
    fn about_texts_and_numbers(&self) -> Vec<Literal> {
        let mut all = self.about_texts();
        all.extend(self.numbers.linear.iter().map(|(literal, _)| *literal));
        all.extend(self.numbers.blocks.values().flatten().map(|(literal, ..)| *literal));
        all.sort_unstable();
        all
    }

    /// What the literals are about, for a reader who wonders why they are not decided.
    fn construct(&self) -> String {
        let name = |text: TextVariable| {
            self.formulas.text_variables().get(text.index()).map_or("", |(name, _)| name.as_str()).to_owned()
        };
        let joins = self.joins.iter().map(|join| {
            let inner: Vec<String> = join
                .pieces
                .iter()
                .filter_map(|piece| piece.variable().map(|variable| format!("`{}`", name(variable))))
                .collect();
            let joined = if join.holds { "is" } else { "is not" };
            format!("that `{}` {joined} a text around the value of {}", name(join.text), inner.join(", "))
        });
        let spellings = self.spellings.iter().map(|spelling| {
            let notation = match spelling.value {
                Spelled::Integer(notation, _) => notation.name,
                Spelled::Address(notation, _) => notation.name,
            };
            let spells = if spelling.holds { "spells" } else { "does not spell" };
            format!("that `{}` {spells} a value as {notation}", name(spelling.text))
        });
        let mut all: Vec<String> = joins.chain(spellings).collect();
        all.sort();
        all.dedup();
        all.join(", and ")
    }

    /// The domain of the text.
    fn domain(&self, text: TextVariable) -> Option<Language> {
        self.formulas.text_variables().get(text.index()).map(|(_, domain)| *domain)
    }
}
