//! Containment by plain facts: which part of a document's Allows is not found to be allowed by another document.
//!
//! A *cell* is one action pattern and one resource pattern of an Allow of A, under the conditions and principals of its statement; an element
//! with `Not…` is one cell side by itself. A request that A allows lies in some cell. **A cell is settled** if
//!
//! 1. some Allow of B speaks of all its actions by one pattern and of all its resources by one pattern, its principals include those
//!    of the cell, and each of its conditions is implied by one of the cell's, entry by entry; and
//! 2. each Deny of B either speaks of no action or of no resource of the cell, or lies within a Deny of A.
//!
//! A request of a settled cell that A allows is allowed by B: by 1 an Allow of B matches it; a Deny of B that matched it would by 2 lie within
//! a Deny of A, which would match it too, and A would not allow it. So if all cells are settled, A allows nothing that B does not. If
//! not, what remains to be asked is about the other cells only: that is the [`Remainder`]. Nothing is said of those; most of them
//! are covered by several statements of B together, which is the solver's work.

use super::pattern::Pattern;
use super::region::{Region, Regions, may_meet, pattern_within, selection_within, service};
use crate::iam::policy::{Policy, Selection};

/// The part of one Allow that is not settled. Its cells are among the pairs of these actions and these resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remainder {
    /// The position of the statement in its document.
    pub(super) statement: usize,
    /// Positions in the list of Action; empty for a NotAction.
    pub(super) actions: Vec<usize>,
    /// Positions in the list of Resource; empty for a NotResource, and where there is no Resource.
    pub(super) resources: Vec<usize>,
}

/// A document with its regions.
#[derive(Clone, Copy)]
pub(super) struct Side<'d> {
    pub(super) policy: &'d Policy,
    pub(super) regions: &'d Regions,
}

/// What is not found to be contained; empty if A allows nothing that B does not.
pub(super) fn remainders(a: Side<'_>, b: Side<'_>) -> Vec<Remainder> {
    let live: Vec<&Region> = b
        .regions
        .denies
        .iter()
        .filter(|deny| !a.regions.denies.iter().any(|own| deny.is_within(own)))
        .collect();
    a.regions.allows.iter().filter_map(|region| Settling::new(region, a, b, &live).remainder()).collect()
}

/// One Allow of A, held against B.
struct Settling<'s> {
    region: &'s Region,
    policy: &'s Policy,
    outer: &'s Regions,
    /// The Denies of B that do not lie within one of A.
    live: &'s [&'s Region],
    /// For each Allow of B, once it was looked at: for each resource of the region whether that Allow takes it, principals and conditions
    /// included.
    taken: Vec<Option<Vec<bool>>>,
}

impl<'s> Settling<'s> {
    fn new(region: &'s Region, a: Side<'s>, b: Side<'s>, live: &'s [&'s Region]) -> Settling<'s> {
        Settling {
            region,
            policy: a.policy,
            outer: b.regions,
            live,
            taken: vec![None; b.regions.allows.len()],
        }
    }

    fn remainder(mut self) -> Option<Remainder> {
        let mut remainder =
            Remainder { statement: self.region.statement, actions: Vec::new(), resources: Vec::new() };
        let mut open_resources = vec![false; self.sides()];
        let mut open = false;
        match &self.region.actions {
            Selection::Only(patterns) => {
                let texts =
                    self.policy.statements.get(self.region.statement).map(|found| found.action.listed());
                for (position, pattern) in patterns.iter().enumerate() {
                    let service = texts.and_then(|texts| texts.get(position)).and_then(|text| service(text));
                    let missing = self.missing(pattern, service.as_deref());
                    if missing.contains(&true) {
                        remainder.actions.push(position);
                        open = true;
                        mark(&mut open_resources, &missing);
                    }
                }
            }
            all_but @ Selection::AllExcept(_) => {
                let missing = self.missing_of_all_but(all_but);
                open = missing.contains(&true);
                mark(&mut open_resources, &missing);
            }
        }
        if matches!(self.region.resources, Some(Selection::Only(_))) {
            let positions = open_resources.iter().enumerate().filter(|(_, open)| **open);
            remainder.resources = positions.map(|(position, _)| position).collect();
        }
        open.then_some(remainder)
    }

    /// How many cells an action has: one for each resource, one in all for other elements.
    fn sides(&self) -> usize {
        match &self.region.resources {
            Some(Selection::Only(patterns)) => patterns.len(),
            Some(Selection::AllExcept(_)) | None => 1,
        }
    }

    /// For each resource whether the cell of it and this action pattern is not settled.
    fn missing(&mut self, action: &Pattern, service: Option<&str>) -> Vec<bool> {
        let outer = self.outer;
        let mut missing = vec![true; self.sides()];
        for listed in outer.speaking_of(service) {
            let Some(allow) = outer.allows.get(listed.region) else { continue };
            let speaks = match (&allow.actions, listed.pattern) {
                (Selection::Only(patterns), Some(pattern)) => {
                    patterns.get(pattern).is_some_and(|pattern| pattern.absorbs(action))
                }
                (all_but @ Selection::AllExcept(_), None) => pattern_within(action, all_but),
                (Selection::Only(_), None) | (Selection::AllExcept(_), Some(_)) => false,
            };
            if speaks {
                self.take(listed.region, &mut missing);
            }
            if !missing.contains(&true) {
                break;
            }
        }
        let speaks = |deny: &Region| may_meet(action, &deny.actions);
        self.reopen(&mut missing, speaks);
        missing
    }

    /// The same for a NotAction.
    fn missing_of_all_but(&mut self, actions: &Selection<Vec<Pattern>>) -> Vec<bool> {
        let outer = self.outer;
        let mut missing = vec![true; self.sides()];
        for (position, allow) in outer.allows.iter().enumerate() {
            if selection_within(actions, &allow.actions) {
                self.take(position, &mut missing);
            }
        }
        // A NotAction meets nearly everything, and that it misses is not looked for but in one case: the Deny lists what it leaves out.
        let speaks = |deny: &Region| match (&deny.actions, actions) {
            (Selection::Only(denied), Selection::AllExcept(left_out)) => {
                !denied.iter().all(|denied| left_out.iter().any(|own| own.absorbs(denied)))
            }
            (Selection::AllExcept(_), _) | (_, Selection::Only(_)) => true,
        };
        self.reopen(&mut missing, speaks);
        missing
    }

    /// Strikes out the resources that an Allow of B takes.
    fn take(&mut self, allow: usize, missing: &mut [bool]) {
        let (Some(region), Some(taken)) = (self.outer.allows.get(allow), self.taken.get_mut(allow)) else {
            return;
        };
        let taken = taken.get_or_insert_with(|| resources_taken(self.region, region));
        for (missing, taken) in missing.iter_mut().zip(taken) {
            *missing &= !*taken;
        }
    }

    /// Takes back what was struck out where a live Deny of B speaks of the action and may speak of the resource.
    fn reopen(&self, missing: &mut [bool], speaks: impl Fn(&Region) -> bool) {
        for deny in self.live.iter().filter(|deny| speaks(deny)) {
            for (position, missing) in missing.iter_mut().enumerate() {
                *missing |= may_speak_of_resource(deny, self.region, position);
            }
        }
    }
}

fn mark(marks: &mut [bool], more: &[bool]) {
    for (mark, more) in marks.iter_mut().zip(more) {
        *mark |= *more;
    }
}

/// For each resource of the inner region whether the outer one takes it.
fn resources_taken(inner: &Region, outer: &Region) -> Vec<bool> {
    let scene = inner.implies_scene_of(outer);
    match (&inner.resources, &outer.resources) {
        (Some(Selection::Only(patterns)), Some(theirs)) => {
            patterns.iter().map(|pattern| scene && pattern_within(pattern, theirs)).collect()
        }
        (Some(Selection::Only(patterns)), None) => vec![scene; patterns.len()],
        (Some(all_but @ Selection::AllExcept(_)), Some(theirs)) => {
            vec![scene && selection_within(all_but, theirs)]
        }
        (None, Some(theirs)) => vec![scene && super::region::is_everything(theirs)],
        (Some(Selection::AllExcept(_)) | None, None) => vec![scene],
    }
}

/// Whether a Deny may speak of the resource at this position of the region.
fn may_speak_of_resource(deny: &Region, region: &Region, position: usize) -> bool {
    match (&deny.resources, &region.resources) {
        (Some(theirs), Some(Selection::Only(patterns))) => {
            patterns.get(position).is_none_or(|pattern| may_meet(pattern, theirs))
        }
        (Some(Selection::Only(theirs)), Some(Selection::AllExcept(left_out))) => {
            !theirs.iter().all(|denied| left_out.iter().any(|own| own.absorbs(denied)))
        }
        (Some(Selection::AllExcept(_)), Some(Selection::AllExcept(_))) | (Some(_), None) | (None, _) => true,
    }
}
