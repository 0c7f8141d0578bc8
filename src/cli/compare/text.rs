//! Comparisons as text for people: the verdict, and for each direction the request that shows it and why.

use super::Manner;
use super::answer::{Answer, Presence, Side, Told};
use super::folders::Tally;
use super::witnesses::{Replay, Replays, Witnesses};
use crate::cli::output::{Style, printable, wrapped};
use crate::cli::{Failure, Output};
use crate::comparison::{Ending, Explanation, Inclusion, Refusal, Verdict, explain};
use crate::corpus::principal_of;
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;

/// How wide a line may be.
const WIDTH: usize = 80;

/// Where the second column begins.
const INDENT: usize = 13;

/// Prints what is to be said of a pair.
pub(super) fn print_answer(
    answer: &Answer,
    replays: &Replays,
    manner: &Manner,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    let Answer { old, new, comparison, gained, lost } = answer;
    let verdict = answer.verdict();
    let style = match verdict {
        Verdict::Equivalent | Verdict::Narrower => Style::Good,
        Verdict::Wider | Verdict::Incomparable => Style::Bad,
        Verdict::Unknown => Style::Odd,
    };
    let word = output.styled(style, verdict.name());
    output.line(&format!("{word}: {}", meaning(verdict)))?;
    output.line(&format!("  old  {}", printable(&old.name)))?;
    output.line(&format!("  new  {}", printable(&new.name)))?;
    let gain = Direction { title: "gained", told: gained, inclusion: &comparison.gained, from: new, to: old };
    gain.print(replays.gained.as_ref(), manner, output)?;
    let loss = Direction { title: "lost", told: lost, inclusion: &comparison.lost, from: old, to: new };
    loss.print(replays.lost.as_ref(), manner, output)?;
    for note in answer.notes() {
        let label = output.styled(Style::Odd, "note");
        row(&label, "note", &note, output)?;
    }
    Ok(())
}

fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Equivalent => "both allow exactly the same requests",
        Verdict::Wider => "NEW allows all that OLD does, and more",
        Verdict::Narrower => "NEW allows less than OLD, and nothing else",
        Verdict::Incomparable => "NEW allows some of what OLD does not, and the reverse",
        Verdict::Unknown => "one direction is not known",
    }
}

/// One direction of an answer: what `from` allows and `to` does not.
struct Direction<'a> {
    title: &'static str,
    told: &'a Option<Told>,
    inclusion: &'a Inclusion,
    from: &'a Side,
    to: &'a Side,
}

impl Direction<'_> {
    fn print(
        &self,
        replay: Option<&Replay>,
        manner: &Manner,
        output: &mut Output<'_>,
    ) -> Result<(), Failure> {
        let title = output.styled(Style::Strong, self.title);
        let Some(told) = self.told else {
            let text = match self.inclusion {
                Inclusion::Proved(_) => "nothing: proved for every request".to_owned(),
                Inclusion::Unknown(reason) => format!("not known: {reason}"),
                Inclusion::Refuted(_) => "something, but no case can tell it".to_owned(),
            };
            return row(&title, self.title, &text, output);
        };
        let subject = match self.title {
            "gained" => "this request, which NEW allows and OLD does not",
            _ => "this request, which OLD allows and NEW does not",
        };
        row(&title, self.title, subject, output)?;
        let request = &told.witness.request;
        let explanation =
            explain(&self.from.shelved.prepared, &self.to.shelved.prepared, request, manner.limits);
        plain_row("action", &request.action, output)?;
        plain_row("resource", &request.resource, output)?;
        self.print_caller(told, output)?;
        print_context(told, &explanation, output)?;
        plain_row("allowed by", &self.allowed(&explanation), output)?;
        plain_row("refused by", &self.refused(&explanation), output)?;
        if !told.staged.is_shown() {
            let codes = (told.staged.allowed.code(), told.staged.refused.code());
            let text =
                format!("does not show it: {} with this document, {} with the other", codes.0, codes.1);
            plain_row("decision", &text, output)?;
        }
        if let Some(Replay { allowed, refused }) = replay {
            plain_row("replay", allowed, output)?;
            if let Some(refused) = refused {
                plain_row("and", refused, output)?;
            }
        }
        Ok(())
    }

    /// Who calls, where either document asks.
    fn print_caller(&self, told: &Told, output: &mut Output<'_>) -> Result<(), Failure> {
        let asks = |side: &Side| {
            let statements = &side.shelved.prepared.policy().statements;
            statements.iter().any(|statement| statement.principal.is_some())
        };
        if !asks(self.from) && !asks(self.to) {
            return Ok(());
        }
        let (principal, role, _) = principal_of(&told.staged.request.caller);
        let mut text = principal.as_str().map_or_else(|| principal.to_string(), str::to_owned);
        if let Some(role) = role {
            text.push_str(&format!(", a session of {role}"));
        }
        plain_row("principal", &text, output)
    }

    fn allowed(&self, explanation: &Explanation) -> String {
        match explanation.allowed_by {
            Some(statement) => format!("{}: its Allow matches", place(self.from, statement)),
            None => format!("{}, which is not there and so restricts nothing", self.from.name),
        }
    }

    fn refused(&self, explanation: &Explanation) -> String {
        match &explanation.refused_by {
            Refusal::Denied(statement) => format!("{}: its Deny matches", place(self.to, *statement)),
            Refusal::NoAllow if self.to.presence == Presence::Missing => self.to.name.clone(),
            Refusal::NoAllow => format!("{}, which has no Allow", self.to.name),
            Refusal::Nearest { statement, misses } => format!(
                "no Allow of it matches; the nearest is {}, but not its {}",
                place(self.to, *statement),
                listed(misses)
            ),
        }
    }
}

/// A statement as people find it: file, pointer, line, and Sid.
fn place(side: &Side, statement: usize) -> String {
    let written = side.shelved.prepared.policy().statements.get(statement);
    let sid = written.and_then(|written| written.sid.as_ref());
    let sid = sid.map_or_else(String::new, |sid| format!(" `{sid}`"));
    match side.shelved.place_of(statement) {
        Some(place) => {
            format!("{} {}{sid} (line {})", side.name, place.pointer, place.position.line)
        }
        None => format!("statement {} of {}{sid}", statement + 1, side.name),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: &[String]) -> String {
    match words {
        [] => "elements together".to_owned(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The keys that matter with their values; of the others any value will do.
fn print_context(told: &Told, explanation: &Explanation, output: &mut Output<'_>) -> Result<(), Failure> {
    let value = |key: &KeyName| match told.witness.request.context.value(key) {
        None => "absent".to_owned(),
        Some(ContextValue::Single(value)) => format!("`{value}`"),
        Some(ContextValue::Many(values)) => {
            format!("[{}]", values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "))
        }
    };
    let mut label = "context";
    for key in &explanation.keys {
        plain_row(label, &format!("{}: {}", key.spelling(), value(key)), output)?;
        label = "";
    }
    for key in &explanation.keys_unknown {
        let text = format!("{}: {} (it may matter)", key.spelling(), value(key));
        plain_row(label, &text, output)?;
        label = "";
    }
    let rest = if label.is_empty() { "any value for every other key" } else { "any: no key matters" };
    plain_row(label, rest, output)
}

fn plain_row(label: &str, text: &str, output: &mut Output<'_>) -> Result<(), Failure> {
    row(label, label, text, output)
}

/// A label and a text beside it, at most [`WIDTH`] wide; `plain` is the label as it is counted.
pub(super) fn row(label: &str, plain: &str, text: &str, output: &mut Output<'_>) -> Result<(), Failure> {
    let is_heading = matches!(plain, "gained" | "lost" | "note" | "rests on");
    let margin = if is_heading { "" } else { "  " };
    let gap = " ".repeat(INDENT.saturating_sub(plain.len() + margin.len()));
    for (number, line) in wrapped(&printable(text), WIDTH - INDENT).into_iter().enumerate() {
        if number == 0 {
            output.line(&format!("{margin}{label}{gap}{line}"))?;
        } else {
            output.line(&format!("{}{line}", " ".repeat(INDENT)))?;
        }
    }
    Ok(())
}

/// Says how witnesses become files, where none were written.
pub(super) fn print_replay_hint(witnesses: &Witnesses, output: &mut Output<'_>) -> Result<(), Failure> {
    if witnesses.are_written() {
        return Ok(());
    }
    plain_row(
        "replay",
        "add `--write-cases FOLDER` for files that `iamproof decide --case FILE` shows",
        output,
    )
}

/// Prints what the pairs of two folders came to.
pub(super) fn print_summary(tally: &Tally, ending: Ending, output: &mut Output<'_>) -> Result<(), Failure> {
    let counts: Vec<String> =
        tally.by_verdict.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
    let counts = if counts.is_empty() { "none".to_owned() } else { counts.join(", ") };
    let documents = if tally.pairs == 1 { "document" } else { "documents" };
    output.line(&format!("{} {documents} compared: {counts}", tally.pairs))?;
    match ending {
        Ending::Done => {}
        Ending::Stopped => output.line("interrupted: the rest was not compared")?,
    }
    Ok(())
}
