//! Which of two witnesses is the smaller one.

use super::surroundings::plain_value;
use crate::iam::context::ContextValue;
use crate::iam::request::Request;

/// The size of a request: fewest keys beside those of a plain request, then a resource of the action's service, then the shortest texts. The
/// order is total but for contexts of one size, so that the smallest of some requests hardly depends on how they came.
pub(super) fn size(request: &Request) -> (usize, bool, usize, usize, String, String) {
    let Request { action, resource, context, .. } = request;
    let unusual = context.entries().iter().filter(|(key, value)| match value {
        ContextValue::Single(value) => plain_value(key) != Some(value.as_str()),
        ContextValue::Many(_) => true,
    });
    let lengths = context.entries().iter().map(|(_, value)| match value {
        ContextValue::Single(value) => value.len(),
        ContextValue::Many(values) => values.iter().map(String::len).sum::<usize>() + values.len(),
    });
    let service = action.split(':').next().unwrap_or_default();
    let foreign = resource.split(':').nth(2).is_some_and(|of| !of.eq_ignore_ascii_case(service));
    (unusual.count(), foreign, action.len() + resource.len(), lengths.sum(), action.clone(), resource.clone())
}
