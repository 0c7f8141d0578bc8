//! Witnesses as files: each as two cases, one in which the request is allowed and one in which it is not.

use std::fs;
use std::path::{Path, PathBuf};

use super::answer::{Answer, Side, Told};
use crate::cli::Failure;
use crate::corpus::Case;
use crate::corpus::write::write;
use crate::iam::document::Strictness;

/// Where witnesses are written to, if anywhere.
#[derive(Clone, Debug)]
pub(super) struct Witnesses {
    folder: Option<PathBuf>,
    strictness: Strictness,
}

/// The files of one witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replay {
    /// The command that shows that it is allowed.
    pub(super) allowed: String,
    /// The command that shows that it is not, where a decision does.
    pub(super) refused: Option<String>,
}

/// The replays of both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Replays {
    pub(super) gained: Option<Replay>,
    pub(super) lost: Option<Replay>,
}

impl Witnesses {
    /// Makes the folder.
    ///
    /// # Errors
    ///
    /// It cannot be made.
    pub(super) fn into(folder: Option<&Path>, strictness: Strictness) -> Result<Witnesses, Failure> {
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        }
        Ok(Witnesses { folder: folder.map(Path::to_owned), strictness })
    }

    /// Whether anything is written.
    pub(super) fn are_written(&self) -> bool {
        self.folder.is_some()
    }

    /// Writes the witnesses of an answer; `name` begins the names of their files.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub(super) fn write(&self, answer: &Answer, name: &str) -> Result<Replays, Failure> {
        let Answer { old, new, gained, lost, .. } = answer;
        Ok(Replays {
            gained: self.write_one(gained.as_ref(), &format!("{name}gained"), (new, "new"), (old, "old"))?,
            lost: self.write_one(lost.as_ref(), &format!("{name}lost"), (old, "old"), (new, "new"))?,
        })
    }

    fn write_one(
        &self,
        told: Option<&Told>,
        name: &str,
        (allowing, of_allowing): (&Side, &str),
        (refusing, of_refusing): (&Side, &str),
    ) -> Result<Option<Replay>, Failure> {
        let (Some(told), Some(folder)) = (told, &self.folder) else { return Ok(None) };
        let allowed = folder.join(format!("{name}.{of_allowing}.json"));
        let refused = folder.join(format!("{name}.{of_refusing}.json"));
        let put = |path: &Path, case: &Case| {
            fs::write(path, write(case)).map_err(|error| unwritable(path, &error))?;
            Ok::<String, Failure>(self.command(path))
        };
        let allowed = put(&allowed, &told.allowing_case(&allowing.name, &refusing.name))?;
        let case = told.refusing_case(&allowing.name, &refusing.name);
        let refused = told.staged.is_shown().then(|| put(&refused, &case)).transpose()?;
        Ok(Some(Replay { allowed, refused }))
    }

    fn command(&self, path: &Path) -> String {
        let lenient = match self.strictness {
            Strictness::Strict => "",
            Strictness::Lenient => " --lenient",
        };
        let path = path.display().to_string();
        format!("iamproof decide --case {}{lenient}", shell_words::quote(&path))
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Input(format!("{} cannot be written: {error}", path.display()))
}
