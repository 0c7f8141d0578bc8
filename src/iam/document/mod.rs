//! Policy documents: from JSON text to the nouns of [`crate::iam::policy`], with everything that is wrong on the way.
//!
//! The grammar is section 1 of the rules. One pass over the JSON values reads each element, reports what is wrong with it and goes
//! on, so that a document gets all its findings at once; a policy comes out exactly if none of them is an error. What the reader
//! does not understand it never skips: an unknown element, operator or shape is an error.

mod action;
mod advice;
mod charset;
mod condition;
mod finding;
mod listed;
pub mod literal;
mod principal;
mod reading;
mod report;
mod resource;
mod size;
mod statement;
mod top;
pub mod write;

use super::json::{Json, Node, Problem, Shape, Value};
use super::policy::{Policy, PolicyType};
pub use finding::{Code, Finding, Severity, Strictness};
use reading::Reading;
pub use report::MAX_FINDINGS;
pub use size::without_space as size_without_space;

/// What came of reading a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The type it was read as.
    pub policy_type: PolicyType,
    /// The policy; `None` exactly if there is an error.
    pub policy: Option<Policy>,
    /// Errors first, in the order of GRAM-30 (the first is *the* code of the document), then warnings.
    pub findings: Vec<Finding>,
    /// How many findings beyond [`MAX_FINDINGS`] are not listed.
    pub findings_left_out: usize,
}

impl Document {
    /// The findings that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }

    /// The findings that are warnings.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Warning)
    }
}

/// How the type of a document is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeChoice {
    /// It was said.
    Given(PolicyType),
    /// It is guessed from the elements: see [`guessed_type`].
    Guessed,
}

/// Reads a document that is a text of its own.
pub fn read(bytes: &[u8], choice: TypeChoice, strictness: Strictness) -> Document {
    match Json::read(bytes) {
        Ok(json) => {
            let policy_type = match choice {
                TypeChoice::Given(policy_type) => policy_type,
                TypeChoice::Guessed => guessed_type(json.top()),
            };
            read_value(json.top(), policy_type, strictness, size::Counted::Everything)
        }
        Err(error) => {
            let code = match error.problem() {
                Problem::LoneSurrogate => Code::Charset,
                Problem::Syntax | Problem::Limit | Problem::Content => Code::Json,
            };
            let policy_type = match choice {
                TypeChoice::Given(policy_type) => policy_type,
                TypeChoice::Guessed => PolicyType::Identity,
            };
            let message = error.message().to_owned();
            let finding = Finding { code, severity: Severity::Error, place: error.place().clone(), message };
            Document { policy_type, policy: None, findings: vec![finding], findings_left_out: 0 }
        }
    }
}

/// Reads a document that is a value inside another JSON text, such as a case; places lead from the top of that text.
///
/// Sizes are taken without white space, since how the surrounding text is laid out says nothing about the policy.
pub fn read_node(node: Node<'_>, policy_type: PolicyType, strictness: Strictness) -> Document {
    read_value(node, policy_type, strictness, size::Counted::WithoutSpace)
}

/// The type of a document where nobody says it: with Principal or NotPrincipal it is `trust` if no statement has Resource or
/// NotResource, else `resource`; all others are `identity`.
pub fn guessed_type(node: Node<'_>) -> PolicyType {
    let statements = match top::statement_value(node.value()) {
        None => &[],
        Some(Value { shape: Shape::Array(items), .. }) => items.as_slice(),
        Some(single) => std::slice::from_ref(single),
    };
    let has = |names: [&str; 2]| {
        statements.iter().any(|statement| match &statement.shape {
            Shape::Object(members) => members.iter().any(|member| names.contains(&member.name.as_ref())),
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_) | Shape::Array(_) => false,
        })
    };
    if !has(["Principal", "NotPrincipal"]) {
        PolicyType::Identity
    } else if has(["Resource", "NotResource"]) {
        PolicyType::Resource
    } else {
        PolicyType::Trust
    }
}

// Rule: GRAM-30.
fn read_value(
    node: Node<'_>,
    policy_type: PolicyType,
    strictness: Strictness,
    counted: size::Counted,
) -> Document {
    let mut reading = Reading::new(node.json(), policy_type, strictness);
    charset::check_characters(node.value(), &mut reading.report);
    charset::check_duplicates(node.value(), &mut reading.report);
    let policy = top::read(node.value(), &mut reading);
    size::check(node.value(), policy_type, counted, &mut reading.report);
    let policy = policy.filter(|_| !reading.report.has_errors());
    let (findings, findings_left_out) = reading.report.finish();
    Document { policy_type, policy, findings, findings_left_out }
}
