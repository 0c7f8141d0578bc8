//! Writes a case, so that reading what was written gives the same case again.
//!
//! A written request spells out its whole context and says `exactContext`: whoever replays it, here or elsewhere, needs no
//! knowledge of the keys that follow from the rest.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::case::{Asked, Case, Question};
use super::layout::laid_out;
use super::principal::principal_of;
use super::{steps, world};
use crate::iam::assumption::Alternative;
use crate::iam::context::{Context, ContextValue};
use crate::iam::document::Code;
use crate::iam::json::Json;
use crate::iam::layers::Layers;
use crate::iam::request::{CredentialKind, Request, ResourcePolicyMark, Validity};

/// The case as the text of a file, laid out for people.
pub fn write(case: &Case) -> String {
    let text = compact(case);
    // What serde wrote is JSON; a text beyond the reader's limits is given as it is.
    Json::read(text.as_bytes()).map_or_else(|_| text.clone(), |json| laid_out(&json))
}

/// The case on one line.
pub fn compact(case: &Case) -> String {
    // Writing to memory fails only where a map key is no string, and all of ours are.
    serde_json::to_string(case).unwrap_or_default()
}

impl Serialize for Case {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("because", &self.because)?;
        if let Some(rule) = &self.rule {
            map.serialize_entry("rule", rule)?;
        }
        if let Some(source) = &self.source {
            map.serialize_entry("source", source)?;
        }
        match &self.question {
            Question::Decisions { layers, assumptions, asked } => {
                if !assumptions.is_decided() {
                    let names: Vec<&str> = assumptions.alternatives().map(Alternative::name).collect();
                    map.serialize_entry("assume", &names)?;
                }
                map.serialize_entry("policies", &Policies(layers))?;
                map.serialize_entry("requests", asked)?;
            }
            Question::Trace { world, steps } => {
                map.serialize_entry("world", &world::as_json(world))?;
                let steps: Vec<_> = steps.iter().map(steps::as_json).collect();
                map.serialize_entry("steps", &steps)?;
            }
            Question::Grammar { policy_type, text, findings } => {
                map.serialize_entry("type", policy_type.name())?;
                map.serialize_entry("text", text)?;
                let names: Vec<&str> = findings.iter().copied().map(Code::name).collect();
                map.serialize_entry("findings", &names)?;
            }
        }
        map.end()
    }
}

/// The field `policies`: the layers that are there.
pub struct Policies<'l>(pub &'l Layers);

impl Serialize for Policies<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Layers { identity, boundary, session, resource, scps, rcps, endpoint } = self.0;
        let mut map = serializer.serialize_map(None)?;
        if !identity.is_empty() {
            map.serialize_entry("identity", identity)?;
        }
        if let Some(boundary) = boundary {
            map.serialize_entry("boundary", boundary)?;
        }
        if let Some(session) = session {
            map.serialize_entry("session", session)?;
        }
        if let Some(resource) = resource {
            map.serialize_entry("resource", resource)?;
        }
        if let Some(levels) = scps {
            map.serialize_entry("scps", levels)?;
        }
        if let Some(levels) = rcps {
            map.serialize_entry("rcps", levels)?;
        }
        if let Some(endpoint) = endpoint {
            map.serialize_entry("endpoint", endpoint)?;
        }
        map.end()
    }
}

impl Serialize for Asked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        request_entries::<S>(&self.request, &mut map)?;
        map.serialize_entry("expect", self.expected.name())?;
        if let Some(reason) = self.reason {
            map.serialize_entry("reason", reason.code())?;
        }
        map.end()
    }
}

/// A request without an answer, as the protocol sends it.
pub struct Unanswered<'r>(pub &'r Request);

impl Serialize for Unanswered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        request_entries::<S>(self.0, &mut map)?;
        map.end()
    }
}

fn request_entries<S: Serializer>(request: &Request, map: &mut S::SerializeMap) -> Result<(), S::Error> {
    let (principal, role, federating) = principal_of(&request.caller);
    map.serialize_entry("principal", &principal)?;
    if let Some(role) = role {
        map.serialize_entry("role", &role)?;
    }
    if let Some(federating) = federating {
        map.serialize_entry("federating", &federating)?;
    }
    match request.credential.kind {
        CredentialKind::LongTerm => {}
        CredentialKind::SessionToken => map.serialize_entry("credential", "session-token")?,
    }
    match request.credential.validity {
        Validity::Current => {}
        Validity::Expired => map.serialize_entry("expired", &true)?,
    }
    map.serialize_entry("action", &request.action)?;
    map.serialize_entry("resource", &request.resource)?;
    if let Some(account) = &request.resource_account {
        map.serialize_entry("resourceAccount", account)?;
    }
    match request.resource_policy_mark {
        ResourcePolicyMark::Unmarked => {}
        ResourcePolicyMark::PolicyRequired => map.serialize_entry("policyRequired", &true)?,
    }
    map.serialize_entry("context", &Entries(&request.context))?;
    map.serialize_entry("exactContext", &true)
}

/// The keys of a context, as an object.
pub(super) fn entries_as_json(context: &Context) -> serde_json::Value {
    serde_json::to_value(Entries(context)).unwrap_or_default()
}

struct Entries<'c>(&'c Context);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.0.entries() {
            match value {
                ContextValue::Single(value) => map.serialize_entry(key.spelling(), value)?,
                ContextValue::Many(values) => map.serialize_entry(key.spelling(), values)?,
            }
        }
        map.end()
    }
}
