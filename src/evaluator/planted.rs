//! Planted mistakes that take more than a line; none of this is in release builds.

use super::arn_pattern::arn_fields;
use super::compile_error::Place;
use super::glob::Glob;
use super::patterns::Patterns;
use super::question::Asked;
use super::reading::{Reading, mistaken};
use super::relation::{Comparison, Relation, Standing};
use super::statements::{Filed, Statements};
use super::variable;
use crate::iam::condition::BaseOperator;
use crate::iam::pattern::Token;
use crate::iam::policy::Effect;

/// What the mistakes about a resource's case and about the resource `*` answer, where they are planted and would say yes.
pub(super) fn resource_answer(glob: &Glob, asked: &Asked<'_>) -> Option<bool> {
    if asked.resource == b"*" && mistaken!(asked.reading, StarRequestMatchesEveryResource) {
        return Some(true);
    }
    if mistaken!(asked.reading, ResourceIgnoresCase) {
        let correct = Asked { reading: Reading::default(), ..*asked };
        let folded = folded(filled_plainly(glob.tokens(), &correct));
        return Some(Glob::pattern(&folded).matches(&asked.resource.to_ascii_lowercase(), &correct));
    }
    None
}

/// Tokens with the values of variables in their place as literal text; variables without value stay.
fn filled_plainly(tokens: Vec<Token>, asked: &Asked<'_>) -> Vec<Token> {
    tokens
        .into_iter()
        .map(|token| match &token {
            Token::Variable(variable) => match variable::value(variable, asked) {
                Some(value) => Token::Literal(value.to_owned()),
                None => token,
            },
            Token::Literal(_) | Token::Star | Token::Question => token,
        })
        .collect()
}

fn folded(tokens: Vec<Token>) -> Vec<Token> {
    tokens
        .into_iter()
        .map(|token| match token {
            Token::Literal(text) => Token::Literal(text.to_ascii_lowercase()),
            Token::Variable(_) | Token::Star | Token::Question => token,
        })
        .collect()
}

/// What the mistakes about Arn patterns answer, where one is planted.
pub(super) fn arn_answer(whole: &Glob, text: &str, asked: &Asked<'_>) -> Option<bool> {
    let correct = Asked { reading: Reading::default(), ..*asked };
    let by_field = |tokens: &[Token], text: &str, shortest: usize| {
        let (patterns, fields) = (arn_fields(tokens), text.splitn(6, ':').collect::<Vec<_>>());
        patterns.len().min(fields.len()) >= shortest
            && patterns
                .iter()
                .zip(fields)
                .all(|(tokens, field)| Glob::pattern(tokens).matches(field.as_bytes(), &correct))
    };
    if mistaken!(asked.reading, ShortArnMatches) {
        Some(by_field(&whole.tokens(), text, 1))
    } else if mistaken!(asked.reading, ArnIgnoresCase) {
        let tokens = folded(filled_plainly(whole.tokens(), &correct));
        Some(by_field(&tokens, &text.to_ascii_lowercase(), 6))
    } else if mistaken!(asked.reading, ArnWildcardCrossesColon) {
        Some(whole.matches(text.as_bytes(), &correct))
    } else {
        None
    }
}

/// Whether a text matches a pattern up to case.
pub(super) fn matches_ignoring_case(glob: &Glob, text: &[u8], asked: &Asked<'_>) -> bool {
    let correct = Asked { reading: Reading::default(), ..*asked };
    let folded = folded(filled_plainly(glob.tokens(), &correct));
    Glob::pattern(&folded).matches(&text.to_ascii_lowercase(), &correct)
}

/// Whether some listed value is unrelated to the text.
pub(super) fn is_unrelated_to_one(relation: &Relation, text: &str, asked: &Asked<'_>) -> bool {
    let correct = Asked { reading: Reading::default(), ..*asked };
    let singles: Vec<Relation> = match relation.clone() {
        Relation::Equals(values) => single_patterns(&values).map(Relation::Equals).collect(),
        Relation::EqualsIgnoringCase(folding, values) => {
            singles(values).map(|single| Relation::EqualsIgnoringCase(folding, single)).collect()
        }
        Relation::Like(values) => single_patterns(&values).map(Relation::Like).collect(),
        Relation::Arn(short, values) => singles(values).map(|single| Relation::Arn(short, single)).collect(),
        Relation::Bool(values) => singles(values).map(Relation::Bool).collect(),
        Relation::Number(comparison, values) => {
            singles(values).map(|single| Relation::Number(comparison, single)).collect()
        }
        Relation::Instant(comparison, values) => {
            singles(values).map(|single| Relation::Instant(comparison, single)).collect()
        }
        Relation::Bytes(values) => singles(values).map(Relation::Bytes).collect(),
        Relation::Address(values) => singles(values).map(Relation::Address).collect(),
        planted @ Relation::Planted(_) => vec![planted],
    };
    singles.iter().any(|single| !matches!(single.standing(text, &correct), Standing::Related { .. }))
}

fn single_patterns(patterns: &Patterns) -> impl Iterator<Item = Patterns> {
    patterns.iter().map(|glob| Patterns::new(vec![glob.clone()], Reading::default()))
}

fn singles<T>(values: Box<[T]>) -> impl Iterator<Item = Box<[T]>> {
    values.into_iter().map(|value| vec![value].into_boxed_slice())
}

/// Numbers or dates compared as what they are not.
#[derive(Clone, Debug)]
pub(super) enum WrongComparison {
    AsText(Comparison, Vec<String>),
    AsFloats(Comparison, Vec<f64>),
}

impl WrongComparison {
    pub(super) fn relates(&self, text: &str) -> bool {
        match self {
            WrongComparison::AsText(comparison, values) => {
                values.iter().any(|value| comparison.admits(text.cmp(value.as_str())))
            }
            WrongComparison::AsFloats(comparison, values) => text.parse::<f64>().is_ok_and(|number| {
                values.iter().any(|value| {
                    number.partial_cmp(value).is_some_and(|ordering| comparison.admits(ordering))
                })
            }),
        }
    }
}

/// The wrong comparison, where one is planted for the operator.
pub(super) fn wrong_comparison(
    base: BaseOperator,
    values: &[String],
    reading: Reading,
) -> Option<WrongComparison> {
    use BaseOperator as Op;
    let as_text = |comparison| Some(WrongComparison::AsText(comparison, values.to_vec()));
    let is_date = base.name().starts_with("Date");
    let comparison = match base {
        Op::NumericEquals | Op::NumericNotEquals | Op::DateEquals | Op::DateNotEquals => Comparison::Equal,
        Op::NumericLessThan | Op::DateLessThan => Comparison::Less,
        Op::NumericLessThanEquals | Op::DateLessThanEquals => Comparison::LessOrEqual,
        Op::NumericGreaterThan | Op::DateGreaterThan => Comparison::Greater,
        Op::NumericGreaterThanEquals | Op::DateGreaterThanEquals => Comparison::GreaterOrEqual,
        Op::StringEquals
        | Op::StringNotEquals
        | Op::StringEqualsIgnoreCase
        | Op::StringNotEqualsIgnoreCase
        | Op::StringLike
        | Op::StringNotLike
        | Op::Bool
        | Op::BinaryEquals
        | Op::IpAddress
        | Op::NotIpAddress
        | Op::ArnEquals
        | Op::ArnNotEquals
        | Op::ArnLike
        | Op::ArnNotLike
        | Op::Null => return None,
    };
    if is_date {
        return if mistaken!(reading, DatesAsText) { as_text(comparison) } else { None };
    }
    if mistaken!(reading, NumbersAsText) {
        return as_text(comparison);
    }
    let floats = || values.iter().filter_map(|value| value.parse().ok()).collect();
    mistaken!(reading, NumbersAsFloats).then(|| WrongComparison::AsFloats(comparison, floats()))
}

/// Whether a Deny is let pass because its own document allows nothing, where that mistake is planted.
pub(super) fn passes_over(deny: &Filed, statements: &Statements, asked: &Asked<'_>) -> bool {
    let document = |filed: &Filed| Place { statement: None, ..filed.place };
    mistaken!(asked.reading, DenyWithinItsDocument)
        && !statements.all().any(|filed| {
            filed.statement.effect == Effect::Allow
                && document(filed) == document(deny)
                && filed.statement.matches(asked)
        })
}
