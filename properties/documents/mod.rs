//! Policy documents: the grammar of section 1 of the rules, told in tables of texts and the codes they get.

mod codes;
mod conditions;
mod elements;
mod examples;
mod findings;
mod lenient;
mod literals;
mod principals;
mod robustness;
mod sizes;
mod texts;
mod warnings;
mod writing;

use iamproof::iam::document::{Code, Document, Severity, Strictness, TypeChoice, read};
use iamproof::iam::policy::PolicyType;

/// Reads a text strictly as a policy of this type.
fn strict(policy_type: PolicyType, text: &str) -> Document {
    read(text.as_bytes(), TypeChoice::Given(policy_type), Strictness::Strict)
}

/// The codes of the findings of this severity, in their order.
fn codes(document: &Document, severity: Severity) -> Vec<Code> {
    document
        .findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .map(|finding| finding.code)
        .collect()
}

/// The first error's code, or `valid`: what the rules call the document's code.
fn verdict(document: &Document) -> &'static str {
    document.errors().next().map_or("valid", |error| error.code.name())
}
