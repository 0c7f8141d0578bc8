//! The last step: from the named booleans of EVAL-10 to a decision and its reason (EVAL-26).
//!
//! By INV-9 nothing else of the policies matters, so the step is a function of these formulas alone, whatever they are: those of a symbolic
//! request among layers, or free flags ([`NamedBooleans::free`]) in laws that hold for all policies.
//!
//! The algorithm of EVAL-26 returns at the first line that applies. Here each line becomes its condition and the denial of all before it: so
//! the reasons exclude each other, and since the last line applies always, one holds in every case.

use super::principal::Grants;
use crate::iam::decision::{Decision, Reason};
use crate::solver::formula::{Formula, Formulas};

/// The booleans that a decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct NamedBooleans {
    /// What is checked before any policy is.
    pub credentials: Credentials,
    /// The operation needs no permission.
    pub no_permission_required: Formula,
    /// Caller and resource are in different partitions.
    pub other_partition: Formula,
    /// Which applicable sets deny.
    pub denies: Denies,
    /// No applicable RCP level is without a matching Allow.
    pub rcp_ok: Formula,
    /// No applicable SCP level is without a matching Allow.
    pub scp_ok: Formula,
    /// No endpoint policy, or it allows.
    pub endpoint_ok: Formula,
    /// What kind of caller asks.
    pub caller: CallerKinds,
    /// A grant to everybody counts as one that names the caller; one reading of D-103 denies it for some federated sessions.
    pub star_is_direct: Formula,
    /// Caller's account and owner are one.
    pub same_account: Formula,
    /// The resource's policy must take part.
    pub required: Formula,
    /// The kinds of grant of the resource policy.
    pub grants: Grants,
    /// The identity set allows, or the caller needs none.
    pub identity: Formula,
    /// The boundary allows, or there is none.
    pub boundary: Formula,
    /// The session policies allow, or none limit the caller.
    pub session: Formula,
}

/// Why credentials do not hold (EVAL-6).
#[derive(Clone, Copy, Debug)]
pub struct Credentials {
    /// Their time is over.
    pub expired: Formula,
    /// There are none, and the service or the operation needs them.
    pub not_authenticated: Formula,
    /// Root calls AssumeRole.
    pub root_cannot_assume: Formula,
    /// They may not call the operation.
    pub restricted: Formula,
}

/// For each layer, whether it applies and denies.
#[derive(Clone, Copy, Debug)]
pub struct Denies {
    /// Some SCP level.
    pub scp: Formula,
    /// Some RCP level.
    pub rcp: Formula,
    /// The endpoint's policy.
    pub endpoint: Formula,
    /// The resource's policy.
    pub resource: Formula,
    /// The identity policies.
    pub identity: Formula,
    /// The boundary.
    pub boundary: Formula,
    /// The session policies.
    pub session: Formula,
}

/// Kinds of caller as far as the last step tells them apart; no more than one holds, and none holds for users and role sessions.
#[derive(Clone, Copy, Debug)]
pub struct CallerKinds {
    /// Nobody.
    pub anonymous: Formula,
    /// A service.
    pub service: Formula,
    /// An unsigned caller with an assertion or a token.
    pub unsigned: Formula,
    /// Root.
    pub root: Formula,
    /// A federated session to which no session policy was passed.
    pub federated_without_session_policy: Formula,
}

/// What is decided, and why.
#[derive(Clone, Debug)]
pub struct DecisionFormulas {
    /// Holds for exactly the requests that are allowed.
    pub allow: Formula,
    /// Holds for exactly the requests that a Deny statement refuses.
    pub explicit_deny: Formula,
    /// For every reason of EVAL-30, in its order, the formula that holds iff it is the reason: exactly one holds.
    pub reasons: Vec<(Reason, Formula)>,
}

impl DecisionFormulas {
    /// Holds iff this is the reason.
    pub fn reason(&self, formulas: &Formulas, reason: Reason) -> Formula {
        let found = self.reasons.iter().find(|(other, _)| *other == reason);
        found.map_or(formulas.falsum(), |&(_, formula)| formula)
    }
}

impl NamedBooleans {
    /// Booleans that are all free: whatever policies, caller and resource may make of them. They have the relations of [`Self::consistent`].
    pub fn free(formulas: &mut Formulas) -> NamedBooleans {
        let star_is_direct = formulas.verum();
        let mut free = |name: &str| {
            let flag = formulas.new_flag(name);
            formulas.flag(flag)
        };
        NamedBooleans {
            star_is_direct,
            credentials: Credentials {
                expired: free("expired"),
                not_authenticated: free("not authenticated"),
                root_cannot_assume: free("root cannot assume"),
                restricted: free("restricted"),
            },
            no_permission_required: free("no permission required"),
            other_partition: free("other partition"),
            denies: Denies {
                scp: free("an SCP denies"),
                rcp: free("an RCP denies"),
                endpoint: free("the endpoint policy denies"),
                resource: free("the resource policy denies"),
                identity: free("an identity policy denies"),
                boundary: free("the boundary denies"),
                session: free("a session policy denies"),
            },
            rcp_ok: free("RCP_OK"),
            scp_ok: free("SCP_OK"),
            endpoint_ok: free("VPCE_OK"),
            caller: CallerKinds {
                anonymous: free("anonymous"),
                service: free("service"),
                unsigned: free("unsigned"),
                root: free("root"),
                federated_without_session_policy: free("federated, no session policy"),
            },
            same_account: free("SAME"),
            required: free("REQUIRED"),
            grants: Grants {
                star: free("STAR"),
                account: free("ACCOUNT"),
                user: free("USER"),
                federating: free("FEDERATING"),
                role: free("ROLE"),
                session: free("SESSION"),
                federated_user: free("FEDUSER"),
                service: free("SERVICE"),
                provider: free("PROVIDER"),
            },
            identity: free("I"),
            boundary: free("B"),
            session: free("S"),
        }
    }

    /// Holds iff the booleans can stand beside each other: one kind of caller at most, root without ceilings of its own (I, B and S true),
    /// and S false for a federated session without session policy.
    // Rules: EVAL-10, EVAL-14, EVAL-15.
    pub fn consistent(&self, formulas: &mut Formulas) -> Formula {
        let CallerKinds { anonymous, service, unsigned, root, federated_without_session_policy } =
            self.caller;
        let kinds = [anonymous, service, unsigned, root, federated_without_session_policy];
        let mut parts = Vec::new();
        for (position, &first) in kinds.iter().enumerate() {
            for &second in kinds.iter().skip(position + 1) {
                let both = formulas.and([first, second]);
                parts.push(formulas.not(both));
            }
        }
        let nothing_limits = formulas.and([self.identity, self.boundary, self.session]);
        parts.push(formulas.implies(root, nothing_limits));
        let no_session = formulas.not(self.session);
        parts.push(formulas.implies(federated_without_session_policy, no_session));
        formulas.and(parts)
    }

    /// `DIRECT` of EVAL-10: the grant names the very principal that signs, or everybody.
    // Rules: EVAL-10, EVAL-11.
    pub fn direct(&self, formulas: &mut Formulas) -> Formula {
        let Grants { star, user, session, federated_user, .. } = self.grants;
        let star = formulas.and([star, self.star_is_direct]);
        formulas.or([star, user, session, federated_user])
    }

    /// `ENTITY` of EVAL-10: the grant names the role of a session, or the user behind a federated session.
    // Rules: EVAL-10, EVAL-12.
    pub fn entity(&self, formulas: &mut Formulas) -> Formula {
        formulas.or([self.grants.role, self.grants.federating])
    }

    /// `X_DENY` of EVAL-10: some applicable set denies.
    // Rule: EVAL-1.
    pub fn denied(&self, formulas: &mut Formulas) -> Formula {
        let Denies { scp, rcp, endpoint, resource, identity, boundary, session } = self.denies;
        formulas.or([scp, rcp, endpoint, resource, identity, boundary, session])
    }
}

/// What is decided, and why: the algorithm of EVAL-26, line by line.
// Rules: EVAL-2, EVAL-5, EVAL-16, EVAL-19, EVAL-20, EVAL-26, EVAL-30, GEN-1, GEN-2.
pub fn decide(formulas: &mut Formulas, named: &NamedBooleans) -> DecisionFormulas {
    let mut lines = Lines { formulas, open: None, reasons: Vec::new() };
    let Credentials { expired, not_authenticated, root_cannot_assume, restricted } = named.credentials;
    lines.line(expired, Reason::DenyExpiredCredentials);
    lines.line(not_authenticated, Reason::DenyNotAuthenticated);
    lines.line(root_cannot_assume, Reason::DenyRootCannotAssume);
    lines.line(restricted, Reason::DenyCredentialRestriction);
    lines.line(named.no_permission_required, Reason::AllowNoPermissionRequired);
    lines.line(named.other_partition, Reason::DenyPartition);
    let Denies { scp, rcp, endpoint, resource, identity, boundary, session } = named.denies;
    lines.line(scp, Reason::DenyExplicitScp);
    lines.line(rcp, Reason::DenyExplicitRcp);
    lines.line(endpoint, Reason::DenyExplicitVpce);
    lines.line(resource, Reason::DenyExplicitResource);
    lines.line(identity, Reason::DenyExplicitIdentity);
    lines.line(boundary, Reason::DenyExplicitBoundary);
    lines.line(session, Reason::DenyExplicitSession);
    lines.unless(named.rcp_ok, Reason::DenyImplicitRcp);
    lines.unless(named.scp_ok, Reason::DenyImplicitScp);
    lines.unless(named.endpoint_ok, Reason::DenyImplicitVpce);
    callers_without_account(&mut lines, named);
    same_account(&mut lines, named);
    other_account(&mut lines, named);
    lines.unless(named.boundary, Reason::DenyImplicitBoundary);
    lines.line(named.caller.federated_without_session_policy, Reason::DenyImplicitNoSessionPolicy);
    let always = lines.formulas.verum();
    lines.line(always, Reason::DenyImplicitSession);
    lines.finished()
}

/// Nobody, services and unsigned callers: only the resource's policy speaks for them.
// Rules: EVAL-16, EVAL-19.
fn callers_without_account(lines: &mut Lines<'_>, named: &NamedBooleans) {
    let Grants { star, service, provider, .. } = named.grants;
    for (caller, grants, allowed) in [
        (named.caller.anonymous, vec![star], Reason::AllowAnonymous),
        (named.caller.service, vec![service, star], Reason::AllowService),
        (named.caller.unsigned, vec![provider, star], Reason::AllowFederated),
    ] {
        let granted = lines.formulas.or(grants);
        let allows = lines.formulas.and([caller, granted]);
        lines.line(allows, allowed);
        lines.line(caller, Reason::DenyImplicitResource);
    }
}

// Rules: EVAL-11, EVAL-12, EVAL-13, EVAL-14, EVAL-15, EVAL-18, EVAL-29, EVAL-31.
fn same_account(lines: &mut Lines<'_>, named: &NamedBooleans) {
    let same = named.same_account;
    let direct = named.direct(lines.formulas);
    let entity = named.entity(lines.formulas);
    let account = named.grants.account;
    let required = named.required;
    let not_required = lines.formulas.not(required);
    let limited = [named.boundary, named.session];
    let whole = [named.identity, named.boundary, named.session];

    let enough_for_root = lines.formulas.or([not_required, account, direct]);
    let root = lines.formulas.and([same, named.caller.root]);
    lines.all(&[root, enough_for_root], Reason::AllowRoot);
    lines.line(root, Reason::DenyImplicitResource);
    lines.all(&[same, direct], Reason::AllowResourceDirect);
    lines.all(&[&[same, not_required][..], &whole].concat(), Reason::AllowIdentity);
    lines.all(&[&[same, entity][..], &limited].concat(), Reason::AllowResourceViaEntity);
    lines.all(&[&[same, required, account][..], &whole].concat(), Reason::AllowAccountDelegation);
    let not_entity = lines.formulas.not(entity);
    let not_account = lines.formulas.not(account);
    lines.all(&[same, required, not_entity, not_account], Reason::DenyImplicitResource);
    let no_identity = lines.formulas.not(named.identity);
    lines.all(&[same, no_identity, not_entity], Reason::DenyImplicitIdentity);
}

// Rules: EVAL-14, EVAL-17, EVAL-18.
fn other_account(lines: &mut Lines<'_>, named: &NamedBooleans) {
    let other = lines.formulas.not(named.same_account);
    let granted = named.grants.any(lines.formulas);
    let not_granted = lines.formulas.not(granted);
    lines.all(&[other, not_granted], Reason::DenyImplicitResource);
    lines.all(&[other, named.identity, named.boundary, named.session], Reason::AllowCrossAccount);
    let no_identity = lines.formulas.not(named.identity);
    lines.all(&[other, no_identity], Reason::DenyImplicitIdentity);
}

/// The lines of the algorithm so far.
struct Lines<'a> {
    formulas: &'a mut Formulas,
    /// Holds iff no line so far applied; `None` before the first.
    open: Option<Formula>,
    reasons: Vec<(Reason, Formula)>,
}

impl Lines<'_> {
    /// Returns this reason if the condition holds.
    fn line(&mut self, condition: Formula, reason: Reason) {
        let open = self.open.unwrap_or(self.formulas.verum());
        let applies = self.formulas.and([open, condition]);
        self.reasons.push((reason, applies));
        let not = self.formulas.not(condition);
        self.open = Some(self.formulas.and([open, not]));
    }

    fn unless(&mut self, condition: Formula, reason: Reason) {
        let not = self.formulas.not(condition);
        self.line(not, reason);
    }

    fn all(&mut self, conditions: &[Formula], reason: Reason) {
        let condition = self.formulas.and(conditions.iter().copied());
        self.line(condition, reason);
    }

    fn finished(self) -> DecisionFormulas {
        let mut reasons = Vec::with_capacity(Reason::ALL.len());
        let (mut allow, mut explicit_deny) = (Vec::new(), Vec::new());
        for &reason in Reason::ALL {
            let lines = self.reasons.iter().filter(|(other, _)| *other == reason);
            let formula = self.formulas.or(lines.map(|&(_, formula)| formula));
            match reason.decision() {
                Decision::Allow => allow.push(formula),
                Decision::ExplicitDeny => explicit_deny.push(formula),
                Decision::ImplicitDeny => {}
            }
            reasons.push((reason, formula));
        }
        DecisionFormulas {
            allow: self.formulas.or(allow),
            explicit_deny: self.formulas.or(explicit_deny),
            reasons,
        }
    }
}
