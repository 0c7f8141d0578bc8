//! Small worlds of formulas that can be decided by trying everything: what random tests of the solver are made of.

use std::net::{IpAddr, Ipv4Addr};

use iamproof::solver::Assignment;
use iamproof::solver::evaluate;
use iamproof::solver::formula::{
    Block, Flag, Formula, Formulas, IntegerVariable, Node, Notation, Piece, Relation, TextVariable,
};
use iamproof::solver::regular::{CharacterSet, Regular};
use num_bigint::BigInt;
use proptest::prelude::*;

/// A formula to be built: what a generator gives and shrinking works on.
#[derive(Clone, Debug)]
pub enum Recipe {
    Flag(usize),
    Text(usize, Regular),
    Integer(Vec<(i32, usize)>, Relation, i32),
    Block(u8, u8),
    Join(usize, Vec<Part>),
    Spells(usize, usize),
    Not(Box<Recipe>),
    And(Vec<Recipe>),
    Or(Vec<Recipe>),
}

/// A piece of a concatenation to be built.
#[derive(Clone, Debug)]
pub enum Part {
    Some(Regular),
    Value(usize),
}

/// A notation for tests: a number is spelled by as many `a` as it says, with any `b` among them.
pub const TALLY: Notation = Notation {
    name: "tally",
    read: |text| {
        let only = text.chars().all(|character| character == 'a' || character == 'b');
        (only && !text.is_empty()).then(|| BigInt::from(text.matches('a').count()))
    },
    write: |value| match u32::try_from(value) {
        Ok(0) => vec!["b".to_owned()],
        Ok(count) => vec!["a".repeat(count as usize)],
        Err(_) => Vec::new(),
    },
    spellings: || Regular::Character(CharacterSet::of(['a', 'b'])).at_least_once(),
    at_least: |least| tally(times(least), None),
    at_most: |most| match u32::try_from(most) {
        Ok(most) => tally(0, Some(most)),
        Err(_) if *most < BigInt::ZERO => Regular::Choice(Vec::new()),
        Err(_) => tally(0, None),
    },
    exactly: |value| match u32::try_from(value) {
        Ok(count) => tally(count, Some(count)),
        Err(_) => Regular::Choice(Vec::new()),
    },
};

/// Texts with at least and at most so many `a`, and any `b` among them.
fn tally(least: u32, most: Option<u32>) -> Regular {
    let others = || Regular::text("b").any_number();
    let part = Box::new(Regular::Sequence(vec![Regular::text("a"), others()]));
    Regular::Sequence(vec![others(), Regular::Repeat { part, least, most }])
}

fn times(value: &BigInt) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

/// The variables that recipes speak of.
pub struct World {
    pub formulas: Formulas,
    pub flags: Vec<Flag>,
    pub texts: Vec<TextVariable>,
    pub integers: Vec<IntegerVariable>,
    pub address: iamproof::solver::formula::AddressVariable,
}

/// The longest text that is enumerated.
pub const LONGEST: usize = 4;

/// The characters of texts: two that patterns name and one that none does.
pub const CHARACTERS: [char; 3] = ['a', 'b', 'é'];

impl World {
    /// Two flags, two texts of at most [`LONGEST`] characters of [`CHARACTERS`], two integers, one address.
    pub fn small() -> World {
        let mut formulas = Formulas::new();
        let domain = Regular::Repeat {
            part: Box::new(Regular::Character(CharacterSet::of(CHARACTERS))),
            least: 0,
            most: Some(LONGEST as u32),
        };
        let flags = vec![formulas.new_flag("p"), formulas.new_flag("q")];
        let texts = vec![formulas.new_text("s", domain.clone()), formulas.new_text("t", domain)];
        let integers = vec![formulas.new_integer("m"), formulas.new_integer("n")];
        let address = formulas.new_address("from");
        World { formulas, flags, texts, integers, address }
    }

    /// The formula of the recipe.
    pub fn build(&mut self, recipe: &Recipe) -> Formula {
        match recipe {
            Recipe::Flag(which) => self.formulas.flag(self.flags[which % self.flags.len()]),
            Recipe::Text(which, regular) => {
                self.formulas.in_language(self.texts[which % self.texts.len()], regular.clone())
            }
            Recipe::Integer(terms, relation, constant) => {
                let terms: Vec<(BigInt, IntegerVariable)> = terms
                    .iter()
                    .map(|&(factor, which)| {
                        (BigInt::from(factor), self.integers[which % self.integers.len()])
                    })
                    .collect();
                self.formulas.linear(terms, *relation, BigInt::from(*constant))
            }
            Recipe::Block(last, prefix) => {
                let address = IpAddr::V4(Ipv4Addr::new(10, 0, 0, *last));
                self.formulas.in_block(self.address, Block { address, prefix: *prefix })
            }
            Recipe::Join(which, parts) => {
                let pieces: Vec<Piece> = parts
                    .iter()
                    .map(|part| match part {
                        Part::Some(regular) => Piece::Some(self.formulas.language(regular.clone())),
                        Part::Value(which) => Piece::Value(self.texts[which % self.texts.len()]),
                    })
                    .collect();
                self.formulas.concatenation(self.texts[which % self.texts.len()], pieces)
            }
            Recipe::Spells(text, integer) => {
                self.formulas.spells(self.texts[*text], TALLY, self.integers[*integer])
            }
            Recipe::Not(inner) => {
                let inner = self.build(inner);
                self.formulas.not(inner)
            }
            Recipe::And(parts) => {
                let parts: Vec<Formula> = parts.iter().map(|part| self.build(part)).collect();
                self.formulas.and(parts)
            }
            Recipe::Or(parts) => {
                let parts: Vec<Formula> = parts.iter().map(|part| self.build(part)).collect();
                self.formulas.or(parts)
            }
        }
    }

    /// Whether some assignment within the ranges that recipes cannot see beyond makes the formula true.
    pub fn enumerate(&self, formula: Formula) -> bool {
        let texts = all_texts();
        let integers: Vec<i32> = (-9..=9).collect();
        let addresses: Vec<IpAddr> = (0..16)
            .map(|last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)))
            .chain(["::1".parse().unwrap()])
            .collect();
        let uses = Uses::of(self, formula);
        for flags in 0..4u8 {
            for s in texts.iter().take(if uses.texts[0] { texts.len() } else { 1 }) {
                for t in texts.iter().take(if uses.texts[1] { texts.len() } else { 1 }) {
                    for m in integers.iter().take(if uses.integers { integers.len() } else { 1 }) {
                        for n in integers.iter().take(if uses.integers { integers.len() } else { 1 }) {
                            for from in addresses.iter().take(if uses.address { addresses.len() } else { 1 })
                            {
                                let assignment = Assignment {
                                    flags: [(self.flags[0], flags & 1 == 1), (self.flags[1], flags & 2 == 2)]
                                        .into(),
                                    texts: [(self.texts[0], s.clone()), (self.texts[1], t.clone())].into(),
                                    integers: [
                                        (self.integers[0], BigInt::from(*m)),
                                        (self.integers[1], BigInt::from(*n)),
                                    ]
                                    .into(),
                                    addresses: [(self.address, *from)].into(),
                                };
                                if evaluate::holds(&self.formulas, formula, &assignment) == Some(true) {
                                    return true;
                                }
                            }
                        }
                    }
                }
            }
        }
        false
    }
}

/// Which variables a formula speaks of.
struct Uses {
    texts: [bool; 2],
    integers: bool,
    address: bool,
}

impl Uses {
    fn of(world: &World, formula: Formula) -> Uses {
        let mut uses = Uses { texts: [false; 2], integers: false, address: false };
        let mut pending = vec![formula];
        while let Some(current) = pending.pop() {
            match world.formulas.node(current) {
                Node::InLanguage(text, _) => uses.texts[text.index()] = true,
                Node::Linear(..) => uses.integers = true,
                Node::InBlock(..) => uses.address = true,
                Node::Concatenation(text, pieces) => {
                    uses.texts[text.index()] = true;
                    for piece in pieces {
                        if let Some(other) = piece.variable() {
                            uses.texts[other.index()] = true;
                        }
                    }
                }
                Node::Spells(text, ..) => {
                    uses.texts[text.index()] = true;
                    uses.integers = true;
                }
                Node::Not(inner) => pending.push(*inner),
                Node::And(parts) | Node::Or(parts) => pending.extend(parts.iter()),
                Node::True | Node::False | Node::Flag(_) | Node::SpellsAddress(..) => {}
            }
        }
        uses
    }
}

/// Every text of the small world.
pub fn all_texts() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..LONGEST {
        last = last
            .iter()
            .flat_map(|text| CHARACTERS.iter().map(move |character| format!("{text}{character}")))
            .collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// Languages over a tiny alphabet: glob patterns most of all, with runs of sets, and now and then any expression.
pub fn regular() -> impl Strategy<Value = Regular> {
    prop_oneof![3 => glob(), 1 => expression()]
}

/// A row of characters, sets and runs.
pub fn glob() -> impl Strategy<Value = Regular> {
    let set = prop_oneof![
        Just(CharacterSet::all()),
        Just(CharacterSet::of(['a'])),
        Just(CharacterSet::of(['a', 'b'])),
        Just(CharacterSet::of(['a']).complement()),
    ];
    let item = prop_oneof![
        4 => prop_oneof![Just("a"), Just("b"), Just("ab"), Just("é"), Just("")].prop_map(Regular::text),
        2 => Just(Regular::anything()),
        1 => Just(Regular::character()),
        1 => set.clone().prop_map(Regular::Character),
        1 => set.prop_map(|set| Regular::Character(set).any_number()),
    ];
    prop::collection::vec(item, 0..5).prop_map(Regular::Sequence)
}

fn expression() -> impl Strategy<Value = Regular> {
    glob().prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Regular::Choice),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Regular::Sequence),
            (inner, 0..3u32, prop::option::of(0..3u32)).prop_map(|(part, least, most)| Regular::Repeat {
                part: Box::new(part),
                least,
                most: most.map(|more| least + more),
            }),
        ]
    })
}

fn relation() -> impl Strategy<Value = Relation> {
    prop_oneof![Just(Relation::Less), Just(Relation::LessOrEqual), Just(Relation::Equal)]
}

/// Formulas about flags and texts; with numbers and addresses where `atoms` says so.
pub fn recipe(numbers: Numbers) -> BoxedStrategy<Recipe> {
    let text = (0..2usize, regular()).prop_map(|(which, regular)| Recipe::Text(which, regular));
    let flag = (0..2usize).prop_map(Recipe::Flag);
    let atom = match numbers {
        Numbers::None => prop_oneof![1 => flag, 5 => text].boxed(),
        Numbers::Some => prop_oneof![
            1 => flag,
            1 => (0..1usize, regular()).prop_map(|(which, regular)| Recipe::Text(which, regular)),
            3 => (prop::collection::vec((-2..3i32, 0..2usize), 1..3), relation(), -3..4i32)
                .prop_map(|(terms, relation, constant)| Recipe::Integer(terms, relation, constant)),
            2 => (0..16u8, 28..=32u8).prop_map(|(last, prefix)| Recipe::Block(last, prefix)),
        ]
        .boxed(),
    };
    formula(atom)
}

/// Formulas about texts that depend on one another.
pub fn joined_recipe() -> BoxedStrategy<Recipe> {
    let part = prop_oneof![
        3 => (0..2usize).prop_map(Part::Value),
        2 => glob().prop_map(Part::Some),
        2 => prop_oneof![Just("a"), Just("b"), Just("é")].prop_map(|text| Part::Some(Regular::text(text))),
    ];
    let join =
        (0..2usize, prop::collection::vec(part, 1..4)).prop_map(|(which, parts)| Recipe::Join(which, parts));
    let text = (0..2usize, regular()).prop_map(|(which, regular)| Recipe::Text(which, regular));
    formula(prop_oneof![2 => join, 2 => text].boxed())
}

/// Many literals at once, each of them about the same two texts: patterns with wildcards inside, concatenations of one value and of two, and
/// what the texts spell.
pub fn crowded_recipe() -> impl Strategy<Value = Recipe> {
    let part = prop_oneof![
        3 => (0..2usize).prop_map(Part::Value),
        2 => Just(Part::Some(Regular::anything())),
        2 => prop_oneof![Just("a"), Just("b"), Just("é")].prop_map(|text| Part::Some(Regular::text(text))),
    ];
    let join =
        (0..2usize, prop::collection::vec(part, 1..5)).prop_map(|(which, parts)| Recipe::Join(which, parts));
    let text = (0..2usize, glob()).prop_map(|(which, regular)| Recipe::Text(which, regular));
    let literal = (prop_oneof![2 => join, 3 => text], prop::bool::ANY)
        .prop_map(|(atom, holds)| if holds { atom } else { Recipe::Not(Box::new(atom)) });
    prop::collection::vec(literal, 3..9).prop_map(Recipe::And)
}

/// Formulas about texts that spell numbers.
pub fn spelled_recipe() -> BoxedStrategy<Recipe> {
    let spells = (0..1usize, 0..2usize).prop_map(|(text, integer)| Recipe::Spells(text, integer));
    let text = regular().prop_map(|regular| Recipe::Text(0, regular));
    let number = (prop::collection::vec((-1..2i32, 0..2usize), 1..3), relation(), -1..4i32)
        .prop_map(|(terms, relation, constant)| Recipe::Integer(terms, relation, constant));
    formula(prop_oneof![2 => spells, 2 => text, 2 => number].boxed())
}

fn formula(atom: BoxedStrategy<Recipe>) -> BoxedStrategy<Recipe> {
    atom.prop_recursive(3, 14, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|part| Recipe::Not(Box::new(part))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Recipe::And),
            prop::collection::vec(inner, 1..4).prop_map(Recipe::Or),
        ]
    })
    .boxed()
}

/// Whether formulas speak of numbers and addresses.
#[derive(Clone, Copy, Debug)]
pub enum Numbers {
    None,
    Some,
}
