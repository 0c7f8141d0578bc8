//! Lookups (DIR-18 to DIR-21): which users and groups a directory shows, its own and those of others.

use super::consultation::Trace;
use super::ground::{Ground, Party};
use super::refuse::{not_supported, refused};
use crate::iam::directory::{
    AccountName, Answer, DirectoryName, Domain, DomainName, Object, ObjectKind, ObjectName, Outcome,
    Question, Refusal, Refused, Subject,
};

impl<'w> Ground<'w> {
    /// The users and groups of another directory, or one of them, as `party` sees them.
    // Rules: DIR-18, DIR-35.
    pub(super) fn look_up(
        self,
        party: Party<'w>,
        of: &DirectoryName,
        account: Option<&AccountName>,
        trace: &mut Trace,
    ) -> Result<Outcome, Refused> {
        self.need_active(party)?;
        let name = self.domain_asked_for(party, of)?;
        let question = account.map_or(Question::Objects, |account| Question::Object(account.clone()));
        let domain = self.need_lookup(party, name, question, trace)?;
        let shown = domain.objects.iter().filter(|object| match object.kind {
            ObjectKind::User { .. } | ObjectKind::Group { .. } => {
                account.is_none_or(|account| object.account == *account)
            }
            ObjectKind::Computer => false,
        });
        let named =
            |object: &Object| ObjectName { account: object.account.clone(), domain: domain.name.clone() };
        Ok(Outcome::Found { objects: shown.map(named).collect() })
    }

    /// The domain whose objects somebody asks for. A connector has none: asked of itself, it answers with its target's.
    // Rules: DIR-20, DIR-35.
    fn domain_asked_for<'n>(self, party: Party<'w>, of: &'n DirectoryName) -> Result<&'n DomainName, Refused>
    where
        'w: 'n,
    {
        match of {
            DirectoryName::Domain(name) => Ok(name),
            DirectoryName::Id(_) => match self.party(of)? {
                Party::OnPremises(domain) | Party::Managed { domain, .. } | Party::Simple { domain, .. } => {
                    Ok(&domain.name)
                }
                asked @ Party::Connector { target, .. } if asked.name() == party.name() => Ok(target),
                asked @ Party::Connector { .. } => {
                    Err(not_supported(asked, "to be consulted by another directory"))
                }
            },
        }
    }

    /// The domain, asked: `party` looks it up, and reaches it.
    // Rules: DIR-18, DIR-19, DIR-20, DIR-21.
    pub(super) fn need_lookup(
        self,
        party: Party<'w>,
        name: &DomainName,
        question: Question,
        trace: &mut Trace,
    ) -> Result<&'w Domain, Refused> {
        self.need_active(party)?;
        if !self.looks_up(party, name) {
            return Err(self.no_lookup(party, name));
        }
        let domain = self.reach(party, name, &question, trace)?;
        self.note(party, &domain.name, question, Answer::Given, trace);
        Ok(domain)
    }

    /// Why a domain is not looked up. Where no trust could help, that is a ✗ of the table.
    // Rules: DIR-18, DIR-35.
    fn no_lookup(self, party: Party<'w>, name: &DomainName) -> Refused {
        match party {
            Party::Connector { .. } | Party::Simple { .. } => {
                not_supported(party, &format!("a lookup in `{name}`, another domain,"))
            }
            Party::OnPremises(_) | Party::Managed { .. } => match self.party_of_domain(name) {
                Some(asked @ Party::Simple { .. }) => {
                    not_supported(asked, "to be consulted by another directory")
                }
                Some(Party::OnPremises(_) | Party::Managed { .. } | Party::Connector { .. }) | None => {
                    let message = format!("`{}` and `{name}` need a two-way trust for lookups", party.name());
                    refused(Refusal::TrustRequired, "DIR-18", message)
                }
            },
        }
    }

    /// The object that a step means, found as an object picker finds it: by a lookup.
    // Rules: DIR-18, DIR-25.
    pub(super) fn need_subject(
        self,
        party: Party<'w>,
        subject: &Subject,
        trace: &mut Trace,
    ) -> Result<&'w Object, Refused> {
        match subject {
            Subject::Named(name) => {
                let question = Question::Object(name.account.clone());
                let domain = self.need_lookup(party, &name.domain, question, trace)?;
                domain.object(&name.account).ok_or_else(|| {
                    refused(Refusal::DoesNotExist, "DIR-25", format!("there is no object `{name}`"))
                })
            }
            Subject::Known(sid) => {
                let Some((domain, object)) = self.directories.object(sid) else {
                    let message = format!("there is no object with the SID `{sid}`");
                    return Err(refused(Refusal::DoesNotExist, "DIR-25", message));
                };
                self.need_lookup(party, &domain.name, Question::Object(object.account.clone()), trace)?;
                Ok(object)
            }
        }
    }
}
