//! What a request says of itself beside its policies: who owns the resource, of which class it is, which layers apply.

use super::conclusion::CallerClass;
use super::reading::{Reading, mistaken};
use crate::iam::arn::is_account_id;
use crate::iam::assumption::Alternative;
use crate::iam::request::{Caller, Entity, FederationSource, Request, ResourcePolicyMark};

/// The services under RCPs (EVAL-22), in lower case, sorted.
const SERVICES_UNDER_RCPS: &[&str] = &[
    "aoss",
    "appconfig",
    "appstream",
    "autoscaling",
    "autoscaling-plans",
    "budgets",
    "clouddirectory",
    "cloudfront",
    "cloudsearch",
    "cloudtrail-data",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "comprehendmedical",
    "compute-optimizer",
    "cost-optimization-hub",
    "dax",
    "dsql",
    "dynamodb",
    "ecr",
    "ecr-public",
    "events",
    "firehose",
    "fis",
    "fms",
    "gamelift",
    "health",
    "inspector-scan",
    "kendra",
    "kinesisvideo",
    "kms",
    "logs",
    "memorydb",
    "networkmonitor",
    "notifications",
    "opensearch",
    "pca-connector-ad",
    "personalize",
    "polly",
    "pricing",
    "resource-groups",
    "rolesanywhere",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "signin",
    "sqs",
    "sts",
    "support",
    "swf",
    "textract",
    "timestream-influxdb",
    "transcribe",
    "transfer",
    "translate",
    "wafv2",
    "workspaces",
    "xray",
];

/// A request's resource, cut into the fields of its ARN, with the action in lower case.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    request: &'a Request,
    action: &'a [u8],
    /// `None` for `*` and for any text that is no ARN.
    arn: Option<ResourceArn<'a>>,
    reading: Reading,
}

/// The fields of a resource's ARN that matter beside policies.
#[derive(Clone, Copy)]
struct ResourceArn<'a> {
    partition: &'a str,
    service: &'a str,
    region: &'a str,
    account: &'a str,
    resource: &'a str,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(request: &'a Request, action: &'a [u8], reading: Reading) -> Surroundings<'a> {
        Surroundings { request, action, arn: ResourceArn::cut(&request.resource), reading }
    }

    /// Whether caller and resource lie in different partitions. Callers without a partition and `*` lie in all.
    // Rule: EVAL-9.
    pub(super) fn crosses_partitions(&self) -> bool {
        if mistaken!(self.reading, PartitionUnchecked) {
            return false;
        }
        match (partition(&self.request.caller), self.arn) {
            (Some(partition), Some(arn)) => partition != arn.partition,
            (None, _) | (_, None) => false,
        }
    }

    /// Whether the caller's account owns the resource. Services and unsigned callers have no account.
    // Rules: EVAL-10, GEN-8.
    pub(super) fn is_same_account(&self) -> bool {
        let Some(account) = self.request.caller.account() else { return false };
        let in_arn = self.arn.map(|arn| arn.account).filter(|account| is_account_id(account));
        match &self.request.resource_account {
            Some(owner) if !mistaken!(self.reading, OwnerFromArnOnly) => owner == account,
            Some(_) | None => in_arn.is_none_or(|owner| owner == account),
        }
    }

    /// Whether the resource's policy must take part in every grant.
    // Rules: GRAM-26, EVAL-10, EVAL-18.
    pub(super) fn is_policy_required(&self) -> bool {
        let marked = match self.request.resource_policy_mark {
            ResourcePolicyMark::PolicyRequired => true,
            ResourcePolicyMark::Unmarked => false,
        };
        let is_trust = self.is_role_of_sts() && !mistaken!(self.reading, TrustPolicyNotRequired);
        let is_key = self.is_key_of_kms() && !mistaken!(self.reading, KeyPolicyNotRequired);
        marked || is_trust || is_key
    }

    /// Whether RCPs of the owner's organization apply, if there are any.
    // Rules: EVAL-8, EVAL-22, EVAL-23, OPEN-1.
    pub(super) fn is_under_rcps(&self) -> bool {
        let names_resource = self.request.resource != "*" || self.reading.takes(Alternative::RcpsApplyToStar);
        names_resource
            && (self.is_service_under_rcps() || mistaken!(self.reading, RcpOverEveryService))
            && self.action != b"kms:retiregrant"
            && !self.assumes_service_linked_role()
            && !self.is_service_linked_caller()
    }

    /// Whether SCPs of the caller's organization apply, if there are any.
    // Rules: EVAL-8, EVAL-21, EVAL-23, EVAL-25.
    pub(super) fn is_under_scps(&self) -> bool {
        self.request.caller.account().is_some() && !self.is_service_linked_caller()
    }

    /// The caller as the lanes tell callers apart.
    // Rules: EVAL-14, OPEN-1.
    pub(super) fn caller_class(&self, session_policy: SessionPolicy) -> CallerClass {
        match (&self.request.caller, session_policy) {
            (Caller::Anonymous, _) => CallerClass::Anonymous,
            (Caller::Service { .. }, _) => CallerClass::Service,
            (Caller::Saml { .. } | Caller::WebIdentity { .. }, _) => CallerClass::Provider,
            (Caller::Root { .. }, _) => CallerClass::Root,
            (Caller::FederatedSession { .. }, SessionPolicy::Absent)
                if !self.reading.takes(Alternative::FederatedNeedsNone) =>
            {
                CallerClass::FederatedWithoutSessionPolicy
            }
            (Caller::User(_) | Caller::RoleSession { .. } | Caller::FederatedSession { .. }, _) => {
                CallerClass::Identity
            }
        }
    }

    /// Whether identity policies and a boundary reach the caller: those of the user or role that he is or comes from.
    // Rule: EVAL-8.
    pub(super) fn has_entity(&self) -> bool {
        match &self.request.caller {
            Caller::User(_) | Caller::RoleSession { .. } => true,
            Caller::FederatedSession { source, .. } => match source {
                FederationSource::User(_) | FederationSource::UnnamedUser => true,
                FederationSource::Root => false,
            },
            Caller::Root { .. }
            | Caller::Service { .. }
            | Caller::Saml { .. }
            | Caller::WebIdentity { .. }
            | Caller::Anonymous => false,
        }
    }

    /// Whether the caller is a session that can have session policies.
    // Rule: EVAL-8.
    pub(super) fn is_session(&self) -> bool {
        matches!(self.request.caller, Caller::RoleSession { .. } | Caller::FederatedSession { .. })
    }

    fn is_service_under_rcps(&self) -> bool {
        let service = self.action.split(|byte| *byte == b':').next().unwrap_or_default();
        SERVICES_UNDER_RCPS.binary_search_by(|listed| listed.as_bytes().cmp(service)).is_ok()
    }

    fn is_role_of_sts(&self) -> bool {
        self.action.starts_with(b"sts:")
            && self.arn.is_some_and(|arn| {
                arn.service == "iam" && arn.region.is_empty() && arn.resource.starts_with("role/")
            })
    }

    fn is_key_of_kms(&self) -> bool {
        self.action.starts_with(b"kms:")
            && self.arn.is_some_and(|arn| arn.service == "kms" && arn.resource.starts_with("key/"))
    }

    fn assumes_service_linked_role(&self) -> bool {
        self.is_role_of_sts()
            && self.arn.is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/"))
            && !mistaken!(self.reading, ServiceLinkedRoleUnderRcps)
    }

    // Rules: GEN-13, EVAL-23.
    fn is_service_linked_caller(&self) -> bool {
        match &self.request.caller {
            Caller::RoleSession { role: Entity { path, .. }, .. } => {
                path.starts_with("/aws-service-role/")
                    && !mistaken!(self.reading, ServiceLinkedCallerUnderCeilings)
            }
            Caller::Root { .. }
            | Caller::User(_)
            | Caller::FederatedSession { .. }
            | Caller::Service { .. }
            | Caller::Saml { .. }
            | Caller::WebIdentity { .. }
            | Caller::Anonymous => false,
        }
    }
}

/// Whether session policies were passed when the caller's session was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SessionPolicy {
    /// None was.
    Absent,
    /// At least one was.
    Present,
}

impl<'a> ResourceArn<'a> {
    /// Cuts a text at its first five colons, which lie close together: a plain loop finds them faster than five searches.
    // Rule: GEN-7.
    fn cut(text: &'a str) -> Option<ResourceArn<'a>> {
        let mut rest = text.strip_prefix("arn:")?;
        let mut field = || {
            let colon = rest.bytes().position(|byte| byte == b':')?;
            let (field, behind) = (rest.get(..colon)?, rest.get(colon + 1..)?);
            rest = behind;
            Some(field)
        };
        let (partition, service, region, account) = (field()?, field()?, field()?, field()?);
        Some(ResourceArn { partition, service, region, account, resource: rest })
    }
}

/// The partition of a caller that has one.
fn partition(caller: &Caller) -> Option<&str> {
    match caller {
        Caller::Root { partition, .. } | Caller::FederatedSession { partition, .. } => Some(partition),
        Caller::User(entity) | Caller::RoleSession { role: entity, .. } => Some(&entity.partition),
        Caller::Service { .. } | Caller::Saml { .. } | Caller::WebIdentity { .. } | Caller::Anonymous => None,
    }
}
