//! Each proof for all policies fails with a step that is broken as tools of this kind do break it.

use iamproof::iam::condition::{Existence, Quantifier};
use iamproof::iam::decision::Reason;
use iamproof::iam::policy::{Effect, Selection};
use iamproof::invariants::for_all_policies;
use iamproof::invariants::known::{Counterexample, Verdict};
use iamproof::invariants::rules::{OwnRules, Rules};
use iamproof::model::combination::{Hearing, KeyState, Passes, Said, Sense, Voice};
use iamproof::model::decision::{DecisionFormulas, NamedBooleans, decide};
use iamproof::solver::formula::{Formula, Formulas};

use super::with_rules;

/// A Deny no longer counts once an Allow has matched.
struct AllowReturnsAtOnce;

impl Rules for AllowReturnsAtOnce {
    fn hear(&self, formulas: &mut Formulas, heard: &mut Hearing, voice: Voice) {
        let allowed = heard.said(formulas).allow;
        let not_yet = formulas.not(allowed);
        let matched = match voice.effect {
            Effect::Allow => voice.matched,
            Effect::Deny => formulas.and([voice.matched, not_yet]),
        };
        heard.hear(formulas, Voice { matched, ..voice });
    }
}

/// What no Deny refuses is allowed.
struct AllowsByDefault;

impl Rules for AllowsByDefault {
    fn allows(&self, formulas: &mut Formulas, said: Said) -> Formula {
        formulas.not(said.deny)
    }
}

/// No line of the algorithm is left for a session policy that does not allow.
struct LastLineForgotten;

impl Rules for LastLineForgotten {
    fn decide(&self, formulas: &mut Formulas, named: &NamedBooleans) -> DecisionFormulas {
        let mut decision = decide(formulas, named);
        for (reason, holds) in &mut decision.reasons {
            if *reason == Reason::DenyImplicitSession {
                *holds = formulas.falsum();
            }
        }
        decision
    }
}

/// A later Allow takes an earlier Deny back.
struct TheLastWordCounts;

impl Rules for TheLastWordCounts {
    fn hear(&self, formulas: &mut Formulas, heard: &mut Hearing, voice: Voice) {
        heard.hear(formulas, voice);
        if voice.effect == Effect::Allow {
            let mut said = heard.said(formulas);
            let not_matched = formulas.not(voice.matched);
            said.deny = formulas.and([said.deny, not_matched]);
            *heard = Hearing::after(said);
        }
    }
}

/// A Deny counts only against Allows of its own document.
struct DenyWithinItsDocument;

impl Rules for DenyWithinItsDocument {
    fn join(&self, formulas: &mut Formulas, heard: &mut Hearing, document: Hearing) {
        let said = document.said(formulas);
        let deny = formulas.and([said.deny, said.allow]);
        heard.join(Hearing::after(Said { deny, ..said }));
    }
}

/// A second copy of a statement takes the first one back.
struct CopiesCancel;

impl Rules for CopiesCancel {
    fn hear(&self, formulas: &mut Formulas, heard: &mut Hearing, voice: Voice) {
        let said = heard.said(formulas);
        let before = match voice.effect {
            Effect::Allow => said.allow,
            Effect::Deny => said.deny,
        };
        let same = formulas.iff(before, voice.matched);
        let exactly_one = formulas.not(same);
        *heard = Hearing::after(match voice.effect {
            Effect::Allow => Said { allow: exactly_one, ..said },
            Effect::Deny => Said { deny: exactly_one, ..said },
        });
    }
}

/// Of several statements of this effect only the last counts.
struct OnlyTheLast(Effect);

impl Rules for OnlyTheLast {
    fn hear(&self, formulas: &mut Formulas, heard: &mut Hearing, voice: Voice) {
        if voice.effect != self.0 {
            heard.hear(formulas, voice);
            return;
        }
        let said = heard.said(formulas);
        *heard = Hearing::after(match voice.effect {
            Effect::Allow => Said { allow: voice.matched, ..said },
            Effect::Deny => Said { deny: voice.matched, ..said },
        });
    }
}

/// The decision depends on something beside what the set says: how long it is, say.
struct LooksAtMoreThanIsSaid;

impl Rules for LooksAtMoreThanIsSaid {
    fn allows(&self, formulas: &mut Formulas, said: Said) -> Formula {
        let short = formulas.new_flag("the set has fewer than ten statements");
        let short = formulas.flag(short);
        let allows = said.allows(formulas);
        formulas.and([allows, short])
    }
}

/// `NotAction` and `NotResource` mean what is listed.
struct ForgetsTheComplement;

impl Rules for ForgetsTheComplement {
    fn selected(&self, _: &mut Formulas, _: &Selection<()>, some: Formula) -> Formula {
        some
    }
}

/// A negated operator is false where its key is missing.
struct NegationNeedsItsKey;

impl Rules for NegationNeedsItsKey {
    fn plain_entry(
        &self,
        formulas: &mut Formulas,
        modifiers: (Sense, Existence),
        key: KeyState,
        hit: Formula,
    ) -> Formula {
        let entry = OwnRules.plain_entry(formulas, modifiers, key, hit);
        let single = key.single(formulas);
        match modifiers {
            (Sense::Negated, Existence::Required) => formulas.and([entry, single]),
            (Sense::Negated, Existence::IfExists) | (Sense::Positive, _) => entry,
        }
    }
}

/// `ForAnyValue` of a negated operator negates the whole instead of each element.
struct ForAnyNegatesTheWhole;

impl Rules for ForAnyNegatesTheWhole {
    fn looked_for(&self, quantifier: Quantifier, sense: Sense) -> Passes {
        match (quantifier, sense) {
            (Quantifier::ForAnyValue, Sense::Negated) => Passes::OnMatch,
            (Quantifier::None | Quantifier::ForAllValues, _) | (Quantifier::ForAnyValue, Sense::Positive) => {
                OwnRules.looked_for(quantifier, sense)
            }
        }
    }

    fn set_entry(
        &self,
        formulas: &mut Formulas,
        modifiers: (Quantifier, Existence),
        key: KeyState,
        some: Formula,
    ) -> Formula {
        OwnRules.set_entry(formulas, modifiers, key, some)
    }
}

/// `ForAllValues` over nothing is false.
struct ForAllOfNothingIsFalse;

impl Rules for ForAllOfNothingIsFalse {
    fn set_entry(
        &self,
        formulas: &mut Formulas,
        (quantifier, existence): (Quantifier, Existence),
        key: KeyState,
        some: Formula,
    ) -> Formula {
        let entry = OwnRules.set_entry(formulas, (quantifier, existence), key, some);
        match quantifier {
            Quantifier::ForAllValues => {
                let missing = key.missing(formulas);
                let there = formulas.not(missing);
                formulas.and([entry, there])
            }
            Quantifier::None | Quantifier::ForAnyValue => entry,
        }
    }
}

/// `IfExists` asks for the key to exist.
struct IfExistsStrengthens;

impl Rules for IfExistsStrengthens {
    fn plain_entry(
        &self,
        formulas: &mut Formulas,
        (sense, existence): (Sense, Existence),
        key: KeyState,
        hit: Formula,
    ) -> Formula {
        let entry = OwnRules.plain_entry(formulas, (sense, Existence::Required), key, hit);
        match existence {
            Existence::Required => entry,
            Existence::IfExists => {
                let missing = key.missing(formulas);
                let there = formulas.not(missing);
                formulas.and([entry, there])
            }
        }
    }
}

/// `IfExists` makes a present key true as well.
struct IfExistsTrueWhenPresent;

impl Rules for IfExistsTrueWhenPresent {
    fn set_entry(
        &self,
        formulas: &mut Formulas,
        (quantifier, existence): (Quantifier, Existence),
        key: KeyState,
        some: Formula,
    ) -> Formula {
        match existence {
            Existence::IfExists => formulas.verum(),
            Existence::Required => OwnRules.set_entry(formulas, (quantifier, existence), key, some),
        }
    }
}

/// Several entries of a Condition are alternatives.
struct ConditionsAreAlternatives;

impl Rules for ConditionsAreAlternatives {
    fn matched(&self, formulas: &mut Formulas, elements: &[Formula], entries: &[Formula]) -> Formula {
        let some = formulas.or(entries.iter().copied());
        OwnRules.matched(formulas, elements, &[some])
    }
}

/// Every listed value must match.
struct EveryValueMustMatch;

impl Rules for EveryValueMustMatch {
    fn some_value_matches(&self, formulas: &mut Formulas, values: &[Formula]) -> Formula {
        formulas.and(values.iter().copied())
    }
}

/// The proof of the law fails with the broken step, and says where.
fn fails(id: &str, rules: &dyn Rules) {
    let way = for_all_policies(id, with_rules(rules)).expect("the law has a proof for all policies");
    match way.verdict {
        Verdict::Refuted(Counterexample::Step { step, flags, false_flags }) => {
            let told = flags.len() + false_flags.len();
            assert!(!step.is_empty() && told > 0, "{id}: {step}, {flags:?}, {false_flags:?}");
        }
        verdict @ (Verdict::Proved
        | Verdict::Sampled
        | Verdict::Refuted(_)
        | Verdict::Vacuous
        | Verdict::Unknown(_)) => panic!("{id} came out as {verdict:?} with a broken step"),
    }
}

#[test]
fn every_proof_notices_a_broken_step() {
    let broken: [(&str, &dyn Rules); 22] = [
        ("INV-1", &AllowReturnsAtOnce),
        ("INV-1", &TheLastWordCounts),
        ("INV-2", &AllowsByDefault),
        ("INV-3", &LastLineForgotten),
        ("INV-4", &TheLastWordCounts),
        ("INV-4", &AllowReturnsAtOnce),
        ("INV-5", &DenyWithinItsDocument),
        ("INV-6", &CopiesCancel),
        ("INV-7", &OnlyTheLast(Effect::Allow)),
        ("INV-8", &OnlyTheLast(Effect::Deny)),
        ("INV-9", &LooksAtMoreThanIsSaid),
        ("INV-10", &OnlyTheLast(Effect::Deny)),
        ("INV-11", &OnlyTheLast(Effect::Allow)),
        ("INV-17", &ForgetsTheComplement),
        ("INV-18", &ForgetsTheComplement),
        ("INV-19", &NegationNeedsItsKey),
        ("INV-20", &ForAnyNegatesTheWhole),
        ("INV-20", &ForAllOfNothingIsFalse),
        ("INV-21", &IfExistsStrengthens),
        ("INV-21", &IfExistsTrueWhenPresent),
        ("INV-22", &ConditionsAreAlternatives),
        ("INV-23", &EveryValueMustMatch),
    ];
    for (id, rules) in broken {
        fails(id, rules);
    }
}
