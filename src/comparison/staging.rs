//! How `decide` is shown what a document says by itself: the other policies, the caller and the owner that a case needs for it.
//!
//! A comparison looks at two documents and at nothing around them, while a decision needs a whole case. So a witness is *staged*: the document in
//! its layer, everything else as willing as can be, so that the case's decision is the document's own word. Several stagings are tried, the
//! plainest first; one serves if the evaluator then allows the request with the one document and refuses it with the other. There are
//! requests that no staging shows, since they are settled before any policy is asked (a signed caller on AssumeRoleWithSAML, say): the search
//! prefers others, and where there is none the answer says so.

use super::callers::caller_of_arn;
use super::filling::ACCOUNT;
use super::prepared::Prepared;
use super::scene::Cast;
use super::surroundings::plain_caller;
use crate::corpus::fit;
use crate::evaluator::Evaluator;
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::context::{Context, ContextValue};
use crate::iam::decision::{Decision, Reason};
use crate::iam::key::KeyName;
use crate::iam::layers::Layers;
use crate::iam::policy::{Effect, Policy, PolicyType, Selection, Statement, Version};
use crate::iam::principal::{PrincipalEntry, Principals};
use crate::iam::request::{Caller, Entity, FederationSource, Request};

/// A witness as a case: a request, and how it is decided with either document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// The request, with a caller and an owner that let the document decide.
    pub request: Request,
    /// The layers with the document that allows it.
    pub allowing: Layers,
    /// The same layers with the document that does not.
    pub refusing: Layers,
    /// The evaluator's decision with the one.
    pub allowed: Reason,
    /// The evaluator's decision with the other.
    pub refused: Reason,
}

impl Staged {
    /// Whether the decisions are what the documents say: whether `decide` shows the witness.
    pub fn is_shown(&self) -> bool {
        shows(self.allowed, self.refused)
    }
}

fn shows(allowed: Reason, refused: Reason) -> bool {
    allowed.decision() == Decision::Allow && refused.decision() != Decision::Allow
}

/// How good a staging is: both decisions show the witness, or the one that allows it does, or neither. Documents of different layers have
/// no setting in common in which both decisions are theirs.
fn merit(allowed: Reason, refused: Reason) -> u8 {
    match (shows(allowed, refused), allowed.decision()) {
        (true, _) => 2,
        (false, Decision::Allow) => 1,
        (false, Decision::ExplicitDeny | Decision::ImplicitDeny) => 0,
    }
}

/// What a document has beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// What its kind needs: nothing for an identity policy, else an identity policy that allows all.
    Usual,
    /// The same, and a resource policy that leaves it to this account.
    Guarded {
        /// The ARN's partition.
        partition: String,
        /// The account.
        account: String,
    },
    /// The same, and a session policy that allows all.
    WithSession,
    /// Nothing at all.
    Alone,
}

/// The layers of a document of this type in this company.
pub(super) fn staged(policy: &Policy, policy_type: PolicyType, company: &Company) -> Layers {
    let mut layers = Layers::default();
    let document = policy.clone();
    let needs_identity = match policy_type {
        PolicyType::Identity => {
            layers.identity = vec![document];
            false
        }
        PolicyType::Boundary => {
            layers.boundary = Some(document);
            true
        }
        PolicyType::Session => {
            layers.session = Some(vec![document]);
            true
        }
        PolicyType::Trust | PolicyType::Resource => {
            layers.resource = Some(document);
            true
        }
        PolicyType::Endpoint => {
            layers.endpoint = Some(document);
            true
        }
        PolicyType::Scp => {
            layers.scps = Some(vec![vec![document]]);
            true
        }
        PolicyType::Rcp => {
            // The default Allow, which a comparison adds, is not written in a case: a level of RCPs has it.
            let denies = document.statements.iter().filter(|statement| statement.effect == Effect::Deny);
            let statements = denies.cloned().collect();
            layers.rcps = Some(vec![vec![Policy { statements, ..document }]]);
            true
        }
    };
    if needs_identity && *company != Company::Alone {
        layers.identity = vec![allows_all()];
    }
    match company {
        Company::Usual | Company::Alone => {}
        Company::Guarded { partition, account } => {
            let (partition, account) = (partition.clone(), account.clone());
            layers.resource = Some(delegates_to(PrincipalEntry::AccountRoot { partition, account }));
        }
        Company::WithSession => layers.session = Some(vec![allows_all()]),
    }
    layers
}

/// A policy that allows everything.
pub fn allows_all() -> Policy {
    let everything = || Selection::Only(vec!["*".to_owned()]);
    let statement = Statement {
        sid: None,
        effect: Effect::Allow,
        principal: None,
        action: everything(),
        resource: Some(everything()),
        condition: Vec::new(),
    };
    Policy { version: Version::V2012, id: None, statements: vec![statement] }
}

fn delegates_to(entry: PrincipalEntry) -> Policy {
    let mut policy = allows_all();
    for statement in &mut policy.statements {
        statement.principal = Some(Selection::Only(Principals { entries: vec![entry.clone()] }));
    }
    policy
}

/// Stages a witness: a request that the one document allows and the other refuses. The first staging that shows it, else the best one.
pub fn stage(allowing: &Prepared, refusing: &Prepared, request: &Request) -> Option<Staged> {
    let (request, company, allowed, refused) = best(allowing, refusing, request)?;
    let with = |document: &Prepared| staged(document.policy(), document.policy_type(), &company);
    Some(Staged { allowing: with(allowing), refusing: with(refusing), request, allowed, refused })
}

/// Whether some staging shows that the one document allows the request and the other refuses it.
pub(super) fn is_shown(allowing: &Prepared, refusing: &Prepared, request: &Request) -> bool {
    best(allowing, refusing, request).is_some_and(|(_, _, allowed, refused)| shows(allowed, refused))
}

/// The first of the best stagings with its decisions.
fn best(
    allowing: &Prepared,
    refusing: &Prepared,
    request: &Request,
) -> Option<(Request, Company, Reason, Reason)> {
    let cast = allowing.cast_with(refusing);
    let mut best: Option<(Request, Company, Reason, Reason)> = None;
    for request in requests(allowing.policy_type(), request, cast) {
        for company in companies(allowing.policy_type(), &request.caller) {
            let decisions = decided(allowing, &company, &request).zip(decided(refusing, &company, &request));
            let Some((allowed, refused)) = decisions else { continue };
            let better = |(_, _, before, after): &(Request, Company, Reason, Reason)| {
                merit(allowed, refused) > merit(*before, *after)
            };
            if best.as_ref().is_none_or(better) {
                best = Some((request.clone(), company, allowed, refused));
            }
            if shows(allowed, refused) {
                return best;
            }
        }
    }
    best
}

/// How the request is decided with this document in this company; `None` where the caller cannot have such policies.
fn decided(document: &Prepared, company: &Company, request: &Request) -> Option<Reason> {
    if *company == Company::Usual {
        return document.deciding().map(|evaluator| evaluator.decide(request));
    }
    let layers = staged(document.policy(), document.policy_type(), company);
    Evaluator::compile_with(&layers, document.reading()).ok().map(|evaluator| evaluator.decide(request))
}

/// The companies that a document of this type can have before this caller.
fn companies(policy_type: PolicyType, caller: &Caller) -> Vec<Company> {
    let (partition, account) = match caller {
        Caller::User(entity) | Caller::RoleSession { role: entity, .. } => {
            (entity.partition.clone(), entity.account.clone())
        }
        Caller::Root { partition, account } | Caller::FederatedSession { partition, account, .. } => {
            (partition.clone(), account.clone())
        }
        Caller::Service { .. } | Caller::Saml { .. } | Caller::WebIdentity { .. } | Caller::Anonymous => {
            return vec![Company::Alone];
        }
    };
    let all = match policy_type {
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Session
        | PolicyType::Endpoint
        | PolicyType::Scp
        | PolicyType::Rcp => vec![Company::Usual, Company::Guarded { partition, account }],
        PolicyType::Resource | PolicyType::Trust => match caller {
            Caller::FederatedSession { source: FederationSource::Root, .. } => {
                vec![Company::Alone]
            }
            Caller::FederatedSession { .. } => vec![Company::WithSession, Company::Alone],
            Caller::Root { .. }
            | Caller::User(_)
            | Caller::RoleSession { .. }
            | Caller::Service { .. }
            | Caller::Saml { .. }
            | Caller::WebIdentity { .. }
            | Caller::Anonymous => vec![Company::Usual, Company::Alone],
        },
    };
    let fits = |company: &Company| {
        let layers = staged(&allows_all(), policy_type, company);
        fit::check(&layers, caller).is_ok()
    };
    all.into_iter().filter(fits).collect()
}

/// The request as a case may tell it: with a caller where no document asks for one, and with an owner.
fn requests(policy_type: PolicyType, request: &Request, cast: Cast) -> Vec<Request> {
    let with_caller = |request: &Request, caller: Caller| Request { caller, ..request.clone() };
    let callers = match cast {
        Cast::Nobody => free_callers(policy_type, &request.context, &request.resource),
        Cast::Caller => vec![request.caller.clone()],
    };
    let mut requests = Vec::new();
    for caller in callers {
        let request = with_caller(request, caller);
        match policy_type {
            PolicyType::Resource | PolicyType::Trust => {
                for owner in owners(&request) {
                    requests.push(Request { resource_account: owner, ..request.clone() });
                }
            }
            PolicyType::Identity
            | PolicyType::Boundary
            | PolicyType::Session
            | PolicyType::Endpoint
            | PolicyType::Scp
            | PolicyType::Rcp => {
                let own = single(&request.context, "aws:ResourceAccount")
                    .filter(|account| is_account_id(account))
                    .or_else(|| request.caller.account().map(str::to_owned));
                let in_arn = account_in(&request.resource);
                // Where the ARN says no account, or the same, there is nothing to say.
                let said = own.filter(|own| in_arn.is_some_and(|account| account != own.as_str()));
                requests.push(Request { resource_account: said, ..request });
            }
        }
    }
    requests
}

/// The account that the ARN of a resource names.
fn account_in(resource: &str) -> Option<&str> {
    Arn::parse(resource).map(|arn| arn.account).filter(|account| is_account_id(account))
}

/// Who may own the resource of a resource policy: an account other than the caller's, so that both sides are asked; else whoever it is.
fn owners(request: &Request) -> Vec<Option<String>> {
    const OTHERS: [&str; 2] = ["444455556666", ACCOUNT];
    if let Some(told) = single(&request.context, "aws:ResourceAccount") {
        return vec![Some(told)];
    }
    let caller = request.caller.account();
    match account_in(&request.resource) {
        Some(account) if Some(account) != caller => vec![None],
        Some(_) | None => {
            let other = OTHERS.into_iter().find(|other| Some(*other) != caller);
            vec![other.map(str::to_owned), None]
        }
    }
}

/// Callers that go with a context, where no document asks for the caller: the one that the context names, else one in the account and the
/// partition of the resource.
fn free_callers(policy_type: PolicyType, context: &Context, resource: &str) -> Vec<Caller> {
    let told = single(context, "aws:PrincipalArn").and_then(|arn| caller_of_arn(&arn));
    let is_session = |caller: &Caller| matches!(caller, Caller::RoleSession { .. });
    let mut callers: Vec<Caller> = told.into_iter().collect();
    let account = [single(context, "aws:PrincipalAccount"), single(context, "aws:ResourceAccount")]
        .into_iter()
        .flatten()
        .find(|account| is_account_id(account))
        .or_else(|| match policy_type {
            PolicyType::Resource | PolicyType::Trust => None,
            PolicyType::Identity
            | PolicyType::Boundary
            | PolicyType::Session
            | PolicyType::Endpoint
            | PolicyType::Scp
            | PolicyType::Rcp => account_in(resource).map(str::to_owned),
        })
        .unwrap_or_else(|| ACCOUNT.to_owned());
    let partition = Arn::parse(resource).map(|arn| arn.partition).filter(|partition| is_partition(partition));
    let partition = partition.unwrap_or("aws");
    let Caller::User(user) = plain_caller(context) else { return callers };
    let user = Entity { partition: partition.to_owned(), account, ..user };
    let role = Entity { name: "app".to_owned(), ..user.clone() };
    callers.push(Caller::User(user));
    callers.push(Caller::RoleSession { role, session: "session".to_owned() });
    match policy_type {
        PolicyType::Session => callers.retain(is_session),
        PolicyType::Identity
        | PolicyType::Boundary
        | PolicyType::Resource
        | PolicyType::Trust
        | PolicyType::Endpoint
        | PolicyType::Scp
        | PolicyType::Rcp => {}
    }
    callers
}

fn is_partition(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(fits)
}

fn single(context: &Context, name: &str) -> Option<String> {
    match context.value(&KeyName::new(name)) {
        Some(ContextValue::Single(value)) => Some(value.clone()),
        Some(ContextValue::Many(_)) | None => None,
    }
}
