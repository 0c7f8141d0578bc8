//! Requests: callers of every kind, and contexts that hold what the conditions of [`super::conditions`] ask for, or almost.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;

use super::conditions::{Family, drawn_value};
use super::fragments::{self, ACCOUNT, OTHER_ACCOUNT, at, place};
use crate::iam::context::Context;
use crate::iam::key::KeyName;
use crate::iam::request::{
    Caller, Credential, CredentialKind, Entity, FederationSource, Request, ResourcePolicyMark, Validity,
};

/// A request by a user with long-term keys: what a set of policies without layers is asked.
pub fn request() -> impl Strategy<Value = Request> {
    (place(), place(), context()).prop_map(|(action, resource, context)| Request {
        caller: Caller::User(entity("aws", ACCOUNT, "/", "alice")),
        credential: Credential { kind: CredentialKind::LongTerm, validity: Validity::Current },
        action: at(fragments::ACTIONS, action).to_owned(),
        resource: at(fragments::RESOURCES, resource).to_owned(),
        resource_account: None,
        resource_policy_mark: ResourcePolicyMark::Unmarked,
        context,
    })
}

/// A context with any of the keys that conditions ask, holding anything: cases may (KEY-10).
pub fn context() -> impl Strategy<Value = Context> {
    vec(drawn_value(), KEYS.len()).prop_map(|drawn| {
        let mut context = Context::new();
        for (drawn, (key, family)) in drawn.into_iter().zip(KEYS.iter()) {
            if let Some(value) = drawn.of(*family) {
                context.set(key.clone(), value);
            }
        }
        context
    })
}

/// The keys that conditions ask, each with the family of its values, in their order.
static KEYS: LazyLock<Vec<(KeyName, Family)>> = LazyLock::new(|| {
    let mut keys: Vec<(KeyName, Family)> = Vec::new();
    for family in Family::ALL.into_iter().filter(|family| *family != Family::Null) {
        for key in family.keys().iter().map(|name| KeyName::new(*name)) {
            match keys.iter_mut().find(|(other, _)| *other == key) {
                None => keys.push((key, family)),
                // Numeric and Date operators both ask for it; its values are dates.
                Some((_, values)) if family == Family::Date => *values = family,
                Some(_) => {}
            }
        }
    }
    keys.sort_by(|(left, _), (right, _)| left.cmp(right));
    keys
});

/// A caller of any kind.
pub fn caller() -> impl Strategy<Value = Caller> {
    let names = fragments::NAMES.iter().filter(|name| !name.contains(['/', ':']) && !name.is_empty());
    let named: Vec<Caller> = names.map(|name| Caller::User(entity("aws", ACCOUNT, "/", name))).collect();
    let known = callers();
    (0..7_u8, any::<prop::sample::Index>())
        .prop_map(move |(kind, place)| place.get(if kind < 6 { &known } else { &named }).clone())
}

/// The callers that the policies of [`super::policies`] name, and their neighbours.
pub fn callers() -> Vec<Caller> {
    let session = |role: Entity, session: &str| Caller::RoleSession { role, session: session.to_owned() };
    let federated = |source: FederationSource| Caller::FederatedSession {
        partition: "aws".to_owned(),
        account: ACCOUNT.to_owned(),
        name: "carol".to_owned(),
        source,
    };
    let root = |account: &str| Caller::Root { partition: "aws".to_owned(), account: account.to_owned() };
    vec![
        Caller::User(entity("aws", ACCOUNT, "/", "alice")),
        Caller::User(entity("aws", ACCOUNT, "/", "bob")),
        Caller::User(entity("aws", ACCOUNT, "/eng/", "alice")),
        Caller::User(entity("aws", OTHER_ACCOUNT, "/", "alice")),
        Caller::User(entity("aws-cn", ACCOUNT, "/", "alice")),
        session(entity("aws", ACCOUNT, "/", "app"), "s1"),
        session(entity("aws", ACCOUNT, "/eng/", "app"), "s1"),
        session(entity("aws", OTHER_ACCOUNT, "/", "app"), "s1"),
        session(entity("aws", ACCOUNT, "/aws-service-role/ecs.amazonaws.com/", "app"), "s2"),
        federated(FederationSource::User(entity("aws", ACCOUNT, "/", "alice"))),
        federated(FederationSource::UnnamedUser),
        federated(FederationSource::Root),
        root(ACCOUNT),
        root(OTHER_ACCOUNT),
        Caller::Service { name: "sns.amazonaws.com".to_owned() },
        Caller::Service { name: "ec2.amazonaws.com".to_owned() },
        Caller::Saml { provider: format!("arn:aws:iam::{ACCOUNT}:saml-provider/AD") },
        Caller::WebIdentity { provider: "accounts.google.com".to_owned() },
        Caller::Anonymous,
    ]
}

pub(super) fn entity(partition: &str, account: &str, path: &str, name: &str) -> Entity {
    Entity {
        partition: partition.to_owned(),
        account: account.to_owned(),
        path: path.to_owned(),
        name: name.to_owned(),
    }
}
