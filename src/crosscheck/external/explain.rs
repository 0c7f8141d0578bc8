//! From thousands of disagreements to a short list: each made small, and put under the construct that causes it.
//!
//! A construct is the cause if the disagreement vanishes when the construct alone is taken out ([`super::neutral`]: without changing what is right). The
//! first disagreement of a kind is made small first, so that few constructs are left to try; the next ones are tried against the causes already
//! known, on the world as it was drawn, which takes one question each. All of it is asked of the program itself, up to [`MOST_ASKED`]
//! questions; what is left then is counted, and said to be unexplained.

use super::answer::{Answer, Comparison, Expected};
use super::construct::{Cause, SERVICE_LINKED, caller_in_words};
use super::neutral::{causes, neutralised, plainer_requests, without_variables};
use super::question::{Origin, Written};
use super::reference::Reference;
use super::respondent::Respondent;
use super::run::Disagreement;
use super::session::Reply;
use crate::corpus::{Asked, Case, Question};
use crate::crosscheck::coverage::Coverage;
use crate::crosscheck::finding::reason_rule;
use crate::crosscheck::reduction::without_needless_parts;
use crate::generators::worlds::World;
use crate::iam::document::Code;

/// Disagreements with one cause.
#[derive(Clone, Debug)]
pub struct Group {
    /// The cause.
    pub cause: Cause,
    /// What is right in the smallest disagreement.
    pub expected: Expected,
    /// What the program says there.
    pub got: Answer,
    /// How many of the disagreements that were looked into are of this cause.
    pub count: u64,
    /// The smallest world that shows it, with one request; policies that are refused stay as they are.
    pub example: Example,
    /// The question that showed it first.
    pub origin: Origin,
}

/// What shows a disagreement.
#[derive(Clone, Debug)]
pub enum Example {
    /// A case that can be replayed.
    Case(Box<Case>),
    /// A line of the protocol whose policies are refused.
    Line(String),
}

/// What the disagreements of a run come to.
#[derive(Clone, Debug, Default)]
pub struct Explained {
    /// The groups, the largest first.
    pub groups: Vec<Group>,
    /// Disagreements that were not looked into.
    pub unexplained: u64,
}

/// How many questions may be asked to explain a run.
pub const MOST_ASKED: u64 = 20_000;

/// How many of them may go into making one disagreement small.
const MOST_ASKED_FOR_ONE: u64 = 600;

/// How many causes are told apart.
const MOST_GROUPS: usize = 60;

/// Explains the disagreements of a run, in their order.
pub fn explain(
    disagreements: &[Disagreement],
    reference: &dyn Reference,
    respondent: &mut dyn Respondent,
) -> Explained {
    let mut inquiry = Inquiry { reference, respondent, left: MOST_ASKED };
    let mut explained = Explained::default();
    for disagreement in disagreements {
        match &disagreement.policies {
            Written::Refused { code, .. } => refused(disagreement, *code, &mut explained.groups),
            Written::Layers(layers) => {
                let world =
                    World { layers: (**layers).clone(), requests: vec![disagreement.request.clone()] };
                if inquiry.left == 0 {
                    explained.unexplained += 1;
                } else if !inquiry.is_known(&world, disagreement, &mut explained.groups) {
                    if explained.groups.len() >= MOST_GROUPS {
                        explained.unexplained += 1;
                        continue;
                    }
                    let group = inquiry.group(world, disagreement);
                    match explained.groups.iter_mut().find(|other| other.cause == group.cause) {
                        Some(known) => known.count += 1,
                        None => explained.groups.push(group),
                    }
                }
            }
        }
    }
    // A stable sort: among equals, the first seen comes first.
    explained.groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    explained
}

/// A refused document has one cause, which its code names.
fn refused(disagreement: &Disagreement, code: Code, groups: &mut Vec<Group>) {
    let cause = Cause::new(format!("a document to be refused: {}", code.name()), refusal_rule(code.name()));
    if let Some(group) = groups.iter_mut().find(|group| group.cause == cause) {
        group.count += 1;
        return;
    }
    let request =
        serde_json::to_string(&crate::corpus::write::Unanswered(&disagreement.request)).unwrap_or_default();
    let line = format!(r#"{{"id":1,"policies":{},"requests":[{request}]}}"#, disagreement.policies.text());
    groups.push(Group {
        cause,
        expected: disagreement.expected.clone(),
        got: disagreement.got.clone(),
        count: 1,
        example: Example::Line(line),
        origin: disagreement.origin.clone(),
    });
}

struct Inquiry<'i> {
    reference: &'i dyn Reference,
    respondent: &'i mut dyn Respondent,
    left: u64,
}

impl Inquiry<'_> {
    /// What is right for a world's one request, and what the program says; `None` where one of them has no answer.
    fn both(&mut self, world: &World) -> Option<(Expected, Answer)> {
        self.left = self.left.checked_sub(1)?;
        let expected = self.reference.expected(&world.layers, &world.requests, &mut Coverage::default());
        let expected = expected.into_iter().next()?;
        let policies = Written::Layers(Box::new(world.layers.clone()));
        match self.respondent.ask(&policies, &world.requests).into_iter().next()? {
            Reply::Answered(answer) => Some((expected, answer)),
            Reply::Failed | Reply::NotAsked => None,
        }
    }

    fn disagrees(&mut self, world: &World) -> bool {
        self.both(world).is_some_and(|(expected, got)| expected.compare(&got) == Comparison::Disagrees)
    }

    fn agrees(&mut self, world: &World) -> bool {
        self.both(world).is_some_and(|(expected, got)| expected.compare(&got) == Comparison::Agrees)
    }

    /// Counts a disagreement under a known cause, if one explains it.
    fn is_known(&mut self, world: &World, disagreement: &Disagreement, groups: &mut [Group]) -> bool {
        let present = causes(world);
        for group in groups {
            let alike = group.expected.spelled() == disagreement.expected.spelled()
                && group.got.kind() == disagreement.got.kind();
            let structural = structural_cause(&disagreement.expected, world) == group.cause;
            let explains = if structural {
                alike && self.disagrees(&neutralised(world, |_| true))
            } else {
                present.contains(&group.cause)
                    && self.agrees(&neutralised(world, |cause| *cause == group.cause))
            };
            if explains {
                group.count += 1;
                return true;
            }
        }
        false
    }

    /// Makes a disagreement small and finds its cause.
    fn group(&mut self, world: World, disagreement: &Disagreement) -> Group {
        let group = |cause, expected, got, world: &World| Group {
            cause,
            example: Example::Case(Box::new(case(world, &expected, &got, disagreement))),
            expected,
            got,
            count: 1,
            origin: disagreement.origin.clone(),
        };
        let (expected, got) = (disagreement.expected.clone(), disagreement.got.clone());
        if !self.disagrees(&world) {
            let cause = Cause::new("an answer that changes when it is asked for again", "GEN-2");
            return group(cause, expected, got, &world);
        }
        let most = self.left.saturating_sub(MOST_ASKED_FOR_ONE);
        let small = without_needless_parts(world, &mut |candidate| {
            self.left > most
                && self.both(candidate).is_some_and(|(now, answer)| {
                    now.compare(&answer) == Comparison::Disagrees
                        && now.spelled() == expected.spelled()
                        && answer.kind() == got.kind()
                })
        });
        // Where the program is as wrong about the values themselves, their variables are not what it takes.
        let literal = without_variables(&small);
        let as_wrong = literal != small
            && self.both(&literal).is_some_and(|(now, answer)| {
                now.spelled() == expected.spelled() && answer.kind() == got.kind()
            });
        let small = if as_wrong { literal } else { small };
        let (expected, got) = self.both(&small).unwrap_or((expected, got));
        let cause = self.cause(&small, &expected);
        group(cause, expected, got, &small)
    }

    /// The construct that makes a small disagreement vanish; else two of them together; else what is left without any.
    fn cause(&mut self, world: &World, expected: &Expected) -> Cause {
        let present = causes(world);
        for cause in &present {
            if self.agrees(&neutralised(world, |other| other == cause)) {
                return cause.clone();
            }
        }
        for (position, first) in present.iter().enumerate() {
            for second in present.iter().skip(position + 1) {
                if self.agrees(&neutralised(world, |other| other == first || other == second)) {
                    let both = format!("{} together with {}", first.construct, second.construct);
                    return Cause::new(both, first.rule);
                }
            }
        }
        for (cause, plain) in plainer_requests(world) {
            let same = self.both(&plain).is_some_and(|(now, got)| {
                now.spelled() == expected.spelled() && now.compare(&got) == Comparison::Agrees
            });
            if same {
                return cause;
            }
        }
        structural_cause(expected, world)
    }
}

/// How layers and callers come together: what is left when every statement is plain.
fn structural_cause(expected: &Expected, world: &World) -> Cause {
    let caller = world.requests.first().map_or("nobody", |request| caller_in_words(&request.caller));
    match expected {
        Expected::Decided(_, Some(reason)) => {
            let rule = if caller == SERVICE_LINKED { "EVAL-23" } else { reason_rule(*reason) };
            Cause::new(format!("{reason} for {caller}"), rule)
        }
        Expected::Decided(decision, None) => Cause::new(format!("{decision} for {caller}"), "EVAL-26"),
        Expected::Refused(code) => Cause::new(code.name(), refusal_rule(code.name())),
        Expected::Unknown(_) => Cause::new("unknown", "EVAL-26"),
    }
}

fn case(world: &World, expected: &Expected, got: &Answer, disagreement: &Disagreement) -> Case {
    let (decision, reason) = match expected {
        Expected::Decided(decision, reason) => (*decision, *reason),
        // Only what is decided is made into a case.
        Expected::Refused(_) | Expected::Unknown(_) => (crate::iam::decision::Decision::ImplicitDeny, None),
    };
    let because =
        format!("{} is right; the evaluator under test says {}.", expected.spelled(), got.spelled());
    let source = match &disagreement.origin {
        Origin::File(path) => path.display().to_string(),
        Origin::Generated(number) => format!(
            "iamproof {} crosscheck --evaluator …, world {number}, request {}",
            env!("CARGO_PKG_VERSION"),
            disagreement.place.1 + 1
        ),
    };
    let asked = |request: &crate::iam::request::Request| Asked {
        request: request.clone(),
        expected: decision,
        reason,
    };
    Case {
        because,
        rule: None,
        source: Some(source),
        question: Question::Decisions {
            layers: Box::new(world.layers.clone()),
            assumptions: disagreement.assumptions,
            asked: world.requests.iter().map(asked).collect(),
        },
    }
}

fn refusal_rule(code: &str) -> &'static str {
    match code {
        "V-JSON" => "GRAM-1",
        "V-CHARSET" => "GRAM-2",
        "V-DUPLICATE-KEY" => "GRAM-3",
        "V-ELEMENT" => "GRAM-8",
        "V-VERSION" => "GRAM-5",
        "V-STATEMENT" => "GRAM-7",
        "V-EFFECT" => "GRAM-9",
        "V-SID" => "GRAM-10",
        "V-ACTION" => "GRAM-11",
        "V-PRINCIPAL" => "GRAM-12",
        "V-RESOURCE" => "GRAM-15",
        "V-OPERATOR" => "GRAM-17",
        "V-CONDITION-KEY" => "GRAM-18",
        "V-CONDITION-VALUE" => "GRAM-19",
        "V-VARIABLE" => "VAR-14",
        _ => "GRAM-29",
    }
}
