//! The Resource and NotResource elements: patterns of whole resource strings.

use super::compile_error::Problem;
use super::glob::Glob;
use super::question::Asked;
use super::reading::{Reading, mistaken};
use super::variable;
use crate::iam::policy::{Selection, Version};

/// A compiled Resource or NotResource element.
#[derive(Clone, Debug)]
pub(super) enum Resources {
    /// No element: a trust policy speaks of the role that carries it.
    Carrier,
    /// Resource: some pattern must match.
    Only(Box<[Glob]>),
    /// NotResource: no pattern may match.
    AllExcept(Box<[Glob]>),
}

impl Resources {
    // Rules: RES-1, RES-3, RES-7, VAR-1, VAR-3.
    pub(super) fn compile(
        written: Option<&Selection<Vec<String>>>,
        version: Version,
        reading: Reading,
    ) -> Result<Resources, Problem> {
        let globs = |texts: &[String]| -> Result<Box<[Glob]>, Problem> {
            texts
                .iter()
                .filter(|text| {
                    let short = text.matches(':').count() < 5 && !text.starts_with('*');
                    !(short && mistaken!(reading, ShortResourceNeverMatches))
                })
                .map(|text| Ok(Glob::pattern(&variable::tokens(text, version, reading)?)))
                .collect()
        };
        Ok(match written {
            None => Resources::Carrier,
            Some(Selection::Only(texts)) => Resources::Only(globs(texts)?),
            Some(Selection::AllExcept(texts)) if mistaken!(reading, NotResourceAsResource) => {
                Resources::Only(globs(texts)?)
            }
            Some(Selection::AllExcept(texts)) => Resources::AllExcept(globs(texts)?),
        })
    }

    /// Whether the statement speaks of the resource that is asked for.
    ///
    /// A pattern with a variable that has no value matches nothing; under NotResource it therefore excludes nothing.
    // Rules: RES-1, RES-2, RES-4, RES-5, RES-6, RES-7, RES-8, VAR-8.
    pub(super) fn speak_of(&self, asked: &Asked<'_>) -> bool {
        if mistaken!(asked.reading, UnresolvedMemberVoidsList) && self.has_unresolved_member(asked) {
            return false;
        }
        match self {
            Resources::Carrier => true,
            Resources::Only(globs) => globs.iter().any(|glob| covers(glob, asked)),
            Resources::AllExcept(globs) if mistaken!(asked.reading, NotResourceAsOrOfNots) => {
                globs.iter().any(|glob| !covers(glob, asked))
            }
            Resources::AllExcept(globs) => !globs.iter().any(|glob| covers(glob, asked)),
        }
    }

    /// The patterns, whichever element lists them.
    pub(super) fn listed(&self) -> &[Glob] {
        match self {
            Resources::Carrier => &[],
            Resources::Only(globs) | Resources::AllExcept(globs) => globs,
        }
    }

    /// Texts, one of which begins every resource that the element speaks of.
    pub(super) fn literal_heads(&self) -> Vec<&[u8]> {
        match self {
            Resources::Only(globs) => globs.iter().map(Glob::literal_head).collect(),
            Resources::Carrier | Resources::AllExcept(_) => vec![&[]],
        }
    }

    /// For each pattern that may match, literal texts that everything holds that it matches.
    pub(super) fn literals(&self) -> Vec<Vec<&[u8]>> {
        match self {
            Resources::Only(globs) => globs.iter().map(|glob| glob.literals().collect()).collect(),
            Resources::Carrier | Resources::AllExcept(_) => vec![Vec::new()],
        }
    }

    fn has_unresolved_member(&self, asked: &Asked<'_>) -> bool {
        self.listed().iter().flat_map(Glob::variables).any(|name| variable::value(name, asked).is_none())
    }
}

/// Whether one pattern matches the resource that is asked for.
// Rules: RES-1, RES-2.
pub(super) fn covers(glob: &Glob, asked: &Asked<'_>) -> bool {
    #[cfg(debug_assertions)]
    if let Some(answer) = super::planted::resource_answer(glob, asked) {
        return answer;
    }
    glob.matches(asked.resource, asked)
}
