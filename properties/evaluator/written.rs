//! Cases as they are written in the tables of this folder, made into nouns.
//!
//! The form is that of a case (`corpus/README.md`) with shorter spellings: a document may be just its statements, and
//! what a request does not say is said by [`Case::read`].

use iamproof::evaluator::Evaluator;
use iamproof::evaluator::Reading;
use iamproof::iam::context::{Context, ContextValue};
use iamproof::iam::decision::Reason;
use iamproof::iam::document::{self, Strictness, TypeChoice};
use iamproof::iam::key::KeyName;
use iamproof::iam::layers::Layers;
use iamproof::iam::policy::{Policy, PolicyType};
use iamproof::iam::request::{
    Caller, Credential, CredentialKind, Entity, FederationSource, Request, ResourcePolicyMark, Validity,
};
use serde_json::{Value, json};

/// Policies and a request.
pub struct Case {
    pub layers: Layers,
    pub request: Request,
}

impl Case {
    /// Reads a case. Unless it says otherwise, user alice of account 111111111111 asks for s3:GetObject on arn:aws:s3:::bkt/k,
    /// which her account owns, in an empty context.
    pub fn read(policies: &Value, request: &Value) -> Case {
        Case { layers: layers(policies), request: self::request(request) }
    }

    pub fn decide(&self) -> Reason {
        Evaluator::compile(&self.layers).unwrap().decide(&self.request)
    }

    pub fn decide_with(&self, reading: Reading) -> Reason {
        Evaluator::compile_with(&self.layers, reading).unwrap().decide(&self.request)
    }
}

/// The policies of a case.
pub fn layers(written: &Value) -> Layers {
    let list = |name: &str, policy_type| -> Vec<Policy> {
        written[name].as_array().into_iter().flatten().map(|value| policy(value, policy_type)).collect()
    };
    let one = |name: &str, policy_type| written.get(name).map(|value| policy(value, policy_type));
    let levels = |name: &str, policy_type| {
        written.get(name).map(|levels| {
            let levels = levels.as_array().unwrap().iter();
            levels
                .map(|set| set.as_array().unwrap().iter().map(|value| policy(value, policy_type)).collect())
                .collect()
        })
    };
    let resource_type = if written["resource"].to_string().contains("Resource\"") {
        PolicyType::Resource
    } else {
        PolicyType::Trust
    };
    Layers {
        identity: list("identity", PolicyType::Identity),
        boundary: one("boundary", PolicyType::Boundary),
        session: written.get("session").map(|_| list("session", PolicyType::Session)),
        resource: one("resource", resource_type),
        scps: levels("scps", PolicyType::Scp),
        rcps: levels("rcps", PolicyType::Rcp),
        endpoint: one("endpoint", PolicyType::Endpoint),
    }
}

/// A document, or an array of statements that stands for one of version 2012-10-17.
pub fn policy(written: &Value, policy_type: PolicyType) -> Policy {
    let text = if written.is_array() {
        json!({ "Version": "2012-10-17", "Statement": written }).to_string()
    } else {
        written.to_string()
    };
    let document = document::read(text.as_bytes(), TypeChoice::Given(policy_type), Strictness::Strict);
    document.policy.unwrap_or_else(|| panic!("{text}: {:?}", document.findings))
}

/// A request with its context; no key is filled in.
pub fn request(written: &Value) -> Request {
    let text = |name: &str, otherwise: &str| written[name].as_str().unwrap_or(otherwise).to_owned();
    let owner = written["resourceAccount"].as_str().unwrap_or("111111111111").to_owned();
    let session_token = written["credential"].as_str() == Some("session-token");
    let expired = written["expired"].as_bool() == Some(true);
    let required = written["policyRequired"].as_bool() == Some(true);
    Request {
        caller: caller(written),
        credential: Credential {
            kind: if session_token { CredentialKind::SessionToken } else { CredentialKind::LongTerm },
            validity: if expired { Validity::Expired } else { Validity::Current },
        },
        action: text("action", "s3:GetObject"),
        resource: text("resource", "arn:aws:s3:::bkt/k"),
        resource_account: (owner != "in-arn").then_some(owner),
        resource_policy_mark: if required {
            ResourcePolicyMark::PolicyRequired
        } else {
            ResourcePolicyMark::Unmarked
        },
        context: context(&written["context"]),
    }
}

/// A context; numbers and booleans are their text.
pub fn context(written: &Value) -> Context {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let entries = written.as_object().into_iter().flatten().map(|(key, value)| {
        let value = match value.as_array() {
            Some(values) => ContextValue::Many(values.iter().map(text).collect()),
            None => ContextValue::Single(text(value)),
        };
        (KeyName::new(key), value)
    });
    Context::from_entries(entries).unwrap()
}

fn caller(written: &Value) -> Caller {
    let principal = &written["principal"];
    if let Some(name) = principal["Service"].as_str() {
        return Caller::Service { name: name.to_owned() };
    }
    if let Some(provider) = principal["Federated"].as_str() {
        let provider = provider.to_owned();
        let saml = provider.contains(":saml-provider/");
        return if saml { Caller::Saml { provider } } else { Caller::WebIdentity { provider } };
    }
    let principal = principal.as_str().unwrap_or("arn:aws:iam::111111111111:user/alice");
    if principal == "*" {
        return Caller::Anonymous;
    }
    let fields: Vec<&str> = principal.splitn(6, ':').collect();
    let (partition, account) = (fields[1].to_owned(), fields[4].to_owned());
    let entity = |path_and_name: &str| {
        let cut = path_and_name.rfind('/').unwrap() + 1;
        let (path, name) = path_and_name.split_at(cut);
        let (partition, account) = (partition.clone(), account.clone());
        Entity { partition, account, path: path.to_owned(), name: name.to_owned() }
    };
    let resource = fields[5];
    if resource == "root" {
        Caller::Root { partition, account }
    } else if let Some(user) = resource.strip_prefix("user") {
        Caller::User(entity(user))
    } else if let Some(role) = resource.strip_prefix("role") {
        Caller::RoleSession { role: entity(role), session: "session".to_owned() }
    } else if let Some(session) = resource.strip_prefix("assumed-role/") {
        let (role, session) = session.split_once('/').unwrap();
        let role = match written["role"].as_str() {
            Some(arn) => entity(arn.splitn(6, ':').nth(5).unwrap().strip_prefix("role").unwrap()),
            None => entity(&format!("/{role}")),
        };
        Caller::RoleSession { role, session: session.to_owned() }
    } else {
        let name = resource.strip_prefix("federated-user/").unwrap().to_owned();
        let source = match written["federating"].as_str() {
            None => FederationSource::UnnamedUser,
            Some(arn) if arn.ends_with(":root") => FederationSource::Root,
            Some(arn) => FederationSource::User(entity(
                arn.splitn(6, ':').nth(5).unwrap().strip_prefix("user").unwrap(),
            )),
        };
        Caller::FederatedSession { partition, account, name, source }
    }
}
