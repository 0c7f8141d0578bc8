//! An account as AWS prints it: the JSON of `aws iam get-account-authorization-details`, and what may lie beside it.
//!
//! The pages of one run are read together, in whatever order they come: managed policies and groups first, since users and roles refer to
//! them. Members that are not spoken of here are passed over, since AWS adds some now and then: the only format of ours in which they are.
//! What is spoken of and is not as AWS prints it is an error with its file and place.

mod beside;
mod document;
mod entities;
mod managed;
mod outside;
mod part;

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::error::Error;
use crate::iam::document::Strictness;
use crate::iam::instant::Instant;
use crate::iam::json::{Json, Node};
use crate::iam::spelling::quoted;
use crate::iam::world::{Profile, World};
pub use beside::Beside;
use part::Lists;

/// A file that was loaded.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path, as messages name it.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What the files describe.
#[derive(Clone, Debug)]
pub struct Description {
    /// The accounts, and what lies beside them.
    pub world: World,
    /// Accounts of the world that the files only name: what their users and roles may do by their own policies is not known.
    pub outside: BTreeSet<String>,
}

/// When an account that tells no date is looked at.
const UNDATED: &str = "2024-01-01T00:00:00Z";

/// Reads the pages of one account, or of several.
///
/// The world begins at `time`; where none is given, at the newest date that the pages tell.
///
/// # Errors
///
/// Whatever is not as `docs/accounts.md` has it, with the file and the place: a wrong type, a missing part, a policy that is not valid, a
/// reference to what is not there, a page that is missing.
pub fn read(
    pages: &[File],
    beside: &Beside,
    time: Option<Instant>,
    strictness: Strictness,
) -> Result<Description, Error> {
    let texts: Result<Vec<Json<'_>>, Error> = pages
        .iter()
        .map(|file| Json::read(&file.bytes).map_err(|error| Error::from(error).in_file(&file.path)))
        .collect();
    let texts = texts?;
    let lists: Result<Vec<Lists<'_>>, Error> =
        texts.iter().zip(pages).map(|(json, file)| Lists::of(json.top(), &file.path)).collect();
    let lists = lists?;
    check_pages(&lists)?;
    let undated = || Instant::parse(UNDATED);
    let now = match time {
        Some(time) => Some(time),
        None => newest(&lists)?.or_else(undated),
    };
    let Some(now) = now else {
        unreachable!("the date of accounts without one is a date");
    };
    let mut world = World::empty(Profile::Aws, now);
    each(&lists, |lists| lists.policies, |node| managed::read(node, &mut world, strictness))?;
    each(&lists, |lists| lists.groups, |node| entities::group(node, &mut world, strictness))?;
    each(&lists, |lists| lists.users, |node| entities::user(node, &mut world, strictness))?;
    each(&lists, |lists| lists.roles, |node| entities::role(node, &mut world, strictness))?;
    if world.accounts.is_empty() {
        let message = "this describes no user, group, role or policy of any account";
        return Err(placed(&lists, message));
    }
    let described: BTreeSet<String> = world.accounts.keys().cloned().collect();
    each(&lists, |lists| lists.roles, |node| outside::check(node, &world, &described))?;
    outside::add_named_by_roles(&mut world, &described);
    beside::add(beside, &mut world, &described, strictness)?;
    let outside = world.accounts.keys().filter(|id| !described.contains(*id)).cloned().collect();
    world.check().map_err(|dangling| placed(&lists, &dangling.to_string()))?;
    Ok(Description { world, outside })
}

/// Reads every item of one list of all pages; an error gets the file that it is in.
fn each<'j>(
    pages: &[Lists<'j>],
    list: impl Fn(&Lists<'j>) -> Option<Node<'j>>,
    mut read: impl FnMut(Node<'j>) -> Result<(), Error>,
) -> Result<(), Error> {
    for page in pages {
        let Some(node) = list(page) else { continue };
        let items = node.items().map_err(Error::from);
        items
            .and_then(|mut items| items.try_for_each(&mut read))
            .map_err(|error| error.in_file(page.file))?;
    }
    Ok(())
}

/// Every page but one says that there are more.
fn check_pages(pages: &[Lists<'_>]) -> Result<(), Error> {
    let truncated: Vec<&Lists<'_>> = pages.iter().filter(|page| page.more.is_some()).collect();
    match truncated.last() {
        Some(page) if truncated.len() == pages.len() => {
            let message = "`IsTruncated` says that there is another page, and none of the files is the last";
            let node = page.more.unwrap_or(page.top);
            Err(Error::from(node.error(message)).in_file(page.file))
        }
        Some(_) | None => Ok(()),
    }
}

/// The newest of the dates that the pages tell.
fn newest(pages: &[Lists<'_>]) -> Result<Option<Instant>, Error> {
    let mut newest = None;
    let mut look_at = |node: Node<'_>| {
        let fields = node.fields_among_others()?;
        for name in ["CreateDate", "UpdateDate"] {
            if let Some(node) = fields.optional(name) {
                newest = newest.max(Some(date(node)?));
            }
        }
        Ok(())
    };
    each(pages, |lists| lists.policies, &mut look_at)?;
    each(pages, |lists| lists.groups, &mut look_at)?;
    each(pages, |lists| lists.users, &mut look_at)?;
    each(pages, |lists| lists.roles, &mut look_at)?;
    Ok(newest)
}

/// A date; some tools print a blank between day and time.
fn date(node: Node<'_>) -> Result<Instant, Error> {
    let text = node.string()?;
    let parsed = Instant::parse(text).or_else(|| Instant::parse(&text.replacen(' ', "T", 1)));
    let expected =
        || node.error(format!("expected a date such as `2024-06-01T12:00:00Z`, found {}", quoted(text)));
    Ok(parsed.ok_or_else(expected)?)
}

/// An error of the account as a whole, at the top of its first page.
fn placed(pages: &[Lists<'_>], message: &str) -> Error {
    match pages.first() {
        Some(page) => Error::from(page.top.error(message)).in_file(page.file),
        None => Error::without_place("no file describes an account"),
    }
}
