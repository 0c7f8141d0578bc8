//! Where in the text of a case a statement stands, and its elements.

use crate::iam::json::{Json, Node, Place, Shape};
use crate::iam::layers::{Layer, StatementPlace};

/// The text of a case, asked for the places of its statements.
#[derive(Clone, Copy, Debug)]
pub struct Whereabouts<'j> {
    json: &'j Json<'j>,
}

impl<'j> Whereabouts<'j> {
    /// The places in this text, which was read as a case.
    pub fn new(json: &'j Json<'j>) -> Whereabouts<'j> {
        Whereabouts { json }
    }

    /// Where a statement stands; `None` if the text has no such statement.
    pub fn statement(&self, place: StatementPlace) -> Option<Place> {
        self.node(place).map(Node::place)
    }

    /// Where an element of a statement stands, or a member within it: `Action`, `Condition/Bool/aws:SecureTransport`, piece by piece.
    pub fn element(&self, place: StatementPlace, path: &[&str]) -> Option<Place> {
        let found = path.iter().try_fold(self.node(place)?, |node, name| member(node, name));
        found.map(Node::place)
    }

    fn node(&self, place: StatementPlace) -> Option<Node<'j>> {
        let policies = member(self.json.top(), "policies")?;
        let document = match place.layer {
            Layer::Identity => item(member(policies, "identity")?, place.policy)?,
            Layer::Session => item(member(policies, "session")?, place.policy)?,
            Layer::Scp { level } => item(item(member(policies, "scps")?, level)?, place.policy)?,
            Layer::Rcp { level } => item(item(member(policies, "rcps")?, level)?, place.policy)?,
            Layer::Boundary => member(policies, "boundary")?,
            Layer::Resource => member(policies, "resource")?,
            Layer::Endpoint => member(policies, "endpoint")?,
        };
        let statements = member(document, "Statement")?;
        match statements.shape() {
            Shape::Array(_) => item(statements, place.statement),
            // One statement may stand by itself.
            Shape::Object(_) => Some(statements),
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_) => None,
        }
    }
}

fn member<'j>(node: Node<'j>, name: &str) -> Option<Node<'j>> {
    node.members().ok()?.find(|(other, _)| *other == name).map(|(_, node)| node)
}

fn item(node: Node<'_>, index: usize) -> Option<Node<'_>> {
    node.items().ok()?.nth(index)
}
