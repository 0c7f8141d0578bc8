//! The field `accounts` of a world.

use std::collections::{BTreeMap, BTreeSet};

use super::managed;
use super::part::{Part, service, text};
use super::{Error, instant};
use crate::iam::arn::is_account_id;
use crate::iam::document::Strictness;
use crate::iam::json::{Node, Shape};
use crate::iam::policy::PolicyType;
use crate::iam::request::Entity;
use crate::iam::spelling::quoted;
use crate::iam::world::{
    AccessKey, Account, Group, HolderPolicies, IdKind, InstanceProfile, KeyState, LoginProfile, MfaDevice,
    OneTimeCode, PassedRole, Role, User, World,
};

const FIELDS: &[&str] = &[
    "partition",
    "users",
    "groups",
    "roles",
    "policies",
    "instanceProfiles",
    "samlProviders",
    "oidcProviders",
    "accessKeys",
    "mfaDevices",
];

const USER: &[&str] = &[
    "id",
    "path",
    "policies",
    "attached",
    "boundary",
    "groups",
    "tags",
    "accessKeys",
    "mfaDevices",
    "loginProfile",
];

const ROLE: &[&str] =
    &["id", "path", "trust", "policies", "attached", "boundary", "tags", "maxSessionDuration"];

/// Reads one account. Ids that the text does not give come from the world.
pub(super) fn read(
    id: &str,
    node: Node<'_>,
    world: &mut World,
    strictness: Strictness,
) -> Result<Account, Error> {
    if !is_account_id(id) {
        return Err(node.error(format!("{} is no account id of 12 digits", quoted(id))).into());
    }
    let part = Part::new(node, FIELDS, strictness)?;
    let partition = match part.optional("partition") {
        None => "aws".to_owned(),
        Some(node) => partition(node)?,
    };
    let mut account = Account::empty(partition);
    for (name, node) in named(&part, "groups", 128)? {
        let part = Part::new(node, &["id", "path", "policies", "attached"], strictness)?;
        let id = unique_id(&part, IdKind::Group, world)?;
        let group = Group { id, path: part.path()?, policies: holder_policies(&part)? };
        account.groups.insert(name.to_owned(), group);
    }
    for (name, node) in named(&part, "users", 64)? {
        account.users.insert(name.to_owned(), user(node, world, strictness)?);
    }
    for (name, node) in named(&part, "roles", 64)? {
        account.roles.insert(name.to_owned(), role(node, world, strictness)?);
    }
    for (name, node) in named(&part, "policies", 128)? {
        let (path, policy) = managed::read(node, world, strictness)?;
        let (partition, account_id) = (account.partition.clone(), id.to_owned());
        let entity = Entity { partition, account: account_id, path, name: name.to_owned() };
        account.policies.insert(entity.arn("policy"), policy);
    }
    for (name, node) in named(&part, "instanceProfiles", 128)? {
        let part = Part::new(node, &["path", "role"], strictness)?;
        let profile = InstanceProfile { path: part.path()?, role: part.text("role")? };
        account.instance_profiles.insert(name.to_owned(), profile);
    }
    for name in part.set("samlProviders")? {
        let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if name.is_empty() || name.len() > 128 || !name.bytes().all(is_name_byte) {
            let node = part.required("samlProviders")?;
            let message = "a SAML provider's name has 1 to 128 letters, digits and `._-`";
            return Err(node.error(format!("{} is none: {message}", quoted(&name))).into());
        }
        account.saml_providers.insert(format!("arn:{}:iam::{id}:saml-provider/{name}", account.partition));
    }
    for (name, node) in part.members("oidcProviders")? {
        if name.is_empty() || name.contains("://") || name.chars().any(char::is_whitespace) {
            let message =
                format!("expected `HOST` or `HOST/PATH`, without `https://`, found {}", quoted(name));
            return Err(node.error(message).into());
        }
        let audiences: Result<BTreeSet<String>, Error> = node.items()?.map(text).collect();
        let arn = format!("arn:{}:iam::{id}:oidc-provider/{name}", account.partition);
        account.oidc_providers.insert(arn, audiences?);
    }
    account.root_access_keys = access_keys(&part)?;
    account.root_mfa_devices = mfa_devices(&part)?;
    Ok(account)
}

fn partition(node: Node<'_>) -> Result<String, Error> {
    let name = text(node)?;
    let is_partition_byte = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !name.is_empty() && name.bytes().all(is_partition_byte) {
        Ok(name)
    } else {
        Err(node.error(format!("expected a partition such as `aws`, found {}", quoted(&name))).into())
    }
}

/// Members whose names are those of IAM entities (GEN-9).
fn named<'j>(part: &Part<'j>, field: &str, longest: usize) -> Result<Vec<(&'j str, Node<'j>)>, Error> {
    let members = part.members(field)?;
    let mut seen = BTreeSet::new();
    for (name, node) in &members {
        if let Some(fault) = name_fault(name, longest) {
            return Err(node.error(fault).into());
        }
        if !seen.insert(name.to_ascii_lowercase()) {
            let message = format!("{} differs from another name in upper and lower case only", quoted(name));
            return Err(node.error(message).into());
        }
    }
    Ok(members)
}

/// Why a text is no name of an IAM entity (GEN-9); `None` if it is one.
pub(in crate::corpus) fn name_fault(name: &str, longest: usize) -> Option<String> {
    let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    let is_name = !name.is_empty() && name.len() <= longest && name.bytes().all(is_name_byte);
    (!is_name).then(|| format!("{} is no name: 1 to {longest} letters, digits and `+=,.@_-`", quoted(name)))
}

/// The unique id that is given, or a fresh one.
pub(super) fn unique_id(part: &Part<'_>, kind: IdKind, world: &mut World) -> Result<String, Error> {
    let Some(node) = part.optional("id") else { return Ok(world.fresh_id(kind)) };
    let id = text(node)?;
    let Some(rest) = id.strip_prefix(kind.prefix()) else {
        let message = format!("expected an id that begins with `{}`, found {}", kind.prefix(), quoted(&id));
        return Err(node.error(message).into());
    };
    let is_made_up = rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_digit());
    if is_made_up && rest.parse::<u64>().is_ok_and(|number| number > world.fresh) {
        let message =
            "16 digits are the form of the ids that are given out; choose another one, or say `idsIssued`";
        return Err(node.error(message).into());
    }
    Ok(id)
}

fn user(node: Node<'_>, world: &mut World, strictness: Strictness) -> Result<User, Error> {
    let part = Part::new(node, USER, strictness)?;
    Ok(User {
        id: unique_id(&part, IdKind::User, world)?,
        path: part.path()?,
        policies: holder_policies(&part)?,
        boundary: part.text("boundary")?,
        groups: part.set("groups")?,
        tags: part.tags("tags")?,
        access_keys: access_keys(&part)?,
        mfa_devices: mfa_devices(&part)?,
        login_profile: if part.flag("loginProfile")? { LoginProfile::Present } else { LoginProfile::Absent },
    })
}

fn role(node: Node<'_>, world: &mut World, strictness: Strictness) -> Result<Role, Error> {
    let part = Part::new(node, ROLE, strictness)?;
    let max_session_duration = match part.optional("maxSessionDuration") {
        None => 3_600,
        Some(node) => u32::try_from(node.whole_number()?)
            .map_err(|_| node.error("MaxSessionDuration is 3600 to 43200 seconds"))?,
    };
    Ok(Role {
        id: unique_id(&part, IdKind::Role, world)?,
        path: part.path()?,
        trust: part.stored(part.required("trust")?, PolicyType::Trust)?,
        policies: holder_policies(&part)?,
        boundary: part.text("boundary")?,
        tags: part.tags("tags")?,
        max_session_duration,
    })
}

fn holder_policies(part: &Part<'_>) -> Result<HolderPolicies, Error> {
    let mut inline = BTreeMap::new();
    for (name, node) in named(part, "policies", 128)? {
        inline.insert(name.to_owned(), part.stored(node, PolicyType::Identity)?);
    }
    Ok(HolderPolicies { inline, attached: part.set("attached")? })
}

fn access_keys(part: &Part<'_>) -> Result<BTreeMap<String, AccessKey>, Error> {
    let keys = part.members("accessKeys")?.into_iter().map(|(id, node)| {
        let name = node.string()?;
        let expected = || node.error(format!("expected `Active` or `Inactive`, found {}", quoted(name)));
        let state = KeyState::from_name(name).ok_or_else(expected)?;
        Ok((id.to_owned(), AccessKey { state }))
    });
    keys.collect()
}

/// Devices with their codes: a list, or an object that also says which of them were used.
fn mfa_devices(part: &Part<'_>) -> Result<BTreeMap<String, MfaDevice>, Error> {
    let devices = part.members("mfaDevices")?.into_iter().map(|(serial, node)| {
        let (codes, used) = match node.shape() {
            Shape::Object(_) => {
                let fields = node.fields(&["codes", "used"])?;
                let used =
                    fields.optional("used").map_or_else(|| Ok(BTreeSet::new()), super::set_of_texts)?;
                (fields.required("codes")?, used)
            }
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_) | Shape::Array(_) => {
                (node, BTreeSet::new())
            }
        };
        let is_serial_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=/:,.@-".contains(&byte);
        if !(9..=256).contains(&serial.len()) || !serial.bytes().all(is_serial_byte) {
            let message = "a serial number has 9 to 256 letters, digits and `_+=/:,.@-`";
            return Err(node.error(format!("{} is none: {message}", quoted(serial))).into());
        }
        let mut shown = BTreeMap::new();
        for node in codes.items()? {
            let (code, times) = one_time_code(node)?;
            if shown.insert(code, times).is_some() {
                return Err(node.error("this stands in the list twice").into());
            }
        }
        Ok((serial.to_owned(), MfaDevice { codes: shown, used }))
    });
    devices.collect()
}

fn one_time_code(node: Node<'_>) -> Result<(String, OneTimeCode), Error> {
    if let Shape::String(_) = node.shape() {
        return Ok((six_digits(node)?, OneTimeCode::default()));
    }
    let fields = node.fields(&["code", "from", "until"])?;
    let bound = |name: &str| fields.optional(name).map(instant).transpose();
    let times = OneTimeCode { from: bound("from")?, until: bound("until")? };
    if times.from.zip(times.until).is_some_and(|(from, until)| from >= until) {
        return Err(node.error("`from` is not before `until`: this code is never shown").into());
    }
    Ok((six_digits(fields.required("code")?)?, times))
}

fn six_digits(node: Node<'_>) -> Result<String, Error> {
    let code = text(node)?;
    if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(code)
    } else {
        Err(node.error(format!("expected a code of six digits, found {}", quoted(&code))).into())
    }
}

/// Roles that resources were handed before the world begins: named by ARN, kept by id.
pub(super) fn bind_passed_roles(part: &Part<'_>, _: Node<'_>, world: &mut World) -> Result<(), Error> {
    for (arn, node) in part.members("resources")? {
        let Some(passed) = node.fields_among_others()?.optional("passedRole") else { continue };
        let fields = passed.fields(&["role", "service"])?;
        let role_node = fields.required("role")?;
        let role_arn = text(role_node)?;
        let Some(role) = world.role_by_arn(&role_arn) else {
            return Err(role_node.error(format!("there is no role {}", quoted(&role_arn))).into());
        };
        let passed = PassedRole {
            account: role.account_id.to_owned(),
            role: role.found.id.clone(),
            service: service(fields.required("service")?)?,
        };
        if let Some(resource) = world.resources.get_mut(arn) {
            resource.passed_role = Some(passed);
        }
    }
    Ok(())
}
