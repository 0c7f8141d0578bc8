//! `iamproof search`: whether something can be reached in a world in at most so many steps, by a trace that the solver finds.

mod told;

use std::fs;
use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

use super::crosscheck::limits;
use super::described::Described;
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output};
use crate::corpus::write::write;
use crate::corpus::{Case, Question};
use crate::iam::operation::ServiceRequest;
use crate::iam::world::{Profile, World};
use crate::model::bounded::{Begin, Goal, Unusable, Which};
use crate::search::{Parties, Replayed, Search, Verdict};

/// The most steps that can be asked for.
const MOST_STEPS: usize = 32;

/// What `search` is asked to do.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("goal").required(true).args(
    ["lasts", "holds", "does", "outlives", "renews"]
))]
pub struct Arguments {
    #[command(flatten)]
    described: Described,

    /// Goal: a session that lasts longer than so many seconds.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(0..))]
    lasts: Option<i64>,

    /// With `--lasts`, which sessions: all; those of roles; or those of a chain, which a role session asked for.
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = WhichChoice::Any, requires = "lasts")]
    of: WhichChoice,

    /// Goal: a session of this role.
    #[arg(long, value_name = "ROLE")]
    holds: Option<String>,

    /// Goal: this action on this resource, such as `s3:GetObject arn:aws:s3:::ledger/2024`; the request is the last step.
    #[arg(long, num_args = 2, value_names = ["ACTION", "RESOURCE"])]
    does: Option<Vec<String>>,

    /// Goal: a session that ends later than the session with which it was asked for.
    #[arg(long)]
    outlives: bool,

    /// Goal: a role session that can be renewed for ever, through a cycle of roles.
    #[arg(long)]
    renews: bool,

    /// The most steps.
    #[arg(long, value_name = "K", default_value_t = 4)]
    steps: usize,

    /// How long sessions may last: `aws` as AWS has it, `strict` an hour at the most [default: as the world says; an account: aws].
    #[arg(long, value_enum, value_name = "PROFILE")]
    profile: Option<ProfileChoice>,

    /// Who begins: the ARN of a user or of a root user, a service such as `ec2.amazonaws.com`, or `*`, unsigned calls [default: anybody; with
    /// `--does` no root user].
    #[arg(long, value_name = "PRINCIPAL")]
    from: Option<String>,

    /// Where to write what is found, as a case that `iamproof run` takes and tells.
    #[arg(long, value_name = "FILE")]
    write_to: Option<PathBuf>,
}

/// Of which sessions `--lasts` speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WhichChoice {
    /// All.
    Any,
    /// Those of roles.
    Roles,
    /// Those that were issued to a role session.
    Chained,
}

/// A profile on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ProfileChoice {
    /// An hour at the most.
    Strict,
    /// As AWS has it.
    Aws,
}

/// Runs the verb. It holds if nothing is found up to the bound.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let goal = goal(arguments)?;
    if !(1..=MOST_STEPS).contains(&arguments.steps) {
        let message = format!("--steps: expected 1 to {MOST_STEPS}, found {}", arguments.steps);
        return Err(Failure::Input(message));
    }
    let mut world = arguments.described.read()?.world;
    world.profile = match (arguments.profile, arguments.described.is_account()) {
        (Some(ProfileChoice::Strict), _) => Profile::Strict,
        (Some(ProfileChoice::Aws), _) | (None, true) => Profile::Aws,
        (None, false) => world.profile,
    };
    let begin = arguments.from.clone().map_or(Begin::Anybody, Begin::With);
    let search = Search {
        world: &world,
        goal: &goal,
        bound: arguments.steps,
        begin: &begin,
        parties: Parties::default(),
        limits: limits(settings),
    };
    let answer = search.run().map_err(|unusable| Failure::Input(unusable_as_text(&unusable, &goal)))?;
    let written = match (&answer.verdict, &arguments.write_to) {
        (Verdict::Reached(replayed), Some(path)) => {
            let case = as_case(&goal, &world, replayed);
            fs::write(path, write(&case))
                .map_err(|error| Failure::Input(format!("{} cannot be written: {error}", path.display())))?;
            Some(path.as_path())
        }
        (Verdict::Reached(_), None)
        | (Verdict::NotWithinBound | Verdict::Unknown(_) | Verdict::Defect(_), _) => None,
    };
    let told = told::Told { goal: &goal, bound: arguments.steps, world: &world, answer: &answer, written };
    match settings.format {
        Format::Text => told.print(output)?,
        Format::Json => output.answer(settings, told.as_json())?,
    }
    Ok(match answer.verdict {
        Verdict::Reached(_) => Outcome::Refuted,
        Verdict::NotWithinBound => Outcome::Holds,
        Verdict::Unknown(_) => Outcome::Unknown,
        Verdict::Defect(_) => Outcome::Defect,
    })
}

/// What is looked for; exactly one goal is given.
fn goal(arguments: &Arguments) -> Result<Goal, Failure> {
    let Arguments { lasts, of, holds, does, outlives, renews, .. } = arguments;
    let which = match of {
        WhichChoice::Any => Which::Any,
        WhichChoice::Roles => Which::Roles,
        WhichChoice::Chained => Which::Chained,
    };
    let lasts = lasts.map(|longer_than| Goal::Lasts { longer_than, which });
    let holds = holds.clone().map(|role| Goal::Holds { role });
    let does = match does.as_deref() {
        Some([action, resource]) => Some(Goal::Does { request: request(action, resource)? }),
        Some(_) | None => None,
    };
    let outlives = outlives.then_some(Goal::Outlives);
    let renews = renews.then_some(Goal::Renews);
    let given = [lasts, holds, does, outlives, renews].into_iter().flatten().next();
    given.ok_or_else(|| Failure::Input("say what is looked for: `iamproof search --help`".to_owned()))
}

/// A request of one action on one resource: a pattern would be many.
fn request(action: &str, resource: &str) -> Result<ServiceRequest, Failure> {
    let wrong = |what: &str| Failure::Input(format!("--does: {what}"));
    let is_one = |text: &str| !text.contains(['*', '?']);
    match action.split_once(':') {
        Some((service, name)) if !service.is_empty() && !name.is_empty() && is_one(action) => {}
        Some(_) | None => {
            return Err(wrong(&format!("expected one action such as `s3:GetObject`, found `{action}`")));
        }
    }
    let is_arn = crate::iam::arn::Arn::parse(resource).is_some() && is_one(resource);
    if resource != "*" && !is_arn {
        let what = format!("expected the ARN of one resource or `*`, found `{resource}`");
        return Err(wrong(&what));
    }
    Ok(ServiceRequest { action: action.to_owned(), resource: resource.to_owned(), resource_account: None })
}

fn unusable_as_text(unusable: &Unusable, goal: &Goal) -> String {
    match unusable {
        Unusable::BoundTooSmall { least } => {
            format!("--steps: {} takes {least} steps at least", told::noun(goal))
        }
        Unusable::NoRole(role) => format!("--holds: the world has no role `{role}`"),
        Unusable::NoBeginning(name) => format!(
            "--from: `{name}` is neither a user nor a root user (`arn:aws:iam::ACCOUNT:root`) of the world, nor a service that a \
             policy names; for a role, begin with whoever can assume it"
        ),
    }
}

/// What was found, as a case.
fn as_case(goal: &Goal, world: &World, replayed: &Replayed) -> Case {
    Case {
        because: format!("In {} steps: {}.", replayed.steps.len(), told::noun(goal)),
        rule: None,
        source: Some("iamproof search".to_owned()),
        question: Question::Trace { world: Box::new(world.clone()), steps: replayed.steps.clone() },
    }
}
