//! The calls of STS that are signed: what each passes, which items it needs, and the session that comes of it (sections 5.1 to 5.6, 5.8).

use super::acting::{Acting, Checked, single};
use super::deciding::{Decided, Item};
use super::issuing::{Holds, Issued, Record, Wanted, outcome};
use super::{Moment, Stepping, Stop, names, require};
use crate::iam::arn::Arn;
use crate::iam::context::{Context, ContextValue};
use crate::iam::decision::{Decision, Reason};
use crate::iam::instant::Instant;
use crate::iam::key::KeyName;
use crate::iam::operation::{
    AssumeRole, EncodedMessage, GetFederationToken, GetSessionToken, MfaCode, StsOperation, Tampering,
};
use crate::iam::outcome::{Answer, Identity, RefusalCode};
use crate::iam::policy::Policy;
use crate::iam::request::Caller;
use crate::iam::world::{Federating, Mfa, Session, SessionKind};
use crate::model::modelled::NoAnswer;
use crate::model::sts::{Check, Operation, Refusal};

/// How long an encoded message can be decoded, in seconds.
const MESSAGE_LIVES_SECONDS: i128 = 86_400;

/// The new session, as far as the relation does not say it.
pub(super) struct Draft {
    pub(super) kind: SessionKind,
    pub(super) account: String,
    pub(super) policies: Option<Vec<Policy>>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) mfa: Mfa,
    pub(super) issuer: Option<String>,
    pub(super) federated_provider: Option<String>,
    pub(super) provider_keys: Context,
}

/// How the items of a call were decided, so far as they had to be.
pub(super) struct Authorised {
    pub(super) all: bool,
    /// The first denial, if there is one.
    pub(super) denial: Option<Stop>,
}

impl Moment<'_> {
    pub(super) fn sts(&mut self, operation: &StsOperation) -> Stepping<Answer> {
        match operation {
            StsOperation::AssumeRole(parameters) => self.assume_role(parameters),
            StsOperation::AssumeRoleWithSaml(parameters) => self.with_saml(parameters),
            StsOperation::AssumeRoleWithWebIdentity(parameters) => self.with_web_identity(parameters),
            StsOperation::GetSessionToken(parameters) => self.session_token(parameters),
            StsOperation::GetFederationToken(parameters) => self.federation_token(parameters),
            StsOperation::GetCallerIdentity => self.caller_identity(),
            StsOperation::DecodeAuthorizationMessage(message) => self.decode(message),
        }
    }

    // Rules: STS-3, STS-10, STS-11, STS-13, STS-15, STS-17, STS-41.
    fn assume_role(&mut self, parameters: &AssumeRole) -> Stepping<Answer> {
        let AssumeRole { role_arn, role_session_name, tags, transitive_tag_keys, .. } = parameters;
        let checked = self.acting(&Caller::Anonymous)?;
        let session = self.own_session().map(|(_, session)| session);
        let role = self.world.role_by_arn(role_arn);
        let account = Arn::parse(role_arn).map(|arn| arn.account.to_owned()).unwrap_or_default();
        let policies = self.session_policies(&parameters.policy, &parameters.policy_arns, &account);
        let source_identity = parameters.source_identity.as_deref();
        let bad_parameter = !names::is_role_arn(role_arn)
            || !names::is_session_name(role_session_name)
            || parameters.external_id.as_deref().is_some_and(|id| !names::is_external_id(id))
            || source_identity.is_some_and(|identity| !names::is_session_name(identity))
            || !names::are_tags(tags)
            || !names::are_transitive_keys(transitive_tag_keys, tags)
            || !is_code(&parameters.mfa)
            || policies.bad_parameter;
        let code_valid = self.code_is_valid(&checked, &parameters.mfa);
        let code_passed = parameters.mfa.token_code.is_some();
        let mut items = self.role_items("sts:AssumeRole", role_arn, role_session_name, source_identity, tags);
        let inherited = session.and_then(|session| session.source_identity.as_deref());
        let chained = session.is_some_and(|session| matches!(session.kind, SessionKind::Role { .. }));
        let passes_on = session.is_some_and(|session| chained && !session.transitive_keys.is_empty());
        let mut actions = vec!["sts:AssumeRole"];
        if !tags.is_empty() || passes_on {
            actions.push("sts:TagSession");
        }
        let named = source_identity.or(inherited.filter(|_| chained));
        if named.is_some() {
            actions.push("sts:SetSourceIdentity");
        }
        items.keys.extend(named.map(|identity| single("sts:SourceIdentity", identity)));
        items.keys.extend(parameters.external_id.as_deref().map(|id| single("sts:ExternalId", id)));
        if !transitive_tag_keys.is_empty() {
            let keys = ContextValue::Many(transitive_tag_keys.clone());
            items.keys.push(("sts:TransitiveTagKeys".to_owned(), keys));
        }
        // STS-5: of a role that is not there the code is not looked at.
        if code_passed && code_valid && role.is_some() {
            items.keys.push(single("aws:MultiFactorAuthPresent", "true"));
            items.keys.push(single("aws:MultiFactorAuthAge", "0"));
        }
        let authorised = match (&checked, bad_parameter) {
            (Ok(acting), false) => self.authorised(acting, &items, &actions, chained)?,
            (Ok(_) | Err(_), _) => Authorised { all: true, denial: None },
        };
        let wanted = Wanted {
            operation: Operation::AssumeRole,
            caller: checked.as_ref().ok().map(|acting| &acting.caller),
            session,
            seconds: parameters.duration_seconds,
            source_identity,
            tags,
            transitive: transitive_tag_keys,
            code_passed,
            now: self.step.time.epoch_seconds(),
            profile: self.world.profile,
            role_maximum: role.map_or(3_600, |role| role.found.max_session_duration),
            assertion_left: None,
            holds: Holds {
                bad_parameter,
                credentials_gone: checked.is_err(),
                role_exists: role.is_some(),
                code_valid,
                authorised: authorised.all,
                malformed_policy: policies.malformed,
                policies_too_large: policies.too_large,
                unknown_policy: policies.unknown,
                ..Holds::default()
            },
        };
        let record = self.issued(&wanted, &checked, authorised)?;
        let Some(role) = role else { return Err(defect("a session of a role that is not there")) };
        let kind = SessionKind::Role {
            role: role.found.id.clone(),
            name: role.name.to_owned(),
            session_name: role_session_name.clone(),
        };
        // A service that calls has the session for itself (STS-25).
        let issuer = match checked.as_ref().ok().map(|acting| &acting.caller) {
            Some(Caller::Service { name }) => Some(name.clone()),
            Some(
                Caller::Root { .. }
                | Caller::User(_)
                | Caller::RoleSession { .. }
                | Caller::FederatedSession { .. }
                | Caller::Saml { .. }
                | Caller::WebIdentity { .. }
                | Caller::Anonymous,
            )
            | None => None,
        };
        let policies = policies.documents;
        let draft = Draft { policies, tags: tags.clone(), issuer, ..plain_draft(kind, account) };
        self.use_code(&checked, &parameters.mfa);
        self.save(record, draft)
    }

    // Rules: STS-43, STS-44.
    fn session_token(&mut self, parameters: &GetSessionToken) -> Stepping<Answer> {
        let checked = self.acting(&Caller::Anonymous)?;
        let item = Item::plain("sts:GetSessionToken", "*", None);
        let bad_parameter = !is_code(&parameters.mfa);
        let authorised = match (&checked, bad_parameter) {
            (Ok(acting), false) => self.authorised(acting, &item, &["sts:GetSessionToken"], false)?,
            (Ok(_) | Err(_), _) => Authorised { all: true, denial: None },
        };
        let code_passed = parameters.mfa.token_code.is_some();
        let wanted = Wanted {
            session: self.own_session().map(|(_, session)| session),
            seconds: parameters.duration_seconds,
            code_passed,
            holds: Holds {
                bad_parameter,
                credentials_gone: checked.is_err(),
                code_valid: self.code_is_valid(&checked, &parameters.mfa),
                authorised: authorised.all,
                ..Holds::default()
            },
            ..self.wanted(Operation::GetSessionToken, &checked)
        };
        let record = self.issued(&wanted, &checked, authorised)?;
        let (kind, account) = match checked.as_ref().ok().map(|acting| &acting.caller) {
            Some(Caller::User(user)) => {
                let found = self.world.user_by_arn(&user.arn("user"));
                let Some(found) = found else { return Err(defect("a session of a user that is not there")) };
                (SessionKind::User { user: found.found.id.clone() }, user.account.clone())
            }
            Some(Caller::Root { account, .. }) => (SessionKind::Root, account.clone()),
            Some(
                Caller::RoleSession { .. }
                | Caller::FederatedSession { .. }
                | Caller::Service { .. }
                | Caller::Saml { .. }
                | Caller::WebIdentity { .. }
                | Caller::Anonymous,
            )
            | None => return Err(defect("a session token of neither a user nor root")),
        };
        let mfa = if record.shows_mfa { Mfa::Since(self.step.time.whole_second()) } else { Mfa::Absent };
        self.use_code(&checked, &parameters.mfa);
        self.save(record, Draft { mfa, ..plain_draft(kind, account) })
    }

    // Rules: STS-3, STS-46, STS-47.
    fn federation_token(&mut self, parameters: &GetFederationToken) -> Stepping<Answer> {
        let GetFederationToken { name, tags, .. } = parameters;
        let checked = self.acting(&Caller::Anonymous)?;
        let caller = checked.as_ref().ok().map(|acting| &acting.caller);
        let account = caller.and_then(|caller| caller.account()).unwrap_or_default().to_owned();
        let policies = self.session_policies(&parameters.policy, &parameters.policy_arns, &account);
        let bad_parameter =
            !names::is_federated_name(name) || !names::are_tags(tags) || policies.bad_parameter;
        let partition = self.world.accounts.get(&account).map_or("aws", |account| &account.partition);
        let resource = format!("arn:{partition}:sts::{account}:federated-user/{name}");
        let mut item = Item::plain("sts:GetFederationToken", resource, Some(&account));
        item.pass_tags(tags);
        let mut actions = vec!["sts:GetFederationToken"];
        if !tags.is_empty() {
            actions.push("sts:TagSession");
        }
        let authorised = match (&checked, bad_parameter) {
            (Ok(acting), false) => self.authorised(acting, &item, &actions, false)?,
            (Ok(_) | Err(_), _) => Authorised { all: true, denial: None },
        };
        let wanted = Wanted {
            session: self.own_session().map(|(_, session)| session),
            seconds: parameters.duration_seconds,
            tags,
            holds: Holds {
                bad_parameter,
                credentials_gone: checked.is_err(),
                authorised: authorised.all,
                malformed_policy: policies.malformed,
                policies_too_large: policies.too_large,
                unknown_policy: policies.unknown,
                ..Holds::default()
            },
            ..self.wanted(Operation::GetFederationToken, &checked)
        };
        let record = self.issued(&wanted, &checked, authorised)?;
        let source = match checked.as_ref().ok().map(|acting| (&acting.caller, &acting.user_id)) {
            Some((Caller::User(_), Some(id))) => Federating::User(id.clone()),
            Some(_) | None => Federating::Root,
        };
        let kind = SessionKind::Federated { name: name.clone(), source };
        let tags = tags.clone();
        let policies = policies.documents;
        self.save(record, Draft { policies, tags, mfa: Mfa::Unknown, ..plain_draft(kind, account) })
    }

    // Rules: STS-50, STS-51.
    fn caller_identity(&self) -> Stepping<Answer> {
        let checked = self.acting(&Caller::Anonymous)?;
        let item = Item::plain("sts:GetCallerIdentity", "*", None);
        let reason = self.allowed(&checked, &item, "STS-50")?;
        let Ok(Acting { caller, user_id, .. }) = checked else { return Err(defect("a caller of no kind")) };
        match (caller.arn(), user_id, caller.account()) {
            (Some(arn), Some(user_id), Some(account)) => {
                Ok(Answer::Identity(Identity { arn, user_id, account: account.to_owned() }))
            }
            // A service is a signed caller, but the table of STS-51 has no row for it.
            (_, _, _) => Ok(Answer::Allowed(reason)),
        }
    }

    // Rules: STS-55, STS-57.
    fn decode(&self, message: &EncodedMessage) -> Stepping<Answer> {
        if let EncodedMessage::Text(text) = message {
            let fits = (1..=10_240).contains(&text.chars().count());
            require(fits, RefusalCode::ValidationError, "STS-3", "the message has no length that one has")?;
        }
        let checked = self.acting(&Caller::Anonymous)?;
        self.allowed(&checked, &Item::plain("sts:DecodeAuthorizationMessage", "*", None), "STS-55")?;
        let found = match message {
            EncodedMessage::Text(text) => self.world.messages.values().find(|known| known.encoded == *text),
            EncodedMessage::Of { name, tampering: Tampering::None } => self.world.messages.get(name),
            EncodedMessage::Of { tampering: Tampering::Altered | Tampering::Cut, .. } => None,
        };
        let lives = |issued: Instant| {
            let since = self.step.time.epoch_nanoseconds() - issued.epoch_nanoseconds();
            since < MESSAGE_LIVES_SECONDS * 1_000_000_000
        };
        match found.filter(|message| lives(message.issued)) {
            Some(message) => Ok(Answer::Decoded(Box::new(message.content.clone()))),
            None => {
                let code = RefusalCode::InvalidAuthorizationMessage;
                Err(Stop::refused(code, "STS-57", "no message that can be decoded"))
            }
        }
    }

    /// A call that passes nothing and against which nothing stands.
    pub(super) fn wanted<'s>(&'s self, operation: Operation, checked: &'s Checked) -> Wanted<'s> {
        Wanted {
            operation,
            caller: checked.as_ref().ok().map(|acting| &acting.caller),
            session: None,
            seconds: None,
            source_identity: None,
            tags: &[],
            transitive: &[],
            code_passed: false,
            now: self.step.time.epoch_seconds(),
            profile: self.world.profile,
            role_maximum: 3_600,
            assertion_left: None,
            holds: Holds::default(),
        }
    }

    /// The item that every action of a call on a role is decided by; each has its own action.
    // Rules: STS-11, STS-13.
    pub(super) fn role_items(
        &self,
        action: &str,
        role_arn: &str,
        session_name: &str,
        source_identity: Option<&str>,
        tags: &[(String, String)],
    ) -> Item {
        let mut item = self.item_on(action, role_arn, None);
        item.keys.push(single("sts:RoleSessionName", session_name));
        item.keys.extend(source_identity.map(|identity| single("sts:SourceIdentity", identity)));
        item.pass_tags(tags);
        item
    }

    /// Whether all actions of a call are allowed. In a chain the caller's own policies must allow a source identity as well.
    // Rules: STS-11, STS-41, EVAL-27.
    pub(super) fn authorised(
        &self,
        acting: &Acting,
        item: &Item,
        actions: &[&str],
        chained: bool,
    ) -> Stepping<Authorised> {
        for &action in actions {
            let item = Item { action: action.to_owned(), ..item.clone() };
            let decided = self.decided(acting, &item)?;
            if decided.reason.decision() != Decision::Allow {
                return Ok(Authorised { all: false, denial: Some(decided.into_stop("EVAL-27")) });
            }
            if chained
                && action == "sts:SetSourceIdentity"
                && let Some(reason) = caller_side_fails(&decided)
            {
                return Ok(Authorised { all: false, denial: Some(decided.denied_for(reason, "STS-41")) });
            }
        }
        Ok(Authorised { all: true, denial: None })
    }

    /// The record that the relation gives, or its refusal.
    // Rules: STS-4, STS-5.
    pub(super) fn issued(
        &self,
        wanted: &Wanted<'_>,
        checked: &Checked,
        authorised: Authorised,
    ) -> Stepping<Record> {
        let (check, refusal) = match outcome(wanted)? {
            Issued::Session(record) => return Ok(record),
            Issued::Refused(check, refusal) => (check, refusal),
        };
        match (check, checked, authorised.denial) {
            (Check::Expiry | Check::Credentials, Err(reason), _) => {
                Err(Stop::denied(*reason, "EVAL-6", None))
            }
            (Check::Credentials | Check::Role | Check::Authorisation, Ok(_), Some(denial)) => Err(denial),
            (Check::Expiry | Check::Credentials | Check::Authorisation, _, _) => {
                Err(defect("the relation refuses credentials that the decision accepts"))
            }
            (
                Check::Parameters
                | Check::Assertion
                | Check::Role
                | Check::Code
                | Check::Duration
                | Check::Conflict
                | Check::SessionPolicies,
                _,
                _,
            ) => Err(Stop::refused(code(refusal), "STS-5", format!("fails at the check of {check:?}"))),
        }
    }

    /// Saves a session under its name.
    // Rules: STS-2, STS-36, STS-37.
    pub(super) fn save(&mut self, record: Record, draft: Draft) -> Stepping<Answer> {
        let instant = |seconds| {
            Instant::from_epoch_seconds(seconds).ok_or_else(|| Stop::unusable("beyond the end of the clock"))
        };
        let mut tags = crate::iam::tags::Tags::new();
        for (key, value) in record.transitive.iter().chain(&draft.tags) {
            tags.set(key, value);
        }
        let session = Session {
            kind: draft.kind,
            account: draft.account,
            issued: instant(record.issued)?,
            expires: instant(record.expires)?,
            policies: draft.policies,
            tags,
            transitive_keys: record.transitive.iter().map(|(key, _)| KeyName::new(key)).collect(),
            source_identity: record.source_identity,
            mfa: draft.mfa,
            parent: self.own_session().map(|(name, _)| name.to_owned()),
            issuer: draft.issuer,
            federated_provider: draft.federated_provider,
            provider_keys: draft.provider_keys,
        };
        let name = self.name();
        self.world.sessions.insert(name.clone(), session);
        Ok(Answer::Session(name))
    }
}

/// A session of no policies, tags or provider, whose credentials say that there was no MFA.
pub(super) fn plain_draft(kind: SessionKind, account: String) -> Draft {
    Draft {
        kind,
        account,
        policies: None,
        tags: Vec::new(),
        mfa: Mfa::Absent,
        issuer: None,
        federated_provider: None,
        provider_keys: Context::new(),
    }
}

/// SerialNumber and TokenCode: both or neither, each as it must be spelled.
// Rule: STS-3.
fn is_code(mfa: &MfaCode) -> bool {
    match (&mfa.serial_number, &mfa.token_code) {
        (None, None) => true,
        (Some(serial), Some(code)) => names::is_serial_number(serial) && names::is_token_code(code),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// The first of I, B and S that does not hold.
fn caller_side_fails(decided: &Decided) -> Option<Reason> {
    decided.caller_side.iter().find(|(holds, _)| !holds).map(|(_, reason)| *reason)
}

// Rule: STS-4.
fn code(refusal: Refusal) -> RefusalCode {
    match refusal {
        Refusal::ValidationError => RefusalCode::ValidationError,
        Refusal::ExpiredToken => RefusalCode::ExpiredToken,
        Refusal::InvalidIdentityToken => RefusalCode::InvalidIdentityToken,
        Refusal::IdpRejectedClaim => RefusalCode::IdpRejectedClaim,
        Refusal::AccessDenied => RefusalCode::AccessDenied,
        Refusal::MalformedPolicyDocument => RefusalCode::MalformedPolicyDocument,
        Refusal::PackedPolicyTooLarge => RefusalCode::PackedPolicyTooLarge,
    }
}

pub(super) fn defect(what: &str) -> Stop {
    Stop::NoAnswer(NoAnswer::Defect(what.to_owned()))
}
