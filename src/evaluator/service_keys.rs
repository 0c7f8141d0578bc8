//! The keys of the principal that a service may be read to have (D-50).

use std::borrow::Cow;

use super::reading::Reading;
use crate::iam::assumption::Alternative;
use crate::iam::context::{Context, ContextValue};
use crate::iam::key::KeyName;
use crate::iam::request::Caller;

/// The keys of which no document says what value they have in a request of a service.
const OPAQUE_KEYS: [&str; 3] = ["aws:PrincipalAccount", "aws:PrincipalType", "aws:userid"];

/// A value that no policy can spell.
const OPAQUE: &str = "\u{FFFC}";

/// The context of a request as it is read.
// Rules: KEY-4, OPEN-1.
pub(super) fn context_of<'c>(caller: &Caller, given: &'c Context, reading: Reading) -> Cow<'c, Context> {
    let is_service = matches!(caller, Caller::Service { .. });
    if !is_service || !reading.takes(Alternative::OpaqueServiceKeys) {
        return Cow::Borrowed(given);
    }
    let mut context = given.clone();
    for key in OPAQUE_KEYS.map(KeyName::new) {
        if context.value(&key).is_none() {
            context.set(key, ContextValue::Single(OPAQUE.to_owned()));
        }
    }
    Cow::Owned(context)
}
