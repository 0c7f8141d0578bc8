//! What the policies have written: the statement that a place means, and the keys that they ask for.

use std::collections::BTreeSet;

use crate::comparison::filling;
use crate::evaluator::Place;
use crate::iam::key::KeyName;
use crate::iam::layers::{Layer, Layers};
use crate::iam::pattern::{Token, Variable};
use crate::iam::policy::{Policy, Selection, Statement, Version};
use crate::iam::principal::PrincipalEntry;

/// The document of this layer with this number.
pub fn document(layers: &Layers, layer: Layer, policy: usize) -> Option<&Policy> {
    layers.documents().find(|(of, index, _)| (*of, *index) == (layer, policy)).map(|(.., policy)| policy)
}

/// The statement at a place.
pub fn statement(layers: &Layers, place: Place) -> Option<&Statement> {
    document(layers, place.layer?, place.policy)?.statements.get(place.statement?)
}

/// How many documents a layer has.
pub fn documents_of(layers: &Layers, layer: Layer) -> usize {
    layers.documents().filter(|(of, ..)| *of == layer).count()
}

/// Whom an entry of a Principal names, in one line of text.
pub fn principal(entry: &PrincipalEntry) -> String {
    match entry {
        PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws => "*".to_owned(),
        PrincipalEntry::AccountRoot { partition, account } => format!("arn:{partition}:iam::{account}:root"),
        PrincipalEntry::AccountId(text)
        | PrincipalEntry::User(text)
        | PrincipalEntry::Role(text)
        | PrincipalEntry::AssumedRole(text)
        | PrincipalEntry::FederatedUser(text)
        | PrincipalEntry::UniqueId(text)
        | PrincipalEntry::Service(text)
        | PrincipalEntry::Federated(text)
        | PrincipalEntry::CanonicalUser(text) => text.clone(),
    }
}

/// Whether a policy spells this action out.
pub fn spells_action(layers: &Layers, action: &str) -> bool {
    let statements = layers.documents().flat_map(|(.., policy)| &policy.statements);
    statements.into_iter().any(|statement| statement.action.listed().iter().any(|text| text == action))
}

/// Whether a policy spells this resource out.
pub fn spells_resource(layers: &Layers, resource: &str) -> bool {
    let statements = layers.documents().flat_map(|(.., policy)| &policy.statements);
    let mut texts = statements.flat_map(|statement| &statement.resource).flat_map(Selection::listed);
    texts.any(|text| text == resource)
}

/// The context keys that conditions ask for and variables stand for.
pub fn keys(layers: &Layers) -> BTreeSet<KeyName> {
    let mut keys = variables(layers);
    for (.., policy) in layers.documents() {
        let entries = policy.statements.iter().flat_map(|statement| &statement.condition);
        keys.extend(entries.map(|entry| entry.key.clone()));
    }
    keys
}

/// The variables in a text of a document with this Version, each once.
pub fn variables_in(text: &str, version: Version) -> Vec<Variable> {
    let mut found: Vec<Variable> = Vec::new();
    for token in filling::tokens(text, version) {
        match token {
            Token::Variable(variable) if !found.contains(&variable) => found.push(variable),
            Token::Variable(_) | Token::Literal(_) | Token::Star | Token::Question => {}
        }
    }
    found
}

/// The context keys that variables stand for.
pub(super) fn variables(layers: &Layers) -> BTreeSet<KeyName> {
    let mut keys = BTreeSet::new();
    for (.., policy) in layers.documents() {
        for statement in &policy.statements {
            let texts = statement.resource.iter().flat_map(Selection::listed);
            let values = statement.condition.iter().flat_map(|entry| &entry.values);
            for text in texts.chain(values).filter(|text| text.contains("${")) {
                keys.extend(filling::tokens(text, policy.version).into_iter().filter_map(
                    |token| match token {
                        Token::Variable(variable) => Some(variable.key),
                        Token::Literal(_) | Token::Star | Token::Question => None,
                    },
                ));
            }
        }
    }
    keys
}
