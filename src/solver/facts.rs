//! Facts about pairs of languages, told to the Boolean search as it assigns.
//!
//! That a text is in one language often settles that it is in a larger one, or out of one beside it. Such facts decide nearly all
//! contradictions between texts, long before a text is looked for. There are too many pairs to tell them all beforehand, so each is told
//! when both its literals have come to hold and contradict it.

use std::collections::BTreeMap;

use super::check::End;
use super::clauses::{Clauses, Literal, Variable};
use super::formula::{Formulas, Language, Node, TextVariable};
use super::search::{Values, Watcher};
use super::strings::Library;

/// The memberships of a question, by the text they speak of.
pub(super) struct TextFacts {
    /// For each variable of the search its text, as a position in `texts`, and its language.
    atoms: Vec<Option<(usize, Language)>>,
    texts: Vec<Memberships>,
}

struct Memberships {
    domain: Language,
    all: Vec<(Variable, Language)>,
    /// Those that hold at present, and some that no longer do.
    holding: Vec<(Variable, Language)>,
}

impl TextFacts {
    /// The memberships among the atoms; opens their languages. Ends the question where a variable has no text at all to range over.
    pub(super) fn new(
        formulas: &Formulas,
        clauses: &Clauses,
        library: &mut Library,
    ) -> Result<TextFacts, End> {
        let mut facts = TextFacts { atoms: vec![None; clauses.formulas.len()], texts: Vec::new() };
        let mut by_text: BTreeMap<TextVariable, usize> = BTreeMap::new();
        for (position, &formula) in clauses.formulas.iter().enumerate() {
            let (text, language) = match formulas.node(formula) {
                Node::InLanguage(text, language) => (*text, Some(*language)),
                Node::Concatenation(text, pieces) => {
                    for piece in pieces {
                        if let Some(other) = piece.variable() {
                            facts.text(formulas, library, &mut by_text, other)?;
                        }
                    }
                    (*text, None)
                }
                Node::Spells(text, _, _) | Node::SpellsAddress(text, _, _) => (*text, None),
                Node::True
                | Node::False
                | Node::Flag(_)
                | Node::Linear(..)
                | Node::InBlock(..)
                | Node::Not(_)
                | Node::And(_)
                | Node::Or(_) => continue,
            };
            let group = facts.text(formulas, library, &mut by_text, text)?;
            if let Some(language) = language {
                library.open(formulas, language)?;
                let variable = u32::try_from(position).unwrap_or(u32::MAX);
                if let Some(memberships) = facts.texts.get_mut(group) {
                    memberships.all.push((variable, language));
                }
                if let Some(atom) = facts.atoms.get_mut(position) {
                    *atom = Some((group, language));
                }
            }
        }
        Ok(facts)
    }

    fn text(
        &mut self,
        formulas: &Formulas,
        library: &mut Library,
        by_text: &mut BTreeMap<TextVariable, usize>,
        text: TextVariable,
    ) -> Result<usize, End> {
        if let Some(&group) = by_text.get(&text) {
            return Ok(group);
        }
        let Some((_, domain)) = formulas.text_variables().get(text.index()) else {
            return Err(End::Impossible);
        };
        library.open(formulas, *domain)?;
        if library.shortest(*domain).is_none() {
            return Err(End::Impossible);
        }
        self.texts.push(Memberships { domain: *domain, all: Vec::new(), holding: Vec::new() });
        by_text.insert(text, self.texts.len() - 1);
        Ok(self.texts.len() - 1)
    }

    /// Watches a search with the knowledge of the library.
    pub(super) fn watching<'w>(&'w mut self, library: &'w mut Library) -> impl Watcher + 'w {
        Watching { facts: self, library }
    }
}

struct Watching<'w> {
    facts: &'w mut TextFacts,
    library: &'w mut Library,
}

impl Watcher for Watching<'_> {
    fn assigned(&mut self, literal: Literal, values: &Values) -> Option<Vec<Literal>> {
        let (group, language) = self.facts.atoms.get(literal.variable() as usize).copied().flatten()?;
        let memberships = self.facts.texts.get_mut(group)?;
        memberships.holding.retain(|(variable, _)| values.holds(Literal::positive(*variable)));
        if literal.value() {
            memberships.holding.push((literal.variable(), language));
            if self.library.disjoint(memberships.domain, language) {
                return Some(vec![!literal]);
            }
            let clash = memberships.all.iter().find(|(other, wider)| {
                *other != literal.variable()
                    && match values.of(Literal::positive(*other)) {
                        Some(true) => self.library.disjoint(language, *wider),
                        Some(false) => self.library.included(language, *wider),
                        None => false,
                    }
            });
            return clash.map(|&(other, _)| {
                let fact = Literal::valued(other, values.of(Literal::positive(other)) == Some(false));
                vec![!literal, fact]
            });
        }
        if self.library.included(memberships.domain, language) {
            return Some(vec![!literal]);
        }
        let inner = memberships.holding.iter().find(|(_, inner)| self.library.included(*inner, language));
        inner.map(|&(inner, _)| vec![!literal, Literal::negative(inner)])
    }
}
