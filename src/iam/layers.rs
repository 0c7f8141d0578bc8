//! The policies that lie around a request, by layer, and the place of a statement among them.

use std::fmt;

use super::policy::Policy;

/// All documents that a case gives; `None` means that there is no such layer (formats: `policies`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    /// Documents that reach the principal: inline, managed, through groups.
    pub identity: Vec<Policy>,
    /// The permissions boundary.
    pub boundary: Option<Policy>,
    /// The session policies passed when the session was made; `Some` is never empty.
    pub session: Option<Vec<Policy>>,
    /// The resource's policy; for `sts:` actions on a role its trust policy.
    pub resource: Option<Policy>,
    /// One set of documents a level, the organization's root first, the caller's account last.
    pub scps: Option<Vec<Vec<Policy>>>,
    /// One set of documents a level, the organization's root first, the owner's account last; the AWS default allow is implied.
    pub rcps: Option<Vec<Vec<Policy>>>,
    /// The VPC endpoint's policy; `None` means that the request comes through no endpoint.
    pub endpoint: Option<Policy>,
}

/// One layer; levels of SCPs and RCPs count from the organization's root, 0 first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// A level of service control policies.
    Scp {
        /// 0 is the organization's root.
        level: usize,
    },
    /// A level of resource control policies.
    Rcp {
        /// 0 is the organization's root.
        level: usize,
    },
    /// The VPC endpoint's policy.
    Endpoint,
    /// The resource's policy.
    Resource,
    /// The identity policies.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// The session policies.
    Session,
}

/// Where a statement stands. Indexes count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementPlace {
    /// The layer.
    pub layer: Layer,
    /// The document within the layer (0 in layers of one document).
    pub policy: usize,
    /// The statement within the document.
    pub statement: usize,
}

impl Layers {
    /// Every document with its layer and its index within that layer, in the order of the format.
    pub fn documents(&self) -> impl Iterator<Item = (Layer, usize, &Policy)> {
        let identity =
            self.identity.iter().enumerate().map(|(index, policy)| (Layer::Identity, index, policy));
        let boundary = self.boundary.iter().map(|policy| (Layer::Boundary, 0, policy));
        let session =
            self.session.iter().flatten().enumerate().map(|(index, policy)| (Layer::Session, index, policy));
        let resource = self.resource.iter().map(|policy| (Layer::Resource, 0, policy));
        let scps = self.scps.iter().flatten().enumerate().flat_map(|(level, set)| {
            set.iter().enumerate().map(move |(index, policy)| (Layer::Scp { level }, index, policy))
        });
        let rcps = self.rcps.iter().flatten().enumerate().flat_map(|(level, set)| {
            set.iter().enumerate().map(move |(index, policy)| (Layer::Rcp { level }, index, policy))
        });
        let endpoint = self.endpoint.iter().map(|policy| (Layer::Endpoint, 0, policy));
        identity.chain(boundary).chain(session).chain(resource).chain(scps).chain(rcps).chain(endpoint)
    }

    /// Every document with its layer, to be changed, in the same order.
    pub fn documents_mut(&mut self) -> impl Iterator<Item = (Layer, &mut Policy)> {
        fn leveled(
            levels: Option<&mut Vec<Vec<Policy>>>,
            of: fn(usize) -> Layer,
        ) -> impl Iterator<Item = (Layer, &mut Policy)> {
            let levels = levels.into_iter().flatten().enumerate();
            levels.flat_map(move |(level, set)| set.iter_mut().map(move |policy| (of(level), policy)))
        }
        // Taken apart, so that a layer that comes to be is not forgotten.
        let Layers { identity, boundary, session, resource, scps, rcps, endpoint } = self;
        let found = identity.iter_mut().map(|policy| (Layer::Identity, policy));
        let found = found.chain(boundary.iter_mut().map(|policy| (Layer::Boundary, policy)));
        let found = found.chain(session.iter_mut().flatten().map(|policy| (Layer::Session, policy)));
        let found = found.chain(resource.iter_mut().map(|policy| (Layer::Resource, policy)));
        let found = found.chain(leveled(scps.as_mut(), |level| Layer::Scp { level }));
        let found = found.chain(leveled(rcps.as_mut(), |level| Layer::Rcp { level }));
        found.chain(endpoint.iter_mut().map(|policy| (Layer::Endpoint, policy)))
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Layer::Scp { level } => write!(f, "SCP level {}", level + 1),
            Layer::Rcp { level } => write!(f, "RCP level {}", level + 1),
            Layer::Endpoint => f.write_str("endpoint policy"),
            Layer::Resource => f.write_str("resource policy"),
            Layer::Identity => f.write_str("identity policy"),
            Layer::Boundary => f.write_str("permissions boundary"),
            Layer::Session => f.write_str("session policy"),
        }
    }
}
