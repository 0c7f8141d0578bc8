//! The laws of combination, for all policies: INV-1 to INV-11, by induction over the statements of a set.

use super::induction::{
    Conclusion, Decided, Place, World, after, conclusions, free_said, free_voice, kept_to_the_end, narrower,
    same, wider,
};
use super::obligation::Proof;
use super::rules::Rules;
use crate::iam::decision::Decision;
use crate::iam::policy::Effect;
use crate::model::combination::{Hearing, Said, Voice};
use crate::model::layers::of_session_policies;
use crate::solver::formula::{Formula, Formulas};

/// The proof of a law of combination, if it is one of these.
pub fn proof(id: &str, rules: &dyn Rules) -> Option<Proof> {
    let prove = match id {
        "INV-1" => a_deny_wins,
        "INV-2" => without_allow_nothing_is_allowed,
        "INV-3" => one_decision_one_reason,
        "INV-4" => order_does_not_matter,
        "INV-5" => cutting_does_not_matter,
        "INV-6" => copies_do_not_matter,
        "INV-7" => a_new_allow_widens,
        "INV-8" => a_new_deny_narrows,
        "INV-9" => nothing_else_matters,
        "INV-10" => an_allow_turned_deny_narrows,
        "INV-11" => what_does_not_match_does_not_matter,
        _ => return None,
    };
    Some(prove(rules))
}

/// Holds iff the statement matches and has the effect.
fn speaks(formulas: &Formulas, voice: Voice, effect: Effect) -> Formula {
    if voice.effect == effect { voice.matched } else { formulas.falsum() }
}

/// Ghost: whether a Deny has matched so far. Kept: if one has, the set denies.
fn a_deny_wins(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new("kept: if a Deny among the statements so far matches, the set says so");
    remembered(&mut proof, rules, Effect::Deny, |formulas, said, denied| formulas.implies(denied, said.deny));
    for place in Place::ALL {
        for (name, world) in World::all_around(&mut proof, place) {
            let said = free_said(&mut proof, "the set");
            let formulas = &mut proof.formulas;
            // A law about decisions leaves out the operations that need no permission (section 9.0).
            let needs_permission = formulas.not(world.around.no_permission_required);
            let consistent = world.around.consistent(formulas);
            let applies = place.applies(formulas, &world.around);
            let premise = formulas.and([consistent, applies, needs_permission, said.deny]);
            let Decided { allow, .. } = world.decided(rules, formulas, said);
            let refused = formulas.not(allow);
            proof.show(format!("conclusion for {name}"), premise, refused);
        }
    }
    proof
}

/// Ghost: whether an Allow has matched so far. Kept: if none has, the set neither allows nor grants.
fn without_allow_nothing_is_allowed(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new(
        "kept: if no Allow among the statements so far matches, the set neither allows nor grants",
    );
    let silent: fn(&mut Formulas, &Said) -> Formula = |formulas, said| {
        let granted = said.grants.any(formulas);
        let speaks = formulas.or([said.allow, granted]);
        formulas.not(speaks)
    };
    remembered(&mut proof, rules, Effect::Allow, |formulas, said, allowed| {
        let silent = silent(formulas, said);
        formulas.or([allowed, silent])
    });
    for place in [Place::Alone, Place::Identity] {
        for (name, world) in World::all_around(&mut proof, place) {
            let said = free_said(&mut proof, "the set");
            let formulas = &mut proof.formulas;
            let needs_permission = formulas.not(world.around.no_permission_required);
            let consistent = world.around.consistent(formulas);
            let by_root = formulas.and([world.around.federated, world.around.federated_by_root]);
            let root = formulas.or([world.around.root, by_root]);
            let not_root = formulas.not(root);
            let set_is_silent = silent(formulas, &said);
            let mut premises = vec![consistent, needs_permission, not_root, set_is_silent];
            if let (Place::Identity, Some(resource)) = (place, world.others.resource) {
                premises.push(silent(formulas, &resource));
            }
            let premise = formulas.and(premises);
            let Decided { allow, .. } = world.decided(rules, formulas, said);
            let refused = formulas.not(allow);
            proof.show(format!("conclusion for {name}"), premise, refused);
        }
    }
    proof
}

/// No induction: whatever the layers say, one reason holds, no two do, and it is allowed just where an Allow reason holds.
fn one_decision_one_reason(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new("whatever all layers say and whoever asks");
    for (name, world) in World::all_around(&mut proof, Place::Identity) {
        let said = free_said(&mut proof, "the set");
        let formulas = &mut proof.formulas;
        let consistent = world.around.consistent(formulas);
        let decided = world.decided(rules, formulas, said);
        let Some(whole) = decided.whole else { continue };
        let some = formulas.or(whole.reasons.iter().map(|&(_, holds)| holds));
        let mut at_most_one = Vec::new();
        for (position, &(_, first)) in whole.reasons.iter().enumerate() {
            let others: Vec<Formula> =
                whole.reasons.iter().skip(position + 1).map(|&(_, holds)| holds).collect();
            let another = formulas.or(others);
            let both = formulas.and([first, another]);
            at_most_one.push(formulas.not(both));
        }
        let at_most_one = formulas.and(at_most_one);
        let allows = whole.reasons.iter().filter(|(reason, _)| reason.decision() == Decision::Allow);
        let allowed_by_reason = formulas.or(allows.map(|&(_, holds)| holds).collect::<Vec<Formula>>());
        let agrees = formulas.iff(decided.allow, allowed_by_reason);
        proof.show(format!("some reason, {name}"), consistent, some);
        proof.show(format!("no two reasons, {name}"), consistent, at_most_one);
        proof.show(format!("the reason's decision, {name}"), consistent, agrees);
    }
    proof
}

/// Base and step of an induction that remembers whether a statement of the effect has matched.
fn remembered(
    proof: &mut Proof,
    rules: &dyn Rules,
    effect: Effect,
    kept: impl Fn(&mut Formulas, &Said, Formula) -> Formula,
) {
    let verum = proof.formulas.verum();
    let falsum = proof.formulas.falsum();
    let nothing = Hearing::default().said(&mut proof.formulas);
    let base = kept(&mut proof.formulas, &nothing, falsum);
    proof.show("base, no statement", verum, base);
    let before = free_said(proof, "so far");
    let matched_before = proof.free("one matched so far");
    let holds = kept(&mut proof.formulas, &before, matched_before);
    for next in [Effect::Allow, Effect::Deny] {
        let voice = free_voice(proof, next, "the next statement");
        let formulas = &mut proof.formulas;
        let matches_now = speaks(formulas, voice, effect);
        let matched = formulas.or([matched_before, matches_now]);
        let said = after(rules, formulas, before, voice);
        let still = kept(formulas, &said, matched);
        proof.show(format!("step, a statement with {}", next.name()), holds, still);
    }
}

/// Every order is reached by exchanging neighbours: after two neighbours, heard in either order, both sides say the same.
fn order_does_not_matter(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new("kept: both orders say the same; the base exchanges two neighbours");
    let before = free_said(&mut proof, "so far");
    for first_effect in [Effect::Allow, Effect::Deny] {
        for second_effect in [Effect::Allow, Effect::Deny] {
            let first = free_voice(&mut proof, first_effect, "the one");
            let second = free_voice(&mut proof, second_effect, "the other");
            let formulas = &mut proof.formulas;
            let left = after(rules, formulas, before, first);
            let left = after(rules, formulas, left, second);
            let right = after(rules, formulas, before, second);
            let right = after(rules, formulas, right, first);
            base(
                &mut proof,
                format!("base, {} and {}", first_effect.name(), second_effect.name()),
                (left, right),
                same,
            );
        }
    }
    documents_in_any_order(&mut proof, rules);
    kept_to_the_end(&mut proof, rules, same, Conclusion::SameDecision);
    proof
}

fn base(
    proof: &mut Proof,
    step: String,
    (left, right): (Said, Said),
    relation: fn(&mut Formulas, &Said, &Said) -> Formula,
) {
    let verum = proof.formulas.verum();
    let established = relation(&mut proof.formulas, &left, &right);
    proof.show(step, verum, established);
}

/// What a set has said after these documents.
fn joined(rules: &dyn Rules, formulas: &mut Formulas, documents: &[Said]) -> Said {
    let mut heard = Hearing::default();
    for &document in documents {
        rules.join(formulas, &mut heard, Hearing::after(document));
    }
    heard.said(formulas)
}

/// Two neighbouring documents, in either order.
fn documents_in_any_order(proof: &mut Proof, rules: &dyn Rules) {
    let before = free_said(proof, "the documents before");
    let one = free_said(proof, "the one document");
    let other = free_said(proof, "the other document");
    let left = joined(rules, &mut proof.formulas, &[before, one, other]);
    let right = joined(rules, &mut proof.formulas, &[before, other, one]);
    base(proof, "base, two documents".to_owned(), (left, right), same);
}

/// Session policies, document by document: what they say together, as far as the readings let a document's own Allows count.
fn session_policies(proof: &mut Proof, rules: &dyn Rules, documents: &[Said]) -> Said {
    let readings = proof.readings;
    let formulas = &mut proof.formulas;
    let together = joined(rules, formulas, documents);
    let each: Vec<Formula> = documents.iter().map(|document| document.allow).collect();
    Said { allow: of_session_policies(formulas, &readings, together.allow, &each), ..together }
}

/// A document is cut behind its first part; the second grows statement by statement.
///
/// Kept: the set with two documents says what the set with one says.
fn cutting_does_not_matter(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new("kept: the two parts, joined, say what the whole says; the second grows");
    let others = free_said(&mut proof, "the documents before");
    let first = free_said(&mut proof, "the first part");
    let formulas = &mut proof.formulas;
    let nothing = Hearing::default().said(formulas);
    let cut = joined(rules, formulas, &[others, first, nothing]);
    let whole = joined(rules, formulas, &[others, first]);
    base(&mut proof, "base, an empty second part".to_owned(), (cut, whole), same);
    let second = free_said(&mut proof, "the second part");
    let document = free_said(&mut proof, "the whole document");
    let formulas = &mut proof.formulas;
    let cut = joined(rules, formulas, &[others, first, second]);
    let whole = joined(rules, formulas, &[others, document]);
    let alike = same(formulas, &cut, &whole);
    for effect in [Effect::Allow, Effect::Deny] {
        let voice = free_voice(&mut proof, effect, "the next statement");
        let formulas = &mut proof.formulas;
        let second = after(rules, formulas, second, voice);
        let document = after(rules, formulas, document, voice);
        let cut = joined(rules, formulas, &[others, first, second]);
        let whole = joined(rules, formulas, &[others, document]);
        let still = same(formulas, &cut, &whole);
        proof.show(format!("step, a statement with {}", effect.name()), alike, still);
    }
    // As session policies two documents may have to allow each for itself; D-54 says.
    let cut = session_policies(&mut proof, rules, &[others, first, second]);
    let whole = session_policies(&mut proof, rules, &[others, document]);
    let formulas = &mut proof.formulas;
    let parts = joined(rules, formulas, &[first, second]);
    let alike = same(formulas, &parts, &document);
    let still = same(formulas, &cut, &whole);
    proof.show("conclusion for session policies, one of them cut", alike, still);
    kept_to_the_end(&mut proof, rules, same, Conclusion::SameDecision);
    proof
}

/// Once a statement was heard, what it can add was added, and stays so.
///
/// Kept: the set already says what the copy would say. So the copy changes nothing, wherever it comes (with INV-4, before the original too).
fn copies_do_not_matter(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new("kept: the set already says whatever the copy would add");
    for effect in [Effect::Allow, Effect::Deny] {
        let original = free_voice(&mut proof, effect, "the statement");
        let before = free_said(&mut proof, "so far");
        let formulas = &mut proof.formulas;
        let verum = formulas.verum();
        let said = after(rules, formulas, before, original);
        let contained = contains(formulas, &said, original);
        proof.show(format!("base, {}", effect.name()), verum, contained);
        let contained = contains(&mut proof.formulas, &before, original);
        for next in [Effect::Allow, Effect::Deny] {
            let voice = free_voice(&mut proof, next, "the next statement");
            let formulas = &mut proof.formulas;
            let said = after(rules, formulas, before, voice);
            let still = contains(formulas, &said, original);
            let step = format!("step, {} behind {}", next.name(), effect.name());
            proof.show(step, contained, still);
        }
        let formulas = &mut proof.formulas;
        let copied = after(rules, formulas, before, original);
        let alike = same(formulas, &before, &copied);
        proof.show(format!("the copy of {}", effect.name()), contained, alike);
        // The copy may come into another document of the set; as session policies both may have to allow each for itself (D-54).
        let other = free_said(&mut proof, "another document");
        let copied = after(rules, &mut proof.formulas, other, original);
        let plain = session_policies(&mut proof, rules, &[before, other]);
        let with_copy = session_policies(&mut proof, rules, &[before, copied]);
        let still = same(&mut proof.formulas, &plain, &with_copy);
        let step = format!("the copy of {} in another session policy", effect.name());
        proof.show(step, contained, still);
    }
    kept_to_the_end(&mut proof, rules, same, Conclusion::SameDecision);
    proof
}

/// Holds iff a set that said this would say the same after the statement.
fn contains(formulas: &mut Formulas, said: &Said, voice: Voice) -> Formula {
    let mut parts = Vec::new();
    match voice.effect {
        Effect::Deny => parts.push(formulas.implies(voice.matched, said.deny)),
        Effect::Allow => {
            parts.push(formulas.implies(voice.matched, said.allow));
            for (added, there) in voice.grants.listed().into_iter().zip(said.grants.listed()) {
                let given = formulas.and([voice.matched, added]);
                parts.push(formulas.implies(given, there));
            }
        }
    }
    formulas.and(parts)
}

fn a_new_allow_widens(rules: &dyn Rules) -> Proof {
    let mut proof =
        Proof::new("kept: the longer set allows and grants whatever the shorter does; both deny alike");
    one_more(&mut proof, rules, Effect::Allow, wider);
    kept_to_the_end(&mut proof, rules, wider, Conclusion::RightAllowsMore);
    proof
}

fn a_new_deny_narrows(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new("kept: the longer set denies whatever the shorter does, and allows no more");
    one_more(&mut proof, rules, Effect::Deny, narrower);
    kept_to_the_end(&mut proof, rules, narrower, Conclusion::RightAllowsLess);
    proof
}

/// The base of laws about one statement more.
fn one_more(
    proof: &mut Proof,
    rules: &dyn Rules,
    effect: Effect,
    relation: fn(&mut Formulas, &Said, &Said) -> Formula,
) {
    let before = free_said(proof, "so far");
    let voice = free_voice(proof, effect, "the new statement");
    let longer = after(rules, &mut proof.formulas, before, voice);
    base(proof, "base, the new statement".to_owned(), (before, longer), relation);
}

fn an_allow_turned_deny_narrows(rules: &dyn Rules) -> Proof {
    let mut proof =
        Proof::new("kept: the set with the Deny denies whatever the other does, and allows no more");
    let before = free_said(&mut proof, "so far");
    let allow = free_voice(&mut proof, Effect::Allow, "the statement");
    let deny = Voice { effect: Effect::Deny, ..allow };
    let formulas = &mut proof.formulas;
    let left = after(rules, formulas, before, allow);
    let right = after(rules, formulas, before, deny);
    base(&mut proof, "base, the turned statement".to_owned(), (left, right), narrower);
    kept_to_the_end(&mut proof, rules, narrower, Conclusion::RightAllowsLess);
    proof
}

fn what_does_not_match_does_not_matter(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new("kept: both sets say the same");
    for effect in [Effect::Allow, Effect::Deny] {
        let before = free_said(&mut proof, "so far");
        let voice = free_voice(&mut proof, effect, "the statement");
        let formulas = &mut proof.formulas;
        let does_not_match = formulas.not(voice.matched);
        let longer = after(rules, formulas, before, voice);
        let alike = same(formulas, &before, &longer);
        proof.show(format!("base, {}", effect.name()), does_not_match, alike);
    }
    kept_to_the_end(&mut proof, rules, same, Conclusion::SameDecision);
    proof
}

/// No induction: a set is exchanged for one that says the same, in each place; and so all of them, one after the other.
fn nothing_else_matters(rules: &dyn Rules) -> Proof {
    let mut proof = Proof::new("one set is exchanged for another that says the same, in each layer in turn");
    conclusions(&mut proof, rules, same, Conclusion::SameDecision);
    proof
}
