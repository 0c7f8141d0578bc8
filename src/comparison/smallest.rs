//! Small witnesses: which of two is the smaller one, and how one is made smaller still.
//!
//! Shrinking is greedy. A change is kept if the evaluator says of both documents that they still differ on the request; whether the result
//! can be made is asked of the model once it is small, and where it cannot, the witness stays as it was.

use super::surroundings::plain_value;
use crate::iam::arn::Arn;
use crate::iam::context::{Context, ContextValue};
use crate::iam::request::Request;

/// The size of a request: fewest keys beside those of a plain request, then a resource that the action's service has, then the shortest texts.
/// The order is total but for contexts of one size, so that the smallest of some requests hardly depends on how they came.
pub(super) fn size(request: &Request) -> (usize, Belonging, usize, usize, String, String) {
    let Request { action, resource, context, .. } = request;
    let lengths = context.entries().iter().map(|(_, value)| match value {
        ContextValue::Single(value) => value.len(),
        ContextValue::Many(values) => values.iter().map(String::len).sum::<usize>() + values.len(),
    });
    let belonging = Belonging::of(action, resource);
    let texts = action.len() + resource.len();
    (unusual(context), belonging, texts, lengths.sum(), action.clone(), resource.clone())
}

/// How many keys a context has that a plain one has not, or says otherwise.
fn unusual(context: &Context) -> usize {
    let is_unusual = |value: &ContextValue, plain: Option<&str>| match value {
        ContextValue::Single(value) => plain != Some(value.as_str()),
        ContextValue::Many(_) => true,
    };
    context.entries().iter().filter(|(key, value)| is_unusual(value, plain_value(key))).count()
}

/// What the resource has to do with the action's service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Belonging {
    /// It is the service's own.
    Own,
    /// It is `*`.
    Star,
    /// It is another service's.
    Foreign,
}

impl Belonging {
    fn of(action: &str, resource: &str) -> Belonging {
        let service = action.split(':').next().unwrap_or_default();
        match Arn::parse(resource) {
            Some(arn) if arn.service.eq_ignore_ascii_case(service) => Belonging::Own,
            None if resource == "*" => Belonging::Star,
            Some(_) | None => Belonging::Foreign,
        }
    }
}

/// A request as small as greedy steps make it. `holds` says whether a request still shows what it should, `can_be_made` of a context whether
/// a request can have it.
pub(super) fn shrunk(
    request: &Request,
    holds: impl Fn(&Request) -> bool,
    can_be_made: impl Fn(&Request) -> bool,
) -> Request {
    let mut small = request.clone();
    shrink_context(&mut small, &holds, &can_be_made);
    shrink_action(&mut small, &holds);
    shrink_resource(&mut small, &holds);
    if small == *request || can_be_made(&small) { small } else { request.clone() }
}

/// Leaves out keys that a plain request has not, and makes plain what it has.
fn shrink_context(
    small: &mut Request,
    holds: &impl Fn(&Request) -> bool,
    can_be_made: &impl Fn(&Request) -> bool,
) {
    let keys: Vec<_> = small.context.entries().iter().map(|(key, _)| key.clone()).collect();
    for key in keys {
        let mut tried = small.clone();
        match plain_value(&key) {
            Some(plain) => tried.context.set(key, ContextValue::Single(plain.to_owned())),
            None => tried.context.remove(&key),
        }
        if unusual(&tried.context) < unusual(&small.context) && holds(&tried) && can_be_made(&tried) {
            *small = tried;
        }
    }
}

fn shrink_action(small: &mut Request, holds: &impl Fn(&Request) -> bool) {
    let Some((service, name)) = small.action.split_once(':').map(|(s, n)| (s.to_owned(), n.to_owned()))
    else {
        return;
    };
    let with = |name: &str| Request { action: format!("{service}:{name}"), ..small.clone() };
    let name = shorter(&name, |name| !name.is_empty() && holds(&with(name)));
    *small = with(&name);
}

/// Empties and shortens the fields of an ARN but its partition and its service.
fn shrink_resource(small: &mut Request, holds: &impl Fn(&Request) -> bool) {
    let Some(arn) = Arn::parse(&small.resource) else { return };
    let Arn { partition, service, region, account, resource } = arn;
    let with = |fields: [&str; 3]| {
        let [region, account, resource] = fields;
        let arn = Arn { partition, service, region, account, resource };
        Request { resource: arn.to_string(), ..small.clone() }
    };
    // An account or a region that is half of one pleases nobody: they go as a whole.
    let region = if holds(&with(["", account, resource])) { "" } else { region };
    let account = if holds(&with([region, "", resource])) { "" } else { account };
    let resource =
        shorter(resource, |resource| !resource.is_empty() && holds(&with([region, account, resource])));
    *small = with([region, account, &resource]);
}

/// The text without whatever can be spared, longer pieces first.
fn shorter(text: &str, serves: impl Fn(&str) -> bool) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let mut piece = characters.len();
    while piece > 0 {
        let mut start = 0;
        while start < characters.len() {
            let rest: String =
                characters.iter().take(start).chain(characters.iter().skip(start + piece)).collect();
            if serves(&rest) {
                characters = rest.chars().collect();
            } else {
                start += piece;
            }
        }
        piece /= 2;
    }
    characters.into_iter().collect()
}
