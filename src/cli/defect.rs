//! A panic is a defect of this program: the user gets one sentence, where to report it, and exit code 70.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use super::outcome::Outcome;
use super::output::tell;

/// Runs the program, and makes of a panic an outcome.
pub(super) fn caught(program: impl FnOnce() -> Outcome) -> Outcome {
    panic::set_hook(Box::new(|panic| tell(&sentence(panic))));
    // Nothing is looked at any more after a panic, so that no half-changed state is seen.
    panic::catch_unwind(AssertUnwindSafe(program)).unwrap_or(Outcome::Defect)
}

fn sentence(panic: &PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let what = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    let place = panic.location().map_or_else(String::new, |at| format!(" ({}:{})", at.file(), at.line()));
    format!(
        "this is a defect of iamproof {}, not of your input: {what}{place}; please report it, with the command \
         and its input, where you got the program from",
        env!("CARGO_PKG_VERSION"),
    )
}
