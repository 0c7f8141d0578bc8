//! What the policies lack for a request that is denied: which Deny would have to spare it, and which layer would have to allow it.

use crate::evaluator::{CallerClass, Explanation, Place, Stage, StatementFinding};
use crate::iam::decision::{Decision, Reason};
use crate::iam::layers::Layer;
use crate::iam::policy::Effect;

/// One thing that would have to be otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// This Deny matches.
    Denied(Place),
    /// No Allow of this layer matches.
    Silent {
        /// The layer.
        layer: Layer,
        /// How near the nearest of its Allows comes.
        gap: Gap,
    },
    /// The resource has no policy, and needs one.
    NoResourcePolicy,
    /// The session has no session policy, and needs one (EVAL-14).
    NoSessionPolicy,
}

/// What the Allows of a layer speak of, the nearest first: an element counts where those before it match in some statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gap {
    /// There is no Allow at all.
    NoAllow,
    /// None names the action.
    Action,
    /// None that names the action names the resource.
    Resource,
    /// None that names both names the caller.
    Principal,
    /// Some name everything, but their conditions do not hold.
    Condition,
}

/// What would have to be otherwise for the request to be allowed; nothing where it is allowed or where no policy was read.
// Rules: EVAL-1, EVAL-13, EVAL-14, EVAL-15, EVAL-17, EVAL-18, EVAL-19, EVAL-21, EVAL-24.
pub fn lacks(explanation: &Explanation) -> Vec<Lack> {
    let Explanation { reason, stage: Stage::Policies, findings, sets, statements, .. } = explanation else {
        return Vec::new();
    };
    if reason.decision() == Decision::Allow {
        return Vec::new();
    }
    let denies =
        |finding: &&StatementFinding| finding.applies && finding.effect == Effect::Deny && finding.matches();
    let mut lacks: Vec<Lack> =
        statements.iter().filter(denies).map(|finding| Lack::Denied(finding.place)).collect();
    let undenied = crate::evaluator::Findings { denied_by: None, ..*findings };
    if undenied.conclude().decision() == Decision::Allow {
        return lacks;
    }
    let silent = |layer: Layer| Lack::Silent { layer, gap: gap(statements, layer) };
    let is_ceiling = |layer: Layer| match layer {
        Layer::Scp { .. } | Layer::Rcp { .. } | Layer::Endpoint => true,
        Layer::Resource | Layer::Identity | Layer::Boundary | Layer::Session => false,
    };
    let silent_sets = sets.iter().filter(|set| set.applies && !set.verdict.allow).map(|set| set.layer);
    lacks.extend(silent_sets.filter(|layer| is_ceiling(*layer)).map(silent));
    let of_the_resource = || {
        let has_policy = sets.iter().any(|set| set.layer == Layer::Resource);
        if has_policy { silent(Layer::Resource) } else { Lack::NoResourcePolicy }
    };
    let passed = crate::evaluator::Findings { rcp_ok: true, scp_ok: true, endpoint_ok: true, ..undenied };
    if passed.conclude().decision() == Decision::Allow {
        return lacks;
    }
    let on_its_own_account = match findings.caller {
        CallerClass::Anonymous | CallerClass::Service | CallerClass::Provider => {
            lacks.push(of_the_resource());
            return lacks;
        }
        CallerClass::Root | CallerClass::Identity | CallerClass::FederatedWithoutSessionPolicy => {
            findings.same_account
        }
    };
    let needs_resource = if on_its_own_account {
        findings.policy_required && !findings.account() && !findings.entity()
    } else {
        findings.grants.is_empty()
    };
    if needs_resource {
        lacks.push(of_the_resource());
    }
    // A grant to the role, or to the user behind the session, stands in for the identity policies at home.
    let identity_is_stood_in_for = on_its_own_account && findings.entity();
    if !findings.identity_allows && !identity_is_stood_in_for {
        lacks.push(silent(Layer::Identity));
    }
    if !findings.boundary_allows {
        lacks.push(silent(Layer::Boundary));
    }
    if findings.caller == CallerClass::FederatedWithoutSessionPolicy {
        lacks.push(Lack::NoSessionPolicy);
    } else if !findings.session_allows {
        lacks.push(silent(Layer::Session));
    }
    lacks
}

/// How near the Allows of a layer come.
pub fn gap(statements: &[StatementFinding], layer: Layer) -> Gap {
    statements
        .iter()
        .filter(|finding| finding.place.layer == Some(layer) && finding.effect == Effect::Allow)
        .map(reach)
        .max()
        .unwrap_or(Gap::NoAllow)
}

/// The first element of a statement that does not match, in the order of [`Gap`].
fn reach(finding: &StatementFinding) -> Gap {
    if !finding.action.matches {
        Gap::Action
    } else if finding.resource.as_ref().is_some_and(|resource| !resource.matches) {
        Gap::Resource
    } else if finding.principal.as_ref().is_some_and(|principal| !principal.matches) {
        Gap::Principal
    } else {
        Gap::Condition
    }
}

/// Whether a reason is settled before policies are read.
pub fn is_structural(reason: Reason, explanation: &Explanation) -> bool {
    reason.decision() != Decision::Allow && explanation.stage != Stage::Policies
}
