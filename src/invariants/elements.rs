//! The laws of elements, for all statements: INV-17, 18 and 22, over free flags for what the texts decide.
//!
//! Whether some listed action matches, whether a variable has a value, whether the Condition holds: each is a flag. Lists of patterns and entries
//! enter as one flag for all that were there before.

use super::induction::{Conclusion, after, free_said, kept_to_the_end, narrower};
use super::obligation::Proof;
use super::rules::Rules;
use crate::iam::assumption::OpenPoint;
use crate::iam::policy::{Effect, Selection};
use crate::model::combination::Voice;
use crate::model::entry_readings;
use crate::model::principal::Grants;
use crate::solver::formula::Formula;

/// The proof of a law of elements, if it is one of these.
pub fn proof(id: &str, rules: &dyn Rules) -> Option<Proof> {
    let prove = match id {
        "INV-17" => the_twin_action_is_the_complement,
        "INV-18" => the_twin_resource_is_the_complement,
        "INV-22" => a_new_condition_takes_away,
        _ => return None,
    };
    Some(prove(rules))
}

fn the_twin_action_is_the_complement(rules: &dyn Rules) -> Proof {
    let argument = "one flag for `some listed member matches`, one for each other part of the statement";
    the_twin_is_the_complement(rules, Proof::over(argument, &[]), None)
}

/// One reading of D-31 acts on the whole list: a member whose variable has no value voids the statement, whether others match or not.
fn the_twin_resource_is_the_complement(rules: &dyn Rules) -> Proof {
    let argument = "one flag for `some listed member matches`, one for `every variable has a value`, one for each other part of the statement";
    let mut proof = Proof::over(argument, &[OpenPoint::UnresolvedMember]);
    let resolved = proof.free("every variable in the list has a value or a default");
    the_twin_is_the_complement(rules, proof, Some(resolved))
}

/// NotAction and NotResource: one proof, since both elements are combined by one step.
fn the_twin_is_the_complement(rules: &dyn Rules, mut proof: Proof, resolved: Option<Formula>) -> Proof {
    let some = proof.free("some listed member matches");
    let other = proof.free("the other elements do their part");
    let entries = proof.free("the Condition is true");
    let readings = proof.readings;
    let formulas = &mut proof.formulas;
    let verum = formulas.verum();
    let mut element = |selection: Selection<()>| {
        let decided = rules.selected(formulas, &selection, some);
        let element = match resolved {
            Some(resolved) => entry_readings::selection(formulas, &readings, resolved, decided),
            None => decided,
        };
        rules.matched(formulas, &[element, other], &[entries])
    };
    let (only, all_except) = (element(Selection::Only(())), element(Selection::AllExcept(())));
    let rest = rules.matched(formulas, &[other], &[entries]);
    let not_all_except = formulas.not(all_except);
    let exactly_one = formulas.iff(only, not_all_except);
    let neither = formulas.or([only, all_except]);
    let neither = formulas.not(neither);
    let no_rest = formulas.not(rest);
    proof.show("the rest matches", rest, exactly_one);
    proof.show("the rest does not match", no_rest, neither);
    let formulas = &mut proof.formulas;
    let both = formulas.and([other, entries]);
    let nothing_else = formulas.iff(rest, both);
    proof.show("the rest is all but the element", verum, nothing_else);
    proof
}

/// An entry more takes matches away; so an Allow with it allows less, and a Deny with it denies less.
fn a_new_condition_takes_away(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new(
        "the entries so far are one flag; then, over the statements: the set whose Allow has the new entry is narrower, that whose Deny has it wider",
    );
    let elements = proof.free("the elements do their part");
    let entries = proof.free("the Condition so far is true");
    let new = proof.free("the new entry is true");
    let formulas = &mut proof.formulas;
    let verum = formulas.verum();
    let before = rules.matched(formulas, &[elements], &[entries]);
    let with = rules.matched(formulas, &[elements], &[entries, new]);
    let fewer = formulas.implies(with, before);
    proof.show("one entry more", verum, fewer);

    let said = free_said(&mut proof, "so far");
    let grants = Grants::none(&proof.formulas);
    for effect in [Effect::Allow, Effect::Deny] {
        let formulas = &mut proof.formulas;
        let without = after(rules, formulas, said, Voice { effect, matched: before, grants });
        let with = after(rules, formulas, said, Voice { effect, matched: with, grants });
        // What the Deny without the entry leaves is less than what the Deny with it leaves.
        let established = match effect {
            Effect::Allow => narrower(formulas, &without, &with),
            Effect::Deny => narrower(formulas, &with, &without),
        };
        proof.show(format!("base, {}", effect.name()), verum, established);
    }
    kept_to_the_end(&mut proof, rules, narrower, Conclusion::RightAllowsLess);
    proof
}
