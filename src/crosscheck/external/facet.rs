//! Properties of single characters and spellings, each with worlds that lack it and mean the same for their request.
//!
//! A line feed, a capital letter, a `*` where it is plain text: such a thing runs through elements, so it is taken out of all texts of a world at once.
//! Whether the right answer stays what it was is for whoever asks to see; where it does, and the wrong one goes away, the property was the cause.

use super::construct::{Cause, relation_rule};
use super::texts::{
    NOT_UNDER_ONE, Place, changed, has_escapes, has_variables, operators, wildcards_over, with,
    without_specials,
};
use crate::generators::worlds::World;
use crate::iam::condition::BaseOperator;
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::policy::Selection;
use crate::iam::principal::PrincipalEntry;

/// A property that a world has.
pub(super) struct Facet {
    /// What it is.
    pub(super) property: Property,
    /// Its name in this world, and the rule.
    pub(super) cause: Cause,
    /// Worlds without it; any of them may do.
    pub(super) plain: Vec<World>,
    /// A world in which it makes no difference, and one without it that counts only if in the first that is right which the program says.
    pub(super) guarded: Option<(World, World)>,
}

/// The properties, what says most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    LineFeed,
    Blank,
    NonAscii,
    RegularExpression,
    Escape,
    SpecialInContext,
    SpecialInResource,
    CaseOfAction,
    CaseOfResource,
    CaseOfValues,
    CaseOfKeys,
    CaseOfPrincipals,
    WildcardAmongPlainValues,
    AwsStar,
    Slash,
    LastColons,
    FirstColons,
}

const PROPERTIES: [Property; 17] = [
    Property::LineFeed,
    Property::Blank,
    Property::NonAscii,
    Property::RegularExpression,
    Property::Escape,
    Property::SpecialInContext,
    Property::SpecialInResource,
    Property::CaseOfAction,
    Property::CaseOfResource,
    Property::CaseOfValues,
    Property::CaseOfKeys,
    Property::CaseOfPrincipals,
    Property::WildcardAmongPlainValues,
    Property::AwsStar,
    Property::Slash,
    Property::LastColons,
    Property::FirstColons,
];

/// What a world has of all this.
pub(super) fn facets(world: &World) -> Vec<Facet> {
    PROPERTIES
        .iter()
        .filter_map(|property| {
            let mut plain = property.taken_from(world);
            plain.retain(|plain| plain != world);
            let guarded = property.guarded(world).filter(|(.., plain)| plain != world);
            let is_there = !plain.is_empty() || guarded.is_some();
            is_there.then(|| Facet { property: *property, cause: property.cause(world), plain, guarded })
        })
        .collect()
}

impl Property {
    fn cause(self, world: &World) -> Cause {
        let operator = operators(world).first().copied();
        let over = |what: &str| {
            let wildcards = wildcards_over(world);
            let rule = match operator {
                Some(base) if wildcards == NOT_UNDER_ONE => relation_rule(base),
                Some(_) | None => "GLOB-1",
            };
            Cause::new(format!("{what}{wildcards}"), rule)
        };
        let named = operator.map_or("an operator", BaseOperator::name);
        match self {
            Property::LineFeed => over("a line feed"),
            Property::Blank => over("a blank"),
            Property::NonAscii => over("a character outside ASCII"),
            Property::RegularExpression => Cause::new(
                "a character that is special in regular expressions (`.`, `+`, `[`), which stands for itself",
                operator.map_or("GLOB-1", relation_rule),
            ),
            Property::Escape => {
                Cause::new("an escape (`${*}`, `${?}`, `${$}`), which stands for the character", "VAR-4")
            }
            Property::SpecialInContext => Cause::new(
                "a `*`, `?` or `${` in the value of a context key, which is plain text",
                if has_variables(world) { "VAR-6" } else { "GLOB-1" },
            ),
            Property::SpecialInResource => {
                Cause::new("a `*`, `?` or `${` in the resource of a request, which is plain text", "GLOB-1")
            }
            Property::CaseOfAction => Cause::new("letter case of an action, which does not count", "ACT-2"),
            Property::CaseOfResource => Cause::new("letter case of a resource, which counts", "RES-2"),
            Property::CaseOfValues => Cause::new(
                format!("letter case of a value under {named}"),
                operator.map_or("COND-14", relation_rule),
            ),
            Property::CaseOfKeys => {
                Cause::new("letter case of a context key, which does not count", "COND-4")
            }
            Property::CaseOfPrincipals => Cause::new("letter case of a principal, which counts", "PRIN-6"),
            Property::WildcardAmongPlainValues => {
                Cause::new(format!("a `*` or `?` under {named}, where it is no wildcard"), "COND-14")
            }
            Property::AwsStar => {
                Cause::new("Principal `{\"AWS\": \"*\"}`, which says the same as `*`", "PRIN-3")
            }
            Property::Slash => over("a slash"),
            Property::LastColons => {
                let rule = operator.map_or("RES-1", relation_rule);
                let wildcards = wildcards_over(world);
                let of = operator.map_or(String::new(), |operator| format!(", by {}", operator.name()));
                Cause::new(format!("a colon in the last field of an ARN{wildcards}{of}"), rule)
            }
            Property::FirstColons => Cause::new("colons under a wildcard", "RES-1"),
        }
    }

    /// Letters that are told apart, or are not: in one case; and with capitals that are unlike every other letter.
    fn guarded(self, world: &World) -> Option<(World, World)> {
        let of: fn(Place) -> bool = match self {
            Property::CaseOfResource => Place::is_of_resources,
            Property::CaseOfValues => Place::is_of_conditions,
            Property::CaseOfPrincipals => |place| place == Place::Principal,
            Property::LineFeed
            | Property::Blank
            | Property::NonAscii
            | Property::RegularExpression
            | Property::Escape
            | Property::SpecialInContext
            | Property::SpecialInResource
            | Property::CaseOfAction
            | Property::CaseOfKeys
            | Property::WildcardAmongPlainValues
            | Property::AwsStar
            | Property::Slash
            | Property::LastColons
            | Property::FirstColons => return None,
        };
        let unlike = |c: char| if c.is_ascii_uppercase() { '9' } else { c };
        Some((in_small_letters(world, of), all(world, of, unlike)))
    }

    fn taken_from(self, world: &World) -> Vec<World> {
        let compares_texts = operators(world).into_iter().all(compares_texts);
        let character = |odd: fn(char) -> bool| {
            let is_compared =
                |place: Place| place.is_of_resources() || (compares_texts && place.is_of_conditions());
            vec![changed(world, |place, text| {
                if is_compared(place) {
                    with(text, |c| if odd(c) { 'x' } else { c })
                } else {
                    text.to_owned()
                }
            })]
        };
        match self {
            Property::LineFeed => character(|c| c == '\n'),
            Property::Blank => character(|c| c == ' '),
            Property::NonAscii => character(|c| !c.is_ascii()),
            Property::RegularExpression => {
                character(|c| matches!(c, '.' | '+' | '[' | ']' | '(' | ')' | '^' | '|' | '\\'))
            }
            Property::Escape => vec![changed(world, |place, text| match place {
                Place::ResourcePattern | Place::ConditionValue(_) => {
                    text.replace("${*}", "x").replace("${?}", "x").replace("${$}", "x")
                }
                Place::RequestResource | Place::ContextValue if has_escapes(world) => without_specials(text),
                Place::RequestResource
                | Place::ContextValue
                | Place::RequestAction
                | Place::ActionPattern
                | Place::Principal => text.to_owned(),
            })],
            Property::SpecialInContext => vec![without_specials_in_context(world)],
            // A variable without value is told by its own name.
            Property::SpecialInResource if has_variables(world) => Vec::new(),
            Property::SpecialInResource => vec![changed(world, |place, text| match place {
                Place::RequestResource if text != "*" => without_specials(text),
                Place::RequestResource
                | Place::ContextValue
                | Place::ConditionValue(_)
                | Place::ResourcePattern
                | Place::RequestAction
                | Place::ActionPattern
                | Place::Principal => text.to_owned(),
            })],
            Property::CaseOfAction => case_of_action(world),
            Property::CaseOfResource => vec![in_small_letters(world, Place::is_of_resources)],
            Property::CaseOfValues => vec![in_small_letters(world, Place::is_of_conditions)],
            Property::CaseOfKeys => vec![keys_spelled_alike(world)],
            Property::CaseOfPrincipals => Vec::new(),
            Property::AwsStar => vec![without_aws_star(world)],
            Property::WildcardAmongPlainValues => wildcards_among_plain_values(world),
            Property::Slash => vec![changed(world, |place, text| {
                let changed = |c| if c == '/' { '-' } else { c };
                if place.is_compared() { with(text, changed) } else { text.to_owned() }
            })],
            Property::LastColons => vec![changed(world, |place, text| {
                if place.is_of_conditions() { without_last_colons(text) } else { text.to_owned() }
            })],
            Property::FirstColons => vec![without_first_colons(world)],
        }
    }
}

/// Every character of the texts at these places changed.
fn all(world: &World, of: fn(Place) -> bool, change: fn(char) -> char) -> World {
    changed(world, |place, text| if of(place) { with(text, change) } else { text.to_owned() })
}

fn in_small_letters(world: &World, of: fn(Place) -> bool) -> World {
    all(world, of, |c| c.to_ascii_lowercase())
}

/// Single values without the characters that are special in patterns.
fn without_specials_in_context(world: &World) -> World {
    let mut plain = world.clone();
    for request in &mut plain.requests {
        for (key, value) in request.context.clone().entries() {
            if let ContextValue::Single(text) = value {
                request.context.set(key.clone(), ContextValue::Single(without_specials(text)));
            }
        }
    }
    plain
}

/// The shorter spelling of the wildcard that names everybody.
fn without_aws_star(world: &World) -> World {
    let mut plain = world.clone();
    for (_, policy) in plain.layers.documents_mut() {
        for statement in &mut policy.statements {
            if let Some(Selection::Only(principals) | Selection::AllExcept(principals)) =
                &mut statement.principal
                && principals.entries.contains(&PrincipalEntry::EveryoneAws)
            {
                principals.entries = vec![PrincipalEntry::Everyone];
            }
        }
    }
    plain
}

fn compares_texts(base: BaseOperator) -> bool {
    let name = base.name();
    name.starts_with("String") || name.starts_with("Arn")
}

/// In small letters; and as the operations that have rules of their own are spelled.
fn case_of_action(world: &World) -> Vec<World> {
    let small = |place: Place, text: &str| match place {
        Place::RequestAction | Place::ActionPattern => text.to_ascii_lowercase(),
        Place::RequestResource
        | Place::ResourcePattern
        | Place::ContextValue
        | Place::ConditionValue(_)
        | Place::Principal => text.to_owned(),
    };
    let spelled = |place: Place, text: &str| match place {
        Place::RequestAction => as_documented(text),
        Place::ActionPattern => world
            .requests
            .first()
            .map_or_else(|| text.to_owned(), |request| spelled_like(text, &as_documented(&request.action))),
        Place::RequestResource
        | Place::ResourcePattern
        | Place::ContextValue
        | Place::ConditionValue(_)
        | Place::Principal => text.to_owned(),
    };
    vec![changed(world, spelled), changed(world, small)]
}

/// Actions as AWS spells them, as far as their spelling can be taken for another.
const DOCUMENTED: &[&str] = &[
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:GetCallerIdentity",
    "sts:GetFederationToken",
    "sts:GetSessionToken",
    "sts:SetSourceIdentity",
    "sts:TagSession",
    "kms:Decrypt",
    "kms:RetireGrant",
    "s3:GetObject",
];

/// The action as AWS spells it, where that is known.
pub(super) fn as_documented(action: &str) -> String {
    let known = DOCUMENTED.iter().find(|known| known.eq_ignore_ascii_case(action));
    known.map_or_else(|| action.to_owned(), |known| (*known).to_owned())
}

/// The pattern with its beginning in the letter case of the action, as far as they are the same letters.
fn spelled_like(pattern: &str, action: &str) -> String {
    let same =
        pattern.chars().zip(action.chars()).take_while(|(left, right)| left.eq_ignore_ascii_case(right));
    let beginning: String = same.map(|(_, right)| right).collect();
    let rest: String = pattern.chars().skip(beginning.chars().count()).collect();
    beginning + &rest
}

/// Every key as the context spells it.
fn keys_spelled_alike(world: &World) -> World {
    let mut plain = world.clone();
    let keys: Vec<KeyName> = world
        .requests
        .iter()
        .flat_map(|request| request.context.entries().iter().map(|(key, _)| key.clone()))
        .collect();
    for (_, policy) in plain.layers.documents_mut() {
        for statement in &mut policy.statements {
            for entry in &mut statement.condition {
                if let Some(key) = keys.iter().find(|key| **key == entry.key)
                    && key.spelling() != entry.key.spelling()
                {
                    entry.key = key.clone();
                }
                entry.values.iter_mut().for_each(|text| spell_variables(text, &keys));
            }
            if let Some(Selection::Only(listed) | Selection::AllExcept(listed)) = &mut statement.resource {
                listed.iter_mut().for_each(|text| spell_variables(text, &keys));
            }
        }
    }
    // Two keys are equal whatever their letter case, so that a world is compared by what it spells.
    if spelled(&plain) == spelled(world) { world.clone() } else { respelled(plain) }
}

fn spelled(world: &World) -> Vec<String> {
    let statements = world.layers.documents().flat_map(|(.., policy)| &policy.statements);
    let mut texts = Vec::new();
    for statement in statements {
        for entry in &statement.condition {
            texts.push(entry.key.spelling().to_owned());
            texts.extend(entry.values.iter().cloned());
        }
        if let Some(Selection::Only(listed) | Selection::AllExcept(listed)) = &statement.resource {
            texts.extend(listed.iter().cloned());
        }
    }
    texts
}

/// The same world, told from one that differs in the spelling of keys only by a key that nothing asks for.
fn respelled(mut world: World) -> World {
    for request in &mut world.requests {
        request.context.set(KeyName::new("iamproof:spelled"), ContextValue::Single("alike".to_owned()));
    }
    world
}

fn spell_variables(text: &mut String, keys: &[KeyName]) {
    for key in keys {
        let name = key.spelling();
        let folded = text.to_ascii_lowercase();
        let Some(start) = folded.find(&format!("${{{}", name.to_ascii_lowercase())) else { continue };
        let (from, to) = (start + 2, start + 2 + name.len());
        if text.get(from..to).is_some_and(|spelled| spelled != name) {
            text.replace_range(from..to, name);
        }
    }
}

/// Values of operators without wildcards (COND-18), without the characters that elsewhere are some.
fn wildcards_among_plain_values(world: &World) -> Vec<World> {
    let plain = |text: &str| with(text, |c| if matches!(c, '*' | '?') { 'x' } else { c });
    let is_plain = |base: BaseOperator| {
        matches!(
            base,
            BaseOperator::StringEquals
                | BaseOperator::StringNotEquals
                | BaseOperator::StringEqualsIgnoreCase
                | BaseOperator::StringNotEqualsIgnoreCase
        )
    };
    let values = changed(world, |place, text| match place {
        Place::ConditionValue(base) if is_plain(base) => plain(text),
        Place::ConditionValue(_)
        | Place::ContextValue
        | Place::RequestAction
        | Place::ActionPattern
        | Place::RequestResource
        | Place::ResourcePattern
        | Place::Principal => text.to_owned(),
    });
    vec![values]
}

/// The last of the six fields of an ARN without colons.
fn without_last_colons(text: &str) -> String {
    if !text.starts_with("arn:") || text.contains("${") {
        return text.to_owned();
    }
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    match fields.split_last() {
        Some((last, first)) if first.len() == 5 => format!("{}:{}", first.join(":"), last.replace(':', "-")),
        Some(_) | None => text.to_owned(),
    }
}

/// `*` cut into the fields of the request's texts, so that no wildcard has a colon to match.
fn without_first_colons(world: &World) -> World {
    let Some(request) = world.requests.first() else { return world.clone() };
    let fields: Vec<&str> = request.resource.splitn(6, ':').take(5).collect();
    let service = request.action.split(':').next().unwrap_or_default();
    changed(world, |place, text| match place {
        Place::ResourcePattern if text == "*" && fields.len() == 5 => format!("{}:*", fields.join(":")),
        Place::ActionPattern if text == "*" => format!("{service}:*"),
        Place::ResourcePattern
        | Place::ActionPattern
        | Place::ConditionValue(_)
        | Place::ContextValue
        | Place::RequestAction
        | Place::RequestResource
        | Place::Principal => text.to_owned(),
    })
}
