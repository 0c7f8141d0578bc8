//! What an operation on directories answered, as JSON: the fields `result` and `consultations` of a step.

use serde_json::{Value, json};

use crate::iam::directory::{Answer, Consultation, Consulted, Outcome, Question};

/// The answer of an operation that was done; `None` where there is nothing to tell.
pub fn outcome_as_json(outcome: &Outcome) -> Option<Value> {
    match outcome {
        Outcome::Done => None,
        Outcome::Made { sid } => Some(json!({ "Sid": sid.as_str() })),
        Outcome::Trust(report) => Some(json!({ "Trust": report.name() })),
        Outcome::LoggedOn { user, home } => Some(json!({ "User": user.as_str(), "Home": home.spelling() })),
        Outcome::Found { objects } => {
            let names: Vec<String> = objects.iter().map(ToString::to_string).collect();
            Some(json!({ "Objects": names }))
        }
        Outcome::SignedIn { directory, user, role, session_name, requested_s } => Some(json!({
            "Directory": directory.as_str(),
            "User": user.as_str(),
            "RoleArn": role,
            "SessionName": session_name,
            "RequestedSeconds": requested_s,
        })),
        Outcome::Asserted { provider, session_name, roles } => {
            Some(json!({ "Provider": provider, "SessionName": session_name, "Roles": roles }))
        }
    }
}

/// Who consulted whom, in order.
pub fn consultations_as_json(trace: &[Consultation]) -> Value {
    Value::Array(trace.iter().map(consultation).collect())
}

fn consultation(consultation: &Consultation) -> Value {
    let Consultation { by, of, question, answer } = consultation;
    let (asked, right) = match of {
        Consulted::Own(domain) => (domain.spelling(), "own"),
        Consulted::InForest(domain) => (domain.spelling(), "forest"),
        Consulted::ByTrust(domain) => (domain.spelling(), "trust"),
        Consulted::Target(domain) => (domain.spelling(), "target"),
        Consulted::RadiusServer => ("radius", "radius"),
    };
    let (about, name) = match question {
        Question::ServiceAccount => ("service-account", None),
        Question::Logon(account) => ("logon", Some(account)),
        Question::Code(account) => ("code", Some(account)),
        Question::Object(account) => ("object", Some(account)),
        Question::Objects => ("objects", None),
        Question::Join(account) => ("join", Some(account)),
        Question::Trust => ("trust", None),
    };
    let answer = match answer {
        Answer::Given => "given",
        Answer::Refused => "refused",
        Answer::Unreachable => "unreachable",
    };
    let mut value = json!({ "by": by.to_string(), "asks": asked });
    if let Value::Object(fields) = &mut value {
        if right != "radius" {
            fields.insert("as".to_owned(), right.into());
        }
        fields.insert("for".to_owned(), about.into());
        if let Some(name) = name {
            fields.insert("name".to_owned(), name.spelling().into());
        }
        fields.insert("answer".to_owned(), answer.into());
    }
    value
}
