//! Finds, for a text, the entries of which some characteristic piece of eight bytes occurs anywhere in it.
//!
//! Where patterns begin alike and differ only behind a wildcard, their beginnings tell nothing. But what a pattern matches holds
//! every literal text of the pattern, so an entry can be filed under any eight bytes in a row of such a text: here, under those
//! that the fewest other patterns have. The windows of a text are looked up one by one; most are turned away by a filter of bits.
//! Entries with a pattern that has no literal of eight bytes are always found.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};

/// The length of a piece.
const LENGTH: usize = 8;

/// Bits of the filter for each piece; one in so many foreign windows gets past it.
const BITS_EACH: usize = 32;

type Piece = [u8; LENGTH];

/// The index.
#[derive(Clone, Debug)]
pub(super) struct GramIndex {
    always: Vec<u32>,
    /// A bit for each piece that is filed under, at the place that [`GramIndex::bit`] says. As many bits as a power of two.
    filter: Vec<u64>,
    /// The pieces in order, each with the range of its entries.
    pieces: Vec<(Piece, Range<usize>)>,
    entries: Vec<u32>,
}

impl GramIndex {
    /// The index of entries; each entry has alternatives, and each of these the literal texts that it requires.
    pub(super) fn new(filing: &[(u32, Vec<Vec<&[u8]>>)]) -> GramIndex {
        let mut shared_by: BTreeMap<Piece, usize> = BTreeMap::new();
        for literals in filing.iter().flat_map(|(_, alternatives)| alternatives) {
            for piece in pieces(literals) {
                *shared_by.entry(piece).or_default() += 1;
            }
        }
        let rarest = |literals: &[&[u8]]| pieces(literals).min_by_key(|piece| shared_by.get(piece));
        let mut always = Vec::new();
        let mut filed: BTreeMap<Piece, Vec<u32>> = BTreeMap::new();
        for (entry, alternatives) in filing {
            let under: Option<Vec<Piece>> = alternatives.iter().map(|literals| rarest(literals)).collect();
            match under {
                Some(under) => {
                    under.into_iter().for_each(|piece| filed.entry(piece).or_default().push(*entry))
                }
                None => always.push(*entry),
            }
        }
        let words = (filed.len() * BITS_EACH / 64).next_power_of_two();
        let mut index = GramIndex { always, filter: vec![0; words], pieces: Vec::new(), entries: Vec::new() };
        for (piece, mut entries) in filed {
            entries.dedup();
            let start = index.entries.len();
            index.entries.append(&mut entries);
            index.pieces.push((piece, start..index.entries.len()));
            let (word, bit) = index.bit(piece);
            if let Some(word) = index.filter.get_mut(word) {
                *word |= bit;
            }
        }
        index
    }

    /// How many entries are found whatever the text.
    pub(super) fn always(&self) -> usize {
        self.always.len()
    }

    /// Shows the entries of which a piece occurs in the text, once for each such piece, and those without pieces, until `visit`
    /// breaks off.
    pub(super) fn visit<Outcome>(
        &self,
        text: &[u8],
        mut visit: impl FnMut(u32) -> ControlFlow<Outcome>,
    ) -> ControlFlow<Outcome> {
        for (start, window) in text.windows(LENGTH).enumerate() {
            let Ok(piece) = Piece::try_from(window) else { continue };
            let (word, bit) = self.bit(piece);
            if self.filter.get(word).is_none_or(|bits| bits & bit == 0) {
                continue;
            }
            let before = text.get(..start + LENGTH - 1).unwrap_or_default();
            for entry in self.filed_under(piece, before) {
                visit(*entry)?;
            }
        }
        self.always.iter().try_for_each(|entry| visit(*entry))
    }

    /// The entries under a piece, unless it occurred before: a text that repeats itself is held against an entry once.
    ///
    /// The search through what was before is long only where it finds nothing, which happens once for each piece.
    fn filed_under(&self, piece: Piece, before: &[u8]) -> &[u32] {
        let position = self.pieces.binary_search_by(|(listed, _)| listed.cmp(&piece));
        let filed = position.ok().and_then(|position| self.pieces.get(position));
        match filed.and_then(|(_, entries)| self.entries.get(entries.clone())) {
            Some(entries) if !before.windows(LENGTH).any(|earlier| earlier == piece) => entries,
            Some(_) | None => &[],
        }
    }

    /// The word of the filter, and the bit in it, that stand for a piece.
    fn bit(&self, piece: Piece) -> (usize, u64) {
        // The upper half of a product with an odd number depends on all bits of the piece.
        let mixed = u64::from_le_bytes(piece).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let word = usize::try_from(mixed / 64).unwrap_or(0) & (self.filter.len() - 1);
        (word, 1 << (mixed % 64))
    }
}

/// All pieces of some literal texts.
fn pieces<'a>(literals: &'a [&[u8]]) -> impl Iterator<Item = Piece> + 'a {
    literals.iter().flat_map(|text| text.windows(LENGTH)).filter_map(|window| Piece::try_from(window).ok())
}
