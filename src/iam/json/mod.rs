//! Our own JSON reader (RFC 8259): every value keeps its place, numbers keep their source text, repeated members are not hidden.
//!
//! serde_json gives no positions, keeps the last of two equal members and rewrites numbers; in a policy each of these loses
//! something that a rule speaks of (GRAM-3, COND-19). Everything that people write by hand is read through this module: policies,
//! cases, claims, accounts.
//!
//! A value remembers only where it stands, as two byte offsets. Line, column and JSON pointer are worked out from an offset when
//! somebody asks, that is, when there is something to complain about: the offsets of nested values nest, so that walking down from
//! the top to the value that holds an offset gives its pointer.

mod access;
mod error;
pub mod file;
mod place;
mod reader;

use std::borrow::Cow;
use std::sync::OnceLock;

pub use access::{Fields, Node};
pub use error::{Error, Problem};
use place::LineIndex;
pub use place::{Place, Position};

/// The longest text that is read, in bytes.
pub const MAX_BYTES: usize = 256 << 20;

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 64;

/// How many values (members' values and array elements) one text may hold; it bounds the memory that a hostile text can ask for.
pub const MAX_VALUES: usize = 8 << 20;

/// A JSON text that was read; strings without escapes borrow from the text.
#[derive(Debug)]
pub struct Json<'t> {
    text: &'t str,
    top: Value<'t>,
    /// Offsets of member names that came before in the same object, ascending.
    duplicates: Vec<u32>,
    lines: OnceLock<LineIndex>,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value<'t> {
    /// Where it stands in the text.
    pub span: Span,
    /// What it is.
    pub shape: Shape<'t>,
}

/// The bytes of a value: from the first to the one behind the last, counted from the start of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u32,
    /// The offset behind the last byte.
    pub end: u32,
}

/// The six kinds of JSON values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape<'t> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as its source text.
    Number(&'t str),
    /// A string, its escapes decoded.
    String(Cow<'t, str>),
    /// An array.
    Array(Vec<Value<'t>>),
    /// An object: its members in the order of the text, repeated ones included.
    Object(Vec<Member<'t>>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'t> {
    /// The name, its escapes decoded.
    pub name: Cow<'t, str>,
    /// The offset of the name's opening quote.
    pub name_start: u32,
    /// The value.
    pub value: Value<'t>,
}

impl<'t> Json<'t> {
    /// Reads one JSON text.
    ///
    /// # Errors
    ///
    /// Anything that RFC 8259 does not allow (invalid UTF-8, a byte order mark and lone surrogates included), and what exceeds
    /// [`MAX_BYTES`], [`MAX_DEPTH`] or [`MAX_VALUES`]; always with its place. Repeated members are no error here, see
    /// [`Json::duplicates_within`].
    pub fn read(bytes: &'t [u8]) -> Result<Json<'t>, Error> {
        reader::read(bytes)
    }

    /// The text that was read.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The top value, ready for typed access.
    pub fn top(&self) -> Node<'_> {
        Node::new(self, &self.top)
    }

    /// The offsets of the member names inside this value that repeat an earlier name of the same object, ascending.
    pub fn duplicates_within(&self, value: &Value<'_>) -> &[u32] {
        let from = self.duplicates.partition_point(|offset| *offset < value.span.start);
        let to = self.duplicates.partition_point(|offset| *offset < value.span.end);
        self.duplicates.get(from..to).unwrap_or_default()
    }

    /// Line, column and pointer of the value or member name that stands at this offset.
    pub fn place(&self, offset: u32) -> Place {
        Place { pointer: place::pointer(&self.top, offset), position: self.position(offset) }
    }

    /// Line and column of an offset.
    pub fn position(&self, offset: u32) -> Position {
        self.lines.get_or_init(|| LineIndex::of(self.text)).position(self.text, offset)
    }
}

impl Shape<'_> {
    /// What a message calls a value of this kind: `a string`, `an object`, …
    pub fn kind(&self) -> &'static str {
        match self {
            Shape::Null => "null",
            Shape::Bool(_) => "a boolean",
            Shape::Number(_) => "a number",
            Shape::String(_) => "a string",
            Shape::Array(_) => "an array",
            Shape::Object(_) => "an object",
        }
    }
}
