//! The field `steps` of a case: what is called, one call after another, and what must come of each.

mod account;
mod answer;
mod expected;
mod parameters;
mod policies;
mod request;
mod sts;
mod write;

use std::collections::BTreeSet;

use super::error::Error;
use super::world::{Part, instant, service, text};
use crate::iam::directory::{DirectoryOperation, UserAction};
use crate::iam::document::Strictness;
use crate::iam::instant::Instant;
use crate::iam::json::{Node, Shape};
use crate::iam::operation::{Credentials, EncodedMessage, Event, Operation, Step, StsOperation};
use crate::iam::spelling::quoted;
use crate::iam::world::World;
pub use answer::{as_json as answer_as_json, session_as_json};
pub use expected::{Expectation, Expected};
pub use write::{as_json, operation_as_json};

/// A step with what must come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedStep {
    /// The step.
    pub step: Step,
    /// What must come of it.
    pub expected: Expected,
    /// What a reader learns from it, where the case says so.
    pub because: Option<String>,
}

/// The fields of every step; `action` has those of [`request::FIELDS`] besides.
const FIELDS: &[&str] = &[
    "as",
    "because",
    "time",
    "after",
    "principal",
    "accessKey",
    "session",
    "token",
    "action",
    "event",
    "parameters",
    "console",
    "resource",
    "resourceAccount",
    "passRole",
    "savesPolicy",
    "removesPolicy",
    "context",
    "endpoint",
    "expect",
    "reason",
    "result",
    "consultations",
];

/// What earlier steps leave for later ones.
struct Before {
    time: Instant,
    sessions: BTreeSet<String>,
    messages: BTreeSet<String>,
}

/// Reads the steps that are taken in a world.
///
/// # Errors
///
/// Whatever is not as `corpus/README.md` has it: a time before that of the step before, a session that no earlier step issues, an
/// answer that the step cannot give.
pub fn read(node: Node<'_>, world: &World, strictness: Strictness) -> Result<Vec<ExpectedStep>, Error> {
    let mut before = Before {
        time: world.now,
        sessions: world.sessions.keys().cloned().collect(),
        messages: world.messages.keys().cloned().collect(),
    };
    let mut steps = Vec::new();
    for node in node.items()? {
        steps.push(step(node, &mut before, world, strictness)?);
    }
    if steps.is_empty() {
        return Err(node.error("a case with a `world` has at least one step").into());
    }
    Ok(steps)
}

fn step(
    node: Node<'_>,
    before: &mut Before,
    world: &World,
    strictness: Strictness,
) -> Result<ExpectedStep, Error> {
    let part = Part::new(node, FIELDS, strictness)?;
    let time = time(&part, before.time)?;
    before.time = time;
    let operation = request::operation(&part)?;
    let credentials = credentials(&part, before, world)?;
    if let Operation::Sts(StsOperation::DecodeAuthorizationMessage(EncodedMessage::Of { name, .. })) =
        &operation
        && !before.messages.contains(name)
    {
        let place = part.optional("parameters").unwrap_or(node);
        let message = format!("no earlier step is denied and named {} by `as`", quoted(name));
        return Err(place.error(message).into());
    }
    let endpoint = part.text("endpoint")?;
    if let (Some(id), Some(node)) = (&endpoint, part.optional("endpoint"))
        && !world.endpoints.contains_key(id)
    {
        return Err(node.error(format!("the world has no endpoint {}", quoted(id))).into());
    }
    let context = part.optional("context").map(super::request::context).transpose()?.unwrap_or_default();
    check_address(&part, endpoint.is_some())?;
    let expected = expected::read(&part, &operation)?;
    let name = part.text("as")?;
    if let (Some(name), Some(node)) = (&name, part.optional("as")) {
        remember(name, node, &operation, &expected, before)?;
    }
    let because = part.text("because")?;
    let step = Step { time, credentials, operation, context, endpoint, name };
    Ok(ExpectedStep { step, expected, because })
}

/// A call has a public address, or one behind the endpoint that it comes through.
// Rule: KEY-8.
fn check_address(part: &Part<'_>, has_endpoint: bool) -> Result<(), Error> {
    let Some(context) = part.optional("context") else { return Ok(()) };
    let (barred, why) = if has_endpoint {
        ("aws:sourceip", "a call through an endpoint has no `aws:SourceIp`; it may have `aws:VpcSourceIp`")
    } else {
        ("aws:vpcsourceip", "only a call through an endpoint has `aws:VpcSourceIp`")
    };
    match context.members()?.find(|(name, _)| name.eq_ignore_ascii_case(barred)) {
        Some((_, node)) => Err(node.error(why).into()),
        None => Ok(()),
    }
}

/// The time of a step: as it is given, so many seconds after the step before, or the same.
fn time(part: &Part<'_>, before: Instant) -> Result<Instant, Error> {
    match (part.optional("time"), part.optional("after")) {
        (None, None) => Ok(before),
        (Some(node), None) => {
            let time = instant(node)?;
            if time < before {
                let message = format!("time runs backwards: the step before happens at {before}");
                return Err(node.error(message).into());
            }
            Ok(time)
        }
        (None, Some(node)) => {
            let seconds = i64::try_from(node.whole_number()?).ok();
            let time = seconds.and_then(|seconds| before.after_seconds(seconds));
            Ok(time.ok_or_else(|| node.error("this lies beyond the year 9999, where time ends"))?)
        }
        (Some(_), Some(node)) => Err(node.error("expected at most one of `time` and `after`").into()),
    }
}

/// Keeps the name of what a step issues.
fn remember(
    name: &str,
    node: Node<'_>,
    operation: &Operation,
    expected: &Expected,
    before: &mut Before,
) -> Result<(), Error> {
    if name.is_empty() || before.sessions.contains(name) || before.messages.contains(name) {
        return Err(node.error("a name that no other step has, and not the empty text").into());
    }
    match expected.expectation {
        Expectation::Allowed if issues_a_session(operation) => {
            before.sessions.insert(name.to_owned());
        }
        // The name of an assertion is its text.
        Expectation::Allowed if issues_an_assertion(operation) => {}
        Expectation::Allowed => {
            let message =
                "the step issues nothing that could be named: no session, and no message of a denial";
            return Err(node.error(message).into());
        }
        Expectation::Denied(_) | Expectation::Refused(_) => {
            before.messages.insert(name.to_owned());
        }
    }
    Ok(())
}

pub(super) fn issues_a_session(operation: &Operation) -> bool {
    match operation {
        Operation::Sts(operation) => match operation {
            StsOperation::AssumeRole(_)
            | StsOperation::AssumeRoleWithSaml(_)
            | StsOperation::AssumeRoleWithWebIdentity(_)
            | StsOperation::GetSessionToken(_)
            | StsOperation::GetFederationToken(_) => true,
            StsOperation::GetCallerIdentity | StsOperation::DecodeAuthorizationMessage(_) => false,
        },
        Operation::Event(Event::RoleTakenUp { .. }) => true,
        Operation::Event(Event::Wait | Event::AwsChangesPolicy { .. })
        | Operation::Pass(_)
        | Operation::Policy(_)
        | Operation::Account(_)
        | Operation::Request(_) => false,
        Operation::Directory(operation) => match operation {
            DirectoryOperation::UserAction(UserAction::SignIn { .. }) => true,
            DirectoryOperation::UserAction(_)
            | DirectoryOperation::Call(_)
            | DirectoryOperation::Administration(_)
            | DirectoryOperation::Event(_) => false,
        },
    }
}

fn issues_an_assertion(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::Directory(DirectoryOperation::UserAction(UserAction::IssueAssertion { .. }))
    )
}

/// Who calls: exactly one of `principal`, `session` and `token`, but for an event, which nobody calls.
fn credentials(part: &Part<'_>, before: &Before, world: &World) -> Result<Credentials, Error> {
    let given = [part.optional("principal"), part.optional("session"), part.optional("token")];
    if part.optional("event").is_some() {
        return match given.into_iter().flatten().next() {
            Some(node) => Err(node.error("an event has no caller").into()),
            None => Ok(Credentials::None),
        };
    }
    let key_node = part.optional("accessKey");
    if let (Some(node), None) = (key_node, given[0]) {
        return Err(node.error("`accessKey` goes with a `principal` that is a user or root").into());
    }
    match given {
        [Some(node), None, None] => principal(node, key_node, world),
        [None, Some(node), None] => {
            let name = text(node)?;
            if before.sessions.contains(&name) {
                Ok(Credentials::Session(name))
            } else {
                let message =
                    format!("no earlier step issues a session and names it {} by `as`", quoted(&name));
                Err(node.error(message).into())
            }
        }
        [None, None, Some(node)] => Ok(Credentials::Foreign(text(node)?)),
        [_, _, _] => {
            let message = "expected exactly one of `principal`, `session` and `token`";
            Err(part.object().error(message).into())
        }
    }
}

fn principal(node: Node<'_>, key_node: Option<Node<'_>>, world: &World) -> Result<Credentials, Error> {
    let access_key = key_node.map(text).transpose()?;
    let unkeyed = |credentials| match key_node {
        None => Ok(credentials),
        Some(node) => Err(node.error("only a user or root has access keys").into()),
    };
    match node.shape() {
        Shape::String(text) if text == "*" => unkeyed(Credentials::None),
        Shape::String(text) => {
            let arn = crate::iam::arn::Arn::parse(text);
            match arn {
                Some(arn) if arn.service == "iam" && arn.resource == "root" => {
                    let account = world.accounts.get(arn.account);
                    if account.is_none_or(|account| account.partition != arn.partition)
                        || !arn.region.is_empty()
                    {
                        let message = format!("the world has no account whose root user is {}", quoted(text));
                        return Err(node.error(message).into());
                    }
                    Ok(Credentials::Root { account: arn.account.to_owned(), access_key })
                }
                Some(arn) if arn.service == "iam" && arn.resource.starts_with("user/") => {
                    Ok(Credentials::User { arn: text.clone().into_owned(), access_key })
                }
                Some(_) | None => {
                    let message = "expected the ARN of a user or root; a session is named by `session`";
                    Err(node.error(format!("{message}, found {}", quoted(text))).into())
                }
            }
        }
        Shape::Object(_) => {
            let fields = node.fields(&["Service"])?;
            unkeyed(Credentials::Service(service(fields.required("Service")?)?))
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Array(_) => {
            let message = "expected an ARN, `\"*\"`, or an object with `Service`";
            Err(node.error(format!("{message}, found {}", node.shape().kind())).into())
        }
    }
}
