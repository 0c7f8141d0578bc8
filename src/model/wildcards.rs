//! Values of variables that stand for more texts than themselves, under other readings: `*` and `?` of a value as wildcards (D-30), and
//! letters without their case beyond ASCII (D-2).
//!
//! What a value stands for is a matter of its characters one by one, so a language of values is read by putting into it, for each character,
//! the texts that it stands for. Where the place of a wildcard counts, this is done with the widest reach that it can have; of a value that
//! is known the places are known.

use super::regular::{Case, Reach, glob, sequence};
use crate::iam::pattern::{Token, tokens_without_variables};
use crate::solver::regular::{CharacterSet, Regular};
use crate::solver::taking::Taking;

/// How far the wildcards of a value reach, by where its variable stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wildcards {
    /// Not beyond a colon.
    Within,
    /// Anywhere.
    Everywhere,
    /// Not beyond a colon before so many colons of the value, anywhere behind them: the value reaches into the last field of an ARN.
    BehindColons(u8),
    /// Not beyond a colon, but for a `*` behind which only stars follow: the value ends a segment.
    ToTheEnd,
}

impl From<Reach> for Wildcards {
    fn from(reach: Reach) -> Wildcards {
        match reach {
            Reach::WithinField => Wildcards::Within,
            Reach::Everywhere => Wildcards::Everywhere,
        }
    }
}

impl Wildcards {
    /// The value taken for the pattern that it spells.
    // Rule: VAR-6.
    pub(super) fn taking(self) -> Taking {
        let (name, detail, texts): (_, u8, fn(u8, &Regular) -> Regular) = match self {
            Wildcards::Everywhere => return PATTERN,
            Wildcards::Within => ("a pattern within a field", u8::MAX, behind_colons),
            Wildcards::BehindColons(colons) => ("a pattern into the last field", colons, behind_colons),
            Wildcards::ToTheEnd => ("a pattern at the end of a segment", 0, to_the_end),
        };
        Taking { name, detail, texts, plain: no_wildcards, within: Some(&PATTERN) }
    }
}

/// The value taken for the pattern that it spells, whose wildcards reach anywhere.
const PATTERN: Taking =
    Taking { name: "a pattern", detail: 0, texts: behind_colons, plain: no_wildcards, within: None };

/// Equal to the value if letters up to U+00FF are compared without their case.
// Rule: COND-16.
pub(super) const LATIN_1: Taking = Taking {
    name: "a spelling in other cases",
    detail: 0,
    texts: in_other_cases,
    plain: no_letters,
    within: None,
};

/// The tokens of a value as a pattern: no escapes and no variables, since nothing is scanned again.
fn tokens(value: &str) -> Vec<Token> {
    tokens_without_variables(value)
}

/// Wildcards pass colons behind so many colons; 255 is more than any value need have.
fn behind_colons(colons: u8, values: &Regular) -> Regular {
    let Regular::Text(value) = values else {
        let reach = if colons == u8::MAX { Reach::WithinField } else { Reach::Everywhere };
        return each_character(values, &|set| of_set(set, reach));
    };
    if colons == u8::MAX {
        return glob(&tokens(value), Reach::WithinField, Case::Sensitive);
    }
    let behind = value.match_indices(':').map(|(at, colon)| at + colon.len());
    let start = std::iter::once(0).chain(behind).nth(usize::from(colons));
    let (fields, last) = value.split_at(start.unwrap_or(value.len()));
    sequence([
        glob(&tokens(fields), Reach::WithinField, Case::Sensitive),
        glob(&tokens(last), Reach::Everywhere, Case::Sensitive),
    ])
}

/// Only stars at the end pass colons.
fn to_the_end(_: u8, values: &Regular) -> Regular {
    let Regular::Text(value) = values else {
        let within = each_character(values, &|set| of_set(set, Reach::WithinField));
        return sequence([within, Regular::anything()]);
    };
    let rest = value.trim_end_matches('*');
    let within = glob(&tokens(rest), Reach::WithinField, Case::Sensitive);
    if rest.len() == value.len() { within } else { sequence([within, Regular::anything()]) }
}

fn in_other_cases(_: u8, values: &Regular) -> Regular {
    each_character(values, &|set| {
        let moved = |first: char, last: char, by: i32| {
            let cut = set.ranges().iter().map(move |&(from, to)| (from.max(first), to.min(last)));
            cut.filter(|(from, to)| from <= to).filter_map(move |(from, to)| {
                let other = |letter: char| u32::from(letter).checked_add_signed(by).and_then(char::from_u32);
                other(from).zip(other(to))
            })
        };
        let others = moved('\u{C0}', '\u{D6}', 32)
            .chain(moved('\u{D8}', '\u{DE}', 32))
            .chain(moved('\u{E0}', '\u{F6}', -32))
            .chain(moved('\u{F8}', '\u{FE}', -32));
        Regular::Character(set.union(&CharacterSet::of_ranges(others)).folded())
    })
}

fn no_wildcards() -> CharacterSet {
    CharacterSet::of(['*', '?']).complement()
}

/// Characters without another case, ASCII and Latin-1 letters aside.
fn no_letters() -> CharacterSet {
    let upper = [('A', 'Z'), ('\u{C0}', '\u{D6}'), ('\u{D8}', '\u{DE}')];
    let lower = [('a', 'z'), ('\u{E0}', '\u{F6}'), ('\u{F8}', '\u{FE}')];
    CharacterSet::of_ranges(upper.into_iter().chain(lower)).complement()
}

/// What a character of the set stands for.
fn of_set(set: &CharacterSet, reach: Reach) -> Regular {
    let mut ways = vec![Regular::Character(set.clone())];
    if set.contains('*') {
        ways.push(reach.anything());
    }
    if set.contains('?') {
        ways.push(Regular::Character(reach.characters()));
    }
    if ways.len() == 1 { ways.remove(0) } else { Regular::Choice(ways) }
}

/// The language with the texts that each character stands for in its place.
fn each_character(values: &Regular, stands_for: &dyn Fn(&CharacterSet) -> Regular) -> Regular {
    let all = |parts: &[Regular]| parts.iter().map(|part| each_character(part, stands_for)).collect();
    match values {
        Regular::Text(text) => {
            sequence(text.chars().map(|character| stands_for(&CharacterSet::of([character]))))
        }
        Regular::Character(set) => stands_for(set),
        Regular::Sequence(parts) => Regular::Sequence(all(parts)),
        Regular::Choice(parts) => Regular::Choice(all(parts)),
        Regular::Repeat { part, least, most } => {
            Regular::Repeat { part: Box::new(each_character(part, stands_for)), least: *least, most: *most }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::regular::literal;
    use crate::solver::evaluate::belongs;

    #[test]
    fn a_value_stands_for_the_texts_that_its_wildcards_reach() {
        /// How far, the value, and texts with whether it stands for them.
        type Row = (Wildcards, &'static str, &'static [(&'static str, bool)]);
        use Wildcards::{BehindColons, Everywhere, ToTheEnd, Within};
        let rows: &[Row] = &[
            (Everywhere, "a*", &[("a", true), ("a:b", true), ("a*", true), ("b", false)]),
            (Within, "a*?", &[("ab", true), ("a", false), ("ab:", false), ("a*?", true)]),
            (BehindColons(1), "*:*", &[("a:b:c", true), (":", true), ("ab", false)]),
            (BehindColons(2), "*:*", &[("a:b", true), ("a:b:c", false)]),
            (ToTheEnd, "*a**", &[("ba", true), ("ba:c", true), ("b:a", false)]),
            (ToTheEnd, "*a", &[("ba", true), ("b:a", false)]),
            (Everywhere, "a:b$", &[("a:b$", true), ("a:b", false), ("a", false)]),
            (Everywhere, "${*}", &[("${*}", true), ("${x}", true), ("*", false)]),
        ];
        for (wildcards, value, texts) in rows {
            for (text, expected) in *texts {
                let taking = wildcards.taking();
                assert_eq!(belongs(text, &taking.of(value)), *expected, "{wildcards:?} {value} {text}");
                let is_wider = wildcards == &Everywhere || belongs(text, &PATTERN.of(value));
                assert!(
                    taking.is_within(&PATTERN) && (!expected || is_wider),
                    "{wildcards:?} {value} {text}"
                );
                let is_plain = value.chars().all(|one| (taking.plain)().contains(one));
                assert!(!is_plain || *expected == (text == value), "{wildcards:?} {value} {text} is plain");
                let all = taking.of_all(&Regular::Choice(vec![Regular::text(*value), Regular::text("zz")]));
                assert!(!expected || belongs(text, &all), "{wildcards:?} {value} {text} among others");
            }
        }
    }

    #[test]
    fn letters_of_latin_1_stand_for_their_other_case() {
        let rows = [("\u{C4}b", "\u{E4}B", true), ("\u{D7}", "\u{F7}", false), ("\u{DF}", "\u{FF}", false)];
        let plain = (LATIN_1.plain)();
        assert!(
            ['\u{D7}', '\u{DF}', '\u{F7}', '\u{FF}', '1', '*'].into_iter().all(|one| plain.contains(one))
        );
        assert!(['a', 'Z', '\u{C4}', '\u{FE}'].into_iter().all(|one| !plain.contains(one)));
        for (value, text, expected) in rows {
            assert_eq!(belongs(text, &LATIN_1.of(value)), expected, "{value} {text}");
            assert_eq!(belongs(text, &literal(value, Case::FoldedLatin1)), expected, "{value} {text}");
        }
    }
}
