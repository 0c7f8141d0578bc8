//! The worked examples of section 10 that are about the grammar: EX-129 to 140, EX-203 to 220 and EX-222.

use super::{strict, verdict};
use iamproof::iam::policy::PolicyType;

/// An example of the rules: its id, the type, the text, and the code that the rules give it.
struct Example {
    id: &'static str,
    policy_type: PolicyType,
    text: &'static str,
    code: &'static str,
}

fn check(Example { id, policy_type, text, code }: &Example) {
    assert_eq!(verdict(&strict(*policy_type, text)), *code, "{id}: {text}");
}

#[test]
fn every_example_gets_the_code_of_the_rules() {
    EXAMPLES.iter().for_each(check);
}

const EXAMPLES: &[Example] = &[
    // Principal in an identity policy.
    Example {
        id: "EX-129",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}"#,
        code: "V-PRINCIPAL",
    },
    // Resource in a trust policy.
    Example {
        id: "EX-130",
        policy_type: PolicyType::Trust,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole", "Resource": "*"}]}"#,
        code: "V-RESOURCE",
    },
    // Wildcard inside a principal ARN.
    Example {
        id: "EX-131",
        policy_type: PolicyType::Resource,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:user/*"}, "Action": "s3:*", "Resource": "*"}]}"#,
        code: "V-PRINCIPAL",
    },
    // NotPrincipal with Allow.
    Example {
        id: "EX-132",
        policy_type: PolicyType::Resource,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "NotPrincipal": {"AWS": "111111111111"}}]}"#,
        code: "V-PRINCIPAL",
    },
    // Effect in lower case.
    Example {
        id: "EX-133",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "allow", "Action": "s3:*", "Resource": "*"}]}"#,
        code: "V-EFFECT",
    },
    // Variable in the account field.
    Example {
        id: "EX-134",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:q"}]}"#,
        code: "valid",
    },
    // Two spellings of one condition key.
    Example {
        id: "EX-135",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:UserName": "a", "aws:username": "b"}}}]}"#,
        code: "V-CONDITION-KEY",
    },
    // NullIfExists.
    Example {
        id: "EX-136",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"NullIfExists": {"aws:username": "true"}}}]}"#,
        code: "V-OPERATOR",
    },
    // RCP with Allow.
    Example {
        id: "EX-137",
        policy_type: PolicyType::Rcp,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}"#,
        code: "V-EFFECT",
    },
    // Duplicate JSON key.
    Example {
        id: "EX-138",
        policy_type: PolicyType::Identity,
        text: r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Effect":"Deny","Action":"s3:*","Resource":"*"}}"#,
        code: "V-DUPLICATE-KEY",
    },
    // Wildcard in the service part of an ARN.
    Example {
        id: "EX-139",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:*:us-east-1:1:x"}]}"#,
        code: "V-RESOURCE",
    },
    // NotResource in an SCP.
    Example {
        id: "EX-140",
        policy_type: PolicyType::Scp,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "bedrock:InvokeModel", "NotResource": "arn:aws:bedrock:*::foundation-model/m"}]}"#,
        code: "valid",
    },
    // Unknown Version.
    Example {
        id: "EX-203",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-18", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#,
        code: "V-VERSION",
    },
    // SCP without Version.
    Example {
        id: "EX-204",
        policy_type: PolicyType::Scp,
        text: r#"{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#,
        code: "V-VERSION",
    },
    // No statement.
    Example {
        id: "EX-205",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": []}"#,
        code: "V-STATEMENT",
    },
    // Id in an identity policy.
    Example {
        id: "EX-206",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Id": "x", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#,
        code: "V-ELEMENT",
    },
    // Action and NotAction together.
    Example {
        id: "EX-207",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "NotAction": "iam:*"}]}"#,
        code: "V-ACTION",
    },
    // Action without a prefix.
    Example {
        id: "EX-208",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "GetObject", "Resource": "*"}]}"#,
        code: "V-ACTION",
    },
    // Resource missing.
    Example {
        id: "EX-209",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"}]}"#,
        code: "V-RESOURCE",
    },
    // Bare * action in a trust policy.
    Example {
        id: "EX-210",
        policy_type: PolicyType::Trust,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "*"}]}"#,
        code: "V-ACTION",
    },
    // NotAction in a trust policy.
    Example {
        id: "EX-211",
        policy_type: PolicyType::Trust,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "NotAction": "sts:TagSession"}]}"#,
        code: "V-ACTION",
    },
    // Wildcard trust principal.
    Example {
        id: "EX-212",
        policy_type: PolicyType::Trust,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}"#,
        code: "valid",
    },
    // Principal in an SCP.
    Example {
        id: "EX-213",
        policy_type: PolicyType::Scp,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}"#,
        code: "V-PRINCIPAL",
    },
    // Bare * action in an RCP.
    Example {
        id: "EX-214",
        policy_type: PolicyType::Rcp,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}"#,
        code: "V-ACTION",
    },
    // Two equal Sids.
    Example {
        id: "EX-215",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Sid": "a"}, {"Effect": "Allow", "Action": "iam:*", "Resource": "*", "Sid": "a"}]}"#,
        code: "V-SID",
    },
    // Number that is none.
    Example {
        id: "EX-216",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"NumericEquals": {"s3:max-keys": "ten"}}}]}"#,
        code: "V-CONDITION-VALUE",
    },
    // 30 February.
    Example {
        id: "EX-217",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": "2024-02-30"}}}]}"#,
        code: "V-CONDITION-VALUE",
    },
    // Prefix 33.
    Example {
        id: "EX-218",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/33"}}}]}"#,
        code: "V-CONDITION-VALUE",
    },
    // Variable in a principal.
    Example {
        id: "EX-219",
        policy_type: PolicyType::Resource,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:user/${aws:username}"}, "Action": "s3:*", "Resource": "*"}]}"#,
        code: "V-PRINCIPAL",
    },
    // Unclosed variable.
    Example {
        id: "EX-220",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::bkt/${aws:username"}]}"#,
        code: "V-VARIABLE",
    },
    // Unknown operator.
    Example {
        id: "EX-222",
        policy_type: PolicyType::Identity,
        text: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"stringEquals": {"aws:username": "a"}}}]}"#,
        code: "V-OPERATOR",
    },
];
