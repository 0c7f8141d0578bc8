//! One call in the middle of a trace: whatever came before, whoever calls, whatever is passed.
//!
//! A state holds any number of sessions. No operation changes the record of one, and each adds at most one ([`crate::model::sts`]). So a
//! property of a session and of the one that issued it holds of all sessions of all traces if
//!
//! - no session has it that the trace did not issue (traces begin without sessions: the base has nothing to show),
//! - and each operation whose caller's own session has the property issues only one that has it (the step).
//!
//! The step is one query for each operation, with everything in it free.

use super::steps::Steps;
use crate::invariants::obligation::Proof;
use crate::model::sts::{Asked, Call, Caller, Facts, Issue, Operation, Passed, SessionRecord, Tag};
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};
use num_bigint::BigInt;

/// A call with its outcome.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The call.
    pub call: Call,
    /// The outcome.
    pub issue: Issue,
    /// The record of the session that it issues.
    pub record: SessionRecord,
    /// Holds iff all this fits together: one caller, a role as GEN-13 has it, the record as the outcome says.
    pub consistent: Formula,
    /// Holds iff it fits together and a session is issued.
    pub issued: Formula,
}

impl Scenario {
    /// Any call of this operation.
    pub fn of(proof: &mut Proof, steps: &dyn Steps, operation: Operation) -> Scenario {
        let parent = SessionRecord::free(&mut proof.formulas, "the caller's session");
        let caller = Caller::free(&mut proof.formulas, parent);
        let asked = Asked {
            given: proof.free("DurationSeconds is passed"),
            seconds: proof.formulas.new_integer("DurationSeconds"),
        };
        let passed = Passed {
            source_identity: Tag::free(&mut proof.formulas, "SourceIdentity"),
            tag: Tag::free(&mut proof.formulas, "the tag passed"),
            transitive: proof.free("its key is among TransitiveTagKeys"),
            code: proof.free("a device and a code are passed"),
        };
        let facts = facts(proof);
        let call = Call { operation, caller, asked, passed, facts };
        let record = SessionRecord::free(&mut proof.formulas, "the new session");
        let formulas = &mut proof.formulas;
        let terms = steps.terms(formulas, &call);
        let issue = steps.issue(formulas, &call, &terms, &record);
        let one_caller = caller.consistent(formulas);
        let one_kind = parent.has_one_kind(formulas);
        let role = is_between(formulas, facts.role_maximum, 3_600, 43_200);
        let consistent = formulas.and([one_caller, one_kind, role, issue.definition]);
        let issued = formulas.and([consistent, issue.issued]);
        Scenario { call, issue, record, consistent, issued }
    }

    /// Holds iff the caller's session is a session of a role, which a new session of AssumeRole chains to.
    pub fn by_role_session(&self) -> Formula {
        self.call.caller.role_session
    }
}

/// A world of which nothing is known.
fn facts(proof: &mut Proof) -> Facts {
    Facts {
        bad_parameter: proof.free("a parameter breaks its syntax"),
        credentials_gone: proof.free("the caller's key, user or role is gone"),
        assertion_expired: proof.free("the assertion is past its end"),
        assertion_invalid: proof.free("the assertion is not its provider's"),
        assertion_rejected: proof.free("the provider refuses the claim"),
        role_exists: proof.free("the role exists"),
        code_valid: proof.free("the code is valid"),
        authorised: proof.free("the policies permit the call"),
        malformed_policy: proof.free("a session policy breaks the grammar"),
        policies_too_large: proof.free("the session policies are too long"),
        unknown_policy: proof.free("a managed session policy is unknown"),
        now: proof.formulas.new_integer("now"),
        strict: proof.free("the profile is strict"),
        role_maximum: proof.formulas.new_integer("MaxSessionDuration"),
        assertion_ends: proof.free("the assertion says when its session ends"),
        assertion_left: proof.formulas.new_integer("seconds until then"),
    }
}

/// Holds iff the integer is between the two, both included.
pub fn is_between(formulas: &mut Formulas, integer: IntegerVariable, least: i64, most: i64) -> Formula {
    let below = formulas.compare(integer, Relation::Less, BigInt::from(least));
    let not_below = formulas.not(below);
    let at_most = formulas.compare(integer, Relation::LessOrEqual, BigInt::from(most));
    formulas.and([not_below, at_most])
}

/// Holds iff the session lasts between so many seconds.
pub fn lasts(formulas: &mut Formulas, session: &SessionRecord, least: i64, most: i64) -> Formula {
    let shorter = sum(formulas, &[(1, session.expires), (-1, session.issued)], Relation::Less, least);
    let long_enough = formulas.not(shorter);
    let short_enough =
        sum(formulas, &[(1, session.expires), (-1, session.issued)], Relation::LessOrEqual, most);
    formulas.and([long_enough, short_enough])
}

/// Holds iff the sum of the terms stands in the relation to the constant.
pub fn sum(
    formulas: &mut Formulas,
    terms: &[(i64, IntegerVariable)],
    relation: Relation,
    constant: i64,
) -> Formula {
    let terms = terms.iter().map(|&(factor, variable)| (BigInt::from(factor), variable));
    formulas.linear(terms, relation, BigInt::from(constant))
}
