//! Other spellings of policies that mean the same: what JSON and the grammar leave to whoever writes a document.
//!
//! A world knows what a document means, and is written in one way; an evaluator that can read no other way would never be found out. So some questions are
//! spelled otherwise. That a spelling means the same is not claimed here: the text is read, and one that reads as something else is given up.

use serde_json::{Map, Number, Value};

use super::construct::Cause;
use crate::corpus::protocol;
use crate::corpus::write::{Policies, Unanswered};
use crate::iam::layers::Layers;
use crate::iam::request::Request;

/// How policies are spelled, otherwise than in the plainest way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// A single statement stands in no list.
    LoneStatement,
    /// A single action stands in a list.
    ListedAction,
    /// A single resource stands in a list.
    ListedResource,
    /// A single value of a condition stands in a list.
    ListedValue,
    /// A single principal stands in a list.
    ListedPrincipal,
    /// Numbers and truth values among the values of conditions have no quotes.
    BareScalars,
    /// Every statement has a Sid.
    Sids,
    /// Every statement has the empty Sid.
    EmptySids,
    /// Documents that may have an Id have one.
    Ids,
    /// The members of documents and statements stand in another order.
    Order,
    /// Every Condition has an operator without keys; a statement without Condition gets an empty one.
    EmptyConditions,
    /// There is white space between the tokens.
    Blanks,
    /// Letters are escaped.
    Escapes,
}

use Spelling::{
    BareScalars, Blanks, EmptyConditions, EmptySids, Escapes, Ids, ListedAction, ListedPrincipal,
    ListedResource, ListedValue, LoneStatement, Order, Sids,
};

/// Of so many questions in a row the second and the third are spelled otherwise.
const ROUND: u64 = 5;

impl Spelling {
    /// All of them.
    pub const ALL: [Spelling; 13] = [
        ListedAction,
        ListedResource,
        // Those that need something which not all policies have come one behind the other.
        ListedValue,
        ListedPrincipal,
        Ids,
        BareScalars,
        LoneStatement,
        Sids,
        EmptySids,
        Order,
        EmptyConditions,
        Blanks,
        Escapes,
    ];

    /// How the question of this number is spelled, if otherwise and if these policies can be.
    pub(super) fn of(number: u64, layers: &Layers, requests: &[Request]) -> Option<Spelling> {
        let turn = match number % ROUND {
            1 => number / ROUND * 2,
            2 => number / ROUND * 2 + 1,
            _ => return None,
        };
        let first = usize::try_from(turn).ok()? % Self::ALL.len();
        let plain = serde_json::to_string(&Policies(layers)).ok()?;
        // One that these policies have no place for leaves its turn to the next.
        let mut turns = Self::ALL.iter().cycle().skip(first).take(Self::ALL.len()).copied();
        turns.find(|spelling| {
            let text = spelling.text(layers);
            text != plain && reads_as(&text, layers, requests)
        })
    }

    /// The field `policies` in this spelling.
    pub(super) fn text(self, layers: &Layers) -> String {
        // Writing to memory fails only where a map key is no string, and all of ours are.
        let mut policies = serde_json::to_value(Policies(layers)).unwrap_or_default();
        match self {
            LoneStatement => each_document(&mut policies, &mut |document| unlisted(document, "Statement")),
            ListedAction => each_statement(&mut policies, &mut |statement| {
                ["Action", "NotAction"].iter().for_each(|name| listed(statement, name));
            }),
            ListedResource => each_statement(&mut policies, &mut |statement| {
                ["Resource", "NotResource"].iter().for_each(|name| listed(statement, name));
            }),
            ListedValue => each_statement(&mut policies, &mut |statement| {
                for block in objects_of(statement, &["Condition"]).flat_map(Map::values_mut) {
                    block.as_object_mut().into_iter().flat_map(Map::values_mut).for_each(in_a_list);
                }
            }),
            ListedPrincipal => each_statement(&mut policies, &mut |statement| {
                objects_of(statement, &["Principal", "NotPrincipal"])
                    .flat_map(Map::values_mut)
                    .for_each(in_a_list);
            }),
            BareScalars => each_statement(&mut policies, &mut |statement| {
                for block in objects_of(statement, &["Condition"]).flat_map(Map::values_mut) {
                    for values in block.as_object_mut().into_iter().flat_map(Map::values_mut) {
                        match values {
                            Value::Array(several) => several.iter_mut().for_each(bare),
                            Value::Null
                            | Value::Bool(_)
                            | Value::Number(_)
                            | Value::String(_)
                            | Value::Object(_) => bare(values),
                        }
                    }
                }
            }),
            Sids => {
                let mut count = 0;
                each_statement(&mut policies, &mut |statement| {
                    count += 1;
                    statement.insert("Sid".to_owned(), Value::from(format!("S{count}")));
                });
            }
            EmptySids => each_statement(&mut policies, &mut |statement| {
                statement.insert("Sid".to_owned(), Value::from(""));
            }),
            Ids => {
                for name in ["resource", "endpoint"] {
                    if let Some(Value::Object(document)) = policies.get_mut(name) {
                        document.insert("Id".to_owned(), Value::from("the policy, by its name"));
                    }
                }
            }
            Order => each_document(&mut policies, &mut |document| {
                reverse(document);
                objects_of_list(document, "Statement").for_each(reverse);
            }),
            EmptyConditions => each_statement(&mut policies, &mut |statement| {
                let condition =
                    statement.entry("Condition".to_owned()).or_insert_with(|| Value::Object(Map::new()));
                if let Some(condition) = condition.as_object_mut().filter(|condition| !condition.is_empty()) {
                    condition
                        .entry("DateNotEqualsIfExists".to_owned())
                        .or_insert_with(|| Value::Object(Map::new()));
                }
            }),
            Blanks => {
                let laid_out = serde_json::to_string_pretty(&policies).unwrap_or_default();
                // No text has a line feed as it is: JSON escapes it. A line of the protocol has none at all.
                return laid_out.replace('\n', " \t");
            }
            // No escape of JSON has this letter in it.
            Escapes => return policies.to_string().replace('s', r"\u0073").replace('/', r"\/"),
        }
        policies.to_string()
    }

    /// What the evaluator takes otherwise if it answers rightly to the plain spelling and not to this one.
    pub(super) fn cause(self) -> Cause {
        let (what, rule) = match self {
            LoneStatement => ("a single statement outside a list", "GRAM-7"),
            ListedAction => ("a single action in a list", "GRAM-11"),
            ListedResource => ("a single resource in a list", "GRAM-15"),
            ListedValue => ("a single value of a condition in a list", "GRAM-17"),
            ListedPrincipal => ("a single principal in a list", "GRAM-12"),
            BareScalars => ("a number or truth value of a condition without quotes", "COND-19"),
            Sids => ("statements with a Sid", "GRAM-10"),
            EmptySids => ("statements with an empty Sid", "GRAM-10"),
            Ids => ("a document with an Id", "GRAM-6"),
            Order => ("members of documents and statements in another order", "GRAM-4"),
            EmptyConditions => ("a Condition or an operator without keys, which holds", "GRAM-17"),
            Blanks => ("white space between tokens", "GRAM-1"),
            Escapes => (r"letters written as escapes (`\u0073`, `\/`)", "GRAM-1"),
        };
        Cause::new(format!("spelling: {what}"), rule)
    }
}

/// Whether a line with these policies reads as these layers; names of documents and statements have no meaning.
fn reads_as(policies: &str, layers: &Layers, requests: &[Request]) -> bool {
    let written = requests.iter().map(Unanswered).map(|request| serde_json::to_string(&request));
    let Ok(written) = written.collect::<Result<Vec<String>, _>>() else { return false };
    let line = format!(r#"{{"id":0,"policies":{policies},"requests":[{}]}}"#, written.join(","));
    let read = protocol::read(line.as_bytes()).ok().and_then(|line| line.layers.ok());
    read.is_some_and(|read| nameless(read) == nameless(layers.clone()))
}

fn nameless(mut layers: Layers) -> Layers {
    for (_, policy) in layers.documents_mut() {
        policy.id = None;
        policy.statements.iter_mut().for_each(|statement| statement.sid = None);
    }
    layers
}

/// Changes every document, wherever in `policies` it stands.
pub(super) fn each_document(policies: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    match policies {
        Value::Object(document) if document.contains_key("Statement") => change(document),
        Value::Object(layers) => layers.values_mut().for_each(|layer| each_document(layer, change)),
        Value::Array(documents) => documents.iter_mut().for_each(|document| each_document(document, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Changes every statement that stands in a list.
pub(super) fn each_statement(policies: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    each_document(policies, &mut |document| objects_of_list(document, "Statement").for_each(&mut *change));
}

fn objects_of_list<'d>(
    document: &'d mut Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'d mut Map<String, Value>> {
    let list = document.get_mut(name).and_then(Value::as_array_mut);
    list.into_iter().flatten().filter_map(Value::as_object_mut)
}

fn objects_of<'s>(
    statement: &'s mut Map<String, Value>,
    names: &[&str],
) -> impl Iterator<Item = &'s mut Map<String, Value>> {
    let members = statement.iter_mut().filter(|(name, _)| names.contains(&name.as_str()));
    members.filter_map(|(_, value)| value.as_object_mut())
}

fn unlisted(object: &mut Map<String, Value>, name: &str) {
    if let Some(Value::Array(list)) = object.get_mut(name)
        && list.len() == 1
        && let Some(only) = list.pop()
    {
        object.insert(name.to_owned(), only);
    }
}

fn listed(object: &mut Map<String, Value>, name: &str) {
    object.get_mut(name).into_iter().for_each(in_a_list);
}

fn in_a_list(value: &mut Value) {
    if !value.is_array() {
        *value = Value::Array(vec![value.take()]);
    }
}

/// The value without its quotes, where that is JSON.
fn bare(value: &mut Value) {
    let Some(text) = value.as_str() else { return };
    let scalar = match text {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        _ => text.parse::<Number>().ok().filter(|number| number.to_string() == text).map(Value::Number),
    };
    if let Some(scalar) = scalar {
        *value = scalar;
    }
}

fn reverse(object: &mut Map<String, Value>) {
    *object = std::mem::take(object).into_iter().rev().collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crosscheck::stream::{Kind, Stream};

    #[test]
    fn each_spelling_has_its_turn_and_reads_as_what_it_was() {
        let stream = Stream::new(0, Kind::Mixed, 2);
        let mut met = Vec::new();
        for number in 0..600 {
            let world = stream.world(number).expect("there is a world of every number");
            if let Some(spelling) = Spelling::of(number, &world.layers, &world.requests) {
                assert!(reads_as(&spelling.text(&world.layers), &world.layers, &world.requests));
                met.push(spelling);
            }
        }
        let missing: Vec<_> = Spelling::ALL.iter().filter(|spelling| !met.contains(spelling)).collect();
        assert!(missing.is_empty(), "never met: {missing:?}");
    }
}
