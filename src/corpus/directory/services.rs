//! Directories that AWS keeps, as a world gives them, and what steps pass for them.

use super::objects::{Open, domain, known_sid};
use super::words::{name, word};
use crate::iam::arn::is_account_id;
use crate::iam::directory::{
    AccountName, Assignment, AwsDirectory, AwsDirectoryKind, ConsoleAccess, DEFAULT_SESSION_LENGTH_S,
    Directories, DirectoryId, DirectoryState, DomainName, Radius, RadiusCode, Reach, ServiceAccount,
};
use crate::iam::instant::Instant;
use crate::iam::json::{Error, Fields, Node};
use crate::iam::spelling::quoted;

const FIELDS: [&str; 14] = [
    "id",
    "kind",
    "partition",
    "region",
    "account",
    "domain",
    "target",
    "serviceAccount",
    "radius",
    "state",
    "accessUrl",
    "console",
    "sessionLength",
    "assignments",
];

/// Assignments that wait until every object has its SID.
pub(super) struct OpenAssignments<'j> {
    id: DirectoryId,
    assignments: Vec<Node<'j>>,
}

/// One directory; its assignments come later.
// Rules: DIR-4, DIR-6.
pub(super) fn directory<'j>(
    node: Node<'j>,
    open: &mut Open<'j>,
) -> Result<(AwsDirectory, OpenAssignments<'j>), Error> {
    let fields = node.fields(&FIELDS)?;
    let id = name(fields.required("id")?, DirectoryId::parse)?;
    let account = fields.required("account")?;
    if !is_account_id(account.string()?) {
        return Err(account.error("expected an account id of twelve digits"));
    }
    let text = |name: &str| fields.optional(name).map(Node::string).transpose();
    let directory = AwsDirectory {
        id: id.clone(),
        partition: text("partition")?.unwrap_or("aws").to_owned(),
        region: text("region")?.unwrap_or("us-east-1").to_owned(),
        account: account.string()?.to_owned(),
        kind: kind(&fields, open)?,
        state: fields.optional("state").map(state).transpose()?.unwrap_or(DirectoryState::Active),
        access_url: text("accessUrl")?.map(str::to_owned),
        console: fields.optional("console").map(console).transpose()?.unwrap_or(ConsoleAccess::Disabled),
        session_length_s: fields
            .optional("sessionLength")
            .map(session_length)
            .transpose()?
            .unwrap_or(DEFAULT_SESSION_LENGTH_S),
        assignments: Vec::new(),
    };
    let assignments =
        fields.optional("assignments").map(Node::items).transpose()?.into_iter().flatten().collect();
    Ok((directory, OpenAssignments { id, assignments }))
}

fn kind<'j>(fields: &Fields<'j>, open: &mut Open<'j>) -> Result<AwsDirectoryKind, Error> {
    let node = fields.required("kind")?;
    let only = |names: &[&str]| match names.iter().find_map(|name| fields.optional(name)) {
        Some(found) => Err(found.error("a directory of this kind does not have it")),
        None => Ok(()),
    };
    match node.string()? {
        "managed" => {
            only(&["target", "serviceAccount"])?;
            let radius = fields.optional("radius").map(radius).transpose()?;
            Ok(AwsDirectoryKind::Managed { domain: domain(fields.required("domain")?, open)?, radius })
        }
        "connector" => {
            only(&["domain"])?;
            Ok(AwsDirectoryKind::Connector {
                target: name(fields.required("target")?, DomainName::parse)?,
                service_account: service_account(fields.required("serviceAccount")?)?,
                radius: fields.optional("radius").map(radius).transpose()?,
            })
        }
        "simple" => {
            only(&["target", "serviceAccount", "radius"])?;
            Ok(AwsDirectoryKind::Simple { domain: domain(fields.required("domain")?, open)? })
        }
        other => {
            let message = format!("expected `managed`, `connector` or `simple`, found {}", quoted(other));
            Err(node.error(message))
        }
    }
}

pub(super) fn service_account(node: Node<'_>) -> Result<ServiceAccount, Error> {
    let fields = node.fields(&["name", "password"])?;
    let account = name(fields.required("name")?, AccountName::parse)?;
    Ok(ServiceAccount { account, password: fields.required("password")?.string()?.to_owned() })
}

/// A RADIUS server and the codes that it accepts.
// Rule: DIR-23.
pub(super) fn radius(node: Node<'_>) -> Result<Radius, Error> {
    let fields = node.fields(&["reach", "codes"])?;
    let reach = fields.optional("reach").map(reach).transpose()?.unwrap_or(Reach::Up);
    let codes = fields.optional("codes").map(Node::items).transpose()?.into_iter().flatten();
    Ok(Radius { reach, codes: codes.map(radius_code).collect::<Result<_, _>>()? })
}

fn radius_code(node: Node<'_>) -> Result<RadiusCode, Error> {
    let fields = node.fields(&["user", "code", "from", "until"])?;
    let seconds = |name: &str| fields.optional(name).map(whole_second).transpose();
    Ok(RadiusCode {
        account: name(fields.required("user")?, AccountName::parse)?,
        code: fields.required("code")?.string()?.to_owned(),
        from_s: seconds("from")?,
        until_s: seconds("until")?,
    })
}

/// An instant without a fraction of a second.
fn whole_second(node: Node<'_>) -> Result<i64, Error> {
    match Instant::parse(node.string()?) {
        Some(instant) if instant.whole_second() == instant => Ok(instant.epoch_seconds()),
        Some(_) | None => {
            Err(node.error("expected an instant in whole seconds, such as `2024-06-01T12:00:00Z`"))
        }
    }
}

pub(super) fn reach(node: Node<'_>) -> Result<Reach, Error> {
    word(node, &[Reach::Up, Reach::Down], |reach| match reach {
        Reach::Up => "up",
        Reach::Down => "down",
    })
}

pub(super) fn state(node: Node<'_>) -> Result<DirectoryState, Error> {
    word(node, &[DirectoryState::Active, DirectoryState::Inactive], |state| match state {
        DirectoryState::Active => "active",
        DirectoryState::Inactive => "inactive",
    })
}

fn console(node: Node<'_>) -> Result<ConsoleAccess, Error> {
    word(node, &[ConsoleAccess::Enabled, ConsoleAccess::Disabled], |console| match console {
        ConsoleAccess::Enabled => "enabled",
        ConsoleAccess::Disabled => "disabled",
    })
}

/// The length of sessions that a world starts with; steps may ask for any.
// Rule: DIR-29.
fn session_length(node: Node<'_>) -> Result<u64, Error> {
    match node.whole_number()? {
        seconds @ 900..=43_200 => Ok(seconds),
        seconds => {
            Err(node.error(format!("a session length is between 900 and 43200 seconds, not {seconds}")))
        }
    }
}

impl OpenAssignments<'_> {
    /// Reads the assignments, now that every object has its SID.
    // Rule: DIR-25.
    pub(super) fn close(self, directories: &mut Directories) -> Result<(), Error> {
        for node in self.assignments {
            let fields = node.fields(&["subject", "role"])?;
            let subject = known_sid(fields.required("subject")?, directories)?;
            let assignment = Assignment { subject, role: fields.required("role")?.string()?.to_owned() };
            let Some(directory) = directories.directory_mut(&self.id) else { continue };
            if directory.assignments.contains(&assignment) {
                return Err(node.error("this role is assigned to this subject already"));
            }
            directory.assignments.push(assignment);
        }
        Ok(())
    }
}
