//! Z3: decides integers and addresses, and searches the truth values of large questions.
//!
//! Z3's context is local to a thread, and a new one takes two milliseconds. So one solver a thread and theory lives on, and each question
//! lies between a `push` and a `pop`. What a context did before may sway which model it finds, never whether there is one: of the shared
//! solvers only verdicts are used, and values are settled by further verdicts, so answers do not depend on a thread's past.

use std::cell::OnceCell;
use std::net::IpAddr;
use std::str::FromStr;

use num_bigint::BigInt;
use z3::ast::{BV, Bool, Int};
use z3::{Params, SatResult, Solver};

use super::formula::{Block, IntegerVariable, Relation};

/// A verdict of Z3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Some values fulfil all of them.
    Possible,
    /// None do.
    Impossible,
    /// Z3 gave up at its effort limit.
    Limit,
}

/// A linear atom, or its negation where `holds` is false.
#[derive(Clone, Debug)]
pub(super) struct LinearLiteral<'a> {
    pub(super) terms: &'a [(BigInt, IntegerVariable)],
    pub(super) relation: Relation,
    pub(super) constant: &'a BigInt,
    pub(super) holds: bool,
}

thread_local! {
    static INTEGERS: OnceCell<Solver> = const { OnceCell::new() };
    static ADDRESSES: OnceCell<Solver> = const { OnceCell::new() };
}

/// Whether integers exist that fulfil all the literals.
pub(super) fn integers_exist(literals: &[LinearLiteral<'_>], effort: u32) -> Verdict {
    INTEGERS.with(|cell| {
        let solver = cell.get_or_init(|| Solver::new_for_logic("QF_LIA").unwrap_or_default());
        verdict(solver, effort, literals.iter().map(linear))
    })
}

/// Whether an address lies in each block that is marked true, and outside of each that is marked false.
pub(super) fn address_exists(blocks: &[(Block, bool)], effort: u32) -> Verdict {
    ADDRESSES.with(|cell| {
        let solver = cell.get_or_init(|| Solver::new_for_logic("QF_BV").unwrap_or_default());
        let address = Address {
            is_v6: Bool::new_const("is v6"),
            v4: BV::new_const("v4", 32),
            v6: BV::new_const("v6", 128),
        };
        verdict(
            solver,
            effort,
            blocks.iter().map(|(block, inside)| {
                let formula = address.in_block(*block);
                if *inside { formula } else { formula.not() }
            }),
        )
    })
}

fn verdict(solver: &Solver, effort: u32, assertions: impl Iterator<Item = Bool>) -> Verdict {
    let mut parameters = Params::new();
    parameters.set_u32("rlimit", effort);
    solver.set_params(&parameters);
    solver.push();
    for assertion in assertions {
        solver.assert(&assertion);
    }
    let verdict = match solver.check() {
        SatResult::Sat => Verdict::Possible,
        SatResult::Unsat => Verdict::Impossible,
        SatResult::Unknown => Verdict::Limit,
    };
    solver.pop(1);
    verdict
}

fn linear(literal: &LinearLiteral<'_>) -> Bool {
    let terms: Vec<Int> =
        literal.terms.iter().map(|(factor, integer)| numeral(factor) * Int::new_const(integer.0)).collect();
    let sum = if terms.is_empty() { Int::from_i64(0) } else { Int::add(&terms) };
    let constant = numeral(literal.constant);
    let formula = match literal.relation {
        Relation::Less => sum.lt(&constant),
        Relation::LessOrEqual => sum.le(&constant),
        Relation::Equal => sum.eq(&constant),
    };
    if literal.holds { formula } else { formula.not() }
}

fn numeral(value: &BigInt) -> Int {
    match i64::try_from(value) {
        Ok(small) => Int::from_i64(small),
        Err(_) => Int::from_str(&value.to_string()).unwrap_or_else(|()| Int::fresh_const("unread")),
    }
}

/// An address for Z3: the family, and bits for either.
struct Address {
    is_v6: Bool,
    v4: BV,
    v6: BV,
}

impl Address {
    fn in_block(&self, block: Block) -> Bool {
        let (family, bits, size, prefix) = match block.address {
            IpAddr::V4(_) => (self.is_v6.not(), &self.v4, 32, u32::from(block.prefix.min(32))),
            IpAddr::V6(_) => (self.is_v6.clone(), &self.v6, 128, u32::from(block.prefix.min(128))),
        };
        if prefix == 0 {
            return family;
        }
        let base = match block.address {
            IpAddr::V4(base) => base.to_bits().to_string(),
            IpAddr::V6(base) => base.to_bits().to_string(),
        };
        let Some(base) = BV::from_str(size, &base) else { return Bool::from_bool(false) };
        let first = size - prefix;
        Bool::and(&[family, bits.extract(size - 1, first).eq(base.extract(size - 1, first))])
    }
}
