//! Sessions that nobody signs for: AssumeRoleWithSAML, AssumeRoleWithWebIdentity, and a service that takes up a role (sections 5.7 and 6).

use super::acting::{Checked, as_service, single};
use super::calls::{Authorised, Draft, defect, plain_draft};
use super::issuing::{Holds, Wanted};
use super::{Moment, Stepping, Stop, names};
use crate::iam::arn::Arn;
use crate::iam::context::{Context, ContextValue};
use crate::iam::decision::Reason;
use crate::iam::key::KeyName;
use crate::iam::operation::{AssumeRoleWithSaml, AssumeRoleWithWebIdentity};
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::request::Caller;
use crate::iam::world::{Genuineness, Mfa, SessionKind};
use crate::model::sts::Operation;

/// Web identity providers that need not be created in an account.
// Rule: STS-33.
const BUILT_IN: [&str; 4] =
    ["cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com"];
/// What may be passed as ProviderId (section 14).
const BY_OAUTH: [&str; 2] = ["www.amazon.com", "graph.facebook.com"];

/// What a provider vouches for.
struct Vouched {
    operation: Operation,
    action: &'static str,
    role_arn: String,
    session_name: String,
    seconds: Option<i128>,
    source_identity: Option<String>,
    tags: Vec<(String, String)>,
    transitive: Vec<String>,
    assertion_left: Option<i64>,
    /// Keys of the call.
    keys: Vec<(String, ContextValue)>,
    /// Keys that stay with the session.
    kept: Context,
    provider: Option<String>,
    holds: Holds,
}

impl Moment<'_> {
    // Rules: STS-3, STS-24, STS-30, STS-31, STS-32, STS-33, STS-39.
    pub(super) fn with_saml(&mut self, parameters: &AssumeRoleWithSaml) -> Stepping<Answer> {
        let AssumeRoleWithSaml { role_arn, principal_arn, saml_assertion, .. } = parameters;
        let checked = self.acting(&Caller::Saml { provider: principal_arn.clone() })?;
        let found = self.world.assertions.get(saml_assertion);
        let provider = Arn::parse(principal_arn);
        let is_there = provider.is_some_and(|arn| {
            let account = self.world.accounts.get(arn.account);
            account.is_some_and(|account| account.saml_providers.contains(principal_arn))
        });
        let role = Arn::parse(role_arn);
        let same_account =
            role.zip(provider).is_some_and(|(role, provider)| role.account == provider.account);
        let claimed = found.is_some_and(|assertion| {
            assertion.roles.iter().any(|pair| pair.role == *role_arn && pair.provider == *principal_arn)
        });
        let session_name = found.and_then(|found| found.role_session_name.clone()).unwrap_or_default();
        let (source_identity, tags, transitive) = found.map_or((None, Vec::new(), Vec::new()), |found| {
            (found.source_identity.clone(), found.tags.clone(), found.transitive_tag_keys.clone())
        });
        let well_formed = are_attributes(&session_name, source_identity.as_deref(), &tags, &transitive);
        let genuine = found.is_some_and(|found| {
            found.provider == *principal_arn && found.genuineness != Genuineness::Forged
        });
        let until = found.and_then(|found| found.session_not_on_or_after);
        let now = self.step.time;
        let expired = found.and_then(|found| found.not_on_or_after).is_some_and(|until| until <= now);
        let rejected = found.is_some_and(|found| found.genuineness == Genuineness::Rejected);
        let keys: Vec<(String, ContextValue)> = found.map_or_else(Vec::new, |found| listed(&found.keys));
        let stays = ["saml:namequalifier", "saml:sub", "saml:sub_type"];
        let kept = keys.iter().filter(|(key, _)| stays.iter().any(|kept| key.eq_ignore_ascii_case(kept)));
        let kept = context_of(kept.cloned());
        let length = principal_arn.chars().count();
        let bad_parameter = !names::is_role_arn(role_arn)
            || !(20..=2_048).contains(&length)
            || !(4..=100_000).contains(&saml_assertion.chars().count());
        let vouched = Vouched {
            operation: Operation::AssumeRoleWithSaml,
            action: "sts:AssumeRoleWithSAML",
            role_arn: role_arn.clone(),
            session_name,
            seconds: parameters.duration_seconds,
            source_identity,
            tags,
            transitive,
            assertion_left: until.map(|until| {
                let left = until.epoch_nanoseconds() - now.whole_second().epoch_nanoseconds();
                i64::try_from(left.div_euclid(1_000_000_000)).unwrap_or(i64::MAX)
            }),
            keys,
            kept,
            provider: None,
            holds: Holds {
                bad_parameter,
                // What it says is looked at only if its provider stands by it and it is in time.
                assertion_invalid: !genuine || !is_there || !(rejected || expired || well_formed),
                assertion_expired: expired,
                assertion_rejected: rejected,
                role_exists: claimed && same_account && !is_reserved(role_arn),
                ..Holds::default()
            },
        };
        self.vouched(vouched, &checked, &parameters.policy, &parameters.policy_arns)
    }

    // Rules: STS-3, STS-30, STS-31, STS-33, STS-34, STS-39.
    pub(super) fn with_web_identity(&mut self, parameters: &AssumeRoleWithWebIdentity) -> Stepping<Answer> {
        let AssumeRoleWithWebIdentity { role_arn, role_session_name, web_identity_token, .. } = parameters;
        let found = self.world.tokens.get(web_identity_token);
        let provider = found.map(|found| found.provider.clone()).unwrap_or_default();
        let checked = self.acting(&Caller::WebIdentity { provider: provider.clone() })?;
        let built_in = BUILT_IN.contains(&provider.as_str());
        let arn = Arn::parse(&provider);
        let audiences = arn
            .and_then(|arn| self.world.accounts.get(arn.account))
            .and_then(|account| account.oidc_providers.get(&provider));
        let is_there = built_in || audiences.is_some();
        let registered = built_in
            || audiences.zip(found).is_some_and(|(audiences, found)| audiences.contains(&found.audience));
        let role = Arn::parse(role_arn);
        let own = built_in || role.zip(arn).is_some_and(|(role, provider)| role.account == provider.account);
        let told = parameters.provider_id.as_deref();
        let as_told = told.is_none_or(|told| told == provider);
        let (source_identity, tags, transitive) = found.map_or((None, Vec::new(), Vec::new()), |found| {
            (found.source_identity.clone(), found.tags.clone(), found.transitive_tag_keys.clone())
        });
        let well_formed = are_attributes(role_session_name, source_identity.as_deref(), &tags, &transitive);
        let genuine = found.is_some_and(|found| found.genuineness != Genuineness::Forged);
        let mut keys = Vec::new();
        if let Some(found) = found {
            let host = provider.split_once(":oidc-provider/").map_or(provider.as_str(), |(_, host)| host);
            keys.push(single(format!("{host}:aud"), &found.audience));
            keys.push(single(format!("{host}:sub"), &found.subject));
            keys.extend(listed(&found.keys));
        }
        let kept = if built_in { context_of(keys.iter().cloned()) } else { Context::new() };
        keys.push(single("aws:FederatedProvider", &provider));
        let bad_parameter = !names::is_role_arn(role_arn)
            || !names::is_session_name(role_session_name)
            || !(4..=20_000).contains(&web_identity_token.chars().count())
            || told.is_some_and(|told| !BY_OAUTH.contains(&told));
        let now = self.step.time;
        let expired = found.and_then(|found| found.expires).is_some_and(|until| until <= now);
        let rejected = found.is_some_and(|found| found.genuineness == Genuineness::Rejected);
        let says_well = registered && as_told && well_formed;
        let vouched = Vouched {
            operation: Operation::AssumeRoleWithWebIdentity,
            action: "sts:AssumeRoleWithWebIdentity",
            role_arn: role_arn.clone(),
            session_name: role_session_name.clone(),
            seconds: parameters.duration_seconds,
            source_identity,
            tags,
            transitive,
            assertion_left: None,
            keys,
            kept,
            provider: Some(provider),
            holds: Holds {
                bad_parameter,
                // What it says is looked at only if its provider stands by it and it is in time.
                assertion_invalid: !genuine || !is_there || !(rejected || expired || says_well),
                assertion_expired: expired,
                assertion_rejected: rejected,
                role_exists: own,
                ..Holds::default()
            },
        };
        self.vouched(vouched, &checked, &parameters.policy, &parameters.policy_arns)
    }

    /// A session of whom a provider vouches for.
    fn vouched(
        &mut self,
        vouched: Vouched,
        checked: &Checked,
        policy: &Option<crate::iam::operation::PolicyText>,
        arns: &[String],
    ) -> Stepping<Answer> {
        let Vouched { role_arn, tags, transitive, source_identity, session_name, .. } = &vouched;
        let account = Arn::parse(role_arn).map(|arn| arn.account.to_owned()).unwrap_or_default();
        let policies = self.session_policies(policy, arns, &account);
        let mut item =
            self.role_items(vouched.action, role_arn, session_name, source_identity.as_deref(), tags);
        item.keys.extend(vouched.keys.iter().cloned());
        if !transitive.is_empty() {
            item.keys.push(("sts:TransitiveTagKeys".to_owned(), ContextValue::Many(transitive.clone())));
        }
        let mut actions = vec![vouched.action];
        if !tags.is_empty() {
            actions.push("sts:TagSession");
        }
        if source_identity.is_some() {
            actions.push("sts:SetSourceIdentity");
        }
        let bad_parameter = vouched.holds.bad_parameter || policies.bad_parameter;
        // What a provider does not vouch for is decided by nobody; of an absent role the decision gives the reason.
        let role = self.world.role_by_arn(role_arn);
        let claimed = vouched.holds.role_exists;
        let authorised = match (checked, bad_parameter) {
            (Ok(acting), false) => self.authorised(acting, &item, &actions, false)?,
            (Ok(_) | Err(_), _) => Authorised { all: true, denial: None },
        };
        let is_unsigned = checked.as_ref().is_ok_and(|acting| match acting.caller {
            Caller::Saml { .. } | Caller::WebIdentity { .. } => true,
            Caller::Root { .. }
            | Caller::User(_)
            | Caller::RoleSession { .. }
            | Caller::FederatedSession { .. }
            | Caller::Service { .. }
            | Caller::Anonymous => false,
        });
        // STS-17: to whom the provider vouches for another role, it is as if the role trusted nobody.
        let denial =
            if claimed || !is_unsigned { authorised.denial } else { Some(nobody_is_trusted("STS-32")) };
        let authorised = Authorised { all: authorised.all, denial };
        let wanted = Wanted {
            session: self.own_session().map(|(_, session)| session),
            seconds: vouched.seconds,
            source_identity: source_identity.as_deref(),
            tags,
            transitive,
            role_maximum: role.map_or(3_600, |role| role.found.max_session_duration),
            assertion_left: vouched.assertion_left,
            holds: Holds {
                bad_parameter,
                credentials_gone: checked.is_err(),
                role_exists: claimed && role.is_some(),
                authorised: authorised.all,
                malformed_policy: policies.malformed,
                policies_too_large: policies.too_large,
                unknown_policy: policies.unknown,
                ..vouched.holds
            },
            ..self.wanted(vouched.operation, checked)
        };
        let record = self.issued(&wanted, checked, authorised)?;
        let Some(role) = role else { return Err(defect("a session of a role that is not there")) };
        let kind = SessionKind::Role {
            role: role.found.id.clone(),
            name: role.name.to_owned(),
            session_name: vouched.session_name,
        };
        let draft = Draft {
            policies: policies.documents,
            tags: vouched.tags,
            mfa: Mfa::Unknown,
            federated_provider: vouched.provider,
            provider_keys: vouched.kept,
            ..plain_draft(kind, account)
        };
        self.save(record, draft)
    }

    /// A service gives a resource a session of the role that it was handed.
    // Rules: PASS-8, STS-25, STS-6.
    pub(super) fn role_taken_up(
        &mut self,
        resource: &str,
        session_name: &str,
        seconds: Option<i128>,
    ) -> Stepping<Answer> {
        let passed = self.world.resources.get(resource).and_then(|found| found.passed_role.clone());
        let Some(passed) = passed else {
            return Err(Stop::refused(RefusalCode::NoSuchEntity, "PASS-8", "it was handed no role"));
        };
        let checked: Checked = Ok(as_service(&passed.service));
        let role = self.world.role_by_id(&passed.role);
        let role_arn = role.map(|role| role.arn()).unwrap_or_default();
        let item = self.role_items("sts:AssumeRole", &role_arn, session_name, None, &[]);
        let bad_parameter = !names::is_session_name(session_name);
        let authorised = match (&checked, role.is_some() && !bad_parameter) {
            (Ok(acting), true) => self.authorised(acting, &item, &["sts:AssumeRole"], false)?,
            (Ok(_) | Err(_), _) => {
                // STS-63: the role that was handed over is gone, whoever has its name now.
                let gone = Stop::denied(Reason::DenyPrincipalGone, "STS-63", None);
                Authorised { all: false, denial: Some(gone) }
            }
        };
        let wanted = Wanted {
            seconds,
            role_maximum: role.map_or(3_600, |role| role.found.max_session_duration),
            holds: Holds {
                bad_parameter,
                role_exists: role.is_some(),
                authorised: authorised.all,
                ..Holds::default()
            },
            ..self.wanted(Operation::ByService, &checked)
        };
        let record = self.issued(&wanted, &checked, authorised)?;
        let Some(role) = role else { return Err(defect("a session of a role that is not there")) };
        let kind = SessionKind::Role {
            role: passed.role,
            name: role.name.to_owned(),
            session_name: session_name.to_owned(),
        };
        let draft = Draft { issuer: Some(passed.service), ..plain_draft(kind, passed.account) };
        self.save(record, draft)
    }
}

/// The denial by a role that is not there, or not there for this caller.
// Rules: STS-17, STS-32, STS-33.
fn nobody_is_trusted(rule: &'static str) -> Stop {
    Stop::denied(Reason::DenyImplicitResource, rule, None)
}

/// Whether what an assertion or token says can be a session's.
// Rules: STS-3, STS-39.
fn are_attributes(
    session_name: &str,
    source_identity: Option<&str>,
    tags: &[(String, String)],
    transitive: &[String],
) -> bool {
    names::is_session_name(session_name)
        && source_identity.is_none_or(names::is_session_name)
        && names::are_tags(tags)
        && names::are_transitive_keys(transitive, tags)
}

/// A role of Identity Center, which no provider may ask for.
// Rule: STS-32.
fn is_reserved(role_arn: &str) -> bool {
    role_arn.rsplit('/').next().is_some_and(|name| name.starts_with("AWSReservedSSO_"))
}

fn listed(context: &Context) -> Vec<(String, ContextValue)> {
    context.entries().iter().map(|(key, value)| (key.spelling().to_owned(), value.clone())).collect()
}

fn context_of(entries: impl Iterator<Item = (String, ContextValue)>) -> Context {
    let mut context = Context::new();
    for (key, value) in entries {
        context.set(KeyName::new(key), value);
    }
    context
}
