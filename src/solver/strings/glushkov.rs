//! The automaton of Glushkov, for expressions that are no plain row of characters and runs.
//!
//! State 0 is the beginning, every other state a place of the expression where a character is read; an edge leads to each place that can be
//! read next and is labelled with that place's characters. A fragment knows the places where it can begin and end, and whether it may be
//! empty; putting fragments in a row adds the edges from ends to beginnings, and nothing else ever adds an edge.

use super::positions::{Positions, TooLarge};
use crate::solver::regular::{CharacterSet, Regular};

/// The automaton of the expression, with at most `limit` states and edges.
pub(super) fn positions(regular: &Regular, limit: u64) -> Result<Positions, TooLarge> {
    let mut builder = Builder { made: Positions::default(), labels: Vec::new(), size: 0, limit };
    builder.place(0)?;
    let whole = builder.fragment(regular)?;
    builder.connect(&[0], &whole.firsts)?;
    for &last in &whole.lasts {
        if let Some(accepting) = builder.made.accepting.get_mut(last as usize) {
            *accepting = true;
        }
    }
    if whole.empty
        && let Some(accepting) = builder.made.accepting.first_mut()
    {
        *accepting = true;
    }
    for edges in &mut builder.made.edges {
        edges.sort_unstable();
        edges.dedup();
    }
    builder.made.starts = vec![0];
    Ok(builder.made)
}

/// A part of the expression, already among the states.
#[derive(Default)]
struct Fragment {
    firsts: Vec<u32>,
    lasts: Vec<u32>,
    empty: bool,
}

struct Builder {
    made: Positions,
    /// For each state the label of the edges that lead to it.
    labels: Vec<u32>,
    size: u64,
    limit: u64,
}

impl Builder {
    fn place(&mut self, label: u32) -> Result<u32, TooLarge> {
        self.grow(1)?;
        let state = u32::try_from(self.labels.len()).map_err(|_| TooLarge)?;
        self.labels.push(label);
        self.made.edges.push(Vec::new());
        self.made.accepting.push(false);
        Ok(state)
    }

    fn grow(&mut self, by: u64) -> Result<(), TooLarge> {
        self.size += by;
        if self.size > self.limit { Err(TooLarge) } else { Ok(()) }
    }

    fn connect(&mut self, from: &[u32], to: &[u32]) -> Result<(), TooLarge> {
        self.grow(from.len() as u64 * to.len() as u64)?;
        for &origin in from {
            for &target in to {
                let label = self.labels.get(target as usize).copied().unwrap_or_default();
                if let Some(edges) = self.made.edges.get_mut(origin as usize) {
                    edges.push((label, target));
                }
            }
        }
        Ok(())
    }

    fn character(&mut self, set: &CharacterSet) -> Result<Fragment, TooLarge> {
        if set.ranges().is_empty() {
            return Ok(Fragment::default());
        }
        let label = self.made.label(set);
        let state = self.place(label)?;
        Ok(Fragment { firsts: vec![state], lasts: vec![state], empty: false })
    }

    fn fragment(&mut self, regular: &Regular) -> Result<Fragment, TooLarge> {
        match regular {
            Regular::Text(text) => {
                let mut whole = Fragment { empty: true, ..Fragment::default() };
                for character in text.chars() {
                    let next = self.character(&CharacterSet::of([character]))?;
                    whole = self.row(whole, next)?;
                }
                Ok(whole)
            }
            Regular::Character(set) => self.character(set),
            Regular::Sequence(parts) => {
                let mut whole = Fragment { empty: true, ..Fragment::default() };
                for part in parts {
                    let next = self.fragment(part)?;
                    whole = self.row(whole, next)?;
                }
                Ok(whole)
            }
            Regular::Choice(parts) => {
                let mut whole = Fragment::default();
                for part in parts {
                    let next = self.fragment(part)?;
                    whole.firsts.extend(next.firsts);
                    whole.lasts.extend(next.lasts);
                    whole.empty |= next.empty;
                }
                Ok(whole)
            }
            Regular::Repeat { part, least, most } => self.repeat(part, *least, *most),
        }
    }

    fn row(&mut self, before: Fragment, after: Fragment) -> Result<Fragment, TooLarge> {
        self.connect(&before.lasts, &after.firsts)?;
        let empty_part =
            (after.firsts.is_empty() && !after.empty) || (before.firsts.is_empty() && !before.empty);
        if empty_part {
            // One side has no text at all, so neither has the whole.
            return Ok(Fragment::default());
        }
        let mut firsts = before.firsts;
        if before.empty {
            firsts.extend(&after.firsts);
        }
        let mut lasts = after.lasts;
        if after.empty {
            lasts.extend(&before.lasts);
        }
        Ok(Fragment { firsts, lasts, empty: before.empty && after.empty })
    }

    fn repeat(&mut self, part: &Regular, least: u32, most: Option<u32>) -> Result<Fragment, TooLarge> {
        let mut whole = Fragment { empty: true, ..Fragment::default() };
        if most.is_some_and(|most| most < least) {
            return Ok(Fragment::default());
        }
        for _ in 0..least {
            let next = self.fragment(part)?;
            whole = self.row(whole, next)?;
            self.grow(1)?;
        }
        match most {
            None => {
                let mut next = self.fragment(part)?;
                self.connect(&next.lasts, &next.firsts)?;
                next.empty = true;
                self.row(whole, next)
            }
            Some(most) => {
                // Each further one follows the one before it alone: leaving one out means leaving out all after it, and loses no text.
                let mut before = whole.lasts.clone();
                let mut at_beginning = whole.empty;
                for _ in least..most {
                    let next = self.fragment(part)?;
                    self.connect(&before, &next.firsts)?;
                    if std::mem::take(&mut at_beginning) {
                        whole.firsts.extend(&next.firsts);
                    }
                    whole.lasts.extend(&next.lasts);
                    before = next.lasts;
                    self.grow(1)?;
                }
                Ok(whole)
            }
        }
    }
}
