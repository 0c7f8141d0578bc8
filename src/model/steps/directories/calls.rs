//! The calls on directories (DIR-34): authorised first, then held to the kind, then to what is there.

use super::facts::Place;
use super::trusts::NewTrust;
use super::{Atoms, demand, done};
use crate::iam::directory::{
    AwsDirectory, AwsDirectoryKind, Capability, ConsoleAccess, DEFAULT_SESSION_LENGTH_S, DirectoryCall,
    DirectoryName, DirectoryState, Domain, LdapsSide, NewDirectory, NewDirectoryKind, Radius, Refusal,
    ServiceAccount,
};
use crate::iam::outcome::Answer;
use crate::model::directory::{Ability, Kind, Kinds};
use crate::model::steps::calls::defect;
use crate::model::steps::deciding::Item;
use crate::model::steps::{Moment, Stepping};

impl Moment<'_> {
    pub(super) fn directory_call(&mut self, call: &DirectoryCall) -> Stepping<Answer> {
        match call {
            DirectoryCall::CreateDirectory(new) => self.create_directory(new),
            DirectoryCall::DeleteDirectory { at } => self.delete_directory(at),
            DirectoryCall::UpdateServiceAccount { at, service_account } => {
                self.update_service_account(at, service_account)
            }
            DirectoryCall::CreateTrust { at, with, direction, extent, password } => {
                let (direction, extent) = (*direction, *extent);
                self.create_trust(NewTrust { at, with, direction, extent, password })
            }
            DirectoryCall::DeleteTrust { at, with } => self.delete_trust(at, with),
            DirectoryCall::VerifyTrust { at, with } => self.verify_trust(at, with),
            DirectoryCall::EnableRadius { at, radius } => {
                self.set_radius(at, "ds:EnableRadius", Some(radius))
            }
            DirectoryCall::DisableRadius { at } => self.set_radius(at, "ds:DisableRadius", None),
            DirectoryCall::CreateAccessUrl { at, url } => self.create_access_url(at, url),
            DirectoryCall::EnableConsole { at } => self.enable_console(at),
            DirectoryCall::DisableConsole { at } => self.disable_console(at),
            DirectoryCall::SetSessionLength { at, seconds } => self.set_session_length(at, *seconds),
            DirectoryCall::AssignRole { at, subject, role } => self.assign_role(at, subject, role),
            DirectoryCall::UnassignRole { at, subject, role } => self.unassign_role(at, subject, role),
            DirectoryCall::ResetPassword { at, account, password } => {
                let place = self.place(at)?;
                self.may_call(place, "ds:ResetUserPassword")?;
                self.reset_password(at, account, password)
            }
            DirectoryCall::Use { at, capability } => self.use_capability(at, *capability),
        }
    }

    /// Whether the caller may call this on the directory; on premises nobody calls.
    // Rule: DIR-34.
    pub(super) fn may_call(&self, place: Place<'_>, action: &str) -> Stepping<()> {
        let Some(directory) = place.kept() else { return Ok(()) };
        let item = Item::plain(action, directory.arn(), Some(&directory.account));
        self.allowed(&self.checked()?, &item, "DIR-34").map(|_| ())
    }

    /// Whether a directory of this kind can do that.
    // Rules: DIR-24, DIR-35.
    pub(super) fn can(&self, place: Place<'_>, ability: Ability, rule: &'static str) -> Stepping<()> {
        let mut atoms = Atoms::new();
        let kinds = Kinds::of(&atoms.formulas, place.kind());
        let able = kinds.can(&mut atoms.formulas, ability);
        demand(atoms.read(able)?, Refusal::NotSupported, rule, "this kind of directory cannot do that")
    }

    /// A directory that AWS keeps, and to which the caller may do this, if its kind lets it.
    fn called(&mut self, at: &DirectoryName, action: &str, ability: Ability) -> Stepping<&mut AwsDirectory> {
        let place = self.place(at)?;
        self.may_call(place, action)?;
        self.can(place, ability, "DIR-35")?;
        let id = place.kept().map(|directory| directory.id.clone());
        let directory = id.and_then(|id| self.world.directories.directory_mut(&id));
        directory.ok_or_else(|| defect("a directory that AWS does not keep was called"))
    }

    // Rules: DIR-1, DIR-4, DIR-6, DIR-34, DIR-35.
    fn create_directory(&mut self, new: &NewDirectory) -> Stepping<Answer> {
        let NewDirectory { id, region, kind } = new;
        let action = match kind {
            NewDirectoryKind::Managed { .. } => "ds:CreateMicrosoftAD",
            NewDirectoryKind::Connector { .. } => "ds:ConnectDirectory",
            NewDirectoryKind::Simple { .. } => "ds:CreateDirectory",
        };
        let checked = self.checked()?;
        self.allowed(&checked, &Item::plain(action, "*", None), "DIR-34")?;
        let (partition, account) = self.own_account(&checked)?;
        let directories = &self.world.directories;
        let is_new = directories.directory(id).is_none() && !directories.ids_gone.contains(id);
        demand(is_new, Refusal::AlreadyExists, "DIR-6", "the id was issued before")?;
        let kind = match kind {
            NewDirectoryKind::Managed { name } | NewDirectoryKind::Simple { name } => {
                let is_free = directories.domain(name).is_none();
                demand(is_free, Refusal::AlreadyExists, "DIR-1", "there is a domain of this name")?;
                let domain = Domain::new(name.clone());
                match kind {
                    NewDirectoryKind::Managed { .. } => AwsDirectoryKind::Managed { domain, radius: None },
                    NewDirectoryKind::Simple { .. } | NewDirectoryKind::Connector { .. } => {
                        AwsDirectoryKind::Simple { domain }
                    }
                }
            }
            NewDirectoryKind::Connector { target, service_account } => {
                let place = Place::named(directories, &DirectoryName::Domain(target.clone()));
                let is_there = place.is_some();
                demand(is_there, Refusal::DoesNotExist, "DIR-4", "there is no such domain")?;
                let self_managed = place.is_some_and(|place| place.kind() == Kind::OnPremises);
                demand(self_managed, Refusal::NotSupported, "DIR-4", "the target is not self-managed")?;
                let (target, service_account) = (target.clone(), service_account.clone());
                AwsDirectoryKind::Connector { target, service_account, radius: None }
            }
        };
        self.world.directories.aws.push(AwsDirectory {
            id: id.clone(),
            partition,
            region: region.clone(),
            account,
            kind,
            state: DirectoryState::Active,
            access_url: None,
            console: ConsoleAccess::Disabled,
            session_length_s: DEFAULT_SESSION_LENGTH_S,
            assignments: Vec::new(),
        });
        Ok(done())
    }

    // Rule: DIR-32.
    fn delete_directory(&mut self, at: &DirectoryName) -> Stepping<Answer> {
        let directory = self.called(at, "ds:DeleteDirectory", Ability::IsKeptByAws)?;
        let is_off = directory.console == ConsoleAccess::Disabled;
        demand(is_off, Refusal::InUse, "DIR-32", "the console is enabled")?;
        let id = directory.id.clone();
        let domain = directory.domain().map(|domain| domain.name.clone());
        let directories = &mut self.world.directories;
        directories.aws.retain(|directory| directory.id != id);
        directories.trusts.retain(|record| Some(&record.owner) != domain.as_ref());
        directories.links_down.retain(|link| link.directory != id && Some(&link.domain) != domain.as_ref());
        directories.ids_gone.insert(id);
        Ok(done())
    }

    // Rule: DIR-20.
    fn update_service_account(&mut self, at: &DirectoryName, new: &ServiceAccount) -> Stepping<Answer> {
        let directory = self.called(at, "ds:UpdateDirectory", Ability::ServiceAccount)?;
        match &mut directory.kind {
            AwsDirectoryKind::Connector { service_account, .. } => *service_account = new.clone(),
            AwsDirectoryKind::Managed { .. } | AwsDirectoryKind::Simple { .. } => {}
        }
        Ok(done())
    }

    // Rule: DIR-24.
    fn set_radius(&mut self, at: &DirectoryName, action: &str, server: Option<&Radius>) -> Stepping<Answer> {
        let directory = self.called(at, action, Ability::Radius)?;
        match &mut directory.kind {
            AwsDirectoryKind::Managed { radius, .. } | AwsDirectoryKind::Connector { radius, .. } => {
                let again = radius.is_some() && server.is_some();
                demand(!again, Refusal::AlreadyExists, "DIR-24", "a RADIUS server is configured")?;
                let nothing = radius.is_none() && server.is_none();
                demand(!nothing, Refusal::DoesNotExist, "DIR-24", "no RADIUS server is configured")?;
                *radius = server.cloned();
            }
            AwsDirectoryKind::Simple { .. } => {}
        }
        Ok(done())
    }

    // Rule: DIR-6.
    fn create_access_url(&mut self, at: &DirectoryName, url: &str) -> Stepping<Answer> {
        let is_taken =
            self.world.directories.aws.iter().any(|other| other.access_url.as_deref() == Some(url));
        let directory = self.called(at, "ds:CreateAlias", Ability::Console)?;
        let is_first = directory.access_url.is_none();
        demand(is_first && !is_taken, Refusal::AlreadyExists, "DIR-6", "an access URL is given once")?;
        directory.access_url = Some(url.to_owned());
        Ok(done())
    }

    // Rules: DIR-27, DIR-35.
    fn enable_console(&mut self, at: &DirectoryName) -> Stepping<Answer> {
        let directory = self.called(at, "ds:AuthorizeApplication", Ability::Console)?;
        directory.console = ConsoleAccess::Enabled;
        Ok(done())
    }

    // Rule: DIR-32.
    fn disable_console(&mut self, at: &DirectoryName) -> Stepping<Answer> {
        let directory = self.called(at, "ds:UnauthorizeApplication", Ability::Console)?;
        demand(directory.assignments.is_empty(), Refusal::InUse, "DIR-32", "assignments are left")?;
        directory.console = ConsoleAccess::Disabled;
        Ok(done())
    }

    // Rule: DIR-29.
    fn set_session_length(&mut self, at: &DirectoryName, seconds: i128) -> Stepping<Answer> {
        let directory = self.called(at, "ds:UpdateDirectory", Ability::Console)?;
        let length = u64::try_from(seconds).ok().filter(|seconds| (900..=43_200).contains(seconds));
        demand(length.is_some(), Refusal::InvalidParameter, "DIR-29", "900 to 43200 seconds")?;
        directory.session_length_s = length.unwrap_or(DEFAULT_SESSION_LENGTH_S);
        Ok(done())
    }

    // Rules: DIR-34, DIR-35.
    fn use_capability(&mut self, at: &DirectoryName, capability: Capability) -> Stepping<Answer> {
        let action = match capability {
            Capability::Share => Some("ds:ShareDirectory"),
            Capability::SchemaExtension => Some("ds:StartSchemaExtension"),
            Capability::Ldaps(LdapsSide::Client | LdapsSide::Server) => Some("ds:EnableLDAPS"),
            Capability::Snapshot => Some("ds:CreateSnapshot"),
            Capability::IdentityCenter | Capability::RdsForSqlServer => None,
        };
        let place = self.place(at)?;
        if let Some(action) = action {
            self.may_call(place, action)?;
        }
        self.can(place, Ability::Offers(capability), "DIR-35")?;
        Ok(done())
    }
}
