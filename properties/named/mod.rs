//! Evaluators with one mistake each, in this process: found by generated cases, and named by what they take otherwise.
//!
//! The mistakes are those of `Fault`, and others that are made here, by deciding other policies or another request than were asked, as look-alikes of IAM
//! really do. The names are written down by hand, from what each mistake is.

mod changed;
mod faults;
mod look_alikes;
mod meetings;

use std::sync::LazyLock;

use iamproof::crosscheck::coverage::Coverage;
use iamproof::crosscheck::external::{
    Answer, BuiltIn, Explained, Question, Reference, Reply, Respondent, Tally, Written, explain, interview,
};
use iamproof::crosscheck::stream::{Kind, Stream};
use iamproof::evaluator::fault::Fault;
use iamproof::evaluator::{Evaluator, Reading};
use iamproof::iam::layers::Layers;
use iamproof::iam::request::Request;
use rayon::prelude::*;

use faults::NAMES;
use look_alikes::LOOK_ALIKES;
use meetings::MEETINGS;

/// In so many generated cases each mistake must show; `crosscheck --evaluator` generates as many where nothing is said.
const CASES: u64 = 4_000;

/// So many disagreements are looked into: what a mistake is called must not hang on seeing it by the hundred.
const ENOUGH: usize = 12;

/// So many requests a case has at the most; `crosscheck --evaluator` puts more.
const MOST_REQUESTS: usize = 10;

/// The cases, each with what is right.
static QUESTIONS: LazyLock<Vec<Question>> = LazyLock::new(|| {
    let question = |stream: &mut Stream, number: u64| {
        let mut question = Question::generated(stream, number).expect("there is a case of every number");
        if let Some(layers) = question.policies.layers() {
            let right = BuiltIn::default().expected(layers, &question.requests, &mut Coverage::default());
            question.known = Some(right);
        }
        question
    };
    let stream = || Stream::new(0, Kind::Mixed, MOST_REQUESTS);
    (0..CASES).into_par_iter().map_init(stream, question).collect()
});

/// Somebody who decides a request in this process.
struct InProcess<'d>(&'d (dyn Fn(&Layers, &Request) -> Answer + Sync));

impl Respondent for InProcess<'_> {
    fn ask(&mut self, policies: &Written, requests: &[Request]) -> Vec<Reply> {
        let answer = |request: &Request| match policies {
            Written::Refused { code, .. } => Answer::Error(code.name().to_owned()),
            Written::Layers(layers) | Written::Respelled { layers, .. } => (self.0)(layers, request),
        };
        requests.iter().map(|request| Reply::Answered(answer(request))).collect()
    }
}

fn examined(decide: &(dyn Fn(&Layers, &Request) -> Answer + Sync)) -> (Tally, Explained) {
    let mut respondent = InProcess(decide);
    let tally = interview(&QUESTIONS, ENOUGH, &mut respondent, &BuiltIn::default());
    let explained = explain(&tally.disagreements, &BuiltIn::default(), &mut respondent);
    (tally, explained)
}

/// Found, and called by one of these rules and by these words in the largest group; `None` if so, else what came of it.
fn misnamed(
    what: &str,
    decide: &(dyn Fn(&Layers, &Request) -> Answer + Sync),
    rules: &str,
    words: &str,
) -> Option<String> {
    assert!(!words.is_empty() && !rules.is_empty(), "{what} has no name that could be missed");
    let (tally, explained) = examined(decide);
    let first = explained.groups.first();
    let fits = first.is_some_and(|group| {
        rules.split(' ').any(|rule| rule == group.cause.rule) && group.cause.construct.contains(words)
    });
    if std::env::var_os("IAMPROOF_SHOW").is_some() {
        let first = tally.disagreements.first().map(|one| one.place.0 + 1);
        let named: Vec<String> = explained
            .groups
            .iter()
            .take(3)
            .map(|group| format!("{} ({}, {})", group.cause.construct, group.cause.rule, group.count))
            .collect();
        println!(
            "| {what} | {} | {} |",
            first.map_or("never".to_owned(), |number| number.to_string()),
            named.join("; ")
        );
    }
    (!fits).then(|| {
        let groups: Vec<String> = explained
            .groups
            .iter()
            .map(|group| format!("{} × {} [{}]", group.count, group.cause.construct, group.cause.rule))
            .collect();
        format!("{what}: {} disagreements, expected {rules} `{words}`, got {groups:?}", tally.disagreed)
    })
}

fn decided(layers: &Layers, request: &Request, reading: Reading) -> Answer {
    // A change may make a document that says nothing any more.
    Evaluator::compile_with(layers, reading).map_or(Answer::Error("V-POLICY".to_owned()), |evaluator| {
        Answer::Decision(evaluator.decide(request).decision())
    })
}

fn right(layers: &Layers, request: &Request) -> Answer {
    decided(layers, request, Reading::default())
}

#[test]
fn every_planted_mistake_is_found_and_named() {
    let faults: Vec<Fault> = Fault::ALL.iter().copied().filter(|fault| !fault.is_about_steps()).collect();
    let untold: Vec<&str> = faults
        .iter()
        .map(|fault| fault.name())
        .filter(|name| !NAMES.iter().any(|(told, ..)| told == name))
        .collect();
    assert!(untold.is_empty(), "without a name: {untold:?}");
    let wrong: Vec<String> = NAMES
        .par_iter()
        .filter_map(|(name, rules, words)| {
            let fault = faults.iter().find(|fault| fault.name() == *name).expect("a mistake of this name");
            let reading = Reading::with_fault(*fault);
            misnamed(name, &|layers, request| decided(layers, request, reading), rules, words)
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_mistake_of_a_look_alike_is_found_and_named() {
    let wrong: Vec<String> = LOOK_ALIKES
        .par_iter()
        .chain(MEETINGS)
        .filter_map(|(what, decide, rules, words)| misnamed(what, decide, rules, words))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
