//! Finds the cases below a path: sorted, each with its outcome, so that one bad file does not stop the rest.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::case::Case;
use super::error::Error;
use super::read::{self, Citation};
use crate::iam::document::{self, Document, Strictness};
use crate::iam::json::{Json, Node, Shape, file};

/// A file that was looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file.
    pub path: PathBuf,
    /// What it holds, or why it could not be used.
    pub content: Result<Content, Error>,
}

/// What a JSON file of a corpus may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A case.
    Case(Box<Case>),
    /// A policy document that stands alone, as in `corpus/accounts/`; it may have findings.
    Policy(Box<Document>),
}

impl Found {
    /// The name of the case: the file's stem.
    pub fn name(&self) -> String {
        self.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

/// Reads every `*.json` below a folder, sorted by path, or one file of any name.
pub fn read(path: &Path, strictness: Strictness) -> Vec<Found> {
    let mut paths = Vec::new();
    let mut found = Vec::new();
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            let mut unreadable = files_below(path, &mut paths);
            found.append(&mut unreadable);
        }
        Ok(_) => paths.push(path.to_owned()),
        Err(error) => {
            found.push(Found { path: path.to_owned(), content: Err(Error::unreadable(path, &error)) })
        }
    }
    for path in paths {
        let content = read_file(&path, strictness);
        found.push(Found { path, content });
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

/// Reads one file.
///
/// # Errors
///
/// The file cannot be read, or holds neither a case nor a policy.
pub fn read_file(path: &Path, strictness: Strictness) -> Result<Content, Error> {
    let bytes = bytes(path)?;
    content(path, &json(path, &bytes)?, strictness)
}

/// The bytes of a file.
///
/// # Errors
///
/// What the operating system says.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    file::load(path).map_err(|error| Error::unreadable(path, &error))
}

/// The bytes of this file as JSON.
///
/// # Errors
///
/// They are none.
pub fn json<'t>(path: &Path, bytes: &'t [u8]) -> Result<Json<'t>, Error> {
    Json::read(bytes).map_err(|error| Error::from(error).in_file(path))
}

/// What the JSON of this file holds.
///
/// # Errors
///
/// It is neither a case nor a policy.
pub fn content(path: &Path, json: &Json<'_>, strictness: Strictness) -> Result<Content, Error> {
    let top = json.top();
    if is_policy(top) {
        let document = document::read_node(top, document::guessed_type(top), strictness);
        return Ok(Content::Policy(Box::new(document)));
    }
    let case = read::read_node(top, citation(path), strictness).map_err(|error| error.in_file(path))?;
    Ok(Content::Case(Box::new(case)))
}

/// What a file's place asks of it: those below a folder `cited` must cite.
fn citation(path: &Path) -> Citation {
    let is_cited = path.parent().is_some_and(|folder| folder.iter().any(|name| name == "cited"));
    if is_cited { Citation::Required } else { Citation::Optional }
}

/// Whether an object is a policy document and no case: it has a Statement and none of the fields of a case.
fn is_policy(top: Node<'_>) -> bool {
    let Shape::Object(members) = top.shape() else { return false };
    let has = |name: &str| members.iter().any(|member| member.name == name);
    has("Statement") && !["because", "policies", "requests", "world", "steps"].into_iter().any(has)
}

/// Collects the paths of all `*.json` below a folder; gives back what could not be looked into.
fn files_below(top: &Path, paths: &mut Vec<PathBuf>) -> Vec<Found> {
    let mut unreadable = Vec::new();
    // Folders are told apart by their real path, since symbolic links may lead in a circle.
    let mut seen = HashSet::new();
    let mut waiting = vec![top.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = fs::canonicalize(&folder).and_then(|real| {
            if seen.insert(real) { fs::read_dir(&folder)?.collect() } else { Ok(Vec::new()) }
        });
        match entries {
            Ok(entries) => {
                for path in entries.iter().map(fs::DirEntry::path) {
                    let is_json = path.extension().is_some_and(|extension| extension == "json");
                    match fs::metadata(&path) {
                        Ok(metadata) if metadata.is_dir() => waiting.push(path),
                        Ok(metadata) if is_json && metadata.is_file() => paths.push(path),
                        // A pipe of that name would keep us waiting for a writer.
                        Ok(_) if is_json => {
                            let error =
                                Error::unreadable(&path, &std::io::Error::other("not a regular file"));
                            unreadable.push(Found { path, content: Err(error) });
                        }
                        Ok(_) => {}
                        Err(error) => {
                            let error = Error::unreadable(&path, &error);
                            unreadable.push(Found { path, content: Err(error) });
                        }
                    }
                }
            }
            Err(error) => {
                let error = Error::unreadable(&folder, &error);
                unreadable.push(Found { path: folder, content: Err(error) });
            }
        }
    }
    unreadable
}
