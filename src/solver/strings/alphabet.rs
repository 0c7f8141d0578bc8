//! Characters in classes: those that a family of sets does not tell apart are one class.
//!
//! Unicode has 1,112,064 scalar values, a question about texts distinguishes a few dozen kinds of them. A class stands for all its
//! characters, and its *face* is the plainest of them, which witnesses show.

use crate::solver::hashing::Table;
use crate::solver::regular::CharacterSet;

/// A partition of all characters into classes, numbered from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Alphabet {
    /// Where each interval begins, in order, and its class; it ends before the next one, the last one with the last character.
    intervals: Vec<(u32, u32)>,
    /// The classes of the characters below 128, which is where nearly all look-ups go.
    ascii: Vec<u32>,
    /// How many classes there are.
    size: usize,
}

/// The first number that is no scalar value.
const END: u32 = 0x11_0000;

impl Alphabet {
    /// The coarsest partition in which each set is a union of classes; and for each set, which classes those are.
    pub(super) fn telling_apart(sets: &[CharacterSet]) -> (Alphabet, Vec<Vec<bool>>) {
        let mut cuts: Vec<u32> = vec![0];
        for (first, last) in sets.iter().flat_map(CharacterSet::ranges) {
            cuts.push(u32::from(*first));
            cuts.push(u32::from(*last) + 1);
        }
        cuts.sort_unstable();
        cuts.dedup();
        cuts.retain(|&cut| cut < END);
        let words = sets.len().div_ceil(64);
        let mut signatures: Vec<Vec<u64>> = vec![vec![0; words]; cuts.len()];
        for (position, set) in sets.iter().enumerate() {
            for &(first, last) in set.ranges() {
                let from = cuts.partition_point(|&cut| cut < u32::from(first));
                let to = cuts.partition_point(|&cut| cut <= u32::from(last));
                for signature in signatures.get_mut(from..to).unwrap_or_default() {
                    if let Some(word) = signature.get_mut(position / 64) {
                        *word |= 1 << (position % 64);
                    }
                }
            }
        }
        let mut membership: Vec<Vec<bool>> = vec![Vec::new(); sets.len()];
        let alphabet = Alphabet::of_signatures(&cuts, signatures, |signature| {
            for (position, classes) in membership.iter_mut().enumerate() {
                classes
                    .push(signature.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1));
            }
        });
        (alphabet, membership)
    }

    /// The coarsest partition that refines each of these; and for each class, the classes of the given ones that it lies in.
    pub(super) fn refining(alphabets: &[&Alphabet]) -> (Alphabet, Vec<Vec<u32>>) {
        let mut cuts: Vec<u32> = alphabets
            .iter()
            .flat_map(|alphabet| alphabet.intervals.iter().map(|(start, _)| *start))
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut signatures: Vec<Vec<u32>> = vec![Vec::with_capacity(alphabets.len()); cuts.len()];
        for alphabet in alphabets {
            let mut intervals = alphabet.intervals.iter().peekable();
            let mut class = 0;
            for (cut, signature) in cuts.iter().zip(&mut signatures) {
                while let Some((_, next)) = intervals.next_if(|(start, _)| start <= cut) {
                    class = *next;
                }
                signature.push(class);
            }
        }
        let mut parts = Vec::new();
        let alphabet =
            Alphabet::of_signatures(&cuts, signatures, |signature: &Vec<u32>| parts.push(signature.clone()));
        (alphabet, parts)
    }

    /// Intervals with equal signatures share a class; `announce` hears of each class's signature, in order.
    fn of_signatures<S: Eq + std::hash::Hash + Clone>(
        cuts: &[u32],
        signatures: Vec<S>,
        mut announce: impl FnMut(&S),
    ) -> Alphabet {
        let mut classes: Table<S, u32> = Table::default();
        let mut intervals: Vec<(u32, u32)> = Vec::with_capacity(cuts.len());
        for (&cut, signature) in cuts.iter().zip(signatures) {
            let fresh = u32::try_from(classes.len()).unwrap_or(u32::MAX);
            let class = *classes.entry(signature).or_insert_with_key(|signature| {
                announce(signature);
                fresh
            });
            if intervals.last().is_none_or(|(_, before)| *before != class) {
                intervals.push((cut, class));
            }
        }
        let mut alphabet = Alphabet { intervals, ascii: Vec::new(), size: classes.len() };
        alphabet.ascii = (0..128).map(|code| alphabet.search(code)).collect();
        alphabet
    }

    /// How many classes there are.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// The class of the character.
    pub(super) fn class(&self, character: char) -> u32 {
        let code = u32::from(character);
        self.ascii.get(code as usize).copied().unwrap_or_else(|| self.search(code))
    }

    fn search(&self, code: u32) -> u32 {
        let after = self.intervals.partition_point(|(start, _)| *start <= code);
        self.intervals.get(after.saturating_sub(1)).map_or(0, |(_, class)| *class)
    }

    /// For each class whether it has one character only.
    pub(super) fn singles(&self) -> Vec<bool> {
        let mut sizes: Vec<u32> = vec![0; self.size];
        for (position, (start, class)) in self.intervals.iter().enumerate() {
            let end = self.intervals.get(position + 1).map_or(END, |(next, _)| *next);
            if let Some(size) = sizes.get_mut(*class as usize) {
                *size += end - start;
            }
        }
        sizes.into_iter().map(|size| size == 1).collect()
    }

    /// For each class its plainest character and how plain that is, less being plainer. A class without a scalar value has none: the gap of
    /// the surrogates, where some set ends just before it and another begins just after.
    pub(super) fn faces(&self) -> Vec<Option<(usize, char)>> {
        let mut faces: Vec<Option<(usize, char)>> = vec![None; self.size];
        for (position, (start, class)) in self.intervals.iter().enumerate() {
            let end = self.intervals.get(position + 1).map_or(END, |(next, _)| *next);
            let Some(face) = faces.get_mut(*class as usize) else { continue };
            let best = face.map_or(usize::MAX, |(plainness, _)| plainness);
            for (plainness, (first, last)) in
                PLAINEST_FIRST.iter().enumerate().take_while(|(rank, _)| *rank < best)
            {
                let from = (*start).max(u32::from(*first));
                if from < end && from <= u32::from(*last) {
                    *face = char::from_u32(from).map(|character| (plainness, character)).or(*face);
                    break;
                }
            }
        }
        faces
    }
}

/// The plainest character of the set, if it has any, as faces are chosen.
pub(super) fn plainest(set: &CharacterSet) -> Option<char> {
    PLAINEST_FIRST.iter().find_map(|&(first, last)| {
        set.ranges().iter().find_map(|&(from, to)| {
            let start = from.max(first);
            (start <= last && start <= to).then_some(start)
        })
    })
}

/// All characters, the plainest first: what witnesses are made of where the languages leave a choice.
const PLAINEST_FIRST: [(char, char); 18] = [
    ('x', 'z'),
    ('a', 'w'),
    ('0', '9'),
    ('A', 'Z'),
    ('-', '-'),
    ('_', '_'),
    ('.', '.'),
    ('/', '/'),
    (':', ':'),
    ('+', ','),
    (';', '@'),
    ('!', '~'),
    (' ', ' '),
    ('\u{A1}', '\u{24F}'),
    ('\u{250}', '\u{D7FF}'),
    ('\u{E000}', '\u{10FFFF}'),
    ('\u{80}', '\u{A0}'),
    ('\0', '\u{7F}'),
];
