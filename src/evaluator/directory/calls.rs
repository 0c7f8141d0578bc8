//! Calls on directories and trusts: what they ask for, and what they change (DIR-4 to DIR-16, DIR-24, DIR-32).

use super::account_side::AccountSide;
use super::change::Change;
use super::consultation::Trace;
use super::ground::{Ground, Party};
use super::reading::errs;
use super::refuse::{not_supported, refused};
use crate::iam::directory::{
    Answer, AwsDirectory, AwsDirectoryKind, ConsoleAccess, DEFAULT_SESSION_LENGTH_S, DirectoryId,
    DirectoryName, DirectoryState, Domain, DomainName, NewDirectory, NewDirectoryKind, Question, Radius,
    Refusal, Refused, ServiceAccount, TrustDirection, TrustExtent, TrustRecord, TrustReport,
};

impl<'w> Ground<'w> {
    /// A directory of the caller's account.
    // Rules: DIR-1, DIR-4, DIR-6, DIR-29.
    pub(super) fn new_directory(
        self,
        new: &NewDirectory,
        account: &dyn AccountSide,
    ) -> Result<Change, Refused> {
        let Some(caller) = account.caller() else {
            return Err(refused(Refusal::AccessDenied, "DIR-34", "the call is made in no account's name"));
        };
        if self.directories.directory(&new.id).is_some() || self.directories.ids_gone.contains(&new.id) {
            let message = format!("the id `{}` was issued before", new.id);
            return Err(refused(Refusal::AlreadyExists, "DIR-6", message));
        }
        let kind = match &new.kind {
            NewDirectoryKind::Managed { name } => {
                AwsDirectoryKind::Managed { domain: self.new_domain(name)?, radius: None }
            }
            NewDirectoryKind::Simple { name } => AwsDirectoryKind::Simple { domain: self.new_domain(name)? },
            NewDirectoryKind::Connector { target, service_account } => {
                self.need_target(target)?;
                AwsDirectoryKind::Connector {
                    target: target.clone(),
                    service_account: service_account.clone(),
                    radius: None,
                }
            }
        };
        Ok(Change::AddDirectory(AwsDirectory {
            id: new.id.clone(),
            partition: caller.partition,
            region: new.region.clone(),
            account: caller.account,
            kind,
            state: DirectoryState::Active,
            access_url: None,
            console: ConsoleAccess::Disabled,
            session_length_s: DEFAULT_SESSION_LENGTH_S,
            assignments: Vec::new(),
        }))
    }

    /// A domain whose name is free.
    // Rule: DIR-1.
    pub(super) fn new_domain(self, name: &DomainName) -> Result<Domain, Refused> {
        if self.directories.domain(name).is_some() {
            return Err(refused(
                Refusal::AlreadyExists,
                "DIR-1",
                format!("there is a domain `{name}` already"),
            ));
        }
        Ok(Domain::new(name.clone()))
    }

    /// A connector's target is a domain on premises.
    // Rules: DIR-4, DIR-21.
    fn need_target(self, target: &DomainName) -> Result<(), Refused> {
        match self.party_of_domain(target) {
            Some(Party::OnPremises(_)) => Ok(()),
            Some(party @ (Party::Managed { .. } | Party::Simple { .. } | Party::Connector { .. })) => {
                Err(not_supported(party, "to be the target of a connector"))
            }
            None => Err(refused(Refusal::DoesNotExist, "DIR-4", format!("there is no domain `{target}`"))),
        }
    }

    /// A directory can go once its console is disabled.
    // Rule: DIR-32.
    pub(super) fn deletion(self, party: Party<'w>) -> Result<Change, Refused> {
        let directory = self.need_aws(party, "a deletion by AWS")?;
        match directory.console {
            ConsoleAccess::Enabled if !errs!(self.reading, DeletedWithConsole) => {
                let message = format!("the console of `{}` is enabled", directory.id);
                Err(refused(Refusal::InUse, "DIR-32", message))
            }
            ConsoleAccess::Enabled | ConsoleAccess::Disabled => {
                Ok(Change::RemoveDirectory(directory.id.clone()))
            }
        }
    }

    /// The console can be disabled once no assignment is left, those of deleted subjects included.
    // Rule: DIR-32.
    pub(super) fn console_disabled(self, party: Party<'w>) -> Result<Change, Refused> {
        let directory = self.need_aws(party, "console access")?;
        let counts =
            |subject| self.directories.object(subject).is_some() || !errs!(self.reading, LeftoversForgotten);
        let is_in_use = directory.assignments.iter().any(|assignment| counts(&assignment.subject));
        if is_in_use && !errs!(self.reading, ConsoleDisabledInUse) {
            let message = format!("`{}` still has assignments of roles", directory.id);
            return Err(refused(Refusal::InUse, "DIR-32", message));
        }
        Ok(Change::SetConsole { id: directory.id.clone(), console: ConsoleAccess::Disabled })
    }

    /// An access URL is given once, and to one directory.
    // Rule: DIR-6.
    pub(super) fn access_url(self, party: Party<'w>, url: &str) -> Result<Change, Refused> {
        let directory = self.need_aws(party, "an access URL")?;
        let is_taken = self.directories.aws.iter().any(|other| other.access_url.as_deref() == Some(url));
        if is_taken || directory.access_url.is_some() {
            let message = format!("`{}` has an access URL, or `{url}` is taken", directory.id);
            return Err(refused(Refusal::AlreadyExists, "DIR-6", message));
        }
        if url.is_empty() {
            return Err(refused(Refusal::InvalidParameter, "DIR-6", "the access URL is empty"));
        }
        Ok(Change::SetAccessUrl { id: directory.id.clone(), url: url.to_owned() })
    }

    // Rule: DIR-29.
    pub(super) fn session_length(self, party: Party<'w>, seconds: i128) -> Result<Change, Refused> {
        let directory = self.need_aws(party, "console access")?;
        match u64::try_from(seconds) {
            Ok(seconds @ 900..=43_200) => Ok(Change::SetSessionLength { id: directory.id.clone(), seconds }),
            Ok(_) | Err(_) => {
                let message = format!("a session length of {seconds} s is not between 900 s and 43200 s");
                Err(refused(Refusal::InvalidParameter, "DIR-29", message))
            }
        }
    }

    // Rules: DIR-27, DIR-35.
    pub(super) fn console_enabled(self, party: Party<'w>) -> Result<Change, Refused> {
        let directory = self.need_aws(party, "console access")?;
        Ok(Change::SetConsole { id: directory.id.clone(), console: ConsoleAccess::Enabled })
    }

    /// A connector's service account, with other credentials.
    // Rules: DIR-4, DIR-20.
    pub(super) fn service_account_set(
        self,
        party: Party<'w>,
        service_account: &ServiceAccount,
    ) -> Result<Change, Refused> {
        let Party::Connector { directory, .. } = party else {
            return Err(not_supported(party, "a service account"));
        };
        Ok(Change::SetServiceAccount { id: directory.id.clone(), service_account: service_account.clone() })
    }

    // Rule: DIR-24.
    pub(super) fn radius_enabled(self, party: Party<'w>, radius: &Radius) -> Result<Change, Refused> {
        let directory = self.need_radius(party)?;
        if directory.radius().is_some() {
            let message = format!("`{}` has a RADIUS server already", directory.id);
            return Err(refused(Refusal::AlreadyExists, "DIR-24", message));
        }
        Ok(Change::SetRadius { id: directory.id.clone(), radius: Some(radius.clone()) })
    }

    // Rule: DIR-24.
    pub(super) fn radius_disabled(self, party: Party<'w>) -> Result<Change, Refused> {
        let directory = self.need_radius(party)?;
        self.need_configured(directory)?;
        Ok(Change::SetRadius { id: directory.id.clone(), radius: None })
    }

    /// The RADIUS server that a directory has.
    pub(super) fn need_configured(self, directory: &'w AwsDirectory) -> Result<&'w Radius, Refused> {
        directory.radius().ok_or_else(|| {
            let message = format!("`{}` has no RADIUS server", directory.id);
            refused(Refusal::DoesNotExist, "DIR-24", message)
        })
    }

    /// The directory with this id.
    pub(super) fn need_directory(self, id: &DirectoryId) -> Result<&'w AwsDirectory, Refused> {
        self.directories
            .directory(id)
            .ok_or_else(|| refused(Refusal::DoesNotExist, "DIR-6", format!("there is no directory `{id}`")))
    }

    /// One side of a trust.
    // Rules: DIR-8, DIR-9, DIR-11, DIR-12, DIR-15, DIR-16.
    pub(super) fn new_trust(
        self,
        party: Party<'w>,
        with: &DirectoryName,
        (direction, extent): (TrustDirection, TrustExtent),
        password: &str,
    ) -> Result<Vec<Change>, Refused> {
        let owner = &self.need_trusts(party)?.name;
        let partner = &self.need_trusts(self.party(with)?)?.name;
        let invalid = |rule, message: String| Err(refused(Refusal::InvalidParameter, rule, message));
        if owner == partner {
            return invalid("DIR-8", format!("`{owner}` cannot have a trust with itself"));
        }
        for name in [owner, partner] {
            if name.parent().is_none() && !errs!(self.reading, SingleLabelTrusts) {
                return invalid("DIR-15", format!("the domain `{name}` has a single-label name"));
            }
            if extent == TrustExtent::Forest && self.forest_root(name) != Some(name) {
                return invalid("DIR-8", format!("`{name}` is not the root of its forest"));
            }
        }
        let mut changes = Vec::new();
        let has_one = self.directories.trust_record(owner, partner).is_some();
        if has_one && errs!(self.reading, SecondTrustReplacesFirst) {
            changes.push(Change::RemoveTrust { owner: owner.clone(), partner: partner.clone() });
        } else if has_one || self.forest_root(owner) == self.forest_root(partner) {
            let message = format!("`{owner}` and `{partner}` have a trust already");
            return Err(refused(Refusal::AlreadyExists, "DIR-11", message));
        }
        let (owner, partner, password) = (owner.clone(), partner.clone(), password.to_owned());
        changes.push(Change::AddTrust(TrustRecord { owner, partner, direction, extent, password }));
        Ok(changes)
    }

    // Rule: DIR-11.
    pub(super) fn trust_deleted(self, party: Party<'w>, with: &DirectoryName) -> Result<Change, Refused> {
        let record = self.need_record(party, with)?;
        Ok(Change::RemoveTrust { owner: record.owner.clone(), partner: record.partner.clone() })
    }

    /// The record that a directory has of another one.
    // Rules: DIR-9, DIR-21, DIR-35.
    fn need_record(self, party: Party<'w>, with: &DirectoryName) -> Result<&'w TrustRecord, Refused> {
        let owner = &self.need_trusts(party)?.name;
        let partner = match with {
            // The other side may be gone; its name is enough.
            DirectoryName::Domain(name) => match self.party_of_domain(name) {
                Some(other) => &self.need_trusts(other)?.name,
                None => name,
            },
            DirectoryName::Id(_) => &self.need_trusts(self.party(with)?)?.name,
        };
        self.directories.trust_record(owner, partner).ok_or_else(|| {
            let message = format!("`{owner}` has no trust with `{partner}` on record");
            refused(Refusal::DoesNotExist, "DIR-9", message)
        })
    }

    /// Looks at the outgoing direction of a trust, for which the other side is asked.
    // Rules: DIR-14, DIR-19.
    pub(super) fn verified(
        self,
        party: Party<'w>,
        with: &DirectoryName,
        trace: &mut Trace,
    ) -> Result<TrustReport, Refused> {
        let record = self.need_record(party, with)?;
        match record.direction {
            TrustDirection::Incoming if !errs!(self.reading, VerifyLooksAtIncoming) => {
                return Ok(TrustReport::NothingOutgoing);
            }
            TrustDirection::Incoming | TrustDirection::Outgoing | TrustDirection::TwoWay => {}
        }
        self.need_active(party)?;
        let partner = self.reach(party, &record.partner, &Question::Trust, trace)?;
        let works = self.outgoing_works(record);
        let answer = if works { Answer::Given } else { Answer::Refused };
        self.note(party, &partner.name, Question::Trust, answer, trace);
        Ok(if works { TrustReport::Works } else { TrustReport::Broken })
    }
}
