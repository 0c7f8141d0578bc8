//! Laws about who may call what, whatever the policies say (sections 9.5 and 9.6): who is barred, who is always answered, which permission it
//! takes.
//!
//! Each is shown of any request among any policies (`free`). Three of them speak of policies with a text in them (the instant of a revocation,
//! the account of a source, the roles that may be passed). For all policies that text is a condition of which nothing is known but whether it
//! holds; that the text says what the law says of it is asked of the model over every request, for one such text.

mod free;

use super::built::{all, allow, by, denied, entry, where_true};
use super::catalog::{Expected, Kind, Law};
use super::material::allow_if;
use super::obligation::Proof;
use super::rules::Rules;
use crate::iam::assumption::OpenPoint;
use crate::iam::policy::{ConditionEntry, Statement};
use crate::iam::principal::PrincipalEntry;
use crate::model::Problem;
use crate::model::combination::Said;
use crate::model::layers::LayersSaid;
use crate::model::principal::Grants;
use crate::solver::formula::{Formula, Formulas};
use crate::solver::regular::Regular;
use free::{AnyRequest, SessionPolicies};

const fn universal(id: &'static str, statement: &'static str) -> Law {
    Law { id, statement, kind: Kind::Universal, expected: Expected::Proved }
}

/// The laws of this folder.
pub const LAWS_OF_REQUESTS: &[Law] = &[
    universal(
        "INV-62",
        "Without MFA no token of GetSessionToken calls IAM, and no federated session ever does.",
    ),
    universal("INV-63", "Whoever signs is told by GetCallerIdentity who it is, whatever the policies say."),
    universal(
        "INV-68",
        "Where every Allow of an action asks for MFA, a user's long-term keys do not do, unless a code is passed.",
    ),
    universal(
        "INV-72",
        "A revocation refuses a role's sessions from before it, and changes nothing for later ones.",
    ),
    universal(
        "INV-74",
        "A resource's policy that names a source lets a service in on behalf of that source only.",
    ),
    universal(
        "INV-75",
        "On `*`, which has no policy, all but root need their own policies' Allow for DecodeAuthorizationMessage.",
    ),
    universal(
        "INV-78",
        "All but root pass a role only if their own Allow of iam:PassRole names that role and that service.",
    ),
];

/// The proof for all policies, where a law is one of these.
pub fn proof(id: &str, rules: &dyn Rules) -> Option<Proof> {
    let proof = match id {
        "INV-62" => barred_from_iam(rules),
        "INV-63" => who_am_i(rules),
        "INV-68" => mfa_gated_action(rules),
        "INV-72" => revocation(rules),
        "INV-74" => confused_deputy(rules),
        "INV-75" => decoding(rules),
        "INV-78" => containment(rules),
        _ => return None,
    };
    Some(proof.unwrap_or_else(|problem| unsaid(&problem)))
}

/// What is asked of the texts that a law speaks of, where it speaks of any.
pub fn texts(id: &str, rules: &dyn Rules) -> Option<Proof> {
    let proof = match id {
        "INV-72" => instants_of_revocations(rules),
        "INV-74" => named_sources(rules),
        "INV-78" => named_roles(rules),
        _ => return None,
    };
    Some(proof.unwrap_or_else(|problem| unsaid(&problem)))
}

/// A proof that could not be written down.
fn unsaid(problem: &Problem) -> Proof {
    Proof { unsaid: Some(problem.to_string()), ..Proof::over("not written down", OpenPoint::ALL) }
}

/// The Allow of everything where an entry is true.
fn where_entry(operator: &str, key: &str, values: &[&str]) -> Statement {
    allow_if(vec![entry(operator, key, values)])
}

fn shows_mfa() -> Statement {
    where_entry("Bool", "aws:MultiFactorAuthPresent", &["true"])
}

// Rules: STS-42, STS-45, EVAL-6.
fn barred_from_iam(rules: &dyn Rules) -> Result<Proof, Problem> {
    let argument =
        "whatever each layer says, both kinds of credentials are barred before any policy is asked";
    let mut any = AnyRequest::new(argument, rules)?;
    let operation = any.matches(&allow("iam:*", "*"))?;
    // A permission, and no operation.
    let passes = any.matches(&allow("iam:PassRole", "*"))?;
    let mfa = any.matches(&shows_mfa())?;
    let token = any.signs_with_session_token();
    let user = any.by_user();
    let around = any.around;
    let formulas = any.formulas();
    let owner = formulas.or([user, around.root]);
    let (without_mfa, is_operation) = (formulas.not(mfa), formulas.not(passes));
    let by_token = formulas.and([owner, token, without_mfa]);
    for (whose, barred) in [("GetSessionToken", by_token), ("GetFederationToken", around.federated)] {
        let premise = any.formulas().and([barred, operation, is_operation]);
        for session in SessionPolicies::ALL {
            let layers = any.layers(session);
            let decision = any.decided(&layers);
            let refused = any.formulas().not(decision.allow);
            any.show(format!("credentials of {whose}, {}", session.name()), premise, refused);
        }
    }
    any.finished()
}

// Rule: STS-50.
fn who_am_i(rules: &dyn Rules) -> Result<Proof, Problem> {
    let mut any = AnyRequest::new("the answer comes before any policy is asked", rules)?;
    let asked = any.matches(&allow("sts:GetCallerIdentity", "*"))?;
    let around = any.around;
    let formulas = any.formulas();
    let unsigned = formulas.or([around.anonymous, around.unsigned]);
    let signed = formulas.not(unsigned);
    let in_time = formulas.not(around.credentials.expired);
    let premise = formulas.and([asked, signed, in_time]);
    for session in SessionPolicies::ALL {
        let layers = any.layers(session);
        let decision = any.decided(&layers);
        any.show_with(session, premise, decision.allow);
    }
    any.finished()
}

/// A statement that matches has its Condition true, whatever else stands in it: so an Allow that asks for MFA allows only where that is shown.
/// AssumeRole and its companions are left out, since a call of it can carry a code of its own (STS-15).
// Rules: KEY-2, COND-7.
fn mfa_gated_action(rules: &dyn Rules) -> Result<Proof, Problem> {
    let mut any = AnyRequest::new("an Allow that asks for MFA matches no request of long-term keys", rules)?;
    let mfa = any.matches(&shows_mfa())?;
    let token = any.signs_with_session_token();
    let (user, decides) = (any.by_user(), any.policies_decide());
    let mut carries_code = Vec::new();
    for action in ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"] {
        carries_code.push(any.matches(&allow(action, "*"))?);
    }
    for session in SessionPolicies::ALL {
        let mut layers = any.layers(session);
        layers.identity.allow = any.formulas().and([layers.identity.allow, mfa]);
        layers.resource = layers.resource.map(|said| Said { grants: Grants::none(any.formulas()), ..said });
        let decision = any.decided(&layers);
        let formulas = any.formulas();
        let carries_code = formulas.or(carries_code.iter().copied());
        let parts = [formulas.not(token), formulas.not(carries_code), user, decides];
        let premise = formulas.and(parts);
        let refused = formulas.not(decision.allow);
        any.show_with(session, premise, refused);
    }
    any.finished()
}

/// The same layers with a Deny more among the role's policies.
fn with_deny(any: &mut AnyRequest<'_>, layers: &LayersSaid, matches: Formula) -> LayersSaid {
    let mut revoked = layers.clone();
    revoked.identity.deny = any.formulas().or([layers.identity.deny, matches]);
    revoked
}

// Rules: STS-61, EVAL-1.
fn revocation(rules: &dyn Rules) -> Result<Proof, Problem> {
    let mut any = AnyRequest::new("the Deny that was added refuses what it matches, and only that", rules)?;
    let revokes = any.free("the Deny of the revocation matches");
    let decides = any.policies_decide();
    let role = any.around.role_session;
    for session in SessionPolicies::ALL {
        let layers = any.layers(session);
        let before = any.decided(&layers);
        let revoked = with_deny(&mut any, &layers, revokes);
        let after = any.decided(&revoked);
        let formulas = any.formulas();
        let earlier = formulas.and([role, revokes, decides]);
        let spared = formulas.not(revokes);
        let later = formulas.and([role, spared]);
        let alike: Vec<Formula> = before
            .reasons
            .iter()
            .zip(&after.reasons)
            .map(|(&(_, one), &(_, other))| formulas.iff(one, other))
            .collect();
        let same = formulas.and(alike);
        any.show(format!("an earlier session, {}", session.name()), earlier, after.explicit_deny);
        any.show(format!("a later session, {}", session.name()), later, same);
    }
    any.finished()
}

/// Instants for which the text of a revocation is asked: before the epoch, of these days, and within a second.
const INSTANTS: [&str; 3] = ["1969-07-20T20:17:40Z", "2026-03-04T05:06:07Z", "2026-03-04T05:06:07.5Z"];

fn revoking(operator: &str, instant: &str) -> Statement {
    denied(where_true(entry(operator, "aws:TokenIssueTime", &[instant]), all()))
}

// Rules: STS-61, COND-20, KEY-2.
fn instants_of_revocations(rules: &dyn Rules) -> Result<Proof, Problem> {
    let mut any = AnyRequest::new(
        "revocations at three instants match the sessions of roles that were issued before, and no others",
        rules,
    )?;
    let role = any.around.role_session;
    for instant in INSTANTS {
        let matches = any.said(revoking("DateLessThan", instant))?.deny;
        let since = any.matches(&where_entry("DateGreaterThanEquals", "aws:TokenIssueTime", &[instant]))?;
        let formulas = any.formulas();
        let before = formulas.not(since);
        let earlier = formulas.and([role, before]);
        let later = formulas.and([role, since]);
        let spared = formulas.not(matches);
        any.show(format!("issued before {instant}"), earlier, matches);
        any.show(format!("issued at or after {instant}"), later, spared);
    }
    any.finished()
}

// Rules: COND-7, EVAL-16.
fn confused_deputy(rules: &dyn Rules) -> Result<Proof, Problem> {
    let argument =
        "a service is admitted by a grant alone, and no grant for services is without the condition";
    let mut any = AnyRequest::new(argument, rules)?;
    let holds = any.free("the condition on the source holds");
    let decides = any.policies_decide();
    let mut layers = any.layers(SessionPolicies::Absent);
    if let Some(said) = &mut layers.resource {
        said.grants.service = any.formulas().and([said.grants.service, holds]);
        said.grants.star = any.formulas().and([said.grants.star, holds]);
    }
    let decision = any.decided(&layers);
    let service = any.around.service;
    let premise = any.formulas().and([service, decides, decision.allow]);
    any.show("a request of a service", premise, holds);
    any.finished()
}

fn by_service(condition: ConditionEntry) -> Statement {
    let entry = PrincipalEntry::Service("sns.amazonaws.com".to_owned());
    by(entry, where_true(condition, all()))
}

// Rules: COND-7, KEY-4.
fn named_sources(rules: &dyn Rules) -> Result<Proof, Problem> {
    let argument =
        "a statement for a service with an account or an ARN as source matches no request without it";
    let mut any = AnyRequest::new(argument, rules)?;
    let service = any.around.service;
    for (operator, not, key, value) in [
        ("StringEquals", "StringNotEquals", "aws:SourceAccount", "111122223333"),
        ("ArnLike", "ArnNotLike", "aws:SourceArn", "arn:aws:s3:::ledger-*"),
    ] {
        let grants = any.said(by_service(entry(operator, key, &[value])))?.grants;
        let present = any.has_key(key);
        let another = any.matches(&where_entry(not, key, &[value]))?;
        let formulas = any.formulas();
        let granted = grants.any(formulas);
        let premise = formulas.and([service, granted]);
        let not_another = formulas.not(another);
        let conclusion = formulas.and([present, not_another]);
        any.show(format!("{operator} of {key}"), premise, conclusion);
    }
    any.finished()
}

/// The resource is `*`, which has no policy, unless a case says otherwise (RES-9).
// Rule: STS-55.
fn decoding(rules: &dyn Rules) -> Result<Proof, Problem> {
    let argument =
        "where no policy of a resource takes part, nothing allows what the caller's own policies do not";
    let mut any = AnyRequest::new(argument, rules)?;
    let asked = any.matches(&allow("sts:DecodeAuthorizationMessage", "*"))?;
    for session in SessionPolicies::ALL {
        let layers = LayersSaid { resource: None, ..any.layers(session) };
        let decision = any.decided(&layers);
        let (entity, root) = (any.around.has_entity, any.by_root());
        let formulas = any.formulas();
        let other = formulas.not(root);
        let premise = formulas.and([asked, other, decision.allow]);
        let conclusion = formulas.and([entity, layers.identity.allow]);
        any.show_with(session, premise, conclusion);
    }
    any.finished()
}

/// The policy of a role is its trust policy. Whether it takes part or not (PASS-2), it speaks of actions of `sts` only (GRAM-21), and may say
/// anything of these.
// Rules: PASS-1, PASS-2, GRAM-21.
fn containment(rules: &dyn Rules) -> Result<Proof, Problem> {
    let argument = "a trust policy does not speak of it, so that only the caller's own Allow passes a role, and none is without the patterns \
         and the services";
    let mut any = AnyRequest::new(argument, rules)?;
    let asked = any.matches(&allow("iam:PassRole", "*"))?;
    let of_sts = any.matches(&allow("sts:*", "*"))?;
    let names = any.free("the Allow of iam:PassRole names role and service");
    for session in SessionPolicies::ALL {
        let mut layers = any.layers(session);
        layers.identity.allow = any.formulas().and([layers.identity.allow, names]);
        layers.resource = layers.resource.map(|said| given(any.formulas(), said, of_sts));
        let decision = any.decided(&layers);
        let root = any.by_root();
        let other = any.formulas().not(root);
        let premise = any.formulas().and([asked, other, decision.allow]);
        any.show_with(session, premise, names);
    }
    any.finished()
}

/// What is said where the condition holds, and nothing elsewhere.
fn given(formulas: &mut Formulas, said: Said, condition: Formula) -> Said {
    Said {
        allow: formulas.and([said.allow, condition]),
        deny: formulas.and([said.deny, condition]),
        grants: said.grants.zip(said.grants, |grant, _| formulas.and([grant, condition])),
    }
}

// Rules: PASS-4, COND-7, RES-2.
fn named_roles(rules: &dyn Rules) -> Result<Proof, Problem> {
    const PREFIX: &str = "arn:aws:iam::111122223333:role/app-";
    const SERVICES: [&str; 2] = ["lambda.amazonaws.com", "ec2.amazonaws.com"];
    let argument =
        "an Allow of iam:PassRole with a pattern of roles and two services matches no other role or service";
    let mut any = AnyRequest::new(argument, rules)?;
    let to_services = entry("StringEquals", "iam:PassedToService", &SERVICES);
    let passing = where_true(to_services, allow("iam:PassRole", &format!("{PREFIX}*")));
    let matches = any.matches(&passing)?;
    let role = any.resource_in(Regular::Sequence(vec![Regular::text(PREFIX), Regular::anything()]));
    let told = any.has_key("iam:PassedToService");
    let another = any.matches(&where_entry("StringNotEquals", "iam:PassedToService", &SERVICES))?;
    let formulas = any.formulas();
    let not_another = formulas.not(another);
    let conclusion = formulas.and([role, told, not_another]);
    any.show("any role and service", matches, conclusion);
    any.finished()
}
