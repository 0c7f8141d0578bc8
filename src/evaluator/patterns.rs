//! A list of patterns of which one must match, as elements and conditions have them.
//!
//! Lists can be long: one statement of AWS's ReadOnlyAccess lists over a thousand actions. A long list is filed by the literal
//! beginnings of its patterns, so that a text is held only against those that begin as it does.

use super::glob::Glob;
use super::prefix_index::PrefixIndex;
use super::question::Asked;
use super::reading::Reading;

/// From this length on a list is filed.
const LONG: usize = 8;

/// The patterns, in the order of the document.
#[derive(Clone, Debug)]
pub(super) struct Patterns {
    globs: Box<[Glob]>,
    by_beginning: Option<PrefixIndex>,
}

impl Patterns {
    /// The list. A mistaken reading can match what the rules would not, so it looks at all patterns.
    pub(super) fn new(globs: Vec<Glob>, reading: Reading) -> Patterns {
        let is_filed = globs.len() >= LONG && reading.is_by_the_rules();
        let by_beginning =
            is_filed.then(|| PrefixIndex::new(globs.iter().map(Glob::literal_head).zip(0..).collect()));
        Patterns { globs: globs.into_boxed_slice(), by_beginning }
    }

    /// The place in the list of some pattern that matches the whole text.
    pub(super) fn matching(&self, text: &[u8], asked: &Asked<'_>) -> Option<usize> {
        self.satisfying(text, |glob| glob.matches(text, asked))
    }

    /// The place in the list of some pattern that passes a test which only patterns that match the text can pass.
    pub(super) fn satisfying(&self, text: &[u8], test: impl Fn(&Glob) -> bool) -> Option<usize> {
        match &self.by_beginning {
            None => self.globs.iter().position(test),
            Some(index) => {
                let candidates = index.find(text).entries().map(|place| place as usize);
                candidates.into_iter().find(|place| self.globs.get(*place).is_some_and(&test))
            }
        }
    }

    /// The patterns, in the order of the document.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Glob> {
        self.globs.iter()
    }

    /// Texts, one of which begins everything that a pattern matches, and none of which begins another.
    pub(super) fn literal_heads(&self) -> Vec<&[u8]> {
        let mut heads: Vec<&[u8]> = self.globs.iter().map(Glob::literal_head).collect();
        heads.sort_unstable();
        // Sorted, a text comes before all that it begins.
        heads.dedup_by(|later, earlier| later.starts_with(earlier));
        heads
    }
}
