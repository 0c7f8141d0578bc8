//! From the offset of a byte to what people can find: line, column, and the JSON pointer of RFC 6901.

use std::fmt;

use super::{Shape, Value};

/// A line and a column, both counted from 1; columns count code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1; lines end with a line feed.
    pub line: u32,
    /// The column, from 1, in code points.
    pub column: u32,
}

/// Where in a JSON text something stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The JSON pointer: empty for the top value, else `/Statement/2/Effect`.
    pub pointer: String,
    /// The line and the column.
    pub position: Position,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            write!(f, "at {}", self.position)
        } else {
            write!(f, "at `{}` ({})", self.pointer, self.position)
        }
    }
}

/// How many bytes lie between two entries of a [`LineIndex`].
const STRIDE: usize = 1024;

/// The position of every [`STRIDE`]th byte, so that ten thousand findings in one long line cost no ten thousand walks along it.
#[derive(Debug)]
pub(super) struct LineIndex {
    marks: Vec<Position>,
}

impl LineIndex {
    pub(super) fn of(text: &str) -> LineIndex {
        let mut position = Position { line: 1, column: 1 };
        let marks = text
            .as_bytes()
            .chunks(STRIDE)
            .map(|chunk| {
                let mark = position;
                position = advance(position, chunk);
                mark
            })
            .collect();
        LineIndex { marks }
    }

    pub(super) fn position(&self, text: &str, offset: u32) -> Position {
        let offset = (offset as usize).min(text.len());
        let start = Position { line: 1, column: 1 };
        let mark = offset / STRIDE;
        // An offset at the very end may lie one stride behind the last mark.
        let mark = mark.min(self.marks.len().saturating_sub(1));
        let from = self.marks.get(mark).copied().unwrap_or(start);
        advance(from, text.as_bytes().get(mark * STRIDE..offset).unwrap_or_default())
    }
}

/// The position of the byte that follows these bytes; continuation bytes of UTF-8 begin no column.
pub(super) fn advance(from: Position, bytes: &[u8]) -> Position {
    let mut position = from;
    for byte in bytes {
        if *byte == b'\n' {
            position = Position { line: position.line + 1, column: 1 };
        } else if byte & 0b1100_0000 != 0b1000_0000 {
            position.column += 1;
        }
    }
    position
}

/// The pointer of the innermost value or member that holds this offset.
///
/// Spans nest and siblings ascend, so at each level at most one child holds the offset, and a binary search finds it.
pub(super) fn pointer(top: &Value<'_>, offset: u32) -> String {
    let mut pointer = String::new();
    let mut value = top;
    loop {
        let inner = match &value.shape {
            Shape::Array(items) => {
                let behind = items.partition_point(|item| item.span.start <= offset);
                behind.checked_sub(1).and_then(|index| Some((index.to_string(), items.get(index)?)))
            }
            Shape::Object(members) => {
                let behind = members.partition_point(|member| member.name_start <= offset);
                behind
                    .checked_sub(1)
                    .and_then(|index| members.get(index))
                    .map(|member| (escaped(&member.name), &member.value))
            }
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_) => None,
        };
        match inner {
            Some((token, child)) if offset < child.span.end => {
                pointer.push('/');
                pointer.push_str(&token);
                value = child;
            }
            Some(_) | None => return pointer,
        }
    }
}

/// A reference token with `~` and `/` escaped as RFC 6901 wants it.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
