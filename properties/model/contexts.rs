//! Which contexts are well-formed: each row is a Condition that some well-formed request satisfies, or none does (KEY-2, KEY-4, KEY-8, KEY-10).

use super::{policy, witness};
use iamproof::iam::request::{Caller, Credential, CredentialKind, Entity, Validity};
use iamproof::model::{Scope, statement};

const CURRENT: Credential = Credential { kind: CredentialKind::LongTerm, validity: Validity::Current };
const SESSION_TOKEN: Credential =
    Credential { kind: CredentialKind::SessionToken, validity: Validity::Current };

fn entity(path: &str, name: &str) -> Entity {
    Entity {
        partition: "aws".to_owned(),
        account: "111122223333".to_owned(),
        path: path.to_owned(),
        name: name.to_owned(),
    }
}

fn alice() -> Caller {
    Caller::User(entity("/eng/", "alice"))
}

fn session() -> Caller {
    Caller::RoleSession { role: entity("/eng/", "app"), session: "s1".to_owned() }
}

/// Conditions are entries `operator key values`, joined by ` and `.
#[track_caller]
fn check(scope: &Scope, rows: &[(&str, bool)]) {
    for &(condition, expected) in rows {
        let statements: Vec<String> = condition
            .split(" and ")
            .map(|entry| {
                let (operator, rest) = entry.split_once(' ').unwrap();
                let (key, values) = rest.split_once(' ').unwrap();
                format!(r#"{{"Condition": {{"{operator}": {{"{key}": {values}}}}}}}"#)
            })
            .collect();
        // One document an entry: a Condition can name an operator but once.
        let found = witness(scope.clone(), |formulas, request| {
            let parts: Vec<_> = statements
                .iter()
                .map(|text| statement::document_allows(formulas, request, &policy(text)).unwrap())
                .collect();
            formulas.and(parts)
        });
        assert_eq!(found.is_some(), expected, "{condition}: {found:?}");
    }
}

#[test]
fn documented_keys_have_their_type_and_arity() {
    check(
        &Scope::Documents,
        &[
            (r#"StringEquals aws:SecureTransport "yes""#, false),
            (r#"Null aws:SecureTransport "true""#, false),
            (r#"Null aws:CurrentTime "true""#, false),
            (r#"Null s3:prefix "true""#, true),
            (r#"StringLike s3:max-keys "*x*""#, false),
            (r#"StringLike s3:max-keys "1?.5""#, true),
            (r#"StringLike svc:n "*x*""#, true),
            (r#"StringNotLike aws:SourceArn "arn:*" and Null aws:SourceArn "false""#, false),
            (r#"ForAnyValue:StringEquals s3:prefix "a" and ForAnyValue:StringEquals s3:prefix "b""#, false),
            (r#"ForAnyValue:StringEquals svc:k "a" and ForAnyValue:StringEquals svc:k "b""#, true),
            (
                r#"ForAnyValue:StringEquals aws:TagKeys "a" and ForAnyValue:StringEquals aws:TagKeys "b""#,
                true,
            ),
            (r#"StringLike aws:TagKeys "*""#, false),
            (r#"StringLike aws:CurrentTime "2024-01-01*" and DateEquals aws:CurrentTime "2024-01-01""#, true),
            (
                r#"StringLike aws:CurrentTime "2024-01-01*" and DateEquals aws:CurrentTime "2024-01-02""#,
                false,
            ),
            (r#"StringLike aws:SourceIp "10.*" and IpAddress aws:SourceIp "10.0.0.0/8""#, true),
            (r#"StringLike aws:SourceIp "11.*" and IpAddress aws:SourceIp "10.0.0.0/8""#, false),
        ],
    );
}

#[test]
fn networks_exclude_each_other() {
    let rows = [
        (r#"Null aws:SourceVpc "false" and Null aws:SourceVpce "true""#, false),
        (r#"Null aws:VpceAccount "false" and Null aws:SourceVpce "true""#, false),
        (r#"Null aws:VpceAccount "true" and Null aws:SourceVpce "false""#, true),
        (r#"Null aws:SourceVpce "false" and Bool aws:ViaAWSService "true""#, false),
    ];
    check(&Scope::Documents, &rows);
    check(&Scope::Caller(Box::new(alice()), CURRENT), &rows);
    check(
        &Scope::Caller(Box::new(alice()), CURRENT),
        &[
            (r#"Null aws:SourceVpce "false" and Null aws:SourceIp "false""#, false),
            (
                r#"Null aws:SourceVpce "true" and Null aws:SourceIp "true" and Bool aws:ViaAWSService "false""#,
                false,
            ),
            (
                r#"Null aws:SourceVpce "true" and Null aws:SourceIp "true" and Bool aws:ViaAWSService "true""#,
                true,
            ),
        ],
    );
}

#[test]
fn forwarded_calls_say_who_forwards() {
    check(
        &Scope::Documents,
        &[
            (r#"Bool aws:ViaAWSService "true" and Null aws:CalledVia "true""#, false),
            (r#"Bool aws:ViaAWSService "false" and Null aws:CalledVia "false""#, false),
            (r#"Null aws:CalledViaFirst "false" and Null aws:CalledViaLast "true""#, false),
            (r#"StringEquals aws:CalledViaFirst "a" and ForAllValues:StringEquals aws:CalledVia "b""#, false),
            (r#"StringEquals aws:CalledViaLast "a" and ForAnyValue:StringEquals aws:CalledVia "b""#, true),
            (
                r#"StringEquals aws:CalledViaFirst "a" and StringEquals aws:CalledViaLast "c" and ForAnyValue:StringEquals aws:CalledVia "b""#,
                true,
            ),
            (
                r#"StringEquals aws:CalledViaFirst "a" and StringEquals aws:CalledViaLast "c" and ForAllValues:StringEquals aws:CalledVia ["a", "b"]"#,
                false,
            ),
        ],
    );
}

#[test]
fn tags_are_listed() {
    check(
        &Scope::Documents,
        &[
            (r#"StringEquals aws:RequestTag/team "x" and Null aws:TagKeys "true""#, false),
            (
                r#"StringEquals aws:RequestTag/team "x" and ForAllValues:StringEquals aws:TagKeys "cost""#,
                false,
            ),
            (
                r#"StringEquals aws:RequestTag/team "x" and ForAllValues:StringEquals aws:TagKeys "Team""#,
                true,
            ),
            (r#"Null aws:RequestTag/team "true" and ForAnyValue:StringEquals aws:TagKeys "team""#, true),
            (
                r#"Null aws:RequestTag/a "false" and Null aws:RequestTag/b "false" and ForAnyValue:StringEquals aws:TagKeys "c""#,
                true,
            ),
        ],
    );
}

#[test]
fn keys_of_time_tell_one_instant() {
    check(
        &Scope::Documents,
        &[
            (
                r#"DateLessThan aws:CurrentTime "2024-01-01" and DateGreaterThan aws:EpochTime "2024-01-01""#,
                false,
            ),
            (
                r#"DateLessThan aws:CurrentTime "2024-01-02" and DateGreaterThan aws:EpochTime "2024-01-01""#,
                true,
            ),
            (r#"NumericEquals aws:EpochTime "1704067200" and DateEquals aws:EpochTime "2024-01-01""#, true),
            (r#"NumericEquals aws:EpochTime "1704067200" and DateEquals aws:EpochTime "2024-01-02""#, false),
            (r#"NumericEquals aws:EpochTime "0.5""#, false),
            (
                r#"StringEquals aws:EpochTime "1704067200" and DateEquals aws:CurrentTime "2024-01-01T00:00:00.5Z""#,
                true,
            ),
            (
                r#"DateGreaterThan aws:TokenIssueTime "2024-01-02" and DateLessThan aws:CurrentTime "2024-01-01""#,
                false,
            ),
            (
                r#"DateGreaterThan aws:TokenIssueTime "2024-01-02" and NumericLessThan aws:EpochTime "1704067200""#,
                false,
            ),
            (
                r#"DateLessThan aws:TokenIssueTime "2024-01-02" and DateLessThan aws:CurrentTime "2024-01-01""#,
                true,
            ),
        ],
    );
}

#[test]
fn services_and_what_they_act_for() {
    check(
        &Scope::Documents,
        &[
            (r#"Bool aws:PrincipalIsAWSService "true" and Null aws:PrincipalServiceName "true""#, false),
            (r#"Bool aws:PrincipalIsAWSService "false" and Null aws:PrincipalServiceName "false""#, false),
            (r#"Bool aws:PrincipalIsAWSService "false" and Null aws:SourceArn "false""#, false),
            (r#"Bool aws:PrincipalIsAWSService "true" and Null aws:SourceArn "true""#, true),
            (r#"StringEquals aws:ResourceOrgID "o-1" and Null aws:ResourceOrgPaths "true""#, false),
            (
                r#"StringEquals aws:ResourceOrgID "o-1" and ForAnyValue:StringLike aws:ResourceOrgPaths "o-2/*""#,
                false,
            ),
            (
                r#"StringEquals aws:ResourceOrgID "o-1" and ForAnyValue:StringLike aws:ResourceOrgPaths "o-1/*""#,
                true,
            ),
        ],
    );
}

#[test]
fn keys_follow_a_user() {
    check(
        &Scope::Caller(Box::new(alice()), CURRENT),
        &[
            (r#"StringEquals aws:username "alice""#, true),
            (r#"StringNotEquals aws:username "alice""#, false),
            (r#"ArnLike aws:PrincipalArn "arn:aws:iam::111122223333:user/eng/alice""#, true),
            (r#"ArnNotLike aws:PrincipalArn "arn:aws:iam::111122223333:user/eng/alice""#, false),
            (r#"StringNotEquals aws:PrincipalAccount "111122223333""#, false),
            (r#"StringNotEquals aws:PrincipalType "User""#, false),
            (r#"Null aws:TokenIssueTime "false" and Bool aws:ViaAWSService "false""#, false),
            (r#"Bool aws:MultiFactorAuthPresent "true""#, true),
            (
                r#"BoolIfExists aws:MultiFactorAuthPresent "false" and Null aws:MultiFactorAuthAge "false""#,
                false,
            ),
            (r#"NumericGreaterThan aws:MultiFactorAuthAge "0""#, false),
            (r#"StringEquals aws:PrincipalTag/team "x""#, true),
            (r#"Null aws:SourceIdentity "false""#, false),
        ],
    );
    check(
        &Scope::Caller(Box::new(alice()), SESSION_TOKEN),
        &[
            (r#"Null aws:TokenIssueTime "true""#, false),
            (r#"Null aws:MultiFactorAuthPresent "true""#, false),
            (r#"NumericGreaterThan aws:MultiFactorAuthAge "0""#, true),
            (r#"NumericEquals aws:MultiFactorAuthAge "1.5""#, false),
            (
                r#"NumericEquals aws:MultiFactorAuthAge "10" and Bool aws:MultiFactorAuthPresent "false""#,
                false,
            ),
        ],
    );
}

#[test]
fn keys_follow_a_session_and_a_service() {
    check(
        &Scope::Caller(Box::new(session()), CURRENT),
        &[
            (r#"Null aws:username "false""#, false),
            (r#"StringEquals aws:PrincipalArn "arn:aws:iam::111122223333:role/eng/app""#, true),
            (r#"StringNotEquals aws:PrincipalArn "arn:aws:iam::111122223333:role/eng/app""#, false),
            (r#"StringLike aws:userid "*:s1""#, true),
            (r#"StringLike aws:userid "*:s2""#, false),
            (r#"Bool aws:MultiFactorAuthPresent "true""#, false),
            (r#"Bool aws:MultiFactorAuthPresent "false""#, true),
            (r#"Bool aws:MultiFactorAuthPresent "false" and Null aws:FederatedProvider "false""#, false),
            (r#"Null aws:TokenIssueTime "true""#, false),
            (r#"Null aws:Ec2InstanceSourceVpc "false" and Null ec2:RoleDelivery "true""#, false),
        ],
    );
    let service = Caller::Service { name: "sns.amazonaws.com".to_owned() };
    check(
        &Scope::Caller(Box::new(service), CURRENT),
        &[
            (r#"Null aws:PrincipalArn "false""#, false),
            (r#"Null aws:PrincipalAccount "false""#, false),
            (r#"StringNotEquals aws:PrincipalServiceName "sns.amazonaws.com""#, false),
            (r#"ForAllValues:StringNotEquals aws:PrincipalServiceNamesList "sns.amazonaws.com""#, false),
            (r#"Null aws:SourceVpce "false" and Null aws:SourceIp "false""#, true),
            (r#"Bool aws:PrincipalIsAWSService "false""#, false),
        ],
    );
    check(
        &Scope::Caller(Box::new(Caller::Anonymous), CURRENT),
        &[
            (r#"StringEquals aws:PrincipalAccount "anonymous""#, true),
            (r#"StringNotEquals aws:PrincipalType "Anonymous""#, false),
            (r#"Null aws:PrincipalIsAWSService "false""#, false),
        ],
    );
}
