//! The session policies of a call: read, and frozen as they are now (STS-2, STS-29).

use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::reading::{Reading, mistaken};
use crate::iam::document::{self, Code, Strictness, TypeChoice};
use crate::iam::operation::PolicyText;
use crate::iam::outcome::RefusalCode;
use crate::iam::policy::{Policy, PolicyType};
use crate::iam::world::World;

/// What the inline policy and the ARNs may have together, in characters (GRAM-27).
const MOST_CHARACTERS: usize = 2_048;

/// The documents; `None` where nothing was passed. `account` is that of the role or of the federating user.
// Rules: STS-2, STS-29, GRAM-22, GRAM-27.
pub(super) fn frozen(
    world: &World,
    account: &str,
    policy: Option<&PolicyText>,
    arns: &[String],
    reading: Reading,
) -> Result<Option<Vec<Policy>>, Failure> {
    let inline = policy.map(|policy| policy.0.as_str()).unwrap_or_default();
    let characters: usize =
        std::iter::once(inline).chain(arns.iter().map(String::as_str)).map(|text| text.chars().count()).sum();
    if characters > MOST_CHARACTERS {
        let message =
            format!("the session policies have {characters} characters; {MOST_CHARACTERS} are allowed");
        return refuse(RefusalCode::PackedPolicyTooLarge, "GRAM-27", message);
    }
    let mut documents = Vec::new();
    if policy.is_some() {
        documents.push(read(inline)?);
    }
    for arn in arns {
        let account = world.accounts.get(account);
        let of_account = account.and_then(|account| account.policies.get(arn));
        let found = of_account.or_else(|| world.aws_managed.get(arn)).or_else(|| {
            if mistaken!(reading, ForeignSessionPolicies) { world.managed_policy(arn) } else { None }
        });
        let Some(found) = found else {
            let message = format!("`{arn}` is no managed policy of this account");
            return refuse(RefusalCode::ValidationError, "STS-29", message);
        };
        if let Some(stored) = found.versions.get(&found.default_version) {
            documents.push(stored.policy.as_ref().clone());
        }
    }
    Ok(if documents.is_empty() { None } else { Some(documents) })
}

// Rule: GRAM-29.
fn read(text: &str) -> Result<Policy, Failure> {
    let choice = TypeChoice::Given(PolicyType::Session);
    let document = document::read(text.as_bytes(), choice, Strictness::Strict);
    let first = document.errors().next().map(|finding| (finding.code, finding.to_string()));
    match (document.policy, first) {
        (Some(policy), None) => Ok(policy),
        (_, Some((Code::Size, message))) => {
            refuse(RefusalCode::PackedPolicyTooLarge, "GRAM-27", format!("Policy: {message}"))
        }
        (_, first) => {
            let message = first.map_or_else(|| "no policy".to_owned(), |(_, message)| message);
            refuse(RefusalCode::MalformedPolicyDocument, "GRAM-29", format!("Policy: {message}"))
        }
    }
}
