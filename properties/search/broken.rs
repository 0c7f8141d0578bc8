//! Mistakes of the relation and of the interpreter: each must change what a search says, or be told as a disagreement.

use num_bigint::BigInt;

use iamproof::evaluator::Reading;
use iamproof::evaluator::fault::Fault;
use iamproof::model::bounded::{Begin, Goal, Relation, Which};
use iamproof::model::sts::{self, Call, SessionRecord, Terms};
use iamproof::search::{Parties, Search, Verdict};
use iamproof::solver::Limits;
use iamproof::solver::formula::{Formulas, Relation as Compared};

use super::{example, lasts};

/// What a search says with these parties.
fn said(goal: &Goal, parties: Parties<'_>) -> Verdict {
    let world = example();
    let search =
        Search { world: &world, goal, bound: 3, begin: &Begin::Anybody, parties, limits: Limits::default() };
    search.run().expect("the question is usable").verdict
}

fn with_relation(relation: &dyn Relation) -> Parties<'_> {
    Parties { relation, ..Parties::default() }
}

/// A session ends with the one with which it was asked for.
struct EndsWithItsParent;

impl Relation for EndsWithItsParent {
    fn issue(
        &self,
        formulas: &mut Formulas,
        call: &Call,
        terms: &Terms,
        record: &SessionRecord,
    ) -> sts::Issue {
        let mut issue = sts::issue(formulas, call, terms, record);
        let terms = [(BigInt::from(1), record.expires), (BigInt::from(-1), call.caller.session.expires)];
        let in_time = formulas.linear(terms, Compared::LessOrEqual, BigInt::from(0));
        let bounded = formulas.implies(call.caller.temporary, in_time);
        issue.definition = formulas.and([issue.definition, bounded]);
        issue
    }
}

#[test]
fn if_sessions_ended_with_their_parents_none_would_outlive_one() {
    assert!(matches!(said(&Goal::Outlives, with_relation(&EndsWithItsParent)), Verdict::NotWithinBound));
    assert!(matches!(said(&Goal::Outlives, Parties::default()), Verdict::Reached(_)));
}

/// Every chain is uncapped: what the model then finds, the interpreter refuses.
struct ChainNotCapped;

impl Relation for ChainNotCapped {
    fn terms(&self, formulas: &mut Formulas, call: &Call) -> Terms {
        let own = Terms::of(formulas, call);
        let mut unchained = *call;
        unchained.caller.role_session = formulas.falsum();
        Terms { length: Terms::of(formulas, &unchained).length, ..own }
    }
}

#[test]
fn a_trace_that_only_the_relation_takes_is_told_as_a_defect() {
    let goal = lasts(3_600, Which::Chained);
    assert!(matches!(said(&goal, Parties::default()), Verdict::NotWithinBound));
    // Of the roles that only role sessions assume, one may now have sessions longer than an hour.
    let mut world = example();
    let account = world.accounts.get_mut("111122223333").expect("the account is there");
    account.roles.get_mut("auditor-1").expect("the role is there").max_session_duration = 43_200;
    let relation = ChainNotCapped;
    let search = Search {
        world: &world,
        goal: &goal,
        bound: 3,
        begin: &Begin::Anybody,
        parties: with_relation(&relation),
        limits: Limits::default(),
    };
    let verdict = search.run().expect("the question is usable").verdict;
    assert!(matches!(verdict, Verdict::Defect(_)), "{verdict:?}");
}

#[test]
fn a_trace_that_the_interpreter_takes_otherwise_is_told_as_a_defect() {
    let reader = || Goal::Holds { role: "arn:aws:iam::111122223333:role/reader".to_owned() };
    let own = said(&reader(), Parties::default());
    assert!(matches!(own, Verdict::Reached(_)), "{own:?}");
    let reading = Reading::with_fault(Fault::ExternalIdIgnored);
    let broken = said(&reader(), Parties { reading, ..Parties::default() });
    assert!(matches!(broken, Verdict::Defect(_)), "{broken:?}");
}

/// Beside each false statement about traces a mistake that would make it true: with it the statement is no longer refuted.
mod false_statements {
    use super::*;
    use iamproof::invariants::known::Verdict as Known;
    use iamproof::invariants::traces::tempting::{FALSE_STATEMENTS_OF_TRACES, Takers, refute, written};
    use iamproof::model::bounded::OwnRelation;

    fn is_refuted(id: &str, relation: &dyn Relation, reading: Reading) -> bool {
        let takers = Takers { relation, reading, limits: Limits::default() };
        let way = refute(id, takers).expect("it is refuted by a trace");
        matches!(way.verdict, Known::Refuted(_))
    }

    /// Every session lasts an hour at most.
    struct AlwaysStrict;

    impl Relation for AlwaysStrict {
        fn terms(&self, formulas: &mut Formulas, call: &Call) -> Terms {
            let mut call = *call;
            call.facts.strict = formulas.verum();
            Terms::of(formulas, &call)
        }
    }

    /// Roles keep to an hour, tokens do not.
    struct RolesAreStrict;

    impl Relation for RolesAreStrict {
        fn terms(&self, formulas: &mut Formulas, call: &Call) -> Terms {
            let mut call = *call;
            if call.operation != sts::Operation::GetSessionToken {
                call.facts.strict = formulas.verum();
            }
            Terms::of(formulas, &call)
        }
    }

    /// What a code was passed for shows MFA ever after.
    struct MfaIsKept;

    impl Relation for MfaIsKept {
        fn issue(
            &self,
            formulas: &mut Formulas,
            call: &Call,
            terms: &Terms,
            record: &SessionRecord,
        ) -> sts::Issue {
            let mut issue = sts::issue(formulas, call, terms, record);
            let shown = formulas.implies(call.passed.code, record.mfa);
            issue.definition = formulas.and([issue.definition, shown]);
            issue
        }
    }

    #[test]
    fn each_is_refuted_and_would_not_be_with_the_mistake_that_makes_it_true() {
        let own = Reading::default();
        for law in FALSE_STATEMENTS_OF_TRACES {
            assert!(is_refuted(law.id, &OwnRelation, own), "{}", law.id);
        }
        assert!(is_refuted("F-11", &OwnRelation, own));
        let by_relation: [(&str, &dyn Relation); 4] = [
            ("F-hour-aws", &AlwaysStrict),
            ("F-hour-aws", &RolesAreStrict),
            ("F-20", &EndsWithItsParent),
            ("F-11", &MfaIsKept),
        ];
        for (id, relation) in by_relation {
            assert!(!is_refuted(id, relation, own), "{id}");
        }
        for fault in [Fault::PoliciesBindNames, Fault::IdsOfNamesReused] {
            assert!(!is_refuted("F-22", &OwnRelation, Reading::with_fault(fault)), "{fault:?}");
        }
    }

    #[test]
    fn a_written_trace_that_a_reading_takes_otherwise_refutes_nothing() {
        // In each the step is made to come out as the false statement has it.
        let table = [
            (
                include_str!(
                    "../../corpus/cited/false-statements/F-23-denying-the-switch-freezes-a-policy.json"
                ),
                2,
            ),
            (
                include_str!(
                    "../../corpus/cited/false-statements/F-25-removing-passrole-stops-the-service.json"
                ),
                3,
            ),
            (include_str!("../../corpus/cited/false-statements/F-22-recreating-a-role-keeps-access.json"), 5),
        ];
        for (text, step) in table {
            assert!(matches!(written(text, Reading::default()).verdict, Known::Refuted(_)));
            let mut case: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
            let expected = &mut case["steps"][step]["expect"];
            let other = if *expected == "allow" { "implicit-deny" } else { "allow" };
            *expected = other.into();
            let claimed = written(&case.to_string(), Reading::default());
            assert!(matches!(claimed.verdict, Known::Unknown(_)), "{:?}", claimed.verdict);
        }
    }
}
