//! Writes a world at its beginning, so that reading it gives the same world again.
//!
//! Sessions and messages are what steps issue; a world that is written has none yet.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::corpus::directory::directories_as_json;
use crate::corpus::write::entries_as_json;
use crate::iam::directory::Directories;
use crate::iam::instant::Instant;
use crate::iam::request::ResourcePolicyMark;
use crate::iam::tags::Tags;
use crate::iam::world::{
    AccessKey, Account, Assertion, Attachments, Endpoint, HolderPolicies, IdentityToken, LoginProfile,
    ManagedPolicy, MfaDevice, Organization, Resource, StoredPolicy, Switch, Unit, World,
};

/// A world as the format has it.
pub fn as_json(world: &World) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "profile", world.profile.name());
    put(&mut fields, "time", world.now.iso());
    put_map(&mut fields, "accounts", &world.accounts, |id, account| (id.clone(), self::account(id, account)));
    put_map(&mut fields, "awsManagedPolicies", &world.aws_managed, |arn, policy| {
        (arn.clone(), managed(policy, None))
    });
    put_map(&mut fields, "organizations", &world.organizations, |id, organization| {
        (id.clone(), self::organization(organization))
    });
    put_map(&mut fields, "resources", &world.resources, |arn, resource| {
        (arn.clone(), self::resource(resource, world))
    });
    put_map(&mut fields, "endpoints", &world.endpoints, |id, endpoint| {
        (id.clone(), self::endpoint(endpoint))
    });
    put_map(&mut fields, "assertions", &world.assertions, |text, assertion| {
        (text.clone(), self::assertion(assertion))
    });
    put_map(&mut fields, "webIdentityTokens", &world.tokens, |text, token| {
        (text.clone(), self::token(token))
    });
    if world.directories != Directories::default() {
        put(&mut fields, "directories", directories_as_json(&world.directories));
    }
    put(&mut fields, "idsIssued", world.fresh);
    Value::Object(fields)
}

fn put(fields: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    fields.insert(name.to_owned(), value.into());
}

fn put_some(fields: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        put(fields, name, value);
    }
}

/// A map, where there is something in it.
fn put_map<K, V>(
    fields: &mut Map<String, Value>,
    name: &str,
    map: &BTreeMap<K, V>,
    entry: impl Fn(&K, &V) -> (String, Value),
) {
    if !map.is_empty() {
        let inner: Map<String, Value> = map.iter().map(|(key, value)| entry(key, value)).collect();
        put(fields, name, inner);
    }
}

fn put_list<T>(
    fields: &mut Map<String, Value>,
    name: &str,
    list: impl IntoIterator<Item = T>,
    item: impl Fn(T) -> Value,
) {
    let list: Vec<Value> = list.into_iter().map(item).collect();
    if !list.is_empty() {
        put(fields, name, list);
    }
}

fn put_tags(fields: &mut Map<String, Value>, tags: &Tags) {
    if !tags.is_empty() {
        put(
            fields,
            "tags",
            tags.iter().map(|(key, value)| (key.to_owned(), value.into())).collect::<Map<_, _>>(),
        );
    }
}

fn document(policy: &impl serde::Serialize) -> Value {
    serde_json::to_value(policy).unwrap_or_default()
}

/// A document as it was saved.
fn saved(stored: &StoredPolicy) -> Value {
    serde_json::from_str(&stored.text).unwrap_or_else(|_| document(stored.policy.as_ref()))
}

fn account(id: &str, account: &Account) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "partition", account.partition.clone());
    put_map(&mut fields, "users", &account.users, |name, user| {
        let mut fields = Map::new();
        put(&mut fields, "id", user.id.clone());
        put(&mut fields, "path", user.path.clone());
        put_policies(&mut fields, &user.policies);
        put_some(&mut fields, "boundary", user.boundary.clone());
        put_list(&mut fields, "groups", &user.groups, |group| group.clone().into());
        put_tags(&mut fields, &user.tags);
        put_keys(&mut fields, &user.access_keys);
        put_devices(&mut fields, &user.mfa_devices);
        let console = match user.login_profile {
            LoginProfile::Present => Some(true),
            LoginProfile::Absent => None,
        };
        put_some(&mut fields, "loginProfile", console);
        (name.clone(), Value::Object(fields))
    });
    put_map(&mut fields, "groups", &account.groups, |name, group| {
        let mut fields = Map::new();
        put(&mut fields, "id", group.id.clone());
        put(&mut fields, "path", group.path.clone());
        put_policies(&mut fields, &group.policies);
        (name.clone(), Value::Object(fields))
    });
    put_map(&mut fields, "roles", &account.roles, |name, role| {
        let mut fields = Map::new();
        put(&mut fields, "id", role.id.clone());
        put(&mut fields, "path", role.path.clone());
        put(&mut fields, "trust", saved(&role.trust));
        put_policies(&mut fields, &role.policies);
        put_some(&mut fields, "boundary", role.boundary.clone());
        put_tags(&mut fields, &role.tags);
        put(&mut fields, "maxSessionDuration", role.max_session_duration);
        (name.clone(), Value::Object(fields))
    });
    put_map(&mut fields, "policies", &account.policies, |arn, policy| {
        let rest = arn.split_once(":policy").map_or(arn.as_str(), |(_, rest)| rest);
        let (folders, name) = rest.rsplit_once('/').unwrap_or(("", rest));
        (name.to_owned(), managed(policy, Some(format!("{folders}/"))))
    });
    put_map(&mut fields, "instanceProfiles", &account.instance_profiles, |name, profile| {
        let mut fields = Map::new();
        put(&mut fields, "path", profile.path.clone());
        put_some(&mut fields, "role", profile.role.clone());
        (name.clone(), Value::Object(fields))
    });
    let name_in = |arn: &str, kind: &str| {
        let prefix = format!("arn:{}:iam::{id}:{kind}/", account.partition);
        arn.strip_prefix(&prefix).unwrap_or(arn).to_owned()
    };
    put_list(&mut fields, "samlProviders", &account.saml_providers, |arn| {
        name_in(arn, "saml-provider").into()
    });
    put_map(&mut fields, "oidcProviders", &account.oidc_providers, |arn, audiences| {
        (name_in(arn, "oidc-provider"), json!(audiences))
    });
    put_keys(&mut fields, &account.root_access_keys);
    put_devices(&mut fields, &account.root_mfa_devices);
    Value::Object(fields)
}

fn put_policies(fields: &mut Map<String, Value>, policies: &HolderPolicies) {
    put_map(fields, "policies", &policies.inline, |name, stored| (name.clone(), saved(stored)));
    put_list(fields, "attached", &policies.attached, |arn| arn.clone().into());
}

fn put_keys(fields: &mut Map<String, Value>, keys: &BTreeMap<String, AccessKey>) {
    put_map(fields, "accessKeys", keys, |id, key| (id.clone(), key.state.name().into()));
}

fn put_devices(fields: &mut Map<String, Value>, devices: &BTreeMap<String, MfaDevice>) {
    put_map(fields, "mfaDevices", devices, |serial, device| {
        let codes: Vec<Value> = device
            .codes
            .iter()
            .map(|(code, shown)| {
                let mut fields = Map::new();
                put(&mut fields, "code", code.clone());
                put_some(&mut fields, "from", shown.from.map(Instant::iso));
                put_some(&mut fields, "until", shown.until.map(Instant::iso));
                Value::Object(fields)
            })
            .collect();
        (serial.clone(), json!({ "codes": codes, "used": device.used }))
    });
}

fn managed(policy: &ManagedPolicy, path: Option<String>) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "id", policy.id.clone());
    put_some(&mut fields, "path", path);
    put_map(&mut fields, "versions", &policy.versions, |version, stored| {
        (version.to_string(), saved(stored))
    });
    put(&mut fields, "default", policy.default_version.to_string());
    put(&mut fields, "next", policy.next_version.to_string());
    put_tags(&mut fields, &policy.tags);
    Value::Object(fields)
}

fn organization(organization: &Organization) -> Value {
    let is_on = |switch| match switch {
        Switch::On => true,
        Switch::Off => false,
    };
    json!({
        "management": organization.management_account,
        "scpsEnabled": is_on(organization.scps),
        "rcpsEnabled": is_on(organization.rcps),
        "root": unit(&organization.root),
    })
}

fn unit(unit: &Unit) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "id", unit.id.clone());
    put_attachments(&mut fields, &unit.attached);
    put_list(&mut fields, "units", &unit.units, self::unit);
    put_map(&mut fields, "accounts", &unit.accounts, |id, attached| {
        let mut fields = Map::new();
        put_attachments(&mut fields, attached);
        (id.clone(), Value::Object(fields))
    });
    Value::Object(fields)
}

/// Both lists are written, since an absent one means AWS's own policy.
fn put_attachments(fields: &mut Map<String, Value>, attached: &Attachments) {
    put(fields, "scps", attached.scps.iter().map(document).collect::<Vec<_>>());
    put(fields, "rcps", attached.rcps.iter().map(document).collect::<Vec<_>>());
}

fn resource(resource: &Resource, world: &World) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "account", resource.account.clone());
    put_some(&mut fields, "policy", resource.policy.as_ref().map(document));
    put_tags(&mut fields, &resource.tags);
    let required = match resource.policy_mark {
        ResourcePolicyMark::PolicyRequired => Some(true),
        ResourcePolicyMark::Unmarked => None,
    };
    put_some(&mut fields, "policyRequired", required);
    let passed = resource.passed_role.as_ref().map(|passed| {
        let role = world.role_by_id(&passed.role).map_or_else(|| passed.role.clone(), |role| role.arn());
        json!({ "role": role, "service": passed.service })
    });
    put_some(&mut fields, "passedRole", passed);
    Value::Object(fields)
}

fn endpoint(endpoint: &Endpoint) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "account", endpoint.account.clone());
    put_some(&mut fields, "vpc", endpoint.vpc.clone());
    put_some(&mut fields, "policy", endpoint.policy.as_ref().map(document));
    Value::Object(fields)
}

/// What assertions and tokens have in common: tags and a source identity.
fn put_claims(
    fields: &mut Map<String, Value>,
    tags: &[(String, String)],
    transitive: &[String],
    source_identity: Option<&String>,
) {
    if !tags.is_empty() {
        let tags: Map<String, Value> =
            tags.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
        put(fields, "tags", tags);
    }
    put_list(fields, "transitiveTagKeys", transitive, |key| key.clone().into());
    put_some(fields, "sourceIdentity", source_identity.cloned());
}

fn assertion(assertion: &Assertion) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "provider", assertion.provider.clone());
    put(&mut fields, "signature", assertion.genuineness.name());
    put_some(&mut fields, "notOnOrAfter", assertion.not_on_or_after.map(Instant::iso));
    put_some(&mut fields, "sessionNotOnOrAfter", assertion.session_not_on_or_after.map(Instant::iso));
    let roles: Vec<Value> =
        assertion.roles.iter().map(|pair| json!({ "role": pair.role, "provider": pair.provider })).collect();
    put(&mut fields, "roles", roles);
    put_some(&mut fields, "roleSessionName", assertion.role_session_name.clone());
    put_claims(
        &mut fields,
        &assertion.tags,
        &assertion.transitive_tag_keys,
        assertion.source_identity.as_ref(),
    );
    put(&mut fields, "context", entries_as_json(&assertion.keys));
    Value::Object(fields)
}

fn token(token: &IdentityToken) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "provider", token.provider.clone());
    put(&mut fields, "signature", token.genuineness.name());
    put(&mut fields, "audience", token.audience.clone());
    put(&mut fields, "subject", token.subject.clone());
    put_some(&mut fields, "expires", token.expires.map(Instant::iso));
    put_claims(&mut fields, &token.tags, &token.transitive_tag_keys, token.source_identity.as_ref());
    put(&mut fields, "context", entries_as_json(&token.keys));
    Value::Object(fields)
}
