//! A document made ready to be compared: compiled, cut into regions, and with its candidates at hand, each made once and when first needed.

use std::sync::OnceLock;

use super::candidates::{Breadth, Candidate, Candidates};
use super::containment::Side;
use super::region::Regions;
use super::scene::Cast;
use super::staging::{Company, allows_all, staged};
use crate::evaluator::{CompileError, CompiledSet, Evaluator, Question, Reading, StatementFinding};
use crate::iam::assumption::Assumptions;
use crate::iam::policy::{Effect, Policy, PolicyType};
use crate::iam::principal::PrincipalEntry;
use crate::iam::request::Request;
use crate::model::{Readings, Scope, SymbolicRequest};
use crate::solver::formula::Formulas;

/// A document made ready to be compared with any number of others.
#[derive(Debug)]
pub struct Prepared {
    policy: Policy,
    policy_type: PolicyType,
    reading: Reading,
    assumptions: Assumptions,
    compiled: CompiledSet,
    cast: Cast,
    regions: OnceLock<Regions>,
    without_caller: OnceLock<Candidates>,
    with_caller: OnceLock<Candidates>,
    deciding: OnceLock<Option<Evaluator>>,
}

impl Prepared {
    /// Makes a document of this type ready.
    ///
    /// # Errors
    ///
    /// [`CompileError`] where the document says something that has no meaning or none that is supported yet.
    pub fn new(policy: Policy, policy_type: PolicyType) -> Result<Prepared, CompileError> {
        Prepared::assuming(policy, policy_type, Assumptions::default())
    }

    /// The same, open points read as assumed.
    ///
    /// # Errors
    ///
    /// As [`Prepared::new`].
    pub fn assuming(
        policy: Policy,
        policy_type: PolicyType,
        assumptions: Assumptions,
    ) -> Result<Prepared, CompileError> {
        let prepared = Prepared::read_as(policy, policy_type, Reading::assuming(assumptions))?;
        Ok(Prepared { assumptions, ..prepared })
    }

    /// The same for an evaluator that reads documents in a given way, held against the model of the rules.
    ///
    /// # Errors
    ///
    /// As [`Prepared::new`].
    pub fn read_as(
        mut policy: Policy,
        policy_type: PolicyType,
        reading: Reading,
    ) -> Result<Prepared, CompileError> {
        if policy_type == PolicyType::Rcp {
            // AWS attaches its default Allow beside every RCP (EVAL-22), and an RCP of one's own has Denies only.
            policy.statements.extend(allows_all().statements);
        }
        let compiled = CompiledSet::compile_with(std::slice::from_ref(&policy), reading)?;
        let cast = cast(&policy);
        Ok(Prepared {
            policy,
            policy_type,
            reading,
            assumptions: Assumptions::default(),
            compiled,
            cast,
            regions: OnceLock::new(),
            without_caller: OnceLock::new(),
            with_caller: OnceLock::new(),
            deciding: OnceLock::new(),
        })
    }

    /// The document.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// How open points are read.
    pub fn assumptions(&self) -> Assumptions {
        self.assumptions
    }

    /// What it is written for.
    pub fn policy_type(&self) -> PolicyType {
        self.policy_type
    }

    /// Whether the document allows the request by itself, as the evaluator sees it: some Allow matches, and no Deny does.
    pub fn allows(&self, request: &Request) -> bool {
        let Request { caller, action, resource, context, .. } = request;
        self.compiled.allows(&Question { action, resource, caller, context })
    }

    /// What each statement says of a request, in their order.
    pub(super) fn statements(&self, request: &Request) -> Vec<StatementFinding> {
        let Request { caller, action, resource, context, .. } = request;
        self.compiled.explain(&Question { action, resource, caller, context })
    }

    /// The document as `decide` is shown it in its usual company; `None` where that cannot be compiled.
    pub(super) fn deciding(&self) -> Option<&Evaluator> {
        let compile = || {
            let layers = staged(&self.policy, self.policy_type, &Company::Usual);
            Evaluator::compile_with(&layers, self.reading).ok()
        };
        self.deciding.get_or_init(compile).as_ref()
    }

    /// A request that formulas are about, open points read as this document is.
    pub(super) fn symbolic(&self, formulas: &mut Formulas, scope: Scope) -> SymbolicRequest {
        let readings = Readings::assumed(formulas, self.assumptions);
        SymbolicRequest::read_as(formulas, scope, readings)
    }

    /// How the evaluator reads.
    pub(super) fn reading(&self) -> Reading {
        self.reading
    }

    /// Whether the document has no Allow at all.
    pub fn allows_nothing(&self) -> bool {
        self.policy.statements.iter().all(|statement| statement.effect == Effect::Deny)
    }

    pub(super) fn compiled(&self) -> &CompiledSet {
        &self.compiled
    }

    /// The document with its regions.
    pub(super) fn side(&self) -> Side<'_> {
        Side { policy: &self.policy, regions: self.regions.get_or_init(|| Regions::of(&self.policy)) }
    }

    /// Whether the two documents together ask who calls.
    pub(super) fn cast_with(&self, other: &Prepared) -> Cast {
        match (self.cast, other.cast) {
            (Cast::Nobody, Cast::Nobody) => Cast::Nobody,
            (Cast::Caller, _) | (_, Cast::Caller) => Cast::Caller,
        }
    }

    pub(super) fn candidates(&self, cast: Cast) -> &Candidates {
        let made = match cast {
            Cast::Nobody => &self.without_caller,
            Cast::Caller => &self.with_caller,
        };
        made.get_or_init(|| Candidates::of(&self.policy, &self.compiled, cast, Breadth::Quick))
    }
}

/// Candidates that one document allows and the other refuses, the grants of the one before the holes of the other.
pub(super) fn between<'c>(
    a: &'c Prepared,
    b: &'c Prepared,
    grants: &'c Candidates,
    holes: impl Fn() -> &'c Candidates + 'c,
) -> impl Iterator<Item = (&'c Candidates, &'c Candidate)> + 'c {
    let granted = grants.grants.iter().filter(move |candidate| {
        grants.question(candidate).is_some_and(|question| !b.compiled.allows(&question))
    });
    // Holes are made when they are needed, and nearly always the first grant is enough.
    let missed = std::iter::once_with(holes).flat_map(move |holes| {
        let allowed = move |candidate: &&Candidate| {
            holes.question(candidate).is_some_and(|question| a.compiled.allows(&question))
        };
        holes.holes.iter().filter(allowed).map(move |candidate| (holes, candidate))
    });
    granted.map(move |candidate| (grants, candidate)).chain(missed)
}

/// Whether a document asks who calls: everybody is nobody in particular.
fn cast(policy: &Policy) -> Cast {
    let mut elements = policy.statements.iter().filter_map(|statement| statement.principal.as_ref());
    let asks = elements.any(|element| {
        let entries = &element.listed().entries;
        entries.iter().any(|entry| !matches!(entry, PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws))
    });
    if asks { Cast::Caller } else { Cast::Nobody }
}
