//! Each law of layers fails with a mistake that it forbids: in a step of the model, in the evaluator, or in how layers and texts are taken.

use iamproof::evaluator::Reading;
use iamproof::evaluator::fault::Fault;
use iamproof::iam::assumption::Assumptions;
use iamproof::iam::condition::{BaseOperator, Operator};
use iamproof::iam::key::KeyName;
use iamproof::iam::layers::Layers;
use iamproof::iam::policy::{ConditionEntry, Effect, Policy, Selection, Statement, Version};
use iamproof::iam::principal::{PrincipalEntry, Principals};
use iamproof::invariants::known::{Counterexample, Verdict, Way};
use iamproof::invariants::layered::{drawn, free};
use iamproof::invariants::rules::{OwnRules, Rules};
use iamproof::invariants::sampled::{Asking, Samples};
use iamproof::invariants::{Readings, fixed};
use iamproof::model::decision::NamedBooleans;
use iamproof::model::layers::{LayersSaid, Surroundings, named};
use iamproof::model::principal::Grants;
use iamproof::solver::Limits;
use iamproof::solver::formula::{Formula, Formulas};

use super::{law, with_rules};

/// A mistake on the way from what layers say to the named booleans.
struct Named(fn(&mut Formulas, &Surroundings, &LayersSaid, NamedBooleans) -> NamedBooleans);

impl Rules for Named {
    fn named(&self, formulas: &mut Formulas, around: &Surroundings, said: &LayersSaid) -> NamedBooleans {
        let right = named(formulas, around, said);
        self.0(formulas, around, said, right)
    }
}

/// A mistake in what surrounds the layers: they are read as if this were so.
struct Around(fn(&mut Formulas, Surroundings, LayersSaid) -> (Surroundings, LayersSaid));

impl Rules for Around {
    fn named(&self, formulas: &mut Formulas, around: &Surroundings, said: &LayersSaid) -> NamedBooleans {
        let (around, said) = self.0(formulas, *around, said.clone());
        named(formulas, &around, &said)
    }
}

const BOUNDARY_IS_NOT_CONSULTED: Named =
    Named(|formulas, _, _, right| NamedBooleans { boundary: formulas.verum(), ..right });

const NO_BOUNDARY_ALLOWS_NOTHING: Around = Around(|formulas, around, mut said| {
    let nothing = formulas.falsum();
    let empty = iamproof::model::combination::Said { allow: nothing, deny: nothing, ..said.identity };
    said.boundary.get_or_insert(empty);
    (around, said)
});

const SESSION_POLICIES_ADD: Named = Named(|formulas, around, said, right| {
    let added = said.session.map_or(formulas.falsum(), |session| session.allow);
    let added = formulas.and([added, around.has_entity]);
    NamedBooleans { identity: formulas.or([right.identity, added]), ..right }
});

const SESSION_POLICIES_ARE_FORGOTTEN: Named =
    Named(|formulas, _, _, right| NamedBooleans { session: formulas.verum(), ..right });

const SCPS_SPARE_FEDERATED_SESSIONS: Around = Around(|formulas, mut around, said| {
    let others = formulas.not(around.federated);
    around.scp_applies = formulas.and([around.scp_applies, others]);
    (around, said)
});

const ONLY_THE_LAST_LEVEL: Around = Around(|_, around, mut said| {
    let last = said.scps.pop();
    said.scps = last.into_iter().collect();
    (around, said)
});

const SCPS_GRANT: Named = Named(|formulas, _, said, right| {
    if said.scps.is_empty() {
        return right;
    }
    let granted = formulas.and(said.scps.iter().map(|level| level.allow));
    NamedBooleans { identity: formulas.or([right.identity, granted]), ..right }
});

const RCPS_ARE_FORGOTTEN: Named = Named(|formulas, _, _, mut right| {
    right.denies.rcp = formulas.falsum();
    right
});

const CEILINGS_BIND_EVERYBODY: Around = Around(|formulas, mut around, said| {
    around.scp_applies = formulas.verum();
    around.rcp_applies = formulas.verum();
    (around, said)
});

const THREE_LEVELS_ARE_TOO_MANY: Named =
    Named(
        |formulas, _, said, right| {
            if said.scps.len() < 3 { right } else { NamedBooleans { scp_ok: formulas.falsum(), ..right } }
        },
    );

const ACCOUNTS_DO_NOT_MATTER: Named = Named(|formulas, around, _, right| {
    let stranger = formulas.or([around.anonymous, around.service, around.unsigned]);
    NamedBooleans { same_account: formulas.not(stranger), ..right }
});

const ACROSS_ACCOUNTS_THE_GRANT_SUFFICES: Named = Named(|formulas, around, _, right| {
    let granted = right.grants.any(formulas);
    let elsewhere = formulas.not(around.same_account);
    let enough = formulas.and([granted, elsewhere]);
    NamedBooleans { identity: formulas.or([right.identity, enough]), ..right }
});

const DIRECT_GRANTS_CROSS_ACCOUNTS: Named = Named(|formulas, around, _, right| {
    let stranger = formulas.or([around.anonymous, around.service, around.unsigned]);
    let member = formulas.not(stranger);
    let direct = right.direct(formulas);
    let crossing = formulas.and([direct, member]);
    NamedBooleans { same_account: formulas.or([right.same_account, crossing]), ..right }
});

const PARTITIONS_ARE_NOT_COMPARED: Named =
    Named(|formulas, _, _, right| NamedBooleans { other_partition: formulas.falsum(), ..right });

const THE_ACCOUNT_IS_EVERYBODY: Named = Named(|formulas, _, _, mut right| {
    right.grants.star = formulas.or([right.grants.star, right.grants.account]);
    right
});

const EVERY_GRANT_IS_FOR_EVERYBODY: Named = Named(|formulas, _, _, mut right| {
    let star = right.grants.any(formulas);
    right.grants = Grants { star, ..right.grants };
    right
});

const IDENTITY_POLICIES_DENY_ROOT: Named = Named(|_, _, said, mut right| {
    right.denies.identity = said.identity.deny;
    right
});

const THE_BUCKET_ALONE_IS_NOT_ENOUGH: Named = Named(|formulas, _, _, mut right| {
    let both = |formulas: &mut Formulas, grant: Formula| formulas.and([grant, right.identity]);
    right.grants.role = both(formulas, right.grants.role);
    right.grants.session = both(formulas, right.grants.session);
    right.grants.star = both(formulas, right.grants.star);
    right
});

const BUCKETS_DO_NOT_DENY_ROLES: Named = Named(|formulas, around, _, mut right| {
    let others = formulas.not(around.role_session);
    right.denies.resource = formulas.and([right.denies.resource, others]);
    right
});

fn is_refuted(id: &str, way: Option<Way>, by: &str) {
    let way = way.unwrap_or_else(|| panic!("{id} can be tried with {by}"));
    match way.verdict {
        Verdict::Refuted(Counterexample::Step { step, flags, false_flags }) => {
            assert!(!step.is_empty() && flags.len() + false_flags.len() > 0, "{id}");
        }
        Verdict::Refuted(Counterexample::Request(witness)) => assert!(!witness.sides.is_empty(), "{id}"),
        Verdict::Refuted(Counterexample::Example(example)) => panic!("{id} is of layers: {example}"),
        verdict @ (Verdict::Proved | Verdict::Sampled | Verdict::Vacuous | Verdict::Unknown(_)) => {
            panic!("{id} came out as {verdict:?} with {by}: {}", way.done)
        }
    }
}

pub(super) const STEPS: [(&str, &dyn Rules); 32] = [
    ("INV-29", &BOUNDARY_IS_NOT_CONSULTED),
    ("INV-30", &NO_BOUNDARY_ALLOWS_NOTHING),
    ("INV-31", &SESSION_POLICIES_ADD),
    ("INV-32", &SESSION_POLICIES_ARE_FORGOTTEN),
    ("INV-33", &SESSION_POLICIES_ARE_FORGOTTEN),
    ("INV-34", &SCPS_SPARE_FEDERATED_SESSIONS),
    ("INV-35", &ONLY_THE_LAST_LEVEL),
    ("INV-35", &SCPS_SPARE_FEDERATED_SESSIONS),
    ("INV-36", &SCPS_GRANT),
    ("INV-37", &RCPS_ARE_FORGOTTEN),
    ("INV-38", &CEILINGS_BIND_EVERYBODY),
    ("INV-39", &CEILINGS_BIND_EVERYBODY),
    ("INV-40", &THREE_LEVELS_ARE_TOO_MANY),
    ("INV-40", &ONLY_THE_LAST_LEVEL),
    ("INV-41", &ONLY_THE_LAST_LEVEL),
    ("INV-42", &ACCOUNTS_DO_NOT_MATTER),
    ("INV-42", &ACROSS_ACCOUNTS_THE_GRANT_SUFFICES),
    ("INV-43", &ACCOUNTS_DO_NOT_MATTER),
    ("INV-44", &DIRECT_GRANTS_CROSS_ACCOUNTS),
    ("INV-44", &BOUNDARY_IS_NOT_CONSULTED),
    ("INV-45", &DIRECT_GRANTS_CROSS_ACCOUNTS),
    ("INV-47", &PARTITIONS_ARE_NOT_COMPARED),
    ("INV-48", &THE_ACCOUNT_IS_EVERYBODY),
    ("INV-48", &THE_BUCKET_ALONE_IS_NOT_ENOUGH),
    ("INV-49", &EVERY_GRANT_IS_FOR_EVERYBODY),
    ("INV-50", &EVERY_GRANT_IS_FOR_EVERYBODY),
    ("INV-51", &IDENTITY_POLICIES_DENY_ROOT),
    ("INV-102", &THE_BUCKET_ALONE_IS_NOT_ENOUGH),
    ("INV-103", &THE_BUCKET_ALONE_IS_NOT_ENOUGH),
    ("INV-104", &THE_ACCOUNT_IS_EVERYBODY),
    ("INV-105", &ACROSS_ACCOUNTS_THE_GRANT_SUFFICES),
    ("INV-103", &BUCKETS_DO_NOT_DENY_ROLES),
];

#[test]
fn every_proof_about_layers_notices_a_broken_step() {
    for (id, rules) in STEPS {
        let proof = free::proof(id, rules).expect("the law has a proof for all policies");
        let verdict = proof.discharged(Assumptions::default(), Limits::default());
        assert!(matches!(verdict, Verdict::Refuted(_)), "{id} came out as {verdict:?} with a broken step");
        let proof = free::proof(id, &OwnRules).expect("the law has a proof for all policies");
        assert_eq!(
            proof.discharged(Assumptions::default(), Limits::default()),
            Verdict::Proved,
            "{id} by the rules"
        );
    }
}

/// A mistake in which layers there are.
struct Taken(fn(Layers) -> Layers);

impl Rules for Taken {
    fn around(&self, layers: &Layers) -> Layers {
        self.0(layers.clone())
    }
}

/// A mistake in what a document says.
struct Texts(fn(&Statement) -> Statement);

impl Rules for Texts {
    fn taken(&self, policy: &Policy) -> Policy {
        Policy { statements: policy.statements.iter().map(self.0).collect(), ..policy.clone() }
    }
}

const ABSENT_BOUNDARIES_REFUSE: Taken = Taken(|mut layers| {
    layers.boundary.get_or_insert(Policy { version: Version::V2012, id: None, statements: Vec::new() });
    layers
});

const SESSIONS_FORGET_THEIR_POLICIES: Taken = Taken(|layers| Layers { session: None, ..layers });
const SCPS_ARE_NOT_READ: Taken = Taken(|layers| Layers { scps: None, ..layers });
const RCPS_ARE_NOT_READ: Taken = Taken(|layers| Layers { rcps: None, ..layers });

/// No Allow is for credentials that were issued at some instant.
const CREDENTIALS_OF_AN_INSTANT_FARE_WORSE: Texts = Texts(|statement| match statement.effect {
    Effect::Deny => statement.clone(),
    Effect::Allow => {
        let not_then = ConditionEntry {
            operator: Operator::plain(BaseOperator::DateNotEquals),
            key: KeyName::new("aws:TokenIssueTime"),
            values: vec!["2031-02-03T04:05:06Z".to_owned()],
        };
        Statement { condition: [statement.condition.clone(), vec![not_then]].concat(), ..statement.clone() }
    }
});

/// Whoever is named, everybody is meant.
const NAMES_MEAN_EVERYBODY: Texts = Texts(|statement| match &statement.principal {
    Some(Selection::Only(_)) => {
        let everybody = Principals { entries: vec![PrincipalEntry::Everyone] };
        Statement { principal: Some(Selection::Only(everybody)), ..statement.clone() }
    }
    Some(Selection::AllExcept(_)) | None => statement.clone(),
});

fn with_entries(statement: &Statement, change: fn(&PrincipalEntry) -> PrincipalEntry) -> Statement {
    let principal = statement.principal.as_ref().map(|selection| {
        let changed =
            |listed: &Principals| Principals { entries: listed.entries.iter().map(change).collect() };
        match selection {
            Selection::Only(listed) => Selection::Only(changed(listed)),
            Selection::AllExcept(listed) => Selection::AllExcept(changed(listed)),
        }
    });
    Statement { principal, ..statement.clone() }
}

const ROLES_ARE_NO_SESSIONS: Texts = Texts(|statement| {
    with_entries(statement, |entry| {
        let PrincipalEntry::Role(arn) = entry else { return entry.clone() };
        PrincipalEntry::User(arn.replace(":role/", ":user/"))
    })
});

const IDS_ARE_NAMES: Texts = Texts(|statement| {
    with_entries(statement, |entry| {
        let PrincipalEntry::UniqueId(_) = entry else { return entry.clone() };
        PrincipalEntry::Role("arn:aws:iam::111122223333:role/app".to_owned())
    })
});

/// A mistake: one of the evaluator's own, or layers and texts taken for others.
pub(super) enum Mistake {
    Fault(Fault),
    Rules(&'static dyn Rules),
}

use Mistake::{Fault as F, Rules as R};

pub(super) const SAMPLED: [(&str, Mistake); 32] = [
    ("INV-29", F(Fault::BoundarySkippedForRoleGrant)),
    ("INV-30", R(&ABSENT_BOUNDARIES_REFUSE)),
    ("INV-31", F(Fault::SessionPolicyGrants)),
    ("INV-32", R(&SESSIONS_FORGET_THEIR_POLICIES)),
    ("INV-33", F(Fault::FederatedNeedsNoSessionPolicy)),
    ("INV-34", F(Fault::FederatingUserMissed)),
    ("INV-35", F(Fault::ScpAtAccountOnly)),
    ("INV-36", F(Fault::ScpGrants)),
    ("INV-37", R(&RCPS_ARE_NOT_READ)),
    ("INV-38", F(Fault::ServiceLinkedCallerUnderCeilings)),
    ("INV-39", F(Fault::ServiceLinkedCallerUnderCeilings)),
    ("INV-40", F(Fault::ScpAtAccountOnly)),
    ("INV-41", F(Fault::ScpAtAccountOnly)),
    ("INV-41", R(&SCPS_ARE_NOT_READ)),
    ("INV-42", F(Fault::CrossAccountNeedsNoIdentity)),
    ("INV-43", F(Fault::OwnerFromArnOnly)),
    ("INV-44", F(Fault::CrossAccountDirectGrantSuffices)),
    ("INV-45", F(Fault::CrossAccountDirectGrantSuffices)),
    ("INV-47", F(Fault::PartitionUnchecked)),
    ("INV-48", F(Fault::AccountGrantIsDirect)),
    ("INV-49", R(&NAMES_MEAN_EVERYBODY)),
    ("INV-50", R(&NAMES_MEAN_EVERYBODY)),
    ("INV-52", F(Fault::FederatingUserMissed)),
    ("INV-52", F(Fault::AccountMeansRoot)),
    ("INV-52", R(&ROLES_ARE_NO_SESSIONS)),
    ("INV-102", F(Fault::AccountGrantIsDirect)),
    ("INV-102", F(Fault::DenyWithinItsDocument)),
    ("INV-104", F(Fault::AccountGrantIsDirect)),
    ("INV-104", F(Fault::AllowBeforeDeny)),
    ("INV-105", F(Fault::CrossAccountNeedsNoIdentity)),
    ("INV-105", F(Fault::CrossAccountDirectGrantSuffices)),
    ("INV-106", R(&CREDENTIALS_OF_AN_INSTANT_FARE_WORSE)),
];

/// Enough for every mistake above; most are met within a few worlds.
const SAMPLES: Samples = Samples { sets: 2_500, requests: 8, seed: 0, asking: Asking::Evaluator };

#[test]
fn samples_of_layers_notice_a_mistake_in_the_evaluator() {
    for (id, mistake) in SAMPLED {
        let (evaluator, rules, name): (Reading, &dyn Rules, &str) = match mistake {
            F(fault) => (Reading::with_fault(fault), &OwnRules, fault.name()),
            R(rules) => (Reading::default(), rules, "layers taken for others"),
        };
        let readings = Readings { evaluator, ..super::with_rules(rules) };
        is_refuted(id, drawn::sample(&law(id), readings, SAMPLES), name);
    }
}

pub(super) const FIXED: [(&str, &dyn Rules); 9] = [
    ("INV-35", &SCPS_ARE_NOT_READ),
    ("INV-37", &RCPS_ARE_NOT_READ),
    ("INV-46", &SCPS_ARE_NOT_READ),
    ("INV-46", &RCPS_ARE_NOT_READ),
    ("INV-52", &ROLES_ARE_NO_SESSIONS),
    ("INV-53", &IDS_ARE_NAMES),
    ("INV-39", &CEILINGS_STAND_IN_BUCKETS),
    ("INV-47", &CHINA_IS_EVERYWHERE),
    ("INV-50", &CEILINGS_STAND_IN_BUCKETS),
];

/// Ceilings are read as part of the resource's policy, which binds everybody.
const CEILINGS_STAND_IN_BUCKETS: Taken = Taken(|mut layers| {
    let ceilings = layers.scps.take().into_iter().flatten().flatten();
    let everybody = |statement: &Statement| Statement {
        principal: Some(Selection::Only(Principals { entries: vec![PrincipalEntry::Everyone] })),
        ..statement.clone()
    };
    let statements: Vec<Statement> =
        ceilings.flat_map(|policy| policy.statements).map(|statement| everybody(&statement)).collect();
    if !statements.is_empty() {
        layers.resource = Some(Policy { version: Version::V2012, id: None, statements });
    }
    layers
});

/// The partition of a pattern is not looked at.
const CHINA_IS_EVERYWHERE: Texts = Texts(|statement| {
    let anywhere = |text: &String| text.replace("arn:aws-cn:", "arn:aws:");
    let resource = statement.resource.as_ref().map(|selection| match selection {
        Selection::Only(listed) => Selection::Only(listed.iter().map(anywhere).collect()),
        Selection::AllExcept(listed) => Selection::AllExcept(listed.iter().map(anywhere).collect()),
    });
    Statement { resource, ..statement.clone() }
});

#[test]
fn what_is_asked_of_fixed_policies_notices_a_broken_reading() {
    for (id, rules) in FIXED {
        is_refuted(id, fixed::shown(id, with_rules(rules)), "a broken reading");
        let way = fixed::shown(id, super::by_the_rules()).expect("the law asks of fixed policies");
        assert_eq!(way.verdict, Verdict::Proved, "{id}: {}", way.done);
    }
}
