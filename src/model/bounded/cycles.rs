//! The roles whose sessions can assume roles, as a graph: a cycle in it, or how long its chains are and when all authority ends (INV-60).

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Edge, Graph};
use crate::iam::world::Profile;
use crate::model::sts::Operation;

/// How long a session of a service, or the longest of any role, may last under the profile `aws`, in seconds (STS-21, STS-25).
const LONGEST_SECONDS: i64 = 43_200;
const HOUR_SECONDS: i64 = 3_600;

/// How far sessions of roles can be renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// For ever: from a session of the first of these one of the next can be had, and so on, and from the last one of the first again.
    ForEver {
        /// The ARNs of the sessions.
        cycle: Vec<String>,
        /// How many calls come to the cycle and go round it once.
        steps: usize,
    },
    /// For a while: the same, but some call of it ceases to be allowed at some time.
    ForAWhile {
        /// The ARNs of the sessions.
        cycle: Vec<String>,
    },
    /// No chain is longer than this one.
    Ends {
        /// The ARNs of its sessions; empty where no role can be assumed.
        longest: Vec<String>,
        /// How many seconds after the first session of a chain was issued all authority has ended, whatever is called.
        seconds: i64,
    },
    /// No cycle was found. But of some calls it is not known whether they are allowed, and they may make one, or a longer chain.
    NotKnown,
}

impl Renewal {
    /// What the calls of a graph come to, none of them bounded in number.
    // Rules: STS-18, STS-22, STS-27, INV-60.
    pub fn of(graph: &Graph, profile: Profile) -> Renewal {
        let chained = Chains::of(graph);
        if let Some(cycle) = cycle(&chained.lasting) {
            let before = cycle.iter().filter_map(|&place| graph.depth.get(place)).min();
            let steps = before.copied().unwrap_or_default() + cycle.len();
            return Renewal::ForEver { cycle: told(graph, &cycle), steps };
        }
        if let Some(cycle) = cycle(&chained.any) {
            return Renewal::ForAWhile { cycle: told(graph, &cycle) };
        }
        if !graph.doubts.is_empty() {
            return Renewal::NotKnown;
        }
        let longest = chained.longest();
        let mut most = Renewal::Ends { longest: Vec::new(), seconds: 0 };
        for edge in &graph.edges {
            let Some(chain) = longest.get(&edge.to) else { continue };
            if graph.places.get(edge.from).is_some_and(|place| place.role_id().is_some()) {
                continue;
            }
            let further = i64::try_from(chain.len().saturating_sub(1)).unwrap_or(i64::MAX);
            let seconds = first_seconds(edge, profile).saturating_add(HOUR_SECONDS.saturating_mul(further));
            let Renewal::Ends { seconds: known, longest: known_chain } = &most else { continue };
            if (seconds, chain.len()) > (*known, known_chain.len()) {
                most = Renewal::Ends { longest: told(graph, chain), seconds };
            }
        }
        most
    }
}

/// How long the first session of a chain may last.
fn first_seconds(edge: &Edge, profile: Profile) -> i64 {
    match (profile, edge.operation) {
        (Profile::Strict, _) => HOUR_SECONDS,
        (Profile::Aws, Operation::ByService) => LONGEST_SECONDS,
        (
            Profile::Aws,
            Operation::AssumeRole
            | Operation::AssumeRoleWithSaml
            | Operation::AssumeRoleWithWebIdentity
            | Operation::GetSessionToken
            | Operation::GetFederationToken,
        ) => i64::from(edge.role_maximum),
    }
}

/// From which role sessions which others can be had, by calls that never cease to be allowed, or by any.
struct Chains {
    lasting: BTreeMap<usize, BTreeSet<usize>>,
    any: BTreeMap<usize, BTreeSet<usize>>,
}

impl Chains {
    fn of(graph: &Graph) -> Chains {
        let is_role = |place: usize| graph.places.get(place).is_some_and(|place| place.role_id().is_some());
        let mut chains = Chains { lasting: BTreeMap::new(), any: BTreeMap::new() };
        for place in (0..graph.places.len()).filter(|&place| is_role(place)) {
            chains.any.insert(place, BTreeSet::new());
        }
        for edge in graph.edges.iter().filter(|edge| is_role(edge.from) && is_role(edge.to)) {
            chains.any.entry(edge.from).or_default().insert(edge.to);
            if edge.when.lasts() {
                chains.lasting.entry(edge.from).or_default().insert(edge.to);
            }
        }
        chains
    }

    /// From each place a longest chain, where there is no cycle.
    fn longest(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut known: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut open: Vec<usize> = self.any.keys().copied().collect();
        // In an acyclic graph some place has only neighbours that are known already, until all are.
        while !open.is_empty() {
            let count = open.len();
            open.retain(|place| {
                let neighbours = self.any.get(place).into_iter().flatten();
                let chains: Option<Vec<&Vec<usize>>> = neighbours.map(|next| known.get(next)).collect();
                let Some(chains) = chains else { return true };
                let rest = chains.into_iter().max_by_key(|chain| chain.len());
                let mut chain = vec![*place];
                chain.extend(rest.into_iter().flatten());
                known.insert(*place, chain);
                false
            });
            if open.len() == count {
                break;
            }
        }
        known
    }
}

fn told(graph: &Graph, places: &[usize]) -> Vec<String> {
    places.iter().filter_map(|&place| graph.places.get(place)).map(|place| place.arn.clone()).collect()
}

/// A shortest cycle.
fn cycle(next: &BTreeMap<usize, BTreeSet<usize>>) -> Option<Vec<usize>> {
    let from = next.keys().filter_map(|&place| back_to(next, place));
    from.min_by_key(Vec::len)
}

fn back_to(next: &BTreeMap<usize, BTreeSet<usize>>, start: usize) -> Option<Vec<usize>> {
    let mut before: BTreeMap<usize, usize> = BTreeMap::new();
    let mut row = vec![start];
    while !row.is_empty() {
        let mut next_row = Vec::new();
        for place in row {
            for &neighbour in next.get(&place).into_iter().flatten() {
                if neighbour == start {
                    let mut cycle = vec![place];
                    while let Some(&earlier) = cycle.last().and_then(|place| before.get(place)) {
                        cycle.push(earlier);
                    }
                    cycle.reverse();
                    return Some(cycle);
                }
                if let Entry::Vacant(entry) = before.entry(neighbour) {
                    entry.insert(place);
                    next_row.push(neighbour);
                }
            }
        }
        row = next_row;
    }
    None
}
