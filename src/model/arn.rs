//! ARN patterns: field by field in conditions, and in Resource under some readings (COND-32, COND-33, RES-1).

use super::problem::Problem;
use super::readings::choose;
use super::regular::{Case, Reach, sequence};
use super::request::SymbolicRequest;
use super::variable::{self, Part, Values, template};
use super::wildcards::Wildcards;
use crate::iam::assumption::Alternative;
use crate::iam::pattern::{Token, Variable};
use crate::solver::formula::{Formula, Formulas, TextVariable};
use crate::solver::regular::{CharacterSet, Regular};

/// How many fields an ARN has.
const FIELDS: usize = 6;

/// How many variables a pattern may have that is cut after they are filled in: there is a case for every number of colons in each.
const MOST_FILLED: usize = 3;

/// The texts of six fields or more.
pub(super) fn six_fields() -> Regular {
    let field = || sequence([Reach::WithinField.anything(), Regular::text(":")]);
    sequence([field(), field(), field(), field(), field(), Regular::anything()])
}

/// Holds iff the text is one that the pattern of an Arn operator matches.
// Rules: COND-32, COND-33, VAR-12.
pub(super) fn matches(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    text: TextVariable,
    tokens: Vec<Token>,
) -> Result<Formula, Problem> {
    let has_variables = tokens.iter().any(|token| matches!(token, Token::Variable(_)));
    let fields = cut(&tokens);
    let short_may = request.readings.may_take(formulas, Alternative::ShortArnIsPattern);
    let decided = if fields.len() == FIELDS {
        let template = by_field(&fields);
        variable::matches_pattern(formulas, request, text, &template)?
    } else if short_may {
        let taken = request.readings.takes(Alternative::ShortArnIsPattern);
        let whole = template(&tokens, Reach::Everywhere, Case::Sensitive);
        let whole = variable::matches_pattern(formulas, request, text, &whole)?;
        formulas.and([taken, whole])
    } else {
        formulas.falsum()
    };
    if !has_variables || !request.readings.may_take(formulas, Alternative::ArnSplitAfterFilling) {
        return Ok(decided);
    }
    let filled = cut_after_filling(formulas, request, text, &tokens)?;
    let taken = request.readings.takes(Alternative::ArnSplitAfterFilling);
    Ok(choose(formulas, taken, filled, decided))
}

/// The tokens cut at their first five colons outside of variables, before any value is put in.
// Rule: VAR-12.
pub(super) fn cut(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut fields: Vec<Vec<Token>> = vec![Vec::new()];
    for token in tokens {
        let Token::Literal(text) = token else {
            push(&mut fields, token.clone());
            continue;
        };
        let mut rest = text.as_str();
        while fields.len() < FIELDS
            && let Some((before, behind)) = rest.split_once(':')
        {
            push(&mut fields, Token::Literal(before.to_owned()));
            fields.push(Vec::new());
            rest = behind;
        }
        push(&mut fields, Token::Literal(rest.to_owned()));
    }
    fields
}

fn push(fields: &mut [Vec<Token>], token: Token) {
    let empty = matches!(&token, Token::Literal(text) if text.is_empty());
    if let (Some(field), false) = (fields.last_mut(), empty) {
        field.push(token);
    }
}

/// The template of a pattern whose fields are matched one by one.
pub(super) fn by_field(fields: &[Vec<Token>]) -> Vec<Part> {
    joined(fields, |field, position| {
        let reach = if position + 1 < FIELDS { Reach::WithinField } else { Reach::Everywhere };
        template(field, reach, Case::Sensitive)
    })
}

/// The templates of a pattern of Resource of which only a `*` that ends a segment passes a colon, beside the wildcards of the sixth segment:
/// the pattern matches what one of them does.
///
/// What ends a segment shows after substitution: a star before variables that have the empty value ends it, too; and where values have
/// wildcards, so does one before values of nothing but stars. So there is a template for every choice of such values.
///
/// # Errors
///
/// [`Problem`] where there are too many variables.
// Rules: RES-1, VAR-6.
pub(super) fn by_segment(segments: &[Vec<Token>], values: Values) -> Result<Vec<Vec<Part>>, Problem> {
    let variables = segments.iter().flatten().filter(|token| matches!(token, Token::Variable(_))).count();
    if variables > MOST_FILLED {
        return Err(Problem::not_supported(format!(
            "`{}` with more than {MOST_FILLED} variables in one text",
            Alternative::ResourceBySegment
        )));
    }
    let kinds: &[ValueKind] = match values {
        Values::Literal => &[ValueKind::Empty, ValueKind::Other],
        Values::Patterns => &[ValueKind::Empty, ValueKind::Stars, ValueKind::Other],
    };
    let mut choices: Vec<Vec<ValueKind>> = vec![Vec::new()];
    for _ in 0..variables {
        let longer = |choice: &Vec<ValueKind>| {
            let choice = choice.clone();
            kinds.iter().map(move |kind| [choice.as_slice(), &[*kind]].concat()).collect::<Vec<_>>()
        };
        choices = choices.iter().flat_map(longer).collect();
    }
    Ok(choices.iter().map(|choice| with_values(segments, choice, values)).collect())
}

/// What kind of value a variable has, as far as it matters to a star before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ValueKind {
    Empty,
    /// Nothing but stars, one at least.
    Stars,
    Other,
}

impl ValueKind {
    /// The values of this kind.
    fn language(self, values: Values) -> Regular {
        let any = CharacterSet::all();
        match (self, values) {
            (ValueKind::Empty, _) => Regular::text(""),
            (ValueKind::Stars, _) => Regular::Character(CharacterSet::of(['*'])).at_least_once(),
            (ValueKind::Other, Values::Literal) => Regular::Character(any).at_least_once(),
            (ValueKind::Other, Values::Patterns) => {
                let no_star = Regular::Character(CharacterSet::of(['*']).complement());
                sequence([Regular::anything(), no_star, Regular::anything()])
            }
        }
    }
}

/// The template where the variables have values of these kinds.
fn with_values(segments: &[Vec<Token>], kinds: &[ValueKind], values: Values) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut kinds = kinds.iter().copied();
    for (number, segment) in segments.iter().enumerate() {
        if number > 0 {
            parts.push(Part::Constant(Regular::text(":")));
        }
        let is_last = number + 1 == FIELDS;
        let inside = if is_last { Reach::Everywhere } else { Reach::WithinField };
        let of_segment = segment.iter().filter(|token| matches!(token, Token::Variable(_))).count();
        let mut own_kinds: Vec<ValueKind> = kinds.by_ref().take(of_segment).collect();
        let mut ends = true;
        let mut own: Vec<Part> = Vec::new();
        for token in segment.iter().rev() {
            let reach = if ends { Reach::Everywhere } else { inside };
            match token {
                Token::Variable(variable) => {
                    // Every variable of the segment was counted.
                    let kind = own_kinds.pop().unwrap_or(ValueKind::Other);
                    let wildcards = match kind {
                        ValueKind::Other if ends && !is_last => Wildcards::ToTheEnd,
                        ValueKind::Empty | ValueKind::Stars | ValueKind::Other => reach.into(),
                    };
                    ends &= kind != ValueKind::Other;
                    own.push(Part::Limited(variable.clone(), kind.language(values), wildcards));
                }
                Token::Star => own.extend(template(std::slice::from_ref(token), reach, Case::Sensitive)),
                Token::Literal(_) | Token::Question => {
                    own.extend(template(std::slice::from_ref(token), inside, Case::Sensitive));
                    ends = false;
                }
            }
        }
        parts.extend(own.into_iter().rev());
    }
    parts
}

fn joined(fields: &[Vec<Token>], of_field: impl Fn(&[Token], usize) -> Vec<Part>) -> Vec<Part> {
    let mut parts = Vec::new();
    for (position, field) in fields.iter().enumerate() {
        if position > 0 {
            parts.push(Part::Constant(Regular::text(":")));
        }
        parts.extend(of_field(field, position));
    }
    parts
}

/// Holds iff the text is one that the pattern matches if it is cut after its values are filled in.
///
/// Colons of values then count, so there is a case for every number of colons in each variable: it settles in which field each wildcard
/// stands. Five colons and more are one case, since no field begins behind the fifth.
// Rule: VAR-12.
fn cut_after_filling(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    text: TextVariable,
    tokens: &[Token],
) -> Result<Formula, Problem> {
    let variables = tokens.iter().filter(|token| matches!(token, Token::Variable(_))).count();
    if variables > MOST_FILLED {
        return Err(Problem::not_supported(format!(
            "`{}` with more than {MOST_FILLED} variables in one text",
            Alternative::ArnSplitAfterFilling
        )));
    }
    let cases = FIELDS.pow(u32::try_from(variables).unwrap_or(u32::MAX));
    let mut ways = Vec::with_capacity(cases);
    for case in 0..cases {
        let Some((parts, fields)) = filled(tokens, case) else { continue };
        if fields == FIELDS {
            ways.push(variable::matches_pattern(formulas, request, text, &parts)?);
        } else if request.readings.may_take(formulas, Alternative::ShortArnIsPattern) {
            let everywhere: Vec<Part> = whole(tokens, case);
            let matched = variable::matches_pattern(formulas, request, text, &everywhere)?;
            let taken = request.readings.takes(Alternative::ShortArnIsPattern);
            ways.push(formulas.and([taken, matched]));
        }
    }
    Ok(formulas.or(ways))
}

/// How many colons the variable at this position has in this case.
fn colons(case: usize, position: usize) -> usize {
    case / FIELDS.pow(u32::try_from(position).unwrap_or(0)) % FIELDS
}

/// The template of a pattern in one case, and how many fields it has.
fn filled(tokens: &[Token], case: usize) -> Option<(Vec<Part>, usize)> {
    let mut parts = Vec::new();
    let (mut before, mut position) = (0, 0);
    for token in tokens {
        let reach = if before + 1 < FIELDS { Reach::WithinField } else { Reach::Everywhere };
        match token {
            Token::Variable(variable) => {
                let count = colons(case, position);
                let wildcards = match FIELDS.checked_sub(before + 1) {
                    None | Some(0) => Wildcards::Everywhere,
                    Some(left) if left > count => Wildcards::Within,
                    Some(left) => Wildcards::BehindColons(u8::try_from(left).unwrap_or(u8::MAX)),
                };
                parts.push(with_colons(variable.clone(), count, wildcards));
                (before, position) = (before + count, position + 1);
            }
            Token::Literal(text) => {
                parts.extend(template(std::slice::from_ref(token), Reach::Everywhere, Case::Sensitive));
                before += text.matches(':').count();
            }
            Token::Star | Token::Question => {
                parts.extend(template(std::slice::from_ref(token), reach, Case::Sensitive));
            }
        }
    }
    Some((parts, (before + 1).min(FIELDS)))
}

/// The whole pattern in one case, its wildcards without regard to fields.
fn whole(tokens: &[Token], case: usize) -> Vec<Part> {
    let mut position = 0;
    let mut parts = Vec::new();
    for token in tokens {
        if let Token::Variable(variable) = token {
            parts.push(with_colons(variable.clone(), colons(case, position), Wildcards::Everywhere));
            position += 1;
        } else {
            parts.extend(template(std::slice::from_ref(token), Reach::Everywhere, Case::Sensitive));
        }
    }
    parts
}

/// The variable, with a value of so many colons; five stand for five and more.
fn with_colons(variable: Variable, count: usize, wildcards: Wildcards) -> Part {
    let field = Regular::Character(CharacterSet::of([':']).complement()).any_number();
    let mut parts = vec![field.clone()];
    for _ in 0..count {
        parts.push(Regular::text(":"));
        parts.push(field.clone());
    }
    if count + 1 == FIELDS {
        parts.push(Regular::anything());
    }
    Part::Limited(variable, sequence(parts), wildcards)
}
