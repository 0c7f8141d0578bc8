//! The part of a world that one call can depend on: the caller, the role that is called upon, a resource, and what hangs on them.
//!
//! A call looks at nothing else of a large account, and every call is asked in a world of its own.

use std::collections::BTreeSet;

use crate::iam::arn::Arn;
use crate::iam::world::{HolderPolicies, Session, SessionKind, World};
use crate::model::sts;

use super::place::{Place, Standing};

/// The name under which the session is kept with which a caller signs.
pub const HELD: &str = "held";

/// A world with its parts.
#[derive(Debug)]
pub struct Parts<'w> {
    whole: &'w World,
    /// All but users, groups, roles, their policies, and resources.
    bare: World,
}

/// What a call is about.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// Nothing that has an ARN in the world.
    Nothing,
    /// The role with this ARN.
    Role(&'a str),
    /// A resource, and the role that it was handed, if it was.
    Resource(&'a str),
}

impl<'w> Parts<'w> {
    /// The parts of a world that has begun.
    pub fn of(whole: &'w World) -> Parts<'w> {
        let mut accounts = std::collections::BTreeMap::new();
        for (id, account) in &whole.accounts {
            let mut bare = crate::iam::world::Account::empty(account.partition.clone());
            bare.saml_providers.clone_from(&account.saml_providers);
            bare.oidc_providers.clone_from(&account.oidc_providers);
            bare.root_access_keys.clone_from(&account.root_access_keys);
            bare.root_mfa_devices.clone_from(&account.root_mfa_devices);
            accounts.insert(id.clone(), bare);
        }
        let bare = World {
            accounts,
            organizations: whole.organizations.clone(),
            endpoints: whole.endpoints.clone(),
            assertions: whole.assertions.clone(),
            tokens: whole.tokens.clone(),
            fresh: whole.fresh,
            ..World::empty(whole.profile, whole.now)
        };
        Parts { whole, bare }
    }

    /// The part around a caller and what it calls upon; the session with which it signs is issued at an instant.
    pub fn around(&self, place: &Place, about: About<'_>, issued: i64) -> World {
        let mut part = self.bare.clone();
        match &place.standing {
            Standing::User(arn) => self.add_user(&mut part, arn),
            Standing::Session(session) => {
                match &session.kind {
                    SessionKind::Role { role, .. } => {
                        if let Some(role) = self.whole.role_by_id(role) {
                            self.add_role(&mut part, &role.arn());
                        }
                    }
                    SessionKind::User { user }
                    | SessionKind::Federated { source: crate::iam::world::Federating::User(user), .. } => {
                        if let Some(user) = self.whole.user_by_id(user) {
                            self.add_user(&mut part, &user.arn());
                        }
                    }
                    SessionKind::Root
                    | SessionKind::Federated { source: crate::iam::world::Federating::Root, .. } => {}
                }
                if let Some(session) = place.issued_at(session, issued) {
                    part.sessions.insert(HELD.to_owned(), session);
                }
            }
            Standing::Root(_) | Standing::Service(_) | Standing::Nobody => {}
        }
        match about {
            About::Nothing => {}
            About::Role(arn) => self.add_role(&mut part, arn),
            About::Resource(arn) => self.add_resource(&mut part, arn),
        }
        place.use_codes(&mut part);
        part
    }

    fn add_user(&self, part: &mut World, arn: &str) {
        let Some(user) = self.whole.user_by_arn(arn) else { return };
        let Some(account) = part.accounts.get_mut(user.account_id) else { return };
        account.users.insert(user.name.to_owned(), user.found.clone());
        let mut managed: BTreeSet<&String> = user.found.boundary.iter().collect();
        managed.extend(&user.found.policies.attached);
        for name in &user.found.groups {
            if let Some(group) = user.account.groups.get(name) {
                managed.extend(&group.policies.attached);
                account.groups.insert(name.clone(), group.clone());
            }
        }
        self.add_managed(part, managed);
    }

    fn add_role(&self, part: &mut World, arn: &str) {
        let Some(role) = self.whole.role_by_arn(arn) else { return };
        let Some(account) = part.accounts.get_mut(role.account_id) else { return };
        account.roles.insert(role.name.to_owned(), role.found.clone());
        let HolderPolicies { attached, .. } = &role.found.policies;
        self.add_managed(part, role.found.boundary.iter().chain(attached));
    }

    fn add_managed<'p>(&self, part: &mut World, policies: impl IntoIterator<Item = &'p String>) {
        for arn in policies {
            let Some(found) = self.whole.managed_policy(arn) else { continue };
            if self.whole.aws_managed.contains_key(arn) {
                part.aws_managed.insert(arn.clone(), found.clone());
            } else if let Some(account) = Arn::parse(arn).and_then(|arn| part.accounts.get_mut(arn.account)) {
                account.policies.insert(arn.clone(), found.clone());
            }
        }
    }

    /// The resource, the bucket of an object, a role or user that is named, and the role that was handed over.
    fn add_resource(&self, part: &mut World, arn: &str) {
        let bucket = Arn::parse(arn).and_then(|parsed| {
            let (name, _) = parsed.resource.split_once('/')?;
            Some(Arn { resource: name, ..parsed }.to_string())
        });
        for arn in [Some(arn.to_owned()), bucket].into_iter().flatten() {
            let Some(resource) = self.whole.resources.get(&arn) else { continue };
            part.resources.insert(arn, resource.clone());
            let role = resource.passed_role.as_ref().and_then(|passed| self.whole.role_by_id(&passed.role));
            if let Some(role) = role {
                self.add_role(part, &role.arn());
            }
        }
        self.add_role(part, arn);
        self.add_user(part, arn);
    }

    /// The world that the parts are of.
    pub fn whole(&self) -> &'w World {
        self.whole
    }
}

/// The kind of a session in the relation.
pub fn kind_of(session: &Session) -> sts::SessionKind {
    match session.kind {
        SessionKind::Role { .. } => sts::SessionKind::Role,
        SessionKind::User { .. } => sts::SessionKind::User,
        SessionKind::Root => sts::SessionKind::Root,
        SessionKind::Federated { .. } => sts::SessionKind::Federated,
    }
}
