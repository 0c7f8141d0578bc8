//! Other readings of what a Resource pattern's wildcards match, all narrower than the rules' (D-22, D-23).
//!
//! They are asked only of a pattern that matches the whole string, and only where one of them is assumed, so they take their time:
//! the pattern is cut and filled in anew for each question.

use super::arn_pattern::arn_fields;
use super::glob::Glob;
use super::question::Asked;
use super::variable;
use crate::iam::assumption::Alternative;
use crate::iam::pattern::Token;

/// Whether a pattern that matches the resource as a whole string does so under the assumed readings as well.
// Rules: RES-1, RES-3, OPEN-1.
pub(super) fn admit(glob: &Glob, asked: &Asked<'_>) -> bool {
    let reading = asked.reading;
    if reading.assumptions().is_decided() {
        return true;
    }
    let segments = arn_fields(&glob.tokens());
    let is_short = segments.len() < SEGMENTS;
    if is_short && reading.takes(Alternative::ShortResourceNever) && !consists_of_stars(&segments) {
        false
    } else if reading.takes(Alternative::ResourceBySegment) {
        match_by_segment(&segments, asked)
    } else if reading.takes(Alternative::ResourceByField) {
        is_short || match_by_field(&segments, asked)
    } else {
        true
    }
}

/// The fields of an ARN.
const SEGMENTS: usize = 6;

fn consists_of_stars(segments: &[Vec<Token>]) -> bool {
    segments.iter().flatten().all(|token| *token == Token::Star)
}

/// Whether each field of the pattern matches that of the resource.
fn match_by_field(segments: &[Vec<Token>], asked: &Asked<'_>) -> bool {
    let fields: Vec<&[u8]> = asked.resource.splitn(SEGMENTS, |byte| *byte == b':').collect();
    fields.len() == SEGMENTS
        && segments.iter().zip(fields).all(|(tokens, field)| Glob::pattern(tokens).matches(field, asked))
}

/// A step of a pattern through a text.
enum Step {
    /// This byte.
    Byte(u8),
    /// One character.
    Character(Reach),
    /// Any number of characters.
    Characters(Reach),
}

/// What a wildcard may stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    AnyCharacter,
    AnyButColon,
}

/// Whether the pattern matches with wildcards that stay in their segments, but for a `*` at the end of one.
fn match_by_segment(segments: &[Vec<Token>], asked: &Asked<'_>) -> bool {
    let mut steps = Vec::new();
    for (number, segment) in (1..).zip(segments) {
        let Some(tokens) = variable::filled(segment, asked) else { return false };
        if number > 1 {
            steps.push(Step::Byte(b':'));
        }
        for (place, token) in (1..).zip(&tokens) {
            let ends_segment = tokens.iter().skip(place).all(|token| *token == Token::Star);
            match token {
                Token::Literal(text) => steps.extend(text.bytes().map(Step::Byte)),
                Token::Question if number == SEGMENTS => steps.push(Step::Character(Reach::AnyCharacter)),
                Token::Question => steps.push(Step::Character(Reach::AnyButColon)),
                Token::Star if number == SEGMENTS || ends_segment => {
                    steps.push(Step::Characters(Reach::AnyCharacter));
                }
                Token::Star => steps.push(Step::Characters(Reach::AnyButColon)),
                // All are filled in.
                Token::Variable(_) => return false,
            }
        }
    }
    lead_to_end(&steps, asked.resource)
}

/// Whether the steps lead through the whole text, tried for all places at once: `reached` says which lie behind the steps so far.
fn lead_to_end(steps: &[Step], text: &[u8]) -> bool {
    let mut reached = vec![false; text.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for step in steps {
        let mut behind = vec![false; text.len() + 1];
        let mut is_open = false;
        for (place, here) in reached.iter().enumerate() {
            let byte = text.get(place).copied();
            // The place behind the character that begins here.
            let next = match byte {
                Some(byte) if !is_continuation(byte) => {
                    let rest = text.get(place + 1..).unwrap_or_default();
                    place + 1 + rest.iter().take_while(|byte| is_continuation(**byte)).count()
                }
                Some(_) | None => place + 1,
            };
            let mut mark = |place: usize, value: bool| {
                if let Some(mark) = behind.get_mut(place) {
                    *mark |= value;
                }
            };
            match step {
                Step::Byte(wanted) => mark(place + 1, *here && byte == Some(*wanted)),
                Step::Character(reach) => {
                    let fits = byte.is_some_and(|byte| !is_continuation(byte) && reach.holds(byte));
                    mark(next, *here && fits);
                }
                Step::Characters(reach) => {
                    is_open |= *here;
                    mark(place, is_open);
                    is_open &= byte.is_some_and(|byte| reach.holds(byte));
                }
            }
        }
        reached = behind;
    }
    reached.last().copied().unwrap_or(false)
}

impl Reach {
    fn holds(self, byte: u8) -> bool {
        match self {
            Reach::AnyCharacter => true,
            Reach::AnyButColon => byte != b':',
        }
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}
