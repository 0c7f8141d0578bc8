//! Policies that the grammar refuses: a legal document with one thing wrong.
//!
//! Under which code it is refused is found out by reading the result, not said here; a change that leaves the document legal is given up, and another
//! tried.

use serde_json::{Map, Value};

use super::damages::{ANYWHERE, Change, PARTICULAR, Row};
use super::question::Written;
use super::spelling::{each_document, each_statement};
use crate::corpus::protocol;
use crate::corpus::write::Unanswered;
use crate::iam::document::Code;
use crate::iam::request::Request;

/// What is wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    /// In words.
    pub what: &'static str,
    /// The rule against it.
    pub rule: &'static str,
}

/// How many statements, or documents, a damage is tried on.
const MOST_TRIED: usize = 6;

/// Does the damage of this number (the numbers go round), or the next that there is a place for, to one document of `policies`.
pub(super) fn one(policies: &str, number: u64, requests: &[Request]) -> Option<Written> {
    let legal: Value = serde_json::from_str(policies).ok()?;
    let first = usize::try_from(number).ok()?;
    let [particular, anywhere] = [PARTICULAR, ANYWHERE].map(|rows| turns(rows, first / 2));
    let turns: Vec<&Row> = if first.is_multiple_of(2) {
        particular.chain(anywhere).collect()
    } else {
        anywhere.chain(particular).collect()
    };
    // The place goes round faster than the damages do, so that one damage meets several layers.
    let turn = first / ANYWHERE.len() + first;
    turns.into_iter().find_map(|(what, rule, change)| {
        let damage = Damage { what, rule };
        let texts = (0..MOST_TRIED).filter_map(|place| damaged(&legal, *change, turn + place));
        { texts }.find_map(|text| {
            let code = refusal(&text, requests)?;
            Some(Written::Refused { text, code, damage })
        })
    })
}

/// All of them, the one whose turn it is first.
fn turns(rows: &'static [Row], first: usize) -> impl Iterator<Item = &'static Row> {
    rows.iter().cycle().skip(first % rows.len().max(1)).take(rows.len())
}

/// The field `policies` with the damage done at one place; the places go round.
fn damaged(legal: &Value, change: Change, place: usize) -> Option<String> {
    let mut policies = legal.clone();
    match change {
        Change::Statement(change) => at(place, &mut policies, change, each_statement)?,
        Change::Document(change) => at(place, &mut policies, change, each_document)?,
        Change::Text(plain, odd) => return Some(policies.to_string().replacen(plain, odd, 1)),
    }
    (policies != *legal).then(|| policies.to_string())
}

/// Goes to every document, or every statement, and does something to each.
type Each = fn(&mut Value, &mut dyn FnMut(&mut Map<String, Value>));

/// Changes the one at this place; `None` where there are none at all.
fn at(place: usize, policies: &mut Value, change: fn(&mut Map<String, Value>), each: Each) -> Option<()> {
    let mut count = 0_usize;
    each(policies, &mut |_| count += 1);
    let mut left = place.checked_rem(count)?;
    each(policies, &mut |object| {
        match left.checked_sub(1) {
            Some(fewer) => left = fewer,
            None => {
                change(object);
                left = usize::MAX;
            }
        };
    });
    Some(())
}

/// The code under which the line's reader refuses these policies.
fn refusal(policies: &str, requests: &[Request]) -> Option<Code> {
    let request = serde_json::to_string(&Unanswered(requests.first()?)).ok()?;
    let line = format!(r#"{{"id":0,"policies":{policies},"requests":[{request}]}}"#);
    protocol::read(line.as_bytes()).ok()?.layers.err()?.code()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::write::Policies;
    use crate::crosscheck::stream::{Kind, Stream};

    #[test]
    fn each_damage_has_its_turn() {
        let stream = Stream::new(0, Kind::Mixed, 1);
        let mut met = Vec::new();
        for number in 0..800 {
            let world = stream.world(number * 10 + 9).expect("there is a world of every number");
            let policies = serde_json::to_string(&Policies(&world.layers)).expect("layers can be written");
            if let Some(Written::Refused { damage, .. }) = one(&policies, number, &world.requests) {
                met.push(damage.what);
            }
        }
        let all = ANYWHERE.iter().chain(PARTICULAR).map(|(what, ..)| what);
        let missing: Vec<_> = { all }.filter(|what| !met.contains(what)).collect();
        assert!(missing.is_empty(), "never met: {missing:?}");
    }
}
