//! How layers and callers come together: the name of a disagreement in which every statement is plain, made from what each layer says.

use super::answer::Expected;
use super::construct::{Cause, SERVICE_LINKED, caller_in_words, entry_kind};
use super::facet::as_documented;
use super::neutral::{matches, verdict};
use crate::crosscheck::finding::reason_rule;
use crate::generators::worlds::World;
use crate::iam::decision::Reason;
use crate::iam::policy::{Effect, Policy, Selection, Statement, Version};
use crate::iam::principal::Principals;
use crate::iam::request::{CredentialKind, Request, Validity};

/// The cause that is left when no construct is.
pub(super) fn structural_cause(expected: &Expected, world: &World) -> Cause {
    let Some(request) = world.requests.first() else { return Cause::new("nobody", "EVAL-26") };
    let caller = caller_in_words(&request.caller);
    match expected {
        Expected::Decided(_, Some(reason)) => {
            let has_ceilings = world.layers.scps.is_some() || world.layers.rcps.is_some();
            let rule = match () {
                () if caller == SERVICE_LINKED && has_ceilings => "EVAL-23",
                () if world.layers.rcps.is_some() && is_weighed(*reason) => "EVAL-22",
                () => reason_rule(*reason),
            };
            Cause::new(format!("{reason}: {}", in_words(world, request)), rule)
        }
        Expected::Decided(decision, None) => {
            Cause::new(format!("{decision}: {}", in_words(world, request)), "EVAL-26")
        }
        Expected::Refused(code) => Cause::new(code.name(), super::explain::refusal_rule(code.name())),
        Expected::Unknown(_) => Cause::new("unknown", "EVAL-26"),
    }
}

/// Whether a reason comes of what layers say to each other, and not of who asks, how, or for what.
fn is_weighed(reason: Reason) -> bool {
    !matches!(reason_rule(reason), "EVAL-1" | "EVAL-6" | "EVAL-9" | "STS-12" | "STS-50")
}

/// Who asks, and what each layer that there is says to it.
fn in_words(world: &World, request: &Request) -> String {
    let mut said = Vec::new();
    let layers = &world.layers;
    if !layers.identity.is_empty() {
        said.push(says("identity policies", &layers.identity, request));
    }
    if let Some(boundary) = &layers.boundary {
        said.push(says("the boundary", std::slice::from_ref(boundary), request));
    }
    if let Some(session) = &layers.session {
        said.push(says("session policies", session, request));
    }
    if let Some(resource) = &layers.resource {
        let by = grantee(resource, request);
        said.push(says("the resource's policy", std::slice::from_ref(resource), request) + &by);
    }
    for (levels, name) in [(&layers.scps, "SCPs"), (&layers.rcps, "RCPs")] {
        if let Some(levels) = levels {
            let each: Vec<&str> = levels.iter().map(|set| verb(set, request)).collect();
            said.push(format!("{name}: {}", each.join(", below it ")));
        }
    }
    if let Some(endpoint) = &layers.endpoint {
        said.push(says("the endpoint's policy", std::slice::from_ref(endpoint), request));
    }
    if said.is_empty() {
        said.push("no policy".to_owned());
    }
    format!("{}; {}", asking(world, request), said.join("; "))
}

/// The caller, with what is special about how it asks.
fn asking(world: &World, request: &Request) -> String {
    let mut who = caller_in_words(&request.caller).to_owned();
    let fields: Vec<&str> = request.resource.splitn(6, ':').collect();
    let of_arn = fields.get(4).copied().filter(|account| !account.is_empty());
    let owner = request.resource_account.as_deref().or(of_arn);
    if let (Some(own), Some(owner)) = (request.caller.account(), owner)
        && own != owner
    {
        who.push_str(" of another account");
    }
    if request.credential.validity == Validity::Expired {
        who.push_str(" with expired credentials");
    }
    if request.credential.kind == CredentialKind::SessionToken {
        who.push_str(" with a session token");
    }
    if request.resource == "*" {
        who.push_str(" on `*`");
    }
    let service = request.action.split(':').next().unwrap_or_default().to_ascii_lowercase();
    match service.as_str() {
        "sts" => format!("{who}, {}", as_documented(&request.action)),
        "kms" => format!("{who}, on a key"),
        _ if world.layers.rcps.is_some() => format!("{who}, {service}"),
        _ => who,
    }
}

/// `the boundary: allows`; of several documents how many they are.
fn says(layer: &str, policies: &[Policy], request: &Request) -> String {
    let documents =
        if policies.len() > 1 { format!(" ({} documents)", policies.len()) } else { String::new() };
    format!("{layer}{documents}: {}", verb(policies, request))
}

fn verb(policies: &[Policy], request: &Request) -> &'static str {
    match verdict(policies, request) {
        None => "unreadable",
        Some(verdict) => match (verdict.deny, verdict.allow) {
            (true, true) => "Deny and Allow",
            (true, false) => "Deny",
            (false, true) => "Allow",
            (false, false) => "nothing",
        },
    }
}

/// Through which entries the resource's policy grants.
fn grantee(policy: &Policy, request: &Request) -> String {
    let mut kinds: Vec<&str> = Vec::new();
    for statement in policy.statements.iter().filter(|statement| statement.effect == Effect::Allow) {
        if let Some(Selection::Only(principals)) = &statement.principal {
            for entry in &principals.entries {
                let principal = Some(Selection::Only(Principals { entries: vec![entry.clone()] }));
                let alone = Statement { principal, ..super::neutral::anything() };
                if matches(Version::V2012, alone, request) == Some(true)
                    && !kinds.contains(&entry_kind(entry))
                {
                    kinds.push(entry_kind(entry));
                }
            }
        }
    }
    if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(" and ")) }
}
