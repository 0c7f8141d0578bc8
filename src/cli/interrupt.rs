//! Ctrl-C: a run that is interrupted ends in good order and says what it has found; a second Ctrl-C ends the program at once.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Outcome;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Takes care of Ctrl-C from now on, and gives the flag that it sets.
pub(super) fn watched() -> &'static AtomicBool {
    // Where the system lets us watch nothing, Ctrl-C ends the program as ever.
    let _ = ctrlc::try_set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            process::exit(i32::from(Outcome::Interrupted.code()));
        }
    });
    &INTERRUPTED
}
