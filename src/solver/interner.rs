//! A table in which equal things are one.
//!
//! Each thing is kept once and hashed once; what is looked up is found by its hash and compared with what is kept, so that nothing is
//! copied for the sake of the table.

use std::hash::{Hash, Hasher};

use super::hashing::{Mixer, Table};

/// Things by number, in the order of their coming, each different from all others.
#[derive(Clone, Debug)]
pub(super) struct Interner<T> {
    items: Vec<T>,
    /// The newest thing of each hash, and for each thing the one before it with the same hash.
    newest: Table<u64, u32>,
    before: Vec<Option<u32>>,
}

impl<T> Default for Interner<T> {
    fn default() -> Interner<T> {
        Interner { items: Vec::new(), newest: Table::default(), before: Vec::new() }
    }
}

impl<T: Hash + Eq> Interner<T> {
    /// The number of the thing; it is taken in if there is none equal to it. A table of four thousand million things would have exhausted
    /// memory long before.
    pub(super) fn number(&mut self, item: T) -> u32 {
        let mut mixer = Mixer::default();
        item.hash(&mut mixer);
        let fresh = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let newest = self.newest.entry(mixer.finish()).or_insert(fresh);
        let mut candidate = (*newest != fresh).then_some(*newest);
        while let Some(known) = candidate {
            if self.items.get(known as usize) == Some(&item) {
                return known;
            }
            candidate = self.before.get(known as usize).copied().flatten();
        }
        self.before.push((*newest != fresh).then_some(*newest));
        *newest = fresh;
        self.items.push(item);
        fresh
    }

    pub(super) fn item(&self, number: usize) -> Option<&T> {
        self.items.get(number)
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }
}
