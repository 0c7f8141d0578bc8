//! Which partition the accounts of two documents live in.
//!
//! An account has one partition (GEN-4). Where a document names it by an ARN, that ARN tells which; a request of a caller of that account in
//! another partition cannot be made, and would tell `"111122223333"` from `"arn:aws:iam::111122223333:root"`, which mean the same.

use std::collections::BTreeMap;

use super::prepared::Prepared;
use crate::iam::arn::Arn;
use crate::iam::principal::PrincipalEntry;
use crate::iam::request::Caller;

/// The partition of each account that ARNs of the documents name, where all of them agree.
pub(super) fn homes(documents: [&Prepared; 2]) -> BTreeMap<String, String> {
    let mut homes: BTreeMap<String, Option<String>> = BTreeMap::new();
    let statements = documents.into_iter().flat_map(|document| &document.policy().statements);
    let elements = statements.filter_map(|statement| statement.principal.as_ref());
    for entry in elements.flat_map(|element| &element.listed().entries) {
        let Some((partition, account)) = home(entry) else { continue };
        homes
            .entry(account.to_owned())
            .and_modify(|known| {
                if known.as_deref() != Some(partition) {
                    *known = None;
                }
            })
            .or_insert_with(|| Some(partition.to_owned()));
    }
    homes.into_iter().filter_map(|(account, partition)| Some((account, partition?))).collect()
}

/// The partition and the account that an entry names.
fn home(entry: &PrincipalEntry) -> Option<(&str, &str)> {
    match entry {
        PrincipalEntry::AccountRoot { partition, account } => Some((partition, account)),
        PrincipalEntry::User(arn)
        | PrincipalEntry::Role(arn)
        | PrincipalEntry::AssumedRole(arn)
        | PrincipalEntry::FederatedUser(arn) => Arn::parse(arn).map(|arn| (arn.partition, arn.account)),
        PrincipalEntry::Everyone
        | PrincipalEntry::EveryoneAws
        | PrincipalEntry::AccountId(_)
        | PrincipalEntry::Service(_)
        | PrincipalEntry::Federated(_)
        | PrincipalEntry::UniqueId(_)
        | PrincipalEntry::CanonicalUser(_) => None,
    }
}

/// Whether the caller lives where its account does.
pub(super) fn is_at_home(caller: &Caller, homes: &BTreeMap<String, String>) -> bool {
    let (partition, account) = match caller {
        Caller::Root { partition, account } | Caller::FederatedSession { partition, account, .. } => {
            (partition, account)
        }
        Caller::User(entity) | Caller::RoleSession { role: entity, .. } => {
            (&entity.partition, &entity.account)
        }
        Caller::Service { .. } | Caller::Saml { .. } | Caller::WebIdentity { .. } | Caller::Anonymous => {
            return true;
        }
    };
    homes.get(account).is_none_or(|home| home == partition)
}
