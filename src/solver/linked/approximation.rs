//! Refutes linked texts by what their literals say about regular languages.
//!
//! Each text gets *memberships that must hold*, and with each the literals it follows from: what the literals ask of it directly, what a
//! spelling asks (to be one of the notation's spellings within the bounds of the number), what the texts equal to it are asked, and what its concatenations say. A
//! concatenation that holds puts the text into the sequence of its pieces, where a variable's place is taken by any language that its value
//! must belong to. One that does not hold says something only where the values of all its variables are settled: then the text is outside
//! the sequence with these values. If no text has all memberships of some text, their literals contradict each other.

use std::collections::BTreeMap;

use super::{Join, Linked, spelled};
use crate::solver::clauses::Literal;
use crate::solver::formula::{Language, Piece, TextVariable};
use crate::solver::regular::Regular;
use crate::solver::strings::{Library, Membership, Outcome};

/// A membership that must hold, and the literals it follows from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Must {
    pub(super) language: Language,
    pub(super) membership: Membership,
    pub(super) because: Vec<Literal>,
}

/// The memberships that each text must have; the first of each is its domain.
pub(super) type Musts = BTreeMap<TextVariable, Vec<Must>>;

/// How often what was learnt of one text is carried to those that contain it.
const ROUNDS: usize = 3;

/// How many memberships of one text are considered: more of them come from long concatenations only, and say little.
const MUSTS: usize = 64;

/// A contradiction, if the approximations show one.
pub(super) fn refute(linked: &Linked<'_>, library: &mut Library) -> Option<Vec<Literal>> {
    let mut musts = given(linked, library);
    for round in 0..=ROUNDS {
        for of_text in musts.values() {
            if let Some(core) = contradiction(linked, library, of_text) {
                return Some(core);
            }
        }
        if round == ROUNDS || !carry(linked, library, &mut musts) {
            return None;
        }
    }
    None
}

/// What must hold of each text, concatenations included, after the last round.
pub(super) fn musts(linked: &Linked<'_>, library: &mut Library) -> Musts {
    let mut musts = given(linked, library);
    for _ in 0..ROUNDS {
        if !carry(linked, library, &mut musts) {
            break;
        }
    }
    musts
}

/// What the domains, the memberships and the spellings say by themselves.
fn given(linked: &Linked<'_>, library: &mut Library) -> Musts {
    let mut musts = Musts::new();
    for (&text, asked) in &linked.memberships {
        let mut of_text: Vec<Must> = Vec::new();
        if let Some(domain) = linked.domain(text) {
            of_text.push(Must { language: domain, membership: Membership::In, because: Vec::new() });
        }
        of_text.extend(asked.iter().map(|&(literal, language, membership)| Must {
            language,
            membership,
            because: vec![literal],
        }));
        musts.insert(text, of_text);
    }
    for (text, must) in spelled::musts(linked, library) {
        if let Some(of_text) = musts.get_mut(&text) {
            add(of_text, must);
        }
    }
    musts
}

/// The literals of a contradiction among the memberships of one text.
fn contradiction(linked: &Linked<'_>, library: &mut Library, of_text: &[Must]) -> Option<Vec<Literal>> {
    let (domain, others) = of_text.split_first()?;
    let asked: Vec<(Language, Membership)> =
        others.iter().map(|must| (must.language, must.membership)).collect();
    match library.decide(linked.formulas, domain.language, &asked) {
        Outcome::Nothing(core) => {
            let mut because: Vec<Literal> = Vec::new();
            for (language, membership) in core {
                let must =
                    others.iter().find(|must| must.language == language && must.membership == membership);
                because.extend(must.iter().flat_map(|must| &must.because));
            }
            because.sort_unstable();
            because.dedup();
            Some(because)
        }
        Outcome::Text(_) | Outcome::Limit(_) => None,
    }
}

/// Carries what is known of the texts inside of concatenations to the texts that they make up. Tells whether that was news.
fn carry(linked: &Linked<'_>, library: &mut Library, musts: &mut Musts) -> bool {
    let before: usize = musts.values().map(Vec::len).sum();
    for join in &linked.joins {
        if join.holds {
            carry_own_value(library, musts, join);
            carry_join(linked, library, musts, join);
            match only_value(linked, library, join) {
                Some(Piece::Value(other)) => exchange(musts, join, other),
                Some(Piece::Folded(other)) => exchange_folded(linked, library, musts, join, other),
                Some(Piece::Some(_) | Piece::Taken(..)) | None => {}
            }
        } else {
            carry_exclusion(linked, library, musts, join);
        }
    }
    musts.values().map(Vec::len).sum::<usize>() > before
}

/// The variable whose value the text is, where the concatenation says no more than that.
pub(super) fn equal_text(
    linked: &Linked<'_>,
    library: &mut Library,
    join: &Join<'_>,
) -> Option<TextVariable> {
    match only_value(linked, library, join)? {
        Piece::Value(variable) => Some(variable),
        Piece::Folded(_) | Piece::Taken(..) | Piece::Some(_) => None,
    }
}

/// The value that the text is, with its case or without, where the concatenation says no more than that.
fn only_value(linked: &Linked<'_>, library: &mut Library, join: &Join<'_>) -> Option<Piece> {
    let mut only = None;
    for piece in join.pieces {
        match piece {
            Piece::Value(_) | Piece::Folded(_) if only.is_none() => only = Some(*piece),
            Piece::Value(_) | Piece::Folded(_) | Piece::Taken(..) => return None,
            Piece::Some(language) => {
                if library.only_text(linked.formulas, *language) != Some("") {
                    return None;
                }
            }
        }
    }
    only
}

/// Equal texts have the same memberships.
fn exchange(musts: &mut Musts, join: &Join<'_>, other: TextVariable) {
    for (from, to) in [(join.text, other), (other, join.text)] {
        let news: Vec<Must> = musts.get(&from).cloned().unwrap_or_default();
        if let Some(of_text) = musts.get_mut(&to) {
            for must in news {
                add(of_text, with_cause(must, join.literal));
            }
        }
    }
}

/// Texts that differ in the case of their letters alone: where one is in a language, the other is in what that is without regard to case.
fn exchange_folded(
    linked: &Linked<'_>,
    library: &mut Library,
    musts: &mut Musts,
    join: &Join<'_>,
    other: TextVariable,
) {
    for (from, to) in [(join.text, other), (other, join.text)] {
        let news: Vec<Must> = musts.get(&from).cloned().unwrap_or_default();
        for must in news.into_iter().filter(|must| must.membership == Membership::In) {
            let Some(folded) = library.regular(linked.formulas, must.language).map(Regular::folded) else {
                continue;
            };
            let language = library.derive(folded);
            if let Some(of_text) = musts.get_mut(&to) {
                add(of_text, with_cause(Must { language, ..must }, join.literal));
            }
        }
    }
}

fn with_cause(mut must: Must, literal: Literal) -> Must {
    must.because.push(literal);
    must.because.sort_unstable();
    must.because.dedup();
    must
}

/// A text that contains its own value is no longer than that: the values beside it are empty, and so is its own where it stands twice.
fn carry_own_value(library: &mut Library, musts: &mut Musts, join: &Join<'_>) {
    let own = join.pieces.iter().filter(|piece| **piece == Piece::Value(join.text)).count();
    let empty = library.derive(Regular::text(""));
    let emptied = join.pieces.iter().filter_map(|piece| match piece {
        Piece::Value(variable) if (own == 1 && *variable != join.text) || own > 1 => Some(*variable),
        Piece::Value(_) | Piece::Folded(_) | Piece::Taken(..) | Piece::Some(_) => None,
    });
    for variable in emptied {
        if let Some(of_text) = musts.get_mut(&variable) {
            let because = vec![join.literal];
            add(of_text, Must { language: empty, membership: Membership::In, because });
        }
    }
}

/// The text is in the sequence of its pieces: once with the first language known of each variable's value, and once more for each further
/// one in its place.
fn carry_join(linked: &Linked<'_>, library: &mut Library, musts: &mut Musts, join: &Join<'_>) {
    let places: Vec<TextVariable> = join.pieces.iter().filter_map(Piece::variable).collect();
    let known: Vec<Vec<Must>> =
        places.iter().map(|place| inside(linked, library, musts.get(place))).collect();
    let plain: Vec<&Must> = known.iter().filter_map(|of_place| of_place.first()).collect();
    if plain.len() < places.len() {
        return;
    }
    let mut choices: Vec<Vec<&Must>> = vec![plain.clone()];
    for (place, of_place) in known.iter().enumerate() {
        for further in of_place.iter().skip(1) {
            let mut choice = plain.clone();
            if let Some(slot) = choice.get_mut(place) {
                *slot = further;
            }
            choices.push(choice);
        }
    }
    for choice in choices {
        let mut because = vec![join.literal];
        because.extend(choice.iter().flat_map(|must| must.because.iter().copied()));
        because.sort_unstable();
        because.dedup();
        let values: Vec<Regular> = choice
            .iter()
            .filter_map(|must| library.regular(linked.formulas, must.language).cloned())
            .collect();
        if let (Some(regular), Some(of_text)) = (sequence(linked, join, values), musts.get_mut(&join.text)) {
            let language = library.derive(regular);
            add(of_text, Must { language, membership: Membership::In, because });
        }
    }
}

/// The languages known to contain the value, those with a single text before the others, the domain last.
fn inside(linked: &Linked<'_>, library: &mut Library, of_text: Option<&Vec<Must>>) -> Vec<Must> {
    let mut all: Vec<Must> =
        of_text.into_iter().flatten().filter(|must| must.membership == Membership::In).cloned().collect();
    if all.len() > 1 {
        all.rotate_left(1);
    }
    all.sort_by_key(|must| library.only_text(linked.formulas, must.language).is_none());
    all
}

/// The text is outside the sequence with the values of the variables in their places, if these are settled.
fn carry_exclusion(linked: &Linked<'_>, library: &mut Library, musts: &mut Musts, join: &Join<'_>) {
    let mut because = vec![join.literal];
    let mut values: Vec<Regular> = Vec::new();
    for piece in join.pieces {
        if let Some(variable) = piece.variable() {
            let Some((value, causes)) =
                musts.get(&variable).and_then(|of_text| settled(linked, library, of_text))
            else {
                return;
            };
            because.extend(causes);
            values.push(Regular::Text(value));
        }
    }
    because.sort_unstable();
    because.dedup();
    if let (Some(regular), Some(of_text)) = (sequence(linked, join, values), musts.get_mut(&join.text)) {
        let language = library.derive(regular);
        add(of_text, Must { language, membership: Membership::Out, because });
    }
}

/// The only text with these memberships, if there is one only, and the literals that settle it.
pub(super) fn settled(
    linked: &Linked<'_>,
    library: &mut Library,
    of_text: &[Must],
) -> Option<(String, Vec<Literal>)> {
    let (domain, others) = of_text.split_first()?;
    let mut asked: Vec<(Language, Membership)> =
        others.iter().map(|must| (must.language, must.membership)).collect();
    let value = match library.decide(linked.formulas, domain.language, &asked) {
        Outcome::Text(value) => value,
        Outcome::Nothing(_) | Outcome::Limit(_) => return None,
    };
    let itself = library.derive(Regular::text(value.clone()));
    asked.push((itself, Membership::Out));
    match library.decide(linked.formulas, domain.language, &asked) {
        Outcome::Nothing(core) => {
            let because = others
                .iter()
                .filter(|must| core.contains(&(must.language, must.membership)))
                .flat_map(|must| must.because.iter().copied());
            Some((value, because.collect()))
        }
        Outcome::Text(_) | Outcome::Limit(_) => None,
    }
}

/// The pieces as an expression, with these expressions in the places of the variables, in order.
pub(super) fn sequence(linked: &Linked<'_>, join: &Join<'_>, values: Vec<Regular>) -> Option<Regular> {
    let mut values = values.into_iter();
    let mut parts = Vec::with_capacity(join.pieces.len());
    for piece in join.pieces {
        parts.push(match piece {
            Piece::Some(language) => linked.formulas.regular(*language)?.clone(),
            Piece::Value(_) => values.next()?,
            Piece::Folded(_) => values.next()?.folded(),
            Piece::Taken(_, taking) => taking.of_all(&values.next()?),
        });
    }
    Some(Regular::Sequence(parts))
}

fn add(of_text: &mut Vec<Must>, must: Must) {
    let known = of_text.iter().any(|one| one.language == must.language && one.membership == must.membership);
    if !known && of_text.len() < MUSTS {
        of_text.push(must);
    }
}
