//! What readers of an account's parts share: the lists of a page, names, ARNs and tags.

use std::collections::BTreeSet;
use std::path::Path;

use super::Error;
use crate::corpus::world::{name_fault, text};
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::json::{Fields, Node};
use crate::iam::spelling::quoted;
use crate::iam::tags::Tags;
use crate::iam::world::{Account, World};

/// One page: its four lists, and whether it says that there is another.
#[derive(Clone, Copy)]
pub(super) struct Lists<'j> {
    pub(super) file: &'j Path,
    pub(super) top: Node<'j>,
    pub(super) users: Option<Node<'j>>,
    pub(super) groups: Option<Node<'j>>,
    pub(super) roles: Option<Node<'j>>,
    pub(super) policies: Option<Node<'j>>,
    /// The field `IsTruncated` where it is `true`.
    pub(super) more: Option<Node<'j>>,
}

impl<'j> Lists<'j> {
    pub(super) fn of(top: Node<'j>, file: &'j Path) -> Result<Lists<'j>, Error> {
        let in_file = |error: crate::iam::json::Error| Error::from(error).in_file(file);
        let fields = top.fields_among_others().map_err(in_file)?;
        let more = match fields.optional("IsTruncated") {
            Some(node) => node.boolean().map_err(in_file)?.then_some(node),
            None => None,
        };
        let lists = Lists {
            file,
            top,
            users: fields.optional("UserDetailList"),
            groups: fields.optional("GroupDetailList"),
            roles: fields.optional("RoleDetailList"),
            policies: fields.optional("Policies"),
            more,
        };
        if [lists.users, lists.groups, lists.roles, lists.policies].iter().all(Option::is_none) {
            let message = "expected what `aws iam get-account-authorization-details` prints: `UserDetailList`, \
                           `GroupDetailList`, `RoleDetailList` or `Policies`";
            return Err(in_file(top.error(message)));
        }
        Ok(lists)
    }
}

/// What every user, group, role and managed policy has: where it belongs.
pub(super) struct Identity {
    /// The partition.
    pub(super) partition: String,
    /// The account's id; `aws` of a policy that AWS manages.
    pub(super) account: String,
    pub(super) path: String,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) arn: String,
}

/// The words of one kind of entity.
pub(super) struct Words {
    /// The word in its ARN.
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) id: &'static str,
    pub(super) longest: usize,
}

/// Reads name, path, id and ARN, and checks that they are of one thing.
pub(super) fn identity(fields: &Fields<'_>, words: &Words) -> Result<Identity, Error> {
    let name_node = fields.required(words.name)?;
    let name = text(name_node)?;
    if let Some(fault) = name_fault(&name, words.longest) {
        return Err(name_node.error(fault).into());
    }
    let path = text(fields.required("Path")?)?;
    let id_node = fields.required(words.id)?;
    let id = text(id_node)?;
    if id.is_empty() {
        return Err(id_node.error("expected a unique id, found an empty text").into());
    }
    let node = fields.required("Arn")?;
    let arn = text(node)?;
    let expected = format!("{}{path}{name}", words.kind);
    let Some(parsed) = Arn::parse(&arn).filter(|arn| arn.service == "iam" && arn.region.is_empty()) else {
        return Err(node
            .error(format!("expected the ARN of a {}, found {}", words.kind, quoted(&arn)))
            .into());
    };
    if parsed.resource != expected {
        let message = format!(
            "the ARN does not fit `Path` and `{}`: it would end in `:{expected}`, found {}",
            words.name,
            quoted(&arn)
        );
        return Err(node.error(message).into());
    }
    let of_aws = words.kind == "policy" && parsed.account == "aws";
    if !of_aws && !is_account_id(parsed.account) {
        let message = format!("{} is no account id of 12 digits", quoted(parsed.account));
        return Err(node.error(message).into());
    }
    let (partition, account) = (parsed.partition.to_owned(), parsed.account.to_owned());
    Ok(Identity { partition, account, path, name, id, arn })
}

/// The account that something belongs to; it comes into being with the first that does.
pub(super) fn account_of<'w>(
    identity: &Identity,
    node: Node<'_>,
    world: &'w mut World,
) -> Result<&'w mut Account, Error> {
    let account = world
        .accounts
        .entry(identity.account.clone())
        .or_insert_with(|| Account::empty(identity.partition.clone()));
    if account.partition == identity.partition {
        Ok(account)
    } else {
        let message = format!(
            "the account `{}` is in the partition `{}` elsewhere, and in `{}` here",
            identity.account, account.partition, identity.partition
        );
        Err(node.error(message).into())
    }
}

/// The items of a list that may be missing.
pub(super) fn items<'j>(fields: &Fields<'j>, name: &str) -> Result<Vec<Node<'j>>, Error> {
    match fields.optional(name) {
        None => Ok(Vec::new()),
        Some(node) => Ok(node.items()?.collect()),
    }
}

/// The field `Tags`.
pub(super) fn tags(fields: &Fields<'_>) -> Result<Tags, Error> {
    let mut tags = Tags::new();
    for node in items(fields, "Tags")? {
        let tag = node.fields_among_others()?;
        let key = text(tag.required("Key")?)?;
        if tags.value(&key).is_some() {
            return Err(node.error(format!("the tag {} comes twice, case aside", quoted(&key))).into());
        }
        tags.set(&key, text(tag.required("Value")?)?);
    }
    Ok(tags)
}

/// Refuses a name that something of the same kind has, case aside.
pub(super) fn check_is_new<'n>(
    name: &str,
    mut names: impl Iterator<Item = &'n String>,
    node: Node<'_>,
) -> Result<(), Error> {
    match names.find(|other| other.eq_ignore_ascii_case(name)) {
        Some(_) => Err(node.error(format!("{} comes twice in the account, case aside", quoted(name))).into()),
        None => Ok(()),
    }
}

/// A set of texts, each once.
pub(super) fn add_once(set: &mut BTreeSet<String>, item: String, node: Node<'_>) -> Result<(), Error> {
    if set.insert(item) { Ok(()) } else { Err(node.error("this stands in the list twice").into()) }
}
