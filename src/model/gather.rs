//! The layers around a request: which apply to it, what each says, and so the named booleans of EVAL-10 (EVAL-7 to EVAL-25).

use super::caller::{CallerKind, SymbolicCaller};
use super::combination::Said;
use super::credential;
use super::decision::{DecisionFormulas, NamedBooleans, decide};
use super::layers::{LayersSaid, Surroundings, named, of_federated_sessions, of_session_policies};
use super::principal::{Around, Boundary, PolicyKind};
use super::problem::Problem;
use super::readings::choose;
use super::regular::{Reach, any_of, sequence};
use super::request::SymbolicRequest;
use super::statement::{SetFormulas, StatementFormulas, set};
use crate::iam::assumption::Alternative;
use crate::iam::layers::{Layer, Layers, StatementPlace};
use crate::iam::policy::{Effect, Policy, Version};
use crate::solver::formula::{Formula, Formulas, Piece};
use crate::solver::regular::Regular;

/// Services whose resources RCPs protect (EVAL-22, DECISION D-57: a list that grows).
const UNDER_RCPS: &[&str] = &[
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

/// What the layers say, and what is decided.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The booleans of EVAL-10.
    pub named: NamedBooleans,
    /// The decision.
    pub decision: DecisionFormulas,
    /// Every statement with its place, its layer's order kept.
    pub statements: Vec<(StatementPlace, StatementFormulas)>,
}

/// The decision of these layers over every request.
///
/// The layers are those of the caller, whoever it is: identity policies speak for users and their sessions only, and so on (EVAL-8).
///
/// # Errors
///
/// [`Problem`] where a document says what formulas cannot say; its pointer begins with the name of the layer and the document's index.
// Rules: EVAL-7, EVAL-8, EVAL-10.
pub fn decision(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    layers: &Layers,
) -> Result<Gathered, Problem> {
    request.caller(formulas);
    request.through_endpoint = layers.endpoint.is_some();
    let boundary = if layers.boundary.is_some() { Boundary::Present } else { Boundary::Absent };
    let mut gatherer = Gatherer { formulas, request, boundary, statements: Vec::new() };
    let said = gatherer.layers(layers)?;
    let statements = gatherer.statements;
    let around = surroundings(formulas, request)?;
    let named = named(formulas, &around, &said);
    let named = of_federated_sessions(formulas, &request.readings, &around, named);
    let decision = decide(formulas, &named);
    Ok(Gathered { named, decision, statements })
}

/// What a decision of this request depends on beside the policies.
///
/// # Errors
///
/// [`Problem`] where the request has no caller.
// Rule: EVAL-8.
pub fn surroundings(formulas: &mut Formulas, request: &mut SymbolicRequest) -> Result<Surroundings, Problem> {
    let credentials = credential::check(formulas, request);
    let no_permission_required = credential::no_permission_required(formulas, request);
    let Some(caller) = &request.caller else {
        return Err(Problem::not_supported("a decision without a caller"));
    };
    let Ceilings { scp_applies, rcp_applies } = ceilings(formulas, request, caller);
    Ok(Surroundings {
        credentials,
        no_permission_required,
        other_partition: other_partition(formulas, request, caller),
        scp_applies,
        rcp_applies,
        same_account: same_account(formulas, request, caller),
        required: required(formulas, request),
        anonymous: caller.is(formulas, CallerKind::Anonymous),
        service: caller.is(formulas, CallerKind::Service),
        unsigned: caller.is_one_of(formulas, &[CallerKind::Saml, CallerKind::WebIdentity]),
        root: caller.is(formulas, CallerKind::Root),
        role_session: caller.is(formulas, CallerKind::RoleSession),
        federated: caller.is(formulas, CallerKind::FederatedSession),
        federated_by_root: formulas.flag(caller.federated_by_root),
        has_entity: caller.has_entity(formulas),
    })
}

struct Gatherer<'a> {
    formulas: &'a mut Formulas,
    request: &'a mut SymbolicRequest,
    boundary: Boundary,
    statements: Vec<(StatementPlace, StatementFormulas)>,
}

impl Gatherer<'_> {
    /// What each layer says by itself.
    // Rules: EVAL-3, EVAL-4, EVAL-21, EVAL-22, EVAL-24, GRAM-25, RES-9.
    fn layers(&mut self, layers: &Layers) -> Result<LayersSaid, Problem> {
        let identity = self.set(Layer::Identity, &layers.identity)?;
        let boundary = self.one(Layer::Boundary, layers.boundary.as_ref())?;
        let session = match &layers.session {
            Some(policies) => Some(self.set(Layer::Session, policies)?),
            None => None,
        };
        let endpoint = self.one(Layer::Endpoint, layers.endpoint.as_ref())?;
        let (mut scps, mut rcps) = (Vec::new(), Vec::new());
        for (level, policies) in layers.scps.iter().flatten().enumerate() {
            scps.push(self.set(Layer::Scp { level }, policies)?);
        }
        for (level, policies) in layers.rcps.iter().flatten().enumerate() {
            rcps.push(self.set(Layer::Rcp { level }, policies)?);
        }
        let resource = self.one(Layer::Resource, layers.resource.as_ref())?;
        Ok(LayersSaid { identity, boundary, session, resource, scps, rcps, endpoint })
    }

    fn one(&mut self, layer: Layer, policy: Option<&Policy>) -> Result<Option<Said>, Problem> {
        match policy {
            Some(policy) => Ok(Some(self.set(layer, std::slice::from_ref(policy))?)),
            None => Ok(None),
        }
    }

    fn set(&mut self, layer: Layer, policies: &[Policy]) -> Result<Said, Problem> {
        let kind = match layer {
            Layer::Rcp { .. } => PolicyKind::Rcp,
            Layer::Identity
            | Layer::Boundary
            | Layer::Session
            | Layer::Resource
            | Layer::Scp { .. }
            | Layer::Endpoint => PolicyKind::Other,
        };
        let around = Around { boundary: self.boundary, kind };
        let mut found =
            set(self.formulas, self.request, policies, around).map_err(|problem| problem.within(layer))?;
        match layer {
            Layer::Rcp { .. } => self.rcps_as_text(&mut found, policies, around)?,
            Layer::Session => self.all_must_allow(&mut found, policies),
            Layer::Identity | Layer::Boundary | Layer::Resource | Layer::Scp { .. } | Layer::Endpoint => {}
        }
        let places = policies.iter().enumerate().flat_map(|(policy, document)| {
            (0..document.statements.len()).map(move |statement| StatementPlace { layer, policy, statement })
        });
        let said = found.said();
        self.statements.extend(places.zip(found.statements));
        Ok(said)
    }
}

impl Gatherer<'_> {
    /// One reading takes `${…}` in RCPs for plain text, as it is under version 2008-10-17.
    // Rule: VAR-1.
    fn rcps_as_text(
        &mut self,
        found: &mut SetFormulas,
        policies: &[Policy],
        around: Around,
    ) -> Result<(), Problem> {
        let readings = self.request.readings;
        if !readings.may_take(self.formulas, Alternative::NoVariablesInRcps) {
            return Ok(());
        }
        let as_text = |policy: &Policy| Policy { version: Version::V2008, ..policy.clone() };
        let as_text: Vec<Policy> = policies.iter().map(as_text).collect();
        let other = set(self.formulas, self.request, &as_text, around)?;
        let taken = readings.takes(Alternative::NoVariablesInRcps);
        let mut pick = |decided, other| choose(self.formulas, taken, other, decided);
        found.allow = pick(found.allow, other.allow);
        found.deny = pick(found.deny, other.deny);
        found.grants = found.grants.zip(other.grants, &mut pick);
        for (statement, other) in found.statements.iter_mut().zip(other.statements) {
            statement.matched = pick(statement.matched, other.matched);
            statement.resource = pick(statement.resource, other.resource);
            for (entry, other) in statement.entries.iter_mut().zip(other.entries) {
                *entry = pick(*entry, other);
            }
        }
        Ok(())
    }

    /// One reading asks every session policy for an Allow.
    // Rule: EVAL-7.
    fn all_must_allow(&mut self, found: &mut SetFormulas, policies: &[Policy]) {
        let readings = self.request.readings;
        if !readings.may_take(self.formulas, Alternative::SessionPoliciesIntersect) {
            return;
        }
        let mut rest = found.statements.iter();
        let mut each = Vec::with_capacity(policies.len());
        for policy in policies {
            let own = rest.by_ref().take(policy.statements.len());
            let allows = own.filter(|statement| statement.effect == Effect::Allow);
            let allows: Vec<Formula> = allows.map(|statement| statement.matched).collect();
            each.push(self.formulas.or(allows));
        }
        found.allow = of_session_policies(self.formulas, &readings, found.allow, &each);
    }
}

/// Which ceilings of organizations apply.
struct Ceilings {
    scp_applies: Formula,
    rcp_applies: Formula,
}

/// SCPs bind callers of an account, RCPs requests that name a resource of a service under them; neither binds service-linked roles.
///
/// Whether the account is a member of an organization, and not its management account, the layers say: they are given or not.
// Rules: EVAL-8, EVAL-21, EVAL-22, EVAL-23, EVAL-25.
fn ceilings(formulas: &mut Formulas, request: &SymbolicRequest, caller: &SymbolicCaller) -> Ceilings {
    let member = caller.is_one_of(formulas, &CallerKind::IN_ACCOUNT);
    let linked = caller.is_service_linked(formulas);
    let not_linked = formulas.not(linked);
    let services = any_of(UNDER_RCPS.iter().copied());
    let covered = sequence([services, Regular::text(":"), Regular::anything()]);
    let covered = formulas.in_language(request.action, covered);
    let retires = formulas.in_language(request.action, Regular::text("kms:retiregrant"));
    let does_not_retire = formulas.not(retires);
    let nowhere = formulas.in_language(request.resource, Regular::text("*"));
    let somewhere = formulas.not(nowhere);
    let everywhere = request.readings.takes(Alternative::RcpsApplyToStar);
    let somewhere = formulas.or([everywhere, somewhere]);
    let role = sequence([iam_role("role/aws-service-role/"), Regular::anything()]);
    let linked_role = formulas.in_language(request.resource, role);
    let sts = prefixed(formulas, request, "sts:");
    let assumes_linked = formulas.and([sts, linked_role]);
    let assumes_other = formulas.not(assumes_linked);
    Ceilings {
        scp_applies: formulas.and([member, not_linked]),
        rcp_applies: formulas.and([covered, does_not_retire, somewhere, not_linked, assumes_other]),
    }
}

/// `arn:P:iam::A:` followed by this.
fn iam_role(resource: &str) -> Regular {
    let field = || Reach::WithinField.anything();
    sequence([
        Regular::text("arn:"),
        field(),
        Regular::text(":iam::"),
        field(),
        Regular::text(":"),
        Regular::text(resource),
    ])
}

fn prefixed(formulas: &mut Formulas, request: &SymbolicRequest, prefix: &str) -> Formula {
    formulas.in_language(request.action, sequence([Regular::text(prefix), Regular::anything()]))
}

/// Holds iff the resource's policy must take part: a role under `sts`, a key under `kms`, or a mark of the test world.
// Rules: EVAL-18, GRAM-26.
fn required(formulas: &mut Formulas, request: &SymbolicRequest) -> Formula {
    let field = || Reach::WithinField.anything();
    let roles = sequence([iam_role("role/"), Regular::anything()]);
    let keys = sequence([
        Regular::text("arn:"),
        field(),
        Regular::text(":kms:"),
        field(),
        Regular::text(":"),
        field(),
        Regular::text(":key/"),
        Regular::anything(),
    ]);
    let role = formulas.in_language(request.resource, roles);
    let sts = prefixed(formulas, request, "sts:");
    let key = formulas.in_language(request.resource, keys);
    let kms = prefixed(formulas, request, "kms:");
    let trust = formulas.and([role, sts]);
    let kms = formulas.and([key, kms]);
    let marked = formulas.flag(request.marked);
    formulas.or([trust, kms, marked])
}

/// Holds iff caller and resource both have a partition, and not the same.
// Rule: EVAL-9.
fn other_partition(formulas: &mut Formulas, request: &SymbolicRequest, caller: &SymbolicCaller) -> Formula {
    let member = caller.is_one_of(formulas, &CallerKind::IN_ACCOUNT);
    let some = sequence([
        Regular::text("arn:"),
        Reach::WithinField.anything(),
        Regular::text(":"),
        Regular::anything(),
    ]);
    let has_one = formulas.in_language(request.resource, some);
    let start = Piece::Some(formulas.language(Regular::text("arn:")));
    let rest = sequence([Regular::text(":"), Regular::anything()]);
    let rest = Piece::Some(formulas.language(rest));
    let same = formulas.concatenation(request.resource, [start, Piece::Value(caller.partition), rest]);
    let other = formulas.not(same);
    formulas.and([member, has_one, other])
}

/// `SAME` of EVAL-10.
fn same_account(formulas: &mut Formulas, request: &SymbolicRequest, caller: &SymbolicCaller) -> Formula {
    let member = caller.is_one_of(formulas, &CallerKind::IN_ACCOUNT);
    let same = formulas.concatenation(request.owner, [Piece::Value(caller.account)]);
    formulas.and([member, same])
}
