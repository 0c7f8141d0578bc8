//! Which layers apply, and so the named booleans of EVAL-10: a function of what each layer says and of a few facts of the request.
//!
//! Like [`super::combination`] it sees no text. Where a request is read, the facts are formulas over its variables; in a proof for all
//! policies, callers and resources they are free flags ([`Surroundings::free`]).

use super::combination::Said;
use super::decision::{CallerKinds, Credentials, Denies, NamedBooleans};
use super::principal::Grants;
use super::readings::Readings;
use crate::iam::assumption::Alternative;
use crate::solver::formula::{Formula, Formulas};

/// What each layer says by itself; `None` where a layer is absent.
#[derive(Clone, Debug)]
pub struct LayersSaid {
    /// The identity policies.
    pub identity: Said,
    /// The boundary.
    pub boundary: Option<Said>,
    /// The session policies.
    pub session: Option<Said>,
    /// The resource's policy.
    pub resource: Option<Said>,
    /// The levels of SCPs.
    pub scps: Vec<Said>,
    /// The levels of RCPs.
    pub rcps: Vec<Said>,
    /// The endpoint's policy.
    pub endpoint: Option<Said>,
}

/// What a decision depends on beside the policies: formulas about the caller, its credential, the operation and the resource.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// What is checked before any policy is.
    pub credentials: Credentials,
    /// The operation needs no permission.
    pub no_permission_required: Formula,
    /// Caller and resource are in different partitions.
    pub other_partition: Formula,
    /// SCPs bind the caller.
    pub scp_applies: Formula,
    /// RCPs bind the request.
    pub rcp_applies: Formula,
    /// Caller's account and owner are one.
    pub same_account: Formula,
    /// The resource's policy must take part.
    pub required: Formula,
    /// The caller is nobody.
    pub anonymous: Formula,
    /// The caller is a service.
    pub service: Formula,
    /// The caller is unsigned, with an assertion or a token.
    pub unsigned: Formula,
    /// The caller is root.
    pub root: Formula,
    /// The caller is a role session.
    pub role_session: Formula,
    /// The caller is a federated session.
    pub federated: Formula,
    /// The federated session was made by root.
    pub federated_by_root: Formula,
    /// A user, a role or a federating user stands behind the caller, on whom identity policies and a boundary can be put.
    pub has_entity: Formula,
}

impl Surroundings {
    /// Surroundings in which every fact is a free flag. They have the relations of [`Self::consistent`].
    pub fn free(formulas: &mut Formulas) -> Surroundings {
        let mut free = |name: &str| {
            let flag = formulas.new_flag(name);
            formulas.flag(flag)
        };
        Surroundings {
            credentials: Credentials {
                expired: free("the credentials' time is over"),
                not_authenticated: free("there are no credentials"),
                root_cannot_assume: free("root calls AssumeRole"),
                restricted: free("the credentials may not call the operation"),
            },
            no_permission_required: free("the operation needs no permission"),
            other_partition: free("caller and resource are in different partitions"),
            scp_applies: free("SCPs bind the caller"),
            rcp_applies: free("RCPs bind the request"),
            same_account: free("caller's account and owner are one"),
            required: free("the resource's policy must take part"),
            anonymous: free("the caller is nobody"),
            service: free("the caller is a service"),
            unsigned: free("the caller is unsigned"),
            root: free("the caller is root"),
            role_session: free("the caller is a role session"),
            federated: free("the caller is a federated session"),
            federated_by_root: free("root made the federated session"),
            has_entity: free("a user or role stands behind the caller"),
        }
    }

    /// Holds iff the facts can stand beside each other: one kind of caller at most (none of the kinds named here is a user), and an entity
    /// behind exactly the users, the role sessions, and the federated sessions that root did not make.
    // Rules: GEN-12, EVAL-8.
    pub fn consistent(&self, formulas: &mut Formulas) -> Formula {
        let kinds =
            [self.anonymous, self.service, self.unsigned, self.root, self.role_session, self.federated];
        let mut parts = Vec::new();
        for (position, &first) in kinds.iter().enumerate() {
            for &second in kinds.iter().skip(position + 1) {
                let both = formulas.and([first, second]);
                parts.push(formulas.not(both));
            }
        }
        let by_root = formulas.and([self.federated, self.federated_by_root]);
        let without = formulas.or([self.anonymous, self.service, self.unsigned, self.root, by_root]);
        let with = formulas.not(without);
        parts.push(formulas.iff(self.has_entity, with));
        formulas.and(parts)
    }
}

/// The named booleans.
// Rules: EVAL-7, EVAL-8, EVAL-10, EVAL-14, EVAL-21, EVAL-22, EVAL-24.
pub fn named(formulas: &mut Formulas, around: &Surroundings, said: &LayersSaid) -> NamedBooleans {
    let falsum = formulas.falsum();
    let verum = formulas.verum();
    let role_or_federated = formulas.or([around.role_session, around.federated]);
    let scps_allow = formulas.and(said.scps.iter().map(|level| level.allow));
    let scps_deny = formulas.or(said.scps.iter().map(|level| level.deny));
    let rcps_deny = formulas.or(said.rcps.iter().map(|level| level.deny));
    let boundary_denies = said.boundary.map_or(falsum, |boundary| boundary.deny);
    let session_denies = said.session.map_or(falsum, |session| session.deny);
    let session_of_root = formulas.and([around.federated, around.federated_by_root]);
    let by_root = formulas.or([around.root, session_of_root]);
    let identity_allows = formulas.and([around.has_entity, said.identity.allow]);
    let not_bounded = formulas.not(around.has_entity);
    NamedBooleans {
        credentials: around.credentials,
        no_permission_required: around.no_permission_required,
        other_partition: around.other_partition,
        denies: Denies {
            scp: formulas.and([around.scp_applies, scps_deny]),
            rcp: formulas.and([around.rcp_applies, rcps_deny]),
            endpoint: said.endpoint.map_or(falsum, |endpoint| endpoint.deny),
            resource: said.resource.map_or(falsum, |resource| resource.deny),
            identity: formulas.and([around.has_entity, said.identity.deny]),
            boundary: formulas.and([around.has_entity, boundary_denies]),
            session: formulas.and([role_or_federated, session_denies]),
        },
        // A customer's RCP only denies, and the default that allows everything is attached to every level (EVAL-22).
        rcp_ok: verum,
        scp_ok: formulas.implies(around.scp_applies, scps_allow),
        endpoint_ok: said.endpoint.map_or(verum, |endpoint| endpoint.allow),
        caller: CallerKinds {
            anonymous: around.anonymous,
            service: around.service,
            unsigned: around.unsigned,
            root: around.root,
            federated_without_session_policy: match said.session {
                Some(_) => falsum,
                None => around.federated,
            },
        },
        star_is_direct: verum,
        same_account: around.same_account,
        required: around.required,
        grants: said.resource.map_or(Grants::none(formulas), |resource| resource.grants),
        identity: formulas.or([by_root, identity_allows]),
        boundary: match said.boundary {
            Some(boundary) => formulas.or([not_bounded, boundary.allow]),
            None => verum,
        },
        session: match said.session {
            Some(session) => formulas.implies(role_or_federated, session.allow),
            None => formulas.not(around.federated),
        },
    }
}

/// Whether session policies allow, given whether an Allow of any matches, and for each of them whether one of its own does: one reading
/// asks each for an Allow.
// Rule: EVAL-7.
pub fn of_session_policies(
    formulas: &mut Formulas,
    readings: &Readings,
    some_allow: Formula,
    each: &[Formula],
) -> Formula {
    readings.either(formulas, Alternative::SessionPoliciesIntersect, some_allow, |formulas| {
        formulas.and(each.iter().copied())
    })
}

/// What the readings of D-55 and D-103 make of a federated session without session policies.
// Rules: EVAL-11, EVAL-14.
pub fn of_federated_sessions(
    formulas: &mut Formulas,
    readings: &Readings,
    around: &Surroundings,
    named: NamedBooleans,
) -> NamedBooleans {
    let mut caller = named.caller;
    let without = caller.federated_without_session_policy;
    let may = readings.takes(Alternative::FederatedNeedsNone);
    let not_limited = formulas.and([may, around.federated, without]);
    caller.federated_without_session_policy =
        readings.unless(formulas, &[Alternative::FederatedNeedsNone], without);
    let star_is_direct =
        readings.either(formulas, Alternative::StarMissesFederated, named.star_is_direct, |formulas| {
            formulas.not(caller.federated_without_session_policy)
        });
    NamedBooleans { session: formulas.or([named.session, not_limited]), caller, star_is_direct, ..named }
}
