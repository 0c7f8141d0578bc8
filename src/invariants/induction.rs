//! Induction over the list of statements: what a set says is a fold over its statements, so a law about sets follows from two queries.
//!
//! Take two sets that a law compares. Their lists of statements are alike but for one place. A *relation* between what the one and what the
//! other has said so far is
//!
//! - established where they differ (the base),
//! - kept by every statement that both hear, whatever its effect, whether it matches, and whom it names (the step),
//! - and enough for the law, whatever else surrounds the decision (the conclusion).
//!
//! The state before the base is arbitrary: whatever statements came before, of however many documents, all that they leave behind is what
//! they said. So the three queries speak of lists of any length. A conclusion is drawn for a set that stands alone (some Allow and no Deny) and
//! for each layer that it can be, all other layers, the caller and the resource being free.

use super::obligation::Proof;
use super::rules::Rules;
use crate::iam::policy::Effect;
use crate::model::Readings;
use crate::model::combination::{Hearing, Said, Voice};
use crate::model::decision::DecisionFormulas;
use crate::model::layers::{LayersSaid, Surroundings, of_federated_sessions, of_session_policies};
use crate::model::principal::Grants;
use crate::solver::formula::{Formula, Formulas};

/// Where a set of policies stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// By itself.
    Alone,
    /// The identity policies.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// The session policies.
    Session,
    /// The resource's policy.
    Resource,
    /// One level of the SCPs.
    Scp,
    /// One level of the RCPs.
    Rcp,
    /// The endpoint's policy.
    Endpoint,
}

impl Place {
    /// Every place.
    pub const ALL: [Place; 8] = [
        Place::Alone,
        Place::Identity,
        Place::Boundary,
        Place::Session,
        Place::Resource,
        Place::Scp,
        Place::Rcp,
        Place::Endpoint,
    ];

    /// The place in words.
    pub fn name(self) -> &'static str {
        match self {
            Place::Alone => "a set by itself",
            Place::Identity => "the identity policies",
            Place::Boundary => "the boundary",
            Place::Session => "the session policies",
            Place::Resource => "the resource's policy",
            Place::Scp => "a level of SCPs",
            Place::Rcp => "a level of RCPs",
            Place::Endpoint => "the endpoint's policy",
        }
    }

    /// Holds iff policies in this place take part in the decision.
    pub fn applies(self, formulas: &mut Formulas, around: &Surroundings) -> Formula {
        match self {
            Place::Alone | Place::Resource | Place::Endpoint => formulas.verum(),
            Place::Identity | Place::Boundary => around.has_entity,
            Place::Session => formulas.or([around.role_session, around.federated]),
            Place::Scp => around.scp_applies,
            Place::Rcp => around.rcp_applies,
        }
    }
}

/// Whether session policies were passed; layers of other kinds that are absent decide as such that say nothing against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionPolicies {
    /// Some were passed.
    Passed,
    /// None were.
    Absent,
}

/// What surrounds a set: every other layer, the caller, the resource.
#[derive(Clone, Debug)]
pub struct World {
    /// Where the set stands.
    pub place: Place,
    /// What holds of caller, credential, operation and resource.
    pub around: Surroundings,
    /// What the layers say; that of the set itself is overwritten.
    pub others: LayersSaid,
    /// Whether the session policies beside one of them have an Allow each: what D-54 may ask for.
    pub other_session_policies: Formula,
    /// How open points are read.
    pub readings: Readings,
}

impl World {
    /// The worlds around a set in this place, with a sentence for the reports.
    pub fn all_around(proof: &mut Proof, place: Place) -> Vec<(String, World)> {
        let cases: &[SessionPolicies] = match place {
            // By itself a set has nothing around it.
            Place::Alone => &[SessionPolicies::Absent],
            Place::Session => &[SessionPolicies::Passed],
            Place::Identity
            | Place::Boundary
            | Place::Resource
            | Place::Scp
            | Place::Rcp
            | Place::Endpoint => &[SessionPolicies::Passed, SessionPolicies::Absent],
        };
        let around = Surroundings::free(&mut proof.formulas);
        let other_session_policies = proof.free("each other session policy allows");
        let readings = proof.readings;
        let others = LayersSaid {
            identity: free_said(proof, "the identity policies"),
            boundary: Some(free_said(proof, "the boundary")),
            session: Some(free_said(proof, "the session policies")),
            resource: Some(free_said(proof, "the resource's policy")),
            scps: vec![free_said(proof, "the other SCP levels")],
            rcps: vec![free_said(proof, "the other RCP levels")],
            endpoint: Some(free_said(proof, "the endpoint's policy")),
        };
        let world = |&session: &SessionPolicies| {
            let mut others = others.clone();
            let name = match session {
                SessionPolicies::Passed => place.name().to_owned(),
                SessionPolicies::Absent => {
                    others.session = None;
                    format!("{}, no session policies", place.name())
                }
            };
            (name, World { place, around, others, other_session_policies, readings })
        };
        cases.iter().map(world).collect()
    }

    /// The decision if the set says this.
    pub fn decided(&self, rules: &dyn Rules, formulas: &mut Formulas, said: Said) -> Decided {
        let mut layers = self.others.clone();
        match self.place {
            Place::Alone => {
                return Decided {
                    allow: rules.allows(formulas, said),
                    explicit_deny: said.deny,
                    whole: None,
                };
            }
            Place::Identity => layers.identity = said,
            Place::Boundary => layers.boundary = Some(said),
            // The sets that laws compare differ in one document; D-54 may ask the others for an Allow of their own.
            Place::Session => {
                let each = [said.allow, self.other_session_policies];
                let allow = of_session_policies(formulas, &self.readings, said.allow, &each);
                layers.session = Some(Said { allow, ..said });
            }
            Place::Resource => layers.resource = Some(said),
            Place::Scp => layers.scps.push(said),
            Place::Rcp => layers.rcps.push(said),
            Place::Endpoint => layers.endpoint = Some(said),
        }
        let named = rules.named(formulas, &self.around, &layers);
        let named = of_federated_sessions(formulas, &self.readings, &self.around, named);
        let decision = rules.decide(formulas, &named);
        Decided { allow: decision.allow, explicit_deny: decision.explicit_deny, whole: Some(decision) }
    }
}

/// A decision, with its reasons where there are layers.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Holds iff it is allowed.
    pub allow: Formula,
    /// Holds iff a Deny statement refuses it.
    pub explicit_deny: Formula,
    /// The reasons.
    pub whole: Option<DecisionFormulas>,
}

/// What the statements before have said: anything.
pub fn free_said(proof: &mut Proof, whose: &str) -> Said {
    Said {
        allow: proof.free(&format!("{whose}: an Allow matches")),
        deny: proof.free(&format!("{whose}: a Deny matches")),
        grants: free_grants(proof, whose),
    }
}

/// Grants of any kind.
fn free_grants(proof: &mut Proof, whose: &str) -> Grants {
    let mut free = |kind: &str| proof.free(&format!("{whose}: grants {kind}"));
    Grants {
        star: free("STAR"),
        account: free("ACCOUNT"),
        user: free("USER"),
        federating: free("FEDERATING"),
        role: free("ROLE"),
        session: free("SESSION"),
        federated_user: free("FEDUSER"),
        service: free("SERVICE"),
        provider: free("PROVIDER"),
    }
}

/// A statement of this effect: it matches or not, and names anybody.
pub fn free_voice(proof: &mut Proof, effect: Effect, which: &str) -> Voice {
    let matched = proof.free(&format!("{which} matches"));
    Voice { effect, matched, grants: free_grants(proof, which) }
}

/// What is said after one statement more.
pub fn after(rules: &dyn Rules, formulas: &mut Formulas, before: Said, voice: Voice) -> Said {
    let mut heard = Hearing::after(before);
    rules.hear(formulas, &mut heard, voice);
    heard.said(formulas)
}

/// A relation between what two sets have said.
pub type Relation = fn(&mut Formulas, &Said, &Said) -> Formula;

/// Both say the same.
pub fn same(formulas: &mut Formulas, left: &Said, right: &Said) -> Formula {
    let forth = no_less_allowed(formulas, left, right);
    let back = no_less_allowed(formulas, right, left);
    let deny = formulas.iff(left.deny, right.deny);
    formulas.and([forth, back, deny])
}

/// The right side allows and grants whatever the left one does, and both deny alike.
pub fn wider(formulas: &mut Formulas, left: &Said, right: &Said) -> Formula {
    let allow = no_less_allowed(formulas, left, right);
    let deny = formulas.iff(left.deny, right.deny);
    formulas.and([allow, deny])
}

/// The right side allows and grants nothing that the left one does not, and denies whatever the left one does.
pub fn narrower(formulas: &mut Formulas, left: &Said, right: &Said) -> Formula {
    let allow = no_less_allowed(formulas, right, left);
    let deny = formulas.implies(left.deny, right.deny);
    formulas.and([allow, deny])
}

fn no_less_allowed(formulas: &mut Formulas, less: &Said, more: &Said) -> Formula {
    let mut parts = vec![formulas.implies(less.allow, more.allow)];
    for (few, many) in less.grants.listed().into_iter().zip(more.grants.listed()) {
        parts.push(formulas.implies(few, many));
    }
    formulas.and(parts)
}

/// What a law says of the decisions about two sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// The same decision, for the same reason.
    SameDecision,
    /// The right side allows whatever the left one does.
    RightAllowsMore,
    /// The right side allows nothing that the left one does not.
    RightAllowsLess,
}

/// The step and the conclusions of an induction, for a relation that some base establishes.
pub fn kept_to_the_end(proof: &mut Proof, rules: &dyn Rules, relation: Relation, conclusion: Conclusion) {
    let left = free_said(proof, "left");
    let right = free_said(proof, "right");
    let related = relation(&mut proof.formulas, &left, &right);
    for effect in [Effect::Allow, Effect::Deny] {
        let voice = free_voice(proof, effect, "the next statement");
        let formulas = &mut proof.formulas;
        let next_left = after(rules, formulas, left, voice);
        let next_right = after(rules, formulas, right, voice);
        let still = relation(formulas, &next_left, &next_right);
        proof.show(format!("step, a statement with {}", effect.name()), related, still);
    }
    conclusions(proof, rules, relation, conclusion);
}

/// The conclusions alone: two sets between which the relation holds, in each place that they can have.
pub fn conclusions(proof: &mut Proof, rules: &dyn Rules, relation: Relation, conclusion: Conclusion) {
    let left = free_said(proof, "left");
    let right = free_said(proof, "right");
    let related = relation(&mut proof.formulas, &left, &right);
    for place in Place::ALL {
        for (name, world) in World::all_around(proof, place) {
            let formulas = &mut proof.formulas;
            let consistent = world.around.consistent(formulas);
            let premise = formulas.and([related, consistent]);
            let left = world.decided(rules, formulas, left);
            let right = world.decided(rules, formulas, right);
            let goal = conclusion.formula(formulas, &left, &right);
            proof.show(format!("conclusion for {name}"), premise, goal);
        }
    }
}

impl Conclusion {
    fn formula(self, formulas: &mut Formulas, left: &Decided, right: &Decided) -> Formula {
        match self {
            Conclusion::RightAllowsMore => formulas.implies(left.allow, right.allow),
            Conclusion::RightAllowsLess => formulas.implies(right.allow, left.allow),
            Conclusion::SameDecision => same_decision(formulas, left, right),
        }
    }
}

/// Holds iff both decisions are the same, reasons included.
pub fn same_decision(formulas: &mut Formulas, left: &Decided, right: &Decided) -> Formula {
    let mut parts =
        vec![formulas.iff(left.allow, right.allow), formulas.iff(left.explicit_deny, right.explicit_deny)];
    if let (Some(left), Some(right)) = (&left.whole, &right.whole) {
        for (&(reason, one), &(other, two)) in left.reasons.iter().zip(&right.reasons) {
            parts.push(if reason == other { formulas.iff(one, two) } else { formulas.falsum() });
        }
    }
    formulas.and(parts)
}
