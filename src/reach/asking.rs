//! Whether some request of a kind is allowed: a call is tried in the interpreter, with what conditions ask for, until one is carried out.
//!
//! Three answers. *Yes* comes with the step that was carried out. *No* if the call is refused even where every condition on what a request
//! says freely is taken to hold for Allow and to fail for Deny: then no request is allowed. Else it is not known, and told ([`Doubt`]).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::part::own_policies;
use super::wishes::{Wish, may_name, wishes};
use crate::evaluator::Interpreter;
use crate::iam::context::{Context, ContextValue};
use crate::iam::key::KeyName;
use crate::iam::operation::{AssumeRole, Credentials, MfaCode, Operation, Step};
use crate::iam::outcome::{Outcome, Taken};
use crate::iam::pattern::{Token, tokens_with_variables};
use crate::iam::policy::{Effect, Policy, Selection, Statement};
use crate::iam::world::{MfaDevice, OneTimeCode, StoredPolicy, Unit, World};

/// A call of which it is not known whether some request makes it allowed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// Who would call.
    pub caller: String,
    /// What it would call.
    pub action: String,
    /// On what.
    pub resource: String,
    /// The context keys on which it hangs.
    pub keys: BTreeSet<String>,
}

/// What came of asking.
pub(super) enum Asked {
    /// It was carried out, by this step.
    Done { step: Box<Step>, world: Box<World> },
    /// No request is allowed.
    Never,
    /// Not known.
    Unknown(BTreeSet<String>),
}

/// A call to be tried.
pub(super) struct Try<'t> {
    pub(super) world: &'t World,
    pub(super) credentials: &'t Credentials,
    /// The user or role that calls.
    pub(super) caller: &'t str,
    pub(super) operation: &'t Operation,
    /// The actions that are authorised.
    pub(super) actions: &'t [&'t str],
    /// The role that is called upon, where its trust policy takes part.
    pub(super) trust_of: Option<&'t str>,
    /// What the call issues.
    pub(super) name: Option<String>,
}

/// Keys that follow from who calls what when; a condition on them is no matter of choice.
const NOT_FREE: &[&str] = &[
    "aws:principal",
    "aws:userid",
    "aws:username",
    "aws:resourceaccount",
    "aws:resourceorg",
    "aws:resourcetag/",
    "iam:resourcetag/",
    "aws:currenttime",
    "aws:epochtime",
    "aws:tokenissuetime",
    "aws:federatedprovider",
    "iam:passedtoservice",
];

/// Keys of a role session that follow from how it was made: under another name, with other tags, they are others.
const OF_A_SESSION: &[&str] = &["aws:userid", "aws:principaltag/"];

/// Which keys somebody's request says freely.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Freedom {
    /// A user's: it may sign in with MFA or without.
    User,
    /// A role session's: it never has MFA (KEY-2).
    RoleSession,
}

impl Freedom {
    fn has(self, key: &KeyName) -> bool {
        let folded = key.folded();
        let never_has_mfa = self == Freedom::RoleSession && folded.starts_with("aws:multifactorauth");
        let one_of = |prefixes: &[&str]| prefixes.iter().any(|prefix| folded.starts_with(prefix));
        let made_so = self == Freedom::RoleSession && one_of(OF_A_SESSION);
        made_so || !(one_of(NOT_FREE) || never_has_mfa)
    }

    /// The free keys of which a text of a policy has a variable.
    fn variables(self, text: &str) -> Vec<KeyName> {
        let tokens = tokens_with_variables(text).unwrap_or_default();
        let keys = tokens.into_iter().filter_map(|token| match token {
            Token::Variable(variable) => Some(variable.key),
            Token::Literal(_) | Token::Star | Token::Question => None,
        });
        keys.filter(|key| self.has(key)).collect()
    }

    /// The free keys on which it hangs whether the statement speaks of a request.
    fn keys_of(self, statement: &Statement) -> Vec<KeyName> {
        let conditions = statement.condition.iter();
        let asked = conditions.clone().map(|entry| entry.key.clone()).filter(|key| self.has(key));
        let values = conditions.flat_map(|entry| &entry.values);
        let resources = statement.resource.iter().flat_map(|selection| selection.listed());
        asked.chain(values.chain(resources).flat_map(|text| self.variables(text))).collect()
    }
}

impl Try<'_> {
    /// Tries it.
    pub(super) fn ask(&self, interpreter: Interpreter) -> Asked {
        let plain = self.step(&Wish::new());
        if let Some((step, _)) = &plain
            && let Some(world) = carried_out(interpreter, self.world, step)
        {
            return Asked::Done { step: Box::new(step.clone()), world: Box::new(world) };
        }
        let groups = self.groups();
        let keys = self.free_keys(&groups);
        if keys.is_empty() {
            return Asked::Never;
        }
        let mut wished = Vec::new();
        for action in self.actions {
            wished.extend(wishes(action, &groups));
        }
        for wish in wished {
            let Some((step, world)) = self.step(&wish) else { continue };
            let world = world.as_ref().unwrap_or(self.world);
            if let Some(world) = carried_out(interpreter, world, &step) {
                return Asked::Done { step: Box::new(step), world: Box::new(world) };
            }
        }
        let relaxed = relaxed(self.world, self.freedom());
        match plain.and_then(|(step, _)| carried_out(interpreter, &relaxed, &step)) {
            Some(_) => Asked::Unknown(keys),
            None => Asked::Never,
        }
    }

    /// The policies that must allow, group by group: the caller's own, the trust policy, each level of the organization.
    fn groups(&self) -> Vec<Vec<&Policy>> {
        let mut groups = vec![own_policies(self.world, self.caller)];
        if let Some(role) = self.trust_of.and_then(|arn| self.world.role_by_arn(arn)) {
            groups.push(vec![role.found.trust.policy.as_ref()]);
        }
        for organization in self.world.organizations.values() {
            let mut waiting = vec![&organization.root];
            while let Some(unit) = waiting.pop() {
                let attached = unit.accounts.values().chain(std::iter::once(&unit.attached));
                groups.extend(
                    attached
                        .flat_map(|node| [node.scps.iter().collect::<Vec<_>>(), node.rcps.iter().collect()]),
                );
                waiting.extend(&unit.units);
            }
        }
        groups.retain(|group| !group.is_empty());
        groups
    }

    fn freedom(&self) -> Freedom {
        match self.world.user_by_arn(self.caller) {
            Some(_) => Freedom::User,
            None => Freedom::RoleSession,
        }
    }

    /// The free keys that conditions of these policies ask for.
    fn free_keys(&self, groups: &[Vec<&Policy>]) -> BTreeSet<String> {
        let statements = groups.iter().flatten().flat_map(|policy| &policy.statements);
        let speaking = statements
            .filter(|statement| self.actions.iter().any(|action| may_name(&statement.action, action)));
        let keys = speaking.flat_map(|statement| self.freedom().keys_of(statement));
        keys.map(|key| key.spelling().to_owned()).collect()
    }

    /// The call as a step that says what is wished for, and the world where that takes a device; `None` if no request can say it.
    fn step(&self, wish: &Wish) -> Option<(Step, Option<World>)> {
        let mut operation = self.operation.clone();
        let mut context = Context::new();
        let mut world = None;
        for (key, value) in wish {
            let folded = key.folded();
            if let Operation::Sts(crate::iam::operation::StsOperation::AssumeRole(call)) = &mut operation {
                match told(call, &folded, value) {
                    Told::ByParameter => continue,
                    Told::ByDevice => {
                        let (device, with_device) = with_device(self.world, self.caller)?;
                        call.mfa = device;
                        world = Some(with_device);
                        continue;
                    }
                    Told::Not => {}
                }
            }
            if self.freedom().has(key) {
                context.set(key.clone(), value.clone());
            }
        }
        let step = Step {
            time: self.world.now,
            credentials: self.credentials.clone(),
            operation,
            context,
            endpoint: None,
            name: self.name.clone(),
        };
        Some((step, world))
    }
}

enum Told {
    ByParameter,
    ByDevice,
    Not,
}

/// Says a key by a parameter of AssumeRole, where one does.
fn told(call: &mut AssumeRole, folded: &str, value: &ContextValue) -> Told {
    let texts = match value {
        ContextValue::Single(text) => std::slice::from_ref(text),
        ContextValue::Many(texts) => texts.as_slice(),
    };
    let Some(first) = texts.first().cloned() else { return Told::Not };
    if let Some(tag) = folded.strip_prefix("aws:requesttag/") {
        call.tags.push((tag.to_owned(), first));
        return Told::ByParameter;
    }
    match folded {
        "sts:externalid" => call.external_id = Some(first),
        "sts:rolesessionname" => call.role_session_name = first,
        "sts:sourceidentity" => call.source_identity = Some(first),
        "sts:transitivetagkeys" => call.transitive_tag_keys = texts.to_vec(),
        "aws:tagkeys" => {
            for key in texts {
                if !call.tags.iter().any(|(other, _)| other.eq_ignore_ascii_case(key)) {
                    call.tags.push((key.clone(), "iamproof".to_owned()));
                }
            }
        }
        "aws:multifactorauthpresent" if first.eq_ignore_ascii_case("true") => return Told::ByDevice,
        "aws:multifactorauthage" => return Told::ByDevice,
        _ => return Told::Not,
    }
    Told::ByParameter
}

/// The code that a device shows which we suppose a user to have.
const SUPPOSED_CODE: &str = "000000";

/// A world in which the user has an MFA device; a role has none.
pub(super) fn with_device(world: &World, caller: &str) -> Option<(MfaCode, World)> {
    let user = world.user_by_arn(caller)?;
    let (account, name) = (user.account_id.to_owned(), user.name.to_owned());
    let serial = format!("arn:{}:iam::{account}:mfa/{name}", user.account.partition);
    let mut world = world.clone();
    let user = world.accounts.get_mut(&account)?.users.get_mut(&name)?;
    let device = user.mfa_devices.entry(serial.clone()).or_insert_with(MfaDevice::default);
    device.codes.insert(SUPPOSED_CODE.to_owned(), OneTimeCode::default());
    device.used.clear();
    let code = MfaCode { serial_number: Some(serial), token_code: Some(SUPPOSED_CODE.to_owned()) };
    Some((code, world))
}

/// The world after a step that is carried out.
pub(super) fn carried_out(interpreter: Interpreter, world: &World, step: &Step) -> Option<World> {
    match interpreter.step(world, step) {
        Ok(Taken { world, outcome: Outcome::Done(_), .. }) => Some(world),
        Ok(Taken { outcome: Outcome::Refused(_), .. }) | Err(_) => None,
    }
}

/// The world in which every condition on a free key holds for Allow and fails for Deny: whatever some request is allowed, is allowed here.
fn relaxed(world: &World, freedom: Freedom) -> World {
    let mut world = world.clone();
    for account in world.accounts.values_mut() {
        let users = account.users.values_mut().map(|user| &mut user.policies);
        let groups = account.groups.values_mut().map(|group| &mut group.policies);
        let roles = account.roles.values_mut();
        for role in roles {
            relax(&mut role.trust, freedom);
            role.policies.inline.values_mut().for_each(|stored| relax(stored, freedom));
        }
        users
            .chain(groups)
            .for_each(|policies| policies.inline.values_mut().for_each(|stored| relax(stored, freedom)));
        account
            .policies
            .values_mut()
            .for_each(|policy| policy.versions.values_mut().for_each(|stored| relax(stored, freedom)));
    }
    world
        .aws_managed
        .values_mut()
        .for_each(|policy| policy.versions.values_mut().for_each(|stored| relax(stored, freedom)));
    for organization in world.organizations.values_mut() {
        relax_unit(&mut organization.root, freedom);
    }
    for resource in world.resources.values_mut() {
        if let Some(policy) = &mut resource.policy {
            *policy = relaxed_policy(policy, freedom);
        }
    }
    world
}

fn relax_unit(unit: &mut Unit, freedom: Freedom) {
    for node in unit.accounts.values_mut().chain(std::iter::once(&mut unit.attached)) {
        for policy in node.scps.iter_mut().chain(&mut node.rcps) {
            *policy = relaxed_policy(policy, freedom);
        }
    }
    // The world's own limit on depth keeps this from going deep.
    unit.units.iter_mut().for_each(|unit| relax_unit(unit, freedom));
}

fn relax(stored: &mut StoredPolicy, freedom: Freedom) {
    stored.policy = Arc::new(relaxed_policy(&stored.policy, freedom));
}

fn relaxed_policy(policy: &Policy, freedom: Freedom) -> Policy {
    let mut policy = policy.clone();
    policy.statements.retain(|statement| match statement.effect {
        Effect::Allow => true,
        Effect::Deny => freedom.keys_of(statement).is_empty(),
    });
    for statement in &mut policy.statements {
        let hangs = |text: &String| !freedom.variables(text).is_empty();
        statement.condition.retain(|entry| !freedom.has(&entry.key) && !entry.values.iter().any(hangs));
        if statement.resource.iter().flat_map(|selection| selection.listed()).any(hangs) {
            statement.resource = Some(Selection::Only(vec!["*".to_owned()]));
        }
    }
    policy
}
