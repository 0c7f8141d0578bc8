//! Steps that nobody would write: any step of any trace in any world, at any time, for any duration. Each is answered.

use iamproof::corpus::steps::ExpectedStep;
use iamproof::evaluator::Interpreter;
use iamproof::iam::instant::Instant;
use iamproof::iam::operation::{Credentials, GetSessionToken, MfaCode, Operation, Step, StsOperation};
use iamproof::iam::outcome::{Answer, Outcome};
use iamproof::iam::world::{Profile, World};

use super::{Trace, written};

/// Numbers without order, the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % below as u64).unwrap()
    }
}

const DURATIONS: [i128; 9] =
    [i128::MIN, i128::MAX, -1, 0, 900, 3_600, 43_200, 9_223_372_036_854_775_808, 129_600];

/// The step with another duration, where it has one.
fn with_duration(mut step: Step, seconds: i128) -> Step {
    if let Operation::Sts(operation) = &mut step.operation {
        match operation {
            StsOperation::AssumeRole(call) => call.duration_seconds = Some(seconds),
            StsOperation::AssumeRoleWithSaml(call) => call.duration_seconds = Some(seconds),
            StsOperation::AssumeRoleWithWebIdentity(call) => call.duration_seconds = Some(seconds),
            StsOperation::GetSessionToken(call) => call.duration_seconds = Some(seconds),
            StsOperation::GetFederationToken(call) => call.duration_seconds = Some(seconds),
            StsOperation::GetCallerIdentity | StsOperation::DecodeAuthorizationMessage(_) => {}
        }
    }
    step
}

/// What holds of every session at every time (INV-54, INV-59).
fn check_sessions(world: &World) {
    for (name, session) in &world.sessions {
        let seconds = session.expires.epoch_seconds() - session.issued.epoch_seconds();
        let most = match world.profile {
            Profile::Strict => 3_600,
            Profile::Aws => 129_600,
        };
        assert!((900..=most).contains(&seconds), "{name} lasts {seconds} seconds");
        if let Some(parent) = session.parent.as_ref().and_then(|parent| world.sessions.get(parent)) {
            assert!(
                !matches!(parent.kind, iamproof::iam::world::SessionKind::Federated { .. }),
                "{name} comes from a federated session"
            );
        }
    }
}

#[test]
fn any_step_in_any_world_is_answered() {
    let traces = written();
    let all: Vec<&ExpectedStep> = traces.iter().flat_map(|trace| &trace.steps).collect();
    let interpreter = Interpreter::new();
    let mut dice = Dice(7);
    let mut done = 0;
    for Trace { name, world, steps } in &traces {
        let mut world = interpreter.begin(world).unwrap_or_else(|error| panic!("{name}: {error}"));
        for turn in 0..12 {
            // Steps of the world's own trace get somewhere; those of others fit rarely.
            let own = dice.next(3) > 0;
            let chosen = if own { &steps[dice.next(steps.len())] } else { all[dice.next(all.len())] };
            let mut step = chosen.step.clone();
            if dice.next(4) == 0 {
                step = with_duration(step, DURATIONS[dice.next(DURATIONS.len())]);
            }
            step.name = step.name.map(|name| format!("{name}-{turn}"));
            if dice.next(10) > 0 {
                step.time = world.now.after_seconds(dice.next(2_000) as i64).unwrap();
            }
            if let Ok(taken) = interpreter.step(&world, &step) {
                done += usize::from(matches!(taken.outcome, Outcome::Done(_)));
                assert!(taken.world.now >= world.now, "{name}: time ran backwards");
                world = taken.world;
            }
            check_sessions(&world);
        }
    }
    assert!(done > 100, "only {done} steps were done");
}

fn token_at(world: &World, time: Instant, seconds: Option<i128>) -> Result<Outcome, String> {
    let step = Step {
        time,
        credentials: Credentials::Root { account: "111122223333".to_owned(), access_key: None },
        operation: Operation::Sts(StsOperation::GetSessionToken(GetSessionToken {
            duration_seconds: seconds,
            mfa: MfaCode::default(),
        })),
        context: iamproof::iam::context::Context::new(),
        endpoint: None,
        name: None,
    };
    Interpreter::new().step(world, &step).map(|taken| taken.outcome).map_err(|error| error.to_string())
}

fn one_account(now: &str) -> World {
    let mut world = World::empty(Profile::Strict, Instant::parse(now).unwrap());
    world.accounts.insert("111122223333".to_owned(), iamproof::iam::world::Account::empty("aws"));
    world
}

#[test]
fn at_the_end_of_time_no_session_is_issued() {
    let world = one_account("9999-12-31T22:00:00Z");
    assert!(matches!(token_at(&world, world.now, None), Ok(Outcome::Done(Answer::Session(_)))));
    let late = Instant::parse("9999-12-31T23:30:00Z").unwrap();
    let error = token_at(&world, late, None).unwrap_err();
    assert_eq!(error, "at `time`: the session would end beyond the year 9999, where time ends");
}

#[test]
fn time_does_not_run_backwards() {
    let world = one_account("2024-06-01T12:00:00Z");
    let earlier = Instant::parse("2024-06-01T11:59:59Z").unwrap();
    let error = token_at(&world, earlier, None).unwrap_err();
    assert_eq!(error, "at `time`: time runs backwards: 2024-06-01T11:59:59Z is before 2024-06-01T12:00:00Z");
}

#[test]
fn no_duration_is_too_odd_to_be_refused() {
    let world = one_account("2024-06-01T12:00:00Z");
    for seconds in [i128::MIN, -1, 0, 1, 899, 129_601, 1 << 63, i128::MAX] {
        let outcome = token_at(&world, world.now, Some(seconds)).unwrap();
        let Outcome::Refused(refusal) = outcome else { panic!("{seconds} seconds were granted") };
        assert_eq!((refusal.code.code(), refusal.rule), ("ValidationError", "STS-19"), "{seconds}");
    }
}
