//! Which reading of each open point is taken, as formulas (section 15 of the rules).
//!
//! Where readings are given the formulas are constants, and a formula that no reading changes is the one it would be without them. Where
//! they are free, each is a flag: then one formula speaks of all combinations of readings at once, and a proof over it says that a claim
//! holds whatever AWS means. Nothing is built for a reading that is not taken, so questions under the decisions cost what they did.

use crate::iam::assumption::{Alternative, Assumptions, OpenPoint};
use crate::solver::Assignment;
use crate::solver::formula::{Flag, Formula, Formulas, Node};

/// For each alternative the formula that holds iff it is taken.
#[derive(Clone, Copy, Debug)]
pub struct Readings {
    taken: [Formula; Alternative::ALL.len()],
}

impl Readings {
    /// Every point as it is decided.
    pub fn decided(formulas: &Formulas) -> Readings {
        Readings { taken: [formulas.falsum(); Alternative::ALL.len()] }
    }

    /// The readings that are assumed, every other point as it is decided.
    pub fn assumed(formulas: &Formulas, assumptions: Assumptions) -> Readings {
        let mut taken = [formulas.falsum(); Alternative::ALL.len()];
        for (taken, &alternative) in taken.iter_mut().zip(Alternative::ALL) {
            if assumptions.has(alternative) {
                *taken = formulas.verum();
            }
        }
        Readings { taken }
    }

    /// Any reading of each of these points, every other point as it is assumed.
    pub fn free(formulas: &mut Formulas, points: &[OpenPoint], others: Assumptions) -> Readings {
        let Readings { mut taken } = Readings::assumed(formulas, others);
        for (taken, &alternative) in taken.iter_mut().zip(Alternative::ALL) {
            if points.contains(&alternative.point()) {
                let flag = formulas.new_flag(alternative.name());
                *taken = formulas.flag(flag);
            }
        }
        Readings { taken }
    }

    /// Holds iff this reading is taken.
    pub fn takes(&self, alternative: Alternative) -> Formula {
        // Alternatives are numbered in the order of `Alternative::ALL`.
        self.taken.get(alternative as usize).copied().unwrap_or(self.taken[0])
    }

    /// Holds iff this reading may be taken at all, so that it is worth building what it says.
    pub fn may_take(&self, formulas: &Formulas, alternative: Alternative) -> bool {
        self.takes(alternative) != formulas.falsum()
    }

    /// The formula under the decision, or under the alternative where that is taken. The second is built only if it can be.
    pub fn either(
        &self,
        formulas: &mut Formulas,
        alternative: Alternative,
        decided: Formula,
        other: impl FnOnce(&mut Formulas) -> Formula,
    ) -> Formula {
        if !self.may_take(formulas, alternative) {
            return decided;
        }
        let other = other(formulas);
        let takes = self.takes(alternative);
        choose(formulas, takes, other, decided)
    }

    /// The formula, where none of these readings is taken.
    pub fn unless(&self, formulas: &mut Formulas, alternatives: &[Alternative], formula: Formula) -> Formula {
        let taken: Vec<Formula> = alternatives.iter().map(|&alternative| self.takes(alternative)).collect();
        let taken = formulas.or(taken);
        let not_taken = formulas.not(taken);
        formulas.and([not_taken, formula])
    }

    /// Holds iff of each point one reading at most is taken (OPEN-1).
    // Rule: OPEN-1.
    pub fn consistent(&self, formulas: &mut Formulas) -> Formula {
        let mut parts = Vec::new();
        for point in OpenPoint::ALL {
            let taken: Vec<Formula> =
                point.alternatives().iter().map(|alternative| self.takes(*alternative)).collect();
            for (position, &first) in taken.iter().enumerate() {
                for &second in taken.iter().skip(position + 1) {
                    let both = formulas.and([first, second]);
                    parts.push(formulas.not(both));
                }
            }
        }
        formulas.and(parts)
    }

    /// Holds iff these points are as they are decided.
    pub fn as_decided(
        &self,
        formulas: &mut Formulas,
        points: impl IntoIterator<Item = OpenPoint>,
    ) -> Formula {
        let taken: Vec<Formula> = points
            .into_iter()
            .flat_map(OpenPoint::alternatives)
            .map(|alternative| self.takes(*alternative))
            .collect();
        let some = formulas.or(taken);
        formulas.not(some)
    }

    /// Holds iff the readings are these, as far as they are free.
    pub fn are(&self, formulas: &mut Formulas, assumptions: Assumptions) -> Formula {
        let mut parts = Vec::new();
        for (&taken, &alternative) in self.taken.iter().zip(Alternative::ALL) {
            if matches!(formulas.node(taken), Node::Flag(_)) {
                parts.push(if assumptions.has(alternative) { taken } else { formulas.not(taken) });
            }
        }
        formulas.and(parts)
    }

    /// That each alternative is not taken, where it may be: what a counterexample that needs few of them makes true.
    pub fn each_as_decided(&self, formulas: &mut Formulas) -> Vec<Formula> {
        let free = self.taken.into_iter().filter(|taken| matches!(formulas.node(*taken), Node::Flag(_)));
        let free: Vec<Formula> = free.collect();
        free.into_iter().map(|taken| formulas.not(taken)).collect()
    }

    /// The readings that an assignment takes.
    pub fn read(&self, formulas: &Formulas, assignment: &Assignment) -> Assumptions {
        let holds = |taken: &Formula| match formulas.node(*taken) {
            Node::Flag(flag) => flag_of(assignment, *flag),
            Node::True => true,
            Node::False
            | Node::InLanguage(..)
            | Node::Concatenation(..)
            | Node::Linear(..)
            | Node::InBlock(..)
            | Node::Spells(..)
            | Node::SpellsAddress(..)
            | Node::Not(_)
            | Node::And(_)
            | Node::Or(_) => false,
        };
        let taken = Alternative::ALL.iter().zip(&self.taken).filter(|(_, taken)| holds(taken));
        taken.fold(Assumptions::default(), |assumptions, (&alternative, _)| assumptions.with(alternative))
    }
}

fn flag_of(assignment: &Assignment, flag: Flag) -> bool {
    assignment.flags.get(&flag).copied().unwrap_or(false)
}

/// The one formula where the condition holds, else the other.
pub(super) fn choose(
    formulas: &mut Formulas,
    condition: Formula,
    then: Formula,
    otherwise: Formula,
) -> Formula {
    if then == otherwise {
        return then;
    }
    let not = formulas.not(condition);
    let first = formulas.and([condition, then]);
    let second = formulas.and([not, otherwise]);
    formulas.or([first, second])
}
