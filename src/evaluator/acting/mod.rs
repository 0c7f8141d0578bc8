//! Who acts: from credentials to a caller, with the context and the policies that the world gives each of its requests.

mod binding;
mod context;
mod layers;
mod organization;

use std::collections::BTreeMap;

use super::decision::Evaluator;
use super::explanation::{Explanation, Stage};
use super::failure::{Failure, Unusable};
use super::interpreter::denied;
use super::operation::{self, MfaKey, Settled};
use super::question::ActionRoom;
use super::reading::{Reading, mistaken};
use crate::iam::context::Context;
use crate::iam::decision::{Decision, Reason};
use crate::iam::layers::{Layers, StatementPlace};
use crate::iam::operation::{Credentials, Step};
use crate::iam::policy::Effect;
use crate::iam::request::{
    Caller, Credential, CredentialKind, Entity, FederationSource, Request, ResourcePolicyMark, Validity,
};
use crate::iam::tags::Tags;
use crate::iam::world::{
    AccessKey, DecodedMessage, Federating, KeyState, Located, MatchedStatement, Role, Session, SessionKind,
    User, World,
};
pub(super) use binding::{bound, bound_policy};
pub(super) use layers::Target;

/// A caller whose credentials are known, active and within their time, and whose user or role is there.
pub(super) struct Acting<'w> {
    /// The world that it acts in.
    pub(super) world: &'w World,
    pub(super) step: &'w Step,
    pub(super) reading: Reading,
    /// The caller as policies see it.
    pub(super) caller: Caller,
    /// How a user's or root's credentials were obtained.
    pub(super) kind: CredentialKind,
    /// The session, with its name, where the credentials are temporary.
    pub(super) session: Option<(&'w str, &'w Session)>,
    /// The user or role behind the caller.
    pub(super) entity: ActingEntity<'w>,
}

/// The user or role behind a caller.
#[derive(Clone, Copy)]
pub(super) enum ActingEntity<'w> {
    User(Located<'w, User>),
    Role(Located<'w, Role>),
    /// Root, a service, nobody.
    None,
}

/// One authorisation item: an action on a resource, with the keys of the request beside those that follow from the world.
pub(super) struct Item {
    pub(super) action: String,
    pub(super) resource: String,
    /// The owner, where the step says it.
    pub(super) resource_account: Option<String>,
    /// Keys of this item alone.
    pub(super) keys: Context,
    /// Whether the tags of the resource are in the context.
    pub(super) tags: ResourceTags,
}

/// Whether the tags of the resource are in the context of an item.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ResourceTags {
    /// They are.
    Shown,
    /// They are not: PassRole (PASS-5).
    Hidden,
}

/// An item that was decided.
pub(super) struct Decided {
    pub(super) request: Request,
    pub(super) layers: Layers,
    pub(super) explanation: Explanation,
}

impl Item {
    pub(super) fn owned_by(mut self, account: Option<&str>) -> Item {
        self.resource_account = account.map(str::to_owned);
        self
    }

    pub(super) fn with(mut self, keys: Context) -> Item {
        self.keys = keys;
        self
    }

    pub(super) fn without_resource_tags(mut self) -> Item {
        self.tags = ResourceTags::Hidden;
        self
    }
}

impl<'w> Acting<'w> {
    /// The caller behind a step's credentials.
    // Rules: EVAL-6, STS-60, STS-63, STS-64, GEN-12.
    pub(super) fn identify(
        world: &'w World,
        step: &'w Step,
        reading: Reading,
    ) -> Result<Acting<'w>, Failure> {
        let of =
            |caller, kind, session, entity| Acting { world, step, reading, caller, kind, session, entity };
        let unauthenticated = |message: &str| denied(Reason::DenyNotAuthenticated, "EVAL-6", message);
        match &step.credentials {
            Credentials::User { arn, access_key } => {
                let Some(user) = world.user_by_arn(arn) else {
                    let message = format!("there is no user `{arn}`");
                    return Err(denied(Reason::DenyPrincipalGone, "STS-63", message).into());
                };
                check_key(access_key.as_deref(), &user.found.access_keys, reading)?;
                let caller = Caller::User(user.entity());
                Ok(of(caller, CredentialKind::LongTerm, None, ActingEntity::User(user)))
            }
            Credentials::Root { account: id, access_key } => {
                let Some(account) = world.accounts.get(id) else {
                    return Err(Unusable::new("principal", format!("the world has no account `{id}`")).into());
                };
                check_key(access_key.as_deref(), &account.root_access_keys, reading)?;
                let caller = Caller::Root { partition: account.partition.clone(), account: id.clone() };
                Ok(of(caller, CredentialKind::LongTerm, None, ActingEntity::None))
            }
            Credentials::Session(name) => {
                let Some((name, session)) = world.sessions.get_key_value(name) else {
                    let message = format!("no step of this world issued a session `{name}`");
                    return Err(Unusable::new("session", message).into());
                };
                check_time(session, step, reading)?;
                let (caller, kind, entity) = of_session(world, session, reading)?;
                Ok(of(caller, kind, Some((name, session)), entity))
            }
            Credentials::Foreign(_) => Err(unauthenticated("nobody knows this token").into()),
            Credentials::Service(name) => {
                let caller = Caller::Service { name: name.clone() };
                Ok(of(caller, CredentialKind::LongTerm, None, ActingEntity::None))
            }
            Credentials::None => {
                Ok(of(Caller::Anonymous, CredentialKind::LongTerm, None, ActingEntity::None))
            }
        }
    }

    /// The same step with another caller: a service that acts, or the holder of an assertion.
    pub(super) fn unsigned(world: &'w World, step: &'w Step, reading: Reading, caller: Caller) -> Acting<'w> {
        let kind = CredentialKind::LongTerm;
        Acting { world, step, reading, caller, kind, session: None, entity: ActingEntity::None }
    }

    pub(super) fn item(&self, action: &str, resource: &str) -> Item {
        Item {
            action: action.to_owned(),
            resource: resource.to_owned(),
            resource_account: None,
            keys: Context::new(),
            tags: ResourceTags::Shown,
        }
    }

    /// Refuses an operation that this kind of credentials may not call, whatever policies say.
    // Rules: EVAL-6, STS-12, STS-42, STS-45.
    pub(super) fn may_call(&self, action: &str) -> Result<(), Failure> {
        let item = self.item(action, "*");
        let request = self.request(&item, &Target::nothing())?;
        let mut room = ActionRoom::new();
        let folded = room.folded(action, self.reading);
        match operation::settle(&request, folded, &MfaKey::new(), self.reading) {
            Settled::As(reason) if reason.decision() != Decision::Allow => {
                let message = format!("these credentials may not call `{action}`");
                Err(denied(reason, rule_of_restriction(reason, &self.caller), message).into())
            }
            Settled::As(_) | Settled::Not => Ok(()),
        }
    }

    /// Decides an item; a denial comes with its message.
    pub(super) fn authorise(&self, item: &Item) -> Result<Reason, Failure> {
        let decided = self.decide(item)?;
        let reason = decided.explanation.reason;
        if reason.decision() == Decision::Allow { Ok(reason) } else { Err(self.denial(&decided)) }
    }

    /// Decides an item and says why.
    pub(super) fn decide(&self, item: &Item) -> Result<Decided, Failure> {
        let target = Target::find(self, item)?;
        let request = self.request(item, &target)?;
        let layers = self.layers(&target);
        let evaluator = Evaluator::compile_with(&layers, self.reading)
            .map_err(|error| Unusable::new("action", format!("the policies around it: {error}")))?;
        let explanation = evaluator.explain(&request);
        Ok(Decided { request, layers, explanation })
    }

    fn request(&self, item: &Item, target: &Target<'_>) -> Result<Request, Failure> {
        Ok(Request {
            caller: self.caller.clone(),
            credential: Credential { kind: self.kind, validity: Validity::Current },
            action: item.action.clone(),
            resource: item.resource.clone(),
            resource_account: target.owner.clone(),
            resource_policy_mark: target
                .resource
                .map_or(ResourcePolicyMark::Unmarked, |found| found.policy_mark),
            context: self.context(item, target)?,
        })
    }

    /// The refusal of a decision, with its message.
    // Rule: STS-56.
    pub(super) fn denial(&self, decided: &Decided) -> Failure {
        self.denial_for(decided, decided.explanation.reason, decided.explanation.rule)
    }

    /// The refusal of a decision for another reason than its own.
    pub(super) fn denial_for(&self, decided: &Decided, reason: Reason, rule: &'static str) -> Failure {
        let Request { action, resource, .. } = &decided.request;
        let refusal = denied(reason, rule, format!("`{action}` on `{resource}` is denied"));
        let message = match decided.explanation.stage {
            Stage::Credential => None,
            Stage::Partition | Stage::Policies => self.message(decided, reason),
        };
        Failure::Refused(Box::new(refusal), message.map(Box::new))
    }

    /// What the encoded message of a denial says; an unsigned caller gets none.
    // Rule: STS-56.
    fn message(&self, decided: &Decided, reason: Reason) -> Option<DecodedMessage> {
        let Decided { request, layers, explanation } = decided;
        let explicit_deny = reason.decision() == Decision::ExplicitDeny;
        let statement = |place: StatementPlace| {
            let mut documents = layers.documents();
            let (_, _, policy) =
                documents.find(|(layer, index, _)| *layer == place.layer && *index == place.policy)?;
            policy.statements.get(place.statement).cloned()
        };
        let matched_statements = explanation
            .statements
            .iter()
            .filter(|found| explicit_deny && found.effect == Effect::Deny && found.applies && found.matches())
            .filter_map(|found| {
                let place = found.place.within_layers()?;
                Some(MatchedStatement { place, statement: statement(place)? })
            })
            .collect();
        Some(DecodedMessage {
            explicit_deny: explicit_deny && !mistaken!(self.reading, MessageHidesExplicitDeny),
            matched_statements,
            principal_id: self.user_id()?,
            principal_name: match &self.caller {
                Caller::User(user) => Some(user.name.clone()),
                Caller::Root { .. }
                | Caller::RoleSession { .. }
                | Caller::FederatedSession { .. }
                | Caller::Service { .. }
                | Caller::Saml { .. }
                | Caller::WebIdentity { .. }
                | Caller::Anonymous => None,
            },
            principal_arn: self.caller.arn()?,
            action: request.action.clone(),
            resource: request.resource.clone(),
            conditions: request.context.clone(),
        })
    }

    /// The session, where the caller is a session of a role.
    // Rule: STS-18.
    pub(super) fn role_session(&self) -> Option<(&'w str, &'w Session)> {
        self.session.filter(|(_, session)| matches!(session.kind, SessionKind::Role { .. }))
    }

    /// `aws:userid`, which is UserId in GetCallerIdentity's answer too.
    // Rules: STS-6, STS-51, KEY-4.
    pub(super) fn user_id(&self) -> Option<String> {
        match (&self.caller, self.entity) {
            (Caller::Root { account, .. }, _) => Some(account.clone()),
            (Caller::User(_), ActingEntity::User(user)) => Some(user.found.id.clone()),
            (Caller::RoleSession { session, .. }, ActingEntity::Role(role)) => {
                Some(format!("{}:{session}", role.found.id))
            }
            (Caller::FederatedSession { account, name, .. }, _) => Some(format!("{account}:{name}")),
            (Caller::Anonymous, _) => Some("anonymous".to_owned()),
            (
                Caller::User(_)
                | Caller::RoleSession { .. }
                | Caller::Service { .. }
                | Caller::Saml { .. }
                | Caller::WebIdentity { .. },
                _,
            ) => None,
        }
    }

    /// The tags of the caller: those that the user or role has now, and over them those of the session.
    // Rules: STS-7, STS-36.
    pub(super) fn principal_tags(&self) -> Tags {
        let mut tags = match self.entity {
            ActingEntity::User(user) => user.found.tags.clone(),
            ActingEntity::Role(role) => role.found.tags.clone(),
            ActingEntity::None => Tags::new(),
        };
        if let Some((_, session)) = self.session {
            for (key, value) in session.tags.iter() {
                if mistaken!(self.reading, RoleTagsOverrideSessionTags) && tags.value(key).is_some() {
                    continue;
                }
                tags.set(key, value);
            }
        }
        tags
    }
}

/// Whether an access key may be used.
// Rules: EVAL-6, STS-64.
fn check_key(id: Option<&str>, keys: &BTreeMap<String, AccessKey>, reading: Reading) -> Result<(), Failure> {
    let Some(id) = id else { return Ok(()) };
    match keys.get(id).map(|key| key.state) {
        Some(KeyState::Active) => Ok(()),
        Some(KeyState::Inactive) if mistaken!(reading, InactiveKeyWorks) => Ok(()),
        Some(KeyState::Inactive) => {
            let message = format!("the access key `{id}` is inactive");
            Err(denied(Reason::DenyInactiveCredentials, "EVAL-6", message).into())
        }
        None => {
            let message = format!("nobody knows the access key `{id}`");
            Err(denied(Reason::DenyNotAuthenticated, "EVAL-6", message).into())
        }
    }
}

/// Whether a session is within its time: from the instant of its issue until before that of its end.
// Rules: EVAL-6, STS-60.
fn check_time(session: &Session, step: &Step, reading: Reading) -> Result<(), Failure> {
    let at = step.time;
    let is_over =
        if mistaken!(reading, SessionLivesAtItsEnd) { at > session.expires } else { at >= session.expires };
    if at < session.issued || (is_over && !mistaken!(reading, SessionsNeverExpire)) {
        let message = format!("the session ended at {}", session.expires);
        return Err(denied(Reason::DenyExpiredCredentials, "STS-60", message).into());
    }
    Ok(())
}

type OfSession<'w> = (Caller, CredentialKind, ActingEntity<'w>);

/// The caller of a session whose user or role is still there.
// Rules: STS-6, STS-63, GEN-10.
fn of_session<'w>(world: &'w World, session: &Session, reading: Reading) -> Result<OfSession<'w>, Failure> {
    let gone = |what: &str| {
        denied(Reason::DenyPrincipalGone, "STS-63", format!("the {what} of this session was deleted")).into()
    };
    let partition = |account: &str| {
        world.accounts.get(account).map(|account| account.partition.clone()).unwrap_or_default()
    };
    match &session.kind {
        SessionKind::Role { role: id, name, session_name } => {
            let by_name =
                || world.role(&session.account, name).filter(|_| mistaken!(reading, SessionsBindNames));
            let role = world.role_by_id(id).or_else(by_name).ok_or_else(|| gone("role"))?;
            let caller = Caller::RoleSession { role: role.entity(), session: session_name.clone() };
            Ok((caller, CredentialKind::LongTerm, ActingEntity::Role(role)))
        }
        SessionKind::User { user: id } => {
            let Some(user) = world.user_by_id(id) else {
                if mistaken!(reading, DeletedUserKeepsSessions) {
                    let (account, path) = (session.account.clone(), "/".to_owned());
                    let entity = Entity { partition: partition(&account), account, path, name: id.clone() };
                    return Ok((Caller::User(entity), CredentialKind::SessionToken, ActingEntity::None));
                }
                return Err(gone("user"));
            };
            Ok((Caller::User(user.entity()), CredentialKind::SessionToken, ActingEntity::User(user)))
        }
        SessionKind::Root => {
            let account = session.account.clone();
            let caller = Caller::Root { partition: partition(&account), account };
            Ok((caller, CredentialKind::SessionToken, ActingEntity::None))
        }
        SessionKind::Federated { name, source } => {
            let (source, entity) = match source {
                Federating::Root => (FederationSource::Root, ActingEntity::None),
                Federating::User(id) => {
                    let user = world.user_by_id(id).ok_or_else(|| gone("user"))?;
                    (FederationSource::User(user.entity()), ActingEntity::User(user))
                }
            };
            let account = session.account.clone();
            let caller = Caller::FederatedSession {
                partition: partition(&account),
                account,
                name: name.clone(),
                source,
            };
            Ok((caller, CredentialKind::LongTerm, entity))
        }
    }
}

/// The rule behind a structural denial.
fn rule_of_restriction(reason: Reason, caller: &Caller) -> &'static str {
    match (reason, caller) {
        (Reason::DenyRootCannotAssume, _) => "STS-12",
        (Reason::DenyCredentialRestriction, Caller::Root { .. } | Caller::User(_)) => "STS-42",
        (Reason::DenyCredentialRestriction, Caller::FederatedSession { .. }) => "STS-45",
        (_, _) => "EVAL-6",
    }
}
