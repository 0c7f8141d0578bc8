//! The nondeterministic automaton of a regular language, without silent moves.
//!
//! Most languages that are asked about are *linear*: a row of characters and runs, as glob patterns are. The automaton of a linear
//! language is the row itself: state `i` means that the first `i` characters of the row have been met, a run is a loop on the state where it
//! stands, and there is nothing else. All others get the automaton of Glushkov: a state for each place of the expression where a character
//! is read, and one for the beginning.
//!
//! **Floors.** Where a linear automaton loops on every character (a `*` of a pattern), the states before that loop can be forgotten once it
//! is reached: a text accepted from an earlier state passes the loop's state on its way, and what it reads until there the loop may read
//! as well. So sets of states stay small, and few: between two stars they are those of the text search of Knuth, Morris and Pratt.

use crate::solver::regular::{CharacterSet, Regular};

/// An automaton without silent moves. States are numbers from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Positions {
    /// The sets of characters that label edges, each once.
    pub(super) sets: Vec<CharacterSet>,
    /// For each state its edges: the label's position in `sets`, and the state it leads to.
    pub(super) edges: Vec<Vec<(u32, u32)>>,
    /// The states in which reading begins.
    pub(super) starts: Vec<u32>,
    /// For each state whether the text read so far belongs to the language.
    pub(super) accepting: Vec<bool>,
    /// For each state the last one, not after it, that loops on every character; `None` in an automaton that is not linear.
    pub(super) floors: Option<Vec<Option<u32>>>,
}

/// The expression needs more positions than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

impl Positions {
    /// The automaton of the language, with at most `limit` states and edges.
    pub(super) fn of(regular: &Regular, limit: u64) -> Result<Positions, TooLarge> {
        let mut row = Row { items: Vec::new(), limit };
        match row.append(regular)? {
            Linear::Yes => row.positions(),
            Linear::No => super::glushkov::positions(regular, limit),
        }
    }

    /// The position of the set among the labels; adds it where it is new.
    pub(super) fn label(&mut self, set: &CharacterSet) -> u32 {
        // Expressions have few distinct sets where they have many characters, and the newest repeat soonest.
        let found = self.sets.iter().rposition(|known| known == set);
        let position = found.unwrap_or_else(|| {
            self.sets.push(set.clone());
            self.sets.len() - 1
        });
        u32::try_from(position).unwrap_or(u32::MAX)
    }
}

/// A linear language: characters and runs in a row.
struct Row {
    items: Vec<Item>,
    limit: u64,
}

enum Item {
    Character(CharacterSet),
    Run(CharacterSet),
}

enum Linear {
    Yes,
    No,
}

impl Row {
    fn push(&mut self, item: Item) -> Result<(), TooLarge> {
        if self.items.len() as u64 >= self.limit {
            return Err(TooLarge);
        }
        self.items.push(item);
        Ok(())
    }

    fn append(&mut self, regular: &Regular) -> Result<Linear, TooLarge> {
        match regular {
            Regular::Text(text) => {
                for character in text.chars() {
                    self.push(Item::Character(CharacterSet::of([character])))?;
                }
                Ok(Linear::Yes)
            }
            Regular::Character(set) => {
                self.push(Item::Character(set.clone()))?;
                Ok(Linear::Yes)
            }
            Regular::Sequence(parts) => {
                for part in parts {
                    if let Linear::No = self.append(part)? {
                        return Ok(Linear::No);
                    }
                }
                Ok(Linear::Yes)
            }
            Regular::Choice(parts) => match parts.as_slice() {
                [only] => self.append(only),
                _ => Ok(Linear::No),
            },
            Regular::Repeat { part, least, most } => self.append_repeat(part, *least, *most),
        }
    }

    fn append_repeat(&mut self, part: &Regular, least: u32, most: Option<u32>) -> Result<Linear, TooLarge> {
        match (part, most) {
            (_, Some(most)) if most == least => {
                for _ in 0..least {
                    if let Linear::No = self.append(part)? {
                        return Ok(Linear::No);
                    }
                }
                Ok(Linear::Yes)
            }
            (Regular::Character(set), None) => {
                for _ in 0..least {
                    self.push(Item::Character(set.clone()))?;
                }
                self.append_run(set)
            }
            _ => Ok(Linear::No),
        }
    }

    /// Two runs side by side are one where the one's set contains the other's; else the row would need a silent move between them.
    fn append_run(&mut self, set: &CharacterSet) -> Result<Linear, TooLarge> {
        if set.ranges().is_empty() {
            return Ok(Linear::Yes);
        }
        match self.items.last_mut() {
            Some(Item::Run(before)) if set.is_within(before) => Ok(Linear::Yes),
            Some(Item::Run(before)) if before.is_within(set) => {
                *before = set.clone();
                Ok(Linear::Yes)
            }
            Some(Item::Run(_)) => Ok(Linear::No),
            Some(Item::Character(_)) | None => {
                self.push(Item::Run(set.clone()))?;
                Ok(Linear::Yes)
            }
        }
    }

    fn positions(self) -> Result<Positions, TooLarge> {
        let mut made = Positions { starts: vec![0], ..Positions::default() };
        let mut edges: Vec<(u32, u32)> = Vec::with_capacity(2);
        let mut floors: Vec<Option<u32>> = Vec::with_capacity(self.items.len() + 1);
        let mut floor = None;
        let mut state: u32 = 0;
        for item in &self.items {
            match item {
                Item::Run(set) => {
                    edges.push((made.label(set), state));
                    if *set == CharacterSet::all() {
                        floor = Some(state);
                    }
                }
                Item::Character(set) => {
                    edges.push((made.label(set), state + 1));
                    made.edges.push(std::mem::take(&mut edges));
                    floors.push(floor);
                    made.accepting.push(false);
                    state += 1;
                }
            }
        }
        made.edges.push(edges);
        floors.push(floor);
        made.accepting.push(true);
        made.floors = Some(floors);
        Ok(made)
    }
}
