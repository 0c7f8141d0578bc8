//! The interpreter: a world and a step give the next world and an answer, or a refusal (sections 5 to 7 of the rules).
//!
//! A step works on a copy of the world, which replaces the world only if nothing refused it; of a refused step the hour remains,
//! and the encoded message that a denial yields (STS-56). So no rule below has to undo anything.

use super::acting::Acting;
use super::directory::DirectoryReading;
use super::failure::{Failure, Unusable};
use super::reading::Reading;
use super::{at_directory, lifecycle, passing, sts};
use crate::iam::decision::Reason;
use crate::iam::directory::Consultation;
use crate::iam::operation::{Credentials, Event, Operation, ServiceRequest, Step};
use crate::iam::outcome::{Answer, Outcome, Refusal, RefusalCode, Taken};
use crate::iam::world::{DecodedMessage, Message, World};

/// Takes steps in worlds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Interpreter {
    reading: Reading,
    directory_reading: DirectoryReading,
}

/// The world that a step makes, as far as it has come, and the step.
pub(super) struct Scene<'s> {
    /// The world to be; a refusal throws it away.
    pub(super) world: World,
    /// The step that is taken.
    pub(super) step: &'s Step,
    /// How to read.
    pub(super) reading: Reading,
    /// How to read what happens in directories.
    pub(super) directory_reading: DirectoryReading,
    /// Who consulted whom so far.
    pub(super) consultations: Vec<Consultation>,
}

impl Interpreter {
    /// An interpreter that goes by the rules.
    pub fn new() -> Interpreter {
        Interpreter::default()
    }

    /// An interpreter that reads in a given way.
    pub fn with(reading: Reading) -> Interpreter {
        Interpreter { reading, ..Interpreter::default() }
    }

    /// The same interpreter, which reads what happens in directories in a given way.
    #[must_use]
    pub fn with_directories(self, directory_reading: DirectoryReading) -> Interpreter {
        Interpreter { directory_reading, ..self }
    }

    /// Makes a world ready for steps: every policy of a resource or role is as if it had been saved just now, so that the users and
    /// roles that it names are bound to their ids (PRIN-8).
    ///
    /// # Errors
    ///
    /// A world whose references dangle.
    // Rule: PRIN-8.
    pub fn begin(&self, world: &World) -> Result<World, Unusable> {
        world.check().map_err(|dangling| {
            Unusable::new(&format!("world/{}", dangling.path.join("/")), dangling.message)
        })?;
        let mut ready = world.clone();
        for account in ready.accounts.values_mut() {
            for role in account.roles.values_mut() {
                role.trust = super::acting::bound(&role.trust, world, self.reading);
            }
        }
        for resource in ready.resources.values_mut() {
            if let Some(policy) = &mut resource.policy {
                *policy = super::acting::bound_policy(policy, world, self.reading);
            }
        }
        Ok(ready)
    }

    /// Takes one step.
    ///
    /// # Errors
    ///
    /// A step that says nothing in this world: it lies before the last one, names a session that was never issued, or the like.
    pub fn step(&self, world: &World, step: &Step) -> Result<Taken, Unusable> {
        if step.time < world.now {
            let message = format!("time runs backwards: {} is before {}", step.time, world.now);
            return Err(Unusable::new("time", message));
        }
        if let Some(name) = &step.name
            && (world.sessions.contains_key(name) || world.messages.contains_key(name))
        {
            return Err(Unusable::new("as", format!("the name `{name}` is taken")));
        }
        let mut scene = Scene {
            world: world.clone(),
            step,
            reading: self.reading,
            directory_reading: self.directory_reading,
            consultations: Vec::new(),
        };
        scene.world.now = step.time;
        match scene.perform() {
            Ok(answer) => {
                let Scene { world, consultations, .. } = scene;
                Ok(Taken { world, outcome: Outcome::Done(answer), consultations })
            }
            Err(Failure::Unusable(unusable)) => Err(unusable),
            Err(Failure::Refused(refusal, message)) => {
                let mut world = world.clone();
                world.now = step.time;
                let refusal = with_message(*refusal, message, step, &mut world);
                Ok(Taken { world, outcome: Outcome::Refused(refusal), consultations: scene.consultations })
            }
        }
    }
}

impl Scene<'_> {
    fn perform(&mut self) -> Result<Answer, Failure> {
        match &self.step.operation {
            Operation::Sts(operation) => sts::perform(self, operation),
            Operation::Pass(passing) => passing::perform(self, passing),
            Operation::Policy(operation) => lifecycle::on_policies(self, operation),
            Operation::Account(operation) => lifecycle::on_accounts(self, operation),
            Operation::Directory(operation) => at_directory::at(self, operation),
            Operation::Request(request) => self.request(request),
            Operation::Event(event) => match event {
                Event::Wait => Ok(Answer::Nothing),
                Event::AwsChangesPolicy { policy, document } => {
                    lifecycle::aws_changes_policy(self, policy, document)
                }
                Event::RoleTakenUp { resource, session_name, duration_seconds } => {
                    passing::take_up(self, resource, session_name, *duration_seconds)
                }
            },
        }
    }

    /// A request that changes nothing here.
    fn request(&mut self, request: &ServiceRequest) -> Result<Answer, Failure> {
        let acting = Acting::identify(&self.world, self.step, self.reading)?;
        let item =
            acting.item(&request.action, &request.resource).owned_by(request.resource_account.as_deref());
        Ok(Answer::Allowed(acting.authorise(&item)?))
    }

    /// The name for what this step issues.
    pub(super) fn name(&mut self) -> String {
        self.step.name.clone().unwrap_or_else(|| fresh_name(&mut self.world))
    }

    /// Whether the step has credentials to be looked at.
    pub(super) fn is_unsigned(&self) -> bool {
        match &self.step.credentials {
            Credentials::None => true,
            Credentials::User { .. }
            | Credentials::Root { .. }
            | Credentials::Session(_)
            | Credentials::Foreign(_)
            | Credentials::Service(_) => false,
        }
    }
}

/// A name that no step gave.
fn fresh_name(world: &mut World) -> String {
    loop {
        world.fresh = world.fresh.saturating_add(1);
        let name = format!("#{}", world.fresh);
        if !world.sessions.contains_key(&name) && !world.messages.contains_key(&name) {
            return name;
        }
    }
}

/// Keeps the message that a denial yields.
// Rule: STS-56.
fn with_message(
    mut refusal: Refusal,
    message: Option<Box<DecodedMessage>>,
    step: &Step,
    world: &mut World,
) -> Refusal {
    if let Some(content) = message {
        let name = step.name.clone().unwrap_or_else(|| fresh_name(world));
        world.fresh = world.fresh.saturating_add(1);
        let encoded = super::sts::encoded_text(world.fresh);
        world.messages.insert(name.clone(), Message { encoded, issued: step.time, content: *content });
        refusal.encoded_message = Some(name);
    }
    refusal
}

/// The refusal of a decision, without a message.
pub(super) fn denied(reason: Reason, rule: &'static str, message: impl Into<String>) -> Refusal {
    Refusal {
        code: RefusalCode::AccessDenied,
        reason: Some(reason),
        rule,
        message: message.into(),
        encoded_message: None,
    }
}
