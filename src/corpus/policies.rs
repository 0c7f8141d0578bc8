//! Reads the field `policies`: documents by layer.

use super::error::Error;
use crate::iam::arn::Arn;
use crate::iam::document::{self, Severity, Strictness};
use crate::iam::json::Node;
use crate::iam::layers::Layers;
use crate::iam::policy::{Policy, PolicyType};
use crate::iam::request::Request;
use crate::iam::spelling::quoted;

/// The layers.
pub(super) const FIELDS: &[&str] =
    &["identity", "boundary", "session", "resource", "scps", "rcps", "endpoint"];

/// Reads the documents. `requests` are those that they are given for: they say whether `resource` is a trust policy.
///
/// # Errors
///
/// A field of the wrong type, `[]` where absence is meant, and every policy that section 1 of the rules refuses, as the code of its
/// first finding.
pub fn read<'r>(
    node: Node<'_>,
    requests: impl IntoIterator<Item = &'r Request>,
    strictness: Strictness,
) -> Result<Layers, Error> {
    let fields = node.fields(FIELDS)?;
    let one = |name: &str, policy_type| {
        fields.optional(name).map(|node| policy(node, policy_type, strictness)).transpose()
    };
    let set = |node: Node<'_>, policy_type| -> Result<Vec<Policy>, Error> {
        node.items()?.map(|item| policy(item, policy_type, strictness)).collect()
    };
    let levels = |name: &str, policy_type| -> Result<Option<Vec<Vec<Policy>>>, Error> {
        let Some(node) = fields.optional(name) else { return Ok(None) };
        let levels: Result<Vec<_>, Error> = node.items()?.map(|level| set(level, policy_type)).collect();
        let levels = levels?;
        if levels.is_empty() {
            let message = format!("`{name}` needs at least one level; leave it out where there is none");
            return Err(node.error(message).into());
        }
        Ok(Some(levels))
    };
    let identity = match fields.optional("identity") {
        None => Vec::new(),
        Some(node) => set(node, PolicyType::Identity)?,
    };
    let session = match fields.optional("session") {
        None => None,
        Some(node) => {
            let policies = set(node, PolicyType::Session)?;
            if policies.is_empty() {
                let message = "`session` needs at least one policy; leave it out where none was passed";
                return Err(node.error(message).into());
            }
            Some(policies)
        }
    };
    let resource = match fields.optional("resource") {
        None => None,
        Some(node) => Some(policy(node, resource_policy_type(node, requests)?, strictness)?),
    };
    Ok(Layers {
        identity,
        boundary: one("boundary", PolicyType::Boundary)?,
        session,
        resource,
        scps: levels("scps", PolicyType::Scp)?,
        rcps: levels("rcps", PolicyType::Rcp)?,
        endpoint: one("endpoint", PolicyType::Endpoint)?,
    })
}

pub(super) fn policy(
    node: Node<'_>,
    policy_type: PolicyType,
    strictness: Strictness,
) -> Result<Policy, Error> {
    let document = document::read_node(node, policy_type, strictness);
    if let Some(policy) = document.policy {
        return Ok(policy);
    }
    let mut errors = document.findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    match errors.next() {
        Some(first) => Err(Error::policy(first, errors.count() + document.findings_left_out)),
        // A document without a policy has an error; were it not so, this would still be no policy.
        None => Err(node.error("no policy").into()),
    }
}

/// For `sts` actions on a role the resource's policy is its trust policy. Where some requests are such and others are not, the
/// document itself shows it: a trust policy names no resource. It is consulted for no other resource than its role (RES-7), so nothing else
/// may be asked that it could speak of.
// Rule: RES-7.
fn resource_policy_type<'r>(
    node: Node<'_>,
    requests: impl IntoIterator<Item = &'r Request>,
) -> Result<PolicyType, Error> {
    let (on_roles, on_others): (Vec<_>, Vec<_>) =
        requests.into_iter().partition(|request| is_about_assuming_a_role(request));
    let policy_type = match (on_roles.is_empty(), on_others.is_empty()) {
        (false, true) => PolicyType::Trust,
        (true, false) => PolicyType::Resource,
        (true, true) | (false, false) => match document::guessed_type(node) {
            PolicyType::Trust => PolicyType::Trust,
            PolicyType::Identity
            | PolicyType::Boundary
            | PolicyType::Session
            | PolicyType::Resource
            | PolicyType::Endpoint
            | PolicyType::Scp
            | PolicyType::Rcp => PolicyType::Resource,
        },
    };
    let other = on_others.into_iter().find(|request| is_of_sts(request) && !needs_no_permission(request));
    match (policy_type, other) {
        (PolicyType::Trust, Some(other)) => {
            let message = format!(
                "`resource` is the trust policy of a role, and {} on {} asks for something else: a case of its own is for that",
                quoted(&other.action),
                quoted(&other.resource)
            );
            Err(node.error(message).into())
        }
        (policy_type, _) => Ok(policy_type),
    }
}

fn is_of_sts(request: &Request) -> bool {
    request.action.split(':').next().is_some_and(|service| service.eq_ignore_ascii_case("sts"))
}

/// Whether no policy counts, whatever it says (EVAL-26).
fn needs_no_permission(request: &Request) -> bool {
    ["sts:GetCallerIdentity", "sts:GetSessionToken"]
        .iter()
        .any(|name| request.action.eq_ignore_ascii_case(name))
}

/// Whether a request is an `sts` action on `arn:P:iam::A:role/…`.
fn is_about_assuming_a_role(request: &Request) -> bool {
    let is_role = Arn::parse(&request.resource).is_some_and(|arn| {
        arn.service == "iam" && arn.region.is_empty() && arn.resource.starts_with("role/")
    });
    is_of_sts(request) && is_role
}
