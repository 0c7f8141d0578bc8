//! What the proofs over free flags leave to the texts, asked of the model over every request: the tables of callers, ceilings and partitions.
//!
//! A policy here names one role, one user, one account, where a law speaks of any: so it shows its law for these policies. For the laws that
//! have a proof over free flags besides, it is the part of that proof which flags do not see: which requests the flags stand for.

use super::built::{all, allow, around, asked_if, by, denied, policies_decide, policy, set};
use super::claim::{Claim, Instance, Side};
use super::known::{Counterexample, Scope, Verdict, Way};
use super::readings::{Premises, Readings, Shown, Symbolic};
use crate::iam::assumption::OpenPoint;
use crate::iam::layers::Layers;
use crate::iam::policy::{Policy, Statement};
use crate::iam::principal::PrincipalEntry;
use crate::iam::request::{Caller, Credential, CredentialKind, Entity, FederationSource, Validity};
use crate::model;

const ACCOUNT: &str = "111122223333";
const ALICE: &str = "arn:aws:iam::111122223333:user/alice";
const ROLE: &str = "arn:aws:iam::111122223333:role/app";

/// What is asked, and of whose requests.
#[derive(Clone)]
struct Question {
    scope: model::Scope,
    instance: Instance,
}

/// What the model and the evaluator say of the texts that a law is about; `None` where there is nothing to ask.
pub fn shown(id: &str, readings: Readings<'_>) -> Option<Way> {
    let questions = questions(id)?;
    let mut about: Vec<&str> = questions.iter().map(|question| question.instance.about.as_str()).collect();
    about.dedup();
    let done = format!("asked of every request: {}", about.join("; "));
    let mut verdict = Verdict::Proved;
    for question in questions {
        let answer = answer(question, readings);
        if verdict == Verdict::Proved {
            verdict = answer;
        }
    }
    Some(Way { scope: Scope::ThesePolicies, verdict, done })
}

/// What these texts say of a law under any reading of these points.
pub fn varied<'r>(
    id: &str,
    readings: Readings<'r>,
    points: &[OpenPoint],
) -> Result<Vec<Symbolic<'r>>, String> {
    let one = |question: Question| {
        let mut symbolic = Symbolic::varied(readings, question.scope, points);
        symbolic.write(question.instance).map_err(|problem| problem.to_string())?;
        Ok(symbolic)
    };
    questions(id).unwrap_or_default().into_iter().map(one).collect()
}

fn answer(question: Question, readings: Readings<'_>) -> Verdict {
    let mut symbolic = Symbolic::new(readings, question.scope);
    if let Err(problem) = symbolic.write(question.instance) {
        return Verdict::Unknown(problem.to_string());
    }
    match symbolic.shown(Premises::Asked).pop() {
        Some(Shown::Holds) => Verdict::Proved,
        Some(Shown::Fails(witness)) => Verdict::Refuted(Counterexample::Request(witness)),
        Some(Shown::NotMet) | None => Verdict::Vacuous,
        Some(Shown::Unknown(reason)) => Verdict::Unknown(reason),
    }
}

fn questions(id: &str) -> Option<Vec<Question>> {
    let of_all = |instances: Vec<Instance>| -> Vec<Question> {
        let ask = |instance| Question { scope: model::Scope::AnyCaller, instance };
        instances.into_iter().map(ask).collect()
    };
    let of_one = |caller: Caller, instance: Instance| {
        let credential = Credential { kind: CredentialKind::LongTerm, validity: Validity::Current };
        Question { scope: model::Scope::Caller(Box::new(caller), credential), instance }
    };
    let questions = match id {
        "INV-5" => of_all(vec![cut_session_policy()]),
        "INV-6" => of_all(vec![copied_in_session_policies()]),
        "INV-33" => vec![of_one(federated_by_alice(), its_own_account_is_asked())],
        "INV-44" => vec![of_one(federated_by_alice(), the_whole_side_is_asked())],
        "INV-35" => of_all(scps_bind_accounts()),
        "INV-37" => of_all(rcps_bind_resources()),
        "INV-46" => of_all([scps_bind_accounts(), rcps_bind_resources()].concat()),
        "INV-39" => vec![of_one(linked_role(), ceilings_spare_linked_roles())],
        "INV-47" => of_all(vec![partitions()]),
        "INV-50" => of_all(vec![scps_spare_services()]),
        "INV-52" => {
            let mut questions = of_all(vec![deny_of_role(), deny_of_user(), deny_of_account()]);
            questions.push(of_one(federated_by_alice(), deny_of_source()));
            questions
        }
        "INV-53" => of_all(vec![what_is_left_of_a_name()]),
        _ => return None,
    };
    Some(questions)
}

fn entity(path: &str, name: &str) -> Entity {
    Entity {
        partition: "aws".to_owned(),
        account: ACCOUNT.to_owned(),
        path: path.to_owned(),
        name: name.to_owned(),
    }
}

fn linked_role() -> Caller {
    Caller::RoleSession {
        role: entity("/aws-service-role/ecs.amazonaws.com/", "app"),
        session: "s1".to_owned(),
    }
}

fn federated_by_alice() -> Caller {
    Caller::FederatedSession {
        partition: "aws".to_owned(),
        account: ACCOUNT.to_owned(),
        name: "carol".to_owned(),
        source: FederationSource::User(entity("/", "alice")),
    }
}

/// Where every premise allows, and policies decide, the conclusion about side 0.
fn wherever(about: &str, side: Side, premises: Vec<Side>, conclusion: Claim) -> Instance {
    let mut premise: Vec<Claim> = (1..=premises.len()).map(Claim::Allows).collect();
    premise.push(Claim::Denies(premises.len() + 1));
    let sides = [vec![side], premises, vec![policies_decide()]].concat();
    Instance { about: about.to_owned(), sides, premise: Claim::All(premise), conclusion }
}

fn refusing() -> Statement {
    denied(all())
}

fn below_scps() -> Side {
    around(Layers { scps: Some(vec![vec![policy(vec![all(), refusing()])]]), ..Layers::default() })
}

fn below_rcps() -> Side {
    let everybody = |statement| by(PrincipalEntry::Everyone, statement);
    around(Layers { rcps: Some(vec![vec![policy(vec![everybody(refusing())])]]), ..Layers::default() })
}

fn called_by(principal_types: &[&str]) -> Side {
    asked_if("StringEquals", "aws:PrincipalType", principal_types)
}

/// Callers of an account that are no service-linked role: those that are no role at all, and a role of the plain sort.
fn not_linked() -> [Side; 2] {
    [called_by(&["Account", "User", "FederatedUser"]), asked_if("ArnEquals", "aws:PrincipalArn", &[ROLE])]
}

/// Layers in which only the session policies limit a session.
fn with_session_policies(session: Vec<Policy>) -> Side {
    around(Layers { identity: vec![policy(vec![all()])], session: Some(session), ..Layers::default() })
}

fn cut_session_policy() -> Instance {
    let (get, put) = (allow("s3:Get*", "*"), allow("s3:Put*", "*"));
    let cut = vec![policy(vec![get.clone()]), policy(vec![put.clone()])];
    Instance {
        about: "a session policy that allows reading and writing decides as one for each".to_owned(),
        sides: vec![with_session_policies(vec![policy(vec![get, put])]), with_session_policies(cut)],
        premise: Claim::always(),
        conclusion: Claim::same(0, 1),
    }
}

fn copied_in_session_policies() -> Instance {
    let (get, put) = (allow("s3:Get*", "*"), allow("s3:Put*", "*"));
    let [reading, writing] = [policy(vec![get.clone()]), policy(vec![put.clone()])];
    let copied = policy(vec![put, get]);
    Instance {
        about: "a copy of one session policy's statement in another changes nothing".to_owned(),
        sides: vec![
            with_session_policies(vec![reading.clone(), writing]),
            with_session_policies(vec![reading, copied]),
        ],
        premise: Claim::always(),
        conclusion: Claim::same(0, 1),
    }
}

fn its_own_account_is_asked() -> Instance {
    wherever(
        "a federated session without session policy has nothing of what its user may do",
        around(Layers { identity: vec![policy(vec![all()])], ..Layers::default() }),
        Vec::new(),
        Claim::Allows(0).negated(),
    )
}

fn the_whole_side_is_asked() -> Instance {
    let everybody = policy(vec![by(PrincipalEntry::Everyone, all())]);
    let layers =
        Layers { identity: vec![policy(vec![all()])], resource: Some(everybody), ..Layers::default() };
    wherever(
        "a federated session without session policy may do nothing in another account that allows everybody",
        around(layers),
        vec![asked_if("StringEquals", "aws:ResourceAccount", &["444455556666"])],
        Claim::Allows(0).negated(),
    )
}

fn scps_bind_accounts() -> Vec<Instance> {
    let about = "SCPs that deny everything refuse root, users, federated sessions and a role, whoever owns the resource";
    not_linked().map(|caller| wherever(about, below_scps(), vec![caller], Claim::Denies(0))).into()
}

fn rcps_bind_resources() -> Vec<Instance> {
    let about =
        "RCPs that deny everything refuse everybody on a resource of S3, whatever the caller's account";
    let strangers = asked_if("Null", "aws:PrincipalAccount", &["true"]);
    let [others, role] = not_linked();
    let on_s3 = || set(vec![allow("s3:*", "arn:*")]);
    [others, role, strangers]
        .map(|caller| wherever(about, below_rcps(), vec![on_s3(), caller], Claim::Denies(0)))
        .into()
}

fn ceilings_spare_linked_roles() -> Instance {
    let (scps, rcps) = (below_scps().layers().scps, below_rcps().layers().rcps);
    wherever(
        "SCPs and RCPs that deny everything do not refuse a service-linked role",
        around(Layers { scps, rcps, ..Layers::default() }),
        Vec::new(),
        Claim::Denies(0).negated(),
    )
}

fn scps_spare_services() -> Instance {
    wherever(
        "SCPs that deny everything refuse no service",
        below_scps(),
        vec![asked_if("Bool", "aws:PrincipalIsAWSService", &["true"])],
        Claim::Denies(0).negated(),
    )
}

fn partitions() -> Instance {
    let layers = Layers {
        identity: vec![policy(vec![all()])],
        resource: Some(policy(vec![by(PrincipalEntry::Everyone, all())])),
        ..Layers::default()
    };
    let elsewhere = set(vec![allow("s3:*", "arn:aws-cn:*")]);
    Instance {
        about:
            "identity policies and a bucket's policy that allow everything let no user of `aws` into `aws-cn`"
                .to_owned(),
        sides: vec![around(layers), elsewhere, asked_if("ArnEquals", "aws:PrincipalArn", &[ALICE])],
        premise: Claim::All(vec![Claim::Allows(1), Claim::Allows(2)]),
        conclusion: Claim::Allows(0).negated(),
    }
}

/// A bucket's policy that allows everybody, and denies whoever the entry names.
fn bucket_without(entry: PrincipalEntry) -> Side {
    let statements = vec![by(PrincipalEntry::Everyone, all()), denied(by(entry, allow("s3:*", "*")))];
    let resource = Some(policy(statements));
    around(Layers { identity: vec![policy(vec![all()])], resource, ..Layers::default() })
}

fn on_s3() -> Side {
    set(vec![allow("s3:*", "*")])
}

fn deny_of_role() -> Instance {
    wherever(
        "a Deny that names a role refuses its sessions",
        bucket_without(PrincipalEntry::Role(ROLE.to_owned())),
        vec![on_s3(), asked_if("ArnEquals", "aws:PrincipalArn", &[ROLE])],
        Claim::Denies(0),
    )
}

fn deny_of_user() -> Instance {
    wherever(
        "a Deny that names a user refuses it with any credentials",
        bucket_without(PrincipalEntry::User(ALICE.to_owned())),
        vec![on_s3(), asked_if("ArnEquals", "aws:PrincipalArn", &[ALICE])],
        Claim::Denies(0),
    )
}

fn deny_of_source() -> Instance {
    wherever(
        "a Deny that names a user refuses its federated sessions",
        bucket_without(PrincipalEntry::User(ALICE.to_owned())),
        vec![on_s3()],
        Claim::Denies(0),
    )
}

fn deny_of_account() -> Instance {
    let in_account = called_by(&["Account", "User", "AssumedRole", "FederatedUser"]);
    wherever(
        "a Deny that names an account refuses every principal of it",
        bucket_without(PrincipalEntry::AccountId(ACCOUNT.to_owned())),
        vec![on_s3(), in_account, asked_if("StringEquals", "aws:PrincipalAccount", &[ACCOUNT])],
        Claim::Denies(0),
    )
}

/// What stands in a policy after the entity was deleted is its id (PRIN-8); one that comes later under the name has another (GEN-10).
fn what_is_left_of_a_name() -> Instance {
    let left = PrincipalEntry::UniqueId("AROA1234567890EXAMPLE".to_owned());
    let statements = vec![by(left, all())];
    Instance {
        about: "an entry with the id of a deleted role names no caller".to_owned(),
        sides: vec![set(statements), asked_if("ArnEquals", "aws:PrincipalArn", &[ROLE])],
        premise: Claim::Allows(1),
        conclusion: Claim::Allows(0).negated(),
    }
}
