//! Calls that were refused, and might not have been to a session of another name, tag or source identity than those that are tried.
//!
//! A search tries few names, tags and source identities ([`super::spelled`]), and no list says which of them conditions can tell apart. So
//! where policies around a refused call speak of them, the solver is asked whether the call could be allowed with any. What it answers is
//! tried from then on ([`Spelled::learn`]); what still wants something then is told as not known.
//!
//! That nothing is left out follows step by step. Be there a trace in which the i-th session is of some role, with or without tags and a source
//! identity: then after as many calls a place of such a kind is known. For the next call of the trace is allowed there; or it is wanting there, since
//! it is allowed with the values of the trace; and if the same call is granted to another place of the kind that is known as early, it leads on.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::When;
use super::graph::Doubt;
use super::place::Place;
use super::spelled::Spelled;
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::operation::{Operation, StsOperation};
use crate::iam::world::{Session, SessionKind};

/// Values of keys.
pub type Values = Vec<(KeyName, ContextValue)>;

/// A call that was refused, and that might be allowed with other values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanting {
    /// The ARN of the caller.
    pub caller: String,
    /// The call.
    pub call: Operation,
    /// Values with which the policies would allow it.
    pub values: Values,
    group: Group,
    depth: usize,
}

/// Calls that differ in nothing but which names, tags and source identities there are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    kind: String,
    caller: Marks,
    action: String,
    resource: String,
    passed: Marks,
    with_code: bool,
    when: When,
}

/// What there is beside a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Marks {
    tags: bool,
    transitive: bool,
    source_identity: bool,
}

impl Group {
    fn of(place: &Place, call: &Operation, when: When) -> Group {
        let (action, resource) = super::graph::told(call);
        let with_code = call.mfa_code().is_some_and(|mfa| mfa.token_code.is_some());
        Group {
            kind: kind(place),
            caller: place.session().map(Marks::of).unwrap_or_default(),
            action,
            resource,
            passed: Marks::passed(call),
            with_code,
            when,
        }
    }
}

/// Whose session it is, whatever it is called.
fn kind(place: &Place) -> String {
    match place.session().map(|session| &session.kind) {
        Some(SessionKind::Role { role, .. }) => role.clone(),
        Some(SessionKind::Federated { source, .. }) => format!("{source:?}"),
        Some(SessionKind::User { .. } | SessionKind::Root) | None => place.arn.clone(),
    }
}

impl Marks {
    fn of(session: &Session) -> Marks {
        Marks {
            tags: session.tags.iter().next().is_some(),
            transitive: !session.transitive_keys.is_empty(),
            source_identity: session.source_identity.is_some(),
        }
    }

    fn passed(call: &Operation) -> Marks {
        match call {
            Operation::Sts(StsOperation::AssumeRole(called)) => Marks {
                tags: !called.tags.is_empty(),
                transitive: !called.transitive_tag_keys.is_empty(),
                source_identity: called.source_identity.is_some(),
            },
            Operation::Sts(StsOperation::GetFederationToken(called)) => {
                Marks { tags: !called.tags.is_empty(), ..Marks::default() }
            }
            Operation::Sts(
                StsOperation::AssumeRoleWithSaml(_)
                | StsOperation::AssumeRoleWithWebIdentity(_)
                | StsOperation::GetSessionToken(_)
                | StsOperation::GetCallerIdentity
                | StsOperation::DecodeAuthorizationMessage(_),
            )
            | Operation::Pass(_)
            | Operation::Policy(_)
            | Operation::Account(_)
            | Operation::Directory(_)
            | Operation::Request(_)
            | Operation::Event(_) => Marks::default(),
        }
    }
}

/// What is wanting, and what was granted.
#[derive(Clone, Debug, Default)]
pub struct Wants {
    wanting: Vec<Wanting>,
    /// The calls that are allowed, with the fewest calls after which they are.
    granted: BTreeMap<Group, usize>,
}

impl Wants {
    /// A call is allowed.
    pub fn grant(&mut self, place: &Place, depth: usize, call: &Operation, when: When) {
        let least = self.granted.entry(Group::of(place, call, when)).or_insert(depth);
        *least = depth.min(*least);
    }

    /// A call is refused, and might be allowed with these values.
    pub fn want(&mut self, place: &Place, depth: usize, call: &Operation, when: When, values: Values) {
        let group = Group::of(place, call, when);
        self.wanting.push(Wanting { caller: place.arn.clone(), call: call.clone(), values, group, depth });
    }

    /// What no session of the same role was granted, with any name, tag or source identity that was tried.
    pub fn unmet(&self) -> impl Iterator<Item = &Wanting> {
        let is_met =
            |wanting: &Wanting| self.granted.get(&wanting.group).is_some_and(|least| *least <= wanting.depth);
        self.wanting.iter().filter(move |wanting| !is_met(wanting))
    }
}

impl Wanting {
    /// The call as one of which nobody knows whether it is allowed.
    pub fn doubt(&self) -> Doubt {
        let told = self.values.iter().map(|(key, value)| format!("`{key}` = {value}"));
        let told = told.collect::<Vec<_>>().join(" and ");
        let why = if told.is_empty() {
            "policies ask for names, tags or source identities that were not tried".to_owned()
        } else {
            format!("the policies around it allow it with {told}, which no session that was tried has")
        };
        let Group { action, resource, .. } = self.group.clone();
        Doubt { caller: self.caller.clone(), call: action, resource, why }
    }
}

/// The keys of which policies speak and that would be others if the session that calls, or the one that is asked for, were called, tagged or
/// identified otherwise.
// Rules: KEY-4, KEY-5, STS-6, STS-36, STS-40.
pub fn loosened(spelled: &Spelled, place: &Place, call: &Operation) -> BTreeSet<String> {
    let passed = Marks::passed(call);
    let held = place.session().map(Marks::of).unwrap_or_default();
    let is_role = place.role_id().is_some();
    let is_federated =
        place.session().is_some_and(|session| matches!(session.kind, SessionKind::Federated { .. }));
    let by_service = place.session().is_some_and(|session| session.issuer.is_some());
    let is_loose = |key: &&String| match key.as_str() {
        "aws:userid" => is_role || is_federated,
        "aws:principalarn" => is_federated,
        "aws:sourceidentity" => held.source_identity,
        "sts:sourceidentity" => passed.source_identity || (is_role && held.source_identity),
        "sts:transitivetagkeys" => passed.transitive,
        "aws:tagkeys" => passed.tags,
        key if key.starts_with("aws:requesttag/") => passed.tags,
        key if key.starts_with("aws:principaltag/") => held.tags,
        // What is left are the keys of sessions that were delivered to an instance.
        _ => by_service,
    };
    spelled.chosen.iter().filter(is_loose).cloned().collect()
}
