//! The calls by which one comes to be somebody else: AssumeRole, a role handed to a service, a trust policy rewritten, a key made.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::asking::{Asked, Doubt, Try, carried_out, with_device};
use super::changes::Gain;
use super::index::{Index, PLAIN_SESSION, spoken};
use super::part::{self, Holding, Standing, own_policies};
use super::search::{Changes, Node};
use super::services::{HANDINGS, Handing, Through, filled};
use super::wishes::{may_name, plain};
use crate::evaluator::Interpreter;
use crate::iam::arn::Arn;
use crate::iam::context::Context;
use crate::iam::operation::{
    AccountOperation, AssumeRole, Credentials, Event, GetSessionToken, KeyOf, MfaCode, Operation, Passed,
    PassedToService, Passing, PolicyOperation, PolicyText, ServiceRequest, Step, StsOperation,
};
use crate::iam::policy::{Effect, Policy, Selection};
use crate::iam::world::World;

/// Where calls lead.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) node: Node,
    pub(super) standing: Standing,
    /// The steps from the standing before.
    pub(super) steps: Vec<Step>,
    /// The service that acts with the role, where one does.
    pub(super) service: Option<&'static str>,
}

impl Arrival {
    /// How many calls it takes; what happens by itself is none.
    pub(super) fn calls(&self) -> usize {
        self.steps.iter().filter(|step| !matches!(step.operation, Operation::Event(_))).count()
    }
}

/// What is at hand for every move.
pub(super) struct Ground<'w> {
    pub(super) base: &'w World,
    pub(super) index: &'w Index,
    pub(super) interpreter: Interpreter,
}

/// Looks at the moves from one standing.
pub(super) struct Moves<'g, 'w> {
    pub(super) ground: &'g Ground<'w>,
    pub(super) from: &'g Standing,
    pub(super) node: &'g Node,
    pub(super) arrivals: Vec<Arrival>,
    pub(super) doubts: BTreeSet<Doubt>,
}

impl Moves<'_, '_> {
    /// Tries every move to a node that is wanted.
    pub(super) fn all(&mut self, changes: Changes, wanted: &dyn Fn(&Node) -> bool) {
        let world = Rc::clone(&self.from.world);
        let own = own_policies(&world, self.from.holding.arn());
        self.sign_in_with_mfa(&own, wanted);
        self.assume_roles(&own, wanted);
        self.pass_roles(&own, wanted);
        match changes {
            Changes::None => {}
            Changes::Tried => {
                self.open_trust(&own, wanted);
                self.make_keys(&own, wanted);
                self.change_own(&own, wanted);
            }
        }
    }

    /// The part of the world for a call on this role or user.
    pub(super) fn around(&self, arn: &str) -> World {
        let mut world = self.from.world.as_ref().clone();
        part::add(&mut world, self.ground.base, arn);
        world
    }

    pub(super) fn caller(&self) -> &str {
        self.from.holding.arn()
    }

    pub(super) fn doubt(&mut self, action: &str, resource: &str, keys: BTreeSet<String>) {
        let caller = self.caller().to_owned();
        let (action, resource) = (action.to_owned(), resource.to_owned());
        self.doubts.insert(Doubt { caller, action, resource, keys });
    }

    /// Tries one call, and notes a doubt.
    pub(super) fn try_call(
        &mut self,
        world: &World,
        operation: &Operation,
        actions: &[&str],
        resource: &str,
        name: Option<String>,
    ) -> Option<(Step, World)> {
        let asked = Try {
            world,
            credentials: &self.from.credentials,
            caller: self.from.holding.arn(),
            operation,
            actions,
            trust_of: Some(resource),
            name,
        }
        .ask(self.ground.interpreter);
        match asked {
            Asked::Done { step, world } => Some((*step, *world)),
            Asked::Never => None,
            Asked::Unknown(keys) => {
                self.doubt(actions.first().copied().unwrap_or_default(), resource, keys);
                None
            }
        }
    }

    fn assume_roles(&mut self, own: &[&Policy], wanted: &dyn Fn(&Node) -> bool) {
        for position in self.ground.index.assumable(&self.from.holding, own) {
            let role = self.ground.index.role(position).to_owned();
            for session_name in self.ground.index.session_names(&role) {
                let node = Node::plain(Holding::Role { arn: role.clone(), session_name });
                if !wanted(&node) {
                    continue;
                }
                let Some(arrival) = self.assume(self.around(&role), &node, Vec::new()) else { break };
                self.arrivals.push(arrival);
            }
        }
    }

    /// Assumes a role in a world that has it, behind other steps.
    pub(super) fn assume(&mut self, world: World, node: &Node, mut steps: Vec<Step>) -> Option<Arrival> {
        let Holding::Role { arn, session_name } = &node.holding else { return None };
        let call = AssumeRole {
            role_arn: arn.clone(),
            role_session_name: session_name.clone(),
            duration_seconds: None,
            external_id: None,
            policy: None,
            policy_arns: Vec::new(),
            tags: Vec::new(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            mfa: MfaCode::default(),
        };
        let name = session_title(&node.holding);
        let operation = Operation::Sts(StsOperation::AssumeRole(call));
        let actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
        let (step, after) = self.try_call(&world, &operation, &actions, arn, Some(name.clone()))?;
        steps.push(step);
        let is_changed = self.from.is_changed || steps.len() > 1;
        let standing = self.standing(node, Credentials::Session(name), after, is_changed);
        Some(Arrival { node: node.clone(), standing, steps, service: None })
    }

    /// Where one stands with these credentials; of a world that nothing changed, no more than is needed is kept.
    fn standing(&self, node: &Node, credentials: Credentials, world: World, is_changed: bool) -> Standing {
        let world = if is_changed {
            world
        } else {
            let mut kept = part::bare(self.ground.base);
            kept.fresh = world.fresh;
            part::add(&mut kept, self.ground.base, node.holding.arn());
            if let Credentials::Session(name) = &credentials
                && let Some(session) = world.sessions.get(name)
            {
                kept.sessions.insert(name.clone(), session.clone());
            }
            kept
        };
        Standing { holding: node.holding.clone(), credentials, world: Rc::new(world), is_changed }
    }

    /// A user whose policies speak of MFA, or of when its credentials were issued, gets a session that shows both.
    fn sign_in_with_mfa(&mut self, own: &[&Policy], wanted: &dyn Fn(&Node) -> bool) {
        let conditions = own.iter().flat_map(|policy| &policy.statements).flat_map(|found| &found.condition);
        let mut keys = conditions.map(|entry| entry.key.folded());
        let speaks = |key: String| key.starts_with("aws:multifactorauth") || key == "aws:tokenissuetime";
        let node = Node { holding: self.from.holding.clone(), gain: Some(Gain::Mfa) };
        if self.node.gain.is_some() || !keys.any(speaks) || !wanted(&node) {
            return;
        }
        let Some((mfa, world)) = with_device(&self.from.world, self.caller()) else { return };
        let call = GetSessionToken { duration_seconds: None, mfa };
        let name = format!("{} with MFA", self.caller());
        let step = Step {
            time: world.now,
            credentials: self.from.credentials.clone(),
            operation: Operation::Sts(StsOperation::GetSessionToken(call)),
            context: Context::new(),
            endpoint: None,
            name: Some(name.clone()),
        };
        if let Some(world) = carried_out(self.ground.interpreter, &world, &step) {
            let standing = self.standing(&node, Credentials::Session(name), world, true);
            self.arrivals.push(Arrival { node, standing, steps: vec![step], service: None });
        }
    }

    fn pass_roles(&mut self, own: &[&Policy], wanted: &dyn Fn(&Node) -> bool) {
        if spoken(own, "iam:PassRole").is_nothing() {
            return;
        }
        for handing in HANDINGS.iter().filter(|handing| !spoken(own, handing.action).is_nothing()) {
            for position in self.ground.index.passable(handing.service, own) {
                let role = self.ground.index.role(position).to_owned();
                let node = Node::plain(Holding::Role { arn: role, session_name: PLAIN_SESSION.to_owned() });
                let is_new = !self.arrivals.iter().any(|arrival| arrival.node == node);
                if is_new && wanted(&node) {
                    let found = resources(own, handing, self.from)
                        .into_iter()
                        .find_map(|resource| self.pass(handing, &node, &resource));
                    self.arrivals.extend(found);
                }
            }
        }
    }

    fn pass(&mut self, handing: &Handing, node: &Node, resource: &str) -> Option<Arrival> {
        let role = node.holding.arn();
        let mut world = self.around(role);
        if let Some(found) = self.ground.base.resources.get(resource) {
            part::add_resource(&mut world, resource, found);
        }
        let found = self.ground.base.role_by_arn(role)?;
        let passed = match handing.through {
            Through::Role => Passed::Role(role.to_owned()),
            Through::InstanceProfile => {
                let (name, profile) = found
                    .account
                    .instance_profiles
                    .iter()
                    .find(|(_, profile)| profile.role.as_deref() == Some(found.name))?;
                let (partition, account) = (&found.account.partition, found.account_id);
                let path = &profile.path;
                Passed::InstanceProfile(format!(
                    "arn:{partition}:iam::{account}:instance-profile{path}{name}"
                ))
            }
        };
        let operation = Operation::Pass(Passing {
            action: handing.action.to_owned(),
            resource: resource.to_owned(),
            passed,
            service: handing.service.to_owned(),
            passed_to_service: PassedToService::Told,
        });
        let actions = [handing.action, "iam:PassRole", "sts:AssumeRole"];
        let (step, mut world) = self.try_call(&world, &operation, &actions, role, None)?;
        let mut steps = vec![step];
        for (action, on) in handing.then {
            let on = filled(on, &found.account.partition, found.account_id);
            // The resource may have been named as policies want it.
            let on = if on.ends_with("iamproof") { resource.to_owned() } else { on };
            let request =
                ServiceRequest { action: (*action).to_owned(), resource: on.clone(), resource_account: None };
            let (step, after) = self.try_call(&world, &Operation::Request(request), &[action], &on, None)?;
            world = after;
            steps.push(step);
        }
        let name = session_title(&node.holding);
        let event = Event::RoleTakenUp {
            resource: resource.to_owned(),
            session_name: PLAIN_SESSION.to_owned(),
            duration_seconds: None,
        };
        let step = Step {
            time: world.now,
            credentials: Credentials::None,
            operation: Operation::Event(event),
            context: steps.first().map_or_else(Context::new, |step| step.context.clone()),
            endpoint: None,
            name: Some(name.clone()),
        };
        let world = carried_out(self.ground.interpreter, &world, &step)?;
        steps.push(step);
        let standing = self.standing(node, Credentials::Session(name), world, self.from.is_changed);
        Some(Arrival { node: node.clone(), standing, steps, service: Some(handing.service) })
    }

    /// Has a role trust the caller, and assumes it.
    fn open_trust(&mut self, own: &[&Policy], wanted: &dyn Fn(&Node) -> bool) {
        let action = "iam:UpdateAssumeRolePolicy";
        if spoken(own, action).is_nothing() {
            return;
        }
        let account = self.from.holding.account().to_owned();
        let document = trusting(self.caller());
        for position in self.ground.index.roles_for(action, &account, own) {
            let role = self.ground.index.role(position).to_owned();
            let session_name = PLAIN_SESSION.to_owned();
            let node = Node::plain(Holding::Role { arn: role.clone(), session_name });
            let is_new = !self.arrivals.iter().any(|arrival| arrival.node == node);
            if !is_new || !wanted(&node) {
                continue;
            }
            let Some(name) = last_name(&role) else { continue };
            let operation =
                Operation::Policy(PolicyOperation::UpdateTrust { role: name, document: document.clone() });
            let opened = self.try_call(&self.around(&role), &operation, &[action], &role, None);
            if let Some((step, world)) = opened {
                let arrival = self.assume(world, &node, vec![step]);
                self.arrivals.extend(arrival);
            }
        }
    }

    /// Makes an access key, or a password where there is none, for another user.
    fn make_keys(&mut self, own: &[&Policy], wanted: &dyn Fn(&Node) -> bool) {
        let account = self.from.holding.account().to_owned();
        for action in ["iam:CreateAccessKey", "iam:CreateLoginProfile"] {
            let users = self.ground.index.users_for(action, &account, own);
            for user in users {
                let node = Node::plain(Holding::User(user.to_owned()));
                let is_new = !self.arrivals.iter().any(|arrival| arrival.node == node);
                if !is_new || user == self.caller() || !wanted(&node) {
                    continue;
                }
                let Some(name) = last_name(user) else { continue };
                let operation = Operation::Account(if action == "iam:CreateAccessKey" {
                    AccountOperation::CreateAccessKey { user: KeyOf::User(name) }
                } else {
                    AccountOperation::CreateLoginProfile { user: name }
                });
                let made = self.try_call(&self.around(user), &operation, &[action], user, None);
                if let Some((step, world)) = made {
                    let credentials = Credentials::User { arn: user.to_owned(), access_key: None };
                    let standing = self.standing(&node, credentials, world, self.from.is_changed);
                    self.arrivals.push(Arrival { node, standing, steps: vec![step], service: None });
                }
            }
        }
    }
}

/// The name that a session gets in the world: that of whom one comes to be, which happens once on a path.
fn session_title(holding: &Holding) -> String {
    match holding {
        Holding::User(arn) => arn.clone(),
        Holding::Role { arn, session_name } => super::index::session_arn(arn, session_name),
    }
}

/// The name at the end of an ARN.
pub(super) fn last_name(arn: &str) -> Option<String> {
    Some(Arn::parse(arn)?.resource.rsplit('/').next()?.to_owned())
}

/// A trust policy that lets in whoever has this ARN.
fn trusting(arn: &str) -> PolicyText {
    PolicyText(format!(
        "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Principal\":{{\"AWS\":\"{arn}\"}},\
         \"Action\":[\"sts:AssumeRole\",\"sts:TagSession\",\"sts:SetSourceIdentity\"]}}]}}"
    ))
}

/// The most resources that are tried for one call.
const MOST_RESOURCES: usize = 6;

/// Names for a resource that is made for the purpose: a plain one, and those that policies ask for.
fn resources(own: &[&Policy], handing: &Handing, from: &Standing) -> Vec<String> {
    let arn = Arn::parse(from.holding.arn());
    let (partition, account) = arn.map_or(("aws", ""), |arn| (arn.partition, arn.account));
    let usual = filled(handing.resource, partition, account);
    let Some(shape) = Arn::parse(&usual) else { return Vec::new() };
    let mut all = vec![usual.clone()];
    let statements = own.iter().flat_map(|policy| &policy.statements);
    for statement in statements.filter(|statement| statement.effect == Effect::Allow) {
        let Some(Selection::Only(listed)) = &statement.resource else { continue };
        if !may_name(&statement.action, handing.action) {
            continue;
        }
        for pattern in listed {
            let fits = Arn::parse(pattern).filter(|arn| arn.service == shape.service);
            let Some(arn) = fits else { continue };
            let field =
                |text: &str, usual: &str| if text == "*" { Some(usual.to_owned()) } else { plain(text) };
            let found = field(arn.region, shape.region)
                .zip(field(arn.account, shape.account))
                .zip(field(arn.resource, shape.resource));
            if let Some(((region, account), resource)) = found
                && all.len() < MOST_RESOURCES
            {
                let made = Arn {
                    partition,
                    service: shape.service,
                    region: &region,
                    account: &account,
                    resource: &resource,
                };
                all.push(made.to_string());
            }
        }
    }
    all
}
