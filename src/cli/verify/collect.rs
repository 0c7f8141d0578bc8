//! What lies below the paths that `verify` was given: cases, policies, and what is neither.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::Outcome;
use crate::cli::corpus::Tally;
use crate::cli::output::tell;
use crate::corpus::folder::{self, Content, Found};
use crate::evaluator::Reading;
use crate::iam::document::Strictness;
use crate::iam::policy::{Policy, PolicyType};

/// A policy and its file.
pub(super) struct FiledPolicy {
    pub(super) path: PathBuf,
    pub(super) policy_type: PolicyType,
    pub(super) policy: Policy,
}

/// Everything that was found.
#[derive(Default)]
pub(super) struct Collected {
    /// The cases, replayed, and what is neither a case nor a policy.
    pub(super) cases: Tally,
    pub(super) policies: Vec<FiledPolicy>,
    /// Policies that the grammar refuses, each with its first error and place.
    refused: Vec<(PathBuf, String)>,
}

/// Reads everything below the paths, and replays the cases in this reading. One bad file does not stop the rest.
pub(super) fn collect(paths: &[PathBuf], strictness: Strictness, reading: Reading) -> Collected {
    let mut collected = Collected::default();
    for found in paths.iter().flat_map(|path| folder::read(path, strictness)) {
        match found {
            Found { path, content: Ok(Content::Policy(document)) } => match document.policy {
                Some(policy) => {
                    collected.policies.push(FiledPolicy { path, policy_type: document.policy_type, policy });
                }
                None => {
                    let first = document.errors().next().map(ToString::to_string).unwrap_or_default();
                    collected.refused.push((path, first));
                }
            },
            other => collected.cases.count(other, reading),
        }
    }
    collected
}

impl Collected {
    /// Whether there is nothing to verify.
    pub(super) fn is_empty(&self) -> bool {
        self.cases.cases == 0
            && self.policies.is_empty()
            && self.refused.is_empty()
            && self.cases.unusable.is_empty()
    }

    /// Names on standard error what could not be used.
    pub(super) fn tell(&self) {
        self.cases.unusable.iter().for_each(|message| tell(message));
        self.refused.iter().for_each(|(path, error)| tell(&told(path, error)));
    }

    /// How many files could not be used.
    pub(super) fn bad_files(&self) -> usize {
        self.cases.unusable.len() + self.refused.len()
    }

    pub(super) fn outcome(&self) -> Outcome {
        let unusable = if self.cases.unusable.is_empty() { Outcome::Holds } else { Outcome::Unusable };
        let failed = if self.cases.failed.is_empty() { Outcome::Holds } else { Outcome::Refuted };
        let refused = if self.refused.is_empty() { Outcome::Holds } else { Outcome::Refuted };
        unusable.and(failed).and(refused)
    }

    /// The policies that the grammar refuses.
    pub(super) fn refused(&self) -> Value {
        json!(self.refused.iter().map(|(path, error)| told(path, error)).collect::<Vec<String>>())
    }
}

fn told(path: &Path, error: &str) -> String {
    format!("{}: {error}", path.display())
}
