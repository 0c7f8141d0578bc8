//! Refutes linked texts by where a separator stands.
//!
//! Two concatenations hold of one text. Each begins with a value in which some character never occurs, and that character comes next. Then
//! both values are what comes before its first occurrence in the text: they are equal. From the end it is the same with what comes after the
//! last one. So a literal that tells the two values apart contradicts these.

use super::approximation::{Musts, equal_text, musts};
use super::marked::consists_of;
use super::{Join, Linked};
use crate::solver::clauses::Literal;
use crate::solver::formula::{Piece, TextVariable};
use crate::solver::regular::CharacterSet;
use crate::solver::strings::Library;

/// The end of a text at which a value stands.
#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

/// Two values that a separator makes equal, and a literal that tells them apart.
pub(super) fn refute(linked: &Linked<'_>, library: &mut Library) -> Option<Vec<Literal>> {
    let mut apart: Vec<([TextVariable; 2], Literal)> = Vec::new();
    for join in linked.joins.iter().filter(|join| !join.holds) {
        apart.extend(equal_text(linked, library, join).map(|other| ([join.text, other], join.literal)));
    }
    if apart.is_empty() {
        return None;
    }
    let known = musts(linked, library);
    for (position, one) in linked.joins.iter().enumerate() {
        for other in linked.joins.iter().skip(position + 1) {
            if !one.holds || !other.holds || one.text != other.text {
                continue;
            }
            for end in [End::First, End::Last] {
                let Some((left, separator)) = separated(linked, library, one, end) else { continue };
                let Some((right, same)) = separated(linked, library, other, end) else { continue };
                let told = apart.iter().find(|(pair, _)| [[left, right], [right, left]].contains(pair));
                let Some((_, literal)) = told.filter(|_| separator == same) else { continue };
                let mut core = vec![one.literal, other.literal, *literal];
                let Some(causes) = lack(linked, library, &known, [left, right], separator) else { continue };
                core.extend(causes);
                core.sort_unstable();
                core.dedup();
                return Some(core);
            }
        }
    }
    None
}

/// The value at that end, and the character next to it, where there is only one that can be.
fn separated(
    linked: &Linked<'_>,
    library: &mut Library,
    join: &Join<'_>,
    end: End,
) -> Option<(TextVariable, char)> {
    let (value, next) = match (end, join.pieces) {
        (End::First, [Piece::Value(value), Piece::Some(next), ..])
        | (End::Last, [.., Piece::Some(next), Piece::Value(value)]) => (*value, *next),
        (End::First | End::Last, _) => return None,
    };
    let next = library.only_text(linked.formulas, next)?;
    let character = match end {
        End::First => next.chars().next(),
        End::Last => next.chars().next_back(),
    };
    Some((value, character?))
}

/// The literals because of which the character is in neither value, if it is not.
fn lack(
    linked: &Linked<'_>,
    library: &mut Library,
    known: &Musts,
    values: [TextVariable; 2],
    character: char,
) -> Option<Vec<Literal>> {
    let others = CharacterSet::only(character).complement();
    let mut causes = Vec::new();
    for value in values {
        causes.extend(consists_of(linked, library, known.get(&value)?, &others)?);
    }
    Some(causes)
}
