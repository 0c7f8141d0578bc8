//! From thousands of disagreements to a short list: each made small, and put under the construct that causes it.
//!
//! A construct is the cause if the disagreement vanishes when the construct alone is taken out ([`super::neutral`]: without changing what is right). The
//! first disagreement of a kind is made small first, so that few constructs are left to try; the next ones are tried against the causes already
//! known, on the world as it was drawn, which takes one question each. All of it is asked of the program itself, up to [`MOST_ASKED`]
//! questions; what is left then is counted, and said to be unexplained.

use super::answer::{Answer, Comparison, Expected};
use super::broken::Damage;
use super::construct::{Cause, caller_in_words};
use super::facet::{Facet, Property, facets};
use super::listed::{cause_of_action, cause_of_resource};
use super::neutral::{
    causes, neutralised, plainer_requests, with_plain_exceptions, without_variable_texts, without_variables,
};
use super::question::{Origin, Written};
use super::reference::Reference;
use super::respondent::Respondent;
use super::run::Disagreement;
use super::session::Reply;
use super::spelling::Spelling;
use super::structure::structural_cause;
use crate::corpus::{Asked, Case, Question};
use crate::crosscheck::coverage::Coverage;
use crate::crosscheck::reduction::without_needless_parts;
use crate::generators::worlds::World;
use crate::iam::document::Code;
use crate::iam::policy::Selection;
use crate::iam::request::Request;

/// Disagreements with one cause.
#[derive(Clone, Debug)]
pub struct Group {
    /// The cause.
    pub cause: Cause,
    /// How it was found to be one.
    manner: Manner,
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

/// How a cause was found: what was taken out when the disagreement went away.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Manner {
    /// Elements of statements.
    Elements,
    /// A property of texts.
    Property(Property),
    /// Nothing that could be taken out: layers and callers.
    Structure,
    /// The plain spelling of the same policies.
    Spelling,
    /// What is wrong with documents that are refused under one code.
    Refusal(Code, Vec<Damage>),
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
    let mut inquiry = Inquiry { reference, respondent, spelling: None, left: MOST_ASKED };
    let mut explained = Explained::default();
    for disagreement in disagreements {
        let (layers, spelling) = match &disagreement.policies {
            Written::Refused { code, damage, .. } => {
                refused(disagreement, *code, *damage, &mut explained.groups);
                continue;
            }
            Written::Layers(layers) => (layers, None),
            Written::Respelled { layers, spelling } => (layers, Some(*spelling)),
        };
        let world = World { layers: (**layers).clone(), requests: vec![disagreement.request.clone()] };
        if inquiry.left == 0 {
            explained.unexplained += 1;
        } else if let Some(spelling) = spelling
            && inquiry.agrees(&world, &disagreement.expected)
        {
            inquiry.spelled(world, spelling, disagreement, &mut explained.groups);
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
    // A stable sort: among equals, the first seen comes first.
    explained.groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    explained
}

/// Documents that are refused under one code are one group, whatever is wrong with each.
fn refused(disagreement: &Disagreement, code: Code, damage: Damage, groups: &mut Vec<Group>) {
    for group in groups.iter_mut() {
        if let Manner::Refusal(other, damages) = &mut group.manner
            && *other == code
        {
            group.count += 1;
            if !damages.contains(&damage) {
                damages.push(damage);
                group.cause = cause_of_refusal(code, damages);
            }
            return;
        }
    }
    groups.push(Group {
        cause: cause_of_refusal(code, &[damage]),
        manner: Manner::Refusal(code, vec![damage]),
        expected: disagreement.expected.clone(),
        got: disagreement.got.clone(),
        count: 1,
        example: line(&disagreement.policies.text(), &disagreement.request),
        origin: disagreement.origin.clone(),
    });
}

/// How many of the things that are wrong with documents a name tells.
const MOST_TOLD: usize = 3;

fn cause_of_refusal(code: Code, damages: &[Damage]) -> Cause {
    let told: Vec<&str> = damages.iter().take(MOST_TOLD).map(|damage| damage.what).collect();
    let more = damages.len().saturating_sub(MOST_TOLD);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let rule = match damages {
        [first, rest @ ..] if rest.iter().all(|damage| damage.rule == first.rule) => first.rule,
        _ => refusal_rule(code.name()),
    };
    Cause::new(format!("a document to be refused: {} for {}{more}", code.name(), told.join(", ")), rule)
}

/// A line that can be sent to the program as it is.
fn line(policies: &str, request: &Request) -> Example {
    let request = serde_json::to_string(&crate::corpus::write::Unanswered(request)).unwrap_or_default();
    Example::Line(format!(r#"{{"id":1,"policies":{policies},"requests":[{request}]}}"#))
}

struct Inquiry<'i> {
    reference: &'i dyn Reference,
    respondent: &'i mut dyn Respondent,
    /// How the program's questions are spelled, if not plainly.
    spelling: Option<Spelling>,
    left: u64,
}

impl Inquiry<'_> {
    /// What is right for a world's one request, and what the program says; `None` where one of them has no answer.
    fn both(&mut self, world: &World) -> Option<(Expected, Answer)> {
        self.left = self.left.checked_sub(1)?;
        let expected = self.expected(world)?;
        let layers = Box::new(world.layers.clone());
        let policies = match self.spelling {
            Some(spelling) => Written::Respelled { layers, spelling },
            None => Written::Layers(layers),
        };
        match self.respondent.ask(&policies, &world.requests).into_iter().next()? {
            Reply::Answered(answer) => Some((expected, answer)),
            Reply::Failed | Reply::NotAsked => None,
        }
    }

    /// What is right for a world's one request.
    fn expected(&self, world: &World) -> Option<Expected> {
        let expected = self.reference.expected(&world.layers, &world.requests, &mut Coverage::default());
        expected.into_iter().next()
    }

    fn disagrees(&mut self, world: &World) -> bool {
        self.both(world).is_some_and(|(expected, got)| expected.compare(&got) == Comparison::Disagrees)
    }

    /// Whether the program agrees, and what is right is what it was.
    fn agrees(&mut self, world: &World, expected: &Expected) -> bool {
        self.both(world).is_some_and(|(now, got)| {
            now.spelled() == expected.spelled() && now.compare(&got) == Comparison::Agrees
        })
    }

    /// Whether the program is as wrong as it was.
    fn is_as_wrong(&mut self, world: &World, expected: &Expected, got: &Answer) -> bool {
        self.both(world).is_some_and(|(now, answer)| {
            now.compare(&answer) == Comparison::Disagrees
                && now.spelled() == expected.spelled()
                && answer.kind() == got.kind()
        })
    }

    /// Counts a disagreement under a known cause, if one explains it.
    fn is_known(&mut self, world: &World, disagreement: &Disagreement, groups: &mut [Group]) -> bool {
        // What does not come again would go away with anything, and so with each known cause.
        if !self.disagrees(world) {
            return false;
        }
        let present = causes(world);
        let facets = facets(world);
        let expected = &disagreement.expected;
        for group in groups {
            let alike =
                group.expected.spelled() == expected.spelled() && group.got.kind() == disagreement.got.kind();
            let explains = match &group.manner {
                Manner::Elements => {
                    present.contains(&group.cause)
                        && self.agrees(&neutralised(world, |cause| *cause == group.cause), expected)
                }
                Manner::Property(property) => facets
                    .iter()
                    .filter(|facet| facet.property == *property && facet.cause.rule == group.cause.rule)
                    .any(|facet| self.is_caused_by(facet, expected, &disagreement.got)),
                Manner::Structure => {
                    alike
                        && is_of_the_same_kind(group, expected, world)
                        && self.disagrees(&neutralised(world, |_| true))
                }
                Manner::Spelling | Manner::Refusal(..) => false,
            };
            if explains {
                group.count += 1;
                return true;
            }
        }
        false
    }

    /// Whether a disagreement goes away with a property of its texts.
    fn is_caused_by(&mut self, facet: &Facet, expected: &Expected, got: &Answer) -> bool {
        if facet.plain.iter().any(|plain| self.agrees(plain, expected)) {
            return true;
        }
        let Some((indifferent, plain)) = &facet.guarded else { return false };
        self.expected(indifferent).is_some_and(|indifferent| indifferent.compare(got) == Comparison::Agrees)
            && self.agrees(plain, expected)
    }

    /// The pattern that a NotAction or NotResource lists, where it is that and not the negation which the program takes otherwise.
    fn excepted(&mut self, world: &World, expected: &Expected) -> Option<Cause> {
        let plain = with_plain_exceptions(world);
        if plain == *world || !self.agrees(&plain, expected) {
            return None;
        }
        let request = world.requests.first()?;
        let statements = || {
            world.layers.documents().flat_map(|(.., policy)| {
                policy.statements.iter().map(move |statement| (policy.version, statement))
            })
        };
        let of_action = statements().find_map(|(_, statement)| match &statement.action {
            Selection::AllExcept(listed) => Some(cause_of_action(&Selection::Only(listed.clone()), request)),
            Selection::Only(_) => None,
        });
        let of_resource = || {
            statements().find_map(|(version, statement)| match &statement.resource {
                Some(Selection::AllExcept(listed)) => {
                    Some(cause_of_resource(&Selection::Only(listed.clone()), version, request))
                }
                Some(Selection::Only(_)) | None => None,
            })
        };
        of_action.or_else(of_resource)
    }

    /// Counts a disagreement that goes away in the plain spelling; the first of a spelling is made small in that spelling.
    fn spelled(
        &mut self,
        world: World,
        spelling: Spelling,
        disagreement: &Disagreement,
        groups: &mut Vec<Group>,
    ) {
        let cause = spelling.cause();
        if let Some(known) = groups.iter_mut().find(|group| group.cause == cause) {
            known.count += 1;
            return;
        }
        let (expected, got) = (disagreement.expected.clone(), disagreement.got.clone());
        self.spelling = Some(spelling);
        let cause = if self.disagrees(&world) { cause } else { unsteady() };
        let most = self.left.saturating_sub(MOST_ASKED_FOR_ONE);
        let small = without_needless_parts(world, &mut |candidate| {
            self.left > most && self.is_as_wrong(candidate, &expected, &got)
        });
        let (expected, got) = self.both(&small).unwrap_or((expected, got));
        self.spelling = None;
        groups.push(Group {
            cause,
            manner: Manner::Spelling,
            expected,
            got,
            count: 1,
            example: line(
                &spelling.text(&small.layers),
                small.requests.first().unwrap_or(&disagreement.request),
            ),
            origin: disagreement.origin.clone(),
        });
    }

    /// Makes a disagreement small and finds its cause.
    fn group(&mut self, world: World, disagreement: &Disagreement) -> Group {
        let group = |(cause, manner), expected, got, world: &World| Group {
            cause,
            manner,
            example: Example::Case(Box::new(case(world, &expected, &got, disagreement))),
            expected,
            got,
            count: 1,
            origin: disagreement.origin.clone(),
        };
        let (expected, got) = (disagreement.expected.clone(), disagreement.got.clone());
        if !self.disagrees(&world) {
            return group((unsteady(), Manner::Structure), expected, got, &world);
        }
        let most = self.left.saturating_sub(MOST_ASKED_FOR_ONE);
        let small = without_needless_parts(world, &mut |candidate| {
            self.left > most && self.is_as_wrong(candidate, &expected, &got)
        });
        let small = self.plain_elsewhere(small, &expected, &got);
        let (expected, got) = self.both(&small).unwrap_or((expected, got));
        if expected.compare(&got) != Comparison::Disagrees {
            return group((unsteady(), Manner::Structure), expected, disagreement.got.clone(), &small);
        }
        let found = self.cause(&small, &expected, &got);
        group(found, expected, got, &small)
    }

    /// The world with all made plain of which the program is as wrong then: what it takes is left.
    fn plain_elsewhere(&mut self, mut world: World, expected: &Expected, got: &Answer) -> World {
        for plainer in [without_variables, without_variable_texts, with_plain_exceptions] {
            let plain = plainer(&world);
            if plain != world && self.is_as_wrong(&plain, expected, got) {
                world = plain;
            }
        }
        for cause in causes(&world) {
            let plain = neutralised(&world, |other| *other == cause);
            if plain != world && self.is_as_wrong(&plain, expected, got) {
                world = plain;
            }
        }
        world
    }

    /// The property or construct that makes a small disagreement vanish; else two of them together; else what is left without any.
    fn cause(&mut self, world: &World, expected: &Expected, got: &Answer) -> (Cause, Manner) {
        for facet in facets(world) {
            if self.is_caused_by(&facet, expected, got) {
                return (facet.cause, Manner::Property(facet.property));
            }
        }
        if let Some(cause) = self.excepted(world, expected) {
            return (cause, Manner::Elements);
        }
        let present = causes(world);
        for cause in &present {
            if self.agrees(&neutralised(world, |other| other == cause), expected) {
                return (cause.clone(), Manner::Elements);
            }
        }
        for (position, first) in present.iter().enumerate() {
            for second in present.iter().skip(position + 1) {
                if self.agrees(&neutralised(world, |other| other == first || other == second), expected) {
                    let both = format!("{} together with {}", first.construct, second.construct);
                    return (Cause::new(both, first.rule), Manner::Elements);
                }
            }
        }
        for (cause, plain) in plainer_requests(world) {
            if plain != *world && self.agrees(&plain, expected) {
                return (cause, Manner::Structure);
            }
        }
        (structural_cause(expected, world), Manner::Structure)
    }
}

fn unsteady() -> Cause {
    Cause::new("an answer that changes when it is asked for again", "GEN-2")
}

/// Whether a disagreement without any construct is like those of a group: what is right for the same reason, for the same kind of caller.
fn is_of_the_same_kind(group: &Group, expected: &Expected, world: &World) -> bool {
    let same_reason = match (&group.expected, expected) {
        (Expected::Decided(_, left), Expected::Decided(_, right)) => left == right,
        (
            Expected::Decided(..) | Expected::Refused(_) | Expected::Unknown(_),
            Expected::Decided(..) | Expected::Refused(_) | Expected::Unknown(_),
        ) => false,
    };
    let caller = |request: &Request| caller_in_words(&request.caller);
    let example = match &group.example {
        Example::Case(case) => match &case.question {
            Question::Decisions { asked, .. } => asked.first().map(|asked| caller(&asked.request)),
            Question::Trace { .. } | Question::Grammar { .. } => None,
        },
        Example::Line(_) => None,
    };
    same_reason && example.is_some() && example == world.requests.first().map(caller)
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
    let asked = |request: &Request| Asked { request: request.clone(), expected: decision, reason };
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

/// The rule behind a code of GRAM-29.
pub(super) fn refusal_rule(code: &str) -> &'static str {
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
