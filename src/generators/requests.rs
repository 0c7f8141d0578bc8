//! Requests: callers of every kind, and contexts that hold what the conditions of [`super::conditions`] ask for, or almost.

use proptest::prelude::*;
use proptest::sample::select;

use super::conditions::{Family, context_value};
use super::fragments::{self, ACCOUNT, OTHER_ACCOUNT};
use crate::iam::context::{Context, ContextValue};
use crate::iam::key::KeyName;
use crate::iam::request::{
    Caller, Credential, CredentialKind, Entity, FederationSource, Request, ResourcePolicyMark, Validity,
};

/// A request by a user with long-term keys: what a set of policies without layers is asked.
pub fn request() -> impl Strategy<Value = Request> {
    (select(fragments::ACTIONS), select(fragments::RESOURCES), context()).prop_map(
        |(action, resource, context)| Request {
            caller: Caller::User(entity("aws", ACCOUNT, "/", "alice")),
            credential: Credential { kind: CredentialKind::LongTerm, validity: Validity::Current },
            action: action.to_owned(),
            resource: resource.to_owned(),
            resource_account: None,
            resource_policy_mark: ResourcePolicyMark::Unmarked,
            context,
        },
    )
}

/// A context with any of the keys that conditions ask, holding anything: cases may (KEY-10).
pub fn context() -> impl Strategy<Value = Context> {
    let rows: Vec<(&'static str, Family)> = Family::ALL
        .into_iter()
        .flat_map(|family| family.keys().iter().map(move |key| (*key, family)))
        .filter(|(key, family)| *family != Family::Null && !key.starts_with("AWS:"))
        .collect();
    let values: Vec<BoxedStrategy<Option<(KeyName, ContextValue)>>> = rows
        .into_iter()
        .map(|(key, family)| {
            context_value(family).prop_map(move |value| value.map(|value| (KeyName::new(key), value))).boxed()
        })
        .collect();
    values.prop_map(|entries| {
        let mut context = Context::new();
        for (key, value) in entries.into_iter().flatten() {
            context.set(key, value);
        }
        context
    })
}

/// A caller of any kind.
pub fn caller() -> impl Strategy<Value = Caller> {
    prop_oneof![
        6 => select(callers()),
        1 => select(fragments::NAMES)
            .prop_filter("a name holds no slash and no colon", |name| !name.contains(['/', ':']) && !name.is_empty())
            .prop_map(|name| Caller::User(entity("aws", ACCOUNT, "/", name))),
    ]
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

fn entity(partition: &str, account: &str, path: &str, name: &str) -> Entity {
    Entity {
        partition: partition.to_owned(),
        account: account.to_owned(),
        path: path.to_owned(),
        name: name.to_owned(),
    }
}
