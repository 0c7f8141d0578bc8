//! Steps in words: who calls, what is called, what came of it.

use serde_json::Value;

use crate::cli::decide::words::because;
use crate::corpus::steps::{answer_as_json, operation_as_json};
use crate::iam::directory::DirectoryOperation;
use crate::iam::operation::{Credentials, Operation, Step};
use crate::iam::outcome::Answer;
use crate::iam::world::World;

/// Who calls; `None` where nobody does.
pub(super) fn caller(step: &Step) -> Option<String> {
    let with_key = |whose: String, key: &Option<String>| match key {
        Some(key) => format!("{whose} with the access key {key}"),
        None => whose,
    };
    match &step.credentials {
        Credentials::User { arn, access_key } => Some(with_key(arn.clone(), access_key)),
        Credentials::Root { account, access_key } => Some(with_key(format!("root of {account}"), access_key)),
        Credentials::Session(name) => Some(format!("the session `{name}`")),
        Credentials::Foreign(_) => Some("a token of another world".to_owned()),
        Credentials::Service(name) => Some(format!("the service {name}")),
        Credentials::None => match &step.operation {
            Operation::Event(_)
            | Operation::Directory(
                DirectoryOperation::Administration(_)
                | DirectoryOperation::Event(_)
                | DirectoryOperation::UserAction(_),
            ) => None,
            Operation::Sts(_)
            | Operation::Pass(_)
            | Operation::Policy(_)
            | Operation::Account(_)
            | Operation::Directory(DirectoryOperation::Call(_))
            | Operation::Request(_) => Some("nobody: the call is not signed".to_owned()),
        },
    }
}

/// What is called, on one line.
pub(super) fn call(step: &Step) -> String {
    let (call, about) = call_lines(step);
    let about: Vec<String> = about.into_iter().map(|(name, value)| format!("{name} {value}")).collect();
    if about.is_empty() { call } else { format!("{call} ({})", about.join(", ")) }
}

/// What is called, and with which parameters.
pub(in crate::cli) fn call_lines(step: &Step) -> (String, Vec<(String, String)>) {
    let Value::Object(mut fields) = operation_as_json(&step.operation) else {
        return (String::new(), Vec::new());
    };
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let name = fields.remove("action").or_else(|| fields.remove("event")).map(text).unwrap_or_default();
    let mut about = Vec::new();
    for (name, value) in fields {
        if let (Value::Object(inner), "parameters") = (&value, name.as_str()) {
            about.extend(inner.iter().map(|(name, value)| (name.clone(), text(value.clone()))));
        } else {
            about.push((name, text(value)));
        }
    }
    (name, about)
}

/// What a step that was done answers.
pub(in crate::cli) fn answer(answer: &Answer, world: &World) -> Vec<String> {
    match answer {
        Answer::Nothing => Vec::new(),
        Answer::Allowed(reason) => vec![format!("allowed, {reason}: {}", because(*reason))],
        Answer::Session(name) => match world.sessions.get(name) {
            None => Vec::new(),
            Some(session) => {
                let seconds = session.expires.epoch_seconds() - session.issued.epoch_seconds();
                vec![format!("the session `{name}`, {seconds} seconds, until {}", session.expires)]
            }
        },
        Answer::Version(version) => vec![format!("version {version}")],
        Answer::AccessKey(id) => vec![format!("the access key {id}")],
        Answer::Identity(_) | Answer::Decoded(_) | Answer::Created(_) | Answer::Directory(_) => {
            let shown = answer_as_json(answer, world);
            let fields = shown.as_object().into_iter().flatten();
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            fields.map(|(name, value)| format!("{name} {}", text(value))).collect()
        }
    }
}
