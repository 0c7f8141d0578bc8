//! The operations of STS (section 5 of the rules).
//!
//! Each goes through the checks of STS-5 in their order: parameters, credentials, role, MFA code, authorisation, duration, conflicts,
//! session policies. The first that fails is the answer.

mod assume_role;
mod duration;
mod message;
mod mfa;
mod parameter;
mod provider;
mod session_policy;
mod token;

use super::acting::Acting;
use super::failure::{Failure, Unusable};
use super::interpreter::Scene;
use super::reading::{Reading, mistaken};
use crate::iam::context::{Context, ContextValue};
use crate::iam::decision::Reason;
use crate::iam::instant::Instant;
use crate::iam::key::KeyName;
use crate::iam::operation::StsOperation;
use crate::iam::outcome::{Answer, Identity};
use crate::iam::request::Caller;
use crate::iam::world::Session;
pub(super) use duration::{Origin, granted};
pub(super) use message::encoded_text;
pub(super) use parameter::{check_serial_number, check_session_name, check_tags, is_token_code};

pub(super) fn perform(scene: &mut Scene<'_>, operation: &StsOperation) -> Result<Answer, Failure> {
    match operation {
        StsOperation::AssumeRole(call) => assume_role::perform(scene, call),
        StsOperation::AssumeRoleWithSaml(call) => provider::with_saml(scene, call),
        StsOperation::AssumeRoleWithWebIdentity(call) => provider::with_web_identity(scene, call),
        StsOperation::GetSessionToken(call) => token::session_token(scene, call),
        StsOperation::GetFederationToken(call) => token::federation_token(scene, call),
        StsOperation::GetCallerIdentity => caller_identity(scene),
        StsOperation::DecodeAuthorizationMessage(message) => message::decode(scene, message),
    }
}

/// Who the caller is; nothing can forbid to ask.
// Rules: STS-50, STS-51, STS-52.
fn caller_identity(scene: &Scene<'_>) -> Result<Answer, Failure> {
    let acting = Acting::identify(&scene.world, scene.step, scene.reading)?;
    acting.authorise(&acting.item("sts:GetCallerIdentity", "*"))?;
    let arn = if let Caller::RoleSession { role, .. } = &acting.caller
        && mistaken!(scene.reading, IdentityShowsTheRole)
    {
        Some(role.arn("role"))
    } else {
        acting.caller.arn()
    };
    Ok(match (arn, acting.user_id(), acting.caller.account()) {
        (Some(arn), Some(user_id), Some(account)) => {
            Answer::Identity(Identity { arn, user_id, account: account.to_owned() })
        }
        // A service has none of the three (section 14, EVAL-6).
        (_, _, _) => Answer::Allowed(Reason::AllowNoPermissionRequired),
    })
}

/// Whether passing tags needs the permission `sts:TagSession`, which by the rules it does.
// Rule: STS-11.
pub(super) fn tags_need_permission(reading: Reading) -> bool {
    !mistaken!(reading, TagSessionUnchecked)
}

/// Keys of a request, put together.
pub(super) struct RequestKeys(Context);

impl RequestKeys {
    pub(super) fn new() -> RequestKeys {
        RequestKeys(Context::new())
    }

    pub(super) fn one(mut self, name: &str, value: impl Into<String>) -> RequestKeys {
        self.0.set(KeyName::new(name), ContextValue::Single(value.into()));
        self
    }

    pub(super) fn maybe(self, name: &str, value: Option<&str>) -> RequestKeys {
        match value {
            Some(value) => self.one(name, value),
            None => self,
        }
    }

    /// The tags that a request passes.
    // Rules: KEY-4, KEY-8.
    pub(super) fn tags(mut self, tags: &[(String, String)]) -> RequestKeys {
        for (key, value) in tags {
            self = self.one(&format!("aws:RequestTag/{key}"), value);
        }
        self.keys("aws:TagKeys", tags.iter().map(|(key, _)| key.clone()).collect())
    }

    /// A list, where there is something in it.
    pub(super) fn keys(mut self, name: &str, list: Vec<String>) -> RequestKeys {
        if !list.is_empty() {
            self.0.set(KeyName::new(name), ContextValue::Many(list));
        }
        self
    }

    pub(super) fn all(mut self, more: &Context) -> RequestKeys {
        for (key, value) in more.entries() {
            self.0.set(key.clone(), value.clone());
        }
        self
    }

    pub(super) fn build(self) -> Context {
        self.0
    }
}

/// When a session that is asked for now is issued, and when it ends.
// Rule: GEN-11.
pub(super) fn span(scene: &Scene<'_>, seconds: i64) -> Result<(Instant, Instant), Failure> {
    let issued = scene.step.time.whole_second();
    match issued.after_seconds(seconds) {
        Some(expires) => Ok((issued, expires)),
        None => {
            Err(Unusable::new("time", "the session would end beyond the year 9999, where time ends").into())
        }
    }
}

/// Keeps a session under the name that the step gives.
pub(super) fn issue(scene: &mut Scene<'_>, session: Session) -> Answer {
    let name = scene.name();
    scene.world.sessions.insert(name.clone(), session);
    Answer::Session(name)
}
