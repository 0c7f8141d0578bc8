//! The lists of users, groups and roles.

use std::collections::{BTreeMap, BTreeSet};

use super::managed::{attached, reference};
use super::part::{Words, account_of, add_once, check_is_new, identity, items, tags};
use super::{Error, document};
use crate::corpus::world::{name_fault, text};
use crate::iam::document::Strictness;
use crate::iam::json::{Fields, Node};
use crate::iam::policy::PolicyType;
use crate::iam::spelling::quoted;
use crate::iam::world::{
    Group, HolderPolicies, InstanceProfile, LoginProfile, Role, StoredPolicy, User, World,
};

const USER: Words = Words { kind: "user", name: "UserName", id: "UserId", longest: 64 };
const GROUP: Words = Words { kind: "group", name: "GroupName", id: "GroupId", longest: 128 };
const ROLE: Words = Words { kind: "role", name: "RoleName", id: "RoleId", longest: 64 };

/// The API's own default of MaxSessionDuration, which these lists do not tell.
const USUAL_SESSION_SECONDS: u32 = 3_600;

/// Reads one group.
pub(super) fn group(node: Node<'_>, world: &mut World, strictness: Strictness) -> Result<(), Error> {
    let fields = node.fields_among_others()?;
    let group = identity(&fields, &GROUP)?;
    let policies = policies(&fields, "GroupPolicyList", &group.account, world, strictness)?;
    let account = account_of(&group, node, world)?;
    check_is_new(&group.name, account.groups.keys(), node)?;
    account.groups.insert(group.name, Group { id: group.id, path: group.path, policies });
    Ok(())
}

/// Reads one user, after all groups. Keys, passwords and MFA devices are not told, so there are none.
pub(super) fn user(node: Node<'_>, world: &mut World, strictness: Strictness) -> Result<(), Error> {
    let fields = node.fields_among_others()?;
    let user = identity(&fields, &USER)?;
    let policies = policies(&fields, "UserPolicyList", &user.account, world, strictness)?;
    let boundary = boundary(&fields, &user.account, world)?;
    let account = account_of(&user, node, world)?;
    let mut groups = BTreeSet::new();
    for node in items(&fields, "GroupList")? {
        let name = text(node)?;
        if !account.groups.contains_key(&name) {
            let message = format!("`GroupDetailList` has no group {} of this account", quoted(&name));
            return Err(node.error(message).into());
        }
        add_once(&mut groups, name, node)?;
    }
    check_is_new(&user.name, account.users.keys(), node)?;
    check_id(&user.id, account.users.values().map(|user| &user.id), node)?;
    let read = User {
        id: user.id,
        path: user.path,
        policies,
        boundary,
        groups,
        tags: tags(&fields)?,
        access_keys: BTreeMap::new(),
        mfa_devices: BTreeMap::new(),
        login_profile: LoginProfile::Absent,
    };
    account.users.insert(user.name, read);
    Ok(())
}

/// Reads one role, with its instance profiles.
pub(super) fn role(node: Node<'_>, world: &mut World, strictness: Strictness) -> Result<(), Error> {
    let fields = node.fields_among_others()?;
    let role = identity(&fields, &ROLE)?;
    let trust = document::read(fields.required("AssumeRolePolicyDocument")?, PolicyType::Trust, strictness)?;
    let policies = policies(&fields, "RolePolicyList", &role.account, world, strictness)?;
    let boundary = boundary(&fields, &role.account, world)?;
    let max_session_duration = match fields.optional("MaxSessionDuration") {
        None => USUAL_SESSION_SECONDS,
        Some(node) => u32::try_from(node.whole_number()?)
            .ok()
            .filter(|seconds| (3_600..=43_200).contains(seconds))
            .ok_or_else(|| node.error("MaxSessionDuration is 3600 to 43200 seconds"))?,
    };
    let profiles = instance_profiles(&fields, &role.name)?;
    let account = account_of(&role, node, world)?;
    check_is_new(&role.name, account.roles.keys(), node)?;
    check_id(&role.id, account.roles.values().map(|role| &role.id), node)?;
    for (name, profile, node) in profiles {
        check_is_new(&name, account.instance_profiles.keys(), node)?;
        account.instance_profiles.insert(name, profile);
    }
    let read = Role {
        id: role.id,
        path: role.path,
        trust,
        policies,
        boundary,
        tags: tags(&fields)?,
        max_session_duration,
    };
    account.roles.insert(role.name, read);
    Ok(())
}

/// Two users with one id would be one to every policy that names the id.
fn check_id<'n>(id: &str, mut ids: impl Iterator<Item = &'n String>, node: Node<'_>) -> Result<(), Error> {
    if ids.any(|other| other == id) {
        return Err(node.error(format!("the id {} comes twice in the account", quoted(id))).into());
    }
    Ok(())
}

fn instance_profiles<'j>(
    fields: &Fields<'j>,
    role: &str,
) -> Result<Vec<(String, InstanceProfile, Node<'j>)>, Error> {
    let mut profiles = Vec::new();
    for node in items(fields, "InstanceProfileList")? {
        let fields = node.fields_among_others()?;
        let name = text(fields.required("InstanceProfileName")?)?;
        if let Some(fault) = name_fault(&name, 128) {
            return Err(node.error(fault).into());
        }
        let path = text(fields.required("Path")?)?;
        profiles.push((name, InstanceProfile { path, role: Some(role.to_owned()) }, node));
    }
    Ok(profiles)
}

/// The inline and the attached policies of a holder.
fn policies(
    fields: &Fields<'_>,
    list: &str,
    account: &str,
    world: &World,
    strictness: Strictness,
) -> Result<HolderPolicies, Error> {
    let mut inline: BTreeMap<String, StoredPolicy> = BTreeMap::new();
    for node in items(fields, list)? {
        let fields = node.fields_among_others()?;
        let name_node = fields.required("PolicyName")?;
        let name = text(name_node)?;
        if let Some(fault) = name_fault(&name, 128) {
            return Err(name_node.error(fault).into());
        }
        check_is_new(&name, inline.keys(), name_node)?;
        let document = document::read(fields.required("PolicyDocument")?, PolicyType::Identity, strictness)?;
        inline.insert(name, document);
    }
    Ok(HolderPolicies { inline, attached: attached(fields, account, world)? })
}

fn boundary(fields: &Fields<'_>, account: &str, world: &World) -> Result<Option<String>, Error> {
    let Some(node) = fields.optional("PermissionsBoundary") else { return Ok(None) };
    let node = node.fields_among_others()?.required("PermissionsBoundaryArn")?;
    Ok(Some(reference(node, account, world)?))
}
