//! The warnings of GRAM-31 (and of VAR-8, COND-10, COND-33, D-45): what is legal, but seldom what its author meant.

use super::condition::Family;
use super::finding::Code;
use super::literal::{AddressForm, address_form};
use super::reading::Reading;
use super::report::Report;
use crate::iam::condition::{BaseOperator, Existence, Operator, Quantifier};
use crate::iam::key::{Arity, KeyName, documented};
use crate::iam::policy::{ConditionEntry, Effect, PolicyType};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::spelling::{self, quoted};

/// The actions of `sts`: the one service whose list is short, and the one whose actions a trust policy has.
const STS_ACTIONS: [&str; 16] = [
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRoot",
    "DecodeAuthorizationMessage",
    "GetAccessKeyInfo",
    "GetCallerIdentity",
    "GetDelegatedAccessToken",
    "GetFederationToken",
    "GetServiceBearerToken",
    "GetSessionToken",
    "GetWebIdentityToken",
    "SetContext",
    "SetSourceIdentity",
    "TagGetWebIdentityToken",
    "TagSession",
];

/// Warns of an action without wildcards that its service does not have, where the service's list is known.
// Rule: GRAM-31.
pub(super) fn action(text: &str, prefix: &str, name: &str, offset: u32, report: &mut Report<'_>) {
    let is_known = |known: &&str| known.eq_ignore_ascii_case(name);
    if !prefix.eq_ignore_ascii_case("sts") || name.contains(['*', '?']) || STS_ACTIONS.iter().any(is_known) {
        return;
    }
    let hint = match spelling::nearest(name, &STS_ACTIONS) {
        Some(near) => format!("; did you mean `sts:{near}`?"),
        None => String::new(),
    };
    report.warning(Code::UnknownAction, offset, format!("there is no action {}{hint}", quoted(text)));
}

/// Warns of a trust policy that lets everybody in.
pub(super) fn principal(
    principals: &Principals,
    policy_type: PolicyType,
    effect: Option<Effect>,
    offset: u32,
    report: &mut Report<'_>,
) {
    let names_everybody = principals
        .entries
        .iter()
        .any(|entry| matches!(entry, PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws));
    if policy_type == PolicyType::Trust && effect == Some(Effect::Allow) && names_everybody {
        let message = "everybody in every account may assume this role, as far as the Condition lets them";
        report.warning(Code::TrustEverybody, offset, message);
    }
}

/// Where a condition entry's operator and key stand.
pub(super) struct EntryAt {
    pub(super) operator: u32,
    pub(super) key: u32,
}

/// Warns of entries that seldom do what was meant.
pub(super) fn condition(
    entries: &[ConditionEntry],
    places: &[EntryAt],
    effect: Option<Effect>,
    reading: &mut Reading<'_>,
) {
    for (entry, at) in entries.iter().zip(places) {
        let ConditionEntry { operator, key, values } = entry;
        arity(*operator, key, at, reading);
        if operator.quantifier == Quantifier::ForAllValues
            && effect == Some(Effect::Allow)
            && !entries.iter().any(|guard| is_presence_guard(guard, key))
        {
            let name = quoted(key.spelling());
            let message =
                format!("`ForAllValues` is true where {name} is missing: add `Null` with `false` for it");
            reading.report.warning(Code::ForAllValuesAllow, at.operator, message);
        }
        if operator.base == BaseOperator::Bool
            && operator.existence == Existence::Required
            && effect == Some(Effect::Deny)
            && key.spelling().eq_ignore_ascii_case("aws:MultiFactorAuthPresent")
        {
            let message = format!("requests with long-term keys have no `{key}`: use `BoolIfExists`");
            reading.report.warning(Code::MfaDenyWithoutIfExists, at.operator, message);
        }
        sensitive_wildcard(operator.base, key, values, at, reading);
    }
}

/// Whether an entry is `"Null": {key: "false"}`, as it is written.
fn is_presence_guard(entry: &ConditionEntry, key: &KeyName) -> bool {
    entry.operator.base == BaseOperator::Null
        && entry.key == *key
        && entry.values.iter().all(|value| value.eq_ignore_ascii_case("false"))
}

// Rules: COND-10, KEY-9.
fn arity(operator: Operator, key: &KeyName, at: &EntryAt, reading: &mut Reading<'_>) {
    let Some(row) = documented(key) else {
        if !is_provider_key(key) && reading.unknown_keys.insert(key.clone()) {
            let names: Vec<&str> = crate::iam::key::DOCUMENTED_KEYS.iter().map(|row| row.name).collect();
            let hint = match spelling::nearest(key.spelling(), &names) {
                Some(near) => format!("; did you mean `{near}`?"),
                None => String::new(),
            };
            let message = format!(
                "the key {} is not in our tables and taken for free text{hint}",
                quoted(key.spelling())
            );
            reading.report.warning(Code::UnknownKey, at.key, message);
        }
        return;
    };
    match (row.arity, operator.quantifier) {
        (Arity::Single, Quantifier::ForAllValues | Quantifier::ForAnyValue) => {
            let message = format!("`{key}` has one value and needs no set operator");
            reading.report.warning(Code::SetOperatorOnSingle, at.operator, message);
        }
        (Arity::Many, Quantifier::None) if operator.base != BaseOperator::Null => {
            let message = format!(
                "`{key}` is multivalued: without `ForAnyValue:` or `ForAllValues:` this is never true"
            );
            reading.report.warning(Code::ManyWithoutSetOperator, at.operator, message);
        }
        (Arity::Single | Arity::Many, Quantifier::None)
        | (Arity::Many, Quantifier::ForAllValues | Quantifier::ForAnyValue) => {}
    }
}

/// Whether a key belongs to an identity provider (`accounts.google.com:aud`, `saml:cn[]`), of which KEY-5 gives no full list.
fn is_provider_key(key: &KeyName) -> bool {
    let prefix = key.spelling().split_once(':').map_or("", |(prefix, _)| prefix);
    prefix.contains(['.', '/']) || (prefix == "saml" && key.spelling().ends_with("[]"))
}

/// The keys whose values say who or where; a wildcard in one opens more than it seems to.
const SENSITIVE_KEYS: [&str; 10] = [
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
];

fn sensitive_wildcard(
    base: BaseOperator,
    key: &KeyName,
    values: &[String],
    at: &EntryAt,
    reading: &mut Reading<'_>,
) {
    let takes_wildcards = base == BaseOperator::StringLike || base == BaseOperator::StringNotLike;
    let is_sensitive = || SENSITIVE_KEYS.iter().any(|name| key.spelling().eq_ignore_ascii_case(name));
    if takes_wildcards && is_sensitive() && values.iter().any(|value| value.contains(['*', '?'])) {
        let message = format!("a wildcard in a value of `{key}`");
        reading.report.warning(Code::SensitiveWildcard, at.key, message);
    }
}

/// Warns of a value that is legal but odd.
pub(super) fn value(text: &str, offset: u32, family: Family, reading: &mut Reading<'_>) {
    match family {
        Family::Arn if !text.contains("${") && text.splitn(6, ':').count() < 6 => {
            let message = format!("{} has fewer than the six fields of an ARN and equals none", quoted(text));
            reading.report.warning(Code::ArnFields, offset, message);
        }
        Family::Address if address_form(text) == Some(AddressForm::Version6Host) => {
            let message = format!("`{text}` is taken for this one address; write `{text}/128`");
            reading.report.warning(Code::Ipv6WithoutPrefix, offset, message);
        }
        Family::Text
        | Family::Arn
        | Family::Number
        | Family::Instant
        | Family::Address
        | Family::Binary
        | Family::Truth
        | Family::Presence => {}
    }
}
