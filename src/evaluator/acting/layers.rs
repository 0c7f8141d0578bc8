//! The policies around a request, gathered from the world as it is at that instant (EVAL-7, EVAL-8, STS-7).

use super::binding::resolved;
use super::organization::{Control, Membership};
use super::{Acting, ActingEntity, Item};
use crate::evaluator::failure::{Failure, Unusable};
use crate::evaluator::reading::mistaken;
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::layers::Layers;
use crate::iam::policy::Policy;
use crate::iam::request::Caller;
use crate::iam::tags::Tags;
use crate::iam::world::{Account, HolderPolicies, Resource, StoredPolicy, World};

/// What an item is about: the owner, the tags and the policy of its resource.
pub(in crate::evaluator) struct Target<'w> {
    /// The account that owns it; `None` where nobody can say.
    pub(super) owner: Option<String>,
    pub(super) resource: Option<&'w Resource>,
    /// Tags of the resource, or of the user or role.
    pub(super) tags: Option<&'w Tags>,
    /// Whether it is a user or role, whose tags are IAM's own key too.
    pub(super) is_iam_entity: bool,
    policy: Option<Policy>,
}

impl<'w> Target<'w> {
    /// Nothing in particular.
    pub(in crate::evaluator) fn nothing() -> Target<'w> {
        Target { owner: None, resource: None, tags: None, is_iam_entity: false, policy: None }
    }

    /// The resource of an item, as the world has it.
    // Rules: GEN-8, RES-9.
    pub(super) fn find(acting: &Acting<'w>, item: &Item) -> Result<Target<'w>, Failure> {
        let world = acting.world;
        let arn = Arn::parse(&item.resource);
        let caller = || acting.caller.account().map(str::to_owned);
        let in_arn = arn.map(|arn| arn.account).filter(|account| is_account_id(account)).map(str::to_owned);
        if let Some(resource) = resource_or_bucket(world, &item.resource) {
            if item.resource_account.as_ref().is_some_and(|owner| *owner != resource.account) {
                let message = format!("the world says that `{}` owns it", resource.account);
                return Err(Unusable::new("resourceAccount", message).into());
            }
            return Ok(Target {
                owner: Some(resource.account.clone()),
                resource: Some(resource),
                tags: Some(&resource.tags),
                is_iam_entity: false,
                policy: resource.policy.as_ref().map(|policy| resolved(policy, world)),
            });
        }
        let mut target =
            Target { owner: item.resource_account.clone().or(in_arn).or_else(caller), ..Target::nothing() };
        if let Some(role) = world.role_by_arn(&item.resource) {
            let is_sts = item.action.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("sts:"));
            target.is_iam_entity = true;
            target.tags = Some(&role.found.tags);
            // Only actions of STS ask the trust policy: it speaks of nothing else (PASS-2).
            target.policy = is_sts.then(|| resolved(&role.found.trust.policy, world));
        } else if let Some(user) = world.user_by_arn(&item.resource) {
            target.is_iam_entity = true;
            target.tags = Some(&user.found.tags);
        }
        Ok(target)
    }
}

/// The resource with this ARN; of an object its bucket, whose policy speaks of its objects.
// Rule: RES-9.
pub(super) fn resource_or_bucket<'w>(world: &'w World, arn: &str) -> Option<&'w Resource> {
    world.resources.get(arn).or_else(|| {
        let parsed = Arn::parse(arn).filter(|parsed| parsed.service == "s3")?;
        let (bucket, _) = parsed.resource.split_once('/')?;
        world.resources.get(&Arn { resource: bucket, ..parsed }.to_string())
    })
}

impl Acting<'_> {
    /// The policies around a request of this caller.
    // Rules: EVAL-7, EVAL-8, STS-7, STS-44, STS-47.
    pub(super) fn layers(&self, target: &Target<'_>) -> Layers {
        let (identity, boundary) = self.own_policies();
        let session = self.session.and_then(|(_, session)| session.policies.clone());
        let levels = |account: Option<&str>, control| {
            account
                .and_then(|account| Membership::of(self.world, account))
                .and_then(|membership| membership.levels(control))
        };
        let endpoint = self.step.endpoint.as_ref().and_then(|id| self.world.endpoints.get(id));
        Layers {
            identity,
            boundary,
            session,
            resource: target.policy.clone(),
            scps: levels(self.caller.account(), Control::Scps),
            rcps: levels(target.owner.as_deref(), Control::Rcps),
            endpoint: endpoint.and_then(|endpoint| endpoint.policy.clone()),
        }
    }

    /// The identity policies and the boundary of the user or role behind the caller.
    fn own_policies(&self) -> (Vec<Policy>, Option<Policy>) {
        let (account, policies, boundary) = match self.entity {
            ActingEntity::User(user) => (user.account, &user.found.policies, user.found.boundary.as_deref()),
            ActingEntity::Role(role) => (role.account, &role.found.policies, role.found.boundary.as_deref()),
            ActingEntity::None => return (Vec::new(), None),
        };
        let boundary = boundary.and_then(|arn| self.in_force(account, arn)).map(document);
        let mut all = self.documents(account, policies);
        if let ActingEntity::User(user) = self.entity
            && !mistaken!(self.reading, GroupPoliciesForgotten)
        {
            for group in user.found.groups.iter().filter_map(|name| account.groups.get(name)) {
                all.extend(self.documents(account, &group.policies));
            }
        }
        (all, boundary)
    }

    fn documents(&self, account: &Account, policies: &HolderPolicies) -> Vec<Policy> {
        let inline = policies.inline.values();
        let attached = policies.attached.iter().filter_map(|arn| self.in_force(account, arn));
        inline.chain(attached).map(document).collect()
    }

    /// The version of a managed policy that is in force: its default.
    // Rule: EVAL-7.
    fn in_force<'a>(&'a self, account: &'a Account, arn: &str) -> Option<&'a StoredPolicy> {
        let policy = account.policies.get(arn).or_else(|| self.world.aws_managed.get(arn))?;
        if mistaken!(self.reading, NewestVersionInForce) {
            return policy.versions.values().next_back();
        }
        policy.versions.get(&policy.default_version)
    }

    /// Whether the caller acts for itself alone, with no account behind it.
    pub(in crate::evaluator) fn is_service(&self) -> bool {
        matches!(self.caller, Caller::Service { .. })
    }
}

fn document(stored: &StoredPolicy) -> Policy {
    stored.policy.as_ref().clone()
}
