//! Laws about sessions in every trace: how long they last, when they end, who gets one (section 9.5).

use super::scenario::{Scenario, lasts, sum};
use super::steps::Steps;
use crate::iam::decision::Reason;
use crate::invariants::obligation::Proof;
use crate::model::decision::{NamedBooleans, decide};
use crate::model::sts::{Check, Operation, SessionKind, SessionRecord};
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};

const HOUR: i64 = 3_600;
const SHORTEST: i64 = 900;
const MOST_OF_ROLES: i64 = 43_200;
const MOST_OF_TOKENS: i64 = 129_600;

/// The proof of a law about sessions, where there is one.
pub fn proof(id: &str, steps: &dyn Steps) -> Option<Proof> {
    let proof = match id {
        "INV-54" => each_session("each operation issues only such a session", steps, strict_duration),
        "INV-55" => each_session("each operation issues only such a session", steps, aws_duration),
        "INV-56" => each_session("each operation issues only such a session", steps, chained_duration),
        "INV-57" => expiry_is_final(steps),
        "INV-59" => each_session("no operation issues one to a federated session", steps, not_federated),
        "INV-60" => bounded_renewal(steps),
        "INV-61" => each_session("both operations ask for such credentials", steps, long_term_only),
        "INV-64" => trust_is_needed(steps),
        "INV-67" => mfa_gated_trust(steps),
        "INV-69" => each_session("each link hands it to the next", steps, keeps_source_identity),
        "INV-70" => each_session("each link hands it to the next", steps, keeps_transitive_tag),
        "INV-79" => each_session("a service asks the trust policy each time", steps, service_is_trusted),
        _ => return None,
    };
    Some(proof)
}

/// A premise beside "a session is issued", and what is then to hold; nothing where the law does not speak of the operation.
type Property = fn(&mut Formulas, &Scenario) -> Option<(Formula, Formula)>;

/// The step for each operation.
fn each_session(argument: &'static str, steps: &dyn Steps, property: Property) -> Proof {
    let mut proof = Proof::new(argument);
    for operation in Operation::ALL {
        let scenario = Scenario::of(&mut proof, steps, operation);
        if let Some((premise, conclusion)) = property(&mut proof.formulas, &scenario) {
            let premise = proof.formulas.and([scenario.issued, premise]);
            proof.show(format!("step, {}", operation.name()), premise, conclusion);
        }
    }
    proof
}

fn strict_duration(formulas: &mut Formulas, scenario: &Scenario) -> Option<(Formula, Formula)> {
    let hour = lasts(formulas, &scenario.record, SHORTEST, HOUR);
    Some((scenario.call.facts.strict, hour))
}

fn aws_duration(formulas: &mut Formulas, scenario: &Scenario) -> Option<(Formula, Formula)> {
    let aws = formulas.not(scenario.call.facts.strict);
    let record = &scenario.record;
    let bounds = match scenario.call.operation {
        Operation::AssumeRole | Operation::AssumeRoleWithSaml | Operation::AssumeRoleWithWebIdentity => {
            let within = lasts(formulas, record, SHORTEST, MOST_OF_ROLES);
            let terms = [(1, record.expires), (-1, record.issued), (-1, scenario.call.facts.role_maximum)];
            let of_role = sum(formulas, &terms, Relation::LessOrEqual, 0);
            // STS-25: what a service is issued is not held to the role's maximum.
            let of_role = formulas.or([scenario.call.caller.service, of_role]);
            formulas.and([within, of_role])
        }
        Operation::ByService => lasts(formulas, record, SHORTEST, MOST_OF_ROLES),
        Operation::GetSessionToken | Operation::GetFederationToken => {
            let within = lasts(formulas, record, SHORTEST, MOST_OF_TOKENS);
            let hour = lasts(formulas, record, SHORTEST, HOUR);
            let of_root = formulas.implies(scenario.call.caller.root, hour);
            formulas.and([within, of_root])
        }
    };
    Some((aws, bounds))
}

/// In both profiles. Only AssumeRole has a parent that is a role session, but that is the relation's to say, so every operation is asked.
fn chained_duration(formulas: &mut Formulas, scenario: &Scenario) -> Option<(Formula, Formula)> {
    let hour = lasts(formulas, &scenario.record, SHORTEST, HOUR);
    match scenario.call.operation {
        Operation::AssumeRole => Some((scenario.by_role_session(), hour)),
        Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::GetSessionToken
        | Operation::GetFederationToken
        | Operation::ByService => {
            let unchained = formulas.not(scenario.record.chained);
            let stranger = formulas.not(scenario.by_role_session());
            let both = formulas.and([unchained, stranger]);
            let verum = formulas.verum();
            Some((verum, both))
        }
    }
}

fn not_federated(formulas: &mut Formulas, scenario: &Scenario) -> Option<(Formula, Formula)> {
    let other = formulas.not(scenario.call.caller.federated);
    Some((formulas.verum(), other))
}

fn long_term_only(formulas: &mut Formulas, scenario: &Scenario) -> Option<(Formula, Formula)> {
    match scenario.call.operation {
        Operation::GetSessionToken | Operation::GetFederationToken => {
            let caller = scenario.call.caller;
            let owner = formulas.or([caller.user, caller.root]);
            let long_term = formulas.not(caller.temporary);
            let both = formulas.and([owner, long_term]);
            Some((formulas.verum(), both))
        }
        Operation::AssumeRole
        | Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::ByService => None,
    }
}

fn keeps_source_identity(formulas: &mut Formulas, scenario: &Scenario) -> Option<(Formula, Formula)> {
    let before = scenario.call.caller.session.source_identity;
    let same = scenario.record.source_identity.same(formulas, before);
    chained_premise(formulas, scenario, before.present).map(|premise| (premise, same))
}

fn keeps_transitive_tag(formulas: &mut Formulas, scenario: &Scenario) -> Option<(Formula, Formula)> {
    let before = scenario.call.caller.session.transitive;
    let same = scenario.record.transitive.same(formulas, before);
    chained_premise(formulas, scenario, before.present).map(|premise| (premise, same))
}

/// Holds iff the call is a link of a chain whose last session has something; for AssumeRole, the only operation that makes links.
fn chained_premise(formulas: &mut Formulas, scenario: &Scenario, present: Formula) -> Option<Formula> {
    match scenario.call.operation {
        Operation::AssumeRole => Some(formulas.and([scenario.by_role_session(), present])),
        Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::GetSessionToken
        | Operation::GetFederationToken
        | Operation::ByService => None,
    }
}

fn service_is_trusted(formulas: &mut Formulas, scenario: &Scenario) -> Option<(Formula, Formula)> {
    match scenario.call.operation {
        Operation::ByService => Some((formulas.verum(), scenario.call.facts.authorised)),
        Operation::AssumeRole
        | Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::GetSessionToken
        | Operation::GetFederationToken => None,
    }
}

/// Three things: credentials past their end issue nothing, and are refused as expired; whatever else is asked with them is refused as
/// expired; and what is past its end stays so.
fn expiry_is_final(steps: &dyn Steps) -> Proof {
    let mut proof =
        Proof::new("an instant at or after the end makes every call fail, and so does every later one");
    for operation in Operation::ALL {
        let scenario = Scenario::of(&mut proof, steps, operation);
        let formulas = &mut proof.formulas;
        let over = is_over(formulas, &scenario.call.caller.session, scenario.call.facts.now);
        let with_it = formulas.and([scenario.consistent, scenario.call.caller.temporary, over]);
        let nothing = formulas.not(scenario.issue.issued);
        let expired = scenario.issue.fails(formulas, Check::Expiry);
        let said_so = formulas.or([scenario.call.facts.bad_parameter, expired]);
        let conclusion = formulas.and([nothing, said_so]);
        // Services and unsigned callers have no session that could be over.
        match operation {
            Operation::AssumeRole | Operation::GetSessionToken | Operation::GetFederationToken => {
                proof.show(format!("step, {}", operation.name()), with_it, conclusion);
            }
            Operation::AssumeRoleWithSaml | Operation::AssumeRoleWithWebIdentity | Operation::ByService => {
                let signed = formulas.and([scenario.issued, scenario.call.caller.temporary]);
                let unsigned = formulas.not(signed);
                proof.show(format!("step, {}", operation.name()), scenario.issued, unsigned);
            }
        }
    }
    any_request_is_refused(&mut proof, steps);
    proof
}

/// Whatever the policies, the caller and the request, a decision about credentials that are over has the one reason.
fn any_request_is_refused(proof: &mut Proof, steps: &dyn Steps) {
    let session = SessionRecord::free(&mut proof.formulas, "the session");
    let now = proof.formulas.new_integer("now");
    let later = proof.formulas.new_integer("later");
    let formulas = &mut proof.formulas;
    let over = is_over(formulas, &session, now);
    let valid = steps.is_valid_at(formulas, &session, now);
    let mut named = NamedBooleans::free(formulas);
    named.credentials.expired = formulas.not(valid);
    let consistent = named.consistent(formulas);
    let decision = decide(formulas, &named);
    let premise = formulas.and([over, consistent]);
    let refused = decision.reason(formulas, Reason::DenyExpiredCredentials);
    let still = is_over(formulas, &session, later);
    let goes_on = sum(formulas, &[(1, now), (-1, later)], Relation::LessOrEqual, 0);
    let both = formulas.and([over, goes_on]);
    proof.show("any request", premise, refused);
    proof.show("any later instant", both, still);
}

/// Holds iff the session is past its end, said without a word of the relation.
fn is_over(formulas: &mut Formulas, session: &SessionRecord, now: IntegerVariable) -> Formula {
    sum(formulas, &[(1, session.expires), (-1, now)], Relation::LessOrEqual, 0)
}

/// The relation that is kept: the k-th session of a chain ends at most k - 1 hours after the first.
///
/// With ranks on roles that rise along every edge by which one role can assume another, the chain is no longer than the highest rank.
fn bounded_renewal(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new(
        "the k-th session of a chain ends at most k - 1 hours after the first, and its role has rank k at least",
    );
    for operation in Operation::ALL {
        let scenario = Scenario::of(&mut proof, steps, operation);
        let mut integer = |name: &str| proof.formulas.new_integer(name);
        let first_end = integer("the end of the first session");
        let length = integer("how long the chain is");
        let (rank_before, rank) =
            (integer("the rank of the caller's role"), integer("the rank of the new role"));
        let formulas = &mut proof.formulas;
        let (parent, new) = (scenario.call.caller.session, scenario.record);
        let first = formulas.not(scenario.record.chained);
        let chained = scenario.record.chained;
        let bound = |formulas: &mut Formulas, end, hours_less: i64| {
            let terms = [(1, end), (-1, first_end), (-HOUR, length)];
            sum(formulas, &terms, Relation::LessOrEqual, -HOUR * hours_less)
        };
        let one_at_least = sum(formulas, &[(-1, length)], Relation::LessOrEqual, -1);
        let bounded_before = bound(formulas, parent.expires, 1);
        let ranked_before = sum(formulas, &[(1, length), (-1, rank_before)], Relation::LessOrEqual, 0);
        let rises = sum(formulas, &[(1, rank_before), (-1, rank)], Relation::LessOrEqual, -1);
        let link = formulas.and([scenario.issued, chained, one_at_least, bounded_before]);
        let bounded = bound(formulas, new.expires, 0);
        let acyclic = formulas.and([scenario.issued, chained, ranked_before, rises]);
        let ranked = sum(formulas, &[(1, length), (-1, rank)], Relation::LessOrEqual, -1);
        match operation {
            Operation::AssumeRole => {
                proof.show("step, a link of a chain", link, bounded);
                proof.show("step, its rank", acyclic, ranked);
            }
            Operation::AssumeRoleWithSaml
            | Operation::AssumeRoleWithWebIdentity
            | Operation::GetSessionToken
            | Operation::GetFederationToken
            | Operation::ByService => {
                proof.show(format!("{} begins a chain", operation.name()), scenario.issued, first);
            }
        }
    }
    proof
}

/// A role's policy must take part in the decision about AssumeRole, so an allowed one has a grant in it and no Deny (EVAL-18).
fn trust_is_needed(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new(
        "the decision on a role needs a grant of its trust policy, and the call needs the decision",
    );
    let formulas = &mut proof.formulas;
    let named = NamedBooleans::free(formulas);
    let consistent = named.consistent(formulas);
    let decision = decide(formulas, &named);
    let no_short_cut = formulas.not(named.no_permission_required);
    // Root cannot assume roles (STS-12), so what it may do to other resources does not matter here.
    let not_root = formulas.not(named.caller.root);
    let premise = formulas.and([consistent, no_short_cut, not_root, named.required, decision.allow]);
    let granted = named.grants.any(formulas);
    let not_denied = formulas.not(named.denies.resource);
    let conclusion = formulas.and([granted, not_denied]);
    proof.show("the decision", premise, conclusion);
    let scenario = Scenario::of(&mut proof, steps, Operation::AssumeRole);
    let formulas = &mut proof.formulas;
    let not_root = formulas.not(scenario.call.caller.root);
    let conclusion = formulas.and([scenario.call.facts.authorised, not_root]);
    proof.show("the call", scenario.issued, conclusion);
    proof
}

/// Where every grant asks for MFA, the call was made with a code, or with a session that was issued for one.
fn mfa_gated_trust(steps: &dyn Steps) -> Proof {
    let mut proof =
        Proof::new("a session shows MFA only if a code was passed for it, and no role session does");
    for operation in Operation::ALL {
        let scenario = Scenario::of(&mut proof, steps, operation);
        let formulas = &mut proof.formulas;
        let record = scenario.record;
        let by_code = match operation {
            Operation::GetSessionToken => {
                formulas.and([scenario.call.passed.code, scenario.call.facts.code_valid])
            }
            Operation::AssumeRole
            | Operation::AssumeRoleWithSaml
            | Operation::AssumeRoleWithWebIdentity
            | Operation::GetFederationToken
            | Operation::ByService => formulas.falsum(),
        };
        let shown = formulas.implies(record.mfa, by_code);
        proof.show(format!("step, {}", operation.name()), scenario.issued, shown);
    }
    let scenario = Scenario::of(&mut proof, steps, Operation::AssumeRole);
    let formulas = &mut proof.formulas;
    let shows = steps.shows_mfa(formulas, &scenario.call);
    let gated = formulas.and([scenario.issued, shows]);
    let caller = scenario.call.caller;
    let in_call = formulas.and([caller.user, scenario.call.passed.code, scenario.call.facts.code_valid]);
    let user_session = caller.session.is(SessionKind::User);
    let before = formulas.and([caller.temporary, user_session, caller.session.mfa]);
    let one = formulas.or([in_call, before]);
    let no_role = formulas.not(caller.role_session);
    let conclusion = formulas.and([one, no_role]);
    proof.show("the call of AssumeRole", gated, conclusion);
    proof
}
