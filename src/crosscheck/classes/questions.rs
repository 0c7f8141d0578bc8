//! The formulas of an examination: for each statement, when the decision turns on it, and what its parts say.

use super::Part;
use crate::iam::assumption::Assumptions;
use crate::iam::layers::{Layer, Layers, StatementPlace};
use crate::iam::policy::{Policy, Selection, Statement, Version};
use crate::iam::principal::Principals;
use crate::model::decision::DecisionFormulas;
use crate::model::gather::decision;
use crate::model::modelled::NoAnswer;
use crate::model::principal::Around;
use crate::model::statement::{StatementFormulas, matches};
use crate::model::{Problem, Readings, Scope, SymbolicRequest};
use crate::solver::Assignment;
use crate::solver::evaluate::{belongs, holds};
use crate::solver::formula::{Formula, Formulas, Node, TextVariable};

/// Everything that is asked about some layers.
pub(super) struct Sheet {
    pub(super) formulas: Formulas,
    pub(super) symbolic: SymbolicRequest,
    /// Holds for exactly the requests that there are.
    pub(super) well_formed: Formula,
    pub(super) decision: DecisionFormulas,
    pub(super) statements: Vec<StatementSheet>,
}

/// What is asked about one statement.
pub(super) struct StatementSheet {
    pub(super) place: StatementPlace,
    /// Hold together iff the statement alone decides.
    pub(super) whole: Vec<Formula>,
    /// For other parts, what holds together iff the part alone decides.
    pub(super) parts: Vec<(Part, Vec<Formula>)>,
    pub(super) lists: Vec<List>,
}

/// The patterns of an element, each of which is asked about. The literals of a member are not written out: there are as many as members.
pub(super) struct List {
    pub(super) part: fn(usize) -> Part,
    /// The whole element.
    pub(super) element: Part,
    /// What the patterns are matched against.
    pub(super) variable: TextVariable,
    pub(super) texts: Vec<String>,
    /// For each pattern whether it matches.
    pub(super) matches: Vec<Formula>,
    /// For each pattern whether it does not.
    misses: Vec<Formula>,
    /// Holds iff the decision turns on the statement, its other elements hold, and the request is one.
    pub(super) rest: Formula,
}

impl List {
    /// What holds together iff this pattern matches, no other does, and the statement decides.
    pub(super) fn literals(&self, position: usize) -> Vec<Formula> {
        let matched = self.matches.get(position);
        let others = self.misses.iter().enumerate().filter(|(other, _)| *other != position);
        matched.into_iter().chain(others.map(|(_, miss)| miss)).chain([&self.rest]).copied().collect()
    }

    /// Whether these literals hold under the assignment, the cheap ones asked first.
    pub(super) fn is_decided_by(
        &self,
        formulas: &Formulas,
        position: usize,
        assignment: &Assignment,
    ) -> bool {
        let Some(text) = assignment.texts.get(&self.variable) else { return false };
        let is_matched = |formula: Formula| match formulas.node(formula) {
            Node::InLanguage(variable, language) if *variable == self.variable => {
                formulas.regular(*language).map(|regular| belongs(text, regular))
            }
            Node::True
            | Node::False
            | Node::Flag(_)
            | Node::InLanguage(..)
            | Node::Concatenation(..)
            | Node::Linear(..)
            | Node::InBlock(..)
            | Node::Spells(..)
            | Node::SpellsAddress(..)
            | Node::Not(_)
            | Node::And(_)
            | Node::Or(_) => holds(formulas, formula, assignment),
        };
        let is_alone = self
            .matches
            .iter()
            .enumerate()
            .all(|(other, formula)| is_matched(*formula) == Some(other == position));
        is_alone && holds(formulas, self.rest, assignment) == Some(true)
    }
}

impl Sheet {
    /// Writes the formulas.
    pub(super) fn write(
        layers: &Layers,
        assumptions: Assumptions,
        is_examined: &dyn Fn(Layer) -> bool,
    ) -> Result<Sheet, NoAnswer> {
        let mut formulas = Formulas::new();
        let readings = Readings::assumed(&formulas, assumptions);
        let mut symbolic = SymbolicRequest::read_as(&mut formulas, Scope::AnyCaller, readings);
        let gathered = decision(&mut formulas, &mut symbolic, layers)?;
        let mut writer = Writer { formulas, symbolic, layers, decided: gathered.decision };
        let mut written = Vec::new();
        for (place, statement_formulas) in &gathered.statements {
            if is_examined(place.layer)
                && let Some((policy, statement)) = statement_at(layers, *place)
            {
                written.push(writer.statement(*place, policy.version, statement, statement_formulas)?);
            }
        }
        // Last: what is written afterwards could bring new keys into use.
        let Writer { mut formulas, mut symbolic, decided, .. } = writer;
        let well_formed = symbolic.well_formed(&mut formulas)?;
        for list in written.iter_mut().flat_map(|sheet: &mut StatementSheet| &mut sheet.lists) {
            list.rest = formulas.and([well_formed, list.rest]);
        }
        Ok(Sheet { formulas, symbolic, well_formed, decision: decided, statements: written })
    }
}

struct Writer<'l> {
    formulas: Formulas,
    symbolic: SymbolicRequest,
    layers: &'l Layers,
    decided: DecisionFormulas,
}

impl Writer<'_> {
    fn statement(
        &mut self,
        place: StatementPlace,
        version: Version,
        statement: &Statement,
        found: &StatementFormulas,
    ) -> Result<StatementSheet, Problem> {
        let turns = self.turns(place, statement)?;
        let mut elements = vec![(Part::Action, found.action), (Part::Resource, found.resource)];
        elements.extend(
            found.entries.iter().enumerate().map(|(entry, formula)| (Part::Condition(entry), *formula)),
        );
        let but = |left_out: Option<Part>| -> Vec<Formula> {
            let kept = elements.iter().filter(|(part, _)| Some(*part) != left_out);
            kept.map(|(_, formula)| *formula).chain([turns]).collect()
        };
        let mut parts = Vec::new();
        for (part, formula) in &elements {
            // What everything passes limits nothing, and does not mean to.
            if *formula != self.formulas.verum() {
                let mut literals = but(Some(*part));
                literals.push(self.formulas.not(*formula));
                parts.push((*part, literals));
            }
        }
        for (entry, formula) in found.entries.iter().enumerate() {
            for (value, without) in self.entries_without_a_value(statement, entry, version)? {
                let same = self.formulas.iff(*formula, without);
                let mut literals = but(Some(Part::Condition(entry)));
                literals.push(self.formulas.not(same));
                parts.push((Part::Value { entry, value }, literals));
            }
        }
        for position in 0..principals_of(statement) {
            let without = self.decision_with(place, |statement| drop_principal(statement, position))?;
            parts.push((Part::Principal(position), vec![self.differ(&self.decided.clone(), &without)]));
        }
        let mut lists = Vec::new();
        let rest = but(Some(Part::Action));
        lists.extend(self.list(Part::ActionPattern, statement.action.listed(), version, rest)?);
        if let Some(resource) = &statement.resource {
            let rest = but(Some(Part::Resource));
            lists.extend(self.list(Part::ResourcePattern, resource.listed(), version, rest)?);
        }
        Ok(StatementSheet { place, whole: but(None), parts, lists })
    }

    /// Holds iff the decision would be another if the statement's Action, Resource and Condition held than if they did not.
    fn turns(&mut self, place: StatementPlace, statement: &Statement) -> Result<Formula, Problem> {
        let everything = Selection::Only(vec!["*".to_owned()]);
        let wide = Statement {
            action: everything.clone(),
            resource: statement.resource.as_ref().map(|_| everything),
            condition: Vec::new(),
            ..statement.clone()
        };
        let with = self.decision_with(place, |statement| *statement = wide)?;
        let without =
            self.decision_among(place, |policy, position| drop(policy.statements.remove(position)))?;
        Ok(self.differ(&with, &without))
    }

    /// Holds iff one decides otherwise than the other: allow, explicit deny, or neither.
    fn differ(&mut self, one: &DecisionFormulas, other: &DecisionFormulas) -> Formula {
        let same_allow = self.formulas.iff(one.allow, other.allow);
        let same_deny = self.formulas.iff(one.explicit_deny, other.explicit_deny);
        let same = self.formulas.and([same_allow, same_deny]);
        self.formulas.not(same)
    }

    /// The decision of the layers with the statement changed.
    fn decision_with(
        &mut self,
        place: StatementPlace,
        change: impl FnOnce(&mut Statement),
    ) -> Result<DecisionFormulas, Problem> {
        self.decision_among(place, |policy, position| {
            if let Some(statement) = policy.statements.get_mut(position) {
                change(statement);
            }
        })
    }

    fn decision_among(
        &mut self,
        place: StatementPlace,
        change: impl FnOnce(&mut Policy, usize),
    ) -> Result<DecisionFormulas, Problem> {
        let mut layers = self.layers.clone();
        if let Some(policy) = policy_mut(&mut layers, place)
            && place.statement < policy.statements.len()
        {
            change(policy, place.statement);
        }
        Ok(decision(&mut self.formulas, &mut self.symbolic, &layers)?.decision)
    }

    /// For each of several values of an entry what the entry would be without it.
    fn entries_without_a_value(
        &mut self,
        statement: &Statement,
        entry: usize,
        version: Version,
    ) -> Result<Vec<(usize, Formula)>, Problem> {
        let Some(whole) = statement.condition.get(entry).filter(|entry| entry.values.len() > 1) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::with_capacity(whole.values.len());
        for value in 0..whole.values.len() {
            let mut without = whole.clone();
            without.values.remove(value);
            let formulas = self.alone(Statement { condition: vec![without], ..plain() }, version)?;
            found.push((value, formulas.matched));
        }
        Ok(found)
    }

    /// The members of a list of patterns.
    fn list(
        &mut self,
        part: fn(usize) -> Part,
        texts: &[String],
        version: Version,
        rest: Vec<Formula>,
    ) -> Result<Option<List>, Problem> {
        if texts.iter().all(|text| text == "*") {
            return Ok(None);
        }
        let of_actions = matches!(part(0), Part::ActionPattern(_));
        let element = if of_actions { Part::Action } else { Part::Resource };
        let mut members = Vec::with_capacity(texts.len());
        for text in texts {
            let only = Selection::Only(vec![text.clone()]);
            members.push(if of_actions {
                self.alone(Statement { action: only, ..plain() }, version)?.action
            } else {
                self.alone(Statement { resource: Some(only), ..plain() }, version)?.resource
            });
        }
        let misses = members.iter().map(|member| self.formulas.not(*member)).collect();
        let variable = if of_actions { self.symbolic.action() } else { self.symbolic.resource() };
        let texts = if of_actions {
            texts.iter().map(|text| text.to_ascii_lowercase()).collect()
        } else {
            texts.to_vec()
        };
        let rest = self.formulas.and(rest);
        Ok(Some(List { part, element, variable, texts, matches: members, misses, rest }))
    }

    fn alone(&mut self, statement: Statement, version: Version) -> Result<StatementFormulas, Problem> {
        matches(&mut self.formulas, &mut self.symbolic, &statement, version, Around::NOTHING)
    }
}

/// A statement that says nothing but that it matches.
fn plain() -> Statement {
    Statement {
        sid: None,
        effect: crate::iam::policy::Effect::Deny,
        principal: None,
        action: Selection::Only(vec!["*".to_owned()]),
        resource: None,
        condition: Vec::new(),
    }
}

/// How many principals are asked about: none where the only one is the whole element.
fn principals_of(statement: &Statement) -> usize {
    let listed = statement.principal.as_ref().map_or(0, |principal| principal.listed().entries.len());
    if listed > 1 { listed } else { 0 }
}

fn drop_principal(statement: &mut Statement, position: usize) {
    let without = |listed: &Principals| {
        let mut entries = listed.entries.clone();
        entries.remove(position);
        Principals { entries }
    };
    statement.principal = statement.principal.as_ref().map(|principal| match principal {
        Selection::Only(listed) => Selection::Only(without(listed)),
        Selection::AllExcept(listed) => Selection::AllExcept(without(listed)),
    });
}

fn statement_at(layers: &Layers, place: StatementPlace) -> Option<(&Policy, &Statement)> {
    let (_, _, policy) =
        layers.documents().find(|(layer, index, _)| *layer == place.layer && *index == place.policy)?;
    Some((policy, policy.statements.get(place.statement)?))
}

fn policy_mut(layers: &mut Layers, place: StatementPlace) -> Option<&mut Policy> {
    let index = place.policy;
    match place.layer {
        Layer::Identity => layers.identity.get_mut(index),
        Layer::Boundary => layers.boundary.as_mut(),
        Layer::Session => layers.session.as_mut()?.get_mut(index),
        Layer::Resource => layers.resource.as_mut(),
        Layer::Endpoint => layers.endpoint.as_mut(),
        Layer::Scp { level } => layers.scps.as_mut()?.get_mut(level)?.get_mut(index),
        Layer::Rcp { level } => layers.rcps.as_mut()?.get_mut(level)?.get_mut(index),
    }
}
