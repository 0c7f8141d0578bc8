//! Laws of layers for all policies: what each layer says is a free flag, and so is all that holds of the caller and the resource.
//!
//! By INV-9 nothing else of the policies matters. What goes through the model's own steps are these flags, for every choice of layers that
//! are there: [`crate::model::layers`] makes the named booleans of EVAL-10 of them, [`crate::model::decision`] the decision.
//!
//! What text decides and flags do not know is put beside them as relations (`Scene::consistent`): they are the tables of GEN-12, EVAL-8 and PRIN-2,
//! and [`super::super::fixed`] asks the model for them over every request.

use super::arrangement::{Arrangement, Asked, Levels, OfResource, Part, Side};
use super::fact::{Callers, Fact};
use super::{Stated, stated};
use crate::evaluator::{GrantKind, PolicyKind};
use crate::iam::policy::Effect;
use crate::invariants::induction::free_said;
use crate::invariants::obligation::Proof;
use crate::invariants::rules::Rules;
use crate::model::combination::Said;
use crate::model::layers::{LayersSaid, Surroundings, of_federated_sessions};
use crate::model::principal::Grants;
use crate::solver::formula::{Formula, Formulas};

/// Laws of layers about what no flag tells, such as who owns what and when credentials were issued: over flags they would hold of any steps.
const OF_TEXTS: [&str; 3] = ["INV-46", "INV-52", "INV-106"];

/// The proof of a law of layers for all policies, if it is one that has such a proof.
pub fn proof(id: &str, rules: &dyn Rules) -> Option<Proof> {
    let law = stated(id).filter(|_| !OF_TEXTS.contains(&id))?;
    let mut proof = Proof::new("whatever each layer says, whoever calls, whichever layers there are");
    if !law.given_elsewhere.is_empty() {
        proof.argument = format!("{}; {}", proof.argument, law.given_elsewhere);
    }
    let scene = Scene::free(&mut proof);
    for there in There::all() {
        scene.show(&mut proof, rules, &law, there);
    }
    Some(proof)
}

/// Which layers there are.
#[derive(Clone, Copy, Debug)]
struct There(u8);

impl There {
    const KINDS: [PolicyKind; 6] = [
        PolicyKind::Scp,
        PolicyKind::Rcp,
        PolicyKind::Endpoint,
        PolicyKind::Resource,
        PolicyKind::Boundary,
        PolicyKind::Session,
    ];

    fn all() -> impl Iterator<Item = There> {
        (0..1 << Self::KINDS.len()).map(There)
    }

    /// Identity policies are always there: a set of none says nothing.
    fn has(self, kind: PolicyKind) -> bool {
        match Self::KINDS.iter().position(|&other| other == kind) {
            Some(position) => self.0 >> position & 1 == 1,
            None => true,
        }
    }

    fn named(self) -> String {
        let names = Self::KINDS.iter().filter(|&&kind| self.has(kind)).map(|kind| format!("{kind:?}"));
        let names: Vec<String> = names.collect();
        if names.is_empty() {
            "identity policies alone".to_owned()
        } else {
            format!("with {}", names.join(", "))
        }
    }
}

/// Free flags for everything that a decision depends on.
#[derive(Clone, Copy, Debug)]
struct Scene {
    around: Surroundings,
    service_linked: Formula,
    /// A NotPrincipal of the resource's policy, and one of the endpoint's, that refuses only callers with a boundary (PRIN-10).
    not_principal: [Formula; 2],
    /// Restrictions of the user behind a federated session.
    restricted_user: Formula,
    identity: Said,
    boundary: Said,
    session: Said,
    resource: Said,
    endpoint: Said,
    /// The first level, and what all others say together.
    scps: [Said; 2],
    rcps: [Said; 2],
}

impl Scene {
    fn free(proof: &mut Proof) -> Scene {
        let scene = Scene {
            around: Surroundings::free(&mut proof.formulas),
            service_linked: proof.free("the role is service-linked"),
            not_principal: ["resource's", "endpoint's"].map(|whose| {
                proof.free(&format!("a NotPrincipal of the {whose} policy waits for a boundary"))
            }),
            restricted_user: proof.free("the user behind the session may not call the operation"),
            identity: free_said(proof, "the identity policies"),
            boundary: free_said(proof, "the boundary"),
            session: free_said(proof, "the session policies"),
            resource: free_said(proof, "the resource's policy"),
            endpoint: free_said(proof, "the endpoint's policy"),
            scps: ["first", "other"].map(|which| free_said(proof, &format!("the {which} SCP levels"))),
            rcps: ["first", "other"].map(|which| free_said(proof, &format!("the {which} RCP levels"))),
        };
        let formulas = &mut proof.formulas;
        // A statement with Principal that matches names the caller by some kind of grant.
        let granting =
            |formulas: &mut Formulas, said: Said| Said { allow: said.grants.any(formulas), ..said };
        Scene {
            resource: granting(formulas, scene.resource),
            endpoint: granting(formulas, scene.endpoint),
            ..scene
        }
    }

    fn show(&self, proof: &mut Proof, rules: &dyn Rules, law: &Stated, there: There) {
        let (readings, formulas) = (proof.readings, &mut proof.formulas);
        let decided = |formulas: &mut Formulas, side: &Side| {
            let (around, said) = self.asked(formulas, side, there);
            let named = rules.named(formulas, &around, &said);
            let named = of_federated_sessions(formulas, &readings, &around, named);
            let decision = rules.decide(formulas, &named);
            (decision.allow, decision.explicit_deny)
        };
        let sides: Vec<(Formula, Formula)> = law.sides.iter().map(|side| decided(formulas, side)).collect();
        let fact = |formulas: &mut Formulas, fact: &Fact| self.fact(formulas, there, *fact);
        let parts = [
            self.consistent(formulas),
            self.caller(formulas, law.callers),
            law.premise.formula_given(formulas, &sides, &fact),
        ];
        let premise = formulas.and(parts);
        if premise == formulas.falsum() {
            return;
        }
        let conclusion = law.conclusion.formula_given(formulas, &sides, &fact);
        proof.show(there.named(), premise, conclusion);
    }

    /// What GEN-12, EVAL-8 and EVAL-9 say of the flags beside each other.
    // Rules: GEN-12, EVAL-8, EVAL-23.
    fn consistent(&self, formulas: &mut Formulas) -> Formula {
        let Surroundings { scp_applies, rcp_applies, same_account, other_partition, role_session, .. } =
            self.around;
        let member = self.caller(formulas, Callers::OfAnAccount);
        let not_linked = formulas.not(self.service_linked);
        let bound = formulas.and([member, not_linked]);
        let relaxed = formulas.implies(self.restricted_user, self.around.credentials.restricted);
        let parts = [
            self.around.consistent(formulas),
            formulas.implies(self.service_linked, role_session),
            formulas.implies(scp_applies, bound),
            formulas.implies(rcp_applies, not_linked),
            formulas.implies(same_account, member),
            formulas.implies(other_partition, member),
            relaxed,
        ];
        formulas.and(parts)
    }

    fn caller(&self, formulas: &mut Formulas, callers: Callers) -> Formula {
        let around = self.around;
        let by_root = formulas.and([around.federated, around.federated_by_root]);
        let none_of = |formulas: &mut Formulas, others: &[Formula]| {
            let some = formulas.or(others.iter().copied());
            formulas.not(some)
        };
        match callers {
            Callers::Any => formulas.verum(),
            Callers::OfAnAccount => none_of(formulas, &[around.anonymous, around.service, around.unsigned]),
            Callers::User => {
                let sessions = none_of(formulas, &[around.role_session, around.federated]);
                formulas.and([around.has_entity, sessions])
            }
            Callers::RoleSession => around.role_session,
            Callers::ServiceLinked => self.service_linked,
            Callers::Federated => around.federated,
            Callers::FederatedByUser => {
                let by_user = formulas.not(around.federated_by_root);
                formulas.and([around.federated, by_user])
            }
            Callers::FederatedByRoot => by_root,
            Callers::Session => formulas.or([around.role_session, around.federated]),
            Callers::WithEntity => around.has_entity,
            Callers::Root => around.root,
            Callers::Service => around.service,
            Callers::Anonymous => around.anonymous,
        }
    }

    fn fact(&self, formulas: &mut Formulas, there: There, fact: Fact) -> Formula {
        let constant = |formulas: &Formulas, holds| if holds { formulas.verum() } else { formulas.falsum() };
        match fact {
            Fact::Caller(callers) => self.caller(formulas, callers),
            Fact::PoliciesDecide => {
                let partition = formulas.not(self.around.other_partition);
                let passes = self.passes_credentials(formulas);
                formulas.and([partition, passes])
            }
            Fact::OtherPartition => {
                let passes = self.passes_credentials(formulas);
                formulas.and([self.around.other_partition, passes])
            }
            Fact::SameAccount => self.around.same_account,
            Fact::PolicyRequired => self.around.required,
            Fact::Grants(_) | Fact::GrantsFitTheCaller if !there.has(PolicyKind::Resource) => {
                constant(formulas, fact == Fact::GrantsFitTheCaller)
            }
            Fact::Grants(kind) => grant(self.resource.grants, kind),
            Fact::GrantsFitTheCaller => self.grants_fit(formulas),
            Fact::Given(kind) => constant(formulas, there.has(kind)),
            Fact::Binds(kind) => match kind {
                PolicyKind::Scp => self.around.scp_applies,
                PolicyKind::Rcp => self.around.rcp_applies,
                PolicyKind::Identity | PolicyKind::Boundary => self.around.has_entity,
                PolicyKind::Session => self.caller(formulas, Callers::Session),
                PolicyKind::Endpoint | PolicyKind::Resource => formulas.verum(),
            },
            Fact::Says(kind, effect) => self.says(formulas, there, kind, effect),
            Fact::FirstLevelSays(effect) => {
                let [first, _] = self.scps;
                of_effect(first, effect)
            }
            Fact::WithoutNotPrincipal => {
                let waits = formulas.or(self.not_principal);
                formulas.not(waits)
            }
            Fact::SilentOnIssueTime => formulas.verum(),
        }
    }

    fn passes_credentials(&self, formulas: &mut Formulas) -> Formula {
        let credentials = self.around.credentials;
        let stopped = formulas.or([
            credentials.expired,
            credentials.not_authenticated,
            credentials.root_cannot_assume,
            credentials.restricted,
            self.around.no_permission_required,
        ]);
        formulas.not(stopped)
    }

    /// What a layer says as given; a layer that is absent says nothing.
    fn says(&self, formulas: &mut Formulas, there: There, kind: PolicyKind, effect: Effect) -> Formula {
        if !there.has(kind) {
            return formulas.falsum();
        }
        let levels = |formulas: &mut Formulas, levels: [Said; 2]| match effect {
            Effect::Allow => formulas.and(levels.map(|level| level.allow)),
            Effect::Deny => formulas.or(levels.map(|level| level.deny)),
        };
        match kind {
            PolicyKind::Scp => levels(formulas, self.scps),
            PolicyKind::Rcp => levels(formulas, self.rcps),
            PolicyKind::Identity => of_effect(self.identity, effect),
            PolicyKind::Boundary => of_effect(self.boundary, effect),
            PolicyKind::Session => of_effect(self.session, effect),
            PolicyKind::Endpoint => of_effect(self.endpoint, effect),
            PolicyKind::Resource => of_effect(self.resource, effect),
        }
    }

    /// The table of PRIN-2: which kinds of grant can name which callers.
    // Rule: PRIN-2.
    fn grants_fit(&self, formulas: &mut Formulas) -> Formula {
        let kinds = [
            (GrantKind::Account, Callers::OfAnAccount),
            (GrantKind::User, Callers::User),
            (GrantKind::Federating, Callers::FederatedByUser),
            (GrantKind::Role, Callers::RoleSession),
            (GrantKind::Session, Callers::RoleSession),
            (GrantKind::FederatedUser, Callers::Federated),
            (GrantKind::Service, Callers::Service),
        ];
        let mut parts: Vec<Formula> = Vec::new();
        for (kind, callers) in kinds {
            let caller = self.caller(formulas, callers);
            parts.push(formulas.implies(grant(self.resource.grants, kind), caller));
        }
        parts.push(formulas.implies(self.resource.grants.provider, self.around.unsigned));
        formulas.and(parts)
    }
}

/// What a side is asked about, and what its layers say.
impl Scene {
    fn asked(&self, formulas: &mut Formulas, side: &Side, there: There) -> (Surroundings, LayersSaid) {
        let mut around = self.around;
        let mut said = self.arranged(formulas, &side.arrangement, there);
        match side.asked {
            // Of the owner a decision sees whether it is the caller's account, and the law speaks of owners that are not.
            Asked::AsIs | Asked::OfAThirdOwner | Asked::WithRenewedCredentials => {}
            Asked::OfTheSource => {
                let falsum = formulas.falsum();
                around.federated = falsum;
                around.federated_by_root = falsum;
                around.credentials.restricted = self.restricted_user;
                said.resource = said.resource.map(|resource| Said {
                    grants: Grants {
                        user: resource.grants.federating,
                        federating: falsum,
                        ..resource.grants
                    },
                    ..resource
                });
            }
        }
        (around, said)
    }

    fn arranged(&self, formulas: &mut Formulas, arrangement: &Arrangement, there: There) -> LayersSaid {
        let one = |formulas: &Formulas, kind: PolicyKind, part: Part, said: Said| match part {
            Part::Given => there.has(kind).then_some(said),
            Part::Absent => None,
            Part::Everything => Some(saying(formulas, Some(Effect::Allow))),
            Part::Silent => Some(saying(formulas, None)),
            Part::Refusing => Some(saying(formulas, Some(Effect::Deny))),
        };
        let identity = one(formulas, PolicyKind::Identity, arrangement.identity, self.identity);
        let identity = identity.unwrap_or(saying(formulas, None));
        let boundary = one(formulas, PolicyKind::Boundary, arrangement.boundary, self.boundary);
        let resource = there.has(PolicyKind::Resource).then_some(self.resource);
        let (identity, resource) = of_resource(formulas, arrangement.resource, identity, resource);
        let endpoint = one(formulas, PolicyKind::Endpoint, arrangement.endpoint, self.endpoint);
        let bounded = match boundary {
            Some(_) => self.around.has_entity,
            None => formulas.falsum(),
        };
        let mut refused = |waiting: Formula, said: Said| {
            let now = formulas.and([bounded, waiting]);
            Said { deny: formulas.or([said.deny, now]), ..said }
        };
        let [of_resource, of_endpoint] = self.not_principal;
        let resource = match arrangement.resource {
            OfResource::Given | OfResource::ForEverybody => resource.map(|said| refused(of_resource, said)),
            OfResource::Plain
            | OfResource::NamingTheRole
            | OfResource::ExchangedWithIdentity
            | OfResource::RefusingTheCaller => resource,
        };
        let endpoint = endpoint.map(|said| refused(of_endpoint, said));
        LayersSaid {
            identity,
            boundary,
            session: one(formulas, PolicyKind::Session, arrangement.session, self.session),
            resource,
            scps: levels(formulas, arrangement.scps, there.has(PolicyKind::Scp).then_some(self.scps)),
            rcps: levels(formulas, arrangement.rcps, there.has(PolicyKind::Rcp).then_some(self.rcps)),
            endpoint,
        }
    }
}

/// What a policy says that allows everything, refuses everything, or matches nothing.
fn saying(formulas: &Formulas, effect: Option<Effect>) -> Said {
    let only = |wanted| if effect == Some(wanted) { formulas.verum() } else { formulas.falsum() };
    let star = only(Effect::Allow);
    Said { allow: star, deny: only(Effect::Deny), grants: Grants { star, ..Grants::none(formulas) } }
}

fn levels(formulas: &Formulas, which: Levels, given: Option<[Said; 2]>) -> Vec<Said> {
    let neutral = saying(formulas, Some(Effect::Allow));
    match (which, given) {
        (Levels::Absent, _) => Vec::new(),
        (Levels::Refusing, _) => vec![saying(formulas, Some(Effect::Deny))],
        (Levels::Given | Levels::AndNeutral | Levels::FirstAmongNeutral, None) => Vec::new(),
        (Levels::Given, Some([first, others])) => vec![first, others],
        (Levels::AndNeutral, Some([first, others])) => vec![first, others, neutral],
        (Levels::FirstAmongNeutral, Some([first, _])) => vec![first, neutral, neutral],
    }
}

/// What identity policies and the resource's policy say when the latter is arranged.
fn of_resource(
    formulas: &mut Formulas,
    which: OfResource,
    identity: Said,
    resource: Option<Said>,
) -> (Said, Option<Said>) {
    let none = Grants::none(formulas);
    let to_role = |said: Said| Said { grants: Grants { role: said.allow, ..none }, ..said };
    let spoken = resource.unwrap_or(saying(formulas, None));
    match which {
        OfResource::Given => (identity, resource),
        OfResource::ForEverybody => {
            // Statements that named somebody else now match as well.
            let others = formulas.new_flag("an Allow of the resource's policy that names others matches");
            let others = formulas.flag(others);
            let star = formulas.or([spoken.allow, others]);
            let widened = resource.map(|said| Said { allow: star, grants: Grants { star, ..none }, ..said });
            (identity, widened)
        }
        OfResource::Plain => {
            let grants = Grants { federated_user: formulas.falsum(), ..spoken.grants };
            let plain = resource.map(|said| Said { grants, ..said });
            (identity, plain)
        }
        OfResource::NamingTheRole => (identity, Some(to_role(spoken))),
        OfResource::RefusingTheCaller => (identity, Some(saying(formulas, Some(Effect::Deny)))),
        OfResource::ExchangedWithIdentity => {
            (Said { grants: none, ..spoken }, Some(to_role(Said { grants: none, ..identity })))
        }
    }
}

fn of_effect(said: Said, effect: Effect) -> Formula {
    match effect {
        Effect::Allow => said.allow,
        Effect::Deny => said.deny,
    }
}

fn grant(grants: Grants, kind: GrantKind) -> Formula {
    match kind {
        GrantKind::Star => grants.star,
        GrantKind::Account => grants.account,
        GrantKind::User => grants.user,
        GrantKind::Federating => grants.federating,
        GrantKind::Role => grants.role,
        GrantKind::Session => grants.session,
        GrantKind::FederatedUser => grants.federated_user,
        GrantKind::Service => grants.service,
        GrantKind::Provider => grants.provider,
    }
}
