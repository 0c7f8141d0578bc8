//! Where a thread puts its questions to the solver.
//!
//! What the solver learns about languages is worth keeping from question to question, and depends on the store of formulas they live in. So
//! each thread has one store and one memory, in which every question gets variables of its own. No answer depends on what was asked before.

use std::cell::RefCell;

use crate::solver::formula::{Formula, Formulas};
use crate::solver::{Answer, Knowledge, Limits, Solver};

/// A store of formulas with what is known of its languages.
#[derive(Debug, Default)]
pub(super) struct Desk {
    pub(super) formulas: Formulas,
    knowledge: Option<Knowledge>,
}

/// When a store holds so many formulas, the next question begins with a new one; it bounds the memory of long runs,
/// and the pauses in which its tables grow and go.
const MAX_FORMULAS: usize = 50_000;

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

impl Desk {
    /// Sits down at the thread's desk.
    pub(super) fn with<R>(work: impl FnOnce(&mut Desk) -> R) -> R {
        DESK.with(|desk| match desk.try_borrow_mut() {
            Ok(mut desk) => {
                if desk.formulas.len() > MAX_FORMULAS {
                    *desk = Desk::default();
                }
                work(&mut desk)
            }
            // A question within a question: it gets a desk of its own.
            Err(_) => work(&mut Desk::default()),
        })
    }

    /// Whether some assignment makes the goal true, with as many of the preferred formulas as can be, the earlier before the later.
    pub(super) fn ask(&mut self, goal: Formula, preferred: &[Formula], limits: Limits) -> Answer {
        let mut solver = match self.knowledge.take() {
            Some(knowledge) => Solver::with_knowledge(&self.formulas, limits, knowledge),
            None => Solver::new(&self.formulas, limits),
        };
        let answer = solver.check_preferring(goal, preferred);
        self.knowledge = Some(solver.into_knowledge());
        answer
    }
}
