//! `iamproof reach`: whom a principal can come to be, and who can come to hold a role, each by its shortest sequence of calls.

mod told;

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::files;
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output};
use crate::corpus::account::{self, Beside, Description, File};
use crate::corpus::folder::{self, Content};
use crate::corpus::{Case, Question};
use crate::evaluator::{Interpreter, Reading};
use crate::iam::document::Strictness;
use crate::iam::instant::Instant;
use crate::reach::{Changes, Reach};

/// What `reach` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A case whose `world` is looked at, as it is before its steps.
    #[arg(long, value_name = "FILE", conflicts_with = "account", required_unless_present = "account")]
    case: Option<PathBuf>,

    /// An account as `aws iam get-account-authorization-details` prints it (`docs/accounts.md`); once for each file of several.
    #[arg(long, value_name = "FILE")]
    account: Vec<PathBuf>,

    /// A folder of policies of resources beside the account: one file each, with `arn`, `account` and `policy`.
    #[arg(long, value_name = "DIR", requires = "account")]
    resource_policies: Option<PathBuf>,

    /// The organization that the account is in: a file with `organizations`, as a world has it (`corpus/README.md`).
    #[arg(long, value_name = "FILE", requires = "account")]
    organization: Option<PathBuf>,

    /// The instant at which the account is looked at [default: the newest date that it tells].
    #[arg(long, value_name = "INSTANT", requires = "account")]
    time: Option<String>,

    /// Whom it begins with: the ARN of a user, a role, a session of a role, or a provider whose assertions and tokens the world has.
    #[arg(long, value_name = "PRINCIPAL", required_unless_present = "to")]
    from: Option<String>,

    /// The role to come to, by its ARN; alone: who can come to hold it.
    #[arg(long, value_name = "ROLE")]
    to: Option<String>,

    /// Leave calls aside that change policies, make keys, or open a role to the caller.
    #[arg(long)]
    no_changes: bool,

    /// Only warn of what AWS would refuse on saving, but what has a plain meaning.
    #[arg(long)]
    lenient: bool,
}

/// Runs the verb. It holds if the question has an answer; `--from` with `--to` if there is a path.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let described = world(arguments)?;
    let changes = if arguments.no_changes { Changes::None } else { Changes::Tried };
    let interpreter = Interpreter::with(Reading::default());
    let reach = Reach::of(&described.world, changes, interpreter)
        .map_err(|unusable| Failure::Input(unusable.to_string()))?;
    let missing = |error: crate::reach::NotThere| Failure::Input(error.to_string());
    let scene = told::Scene { described: &described, changes };
    let (outcome, fields) = match (&arguments.from, &arguments.to) {
        (Some(principal), Some(role)) => {
            let (path, doubts) = reach.between(principal, role).map_err(missing)?;
            let outcome = match (&path, doubts.is_empty()) {
                (Some(_), _) => Outcome::Holds,
                (None, true) => Outcome::Refuted,
                (None, false) => Outcome::Unknown,
            };
            if settings.format == Format::Text {
                scene.print_between(principal, role, path.as_ref(), &doubts, output)?;
            }
            (outcome, scene.between_as_json(principal, role, path.as_ref(), &doubts))
        }
        (Some(principal), None) => {
            let from = reach.from(principal).map_err(missing)?;
            if settings.format == Format::Text {
                scene.print_from(principal, &from, output)?;
            }
            (told::outcome(&from.doubts), scene.reached_as_json(principal, &from))
        }
        (None, Some(role)) => {
            let to = reach.to(role).map_err(missing)?;
            if settings.format == Format::Text {
                scene.print_to(role, &to, output)?;
            }
            (told::outcome(&to.doubts), scene.reaching_as_json(role, &to))
        }
        (None, None) => return Err(Failure::Input("say `--from`, `--to` or both".to_owned())),
    };
    if settings.format == Format::Json {
        let Value::Object(fields) = fields else { unreachable!("an answer is an object") };
        output.answer_of(settings, fields)?;
    }
    Ok(outcome)
}

/// The world of the case, or that of the account.
fn world(arguments: &Arguments) -> Result<Description, Failure> {
    let strictness = if arguments.lenient { Strictness::Lenient } else { Strictness::Strict };
    let input = |error: crate::corpus::Error| Failure::Input(error.to_string());
    if let Some(path) = &arguments.case {
        let world = match folder::read_file(path, strictness).map_err(input)? {
            Content::Case(case) => match *case {
                Case { question: Question::Trace { world, .. }, .. } => Some(*world),
                Case { question: Question::Decisions { .. } | Question::Grammar { .. }, .. } => None,
            },
            Content::Policy(_) => None,
        };
        let missing = || Failure::Input(format!("{} is no case with a `world`", path.display()));
        return Ok(Description { world: world.ok_or_else(missing)?, outside: Default::default() });
    }
    let load = |path: &PathBuf| Ok(File { path: path.clone(), bytes: folder::bytes(path).map_err(input)? });
    let pages: Result<Vec<File>, Failure> = arguments.account.iter().map(load).collect();
    let mut beside = Beside::default();
    if let Some(folder) = &arguments.resource_policies {
        let found = files::find(std::slice::from_ref(folder));
        if let Some(bad) = found.unreadable.first() {
            return Err(Failure::Input(format!("{}: {}", bad.path.display(), bad.message)));
        }
        beside.resource_policies = found.found.iter().map(load).collect::<Result<_, _>>()?;
    }
    beside.organization = arguments.organization.as_ref().map(load).transpose()?;
    let time = match &arguments.time {
        None => None,
        Some(text) => Some(Instant::parse(text).ok_or_else(|| {
            Failure::Input(format!(
                "--time: expected an instant such as `2024-06-01T12:00:00Z`, found `{text}`"
            ))
        })?),
    };
    account::read(&pages?, &beside, time, strictness).map_err(input)
}
