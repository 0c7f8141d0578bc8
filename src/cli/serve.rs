//! `iamproof serve`: the built-in evaluator behind the protocol for other evaluators (`docs/protocol.md`).

use std::io::{self, BufRead, Write};

use clap::Args;
use serde_json::Value;

use super::output::tell;
use super::{Failure, Outcome, Output, Settings};
use crate::corpus::Error;
use crate::corpus::fit;
use crate::corpus::protocol::{self, Line};
use crate::evaluator::{Evaluator, Reading};
use crate::iam::layers::Layers;
use crate::iam::request::Request;

/// A longer line is refused: it could not be kept in memory together with what it asks for.
const MAX_LINE_BYTES: usize = 256 << 20;

/// What `serve` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A mistake to make, by its name in `fault::Fault`: an evaluator that is known to be broken. There is no such flag in release builds.
    #[cfg(debug_assertions)]
    #[arg(long, hide = true, value_parser = fault)]
    fault: Option<crate::evaluator::fault::Fault>,
}

#[cfg(debug_assertions)]
fn fault(name: &str) -> Result<crate::evaluator::fault::Fault, String> {
    let all = crate::evaluator::fault::Fault::ALL;
    all.iter().copied().find(|fault| fault.name() == name).ok_or_else(|| "no such mistake".to_owned())
}

impl Arguments {
    fn reading(&self) -> Reading {
        #[cfg(debug_assertions)]
        if let Some(fault) = self.fault {
            return Reading::with_fault(fault);
        }
        Reading::default()
    }
}

/// Runs the verb: answers each line of standard input on standard output, in order, until the input ends.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let own = arguments.reading();
    let reading = own.under(own.assumptions().overridden_by(settings.assumptions()?));
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    let mut number = 0_u64;
    let mut outcome = Outcome::Holds;
    loop {
        line.clear();
        number += 1;
        let read = io::Read::take(&mut input, MAX_LINE_BYTES as u64)
            .read_until(b'\n', &mut line)
            .map_err(|error| Failure::Input(format!("standard input cannot be read: {error}")))?;
        if read == 0 {
            return Ok(outcome);
        }
        if line.len() == MAX_LINE_BYTES {
            return Err(Failure::Input(format!("line {number} is longer than {MAX_LINE_BYTES} bytes")));
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match protocol::read(&line) {
            Ok(asked) => output.line(&answer(&asked, reading))?,
            Err(error) => {
                tell(&format!("line {number} of standard input: {error}"));
                let message = format!("error: {error}");
                output.line(&serde_json::json!({ "id": Value::Null, "error": message }).to_string())?;
                outcome = outcome.and(Outcome::Unusable);
            }
        }
        output.flush()?;
        if output.has_lost_its_reader() {
            return Ok(outcome);
        }
    }
}

/// The line that answers a line.
fn answer(asked: &Line, reading: Reading) -> String {
    let compiled = asked.layers.as_ref().map_err(told).and_then(|layers| {
        match Evaluator::compile_with(layers, reading) {
            Ok(evaluator) => Ok((layers, evaluator)),
            Err(error) if error.is_not_supported() => Err("unsupported".to_owned()),
            Err(error) => Err(format!("error: {error}")),
        }
    });
    let mut text = Vec::with_capacity(32 + 16 * asked.requests.len());
    text.extend_from_slice(br#"{"id":"#);
    text.extend_from_slice(asked.id.as_bytes());
    text.extend_from_slice(br#","decisions":["#);
    for (index, request) in asked.requests.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        match (&compiled, request) {
            (Err(message), _) => push_text(&mut text, message),
            (Ok(_), Err(error)) => push_text(&mut text, &told(error)),
            (Ok((layers, evaluator)), Ok(request)) => match decided(layers, evaluator, request) {
                Ok(name) => {
                    // The names hold nothing that JSON would escape.
                    text.push(b'"');
                    text.extend_from_slice(name.as_bytes());
                    text.push(b'"');
                }
                Err(message) => push_text(&mut text, &message),
            },
        }
    }
    text.extend_from_slice(b"]}");
    String::from_utf8_lossy(&text).into_owned()
}

fn decided(layers: &Layers, evaluator: &Evaluator, request: &Request) -> Result<&'static str, String> {
    fit::check(layers, &request.caller)
        .map_err(|misfit| format!("error: at `/policies/{}`: {misfit}", misfit.field))?;
    Ok(evaluator.decide(request).decision().name())
}

fn push_text(text: &mut Vec<u8>, message: &str) {
    // Writing into memory does not fail.
    let _ = write!(text, "{}", Value::from(message));
}

/// An error as an answer: the code first where a policy is at fault.
fn told(error: &Error) -> String {
    match error.code() {
        Some(code) => format!("error: {} {error}", code.name()),
        None => format!("error: {error}"),
    }
}
