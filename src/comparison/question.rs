//! The question as formulas: *A allows, B does not, and the request can be made*.
//!
//! What the solver finds is decoded to a request and told to the evaluator before anyone hears of it. The evaluator is told the whole
//! documents, also where the formulas were made of cut ones. If it does not agree, one of the two readings is wrong: that is a defect of this
//! program, and its own answer, never a verdict.

use super::desk::Desk;
use super::homes::homes;
use super::legality::{Legality, legality, telling};
use super::prepared::Prepared;
use super::scene::Cast;
use super::surroundings::complete;
use super::verdict::{Disagreement, Inclusion, Origin, UnknownReason, Witness};
use crate::iam::key::{Presence, documented};
use crate::iam::policy::Policy;
use crate::iam::request::Request;
use crate::model::statement::document_allows;
use crate::model::{self, Problem, Scope, SymbolicRequest};
use crate::solver::formula::Formula;
use crate::solver::regular::Regular;
use crate::solver::{Answer, Limits, z3_strings};

/// What the solver has to say.
pub(super) enum Outcome {
    /// There is no such request.
    Nothing,
    /// There is one.
    Found(Box<Witness>),
    /// It is not known.
    Unknown(UnknownReason),
}

/// What came of asking about some keys.
enum Decided {
    /// An answer.
    Outcome(Outcome),
    /// A request that tells the documents apart, but that lacks keys which every request has.
    Incomplete(Box<Witness>),
}

/// Which context keys a question speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keys {
    /// Those that the documents speak of: all that decides.
    SpokenOf,
    /// Beside them those that a request must have: all that it takes to be made.
    Telling,
}

/// The documents of a question: whole, and as they are put to the solver.
pub(super) struct Question<'q> {
    pub(super) a: &'q Prepared,
    pub(super) b: &'q Prepared,
    /// A on the requests that the question is about.
    pub(super) a_asked: &'q Policy,
    /// B on the same.
    pub(super) b_asked: &'q Policy,
    /// Which requests are looked at.
    pub(super) range: Range,
}

/// Which requests a question ranges over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Range {
    /// All that can be made.
    All,
    /// Those on which a decision turns on policies: none of the operations that are settled before.
    Decided,
}

/// Operations of which a decision may be settled before any policy is asked: by the credential, or since nobody needs a permission for them.
const SETTLED_BEFORE: [&str; 8] = [
    "sts:assumeroot",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:getcalleridentity",
    "sts:getfederationtoken",
    "sts:getsessiontoken",
    "sts:getaccesskeyinfo",
    "sts:getdelegatedaccesstoken",
];

impl Question<'_> {
    /// Whether the model, too, finds that this request tells the documents apart; `None` where it does not know.
    pub(super) fn model_agrees(&self, request: &Request, limits: Limits) -> Option<bool> {
        Desk::with(|desk| {
            let scope = match self.a.cast_with(self.b) {
                Cast::Nobody => Scope::Documents,
                Cast::Caller => Scope::Caller(Box::new(request.caller.clone()), request.credential),
            };
            let mut symbolic = self.a.symbolic(&mut desk.formulas, scope);
            let formulas = &mut desk.formulas;
            let allowed = document_allows(formulas, &mut symbolic, self.a_asked).ok()?;
            let allowed_too = document_allows(formulas, &mut symbolic, self.b_asked).ok()?;
            let refused = formulas.not(allowed_too);
            let pinned = model::pin(formulas, &mut symbolic, request).ok()?;
            let goal = formulas.and([allowed, refused, pinned]);
            match desk.ask(goal, &[], limits) {
                Answer::Satisfiable(_) => Some(true),
                Answer::Unsatisfiable => Some(false),
                Answer::Unknown(_) => None,
            }
        })
    }

    /// Puts the question to the solver.
    pub(super) fn decide(&self, limits: Limits) -> Outcome {
        match self.decide_about(Keys::SpokenOf, limits) {
            Decided::Outcome(outcome) => outcome,
            // What we add to a request may not go with it; then the solver says the whole of it, and whether there is one.
            Decided::Incomplete(_) => match self.decide_about(Keys::Telling, limits) {
                Decided::Outcome(outcome) => outcome,
                Decided::Incomplete(witness) => Outcome::Found(witness),
            },
        }
    }

    fn decide_about(&self, keys: Keys, limits: Limits) -> Decided {
        let cast = self.a.cast_with(self.b);
        let found = Desk::with(|desk| {
            // Cut documents may no longer ask who calls where the whole ones do.
            let scope = match cast {
                Cast::Nobody => Scope::Documents,
                Cast::Caller => Scope::AnyCaller,
            };
            let mut symbolic = self.a.symbolic(&mut desk.formulas, scope);
            match keys {
                Keys::SpokenOf => {}
                Keys::Telling => {
                    for name in telling(cast) {
                        symbolic.presence(&mut desk.formulas, &name);
                    }
                }
            }
            let (goal, preferred) = match self.formulas(desk, &mut symbolic) {
                Ok(formulas) => formulas,
                Err(problem) => {
                    return Err(Box::new(Outcome::Unknown(UnknownReason::Open(problem.to_string()))));
                }
            };
            match desk.ask(goal, &preferred, limits) {
                Answer::Unsatisfiable => Err(Box::new(Outcome::Nothing)),
                Answer::Unknown(reason) => {
                    Err(Box::new(Outcome::Unknown(UnknownReason::Open(reason.to_string()))))
                }
                Answer::Satisfiable(assignment) => {
                    let request = model::decode(&symbolic, &assignment);
                    let completed = complete(&request, &symbolic.keys_in_use(), cast);
                    Ok((request, completed))
                }
            }
        });
        match found {
            Err(outcome) => Decided::Outcome(*outcome),
            Ok((request, completed)) => self.replay(request, completed, cast, limits),
        }
    }

    /// The goal, and what a small witness would make true.
    fn formulas(
        &self,
        desk: &mut Desk,
        symbolic: &mut SymbolicRequest,
    ) -> Result<(Formula, Vec<Formula>), Problem> {
        let formulas = &mut desk.formulas;
        let allowed = document_allows(formulas, symbolic, self.a_asked)?;
        let allowed_too = document_allows(formulas, symbolic, self.b_asked)?;
        let refused = formulas.not(allowed_too);
        let well_formed = symbolic.well_formed(formulas)?;
        let names: Vec<_> = symbolic.keys_in_use().into_iter().cloned().collect();
        let optional = names
            .iter()
            .filter(|name| documented(name).is_none_or(|row| row.presence == Presence::Sometimes));
        let mut preferred = Vec::new();
        for name in optional {
            let present = symbolic.presence(formulas, name);
            preferred.push(formulas.not(present));
        }
        let mut parts = vec![allowed, refused, well_formed];
        for (account, partition) in homes([self.a, self.b]) {
            parts.push(symbolic.account_lives_in(formulas, &partition, &account));
        }
        match self.range {
            Range::All => {}
            Range::Decided => {
                for operation in SETTLED_BEFORE {
                    let is_it = formulas.in_language(symbolic.action(), Regular::text(operation));
                    parts.push(formulas.not(is_it));
                }
            }
        }
        Ok((formulas.and(parts), preferred))
    }

    fn replay(&self, request: Request, completed: Request, cast: Cast, limits: Limits) -> Decided {
        if let Some(evaluator) = self.objection(&request) {
            let disagreement = Box::new(Disagreement { request, evaluator });
            return Decided::Outcome(Outcome::Unknown(UnknownReason::Defect(disagreement)));
        }
        let is_legal = |request: &Request| legality(request, cast, limits) == Legality::Legal;
        // Keys that neither document asks for change nothing; what does not fit all the same is left out again.
        let found = [completed, request.clone()]
            .into_iter()
            .find(|request| self.objection(request).is_none() && is_legal(request));
        match found {
            Some(request) => {
                Decided::Outcome(Outcome::Found(Box::new(Witness { request, origin: Origin::Solver })))
            }
            None => Decided::Incomplete(Box::new(Witness { request, origin: Origin::Solver })),
        }
    }

    /// What the evaluator has to say against the request, if anything.
    fn objection(&self, request: &Request) -> Option<String> {
        match (self.a.allows(request), self.b.allows(request)) {
            (true, false) => None,
            (false, _) => {
                Some("only the model finds so: the evaluator says that the one does not allow it".to_owned())
            }
            (true, true) => Some("only the model finds so: the evaluator says that both allow it".to_owned()),
        }
    }
}

/// Whether Z3's own theory of strings gives the same answer to "does A allow something that B doesn't"; `None` where it gives none.
pub(super) fn confirmed(a: &Prepared, b: &Prepared, answer: &Inclusion, limits: Limits) -> Option<bool> {
    let question = Question { a, b, a_asked: a.policy(), b_asked: b.policy(), range: Range::All };
    // A store of its own: the desk's knowledge is the first back end's.
    let mut desk = Desk::default();
    let scope = match a.cast_with(b) {
        Cast::Nobody => Scope::Documents,
        Cast::Caller => Scope::AnyCaller,
    };
    let mut symbolic = a.symbolic(&mut desk.formulas, scope);
    let (mut goal, _) = question.formulas(&mut desk, &mut symbolic).ok()?;
    if let Inclusion::Refuted(witness) = answer {
        // Any request would do, but this one is what was claimed, and far easier to find.
        let pinned = model::pin(&mut desk.formulas, &mut symbolic, &witness.request).ok()?;
        goal = desk.formulas.and([goal, pinned]);
    }
    let is_found = match z3_strings::check(&desk.formulas, goal, limits) {
        Answer::Satisfiable(_) => true,
        Answer::Unsatisfiable => false,
        Answer::Unknown(_) => return None,
    };
    match answer {
        Inclusion::Refuted(_) => Some(is_found),
        Inclusion::Proved(_) => Some(!is_found),
        Inclusion::Unknown(_) => None,
    }
}
