//! The indexes leave out nothing that matches: a set says what its statements say one by one (EVAL-3).

use iamproof::evaluator::{CompiledSet, Question, SetVerdict};
use iamproof::iam::policy::{Policy, PolicyType};
use iamproof::iam::request::Caller;
use serde_json::{Value, json};

use super::written::{context, policy};

/// Elements whose beginnings, middles and ends overlap in every way that the indexes tell apart.
fn statements() -> Vec<Value> {
    let actions =
        ["*", "s3:*", "s3:Get*", "s3:GetObject", "s3:Get?bject", "*:GetObject", "s3-x:*", "ec2:Run*"];
    let resources = [
        "*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::bkt",
        "arn:aws:s3:::bkt/*",
        "arn:aws:s3:::bkt/team-1/*",
        "arn:aws:s3:::*/team-1/home/*",
        "arn:aws:s3:::*/team-12/home/*",
        "arn:aws:s3:::*/team-2/*/report.csv",
        "arn:aws:s3:::?kt/*",
        "arn:aws:s3:::${aws:username}/*",
        "arn:aws:s3:::bkt/${aws:username}/home/*",
    ];
    let mut statements = Vec::new();
    for (number, (action, resource)) in
        actions.iter().flat_map(|action| resources.iter().map(move |resource| (action, resource))).enumerate()
    {
        let effect = if number % 3 == 0 { "Deny" } else { "Allow" };
        statements.push(match number % 7 {
            0 => json!({ "Effect": effect, "NotAction": action, "Resource": resource }),
            1 => json!({ "Effect": effect, "Action": action, "NotResource": resource }),
            2 => json!({ "Effect": effect, "Action": [action, "sns:Publish"], "Resource": [resource, "arn:aws:sns:::t"] }),
            _ => json!({ "Effect": effect, "Action": action, "Resource": resource }),
        });
    }
    statements
}

#[test]
fn a_set_says_what_its_statements_say() {
    let policies: Vec<Policy> =
        statements().iter().map(|statement| policy(&json!([statement]), PolicyType::Identity)).collect();
    let singles: Vec<CompiledSet> =
        policies.iter().map(|policy| CompiledSet::compile(std::slice::from_ref(policy)).unwrap()).collect();
    // Windows of every width, so that each index gets its turn.
    for width in [1, 3, 6, 20, 40, policies.len()] {
        for start in (0..policies.len() - width + 1).step_by(width.div_ceil(3)) {
            let together = CompiledSet::compile(&policies[start..start + width]).unwrap();
            let apart = &singles[start..start + width];
            check(&together, apart);
        }
    }
}

fn check(together: &CompiledSet, apart: &[CompiledSet]) {
    let context = context(&json!({ "aws:username": "alice" }));
    let caller = Caller::Anonymous;
    for action in
        ["s3:GetObject", "S3:getobject", "s3:Get", "s3-x:Y", "ec2:RunInstances", "sns:Publish", "a:b"]
    {
        for resource in [
            "*",
            "arn:aws:s3:::bkt",
            "arn:aws:s3:::bkt/team-1/home/x",
            "arn:aws:s3:::other/team-12/home/x",
            "arn:aws:s3:::bkt/team-2/home/report.csv",
            "arn:aws:s3:::alice/x",
            "arn:aws:s3:::bkt/alice/home/x",
            "arn:aws:sns:::t",
            "a",
        ] {
            let question = Question { action, resource, caller: &caller, context: &context };
            let verdicts = || apart.iter().map(|single| single.verdict(&question));
            let expected = SetVerdict {
                allow: verdicts().any(|verdict| verdict.allow),
                deny: verdicts().any(|verdict| verdict.deny),
            };
            assert_eq!(together.verdict(&question), expected, "{action} on {resource}");
            assert_eq!(
                together.allows(&question),
                expected.allow && !expected.deny,
                "{action} on {resource}"
            );
            let explained = together.explain(&question);
            let matching: Vec<bool> = explained.iter().map(|finding| finding.matches()).collect();
            let by_statement: Vec<bool> = verdicts().map(|verdict| verdict.allow || verdict.deny).collect();
            assert_eq!(matching, by_statement, "{action} on {resource}");
        }
    }
}
