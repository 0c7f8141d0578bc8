//! How a run ends: what its exit code says, and in whose favour several outcomes are combined.

use std::process::ExitCode;

use super::output::{WriteError, tell};

/// The end of a run. The order is that in which several outcomes of one run are combined: the greatest one is the run's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All that was asked holds.
    Holds,
    /// Nothing was refuted, but something is unknown, or nothing at all was looked at.
    Unknown,
    /// Something was refuted, disagrees or is not valid, or an external evaluator failed.
    Refuted,
    /// An input could not be opened or used.
    Unusable,
    /// The user interrupted the run.
    Interrupted,
    /// A defect of this program.
    Defect,
}

impl Outcome {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Outcome::Holds => 0,
            Outcome::Refuted => 1,
            Outcome::Unusable => 2,
            Outcome::Unknown => 3,
            Outcome::Defect => 70,
            Outcome::Interrupted => 130,
        }
    }

    /// What both together come to.
    #[must_use]
    pub fn and(self, other: Outcome) -> Outcome {
        self.max(other)
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(outcome.code())
    }
}

/// Why a verb could not do its work at all.
#[derive(Debug)]
pub enum Failure {
    /// An input could not be used; the message says which, where and why.
    Input(String),
    /// The answer could not be written.
    Output(WriteError),
}

impl Failure {
    /// Tells the user, and says how the run ends.
    pub(super) fn told(self) -> Outcome {
        match self {
            Failure::Input(message) => {
                tell(&message);
                Outcome::Unusable
            }
            Failure::Output(error) => {
                tell(&format!("the answer could not be written: {error}"));
                Outcome::Unusable
            }
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        Failure::Output(error)
    }
}
