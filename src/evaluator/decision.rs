//! The evaluator: all layers around a request, compiled together, and its decision with a reason (EVAL-26).
//!
//! The decision depends on policies only through which sets allow, which deny, and how the resource's policy names the caller
//! (INV-9). So it takes one pass over the statements that can match, and a last step that sees no policy.

use std::convert::Infallible;
use std::ops::ControlFlow;

use super::compile_error::CompileError;
use super::conclusion::{CallerClass, Findings};
use super::gather::{SetMask, Sets};
use super::grants::Grants;
use super::operation::{self, MfaKey, Settled};
use super::question::{ActionRoom, Asked, CallersBoundary};
use super::reading::{Reading, mistaken};
use super::service_keys;
use super::statements::{Filed, Statements};
use super::surroundings::Surroundings;
use crate::iam::assumption::Assumptions;
use crate::iam::context::Context;
use crate::iam::decision::Reason;
use crate::iam::layers::Layers;
use crate::iam::policy::Effect;
use crate::iam::request::Request;

/// The policies of all layers, compiled.
#[derive(Clone, Debug)]
pub struct Evaluator {
    pub(super) statements: Statements,
    pub(super) sets: Sets,
    pub(super) reading: Reading,
    pub(super) mfa_key: MfaKey,
}

/// What the statements say of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Survey {
    /// The first set, in the order of EVAL-26, with a Deny that matches. If there is one, the rest is not complete.
    pub(super) denying: Option<u8>,
    /// The sets, but for the resource's policy, with an Allow that matches.
    pub(super) allowing: SetMask,
    /// How the Allows of the resource's policy that match name the caller.
    pub(super) grants: Grants,
}

impl Evaluator {
    /// Compiles the policies that lie around requests.
    ///
    /// # Errors
    ///
    /// [`CompileError`] where a statement has no meaning, or none that is supported yet.
    pub fn compile(layers: &Layers) -> Result<Evaluator, CompileError> {
        Evaluator::compile_with(layers, Reading::default())
    }

    /// Compiles the policies to be read in a given way.
    ///
    /// # Errors
    ///
    /// As [`Evaluator::compile`].
    pub fn compile_with(layers: &Layers, reading: Reading) -> Result<Evaluator, CompileError> {
        let (sets, statements) = Sets::gather(layers, reading)?;
        Ok(Evaluator { statements, sets, reading, mfa_key: MfaKey::new() })
    }

    /// The readings of open points that were assumed.
    pub fn assumptions(&self) -> Assumptions {
        self.reading.assumptions()
    }

    /// Decides one request.
    ///
    /// Layers that do not fit the caller, such as a boundary for a service, take no part (EVAL-8).
    // Rules: GEN-1, GEN-2, GEN-5, GEN-12, EVAL-5, EVAL-9, EVAL-26, EVAL-27, EVAL-28.
    pub fn decide(&self, request: &Request) -> Reason {
        let mut room = ActionRoom::new();
        let action = room.folded(&request.action, self.reading);
        if let Settled::As(reason) = operation::settle(request, action, &self.mfa_key, self.reading) {
            return reason;
        }
        let surroundings = Surroundings::new(request, action, self.reading);
        if surroundings.crosses_partitions() {
            return Reason::DenyPartition;
        }
        let applicable = self.sets.applicable(&surroundings, self.reading);
        let context = service_keys::context_of(&request.caller, &request.context, self.reading);
        let asked = self.asked(request, action, &context, applicable);
        let survey = self.survey(&asked, applicable);
        self.findings(&surroundings, applicable, survey).conclude_with(self.reading)
    }

    /// The request as statements are asked about it.
    pub(super) fn asked<'a>(
        &self,
        request: &'a Request,
        action: &'a [u8],
        context: &'a Context,
        applicable: SetMask,
    ) -> Asked<'a> {
        let has_boundary = !applicable.intersection(self.sets.boundary).is_empty();
        Asked {
            action,
            resource: request.resource.as_bytes(),
            caller: &request.caller,
            boundary: if has_boundary { CallersBoundary::Present } else { CallersBoundary::Absent },
            context,
            reading: self.reading,
        }
    }

    /// One pass over the statements that can match.
    ///
    /// A set that is known to allow is not asked again. Once a Deny is found, only Denies of sets before its own matter still:
    /// they make the reason.
    // Rules: EVAL-1, EVAL-3, EVAL-4, EVAL-24, EVAL-26.
    pub(super) fn survey(&self, asked: &Asked<'_>, applicable: SetMask) -> Survey {
        let mut survey = Survey { denying: None, allowing: SetMask::NONE, grants: Grants::NONE };
        let _: ControlFlow<Infallible> = self.statements.visit(asked, |filed| {
            let Filed { statement, set, .. } = filed;
            match statement.effect {
                _ if !applicable.contains(*set) => {}
                Effect::Deny => {
                    let is_before = survey.denying.is_none_or(|first| *set < first);
                    if is_before && self.denies(filed, asked) {
                        survey.denying = Some(*set);
                    }
                }
                Effect::Allow if survey.denying.is_some() && self.reading.is_by_the_rules() => {}
                Effect::Allow if self.sets.resource.contains(*set) => {
                    survey.grants = survey.grants.union(statement.grants(asked));
                }
                Effect::Allow => {
                    if !survey.allowing.contains(*set) && statement.matches(asked) {
                        survey.allowing = survey.allowing.union(SetMask::of(*set));
                    }
                }
            }
            ControlFlow::Continue(())
        });
        survey
    }

    pub(super) fn denies(&self, filed: &Filed, asked: &Asked<'_>) -> bool {
        #[cfg(debug_assertions)]
        if super::planted::passes_over(filed, &self.statements, asked) {
            return false;
        }
        filed.statement.matches(asked)
    }

    /// The named booleans.
    // Rules: EVAL-7, EVAL-10, EVAL-14, EVAL-21, EVAL-22, EVAL-24.
    pub(super) fn findings(
        &self,
        surroundings: &Surroundings<'_>,
        applicable: SetMask,
        survey: Survey,
    ) -> Findings {
        let sets = &self.sets;
        // Whether all sets of a layer allow, as far as they apply: true of a layer that is absent.
        let all_allow = |layer: SetMask| survey.allowing.covers(applicable.intersection(layer));
        let caller = surroundings.caller_class(sets.session_policy());
        let scp_grants = mistaken!(self.reading, ScpGrants) && !sets.scps.is_empty() && all_allow(sets.scps);
        let session_grants = mistaken!(self.reading, SessionPolicyGrants)
            && !survey.allowing.intersection(sets.session).is_empty();
        Findings {
            denied_by: survey.denying.and_then(|set| sets.kind(set)),
            // The AWS default, which allows everything, is attached at every level and cannot be taken off.
            rcp_ok: !mistaken!(self.reading, RcpWithoutDefaultAllow) || all_allow(sets.rcps),
            scp_ok: all_allow(sets.scps),
            endpoint_ok: all_allow(sets.endpoint) || mistaken!(self.reading, EndpointOnlyDenies),
            caller,
            same_account: surroundings.is_same_account(),
            policy_required: surroundings.is_policy_required(),
            grants: survey.grants,
            // Root, and sessions that come from root, need no identity policy: they have none, and it does not apply.
            identity_allows: all_allow(sets.identity) || scp_grants || session_grants,
            boundary_allows: all_allow(sets.boundary),
            session_allows: caller != CallerClass::FederatedWithoutSessionPolicy && all_allow(sets.session),
        }
    }
}
