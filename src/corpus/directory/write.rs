//! Writes the part `directories` of a world and the operations of steps, so that reading them gives the same again.

use serde_json::{Map, Value, json};

use crate::iam::directory::{
    Administration, Assignment, AwsDirectory, AwsDirectoryKind, Capability, ConsoleAccess, Directories,
    DirectoryCall, DirectoryEvent, DirectoryOperation, DirectoryState, Domain, DomainPlace, LdapsSide,
    LogonAttempt, NewDirectoryKind, ObjectKind, Radius, RadiusCode, Reach, ServiceAccount, Subject,
    TrustRecord, UserAction,
};
use crate::iam::instant::Instant;

/// The part `directories` of a world.
///
/// Every object says its SID. The order of objects within a domain is that of the format: users, groups, computers.
pub fn directories_as_json(directories: &Directories) -> Value {
    let Directories { forests, aws, trusts, links_down, identity_providers, ids_gone, next_sid } =
        directories;
    let forests: Vec<Value> = forests
        .iter()
        .map(|forest| json!({ "domains": forest.domains().map(domain).collect::<Vec<_>>() }))
        .collect();
    let providers: Vec<Value> = identity_providers
        .iter()
        .map(|provider| {
            let roles: Vec<Value> = provider
                .mappings
                .iter()
                .map(|mapping| json!({ "group": mapping.group.as_str(), "role": mapping.role }))
                .collect();
            json!({ "arn": provider.arn, "domain": provider.domain.spelling(), "roles": roles })
        })
        .collect();
    let links: Vec<Value> = links_down
        .iter()
        .map(|link| json!({ "directory": link.directory.as_str(), "domain": link.domain.spelling() }))
        .collect();
    let mut fields = Map::new();
    put_list(&mut fields, "forests", forests);
    put_list(&mut fields, "aws", aws.iter().map(directory).collect());
    put_list(&mut fields, "trusts", trusts.iter().map(trust).collect());
    put_list(&mut fields, "linksDown", links);
    put_list(&mut fields, "identityProviders", providers);
    put_list(&mut fields, "idsGone", ids_gone.iter().map(|id| id.as_str().into()).collect());
    fields.insert("nextSid".to_owned(), (*next_sid).into());
    Value::Object(fields)
}

fn put_list(fields: &mut Map<String, Value>, name: &str, list: Vec<Value>) {
    if !list.is_empty() {
        fields.insert(name.to_owned(), list.into());
    }
}

fn put_some(fields: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), value.into());
    }
}

fn domain(domain: &Domain) -> Value {
    let (mut users, mut groups, mut computers) = (Vec::new(), Vec::new(), Vec::new());
    for object in &domain.objects {
        let (name, sid) = (object.account.spelling(), object.sid.as_str());
        match &object.kind {
            ObjectKind::User { password, status } => {
                users.push(json!({ "name": name, "sid": sid, "password": password, "status": status.name() }))
            }
            ObjectKind::Group { members } => {
                let members: Vec<&str> = members.iter().map(|member| member.as_str()).collect();
                groups.push(json!({ "name": name, "sid": sid, "members": members }));
            }
            ObjectKind::Computer => computers.push(json!({ "name": name, "sid": sid })),
        }
    }
    let mut fields = Map::new();
    fields.insert("name".to_owned(), domain.name.spelling().into());
    put_list(&mut fields, "users", users);
    put_list(&mut fields, "groups", groups);
    put_list(&mut fields, "computers", computers);
    Value::Object(fields)
}

fn directory(directory: &AwsDirectory) -> Value {
    let AwsDirectory { id, partition, region, account, kind, state, access_url, console, .. } = directory;
    let mut fields = Map::new();
    for (name, text) in [
        ("id", id.as_str()),
        ("kind", kind.name()),
        ("partition", partition),
        ("region", region),
        ("account", account),
        ("state", state_name(*state)),
        ("console", console_name(*console)),
    ] {
        fields.insert(name.to_owned(), text.into());
    }
    match kind {
        AwsDirectoryKind::Managed { domain: own, radius: server } => {
            fields.insert("domain".to_owned(), domain(own));
            put_some(&mut fields, "radius", server.as_ref().map(radius));
        }
        AwsDirectoryKind::Connector { target, service_account: account, radius: server } => {
            fields.insert("target".to_owned(), target.spelling().into());
            fields.insert("serviceAccount".to_owned(), service_account(account));
            put_some(&mut fields, "radius", server.as_ref().map(radius));
        }
        AwsDirectoryKind::Simple { domain: own } => {
            fields.insert("domain".to_owned(), domain(own));
        }
    }
    put_some(&mut fields, "accessUrl", access_url.clone());
    fields.insert("sessionLength".to_owned(), directory.session_length_s.into());
    let assignments = directory.assignments.iter();
    let assignment =
        |Assignment { subject, role }: &Assignment| json!({ "subject": subject.as_str(), "role": role });
    put_list(&mut fields, "assignments", assignments.map(assignment).collect());
    Value::Object(fields)
}

fn service_account(account: &ServiceAccount) -> Value {
    json!({ "name": account.account.spelling(), "password": account.password })
}

fn radius(radius: &Radius) -> Value {
    let instant = |seconds: Option<i64>| seconds.and_then(Instant::from_epoch_seconds).map(Instant::iso);
    let code = |RadiusCode { account, code, from_s, until_s }: &RadiusCode| {
        let mut fields = Map::new();
        fields.insert("user".to_owned(), account.spelling().into());
        fields.insert("code".to_owned(), code.clone().into());
        put_some(&mut fields, "from", instant(*from_s));
        put_some(&mut fields, "until", instant(*until_s));
        Value::Object(fields)
    };
    json!({ "reach": reach_name(radius.reach), "codes": radius.codes.iter().map(code).collect::<Vec<_>>() })
}

fn reach_name(reach: Reach) -> &'static str {
    match reach {
        Reach::Up => "up",
        Reach::Down => "down",
    }
}

fn state_name(state: DirectoryState) -> &'static str {
    match state {
        DirectoryState::Active => "active",
        DirectoryState::Inactive => "inactive",
    }
}

fn console_name(console: ConsoleAccess) -> &'static str {
    match console {
        ConsoleAccess::Enabled => "enabled",
        ConsoleAccess::Disabled => "disabled",
    }
}

fn trust(record: &TrustRecord) -> Value {
    json!({
        "owner": record.owner.spelling(),
        "partner": record.partner.spelling(),
        "direction": record.direction.name(),
        "type": record.extent.name(),
        "password": record.password,
    })
}

/// The name of an operation in steps and its parameters. Calls are named as actions, but for those that are none.
pub fn operation_as_json(operation: &DirectoryOperation) -> (&'static str, Value) {
    match operation {
        DirectoryOperation::Call(call) => self::call(call),
        DirectoryOperation::Administration(work) => administration(work),
        DirectoryOperation::Event(event) => ("directory-surroundings", self::event(event)),
        DirectoryOperation::UserAction(action) => user_action(action),
    }
}

fn call(call: &DirectoryCall) -> (&'static str, Value) {
    match call {
        DirectoryCall::CreateDirectory(new) => {
            let mut fields = Map::new();
            fields.insert("DirectoryId".to_owned(), new.id.as_str().into());
            fields.insert("Region".to_owned(), new.region.clone().into());
            let name = match &new.kind {
                NewDirectoryKind::Managed { name } => {
                    fields.insert("Name".to_owned(), name.spelling().into());
                    "ds:CreateMicrosoftAD"
                }
                NewDirectoryKind::Simple { name } => {
                    fields.insert("Name".to_owned(), name.spelling().into());
                    "ds:CreateDirectory"
                }
                NewDirectoryKind::Connector { target, service_account: account } => {
                    fields.insert("Target".to_owned(), target.spelling().into());
                    fields.insert("ServiceAccount".to_owned(), service_account(account));
                    "ds:ConnectDirectory"
                }
            };
            (name, Value::Object(fields))
        }
        DirectoryCall::DeleteDirectory { at } => {
            ("ds:DeleteDirectory", json!({ "Directory": at.to_string() }))
        }
        DirectoryCall::UpdateServiceAccount { at, service_account: account } => (
            "ds:UpdateDirectory",
            json!({ "Directory": at.to_string(), "ServiceAccount": service_account(account) }),
        ),
        DirectoryCall::CreateTrust { at, with, direction, extent, password } => (
            "ds:CreateTrust",
            json!({
                "Directory": at.to_string(),
                "With": with.to_string(),
                "TrustDirection": direction.name(),
                "TrustType": extent.name(),
                "TrustPassword": password,
            }),
        ),
        DirectoryCall::DeleteTrust { at, with } => {
            ("ds:DeleteTrust", json!({ "Directory": at.to_string(), "With": with.to_string() }))
        }
        DirectoryCall::VerifyTrust { at, with } => {
            ("ds:VerifyTrust", json!({ "Directory": at.to_string(), "With": with.to_string() }))
        }
        DirectoryCall::EnableRadius { at, radius: server } => {
            ("ds:EnableRadius", json!({ "Directory": at.to_string(), "Radius": radius(server) }))
        }
        DirectoryCall::DisableRadius { at } => ("ds:DisableRadius", json!({ "Directory": at.to_string() })),
        DirectoryCall::CreateAccessUrl { at, url } => {
            ("ds:CreateAlias", json!({ "Directory": at.to_string(), "AccessUrl": url }))
        }
        DirectoryCall::EnableConsole { at } => {
            ("ds:AuthorizeApplication", json!({ "Directory": at.to_string() }))
        }
        DirectoryCall::DisableConsole { at } => {
            ("ds:UnauthorizeApplication", json!({ "Directory": at.to_string() }))
        }
        DirectoryCall::SetSessionLength { at, seconds } => {
            let seconds: Value = serde_json::from_str(&seconds.to_string()).unwrap_or_default();
            ("ds:UpdateDirectory", json!({ "Directory": at.to_string(), "SessionLength": seconds }))
        }
        DirectoryCall::AssignRole { at, subject, role } => {
            ("ds:EnableRoleAccess", assigned(at, subject, role))
        }
        DirectoryCall::UnassignRole { at, subject, role } => {
            ("ds:DisableRoleAccess", assigned(at, subject, role))
        }
        DirectoryCall::ResetPassword { at, account, password } => (
            "ds:ResetUserPassword",
            json!({ "Directory": at.to_string(), "UserName": account.spelling(), "NewPassword": password }),
        ),
        DirectoryCall::Use { at, capability } => use_of(&at.to_string(), *capability),
    }
}

fn assigned(at: &impl ToString, subject: &Subject, role: &str) -> Value {
    json!({ "Directory": at.to_string(), "Subject": subject_text(subject), "RoleArn": role })
}

fn subject_text(subject: &Subject) -> String {
    match subject {
        Subject::Named(name) => name.to_string(),
        Subject::Known(sid) => sid.to_string(),
    }
}

fn use_of(at: &str, capability: Capability) -> (&'static str, Value) {
    let plain = json!({ "Directory": at });
    match capability {
        Capability::Share => ("ds:ShareDirectory", plain),
        Capability::SchemaExtension => ("ds:StartSchemaExtension", plain),
        Capability::Ldaps(LdapsSide::Client) => {
            ("ds:EnableLDAPS", json!({ "Directory": at, "Type": "client" }))
        }
        Capability::Ldaps(LdapsSide::Server) => {
            ("ds:EnableLDAPS", json!({ "Directory": at, "Type": "server" }))
        }
        Capability::Snapshot => ("ds:CreateSnapshot", plain),
        Capability::IdentityCenter | Capability::RdsForSqlServer => {
            ("use-directory", json!({ "Directory": at, "For": capability.name() }))
        }
    }
}

fn administration(work: &Administration) -> (&'static str, Value) {
    match work {
        Administration::CreateDomain { name, place } => {
            let name = name.spelling();
            let parameters = match place {
                DomainPlace::NewForest => json!({ "Name": name, "Place": "new-forest" }),
                DomainPlace::NewTree { forest_of } => {
                    json!({ "Name": name, "Place": "new-tree", "Of": forest_of.spelling() })
                }
                DomainPlace::Child { of } => json!({ "Name": name, "Place": "child", "Of": of.spelling() }),
            };
            ("create-domain", parameters)
        }
        Administration::CreateUser { at, account, password } => (
            "create-directory-user",
            json!({ "Directory": at.to_string(), "UserName": account.spelling(), "Password": password }),
        ),
        Administration::CreateGroup { at, account } => (
            "create-directory-group",
            json!({ "Directory": at.to_string(), "GroupName": account.spelling() }),
        ),
        Administration::JoinComputer { at, account } => {
            ("join-computer", json!({ "Directory": at.to_string(), "ComputerName": account.spelling() }))
        }
        Administration::DeleteObject { at, account } => {
            ("delete-directory-object", json!({ "Directory": at.to_string(), "Name": account.spelling() }))
        }
        Administration::AddMember { at, group, member } => {
            ("add-directory-member", membership(at, group, member))
        }
        Administration::RemoveMember { at, group, member } => {
            ("remove-directory-member", membership(at, group, member))
        }
        Administration::SetUserStatus { at, account, status } => (
            "set-user-status",
            json!({ "Directory": at.to_string(), "UserName": account.spelling(), "Status": status.name() }),
        ),
    }
}

fn membership(at: &impl ToString, group: &impl ToString, member: &Subject) -> Value {
    json!({ "Directory": at.to_string(), "GroupName": group.to_string(), "Member": subject_text(member) })
}

fn event(event: &DirectoryEvent) -> Value {
    match event {
        DirectoryEvent::SetLink { directory, domain, reach } => {
            let link = json!({ "domain": domain.spelling(), "reach": reach_name(*reach) });
            json!({ "Directory": directory.as_str(), "Link": link })
        }
        DirectoryEvent::SetState { directory, state } => {
            json!({ "Directory": directory.as_str(), "State": state_name(*state) })
        }
        DirectoryEvent::SetRadiusReach { directory, reach } => {
            json!({ "Directory": directory.as_str(), "Radius": reach_name(*reach) })
        }
    }
}

fn user_action(action: &UserAction) -> (&'static str, Value) {
    match action {
        UserAction::LookUp { at, of, account } => {
            let mut fields = Map::new();
            fields.insert("Directory".to_owned(), at.to_string().into());
            fields.insert("Of".to_owned(), of.to_string().into());
            put_some(&mut fields, "Name", account.as_ref().map(|account| account.spelling()));
            ("look-up", Value::Object(fields))
        }
        UserAction::LogOn { at, attempt, purpose } => {
            ("log-on", attempted(at, attempt, ("Use", purpose.name())))
        }
        UserAction::SignIn { at, attempt, role } => ("sign-in", attempted(at, attempt, ("RoleArn", role))),
        UserAction::IssueAssertion { provider, user, password } => (
            "issue-assertion",
            json!({ "Provider": provider, "User": user.to_string(), "Password": password }),
        ),
    }
}

fn attempted(at: &impl ToString, attempt: &LogonAttempt, (name, value): (&str, &str)) -> Value {
    let mut fields = Map::new();
    fields.insert("Directory".to_owned(), at.to_string().into());
    fields.insert("User".to_owned(), attempt.user.to_string().into());
    fields.insert("Password".to_owned(), attempt.password.clone().into());
    put_some(&mut fields, "Otp", attempt.otp.clone());
    fields.insert(name.to_owned(), value.into());
    Value::Object(fields)
}
