//! Reads one case from its text.

use super::case::{Asked, Case, Question};
use super::error::Error;
use super::fit;
use super::policies;
use super::request::{self, Filling};
use super::{steps, world};
use crate::iam::assumption::{Alternative, AssumptionError, Assumptions};
use crate::iam::decision::{Decision, Reason};
use crate::iam::document::{Code, Strictness};
use crate::iam::json::{self, Fields, Json, Node};
use crate::iam::policy::PolicyType;
use crate::iam::spelling::quoted;

const FIELDS: [&str; 11] = [
    "because", "rule", "source", "assume", "policies", "requests", "type", "text", "findings", "world",
    "steps",
];

/// What a case owes its reader beside question and answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Citation {
    /// `rule` and `source` must be there, and the rule is an id: a case of `corpus/cited/`.
    Required,
    /// They may be left out, and are free text.
    Optional,
}

/// Reads the text of a case.
///
/// # Errors
///
/// Whatever is not as `corpus/README.md` has it, with its place; also a policy that is not valid, an answer that contradicts its
/// reason, and a layer that does not fit a caller.
pub fn read(bytes: &[u8], citation: Citation, strictness: Strictness) -> Result<Case, Error> {
    let json = Json::read(bytes)?;
    read_node(json.top(), citation, strictness)
}

pub(super) fn read_node(node: Node<'_>, citation: Citation, strictness: Strictness) -> Result<Case, Error> {
    let fields = node.fields(&FIELDS)?;
    let because = sentence(fields.required("because")?)?;
    let (rule, source) = cited(&fields, citation)?;
    let has_any = |names: &[&str]| names.iter().any(|name| fields.optional(name).is_some());
    let question = if has_any(&["type", "text", "findings"]) {
        grammar(&fields)?
    } else if has_any(&["world", "steps"]) {
        trace(&fields, strictness)?
    } else {
        decisions(&fields, strictness)?
    };
    Ok(Case { because, rule, source, question })
}

fn sentence(node: Node<'_>) -> Result<String, json::Error> {
    let text = node.string()?;
    if text.trim().is_empty() {
        return Err(node.error("expected a sentence, found an empty text"));
    }
    Ok(text.to_owned())
}

/// The fields `rule` and `source`.
fn cited(fields: &Fields<'_>, citation: Citation) -> Result<(Option<String>, Option<String>), json::Error> {
    match citation {
        Citation::Optional => {
            let text = |name: &str| fields.optional(name).map(sentence).transpose();
            Ok((text("rule")?, text("source")?))
        }
        Citation::Required => {
            let node = fields.required("rule")?;
            let rule = sentence(node)?;
            if !is_rule_id(&rule) {
                let message = format!("expected a rule id such as `EVAL-3`, found {}", quoted(&rule));
                return Err(node.error(message));
            }
            Ok((Some(rule), Some(sentence(fields.required("source")?)?)))
        }
    }
}

/// Whether a text has the form of a rule id: capitals, a hyphen, a number, perhaps a letter.
fn is_rule_id(text: &str) -> bool {
    text.split_once('-').is_some_and(|(section, number)| {
        let digits = number.strip_suffix(|last: char| last.is_ascii_lowercase()).unwrap_or(number);
        !section.is_empty()
            && section.bytes().all(|byte| byte.is_ascii_uppercase())
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn trace(fields: &Fields<'_>, strictness: Strictness) -> Result<Question, Error> {
    for name in ["assume", "policies", "requests"] {
        if let Some(node) = fields.optional(name) {
            let message = format!("a case with `world` and `steps` has no `{name}`");
            return Err(node.error(message).into());
        }
    }
    let world = world::read(fields.required("world")?, strictness)?;
    let steps = steps::read(fields.required("steps")?, &world, strictness)?;
    Ok(Question::Trace { world: Box::new(world), steps })
}

fn grammar(fields: &Fields<'_>) -> Result<Question, Error> {
    for name in ["assume", "policies", "requests", "world", "steps"] {
        if let Some(node) = fields.optional(name) {
            let message = format!("a case of the grammar (`type`, `text`, `findings`) has no `{name}`");
            return Err(node.error(message).into());
        }
    }
    let node = fields.required("type")?;
    let name = node.string()?;
    let policy_type = PolicyType::from_name(name).ok_or_else(|| {
        let names = PolicyType::ALL.map(PolicyType::name).join("`, `");
        node.error(format!("expected one of `{names}`, found {}", quoted(name)))
    })?;
    let text = fields.required("text")?.string()?.to_owned();
    let findings: Result<Vec<Code>, Error> = fields.required("findings")?.items()?.map(finding).collect();
    Ok(Question::Grammar { policy_type, text, findings: findings? })
}

fn finding(node: Node<'_>) -> Result<Code, Error> {
    let name = node.string()?;
    match Code::from_name(name) {
        Some(code) if name.starts_with("V-") => Ok(code),
        Some(_) => {
            Err(node.error(format!("{} is a warning; `findings` lists errors only", quoted(name))).into())
        }
        None => Err(node.error(format!("expected a code such as `V-ACTION`, found {}", quoted(name))).into()),
    }
}

fn decisions(fields: &Fields<'_>, strictness: Strictness) -> Result<Question, Error> {
    let assumptions = fields.optional("assume").map(assumptions).transpose()?.unwrap_or_default();
    let policies_node = fields.required("policies")?;
    let requests_node = fields.required("requests")?;
    let asked: Result<Vec<Asked>, Error> =
        requests_node.items()?.map(|node| read_asked(node, strictness)).collect();
    let asked = asked?;
    if asked.is_empty() {
        return Err(requests_node.error("a case asks at least one request").into());
    }
    let layers = policies::read(policies_node, asked.iter().map(|asked| &asked.request), strictness)?;
    for (index, asked) in asked.iter().enumerate() {
        if let Err(misfit) = fit::check(&layers, &asked.request.caller) {
            let layer = policies_node.fields(policies::FIELDS)?.required(misfit.field)?;
            return Err(layer.error(format!("{misfit}; the caller of `/requests/{index}` is one")).into());
        }
    }
    Ok(Question::Decisions { layers: Box::new(layers), assumptions, asked })
}

/// The readings of open points that a case assumes, at least one.
fn assumptions(node: Node<'_>) -> Result<Assumptions, Error> {
    let mut assumptions = Assumptions::default();
    for item in node.items()? {
        let named = item.string()?.parse();
        let alternative: Alternative =
            named.map_err(|error: AssumptionError| item.error(error.to_string()))?;
        if let Some(first) = assumptions.reading_of(alternative.point()) {
            let error = AssumptionError::Contradiction { first, second: alternative };
            return Err(item.error(error.to_string()).into());
        }
        assumptions = assumptions.with(alternative);
    }
    if assumptions.is_decided() {
        return Err(node.error("expected a reading such as `D-39=any`, or no `assume` at all").into());
    }
    Ok(assumptions)
}

fn read_asked(node: Node<'_>, strictness: Strictness) -> Result<Asked, Error> {
    let allowed: Vec<&str> = request::FIELDS.into_iter().chain(["expect", "reason"]).collect();
    let fields = node.fields(&allowed)?;
    let request = request::read(&fields, Filling::AsTheRequestSays, strictness)?;
    let expect_node = fields.required("expect")?;
    let name = expect_node.string()?;
    let expected = Decision::from_name(name).ok_or_else(|| {
        let message = "expected `allow`, `explicit-deny` or `implicit-deny`";
        expect_node.error(format!("{message}, found {}", quoted(name)))
    })?;
    let reason = fields.optional("reason").map(|node| reason(node, expected)).transpose()?;
    Ok(Asked { request, expected, reason })
}

fn reason(node: Node<'_>, expected: Decision) -> Result<Reason, Error> {
    let code = node.string()?;
    let Some(reason) = Reason::from_code(code) else {
        let message = format!("expected a reason such as `ALLOW_IDENTITY`, found {}", quoted(code));
        return Err(node.error(message).into());
    };
    if reason.decision() != expected {
        let message = format!("{} belongs to {}, not to {expected}", quoted(code), reason.decision());
        return Err(node.error(message).into());
    }
    Ok(reason)
}
