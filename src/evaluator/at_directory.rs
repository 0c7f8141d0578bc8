//! Steps at directories: what section 8 asks of the accounts is answered from the world, and what it leaves to them is done here.
//!
//! A sign-in ends in a session like any other that a service issues (DIR-28, STS-25); an identity provider that vouches for a user
//! leaves an assertion, good for AssumeRoleWithSAML (DIR-33).

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::acting::Acting;
use super::directory::{AccountSide, Call, CallerAccount, DIRECTORY_SERVICE, RoleFacts, RoleMaker, perform};
use super::failure::{Failure, Unusable};
use super::interpreter::Scene;
use super::sts::{Origin, RequestKeys, granted, issue, span};
use crate::iam::context::Context;
use crate::iam::decision::Reason;
use crate::iam::directory::{self, DirectoryOperation, Outcome};
use crate::iam::outcome::{Answer, Refusal, RefusalCode};
use crate::iam::request::Caller;
use crate::iam::tags::Tags;
use crate::iam::world::{Assertion, DecodedMessage, Genuineness, Mfa, Pair, Session, SessionKind};

/// Does one operation on directories.
// Rules: DIR-28, DIR-29, DIR-33, DIR-34.
pub(super) fn at(scene: &mut Scene<'_>, operation: &DirectoryOperation) -> Result<Answer, Failure> {
    let mut directories = scene.world.directories.clone();
    let accounts = Accounts { scene, unusable: RefCell::new(None), message: RefCell::new(None) };
    let now_s = scene.step.time.epoch_seconds();
    let response = perform(&mut directories, operation, now_s, &accounts, scene.directory_reading);
    let Accounts { unusable, message, .. } = accounts;
    if let Some(unusable) = unusable.into_inner() {
        return Err(unusable.into());
    }
    scene.consultations = response.trace;
    let outcome = match response.result {
        Ok(outcome) => outcome,
        Err(refused) => {
            let refusal = Refusal {
                code: code(refused.refusal),
                reason: refused.reason,
                rule: refused.rule,
                message: refused.message,
                encoded_message: None,
            };
            // Only a denial of the caller's own request leaves a message.
            let message = message.into_inner().filter(|_| refusal.reason.is_some());
            return Err(Failure::Refused(Box::new(refusal), message));
        }
    };
    scene.world.directories = directories;
    match &outcome {
        Outcome::SignedIn { role, session_name, requested_s, .. } => {
            sign_in(scene, role, session_name, *requested_s)
        }
        Outcome::Asserted { provider, session_name, roles } => {
            let assertion = vouched(provider, session_name, roles);
            let text = scene.name();
            scene.world.assertions.insert(text, assertion);
            Ok(Answer::Directory(outcome))
        }
        Outcome::Done
        | Outcome::Made { .. }
        | Outcome::Trust(_)
        | Outcome::LoggedOn { .. }
        | Outcome::Found { .. } => Ok(Answer::Directory(outcome)),
    }
}

/// The code of a directory's refusal. That the caller may not is told as everywhere (DIR-34).
fn code(refusal: directory::Refusal) -> RefusalCode {
    if refusal == directory::Refusal::AccessDenied {
        RefusalCode::AccessDenied
    } else {
        RefusalCode::Directory(refusal)
    }
}

/// The session of a user of a directory: no tags, no source identity, no session policies (D-94).
// Rules: DIR-28, DIR-29, DIR-30, STS-25.
fn sign_in(
    scene: &mut Scene<'_>,
    role: &str,
    session_name: &str,
    requested_s: u64,
) -> Result<Answer, Failure> {
    let seconds =
        granted(scene.world.profile, Origin::Service, Some(i128::from(requested_s)), scene.reading)?;
    let (issued, expires) = span(scene, seconds)?;
    let Some(role) = scene.world.role_by_arn(role) else {
        return Err(Unusable::new("parameters/RoleArn", format!("there is no role `{role}`")).into());
    };
    let session = Session {
        kind: SessionKind::Role {
            role: role.found.id.clone(),
            name: role.name.to_owned(),
            session_name: session_name.to_owned(),
        },
        account: role.account_id.to_owned(),
        issued,
        expires,
        policies: None,
        tags: Tags::new(),
        transitive_keys: BTreeSet::new(),
        source_identity: None,
        mfa: Mfa::Absent,
        parent: None,
        issuer: Some(DIRECTORY_SERVICE.to_owned()),
        federated_provider: None,
        provider_keys: Context::new(),
    };
    Ok(issue(scene, session))
}

/// The assertion of an identity provider that vouches for a user.
// Rule: DIR-33.
fn vouched(provider: &str, session_name: &str, roles: &[String]) -> Assertion {
    let pair = |role: &String| Pair { role: role.clone(), provider: provider.to_owned() };
    Assertion {
        provider: provider.to_owned(),
        genuineness: Genuineness::Genuine,
        not_on_or_after: None,
        session_not_on_or_after: None,
        roles: roles.iter().map(pair).collect(),
        role_session_name: Some(session_name.to_owned()),
        tags: Vec::new(),
        transitive_tag_keys: Vec::new(),
        source_identity: None,
        keys: Context::new(),
    }
}

/// The accounts around directories, as this step sees them.
struct Accounts<'s, 'w> {
    scene: &'s Scene<'w>,
    /// Why a question could not be answered at all.
    unusable: RefCell<Option<Unusable>>,
    /// What the message of the last denial says.
    message: RefCell<Option<Box<DecodedMessage>>>,
}

impl Accounts<'_, '_> {
    /// The reason of a decision, or of the refusal that comes before one.
    fn told(&self, decided: Result<Reason, Failure>) -> Reason {
        match decided {
            Ok(reason) => reason,
            Err(Failure::Refused(refusal, message)) => {
                self.message.replace(message);
                refusal.reason.unwrap_or(Reason::DenyNotAuthenticated)
            }
            Err(Failure::Unusable(unusable)) => {
                self.unusable.replace(Some(unusable));
                Reason::DenyNotAuthenticated
            }
        }
    }

    fn acting(&self) -> Result<Acting<'_>, Failure> {
        Acting::identify(&self.scene.world, self.scene.step, self.scene.reading)
    }
}

impl AccountSide for Accounts<'_, '_> {
    fn caller(&self) -> Option<CallerAccount> {
        let acting = self.acting().ok()?;
        let account = acting.caller.account()?;
        let partition = self.scene.world.accounts.get(account)?.partition.clone();
        Some(CallerAccount { partition, account: account.to_owned() })
    }

    // Rule: EVAL-6.
    fn credentials_fail(&self) -> Option<Reason> {
        self.acting().err().map(|failure| self.told(Err(failure)))
    }

    // Rules: PASS-4, PASS-5, DIR-34.
    fn decide(&self, call: &Call<'_>) -> Reason {
        let decided = self.acting().and_then(|acting| {
            let mut item = acting.item(call.action, call.resource).owned_by(call.owner);
            if let Some(passing) = call.passing {
                let keys = RequestKeys::new()
                    .one("iam:PassedToService", passing.service)
                    .one("iam:AssociatedResourceArn", passing.resource);
                item = item.with(keys.build()).without_resource_tags();
            }
            acting.authorise(&item)
        });
        self.told(decided)
    }

    // Rule: GEN-13.
    fn role(&self, arn: &str) -> Option<RoleFacts> {
        let role = self.scene.world.role_by_arn(arn)?;
        let is_linked = role.found.path.starts_with("/aws-service-role/");
        let maker = if is_linked { RoleMaker::Service } else { RoleMaker::Account };
        Some(RoleFacts { account: role.account_id.to_owned(), maker })
    }

    // Rule: EVAL-19.
    fn decide_for_directory_service(&self, role: &str) -> Reason {
        let caller = Caller::Service { name: DIRECTORY_SERVICE.to_owned() };
        let Scene { world, step, reading, .. } = self.scene;
        let service = Acting::unsigned(world, step, *reading, caller);
        let decided = service.decide(&service.item("sts:AssumeRole", role));
        self.told(decided.map(|decided| decided.explanation.reason))
    }
}
