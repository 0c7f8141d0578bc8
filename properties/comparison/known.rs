//! Pairs of documents whose verdict follows from reading them; both directions of each are asked.

use iamproof::comparison::{Verdict, Wanted, compare};
use iamproof::solver::Limits;

use super::{compared, document, is_shown, verdict};

use Verdict::{Equivalent, Incomparable, Narrower, Wider};

fn policy(statements: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#)
}

/// The verdict seen from the other side.
fn reversed(verdict: Verdict) -> Verdict {
    match verdict {
        Wider => Narrower,
        Narrower => Wider,
        Equivalent | Incomparable | Verdict::Unknown => verdict,
    }
}

fn check(rows: &[(&str, &str, &str, Verdict)]) {
    for (why, old, new, expected) in rows {
        let (old, new) = (document(&policy(old)), document(&policy(new)));
        assert_eq!(verdict(&old, &new), *expected, "{why}");
        assert_eq!(verdict(&new, &old), reversed(*expected), "{why}, the other way round");
    }
}

const READ: &str = r#"{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}"#;
const ALL: &str = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#;

#[test]
fn elements_are_compared_as_the_requests_that_they_match() {
    check(&[
        ("nothing changed", READ, READ, Equivalent),
        ("a pattern that covers the other", READ, ALL, Wider),
        (
            "a name in another case is the same action",
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "S3:getobject", "Resource": "*"}"#,
            Equivalent,
        ),
        (
            "a resource in another case is another resource",
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::Ledger"}"#,
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger"}"#,
            Incomparable,
        ),
        (
            "two patterns that only together cover a third",
            r#"{"Effect": "Allow", "Action": "s3:Get?bject", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": ["s3:Get?bjec*", "s3:GetX*"], "Resource": "*"}"#,
            Wider,
        ),
        (
            "a resource of one character or more, or of none",
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::b/?*", "arn:aws:s3:::b/"]}"#,
            Equivalent,
        ),
        (
            "`?*` and `*?` are the same pattern",
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/?*"}"#,
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*?"}"#,
            Equivalent,
        ),
        (
            "NotAction is all other actions",
            r#"{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}"#,
            Equivalent,
        ),
        (
            "NotResource is all other resources",
            r#"{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b"}"#,
            r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b"}"#,
            Equivalent,
        ),
        (
            "a Deny takes away",
            ALL,
            r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}"#,
            Narrower,
        ),
        (
            "a Deny of what nothing allows takes nothing away",
            ALL,
            r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}"#,
            Equivalent,
        ),
        (
            "without an Allow nothing is allowed",
            r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}"#,
            r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#,
            Equivalent,
        ),
    ]);
}

fn read_if(condition: &str) -> String {
    format!(r#"{{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*", "Condition": {condition}}}"#)
}

#[test]
fn conditions_are_compared_as_the_contexts_that_they_admit() {
    let rows: &[(&str, &str, &str, Verdict)] = &[
        (
            "a key that is always there may be asked with IfExists",
            r#"{"Bool": {"aws:SecureTransport": "true"}}"#,
            r#"{"BoolIfExists": {"aws:SecureTransport": "true"}}"#,
            Equivalent,
        ),
        (
            "a key that may be missing makes IfExists wider",
            r#"{"StringEquals": {"ec2:Region": "eu-west-1"}}"#,
            r#"{"StringEqualsIfExists": {"ec2:Region": "eu-west-1"}}"#,
            Wider,
        ),
        (
            "a negated operator is true where the key is missing",
            r#"{"StringNotEquals": {"ec2:Region": "eu-west-1"}}"#,
            r#"{"StringNotEqualsIfExists": {"ec2:Region": "eu-west-1"}}"#,
            Equivalent,
        ),
        (
            "a larger block of addresses",
            r#"{"IpAddress": {"aws:SourceIp": "203.0.113.0/25"}}"#,
            r#"{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
            Wider,
        ),
        (
            "two halves are the whole block",
            r#"{"IpAddress": {"aws:SourceIp": ["203.0.113.0/25", "203.0.113.128/25"]}}"#,
            r#"{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
            Equivalent,
        ),
        (
            "a second is the difference between two comparisons of dates",
            r#"{"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}"#,
            r#"{"DateLessThanEquals": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}"#,
            Wider,
        ),
        (
            "both keys against one of them",
            r#"{"StringEquals": {"ec2:Region": "eu-west-1", "ec2:Tenancy": "dedicated"}}"#,
            r#"{"StringEquals": {"ec2:Region": "eu-west-1"}}"#,
            Wider,
        ),
        (
            "a value in another case, where case counts and where it does not",
            r#"{"StringEquals": {"ec2:Region": "EU-west-1"}}"#,
            r#"{"StringEqualsIgnoreCase": {"ec2:Region": "eu-WEST-1"}}"#,
            Wider,
        ),
        (
            "numbers between two bounds, and the one number there is",
            r#"{"NumericGreaterThan": {"s3:max-keys": "9"}, "NumericLessThan": {"s3:max-keys": "11"}}"#,
            r#"{"NumericEquals": {"s3:max-keys": "10"}}"#,
            Narrower,
        ),
        (
            "a key that must be there and must not",
            r#"{"Null": {"ec2:Region": "true"}, "StringEquals": {"ec2:Region": "eu-west-1"}}"#,
            r#"{"StringEquals": {"ec2:Region": "eu-west-1"}}"#,
            Wider,
        ),
        (
            "ForAllValues is true of no value, ForAnyValue is not",
            r#"{"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}}"#,
            r#"{"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}"#,
            Incomparable,
        ),
    ];
    for (why, old, new, expected) in rows {
        check(&[(*why, read_if(old).as_str(), read_if(new).as_str(), *expected)]);
    }
}

#[test]
fn variables_mean_what_the_version_lets_them_mean() {
    let own = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::home/${aws:username}/*"}"#;
    let any = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::home/*"}"#;
    check(&[("everybody's own folder is part of all folders", own, any, Wider)]);
    let without = document(&policy(own).replace("2012-10-17", "2008-10-17"));
    assert_eq!(verdict(&document(&policy(own)), &without), Incomparable);
}

#[test]
fn principals_are_compared_as_the_callers_that_they_name() {
    let of = |principal: &str| {
        let statement = format!(
            r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"#
        );
        document(&policy(&statement))
    };
    let (user, account) =
        (r#"{"AWS": "arn:aws:iam::111122223333:user/alice"}"#, r#"{"AWS": "111122223333"}"#);
    let rows = [
        (user, account, Wider),
        (account, r#""*""#, Wider),
        (account, r#"{"AWS": "arn:aws:iam::111122223333:root"}"#, Equivalent),
        (r#"{"AWS": "*"}"#, r#""*""#, Equivalent),
        (r#"{"Service": "sns.amazonaws.com"}"#, account, Incomparable),
        (user, r#"{"AWS": "arn:aws:iam::111122223333:role/alice"}"#, Incomparable),
    ];
    for (old, new, expected) in rows {
        assert_eq!(verdict(&of(old), &of(new)), expected, "{old} {new}");
        assert_eq!(verdict(&of(new), &of(old)), reversed(expected), "{new} {old}");
    }
}

#[test]
fn trust_policies_are_compared_by_who_may_come_in() {
    let of = |principal: &str, action: &str| {
        document(&policy(&format!(
            r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "{action}"}}"#
        )))
    };
    let service = of(r#"{"Service": "ec2.amazonaws.com"}"#, "sts:AssumeRole");
    let both = of(
        r#"{"Service": "ec2.amazonaws.com", "AWS": "arn:aws:iam::111122223333:user/a"}"#,
        "sts:AssumeRole",
    );
    let more = of(r#"{"Service": "ec2.amazonaws.com"}"#, "sts:*");
    assert_eq!(verdict(&service, &both), Wider);
    assert_eq!(verdict(&service, &more), Wider);
    assert_eq!(verdict(&both, &more), Incomparable);
}

#[test]
fn a_witness_is_small_and_plain() {
    // OLD, NEW, and the action and the resource of the smallest request that tells them apart; `None`: no key beyond a plain request's.
    let rows: &[(&str, &str, &str, &str, Option<&str>)] = &[
        (
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger/*"}"#,
            r#"{"Effect": "Allow", "Action": "s3:GetObject*", "Resource": "arn:aws:s3:::ledger/2024/*"}, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger/*"}"#,
            "s3:GetObject",
            "arn:aws:s3:::ledger/2024/",
            None,
        ),
        (
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger/*", "Condition": {"StringEquals": {"s3:ExistingObjectTag/open": "yes"}}}"#,
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger/*"}"#,
            "s3:GetObject",
            "arn:aws:s3:::ledger/",
            None,
        ),
        (
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"s3:ExistingObjectTag/open": "yes"}}}"#,
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"s3:ExistingObjectTag/open": ["yes", "no"]}}}"#,
            "s3:GetObject",
            "arn:aws:s3:::x",
            Some("s3:ExistingObjectTag/open"),
        ),
    ];
    for (old, new, action, resource, key) in rows {
        let (old, new) = (document(&policy(old)), document(&policy(new)));
        let comparison = compared(&old, &new);
        let request = comparison.gained.witness().unwrap().request.clone();
        assert!(request.action.starts_with(action), "{}", request.action);
        assert!(request.action.len() <= action.len() + 1, "{}", request.action);
        assert_eq!(request.resource, *resource);
        let plain = [
            "aws:CurrentTime",
            "aws:EpochTime",
            "aws:RequestedRegion",
            "aws:SecureTransport",
            "aws:SourceIp",
            "aws:UserAgent",
            "aws:ViaAWSService",
        ];
        let more: Vec<&str> = request
            .context
            .entries()
            .iter()
            .map(|(key, _)| key.spelling())
            .filter(|key| !plain.contains(key))
            .collect();
        assert_eq!(more, key.iter().copied().collect::<Vec<_>>());
    }
}

#[test]
fn a_witness_that_a_decision_can_show_is_preferred() {
    // Nobody signs AssumeRoleWithSAML, so a decision shows that one only where there is no other.
    let old = document(&policy(r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#));
    let both = document(&policy(
        r#"{"Effect": "Allow", "Action": ["s3:*", "sts:AssumeRoleWithSAML", "ec2:RunInstances"], "Resource": "*"}"#,
    ));
    let only = document(&policy(
        r#"{"Effect": "Allow", "Action": ["s3:*", "sts:AssumeRoleWithSAML"], "Resource": "*"}"#,
    ));
    let shown = is_shown(&compared(&old, &both).gained, &both, &old).unwrap();
    assert!(shown.is_shown());
    assert_eq!(shown.request.action, "ec2:RunInstances");
    let comparison = compared(&old, &only);
    assert_eq!(comparison.verdict(), Wider);
    assert!(!is_shown(&comparison.gained, &only, &old).unwrap().is_shown());
}

#[test]
fn a_key_and_a_trust_policy_that_must_take_part_let_the_document_decide() {
    for (action, resource) in [
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:444455556666:key/k"),
        ("sts:AssumeRole", "arn:aws:iam::444455556666:role/r"),
    ] {
        let of = |action: &str| {
            document(&policy(&format!(
                r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}"#
            )))
        };
        let (old, new) = (of("kms:Encrypt"), of(action));
        let staged = is_shown(&compared(&old, &new).gained, &new, &old).unwrap();
        assert!(staged.is_shown(), "{action}");
        assert!(staged.allowing.resource.is_some(), "{action} needs a resource policy");
    }
}

#[test]
fn a_limit_that_is_reached_is_unknown_and_says_so() {
    let old = document(&policy(
        r#"{"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::b/a*", "arn:aws:s3:::b/?*"]}"#,
    ));
    let new = document(&policy(
        r#"{"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::b/*a", "arn:aws:s3:::b/*?"]}"#,
    ));
    assert_eq!(verdict(&old, &new), Equivalent);
    let nothing = Limits {
        conflicts: 0,
        rounds: 0,
        text_states: 0,
        z3_effort: 1,
        z3_strings_effort: 1,
        ..Limits::default()
    };
    let comparison = compare(&old, &new, Wanted::Smallest, nothing);
    assert_eq!(comparison.verdict(), Verdict::Unknown);
    assert!(comparison.gained.unknown_reason().is_some());
}
