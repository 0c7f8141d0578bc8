//! Explanations: they agree with the decision, and point at what made it.

use iamproof::evaluator::{Evaluator, Ground, MemberFinding, Stage, ValueStanding};
use iamproof::iam::key::KeyName;
use iamproof::iam::layers::Layer;
use serde_json::{Value, json};

use super::written::Case;

#[test]
fn an_explanation_has_the_reason_of_the_decision() {
    for line in include_str!("mistakes.jsonl").lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let case = Case::read(&row["policies"], &row["request"]);
        let evaluator = Evaluator::compile(&case.layers).unwrap();
        let explanation = evaluator.explain(&case.request);
        assert_eq!(explanation.reason, evaluator.decide(&case.request), "{row}");
        let documents: usize = case.layers.documents().map(|(_, _, policy)| policy.statements.len()).sum();
        assert_eq!(explanation.statements.len(), documents, "{row}");
    }
}

#[test]
fn an_explanation_says_which_element_missed_and_why() {
    let policies = json!({
        "identity": [[
            { "Effect": "Allow", "Action": ["s3:Put*", "s3:Get*"], "Resource": "arn:aws:s3:::bkt/${aws:username}/*" },
            { "Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {
                "NumericLessThan": { "s3:max-keys": ["1", "5"] }, "Bool": { "aws:MultiFactorAuthPresent": "true" } } }
        ]],
        "scps": [[[{ "Effect": "Allow", "Action": "*", "Resource": "*" }]]]
    });
    let request = json!({ "context": { "s3:max-keys": "4" } });
    let case = Case::read(&policies, &request);
    let explanation = Evaluator::compile(&case.layers).unwrap().explain(&case.request);
    assert_eq!((explanation.reason.code(), explanation.rule), ("DENY_IMPLICIT_IDENTITY", "EVAL-13"));
    assert_eq!(explanation.stage, Stage::Policies);
    assert!(explanation.findings.scp_ok && !explanation.findings.identity_allows);
    let layers: Vec<Layer> = explanation.sets.iter().map(|set| set.layer).collect();
    assert_eq!(layers, [Layer::Scp { level: 0 }, Layer::Identity]);

    let home = &explanation.statements[1];
    assert_eq!(home.action.members, [MemberFinding::Differs, MemberFinding::Matches]);
    let resource = home.resource.as_ref().unwrap();
    assert_eq!(resource.members, [MemberFinding::Unresolved(KeyName::new("aws:username"))]);
    assert_eq!((home.matches(), home.misses()), (false, 1));

    let conditional = &explanation.statements[2];
    let number = &conditional.conditions[0];
    assert_eq!(number.ground, Ground::Values(vec![("4".to_owned(), ValueStanding::Related(1))]));
    let mfa = &conditional.conditions[1];
    assert_eq!((mfa.holds, &mfa.ground), (false, &Ground::Missing { counted: None }));
    assert_eq!(conditional.place.within_layers().unwrap().statement, 1);
}

#[test]
fn an_explanation_is_complete_where_a_deny_decides() {
    let policies = json!({
        "identity": [[{ "Effect": "Deny", "Action": "s3:*", "Resource": "*" }]],
        "resource": [{ "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*" }]
    });
    let case = Case::read(&policies, &json!({}));
    let explanation = Evaluator::compile(&case.layers).unwrap().explain(&case.request);
    assert_eq!((explanation.reason.code(), explanation.rule), ("DENY_EXPLICIT_IDENTITY", "EVAL-1"));
    assert!(explanation.findings.direct());
    let kinds: Vec<&str> = explanation.findings.grants.kinds().map(|kind| kind.name()).collect();
    assert_eq!(kinds, ["STAR"]);
}
