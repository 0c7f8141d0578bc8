//! Small worlds of one account, built piece by piece.

use iamproof::corpus::read::{Citation, read};
use iamproof::corpus::{Case, Question};
use iamproof::iam::document::Strictness;
use iamproof::iam::world::World;
use serde_json::{Map, Value, json};

pub const ACCOUNT: &str = "111122223333";

pub fn user(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:user/{name}")
}

/// A Condition of one entry.
pub fn with_condition(operator: &str, key: &str, value: &str) -> Value {
    json!({ operator: { key: value } })
}

/// The time must be later.
pub fn date_after(instant: &str) -> Value {
    with_condition("DateGreaterThan", "aws:CurrentTime", instant)
}

/// A world under the profile `aws` with the user alice, who may assume whatever trusts her, and roles that may do the same.
#[derive(Default)]
pub struct Built {
    roles: Map<String, Value>,
    codes: Vec<String>,
}

impl Built {
    /// A role that trusts these ARNs, under a condition.
    pub fn role(mut self, name: &str, trusts: &[&str], condition: Option<Value>) -> Built {
        let actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
        let mut statement = json!({ "Effect": "Allow", "Principal": { "AWS": trusts }, "Action": actions });
        if let (Value::Object(statement), Some(condition)) = (&mut statement, condition) {
            statement.insert("Condition".to_owned(), condition);
        }
        let role = json!({
            "trust": { "Version": "2012-10-17", "Statement": [statement] },
            "policies": { "chain": chain() },
        });
        self.roles.insert(name.to_owned(), role);
        self
    }

    /// A device of alice that shows this code.
    pub fn device(mut self, code: &str) -> Built {
        self.codes.push(code.to_owned());
        self
    }

    pub fn world(self) -> World {
        let mut alice = json!({ "policies": { "chain": chain() } });
        if let (Value::Object(alice), false) = (&mut alice, self.codes.is_empty()) {
            let device = format!("arn:aws:iam::{ACCOUNT}:mfa/alice");
            alice.insert("mfaDevices".to_owned(), json!({ device: self.codes }));
        }
        let users = Map::from_iter([("alice".to_owned(), alice)]);
        with_account(json!({ "users": users, "roles": self.roles }), json!({}))
    }
}

/// The world of a case.
pub fn world_of(text: &str) -> World {
    match read(text.as_bytes(), Citation::Optional, Strictness::Strict).expect("the case is well-formed") {
        Case { question: Question::Trace { world, .. }, .. } => *world,
        other => panic!("{other:?}"),
    }
}

/// A world under the profile `aws` with an account.
pub fn with_account(account: Value, mut rest: Value) -> World {
    rest["profile"] = "aws".into();
    rest["time"] = "2026-03-02T09:00:00Z".into();
    rest["accounts"] = json!({ ACCOUNT: account });
    let steps = [json!({ "event": "wait", "expect": "allow" })];
    world_of(&json!({ "because": "A world.", "world": rest, "steps": steps }).to_string())
}

/// A policy of one statement that allows.
pub fn allows(statement: Value) -> Value {
    let mut statement = statement;
    statement["Effect"] = "Allow".into();
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

fn chain() -> Value {
    let actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    allows(json!({ "Action": actions, "Resource": "*" }))
}
