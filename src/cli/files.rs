//! Which files a path on the command line means: the file itself, or every `*.json` below a folder.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A path that could not be looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The path, as the user would write it.
    pub path: PathBuf,
    /// What the operating system says.
    pub message: String,
}

/// The files that the paths mean: those of a folder sorted by path, each file once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The files, in the order in which they are worked on.
    pub found: Vec<PathBuf>,
    /// What could not be looked into; the rest was gone through all the same.
    pub unreadable: Vec<Unreadable>,
}

/// Finds the files.
pub fn find(paths: &[PathBuf]) -> Files {
    let mut search = Search::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => search.folder(path),
            Ok(_) => search.file(path.clone()),
            Err(error) => search.unreadable(path, &error),
        }
    }
    search.files
}

#[derive(Default)]
struct Search {
    files: Files,
    files_seen: HashSet<PathBuf>,
    /// The folders gone through, by their real path, since symbolic links may lead in a circle.
    folders_seen: HashSet<PathBuf>,
}

impl Search {
    fn file(&mut self, path: PathBuf) {
        if self.files_seen.insert(path.clone()) {
            self.files.found.push(path);
        }
    }

    fn unreadable(&mut self, path: &Path, error: &std::io::Error) {
        self.files.unreadable.push(Unreadable { path: path.to_owned(), message: error.to_string() });
    }

    fn folder(&mut self, top: &Path) {
        // A list of what is still to do instead of recursion: folders may nest as deeply as they like.
        let mut waiting = vec![top.to_owned()];
        let mut found = Vec::new();
        while let Some(folder) = waiting.pop() {
            let entries = fs::canonicalize(&folder).and_then(|real| {
                if !self.folders_seen.insert(real) {
                    return Ok(Vec::new());
                }
                fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()
            });
            match entries {
                Ok(entries) => {
                    for entry in entries {
                        let path = entry.path();
                        let is_document = path.extension().is_some_and(|extension| extension == "json");
                        match fs::metadata(&path) {
                            Ok(metadata) if metadata.is_dir() => waiting.push(path),
                            Ok(metadata) if is_document && metadata.is_file() => found.push(path),
                            // A pipe of that name would keep us waiting for a writer.
                            Ok(_) if is_document => {
                                self.unreadable(&path, &std::io::Error::other("not a regular file"));
                            }
                            Ok(_) => {}
                            Err(error) => self.unreadable(&path, &error),
                        }
                    }
                }
                Err(error) => self.unreadable(&folder, &error),
            }
        }
        found.sort();
        found.into_iter().for_each(|path| self.file(path));
        self.files.unreadable.sort_by(|left, right| left.path.cmp(&right.path));
    }
}
