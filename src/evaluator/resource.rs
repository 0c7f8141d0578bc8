//! The Resource and NotResource elements: patterns of whole resource strings.

use super::compile_error::Problem;
use super::glob::Glob;
use super::patterns::Patterns;
use super::question::Asked;
use super::reading::{Reading, mistaken};
use super::{segments, variable};
use crate::iam::assumption::Alternative;
use crate::iam::policy::{Selection, Version};

/// A compiled Resource or NotResource element.
#[derive(Clone, Debug)]
pub(super) enum Resources {
    /// No element: a trust policy speaks of the role that carries it.
    Carrier,
    /// Resource: some pattern must match.
    Only(Patterns),
    /// NotResource: no pattern may match.
    AllExcept(Patterns),
}

impl Resources {
    // Rules: RES-1, RES-3, RES-7, VAR-1, VAR-3.
    pub(super) fn compile(
        written: Option<&Selection<Vec<String>>>,
        version: Version,
        reading: Reading,
    ) -> Result<Resources, Problem> {
        let patterns = |texts: &[String]| -> Result<Patterns, Problem> {
            let globs: Result<_, Problem> = texts
                .iter()
                .map(|text| Ok(Glob::pattern(&variable::tokens(text, version, reading)?)))
                .collect();
            Ok(Patterns::new(globs?, reading))
        };
        Ok(match written {
            None => Resources::Carrier,
            Some(Selection::Only(texts)) => Resources::Only(patterns(texts)?),
            Some(Selection::AllExcept(texts)) if mistaken!(reading, NotResourceAsResource) => {
                Resources::Only(patterns(texts)?)
            }
            Some(Selection::AllExcept(texts)) => Resources::AllExcept(patterns(texts)?),
        })
    }

    /// Whether the statement speaks of the resource that is asked for.
    ///
    /// A pattern with a variable that has no value matches nothing; under NotResource it therefore excludes nothing.
    // Rules: RES-1, RES-2, RES-4, RES-5, RES-6, RES-7, RES-8, VAR-8, OPEN-1.
    pub(super) fn speak_of(&self, asked: &Asked<'_>) -> bool {
        if asked.reading.takes(Alternative::UnresolvedVoidsStatement) && self.has_unresolved_member(asked) {
            return false;
        }
        let covered_by_one =
            |patterns: &Patterns| patterns.satisfying(asked.resource, |glob| covers(glob, asked)).is_some();
        match self {
            Resources::Carrier => true,
            Resources::Only(patterns) => covered_by_one(patterns),
            Resources::AllExcept(patterns) if mistaken!(asked.reading, NotResourceAsOrOfNots) => {
                patterns.iter().any(|glob| !covers(glob, asked))
            }
            Resources::AllExcept(patterns) => !covered_by_one(patterns),
        }
    }

    /// The patterns, whichever element lists them; `None` where there is no element.
    pub(super) fn listed(&self) -> Option<&Patterns> {
        match self {
            Resources::Carrier => None,
            Resources::Only(patterns) | Resources::AllExcept(patterns) => Some(patterns),
        }
    }

    /// Texts, one of which begins every resource that the element speaks of.
    pub(super) fn literal_heads(&self) -> Vec<&[u8]> {
        match self {
            Resources::Only(patterns) => patterns.literal_heads(),
            Resources::Carrier | Resources::AllExcept(_) => vec![&[]],
        }
    }

    /// For each pattern that may match, literal texts that everything holds that it matches.
    pub(super) fn literals(&self) -> Vec<Vec<&[u8]>> {
        match self {
            Resources::Only(patterns) => patterns.iter().map(|glob| glob.literals().collect()).collect(),
            Resources::Carrier | Resources::AllExcept(_) => vec![Vec::new()],
        }
    }

    fn has_unresolved_member(&self, asked: &Asked<'_>) -> bool {
        let mut names = self.listed().into_iter().flat_map(Patterns::iter).flat_map(Glob::variables);
        names.any(|name| variable::value(name, asked).is_none())
    }
}

/// Whether one pattern matches the resource that is asked for.
// Rules: RES-1, RES-2.
pub(super) fn covers(glob: &Glob, asked: &Asked<'_>) -> bool {
    #[cfg(debug_assertions)]
    if let Some(answer) = super::planted::resource_answer(glob, asked) {
        return answer;
    }
    glob.matches(asked.resource, asked) && segments::admit(glob, asked)
}
