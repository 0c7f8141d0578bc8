//! The fields `assertions` and `webIdentityTokens` of a world: what identity providers have signed.

use super::part::{Part, text};
use super::{Error, instant};
use crate::corpus::principal::provider_caller;
use crate::corpus::request::context;
use crate::iam::context::Context;
use crate::iam::instant::Instant;
use crate::iam::json::Node;
use crate::iam::request::Caller;
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
        check_length(name, 100_000, node)?;
        let inner = Part::new(node, ASSERTION, part.strictness)?;
        let provider = inner.required("provider")?;
        if !matches!(provider_caller(provider.string()?, part.strictness), Ok(Caller::Saml { .. })) {
            return Err(provider.error("expected the ARN of a SAML provider").into());
        }
        let assertion = Assertion {
            provider: text(provider)?,
            genuineness: genuineness(&inner)?,
            not_on_or_after: bound(&inner, "notOnOrAfter")?,
            session_not_on_or_after: bound(&inner, "sessionNotOnOrAfter")?,
            roles: inner.required("roles")?.items()?.map(pair).collect::<Result<_, _>>()?,
            role_session_name: inner.text("roleSessionName")?,
            tags: inner.passed_tags("tags")?,
            transitive_tag_keys: inner.texts("transitiveTagKeys")?,
            source_identity: inner.text("sourceIdentity")?,
            keys: keys(&inner, "saml", &[])?,
        };
        world.assertions.insert(name.to_owned(), assertion);
    }
    for (name, node) in part.members("webIdentityTokens")? {
        check_length(name, 20_000, node)?;
        let inner = Part::new(node, TOKEN, part.strictness)?;
        let provider = inner.required("provider")?;
        if !matches!(provider_caller(provider.string()?, part.strictness), Ok(Caller::WebIdentity { .. })) {
            let message = "expected the ARN of an OIDC provider, or a built-in web identity provider";
            return Err(provider.error(message).into());
        }
        let provider = text(provider)?;
        let host = provider.split_once(":oidc-provider/").map_or(provider.as_str(), |(_, host)| host);
        let token = IdentityToken {
            genuineness: genuineness(&inner)?,
            audience: inner.required_text("audience")?,
            subject: inner.required_text("subject")?,
            expires: bound(&inner, "expires")?,
            tags: inner.passed_tags("tags")?,
            transitive_tag_keys: inner.texts("transitiveTagKeys")?,
            source_identity: inner.text("sourceIdentity")?,
            keys: keys(&inner, host, &["aud", "sub"])?,
            provider: provider.clone(),
        };
        world.tokens.insert(name.to_owned(), token);
    }
    Ok(())
}

fn bound(part: &Part<'_>, name: &str) -> Result<Option<Instant>, Error> {
    part.optional(name).map(instant).transpose()
}

/// A text that no call can pass says nothing (STS-3).
fn check_length(text: &str, most: usize, node: Node<'_>) -> Result<(), Error> {
    if (4..=most).contains(&text.chars().count()) {
        Ok(())
    } else {
        Err(node.error(format!("the text has 4 to {most} characters, and {} has not", quoted(text))).into())
    }
}

/// Keys of the provider, beside those that follow from other fields (KEY-5).
fn keys(part: &Part<'_>, prefix: &str, following: &[&str]) -> Result<Context, Error> {
    let Some(node) = part.optional("context") else { return Ok(Context::new()) };
    let keys = context(node)?;
    for (name, _) in node.members()? {
        let folded = name.to_ascii_lowercase();
        let claim = folded.strip_prefix(&format!("{}:", prefix.to_ascii_lowercase()));
        let is_fixed = claim.is_some_and(|claim| following.contains(&claim));
        if is_fixed || claim.is_none() && folded != "sts:roleauthorizedbyidp" {
            let message = format!("{} is no key that the provider {prefix} chooses", quoted(name));
            return Err(node.error(message).into());
        }
    }
    Ok(keys)
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
