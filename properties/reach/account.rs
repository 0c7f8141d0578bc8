//! Accounts as AWS prints them: what is read, and what is refused, with its place.

use std::path::PathBuf;

use iamproof::corpus::account::{self, Beside, Description, File};
use iamproof::iam::document::Strictness;
use iamproof::iam::world::VersionNumber;
use serde_json::{Value, json};

pub(super) const A: &str = "111122223333";

/// One user in one group, one role, and a managed policy with two versions.
pub(super) fn plain() -> Value {
    let allow = |action: &str| json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]});
    json!({
        "UserDetailList": [{
            "Path": "/", "UserName": "ann", "UserId": "AIDA1", "Arn": format!("arn:aws:iam::{A}:user/ann"),
            "CreateDate": "2024-03-01T00:00:00+00:00", "GroupList": ["staff"], "AttachedManagedPolicies": [],
            "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": allow("s3:GetObject")}],
            "PermissionsBoundary": {"PermissionsBoundaryType": "Policy",
                                    "PermissionsBoundaryArn": format!("arn:aws:iam::{A}:policy/p")},
            "Tags": [{"Key": "team", "Value": "blue"}]
        }],
        "GroupDetailList": [{
            "Path": "/", "GroupName": "staff", "GroupId": "AGPA1", "Arn": format!("arn:aws:iam::{A}:group/staff"),
            "AttachedManagedPolicies": [{"PolicyName": "p", "PolicyArn": format!("arn:aws:iam::{A}:policy/p")}]
        }],
        "RoleDetailList": [{
            "Path": "/app/", "RoleName": "r", "RoleId": "AROA1", "Arn": format!("arn:aws:iam::{A}:role/app/r"),
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{A}:user/ann")}, "Action": "sts:AssumeRole"}
            ]},
            "InstanceProfileList": [{"InstanceProfileName": "box", "Path": "/", "Arn": "x", "Roles": []}]
        }],
        "Policies": [{
            "PolicyName": "p", "PolicyId": "ANPA1", "Arn": format!("arn:aws:iam::{A}:policy/p"), "Path": "/",
            "DefaultVersionId": "v1", "UpdateDate": "2024-05-01 00:00:00+00:00", "AddedTomorrow": true,
            "PolicyVersionList": [
                {"VersionId": "v3", "IsDefaultVersion": false, "Document": allow("s3:*")},
                {"VersionId": "v1", "IsDefaultVersion": true, "Document": allow("s3:ListBucket")}
            ]
        }]
    })
}

pub(super) fn read(pages: &[Value]) -> Result<Description, String> {
    let files: Vec<File> = pages
        .iter()
        .enumerate()
        .map(|(index, page)| File {
            path: PathBuf::from(format!("page-{index}.json")),
            bytes: page.to_string().into_bytes(),
        })
        .collect();
    account::read(&files, &Beside::default(), None, Strictness::Strict).map_err(|error| error.to_string())
}

#[test]
fn what_aws_prints_is_the_world_that_it_describes() {
    let Description { world, outside } = read(&[plain()]).unwrap();
    assert!(outside.is_empty());
    assert_eq!(world.now.iso(), "2024-05-01T00:00:00Z", "the newest date that is told");
    let ann = world.user(A, "ann").unwrap().found;
    assert_eq!(ann.groups.iter().collect::<Vec<_>>(), ["staff"]);
    assert_eq!(ann.tags.value("team"), Some("blue"));
    assert_eq!(ann.boundary.as_deref(), Some("arn:aws:iam::111122223333:policy/p"));
    assert!(ann.policies.inline.contains_key("own"));
    assert!(world.role_by_arn("arn:aws:iam::111122223333:role/app/r").is_some());
    let account = &world.accounts[A];
    assert_eq!(account.instance_profiles["box"].role.as_deref(), Some("r"));
    let policy = &account.policies["arn:aws:iam::111122223333:policy/p"];
    assert_eq!(policy.default_version, VersionNumber(1));
    assert_eq!(policy.next_version, VersionNumber(4), "numbers are never used twice");
}

/// URL-encoded, as the raw API answers.
fn encoded(document: &Value) -> Value {
    let text = document.to_string();
    text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>().into()
}

#[test]
fn an_encoded_document_is_the_document_and_pages_are_one_account() {
    let whole = read(&[plain()]).unwrap().world;
    let mut raw = plain();
    let trust = &mut raw["RoleDetailList"][0]["AssumeRolePolicyDocument"];
    *trust = encoded(trust);
    let users = raw.as_object_mut().unwrap().remove("UserDetailList").unwrap();
    let users_come_first = [json!({"UserDetailList": users, "IsTruncated": true, "Marker": "m"}), raw];
    assert_eq!(read(&users_come_first).unwrap().world, whole);
}

#[test]
fn who_is_named_of_another_account_stands_outside() {
    let mut account = plain();
    let principal = "/RoleDetailList/0/AssumeRolePolicyDocument/Statement/0/Principal/AWS";
    *account.pointer_mut(principal).unwrap() = "arn:aws:iam::999988887777:role/deep/er/partner".into();
    let Description { world, outside } = read(&[account]).unwrap();
    assert_eq!(outside.iter().collect::<Vec<_>>(), ["999988887777"]);
    assert!(world.role_by_arn("arn:aws:iam::999988887777:role/deep/er/partner").is_some());
}

#[test]
fn what_is_not_as_aws_prints_it_is_refused_with_its_place() {
    // Where, what stands there then (null: nothing), and a part of the message.
    let cases: &[(&str, Value, &str)] = &[
        ("/UserDetailList", json!({}), "at `/UserDetailList` (line 1, column"),
        ("/UserDetailList/0/UserName", json!(7), "expected a string, found a number"),
        ("/UserDetailList/0/UserName", Value::Null, "at `/UserDetailList/0` (line 1, column"),
        ("/UserDetailList/0/UserName", json!("bob"), "the ARN does not fit `Path` and `UserName`"),
        ("/UserDetailList/0/UserName", json!("a/b"), "is no name: 1 to 64 letters"),
        ("/UserDetailList/0/Path", Value::Null, "the field `Path` is missing"),
        ("/UserDetailList/0/UserId", json!(""), "expected a unique id"),
        ("/UserDetailList/0/Arn", json!("arn:aws:iam::12:user/ann"), "`12` is no account id"),
        ("/UserDetailList/0/GroupList/0", json!("nobody"), "`GroupDetailList` has no group `nobody`"),
        ("/UserDetailList/0/CreateDate", json!("yesterday"), "expected a date"),
        (
            "/UserDetailList/0/PermissionsBoundary/PermissionsBoundaryArn",
            json!("arn:aws:iam::aws:policy/X"),
            "`Policies` has no `arn:aws:iam::aws:policy/X`",
        ),
        ("/UserDetailList/0/Tags/0/Value", Value::Null, "the field `Value` is missing"),
        ("/UserDetailList/0/UserPolicyList/0/PolicyDocument/Statement/0/Effect", json!("allow"), "V-EFFECT"),
        (
            "/GroupDetailList/0/AttachedManagedPolicies/0/PolicyArn",
            json!("arn:aws:iam::111122223333:policy/q"),
            "at `/GroupDetailList/0/AttachedManagedPolicies/0/PolicyArn`",
        ),
        ("/RoleDetailList/0/AssumeRolePolicyDocument", Value::Null, "`AssumeRolePolicyDocument` is missing"),
        ("/RoleDetailList/0/AssumeRolePolicyDocument", json!("%7B%7"), "URL-encoded"),
        ("/RoleDetailList/0/AssumeRolePolicyDocument", json!("%7B%7D"), "the document that is encoded here"),
        (
            "/RoleDetailList/0/AssumeRolePolicyDocument/Statement/0/Principal/AWS",
            json!("arn:aws:iam::111122223333:user/gone"),
            "there is no `arn:aws:iam::111122223333:user/gone`, which the trust policy names",
        ),
        ("/RoleDetailList/0/MaxSessionDuration", json!(60), "3600 to 43200"),
        ("/Policies/0/DefaultVersionId", json!("v2"), "says that v2 is the default"),
        ("/Policies/0/DefaultVersionId", json!("2"), "expected a version such as `v2`"),
        ("/Policies/0/PolicyVersionList", json!([]), "there is no version v1"),
        ("/Policies/0/PolicyVersionList/0/VersionId", json!("v1"), "`DefaultVersionId` says"),
        ("/IsTruncated", json!(true), "none of the files is the last"),
    ];
    for (pointer, value, message) in cases {
        let mut account = plain();
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        match account.pointer_mut(parent).unwrap() {
            Value::Object(fields) if value.is_null() => drop(fields.remove(field)),
            Value::Object(fields) => drop(fields.insert(field.to_owned(), value.clone())),
            Value::Array(items) => items[field.parse::<usize>().unwrap()] = value.clone(),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                panic!("{pointer}: {other} has no members")
            }
        }
        let error = read(&[account]).expect_err(pointer);
        assert!(error.starts_with("page-0.json: ") && error.contains(message), "{pointer}: {error}");
    }
    let twice = read(&[plain(), plain()]).unwrap_err();
    assert!(twice.contains("page-1.json: at `/Policies/0`") && twice.contains("comes twice"), "{twice}");
    let nothing = read(&[json!({"Users": []})]).unwrap_err();
    assert!(nothing.contains("get-account-authorization-details"), "{nothing}");
}
