//! Written policies read as the same policy, and the normal form is what GRAM-32 says.

use iamproof::iam::document::{Strictness, TypeChoice, read, write};
use iamproof::iam::normal::normal_form;
use iamproof::iam::policy::{Policy, PolicyType};

fn policy(text: &str) -> Policy {
    let document = read(text.as_bytes(), TypeChoice::Guessed, Strictness::Strict);
    let findings = document.findings;
    document.policy.unwrap_or_else(|| panic!("{text}: {findings:?}"))
}

#[test]
fn every_element_is_read_as_it_was_written() {
    let texts = [
        r#"{"Version":"2012-10-17","Id":"i","Statement":[{"Sid":"","Effect":"Deny","NotPrincipal":{"AWS":["*","111122223333"],"Service":"ec2.amazonaws.com"},"NotAction":["a:b","c:d"],"NotResource":"*"}]}"#,
        r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}"#,
        r#"{"Version":"2008-10-17","Statement":[{"Sid":"é\\\"/","Effect":"Allow","Principal":{"AWS":"*"},"Action":"*","Resource":"*"},{"Effect":"Deny","Principal":{"AWS":["arn:aws:iam::111122223333:root","arn:aws:iam::111122223333:user/a/b","arn:aws:iam::111122223333:role/c","arn:aws:sts::111122223333:assumed-role/c/d","arn:aws:sts::111122223333:federated-user/e","AIDAEXAMPLE"],"Federated":"accounts.google.com"},"Action":"*","Resource":"*"}]}"#,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${aws:username, '*'}","Condition":{"ForAllValues:StringLikeIfExists":{"aws:TagKeys":["a","b"],"aws:username":"${*}"},"NumericEquals":{"s3:max-keys":"1"},"Bool":{"aws:SecureTransport":"true"}}}]}"#,
    ];
    for text in texts {
        let read = policy(text);
        let compact = write::compact(&read);
        assert_eq!(compact, text);
        assert_eq!(policy(&compact), read);
        assert_eq!(policy(&write::pretty(&read)), read);
    }
}

#[test]
fn documents_that_differ_in_spelling_have_one_normal_form() {
    let rows = [
        (
            r#"{"Statement": {"Sid": "x", "Effect": "Allow", "Action": ["s3:GetObject", "S3:getobject"], "Resource": "*"}}"#,
            r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:getobject","Resource":"*"}]}"#,
        ),
        (
            r#"{"Id": "x", "Statement": [{"Effect": "Deny", "Principal": {"AWS": ["111122223333", "*"]}, "Action": "b:b", "Resource": ["arn:aws:s3:::B", "*", "*"]}, {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "a:A", "NotResource": "*"}]}"#,
            r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"a:a","NotResource":"*"},{"Effect":"Deny","Principal":{"AWS":["*","arn:aws-cn:iam::111122223333:root"]},"Action":"b:b","Resource":["*","arn:aws:s3:::B"]}]}"#,
        ),
        (
            r#"{"Statement": {"Effect": "Allow", "NotAction": "*", "Resource": "*", "Condition": {"Bool": {"AWS:SecureTransport": true}, "ArnEqualsIfExists": {"aws:SourceArn": ["b", "a"]}, "NumericEquals": {"s3:max-keys": 1.0}}}}"#,
            r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","NotAction":"*","Resource":"*","Condition":{"NumericEquals":{"s3:max-keys":"1.0"},"Bool":{"aws:securetransport":"true"},"ArnLikeIfExists":{"aws:sourcearn":["a","b"]}}}]}"#,
        ),
        (
            r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ArnEquals": {"aws:SourceArn": "b"}, "ArnLike": {"aws:SourceArn": "a"}}}}"#,
            r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ArnEquals":{"aws:sourcearn":"b"},"ArnLike":{"aws:sourcearn":"a"}}}]}"#,
        ),
        (
            r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "again", "Effect": "Allow", "Action": "*", "Resource": "*"}]}"#,
            r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        ),
    ];
    for (text, normal) in rows {
        let form = normal_form(&policy(text), "aws-cn");
        assert_eq!(write::compact(&form), normal, "{text}");
        assert_eq!(normal_form(&form, "aws-cn"), form, "{text}");
    }
}

#[test]
fn what_a_policy_has_twice_is_not_lost_in_writing() {
    let mut policy = policy(
        r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:userid": true}}}}"#,
    );
    let entry = policy.statements[0].condition[0].clone();
    policy.statements[0].condition.push(entry);
    let document =
        read(write::compact(&policy).as_bytes(), TypeChoice::Given(PolicyType::Identity), Strictness::Strict);
    assert_eq!(document.findings[0].code.name(), "V-DUPLICATE-KEY");
}
