//! Finds users, roles and policies by ARN and by unique id.

use super::{Account, Group, ManagedPolicy, Role, User, World};
use crate::iam::arn::Arn;
use crate::iam::request::Entity;

/// A user, group or role, and where it lives.
#[derive(Debug)]
pub struct Located<'w, T> {
    /// The id of the account.
    pub account_id: &'w str,
    /// The account.
    pub account: &'w Account,
    /// The name within the account.
    pub name: &'w str,
    /// The user or role.
    pub found: &'w T,
}

impl<T> Clone for Located<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Located<'_, T> {}

impl Located<'_, User> {
    /// The fields of its ARN.
    pub fn entity(&self) -> Entity {
        entity(self.account, self.account_id, &self.found.path, self.name)
    }

    /// Its ARN.
    pub fn arn(&self) -> String {
        self.entity().arn("user")
    }
}

impl Located<'_, Role> {
    /// The fields of its ARN.
    pub fn entity(&self) -> Entity {
        entity(self.account, self.account_id, &self.found.path, self.name)
    }

    /// Its ARN.
    pub fn arn(&self) -> String {
        self.entity().arn("role")
    }
}

impl Located<'_, Group> {
    /// Its ARN.
    pub fn arn(&self) -> String {
        entity(self.account, self.account_id, &self.found.path, self.name).arn("group")
    }
}

fn entity(account: &Account, account_id: &str, path: &str, name: &str) -> Entity {
    Entity {
        partition: account.partition.clone(),
        account: account_id.to_owned(),
        path: path.to_owned(),
        name: name.to_owned(),
    }
}

impl World {
    /// The account with this id, with the id as the world holds it.
    fn account_of(&self, id: &str) -> Option<(&str, &Account)> {
        self.accounts.get_key_value(id).map(|(id, account)| (id.as_str(), account))
    }

    /// The user of an account with this name.
    pub fn user(&self, account: &str, name: &str) -> Option<Located<'_, User>> {
        let (account_id, account) = self.account_of(account)?;
        let (name, found) = account.users.get_key_value(name)?;
        Some(Located { account_id, account, name, found })
    }

    /// The group of an account with this name.
    pub fn group(&self, account: &str, name: &str) -> Option<Located<'_, Group>> {
        let (account_id, account) = self.account_of(account)?;
        let (name, found) = account.groups.get_key_value(name)?;
        Some(Located { account_id, account, name, found })
    }

    /// The role of an account with this name.
    pub fn role(&self, account: &str, name: &str) -> Option<Located<'_, Role>> {
        let (account_id, account) = self.account_of(account)?;
        let (name, found) = account.roles.get_key_value(name)?;
        Some(Located { account_id, account, name, found })
    }

    /// The user with this ARN, its path included.
    pub fn user_by_arn(&self, arn: &str) -> Option<Located<'_, User>> {
        let (account, name) = account_and_name(arn, "user/")?;
        self.user(account, name).filter(|user| user.arn() == arn)
    }

    /// The role with this ARN, its path included.
    pub fn role_by_arn(&self, arn: &str) -> Option<Located<'_, Role>> {
        let (account, name) = account_and_name(arn, "role/")?;
        self.role(account, name).filter(|role| role.arn() == arn)
    }

    /// The user with this unique id.
    pub fn user_by_id(&self, id: &str) -> Option<Located<'_, User>> {
        self.accounts.iter().find_map(|(account_id, account)| {
            let (name, found) = account.users.iter().find(|(_, user)| user.id == id)?;
            Some(Located { account_id, account, name, found })
        })
    }

    /// The role with this unique id.
    pub fn role_by_id(&self, id: &str) -> Option<Located<'_, Role>> {
        self.accounts.iter().find_map(|(account_id, account)| {
            let (name, found) = account.roles.iter().find(|(_, role)| role.id == id)?;
            Some(Located { account_id, account, name, found })
        })
    }

    /// The managed policy with this ARN: one of AWS's, or a customer's in its own account.
    pub fn managed_policy(&self, arn: &str) -> Option<&ManagedPolicy> {
        self.aws_managed.get(arn).or_else(|| {
            let account = Arn::parse(arn)?.account;
            self.accounts.get(account)?.policies.get(arn)
        })
    }
}

/// The account and the last name of an IAM ARN of this kind.
fn account_and_name<'a>(arn: &'a str, kind: &str) -> Option<(&'a str, &'a str)> {
    let arn = Arn::parse(arn)?;
    let rest = arn.resource.strip_prefix(kind)?;
    (arn.service == "iam").then(|| (arn.account, rest.rsplit('/').next().unwrap_or(rest)))
}
