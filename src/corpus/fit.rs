//! Whether a layer of policies can belong to a caller at all: a service has no boundary, a user no session policy.
//!
//! Giving such a layer is a mistake in the case and not something to pass over. SCPs, RCPs and endpoint policies belong to the
//! world around a request, not to its caller, so that they fit everybody: EVAL-8 says whom they reach.

use std::fmt;

use crate::iam::layers::Layers;
use crate::iam::request::{Caller, FederationSource};

/// A layer that the caller cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The field of `policies`.
    pub field: &'static str,
    layer: &'static str,
    caller: &'static str,
}

/// Checks the layers that hang on a principal: `identity`, `boundary` and `session`.
///
/// # Errors
///
/// The first layer that the caller cannot have.
pub fn check(layers: &Layers, caller: &Caller) -> Result<(), Misfit> {
    let (name, own_policies, session_policies) = match caller {
        Caller::User(_) => ("a user", Own::Possible, Own::Impossible),
        Caller::RoleSession { .. } => ("a role session", Own::Possible, Own::Possible),
        Caller::FederatedSession { source, .. } => match source {
            FederationSource::User(_) | FederationSource::UnnamedUser => {
                ("a federated user", Own::Possible, Own::Possible)
            }
            FederationSource::Root => ("a federated session of root", Own::Impossible, Own::Possible),
        },
        Caller::Root { .. } => ("the root user", Own::Impossible, Own::Impossible),
        Caller::Service { .. } => ("a service", Own::Impossible, Own::Impossible),
        Caller::Saml { .. } | Caller::WebIdentity { .. } => {
            ("an unsigned caller", Own::Impossible, Own::Impossible)
        }
        Caller::Anonymous => ("an anonymous caller", Own::Impossible, Own::Impossible),
    };
    let given = [
        ("identity", "identity policies", !layers.identity.is_empty(), own_policies),
        ("boundary", "permissions boundary", layers.boundary.is_some(), own_policies),
        ("session", "session policies", layers.session.is_some(), session_policies),
    ];
    match given.into_iter().find(|(_, _, is_given, own)| *is_given && *own == Own::Impossible) {
        None => Ok(()),
        Some((field, layer, _, _)) => Err(Misfit { field, layer, caller: name }),
    }
}

/// Whether a kind of caller can have policies of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Own {
    Possible,
    Impossible,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has no {}", self.caller, self.layer)
    }
}

impl std::error::Error for Misfit {}
