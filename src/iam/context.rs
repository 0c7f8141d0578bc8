//! The context of a request: which keys it has, and with what values.

use std::fmt;

use thiserror::Error;

use super::key::KeyName;

/// The value of a context key. A list is multivalued whatever its length (COND-10).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ContextValue {
    /// One value.
    Single(String),
    /// A list of values, in order; it may be empty or repeat itself.
    Many(Vec<String>),
}

/// Among so many entries, looking at each is faster than a search by halves: keys that differ are told apart by one comparison of numbers.
const FEW: usize = 32;

/// A map from key to value; spellings of one key that differ in case are one key (COND-4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Sorted by key, one entry a key.
    entries: Vec<(KeyName, ContextValue)>,
}

/// Two spellings of one key were put into a context.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the context has `{first}` and `{second}`, which are one key in two spellings")]
pub struct KeyGivenTwice {
    first: String,
    second: String,
}

impl Context {
    /// A context without keys.
    pub fn new() -> Context {
        Context::default()
    }

    /// The context with these keys.
    ///
    /// # Errors
    ///
    /// [`KeyGivenTwice`] where a key comes twice.
    pub fn from_entries(
        entries: impl IntoIterator<Item = (KeyName, ContextValue)>,
    ) -> Result<Context, KeyGivenTwice> {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by(|(left, _), (right, _)| left.cmp(right));
        for pair in entries.windows(2) {
            if let [(first, _), (second, _)] = pair
                && first == second
            {
                return Err(KeyGivenTwice {
                    first: first.spelling().to_owned(),
                    second: second.spelling().to_owned(),
                });
            }
        }
        Ok(Context { entries })
    }

    /// Sets a key, whatever it was before.
    pub fn set(&mut self, key: KeyName, value: ContextValue) {
        match self.entries.binary_search_by(|(other, _)| other.cmp(&key)) {
            Ok(position) => {
                if let Some(entry) = self.entries.get_mut(position) {
                    *entry = (key, value);
                }
            }
            Err(position) => self.entries.insert(position, (key, value)),
        }
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &KeyName) {
        self.entries.retain(|(other, _)| other != key);
    }

    /// What the context holds for this key, as it was given: an empty list is `Some`.
    pub fn value(&self, key: &KeyName) -> Option<&ContextValue> {
        if self.entries.len() <= FEW {
            return self.entries.iter().find(|(other, _)| other == key).map(|(_, value)| value);
        }
        let position = self.entries.binary_search_by(|(other, _)| other.cmp(key)).ok()?;
        self.entries.get(position).map(|(_, value)| value)
    }

    /// The entries in the order of their keys.
    pub fn entries(&self) -> &[(KeyName, ContextValue)] {
        &self.entries
    }
}

impl fmt::Display for ContextValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ContextValue::Single(value) => f.write_str(value),
            ContextValue::Many(values) => write!(f, "[{}]", values.join(", ")),
        }
    }
}
