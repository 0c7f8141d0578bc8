//! The way back from a role: who comes to it over moves that were looked at, and over paths that were found.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

use super::found::Path;
use super::part::Holding;
use super::search::{Moved, Node, call};

/// Goes from a role backward over moves that change nothing, and from those who come there by changes: whoever comes to be one of them
/// comes as far. Each principal gets its shortest path.
pub(super) fn backward(
    role: &str,
    into: &HashMap<Node, Vec<(Holding, usize)>>,
    moved: &HashMap<Holding, Moved>,
    ends: &HashMap<Holding, Path>,
) -> BTreeMap<String, Path> {
    let mut queue: BinaryHeap<Reverse<(usize, Node)>> = BinaryHeap::new();
    // How far it is from here, and the move to take; none where a path with changes begins.
    let mut onward: HashMap<Holding, (usize, Option<usize>)> = HashMap::new();
    for node in into.keys().filter(|node| node.holding.arn() == role) {
        queue.push(Reverse((0, node.clone())));
    }
    for (holding, path) in ends {
        onward.insert(holding.clone(), (path.length(), None));
        queue.push(Reverse((path.length(), Node::plain(holding.clone()))));
    }
    let mut settled = HashSet::new();
    while let Some(Reverse((distance, node))) = queue.pop() {
        if !settled.insert(node.clone()) {
            continue;
        }
        for (holding, position) in into.get(&node).into_iter().flatten() {
            let arrival = moved.get(holding).and_then(|moved| moved.arrivals.get(*position));
            let Some(arrival) = arrival else { continue };
            let further = distance + arrival.calls();
            if onward.get(holding).is_none_or(|(known, _)| further < *known) {
                onward.insert(holding.clone(), (further, Some(*position)));
                queue.push(Reverse((further, Node::plain(holding.clone()))));
            }
        }
    }
    let mut paths: BTreeMap<String, Path> = BTreeMap::new();
    for start in onward.keys().filter(|holding| holding.arn() != role) {
        let mut found = Path { from: start.arn().to_owned(), calls: Vec::new(), service: None };
        let mut at = start;
        while let Some((_, next)) = onward.get(at) {
            let arrival = next.and_then(|position| moved.get(at)?.arrivals.get(position));
            let Some(arrival) = arrival else {
                let end = ends.get(at);
                found.calls.extend(end.into_iter().flat_map(|path| path.calls.iter().cloned()));
                found.service = end.and_then(|path| path.service);
                break;
            };
            found.calls.extend(arrival.steps.iter().map(|step| call(at, step)));
            found.service = arrival.service;
            at = &arrival.node.holding;
            if at.arn() == role {
                break;
            }
        }
        let known = paths.get(start.arn());
        if known
            .is_none_or(|known| (found.length(), &found.calls.len()) < (known.length(), &known.calls.len()))
        {
            paths.insert(start.arn().to_owned(), found);
        }
    }
    paths
}
