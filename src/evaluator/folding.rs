//! Letters that count as one (GEN-6).

use super::reading::Reading;
use crate::iam::assumption::Alternative;

/// Which letters are folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folding {
    /// A to Z.
    Ascii,
    /// The capitals of Latin-1 as well.
    Latin1,
}

impl Folding {
    /// The folding of texts in conditions.
    // Rules: GEN-6, OPEN-1.
    pub(super) fn of_texts(reading: Reading) -> Folding {
        if reading.takes(Alternative::FoldsLatin1) { Folding::Latin1 } else { Folding::Ascii }
    }

    /// Whether two texts are equal but for case.
    pub(super) fn makes_equal(self, left: &[u8], right: &[u8]) -> bool {
        match self {
            Folding::Ascii => left.eq_ignore_ascii_case(right),
            Folding::Latin1 => folded(left).eq(folded(right)),
        }
    }
}

/// The bytes of a text in lower case. U+00C0 to U+00DE are 0xC3 and one byte more, 0x20 below that of their small letters; of them
/// U+00D7 is no letter. 0xC3 stands nowhere else in UTF-8 than before such a byte.
fn folded(text: &[u8]) -> impl Iterator<Item = u8> {
    let before = [0].into_iter().chain(text.iter().copied());
    before.zip(text).map(|(before, byte)| match (before, *byte) {
        (0xC3, byte @ (0x80..=0x96 | 0x98..=0x9E)) => byte + 0x20,
        (_, byte) => byte.to_ascii_lowercase(),
    })
}
