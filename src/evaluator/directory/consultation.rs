//! Consultations: who is asked, by which right, whether the network leads there, and the trace of it all (DIR-19, DIR-20).

use super::ground::{Ground, Party};
use super::reading::errs;
use super::refuse::refused;
use crate::iam::directory::{
    AccountName, Answer, Consultation, Consulted, Domain, DomainName, Link, Object, ObjectKind, Question,
    Refusal, Refused, UserStatus,
};

/// Who consulted whom during a step, in order.
pub(super) type Trace = Vec<Consultation>;

impl<'w> Ground<'w> {
    /// The domain, ready to be asked: the network leads there, and a connector's service account is good.
    ///
    /// Nothing answers from memory: an end that is not reached is `DIR_UNAVAILABLE`.
    // Rules: DIR-7, DIR-19, DIR-20.
    pub(super) fn reach(
        self,
        party: Party<'w>,
        name: &DomainName,
        question: &Question,
        trace: &mut Trace,
    ) -> Result<&'w Domain, Refused> {
        let stored = match party {
            // A connector asks its target and nothing else, and its target is on premises.
            Party::Connector { .. } => self.on_premises(name),
            Party::OnPremises(_) | Party::Managed { .. } | Party::Simple { .. } => {
                self.directories.domain(name)
            }
        };
        let is_up = self.link_is_up(party, name)
            || errs!(self.reading, LinkIgnored)
            || errs!(self.reading, ConnectorCachesPasswords) && matches!(party, Party::Connector { .. });
        let Some(domain) = stored.filter(|_| is_up) else {
            let first = match party {
                Party::Connector { .. } => Question::ServiceAccount,
                Party::OnPremises(_) | Party::Managed { .. } | Party::Simple { .. } => question.clone(),
            };
            self.note(party, name, first, Answer::Unreachable, trace);
            let message = format!("`{}` does not reach the domain `{name}`", party.name());
            return Err(refused(Refusal::Unavailable, "DIR-19", message));
        };
        self.need_service_account(party, domain, trace)?;
        Ok(domain)
    }

    // Rule: DIR-20.
    fn need_service_account(
        self,
        party: Party<'w>,
        target: &Domain,
        trace: &mut Trace,
    ) -> Result<(), Refused> {
        let Party::Connector { service_account, .. } = party else { return Ok(()) };
        let is_usable = target
            .object(&service_account.account)
            .is_some_and(|object| is_right(object, &service_account.password));
        if is_usable || errs!(self.reading, ServiceAccountUnchecked) {
            self.note(party, &target.name, Question::ServiceAccount, Answer::Given, trace);
            return Ok(());
        }
        self.note(party, &target.name, Question::ServiceAccount, Answer::Refused, trace);
        let message = format!(
            "the service account `{}` of `{}` is no longer good at `{}`",
            service_account.account,
            party.name(),
            target.name
        );
        Err(refused(Refusal::Unavailable, "DIR-20", message))
    }

    /// `link(d, X)`. The path between two directories that AWS keeps is the same from both ends; among domains on premises there
    /// is nothing between.
    // Rule: DIR-7.
    fn link_is_up(self, party: Party<'w>, name: &DomainName) -> bool {
        if party.stores(name) {
            return true;
        }
        let is_down = |directory: Option<&'w crate::iam::directory::AwsDirectory>, domain: &DomainName| {
            directory.is_some_and(|directory| {
                let link = Link { directory: directory.id.clone(), domain: domain.clone() };
                self.directories.links_down.contains(&link)
            })
        };
        let far_end = self.party_of_domain(name).and_then(Party::directory);
        let from_far_end = party.own_domain().is_some_and(|own| is_down(far_end, &own.name));
        !is_down(party.directory(), name) && !from_far_end
    }

    /// Puts a consultation on the trace.
    pub(super) fn note(
        self,
        party: Party<'w>,
        domain: &DomainName,
        question: Question,
        answer: Answer,
        trace: &mut Trace,
    ) {
        let of = match party {
            Party::Connector { .. } => Consulted::Target(domain.clone()),
            Party::OnPremises(_) | Party::Managed { .. } | Party::Simple { .. } => {
                if party.stores(domain) {
                    Consulted::Own(domain.clone())
                } else if party.own_domain().is_some_and(|own| {
                    self.forest_root(&own.name).is_some()
                        && self.forest_root(&own.name) == self.forest_root(domain)
                }) {
                    Consulted::InForest(domain.clone())
                } else {
                    Consulted::ByTrust(domain.clone())
                }
            }
        };
        trace.push(Consultation { by: party.name(), of, question, answer });
    }

    /// Puts what a RADIUS server was asked on the trace.
    pub(super) fn note_radius(
        self,
        party: Party<'w>,
        account: &AccountName,
        answer: Answer,
        trace: &mut Trace,
    ) {
        let question = Question::Code(account.clone());
        trace.push(Consultation { by: party.name(), of: Consulted::RadiusServer, question, answer });
    }
}

/// Whether an object is a user who may log on, and this is the password.
// Rule: DIR-2.
fn is_right(object: &Object, password: &str) -> bool {
    match &object.kind {
        ObjectKind::User { password: right, status } => may_log_on(*status) && right == password,
        ObjectKind::Group { .. } | ObjectKind::Computer => false,
    }
}

/// `may_log_on`.
// Rule: DIR-2.
pub(super) fn may_log_on(status: UserStatus) -> bool {
    match status {
        UserStatus::Enabled => true,
        UserStatus::Disabled | UserStatus::LockedOut | UserStatus::PasswordExpired => false,
    }
}
