//! Finds the line and the column of a field that is named by a JSON pointer.

use crate::iam::json::{Json, Node, Place, Shape};

/// Where the value with this pointer stands in a text, or the nearest one around it that is there; `None` if the text is no JSON.
pub fn locate(text: &[u8], pointer: &str) -> Option<Place> {
    let json = Json::read(text).ok()?;
    let mut node = json.top();
    for name in pointer.split('/').filter(|name| !name.is_empty()) {
        match inner(node, &name.replace("~1", "/").replace("~0", "~")) {
            Some(found) => node = found,
            None => break,
        }
    }
    Some(node.place())
}

fn inner<'j>(node: Node<'j>, name: &str) -> Option<Node<'j>> {
    match node.shape() {
        Shape::Object(_) => node.members().ok()?.find(|(member, _)| *member == name).map(|(_, node)| node),
        Shape::Array(_) => node.items().ok()?.nth(name.parse().ok()?),
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_) => None,
    }
}
