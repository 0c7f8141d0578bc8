//! Who calls, and what the credentials bring along: policies, and the context keys that follow from the caller (EVAL-6, EVAL-7, KEY-2, KEY-4).

use super::{Moment, Stepping, Stop};
use crate::iam::context::ContextValue;
use crate::iam::decision::Reason;
use crate::iam::operation::Credentials;
use crate::iam::policy::Policy;
use crate::iam::request::{Caller, Credential, CredentialKind, FederationSource, Validity};
use crate::iam::tags::Tags;
use crate::iam::world::{
    AccessKey, Federating, HolderPolicies, KeyState, Located, Mfa, Role, Session, SessionKind, User, World,
};

/// A caller whose credentials hold.
#[derive(Clone)]
pub(super) struct Acting {
    pub(super) caller: Caller,
    pub(super) credential: Credential,
    /// `aws:userid`, of a caller that has one.
    pub(super) user_id: Option<String>,
    /// The keys that follow from the caller.
    pub(super) keys: Vec<(String, ContextValue)>,
    pub(super) identity: Vec<Policy>,
    pub(super) boundary: Option<Policy>,
    pub(super) session_policies: Option<Vec<Policy>>,
}

/// A context key with one value.
pub(super) fn single(key: impl Into<String>, value: impl Into<String>) -> (String, ContextValue) {
    (key.into(), ContextValue::Single(value.into()))
}

impl Acting {
    /// A caller without policies, which shows nothing of itself.
    pub(super) fn bare(caller: Caller) -> Acting {
        Acting {
            caller,
            credential: Credential { kind: CredentialKind::LongTerm, validity: Validity::Current },
            user_id: None,
            keys: Vec::new(),
            identity: Vec::new(),
            boundary: None,
            session_policies: None,
        }
    }

    /// What every caller that belongs to an account shows.
    // Rule: KEY-4.
    fn show(&mut self, arn: String, account: &str, kind: &str, user_id: String) {
        self.keys.push(single("aws:PrincipalArn", arn));
        self.keys.push(single("aws:PrincipalAccount", account));
        self.keys.push(single("aws:PrincipalType", kind));
        self.keys.push(single("aws:PrincipalIsAWSService", "false"));
        self.keys.push(single("aws:userid", user_id.clone()));
        self.user_id = Some(user_id);
    }

    fn show_tags(&mut self, own: &Tags, of_session: &Tags) {
        let mut tags = own.clone();
        for (key, value) in of_session.iter() {
            tags.set(key, value);
        }
        for (key, value) in tags.iter() {
            self.keys.push(single(format!("aws:PrincipalTag/{key}"), value));
        }
    }
}

/// The credentials of a step: they hold, or why they do not.
pub(super) type Checked = Result<Acting, Reason>;

impl Moment<'_> {
    /// The session whose credentials sign the step, if one does.
    pub(super) fn own_session(&self) -> Option<(&str, &Session)> {
        match &self.step.credentials {
            Credentials::Session(name) => {
                self.world.sessions.get_key_value(name).map(|(name, session)| (name.as_str(), session))
            }
            Credentials::User { .. }
            | Credentials::Root { .. }
            | Credentials::Foreign(_)
            | Credentials::Service(_)
            | Credentials::None => None,
        }
    }

    /// The credentials of the step; an unsigned call is made by `unsigned`.
    // Rules: EVAL-6, GEN-12.
    pub(super) fn acting(&self, unsigned: &Caller) -> Stepping<Checked> {
        Ok(match &self.step.credentials {
            Credentials::User { arn, access_key } => match self.world.user_by_arn(arn) {
                None => Err(Reason::DenyPrincipalGone),
                Some(user) => key_works(access_key.as_deref(), |id| user.found.access_keys.get(id).copied())
                    .map(|()| self.as_user(user)),
            },
            Credentials::Root { account, access_key } => {
                let Some(found) = self.world.accounts.get(account) else {
                    return Err(Stop::unusable(format!("there is no account `{account}`")));
                };
                key_works(access_key.as_deref(), |id| found.root_access_keys.get(id).copied())
                    .map(|()| as_root(&found.partition, account))
            }
            Credentials::Session(name) => {
                // What no step issued is a token of which this world knows nothing.
                let known = self.world.sessions.get(name).ok_or(Reason::DenyNotAuthenticated);
                known.and_then(|session| self.as_session(session))
            }
            Credentials::Foreign(_) => Err(Reason::DenyNotAuthenticated),
            Credentials::Service(name) => Ok(as_service(name)),
            Credentials::None => Ok(as_unsigned(unsigned)),
        })
    }

    /// A user with long-term credentials.
    fn as_user(&self, user: Located<'_, User>) -> Acting {
        let mut acting = Acting::bare(Caller::User(user.entity()));
        self.be_user(&mut acting, user);
        acting.show(user.arn(), user.account_id, "User", user.found.id.clone());
        acting.keys.push(single("aws:username", user.name));
        acting.show_tags(&user.found.tags, &Tags::new());
        acting
    }

    /// The policies of a user, groups included, and its boundary.
    // Rules: EVAL-7, POL-14.
    fn be_user(&self, acting: &mut Acting, user: Located<'_, User>) {
        let mut attached: Vec<&str> = Vec::new();
        let groups = user.found.groups.iter().filter_map(|name| user.account.groups.get(name));
        let holders = std::iter::once(&user.found.policies).chain(groups.map(|group| &group.policies));
        for holder in holders {
            acting.identity.extend(holder.inline.values().map(|stored| (*stored.policy).clone()));
            for policy in &holder.attached {
                if !attached.contains(&policy.as_str()) {
                    attached.push(policy);
                }
            }
        }
        acting.identity.extend(attached.iter().filter_map(|arn| in_force(&self.world, arn)));
        acting.boundary = user.found.boundary.as_deref().and_then(|arn| in_force(&self.world, arn));
    }

    // Rules: STS-60, STS-63, STS-7.
    fn as_session(&self, session: &Session) -> Checked {
        let now = self.step.time;
        if now < session.issued || session.expires <= now {
            return Err(Reason::DenyExpiredCredentials);
        }
        let gone = Reason::DenyPrincipalGone;
        let mut acting = match &session.kind {
            SessionKind::Role { role, session_name, .. } => {
                let role = self.world.role_by_id(role).ok_or(gone)?;
                self.as_role_session(role, session_name, session)
            }
            SessionKind::User { user } => {
                let mut acting = self.as_user(self.world.user_by_id(user).ok_or(gone)?);
                acting.credential.kind = CredentialKind::SessionToken;
                acting
            }
            SessionKind::Root => {
                let account = self.world.accounts.get(&session.account).ok_or(gone)?;
                let mut acting = as_root(&account.partition, &session.account);
                acting.credential.kind = CredentialKind::SessionToken;
                acting
            }
            SessionKind::Federated { name, source } => self.as_federated(name, source, session)?,
        };
        acting.keys.push(single("aws:TokenIssueTime", session.issued.iso()));
        match session.mfa {
            Mfa::Unknown => {}
            Mfa::Absent => acting.keys.push(single("aws:MultiFactorAuthPresent", "false")),
            Mfa::Since(since) => {
                acting.keys.push(single("aws:MultiFactorAuthPresent", "true"));
                let age = (now.epoch_nanoseconds() - since.epoch_nanoseconds()).div_euclid(1_000_000_000);
                acting.keys.push(single("aws:MultiFactorAuthAge", age.to_string()));
            }
        }
        if let Some(identity) = &session.source_identity {
            acting.keys.push(single("aws:SourceIdentity", identity));
        }
        if let Some(provider) = &session.federated_provider {
            acting.keys.push(single("aws:FederatedProvider", provider));
        }
        let of_provider = session.provider_keys.entries().iter();
        acting.keys.extend(of_provider.map(|(key, value)| (key.spelling().to_owned(), value.clone())));
        Ok(acting)
    }

    // Rules: STS-6, STS-28, STS-36.
    fn as_role_session(&self, role: Located<'_, Role>, name: &str, session: &Session) -> Acting {
        let caller = Caller::RoleSession { role: role.entity(), session: name.to_owned() };
        let mut acting = Acting::bare(caller);
        let HolderPolicies { inline, attached } = &role.found.policies;
        acting.identity.extend(inline.values().map(|stored| (*stored.policy).clone()));
        acting.identity.extend(attached.iter().filter_map(|arn| in_force(&self.world, arn)));
        acting.boundary = role.found.boundary.as_deref().and_then(|arn| in_force(&self.world, arn));
        acting.session_policies = session.policies.clone();
        let user_id = format!("{}:{name}", role.found.id);
        acting.show(role.arn(), role.account_id, "AssumedRole", user_id);
        acting.show_tags(&role.found.tags, &session.tags);
        acting
    }

    // Rules: STS-6, STS-47.
    fn as_federated(&self, name: &str, source: &Federating, session: &Session) -> Checked {
        let account = self.world.accounts.get(&session.account).ok_or(Reason::DenyPrincipalGone)?;
        let user = match source {
            Federating::Root => None,
            Federating::User(id) => Some(self.world.user_by_id(id).ok_or(Reason::DenyPrincipalGone)?),
        };
        let caller = Caller::FederatedSession {
            partition: account.partition.clone(),
            account: session.account.clone(),
            name: name.to_owned(),
            source: user.map_or(FederationSource::Root, |user| FederationSource::User(user.entity())),
        };
        let arn = caller.arn().unwrap_or_default();
        let mut acting = Acting::bare(caller);
        if let Some(user) = user {
            self.be_user(&mut acting, user);
        }
        acting.session_policies = session.policies.clone();
        acting.show(arn, &session.account, "FederatedUser", format!("{}:{name}", session.account));
        acting.show_tags(user.map_or(&Tags::new(), |user| &user.found.tags), &session.tags);
        Ok(acting)
    }
}

/// The document of a managed policy that counts now.
// Rules: EVAL-7, POL-4.
pub(super) fn in_force(world: &World, arn: &str) -> Option<Policy> {
    let policy = world.managed_policy(arn)?;
    policy.versions.get(&policy.default_version).map(|stored| (*stored.policy).clone())
}

// Rules: EVAL-6, STS-64.
fn key_works(id: Option<&str>, find: impl Fn(&str) -> Option<AccessKey>) -> Result<(), Reason> {
    match id.map(find) {
        None => Ok(()),
        Some(None) => Err(Reason::DenyNotAuthenticated),
        Some(Some(AccessKey { state: KeyState::Active })) => Ok(()),
        Some(Some(AccessKey { state: KeyState::Inactive })) => Err(Reason::DenyInactiveCredentials),
    }
}

fn as_root(partition: &str, account: &str) -> Acting {
    let caller = Caller::Root { partition: partition.to_owned(), account: account.to_owned() };
    let arn = caller.arn().unwrap_or_default();
    let mut acting = Acting::bare(caller);
    acting.show(arn, account, "Account", account.to_owned());
    acting
}

// Rule: KEY-4.
pub(super) fn as_service(name: &str) -> Acting {
    let mut acting = Acting::bare(Caller::Service { name: name.to_owned() });
    acting.keys.push(single("aws:PrincipalIsAWSService", "true"));
    acting.keys.push(single("aws:PrincipalServiceName", name));
    let names = ContextValue::Many(vec![name.to_owned()]);
    acting.keys.push(("aws:PrincipalServiceNamesList".to_owned(), names));
    acting
}

// Rule: KEY-4.
fn as_unsigned(caller: &Caller) -> Acting {
    let mut acting = Acting::bare(caller.clone());
    match caller {
        Caller::Anonymous => {
            acting.keys.push(single("aws:PrincipalAccount", "anonymous"));
            acting.keys.push(single("aws:PrincipalType", "Anonymous"));
            acting.keys.push(single("aws:userid", "anonymous"));
        }
        Caller::Saml { .. }
        | Caller::WebIdentity { .. }
        | Caller::Root { .. }
        | Caller::User(_)
        | Caller::RoleSession { .. }
        | Caller::FederatedSession { .. }
        | Caller::Service { .. } => {}
    }
    acting
}
