//! The world that a verb looks at: that of a case, or an account as AWS prints it.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::Failure;
use super::files;
use crate::corpus::account::{self, Beside, Description, File};
use crate::corpus::folder::{self, Content};
use crate::corpus::{Case, Question};
use crate::iam::document::Strictness;
use crate::iam::instant::Instant;

/// Where the world is read from.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("world").required(true).args(["case", "account"]))]
pub struct Described {
    /// A case whose `world` is looked at, as it is before its steps.
    #[arg(long, value_name = "FILE")]
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

    /// Only warn of what AWS would refuse on saving, but what has a plain meaning.
    #[arg(long)]
    lenient: bool,
}

impl Described {
    /// Whether the world is an account, which says nothing of how long sessions may last.
    pub(super) fn is_account(&self) -> bool {
        !self.account.is_empty()
    }

    /// The world of the case, or that of the account.
    pub(super) fn read(&self) -> Result<Description, Failure> {
        let strictness = if self.lenient { Strictness::Lenient } else { Strictness::Strict };
        let input = |error: crate::corpus::Error| Failure::Input(error.to_string());
        if let Some(path) = &self.case {
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
        let load =
            |path: &PathBuf| Ok(File { path: path.clone(), bytes: folder::bytes(path).map_err(input)? });
        let pages: Result<Vec<File>, Failure> = self.account.iter().map(load).collect();
        let mut beside = Beside::default();
        if let Some(folder) = &self.resource_policies {
            let found = files::find(std::slice::from_ref(folder));
            if let Some(bad) = found.unreadable.first() {
                return Err(Failure::Input(format!("{}: {}", bad.path.display(), bad.message)));
            }
            beside.resource_policies = found.found.iter().map(load).collect::<Result<_, _>>()?;
        }
        beside.organization = self.organization.as_ref().map(load).transpose()?;
        let time = match &self.time {
            None => None,
            Some(text) => Some(Instant::parse(text).ok_or_else(|| {
                Failure::Input(format!(
                    "--time: expected an instant such as `2024-06-01T12:00:00Z`, found `{text}`"
                ))
            })?),
        };
        account::read(&pages?, &beside, time, strictness).map_err(input)
    }
}
