//! The operations on directories, as steps have them: a name, and parameters of their own.
//!
//! Calls of an AWS principal are actions (`ds:CreateTrust`). Everything else is an event: what administrators do in a domain, what users
//! do, what happens to networks. On premises there are no calls, so some calls have an event of the same meaning beside them.

use super::objects::subject;
use super::services::{radius, reach, service_account, state};
use super::words::{name, word};
use super::world::{direction, extent};
use crate::iam::directory::{
    AccountName, Administration, Capability, DirectoryCall, DirectoryEvent, DirectoryId, DirectoryName,
    DirectoryOperation, DomainName, DomainPlace, LdapsSide, LogonAttempt, LogonUse, NewDirectory,
    NewDirectoryKind, ObjectName, UserAction, UserStatus,
};
use crate::iam::json::{Error, Fields, Node};

/// An operation: its name in steps, the names of its parameters, and how they are read. `?` marks parameters that may be left out.
pub struct Row {
    /// `ds:…` for a call, a name in small letters for an event.
    pub name: &'static str,
    /// The names of the parameters.
    pub parameters: &'static [&'static str],
    read: fn(&Parameters<'_>) -> Result<DirectoryOperation, Error>,
}

const fn row(
    name: &'static str,
    parameters: &'static [&'static str],
    read: fn(&Parameters<'_>) -> Result<DirectoryOperation, Error>,
) -> Row {
    Row { name, parameters, read }
}

/// Every operation.
pub const OPERATIONS: [Row; 38] = [
    row("ds:CreateMicrosoftAD", &["DirectoryId", "Region?", "Name"], |p| {
        p.creation(NewDirectoryKind::Managed { name: p.domain("Name")? })
    }),
    row("ds:ConnectDirectory", &["DirectoryId", "Region?", "Target", "ServiceAccount"], |p| {
        let service_account = service_account(p.fields.required("ServiceAccount")?)?;
        p.creation(NewDirectoryKind::Connector { target: p.domain("Target")?, service_account })
    }),
    row("ds:CreateDirectory", &["DirectoryId", "Region?", "Name"], |p| {
        p.creation(NewDirectoryKind::Simple { name: p.domain("Name")? })
    }),
    row("ds:DeleteDirectory", &["Directory"], |p| call(DirectoryCall::DeleteDirectory { at: p.at()? })),
    row("ds:CreateTrust", &TRUST, |p| p.new_trust()),
    row("create-trust", &TRUST, |p| p.new_trust()),
    row("ds:DeleteTrust", &["Directory", "With"], |p| p.trust_deletion()),
    row("delete-trust", &["Directory", "With"], |p| p.trust_deletion()),
    row("ds:VerifyTrust", &["Directory", "With"], |p| p.trust_verification()),
    row("verify-trust", &["Directory", "With"], |p| p.trust_verification()),
    row("ds:EnableRadius", &["Directory", "Radius"], |p| {
        call(DirectoryCall::EnableRadius { at: p.at()?, radius: radius(p.fields.required("Radius")?)? })
    }),
    row("ds:DisableRadius", &["Directory"], |p| call(DirectoryCall::DisableRadius { at: p.at()? })),
    row("ds:CreateAlias", &["Directory", "AccessUrl"], |p| {
        call(DirectoryCall::CreateAccessUrl { at: p.at()?, url: p.text("AccessUrl")? })
    }),
    row("ds:AuthorizeApplication", &["Directory"], |p| call(DirectoryCall::EnableConsole { at: p.at()? })),
    row("ds:UnauthorizeApplication", &["Directory"], |p| call(DirectoryCall::DisableConsole { at: p.at()? })),
    row("ds:UpdateDirectory", &["Directory", "SessionLength?", "ServiceAccount?"], |p| p.update()),
    row("ds:EnableRoleAccess", &ROLE, |p| {
        let subject = subject(p.fields.required("Subject")?)?;
        call(DirectoryCall::AssignRole { at: p.at()?, subject, role: p.text("RoleArn")? })
    }),
    row("ds:DisableRoleAccess", &ROLE, |p| {
        let subject = subject(p.fields.required("Subject")?)?;
        call(DirectoryCall::UnassignRole { at: p.at()?, subject, role: p.text("RoleArn")? })
    }),
    row("ds:ResetUserPassword", &PASSWORD, |p| p.new_password()),
    row("reset-password", &PASSWORD, |p| p.new_password()),
    row("ds:ShareDirectory", &["Directory"], |p| p.use_of(Capability::Share)),
    row("ds:StartSchemaExtension", &["Directory"], |p| p.use_of(Capability::SchemaExtension)),
    row("ds:EnableLDAPS", &["Directory", "Type"], |p| {
        let sides = [LdapsSide::Client, LdapsSide::Server];
        let side = word(p.fields.required("Type")?, &sides, |side| match side {
            LdapsSide::Client => "client",
            LdapsSide::Server => "server",
        })?;
        p.use_of(Capability::Ldaps(side))
    }),
    row("ds:CreateSnapshot", &["Directory"], |p| p.use_of(Capability::Snapshot)),
    row("use-directory", &["Directory", "For"], |p| {
        p.use_of(word(p.fields.required("For")?, &Capability::ALL, Capability::name)?)
    }),
    row("create-domain", &["Name", "Place", "Of?"], |p| {
        administration(Administration::CreateDomain { name: p.domain("Name")?, place: p.place()? })
    }),
    row("create-directory-user", &["Directory", "UserName", "Password"], |p| {
        let (account, password) = (p.account("UserName")?, p.text("Password")?);
        administration(Administration::CreateUser { at: p.at()?, account, password })
    }),
    row("create-directory-group", &["Directory", "GroupName"], |p| {
        administration(Administration::CreateGroup { at: p.at()?, account: p.account("GroupName")? })
    }),
    row("join-computer", &["Directory", "ComputerName"], |p| {
        administration(Administration::JoinComputer { at: p.at()?, account: p.account("ComputerName")? })
    }),
    row("delete-directory-object", &["Directory", "Name"], |p| {
        administration(Administration::DeleteObject { at: p.at()?, account: p.account("Name")? })
    }),
    row("add-directory-member", &["Directory", "GroupName", "Member"], |p| {
        let (group, member) = (p.account("GroupName")?, subject(p.fields.required("Member")?)?);
        administration(Administration::AddMember { at: p.at()?, group, member })
    }),
    row("remove-directory-member", &["Directory", "GroupName", "Member"], |p| {
        let (group, member) = (p.account("GroupName")?, subject(p.fields.required("Member")?)?);
        administration(Administration::RemoveMember { at: p.at()?, group, member })
    }),
    row("set-user-status", &["Directory", "UserName", "Status"], |p| {
        let status = word(p.fields.required("Status")?, &UserStatus::ALL, UserStatus::name)?;
        administration(Administration::SetUserStatus { at: p.at()?, account: p.account("UserName")?, status })
    }),
    row("directory-surroundings", &["Directory", "Link?", "Radius?", "State?"], |p| p.event()),
    row("look-up", &["Directory", "Of", "Name?"], |p| {
        let account = p.fields.optional("Name").map(|node| name(node, AccountName::parse)).transpose()?;
        user_action(UserAction::LookUp { at: p.at()?, of: p.directory("Of")?, account })
    }),
    row("log-on", &["Directory", "User", "Password", "Otp?", "Use"], |p| {
        let purpose = word(p.fields.required("Use")?, &LogonUse::ALL, LogonUse::name)?;
        user_action(UserAction::LogOn { at: p.at()?, attempt: p.attempt()?, purpose })
    }),
    row("sign-in", &["Directory", "User", "Password", "Otp?", "RoleArn"], |p| {
        user_action(UserAction::SignIn { at: p.at()?, attempt: p.attempt()?, role: p.text("RoleArn")? })
    }),
    row("issue-assertion", &["Provider", "User", "Password"], |p| {
        let user = name(p.fields.required("User")?, ObjectName::parse)?;
        user_action(UserAction::IssueAssertion {
            provider: p.text("Provider")?,
            user,
            password: p.text("Password")?,
        })
    }),
];

const TRUST: [&str; 5] = ["Directory", "With", "TrustDirection", "TrustType", "TrustPassword"];
const ROLE: [&str; 3] = ["Directory", "Subject", "RoleArn"];
const PASSWORD: [&str; 3] = ["Directory", "UserName", "NewPassword"];

/// Whether an operation with this name has a caller; all others are events.
pub fn is_action(operation: &str) -> bool {
    operation.contains(':')
}

/// Reads the operation with this name, and `parameters` of it; `None` if no operation on directories has the name.
///
/// # Errors
///
/// A parameter that is missing, unknown or of another type, with its place; `step` is the place of a step without parameters.
pub fn operation(
    operation: &str,
    parameters: Option<Node<'_>>,
    step: Node<'_>,
) -> Result<Option<DirectoryOperation>, Error> {
    let Some(row) = OPERATIONS.iter().find(|row| row.name == operation) else { return Ok(None) };
    let allowed: Vec<&str> = row.parameters.iter().map(|name| name.trim_end_matches('?')).collect();
    let node = parameters.ok_or_else(|| step.error("the field `parameters` is missing"))?;
    (row.read)(&Parameters { fields: node.fields(&allowed)? }).map(Some)
}

fn call(call: DirectoryCall) -> Result<DirectoryOperation, Error> {
    Ok(DirectoryOperation::Call(call))
}

fn administration(work: Administration) -> Result<DirectoryOperation, Error> {
    Ok(DirectoryOperation::Administration(work))
}

fn user_action(action: UserAction) -> Result<DirectoryOperation, Error> {
    Ok(DirectoryOperation::UserAction(action))
}

/// The parameters of one operation.
struct Parameters<'j> {
    fields: Fields<'j>,
}

impl Parameters<'_> {
    fn at(&self) -> Result<DirectoryName, Error> {
        self.directory("Directory")
    }

    fn directory(&self, field: &str) -> Result<DirectoryName, Error> {
        name(self.fields.required(field)?, DirectoryName::parse)
    }

    fn account(&self, field: &str) -> Result<AccountName, Error> {
        name(self.fields.required(field)?, AccountName::parse)
    }

    fn domain(&self, field: &str) -> Result<DomainName, Error> {
        name(self.fields.required(field)?, DomainName::parse)
    }

    fn text(&self, field: &str) -> Result<String, Error> {
        Ok(self.fields.required(field)?.string()?.to_owned())
    }

    fn creation(&self, kind: NewDirectoryKind) -> Result<DirectoryOperation, Error> {
        let id = name(self.fields.required("DirectoryId")?, DirectoryId::parse)?;
        let region =
            self.fields.optional("Region").map(Node::string).transpose()?.unwrap_or("us-east-1").to_owned();
        call(DirectoryCall::CreateDirectory(NewDirectory { id, region, kind }))
    }

    fn new_trust(&self) -> Result<DirectoryOperation, Error> {
        call(DirectoryCall::CreateTrust {
            at: self.at()?,
            with: self.directory("With")?,
            direction: direction(self.fields.required("TrustDirection")?)?,
            extent: extent(self.fields.required("TrustType")?)?,
            password: self.text("TrustPassword")?,
        })
    }

    fn trust_deletion(&self) -> Result<DirectoryOperation, Error> {
        call(DirectoryCall::DeleteTrust { at: self.at()?, with: self.directory("With")? })
    }

    fn trust_verification(&self) -> Result<DirectoryOperation, Error> {
        call(DirectoryCall::VerifyTrust { at: self.at()?, with: self.directory("With")? })
    }

    fn new_password(&self) -> Result<DirectoryOperation, Error> {
        let (account, password) = (self.account("UserName")?, self.text("NewPassword")?);
        call(DirectoryCall::ResetPassword { at: self.at()?, account, password })
    }

    fn use_of(&self, capability: Capability) -> Result<DirectoryOperation, Error> {
        call(DirectoryCall::Use { at: self.at()?, capability })
    }

    /// `ds:UpdateDirectory` changes one thing: the length of console sessions, or a connector's service account.
    fn update(&self) -> Result<DirectoryOperation, Error> {
        let at = self.at()?;
        match (self.fields.optional("SessionLength"), self.fields.optional("ServiceAccount")) {
            (Some(node), None) => {
                // A number of any size and sign: what comes of it is no matter of reading.
                let seconds = node.number()?.parse();
                let seconds =
                    seconds.map_err(|_| node.error("expected a whole number, such as 3600 or -1"))?;
                call(DirectoryCall::SetSessionLength { at, seconds })
            }
            (None, Some(node)) => {
                call(DirectoryCall::UpdateServiceAccount { at, service_account: service_account(node)? })
            }
            (Some(_), Some(_)) | (None, None) => Err(self
                .fields
                .object()
                .error("expected exactly one of `SessionLength` and `ServiceAccount`")),
        }
    }

    fn place(&self) -> Result<DomainPlace, Error> {
        let node = self.fields.required("Place")?;
        let place = word(node, &["new-forest", "new-tree", "child"], |name| name)?;
        match (place, self.fields.optional("Of")) {
            ("new-forest", None) => Ok(DomainPlace::NewForest),
            ("new-forest", Some(of)) => Err(of.error("a new forest is of nobody")),
            ("new-tree", Some(of)) => Ok(DomainPlace::NewTree { forest_of: name(of, DomainName::parse)? }),
            (_, Some(of)) => Ok(DomainPlace::Child { of: name(of, DomainName::parse)? }),
            (_, None) => {
                Err(node.error("the field `Of` is missing: the domain that it is a tree beside, or below"))
            }
        }
    }

    /// What changes around a directory is one thing: a link, its RADIUS server, or whether it runs.
    fn event(&self) -> Result<DirectoryOperation, Error> {
        let directory = name(self.fields.required("Directory")?, DirectoryId::parse)?;
        let given = ["Link", "Radius", "State"].map(|name| self.fields.optional(name));
        let event = match given {
            [Some(node), None, None] => {
                let fields = node.fields(&["domain", "reach"])?;
                let domain = name(fields.required("domain")?, DomainName::parse)?;
                DirectoryEvent::SetLink { directory, domain, reach: reach(fields.required("reach")?)? }
            }
            [None, Some(node), None] => DirectoryEvent::SetRadiusReach { directory, reach: reach(node)? },
            [None, None, Some(node)] => DirectoryEvent::SetState { directory, state: state(node)? },
            [_, _, _] => {
                return Err(self
                    .fields
                    .object()
                    .error("expected exactly one of `Link`, `Radius` and `State`"));
            }
        };
        Ok(DirectoryOperation::Event(event))
    }

    fn attempt(&self) -> Result<LogonAttempt, Error> {
        let otp = self.fields.optional("Otp").map(Node::string).transpose()?.map(str::to_owned);
        let user = name(self.fields.required("User")?, ObjectName::parse)?;
        Ok(LogonAttempt { user, password: self.text("Password")?, otp })
    }
}
