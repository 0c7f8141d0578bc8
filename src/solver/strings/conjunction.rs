//! Whether some text of a domain belongs to these languages and not to those: a shortest one, or a small reason why there is none.
//!
//! Few of many memberships matter at a time. So the walk begins with one of them and asks for a shortest text; a membership that this text
//! misses joins in, and the walk begins again. A text that misses none is a shortest of all, since even the fewer memberships allow no
//! shorter one; and where the fewer allow none at all, they are the reason, nearly as small as can be. Dropping its members one by one
//! makes it as small as can be.

use super::library::Library;
use super::product::{self, Found};
use crate::solver::formula::Language;
use crate::solver::verdict::Limit;

/// Whether a text is in a language or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::solver) enum Membership {
    /// It belongs to the language.
    In,
    /// It does not.
    Out,
}

/// The memberships that are asked of a text of a domain.
pub(super) type Conjunction = (Language, Box<[(Language, Membership)]>);

/// The answer to a question about texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::solver) enum Outcome {
    /// This text has all the memberships. It is a shortest one, unless finding such a one cost too much.
    Text(String),
    /// No text of the domain has these of the memberships, and each of them is needed for that, as far as the limit allowed to see.
    Nothing(Vec<(Language, Membership)>),
    /// The limit was reached.
    Limit(Limit),
}

/// The part of the limit that the search for a shortest text may use up before any text will do.
const SHARE_FOR_SHORTEST: u64 = 4;

/// Answers for opened languages; see [`Library::decide`].
pub(super) fn decide(
    library: &mut Library,
    domain: Language,
    literals: &[(Language, Membership)],
) -> Outcome {
    let mut sorted = literals.to_vec();
    sorted.sort_unstable_by(|left, right| library.compare(left.0, right.0).then(left.1.cmp(&right.1)));
    sorted.dedup();
    let key: Conjunction = (domain, sorted.into_boxed_slice());
    if let Some(known) = library.conjunctions.get(&key) {
        return known.clone();
    }
    let outcome = match pair_core(library, domain, &key.1) {
        Some(core) => Outcome::Nothing(core),
        None => search(library, domain, &key.1),
    };
    library.conjunctions.insert(key, outcome.clone());
    outcome
}

/// A reason of one or two memberships, where what is known of pairs gives one.
fn pair_core(
    library: &mut Library,
    domain: Language,
    literals: &[(Language, Membership)],
) -> Option<Vec<(Language, Membership)>> {
    let mut required = vec![domain];
    required
        .extend(literals.iter().filter(|(_, membership)| *membership == Membership::In).map(|(one, _)| *one));
    for (position, &left) in required.iter().enumerate() {
        let mut core: Vec<(Language, Membership)> = Vec::new();
        if position > 0 {
            core.push((left, Membership::In));
        }
        for &(right, membership) in literals {
            let clash = match membership {
                Membership::In => left != right && library.disjoint(left, right),
                Membership::Out => library.included(left, right),
            };
            if clash {
                core.push((right, membership));
                return Some(core);
            }
        }
    }
    None
}

fn search(library: &mut Library, domain: Language, literals: &[(Language, Membership)]) -> Outcome {
    let mut active = vec![(domain, Membership::In)];
    active.extend(literals.iter().find(|(_, membership)| *membership == Membership::In));
    let mut shortest = true;
    loop {
        let found = if shortest {
            product::shortest(library, &active, library.text_states / SHARE_FOR_SHORTEST)
        } else {
            product::greedy(library, &active, library.text_states)
        };
        match found {
            Found::Text(text) => match missed(library, literals, &text) {
                Some(literal) => active.push(literal),
                None if shortest => return Outcome::Text(text),
                None => return Outcome::Text(shortened(library, domain, literals, text)),
            },
            Found::Nothing => return Outcome::Nothing(core(library, active)),
            Found::Limit if shortest => shortest = false,
            Found::Limit => return Outcome::Limit(Limit::TextStates),
        }
    }
}

/// A membership that the text lacks; a required language before a forbidden one, since it narrows the search.
fn missed(
    library: &mut Library,
    literals: &[(Language, Membership)],
    text: &str,
) -> Option<(Language, Membership)> {
    [Membership::In, Membership::Out].into_iter().find_map(|kind| {
        literals
            .iter()
            .find(|(language, membership)| {
                *membership == kind && library.accepts(*language, text) != (kind == Membership::In)
            })
            .copied()
    })
}

/// The text without the characters that it can do without, tried from the left.
fn shortened(
    library: &mut Library,
    domain: Language,
    literals: &[(Language, Membership)],
    text: String,
) -> String {
    let mut kept: Vec<char> = text.chars().collect();
    let mut position = 0;
    while position < kept.len() {
        let mut shorter = kept.clone();
        shorter.remove(position);
        let candidate: String = shorter.iter().collect();
        if library.accepts(domain, &candidate) && missed(library, literals, &candidate).is_none() {
            kept = shorter;
        } else {
            position += 1;
        }
    }
    kept.into_iter().collect()
}

/// Drops the members that the contradiction can do without. The domain comes first among them, and is always there.
fn core(library: &mut Library, active: Vec<(Language, Membership)>) -> Vec<(Language, Membership)> {
    let mut kept = active;
    let mut position = 1;
    while position < kept.len() {
        let mut fewer = kept.clone();
        fewer.remove(position);
        match product::shortest(library, &fewer, library.text_states / SHARE_FOR_SHORTEST) {
            Found::Nothing => kept = fewer,
            Found::Text(_) | Found::Limit => position += 1,
        }
    }
    kept.split_off(1)
}
