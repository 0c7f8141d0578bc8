//! Arrangements of layers: the given ones, some taken away or put in the place of others.

use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::layers::Layers;
use crate::iam::policy::{Effect, Policy, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::request::{Caller, FederationSource, Request};
use crate::invariants::claim::everything;
use crate::invariants::material::allow_if;

/// What stands in a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What was given.
    Given,
    /// Nothing: there is no such layer.
    Absent,
    /// An Allow of everything; in the resource's policy for everybody.
    Everything,
    /// A policy that matches nothing.
    Silent,
    /// A Deny of everything.
    Refusing,
}

/// What the resource's policy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfResource {
    /// What was given.
    Given,
    /// What was given, every grant of it for everybody.
    ForEverybody,
    /// What was given without conditions, variables, NotPrincipal and federated-user principals.
    Plain,
    /// A Deny of everything that names the user or role behind the caller; where there is none that a policy can name, its account.
    RefusingTheCaller,
    /// What was given, every statement of it about the role that calls.
    NamingTheRole,
    /// What the identity policies say, about the role that calls; and they say what the resource's policy did (INV-103).
    ExchangedWithIdentity,
}

/// What levels of an organization's policies there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Levels {
    /// Those that were given.
    Given,
    /// None: the policies are off.
    Absent,
    /// One that refuses everything.
    Refusing,
    /// Those that were given, and one that allows everything.
    AndNeutral,
    /// The first that was given, between others that allow everything.
    FirstAmongNeutral,
}

/// Which policies lie around the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// The identity policies.
    pub identity: Part,
    /// The boundary.
    pub boundary: Part,
    /// The session policies.
    pub session: Part,
    /// The resource's policy.
    pub resource: OfResource,
    /// The SCPs.
    pub scps: Levels,
    /// The RCPs.
    pub rcps: Levels,
    /// The endpoint's policy.
    pub endpoint: Part,
}

/// How a side is asked about the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// As it is.
    AsIs,
    /// Of the user behind a federated session.
    OfTheSource,
    /// On a resource that a third account owns, the context being as it is.
    OfAThirdOwner,
    /// With credentials issued at another time.
    WithRenewedCredentials,
}

/// One side of a law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// What decides.
    pub arrangement: Arrangement,
    /// About which form of the request.
    pub asked: Asked,
}

impl Arrangement {
    /// The layers as they were given.
    pub const GIVEN: Arrangement = Arrangement {
        identity: Part::Given,
        boundary: Part::Given,
        session: Part::Given,
        resource: OfResource::Given,
        scps: Levels::Given,
        rcps: Levels::Given,
        endpoint: Part::Given,
    };

    /// Identity policies and the resource's policy alone.
    pub const TWO_SIDES: Arrangement = Arrangement {
        boundary: Part::Absent,
        session: Part::Absent,
        scps: Levels::Absent,
        rcps: Levels::Absent,
        endpoint: Part::Absent,
        ..Arrangement::GIVEN
    };

    /// The given layers in this arrangement, around a request of this caller.
    pub fn of(&self, given: &Layers, caller: &Caller) -> Layers {
        let (identity, resource) = match self.resource {
            OfResource::Given => (given.identity.clone(), given.resource.clone()),
            OfResource::ForEverybody => (given.identity.clone(), given.resource.as_ref().map(for_everybody)),
            OfResource::Plain => {
                let identity = given.identity.iter().map(plain).collect();
                (identity, given.resource.as_ref().map(plain))
            }
            OfResource::RefusingTheCaller => (given.identity.clone(), behind(caller).map(refusing_whom)),
            OfResource::NamingTheRole => {
                let (identity, resource) = of_one_version(given);
                (vec![identity], Some(naming_the_role(&resource, caller)))
            }
            OfResource::ExchangedWithIdentity => {
                let (identity, resource) = of_one_version(given);
                (vec![nameless(&resource)], Some(naming_the_role(&identity, caller)))
            }
        };
        Layers {
            identity: part(self.identity, Some(identity)).unwrap_or_default(),
            boundary: one(self.boundary, given.boundary.as_ref()),
            session: part(self.session, given.session.clone()),
            resource,
            scps: levels(self.scps, given.scps.as_ref(), |policy| policy),
            // Statements of RCPs name everybody (GRAM-24).
            rcps: levels(self.rcps, given.rcps.as_ref(), |policy| {
                for_everybody_of(&policy, &[Effect::Allow, Effect::Deny])
            }),
            endpoint: one(self.endpoint, given.endpoint.as_ref()),
        }
    }
}

fn levels(
    which: Levels,
    given: Option<&Vec<Vec<Policy>>>,
    spelled: impl Fn(Policy) -> Policy,
) -> Option<Vec<Vec<Policy>>> {
    let neutral = || vec![spelled(allowing())];
    match which {
        Levels::Given => given.cloned(),
        Levels::Absent => None,
        Levels::Refusing => Some(vec![vec![spelled(allowing()), spelled(refusing())]]),
        Levels::AndNeutral => given.map(|levels| [levels.clone(), vec![neutral()]].concat()),
        Levels::FirstAmongNeutral => given.map(|levels| {
            let first = levels.first().cloned().unwrap_or_default();
            vec![first, neutral(), neutral()]
        }),
    }
}

fn part(part: Part, given: Option<Vec<Policy>>) -> Option<Vec<Policy>> {
    match part {
        Part::Given => given,
        Part::Absent => None,
        Part::Everything => Some(vec![allowing()]),
        Part::Silent => Some(vec![silent()]),
        Part::Refusing => Some(vec![refusing()]),
    }
}

fn one(which: Part, given: Option<&Policy>) -> Option<Policy> {
    part(which, given.map(|policy| vec![policy.clone()])).and_then(|mut set| set.pop())
}

/// A policy of one statement.
fn policy(statement: Statement) -> Policy {
    Policy { version: Version::V2012, id: None, statements: vec![statement] }
}

fn allowing() -> Policy {
    policy(allow_if(Vec::new()))
}

fn silent() -> Policy {
    let all = everything().listed().clone();
    policy(Statement { action: Selection::AllExcept(all), ..allow_if(Vec::new()) })
}

fn refusing() -> Policy {
    policy(Statement { effect: Effect::Deny, ..allow_if(Vec::new()) })
}

fn refusing_whom(entry: PrincipalEntry) -> Policy {
    let principal = Some(naming(entry));
    policy(Statement { effect: Effect::Deny, principal, ..allow_if(Vec::new()) })
}

fn with_statements(policy: &Policy, change: impl Fn(&Statement) -> Option<Statement>) -> Policy {
    Policy { statements: policy.statements.iter().filter_map(change).collect(), ..policy.clone() }
}

/// The policy with every Allow for everybody.
fn for_everybody(policy: &Policy) -> Policy {
    for_everybody_of(policy, &[Effect::Allow])
}

fn for_everybody_of(policy: &Policy, effects: &[Effect]) -> Policy {
    with_statements(policy, |statement| {
        let principal = if effects.contains(&statement.effect) {
            Some(naming(PrincipalEntry::Everyone))
        } else {
            statement.principal.clone()
        };
        Some(Statement { principal, ..statement.clone() })
    })
}

fn naming(entry: PrincipalEntry) -> Selection<Principals> {
    Selection::Only(Principals { entries: vec![entry] })
}

/// The entry that names the user or role behind the caller, or else its account; `None` for a caller without account.
fn behind(caller: &Caller) -> Option<PrincipalEntry> {
    match caller {
        Caller::User(user) | Caller::FederatedSession { source: FederationSource::User(user), .. } => {
            Some(PrincipalEntry::User(user.arn("user")))
        }
        Caller::RoleSession { role, .. } => Some(PrincipalEntry::Role(role.arn("role"))),
        Caller::Root { partition, account } | Caller::FederatedSession { partition, account, .. } => {
            Some(PrincipalEntry::AccountRoot { partition: partition.clone(), account: account.clone() })
        }
        Caller::Service { .. } | Caller::Saml { .. } | Caller::WebIdentity { .. } | Caller::Anonymous => None,
    }
}

/// What INV-34 speaks of: statements without NotPrincipal and variables; conditions and federated-user principals taken out of the others.
fn plain(policy: &Policy) -> Policy {
    with_statements(policy, |statement| {
        let variables = |text: &String| text.contains("${");
        if statement.resource.as_ref().is_some_and(|listed| listed.listed().iter().any(variables)) {
            return None;
        }
        let principal = match &statement.principal {
            None => None,
            Some(Selection::AllExcept(_)) => return None,
            Some(Selection::Only(listed)) => {
                let others = listed.entries.iter().filter(|entry| !is_federated_user(entry));
                Some(Selection::Only(Principals { entries: others.cloned().collect() }))
            }
        };
        let nobody = |selection: &Selection<Principals>| selection.listed().entries.is_empty();
        if principal.as_ref().is_some_and(nobody) {
            return None;
        }
        Some(Statement { principal, condition: Vec::new(), ..statement.clone() })
    })
}

fn is_federated_user(entry: &PrincipalEntry) -> bool {
    match entry {
        PrincipalEntry::FederatedUser(_) => true,
        PrincipalEntry::Everyone
        | PrincipalEntry::EveryoneAws
        | PrincipalEntry::AccountId(_)
        | PrincipalEntry::AccountRoot { .. }
        | PrincipalEntry::User(_)
        | PrincipalEntry::Role(_)
        | PrincipalEntry::AssumedRole(_)
        | PrincipalEntry::UniqueId(_)
        | PrincipalEntry::Service(_)
        | PrincipalEntry::Federated(_)
        | PrincipalEntry::CanonicalUser(_) => false,
    }
}

/// The identity policies of the first one's Version as one document, and the resource's policy, which may be silent.
fn of_one_version(given: &Layers) -> (Policy, Policy) {
    let version = given.identity.first().map_or(Version::V2012, |policy| policy.version);
    let alike = given.identity.iter().filter(|policy| policy.version == version);
    let statements = alike.flat_map(|policy| policy.statements.iter().cloned()).collect();
    let identity = Policy { version, id: None, statements };
    (identity, given.resource.clone().unwrap_or_else(silent))
}

fn nameless(policy: &Policy) -> Policy {
    with_statements(policy, |statement| Some(Statement { principal: None, ..statement.clone() }))
}

fn naming_the_role(policy: &Policy, caller: &Caller) -> Policy {
    let Caller::RoleSession { role, .. } = caller else { return policy.clone() };
    let principal = naming(PrincipalEntry::Role(role.arn("role")));
    with_statements(policy, |statement| {
        Some(Statement { principal: Some(principal.clone()), ..statement.clone() })
    })
}

/// An account that nothing else names.
const THIRD_ACCOUNT: &str = "333333333333";

impl Asked {
    /// The request as the side is asked about it; `None` where the request has no such form.
    pub fn request(self, request: &Request) -> Option<Request> {
        match self {
            Asked::AsIs => Some(request.clone()),
            Asked::OfTheSource => match &request.caller {
                Caller::FederatedSession { source: FederationSource::User(user), .. } => {
                    Some(Request { caller: Caller::User(user.clone()), ..request.clone() })
                }
                Caller::FederatedSession {
                    source: FederationSource::UnnamedUser | FederationSource::Root,
                    ..
                }
                | Caller::Root { .. }
                | Caller::User(_)
                | Caller::RoleSession { .. }
                | Caller::Service { .. }
                | Caller::Saml { .. }
                | Caller::WebIdentity { .. }
                | Caller::Anonymous => None,
            },
            Asked::OfAThirdOwner => {
                Some(Request { resource_account: Some(THIRD_ACCOUNT.to_owned()), ..request.clone() })
            }
            Asked::WithRenewedCredentials => {
                let mut renewed = request.clone();
                let issued = ContextValue::Single("2031-02-03T04:05:06Z".to_owned());
                renewed.context.set(KeyName::new("aws:TokenIssueTime"), issued);
                Some(renewed)
            }
        }
    }
}

impl Side {
    /// The arrangement, asked about the request as it is.
    pub const fn of(arrangement: Arrangement) -> Side {
        Side { arrangement, asked: Asked::AsIs }
    }
}
