//! A document made ready to be compared: read, compiled, and with its candidates at hand.

use std::sync::OnceLock;

use super::candidates::{Candidate, Candidates};
use super::scene::Cast;
use crate::evaluator::{CompileError, CompiledSet, Question};
use crate::iam::policy::Policy;
use crate::iam::principal::PrincipalEntry;

/// A document made ready to be compared with any number of others.
#[derive(Debug)]
pub struct Prepared {
    policy: Policy,
    pub(super) compiled: CompiledSet,
    cast: Cast,
    without_caller: OnceLock<Candidates>,
    with_caller: OnceLock<Candidates>,
}

impl Prepared {
    /// Makes a document ready.
    ///
    /// # Errors
    ///
    /// [`CompileError`] where the document says something that has no meaning or none that is supported yet.
    pub fn new(policy: Policy) -> Result<Prepared, CompileError> {
        let compiled = CompiledSet::compile(std::slice::from_ref(&policy))?;
        let cast = cast(&policy);
        Ok(Prepared { policy, compiled, cast, without_caller: OnceLock::new(), with_caller: OnceLock::new() })
    }

    /// The document.
    pub fn policy(&self) -> &Policy {
        &self.policy
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
        made.get_or_init(|| Candidates::of(&self.policy, &self.compiled, cast))
    }

    /// TEMP
    pub fn sizes(&self) -> (usize, usize, usize) { let c = self.candidates(Cast::Nobody); (c.scenes.len(), c.grants.len(), c.holes.len()) }
    /// TEMP
    pub fn allows(&self, q: &Question<'_>) -> bool { self.compiled.allows(q) }
    /// TEMP
    pub fn first_beyond(&self, other: &Prepared) -> Option<(String, crate::iam::request::Request)> { self.allowed_beyond(other).next().map(|(q, _, c)| (format!("{c:?}"), crate::iam::request::Request { caller: q.caller.clone(), credential: crate::iam::request::Credential { kind: crate::iam::request::CredentialKind::LongTerm, validity: crate::iam::request::Validity::Current }, action: q.action.to_owned(), resource: q.resource.to_owned(), resource_account: None, resource_policy_mark: crate::iam::request::ResourcePolicyMark::Unmarked, context: q.context.clone() })) }
    /// TEMP
    pub fn beyond(&self, other: &Prepared) -> usize { usize::from(self.allowed_beyond(other).next().is_some()) }
    /// TEMP
    pub fn beyond_all(&self, other: &Prepared) -> usize { self.allowed_beyond(other).count() }
    /// A candidate that this document allows and the other refuses.
    pub(super) fn allowed_beyond<'p>(
        &'p self,
        other: &'p Prepared,
    ) -> impl Iterator<Item = (Question<'p>, &'p Candidates, &'p Candidate)> {
        let cast = self.cast_with(other);
        let own = self.candidates(cast);
        let granted = own.grants.iter().map(move |candidate| (own, candidate));
        let granted = granted.filter_map(move |(own, candidate)| {
            let question = own.question(candidate)?;
            (!other.compiled.allows(&question)).then_some((question, own, candidate))
        });
        // Candidates are made when they are needed, and nearly always the first ones are enough.
        let missed = std::iter::once_with(move || other.candidates(cast)).flat_map(move |theirs| {
            theirs.holes.iter().filter_map(move |candidate| {
                let question = theirs.question(candidate)?;
                self.compiled.allows(&question).then_some((question, theirs, candidate))
            })
        });
        granted.chain(missed)
    }
}

/// Whether a document asks who calls: everybody is nobody in particular.
fn cast(policy: &Policy) -> Cast {
    let mut elements = policy.statements.iter().filter_map(|statement| statement.principal.as_ref());
    let asks = elements.any(|element| {
        element.listed().entries.iter().any(|entry| {
            !matches!(entry, PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws)
        })
    });
    if asks { Cast::Caller } else { Cast::Nobody }
}
