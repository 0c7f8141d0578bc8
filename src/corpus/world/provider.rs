//! The fields `assertions` and `webIdentityTokens` of a world: what identity providers have signed.

use super::part::{Part, text};
use super::{Error, instant};
use crate::corpus::request::context;
use crate::iam::context::Context;
use crate::iam::instant::Instant;
use crate::iam::json::Node;
use crate::iam::spelling::quoted;
use crate::iam::world::{Assertion, Genuineness, IdentityToken, Pair, World};

const ASSERTION: &[&str] = &[
    "provider",
    "signature",
    "notOnOrAfter",
    "sessionNotOnOrAfter",
    "roles",
    "roleSessionName",
    "tags",
    "transitiveTagKeys",
    "sourceIdentity",
    "context",
];

const TOKEN: &[&str] = &[
    "provider",
    "signature",
    "audience",
    "subject",
    "expires",
    "tags",
    "transitiveTagKeys",
    "sourceIdentity",
    "context",
];

pub(super) fn read(part: &Part<'_>, world: &mut World) -> Result<(), Error> {
    for (name, node) in part.members("assertions")? {
        let inner = Part::new(node, ASSERTION, part.strictness)?;
        let assertion = Assertion {
            provider: inner.required_text("provider")?,
            genuineness: genuineness(&inner)?,
            not_on_or_after: bound(&inner, "notOnOrAfter")?,
            session_not_on_or_after: bound(&inner, "sessionNotOnOrAfter")?,
            roles: inner.required("roles")?.items()?.map(pair).collect::<Result<_, _>>()?,
            role_session_name: inner.text("roleSessionName")?,
            tags: inner.passed_tags("tags")?,
            transitive_tag_keys: inner.texts("transitiveTagKeys")?,
            source_identity: inner.text("sourceIdentity")?,
            keys: keys(&inner)?,
        };
        world.assertions.insert(name.to_owned(), assertion);
    }
    for (name, node) in part.members("webIdentityTokens")? {
        let inner = Part::new(node, TOKEN, part.strictness)?;
        let token = IdentityToken {
            provider: inner.required_text("provider")?,
            genuineness: genuineness(&inner)?,
            audience: inner.required_text("audience")?,
            subject: inner.required_text("subject")?,
            expires: bound(&inner, "expires")?,
            tags: inner.passed_tags("tags")?,
            transitive_tag_keys: inner.texts("transitiveTagKeys")?,
            source_identity: inner.text("sourceIdentity")?,
            keys: keys(&inner)?,
        };
        world.tokens.insert(name.to_owned(), token);
    }
    Ok(())
}

fn bound(part: &Part<'_>, name: &str) -> Result<Option<Instant>, Error> {
    part.optional(name).map(instant).transpose()
}

fn keys(part: &Part<'_>) -> Result<Context, Error> {
    Ok(part.optional("context").map(context).transpose()?.unwrap_or_default())
}

fn genuineness(part: &Part<'_>) -> Result<Genuineness, Error> {
    let Some(node) = part.optional("signature") else { return Ok(Genuineness::Genuine) };
    let name = node.string()?;
    let expected =
        || node.error(format!("expected `genuine`, `forged` or `rejected`, found {}", quoted(name)));
    Ok(Genuineness::from_name(name).ok_or_else(expected)?)
}

fn pair(node: Node<'_>) -> Result<Pair, Error> {
    let fields = node.fields(&["role", "provider"])?;
    Ok(Pair { role: text(fields.required("role")?)?, provider: text(fields.required("provider")?)? })
}
