//! Writes questions as SMT-LIB 2.6 scripts, for Z3's own theory of strings and for any other solver.
//!
//! The theory of strings has the characters up to U+2FFFF, surrogates included; ours has the Unicode scalar values. A range that ends before
//! the surrogates is written to end after them, so they are told from the character before them by nothing, and the characters beyond are
//! told from U+2FFFF by nothing unless some set does; then the script says that it is no exact rendering. Neither is it one where a text
//! spells a number: of that the script keeps only that the text is one of the spellings. An inexact script is never stronger than the
//! question: if it has no solution, nor has the question.

mod expressions;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::net::IpAddr;

use num_bigint::BigInt;

use self::expressions::{joined, text_literal};
use super::formula::{
    AddressVariable, Block, Flag, Formula, Formulas, IntegerVariable, Language, Node, Piece, Relation,
    TextVariable,
};
use super::occurring::Occurring;
use super::regular::Regular;

/// A question as a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The whole script, with `check-sat` and `get-model` at its end.
    pub text: String,
    /// Why it is weaker than the question, if it is: the constructs that it renders only in part.
    pub weaker: Vec<String>,
}

/// The last character of SMT-LIB's strings.
const LAST: u32 = 0x2_FFFF;

impl Script {
    /// The script that asks for an assignment under which the goal is true.
    pub fn of(formulas: &Formulas, goal: Formula) -> Script {
        Script::of_literals(formulas, &[(goal, true)])
    }

    /// The script that asks for an assignment under which each formula has its value.
    pub fn of_literals(formulas: &Formulas, literals: &[(Formula, bool)]) -> Script {
        let mut writer =
            Writer { formulas, text: String::new(), weaker: BTreeSet::new(), widened: 0, pieces: 0 };
        let nodes = reachable(formulas, literals);
        writer.declare(&nodes);
        for &formula in &nodes {
            writer.define(formula);
        }
        for (formula, value) in literals {
            let name = node_name(*formula);
            writer.line(&if *value { format!("(assert {name})") } else { format!("(assert (not {name}))") });
        }
        writer.line("(check-sat)");
        writer.line("(get-model)");
        let weaker: Vec<String> = writer.weaker.into_iter().collect();
        let mut text = String::from("; Is there an assignment under which the goal is true?\n");
        for construct in &weaker {
            text.push_str(&format!(
                "; Weaker than the question: {construct}. Only `unsat` is an answer to it.\n"
            ));
        }
        text.push_str("(set-option :produce-models true)\n(set-logic ALL)\n");
        text.push_str(&writer.text);
        Script { text, weaker }
    }
}

/// All formulas beneath the literals. A formula is made after its parts, so this order names parts first.
pub(super) fn reachable(formulas: &Formulas, literals: &[(Formula, bool)]) -> BTreeSet<Formula> {
    let mut met: BTreeSet<Formula> = BTreeSet::new();
    let mut pending: Vec<Formula> = literals.iter().map(|(formula, _)| *formula).collect();
    while let Some(formula) = pending.pop() {
        if !met.insert(formula) {
            continue;
        }
        match formulas.node(formula) {
            Node::Not(inner) => pending.push(*inner),
            Node::And(parts) | Node::Or(parts) => pending.extend(parts.iter()),
            Node::True
            | Node::False
            | Node::Flag(_)
            | Node::InLanguage(..)
            | Node::Concatenation(..)
            | Node::Linear(..)
            | Node::InBlock(..)
            | Node::Spells(..)
            | Node::SpellsAddress(..) => {}
        }
    }
    met
}

struct Writer<'a> {
    formulas: &'a Formulas,
    text: String,
    weaker: BTreeSet<String>,
    /// How many expressions were written as larger languages than they are.
    widened: usize,
    /// How many constants for pieces have been declared.
    pieces: usize,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn declare(&mut self, nodes: &BTreeSet<Formula>) {
        let occurring = Occurring::among(self.formulas, nodes.iter());
        for flag in occurring.flags {
            self.line(&format!("(declare-const {} Bool)", symbol(&flag_name(self.formulas, flag))));
        }
        for text in occurring.texts {
            let name = symbol(&text_name(self.formulas, text));
            self.line(&format!("(declare-const {name} String)"));
            let domain = self.formulas.text_variables().get(text.index()).map(|(_, domain)| *domain);
            if let Some(domain) = domain.and_then(|domain| self.formulas.regular(domain))
                && *domain != Regular::anything()
            {
                let domain = self.regular(domain);
                self.line(&format!("(assert (str.in_re {name} {domain}))"));
            }
        }
        for integer in occurring.integers {
            self.line(&format!("(declare-const {} Int)", symbol(&integer_name(self.formulas, integer))));
        }
        for address in occurring.addresses {
            for (part, sort) in [("v6", "Bool"), ("bits4", "(_ BitVec 32)"), ("bits6", "(_ BitVec 128)")] {
                let name = symbol(&address_name(self.formulas, address, part));
                self.line(&format!("(declare-const {name} {sort})"));
            }
        }
    }

    /// Gives the formula a name, in terms of those of its parts.
    fn define(&mut self, formula: Formula) {
        let junction = |word: &str, parts: &[Formula]| {
            let parts: Vec<String> = parts.iter().map(|&part| node_name(part)).collect();
            format!("({word} {})", parts.join(" "))
        };
        let body = match self.formulas.node(formula) {
            Node::True => "true".to_owned(),
            Node::False => "false".to_owned(),
            Node::Not(inner) => format!("(not {})", node_name(*inner)),
            Node::And(parts) => junction("and", parts),
            Node::Or(parts) => junction("or", parts),
            Node::Flag(flag) => symbol(&flag_name(self.formulas, *flag)),
            Node::InLanguage(text, language) => return self.define_membership(formula, *text, *language),
            Node::Linear(terms, relation, constant) => self.linear(terms, *relation, constant),
            Node::InBlock(address, block) => self.in_block(*address, *block),
            Node::Concatenation(text, pieces) => return self.define_concatenation(formula, *text, pieces),
            Node::Spells(text, notation, _) => {
                return self.define_spelling(formula, *text, notation.name, &(notation.spellings)());
            }
            Node::SpellsAddress(text, notation, _) => {
                return self.define_spelling(formula, *text, notation.name, &(notation.spellings)());
            }
        };
        self.line(&format!("(define-fun {} () Bool {body})", node_name(formula)));
    }

    fn define_membership(&mut self, formula: Formula, text: TextVariable, language: Language) {
        let (node, name) = (node_name(formula), symbol(&text_name(self.formulas, text)));
        let before = self.widened;
        let regular =
            self.formulas.regular(language).map_or_else(|| "re.none".to_owned(), |one| self.regular(one));
        if self.widened == before {
            return self.line(&format!("(define-fun {node} () Bool (str.in_re {name} {regular}))"));
        }
        self.line(&format!("(declare-const {node} Bool)"));
        self.line(&format!("(assert (=> {node} (str.in_re {name} {regular})))"));
    }

    /// A constant that is true only where the text is one of the spellings.
    fn define_spelling(&mut self, formula: Formula, text: TextVariable, notation: &str, spellings: &Regular) {
        self.weaker.insert(format!("of spellings as {notation} it keeps their form alone"));
        let (node, name) = (node_name(formula), symbol(&text_name(self.formulas, text)));
        let spellings = self.regular(spellings);
        self.line(&format!("(declare-const {node} Bool)"));
        self.line(&format!("(assert (=> {node} (str.in_re {name} {spellings})))"));
    }

    fn linear(&self, terms: &[(BigInt, IntegerVariable)], relation: Relation, constant: &BigInt) -> String {
        let terms: Vec<String> = terms
            .iter()
            .map(|(factor, integer)| {
                format!("(* {} {})", numeral(factor), symbol(&integer_name(self.formulas, *integer)))
            })
            .collect();
        let sum = match terms.as_slice() {
            [] => "0".to_owned(),
            [only] => only.clone(),
            several => format!("(+ {})", several.join(" ")),
        };
        let relation = match relation {
            Relation::Less => "<",
            Relation::LessOrEqual => "<=",
            Relation::Equal => "=",
        };
        format!("({relation} {sum} {})", numeral(constant))
    }

    fn in_block(&self, address: AddressVariable, block: Block) -> String {
        let name = |part| symbol(&address_name(self.formulas, address, part));
        let (family, bits, written, prefix) = match block.address {
            IpAddr::V4(base) => (
                format!("(not {})", name("v6")),
                name("bits4"),
                format!("{:032b}", base.to_bits()),
                usize::from(block.prefix.min(32)),
            ),
            IpAddr::V6(base) => (
                name("v6"),
                name("bits6"),
                format!("{:0128b}", base.to_bits()),
                usize::from(block.prefix.min(128)),
            ),
        };
        if prefix == 0 {
            return family;
        }
        let shared: String = written.chars().take(prefix).collect();
        let (high, low) = (written.len() - 1, written.len() - prefix);
        format!("(and {family} (= ((_ extract {high} {low}) {bits}) #b{shared}))")
    }

    /// Where nothing but plain text stands around the values, and anything at all before or after them, the theory has a word for it. Else a
    /// constant for each piece says that there are such texts, and an expression that holds values says that there are none.
    fn define_concatenation(&mut self, formula: Formula, text: TextVariable, pieces: &[Piece]) {
        let (node, name) = (node_name(formula), symbol(&text_name(self.formulas, text)));
        if let Some(plain) = self.plain_concatenation(&name, pieces) {
            return self.line(&format!("(define-fun {node} () Bool {plain})"));
        }
        let before = self.widened;
        let mut sum: Vec<String> = Vec::new();
        let mut row: Vec<String> = Vec::new();
        let mut conditions: Vec<String> = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Value(variable) => {
                    let value = symbol(&text_name(self.formulas, *variable));
                    row.push(format!("(str.to_re {value})"));
                    sum.push(value);
                }
                // SMT-LIB has no word for the cases of letters: what stands here is of the value's length, and no more is said.
                Piece::Folded(variable) => {
                    let value = symbol(&text_name(self.formulas, *variable));
                    let constant = self.piece();
                    conditions.push(format!("(= (str.len {constant}) (str.len {value}))"));
                    sum.push(constant);
                    self.widened += 1;
                    self.weaker
                        .insert("it does not say of two texts that they are equal ignoring case".to_owned());
                }
                // Nor has it one for the texts that a value stands for: what stands here is any text.
                Piece::Taken(..) => {
                    let constant = self.piece();
                    sum.push(constant);
                    self.widened += 1;
                    self.weaker.insert("it does not say which texts a value stands for".to_owned());
                }
                Piece::Some(language) => {
                    let Some(regular) = self.formulas.regular(*language) else { continue };
                    let regular = self.regular(regular);
                    let constant = self.piece();
                    conditions.push(format!("(str.in_re {constant} {regular})"));
                    row.push(regular);
                    sum.push(constant);
                }
            }
        }
        conditions.push(format!("(= {name} {})", joined("str.++", "\"\"", sum)));
        let row = joined("re.++", "(str.to_re \"\")", row);
        self.line(&format!("(declare-const {node} Bool)"));
        self.line(&format!("(assert (=> {node} (and {})))", conditions.join(" ")));
        if self.widened == before {
            self.line(&format!("(assert (=> (not {node}) (not (str.in_re {name} {row}))))"));
        }
    }

    /// A new constant for the text of a piece.
    fn piece(&mut self) -> String {
        let constant = format!("|piece {}|", self.pieces);
        self.pieces += 1;
        self.line(&format!("(declare-const {constant} String)"));
        constant
    }

    fn plain_concatenation(&self, name: &str, pieces: &[Piece]) -> Option<String> {
        let mut before = false;
        let mut after = false;
        let mut sum: Vec<String> = Vec::new();
        for piece in pieces {
            if after {
                return None;
            }
            match piece {
                Piece::Value(variable) => sum.push(symbol(&text_name(self.formulas, *variable))),
                Piece::Folded(_) | Piece::Taken(..) => return None,
                Piece::Some(language) => {
                    let regular = self.formulas.regular(*language)?;
                    let (opens, plain, closes) = match plain_text(regular)? {
                        // Anything at all, alone: it stands before the rest, or after it.
                        (_, plain, true) if plain.is_empty() => (sum.is_empty(), plain, !sum.is_empty()),
                        shape => shape,
                    };
                    if opens && !sum.is_empty() {
                        return None;
                    }
                    before |= opens;
                    after |= closes;
                    if !plain.is_empty() {
                        sum.push(text_literal(&plain)?);
                    }
                }
            }
        }
        let middle = joined("str.++", "\"\"", sum);
        Some(match (before, after) {
            (false, false) => format!("(= {name} {middle})"),
            (false, true) => format!("(str.prefixof {middle} {name})"),
            (true, false) => format!("(str.suffixof {middle} {name})"),
            (true, true) => format!("(str.contains {name} {middle})"),
        })
    }
}

/// An expression that is plain text, perhaps with anything before or after it: whether before, the text, whether after.
fn plain_text(regular: &Regular) -> Option<(bool, String, bool)> {
    let parts = match regular {
        Regular::Sequence(parts) => parts.as_slice(),
        Regular::Text(_) | Regular::Character(_) | Regular::Choice(_) | Regular::Repeat { .. } => {
            std::slice::from_ref(regular)
        }
    };
    let anything = Regular::anything();
    let mut opens = false;
    let mut closes = false;
    let mut plain = String::new();
    for (position, part) in parts.iter().enumerate() {
        match part {
            Regular::Text(text) if !closes => plain.push_str(text),
            other if *other == anything && position == 0 && parts.len() > 1 => opens = true,
            other if *other == anything => closes = true,
            Regular::Text(_)
            | Regular::Character(_)
            | Regular::Sequence(_)
            | Regular::Choice(_)
            | Regular::Repeat { .. } => return None,
        }
    }
    Some((opens, plain, closes))
}

fn numeral(value: &BigInt) -> String {
    if *value < BigInt::from(0) { format!("(- {})", value.magnitude()) } else { value.to_string() }
}

/// The name of the constant or definition that stands for the formula.
pub(super) fn node_name(formula: Formula) -> String {
    format!("f{}", formula.index())
}

/// A name as a quoted symbol.
fn symbol(name: &str) -> String {
    format!("|{name}|")
}

/// A variable's name in scripts: its number makes it unique, what cannot stand in a quoted symbol is left out.
fn unique(kind: char, number: usize, name: Option<&String>) -> String {
    let mut unique = format!("{kind}{number}");
    if let Some(name) = name {
        let plain =
            name.chars().filter(|character| matches!(character, ' '..='~') && !"|\\".contains(*character));
        // Writing to a text cannot fail.
        let _ = write!(unique, " {}", plain.collect::<String>());
    }
    unique
}

pub(super) fn flag_name(formulas: &Formulas, flag: Flag) -> String {
    unique('p', flag.index(), formulas.flag_names().get(flag.index()))
}

pub(super) fn text_name(formulas: &Formulas, text: TextVariable) -> String {
    unique('s', text.index(), formulas.text_variables().get(text.index()).map(|(name, _)| name))
}

pub(super) fn integer_name(formulas: &Formulas, integer: IntegerVariable) -> String {
    unique('n', integer.index(), formulas.integer_names().get(integer.index()))
}

/// The name of a part of an address: `v6`, `bits4` or `bits6`.
pub(super) fn address_name(formulas: &Formulas, address: AddressVariable, part: &str) -> String {
    format!("{} {part}", unique('a', address.index(), formulas.address_names().get(address.index())))
}
