//! What users, groups and roles hold: attached and inline policies, boundaries, trust policies; and the policies of resources (POL-8 to POL-16).

use super::acting::{Checked, single};
use super::calls::defect;
use super::deciding::Item;
use super::managed::{Wish, most_attached};
use super::{Moment, Stepping, Stop, binding, documents, names, require};
use crate::iam::operation::{PolicyOperation, PolicyText};
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::policy::PolicyType;
use crate::iam::request::{Caller, ResourcePolicyMark};
use crate::iam::tags::Tags;
use crate::iam::world::{Account, Holder, HolderPolicies, Resource};
use crate::model::lifecycle::Operation;

/// Where the caller's own account begins the ARNs of what lives in it.
pub(super) struct Home {
    pub(super) partition: String,
    pub(super) account: String,
}

impl Home {
    pub(super) fn arn(&self, kind: &str, path: &str, name: &str) -> String {
        format!("arn:{}:iam::{}:{kind}{path}{name}", self.partition, self.account)
    }
}

/// What is known of a holder: its path, tags and boundary. What is not there has the path `/` and nothing else.
pub(super) struct Known {
    pub(super) is_there: bool,
    path: String,
    pub(super) tags: Tags,
    pub(super) boundary: Option<String>,
    service_linked: bool,
}

impl Moment<'_> {
    /// The caller of an operation that must be signed.
    pub(super) fn checked(&self) -> Stepping<Checked> {
        self.acting(&Caller::Anonymous)
    }

    pub(super) fn home(&self, checked: &Checked) -> Stepping<Home> {
        let (partition, account) = self.own_account(checked)?;
        Ok(Home { partition, account })
    }

    pub(super) fn known(&self, home: &Home, holder: &Holder) -> Known {
        let account = self.world.accounts.get(&home.account);
        let nothing = Known {
            is_there: false,
            path: "/".to_owned(),
            tags: Tags::new(),
            boundary: None,
            service_linked: false,
        };
        let found = account.and_then(|account| match holder {
            Holder::User(name) => account.users.get(name).map(|user| Known {
                is_there: true,
                path: user.path.clone(),
                tags: user.tags.clone(),
                boundary: user.boundary.clone(),
                service_linked: false,
            }),
            Holder::Group(name) => account.groups.get(name).map(|group| Known {
                is_there: true,
                path: group.path.clone(),
                tags: Tags::new(),
                boundary: None,
                service_linked: false,
            }),
            Holder::Role(name) => account.roles.get(name).map(|role| Known {
                is_there: true,
                path: role.path.clone(),
                tags: role.tags.clone(),
                boundary: role.boundary.clone(),
                service_linked: role.path.starts_with("/aws-service-role/"),
            }),
        });
        found.unwrap_or(nothing)
    }

    /// The item of an operation on a holder.
    // Rule: POL-16.
    pub(super) fn item_on_holder(&self, action: &str, home: &Home, holder: &Holder) -> Item {
        let known = self.known(home, holder);
        let arn = home.arn(holder.kind(), &known.path, holder.name());
        let mut item = Item::plain(action, arn, Some(&home.account));
        item.show_tags(&known.tags);
        item
    }

    /// Whether the name of a holder is one.
    // Rule: GEN-9.
    pub(super) fn named(holder: &Holder) -> Stepping<()> {
        let most = match holder {
            Holder::User(_) | Holder::Role(_) => 64,
            Holder::Group(_) => 128,
        };
        let fits = names::is_name(holder.name(), most);
        require(fits, RefusalCode::ValidationError, "GEN-9", "no name of a user, group or role")
    }

    /// Whether the holder is there and may be changed.
    // Rules: POL-12, POL-13.
    pub(super) fn changeable(&self, home: &Home, holder: &Holder) -> Stepping<Known> {
        let known = self.there(home, holder)?;
        let code = RefusalCode::UnmodifiableEntity;
        require(!known.service_linked, code, "POL-12", "the role is linked to a service")?;
        Ok(known)
    }

    pub(super) fn there(&self, home: &Home, holder: &Holder) -> Stepping<Known> {
        let known = self.known(home, holder);
        require(known.is_there, RefusalCode::NoSuchEntity, "POL-13", "there is no such user, group or role")?;
        Ok(known)
    }

    pub(super) fn policy(&mut self, operation: &PolicyOperation) -> Stepping<Answer> {
        let action = operation.action();
        match operation {
            PolicyOperation::CreatePolicy { name, path, document } => {
                self.create_policy(name, path, document)
            }
            PolicyOperation::CreatePolicyVersion { policy, document, default } => {
                let wish = Wish { default: *default, ..Wish::new(Operation::CreateVersion, policy) };
                self.change_policy(&action, wish, Some(document))
            }
            PolicyOperation::SetDefaultPolicyVersion { policy, version } => {
                let wish = Wish { version: Some(*version), ..Wish::new(Operation::SetDefault, policy) };
                self.change_policy(&action, wish, None)
            }
            PolicyOperation::DeletePolicyVersion { policy, version } => {
                let wish = Wish { version: Some(*version), ..Wish::new(Operation::DeleteVersion, policy) };
                self.change_policy(&action, wish, None)
            }
            PolicyOperation::DeletePolicy { policy } => {
                self.change_policy(&action, Wish::new(Operation::Delete, policy), None)
            }
            PolicyOperation::TagPolicy { policy, tags } => self.tag_policy(policy, tags),
            PolicyOperation::Attach { holder, policy } => self.attach(&action, holder, policy),
            PolicyOperation::Detach { holder, policy } => self.detach(&action, holder, policy),
            PolicyOperation::PutInline { holder, name, document } => {
                self.put_inline(&action, holder, name, document)
            }
            PolicyOperation::DeleteInline { holder, name } => self.delete_inline(&action, holder, name),
            PolicyOperation::PutBoundary { holder, policy } => self.put_boundary(&action, holder, policy),
            PolicyOperation::DeleteBoundary { holder } => self.delete_boundary(&action, holder),
            PolicyOperation::UpdateTrust { role, document } => self.update_trust(&action, role, document),
            PolicyOperation::PutResourcePolicy { resource, document, .. } => {
                self.put_resource_policy(&action, resource, document)
            }
            PolicyOperation::DeleteResourcePolicy { resource, .. } => {
                self.delete_resource_policy(&action, resource)
            }
        }
    }

    /// The item of a call that attaches or detaches.
    // Rule: KEY-5.
    fn attaching(&self, action: &str, home: &Home, holder: &Holder, policy: &str) -> Item {
        let mut item = self.item_on_holder(action, home, holder);
        item.keys.push(single("iam:PolicyARN", policy));
        let boundary = self.known(home, holder).boundary;
        item.keys.extend(boundary.map(|boundary| single("iam:PermissionsBoundary", boundary)));
        item
    }

    // Rules: POL-8, POL-12, POL-14.
    fn attach(&mut self, action: &str, holder: &Holder, policy: &str) -> Stepping<Answer> {
        Self::named(holder)?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        self.allowed(&checked, &self.attaching(action, &home, holder, policy), "POL-16")?;
        self.there(&home, holder)?;
        let known = self.managed(&home.account, policy).is_some();
        require(known, RefusalCode::NoSuchEntity, "POL-13", "there is no such policy")?;
        self.changeable(&home, holder)?;
        let attached = &self.held(&home, holder)?.attached;
        let wish = Wish {
            attached: attached.contains(policy),
            holder_is_full: attached.len() >= most_attached(holder),
            ..Wish::new(Operation::Attach, policy)
        };
        self.attachment(&home.account, wish)?;
        self.held_mut(&home, holder)?.attached.insert(policy.to_owned());
        Ok(Answer::Nothing)
    }

    // Rules: POL-12, POL-14.
    fn detach(&mut self, action: &str, holder: &Holder, policy: &str) -> Stepping<Answer> {
        Self::named(holder)?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        self.allowed(&checked, &self.attaching(action, &home, holder, policy), "POL-16")?;
        self.changeable(&home, holder)?;
        let attached = self.held(&home, holder)?.attached.contains(policy);
        let wish = Wish { attached, ..Wish::new(Operation::Detach, policy) };
        self.attachment(&home.account, wish)?;
        self.held_mut(&home, holder)?.attached.remove(policy);
        Ok(Answer::Nothing)
    }

    // Rules: POL-9, POL-12, POL-13, GRAM-27.
    fn put_inline(
        &mut self,
        action: &str,
        holder: &Holder,
        name: &str,
        text: &PolicyText,
    ) -> Stepping<Answer> {
        Self::named(holder)?;
        require(names::is_name(name, 128), RefusalCode::ValidationError, "GEN-9", "no name of a policy")?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        self.allowed(&checked, &self.item_with_boundary(action, &home, holder), "POL-16")?;
        self.changeable(&home, holder)?;
        let stored = self.document(text, PolicyType::Identity)?;
        let held = self.held(&home, holder)?;
        let others = held.inline.iter().filter(|(known, _)| *known != name);
        let size: usize = others.map(|(_, stored)| stored.size).sum();
        let fits = size + stored.size <= documents::most_inline(holder);
        require(fits, RefusalCode::LimitExceeded, "GRAM-27", "the inline policies are too long together")?;
        let inline = &mut self.held_mut(&home, holder)?.inline;
        inline.insert(name.to_owned(), stored);
        Ok(Answer::Nothing)
    }

    // Rules: POL-9, POL-12.
    fn delete_inline(&mut self, action: &str, holder: &Holder, name: &str) -> Stepping<Answer> {
        Self::named(holder)?;
        require(names::is_name(name, 128), RefusalCode::ValidationError, "GEN-9", "no name of a policy")?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        self.allowed(&checked, &self.item_with_boundary(action, &home, holder), "POL-16")?;
        self.changeable(&home, holder)?;
        let known = self.held(&home, holder)?.inline.contains_key(name);
        require(known, RefusalCode::NoSuchEntity, "POL-9", "there is no such inline policy")?;
        self.held_mut(&home, holder)?.inline.remove(name);
        Ok(Answer::Nothing)
    }

    /// The item of a call on a holder's own policies, which shows the boundary as attaching does.
    // Rule: KEY-5.
    fn item_with_boundary(&self, action: &str, home: &Home, holder: &Holder) -> Item {
        let mut item = self.item_on_holder(action, home, holder);
        let boundary = self.known(home, holder).boundary;
        item.keys.extend(boundary.map(|boundary| single("iam:PermissionsBoundary", boundary)));
        item
    }

    // Rules: POL-12, POL-15.
    fn put_boundary(&mut self, action: &str, holder: &Holder, policy: &str) -> Stepping<Answer> {
        Self::named(holder)?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        let mut item = self.item_on_holder(action, &home, holder);
        item.keys.push(single("iam:PolicyARN", policy));
        item.keys.push(single("iam:PermissionsBoundary", policy));
        self.allowed(&checked, &item, "POL-16")?;
        self.there(&home, holder)?;
        let known = self.managed(&home.account, policy).is_some();
        require(known, RefusalCode::NoSuchEntity, "POL-15", "there is no such policy")?;
        self.changeable(&home, holder)?;
        self.set_boundary(&home, holder, Some(policy.to_owned()))
    }

    // Rules: POL-12, POL-15.
    fn delete_boundary(&mut self, action: &str, holder: &Holder) -> Stepping<Answer> {
        Self::named(holder)?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        let mut item = self.item_on_holder(action, &home, holder);
        if let Some(boundary) = self.known(&home, holder).boundary {
            item.keys.push(single("iam:PolicyARN", &boundary));
            item.keys.push(single("iam:PermissionsBoundary", boundary));
        }
        self.allowed(&checked, &item, "POL-16")?;
        let known = self.changeable(&home, holder)?;
        require(known.boundary.is_some(), RefusalCode::NoSuchEntity, "POL-15", "there is no boundary")?;
        self.set_boundary(&home, holder, None)
    }

    fn set_boundary(&mut self, home: &Home, holder: &Holder, boundary: Option<String>) -> Stepping<Answer> {
        let account = self.account_mut(home)?;
        match holder {
            Holder::User(name) => {
                if let Some(user) = account.users.get_mut(name) {
                    user.boundary = boundary;
                }
            }
            Holder::Role(name) => {
                if let Some(role) = account.roles.get_mut(name) {
                    role.boundary = boundary;
                }
            }
            Holder::Group(_) => return Err(Stop::unusable("a group has no boundary")),
        }
        Ok(Answer::Nothing)
    }

    // Rules: POL-12, POL-13, PRIN-8.
    fn update_trust(&mut self, action: &str, role: &str, text: &PolicyText) -> Stepping<Answer> {
        let holder = Holder::Role(role.to_owned());
        Self::named(&holder)?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        self.allowed(&checked, &self.item_on_holder(action, &home, &holder), "POL-16")?;
        self.changeable(&home, &holder)?;
        let trust = self.trust(text)?;
        if let Some(role) = self.account_mut(&home)?.roles.get_mut(role) {
            role.trust = trust;
        }
        Ok(Answer::Nothing)
    }

    // Rules: POL-13, PRIN-8, GEN-8.
    fn put_resource_policy(&mut self, action: &str, resource: &str, text: &PolicyText) -> Stepping<Answer> {
        let checked = self.checked()?;
        let item = self.item_on(action, resource, None);
        let reason = self.allowed(&checked, &item, "POL-16")?;
        let stored = self.document(text, PolicyType::Resource)?;
        let bound = binding::bound(&self.world, &stored.policy);
        if let Some(listed) = self.world.resources.get_mut(resource) {
            listed.policy = Some(bound);
        } else {
            let caller = checked.ok().and_then(|acting| acting.caller.account().map(str::to_owned));
            let account = item.owner.or(caller).ok_or_else(|| defect("a resource that nobody owns"))?;
            let unlisted = Resource {
                account,
                policy: Some(bound),
                tags: Tags::new(),
                policy_mark: ResourcePolicyMark::Unmarked,
                passed_role: None,
            };
            self.world.resources.insert(resource.to_owned(), unlisted);
        }
        Ok(Answer::Allowed(reason))
    }

    // Rule: POL-13.
    fn delete_resource_policy(&mut self, action: &str, resource: &str) -> Stepping<Answer> {
        let checked = self.checked()?;
        let reason = self.allowed(&checked, &self.item_on(action, resource, None), "POL-16")?;
        if let Some(resource) = self.world.resources.get_mut(resource) {
            resource.policy = None;
        }
        Ok(Answer::Allowed(reason))
    }

    pub(super) fn account_mut(&mut self, home: &Home) -> Stepping<&mut Account> {
        self.world.accounts.get_mut(&home.account).ok_or_else(|| defect("a caller of no account"))
    }

    pub(super) fn held(&self, home: &Home, holder: &Holder) -> Stepping<&HolderPolicies> {
        let account = self.world.accounts.get(&home.account);
        let held = account.and_then(|account| match holder {
            Holder::User(name) => account.users.get(name).map(|user| &user.policies),
            Holder::Group(name) => account.groups.get(name).map(|group| &group.policies),
            Holder::Role(name) => account.roles.get(name).map(|role| &role.policies),
        });
        held.ok_or_else(|| defect("a holder that is not there"))
    }

    fn held_mut(&mut self, home: &Home, holder: &Holder) -> Stepping<&mut HolderPolicies> {
        let account = self.account_mut(home)?;
        let held = match holder {
            Holder::User(name) => account.users.get_mut(name).map(|user| &mut user.policies),
            Holder::Group(name) => account.groups.get_mut(name).map(|group| &mut group.policies),
            Holder::Role(name) => account.roles.get_mut(name).map(|role| &mut role.policies),
        };
        held.ok_or_else(|| defect("a holder that is not there"))
    }
}
