//! The field `world` of a case: read, checked, and written again.

mod account;
mod managed;
mod organization;
mod part;
mod provider;
mod surroundings;
mod write;

use super::error::Error;
use crate::iam::document::Strictness;
use crate::iam::instant::Instant;
use crate::iam::json::{Node, Shape};
use crate::iam::spelling::quoted;
use crate::iam::world::{Dangling, Profile, World};
pub(super) use account::name_fault;
pub(super) use managed::version_number;
pub(super) use organization::read as read_organizations;
pub(super) use part::{Part, number, service, set_of_texts, text};
pub use write::as_json;

const FIELDS: &[&str] = &[
    "profile",
    "time",
    "accounts",
    "awsManagedPolicies",
    "organizations",
    "resources",
    "endpoints",
    "assertions",
    "webIdentityTokens",
    "directories",
    "idsIssued",
];

/// Reads a world.
///
/// # Errors
///
/// Whatever is not as `corpus/README.md` has it, a policy that is not valid, and a reference to what is not there.
pub fn read(node: Node<'_>, strictness: Strictness) -> Result<World, Error> {
    let part = Part::new(node, FIELDS, strictness)?;
    let profile = match part.optional("profile") {
        None => Profile::Strict,
        Some(node) => profile(node)?,
    };
    let mut world = World::empty(profile, instant(part.required("time")?)?);
    if let Some(node) = part.optional("directories") {
        world.directories = crate::corpus::directory::directories(node)?;
    }
    if let Some(node) = part.optional("idsIssued") {
        world.fresh = node.whole_number()?;
    }
    let accounts = part.optional("accounts");
    for (id, node) in part.members("accounts")? {
        let account = account::read(id, node, &mut world, strictness)?;
        world.accounts.insert(id.to_owned(), account);
    }
    managed::read_aws(&part, &mut world)?;
    organization::read(&part, &mut world)?;
    surroundings::read(&part, &mut world)?;
    provider::read(&part, &mut world)?;
    if let Some(accounts) = accounts {
        account::bind_passed_roles(&part, accounts, &mut world)?;
    }
    world.check().map_err(|dangling| at(node, &dangling))?;
    Ok(world)
}

fn profile(node: Node<'_>) -> Result<Profile, Error> {
    let name = node.string()?;
    let expected = || node.error(format!("expected `strict` or `aws`, found {}", quoted(name)));
    Ok(Profile::from_name(name).ok_or_else(expected)?)
}

/// Reads an instant.
///
/// # Errors
///
/// A text that is none.
pub fn instant(node: Node<'_>) -> Result<Instant, Error> {
    let text = node.string()?;
    let expected =
        || node.error(format!("expected an instant such as `2024-06-01T12:00:00Z`, found {}", quoted(text)));
    Ok(Instant::parse(text).ok_or_else(expected)?)
}

/// The error at the place that is meant, or at the nearest one around it.
fn at(world: Node<'_>, dangling: &Dangling) -> Error {
    let mut node = world;
    for name in &dangling.path {
        let Shape::Object(_) = node.shape() else { break };
        let Some((_, inner)) =
            node.members().ok().and_then(|mut members| members.find(|(member, _)| *member == name.as_str()))
        else {
            break;
        };
        node = inner;
    }
    node.error(dangling.message.clone()).into()
}
