//! The authorisation items of a step, each decided as any request is (EVAL-26, EVAL-27), and what a denial leaves behind (STS-56).

use super::acting::{Acting, Checked, single};
use super::surroundings::way;
use super::{Moment, Needed, Stepping, Stop, binding, leaves_message};
use crate::iam::arn::{Arn, is_account_id};
use crate::iam::context::{Context, ContextValue};
use crate::iam::decision::{Decision, Reason};
use crate::iam::key::KeyName;
use crate::iam::layers::{Layer, Layers};
use crate::iam::operation::ServiceRequest;
use crate::iam::outcome::Answer;
use crate::iam::policy::{Effect, Policy};
use crate::iam::request::{Caller, CredentialKind, Request, ResourcePolicyMark};
use crate::iam::tags::Tags;
use crate::iam::world::{DecodedMessage, MatchedStatement, Resource};
use crate::model::decision::Denies;
use crate::model::modelled::Modelled;

/// One (action, resource, context) that a call must be allowed.
#[derive(Clone)]
pub(super) struct Item {
    pub(super) action: String,
    pub(super) resource: String,
    pub(super) owner: Option<String>,
    pub(super) mark: ResourcePolicyMark,
    pub(super) policy: Option<Policy>,
    /// The keys that follow from the operation and its resource.
    pub(super) keys: Vec<(String, ContextValue)>,
}

/// How an item was decided.
pub(super) struct Decided {
    pub(super) reason: Reason,
    /// Which of I, B and S of EVAL-10 hold.
    pub(super) caller_side: [(bool, Reason); 3],
    /// What a message says of it, should it be denied.
    content: Option<DecodedMessage>,
}

impl Item {
    /// An item on something that has no policy of its own.
    pub(super) fn plain(action: impl Into<String>, resource: impl Into<String>, owner: Option<&str>) -> Item {
        Item {
            action: action.into(),
            resource: resource.into(),
            owner: owner.map(str::to_owned),
            mark: ResourcePolicyMark::Unmarked,
            policy: None,
            keys: Vec::new(),
        }
    }

    /// The tags of a user or role, which requests of IAM and STS show in two spellings.
    // Rules: KEY-4, KEY-5.
    pub(super) fn show_tags(&mut self, tags: &Tags) {
        for (key, value) in tags.iter() {
            self.keys.push(single(format!("aws:ResourceTag/{key}"), value));
            self.keys.push(single(format!("iam:ResourceTag/{key}"), value));
        }
    }

    /// The tags that the call passes.
    // Rules: KEY-4, KEY-8.
    pub(super) fn pass_tags(&mut self, tags: &[(String, String)]) {
        for (key, value) in tags {
            self.keys.push(single(format!("aws:RequestTag/{key}"), value));
        }
        self.pass_tag_keys(tags.iter().map(|(key, _)| key.clone()).collect());
    }

    /// The keys of tags that the call is about.
    pub(super) fn pass_tag_keys(&mut self, keys: Vec<String>) {
        if !keys.is_empty() {
            self.keys.push(("aws:TagKeys".to_owned(), ContextValue::Many(keys)));
        }
    }
}

impl Moment<'_> {
    /// Goes on if the item is allowed.
    // Rules: EVAL-27, STS-4.
    pub(super) fn allowed(&self, checked: &Checked, item: &Item, rule: &'static str) -> Stepping<Reason> {
        let acting = checked.as_ref().map_err(|reason| Stop::denied(*reason, "EVAL-6", None))?;
        let decided = self.decided(acting, item)?;
        match decided.reason.decision() {
            Decision::Allow => Ok(decided.reason),
            Decision::ExplicitDeny | Decision::ImplicitDeny => Err(decided.into_stop(rule)),
        }
    }

    /// How the model decides an item.
    pub(super) fn decided(&self, acting: &Acting, item: &Item) -> Stepping<Decided> {
        let request = self.request_of(acting, item)?;
        let layers = self.layers(acting, item, request.resource_account.as_deref())?;
        if let Some(needs) = &self.needs {
            needs.borrow_mut().push(Needed { request, layers });
            return Ok(Decided::taken_for_granted());
        }
        let mut modelled = Modelled::new(&layers)?;
        let mut answered = modelled.answer(&request)?;
        let reason = answered.reason;
        let named = &answered.gathered().named;
        let mut holds = |formula| answered.truth(formula) == Some(true);
        let caller_side = [
            (holds(named.identity), Reason::DenyImplicitIdentity),
            (holds(named.boundary), Reason::DenyImplicitBoundary),
            (holds(named.session), Reason::DenyImplicitSession),
        ];
        let content = match acting.caller.arn() {
            Some(arn) if reason.decision() == Decision::Allow || leaves_message(reason) => {
                let statements = matched_denies(&layers, &mut answered, reason);
                Some(content(acting, arn, &request, reason, statements))
            }
            Some(_) | None => None,
        };
        Ok(Decided { reason, caller_side, content })
    }

    /// The request of an item, its context complete.
    // Rules: KEY-4, KEY-8, GEN-8.
    fn request_of(&self, acting: &Acting, item: &Item) -> Stepping<Request> {
        let owner = item.owner.as_deref().or_else(|| acting.caller.account());
        let mut context = self.step.context.clone();
        let mut set = |(key, value): (String, ContextValue)| context.set(KeyName::new(key), value);
        for entry in acting.keys.iter().chain(&item.keys) {
            set(entry.clone());
        }
        if let Some(way) = acting.caller.account().and_then(|account| way(&self.world, account)) {
            way.keys("Principal").into_iter().for_each(&mut set);
        }
        if let Some(owner) = owner {
            set(single("aws:ResourceAccount", owner));
            if let Some(way) = way(&self.world, owner) {
                way.keys("Resource").into_iter().for_each(&mut set);
            }
        }
        if let Some(id) = &self.step.endpoint {
            let Some(endpoint) = self.world.endpoints.get(id) else {
                return Err(Stop::unusable(format!("there is no endpoint `{id}`")));
            };
            set(single("aws:SourceVpce", id));
            if let Some(vpc) = &endpoint.vpc {
                set(single("aws:SourceVpc", vpc));
            }
        }
        set(single("aws:CurrentTime", self.step.time.iso()));
        set(single("aws:EpochTime", self.step.time.epoch_seconds().to_string()));
        ends_of_the_chain(&mut context);
        forwarded_long_term(&mut context, acting);
        Ok(Request {
            caller: acting.caller.clone(),
            credential: acting.credential,
            action: item.action.clone(),
            resource: item.resource.clone(),
            resource_account: owner.map(str::to_owned),
            resource_policy_mark: item.mark,
            context,
        })
    }

    /// The policies around an item.
    // Rules: EVAL-7, EVAL-8.
    fn layers(&self, acting: &Acting, item: &Item, owner: Option<&str>) -> Stepping<Layers> {
        let endpoint = self.step.endpoint.as_ref().and_then(|id| self.world.endpoints.get(id));
        let of_caller = acting.caller.account().and_then(|account| way(&self.world, account));
        let of_owner = owner.and_then(|owner| way(&self.world, owner));
        Ok(Layers {
            identity: acting.identity.clone(),
            boundary: acting.boundary.clone(),
            session: acting.session_policies.clone(),
            resource: item.policy.as_ref().map(|policy| binding::now(&self.world, policy)),
            scps: of_caller.and_then(|way| way.scps()),
            rcps: of_owner.and_then(|way| way.rcps()),
            endpoint: endpoint.and_then(|endpoint| endpoint.policy.clone()),
        })
    }

    /// A request to a service: it is decided, and changes nothing.
    pub(super) fn request(&self, request: &ServiceRequest) -> Stepping<Answer> {
        let checked = self.acting(&Caller::Anonymous)?;
        let item = self.item_on(&request.action, &request.resource, request.resource_account.as_deref());
        self.allowed(&checked, &item, "EVAL-26").map(Answer::Allowed)
    }

    /// An item on whatever the text names: a role with its trust policy, a resource with its own, an object with that of its bucket.
    // Rules: GEN-8, GRAM-26, RES-9.
    pub(super) fn item_on(&self, action: &str, resource: &str, owner: Option<&str>) -> Item {
        let found = self.world.resources.get(resource);
        let bucket = || {
            let arn = Arn::parse(resource).filter(|arn| arn.service == "s3")?;
            let (name, _) = arn.resource.split_once('/')?;
            let bucket = Arn { resource: name, ..arn }.to_string();
            self.world.resources.get(&bucket)
        };
        let holder: Option<&Resource> = found.or_else(bucket);
        let in_arn = || Arn::parse(resource).map(|arn| arn.account).filter(|account| is_account_id(account));
        let owner = holder.map(|holder| holder.account.as_str()).or(owner).or_else(in_arn);
        let mut item = Item::plain(action, resource, owner);
        if let Some(holder) = holder {
            item.policy.clone_from(&holder.policy);
            item.mark = holder.policy_mark;
        }
        if let Some(found) = found {
            for (key, value) in found.tags.iter() {
                item.keys.push(single(format!("aws:ResourceTag/{key}"), value));
            }
        }
        if let Some(role) = self.world.role_by_arn(resource) {
            item.show_tags(&role.found.tags);
            if action.to_ascii_lowercase().starts_with("sts:") {
                item.policy = Some((*role.found.trust.policy).clone());
            }
        }
        if let Some(user) = self.world.user_by_arn(resource) {
            item.show_tags(&user.found.tags);
        }
        item
    }
}

impl Decided {
    /// A decision that is only written down.
    fn taken_for_granted() -> Decided {
        let caller_side = [
            (true, Reason::DenyImplicitIdentity),
            (true, Reason::DenyImplicitBoundary),
            (true, Reason::DenyImplicitSession),
        ];
        Decided { reason: Reason::AllowNoPermissionRequired, caller_side, content: None }
    }

    /// The denial as a refusal of the step.
    pub(super) fn into_stop(self, rule: &'static str) -> Stop {
        Stop::denied(self.reason, rule, self.content)
    }

    /// The denial for another reason than the decision's own.
    pub(super) fn denied_for(mut self, reason: Reason, rule: &'static str) -> Stop {
        self.reason = reason;
        self.into_stop(rule)
    }
}

/// What a service forwards for a user with long-term keys says that there was no MFA (section 14).
// Rule: KEY-2.
fn forwarded_long_term(context: &mut Context, acting: &Acting) {
    let via_service = context.value(&KeyName::new("aws:ViaAWSService"));
    let is_forwarded = via_service.is_some_and(|value| match value {
        ContextValue::Single(value) => value == "true",
        ContextValue::Many(_) => false,
    });
    let shows_mfa = KeyName::new("aws:MultiFactorAuthPresent");
    let is_user = matches!(acting.caller, Caller::User(_));
    let is_silent = context.value(&shows_mfa).is_none();
    if is_forwarded && is_user && is_silent && acting.credential.kind == CredentialKind::LongTerm {
        context.set(shows_mfa, ContextValue::Single("false".to_owned()));
    }
}

// Rule: KEY-4.
fn ends_of_the_chain(context: &mut Context) {
    let Some(ContextValue::Many(services)) = context.value(&KeyName::new("aws:CalledVia")).cloned() else {
        return;
    };
    if let (Some(first), Some(last)) = (services.first(), services.last()) {
        context.set(KeyName::new("aws:CalledViaFirst"), ContextValue::Single(first.clone()));
        context.set(KeyName::new("aws:CalledViaLast"), ContextValue::Single(last.clone()));
    }
}

/// The Deny statements that decide, where some do.
// Rule: STS-56.
fn matched_denies(
    layers: &Layers,
    answered: &mut crate::model::modelled::Answered<'_>,
    reason: Reason,
) -> Vec<MatchedStatement> {
    if reason.decision() != Decision::ExplicitDeny {
        return Vec::new();
    }
    let gathered = answered.gathered();
    let documents: Vec<_> = layers.documents().collect();
    let mut matched = Vec::new();
    for (place, formulas) in &gathered.statements {
        let denies = of_layer(&gathered.named.denies, place.layer);
        let speaks = formulas.effect == Effect::Deny
            && answered.truth(denies) == Some(true)
            && answered.truth(formulas.matched) == Some(true);
        let document =
            documents.iter().find(|(layer, index, _)| *layer == place.layer && *index == place.policy);
        let statement = document.and_then(|(_, _, policy)| policy.statements.get(place.statement));
        if let (true, Some(statement)) = (speaks, statement) {
            matched.push(MatchedStatement { place: *place, statement: statement.clone() });
        }
    }
    matched
}

fn of_layer(denies: &Denies, layer: Layer) -> crate::solver::formula::Formula {
    match layer {
        Layer::Scp { .. } => denies.scp,
        Layer::Rcp { .. } => denies.rcp,
        Layer::Endpoint => denies.endpoint,
        Layer::Resource => denies.resource,
        Layer::Identity => denies.identity,
        Layer::Boundary => denies.boundary,
        Layer::Session => denies.session,
    }
}

// Rule: STS-56.
fn content(
    acting: &Acting,
    arn: String,
    request: &Request,
    reason: Reason,
    matched_statements: Vec<MatchedStatement>,
) -> DecodedMessage {
    DecodedMessage {
        explicit_deny: reason.decision() == Decision::ExplicitDeny,
        matched_statements,
        principal_id: acting.user_id.clone().unwrap_or_default(),
        principal_name: match &acting.caller {
            Caller::User(user) => Some(user.name.clone()),
            Caller::Root { .. }
            | Caller::RoleSession { .. }
            | Caller::FederatedSession { .. }
            | Caller::Service { .. }
            | Caller::Saml { .. }
            | Caller::WebIdentity { .. }
            | Caller::Anonymous => None,
        },
        principal_arn: arn,
        action: request.action.clone(),
        resource: request.resource.clone(),
        conditions: request.context.clone(),
    }
}
