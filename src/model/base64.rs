//! Base64 of BinaryEquals: canonical texts, and texts whose unused bits may be anything (COND-29).

use super::regular::{between, choice, optional, sequence};
use crate::solver::regular::{CharacterSet, Regular};

/// The digits by value.
const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Groups of four; at most the last is padded, and the bits that padding leaves over are zero.
// Rule: COND-29.
pub(super) fn is_canonical(text: &str) -> bool {
    let unpadded = unpadded(text);
    let unused = match (text.len() - unpadded.len(), text.len() % 4) {
        (0, 0) => 0b00_0000,
        (1, 0) => 0b00_0011,
        (2, 0) => 0b00_1111,
        _ => return false,
    };
    let mut last = 0;
    for character in unpadded.chars() {
        match DIGITS.find(character) {
            Some(value) => last = value,
            None => return false,
        }
    }
    last & unused == 0
}

/// The canonical texts.
pub(super) fn canonical() -> Regular {
    texts(|unused| digits(|value| value & unused == 0))
}

/// The padded texts, whatever their unused bits.
pub(super) fn padded() -> Regular {
    texts(|_| digits(|_| true))
}

/// The padded texts of the same bytes as a canonical one.
// Rule: COND-29.
pub(super) fn same_bytes(canonical: &str) -> Regular {
    let unpadded = unpadded(canonical);
    let unused = match canonical.len() - unpadded.len() {
        0 => return Regular::text(canonical),
        1 => 0b00_0011,
        _ => 0b00_1111,
    };
    let last = unpadded.chars().next_back();
    let Some(bits) = last.and_then(|last| DIGITS.find(last)) else {
        return Regular::text(canonical);
    };
    let front = unpadded.get(..unpadded.len() - 1).unwrap_or_default();
    let padding = canonical.get(unpadded.len()..).unwrap_or_default();
    sequence([Regular::text(front), digits(|value| value & !unused == bits), Regular::text(padding)])
}

fn unpadded(text: &str) -> &str {
    text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text)
}

/// Groups of four, the last of which may be padded; `last` gives the digits before the padding for the bits that it leaves over.
fn texts(last: impl Fn(usize) -> Regular) -> Regular {
    let any = || digits(|_| true);
    let group = between(any(), 4, 4);
    let one = sequence([any(), any(), last(0b00_0011), Regular::text("=")]);
    let two = sequence([any(), last(0b00_1111), Regular::text("==")]);
    sequence([group.any_number(), optional(choice([one, two]))])
}

fn digits(such: impl Fn(usize) -> bool) -> Regular {
    let digits = DIGITS.chars().enumerate().filter(|(value, _)| such(*value));
    Regular::Character(CharacterSet::of(digits.map(|(_, digit)| digit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solver::evaluate::belongs;

    #[test]
    fn canonical_texts_are_padded_and_leave_no_bits() {
        for (text, is_so, is_padded) in [
            ("", true, true),
            ("QUJD", true, true),
            ("QUI=", true, true),
            ("QUJ=", false, true),
            ("QQ==", true, true),
            ("QR==", false, true),
            ("QQ", false, false),
            ("QQ=", false, false),
            ("QQ==QUJD", false, false),
            ("QU D", false, false),
        ] {
            assert_eq!(is_canonical(text), is_so, "{text}");
            assert_eq!(belongs(text, &canonical()), is_so, "{text}");
            assert_eq!(belongs(text, &padded()), is_padded, "{text}");
        }
        for (text, same) in [("QQ==", true), ("Qf==", true), ("Qg==", false), ("QQ=", false)] {
            assert_eq!(belongs(text, &same_bytes("QQ==")), same, "{text}");
        }
    }
}
