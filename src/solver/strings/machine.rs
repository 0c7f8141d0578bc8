//! The deterministic automaton of a language, built as far as it is walked.
//!
//! A state is a set of states of the [`Positions`] automaton, kept down to its floor; states are interned, so walking a known way costs one
//! look-up a character. Two things are known of every state: the length of a shortest text that leads from it to acceptance (exact, since
//! it is the least over the set), and whether every text does (never claimed wrongly; claimed for every state that holds a trailing star).

use std::collections::HashMap;

use super::alphabet::Alphabet;
use super::positions::{Positions, TooLarge};
use crate::solver::regular::Regular;

/// A state of a [`Machine`].
pub(super) type State = u32;

/// The distance of a state from which nothing is accepted.
pub(super) const NEVER: u32 = u32::MAX;

/// A deterministic automaton built on demand.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    positions: Positions,
    /// The classes of characters that the language distinguishes.
    pub(super) alphabet: Alphabet,
    /// For each label of the positions, the classes it contains.
    labels: Vec<Vec<bool>>,
    distances: Vec<u32>,
    universal: Vec<bool>,
    sets: Vec<Box<[u32]>>,
    by_set: HashMap<Box<[u32]>, State>,
    facts: Vec<Facts>,
    /// The state after each state and class; `UNKNOWN` where nobody has gone yet.
    next: Vec<State>,
}

/// What is known of a state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// The length of a shortest text from here to acceptance, or [`NEVER`].
    pub(super) distance: u32,
    /// Whether every text from here is accepted, as far as that is plain.
    pub(super) universal: bool,
}

const UNKNOWN: State = u32::MAX;

impl Machine {
    /// The automaton of the language, at its beginning.
    pub(super) fn of(regular: &Regular, limit: u64) -> Result<Machine, TooLarge> {
        let positions = Positions::of(regular, limit)?;
        let (alphabet, labels) = Alphabet::telling_apart(&positions.sets);
        let distances = distances(&positions);
        let universal = universal(&positions, &labels, alphabet.size());
        let starts = positions.starts.clone();
        let mut machine = Machine {
            positions,
            alphabet,
            labels,
            distances,
            universal,
            sets: Vec::new(),
            by_set: HashMap::new(),
            facts: Vec::new(),
            next: Vec::new(),
        };
        machine.intern(starts);
        Ok(machine)
    }

    /// The state before anything is read.
    pub(super) fn start(&self) -> State {
        0
    }

    /// The characters with which every text of the language begins, and those with which it ends, as far as they are plain.
    pub(super) fn affixes(&self) -> (&str, &str) {
        (&self.positions.prefix, &self.positions.suffix)
    }

    /// The only text of the language, where it is plain that it has only one.
    pub(super) fn only(&self) -> Option<&str> {
        self.positions.only.as_deref()
    }

    /// The length of the longest text of the language, unless there is none: where no way to acceptance passes a state twice.
    pub(super) fn longest(&self) -> Option<usize> {
        let mut longest = vec![None; self.positions.edges.len()];
        let mut open = vec![false; self.positions.edges.len()];
        let mut pending: Vec<(u32, bool)> =
            self.positions.starts.iter().map(|&start| (start, false)).collect();
        while let Some((state, left)) = pending.pop() {
            let position = state as usize;
            let hopeless = self.distances.get(position).is_none_or(|&distance| distance == NEVER);
            if hopeless || longest.get(position).is_some_and(Option::is_some) {
                continue;
            }
            let targets = self.positions.edges.get(position)?.iter().map(|&(_, target)| target);
            if left {
                let ahead =
                    targets.filter_map(|target| longest.get(target as usize).copied().flatten()).max();
                *longest.get_mut(position)? = Some(ahead.map_or(0, |length: usize| length + 1));
                *open.get_mut(position)? = false;
                continue;
            }
            if std::mem::replace(open.get_mut(position)?, true) {
                continue;
            }
            pending.push((state, true));
            for target in targets {
                if *open.get(target as usize)? {
                    return None;
                }
                pending.push((target, false));
            }
        }
        let starts = self.positions.starts.iter();
        starts.filter_map(|&start| longest.get(start as usize).copied().flatten()).max()
    }

    /// What is known of the state.
    pub(super) fn facts(&self, state: State) -> Facts {
        self.facts.get(state as usize).copied().unwrap_or(Facts { distance: NEVER, universal: false })
    }

    /// The state after reading a character of the class.
    pub(super) fn step(&mut self, state: State, class: u32) -> State {
        let slot = state as usize * self.alphabet.size() + class as usize;
        match self.next.get(slot) {
            Some(&known) if known != UNKNOWN => known,
            Some(_) | None => self.explore(state, class, slot),
        }
    }

    /// Whether the text belongs to the language.
    pub(super) fn accepts(&mut self, text: &str) -> bool {
        let mut state = self.start();
        for character in text.chars() {
            let facts = self.facts(state);
            if facts.distance == NEVER || facts.universal {
                return facts.universal;
            }
            state = self.step(state, self.alphabet.class(character));
        }
        self.facts(state).distance == 0
    }

    fn explore(&mut self, state: State, class: u32, slot: usize) -> State {
        let mut reached: Vec<u32> = Vec::new();
        for &position in self.sets.get(state as usize).map_or(&[][..], |set| set) {
            for &(label, target) in self.positions.edges.get(position as usize).map_or(&[][..], Vec::as_slice)
            {
                let allowed = self.labels.get(label as usize).and_then(|classes| classes.get(class as usize));
                if allowed == Some(&true) {
                    reached.push(target);
                }
            }
        }
        let next = self.intern(reached);
        if let Some(known) = self.next.get_mut(slot) {
            *known = next;
        }
        next
    }

    fn intern(&mut self, mut set: Vec<u32>) -> State {
        // From a position without acceptance ahead nothing comes; leaving it out keeps sets equal that mean the same.
        set.retain(|&position| self.distances.get(position as usize) != Some(&NEVER));
        set.sort_unstable();
        set.dedup();
        // Once every text is accepted, how it came to that no longer matters.
        if let Some(&everything) =
            set.iter().find(|&&position| self.universal.get(position as usize) == Some(&true))
        {
            set = vec![everything];
        }
        if let Some(floors) = &self.positions.floors
            && let Some(floor) = set.last().and_then(|&last| floors.get(last as usize).copied().flatten())
        {
            set.retain(|&position| position >= floor);
        }
        if let Some(&state) = self.by_set.get(set.as_slice()) {
            return state;
        }
        let state = u32::try_from(self.sets.len()).unwrap_or(UNKNOWN);
        let distance = set.iter().filter_map(|&position| self.distances.get(position as usize)).min();
        let universal = set.iter().any(|&position| self.universal.get(position as usize) == Some(&true));
        self.facts.push(Facts { distance: distance.copied().unwrap_or(NEVER), universal });
        let set = set.into_boxed_slice();
        self.by_set.insert(set.clone(), state);
        self.sets.push(set);
        self.next.resize(self.sets.len() * self.alphabet.size(), UNKNOWN);
        state
    }
}

/// For each position the length of a shortest text to acceptance: breadth first, against the edges.
fn distances(positions: &Positions) -> Vec<u32> {
    let mut before: Vec<Vec<u32>> = vec![Vec::new(); positions.edges.len()];
    for (origin, edges) in (0..).zip(&positions.edges) {
        for &(label, target) in edges {
            let readable = positions.sets.get(label as usize).is_some_and(|set| !set.ranges().is_empty());
            if let (true, Some(list)) = (readable, before.get_mut(target as usize)) {
                list.push(origin);
            }
        }
    }
    let mut distances: Vec<u32> =
        positions.accepting.iter().map(|&accepting| if accepting { 0 } else { NEVER }).collect();
    let mut frontier: Vec<u32> = (0..)
        .zip(&positions.accepting)
        .filter(|(_, accepting)| **accepting)
        .map(|(position, _)| position)
        .collect();
    let mut length = 0;
    while !frontier.is_empty() {
        length += 1;
        let mut next = Vec::new();
        for origin in frontier.iter().filter_map(|&target| before.get(target as usize)).flatten() {
            if let Some(distance) = distances.get_mut(*origin as usize)
                && *distance == NEVER
            {
                *distance = length;
                next.push(*origin);
            }
        }
        frontier = next;
    }
    distances
}

/// The positions from which every text is accepted: the largest set of accepting positions such that each can read any character and be in
/// the set again.
fn universal(positions: &Positions, labels: &[Vec<bool>], classes: usize) -> Vec<bool> {
    let mut universal = positions.accepting.clone();
    loop {
        let mut changed = false;
        for position in 0..universal.len() {
            if universal.get(position) != Some(&true) {
                continue;
            }
            let edges = positions.edges.get(position).map_or(&[][..], Vec::as_slice);
            let readable = |class: usize| {
                edges.iter().any(|&(label, target)| {
                    universal.get(target as usize) == Some(&true)
                        && labels.get(label as usize).and_then(|classes| classes.get(class)) == Some(&true)
                })
            };
            if !(0..classes).all(readable) {
                if let Some(slot) = universal.get_mut(position) {
                    *slot = false;
                }
                changed = true;
            }
        }
        if !changed {
            return universal;
        }
    }
}
