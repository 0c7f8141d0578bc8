//! On which open points a claim rests: the smallest set of them that must be read as decided, if the claim is to hold under every reading of
//! the others.
//!
//! **Why the set is a smallest one.** A counterexample takes other readings of some points, and decides all others; call these points its
//! *turns*. As long as none of them is held to its decision the counterexample stands, so every set that saves the claim holds one of its turns
//! at least: it *hits* them. Whoever asks takes a smallest set that hits the turns of all counterexamples known so far, and asks for one more
//! with these points held. If there is none, the set saves the claim, and no smaller one could: it would have to hit as many turns. If there is
//! one, it is new, since the set hits all others; and as there are finitely many sets of points, the search ends.

use crate::iam::assumption::{Assumptions, OpenPoint};

/// On what a claim rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestsOn<W> {
    /// The points, in their order; none: the claim holds under every combination of readings.
    pub points: Vec<OpenPoint>,
    /// For each of them, readings of some points, this one among them, under which the claim falls, and what shows it.
    pub falls: Vec<Fall<W>>,
}

/// A claim falls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fall<W> {
    /// Under these readings, and else the decisions.
    pub assumptions: Assumptions,
    /// What shows it.
    pub witness: W,
}

/// The answer to "does the claim fall under some reading of the points that are not held?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Falls<W> {
    /// It does not.
    Never,
    /// It does.
    Here(Fall<W>),
    /// It is not known, for this reason.
    Unknown(String),
}

/// The smallest set of points on which a claim rests; `falls` is asked with the points that are held to their decisions.
///
/// # Errors
///
/// Why it is not known.
pub fn rests_on<W>(mut falls: impl FnMut(&[OpenPoint]) -> Falls<W>) -> Result<RestsOn<W>, String> {
    let mut known: Vec<Fall<W>> = Vec::new();
    loop {
        let turns: Vec<Vec<OpenPoint>> = known.iter().map(|fall| turns(fall.assumptions)).collect();
        let held = smallest_hitting(&turns);
        match falls(&held) {
            Falls::Unknown(reason) => return Err(reason),
            Falls::Never => return Ok(RestsOn { falls: telling(&held, known), points: held }),
            Falls::Here(fall) => {
                let turned = self::turns(fall.assumptions);
                if turned.is_empty() {
                    return Err("it falls by the decisions themselves".to_owned());
                }
                if turned.iter().any(|point| held.contains(point)) {
                    return Err(
                        "the solver took a reading of a point that was held to its decision".to_owned()
                    );
                }
                known.push(fall);
            }
        }
    }
}

/// The points that are read otherwise.
fn turns(assumptions: Assumptions) -> Vec<OpenPoint> {
    OpenPoint::ALL.iter().copied().filter(|point| assumptions.reading_of(*point).is_some()).collect()
}

/// For each point one fall that takes another reading of it, of those that do with the fewest.
fn telling<W>(points: &[OpenPoint], mut known: Vec<Fall<W>>) -> Vec<Fall<W>> {
    known.sort_by_key(|fall| turns(fall.assumptions).len());
    let mut told: Vec<Fall<W>> = Vec::new();
    for &point in points {
        let speaks = |fall: &Fall<W>| fall.assumptions.reading_of(point).is_some();
        if !told.iter().any(speaks)
            && let Some(position) = known.iter().position(speaks)
        {
            told.push(known.remove(position));
        }
    }
    told
}

/// A smallest set that has one of each of these; the first in the order of the points.
pub fn smallest_hitting<T: Copy + Ord>(sets: &[Vec<T>]) -> Vec<T> {
    let most = sets.len();
    (0..=most).find_map(|size| hitting(sets, size, &mut Vec::new())).unwrap_or_default()
}

/// A set of at most this size more that has one of each, given what was chosen. Each choice is a member of the first set that is not hit, so
/// no more is tried than the product of the sets' sizes.
fn hitting<T: Copy + Ord>(sets: &[Vec<T>], size: usize, chosen: &mut Vec<T>) -> Option<Vec<T>> {
    let Some(open) = sets.iter().find(|set| !set.iter().any(|member| chosen.contains(member))) else {
        let mut found = chosen.clone();
        found.sort_unstable();
        return Some(found);
    };
    if size == 0 {
        return None;
    }
    for &member in open {
        chosen.push(member);
        let found = hitting(sets, size - 1, chosen);
        chosen.pop();
        if found.is_some() {
            return found;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iam::assumption::Alternative;

    #[test]
    fn a_smallest_set_has_one_of_each() {
        let rows: &[(&[&[u8]], &[u8])] = &[
            (&[], &[]),
            (&[&[3]], &[3]),
            (&[&[1, 2], &[2, 3]], &[2]),
            (&[&[1, 2], &[3, 4]], &[1, 3]),
            (&[&[1, 2, 3], &[1, 4], &[2, 4], &[3, 4]], &[1, 4]),
            (&[&[1], &[1, 2], &[2]], &[1, 2]),
        ];
        for (sets, smallest) in rows {
            let sets: Vec<Vec<u8>> = sets.iter().map(|set| set.to_vec()).collect();
            assert_eq!(smallest_hitting(&sets), *smallest, "{sets:?}");
        }
    }

    /// A claim that falls under each of some combinations of readings, and whatever else is read otherwise beside.
    fn falling(combinations: &'static [&'static [Alternative]]) -> impl FnMut(&[OpenPoint]) -> Falls<()> {
        move |held| {
            let stands = |combination: &&&[Alternative]| {
                combination.iter().all(|alternative| !held.contains(&alternative.point()))
            };
            match combinations.iter().find(stands) {
                None => Falls::Never,
                Some(combination) => {
                    let assumptions = Assumptions::of(combination.iter().copied()).unwrap();
                    Falls::Here(Fall { assumptions, witness: () })
                }
            }
        }
    }

    #[test]
    fn a_claim_rests_on_the_points_without_which_it_falls() {
        use Alternative::{AnyOfMany, FoldsLatin1, WrongTypeIsAnError, WrongTypeIsFalse};
        use OpenPoint::{CaseFolding, MultivaluedWithoutSetOperator, WrongType};
        let rests = |combinations| rests_on(falling(combinations)).unwrap().points;
        assert_eq!(rests(&[]), []);
        assert_eq!(rests(&[&[WrongTypeIsFalse], &[WrongTypeIsAnError]]), [WrongType]);
        assert_eq!(rests(&[&[AnyOfMany, WrongTypeIsFalse], &[WrongTypeIsAnError]]), [WrongType]);
        assert_eq!(rests(&[&[AnyOfMany, WrongTypeIsFalse]]), [MultivaluedWithoutSetOperator]);
        assert_eq!(rests(&[&[FoldsLatin1], &[AnyOfMany]]), [CaseFolding, MultivaluedWithoutSetOperator]);
        assert!(rests_on(falling(&[&[]])).is_err());
    }
}
