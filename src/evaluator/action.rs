//! The Action and NotAction elements: patterns such as `s3:Get*`, compared ignoring case.

use super::compile_error::Problem;
use super::glob::Glob;
use super::question::{ActionRoom, Asked};
use super::reading::{Reading, mistaken};
use crate::iam::pattern::{Token, tokens_without_variables};
use crate::iam::policy::Selection;

/// A compiled Action or NotAction element.
#[derive(Clone, Debug)]
pub(super) enum Actions {
    /// Action: some pattern must match.
    Only(Box<[ActionPattern]>),
    /// NotAction: no pattern may match.
    AllExcept(Box<[ActionPattern]>),
}

/// One pattern, in lower case.
#[derive(Clone, Debug)]
pub(super) enum ActionPattern {
    /// `*`.
    Every,
    /// `*:name`, whatever the service; the pattern is of the part behind the colon.
    AnyService(Glob),
    /// `service:name`; the pattern is of the whole action, and all up to its colon is literal.
    OfService(Glob),
}

impl Actions {
    pub(super) fn compile(written: &Selection<Vec<String>>, reading: Reading) -> Result<Actions, Problem> {
        let patterns = |texts: &[String]| -> Result<Box<[ActionPattern]>, Problem> {
            let count = if mistaken!(reading, OnlyFirstAction) { 1 } else { texts.len() };
            texts.iter().take(count).map(|text| ActionPattern::compile(text, reading)).collect()
        };
        Ok(match written {
            Selection::Only(texts) => Actions::Only(patterns(texts)?),
            Selection::AllExcept(texts) if mistaken!(reading, NotActionAsAction) => {
                Actions::Only(patterns(texts)?)
            }
            Selection::AllExcept(texts) => Actions::AllExcept(patterns(texts)?),
        })
    }

    // Rules: ACT-4, ACT-5.
    pub(super) fn speak_of(&self, asked: &Asked<'_>) -> bool {
        match self {
            Actions::Only(patterns) => patterns.iter().any(|pattern| pattern.matches(asked)),
            Actions::AllExcept(patterns) => !patterns.iter().any(|pattern| pattern.matches(asked)),
        }
    }

    /// The patterns, whichever element lists them.
    pub(super) fn listed(&self) -> &[ActionPattern] {
        match self {
            Actions::Only(patterns) | Actions::AllExcept(patterns) => patterns,
        }
    }

    /// Texts in lower case, one of which begins every action that the element speaks of.
    pub(super) fn literal_heads(&self) -> Vec<&[u8]> {
        match self {
            Actions::Only(patterns) => patterns.iter().map(ActionPattern::literal_head).collect(),
            Actions::AllExcept(_) => vec![&[]],
        }
    }
}

impl ActionPattern {
    // Rules: ACT-2, ACT-3, GEN-6.
    fn compile(text: &str, reading: Reading) -> Result<ActionPattern, Problem> {
        if text == "*" {
            return Ok(ActionPattern::Every);
        }
        let mut room = ActionRoom::new();
        let folded = String::from_utf8_lossy(room.folded(text, reading));
        let Some((service, name)) = folded.split_once(':') else {
            return Err(Problem::new(format!("`{text}` is no action: it has no colon")));
        };
        let name = tokens_without_variables(name).into_iter().map(|token| match token {
            Token::Question if mistaken!(reading, ActionQuestionMarkIsPlain) => {
                Token::Literal("?".to_owned())
            }
            Token::Question | Token::Star | Token::Literal(_) | Token::Variable(_) => token,
        });
        if service == "*" || mistaken!(reading, ActionServiceIgnored) {
            return Ok(ActionPattern::AnyService(Glob::pattern(&name.collect::<Vec<_>>())));
        }
        let service = Token::Literal(format!("{service}:"));
        Ok(ActionPattern::OfService(Glob::pattern(&[service].into_iter().chain(name).collect::<Vec<_>>())))
    }

    // Rules: ACT-1, ACT-2.
    pub(super) fn matches(&self, asked: &Asked<'_>) -> bool {
        match self {
            ActionPattern::Every => true,
            ActionPattern::OfService(glob) => glob.matches(asked.action, asked),
            ActionPattern::AnyService(glob) => {
                let mut fields = asked.action.splitn(2, |byte| *byte == b':');
                fields.nth(1).is_some_and(|name| glob.matches(name, asked))
            }
        }
    }

    fn literal_head(&self) -> &[u8] {
        match self {
            ActionPattern::Every | ActionPattern::AnyService(_) => &[],
            ActionPattern::OfService(glob) => glob.literal_head(),
        }
    }
}
