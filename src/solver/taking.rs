//! Values that stand for more texts than themselves: a piece of a concatenation may be any text of a language that the value spells.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::regular::{CharacterSet, Regular};

/// A way to take a value for a language.
#[derive(Clone, Copy, Debug)]
pub struct Taking {
    /// Its name, by which, with the detail, takings are equal.
    pub name: &'static str,
    /// What the function may depend on beside the value.
    pub detail: u8,
    /// Given the language of values that there may be, one that contains all texts that these stand for; given a single value, the texts that
    /// it stands for and no others. Every value is one of the texts that it stands for.
    pub texts: fn(u8, &Regular) -> Regular,
    /// The characters that stand for themselves alone: so does a value of nothing else.
    pub plain: fn() -> CharacterSet,
    /// A way by which every value stands for all that it stands for by this one, and may be for more.
    pub within: Option<&'static Taking>,
}

impl Taking {
    /// The texts that this value stands for.
    pub fn of(&self, value: &str) -> Regular {
        (self.texts)(self.detail, &Regular::text(value))
    }

    /// Whether by the other way every value stands for all that it stands for by this one.
    pub fn is_within(&self, other: &Taking) -> bool {
        self == other || self.within.is_some_and(|wider| wider.is_within(other))
    }

    /// Characters that stand for more than themselves, one of each range.
    pub fn telling(&self) -> Vec<char> {
        (self.plain)().complement().ranges().iter().map(|&(first, _)| first).collect()
    }

    /// A language that contains all texts that the values of this one stand for.
    pub fn of_all(&self, values: &Regular) -> Regular {
        (self.texts)(self.detail, values)
    }
}

impl PartialEq for Taking {
    fn eq(&self, other: &Taking) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Taking {}

impl PartialOrd for Taking {
    fn partial_cmp(&self, other: &Taking) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Taking {
    fn cmp(&self, other: &Taking) -> Ordering {
        (self.name, self.detail).cmp(&(other.name, other.detail))
    }
}

impl Hash for Taking {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.name, self.detail).hash(state);
    }
}
