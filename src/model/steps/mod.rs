//! A concrete step, by the second reading: who calls, which decisions it needs, and what the relation makes of it (sections 5 to 7).
//!
//! A session comes from [`super::sts`], a change of a managed policy from [`super::lifecycle`], whose a role is that is passed from
//! [`super::passing`]: the relations of which the laws about all
//! traces are proved. Here the world and the step give their variables values, and what those values force is the outcome. Every decision
//! inside a step is that of [`super::modelled`]. What is left, users and what hangs on them, has no clock and no arithmetic, and is told as
//! a list of checks, the first of which that fails is the refusal; afterwards it is held to the relation of [`super::entity`].
//!
//! Directories are in [`super::directory`] as a relation over atoms, whose facts a world gives.

mod acting;
mod binding;
mod deciding;
mod documents;
mod names;
mod needed;
mod surroundings;

mod calls;
mod issuing;
mod unsigned;

mod devices;
mod entities;
mod holders;
mod kept;
mod managed;
mod passing;
mod untouched;

mod directories;

pub use kept::held;
pub use needed::{Needed, needed};

use std::cell::RefCell;

use super::modelled::NoAnswer;
use crate::iam::decision::Reason;
use crate::iam::directory::Consultation;
use crate::iam::operation::{Event, Operation, Step};
use crate::iam::outcome::{Answer, Outcome, Refusal, RefusalCode, Taken};
use crate::iam::world::{DecodedMessage, Message, World};

/// The world as it begins: what names users and roles is bound to their ids, as if it had been saved then.
// Rule: PRIN-8.
pub fn begin(world: &World) -> World {
    binding::begin(world)
}

/// What comes of a step in a world that has begun.
///
/// # Errors
///
/// [`NoAnswer`] where the second reading has none: a policy says what formulas cannot say, or a name of the
/// step says nothing in this world.
// Rules: GEN-2, STS-4, POL-13.
pub fn step(world: &World, step: &Step) -> Result<Taken, NoAnswer> {
    let world_now = World { now: step.time, ..world.clone() };
    let mut moment = Moment { world: world_now, step, consultations: Vec::new(), needs: None };
    let outcome = match moment.take() {
        Ok(answer) => Outcome::Done(answer),
        Err(Stop::NoAnswer(no_answer)) => return Err(no_answer),
        Err(Stop::Refused(refused)) => {
            moment.world = World { now: step.time, ..world.clone() };
            Outcome::Refused(moment.refusal(*refused))
        }
    };
    let taken = Taken { world: moment.world, outcome, consultations: moment.consultations };
    held(world, step, &taken)?;
    Ok(taken)
}

/// A step that is about to be taken, in the world of its instant.
struct Moment<'s> {
    world: World,
    step: &'s Step,
    /// Who consulted whom so far.
    consultations: Vec<Consultation>,
    /// Where decisions are only written down, and not made: each is taken for an Allow.
    needs: Option<RefCell<Vec<Needed>>>,
}

/// Why a step is not done.
enum Stop {
    /// It is refused.
    Refused(Box<Refused>),
    /// The second reading does not know.
    NoAnswer(NoAnswer),
}

/// How a step is refused.
struct Refused {
    code: RefusalCode,
    reason: Option<Reason>,
    rule: &'static str,
    message: String,
    /// What the encoded message of the denial says, where it leaves one.
    content: Option<DecodedMessage>,
}

/// What a part of a step gives, or why the step is not done.
type Stepping<T> = Result<T, Stop>;

impl From<NoAnswer> for Stop {
    fn from(no_answer: NoAnswer) -> Stop {
        Stop::NoAnswer(no_answer)
    }
}

impl Stop {
    /// A refusal that no decision stands behind.
    fn refused(code: RefusalCode, rule: &'static str, message: impl Into<String>) -> Stop {
        Stop::Refused(Box::new(Refused { code, reason: None, rule, message: message.into(), content: None }))
    }

    /// A denial.
    fn denied(reason: Reason, rule: &'static str, content: Option<DecodedMessage>) -> Stop {
        let message = format!("denied: {reason}");
        let code = RefusalCode::AccessDenied;
        Stop::Refused(Box::new(Refused { code, reason: Some(reason), rule, message, content }))
    }

    fn unusable(message: impl Into<String>) -> Stop {
        Stop::NoAnswer(NoAnswer::NotSupported(message.into()))
    }
}

/// Goes on if the condition holds.
fn require(holds: bool, code: RefusalCode, rule: &'static str, message: &str) -> Stepping<()> {
    if holds { Ok(()) } else { Err(Stop::refused(code, rule, message)) }
}

impl Moment<'_> {
    fn take(&mut self) -> Stepping<Answer> {
        let step = self.step;
        match &step.operation {
            Operation::Sts(operation) => self.sts(operation),
            Operation::Pass(passing) => self.pass(passing),
            Operation::Policy(operation) => self.policy(operation),
            Operation::Account(operation) => self.account(operation),
            Operation::Directory(operation) => self.directory(operation),
            Operation::Request(request) => self.request(request),
            Operation::Event(Event::Wait) => Ok(Answer::Nothing),
            Operation::Event(Event::AwsChangesPolicy { policy, document }) => {
                self.aws_changes_policy(policy, document)
            }
            Operation::Event(Event::RoleTakenUp { resource, session_name, duration_seconds }) => {
                self.role_taken_up(resource, session_name, *duration_seconds)
            }
        }
    }

    /// The refusal as the world's users see it; a denial by policies leaves its message.
    // Rules: STS-4, STS-56.
    fn refusal(&mut self, refused: Refused) -> Refusal {
        let Refused { code, reason, rule, message, content } = refused;
        let encoded_message = content.map(|content| {
            let name = self.name();
            let message = Message { encoded: name.clone(), issued: self.step.time, content };
            self.world.messages.insert(name.clone(), message);
            name
        });
        Refusal { code, reason, rule, message, encoded_message }
    }

    /// The name of what this step issues: as the step says, else one that was never given.
    fn name(&mut self) -> String {
        if let Some(name) = &self.step.name {
            return name.clone();
        }
        self.world.fresh = self.world.fresh.saturating_add(1);
        format!("unnamed-{}", self.world.fresh)
    }
}

/// Whether a denial leaves a message: policies made it, or the partition.
// Rule: STS-56.
fn leaves_message(reason: Reason) -> bool {
    match reason {
        Reason::DenyNotAuthenticated
        | Reason::DenyExpiredCredentials
        | Reason::DenyInactiveCredentials
        | Reason::DenyPrincipalGone
        | Reason::DenyCredentialRestriction
        | Reason::DenyRootCannotAssume
        | Reason::DenyCrossAccountPass => false,
        Reason::AllowIdentity
        | Reason::AllowResourceDirect
        | Reason::AllowResourceViaEntity
        | Reason::AllowAccountDelegation
        | Reason::AllowCrossAccount
        | Reason::AllowRoot
        | Reason::AllowService
        | Reason::AllowFederated
        | Reason::AllowAnonymous
        | Reason::AllowNoPermissionRequired => false,
        Reason::DenyExplicitScp
        | Reason::DenyExplicitRcp
        | Reason::DenyExplicitVpce
        | Reason::DenyExplicitResource
        | Reason::DenyExplicitIdentity
        | Reason::DenyExplicitBoundary
        | Reason::DenyExplicitSession
        | Reason::DenyImplicitRcp
        | Reason::DenyImplicitScp
        | Reason::DenyImplicitVpce
        | Reason::DenyImplicitResource
        | Reason::DenyImplicitIdentity
        | Reason::DenyImplicitBoundary
        | Reason::DenyImplicitSession
        | Reason::DenyImplicitNoSessionPolicy
        | Reason::DenyPartition => true,
    }
}
