//! Operations on managed policies: the relation of [`crate::model::lifecycle`] with the values of one policy (POL-2 to POL-8).

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::acting::{Checked, single};
use super::calls::defect;
use super::deciding::Item;
use super::{Moment, Stepping, Stop, documents, leaves_message, names, require};
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::decision::Decision;
use crate::iam::operation::{DefaultChoice, PolicyText};
use crate::iam::outcome::{Answer, Created, RefusalCode};
use crate::iam::policy::PolicyType;
use crate::iam::world::{Holder, IdKind, ManagedPolicy, StoredPolicy, VersionNumber, World};
use crate::model::lifecycle::{Change, MOST_VERSIONS, Operation, Outcome, Version, Versions, change};
use crate::solver::forced::Forced;
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};

/// A change of one managed policy, by its parameters.
#[derive(Clone, Copy)]
pub(super) struct Wish<'s> {
    pub(super) operation: Operation,
    pub(super) policy: &'s str,
    pub(super) default: DefaultChoice,
    pub(super) version: Option<VersionNumber>,
    /// The policy is attached to the holder that is looked at.
    pub(super) attached: bool,
    pub(super) holder_is_full: bool,
}

impl<'s> Wish<'s> {
    pub(super) fn new(operation: Operation, policy: &'s str) -> Wish<'s> {
        Wish {
            operation,
            policy,
            default: DefaultChoice::Unchanged,
            version: None,
            attached: false,
            holder_is_full: false,
        }
    }
}

/// The relation of one change, all that it starts from given.
struct Asked {
    formulas: Formulas,
    given: Vec<Formula>,
    /// Which integer a version's document is.
    documents: BTreeMap<VersionNumber, i64>,
    after: Versions,
    outcome: Outcome,
}

/// The document that CreatePolicyVersion passes, as an integer; those of the versions are their positions.
const NEW_DOCUMENT: i64 = -1;

impl Moment<'_> {
    /// The account of the caller, in which names are looked for.
    pub(super) fn own_account(&self, checked: &Checked) -> Stepping<(String, String)> {
        let acting = checked.as_ref().map_err(|reason| Stop::denied(*reason, "EVAL-6", None))?;
        let account = acting.caller.account().unwrap_or_default().to_owned();
        let partition = self.world.accounts.get(&account).map_or("aws", |account| &account.partition);
        Ok((partition.to_owned(), account))
    }

    // Rules: GEN-9, GEN-10, POL-2, POL-13, POL-16.
    pub(super) fn create_policy(&mut self, name: &str, path: &str, text: &PolicyText) -> Stepping<Answer> {
        let fits = names::is_name(name, 128) && names::is_path(path);
        require(fits, RefusalCode::ValidationError, "GEN-9", "no name of a policy")?;
        let checked = self.checked()?;
        let (partition, account) = self.own_account(&checked)?;
        let arn = format!("arn:{partition}:iam::{account}:policy{path}{name}");
        self.allowed(&checked, &Item::plain("iam:CreatePolicy", &arn, Some(&account)), "POL-16")?;
        let taken = self.world.accounts.get(&account).is_some_and(|account| {
            account
                .policies
                .keys()
                .any(|known| known.rsplit('/').next().is_some_and(|known| known.eq_ignore_ascii_case(name)))
        });
        require(!taken, RefusalCode::EntityAlreadyExists, "GEN-9", "the name is taken")?;
        let stored = self.managed_document(text)?;
        let id = self.world.fresh_id(IdKind::Policy);
        if let Some(account) = self.world.accounts.get_mut(&account) {
            account.policies.insert(arn.clone(), ManagedPolicy::new(id.clone(), stored));
        }
        Ok(Answer::Created(Created { arn, id: Some(id) }))
    }

    /// No customer may change a policy of AWS, whatever is allowed: of its decision only the credentials are looked at.
    // Rule: POL-7.
    fn is_a_customers(&self, checked: &Checked, item: &Item) -> Stepping<()> {
        let Ok(acting) = checked else { return Ok(()) };
        if acting.caller.account().is_none() || !self.world.aws_managed.contains_key(&item.resource) {
            return Ok(());
        }
        let decided = self.decided(acting, item)?;
        if decided.reason.decision() == Decision::Allow || leaves_message(decided.reason) {
            return Err(Stop::refused(RefusalCode::AccessDenied, "POL-7", "the policy is AWS's"));
        }
        Err(decided.into_stop("EVAL-6"))
    }

    /// A version, read and held to its size.
    // Rule: GRAM-27.
    fn managed_document(&self, text: &PolicyText) -> Stepping<StoredPolicy> {
        let stored = self.document(text, PolicyType::Identity)?;
        let fits = stored.size <= documents::LARGEST_MANAGED;
        require(fits, RefusalCode::LimitExceeded, "GRAM-27", "the document is too long")?;
        Ok(stored)
    }

    /// CreatePolicyVersion, SetDefaultPolicyVersion, DeletePolicyVersion, DeletePolicy.
    // Rules: POL-3, POL-4, POL-5, POL-6, POL-7, POL-13, POL-16.
    pub(super) fn change_policy(
        &mut self,
        action: &str,
        wish: Wish<'_>,
        text: Option<&PolicyText>,
    ) -> Stepping<Answer> {
        let checked = self.checked()?;
        let (_, account) = self.own_account(&checked)?;
        let item = Item::plain(action, wish.policy, Some(owner(wish.policy, &account)));
        self.is_a_customers(&checked, &item)?;
        self.allowed(&checked, &item, "POL-16")?;
        let known = self.managed(&account, wish.policy).cloned();
        let asked = ask(&self.world, known.as_ref(), wish)?;
        let refusal = asked.refusal()?;
        let document = match (refusal, text) {
            // What is passed is looked at after what is named, and before limits.
            (Some(RefusalCode::LimitExceeded) | None, Some(text)) => Some(self.managed_document(text)?),
            (Some(_) | None, _) => None,
        };
        if let Some(code) = refusal {
            return Err(Stop::refused(code, "POL-2", "the policy does not let itself be changed so"));
        }
        let Some(before) = known else { return Err(defect("a policy that is not there was changed")) };
        let after = after(&before, wish, document);
        asked.admits(after.as_ref())?;
        let answer = match (wish.operation, &after) {
            (Operation::CreateVersion, Some(_)) => Answer::Version(before.next_version),
            (
                Operation::CreateVersion
                | Operation::SetDefault
                | Operation::DeleteVersion
                | Operation::Delete
                | Operation::Attach
                | Operation::Detach,
                _,
            ) => Answer::Nothing,
        };
        if let Some(account) = self.world.accounts.get_mut(&account) {
            match after {
                Some(after) => account.policies.insert(wish.policy.to_owned(), after),
                None => account.policies.remove(wish.policy),
            };
        }
        Ok(answer)
    }

    /// AttachUserPolicy and its siblings: what the relation says of the policy and its holder.
    // Rules: POL-8, POL-14.
    pub(super) fn attachment(&self, account: &str, wish: Wish<'_>) -> Stepping<()> {
        let known = self.managed(account, wish.policy);
        match ask(&self.world, known, wish)?.refusal()? {
            None => Ok(()),
            Some(code) => Err(Stop::refused(code, "POL-8", "the policy can not be attached or detached")),
        }
    }

    /// A managed policy that the account can name: its own, or one of AWS's.
    pub(super) fn managed(&self, account: &str, arn: &str) -> Option<&ManagedPolicy> {
        let own = self.world.accounts.get(account).and_then(|account| account.policies.get(arn));
        own.or_else(|| self.world.aws_managed.get(arn))
    }

    // Rules: POL-7, STS-3.
    pub(super) fn tag_policy(&mut self, arn: &str, tags: &[(String, String)]) -> Stepping<Answer> {
        require(names::are_tags(tags), RefusalCode::ValidationError, "STS-3", "no tags")?;
        let checked = self.checked()?;
        let (_, account) = self.own_account(&checked)?;
        let mut item = Item::plain("iam:TagPolicy", arn, Some(owner(arn, &account)));
        item.pass_tags(tags);
        self.is_a_customers(&checked, &item)?;
        if let Some(policy) = self.managed(&account, arn) {
            for (key, value) in policy.tags.iter() {
                item.keys.push(single(format!("aws:ResourceTag/{key}"), value));
            }
        }
        self.allowed(&checked, &item, "POL-16")?;
        let known = self.managed(&account, arn).is_some();
        require(known, RefusalCode::NoSuchEntity, "POL-13", "there is no such policy")?;
        let own = self.world.accounts.get_mut(&account).and_then(|account| account.policies.get_mut(arn));
        if let Some(policy) = own {
            for (key, value) in tags {
                policy.tags.set(key, value);
            }
        }
        Ok(Answer::Nothing)
    }

    /// AWS gives one of its policies a new version, which counts at once.
    // Rule: POL-7.
    pub(super) fn aws_changes_policy(&mut self, arn: &str, text: &PolicyText) -> Stepping<Answer> {
        let known = self.world.aws_managed.contains_key(arn);
        require(known, RefusalCode::NoSuchEntity, "POL-7", "there is no such policy of AWS")?;
        let stored = self.document(text, PolicyType::Identity)?;
        if let Some(policy) = self.world.aws_managed.get_mut(arn) {
            let number = policy.next_version;
            policy.versions.insert(number, stored);
            policy.default_version = number;
            policy.next_version = number.next();
            return Ok(Answer::Version(number));
        }
        Err(defect("a policy of AWS that is not there"))
    }
}

/// Asks the relation about a change of a policy, which need not be there.
fn ask(world: &World, policy: Option<&ManagedPolicy>, wish: Wish<'_>) -> Stepping<Asked> {
    let mut formulas = Formulas::new();
    let mut given = Vec::new();
    let truth = |formulas: &Formulas, holds: bool| if holds { formulas.verum() } else { formulas.falsum() };
    let mut before = Versions::free(&mut formulas, "before");
    let after = Versions::free(&mut formulas, "after");
    before.exists = truth(&formulas, policy.is_some());
    before.of_aws = truth(&formulas, world.aws_managed.contains_key(wish.policy));
    before.attached = truth(&formulas, wish.attached);
    before.attached_elsewhere = truth(&formulas, !wish.attached && is_attached(world, wish.policy));
    before.boundary = truth(&formulas, is_boundary(world, wish.policy));
    let mut documents = BTreeMap::new();
    let mut versions: Vec<VersionNumber> =
        policy.iter().flat_map(|policy| policy.versions.keys().copied()).collect();
    if versions.len() > MOST_VERSIONS {
        // Only AWS's own have more, and nobody changes those: what matters is whether the one that is named is there.
        versions.sort_by_key(|version| Some(*version) != wish.version);
    }
    for (position, place) in before.places.iter_mut().enumerate() {
        let version = versions.get(position).copied();
        place.exists = truth(&formulas, version.is_some());
        let document = i64::try_from(position).unwrap_or(i64::MAX);
        is(&mut formulas, &mut given, place.number, version.map_or(0, |version| version.0));
        is(&mut formulas, &mut given, place.document, document);
        if let Some(version) = version {
            documents.insert(version, document);
        }
    }
    is(&mut formulas, &mut given, before.default, policy.map_or(0, |policy| policy.default_version.0));
    let highest = policy.map_or(0, |policy| policy.next_version.0.saturating_sub(1));
    is(&mut formulas, &mut given, before.highest, highest);
    let wished = Change {
        operation: wish.operation,
        // Permission and grammar are looked at around the relation.
        permitted: formulas.verum(),
        set_as_default: truth(&formulas, wish.default == DefaultChoice::NewVersion),
        number: formulas.new_integer("the number that is named"),
        document: formulas.new_integer("the document that is passed"),
        holder_is_full: truth(&formulas, wish.holder_is_full),
    };
    is(&mut formulas, &mut given, wished.number, wish.version.map_or(0, |version| version.0));
    is(&mut formulas, &mut given, wished.document, NEW_DOCUMENT);
    let outcome = change(&mut formulas, &before, &wished, &after);
    Ok(Asked { formulas, given, documents, after, outcome })
}

fn is(formulas: &mut Formulas, given: &mut Vec<Formula>, integer: IntegerVariable, value: impl Into<BigInt>) {
    given.push(formulas.compare(integer, Relation::Equal, value.into()));
}

impl Asked {
    /// How the relation refuses the change; `None` where it succeeds.
    fn refusal(&self) -> Stepping<Option<RefusalCode>> {
        let mut forced =
            Forced::by_all(&self.formulas, &self.given).map_err(|_| defect("no state of a policy"))?;
        for (formula, code) in [
            (self.outcome.access_denied, RefusalCode::AccessDenied),
            (self.outcome.no_such_entity, RefusalCode::NoSuchEntity),
            (self.outcome.delete_conflict, RefusalCode::DeleteConflict),
            (self.outcome.limit_exceeded, RefusalCode::LimitExceeded),
        ] {
            if forced.truth(formula) == Some(true) {
                return Ok(Some(code));
            }
        }
        match forced.truth(self.outcome.succeeds) {
            Some(true) => Ok(None),
            Some(false) | None => {
                Err(defect("the relation of policies leaves open what comes of the change"))
            }
        }
    }

    /// Whether the relation lets this be the state afterwards.
    fn admits(mut self, after: Option<&ManagedPolicy>) -> Stepping<()> {
        let mut left: BTreeMap<VersionNumber, i64> = self.documents.clone();
        let formulas = &mut self.formulas;
        // Versions keep their places; a new one takes the first that is free.
        let before: Vec<VersionNumber> = self.documents.keys().copied().collect();
        let added = after.and_then(|policy| policy.versions.keys().find(|number| !left.contains_key(number)));
        for (position, Version { exists, number, document }) in self.after.places.into_iter().enumerate() {
            let kept = before.get(position).copied();
            let here = kept.or_else(|| added.copied().filter(|_| position == before.len()));
            let here = here.filter(|here| after.is_some_and(|policy| policy.versions.contains_key(here)));
            let truth = if here.is_some() { exists } else { formulas.not(exists) };
            self.given.push(truth);
            let of_version = here.and_then(|here| left.remove(&here)).unwrap_or(NEW_DOCUMENT);
            is(formulas, &mut self.given, number, here.map_or(0, |here| here.0));
            is(formulas, &mut self.given, document, of_version);
        }
        let exists = if after.is_some() { self.after.exists } else { formulas.not(self.after.exists) };
        self.given.push(exists);
        if let Some(policy) = after {
            is(formulas, &mut self.given, self.after.default, policy.default_version.0);
            is(formulas, &mut self.given, self.after.highest, policy.next_version.0.saturating_sub(1));
        }
        let premise = formulas.and(self.given.iter().copied().chain([self.outcome.definition]));
        match Forced::by(&self.formulas, premise) {
            Ok(_) => Ok(()),
            Err(_) => Err(defect("the relation of policies does not let this be the state afterwards")),
        }
    }
}

/// The policy after a change that succeeds; `None` after its deletion.
// Rules: POL-2, POL-3, POL-4, POL-5, POL-6.
fn after(before: &ManagedPolicy, wish: Wish<'_>, document: Option<StoredPolicy>) -> Option<ManagedPolicy> {
    let mut after = before.clone();
    match wish.operation {
        Operation::CreateVersion => {
            if let Some(document) = document {
                after.versions.insert(before.next_version, document);
            }
            if wish.default == DefaultChoice::NewVersion {
                after.default_version = before.next_version;
            }
            after.next_version = before.next_version.next();
        }
        Operation::SetDefault => after.default_version = wish.version.unwrap_or(before.default_version),
        Operation::DeleteVersion => {
            wish.version.map(|version| after.versions.remove(&version));
        }
        Operation::Delete => return None,
        Operation::Attach | Operation::Detach => {}
    }
    Some(after)
}

/// The account that a policy belongs to: that of its ARN, or the caller's, where the ARN shows none.
// Rule: GEN-8.
fn owner<'s>(arn: &'s str, own: &'s str) -> &'s str {
    Arn::parse(arn).map(|arn| arn.account).filter(|account| is_account_id(account)).unwrap_or(own)
}

fn is_attached(world: &World, arn: &str) -> bool {
    world.accounts.values().any(|account| {
        let users = account.users.values().map(|user| &user.policies);
        let groups = account.groups.values().map(|group| &group.policies);
        let roles = account.roles.values().map(|role| &role.policies);
        users.chain(groups).chain(roles).any(|policies| policies.attached.contains(arn))
    })
}

// Rule: POL-6.
fn is_boundary(world: &World, arn: &str) -> bool {
    world.accounts.values().any(|account| {
        let users = account.users.values().map(|user| &user.boundary);
        let roles = account.roles.values().map(|role| &role.boundary);
        users.chain(roles).any(|boundary| boundary.as_deref() == Some(arn))
    })
}

/// How many managed policies a holder may have attached.
// Rule: POL-8.
pub(super) fn most_attached(holder: &Holder) -> usize {
    match holder {
        Holder::User(_) | Holder::Group(_) => 10,
        Holder::Role(_) => 20,
    }
}
