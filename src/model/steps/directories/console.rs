//! Sign-ins to the console, and the session that comes of one (DIR-26 to DIR-30).

use super::facts::Place;
use super::{Asking, Atoms, DIRECTORY_SERVICE};
use crate::iam::decision::{Decision, Reason};
use crate::iam::directory::{
    AwsDirectory, ConsoleAccess, Directories, DirectoryName, LogonAttempt, LogonUse, ObjectKind, Sid,
};
use crate::iam::outcome::Answer;
use crate::iam::world::SessionKind;
use crate::model::directory::{Kind, SignIn, TRUST_RULE, sign_in};
use crate::model::steps::acting::{Checked, as_service};
use crate::model::steps::calls::{Authorised, Draft, defect, plain_draft};
use crate::model::steps::issuing::{Holds, Wanted};
use crate::model::steps::{Moment, Refused, Stepping, Stop, names};
use crate::model::sts::Operation;

impl Moment<'_> {
    // Rules: DIR-27, DIR-28, DIR-29, DIR-30, STS-25.
    pub(super) fn sign_in(
        &mut self,
        at: &DirectoryName,
        attempt: &LogonAttempt,
        role_arn: &str,
    ) -> Stepping<Answer> {
        let directories = self.world.directories.clone();
        let name = self.place(at)?.name();
        let Some(place) = Place::named(&directories, &name) else { return Err(defect("it was there")) };
        let mut atoms = Atoms::new();
        let logon = self.logon_facts(&mut atoms, place, attempt, LogonUse::Console);
        let kept = place.kept();
        let upn = self.upn(&attempt.user);
        let user = self.who(&attempt.user).ok().map(|(_, sid)| sid);
        let assigned = kept.zip(user.as_ref()).is_some_and(|(directory, user)| {
            holds_assignment(&directories, place, directory, user, role_arn)
        });
        // The decision is made for who holds an assignment; of others it decides nothing.
        let denial = match (&upn, assigned) {
            (Some(upn), true) => self.directories_may_not_assume(role_arn, upn)?,
            (Some(_) | None, _) => None,
        };
        let facts = SignIn {
            logon,
            access_url: atoms.truth(kept.is_some_and(|directory| directory.access_url.is_some())),
            console: atoms.truth(kept.is_some_and(|directory| directory.console == ConsoleAccess::Enabled)),
            assigned: atoms.truth(assigned),
            trusting: atoms.truth(denial.is_none()),
            session_name: atoms.truth(upn.as_deref().is_some_and(names::is_session_name)),
        };
        let outcome = sign_in(&mut atoms.formulas, &facts);
        let asking = Asking {
            by: place.name(),
            standing: &logon.standing,
            domain: &attempt.user.domain,
            account: Some(&attempt.user.account),
        };
        self.told(&mut atoms, &outcome, Some(&asking)).map_err(|stop| match stop {
            // What the decision says is told with the refusal, if it is the decision that refuses.
            Stop::Refused(refused) if assigned && refused.rule == TRUST_RULE => {
                Stop::Refused(Box::new(Refused { reason: denial, ..*refused }))
            }
            Stop::Refused(_) | Stop::NoAnswer(_) => stop,
        })?;
        let Some((directory, upn)) = kept.zip(upn) else { return Err(defect("nobody signed in")) };
        self.console_session(role_arn, &upn, directory.session_length_s)
    }

    /// Why the role does not let the directory service assume it, for a session of this name.
    // Rules: DIR-27, EVAL-19.
    fn directories_may_not_assume(&self, role_arn: &str, session_name: &str) -> Stepping<Option<Reason>> {
        let acting = as_service(DIRECTORY_SERVICE);
        let item = self.role_items("sts:AssumeRole", role_arn, session_name, None, &[]);
        let decided = self.decided(&acting, &item)?;
        Ok(match decided.reason.decision() {
            Decision::Allow => None,
            Decision::ExplicitDeny | Decision::ImplicitDeny => Some(decided.reason),
        })
    }

    // Rules: DIR-28, DIR-29, STS-20, STS-25.
    fn console_session(&mut self, role_arn: &str, upn: &str, seconds: u64) -> Stepping<Answer> {
        let checked: Checked = Ok(as_service(DIRECTORY_SERVICE));
        let Some(role) = self.world.role_by_arn(role_arn) else {
            return Err(defect("a role that is not there trusts the directory service"));
        };
        let wanted = Wanted {
            seconds: Some(i128::from(seconds)),
            role_maximum: role.found.max_session_duration,
            holds: Holds::default(),
            ..self.wanted(Operation::ByService, &checked)
        };
        let record = self.issued(&wanted, &checked, Authorised { all: true, denial: None })?;
        let kind = SessionKind::Role {
            role: role.found.id.clone(),
            name: role.name.to_owned(),
            session_name: upn.to_owned(),
        };
        let account = role.account_id.to_owned();
        let draft = Draft { issuer: Some(DIRECTORY_SERVICE.to_owned()), ..plain_draft(kind, account) };
        self.save(record, draft)
    }
}

/// Whether an assignment of the role names the user, or a group whose list of members has the user itself.
// Rules: DIR-25, DIR-26.
fn holds_assignment(
    directories: &Directories,
    place: Place<'_>,
    directory: &AwsDirectory,
    user: &Sid,
    role: &str,
) -> bool {
    directory.assignments.iter().filter(|assignment| assignment.role == role).any(|assignment| {
        let in_group = || {
            let Some((home, group)) = directories.object(&assignment.subject) else { return false };
            let counts = match place.kind() {
                Kind::Connector | Kind::Simple => place.face() == Some(&home.name),
                Kind::Managed | Kind::OnPremises => true,
            };
            match &group.kind {
                ObjectKind::Group { members } => counts && members.contains(user),
                ObjectKind::User { .. } | ObjectKind::Computer => false,
            }
        };
        assignment.subject == *user || in_group()
    })
}
