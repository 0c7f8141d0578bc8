//! `iamproof reach`: whom a principal can come to be, and who can come to hold a role, each by its shortest sequence of calls.

mod told;

use clap::Args;
use serde_json::Value;

use super::described::Described;
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output};
use crate::evaluator::{Interpreter, Reading};
use crate::reach::{Changes, Reach};

/// What `reach` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    described: Described,

    /// Whom it begins with: the ARN of a user, a role, a session of a role, or a provider whose assertions and tokens the world has.
    #[arg(long, value_name = "PRINCIPAL", required_unless_present = "to")]
    from: Option<String>,

    /// The role to come to, by its ARN; alone: who can come to hold it.
    #[arg(long, value_name = "ROLE")]
    to: Option<String>,

    /// Leave calls aside that change policies, make keys, or open a role to the caller.
    #[arg(long)]
    no_changes: bool,
}

/// Runs the verb. It holds if the question has an answer; `--from` with `--to` if there is a path.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let described = arguments.described.read()?;
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
