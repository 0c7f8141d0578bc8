//! Regular expressions and texts as terms of SMT-LIB.

use super::{LAST, Writer};
use crate::solver::regular::{CharacterSet, Regular};

impl Writer<'_> {
    /// The expression, or one of a larger language where the theory has no such characters.
    pub(super) fn regular(&mut self, regular: &Regular) -> String {
        match regular {
            Regular::Text(text) => match text_literal(text) {
                Some(literal) => format!("(str.to_re {literal})"),
                None => {
                    self.widen();
                    // Any text of this length: more than was asked, as whatever is weaker must be.
                    joined("re.++", "(str.to_re \"\")", vec!["re.allchar".to_owned(); text.chars().count()])
                }
            },
            Regular::Character(set) => self.character(set),
            Regular::Sequence(parts) => {
                let parts = parts.iter().map(|part| self.regular(part)).collect();
                joined("re.++", "(str.to_re \"\")", parts)
            }
            Regular::Choice(parts) => {
                let parts = parts.iter().map(|part| self.regular(part)).collect();
                joined("re.union", "re.none", parts)
            }
            Regular::Repeat { part, least, most } => {
                let part = self.regular(part);
                match (least, most) {
                    (least, Some(most)) if most < least => "re.none".to_owned(),
                    (0, None) => format!("(re.* {part})"),
                    (1, None) => format!("(re.+ {part})"),
                    (0, Some(1)) => format!("(re.opt {part})"),
                    (least, None) => format!("(re.++ ((_ re.^ {least}) {part}) (re.* {part}))"),
                    (least, Some(most)) => format!("((_ re.loop {least} {most}) {part})"),
                }
            }
        }
    }

    fn widen(&mut self) {
        self.widened += 1;
        self.weaker.insert("it does not tell characters beyond U+2FFFF apart".to_owned());
    }

    fn character(&mut self, set: &CharacterSet) -> String {
        if *set == CharacterSet::all() {
            return "re.allchar".to_owned();
        }
        let mut ranges = Vec::new();
        for &(first, last) in set.ranges() {
            let (first, last) = (u32::from(first), u32::from(last));
            if first > LAST || (last > LAST && last != u32::from(char::MAX)) {
                self.widen();
                // Told apart beyond the last character: taken for any character.
                return "re.allchar".to_owned();
            }
            let last = if last == 0xD7FF { 0xDFFF } else { last.min(LAST) };
            ranges.push(if first == last {
                format!("(str.to_re \"{}\")", escaped(first))
            } else {
                format!("(re.range \"{}\" \"{}\")", escaped(first), escaped(last))
            });
        }
        joined("re.union", "re.none", ranges)
    }
}

/// An application of an operator to all the parts; to none of them its neutral element, to one the part itself.
pub(super) fn joined(operator: &str, neutral: &str, mut parts: Vec<String>) -> String {
    match parts.len() {
        0 => neutral.to_owned(),
        1 => parts.swap_remove(0),
        _ => format!("({operator} {})", parts.join(" ")),
    }
}

/// The text as a constant, if all its characters are there in the theory.
pub(super) fn text_literal(text: &str) -> Option<String> {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        if u32::from(character) > LAST {
            return None;
        }
        literal.push_str(&escaped(u32::from(character)));
    }
    literal.push('"');
    Some(literal)
}

/// A character within a constant. A backslash could begin an escape, so it is always escaped itself.
fn escaped(code: u32) -> String {
    match char::from_u32(code) {
        Some('"') => "\"\"".to_owned(),
        Some(plain @ (' '..='[' | ']'..='~')) => plain.to_string(),
        Some(_) | None => format!("\\u{{{code:x}}}"),
    }
}
