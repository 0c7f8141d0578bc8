//! One object of a world: its fields, with what every reader of such an object needs.

use std::collections::BTreeSet;

use crate::corpus::error::Error;
use crate::corpus::layout::without_space;
use crate::corpus::policies;
use crate::corpus::principal::is_service_name;
use crate::iam::document::Strictness;
use crate::iam::json::{self, Fields, Node};
use crate::iam::policy::{Policy, PolicyType};
use crate::iam::spelling::quoted;
use crate::iam::tags::Tags;
use crate::iam::world::StoredPolicy;

/// The fields of an object, and how strictly its policies are read.
#[derive(Clone, Copy)]
pub struct Part<'j> {
    fields: Fields<'j>,
    pub strictness: Strictness,
}

impl<'j> Part<'j> {
    pub fn new(node: Node<'j>, allowed: &[&str], strictness: Strictness) -> Result<Part<'j>, Error> {
        Ok(Part { fields: node.fields(allowed)?, strictness })
    }

    pub fn object(&self) -> Node<'j> {
        self.fields.object()
    }

    pub fn optional(&self, name: &str) -> Option<Node<'j>> {
        self.fields.optional(name)
    }

    pub fn required(&self, name: &str) -> Result<Node<'j>, Error> {
        Ok(self.fields.required(name)?)
    }

    /// The members of a field that is an object with any names; none where the field is absent.
    pub fn members(&self, name: &str) -> Result<Vec<(&'j str, Node<'j>)>, Error> {
        match self.optional(name) {
            None => Ok(Vec::new()),
            Some(node) => Ok(node.members()?.collect()),
        }
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<Option<String>, Error> {
        self.optional(name).map(text).transpose()
    }

    /// A text that must be there.
    pub fn required_text(&self, name: &str) -> Result<String, Error> {
        text(self.required(name)?)
    }

    /// `true` or `false`; `false` where the field is absent.
    pub fn flag(&self, name: &str) -> Result<bool, Error> {
        Ok(self.optional(name).map(Node::boolean).transpose()?.unwrap_or(false))
    }

    /// A list of texts.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, Error> {
        match self.optional(name) {
            None => Ok(Vec::new()),
            Some(node) => node.items()?.map(text).collect(),
        }
    }

    /// A set of texts.
    pub fn set(&self, name: &str) -> Result<BTreeSet<String>, Error> {
        self.optional(name).map_or_else(|| Ok(BTreeSet::new()), set_of_texts)
    }

    /// A path; `/` where the field is absent.
    pub fn path(&self) -> Result<String, Error> {
        let Some(node) = self.optional("path") else { return Ok("/".to_owned()) };
        let path = text(node)?;
        let is_path = path.starts_with('/') && path.ends_with('/') && path.len() <= 512;
        if is_path && path.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(path)
        } else {
            Err(node.error("a path is `/`, or begins and ends with `/`; at most 512 characters").into())
        }
    }

    /// The tags of a thing: key to value.
    pub fn tags(&self, name: &str) -> Result<Tags, Error> {
        let mut tags = Tags::new();
        for (key, node) in self.members(name)? {
            if tags.value(key).is_some() {
                return Err(node.error("two tags differ in upper and lower case only").into());
            }
            tags.set(key, node.string()?);
        }
        Ok(tags)
    }

    /// Tags as they are passed: key to value, in the order of the text.
    pub fn passed_tags(&self, name: &str) -> Result<Vec<(String, String)>, Error> {
        self.members(name)?.into_iter().map(|(key, node)| Ok((key.to_owned(), text(node)?))).collect()
    }

    /// A policy document.
    pub fn policy(&self, node: Node<'j>, policy_type: PolicyType) -> Result<Policy, Error> {
        policies::policy(node, policy_type, self.strictness)
    }

    /// A policy document with its size.
    pub fn stored(&self, node: Node<'j>, policy_type: PolicyType) -> Result<StoredPolicy, Error> {
        let policy = self.policy(node, policy_type)?;
        Ok(StoredPolicy::of_text(policy, &without_space(node.value())))
    }
}

/// The text of a string.
pub fn text(node: Node<'_>) -> Result<String, Error> {
    Ok(node.string()?.to_owned())
}

/// The name of a service.
pub fn service(node: Node<'_>) -> Result<String, Error> {
    let name = text(node)?;
    if is_service_name(&name) {
        Ok(name)
    } else {
        let message = format!("a service's name ends in `.amazonaws.com`, and {} is none", quoted(&name));
        Err(node.error(message).into())
    }
}

/// A set of texts.
pub fn set_of_texts(node: Node<'_>) -> Result<BTreeSet<String>, Error> {
    let mut set = BTreeSet::new();
    for item in node.items()? {
        if !set.insert(text(item)?) {
            return Err(item.error("this stands in the list twice").into());
        }
    }
    Ok(set)
}

/// A whole number, negative ones included, of up to 38 digits.
pub fn number(node: Node<'_>) -> Result<i128, Error> {
    let expected = || json::Error::at(node.place(), "expected a whole number, such as 3600 or -1");
    Ok(node.number()?.parse().map_err(|_| expected())?)
}
