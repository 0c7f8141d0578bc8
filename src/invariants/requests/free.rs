//! Any request among any policies: the request is read by the model, and what each layer says of it is free.
//!
//! By INV-9 a decision depends on policies only through which statements match. So layers that say anything whatever stand for all policies,
//! while caller, credentials, operation and context are those of the model's own symbolic request: what a law says of them is asked of the very
//! formulas that decide requests. Of layers that are absent only the session policies need a case of their own; every other one that
//! is absent decides like one that says nothing against the request.

use crate::iam::assumption::OpenPoint;
use crate::iam::key::KeyName;
use crate::iam::policy::{Effect, Policy, Statement, Version};
use crate::invariants::induction::free_said;
use crate::invariants::obligation::Proof;
use crate::invariants::rules::Rules;
use crate::model::combination::Said;
use crate::model::decision::DecisionFormulas;
use crate::model::layers::{LayersSaid, Surroundings, of_federated_sessions};
use crate::model::principal::Around;
use crate::model::{Problem, Scope, SymbolicRequest, gather, statement};
use crate::solver::formula::{Formula, Formulas};
use crate::solver::regular::Regular;

/// A proof about any request.
pub(super) struct AnyRequest<'r> {
    proof: Proof,
    request: SymbolicRequest,
    rules: &'r dyn Rules,
    /// What holds of caller, credentials, operation and resource.
    pub(super) around: Surroundings,
}

/// Whether session policies were passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SessionPolicies {
    /// Some were.
    Passed,
    /// None were.
    Absent,
}

impl SessionPolicies {
    pub(super) const ALL: [SessionPolicies; 2] = [SessionPolicies::Passed, SessionPolicies::Absent];

    pub(super) fn name(self) -> &'static str {
        match self {
            SessionPolicies::Passed => "session policies passed",
            SessionPolicies::Absent => "no session policies passed",
        }
    }
}

impl<'r> AnyRequest<'r> {
    /// Nothing to show yet.
    pub(super) fn new(argument: &str, rules: &'r dyn Rules) -> Result<AnyRequest<'r>, Problem> {
        let mut proof = Proof::over(argument, OpenPoint::ALL);
        let readings = proof.readings;
        let mut request = SymbolicRequest::read_as(&mut proof.formulas, Scope::AnyCaller, readings);
        let around = gather::surroundings(&mut proof.formulas, &mut request)?;
        Ok(AnyRequest { proof, request, rules, around })
    }

    /// The formulas.
    pub(super) fn formulas(&mut self) -> &mut Formulas {
        &mut self.proof.formulas
    }

    /// Any fact.
    pub(super) fn free(&mut self, name: &str) -> Formula {
        self.proof.free(name)
    }

    /// Layers that say anything.
    pub(super) fn layers(&mut self, session: SessionPolicies) -> LayersSaid {
        let proof = &mut self.proof;
        LayersSaid {
            identity: free_said(proof, "the identity policies"),
            boundary: Some(free_said(proof, "the boundary")),
            session: match session {
                SessionPolicies::Passed => Some(free_said(proof, "the session policies")),
                SessionPolicies::Absent => None,
            },
            resource: Some(free_said(proof, "the resource's policy")),
            scps: vec![free_said(proof, "the SCP levels")],
            rcps: vec![free_said(proof, "the RCP levels")],
            endpoint: Some(free_said(proof, "the endpoint's policy")),
        }
    }

    /// Holds iff a statement matches, whatever its effect.
    pub(super) fn matches(&mut self, statement: &Statement) -> Result<Formula, Problem> {
        let statement = Statement { effect: Effect::Allow, ..statement.clone() };
        Ok(self.said(statement)?.allow)
    }

    /// What a policy of one statement says.
    pub(super) fn said(&mut self, statement: Statement) -> Result<Said, Problem> {
        let policy = Policy { version: Version::V2012, id: None, statements: vec![statement] };
        let set = [self.rules.taken(&policy)];
        let found = statement::set(&mut self.proof.formulas, &mut self.request, &set, Around::NOTHING)?;
        Ok(found.said())
    }

    /// Holds iff the context has the key.
    pub(super) fn has_key(&mut self, name: &str) -> Formula {
        self.request.presence(&mut self.proof.formulas, &KeyName::new(name))
    }

    /// Holds iff the resource is one of these.
    pub(super) fn resource_in(&mut self, language: Regular) -> Formula {
        let resource = self.request.resource();
        self.proof.formulas.in_language(resource, language)
    }

    /// Holds iff the caller signs with credentials of GetSessionToken.
    pub(super) fn signs_with_session_token(&mut self) -> Formula {
        self.request.signs_with_session_token(&mut self.proof.formulas)
    }

    /// Holds iff the caller is a user, with whatever credentials.
    pub(super) fn by_user(&mut self) -> Formula {
        let sessions = [self.around.role_session, self.around.federated];
        let session = self.proof.formulas.or(sessions);
        let not_session = self.proof.formulas.not(session);
        self.proof.formulas.and([self.around.has_entity, not_session])
    }

    /// Holds iff root calls, or a federated session that root made.
    pub(super) fn by_root(&mut self) -> Formula {
        let around = self.around;
        let session = self.proof.formulas.and([around.federated, around.federated_by_root]);
        self.proof.formulas.or([around.root, session])
    }

    /// Holds iff policies decide: credentials hold, the operation needs a permission, and there is one partition.
    pub(super) fn policies_decide(&mut self) -> Formula {
        let around = self.around;
        let stopped = [
            around.credentials.expired,
            around.credentials.not_authenticated,
            around.credentials.root_cannot_assume,
            around.credentials.restricted,
            around.no_permission_required,
            around.other_partition,
        ];
        let stopped = self.proof.formulas.or(stopped);
        self.proof.formulas.not(stopped)
    }

    /// What layers that say this decide.
    pub(super) fn decided(&mut self, said: &LayersSaid) -> DecisionFormulas {
        let (readings, formulas) = (self.proof.readings, &mut self.proof.formulas);
        let named = self.rules.named(formulas, &self.around, said);
        let named = of_federated_sessions(formulas, &readings, &self.around, named);
        self.rules.decide(formulas, &named)
    }

    /// Adds an obligation about every request.
    pub(super) fn show(&mut self, step: impl Into<String>, premise: Formula, conclusion: Formula) {
        self.proof.show(step, premise, conclusion);
    }

    /// Adds an obligation about every request, with session policies or without.
    pub(super) fn show_with(&mut self, session: SessionPolicies, premise: Formula, conclusion: Formula) {
        self.show(session.name(), premise, conclusion);
    }

    /// The proof: what was shown is to be shown of well-formed requests, which can be said only once all keys are in use.
    pub(super) fn finished(mut self) -> Result<Proof, Problem> {
        let formulas = &mut self.proof.formulas;
        let well_formed = self.request.well_formed(formulas)?;
        for obligation in &mut self.proof.obligations {
            obligation.premise = formulas.and([obligation.premise, well_formed]);
        }
        Ok(self.proof)
    }
}
