//! `iamproof decide`: the decision on each request of a case, with its reason.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::output::{Style, printable, wrapped};
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output};
use crate::corpus::folder::{self, Content};
use crate::corpus::{Asked, Case, Question, principal_of};
use crate::evaluator::Evaluator;
use crate::iam::decision::Reason;
use crate::iam::document::Strictness;
use crate::iam::layers::Layers;

/// What `decide` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The case: policies, requests, and the answers expected (`corpus/README.md`).
    #[arg(long, value_name = "FILE")]
    case: PathBuf,

    /// Only warn of what AWS would refuse on saving, but what has a plain meaning.
    #[arg(long)]
    lenient: bool,
}

/// A request with the answer it got.
struct Decided<'c> {
    asked: &'c Asked,
    reason: Reason,
}

impl Decided<'_> {
    /// Whether the answer is the one that the case expects.
    fn is_expected(&self) -> bool {
        self.asked.expected == self.reason.decision()
            && self.asked.reason.is_none_or(|expected| expected == self.reason)
    }
}

/// Runs the verb. It holds if every answer is the expected one.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let strictness = if arguments.lenient { Strictness::Lenient } else { Strictness::Strict };
    let case = match folder::read_file(&arguments.case, strictness) {
        Ok(Content::Case(case)) => case,
        Ok(Content::Policy(_)) => {
            let message = format!(
                "{} is a policy and no case: `corpus/README.md` says what a case is",
                arguments.case.display()
            );
            return Err(Failure::Input(message));
        }
        Err(error) => return Err(Failure::Input(error.to_string())),
    };
    let Case { question: Question::Decisions { layers, asked }, because, .. } = case.as_ref() else {
        let message =
            format!("{} asks about a policy's text: try `iamproof corpus`", arguments.case.display());
        return Err(Failure::Input(message));
    };
    let decided = decide(layers, asked)?;
    match settings.format {
        Format::Text => print(because, &decided, output)?,
        Format::Json => {
            let decisions: Vec<Value> = decided.iter().map(as_json).collect();
            output.answer(
                settings,
                [("case", arguments.case.display().to_string().into()), ("decisions", decisions.into())],
            )?;
        }
    }
    let all = decided.iter().all(Decided::is_expected);
    Ok(if all { Outcome::Holds } else { Outcome::Refuted })
}

fn decide<'c>(layers: &Layers, asked: &'c [Asked]) -> Result<Vec<Decided<'c>>, Failure> {
    let evaluator = Evaluator::compile(layers).map_err(|error| Failure::Input(error.to_string()))?;
    Ok(asked.iter().map(|asked| Decided { asked, reason: evaluator.decide(&asked.request) }).collect())
}

fn print(because: &str, decided: &[Decided<'_>], output: &mut Output<'_>) -> Result<(), Failure> {
    for line in wrapped(&printable(because), 78) {
        output.line(&line)?;
    }
    for (index, decided) in decided.iter().enumerate() {
        let Decided { asked: Asked { request, expected, .. }, reason } = decided;
        output.line("")?;
        let decision = reason.decision();
        let style = if decided.is_expected() { Style::Good } else { Style::Bad };
        let verdict = output.styled(style, decision.name());
        output.line(&format!("request {}: {verdict}  ({})", index + 1, reason.code()))?;
        let (principal, ..) = principal_of(&request.caller);
        let principal = principal.as_str().map_or_else(|| principal.to_string(), str::to_owned);
        output.line(&format!("  principal  {}", printable(&principal)))?;
        output.line(&format!("  action     {}", printable(&request.action)))?;
        output.line(&format!("  resource   {}", printable(&request.resource)))?;
        if let Some(account) = &request.resource_account {
            output.line(&format!("  owner      {account}"))?;
        }
        for (key, value) in request.context.entries() {
            output.line(&format!("  {key} = {}", printable(&value.to_string())))?;
        }
        if !decided.is_expected() {
            let reason = asked_reason(decided);
            output.line(&output.styled(Style::Bad, &format!("  the case expects {expected}{reason}")))?;
        }
    }
    Ok(())
}

fn asked_reason(decided: &Decided<'_>) -> String {
    decided.asked.reason.map(|reason| format!("  ({})", reason.code())).unwrap_or_default()
}

fn as_json(decided: &Decided<'_>) -> Value {
    let Decided { asked, reason } = decided;
    json!({
        "decision": reason.decision().name(),
        "reason": reason.code(),
        "expected": asked.expected.name(),
        "asExpected": decided.is_expected(),
    })
}
