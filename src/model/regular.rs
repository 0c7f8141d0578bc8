//! The regular languages of patterns: what a glob, a folded text and the fields of an ARN pattern match (GLOB-1).

use crate::iam::pattern::Token;
use crate::solver::regular::{CharacterSet, Regular};

/// How far a wildcard reaches, and what else a part of a pattern may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Any character.
    Everywhere,
    /// Any character but a colon: one of the first five fields of an ARN (COND-32).
    WithinField,
}

/// Whether letters are compared with or without case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    /// Character by character.
    Sensitive,
    /// After `lower` (GEN-6): ASCII letters match their other case.
    Folded,
    /// As well, and `À` to `Þ` but for `×` match their other case: one reading of D-2.
    FoldedLatin1,
}

impl Reach {
    /// The characters within reach.
    pub fn characters(self) -> CharacterSet {
        match self {
            Reach::Everywhere => CharacterSet::all(),
            Reach::WithinField => CharacterSet::of([':']).complement(),
        }
    }

    /// Any text within reach.
    pub fn anything(self) -> Regular {
        Regular::Character(self.characters()).any_number()
    }
}

/// The texts that are equal to this one.
// Rule: GEN-6.
pub fn literal(text: &str, case: Case) -> Regular {
    match case {
        Case::Sensitive => Regular::text(text),
        Case::Folded => Regular::text(text).folded(),
        Case::FoldedLatin1 => sequence(text.chars().map(folded_latin1)),
    }
}

/// The characters that are equal to this one if letters up to U+00FF are compared without their case.
// Rule: COND-16.
fn folded_latin1(character: char) -> Regular {
    let moved = |by: i32| u32::from(character).checked_add_signed(by).and_then(char::from_u32);
    let other = match character {
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{DE}' => moved(32),
        '\u{E0}'..='\u{F6}' | '\u{F8}'..='\u{FE}' => moved(-32),
        _ => None,
    };
    let set = CharacterSet::of([Some(character), other].into_iter().flatten());
    Regular::Character(set.folded())
}

/// The texts that tokens match: `*` any sequence, `?` one character, the rest itself.
///
/// Variables are no business of regular languages: templates take them out first, and one that is left matches nothing.
/// Stars in a row are one, so that patterns of one language are more often one expression.
// Rules: GLOB-1, GLOB-2.
pub fn glob(tokens: &[Token], reach: Reach, case: Case) -> Regular {
    let mut parts = Vec::with_capacity(tokens.len());
    let mut star_before = false;
    for token in tokens {
        let star = matches!(token, Token::Star);
        match token {
            Token::Literal(text) => parts.push(literal(text, case)),
            Token::Star if star_before => {}
            Token::Star => parts.push(reach.anything()),
            Token::Question => parts.push(Regular::Character(reach.characters())),
            Token::Variable(_) => parts.push(choice([])),
        }
        star_before = star;
    }
    sequence(parts)
}

/// One text of each part, in order.
pub fn sequence(parts: impl IntoIterator<Item = Regular>) -> Regular {
    let mut parts: Vec<Regular> = parts.into_iter().filter(|part| *part != Regular::text("")).collect();
    match parts.len() {
        0 => Regular::text(""),
        1 => parts.remove(0),
        _ => Regular::Sequence(parts),
    }
}

/// A text of one of the parts.
pub fn choice(parts: impl IntoIterator<Item = Regular>) -> Regular {
    Regular::Choice(parts.into_iter().collect())
}

/// One of these texts.
pub fn any_of<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Regular {
    choice(texts.into_iter().map(Regular::text))
}

/// The part or nothing.
pub fn optional(part: Regular) -> Regular {
    part.optional()
}

/// At least `least` and at most `most` of the part.
pub fn between(part: Regular, least: u32, most: u32) -> Regular {
    Regular::Repeat { part: Box::new(part), least, most: Some(most) }
}

/// Between `least` and `most` decimal digits.
pub fn digits(least: u32, most: u32) -> Regular {
    between(Regular::Character(CharacterSet::of_ranges([('0', '9')])), least, most)
}

/// At least one character of these ranges.
pub fn word(ranges: &[(char, char)]) -> Regular {
    Regular::Character(CharacterSet::of_ranges(ranges.iter().copied())).at_least_once()
}

/// The texts that begin with `arn:` and have six fields (GEN-7).
pub fn arn() -> Regular {
    let field = || sequence([Reach::WithinField.anything(), Regular::text(":")]);
    sequence([Regular::text("arn:"), field(), field(), field(), field(), Regular::anything()])
}
