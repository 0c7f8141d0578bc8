//! Documents cut down to what an open question is about.
//!
//! The question is about the requests of the remainders of A. From B goes what no such request can meet: action and resource patterns that
//! meet none of the remainder's, Allows that have none left, and Denies likewise; from the Denies of A the same. On the requests in question
//! the cut documents say what the whole ones do, so the question keeps its answer, and becomes small. For one request the same is done.

use std::collections::HashSet;

use super::containment::{Remainder, Side};
use super::pattern::Pattern;
use super::region::{Region, service};
use crate::iam::pattern::Token;
use crate::iam::policy::{Effect, Policy, Selection, Statement};
use crate::iam::request::Request;

/// Up to so many action patterns of the remainders each is held against those of the documents; of more only the services are.
const FEW: usize = 200;

/// The two documents, cut down to the remainders of the first.
pub(super) fn trimmed(a: Side<'_>, b: Side<'_>, remainders: &[Remainder]) -> (Policy, Policy) {
    let asked = Asked::of(a, remainders);
    let mut statements: Vec<Statement> =
        remainders.iter().filter_map(|open| cut_allow(a.policy, open)).collect();
    statements.extend(asked.kept(a, Effect::Deny));
    let mut theirs = asked.kept(b, Effect::Allow);
    theirs.extend(asked.kept(b, Effect::Deny));
    let policy = |of: &Policy, statements| Policy { version: of.version, id: None, statements };
    (policy(a.policy, statements), policy(b.policy, theirs))
}

/// The two documents, cut down to what may meet one request.
pub(super) fn trimmed_to(a: Side<'_>, b: Side<'_>, request: &Request) -> (Policy, Policy) {
    let literal = |text: &str| Pattern::new(&[Token::Literal(text.to_owned())]);
    let (action, resource) = (literal(&request.action.to_ascii_lowercase()), literal(&request.resource));
    let asked = Asked {
        actions: Some(vec![&action]),
        services: service(&request.action).map(|service| HashSet::from([service])),
        resources: Some(vec![&resource]),
    };
    let cut = |side: Side<'_>| {
        let mut statements = asked.kept(side, Effect::Allow);
        statements.extend(asked.kept(side, Effect::Deny));
        Policy { version: side.policy.version, id: None, statements }
    };
    (cut(a), cut(b))
}

/// An Allow with its open actions and resources only.
fn cut_allow(policy: &Policy, open: &Remainder) -> Option<Statement> {
    let statement = policy.statements.get(open.statement)?;
    let chosen = |selection: &Selection<Vec<String>>, positions: &[usize]| match selection {
        Selection::Only(texts) => {
            Selection::Only(positions.iter().filter_map(|&position| texts.get(position)).cloned().collect())
        }
        Selection::AllExcept(_) => selection.clone(),
    };
    Some(Statement {
        action: chosen(&statement.action, &open.actions),
        resource: statement.resource.as_ref().map(|selection| chosen(selection, &open.resources)),
        ..statement.clone()
    })
}

/// What the open requests are about.
struct Asked<'d> {
    /// The action patterns; `None` where there are too many to look at, or where a NotAction is among them.
    actions: Option<Vec<&'d Pattern>>,
    /// The services; `None` where some action may be of any.
    services: Option<HashSet<String>>,
    /// The resource patterns; `None` where some resource may be any.
    resources: Option<Vec<&'d Pattern>>,
}

impl<'d> Asked<'d> {
    fn of(a: Side<'d>, remainders: &[Remainder]) -> Asked<'d> {
        let mut actions = Some(Vec::new());
        let mut services = Some(HashSet::new());
        let mut resources = Some(Vec::new());
        for open in remainders {
            let Some(region) = a.regions.allows.iter().find(|region| region.statement == open.statement)
            else {
                continue;
            };
            match &region.actions {
                Selection::Only(patterns) => {
                    let texts = a.policy.statements.get(open.statement).map(|found| found.action.listed());
                    for &position in &open.actions {
                        let text = texts.and_then(|texts| texts.get(position));
                        match (&mut services, text.and_then(|text| service(text))) {
                            (Some(services), Some(service)) => {
                                services.insert(service);
                            }
                            (_, _) => services = None,
                        }
                        if let Some(actions) = &mut actions {
                            actions.extend(patterns.get(position));
                        }
                    }
                }
                Selection::AllExcept(_) => (actions, services) = (None, None),
            }
            match (&region.resources, &mut resources) {
                (Some(Selection::Only(patterns)), Some(resources)) => {
                    resources.extend(open.resources.iter().filter_map(|&position| patterns.get(position)));
                }
                (_, _) => resources = None,
            }
        }
        Asked {
            actions: actions.filter(|actions| actions.len() <= FEW),
            services,
            resources: resources.filter(|resources| resources.len() <= FEW),
        }
    }

    /// The statements of this effect that an open request may meet, with the patterns that it may meet.
    fn kept(&self, side: Side<'_>, effect: Effect) -> Vec<Statement> {
        let regions = match effect {
            Effect::Allow => &side.regions.allows,
            Effect::Deny => &side.regions.denies,
        };
        regions.iter().filter_map(|region| self.kept_of(side.policy, region)).collect()
    }

    fn kept_of(&self, policy: &Policy, region: &Region) -> Option<Statement> {
        let statement = policy.statements.get(region.statement)?;
        let action = self.cut(&statement.action, &region.actions, |text, pattern| {
            let of_service = match (&self.services, service(text)) {
                (Some(services), Some(service)) => services.contains(&service),
                (None, _) | (_, None) => true,
            };
            of_service
                && self
                    .actions
                    .as_ref()
                    .is_none_or(|actions| actions.iter().any(|asked| asked.meets(pattern)))
        })?;
        let resource = match (&statement.resource, &region.resources) {
            (Some(texts), Some(patterns)) => Some(self.cut(texts, patterns, |_, pattern| {
                self.resources.as_ref().is_none_or(|asked| asked.iter().any(|asked| asked.meets(pattern)))
            })?),
            (_, _) => None,
        };
        Some(Statement { action, resource, ..statement.clone() })
    }

    /// The selection with those of its members that count; `None` if it then speaks of nothing.
    fn cut(
        &self,
        texts: &Selection<Vec<String>>,
        patterns: &Selection<Vec<Pattern>>,
        counts: impl Fn(&str, &Pattern) -> bool,
    ) -> Option<Selection<Vec<String>>> {
        let members = texts.listed().iter().zip(patterns.listed());
        let kept: Vec<String> =
            members.filter(|(text, pattern)| counts(text, pattern)).map(|(text, _)| text.clone()).collect();
        match texts {
            Selection::Only(_) if kept.is_empty() => None,
            Selection::Only(_) => Some(Selection::Only(kept)),
            Selection::AllExcept(_) => Some(Selection::AllExcept(kept)),
        }
    }
}
