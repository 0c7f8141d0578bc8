//! Finds values for linked texts by fixing the texts that others depend on.
//!
//! Once the variables inside of concatenations have values, each concatenation is a plain membership of its text; once the texts of
//! spellings have values, each spelling is a plain fact about a number. So these are chosen first, from a short list each: what its own
//! memberships allow, what can be cut out of the texts that contain it, spellings of the values that the numbers would like to have. Every
//! choice is held against all literals in the end; a list that runs out proves nothing.

use std::collections::BTreeMap;

use super::approximation::{Must, Musts, musts, sequence};
use super::{Join, Linked, Spelled, Spelling, spelled};
use crate::solver::clauses::Literal;
use crate::solver::evaluate;
use crate::solver::formula::{Language, Piece, TextVariable};
use crate::solver::regular::{CharacterSet, Regular};
use crate::solver::strings::{Library, Membership, Outcome};
use crate::solver::theories::{Objection, Told};
use crate::solver::verdict::Assignment;

/// How many combinations of choices are tried.
const TRIES: usize = 3_000;

/// How many texts are cut out of one that contains the value.
const CUTS: usize = 12;

/// How many different texts are taken from the memberships of a variable by themselves.
const OWN: usize = 4;

/// The length of the long text that is tried besides the short ones: a value that is not likely to be met by accident.
const LONG: u32 = 8;

/// How many texts of a variable that spells a number are tried.
const SPELT: usize = 600;

/// Values that make all literals true.
pub(super) fn find(linked: &Linked<'_>, library: &mut Library) -> Option<Assignment> {
    let known = musts(linked, library);
    let mut inner: Vec<TextVariable> = Vec::new();
    let mut add = |text: TextVariable| {
        if !inner.contains(&text) {
            inner.push(text);
        }
    };
    for join in &linked.joins {
        for piece in join.pieces {
            if let Some(variable) = piece.variable() {
                add(variable);
            }
        }
    }
    for spelling in &linked.spellings {
        add(spelling.text);
    }
    let mut attempt = Attempt { linked, known, inner, fixed: BTreeMap::new(), tries: 0 };
    attempt.choose(library, 0)
}

struct Attempt<'a, 'l> {
    linked: &'a Linked<'l>,
    known: Musts,
    /// The texts to choose, in order.
    inner: Vec<TextVariable>,
    fixed: BTreeMap<TextVariable, String>,
    tries: usize,
}

impl Attempt<'_, '_> {
    fn choose(&mut self, library: &mut Library, depth: usize) -> Option<Assignment> {
        let Some(&text) = self.inner.get(depth) else { return self.finish(library) };
        for candidate in self.candidates(library, text) {
            if self.tries >= TRIES {
                return None;
            }
            self.fixed.insert(text, candidate);
            if let Some(found) = self.choose(library, depth + 1) {
                return Some(found);
            }
            self.fixed.remove(&text);
        }
        None
    }

    /// With all inner texts fixed, the rest is decided.
    fn finish(&mut self, library: &mut Library) -> Option<Assignment> {
        self.tries += 1;
        let mut assignment = Assignment { texts: self.fixed.clone(), ..Assignment::default() };
        for &text in self.linked.memberships.keys() {
            if !self.fixed.contains_key(&text) {
                assignment.texts.insert(text, self.shortest(library, text, &[])?);
            }
        }
        let told = told(self.linked.spellings.iter(), &assignment.texts)?;
        let numbers = self.linked.numbers.values(&self.linked.limits, &told).ok()?;
        assignment.integers = numbers.integers;
        assignment.addresses = numbers.addresses;
        let texts = &assignment.texts;
        let fits = self.linked.literals.iter().all(|&(literal, formula)| {
            // Other literals are not about linked texts; they have no value here, and are looked at elsewhere.
            evaluate::holds(self.linked.formulas, formula, &assignment)
                .is_none_or(|value| value == literal.value())
        });
        (fits && texts.len() == self.linked.memberships.len()).then_some(assignment)
    }

    /// A shortest text for the variable, exactly as the fixed values demand, and with these memberships more.
    fn shortest(
        &self,
        library: &mut Library,
        text: TextVariable,
        further: &[(Language, Membership)],
    ) -> Option<String> {
        let (domain, mut asked) = self.demands(library, text)?;
        asked.extend(further);
        match library.decide(self.linked.formulas, domain, &asked) {
            Outcome::Text(found) => Some(found),
            Outcome::Nothing(_) | Outcome::Limit(_) => None,
        }
    }

    /// The domain of the text, what must hold of it, and what its concatenations say with the values fixed so far.
    fn demands(
        &self,
        library: &mut Library,
        text: TextVariable,
    ) -> Option<(Language, Vec<(Language, Membership)>)> {
        let (domain, others) = self.known.get(&text)?.split_first()?;
        let mut asked: Vec<(Language, Membership)> =
            others.iter().map(|must: &Must| (must.language, must.membership)).collect();
        for join in self.linked.joins.iter().filter(|join| join.text == text) {
            if let Some(regular) = self.with_values(join) {
                let membership = if join.holds { Membership::In } else { Membership::Out };
                asked.push((library.derive(regular), membership));
            }
        }
        Some((domain.language, asked))
    }

    /// The concatenation as an expression, where all its variables are fixed.
    fn with_values(&self, join: &Join<'_>) -> Option<Regular> {
        let mut values = Vec::new();
        for piece in join.pieces {
            if let Some(variable) = piece.variable() {
                values.push(Regular::Text(self.fixed.get(&variable)?.clone()));
            }
        }
        sequence(self.linked, join, values)
    }

    fn candidates(&self, library: &mut Library, text: TextVariable) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let spelt: Vec<&Spelling> =
            self.linked.spellings.iter().filter(|spelling| spelling.text == text && spelling.holds).collect();
        if !spelt.is_empty() {
            all.extend(self.wished(library, text, &spelt));
            if let Some((domain, asked)) = self.demands(library, text) {
                all.extend(several(self.linked, library, domain, &asked, SPELT).0);
            }
        } else {
            all.extend(self.shortest(library, text, &[]));
            all.extend(self.wider(library, text));
            all.extend(self.cuts(library, text));
            all.extend(self.own(library, text, &all));
        }
        let mut kept: Vec<String> = Vec::new();
        for candidate in all {
            if !kept.contains(&candidate) {
                kept.push(candidate);
            }
        }
        kept
    }

    /// Spellings of the values that the numbers have when nothing is asked of them but their own literals.
    fn wished(&self, library: &mut Library, text: TextVariable, spelt: &[&Spelling]) -> Vec<String> {
        let told = told(
            self.linked.spellings.iter().filter(|spelling| self.fixed.contains_key(&spelling.text)),
            &self.fixed,
        );
        let Some(told) = told else { return Vec::new() };
        let Ok(numbers) = self.linked.numbers.values(&self.linked.limits, &told) else { return Vec::new() };
        let Some((domain, asked)) = self.demands(library, text) else { return Vec::new() };
        let mut written: Vec<String> = Vec::new();
        for spelling in spelt {
            written.extend(match spelling.value {
                Spelled::Integer(notation, integer) => {
                    (notation.write)(&numbers.integers.get(&integer).cloned().unwrap_or_default())
                }
                Spelled::Address(notation, address) => (notation.write)(
                    numbers.addresses.get(&address).unwrap_or(&crate::solver::theories::PLAIN_ADDRESS),
                ),
            });
        }
        let mut asked_with_domain = asked.clone();
        asked_with_domain.push((domain, Membership::In));
        written.retain(|candidate| {
            library.fits(self.linked.formulas, &asked_with_domain, candidate) == Ok(true)
        });
        // Where the plain spellings do not fit, some other one may.
        for spelling in spelt {
            if let Spelled::Integer(notation, integer) = spelling.value {
                let value = numbers.integers.get(&integer).cloned().unwrap_or_default();
                let exact = (spelled::exactly(library, notation, &value), Membership::In);
                written.extend(self.shortest(library, text, &[exact]));
            }
        }
        written
    }

    /// Texts that can be cut out of a shortest text around the value, at the places where the value can stand.
    fn cuts(&self, library: &mut Library, text: TextVariable) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let Some((domain, mut asked)) = self.demands(library, text) else { return found };
        asked.push((domain, Membership::In));
        let around = self
            .linked
            .joins
            .iter()
            .filter(|join| join.holds && join.pieces.iter().any(|piece| piece.variable() == Some(text)));
        for join in around {
            let whole = match self.fixed.get(&join.text) {
                Some(fixed) => Some(fixed.clone()),
                None => self.shortest(library, join.text, &[]),
            };
            let Some(whole) = whole.map(|whole| whole.chars().collect::<Vec<char>>()) else { continue };
            for start in 0..=whole.len() {
                for end in (start..=whole.len()).rev() {
                    let cut: String = whole.get(start..end).unwrap_or_default().iter().collect();
                    let fits = !found.contains(&cut)
                        && library.fits(self.linked.formulas, &asked, &cut) == Ok(true)
                        && self.leaves_a_text(library, join, text, &cut, &whole);
                    if fits {
                        found.push(cut);
                    }
                    if found.len() >= CUTS {
                        return found;
                    }
                }
            }
        }
        found
    }

    /// Whether the whole text can be the concatenation with this value in the variable's places and any others in those of the others.
    fn leaves_a_text(
        &self,
        library: &mut Library,
        join: &Join<'_>,
        text: TextVariable,
        value: &str,
        whole: &[char],
    ) -> bool {
        let values = join
            .pieces
            .iter()
            .filter_map(Piece::variable)
            .map(|inner| match self.fixed.get(&inner) {
                _ if inner == text => Regular::text(value),
                Some(fixed) => Regular::text(fixed.as_str()),
                None => Regular::anything(),
            })
            .collect();
        let whole: String = whole.iter().collect();
        sequence(self.linked, join, values)
            .map(|regular| library.derive(regular))
            .is_some_and(|language| library.accepts(self.linked.formulas, language, &whole) == Ok(true))
    }

    /// Values that stand for more than themselves, where something takes the variable for what its value stands for.
    fn wider(&self, library: &mut Library, text: TextVariable) -> Vec<String> {
        let mut telling: Vec<char> = Vec::new();
        for piece in self.linked.joins.iter().filter(|join| join.holds).flat_map(|join| join.pieces) {
            match piece {
                Piece::Taken(variable, taking) if *variable == text => telling.extend(taking.telling()),
                Piece::Taken(..) | Piece::Value(_) | Piece::Folded(_) | Piece::Some(_) => {}
            }
        }
        let with = |one: &char| {
            let one = Regular::Character(CharacterSet::of([*one]));
            let around =
                library.derive(Regular::Sequence(vec![Regular::anything(), one, Regular::anything()]));
            self.shortest(library, text, &[(around, Membership::In)])
        };
        telling.iter().filter_map(with).collect()
    }

    /// Further texts that the variable's own memberships allow: other short ones, and a long one.
    fn own(&self, library: &mut Library, text: TextVariable, known: &[String]) -> Vec<String> {
        let mut excluded: Vec<(Language, Membership)> = Vec::new();
        for candidate in known {
            excluded.push((library.derive(Regular::text(candidate.as_str())), Membership::Out));
        }
        let mut found = Vec::new();
        let long = Regular::Repeat { part: Box::new(Regular::character()), least: LONG, most: None };
        let mut further = excluded.clone();
        further.push((library.derive(long), Membership::In));
        found.extend(self.shortest(library, text, &further));
        for _ in 0..OWN {
            let Some(next) = self.shortest(library, text, &excluded) else { break };
            excluded.push((library.derive(Regular::text(next.as_str())), Membership::Out));
            found.push(next);
        }
        found
    }
}

/// What the fixed texts tell of numbers; `None` where one of them spells nothing and must.
fn told<'s>(
    spellings: impl Iterator<Item = &'s Spelling>,
    texts: &BTreeMap<TextVariable, String>,
) -> Option<Vec<Told>> {
    let mut all = Vec::new();
    for spelling in spellings {
        let text = texts.get(&spelling.text)?;
        let fact = match spelling.value {
            Spelled::Integer(notation, integer) => (notation.read)(text)
                .map(|value| Told::Integer(spelling.literal, integer, value, spelling.holds)),
            Spelled::Address(notation, address) => (notation.read)(text)
                .map(|value| Told::Address(spelling.literal, address, value, spelling.holds)),
        };
        match fact {
            Some(fact) => all.push(fact),
            None if spelling.holds => return None,
            None => {}
        }
    }
    Some(all)
}

/// The shortest texts with these memberships, at most so many; and whether these are all that there are. Letters, digits and the signs of
/// numbers are told apart even where the languages do not.
fn several(
    linked: &Linked<'_>,
    library: &mut Library,
    domain: Language,
    asked: &[(Language, Membership)],
    count: usize,
) -> (Vec<String>, bool) {
    let signs = ('0'..='9').chain('a'..='z').chain('A'..='Z').chain("+-.:/ ".chars());
    let mut sets: Vec<Regular> = signs.map(Regular::text).collect();
    sets.push(Regular::Character(CharacterSet::all()));
    let told_apart = library.derive(Regular::Choice(sets).any_number());
    let mut literals = vec![(domain, Membership::In), (told_apart, Membership::In)];
    literals.extend(asked);
    library.several(linked.formulas, &literals, count).unwrap_or((Vec::new(), false))
}

/// A contradiction between numbers and the few texts that a variable may have at all: each of them spells a value that the numbers refuse.
pub(super) fn refute_by_enumeration(linked: &Linked<'_>, library: &mut Library) -> Option<Vec<Literal>> {
    for (text, of_text) in musts(linked, library) {
        let spelt: Vec<&Spelling> =
            linked.spellings.iter().filter(|spelling| spelling.text == text).collect();
        let Some((domain, others)) = of_text.split_first() else { continue };
        if !spelt.iter().any(|spelling| spelling.holds) {
            continue;
        }
        let memberships: Vec<(Language, Membership)> =
            others.iter().map(|must| (must.language, must.membership)).collect();
        let (texts, complete) = several(linked, library, domain.language, &memberships, SPELT);
        if !complete {
            continue;
        }
        let mut core: Vec<Literal> = others.iter().flat_map(|must| must.because.iter().copied()).collect();
        core.extend(spelt.iter().map(|spelling| spelling.literal));
        let refuted = texts.iter().all(|candidate| {
            let fixed = BTreeMap::from([(text, candidate.clone())]);
            match told(spelt.iter().copied(), &fixed) {
                None => true,
                Some(told) => match linked.numbers.values(&linked.limits, &told) {
                    Err(Objection::Core(literals)) => {
                        core.extend(literals);
                        true
                    }
                    Err(Objection::Unknown(_)) | Ok(_) => false,
                },
            }
        });
        if refuted {
            core.sort_unstable();
            core.dedup();
            return Some(core);
        }
    }
    None
}
