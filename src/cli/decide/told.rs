//! A decision for people: first the answer, then why, layer by layer, then what would turn it.

use super::super::Output;
use super::super::output::{Style, WriteError, wrapped};
use super::elements::{Elements, Told};
use super::head::head;
use super::words::printable;
use super::{Decided, Subject, words};
use crate::evaluator::{Place, SetFinding, Stage, StatementFinding};
use crate::explanation::change::Subject as About;
use crate::explanation::lack::{Gap, Lack, gap, lacks};
use crate::explanation::nearest::{nearest, nearest_set, silent_set};
use crate::explanation::reach::Reach;
use crate::explanation::turn::{Suggestion, Turn};
use crate::explanation::written;
use crate::iam::decision::Decision;
use crate::iam::layers::Layer;
use crate::iam::policy::Effect;

/// The width of the text.
const WIDTH: usize = 79;
/// How many statements a layer shows, and how many ways to turn a decision.
const MOST_STATEMENTS: usize = 3;
const MOST_WAYS: usize = 5;

/// Prints one request.
pub(super) fn request(
    subject: &Subject<'_>,
    index: usize,
    decided: &Decided<'_>,
    output: &mut Output<'_>,
) -> Result<(), WriteError> {
    head(subject, index, decided, output)?;
    let mut page = Page::new(output);
    if let Some(turn) = &decided.turn {
        why(subject, decided, &mut page)?;
        lacking(subject, decided, &mut page)?;
        ways(subject, decided, turn, &mut page)?;
    }
    Ok(())
}

/// Lines that are broken where they are too long.
pub(super) struct Page<'p, 'w> {
    output: &'p mut Output<'w>,
}

impl<'p, 'w> Page<'p, 'w> {
    pub(super) fn new(output: &'p mut Output<'w>) -> Page<'p, 'w> {
        Page { output }
    }

    /// A text that starts in this column; what does not fit hangs two columns further in.
    pub(super) fn item(&mut self, indent: usize, text: &str) -> Result<(), WriteError> {
        let hanging = indent + 2;
        for (index, line) in wrapped(text, WIDTH - hanging).into_iter().enumerate() {
            let indent = if index == 0 { indent } else { hanging };
            self.output.line(format!("{}{line}", " ".repeat(indent)).trim_end())?;
        }
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), WriteError> {
        self.output.line("")?;
        self.styled(Style::Strong, text)
    }

    pub(super) fn styled(&mut self, style: Style, text: &str) -> Result<(), WriteError> {
        let text = self.output.styled(style, text);
        self.output.line(&text)
    }
}

/// The layers in their order, with the statements that speak for each.
fn why(subject: &Subject<'_>, decided: &Decided<'_>, page: &mut Page<'_, '_>) -> Result<(), WriteError> {
    let explanation = &decided.explanation;
    page.heading("  why")?;
    match explanation.stage {
        Stage::Policies => {}
        Stage::Credential => return page.item(4, "this was settled before any policy was read"),
        Stage::Partition => return page.item(4, &words::partitions(&decided.asked.request)),
    }
    for set in &explanation.sets {
        layer(subject, decided, set, page)?;
    }
    let has_resource_policy = explanation.sets.iter().any(|set| set.layer == Layer::Resource);
    if !has_resource_policy && !explanation.findings.same_account {
        page.item(4, "resource policy: none, and the resource is another account's")?;
    }
    Ok(())
}

fn layer(
    subject: &Subject<'_>,
    decided: &Decided<'_>,
    set: &SetFinding,
    page: &mut Page<'_, '_>,
) -> Result<(), WriteError> {
    let of_set: Vec<&StatementFinding> =
        decided.explanation.statements.iter().filter(|finding| set.holds(finding.place)).collect();
    if of_set.is_empty() && set.layer == Layer::Identity {
        return if set.applies { page.item(4, "identity policy: there is none") } else { Ok(()) };
    }
    if !set.applies {
        return page.item(4, &format!("{}: does not apply to this request (EVAL-8)", set.layer));
    }
    let matching =
        |effect| of_set.iter().copied().filter(move |finding| finding.effect == effect && finding.matches());
    let denying: Vec<_> = matching(Effect::Deny).collect();
    let allowing: Vec<_> = matching(Effect::Allow).collect();
    if !denying.is_empty() {
        page.styled(Style::Bad, &format!("    {} denies", set.layer))?;
        for finding in denying.iter().take(MOST_STATEMENTS) {
            statement(subject, decided, finding, Told::All, page)?;
        }
        return and_more(denying.len(), page);
    }
    if set.verdict.allow {
        match allowing.split_first() {
            None => page.item(4, &format!("{} allows: AWS's own Allow is always attached", set.layer))?,
            Some((first, rest)) => {
                page.styled(Style::Good, &format!("    {} allows", set.layer))?;
                statement(subject, decided, first, Told::All, page)?;
                if !rest.is_empty() {
                    page.item(6, &format!("and {} more of its statements", rest.len()))?;
                }
            }
        }
        let spared = of_set.iter().copied().filter(|finding| nearly_denies(finding));
        for finding in spared.take(MOST_STATEMENTS) {
            statement(subject, decided, finding, Told::Failing, page)?;
        }
        return Ok(());
    }
    silent(subject, decided, set, page)
}

/// Whether a Deny speaks of the request but for its conditions, one of them.
fn nearly_denies(finding: &StatementFinding) -> bool {
    let only_a_condition = finding.conditions.iter().any(|condition| !condition.holds);
    finding.effect == Effect::Deny && finding.misses() == 1 && only_a_condition
}

/// A set of which no Allow matches, with the Allows that come nearest.
fn silent(
    subject: &Subject<'_>,
    decided: &Decided<'_>,
    set: &SetFinding,
    page: &mut Page<'_, '_>,
) -> Result<(), WriteError> {
    let explanation = &decided.explanation;
    if explanation.reason.decision() == Decision::Allow {
        return page.item(4, &format!("{} is silent, which changes nothing here", set.layer));
    }
    let near = nearest(explanation, set, subject.layers, &decided.asked.request);
    match (near.allows, near.statements.is_empty()) {
        (0, _) => page.item(4, &format!("{} is silent: it has no Allow", set.layer)),
        (_, true) => page.styled(
            Style::Odd,
            &format!("    {}", words::names_no_service(set.layer, near.allows, &decided.asked.request)),
        ),
        (count, false) => {
            page.styled(Style::Odd, &format!("    {} is silent; of {count} Allow, the nearest:", set.layer))?;
            for finding in near.statements.iter().take(MOST_STATEMENTS) {
                statement(subject, decided, finding, Told::Failing, page)?;
            }
            and_more(near.statements.len(), page)
        }
    }
}

fn and_more(count: usize, page: &mut Page<'_, '_>) -> Result<(), WriteError> {
    match count.saturating_sub(MOST_STATEMENTS) {
        0 => Ok(()),
        more => page.item(6, &format!("and {more} more")),
    }
}

/// A statement: where it stands, and its elements.
fn statement(
    subject: &Subject<'_>,
    decided: &Decided<'_>,
    finding: &StatementFinding,
    told: Told,
    page: &mut Page<'_, '_>,
) -> Result<(), WriteError> {
    let Some(elements) = Elements::of(subject, decided, finding) else { return Ok(()) };
    let lines = elements.lines(told);
    let head = format!("{} {}", finding.effect.name(), located(subject, finding.place));
    let head = match (told, finding.effect) {
        // An Allow that matches is told in passing.
        (Told::All, Effect::Allow) => return page.item(6, &format!("{head}: {}", lines.join("; "))),
        (Told::All, Effect::Deny) => format!("{head}:"),
        (Told::Failing, Effect::Allow) => format!("{head} does not match:"),
        (Told::Failing, Effect::Deny) => format!("{head} only just does not match:"),
    };
    page.item(6, &head)?;
    lines.iter().try_for_each(|line| page.item(8, line))
}

/// Where a statement stands: `"Sid" (statement 2 of document 1, line 31)`.
pub(super) fn located(subject: &Subject<'_>, place: Place) -> String {
    let (Some(layer), Some(number)) = (place.layer, place.statement) else { return place.to_string() };
    let sid = written::statement(subject.layers, place).and_then(|statement| statement.sid.as_ref());
    let sid = sid.map(|sid| format!("\"{}\" ", printable(sid))).unwrap_or_default();
    let document = match written::documents_of(subject.layers, layer) {
        0 | 1 => String::new(),
        _ => format!(" of document {}", place.policy + 1),
    };
    let line = place.within_layers().and_then(|place| subject.whereabouts.statement(place));
    let line = line.map(|place| format!(", line {}", place.position.line)).unwrap_or_default();
    format!("{sid}(statement {}{document}{line})", number + 1)
}

/// What would turn the decision.
fn ways(
    subject: &Subject<'_>,
    decided: &Decided<'_>,
    turn: &Turn,
    page: &mut Page<'_, '_>,
) -> Result<(), WriteError> {
    let reason = decided.explanation.reason;
    let is_allowed = reason.decision() == Decision::Allow;
    let wanted = if is_allowed { "refused" } else { "allowed" };
    match turn {
        Turn::By(suggestions) => {
            let ways = best_of_each(suggestions, reason.decision());
            let size = suggestions.first().map_or(0, |suggestion| suggestion.changes.len());
            let is_far = !is_allowed && suggestions.iter().all(|suggestion| suggestion.reach == Reach::Far);
            page.heading(&match size {
                1 if is_far && ways.len() == 1 => {
                    format!("  only quite another request would be {wanted}, with")
                }
                1 if is_far => format!("  only quite another request would be {wanted}, with one of"),
                _ if is_far => format!("  only quite another request would be {wanted}, with all of"),
                1 if ways.len() == 1 => format!("  the same request would be {wanted} with this change"),
                1 => format!("  the same request would be {wanted} with any one of these changes"),
                count => format!("  the same request would be {wanted} with these {count} changes"),
            })?;
            for (index, suggestion) in ways.iter().enumerate() {
                if size > 1 && index > 0 {
                    page.item(4, "or")?;
                }
                way(subject, decided, suggestion, page)?;
            }
            Ok(())
        }
        Turn::Never => {
            page.heading(&format!("  no request of this caller is {wanted}"))?;
            page.item(
                4,
                if is_allowed {
                    "proved for every action, resource and context, with this credential and these policies"
                } else {
                    "proved for every action, resource and context, with this credential and these policies; only \
                     operations that need no permission are left"
                },
            )
        }
        Turn::Unknown(why) => {
            page.heading(&format!("  no change of the request was found that would have it {wanted}"))?;
            page.item(4, &format!("whether there is one is unknown: {}", printable(why)))
        }
    }
}

fn way(
    subject: &Subject<'_>,
    decided: &Decided<'_>,
    suggestion: &Suggestion,
    page: &mut Page<'_, '_>,
) -> Result<(), WriteError> {
    for change in &suggestion.changes {
        page.item(4, &words::change(change, &decided.asked.request, subject.layers))?;
    }
    Ok(())
}

/// The best suggestion for each thing that can be changed, in their order.
fn best_of_each(suggestions: &[Suggestion], decision: Decision) -> Vec<&Suggestion> {
    let mut seen: Vec<Vec<About>> = Vec::new();
    let mut kept = Vec::new();
    for suggestion in suggestions {
        let about: Vec<About> = suggestion.changes.iter().map(|change| change.subject()).collect();
        // That another action or caller would be refused tells little of a request that is allowed.
        let is_dull = decision == Decision::Allow
            && !kept.is_empty()
            && about.iter().any(|about| matches!(about, About::Action | About::Caller));
        if !seen.contains(&about) && kept.len() < MOST_WAYS && !is_dull {
            seen.push(about);
            kept.push(suggestion);
        }
    }
    kept
}

/// What the policies lack, where the request is denied.
fn lacking(subject: &Subject<'_>, decided: &Decided<'_>, page: &mut Page<'_, '_>) -> Result<(), WriteError> {
    let lacks = lacks(&decided.explanation);
    if lacks.is_empty() {
        return Ok(());
    }
    page.heading("  what in the policies refuses it")?;
    let mut denied: Vec<(Layer, Vec<Place>)> = Vec::new();
    for lack in &lacks {
        if let Lack::Denied(place) = lack
            && let Some(layer) = place.layer
        {
            match denied.iter_mut().find(|(other, _)| *other == layer) {
                Some((_, places)) => places.push(*place),
                None => denied.push((layer, vec![*place])),
            }
        }
    }
    for (layer, places) in denied {
        let where_they_stand = listed(subject, &places);
        page.item(
            4,
            &match places.len() {
                1 => format!("{layer}: the Deny {where_they_stand} matches"),
                count => format!("{layer}: {count} Denies match: {where_they_stand}"),
            },
        )?;
    }
    for lack in lacks {
        let text = match lack {
            Lack::Denied(_) => continue,
            Lack::Silent { layer, gap } => silence(subject, decided, layer, gap),
            Lack::NoResourcePolicy => words::NO_RESOURCE_POLICY.to_owned(),
            Lack::NoSessionPolicy => "the session was made without a session policy".to_owned(),
        };
        page.item(4, &text)?;
        if matches!(lack, Lack::Silent { layer: Layer::Identity, .. })
            && let Some(instead) = resource_instead(subject, decided)
        {
            page.item(4, &format!("or, instead, {instead}"))?;
        }
    }
    Ok(())
}

/// What a silent layer lacks.
fn silence(subject: &Subject<'_>, decided: &Decided<'_>, layer: Layer, gap: Gap) -> String {
    match gap {
        Gap::Condition => unmet(subject, decided, layer),
        Gap::NoAllow | Gap::Action | Gap::Resource | Gap::Principal => {
            words::gap(layer, gap, &decided.asked.request)
        }
    }
}

/// What the resource's policy lacks, where it comes nearest to allowing what the identity policies do not.
fn resource_instead(subject: &Subject<'_>, decided: &Decided<'_>) -> Option<String> {
    let explanation = &decided.explanation;
    let set = nearest_set(explanation, subject.layers, &decided.asked.request)?;
    let is_instead = set.layer == Layer::Resource && silent_set(explanation) != Some(set);
    is_instead
        .then(|| silence(subject, decided, Layer::Resource, gap(&explanation.statements, Layer::Resource)))
}

/// Where some statements stand, a few of them.
fn listed(subject: &Subject<'_>, places: &[Place]) -> String {
    let shown = places.iter().take(MOST_STATEMENTS).map(|place| located(subject, *place));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match places.len().saturating_sub(MOST_STATEMENTS) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The Allows of a layer that only a Condition keeps from matching.
fn unmet(subject: &Subject<'_>, decided: &Decided<'_>, layer: Layer) -> String {
    let only_conditions = decided.explanation.statements.iter().filter(|finding| {
        finding.place.layer == Some(layer)
            && finding.effect == Effect::Allow
            && finding.misses() == finding.conditions.iter().filter(|condition| !condition.holds).count()
    });
    let places: Vec<Place> = only_conditions.map(|finding| finding.place).collect();
    let of = words::of_layer(layer);
    match places.len() {
        1 => format!("{of}: the Condition of Allow {}", listed(subject, &places)),
        count => format!("{of}: the Conditions of {count} Allows: {}", listed(subject, &places)),
    }
}
