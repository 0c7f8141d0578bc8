//! Why a request was decided as it was: every set, every statement and every element, as data.
//!
//! This is the slow path. It looks at all statements one by one and at nothing that the indexes of the fast path say, so the two
//! check each other.

use super::compile_error::Place;
use super::compiled_set::{CompiledSet, SetVerdict};
use super::conclusion::Findings;
use super::decision::{Evaluator, Survey};
use super::gather::SetMask;
use super::grants::Grants;
use super::operation::{self, Settled};
use super::question::{ActionRoom, Asked, Question};
use super::rule;
use super::service_keys;
use super::statement_finding::StatementFinding;
use super::statements::Filed;
use super::surroundings::Surroundings;
use crate::iam::decision::Reason;
use crate::iam::layers::Layer;
use crate::iam::policy::Effect;
use crate::iam::request::Request;

/// A decision with everything that led to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The reason, the same as that of [`Evaluator::decide`].
    pub reason: Reason,
    /// The id of the rule that decides, such as `EVAL-13`.
    pub rule: &'static str,
    /// Whether policies had a say.
    pub stage: Stage,
    /// The named booleans of EVAL-10, complete even where a Deny or an earlier stage decides.
    pub findings: Findings,
    /// The sets of policies in the order in which EVAL-26 looks for a Deny.
    pub sets: Vec<SetFinding>,
    /// Every statement of every layer, in the order of the sets, the documents and the statements.
    pub statements: Vec<StatementFinding>,
}

/// How far a decision went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The credential or the operation settled it (EVAL-6, STS-43, STS-50).
    Credential,
    /// Caller and resource lie in different partitions (EVAL-9).
    Partition,
    /// Policies decided.
    Policies,
}

/// What one set of policies says of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetFinding {
    /// The layer, with its level.
    pub layer: Layer,
    /// The one document of the layer that the set is made of, where it is not made of all (OPEN-1, `D-54`).
    pub document: Option<usize>,
    /// Whether EVAL-8 lets the set take part.
    pub applies: bool,
    /// What its statements say, the AWS default of an RCP level included.
    pub verdict: SetVerdict,
}

impl SetFinding {
    /// Whether a statement is one of the set's.
    pub fn holds(&self, place: Place) -> bool {
        place.layer == Some(self.layer) && self.document.is_none_or(|document| document == place.policy)
    }
}

impl Evaluator {
    /// Decides one request as [`Evaluator::decide`] does, and says why.
    // Rules: EVAL-10, EVAL-26.
    pub fn explain(&self, request: &Request) -> Explanation {
        let mut room = ActionRoom::new();
        let action = room.folded(&request.action, self.reading);
        let surroundings = Surroundings::new(request, action, self.reading);
        let applicable = self.sets.applicable(&surroundings, self.reading);
        let context = service_keys::context_of(&request.caller, &request.context, self.reading);
        let asked = self.asked(request, action, &context, applicable);
        let mut filed: Vec<&Filed> = self.statements.all().collect();
        filed.sort_by_key(|filed| (filed.set, filed.place.policy, filed.place.statement));
        let statements: Vec<StatementFinding> = filed
            .iter()
            .map(|filed| StatementFinding::new(filed, &asked, applicable.contains(filed.set)))
            .collect();
        let survey = self.survey_all(&filed, &asked, applicable);
        let findings = self.findings(&surroundings, applicable, survey);
        let (stage, reason) = match operation::settle(request, action, &self.mfa_key, self.reading) {
            Settled::As(reason) => (Stage::Credential, reason),
            Settled::Not if surroundings.crosses_partitions() => (Stage::Partition, Reason::DenyPartition),
            Settled::Not => (Stage::Policies, findings.conclude_with(self.reading)),
        };
        Explanation {
            reason,
            rule: rule::deciding(reason, &findings, request),
            stage,
            findings,
            sets: self.set_findings(&filed, &statements, applicable),
            statements,
        }
    }

    /// What [`Evaluator::survey`] would find if it stopped at nothing.
    fn survey_all(&self, filed: &[&Filed], asked: &Asked<'_>, applicable: SetMask) -> Survey {
        let mut survey = Survey { denying: None, allowing: SetMask::NONE, grants: Grants::NONE };
        for filed in filed.iter().filter(|filed| applicable.contains(filed.set)) {
            let set = filed.set;
            match filed.statement.effect {
                Effect::Deny if self.denies(filed, asked) => {
                    survey.denying = Some(survey.denying.map_or(set, |first| first.min(set)));
                }
                Effect::Deny => {}
                Effect::Allow if self.sets.resource.contains(set) => {
                    survey.grants = survey.grants.union(filed.statement.grants(asked));
                }
                Effect::Allow if filed.statement.matches(asked) => {
                    survey.allowing = survey.allowing.union(SetMask::of(set));
                }
                Effect::Allow => {}
            }
        }
        survey
    }

    // Rules: EVAL-3, EVAL-4, EVAL-22.
    fn set_findings(
        &self,
        filed: &[&Filed],
        statements: &[StatementFinding],
        applicable: SetMask,
    ) -> Vec<SetFinding> {
        let findings = self.sets.numbered().map(|(set, layer)| {
            let is_one_of_several = self.sets.numbered().filter(|(_, other)| *other == layer).count() > 1;
            let document = filed.iter().find(|filed| filed.set == set).map(|filed| filed.place.policy);
            let matching = |effect| {
                let of_set = filed.iter().zip(statements).filter(|(filed, _)| filed.set == set);
                of_set.into_iter().any(|(_, finding)| finding.effect == effect && finding.matches())
            };
            let has_default_allow = self.sets.rcps.contains(set);
            SetFinding {
                layer,
                document: document.filter(|_| is_one_of_several),
                applies: applicable.contains(set),
                verdict: SetVerdict {
                    allow: has_default_allow || matching(Effect::Allow),
                    deny: matching(Effect::Deny),
                },
            }
        });
        findings.collect()
    }
}

impl CompiledSet {
    /// What each statement says of a request, in the order of documents and statements.
    pub fn explain(&self, question: &Question<'_>) -> Vec<StatementFinding> {
        let mut room = ActionRoom::new();
        let context = self.context_of(question);
        let asked = self.asked(&Question { context: &context, ..*question }, &mut room);
        let mut findings: Vec<StatementFinding> =
            self.statements.all().map(|filed| StatementFinding::new(filed, &asked, true)).collect();
        findings.sort_by_key(|finding| {
            let Place { policy, statement, .. } = finding.place;
            (policy, statement)
        });
        findings
    }
}
