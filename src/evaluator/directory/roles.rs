//! From a directory user to a role (DIR-25 to DIR-31): assignments, and the sign-in that asks for a session.

use super::account_side::{AccountSide, Call, DIRECTORY_SERVICE, PassingTo, RoleMaker};
use super::change::Change;
use super::consultation::Trace;
use super::ground::{Ground, Party};
use super::logon::LoggedOn;
use super::reading::errs;
use super::refuse::{need_allowed, refused};
use crate::iam::arn::Arn;
use crate::iam::decision::{Decision, Reason};
use crate::iam::directory::{
    Assignment, AwsDirectory, ConsoleAccess, Domain, LogonAttempt, LogonUse, Object, ObjectKind, Outcome,
    Refusal, Refused, Sid, Subject,
};

impl<'w> Ground<'w> {
    /// What `assign(d, subject, role)` would put on record; that the caller may is settled.
    // Rule: DIR-25.
    pub(super) fn assignment(
        self,
        party: Party<'w>,
        subject: &Subject,
        role: &str,
        account: &dyn AccountSide,
        trace: &mut Trace,
    ) -> Result<Change, Refused> {
        let directory = self.need_aws(party, "an assignment of roles")?;
        let object = self.need_subject(party, subject, trace)?;
        match object.kind {
            ObjectKind::User { .. } | ObjectKind::Group { .. } => {}
            ObjectKind::Computer => {
                let message = format!("`{}` is a computer; users and groups have roles", object.account);
                return Err(refused(Refusal::InvalidParameter, "DIR-25", message));
            }
        }
        self.need_fitting_role(directory, role, account)?;
        let assignment = Assignment { subject: object.sid.clone(), role: role.to_owned() };
        if directory.assignments.contains(&assignment) {
            let message = format!("`{}` has the role `{role}` already", object.account);
            return Err(refused(Refusal::AlreadyExists, "DIR-25", message));
        }
        Ok(Change::AddAssignment { id: directory.id.clone(), assignment })
    }

    /// What ends an assignment; that of a deleted subject is named by its SID.
    // Rules: DIR-25, DIR-32.
    pub(super) fn unassignment(
        self,
        party: Party<'w>,
        subject: &Subject,
        role: &str,
        trace: &mut Trace,
    ) -> Result<Change, Refused> {
        let directory = self.need_aws(party, "an assignment of roles")?;
        let assignment = Assignment { subject: self.sid_of(party, subject, trace)?, role: role.to_owned() };
        if !directory.assignments.contains(&assignment) {
            let message = format!("`{}` assigns no role `{role}` to this subject", directory.id);
            return Err(refused(Refusal::DoesNotExist, "DIR-25", message));
        }
        Ok(Change::RemoveAssignment { id: directory.id.clone(), assignment })
    }

    /// Caller, role and directory are in one account; the role's is the one in its ARN, whether it is there or not.
    // Rules: EVAL-6, PASS-3.
    pub(super) fn need_one_account(
        self,
        directory: &AwsDirectory,
        role: &str,
        account: &dyn AccountSide,
    ) -> Result<(), Refused> {
        if let Some(reason) = account.credentials_fail() {
            let message = "the credentials do not hold".to_owned();
            return Err(Refused {
                refusal: Refusal::AccessDenied,
                reason: Some(reason),
                rule: "EVAL-6",
                message,
            });
        }
        let caller_is_home = account.caller().is_some_and(|caller| caller.account == directory.account);
        let role_is_home = Arn::parse(role).is_none_or(|arn| arn.account == directory.account);
        if caller_is_home && role_is_home || errs!(self.reading, RoleOfAnotherAccount) {
            return Ok(());
        }
        Err(Refused {
            refusal: Refusal::AccessDenied,
            reason: Some(Reason::DenyCrossAccountPass),
            rule: "PASS-3",
            message: format!("the caller, the directory and `{role}` are not in one account"),
        })
    }

    /// The caller may pass the role to the directory service.
    // Rules: DIR-25, PASS-1, PASS-2, PASS-4.
    pub(super) fn need_pass(
        self,
        directory: &AwsDirectory,
        role: &str,
        account: &dyn AccountSide,
    ) -> Result<(), Refused> {
        if errs!(self.reading, PassRoleUnchecked) {
            return Ok(());
        }
        let arn = directory.arn();
        let call = Call {
            action: "iam:PassRole",
            resource: role,
            owner: Some(&directory.account),
            passing: Some(PassingTo { service: DIRECTORY_SERVICE, resource: &arn }),
        };
        need_allowed(account.decide(&call), call.action, call.resource)
    }

    /// The role is there, not a service's own, and trusts the directory service.
    // Rules: DIR-25, PASS-6.
    fn need_fitting_role(
        self,
        directory: &AwsDirectory,
        role: &str,
        account: &dyn AccountSide,
    ) -> Result<(), Refused> {
        let Some(facts) = account.role(role) else {
            return Err(refused(Refusal::DoesNotExist, "DIR-25", format!("there is no role `{role}`")));
        };
        let is_home = facts.account == directory.account || errs!(self.reading, RoleOfAnotherAccount);
        let is_own = match facts.maker {
            RoleMaker::Account => true,
            RoleMaker::Service => errs!(self.reading, ServiceLinkedRoleAssigned),
        };
        let wrong = if !is_home {
            "is in another account than the directory"
        } else if !is_own {
            "is linked to a service"
        } else {
            return self.need_trust(role, account);
        };
        Err(refused(Refusal::InvalidParameter, "DIR-25", format!("the role `{role}` {wrong}")))
    }

    /// The role's trust policy lets the directory service in.
    // Rules: DIR-25, PASS-6.
    fn need_trust(self, role: &str, account: &dyn AccountSide) -> Result<(), Refused> {
        let reason = account.decide_for_directory_service(role);
        match reason.decision() {
            Decision::Allow => Ok(()),
            Decision::ExplicitDeny | Decision::ImplicitDeny => Err(Refused {
                refusal: Refusal::AccessDenied,
                reason: Some(reason),
                rule: "PASS-6",
                message: format!("the role `{role}` does not trust `{DIRECTORY_SERVICE}`"),
            }),
        }
    }

    /// `sign_in(d, credentials, otp?, role)`, up to the session itself.
    // Rules: DIR-27, DIR-28, DIR-29, DIR-30.
    pub(super) fn sign_in(
        self,
        party: Party<'w>,
        attempt: &LogonAttempt,
        role: &str,
        account: &dyn AccountSide,
        trace: &mut Trace,
    ) -> Result<Outcome, Refused> {
        let directory = self.need_aws(party, "a sign-in to the console")?;
        let is_enabled = match directory.console {
            ConsoleAccess::Enabled => true,
            ConsoleAccess::Disabled => errs!(self.reading, ConsoleFlagIgnored),
        };
        if directory.access_url.is_none() || !is_enabled {
            let message = format!("`{}` has no access URL, or its console is disabled", directory.id);
            return Err(refused(Refusal::ConsoleDisabled, "DIR-27", message));
        }
        let logged_on = self.log_on(party, attempt, LogonUse::Console, trace)?;
        let is_assigned = |assignment: &Assignment| {
            assignment.role == role && self.holds(party, logged_on.user, &assignment.subject)
        };
        if !directory.assignments.iter().any(is_assigned) {
            let message = format!("nothing assigns `{role}` to `{}`", attempt.user);
            return Err(refused(Refusal::NoRole, "DIR-26", message));
        }
        let reason = account.decide_for_directory_service(role);
        if reason.decision() != Decision::Allow && !errs!(self.reading, TrustPolicyAtAssignmentOnly) {
            let message = format!("`ds.amazonaws.com` may not assume `{role}`");
            return Err(Refused { refusal: Refusal::NoRole, reason: Some(reason), rule: "DIR-27", message });
        }
        Ok(Outcome::SignedIn {
            directory: directory.id.clone(),
            user: logged_on.user.sid.clone(),
            role: role.to_owned(),
            session_name: self.session_name(logged_on, attempt)?,
            requested_s: directory.session_length_s,
        })
    }

    /// The user's UPN as it is stored, if that can be a session name.
    // Rules: DIR-28, STS-3.
    fn session_name(self, logged_on: LoggedOn<'_>, attempt: &LogonAttempt) -> Result<String, Refused> {
        let upn = if errs!(self.reading, SessionNameAsTyped) {
            attempt.user.to_string()
        } else {
            user_principal_name(logged_on.user, logged_on.home)
        };
        if is_session_name(&upn) {
            return Ok(upn);
        }
        if errs!(self.reading, SessionNameMended) {
            return Ok(upn.chars().map(|c| if is_session_character(c) { c } else { '_' }).take(64).collect());
        }
        let message = format!("`{upn}` cannot be the name of a session");
        Err(refused(Refusal::NoRole, "DIR-28", message))
    }

    /// Whether a user holds what is assigned to this subject: it is the user, or a group that lists the user itself.
    ///
    /// A connector's groups are those of its target, and those of a Simple AD its own.
    // Rules: DIR-20, DIR-21, DIR-26.
    fn holds(self, party: Party<'w>, user: &Object, subject: &Sid) -> bool {
        if user.sid == *subject {
            return true;
        }
        let Some((domain, object)) = self.directories.object(subject) else { return false };
        let is_in_sight = match party {
            Party::Connector { target, .. } => domain.name == *target,
            Party::Simple { .. } => party.stores(&domain.name),
            Party::OnPremises(_) | Party::Managed { .. } => true,
        };
        match &object.kind {
            ObjectKind::Group { members } => {
                is_in_sight
                    && (members.contains(&user.sid)
                        || errs!(self.reading, NestedGroupsCount) && self.is_nested(members, user))
            }
            ObjectKind::User { .. } => {
                object.account == user.account && errs!(self.reading, SidsComparedByName)
            }
            ObjectKind::Computer => false,
        }
    }

    /// Whether one of the members is a group that lists the user.
    fn is_nested(self, members: &[Sid], user: &Object) -> bool {
        members.iter().any(|member| match self.directories.object(member).map(|(_, object)| &object.kind) {
            Some(ObjectKind::Group { members }) => members.contains(&user.sid),
            Some(ObjectKind::User { .. } | ObjectKind::Computer) | None => false,
        })
    }
}

/// `name@domain`, as both are stored.
// Rule: DIR-2.
pub(super) fn user_principal_name(user: &Object, home: &Domain) -> String {
    format!("{}@{}", user.account, home.name)
}

/// Whether a text can be a RoleSessionName.
// Rules: STS-3, DIR-28.
fn is_session_name(text: &str) -> bool {
    (2..=64).contains(&text.chars().count()) && text.chars().all(is_session_character)
}

fn is_session_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_+=,.@-".contains(character)
}
