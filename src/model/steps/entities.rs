//! Users, groups, roles and instance profiles: made, changed and deleted (GEN-9, GEN-10, POL-8, POL-10 to POL-13, PASS-9).

use std::collections::{BTreeMap, BTreeSet};

use super::acting::single;
use super::deciding::Item;
use super::holders::Home;
use super::{Moment, Stepping, Stop, names, require};
use crate::iam::operation::{AccountOperation, DeletionBy, PolicyText};
use crate::iam::outcome::{Answer, Created, RefusalCode};
use crate::iam::tags::Tags;
use crate::iam::world::{Group, Holder, HolderPolicies, IdKind, InstanceProfile, LoginProfile, Role, User};

/// How many groups a user may be in.
const MOST_GROUPS: usize = 10;
/// How many tags a user or role may have.
const MOST_TAGS: usize = 50;

/// What a new entity is made of.
struct Making<'s> {
    holder: Holder,
    path: &'s str,
    boundary: Option<&'s String>,
    tags: &'s [(String, String)],
}

impl Moment<'_> {
    pub(super) fn account(&mut self, operation: &AccountOperation) -> Stepping<Answer> {
        let action = operation.action();
        match operation {
            AccountOperation::CreateUser { name, path, boundary, tags } => {
                let holder = Holder::User(name.clone());
                let making = Making { holder, path, boundary: boundary.as_ref(), tags };
                self.create(action, &making, None, None)
            }
            AccountOperation::CreateGroup { name, path } => {
                let holder = Holder::Group(name.clone());
                self.create(action, &Making { holder, path, boundary: None, tags: &[] }, None, None)
            }
            AccountOperation::CreateRole { name, path, trust, max_session_duration, boundary, tags } => {
                let holder = Holder::Role(name.clone());
                let making = Making { holder, path, boundary: boundary.as_ref(), tags };
                self.create(action, &making, Some(trust), *max_session_duration)
            }
            AccountOperation::UpdateRole { name, max_session_duration } => {
                self.update_role(action, name, *max_session_duration)
            }
            AccountOperation::Delete { holder, by } => self.delete(action, holder, *by),
            AccountOperation::AddUserToGroup { user, group } => self.join(action, user, group),
            AccountOperation::RemoveUserFromGroup { user, group } => self.leave(action, user, group),
            AccountOperation::Tag { holder, tags } => self.tag(action, holder, tags),
            AccountOperation::Untag { holder, tag_keys } => self.untag(action, holder, tag_keys),
            AccountOperation::CreateAccessKey { user } => self.create_access_key(action, user),
            AccountOperation::UpdateAccessKey { user, key, state } => {
                self.change_access_key(action, user, key, Some(*state))
            }
            AccountOperation::DeleteAccessKey { user, key } => {
                self.change_access_key(action, user, key, None)
            }
            AccountOperation::CreateLoginProfile { user } => {
                self.login_profile(action, user, LoginProfile::Present)
            }
            AccountOperation::DeleteLoginProfile { user } => {
                self.login_profile(action, user, LoginProfile::Absent)
            }
            AccountOperation::EnableMfaDevice { user, serial_number, codes } => {
                self.enable_device(action, user, serial_number, codes)
            }
            AccountOperation::DeactivateMfaDevice { user, serial_number } => {
                self.deactivate_device(action, user, serial_number)
            }
            AccountOperation::CreateInstanceProfile { name, path } => self.create_profile(action, name, path),
            AccountOperation::DeleteInstanceProfile { name } => self.delete_profile(action, name),
            AccountOperation::AddRoleToInstanceProfile { profile, role } => {
                self.add_to_profile(action, profile, role)
            }
            AccountOperation::RemoveRoleFromInstanceProfile { profile, role } => {
                self.remove_from_profile(action, profile, role)
            }
        }
    }

    // Rules: GEN-9, GEN-10, GEN-13, POL-13, POL-15, KEY-4, KEY-5.
    fn create(
        &mut self,
        action: &str,
        making: &Making<'_>,
        trust: Option<&PolicyText>,
        maximum: Option<i128>,
    ) -> Stepping<Answer> {
        let Making { holder, path, boundary, tags } = making;
        Self::named(holder)?;
        let maximum = maximum.unwrap_or(3_600);
        let fits = names::is_path(path) && names::are_tags(tags) && (3_600..=43_200).contains(&maximum);
        require(fits, RefusalCode::ValidationError, "GEN-9", "a parameter breaks its rule")?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        let arn = home.arn(holder.kind(), path, holder.name());
        let mut item = Item::plain(action, &arn, Some(&home.account));
        item.pass_tags(tags);
        let of_namesake = self.item_on_holder(action, &home, holder);
        if of_namesake.resource == arn {
            item.keys.extend(of_namesake.keys);
        }
        let created = tags.iter().map(|(key, value)| single(format!("aws:ResourceTag/{key}"), value));
        item.keys.extend(created);
        item.keys.extend(boundary.map(|boundary| single("iam:PermissionsBoundary", boundary)));
        self.allowed(&checked, &item, "POL-16")?;
        let taken = !self.is_free(&home, holder);
        require(!taken, RefusalCode::EntityAlreadyExists, "GEN-9", "the name is taken")?;
        let known = boundary.is_none_or(|boundary| self.managed(&home.account, boundary).is_some());
        require(known, RefusalCode::NoSuchEntity, "POL-15", "there is no such policy for a boundary")?;
        let trust = trust.map(|text| self.trust(text)).transpose()?;
        let tags: Tags = tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let id = self.world.fresh_id(match holder {
            Holder::User(_) => IdKind::User,
            Holder::Group(_) => IdKind::Group,
            Holder::Role(_) => IdKind::Role,
        });
        let created = Created { arn, id: Some(id.clone()) };
        let (path, boundary) = ((*path).to_owned(), boundary.cloned());
        let policies = HolderPolicies::default();
        let account = self.account_mut(&home)?;
        match (holder, trust) {
            (Holder::User(name), _) => {
                let user = User {
                    id,
                    path,
                    policies,
                    boundary,
                    groups: BTreeSet::new(),
                    tags,
                    access_keys: BTreeMap::new(),
                    mfa_devices: BTreeMap::new(),
                    login_profile: LoginProfile::Absent,
                };
                account.users.insert(name.clone(), user);
            }
            (Holder::Group(name), _) => {
                account.groups.insert(name.clone(), Group { id, path, policies });
            }
            (Holder::Role(name), Some(trust)) => {
                let max_session_duration = u32::try_from(maximum).unwrap_or(3_600);
                let role = Role { id, path, trust, policies, boundary, tags, max_session_duration };
                account.roles.insert(name.clone(), role);
            }
            (Holder::Role(_), None) => return Err(super::calls::defect("a role without a trust policy")),
        }
        Ok(Answer::Created(created))
    }

    /// Whether no other of its kind has the name, whatever its case.
    // Rule: GEN-9.
    fn is_free(&self, home: &Home, holder: &Holder) -> bool {
        let is_it = |name: &String| name.eq_ignore_ascii_case(holder.name());
        self.world.accounts.get(&home.account).is_none_or(|account| match holder {
            Holder::User(_) => !account.users.keys().any(is_it),
            Holder::Group(_) => !account.groups.keys().any(is_it),
            Holder::Role(_) => !account.roles.keys().any(is_it),
        })
    }

    // Rules: GEN-13, POL-12.
    fn update_role(&mut self, action: &str, name: &str, maximum: i128) -> Stepping<Answer> {
        let holder = Holder::Role(name.to_owned());
        Self::named(&holder)?;
        let fits = (3_600..=43_200).contains(&maximum);
        require(fits, RefusalCode::ValidationError, "GEN-13", "no MaxSessionDuration")?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        self.allowed(&checked, &self.item_on_holder(action, &home, &holder), "POL-16")?;
        self.changeable(&home, &holder)?;
        if let Some(role) = self.account_mut(&home)?.roles.get_mut(name) {
            role.max_session_duration = u32::try_from(maximum).unwrap_or(role.max_session_duration);
        }
        Ok(Answer::Nothing)
    }

    // Rules: POL-10, POL-11, POL-12.
    fn delete(&mut self, action: &str, holder: &Holder, by: DeletionBy) -> Stepping<Answer> {
        Self::named(holder)?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        self.allowed(&checked, &self.item_on_holder(action, &home, holder), "POL-16")?;
        self.changeable(&home, holder)?;
        if by == DeletionBy::Api {
            let conflict = RefusalCode::DeleteConflict;
            require(!self.is_laden(&home, holder)?, conflict, "POL-11", "something hangs on the entity")?;
        }
        let account = self.account_mut(&home)?;
        match holder {
            Holder::User(name) => {
                account.users.remove(name);
            }
            Holder::Group(name) => {
                account.groups.remove(name);
                for user in account.users.values_mut() {
                    user.groups.remove(name);
                }
            }
            Holder::Role(name) => {
                account.roles.remove(name);
                for profile in account.instance_profiles.values_mut() {
                    profile.role = profile.role.take().filter(|role| role != name);
                }
            }
        }
        Ok(Answer::Nothing)
    }

    /// Whether something hangs on the entity that stands against its deletion.
    // Rule: POL-11.
    fn is_laden(&self, home: &Home, holder: &Holder) -> Stepping<bool> {
        let held = self.held(home, holder)?;
        let policies = !held.inline.is_empty() || !held.attached.is_empty();
        let account = self.world.accounts.get(&home.account);
        Ok(policies
            || account.is_some_and(|account| match holder {
                Holder::User(name) => account.users.get(name).is_some_and(|user| {
                    !user.groups.is_empty()
                        || !user.access_keys.is_empty()
                        || !user.mfa_devices.is_empty()
                        || user.login_profile == LoginProfile::Present
                }),
                Holder::Group(name) => account.users.values().any(|user| user.groups.contains(name)),
                Holder::Role(name) => {
                    account.instance_profiles.values().any(|profile| profile.role.as_ref() == Some(name))
                }
            }))
    }

    /// The user of a call on a membership, once it is allowed on the group.
    fn member(&mut self, action: &str, user: &str, group: &str) -> Stepping<(Home, &mut User)> {
        let member = Holder::User(user.to_owned());
        let of = Holder::Group(group.to_owned());
        Self::named(&member)?;
        Self::named(&of)?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        self.allowed(&checked, &self.item_on_holder(action, &home, &of), "POL-16")?;
        self.there(&home, &of)?;
        self.there(&home, &member)?;
        let found = self.world.accounts.get_mut(&home.account);
        match found.and_then(|account| account.users.get_mut(user)) {
            Some(user) => Ok((home, user)),
            None => Err(super::calls::defect("a user that is not there")),
        }
    }

    // Rule: POL-8.
    fn join(&mut self, action: &str, user: &str, group: &str) -> Stepping<Answer> {
        let (_, user) = self.member(action, user, group)?;
        let fits = user.groups.contains(group) || user.groups.len() < MOST_GROUPS;
        require(fits, RefusalCode::LimitExceeded, "POL-8", "the user is in as many groups as may be")?;
        user.groups.insert(group.to_owned());
        Ok(Answer::Nothing)
    }

    // Rule: POL-8.
    fn leave(&mut self, action: &str, user: &str, group: &str) -> Stepping<Answer> {
        let (_, user) = self.member(action, user, group)?;
        let known = user.groups.contains(group);
        require(known, RefusalCode::NoSuchEntity, "POL-13", "the user is not in the group")?;
        user.groups.remove(group);
        Ok(Answer::Nothing)
    }

    // Rules: KEY-6, STS-3.
    fn tag(&mut self, action: &str, holder: &Holder, tags: &[(String, String)]) -> Stepping<Answer> {
        Self::named(holder)?;
        require(names::are_tags(tags), RefusalCode::ValidationError, "STS-3", "no tags")?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        let mut item = self.item_on_holder(action, &home, holder);
        item.pass_tags(tags);
        self.allowed(&checked, &item, "POL-16")?;
        let mut all = self.there(&home, holder)?.tags;
        for (key, value) in tags {
            all.set(key, value);
        }
        let fits = all.iter().count() <= MOST_TAGS;
        require(fits, RefusalCode::LimitExceeded, "STS-3", "as many tags as may be")?;
        self.set_tags(&home, holder, all)
    }

    // Rules: KEY-4, KEY-6.
    fn untag(&mut self, action: &str, holder: &Holder, keys: &[String]) -> Stepping<Answer> {
        Self::named(holder)?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        let mut item = self.item_on_holder(action, &home, holder);
        item.pass_tag_keys(keys.to_vec());
        self.allowed(&checked, &item, "POL-16")?;
        let mut all = self.there(&home, holder)?.tags;
        for key in keys {
            all.remove(key);
        }
        self.set_tags(&home, holder, all)
    }

    fn set_tags(&mut self, home: &Home, holder: &Holder, tags: Tags) -> Stepping<Answer> {
        let account = self.account_mut(home)?;
        match holder {
            Holder::User(name) => {
                if let Some(user) = account.users.get_mut(name) {
                    user.tags = tags;
                }
            }
            Holder::Role(name) => {
                if let Some(role) = account.roles.get_mut(name) {
                    role.tags = tags;
                }
            }
            Holder::Group(_) => return Err(Stop::unusable("a group has no tags")),
        }
        Ok(Answer::Nothing)
    }

    /// The item of a call on an instance profile.
    fn item_on_profile(&self, action: &str, home: &Home, name: &str) -> Item {
        let account = self.world.accounts.get(&home.account);
        let known = account.and_then(|account| account.instance_profiles.get(name));
        let path = known.map_or("/", |profile| &profile.path);
        Item::plain(action, home.arn("instance-profile", path, name), Some(&home.account))
    }

    // Rule: GEN-9.
    fn create_profile(&mut self, action: &str, name: &str, path: &str) -> Stepping<Answer> {
        let fits = names::is_name(name, 128) && names::is_path(path);
        require(fits, RefusalCode::ValidationError, "GEN-9", "no name of an instance profile")?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        let arn = home.arn("instance-profile", path, name);
        self.allowed(&checked, &Item::plain(action, &arn, Some(&home.account)), "POL-16")?;
        let account = self.account_mut(&home)?;
        let taken = account.instance_profiles.keys().any(|known| known.eq_ignore_ascii_case(name));
        require(!taken, RefusalCode::EntityAlreadyExists, "GEN-9", "the name is taken")?;
        let profile = InstanceProfile { path: path.to_owned(), role: None };
        account.instance_profiles.insert(name.to_owned(), profile);
        Ok(Answer::Created(Created { arn, id: None }))
    }

    /// An instance profile, once the call on it is allowed.
    fn profile(&mut self, action: &str, name: &str) -> Stepping<(Home, &mut InstanceProfile)> {
        let fits = names::is_name(name, 128);
        require(fits, RefusalCode::ValidationError, "GEN-9", "no name of an instance profile")?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        self.allowed(&checked, &self.item_on_profile(action, &home, name), "POL-16")?;
        let account = self.world.accounts.get_mut(&home.account);
        match account.and_then(|account| account.instance_profiles.get_mut(name)) {
            Some(profile) => Ok((home, profile)),
            None => {
                let message = "there is no such instance profile";
                Err(Stop::refused(RefusalCode::NoSuchEntity, "POL-13", message))
            }
        }
    }

    // Rule: POL-11.
    fn delete_profile(&mut self, action: &str, name: &str) -> Stepping<Answer> {
        let (home, profile) = self.profile(action, name)?;
        let empty = profile.role.is_none();
        require(empty, RefusalCode::DeleteConflict, "POL-11", "the instance profile has a role")?;
        self.account_mut(&home)?.instance_profiles.remove(name);
        Ok(Answer::Nothing)
    }

    // Rules: PASS-1, PASS-6, PASS-9.
    fn add_to_profile(&mut self, action: &str, name: &str, role: &str) -> Stepping<Answer> {
        let holder = Holder::Role(role.to_owned());
        Self::named(&holder)?;
        let fits = names::is_name(name, 128);
        require(fits, RefusalCode::ValidationError, "GEN-9", "no name of an instance profile")?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        let item = self.item_on_profile(action, &home, name);
        self.allowed(&checked, &item, "POL-16")?;
        let role_arn = self.item_on_holder(action, &home, &holder).resource;
        let service = "ec2.amazonaws.com".to_owned();
        self.may_pass(&checked, &role_arn, Some(&service), &item.resource)?;
        let (_, profile) = self.profile(action, name)?;
        let carried = profile.role.clone();
        self.there(&home, &holder)?;
        self.trusts(&role_arn, &service)?;
        let free = carried.is_none();
        require(free, RefusalCode::LimitExceeded, "PASS-9", "the instance profile has a role already")?;
        let (_, profile) = self.profile(action, name)?;
        profile.role = Some(role.to_owned());
        Ok(Answer::Nothing)
    }

    // Rule: PASS-9.
    fn remove_from_profile(&mut self, action: &str, name: &str, role: &str) -> Stepping<Answer> {
        Self::named(&Holder::Role(role.to_owned()))?;
        let (_, profile) = self.profile(action, name)?;
        let carried = profile.role.as_deref() == Some(role);
        require(
            carried,
            RefusalCode::NoSuchEntity,
            "POL-13",
            "the instance profile has another role, or none",
        )?;
        profile.role = None;
        Ok(Answer::Nothing)
    }
}
