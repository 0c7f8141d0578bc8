//! What is asked of a compiled set: borrowed texts, and the action in lower case.

use super::reading::{Reading, mistaken};
use crate::iam::context::Context;
use crate::iam::request::Caller;

/// One request, as borrowed texts: what [`CompiledSet`](super::CompiledSet) needs of a [`Request`](crate::iam::request::Request).
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// `service:Name`, without wildcards.
    pub action: &'a str,
    /// An ARN without wildcards, or `*`.
    pub resource: &'a str,
    /// Who calls; [`Caller::Anonymous`] where the policies have no Principal.
    pub caller: &'a Caller,
    /// The context; what is not in it is absent.
    pub context: &'a Context,
}

/// A question made ready for the compiled patterns.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The action in lower case.
    pub(super) action: &'a [u8],
    /// The resource.
    pub(super) resource: &'a [u8],
    /// Who calls.
    pub(super) caller: &'a Caller,
    /// Whether a permissions boundary limits the caller (PRIN-10).
    pub(super) boundary: CallersBoundary,
    /// The context.
    pub(super) context: &'a Context,
    /// How to read.
    pub(super) reading: Reading,
}

/// Whether a permissions boundary limits the caller, or the user behind a federated session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallersBoundary {
    /// There is none.
    Absent,
    /// There is one.
    Present,
}

/// Room for the action in lower case. Longer actions than any service has go to the heap.
pub(super) struct ActionRoom {
    short: [u8; 96],
    long: Vec<u8>,
}

impl ActionRoom {
    pub(super) fn new() -> ActionRoom {
        ActionRoom { short: [0; 96], long: Vec::new() }
    }

    /// The action, or a pattern of actions, in lower case.
    // Rules: GEN-6, ACT-2.
    pub(super) fn folded(&mut self, action: &str, reading: Reading) -> &[u8] {
        let room = if let Some(room) = self.short.get_mut(..action.len()) {
            room.copy_from_slice(action.as_bytes());
            room
        } else {
            self.long = action.as_bytes().to_vec();
            &mut self.long
        };
        if !mistaken!(reading, ActionCaseSensitive) {
            room.make_ascii_lowercase();
        }
        room
    }
}
