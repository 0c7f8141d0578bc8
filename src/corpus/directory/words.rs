//! Small readings that the parts of a directory share: names, and words from a fixed list.

use crate::iam::directory::NotAName;
use crate::iam::json::{Error, Node};
use crate::iam::spelling::{nearest, quoted};

/// A name, read by one of the readers of [`crate::iam::directory`].
pub(super) fn name<T>(node: Node<'_>, parse: fn(&str) -> Result<T, NotAName>) -> Result<T, Error> {
    parse(node.string()?).map_err(|error| node.error(error.to_string()))
}

/// A word from a list.
pub(super) fn word<T: Copy>(
    node: Node<'_>,
    all: &[T],
    spelling: impl Fn(T) -> &'static str,
) -> Result<T, Error> {
    let text = node.string()?;
    if let Some(found) = all.iter().copied().find(|value| spelling(*value) == text) {
        return Ok(found);
    }
    let words: Vec<&str> = all.iter().map(|value| spelling(*value)).collect();
    let hint = match nearest(text, &words) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of `{}`", words.join("`, `")),
    };
    Err(node.error(format!("unknown word {}; {hint}", quoted(text))))
}
