//! What two patterns have to do with each other: whether one speaks of all that the other does, and whether some text belongs to both.
//!
//! These are facts about written patterns, found without the evaluator and without the solver. Only *yes* is a claim for inclusion, only *no*
//! for meeting; where a fact is not found, the question goes to the solver.
//!
//! **Inclusion.** Read the inner pattern as a word whose letters are its tokens: characters, `?`, `*`, variables. The outer pattern *absorbs*
//! that word if the word can be cut so that each token of the outer takes its part: a character the same character, `?` one character or
//! one `?`, a variable the same variable, and `*` any part. Then each text of the inner pattern belongs to the outer: it is the word with each
//! `?` replaced by a character, each `*` by any text, each variable by its value, and with the same cut each token of the outer matches what
//! its part became: a part taken by `*` may become anything, `?` took a token that becomes one character, and the same variable has the same
//! value in one request (where it has none, the inner pattern matches nothing). The converse fails only for patterns such as `?*` and `*?`.
//!
//! **Meeting.** Two patterns meet if some text belongs to both. Walk both at once: from a pair of positions a step takes one character
//! that both allow, or skips a `*`. If no such walk ends at both ends, no text belongs to both. A variable is taken for `*` here, which
//! allows more, so *no* stays right.

use crate::iam::pattern::{Token, Variable};

/// A pattern as a row of symbols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    symbols: Vec<Symbol>,
    /// How many of the first symbols are characters.
    head: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Symbol {
    Character(char),
    Question,
    Star,
    Variable(Box<Variable>),
}

/// How many pairs of positions are looked at before two patterns are taken to meet.
const MAX_PAIRS: usize = 40_000;

impl Pattern {
    pub(super) fn new(tokens: &[Token]) -> Pattern {
        let mut symbols: Vec<Symbol> = Vec::new();
        for token in tokens {
            match token {
                Token::Literal(text) => symbols.extend(text.chars().map(Symbol::Character)),
                Token::Question => symbols.push(Symbol::Question),
                // Two stars in a row are one.
                Token::Star if symbols.last() == Some(&Symbol::Star) => {}
                Token::Star => symbols.push(Symbol::Star),
                Token::Variable(variable) => symbols.push(Symbol::Variable(Box::new(variable.clone()))),
            }
        }
        let head = symbols.iter().take_while(|symbol| matches!(symbol, Symbol::Character(_))).count();
        Pattern { symbols, head }
    }

    /// Whether every text belongs to the pattern.
    pub(super) fn is_everything(&self) -> bool {
        self.symbols == [Symbol::Star]
    }

    /// Whether it is found that each text of the inner pattern belongs to this one.
    pub(super) fn absorbs(&self, inner: &Pattern) -> bool {
        let (outer, inner) = (self.symbols.as_slice(), inner.symbols.as_slice());
        // Greedy with one place to go back to, as for any pattern with wildcards: what follows the last `*` decides.
        let (mut at, mut read) = (0, 0);
        let mut last_star: Option<(usize, usize)> = None;
        while let Some(letter) = inner.get(read) {
            match outer.get(at) {
                Some(Symbol::Star) => {
                    last_star = Some((at, read));
                    at += 1;
                }
                Some(symbol) if symbol.takes(letter) => {
                    at += 1;
                    read += 1;
                }
                Some(_) | None => match &mut last_star {
                    Some((star, taken)) => {
                        *taken += 1;
                        at = *star + 1;
                        read = *taken;
                    }
                    None => return false,
                },
            }
        }
        outer.get(at..).is_some_and(|rest| rest.iter().all(|symbol| *symbol == Symbol::Star))
    }

    /// Whether some text may belong to both patterns.
    pub(super) fn meets(&self, other: &Pattern) -> bool {
        let heads = self.symbols.iter().take(self.head).zip(other.symbols.iter().take(other.head));
        if heads.into_iter().any(|(left, right)| left != right) {
            return false;
        }
        let shared = self.head.min(other.head);
        let (left, right) = (self.symbols.get(shared..), other.symbols.get(shared..));
        let (Some(left), Some(right)) = (left, right) else { return true };
        let width = right.len() + 1;
        if (left.len() + 1).saturating_mul(width) > MAX_PAIRS {
            return true;
        }
        let mut seen = vec![false; (left.len() + 1) * width];
        let mut waiting = vec![(0, 0)];
        while let Some((i, j)) = waiting.pop() {
            match seen.get_mut(i * width + j) {
                Some(mark) if !*mark => *mark = true,
                Some(_) | None => continue,
            }
            match (left.get(i), right.get(j)) {
                (None, None) => return true,
                (first, second) => {
                    let (is_wide, is_other_wide) = (is_wide(first), is_wide(second));
                    if is_wide {
                        waiting.push((i + 1, j));
                    }
                    if is_other_wide {
                        waiting.push((i, j + 1));
                    }
                    let step = |wide: bool, position: usize| if wide { position } else { position + 1 };
                    if let (Some(first), Some(second)) = (first, second)
                        && first.shares_a_character_with(second)
                    {
                        waiting.push((step(is_wide, i), step(is_other_wide, j)));
                    }
                }
            }
        }
        false
    }
}

/// Whether the symbol stands for texts of any length.
fn is_wide(symbol: Option<&Symbol>) -> bool {
    matches!(symbol, Some(Symbol::Star | Symbol::Variable(_)))
}

impl Symbol {
    /// Whether this symbol of an outer pattern takes this token of an inner one; `*` is dealt with by the walk.
    fn takes(&self, letter: &Symbol) -> bool {
        match (self, letter) {
            (Symbol::Question, Symbol::Character(_) | Symbol::Question) => true,
            (Symbol::Character(_) | Symbol::Variable(_), _) => self == letter,
            (Symbol::Question, Symbol::Star | Symbol::Variable(_)) | (Symbol::Star, _) => false,
        }
    }

    fn shares_a_character_with(&self, other: &Symbol) -> bool {
        match (self, other) {
            (Symbol::Character(left), Symbol::Character(right)) => left == right,
            (Symbol::Question | Symbol::Star | Symbol::Variable(_), _)
            | (_, Symbol::Question | Symbol::Star | Symbol::Variable(_)) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::pattern::tokens_with_variables;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(&tokens_with_variables(text).unwrap())
    }

    #[test]
    fn what_is_absorbed() {
        for (outer, inner, expected) in [
            ("*", "", true),
            ("*", "a*b?", true),
            ("a*", "ab*", true),
            ("ab*", "a*", false),
            ("a?", "a*", false),
            ("a*b*c", "a*xb*c", true),
            ("a*b*c", "ab*cb", false),
            ("?", "a", true),
            ("?", "?", true),
            ("a", "?", false),
            ("a/${aws:username}/*", "a/${aws:username}/b", true),
            ("a/${aws:username}/*", "a/${AWS:USERNAME}/b", true),
            ("a/${aws:username}/*", "a/${aws:userid}/b", false),
            ("a/*", "a/${aws:username}", true),
            ("a/?", "a/${aws:username}", false),
            ("*ab*ab", "abab", true),
            ("*ab*ab", "aab", false),
        ] {
            assert_eq!(pattern(outer).absorbs(&pattern(inner)), expected, "{outer} absorbs {inner}");
        }
    }

    #[test]
    fn what_meets() {
        for (left, right, expected) in [
            ("s3:get*", "s3:put*", false),
            ("s3:*", "s3:put*", true),
            ("a*b", "*c", false),
            ("a*b", "*cb", true),
            ("a?", "ab*", true),
            ("a?", "abc*", false),
            ("", "*", true),
            ("", "?", false),
            ("a${aws:username}b", "axyb", true),
            ("a${aws:username}b", "c*", false),
        ] {
            assert_eq!(pattern(left).meets(&pattern(right)), expected, "{left} meets {right}");
            assert_eq!(pattern(right).meets(&pattern(left)), expected, "{right} meets {left}");
        }
    }
}
