//! A decision for programs: everything that the text tells and everything that it leaves out.

use serde_json::{Map, Value, json};

use super::{Decided, Subject};
use crate::corpus::{principal_of, write::Unanswered};
use crate::evaluator::{
    ConditionFinding, ElementFinding, Findings, GrantKind, Ground, MemberFinding, PrincipalFinding,
    SetFinding, Stage, StatementFinding, ValueStanding,
};
use crate::explanation::change::Change;
use crate::explanation::lack::{Gap, Lack, lacks};
use crate::explanation::nearest::{nearest, nearest_set};
use crate::explanation::reach::Reach;
use crate::explanation::turn::{Suggestion, Turn};
use crate::explanation::written;
use crate::iam::context::ContextValue;
use crate::iam::layers::Layer;
use crate::iam::policy::{Selection, Statement};
use crate::iam::request::{CredentialKind, Validity};

/// How many suggestions are listed.
const MOST_SUGGESTIONS: usize = 50;

/// One decision.
pub(super) fn decision(subject: &Subject<'_>, decided: &Decided<'_>) -> Value {
    let explanation = &decided.explanation;
    let reason = explanation.reason;
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    put("decision", reason.decision().name().into());
    put("reason", reason.code().into());
    put("rule", explanation.rule.into());
    put("expected", decided.asked.expected.name().into());
    put("asExpected", decided.is_expected().into());
    let stage = match explanation.stage {
        Stage::Credential => "credential",
        Stage::Partition => "partition",
        Stage::Policies => "policies",
    };
    put("stage", stage.into());
    put("layers", explanation.sets.iter().map(layer).collect());
    put("booleans", booleans(&explanation.findings));
    put("nearest", nearest_pointers(subject, decided).into());
    put("statements", explanation.statements.iter().map(|finding| statement(subject, finding)).collect());
    if let Some(turn) = &decided.turn {
        put("turn", turned(turn));
        put("lacks", lacks(explanation).iter().map(|lack| lacking(subject, lack)).collect());
    }
    fields.into()
}

/// Where the Allows stand that came nearest, where the silence of some policies decides.
fn nearest_pointers(subject: &Subject<'_>, decided: &Decided<'_>) -> Vec<String> {
    let explanation = &decided.explanation;
    let request = &decided.asked.request;
    let Some(set) = nearest_set(explanation, subject.layers, request) else { return Vec::new() };
    let near = nearest(explanation, set, subject.layers, request);
    let places = near.statements.iter().filter_map(|finding| finding.place.within_layers());
    places.filter_map(|place| subject.whereabouts.statement(place)).map(|place| place.pointer).collect()
}

fn layer_name(layer: Layer) -> &'static str {
    match layer {
        Layer::Scp { .. } => "scps",
        Layer::Rcp { .. } => "rcps",
        Layer::Endpoint => "endpoint",
        Layer::Resource => "resource",
        Layer::Identity => "identity",
        Layer::Boundary => "boundary",
        Layer::Session => "session",
    }
}

/// The fields that name a layer: its field in a case, and its level from 1 where it has levels.
fn layer_fields(layer: Layer) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("layer".to_owned(), layer_name(layer).into());
    match layer {
        Layer::Scp { level } | Layer::Rcp { level } => {
            fields.insert("level".to_owned(), (level + 1).into());
        }
        Layer::Endpoint | Layer::Resource | Layer::Identity | Layer::Boundary | Layer::Session => {}
    }
    fields
}

fn with(mut fields: Map<String, Value>, more: Value) -> Value {
    if let Value::Object(more) = more {
        fields.extend(more);
    }
    fields.into()
}

fn layer(set: &SetFinding) -> Value {
    let SetFinding { layer, document, applies, verdict } = set;
    let mut fields = layer_fields(*layer);
    if let Some(document) = document {
        fields.insert("document".to_owned(), (document + 1).into());
    }
    with(fields, json!({ "applies": applies, "allows": verdict.allow, "denies": verdict.deny }))
}

/// The named booleans of EVAL-10.
fn booleans(findings: &Findings) -> Value {
    let kinds: Vec<&str> = findings.grants.kinds().map(GrantKind::name).collect();
    json!({
        "SAME": findings.same_account,
        "REQUIRED": findings.policy_required,
        "SCP_OK": findings.scp_ok,
        "RCP_OK": findings.rcp_ok,
        "VPCE_OK": findings.endpoint_ok,
        "I": findings.identity_allows,
        "B": findings.boundary_allows,
        "S": findings.session_allows,
        "grants": kinds,
    })
}

fn statement(subject: &Subject<'_>, finding: &StatementFinding) -> Value {
    let written = written::statement(subject.layers, finding.place);
    let fields = finding.place.layer.map(layer_fields).unwrap_or_default();
    let place = finding.place.within_layers().and_then(|place| subject.whereabouts.statement(place));
    let mut more = json!({
        "document": finding.place.policy + 1,
        "statement": finding.place.statement.map(|number| number + 1),
        "sid": written.and_then(|statement| statement.sid.clone()),
        "file": subject.file.display().to_string(),
        "pointer": place.as_ref().map(|place| place.pointer.clone()),
        "line": place.as_ref().map(|place| place.position.line),
        "column": place.as_ref().map(|place| place.position.column),
        "effect": finding.effect.name(),
        "applies": finding.applies,
        "matches": finding.matches(),
        "misses": finding.misses(),
    });
    if let (Value::Object(more), Some(written)) = (&mut more, written) {
        more.extend(elements(written, finding));
    }
    with(fields, more)
}

fn elements(written: &Statement, finding: &StatementFinding) -> Map<String, Value> {
    let mut fields = Map::new();
    if let (Some(principals), Some(found)) = (&written.principal, &finding.principal) {
        fields.insert("principal".to_owned(), principal(not(principals), found));
    }
    fields.insert("action".to_owned(), element(&written.action, &finding.action));
    if let (Some(resources), Some(found)) = (&written.resource, &finding.resource) {
        fields.insert("resource".to_owned(), element(resources, found));
    }
    let conditions = written.condition.iter().zip(&finding.conditions);
    fields.insert(
        "conditions".to_owned(),
        conditions.map(|(entry, found)| condition(&entry.values, found)).collect(),
    );
    fields
}

fn not<T>(selection: &Selection<T>) -> Value {
    match selection {
        Selection::Only(_) => false.into(),
        Selection::AllExcept(_) => true.into(),
    }
}

fn element(written: &Selection<Vec<String>>, found: &ElementFinding) -> Value {
    let members = written.listed().iter().zip(&found.members).map(|(text, member)| match member {
        MemberFinding::Matches => json!({ "text": text, "matches": true }),
        MemberFinding::Differs => json!({ "text": text, "matches": false }),
        MemberFinding::Unresolved(key) => {
            json!({ "text": text, "matches": false, "missing": key.spelling() })
        }
    });
    json!({ "not": not(written), "matches": found.matches, "listed": members.collect::<Vec<_>>() })
}

fn principal(not: Value, found: &PrincipalFinding) -> Value {
    let entries: Vec<Option<&str>> = found.entries.iter().map(|kind| kind.map(GrantKind::name)).collect();
    json!({ "not": not, "matches": found.matches, "entries": entries })
}

fn condition(values: &[String], found: &ConditionFinding) -> Value {
    let ground = match &found.ground {
        Ground::Missing { counted } => {
            json!({ "missing": true, "given": counted.as_ref().map(context_value) })
        }
        Ground::Present => json!({ "present": true }),
        Ground::SeveralValues => json!({ "severalValues": true }),
        Ground::Values(told) => {
            let told = told.iter().map(|(value, standing)| match standing {
                ValueStanding::Related(index) => json!({ "value": value, "by": values.get(*index) }),
                ValueStanding::Unrelated => json!({ "value": value, "by": null }),
                ValueStanding::WrongType => json!({ "value": value, "by": null, "wrongType": true }),
            });
            json!({ "values": told.collect::<Vec<_>>() })
        }
    };
    let mut fields = Map::new();
    fields.insert("operator".to_owned(), found.operator.to_string().into());
    fields.insert("key".to_owned(), found.key.spelling().into());
    fields.insert("listed".to_owned(), values.to_vec().into());
    fields.insert("holds".to_owned(), found.holds.into());
    with(fields, ground)
}

fn context_value(value: &ContextValue) -> Value {
    match value {
        ContextValue::Single(text) => text.as_str().into(),
        ContextValue::Many(texts) => texts.clone().into(),
    }
}

fn turned(turn: &Turn) -> Value {
    match turn {
        Turn::By(suggestions) => {
            let listed: Vec<Value> = suggestions.iter().take(MOST_SUGGESTIONS).map(suggestion).collect();
            json!({ "verdict": "found", "suggestions": listed })
        }
        Turn::Never => json!({ "verdict": "proved-impossible", "suggestions": [] }),
        Turn::Unknown(why) => json!({ "verdict": "unknown", "why": why, "suggestions": [] }),
    }
}

fn suggestion(suggestion: &Suggestion) -> Value {
    let Suggestion { changes, request, reason, reach } = suggestion;
    let same = match reach {
        Reach::Near => true,
        Reach::Far => false,
    };
    // Writing to memory does not fail.
    let request = serde_json::to_value(Unanswered(request)).unwrap_or_default();
    let changes: Vec<Value> = changes.iter().map(change).collect();
    json!({ "changes": changes, "sameRequest": same, "decision": reason.decision().name(), "reason": reason.code(), "request": request })
}

fn change(change: &Change) -> Value {
    match change {
        Change::Credential(credential) => {
            let kind = match credential.kind {
                CredentialKind::LongTerm => "long-term",
                CredentialKind::SessionToken => "session-token",
            };
            let expired = credential.validity == Validity::Expired;
            json!({ "of": "credential", "to": kind, "expired": expired })
        }
        Change::Context { key, value } => {
            json!({ "of": "context", "key": key.spelling(), "to": value.as_ref().map(context_value) })
        }
        Change::Resource(text) => json!({ "of": "resource", "to": text }),
        Change::Action(text) => json!({ "of": "action", "to": text }),
        Change::Owner(account) => json!({ "of": "resourceAccount", "to": account }),
        Change::Caller(caller) => {
            let (principal, ..) = principal_of(caller);
            json!({ "of": "principal", "to": principal })
        }
    }
}

fn lacking(subject: &Subject<'_>, lack: &Lack) -> Value {
    match lack {
        Lack::Denied(place) => {
            let at = place.within_layers().and_then(|place| subject.whereabouts.statement(place));
            let fields = place.layer.map(layer_fields).unwrap_or_default();
            with(fields, json!({ "lack": "denied", "pointer": at.map(|place| place.pointer) }))
        }
        Lack::Silent { layer, gap } => {
            let gap = match gap {
                Gap::NoAllow => "no-allow",
                Gap::Action => "action",
                Gap::Resource => "resource",
                Gap::Principal => "principal",
                Gap::Condition => "condition",
            };
            with(layer_fields(*layer), json!({ "lack": "silent", "gap": gap }))
        }
        Lack::NoResourcePolicy => json!({ "layer": "resource", "lack": "no-policy" }),
        Lack::NoSessionPolicy => json!({ "layer": "session", "lack": "no-policy" }),
    }
}
