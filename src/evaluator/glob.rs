//! Wildcard patterns over code points, with policy variables filled in while matching.
//!
//! A pattern is cut at its `*` into *runs*: texts, `?`s and variables in a row. The first run must stand at the start of the
//! text, the last one at its end, and each between them is put at the first place where it fits behind the one before.
//!
//! Why the first place suffices: within one request a run always covers the same number of code points (a `?` one, a text and a
//! variable's value as many as they have), so the first place also leaves the longest remainder, and whatever could follow a
//! later place can follow the first one, the `*` between taking up the difference. Hence no backtracking, and a run of length r
//! tries each place of the text once: pattern times text at worst, without any blow-up.
//!
//! Matching works on bytes of UTF-8, whose texts begin and end at the same places as their bytes; only `?` has to count.

use super::folding::Folding;
use super::question::Asked;
use super::reading::mistaken;
use super::variable::{self, ValueText};
use crate::iam::pattern::{Token, Variable};

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Glob {
    head: Run,
    /// What follows the first `*`; `None` for a pattern without `*`.
    rest: Option<Rest>,
}

#[derive(Clone, Debug)]
struct Rest {
    floating: Box<[Run]>,
    tail: Run,
}

/// Parts in a row, without `*` between them.
#[derive(Clone, Debug, Default)]
struct Run {
    parts: Box<[Part]>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(Box<[u8]>),
    /// So many `?`.
    Characters(usize),
    Variable(Variable),
}

impl Glob {
    /// The pattern in which `*` and `?` are wildcards.
    // Rule: GLOB-1.
    pub(super) fn pattern(tokens: &[Token]) -> Glob {
        let mut runs = tokens.split(|token| *token == Token::Star).map(Run::new);
        let head = runs.next().unwrap_or_default();
        let mut rest: Vec<Run> = runs.collect();
        let rest = rest.pop().map(|tail| {
            // An empty run fits everywhere: `**` is `*`.
            rest.retain(|run| !run.parts.is_empty());
            Rest { floating: rest.into_boxed_slice(), tail }
        });
        Glob { head, rest }
    }

    /// The pattern in which `*` and `?` are plain characters.
    // Rules: COND-14, COND-18.
    pub(super) fn plain(tokens: &[Token]) -> Glob {
        let tokens: Vec<Token> = tokens
            .iter()
            .map(|token| match token {
                Token::Star => Token::Literal("*".to_owned()),
                Token::Question => Token::Literal("?".to_owned()),
                Token::Literal(_) | Token::Variable(_) => token.clone(),
            })
            .collect();
        Glob { head: Run::new(&tokens), rest: None }
    }

    /// The text with which everything begins that the pattern matches, whatever the request.
    pub(super) fn literal_head(&self) -> &[u8] {
        match self.head.parts.first() {
            Some(Part::Text(text)) => text,
            Some(Part::Characters(_) | Part::Variable(_)) | None => &[],
        }
    }

    /// Literal texts that everything holds that the pattern matches, whatever the request.
    pub(super) fn literals(&self) -> impl Iterator<Item = &[u8]> {
        self.parts().filter_map(|part| match part {
            Part::Text(text) => Some(&**text),
            Part::Characters(_) | Part::Variable(_) => None,
        })
    }

    /// The variables of the pattern, in order.
    pub(super) fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.parts().filter_map(|part| match part {
            Part::Variable(variable) => Some(variable),
            Part::Text(_) | Part::Characters(_) => None,
        })
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        let rest = self.rest.iter().flat_map(|rest| rest.floating.iter().chain([&rest.tail]));
        [&self.head].into_iter().chain(rest).flat_map(|run| run.parts.iter())
    }

    /// Whether the whole text is one of the pattern's.
    ///
    /// A pattern with a variable that has no value matches nothing: a match would have to pass through every part.
    // Rules: GLOB-1, GLOB-2, VAR-6, VAR-8, VAR-10.
    pub(super) fn matches(&self, text: &[u8], asked: &Asked<'_>) -> bool {
        if ValueText::of(asked.reading) == ValueText::Pattern && self.variables().next().is_some() {
            let filled = variable::filled(&self.tokens(), asked);
            return filled.is_some_and(|tokens| Glob::pattern(&tokens).matches(text, asked));
        }
        let Some(mut left) = self.head.strip_front(text, asked) else {
            return false;
        };
        let Some(rest) = &self.rest else {
            return left.is_empty() || mistaken!(asked.reading, PatternEndNotAnchored);
        };
        for run in &rest.floating {
            match run.strip_first(left, asked) {
                Some(behind) => left = behind,
                None => return false,
            }
        }
        rest.tail.strip_back(left, asked).is_some_and(|skipped| may_skip(skipped, asked))
    }

    /// Whether the text is the pattern's. The pattern has no wildcards, and values of variables never are any.
    // Rules: COND-14, VAR-10.
    pub(super) fn equals(&self, text: &[u8], asked: &Asked<'_>) -> bool {
        self.head.strip_front(text, asked).is_some_and(<[u8]>::is_empty)
    }

    /// Whether the text is the pattern's, up to case. The pattern has no wildcards.
    // Rules: COND-16, GEN-6.
    pub(super) fn equals_ignoring_case(&self, text: &[u8], folding: Folding, asked: &Asked<'_>) -> bool {
        let mut left = text;
        for part in &self.head.parts {
            let wanted = match part {
                Part::Text(text) => text,
                Part::Variable(variable) => match variable::value(variable, asked) {
                    Some(value) => value.as_bytes(),
                    None => return false,
                },
                Part::Characters(_) => return false,
            };
            match left.split_at_checked(wanted.len()) {
                Some((start, behind)) if folding.makes_equal(start, wanted) => left = behind,
                Some(_) | None => return false,
            }
        }
        left.is_empty()
    }

    /// The pattern as tokens again.
    pub(super) fn tokens(&self) -> Vec<Token> {
        let mut tokens = self.head.tokens();
        if let Some(rest) = &self.rest {
            for run in rest.floating.iter().chain([&rest.tail]) {
                tokens.push(Token::Star);
                tokens.extend(run.tokens());
            }
        }
        tokens
    }
}

impl Run {
    fn new(tokens: &[Token]) -> Run {
        let mut parts: Vec<Part> = Vec::new();
        for token in tokens {
            match (token, parts.last_mut()) {
                (Token::Question, Some(Part::Characters(count))) => *count += 1,
                (Token::Question, _) => parts.push(Part::Characters(1)),
                (Token::Literal(text), _) if text.is_empty() => {}
                (Token::Literal(text), Some(Part::Text(before))) => {
                    *before = [before, text.as_bytes()].concat().into_boxed_slice();
                }
                (Token::Literal(text), _) => parts.push(Part::Text(text.as_bytes().into())),
                (Token::Variable(variable), _) => parts.push(Part::Variable(variable.clone())),
                // Patterns are cut at their stars before, and elsewhere stars are made literal.
                (Token::Star, _) => {}
            }
        }
        Run { parts: parts.into_boxed_slice() }
    }

    /// What is left of a text that begins with the run.
    fn strip_front<'t>(&self, text: &'t [u8], asked: &Asked<'_>) -> Option<&'t [u8]> {
        self.parts.iter().try_fold(text, |left, part| match part {
            Part::Text(text) => left.strip_prefix(&**text),
            Part::Characters(count) => skip_characters(left, *count, asked),
            Part::Variable(variable) => left.strip_prefix(variable::value(variable, asked)?.as_bytes()),
        })
    }

    /// What stands before the run in a text that ends with it.
    fn strip_back<'t>(&self, text: &'t [u8], asked: &Asked<'_>) -> Option<&'t [u8]> {
        self.parts.iter().rev().try_fold(text, |left, part| match part {
            Part::Text(text) => left.strip_suffix(&**text),
            Part::Characters(count) => drop_characters(left, *count, asked),
            Part::Variable(variable) => left.strip_suffix(variable::value(variable, asked)?.as_bytes()),
        })
    }

    /// What is left behind the first place where the run fits, as far from the start as it may be.
    fn strip_first<'t>(&self, text: &'t [u8], asked: &Asked<'_>) -> Option<&'t [u8]> {
        let mut start = 0;
        loop {
            let from = text.get(start..)?;
            start += self.next_start(from)?;
            let (skipped, here) = text.split_at_checked(start)?;
            if let Some(behind) = self.strip_front(here, asked) {
                return may_skip(skipped, asked).then_some(behind);
            }
            start += 1;
        }
    }

    /// How far it is to the next place where the run's first byte, or any character, stands.
    fn next_start(&self, text: &[u8]) -> Option<usize> {
        match self.parts.first() {
            Some(Part::Text(wanted)) => {
                let first = wanted.first()?;
                text.iter().position(|byte| byte == first)
            }
            // A `?` and a value may stand at the start of any character, and a value may be empty, at the text's end too.
            Some(Part::Characters(_) | Part::Variable(_)) | None => {
                Some(text.iter().position(|byte| !is_continuation(*byte)).unwrap_or(text.len()))
            }
        }
    }

    fn tokens(&self) -> Vec<Token> {
        let mut tokens = Vec::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => tokens.push(Token::Literal(String::from_utf8_lossy(text).into_owned())),
                Part::Characters(count) => tokens.extend(std::iter::repeat_n(Token::Question, *count)),
                Part::Variable(variable) => tokens.push(Token::Variable(variable.clone())),
            }
        }
        tokens
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// What is left behind so many characters.
fn skip_characters<'t>(text: &'t [u8], count: usize, asked: &Asked<'_>) -> Option<&'t [u8]> {
    if mistaken!(asked.reading, QuestionMarkIsAByte) {
        return text.get(count..);
    }
    let mut left = text;
    for _ in 0..count {
        if left.is_empty() && mistaken!(asked.reading, QuestionMarkMayBeEmpty) {
            return Some(left);
        }
        let (_, behind) = left.split_first()?;
        let rest_of_character = behind.iter().take_while(|byte| is_continuation(**byte)).count();
        left = behind.get(rest_of_character..)?;
    }
    let (skipped, _) = text.split_at_checked(text.len() - left.len())?;
    may_skip_each(skipped, asked).then_some(left)
}

/// What stands before so many characters at the end.
fn drop_characters<'t>(text: &'t [u8], count: usize, asked: &Asked<'_>) -> Option<&'t [u8]> {
    let mut left = text;
    for _ in 0..count {
        let start = left.iter().rposition(|byte| !is_continuation(*byte))?;
        left = left.get(..start)?;
    }
    let (_, dropped) = text.split_at_checked(left.len())?;
    may_skip_each(dropped, asked).then_some(left)
}

/// Whether a `*` may stand for this text: it may for any, the empty one too.
fn may_skip(text: &[u8], asked: &Asked<'_>) -> bool {
    if text.is_empty() && mistaken!(asked.reading, StarNeedsACharacter) {
        return false;
    }
    may_skip_each(text, asked)
}

/// Whether wildcards may stand for each character of this text: they may for any.
fn may_skip_each(text: &[u8], asked: &Asked<'_>) -> bool {
    let stops = |byte: &u8| match byte {
        b' ' => mistaken!(asked.reading, WildcardStopsAtSpace),
        b'\n' => mistaken!(asked.reading, WildcardStopsAtNewline),
        b':' => mistaken!(asked.reading, WildcardStopsAtColon),
        b'/' => mistaken!(asked.reading, WildcardStopsAtSlash),
        0x80.. => mistaken!(asked.reading, WildcardStopsAtNonAscii),
        _ => false,
    };
    !text.iter().any(stops)
}
