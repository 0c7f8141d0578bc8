//! Many pieces of work on all cores, their results handed over in order as soon as they are there.
//!
//! One thread reads what there is to do, the pool's threads do it, and the caller's thread takes the results in order. Between the three at most
//! [`IN_FLIGHT`] pieces a thread are on their way, however long the input is and however slow the reader.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

/// How many pieces may be under way for each thread: enough that one slow piece lets the others go on.
const IN_FLIGHT: usize = 64;

/// How often somebody who waits looks whether the run is to end.
const LOOK: Duration = Duration::from_millis(50);

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All was done, or whoever takes the results had enough.
    Done,
    /// The run was stopped; what was handed over until then stands.
    Stopped,
}

/// A result, or the panic that came in its place.
type Made<T> = Result<T, Box<dyn Any + Send>>;

/// Does the work for every item, and hands the results over in the order of the items.
///
/// `take` is called on this thread. A panic in `work` comes out here, once all earlier results were handed over. `threads` is one a core where
/// it is not said.
///
/// # Errors
///
/// The operating system gives no threads.
pub fn in_order<I: Send + 'static, T: Send + 'static>(
    items: impl Iterator<Item = I> + Send + 'static,
    work: impl Fn(I) -> T + Send + Sync + 'static,
    threads: Option<usize>,
    stop: &'static AtomicBool,
    mut take: impl FnMut(T) -> ControlFlow<()>,
) -> Result<Ending, ThreadPoolBuildError> {
    let pool = ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build()?;
    let room = IN_FLIGHT * pool.current_num_threads();
    let (give_back, tokens) = sync_channel(room);
    (0..room).for_each(|_| give(&give_back));
    let (made, results) = channel();
    let work = Arc::new(work);
    // The reader may wait for its input for ever, so nobody waits for the reader.
    thread::spawn(move || {
        for (number, item) in items.enumerate() {
            if tokens.recv().is_err() || stop.load(Ordering::Relaxed) {
                break;
            }
            let (work, made) = (Arc::clone(&work), made.clone());
            pool.spawn_fifo(move || do_one(number, item, work.as_ref(), &made));
        }
    });
    Ok(hand_over(&results, &give_back, stop, &mut take))
}

fn do_one<I, T>(number: usize, item: I, work: &(impl Fn(I) -> T + ?Sized), made: &Sender<(usize, Made<T>)>) {
    // Nothing of a piece that panicked is looked at again.
    let result = catch_unwind(AssertUnwindSafe(|| work(item)));
    // If nobody takes results any more, the run is over.
    let _ = made.send((number, result));
}

fn give(tokens: &SyncSender<()>) {
    // There are never more tokens than the channel has room for; where the reader has gone, nobody needs one.
    let _ = tokens.try_send(());
}

fn hand_over<T>(
    results: &Receiver<(usize, Made<T>)>,
    give_back: &SyncSender<()>,
    stop: &AtomicBool,
    take: &mut impl FnMut(T) -> ControlFlow<()>,
) -> Ending {
    let mut early = BTreeMap::new();
    let mut next = 0;
    loop {
        match results.recv_timeout(LOOK) {
            Ok((number, result)) => {
                early.insert(number, result);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ending::Done,
        }
        while let Some(result) = early.remove(&next) {
            next += 1;
            match result {
                Ok(result) => {
                    if take(result).is_break() {
                        return Ending::Done;
                    }
                }
                Err(panic) => resume_unwind(panic),
            }
            give(give_back);
        }
        if stop.load(Ordering::Relaxed) {
            // What was found behind a piece that is still under way is not lost with it.
            early.extend(results.try_iter());
            let _ = early.into_values().flatten().try_for_each(take);
            return Ending::Stopped;
        }
    }
}
