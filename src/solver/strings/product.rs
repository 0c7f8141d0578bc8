//! A shortest text with given memberships: a best-first walk through the product of the automata.
//!
//! A node is a state of each automaton. The walk opens the node of least estimated length first (A*): what was read, plus the longest of the
//! distances to acceptance of the languages that the text must belong to. No text can be shorter than that, and a step shortens it by one
//! at most, so the first accepted node that is opened is a shortest text. Nodes from which a required language is out of reach, or a
//! forbidden one cannot be left, are never entered.
//!
//! *Greedy* is the same walk with the sum of the distances for an estimate: it goes straight for some text, where the shortest one would
//! take too long to find.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::alphabet::Alphabet;
use super::conjunction::Membership;
use super::library::Library;
use super::machine::{Facts, Machine, NEVER, START, State};
use crate::solver::formula::Language;
use crate::solver::hashing::Table;

/// What a walk ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A text with all the memberships.
    Text(String),
    /// There is none.
    Nothing,
    /// The limit was reached.
    Limit,
}

/// A shortest text with these memberships; visits at most `limit` nodes. The languages are opened.
pub(super) fn shortest(library: &mut Library, literals: &[(Language, Membership)], limit: u64) -> Found {
    Walk::new(library, literals, Estimate::Longest).run(limit)
}

/// Some text with these memberships; visits at most `limit` nodes. The languages are opened.
pub(super) fn greedy(library: &mut Library, literals: &[(Language, Membership)], limit: u64) -> Found {
    Walk::new(library, literals, Estimate::Sum).run(limit)
}

/// Different texts with these memberships, the shortest first, at most `count`; and whether there are no others. Visits at most `limit`
/// nodes. Of characters that no language tells apart it shows one.
pub(super) fn several(
    library: &mut Library,
    literals: &[(Language, Membership)],
    count: usize,
    limit: u64,
) -> (Vec<String>, bool) {
    let mut walk = Walk::new(library, literals, Estimate::Longest);
    walk.apart = true;
    let (texts, exhausted) = walk.collect(count, limit);
    (texts, exhausted == Exhausted::Yes && walk.singles)
}

/// Whether a walk has seen everything there is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exhausted {
    Yes,
    No,
}

#[derive(Clone, Copy)]
enum Estimate {
    Longest,
    Sum,
}

/// How much a character still missing outweighs one already read in the greedy estimate.
const GREED: u64 = 4;

struct Walk<'a> {
    machines: &'a mut [Machine],
    /// The literals: an automaton's position among the machines, and what is asked of its language.
    literals: Vec<(usize, Membership)>,
    estimate: Estimate,
    /// Whether different texts that lead to the same states are kept apart.
    apart: bool,
    /// Whether each class that was tried has only one character.
    singles: bool,
    /// The classes to try, the plainest face first: the face, and the class in each automaton's own alphabet.
    characters: Vec<(char, bool, Vec<u32>)>,
    /// The states of all nodes, one row a node.
    states: Vec<State>,
    nodes: Vec<Node>,
    by_states: Table<Box<[State]>, u32>,
    queue: BinaryHeap<Reverse<(u64, Reverse<u32>, u32)>>,
}

#[derive(Clone, Copy)]
struct Node {
    length: u32,
    from: Option<(u32, char)>,
    estimate: u64,
}

impl<'a> Walk<'a> {
    fn new(library: &'a mut Library, literals: &'a [(Language, Membership)], estimate: Estimate) -> Walk<'a> {
        let literals = library.places(literals);
        let machines = library.machines_mut();
        let alphabets: Vec<&Alphabet> = literals
            .iter()
            .filter_map(|(place, _)| machines.get(*place))
            .map(|machine| &machine.alphabet)
            .collect();
        let (joint, parts) = Alphabet::refining(&alphabets);
        let mut characters: Vec<(usize, char, bool, Vec<u32>)> = joint
            .faces()
            .into_iter()
            .zip(joint.singles())
            .zip(parts)
            .filter_map(|((face, single), part)| {
                face.map(|(plainness, face)| (plainness, face, single, part))
            })
            .collect();
        characters.sort_unstable();
        let characters = characters.into_iter().map(|(_, face, single, part)| (face, single, part)).collect();
        Walk {
            machines,
            literals,
            estimate,
            apart: false,
            singles: true,
            characters,
            states: Vec::new(),
            nodes: Vec::new(),
            by_states: Table::default(),
            queue: BinaryHeap::new(),
        }
    }

    fn run(mut self, limit: u64) -> Found {
        match self.collect(1, limit) {
            (mut texts, _) if !texts.is_empty() => Found::Text(texts.swap_remove(0)),
            (_, Exhausted::Yes) => Found::Nothing,
            (_, Exhausted::No) => Found::Limit,
        }
    }

    /// Opens nodes until so many texts are found, and tells whether none is left.
    fn collect(&mut self, count: usize, limit: u64) -> (Vec<String>, Exhausted) {
        let mut texts = Vec::new();
        let starts: Vec<State> = vec![START; self.literals.len()];
        self.enter(&starts, None, 0);
        let characters = std::mem::take(&mut self.characters);
        let arity = self.literals.len();
        let mut here: Vec<State> = vec![0; arity];
        let mut there: Vec<State> = vec![0; arity];
        while let Some(Reverse((priority, _, node))) = self.queue.pop() {
            let Some(&Node { length, estimate, .. }) = self.nodes.get(node as usize) else { continue };
            if priority != self.priority(length, estimate) {
                // A shorter way to this node was found after this entry was queued.
                continue;
            }
            let row = node as usize * arity;
            here.copy_from_slice(self.states.get(row..row + arity).unwrap_or_default());
            if self.accepted(&here) {
                texts.push(self.text_to(node));
                if texts.len() >= count {
                    return (texts, Exhausted::No);
                }
            }
            for (face, single, classes) in &characters {
                if self.step(&here, classes, &mut there) {
                    self.singles &= single;
                    self.enter(&there, Some((node, *face)), length + 1);
                }
            }
            if self.nodes.len() as u64 > limit {
                return (texts, Exhausted::No);
            }
        }
        (texts, Exhausted::Yes)
    }

    /// Steps each automaton; tells whether none of them is lost.
    fn step(&mut self, here: &[State], classes: &[u32], there: &mut [State]) -> bool {
        for (((place, membership), (&state, &class)), target) in
            self.literals.iter().zip(here.iter().zip(classes)).zip(there)
        {
            let Some(machine) = self.machines.get_mut(*place) else { return false };
            *target = machine.step(state, class);
            if lost(machine.facts(*target), *membership) {
                return false;
            }
        }
        true
    }

    fn enter(&mut self, states: &[State], from: Option<(u32, char)>, length: u32) {
        if let Some(&known) = self.by_states.get(states).filter(|_| !self.apart) {
            let Some(node) = self.nodes.get_mut(known as usize) else { return };
            if node.length <= length {
                return;
            }
            *node = Node { length, from, estimate: node.estimate };
            let priority =
                self.priority(length, self.nodes.get(known as usize).map_or(0, |node| node.estimate));
            self.queue.push(Reverse((priority, Reverse(length), known)));
            return;
        }
        let Some(estimate) = self.estimate(states) else { return };
        let fresh = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(Node { length, from, estimate });
        self.states.extend_from_slice(states);
        if !self.apart {
            self.by_states.insert(states.into(), fresh);
        }
        self.queue.push(Reverse((self.priority(length, estimate), Reverse(length), fresh)));
    }

    fn priority(&self, length: u32, estimate: u64) -> u64 {
        match self.estimate {
            Estimate::Longest => u64::from(length) + estimate,
            Estimate::Sum => u64::from(length) + GREED * estimate,
        }
    }

    /// What is missing to acceptance, at least; `None` where it is out of reach.
    fn estimate(&self, states: &[State]) -> Option<u64> {
        let mut estimate: u64 = 0;
        for (membership, facts) in self.facts(states) {
            if lost(facts, membership) {
                return None;
            }
            let missing = match membership {
                Membership::In => u64::from(facts.distance),
                Membership::Out => u64::from(facts.distance == 0),
            };
            estimate = match self.estimate {
                Estimate::Longest => estimate.max(missing),
                Estimate::Sum => estimate + missing,
            };
        }
        Some(estimate)
    }

    fn accepted(&self, states: &[State]) -> bool {
        self.facts(states).all(|(membership, facts)| (facts.distance == 0) == (membership == Membership::In))
    }

    fn facts(&self, states: &[State]) -> impl Iterator<Item = (Membership, Facts)> {
        self.literals.iter().zip(states).map(|(&(place, membership), &state)| {
            let unknown = Facts { distance: NEVER, universal: false };
            let facts = self.machines.get(place).map_or(unknown, |machine| machine.facts(state));
            (membership, facts)
        })
    }

    fn text_to(&self, node: u32) -> String {
        let mut characters = Vec::new();
        let mut current = node;
        while let Some((from, character)) = self.nodes.get(current as usize).and_then(|node| node.from) {
            characters.push(character);
            current = from;
        }
        characters.iter().rev().collect()
    }
}

fn lost(facts: Facts, membership: Membership) -> bool {
    match membership {
        Membership::In => facts.distance == NEVER,
        Membership::Out => facts.universal,
    }
}
