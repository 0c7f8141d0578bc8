//! A witness: the concrete request that an assignment of the variables stands for.

use super::caller::{CallerKind, SymbolicCaller};
use super::context::{SymbolicKey, SymbolicValue};
use super::date::{INSTANT, SECOND};
use super::number::{NUMBER, WIDE_NUMBER};
use super::request::SymbolicRequest;
use crate::iam::arn::is_account_id;
use crate::iam::context::{Context, ContextValue};
use crate::iam::key::{KeyName, KeyType};
use crate::iam::request::{
    Caller, Credential, CredentialKind, Entity, FederationSource, Request, ResourcePolicyMark, Validity,
};
use crate::solver::formula::{Flag, TextVariable};
use crate::solver::verdict::Assignment;
use num_bigint::BigInt;

/// The account of a caller that no formula says anything of.
const SOME_ACCOUNT: &str = "111122223333";

/// The request that an assignment stands for. Its context has the keys in use that are present, and no others; a variable that the formula
/// does not mention has some plain value.
///
/// Where the question has no caller, the request has one that goes with its context: a user where `aws:username` is present, else a
/// session of a role.
pub fn decode(request: &SymbolicRequest, assignment: &Assignment) -> Request {
    let reader = Reader { assignment };
    let mut context = Context::new();
    for key in request.indexes() {
        let key = request.at(key);
        if reader.flag(key.present) {
            context.set(key.name.clone(), reader.context_value(key));
        }
    }
    let caller = match &request.caller {
        Some(caller) => reader.caller(caller),
        None => some_caller(&context),
    };
    let marked = reader.flag(request.marked);
    Request {
        caller,
        credential: request.caller.as_ref().map_or(CURRENT, |caller| reader.credential(caller)),
        action: spelled(&reader.text(request.action, "s3:getobject"), &request.action_spellings),
        resource: reader.text(request.resource, "*"),
        resource_account: assignment.texts.get(&request.owner).cloned(),
        resource_policy_mark: if marked {
            ResourcePolicyMark::PolicyRequired
        } else {
            ResourcePolicyMark::Unmarked
        },
        context,
    }
}

const CURRENT: Credential = Credential { kind: CredentialKind::LongTerm, validity: Validity::Current };

struct Reader<'a> {
    assignment: &'a Assignment,
}

impl Reader<'_> {
    fn flag(&self, flag: Flag) -> bool {
        self.assignment.flags.get(&flag).copied().unwrap_or(false)
    }

    fn text(&self, variable: TextVariable, otherwise: &str) -> String {
        self.assignment.texts.get(&variable).cloned().unwrap_or_else(|| otherwise.to_owned())
    }

    fn context_value(&self, key: &SymbolicKey) -> ContextValue {
        let value_type = key.row.map_or(KeyType::String, |row| row.value);
        if !self.flag(key.many) {
            let only = key.values.first();
            return ContextValue::Single(
                only.map_or_else(String::new, |value| self.value(value, value_type)),
            );
        }
        if key.listed.is_empty() {
            let some = match (self.flag(key.empty), self.flag(key.blank)) {
                (true, _) => Vec::new(),
                (false, true) => vec![String::new()],
                (false, false) => vec![plain(value_type).to_owned()],
            };
            return ContextValue::Many(some);
        }
        let listed = key.listed.iter().zip(&key.values).filter(|(flag, _)| self.flag(**flag));
        ContextValue::Many(listed.map(|(_, value)| self.value(value, value_type)).collect())
    }

    /// The text where there is one; else a spelling of what the typed view shows, or a text that spells nothing of its kind.
    fn value(&self, value: &SymbolicValue, value_type: KeyType) -> String {
        if let Some(text) = value.text.and_then(|text| self.assignment.texts.get(&text)) {
            return text.clone();
        }
        let integer = |flag, variable| {
            let shown = self.flag(flag).then(|| self.assignment.integers.get(&variable))?;
            Some(shown.cloned().unwrap_or_default())
        };
        if let (Some((plain, _)), Some((wide, number))) = (value.number, value.wide_number)
            && !self.flag(plain)
            && self.flag(wide)
        {
            let number = self.assignment.integers.get(&number).cloned().unwrap_or_default();
            // With an exponent, else it would be a plain number.
            let with_exponent = |text: &String| text.contains('e');
            return (WIDE_NUMBER.write)(&number).into_iter().find(with_exponent).unwrap_or_default();
        }
        let spelled = match (value.number, value.instant, value.address) {
            (Some((flag, number)), _, _) => {
                integer(flag, number).and_then(|number| first((NUMBER.write)(&number)))
            }
            (None, Some((flag, instant)), _) if value_type == KeyType::Epoch => {
                integer(flag, instant).map(|instant| (instant / BigInt::from(SECOND)).to_string())
            }
            (None, Some((flag, instant)), _) => {
                integer(flag, instant).and_then(|instant| first((INSTANT.write)(&instant)))
            }
            (None, None, Some((flag, address))) => {
                let shown = self.flag(flag).then(|| self.assignment.addresses.get(&address));
                shown.map(|address| address.map_or_else(|| plain(value_type).to_owned(), ToString::to_string))
            }
            (None, None, None) => return plain(value_type).to_owned(),
        };
        spelled.unwrap_or_else(|| "none".to_owned())
    }

    fn caller(&self, caller: &SymbolicCaller) -> Caller {
        let kind = caller.kind_flags().iter().find(|(_, flag)| self.flag(*flag)).map(|&(kind, _)| kind);
        let partition = self.text(caller.partition, "aws");
        let account = self.text(caller.account, SOME_ACCOUNT);
        let entity = Entity {
            partition: partition.clone(),
            account: account.clone(),
            path: self.text(caller.path, "/"),
            name: self.text(caller.name, "someone"),
        };
        let session = self.text(caller.session, "session");
        match kind.unwrap_or(CallerKind::User) {
            CallerKind::Root => Caller::Root { partition, account },
            CallerKind::User => Caller::User(entity),
            CallerKind::RoleSession => Caller::RoleSession { role: entity, session },
            CallerKind::FederatedSession => Caller::FederatedSession {
                partition,
                account,
                name: session,
                source: if self.flag(caller.federated_by_root) {
                    FederationSource::Root
                } else if self.flag(caller.federated_by_unnamed) {
                    FederationSource::UnnamedUser
                } else {
                    FederationSource::User(entity)
                },
            },
            CallerKind::Service => Caller::Service { name: self.text(caller.service, "ec2.amazonaws.com") },
            CallerKind::Saml => Caller::Saml {
                provider: self.text(caller.provider, &format!("arn:aws:iam::{SOME_ACCOUNT}:saml-provider/P")),
            },
            CallerKind::WebIdentity => {
                Caller::WebIdentity { provider: self.text(caller.provider, "accounts.google.com") }
            }
            CallerKind::Anonymous => Caller::Anonymous,
        }
    }

    fn credential(&self, caller: &SymbolicCaller) -> Credential {
        Credential {
            kind: if self.flag(caller.session_token) {
                CredentialKind::SessionToken
            } else {
                CredentialKind::LongTerm
            },
            validity: if self.flag(caller.expired) { Validity::Expired } else { Validity::Current },
        }
    }
}

fn first(spellings: Vec<String>) -> Option<String> {
    spellings.into_iter().next()
}

/// A value of the type, for keys of which only presence is asked.
fn plain(value_type: KeyType) -> &'static str {
    match value_type {
        KeyType::String => "a",
        KeyType::Arn => "arn:aws:s3:::a",
        KeyType::Bool => "true",
        KeyType::Numeric => "0",
        KeyType::Date => "2024-01-01T00:00:00Z",
        KeyType::Epoch => "1704067200",
        KeyType::Address => "203.0.113.7",
    }
}

/// A caller that goes with a context of a question without callers.
fn some_caller(context: &Context) -> Caller {
    let single = |name: &str| match context.value(&KeyName::new(name)) {
        Some(ContextValue::Single(value)) => Some(value.clone()),
        Some(ContextValue::Many(_)) | None => None,
    };
    let account = single("aws:PrincipalAccount").filter(|account| is_account_id(account));
    let entity = |name: String| Entity {
        partition: "aws".to_owned(),
        account: account.unwrap_or_else(|| SOME_ACCOUNT.to_owned()),
        path: "/".to_owned(),
        name,
    };
    match single("aws:username") {
        Some(name) => {
            let legal = !name.is_empty() && !name.contains(['/', ':']);
            Caller::User(entity(if legal { name } else { "someone".to_owned() }))
        }
        None => Caller::RoleSession { role: entity("someone".to_owned()), session: "session".to_owned() },
    }
}

/// The action in the spelling of the patterns that name it, or of the longest beginning that one of them has in common with it.
fn spelled(action: &str, patterns: &[String]) -> String {
    let mut best = "";
    for pattern in patterns {
        let start = pattern.split(['*', '?']).next().unwrap_or_default();
        let begins = action.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
        let whole = start.len() == pattern.len();
        if begins && start.len() > best.len() && (!whole || start.len() == action.len()) {
            best = start;
        }
    }
    format!("{best}{}", action.get(best.len()..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_spelled_as_documents_spell_them() {
        let patterns = ["s3:Get*", "s3:GetObject", "s3:GetObjectAcl", "*"].map(str::to_owned);
        assert_eq!(spelled("s3:getobject", &patterns), "s3:GetObject");
        assert_eq!(spelled("s3:getobjecta", &patterns), "s3:Getobjecta");
        assert_eq!(spelled("ec2:run", &patterns), "ec2:run");
    }
}
