//! Whether both readings of a step say the same: its outcome, and the world that it leaves.
//!
//! Everything that a rule speaks of must be equal. What no rule speaks of is passed over: the words and the rule of a refusal, how an encoded
//! message is encoded, in which order the policies around a request are numbered, and how many names were made up.

use std::fmt::Debug;

use crate::iam::outcome::{Answer, Outcome, Refusal, Taken};
use crate::iam::world::{DecodedMessage, Message, World};

/// What the second reading says differently; `None` if it says the same.
pub fn difference(first: &Taken, second: &Taken) -> Option<String> {
    let outcome = match (&first.outcome, &second.outcome) {
        (Outcome::Done(Answer::Decoded(first)), Outcome::Done(Answer::Decoded(second))) => {
            apart("the message", &plain(first), &plain(second))
        }
        (Outcome::Done(first), Outcome::Done(second)) => apart("the answer", first, second),
        (Outcome::Refused(first), Outcome::Refused(second)) => {
            apart("the refusal", &of_refusal(first), &of_refusal(second))
        }
        (Outcome::Done(_), Outcome::Refused(refusal)) => {
            Some(format!("the model refuses with {}", told(refusal)))
        }
        (Outcome::Refused(refusal), Outcome::Done(_)) => {
            Some(format!("the evaluator refuses with {}, the model does not", told(refusal)))
        }
    };
    outcome
        .or_else(|| apart("who consults whom", &first.consultations, &second.consultations))
        .or_else(|| of_worlds(&first.world, &second.world))
}

fn of_refusal(refusal: &Refusal) -> (String, bool) {
    let reason = refusal.reason.map_or_else(String::new, |reason| format!(" ({reason})"));
    (format!("{}{reason}", refusal.code), refusal.encoded_message.is_some())
}

fn told(refusal: &Refusal) -> String {
    let reason = refusal.reason.map_or_else(String::new, |reason| format!(" ({reason})"));
    format!("{}{reason}: {}", refusal.code, refusal.message)
}

/// A message without the numbers of its statements' documents, which follow from an order that no rule gives.
fn plain(message: &DecodedMessage) -> DecodedMessage {
    let mut message = message.clone();
    for matched in &mut message.matched_statements {
        matched.place.policy = 0;
    }
    message.matched_statements.sort_by_key(|matched| (matched.place, format!("{:?}", matched.statement)));
    message
}

fn of_worlds(first: &World, second: &World) -> Option<String> {
    let messages = |world: &World| {
        let all = world.messages.iter();
        all.map(|(name, Message { issued, content, .. })| (name.clone(), *issued, plain(content)))
            .collect::<Vec<_>>()
    };
    apart("the instant", &first.now, &second.now)
        .or_else(|| apart("the sessions", &first.sessions, &second.sessions))
        .or_else(|| apart("the messages", &messages(first), &messages(second)))
        .or_else(|| apart("the accounts", &first.accounts, &second.accounts))
        .or_else(|| apart("the resources", &first.resources, &second.resources))
        .or_else(|| apart("AWS's policies", &first.aws_managed, &second.aws_managed))
        .or_else(|| apart("the assertions", &first.assertions, &second.assertions))
        .or_else(|| apart("the directories", &first.directories, &second.directories))
}

/// Tells two values that differ, from a little before the place where they do.
fn apart<T: PartialEq + Debug>(what: &str, first: &T, second: &T) -> Option<String> {
    const BEFORE: usize = 60;
    const BEHIND: usize = 160;
    if first == second {
        return None;
    }
    let (first, second) = (format!("{first:?}"), format!("{second:?}"));
    let same = first.chars().zip(second.chars()).take_while(|(left, right)| left == right).count();
    let cut = |text: &str| -> String {
        text.chars().skip(same.saturating_sub(BEFORE)).take(BEFORE + BEHIND).collect()
    };
    Some(format!("{what} differs: evaluator `…{}…`, model `…{}…`", cut(&first), cut(&second)))
}
