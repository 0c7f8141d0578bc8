//! Users, groups, computers and domains: what administrators make, change and delete (DIR-1, DIR-2, DIR-5).

use super::change::Change;
use super::consultation::Trace;
use super::ground::{Ground, Party};
use super::reading::errs;
use super::refuse::{not_supported, refused};
use crate::iam::directory::{
    AccountName, Answer, Domain, DomainName, DomainPlace, Object, ObjectKind, Question, Refusal, Refused,
    Sid, Subject, UserStatus,
};

impl<'w> Ground<'w> {
    /// A user or group of the domain that the directory stores.
    // Rules: DIR-2, DIR-35.
    pub(super) fn new_object(
        self,
        party: Party<'w>,
        account: &AccountName,
        kind: ObjectKind,
    ) -> Result<(Change, Sid), Refused> {
        let domain = self.need_store(party, "a user or group of its own")?;
        self.added(domain, account, kind)
    }

    /// A computer; a connector's joins the target.
    // Rules: DIR-20, DIR-35.
    pub(super) fn joined(
        self,
        party: Party<'w>,
        account: &AccountName,
        trace: &mut Trace,
    ) -> Result<(Change, Sid), Refused> {
        self.need_active(party)?;
        let name = match party {
            Party::OnPremises(domain) | Party::Managed { domain, .. } | Party::Simple { domain, .. } => {
                &domain.name
            }
            Party::Connector { target, .. } => target,
        };
        let question = Question::Join(account.clone());
        let domain = self.reach(party, name, &question, trace)?;
        let added = self.added(domain, account, ObjectKind::Computer);
        let answer = if added.is_ok() { Answer::Given } else { Answer::Refused };
        self.note(party, name, question, answer, trace);
        added
    }

    /// An object with a SID that was never issued before.
    // Rule: DIR-2.
    fn added(
        self,
        domain: &Domain,
        account: &AccountName,
        kind: ObjectKind,
    ) -> Result<(Change, Sid), Refused> {
        if domain.object(account).is_some() {
            let message = format!("`{}` has an object `{account}` already", domain.name);
            return Err(refused(Refusal::AlreadyExists, "DIR-2", message));
        }
        let mut sid = Sid::numbered(self.directories.next_sid);
        if errs!(self.reading, SidIssuedTwice) {
            let mut assigned = self.directories.aws.iter().flat_map(|directory| &directory.assignments);
            let left_over =
                assigned.find(|assignment| self.directories.object(&assignment.subject).is_none());
            sid = left_over.map_or(sid, |assignment| assignment.subject.clone());
        }
        let object = Object { sid: sid.clone(), account: account.clone(), kind };
        Ok((Change::AddObject { domain: domain.name.clone(), object }, sid))
    }

    // Rules: DIR-31, DIR-35.
    pub(super) fn removed(self, party: Party<'w>, account: &AccountName) -> Result<Change, Refused> {
        let domain = self.need_store(party, "an object of its own")?;
        let object = need_object(domain, account)?;
        Ok(Change::RemoveObject { domain: domain.name.clone(), account: object.account.clone() })
    }

    /// A group with one member more.
    // Rules: DIR-2, DIR-18, DIR-35.
    pub(super) fn member_added(
        self,
        party: Party<'w>,
        group: &AccountName,
        member: &Subject,
        trace: &mut Trace,
    ) -> Result<Change, Refused> {
        let (domain, members) = self.need_group(party, group)?;
        let sid = &self.need_subject(party, member, trace)?.sid;
        if members.contains(sid) {
            let message = format!("the group `{group}` has this member already");
            return Err(refused(Refusal::AlreadyExists, "DIR-2", message));
        }
        let members = members.iter().chain([sid]).cloned().collect();
        Ok(Change::SetMembers { domain: domain.name.clone(), group: group.clone(), members })
    }

    /// A group with one member less; one that is gone is named by its SID.
    // Rules: DIR-2, DIR-35.
    pub(super) fn member_removed(
        self,
        party: Party<'w>,
        group: &AccountName,
        member: &Subject,
        trace: &mut Trace,
    ) -> Result<Change, Refused> {
        let (domain, members) = self.need_group(party, group)?;
        let sid = self.sid_of(party, member, trace)?;
        if !members.contains(&sid) {
            let message = format!("the group `{group}` has no such member");
            return Err(refused(Refusal::DoesNotExist, "DIR-2", message));
        }
        let members = members.iter().filter(|other| **other != sid).cloned().collect();
        Ok(Change::SetMembers { domain: domain.name.clone(), group: group.clone(), members })
    }

    /// The SID of a subject; a SID needs no lookup.
    pub(super) fn sid_of(
        self,
        party: Party<'w>,
        subject: &Subject,
        trace: &mut Trace,
    ) -> Result<Sid, Refused> {
        match subject {
            Subject::Named(_) => Ok(self.need_subject(party, subject, trace)?.sid.clone()),
            Subject::Known(sid) => Ok(sid.clone()),
        }
    }

    fn need_group(self, party: Party<'w>, group: &AccountName) -> Result<(&'w Domain, &'w [Sid]), Refused> {
        let domain = self.need_store(party, "a group of its own")?;
        match &need_object(domain, group)?.kind {
            ObjectKind::Group { members } => Ok((domain, members)),
            ObjectKind::User { .. } | ObjectKind::Computer => {
                Err(refused(Refusal::InvalidParameter, "DIR-2", format!("`{group}` is not a group")))
            }
        }
    }

    /// A user with another password. That of an expired one is then no longer too old.
    // Rules: DIR-2, DIR-35.
    pub(super) fn password_reset(
        self,
        party: Party<'w>,
        account: &AccountName,
        password: &str,
    ) -> Result<Change, Refused> {
        let (domain, _, status) = self.need_user(party, account)?;
        let status = match status {
            UserStatus::PasswordExpired => UserStatus::Enabled,
            UserStatus::Enabled | UserStatus::Disabled | UserStatus::LockedOut => status,
        };
        let (domain, account, password) = (domain.name.clone(), account.clone(), password.to_owned());
        Ok(Change::SetUser { domain, account, password, status })
    }

    // Rules: DIR-2, DIR-35.
    pub(super) fn status_set(
        self,
        party: Party<'w>,
        account: &AccountName,
        status: UserStatus,
    ) -> Result<Change, Refused> {
        let (domain, password, _) = self.need_user(party, account)?;
        let (domain, account, password) = (domain.name.clone(), account.clone(), password.to_owned());
        Ok(Change::SetUser { domain, account, password, status })
    }

    fn need_user(
        self,
        party: Party<'w>,
        account: &AccountName,
    ) -> Result<(&'w Domain, &'w str, UserStatus), Refused> {
        let domain = self.need_store(party, "a user of its own")?;
        match &need_object(domain, account)?.kind {
            ObjectKind::User { password, status } => Ok((domain, password, *status)),
            ObjectKind::Group { .. } | ObjectKind::Computer => {
                Err(refused(Refusal::InvalidParameter, "DIR-2", format!("`{account}` is not a user")))
            }
        }
    }

    /// A domain on premises, in its place of the hierarchy.
    // Rules: DIR-1, DIR-4.
    pub(super) fn domain_added(self, name: &DomainName, place: &DomainPlace) -> Result<Change, Refused> {
        self.new_domain(name)?;
        let name = name.clone();
        match place {
            DomainPlace::NewForest => Ok(Change::AddForest(name)),
            DomainPlace::NewTree { forest_of } => {
                let inside = &self.need_on_premises(forest_of)?.name;
                let root = self.forest_root(inside).unwrap_or(inside).clone();
                Ok(Change::AddTree { root, name })
            }
            DomainPlace::Child { of } => {
                let below = self.need_on_premises(of)?.name.clone();
                if name.parent().as_ref() != Some(&below) {
                    let message = format!("`{name}` is not one label in front of `{below}`");
                    return Err(refused(Refusal::InvalidParameter, "DIR-1", message));
                }
                Ok(Change::AddChild { below, name })
            }
        }
    }

    /// A domain on premises: the forests of AWS's directories have one domain, and keep it so.
    // Rule: DIR-4.
    fn need_on_premises(self, name: &DomainName) -> Result<&'w Domain, Refused> {
        match self.party_of_domain(name) {
            Some(Party::OnPremises(domain)) => Ok(domain),
            Some(party @ (Party::Managed { .. } | Party::Connector { .. } | Party::Simple { .. })) => {
                Err(not_supported(party, "a second domain"))
            }
            None => Err(refused(Refusal::DoesNotExist, "DIR-1", format!("there is no domain `{name}`"))),
        }
    }
}

fn need_object<'d>(domain: &'d Domain, account: &AccountName) -> Result<&'d Object, Refused> {
    domain.object(account).ok_or_else(|| {
        refused(Refusal::DoesNotExist, "DIR-2", format!("`{}` has no object `{account}`", domain.name))
    })
}
