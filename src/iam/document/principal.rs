//! Principal and NotPrincipal (GRAM-12 to 14, and the table GRAM-20).

use super::advice;
use super::finding::Code;
use super::listed::{each_text, hint};
use super::reading::Reading;
use super::report::Report;
use super::statement::{Pair, StatementAt};
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::json::{Member, Shape};
use crate::iam::policy::{Effect, PolicyType, Selection};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::spelling::quoted;

/// Reads Principal or NotPrincipal; `None` where the type has neither, and after an error.
// Rules: GRAM-14, GRAM-20, GRAM-21, GRAM-23, GRAM-24, GRAM-25.
pub(super) fn read(at: &StatementAt<'_>, reading: &mut Reading<'_>) -> Option<Selection<Principals>> {
    let pair = at.pair("Principal", "NotPrincipal");
    let policy_type = reading.policy_type;
    let report = &mut reading.report;
    match policy_type {
        PolicyType::Identity | PolicyType::Boundary | PolicyType::Session | PolicyType::Scp => {
            if let Pair::Only(member) | Pair::AllExcept(member) | Pair::Both(member) = pair {
                let message = format!("`{}` is not allowed in a policy of type {policy_type}", member.name);
                report.error(Code::Principal, member.name_start, message);
            }
            return None;
        }
        PolicyType::Trust | PolicyType::Resource | PolicyType::Endpoint | PolicyType::Rcp => {}
    }
    match pair {
        Pair::Neither => {
            report.error(Code::Principal, at.start, "`Principal` is missing");
            None
        }
        Pair::Both(second) => {
            let message = "a statement may have `Principal` or `NotPrincipal`, not both";
            report.error(Code::Principal, second.name_start, message);
            None
        }
        Pair::Only(member) => {
            let principals = read_principals(member, policy_type, report);
            advice::principal(&principals, policy_type, at.effect, member.value.span.start, report);
            if policy_type == PolicyType::Rcp
                && !matches!(
                    principals.entries.as_slice(),
                    [PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws]
                )
            {
                let message = "the Principal of a resource control policy is exactly `\"*\"`";
                report.error(Code::Principal, member.value.span.start, message);
            }
            Some(Selection::Only(principals))
        }
        Pair::AllExcept(member) => {
            check_not_principal(member, policy_type, at.effect, report);
            Some(Selection::AllExcept(read_principals(member, policy_type, report)))
        }
    }
}

// Rule: GRAM-14.
fn check_not_principal(
    member: &Member<'_>,
    policy_type: PolicyType,
    effect: Option<Effect>,
    report: &mut Report<'_>,
) {
    if let PolicyType::Trust | PolicyType::Rcp = policy_type {
        let message = format!("`NotPrincipal` is not allowed in a policy of type {policy_type}");
        report.error(Code::Principal, member.name_start, message);
    } else if effect == Some(Effect::Allow) {
        let message = "`NotPrincipal` is only allowed with the effect `Deny`";
        report.error(Code::Principal, member.name_start, message);
    } else {
        let message = "`NotPrincipal` spares only callers whose account, role and session are all listed";
        report.warning(Code::NotPrincipal, member.name_start, message);
    }
}

// Rule: GRAM-12.
fn read_principals(member: &Member<'_>, policy_type: PolicyType, report: &mut Report<'_>) -> Principals {
    let offset = member.value.span.start;
    let mut entries = Vec::new();
    match &member.value.shape {
        Shape::String(text) if text == "*" => entries.push(PrincipalEntry::Everyone),
        Shape::String(text) => {
            let message = format!(
                "{}: expected `\"*\"` or an object such as `{{\"AWS\": \"111122223333\"}}`",
                quoted(text)
            );
            report.error(Code::Principal, offset, message);
        }
        Shape::Object(members) => {
            if members.is_empty() {
                report.error(Code::Principal, offset, format!("`{}` names nobody", member.name));
            }
            for member in members {
                let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == member.name) else {
                    let names = Kind::ALL.map(Kind::name);
                    let message = format!(
                        "unknown kind of principal {}; {}",
                        quoted(&member.name),
                        hint(&member.name, &names)
                    );
                    report.error(Code::Principal, member.name_start, message);
                    continue;
                };
                if kind == Kind::CanonicalUser && policy_type != PolicyType::Resource {
                    let message = "`CanonicalUser` is only allowed in the policies of S3 resources";
                    report.error(Code::Principal, member.name_start, message);
                }
                each_text(member, Code::Principal, report, |text, offset, report| {
                    entries.extend(read_entry(kind, text, offset, report));
                });
            }
        }
        shape @ (Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Array(_)) => {
            let message = format!("`{}` must be `\"*\"` or an object, found {}", member.name, shape.kind());
            report.error(Code::Principal, offset, message);
        }
    }
    Principals { entries }
}

/// The members of a Principal object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Aws,
    Service,
    Federated,
    CanonicalUser,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Aws, Kind::Service, Kind::Federated, Kind::CanonicalUser];

    fn name(self) -> &'static str {
        match self {
            Kind::Aws => "AWS",
            Kind::Service => "Service",
            Kind::Federated => "Federated",
            Kind::CanonicalUser => "CanonicalUser",
        }
    }
}

/// A value that was understood; `Unusual` ones are refused on saving, for the reason given, but it is plain whom they name.
enum Entry {
    Legal(PrincipalEntry),
    Unusual(PrincipalEntry, &'static str),
}

// Rule: GRAM-13.
fn read_entry(kind: Kind, text: &str, offset: u32, report: &mut Report<'_>) -> Option<PrincipalEntry> {
    let entry = if text.contains("${") {
        Err("policy variables are not possible in a Principal")
    } else if text.contains(['*', '?']) && !(kind == Kind::Aws && text == "*") {
        Err("wildcards are not possible inside a principal; only `{\"AWS\": \"*\"}` stands for everybody")
    } else if text.is_empty() {
        Err("it is empty")
    } else {
        match kind {
            Kind::Aws => aws(text),
            Kind::Service => Ok(service(text)),
            Kind::Federated => federated(text),
            Kind::CanonicalUser => Ok(canonical_user(text)),
        }
    };
    match entry {
        Ok(Entry::Legal(entry)) => Some(entry),
        Ok(Entry::Unusual(entry, reason)) => {
            let message = format!("the principal {}: {reason}", quoted(text));
            report.refused_on_saving(Code::Principal, offset, message);
            Some(entry)
        }
        Err(reason) => {
            report.error(Code::Principal, offset, format!("the principal {}: {reason}", quoted(text)));
            None
        }
    }
}

fn aws(text: &str) -> Result<Entry, &'static str> {
    if text == "*" {
        return Ok(Entry::Legal(PrincipalEntry::EveryoneAws));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let entry = PrincipalEntry::AccountId(text.to_owned());
        return Ok(if is_account_id(text) {
            Entry::Legal(entry)
        } else {
            Entry::Unusual(entry, TWELVE_DIGITS)
        });
    }
    let id = text.strip_prefix("AIDA").or_else(|| text.strip_prefix("AROA"));
    if id.is_some_and(|id| {
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    }) {
        return Ok(Entry::Legal(PrincipalEntry::UniqueId(text.to_owned())));
    }
    let arn =
        legal_arn(text, "expected `*`, an account id, or the ARN of an account, user, role or session")?;
    let whole = text.to_owned();
    let (entry, names) = match (arn.service, arn.resource.split_once('/')) {
        ("iam", None) if arn.resource == "root" => {
            let (partition, account) = (arn.partition.to_owned(), arn.account.to_owned());
            (PrincipalEntry::AccountRoot { partition, account }, "root")
        }
        ("iam", Some(("user", names))) => (PrincipalEntry::User(whole), names),
        ("iam", Some(("role", names))) => (PrincipalEntry::Role(whole), names),
        ("sts", Some(("assumed-role", names))) => match names.split_once('/') {
            Some((role, session)) if !role.is_empty() && !session.contains('/') => {
                (PrincipalEntry::AssumedRole(whole), names)
            }
            Some(_) | None => return Err("expected `assumed-role/Role/Session`, the role without its path"),
        },
        ("sts", Some(("federated-user", names))) if !names.contains('/') => {
            (PrincipalEntry::FederatedUser(whole), names)
        }
        ("iam", Some(("group", _))) => return Err("a group cannot be a principal"),
        ("iam", Some(("instance-profile", _))) => return Err("an instance profile cannot be a principal"),
        _ => return Err("expected the ARN of an account (`…:root`), user, role or session"),
    };
    if names.is_empty() || names.ends_with('/') {
        return Err("the name is missing");
    }
    if names.contains(':') {
        return Err("a name has no colon");
    }
    Ok(if names.contains(char::is_whitespace) {
        Entry::Unusual(entry, "a name has no blank")
    } else if is_account_id(arn.account) {
        Entry::Legal(entry)
    } else {
        Entry::Unusual(entry, TWELVE_DIGITS)
    })
}

/// The ARN, unless its partition, region or account cannot be that of a principal; whether the account has 12 digits is left open.
fn legal_arn<'t>(text: &'t str, expected: &'static str) -> Result<Arn<'t>, &'static str> {
    let arn = Arn::parse(text).ok_or(expected)?;
    let is_partition_byte = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if arn.partition.is_empty() || !arn.partition.bytes().all(is_partition_byte) {
        return Err("the second field of the ARN is a partition such as `aws`");
    }
    if !arn.region.is_empty() {
        return Err("the region field of the ARN must be empty");
    }
    if arn.account.is_empty() {
        return Err("the account field of the ARN is empty");
    }
    Ok(arn)
}

const TWELVE_DIGITS: &str = "an account id has 12 digits";

fn service(text: &str) -> Entry {
    let entry = PrincipalEntry::Service(text.to_owned());
    let global = text.strip_suffix(".cn").unwrap_or(text);
    let name = global.strip_suffix(".amazonaws.com").unwrap_or_default();
    let is_name_byte =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    if !name.is_empty() && name.bytes().all(is_name_byte) {
        Entry::Legal(entry)
    } else {
        Entry::Unusual(
            entry,
            "a service principal is a name in small letters that ends with `.amazonaws.com`, such as `ec2.amazonaws.com`",
        )
    }
}

const WEB_PROVIDERS: [&str; 4] =
    ["cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com"];

fn federated(text: &str) -> Result<Entry, &'static str> {
    let entry = PrincipalEntry::Federated(text.to_owned());
    if WEB_PROVIDERS.contains(&text) {
        return Ok(Entry::Legal(entry));
    }
    let expected = "expected the ARN of a SAML or OIDC provider, or a built-in web identity provider";
    if !text.starts_with("arn:") {
        return Ok(Entry::Unusual(entry, expected));
    }
    let arn = legal_arn(text, expected)?;
    let name = match (arn.service, arn.resource.split_once('/')) {
        ("iam", Some(("saml-provider" | "oidc-provider", name))) => name,
        _ => return Err(expected),
    };
    if name.is_empty() {
        return Err("the name of the provider is missing");
    }
    Ok(if name.contains(char::is_whitespace) || name.contains(':') {
        Entry::Unusual(entry, "the name of a provider has no blank and no colon")
    } else if is_account_id(arn.account) {
        Entry::Legal(entry)
    } else {
        Entry::Unusual(entry, TWELVE_DIGITS)
    })
}

fn canonical_user(text: &str) -> Entry {
    let entry = PrincipalEntry::CanonicalUser(text.to_owned());
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Entry::Legal(entry)
    } else {
        Entry::Unusual(entry, "a canonical user id has 64 hexadecimal digits")
    }
}
