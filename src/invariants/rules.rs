//! The steps that a proof is about: the model's own, unless a test puts a broken one in their place.
//!
//! A law whose proof would go through with a broken step is no proof. So every proof takes the steps as a parameter, and the tests show for
//! each law a step, broken in a way in which tools of this kind do break, with which the same procedure refutes it.

use crate::iam::condition::{BaseOperator, Existence, Quantifier};
use crate::iam::document::{self, Strictness, TypeChoice};
use crate::iam::layers::Layers;
use crate::iam::policy::{Policy, PolicyType, Selection};
use crate::model::combination::{self, Hearing, KeyState, Passes, Said, Sense, Voice};
use crate::model::decision::{self, DecisionFormulas, NamedBooleans};
use crate::model::layers::{self, LayersSaid, Surroundings};
use crate::solver::formula::{Formula, Formulas};

/// The steps by which policies come to a decision. Every method does what the model does; a broken reading overrides one.
pub trait Rules: Sync {
    /// A set of statements hears one more.
    fn hear(&self, formulas: &mut Formulas, heard: &mut Hearing, voice: Voice) {
        heard.hear(formulas, voice);
    }

    /// A set of documents takes in one more.
    fn join(&self, _formulas: &mut Formulas, heard: &mut Hearing, document: Hearing) {
        heard.join(document);
    }

    /// Whether a set of policies by itself allows.
    fn allows(&self, formulas: &mut Formulas, said: Said) -> Formula {
        said.allows(formulas)
    }

    /// From what layers say to the named booleans of EVAL-10.
    fn named(&self, formulas: &mut Formulas, around: &Surroundings, said: &LayersSaid) -> NamedBooleans {
        layers::named(formulas, around, said)
    }

    /// From the named booleans to the decision.
    fn decide(&self, formulas: &mut Formulas, named: &NamedBooleans) -> DecisionFormulas {
        decision::decide(formulas, named)
    }

    /// An element or its `Not…` twin, given whether some listed member matches.
    fn selected(&self, formulas: &mut Formulas, selection: &Selection<()>, some: Formula) -> Formula {
        combination::selected(formulas, selection, some)
    }

    /// Whether a statement matches, given its elements and the entries of its Condition.
    fn matched(&self, formulas: &mut Formulas, elements: &[Formula], entries: &[Formula]) -> Formula {
        combination::matched(formulas, elements.iter().copied(), entries.iter().copied())
    }

    /// The positive operator behind a base operator, and whether it is negated.
    fn sense(&self, base: BaseOperator) -> (BaseOperator, Sense) {
        combination::sense(base)
    }

    /// Whether some listed value matches.
    fn some_value_matches(&self, formulas: &mut Formulas, values: &[Formula]) -> Formula {
        combination::some_value_matches(formulas, values.iter().copied())
    }

    /// An entry without set operator.
    fn plain_entry(
        &self,
        formulas: &mut Formulas,
        modifiers: (Sense, Existence),
        key: KeyState,
        hit: Formula,
    ) -> Formula {
        combination::plain_entry(formulas, modifiers, key, hit)
    }

    /// Which elements a set operator looks for.
    fn looked_for(&self, quantifier: Quantifier, sense: Sense) -> Passes {
        combination::looked_for(quantifier, sense)
    }

    /// Whether some element of a list passes, when there is one more place in the list.
    fn one_more_element(
        &self,
        formulas: &mut Formulas,
        before: Formula,
        filled: Formula,
        passes: Formula,
    ) -> Formula {
        combination::one_more_element(formulas, before, filled, passes)
    }

    /// An entry with a set operator, given whether some element is one that it looks for.
    fn set_entry(
        &self,
        formulas: &mut Formulas,
        modifiers: (Quantifier, Existence),
        key: KeyState,
        some: Formula,
    ) -> Formula {
        combination::set_entry(formulas, modifiers, key, some)
    }

    /// Reads a document.
    fn read(&self, text: &str, policy_type: PolicyType) -> Option<Policy> {
        document::read(text.as_bytes(), TypeChoice::Given(policy_type), Strictness::Strict).policy
    }

    /// The layers around a request as the reading takes them, unless a broken reading forgets one.
    fn around(&self, layers: &Layers) -> Layers {
        layers.clone()
    }

    /// A policy as the reading takes it: as it is, unless a broken reading takes it for another. Both readings ask here.
    fn taken(&self, policy: &Policy) -> Policy {
        policy.clone()
    }
}

/// The model's own steps.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnRules;

impl Rules for OwnRules {}
