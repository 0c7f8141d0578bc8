//! How an answer is shown: the fields that `result` may name, by the names of AWS's API.

use serde_json::{Map, Value, json};

use crate::corpus::directory::outcome_as_json;
use crate::iam::context::ContextValue;
use crate::iam::decision::Reason;
use crate::iam::outcome::{Answer, Created, Identity};
use crate::iam::world::{DecodedMessage, Federating, Session, SessionKind, World};

/// The fields of an answer; empty where it has none.
pub fn as_json(answer: &Answer, world: &World) -> Value {
    match answer {
        Answer::Nothing | Answer::Allowed(_) => json!({}),
        Answer::Directory(outcome) => outcome_as_json(outcome).unwrap_or_else(|| json!({})),
        Answer::Session(name) => {
            world.sessions.get(name).map_or_else(|| json!({}), |session| session_as_json(session, world))
        }
        Answer::Identity(Identity { arn, user_id, account }) => {
            json!({ "Arn": arn, "UserId": user_id, "Account": account })
        }
        Answer::Decoded(message) => decoded(message),
        Answer::Created(Created { arn, id }) => match id {
            Some(id) => json!({ "Arn": arn, "Id": id }),
            None => json!({ "Arn": arn }),
        },
        Answer::Version(version) => json!({ "VersionId": version.to_string() }),
        Answer::AccessKey(id) => json!({ "AccessKeyId": id }),
    }
}

/// The reason with which a request was allowed, where the answer tells it.
pub(super) fn reason(answer: &Answer) -> Option<Reason> {
    match answer {
        Answer::Allowed(reason) => Some(*reason),
        Answer::Nothing
        | Answer::Session(_)
        | Answer::Identity(_)
        | Answer::Decoded(_)
        | Answer::Created(_)
        | Answer::Version(_)
        | Answer::AccessKey(_)
        | Answer::Directory(_) => None,
    }
}

/// A session as it is shown: whose it is, how long, and what it carries.
pub fn session_as_json(session: &Session, world: &World) -> Value {
    let (arn, user_id) = names(session, world);
    let seconds = session.expires.epoch_seconds() - session.issued.epoch_seconds();
    let tags: Map<String, Value> =
        session.tags.iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    let transitive: Vec<&str> = session.transitive_keys.iter().map(|key| key.spelling()).collect();
    json!({
        "Arn": arn,
        "UserId": user_id,
        "Account": session.account,
        "Issued": session.issued.iso(),
        "Expiration": session.expires.iso(),
        "DurationSeconds": seconds,
        "SourceIdentity": session.source_identity,
        "Tags": tags,
        "TransitiveTagKeys": transitive,
    })
}

/// The ARN and the UserId of a session (STS-6). Of a user that is gone, the id stands for both.
fn names(session: &Session, world: &World) -> (String, String) {
    let account = &session.account;
    let partition = world.accounts.get(account).map_or("aws", |account| account.partition.as_str());
    match &session.kind {
        SessionKind::Role { role, name, session_name } => (
            format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session_name}"),
            format!("{role}:{session_name}"),
        ),
        SessionKind::User { user } => {
            let arn = world.user_by_id(user).map_or_else(|| user.clone(), |user| user.arn());
            (arn, user.clone())
        }
        SessionKind::Root => (format!("arn:{partition}:iam::{account}:root"), account.clone()),
        SessionKind::Federated { name, source: Federating::User(_) | Federating::Root } => {
            (format!("arn:{partition}:sts::{account}:federated-user/{name}"), format!("{account}:{name}"))
        }
    }
}

/// The document of STS-56.
// Rule: STS-56.
fn decoded(message: &DecodedMessage) -> Value {
    let mut principal = Map::new();
    principal.insert("id".to_owned(), message.principal_id.clone().into());
    if let Some(name) = &message.principal_name {
        principal.insert("name".to_owned(), name.clone().into());
    }
    principal.insert("arn".to_owned(), message.principal_arn.clone().into());
    let statements: Vec<Value> = message
        .matched_statements
        .iter()
        .map(|matched| serde_json::to_value(&matched.statement).unwrap_or_default())
        .collect();
    let conditions: Vec<Value> = message
        .conditions
        .entries()
        .iter()
        .map(|(key, value)| {
            let values = match value {
                ContextValue::Single(value) => vec![value.clone()],
                ContextValue::Many(values) => values.clone(),
            };
            json!({ "key": key.spelling(), "values": values })
        })
        .collect();
    json!({
        "allowed": false,
        "explicitDeny": message.explicit_deny,
        "matchedStatements": statements,
        "failures": [],
        "context": {
            "principal": principal,
            "action": message.action,
            "resource": message.resource,
            "conditions": conditions,
        },
    })
}
