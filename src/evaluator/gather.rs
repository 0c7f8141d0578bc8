//! Which sets of policies lie around a request, and which of them apply to it (EVAL-8).
//!
//! Every set has a number, counted in the order in which EVAL-26 looks for Denies; a bit for each says which sets are meant.

use super::compile_error::{CompileError, Place, Problem};
use super::conclusion::PolicyKind;
use super::reading::{Reading, mistaken};
use super::statements::{Gathered, Statements};
use super::surroundings::{SessionPolicy, Surroundings};
use crate::iam::assumption::Alternative;
use crate::iam::layers::{Layer, Layers};
use crate::iam::policy::{Policy, Selection};
use crate::iam::principal::{PrincipalEntry, Principals};

/// The most sets around one request. An organization has at most seven levels (GEN-4), so two paths and five layers fit easily.
pub const MOST_SETS: usize = 64;

/// Some of the sets: a bit for each by its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SetMask(u64);

impl SetMask {
    pub(super) const NONE: SetMask = SetMask(0);

    pub(super) fn of(set: u8) -> SetMask {
        SetMask(1_u64.checked_shl(set.into()).unwrap_or(0))
    }

    pub(super) fn contains(self, set: u8) -> bool {
        self.0 & SetMask::of(set).0 != 0
    }

    pub(super) fn covers(self, other: SetMask) -> bool {
        other.0 & !self.0 == 0
    }

    #[must_use]
    pub(super) fn union(self, other: SetMask) -> SetMask {
        SetMask(self.0 | other.0)
    }

    #[must_use]
    pub(super) fn intersection(self, other: SetMask) -> SetMask {
        SetMask(self.0 & other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set with the highest number.
    pub(super) fn last(self) -> SetMask {
        self.0.checked_ilog2().map_or(SetMask::NONE, |bit| SetMask(1 << bit))
    }
}

/// The sets of each kind that there are; [`SetMask::NONE`] where a layer is absent.
#[derive(Clone, Debug)]
pub(super) struct Sets {
    pub(super) scps: SetMask,
    pub(super) rcps: SetMask,
    pub(super) endpoint: SetMask,
    pub(super) resource: SetMask,
    pub(super) identity: SetMask,
    pub(super) boundary: SetMask,
    pub(super) session: SetMask,
    /// The layer of each set, by number.
    layers: Vec<Layer>,
}

impl Sets {
    /// Compiles all layers, each into sets of its own.
    pub(super) fn gather(layers: &Layers, reading: Reading) -> Result<(Sets, Statements), CompileError> {
        let mut sets = Sets {
            scps: SetMask::NONE,
            rcps: SetMask::NONE,
            endpoint: SetMask::NONE,
            resource: SetMask::NONE,
            identity: SetMask::NONE,
            boundary: SetMask::NONE,
            session: SetMask::NONE,
            layers: Vec::new(),
        };
        let mut gathered = Gathered::new(reading);
        for (level, set) in layers.scps.iter().flatten().enumerate() {
            let mask = sets.add(Layer::Scp { level }, set, &mut gathered)?;
            sets.scps = sets.scps.union(mask);
        }
        for (level, set) in layers.rcps.iter().flatten().enumerate() {
            let mask = sets.add(Layer::Rcp { level }, set, &mut gathered)?;
            sets.rcps = sets.rcps.union(mask);
        }
        if let Some(policy) = &layers.endpoint {
            sets.endpoint = sets.add(Layer::Endpoint, std::slice::from_ref(policy), &mut gathered)?;
        }
        if let Some(policy) = &layers.resource {
            sets.resource = sets.add(Layer::Resource, std::slice::from_ref(policy), &mut gathered)?;
        }
        sets.identity = sets.add(Layer::Identity, &layers.identity, &mut gathered)?;
        if let Some(policy) = &layers.boundary {
            sets.boundary = sets.add(Layer::Boundary, std::slice::from_ref(policy), &mut gathered)?;
        }
        if let Some(policies) = &layers.session {
            sets.session = sets.add_session_policies(policies, &mut gathered, reading)?;
        }
        Ok((sets, gathered.index()))
    }

    /// All session policies form one set.
    // Rules: EVAL-7, OPEN-1.
    fn add_session_policies(
        &mut self,
        policies: &[Policy],
        gathered: &mut Gathered,
        reading: Reading,
    ) -> Result<SetMask, CompileError> {
        if !reading.takes(Alternative::SessionPoliciesIntersect) {
            return self.add(Layer::Session, policies, gathered);
        }
        let one_by_one = policies.iter().map(std::slice::from_ref).enumerate();
        one_by_one
            .map(|(index, policy)| self.add_from(index, Layer::Session, policy, gathered))
            .try_fold(SetMask::NONE, |union, mask| Ok(union.union(mask?)))
    }

    /// Compiles all documents of a layer, or of a level of it.
    fn add(
        &mut self,
        layer: Layer,
        policies: &[Policy],
        gathered: &mut Gathered,
    ) -> Result<SetMask, CompileError> {
        self.add_from(0, layer, policies, gathered)
    }

    /// Compiles a set under the next number. Its documents are counted within the layer, from this one.
    fn add_from(
        &mut self,
        first: usize,
        layer: Layer,
        policies: &[Policy],
        gathered: &mut Gathered,
    ) -> Result<SetMask, CompileError> {
        let number = u8::try_from(self.layers.len()).ok().filter(|number| usize::from(*number) < MOST_SETS);
        let Some(number) = number else {
            let place = Place { layer: Some(layer), policy: first, statement: None };
            return Err(Problem::new(format!("more than {MOST_SETS} sets of policies")).at(place));
        };
        self.layers.push(layer);
        for (index, policy) in policies.iter().enumerate() {
            let place = Place { layer: Some(layer), policy: first + index, statement: None };
            check_principals(policy, layer, place)?;
            gathered.add(policy, number, place)?;
        }
        Ok(SetMask::of(number))
    }

    /// The kind of the policies in a set.
    pub(super) fn kind(&self, set: u8) -> Option<PolicyKind> {
        self.layers.get(usize::from(set)).map(|layer| match layer {
            Layer::Scp { .. } => PolicyKind::Scp,
            Layer::Rcp { .. } => PolicyKind::Rcp,
            Layer::Endpoint => PolicyKind::Endpoint,
            Layer::Resource => PolicyKind::Resource,
            Layer::Identity => PolicyKind::Identity,
            Layer::Boundary => PolicyKind::Boundary,
            Layer::Session => PolicyKind::Session,
        })
    }

    /// The sets with their layers, in order.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (u8, Layer)> {
        (0..).zip(self.layers.iter().copied())
    }

    /// The sets that apply to a request.
    // Rules: EVAL-7, EVAL-8, EVAL-19, RES-9.
    pub(super) fn applicable(&self, surroundings: &Surroundings<'_>, reading: Reading) -> SetMask {
        let only_if = |applies: bool, mask: SetMask| if applies { mask } else { SetMask::NONE };
        let scps = if mistaken!(reading, ScpAtAccountOnly) { self.scps.last() } else { self.scps };
        [
            only_if(surroundings.is_under_scps(), scps),
            only_if(!self.rcps.is_empty() && surroundings.is_under_rcps(), self.rcps),
            self.endpoint,
            self.resource,
            only_if(surroundings.has_entity(), self.identity.union(self.boundary)),
            only_if(surroundings.is_session(), self.session),
        ]
        .into_iter()
        .fold(SetMask::NONE, SetMask::union)
    }

    /// Whether session policies were passed.
    pub(super) fn session_policy(&self) -> SessionPolicy {
        if self.session.is_empty() { SessionPolicy::Absent } else { SessionPolicy::Present }
    }
}

/// Refuses Principal elements where the layer has none, and statements without one where it must have one.
///
/// In RCPs the only Principal is everybody, so that their statements need not be tested against the caller.
// Rules: GRAM-20, GRAM-24.
fn check_principals(policy: &Policy, layer: Layer, place: Place) -> Result<(), CompileError> {
    for (index, statement) in policy.statements.iter().enumerate() {
        let problem = match (layer, &statement.principal) {
            (Layer::Resource | Layer::Endpoint, Some(_)) => continue,
            (Layer::Resource | Layer::Endpoint, None) => "a statement of this layer needs a Principal",
            (Layer::Rcp { .. }, Some(Selection::Only(principals))) if is_everyone(principals) => continue,
            (Layer::Rcp { .. }, _) => "the Principal of a statement of this layer must be `*`",
            (Layer::Scp { .. } | Layer::Identity | Layer::Boundary | Layer::Session, None) => continue,
            (Layer::Scp { .. } | Layer::Identity | Layer::Boundary | Layer::Session, Some(_)) => {
                "a statement of this layer has no Principal"
            }
        };
        return Err(Problem::new(problem).at(Place { statement: Some(index), ..place }));
    }
    Ok(())
}

fn is_everyone(principals: &Principals) -> bool {
    principals
        .entries
        .iter()
        .all(|entry| matches!(entry, PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws))
}
