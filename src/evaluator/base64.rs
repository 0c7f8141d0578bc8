//! Canonical base64, of which BinaryEquals needs to know only whether a text is it.

use std::borrow::Cow;

use super::reading::Reading;
use crate::iam::assumption::Alternative;

/// The text of a context as policy values are written, to be compared with them; `None` if it is of the wrong type.
// Rules: COND-29, OPEN-1.
pub(super) fn canonical_in_context(text: &str, reading: Reading) -> Option<Cow<'_, str>> {
    if is_canonical(text) || reading.takes(Alternative::BinaryAsText) {
        Some(Cow::Borrowed(text))
    } else if reading.takes(Alternative::UnusedBitsIgnored) {
        with_unused_bits_cleared(text).map(Cow::Owned)
    } else {
        None
    }
}

/// The same text with the unused bits of the last character before the padding cleared, if that makes it canonical.
fn with_unused_bits_cleared(text: &str) -> Option<String> {
    let data = text.trim_end_matches('=');
    let last = data.chars().last()?;
    let (before, padding) = (data.strip_suffix(last)?, text.strip_prefix(data)?);
    let unused_bits = u32::try_from(2 * padding.len()).ok()?;
    let cleared = ALPHABET.find(last)?.checked_shr(unused_bits)?.checked_shl(unused_bits)?;
    let cleared = ALPHABET.chars().nth(cleared)?;
    let text = format!("{before}{cleared}{padding}");
    is_canonical(&text).then_some(text)
}

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Whether a text is canonical base64: padded on the right, with the unused bits zero.
///
/// Bytes have exactly one such text. So two texts that are canonical stand for equal bytes if and only if they are equal, and
/// nothing needs to be decoded.
// Rule: COND-29.
pub(super) fn is_canonical(text: &str) -> bool {
    if !text.len().is_multiple_of(4) {
        return false;
    }
    let data = text.trim_end_matches('=');
    let padding = text.len() - data.len();
    let unused_bits = match padding {
        0 => 0,
        1 => 0b11,
        2 => 0b1111,
        _ => return false,
    };
    let last = data.bytes().last().and_then(sextet).unwrap_or(0);
    data.bytes().all(|byte| sextet(byte).is_some()) && last & unused_bits == 0
}

/// The six bits of a character of the alphabet.
fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
