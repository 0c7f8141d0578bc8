//! Logons (DIR-22 to DIR-24): one check after the other, and the first that fails is the answer.

use super::consultation::{Trace, may_log_on};
use super::ground::{Ground, Party};
use super::reading::errs;
use super::refuse::{not_supported, refused};
use crate::iam::directory::{
    AccountName, Answer, AwsDirectory, DirectoryState, Domain, LogonAttempt, LogonUse, Object, ObjectKind,
    Question, Radius, Reach, Refusal, Refused,
};

/// A user who was let in, and the domain that vouched.
#[derive(Clone, Copy, Debug)]
pub(super) struct LoggedOn<'w> {
    pub(super) user: &'w Object,
    pub(super) home: &'w Domain,
}

impl<'w> Ground<'w> {
    /// `logon(d, name@X, password, otp?, use)`.
    // Rules: DIR-5, DIR-22, DIR-23.
    pub(super) fn log_on(
        self,
        party: Party<'w>,
        attempt: &LogonAttempt,
        purpose: LogonUse,
        trace: &mut Trace,
    ) -> Result<LoggedOn<'w>, Refused> {
        let to_aws = match purpose {
            LogonUse::Host => false,
            LogonUse::App | LogonUse::Console => true,
        };
        self.need_active(party)?;
        if to_aws && matches!(party, Party::OnPremises(_)) && !errs!(self.reading, OnPremisesConsole) {
            return Err(not_supported(party, "a logon to AWS"));
        }
        let home = &attempt.user.domain;
        if !self.accepts(party, home) {
            return Err(bad_credentials("DIR-17"));
        }
        if to_aws && !self.looks_up(party, home) {
            let message = format!("`{}` and `{home}` need a two-way trust for logons to AWS", party.name());
            return Err(refused(Refusal::TrustRequired, "DIR-18", message));
        }
        let question = Question::Logon(attempt.user.account.clone());
        let domain = self.reach(party, home, &question, trace)?;
        if errs!(self.reading, PasswordBeforeCode) {
            self.need_password(party, domain, attempt, trace)?;
        }
        self.need_code(party, attempt, to_aws, trace)?;
        let user = self.need_password(party, domain, attempt, trace)?;
        Ok(LoggedOn { user, home: domain })
    }

    /// The directory runs; domains on premises always do.
    // Rule: DIR-23.
    pub(super) fn need_active(self, party: Party<'w>) -> Result<(), Refused> {
        match party.directory().map(|directory| directory.state) {
            None | Some(DirectoryState::Active) => Ok(()),
            Some(DirectoryState::Inactive) if errs!(self.reading, InactiveAnswers) => Ok(()),
            Some(DirectoryState::Inactive) => {
                let message = format!("the directory `{}` is not active", party.name());
                Err(refused(Refusal::Unavailable, "DIR-23", message))
            }
        }
    }

    /// The one-time code, where one is asked for. RADIUS comes first, the password second.
    // Rules: DIR-23, DIR-24.
    fn need_code(
        self,
        party: Party<'w>,
        attempt: &LogonAttempt,
        to_aws: bool,
        trace: &mut Trace,
    ) -> Result<(), Refused> {
        let Some(radius) = party.directory().and_then(AwsDirectory::radius) else { return Ok(()) };
        let is_exempt = match party {
            Party::Connector { .. } => errs!(self.reading, ConnectorSkipsMfa),
            Party::OnPremises(_) | Party::Managed { .. } | Party::Simple { .. } => {
                !party.stores(&attempt.user.domain) && errs!(self.reading, ForeignUsersSkipMfa)
            }
        };
        if is_exempt || !to_aws && !errs!(self.reading, HostAsksForCode) {
            return Ok(());
        }
        let account = &attempt.user.account;
        let Some(code) = &attempt.otp else {
            let message = format!("`{}` asks for a one-time code, and none was sent", party.name());
            return Err(refused(Refusal::MfaRequired, "DIR-23", message));
        };
        match radius.reach {
            Reach::Up => {}
            Reach::Down if errs!(self.reading, UnreachableRadiusPasses) => return Ok(()),
            Reach::Down => {
                self.note_radius(party, account, Answer::Unreachable, trace);
                let message = format!("the RADIUS server of `{}` does not answer", party.name());
                return Err(refused(Refusal::MfaFailed, "DIR-23", message));
            }
        }
        if self.is_valid(radius, account, code) {
            self.note_radius(party, account, Answer::Given, trace);
            Ok(())
        } else {
            self.note_radius(party, account, Answer::Refused, trace);
            Err(refused(
                Refusal::MfaFailed,
                "DIR-23",
                format!("the one-time code of `{account}` is not accepted"),
            ))
        }
    }

    /// `radius_valid`.
    // Rule: DIR-23.
    fn is_valid(self, radius: &Radius, account: &AccountName, code: &str) -> bool {
        radius.codes.iter().any(|known| {
            known.account == *account
                && known.code == code
                && known.from_s.is_none_or(|from| from <= self.now_s)
                && (known.until_s.is_none_or(|until| self.now_s < until)
                    || errs!(self.reading, CodeNeverEnds))
        })
    }

    /// The home domain's word: the user is there, may log on, and the password is right.
    // Rules: DIR-2, DIR-23.
    fn need_password(
        self,
        party: Party<'w>,
        domain: &'w Domain,
        attempt: &LogonAttempt,
        trace: &mut Trace,
    ) -> Result<&'w Object, Refused> {
        let account = &attempt.user.account;
        let user = self.vouched_for(domain, attempt);
        let answer = if user.is_some() { Answer::Given } else { Answer::Refused };
        self.note(party, &domain.name, Question::Logon(account.clone()), answer, trace);
        if domain.object(account).is_none() && errs!(self.reading, UnknownUserTold) {
            return Err(refused(Refusal::DoesNotExist, "DIR-23", "there is no such user"));
        }
        user.ok_or_else(|| bad_credentials("DIR-23"))
    }

    /// The user, if the home domain says yes.
    // Rules: DIR-2, DIR-23.
    pub(super) fn vouched_for(self, domain: &'w Domain, attempt: &LogonAttempt) -> Option<&'w Object> {
        let object = domain.object(&attempt.user.account)?;
        match &object.kind {
            ObjectKind::User { password, status } => {
                let may = may_log_on(*status) || errs!(self.reading, DisabledUserLetIn);
                let is_right = *password == attempt.password || errs!(self.reading, PasswordUnchecked);
                (may && is_right).then_some(object)
            }
            ObjectKind::Group { .. } | ObjectKind::Computer => None,
        }
    }
}

/// Unknown domain, unknown user, disabled, wrong password: one outcome (D-90), so that nobody learns which.
fn bad_credentials(rule: &'static str) -> Refused {
    refused(Refusal::BadCredentials, rule, "the name or the password is not right")
}
