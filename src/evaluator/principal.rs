//! The Principal and NotPrincipal elements: whom a statement speaks of, and by which kinds of grant.

use super::compile_error::Problem;
use super::grants::{GrantKind, Grants};
use super::question::{Asked, CallersBoundary};
use super::reading::{Reading, mistaken};
use crate::iam::arn::Arn;
use crate::iam::assumption::Alternative;
use crate::iam::policy::Selection;
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::request::{Caller, Entity, FederationSource};

/// A compiled Principal or NotPrincipal element.
#[derive(Clone, Debug)]
pub(super) enum Principal {
    /// Principal: callers that some entry names.
    Only(Box<[Entry]>),
    /// NotPrincipal: callers that the entries do not exempt.
    AllExcept(Box<[Entry]>),
}

/// One entry, cut so that it can be compared with a caller field by field.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    /// `"*"`.
    Everyone,
    /// `{"AWS": "*"}`.
    EveryoneAws,
    /// An account; the partition where the entry says it.
    Account { partition: Option<String>, account: String },
    /// A user; the rest is path and name.
    User(Named),
    /// A role; the rest is path and name.
    Role(Named),
    /// A role session; the rest is `Role/Session`.
    AssumedRole(Named),
    /// A federated session; the rest is its name.
    FederatedUser(Named),
    /// An identifier that a deleted entity has left behind: nobody has it any more.
    Deleted,
    /// A service.
    Service(String),
    /// A SAML or OIDC provider.
    Provider(String),
    /// A provider in a policy in which no Principal means anybody by it (PRIN-12).
    ProviderOutOfPlace,
}

/// The partition and account of an ARN, and the rest of its sixth field.
#[derive(Clone, Debug)]
pub(super) struct Named {
    partition: String,
    account: String,
    rest: String,
}

/// The kind of policy that an element stands in, as far as entries mean different things there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    /// The trust policy of a role.
    Role,
    /// A resource control policy, whose only Principal is everybody in either spelling.
    Rcp,
    /// Any other policy.
    Other,
}

impl Principal {
    /// Compiles the element. NotPrincipal lists a provider by its name wherever it stands: PRIN-9 says what it exempts.
    // Rules: PRIN-9, PRIN-12.
    pub(super) fn compile(written: &Selection<Principals>, carrier: Carrier) -> Result<Principal, Problem> {
        let entries = |principals: &Principals, carrier: Carrier| -> Result<Box<[Entry]>, Problem> {
            principals.entries.iter().map(|entry| Entry::compile(entry, carrier)).collect()
        };
        Ok(match written {
            Selection::Only(principals) => Principal::Only(entries(principals, carrier)?),
            Selection::AllExcept(principals) => Principal::AllExcept(entries(principals, Carrier::Role)?),
        })
    }

    /// How the element names the caller, in all the ways it does; nothing if it does not speak of him.
    ///
    /// NotPrincipal, which only Deny statements have, speaks of everybody whom it does not exempt.
    // Rules: PRIN-1, PRIN-2, PRIN-7, PRIN-9.
    pub(super) fn grants(&self, asked: &Asked<'_>) -> Grants {
        match self {
            Principal::Only(entries) => names(entries, asked),
            Principal::AllExcept(entries)
                if exempts(entries, asked) && !mistaken!(asked.reading, NotPrincipalIgnored) =>
            {
                Grants::NONE
            }
            Principal::AllExcept(_) => GrantKind::Star.into(),
        }
    }

    /// The entries, whichever element lists them.
    pub(super) fn listed(&self) -> &[Entry] {
        match self {
            Principal::Only(entries) | Principal::AllExcept(entries) => entries,
        }
    }
}

/// The kinds by which entries name the caller.
// Rule: PRIN-2.
fn names(entries: &[Entry], asked: &Asked<'_>) -> Grants {
    entries
        .iter()
        .filter_map(|entry| entry.kind(asked))
        .fold(Grants::NONE, |grants, kind| grants.union(kind.into()))
}

/// Whether NotPrincipal leaves the caller alone: every link of his chain must be listed, and no boundary may limit him.
// Rules: PRIN-9, PRIN-10, OPEN-1.
fn exempts(entries: &[Entry], asked: &Asked<'_>) -> bool {
    if asked.boundary == CallersBoundary::Present && !mistaken!(asked.reading, NotPrincipalForgetsBoundary) {
        return false;
    }
    let listed = names(entries, asked);
    let chain: &[GrantKind] = match asked.caller {
        Caller::Root { .. } => &[GrantKind::Account],
        Caller::User(_) => &[GrantKind::Account, GrantKind::User],
        Caller::RoleSession { .. } => &[GrantKind::Account, GrantKind::Role, GrantKind::Session],
        Caller::FederatedSession {
            source: FederationSource::User(_) | FederationSource::UnnamedUser,
            ..
        } => &[GrantKind::Account, GrantKind::Federating, GrantKind::FederatedUser],
        Caller::FederatedSession { source: FederationSource::Root, .. } => {
            &[GrantKind::Account, GrantKind::FederatedUser]
        }
        Caller::Service { .. } => &[GrantKind::Service],
        Caller::Saml { .. } | Caller::WebIdentity { .. } => &[GrantKind::Provider],
        // Nothing but `*` lists a caller without a name.
        Caller::Anonymous => &[GrantKind::Star],
    };
    let is_exempt = if asked.reading.takes(Alternative::NotPrincipalAnyLink) {
        listed.any_of(chain)
    } else {
        listed.all_of(chain)
    };
    is_exempt || listed.any_of(&[GrantKind::Star])
}

impl Entry {
    // Rules: GRAM-13, PRIN-8, PRIN-12.
    fn compile(written: &PrincipalEntry, carrier: Carrier) -> Result<Entry, Problem> {
        Ok(match written {
            PrincipalEntry::Everyone => Entry::Everyone,
            PrincipalEntry::EveryoneAws => match carrier {
                Carrier::Rcp => Entry::Everyone,
                Carrier::Role | Carrier::Other => Entry::EveryoneAws,
            },
            PrincipalEntry::AccountId(account) => {
                Entry::Account { partition: None, account: account.clone() }
            }
            PrincipalEntry::AccountRoot { partition, account } => {
                Entry::Account { partition: Some(partition.clone()), account: account.clone() }
            }
            PrincipalEntry::User(arn) => Entry::User(Named::compile(arn, "iam", "user")?),
            PrincipalEntry::Role(arn) => Entry::Role(Named::compile(arn, "iam", "role")?),
            PrincipalEntry::AssumedRole(arn) => {
                Entry::AssumedRole(Named::compile(arn, "sts", "assumed-role/")?)
            }
            PrincipalEntry::FederatedUser(arn) => {
                Entry::FederatedUser(Named::compile(arn, "sts", "federated-user/")?)
            }
            PrincipalEntry::UniqueId(_) => Entry::Deleted,
            PrincipalEntry::Service(name) => Entry::Service(name.clone()),
            PrincipalEntry::Federated(name) => match carrier {
                Carrier::Role => Entry::Provider(name.clone()),
                Carrier::Rcp | Carrier::Other => Entry::ProviderOutOfPlace,
            },
            PrincipalEntry::CanonicalUser(id) => {
                return Err(Problem::not_supported(format!(
                    "CanonicalUser `{id}` (no request says which account has a canonical id)"
                )));
            }
        })
    }

    /// How the entry names the caller.
    // Rules: PRIN-2, PRIN-3, PRIN-4, PRIN-5, PRIN-6, PRIN-11, PRIN-12, PRIN-13, OPEN-1.
    pub(super) fn kind(&self, asked: &Asked<'_>) -> Option<GrantKind> {
        let Asked { caller, reading, .. } = *asked;
        match self {
            Entry::Everyone => Some(GrantKind::Star),
            Entry::EveryoneAws if caller.account().is_none() && mistaken!(reading, AwsStarMissesOthers) => {
                None
            }
            Entry::EveryoneAws
                if matches!(caller, Caller::Service { .. })
                    && reading.takes(Alternative::AwsStarWithoutServices) =>
            {
                None
            }
            Entry::EveryoneAws => Some(GrantKind::Star),
            Entry::Account { partition, account } => {
                is_of_account(caller, partition.as_deref(), account, reading).then_some(GrantKind::Account)
            }
            Entry::User(named) => named.kind_of_user(caller, reading),
            Entry::Role(named) => named.is_role_of(caller, reading).then_some(GrantKind::Role),
            Entry::AssumedRole(named) => named.is_role_session(caller, reading).then_some(GrantKind::Session),
            Entry::FederatedUser(named) => {
                named.is_federated_session(caller).then_some(GrantKind::FederatedUser)
            }
            Entry::Service(name) => matches!(caller, Caller::Service { name: theirs } if theirs == name)
                .then_some(GrantKind::Service),
            Entry::Provider(name) => matches!(
                caller,
                Caller::Saml { provider } | Caller::WebIdentity { provider } if provider == name
            )
            .then_some(GrantKind::Provider),
            Entry::Deleted | Entry::ProviderOutOfPlace => None,
        }
    }
}

/// Whether the caller belongs to the account, as root, user or session.
// Rules: PRIN-2, PRIN-4.
fn is_of_account(caller: &Caller, partition: Option<&str>, account: &str, reading: Reading) -> bool {
    let (their_partition, their_account) = match caller {
        Caller::Root { partition, account } | Caller::FederatedSession { partition, account, .. } => {
            (partition, account)
        }
        Caller::User(entity) | Caller::RoleSession { role: entity, .. } => {
            (&entity.partition, &entity.account)
        }
        Caller::Service { .. } | Caller::Saml { .. } | Caller::WebIdentity { .. } | Caller::Anonymous => {
            return false;
        }
    };
    if !matches!(caller, Caller::Root { .. }) && mistaken!(reading, AccountMeansRoot) {
        return false;
    }
    their_account == account && partition.is_none_or(|partition| partition == their_partition)
}

impl Named {
    /// Cuts an ARN of this service whose sixth field begins with this word.
    fn compile(text: &str, service: &str, word: &str) -> Result<Named, Problem> {
        Arn::parse(text)
            .filter(|arn| arn.service == service && arn.region.is_empty())
            .and_then(|arn| {
                Some(Named {
                    partition: arn.partition.to_owned(),
                    account: arn.account.to_owned(),
                    rest: arn.resource.strip_prefix(word)?.to_owned(),
                })
            })
            .ok_or_else(|| Problem::new(format!("`{text}` names no principal of {service}")))
    }

    fn is_at(&self, partition: &str, account: &str) -> bool {
        self.partition == partition && self.account == account
    }

    fn is_entity(&self, entity: &Entity) -> bool {
        self.is_at(&entity.partition, &entity.account)
            && self.rest.strip_prefix(entity.path.as_str()).is_some_and(|name| name == entity.name)
    }

    // Rule: PRIN-2.
    fn kind_of_user(&self, caller: &Caller, reading: Reading) -> Option<GrantKind> {
        match caller {
            Caller::User(user) => self.is_entity(user).then_some(GrantKind::User),
            Caller::FederatedSession { source: FederationSource::User(user), .. } => {
                let missed = mistaken!(reading, FederatingUserMissed);
                (self.is_entity(user) && !missed).then_some(GrantKind::Federating)
            }
            Caller::FederatedSession { .. }
            | Caller::Root { .. }
            | Caller::RoleSession { .. }
            | Caller::Service { .. }
            | Caller::Saml { .. }
            | Caller::WebIdentity { .. }
            | Caller::Anonymous => None,
        }
    }

    // Rule: PRIN-5.
    fn is_role_of(&self, caller: &Caller, reading: Reading) -> bool {
        let Caller::RoleSession { role, .. } = caller else { return false };
        if mistaken!(reading, RolePathIgnored) {
            return self.is_at(&role.partition, &role.account)
                && self.rest.rsplit('/').next() == Some(&role.name);
        }
        self.is_entity(role)
    }

    // Rule: PRIN-5.
    fn is_role_session(&self, caller: &Caller, reading: Reading) -> bool {
        let Caller::RoleSession { role, session } = caller else { return false };
        let name = self.rest.strip_prefix(role.name.as_str()).and_then(|rest| rest.strip_prefix('/'));
        self.is_at(&role.partition, &role.account)
            && name.is_some_and(|name| name == session || mistaken!(reading, SessionNameIgnored))
    }

    fn is_federated_session(&self, caller: &Caller) -> bool {
        let Caller::FederatedSession { partition, account, name, .. } = caller else { return false };
        self.is_at(partition, account) && self.rest == *name
    }
}
