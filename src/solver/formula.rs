//! Formulas over atoms: the language in which a question is put to the solver.
//!
//! Formulas live in a [`Formulas`] store, where equal ones are one (hash consing): a handle costs four bytes, and an atom that many
//! statements share is one atom. Building a formula simplifies by Boolean identities only; it never asks what an atom means.

use std::net::IpAddr;

use num_bigint::BigInt;

use super::interner::Interner;
use super::regular::Regular;
use super::taking::Taking;

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub(crate) u32);

        impl $name {
            /// The position in its store, counted from 0.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        })+
    };
}

handles! {
    /// A formula of a [`Formulas`] store.
    Formula,
    /// A variable that is true or false.
    Flag,
    /// A variable whose value is a text: a sequence of Unicode scalar values.
    TextVariable,
    /// A variable whose value is an integer without bounds.
    IntegerVariable,
    /// A variable whose value is an IPv4 or an IPv6 address.
    AddressVariable,
    /// A regular language that atoms of the store speak of.
    Language,
}

/// The shape of a formula.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// Holds always.
    True,
    /// Holds never.
    False,
    /// Holds iff the flag is true.
    Flag(Flag),
    /// Holds iff the text belongs to the language.
    InLanguage(TextVariable, Language),
    /// Holds iff the text is one text of each piece, in order.
    Concatenation(TextVariable, Box<[Piece]>),
    /// Holds iff the sum of the terms stands in the relation to the constant.
    Linear(Box<[(BigInt, IntegerVariable)]>, Relation, BigInt),
    /// Holds iff the address is of the block's family and equal to it under its mask.
    InBlock(AddressVariable, Block),
    /// Holds iff the text is a spelling, in this notation, of the integer.
    Spells(TextVariable, Notation, IntegerVariable),
    /// Holds iff the text is a spelling, in this notation, of the address.
    SpellsAddress(TextVariable, AddressNotation, AddressVariable),
    /// Holds iff the formula does not.
    Not(Formula),
    /// Holds iff all do; at least two, sorted, none of them an `And`.
    And(Box<[Formula]>),
    /// Holds iff one does; at least two, sorted, none of them an `Or`.
    Or(Box<[Formula]>),
}

/// A part of a concatenation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// Some text of the language.
    Some(Language),
    /// The value of the variable.
    Value(TextVariable),
    /// A text that is equal to the value of the variable if ASCII letters are compared without their case.
    Folded(TextVariable),
    /// A text that the value of the variable stands for, if it is taken so.
    Taken(TextVariable, Taking),
}

impl Piece {
    /// The variable whose value the piece depends on.
    pub fn variable(&self) -> Option<TextVariable> {
        match self {
            Piece::Value(variable) | Piece::Folded(variable) | Piece::Taken(variable, _) => Some(*variable),
            Piece::Some(_) => None,
        }
    }
}

/// A relation between integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// `<`
    Less,
    /// `≤`
    LessOrEqual,
    /// `=`
    Equal,
}

/// A block of addresses: those that share the first `prefix` bits with `address`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Block {
    /// An address of the block.
    pub address: IpAddr,
    /// 0 to 32, or 0 to 128.
    pub prefix: u8,
}

/// A way of writing integers as texts: what is needed to read, to write, and to reason about all spellings at once.
#[derive(Clone, Copy, Debug)]
pub struct Notation {
    /// Its name, by which notations are equal.
    pub name: &'static str,
    /// The integer that a text spells; `None` where it spells none.
    pub read: fn(&str) -> Option<BigInt>,
    /// Spellings of an integer, the plainest first; empty where it has none.
    pub write: fn(&BigInt) -> Vec<String>,
    /// The language of all spellings.
    pub spellings: fn() -> Regular,
    /// A language that contains every spelling of this integer and of all greater ones.
    pub at_least: fn(&BigInt) -> Regular,
    /// A language that contains every spelling of this integer and of all lesser ones.
    pub at_most: fn(&BigInt) -> Regular,
    /// A language that contains of all spellings those of this integer, and no others.
    pub exactly: fn(&BigInt) -> Regular,
}

/// A way of writing addresses as texts.
#[derive(Clone, Copy, Debug)]
pub struct AddressNotation {
    /// Its name, by which notations are equal.
    pub name: &'static str,
    /// The address that a text spells; `None` where it spells none.
    pub read: fn(&str) -> Option<IpAddr>,
    /// Spellings of an address, the plainest first.
    pub write: fn(&IpAddr) -> Vec<String>,
    /// The language of all spellings.
    pub spellings: fn() -> Regular,
    /// A language that contains of all spellings those of the addresses in this block, and no others.
    pub within: fn(Block) -> Regular,
}

macro_rules! equal_by_name {
    ($($name:ident),+) => {
        $(impl PartialEq for $name {
            fn eq(&self, other: &$name) -> bool {
                self.name == other.name
            }
        }

        impl Eq for $name {}

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.name.hash(state);
            }
        })+
    };
}

equal_by_name!(Notation, AddressNotation);

/// A store of formulas, their variables and their languages.
#[derive(Debug)]
pub struct Formulas {
    nodes: Interner<Node>,
    languages: Interner<Regular>,
    flags: Vec<String>,
    texts: Vec<(String, Language)>,
    integers: Vec<String>,
    addresses: Vec<String>,
}

impl Default for Formulas {
    fn default() -> Formulas {
        Formulas::new()
    }
}

impl Formulas {
    /// An empty store.
    pub fn new() -> Formulas {
        let mut formulas = Formulas {
            nodes: Interner::default(),
            languages: Interner::default(),
            flags: Vec::new(),
            texts: Vec::new(),
            integers: Vec::new(),
            addresses: Vec::new(),
        };
        formulas.intern(Node::True);
        formulas.intern(Node::False);
        formulas
    }

    /// Holds always.
    pub fn verum(&self) -> Formula {
        Formula(0)
    }

    /// Holds never.
    pub fn falsum(&self) -> Formula {
        Formula(1)
    }

    /// A new flag. The name is for people; names need not differ.
    pub fn new_flag(&mut self, name: impl Into<String>) -> Flag {
        self.flags.push(name.into());
        Flag(position(self.flags.len()))
    }

    /// A new text variable that ranges over the texts of `domain`.
    pub fn new_text(&mut self, name: impl Into<String>, domain: Regular) -> TextVariable {
        let domain = self.language(domain);
        self.texts.push((name.into(), domain));
        TextVariable(position(self.texts.len()))
    }

    /// A new integer variable.
    pub fn new_integer(&mut self, name: impl Into<String>) -> IntegerVariable {
        self.integers.push(name.into());
        IntegerVariable(position(self.integers.len()))
    }

    /// A new address variable.
    pub fn new_address(&mut self, name: impl Into<String>) -> AddressVariable {
        self.addresses.push(name.into());
        AddressVariable(position(self.addresses.len()))
    }

    /// The store's handle for a language.
    pub fn language(&mut self, regular: Regular) -> Language {
        Language(self.languages.number(regular))
    }

    /// Holds iff the flag is true.
    pub fn flag(&mut self, flag: Flag) -> Formula {
        self.intern(Node::Flag(flag))
    }

    /// Holds iff the text belongs to the language.
    pub fn in_language(&mut self, text: TextVariable, regular: Regular) -> Formula {
        let language = self.language(regular);
        self.intern(Node::InLanguage(text, language))
    }

    /// Holds iff the text is one text of each piece, in order.
    pub fn concatenation(&mut self, text: TextVariable, pieces: impl IntoIterator<Item = Piece>) -> Formula {
        self.intern(Node::Concatenation(text, pieces.into_iter().collect()))
    }

    /// Holds iff the sum of the terms stands in the relation to the constant.
    pub fn linear(
        &mut self,
        terms: impl IntoIterator<Item = (BigInt, IntegerVariable)>,
        relation: Relation,
        constant: BigInt,
    ) -> Formula {
        self.intern(Node::Linear(terms.into_iter().collect(), relation, constant))
    }

    /// Holds iff the integer stands in the relation to the constant.
    pub fn compare(&mut self, integer: IntegerVariable, relation: Relation, constant: BigInt) -> Formula {
        self.linear([(BigInt::from(1), integer)], relation, constant)
    }

    /// Holds iff the address is in the block.
    pub fn in_block(&mut self, address: AddressVariable, block: Block) -> Formula {
        self.intern(Node::InBlock(address, block))
    }

    /// Holds iff the text is a spelling of the integer.
    pub fn spells(&mut self, text: TextVariable, notation: Notation, integer: IntegerVariable) -> Formula {
        self.intern(Node::Spells(text, notation, integer))
    }

    /// Holds iff the text is a spelling of the address.
    pub fn spells_address(
        &mut self,
        text: TextVariable,
        notation: AddressNotation,
        address: AddressVariable,
    ) -> Formula {
        self.intern(Node::SpellsAddress(text, notation, address))
    }

    /// Holds iff the formula does not.
    pub fn not(&mut self, formula: Formula) -> Formula {
        match self.node(formula) {
            Node::True => self.falsum(),
            Node::False => self.verum(),
            Node::Not(inner) => *inner,
            Node::Flag(_)
            | Node::InLanguage(..)
            | Node::Concatenation(..)
            | Node::Linear(..)
            | Node::InBlock(..)
            | Node::Spells(..)
            | Node::SpellsAddress(..)
            | Node::And(_)
            | Node::Or(_) => self.intern(Node::Not(formula)),
        }
    }

    /// Holds iff all of them do; without any it holds always.
    pub fn and(&mut self, formulas: impl IntoIterator<Item = Formula>) -> Formula {
        self.junction(formulas, Junction::And)
    }

    /// Holds iff one of them does; without any it holds never.
    pub fn or(&mut self, formulas: impl IntoIterator<Item = Formula>) -> Formula {
        self.junction(formulas, Junction::Or)
    }

    /// Holds iff the second does wherever the first does.
    pub fn implies(&mut self, premise: Formula, conclusion: Formula) -> Formula {
        let negated = self.not(premise);
        self.or([negated, conclusion])
    }

    /// Holds iff both do or neither does.
    pub fn iff(&mut self, left: Formula, right: Formula) -> Formula {
        let forth = self.implies(left, right);
        let back = self.implies(right, left);
        self.and([forth, back])
    }

    /// The shape of a formula of this store.
    pub fn node(&self, formula: Formula) -> &Node {
        self.nodes.item(formula.index()).unwrap_or(&Node::False)
    }

    /// The expression of a language of this store.
    pub fn regular(&self, language: Language) -> Option<&Regular> {
        self.languages.item(language.index())
    }

    /// The names of the flags, in the order of their making.
    pub fn flag_names(&self) -> &[String] {
        &self.flags
    }

    /// The names and domains of the text variables, in the order of their making.
    pub fn text_variables(&self) -> &[(String, Language)] {
        &self.texts
    }

    /// The names of the integer variables, in the order of their making.
    pub fn integer_names(&self) -> &[String] {
        &self.integers
    }

    /// The names of the address variables, in the order of their making.
    pub fn address_names(&self) -> &[String] {
        &self.addresses
    }

    /// How many variables there are, of all kinds together.
    pub fn variables(&self) -> usize {
        self.flags.len() + self.texts.len() + self.integers.len() + self.addresses.len()
    }

    /// How many formulas the store holds.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the store holds nothing; it never does, since truth and falsehood are always there.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 0
    }

    fn intern(&mut self, node: Node) -> Formula {
        Formula(self.nodes.number(node))
    }

    /// Flattens, sorts, drops what is neutral, and notices what decides the whole: the absorbing constant, or a formula beside its negation.
    fn junction(&mut self, formulas: impl IntoIterator<Item = Formula>, junction: Junction) -> Formula {
        let (neutral, absorbing) = match junction {
            Junction::And => (self.verum(), self.falsum()),
            Junction::Or => (self.falsum(), self.verum()),
        };
        let mut parts: Vec<Formula> = Vec::new();
        for formula in formulas {
            match (self.node(formula), junction) {
                (Node::And(inner), Junction::And) | (Node::Or(inner), Junction::Or) => {
                    parts.extend(inner.iter())
                }
                _ => parts.push(formula),
            }
        }
        parts.sort_unstable();
        parts.dedup();
        parts.retain(|&part| part != neutral);
        let contradicts = |part: &Formula| {
            *part == absorbing
                || matches!(self.node(*part), Node::Not(inner) if parts.binary_search(inner).is_ok())
        };
        if parts.iter().any(contradicts) {
            return absorbing;
        }
        match (parts.as_slice(), junction) {
            ([], _) => neutral,
            ([only], _) => *only,
            (_, Junction::And) => self.intern(Node::And(parts.into_boxed_slice())),
            (_, Junction::Or) => self.intern(Node::Or(parts.into_boxed_slice())),
        }
    }
}

#[derive(Clone, Copy)]
enum Junction {
    And,
    Or,
}

/// The handle of what was pushed last. A store of four thousand million formulas would have exhausted memory long before.
fn position(length: usize) -> u32 {
    u32::try_from(length.saturating_sub(1)).unwrap_or(u32::MAX)
}
