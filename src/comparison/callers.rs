//! Callers that a Principal element brings to mind.

use super::surroundings::user;
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::policy::Selection;
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::request::{Caller, Entity, FederationSource};

/// An account that is not that of [`user`].
const OTHER_ACCOUNT: &str = "444455556666";

/// How many callers one element gets.
const MAX_CALLERS: usize = 12;

/// Callers that the element names; those that it exempts where it is a NotPrincipal, and somebody else.
pub fn callers(element: Option<&Selection<Principals>>) -> Vec<Caller> {
    let Some(element) = element else { return vec![user("alice")] };
    let mut callers: Vec<Caller> = match element {
        Selection::Only(_) => Vec::new(),
        Selection::AllExcept(_) => everybody(),
    };
    for entry in &element.listed().entries {
        for caller in named(entry) {
            if !callers.contains(&caller) {
                callers.push(caller);
            }
        }
    }
    callers.truncate(MAX_CALLERS);
    callers
}

/// Callers that one entry names.
pub fn named(entry: &PrincipalEntry) -> Vec<Caller> {
    match entry {
        PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws => everybody(),
        PrincipalEntry::AccountId(account) => members("aws", account),
        PrincipalEntry::AccountRoot { partition, account } => members(partition, account),
        PrincipalEntry::User(arn) => entity(arn, "user").map(Caller::User).into_iter().collect(),
        PrincipalEntry::Role(arn) => {
            let session = |role| Caller::RoleSession { role, session: "session".to_owned() };
            entity(arn, "role").map(session).into_iter().collect()
        }
        PrincipalEntry::AssumedRole(arn) => role_session(arn).into_iter().collect(),
        PrincipalEntry::FederatedUser(arn) => federated_session(arn).into_iter().collect(),
        PrincipalEntry::Service(name) => vec![Caller::Service { name: name.clone() }],
        PrincipalEntry::Federated(provider) if provider.contains(":saml-provider/") => {
            vec![Caller::Saml { provider: provider.clone() }]
        }
        PrincipalEntry::Federated(provider) => vec![Caller::WebIdentity { provider: provider.clone() }],
        PrincipalEntry::UniqueId(_) | PrincipalEntry::CanonicalUser(_) => Vec::new(),
    }
}

/// One of each sort, the most usual first.
fn everybody() -> Vec<Caller> {
    let mut callers = vec![user("alice")];
    callers.extend(members("aws", OTHER_ACCOUNT));
    callers.push(Caller::Service { name: "sns.amazonaws.com".to_owned() });
    callers.push(Caller::Anonymous);
    callers
}

fn members(partition: &str, account: &str) -> Vec<Caller> {
    let entity = |name: &str| Entity {
        partition: partition.to_owned(),
        account: account.to_owned(),
        path: "/".to_owned(),
        name: name.to_owned(),
    };
    vec![
        Caller::User(entity("alice")),
        Caller::RoleSession { role: entity("app"), session: "session".to_owned() },
        Caller::Root { partition: partition.to_owned(), account: account.to_owned() },
    ]
}

/// The user or role of an ARN: `kind`, path and name make up its last field.
fn entity(arn: &str, kind: &str) -> Option<Entity> {
    let arn = Arn::parse(arn)?;
    let (folders, name) = arn.resource.strip_prefix(kind)?.rsplit_once('/')?;
    Some(Entity {
        partition: arn.partition.to_owned(),
        account: arn.account.to_owned(),
        path: format!("{folders}/"),
        name: name.to_owned(),
    })
}

/// The user, role session or root that an ARN names, so that a case may have it for a principal.
pub(super) fn caller_of_arn(text: &str) -> Option<Caller> {
    let arn = Arn::parse(text)?;
    let is_name = |name: &str| !name.is_empty() && !name.contains(['/', ':']);
    let is_entity = |entity: &Entity| is_name(&entity.name) && !entity.path.contains(':');
    if !is_account_id(arn.account) || !arn.region.is_empty() || !arn.partition.starts_with("aws") {
        return None;
    }
    match arn.service {
        "iam" if arn.resource.starts_with("user/") => {
            entity(text, "user").filter(is_entity).map(Caller::User)
        }
        "iam" if arn.resource.starts_with("role/") => entity(text, "role")
            .filter(is_entity)
            .map(|role| Caller::RoleSession { role, session: "session".to_owned() }),
        "sts" => {
            let (role, session) = arn.resource.strip_prefix("assumed-role/")?.split_once('/')?;
            if is_name(role) && is_name(session) { role_session(text) } else { None }
        }
        _ => None,
    }
}

fn role_session(text: &str) -> Option<Caller> {
    let arn = Arn::parse(text)?;
    let (role, session) = arn.resource.strip_prefix("assumed-role/")?.split_once('/')?;
    let role = Entity {
        partition: arn.partition.to_owned(),
        account: arn.account.to_owned(),
        path: "/".to_owned(),
        name: role.to_owned(),
    };
    Some(Caller::RoleSession { role, session: session.to_owned() })
}

fn federated_session(text: &str) -> Option<Caller> {
    let arn = Arn::parse(text)?;
    let name = arn.resource.strip_prefix("federated-user/")?.to_owned();
    Some(Caller::FederatedSession {
        partition: arn.partition.to_owned(),
        account: arn.account.to_owned(),
        name,
        source: FederationSource::UnnamedUser,
    })
}
