//! Directories, interpreted (section 8 of the rules): the directories of a world and a step give the next ones and an answer, with a
//! trace of who consulted whom; or a refusal with its code, and then nothing has changed.
//!
//! A step is judged in three parts. May the caller do that (`permission`)? What does it ask for, on the ground as it is, and
//! does the kind of directory offer it (`calls`, `objects`, `logon`, `lookup`, `roles`)? What does it leave behind (`change`)? Only the
//! last part can write, and it comes when nothing refuses any more. What the directories want to know of IAM they ask through
//! [`AccountSide`]; sessions are issued there as well.

mod account_side;
mod calls;
mod change;
mod consultation;
#[cfg(debug_assertions)]
pub mod fault;
mod ground;
mod identity_provider;
mod kinds;
mod logon;
mod lookup;
mod objects;
mod permission;
mod reading;
mod refuse;
mod roles;
mod trusts;

pub use account_side::{
    AccountSide, Call, CallerAccount, DIRECTORY_SERVICE, PassingTo, RoleFacts, RoleMaker,
};
pub use reading::DirectoryReading;

use change::Change;
use consultation::Trace;
use ground::Ground;

use crate::iam::directory::{
    Administration, Directories, DirectoryCall, DirectoryEvent, DirectoryOperation, DirectoryResponse, Link,
    ObjectKind, Outcome, Radius, Refusal, Refused, UserAction, UserStatus,
};

/// Does one operation, if nothing refuses it; `now_s` is the instant in seconds since 1970-01-01T00:00:00Z, rounded down.
///
/// Refused operations leave the directories as they are.
pub fn perform(
    directories: &mut Directories,
    operation: &DirectoryOperation,
    now_s: i64,
    account: &dyn AccountSide,
    reading: DirectoryReading,
) -> DirectoryResponse {
    let mut trace = Trace::new();
    let ground = Ground { directories, now_s, reading };
    let result = ground.judge(operation, account, &mut trace).map(|Verdict { changes, outcome }| {
        for change in changes {
            change.make(directories);
        }
        outcome
    });
    DirectoryResponse { result, trace }
}

/// What an operation answers that nothing refuses, and what it changes.
struct Verdict {
    changes: Vec<Change>,
    outcome: Outcome,
}

impl Verdict {
    fn answer(outcome: Outcome) -> Verdict {
        Verdict { changes: Vec::new(), outcome }
    }

    fn done(change: Change) -> Verdict {
        Verdict { changes: vec![change], outcome: Outcome::Done }
    }
}

impl<'w> Ground<'w> {
    /// What an operation comes to. Only calls have a caller whose permission matters.
    // Rule: DIR-34.
    fn judge(
        self,
        operation: &DirectoryOperation,
        account: &dyn AccountSide,
        trace: &mut Trace,
    ) -> Result<Verdict, Refused> {
        match operation {
            DirectoryOperation::Call(call) => {
                self.need_permission(call, account)?;
                self.judge_call(call, account, trace)
            }
            DirectoryOperation::Administration(work) => self.judge_administration(work, trace),
            DirectoryOperation::Event(event) => self.judge_event(event).map(Verdict::done),
            DirectoryOperation::UserAction(action) => {
                self.judge_user_action(action, account, trace).map(Verdict::answer)
            }
        }
    }

    fn judge_call(
        self,
        call: &DirectoryCall,
        account: &dyn AccountSide,
        trace: &mut Trace,
    ) -> Result<Verdict, Refused> {
        use DirectoryCall as Call;
        let change = match call {
            Call::CreateDirectory(new) => self.new_directory(new, account)?,
            Call::DeleteDirectory { at } => self.deletion(self.party(at)?)?,
            Call::UpdateServiceAccount { at, service_account } => {
                self.service_account_set(self.party(at)?, service_account)?
            }
            Call::CreateTrust { at, with, direction, extent, password } => {
                let changes = self.new_trust(self.party(at)?, with, (*direction, *extent), password)?;
                return Ok(Verdict { changes, outcome: Outcome::Done });
            }
            Call::DeleteTrust { at, with } => self.trust_deleted(self.party(at)?, with)?,
            Call::VerifyTrust { at, with } => {
                let report = self.verified(self.party(at)?, with, trace)?;
                return Ok(Verdict::answer(Outcome::Trust(report)));
            }
            Call::EnableRadius { at, radius } => self.radius_enabled(self.party(at)?, radius)?,
            Call::DisableRadius { at } => self.radius_disabled(self.party(at)?)?,
            Call::CreateAccessUrl { at, url } => self.access_url(self.party(at)?, url)?,
            Call::EnableConsole { at } => self.console_enabled(self.party(at)?)?,
            Call::DisableConsole { at } => self.console_disabled(self.party(at)?)?,
            Call::SetSessionLength { at, seconds } => self.session_length(self.party(at)?, *seconds)?,
            Call::AssignRole { at, subject, role } => {
                self.assignment(self.party(at)?, subject, role, account, trace)?
            }
            Call::UnassignRole { at, subject, role } => {
                self.unassignment(self.party(at)?, subject, role, trace)?
            }
            Call::ResetPassword { at, account, password } => {
                self.password_reset(self.party(at)?, account, password)?
            }
            Call::Use { at, capability } => {
                self.need_capability(self.party(at)?, *capability)?;
                return Ok(Verdict::answer(Outcome::Done));
            }
        };
        Ok(Verdict::done(change))
    }

    fn judge_administration(self, work: &Administration, trace: &mut Trace) -> Result<Verdict, Refused> {
        let made = |(change, sid)| Verdict { changes: vec![change], outcome: Outcome::Made { sid } };
        match work {
            Administration::CreateDomain { name, place } => self.domain_added(name, place).map(Verdict::done),
            Administration::CreateUser { at, account, password } => {
                let kind = ObjectKind::User { password: password.clone(), status: UserStatus::Enabled };
                self.new_object(self.party(at)?, account, kind).map(made)
            }
            Administration::CreateGroup { at, account } => {
                self.new_object(self.party(at)?, account, ObjectKind::Group { members: Vec::new() }).map(made)
            }
            Administration::JoinComputer { at, account } => {
                self.joined(self.party(at)?, account, trace).map(made)
            }
            Administration::DeleteObject { at, account } => {
                self.removed(self.party(at)?, account).map(Verdict::done)
            }
            Administration::AddMember { at, group, member } => {
                self.member_added(self.party(at)?, group, member, trace).map(Verdict::done)
            }
            Administration::RemoveMember { at, group, member } => {
                self.member_removed(self.party(at)?, group, member, trace).map(Verdict::done)
            }
            Administration::SetUserStatus { at, account, status } => {
                self.status_set(self.party(at)?, account, *status).map(Verdict::done)
            }
        }
    }

    /// The network and the servers are as they are: nothing refuses an event but that what it speaks of is not there.
    // Rules: DIR-6, DIR-7, DIR-23.
    fn judge_event(self, event: &DirectoryEvent) -> Result<Change, Refused> {
        match event {
            DirectoryEvent::SetLink { directory, domain, reach } => {
                self.need_directory(directory)?;
                if self.directories.domain(domain).is_none() {
                    let message = format!("there is no domain `{domain}`");
                    return Err(refuse::refused(Refusal::DoesNotExist, "DIR-7", message));
                }
                let link = Link { directory: directory.clone(), domain: domain.clone() };
                Ok(Change::SetLink { link, reach: *reach })
            }
            DirectoryEvent::SetState { directory, state } => {
                let id = self.need_directory(directory)?.id.clone();
                Ok(Change::SetState { id, state: *state })
            }
            DirectoryEvent::SetRadiusReach { directory, reach } => {
                let directory = self.need_directory(directory)?;
                let radius = Radius { reach: *reach, ..self.need_configured(directory)?.clone() };
                Ok(Change::SetRadius { id: directory.id.clone(), radius: Some(radius) })
            }
        }
    }

    fn judge_user_action(
        self,
        action: &UserAction,
        account: &dyn AccountSide,
        trace: &mut Trace,
    ) -> Result<Outcome, Refused> {
        match action {
            UserAction::LookUp { at, of, account } => {
                self.look_up(self.party(at)?, of, account.as_ref(), trace)
            }
            UserAction::LogOn { at, attempt, purpose } => {
                let logged_on = self.log_on(self.party(at)?, attempt, *purpose, trace)?;
                let (user, home) = (logged_on.user.sid.clone(), logged_on.home.name.clone());
                Ok(Outcome::LoggedOn { user, home })
            }
            UserAction::SignIn { at, attempt, role } => {
                self.sign_in(self.party(at)?, attempt, role, account, trace)
            }
            UserAction::IssueAssertion { provider, user, password } => {
                self.assertion(provider, user, password, trace)
            }
        }
    }
}
