//! The second back end: the same questions, wholly in Z3's theory of strings and regular expressions.
//!
//! It is slower by orders of magnitude, and often does not answer. But it shares no procedure with the first: where both answer, they must
//! agree. Z3 reads the script that [`smtlib`](super::smtlib) writes, in a context of its own, so that the answer does not depend on what
//! this thread asked before; its model is read back and held against the question, whatever it says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use num_bigint::BigInt;
use z3::ast::{BV, Bool, Int};
use z3::{Config, Model, Params, SatResult, Solver, with_z3_config};

use super::evaluate;
use super::formula::{Formula, Formulas};
use super::smtlib::{Occurring, Script, address_name, flag_name, integer_name, text_name};
use super::verdict::{Answer, Assignment, Limit, Limits, UnknownReason};

/// Whether some assignment makes the goal true, as Z3's theory of strings sees it.
pub fn check(formulas: &Formulas, goal: Formula, limits: Limits) -> Answer {
    check_literals(formulas, &[(goal, true)], limits)
}

/// Whether some assignment gives each formula its value.
pub fn check_literals(formulas: &Formulas, literals: &[(Formula, bool)], limits: Limits) -> Answer {
    let script = Script::of_literals(formulas, literals);
    let (verdict, assignment) = with_z3_config(&Config::new(), || {
        let solver = Solver::new();
        let mut parameters = Params::new();
        parameters.set_u32("rlimit", limits.z3_strings_effort);
        solver.set_params(&parameters);
        solver.from_string(script.text.as_str());
        let verdict = solver.check();
        let assignment = solver.get_model().and_then(|model| read(&model, formulas, literals));
        (verdict, assignment)
    });
    match verdict {
        SatResult::Unsat => Answer::Unsatisfiable,
        SatResult::Unknown => Answer::Unknown(UnknownReason::Limit(Limit::Z3StringsEffort)),
        SatResult::Sat => match assignment {
            Some(assignment) if fits(formulas, literals, &assignment) => Answer::Satisfiable(assignment),
            Some(_) | None => {
                let construct = match script.weaker.first() {
                    Some(weaker) => format!("a question in Z3's strings: {weaker}"),
                    None => "a question in Z3's strings: its model does not fit".to_owned(),
                };
                Answer::Unknown(UnknownReason::Undecided(construct))
            }
        },
    }
}

fn fits(formulas: &Formulas, literals: &[(Formula, bool)], assignment: &Assignment) -> bool {
    literals.iter().all(|(formula, value)| evaluate::holds(formulas, *formula, assignment) == Some(*value))
        && evaluate::within_domains(formulas, assignment)
}

/// The values of all variables of the literals. Constants of the script are found again by name and sort.
fn read(model: &Model, formulas: &Formulas, literals: &[(Formula, bool)]) -> Option<Assignment> {
    let occurring = Occurring::of_literals(formulas, literals);
    let mut assignment = Assignment::default();
    for flag in occurring.flags {
        let constant = Bool::new_const(flag_name(formulas, flag));
        assignment.flags.insert(flag, model.eval(&constant, true)?.as_bool()?);
    }
    for text in occurring.texts {
        let constant = z3::ast::String::new_const(text_name(formulas, text));
        assignment.texts.insert(text, unescaped(&model.eval(&constant, true)?.as_string()?)?);
    }
    for integer in occurring.integers {
        let constant = Int::new_const(integer_name(formulas, integer));
        assignment.integers.insert(integer, integer_of(&model.eval(&constant, true)?)?);
    }
    for address in occurring.addresses {
        let is_v6 = Bool::new_const(address_name(formulas, address, "v6"));
        let value = if model.eval(&is_v6, true)?.as_bool()? {
            let bits = BV::new_const(address_name(formulas, address, "bits6"), 128);
            IpAddr::V6(Ipv6Addr::from_bits(bits_of(&model.eval(&bits, true)?)?))
        } else {
            let bits = BV::new_const(address_name(formulas, address, "bits4"), 32);
            IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(bits_of(&model.eval(&bits, true)?)?).ok()?))
        };
        assignment.addresses.insert(address, value);
    }
    Some(assignment)
}

/// Z3 prints a negative numeral as an application: `(- 5)`.
fn integer_of(numeral: &Int) -> Option<BigInt> {
    let printed = numeral.to_string();
    match printed.strip_prefix("(- ").and_then(|rest| rest.strip_suffix(')')) {
        Some(size) => size.parse::<BigInt>().ok().map(|size| -size),
        None => printed.parse().ok(),
    }
}

/// Z3 prints bits as `#x…` or `#b…`.
fn bits_of(numeral: &BV) -> Option<u128> {
    let printed = numeral.to_string();
    match printed.strip_prefix("#x") {
        Some(digits) => u128::from_str_radix(digits, 16).ok(),
        None => u128::from_str_radix(printed.strip_prefix("#b")?, 2).ok(),
    }
}

/// The text that Z3 prints: `\u{…}` is a character by its code. A surrogate stands for the character before the surrogates, from which the
/// script tells it by nothing.
fn unescaped(printed: &str) -> Option<String> {
    let mut text = String::with_capacity(printed.len());
    let mut rest = printed;
    while let Some(start) = rest.find("\\u{") {
        let (before, escape) = rest.split_at(start);
        text.push_str(before);
        let (digits, after) = escape.strip_prefix("\\u{")?.split_once('}')?;
        let code = u32::from_str_radix(digits, 16).ok()?;
        text.push(char::from_u32(code).unwrap_or('\u{D7FF}'));
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}
