//! Each law of requests fails with a mistake that it forbids, in a step of the model or in how a text is taken.

use iamproof::iam::assumption::Assumptions;
use iamproof::iam::condition::{BaseOperator, Existence, Operator};
use iamproof::iam::policy::{ConditionEntry, Policy, Selection, Statement};
use iamproof::invariants::known::{Counterexample, Verdict};
use iamproof::invariants::obligation::Proof;
use iamproof::invariants::requests::{LAWS_OF_REQUESTS, proof, texts};
use iamproof::invariants::rules::{OwnRules, Rules};
use iamproof::model::decision::NamedBooleans;
use iamproof::model::layers::{LayersSaid, Surroundings, named};
use iamproof::model::principal::Grants;
use iamproof::solver::Limits;
use iamproof::solver::formula::Formulas;

/// A mistake on the way from what layers say to the named booleans.
struct Named(fn(&mut Formulas, &LayersSaid, NamedBooleans) -> NamedBooleans);

impl Rules for Named {
    fn named(&self, formulas: &mut Formulas, around: &Surroundings, said: &LayersSaid) -> NamedBooleans {
        let right = named(formulas, around, said);
        self.0(formulas, said, right)
    }
}

const CREDENTIALS_ARE_ALL_ALIKE: Named = Named(|formulas, _, mut right| {
    right.credentials.restricted = formulas.falsum();
    right
});

const A_DENY_STOPS_EVERYTHING: Named = Named(|formulas, _, right| {
    let denied = right.denied(formulas);
    let not_denied = formulas.not(denied);
    NamedBooleans {
        no_permission_required: formulas.and([right.no_permission_required, not_denied]),
        ..right
    }
});

const BOUNDARIES_GRANT: Named = Named(|formulas, said, right| {
    let granted = said.boundary.map_or(formulas.falsum(), |boundary| boundary.allow);
    NamedBooleans { identity: formulas.or([right.identity, granted]), ..right }
});

const IDENTITY_POLICIES_DO_NOT_DENY: Named = Named(|formulas, _, mut right| {
    right.denies.identity = formulas.falsum();
    right
});

const EVERY_GRANT_IS_FOR_EVERYBODY: Named = Named(|formulas, _, mut right| {
    let star = right.grants.any(formulas);
    right.grants = Grants { star, ..right.grants };
    right
});

/// A mistake in what an entry of a Condition says.
struct Entries(fn(&ConditionEntry) -> Option<ConditionEntry>);

impl Rules for Entries {
    fn taken(&self, policy: &Policy) -> Policy {
        let statement = |statement: &Statement| Statement {
            condition: statement.condition.iter().filter_map(self.0).collect(),
            ..statement.clone()
        };
        Policy { statements: policy.statements.iter().map(statement).collect(), ..policy.clone() }
    }
}

const ABSENT_KEYS_ARE_TRUE: Entries = Entries(|entry| {
    let operator = Operator { existence: Existence::IfExists, ..entry.operator };
    Some(ConditionEntry { operator, ..entry.clone() })
});

const BEFORE_IS_UNTIL: Entries = Entries(|entry| {
    let until = Operator { base: BaseOperator::DateLessThanEquals, ..entry.operator };
    let operator = if entry.operator.base == BaseOperator::DateLessThan { until } else { entry.operator };
    Some(ConditionEntry { operator, ..entry.clone() })
});

const CONDITIONS_OF_EQUALITY_ARE_DROPPED: Entries = Entries(|entry| {
    let dropped = [BaseOperator::StringEquals, BaseOperator::ArnLike].contains(&entry.operator.base);
    (!dropped).then(|| entry.clone())
});

/// `sts:*`, the most that a trust policy says, is read as `*`.
struct ActionsHaveNoPrefix;

impl Rules for ActionsHaveNoPrefix {
    fn taken(&self, policy: &Policy) -> Policy {
        let mut policy = policy.clone();
        for statement in &mut policy.statements {
            if statement.action == Selection::Only(vec!["sts:*".to_owned()]) {
                statement.action = Selection::Only(vec!["*".to_owned()]);
            }
        }
        policy
    }
}

const STEPS: [(&str, &dyn Rules); 9] = [
    ("INV-62", &CREDENTIALS_ARE_ALL_ALIKE),
    ("INV-63", &A_DENY_STOPS_EVERYTHING),
    ("INV-68", &BOUNDARIES_GRANT),
    ("INV-68", &ABSENT_KEYS_ARE_TRUE),
    ("INV-72", &IDENTITY_POLICIES_DO_NOT_DENY),
    ("INV-74", &EVERY_GRANT_IS_FOR_EVERYBODY),
    ("INV-75", &BOUNDARIES_GRANT),
    ("INV-78", &BOUNDARIES_GRANT),
    ("INV-78", &ActionsHaveNoPrefix),
];

const TEXTS: [(&str, &dyn Rules); 4] = [
    ("INV-72", &BEFORE_IS_UNTIL),
    ("INV-74", &ABSENT_KEYS_ARE_TRUE),
    ("INV-74", &CONDITIONS_OF_EQUALITY_ARE_DROPPED),
    ("INV-78", &CONDITIONS_OF_EQUALITY_ARE_DROPPED),
];

fn verdict(proof: Option<Proof>) -> Verdict {
    proof.expect("the law has such a proof").discharged(Assumptions::default(), Limits::default())
}

fn is_refuted(id: &str, verdict: Verdict) {
    let Verdict::Refuted(Counterexample::Step { flags, .. }) = &verdict else {
        panic!("{id} came out as {verdict:?} with a mistake");
    };
    assert!(flags.iter().any(|flag| flag.starts_with("action = ")), "{id} names no request: {flags:?}");
}

#[test]
fn every_law_of_requests_is_proved_and_notices_a_mistake() {
    for law in LAWS_OF_REQUESTS {
        assert_eq!(verdict(proof(law.id, &OwnRules)), Verdict::Proved, "{}", law.id);
        assert!(STEPS.iter().any(|(id, _)| *id == law.id), "no mistake is planted against {}", law.id);
        let of_texts = texts(law.id, &OwnRules);
        assert_eq!(of_texts.is_some(), TEXTS.iter().any(|(id, _)| *id == law.id), "{}", law.id);
        if of_texts.is_some() {
            assert_eq!(verdict(of_texts), Verdict::Proved, "the texts of {}", law.id);
        }
    }
    for (id, rules) in STEPS {
        is_refuted(id, verdict(proof(id, rules)));
    }
    for (id, rules) in TEXTS {
        is_refuted(id, verdict(texts(id, rules)));
    }
}
