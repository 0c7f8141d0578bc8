//! The context of a request: what follows from caller, credentials, resource and time, and what the step leaves free (KEY-1, KEY-4).

use super::layers::Target;
use super::organization::Membership;
use super::{Acting, Item, ResourceTags};
use crate::evaluator::failure::{Failure, Unusable};
use crate::evaluator::reading::mistaken;
use crate::iam::context::{Context, ContextValue};
use crate::iam::key::KeyName;
use crate::iam::request::{Caller, CredentialKind};
use crate::iam::tags::Tags;
use crate::iam::world::Mfa;

/// Keys that follow from the rest of a step, in lower case; one that ends in `/` stands for all below it. A step that gave one would say
/// something twice, or contradict itself.
const DETERMINED: &[&str] = &[
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principaltag/",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:principaltype",
    "aws:userid",
    "aws:username",
    "aws:federatedprovider",
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "aws:sourceidentity",
    "aws:sourcevpce",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:currenttime",
    "aws:epochtime",
    "aws:calledviafirst",
    "aws:calledvialast",
    "sts:externalid",
    "sts:rolesessionname",
    "sts:sourceidentity",
    "sts:transitivetagkeys",
    "iam:passedtoservice",
    "iam:associatedresourcearn",
];

const RESOURCE_TAG: &str = "aws:ResourceTag/";
const IAM_RESOURCE_TAG: &str = "iam:ResourceTag/";

/// A context that grows.
struct Keys(Context);

impl Keys {
    fn one(&mut self, name: &str, value: impl Into<String>) {
        self.0.set(KeyName::new(name), ContextValue::Single(value.into()));
    }

    fn many(&mut self, name: &str, values: Vec<String>) {
        self.0.set(KeyName::new(name), ContextValue::Many(values));
    }
}

impl Acting<'_> {
    /// The whole context of an item.
    // Rules: KEY-1, KEY-4, KEY-8, STS-13.
    pub(super) fn context(&self, item: &Item, target: &Target<'_>) -> Result<Context, Failure> {
        self.check_free_keys(item)?;
        let mut keys = Keys(self.step.context.clone());
        self.add_caller(&mut keys);
        self.add_session(&mut keys);
        self.add_mfa(&mut keys);
        self.add_resource(item, target, &mut keys)?;
        let now = self.step.time;
        keys.one("aws:CurrentTime", now.iso());
        keys.one("aws:EpochTime", now.epoch_seconds().to_string());
        if let Some(id) = &self.step.endpoint {
            keys.one("aws:SourceVpce", id);
            if let Some(vpc) = self.world.endpoints.get(id).and_then(|endpoint| endpoint.vpc.as_ref()) {
                keys.one("aws:SourceVpc", vpc);
            }
        }
        if let Some(ContextValue::Many(services)) = self.step.context.value(&KeyName::new("aws:CalledVia")) {
            for (name, service) in
                [("aws:CalledViaFirst", services.first()), ("aws:CalledViaLast", services.last())]
            {
                if let Some(service) = service {
                    keys.one(name, service);
                }
            }
        }
        for (key, value) in item.keys.entries() {
            keys.0.set(key.clone(), value.clone());
        }
        Ok(keys.0)
    }

    /// Refuses a step whose context gives what follows from the rest.
    fn check_free_keys(&self, item: &Item) -> Result<(), Failure> {
        let follows = |key: &KeyName| {
            let folded = key.folded();
            let listed = DETERMINED
                .iter()
                .any(|name| if name.ends_with('/') { folded.starts_with(name) } else { folded == *name });
            let of_the_time = folded == "aws:tokenissuetime" && self.session.is_some();
            listed || of_the_time || item.keys.value(key).is_some()
        };
        match self.step.context.entries().iter().find(|(key, _)| follows(key)) {
            Some((key, _)) => {
                let message = format!("`{key}` follows from the rest of the step; leave it out");
                Err(Unusable::new("context", message).into())
            }
            None => Ok(()),
        }
    }

    // Rules: KEY-4, STS-6, STS-36, STS-47.
    fn add_caller(&self, keys: &mut Keys) {
        let kind = match &self.caller {
            Caller::Root { .. } => "Account",
            Caller::User(user) => {
                keys.one("aws:username", &user.name);
                "User"
            }
            Caller::RoleSession { .. } => "AssumedRole",
            Caller::FederatedSession { .. } => "FederatedUser",
            Caller::Service { name } => {
                keys.one("aws:PrincipalIsAWSService", "true");
                keys.one("aws:PrincipalServiceName", name);
                keys.many("aws:PrincipalServiceNamesList", vec![name.clone()]);
                return;
            }
            Caller::Saml { .. } | Caller::WebIdentity { .. } => return,
            Caller::Anonymous => {
                keys.one("aws:PrincipalAccount", "anonymous");
                keys.one("aws:PrincipalType", "Anonymous");
                keys.one("aws:userid", "anonymous");
                return;
            }
        };
        keys.one("aws:PrincipalType", kind);
        keys.one("aws:PrincipalIsAWSService", "false");
        let arn = if let Caller::RoleSession { role, .. } = &self.caller
            && !mistaken!(self.reading, PrincipalArnIsTheSession)
        {
            Some(role.arn("role"))
        } else {
            self.caller.arn()
        };
        if let Some(arn) = arn {
            keys.one("aws:PrincipalArn", arn);
        }
        if let Some(id) = self.user_id() {
            keys.one("aws:userid", id);
        }
        if let Some(account) = self.caller.account() {
            keys.one("aws:PrincipalAccount", account);
            if let Some(membership) = Membership::of(self.world, account) {
                keys.one("aws:PrincipalOrgID", membership.id);
                keys.many("aws:PrincipalOrgPaths", vec![membership.path()]);
            }
        }
        for (key, value) in self.principal_tags().iter() {
            keys.one(&format!("aws:PrincipalTag/{key}"), value);
        }
    }

    // Rules: KEY-4, KEY-5, STS-34, STS-40.
    fn add_session(&self, keys: &mut Keys) {
        let Some((_, session)) = self.session else { return };
        keys.one("aws:TokenIssueTime", session.issued.iso());
        if let Some(identity) = &session.source_identity {
            keys.one("aws:SourceIdentity", identity);
        }
        if let Some(provider) = &session.federated_provider {
            keys.one("aws:FederatedProvider", provider);
        }
        for (key, value) in session.provider_keys.entries() {
            keys.0.set(key.clone(), value.clone());
        }
    }

    /// What the credentials say of MFA.
    // Rule: KEY-2.
    fn add_mfa(&self, keys: &mut Keys) {
        let Some((_, session)) = self.session else {
            // Long-term keys of a user in a call that a service forwards (section 14, KEY-2).
            let via = self.step.context.value(&KeyName::new("aws:ViaAWSService"));
            let is_forwarded = matches!(via, Some(ContextValue::Single(text)) if text == "true");
            if is_forwarded && matches!(self.caller, Caller::User(_)) {
                keys.one("aws:MultiFactorAuthPresent", "false");
            }
            return;
        };
        match session.mfa {
            Mfa::Unknown => {}
            Mfa::Absent
                if self.kind == CredentialKind::SessionToken && mistaken!(self.reading, TokensHaveMfa) =>
            {
                keys.one("aws:MultiFactorAuthPresent", "true");
            }
            Mfa::Absent => keys.one("aws:MultiFactorAuthPresent", "false"),
            Mfa::Since(instant) => {
                keys.one("aws:MultiFactorAuthPresent", "true");
                let age = self.step.time.epoch_seconds().saturating_sub(instant.epoch_seconds());
                keys.one("aws:MultiFactorAuthAge", age.to_string());
            }
        }
    }

    // Rules: KEY-4, KEY-6, PASS-5, STS-13.
    fn add_resource(&self, item: &Item, target: &Target<'_>, keys: &mut Keys) -> Result<(), Failure> {
        if let Some(owner) = &target.owner {
            keys.one("aws:ResourceAccount", owner);
            if let Some(membership) = Membership::of(self.world, owner) {
                keys.one("aws:ResourceOrgID", membership.id);
                keys.many("aws:ResourceOrgPaths", vec![membership.path()]);
            }
        }
        let Some(tags) = target.tags else { return Ok(()) };
        self.check_tags_are_free()?;
        if item.tags == ResourceTags::Hidden && !mistaken!(self.reading, PassRoleShowsRoleTags) {
            return Ok(());
        }
        add_tags(RESOURCE_TAG, tags, keys);
        if target.is_iam_entity {
            add_tags(IAM_RESOURCE_TAG, tags, keys);
        }
        Ok(())
    }

    /// Tags of a resource that the world holds are not the step's to say.
    fn check_tags_are_free(&self) -> Result<(), Failure> {
        let is_tag = |key: &KeyName| {
            let folded = key.folded();
            [RESOURCE_TAG, IAM_RESOURCE_TAG]
                .iter()
                .any(|prefix| folded.starts_with(&prefix.to_ascii_lowercase()))
        };
        match self.step.context.entries().iter().find(|(key, _)| is_tag(key)) {
            Some((key, _)) => {
                let message =
                    format!("`{key}` follows from the resource, which the world holds; leave it out");
                Err(Unusable::new("context", message).into())
            }
            None => Ok(()),
        }
    }
}

fn add_tags(prefix: &str, tags: &Tags, keys: &mut Keys) {
    for (key, value) in tags.iter() {
        keys.one(&format!("{prefix}{key}"), value);
    }
}
