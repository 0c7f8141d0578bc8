//! The table of DIR-35 in both readings: what a kind can do is done, and what it cannot is refused with the code of section 14. All rows that speak
//! of operations are here; needing a link is in the cases of DIR-19, and sizes are not checked (DIR-35). What has no sense on premises (`–`) is refused.

use iamproof::corpus::Question;
use iamproof::corpus::read::{Citation, read};
use iamproof::crosscheck::trace;
use iamproof::evaluator::Reading;
use iamproof::iam::document::Strictness;
use serde_json::{Value, json};

/// The directories, a kind each, and what stands in a row for `$own`: the domain whose users each knows.
const COLUMNS: [(&str, &str); 4] = [
    ("corp.local", "corp.local"),
    ("d-1111111111", "corp.aws"),
    ("d-2222222222", "corp.local"),
    ("d-3333333333", "small.aws"),
];

const YES: &str = "allow";
const NO: &str = "DIR_NOT_SUPPORTED";
/// Nobody is told which domains there are (section 14).
const WHO: &str = "DIR_BAD_CREDENTIALS";
/// There is no RADIUS server to disable.
const NO_RADIUS: &str = "EntityDoesNotExistException";

/// A row: what is done, with which parameters beside the directory, and what comes of it on premises, at a managed directory, at a connector,
/// at a Simple AD. `ds:` begins a call; everything else is an event. Two names: the event on premises, and the call.
const ROWS: &[(&str, &str, [&str; 4])] = &[
    ("create-directory-user", r#"{"UserName": "new", "Password": "p"}"#, [YES, YES, NO, YES]),
    ("create-directory-group", r#"{"GroupName": "new"}"#, [YES, YES, NO, YES]),
    ("add-directory-member", r#"{"GroupName": "staff", "Member": "olga@$own"}"#, [YES, YES, NO, YES]),
    ("remove-directory-member", r#"{"GroupName": "staff", "Member": "sam@$own"}"#, [YES, YES, NO, YES]),
    ("delete-directory-object", r#"{"Name": "sam"}"#, [YES, YES, NO, YES]),
    ("set-user-status", r#"{"UserName": "sam", "Status": "disabled"}"#, [YES, YES, NO, YES]),
    (
        "reset-password ds:ResetUserPassword",
        r#"{"UserName": "sam", "NewPassword": "p"}"#,
        [YES, YES, NO, YES],
    ),
    ("look-up", r#"{"Of": "$own"}"#, [YES, YES, YES, YES]),
    ("look-up", r#"{"Of": "partner.local"}"#, [YES, YES, NO, NO]),
    ("ds:EnableRadius", r#"{"Radius": {}}"#, [NO, YES, YES, NO]),
    ("ds:DisableRadius", "{}", [NO, NO_RADIUS, NO_RADIUS, NO]),
    (
        "create-trust ds:CreateTrust",
        r#"{"With": "third.local", "TrustDirection": "incoming", "TrustType": "external", "TrustPassword": "p"}"#,
        [YES, YES, NO, NO],
    ),
    (
        "create-trust ds:CreateTrust",
        r#"{"With": "third.local", "TrustDirection": "two-way", "TrustType": "forest", "TrustPassword": "p"}"#,
        [YES, YES, NO, NO],
    ),
    ("delete-trust ds:DeleteTrust", r#"{"With": "partner.local"}"#, [YES, YES, NO, NO]),
    ("verify-trust ds:VerifyTrust", r#"{"With": "partner.local"}"#, [YES, YES, NO, NO]),
    ("log-on", r#"{"User": "sam@$own", "Password": "p", "Use": "host"}"#, [YES, YES, YES, YES]),
    ("log-on", r#"{"User": "sam@$own", "Password": "p", "Use": "app"}"#, [NO, YES, YES, YES]),
    ("log-on", r#"{"User": "sam@$own", "Password": "p", "Use": "console"}"#, [NO, YES, YES, YES]),
    ("log-on", r#"{"User": "sam@partner.local", "Password": "p", "Use": "host"}"#, [YES, YES, WHO, WHO]),
    ("log-on", r#"{"User": "sam@partner.local", "Password": "p", "Use": "app"}"#, [NO, YES, WHO, WHO]),
    ("sign-in", r#"{"User": "sam@$own", "Password": "p", "RoleArn": "$role"}"#, [NO, YES, YES, YES]),
    ("sign-in", r#"{"User": "sam@partner.local", "Password": "p", "RoleArn": "$role"}"#, [NO, YES, WHO, WHO]),
    ("ds:EnableRoleAccess", r#"{"Subject": "olga@$own", "RoleArn": "$role"}"#, [NO, YES, YES, YES]),
    ("ds:DisableRoleAccess", r#"{"Subject": "sam@$own", "RoleArn": "$role"}"#, [NO, YES, YES, YES]),
    ("ds:AuthorizeApplication", "{}", [NO, YES, YES, YES]),
    ("ds:UnauthorizeApplication", "{}", [NO, "DIR_IN_USE", "DIR_IN_USE", "DIR_IN_USE"]),
    ("ds:UpdateDirectory", r#"{"SessionLength": 900}"#, [NO, YES, YES, YES]),
    ("ds:UpdateDirectory", r#"{"ServiceAccount": {"name": "sam", "password": "p"}}"#, [NO, NO, YES, NO]),
    ("ds:DeleteDirectory", "{}", [NO, "DIR_IN_USE", "DIR_IN_USE", "DIR_IN_USE"]),
    ("join-computer", r#"{"ComputerName": "host"}"#, [YES, YES, YES, YES]),
    ("use-directory ds:ShareDirectory", r#"{"For": "share"}"#, [NO, YES, NO, NO]),
    ("use-directory ds:StartSchemaExtension", r#"{"For": "schema-extension"}"#, [YES, YES, NO, NO]),
    ("use-directory ds:CreateSnapshot", r#"{"For": "snapshot"}"#, [NO, YES, NO, YES]),
    ("use-directory", r#"{"For": "identity-center"}"#, [NO, YES, YES, NO]),
    ("use-directory", r#"{"For": "rds-for-sql-server"}"#, [NO, YES, NO, NO]),
];

/// LDAPS: the event on premises and the call name the side in different parameters.
const LDAPS: [(&str, [&str; 4]); 2] = [("client", [YES, YES, YES, NO]), ("server", [YES, YES, NO, NO])];

const ROLE: &str = "arn:aws:iam::111122223333:role/reader";

fn domain(name: &str) -> Value {
    json!({
        "name": name,
        "users": [{ "name": "sam", "password": "p" }, { "name": "olga", "password": "p" }],
        "groups": [{ "name": "staff", "members": [format!("sam@{name}")] }],
    })
}

fn trust(owner: &str, partner: &str) -> Value {
    json!({ "owner": owner, "partner": partner, "direction": "two-way", "type": "forest", "password": "p" })
}

fn world() -> Value {
    let kept = |id: &str, kind: &str, subjects: &[&str]| {
        json!({
            "id": id, "kind": kind, "account": "111122223333",
            "accessUrl": format!("https://{id}.awsapps.com"), "console": "enabled",
            "assignments": subjects.iter().map(|subject| json!({ "subject": subject, "role": ROLE })).collect::<Value>(),
        })
    };
    let mut managed = kept("d-1111111111", "managed", &["sam@corp.aws", "sam@partner.local"]);
    managed["domain"] = domain("corp.aws");
    let mut connector = kept("d-2222222222", "connector", &["sam@corp.local"]);
    connector["target"] = json!("corp.local");
    connector["serviceAccount"] = json!({ "name": "olga", "password": "p" });
    let mut simple = kept("d-3333333333", "simple", &["sam@small.aws"]);
    simple["domain"] = domain("small.aws");
    let allow = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] });
    let trusting = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Principal": { "Service": "ds.amazonaws.com" }, "Action": "sts:AssumeRole" }],
    });
    let forest = |name: &str| json!({ "domains": [domain(name)] });
    json!({
        "time": "2024-06-01T12:00:00Z",
        "accounts": { "111122223333": {
            "users": { "admin": { "policies": { "all": allow } } },
            "roles": { "reader": { "trust": trusting } },
        } },
        "directories": {
            "forests": [forest("corp.local"), forest("partner.local"), forest("third.local")],
            "aws": [managed, connector, simple],
            "trusts": [
                trust("corp.local", "partner.local"), trust("partner.local", "corp.local"),
                trust("corp.aws", "partner.local"), trust("partner.local", "corp.aws"),
            ],
        },
    })
}

/// The step of a cell; on premises nobody calls what an administrator does.
fn step(names: &str, parameters: &str, column: usize, expected: &str) -> Value {
    let (directory, own) = COLUMNS[column];
    let text = parameters.replace("$own", own).replace("$role", ROLE);
    let mut parameters: Value = serde_json::from_str(&text).expect("parameters");
    parameters["Directory"] = json!(directory);
    let mut step = json!({ "expect": expected });
    let (event, call) = match names.split_once(' ') {
        Some((event, call)) => (Some(event), Some(call)),
        None if names.starts_with("ds:") => (None, Some(names)),
        None => (Some(names), None),
    };
    match (event, call) {
        (_, Some(call)) if column > 0 || event.is_none() => {
            step["principal"] = json!("arn:aws:iam::111122223333:user/admin");
            step["action"] = json!(call);
            if event == Some("use-directory") {
                parameters.as_object_mut().expect("an object").remove("For");
            }
        }
        (event, _) => step["event"] = json!(event),
    }
    step["parameters"] = parameters;
    step
}

#[test]
fn every_cell_of_the_table_comes_out_in_both_readings() {
    let ldaps = LDAPS.map(|(side, expected)| {
        let rows = [
            ("use-directory", format!(r#"{{"For": "ldaps-{side}"}}"#)),
            ("ds:EnableLDAPS", format!(r#"{{"Type": "{side}"}}"#)),
        ];
        (rows, expected)
    });
    let mut cells: Vec<(Value, String)> = Vec::new();
    for (names, parameters, expected) in ROWS {
        for (column, expected) in expected.iter().enumerate() {
            cells.push((
                step(names, parameters, column, expected),
                format!("{names} at {}", COLUMNS[column].0),
            ));
        }
    }
    for ([on_premises, call], expected) in &ldaps {
        for (column, expected) in expected.iter().enumerate() {
            let (name, parameters) = if column == 0 { on_premises } else { call };
            cells
                .push((step(name, parameters, column, expected), format!("{name} at {}", COLUMNS[column].0)));
        }
    }
    let mut otherwise = Vec::new();
    for (step, cell) in &cells {
        let case = json!({ "because": "A cell of the table.", "world": world(), "steps": [step] });
        let case = read(case.to_string().as_bytes(), Citation::Optional, Strictness::Strict)
            .unwrap_or_else(|error| panic!("{cell}: {error}"));
        let Question::Trace { world, steps } = case.question else { panic!("{cell} is no trace") };
        let run = trace::run(&world, &steps, Reading::default());
        assert_eq!(run.modelled(), 1, "{cell}: {run:?}");
        if !run.is_expected(&steps) {
            let taken = &run.steps[0];
            let model = taken.model.as_ref().and_then(|model| model.difference.clone());
            otherwise.push(format!("{cell}: {:?}; model: {model:?}", taken.difference));
        }
    }
    assert!(otherwise.is_empty(), "{} of {}:\n{}", otherwise.len(), cells.len(), otherwise.join("\n"));
}
