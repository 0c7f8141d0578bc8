//! The relations of the condition operators: how one context value stands to the values that a policy lists (COND-20).
//!
//! Policy values are read once, when the policy is compiled; the context's value is read when a request asks.

use std::cmp::Ordering;

use super::address::{Address, Block};
use super::arn_pattern::{ArnPattern, ShortArns};
use super::base64;
use super::compile_error::Problem;
use super::folding::Folding;
use super::glob::Glob;
use super::instant::Instant;
use super::number::Number;
use super::patterns::Patterns;
use super::question::Asked;
use super::reading::{Reading, mistaken};
use super::variable;
use crate::iam::assumption::Alternative;
use crate::iam::condition::BaseOperator;
use crate::iam::pattern::Token;
use crate::iam::policy::Version;

/// The values that a condition entry lists, with what its operator does with them. Null is none of these.
#[derive(Clone, Debug)]
pub(super) enum Relation {
    Equals(Patterns),
    EqualsIgnoringCase(Folding, Box<[Glob]>),
    Like(Patterns),
    Arn(ShortArns, Box<[ArnPattern]>),
    Bool(Box<[Glob]>),
    Number(Comparison, Box<[Number]>),
    Instant(Comparison, Box<[Instant]>),
    Bytes(Box<[String]>),
    Address(Box<[Block]>),
    #[cfg(debug_assertions)]
    Planted(super::planted::WrongComparison),
}

/// How a context value must compare with a policy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How a context value stands to the listed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Related to one; its place in the list.
    Related { listed: usize },
    /// Related to none.
    Unrelated,
    /// Not of the operator's type, and so related to none (COND-21).
    WrongType,
}

impl Comparison {
    fn less(reading: Reading) -> Comparison {
        if mistaken!(reading, LessThanIncludesEqual) { Comparison::LessOrEqual } else { Comparison::Less }
    }

    /// Whether a context value that compares so with the policy's satisfies the operator.
    pub(super) fn admits(self, ordering: Ordering) -> bool {
        match self {
            Comparison::Equal => ordering.is_eq(),
            Comparison::Less => ordering.is_lt(),
            Comparison::LessOrEqual => ordering.is_le(),
            Comparison::Greater => ordering.is_gt(),
            Comparison::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Relation {
    /// Reads the values by the operator's type; `None` for Null, which has no relation.
    // Rules: COND-14, COND-17, COND-18, COND-19, COND-20, GRAM-19.
    pub(super) fn compile(
        base: BaseOperator,
        values: &[String],
        version: Version,
        reading: Reading,
    ) -> Result<Option<Relation>, Problem> {
        use BaseOperator as Op;
        #[cfg(debug_assertions)]
        if let Some(planted) = super::planted::wrong_comparison(base, values, reading) {
            return Ok(Some(Relation::Planted(planted)));
        }
        let texts = Texts { values, version, reading };
        let number = |comparison| Ok(Relation::Number(comparison, texts.numbers()?));
        let instant = |comparison| Ok(Relation::Instant(comparison, texts.instants()?));
        let relation = match base {
            Op::StringEquals | Op::StringNotEquals if mistaken!(reading, StringEqualsTakesWildcards) => {
                Ok(Relation::Like(texts.patterns(Glob::pattern)?))
            }
            Op::StringEquals | Op::StringNotEquals => Ok(Relation::Equals(texts.patterns(Glob::plain)?)),
            Op::StringEqualsIgnoreCase | Op::StringNotEqualsIgnoreCase => {
                Ok(match mistaken!(reading, IgnoreCaseMindsCase) {
                    true => Relation::Equals(texts.patterns(Glob::plain)?),
                    false => {
                        let globs = texts.globs(Glob::plain)?.into();
                        Relation::EqualsIgnoringCase(Folding::of_texts(reading), globs)
                    }
                })
            }
            Op::StringLike | Op::StringNotLike => Ok(Relation::Like(texts.patterns(Glob::pattern)?)),
            Op::NumericEquals | Op::NumericNotEquals => number(Comparison::Equal),
            Op::NumericLessThan => number(Comparison::less(reading)),
            Op::NumericLessThanEquals => number(Comparison::LessOrEqual),
            Op::NumericGreaterThan => number(Comparison::Greater),
            Op::NumericGreaterThanEquals => number(Comparison::GreaterOrEqual),
            Op::DateEquals | Op::DateNotEquals => instant(Comparison::Equal),
            Op::DateLessThan => instant(Comparison::less(reading)),
            Op::DateLessThanEquals => instant(Comparison::LessOrEqual),
            Op::DateGreaterThan => instant(Comparison::Greater),
            Op::DateGreaterThanEquals => instant(Comparison::GreaterOrEqual),
            Op::Bool => Ok(Relation::Bool(texts.bools()?)),
            Op::BinaryEquals => Ok(Relation::Bytes(texts.bytes()?)),
            Op::IpAddress | Op::NotIpAddress => Ok(Relation::Address(texts.blocks()?)),
            Op::ArnEquals | Op::ArnNotEquals | Op::ArnLike | Op::ArnNotLike => {
                let short = ShortArns::of(reading);
                Ok(Relation::Arn(short, texts.arn_patterns(short)?))
            }
            Op::Null => return Ok(None),
        };
        relation.map(Some)
    }

    /// How a context value stands to the listed values.
    // Rules: COND-3, COND-15, COND-16, COND-21, COND-22, COND-23, COND-24, COND-28, COND-29, COND-30, COND-31, COND-32, KEY-7, OPEN-3.
    pub(super) fn standing(&self, text: &str, asked: &Asked<'_>) -> Standing {
        let bytes = text.as_bytes();
        let listed = match self {
            Relation::Equals(patterns) => patterns.satisfying(bytes, |glob| glob.equals(bytes, asked)),
            Relation::EqualsIgnoringCase(folding, globs) => {
                globs.iter().position(|glob| glob.equals_ignoring_case(bytes, *folding, asked))
            }
            Relation::Like(patterns) => patterns.satisfying(bytes, |glob| like(glob, bytes, asked)),
            Relation::Arn(short, patterns) => {
                let listed = patterns.iter().position(|pattern| pattern.matches(text, asked));
                if listed.is_none() && *short == ShortArns::MatchNothing && is_short_arn(text) {
                    return Standing::WrongType;
                }
                listed
            }
            Relation::Bool(globs) if asked.reading.takes(Alternative::AnythingElseIsFalse) => {
                globs.iter().position(|glob| same_truth_value(glob, text, asked))
            }
            Relation::Bool(globs) => {
                // A policy's value other than `true` and `false` equals nothing, so it is enough to look at the context's.
                if !text.eq_ignore_ascii_case("true") && !text.eq_ignore_ascii_case("false") {
                    return Standing::WrongType;
                }
                globs.iter().position(|glob| same_truth(glob, bytes, asked))
            }
            Relation::Number(comparison, numbers) => {
                let Some(value) = Number::parse_in_context(text, asked.reading) else {
                    return Standing::WrongType;
                };
                numbers.iter().position(|number| comparison.admits(value.cmp(number)))
            }
            Relation::Instant(comparison, instants) => {
                let Some(value) = Instant::parse(text, asked.reading) else { return Standing::WrongType };
                instants.iter().position(|instant| comparison.admits(value.cmp(instant)))
            }
            Relation::Bytes(texts) => {
                let Some(text) = base64::canonical_in_context(text, asked.reading) else {
                    return Standing::WrongType;
                };
                texts.iter().position(|listed| same_bytes(listed, &text, asked))
            }
            Relation::Address(blocks) => {
                let Some(value) = Address::parse_in_context(text, asked.reading) else {
                    return Standing::WrongType;
                };
                blocks.iter().position(|block| block.contains(value, asked.reading))
            }
            #[cfg(debug_assertions)]
            Relation::Planted(wrong) => wrong.relates(text).then_some(0),
        };
        listed.map_or(Standing::Unrelated, |listed| Standing::Related { listed })
    }
}

fn like(glob: &Glob, text: &[u8], asked: &Asked<'_>) -> bool {
    #[cfg(debug_assertions)]
    if mistaken!(asked.reading, StringLikeIgnoresCase) {
        return super::planted::matches_ignoring_case(glob, text, asked);
    }
    glob.matches(text, asked)
}

fn same_truth(glob: &Glob, text: &[u8], asked: &Asked<'_>) -> bool {
    if mistaken!(asked.reading, BoolMindsCase) {
        glob.equals(text, asked)
    } else {
        glob.equals_ignoring_case(text, Folding::Ascii, asked)
    }
}

/// Whether both sides are `true`, or neither is. A policy's value that does not come about is neither.
// Rule: VAR-10.
fn same_truth_value(glob: &Glob, text: &str, asked: &Asked<'_>) -> bool {
    let has_value = glob.variables().all(|variable| variable::value(variable, asked).is_some());
    let listed = glob.equals_ignoring_case(b"true", Folding::Ascii, asked);
    has_value && listed == text.eq_ignore_ascii_case("true")
}

/// Whether a text has fewer than the six fields of an ARN.
// Rules: GEN-7, COND-33.
fn is_short_arn(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b':').count() < 5
}

/// Equal canonical texts are equal bytes, and the other way round.
fn same_bytes(listed: &str, text: &str, asked: &Asked<'_>) -> bool {
    if mistaken!(asked.reading, BinaryIgnoresCase) {
        listed.eq_ignore_ascii_case(text)
    } else {
        listed == text
    }
}

/// The values of an entry, to be read by type.
struct Texts<'a> {
    values: &'a [String],
    version: Version,
    reading: Reading,
}

impl Texts<'_> {
    fn patterns(&self, glob: fn(&[Token]) -> Glob) -> Result<Patterns, Problem> {
        Ok(Patterns::new(self.globs(glob)?, self.reading))
    }

    fn globs(&self, glob: fn(&[Token]) -> Glob) -> Result<Vec<Glob>, Problem> {
        self.values
            .iter()
            .map(|text| Ok(glob(&variable::tokens(text, self.version, self.reading)?)))
            .collect()
    }

    /// The values of Bool, where variables may be nothing special.
    // Rules: VAR-1, COND-17.
    fn bools(&self) -> Result<Box<[Glob]>, Problem> {
        let version = match self.reading.takes(Alternative::NoVariablesInBool) {
            true => Version::V2008,
            false => self.version,
        };
        Ok(Texts { version, ..*self }.globs(Glob::plain)?.into())
    }

    fn arn_patterns(&self, short: ShortArns) -> Result<Box<[ArnPattern]>, Problem> {
        let Texts { values, version, reading } = *self;
        values.iter().map(|text| ArnPattern::compile(text, version, short, reading)).collect()
    }

    fn numbers(&self) -> Result<Box<[Number]>, Problem> {
        self.typed("number", Number::parse)
    }

    fn instants(&self) -> Result<Box<[Instant]>, Problem> {
        self.typed("date", |text| Instant::parse(text, self.reading))
    }

    fn blocks(&self) -> Result<Box<[Block]>, Problem> {
        self.typed("address or range of addresses", |text| Block::parse(text, self.reading))
    }

    fn bytes(&self) -> Result<Box<[String]>, Problem> {
        self.typed("canonical base64 text", |text| base64::is_canonical(text).then(|| text.to_owned()))
    }

    fn typed<T>(&self, what: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Box<[T]>, Problem> {
        self.values
            .iter()
            .map(|text| parse(text).ok_or_else(|| Problem::new(format!("`{text}` is no {what}"))))
            .collect()
    }
}
