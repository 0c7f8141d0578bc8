//! What a step did, held to the relations of which the laws about all traces are proved: sessions stay as they are ([`crate::model::sts::leaves`]),
//! users, groups and roles come, change and go as the relation of [`crate::model::entity`] has it, and so do assignments and trusts of directories.
//!
//! A step that does what no relation lets it do is a defect of this reading, and told as one.

use std::collections::BTreeSet;

use num_bigint::BigInt;

use super::directories::otherwise;
use super::documents;
use super::untouched::{Part, Touched, changed};
use crate::iam::operation::{
    AccountOperation, Credentials, DeletionBy, Operation as Called, PolicyOperation, Step,
};
use crate::iam::outcome::{Answer, Outcome as CameOut, RefusalCode, Taken};
use crate::iam::policy::PolicyType;
use crate::iam::world::{Account, Holder, HolderPolicies, LoginProfile, StoredPolicy, User, World};
use crate::model::entity::{Change, Entity, Operation, Outcome, change};
use crate::model::modelled::NoAnswer;
use crate::model::sts::{Place, SessionRecord, leaves};
use crate::solver::forced::Forced;
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};

/// Whether the step did what the relations let it do.
///
/// # Errors
///
/// The defect, where it did not.
pub fn held(before: &World, step: &Step, taken: &Taken) -> Result<(), NoAnswer> {
    if let Some(name) = renewed(before, taken) {
        return Err(NoAnswer::Defect(format!("no relation of sessions leaves `{name}` so")));
    }
    let wish = wished(before, step);
    let done = match &taken.outcome {
        CameOut::Done(_) => wish.as_ref(),
        CameOut::Refused(_) => None,
    };
    if let Some(who) = changed(before, &taken.world, done.and_then(Wish::touches).as_ref()) {
        return Err(NoAnswer::Defect(format!("{who} changed in a step that is not about that")));
    }
    if let Some(what) = otherwise(before, step, taken) {
        return Err(NoAnswer::Defect(format!("the relation of directories does not leave {what} so")));
    }
    match wish {
        Some(wish) if !admits(before, &wish, taken) => {
            let name = wish.operation.name();
            let what = format!("the relation of users, groups and roles does not let {name} do this");
            Err(NoAnswer::Defect(what))
        }
        Some(_) | None => Ok(()),
    }
}

/// A session whose place the step left as the relation does not.
// Rule: STS-2.
fn renewed<'w>(before: &'w World, taken: &'w Taken) -> Option<&'w String> {
    let issued = match &taken.outcome {
        CameOut::Done(Answer::Session(name)) => Some(name),
        CameOut::Done(_) | CameOut::Refused(_) => None,
    };
    let after = &taken.world;
    let names: BTreeSet<&String> = before.sessions.keys().chain(after.sessions.keys()).collect();
    names.into_iter().find(|name| {
        let (was, is) = (before.sessions.get(*name), after.sessions.get(*name));
        // A record is a number here: two of them are the same, or not.
        let numbers = (was.map(|_| 0), is.map(|_| i64::from(was.is_some() && was != is)));
        let mut formulas = Formulas::new();
        let mut given = Vec::new();
        let mut values = Values { formulas: &mut formulas, given: &mut given };
        let put = values.truth(issued == Some(*name));
        let [was, is] =
            [("before", numbers.0), ("after", numbers.1)].map(|(when, number)| values.place(when, number));
        let left = leaves(&mut formulas, put, &is.record, &was, &is);
        given.push(left);
        Forced::by_all(&formulas, &given).is_err()
    })
}

/// A change of one name.
struct Wish<'s> {
    /// The account in which the name is one.
    account: String,
    operation: Operation,
    holder: Holder,
    /// The inline policy that is looked at.
    inline: Option<&'s str>,
    /// What it would be saved as.
    put: Option<StoredPolicy>,
    /// The group that is looked at.
    group: Option<String>,
}

impl Wish<'_> {
    /// What a success is about.
    fn touches(&self) -> Option<Touched<'_>> {
        let part = match self.operation {
            Operation::Create => Part::Made,
            Operation::Delete | Operation::DeleteInConsole => Part::Gone,
            Operation::PutInline | Operation::DeleteInline => Part::Inline(self.inline?),
            Operation::Join | Operation::Leave => Part::Membership(self.group.as_deref()?),
            Operation::Elsewhere => return None,
        };
        Some(Touched { account: &self.account, holder: &self.holder, part })
    }
}

/// What the step is to the relation, where it is anything.
fn wished<'s>(before: &World, step: &'s Step) -> Option<Wish<'s>> {
    let account = account_of(before, &step.credentials)?;
    let of = |operation, holder: &Holder| Wish {
        account: account.clone(),
        operation,
        holder: holder.clone(),
        inline: None,
        put: None,
        group: None,
    };
    let membership = |operation, user: &str, group: &str| Wish {
        group: Some(group.to_owned()),
        ..of(operation, &Holder::User(user.to_owned()))
    };
    let mut wish = match &step.operation {
        Called::Account(AccountOperation::CreateUser { name, .. }) => {
            of(Operation::Create, &Holder::User(name.clone()))
        }
        Called::Account(AccountOperation::CreateGroup { name, .. }) => {
            of(Operation::Create, &Holder::Group(name.clone()))
        }
        Called::Account(AccountOperation::CreateRole { name, .. }) => {
            of(Operation::Create, &Holder::Role(name.clone()))
        }
        Called::Account(AccountOperation::Delete { holder, by }) => match by {
            DeletionBy::Api => of(Operation::Delete, holder),
            DeletionBy::Console => of(Operation::DeleteInConsole, holder),
        },
        Called::Account(AccountOperation::AddUserToGroup { user, group }) => {
            membership(Operation::Join, user, group)
        }
        Called::Account(AccountOperation::RemoveUserFromGroup { user, group }) => {
            membership(Operation::Leave, user, group)
        }
        Called::Policy(PolicyOperation::PutInline { holder, name, document }) => {
            let policy = documents::read(document, PolicyType::Identity).policy;
            let put = policy.map(|policy| StoredPolicy::of_text(policy, &document.0));
            Wish { inline: Some(name), put, ..of(Operation::PutInline, holder) }
        }
        Called::Policy(PolicyOperation::DeleteInline { holder, name }) => {
            Wish { inline: Some(name), ..of(Operation::DeleteInline, holder) }
        }
        Called::Sts(_)
        | Called::Pass(_)
        | Called::Policy(_)
        | Called::Account(_)
        | Called::Directory(_)
        | Called::Request(_)
        | Called::Event(_) => return None,
    };
    if wish.operation == Operation::Create
        && let Some(namesake) =
            before.accounts.get(&account).and_then(|account| namesake(account, &wish.holder))
    {
        wish.holder = namesake;
    }
    // Whichever group a user is in will do.
    if let (None, Holder::User(name)) = (&wish.group, &wish.holder) {
        let user = before.accounts.get(&account).and_then(|account| account.users.get(name));
        wish.group = user.and_then(|user| user.groups.first().cloned());
    }
    Some(wish)
}

/// The entity that has the name already, in whatever case.
// Rule: GEN-9.
fn namesake(account: &Account, holder: &Holder) -> Option<Holder> {
    let is_same = |name: &&String| name.eq_ignore_ascii_case(holder.name());
    match holder {
        Holder::User(_) => account.users.keys().find(is_same).cloned().map(Holder::User),
        Holder::Group(_) => account.groups.keys().find(is_same).cloned().map(Holder::Group),
        Holder::Role(_) => account.roles.keys().find(is_same).cloned().map(Holder::Role),
    }
}

/// The account of whoever signs, where the world tells.
fn account_of(world: &World, credentials: &Credentials) -> Option<String> {
    match credentials {
        Credentials::User { arn, .. } => world.user_by_arn(arn).map(|user| user.account_id.to_owned()),
        Credentials::Root { account, .. } => Some(account.clone()),
        Credentials::Session(name) => world.sessions.get(name).map(|session| session.account.clone()),
        Credentials::Foreign(_) | Credentials::Service(_) | Credentials::None => None,
    }
}

/// What a world says of a name.
#[derive(Clone, Copy)]
struct Seen<'w> {
    id: Option<&'w str>,
    inline: Option<&'w StoredPolicy>,
    member: bool,
    other_member: bool,
}

fn seen<'w>(world: &'w World, account: &str, wish: &Wish<'_>) -> Seen<'w> {
    let account = world.accounts.get(account);
    let held = account.and_then(|account| holder(account, &wish.holder));
    let is_in = |user: &User| wish.group.as_ref().is_some_and(|group| user.groups.contains(group));
    let mut users = account.into_iter().flat_map(|account| &account.users);
    let own = |name: &String| matches!(&wish.holder, Holder::User(user) if user == name);
    let inline =
        wish.inline.or_else(|| held.and_then(|(_, held)| held.inline.keys().next().map(String::as_str)));
    Seen {
        id: held.map(|(id, _)| id),
        inline: held.and_then(|(_, held)| held.inline.get(inline?)),
        member: users.clone().any(|(name, user)| own(name) && is_in(user)),
        other_member: users.any(|(name, user)| !own(name) && is_in(user)),
    }
}

fn holder<'w>(account: &'w Account, holder: &Holder) -> Option<(&'w str, &'w HolderPolicies)> {
    match holder {
        Holder::User(name) => account.users.get(name).map(|user| (user.id.as_str(), &user.policies)),
        Holder::Group(name) => account.groups.get(name).map(|group| (group.id.as_str(), &group.policies)),
        Holder::Role(name) => account.roles.get(name).map(|role| (role.id.as_str(), &role.policies)),
    }
}

/// Whether something hangs on the entity beside the inline policy and the group that are looked at.
// Rule: POL-11.
fn is_laden(account: &Account, wish: &Wish<'_>) -> bool {
    let policies = holder(account, &wish.holder)
        .is_some_and(|(_, held)| held.inline.len() > 1 || !held.attached.is_empty());
    policies
        || match &wish.holder {
            Holder::User(name) => account.users.get(name).is_some_and(|user| {
                user.groups.len() > 1
                    || !user.access_keys.is_empty()
                    || !user.mfa_devices.is_empty()
                    || user.login_profile == LoginProfile::Present
            }),
            Holder::Group(name) => account.users.values().any(|user| user.groups.contains(name)),
            Holder::Role(name) => {
                account.instance_profiles.values().any(|profile| profile.role.as_ref() == Some(name))
            }
        }
}

/// Ids as integers: what was there before, and what is new.
const KNOWN_ID: i64 = 0;
const NEW_ID: i64 = 1;

/// Documents as integers: the one that was there before, the one that was passed where it is another, and any other.
const OLD_DOCUMENT: i64 = 0;
const PASSED_DOCUMENT: i64 = 1;
const STRANGE_DOCUMENT: i64 = 2;

/// Whether the relation lets the step come out so, and leave this world.
fn admits(before: &World, wish: &Wish<'_>, taken: &Taken) -> bool {
    let (after, outcome, account) = (&taken.world, &taken.outcome, wish.account.as_str());
    let mut formulas = Formulas::new();
    let mut given = Vec::new();
    let was = seen(before, account, wish);
    let is = seen(after, account, wish);
    let mut values = Values { formulas: &mut formulas, given: &mut given };
    let number = |document: Option<&StoredPolicy>| match document {
        None => OLD_DOCUMENT,
        Some(_) if document == was.inline => OLD_DOCUMENT,
        Some(_) if document == wish.put.as_ref() => PASSED_DOCUMENT,
        Some(_) => STRANGE_DOCUMENT,
    };
    let is_new = |id: &str| was.id != Some(id) && !ids(before).any(|known| known == id);
    let new_id = if is.id.is_some_and(is_new) { NEW_ID } else { KNOWN_ID };
    let highest = if after.fresh > before.fresh { NEW_ID } else { KNOWN_ID };
    let first = values.entity("before", was, [KNOWN_ID, KNOWN_ID, OLD_DOCUMENT]);
    let second = values.entity("after", is, [new_id, highest, number(is.inline)]);
    let home = before.accounts.get(account);
    let group_exists =
        home.is_some_and(|home| wish.group.as_ref().is_some_and(|group| home.groups.contains_key(group)));
    let linked = match &wish.holder {
        Holder::Role(name) => home
            .and_then(|home| home.roles.get(name))
            .is_some_and(|role| role.path.starts_with("/aws-service-role/")),
        Holder::User(_) | Holder::Group(_) => false,
    };
    let laden = home.is_some_and(|home| is_laden(home, wish));
    let wished = Change {
        operation: wish.operation,
        // What decisions, the grammar and limits say is looked at around the relation.
        permitted: values.free("permitted"),
        service_linked: values.truth(linked),
        group_exists: values.truth(group_exists),
        laden: values.truth(laden),
        malformed: values.free("malformed"),
        full: values.free("full"),
        document: values.integer("passed", number(wish.put.as_ref())),
    };
    let came_out = change(&mut formulas, &first, &wished, &second);
    given.extend([came_out.definition, line(&came_out, wish.operation, outcome)]);
    Forced::by_all(&formulas, &given).is_ok()
}

/// The line of the relation that the outcome is.
fn line(of: &Outcome, operation: Operation, outcome: &CameOut) -> Formula {
    let refusal = match outcome {
        CameOut::Done(_) => return of.succeeds,
        CameOut::Refused(refusal) => refusal.code,
    };
    match (operation, refusal) {
        (_, RefusalCode::EntityAlreadyExists) => of.already_exists,
        // Whatever else a new entity is refused for belongs to its parameters.
        (Operation::Create, _) => of.not_permitted,
        (_, RefusalCode::NoSuchEntity) => of.no_such_entity,
        (_, RefusalCode::UnmodifiableEntity) => of.unmodifiable,
        (_, RefusalCode::MalformedPolicyDocument) => of.malformed,
        (_, RefusalCode::DeleteConflict) => of.delete_conflict,
        (_, RefusalCode::LimitExceeded) => of.limit_exceeded,
        (
            _,
            RefusalCode::ValidationError
            | RefusalCode::PackedPolicyTooLarge
            | RefusalCode::AccessDenied
            | RefusalCode::ExpiredToken
            | RefusalCode::InvalidIdentityToken
            | RefusalCode::IdpRejectedClaim
            | RefusalCode::InvalidAuthorizationMessage
            | RefusalCode::Directory(_),
        ) => of.not_permitted,
    }
}

/// Every id of a user, group or role.
fn ids(world: &World) -> impl Iterator<Item = &str> {
    world.accounts.values().flat_map(|account| {
        let users = account.users.values().map(|user| user.id.as_str());
        let groups = account.groups.values().map(|group| group.id.as_str());
        let roles = account.roles.values().map(|role| role.id.as_str());
        users.chain(groups).chain(roles)
    })
}

/// Values for the variables of the relation.
struct Values<'f> {
    formulas: &'f mut Formulas,
    given: &'f mut Vec<Formula>,
}

impl Values<'_> {
    fn truth(&self, holds: bool) -> Formula {
        if holds { self.formulas.verum() } else { self.formulas.falsum() }
    }

    fn free(&mut self, name: &str) -> Formula {
        let flag = self.formulas.new_flag(name);
        self.formulas.flag(flag)
    }

    fn integer(&mut self, name: &str, value: i64) -> IntegerVariable {
        let integer = self.formulas.new_integer(name);
        self.given.push(self.formulas.compare(integer, Relation::Equal, BigInt::from(value)));
        integer
    }

    /// A place for sessions, free or with the record of this number.
    fn place(&mut self, name: &str, number: Option<i64>) -> Place {
        let free = SessionRecord::free(self.formulas, name);
        let rest = self.integer(&format!("{name}: the record"), number.unwrap_or_default());
        Place { taken: self.truth(number.is_some()), record: SessionRecord { rest, ..free } }
    }

    fn entity(&mut self, name: &str, seen: Seen<'_>, [id, highest, document]: [i64; 3]) -> Entity {
        Entity {
            exists: self.truth(seen.id.is_some()),
            id: self.integer(&format!("{name}: id"), id),
            highest: self.integer(&format!("{name}: highest"), highest),
            inline: self.truth(seen.inline.is_some()),
            document: self.integer(&format!("{name}: document"), document),
            member: self.truth(seen.member),
            other_member: self.truth(seen.other_member),
        }
    }
}
