//! Managed policies and their versions (POL-2 to POL-7).

use super::document::{MOST_MANAGED, check_size, read};
use super::{Authorised, authorise, entity, no_such};
use crate::evaluator::failure::{Failure, Unusable, refuse};
use crate::evaluator::interpreter::Scene;
use crate::evaluator::reading::mistaken;
use crate::evaluator::sts::RequestKeys;
use crate::iam::context::Context;
use crate::iam::operation::{DefaultChoice, PolicyText};
use crate::iam::outcome::{Answer, Created, RefusalCode};
use crate::iam::policy::PolicyType;
use crate::iam::world::{Account, IdKind, MOST_VERSIONS, ManagedPolicy, StoredPolicy, VersionNumber};

// Rules: POL-1, POL-2, POL-13.
pub(super) fn create(
    scene: &mut Scene<'_>,
    name: &str,
    path: &str,
    document: &PolicyText,
) -> Result<Answer, Failure> {
    entity::check_path(path)?;
    let (acting, authorised) = super::caller(scene, "iam:CreatePolicy")?;
    let Authorised { account, partition } = &authorised;
    let arn = format!("arn:{partition}:iam::{account}:policy{path}{name}");
    acting.authorise(&acting.item("iam:CreatePolicy", &arn))?;
    let is_taken = scene.world.accounts.get(account).is_some_and(|account| {
        let last = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_owned();
        account.policies.keys().any(|other| last(other).eq_ignore_ascii_case(name))
    });
    if is_taken {
        let message = format!("there is a policy `{name}` already");
        return refuse(RefusalCode::EntityAlreadyExists, "GEN-9", message);
    }
    let stored = managed_document(document)?;
    let id = scene.world.fresh_id(IdKind::Policy);
    if let Some(account) = scene.world.accounts.get_mut(&authorised.account) {
        account.policies.insert(arn.clone(), ManagedPolicy::new(id.clone(), stored));
    }
    Ok(Answer::Created(Created { arn, id: Some(id) }))
}

fn managed_document(document: &PolicyText) -> Result<StoredPolicy, Failure> {
    let stored = read(document, PolicyType::Identity)?;
    check_size(stored.size, MOST_MANAGED)?;
    Ok(stored)
}

/// The caller's account, once it may do this to this policy and the policy is there. AWS's own are nobody's to change.
// Rules: POL-7, POL-16.
fn changeable(scene: &Scene<'_>, action: &str, policy: &str, keys: Context) -> Result<String, Failure> {
    if scene.world.aws_managed.contains_key(policy) && !mistaken!(scene.reading, AwsPoliciesWritable) {
        super::caller(scene, action)?;
        let message = format!("`{policy}` is managed by AWS");
        return refuse(RefusalCode::AccessDenied, "POL-7", message);
    }
    let authorised = authorise(scene, action, policy, keys)?;
    let account = scene.world.accounts.get(&authorised.account);
    let is_there = account.is_some_and(|account| account.policies.contains_key(policy));
    if is_there || scene.world.aws_managed.contains_key(policy) {
        Ok(authorised.account)
    } else {
        no_such(&format!("policy `{policy}`"))
    }
}

/// The policy to be changed; [`changeable`] has seen that it is there.
fn found<'w>(
    scene: &'w mut Scene<'_>,
    account: &str,
    policy: &str,
) -> Result<&'w mut ManagedPolicy, Failure> {
    let world = &mut scene.world;
    let own = world.accounts.get_mut(account).and_then(|account| account.policies.get_mut(policy));
    match own.or_else(|| world.aws_managed.get_mut(policy)) {
        Some(found) => Ok(found),
        None => no_such(&format!("policy `{policy}`")),
    }
}

// Rules: POL-2, POL-3, POL-13.
pub(super) fn create_version(
    scene: &mut Scene<'_>,
    policy: &str,
    document: &PolicyText,
    default: DefaultChoice,
) -> Result<Answer, Failure> {
    let account = changeable(scene, "iam:CreatePolicyVersion", policy, Context::new())?;
    let stored = managed_document(document)?;
    let reading = scene.reading;
    let found = found(scene, &account, policy)?;
    if found.versions.len() >= MOST_VERSIONS && !mistaken!(reading, VersionsUnlimited) {
        let message = format!("the policy has {MOST_VERSIONS} versions; delete one first");
        return refuse(RefusalCode::LimitExceeded, "POL-3", message);
    }
    let greatest = found.versions.keys().next_back().copied().unwrap_or(VersionNumber(0));
    let version = if mistaken!(reading, VersionNumbersReused) { greatest.next() } else { found.next_version };
    if found.versions.contains_key(&version) {
        return refuse(RefusalCode::LimitExceeded, "POL-2", "the numbers of versions are used up");
    }
    found.next_version = version.next();
    found.versions.insert(version, stored);
    match default {
        DefaultChoice::NewVersion => found.default_version = version,
        DefaultChoice::Unchanged if mistaken!(reading, NewVersionsBecomeDefault) => {
            found.default_version = version;
        }
        DefaultChoice::Unchanged => {}
    }
    Ok(Answer::Version(version))
}

// Rule: POL-4.
pub(super) fn set_default(
    scene: &mut Scene<'_>,
    policy: &str,
    version: VersionNumber,
) -> Result<Answer, Failure> {
    let account = changeable(scene, "iam:SetDefaultPolicyVersion", policy, Context::new())?;
    let reading = scene.reading;
    let found = found(scene, &account, policy)?;
    let Some(document) = found.versions.get(&version).cloned() else {
        return no_such(&format!("version {version} of `{policy}`"));
    };
    if mistaken!(reading, RollbackKeepsTheNumber) {
        // What was rolled back to stands under the number that was in force.
        found.versions.insert(found.default_version, document);
    } else if !mistaken!(reading, RollbackWithoutEffect) {
        found.default_version = version;
    }
    Ok(Answer::Nothing)
}

// Rule: POL-5.
pub(super) fn delete_version(
    scene: &mut Scene<'_>,
    policy: &str,
    version: VersionNumber,
) -> Result<Answer, Failure> {
    let account = changeable(scene, "iam:DeletePolicyVersion", policy, Context::new())?;
    let reading = scene.reading;
    let found = found(scene, &account, policy)?;
    if !found.versions.contains_key(&version) {
        return no_such(&format!("version {version} of `{policy}`"));
    }
    if found.default_version == version {
        let message = format!("{version} is in force; set another default first");
        let other = found.versions.keys().rev().copied().find(|other| *other != version);
        match other.filter(|_| mistaken!(reading, DefaultVersionDeletable)) {
            Some(other) => found.default_version = other,
            None => return refuse(RefusalCode::DeleteConflict, "POL-5", message),
        }
    }
    found.versions.remove(&version);
    Ok(Answer::Nothing)
}

// Rule: POL-6.
pub(super) fn delete(scene: &mut Scene<'_>, policy: &str) -> Result<Answer, Failure> {
    let account = changeable(scene, "iam:DeletePolicy", policy, Context::new())?;
    let reading = scene.reading;
    let Some(found) = scene.world.accounts.get_mut(&account) else {
        return no_such(&format!("policy `{policy}`"));
    };
    let conflict = |message: &str| refuse(RefusalCode::DeleteConflict, "POL-6", message);
    let has_others = found.policies.get(policy).is_some_and(|found| found.versions.len() > 1);
    if is_attached(found, policy) && !mistaken!(reading, AttachedPoliciesDeletable) {
        return conflict("the policy is attached; detach it first");
    }
    if is_boundary(found, policy) && !mistaken!(reading, BoundariesDeletable) {
        return conflict("the policy is somebody's permissions boundary");
    }
    if has_others {
        return conflict("the policy has other versions than its default; delete them first");
    }
    found.policies.remove(policy);
    forget(found, policy);
    Ok(Answer::Nothing)
}

fn is_attached(account: &Account, policy: &str) -> bool {
    let users = account.users.values().map(|user| &user.policies);
    let groups = account.groups.values().map(|group| &group.policies);
    let roles = account.roles.values().map(|role| &role.policies);
    users.chain(groups).chain(roles).any(|policies| policies.attached.contains(policy))
}

fn is_boundary(account: &Account, policy: &str) -> bool {
    let users = account.users.values().map(|user| &user.boundary);
    let roles = account.roles.values().map(|role| &role.boundary);
    users.chain(roles).any(|boundary| boundary.as_deref() == Some(policy))
}

/// Takes away what names a policy that is gone. By the rules there is nothing: only a planted mistake leaves something.
fn forget(account: &mut Account, policy: &str) {
    for user in account.users.values_mut() {
        user.policies.attached.remove(policy);
        user.boundary = user.boundary.take().filter(|boundary| boundary != policy);
    }
    for group in account.groups.values_mut() {
        group.policies.attached.remove(policy);
    }
    for role in account.roles.values_mut() {
        role.policies.attached.remove(policy);
        role.boundary = role.boundary.take().filter(|boundary| boundary != policy);
    }
}

// Rule: POL-7.
pub(super) fn tag(scene: &mut Scene<'_>, policy: &str, tags: &[(String, String)]) -> Result<Answer, Failure> {
    entity::check_tags(scene, tags)?;
    let keys = RequestKeys::new().tags(tags).build();
    let account = changeable(scene, "iam:TagPolicy", policy, keys)?;
    let found = found(scene, &account, policy)?;
    for (key, value) in tags {
        found.tags.set(key, value);
    }
    Ok(Answer::Nothing)
}

/// AWS gives a policy of its own a new version, which is in force at once; the oldest goes where there would be too many.
// Rule: POL-7.
pub(in crate::evaluator) fn aws_changes_policy(
    scene: &mut Scene<'_>,
    policy: &str,
    document: &PolicyText,
) -> Result<Answer, Failure> {
    let stored = read(document, PolicyType::Identity)?;
    let Some(found) = scene.world.aws_managed.get_mut(policy) else {
        let message = format!("AWS has no policy `{policy}` in this world");
        return Err(Unusable::new("parameters/PolicyArn", message).into());
    };
    let version = found.next_version;
    found.next_version = version.next();
    found.versions.insert(version, stored);
    found.default_version = version;
    if found.versions.len() > MOST_VERSIONS {
        found.versions.pop_first();
    }
    Ok(Answer::Version(version))
}
