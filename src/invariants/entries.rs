//! The laws of operators and their modifiers, for all statements: INV-19, 20, 21 and 23, over free flags for what the texts decide.
//!
//! Whether a key is present or a list, whether a listed value matches an element, whether that is of the wrong type: each is a flag. Only lists of a
//! context key need an induction, over their elements; listed values enter as one flag for all that were there before. The readings of
//! D-39, D-40 and D-41 act on what these flags stand for together, so they are part of the proofs; all others act below the flags.

use super::obligation::Proof;
use super::rules::Rules;
use crate::iam::assumption::OpenPoint;
use crate::iam::condition::{BaseOperator, Existence, Quantifier};
use crate::iam::policy::Effect;
use crate::model::Readings;
use crate::model::combination::{self, KeyState, Passes, Sense};
use crate::model::entry_readings::{self, Tested};
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

const POINTS: &[OpenPoint] =
    &[OpenPoint::MultivaluedWithoutSetOperator, OpenPoint::ForAnyValueIfExists, OpenPoint::WrongType];

const EFFECTS: [Effect; 2] = [Effect::Allow, Effect::Deny];

/// The proof of a law of entries, if it is one of these.
pub fn proof(id: &str, rules: &dyn Rules) -> Option<Proof> {
    let prove = match id {
        "INV-19" => negation_is_the_complement,
        "INV-20" => the_quantifiers_are_dual,
        "INV-21" => if_exists_weakens,
        "INV-23" => a_new_value_widens_or_narrows,
        _ => return None,
    };
    Some(prove(rules))
}

/// The points that a law on texts keeps as decided, since the condition that says its premise means it under the decision only: that a key
/// has a single value or none is said by an operator that is false of lists. The proof for all policies has a flag for that.
pub fn kept_by_texts(id: &str) -> &'static [OpenPoint] {
    match id {
        "INV-19" => &[OpenPoint::MultivaluedWithoutSetOperator],
        _ => &[],
    }
}

/// What a context holds for a key: anything.
fn free_key(proof: &mut Proof) -> KeyState {
    KeyState {
        present: proof.free("the key is present"),
        many: proof.free("its value is a list"),
        hollow: proof.free("the list counts as missing"),
    }
}

/// What a listed value makes of one value, or of one element of a list.
#[derive(Clone, Copy)]
struct Look {
    /// It matches.
    matched: Formula,
    /// The value is of the wrong type for the operator.
    wrong: Formula,
}

impl Look {
    fn free(proof: &mut Proof, whose: &str, by: &str) -> Look {
        Look {
            matched: proof.free(&format!("a listed value matches {whose}{by}")),
            wrong: proof.free(&format!("{whose} is of the wrong type{by}")),
        }
    }

    /// Holds unless something of the wrong type is matched: it stands in no relation to any policy value.
    // Rule: COND-21.
    fn is_possible(self, formulas: &mut Formulas) -> Formula {
        let both = formulas.and([self.matched, self.wrong]);
        formulas.not(both)
    }

    /// Whether it counts as matched.
    fn hit(self, formulas: &mut Formulas, readings: &Readings, sense: Sense) -> Formula {
        entry_readings::hit(formulas, readings, sense, self.matched, self.wrong)
    }
}

/// Looks by positive operator, each made when it is first asked for.
struct Looks {
    whose: &'static str,
    known: Vec<(BaseOperator, Look)>,
}

impl Looks {
    fn at(whose: &'static str) -> Looks {
        Looks { whose, known: Vec::new() }
    }

    fn by(&mut self, proof: &mut Proof, related: BaseOperator) -> Look {
        if let Some(&(_, look)) = self.known.iter().find(|(other, _)| *other == related) {
            return look;
        }
        let look = Look::free(proof, self.whose, &format!(" by {}", related.name()));
        self.known.push((related, look));
        look
    }
}

/// What an entry without set operator may ask about a list, as flags.
#[derive(Clone, Copy)]
struct Listed {
    first: Formula,
    some_match: Formula,
    some_miss: Formula,
    some_wrong: Formula,
}

impl Listed {
    fn free(proof: &mut Proof) -> Listed {
        Listed {
            first: proof.free("the list has a first element"),
            some_match: proof.free("some element of the list is matched"),
            some_miss: proof.free("some element of the list is not"),
            some_wrong: proof.free("some element of the list is of the wrong type"),
        }
    }
}

/// An entry without set operator as it is read.
fn plain(
    proof: &mut Proof,
    rules: &dyn Rules,
    (sense, existence, effect): (Sense, Existence, Effect),
    key: KeyState,
    (look, listed): (Look, Listed),
) -> Formula {
    let readings = proof.readings;
    let formulas = &mut proof.formulas;
    let hit = look.hit(formulas, &readings, sense);
    let decided = rules.plain_entry(formulas, (sense, existence), key, hit);
    let Listed { first, some_match, some_miss, some_wrong } = listed;
    let tested = Tested { hit, wrong: look.wrong, first, some_match, some_miss, some_wrong };
    entry_readings::plain(formulas, &readings, (sense, effect), key, tested, decided)
}

/// An entry with a set operator as it is read, given whether what it looks for is found, and something of the wrong type.
fn set(
    proof: &mut Proof,
    rules: &dyn Rules,
    (quantifier, existence, effect): (Quantifier, Existence, Effect),
    key: KeyState,
    (some, some_wrong): (Formula, Formula),
) -> Formula {
    let readings = proof.readings;
    let formulas = &mut proof.formulas;
    let decided = rules.set_entry(formulas, (quantifier, existence), key, some);
    entry_readings::set(formulas, &readings, (quantifier, existence, effect), key, some_wrong, decided)
}

fn negation_is_the_complement(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::over(
        "for each pair of operators, one flag for `some listed value matches`; in an Allow and in a Deny",
        POINTS,
    );
    let key = free_key(&mut proof);
    let listed = Listed::free(&mut proof);
    let mut looks = Looks::at("the value");
    for (positive, negated) in TWINS {
        for effect in EFFECTS {
            let (related, sense) = rules.sense(positive);
            let of_yes = looks.by(&mut proof, related);
            let yes = plain(&mut proof, rules, (sense, Existence::Required, effect), key, (of_yes, listed));
            let (related, sense) = rules.sense(negated);
            let of_no = looks.by(&mut proof, related);
            let no = plain(&mut proof, rules, (sense, Existence::Required, effect), key, (of_no, listed));
            let formulas = &mut proof.formulas;
            let single = key.single(formulas);
            let missing = key.missing(formulas);
            let one_or_none = formulas.or([single, missing]);
            let possible = [of_yes.is_possible(formulas), of_no.is_possible(formulas)];
            let premise = formulas.and([one_or_none, possible[0], possible[1]]);
            let not_yes = formulas.not(yes);
            let complement = formulas.iff(no, not_yes);
            let step = format!("{} and {}, {}", positive.name(), negated.name(), effect.name());
            proof.show(step, premise, complement);
        }
    }
    proof
}

/// A set operator over one list.
#[derive(Clone, Copy)]
struct SetOperator {
    quantifier: Quantifier,
    sense: Sense,
    existence: Existence,
    effect: Effect,
}

/// What was found in the list so far: an element that the operator looks for, and one of the wrong type.
#[derive(Clone, Copy)]
struct Found {
    some: Formula,
    wrong: Formula,
}

impl SetOperator {
    /// Whether an element is one that it looks for.
    fn looks_for(self, proof: &mut Proof, rules: &dyn Rules, look: Look) -> Formula {
        let readings = proof.readings;
        let hit = look.hit(&mut proof.formulas, &readings, self.sense);
        let passes: Passes = rules.looked_for(self.quantifier, self.sense);
        combination::element_passes(&mut proof.formulas, passes, hit)
    }

    /// After one more place of the list, filled with this element, or not.
    fn after(
        self,
        proof: &mut Proof,
        rules: &dyn Rules,
        before: Found,
        filled: Formula,
        look: Look,
    ) -> Found {
        let passes = self.looks_for(proof, rules, look);
        Found {
            some: rules.one_more_element(&mut proof.formulas, before.some, filled, passes),
            wrong: combination::one_more_element(&mut proof.formulas, before.wrong, filled, look.wrong),
        }
    }

    /// The entry, given the one value and what was found in the list.
    fn entry(
        self,
        proof: &mut Proof,
        rules: &dyn Rules,
        key: KeyState,
        (one, list): (Look, Found),
    ) -> Formula {
        let passes = self.looks_for(proof, rules, one);
        let formulas = &mut proof.formulas;
        let some = combination::some_element_passes(formulas, key, passes, list.some);
        let wrong = combination::some_element_passes(formulas, key, one.wrong, list.wrong);
        set(proof, rules, (self.quantifier, self.existence, self.effect), key, (some, wrong))
    }
}

fn the_quantifiers_are_dual(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::over(
        "over the elements of the list; kept: ForAllValues and its dual look for the same elements, found or not",
        POINTS,
    );
    let key = free_key(&mut proof);
    let filled = proof.free("there is a next element");
    let mut one = Looks::at("the one value");
    let mut next = Looks::at("the next element");
    let wrong_before = proof.free("an element so far is of the wrong type");
    for (positive, negated) in TWINS {
        for ((all, any), effect) in [(negated, positive), (positive, negated)]
            .into_iter()
            .flat_map(|pair| EFFECTS.map(|effect| (pair, effect)))
        {
            let (related_all, sense_all) = rules.sense(all);
            let (related_any, sense_any) = rules.sense(any);
            let existence = Existence::Required;
            let for_all =
                SetOperator { quantifier: Quantifier::ForAllValues, sense: sense_all, existence, effect };
            let for_any =
                SetOperator { quantifier: Quantifier::ForAnyValue, sense: sense_any, existence, effect };
            let ones = [one.by(&mut proof, related_all), one.by(&mut proof, related_any)];
            let nexts = [next.by(&mut proof, related_all), next.by(&mut proof, related_any)];
            let falsum = proof.formulas.falsum();
            let nothing = Found { some: falsum, wrong: falsum };
            let so_far = ["found for ForAllValues", "found for ForAnyValue"]
                .map(|name| Found { some: proof.free(name), wrong: wrong_before });
            let sides = |before: [Found; 2], proof: &mut Proof| {
                let after = [
                    for_all.after(proof, rules, before[0], filled, nexts[0]),
                    for_any.after(proof, rules, before[1], filled, nexts[1]),
                ];
                let dual = |proof: &mut Proof, found: [Found; 2]| {
                    let left = for_all.entry(proof, rules, key, (ones[0], found[0]));
                    let right = for_any.entry(proof, rules, key, (ones[1], found[1]));
                    let not_right = proof.formulas.not(right);
                    proof.formulas.iff(left, not_right)
                };
                let alike = proof.formulas.iff(before[0].some, before[1].some);
                let still = proof.formulas.iff(after[0].some, after[1].some);
                (alike, still, dual(proof, before), dual(proof, after))
            };
            let (base, _, _, of_one) = sides([nothing, nothing], &mut proof);
            let (alike, still, dual, _) = sides(so_far, &mut proof);
            let formulas = &mut proof.formulas;
            let possible: Vec<Formula> =
                ones.into_iter().chain(nexts).map(|look| look.is_possible(formulas)).collect();
            let possible = formulas.and(possible);
            let premise = formulas.and([possible, alike]);
            let name =
                format!("ForAllValues:{} and ForAnyValue:{}, {}", all.name(), any.name(), effect.name());
            proof.show(format!("a list of one element at most, {name}"), possible, of_one);
            proof.show(format!("base, an empty list, {name}"), possible, base);
            proof.show(format!("step, one element more, {name}"), premise, still);
            proof.show(format!("conclusion, {name}"), premise, dual);
        }
    }
    proof
}

fn if_exists_weakens(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::over(
        "with and without IfExists, the same flags for the key and for what its values match; in an Allow and in a Deny",
        POINTS,
    );
    let key = free_key(&mut proof);
    let listed = Listed::free(&mut proof);
    let look = Look::free(&mut proof, "the value", "");
    let found = proof.free("what is looked for is found");
    let wrong = proof.free("something of the wrong type is found");
    for effect in EFFECTS {
        for sense in [Sense::Positive, Sense::Negated] {
            let mut entry =
                |existence| plain(&mut proof, rules, (sense, existence, effect), key, (look, listed));
            let (with, without) = (entry(Existence::IfExists), entry(Existence::Required));
            let name = format!("{sense:?} operators, {}", effect.name());
            weaker(&mut proof, &name, key, (without, with));
        }
        for quantifier in [Quantifier::ForAllValues, Quantifier::ForAnyValue] {
            let mut entry =
                |existence| set(&mut proof, rules, (quantifier, existence, effect), key, (found, wrong));
            let (with, without) = (entry(Existence::IfExists), entry(Existence::Required));
            let name = format!("{quantifier:?}, {}", effect.name());
            weaker(&mut proof, &name, key, (without, with));
        }
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

/// The same entry with fewer and with more values.
#[derive(Clone, Copy)]
struct Sides<T> {
    fewer: T,
    more: T,
}

/// What was found in a list with fewer and with more values, for either test of an element.
#[derive(Clone, Copy)]
struct Kept {
    matches: Sides<Formula>,
    misses: Sides<Formula>,
}

impl Kept {
    fn free(proof: &mut Proof) -> Kept {
        let mut found = |what: &str| Sides {
            fewer: proof.free(&format!("{what} with fewer values")),
            more: proof.free(&format!("{what} with more values")),
        };
        Kept { matches: found("an element is matched"), misses: found("an element is not matched") }
    }

    fn nothing(formulas: &Formulas) -> Kept {
        let none = Sides { fewer: formulas.falsum(), more: formulas.falsum() };
        Kept { matches: none, misses: none }
    }

    /// Holds iff more values match what fewer do, and miss nothing that fewer do not.
    fn holds(self, formulas: &mut Formulas) -> Formula {
        let matches = formulas.implies(self.matches.fewer, self.matches.more);
        let misses = formulas.implies(self.misses.more, self.misses.fewer);
        formulas.and([matches, misses])
    }

    /// What an operator that looks for this has found.
    fn of(self, passes: Passes) -> Sides<Formula> {
        match passes {
            Passes::OnMatch => self.matches,
            Passes::OnMiss => self.misses,
        }
    }
}

fn a_new_value_widens_or_narrows(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::over(
        "the values so far are one flag; over the elements of a list, kept: what more values match includes what fewer do, what they miss is included",
        POINTS,
    );
    let key = free_key(&mut proof);
    let mut values = |whose: &str| {
        let old = proof.free(&format!("a value so far matches {whose}"));
        let new = proof.free(&format!("the new value matches {whose}"));
        let wrong = proof.free(&format!("{whose} is of the wrong type"));
        let mut look = |values: &[Formula]| Look {
            matched: rules.some_value_matches(&mut proof.formulas, values),
            wrong,
        };
        Sides { fewer: look(&[old]), more: look(&[old, new]) }
    };
    let one = values("the value");
    let next = values("the next element");
    let filled = proof.free("there is a next element");
    let first = proof.free("the list has a first element");
    let some_wrong = proof.free("some element of the list is of the wrong type");
    let so_far = Kept::free(&mut proof);
    for sense in [Sense::Positive, Sense::Negated] {
        let kept = one_element_more(&mut proof, rules, sense, so_far, (filled, next));
        for (existence, effect) in [Existence::Required, Existence::IfExists]
            .into_iter()
            .flat_map(|existence| EFFECTS.map(|effect| (existence, effect)))
        {
            let mut entry = |look: Look, some_match: Formula, some_miss: Formula| {
                let listed = Listed { first, some_match, some_miss, some_wrong };
                plain(&mut proof, rules, (sense, existence, effect), key, (look, listed))
            };
            let fewer = entry(one.fewer, so_far.matches.fewer, so_far.misses.fewer);
            let longer = entry(one.more, so_far.matches.more, so_far.misses.more);
            let goal = direction(&mut proof.formulas, sense, fewer, longer);
            let name = format!("{sense:?} operators, {existence:?}, {}", effect.name());
            proof.show(name.clone(), kept, goal);
            for quantifier in [Quantifier::ForAllValues, Quantifier::ForAnyValue] {
                let operator = SetOperator { quantifier, sense, existence, effect };
                let found = so_far.of(rules.looked_for(quantifier, sense));
                let mut entry = |look: Look, some: Formula| {
                    operator.entry(&mut proof, rules, key, (look, Found { some, wrong: some_wrong }))
                };
                let (fewer, longer) = (entry(one.fewer, found.fewer), entry(one.more, found.more));
                let goal = direction(&mut proof.formulas, sense, fewer, longer);
                proof.show(format!("conclusion, {quantifier:?}, {name}"), kept, goal);
            }
        }
    }
    proof
}

/// Shows that the relation between what fewer and more values find is kept, and gives it.
fn one_element_more(
    proof: &mut Proof,
    rules: &dyn Rules,
    sense: Sense,
    before: Kept,
    (filled, next): (Formula, Sides<Look>),
) -> Formula {
    let readings = proof.readings;
    let formulas = &mut proof.formulas;
    let mut after = |passes: Passes, before: Formula, look: Look| {
        let hit = look.hit(formulas, &readings, sense);
        let passed = combination::element_passes(formulas, passes, hit);
        rules.one_more_element(formulas, before, filled, passed)
    };
    let mut both = |passes: Passes, before: Sides<Formula>| Sides {
        fewer: after(passes, before.fewer, next.fewer),
        more: after(passes, before.more, next.more),
    };
    let after =
        Kept { matches: both(Passes::OnMatch, before.matches), misses: both(Passes::OnMiss, before.misses) };
    let verum = formulas.verum();
    let base = Kept::nothing(formulas).holds(formulas);
    let kept = before.holds(formulas);
    let still = after.holds(formulas);
    proof.show(format!("base, an empty list, {sense:?} operators"), verum, base);
    proof.show(format!("step, one element more, {sense:?} operators"), kept, still);
    kept
}

fn direction(formulas: &mut Formulas, sense: Sense, fewer: Formula, longer: Formula) -> Formula {
    match sense {
        Sense::Positive => formulas.implies(fewer, longer),
        Sense::Negated => formulas.implies(longer, fewer),
    }
}
