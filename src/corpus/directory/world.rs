//! The part `directories` of a world.

use super::objects::{self, Open, known_sid};
use super::services;
use super::well_formed;
use super::words::{name, word};
use crate::iam::directory::{
    Directories, DirectoryId, DomainName, IdentityProvider, Link, RoleMapping, TrustDirection, TrustExtent,
    TrustRecord,
};
use crate::iam::json::{Error, Fields, Node};

const FIELDS: &[&str] = &["forests", "aws", "trusts", "linksDown", "identityProviders", "idsGone", "nextSid"];

/// The number of the first SID of a world that gives none.
const FIRST_SID: u64 = 1001;

/// Reads the part `directories` of a world.
///
/// # Errors
///
/// What is not as `corpus/README.md` has it, and what no world can be (DIR-1 to DIR-11): two domains of one name, a trust of a Simple
/// AD, a connector without a target on premises.
// Rules: DIR-1, DIR-2, DIR-4, DIR-6, DIR-7, DIR-8, DIR-9.
pub fn directories(node: Node<'_>) -> Result<Directories, Error> {
    let fields = node.fields(FIELDS)?;
    let mut directories = Directories { next_sid: FIRST_SID, ..Directories::default() };
    let mut open = Open::default();
    for node in list(&fields, "forests")? {
        let forest = objects::forest(node, &mut open)?;
        directories.forests.push(forest);
        well_formed::names_are_unique(&directories, node)?;
    }
    let mut waiting = Vec::new();
    for node in list(&fields, "aws")? {
        let (directory, assignments) = services::directory(node, &mut open)?;
        if directories.directory(&directory.id).is_some() {
            return Err(node.error(format!("there is a directory `{}` already", directory.id)));
        }
        directories.aws.push(directory);
        well_formed::names_are_unique(&directories, node)?;
        waiting.push((node, assignments));
    }
    well_formed::sids_are_unique(&mut directories, open.unnumbered.len(), node)?;
    open.close(&mut directories)?;
    for (node, assignments) in waiting {
        assignments.close(&mut directories)?;
        well_formed::directory_fits(&directories, node)?;
    }
    for node in list(&fields, "trusts")? {
        let record = trust(node)?;
        well_formed::trust_fits(&directories, &record, node)?;
        directories.trusts.push(record);
    }
    for node in list(&fields, "linksDown")? {
        let link = link(node)?;
        well_formed::link_fits(&directories, &link, node)?;
        directories.links_down.insert(link);
    }
    for node in list(&fields, "identityProviders")? {
        let provider = identity_provider(node, &directories)?;
        directories.identity_providers.push(provider);
    }
    for node in list(&fields, "idsGone")? {
        let id = name(node, DirectoryId::parse)?;
        if directories.directory(&id).is_some() {
            return Err(node.error(format!("the directory `{id}` is there")));
        }
        directories.ids_gone.insert(id);
    }
    well_formed::numbers_rise(&mut directories);
    if let Some(node) = fields.optional("nextSid") {
        let next = node.whole_number()?;
        if next < directories.next_sid {
            return Err(node.error("the world names a SID that is as great, or greater"));
        }
        directories.next_sid = next;
    }
    Ok(directories)
}

fn list<'j>(fields: &Fields<'j>, name: &str) -> Result<Vec<Node<'j>>, Error> {
    Ok(fields.optional(name).map(Node::items).transpose()?.into_iter().flatten().collect())
}

/// One side of a trust.
// Rule: DIR-9.
fn trust(node: Node<'_>) -> Result<TrustRecord, Error> {
    let fields = node.fields(&["owner", "partner", "direction", "type", "password"])?;
    Ok(TrustRecord {
        owner: name(fields.required("owner")?, DomainName::parse)?,
        partner: name(fields.required("partner")?, DomainName::parse)?,
        direction: direction(fields.required("direction")?)?,
        extent: extent(fields.required("type")?)?,
        password: fields.required("password")?.string()?.to_owned(),
    })
}

pub(super) fn direction(node: Node<'_>) -> Result<TrustDirection, Error> {
    word(node, &TrustDirection::ALL, TrustDirection::name)
}

pub(super) fn extent(node: Node<'_>) -> Result<TrustExtent, Error> {
    word(node, &TrustExtent::ALL, TrustExtent::name)
}

// Rule: DIR-7.
fn link(node: Node<'_>) -> Result<Link, Error> {
    let fields = node.fields(&["directory", "domain"])?;
    let directory = name(fields.required("directory")?, DirectoryId::parse)?;
    Ok(Link { directory, domain: name(fields.required("domain")?, DomainName::parse)? })
}

// Rule: DIR-33.
fn identity_provider(node: Node<'_>, directories: &Directories) -> Result<IdentityProvider, Error> {
    let fields = node.fields(&["arn", "domain", "roles"])?;
    let arn = fields.required("arn")?;
    let text = arn.string()?.to_owned();
    if directories.identity_providers.iter().any(|other| other.arn == text) {
        return Err(arn.error(format!("there is an identity provider `{text}` already")));
    }
    let node = fields.required("domain")?;
    let domain = name(node, DomainName::parse)?;
    well_formed::forest_feeds(directories, &domain, node)?;
    let mut mappings = Vec::new();
    for node in fields.required("roles")?.items()? {
        let fields = node.fields(&["group", "role"])?;
        let group = known_sid(fields.required("group")?, directories)?;
        mappings.push(RoleMapping { group, role: fields.required("role")?.string()?.to_owned() });
    }
    Ok(IdentityProvider { arn: text, domain, mappings })
}
