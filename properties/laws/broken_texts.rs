//! Each proof for given policies fails with a reading that takes a text for another, as tools of this kind do.

use iamproof::iam::condition::{BaseOperator, Existence, Operator};
use iamproof::iam::document::{self, Strictness, TypeChoice};
use iamproof::iam::key::KeyName;
use iamproof::iam::policy::{ConditionEntry, Policy, PolicyType, Selection, Statement, Version};
use iamproof::invariants::given::prove;
use iamproof::invariants::known::{Counterexample, Found, Scope, Verdict};
use iamproof::invariants::rules::Rules;

use super::{given, law, with_rules};

fn with_statements(policy: &Policy, change: impl Fn(&Statement) -> Statement) -> Policy {
    Policy { statements: policy.statements.iter().map(change).collect(), ..policy.clone() }
}

fn with_entries(policy: &Policy, change: impl Fn(&ConditionEntry) -> ConditionEntry) -> Policy {
    with_statements(policy, |statement| Statement {
        condition: statement.condition.iter().map(&change).collect(),
        ..statement.clone()
    })
}

fn with_resources(policy: &Policy, change: impl Fn(&str) -> String) -> Policy {
    let changed = |listed: &Vec<String>| listed.iter().map(|text| change(text)).collect();
    with_statements(policy, |statement| Statement {
        resource: statement.resource.as_ref().map(|selection| match selection {
            Selection::Only(listed) => Selection::Only(changed(listed)),
            Selection::AllExcept(listed) => Selection::AllExcept(changed(listed)),
        }),
        ..statement.clone()
    })
}

/// Of statements with one Sid, or with none, the last is kept.
pub(super) struct SidsName;

impl Rules for SidsName {
    fn taken(&self, policy: &Policy) -> Policy {
        let behind = |position: usize| policy.statements.iter().skip(position + 1);
        let kept = policy
            .statements
            .iter()
            .enumerate()
            .filter(|(position, statement)| behind(*position).all(|later| later.sid != statement.sid));
        Policy { statements: kept.map(|(_, statement)| statement.clone()).collect(), ..policy.clone() }
    }
}

/// An Action without brackets is read as the beginning of a name.
pub(super) struct BareActionsAreBeginnings;

impl Rules for BareActionsAreBeginnings {
    fn read(&self, text: &str, policy_type: PolicyType) -> Option<Policy> {
        let bare = !text.contains(r#""Action":["#);
        let read = document::read(text.as_bytes(), TypeChoice::Given(policy_type), Strictness::Strict);
        let policy = read.policy?;
        let longer = |statement: &Statement| Statement {
            action: Selection::Only(
                statement.action.listed().iter().map(|action| format!("{action}*")).collect(),
            ),
            ..statement.clone()
        };
        Some(if bare { with_statements(&policy, longer) } else { policy })
    }
}

/// An action with capital letters is compared with actions in lower case, and so is never met.
pub(super) struct CapitalsInActionsNeverMatch;

impl Rules for CapitalsInActionsNeverMatch {
    fn taken(&self, policy: &Policy) -> Policy {
        let never = |action: &String| {
            if action.chars().any(char::is_uppercase) {
                "no-such-service:x".to_owned()
            } else {
                action.clone()
            }
        };
        with_statements(policy, |statement| Statement {
            action: Selection::Only(statement.action.listed().iter().map(never).collect()),
            ..statement.clone()
        })
    }
}

/// A key is another one when its name has other capitals.
pub(super) struct KeysHaveCase;

impl Rules for KeysHaveCase {
    fn taken(&self, policy: &Policy) -> Policy {
        with_entries(policy, |entry| {
            let spelling = entry.key.spelling();
            let shouted = spelling.chars().all(|letter| !letter.is_lowercase());
            let key = if shouted { KeyName::new(format!("{spelling}-SHOUTED")) } else { entry.key.clone() };
            ConditionEntry { key, ..entry.clone() }
        })
    }
}

/// StringEquals compares beginnings.
pub(super) struct EqualsComparesBeginnings;

impl Rules for EqualsComparesBeginnings {
    fn taken(&self, policy: &Policy) -> Policy {
        with_entries(policy, |entry| {
            if entry.operator.base != BaseOperator::StringEquals {
                return entry.clone();
            }
            let values = entry.values.iter().map(|value| format!("{value}*")).collect();
            ConditionEntry { operator: Operator::plain(BaseOperator::StringLike), values, ..entry.clone() }
        })
    }
}

/// ArnLike does not look at the region.
pub(super) struct RegionsDoNotMatter;

impl Rules for RegionsDoNotMatter {
    fn taken(&self, policy: &Policy) -> Policy {
        with_entries(policy, |entry| {
            if entry.operator.base != BaseOperator::ArnLike {
                return entry.clone();
            }
            let anywhere = |value: &String| {
                let mut fields: Vec<&str> = value.splitn(6, ':').collect();
                if let Some(region) = fields.get_mut(3) {
                    *region = "*";
                }
                fields.join(":")
            };
            ConditionEntry { values: entry.values.iter().map(anywhere).collect(), ..entry.clone() }
        })
    }
}

/// `${*}` and `${?}` are wildcards.
pub(super) struct EscapesAreWildcards;

impl Rules for EscapesAreWildcards {
    fn taken(&self, policy: &Policy) -> Policy {
        with_resources(policy, |text| text.replace("${*}", "*").replace("${?}", "?"))
    }
}

/// Under Version 2008-10-17 `?` is a question mark.
pub(super) struct NoQuestionMarkIn2008;

impl Rules for NoQuestionMarkIn2008 {
    fn taken(&self, policy: &Policy) -> Policy {
        if policy.version == Version::V2012 {
            return policy.clone();
        }
        let policy = Policy { version: Version::V2012, ..policy.clone() };
        with_resources(&policy, |text| text.replace('?', "${?}"))
    }
}

/// `IfExists` is skipped.
pub(super) struct IfExistsSkipped;

impl Rules for IfExistsSkipped {
    fn taken(&self, policy: &Policy) -> Policy {
        with_entries(policy, |entry| ConditionEntry {
            operator: Operator { existence: Existence::Required, ..entry.operator },
            ..entry.clone()
        })
    }
}

const READS_AND_WRITES: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a?c/*"},
    {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::a?c/*",
     "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}]}"#;

const OF_TOPICS: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:SendMessage",
    "Resource": "*", "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:t"}}}}"#;

const HOME: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*",
    "Resource": "arn:aws:s3:::home/${aws:PrincipalTag/team}/*"}}"#;

#[test]
fn every_proof_for_given_policies_notices_a_broken_reading() {
    let broken: [(&str, &str, &dyn Rules); 10] = [
        ("INV-12", READS_AND_WRITES, &SidsName),
        ("INV-13", READS_AND_WRITES, &BareActionsAreBeginnings),
        ("INV-14", READS_AND_WRITES, &CapitalsInActionsNeverMatch),
        ("INV-15", READS_AND_WRITES, &CapitalsInActionsNeverMatch),
        ("INV-16", READS_AND_WRITES, &KeysHaveCase),
        ("INV-24", READS_AND_WRITES, &EqualsComparesBeginnings),
        ("INV-25", OF_TOPICS, &RegionsDoNotMatter),
        ("INV-26", HOME, &EscapesAreWildcards),
        ("INV-27", READS_AND_WRITES, &NoQuestionMarkIn2008),
        ("INV-28", READS_AND_WRITES, &IfExistsSkipped),
    ];
    for (id, text, rules) in broken {
        let ways = prove(&[law(id)], &[given(text)], with_rules(rules), &|| ());
        let way = ways.into_iter().next().flatten().expect("the policies give occasion to ask");
        assert_eq!(way.scope, Scope::ThesePolicies, "{id}");
        match way.verdict {
            Verdict::Refuted(Counterexample::Request(witness)) => {
                assert_eq!(witness.found, Found::ByBoth, "{id}: {witness:#?}");
            }
            verdict @ (Verdict::Proved
            | Verdict::Sampled
            | Verdict::Refuted(_)
            | Verdict::Vacuous
            | Verdict::Unknown(_)) => panic!("{id} came out as {verdict:?} with a broken reading"),
        }
    }
}

#[test]
fn the_same_policies_prove_the_same_laws_by_the_rules() {
    let laws =
        ["INV-12", "INV-13", "INV-14", "INV-15", "INV-16", "INV-24", "INV-25", "INV-26", "INV-27", "INV-28"];
    let laws: Vec<_> = laws.map(law).into();
    let policies = [given(READS_AND_WRITES), given(OF_TOPICS), given(HOME)];
    for (law, way) in laws.iter().zip(prove(&laws, &policies, super::by_the_rules(), &|| ())) {
        let way = way.expect("the policies give occasion to ask");
        assert_eq!(way.verdict, Verdict::Proved, "{}: {}", law.id, way.done);
    }
}
