//! What the solver may answer: an assignment, its absence, or why it does not know.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use num_bigint::BigInt;

use super::formula::{AddressVariable, Flag, IntegerVariable, TextVariable};

/// The answer to "does some assignment make this formula true?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This one does; it was checked by evaluating the formula under it.
    Satisfiable(Assignment),
    /// None does.
    Unsatisfiable,
    /// The solver does not know.
    Unknown(UnknownReason),
}

/// Values for variables: one for each that occurs in the formulas it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Assignment {
    /// Which flags are true.
    pub flags: BTreeMap<Flag, bool>,
    /// The texts.
    pub texts: BTreeMap<TextVariable, String>,
    /// The integers.
    pub integers: BTreeMap<IntegerVariable, BigInt>,
    /// The addresses.
    pub addresses: BTreeMap<AddressVariable, IpAddr>,
}

/// Why the solver does not know.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnknownReason {
    /// An effort limit was reached; never a limit of time, so that the same question meets it again.
    Limit(Limit),
    /// A construct in a combination that the procedures cannot decide; the text names it.
    Undecided(String),
    /// A defect of the solver: an assignment that it found does not make the formula true. The text names the construct.
    Defect(String),
}

/// An effort limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Limit {
    /// [`Limits::rounds`].
    Rounds,
    /// [`Limits::text_states`].
    TextStates,
    /// [`Limits::language_size`].
    LanguageSize,
    /// [`Limits::z3_effort`].
    Z3Effort,
    /// [`Limits::z3_strings_effort`], or before it what Z3's strings cannot do.
    Z3StringsEffort,
}

/// How much effort a question may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many contradictions the small search may meet before Z3 takes over the Boolean search.
    pub conflicts: u64,
    /// How often one question may propose truth values to the procedures beneath, in either search.
    pub rounds: u64,
    /// How many combined automaton states one question about texts may visit.
    pub text_states: u64,
    /// How many positions the automaton of one language may have.
    pub language_size: u64,
    /// Z3's `rlimit` for one call about integers, addresses or truth values.
    pub z3_effort: u32,
    /// Z3's `rlimit` for one call that uses its own theory of strings.
    pub z3_strings_effort: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            conflicts: 20_000,
            rounds: 100_000,
            text_states: 200_000,
            language_size: 200_000,
            z3_effort: 20_000_000,
            z3_strings_effort: 5_000_000,
        }
    }
}

impl Answer {
    /// The assignment of a satisfiable formula.
    pub fn assignment(&self) -> Option<&Assignment> {
        match self {
            Answer::Satisfiable(assignment) => Some(assignment),
            Answer::Unsatisfiable | Answer::Unknown(_) => None,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Limit::Rounds => "the limit of proposals a question was reached",
            Limit::TextStates => "the limit of automaton states a question about texts was reached",
            Limit::LanguageSize => "a language is larger than the limit of its automaton",
            Limit::Z3Effort => "Z3's effort limit was reached",
            Limit::Z3StringsEffort => "Z3's theory of strings gave up",
        })
    }
}

impl fmt::Display for UnknownReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnknownReason::Limit(limit) => write!(out, "{limit}"),
            UnknownReason::Undecided(construct) => write!(out, "cannot decide {construct}"),
            UnknownReason::Defect(construct) => write!(out, "defect of the solver: {construct}"),
        }
    }
}
