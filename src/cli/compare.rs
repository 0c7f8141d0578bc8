//! `iamproof compare`: what one document allows and another does not, for every request.

mod answer;
mod batch;
mod folders;
mod pair;
mod rests;
mod square;
mod text;
mod witnesses;

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::settings::{Format, Settings};
use super::validate::policy_type_parser;
use super::{Failure, Outcome, Output};
use crate::comparison::{Library, Verdict};
use crate::iam::assumption::Assumptions;
use crate::iam::document::{Strictness, TypeChoice};
use crate::iam::policy::PolicyType;
use crate::solver::Limits;
use witnesses::Witnesses;

/// What `compare` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The document, or the folder of documents, as it was.
    #[arg(value_name = "OLD", required_unless_present_any = ["batch", "all_pairs"])]
    old: Option<PathBuf>,

    /// The same as it will be. Of two folders, files of one relative path are compared.
    #[arg(value_name = "NEW", required_unless_present_any = ["batch", "all_pairs"])]
    new: Option<PathBuf>,

    /// Compares the pairs of a file of lines `{"old": PATH, "new": PATH}` (`-`: standard input); prints one line of JSON for each, in order.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["old", "new", "expect"])]
    batch: Option<PathBuf>,

    /// Asks of every ordered pair of documents below a folder whether the one allows all that the other does; lists the pairs of which it does.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["old", "new", "batch", "expect", "write_cases"])]
    all_pairs: Option<PathBuf>,

    /// With --all-pairs: how many of the answers Z3's own theory of strings confirms.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "all_pairs")]
    confirm: usize,

    /// What NEW must be for exit code 0: `narrower` (or equivalent), or `equivalent`.
    #[arg(long, value_enum, default_value_t = Expected::Narrower, value_name = "VERDICT")]
    expect: Expected,

    /// Writes each witness into this folder, as a case that `iamproof decide --case FILE` shows.
    #[arg(long, value_name = "FOLDER")]
    write_cases: Option<PathBuf>,

    /// The type of the policies [default: `trust` with a Principal but no Resource, `resource` with both, else `identity`].
    #[arg(long = "type", value_name = "TYPE", value_parser = policy_type_parser())]
    policy_type: Option<PolicyType>,

    /// Only warn of what AWS would refuse on saving, but what has a plain meaning (an account id without 12 digits).
    #[arg(long)]
    lenient: bool,
}

/// What NEW may be at the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Expected {
    /// It allows nothing that OLD does not.
    Narrower,
    /// It allows the same.
    Equivalent,
}

impl Expected {
    /// What this verdict makes of the run.
    fn outcome(self, verdict: Verdict) -> Outcome {
        match (verdict, self) {
            (Verdict::Equivalent, _) | (Verdict::Narrower, Expected::Narrower) => Outcome::Holds,
            (Verdict::Narrower, Expected::Equivalent) | (Verdict::Wider | Verdict::Incomparable, _) => {
                Outcome::Refuted
            }
            (Verdict::Unknown, _) => Outcome::Unknown,
        }
    }
}

/// How documents are read and questions answered in this run.
#[derive(Clone, Copy, Debug)]
struct Manner {
    choice: TypeChoice,
    strictness: Strictness,
    expected: Expected,
    assumptions: Assumptions,
    limits: Limits,
    threads: Option<usize>,
}

impl Manner {
    fn of(arguments: &Arguments, settings: &Settings) -> Result<Manner, Failure> {
        Ok(Manner {
            choice: arguments.policy_type.map_or(TypeChoice::Guessed, TypeChoice::Given),
            strictness: if arguments.lenient { Strictness::Lenient } else { Strictness::Strict },
            expected: arguments.expect,
            assumptions: settings.assumptions()?,
            limits: limits(settings.limit),
            threads: settings.threads.map(usize::from),
        })
    }

    fn library(&self) -> Library {
        Library::new(self.choice, self.strictness, self.assumptions)
    }
}

/// The limits with the user's one for Z3 in them.
fn limits(limit: Option<u32>) -> Limits {
    let usual = Limits::default();
    match limit {
        None => usual,
        Some(effort) => Limits {
            z3_effort: effort,
            z3_strings_effort: effort,
            // What our own procedures count is work of about the same size.
            conflicts: usual.conflicts.min(u64::from(effort)),
            rounds: usual.rounds.min(u64::from(effort)),
            text_states: usual.text_states.min(u64::from(effort)),
            ..usual
        },
    }
}

/// Runs the verb.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let manner = Manner::of(arguments, settings)?;
    let witnesses = Witnesses::into(arguments.write_cases.as_deref(), manner.strictness)?;
    if let Some(file) = &arguments.batch {
        return batch::run(file, manner, witnesses, output);
    }
    if settings.format == Format::Text {
        output.assumed(manner.assumptions)?;
    }
    if let Some(folder) = &arguments.all_pairs {
        return square::run(folder, arguments.confirm, manner, settings, output);
    }
    let (Some(old), Some(new)) = (&arguments.old, &arguments.new) else {
        return Err(Failure::Input("compare takes two paths: OLD and NEW".to_owned()));
    };
    match (is_folder(old)?, is_folder(new)?) {
        (Kind::Folder, Kind::Folder) => folders::run(old, new, manner, &witnesses, settings, output),
        (Kind::File, Kind::File) => pair::run(old, new, manner, &witnesses, settings, output),
        (Kind::Folder, Kind::File) | (Kind::File, Kind::Folder) => Err(Failure::Input(format!(
            "{} and {} are not comparable: one is a folder, the other a file",
            old.display(),
            new.display()
        ))),
    }
}

/// What a path leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Folder,
    File,
}

fn is_folder(path: &Path) -> Result<Kind, Failure> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(Kind::Folder),
        Ok(_) => Ok(Kind::File),
        Err(error) => Err(Failure::Input(format!("{} cannot be read: {error}", path.display()))),
    }
}
