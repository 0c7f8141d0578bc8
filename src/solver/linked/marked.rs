//! Concatenations that are contained in one another whatever the values of their variables.
//!
//! Let each variable have a letter of its own, its *mark*, a character that no set in the pieces tells from some other. Write both
//! concatenations with the marks in the places of the variables. If every text of the first so written, in which marks stand nowhere else,
//! is one of the second, then the first concatenation is contained in the second for all values: take a text of the first. Where its other
//! parts happen to hold a mark as a plain character, put there a character that no set tells from it. What results is a text of the marked
//! first, so of the marked second, and each mark in it stands for a variable. Undoing both replacements yields the text we took as a text
//! of the second.
//!
//! A value that is settled stands as the plain text that it is. A value that could stand for more than itself but has no character that does
//! is a value like any other.
//!
//! The second may read more: where it allows any number of characters of a set, and every value of a variable consists of such
//! characters, the mark of that variable may be read there, too.

use std::collections::BTreeMap;

use super::approximation::{Must, Musts, equal_text, musts, settled};
use super::{Join, Linked};
use crate::solver::clauses::Literal;
use crate::solver::formula::{Piece, TextVariable};
use crate::solver::regular::{CharacterSet, Regular};
use crate::solver::strings::{Library, Membership, Outcome};

/// A pair of concatenations of one text, the first holding, the second not, where the first is contained in the second.
pub(super) fn refute(linked: &Linked<'_>, library: &mut Library) -> Option<Vec<Literal>> {
    if linked.joins.iter().all(|join| join.holds) {
        return None;
    }
    let facts = Facts::of(linked, library);
    for outer in linked.joins.iter().filter(|join| !join.holds) {
        let holding = linked.joins.iter().filter(|join| join.holds);
        for inner in holding.filter(|inner| facts.equal.same(inner.text, outer.text)) {
            if let Some(causes) = contained(linked, library, &facts, Some(inner), outer) {
                let mut core = vec![inner.literal, outer.literal];
                core.extend(causes);
                core.extend(facts.equal.because(&[inner, outer]));
                core.sort_unstable();
                core.dedup();
                return Some(core);
            }
        }
        // A text is contained in itself: what is not around the value of its own variable.
        if let Some(causes) = contained(linked, library, &facts, None, outer) {
            let mut core = vec![outer.literal];
            core.extend(causes);
            core.extend(facts.equal.because(&[outer]));
            core.sort_unstable();
            core.dedup();
            return Some(core);
        }
    }
    None
}

/// What is known of the texts.
struct Facts {
    known: Musts,
    equal: Equal,
    /// The texts that can be only this one, and the literals because of which.
    settled: BTreeMap<TextVariable, (String, Vec<Literal>)>,
    /// The pieces whose values stand for themselves alone, and the literals because of which.
    plain: BTreeMap<Piece, Vec<Literal>>,
}

impl Facts {
    fn of(linked: &Linked<'_>, library: &mut Library) -> Facts {
        let known = musts(linked, library);
        let equal = Equal::of(linked, library);
        let inner = linked.joins.iter().flat_map(|join| join.pieces).filter_map(Piece::variable);
        let mut plain = BTreeMap::new();
        for piece in linked.joins.iter().flat_map(|join| join.pieces) {
            if let Piece::Taken(variable, taking) = piece {
                let of_text = known.get(variable);
                let because =
                    of_text.and_then(|of_text| consists_of(linked, library, of_text, &(taking.plain)()));
                plain.extend(because.map(|because| (*piece, because)));
            }
        }
        let mut settled_texts = BTreeMap::new();
        for text in inner {
            let value = known.get(&text).and_then(|of_text| settled(linked, library, of_text));
            settled_texts.extend(value.map(|value| (text, value)));
        }
        Facts { known, equal, settled: settled_texts, plain }
    }

    /// The pieces, with a value in the place of what stands for itself alone; and the literals because of which.
    fn simplified(&self, pieces: &[Piece]) -> (Vec<Piece>, Vec<Literal>) {
        let mut causes = Vec::new();
        let mut simple = |piece: &Piece| match (self.plain.get(piece), piece.variable()) {
            (Some(because), Some(variable)) => {
                causes.extend(because.iter().copied());
                Piece::Value(variable)
            }
            _ => *piece,
        };
        let pieces = pieces.iter().map(&mut simple).collect();
        (pieces, causes)
    }
}

/// Texts that concatenations make equal, in classes.
struct Equal {
    /// For each text its class, named after one of its texts.
    classes: BTreeMap<TextVariable, TextVariable>,
    causes: Vec<(TextVariable, Literal)>,
}

impl Equal {
    fn of(linked: &Linked<'_>, library: &mut Library) -> Equal {
        let mut equal = Equal {
            classes: linked.memberships.keys().map(|&text| (text, text)).collect(),
            causes: Vec::new(),
        };
        for join in linked.joins.iter().filter(|join| join.holds) {
            if let Some(other) = equal_text(linked, library, join) {
                let (left, right) = (equal.class(join.text), equal.class(other));
                for class in equal.classes.values_mut() {
                    if *class == right {
                        *class = left;
                    }
                }
                equal.causes.push((join.text, join.literal));
            }
        }
        equal
    }

    fn class(&self, text: TextVariable) -> TextVariable {
        self.classes.get(&text).copied().unwrap_or(text)
    }

    fn same(&self, left: TextVariable, right: TextVariable) -> bool {
        self.class(left) == self.class(right)
    }

    /// The equalities that classes of the texts of these concatenations rest on.
    fn because(&self, joins: &[&Join<'_>]) -> Vec<Literal> {
        let mut classes: Vec<TextVariable> = Vec::new();
        for join in joins {
            classes.push(self.class(join.text));
            classes
                .extend(join.pieces.iter().filter_map(Piece::variable).map(|variable| self.class(variable)));
        }
        self.causes
            .iter()
            .filter(|(text, _)| classes.contains(&self.class(*text)))
            .map(|(_, literal)| *literal)
            .collect()
    }
}

/// Whether the inner concatenation (or the bare text, where there is none) is contained in the outer one: then the further literals that
/// rests on.
fn contained(
    linked: &Linked<'_>,
    library: &mut Library,
    facts: &Facts,
    inner: Option<&Join<'_>>,
    outer: &Join<'_>,
) -> Option<Vec<Literal>> {
    let Facts { known, equal, settled, plain: _ } = facts;
    let own = [Piece::Value(outer.text)];
    let (inner_pieces, mut causes) = facts.simplified(inner.map_or(&own[..], |inner| inner.pieces));
    let (outer_pieces, further) = facts.simplified(outer.pieces);
    causes.extend(further);
    let value = |piece: &Piece| piece.variable().and_then(|variable| settled.get(&variable));
    // A value, a spelling of it in other cases and a text that it stands for are things with a mark each. A value that is settled needs none.
    let classed = |piece: &Piece| match piece {
        _ if value(piece).is_some() => None,
        Piece::Value(variable) => Some(Piece::Value(equal.class(*variable))),
        Piece::Folded(variable) => Some(Piece::Folded(equal.class(*variable))),
        Piece::Taken(variable, taking) => Some(Piece::Taken(equal.class(*variable), *taking)),
        Piece::Some(_) => None,
    };
    let mut unknown: Vec<Piece> = inner_pieces.iter().chain(&outer_pieces).filter_map(classed).collect();
    unknown.sort_unstable();
    unknown.dedup();
    let marks = marks(linked, settled, inner_pieces.iter().chain(&outer_pieces), unknown.len())?;
    let set_of_marks = CharacterSet::of(marks.iter().copied());
    let mark = |piece: Piece| marks.get(unknown.binary_search(&piece).ok()?).copied();
    let written = |pieces: &[Piece], swallowing: &mut dyn FnMut(&CharacterSet) -> Vec<char>| {
        let mut parts = Vec::with_capacity(pieces.len());
        for piece in pieces {
            parts.push(match piece {
                Piece::Some(language) => {
                    without(linked.formulas.regular(*language)?, &set_of_marks, swallowing)
                }
                Piece::Value(_) => match value(piece) {
                    Some((value, _)) => Regular::text(value.as_str()),
                    None => Regular::text(mark(classed(piece)?)?),
                },
                // The value itself is one of its spellings.
                Piece::Folded(_) if value(piece).is_some() => {
                    let (value, _) = value(piece)?;
                    Regular::text(value.as_str()).folded()
                }
                Piece::Taken(_, taking) if value(piece).is_some() => {
                    let (value, _) = value(piece)?;
                    taking.of(value.as_str())
                }
                Piece::Folded(_) | Piece::Taken(..) => {
                    let own = classed(piece)?;
                    let spellings = unknown.iter().zip(&marks).filter(|(other, _)| is_one_of(other, &own));
                    Regular::Choice(spellings.map(|(_, mark)| Regular::text(*mark)).collect())
                }
            });
        }
        Some(Regular::Sequence(parts))
    };
    let inner_marked = written(&inner_pieces, &mut |_| Vec::new())?;
    let settled_by = inner_pieces.iter().chain(&outer_pieces).filter_map(value);
    causes.extend(settled_by.flat_map(|(_, because)| because.iter().copied()));
    let outer_marked = written(&outer_pieces, &mut |set| {
        let swallowed = unknown.iter().zip(&marks).filter_map(|(piece, mark)| {
            let because = match piece {
                Piece::Value(variable) => consists_of(linked, library, known.get(variable)?, set)?,
                Piece::Folded(_) | Piece::Taken(..) | Piece::Some(_) if *set == CharacterSet::all() => {
                    Vec::new()
                }
                Piece::Folded(_) | Piece::Taken(..) | Piece::Some(_) => return None,
            };
            causes.extend(because);
            Some(*mark)
        });
        swallowed.collect()
    })?;
    let (inner, outer) = (library.derive(inner_marked), library.derive(outer_marked));
    library.included(linked.formulas, inner, outer).then_some(causes)
}

/// Whether what the one piece stands for is always among what the other does: a value among its spellings and the texts that it is taken for.
fn is_one_of(one: &Piece, other: &Piece) -> bool {
    match (one, other) {
        (Piece::Value(value), Piece::Folded(variable) | Piece::Taken(variable, _)) => value == variable,
        (Piece::Taken(value, narrow), Piece::Taken(variable, wide)) => {
            value == variable && narrow.is_within(wide)
        }
        (
            Piece::Value(_) | Piece::Folded(_) | Piece::Taken(..) | Piece::Some(_),
            Piece::Value(_) | Piece::Folded(_) | Piece::Taken(..) | Piece::Some(_),
        ) => one == other,
    }
}

/// The literals because of which the value consists of characters of the set alone, if it does.
pub(super) fn consists_of(
    linked: &Linked<'_>,
    library: &mut Library,
    of_text: &[Must],
    set: &CharacterSet,
) -> Option<Vec<Literal>> {
    if *set == CharacterSet::all() {
        return Some(Vec::new());
    }
    let run = library.derive(Regular::Character(set.clone()).any_number());
    let (domain, others) = of_text.split_first()?;
    let mut asked: Vec<_> = others.iter().map(|must| (must.language, must.membership)).collect();
    asked.push((run, Membership::Out));
    match library.decide(linked.formulas, domain.language, &asked) {
        Outcome::Nothing(core) => Some(
            others
                .iter()
                .filter(|must| core.contains(&(must.language, must.membership)))
                .flat_map(|must| must.because.iter().copied())
                .collect(),
        ),
        Outcome::Text(_) | Outcome::Limit(_) => None,
    }
}

/// As many characters as there are variables, and one more, that no set of the pieces tells apart.
fn marks<'p>(
    linked: &Linked<'_>,
    settled: &BTreeMap<TextVariable, (String, Vec<Literal>)>,
    pieces: impl Iterator<Item = &'p Piece>,
    count: usize,
) -> Option<Vec<char>> {
    let mut cuts: Vec<u32> = vec![0xE000, 0x11_0000];
    for piece in pieces {
        match piece {
            Piece::Some(language) => collect_cuts(linked.formulas.regular(*language)?, &mut cuts),
            Piece::Taken(variable, taking) => {
                if let Some((value, _)) = settled.get(variable) {
                    collect_cuts(&taking.of(value.as_str()), &mut cuts);
                }
            }
            Piece::Value(variable) | Piece::Folded(variable) => {
                if let Some((value, _)) = settled.get(variable) {
                    collect_cuts(&Regular::text(value.as_str()).folded(), &mut cuts);
                }
            }
        }
    }
    cuts.retain(|&cut| cut >= 0xE000);
    cuts.sort_unstable();
    cuts.dedup();
    let wide = cuts.windows(2).rev().find_map(|pair| match pair {
        [start, end] if (end - start) as usize > count => Some(*start),
        _ => None,
    })?;
    (wide..).take(count).map(char::from_u32).collect()
}

fn collect_cuts(regular: &Regular, cuts: &mut Vec<u32>) {
    match regular {
        Regular::Text(text) => {
            for character in text.chars() {
                cuts.extend([u32::from(character), u32::from(character) + 1]);
            }
        }
        Regular::Character(set) => {
            for (first, last) in set.ranges() {
                cuts.extend([u32::from(*first), u32::from(*last) + 1]);
            }
        }
        Regular::Sequence(parts) | Regular::Choice(parts) => {
            for part in parts {
                collect_cuts(part, cuts);
            }
        }
        Regular::Repeat { part, .. } => collect_cuts(part, cuts),
    }
}

/// The expression without the marks as characters, save in runs that may swallow some of them.
fn without(
    regular: &Regular,
    marks: &CharacterSet,
    swallowing: &mut dyn FnMut(&CharacterSet) -> Vec<char>,
) -> Regular {
    let plain = |set: &CharacterSet| set.complement().union(marks).complement();
    match regular {
        Regular::Text(text) => Regular::Text(text.clone()),
        Regular::Character(set) => Regular::Character(plain(set)),
        Regular::Sequence(parts) => {
            Regular::Sequence(parts.iter().map(|part| without(part, marks, swallowing)).collect())
        }
        Regular::Choice(parts) => {
            Regular::Choice(parts.iter().map(|part| without(part, marks, swallowing)).collect())
        }
        Regular::Repeat { part, least: 0, most: None } => match part.as_ref() {
            Regular::Character(set) => {
                let more = CharacterSet::of(swallowing(set));
                Regular::Character(plain(set).union(&more)).any_number()
            }
            Regular::Text(_) | Regular::Sequence(_) | Regular::Choice(_) | Regular::Repeat { .. } => {
                without(part, marks, swallowing).any_number()
            }
        },
        Regular::Repeat { part, least, most } => {
            Regular::Repeat { part: Box::new(without(part, marks, swallowing)), least: *least, most: *most }
        }
    }
}
