//! The laws of section 9.8 that are proved, and the relations with a mistake that no proof survives; the false statements, and their witnesses.

use iamproof::evaluator::Reading;
use iamproof::iam::assumption::Assumptions;
use iamproof::invariants::directories::relation::{OwnRelation, Relation};
use iamproof::invariants::directories::tempting::{FALSE_STATEMENTS_OF_DIRECTORIES, refute, replayed};
use iamproof::invariants::directories::{LAWS_OF_DIRECTORIES, for_all_traces};
use iamproof::invariants::known::Verdict;
use iamproof::model::directory::{
    self, Assigning, Joining, Keeping, Kept, Kind, Kinds, Logon, Lookup, Outcome, Record, SignIn, Standing,
    Trusting, Trusts,
};
use iamproof::solver::Limits;
use iamproof::solver::formula::{Formula, Formulas};

/// A Simple AD trusts whom others trust.
struct SimpleFollowsTrusts;

impl Relation for SimpleFollowsTrusts {
    fn log_on(&self, formulas: &mut Formulas, facts: &Logon) -> Outcome {
        let standing = simple_as_managed(formulas, facts.standing);
        directory::log_on(formulas, &Logon { standing, ..*facts })
    }
}

fn simple_as_managed(formulas: &mut Formulas, standing: Standing) -> Standing {
    let simple = standing.kinds.is(Kind::Simple);
    let trusted = formulas.and([simple, standing.trusts]);
    Standing { own: formulas.or([standing.own, trusted]), ..standing }
}

/// A connector follows the trusts of its target.
struct ConnectorFollowsTrusts;

impl Relation for ConnectorFollowsTrusts {
    fn log_on(&self, formulas: &mut Formulas, facts: &Logon) -> Outcome {
        let standing = facts.standing;
        let target = formulas.or([standing.target, standing.trusts]);
        directory::log_on(formulas, &Logon { standing: Standing { target, ..standing }, ..*facts })
    }
}

/// A connector answers from memory while the link is down.
struct AnswersFromMemory;

impl Relation for AnswersFromMemory {
    fn log_on(&self, formulas: &mut Formulas, facts: &Logon) -> Outcome {
        let standing = Standing { link: formulas.verum(), ..facts.standing };
        directory::log_on(formulas, &Logon { standing, ..*facts })
    }
}

/// To trust is enough to look up.
struct OneWayLooksUp;

impl Relation for OneWayLooksUp {
    fn looks_up(&self, formulas: &mut Formulas, standing: &Standing) -> Formula {
        let trusted = formulas.verum();
        directory::looks_up(formulas, &Standing { trusted, ..*standing })
    }

    fn sign_in(&self, formulas: &mut Formulas, facts: &SignIn) -> Outcome {
        let standing = Standing { trusted: formulas.verum(), ..facts.logon.standing };
        directory::sign_in(formulas, &SignIn { logon: Logon { standing, ..facts.logon }, ..*facts })
    }
}

/// What one side has on record has its effect without the other.
struct OneSideIsEnough;

impl Relation for OneSideIsEnough {
    fn trusts(&self, formulas: &mut Formulas, trusts: &Trusts, trusting: usize, trusted: usize) -> Formula {
        let mut ways = vec![trusts.trusts(formulas, trusting, trusted)];
        let own = |record: &&Record| record.owner == trusting && record.partner == trusted;
        for record in trusts.records.iter().filter(own) {
            let points_out = formulas.or([record.outgoing, record.two_way]);
            ways.push(formulas.and([record.exists, points_out]));
        }
        formulas.or(ways)
    }
}

/// Who is trusted by somebody that is trusted is trusted.
struct TrustIsTransitive;

impl Relation for TrustIsTransitive {
    fn trusts(&self, formulas: &mut Formulas, trusts: &Trusts, trusting: usize, trusted: usize) -> Formula {
        let mut ways = vec![trusts.trusts(formulas, trusting, trusted)];
        for between in 0..trusts.one_forest.len() {
            let forth = trusts.trusts(formulas, trusting, between);
            let on = trusts.trusts(formulas, between, trusted);
            ways.push(formulas.and([forth, on]));
        }
        formulas.or(ways)
    }
}

/// A RADIUS server that is not reached is passed over.
struct UnreachableRadiusPasses;

impl Relation for UnreachableRadiusPasses {
    fn log_on(&self, formulas: &mut Formulas, facts: &Logon) -> Outcome {
        let radius = formulas.and([facts.radius, facts.radius_reached]);
        directory::log_on(formulas, &Logon { radius, ..*facts })
    }
}

/// The role's trust policy is not looked at when somebody signs in.
struct TrustedAtAssignmentOnly;

impl Relation for TrustedAtAssignmentOnly {
    fn sign_in(&self, formulas: &mut Formulas, facts: &SignIn) -> Outcome {
        directory::sign_in(formulas, &SignIn { trusting: formulas.verum(), ..*facts })
    }
}

/// Who may assign roles need not be allowed to pass them.
struct NobodyAsksWhoPasses;

impl Relation for NobodyAsksWhoPasses {
    fn assigning(&self, formulas: &mut Formulas, facts: &Assigning) -> Outcome {
        directory::assigning(formulas, &Assigning { permitted: formulas.verum(), ..*facts })
    }
}

/// A trust may be made with anybody.
struct SimpleJoinsTrust;

impl Relation for SimpleJoinsTrust {
    fn create_trust(&self, formulas: &mut Formulas, facts: &Trusting) -> Outcome {
        let other = Kinds::of(formulas, Kind::Managed);
        directory::create_trust(formulas, &Trusting { other, ..*facts })
    }
}

/// A user that is disabled is let in.
struct DisabledUserLetIn;

impl Relation for DisabledUserLetIn {
    fn log_on(&self, formulas: &mut Formulas, facts: &Logon) -> Outcome {
        directory::log_on(formulas, &Logon { may_log_on: formulas.verum(), ..*facts })
    }
}

/// A Simple AD's lookups go wherever it trusts.
struct SimpleLooksUpOthers;

impl Relation for SimpleLooksUpOthers {
    fn look_up(&self, formulas: &mut Formulas, facts: &Lookup) -> Outcome {
        let standing = simple_as_managed(formulas, facts.standing);
        directory::look_up(formulas, &Lookup { standing, ..*facts })
    }
}

/// Who signs in at a Simple AD is looked for wherever it trusts.
struct SimpleSignsInOthers;

impl Relation for SimpleSignsInOthers {
    fn sign_in(&self, formulas: &mut Formulas, facts: &SignIn) -> Outcome {
        let standing = simple_as_managed(formulas, facts.logon.standing);
        directory::sign_in(formulas, &SignIn { logon: Logon { standing, ..facts.logon }, ..*facts })
    }
}

/// A connector takes computers in while the link is down.
struct ConnectorKeepsComputers;

impl Relation for ConnectorKeepsComputers {
    fn join(&self, formulas: &mut Formulas, facts: &Joining) -> Outcome {
        let standing = Standing { link: formulas.verum(), ..facts.standing };
        directory::join(formulas, &Joining { standing, ..*facts })
    }
}

/// Whoever trusts a managed directory is accepted by it.
struct TrustsAreMutual;

impl Relation for TrustsAreMutual {
    fn accepts(&self, formulas: &mut Formulas, standing: &Standing) -> Formula {
        let trusts = formulas.or([standing.trusts, standing.trusted]);
        directory::accepts(formulas, &Standing { trusts, ..*standing })
    }
}

/// An operation leaves a directory as if what it is, or what comes of it, were something else.
struct Leaving(fn(&mut Formulas, Keeping, &mut Kept, &mut Kept));

impl Relation for Leaving {
    fn keeps(
        &self,
        formulas: &mut Formulas,
        operation: Keeping,
        succeeds: Formula,
        before: &Kept,
        after: &Kept,
    ) -> Formula {
        let (mut before, mut after) = (*before, *after);
        self.0(formulas, operation, &mut before, &mut after);
        directory::keeps(formulas, operation, succeeds, &before, &after)
    }
}

/// Trusts come with assignments.
const TRUSTS_ASSIGN: Leaving = Leaving(|formulas, operation, before, after| {
    if operation == Keeping::CreateTrust {
        before.assigned = formulas.verum();
        after.assigned = formulas.verum();
    }
});

/// Who is assigned a role stays so when the directory is deleted.
const ASSIGNMENTS_OUTLIVE_DIRECTORIES: Leaving = Leaving(|formulas, operation, _, after| {
    if operation == Keeping::Delete {
        after.assigned = formulas.falsum();
    }
});

/// Something else puts trusts on record.
const TRUSTS_COME_FROM_ELSEWHERE: Leaving = Leaving(|formulas, operation, before, after| {
    if operation == Keeping::Elsewhere {
        before.on_record = formulas.verum();
        after.on_record = formulas.verum();
    }
});

/// A directory may become one of another kind.
const KINDS_CHANGE: Leaving = Leaving(|formulas, operation, before, after| {
    if operation == Keeping::Elsewhere {
        before.simple = formulas.verum();
        after.simple = formulas.verum();
    }
});

/// Each law that is proved, with the relations that break it.
const BROKEN: &[(&str, &[&dyn Relation])] = &[
    ("INV-91", &[&SimpleFollowsTrusts, &SimpleLooksUpOthers, &SimpleSignsInOthers]),
    ("INV-92", &[&ConnectorFollowsTrusts, &ConnectorKeepsComputers]),
    ("INV-93", &[&AnswersFromMemory, &ConnectorFollowsTrusts, &DisabledUserLetIn]),
    ("INV-94", &[&OneWayLooksUp]),
    ("INV-95", &[&OneWayLooksUp, &OneSideIsEnough]),
    ("INV-96", &[&TrustIsTransitive, &TrustsAreMutual]),
    ("INV-97", &[&UnreachableRadiusPasses]),
    (
        "INV-98",
        &[&TrustedAtAssignmentOnly, &NobodyAsksWhoPasses, &TRUSTS_ASSIGN, &ASSIGNMENTS_OUTLIVE_DIRECTORIES],
    ),
    ("INV-99", &[&SimpleJoinsTrust, &TRUSTS_COME_FROM_ELSEWHERE, &KINDS_CHANGE]),
    ("INV-100", &[&DisabledUserLetIn]),
];

fn verdict(id: &str, relation: &dyn Relation) -> Option<Verdict> {
    for_all_traces(id, relation, Assumptions::default(), Limits::default()).map(|way| way.verdict)
}

#[test]
fn every_law_of_directories_but_the_hierarchy_is_proved() {
    for law in LAWS_OF_DIRECTORIES {
        let expected = (law.id != "INV-101").then_some(Verdict::Proved);
        assert_eq!(verdict(law.id, &OwnRelation), expected, "{}", law.id);
    }
}

#[test]
fn no_proof_survives_a_broken_relation() {
    let proved = LAWS_OF_DIRECTORIES.iter().filter(|law| law.id != "INV-101");
    assert!(proved.map(|law| law.id).eq(BROKEN.iter().map(|(id, _)| *id)));
    for (id, relations) in BROKEN {
        for (position, relation) in relations.iter().enumerate() {
            let verdict = verdict(id, *relation);
            assert!(matches!(verdict, Some(Verdict::Refuted(_))), "{id}, relation {position}: {verdict:?}");
        }
    }
}

#[test]
fn every_false_statement_about_directories_is_refuted() {
    for law in FALSE_STATEMENTS_OF_DIRECTORIES {
        let way = refute(law.id, Assumptions::default()).expect("a witness");
        assert!(matches!(way.verdict, Verdict::Refuted(_)), "{}: {:?}", law.id, way.verdict);
    }
}

#[test]
fn a_witness_that_does_not_come_out_as_written_refutes_nothing() {
    let text = include_str!("../../corpus/cited/examples/DX-5.json");
    let otherwise = text.replacen("DIR_TRUST_REQUIRED", "DIR_BAD_CREDENTIALS", 1);
    assert_ne!(otherwise, text);
    let way = replayed("DX-5", &otherwise, Reading::default());
    assert!(matches!(way.verdict, Verdict::Unknown(_)), "{:?}", way.verdict);
}
