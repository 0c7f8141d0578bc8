//! Values that stand for more texts than themselves: a piece of a concatenation may be any text of a language that the value spells.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::regular::Regular;

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
}

impl Taking {
    /// The texts that this value stands for.
    pub fn of(&self, value: &str) -> Regular {
        (self.texts)(self.detail, &Regular::text(value))
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
