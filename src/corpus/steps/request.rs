//! What a step calls: an operation of the rules, a call that hands over a role, any other request, or an event.

use super::parameters::{Parameters, policy_text};
use super::{account, policies, sts};
use crate::corpus::directory;
use crate::corpus::error::Error;
use crate::corpus::request::{account as account_id, action, resource};
use crate::corpus::world::{Part, service, text};
use crate::iam::document::Strictness;
use crate::iam::json::Node;
use crate::iam::operation::{
    Event, Operation, Passed, PassedToService, Passing, PolicyOperation, ServiceRequest,
};
use crate::iam::spelling::{nearest, quoted};

pub(super) fn operation(part: &Part<'_>) -> Result<Operation, Error> {
    match (part.optional("action"), part.optional("event")) {
        (Some(node), None) => called(part, node),
        (None, Some(node)) => event(part, node),
        (Some(_), Some(_)) | (None, None) => {
            Err(part.object().error("expected exactly one of `action` and `event`").into())
        }
    }
}

/// Refuses fields that do not go with the rest of the step.
fn without(part: &Part<'_>, fields: &[&str], what: &str) -> Result<(), Error> {
    match fields.iter().find_map(|name| part.optional(name).map(|node| (name, node))) {
        Some((name, node)) => Err(node.error(format!("{what} has no `{name}`")).into()),
        None => Ok(()),
    }
}

fn called(part: &Part<'_>, node: Node<'_>) -> Result<Operation, Error> {
    let name = action(node)?;
    let step = part.object();
    let parameters = part.optional("parameters");
    let read = if let Some(operation) = sts::read(&name, parameters, step)? {
        Some(Operation::Sts(operation))
    } else if let Some(operation) = policies::read(&name, parameters, step)? {
        Some(Operation::Policy(operation))
    } else {
        account::read(&name, parameters, step, part)?.map(Operation::Account)
    };
    let read = match read {
        Some(read) => Some(read),
        None => directory::operation(&name, parameters, step)?.map(Operation::Directory),
    };
    if let Some(operation) = read {
        let others = ["resource", "resourceAccount", "passRole", "savesPolicy", "removesPolicy"];
        without(part, &others, &format!("`{name}` has its own `parameters`, and"))?;
        if !matches!(&operation, Operation::Account(_)) {
            without(part, &["console"], &format!("`{name}`"))?;
        }
        return Ok(operation);
    }
    let known: Vec<&str> =
        sts::ACTIONS.iter().chain(policies::ACTIONS).chain(account::ACTIONS).copied().collect();
    if known.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
        let near = nearest(&name, &known).unwrap_or_default();
        return Err(node.error(format!("{} is spelled `{near}`", quoted(&name))).into());
    }
    without(part, &["parameters", "console"], &format!("`{name}` is a plain request and"))?;
    plain(part, name)
}

/// A request with a resource, which may hand over a role or save a policy on the way.
fn plain(part: &Part<'_>, action: String) -> Result<Operation, Error> {
    let resource_node = part.required("resource")?;
    let resource = resource(resource_node)?;
    let passed = part.optional("passRole");
    let saved = part.optional("savesPolicy");
    let removes = part.flag("removesPolicy")?;
    if usize::from(passed.is_some()) + usize::from(saved.is_some()) + usize::from(removes) > 1 {
        let message = "expected at most one of `passRole`, `savesPolicy` and `removesPolicy`";
        return Err(part.object().error(message).into());
    }
    if passed.is_some() || saved.is_some() || removes {
        without(part, &["resourceAccount"], "a step that changes a resource")?;
        if resource == "*" {
            return Err(resource_node.error("expected the ARN of the resource that changes").into());
        }
    }
    if let Some(node) = passed {
        return Ok(Operation::Pass(passing(node, action, resource)?));
    }
    if let Some(node) = saved {
        let document = policy_text(node)?;
        return Ok(Operation::Policy(PolicyOperation::PutResourcePolicy { action, resource, document }));
    }
    if removes {
        return Ok(Operation::Policy(PolicyOperation::DeleteResourcePolicy { action, resource }));
    }
    let resource_account =
        part.optional("resourceAccount").map(|node| account_id(node, Strictness::Strict)).transpose()?;
    Ok(Operation::Request(ServiceRequest { action, resource, resource_account }))
}

fn passing(node: Node<'_>, action: String, resource: String) -> Result<Passing, Error> {
    let fields = node.fields(&["role", "instanceProfile", "service", "passedToService"])?;
    let passed = match (fields.optional("role"), fields.optional("instanceProfile")) {
        (Some(role), None) => Passed::Role(text(role)?),
        (None, Some(profile)) => Passed::InstanceProfile(text(profile)?),
        (Some(_), Some(_)) | (None, None) => {
            return Err(node.error("expected exactly one of `role` and `instanceProfile`").into());
        }
    };
    let told = fields.optional("passedToService").map(Node::boolean).transpose()?.unwrap_or(true);
    Ok(Passing {
        action,
        resource,
        passed,
        service: service(fields.required("service")?)?,
        passed_to_service: if told { PassedToService::Told } else { PassedToService::Untold },
    })
}

fn event(part: &Part<'_>, node: Node<'_>) -> Result<Operation, Error> {
    let others = [
        "console",
        "resource",
        "resourceAccount",
        "passRole",
        "savesPolicy",
        "removesPolicy",
        "context",
        "endpoint",
    ];
    without(part, &others, "an event")?;
    let parameters = |allowed: &[&str]| Parameters::new(part.optional("parameters"), part.object(), allowed);
    if let Some(operation) = directory::operation(node.string()?, part.optional("parameters"), part.object())?
    {
        return Ok(Operation::Directory(operation));
    }
    let event = match node.string()? {
        "wait" => {
            parameters(&[])?;
            Event::Wait
        }
        "aws-changes-policy" => {
            let given = parameters(&["PolicyArn", "PolicyDocument"])?;
            Event::AwsChangesPolicy {
                policy: given.required_text("PolicyArn")?,
                document: given.required_policy("PolicyDocument")?,
            }
        }
        "role-taken-up" => {
            let given = parameters(&["Resource", "RoleSessionName", "DurationSeconds"])?;
            Event::RoleTakenUp {
                resource: given.required_text("Resource")?,
                session_name: given.required_text("RoleSessionName")?,
                duration_seconds: given.number("DurationSeconds")?,
            }
        }
        other => {
            let known: Vec<&str> = ["wait", "role-taken-up", "aws-changes-policy"]
                .into_iter()
                .chain(directory::OPERATIONS.iter().map(|row| row.name).filter(|name| !name.contains(':')))
                .collect();
            let hint = nearest(other, &known).map_or_else(
                || format!("expected one of `{}`", known.join("`, `")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(node.error(format!("unknown event {}; {hint}", quoted(other))).into());
        }
    };
    Ok(Operation::Event(event))
}
