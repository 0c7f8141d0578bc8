//! Inline policies (POL-9, POL-10).

use super::document::{check_size, read};
use super::holding::{self, Held};
use super::{authorise_on, no_such, policy_keys};
use crate::evaluator::failure::Failure;
use crate::evaluator::interpreter::Scene;
use crate::evaluator::reading::mistaken;
use crate::iam::operation::PolicyText;
use crate::iam::outcome::Answer;
use crate::iam::policy::PolicyType;
use crate::iam::world::Holder;

/// The most characters of all inline policies of a holder together, without white space (GRAM-27).
fn most_characters(holder: &Holder) -> usize {
    match holder {
        Holder::User(_) => 2_048,
        Holder::Group(_) => 5_120,
        Holder::Role(_) => 10_240,
    }
}

fn action(verb: &str, holder: &Holder) -> String {
    let kind = match holder {
        Holder::User(_) => "User",
        Holder::Group(_) => "Group",
        Holder::Role(_) => "Role",
    };
    format!("iam:{verb}{kind}Policy")
}

// Rules: KEY-5, POL-9, POL-12, POL-13, STS-62, GRAM-27.
pub(super) fn put(
    scene: &mut Scene<'_>,
    holder: &Holder,
    name: &str,
    document: &PolicyText,
) -> Result<Answer, Failure> {
    let keys = policy_keys(None, holding::boundary_of(scene, holder).as_deref());
    let authorised = authorise_on(scene, &action("Put", holder), holder, keys)?;
    holding::check_there(scene, &authorised.account, holder)?;
    holding::check_modifiable(scene, &authorised.account, holder)?;
    let stored = read(document, PolicyType::Identity)?;
    let reading = scene.reading;
    let Held { policies, .. } = holding::held(scene, &authorised.account, holder)?;
    // A policy of the same name makes room for the new one.
    let others = policies.inline.iter().filter(|(other, _)| other.as_str() != name);
    let size = others.map(|(_, stored)| stored.size).fold(stored.size, usize::saturating_add);
    let size = if mistaken!(reading, InlineSizesApart) { stored.size } else { size };
    check_size(size, most_characters(holder))?;
    policies.inline.insert(name.to_owned(), stored);
    Ok(Answer::Nothing)
}

// Rules: KEY-5, POL-9, POL-12.
pub(super) fn delete(scene: &mut Scene<'_>, holder: &Holder, name: &str) -> Result<Answer, Failure> {
    let keys = policy_keys(None, holding::boundary_of(scene, holder).as_deref());
    let authorised = authorise_on(scene, &action("Delete", holder), holder, keys)?;
    holding::check_there(scene, &authorised.account, holder)?;
    holding::check_modifiable(scene, &authorised.account, holder)?;
    let Held { policies, .. } = holding::held(scene, &authorised.account, holder)?;
    match policies.inline.remove(name) {
        Some(_) => Ok(Answer::Nothing),
        None => no_such(&format!("inline policy `{name}` of {holder}")),
    }
}
