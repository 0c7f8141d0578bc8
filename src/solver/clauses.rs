//! A question as clauses: what the Boolean search works on.
//!
//! Every atom of the goal gets a variable, and so does every conjunction and disjunction in it (a *gate*). Clauses tie a gate to its parts in
//! the direction in which the goal needs it only, after Plaisted and Greenbaum: a gate that must be true forces its parts, one that may be
//! false forces nothing. Each junction that leaves a choice is kept as a [`Choice`] too, so that the search can decide what makes the goal
//! true, and leave open what does not matter.

use super::formula::{Formula, Formulas, Node};
use super::hashing::Table;

/// A variable of the Boolean search: an atom or a gate.
pub(super) type Variable = u32;

/// A variable or its negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Literal(u32);

impl Literal {
    /// The variable itself.
    pub(super) fn positive(variable: Variable) -> Literal {
        Literal(variable << 1)
    }

    /// Its negation.
    pub(super) fn negative(variable: Variable) -> Literal {
        Literal(variable << 1 | 1)
    }

    /// The variable or its negation, as this says.
    pub(super) fn valued(variable: Variable, value: bool) -> Literal {
        if value { Literal::positive(variable) } else { Literal::negative(variable) }
    }

    pub(super) fn variable(self) -> Variable {
        self.0 >> 1
    }

    /// The value of the variable that makes this literal true.
    pub(super) fn value(self) -> bool {
        self.0 & 1 == 0
    }

    /// A number for tables: small, and different for every literal.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

impl std::ops::Not for Literal {
    type Output = Literal;

    fn not(self) -> Literal {
        Literal(self.0 ^ 1)
    }
}

/// Where the head holds, one of the options must.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) head: Literal,
    pub(super) options: Vec<Literal>,
}

/// A goal as clauses.
#[derive(Clone, Debug, Default)]
pub(super) struct Clauses {
    /// For each variable the formula it stands for.
    pub(super) formulas: Vec<Formula>,
    pub(super) clauses: Vec<Vec<Literal>>,
    pub(super) choices: Vec<Choice>,
    /// For each literal of a gate (by [`Literal::index`]) what it demands.
    pub(super) demands: Vec<Demand>,
    /// What must hold: the goal and the assumptions.
    pub(super) roots: Vec<Literal>,
    /// What should hold if it can, the earlier before the later.
    pub(super) preferred: Vec<Literal>,
    by_formula: Table<Formula, Variable>,
}

/// What the truth of a literal rests on.
#[derive(Clone, Debug, Default)]
pub(super) enum Demand {
    /// On nothing else: it is an atom.
    #[default]
    Nothing,
    /// On all of these.
    All(Vec<Literal>),
    /// On one option of this choice.
    One(usize),
}

impl Clauses {
    /// The clauses that hold together iff all these formulas can be made true, each meaning of an atom put aside. `None` where one of the
    /// formulas is false outright.
    /// A preferred formula that is no constant gets a literal, too; its truth is not asked for.
    pub(super) fn of(formulas: &Formulas, goals: &[Formula], preferred: &[Formula]) -> Option<Clauses> {
        let mut made = Clauses::default();
        let mut pending: Vec<Literal> = Vec::new();
        for &goal in goals {
            if goal == formulas.falsum() {
                return None;
            }
            if goal != formulas.verum() {
                let root = made.literal(formulas, goal);
                made.clauses.push(vec![root]);
                made.roots.push(root);
                pending.push(root);
            }
        }
        for &formula in preferred {
            if !matches!(formulas.node(formula), Node::True | Node::False) {
                let literal = made.literal(formulas, formula);
                made.preferred.push(literal);
                pending.push(literal);
            }
        }
        while let Some(literal) = pending.pop() {
            made.expand(formulas, literal, &mut pending);
        }
        // Options in a settled order: the search tries them from the left.
        let ranks: Vec<u8> = made.formulas.iter().map(|&formula| rank(formulas, formula)).collect();
        for choice in &mut made.choices {
            choice.options.sort_by_key(|option| {
                (ranks.get(option.variable() as usize).copied(), option.value(), option.variable())
            });
        }
        Some(made)
    }

    /// The literal that stands for the formula; a variable is made for it where there is none.
    pub(super) fn literal(&mut self, formulas: &Formulas, formula: Formula) -> Literal {
        if let Node::Not(inner) = formulas.node(formula) {
            return !self.literal(formulas, *inner);
        }
        let fresh = u32::try_from(self.formulas.len()).unwrap_or(u32::MAX);
        let variable = *self.by_formula.entry(formula).or_insert(fresh);
        if variable == fresh {
            self.formulas.push(formula);
            self.demands.extend([Demand::Nothing, Demand::Nothing]);
        }
        Literal::positive(variable)
    }

    /// Literals of atoms that hold and make the goal true by themselves, and what is preferred as far as it holds.
    ///
    /// From the roots down: all parts where all are demanded, one option that holds where one is. The truth of each literal met follows
    /// from that of the atoms beneath it, whatever other atoms may be.
    pub(super) fn relevant(&self, holds: impl Fn(Literal) -> bool) -> Vec<Literal> {
        let mut met = vec![false; self.demands.len()];
        let mut atoms: Vec<Literal> = Vec::new();
        let mut pending: Vec<Literal> =
            self.preferred.iter().rev().copied().filter(|&one| holds(one)).collect();
        pending.extend(self.roots.iter().rev());
        while let Some(literal) = pending.pop() {
            match met.get_mut(literal.index()) {
                Some(mark) if !*mark => *mark = true,
                Some(_) | None => continue,
            }
            match self.demands.get(literal.index()) {
                Some(Demand::All(parts)) => pending.extend(parts.iter().rev()),
                Some(Demand::One(choice)) => {
                    let options =
                        self.choices.get(*choice).map_or(&[][..], |choice| choice.options.as_slice());
                    let known = options.iter().find(|option| met.get(option.index()) == Some(&true));
                    pending.extend(known.or_else(|| options.iter().find(|&&option| holds(option))));
                }
                Some(Demand::Nothing) | None => atoms.push(literal),
            }
        }
        atoms.sort_unstable();
        atoms
    }

    /// Ties a literal to what its truth rests on, once.
    fn expand(&mut self, formulas: &Formulas, literal: Literal, pending: &mut Vec<Literal>) {
        if !matches!(self.demands.get(literal.index()), Some(Demand::Nothing)) {
            return;
        }
        let Some(&formula) = self.formulas.get(literal.variable() as usize) else { return };
        let (parts, all) = match formulas.node(formula) {
            Node::And(parts) => (parts, literal.value()),
            Node::Or(parts) => (parts, !literal.value()),
            Node::True
            | Node::False
            | Node::Flag(_)
            | Node::InLanguage(..)
            | Node::Concatenation(..)
            | Node::Linear(..)
            | Node::InBlock(..)
            | Node::Spells(..)
            | Node::SpellsAddress(..)
            | Node::Not(_) => return,
        };
        let mut demanded: Vec<Literal> = Vec::with_capacity(parts.len());
        for &part in parts {
            let part = self.literal(formulas, part);
            demanded.push(if literal.value() { part } else { !part });
        }
        pending.extend(&demanded);
        let demand = if all {
            self.clauses.extend(demanded.iter().map(|&part| vec![!literal, part]));
            Demand::All(demanded)
        } else {
            let mut clause = Vec::with_capacity(demanded.len() + 1);
            clause.push(!literal);
            clause.extend(&demanded);
            self.clauses.push(clause);
            self.choices.push(Choice { head: literal, options: demanded });
            Demand::One(self.choices.len() - 1)
        };
        if let Some(slot) = self.demands.get_mut(literal.index()) {
            *slot = demand;
        }
    }
}

/// Flags before texts before the rest: what is cheap to decide is tried first.
fn rank(formulas: &Formulas, formula: Formula) -> u8 {
    match formulas.node(formula) {
        Node::True | Node::False | Node::Flag(_) => 0,
        Node::And(_) | Node::Or(_) | Node::Not(_) => 1,
        Node::InBlock(..) => 2,
        Node::InLanguage(..) => 3,
        Node::Linear(..) => 4,
        Node::Spells(..) | Node::SpellsAddress(..) => 5,
        Node::Concatenation(..) => 6,
    }
}
