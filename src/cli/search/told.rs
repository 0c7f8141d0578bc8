//! What a search found, in words and as JSON.

use std::path::Path;

use serde_json::{Value, json};

use crate::cli::output::{Style, printable, wrapped};
use crate::cli::run::told::{answer, call_lines};
use crate::cli::{Failure, Output};
use crate::corpus::steps::{ExpectedStep, as_json as step_as_json};
use crate::iam::outcome::Answer as Came;
use crate::iam::world::World;
use crate::model::bounded::{Doubt, Goal, Renewal, Which};
use crate::search::{Answer, Replayed, Verdict};

/// The most doubts that people are shown; JSON has all.
const MOST_DOUBTS: usize = 10;
/// The most characters of a parameter that people are shown.
const MOST_SHOWN: usize = 120;

/// An answer with what it is about.
pub(super) struct Told<'t> {
    pub(super) goal: &'t Goal,
    pub(super) bound: usize,
    pub(super) world: &'t World,
    pub(super) answer: &'t Answer,
    /// Where the trace was written to.
    pub(super) written: Option<&'t Path>,
}

/// What is looked for.
pub(super) fn noun(goal: &Goal) -> String {
    match goal {
        Goal::Lasts { longer_than, which: Which::Any } => {
            format!("a session that lasts longer than {longer_than} seconds")
        }
        Goal::Lasts { longer_than, which: Which::Roles } => {
            format!("a session of a role that lasts longer than {longer_than} seconds")
        }
        Goal::Lasts { longer_than, which: Which::Chained } => {
            format!("a session of a chain that lasts longer than {longer_than} seconds")
        }
        Goal::Holds { role } => format!("a session of {role}"),
        Goal::Does { request } => format!("{} on {}", request.action, request.resource),
        Goal::Outlives => "a session that ends later than the one with which it was asked for".to_owned(),
        Goal::Renews => "a role session that can be renewed for ever".to_owned(),
        Goal::LosesMfa => "a session that was obtained with MFA and does not show it".to_owned(),
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

impl Told<'_> {
    pub(super) fn print(&self, output: &mut Output<'_>) -> Result<(), Failure> {
        let noun = noun(self.goal);
        match &self.answer.verdict {
            Verdict::Reached(replayed) => {
                let head = format!("reached in {}: {noun}", counted(replayed.steps.len(), "step"));
                plain(output, Style::Bad, &head)?;
                self.print_world(output)?;
                print_steps(replayed, output)?;
                output.line("")?;
                labelled("replay", "the interpreter took every step, with the results told here", output)?;
            }
            Verdict::NotWithinBound => {
                let head = format!("holds up to {}: no trace reaches {noun}", counted(self.bound, "step"));
                plain(output, Style::Good, &head)?;
                self.print_world(output)?;
                let text = "longer traces, and calls beyond those that docs/search.md lists, were not looked at: this is no proof for them";
                labelled("bounded", text, output)?;
            }
            Verdict::Unknown(why) => {
                let head = format!("not known up to {}: {noun}", counted(self.bound, "step"));
                plain(output, Style::Odd, &head)?;
                self.print_world(output)?;
                labelled("because", why, output)?;
            }
            Verdict::Defect(why) => {
                plain(output, Style::Bad, "a defect of iamproof: its two readings disagree about a trace")?;
                self.print_world(output)?;
                labelled("because", why, output)?;
            }
        }
        if let Some(renewal) = &self.answer.renewal {
            print_renewal(renewal, output)?;
        }
        self.print_doubts(output)?;
        if let Some(path) = self.written {
            let command = format!("iamproof run {}", shell_words::quote(&path.display().to_string()));
            labelled("written", &command, output)?;
        }
        Ok(())
    }

    fn print_world(&self, output: &mut Output<'_>) -> Result<(), Failure> {
        labelled("world", &format!("profile {}, from {}", self.world.profile, self.world.now), output)?;
        let Answer { asked, places, .. } = self.answer;
        let text = format!("{} by {} of credentials", counted(*asked, "call"), counted(*places, "kind"));
        labelled("asked", &text, output)
    }

    fn print_doubts(&self, output: &mut Output<'_>) -> Result<(), Failure> {
        let doubts = &self.answer.doubts;
        if doubts.is_empty() {
            return Ok(());
        }
        let text = format!(
            "whether {} allowed:",
            if doubts.len() == 1 { "this call is" } else { "these calls are" }
        );
        labelled("not known", &text, output)?;
        for Doubt { caller, call, resource, why } in doubts.iter().take(MOST_DOUBTS) {
            labelled("", &format!("{caller} calls {call} on {resource}: {why}"), output)?;
        }
        if doubts.len() > MOST_DOUBTS {
            labelled("", &format!("and {} more", doubts.len() - MOST_DOUBTS), output)?;
        }
        Ok(())
    }

    pub(super) fn as_json(&self) -> [(&'static str, Value); 10] {
        let Answer { verdict, doubts, places, asked, renewal } = self.answer;
        let (name, trace, message) = match verdict {
            Verdict::Reached(replayed) => {
                let steps = replayed.steps.iter().zip(&replayed.callers).map(|(step, caller)| {
                    let mut told = step_as_json(step);
                    if let Value::Object(fields) = &mut told {
                        fields.insert("caller".to_owned(), caller.clone().into());
                    }
                    told
                });
                ("reached", Some(steps.collect::<Vec<Value>>()), None)
            }
            Verdict::NotWithinBound => ("holds-up-to-bound", None, None),
            Verdict::Unknown(why) => ("unknown", None, Some(why)),
            Verdict::Defect(why) => ("defect", None, Some(why)),
        };
        let doubts: Vec<Value> = doubts
            .iter()
            .map(|Doubt { caller, call, resource, why }| {
                json!({ "caller": caller, "action": call, "resource": resource, "because": why })
            })
            .collect();
        [
            ("goal", noun(self.goal).into()),
            ("bound", self.bound.into()),
            ("profile", self.world.profile.name().into()),
            ("verdict", name.into()),
            ("message", message.cloned().into()),
            ("trace", trace.into()),
            ("renewal", renewal.as_ref().map(renewal_as_json).into()),
            ("unknown", doubts.into()),
            ("calls", (*asked).into()),
            ("credentials", (*places).into()),
        ]
    }
}

fn print_steps(replayed: &Replayed, output: &mut Output<'_>) -> Result<(), Failure> {
    let steps = replayed.steps.iter().zip(&replayed.callers).zip(&replayed.worlds);
    for (number, ((expected, caller), world)) in steps.enumerate() {
        let ExpectedStep { step, .. } = expected;
        output.line("")?;
        output.line(&format!("{}. {}  {}", number + 1, step.time, printable(caller)))?;
        let (call, about) = call_lines(step);
        labelled("calls", &call, output)?;
        for (name, value) in about {
            labelled("", &format!("{name} {}", shortened(&value)), output)?;
        }
        for (key, value) in step.context.entries() {
            labelled("", &format!("with {key} = {value}"), output)?;
        }
        if let Some(endpoint) = &step.endpoint {
            labelled("", &format!("through the endpoint {endpoint}"), output)?;
        }
        let came = match (&step.name, expected.expected.reason) {
            (Some(name), _) if world.sessions.contains_key(name) => Came::Session(name.clone()),
            (_, Some(reason)) => Came::Allowed(reason),
            (Some(_) | None, None) => Came::Nothing,
        };
        for line in answer(&came, world) {
            labelled("result", &line, output)?;
        }
    }
    Ok(())
}

fn print_renewal(renewal: &Renewal, output: &mut Output<'_>) -> Result<(), Failure> {
    match renewal {
        Renewal::ForEver { cycle, .. } => {
            labelled(
                "cycle",
                "each of these can assume the next, at any time, and the last the first:",
                output,
            )?;
            cycle.iter().try_for_each(|arn| labelled("", arn, output))
        }
        Renewal::ForAWhile { cycle } => {
            let text =
                "each of these can assume the next for a while, and the last the first; no bound is known:";
            labelled("cycle", text, output)?;
            cycle.iter().try_for_each(|arn| labelled("", arn, output))
        }
        Renewal::Ends { longest, .. } if longest.is_empty() => {
            labelled("chains", "no session of a role can be had at all", output)
        }
        Renewal::NotKnown => {
            let text = "no cycle was found; how long chains can be is not known, because of the calls below";
            labelled("chains", text, output)
        }
        Renewal::Ends { longest, seconds } => {
            let text = format!(
                "no cycle: all authority has ended {seconds} seconds after the first session of a chain was issued (INV-60). \
                 The chain that lasts longest has {}:",
                counted(longest.len(), "role")
            );
            labelled("chains", &text, output)?;
            longest.iter().try_for_each(|arn| labelled("", arn, output))
        }
    }
}

fn renewal_as_json(renewal: &Renewal) -> Value {
    match renewal {
        Renewal::ForEver { cycle, steps } => json!({ "for": "ever", "cycle": cycle, "steps": steps }),
        Renewal::ForAWhile { cycle } => json!({ "for": "a-while", "cycle": cycle }),
        Renewal::NotKnown => json!({ "for": "unknown" }),
        Renewal::Ends { longest, seconds } => {
            json!({ "for": "a-bounded-time", "longest": longest, "roles": longest.len(), "endsAfterSeconds": seconds })
        }
    }
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(MOST_SHOWN) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or(value)),
    }
}

fn plain(output: &mut Output<'_>, style: Style, text: &str) -> Result<(), Failure> {
    for line in wrapped(&printable(text), 78) {
        let line = output.styled(style, &line);
        output.line(&line)?;
    }
    Ok(())
}

fn labelled(label: &str, text: &str, output: &mut Output<'_>) -> Result<(), Failure> {
    for (index, line) in wrapped(&printable(text), 66).into_iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        output.line(&format!("  {label:10} {line}"))?;
    }
    Ok(())
}
