//! The solver: a Boolean search that proposes, procedures for texts and numbers that object, until they agree.
//!
//! A *proposal* is a set of literals whose truth makes the goal true; what else the goal speaks of does not matter to it. Each procedure
//! looks at the literals of its kind, and answers with values, or with a few literals that cannot hold together. Of these the search learns
//! a clause, so that no later proposal contains them. When no procedure objects, the values are an assignment, which is checked by
//! evaluating the goal; when no proposal is left, there is none. Every clause learnt is true of all assignments, so neither answer can be
//! wrong unless a procedure is.

use super::clauses::{Clauses, Literal};
use super::evaluate;
use super::facts::TextFacts;
use super::formula::{Formula, Formulas};
use super::search::{Proposal, Search};
use super::smtlib::Occurring;
use super::strings::Library;
use super::theories::{self, Objection, PLAIN_ADDRESS};
use super::verdict::{Answer, Assignment, Limit, Limits, UnknownReason};

/// Decides formulas of one store. What it learns about the languages of the store serves all questions that follow.
#[derive(Debug)]
pub struct Solver<'a> {
    formulas: &'a Formulas,
    limits: Limits,
    knowledge: Knowledge,
}

/// What a solver knows of the languages of a store: outlasts the solver, so that the store can grow between questions.
///
/// It is a memory of facts that depend on the store alone. No answer depends on what it holds, only how soon it comes.
#[derive(Clone, Debug)]
pub struct Knowledge {
    pub(super) library: Library,
}

impl<'a> Solver<'a> {
    /// A solver that knows nothing yet.
    pub fn new(formulas: &'a Formulas, limits: Limits) -> Solver<'a> {
        let library = Library::new(limits.language_size, limits.text_states);
        Solver { formulas, limits, knowledge: Knowledge { library } }
    }

    /// A solver that knows what another learnt about the same store, which may have grown since.
    pub fn with_knowledge(formulas: &'a Formulas, limits: Limits, mut knowledge: Knowledge) -> Solver<'a> {
        if !knowledge.library.has_limits(limits.language_size, limits.text_states) {
            knowledge.library = Library::new(limits.language_size, limits.text_states);
        }
        Solver { formulas, limits, knowledge }
    }

    /// What the solver has learnt.
    pub fn into_knowledge(self) -> Knowledge {
        self.knowledge
    }

    /// The store whose formulas this solver decides.
    pub fn formulas(&self) -> &'a Formulas {
        self.formulas
    }

    /// Whether some assignment makes the goal true.
    pub fn check(&mut self, goal: Formula) -> Answer {
        self.decide(&[goal], &[])
    }

    /// Whether some assignment makes the goal and all the assumptions true.
    pub fn check_under(&mut self, goal: Formula, assumptions: &[Formula]) -> Answer {
        let mut goals = vec![goal];
        goals.extend(assumptions);
        self.decide(&goals, &[])
    }

    /// Whether some assignment makes the goal true; one that makes the preferred formulas true where it can, the earlier before the later.
    ///
    /// A preferred formula that the search cannot afford to please is given up; whether there is an assignment does not depend on them.
    pub fn check_preferring(&mut self, goal: Formula, preferred: &[Formula]) -> Answer {
        match self.decide(&[goal], preferred) {
            Answer::Unknown(UnknownReason::Limit(_) | UnknownReason::Undecided(_))
                if !preferred.is_empty() =>
            {
                self.decide(&[goal], &[])
            }
            answer @ (Answer::Satisfiable(_) | Answer::Unsatisfiable | Answer::Unknown(_)) => answer,
        }
    }

    fn decide(&mut self, goals: &[Formula], preferred: &[Formula]) -> Answer {
        let Some(clauses) = Clauses::of(self.formulas, goals, preferred) else {
            return Answer::Unsatisfiable;
        };
        let answer = Question::new(self, &clauses).and_then(|mut question| question.answer());
        match answer {
            Ok(assignment) => self.checked(goals, assignment),
            Err(End::Impossible) => Answer::Unsatisfiable,
            Err(End::Unknown(reason)) => Answer::Unknown(reason),
        }
    }

    /// The assignment, if it does what it claims.
    fn checked(&self, goals: &[Formula], assignment: Assignment) -> Answer {
        let failing =
            goals.iter().find(|&&goal| evaluate::holds(self.formulas, goal, &assignment) != Some(true));
        match failing {
            None => Answer::Satisfiable(assignment),
            Some(&goal) => {
                let construct = evaluate::culprit(self.formulas, goal, &assignment);
                debug_assert!(
                    false,
                    "an assignment that the solver found does not make its goal true: {construct}"
                );
                Answer::Unknown(UnknownReason::Defect(construct))
            }
        }
    }
}

/// Why a question has no assignment to show.
pub(super) enum End {
    Impossible,
    Unknown(UnknownReason),
}

impl From<Limit> for End {
    fn from(limit: Limit) -> End {
        End::Unknown(UnknownReason::Limit(limit))
    }
}

/// One question on its way to an answer.
struct Question<'q> {
    formulas: &'q Formulas,
    limits: Limits,
    library: &'q mut Library,
    clauses: &'q Clauses,
    facts: TextFacts,
}

impl<'q> Question<'q> {
    fn new(solver: &'q mut Solver<'_>, clauses: &'q Clauses) -> Result<Question<'q>, End> {
        let library = &mut solver.knowledge.library;
        let facts = TextFacts::new(solver.formulas, clauses, library)?;
        Ok(Question { formulas: solver.formulas, limits: solver.limits, library, clauses, facts })
    }

    fn answer(&mut self) -> Result<Assignment, End> {
        let mut search = Search::new(self.clauses, self.limits.conflicts);
        for _ in 0..self.limits.rounds {
            match search.propose(&mut self.facts.watching(self.library)) {
                Proposal::Impossible => return Err(End::Impossible),
                Proposal::Limit => return Err(Limit::Rounds.into()),
                Proposal::Holds => {}
            }
            let literals = self.clauses.relevant(|literal| search.values.holds(literal));
            match self.object(&literals)? {
                Ok(assignment) => return Ok(assignment),
                Err(core) => search.refute(core.into_iter().map(|literal| !literal).collect()),
            }
        }
        Err(Limit::Rounds.into())
    }

    /// Values that make the literals true, or some of them that cannot be.
    fn object(&mut self, literals: &[Literal]) -> Result<Result<Assignment, Vec<Literal>>, End> {
        let atoms: Vec<(Literal, Formula)> = literals
            .iter()
            .filter_map(|&literal| {
                self.clauses.formulas.get(literal.variable() as usize).map(|&formula| (literal, formula))
            })
            .collect();
        match theories::values(self.formulas, self.library, &self.limits, &atoms) {
            Ok(mut assignment) => {
                self.complete(&mut assignment);
                Ok(Ok(assignment))
            }
            Err(Objection::Core(core)) => Ok(Err(core)),
            Err(Objection::Unknown(reason)) => Err(End::Unknown(reason)),
        }
    }

    /// Gives the variables that occur but do not matter some value.
    fn complete(&mut self, assignment: &mut Assignment) {
        let occurring = Occurring::among(self.formulas, self.clauses.formulas.iter());
        for flag in occurring.flags {
            assignment.flags.entry(flag).or_insert(false);
        }
        for integer in occurring.integers {
            assignment.integers.entry(integer).or_default();
        }
        for address in occurring.addresses {
            assignment.addresses.entry(address).or_insert(PLAIN_ADDRESS);
        }
        for text in occurring.texts {
            let domain = self.formulas.text_variables().get(text.index()).map(|(_, domain)| *domain);
            if let (false, Some(domain)) = (assignment.texts.contains_key(&text), domain)
                && let Some(plainest) = self.library.shortest(domain)
            {
                assignment.texts.insert(text, plainest);
            }
        }
    }
}
