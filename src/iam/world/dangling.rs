//! What cannot be in a world: references to what is not there, and counts that no sequence of operations reaches.

use std::collections::BTreeSet;
use std::fmt;

use super::{Account, HolderPolicies, ManagedPolicy, Organization, Role, Unit, World};
use crate::iam::arn::is_account_id;
use crate::iam::policy::Policy;
use crate::iam::principal::PrincipalEntry;

/// How deep organizational units may lie below the root (GEN-4).
pub const DEEPEST_UNIT: usize = 5;

/// Something in a world that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dangling {
    /// Where: names of fields, accounts, users and so on, as `corpus/README.md` has them, from the world's top.
    pub path: Vec<String>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Dangling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at `/{}`: {}", self.path.join("/"), self.message)
    }
}

type Check = Result<(), Dangling>;

/// A place in a world, named from the top.
#[derive(Clone)]
struct Path(Vec<String>);

impl Path {
    fn of(parts: &[&str]) -> Path {
        Path(parts.iter().map(|part| (*part).to_owned()).collect())
    }

    fn and(&self, part: &str) -> Path {
        let mut path = self.clone();
        path.0.push(part.to_owned());
        path
    }

    fn refuse<T>(&self, message: impl Into<String>) -> Result<T, Dangling> {
        Err(Dangling { path: self.0.clone(), message: message.into() })
    }
}

impl World {
    /// Looks for something that cannot be.
    ///
    /// # Errors
    ///
    /// The first that is found.
    pub fn check(&self) -> Result<(), Dangling> {
        for (id, account) in &self.accounts {
            let path = Path::of(&["accounts", id]);
            if !is_account_id(id) {
                return path.refuse(format!("`{id}` is no account id of 12 digits"));
            }
            self.check_account(id, account, &path)?;
        }
        for (arn, policy) in &self.aws_managed {
            check_versions(policy, &Path::of(&["awsManagedPolicies", arn]))?;
        }
        self.check_ids()?;
        let mut members = BTreeSet::new();
        for (id, organization) in &self.organizations {
            self.check_organization(organization, &mut members, &Path::of(&["organizations", id]))?;
        }
        for (arn, resource) in &self.resources {
            let path = Path::of(&["resources", arn]);
            self.check_account_exists(&resource.account, &path.and("account"))?;
            if let Some(passed) = &resource.passed_role
                && self.role_by_id(&passed.role).is_none_or(|role| role.account_id != passed.account)
            {
                return path.and("passedRole").refuse("the account has no such role");
            }
        }
        for (id, endpoint) in &self.endpoints {
            self.check_account_exists(&endpoint.account, &Path::of(&["endpoints", id, "account"]))?;
        }
        Ok(())
    }

    /// No two users, groups, roles or customer managed policies have one id (GEN-10).
    fn check_ids(&self) -> Check {
        let mut seen = BTreeSet::new();
        for (account_id, account) in &self.accounts {
            let users = account.users.iter().map(|(name, user)| ("users", name.as_str(), &user.id));
            let groups = account.groups.iter().map(|(name, group)| ("groups", name.as_str(), &group.id));
            let roles = account.roles.iter().map(|(name, role)| ("roles", name.as_str(), &role.id));
            let policies = account.policies.iter().map(|(arn, policy)| {
                ("policies", arn.rsplit('/').next().unwrap_or(arn.as_str()), &policy.id)
            });
            for (field, name, id) in users.chain(groups).chain(roles).chain(policies) {
                if !seen.insert(id) {
                    let path = Path::of(&["accounts", account_id, field, name, "id"]);
                    return path.refuse(format!("the id `{id}` is another one's already"));
                }
            }
        }
        Ok(())
    }

    /// A device is one user's (STS-15).
    fn check_devices(account: &Account, path: &Path) -> Check {
        let mut seen: BTreeSet<&String> = account.root_mfa_devices.keys().collect();
        for (name, user) in &account.users {
            if let Some(serial) = user.mfa_devices.keys().find(|serial| !seen.insert(serial)) {
                let path = path.and("users").and(name).and("mfaDevices");
                return path.refuse(format!("the device `{serial}` is another one's already"));
            }
        }
        Ok(())
    }

    fn check_account_exists(&self, account: &str, path: &Path) -> Check {
        if self.accounts.contains_key(account) {
            Ok(())
        } else {
            path.refuse(format!("the world has no account `{account}`"))
        }
    }

    fn check_account(&self, id: &str, account: &Account, path: &Path) -> Check {
        World::check_devices(account, path)?;
        for (name, group) in &account.groups {
            self.check_policies(id, &group.policies, &path.and("groups").and(name))?;
        }
        for (name, user) in &account.users {
            let path = path.and("users").and(name);
            self.check_policies(id, &user.policies, &path)?;
            self.check_boundary(id, user.boundary.as_deref(), &path)?;
            if let Some(group) = user.groups.iter().find(|group| !account.groups.contains_key(*group)) {
                return path.and("groups").refuse(format!("the account has no group `{group}`"));
            }
        }
        for (name, role) in &account.roles {
            let path = path.and("roles").and(name);
            self.check_policies(id, &role.policies, &path)?;
            self.check_boundary(id, role.boundary.as_deref(), &path)?;
            self.check_role(role, &path)?;
        }
        for (arn, policy) in &account.policies {
            let name = arn.rsplit('/').next().unwrap_or(arn);
            check_versions(policy, &path.and("policies").and(name))?;
        }
        for (name, profile) in &account.instance_profiles {
            if let Some(role) = profile.role.as_ref().filter(|role| !account.roles.contains_key(*role)) {
                let path = path.and("instanceProfiles").and(name).and("role");
                return path.refuse(format!("the account has no role `{role}`"));
            }
        }
        Ok(())
    }

    fn check_role(&self, role: &Role, path: &Path) -> Check {
        if let Some(stranger) = self.stranger_of(&role.trust.policy) {
            return path.and("trust").refuse(format!("there is no `{stranger}`, which the policy names"));
        }
        if !(3_600..=43_200).contains(&role.max_session_duration) {
            let message = "MaxSessionDuration is 3600 to 43200 seconds";
            return path.and("maxSessionDuration").refuse(message);
        }
        if role.boundary.is_some() && role.path.starts_with("/aws-service-role/") {
            return path.and("boundary").refuse("a service-linked role cannot have a boundary");
        }
        Ok(())
    }

    fn check_policies(&self, account: &str, policies: &HolderPolicies, path: &Path) -> Check {
        match policies.attached.iter().find(|arn| !self.is_policy_of(account, arn)) {
            Some(arn) => path.and("attached").refuse(format!("there is no policy `{arn}` to attach here")),
            None => Ok(()),
        }
    }

    fn check_boundary(&self, account: &str, boundary: Option<&str>, path: &Path) -> Check {
        match boundary.filter(|arn| !self.is_policy_of(account, arn)) {
            Some(arn) => path.and("boundary").refuse(format!("there is no policy `{arn}` to limit this one")),
            None => Ok(()),
        }
    }

    fn is_policy_of(&self, account: &str, arn: &str) -> bool {
        self.aws_managed.contains_key(arn)
            || self.accounts.get(account).is_some_and(|account| account.policies.contains_key(arn))
    }

    /// A user or role that a policy names by its ARN and that is not there.
    pub fn stranger_of<'p>(&self, policy: &'p Policy) -> Option<&'p str> {
        let listed = policy.statements.iter().filter_map(|statement| statement.principal.as_ref());
        listed.flat_map(|selection| &selection.listed().entries).find_map(|entry| match entry {
            PrincipalEntry::User(arn) if self.user_by_arn(arn).is_none() => Some(arn.as_str()),
            PrincipalEntry::Role(arn) if self.role_by_arn(arn).is_none() => Some(arn.as_str()),
            PrincipalEntry::User(_)
            | PrincipalEntry::Role(_)
            | PrincipalEntry::Everyone
            | PrincipalEntry::EveryoneAws
            | PrincipalEntry::AccountId(_)
            | PrincipalEntry::AccountRoot { .. }
            | PrincipalEntry::AssumedRole(_)
            | PrincipalEntry::FederatedUser(_)
            | PrincipalEntry::UniqueId(_)
            | PrincipalEntry::Service(_)
            | PrincipalEntry::Federated(_)
            | PrincipalEntry::CanonicalUser(_) => None,
        })
    }

    fn check_organization<'w>(
        &'w self,
        organization: &'w Organization,
        members: &mut BTreeSet<&'w str>,
        path: &Path,
    ) -> Check {
        let before = members.len();
        let mut waiting: Vec<(&Unit, usize)> = vec![(&organization.root, 0)];
        let mut own = BTreeSet::new();
        let mut units = BTreeSet::new();
        while let Some((unit, depth)) = waiting.pop() {
            if depth > DEEPEST_UNIT {
                return path.refuse(format!("`{}` lies deeper than {DEEPEST_UNIT} units", unit.id));
            }
            if !units.insert(unit.id.as_str()) {
                return path.refuse(format!("two units have the id `{}`", unit.id));
            }
            for account in unit.accounts.keys() {
                self.check_account_exists(account, path)?;
                if !members.insert(account) {
                    return path.refuse(format!("the account `{account}` stands in organizations twice"));
                }
                own.insert(account.as_str());
            }
            waiting.extend(unit.units.iter().map(|unit| (unit, depth + 1)));
        }
        if members.len() == before || !own.contains(organization.management_account.as_str()) {
            let message =
                format!("the management account `{}` is not in it", organization.management_account);
            return path.and("management").refuse(message);
        }
        Ok(())
    }
}

/// The most versions of one policy (POL-2).
pub const MOST_VERSIONS: usize = 5;

fn check_versions(policy: &ManagedPolicy, path: &Path) -> Check {
    let ManagedPolicy { versions, default_version, next_version, .. } = policy;
    if versions.is_empty() || versions.len() > MOST_VERSIONS {
        return path.refuse(format!("a policy has 1 to {MOST_VERSIONS} versions"));
    }
    if !versions.contains_key(default_version) {
        return path.and("default").refuse(format!("there is no version {default_version}"));
    }
    match versions.keys().find(|version| *version >= next_version || version.0 == 0) {
        Some(version) => path.refuse(format!("{version} cannot come before {next_version}, the next one")),
        None => Ok(()),
    }
}
