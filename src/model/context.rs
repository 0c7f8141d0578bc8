//! A symbolic context key: every value and every list of values that a context can hold for it.
//!
//! A key is absent, has one value, or has a list. Its first symbolic value serves as the one value and as the first of the list, since no
//! context has both.
//!
//! **A list needs few symbolic elements.** Policies speak of a list only by set operators, and each of them says of some test whether *some*
//! element passes it (`ForAllValues` says that none fails it, COND-11). Let `X` be a list of some request, and `n` the number of distinct
//! tests asked of it. Keep for each test that some element of `X` passes one such element: the shortened list gives the same answer to
//! every test, for what it keeps passes the tests that it is kept for, and a test that no element of `X` passes no part of `X` passes. The one
//! other thing that is asked of a list is whether it counts as missing: empty, or exactly `[""]`. If `X` does not count as missing, keep
//! one more element, a text that is not empty if `X` has one; else all elements are empty and there are at least two, which is kept by
//! keeping two. So `n + 1` elements suffice wherever something is asked, and none where nothing is. Rules that join keys ask more
//! (each adds an element, [`SymbolicKey::reserve`]): a list that must contain a tag key, or whose first and last element are keys of their own; the
//! order of the elements that are kept is that of `X`, so the first and the last stay first and last.
//!
//! The elements in use are the first ones of the row, so the length of the list is the number of flags [`SymbolicKey::listed`] that are true.

use num_bigint::BigInt;

use super::address::ADDRESS;
use super::condition::ElementTest;
use super::date::{INSTANT, SECOND, most_seconds, offset_range};
use super::number::{NUMBER, WIDE_NUMBER, beyond, bound};
use crate::iam::key::{Arity, DocumentedKey, KeyName, KeyType, documented};
use crate::solver::formula::{
    AddressVariable, Flag, Formula, Formulas, IntegerVariable, Notation, Relation, TextVariable,
};
use crate::solver::regular::Regular;

/// A context key of a symbolic request.
#[derive(Debug)]
pub(super) struct SymbolicKey {
    /// The name, in the spelling that came first.
    pub(super) name: KeyName,
    /// What the documents say of it.
    pub(super) row: Option<&'static DocumentedKey>,
    /// The key is in the context.
    pub(super) present: Flag,
    /// Its value is a list.
    pub(super) many: Flag,
    /// The list is empty.
    pub(super) empty: Flag,
    /// The list is exactly `[""]`.
    pub(super) blank: Flag,
    /// The one value, or the elements of the list in their order; the first always exists.
    pub(super) values: Vec<SymbolicValue>,
    /// Which elements the list has; as long as `values` once the key is settled, empty where nothing is asked of elements.
    pub(super) listed: Vec<Flag>,
    /// The tests asked of elements, each with the flag that is true iff some element of the list passes it.
    pub(super) tests: Vec<(ElementTest, Flag)>,
    /// Elements that rules which join keys ask for.
    reserved: usize,
}

/// A symbolic value: one text, seen as what the operators take it for. Only the views that somebody asks for exist.
#[derive(Debug)]
pub(super) struct SymbolicValue {
    name: String,
    pub(super) text: Option<TextVariable>,
    /// Whether the text is a number of COND-22, and which: its value times 10³⁰.
    pub(super) number: Option<(Flag, IntegerVariable)>,
    /// Whether the text is a number that may have an exponent, and which: as [`super::number::WIDE_NUMBER`] has it.
    pub(super) wide_number: Option<(Flag, IntegerVariable)>,
    /// Whether the text is a date of COND-25, and which instant in nanoseconds.
    pub(super) instant: Option<(Flag, IntegerVariable)>,
    /// Whether the text is an address of COND-30, and which.
    pub(super) address: Option<(Flag, AddressVariable)>,
}

impl SymbolicKey {
    pub(super) fn new(formulas: &mut Formulas, name: &KeyName) -> SymbolicKey {
        SymbolicKey {
            row: documented(name),
            present: formulas.new_flag(format!("{name} is present")),
            many: formulas.new_flag(format!("{name} is a list")),
            empty: formulas.new_flag(format!("{name} is an empty list")),
            blank: formulas.new_flag(format!("{name} is a list of the empty text")),
            values: vec![SymbolicValue::new(name.to_string())],
            listed: Vec::new(),
            tests: Vec::new(),
            reserved: 0,
            name: name.clone(),
        }
    }

    /// Holds iff the context has one value for the key, not a list.
    pub(super) fn single(&self, formulas: &mut Formulas) -> Formula {
        let present = formulas.flag(self.present);
        let many = formulas.flag(self.many);
        let one = formulas.not(many);
        formulas.and([present, one])
    }

    /// Holds iff the context has a list for the key, which may be empty.
    pub(super) fn multivalued(&self, formulas: &mut Formulas) -> Formula {
        let present = formulas.flag(self.present);
        let many = formulas.flag(self.many);
        formulas.and([present, many])
    }

    /// Asks for elements beside those that the tests need.
    pub(super) fn reserve(&mut self, elements: usize) {
        self.reserved = self.reserved.max(elements);
    }

    /// Makes the row at least so long.
    pub(super) fn lengthen(&mut self, formulas: &mut Formulas, length: usize) {
        while self.values.len() < length {
            self.values.push(SymbolicValue::new(format!("{} [{}]", self.name, self.values.len())));
        }
        while self.listed.len() < self.values.len() {
            let flag = formulas.new_flag(format!("{} has element {}", self.name, self.listed.len()));
            self.listed.push(flag);
        }
    }

    /// Makes as many elements as the tests and the reservations need; none where nothing is asked of elements.
    ///
    /// A key that the documents give one value has no list in a well-formed request, so one element is enough there.
    pub(super) fn make_elements(&mut self, formulas: &mut Formulas) {
        let asked = self.tests.len() + self.reserved;
        let one_value = self.row.is_some_and(|row| row.arity == Arity::Single);
        match (asked, one_value) {
            (0, _) => {}
            (_, true) => self.lengthen(formulas, 1),
            (_, false) => self.lengthen(formulas, asked + 1),
        }
    }

    /// Holds iff the flags of the list say what they mean: elements in a row from the first on, and whether it is empty or `[""]`.
    pub(super) fn shape(&mut self, formulas: &mut Formulas) -> Formula {
        let (empty, blank) = (formulas.flag(self.empty), formulas.flag(self.blank));
        let listed: Vec<Formula> = self.listed.iter().map(|&flag| formulas.flag(flag)).collect();
        let Some(&first) = listed.first() else {
            let both = formulas.and([empty, blank]);
            return formulas.not(both);
        };
        let mut parts = Vec::with_capacity(listed.len() + 1);
        for pair in listed.windows(2) {
            if let [before, behind] = pair {
                parts.push(formulas.implies(*behind, *before));
            }
        }
        let second = listed.get(1).copied().unwrap_or(formulas.falsum());
        let none = formulas.not(first);
        let no_second = formulas.not(second);
        let without_text = match self.values.first_mut() {
            Some(value) => {
                let text = value.text(formulas);
                formulas.in_language(text, Regular::text(""))
            }
            None => formulas.falsum(),
        };
        let one_blank = formulas.and([first, no_second, without_text]);
        parts.push(formulas.iff(empty, none));
        parts.push(formulas.iff(blank, one_blank));
        formulas.and(parts)
    }

    /// Whether the documents say that the key's values are of this type.
    pub(super) fn has_type(&self, value: KeyType) -> bool {
        self.row.is_some_and(|row| row.value == value)
    }
}

impl SymbolicValue {
    fn new(name: String) -> SymbolicValue {
        SymbolicValue { name, text: None, number: None, wide_number: None, instant: None, address: None }
    }

    /// The value as a text.
    pub(super) fn text(&mut self, formulas: &mut Formulas) -> TextVariable {
        *self.text.get_or_insert_with(|| formulas.new_text(self.name.as_str(), Regular::anything()))
    }

    /// Whether the value is a number, and which, times 10³⁰.
    pub(super) fn number(&mut self, formulas: &mut Formulas) -> (Flag, IntegerVariable) {
        *self.number.get_or_insert_with(|| new_integer(formulas, &self.name, "a number"))
    }

    /// Whether the value is a number that may have an exponent, and which.
    pub(super) fn wide_number(&mut self, formulas: &mut Formulas) -> (Flag, IntegerVariable) {
        self.number(formulas);
        *self.wide_number.get_or_insert_with(|| new_integer(formulas, &self.name, "a number with exponent"))
    }

    /// Whether the value is a date, and which, in nanoseconds.
    pub(super) fn instant(&mut self, formulas: &mut Formulas) -> (Flag, IntegerVariable) {
        *self.instant.get_or_insert_with(|| new_integer(formulas, &self.name, "a date"))
    }

    /// Whether the value is an address, and which.
    pub(super) fn address(&mut self, formulas: &mut Formulas) -> (Flag, AddressVariable) {
        *self.address.get_or_insert_with(|| {
            let flag = formulas.new_flag(format!("{} is an address", self.name));
            (flag, formulas.new_address(self.name.as_str()))
        })
    }

    /// Holds iff the views speak of one text.
    ///
    /// A single typed view needs no text: every number of its range, every instant and every address has a spelling, and where the flag
    /// says that there is none, some text spells none. Two views meet in a text, unless the caller knows better ([`Meeting::Elsewhere`]).
    // Rule: COND-21.
    pub(super) fn agreement(&mut self, formulas: &mut Formulas, meeting: Meeting) -> Formula {
        let views = [self.number.is_some(), self.instant.is_some(), self.address.is_some()];
        let typed = views.into_iter().filter(|&in_use| in_use).count();
        let mut parts = Vec::new();
        if self.text.is_some() && typed > 0 || typed > 1 && meeting == Meeting::InText {
            self.meet_in_text(formulas, &mut parts);
        }
        if let Some((flag, number)) = self.number {
            let spelled = within(formulas, number, &-bound() + 1, bound() - 1);
            let flag = formulas.flag(flag);
            parts.push(formulas.implies(flag, spelled));
        }
        self.agree_on_number(formulas, &mut parts);
        if let Some((flag, instant)) = self.instant {
            let (first, last) = offset_range();
            let calendar = within(formulas, instant, first, last);
            let seconds = formulas.new_integer(format!("seconds of {}", self.name));
            let whole = formulas.linear(
                [(1.into(), instant), ((-SECOND).into(), seconds)],
                Relation::Equal,
                0.into(),
            );
            let short = within(formulas, seconds, -most_seconds(), most_seconds());
            let digits = formulas.and([whole, short]);
            let spelled = formulas.or([calendar, digits]);
            let flag = formulas.flag(flag);
            parts.push(formulas.implies(flag, spelled));
        }
        formulas.and(parts)
    }

    /// A number without exponent is the same with the other view; and where there is no text, every other value has a spelling.
    fn agree_on_number(&mut self, formulas: &mut Formulas, parts: &mut Vec<Formula>) {
        let (Some((plain, number)), Some((wide, wide_number))) = (self.number, self.wide_number) else {
            return;
        };
        let (plain, wide) = (formulas.flag(plain), formulas.flag(wide));
        let terms = [(1.into(), wide_number), ((-10).into(), number)];
        let same = formulas.linear(terms, Relation::Equal, 0.into());
        let same = formulas.and([wide, same]);
        parts.push(formulas.implies(plain, same));
        if self.text.is_some() {
            return;
        }
        // Among numbers of policies: a multiple of 10⁻³⁰, or half of that behind one that is short enough to be spelled.
        let multiple = formulas.new_integer(format!("multiple of {}", self.name));
        let tenfold = [(1.into(), wide_number), ((-10).into(), multiple)];
        let exact = formulas.linear(tenfold.clone(), Relation::Equal, 0.into());
        let between = formulas.linear(tenfold, Relation::Equal, 5.into());
        let moved = within(formulas, multiple, &-bound() + 1, bound() - 1);
        let short = within(formulas, wide_number, &-bound() + 1, bound() - 1);
        let exact = formulas.and([exact, moved]);
        let between = formulas.and([between, short]);
        let above = formulas.compare(wide_number, Relation::Equal, beyond());
        let below = formulas.compare(wide_number, Relation::Equal, -beyond());
        let spelled = formulas.or([exact, between, above, below]);
        parts.push(formulas.implies(wide, spelled));
    }

    fn meet_in_text(&mut self, formulas: &mut Formulas, parts: &mut Vec<Formula>) {
        let text = self.text(formulas);
        let mut integers =
            |formulas: &mut Formulas, view: Option<(Flag, IntegerVariable)>, notation: Notation| {
                if let Some((flag, integer)) = view {
                    let spelled = formulas.spells(text, notation, integer);
                    let spells_some = formulas.in_language(text, (notation.spellings)());
                    let flag = formulas.flag(flag);
                    parts.push(formulas.iff(flag, spells_some));
                    parts.push(formulas.implies(flag, spelled));
                }
            };
        integers(formulas, self.number, NUMBER);
        integers(formulas, self.wide_number, WIDE_NUMBER);
        integers(formulas, self.instant, INSTANT);
        if let Some((flag, address)) = self.address {
            let spelled = formulas.spells_address(text, ADDRESS, address);
            let spells_some = formulas.in_language(text, (ADDRESS.spellings)());
            let flag = formulas.flag(flag);
            parts.push(formulas.iff(flag, spells_some));
            parts.push(formulas.implies(flag, spelled));
        }
    }
}

/// Where two typed views of one value meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meeting {
    /// In the text that both spell.
    InText,
    /// In an equation of their own.
    Elsewhere,
}

/// Holds iff the integer lies between the two, both included.
pub(super) fn within(
    formulas: &mut Formulas,
    integer: IntegerVariable,
    least: impl Into<BigInt>,
    most: impl Into<BigInt>,
) -> Formula {
    let below = formulas.compare(integer, Relation::Less, least.into());
    let above_or_at = formulas.not(below);
    let at_most = formulas.compare(integer, Relation::LessOrEqual, most.into());
    formulas.and([above_or_at, at_most])
}

fn new_integer(formulas: &mut Formulas, name: &str, what: &str) -> (Flag, IntegerVariable) {
    let flag = formulas.new_flag(format!("{name} is {what}"));
    (flag, formulas.new_integer(name))
}
