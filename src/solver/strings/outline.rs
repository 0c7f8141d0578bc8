//! What can be seen of a language without an automaton: how its texts begin and end, and how short they are.
//!
//! Of thousands of languages that one text is asked about, nearly all are settled here: they begin with another word.

use super::alphabet::plainest;
use crate::solver::regular::{CharacterSet, Regular};

/// The outline of a language. Everything in it is true of every text of the language; it may say less than could be said.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    /// What the first characters are, one after the other.
    prefix: Vec<Mask>,
    /// What the last characters are, the last first.
    suffix: Vec<Mask>,
    /// No text is shorter.
    least: usize,
    /// Whether all texts have length `least`.
    fixed: bool,
    /// The only text, where it is plain that there is one only.
    only: Option<String>,
}

/// A set of characters, those outside ASCII taken together.
#[derive(Clone, Copy, Debug)]
struct Mask {
    ascii: u128,
    beyond: bool,
}

/// How many first characters are kept, and how many last ones.
const PREFIX: usize = 40;
const SUFFIX: usize = 8;

impl Outline {
    /// The outline of the expression's language.
    pub(super) fn of(regular: &Regular) -> Outline {
        let mut outline = Outline::default();
        outline.begin(regular);
        outline.end(regular);
        let (least, most) = lengths(regular);
        outline.least = least;
        outline.fixed = most == Some(least);
        let mut text = String::new();
        outline.only = single(regular, &mut text).then_some(text);
        outline
    }

    /// A length that no text falls short of.
    pub(super) fn least(&self) -> usize {
        self.least
    }

    /// The only text of the language, where it is plain that there is one only.
    pub(super) fn only(&self) -> Option<&str> {
        self.only.as_deref()
    }

    /// Whether it is plain that no text belongs to both languages.
    pub(super) fn clashes(&self, other: &Outline) -> bool {
        let apart =
            |left: &[Mask], right: &[Mask]| left.iter().zip(right).any(|(left, right)| !left.meets(*right));
        (self.fixed && self.least < other.least)
            || (other.fixed && other.least < self.least)
            || apart(&self.prefix, &other.prefix)
            || apart(&self.suffix, &other.suffix)
    }

    /// Whether it is plain that some text of this language is not one of the other, provided that this one has any text.
    pub(super) fn exceeds(&self, other: &Outline) -> bool {
        let beyond =
            |inner: &[Mask], outer: &[Mask]| inner.iter().zip(outer).any(|(one, other)| one.exceeds(*other));
        self.least < other.least
            || (other.fixed && !self.fixed)
            || beyond(&self.prefix, &other.prefix)
            || beyond(&self.suffix, &other.suffix)
    }

    /// Whether it is plain that the text is not one of the language.
    pub(super) fn excludes(&self, text: &str) -> bool {
        let other = |mask: &Mask, character: char| !mask.contains(character);
        text.len() < self.least
            || self.prefix.iter().zip(text.chars()).any(|(mask, character)| other(mask, character))
            || self.suffix.iter().zip(text.chars().rev()).any(|(mask, character)| other(mask, character))
    }

    /// Adds the first characters; tells whether every place of the expression was added, so that what follows it can be.
    fn begin(&mut self, regular: &Regular) -> bool {
        if self.prefix.len() >= PREFIX {
            return false;
        }
        match regular {
            Regular::Text(text) => {
                self.prefix.extend(text.chars().map(Mask::single));
                true
            }
            Regular::Character(set) => {
                self.prefix.push(Mask::of(set));
                true
            }
            Regular::Sequence(parts) => parts.iter().all(|part| self.begin(part)),
            Regular::Choice(parts) => match parts.as_slice() {
                [only] => self.begin(only),
                _ => false,
            },
            Regular::Repeat { part, least, most } => {
                (0..(*least).min(PREFIX as u32)).all(|_| self.begin(part)) && *most == Some(*least)
            }
        }
    }

    /// Adds the last characters, from the last on, as [`Outline::begin`] does.
    fn end(&mut self, regular: &Regular) -> bool {
        if self.suffix.len() >= SUFFIX {
            return false;
        }
        match regular {
            Regular::Text(text) => {
                self.suffix.extend(text.chars().rev().map(Mask::single));
                true
            }
            Regular::Character(set) => {
                self.suffix.push(Mask::of(set));
                true
            }
            Regular::Sequence(parts) => parts.iter().rev().all(|part| self.end(part)),
            Regular::Choice(parts) => match parts.as_slice() {
                [only] => self.end(only),
                _ => false,
            },
            Regular::Repeat { part, least, most } => {
                (0..(*least).min(SUFFIX as u32)).all(|_| self.end(part)) && *most == Some(*least)
            }
        }
    }
}

impl Mask {
    fn single(character: char) -> Mask {
        let code = u32::from(character);
        if code < 128 { Mask { ascii: 1 << code, beyond: false } } else { Mask { ascii: 0, beyond: true } }
    }

    fn of(set: &CharacterSet) -> Mask {
        let mut mask = Mask { ascii: 0, beyond: false };
        for &(first, last) in set.ranges() {
            let (first, last) = (u32::from(first), u32::from(last));
            mask.beyond |= last >= 128;
            if first < 128 {
                let upto = u128::MAX >> (127 - last.min(127));
                mask.ascii |= upto & (u128::MAX << first);
            }
        }
        mask
    }

    fn contains(self, character: char) -> bool {
        self.meets(Mask::single(character))
    }

    fn meets(self, other: Mask) -> bool {
        self.ascii & other.ascii != 0 || (self.beyond && other.beyond)
    }

    fn exceeds(self, other: Mask) -> bool {
        self.ascii & !other.ascii != 0 || (self.beyond && !other.beyond)
    }
}

/// The length of a shortest text, and of a longest one, if the expression shows it. Of the empty language it may say anything.
fn lengths(regular: &Regular) -> (usize, Option<usize>) {
    match regular {
        Regular::Text(text) => {
            let length = text.chars().count();
            (length, Some(length))
        }
        Regular::Character(_) => (1, Some(1)),
        Regular::Sequence(parts) => parts.iter().map(lengths).fold((0, Some(0)), |before, part| {
            (
                before.0.saturating_add(part.0),
                before.1.zip(part.1).map(|(left, right)| left.saturating_add(right)),
            )
        }),
        Regular::Choice(parts) => {
            let least = parts.iter().map(|part| lengths(part).0).min();
            let most =
                parts.iter().map(|part| lengths(part).1).try_fold(0, |before, most| Some(before.max(most?)));
            (least.unwrap_or(0), most)
        }
        Regular::Repeat { part, least, most } => {
            let (shortest, longest) = lengths(part);
            let times = |length: usize, count: u32| length.saturating_mul(count as usize);
            let most = match (longest, most) {
                (Some(0), _) => Some(0),
                (longest, most) => longest.zip(*most).map(|(longest, most)| times(longest, most)),
            };
            (times(shortest, *least), most)
        }
    }
}

/// A shortest text of the expression's language, made of plain characters; `None` where it has none.
///
/// The parts of a row do not know of each other, so a shortest text of a row is made of shortest texts of its parts.
pub(super) fn shortest(regular: &Regular) -> Option<String> {
    let mut text = String::new();
    write_shortest(regular, &mut text).then_some(text)
}

/// Adds a shortest text; tells whether there is one.
fn write_shortest(regular: &Regular, text: &mut String) -> bool {
    match regular {
        Regular::Text(literal) => {
            text.push_str(literal);
            true
        }
        Regular::Character(set) => {
            let character = plainest(set);
            text.extend(character);
            character.is_some()
        }
        Regular::Sequence(parts) => parts.iter().all(|part| write_shortest(part, text)),
        Regular::Choice(parts) => {
            let best = parts.iter().filter_map(shortest).min_by_key(|one| one.chars().count());
            text.extend(best.as_deref());
            best.is_some()
        }
        Regular::Repeat { most: Some(most), least, .. } if most < least => false,
        Regular::Repeat { least: 0, .. } => true,
        Regular::Repeat { part, least, .. } => match shortest(part) {
            Some(one) => {
                text.push_str(&one.repeat(*least as usize));
                true
            }
            None => false,
        },
    }
}

/// Writes the only text of the expression; tells whether it has only one, as far as that is plain.
fn single(regular: &Regular, text: &mut String) -> bool {
    match regular {
        Regular::Text(literal) => {
            text.push_str(literal);
            true
        }
        Regular::Character(set) => match set.ranges() {
            [(first, last)] if first == last => {
                text.push(*first);
                true
            }
            _ => false,
        },
        Regular::Sequence(parts) => parts.iter().all(|part| single(part, text)),
        Regular::Choice(parts) => match parts.as_slice() {
            [only] => single(only, text),
            _ => false,
        },
        Regular::Repeat { part, least, most } => {
            *most == Some(*least) && *least < 1_000 && (0..*least).all(|_| single(part, text))
        }
    }
}
