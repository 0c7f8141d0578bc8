//! Users, groups and roles: made, changed, tagged (GEN-9, GEN-10, GEN-13).

use super::{Authorised, authorise_on, holding, no_such, trust};
use crate::evaluator::acting::Item;
use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::interpreter::Scene;
use crate::evaluator::reading::mistaken;
use crate::evaluator::sts::RequestKeys;
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::operation::PolicyText;
use crate::iam::outcome::{Answer, Created, RefusalCode};
use crate::iam::tags::Tags;
use crate::iam::world::{Group, Holder, HolderPolicies, IdKind, LoginProfile, Role, User};

/// What is the same for all that can be made.
pub(super) struct New<'n> {
    pub(super) action: &'static str,
    pub(super) name: &'n str,
    pub(super) path: &'n str,
    pub(super) boundary: Option<&'n str>,
    pub(super) tags: &'n [(String, String)],
}

fn invalid<T>(message: impl Into<String>) -> Result<T, Failure> {
    refuse(RefusalCode::ValidationError, "GEN-9", message)
}

// Rule: GEN-9.
pub(super) fn check_path(path: &str) -> Result<(), Failure> {
    let is_path = path.starts_with('/') && path.ends_with('/') && path.len() <= 512;
    if is_path && path.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        invalid("a path is `/`, or begins and ends with `/`; it has at most 512 characters")
    }
}

// Rules: STS-3, KEY-6.
pub(super) fn check_tags(scene: &Scene<'_>, tags: &[(String, String)]) -> Result<(), Failure> {
    crate::evaluator::sts::check_tags(tags, scene.reading)
}

/// Checks and authorises the making of something of this kind, and gives its ARN.
// Rules: GEN-9, POL-16.
fn authorise_new(scene: &Scene<'_>, new: &New<'_>, holder: &Holder) -> Result<(Authorised, String), Failure> {
    check_path(new.path)?;
    check_tags(scene, new.tags)?;
    let (acting, authorised) = super::caller(scene, new.action)?;
    let Authorised { account, partition } = &authorised;
    let arn = format!("arn:{partition}:iam::{account}:{}{}{}", holder.kind(), new.path, new.name);
    // A new resource has the tags that it is made with (section 14, KEY-4).
    let mut keys = RequestKeys::new().tags(new.tags).maybe("iam:PermissionsBoundary", new.boundary).build();
    for (key, value) in new.tags {
        let name = KeyName::new(format!("aws:ResourceTag/{key}"));
        keys.set(name, ContextValue::Single(value.clone()));
    }
    let item: Item = acting.item(new.action, &arn).with(keys);
    acting.authorise(&item)?;
    let is_taken = scene.world.accounts.get(account).is_some_and(|account| {
        let mut names: Box<dyn Iterator<Item = &String>> = match holder {
            Holder::User(_) => Box::new(account.users.keys()),
            Holder::Group(_) => Box::new(account.groups.keys()),
            Holder::Role(_) => Box::new(account.roles.keys()),
        };
        names.any(|name| name.eq_ignore_ascii_case(new.name))
    });
    if is_taken {
        let message = format!("there is a {holder} already");
        return refuse(RefusalCode::EntityAlreadyExists, "GEN-9", message);
    }
    if let Some(boundary) = new.boundary {
        let own = scene.world.accounts.get(account);
        let is_there = own.is_some_and(|account| account.policies.contains_key(boundary))
            || scene.world.aws_managed.contains_key(boundary);
        if !is_there {
            return no_such(&format!("policy `{boundary}`"));
        }
    }
    Ok((authorised, arn))
}

fn tags_of(tags: &[(String, String)]) -> Tags {
    tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

// Rule: GEN-10.
fn fresh_id(scene: &mut Scene<'_>, kind: IdKind, name: &str) -> String {
    if mistaken!(scene.reading, IdsOfNamesReused) {
        return format!("{}{}", kind.prefix(), name.to_ascii_uppercase());
    }
    scene.world.fresh_id(kind)
}

// Rules: GEN-9, GEN-10, POL-10.
pub(super) fn create_user(scene: &mut Scene<'_>, new: &New<'_>) -> Result<Answer, Failure> {
    let (authorised, arn) = authorise_new(scene, new, &Holder::User(new.name.to_owned()))?;
    let id = fresh_id(scene, IdKind::User, new.name);
    let user = User {
        id: id.clone(),
        path: new.path.to_owned(),
        policies: HolderPolicies::default(),
        boundary: new.boundary.map(str::to_owned),
        groups: std::collections::BTreeSet::new(),
        tags: tags_of(new.tags),
        access_keys: std::collections::BTreeMap::new(),
        mfa_devices: std::collections::BTreeMap::new(),
        login_profile: LoginProfile::Absent,
    };
    if let Some(account) = scene.world.accounts.get_mut(&authorised.account) {
        account.users.insert(new.name.to_owned(), user);
    }
    Ok(Answer::Created(Created { arn, id: Some(id) }))
}

// Rules: GEN-9, GEN-10.
pub(super) fn create_group(scene: &mut Scene<'_>, new: &New<'_>) -> Result<Answer, Failure> {
    let (authorised, arn) = authorise_new(scene, new, &Holder::Group(new.name.to_owned()))?;
    let id = fresh_id(scene, IdKind::Group, new.name);
    let group = Group { id: id.clone(), path: new.path.to_owned(), policies: HolderPolicies::default() };
    if let Some(account) = scene.world.accounts.get_mut(&authorised.account) {
        account.groups.insert(new.name.to_owned(), group);
    }
    Ok(Answer::Created(Created { arn, id: Some(id) }))
}

// Rules: GEN-9, GEN-10, GEN-13.
pub(super) fn create_role(
    scene: &mut Scene<'_>,
    new: &New<'_>,
    document: &PolicyText,
    max_session_duration: Option<i128>,
) -> Result<Answer, Failure> {
    let max_session_duration = check_maximum(max_session_duration.unwrap_or(3_600))?;
    if new.path.starts_with("/aws-service-role/") {
        return invalid("a service-linked role is made by CreateServiceLinkedRole only");
    }
    let (authorised, arn) = authorise_new(scene, new, &Holder::Role(new.name.to_owned()))?;
    let stored = trust::saved(scene, document)?;
    let id = fresh_id(scene, IdKind::Role, new.name);
    let role = Role {
        id: id.clone(),
        path: new.path.to_owned(),
        trust: stored,
        policies: HolderPolicies::default(),
        boundary: new.boundary.map(str::to_owned),
        tags: tags_of(new.tags),
        max_session_duration,
    };
    if let Some(account) = scene.world.accounts.get_mut(&authorised.account) {
        account.roles.insert(new.name.to_owned(), role);
    }
    Ok(Answer::Created(Created { arn, id: Some(id) }))
}

// Rule: GEN-13.
fn check_maximum(seconds: i128) -> Result<u32, Failure> {
    match u32::try_from(seconds) {
        Ok(seconds @ 3_600..=43_200) => Ok(seconds),
        Ok(_) | Err(_) => {
            let message = format!("MaxSessionDuration is 3600 to 43200 seconds, and not {seconds}");
            refuse(RefusalCode::ValidationError, "GEN-13", message)
        }
    }
}

// Rules: GEN-13, POL-12.
pub(super) fn update_role(
    scene: &mut Scene<'_>,
    name: &str,
    max_session_duration: i128,
) -> Result<Answer, Failure> {
    let seconds = check_maximum(max_session_duration)?;
    let holder = Holder::Role(name.to_owned());
    let authorised = authorise_on(scene, "iam:UpdateRole", &holder, RequestKeys::new().build())?;
    holding::check_there(scene, &authorised.account, &holder)?;
    holding::check_modifiable(scene, &authorised.account, &holder)?;
    let found = scene.world.accounts.get_mut(&authorised.account);
    if let Some(role) = found.and_then(|account| account.roles.get_mut(name)) {
        role.max_session_duration = seconds;
    }
    Ok(Answer::Nothing)
}

// Rules: KEY-6, STS-7.
pub(super) fn tag(
    scene: &mut Scene<'_>,
    action: &str,
    holder: &Holder,
    tags: &[(String, String)],
) -> Result<Answer, Failure> {
    check_tags(scene, tags)?;
    let authorised = authorise_on(scene, action, holder, RequestKeys::new().tags(tags).build())?;
    let found = tags_to_change(scene, &authorised.account, holder)?;
    for (key, value) in tags {
        found.set(key, value);
    }
    Ok(Answer::Nothing)
}

// Rules: KEY-4, KEY-6.
pub(super) fn untag(
    scene: &mut Scene<'_>,
    action: &str,
    holder: &Holder,
    tag_keys: &[String],
) -> Result<Answer, Failure> {
    let keys = RequestKeys::new().keys("aws:TagKeys", tag_keys.to_vec()).build();
    let authorised = authorise_on(scene, action, holder, keys)?;
    let found = tags_to_change(scene, &authorised.account, holder)?;
    for key in tag_keys {
        found.remove(key);
    }
    Ok(Answer::Nothing)
}

fn tags_to_change<'w>(
    scene: &'w mut Scene<'_>,
    account: &str,
    holder: &Holder,
) -> Result<&'w mut Tags, Failure> {
    let found = scene.world.accounts.get_mut(account).and_then(|account| match holder {
        Holder::User(name) => account.users.get_mut(name).map(|user| &mut user.tags),
        Holder::Role(name) => account.roles.get_mut(name).map(|role| &mut role.tags),
        Holder::Group(_) => None,
    });
    match found {
        Some(tags) => Ok(tags),
        None => no_such(&holder.to_string()),
    }
}
