//! The Principal element: which callers an entry names, and by which kind of grant (PRIN-1 to PRIN-12).

use super::caller::{CallerKind, SymbolicCaller, equals};
use super::problem::Problem;
use super::request::SymbolicRequest;
use crate::iam::arn::Arn;
use crate::iam::assumption::Alternative;
use crate::iam::policy::Selection;
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::solver::formula::{Formula, Formulas};

/// For each kind of grant of PRIN-2 the formula that holds iff some entry names the caller by it.
#[derive(Clone, Copy, Debug)]
pub struct Grants {
    /// `*`.
    pub star: Formula,
    /// The caller's account.
    pub account: Formula,
    /// The user that calls.
    pub user: Formula,
    /// The user behind a federated session.
    pub federating: Formula,
    /// The role of a session.
    pub role: Formula,
    /// A role session.
    pub session: Formula,
    /// A federated session.
    pub federated_user: Formula,
    /// A service.
    pub service: Formula,
    /// The provider of an unsigned caller.
    pub provider: Formula,
}

impl Grants {
    /// No grant at all.
    pub fn none(formulas: &Formulas) -> Grants {
        let falsum = formulas.falsum();
        Grants {
            star: falsum,
            account: falsum,
            user: falsum,
            federating: falsum,
            role: falsum,
            session: falsum,
            federated_user: falsum,
            service: falsum,
            provider: falsum,
        }
    }

    /// Holds iff some kind of grant is there.
    pub fn any(&self, formulas: &mut Formulas) -> Formula {
        formulas.or(self.listed())
    }

    /// Whether there is none, whatever the request.
    pub(super) fn are_none(&self, formulas: &Formulas) -> bool {
        self.listed().into_iter().all(|grant| grant == formulas.falsum())
    }

    /// Kind by kind, what `join` makes of the two.
    pub fn zip(self, other: Grants, mut join: impl FnMut(Formula, Formula) -> Formula) -> Grants {
        Grants {
            star: join(self.star, other.star),
            account: join(self.account, other.account),
            user: join(self.user, other.user),
            federating: join(self.federating, other.federating),
            role: join(self.role, other.role),
            session: join(self.session, other.session),
            federated_user: join(self.federated_user, other.federated_user),
            service: join(self.service, other.service),
            provider: join(self.provider, other.provider),
        }
    }

    /// Kind by kind, only where the formula holds.
    pub(super) fn given(self, formulas: &mut Formulas, premise: Formula) -> Grants {
        self.zip(self, |grant, _| formulas.and([premise, grant]))
    }

    /// Kind by kind, this or the other.
    pub(super) fn or(self, formulas: &mut Formulas, other: Grants) -> Grants {
        self.zip(other, |left, right| formulas.or([left, right]))
    }

    /// The grants, in the order of their fields.
    pub fn listed(&self) -> [Formula; 9] {
        let Grants { star, account, user, federating, role, session, federated_user, service, provider } =
            *self;
        [star, account, user, federating, role, session, federated_user, service, provider]
    }
}

/// Whether the entity behind the caller has a permissions boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// None.
    Absent,
    /// It has one.
    Present,
}

/// The kind of policy that a statement belongs to, as far as its principals depend on that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    /// The trust policy of a role: its statements have no Resource.
    Role,
    /// Any other policy.
    Other,
}

/// Where a statement stands, as far as it matters to what its elements mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Around {
    /// Whether the caller's entity has a boundary (PRIN-10).
    pub boundary: Boundary,
    /// Whether it stands in an RCP, of which one reading of D-24 says nothing.
    pub kind: PolicyKind,
}

/// Whether a policy is an RCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    /// It is.
    Rcp,
    /// It is of any other type.
    Other,
}

impl Around {
    /// A policy by itself.
    pub const NOTHING: Around = Around { boundary: Boundary::Absent, kind: PolicyKind::Other };
}

/// The formula that holds iff a statement with this element speaks of the caller, and the grants by which a Principal element names it.
///
/// A Principal element names providers in trust policies alone; a NotPrincipal element exempts them wherever it stands.
// Rules: PRIN-9, PRIN-12.
pub(super) fn matches(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    element: &Selection<Principals>,
    carrier: Carrier,
    around: Around,
) -> Result<(Formula, Grants), Problem> {
    match element {
        Selection::Only(listed) => {
            let named = |entry: &&PrincipalEntry| match carrier {
                Carrier::Role => true,
                Carrier::Other => !matches!(entry, PrincipalEntry::Federated(_)),
            };
            let heard = Principals { entries: listed.entries.iter().filter(named).cloned().collect() };
            let grants =
                grants(formulas, request, &heard, around).map_err(|problem| problem.within("Principal"))?;
            Ok((grants.any(formulas), grants))
        }
        Selection::AllExcept(listed) => {
            let matched = not_principal(formulas, request, listed, around)
                .map_err(|problem| problem.within("NotPrincipal"))?;
            Ok((matched, Grants::none(formulas)))
        }
    }
}

/// The kinds of grant by which a Principal element names the caller.
// Rules: PRIN-1, PRIN-2, PRIN-3.
fn grants(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    listed: &Principals,
    around: Around,
) -> Result<Grants, Problem> {
    let mut grants = Grants::none(formulas);
    for entry in &listed.entries {
        let added = entry_grants(formulas, request, entry, around)?;
        grants = grants.or(formulas, added);
    }
    Ok(grants)
}

// Rules: PRIN-4, PRIN-5, PRIN-6, PRIN-7, PRIN-8, PRIN-11, PRIN-12, PRIN-13.
fn entry_grants(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    entry: &PrincipalEntry,
    around: Around,
) -> Result<Grants, Problem> {
    let none = Grants::none(formulas);
    if let PrincipalEntry::AccountId(account) | PrincipalEntry::AccountRoot { account, .. } = entry {
        request.named_accounts.push(account.clone());
    }
    Ok(match entry {
        PrincipalEntry::Everyone => Grants { star: formulas.verum(), ..none },
        PrincipalEntry::EveryoneAws => Grants { star: every_aws(formulas, request, around), ..none },
        PrincipalEntry::AccountId(account) => {
            let caller = request.caller(formulas);
            let member = caller.is_one_of(formulas, &CallerKind::IN_ACCOUNT);
            let same = equals(formulas, caller.account, account);
            Grants { account: formulas.and([member, same]), ..none }
        }
        PrincipalEntry::AccountRoot { partition, account } => {
            let caller = request.caller(formulas);
            let member = caller.is_one_of(formulas, &CallerKind::IN_ACCOUNT);
            let same = caller.is_in(formulas, partition, account);
            Grants { account: formulas.and([member, same]), ..none }
        }
        PrincipalEntry::User(arn) => {
            let same = is_entity(formulas, request, arn, "user")?;
            let caller = request.caller(formulas);
            let user = caller.is(formulas, CallerKind::User);
            let behind = caller.federated_by_named_user(formulas);
            Grants { user: formulas.and([user, same]), federating: formulas.and([behind, same]), ..none }
        }
        PrincipalEntry::Role(arn) => {
            let same = is_entity(formulas, request, arn, "role")?;
            let session = request.caller(formulas).is(formulas, CallerKind::RoleSession);
            Grants { role: formulas.and([session, same]), ..none }
        }
        PrincipalEntry::AssumedRole(arn) => {
            Grants { session: is_role_session(formulas, request, arn)?, ..none }
        }
        PrincipalEntry::FederatedUser(arn) => {
            Grants { federated_user: is_federated_session(formulas, request, arn)?, ..none }
        }
        // AWS leaves an id behind when the entity is gone; nobody has it any more (PRIN-8).
        PrincipalEntry::UniqueId(_) => none,
        PrincipalEntry::Service(name) => {
            let caller = request.caller(formulas);
            let service = caller.is(formulas, CallerKind::Service);
            let same = equals(formulas, caller.service, name);
            Grants { service: formulas.and([service, same]), ..none }
        }
        PrincipalEntry::Federated(provider) => {
            let caller = request.caller(formulas);
            let unsigned = caller.is_one_of(formulas, &[CallerKind::Saml, CallerKind::WebIdentity]);
            let same = equals(formulas, caller.provider, provider);
            Grants { provider: formulas.and([unsigned, same]), ..none }
        }
        PrincipalEntry::CanonicalUser(id) => {
            let what = format!("the canonical user `{id}`: no file says which account it is");
            return Err(Problem::not_supported(what));
        }
    })
}

/// Holds iff `{"AWS": "*"}` names the caller: always, but for services under one reading.
// Rule: PRIN-3.
fn every_aws(formulas: &mut Formulas, request: &mut SymbolicRequest, around: Around) -> Formula {
    let readings = request.readings;
    let everybody = formulas.verum();
    match around.kind {
        PolicyKind::Rcp => everybody,
        PolicyKind::Other => {
            readings.either(formulas, Alternative::AwsStarWithoutServices, everybody, |formulas| {
                let service = request.caller(formulas).is(formulas, CallerKind::Service);
                formulas.not(service)
            })
        }
    }
}

/// Holds iff partition, account, path and name are those of `arn:P:iam::A:kind/path/name`.
fn is_entity(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    text: &str,
    kind: &str,
) -> Result<Formula, Problem> {
    let arn = parse(text)?;
    let full_name = arn.resource.strip_prefix(kind).filter(|rest| rest.starts_with('/'));
    let slash = full_name.and_then(|full_name| full_name.rfind('/'));
    let (Some(full_name), Some(slash)) = (full_name, slash) else {
        return Err(Problem::not_well_formed(format!("`{text}` names no {kind}")));
    };
    let (path, name) = full_name.split_at(slash + 1);
    request.named_accounts.push(arn.account.to_owned());
    let caller = request.caller(formulas);
    let place = caller.is_in(formulas, arn.partition, arn.account);
    let path = equals(formulas, caller.path, path);
    let name = equals(formulas, caller.name, name);
    Ok(formulas.and([place, path, name]))
}

/// Holds iff the caller shows this very ARN, which says nothing of the role's path.
fn is_role_session(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    text: &str,
) -> Result<Formula, Problem> {
    let arn = parse(text)?;
    let names = arn.resource.strip_prefix("assumed-role/").and_then(|names| names.split_once('/'));
    let Some((role, session)) = names else {
        return Err(Problem::not_well_formed(format!("`{text}` names no session of a role")));
    };
    request.named_accounts.push(arn.account.to_owned());
    let caller = request.caller(formulas);
    let kind = caller.is(formulas, CallerKind::RoleSession);
    let place = caller.is_in(formulas, arn.partition, arn.account);
    let role = equals(formulas, caller.name, role);
    let session = equals(formulas, caller.session, session);
    Ok(formulas.and([kind, place, role, session]))
}

fn is_federated_session(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    text: &str,
) -> Result<Formula, Problem> {
    let arn = parse(text)?;
    let Some(name) = arn.resource.strip_prefix("federated-user/") else {
        return Err(Problem::not_well_formed(format!("`{text}` names no federated session")));
    };
    request.named_accounts.push(arn.account.to_owned());
    let caller = request.caller(formulas);
    let kind = caller.is(formulas, CallerKind::FederatedSession);
    let place = caller.is_in(formulas, arn.partition, arn.account);
    let session = equals(formulas, caller.session, name);
    Ok(formulas.and([kind, place, session]))
}

fn parse(text: &str) -> Result<Arn<'_>, Problem> {
    Arn::parse(text).ok_or_else(|| Problem::not_well_formed(format!("`{text}` is no ARN")))
}

/// Holds iff the caller is not exempt: `*` is not listed, and neither is every link of the caller's chain; or its entity is bounded.
// Rules: PRIN-9, PRIN-10.
fn not_principal(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    listed: &Principals,
    around: Around,
) -> Result<Formula, Problem> {
    let grants = grants(formulas, request, listed, around)?;
    let caller = request.caller(formulas);
    let chains = chains(formulas, caller, grants);
    let chains = request.readings.either(formulas, Alternative::NotPrincipalAnyLink, chains, |formulas| {
        let named = Grants { star: formulas.falsum(), ..grants };
        named.any(formulas)
    });
    let exempt = formulas.or([grants.star, chains]);
    let matched = formulas.not(exempt);
    Ok(match around.boundary {
        Boundary::Absent => matched,
        Boundary::Present => {
            let bounded = request.caller(formulas).has_entity(formulas);
            formulas.or([matched, bounded])
        }
    })
}

/// Holds iff every link of the caller's chain is listed. Anonymous has a chain that cannot be listed.
fn chains(formulas: &mut Formulas, caller: &SymbolicCaller, grants: Grants) -> Formula {
    let root = caller.is(formulas, CallerKind::Root);
    let federated = caller.is(formulas, CallerKind::FederatedSession);
    let by_root = formulas.flag(caller.federated_by_root);
    let chains = [
        formulas.and([root, grants.account]),
        formulas.and([grants.account, grants.user]),
        formulas.and([grants.account, grants.role, grants.session]),
        formulas.and([grants.account, grants.federating, grants.federated_user]),
        formulas.and([federated, by_root, grants.account, grants.federated_user]),
        grants.service,
        grants.provider,
    ];
    formulas.or(chains)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Scope;

    #[test]
    fn everybody_needs_no_caller() {
        let mut formulas = Formulas::new();
        let mut request = SymbolicRequest::new(&mut formulas, Scope::Documents);
        let element = Selection::Only(Principals { entries: vec![PrincipalEntry::EveryoneAws] });
        let (matched, _) =
            matches(&mut formulas, &mut request, &element, Carrier::Role, Around::NOTHING).unwrap();
        assert_eq!(matched, formulas.verum());
        assert!(request.caller.is_none());
    }
}
