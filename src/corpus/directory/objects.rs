//! Domains and their objects.

use super::words::{name, word};
use crate::iam::directory::{
    AccountName, Directories, Domain, DomainName, Forest, Object, ObjectKind, ObjectName, Sid, Subject, Tree,
    UserStatus,
};
use crate::iam::json::{Error, Node};

/// A group whose members are still to be found, once every object has its SID.
pub(super) struct OpenGroup<'j> {
    domain: DomainName,
    group: AccountName,
    members: Vec<Node<'j>>,
}

/// What is collected while domains are read.
#[derive(Default)]
pub(super) struct Open<'j> {
    /// Groups whose members are named.
    pub(super) groups: Vec<OpenGroup<'j>>,
    /// Objects without a SID of their own, in the order of the file.
    pub(super) unnumbered: Vec<(DomainName, AccountName)>,
}

/// Stands in until every SID that the file gives is known.
const UNNUMBERED: u64 = 0;

/// A forest: its root domain first. A domain whose name is a label in front of that of an earlier one belongs to the same tree; any
/// other is the root of a tree.
// Rule: DIR-1.
pub(super) fn forest<'j>(node: Node<'j>, open: &mut Open<'j>) -> Result<Forest, Error> {
    let fields = node.fields(&["domains"])?;
    let list = fields.required("domains")?;
    let mut domains = list.items()?;
    let Some(first) = domains.next() else {
        return Err(list.error("a forest has at least one domain, its root"));
    };
    let root = Tree { root: domain(first, open)?, others: Vec::new() };
    let mut forest = Forest { root, others: Vec::new() };
    for node in domains {
        let domain = domain(node, open)?;
        let parent = domain.name.parent();
        let mut trees = std::iter::once(&mut forest.root).chain(&mut forest.others);
        match trees.find(|tree| tree.domains().any(|other| Some(&other.name) == parent.as_ref())) {
            Some(tree) => tree.others.push(domain),
            None => forest.others.push(Tree { root: domain, others: Vec::new() }),
        }
    }
    Ok(forest)
}

/// A domain with its objects: users, groups, computers, in this order.
// Rule: DIR-2.
pub(super) fn domain<'j>(node: Node<'j>, open: &mut Open<'j>) -> Result<Domain, Error> {
    let fields = node.fields(&["name", "users", "groups", "computers"])?;
    let mut domain = Domain::new(name(fields.required("name")?, DomainName::parse)?);
    for (list, read) in [("users", user as ReadObject<'j>), ("groups", group), ("computers", computer)] {
        for node in fields.optional(list).map(Node::items).transpose()?.into_iter().flatten() {
            let (object, sid) = read(node, &domain.name, open)?;
            if domain.object(&object.account).is_some() {
                return Err(
                    node.error(format!("`{}` has an object `{}` already", domain.name, object.account))
                );
            }
            if sid.is_none() {
                open.unnumbered.push((domain.name.clone(), object.account.clone()));
            }
            domain.objects.push(object);
        }
    }
    Ok(domain)
}

type ReadObject<'j> = fn(Node<'j>, &DomainName, &mut Open<'j>) -> Result<(Object, Option<Sid>), Error>;

fn user<'j>(node: Node<'j>, _: &DomainName, _: &mut Open<'j>) -> Result<(Object, Option<Sid>), Error> {
    let fields = node.fields(&["name", "sid", "password", "status"])?;
    let password = fields.required("password")?.string()?.to_owned();
    let status =
        fields.optional("status").map(|node| word(node, &UserStatus::ALL, UserStatus::name)).transpose()?;
    let status = status.unwrap_or(UserStatus::Enabled);
    object(fields.required("name")?, fields.optional("sid"), ObjectKind::User { password, status })
}

fn group<'j>(
    node: Node<'j>,
    domain: &DomainName,
    open: &mut Open<'j>,
) -> Result<(Object, Option<Sid>), Error> {
    let fields = node.fields(&["name", "sid", "members"])?;
    let made =
        object(fields.required("name")?, fields.optional("sid"), ObjectKind::Group { members: Vec::new() })?;
    let members: Vec<Node<'j>> =
        fields.optional("members").map(Node::items).transpose()?.into_iter().flatten().collect();
    open.groups.push(OpenGroup { domain: domain.clone(), group: made.0.account.clone(), members });
    Ok(made)
}

fn computer<'j>(node: Node<'j>, _: &DomainName, _: &mut Open<'j>) -> Result<(Object, Option<Sid>), Error> {
    let fields = node.fields(&["name", "sid"])?;
    object(fields.required("name")?, fields.optional("sid"), ObjectKind::Computer)
}

fn object(
    account: Node<'_>,
    sid: Option<Node<'_>>,
    kind: ObjectKind,
) -> Result<(Object, Option<Sid>), Error> {
    let account = name(account, AccountName::parse)?;
    let given = sid.map(|node| name(node, Sid::parse)).transpose()?;
    let sid = given.clone().unwrap_or_else(|| Sid::numbered(UNNUMBERED));
    Ok((Object { sid, account, kind }, given))
}

impl Open<'_> {
    /// Numbers the objects that have no SID of their own, and then finds the members of groups.
    pub(super) fn close(self, directories: &mut Directories) -> Result<(), Error> {
        for (domain, account) in self.unnumbered {
            let number = directories.next_sid;
            let object = directories.domain_mut(&domain).and_then(|domain| domain.object_mut(&account));
            if let Some(object) = object {
                object.sid = Sid::numbered(number);
                directories.next_sid = number.saturating_add(1);
            }
        }
        for OpenGroup { domain, group, members } in self.groups {
            let found =
                members.into_iter().map(|node| known_sid(node, directories)).collect::<Result<_, _>>()?;
            if let Some(object) = directories.domain_mut(&domain).and_then(|domain| domain.object_mut(&group))
            {
                object.kind = ObjectKind::Group { members: found };
            }
        }
        Ok(())
    }
}

/// A user or group as steps name it: `name@domain`, or a SID.
pub(super) fn subject(node: Node<'_>) -> Result<Subject, Error> {
    let text = node.string()?;
    if text.starts_with("S-1-") {
        return name(node, Sid::parse).map(Subject::Known);
    }
    name(node, ObjectName::parse).map(Subject::Named)
}

/// The SID of what a world names: an object of it, or any SID, since its object may be gone.
pub(super) fn known_sid(node: Node<'_>, directories: &Directories) -> Result<Sid, Error> {
    match subject(node)? {
        Subject::Known(sid) => Ok(sid),
        Subject::Named(object) => {
            let domain = directories.domain(&object.domain);
            let found = domain.and_then(|domain| domain.object(&object.account));
            found
                .map(|found| found.sid.clone())
                .ok_or_else(|| node.error(format!("the world has no object `{object}`")))
        }
    }
}
