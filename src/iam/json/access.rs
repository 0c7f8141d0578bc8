//! Typed access for readers of our formats: what is expected is named, and everything else is an error with its place.
//!
//! ```
//! use iamproof::iam::json::Json;
//!
//! let json = Json::read(br#"{"because": "a reason", "rule": "EVAL-3"}"#)?;
//! let fields = json.top().fields(&["because", "rule", "source"])?;
//! assert_eq!(fields.required("because")?.string()?, "a reason");
//! assert!(fields.optional("source").is_none());
//! # Ok::<(), iamproof::iam::json::Error>(())
//! ```

use super::error::Error;
use super::place::Place;
use super::{Json, Member, Shape, Value};
use crate::iam::spelling;

/// A value together with the text that it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Node<'j> {
    json: &'j Json<'j>,
    value: &'j Value<'j>,
}

/// The members of an object whose names are known; see [`Node::fields`].
#[derive(Clone, Copy, Debug)]
pub struct Fields<'j> {
    object: Node<'j>,
    members: &'j [Member<'j>],
}

impl<'j> Node<'j> {
    pub(super) fn new(json: &'j Json<'j>, value: &'j Value<'j>) -> Node<'j> {
        Node { json, value }
    }

    /// The whole text that the value stands in.
    pub fn json(self) -> &'j Json<'j> {
        self.json
    }

    /// The bare value.
    pub fn value(self) -> &'j Value<'j> {
        self.value
    }

    /// What kind of value it is, and its contents.
    pub fn shape(self) -> &'j Shape<'j> {
        &self.value.shape
    }

    /// Where it stands.
    pub fn place(self) -> Place {
        self.json.place(self.value.span.start)
    }

    /// An error at this place.
    pub fn error(self, message: impl Into<String>) -> Error {
        Error::at(self.place(), message)
    }

    fn expected(self, what: &str) -> Error {
        self.error(format!("expected {what}, found {}", self.shape().kind()))
    }

    /// The text of a string.
    ///
    /// # Errors
    ///
    /// The value is no string.
    pub fn string(self) -> Result<&'j str, Error> {
        if let Shape::String(text) = self.shape() { Ok(text) } else { Err(self.expected("a string")) }
    }

    /// The value of a boolean.
    ///
    /// # Errors
    ///
    /// The value is no boolean.
    pub fn boolean(self) -> Result<bool, Error> {
        if let Shape::Bool(value) = self.shape() { Ok(*value) } else { Err(self.expected("a boolean")) }
    }

    /// The source text of a number.
    ///
    /// # Errors
    ///
    /// The value is no number.
    pub fn number(self) -> Result<&'j str, Error> {
        if let Shape::Number(source) = self.shape() { Ok(source) } else { Err(self.expected("a number")) }
    }

    /// A number without sign, fraction or exponent.
    ///
    /// # Errors
    ///
    /// The value is none, or does not fit into 64 bits.
    pub fn whole_number(self) -> Result<u64, Error> {
        self.number()?.parse().map_err(|_| self.error("expected a whole number from 0 to 2^64 - 1"))
    }

    /// The elements of an array.
    ///
    /// # Errors
    ///
    /// The value is no array.
    pub fn items(self) -> Result<impl ExactSizeIterator<Item = Node<'j>>, Error> {
        let Shape::Array(items) = self.shape() else {
            return Err(self.expected("an array"));
        };
        Ok(items.iter().map(move |value| Node::new(self.json, value)))
    }

    /// The members of an object with any names, in the order of the text.
    ///
    /// # Errors
    ///
    /// The value is no object, or a name comes twice.
    pub fn members(self) -> Result<impl ExactSizeIterator<Item = (&'j str, Node<'j>)>, Error> {
        let members = self.object()?;
        Ok(members.iter().map(move |member| (member.name.as_ref(), Node::new(self.json, &member.value))))
    }

    /// The members of an object that has no others than these.
    ///
    /// # Errors
    ///
    /// The value is no object, has a member that is not `allowed`, or has one twice.
    pub fn fields(self, allowed: &[&str]) -> Result<Fields<'j>, Error> {
        let members = self.object()?;
        if let Some(unknown) = members.iter().find(|member| !allowed.contains(&member.name.as_ref())) {
            let hint = match spelling::nearest(&unknown.name, allowed) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("expected one of `{}`", allowed.join("`, `")),
            };
            let place = self.json.place(unknown.name_start);
            return Err(Error::at(
                place,
                format!("unknown field {}; {hint}", spelling::quoted(&unknown.name)),
            ));
        }
        Ok(Fields { object: self, members })
    }

    /// The members of an object that may have others beside those that are asked for: only for files of other programs.
    ///
    /// # Errors
    ///
    /// The value is no object, or has a member twice.
    pub fn fields_among_others(self) -> Result<Fields<'j>, Error> {
        Ok(Fields { object: self, members: self.object()? })
    }

    /// The members of an object without a repeated name.
    fn object(self) -> Result<&'j [Member<'j>], Error> {
        let Shape::Object(members) = self.shape() else {
            return Err(self.expected("an object"));
        };
        let repeated = self.json.duplicates_within(self.value);
        let second =
            repeated.iter().find_map(|offset| members.iter().find(|member| member.name_start == *offset));
        match second {
            None => Ok(members),
            Some(member) => Err(Error::at(
                self.json.place(member.name_start),
                format!("{} comes twice in one object", spelling::quoted(&member.name)),
            )),
        }
    }
}

impl<'j> Fields<'j> {
    /// The value of this member, if the object has it.
    pub fn optional(&self, name: &str) -> Option<Node<'j>> {
        let member = self.members.iter().find(|member| member.name == name)?;
        Some(Node::new(self.object.json, &member.value))
    }

    /// The value of this member.
    ///
    /// # Errors
    ///
    /// The object has no such member; the place is that of the object.
    pub fn required(&self, name: &str) -> Result<Node<'j>, Error> {
        self.optional(name).ok_or_else(|| self.object.error(format!("the field `{name}` is missing")))
    }

    /// The object itself.
    pub fn object(&self) -> Node<'j> {
        self.object
    }
}
