//! A running program under test: lines in, lines out, and nothing it does can hold us up.
//!
//! **Why there is no deadlock.** Three threads serve its three pipes, and none of them waits for another: one writes what it is handed, one
//! collects whole lines, one keeps the end of standard error. The caller waits on a channel alone, always with a limit of time. A program
//! that does not read, or writes without end, blocks only the thread of that pipe (the channel of lines is bounded, so that
//! memory is, too); ending the program closes its pipes and with them the threads.
//!
//! **What is ended.** The program leads a process group of its own, and the group is killed, so that what it started ends with it.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::command::CommandLine;
use super::misbehaviour::{Misbehaviour, excerpt};

/// An answer has a word for each request, or a sentence; a line beyond this is none.
const MAX_ANSWER_BYTES: usize = 4 << 20;

/// How much of the end of standard error is kept.
const STDERR_BYTES: usize = 4 << 10;

/// How many lines may wait to be looked at; one is expected, a second one is a finding already.
const LINES_WAITING: usize = 2;

/// How long a program that closed its output may take to end, before it is ended.
const ENDING: Duration = Duration::from_millis(500);

/// A started program.
#[derive(Debug)]
pub(super) struct Program {
    child: Child,
    input: Option<Sender<Vec<u8>>>,
    output: Receiver<Heard>,
    errors: Arc<Mutex<VecDeque<u8>>>,
    errors_ended: Receiver<()>,
}

/// What comes from standard output.
#[derive(Debug)]
enum Heard {
    Line(Vec<u8>),
    TooLong,
    End,
}

impl Program {
    /// Starts it.
    pub(super) fn start(command: &CommandLine) -> Result<Program, Misbehaviour> {
        let mut start = Command::new(command.program());
        start.args(command.arguments()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut start, 0);
        let did_not_start = |problem: String| Misbehaviour::DidNotStart { problem };
        let mut child = start.spawn().map_err(|error| did_not_start(error.to_string()))?;
        let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            end(&mut child);
            return Err(did_not_start("it has no pipes".to_owned()));
        };
        let (input, lines) = channel();
        thread::spawn(move || write_lines(stdin, &lines));
        let (heard, output) = sync_channel(LINES_WAITING);
        thread::spawn(move || hear_lines(stdout, &heard));
        let errors = Arc::new(Mutex::new(VecDeque::new()));
        let (ended, errors_ended) = channel();
        let kept = Arc::clone(&errors);
        thread::spawn(move || keep_end(stderr, &kept, &ended));
        Ok(Program { child, input: Some(input), output, errors, errors_ended })
    }

    /// Sends a line and waits for one.
    pub(super) fn ask(&mut self, line: Vec<u8>, limit: Duration) -> Result<Vec<u8>, Misbehaviour> {
        match self.output.try_recv() {
            Err(TryRecvError::Empty) => {}
            Ok(Heard::Line(line)) => return Err(Misbehaviour::Unasked { line: excerpt(&line) }),
            Ok(Heard::TooLong) => return Err(Misbehaviour::TooLong { limit: MAX_ANSWER_BYTES }),
            Ok(Heard::End) | Err(TryRecvError::Disconnected) => return Err(self.how_it_ended()),
        }
        if let Some(input) = &self.input {
            // A closed pipe shows in what comes back.
            let _ = input.send(line);
        }
        match self.output.recv_timeout(limit) {
            Ok(Heard::Line(line)) => Ok(line),
            Ok(Heard::TooLong) => Err(Misbehaviour::TooLong { limit: MAX_ANSWER_BYTES }),
            Ok(Heard::End) | Err(RecvTimeoutError::Disconnected) => Err(self.how_it_ended()),
            Err(RecvTimeoutError::Timeout) => Err(Misbehaviour::TimedOut { limit }),
        }
    }

    /// Tells it that no more comes, and waits until it has nothing to say any more. How it ends is its own affair; what it says is not.
    pub(super) fn finish(mut self, limit: Duration) -> Result<(), Misbehaviour> {
        self.input = None;
        match self.output.recv_timeout(limit) {
            Ok(Heard::End) | Err(RecvTimeoutError::Disconnected) => Ok(()),
            Ok(Heard::Line(line)) => Err(Misbehaviour::Unasked { line: excerpt(&line) }),
            Ok(Heard::TooLong) => Err(Misbehaviour::TooLong { limit: MAX_ANSWER_BYTES }),
            // All answers are there; that it does not end by itself changes none of them.
            Err(RecvTimeoutError::Timeout) => Ok(()),
        }
    }

    /// The end of what it wrote to standard error so far.
    pub(super) fn standard_error(&self) -> String {
        let kept = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = kept.iter().copied().collect();
        String::from_utf8_lossy(&bytes).trim_end().to_owned()
    }

    /// Standard output is closed: how did that come? Its standard error is complete afterwards, if it did end.
    fn how_it_ended(&mut self) -> Misbehaviour {
        let _ = self.errors_ended.recv_timeout(ENDING);
        let deadline = Instant::now() + ENDING;
        loop {
            match status(&mut self.child) {
                Some(how) => return Misbehaviour::Ended { how },
                // The pipes close a moment before the status is there.
                None if Instant::now() < deadline => thread::sleep(Duration::from_millis(1)),
                None => return Misbehaviour::ClosedOutput,
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Ends a program with all that it started, and takes its status, so that nothing of it is left.
fn end(child: &mut Child) {
    // The group goes first: until its leader's status is taken, its number can be nobody else's.
    kill_group(child);
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
fn process(child: &Child) -> Option<rustix::process::Pid> {
    i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw)
}

#[cfg(unix)]
fn kill_group(child: &Child) {
    if let Some(group) = process(child) {
        // There may be nobody left to kill.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_child: &Child) {}

/// How a program ended, if it did; its status is looked at, not taken.
#[cfg(unix)]
fn status(child: &mut Child) -> Option<String> {
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let status = waitid(WaitId::Pid(process(child)?), options).ok()??;
    Some(match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("killed by signal {signal}"),
        (None, None) => "no exit code".to_owned(),
    })
}

#[cfg(not(unix))]
fn status(child: &mut Child) -> Option<String> {
    let status = child.try_wait().ok()??;
    Some(status.code().map_or_else(|| "no exit code".to_owned(), |code| format!("exit code {code}")))
}

fn write_lines(mut pipe: ChildStdin, lines: &Receiver<Vec<u8>>) {
    for line in lines {
        if pipe.write_all(&line).and_then(|()| pipe.flush()).is_err() {
            return;
        }
    }
}

fn hear_lines(pipe: ChildStdout, heard: &SyncSender<Heard>) {
    let mut pipe = BufReader::with_capacity(64 << 10, pipe);
    loop {
        let line = next_line(&mut pipe);
        let is_last = !matches!(line, Heard::Line(_));
        if heard.send(line).is_err() || is_last {
            return;
        }
    }
}

/// The next line without its end. A last line without end is a line: whoever closes the pipe behind it has written it.
fn next_line(pipe: &mut impl BufRead) -> Heard {
    let mut line = Vec::new();
    let most = MAX_ANSWER_BYTES as u64 + 1;
    match pipe.take(most).read_until(b'\n', &mut line) {
        Err(_) | Ok(0) => Heard::End,
        Ok(_) if line.len() > MAX_ANSWER_BYTES => Heard::TooLong,
        Ok(_) => Heard::Line(line),
    }
}

fn keep_end(mut pipe: ChildStderr, kept: &Mutex<VecDeque<u8>>, ended: &Sender<()>) {
    let mut chunk = [0; 4096];
    loop {
        match pipe.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(count) => {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend(chunk.get(..count).unwrap_or_default());
                let surplus = kept.len().saturating_sub(STDERR_BYTES);
                kept.drain(..surplus);
            }
        }
    }
    let _ = ended.send(());
}
