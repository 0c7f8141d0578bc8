//! Writes the steps of a case, so that reading them gives the same steps again.

use serde_json::{Map, Value, json};

use super::ExpectedStep;
use crate::corpus::directory;
use crate::corpus::write::entries_as_json;
use crate::iam::operation::{
    AccountOperation, AssumeRole, AssumeRoleWithSaml, AssumeRoleWithWebIdentity, Credentials, DefaultChoice,
    DeletionBy, EncodedMessage, Event, GetFederationToken, GetSessionToken, KeyOf, MfaCode, Operation,
    Passed, PassedToService, Passing, PolicyOperation, PolicyText, StsOperation, Tampering,
};
use crate::iam::world::Holder;

/// An object that takes what is there and leaves out what is not.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(mut self, name: &str, value: impl Into<Value>) -> Fields {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Fields {
        match value {
            Some(value) => self.put(name, value),
            None => self,
        }
    }

    fn list(self, name: &str, texts: &[String]) -> Fields {
        if texts.is_empty() { self } else { self.put(name, texts.to_vec()) }
    }

    fn tags(self, tags: &[(String, String)]) -> Fields {
        let all: Vec<Value> = tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        if all.is_empty() { self } else { self.put("Tags", all) }
    }

    fn number(self, name: &str, number: Option<i128>) -> Fields {
        self.maybe(name, number.map(whole_number))
    }

    fn policy(self, name: &str, policy: Option<&PolicyText>) -> Fields {
        self.maybe(name, policy.map(|policy| policy.0.clone()))
    }

    fn mfa(self, mfa: &MfaCode) -> Fields {
        self.maybe("SerialNumber", mfa.serial_number.clone()).maybe("TokenCode", mfa.token_code.clone())
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Value {
        Value::Object(fields.0)
    }
}

fn whole_number(number: i128) -> Value {
    serde_json::from_str(&number.to_string()).unwrap_or_default()
}

/// A step as the format has it.
pub fn as_json(expected: &ExpectedStep) -> Value {
    let ExpectedStep { step, expected, because } = expected;
    let mut fields = Fields::default()
        .maybe("as", step.name.clone())
        .maybe("because", because.clone())
        .put("time", step.time.iso());
    fields = credentials(fields, &step.credentials, &step.operation);
    fields = operation(fields, &step.operation);
    if !step.context.entries().is_empty() {
        fields = fields.put("context", entries_as_json(&step.context));
    }
    fields = fields.maybe("endpoint", step.endpoint.clone()).put("expect", expected.expectation.name());
    fields = fields.maybe("reason", expected.reason.map(|reason| reason.code()));
    if !expected.result.is_empty() {
        let result: Map<String, Value> = expected.result.iter().cloned().collect();
        fields = fields.put("result", result);
    }
    fields.maybe("consultations", expected.consultations.clone()).into()
}

/// What a step calls, as the format has it.
pub fn operation_as_json(operation: &Operation) -> Value {
    self::operation(Fields::default(), operation).into()
}

fn credentials(fields: Fields, credentials: &Credentials, operation: &Operation) -> Fields {
    match credentials {
        Credentials::User { arn, access_key } => {
            fields.put("principal", arn.clone()).maybe("accessKey", access_key.clone())
        }
        Credentials::Root { account, access_key } => fields
            .put("principal", format!("arn:aws:iam::{account}:root"))
            .maybe("accessKey", access_key.clone()),
        Credentials::Session(name) => fields.put("session", name.clone()),
        Credentials::Foreign(token) => fields.put("token", token.clone()),
        Credentials::Service(name) => fields.put("principal", json!({ "Service": name })),
        Credentials::None => match operation {
            Operation::Event(_) => fields,
            Operation::Directory(operation) => {
                // Some calls have an event of the same meaning, and an event has no caller.
                let (name, _) = directory::operation_as_json(operation);
                if directory::is_action(name) { fields.put("principal", "*") } else { fields }
            }
            Operation::Sts(_)
            | Operation::Pass(_)
            | Operation::Policy(_)
            | Operation::Account(_)
            | Operation::Request(_) => fields.put("principal", "*"),
        },
    }
}

fn operation(fields: Fields, operation: &Operation) -> Fields {
    match operation {
        Operation::Sts(operation) => {
            let fields = fields.put("action", operation.action());
            match sts(operation) {
                Some(parameters) => fields.put("parameters", parameters),
                None => fields,
            }
        }
        Operation::Policy(operation) => policy(fields, operation),
        Operation::Account(operation) => account(fields, operation),
        Operation::Pass(Passing { action, resource, passed, service, passed_to_service }) => {
            let pass = match passed {
                Passed::Role(role) => Fields::default().put("role", role.clone()),
                Passed::InstanceProfile(profile) => Fields::default().put("instanceProfile", profile.clone()),
            };
            let told = match passed_to_service {
                PassedToService::Told => None,
                PassedToService::Untold => Some(false),
            };
            let pass = pass.put("service", service.clone()).maybe("passedToService", told);
            fields.put("action", action.clone()).put("resource", resource.clone()).put("passRole", pass)
        }
        Operation::Request(request) => fields
            .put("action", request.action.clone())
            .put("resource", request.resource.clone())
            .maybe("resourceAccount", request.resource_account.clone()),
        Operation::Directory(operation) => {
            let (name, parameters) = directory::operation_as_json(operation);
            fields
                .put(if directory::is_action(name) { "action" } else { "event" }, name)
                .put("parameters", parameters)
        }
        Operation::Event(event) => match event {
            Event::Wait => fields.put("event", "wait"),
            Event::AwsChangesPolicy { policy, document } => {
                let parameters = Fields::default()
                    .put("PolicyArn", policy.clone())
                    .put("PolicyDocument", document.0.clone());
                fields.put("event", "aws-changes-policy").put("parameters", parameters)
            }
            Event::RoleTakenUp { resource, session_name, duration_seconds } => {
                let parameters = Fields::default()
                    .put("Resource", resource.clone())
                    .put("RoleSessionName", session_name.clone())
                    .number("DurationSeconds", *duration_seconds);
                fields.put("event", "role-taken-up").put("parameters", parameters)
            }
        },
    }
}

fn sts(operation: &StsOperation) -> Option<Fields> {
    let fields = Fields::default();
    Some(match operation {
        StsOperation::AssumeRole(AssumeRole {
            role_arn,
            role_session_name,
            duration_seconds,
            external_id,
            policy,
            policy_arns,
            tags,
            transitive_tag_keys,
            source_identity,
            mfa,
        }) => fields
            .put("RoleArn", role_arn.clone())
            .put("RoleSessionName", role_session_name.clone())
            .number("DurationSeconds", *duration_seconds)
            .maybe("ExternalId", external_id.clone())
            .policy("Policy", policy.as_ref())
            .list("PolicyArns", policy_arns)
            .tags(tags)
            .list("TransitiveTagKeys", transitive_tag_keys)
            .maybe("SourceIdentity", source_identity.clone())
            .mfa(mfa),
        StsOperation::AssumeRoleWithSaml(AssumeRoleWithSaml {
            role_arn,
            principal_arn,
            saml_assertion,
            duration_seconds,
            policy,
            policy_arns,
        }) => fields
            .put("RoleArn", role_arn.clone())
            .put("PrincipalArn", principal_arn.clone())
            .put("SAMLAssertion", saml_assertion.clone())
            .number("DurationSeconds", *duration_seconds)
            .policy("Policy", policy.as_ref())
            .list("PolicyArns", policy_arns),
        StsOperation::AssumeRoleWithWebIdentity(AssumeRoleWithWebIdentity {
            role_arn,
            role_session_name,
            web_identity_token,
            provider_id,
            duration_seconds,
            policy,
            policy_arns,
        }) => fields
            .put("RoleArn", role_arn.clone())
            .put("RoleSessionName", role_session_name.clone())
            .put("WebIdentityToken", web_identity_token.clone())
            .maybe("ProviderId", provider_id.clone())
            .number("DurationSeconds", *duration_seconds)
            .policy("Policy", policy.as_ref())
            .list("PolicyArns", policy_arns),
        StsOperation::GetSessionToken(GetSessionToken { duration_seconds, mfa }) => {
            fields.number("DurationSeconds", *duration_seconds).mfa(mfa)
        }
        StsOperation::GetFederationToken(GetFederationToken {
            name,
            duration_seconds,
            policy,
            policy_arns,
            tags,
        }) => fields
            .put("Name", name.clone())
            .number("DurationSeconds", *duration_seconds)
            .policy("Policy", policy.as_ref())
            .list("PolicyArns", policy_arns)
            .tags(tags),
        StsOperation::GetCallerIdentity => return None,
        StsOperation::DecodeAuthorizationMessage(message) => match message {
            EncodedMessage::Text(text) => fields.put("EncodedMessage", text.clone()),
            EncodedMessage::Of { name, tampering } => {
                let tampering = match tampering {
                    Tampering::None => None,
                    Tampering::Altered => Some("altered"),
                    Tampering::Cut => Some("cut"),
                };
                let of = Fields::default().put("of", name.clone()).maybe("tampering", tampering);
                fields.put("EncodedMessage", of)
            }
        },
    })
}

fn holder(holder: &Holder) -> Fields {
    let field = match holder {
        Holder::User(_) => "UserName",
        Holder::Group(_) => "GroupName",
        Holder::Role(_) => "RoleName",
    };
    Fields::default().put(field, holder.name())
}

fn policy(fields: Fields, operation: &PolicyOperation) -> Fields {
    let of = |policy: &String| Fields::default().put("PolicyArn", policy.clone());
    let parameters = match operation {
        PolicyOperation::CreatePolicy { name, path, document } => Fields::default()
            .put("PolicyName", name.clone())
            .put("Path", path.clone())
            .put("PolicyDocument", document.0.clone()),
        PolicyOperation::CreatePolicyVersion { policy, document, default } => {
            of(policy).put("PolicyDocument", document.0.clone()).put(
                "SetAsDefault",
                match default {
                    DefaultChoice::NewVersion => true,
                    DefaultChoice::Unchanged => false,
                },
            )
        }
        PolicyOperation::SetDefaultPolicyVersion { policy, version }
        | PolicyOperation::DeletePolicyVersion { policy, version } => {
            of(policy).put("VersionId", version.to_string())
        }
        PolicyOperation::DeletePolicy { policy } => of(policy),
        PolicyOperation::TagPolicy { policy, tags } => of(policy).tags(tags),
        PolicyOperation::Attach { holder: of, policy } | PolicyOperation::Detach { holder: of, policy } => {
            holder(of).put("PolicyArn", policy.clone())
        }
        PolicyOperation::PutInline { holder: of, name, document } => {
            holder(of).put("PolicyName", name.clone()).put("PolicyDocument", document.0.clone())
        }
        PolicyOperation::DeleteInline { holder: of, name } => holder(of).put("PolicyName", name.clone()),
        PolicyOperation::PutBoundary { holder: of, policy } => {
            holder(of).put("PermissionsBoundary", policy.clone())
        }
        PolicyOperation::DeleteBoundary { holder: of } => holder(of),
        PolicyOperation::UpdateTrust { role, document } => {
            Fields::default().put("RoleName", role.clone()).put("PolicyDocument", document.0.clone())
        }
        PolicyOperation::PutResourcePolicy { action, resource, document } => {
            return fields
                .put("action", action.clone())
                .put("resource", resource.clone())
                .put("savesPolicy", document.0.clone());
        }
        PolicyOperation::DeleteResourcePolicy { action, resource } => {
            return fields
                .put("action", action.clone())
                .put("resource", resource.clone())
                .put("removesPolicy", true);
        }
    };
    fields.put("action", operation.action()).put("parameters", parameters)
}

fn account(fields: Fields, operation: &AccountOperation) -> Fields {
    let new = Fields::default;
    let of_user = |user: &String| new().put("UserName", user.clone());
    let of_key = |user: &KeyOf| match user {
        KeyOf::User(name) => new().put("UserName", name.clone()),
        KeyOf::Caller => new(),
    };
    let of_profile = |name: &String| new().put("InstanceProfileName", name.clone());
    let mut console = None;
    let parameters = match operation {
        AccountOperation::CreateUser { name, path, boundary, tags } => {
            of_user(name).put("Path", path.clone()).maybe("PermissionsBoundary", boundary.clone()).tags(tags)
        }
        AccountOperation::CreateGroup { name, path } => {
            new().put("GroupName", name.clone()).put("Path", path.clone())
        }
        AccountOperation::CreateRole { name, path, trust, max_session_duration, boundary, tags } => new()
            .put("RoleName", name.clone())
            .put("Path", path.clone())
            .put("AssumeRolePolicyDocument", trust.0.clone())
            .number("MaxSessionDuration", *max_session_duration)
            .maybe("PermissionsBoundary", boundary.clone())
            .tags(tags),
        AccountOperation::UpdateRole { name, max_session_duration } => {
            new().put("RoleName", name.clone()).number("MaxSessionDuration", Some(*max_session_duration))
        }
        AccountOperation::Delete { holder: of, by } => {
            console = match by {
                DeletionBy::Api => None,
                DeletionBy::Console => Some(true),
            };
            holder(of)
        }
        AccountOperation::AddUserToGroup { user, group }
        | AccountOperation::RemoveUserFromGroup { user, group } => {
            of_user(user).put("GroupName", group.clone())
        }
        AccountOperation::Tag { holder: of, tags } => holder(of).put("Tags", json!([])).tags(tags),
        AccountOperation::Untag { holder: of, tag_keys } => holder(of).put("TagKeys", tag_keys.clone()),
        AccountOperation::CreateAccessKey { user } => of_key(user),
        AccountOperation::UpdateAccessKey { user, key, state } => {
            of_key(user).put("AccessKeyId", key.clone()).put("Status", state.name())
        }
        AccountOperation::DeleteAccessKey { user, key } => of_key(user).put("AccessKeyId", key.clone()),
        AccountOperation::CreateLoginProfile { user } | AccountOperation::DeleteLoginProfile { user } => {
            of_user(user)
        }
        AccountOperation::EnableMfaDevice { user, serial_number, codes } => {
            of_user(user).put("SerialNumber", serial_number.clone()).list("Codes", codes)
        }
        AccountOperation::DeactivateMfaDevice { user, serial_number } => {
            of_user(user).put("SerialNumber", serial_number.clone())
        }
        AccountOperation::CreateInstanceProfile { name, path } => of_profile(name).put("Path", path.clone()),
        AccountOperation::DeleteInstanceProfile { name } => of_profile(name),
        AccountOperation::AddRoleToInstanceProfile { profile, role }
        | AccountOperation::RemoveRoleFromInstanceProfile { profile, role } => {
            of_profile(profile).put("RoleName", role.clone())
        }
    };
    fields.put("action", operation.action()).put("parameters", parameters).maybe("console", console)
}
