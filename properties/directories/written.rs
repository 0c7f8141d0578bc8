//! Cases of directories as they are written in the corpus, replayed against the directories alone.
//!
//! What a step asks of IAM is answered here from the accounts of the case, by the evaluator. Steps that use a session are no matter
//! of directories, nor is what comes once an account was changed; a replay of the whole world takes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use iamproof::corpus::directory::{consultations_as_json, directories, operation, outcome_as_json};
use iamproof::evaluator::Evaluator;
use iamproof::evaluator::directory::{
    AccountSide, Call, CallerAccount, DIRECTORY_SERVICE, DirectoryReading, RoleFacts, RoleMaker, perform,
};
use iamproof::iam::arn::Arn;
use iamproof::iam::context::{Context, ContextValue};
use iamproof::iam::decision::{Decision, Reason};
use iamproof::iam::directory::{Directories, DirectoryOperation, DirectoryResponse, Outcome};
use iamproof::iam::document::{Strictness, read_node};
use iamproof::iam::instant::Instant;
use iamproof::iam::json::Json;
use iamproof::iam::key::KeyName;
use iamproof::iam::layers::Layers;
use iamproof::iam::policy::{Policy, PolicyType};
use iamproof::iam::request::{
    Caller, Credential, CredentialKind, Entity, Request, ResourcePolicyMark, Validity,
};
use serde_json::Value;

/// A case that speaks of directories.
pub(crate) struct Written {
    pub(crate) name: String,
    pub(crate) rule: String,
    pub(crate) world: Directories,
    pub(crate) steps: Vec<WrittenStep>,
    accounts: Value,
}

/// A step that is a matter of directories.
pub(crate) struct WrittenStep {
    index: usize,
    pub(crate) operation: DirectoryOperation,
    principal: Option<String>,
    time: Instant,
    expected: Value,
}

/// The cases of the corpus whose world has directories.
pub(crate) fn all() -> Vec<Written> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut paths = Vec::new();
    walk(&top, &mut paths);
    paths.sort();
    let written: Vec<Written> = paths.iter().filter_map(|path| read(path)).collect();
    assert!(written.len() > 80, "only {} cases of directories", written.len());
    written
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
}

fn read(path: &Path) -> Option<Written> {
    read_text(&path.file_stem().unwrap().to_string_lossy(), &fs::read_to_string(path).unwrap())
}

/// The case in a text; `None` if its world has no directories.
pub(crate) fn read_text(case: &str, text: &str) -> Option<Written> {
    let value: Value = serde_json::from_str(text).unwrap();
    value["world"].get("directories")?;
    let json = Json::read(text.as_bytes()).unwrap();
    let fields = json.top().fields_among_others().unwrap();
    let world = fields.required("world").unwrap().fields_among_others().unwrap();
    let directories =
        directories(world.required("directories").unwrap()).unwrap_or_else(|error| panic!("{case}: {error}"));
    let mut time = Instant::parse(value["world"]["time"].as_str().unwrap()).unwrap();
    let mut steps = Vec::new();
    for (index, node) in fields.required("steps").unwrap().items().unwrap().enumerate() {
        let expected = value["steps"][index].clone();
        if let Some(seconds) = expected["after"].as_i64() {
            time = time.after_seconds(seconds).unwrap();
        }
        if let Some(instant) = expected["time"].as_str() {
            time = Instant::parse(instant).unwrap();
        }
        let called = expected["action"].as_str().or(expected["event"].as_str()).unwrap();
        let is_by_session = called.starts_with("ds:") && expected["session"].is_string();
        if called.starts_with("iam:") || is_by_session {
            break;
        }
        let step = node.fields_among_others().unwrap();
        let read = operation(called, step.optional("parameters"), node)
            .unwrap_or_else(|error| panic!("{case}: {error}"));
        let Some(operation) = read else { continue };
        let principal = expected["principal"].as_str().map(str::to_owned);
        steps.push(WrittenStep { index, operation, principal, time, expected });
    }
    Some(Written {
        name: case.to_owned(),
        rule: value["rule"].as_str().unwrap_or_default().to_owned(),
        world: directories,
        steps,
        accounts: value["world"]["accounts"].clone(),
    })
}

impl Written {
    /// What is not as the case has it, one line each.
    pub(crate) fn differences(&self, reading: DirectoryReading) -> Vec<String> {
        let mut world = self.world.clone();
        let mut found = Vec::new();
        for step in &self.steps {
            let account = WrittenAccounts { accounts: &self.accounts, principal: step.principal.as_deref() };
            let before = world.clone();
            let response = perform(&mut world, &step.operation, step.time.epoch_seconds(), &account, reading);
            if response.result.is_err() {
                assert_eq!(world, before, "{}: a refused step changed something", self.name);
            }
            let place = format!("{}, step {}", self.name, step.index);
            found.extend(step.difference(&response).map(|difference| format!("{place}: {difference}")));
        }
        found
    }
}

impl WrittenStep {
    fn difference(&self, response: &DirectoryResponse) -> Option<String> {
        let expected = self.expected["expect"].as_str().unwrap();
        let (code, reason, kind) = match &response.result {
            Ok(_) => ("allow", None, None),
            Err(refused) => {
                let kind = refused.reason.map(|reason| reason.decision().name());
                (refused.refusal.code(), refused.reason.map(Reason::code), kind)
            }
        };
        if code != expected && kind != Some(expected) {
            return Some(format!("expected {expected}, found {code}: {:?}", response.result));
        }
        if let Some(expected) = self.expected["reason"].as_str()
            && Some(expected) != reason
        {
            return Some(format!("expected the reason {expected}, found {reason:?}"));
        }
        if let Some(expected) = self.expected.get("consultations") {
            let found = consultations_as_json(&response.trace);
            if found != *expected {
                return Some(format!("expected {expected}, found {found}"));
            }
        }
        let outcome = response.result.as_ref().ok()?;
        let found = shown(outcome);
        let fields = self.expected.get("result").and_then(Value::as_object)?;
        fields.iter().find_map(|(name, expected)| match found.get(name) {
            Some(value) if value == expected => None,
            // How long a session lasts, and the id of its role, are the account's side.
            None if ["DurationSeconds", "Expiration", "UserId"].contains(&name.as_str()) => None,
            found => Some(format!("expected `{name}` to be {expected}, found {found:?}")),
        })
    }
}

/// The answer, with the ARN that a session would have.
fn shown(outcome: &Outcome) -> Value {
    let mut value = outcome_as_json(outcome).unwrap_or_default();
    if let Outcome::SignedIn { role, session_name, .. } = outcome {
        let arn = Arn::parse(role).unwrap();
        let role = arn.resource.rsplit('/').next().unwrap();
        let session =
            format!("arn:{}:sts::{}:assumed-role/{role}/{session_name}", arn.partition, arn.account);
        value["Arn"] = session.into();
    }
    value
}

/// The accounts of a case, as far as directories ask about them.
struct WrittenAccounts<'c> {
    accounts: &'c Value,
    principal: Option<&'c str>,
}

impl WrittenAccounts<'_> {
    fn role_named(&self, arn: &str) -> Option<(&Value, String)> {
        let parsed = Arn::parse(arn)?;
        let name = parsed.resource.rsplit('/').next()?;
        let role = self.accounts.get(parsed.account)?.get("roles")?.get(name)?;
        let path = role["path"].as_str().unwrap_or("/");
        (parsed.resource == format!("role{path}{name}")).then(|| (role, path.to_owned()))
    }
}

impl AccountSide for WrittenAccounts<'_> {
    fn caller(&self) -> Option<CallerAccount> {
        let arn = Arn::parse(self.principal?)?;
        Some(CallerAccount { partition: arn.partition.to_owned(), account: arn.account.to_owned() })
    }

    fn decide(&self, call: &Call<'_>) -> Reason {
        let Some(principal) = self.principal else { return Reason::DenyNotAuthenticated };
        let arn = Arn::parse(principal).unwrap();
        let name = arn.resource.strip_prefix("user/").unwrap();
        let user = &self.accounts[arn.account]["users"][name];
        assert!(!user.is_null(), "the case has no user {name}");
        let identity = user["policies"].as_object().into_iter().flatten();
        let layers = Layers {
            identity: identity.map(|(_, policy)| policy_of(policy, PolicyType::Identity)).collect(),
            ..Layers::default()
        };
        let caller = Caller::User(Entity {
            partition: arn.partition.to_owned(),
            account: arn.account.to_owned(),
            path: "/".to_owned(),
            name: name.to_owned(),
        });
        let mut keys = BTreeMap::new();
        if let Some(passing) = call.passing {
            keys.insert("iam:PassedToService", passing.service);
            keys.insert("iam:AssociatedResourceArn", passing.resource);
        }
        decide(&layers, caller, call.action, call.resource, call.owner, &keys)
    }

    fn role(&self, arn: &str) -> Option<RoleFacts> {
        let (_, path) = self.role_named(arn)?;
        let maker =
            if path.starts_with("/aws-service-role/") { RoleMaker::Service } else { RoleMaker::Account };
        Some(RoleFacts { account: Arn::parse(arn)?.account.to_owned(), maker })
    }

    fn decide_for_directory_service(&self, role: &str) -> Reason {
        let Some((found, _)) = self.role_named(role) else { return Reason::DenyImplicitResource };
        let layers =
            Layers { resource: Some(policy_of(&found["trust"], PolicyType::Trust)), ..Layers::default() };
        let caller = Caller::Service { name: DIRECTORY_SERVICE.to_owned() };
        decide(&layers, caller, "sts:AssumeRole", role, None, &BTreeMap::new())
    }
}

fn policy_of(value: &Value, policy_type: PolicyType) -> Policy {
    let text = value.to_string();
    let json = Json::read(text.as_bytes()).unwrap();
    read_node(json.top(), policy_type, Strictness::Strict).policy.expect("a valid policy")
}

fn decide(
    layers: &Layers,
    caller: Caller,
    action: &str,
    resource: &str,
    owner: Option<&str>,
    keys: &BTreeMap<&str, &str>,
) -> Reason {
    let keys =
        keys.iter().map(|(key, value)| (KeyName::new(*key), ContextValue::Single((*value).to_owned())));
    let request = Request {
        caller,
        credential: Credential { kind: CredentialKind::LongTerm, validity: Validity::Current },
        action: action.to_owned(),
        resource: resource.to_owned(),
        resource_account: owner.map(str::to_owned),
        resource_policy_mark: ResourcePolicyMark::Unmarked,
        context: Context::from_entries(keys).unwrap(),
    };
    let reason = Evaluator::compile(layers).unwrap().decide(&request);
    assert_ne!(reason.decision(), Decision::ExplicitDeny, "no case of directories has an explicit deny");
    reason
}
