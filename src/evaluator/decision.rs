//! The evaluator: all layers around a request, compiled together, and its decision with a reason (EVAL-26).
//!
//! The decision depends on policies only through which sets allow, which deny, and how the resource's policy names the caller
//! (INV-9). So it takes one pass over the Denies that can match, one over the Allows, and a last step that sees no policy.

use super::compile_error::CompileError;
use super::conclusion::{CallerClass, Findings, PolicyKind};
use super::gather::{SetMask, Sets};
use super::grants::Grants;
use super::operation::{self, MfaKey, Settled};
use super::question::{ActionRoom, Asked, CallersBoundary};
use super::reading::{Reading, mistaken};
use super::statements::{Filed, Statements};
use super::surroundings::Surroundings;
use crate::iam::decision::Reason;
use crate::iam::layers::Layers;
use crate::iam::request::Request;

/// The policies of all layers, compiled.
#[derive(Clone, Debug)]
pub struct Evaluator {
    pub(super) statements: Statements,
    pub(super) sets: Sets,
    pub(super) reading: Reading,
    pub(super) mfa_key: MfaKey,
}

/// Which sets have an Allow that matches, and how that of the resource's policy names the caller.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowing {
    pub(super) sets: SetMask,
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

    /// Decides one request.
    ///
    /// Layers that do not fit the caller, such as a boundary for a service, take no part (EVAL-8).
    // Rules: GEN-1, GEN-2, EVAL-5, EVAL-9, EVAL-26, EVAL-27, EVAL-28.
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
        let asked = self.asked(request, action, applicable);
        let denied_by = self.denied_by(&asked, applicable);
        if let Some(kind) = denied_by
            && self.reading.is_by_the_rules()
        {
            return kind.explicit_denial();
        }
        let allowing = self.allowing(&asked, applicable);
        self.findings(&surroundings, applicable, denied_by, allowing).conclude_with(self.reading)
    }

    /// The request as statements are asked about it.
    pub(super) fn asked<'a>(&self, request: &'a Request, action: &'a [u8], applicable: SetMask) -> Asked<'a> {
        let has_boundary = !applicable.intersection(self.sets.boundary).is_empty();
        Asked {
            action,
            resource: request.resource.as_bytes(),
            caller: &request.caller,
            boundary: if has_boundary { CallersBoundary::Present } else { CallersBoundary::Absent },
            context: &request.context,
            reading: self.reading,
        }
    }

    /// The first kind of policy, in the order of EVAL-26, that denies.
    // Rules: EVAL-1, EVAL-26.
    pub(super) fn denied_by(&self, asked: &Asked<'_>, applicable: SetMask) -> Option<PolicyKind> {
        let applies = |filed: &&Filed| applicable.contains(filed.set);
        let first = self.statements.denying(asked).filter(applies).map(|filed| filed.set).min()?;
        self.sets.kind(first)
    }

    /// Which applicable sets allow. A set that is known to allow is not asked again.
    // Rules: EVAL-3, EVAL-4, EVAL-24.
    pub(super) fn allowing(&self, asked: &Asked<'_>, applicable: SetMask) -> Allowing {
        let mut allowing = Allowing { sets: SetMask::NONE, grants: Grants::NONE };
        for filed in self.statements.perhaps_allowing(asked) {
            if !applicable.contains(filed.set) {
                continue;
            }
            if self.sets.resource.contains(filed.set) {
                allowing.grants = allowing.grants.union(filed.statement.grants(asked));
            } else if !allowing.sets.contains(filed.set) && filed.statement.matches(asked) {
                allowing.sets = allowing.sets.union(SetMask::of(filed.set));
            }
        }
        allowing
    }

    /// The named booleans.
    // Rules: EVAL-7, EVAL-10, EVAL-14, EVAL-21, EVAL-22, EVAL-24.
    pub(super) fn findings(
        &self,
        surroundings: &Surroundings<'_>,
        applicable: SetMask,
        denied_by: Option<PolicyKind>,
        allowing: Allowing,
    ) -> Findings {
        let sets = &self.sets;
        // Whether all sets of a layer allow, as far as they apply: true of a layer that is absent.
        let all_allow = |layer: SetMask| allowing.sets.covers(applicable.intersection(layer));
        let caller = surroundings.caller_class(sets.session_policy());
        let scp_grants = mistaken!(self.reading, ScpGrants) && !sets.scps.is_empty() && all_allow(sets.scps);
        let session_grants = mistaken!(self.reading, SessionPolicyGrants)
            && !allowing.sets.intersection(sets.session).is_empty();
        Findings {
            denied_by,
            // The AWS default, which allows everything, is attached at every level and cannot be taken off.
            rcp_ok: !mistaken!(self.reading, RcpWithoutDefaultAllow) || all_allow(sets.rcps),
            scp_ok: all_allow(sets.scps),
            endpoint_ok: all_allow(sets.endpoint) || mistaken!(self.reading, EndpointOnlyDenies),
            caller,
            same_account: surroundings.is_same_account(),
            policy_required: surroundings.is_policy_required(),
            grants: allowing.grants,
            // Root, and sessions that come from root, need no identity policy: they have none, and it does not apply.
            identity_allows: all_allow(sets.identity) || scp_grants || session_grants,
            boundary_allows: all_allow(sets.boundary),
            session_allows: caller != CallerClass::FederatedWithoutSessionPolicy && all_allow(sets.session),
        }
    }
}
