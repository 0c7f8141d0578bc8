//! Small worlds of one account, built piece by piece.

use iamproof::corpus::folder::{self, Content};
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
        let case = json!({
            "because": "A world.",
            "world": {
                "profile": "aws",
                "time": "2026-03-02T09:00:00Z",
                "accounts": { ACCOUNT: { "users": users, "roles": self.roles } },
            },
            "steps": [{ "event": "wait", "expect": "allow" }],
        });
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("world.json");
        std::fs::write(&path, case.to_string()).expect("a file can be written");
        match folder::read_file(&path, Strictness::Strict).expect("the world is well-formed") {
            Content::Case(case) => match *case {
                Case { question: Question::Trace { world, .. }, .. } => *world,
                other => panic!("{other:?}"),
            },
            Content::Policy(policy) => panic!("{policy:?}"),
        }
    }
}

fn chain() -> Value {
    let actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": "*" }] })
}
