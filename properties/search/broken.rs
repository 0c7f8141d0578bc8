//! Mistakes of the relation and of the interpreter: each must change what a search says, or be told as a disagreement.

use num_bigint::BigInt;

use iamproof::evaluator::Reading;
use iamproof::evaluator::fault::Fault;
use iamproof::iam::world::{Profile, World};
use iamproof::model::bounded::{Begin, Goal, Relation, Which};
use iamproof::model::sts::{self, Call, SessionRecord, Terms};
use iamproof::search::{Parties, Search, Verdict};
use iamproof::solver::Limits;
use iamproof::solver::formula::{Formulas, Relation as Compared};

use super::{example, lasts};

/// What a search says with these parties.
fn said(goal: &Goal, parties: Parties<'_>) -> Verdict {
    said_in(&example(), goal, parties)
}

fn said_in(world: &World, goal: &Goal, parties: Parties<'_>) -> Verdict {
    let search = Search { world, goal, bound: 3, begin: &Begin::Anybody, parties, limits: Limits::default() };
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

/// Every session ends a second later than it does.
struct EndsLate;

impl Relation for EndsLate {
    fn issue(
        &self,
        formulas: &mut Formulas,
        call: &Call,
        terms: &Terms,
        record: &SessionRecord,
    ) -> sts::Issue {
        let in_time = SessionRecord { expires: formulas.new_integer("the end in time"), ..*record };
        let mut issue = sts::issue(formulas, call, terms, &in_time);
        let terms = [(BigInt::from(1), record.expires), (BigInt::from(-1), in_time.expires)];
        let late = formulas.linear(terms, Compared::Equal, BigInt::from(1));
        issue.definition = formulas.and([issue.definition, late]);
        issue
    }
}

#[test]
fn a_session_that_ends_otherwise_than_the_solver_says_is_a_defect() {
    let reader = Goal::Holds { role: "arn:aws:iam::111122223333:role/reader".to_owned() };
    let late = said(&reader, with_relation(&EndsLate));
    let Verdict::Defect(why) = late else { panic!("{late:?}") };
    assert!(why.contains("ends at 2026-03-02T10:00:01Z; it ends at 2026-03-02T10:00:00Z"), "{why}");
    // The interpreter takes the steps all the same; only that its sessions last longer gives it away.
    let strict = World { profile: Profile::Strict, ..example() };
    let reading = Reading::with_fault(Fault::StrictProfileUncapped);
    let parties = Parties { reading, ..Parties::default() };
    let uncapped = said_in(&strict, &lasts(3_599, Which::Any), parties);
    let Verdict::Defect(why) = uncapped else { panic!("{uncapped:?}") };
    assert!(why.starts_with("the interpreter: step 1"), "{why}");
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
    let verdict = said_in(&world, &goal, with_relation(&relation));
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

    /// The word for what is known of a false statement.
    fn known(id: &str, relation: &dyn Relation, reading: Reading) -> &'static str {
        let takers = Takers { relation, reading, limits: Limits::default() };
        refute(id, takers).expect("it is refuted by a trace").verdict.name()
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
            assert_eq!(known(law.id, &OwnRelation, own), "refuted", "{}", law.id);
        }
        assert_eq!(known("F-11", &OwnRelation, own), "refuted");
        let by_relation: [(&str, &dyn Relation); 4] = [
            ("F-hour-aws", &AlwaysStrict),
            ("F-hour-aws", &RolesAreStrict),
            ("F-20", &EndsWithItsParent),
            ("F-11", &MfaIsKept),
        ];
        for (id, relation) in by_relation {
            // Within the bound there is no trace that refutes it.
            assert_eq!(known(id, relation, own), "sampled", "{id}");
        }
        for fault in [Fault::PoliciesBindNames, Fault::IdsOfNamesReused] {
            // The written trace comes out otherwise.
            assert_eq!(known("F-22", &OwnRelation, Reading::with_fault(fault)), "unknown", "{fault:?}");
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
