//! Documents that comparisons name, each read and prepared once however often it is named.
//!
//! What is kept is bounded: beyond [`MOST_BYTES`] of policy text the document that was not asked for longest is let go, and read again
//! should it come back.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::prepared::Prepared;
use crate::iam::assumption::Assumptions;
use crate::iam::document::{Finding, Strictness, TypeChoice, read};
use crate::iam::json::{Json, Place, Shape, file};

/// How much policy text is kept in prepared form. Prepared, a text takes some ten times its size.
const MOST_BYTES: usize = 32 << 20;

/// A document with its file.
#[derive(Debug)]
pub struct Shelved {
    /// The document.
    pub prepared: Prepared,
    bytes: Vec<u8>,
}

/// Why a document cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// The file.
    pub path: PathBuf,
    /// What is wrong, with its place.
    pub problem: Problem,
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file cannot be read: what the operating system says.
    Unreadable(String),
    /// The text is no policy; all errors, the most telling one first, and how many more there are.
    Invalid(Vec<Finding>, usize),
    /// It says something that cannot be compared yet.
    NotSupported(String),
}

/// What came of looking for a document; the same for everybody who names it.
pub type Lookup = Result<Arc<Shelved>, Arc<Unusable>>;

/// Documents by path.
#[derive(Debug)]
pub struct Library {
    choice: TypeChoice,
    strictness: Strictness,
    assumptions: Assumptions,
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    books: HashMap<PathBuf, Book>,
    bytes: usize,
    clock: u64,
}

#[derive(Debug)]
struct Book {
    lookup: Arc<OnceLock<Lookup>>,
    bytes: usize,
    asked_at: u64,
}

impl Library {
    /// An empty library, whose documents are read in this way.
    pub fn new(choice: TypeChoice, strictness: Strictness, assumptions: Assumptions) -> Library {
        Library { choice, strictness, assumptions, shelf: Mutex::default() }
    }

    /// The document of this path.
    ///
    /// # Errors
    ///
    /// [`Unusable`] with the place of what is wrong.
    pub fn document(&self, path: &Path) -> Lookup {
        let place = self.with_shelf(|shelf| shelf.place_of(path));
        // Whoever comes first reads; the others wait for that one document only.
        let lookup = place.get_or_init(|| {
            let lookup = self.look_up(path).map(Arc::new).map_err(Arc::new);
            let bytes = lookup.as_ref().map_or(0, |shelved| shelved.bytes.len());
            self.with_shelf(|shelf| shelf.weigh(path, bytes));
            lookup
        });
        lookup.clone()
    }

    fn with_shelf<R>(&self, work: impl FnOnce(&mut Shelf) -> R) -> R {
        // A thread that panicked left a shelf that is whole all the same: each change is one step.
        work(&mut self.shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn look_up(&self, path: &Path) -> Result<Shelved, Unusable> {
        let unusable = |problem| Unusable { path: path.to_owned(), problem };
        let bytes = file::load(path).map_err(|error| unusable(Problem::Unreadable(error.to_string())))?;
        Shelved::read(bytes, self.choice, self.strictness, self.assumptions).map_err(unusable)
    }
}

impl Shelf {
    fn place_of(&mut self, path: &Path) -> Arc<OnceLock<Lookup>> {
        self.clock += 1;
        if let Some(book) = self.books.get_mut(path) {
            book.asked_at = self.clock;
            return Arc::clone(&book.lookup);
        }
        let lookup = Arc::new(OnceLock::new());
        let book = Book { lookup: Arc::clone(&lookup), bytes: 0, asked_at: self.clock };
        self.books.insert(path.to_owned(), book);
        lookup
    }

    fn weigh(&mut self, path: &Path, bytes: usize) {
        /// What a path costs by itself, so that a million missing files are bounded too.
        const OF_A_PATH: usize = 256;
        if let Some(book) = self.books.get_mut(path) {
            book.bytes = bytes + OF_A_PATH;
            self.bytes += book.bytes;
        }
        while self.bytes > MOST_BYTES {
            let weighed = self.books.iter().filter(|(_, book)| book.bytes > 0);
            let Some((oldest, _)) = weighed.min_by_key(|(_, book)| book.asked_at) else { break };
            let oldest = oldest.clone();
            let gone = self.books.remove(&oldest);
            self.bytes -= gone.map_or(0, |book| book.bytes);
        }
    }
}

impl Shelved {
    /// Reads and prepares the text of a document.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(
        bytes: Vec<u8>,
        choice: TypeChoice,
        strictness: Strictness,
        assumptions: Assumptions,
    ) -> Result<Shelved, Problem> {
        let document = read(&bytes, choice, strictness);
        let left_out = document.findings_left_out;
        let Some(policy) = document.policy else {
            return Err(Problem::Invalid(document.errors().cloned().collect(), left_out));
        };
        let prepared = Prepared::assuming(policy, document.policy_type, assumptions)
            .map_err(|error| Problem::NotSupported(error.to_string()))?;
        Ok(Shelved { prepared, bytes })
    }

    /// A document that a program put together.
    pub fn without_text(prepared: Prepared) -> Shelved {
        Shelved { prepared, bytes: Vec::new() }
    }

    /// Where a statement, counted from 0, stands in the file.
    pub fn place_of(&self, statement: usize) -> Option<Place> {
        let json = Json::read(&self.bytes).ok()?;
        let Shape::Object(members) = json.top().shape() else { return None };
        let statements = members.iter().find(|member| member.name == "Statement")?;
        let value = match &statements.value.shape {
            Shape::Array(items) => items.get(statement)?,
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_) | Shape::Object(_) => {
                &statements.value
            }
        };
        Some(json.place(value.span.start))
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.problem {
            Problem::Unreadable(message) => write!(f, "{path} cannot be read: {message}"),
            Problem::NotSupported(message) => write!(f, "{path} cannot be compared: {message}"),
            Problem::Invalid(findings, left_out) => {
                write!(f, "{path} is not a valid policy")?;
                if let Some(first) = findings.first() {
                    write!(f, ": {} {}: {}", first.code, first.place, first.message)?;
                }
                match findings.len().saturating_sub(1) + left_out {
                    0 => Ok(()),
                    1 => f.write_str(" (and 1 more finding)"),
                    more => write!(f, " (and {more} more findings)"),
                }
            }
        }
    }
}

impl std::error::Error for Unusable {}
