//! Single changes worth trying: what the policies and the request itself bring to mind.
//!
//! Nothing rests on a candidate being right, since the evaluator decides each changed request. What matters is that a person finds the
//! suggestion sensible: so values near those of the request come first, then those that a policy spells out.

use std::mem::discriminant;

use super::change::{Change, MFA, account_of, may_become_possible};
use super::reach::is_object;
use super::values::{contexts, segments};
use crate::comparison::callers::named;
use crate::comparison::filling::{self, Filling};
use crate::corpus::fit;
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::layers::Layers;
use crate::iam::pattern::Token;
use crate::iam::policy::{ConditionEntry, Policy, Selection, Version};
use crate::iam::principal::PrincipalEntry;
use crate::iam::request::{Caller, Credential, CredentialKind, Request, Validity};

/// How many resources, actions, owners and callers are tried.
const MAX_TEXTS: usize = 160;
const MAX_CALLERS: usize = 40;

/// The changes, the likeliest subject first, each once; none leaves the request as it is.
pub(super) fn changes(layers: &Layers, request: &Request) -> Vec<Change> {
    let mut found = credentials(request);
    found.extend(contexts(layers, request));
    found.extend(resources(layers, request).into_iter().map(Change::Resource));
    found.extend(actions(layers, request).into_iter().map(Change::Action));
    found.extend(owners(layers, request).into_iter().map(Change::Owner));
    found.extend(others(layers, request).into_iter().map(Change::Caller));
    let changes_something = |change: &Change| {
        let mut changed = request.clone();
        change.apply(&mut changed);
        changed != *request && may_become_possible(request, &changed)
    };
    found.retain(changes_something);
    found
}

// Rule: STS-42.
fn credentials(request: &Request) -> Vec<Change> {
    let Credential { kind, validity } = request.credential;
    let mut credentials = Vec::new();
    if validity == Validity::Expired {
        credentials.push(Change::Credential(Credential { kind, validity: Validity::Current }));
    }
    if matches!(request.caller, Caller::User(_) | Caller::Root { .. }) && kind == CredentialKind::SessionToken
    {
        credentials.push(Change::Credential(Credential { kind: CredentialKind::LongTerm, validity }));
    }
    // What a session token may call depends on it, whatever policies ask for.
    if matches!(request.caller, Caller::User(_)) && kind == CredentialKind::SessionToken {
        credentials.push(Change::Context {
            key: KeyName::new(MFA),
            value: Some(ContextValue::Single("true".to_owned())),
        });
    }
    credentials
}

/// Instances of the resource patterns, those that keep the end of the request's own resource first.
fn resources(layers: &Layers, request: &Request) -> Vec<String> {
    let service = request.action.split(':').next().unwrap_or_default();
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: String| {
        if is_alike(&request.resource, &text) && !found.contains(&text) {
            found.push(text);
        }
    };
    let patterns = layers.documents().flat_map(|(.., policy)| {
        let listed = policy.statements.iter().flat_map(|statement| &statement.resource);
        listed.flat_map(Selection::listed).map(|text| (policy.version, text))
    });
    if let (Some(asked), Some(own)) = (Arn::parse(&request.resource), request.caller.arn())
        && let Some(own) = Arn::parse(&own)
    {
        add(Arn { partition: own.partition, ..asked }.to_string());
    }
    for (version, text) in nearest(patterns, &request.resource) {
        let tokens = filling::tokens(text, version);
        for ending in endings(&tokens, &request.resource) {
            filling::resource(&ending, Filling::Plain, service, &request.context)
                .into_iter()
                .for_each(&mut add);
        }
        for filling in Filling::ALL {
            filling::resource(&tokens, filling, service, &request.context).into_iter().for_each(&mut add);
        }
    }
    add(filling::plain_resource(service));
    if is_object(&request.resource) == Some(true) {
        add(format!("{}/x", filling::plain_resource(service)));
    }
    found.truncate(MAX_TEXTS);
    found
}

/// A pattern that ends in a star with the end of a resource in the star's place: its last name, or of an object of S3 its whole key. What the
/// pattern and the name begin with alike is there once.
fn endings(tokens: &[Token], resource: &str) -> Vec<Vec<Token>> {
    let Some((Token::Star, before)) = tokens.split_last() else { return Vec::new() };
    let with = |ending: String| {
        let mut tokens = before.to_vec();
        tokens.push(Token::Literal(ending));
        tokens
    };
    let mut found = Vec::new();
    if let (Some(true), Some(Token::Literal(last))) = (is_object(resource), before.last())
        && let Some((_, key)) = resource.split_once('/')
        && !last.contains('/')
    {
        let is_a_name = last.ends_with(|last: char| last.is_ascii_alphanumeric());
        found.push(with(format!("{}/{key}", if is_a_name { "" } else { "x" })));
    }
    let name = resource.rsplit(['/', ':']).next().unwrap_or_default();
    let Some(last) = before.last() else { return found };
    let begun = match last {
        Token::Literal(text) => text.rsplit(['/', ':']).next().unwrap_or_default(),
        Token::Star | Token::Question | Token::Variable(_) => "",
    };
    let name = name.strip_prefix(begun).unwrap_or(name);
    if !name.is_empty() {
        found.push(with(name.to_owned()));
    }
    found
}

/// The patterns that begin most like a text, with what comes along with them.
fn nearest<'p, T>(patterns: impl Iterator<Item = (T, &'p String)>, text: &str) -> Vec<(T, &'p String)> {
    let alike = |pattern: &str| {
        pattern.chars().zip(text.chars()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count()
    };
    let mut patterns: Vec<(T, &String)> = patterns.collect();
    patterns.sort_by_cached_key(|(_, pattern)| std::cmp::Reverse(alike(pattern)));
    patterns.truncate(MAX_TEXTS);
    patterns
}

/// Whether a resource could take another's place: it is of the same service, and a key stays a key, a role a role.
fn is_alike(before: &str, after: &str) -> bool {
    let (before, after) = match (Arn::parse(before), Arn::parse(after)) {
        (Some(before), Some(after)) => (before, after),
        (None, Some(_)) => return true,
        (_, None) => return false,
    };
    let kind = |arn: Arn<'_>| match arn.service {
        "iam" | "kms" => arn.resource.split('/').next().map(str::to_owned),
        _ => None,
    };
    !after.partition.is_empty() && before.service == after.service && kind(before) == kind(after)
}

/// Instances of the action patterns: what is spelled out, then the request's own object under another verb, such as `s3:GetObject` for
/// `s3:Get*` and `s3:PutObject`.
fn actions(layers: &Layers, request: &Request) -> Vec<String> {
    let (service, name) = request.action.split_once(':').unwrap_or((request.action.as_str(), ""));
    let object_start = name.char_indices().skip(1).find(|(_, character)| character.is_ascii_uppercase());
    // Another service's operation on this very resource is nothing that anybody asks for.
    let is_of_its_service =
        Arn::parse(&request.resource).is_some_and(|arn| arn.service.eq_ignore_ascii_case(service));
    let object = object_start.and_then(|(start, _)| name.get(start..)).unwrap_or("x");
    let mut found: Vec<String> = Vec::new();
    let statements = layers.documents().flat_map(|(.., policy)| &policy.statements);
    let patterns = statements.flat_map(|statement| statement.action.listed()).map(|pattern| ((), pattern));
    for ((), pattern) in nearest(patterns, &request.action) {
        let (of, wanted) = pattern.split_once(':').unwrap_or((pattern.as_str(), "*"));
        let of = if of == "*" { service } else { of };
        let of_same = of.eq_ignore_ascii_case(service);
        if !of_same && is_of_its_service {
            continue;
        }
        let text = match wanted.split_once('*') {
            None => format!("{of}:{wanted}"),
            // What other services' actions are called is anybody's guess.
            Some(_) if !of_same => continue,
            Some(("", "")) => format!("{of}:{name}"),
            Some((verb, "")) if !verb.contains('?') => format!("{of}:{verb}{object}"),
            Some(_) => filling::action(pattern, Filling::Plain),
        };
        if !text.contains('?') && !found.contains(&text) {
            found.push(text);
        }
    }
    found.push(format!("{service}:{}", if name == "x" { "y" } else { "x" }));
    // Those of the same service are nearer.
    found.sort_by_key(|action| !action.split(':').next().is_some_and(|of| of.eq_ignore_ascii_case(service)));
    found.truncate(MAX_TEXTS);
    found
}

/// Accounts that could own a resource whose ARN names none.
fn owners(layers: &Layers, request: &Request) -> Vec<String> {
    if request.resource == "*" || account_of(&request.resource).is_some() {
        return Vec::new();
    }
    let mut accounts: Vec<String> = request.caller.account().map(str::to_owned).into_iter().collect();
    let asks_owner = |entry: &&ConditionEntry| entry.key == KeyName::new("aws:ResourceAccount");
    for statement in layers.documents().flat_map(|(.., policy)| &policy.statements) {
        let values = statement.condition.iter().filter(asks_owner).flat_map(|entry| &entry.values);
        accounts.extend(values.filter(|value| is_account_id(value)).cloned());
    }
    accounts.truncate(MAX_TEXTS);
    accounts
}

/// Other callers: those that a Principal or a condition names, and those whom the resource is named after.
fn others(layers: &Layers, request: &Request) -> Vec<Caller> {
    let mut found: Vec<Caller> = Vec::new();
    for (.., policy) in layers.documents() {
        for statement in &policy.statements {
            if found.len() > 50 * MAX_CALLERS {
                break;
            }
            let entries = statement.principal.iter().flat_map(|principal| &principal.listed().entries);
            found.extend(entries.filter(|entry| !names_everybody(entry)).flat_map(named));
            found.extend(asked_for(policy, &statement.condition, request));
        }
    }
    let mentions_name = |policy: &Policy| {
        let mut texts =
            policy.statements.iter().flat_map(|statement| &statement.resource).flat_map(Selection::listed);
        policy.version == Version::V2012
            && texts.any(|text| text.to_ascii_lowercase().contains("${aws:username"))
    };
    if let Caller::User(user) = &request.caller
        && layers.documents().any(|(.., policy)| mentions_name(policy))
    {
        let another =
            |name: &str| Caller::User(crate::iam::request::Entity { name: name.to_owned(), ..user.clone() });
        found.extend(segments(&request.resource).map(another));
    }
    let mut kept: Vec<Caller> = Vec::new();
    for caller in found {
        if !kept.contains(&caller) && fit::check(layers, &caller).is_ok() {
            kept.push(caller);
        }
    }
    // Those of the caller's own account are nearer, and of them those of his kind.
    let own = &request.caller;
    let is_root = |caller: &Caller| matches!(caller, Caller::Root { .. });
    kept.retain(|caller| !is_root(caller) || is_root(own));
    kept.sort_by_key(|caller| (caller.account() != own.account(), discriminant(caller) != discriminant(own)));
    kept.truncate(MAX_CALLERS);
    kept
}

/// Nobody in particular comes to mind where everybody is named.
fn names_everybody(entry: &PrincipalEntry) -> bool {
    match entry {
        PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws => true,
        PrincipalEntry::AccountRoot { .. }
        | PrincipalEntry::AccountId(_)
        | PrincipalEntry::User(_)
        | PrincipalEntry::Role(_)
        | PrincipalEntry::AssumedRole(_)
        | PrincipalEntry::FederatedUser(_)
        | PrincipalEntry::UniqueId(_)
        | PrincipalEntry::Service(_)
        | PrincipalEntry::Federated(_)
        | PrincipalEntry::CanonicalUser(_) => false,
    }
}

/// Callers whom a Condition asks for by their ARN.
fn asked_for(policy: &Policy, condition: &[ConditionEntry], request: &Request) -> Vec<Caller> {
    let arn_key = KeyName::new("aws:PrincipalArn");
    let mut found = Vec::new();
    for text in condition.iter().filter(|entry| entry.key == arn_key).flat_map(|entry| &entry.values) {
        let tokens = filling::tokens(text, policy.version);
        let Some(text) = filling::resource(&tokens, Filling::Plain, "iam", &request.context) else {
            continue;
        };
        let Some(arn) = Arn::parse(&text) else { continue };
        // A role or user of any account is best sought in the caller's own.
        let account = if text_names_account(&tokens, arn.account) {
            Some(arn.account)
        } else {
            request.caller.account()
        };
        let (partition, account) = (arn.partition.to_owned(), account.unwrap_or(arn.account).to_owned());
        let whole = format!("arn:{partition}:{}::{account}:{}", arn.service, arn.resource);
        let entry = match arn.resource.split('/').next() {
            Some("root") => PrincipalEntry::AccountRoot { partition, account },
            Some("user") => PrincipalEntry::User(whole),
            Some("role") => PrincipalEntry::Role(whole),
            Some("federated-user") => PrincipalEntry::FederatedUser(whole),
            Some(_) | None => continue,
        };
        found.extend(match entry {
            PrincipalEntry::AccountRoot { partition, account } => vec![Caller::Root { partition, account }],
            PrincipalEntry::User(_) | PrincipalEntry::Role(_) | PrincipalEntry::FederatedUser(_) => {
                named(&entry)
            }
            PrincipalEntry::Everyone
            | PrincipalEntry::EveryoneAws
            | PrincipalEntry::AccountId(_)
            | PrincipalEntry::AssumedRole(_)
            | PrincipalEntry::UniqueId(_)
            | PrincipalEntry::Service(_)
            | PrincipalEntry::Federated(_)
            | PrincipalEntry::CanonicalUser(_) => Vec::new(),
        });
    }
    found
}

/// Whether a pattern spells the account out.
fn text_names_account(tokens: &[Token], account: &str) -> bool {
    tokens.iter().any(|token| match token {
        Token::Literal(text) => text.contains(account),
        Token::Star | Token::Question | Token::Variable(_) => false,
    })
}
