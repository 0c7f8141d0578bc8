//! Statements as regions: what each of their elements speaks of, ready to be held against another's.

use std::collections::HashMap;

use super::filling;
use super::pattern::Pattern;
use crate::iam::condition::{BaseOperator, Existence};
use crate::iam::pattern::tokens_without_variables;
use crate::iam::policy::{ConditionEntry, Effect, Policy, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};

/// A statement with its patterns read.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// The position of the statement in its document.
    pub(super) statement: usize,
    pub(super) actions: Selection<Vec<Pattern>>,
    /// Absent in trust policies, which speak of the role that carries them.
    pub(super) resources: Option<Selection<Vec<Pattern>>>,
    principal: Option<Selection<Principals>>,
    condition: Vec<ConditionEntry>,
    version: Version,
}

/// The regions of a document.
#[derive(Clone, Debug)]
pub(super) struct Regions {
    pub(super) allows: Vec<Region>,
    pub(super) denies: Vec<Region>,
    by_service: HashMap<String, Vec<Listed>>,
    /// What may speak of any service.
    of_any_service: Vec<Listed>,
}

/// An action pattern of an Allow: the position of its region, and its own in the region's list; `None` for a NotAction as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    pub(super) region: usize,
    pub(super) pattern: Option<usize>,
}

impl Regions {
    pub(super) fn of(policy: &Policy) -> Regions {
        let (mut allows, mut denies) = (Vec::new(), Vec::new());
        for (position, statement) in policy.statements.iter().enumerate() {
            let region = Region::of(statement, position, policy.version);
            match statement.effect {
                Effect::Allow => allows.push(region),
                Effect::Deny => denies.push(region),
            }
        }
        let mut regions =
            Regions { allows: Vec::new(), denies, by_service: HashMap::new(), of_any_service: Vec::new() };
        for (position, region) in allows.iter().enumerate() {
            match policy.statements.get(region.statement).map(|statement| &statement.action) {
                Some(Selection::Only(texts)) => {
                    for (pattern, text) in texts.iter().enumerate() {
                        let listed = Listed { region: position, pattern: Some(pattern) };
                        match service(text) {
                            Some(service) => regions.by_service.entry(service).or_default().push(listed),
                            None => regions.of_any_service.push(listed),
                        }
                    }
                }
                Some(Selection::AllExcept(_)) | None => {
                    regions.of_any_service.push(Listed { region: position, pattern: None });
                }
            }
        }
        Regions { allows, ..regions }
    }

    /// The action patterns of Allows that may speak of this service; of all services without one.
    pub(super) fn speaking_of(&self, service: Option<&str>) -> impl Iterator<Item = Listed> {
        let named = service.and_then(|service| self.by_service.get(service));
        named.into_iter().flatten().chain(&self.of_any_service).copied()
    }
}

/// The service that an action pattern names, in lower case; `None` where it names none in particular.
pub(super) fn service(pattern: &str) -> Option<String> {
    let (service, _) = pattern.split_once(':')?;
    (service != "*").then(|| service.to_ascii_lowercase())
}

impl Region {
    fn of(statement: &Statement, position: usize, version: Version) -> Region {
        let resource = |text: &String| Pattern::new(&filling::tokens(text, version));
        Region {
            statement: position,
            actions: map(&statement.action, |text| action_pattern(text)),
            resources: statement.resource.as_ref().map(|selection| map(selection, resource)),
            principal: statement.principal.clone(),
            condition: statement.condition.clone(),
            version,
        }
    }

    /// Whether it is found that whoever and whichever context this statement speaks of, the other one does too.
    pub(super) fn implies_scene_of(&self, other: &Region) -> bool {
        self.principal_within(other) && other.condition.iter().all(|wanted| self.implies_entry(wanted, other))
    }

    /// Whether some entry of this statement is at least as strict as the wanted one.
    ///
    /// The same operator on the same key, where more listed values admit more under positive operators and less under negated ones
    /// (INV-23); `IfExists` admits whatever the operator does without it (INV-21). Variables mean the same under the same Version only.
    fn implies_entry(&self, wanted: &ConditionEntry, other: &Region) -> bool {
        self.condition.iter().any(|own| {
            let operator_fits = own.operator.base == wanted.operator.base
                && own.operator.quantifier == wanted.operator.quantifier
                && (own.operator.existence == wanted.operator.existence
                    || wanted.operator.existence == Existence::IfExists);
            let (fewer, more) = if is_negated(own.operator.base) { (wanted, own) } else { (own, wanted) };
            let listed = || fewer.values.iter().all(|value| more.values.contains(value));
            let plain = || own.values.iter().chain(&wanted.values).all(|value| !value.contains("${"));
            own.key == wanted.key
                && operator_fits
                && listed()
                && (is_substituting(self.version) == is_substituting(other.version) || plain())
        })
    }

    fn principal_within(&self, other: &Region) -> bool {
        match (&self.principal, &other.principal) {
            (_, None) => true,
            (Some(Selection::Only(own)), Some(Selection::Only(theirs))) => {
                names_everybody(theirs) || own.entries.iter().all(|entry| theirs.entries.contains(entry))
            }
            (None, Some(Selection::Only(theirs))) => names_everybody(theirs),
            (own @ Some(Selection::AllExcept(_)), theirs @ Some(Selection::AllExcept(_))) => own == theirs,
            (Some(Selection::AllExcept(_)), Some(Selection::Only(theirs))) => names_everybody(theirs),
            (None | Some(Selection::Only(_)), Some(Selection::AllExcept(_))) => false,
        }
    }

    /// Whether it is found that the other statement matches wherever this one does.
    pub(super) fn is_within(&self, other: &Region) -> bool {
        self.implies_scene_of(other)
            && selection_within(&self.actions, &other.actions)
            && match (&self.resources, &other.resources) {
                (_, None) => true,
                (None, Some(theirs)) => is_everything(theirs),
                (Some(own), Some(theirs)) => selection_within(own, theirs),
            }
    }
}

/// Whether it is found that all that one selection speaks of, the other does.
pub(super) fn selection_within(inner: &Selection<Vec<Pattern>>, outer: &Selection<Vec<Pattern>>) -> bool {
    match inner {
        Selection::Only(patterns) => patterns.iter().all(|pattern| pattern_within(pattern, outer)),
        Selection::AllExcept(left_out) => match outer {
            Selection::Only(_) => is_everything(outer),
            Selection::AllExcept(theirs) => {
                theirs.iter().all(|their| left_out.iter().any(|own| own.absorbs(their)))
            }
        },
    }
}

/// Whether it is found that the selection speaks of all texts of the pattern: by one of its patterns.
pub(super) fn pattern_within(inner: &Pattern, outer: &Selection<Vec<Pattern>>) -> bool {
    match outer {
        Selection::Only(patterns) => patterns.iter().any(|pattern| pattern.absorbs(inner)),
        Selection::AllExcept(patterns) => !patterns.iter().any(|pattern| pattern.meets(inner)),
    }
}

/// Whether the selection may speak of a text of the pattern.
pub(super) fn may_meet(pattern: &Pattern, selection: &Selection<Vec<Pattern>>) -> bool {
    match selection {
        Selection::Only(patterns) => patterns.iter().any(|other| other.meets(pattern)),
        Selection::AllExcept(patterns) => !patterns.iter().any(|other| other.absorbs(pattern)),
    }
}

pub(super) fn is_everything(selection: &Selection<Vec<Pattern>>) -> bool {
    match selection {
        Selection::Only(patterns) => patterns.iter().any(Pattern::is_everything),
        Selection::AllExcept(patterns) => patterns.is_empty(),
    }
}

/// An action pattern in lower case. `*:name` is read as any text, a colon and the name, which on actions, with their one colon, is what it means.
fn action_pattern(text: &str) -> Pattern {
    Pattern::new(&tokens_without_variables(&text.to_ascii_lowercase()))
}

fn map<T>(selection: &Selection<Vec<String>>, read: impl Fn(&String) -> T) -> Selection<Vec<T>> {
    let read = |texts: &Vec<String>| texts.iter().map(&read).collect();
    match selection {
        Selection::Only(texts) => Selection::Only(read(texts)),
        Selection::AllExcept(texts) => Selection::AllExcept(read(texts)),
    }
}

fn names_everybody(principals: &Principals) -> bool {
    principals
        .entries
        .iter()
        .any(|entry| matches!(entry, PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws))
}

fn is_substituting(version: Version) -> bool {
    match version {
        Version::V2012 => true,
        Version::Absent | Version::V2008 => false,
    }
}

// Rule: COND-6.
fn is_negated(base: BaseOperator) -> bool {
    use BaseOperator as Op;
    match base {
        Op::StringNotEquals
        | Op::StringNotEqualsIgnoreCase
        | Op::StringNotLike
        | Op::NumericNotEquals
        | Op::DateNotEquals
        | Op::NotIpAddress
        | Op::ArnNotEquals
        | Op::ArnNotLike => true,
        Op::StringEquals
        | Op::StringEqualsIgnoreCase
        | Op::StringLike
        | Op::NumericEquals
        | Op::NumericLessThan
        | Op::NumericLessThanEquals
        | Op::NumericGreaterThan
        | Op::NumericGreaterThanEquals
        | Op::DateEquals
        | Op::DateLessThan
        | Op::DateLessThanEquals
        | Op::DateGreaterThan
        | Op::DateGreaterThanEquals
        | Op::Bool
        | Op::BinaryEquals
        | Op::IpAddress
        | Op::ArnEquals
        | Op::ArnLike
        | Op::Null => false,
    }
}
