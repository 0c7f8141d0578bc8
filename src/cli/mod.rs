//! The command line: one file per verb, and the only place that prints.
//!
//! A verb is a function from its arguments to an [`Outcome`]: it writes its answer to an [`Output`], and says by a [`Failure`] why it
//! could not. Exit codes, the header of JSON answers, colours, a reader that hangs up and a defect of ours are dealt with here, once.

mod assumptions;
mod compare;
mod corpus;
mod crosscheck;
mod decide;
mod defect;
mod described;
mod external;
mod files;
mod interrupt;
mod laws;
mod outcome;
mod output;
mod progress;
mod reach;
mod rests_on;
mod run;
mod search;
mod serve;
mod settings;
mod traces;
mod validate;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use outcome::{Failure, Outcome};
pub use output::{Output, WriteError};
pub use settings::{Colour, Format, Settings};

/// Proves what AWS IAM and STS policies allow.
#[derive(Debug, Parser)]
#[command(name = "iamproof", version, max_term_width = 100)]
struct CommandLine {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    verb: Verb,
}

/// Every verb, in the order of the help text.
#[derive(Debug, Subcommand)]
enum Verb {
    /// The main job: laws, written cases, policies, and the two readings against each other.
    Verify(verify::Arguments),
    /// Replays written cases through both readings.
    Corpus(corpus::Arguments),
    /// Plays generated policies and requests through both readings.
    Crosscheck(crosscheck::Arguments),
    /// Decides the requests of a case.
    Decide(decide::Arguments),
    /// What one policy, or folder of policies, allows and another does not: proved for every request, or shown by one.
    Compare(compare::Arguments),
    /// Takes the steps of a case: who gets which credentials, until when, and why a step is refused.
    Run(run::Arguments),
    /// Whom a principal can come to be in an account, and who can come to hold a role: the shortest sequences of calls.
    Reach(reach::Arguments),
    /// Whether something can be reached in a world in at most so many steps: a shortest trace that the solver finds, carried out.
    Search(search::Arguments),
    /// Checks policy documents against the grammar: every error and warning, with its place.
    Validate(validate::Arguments),
    /// The universal laws: what each says, and how it is known.
    Laws(laws::Arguments),
    /// Answers requests on standard input, one line each, as the protocol for evaluators has it.
    Serve(serve::Arguments),
    /// The points that AWS's documents leave open, and the readings that `--assume` takes.
    Assumptions(assumptions::Arguments),
}

impl Verb {
    fn run(&self, settings: &Settings, output: &mut Output<'_>) -> Result<Outcome, Failure> {
        self.check_assumptions(settings)?;
        match self {
            Verb::Verify(arguments) => verify::run(arguments, settings, output),
            Verb::Corpus(arguments) => corpus::run(arguments, settings, output),
            Verb::Crosscheck(arguments) => crosscheck::run(arguments, settings, output),
            Verb::Decide(arguments) => decide::run(arguments, settings, output),
            Verb::Compare(arguments) => compare::run(arguments, settings, output),
            Verb::Run(arguments) => run::run(arguments, settings, output),
            Verb::Reach(arguments) => reach::run(arguments, settings, output),
            Verb::Search(arguments) => search::run(arguments, settings, output),
            Verb::Validate(arguments) => validate::run(arguments, settings, output),
            Verb::Laws(arguments) => laws::run(arguments, settings, output),
            Verb::Serve(arguments) => serve::run(arguments, settings, output),
            Verb::Assumptions(arguments) => assumptions::run(arguments, settings, output),
        }
    }
}

impl Verb {
    /// Refuses assumptions where the verb cannot take them.
    fn check_assumptions(&self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Verb::Reach(_) => settings.assume_nothing("reach", NOT_SEARCHED),
            Verb::Search(_) => settings.assume_nothing("search", NOT_SEARCHED),
            Verb::Validate(_) => settings.assume_nothing(
                "validate",
                "not possible (what is legal in a policy depends on no open point, OPEN-2)",
            ),
            Verb::Verify(_)
            | Verb::Corpus(_)
            | Verb::Crosscheck(_)
            | Verb::Compare(_)
            | Verb::Decide(_)
            | Verb::Laws(_)
            | Verb::Run(_)
            | Verb::Serve(_)
            | Verb::Assumptions(_) => settings.assumptions().map(|_| ()),
        }
    }
}

/// Why a search takes no assumptions: what it passes over was found unpromising by the readings as decided.
const NOT_SEARCHED: &str =
    "not supported: which calls are worth trying is known for the readings as decided alone";

/// Runs the program with these arguments, the first of which is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command_line = match CommandLine::try_parse_from(arguments) {
        Ok(command_line) => command_line,
        Err(error) => {
            // Help and version are errors to clap, too. Whether they could be printed changes nothing.
            let _ = error.print();
            let asked_for_help = error.exit_code() == 0;
            return if asked_for_help { Outcome::Holds } else { Outcome::Unusable }.into();
        }
    };
    defect::caught(|| {
        let CommandLine { settings, verb } = &command_line;
        let mut output = Output::to_standard_output(settings);
        let outcome = verb.run(settings, &mut output).and_then(|outcome| {
            output.flush()?;
            Ok(outcome)
        });
        outcome.unwrap_or_else(Failure::told)
    })
    .into()
}
