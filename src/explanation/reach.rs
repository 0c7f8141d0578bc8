//! Whether somebody who is refused could make a change and still do what he wanted to.
//!
//! Credentials, context and a resource like the one asked for are within his reach. Another operation, another caller, or a bucket in the
//! place of an object turn the decision as well, but then it is quite another request that is decided.

use super::change::Change;
use crate::comparison::filling::plain_resource;
use crate::iam::arn::Arn;
use crate::iam::context::ContextValue;
use crate::iam::request::Request;

/// How far a change goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// It is the same request still, made a little otherwise.
    Near,
    /// It is another request.
    Far,
}

impl Reach {
    /// How far a change of a request goes.
    pub fn of(change: &Change, before: &Request) -> Reach {
        let is_near = match change {
            Change::Credential(_) => true,
            Change::Context { key, value } => {
                let new = value.as_ref().map(texts).unwrap_or_default();
                let old = before.context.value(key).map(texts).unwrap_or_default();
                !new.iter().any(|text| has_pattern_characters(text) && !old.contains(text))
            }
            Change::Resource(text) => is_alike(&before.resource, text),
            Change::Action(_) | Change::Owner(_) | Change::Caller(_) => false,
        };
        if is_near { Reach::Near } else { Reach::Far }
    }

    /// How far the farthest of some changes goes.
    pub fn of_all(changes: &[Change], before: &Request) -> Reach {
        changes.iter().map(|change| Reach::of(change, before)).max().unwrap_or(Reach::Near)
    }
}

fn texts(value: &ContextValue) -> Vec<String> {
    match value {
        ContextValue::Single(text) => vec![text.clone()],
        ContextValue::Many(texts) => texts.clone(),
    }
}

/// What is a wildcard or a variable in a policy is hardly ever a character of a name.
pub fn has_pattern_characters(text: &str) -> bool {
    text.contains(['*', '?']) || text.contains("${")
}

/// Whether a resource is of the kind of another, and one that some policy speaks of.
fn is_alike(before: &str, after: &str) -> bool {
    let service = |text: &str| Arn::parse(text).map(|arn| arn.service.to_owned());
    let made_up = service(after).map(|service| plain_resource(&service));
    let is_made_up = made_up.is_some_and(|made_up| after == made_up || after == format!("{made_up}/x"));
    is_object(before) == is_object(after)
        && !is_made_up
        && (!has_pattern_characters(after) || has_pattern_characters(before))
        && after != "*"
}

/// Whether a resource of S3 is an object; `None` for what is not S3's.
pub fn is_object(resource: &str) -> Option<bool> {
    let arn = Arn::parse(resource).filter(|arn| arn.service == "s3" && arn.account.is_empty())?;
    Some(arn.resource.contains('/'))
}
