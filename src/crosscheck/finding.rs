//! A disagreement as people get to see it: small, grouped with its like, with the rule to look up, and as a case that can be replayed.

use std::collections::{BTreeMap, BTreeSet};

use super::coverage::{caller_kind, layer_kind};
use super::party::{Answer, Party};
use super::pointwise::{Asked, Comparison};
use super::reduction::{Drawn, reduce};
use crate::corpus::{self, Case, Question};
use crate::generators::worlds::World;
use crate::iam::assumption::Assumptions;
use crate::iam::condition::{BaseOperator, Existence, Quantifier};
use crate::iam::context::ContextValue;
use crate::iam::decision::Reason;
use crate::iam::policy::{ConditionEntry, Selection, Statement, Version};
use crate::iam::request::{CredentialKind, ResourcePolicyMark, Validity};
use crate::model::modelled::Modelled;

/// Disagreements that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The smallest world that shows it, with one request.
    pub world: World,
    /// How the model reads open points.
    pub assumptions: Assumptions,
    /// What the model says.
    pub expected: Reason,
    /// What the party says.
    pub got: Answer,
    /// What the world still needs to show it: each is the cause, or part of it.
    pub constructs: BTreeSet<String>,
    /// The rule to look up first.
    pub rule: &'static str,
    /// How many requests of the run are counted under it: those made small like it, and those with the same two answers.
    pub count: u64,
    /// The request that showed it first.
    pub first: Asked,
}

/// How many requests with the same two answers are made small.
const MOST_REDUCED: usize = 6;

/// What is still to be made small: a request for each finding to be.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Which request.
    pub asked: Asked,
    assumptions: Assumptions,
    expected: Reason,
    got: Answer,
    /// How many requests it speaks for.
    count: u64,
}

/// The requests of a comparison that are made small: some of each pair of answers.
pub fn candidates(comparison: &Comparison, assumptions: Assumptions) -> Vec<Candidate> {
    let mut found = Vec::new();
    for ((expected, got), seen) in &comparison.disagreements {
        let reduced = seen.first.iter().take(MOST_REDUCED);
        let others = seen.count.saturating_sub(reduced.len() as u64);
        for (position, asked) in reduced.enumerate() {
            // Those that are not made small are counted where their first like is.
            let count = if position == 0 { 1 + others } else { 1 };
            let (asked, expected, got) = (*asked, *expected, got.clone());
            found.push(Candidate { asked, assumptions, expected, got, count });
        }
    }
    found
}

impl Candidate {
    /// A request about which the model, under these assumptions, and the party say these two things.
    pub fn of(asked: Asked, assumptions: Assumptions, expected: Reason, got: Answer) -> Candidate {
        Candidate { asked, assumptions, expected, got, count: 1 }
    }

    /// Makes it small.
    pub fn reduced(&self, drawn: Drawn, party: &mut dyn Party) -> Option<Finding> {
        self.reduced_at(drawn, self.asked.request, party)
    }

    /// Makes it small where the world has but this request.
    pub fn reduced_alone(&self, drawn: Drawn, party: &mut dyn Party) -> Option<Finding> {
        self.reduced_at(drawn, 0, party)
    }

    fn reduced_at(&self, drawn: Drawn, position: usize, party: &mut dyn Party) -> Option<Finding> {
        let mut shows = |world: &World| self.is_shown_by(world, party);
        let world = reduce(drawn, position, &mut shows)?;
        Some(Finding {
            constructs: constructs(&world),
            rule: rule(&world, self.expected),
            world,
            assumptions: self.assumptions,
            expected: self.expected,
            got: self.got.clone(),
            count: self.count,
            first: self.asked,
        })
    }

    /// Whether model and party give these two answers to the world's one request.
    fn is_shown_by(&self, world: &World, party: &mut dyn Party) -> bool {
        let [request] = world.requests.as_slice() else { return false };
        let is_expected = |mut modelled: Modelled| {
            modelled.answer(request).map(|answered| answered.reason == self.expected)
        };
        // The party first: most parties answer faster than the model.
        party.answers(world).first() == Some(&self.got)
            && Modelled::assuming(&world.layers, self.assumptions).and_then(is_expected).unwrap_or(false)
    }
}

/// Puts together what is alike: the same constructs and the same two answers. The most frequent come first.
pub fn grouped(findings: impl IntoIterator<Item = Finding>) -> Vec<Finding> {
    let mut groups: BTreeMap<(Reason, Answer, BTreeSet<String>), Finding> = BTreeMap::new();
    for finding in findings {
        let key = (finding.expected, finding.got.clone(), finding.constructs.clone());
        match groups.get_mut(&key) {
            Some(group) => {
                group.count += finding.count;
                if size(&finding.world) < size(&group.world) {
                    group.world = finding.world;
                    group.first = finding.first;
                }
            }
            None => {
                groups.insert(key, finding);
            }
        }
    }
    let mut groups: Vec<Finding> = groups.into_values().collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.count), group.first));
    groups
}

fn size(world: &World) -> usize {
    let case = case_of(world, Assumptions::default(), Reason::AllowIdentity, String::new(), None);
    corpus::write::compact(&case).len()
}

impl Finding {
    /// The disagreement as a case, which `iamproof decide --case FILE` replays. It expects what the model says, and `found_by` is its
    /// source: the command that found it.
    pub fn case(&self, found_by: &str) -> Case {
        let because = format!(
            "The model says {} ({}), the evaluator under test {}; what it takes: {}.",
            self.expected.decision(),
            self.expected,
            self.got,
            self.constructs.iter().cloned().collect::<Vec<_>>().join(", "),
        );
        let source = format!("{found_by}, world {}", self.first.world);
        let mut case = case_of(&self.world, self.assumptions, self.expected, because, Some(source));
        case.rule = Some(self.rule.to_owned());
        case
    }

    /// A name for the file of its case.
    pub fn file_name(&self, seed: u64) -> String {
        format!("seed-{seed}-world-{}-request-{}.json", self.first.world, self.first.request + 1)
    }
}

fn case_of(
    world: &World,
    assumptions: Assumptions,
    expected: Reason,
    because: String,
    source: Option<String>,
) -> Case {
    let asked = world.requests.iter().map(|request| corpus::Asked {
        request: request.clone(),
        expected: expected.decision(),
        reason: Some(expected),
    });
    let question =
        Question::Decisions { layers: Box::new(world.layers.clone()), assumptions, asked: asked.collect() };
    Case { because, rule: None, source, question }
}

/// What is special about a world: nothing that every world has.
fn constructs(world: &World) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (layer, _, policy) in world.layers.documents() {
        found.insert(format!("{} policies", layer_kind(layer)));
        for statement in &policy.statements {
            if policy.version != Version::V2012 && texts(statement).any(|text| text.contains("${")) {
                found.insert("a variable before 2012-10-17".to_owned());
            }
            statement_constructs(statement, &mut found);
            for entry in &statement.condition {
                found.insert(entry.operator.to_string());
                found.extend(context_construct(world, entry).map(str::to_owned));
            }
        }
    }
    for request in &world.requests {
        found.insert(caller_kind(&request.caller).to_owned());
        if request.credential.kind == CredentialKind::SessionToken {
            found.insert("session token".to_owned());
        }
        if request.credential.validity == Validity::Expired {
            found.insert("expired credentials".to_owned());
        }
        if request.resource_policy_mark == ResourcePolicyMark::PolicyRequired {
            found.insert("policy required".to_owned());
        }
        let (service, operation) = request.action.split_once(':').unwrap_or_default();
        if service.eq_ignore_ascii_case("sts") || service.eq_ignore_ascii_case("iam") {
            found.insert(format!("{}:{}", service.to_ascii_lowercase(), operation.to_ascii_lowercase()));
        }
    }
    found
}

fn statement_constructs(statement: &Statement, found: &mut BTreeSet<String>) {
    if let Selection::AllExcept(_) = statement.action {
        found.insert("NotAction".to_owned());
    }
    if let Some(Selection::AllExcept(_)) = statement.resource {
        found.insert("NotResource".to_owned());
    }
    match &statement.principal {
        Some(Selection::AllExcept(_)) => found.insert("NotPrincipal".to_owned()),
        Some(Selection::Only(_)) | None => false,
    };
    if texts(statement).any(|text| text.contains("${")) {
        found.insert("variable".to_owned());
    }
    let mut resources = statement.resource.iter().flat_map(Selection::listed);
    if resources.any(|text| text.len() > 1 && text.contains(['*', '?'])) {
        found.insert("wildcard in Resource".to_owned());
    }
    if statement.action.listed().iter().any(|text| text.len() > 1 && text.contains(['*', '?'])) {
        found.insert("wildcard in Action".to_owned());
    }
}

/// The texts of a statement in which variables may stand.
fn texts(statement: &Statement) -> impl Iterator<Item = &String> {
    let resources = statement.resource.iter().flat_map(Selection::listed);
    resources.chain(statement.condition.iter().flat_map(|entry| &entry.values))
}

/// What is special about what the context holds for an entry's key.
fn context_construct(world: &World, entry: &ConditionEntry) -> Option<&'static str> {
    let request = world.requests.first()?;
    match request.context.value(&entry.key) {
        None => Some("missing key"),
        Some(ContextValue::Many(values)) if values.is_empty() => Some("empty list"),
        Some(ContextValue::Many(_)) => Some("list of values"),
        Some(ContextValue::Single(_)) => None,
    }
}

/// The rule to look up first: that of the most special construct the world has left, else that of the expected reason.
fn rule(world: &World, expected: Reason) -> &'static str {
    let statements = || world.layers.documents().flat_map(|(_, _, policy)| &policy.statements);
    let entry = statements().flat_map(|statement| &statement.condition).next();
    if statements().any(|statement| matches!(statement.principal, Some(Selection::AllExcept(_)))) {
        return "PRIN-9";
    }
    if let Some(entry) = entry {
        return condition_rule(world, entry);
    }
    if statements().any(|statement| texts(statement).any(|text| text.contains("${"))) {
        return "VAR-5";
    }
    if statements().any(|statement| matches!(statement.resource, Some(Selection::AllExcept(_)))) {
        return "RES-5";
    }
    if statements().any(|statement| matches!(statement.action, Selection::AllExcept(_))) {
        return "ACT-5";
    }
    reason_rule(expected)
}

fn condition_rule(world: &World, entry: &ConditionEntry) -> &'static str {
    let context = world.requests.first().and_then(|request| request.context.value(&entry.key));
    match (context, entry.operator.quantifier, entry.operator.existence) {
        (_, _, Existence::IfExists) => return "COND-8",
        (_, Quantifier::ForAllValues | Quantifier::ForAnyValue, _) => return "COND-11",
        (Some(ContextValue::Many(_)), Quantifier::None, _) if entry.operator.base != BaseOperator::Null => {
            return "COND-10";
        }
        (None, Quantifier::None, _) if entry.operator.base != BaseOperator::Null => return "COND-7",
        (Some(_) | None, Quantifier::None, Existence::Required) => {}
    }
    if entry.values.iter().any(|value| value.contains("${")) {
        return "VAR-10";
    }
    match entry.operator.base {
        BaseOperator::StringEquals | BaseOperator::StringNotEquals => "COND-14",
        BaseOperator::StringLike | BaseOperator::StringNotLike => "COND-15",
        BaseOperator::StringEqualsIgnoreCase | BaseOperator::StringNotEqualsIgnoreCase => "COND-16",
        BaseOperator::NumericEquals
        | BaseOperator::NumericNotEquals
        | BaseOperator::NumericLessThan
        | BaseOperator::NumericLessThanEquals
        | BaseOperator::NumericGreaterThan
        | BaseOperator::NumericGreaterThanEquals => "COND-22",
        BaseOperator::DateEquals
        | BaseOperator::DateNotEquals
        | BaseOperator::DateLessThan
        | BaseOperator::DateLessThanEquals
        | BaseOperator::DateGreaterThan
        | BaseOperator::DateGreaterThanEquals => "COND-25",
        BaseOperator::Bool => "COND-28",
        BaseOperator::BinaryEquals => "COND-29",
        BaseOperator::IpAddress | BaseOperator::NotIpAddress => "COND-30",
        BaseOperator::ArnEquals
        | BaseOperator::ArnNotEquals
        | BaseOperator::ArnLike
        | BaseOperator::ArnNotLike => "COND-32",
        BaseOperator::Null => "COND-12",
    }
}

/// The rule that decides for a reason.
pub(super) fn reason_rule(reason: Reason) -> &'static str {
    match reason {
        Reason::AllowIdentity | Reason::DenyImplicitIdentity => "EVAL-13",
        Reason::AllowResourceDirect => "EVAL-11",
        Reason::AllowResourceViaEntity => "EVAL-12",
        Reason::AllowAccountDelegation => "EVAL-18",
        Reason::AllowCrossAccount => "EVAL-17",
        Reason::AllowRoot => "EVAL-15",
        Reason::AllowService | Reason::AllowFederated => "EVAL-19",
        Reason::AllowAnonymous => "EVAL-16",
        Reason::AllowNoPermissionRequired => "STS-50",
        Reason::DenyExplicitScp
        | Reason::DenyExplicitRcp
        | Reason::DenyExplicitVpce
        | Reason::DenyExplicitResource
        | Reason::DenyExplicitIdentity
        | Reason::DenyExplicitBoundary
        | Reason::DenyExplicitSession => "EVAL-1",
        Reason::DenyImplicitRcp => "EVAL-22",
        Reason::DenyImplicitScp => "EVAL-21",
        Reason::DenyImplicitVpce => "EVAL-24",
        Reason::DenyImplicitResource => "EVAL-17",
        Reason::DenyImplicitBoundary | Reason::DenyImplicitSession => "EVAL-13",
        Reason::DenyCrossAccountPass => "EVAL-26",
        Reason::DenyImplicitNoSessionPolicy => "EVAL-14",
        Reason::DenyNotAuthenticated
        | Reason::DenyExpiredCredentials
        | Reason::DenyInactiveCredentials
        | Reason::DenyPrincipalGone
        | Reason::DenyCredentialRestriction => "EVAL-6",
        Reason::DenyRootCannotAssume => "STS-12",
        Reason::DenyPartition => "EVAL-9",
    }
}
