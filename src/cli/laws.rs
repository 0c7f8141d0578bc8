//! `iamproof laws`: the universal laws, what each says, and how it is known.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Map, Value, json};

use super::output::{Style, tell, wrapped};
use super::settings::{Format, Settings};
use super::{Failure, Outcome, Output, progress, rests_on};
use crate::corpus::folder;
use crate::corpus::write::{Policies, Unanswered};
use crate::crosscheck::rests_on::Fall;
use crate::iam::assumption::OpenPoint;
use crate::iam::document::Strictness;
use crate::invariants::catalog::{Expected, Law};
use crate::invariants::given::{Given, sets_of};
use crate::invariants::known::{Counterexample, Found, LawResult, Scope, Standing, Verdict, Way, Witness};
use crate::invariants::rests_on::find_all;
use crate::invariants::rules::OwnRules;
use crate::invariants::sampled::Samples;
use crate::invariants::{Options, Readings, all, prove_all};
use crate::solver::Limits;

/// What `laws` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Which laws, by their ids in section 9 of the rules, such as INV-7 or F-12 [default: all].
    #[arg(value_name = "ID")]
    laws: Vec<String>,

    /// Policies and cases for which the laws of texts are proved; may be repeated [default: the folder `corpus`].
    #[arg(long = "policies", value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// How many random sets of policies each law is tried on; 0 for none.
    #[arg(long, value_name = "N", default_value_t = Samples::default().sets)]
    samples: u32,

    /// Say for each law in which ways it was tried and what was done, and show the witness against each false statement.
    #[arg(long)]
    explain: bool,
}

/// The project's own policies, from its top folder.
const OWN_CORPUS: &str = "corpus";

/// Runs the verb.
pub(super) fn run(
    arguments: &Arguments,
    settings: &Settings,
    output: &mut Output<'_>,
) -> Result<Outcome, Failure> {
    let laws = chosen(&arguments.laws)?;
    let (given, read) = given(&arguments.paths);
    let samples = Samples { sets: arguments.samples, seed: settings.seed, ..Samples::default() };
    let limits =
        settings.limit.map_or_else(Limits::default, |z3_effort| Limits { z3_effort, ..Limits::default() });
    let options = Options {
        readings: Readings::assuming(&OwnRules, settings.assumptions()?, limits),
        samples: (arguments.samples > 0).then_some(samples),
        laws,
        given,
    };
    let bar = progress::bar(options.steps(), "laws");
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(settings.threads.map_or(0, usize::from))
        .build()
        .map_err(|error| Failure::Input(format!("no threads to run on: {error}")))?;
    let results = threads.install(|| {
        let mut results = prove_all(&options, &|| bar.inc(1));
        find_all(&mut results, &options, &|| bar.inc(1));
        results
    });
    bar.finish_and_clear();
    match settings.format {
        Format::Text => {
            output.assumed(options.readings.assumptions)?;
            print(&results, options.given.len(), telling(arguments), output)?;
        }
        Format::Json => {
            output.answer(settings, [("laws", results.iter().map(as_json).collect::<Vec<_>>().into())])?;
        }
    }
    Ok(read.and(outcome(&results)))
}

/// How much is told of each law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// How it is known; more where it did not come out as it must.
    Briefly,
    /// Everything, witnesses included.
    Fully,
}

fn telling(arguments: &Arguments) -> Telling {
    if arguments.explain { Telling::Fully } else { Telling::Briefly }
}

/// The laws of these ids; all of them if there are none.
fn chosen(ids: &[String]) -> Result<Vec<Law>, Failure> {
    if ids.is_empty() {
        return Ok(all());
    }
    let find = |id: &String| {
        let found = all().into_iter().find(|law| law.id.eq_ignore_ascii_case(id));
        found.ok_or_else(|| Failure::Input(format!("there is no law `{id}`; `iamproof laws` lists them")))
    };
    ids.iter().map(find).collect()
}

/// The sets of policies below the paths, and how reading them ended.
fn given(paths: &[PathBuf]) -> (Vec<Given>, Outcome) {
    let own = [PathBuf::from(OWN_CORPUS)];
    let paths = if paths.is_empty() && Path::new(OWN_CORPUS).is_dir() { &own[..] } else { paths };
    if paths.is_empty() {
        tell(
            "no policies are given, and there is no folder `corpus` here: no law is proved for given policies",
        );
    }
    let found: Vec<folder::Found> =
        paths.iter().flat_map(|path| folder::read(path, Strictness::Strict)).collect();
    let mut outcome = Outcome::Holds;
    for file in &found {
        if let Err(error) = &file.content {
            tell(&error.to_string());
            outcome = outcome.and(Outcome::Unusable);
        }
    }
    (sets_of(&found), outcome)
}

/// How a run ends.
pub(super) fn outcome(results: &[LawResult]) -> Outcome {
    let of = |result: &LawResult| match result.standing() {
        Standing::AsExpected => Outcome::Holds,
        Standing::NotAsExpected => Outcome::Refuted,
        Standing::Open => Outcome::Unknown,
    };
    results.iter().map(of).fold(Outcome::Holds, Outcome::and)
}

/// A law as the JSON answer shows it. `holds` says whether it came out as it must.
pub(super) fn as_json(result: &LawResult) -> Value {
    let LawResult { law, ways, .. } = result;
    let telling = result.telling();
    let mut fields = Map::new();
    let mut field = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    field("id", law.id.into());
    field("statement", law.statement.into());
    field("kind", law.kind.letter().into());
    field("scope", telling.map(|way| way.scope.to_string()).into());
    field("verdict", telling.map_or("unknown", |way| way.verdict.name()).into());
    field("expected", law.expected.name().into());
    field("holds", (result.standing() == Standing::AsExpected).into());
    field("ways", ways.iter().map(way).collect());
    fields.extend(rests_on(result));
    Value::Object(fields)
}

/// On which open points the law rests.
pub(super) fn rests_on(result: &LawResult) -> Map<String, Value> {
    rests_on::fields(result.rests_on.as_ref(), |fall| match &fall.witness {
        Counterexample::Step { step, flags, false_flags } => {
            ("failsAt", json!({ "step": step, "flags": flags, "falseFlags": false_flags }))
        }
        Counterexample::Example(example) => ("example", json!(example)),
        Counterexample::Request(found) => ("witness", witness(found)),
    })
}

fn way(way: &Way) -> Value {
    let mut fields = json!({
        "scope": way.scope.to_string(),
        "verdict": way.verdict.name(),
        "done": way.done,
    });
    if let Value::Object(fields) = &mut fields {
        match &way.verdict {
            Verdict::Refuted(Counterexample::Step { step, flags, false_flags }) => {
                let fails_at = json!({ "step": step, "flags": flags, "falseFlags": false_flags });
                fields.insert("failsAt".to_owned(), fails_at);
            }
            Verdict::Refuted(Counterexample::Request(found)) => {
                fields.insert("witness".to_owned(), witness(found));
            }
            Verdict::Refuted(Counterexample::Example(example)) => {
                fields.insert("example".to_owned(), example.as_str().into());
            }
            Verdict::Unknown(reason) => {
                fields.insert("message".to_owned(), reason.as_str().into());
            }
            Verdict::Proved | Verdict::Sampled | Verdict::Vacuous => {}
        }
    }
    fields
}

fn witness(witness: &Witness) -> Value {
    let sides: Vec<Value> = witness
        .sides
        .iter()
        .map(|(layers, decision)| json!({ "policies": Policies(layers), "decision": decision }))
        .collect();
    json!({
        "about": witness.about,
        "sides": sides,
        "request": Unanswered(&witness.request),
        "foundBy": found_by(witness.found),
    })
}

fn found_by(found: Found) -> &'static str {
    match found {
        Found::ByBoth => "both readings",
        Found::ByTheModelAlone => "the model alone",
        Found::ByTheEvaluator => "the evaluator",
    }
}

/// The width of a line, and of the columns before the sentence.
const WIDTH: usize = 80;
const ID: usize = 11;
const COLUMNS: usize = ID + 24;

fn print(
    results: &[LawResult],
    sets: usize,
    telling: Telling,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    output
        .line(&output.styled(Style::Strong, &format!("{:<ID$}{:<24}{}", "law", "known", "what it says")))?;
    for result in results {
        print_law(result, telling, output)?;
    }
    output.line("")?;
    for line in summary(results, sets) {
        output.line(&line)?;
    }
    Ok(())
}

fn print_law(result: &LawResult, telling: Telling, output: &mut Output<'_>) -> Result<(), Failure> {
    let standing = result.standing();
    let style = match standing {
        Standing::AsExpected => Style::Good,
        Standing::NotAsExpected => Style::Bad,
        Standing::Open => Style::Odd,
    };
    let known = format!("{:<24}", known(result));
    let mut sentence = wrapped(result.law.statement, WIDTH - COLUMNS).into_iter();
    let first = sentence.next().unwrap_or_default();
    output.line(&format!("{:<ID$}{}{first}", result.law.id, output.styled(style, &known)))?;
    for line in sentence {
        output.line(&format!("{:COLUMNS$}{line}", ""))?;
    }
    print_rests_on(result, telling, output)?;
    if telling == Telling::Briefly && standing == Standing::AsExpected {
        return Ok(());
    }
    for way in &result.ways {
        let known = output.styled(Style::Strong, &format!("{}, {}", way.scope, way.verdict.name()));
        output.line(&format!("{:ID$}{known}", ""))?;
        print_wrapped(&way.done, output)?;
        print_trouble(way, output)?;
    }
    Ok(())
}

/// On which open points it rests, with what shows it where everything is told.
fn print_rests_on(result: &LawResult, telling: Telling, output: &mut Output<'_>) -> Result<(), Failure> {
    let found = match &result.rests_on {
        None => return Ok(()),
        Some(Err(reason)) => {
            return match telling {
                Telling::Briefly => Ok(()),
                Telling::Fully => {
                    print_wrapped(&format!("on which open points it rests is not known: {reason}"), output)
                }
            };
        }
        Some(Ok(found)) => found,
    };
    for line in rests_on::told(found) {
        print_wrapped(&line, output)?;
    }
    if telling == Telling::Fully {
        if found.points.is_empty() {
            print_wrapped("holds under every reading of every open point", output)?;
        }
        for Fall { assumptions, witness } in &found.falls {
            print_wrapped(&format!("under {assumptions} it falls"), output)?;
            print_counterexample(witness, output)?;
        }
    }
    Ok(())
}

fn print_wrapped(text: &str, output: &mut Output<'_>) -> Result<(), Failure> {
    for line in wrapped(text, WIDTH - 9) {
        let line = output.styled(Style::Faint, &line);
        output.line(&format!("{:ID$}{line}", ""))?;
    }
    Ok(())
}

/// What speaks against the law.
fn print_trouble(way: &Way, output: &mut Output<'_>) -> Result<(), Failure> {
    match &way.verdict {
        Verdict::Unknown(reason) => print_wrapped(reason, output),
        Verdict::Refuted(counterexample) => print_counterexample(counterexample, output),
        Verdict::Proved | Verdict::Sampled | Verdict::Vacuous => Ok(()),
    }
}

fn print_counterexample(counterexample: &Counterexample, output: &mut Output<'_>) -> Result<(), Failure> {
    match counterexample {
        Counterexample::Step { step, flags, false_flags } => {
            print_wrapped(&format!("fails at: {step}"), output)?;
            print_wrapped(&format!("where it holds that: {}", listed(flags)), output)?;
            print_wrapped(&format!("and it does not hold that: {}", listed(false_flags)), output)
        }
        Counterexample::Request(found) => print_witness(found, output),
        Counterexample::Example(example) => print_wrapped(&format!("for example: {example}"), output),
    }
}

/// The witness: lines that are meant to be copied are not wrapped.
fn print_witness(found: &Witness, output: &mut Output<'_>) -> Result<(), Failure> {
    print_wrapped(&format!("the witness, by the word of {}:", found_by(found.found)), output)?;
    output.line(&format!("{:ID$}request {}", "", json!(Unanswered(&found.request))))?;
    for (position, (layers, decision)) in found.sides.iter().enumerate() {
        let policies = json!(Policies(layers));
        output.line(&format!("{:ID$}{decision} by {} {policies}", "", side_name(position)))?;
    }
    Ok(())
}

/// What a law is about is its first side; the others are what it is compared with.
fn side_name(position: usize) -> &'static str {
    if position == 0 { "the policies" } else { "those beside them" }
}

fn listed(flags: &[String]) -> String {
    if flags.is_empty() { "(nothing)".to_owned() } else { flags.join("; ") }
}

/// The verdict with its strength.
fn known(result: &LawResult) -> String {
    let Some(way) = result.telling() else { return "not tried".to_owned() };
    let scope = match way.scope {
        Scope::AllPolicies => "all policies",
        Scope::ThesePolicies => "these policies",
        Scope::AllTraces => "all traces",
        Scope::UpTo(_) => "short traces",
        Scope::Sampled => "samples",
    };
    match (&way.verdict, result.law.expected) {
        (Verdict::Proved, _) => format!("proved, {scope}"),
        (Verdict::Sampled, _) => "sampled".to_owned(),
        (Verdict::Refuted(_), Expected::Refuted) => "refuted, as it must".to_owned(),
        (Verdict::Refuted(_), Expected::Proved) => format!("REFUTED, {scope}"),
        (Verdict::Vacuous, _) => format!("VACUOUS, {scope}"),
        (Verdict::Unknown(_), _) => format!("unknown, {scope}"),
    }
}

fn summary(results: &[LawResult], sets: usize) -> Vec<String> {
    let count = |wanted: &dyn Fn(&LawResult) -> bool| results.iter().filter(|result| wanted(result)).count();
    let proved = |scope: Scope| {
        count(&|result| {
            let telling = result.telling();
            telling.is_some_and(|way| way.scope == scope && way.verdict == Verdict::Proved)
        })
    };
    let as_expected = |result: &LawResult| result.standing() == Standing::AsExpected;
    let sampled = count(&|result| {
        result.telling().is_some_and(|way| way.verdict == Verdict::Sampled) && as_expected(result)
    });
    let refuted = count(&|result| result.law.expected == Expected::Refuted && as_expected(result));
    let wrong = count(&|result| result.standing() == Standing::NotAsExpected);
    let open = count(&|result| result.standing() == Standing::Open);
    let mut lines = vec![
        format!("{:>4} proved for all policies and all requests", proved(Scope::AllPolicies)),
        format!(
            "{:>4} proved for all requests, under the {sets} sets of policies that were",
            proved(Scope::ThesePolicies)
        ),
        "     given, or under those that the law names".to_owned(),
        format!("{:>4} proved for all worlds and every number of operations", proved(Scope::AllTraces)),
        format!("{sampled:>4} held on samples only"),
        format!("{refuted:>4} false statements refuted by a request that both readings decide alike"),
    ];
    let rests = |wanted: &dyn Fn(&[OpenPoint]) -> bool| {
        count(&|result| matches!(&result.rests_on, Some(Ok(found)) if wanted(&found.points)))
    };
    lines.push(format!(
        "{:>4} of the proofs hold under every reading of every open point",
        rests(&|points| points.is_empty())
    ));
    lines.push(format!("{:>4} rest on how some are decided", rests(&|points| !points.is_empty())));
    let unknown = count(&|result| matches!(&result.rests_on, Some(Err(_))));
    if unknown > 0 {
        lines.push(format!("{unknown:>4} of which that is not known; `--explain` says why"));
    }
    if wrong > 0 {
        lines.push(format!("{wrong:>4} NOT as expected"));
    }
    if open > 0 {
        lines.push(format!("{open:>4} not known"));
    }
    lines
}
