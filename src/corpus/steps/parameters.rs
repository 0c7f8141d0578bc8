//! The field `parameters` of a step, by the names of AWS's API.

use crate::corpus::error::Error;
use crate::corpus::world::{number, text};
use crate::iam::json::{Fields, Node, Shape};
use crate::iam::operation::PolicyText;

/// Parameters of one operation, which has no others than these.
pub(super) struct Parameters<'j> {
    fields: Option<Fields<'j>>,
    step: Node<'j>,
}

impl<'j> Parameters<'j> {
    pub(super) fn new(
        node: Option<Node<'j>>,
        step: Node<'j>,
        allowed: &[&str],
    ) -> Result<Parameters<'j>, Error> {
        let fields = node.map(|node| node.fields(allowed)).transpose()?;
        Ok(Parameters { fields, step })
    }

    pub(super) fn optional(&self, name: &str) -> Option<Node<'j>> {
        self.fields.as_ref().and_then(|fields| fields.optional(name))
    }

    pub(super) fn required(&self, name: &str) -> Result<Node<'j>, Error> {
        match &self.fields {
            Some(fields) => Ok(fields.required(name)?),
            None => {
                let message = format!("the field `parameters`, and in it `{name}`, is missing");
                Err(self.step.error(message).into())
            }
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Error> {
        self.optional(name).map(text).transpose()
    }

    pub(super) fn required_text(&self, name: &str) -> Result<String, Error> {
        text(self.required(name)?)
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<i128>, Error> {
        self.optional(name).map(number).transpose()
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Error> {
        match self.optional(name) {
            None => Ok(Vec::new()),
            Some(node) => node.items()?.map(text).collect(),
        }
    }

    /// A path; `/` where none is passed.
    pub(super) fn path(&self) -> Result<String, Error> {
        Ok(self.text("Path")?.unwrap_or_else(|| "/".to_owned()))
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Error> {
        Ok(self.optional(name).map(Node::boolean).transpose()?.unwrap_or(false))
    }

    /// Tags as AWS's API has them, a list of `Key` and `Value`, or shorter as an object from key to value.
    pub(super) fn tags(&self, name: &str) -> Result<Vec<(String, String)>, Error> {
        let Some(node) = self.optional(name) else { return Ok(Vec::new()) };
        if let Shape::Object(_) = node.shape() {
            return node.members()?.map(|(key, node)| Ok((key.to_owned(), text(node)?))).collect();
        }
        node.items()?
            .map(|node| {
                let fields = node.fields(&["Key", "Value"])?;
                Ok((text(fields.required("Key")?)?, text(fields.required("Value")?)?))
            })
            .collect()
    }

    pub(super) fn policy(&self, name: &str) -> Result<Option<PolicyText>, Error> {
        self.optional(name).map(policy_text).transpose()
    }

    pub(super) fn required_policy(&self, name: &str) -> Result<PolicyText, Error> {
        policy_text(self.required(name)?)
    }
}

/// A policy that is passed: a string is the text as it is; an object is spelled without white space between its tokens.
pub(super) fn policy_text(node: Node<'_>) -> Result<PolicyText, Error> {
    match node.shape() {
        Shape::String(text) => Ok(PolicyText(text.clone().into_owned())),
        Shape::Object(_) => Ok(PolicyText(crate::corpus::layout::without_space(node.value()))),
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Array(_) => {
            let message =
                format!("expected a policy, or its text as a string, found {}", node.shape().kind());
            Err(node.error(message).into())
        }
    }
}
