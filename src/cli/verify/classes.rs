//! The part of `verify` about single policies: each is cross-checked by classes, and what cannot matter in it is named with its place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::collect::Collected;
use crate::cli::crosscheck::Source;
use crate::cli::output::{printable, wrapped};
use crate::cli::{Failure, Outcome, Output};
use crate::crosscheck::classes::batch::{Batch, Lone, examine_all};
use crate::crosscheck::classes::{Asking, Atom, Part};
use crate::crosscheck::finding::Finding;
use crate::crosscheck::party::BuiltIn;
use crate::crosscheck::runner::Control;
use crate::evaluator::Reading;
use crate::iam::json::{Json, Node, Place, Shape, file};
use crate::iam::policy::{Policy, Selection};

/// Everything that was found in the policies, file by file.
#[derive(Default)]
pub(super) struct ByClasses {
    covered: u64,
    dead: Vec<Told>,
    unknown: Vec<Told>,
    defects: Vec<Told>,
    /// Requests that the readings decide differently.
    pub(super) findings: Vec<Finding>,
    pub(super) interrupted: bool,
}

/// Something that is said about a part of a policy.
struct Told {
    file: PathBuf,
    /// Where the part stands, if the file still holds it.
    place: Option<Place>,
    message: String,
}

/// Examines the policies.
pub(super) fn examine(collected: &Collected, asking: Asking, control: Control<'_>) -> ByClasses {
    let policies: Vec<Lone<'_>> = collected
        .policies
        .iter()
        .map(|filed| Lone { policy: &filed.policy, policy_type: filed.policy_type })
        .collect();
    let parties = BuiltIn(Reading::assuming(asking.assumptions));
    let Batch { examined, findings } = examine_all(&policies, &parties, asking, control);
    let mut found = ByClasses { findings, ..ByClasses::default() };
    for (filed, examined) in collected.policies.iter().zip(examined) {
        let path = filed.path.as_path();
        let classes = match examined {
            Some(Ok(classes)) => classes,
            Some(Err(no_answer)) => {
                found.unknown.push(Told {
                    file: path.to_owned(),
                    place: None,
                    message: no_answer.to_string(),
                });
                continue;
            }
            None => {
                found.interrupted = true;
                continue;
            }
        };
        found.covered += classes.covered;
        found.interrupted |= classes.interrupted;
        let places = Places::of(path, &classes.dead, &classes.unknown);
        let tell = |atom: &Atom, message: String| Told {
            file: path.to_owned(),
            place: places.0.get(atom).cloned(),
            message,
        };
        for atom in &classes.dead {
            found.dead.push(tell(atom, cannot_matter(atom, &filed.policy)));
        }
        for (atom, why) in &classes.unknown {
            found.unknown.push(tell(atom, format!("{}: {why}", named(atom, &filed.policy))));
        }
        for (atom, why) in &classes.defects {
            found.defects.push(tell(atom, format!("{}: {why}", named(atom, &filed.policy))));
        }
    }
    found
}

/// Dead parts are listed in text where they are no more than this.
const MOST_LISTED: usize = 12;

impl ByClasses {
    pub(super) fn outcome(&self) -> Outcome {
        let mut outcome = Outcome::Holds;
        if !self.unknown.is_empty() {
            outcome = outcome.and(Outcome::Unknown);
        }
        if !self.findings.is_empty() || !self.defects.is_empty() {
            outcome = outcome.and(Outcome::Refuted);
        }
        if self.interrupted {
            outcome = outcome.and(Outcome::Interrupted);
        }
        outcome
    }

    /// What came out, in one line.
    pub(super) fn line(&self) -> String {
        let mut line = format!("{} parts decide alone somewhere, as both readings say", self.covered);
        if !self.findings.is_empty() {
            line.push_str(&format!("; the readings disagree in {} ways", self.findings.len()));
        }
        for (told, what) in [
            (&self.dead, "cannot matter"),
            (&self.unknown, "are unknown"),
            (&self.defects, "show a defect of the model"),
        ] {
            if !told.is_empty() {
                line.push_str(&format!("; {} {what}", told.len()));
            }
        }
        line
    }

    /// The parts that cannot matter, and what is unknown, for people.
    pub(super) fn print(&self, output: &mut Output<'_>) -> Result<(), Failure> {
        for (told, heading) in [
            (&self.dead, "cannot matter"),
            (&self.unknown, "unknown"),
            (&self.defects, "defects of the model"),
        ] {
            if told.is_empty() {
                continue;
            }
            let listed = told.len().min(MOST_LISTED);
            output.line(&format!("{heading}:"))?;
            for told in told.iter().take(listed) {
                let at = told.place.as_ref().map_or_else(String::new, |place| {
                    format!(":{}:{} {}", place.position.line, place.position.column, place.pointer)
                });
                output.line(&format!(
                    "  {}{}",
                    printable(&told.file.display().to_string()),
                    printable(&at)
                ))?;
                for line in wrapped(&printable(&told.message), 76) {
                    output.line(&format!("    {line}"))?;
                }
            }
            if told.len() > listed {
                output
                    .line(&format!("  and {} more: `--format json` lists them all", told.len() - listed))?;
            }
        }
        Ok(())
    }

    pub(super) fn as_json(&self) -> Value {
        json!({
            "covered": self.covered,
            "dead": self.dead.iter().map(Told::as_json).collect::<Vec<_>>(),
            "unknown": self.unknown.iter().map(Told::as_json).collect::<Vec<_>>(),
            "defects": self.defects.iter().map(Told::as_json).collect::<Vec<_>>(),
        })
    }
}

impl Told {
    fn as_json(&self) -> Value {
        json!({
            "file": self.file.display().to_string(),
            "pointer": self.place.as_ref().map(|place| place.pointer.clone()),
            "line": self.place.as_ref().map(|place| place.position.line),
            "column": self.place.as_ref().map(|place| place.position.column),
            "message": self.message,
        })
    }
}

/// Why a dead part is dead, for whoever wrote the policy.
fn cannot_matter(atom: &Atom, policy: &Policy) -> String {
    let name = named(atom, policy);
    match atom.part {
        Part::Statement
        | Part::ActionPattern(_)
        | Part::ResourcePattern(_)
        | Part::Principal(_)
        | Part::Value { .. } => format!("{name}: leaving it out changes no decision"),
        Part::Action | Part::Resource | Part::Condition(_) => {
            format!("{name}: it limits nothing, no decision would change without it")
        }
    }
}

/// The part as the document has it.
fn named(atom: &Atom, policy: &Policy) -> String {
    let Some(statement) = policy.statements.get(atom.place.statement) else {
        return "a statement".to_owned();
    };
    let of = |name: &str, text: Option<&String>| match text {
        Some(text) => format!("{name} `{text}`"),
        None => name.to_owned(),
    };
    let not = |selection: &Selection<Vec<String>>, name: &'static str, not_name: &'static str| match selection
    {
        Selection::Only(_) => name,
        Selection::AllExcept(_) => not_name,
    };
    let action = not(&statement.action, "Action", "NotAction");
    let resource =
        statement.resource.as_ref().map_or("Resource", |listed| not(listed, "Resource", "NotResource"));
    match atom.part {
        Part::Statement => match &statement.sid {
            Some(sid) => format!("statement `{sid}`"),
            None => format!("statement {}", atom.place.statement + 1),
        },
        Part::Action => action.to_owned(),
        Part::Resource => resource.to_owned(),
        Part::ActionPattern(position) => of(action, statement.action.listed().get(position)),
        Part::ResourcePattern(position) => {
            of(resource, statement.resource.as_ref().and_then(|listed| listed.listed().get(position)))
        }
        Part::Principal(position) => format!("principal {}", position + 1),
        Part::Condition(entry) => match statement.condition.get(entry) {
            Some(entry) => format!("condition {} on `{}`", entry.operator, entry.key),
            None => "condition".to_owned(),
        },
        Part::Value { entry, value } => {
            let entry = statement.condition.get(entry);
            of("value", entry.and_then(|entry| entry.values.get(value)))
        }
    }
}

/// Where parts stand in a file. A policy keeps no places, so the file is read again; only files with something to tell are.
struct Places(BTreeMap<Atom, Place>);

impl Places {
    fn of(path: &Path, dead: &[Atom], unknown: &[(Atom, String)]) -> Places {
        let mut places = BTreeMap::new();
        if dead.is_empty() && unknown.is_empty() {
            return Places(places);
        }
        let Ok(bytes) = file::load(path) else { return Places(places) };
        let Ok(json) = Json::read(&bytes) else { return Places(places) };
        for atom in dead.iter().chain(unknown.iter().map(|(atom, _)| atom)) {
            if let Some(node) = node_of(json.top(), *atom) {
                places.insert(*atom, node.place());
            }
        }
        Places(places)
    }
}

/// The value in the document that is this part. Lists of one may be written without brackets.
fn node_of(document: Node<'_>, atom: Atom) -> Option<Node<'_>> {
    let statement = item(member(document, &["Statement"])?, atom.place.statement)?;
    match atom.part {
        Part::Statement => Some(statement),
        Part::Action => member(statement, &["Action", "NotAction"]),
        Part::Resource => member(statement, &["Resource", "NotResource"]),
        Part::ActionPattern(position) => item(member(statement, &["Action", "NotAction"])?, position),
        Part::ResourcePattern(position) => item(member(statement, &["Resource", "NotResource"])?, position),
        Part::Principal(position) => principal(member(statement, &["Principal", "NotPrincipal"])?, position),
        Part::Condition(entry) => condition(statement, entry),
        Part::Value { entry, value } => item(condition(statement, entry)?, value),
    }
}

/// The condition entry of this number: entries are counted through all operators, in their order.
fn condition(statement: Node<'_>, entry: usize) -> Option<Node<'_>> {
    let operators = member(statement, &["Condition"])?.members().ok()?;
    operators.filter_map(|(_, keys)| keys.members().ok()).flatten().map(|(_, values)| values).nth(entry)
}

fn principal(element: Node<'_>, position: usize) -> Option<Node<'_>> {
    let mut left = position;
    for (_, listed) in element.members().ok()? {
        let length = listed.items().map_or(1, |items| items.len());
        if left < length {
            return item(listed, left);
        }
        left -= length;
    }
    None
}

fn member<'j>(object: Node<'j>, names: &[&str]) -> Option<Node<'j>> {
    object.members().ok()?.find(|(name, _)| names.contains(name)).map(|(_, node)| node)
}

fn item(list: Node<'_>, position: usize) -> Option<Node<'_>> {
    match list.shape() {
        Shape::Array(_) => list.items().ok()?.nth(position),
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_) | Shape::Object(_) => {
            (position == 0).then_some(list)
        }
    }
}

/// What finds a disagreement by classes again; there is nothing random about it.
pub(super) fn source() -> Source {
    let command = format!("iamproof {} verify, by classes", env!("CARGO_PKG_VERSION"));
    Source { command, seed: 0, folder: None }
}
