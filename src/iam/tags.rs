//! Tags of users, roles, resources and sessions: a map whose keys ignore case (KEY-6).

use std::collections::BTreeMap;

use super::key::KeyName;

/// Tags by key. Two keys that differ in case only are one; the spelling of the later one stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    entries: BTreeMap<KeyName, String>,
}

impl Tags {
    /// No tags.
    pub fn new() -> Tags {
        Tags::default()
    }

    /// Sets a tag, whatever the key had before.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        let key = KeyName::new(key);
        // An entry keeps its first key, and with it that key's spelling.
        self.entries.remove(&key);
        self.entries.insert(key, value.into());
    }

    /// Takes a tag away; `None` if there is none with this key.
    pub fn remove(&mut self, key: &str) -> Option<String> {
        self.entries.remove(&KeyName::new(key))
    }

    /// The value of a tag.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.entries.get(&KeyName::new(key)).map(String::as_str)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Key and value of every tag, sorted by the key in lower case.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(key, value)| (key.spelling(), value.as_str()))
    }
}

impl<'t> FromIterator<(&'t str, &'t str)> for Tags {
    fn from_iter<I: IntoIterator<Item = (&'t str, &'t str)>>(tags: I) -> Tags {
        let mut all = Tags::new();
        for (key, value) in tags {
            all.set(key, value);
        }
        all
    }
}
