//! SAML in place of a directory's own sign-in (DIR-33): an identity provider vouches for users of the forest that feeds it.

use super::consultation::Trace;
use super::ground::{Ground, Party};
use super::reading::errs;
use super::refuse::{not_supported, refused};
use super::roles::user_principal_name;
use crate::iam::directory::{
    Answer, Domain, LogonAttempt, Object, ObjectKind, ObjectName, Outcome, Question, Refusal, Refused,
    RoleMapping,
};

impl<'w> Ground<'w> {
    /// An assertion about a user, as far as the directory has a say in it.
    // Rule: DIR-33.
    pub(super) fn assertion(
        self,
        arn: &str,
        user: &ObjectName,
        password: &str,
        trace: &mut Trace,
    ) -> Result<Outcome, Refused> {
        let mut providers = self.directories.identity_providers.iter();
        let Some(provider) = providers.find(|provider| provider.arn == arn) else {
            let message = format!("there is no identity provider `{arn}` that a directory feeds");
            return Err(refused(Refusal::DoesNotExist, "DIR-33", message));
        };
        let party = match self.party_of_domain(&provider.domain) {
            Some(party @ (Party::OnPremises(_) | Party::Managed { .. })) => party,
            Some(party @ (Party::Connector { .. } | Party::Simple { .. })) => {
                return Err(not_supported(party, "to feed a SAML identity provider"));
            }
            None => {
                let message = format!("there is no domain `{}`", provider.domain);
                return Err(refused(Refusal::DoesNotExist, "DIR-33", message));
            }
        };
        let unknown = || refused(Refusal::BadCredentials, "DIR-33", "the name or the password is not right");
        if self.forest_root(&user.domain) != self.forest_root(&provider.domain) {
            return Err(unknown());
        }
        self.need_active(party)?;
        let question = Question::Logon(user.account.clone());
        let domain = self.reach(party, &user.domain, &question, trace)?;
        let attempt = LogonAttempt { user: user.clone(), password: password.to_owned(), otp: None };
        let vouched = match self.vouched_for(domain, &attempt) {
            None if errs!(self.reading, AssertionForDisabledUser) => domain.object(&user.account),
            vouched => vouched,
        };
        let answer = if vouched.is_some() { Answer::Given } else { Answer::Refused };
        self.note(party, &domain.name, question, answer, trace);
        let vouched = vouched.ok_or_else(unknown)?;
        Ok(Outcome::Asserted {
            provider: arn.to_owned(),
            session_name: user_principal_name(vouched, domain),
            roles: self.roles_of(vouched, domain, &provider.mappings),
        })
    }

    /// The roles of the groups that list the user itself.
    // Rules: DIR-26, DIR-33.
    fn roles_of(self, user: &Object, home: &Domain, mappings: &[RoleMapping]) -> Vec<String> {
        let is_listed = |mapping: &&RoleMapping| match self.directories.object(&mapping.group) {
            Some((domain, object)) => match &object.kind {
                ObjectKind::Group { members } => {
                    self.forest_root(&domain.name) == self.forest_root(&home.name)
                        && members.contains(&user.sid)
                }
                ObjectKind::User { .. } | ObjectKind::Computer => false,
            },
            None => false,
        };
        mappings.iter().filter(is_listed).map(|mapping| mapping.role.clone()).collect()
    }
}
