//! The laws of elements and modifiers, for all statements: INV-17 to INV-23, over free flags for what the texts decide.
//!
//! Whether some listed action matches, whether a key is present or a list, whether a listed value matches an element: each is a flag. Only lists of a
//! context key need an induction, over their elements; lists of patterns, values and entries enter as one flag for all that were there before.

use super::induction::{Conclusion, after, free_said, kept_to_the_end, narrower};
use super::obligation::Proof;
use super::rules::Rules;
use crate::iam::assumption::OpenPoint;
use crate::iam::condition::{BaseOperator, Existence, Quantifier};
use crate::iam::policy::{Effect, Selection};
use crate::model::combination::{self, KeyState, Passes, Sense, Voice};
use crate::model::principal::Grants;
use crate::solver::formula::{Formula, Formulas};

/// The operators of COND-20 that have a negation, each with it.
pub const TWINS: [(BaseOperator, BaseOperator); 8] = [
    (BaseOperator::StringEquals, BaseOperator::StringNotEquals),
    (BaseOperator::StringEqualsIgnoreCase, BaseOperator::StringNotEqualsIgnoreCase),
    (BaseOperator::StringLike, BaseOperator::StringNotLike),
    (BaseOperator::NumericEquals, BaseOperator::NumericNotEquals),
    (BaseOperator::DateEquals, BaseOperator::DateNotEquals),
    (BaseOperator::IpAddress, BaseOperator::NotIpAddress),
    (BaseOperator::ArnEquals, BaseOperator::ArnNotEquals),
    (BaseOperator::ArnLike, BaseOperator::ArnNotLike),
];

/// The proof of a law of elements, if it is one of these.
pub fn proof(id: &str, rules: &dyn Rules) -> Option<Proof> {
    let prove = match id {
        "INV-17" | "INV-18" => the_twin_is_the_complement,
        "INV-19" => negation_is_the_complement,
        "INV-20" => the_quantifiers_are_dual,
        "INV-21" => if_exists_weakens,
        "INV-22" => a_new_condition_takes_away,
        "INV-23" => a_new_value_widens_or_narrows,
        _ => return None,
    };
    Some(prove(rules))
}

/// The points whose readings act on what the flags of such a proof stand for together, and which the proof does not vary.
///
/// D-31 voids a statement by a member of its Resource, whether others match or not. D-39, D-40 and D-41 act where an entry looks at a list, at
/// a missing key, and at a value of the wrong type. All other readings only change which member matches, which listed value does, or
/// whether a key counts as missing; and for those the flags are free.
pub fn unvaried(id: &str) -> &'static [OpenPoint] {
    use OpenPoint::{ForAnyValueIfExists, MultivaluedWithoutSetOperator, UnresolvedMember, WrongType};
    match id {
        "INV-18" => &[UnresolvedMember],
        "INV-19" | "INV-20" => &[WrongType],
        "INV-21" | "INV-23" => &[MultivaluedWithoutSetOperator, ForAnyValueIfExists, WrongType],
        _ => &[],
    }
}

/// The points that a law on texts keeps as decided, since the condition that says its premise means it under the decision only: that a key
/// has a single value or none is said by an operator that is false of lists. The proof for all policies has a flag for that.
pub fn kept_by_texts(id: &str) -> &'static [OpenPoint] {
    match id {
        "INV-19" => &[OpenPoint::MultivaluedWithoutSetOperator],
        _ => &[],
    }
}

/// NotAction and NotResource: one proof, since both elements are combined by one step.
fn the_twin_is_the_complement(rules: &dyn Rules) -> Proof {
    let mut proof =
        Proof::new("one flag for `some listed member matches`, one for each other part of the statement");
    let some = proof.free("some listed member matches");
    let other = proof.free("the other elements do their part");
    let entries = proof.free("the Condition is true");
    let formulas = &mut proof.formulas;
    let verum = formulas.verum();
    let only = rules.selected(formulas, &Selection::Only(()), some);
    let all_except = rules.selected(formulas, &Selection::AllExcept(()), some);
    let only = rules.matched(formulas, &[only, other], &[entries]);
    let all_except = rules.matched(formulas, &[all_except, other], &[entries]);
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

/// What a context holds for a key: anything.
fn free_key(proof: &mut Proof) -> KeyState {
    KeyState {
        present: proof.free("the key is present"),
        many: proof.free("its value is a list"),
        hollow: proof.free("the list counts as missing"),
    }
}

/// A flag for each positive operator: whether some listed value stands in its relation to what is looked at.
struct Hits {
    whose: &'static str,
    flags: Vec<(BaseOperator, Formula)>,
}

impl Hits {
    fn of(whose: &'static str) -> Hits {
        Hits { whose, flags: Vec::new() }
    }

    fn by(&mut self, proof: &mut Proof, related: BaseOperator) -> Formula {
        if let Some(&(_, flag)) = self.flags.iter().find(|(other, _)| *other == related) {
            return flag;
        }
        let flag = proof.free(&format!("a listed value matches {} by {}", self.whose, related.name()));
        self.flags.push((related, flag));
        flag
    }
}

fn negation_is_the_complement(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new("for each pair of operators, one flag for `some listed value matches`");
    let key = free_key(&mut proof);
    let mut hits = Hits::of("the value");
    for (positive, negated) in TWINS {
        let (related, sense) = rules.sense(positive);
        let hit = hits.by(&mut proof, related);
        let yes = rules.plain_entry(&mut proof.formulas, (sense, Existence::Required), key, hit);
        let (related, sense) = rules.sense(negated);
        let hit = hits.by(&mut proof, related);
        let formulas = &mut proof.formulas;
        let no = rules.plain_entry(formulas, (sense, Existence::Required), key, hit);
        let single = key.single(formulas);
        let missing = key.missing(formulas);
        let premise = formulas.or([single, missing]);
        let not_yes = formulas.not(yes);
        let complement = formulas.iff(no, not_yes);
        proof.show(format!("{} and {}", positive.name(), negated.name()), premise, complement);
    }
    proof
}

/// One element after the other: whether some element is one that the operator looks for.
struct Elements<'r> {
    rules: &'r dyn Rules,
    passes: Passes,
}

impl Elements<'_> {
    /// After one more place of the list, filled with an element of which this holds, or not.
    fn after(&self, formulas: &mut Formulas, before: Formula, filled: Formula, hit: Formula) -> Formula {
        let passes = combination::element_passes(formulas, self.passes, hit);
        self.rules.one_more_element(formulas, before, filled, passes)
    }

    /// The entry, when the list is known to have such an element, and the one value to match.
    fn entry(
        &self,
        formulas: &mut Formulas,
        modifiers: (Quantifier, Existence),
        key: KeyState,
        (hit, in_list): (Formula, Formula),
    ) -> Formula {
        let passes = combination::element_passes(formulas, self.passes, hit);
        let some = combination::some_element_passes(formulas, key, passes, in_list);
        self.rules.set_entry(formulas, modifiers, key, some)
    }
}

fn the_quantifiers_are_dual(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new(
        "over the elements of the list; kept: ForAllValues and its dual look for the same elements, found or not",
    );
    let key = free_key(&mut proof);
    let mut one = Hits::of("the one value");
    let mut next = Hits::of("the next element");
    let filled = proof.free("there is a next element");
    for (positive, negated) in TWINS {
        for (all, any) in [(negated, positive), (positive, negated)] {
            let name = format!("ForAllValues:{} and ForAnyValue:{}", all.name(), any.name());
            let (related_all, sense_all) = rules.sense(all);
            let (related_any, sense_any) = rules.sense(any);
            let for_all = Elements { rules, passes: rules.looked_for(Quantifier::ForAllValues, sense_all) };
            let for_any = Elements { rules, passes: rules.looked_for(Quantifier::ForAnyValue, sense_any) };
            let before_all = proof.free("found for ForAllValues");
            let before_any = proof.free("found for ForAnyValue");
            let (hit_all, hit_any) = (next.by(&mut proof, related_all), next.by(&mut proof, related_any));
            let (one_all, one_any) = (one.by(&mut proof, related_all), one.by(&mut proof, related_any));
            let formulas = &mut proof.formulas;
            let (verum, falsum) = (formulas.verum(), formulas.falsum());
            let base = formulas.iff(falsum, falsum);
            let alike = formulas.iff(before_all, before_any);
            let after_all = for_all.after(formulas, before_all, filled, hit_all);
            let after_any = for_any.after(formulas, before_any, filled, hit_any);
            let still = formulas.iff(after_all, after_any);
            let required = Existence::Required;
            let left =
                for_all.entry(formulas, (Quantifier::ForAllValues, required), key, (one_all, before_all));
            let right =
                for_any.entry(formulas, (Quantifier::ForAnyValue, required), key, (one_any, before_any));
            let not_right = formulas.not(right);
            let dual = formulas.iff(left, not_right);
            proof.show(format!("base, an empty list, {name}"), verum, base);
            proof.show(format!("step, one element more, {name}"), alike, still);
            proof.show(format!("conclusion, {name}"), alike, dual);
        }
    }
    proof
}

fn if_exists_weakens(rules: &dyn Rules) -> Proof {
    let mut proof =
        Proof::new("with and without IfExists, the same flags for the key and for what its values match");
    let key = free_key(&mut proof);
    let found = proof.free("what is looked for is found");
    for sense in [Sense::Positive, Sense::Negated] {
        let mut entry = |existence| rules.plain_entry(&mut proof.formulas, (sense, existence), key, found);
        let (with, without) = (entry(Existence::IfExists), entry(Existence::Required));
        weaker(&mut proof, &format!("{sense:?} operators"), key, (without, with));
    }
    for quantifier in [Quantifier::ForAllValues, Quantifier::ForAnyValue] {
        let mut entry = |existence| rules.set_entry(&mut proof.formulas, (quantifier, existence), key, found);
        let (with, without) = (entry(Existence::IfExists), entry(Existence::Required));
        weaker(&mut proof, &format!("{quantifier:?}"), key, (without, with));
    }
    proof
}

fn weaker(proof: &mut Proof, name: &str, key: KeyState, (without, with): (Formula, Formula)) {
    let formulas = &mut proof.formulas;
    let verum = formulas.verum();
    let missing = key.missing(formulas);
    let there = formulas.not(missing);
    let weaker = formulas.implies(without, with);
    let equal = formulas.iff(without, with);
    proof.show(format!("{name}: weaker"), verum, weaker);
    proof.show(format!("{name}: the same where the key is there"), there, equal);
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

fn a_new_value_widens_or_narrows(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new(
        "the values so far are one flag; over the elements of a list, kept: what more values match includes what fewer do, what they miss is included",
    );
    let key = free_key(&mut proof);
    let old = proof.free("a value so far matches");
    let new = proof.free("the new value matches");
    let few = rules.some_value_matches(&mut proof.formulas, &[old]);
    let more = rules.some_value_matches(&mut proof.formulas, &[old, new]);
    for sense in [Sense::Positive, Sense::Negated] {
        for existence in [Existence::Required, Existence::IfExists] {
            let formulas = &mut proof.formulas;
            let verum = formulas.verum();
            let fewer = rules.plain_entry(formulas, (sense, existence), key, few);
            let longer = rules.plain_entry(formulas, (sense, existence), key, more);
            let goal = direction(formulas, sense, fewer, longer);
            proof.show(format!("{sense:?} operators, {existence:?}"), verum, goal);
            for quantifier in [Quantifier::ForAllValues, Quantifier::ForAnyValue] {
                more_values_over_elements(
                    &mut proof,
                    rules,
                    (sense, quantifier, existence),
                    key,
                    (few, more),
                );
            }
        }
    }
    proof
}

fn direction(formulas: &mut Formulas, sense: Sense, fewer: Formula, longer: Formula) -> Formula {
    match sense {
        Sense::Positive => formulas.implies(fewer, longer),
        Sense::Negated => formulas.implies(longer, fewer),
    }
}

fn more_values_over_elements(
    proof: &mut Proof,
    rules: &dyn Rules,
    (sense, quantifier, existence): (Sense, Quantifier, Existence),
    key: KeyState,
    (few, more): (Formula, Formula),
) {
    let name = format!("{quantifier:?}, {sense:?} operators, {existence:?}");
    let elements = Elements { rules, passes: rules.looked_for(quantifier, sense) };
    let found_few = proof.free("found with fewer values");
    let found_more = proof.free("found with more values");
    let filled = proof.free("there is a next element");
    let formulas = &mut proof.formulas;
    let verum = formulas.verum();
    let related = |formulas: &mut Formulas, few: Formula, more: Formula| match elements.passes {
        Passes::OnMatch => formulas.implies(few, more),
        Passes::OnMiss => formulas.implies(more, few),
    };
    let falsum = formulas.falsum();
    let base = related(formulas, falsum, falsum);
    let kept = related(formulas, found_few, found_more);
    let next_few = elements.after(formulas, found_few, filled, few);
    let next_more = elements.after(formulas, found_more, filled, more);
    let still = related(formulas, next_few, next_more);
    let modifiers = (quantifier, existence);
    let fewer = elements.entry(formulas, modifiers, key, (few, found_few));
    let longer = elements.entry(formulas, modifiers, key, (more, found_more));
    let goal = direction(formulas, sense, fewer, longer);
    proof.show(format!("base, an empty list, {name}"), verum, base);
    proof.show(format!("step, one element more, {name}"), kept, still);
    proof.show(format!("conclusion, {name}"), kept, goal);
}
