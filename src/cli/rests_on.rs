//! On which open points a claim rests, as text and as JSON.

use serde_json::{Map, Value, json};

use crate::crosscheck::rests_on::{Fall, RestsOn};
use crate::iam::assumption::{Alternative, Assumptions, OpenPoint};

/// The fields that say it: `restsOn` is null where it is not known, or where nothing is proved that could rest on anything. `witness` names
/// what shows a fall, and with what.
pub(super) fn fields<W>(
    rests_on: Option<&Result<RestsOn<W>, String>>,
    witness: impl Fn(&Fall<W>) -> (&'static str, Value),
) -> Map<String, Value> {
    let mut fields = Map::new();
    let (points, falls, unknown) = match rests_on {
        None => (Value::Null, Value::Array(Vec::new()), Value::Null),
        Some(Err(reason)) => (Value::Null, Value::Array(Vec::new()), reason.as_str().into()),
        Some(Ok(found)) => {
            let points: Vec<&str> = found.points.iter().map(|point| point.id()).collect();
            let falls = found.falls.iter().map(|fall| {
                let (name, shown) = witness(fall);
                json!({ "assume": names(fall.assumptions), name: shown })
            });
            (points.into(), falls.collect(), Value::Null)
        }
    };
    fields.insert("restsOn".to_owned(), points);
    fields.insert("falls".to_owned(), falls);
    fields.insert("restsOnUnknown".to_owned(), unknown);
    fields
}

fn names(assumptions: Assumptions) -> Vec<&'static str> {
    assumptions.alternatives().map(Alternative::name).collect()
}

/// The points with what is decided of each, for people; nothing where there are none.
pub(super) fn told<W>(found: &RestsOn<W>) -> Vec<String> {
    found.points.iter().map(|point: &OpenPoint| format!("rests on {point}: {}", point.decision())).collect()
}
