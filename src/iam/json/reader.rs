//! The reader itself: a recursive descent over bytes, as deep as [`MAX_DEPTH`] and no deeper, with no allocation a character.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::OnceLock;

use super::error::{Error, Problem};
use super::place::{Place, Position, advance, escaped};
use super::{Json, MAX_BYTES, MAX_DEPTH, MAX_VALUES, Member, Shape, Span, Value};

/// Up to this many members, comparing each with each finds repeated names faster than hashing.
const FEW_MEMBERS: usize = 12;

/// Reads one JSON text (see [`Json::read`]).
pub(super) fn read(bytes: &[u8]) -> Result<Json<'_>, Error> {
    if bytes.len() > MAX_BYTES {
        let message = format!("the text has {} bytes; the limit is {MAX_BYTES}", bytes.len());
        return Err(error_at(bytes, 0, Problem::Limit, message));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let byte = bytes.get(offset).copied().unwrap_or_default();
        error_at(bytes, offset, Problem::Syntax, format!("invalid UTF-8 (byte 0x{byte:02X})"))
    })?;
    if text.starts_with('\u{FEFF}') {
        let message = "the text begins with a byte order mark, which JSON does not allow";
        return Err(error_at(bytes, 0, Problem::Syntax, message));
    }
    let mut reader = Reader { text, bytes, at: 0, depth: 0, values: 0, duplicates: Vec::new() };
    reader.skip_space();
    let top = reader.value()?;
    reader.skip_space();
    if reader.peek().is_some() {
        return Err(reader.unexpected("the end of the text"));
    }
    let mut duplicates = reader.duplicates;
    duplicates.sort_unstable();
    Ok(Json { text, top, duplicates, lines: OnceLock::new() })
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    /// The offset of the next byte.
    at: usize,
    depth: usize,
    values: usize,
    duplicates: Vec<u32>,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Reads a value; the next byte is its first.
    fn value(&mut self) -> Result<Value<'t>, Error> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(self.limit(format!("more than {MAX_VALUES} values")));
        }
        let start = offset(self.at);
        let shape = match self.peek() {
            Some(b'{') => self.nested(Reader::object)?,
            Some(b'[') => self.nested(Reader::array)?,
            Some(b'"') => Shape::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Shape::Number(self.number()?),
            Some(b't') => self.word("true", Shape::Bool(true))?,
            Some(b'f') => self.word("false", Shape::Bool(false))?,
            Some(b'n') => self.word("null", Shape::Null)?,
            Some(_) | None => return Err(self.unexpected("a value")),
        };
        Ok(Value { span: Span { start, end: offset(self.at) }, shape })
    }

    /// Reads an array or an object one level further down.
    fn nested(&mut self, read: fn(&mut Reader<'t>) -> Result<Shape<'t>, Error>) -> Result<Shape<'t>, Error> {
        if self.depth == MAX_DEPTH {
            return Err(self.limit(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let shape = read(self)?;
        self.depth -= 1;
        Ok(shape)
    }

    fn array(&mut self) -> Result<Shape<'t>, Error> {
        self.at += 1;
        self.skip_space();
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Shape::Array(items));
        }
        loop {
            self.skip_space();
            items.push(self.value().map_err(|error| error.within(&items.len().to_string()))?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Shape::Array(items));
                }
                Some(_) | None => return Err(self.unexpected("`,` or `]`")),
            }
        }
    }

    fn object(&mut self) -> Result<Shape<'t>, Error> {
        self.at += 1;
        self.skip_space();
        let mut members = Vec::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Shape::Object(members));
        }
        loop {
            self.skip_space();
            members.push(self.member()?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    self.note_duplicates(&members);
                    return Ok(Shape::Object(members));
                }
                Some(_) | None => return Err(self.unexpected("`,` or `}`")),
            }
        }
    }

    fn member(&mut self) -> Result<Member<'t>, Error> {
        let name_start = offset(self.at);
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a member name in double quotes"));
        }
        let name = self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        self.skip_space();
        let value = self.value().map_err(|error| error.within(&escaped(&name)))?;
        Ok(Member { name, name_start, value })
    }

    /// Remembers each member whose name an earlier one has.
    fn note_duplicates(&mut self, members: &[Member<'t>]) {
        if members.len() <= FEW_MEMBERS {
            for (index, member) in members.iter().enumerate() {
                if members.iter().take(index).any(|earlier| earlier.name == member.name) {
                    self.duplicates.push(member.name_start);
                }
            }
        } else {
            let mut seen = HashSet::with_capacity(members.len());
            for member in members {
                if !seen.insert(member.name.as_ref()) {
                    self.duplicates.push(member.name_start);
                }
            }
        }
    }

    /// Reads a string; the next byte is its opening quote.
    fn string(&mut self) -> Result<Cow<'t, str>, Error> {
        self.at += 1;
        let plain = self.plain_run()?;
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(plain));
        }
        let mut decoded = plain.to_owned();
        loop {
            if self.peek() == Some(b'"') {
                self.at += 1;
                return Ok(Cow::Owned(decoded));
            }
            decoded.push(self.escape()?);
            decoded.push_str(self.plain_run()?);
        }
    }

    /// Characters up to the next quote or backslash; a control character or the end of the text is an error.
    fn plain_run(&mut self) -> Result<&'t str, Error> {
        let from = self.at;
        let rest = self.bytes.get(from..).unwrap_or_default();
        let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F));
        self.at = length.map_or(self.bytes.len(), |length| from + length);
        match self.peek() {
            Some(b'"' | b'\\') => Ok(self.text.get(from..self.at).unwrap_or_default()),
            Some(control) => {
                let message = format!("control character U+{control:04X} inside a string: escape it");
                Err(self.syntax(message))
            }
            None => Err(self.unexpected("`\"`")),
        }
    }

    /// Reads an escape; the next byte is its backslash.
    fn escape(&mut self) -> Result<char, Error> {
        let character = match self.bytes.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.escaped_code_point(),
            Some(_) => {
                return Err(
                    self.syntax("unknown escape: JSON has `\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX`")
                );
            }
            None => {
                self.at += 1;
                return Err(self.unexpected("the rest of an escape"));
            }
        };
        self.at += 2;
        Ok(character)
    }

    /// Reads `\uXXXX`, or two of them where they are a surrogate pair.
    fn escaped_code_point(&mut self) -> Result<char, Error> {
        let first = self.hex_digits(self.at + 2)?;
        if let Some(character) = char::from_u32(first) {
            self.at += 6;
            return Ok(character);
        }
        let follows = self.bytes.get(self.at + 6..self.at + 8) == Some(b"\\u".as_slice());
        if follows && (0xD800..0xDC00).contains(&first) {
            let second = self.hex_digits(self.at + 8)?;
            if (0xDC00..0xE000).contains(&second)
                && let Some(character) =
                    char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            {
                self.at += 12;
                return Ok(character);
            }
        }
        let message = format!("`\\u{first:04x}` is half of a surrogate pair and stands for no character");
        Err(error_at(self.bytes, self.at, Problem::LoneSurrogate, message))
    }

    fn hex_digits(&self, from: usize) -> Result<u32, Error> {
        let digits = self.bytes.get(from..from + 4).unwrap_or_default();
        let value =
            digits.iter().try_fold(0, |value, byte| Some(value * 16 + char::from(*byte).to_digit(16)?));
        match value {
            Some(value) if digits.len() == 4 => Ok(value),
            Some(_) | None => Err(self.syntax("`\\u` needs four hexadecimal digits")),
        }
    }

    /// Reads a number: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
    fn number(&mut self) -> Result<&'t str, Error> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if let Some(b'0'..=b'9') = self.peek() {
                return Err(self.syntax("a number may not begin with a needless `0`"));
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(self.text.get(from..self.at).unwrap_or_default())
    }

    fn digits(&mut self) -> Result<(), Error> {
        let from = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == from { Err(self.unexpected("a digit")) } else { Ok(()) }
    }

    fn word(&mut self, word: &str, shape: Shape<'t>) -> Result<Shape<'t>, Error> {
        if self.bytes.get(self.at..).unwrap_or_default().starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(shape)
        } else {
            Err(self.unexpected("a value"))
        }
    }

    fn unexpected(&self, expected: &str) -> Error {
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            None => "the text ends".to_owned(),
            Some(character) if character.is_control() => format!("found U+{:04X}", u32::from(character)),
            Some(character) => format!("found `{character}`"),
        };
        self.syntax(format!("{found} where {expected} is expected"))
    }

    fn syntax(&self, message: impl Into<String>) -> Error {
        error_at(self.bytes, self.at, Problem::Syntax, message)
    }

    fn limit(&self, message: impl Into<String>) -> Error {
        error_at(self.bytes, self.at, Problem::Limit, message)
    }
}

/// An error at an offset; each container on the way out adds its part of the pointer.
fn error_at(bytes: &[u8], offset: usize, problem: Problem, message: impl Into<String>) -> Error {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let position = advance(Position { line: 1, column: 1 }, before);
    Error::new(Place { pointer: String::new(), position }, problem, message)
}

/// An offset as it is stored; [`MAX_BYTES`] fits.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
