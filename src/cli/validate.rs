//! `iamproof validate`: policy documents against the grammar.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Value, json};

use super::files::{self, Unreadable};
use super::output::{Style, printable, tell, wrapped};
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output};
use crate::iam::document::{Code, Document, Finding, Severity, Strictness, TypeChoice, read};
use crate::iam::json::file;
use crate::iam::policy::PolicyType;

/// What `validate` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Documents, or folders of which every `*.json` below is read.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The type of the policies [default: `trust` with a Principal but no Resource, `resource` with both, else `identity`].
    #[arg(long = "type", value_name = "TYPE", value_parser = policy_type_parser())]
    policy_type: Option<PolicyType>,

    /// Only warn of what AWS would refuse on saving, but what has a plain meaning (an account id without 12 digits).
    #[arg(long)]
    lenient: bool,
}

/// Takes the names of the policy types.
pub(super) fn policy_type_parser() -> impl TypedValueParser<Value = PolicyType> {
    PossibleValuesParser::new(PolicyType::ALL.map(PolicyType::name))
        .try_map(|name| PolicyType::from_name(&name).ok_or("unknown type"))
}

/// A document that was read, and the file it is from.
struct Validated {
    path: PathBuf,
    document: Document,
}

/// Runs the verb.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let choice = arguments.policy_type.map_or(TypeChoice::Guessed, TypeChoice::Given);
    let strictness = if arguments.lenient { Strictness::Lenient } else { Strictness::Strict };
    let files = files::find(&arguments.paths);
    let mut tally = Tally { unreadable: files.unreadable, ..Tally::default() };
    let mut answers = Vec::new();
    for path in files.found {
        match file::load(&path) {
            Err(error) => tally.unreadable.push(Unreadable { path, message: error.to_string() }),
            Ok(bytes) => {
                let validated = Validated { document: read(&bytes, choice, strictness), path };
                tally.count(&validated.document);
                match settings.format {
                    Format::Text => print(&validated, output)?,
                    Format::Json => answers.extend(as_json(&validated)),
                }
            }
        }
    }
    for Unreadable { path, message } in &tally.unreadable {
        tell(&format!("{} cannot be read: {message}", path.display()));
    }
    match settings.format {
        Format::Text => print_tally(&tally, output)?,
        Format::Json => output.answer(
            settings,
            [
                ("documents", tally.documents.into()),
                ("errors", tally.errors.into()),
                ("warnings", tally.warnings.into()),
                ("findings", answers.into()),
                ("findingsLeftOut", tally.left_out.into()),
                ("unreadable", tally.unreadable.iter().map(unreadable_as_json).collect()),
            ],
        )?,
    }
    Ok(tally.outcome())
}

/// What was seen in all documents together.
#[derive(Default)]
struct Tally {
    documents: usize,
    documents_with_errors: usize,
    documents_without_json: usize,
    errors: usize,
    warnings: usize,
    left_out: usize,
    unreadable: Vec<Unreadable>,
}

impl Tally {
    fn count(&mut self, document: &Document) {
        let errors = document.errors().count();
        self.documents += 1;
        self.documents_with_errors += usize::from(errors > 0);
        self.documents_without_json += usize::from(document.errors().any(|error| error.code == Code::Json));
        self.errors += errors;
        self.warnings += document.warnings().count();
        self.left_out += document.findings_left_out;
    }

    fn outcome(&self) -> Outcome {
        let mut outcome = if self.documents == 0 { Outcome::Unknown } else { Outcome::Holds };
        if self.documents_with_errors > 0 {
            outcome = outcome.and(Outcome::Refuted);
        }
        if self.documents_without_json > 0 || !self.unreadable.is_empty() {
            outcome = outcome.and(Outcome::Unusable);
        }
        outcome
    }
}

fn as_json(Validated { path, document }: &Validated) -> Vec<Value> {
    document
        .findings
        .iter()
        .map(|finding| {
            json!({
                "code": finding.code.name(),
                "severity": finding.severity.name(),
                "file": path.display().to_string(),
                "pointer": finding.pointer(),
                "line": finding.position().line,
                "column": finding.position().column,
                "message": finding.message,
            })
        })
        .collect()
}

fn unreadable_as_json(Unreadable { path, message }: &Unreadable) -> Value {
    json!({ "file": path.display().to_string(), "message": message })
}

/// How wide a line of text may be.
const WIDTH: usize = 80;

/// How many warnings of one code are printed for one document; the first few tell the story.
const WARNINGS_OF_A_CODE: usize = 3;

/// Prints a document with findings; there is nothing to say about one without.
fn print(Validated { path, document }: &Validated, output: &mut Output<'_>) -> Result<(), Failure> {
    if document.findings.is_empty() {
        return Ok(());
    }
    let name = output.styled(Style::Strong, &printable(&path.display().to_string()));
    output.line(&format!("{name} ({} policy)", document.policy_type))?;
    for (index, finding) in document.findings.iter().enumerate() {
        let before =
            document.findings.iter().take(index).filter(|other| is_warning_of(other, finding.code)).count();
        if finding.severity == Severity::Error || before < WARNINGS_OF_A_CODE {
            print_finding(finding, output)?;
        }
    }
    print_left_out(document, output)?;
    output.line("")?;
    Ok(())
}

fn is_warning_of(finding: &Finding, code: Code) -> bool {
    finding.code == code && finding.severity == Severity::Warning
}

fn print_finding(finding: &Finding, output: &mut Output<'_>) -> Result<(), Failure> {
    let style = match finding.severity {
        Severity::Error => Style::Bad,
        Severity::Warning => Style::Odd,
    };
    let severity = output.styled(style, finding.severity.name());
    let code = output.styled(Style::Faint, finding.code.name());
    output.line(&format!("  {severity} in {} {code}", finding.position()))?;
    if !finding.pointer().is_empty() {
        output.line(&format!("    {}", printable(finding.pointer())))?;
    }
    for line in wrapped(&finding.message, WIDTH - 4) {
        output.line(&format!("    {line}"))?;
    }
    Ok(())
}

/// Says of which warnings there are more than were printed.
fn print_left_out(document: &Document, output: &mut Output<'_>) -> Result<(), Failure> {
    for code in Code::ALL {
        let all = document.findings.iter().filter(|finding| is_warning_of(finding, *code)).count();
        if let Some(more @ 1..) = all.checked_sub(WARNINGS_OF_A_CODE) {
            output.line(&format!("  and {more} more {code}: `--format json` lists them all"))?;
        }
    }
    if document.findings_left_out > 0 {
        output.line(&format!("  and {} more findings, not kept", document.findings_left_out))?;
    }
    Ok(())
}

fn print_tally(tally: &Tally, output: &mut Output<'_>) -> Result<(), Failure> {
    let verdict = if tally.documents == 0 {
        output.styled(Style::Odd, "no document was read")
    } else if tally.documents_with_errors == 0 {
        output.styled(Style::Good, &format!("{} valid", counted(tally.documents, "document")))
    } else {
        let invalid =
            format!("{} of {} not valid", tally.documents_with_errors, counted(tally.documents, "document"));
        output.styled(Style::Bad, &invalid)
    };
    let mut line =
        format!("{verdict}: {}, {}", counted(tally.errors, "error"), counted(tally.warnings, "warning"));
    if !tally.unreadable.is_empty() {
        line.push_str(&format!("; {} could not be read", counted(tally.unreadable.len(), "path")));
    }
    output.line(&line)?;
    Ok(())
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
