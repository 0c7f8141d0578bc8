//! What `decide --explain` offers does what it says: every change is made to the request, every lack mended in the policies, and decided again.

use std::collections::BTreeSet;

use iamproof::corpus::Asked;
use iamproof::evaluator::{Evaluator, Place};
use iamproof::explanation::change::{Change, Subject};
use iamproof::explanation::lack::{Lack, lacks};
use iamproof::explanation::nearest::{nearest, nearest_set, silent_set};
use iamproof::explanation::reach::Reach;
use iamproof::explanation::turn::{Suggestion, Turn, turn};
use iamproof::iam::context::ContextValue;
use iamproof::iam::decision::{Decision, Reason};
use iamproof::iam::key::KeyName;
use iamproof::iam::layers::{Layer, Layers};
use iamproof::iam::policy::{Policy, PolicyType};
use iamproof::iam::request::Request;
use iamproof::solver::Limits;
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::evaluator::written::{Case, policy};
use crate::explained::cases;

/// All written decisions that rest on no assumption.
fn written() -> Vec<(String, Layers, Vec<Asked>)> {
    ["corpus/cited", "corpus/found", "corpus/evaluators", "corpus/accounts", "properties/explained"]
        .into_iter()
        .flat_map(cases)
        .collect()
}

/// What came of one request.
struct Offered {
    reason: Reason,
    subjects: BTreeSet<&'static str>,
}

#[test]
fn every_change_that_is_offered_turns_the_decision() {
    let offered: Vec<Offered> = written()
        .par_iter()
        .flat_map_iter(|(name, layers, asked)| {
            let evaluator = Evaluator::compile(layers).unwrap();
            asked.iter().map(move |Asked { request, .. }| offered(name, layers, &evaluator, request))
        })
        .collect();
    let subjects: BTreeSet<&str> = offered.iter().flat_map(|one| one.subjects.iter().copied()).collect();
    let all = ["action", "caller", "context", "credential", "owner", "resource"];
    assert_eq!(subjects, BTreeSet::from(all), "every kind of change is offered somewhere");
    let turned: BTreeSet<Reason> =
        offered.iter().filter(|one| !one.subjects.is_empty()).map(|one| one.reason).collect();
    // Those that no decision about a single request has are of steps in worlds.
    let of_requests = Reason::ALL.iter().filter(|reason| offered.iter().any(|one| one.reason == **reason));
    let unturned: Vec<&Reason> = of_requests.filter(|reason| !turned.contains(reason)).collect();
    assert_eq!(unturned, Vec::<&Reason>::new(), "a decision for each reason is turned somewhere");
    assert!(turned.len() >= 28, "{turned:?}");
}

fn offered(name: &str, layers: &Layers, evaluator: &Evaluator, request: &Request) -> Offered {
    let reason = evaluator.decide(request);
    let mut subjects = BTreeSet::new();
    if let Turn::By(suggestions) = turn(layers, evaluator, request, reason, Limits::default()) {
        for suggestion in &suggestions {
            holds(name, evaluator, request, suggestion);
            subjects.extend(suggestion.changes.iter().map(|change| kind(&change.subject())));
        }
    }
    Offered { reason, subjects }
}

fn kind(subject: &Subject) -> &'static str {
    match subject {
        Subject::Credential => "credential",
        Subject::Context(_) => "context",
        Subject::Resource => "resource",
        Subject::Action => "action",
        Subject::Owner => "owner",
        Subject::Caller => "caller",
    }
}

/// The changes, made one after the other, turn the decision; without one of them they do not; and the request that comes of them can be made.
fn holds(name: &str, evaluator: &Evaluator, request: &Request, suggestion: &Suggestion) {
    let Suggestion { changes, reason, reach, .. } = suggestion;
    let before = evaluator.decide(request).decision() == Decision::Allow;
    let made = |changes: &[Change]| {
        let mut changed = request.clone();
        changes.iter().for_each(|change| change.apply(&mut changed));
        changed
    };
    let changed = made(changes);
    assert_eq!(changed, suggestion.request, "{name}: {changes:?}");
    assert_eq!(evaluator.decide(&changed), *reason, "{name}: {changes:?}");
    assert_ne!(reason.decision() == Decision::Allow, before, "{name}: {changes:?}");
    if changes.len() > 1 {
        for left_out in 0..changes.len() {
            let mut fewer = changes.clone();
            fewer.remove(left_out);
            let fewer = made(&fewer);
            let turns = (evaluator.decide(&fewer).decision() == Decision::Allow) != before;
            assert!(!turns || !lists_its_tags(request, &fewer), "{name}: one of {changes:?} does nothing");
        }
    }
    assert!(lists_its_tags(request, &changed), "{name}: {changes:?}");
    if *reach == Reach::Near {
        assert_eq!(changed.action, request.action, "{name}: {changes:?}");
        assert_eq!(changed.caller, request.caller, "{name}: {changes:?}");
    }
}

/// Where tags are passed or left out, the list of their keys says so.
// Rule: KEY-8.
fn lists_its_tags(before: &Request, after: &Request) -> bool {
    let passed = |request: &Request| -> BTreeSet<String> {
        let keys = request.context.entries().iter().map(|(key, _)| key.spelling().to_ascii_lowercase());
        keys.filter_map(|key| key.strip_prefix("aws:requesttag/").map(str::to_owned)).collect()
    };
    let listed = |request: &Request| -> BTreeSet<String> {
        match request.context.value(&KeyName::new("aws:TagKeys")) {
            Some(ContextValue::Many(keys)) => keys.iter().map(|key| key.to_ascii_lowercase()).collect(),
            Some(ContextValue::Single(key)) => BTreeSet::from([key.to_ascii_lowercase()]),
            None => BTreeSet::new(),
        }
    };
    let is_unchanged = passed(before) == passed(after) && listed(before) == listed(after);
    is_unchanged || passed(after).is_empty() || passed(after) == listed(after)
}

#[test]
fn what_the_policies_are_said_to_lack_is_all_that_they_lack() {
    let mended: usize = written()
        .par_iter()
        .flat_map_iter(|(name, layers, asked)| {
            let evaluator = Evaluator::compile(layers).unwrap();
            asked.iter().map(move |Asked { request, .. }| mended(name, layers, &evaluator, request))
        })
        .sum();
    assert!(mended > 900, "{mended}");
}

/// Whether there was something to mend.
fn mended(name: &str, layers: &Layers, evaluator: &Evaluator, request: &Request) -> usize {
    let lacks = lacks(&evaluator.explain(request));
    let is_allowed = |lacks: &[&Lack]| {
        let evaluator = Evaluator::compile(&without(layers, lacks)).unwrap();
        evaluator.decide(request).decision() == Decision::Allow
    };
    let all: Vec<&Lack> = lacks.iter().collect();
    if all.is_empty() {
        return 0;
    }
    assert!(is_allowed(&all), "{name}: {request:?}\n{lacks:?}");
    // Of a resource's policy it is not said whom it should grant, and a grant to the caller himself does without other policies.
    let is_of_the_resource = |lack: &&Lack| match lack {
        Lack::NoResourcePolicy => true,
        Lack::Silent { layer, .. } => *layer == Layer::Resource,
        Lack::Denied(_) | Lack::NoSessionPolicy => false,
    };
    if !all.iter().any(is_of_the_resource) {
        for left_out in 0..all.len() {
            let mut fewer = all.clone();
            fewer.remove(left_out);
            assert!(!is_allowed(&fewer), "{name}: {:?} is no lack of {request:?}", all[left_out]);
        }
    }
    1
}

/// The layers with each lack mended: a Deny taken out, an Allow of everything put in.
fn without(layers: &Layers, lacks: &[&Lack]) -> Layers {
    let mut mended = layers.clone();
    let mut denied: Vec<Place> = lacks.iter().filter_map(|lack| denying(lack)).collect();
    denied.sort_by_key(|place| std::cmp::Reverse(place.statement));
    for place in denied {
        let is_meant = |layer, index| (Some(layer), index) == (place.layer, place.policy);
        let number = layers.documents().position(|(layer, index, _)| is_meant(layer, index)).unwrap();
        let (_, policy) = mended.documents_mut().nth(number).unwrap();
        policy.statements.remove(place.statement.unwrap());
    }
    for lack in lacks {
        match lack {
            Lack::Denied(_) => {}
            Lack::Silent { layer, .. } => allow(&mut mended, *layer),
            Lack::NoResourcePolicy => allow(&mut mended, Layer::Resource),
            Lack::NoSessionPolicy => allow(&mut mended, Layer::Session),
        }
    }
    mended
}

fn denying(lack: &Lack) -> Option<Place> {
    match lack {
        Lack::Denied(place) => Some(*place),
        Lack::Silent { .. } | Lack::NoResourcePolicy | Lack::NoSessionPolicy => None,
    }
}

fn allow(layers: &mut Layers, layer: Layer) {
    let is_trust = layers
        .resource
        .as_ref()
        .is_some_and(|policy| policy.statements.iter().all(|statement| statement.resource.is_none()));
    let everything = |policy_type| {
        let mut statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
        if matches!(policy_type, PolicyType::Resource | PolicyType::Endpoint) {
            statement["Principal"] = json!("*");
        }
        policy(&json!([statement]), policy_type)
    };
    let more = |policy: &mut Policy, policy_type| {
        // What the elements of this document are made of stays: a trust policy has no Resource.
        policy.statements.extend(everything(policy_type).statements);
    };
    match layer {
        Layer::Identity => layers.identity.push(everything(PolicyType::Identity)),
        Layer::Session => {
            layers.session.get_or_insert_with(Vec::new).push(everything(PolicyType::Session));
        }
        Layer::Boundary => more(layers.boundary.as_mut().unwrap(), PolicyType::Boundary),
        Layer::Endpoint => more(layers.endpoint.as_mut().unwrap(), PolicyType::Endpoint),
        Layer::Scp { level } => layers.scps.as_mut().unwrap()[level].push(everything(PolicyType::Scp)),
        Layer::Rcp { level } => layers.rcps.as_mut().unwrap()[level].push(everything(PolicyType::Rcp)),
        Layer::Resource => match &mut layers.resource {
            None => layers.resource = Some(everything(PolicyType::Resource)),
            Some(policy) => {
                let mut added = everything(PolicyType::Resource).statements;
                if is_trust {
                    added.iter_mut().for_each(|statement| statement.resource = None);
                }
                policy.statements.extend(added);
            }
        },
    }
}

#[test]
fn the_allow_that_somebody_wrote_for_the_request_comes_first() {
    let table = "arn:aws:dynamodb:eu-west-1:111111111111:table/orders";
    let elsewhere = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders";
    let allow =
        |action: &str, resource: &str| json!({ "Effect": "Allow", "Action": action, "Resource": resource });
    let mut guarded = allow("dynamodb:GetItem", "*");
    guarded["Condition"] =
        json!({ "Bool": { "aws:SecureTransport": "true" }, "StringEquals": { "aws:userid": "x" } });
    // The statements, and the numbers of those that are nearest, counted from 0.
    let rows: &[(Value, &[usize])] = &[
        // What names the action and another account's table comes before what names another action.
        (json!([allow("sqs:*", "*"), allow("dynamodb:GetItem", elsewhere)]), &[1]),
        // It does even if more is wrong with it.
        (json!([allow("dynamodb:PutItem", table), guarded]), &[1]),
        // Fewer elements in the way are nearer.
        (json!([guarded, allow("dynamodb:*", elsewhere)]), &[1]),
        // The same table of another account is more alike than another table.
        (
            json!([
                allow("dynamodb:*", "arn:aws:dynamodb:eu-west-1:111111111111:table/customers"),
                allow("dynamodb:*", elsewhere)
            ]),
            &[1, 0],
        ),
        // Where no action matches, it is the most alike of the same service, and nothing else.
        (
            json!([
                allow("dynamodb:PutItem", table),
                allow("dynamodb:GetItems", table),
                allow("s3:GetItem", table)
            ]),
            &[1],
        ),
        // Letter case of a service does not count.
        (json!([allow("s3:*", table), allow("DynamoDB:PutItem", table)]), &[1]),
        // What has nothing to do with the service tells nobody anything.
        (json!([allow("s3:*", table), allow("sqs:*", table)]), &[]),
        // A statement of all actions but some speaks of every service.
        (
            json!([{ "Effect": "Allow", "NotAction": "dynamodb:*", "Resource": table }, allow("sqs:*", table)]),
            &[0],
        ),
    ];
    for (statements, expected) in rows {
        let case = Case::read(
            &json!({ "identity": [statements] }),
            &json!({ "action": "dynamodb:GetItem", "resource": table }),
        );
        let explanation = Evaluator::compile(&case.layers).unwrap().explain(&case.request);
        assert_eq!(explanation.reason, Reason::DenyImplicitIdentity, "{statements}");
        let set = silent_set(&explanation).unwrap();
        let near = nearest(&explanation, set, &case.layers, &case.request);
        let found: Vec<usize> =
            near.statements.iter().map(|finding| finding.place.statement.unwrap()).collect();
        assert_eq!(found, *expected, "{statements}");
        assert_eq!(near.allows, statements.as_array().unwrap().len());
    }
}

#[test]
fn within_an_account_the_policy_of_the_resource_may_come_nearer() {
    let session = |name: &str| format!("arn:aws:sts::111111111111:assumed-role/app/{name}");
    let grant = |action: &str, name: &str| json!([{ "Effect": "Allow", "Principal": { "AWS": session(name) }, "Action": action, "Resource": "*" }]);
    let put = json!([{ "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*" }]);
    let get = json!([{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*" }]);
    // The identity policy, the resource's policy, who owns the bucket, and whose Allow comes nearest.
    let rows = [
        (&put, grant("s3:GetObject", "other"), "111111111111", Layer::Resource),
        (&put, grant("s3:DeleteObject", "other"), "111111111111", Layer::Identity),
        (&get, grant("s3:DeleteObject", "run"), "111111111111", Layer::Identity),
        // Across accounts the one does not stand in for the other.
        (&put, grant("s3:*", "run"), "222222222222", Layer::Identity),
        (&put, grant("s3:GetObject", "other"), "222222222222", Layer::Resource),
    ];
    for (identity, resource, owner, layer) in rows {
        let policies = json!({ "identity": [identity], "resource": resource });
        let request = json!({
            "principal": session("run"), "resource": "arn:aws:s3:::bkt/k", "resourceAccount": owner
        });
        let case = Case::read(&policies, &request);
        let explanation = Evaluator::compile(&case.layers).unwrap().explain(&case.request);
        let set = nearest_set(&explanation, &case.layers, &case.request).unwrap();
        assert_eq!(set.layer, layer, "{policies} {owner}: {}", explanation.reason);
    }
}

#[test]
fn a_change_that_nobody_can_make_is_no_small_one() {
    // A request, what is changed, and whether it is the same request still.
    let request = |resource: &str| {
        Case::read(&json!({}), &json!({ "action": "s3:GetObject", "resource": resource })).request
    };
    let context = |value: &str| Change::Context {
        key: KeyName::new("s3:prefix"),
        value: Some(ContextValue::Single(value.to_owned())),
    };
    let resource = |text: &str| Change::Resource(text.to_owned());
    let rows = [
        ("arn:aws:s3:::a/k", resource("arn:aws:s3:::b/k"), Reach::Near),
        ("arn:aws:s3:::a/k", resource("arn:aws:s3:::a"), Reach::Far),
        ("arn:aws:s3:::a", resource("arn:aws:s3:::a/k"), Reach::Far),
        ("arn:aws:s3:::a", resource("arn:aws:s3:::b"), Reach::Near),
        ("arn:aws:s3:::a/k", resource("arn:aws:s3:::${aws:username}/k"), Reach::Far),
        ("arn:aws:s3:::a/k", resource("*"), Reach::Far),
        ("arn:aws:s3:::a/k", context("home/"), Reach::Near),
        ("arn:aws:s3:::a/k", context("home/*"), Reach::Far),
        ("arn:aws:s3:::a/k", context("${aws:username}"), Reach::Far),
        ("arn:aws:s3:::a/k", Change::Action("s3:PutObject".to_owned()), Reach::Far),
        ("arn:aws:s3:::a/k", Change::Owner("222222222222".to_owned()), Reach::Far),
    ];
    for (asked, change, reach) in rows {
        assert_eq!(Reach::of(&change, &request(asked)), reach, "{asked}: {change:?}");
    }
}
