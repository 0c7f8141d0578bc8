//! Whether some text of a domain belongs to these languages and not to those: a shortest one, or a small reason why there is none.
//!
//! Few of many memberships matter at a time. So the walk begins with one of them and asks for a shortest text; a membership that this text
//! misses joins in, and the walk begins again. A text that misses none is a shortest of all, since even the fewer memberships allow no
//! shorter one; and where the fewer allow none at all, they are the reason, nearly as small as can be. Dropping its members one by one
//! makes it as small as can be.

use super::library::Library;
use super::product::{self, Found};
use crate::solver::formula::{Formulas, Language};
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

/// See [`Library::decide`].
pub(super) fn decide(
    library: &mut Library,
    formulas: &Formulas,
    domain: Language,
    literals: &[(Language, Membership)],
) -> Outcome {
    let mut sorted = telling(library, formulas, literals);
    sorted.sort_unstable_by(|left, right| library.compare(left.0, right.0).then(left.1.cmp(&right.1)));
    sorted.dedup();
    let key: Conjunction = (domain, sorted.into_boxed_slice());
    if let Some(known) = library.conjunctions.get(&key) {
        return known.clone();
    }
    let mut conjunction = Question { library, formulas, domain, literals: &key.1 };
    let outcome = match conjunction.pair_core() {
        Some(core) => Ok(Outcome::Nothing(core)),
        None => conjunction.search(),
    };
    let outcome = outcome.unwrap_or_else(Outcome::Limit);
    library.conjunctions.insert(key, outcome.clone());
    outcome
}

/// The memberships without those that follow plainly from others: a text of a language is outside of all that are disjoint with it.
fn telling(
    library: &mut Library,
    formulas: &Formulas,
    literals: &[(Language, Membership)],
) -> Vec<(Language, Membership)> {
    if literals.len() <= FEW {
        return literals.to_vec();
    }
    let inside = |(_, membership): &&(Language, Membership)| *membership == Membership::In;
    let required: Vec<Language> = literals.iter().filter(inside).map(|(language, _)| *language).collect();
    let mut kept = literals.to_vec();
    kept.retain(|&(language, membership)| {
        membership == Membership::In || !required.iter().any(|&one| library.clash(formulas, one, language))
    });
    kept
}

/// So few memberships are not worth thinning out.
const FEW: usize = 4;

/// One question on its way to an answer. Errors are limits reached.
struct Question<'q> {
    library: &'q mut Library,
    formulas: &'q Formulas,
    domain: Language,
    literals: &'q [(Language, Membership)],
}

impl Question<'_> {
    /// A reason of one or two memberships, where what is known of pairs gives one.
    fn pair_core(&mut self) -> Option<Vec<(Language, Membership)>> {
        let inside = |(_, membership): &&(Language, Membership)| *membership == Membership::In;
        let mut required = vec![self.domain];
        required.extend(self.literals.iter().filter(inside).map(|(language, _)| *language));
        for (position, &left) in required.iter().enumerate() {
            for &(right, membership) in self.literals {
                let clash = match membership {
                    Membership::In => left != right && self.library.disjoint(self.formulas, left, right),
                    Membership::Out => self.library.included(self.formulas, left, right),
                };
                if clash {
                    let mut core = vec![(right, membership)];
                    if position > 0 {
                        core.push((left, Membership::In));
                    }
                    return Some(core);
                }
            }
        }
        None
    }

    fn search(&mut self) -> Result<Outcome, Limit> {
        let mut active = vec![(self.domain, Membership::In)];
        active.extend(self.literals.iter().find(|(_, membership)| *membership == Membership::In));
        let mut shortest = true;
        loop {
            for (language, _) in &active {
                self.library.open(self.formulas, *language)?;
            }
            let found = if shortest {
                product::shortest(self.library, &active, self.library.text_states / SHARE_FOR_SHORTEST)
            } else {
                product::greedy(self.library, &active, self.library.text_states)
            };
            match found {
                Found::Text(text) => match self.missed(&text)? {
                    Some(literal) => active.push(literal),
                    None if shortest => return Ok(Outcome::Text(text)),
                    None => return Ok(Outcome::Text(self.shortened(text)?)),
                },
                Found::Nothing => return Ok(Outcome::Nothing(core(self.library, active))),
                Found::Limit if shortest => shortest = false,
                Found::Limit => return Err(Limit::TextStates),
            }
        }
    }

    /// A membership that the text lacks; a required language before a forbidden one, since it narrows the search.
    fn missed(&mut self, text: &str) -> Result<Option<(Language, Membership)>, Limit> {
        for kind in [Membership::In, Membership::Out] {
            for &(language, membership) in self.literals {
                if membership == kind
                    && self.library.accepts(self.formulas, language, text)? != (kind == Membership::In)
                {
                    return Ok(Some((language, membership)));
                }
            }
        }
        Ok(None)
    }

    /// The text without the characters that it can do without, tried from the left.
    fn shortened(&mut self, text: String) -> Result<String, Limit> {
        let mut kept: Vec<char> = text.chars().collect();
        let mut position = 0;
        while position < kept.len() {
            let mut shorter = kept.clone();
            shorter.remove(position);
            let candidate: String = shorter.iter().collect();
            let allowed = self.library.accepts(self.formulas, self.domain, &candidate)?;
            if allowed && self.missed(&candidate)?.is_none() {
                kept = shorter;
            } else {
                position += 1;
            }
        }
        Ok(kept.into_iter().collect())
    }
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
