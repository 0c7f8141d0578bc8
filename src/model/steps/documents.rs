//! Policy documents that a call passes: whether they are policies, and whether they are too long (POL-13, GRAM-27, GRAM-29).

use super::acting::in_force;
use super::{Moment, Stepping, Stop, binding, require};
use crate::iam::document::{self, Code, Strictness, TypeChoice};
use crate::iam::operation::PolicyText;
use crate::iam::outcome::RefusalCode;
use crate::iam::policy::{Policy, PolicyType};
use crate::iam::world::{Holder, StoredPolicy};

/// The longest text of a policy that a call may pass, in characters.
const LONGEST_TEXT: usize = 131_072;
/// The largest version of a customer managed policy, in characters that are no white space.
pub(super) const LARGEST_MANAGED: usize = 6_144;

/// What all inline policies of a holder may have together, in characters that are no white space.
// Rule: GRAM-27.
pub(super) fn most_inline(holder: &Holder) -> usize {
    match holder {
        Holder::User(_) => 2_048,
        Holder::Group(_) => 5_120,
        Holder::Role(_) => 10_240,
    }
}

/// A text that was read as a policy.
pub(super) struct Passed {
    /// The policy, if it is one.
    pub(super) policy: Option<Policy>,
    /// It breaks the grammar by more than its size.
    pub(super) malformed: bool,
    /// It is longer than its type can ever be.
    pub(super) too_long: bool,
}

/// Reads a document that is passed.
// Rules: GRAM-27, GRAM-29, GRAM-30.
pub(super) fn read(text: &PolicyText, policy_type: PolicyType) -> Passed {
    let document = document::read(text.0.as_bytes(), TypeChoice::Given(policy_type), Strictness::Strict);
    let (mut malformed, mut too_long) = (false, false);
    for error in document.errors() {
        if error.code == Code::Size {
            too_long = true;
        } else {
            malformed = true;
        }
    }
    Passed { policy: document.policy, malformed, too_long }
}

/// Session policies as they are passed, and what is wrong with them.
#[derive(Default)]
pub(super) struct SessionPolicies {
    /// The documents, where some were passed.
    pub(super) documents: Option<Vec<Policy>>,
    /// There is a document of no character, or there are too many ARNs.
    pub(super) bad_parameter: bool,
    pub(super) malformed: bool,
    pub(super) too_large: bool,
    pub(super) unknown: bool,
}

impl Moment<'_> {
    /// A document that is to be saved; one that is too large for its type alone is refused as such.
    // Rules: POL-13, GRAM-27, GRAM-29.
    pub(super) fn document(&self, text: &PolicyText, policy_type: PolicyType) -> Stepping<StoredPolicy> {
        let within = text.0.chars().count() <= LONGEST_TEXT;
        let passed = read(text, policy_type);
        require(!passed.malformed, RefusalCode::MalformedPolicyDocument, "POL-13", "no policy document")?;
        require(
            within && !passed.too_long,
            RefusalCode::LimitExceeded,
            "GRAM-27",
            "the document is too long",
        )?;
        match passed.policy {
            Some(policy) => Ok(StoredPolicy::of_text(policy, &text.0)),
            None => {
                let code = RefusalCode::MalformedPolicyDocument;
                Err(Stop::refused(code, "POL-13", "no policy document"))
            }
        }
    }

    /// A trust policy that is to be saved, its names bound; whoever it names must be there.
    // Rules: GRAM-13, PRIN-8.
    pub(super) fn trust(&self, text: &PolicyText) -> Stepping<StoredPolicy> {
        let mut stored = self.document(text, PolicyType::Trust)?;
        let known = binding::names_only_the_living(&self.world, &stored.policy);
        require(
            known,
            RefusalCode::MalformedPolicyDocument,
            "GRAM-13",
            "names a principal that is not there",
        )?;
        stored.policy = binding::bound(&self.world, &stored.policy).into();
        Ok(stored)
    }

    /// What is passed as session policies; managed ones as they are now.
    // Rules: STS-3, STS-29, GRAM-27.
    pub(super) fn session_policies(
        &self,
        policy: &Option<PolicyText>,
        arns: &[String],
        account: &str,
    ) -> SessionPolicies {
        let mut passed = SessionPolicies {
            bad_parameter: arns.len() > 10 || policy.as_ref().is_some_and(|text| text.0.is_empty()),
            ..SessionPolicies::default()
        };
        let mut documents = Vec::new();
        let mut length: usize = arns.iter().map(|arn| arn.chars().count()).sum();
        if let Some(text) = policy {
            length += text.0.chars().count();
            let read = read(text, PolicyType::Session);
            passed.malformed = read.malformed;
            passed.too_large = read.too_long;
            documents.extend(read.policy);
        }
        passed.too_large |= length > 2_048;
        for arn in arns {
            let may_be_named = self.world.aws_managed.contains_key(arn)
                || self.world.accounts.get(account).is_some_and(|account| account.policies.contains_key(arn));
            match in_force(&self.world, arn).filter(|_| may_be_named) {
                Some(document) => documents.push(document),
                None => passed.unknown = true,
            }
        }
        passed.documents = (policy.is_some() || !arns.is_empty()).then_some(documents);
        passed
    }
}
