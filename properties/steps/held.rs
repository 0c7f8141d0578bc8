//! Each step is held to the relations of which laws about all traces are proved: as the second reading takes it, and never otherwise.

use iamproof::iam::directory::{Assignment, DirectoryCall, DirectoryOperation, Sid};
use iamproof::iam::operation::{AccountOperation, Operation, PolicyOperation, Step};
use iamproof::iam::outcome::{Answer, Outcome, Taken};
use iamproof::iam::world::{Account, Holder, User, World};
use iamproof::model::modelled::NoAnswer;
use iamproof::model::steps;

use super::{Trace, written};

/// A step with the world before it, and what came of it.
struct Moment {
    before: World,
    step: Step,
    taken: Taken,
}

/// Every written step that the second reading takes.
fn moments() -> Vec<Moment> {
    let mut moments = Vec::new();
    for Trace { world, steps, .. } in written() {
        let mut before = steps::begin(&world);
        for expected in steps {
            let Ok(taken) = steps::step(&before, &expected.step) else { continue };
            let after = taken.world.clone();
            moments.push(Moment { before, step: expected.step, taken });
            before = after;
        }
    }
    moments
}

/// Makes of what a step came to something that it may not come to; `None` where it is no such step.
type Otherwise = fn(&World, &Step, &mut Taken) -> Option<()>;

fn accounts(taken: &mut Taken) -> impl Iterator<Item = &mut Account> {
    taken.world.accounts.values_mut()
}

fn users(taken: &mut Taken) -> impl Iterator<Item = (&String, &mut User)> {
    accounts(taken).flat_map(|account| &mut account.users)
}

/// The operation, where it succeeded.
fn done<'s>(step: &'s Step, taken: &Taken) -> Option<&'s Operation> {
    match &taken.outcome {
        Outcome::Done(_) => Some(&step.operation),
        Outcome::Refused(_) => None,
    }
}

/// Nothing, where the step is about users, groups and roles.
fn about_others(step: &Step) -> Option<()> {
    match &step.operation {
        Operation::Account(_) | Operation::Policy(_) => None,
        Operation::Sts(_)
        | Operation::Pass(_)
        | Operation::Directory(_)
        | Operation::Request(_)
        | Operation::Event(_) => Some(()),
    }
}

/// Nothing, where the step makes or deletes trusts or directories.
fn about_no_trust(step: &Step) -> Option<()> {
    match &step.operation {
        Operation::Directory(DirectoryOperation::Call(_)) => None,
        Operation::Directory(_)
        | Operation::Account(_)
        | Operation::Policy(_)
        | Operation::Sts(_)
        | Operation::Pass(_)
        | Operation::Request(_)
        | Operation::Event(_) => Some(()),
    }
}

const OTHERWISE: &[(&str, Otherwise)] = &[
    ("a session ends later", |before, _, taken| {
        let session = taken.world.sessions.get_mut(before.sessions.keys().next()?)?;
        session.expires = session.expires.after_seconds(1)?;
        Some(())
    }),
    ("a session loses its policies", |before, _, taken| {
        let (name, _) = before.sessions.iter().find(|(_, session)| session.policies.is_some())?;
        taken.world.sessions.get_mut(name)?.policies = None;
        Some(())
    }),
    ("a session goes away", |before, _, taken| {
        taken.world.sessions.remove(before.sessions.keys().next()?).map(|_| ())
    }),
    ("a new session takes the place of another", |before, _, taken| {
        let Outcome::Done(Answer::Session(name)) = &mut taken.outcome else { return None };
        let session = taken.world.sessions.remove(name)?;
        before.sessions.keys().next()?.clone_into(name);
        taken.world.sessions.insert(name.clone(), session).map(|_| ())
    }),
    ("a session appears in a step that issues none", |before, step, taken| {
        about_others(step)?;
        let session = before.sessions.values().next()?.clone();
        let Outcome::Done(Answer::Allowed(_)) = &taken.outcome else { return None };
        taken.world.sessions.insert("from nowhere".to_owned(), session);
        Some(())
    }),
    ("another document is saved than was passed", |_, step, taken| {
        let Operation::Policy(PolicyOperation::PutInline { holder, name, .. }) = done(step, taken)? else {
            return None;
        };
        let put = accounts(taken).find_map(|account| match holder {
            Holder::User(of) => account.users.get_mut(of).map(|user| &mut user.policies),
            Holder::Group(of) => account.groups.get_mut(of).map(|group| &mut group.policies),
            Holder::Role(of) => account.roles.get_mut(of).map(|role| &mut role.policies),
        });
        put?.inline.get_mut(name)?.text = "{}".into();
        Some(())
    }),
    ("who is made is in a group", |_, step, taken| {
        let Operation::Account(AccountOperation::CreateUser { name, .. }) = done(step, taken)? else {
            return None;
        };
        users(taken).find(|(made, _)| *made == name)?.1.groups.insert("admins".to_owned());
        Some(())
    }),
    ("who joins a group takes somebody along", |_, step, taken| {
        let Operation::Account(AccountOperation::AddUserToGroup { user, group }) = done(step, taken)? else {
            return None;
        };
        let (_, other) = users(taken).find(|(name, other)| *name != user && !other.groups.contains(group))?;
        other.groups.insert(group.clone());
        Some(())
    }),
    ("a step about something else takes a policy away", |_, step, taken| {
        about_others(step)?;
        users(taken).find(|(_, user)| !user.policies.inline.is_empty())?.1.policies.inline.clear();
        Some(())
    }),
    ("a step about something else ends a membership", |_, step, taken| {
        about_others(step)?;
        users(taken).find(|(_, user)| !user.groups.is_empty())?.1.groups.clear();
        Some(())
    }),
    ("a step about something else gives somebody another id", |_, step, taken| {
        about_others(step)?;
        "AIDAANOTHER".clone_into(&mut users(taken).next()?.1.id);
        Some(())
    }),
    ("a step about something else deletes a role", |_, step, taken| {
        about_others(step)?;
        accounts(taken).find_map(|account| account.roles.pop_first()).map(|_| ())
    }),
    ("a step about something else assigns a role", |_, step, taken| {
        let Operation::Directory(operation) = &step.operation else { return None };
        if matches!(operation, DirectoryOperation::Call(_)) {
            return None;
        }
        let directory = taken.world.directories.aws.first_mut()?;
        let subject = Sid::numbered(999_999);
        directory
            .assignments
            .push(Assignment { subject, role: "arn:aws:iam::111122223333:role/any".to_owned() });
        Some(())
    }),
    ("a step about something else takes a trust off the record", |_, step, taken| {
        about_no_trust(step)?;
        taken.world.directories.trusts.pop().map(|_| ())
    }),
    ("a step about something else changes the password of a trust", |_, step, taken| {
        about_no_trust(step)?;
        taken.world.directories.trusts.first_mut()?.password.push('!');
        Some(())
    }),
    ("an assignment is made for another role than was passed", |_, step, taken| {
        let Operation::Directory(DirectoryOperation::Call(DirectoryCall::AssignRole { .. })) =
            done(step, taken)?
        else {
            return None;
        };
        let mut directories = taken.world.directories.aws.iter_mut();
        directories.find_map(|directory| directory.assignments.last_mut())?.role.push('x');
        Some(())
    }),
];

#[test]
fn every_step_is_one_that_the_relations_admit_and_no_step_that_came_out_otherwise_is() {
    let moments = moments();
    assert!(moments.len() > 500, "only {} steps", moments.len());
    let mut admitted = Vec::new();
    for (otherwise, make) in OTHERWISE {
        let mut made = 0;
        for Moment { before, step, taken } in &moments {
            let mut taken = taken.clone();
            if make(before, step, &mut taken).is_none() {
                continue;
            }
            made += 1;
            if !matches!(steps::held(before, step, &taken), Err(NoAnswer::Defect(_))) {
                admitted.push(format!("{otherwise}: {:?}", step.operation));
            }
        }
        assert!(made > 0, "in no step {otherwise}");
    }
    assert!(admitted.is_empty(), "{}", admitted.join("\n"));
}
