//! What spellings say of texts: a text that spells a number within bounds is one of the spellings within them.

use super::approximation::Must;
use super::bounds::{Bound, Range, ranges};
use super::{Linked, Spelled, Spelling};
use crate::solver::clauses::Literal;
use crate::solver::formula::{AddressNotation, AddressVariable, Block, Language, Notation, TextVariable};
use crate::solver::strings::{Library, Membership};

/// The memberships that must hold of texts because of what they spell, or do not spell.
pub(super) fn musts(linked: &Linked<'_>, library: &mut Library) -> Vec<(TextVariable, Must)> {
    let ranges = ranges(&linked.numbers.linear);
    let unbounded = Range::default();
    let mut all = Vec::new();
    for spelling in &linked.spellings {
        let musts = match spelling.value {
            Spelled::Integer(notation, integer) => {
                of_integer(library, spelling, notation, ranges.get(&integer).unwrap_or(&unbounded))
            }
            Spelled::Address(notation, address) => of_address(linked, library, spelling, notation, address),
        };
        all.extend(musts.into_iter().map(|must| (spelling.text, must)));
    }
    all
}

/// The language of the spellings.
pub(super) fn spellings(library: &mut Library, value: Spelled) -> Language {
    match value {
        Spelled::Integer(notation, _) => library.derive_named(notation.name.to_owned(), notation.spellings),
        Spelled::Address(notation, _) => library.derive_named(notation.name.to_owned(), notation.spellings),
    }
}

/// The language of the spellings of this integer.
pub(super) fn exactly(library: &mut Library, notation: Notation, value: &num_bigint::BigInt) -> Language {
    library.derive_named(format!("{} {value}", notation.name), || (notation.exactly)(value))
}

fn of_integer(library: &mut Library, spelling: &Spelling, notation: Notation, range: &Range) -> Vec<Must> {
    let exact = match (&range.least, &range.most) {
        (Some(least), Some(most)) if least.value == most.value => {
            let because = least.because.iter().chain(&most.because).copied().collect();
            Some(Bound { value: least.value.clone(), because })
        }
        _ => None,
    };
    let with = |because: &[Literal], language: Language, membership: Membership| {
        let mut because: Vec<Literal> = because.iter().copied().chain([spelling.literal]).collect();
        because.sort_unstable();
        because.dedup();
        Must { language, membership, because }
    };
    if !spelling.holds {
        // What it does not spell is known only of a number that is.
        return exact
            .iter()
            .map(|bound| with(&bound.because, exactly(library, notation, &bound.value), Membership::Out))
            .collect();
    }
    let mut musts = vec![with(&[], spellings(library, spelling.value), Membership::In)];
    if let Some(bound) = exact {
        musts.push(with(&bound.because, exactly(library, notation, &bound.value), Membership::In));
        return musts;
    }
    if let Some(Bound { value, because }) = &range.least {
        let name = format!("{} from {value}", notation.name);
        let language = library.derive_named(name, || (notation.at_least)(value));
        musts.push(with(because, language, Membership::In));
    }
    if let Some(Bound { value, because }) = &range.most {
        let name = format!("{} to {value}", notation.name);
        let language = library.derive_named(name, || (notation.at_most)(value));
        musts.push(with(because, language, Membership::In));
    }
    for Bound { value, because } in &range.not {
        musts.push(with(because, exactly(library, notation, value), Membership::Out));
    }
    musts
}

fn of_address(
    linked: &Linked<'_>,
    library: &mut Library,
    spelling: &Spelling,
    notation: AddressNotation,
    address: AddressVariable,
) -> Vec<Must> {
    let mut musts = Vec::new();
    if spelling.holds {
        let language = spellings(library, spelling.value);
        musts.push(Must { language, membership: Membership::In, because: vec![spelling.literal] });
    }
    for &(literal, block, inside) in linked.numbers.blocks.get(&address).into_iter().flatten() {
        let membership = match (spelling.holds, inside) {
            (true, true) => Membership::In,
            (true, false) => Membership::Out,
            // What it does not spell is known only of an address that is.
            (false, true) if is_host(block) => Membership::Out,
            (false, _) => continue,
        };
        let name = format!("{} in {}/{}", notation.name, block.address, block.prefix);
        let language = library.derive_named(name, || (notation.within)(block));
        let mut because = vec![literal, spelling.literal];
        because.sort_unstable();
        musts.push(Must { language, membership, because });
    }
    musts
}

fn is_host(block: Block) -> bool {
    block.prefix == if block.address.is_ipv4() { 32 } else { 128 }
}
