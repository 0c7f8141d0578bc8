//! Regular languages of Unicode texts, as expressions.
//!
//! A language is a set of sequences of Unicode scalar values. Expressions say which texts belong to it; how membership is decided is the
//! business of the string procedure.

use std::collections::BTreeSet;

/// A set of Unicode scalar values, kept as sorted ranges that neither touch nor overlap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CharacterSet {
    ranges: Vec<(char, char)>,
}

/// A regular expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Regular {
    /// Exactly this text; the empty one is allowed.
    Text(String),
    /// One character of the set.
    Character(CharacterSet),
    /// One text of each part, in order.
    Sequence(Vec<Regular>),
    /// A text of one of the parts; no part at all is the empty language.
    Choice(Vec<Regular>),
    /// At least `least` texts of the part in a row, at most `most` where it is given.
    Repeat {
        /// What is repeated.
        part: Box<Regular>,
        /// The least number of repetitions.
        least: u32,
        /// The greatest number, or `None` for any.
        most: Option<u32>,
    },
}

impl CharacterSet {
    /// Every Unicode scalar value.
    pub fn all() -> CharacterSet {
        CharacterSet { ranges: vec![('\0', char::MAX)] }
    }

    /// The characters in these inclusive ranges.
    pub fn of_ranges(ranges: impl IntoIterator<Item = (char, char)>) -> CharacterSet {
        let mut sorted: Vec<(char, char)> =
            ranges.into_iter().filter(|(first, last)| first <= last).collect();
        sorted.sort_unstable();
        let mut merged: Vec<(char, char)> = Vec::with_capacity(sorted.len());
        for (first, last) in sorted {
            match merged.last_mut() {
                Some((_, end)) if successor(*end).is_none_or(|next| first <= next) => *end = (*end).max(last),
                _ => merged.push((first, last)),
            }
        }
        CharacterSet { ranges: merged }
    }

    /// These characters.
    pub fn of(characters: impl IntoIterator<Item = char>) -> CharacterSet {
        let sorted: BTreeSet<char> = characters.into_iter().collect();
        CharacterSet::of_ranges(sorted.into_iter().map(|character| (character, character)))
    }

    /// The characters of this set and, of ASCII letters, their other cases.
    pub fn folded(&self) -> CharacterSet {
        let cases = self.ranges.iter().flat_map(|&(first, last)| {
            let swapped = |start: char, end: char, other: fn(&char) -> char| {
                let (first, last) = (first.max(start), last.min(end));
                (first <= last).then(|| (other(&first), other(&last)))
            };
            [
                Some((first, last)),
                swapped('A', 'Z', char::to_ascii_lowercase),
                swapped('a', 'z', char::to_ascii_uppercase),
            ]
        });
        CharacterSet::of_ranges(cases.flatten())
    }

    /// Every character that is not in this set.
    pub fn complement(&self) -> CharacterSet {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = Some('\0');
        for &(first, last) in &self.ranges {
            if let (Some(start), Some(end)) = (next, predecessor(first))
                && start <= end
            {
                ranges.push((start, end));
            }
            next = successor(last);
        }
        if let Some(start) = next {
            ranges.push((start, char::MAX));
        }
        CharacterSet { ranges }
    }

    /// Every character that is in this set or in the other.
    pub fn union(&self, other: &CharacterSet) -> CharacterSet {
        CharacterSet::of_ranges(self.ranges.iter().chain(&other.ranges).copied())
    }

    /// The inclusive ranges, in order; they neither touch nor overlap.
    pub fn ranges(&self) -> &[(char, char)] {
        &self.ranges
    }

    /// Whether every character of this set is in the other.
    pub fn is_within(&self, other: &CharacterSet) -> bool {
        // Ranges of one set do not touch, so each of ours must lie within a single one of the other's.
        self.ranges.iter().all(|&(first, last)| {
            other.ranges.iter().any(|&(other_first, other_last)| other_first <= first && last <= other_last)
        })
    }

    /// Whether the character is in the set.
    pub fn contains(&self, character: char) -> bool {
        self.ranges
            .binary_search_by(|&(first, last)| {
                if last < character {
                    std::cmp::Ordering::Less
                } else if first > character {
                    std::cmp::Ordering::Greater
                } else {
                    std::cmp::Ordering::Equal
                }
            })
            .is_ok()
    }
}

impl Regular {
    /// Any text, the empty one included.
    pub fn anything() -> Regular {
        Regular::character().any_number()
    }

    /// Any one character.
    pub fn character() -> Regular {
        Regular::Character(CharacterSet::all())
    }

    /// Exactly this text.
    pub fn text(text: impl Into<String>) -> Regular {
        Regular::Text(text.into())
    }

    /// The texts that are equal to one of these if ASCII letters are compared without their case.
    pub fn folded(&self) -> Regular {
        let all = |parts: &[Regular]| parts.iter().map(Regular::folded).collect();
        match self {
            Regular::Text(text) if !text.contains(|character: char| character.is_ascii_alphabetic()) => {
                self.clone()
            }
            Regular::Text(text) => Regular::Sequence(
                text.chars()
                    .map(|character| Regular::Character(CharacterSet::of([character]).folded()))
                    .collect(),
            ),
            Regular::Character(set) => Regular::Character(set.folded()),
            Regular::Sequence(parts) => Regular::Sequence(all(parts)),
            Regular::Choice(parts) => Regular::Choice(all(parts)),
            Regular::Repeat { part, least, most } => {
                Regular::Repeat { part: Box::new(part.folded()), least: *least, most: *most }
            }
        }
    }

    /// This, repeated any number of times.
    pub fn any_number(self) -> Regular {
        Regular::Repeat { part: Box::new(self), least: 0, most: None }
    }

    /// This, at least once.
    pub fn at_least_once(self) -> Regular {
        Regular::Repeat { part: Box::new(self), least: 1, most: None }
    }

    /// This or nothing.
    pub fn optional(self) -> Regular {
        Regular::Repeat { part: Box::new(self), least: 0, most: Some(1) }
    }
}

/// The next scalar value; skips the gap of the surrogates.
fn successor(character: char) -> Option<char> {
    match character {
        '\u{D7FF}' => Some('\u{E000}'),
        char::MAX => None,
        _ => char::from_u32(u32::from(character) + 1),
    }
}

/// The scalar value before; skips the gap of the surrogates.
fn predecessor(character: char) -> Option<char> {
    match character {
        '\u{E000}' => Some('\u{D7FF}'),
        '\0' => None,
        _ => char::from_u32(u32::from(character) - 1),
    }
}
