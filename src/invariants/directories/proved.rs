//! Laws of directories, proved of one operation over free facts.
//!
//! What an operation on directories comes to follows from the facts of its instant alone ([`crate::model::directory`]). So a law that holds of
//! one operation under every choice of facts holds of that operation in every trace; no induction is needed. What lasts from one operation to another, a
//! trust on record or an assignment, is shown by induction over the operations, each between any two states.

mod facts;

use num_bigint::BigInt;

use super::relation::Relation;
use crate::iam::directory::Answer;
use crate::invariants::obligation::Proof;
use crate::model::directory::{Ability, Ask, Keeping, Kept, Kind, Logon, Outcome, SignIn, Trusts, Way};
use crate::solver::formula::{Formula, Formulas, Relation as Order};
use facts::{Free, records};

/// The numbers of two of the domains of [`records`]: the managed one, and the one that it is asked about.
const MANAGED: usize = 0;
const OTHER: usize = 1;

/// The proof of a law, where it has one. INV-101 has none: that nobody moves is seen in the types, and sampled.
pub(super) fn proof(id: &str, relation: &dyn Relation) -> Option<Proof> {
    let argument = match id {
        "INV-98" => {
            "a sign-in asks for an assignment, and by induction each was made by who may pass the role, but for those with which a world \
             begins: the relation to which each step taken is held"
        }
        "INV-99" => {
            "by induction what is on record is no Simple AD's: the relation to which each step taken is held"
        }
        "INV-96" => {
            "a record speaks of two domains, so that with the two that are asked about there are four at most, which are free"
        }
        _ => "an outcome follows from the facts of its instant, and these are free",
    };
    let mut proof = Proof::new(argument);
    match id {
        "INV-91" => simple_ad_stands_alone(&mut proof, relation),
        "INV-92" => connectors_ask_their_target(&mut proof, relation),
        "INV-93" => logons_at_connectors(&mut proof, relation),
        "INV-94" => lookup_is_symmetric(&mut proof, relation),
        "INV-95" => foreign_console_users(&mut proof, relation),
        "INV-96" => no_third_party(&mut proof, relation),
        "INV-97" => nobody_passes_a_radius_server(&mut proof, relation),
        "INV-98" => roles_come_by_assignment(&mut proof, relation),
        "INV-99" => simple_ad_has_no_trusts(&mut proof, relation),
        "INV-100" => the_home_domain_vouches(&mut proof, relation),
        _ => return None,
    }
    Some(proof)
}

/// A logon and a sign-in over the same facts, with what each comes to.
fn logons(proof: &mut Proof, relation: &dyn Relation) -> (Free, SignIn, [(&'static str, Logon, Outcome); 2]) {
    let free = Free::new(proof, "");
    let sign_in = free.sign_in(proof);
    let logon = relation.log_on(&mut proof.formulas, &free.logon);
    let signed_in = relation.sign_in(&mut proof.formulas, &sign_in);
    (free, sign_in, [("a logon", free.logon, logon), ("a sign-in", sign_in.logon, signed_in)])
}

/// Shows that the conclusion follows where the premise holds and the operation succeeds.
fn of_success(proof: &mut Proof, what: &str, premise: &[Formula], outcome: &Outcome, conclusion: Formula) {
    let premise = proof.formulas.and(premise.iter().copied().chain([outcome.succeeds]));
    proof.show(format!("{what} that succeeds"), premise, conclusion);
}

/// INV-91: whatever lies outside may be anything else, and nothing comes out otherwise; and only its own domain is asked.
fn simple_ad_stands_alone(proof: &mut Proof, relation: &dyn Relation) {
    let free = Free::new(proof, "");
    let simple = free.logon.standing.kinds.is(Kind::Simple);
    let no_radius = proof.formulas.not(free.logon.radius);
    let premise = proof.formulas.and([free.consistent, simple, no_radius]);
    let other = free.otherwise_outside(proof);
    let sign_in = free.sign_in(proof);
    let console = sign_in.logon.uses;
    let elsewhere = SignIn { logon: Logon { uses: console, ..other.logon }, ..sign_in };
    let formulas = &mut proof.formulas;
    let outcomes = [
        ("a logon", [&free.logon, &other.logon].map(|facts| relation.log_on(formulas, facts))),
        ("a sign-in", [&sign_in, &elsewhere].map(|facts| relation.sign_in(formulas, facts))),
        ("a lookup", [&free.lookup, &other.lookup].map(|facts| relation.look_up(formulas, facts))),
    ];
    let way = Way::of(formulas, &free.logon.standing);
    for (what, [here, there]) in outcomes {
        let same = same_outcome(&mut proof.formulas, &here, &there);
        let both = proof.formulas.and([premise, other.consistent]);
        proof.show(format!("{what}, whatever lies outside"), both, same);
        let asked: Vec<Formula> = here.asked.iter().map(|asked| asked.holds).collect();
        let asked = proof.formulas.or(asked);
        let asks = proof.formulas.and([premise, asked]);
        proof.show(format!("{what} that asks"), asks, way.own);
    }
}

fn same_outcome(formulas: &mut Formulas, left: &Outcome, right: &Outcome) -> Formula {
    let mut parts = vec![formulas.iff(left.succeeds, right.succeeds)];
    for (one, other) in left.refusals.iter().zip(&right.refusals) {
        parts.push(formulas.iff(one.2, other.2));
    }
    for (one, other) in left.asked.iter().zip(&right.asked) {
        parts.push(formulas.iff(one.holds, other.holds));
    }
    formulas.and(parts)
}

/// INV-92: the target answered in that very request, and nobody else was asked.
fn connectors_ask_their_target(proof: &mut Proof, relation: &dyn Relation) {
    let (free, _, [(_, _, logon), (_, _, sign_in)]) = logons(proof, relation);
    let standing = free.logon.standing;
    let assigning = free.assigning(proof);
    let joining = free.joining(proof);
    let formulas = &mut proof.formulas;
    let connector = formulas.and([free.consistent, standing.kinds.is(Kind::Connector)]);
    let at_target = formulas.and([connector, standing.target]);
    let lookup = relation.look_up(formulas, &free.lookup);
    let assigned = relation.assigning(formulas, &assigning);
    let joined = relation.join(formulas, &joining);
    let way = Way::of(formulas, &standing);
    for (what, premise, outcome, asks) in [
        ("a logon", connector, logon, &[Ask::Logon][..]),
        ("a sign-in", connector, sign_in, &[Ask::Logon]),
        ("a lookup", connector, lookup, &[Ask::Object, Ask::Objects]),
        ("an assignment", connector, assigned, &[Ask::Object, Ask::Objects]),
        // The domain that is to store the computer is the one that the connector has.
        ("taking a computer in", at_target, joined, &[Ask::Join]),
    ] {
        let formulas = &mut proof.formulas;
        let answered: Vec<Formula> =
            asks.iter().map(|ask| outcome.is_asked(formulas, *ask, Answer::Given)).collect();
        let answered = formulas.or(answered);
        let conclusion = formulas.and([standing.target, standing.link, way.target, answered]);
        of_success(proof, what, &[premise], &outcome, conclusion);
    }
    let stores = standing.kinds.can(&mut proof.formulas, Ability::StoresObjects);
    let stores_nothing = proof.formulas.not(stores);
    proof.show("making an object there", connector, stores_nothing);
}

/// INV-93.
fn logons_at_connectors(proof: &mut Proof, relation: &dyn Relation) {
    let (free, _, logons) = logons(proof, relation);
    for (what, facts, outcome) in logons {
        let formulas = &mut proof.formulas;
        let connector = facts.standing.kinds.is(Kind::Connector);
        let no_radius = formulas.not(facts.radius);
        let code = formulas.and([facts.otp, facts.radius_reached, facts.code_valid]);
        let coded = formulas.or([no_radius, facts.uses.host, code]);
        let conclusion = formulas.and([
            facts.standing.link,
            facts.service_account,
            facts.standing.target,
            facts.exists,
            facts.may_log_on,
            facts.password,
            coded,
        ]);
        of_success(proof, what, &[free.consistent, connector], &outcome, conclusion);
    }
}

/// INV-94.
fn lookup_is_symmetric(proof: &mut Proof, relation: &dyn Relation) {
    let free = Free::new(proof, "");
    let here = free.logon.standing;
    let (other_kinds, one_kind) =
        crate::model::directory::Kinds::free(&mut proof.formulas, "the other domain");
    let there = crate::model::directory::Standing {
        kinds: other_kinds,
        trusts: here.trusted,
        trusted: here.trusts,
        ..here
    };
    let formulas = &mut proof.formulas;
    let trusting = [here.kinds, there.kinds]
        .map(|kinds| formulas.or([kinds.is(Kind::OnPremises), kinds.is(Kind::Managed)]));
    let premise = formulas.and(trusting.into_iter().chain([free.consistent, one_kind]));
    let forth = relation.looks_up(formulas, &here);
    let back = relation.looks_up(formulas, &there);
    let same = formulas.iff(forth, back);
    proof.show("two domains that can have trusts", premise, same);
}

/// INV-95.
fn foreign_console_users(proof: &mut Proof, relation: &dyn Relation) {
    let (free, facts, [_, (_, _, outcome)]) = logons(proof, relation);
    let formulas = &mut proof.formulas;
    let standing = facts.logon.standing;
    let managed = standing.kinds.is(Kind::Managed);
    let foreign = formulas.not(standing.own);
    let conclusion = formulas.and([standing.trusts, standing.trusted, standing.link, facts.assigned]);
    let premise = formulas.and([free.consistent, managed, foreign]);
    of_success(proof, "a sign-in", &[premise], &outcome, conclusion);
    // Effective trust is what the records say.
    let (trusts, of_records) = records(proof);
    let ends = [(MANAGED, OTHER, standing.trusts), (OTHER, MANAGED, standing.trusted)];
    let mut premise = vec![premise, of_records];
    for (trusting, trusted, fact) in ends {
        let effective = relation.trusts(&mut proof.formulas, &trusts, trusting, trusted);
        premise.push(proof.formulas.iff(fact, effective));
    }
    let [out, back] = [(MANAGED, OTHER), (OTHER, MANAGED)]
        .map(|(trusting, trusted)| on_both_records(&mut proof.formulas, &trusts, trusting, trusted));
    let both = proof.formulas.and([out, back]);
    of_success(proof, "a sign-in, by the records,", &premise, &outcome, both);
}

/// Holds iff the managed domain and one of the other's forest have complementary records by which the one domain trusts the other: both of one type
/// and password, and an external one between the two domains themselves.
fn on_both_records(formulas: &mut Formulas, trusts: &Trusts, trusting: usize, trusted: usize) -> Formula {
    let mut ways = Vec::new();
    for record in &trusts.records {
        for facing in &trusts.records {
            let faces = facing.owner == record.partner && facing.partner == record.owner;
            if !faces || ![record.owner, record.partner].contains(&MANAGED) {
                continue;
            }
            let from = trusts.in_one_forest(formulas, record.owner, trusting);
            let to = trusts.in_one_forest(formulas, record.partner, trusted);
            let forests = formulas.and([record.forest, facing.forest, from, to]);
            let external = formulas.or([record.forest, facing.forest]);
            let external = formulas.not(external);
            let named = record.owner == trusting && record.partner == trusted;
            let covers = if named { formulas.or([external, forests]) } else { forests };
            let one_way = formulas.and([record.outgoing, facing.incoming]);
            let two_way = formulas.and([record.two_way, facing.two_way]);
            let points_out = formulas.or([one_way, two_way]);
            let difference = [(BigInt::from(1), record.password), (BigInt::from(-1), facing.password)];
            let password = formulas.linear(difference, Order::Equal, BigInt::from(0));
            ways.push(formulas.and([record.exists, facing.exists, covers, points_out, password]));
        }
    }
    formulas.or(ways)
}

/// INV-96: of a managed domain, another, and two more, with any records between them and any of the last three in one forest.
///
/// Whether one domain trusts another is whether some record says so, and a record, with the one that faces it, speaks of two domains beside these two
/// at most. So four domains are all that any number of them can come to.
fn no_third_party(proof: &mut Proof, relation: &dyn Relation) {
    let free = Free::new(proof, "");
    let standing = free.logon.standing;
    let formulas = &mut proof.formulas;
    let accepts = relation.accepts(formulas, &standing);
    let foreign = formulas.not(standing.own);
    let premise = formulas.and([free.consistent, standing.kinds.is(Kind::Managed), foreign, accepts]);
    proof.show("whom a managed directory accepts, it trusts", premise, standing.trusts);
    let (trusts, consistent) = records(proof);
    let trusted = relation.trusts(&mut proof.formulas, &trusts, MANAGED, OTHER);
    let mut direct = Vec::new();
    for record in trusts.records.iter().filter(|record| record.owner == MANAGED) {
        let of_forest = trusts.in_one_forest(&proof.formulas, record.partner, OTHER);
        direct.push(proof.formulas.and([record.exists, of_forest]));
    }
    let direct = proof.formulas.or(direct);
    let premise = proof.formulas.and([consistent, trusted]);
    proof.show("whom a managed directory trusts", premise, direct);
    let mut without = trusts.records.clone();
    for record in without.iter_mut().filter(|record| record.owner != MANAGED && record.partner != MANAGED) {
        record.exists = proof.formulas.falsum();
    }
    let without = Trusts { records: without, ..trusts.clone() };
    for (way, trusting, trusted) in [("out", MANAGED, OTHER), ("back", OTHER, MANAGED)] {
        let [with, without] =
            [&trusts, &without].map(|trusts| relation.trusts(&mut proof.formulas, trusts, trusting, trusted));
        let same = proof.formulas.iff(with, without);
        proof.show(format!("without the trusts of others, the way {way}"), consistent, same);
    }
}

/// INV-97.
fn nobody_passes_a_radius_server(proof: &mut Proof, relation: &dyn Relation) {
    let (free, _, logons) = logons(proof, relation);
    for (what, facts, outcome) in logons {
        let at_aws = proof.formulas.or([facts.uses.app, facts.uses.console]);
        let accepted = outcome.is_asked(&mut proof.formulas, Ask::Code, Answer::Given);
        let good = proof.formulas.and([accepted, facts.code_valid]);
        of_success(proof, what, &[free.consistent, facts.radius, at_aws], &outcome, good);
    }
    let kinds = free.logon.standing.kinds;
    let able = kinds.can(&mut proof.formulas, Ability::Radius);
    let unable = proof.formulas.not(able);
    let premise = proof.formulas.and([free.consistent, kinds.is(Kind::Simple)]);
    proof.show("EnableRadius at a Simple AD", premise, unable);
}

/// INV-98: what a sign-in and the call that assigns a role ask for, and that an assignment is there only while it was rightly made.
fn roles_come_by_assignment(proof: &mut Proof, relation: &dyn Relation) {
    let (free, facts, [_, (_, _, outcome)]) = logons(proof, relation);
    let held = proof.formulas.and([facts.assigned, facts.trusting]);
    of_success(proof, "a sign-in", &[free.consistent], &outcome, held);
    let assigning = free.assigning(proof);
    let outcome = relation.assigning(&mut proof.formulas, &assigning);
    let allowed = proof.formulas.and([assigning.permitted, assigning.trusting]);
    of_success(proof, "an assignment", &[free.consistent], &outcome, allowed);
    for operation in Keeping::ALL {
        let succeeds = match operation {
            Keeping::Assign => outcome.succeeds,
            Keeping::Create
            | Keeping::Delete
            | Keeping::Unassign
            | Keeping::CreateTrust
            | Keeping::DeleteTrust
            | Keeping::Elsewhere => proof.free(&format!("{} succeeds", operation.name())),
        };
        let rightly = proof.free("the assignment was made by who may pass the role");
        let formulas = &mut proof.formulas;
        let rightly_after = match operation {
            Keeping::Assign => {
                let failed = formulas.not(succeeds);
                let (now, before) = (formulas.and([succeeds, allowed]), formulas.and([failed, rightly]));
                formulas.or([now, before])
            }
            Keeping::Create
            | Keeping::Delete
            | Keeping::Unassign
            | Keeping::CreateTrust
            | Keeping::DeleteTrust
            | Keeping::Elsewhere => rightly,
        };
        let right = |formulas: &mut Formulas, state: &Kept, rightly| {
            let there = formulas.and([state.there, rightly]);
            formulas.implies(state.assigned, there)
        };
        let step = (operation, succeeds);
        kept(proof, relation, step, free.consistent, |formulas, before, after| {
            [right(formulas, before, rightly), right(formulas, after, rightly_after)]
        });
    }
}

/// Shows that a property of a directory holds after an operation if it did before: the property of both states is what `of_both` makes of them.
fn kept(
    proof: &mut Proof,
    relation: &dyn Relation,
    (operation, succeeds): (Keeping, Formula),
    premise: Formula,
    of_both: impl FnOnce(&mut Formulas, &Kept, &Kept) -> [Formula; 2],
) {
    let formulas = &mut proof.formulas;
    let [before, after] = ["before", "after"].map(|when| Kept::free(formulas, when));
    let step = relation.keeps(formulas, operation, succeeds, &before, &after);
    let [held, holds] = of_both(formulas, &before, &after);
    let premise = formulas.and([premise, step, held]);
    proof.show(format!("step, {}", operation.name()), premise, holds);
}

/// INV-99: a trust is made with no Simple AD, and what is on record is on record of another kind.
fn simple_ad_has_no_trusts(proof: &mut Proof, relation: &dyn Relation) {
    let (facts, consistent) = facts::trusting(proof);
    let outcome = relation.create_trust(&mut proof.formulas, &facts);
    let here = proof.formulas.not(facts.kinds.is(Kind::Simple));
    let there = proof.formulas.not(facts.other.is(Kind::Simple));
    let neither = proof.formulas.and([here, there]);
    of_success(proof, "a new trust", &[consistent], &outcome, neither);
    for operation in Keeping::ALL {
        let succeeds = match operation {
            Keeping::CreateTrust => outcome.succeeds,
            Keeping::Create
            | Keeping::Delete
            | Keeping::Assign
            | Keeping::Unassign
            | Keeping::DeleteTrust
            | Keeping::Elsewhere => proof.free(&format!("{} succeeds", operation.name())),
        };
        let is_simple = facts.kinds.is(Kind::Simple);
        kept(proof, relation, (operation, succeeds), consistent, |formulas, before, after| {
            // The facts of the call are those of this directory.
            let same_kind = formulas.iff(before.simple, is_simple);
            let [held, holds] = [before, after].map(|state| {
                let simple = formulas.not(state.simple);
                let owned = formulas.and([state.there, simple]);
                formulas.implies(state.on_record, owned)
            });
            [formulas.and([same_kind, held]), holds]
        });
    }
}

/// INV-100.
fn the_home_domain_vouches(proof: &mut Proof, relation: &dyn Relation) {
    let (free, _, logons) = logons(proof, relation);
    for (what, facts, outcome) in logons {
        let accepts = relation.accepts(&mut proof.formulas, &facts.standing);
        let known = proof.formulas.or([facts.standing.own, accepts]);
        let asked = outcome.is_asked(&mut proof.formulas, Ask::Logon, Answer::Given);
        let vouched = proof.formulas.and([facts.exists, facts.may_log_on, facts.password, known, asked]);
        of_success(proof, what, &[free.consistent], &outcome, vouched);
    }
}
