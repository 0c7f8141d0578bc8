//! Finds, for a text, the entries that were filed under any of its beginnings: a tree of literal beginnings, laid out flat.
//!
//! Each entry is filed under a text with which everything begins that it can match. Walking a text down the tree ends at one
//! node, and the entries of that node and of those above it are exactly the ones filed under a beginning of the text: no entry
//! that could match is left out. How many they are is stored with the node, so two indexes can be compared before either is read.

use std::ops::Range;

/// The tree. Node 0 is the root, for entries filed under the empty text.
#[derive(Clone, Debug)]
pub(super) struct PrefixIndex {
    nodes: Vec<Node>,
    /// The first bytes of all nodes' labels, so that siblings are searched in one short row of bytes.
    first_bytes: Vec<u8>,
    labels: Vec<u8>,
    entries: Vec<u32>,
}

/// A node: what its label adds to the text of the node above. Ranges are of the index's rows.
#[derive(Clone, Debug, Default)]
struct Node {
    label: Range<usize>,
    /// Children stand in a row, in the order of their first bytes, of which no two are equal.
    children: Range<usize>,
    entries: Range<usize>,
    /// The nearest node above that has entries, or the root.
    above: usize,
    /// How many entries this node and those above have.
    reachable: usize,
}

static NO_NODE: Node = Node { label: 0..0, children: 0..0, entries: 0..0, above: 0, reachable: 0 };

/// Where a walk ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    index: &'a PrefixIndex,
    node: &'a Node,
}

/// Entries with the texts that they are filed under, sorted.
type Filing<'t> = [(&'t [u8], u32)];

impl PrefixIndex {
    /// The index of entries, each filed under a text; an entry may be filed more than once.
    pub(super) fn new(mut filing: Vec<(&[u8], u32)>) -> PrefixIndex {
        filing.sort_unstable();
        filing.dedup();
        let mut index = PrefixIndex {
            nodes: vec![NO_NODE.clone()],
            first_bytes: vec![0],
            labels: Vec::new(),
            entries: Vec::new(),
        };
        index.grow(0, &filing, 0);
        index
    }

    /// Fills a node whose text has `depth` bytes with the filed entries, all of whose texts begin with it.
    fn grow(&mut self, number: usize, filing: &Filing<'_>, depth: usize) {
        let own = filing.iter().take_while(|(text, _)| text.len() == depth).count();
        let (own, deeper) = filing.split_at(own);
        let entries = self.entries.len()..self.entries.len() + own.len();
        self.entries.extend(own.iter().map(|(_, entry)| *entry));
        let groups: Vec<&Filing<'_>> =
            deeper.chunk_by(|(left, _), (right, _)| left.get(depth) == right.get(depth)).collect();
        let children = self.nodes.len()..self.nodes.len() + groups.len();
        let Some(node) = self.nodes.get_mut(number) else { return };
        node.entries = entries;
        node.children = children.clone();
        node.reachable += own.len();
        let reachable = node.reachable;
        let above = if own.is_empty() { node.above } else { number };
        for group in &groups {
            let label = shared_beginning(group, depth);
            let start = self.labels.len();
            self.labels.extend_from_slice(label);
            self.first_bytes.push(label.first().copied().unwrap_or_default());
            self.nodes.push(Node { label: start..self.labels.len(), above, reachable, ..NO_NODE.clone() });
        }
        for (child, group) in children.zip(groups) {
            let length = self.nodes.get(child).map_or(0, |child| child.label.len());
            self.grow(child, group, depth + length);
        }
    }

    /// The deepest node whose text begins the given one.
    pub(super) fn find(&self, text: &[u8]) -> Found<'_> {
        let mut rest = text;
        let mut node = self.nodes.first().unwrap_or(&NO_NODE);
        while let Some((child, behind)) = self.child(node, rest) {
            (node, rest) = (child, behind);
        }
        Found { index: self, node }
    }

    /// The child whose label begins the text, and what is left of the text behind it.
    fn child<'a, 't>(&'a self, node: &Node, text: &'t [u8]) -> Option<(&'a Node, &'t [u8])> {
        let first = text.first()?;
        let siblings = self.first_bytes.get(node.children.clone())?;
        let position = siblings.binary_search(first).ok()?;
        let child = self.nodes.get(node.children.start + position)?;
        Some((child, text.strip_prefix(self.labels.get(child.label.clone())?)?))
    }
}

impl<'a> Found<'a> {
    /// How many entries [`Found::entries`] gives.
    pub(super) fn count(self) -> usize {
        self.node.reachable
    }

    /// The entries filed under a beginning of the text, the longest beginning first.
    pub(super) fn entries(self) -> impl Iterator<Item = u32> + 'a {
        let mut next = Some(self.node);
        let rows = std::iter::from_fn(move || {
            let node = next?;
            // A node that reaches no more than its own entries is the last with any.
            next = if node.reachable > node.entries.len() { self.index.nodes.get(node.above) } else { None };
            self.index.entries.get(node.entries.clone())
        });
        rows.flatten().copied()
    }
}

/// What the texts of a group share from `depth` on.
fn shared_beginning<'t>(group: &Filing<'t>, depth: usize) -> &'t [u8] {
    let (Some((first, _)), Some((last, _))) = (group.first(), group.last()) else {
        return &[];
    };
    // The texts are sorted, so what the first and the last share they all share.
    let first = first.get(depth..).unwrap_or_default();
    let last = last.get(depth..).unwrap_or_default();
    let shared = first.iter().zip(last).take_while(|(left, right)| left == right).count();
    first.get(..shared).unwrap_or_default()
}
