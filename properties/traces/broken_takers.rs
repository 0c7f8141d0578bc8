//! Laws that random traces are held to: each holds of both readings, and fails with whoever takes steps in a way that it forbids.

use iamproof::evaluator::{Interpreter, Reading};
use iamproof::iam::decision::Reason;
use iamproof::iam::operation::{AccountOperation, Credentials, Operation, Step};
use iamproof::iam::outcome::{Answer, Outcome, Refusal, RefusalCode, Taken};
use iamproof::iam::world::{HolderPolicies, SessionKind, World};
use iamproof::invariants::all;
use iamproof::invariants::catalog::Law;
use iamproof::invariants::known::{Verdict, Way};
use iamproof::invariants::sampled::{Asking, Samples};
use iamproof::invariants::traces::drawn::{SAMPLED_LAWS, Taker, sample, sample_by};

fn law(id: &str) -> Law {
    all().into_iter().find(|law| law.id == id).expect("the law is listed")
}

/// The interpreter, but for what this makes of each step.
struct But(fn(&World, &Step, Taken) -> Taken);

impl Taker for But {
    fn begin(&self, world: &World) -> Option<World> {
        Taker::begin(&Interpreter::new(), world)
    }

    fn step(&self, world: &World, step: &Step) -> Option<Taken> {
        Taker::step(&Interpreter::new(), world, step).map(|taken| self.0(world, step, taken))
    }
}

const SESSIONS_ARE_EXTENDED: But = But(|_, step, mut taken| {
    if let Credentials::Session(name) = &step.credentials
        && let Some(session) = taken.world.sessions.get_mut(name)
    {
        session.expires = session.expires.after_seconds(1).unwrap_or(session.expires);
    }
    taken
});

/// A session of a role is refused where a user of its account has no policies.
const USERS_SPEAK_FOR_ROLES: But = But(|world, step, mut taken| {
    if let Credentials::Session(name) = &step.credentials
        && let Some(session) = world.sessions.get(name)
        && matches!(session.kind, SessionKind::Role { .. })
        && let Some(home) = world.accounts.get(&session.account)
        && home.users.values().any(|user| user.policies == HolderPolicies::default())
    {
        taken.outcome = Outcome::Refused(Refusal {
            code: RefusalCode::AccessDenied,
            reason: Some(Reason::DenyImplicitIdentity),
            rule: "EVAL-13",
            message: "denied".to_owned(),
            encoded_message: None,
        });
    }
    taken
});

const ACCOUNTS_ARE_USERS: But = But(|_, _, mut taken| {
    if let Outcome::Done(Answer::Identity(identity)) = &mut taken.outcome {
        identity.user_id.clone_from(&identity.account);
    }
    taken
});

const EVERY_DENIAL_IS_EXPLICIT: But = But(|_, _, mut taken| {
    for message in taken.world.messages.values_mut() {
        message.content.explicit_deny = true;
    }
    taken
});

/// Whoever assumes a role gets a session of another one of the account.
const ROLES_ARE_MIXED_UP: But = But(|world, step, mut taken| {
    if let Outcome::Done(Answer::Session(name)) = &taken.outcome
        && matches!(step.operation, Operation::Sts(_))
        && let Some(session) = taken.world.sessions.get_mut(name)
        && let SessionKind::Role { name, .. } = &mut session.kind
        && let Some(home) = world.accounts.get(&session.account)
        && let Some(other) = home.roles.keys().find(|other| *other != name)
    {
        other.clone_into(name);
    }
    taken
});

const LEAVING_TAKES_EVERYTHING: But = But(|_, step, mut taken| {
    if let Operation::Account(AccountOperation::RemoveUserFromGroup { user, .. }) = &step.operation
        && matches!(taken.outcome, Outcome::Done(_))
    {
        for user in taken.world.accounts.values_mut().filter_map(|account| account.users.get_mut(user)) {
            user.policies = HolderPolicies::default();
        }
    }
    taken
});

const MISTAKES: [(&str, But); 6] = [
    ("INV-58", SESSIONS_ARE_EXTENDED),
    ("INV-66", USERS_SPEAK_FOR_ROLES),
    ("INV-76", ACCOUNTS_ARE_USERS),
    ("INV-77", EVERY_DENIAL_IS_EXPLICIT),
    ("INV-81", ROLES_ARE_MIXED_UP),
    ("INV-89", LEAVING_TAKES_EVERYTHING),
];

#[test]
fn every_law_of_random_traces_holds_of_both_readings() {
    let samples = Samples { sets: 30, ..Samples::default() };
    let ways = MISTAKES.map(|(id, _)| (id, sample(&law(id), Reading::default(), samples)));
    let fails = |(_, way): &&(&str, Option<Way>)| !matches!(way, Some(Way { verdict: Verdict::Sampled, .. }));
    let failing: Vec<_> = ways.iter().filter(fails).collect();
    assert!(failing.is_empty(), "{failing:#?}");
}

#[test]
fn every_law_of_random_traces_notices_a_mistake() {
    let samples = Samples { sets: 400, asking: Asking::Evaluator, ..Samples::default() };
    for law in SAMPLED_LAWS {
        assert!(MISTAKES.iter().any(|(id, _)| *id == law.id), "no mistake is planted against {}", law.id);
    }
    let ways = MISTAKES.map(|(id, mistaken)| (id, sample_by(&law(id), &mistaken, None, samples)));
    let missed =
        |(_, way): &&(&str, Option<Way>)| !matches!(way, Some(Way { verdict: Verdict::Refuted(_), .. }));
    let missed: Vec<_> = ways.iter().filter(missed).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

// Mistakes can be planted only where debug assertions are on.
#[test]
fn random_traces_notice_mistakes_of_the_interpreter() {
    use iamproof::evaluator::fault::Fault;
    let samples = Samples { sets: 400, asking: Asking::Evaluator, ..Samples::default() };
    for (id, fault) in
        [("INV-77", Fault::MessageHidesExplicitDeny), ("INV-81", Fault::TrustPolicyNotRequired)]
    {
        let way = sample(&law(id), Reading::with_fault(fault), samples);
        assert!(matches!(&way, Some(Way { verdict: Verdict::Refuted(_), .. })), "{id}: {way:?}");
    }
}

/// Takes every step as the interpreter does, and knows that one of them was none.
struct Defective;

impl Taker for Defective {
    fn begin(&self, world: &World) -> Option<World> {
        Taker::begin(&Interpreter::new(), world)
    }

    fn step(&self, world: &World, step: &Step) -> Option<Taken> {
        Taker::step(&Interpreter::new(), world, step)
    }

    fn defect(&self) -> Option<String> {
        Some("defect of the model: a step was none".to_owned())
    }
}

#[test]
fn a_law_is_unknown_where_whoever_takes_the_steps_has_a_defect() {
    let way = sample_by(&law("INV-66"), &Interpreter::new(), Some(&Defective), Samples::default());
    let Some(Way { verdict: Verdict::Unknown(reason), .. }) = &way else { panic!("{way:?}") };
    assert!(reason.starts_with("defect of the model: a step was none, after "), "{reason}");
}
