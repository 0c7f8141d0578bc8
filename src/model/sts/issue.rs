//! One call that issues a session: why it is refused, else the record of the session (STS-1 to STS-46).
//!
//! STS-5 orders the checks, and the first failure wins. As in [`crate::model::decision`] each line becomes its condition and the denial of
//! all before it, so that the refusals exclude each other and exactly one outcome holds.

use super::duration::{Asked, Granted, Limits, granted};
use super::operation::{Check, Operation, Refusal};
use super::session::{SessionKind, SessionRecord, Tag, equal, exactly_one};
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};
use num_bigint::BigInt;

/// Who calls.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// Nobody.
    pub anonymous: Formula,
    /// A service.
    pub service: Formula,
    /// Someone with an assertion or a token, without credentials of AWS.
    pub unsigned: Formula,
    /// The root user.
    pub root: Formula,
    /// A user.
    pub user: Formula,
    /// A role session.
    pub role_session: Formula,
    /// A session of GetFederationToken.
    pub federated: Formula,
    /// The credentials are temporary: those of [`Self::session`].
    pub temporary: Formula,
    /// The record of the caller's own session, where the credentials are temporary.
    pub session: SessionRecord,
}

impl Caller {
    /// Anybody.
    pub fn free(formulas: &mut Formulas, session: SessionRecord) -> Caller {
        let mut free = |name: &str| {
            let flag = formulas.new_flag(name);
            formulas.flag(flag)
        };
        Caller {
            anonymous: free("the caller is nobody"),
            service: free("the caller is a service"),
            unsigned: free("the caller is unsigned"),
            root: free("the caller is root"),
            user: free("the caller is a user"),
            role_session: free("the caller is a role session"),
            federated: free("the caller is a federated session"),
            temporary: free("the credentials are temporary"),
            session,
        }
    }

    /// Holds iff there is one caller, and its credentials are of a kind that it can have.
    // Rule: GEN-12.
    pub fn consistent(&self, formulas: &mut Formulas) -> Formula {
        let kinds = [
            self.anonymous,
            self.service,
            self.unsigned,
            self.root,
            self.user,
            self.role_session,
            self.federated,
        ];
        let mut parts = vec![exactly_one(formulas, &kinds)];
        for (caller, kind) in [
            (self.root, SessionKind::Root),
            (self.user, SessionKind::User),
            (self.role_session, SessionKind::Role),
            (self.federated, SessionKind::Federated),
        ] {
            let signs_so = formulas.and([self.temporary, caller]);
            parts.push(formulas.implies(signs_so, self.session.is(kind)));
        }
        for always in [self.role_session, self.federated] {
            parts.push(formulas.implies(always, self.temporary));
        }
        for never in [self.anonymous, self.service, self.unsigned] {
            let both = formulas.and([never, self.temporary]);
            parts.push(formulas.not(both));
        }
        formulas.and(parts)
    }
}

/// What is passed with the call, beside its duration.
#[derive(Clone, Copy, Debug)]
pub struct Passed {
    /// A source identity, as parameter or in the assertion.
    pub source_identity: Tag,
    /// A tag of the key that is looked at, as parameter or in the assertion.
    pub tag: Tag,
    /// That key is among the transitive ones.
    pub transitive: Formula,
    /// A device and a code.
    pub code: Formula,
}

/// What of the world the outcome depends on.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// A parameter breaks its syntax (STS-3).
    pub bad_parameter: Formula,
    /// The caller's key is inactive, or its user or role is gone.
    pub credentials_gone: Formula,
    /// The assertion or token is past its end.
    pub assertion_expired: Formula,
    /// The assertion or token is not one of its provider.
    pub assertion_invalid: Formula,
    /// The provider refuses the claim.
    pub assertion_rejected: Formula,
    /// The role exists, where one is asked for.
    pub role_exists: Formula,
    /// The code passed is a valid one of a device of the caller.
    pub code_valid: Formula,
    /// Every item that the call needs is decided ALLOW (STS-11, STS-31, STS-46), the credentials aside.
    pub authorised: Formula,
    /// A session policy breaks the grammar.
    pub malformed_policy: Formula,
    /// The session policies are too long together.
    pub policies_too_large: Formula,
    /// A managed session policy is not one of the account, or there is none.
    pub unknown_policy: Formula,
    /// The instant of the call, in seconds since the epoch.
    pub now: IntegerVariable,
    /// The profile is `strict`.
    pub strict: Formula,
    /// The role's MaxSessionDuration, in seconds.
    pub role_maximum: IntegerVariable,
    /// The assertion says when its session ends.
    pub assertion_ends: Formula,
    /// How many seconds are left until then.
    pub assertion_left: IntegerVariable,
}

/// A call.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The operation.
    pub operation: Operation,
    /// Who calls.
    pub caller: Caller,
    /// DurationSeconds.
    pub asked: Asked,
    /// What else is passed.
    pub passed: Passed,
    /// The world around it.
    pub facts: Facts,
}

/// What the outcome is made of.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The credentials are valid at the instant of the call, where they are temporary.
    pub valid: Formula,
    /// How long the session lasts.
    pub length: Granted,
    /// The new session inherits from the caller's.
    pub inherits: Formula,
}

impl Terms {
    /// What the rules make of a call.
    pub fn of(formulas: &mut Formulas, call: &Call) -> Terms {
        let Call { operation, caller, asked, facts, .. } = call;
        let limits = Limits {
            strict: facts.strict,
            root: caller.root,
            chained: caller.role_session,
            service: caller.service,
            role_maximum: facts.role_maximum,
            assertion_ends: facts.assertion_ends,
            assertion_left: facts.assertion_left,
        };
        Terms {
            valid: caller.session.is_valid_at(formulas, facts.now),
            length: granted(formulas, *operation, *asked, &limits),
            inherits: inherits(formulas, *operation, caller),
        }
    }
}

/// The outcome of a call.
#[derive(Clone, Debug)]
pub struct Issue {
    /// Holds iff a session is issued.
    pub issued: Formula,
    /// Each check that may fail, in their order, with its refusal and the formula that holds iff it is the first that fails.
    pub refusals: Vec<(Check, Refusal, Formula)>,
    /// Holds iff the record is that of the session, and the integers between are what the rules say.
    ///
    /// It can be fulfilled whatever the call is, and fixes the record where a session is issued.
    pub definition: Formula,
}

impl Issue {
    /// Holds iff this check is the first that fails.
    pub fn fails(&self, formulas: &mut Formulas, check: Check) -> Formula {
        let lines = self.refusals.iter().filter(|(other, _, _)| *other == check);
        let lines: Vec<Formula> = lines.map(|&(_, _, formula)| formula).collect();
        formulas.or(lines)
    }
}

/// The outcome of a call; `record` is that of the session that it issues.
// Rules: STS-1, STS-2, STS-4, STS-5.
pub fn issue(formulas: &mut Formulas, call: &Call, terms: &Terms, record: &SessionRecord) -> Issue {
    let Facts { role_exists, malformed_policy, policies_too_large, unknown_policy, .. } = call.facts;
    let mut lines = Lines { open: formulas.verum(), formulas, refusals: Vec::new() };
    lines.line(Check::Parameters, call.facts.bad_parameter, Refusal::ValidationError);
    credentials(&mut lines, call, terms.valid);
    let no_role = match call.operation {
        Operation::GetSessionToken | Operation::GetFederationToken => lines.formulas.falsum(),
        Operation::AssumeRole
        | Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::ByService => lines.formulas.not(role_exists),
    };
    lines.line(Check::Role, no_role, Refusal::AccessDenied);
    let bad_code = bad_code(lines.formulas, call);
    lines.line(Check::Code, bad_code, Refusal::AccessDenied);
    let unauthorised = unauthorised(lines.formulas, call);
    lines.line(Check::Authorisation, unauthorised, Refusal::AccessDenied);
    lines.line(Check::Duration, terms.length.out_of_range, Refusal::ValidationError);
    lines.line(Check::Duration, terms.length.ends_too_soon, Refusal::ExpiredToken);
    conflicts(&mut lines, &call.caller, &call.passed, terms.inherits);
    lines.line(Check::SessionPolicies, policies_too_large, Refusal::PackedPolicyTooLarge);
    lines.line(Check::SessionPolicies, malformed_policy, Refusal::MalformedPolicyDocument);
    lines.line(Check::SessionPolicies, unknown_policy, Refusal::ValidationError);
    let Lines { open: issued, refusals, .. } = lines;
    let is_record = is_record(formulas, call, terms, record);
    let is_record = formulas.implies(issued, is_record);
    Issue { issued, refusals, definition: formulas.and([terms.length.definition, is_record]) }
}

/// Holds iff the new session inherits from the caller's: source identity and transitive tags go down a chain of AssumeRole.
// Rules: STS-18, STS-37, STS-40.
fn inherits(formulas: &mut Formulas, operation: Operation, caller: &Caller) -> Formula {
    match operation {
        Operation::AssumeRole => caller.role_session,
        Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::GetSessionToken
        | Operation::GetFederationToken
        | Operation::ByService => formulas.falsum(),
    }
}

/// Whether the credentials hold and may call the operation.
// Rules: EVAL-6, STS-1, STS-10, STS-12, STS-30, STS-42, STS-43, STS-45, STS-60, STS-63.
fn credentials(lines: &mut Lines<'_>, call: &Call, valid: Formula) {
    let Call { operation, caller, facts, .. } = call;
    let formulas = &mut *lines.formulas;
    let not_valid = formulas.not(valid);
    let expired = formulas.and([caller.temporary, not_valid]);
    let long_term = formulas.not(caller.temporary);
    let may_call = match operation {
        Operation::AssumeRole => formulas.or([caller.user, caller.role_session, caller.service]),
        Operation::AssumeRoleWithSaml | Operation::AssumeRoleWithWebIdentity => caller.unsigned,
        Operation::GetSessionToken | Operation::GetFederationToken => {
            let owner = formulas.or([caller.user, caller.root]);
            formulas.and([owner, long_term])
        }
        Operation::ByService => caller.service,
    };
    let may_not = formulas.not(may_call);
    lines.line(Check::Expiry, expired, Refusal::AccessDenied);
    lines.line(Check::Credentials, facts.credentials_gone, Refusal::AccessDenied);
    lines.line(Check::Credentials, may_not, Refusal::AccessDenied);
    match operation {
        Operation::AssumeRoleWithSaml | Operation::AssumeRoleWithWebIdentity => {
            lines.line(Check::Assertion, facts.assertion_invalid, Refusal::InvalidIdentityToken);
            lines.line(Check::Assertion, facts.assertion_rejected, Refusal::IdpRejectedClaim);
            lines.line(Check::Assertion, facts.assertion_expired, Refusal::ExpiredToken);
        }
        Operation::AssumeRole
        | Operation::GetSessionToken
        | Operation::GetFederationToken
        | Operation::ByService => {}
    }
}

/// Holds iff a code is passed that does not count: it is wrong, or the caller of AssumeRole is no user.
// Rules: STS-15, STS-43.
fn bad_code(formulas: &mut Formulas, call: &Call) -> Formula {
    let Call { operation, caller, passed, facts, .. } = call;
    let counts = match operation {
        Operation::AssumeRole => formulas.and([caller.user, facts.code_valid]),
        Operation::GetSessionToken => facts.code_valid,
        Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::GetFederationToken
        | Operation::ByService => formulas.verum(),
    };
    let does_not = formulas.not(counts);
    formulas.and([passed.code, does_not])
}

/// Holds iff a permission is missing. GetSessionToken needs none, and root none for GetFederationToken.
// Rules: STS-11, STS-31, STS-43, STS-46.
fn unauthorised(formulas: &mut Formulas, call: &Call) -> Formula {
    let Call { operation, caller, facts, .. } = call;
    let needs_none = match operation {
        Operation::GetSessionToken => formulas.verum(),
        Operation::GetFederationToken => caller.root,
        Operation::AssumeRole
        | Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::ByService => formulas.falsum(),
    };
    let permitted = formulas.or([needs_none, facts.authorised]);
    formulas.not(permitted)
}

/// Holds iff the context of the call shows MFA: a valid code in the very call, or credentials that show it.
// Rules: KEY-2, STS-15.
pub fn shows_mfa(formulas: &mut Formulas, call: &Call) -> Formula {
    let Call { operation, caller, passed, facts, .. } = call;
    let by_code = match operation {
        Operation::AssumeRole => formulas.and([caller.user, passed.code, facts.code_valid]),
        Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::GetSessionToken
        | Operation::GetFederationToken
        | Operation::ByService => formulas.falsum(),
    };
    let by_session = formulas.and([caller.user, caller.temporary, caller.session.mfa]);
    formulas.or([by_code, by_session])
}

/// The external id that the context of a call shows, given the one that is passed.
// Rules: STS-13, STS-16.
pub fn shown_external_id(formulas: &mut Formulas, operation: Operation, passed: Tag) -> Tag {
    let shows = match operation {
        Operation::AssumeRole => passed.present,
        Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::GetSessionToken
        | Operation::GetFederationToken
        | Operation::ByService => formulas.falsum(),
    };
    Tag { present: shows, text: passed.text }
}

/// What is passed contradicts what is inherited: another source identity, or a tag of an inherited transitive key.
// Rules: STS-38, STS-40.
fn conflicts(lines: &mut Lines<'_>, caller: &Caller, passed: &Passed, inherits: Formula) {
    let formulas = &mut *lines.formulas;
    let inherited = caller.session.transitive.present;
    let tag = formulas.and([inherits, inherited, passed.tag.present]);
    let before = caller.session.source_identity;
    let same = equal(formulas, before.text, passed.source_identity.text);
    let other = formulas.not(same);
    let identity = formulas.and([inherits, before.present, passed.source_identity.present, other]);
    lines.line(Check::Conflict, tag, Refusal::ValidationError);
    lines.line(Check::Conflict, identity, Refusal::AccessDenied);
}

/// Holds iff the record is that of the session which this call issues.
// Rules: KEY-2, STS-2, STS-18, STS-36, STS-37, STS-40, STS-44.
fn is_record(formulas: &mut Formulas, call: &Call, terms: &Terms, record: &SessionRecord) -> Formula {
    let Call { operation, caller, passed, facts, .. } = call;
    let Terms { length, inherits, .. } = *terms;
    let mut parts = Vec::new();
    for kind in SessionKind::ALL {
        let is_it = match (*operation, kind) {
            (
                Operation::AssumeRole
                | Operation::AssumeRoleWithSaml
                | Operation::AssumeRoleWithWebIdentity
                | Operation::ByService,
                SessionKind::Role,
            )
            | (Operation::GetFederationToken, SessionKind::Federated) => formulas.verum(),
            (Operation::GetSessionToken, SessionKind::User) => caller.user,
            (Operation::GetSessionToken, SessionKind::Root) => caller.root,
            (_, SessionKind::Role | SessionKind::User | SessionKind::Root | SessionKind::Federated) => {
                formulas.falsum()
            }
        };
        parts.push(formulas.iff(record.is(kind), is_it));
    }
    parts.push(equal(formulas, record.issued, facts.now));
    let until = [
        (BigInt::from(1), record.expires),
        (BigInt::from(-1), record.issued),
        (BigInt::from(-1), length.seconds),
    ];
    parts.push(formulas.linear(until, Relation::Equal, BigInt::from(0)));
    parts.push(formulas.iff(record.chained, inherits));
    let mfa = match operation {
        Operation::GetSessionToken => formulas.and([caller.user, passed.code]),
        Operation::AssumeRole
        | Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::GetFederationToken
        | Operation::ByService => formulas.falsum(),
    };
    parts.push(formulas.iff(record.mfa, mfa));
    let takes = match operation {
        Operation::AssumeRole | Operation::AssumeRoleWithSaml | Operation::AssumeRoleWithWebIdentity => {
            formulas.verum()
        }
        Operation::GetSessionToken | Operation::GetFederationToken | Operation::ByService => {
            formulas.falsum()
        }
    };
    let own = Tag {
        present: formulas.and([takes, passed.source_identity.present]),
        text: passed.source_identity.text,
    };
    let before = caller.session.source_identity;
    parts.push(inherited(formulas, inherits, before, own, record.source_identity));
    let own =
        Tag { present: formulas.and([takes, passed.tag.present, passed.transitive]), text: passed.tag.text };
    let before = caller.session.transitive;
    parts.push(inherited(formulas, inherits, before, own, record.transitive));
    formulas.and(parts)
}

/// Holds iff the text is the one that was there before, where it is inherited, and else the new one.
fn inherited(formulas: &mut Formulas, inherits: Formula, before: Tag, own: Tag, after: Tag) -> Formula {
    let kept = formulas.and([inherits, before.present]);
    let is_kept = after.same(formulas, before);
    let is_own = after.same(formulas, own);
    let first = formulas.implies(kept, is_kept);
    let second = formulas.or([kept, is_own]);
    formulas.and([first, second])
}

/// The checks so far.
struct Lines<'a> {
    formulas: &'a mut Formulas,
    /// Holds iff no check so far failed.
    open: Formula,
    refusals: Vec<(Check, Refusal, Formula)>,
}

impl Lines<'_> {
    fn line(&mut self, check: Check, condition: Formula, refusal: Refusal) {
        let fails = self.formulas.and([self.open, condition]);
        self.refusals.push((check, refusal, fails));
        let passes = self.formulas.not(condition);
        self.open = self.formulas.and([self.open, passes]);
    }
}
