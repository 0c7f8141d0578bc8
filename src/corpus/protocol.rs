//! A line of the protocol for other evaluators: policies, and requests to decide under them.

use super::error::Error;
use super::policies;
use super::request::{self, Filling};
use crate::iam::document::Strictness;
use crate::iam::json::{self, Json, Node, Shape};
use crate::iam::layers::Layers;
use crate::iam::request::Request;

/// What a line asks.
#[derive(Clone, Debug)]
pub struct Line {
    /// The `id`, as it is spelled in the line: it goes back to the asker unchanged.
    pub id: String,
    /// One answer is owed for each.
    pub requests: Vec<Result<Request, Error>>,
    /// The policies, or why there are none: then each request gets that answer.
    pub layers: Result<Layers, Error>,
}

/// Reads one line.
///
/// # Errors
///
/// A line that is no JSON or has not the fields of the protocol, so that nobody knows how many answers it wants, or under which id. What is
/// wrong inside a policy or a request is an answer.
pub fn read(line: &[u8]) -> Result<Line, json::Error> {
    let json = Json::read(line)?;
    let fields = json.top().fields(&["id", "policies", "requests"])?;
    let id = fields.required("id")?;
    let requests: Vec<Result<Request, Error>> =
        fields.required("requests")?.items()?.map(|node| one(node).map_err(Error::from)).collect();
    let read = requests.iter().filter_map(|request| request.as_ref().ok());
    let layers = policies::read(fields.required("policies")?, read, Strictness::Strict);
    Ok(Line { id: spelled(id)?, requests, layers })
}

fn one(node: Node<'_>) -> Result<Request, json::Error> {
    request::read(&node.fields(&request::FIELDS)?, Filling::Nothing, Strictness::Strict)
}

fn spelled(id: Node<'_>) -> Result<String, json::Error> {
    match id.shape() {
        Shape::Number(source) => Ok((*source).to_owned()),
        Shape::String(text) => Ok(serde_json::Value::from(text.as_ref()).to_string()),
        Shape::Null | Shape::Bool(_) | Shape::Array(_) | Shape::Object(_) => {
            Err(id.error("expected a number or a string"))
        }
    }
}
