//! Sign-ins with what an identity provider has signed: a world's assertions and tokens, each of which somebody holds.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::asking::carried_out;
use super::index::session_arn;
use super::moves::Arrival;
use super::part::{self, Holding, Standing};
use super::search::Node;
use crate::evaluator::Interpreter;
use crate::iam::context::Context;
use crate::iam::operation::{
    AssumeRoleWithSaml, AssumeRoleWithWebIdentity, Credentials, Operation, Step, StsOperation,
};
use crate::iam::principal::PrincipalEntry;
use crate::iam::world::{SessionKind, World};

/// The name that a session gets where the assertion says none.
const SESSION: &str = super::index::PLAIN_SESSION;

/// Whether something in the world was signed by this provider.
pub(super) fn has_signed(world: &World, provider: &str) -> bool {
    let assertions = world.assertions.values().map(|assertion| &assertion.provider);
    let tokens = world.tokens.values().map(|token| &token.provider);
    assertions.chain(tokens).any(|other| other == provider)
}

/// The sessions that what this provider has signed yields, each carried out.
pub(super) fn arrivals(base: &World, interpreter: Interpreter, provider: &str) -> Vec<Arrival> {
    let mut calls: Vec<(String, StsOperation)> = Vec::new();
    for (text, assertion) in base.assertions.iter().filter(|(_, signed)| signed.provider == provider) {
        let roles: BTreeSet<&String> = assertion.roles.iter().map(|pair| &pair.role).collect();
        calls.extend(roles.into_iter().map(|role| {
            let call = AssumeRoleWithSaml {
                role_arn: role.clone(),
                principal_arn: provider.to_owned(),
                saml_assertion: text.clone(),
                duration_seconds: None,
                policy: None,
                policy_arns: Vec::new(),
            };
            (role.clone(), StsOperation::AssumeRoleWithSaml(call))
        }));
    }
    for (text, _) in base.tokens.iter().filter(|(_, signed)| signed.provider == provider) {
        calls.extend(trusting(base, provider).into_iter().map(|role| {
            let call = AssumeRoleWithWebIdentity {
                role_arn: role.clone(),
                role_session_name: SESSION.to_owned(),
                web_identity_token: text.clone(),
                provider_id: None,
                duration_seconds: None,
                policy: None,
                policy_arns: Vec::new(),
            };
            (role, StsOperation::AssumeRoleWithWebIdentity(call))
        }));
    }
    calls.into_iter().filter_map(|(role, call)| signed_in(base, interpreter, &role, call)).collect()
}

fn signed_in(base: &World, interpreter: Interpreter, role: &str, call: StsOperation) -> Option<Arrival> {
    let mut world = part::bare(base);
    part::add(&mut world, base, role);
    world.assertions.clone_from(&base.assertions);
    world.tokens.clone_from(&base.tokens);
    for (id, account) in &mut world.accounts {
        if let Some(whole) = base.accounts.get(id) {
            account.saml_providers.clone_from(&whole.saml_providers);
            account.oidc_providers.clone_from(&whole.oidc_providers);
        }
    }
    let name = session_arn(role, SESSION);
    let step = Step {
        time: base.now,
        credentials: Credentials::None,
        operation: Operation::Sts(call),
        context: Context::new(),
        endpoint: None,
        name: Some(name.clone()),
    };
    let after = carried_out(interpreter, &world, &step)?;
    let session = after.sessions.get(&name)?.clone();
    let SessionKind::Role { session_name, .. } = &session.kind else { return None };
    let holding = Holding::Role { arn: role.to_owned(), session_name: session_name.clone() };
    let mut kept = part::bare(base);
    kept.fresh = after.fresh;
    part::add(&mut kept, base, role);
    kept.sessions.insert(name.clone(), session);
    let standing = Standing {
        holding: holding.clone(),
        credentials: Credentials::Session(name),
        world: Rc::new(kept),
        is_changed: false,
    };
    Some(Arrival { node: Node::plain(holding), standing, steps: vec![step], service: None })
}

/// The roles whose trust policies name a provider.
fn trusting(base: &World, provider: &str) -> Vec<String> {
    let mut roles = Vec::new();
    for (id, account) in &base.accounts {
        for (name, role) in &account.roles {
            let statements = role.trust.policy.statements.iter();
            let mut entries = statements
                .filter_map(|statement| statement.principal.as_ref())
                .flat_map(|selection| &selection.listed().entries);
            if entries.any(|entry| *entry == PrincipalEntry::Federated(provider.to_owned())) {
                roles.extend(base.role(id, name).map(|role| role.arn()));
            }
        }
    }
    roles
}
