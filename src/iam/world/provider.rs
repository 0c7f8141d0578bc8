//! What identity providers have signed: the oracles `saml_valid` and `oidc_valid` of STS-30, as data.
//!
//! An assertion or token that a world does not hold was signed by nobody.

use crate::iam::context::Context;
use crate::iam::instant::Instant;

/// A SAML assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// The ARN of the provider that signed it.
    pub provider: String,
    /// Whether its signature and audience are right.
    pub genuineness: Genuineness,
    /// `NotOnOrAfter`: from this instant on it is no longer accepted.
    pub not_on_or_after: Option<Instant>,
    /// `SessionNotOnOrAfter`: when the session must end (STS-24).
    pub session_not_on_or_after: Option<Instant>,
    /// The pairs of the attribute Role (STS-32).
    pub roles: Vec<Pair>,
    /// The attribute RoleSessionName.
    pub role_session_name: Option<String>,
    /// The attributes `PrincipalTag:…` (STS-39).
    pub tags: Vec<(String, String)>,
    /// The attribute TransitiveTagKeys.
    pub transitive_tag_keys: Vec<String>,
    /// The attribute SourceIdentity.
    pub source_identity: Option<String>,
    /// The `saml:` keys that follow from it.
    pub keys: Context,
}

/// A member of the attribute Role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The ARN of a role.
    pub role: String,
    /// The ARN of a provider.
    pub provider: String,
}

/// A token of a web identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityToken {
    /// The ARN of the OIDC provider, or the name of a built-in one.
    pub provider: String,
    /// Whether its signature is right and its provider stands by it.
    pub genuineness: Genuineness,
    /// `aud`.
    pub audience: String,
    /// `sub`.
    pub subject: String,
    /// `exp`: from this instant on it is no longer accepted.
    pub expires: Option<Instant>,
    /// The tags of the claim `https://aws.amazon.com/tags` (STS-39).
    pub tags: Vec<(String, String)>,
    /// The transitive keys of the same claim.
    pub transitive_tag_keys: Vec<String>,
    /// The claim `https://aws.amazon.com/source_identity`.
    pub source_identity: Option<String>,
    /// Further keys that follow from it, such as `accounts.google.com:azp`; `HOST:aud` and `HOST:sub` follow by themselves.
    pub keys: Context,
}

/// What comes of checking a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Genuineness {
    /// All is right.
    Genuine,
    /// The signature, or the audience of an assertion, is wrong.
    Forged,
    /// The provider no longer stands by it.
    Rejected,
}

impl Genuineness {
    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Genuineness::Genuine => "genuine",
            Genuineness::Forged => "forged",
            Genuineness::Rejected => "rejected",
        }
    }

    /// The one with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Genuineness> {
        [Genuineness::Genuine, Genuineness::Forged, Genuineness::Rejected]
            .into_iter()
            .find(|genuineness| genuineness.name() == name)
    }
}
