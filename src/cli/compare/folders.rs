//! `compare OLD NEW` with two folders: documents of one relative path are compared, and those that only one folder has.
//!
//! A document that is not there allows nothing; a boundary, a session policy, an SCP, an RCP or an endpoint policy that is not there restricts
//! nothing.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::Manner;
use super::answer::{Answer, Presence, Side, error_fields, named};
use super::pair::tell_all;
use super::rests::Rests;
use super::text::{print_answer, print_replay_hint, print_summary};
use super::witnesses::Witnesses;
use crate::cli::files::{self, Unreadable};
use crate::cli::output::tell;
use crate::cli::settings::{Format, Settings};
use crate::cli::{Failure, Outcome, Output, interrupt, progress};
use crate::comparison::{
    Ending, Library, Lookup, Prepared, Shelved, Unusable, Verdict, allows_all, in_order,
};
use crate::iam::policy::{Policy, PolicyType, Version};

/// The files of one relative path.
#[derive(Clone, Debug, Default)]
struct Files {
    old: Option<PathBuf>,
    new: Option<PathBuf>,
}

/// How many pairs came to what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) pairs: usize,
    pub(super) by_verdict: BTreeMap<&'static str, usize>,
    pub(super) gained: usize,
    pub(super) lost: usize,
    pub(super) unusable: usize,
}

/// What came of one relative path.
struct Compared {
    name: String,
    result: Result<Box<(Answer, Rests)>, Vec<Arc<Unusable>>>,
    paths: [String; 2],
}

/// Compares two folders.
pub(super) fn run(
    old: &Path,
    new: &Path,
    manner: Manner,
    witnesses: &Witnesses,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let (pairs, mut outcome) = paired(old, new);
    let bar = progress::bar(pairs.len() as u64, "compare");
    let library = manner.library();
    let folders = [named(old), named(new)];
    let work = {
        let folders = folders.clone();
        move |(name, files): (String, Files)| compared(name, &files, &library, &folders, &manner)
    };
    let mut tally = Tally::default();
    let mut answers: Vec<Value> = Vec::new();
    let mut failure = None;
    let stop = interrupt::watched();
    let ending = in_order(pairs.into_iter(), work, manner.threads, stop, |compared: Compared| {
        bar.inc(1);
        outcome = outcome.and(tally.count(&compared, &manner));
        let done = bar.suspend(|| match settings.format {
            Format::Text => print(&compared, &manner, witnesses, output),
            Format::Json => {
                answers.push(as_json(&compared, witnesses)?);
                Ok(())
            }
        });
        match done {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    bar.finish_and_clear();
    let ending = ending.map_err(|error| Failure::Input(format!("no threads to run on: {error}")))?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    if tally.pairs == 0 {
        outcome = outcome.and(Outcome::Unknown);
    }
    if ending == Ending::Stopped {
        outcome = outcome.and(Outcome::Interrupted);
    }
    match settings.format {
        Format::Text => {
            if tally.gained + tally.lost > 0 {
                print_replay_hint(witnesses, output)?;
            }
            print_summary(&tally, ending, output)?;
        }
        Format::Json => output.answer_of(settings, fields(folders, &tally, answers, ending))?,
    }
    Ok(outcome)
}

/// The documents below both folders by relative path, and how looking for them ended.
fn paired(old: &Path, new: &Path) -> (Vec<(String, Files)>, Outcome) {
    let mut pairs: BTreeMap<PathBuf, Files> = BTreeMap::new();
    let mut outcome = Outcome::Holds;
    for (folder, put) in [
        (old, (|files, path| files.old = Some(path)) as fn(&mut Files, PathBuf)),
        (new, |files, path| {
            files.new = Some(path);
        }),
    ] {
        let found = files::find(&[folder.to_owned()]);
        for Unreadable { path, message } in found.unreadable {
            tell(&format!("{} cannot be read: {message}", path.display()));
            outcome = Outcome::Unusable;
        }
        for path in found.found {
            let relative = path.strip_prefix(folder).unwrap_or(&path).to_owned();
            put(pairs.entry(relative).or_default(), path);
        }
    }
    (pairs.into_iter().map(|(path, files)| (named(&path), files)).collect(), outcome)
}

fn compared(
    name: String,
    files: &Files,
    library: &Library,
    folders: &[String; 2],
    manner: &Manner,
) -> Compared {
    let look = |path: &Option<PathBuf>| path.as_ref().map(|path| library.document(path));
    let (old, new) = (look(&files.old), look(&files.new));
    let failures: Vec<Arc<Unusable>> =
        [&old, &new].into_iter().flatten().filter_map(|lookup| lookup.as_ref().err().cloned()).collect();
    let path = |path: &Option<PathBuf>, folder: &str| match path {
        Some(path) => named(path),
        None => format!("nothing (no {name} below {folder})"),
    };
    let [old_folder, new_folder] = folders;
    let paths = [path(&files.old, old_folder), path(&files.new, new_folder)];
    let [old_name, new_name] = paths.clone();
    let result = match (sides(old, old_name, new, new_name), failures.is_empty()) {
        (Some((old, new)), true) => {
            let answer = Answer::of(old, new, manner);
            let rests = answer.rests(manner);
            Ok(Box::new((answer, rests)))
        }
        (Some(_) | None, _) => Err(failures),
    };
    Compared { name, result, paths }
}

/// Both sides, the missing one filled in.
fn sides(
    old: Option<Lookup>,
    old_name: String,
    new: Option<Lookup>,
    new_name: String,
) -> Option<(Side, Side)> {
    let there = |lookup: Lookup, name| Some(Side { name, presence: Presence::There, shelved: lookup.ok()? });
    let missing = |beside: &Side, name| {
        let shelved = absent(&beside.shelved.prepared)?;
        Some(Side { name, presence: Presence::Missing, shelved: Arc::new(shelved) })
    };
    match (old, new) {
        (Some(old), Some(new)) => Some((there(old, old_name)?, there(new, new_name)?)),
        (Some(old), None) => {
            let old = there(old, old_name)?;
            let new = missing(&old, new_name)?;
            Some((old, new))
        }
        (None, Some(new)) => {
            let new = there(new, new_name)?;
            let old = missing(&new, old_name)?;
            Some((old, new))
        }
        (None, None) => None,
    }
}

/// What stands in for a document that is not there, read as the one that is.
fn absent(beside: &Prepared) -> Option<Shelved> {
    let policy_type = beside.policy_type();
    let policy = match policy_type {
        PolicyType::Identity | PolicyType::Resource | PolicyType::Trust | PolicyType::Rcp => {
            Policy { version: Version::V2012, id: None, statements: Vec::new() }
        }
        PolicyType::Boundary | PolicyType::Session | PolicyType::Scp | PolicyType::Endpoint => allows_all(),
    };
    Prepared::assuming(policy, policy_type, beside.assumptions()).ok().map(Shelved::without_text)
}

impl Tally {
    fn count(&mut self, compared: &Compared, manner: &Manner) -> Outcome {
        self.pairs += 1;
        match &compared.result {
            Ok(compared) => {
                let (answer, _) = compared.as_ref();
                *self.by_verdict.entry(answer.verdict().name()).or_default() += 1;
                self.gained += usize::from(answer.gained.is_some());
                self.lost += usize::from(answer.lost.is_some());
                answer.outcome(manner)
            }
            Err(_) => {
                self.unusable += 1;
                *self.by_verdict.entry("error").or_default() += 1;
                Outcome::Unusable
            }
        }
    }

    /// What the new folder as a whole is.
    fn verdict(&self) -> &'static str {
        let some = |verdict: Verdict| self.by_verdict.contains_key(verdict.name());
        if self.unusable > 0 {
            return "error";
        }
        let verdict = match (self.gained > 0, self.lost > 0) {
            _ if some(Verdict::Unknown) || self.pairs == 0 => Verdict::Unknown,
            (false, false) => Verdict::Equivalent,
            (true, false) => Verdict::Wider,
            (false, true) => Verdict::Narrower,
            (true, true) => Verdict::Incomparable,
        };
        verdict.name()
    }
}

fn print(
    compared: &Compared,
    manner: &Manner,
    witnesses: &Witnesses,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    let (answer, rests) = match &compared.result {
        Ok(found) => found.as_ref(),
        Err(failures) => {
            failures.iter().for_each(|unusable| tell_all(unusable));
            return Ok(());
        }
    };
    // Nothing is to be said of what did not change, whatever AWS means.
    if answer.verdict() == Verdict::Equivalent && answer.notes().is_empty() && !rests.is_worth_telling() {
        return Ok(());
    }
    let replays = witnesses.write(answer, &flat(&compared.name))?;
    print_answer(answer, &replays, manner, output)?;
    if rests.is_worth_telling() {
        rests.print(output)?;
    }
    output.line("")?;
    // An interrupted run has shown what it found.
    Ok(output.flush()?)
}

fn as_json(compared: &Compared, witnesses: &Witnesses) -> Result<Value, Failure> {
    let [old, new] = &compared.paths;
    let mut fields = match &compared.result {
        Ok(found) => {
            let (answer, rests) = found.as_ref();
            witnesses.write(answer, &flat(&compared.name))?;
            let mut fields = answer.fields();
            fields.extend(rests.fields.clone());
            fields
        }
        Err(failures) => {
            let messages: Vec<String> = failures.iter().map(ToString::to_string).collect();
            error_fields(old, new, messages.join("; "))
        }
    };
    fields.insert("path".to_owned(), compared.name.as_str().into());
    Ok(fields.into())
}

/// A relative path as the beginning of a file's name.
fn flat(name: &str) -> String {
    let stem = name.strip_suffix(".json").unwrap_or(name);
    format!("{}.", stem.replace(['/', '\\'], "-"))
}

fn fields([old, new]: [String; 2], tally: &Tally, answers: Vec<Value>, ending: Ending) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("old".to_owned(), old.into());
    fields.insert("new".to_owned(), new.into());
    fields.insert("verdict".to_owned(), tally.verdict().into());
    fields.insert("interrupted".to_owned(), (ending == Ending::Stopped).into());
    fields.insert("pairs".to_owned(), answers.into());
    fields
}
